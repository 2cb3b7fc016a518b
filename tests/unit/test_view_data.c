/* The picture of the data in view 1, and view 4 of a table, drawn into grids that no terminal shows. */
#include <stdio.h>
#include <string.h>

#include "suite.h"
#include "support/drawn.h"
#include "ui/colour.h"
#include "ui/views/confusion.h"
#include "ui/views/scatter.h"
#include "ui/views/worst.h"

/* The box of the picture of view 1, as it was last drawn. */
static struct box picture_box(void)
{
    const struct view_data data = view_data();
    return view_curves_layout(&data, layout_frame(f.grid.width, f.grid.height).body).picture;
}

/* Cells of the picture with that glyph; of one ink, or of any (0). */
static size_t glyphs_in_picture(uint32_t glyph, uint32_t ink)
{
    const struct box box = picture_box();
    size_t count = 0;
    for (int y = box.y; y < box.y + box.height; y++)
        for (int x = box.x; x < box.x + box.width; x++) {
            const struct cell *cell = &f.grid.cell[y * f.grid.width + x];
            count += cell->glyph == glyph && (ink == 0 || cell->ink == ink);
        }
    return count;
}

/* A table of one input whose fitted curve is level, through the first of its points. */
static struct dataset *draw_level_fit(int width, int height)
{
    struct dataset *line = NULL;
    ck_assert_int_eq(toy_make(&line, toy_find("line"), 20, -1, 1, NULL), STATUS_OK);
    static float surface[64];
    for (int i = 0; i < 64; i++)
        surface[i] = line->target[0];
    f.dataset = line;
    f.picture = (struct picture){.width = 64, .height = 1, .outputs = 1, .surface = surface};
    draw(0, width, height);
    return line;
}

/* Points are alike on and beside the curve, and take its colour where they would hide it. */
START_TEST(a_fitted_curve_hides_no_points)
{
    struct dataset *spiral = f.dataset, *line = draw_level_fit(80, 24);
    const size_t on = glyphs_in_picture(0x25cf, f.palette.role[ROLE_TRAIN]);
    const size_t beside = glyphs_in_picture(0x25cf, f.palette.role[ROLE_TEXT]);
    f.dataset = spiral;
    dataset_free(line);
    ck_assert_uint_ge(on, 1);
    ck_assert_uint_ge(beside, 5);
}
END_TEST

START_TEST(a_fit_has_ranges_and_names_what_is_off)
{
    struct dataset *spiral = f.dataset, *line = draw_level_fit(120, 36);
    const struct box box = picture_box();
    const char *below = text_of_grid() + (box.y + box.height - 1) * (f.grid.width + 1) + box.x;
    const char *low = strchr(below, '0'), *high = strchr(below, '2'); /* its points lie between */
    const bool named = shows("more than 0.3 off: 0") && !shows("wrong:");
    f.dataset = spiral;
    dataset_free(line);
    ck_assert(named);
    ck_assert(low && high && low < high && high < below + box.width);
}
END_TEST

/* Labels of the fit's y axis in the column of cells: digits in the ink of labels. */
static int labels_in_column(int x)
{
    const struct box box = picture_box();
    int labels = 0;
    for (int y = box.y; y < box.y + box.height - 1; y++) {
        const struct cell *cell = &f.grid.cell[y * f.grid.width + x];
        labels += cell->glyph >= '0' && cell->glyph <= '9' && cell->ink == f.palette.role[ROLE_FAINT];
    }
    return labels;
}

/* The line covers the place of one label at the left: both stand at the right then, as those of one axis. */
START_TEST(heights_of_a_fit_are_on_one_side)
{
    struct dataset *spiral = f.dataset, *line = draw_level_fit(120, 36);
    float *surface = (float *)f.picture.surface;
    const int before[] = {labels_in_column(picture_box().x), labels_in_column(f.grid.width - 2)};
    for (int i = 0; i < 64; i++)
        surface[i] = i < 32 ? (float)((2 - line->target_mean) / line->target_sd) : NAN;
    draw(0, 120, 36);
    const int after[] = {labels_in_column(picture_box().x), labels_in_column(f.grid.width - 2)};
    f.dataset = spiral;
    dataset_free(line);
    ck_assert_msg(before[0] == 2 && before[1] == 0, "%d at the left, %d at the right", before[0], before[1]);
    ck_assert_msg(after[0] == 0 && after[1] == 2, "%d at the left, %d at the right", after[0], after[1]);
}
END_TEST

/* Names that do not all fit are cut, but not one that has room as it is. */
START_TEST(a_legend_cuts_long_names_first)
{
    char *names[] = {"common", "rare"}, **letters = f.dataset->class_name;
    f.dataset->class_name = names;
    draw(0, 80, 24);
    f.dataset->class_name = letters;
    ck_assert_msg(shows(" co~ ~ rare "), "%s", text_of_grid());
}
END_TEST

/* Each class has a glyph of its own, in any theme and with plain characters. */
START_TEST(classes_differ_without_colour)
{
    for (int ascii = 0; ascii < 2; ascii++) {
        f.palette = *palette_find("mono");
        f.palette.ascii = ascii;
        draw(0, 80, 24);
        const size_t first = glyphs_in_picture(ascii ? 'o' : 0x25cf, 0);
        const size_t second = glyphs_in_picture(ascii ? '+' : 0x25cb, 0);
        ck_assert_uint_gt(first, 5);
        ck_assert_uint_gt(second, 5);
        ck_assert(shows(ascii ? "o A + B " : "~ A ~ B "));
    }
}
END_TEST

START_TEST(predictions_show_recall_and_the_worst)
{
    draw(view_by_number(4), 120, 36);
    ck_assert(shows("75%"));
    ck_assert(shows("100%"));
    ck_assert(shows("worst examples"));
    ck_assert(shows("30.0%"));
    ck_assert(shows("1.20"));
    ck_assert(shows("21 of 24 right  87.5%"));
    ck_assert(shows("most often: A taken for B  3"));
    draw(view_by_number(4), 80, 24);
    ck_assert(shows("75%"));
}
END_TEST

START_TEST(sure_rows_are_not_worst_examples)
{
    for (int i = 3; i < ROWS_SHOWN; i++) {
        f.row[i].loss = 0.001f;
        f.row[i].p = 0.999f;
    }
    draw(view_by_number(4), 120, 36);
    ck_assert(shows("30.0%") && !shows("99.9%"));
    ck_assert(shows("all others are right and sure"));
}
END_TEST

START_TEST(wrong_and_right_examples_have_marks)
{
    f.palette.ascii = true;
    f.row[0].predicted = 1 - f.dataset->label[f.row[0].row];
    for (int i = 1; i < ROWS_SHOWN; i++)
        f.row[i].predicted = f.dataset->label[f.row[i].row];
    draw(view_by_number(4), 120, 36);
    const char *text = text_of_grid(), *list = strstr(text, "p(right)");
    ck_assert_ptr_nonnull(list);
    const char *wrong = strstr(list, "x A "), *right = strstr(list, "+ A ");
    wrong = wrong ? wrong : strstr(list, "x B ");
    right = right ? right : strstr(list, "+ B ");
    ck_assert(wrong && right && wrong < right);
}
END_TEST

/* Rows of `p` of the right class from 0 to 0.7, of which those below a half are wrong. */
START_TEST(a_short_list_leaves_room_for_how_sure_the_answers_are)
{
    f.palette.ascii = true;
    for (int i = 0; i < ROWS_SHOWN; i++) {
        const int32_t label = f.dataset->label[f.row[i].row];
        f.row[i].p = (float)i / 10 + 0.05f;
        f.row[i].predicted = f.row[i].p < 0.5f ? 1 - label : label;
    }
    draw(view_by_number(4), 120, 30);
    ck_assert(shows("how sure"));
    ck_assert(shows("  0-10% xxxxx"));
    ck_assert(shows(" 70-80% #####"));
    ck_assert(shows("90-100%  "));
    f.row[0].p = 0.5f; /* two in one */
    f.row[0].predicted = f.dataset->label[f.row[0].row];
    draw(view_by_number(4), 120, 30);
    const char *text = text_of_grid(), *two = strstr(text, " 50-60% #"), *one = strstr(text, " 70-80% #");
    ck_assert(two && one && strspn(two + 8, "x#") > 1.5 * (double)strspn(one + 8, "x#"));
    draw(view_by_number(4), 80, 24);
    ck_assert(!shows("how sure")); /* the list first */
    f.settings.hide_test = true;
    draw(view_by_number(4), 120, 30);
    ck_assert(!shows("70-80%"));
}
END_TEST

/* A table whose inputs are an image of 8 x 8. */
START_TEST(images_grow_with_the_room)
{
    static float x[2 * 64];
    static char name[64][8], *names[64], *classes[] = {"0", "1"};
    static double mean[64], sd[64];
    static int32_t label[2] = {0, 1};
    for (int i = 0; i < 64; i++) {
        snprintf(name[i], sizeof name[i], "p%d", i);
        names[i] = name[i];
        sd[i] = 1;
        x[i] = x[64 + i] = (float)(i % 3);
    }
    struct dataset images = {.kind = TASK_CLASSIFY,
                             .inputs = 64,
                             .rows = 2,
                             .train = 1,
                             .classes = 2,
                             .x = x,
                             .label = label,
                             .input_name = names,
                             .class_name = classes,
                             .input_mean = mean,
                             .input_sd = sd};
    struct dataset *spiral = f.dataset;
    f.dataset = &images;
    f.row[0] = (struct picture_row){.row = 1, .predicted = 0, .p = 0.3f, .loss = 1.2f};
    f.picture.rows = f.picture.worst_count = 1;
    int last = 0;
    for (int size = 0; size < 3; size++) {
        static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 60}};
        draw(view_by_number(4), sizes[size][0], sizes[size][1]);
        int blocks = 0;
        for (int i = 0; i < f.grid.width * f.grid.height; i++)
            blocks += f.grid.cell[i].ground == 0xffffff || f.grid.cell[i].ink == 0xffffff;
        ck_assert_msg(blocks > last, "%d cells at size %d, %d before", blocks, size, last);
        ck_assert(shows("1~0 30%"));
        last = blocks;
    }
    f.dataset = spiral;
}
END_TEST

START_TEST(wrong_test_points_are_crossed)
{
    int wrong = 0;
    for (int i = 0; i < ROWS_SHOWN; i++)
        wrong += f.dataset->label[f.row[i].row] != 0;
    char text[32];
    snprintf(text, sizeof text, "wrong: %d", wrong);
    ck_assert_int_gt(wrong, 0);
    draw(0, 120, 36);
    ck_assert(shows(text));
}
END_TEST

START_TEST(layers_leave_the_picture_what_they_do_not_need)
{
    struct picture_request request;
    const struct view_data data = view_data();
    f.settings.other_picture = true;
    draw(0, 200, 60);
    ck_assert(shows("layers") && shows("~ A ~ B"));
    ck_assert(view_wants_curves(&data, layout_frame(200, 60).body, &request));
    ck_assert_int_gt(request.height, 30);
    draw(0, 80, 24);
    ck_assert(shows("layers") && !shows("~ A ~ B"));
    ck_assert(!view_wants_curves(&data, layout_frame(80, 24).body, &request));
}
END_TEST

/* ---- the confusion matrix ---- */

/* A blank grid of that size, for a part that is drawn alone. */
static struct area blank(int width, int height)
{
    ck_assert(grid_resize(&f.grid, width, height));
    grid_clear(&f.grid, f.palette.role[ROLE_TEXT], f.palette.role[ROLE_GROUND]);
    return area_whole(&f.grid);
}

static const struct cell *find_glyph(uint32_t glyph)
{
    for (int i = 0; i < f.grid.width * f.grid.height; i++)
        if (f.grid.cell[i].glyph == glyph)
            return &f.grid.cell[i];
    ck_abort_msg("no U+%04X", glyph);
    return NULL;
}

/* Cells of its ground from a cell on, in steps of `step`. */
static int reach(const struct cell *from, ptrdiff_t step)
{
    int count = 0;
    for (const struct cell *at = from + step;
         at >= f.grid.cell && at < f.grid.cell + f.grid.width * f.grid.height && at->ground == from->ground; at += step)
        count++;
    return count;
}

START_TEST(numbers_stand_in_the_middle_of_their_cells)
{
    for (int width = 30; width < 120; width += 7)
        for (int height = 8; height < 40; height += 3) {
            const struct view_data data = view_data();
            f.confusion[2] = 1; /* every cell has a ground of its own */
            confusion_draw(&data, blank(width, height), true);
            const struct cell *right = find_glyph('9');
            ck_assert_int_eq(reach(right, 1), reach(right, -1));
            ck_assert_int_eq(reach(right, f.grid.width), reach(right, -f.grid.width));
        }
}
END_TEST

/* A mistake in a hundred, one in 25 and one in four; with eight colours only the last has a ground. */
START_TEST(mistakes_are_as_loud_as_they_are_frequent)
{
    static const uint32_t wrong[] = {1, 4, 25};
    uint32_t ground[3];
    for (int theme = 0; theme < 3; theme++) {
        struct colour_table table;
        f.palette = palette_table[theme];
        colour_table_init(&table, 8);
        for (int i = 0; i < 3; i++) {
            const struct view_data data = view_data();
            f.confusion[0] = 100 - wrong[i];
            f.confusion[1] = wrong[i];
            confusion_draw(&data, blank(60, 20), false);
            ground[i] = find_glyph((uint32_t) "142"[i])->ground; /* digits that no other number has */
        }
        ck_assert_uint_eq(ground[0], f.palette.role[ROLE_BAR]);
        ck_assert(ground[1] != ground[0] && ground[2] != ground[1]);
        ck_assert_uint_eq(colour_nearest(&table, ground[1]), colour_nearest(&table, ground[0]));
        ck_assert_uint_ne(colour_nearest(&table, ground[2]), colour_nearest(&table, ground[0]));
    }
}
END_TEST

/* What is right has the colour of training, a mistake that of the test data; so has a recall below 80 %. */
START_TEST(mistakes_and_weak_classes_have_their_colour)
{
    const struct view_data data = view_data();
    const uint32_t bar = f.palette.role[ROLE_BAR];
    f.confusion[0] = 75;
    f.confusion[1] = 25;
    f.confusion[3] = 81;
    f.confusion[2] = 19;
    confusion_draw(&data, blank(60, 20), false);
    ck_assert_uint_eq(find_glyph('7')->ground, colour_mix(bar, f.palette.role[ROLE_TRAIN], 0.75));
    ck_assert_uint_eq(find_glyph('2')->ground, colour_mix(bar, f.palette.role[ROLE_TEST], 0.6));
    confusion_draw(&data, blank(60, 20), true);
    const struct cell *weak = find_glyph('%'), *strong = weak + 1;
    while (strong->glyph != '%')
        strong++;
    ck_assert_uint_eq(weak->ink, f.palette.role[ROLE_TEST]);
    ck_assert_uint_eq(strong->ink, f.palette.role[ROLE_STRONG]);
}
END_TEST

START_TEST(shares_are_of_their_row)
{
    f.settings.other_picture = true;
    const struct view_data data = view_data();
    confusion_draw(&data, blank(60, 20), true);
    ck_assert_msg(shows(" 25 ") && shows(" 75 ") && shows(" 100 "), "%s", text_of_grid());
}
END_TEST

START_TEST(names_are_cut_alike)
{
    char *names[] = {"versicolor", "virginica"}, **letters = f.dataset->class_name;
    f.dataset->class_name = names;
    const struct view_data data = view_data();
    confusion_draw(&data, blank(20, 8), false);
    f.dataset->class_name = letters;
    ck_assert_msg(shows(" versi  virgi") && shows("\nversi ") && shows("\nvirgi "), "%s", text_of_grid());
}
END_TEST

/* In the summary of view 4, in its heading where there is no room for one, and below the matrix of view 1. */
START_TEST(a_class_that_is_never_predicted_is_said)
{
    char *names[] = {"common", "rare"}, **letters = f.dataset->class_name;
    f.dataset->class_name = names;
    f.confusion[0] = 95;
    f.confusion[2] = 5;
    f.confusion[1] = f.confusion[3] = 0;
    const struct view_data data = view_data();
    confusion_draw(&data, blank(76, 14), true);
    ck_assert_msg(shows("95 of 100 right  95.0%") && shows("'rare' is never predicted (5 rows)"), "%s", text_of_grid());
    confusion_draw(&data, blank(40, 8), false);
    ck_assert_msg(shows("'rare' is never predicted (5 rows)"), "%s", text_of_grid());
    confusion_draw(&data, blank(40, 8), true);
    ck_assert(confusion_sums_up(&data, blank(40, 8)));
    ck_assert(!confusion_sums_up(&data, blank(40, 5)));
    f.confusion[3] = 1; /* predicted once: the mistake made most often is of interest again */
    confusion_draw(&data, blank(76, 14), true);
    ck_assert_msg(!shows("never predicted") && shows("most often: rare taken for common  5"), "%s", text_of_grid());
    f.confusion[2] = f.confusion[3] = 0; /* without rows it need not be predicted */
    confusion_draw(&data, blank(76, 14), true);
    ck_assert_msg(!shows("never predicted"), "%s", text_of_grid());
    f.dataset->class_name = letters;
}
END_TEST

START_TEST(the_largest_of_the_classes_that_are_never_predicted_is_named)
{
    char *names[] = {"larger", "common", "smaller"}, **letters = f.dataset->class_name;
    const uint32_t confusion[] = {0, 7, 0, 0, 90, 0, 0, 3, 0}; /* [true][predicted] */
    char sentence[CONFUSION_SENTENCE];
    f.dataset->class_name = names;
    f.picture.classes = 3;
    memcpy(f.confusion, confusion, sizeof confusion);
    const struct view_data data = view_data();
    ck_assert(confusion_unpredicted(&data, sentence));
    ck_assert_str_eq(sentence, "2 classes are never predicted; largest: 'larger' (7 rows)");
    f.dataset->class_name = letters;
}
END_TEST

/* Long names in several bytes a character are cut between characters. */
START_TEST(sentences_cut_names_between_characters)
{
    char *names[] = {"ab", "ä漢字ä漢字ä漢字ä漢字ä漢字ä漢字ä漢字ä漢字ä漢字ä漢字ä漢字"},
         **letters = f.dataset->class_name;
    f.dataset->class_name = names;
    f.confusion[0] = f.confusion[2] = 5;
    f.confusion[1] = f.confusion[3] = 0;
    const struct view_data data = view_data();
    char sentence[CONFUSION_SENTENCE];
    ck_assert(confusion_unpredicted(&data, sentence));
    ck_assert_int_eq(text_columns(sentence), 1 + 20 + (int)strlen("' is never predicted (5 rows)"));
    for (const char *at = sentence; *at;)
        ck_assert_uint_ne(text_next(&at), 0xFFFD);
    f.confusion[0] = f.confusion[2] = 0; /* all rows are of the first class, all answers the second */
    f.confusion[1] = 1;
    ck_assert(confusion_unpredicted(&data, sentence));
    ck_assert_str_eq(sentence, "'ab' is never predicted (1 row)");
    f.dataset->class_name = letters;
}
END_TEST

/* ---- numbers as answers ---- */

static struct dataset *draw_values(int width, int height, void (*part)(const struct view_data *, struct area))
{
    struct dataset *plane = NULL, *spiral = f.dataset;
    ck_assert_int_eq(toy_make(&plane, toy_find("plane"), 40, -1, 1, NULL), STATUS_OK);
    for (int i = 0; i < ROWS_SHOWN; i++) { /* all right, but for the first */
        f.row[i].row = (uint32_t)(plane->train + (size_t)i);
        f.row[i].value = plane->target[f.row[i].row] - (i == 0 ? 0.5f : 0);
    }
    plane->target_sd = 30000;
    plane->target_mean = 200000;
    f.dataset = plane;
    const struct view_data data = view_data();
    part(&data, blank(width, height));
    f.dataset = spiral;
    return plane;
}

START_TEST(right_predictions_are_seen_on_the_diagonal)
{
    struct dataset *plane = draw_values(60, 20, scatter_draw);
    const size_t right = cells_with(ROLE_TEXT, false), off = cells_with(ROLE_TEST, false);
    int most = 0;
    for (int i = 0; i < f.grid.width * f.grid.height; i++)
        if (f.grid.cell[i].ink == f.palette.role[ROLE_TEXT] && f.grid.cell[i].glyph && i % f.grid.width > most)
            most = i % f.grid.width;
    dataset_free(plane);
    ck_assert_uint_ge(right, ROWS_SHOWN - 2); /* two may share a cell */
    ck_assert_uint_ge(off, 1);
    ck_assert_int_ge(most, 7 + 36 * 9 / 10); /* the highest is near the edge of a square of 18 rows */
    ck_assert(shows("more than 9,000 off"));
}
END_TEST

START_TEST(errors_stand_where_the_plot_leaves_room)
{
    static const int size[][3] = {{50, 31, true}, {78, 11, true}, {30, 14, false}};
    for (int i = 0; i < 3; i++) {
        dataset_free(draw_values(size[i][0], size[i][1], scatter_draw));
        ck_assert_int_eq(shows("how far off  1,875 on average"), size[i][2]); /* 15,000 of eight rows */
    }
}
END_TEST

static void draw_worst(const struct view_data *data, struct area area)
{
    worst_draw(data, area, false);
}

START_TEST(values_stand_below_each_other)
{
    dataset_free(draw_values(70, 12, draw_worst));
    ck_assert(shows("true predicted    off by        x        y"));
    ck_assert(shows("  -15,000 ")); /* the first is off by half a standard deviation */
    ck_assert(shows("        0 "));
    ck_assert_uint_le(cells_with(ROLE_TEST, false), 20); /* only the first is loud */
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("view_data");
    TCase *test = tcase_create("view_data");
    tcase_add_checked_fixture(test, set_up, tear_down);
    tcase_add_test(test, a_fitted_curve_hides_no_points);
    tcase_add_test(test, a_fit_has_ranges_and_names_what_is_off);
    tcase_add_test(test, heights_of_a_fit_are_on_one_side);
    tcase_add_test(test, a_legend_cuts_long_names_first);
    tcase_add_test(test, classes_differ_without_colour);
    tcase_add_test(test, predictions_show_recall_and_the_worst);
    tcase_add_test(test, sure_rows_are_not_worst_examples);
    tcase_add_test(test, wrong_and_right_examples_have_marks);
    tcase_add_test(test, a_short_list_leaves_room_for_how_sure_the_answers_are);
    tcase_add_test(test, images_grow_with_the_room);
    tcase_add_test(test, wrong_test_points_are_crossed);
    tcase_add_test(test, layers_leave_the_picture_what_they_do_not_need);
    tcase_add_test(test, numbers_stand_in_the_middle_of_their_cells);
    tcase_add_test(test, mistakes_are_as_loud_as_they_are_frequent);
    tcase_add_test(test, mistakes_and_weak_classes_have_their_colour);
    tcase_add_test(test, shares_are_of_their_row);
    tcase_add_test(test, names_are_cut_alike);
    tcase_add_test(test, a_class_that_is_never_predicted_is_said);
    tcase_add_test(test, the_largest_of_the_classes_that_are_never_predicted_is_named);
    tcase_add_test(test, sentences_cut_names_between_characters);
    tcase_add_test(test, right_predictions_are_seen_on_the_diagonal);
    tcase_add_test(test, errors_stand_where_the_plot_leaves_room);
    tcase_add_test(test, values_stand_below_each_other);
    suite_add_tcase(suite, test);
    return suite;
}
