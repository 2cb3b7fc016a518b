/* Text of models in cells: broken between words, and never dangerous. */
#include "ui/flow.h"

#include <string.h>

#include "suite.h"

static struct grid grid;

static struct flow begin(int width, int height)
{
    ck_assert(grid_resize(&grid, width, height));
    grid_clear(&grid, 1, 2);
    return flow_in(area_whole(&grid), &palette_table[0]);
}

/* A row as text; what is not ASCII is '~'. */
static const char *row(int y)
{
    static char text[400];
    int length = 0;
    for (int x = 0; x < grid.width; x++) {
        const uint32_t glyph = grid.cell[y * grid.width + x].glyph;
        text[x] = glyph == 0 ? ' ' : glyph < 128 ? (char)glyph : '~';
        length = text[x] == ' ' ? length : x + 1;
    }
    text[length] = 0;
    return text;
}

static const struct flow_style style = {.role = ROLE_TEXT};

static bool write(struct flow *flow, const char *text)
{
    return flow_write(flow, text, strlen(text), style);
}

START_TEST(words_are_kept_whole)
{
    struct flow flow = begin(10, 5);
    ck_assert(write(&flow, "The capital of France"));
    ck_assert_str_eq(row(0), "The");
    ck_assert_str_eq(row(1), "capital of");
    ck_assert_str_eq(row(2), "France");
    ck_assert(write(&flow, " is"));
    ck_assert_str_eq(row(2), "France is");
    ck_assert(write(&flow, "\nParis."));
    ck_assert_str_eq(row(3), "Paris.");
    grid_free(&grid);
}
END_TEST

START_TEST(a_word_that_is_too_long_is_broken)
{
    struct flow flow = begin(4, 4);
    ck_assert(write(&flow, "a bcdefghij k"));
    ck_assert_str_eq(row(0), "a bc");
    ck_assert_str_eq(row(1), "defg");
    ck_assert_str_eq(row(2), "hij");
    ck_assert_str_eq(row(3), "k");
    grid_free(&grid);
}
END_TEST

START_TEST(what_has_no_room_is_said_to_be_missing)
{
    struct flow flow = begin(6, 2);
    ck_assert(!write(&flow, "ab cd ef gh ij"));
    ck_assert_str_eq(row(0), "ab cd");
    ck_assert_str_eq(row(1), "ef gh~");
    flow = begin(5, 1);
    ck_assert(!write(&flow, "abcd efgh"));
    ck_assert_uint_eq(grid.cell[4].glyph, 0x2026);
    flow = begin(6, 0);
    ck_assert(!write(&flow, "ab"));
    grid_free(&grid);
}
END_TEST

/* All that a byte-level model may write: each byte by itself, escapes, pieces of UTF-8, wide characters, NUL. */
START_TEST(no_byte_steers_the_terminal)
{
    char bytes[2048];
    size_t length = 0;
    for (int first = 0; first < 256; first++) {
        bytes[length++] = (char)first;
        bytes[length++] = (char)(first * 7 + 13);
        bytes[length++] = 0x1b;
        bytes[length++] = '[';
    }
    memcpy(bytes + length, "\xe4\xb8\xad\xe6\x96\x87\xf0\x9f\x98\x80\xe2\x80\xae", 13);
    length += 13;
    struct flow flow = begin(40, 60);
    ck_assert(flow_write(&flow, bytes, length, style));
    for (int i = 0; i < grid.width * grid.height; i++) {
        const uint32_t glyph = grid.cell[i].glyph;
        ck_assert_msg(glyph == 0 || (glyph >= 0x20 && glyph < 0x7f) || (glyph >= 0xa0 && glyph < 0x300) ||
                          glyph >= 0x370,
                      "glyph %x", glyph);
        ck_assert_msg(glyph < 0x2e80 || glyph == 0xfffd, "glyph %x is wide", glyph);
        ck_assert_uint_ne(glyph, 0x202e);
    }
    for (size_t i = 0; i < 256; i++) {
        const unsigned char byte = (unsigned char)i;
        char label[FLOW_LABEL_SIZE];
        const char *at = flow_label(&byte, 1, label);
        ck_assert(label[0]);
        for (; *at; at++)
            ck_assert((unsigned char)*at >= 0x20 && *at != 0x7f);
    }
    grid_free(&grid);
}
END_TEST

START_TEST(labels_tell_blanks_and_single_bytes)
{
    char label[FLOW_LABEL_SIZE];
    ck_assert_str_eq(flow_label((const unsigned char *)" Paris", 6, label), "␣Paris");
    ck_assert_str_eq(flow_label((const unsigned char *)"\n", 1, label), "↵");
    ck_assert_str_eq(flow_label((const unsigned char *)"\xc3", 1, label), "<c3>");
    ck_assert_str_eq(flow_label((const unsigned char *)"\xc3\xa9t", 3, label), "ét");
    ck_assert_str_eq(flow_label((const unsigned char *)"\x1b[2J", 4, label), "<1b>[2J");
    ck_assert_str_eq(flow_label((const unsigned char *)"a\0b", 3, label), "a<00>b");
}
END_TEST

START_TEST(a_line_fits_its_room)
{
    char line[12];
    ck_assert_str_eq(flow_line("a\nb", 3, line, sizeof line), "a↵b");
    ck_assert_str_eq(flow_line("abcdefghijklmn", 14, line, sizeof line), "abcdefghijk");
    ck_assert_str_eq(flow_line("abcdefghi\nk", 11, line, sizeof line), "abcdefghi"); /* no half of a character */
    ck_assert_str_eq(flow_line("", 0, line, sizeof line), "");
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("flow");
    TCase *cases = tcase_create("flow");
    tcase_add_test(cases, words_are_kept_whole);
    tcase_add_test(cases, a_word_that_is_too_long_is_broken);
    tcase_add_test(cases, what_has_no_room_is_said_to_be_missing);
    tcase_add_test(cases, no_byte_steers_the_terminal);
    tcase_add_test(cases, labels_tell_blanks_and_single_bytes);
    tcase_add_test(cases, a_line_fits_its_room);
    suite_add_tcase(suite, cases);
    return suite;
}
