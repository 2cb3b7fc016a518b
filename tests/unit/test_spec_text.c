#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "data/toys.h"
#include "setup/spec_field.h"
#include "setup/spec_stage.h"
#include "setup/spec_text.h"
#include "suite.h"

/* Draws for the specs of the property test. */
struct draws {
    uint32_t key, index;
};

static uint32_t below(struct draws *draws, uint32_t n)
{
    return random_bits(draws->key, draws->index++) % n;
}

static double fraction(struct draws *draws)
{
    const uint64_t high = random_bits(draws->key, draws->index++), low = random_bits(draws->key, draws->index++);
    return (double)((high << 32 | low) >> 11) * 0x1p-53;
}

/* Any bytes but NUL, among them those that lines, quotes and UTF-8 are made of. */
static char *any_text(struct draws *draws)
{
    static const char *const pieces[] = {"a",    " ",    "\n",   "\"",    "\\",       "#",    "é",  "→",
                                         "\x80", "\xff", "\xc3", "\x1b",  "\x7f",     "\r\n", "\t", "=",
                                         ":",    "'",    "none", "\\x41", "\xc2\x85", "/",    "."};
    char text[200] = "";
    for (uint32_t i = below(draws, 12); i > 0; i--)
        strcat(text, pieces[below(draws, sizeof pieces / sizeof *pieces)]);
    return mem_string(text);
}

/* Any value that the knob accepts, with all the digits that a double has. */
static double any_value(struct draws *draws, enum knob_id knob)
{
    const struct field *row = &knob_table[knob];
    for (;;) {
        const double scale = below(draws, 2) ? 1 : fraction(draws) * 1e-3;
        double value = row->min + (row->max - row->min) * fraction(draws) * scale;
        if (row->whole || row->choice)
            value = (double)(uint64_t)value;
        if (knob_check(knob, value, NULL) == STATUS_OK)
            return value;
    }
}

static void draw_language(struct spec *spec, struct draws *draws)
{
    struct language_spec *model = &spec->shape.language;
    spec->shape.kind = MODEL_LANGUAGE;
    model->kind = (enum language_kind)below(draws, LANGUAGE_KINDS);
    model->layers = below(draws, LANGUAGE_LAYERS_MAX + 1);
    model->width = below(draws, LANGUAGE_WIDTH_MAX + 1);
    model->heads = below(draws, 100);
    model->context = below(draws, LANGUAGE_CONTEXT_MAX + 1);
    model->window = below(draws, 20);
    model->tie = below(draws, 2);
    model->lora_rank = below(draws, 20);
}

static void draw_stage(struct spec *spec, struct draws *draws)
{
    static const char *const names[] = {"pre-train", "fine tune", "\"", "a=b", "é", "\\", "train"};
    struct spec_stage *stage;
    ck_assert_int_eq(spec_stage_find(spec, names[below(draws, 7)], &stage, NULL), STATUS_OK);
    stage->objective = below(draws, 2) ? (int)(OBJECTIVE_NEXT_TOKEN + below(draws, 2)) : -1;
    mem_free(stage->data);
    stage->data = below(draws, 2) ? any_text(draws) : NULL;
    if (stage->data && (!*stage->data || strcmp(stage->data, "-") == 0)) {
        mem_free(stage->data);
        stage->data = NULL;
    }
    stage->part = (enum language_part)below(draws, 3);
    stage->blocks = stage->part == LANGUAGE_LAST ? 1 + below(draws, 9) : 0;
    stage->rank = stage->part == LANGUAGE_ADAPTERS ? 1 + below(draws, 9) : 0;
    stage->steps = below(draws, 2) ? (uint64_t)(1 + 9e15 * fraction(draws)) : 0;
    stage->epochs = below(draws, 2) ? 1e-9 + fraction(draws) : 0;
    stage->test_loss = below(draws, 2) ? 1e-9 + fraction(draws) : 0;
    for (int k = 0; k < KNOB_COUNT; k++) {
        stage->turns[k] = knob_table[k].affects_state && below(draws, 4) == 0;
        stage->value[k] = stage->turns[k] ? any_value(draws, (enum knob_id)k) : 0;
    }
}

static void draw_spec(struct spec *spec, struct draws *draws)
{
    spec_init(spec);
    spec->task = any_text(draws);
    spec->recipe = below(draws, 2) ? any_text(draws) : NULL;
    spec->features = below(draws, 2) ? any_text(draws) : NULL;
    spec->points = below(draws, 2) ? TOY_POINTS_LEAST + below(draws, TOY_POINTS_MAX - TOY_POINTS_LEAST) : 0;
    spec->noise = below(draws, 2) ? TOY_NOISE_MAX * fraction(draws) * fraction(draws) : -1;
    spec->csv.target = below(draws, 2) ? any_text(draws) : NULL;
    spec->csv.test_path = below(draws, 2) ? any_text(draws) : NULL;
    if (spec->csv.test_path && !*spec->csv.test_path) { /* a file has a name */
        mem_free((char *)spec->csv.test_path);
        spec->csv.test_path = NULL;
    }
    spec->csv.form.missing = below(draws, 2) ? any_text(draws) : NULL;
    for (uint32_t i = below(draws, 6); i > 0; i--) {
        char *column = any_text(draws);
        ck_assert_int_eq(spec_set(spec, i % 2 ? "text" : "number", column, NULL), STATUS_OK);
        mem_free(column);
    }
    spec->csv.test_fraction = below(draws, 4) ? 0.001 + 0.99 * fraction(draws) : 0;
    spec->csv.task = (enum csv_task)below(draws, 3);
    spec->csv.form.separator = "\0,;\t|:#"[below(draws, 7)];
    spec->csv.form.decimal = "\0.,"[below(draws, 3)];
    spec->csv.form.header = (enum csv_header)below(draws, 3);
    spec->shape.net.hidden_count = below(draws, NET_HIDDEN_MAX + 1);
    for (size_t i = 0; i < spec->shape.net.hidden_count; i++)
        spec->shape.net.hidden[i] = 1 + below(draws, NET_WIDTH_MAX);
    spec->shape.net.activation = (enum activation)below(draws, ACTIVATION_COUNT);
    spec->shape.net.layer_norm = below(draws, 2);
    spec->loss = (int)below(draws, LOSS_COUNT + 1) - 1;
    if (below(draws, 2))
        draw_language(spec, draws);
    spec->merges = (int)below(draws, 65281) - 1;
    spec->prompt = below(draws, 2) ? any_text(draws) : NULL;
    spec->answer = below(draws, 2) ? any_text(draws) : NULL;
    for (uint32_t i = below(draws, 6); i > 0; i--)
        draw_stage(spec, draws);
    spec->seed = random_bits(draws->key, draws->index++);
    spec->data_seed = random_bits(draws->key, draws->index++);
    for (int k = 0; k < KNOB_COUNT; k++)
        spec->knobs.value[k] = any_value(draws, (enum knob_id)k);
    spec->steps = below(draws, 2) ? (uint64_t)(1 + 9e15 * fraction(draws)) : 0;
    spec->epochs = below(draws, 2) ? 1e-9 + 1e9 * fraction(draws) * fraction(draws) : 0;
    for (uint32_t i = below(draws, 20); i > 0; i--) {
        const enum knob_id knob = (enum knob_id)below(draws, KNOB_COUNT);
        ck_assert_int_eq(spec_add_turn(spec, below(draws, 8), knob, any_value(draws, knob)), STATUS_OK);
    }
}

static void check_text(const char *a, const char *b)
{
    ck_assert_int_eq(a == NULL, b == NULL);
    if (a)
        ck_assert_str_eq(a, b);
}

static void check_language(const struct spec *a, const struct spec *b)
{
    const struct language_spec *x = &a->shape.language, *y = &b->shape.language;
    ck_assert_int_eq(a->shape.kind, b->shape.kind);
    ck_assert_int_eq(x->kind, y->kind);
    ck_assert_uint_eq(x->layers, y->layers);
    ck_assert_uint_eq(x->width, y->width);
    ck_assert_uint_eq(x->heads, y->heads);
    ck_assert_uint_eq(x->context, y->context);
    ck_assert_uint_eq(x->window, y->window);
    ck_assert_int_eq(x->tie, y->tie);
    ck_assert_uint_eq(x->lora_rank, y->lora_rank);
    ck_assert_int_eq(a->merges, b->merges);
    check_text(a->prompt, b->prompt);
    check_text(a->answer, b->answer);
}

static void check_stages(const struct spec *a, const struct spec *b)
{
    ck_assert_uint_eq(a->stages, b->stages);
    for (size_t i = 0; i < a->stages; i++) {
        const struct spec_stage *x = &a->stage[i], *y = &b->stage[i];
        ck_assert_str_eq(x->name, y->name);
        ck_assert_int_eq(x->objective, y->objective);
        check_text(x->data, y->data);
        ck_assert_int_eq(x->part, y->part);
        ck_assert_uint_eq(x->blocks, y->blocks);
        ck_assert_uint_eq(x->rank, y->rank);
        ck_assert_uint_eq(x->steps, y->steps);
        ck_assert(x->epochs == y->epochs && x->test_loss == y->test_loss);
        for (int k = 0; k < KNOB_COUNT; k++) {
            ck_assert_int_eq(x->turns[k], y->turns[k]);
            ck_assert(x->value[k] == y->value[k]);
        }
    }
}

static void check_net(const struct net_spec *a, const struct net_spec *b)
{
    ck_assert_uint_eq(a->hidden_count, b->hidden_count);
    for (size_t i = 0; i < a->hidden_count; i++)
        ck_assert_uint_eq(a->hidden[i], b->hidden[i]);
    ck_assert_int_eq(a->activation, b->activation);
    ck_assert_int_eq(a->layer_norm, b->layer_norm);
}

static void check_list(char *const *a, char *const *b)
{
    ck_assert((a == NULL) == (b == NULL));
    for (size_t i = 0; a && (a[i] || b[i]); i++)
        check_text(a[i], b[i]);
}

static void check_same(const struct spec *a, const struct spec *b)
{
    check_text(a->task, b->task);
    check_text(a->recipe, b->recipe);
    check_language(a, b);
    check_stages(a, b);
    check_text(a->features, b->features);
    ck_assert_uint_eq(a->points, b->points);
    ck_assert(a->noise == b->noise);
    check_text(a->csv.target, b->csv.target);
    check_text(a->csv.test_path, b->csv.test_path);
    check_text(a->csv.form.missing, b->csv.form.missing);
    check_list(a->csv.text, b->csv.text);
    check_list(a->csv.number, b->csv.number);
    ck_assert(a->csv.test_fraction == b->csv.test_fraction);
    ck_assert_int_eq(a->csv.task, b->csv.task);
    ck_assert_int_eq(a->csv.form.separator, b->csv.form.separator);
    ck_assert_int_eq(a->csv.form.decimal, b->csv.form.decimal);
    ck_assert_int_eq(a->csv.form.header, b->csv.form.header);
    if (a->shape.kind == MODEL_NET)
        check_net(&a->shape.net, &b->shape.net);
    ck_assert_int_eq(a->loss, b->loss);
    ck_assert_uint_eq(a->seed, b->seed);
    ck_assert_uint_eq(a->data_seed, b->data_seed);
    for (int k = 0; k < KNOB_COUNT; k++)
        ck_assert_msg(a->knobs.value[k] == b->knobs.value[k], "%s: %.17g, %.17g", knob_table[k].name, a->knobs.value[k],
                      b->knobs.value[k]);
    ck_assert_uint_eq(a->steps, b->steps);
    ck_assert(a->epochs == b->epochs);
    ck_assert_uint_eq(a->turns, b->turns);
    for (size_t i = 0; i < a->turns; i++) {
        ck_assert_uint_eq(a->turn[i].step, b->turn[i].step);
        ck_assert_int_eq(a->turn[i].knob, b->turn[i].knob);
        ck_assert(a->turn[i].value == b->turn[i].value);
    }
}

START_TEST(any_spec_is_the_same_after_a_journey_through_text)
{
    for (uint32_t i = 0; i < 500; i++) {
        struct draws draws = {.key = random_key(i, RANDOM_SAMPLE, 0)};
        struct spec spec, back;
        struct error error = {.message = ""};
        draw_spec(&spec, &draws);
        char *text = spec_text(&spec);
        spec_init(&back);
        ck_assert_msg(spec_from_text(&back, text, &error) == STATUS_OK, "%s\n%s", error.message, text);
        check_same(&spec, &back);
        bool printable = true;
        for (const char *at = text; *at; at++)
            printable &= *at == '\n' || ((unsigned char)*at >= ' ' && *at != 0x7f);
        ck_assert(printable);
        mem_free(text);
        spec_free(&spec);
        spec_free(&back);
    }
}
END_TEST

START_TEST(what_the_text_says_counts_as_given)
{
    struct spec spec, back;
    struct dataset *dataset;
    spec_init(&spec);
    spec.task = mem_string("moons");
    ck_assert_int_eq(spec_load(&spec, &dataset, NULL), STATUS_OK);
    dataset_free(dataset);
    char *text = spec_text(&spec);
    spec_init(&back);
    ck_assert_int_eq(spec_from_text(&back, text, NULL), STATUS_OK);
    ck_assert(back.net_given && back.activation_given && back.data_seed_given);
    for (int k = 0; k < KNOB_COUNT; k++)
        ck_assert(back.knob_given[k]);
    ck_assert_int_eq(spec_load(&back, &dataset, NULL), STATUS_OK);
    dataset_free(dataset);
    check_same(&spec, &back);
    mem_free(text);
    spec_free(&spec);
    spec_free(&back);
}
END_TEST

START_TEST(people_can_write_it)
{
    struct spec spec;
    spec_init(&spec);
    const char *text =
        "task \"my data/\\\"a\\\".csv\"\n\nlayer-norm\n  hidden   16,4\nat 10:dropout=20%\nat 5:decay=1e-3\n"
        "speed max\noptimiser adam\nlr .5\nlr 0.25";
    struct error error = {.message = ""};
    ck_assert_msg(spec_from_text(&spec, text, &error) == STATUS_OK, "%s", error.message);
    ck_assert_str_eq(spec.task, "my data/\"a\".csv");
    ck_assert(spec.shape.net.layer_norm);
    ck_assert_uint_eq(spec.shape.net.hidden[0], 16);
    ck_assert_uint_eq(spec.turn[0].step, 5);
    ck_assert(spec.turn[1].value == 0.2);
    ck_assert(spec.knobs.value[KNOB_SPEED] == 0);
    ck_assert(spec.knobs.value[KNOB_LR] == 0.25);
    spec_free(&spec);
}
END_TEST

START_TEST(an_error_names_its_line)
{
    static const struct {
        const char *text, *said;
    } wrong[] = {
        {"task spiral\nlr 0\n", "line 2: lr 0: learning rate"},
        {"\n\n\nhiden 8\n", "line 4: hiden: there is no such setting: did you mean 'hidden'?"},
        {"hidden 8,,8", "line 1: hidden 8,,8: must be widths"},
        {"hidden", "line 1: hidden needs a value"},
        {"layer-norm on", "line 1: layer-norm takes no value"},
        {"task a b", "line 1: task: there is more than one value"},
        {"seed 1\ntask \"a", "line 2: a quoted word is not whole"},
        {"task \"a\"b", "line 1: a quoted word"},
        {"task \"\\x00\"", "line 1: a quoted word"},
        {"task \"\\q\"", "line 1: a quoted word"},
        {"task a\"b", "line 1: a quoted word"},
        {"seed 4294967296", "line 1: seed 4294967296: must be a whole number"},
        {"noise nan", "line 1: noise nan"},
        {"loss mes", "line 1: loss: unknown name 'mes': did you mean 'mse'?"},
        {"at 5:lrr=1", "line 1: at 5:lrr=1: unknown knob 'lrr': did you mean 'lr'?"},
        {"at 5:lr=-1", "line 1: at 5:lr=-1: learning rate -1"},
        {"at lr=1", "STEP:KNOB=VALUE"},
        {"threads 8", "line 1: threads: there is no such setting"},
        {"log /tmp/x", "line 1: log: there is no such setting"},
        {"layers 0", "line 1: layers 0: must be a whole number from 1 to 96"},
        {"model transfomer", "line 1: model: unknown name 'transfomer': did you mean 'transformer'?"},
        {"tie on", "line 1: tie takes no value"},
        {"stage", "line 1: stage: a name is needed"},
        {"stage a steps", "line 1: stage a: 'steps': must be KEY=VALUE"},
        {"stage a steps=0", "line 1: stage a: steps 0: must be a whole number above 0"},
        {"stage a \"steps=1", "line 1: stage a: a quoted word is not whole"},
        {"stage a objctive=respond",
         "line 1: stage a: objctive: a stage has no such setting: did you mean 'objective'?"},
        {"\x1b[2J 1", "line 1: ?[2J: there is no such setting"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct spec spec;
        struct error error = {.message = ""};
        spec_init(&spec);
        ck_assert_msg(spec_from_text(&spec, wrong[i].text, &error) == STATUS_USAGE, "accepted: %s", wrong[i].text);
        ck_assert_msg(strstr(error.message, wrong[i].said), "'%s' is not in '%s'", wrong[i].said, error.message);
        spec_free(&spec);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("spec_text");
    TCase *tcase = tcase_create("text");
    tcase_add_test(tcase, any_spec_is_the_same_after_a_journey_through_text);
    tcase_add_test(tcase, what_the_text_says_counts_as_given);
    tcase_add_test(tcase, people_can_write_it);
    tcase_add_test(tcase, an_error_names_its_line);
    suite_add_tcase(suite, tcase);
    return suite;
}
