/* Generates the toy data sets: the table of toys and one generator for each. */
#include "data/toys.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/elementary.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/random.h"
#include "data/order.h"

/* Each point may draw four numbers of either kind. */
static double uniform_of(uint32_t key, size_t index, unsigned which)
{
    return (double)random_uniform(key, (uint32_t)(index * 4 + which));
}

static double normal_of(uint32_t key, size_t index, unsigned which)
{
    return (double)random_normal(key ^ 0x5bf03635u, (uint32_t)(index * 4 + which));
}

/* Classes take turns, and within its class a point has a place of its own: (i + u) / n covers [0, 1)
 * evenly whatever the number of points. */
struct turn {
    size_t class_index;
    double place;
};

static struct turn take_turn(uint32_t key, size_t index, size_t count, size_t classes)
{
    size_t class_index = index % classes;
    size_t of_class = (count - class_index + classes - 1) / classes;
    return (struct turn){
        .class_index = class_index,
        .place = ((double)(index / classes) + uniform_of(key, index, 0)) / (double)of_class,
    };
}

static void set_point(float *x, double horizontal, double vertical)
{
    x[0] = (float)horizontal;
    x[1] = (float)vertical;
}

/* Two arms, half a turn apart; an arm turns evenly with its radius, 1.1 turns for a radius of 1. */
static void spiral_point(uint32_t key, size_t index, size_t count, double noise, float *x, float *answer)
{
    struct turn turn = take_turn(key, index, count, 2);
    double radius = 0.08 + 0.92 * turn.place;
    double angle = 2.0 * ELEMENTARY_PI * 1.1 * radius + ELEMENTARY_PI * (double)turn.class_index;
    set_point(x, 2.0 * (radius * elementary_sin(angle) + noise * normal_of(key, index, 0)),
              2.0 * (radius * elementary_cos(angle) + noise * normal_of(key, index, 1)));
    *answer = (float)turn.class_index;
}

/* Two half circles, each holding the other's end. */
static void moons_point(uint32_t key, size_t index, size_t count, double noise, float *x, float *answer)
{
    struct turn turn = take_turn(key, index, count, 2);
    double side = turn.class_index ? -1.0 : 1.0;
    double angle = ELEMENTARY_PI * turn.place;
    set_point(x, 1.3 * (side * (elementary_cos(angle) - 0.5) + noise * normal_of(key, index, 0)),
              1.3 * (side * (elementary_sin(angle) - 0.25) + noise * normal_of(key, index, 1)));
    *answer = (float)turn.class_index;
}

/* A ring around a ring of half its radius. */
static void circles_point(uint32_t key, size_t index, size_t count, double noise, float *x, float *answer)
{
    struct turn turn = take_turn(key, index, count, 2);
    double radius = turn.class_index ? 0.5 : 1.0;
    double angle = 2.0 * ELEMENTARY_PI * turn.place;
    set_point(x, 1.6 * (radius * elementary_cos(angle) + noise * normal_of(key, index, 0)),
              1.6 * (radius * elementary_sin(angle) + noise * normal_of(key, index, 1)));
    *answer = (float)turn.class_index;
}

/* Four squares like a chess board's; the noise moves points over the borders. */
static void xor_point(uint32_t key, size_t index, size_t count, double noise, float *x, float *answer)
{
    (void)count;
    size_t square = index % 4;
    double right = square & 1 ? 1.0 : -1.0, up = square & 2 ? 1.0 : -1.0;
    set_point(x, right * (0.12 + 1.7 * uniform_of(key, index, 0)) + noise * normal_of(key, index, 0),
              up * (0.12 + 1.7 * uniform_of(key, index, 1)) + noise * normal_of(key, index, 1));
    *answer = right == up ? 0.0f : 1.0f;
}

#define GAUSS_CLASSES 3

/* Round clouds around the corners of a regular triangle; the noise is their width. */
static void gauss_point(uint32_t key, size_t index, size_t count, double noise, float *x, float *answer)
{
    (void)count;
    size_t class_index = index % GAUSS_CLASSES;
    double angle = 2.0 * ELEMENTARY_PI * (double)class_index / GAUSS_CLASSES;
    set_point(x, 1.25 * elementary_sin(angle) + noise * normal_of(key, index, 0),
              1.25 * elementary_cos(angle) + noise * normal_of(key, index, 1));
    *answer = (float)class_index;
}

/* One and a half waves. */
static void sine_point(uint32_t key, size_t index, size_t count, double noise, float *x, float *answer)
{
    double place = ((double)index + uniform_of(key, index, 0)) / (double)count;
    x[0] = (float)(-2.0 + 4.0 * place);
    *answer = (float)(elementary_sin(0.75 * ELEMENTARY_PI * (double)x[0]) + noise * normal_of(key, index, 0));
}

/* A tilted plane over a square. */
static void plane_point(uint32_t key, size_t index, size_t count, double noise, float *x, float *answer)
{
    double across = ((double)index + uniform_of(key, index, 0)) / (double)count;
    set_point(x, -2.0 + 4.0 * across, -2.0 + 4.0 * uniform_of(key, index, 1));
    *answer = (float)(0.6 * (double)x[0] - 0.5 * (double)x[1] + 0.2 + noise * normal_of(key, index, 0));
}

/* Evenly spaced x from 0 to 2 and both ends: with 20 of them the mean squared error of w x + b has the
 * curvatures 0.33 and 4.40, whatever the noise. */
static void line_point(uint32_t key, size_t index, size_t count, double noise, float *x, float *answer)
{
    x[0] = (float)(2.0 * (double)index / (double)(count - 1));
    *answer = (float)(1.2 * (double)x[0] - 0.4 + noise * normal_of(key, index, 0));
}

const struct toy toy_table[] = {
    {.name = "spiral",
     .about = "two arms wound around each other: easy to see, hard to separate",
     .kind = TASK_CLASSIFY,
     .inputs = 2,
     .classes = 2,
     .points = 200,
     .noise = 0.03,
     .point = spiral_point},
    {.name = "moons",
     .about = "two half moons that hold each other's ends",
     .kind = TASK_CLASSIFY,
     .inputs = 2,
     .classes = 2,
     .points = 200,
     .noise = 0.10,
     .point = moons_point},
    {.name = "circles",
     .about = "a ring around a ring: no straight line can part them",
     .kind = TASK_CLASSIFY,
     .inputs = 2,
     .classes = 2,
     .points = 200,
     .noise = 0.05,
     .point = circles_point},
    {.name = "xor",
     .about = "four squares of a chess board: neither input alone says anything",
     .kind = TASK_CLASSIFY,
     .inputs = 2,
     .classes = 2,
     .points = 200,
     .noise = 0.05,
     .point = xor_point},
    {.name = "gauss",
     .about = "three round clouds that overlap a little",
     .kind = TASK_CLASSIFY,
     .inputs = 2,
     .classes = GAUSS_CLASSES,
     .points = 200,
     .noise = 0.45,
     .point = gauss_point},
    {.name = "sine",
     .about = "a wave with noise on it, to be fitted by a curve",
     .kind = TASK_REGRESS,
     .inputs = 1,
     .points = 100,
     .noise = 0.10,
     .point = sine_point},
    {.name = "plane",
     .about = "a tilted plane: one layer without units is enough",
     .kind = TASK_REGRESS,
     .inputs = 2,
     .points = 200,
     .noise = 0.10,
     .point = plane_point},
    {.name = "line",
     .about = "a straight line through twenty points: two parameters, a bowl to roll down",
     .kind = TASK_REGRESS,
     .inputs = 1,
     .points = 20,
     .noise = 0.15,
     .point = line_point},
};
const size_t toy_count = sizeof toy_table / sizeof *toy_table;

const struct toy *toy_find(const char *name)
{
    for (size_t i = 0; i < toy_count; i++)
        if (strcmp(toy_table[i].name, name) == 0)
            return &toy_table[i];
    return NULL;
}

enum status toy_unknown(const char *name, struct error *error)
{
    const char *names[sizeof toy_table / sizeof *toy_table];
    char near[256];
    for (size_t i = 0; i < toy_count; i++)
        names[i] = toy_table[i].name;
    return error_set(error, STATUS_USAGE, "unknown toy '%.60s'%s", name,
                     name_suggest(near, sizeof near, name, names, toy_count));
}

/* Points [first, first + count) of the data set, drawn with their own key and put in order. */
static bool fill_half(struct dataset *dataset, const struct toy *toy, size_t first, size_t count, double noise,
                      uint64_t seed, uint64_t half)
{
    uint32_t key = random_key(seed, RANDOM_TOY, 2 * half);
    uint32_t *order = mem_alloc(count, sizeof *order);
    if (!order)
        return false;
    float *x = dataset->x + first * dataset->inputs;
    int32_t *label = dataset->label ? dataset->label + first : NULL;
    float *target = dataset->target ? dataset->target + first : NULL;
    for (size_t i = 0; i < count; i++) {
        float answer;
        toy->point(key, i, count, noise, x + i * dataset->inputs, &answer);
        order[i] = (uint32_t)i;
        if (label)
            label[i] = (int32_t)answer;
        else
            target[i] = answer;
    }
    bool done =
        order_interleave(order, count, label, dataset->classes, random_key(seed, RANDOM_TOY, 2 * half + 1)) &&
        order_move(order, count, x, dataset->inputs * sizeof *x) &&
        (label ? order_move(order, count, label, sizeof *label) : order_move(order, count, target, sizeof *target));
    mem_free(order);
    return done;
}

static bool name_columns(struct dataset *dataset, const struct toy *toy)
{
    static const char *const letters[] = {"A", "B", "C"};
    static_assert(sizeof letters / sizeof *letters >= GAUSS_CLASSES, "a name for every class");
    static const char *const axes[] = {"x", "y"};
    dataset->name = mem_string(toy->name);
    dataset->target_name = mem_string(toy->kind == TASK_CLASSIFY ? "class" : toy->inputs == 1 ? "y" : "z");
    dataset->input_name = mem_alloc(dataset->inputs, sizeof *dataset->input_name);
    dataset->input_mean = mem_alloc(dataset->inputs, sizeof *dataset->input_mean);
    dataset->input_sd = mem_alloc(dataset->inputs, sizeof *dataset->input_sd);
    dataset->class_name = mem_alloc(dataset->classes + 1, sizeof *dataset->class_name);
    if (!dataset->name || !dataset->target_name || !dataset->input_name || !dataset->input_mean || !dataset->input_sd ||
        !dataset->class_name)
        return false;
    for (size_t i = 0; i < dataset->inputs; i++) {
        dataset->input_sd[i] = 1.0;
        if (!(dataset->input_name[i] = mem_string(axes[i])))
            return false;
    }
    for (size_t i = 0; i < dataset->classes; i++)
        if (!(dataset->class_name[i] = mem_string(letters[i])))
            return false;
    return true;
}

static bool write_report(struct dataset *dataset, double noise)
{
    char text[160];
    size_t test = dataset->rows - dataset->train;
    int used = snprintf(text, sizeof text, "%s: %zu train / %zu test points", dataset->name, dataset->train, test);
    if (dataset->classes)
        used += snprintf(text + used, sizeof text - (size_t)used, " in %zu classes", dataset->classes);
    snprintf(text + used, sizeof text - (size_t)used, ", noise %.3g", noise);
    dataset->report = mem_string(text);
    return dataset->report != NULL;
}

enum status toy_make(struct dataset **out, const struct toy *toy, size_t points, double noise, uint64_t seed,
                     struct error *error)
{
    size_t least = toy->kind == TASK_CLASSIFY ? 2 * toy->classes : TOY_POINTS_LEAST;
    if (points == 0)
        points = toy->points;
    if (noise < 0.0)
        noise = toy->noise;
    if (points < least || points > TOY_POINTS_MAX)
        return error_set(error, STATUS_USAGE, "%s with %zu points: from %zu to %d are possible", toy->name, points,
                         least, TOY_POINTS_MAX);
    if (!(noise <= TOY_NOISE_MAX))
        return error_set(error, STATUS_USAGE, "%s with noise %g: from 0 to %g is possible", toy->name, noise,
                         TOY_NOISE_MAX);

    struct dataset *dataset = mem_alloc(1, sizeof *dataset);
    if (!dataset)
        return error_memory(error);
    dataset->kind = toy->kind;
    dataset->rows = 2 * points;
    dataset->train = points;
    dataset->inputs = toy->inputs;
    dataset->classes = toy->classes;
    dataset->target_sd = 1.0;
    dataset->x = mem_alloc(dataset->rows, dataset->inputs * sizeof *dataset->x);
    if (toy->kind == TASK_CLASSIFY)
        dataset->label = mem_alloc(dataset->rows, sizeof *dataset->label);
    else
        dataset->target = mem_alloc(dataset->rows, sizeof *dataset->target);
    if (!dataset->x || (!dataset->label && !dataset->target) || !name_columns(dataset, toy) ||
        !fill_half(dataset, toy, 0, points, noise, seed, 0) ||
        !fill_half(dataset, toy, points, points, noise, seed, 1) || !write_report(dataset, noise)) {
        dataset_free(dataset);
        return error_memory(error);
    }
    *out = dataset;
    return STATUS_OK;
}
