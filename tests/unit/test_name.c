#include <string.h>

#include "base/name.h"
#include "suite.h"

static const char *const toys[] = {"spiral", "moons", "circles", "xor", "gauss", "sine", "plane", "line"};
enum { TOYS = sizeof toys / sizeof toys[0] };

START_TEST(slips_are_recognised)
{
    static const struct {
        const char *typed;
        int meant;
    } cases[] = {
        {"sprial", 0},  {"spirla", 0}, {"SPIRAL", 0}, {"spira", 0}, {"spirall", 0}, {"moon", 1},
        {"cirkles", 2}, {"xro", 3},    {"gaus", 4},   {"sin", 5},   {"plain", 6},   {"lien", 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_msg(name_nearest(cases[i].typed, toys, TOYS) == cases[i].meant, "%s", cases[i].typed);
}
END_TEST

START_TEST(what_is_not_near_is_not_guessed)
{
    static const char *const strangers[] = {"", "q", "elephant", "wine.csv", "aaaaaa"};
    char endless[500];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        ck_assert_msg(name_nearest(strangers[i], toys, TOYS) == -1, "%s", strangers[i]);
    ck_assert_int_eq(name_nearest(endless, toys, TOYS), -1);
    ck_assert_int_eq(name_nearest("spiral", toys, 0), -1);
}
END_TEST

START_TEST(the_nearest_wins_and_swaps_count_once)
{
    static const char *const names[] = {"abcxyz", "abdcef"};
    ck_assert_int_eq(name_nearest("abcdef", names, 2), 1);
}
END_TEST

START_TEST(suggestions_fit_their_room)
{
    char out[80];
    ck_assert_str_eq(name_suggest(out, sizeof out, "sprial", toys, TOYS), ": did you mean 'spiral'?");
    ck_assert_str_eq(name_suggest(out, sizeof out, "elephant", toys, TOYS),
                     ": one of spiral, moons, circles, xor, gauss, sine, plane, line");
    ck_assert_str_eq(name_suggest(out, 32, "elephant", toys, TOYS), ": one of spiral, moons, ...");
    ck_assert_str_eq(name_suggest(out, sizeof out, "elephant", toys, 0), "");
    for (size_t size = 1; size < 70; size++) {
        memset(out, '#', sizeof out);
        name_suggest(out, size, "elephant", toys, TOYS);
        ck_assert_uint_lt(strlen(out), size);
        ck_assert_int_eq(out[size], '#');
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("name");
    TCase *tests = tcase_create("name");
    tcase_add_test(tests, slips_are_recognised);
    tcase_add_test(tests, what_is_not_near_is_not_guessed);
    tcase_add_test(tests, the_nearest_wins_and_swaps_count_once);
    tcase_add_test(tests, suggestions_fit_their_room);
    suite_add_tcase(suite, tests);
    return suite;
}
