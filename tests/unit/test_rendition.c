/* Cells on terminals with fewer colours, and pairs of colours. */
#include "ui/rendition.h"

#include <stdlib.h>

#include "suite.h"

static struct renderer renderer;

static struct rendition look(unsigned colours, bool ascii, struct cell cell)
{
    renderer_init(&renderer, colours, ascii);
    return rendition_of(&renderer, &cell);
}

START_TEST(direct_colour_is_taken_as_it_is)
{
    const struct rendition is =
        look(RENDITION_DIRECT, false, (struct cell){.glyph = 'a', .ink = 0x123456, .ground = 0x654321});
    ck_assert_uint_eq(is.ink, 0x123456);
    ck_assert_uint_eq(is.ground, 0x654321);
}
END_TEST

START_TEST(a_letter_is_never_lost_in_its_ground)
{
    static const unsigned colours[] = {8, 16, 256, RENDITION_DIRECT};
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++)
        for (unsigned grey = 0; grey <= 255; grey++) {
            const uint32_t rgb = grey * 0x010101u;
            const struct rendition is = look(colours[i], false, (struct cell){.glyph = 'a', .ink = rgb, .ground = rgb});
            ck_assert_msg(is.ink != is.ground, "grey %u of %u colours", grey, colours[i]);
        }
}
END_TEST

START_TEST(a_half_block_of_one_colour_is_a_blank)
{
    const struct cell cell = {.glyph = 0x2580, .ink = 0x101010, .ground = 0x101011};
    ck_assert_uint_eq(look(8, false, cell).glyph, ' ');
    ck_assert_uint_eq(look(RENDITION_DIRECT, false, cell).glyph, 0x2580);
}
END_TEST

START_TEST(without_colour_brightness_is_an_attribute)
{
    const struct cell bright = {.glyph = 'a', .ink = 0xffffff}, faint = {.glyph = 'a', .ink = 0x404040},
                      marked = {.glyph = 'a', .ink = 0, .ground = 0xffffff, .attributes = CELL_UNDERLINE};
    ck_assert_uint_eq(look(0, false, bright).attributes, CELL_BOLD);
    ck_assert_uint_eq(look(0, false, faint).attributes, CELL_DIM);
    ck_assert_uint_eq(look(0, false, marked).attributes, CELL_REVERSE | CELL_UNDERLINE);
}
END_TEST

/* Of eight colours bold black is a bright grey, which is hard to read on a coloured ground. */
START_TEST(black_letters_are_not_bold_in_eight_colours)
{
    const struct cell cell = {.glyph = 'a', .ink = 0x101010, .ground = 0x4f8dcb, .attributes = CELL_BOLD};
    ck_assert_uint_eq(look(8, false, cell).ink, 0);
    ck_assert_uint_eq(look(8, false, cell).attributes, 0);
    ck_assert_uint_eq(look(256, false, cell).attributes, CELL_BOLD);
}
END_TEST

START_TEST(plain_characters_where_they_are_wanted)
{
    const struct cell cell = {.glyph = 0x2500, .ink = 0xffffff};
    ck_assert_uint_lt(look(256, true, cell).glyph, 128);
    ck_assert_uint_eq(look(256, false, cell).glyph, 0x2500);
    ck_assert_uint_eq(look(256, false, (struct cell){.ink = 0xffffff}).glyph, ' ');
}
END_TEST

START_TEST(ink_of_a_blank_makes_no_difference)
{
    struct cell a = {.glyph = ' ', .ink = 1}, b = {.glyph = ' ', .ink = 2};
    ck_assert(rendition_same(&a, &b));
    b.ground = 3;
    ck_assert(!rendition_same(&a, &b));
    a = (struct cell){.glyph = 'x', .ink = 1};
    b = (struct cell){.glyph = 'x', .ink = 2};
    ck_assert(!rendition_same(&a, &b));
}
END_TEST

START_TEST(pairs_are_numbered_until_there_are_no_more)
{
    struct pair_table *table = calloc(1, sizeof *table);
    ck_assert_ptr_nonnull(table);
    table->most = 1000;
    bool fresh;
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 1000; i++) {
            ck_assert_int_eq(pair_find(table, i, 7 * i, &fresh), (int)i + 1);
            ck_assert(fresh);
        }
        for (uint32_t i = 0; i < 1000; i++) {
            ck_assert_int_eq(pair_find(table, i, 7 * i, &fresh), (int)i + 1);
            ck_assert(!fresh);
        }
        ck_assert_int_eq(pair_find(table, 0, 1, &fresh), -1);
        pair_forget_all(table);
    }
    free(table);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("rendition");
    TCase *tests = tcase_create("rendition");
    tcase_add_test(tests, direct_colour_is_taken_as_it_is);
    tcase_add_test(tests, a_letter_is_never_lost_in_its_ground);
    tcase_add_test(tests, a_half_block_of_one_colour_is_a_blank);
    tcase_add_test(tests, without_colour_brightness_is_an_attribute);
    tcase_add_test(tests, black_letters_are_not_bold_in_eight_colours);
    tcase_add_test(tests, plain_characters_where_they_are_wanted);
    tcase_add_test(tests, ink_of_a_blank_makes_no_difference);
    tcase_add_test(tests, pairs_are_numbered_until_there_are_no_more);
    suite_add_tcase(suite, tests);
    return suite;
}
