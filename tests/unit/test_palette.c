/* Themes that can be read, and told apart. */
#include <math.h>

#include "plot/palette.h"
#include "suite.h"
#include "ui/colour.h"

static double luminance(uint32_t rgb)
{
    static const double weight[3] = {0.0722, 0.7152, 0.2126};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        const double c = (double)(rgb >> 8 * i & 0xff) / 255;
        sum += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

/* WCAG 2: 1 none … 21. */
static double contrast(uint32_t a, uint32_t b)
{
    const double light = fmax(luminance(a), luminance(b)), dark = fmin(luminance(a), luminance(b));
    return (light + 0.05) / (dark + 0.05);
}

START_TEST(inks_can_be_read)
{
    static const enum role inks[] = {ROLE_TEXT, ROLE_STRONG,   ROLE_FAINT, ROLE_KEY,    ROLE_TRAIN,
                                     ROLE_TEST, ROLE_GRADIENT, ROLE_RATE,  ROLE_MARKER, ROLE_BEST,
                                     ROLE_WARN, ROLE_RUNNING,  ROLE_PAUSED};
    static const enum role grounds[] = {ROLE_GROUND, ROLE_BAR, ROLE_GAP};
    for (unsigned p = 0; p < palette_count; p++)
        for (unsigned i = 0; i < sizeof inks / sizeof *inks; i++)
            for (unsigned g = 0; g < sizeof grounds / sizeof *grounds; g++)
                ck_assert_msg(contrast(palette_table[p].role[inks[i]], palette_table[p].role[grounds[g]]) >= 3,
                              "%s: role %d on %d", palette_table[p].name, (int)inks[i], (int)grounds[g]);
}
END_TEST

START_TEST(the_grid_is_quiet)
{
    for (unsigned p = 0; p < palette_count; p++) {
        const struct palette *palette = &palette_table[p];
        const double grid = contrast(palette->role[ROLE_GRID], palette->role[ROLE_GROUND]);
        ck_assert(grid > 1.2 && grid < contrast(palette->role[ROLE_FAINT], palette->role[ROLE_GROUND]));
    }
}
END_TEST

START_TEST(points_stand_out_of_surfaces)
{
    for (unsigned p = 0; p < palette_count; p++)
        for (int point = 0; point < PALETTE_CLASSES; point++)
            for (int surface = 0; surface < PALETTE_CLASSES; surface++)
                if (!palette_table[p].mono)
                    ck_assert_msg(contrast(palette_table[p].class_ink[point], palette_table[p].class_ground[surface]) >=
                                      3.5,
                                  "%s: %d on %d", palette_table[p].name, point, surface);
}
END_TEST

START_TEST(curves_differ_in_256_colours)
{
    struct colour_table table;
    colour_table_init(&table, 256);
    for (unsigned p = 0; p < palette_count; p++) {
        const uint32_t *role = palette_table[p].role;
        if (palette_table[p].mono)
            continue;
        ck_assert_uint_ne(colour_nearest(&table, role[ROLE_TRAIN]), colour_nearest(&table, role[ROLE_TEST]));
        ck_assert_uint_ne(colour_nearest(&table, role[ROLE_GROUND]), colour_nearest(&table, role[ROLE_GAP]));
        ck_assert_uint_ne(colour_nearest(&table, role[ROLE_GROUND]), colour_nearest(&table, role[ROLE_SELECTED]));
        ck_assert_uint_ne(colour_nearest(&table, role[ROLE_GROUND]), colour_nearest(&table, role[ROLE_GRID]));
        ck_assert_uint_ne(colour_nearest(&table, role[ROLE_TEST]), colour_nearest(&table, role[ROLE_BEST]));
        ck_assert_uint_ne(colour_nearest(&table, palette_table[p].class_ground[0]),
                          colour_nearest(&table, palette_table[p].class_ground[1]));
    }
}
END_TEST

START_TEST(nearest_colours)
{
    struct colour_table table;
    colour_table_init(&table, 256);
    ck_assert_uint_eq(colour_nearest(&table, 0xff8700), 208);
    ck_assert_uint_eq(colour_nearest(&table, 0x121212), 233);
    ck_assert_uint_eq(colour_nearest(&table, 0xffffff), 231);
    colour_table_init(&table, 8);
    ck_assert_uint_eq(colour_nearest(&table, 0x101418), 0);
    ck_assert_uint_eq(colour_nearest(&table, 0x005a96), 4);
    ck_assert_uint_eq(colour_nearest(&table, 0xdddddd), 7);
    ck_assert_uint_eq(colour_nearest(&table, 0xd03010), 1);
}
END_TEST

START_TEST(themes_are_found)
{
    ck_assert_str_eq(palette_find("projector")->name, "projector");
    ck_assert(palette_find("projector")->thick);
    ck_assert_str_eq(palette_find("nonsense")->name, "dark");
    ck_assert_str_eq(palette_find(NULL)->name, "dark");
}
END_TEST

START_TEST(mixing)
{
    ck_assert_uint_eq(colour_mix(0x000000, 0xffffff, 0.5), 0x808080);
    ck_assert_uint_eq(colour_mix(0x102030, 0xffffff, 0), 0x102030);
    ck_assert_uint_eq(colour_mix(0x102030, 0xf0e0d0, 1), 0xf0e0d0);
    ck_assert_uint_eq(colour_mix(0x102030, 0xf0e0d0, 7), 0xf0e0d0);
    ck_assert_uint_eq(colour_mix(0x102030, 0xf0e0d0, NAN), 0x102030);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("palette");
    TCase *tests = tcase_create("palette");
    tcase_add_test(tests, inks_can_be_read);
    tcase_add_test(tests, the_grid_is_quiet);
    tcase_add_test(tests, points_stand_out_of_surfaces);
    tcase_add_test(tests, curves_differ_in_256_colours);
    tcase_add_test(tests, nearest_colours);
    tcase_add_test(tests, themes_are_found);
    tcase_add_test(tests, mixing);
    suite_add_tcase(suite, tests);
    return suite;
}
