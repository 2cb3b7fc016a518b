/* Pictures of functions that are known beforehand: which side of each drawing is up, and which is right. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "probe/picture.h"
#include "suite.h"
#include "support/drawn.h"
#include "ui/views/confusion.h"
#include "ui/views/scatter.h"
#include "ui/views/surface.h"

#define UPPER_HALF 0x2580u
#define WIDTH      40
#define HEIGHT     20

/* A net without hidden layers whose output `out` is the sum of weight[out][in] times its inputs. */
struct known_net {
    struct model *model;
    struct frame frame;
};

static void known_net_open(struct known_net *net, size_t inputs, size_t outputs, const float *weight)
{
    const struct model_shape shape = {.net = {.inputs = inputs, .outputs = outputs, .activation = ACTIVATION_TANH}};
    ck_assert_int_eq(model_create(&net->model, &shape, kernels_choose(), NULL), STATUS_OK);
    struct params *params = model_params(net->model);
    memset(params->value, 0, params->size * sizeof *params->value);
    for (size_t s = 0; s < params->slices; s++)
        for (size_t out = 0; !params->slice[s].vector && out < outputs; out++)
            for (size_t in = 0; in < inputs; in++)
                params_set(params, &params->slice[s], out, in, weight[out * inputs + in]);
    net->frame = (struct frame){.shape = *model_shape(net->model), .parameters = params->value};
}

/* The picture that the program makes of the net for the whole grid, drawn into it with the data. */
static void draw_surface_of(struct known_net *net)
{
    const struct box box = {0, 0, WIDTH, HEIGHT};
    struct view_data data = view_data();
    struct picture_request request;
    memset(&request, 0, sizeof request);
    surface_request(&data, box, &request);
    const struct picture_source source = {.kernels = kernels_choose(),
                                          .dataset = f.dataset,
                                          .loss = f.dataset->kind == TASK_CLASSIFY ? LOSS_CROSS_ENTROPY : LOSS_MSE,
                                          .toy = true};
    struct artist *artist = artist_create(&source);
    ck_assert_ptr_nonnull(artist);
    memset(&f.picture, 0, sizeof f.picture);
    ck_assert(artist_draw(artist, &net->frame, &request, &f.picture));
    artist_free(artist);
    ck_assert(grid_resize(&f.grid, WIDTH, HEIGHT));
    grid_clear(&f.grid, f.palette.role[ROLE_TEXT], f.palette.role[ROLE_GROUND]);
    data = view_data();
    surface_draw_alone(&data, area_whole(&f.grid), box, &f.status.knobs);
    picture_free(&f.picture);
    model_free(net->model);
}

static int distance(uint32_t a, uint32_t b)
{
    int sum = 0;
    for (unsigned shift = 0; shift < 24; shift += 8)
        sum += abs((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff));
    return sum;
}

/* The class whose ground is nearer to the colour. */
static int class_of(uint32_t colour)
{
    return distance(colour, f.palette.class_ground[1]) < distance(colour, f.palette.class_ground[0]);
}

static const struct cell *cell_at(int x, int y)
{
    return &f.grid.cell[y * f.grid.width + x];
}

static bool is_point(const struct cell *cell)
{
    return cell->glyph != 0 && cell->glyph != UPPER_HALF;
}

/* Gives the rows of the spiral other places and classes: along both diagonals, each prefix from corner to corner. */
static void spread_rows(int32_t (*class_at)(float, float))
{
    for (size_t i = 0; i < f.dataset->rows; i++) {
        float *x = f.dataset->x + i * f.dataset->inputs;
        x[0] = (float)(i / 2 % 20) / 9.5f - 1;
        x[1] = i % 2 ? x[0] : -x[0];
        f.dataset->label[i] = class_at(x[0], x[1]);
    }
}

static int32_t is_above(float x, float y)
{
    (void)x;
    return y > 0;
}

static int32_t is_right(float x, float y)
{
    (void)y;
    return x > 0;
}

static int32_t is_top_left(float x, float y)
{
    return y > x + 1;
}

/* Every cell has the ground of `wanted`'s class, and every point the glyph of its own class, on the same ground. */
static void expect_classes(int32_t (*wanted)(float, float), float margin)
{
    size_t points[2] = {0};
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            /* The cell's middle in input units: the shorter side holds -1 ... 1 and a margin of 6 % on each side. */
            const float unit = 2.24f / HEIGHT;
            const float px = ((float)x + 0.5f - WIDTH / 2) * unit / 2, py = (HEIGHT / 2 - (float)y - 0.5f) * unit;
            bool edge = false;
            for (int side = 0; side < 4; side++)
                edge |=
                    wanted(px + (side & 1 ? margin : -margin), py + (side & 2 ? margin : -margin)) != wanted(px, py);
            if (edge)
                continue;
            const struct cell *cell = cell_at(x, y);
            ck_assert_msg(class_of(cell->ground) == wanted(px, py), "column %d, row %d: class %d", x, y,
                          class_of(cell->ground));
            if (cell->glyph == UPPER_HALF)
                ck_assert_int_eq(class_of(cell->ink), wanted(px, py));
            if (is_point(cell)) {
                ck_assert_uint_eq(cell->glyph, wanted(px, py) ? 0x25cb : 0x25cf);
                points[wanted(px, py)]++;
            }
        }
    ck_assert_uint_gt(points[0], 3);
    ck_assert_uint_gt(points[1], 3);
}

START_TEST(a_class_that_is_above_is_drawn_above)
{
    static const float weight[] = {0, -40, 0, 40}; /* class 1 where the second input is positive */
    struct known_net net;
    spread_rows(is_above);
    known_net_open(&net, 2, 2, weight);
    draw_surface_of(&net);
    expect_classes(is_above, 0.1f);
    int top = HEIGHT, bottom = 0; /* the points fill the height but for the margin */
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        if (is_point(cell_at(i % WIDTH, i / WIDTH))) {
            top = top < i / WIDTH ? top : i / WIDTH;
            bottom = i / WIDTH;
        }
    ck_assert_int_eq(top, 1);
    ck_assert_int_eq(bottom, HEIGHT - 2);
}
END_TEST

START_TEST(a_class_that_is_right_is_drawn_at_the_right)
{
    static const float weight[] = {-40, 0, 40, 0};
    struct known_net net;
    spread_rows(is_right);
    known_net_open(&net, 2, 2, weight);
    draw_surface_of(&net);
    expect_classes(is_right, 0.1f);
}
END_TEST

/* Samples of a picture that is coarser than the grid, of which only the first is of class 1: it is the top left. */
START_TEST(the_first_sample_of_a_surface_is_its_top_left_corner)
{
    spread_rows(is_top_left);
    for (size_t i = 0; i < sizeof f.surface / sizeof f.surface[0]; i++)
        f.surface[i] = (float)((i < 2) == (i % 2 == 1));
    ck_assert(grid_resize(&f.grid, WIDTH, HEIGHT));
    grid_clear(&f.grid, f.palette.role[ROLE_TEXT], f.palette.role[ROLE_GROUND]);
    const struct view_data data = view_data();
    surface_draw_alone(&data, area_whole(&f.grid), (struct box){0, 0, WIDTH, HEIGHT}, &f.status.knobs);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            ck_assert_msg(class_of(cell_at(x, y)->ground) == (x < WIDTH / 4 && y < HEIGHT / 4),
                          "column %d, row %d: class %d", x, y, class_of(cell_at(x, y)->ground));
}
END_TEST

/* The mean row of the cells with that glyph. */
static double row_of_glyph(uint32_t glyph)
{
    double sum = 0;
    int count = 0;
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        if (cell_at(i % WIDTH, i / WIDTH)->glyph == glyph) {
            sum += i / WIDTH;
            count++;
        }
    ck_assert_int_gt(count, 0);
    return sum / count;
}

/* Values of two inputs that grow to the top right: the high ones have the ground of class 1 and filled points. */
START_TEST(a_value_that_grows_to_the_top_right_does_so_in_the_picture)
{
    struct dataset *spiral = f.dataset;
    static const float weight[] = {3, 3};
    struct known_net net;
    ck_assert_int_eq(toy_make(&f.dataset, toy_find("plane"), 40, -1, 1, NULL), STATUS_OK);
    for (size_t i = 0; i < f.dataset->rows; i++)
        f.dataset->target[i] = f.dataset->x[2 * i] + f.dataset->x[2 * i + 1];
    known_net_open(&net, 2, 1, weight);
    draw_surface_of(&net);
    const int low = class_of(cell_at(WIDTH / 4, HEIGHT - 2)->ground),
              high = class_of(cell_at(WIDTH * 3 / 4, 1)->ground);
    const double low_row = row_of_glyph(0x25cb), middle_row = row_of_glyph(0x25ce), high_row = row_of_glyph(0x25cf);
    dataset_free(f.dataset);
    f.dataset = spiral;
    ck_assert_int_eq(low, 0);
    ck_assert_int_eq(high, 1);
    ck_assert_double_gt(low_row, middle_row + 2);
    ck_assert_double_gt(middle_row, high_row + 2);
}
END_TEST

/* The highest and the lowest row of the curve in a column of cells; false: it is not there. */
static bool curve_rows(int x, int *top, int *bottom)
{
    *top = *bottom = -1;
    for (int y = 0; y < HEIGHT; y++) {
        const struct cell *cell = cell_at(x, y);
        if (cell->glyph > 0x2800 && cell->glyph < 0x2900 && cell->ink == f.palette.role[ROLE_TRAIN]) {
            *top = *top < 0 ? y : *top;
            *bottom = y;
        }
    }
    return *top >= 0;
}

/* y = x, with points on it: the curve rises to the right, through its points. */
START_TEST(a_fitted_curve_that_rises_rises_in_the_picture)
{
    struct dataset *spiral = f.dataset;
    static const float weight[] = {1};
    struct known_net net;
    ck_assert_int_eq(toy_make(&f.dataset, toy_find("line"), 40, -1, 1, NULL), STATUS_OK);
    for (size_t i = 0; i < f.dataset->rows; i++)
        f.dataset->target[i] = f.dataset->x[i] = (float)i / (float)(f.dataset->rows - 1) * 2 - 1;
    known_net_open(&net, 1, 1, weight);
    draw_surface_of(&net);
    int left[2], right[2], points = 0, off = 0;
    const bool drawn = curve_rows(4, &left[0], &left[1]) && curve_rows(WIDTH - 5, &right[0], &right[1]);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            if (cell_at(x, y)->glyph == 0x25cf) {
                points++;
                off += abs((HEIGHT - 1 - y) * WIDTH - x * (HEIGHT - 1)) > 2 * WIDTH;
            }
    dataset_free(f.dataset);
    f.dataset = spiral;
    ck_assert(drawn);
    ck_assert_int_lt(right[1], HEIGHT / 4);
    ck_assert_int_gt(left[0], HEIGHT * 3 / 4 - 2);
    ck_assert_int_gt(points, 10);
    ck_assert_int_eq(off, 0);
}
END_TEST

/* ---- what was true and what was predicted ---- */

static struct area blank(int width, int height)
{
    ck_assert(grid_resize(&f.grid, width, height));
    grid_clear(&f.grid, f.palette.role[ROLE_TEXT], f.palette.role[ROLE_GROUND]);
    return area_whole(&f.grid);
}

/* Where the text stands; its bytes are ASCII. */
static void find_text(const char *what, int *x, int *y)
{
    const char *text = text_of_grid(), *at = strstr(text, what);
    ck_assert_msg(at != NULL, "no '%s' in\n%s", what, text);
    *x = (int)(at - text) % (f.grid.width + 1);
    *y = (int)(at - text) / (f.grid.width + 1);
}

/* Rows are true classes, columns predicted ones: three rows of A that were taken for B stand beside A, below B. */
START_TEST(a_confusion_matrix_has_a_row_for_each_true_class)
{
    const struct view_data data = view_data();
    int x[4], y[4], ax, ay;
    f.confusion[0] = 31;
    f.confusion[1] = 42;
    f.confusion[2] = 53;
    f.confusion[3] = 64;
    confusion_draw(&data, blank(60, 20), true);
    find_text("31", &x[0], &y[0]);
    find_text("42", &x[1], &y[1]);
    find_text("53", &x[2], &y[2]);
    find_text("64", &x[3], &y[3]);
    find_text("A", &ax, &ay); /* above the first column */
    ck_assert(y[0] == y[1] && y[2] == y[3] && y[0] < y[2]);
    ck_assert(x[0] == x[2] && x[1] == x[3] && x[0] < x[1]);
    ck_assert_int_eq(ay, 0);
    ck_assert(ax >= x[0] && ax <= x[0] + 1);
    ck_assert_uint_eq(cell_at(0, y[0])->glyph, 'A');
    ck_assert_uint_eq(cell_at(0, y[2])->glyph, 'B');
    ck_assert(shows("95 of 190 right  50.0%"));
    ck_assert(shows("most often: B taken for A  53"));
    int recall_x, recall_y; /* 31 of 73, 64 of 117 */
    find_text("42%", &recall_x, &recall_y);
    ck_assert_int_eq(recall_y, y[0]);
    find_text("55%", &recall_x, &recall_y);
    ck_assert_int_eq(recall_y, y[2]);
}
END_TEST

/* True values 0 ... 7 in a table, all predicted as they are, but for one. */
static void draw_scatter(size_t odd, float value, int width, int height)
{
    struct dataset *spiral = f.dataset;
    ck_assert_int_eq(toy_make(&f.dataset, toy_find("plane"), 40, -1, 1, NULL), STATUS_OK);
    for (size_t i = 0; i < ROWS_SHOWN; i++) {
        f.row[i].row = (uint32_t)(f.dataset->train + i);
        f.dataset->target[f.row[i].row] = (float)i;
        f.row[i].value = i == odd ? value : (float)i;
    }
    f.dataset->target_mean = 0;
    f.dataset->target_sd = 1;
    const struct view_data data = view_data();
    scatter_draw(&data, blank(width, height));
    dataset_free(f.dataset);
    f.dataset = spiral;
}

/* The middle of the cells with dots of that ink, in shares of a square plot that begins in column 7. */
static void middle_of(enum role ink, double side, double *across, double *up)
{
    int count = 0;
    *across = *up = 0;
    for (int y = 0; y < (int)side; y++)
        for (int x = 7; x < f.grid.width; x++)
            if (cell_at(x, y)->glyph > 0x2800 && cell_at(x, y)->ink == f.palette.role[ink]) {
                *across += (x - 7 + 0.5) / (2 * side);
                *up += 1 - (y + 0.5) / side;
                count++;
            }
    ck_assert_int_gt(count, 0);
    *across /= count;
    *up /= count;
}

START_TEST(a_scatter_has_true_values_to_the_right_and_predicted_ones_upwards)
{
    double across, up;
    draw_scatter(1, 6, 60, 20); /* true 1, predicted 6: left and high */
    ck_assert(shows(" true ") && shows(" predicted"));
    middle_of(ROLE_TEST, 18, &across, &up);
    ck_assert_double_lt(across, 0.3);
    ck_assert_double_gt(up, 0.7);
    draw_scatter(6, 1, 60, 20); /* true 6, predicted 1: right and low */
    middle_of(ROLE_TEST, 18, &across, &up);
    ck_assert_double_gt(across, 0.7);
    ck_assert_double_lt(up, 0.3);
    int low_x, low_y, high_x, high_y;
    find_text("0 ", &low_x, &low_y); /* the labels of the vertical axis */
    find_text("6 ", &high_x, &high_y);
    ck_assert_int_gt(low_y, high_y);
}
END_TEST

/* Errors are predicted minus true: one that is too high is at the right of the middle. */
START_TEST(an_error_upwards_is_at_the_right)
{
    for (int high = 0; high < 2; high++) {
        draw_scatter(3, high ? 7 : -1, 60, 40);
        int x, y, found[2] = {0};
        find_text("how far off", &x, &y);
        for (int row = y + 1; row < f.grid.height - 1; row++)
            for (int column = 7; column < f.grid.width; column++)
                if (cell_at(column, row)->glyph >= 0x2581 && cell_at(column, row)->glyph <= 0x2588 &&
                    cell_at(column, row)->ink == f.palette.role[ROLE_TEST])
                    found[column - 7 > (40 - 9) / 2 + 15]++;
        ck_assert_msg(found[high] > 0 && found[!high] == 0, "%d left, %d right\n%s", found[0], found[1],
                      text_of_grid());
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("orientation");
    TCase *test = tcase_create("orientation");
    tcase_add_checked_fixture(test, set_up, tear_down);
    tcase_add_test(test, a_class_that_is_above_is_drawn_above);
    tcase_add_test(test, a_class_that_is_right_is_drawn_at_the_right);
    tcase_add_test(test, the_first_sample_of_a_surface_is_its_top_left_corner);
    tcase_add_test(test, a_value_that_grows_to_the_top_right_does_so_in_the_picture);
    tcase_add_test(test, a_fitted_curve_that_rises_rises_in_the_picture);
    tcase_add_test(test, a_confusion_matrix_has_a_row_for_each_true_class);
    tcase_add_test(test, a_scatter_has_true_values_to_the_right_and_predicted_ones_upwards);
    tcase_add_test(test, an_error_upwards_is_at_the_right);
    suite_add_tcase(suite, test);
    return suite;
}
