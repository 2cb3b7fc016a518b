/* Layout at every size: nothing outside, nothing on top of anything else, and what must never be dropped is there. */
#include "ui/layout.h"

#include <stdio.h>

#include "suite.h"

/* Check notes every assertion that it passes; millions of them take long. */
#define REQUIRE(condition, ...)                                                                                        \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            ck_abort_msg(__VA_ARGS__);                                                                                 \
    } while (0)

struct named {
    const char *name;
    struct box box;
};

static bool overlap(struct box a, struct box b)
{
    return box_present(a) && box_present(b) && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

static void check_apart(const struct named *part, size_t count, struct box around, int width, int height)
{
    for (size_t i = 0; i < count; i++) {
        const struct box b = part[i].box;
        if (!box_present(b))
            continue;
        REQUIRE(b.x >= around.x && b.y >= around.y && b.x + b.width <= around.x + around.width &&
                    b.y + b.height <= around.y + around.height,
                "%s leaves its place at %dx%d", part[i].name, width, height);
        for (size_t j = i + 1; j < count; j++)
            REQUIRE(!overlap(b, part[j].box), "%s and %s overlap at %dx%d", part[i].name, part[j].name, width, height);
    }
}

#define SIZES(w, h)                                                                                                    \
    for (int w = 1; w <= 300; w += w < 130 ? 1 : 17)                                                                   \
        for (int h = 1; h <= 100; h += h < 62 ? 1 : 7)

START_TEST(frame_parts_stay_apart)
{
    SIZES(w, h)
    {
        const struct frame_layout f = layout_frame(w, h);
        REQUIRE(f.too_small == (w < LAYOUT_MIN_WIDTH || h < LAYOUT_MIN_HEIGHT), "%dx%d", w, h);
        if (f.too_small)
            continue;
        struct named part[] = {{"title", f.title},     {"tabs", f.tabs}, {"body", f.body},
                               {"message", f.message}, {"hint", f.hint}, {"keys", f.keys}};
        const struct box all = {0, 0, w, h};
        check_apart(part, sizeof part / sizeof part[0], all, w, h);
        REQUIRE(box_present(f.title) && box_present(f.message) && box_present(f.body), "%dx%d", w, h);
        if (w < 110 && box_present(f.hint))
            REQUIRE(f.hint.y != f.message.y, "message and hint share a row at %dx%d", w, h);
    }
}
END_TEST

START_TEST(curves_parts_stay_apart)
{
    static const struct curves_wants wants[] = {
        {.knobs = 16}, {.knobs = 16, .touched = 16}, {.big = true, .knobs = 16, .touched = 3}, {.knobs = 0}};
    for (size_t k = 0; k < sizeof wants / sizeof wants[0]; k++)
        SIZES(w, h)
        {
            const struct frame_layout f = layout_frame(w, h);
            if (f.too_small)
                continue;
            const struct curves_layout c = layout_curves(f.body, &wants[k]);
            struct named part[] = {
                {"big", c.big},           {"legend", c.legend},
                {"loss", c.loss},         {"accuracy legend", c.accuracy_legend},
                {"accuracy", c.accuracy}, {"gradient legend", c.gradient_legend},
                {"gradient", c.gradient}, {"picture heading", c.picture_heading},
                {"picture", c.picture},   {"knobs heading", c.knobs_heading},
                {"knobs", c.knobs},       {"layers", c.layers},
            };
            check_apart(part, sizeof part / sizeof part[0], f.body, w, h);
            REQUIRE(box_present(c.legend) && c.loss.height >= 4 && c.loss.width >= 20, "no curves at %dx%d", w, h);
            if (box_present(c.accuracy))
                REQUIRE(c.accuracy.x == c.loss.x && c.accuracy.width == c.loss.width, "axes do not line up at %dx%d", w,
                        h);
            if (c.gradient_shares_axis)
                REQUIRE(c.gradient.x == c.loss.x && c.gradient.width == c.loss.width, "axes do not line up at %dx%d", w,
                        h);
        }
}
END_TEST

/* The classroom's size, part by part. */
START_TEST(eighty_by_twenty_four)
{
    const struct curves_wants wants = {.knobs = 16};
    const struct frame_layout f = layout_frame(80, 24);
    const struct curves_layout c = layout_curves(f.body, &wants);
    ck_assert(!box_present(f.tabs));
    ck_assert(!box_present(f.keys));
    ck_assert_int_eq(f.hint.y, 23);
    ck_assert_int_eq(f.message.y, 22);
    ck_assert_int_ge(c.loss.width, 50);
    ck_assert_int_ge(c.loss.height, 12);
    ck_assert_int_ge(c.picture.width, 20);
    ck_assert_int_ge(c.picture.height, 9);
    ck_assert_int_ge(c.accuracy.height, 4);
    ck_assert_int_ge(c.knobs.height, 6);
    ck_assert(!box_present(c.gradient));
}
END_TEST

START_TEST(hundred_and_twenty_by_thirty_six)
{
    const struct curves_wants wants = {.knobs = 16};
    const struct frame_layout f = layout_frame(120, 36);
    const struct curves_layout c = layout_curves(f.body, &wants);
    ck_assert(box_present(f.tabs) && box_present(f.keys));
    ck_assert_int_ge(c.loss.height, 16);
    ck_assert_int_ge(c.accuracy.height, 7);
    ck_assert(box_present(c.gradient) && !c.gradient_shares_axis);
    ck_assert_int_gt(c.gradient.x, c.loss.x + c.loss.width);
    ck_assert_int_ge(c.knobs.height, 8);
}
END_TEST

/* Dropped in the order that the design gives: what is gone at one width does not come back at a smaller one, and the
 * picture outlives the accuracy chart's room in height. */
START_TEST(narrower_drops_more)
{
    const struct curves_wants wants = {.knobs = 16};
    bool had_picture = true, had_tabs = true;
    for (int w = 300; w >= LAYOUT_MIN_WIDTH; w--) {
        const struct frame_layout f = layout_frame(w, 28);
        const struct curves_layout c = layout_curves(f.body, &wants);
        ck_assert(had_picture || !box_present(c.picture));
        ck_assert(had_tabs || !box_present(f.tabs));
        had_picture = box_present(c.picture);
        had_tabs = box_present(f.tabs);
        if (box_present(c.picture))
            ck_assert(c.picture.width >= 16 && c.picture.height >= 8);
    }
    ck_assert(!had_picture);
}
END_TEST

START_TEST(big_numbers_leave_the_curves)
{
    const struct curves_wants wants = {.big = true, .knobs = 16};
    const struct frame_layout f = layout_frame(80, 24);
    const struct curves_layout c = layout_curves(f.body, &wants);
    ck_assert_int_eq(c.big_rows, 1);
    ck_assert_int_ge(c.loss.height, 7);
    ck_assert(box_present(c.accuracy));
    const struct curves_layout tall = layout_curves(layout_frame(80, 30).body, &wants);
    ck_assert_int_eq(tall.big_rows, 2);
    ck_assert_int_eq(tall.big.height, 12);
    ck_assert_int_ge(tall.loss.height, 7);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("layout");
    TCase *test = tcase_create("layout");
    tcase_add_test(test, frame_parts_stay_apart);
    tcase_add_test(test, curves_parts_stay_apart);
    tcase_add_test(test, eighty_by_twenty_four);
    tcase_add_test(test, hundred_and_twenty_by_thirty_six);
    tcase_add_test(test, narrower_drops_more);
    tcase_add_test(test, big_numbers_leave_the_curves);
    suite_add_tcase(suite, test);
    return suite;
}
