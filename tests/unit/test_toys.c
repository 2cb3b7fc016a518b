/* Toy data sets: what teaching relies on. */
#include <math.h>
#include <string.h>

#include "data/toys.h"
#include "suite.h"

static struct dataset *make(const char *name, size_t points, double noise, uint64_t seed)
{
    struct dataset *dataset = NULL;
    struct error error = {.status = STATUS_OK};
    const struct toy *toy = toy_find(name);
    ck_assert_ptr_nonnull(toy);
    ck_assert_msg(toy_make(&dataset, toy, points, noise, seed, &error) == STATUS_OK, "%s", error.message);
    return dataset;
}

START_TEST(every_toy_has_what_its_row_says)
{
    const struct toy *toy = &toy_table[_i];
    struct dataset *dataset = make(toy->name, 0, -1.0, 3);
    ck_assert_str_eq(dataset->name, toy->name);
    ck_assert_uint_eq(dataset->train, toy->points);
    ck_assert_uint_eq(dataset->rows, 2 * toy->points);
    ck_assert_uint_eq(dataset->inputs, toy->inputs);
    ck_assert_uint_eq(dataset->classes, toy->classes);
    ck_assert_int_eq(dataset->kind, toy->kind);
    ck_assert_ptr_nonnull(strstr(dataset->report, toy->name));
    for (size_t i = 0; i < dataset->rows * dataset->inputs; i++)
        ck_assert_float_le(fabsf(dataset->x[i]), 4.0f);
    for (size_t i = 0; i < dataset->rows; i++)
        if (toy->kind == TASK_CLASSIFY)
            ck_assert(dataset->label[i] >= 0 && (size_t)dataset->label[i] < toy->classes);
        else
            ck_assert_float_le(fabsf(dataset->target[i]), 4.0f);
    for (size_t i = 0; i < dataset->inputs; i++) {
        ck_assert_ptr_nonnull(dataset->input_name[i]);
        ck_assert_double_eq(dataset->input_mean[i], 0.0);
        ck_assert_double_eq(dataset->input_sd[i], 1.0);
    }
    dataset_free(dataset);
}
END_TEST

START_TEST(points_depend_on_seed_alone)
{
    struct dataset *a = make("spiral", 100, 0.03, 7), *b = make("spiral", 100, 0.03, 7),
                   *c = make("spiral", 100, 0.03, 8);
    size_t bytes = a->rows * a->inputs * sizeof *a->x;
    ck_assert_mem_eq(a->x, b->x, bytes);
    ck_assert_mem_eq(a->label, b->label, a->rows * sizeof *a->label);
    ck_assert_mem_ne(a->x, c->x, bytes);
    size_t shared = 0; /* test points are others */
    for (size_t i = 0; i < a->train; i++)
        for (size_t j = a->train; j < a->rows; j++)
            shared += memcmp(a->x + 2 * i, a->x + 2 * j, 2 * sizeof *a->x) == 0;
    ck_assert_uint_eq(shared, 0);
    dataset_free(a);
    dataset_free(b);
    dataset_free(c);
}
END_TEST

START_TEST(spiral_without_noise_lies_on_its_arms)
{
    const double pi = 3.14159265358979323846;
    struct dataset *dataset = make("spiral", 200, 0.0, 1);
    int in_tenth[10] = {0};
    for (size_t i = 0; i < dataset->train; i++) {
        double x = (double)dataset->x[2 * i] / 2.0, y = (double)dataset->x[2 * i + 1] / 2.0;
        double place = (sqrt(x * x + y * y) - 0.08) / 0.92;
        ck_assert(place > -1e-6 && place < 1.0);
        double radius = 0.08 + 0.92 * place;
        double angle = 2.0 * pi * 1.1 * radius + pi * dataset->label[i];
        ck_assert_double_eq_tol(x, radius * sin(angle), 1e-5);
        ck_assert_double_eq_tol(y, radius * cos(angle), 1e-5);
        in_tenth[(int)(place * 10.0)]++;
    }
    for (int i = 0; i < 10; i++) /* stratified: 10 of each class a tenth, give or take the borders' */
        ck_assert_int_eq(in_tenth[i], 20);
    dataset_free(dataset);
}
END_TEST

START_TEST(spiral_noise_has_its_standard_deviation)
{
    struct dataset *clean = make("spiral", 4000, 0.0, 5), *noisy = make("spiral", 4000, 0.03, 5);
    double sum = 0.0, squares = 0.0;
    size_t n = clean->rows * 2;
    for (size_t i = 0; i < n; i++) {
        double d = (double)noisy->x[i] - (double)clean->x[i];
        sum += d;
        squares += d * d;
    }
    ck_assert_double_eq_tol(sum / (double)n, 0.0, 0.002);
    ck_assert_double_eq_tol(sqrt(squares / (double)n), 0.06, 0.002); /* coordinates are doubled */
    dataset_free(clean);
    dataset_free(noisy);
}
END_TEST

START_TEST(line_has_the_curvatures_of_the_lesson)
{
    struct dataset *dataset = make("line", 0, -1.0, 1);
    double n = (double)dataset->train, x1 = 0.0, x2 = 0.0;
    for (size_t i = 0; i < dataset->train; i++) {
        double x = (double)dataset->x[i];
        ck_assert(x >= 0.0 && x <= 2.0);
        x1 += x / n;
        x2 += x * x / n;
    }
    /* Hessian of the mean squared error of w x + b: 2 [x2 x1; x1 1]. */
    double half = x2 + 1.0, root = sqrt((x2 - 1.0) * (x2 - 1.0) + 4.0 * x1 * x1);
    ck_assert_double_eq_tol(half - root, 0.33, 0.01);
    ck_assert_double_eq_tol(half + root, 4.40, 0.01);
    dataset_free(dataset);
}
END_TEST

START_TEST(prefixes_are_stratified)
{
    static const char *const names[] = {"spiral", "gauss"};
    for (size_t k = 0; k < 2; k++) {
        struct dataset *dataset = make(names[k], 201, -1.0, 11);
        size_t seen[3] = {0};
        for (size_t i = 0; i < dataset->train; i++) {
            seen[dataset->label[i]]++;
            for (size_t c = 0; c < dataset->classes; c++)
                ck_assert_double_le(fabs((double)seen[c] - (double)(i + 1) / (double)dataset->classes), 1.01);
        }
        dataset_free(dataset);
    }
}
END_TEST

START_TEST(impossible_sizes_are_refused)
{
    struct dataset *dataset = NULL;
    struct error error;
    const struct toy *toy = toy_find("spiral");
    ck_assert_int_eq(toy_make(&dataset, toy, 3, -1.0, 1, &error), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "from 4"));
    ck_assert_int_eq(toy_make(&dataset, toy, 0, NAN, 1, &error), STATUS_USAGE);
    ck_assert_int_eq(toy_make(&dataset, toy, 0, INFINITY, 1, &error), STATUS_USAGE);
    ck_assert_ptr_null(dataset);
    ck_assert_ptr_null(toy_find("sprial"));
}
END_TEST

START_TEST(features_expand_and_keep_the_point)
{
    struct dataset *dataset = make("circles", 20, 0.0, 2);
    struct error error;
    float point[2] = {dataset->x[6], dataset->x[7]};
    ck_assert_int_eq(toy_features(dataset, "x,y,x2,y2,xy,sinx,siny", &error), STATUS_OK);
    ck_assert_uint_eq(dataset->inputs, 7);
    ck_assert_str_eq(dataset->input_name[4], "xy");
    const float *x = dataset->x + 3 * 7;
    ck_assert_float_eq(x[0], point[0]);
    ck_assert_float_eq(x[1], point[1]);
    ck_assert_float_eq_tol(x[2], point[0] * point[0], 1e-6f);
    ck_assert_float_eq_tol(x[4], point[0] * point[1], 1e-6f);
    ck_assert_double_eq_tol(x[5], sin(1.57079632679 * (double)point[0]), 1e-6);
    ck_assert_double_eq_tol(x[6], sin(1.57079632679 * (double)point[1]), 1e-6);
    float again[7];
    toy_expand("x,y,x2,y2,xy,sinx,siny", point, again);
    ck_assert_mem_eq(again, x, sizeof again);
    ck_assert_double_eq(dataset->input_sd[6], 1.0);
    dataset_free(dataset);
}
END_TEST

START_TEST(wrong_features_are_named)
{
    static const struct {
        const char *list, *said;
    } cases[] = {
        {"x,y,yx", "'yx'"},           {"x2,y", "first two must be x,y"}, {"x", "first two must be x,y"},
        {"x,y,xy,xy", "given twice"}, {"", "unknown feature"},
    };
    struct dataset *dataset = make("xor", 20, -1.0, 2), *curve = make("sine", 20, -1.0, 2);
    struct error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(toy_features(dataset, cases[i].list, &error), STATUS_USAGE);
        ck_assert_msg(strstr(error.message, cases[i].said) != NULL, "%s", error.message);
        ck_assert_uint_eq(dataset->inputs, 2);
    }
    ck_assert_int_eq(toy_features(curve, "x,y", &error), STATUS_USAGE);
    ck_assert_int_eq(toy_features(dataset, NULL, &error), STATUS_OK);
    dataset_free(dataset);
    dataset_free(curve);
}
END_TEST

/* Class A where both coordinates have the same sign. */
START_TEST(xor_is_class_a_where_signs_agree)
{
    struct dataset *dataset = NULL;
    ck_assert_int_eq(toy_make(&dataset, toy_find("xor"), 100, 0, 1, NULL), STATUS_OK);
    for (size_t row = 0; row < dataset->rows; row++) {
        const float *x = dataset->x + 2 * row;
        ck_assert_int_eq(dataset->label[row], (x[0] > 0) != (x[1] > 0));
    }
    dataset_free(dataset);
}
END_TEST

/* Without noise the answers are the formulas that the list of toys names. */
START_TEST(numbers_to_learn_follow_their_formulas)
{
    static const char *const names[] = {"plane", "line", "sine"};
    for (int i = 0; i < 3; i++) {
        struct dataset *dataset = NULL;
        ck_assert_int_eq(toy_make(&dataset, toy_find(names[i]), 100, 0, 1, NULL), STATUS_OK);
        for (size_t row = 0; row < dataset->rows; row++) {
            const double x = (double)dataset->x[row * dataset->inputs];
            const double y = i == 0 ? (double)dataset->x[row * dataset->inputs + 1] : 0;
            const double wanted[] = {0.6 * x - 0.5 * y + 0.2, 1.2 * x - 0.4, sin(0.75 * acos(-1) * x)};
            ck_assert_double_eq_tol((double)dataset->target[row], wanted[i], 1e-6);
        }
        dataset_free(dataset);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("toys");
    TCase *tests = tcase_create("toys");
    tcase_add_loop_test(tests, every_toy_has_what_its_row_says, 0, (int)toy_count);
    tcase_add_test(tests, points_depend_on_seed_alone);
    tcase_add_test(tests, spiral_without_noise_lies_on_its_arms);
    tcase_add_test(tests, spiral_noise_has_its_standard_deviation);
    tcase_add_test(tests, line_has_the_curvatures_of_the_lesson);
    tcase_add_test(tests, prefixes_are_stratified);
    tcase_add_test(tests, impossible_sizes_are_refused);
    tcase_add_test(tests, features_expand_and_keep_the_point);
    tcase_add_test(tests, wrong_features_are_named);
    tcase_add_test(tests, xor_is_class_a_where_signs_agree);
    tcase_add_test(tests, numbers_to_learn_follow_their_formulas);
    suite_add_tcase(suite, tests);
    return suite;
}
