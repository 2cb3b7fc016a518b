/* What the screen says in its last rows, and in the help. */
#include <stdio.h>
#include <string.h>

#include "suite.h"
#include "support/drawn.h"
#include "ui/chrome.h"
#include "ui/ui_state.h"
#include "ui/words.h"

START_TEST(each_event_has_its_sentence)
{
    char text[200];
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        const struct event event = {.kind = (enum event_kind)kind, .step = 1200, .to = 3, .label = "what it is called"};
        const bool silent = kind == EVENT_START || kind == EVENT_SHOWN || kind == EVENT_REFUSED;
        ck_assert_int_eq(words_of_event(&event, 0.2, "branch 9", text, sizeof text), !silent);
        ck_assert_msg(!strpbrk(text, "{}") && (silent || text[strlen(text) - 1] == '.'), "%s", text);
    }
    const struct event stage = {.kind = EVENT_STAGE, .what = 1, .step = 1200, .label = "answers"};
    ck_assert(words_of_event(&stage, 0, "branch 1", text, sizeof text));
    ck_assert_str_eq(text, "Stage 2, answers, begins at step 1,200 on what was learnt before.");
    const struct event race = {.kind = EVENT_RACE, .from = 1, .to = 1};
    ck_assert(words_of_event(&race, 0, "branch 9", text, sizeof text));
    ck_assert_str_eq(text, "The race is on: branch 9 takes the same steps.");
    const struct event turn = {.kind = EVENT_KNOB, .what = KNOB_LR, .step = 7, .from = 0.5, .to = 1};
    ck_assert(words_of_event(&turn, 0.2, "branch 1", text, sizeof text));
    ck_assert_str_eq(text, "learning rate up: 0.2 → 1 at step 7.");
    ck_assert(words_of_event(&turn, 0.2, "branch 1", text, 12)); /* cut, not overrun */
    ck_assert_str_eq(text, "learning ra");
}
END_TEST

START_TEST(a_refusal_is_a_sentence)
{
    static const struct {
        const char *said, *shown;
    } cases[] = {{"this run has only one stage", "This run has only one stage."},
                 {"unknown toy 'sprial': did you mean 'spiral'?", "Unknown toy 'sprial': did you mean 'spiral'?"},
                 {"model.safetensors: No such file or directory", "model.safetensors: No such file or directory."},
                 {"twin: it is here", "twin: it is here."},
                 {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct event refused = {.kind = EVENT_REFUSED};
        snprintf(refused.label, sizeof refused.label, "%s", cases[i].said);
        story_take(&f.story, &refused, "branch 1", 1);
        ck_assert_str_eq(f.story.message, cases[i].shown);
    }
}
END_TEST

START_TEST(a_toast_goes_and_an_event_stays)
{
    const struct event turn = knob_event(KNOB_SPEED, 200, 100, "speed 200 → 100", 1, 500);
    story_take(&f.story, &turn, "branch 1", 1);
    story_toast(&f.story, 2, "Axis in epochs.");
    draw(0, 120, 36);
    ck_assert(shows("Axis in epochs.") && !shows("speed down"));
    ck_assert(!story_expire(&f.story, 5.9));
    draw(0, 120, 36);
    ck_assert(shows("Axis in epochs."));
    ck_assert(story_expire(&f.story, 6.1));
    ck_assert(!story_expire(&f.story, 7)); /* once */
    draw(0, 120, 36);
    ck_assert(!shows("Axis in epochs.") && shows("speed down"));
    story_toast(&f.story, 8, "Axis in steps.");
    story_take(&f.story, &turn, "branch 1", 9);
    draw(0, 120, 36);
    ck_assert(!shows("Axis in steps.") && shows("speed down"));
}
END_TEST

/* What stands still in front of the crosshair's values would hide them for good. */
START_TEST(the_crosshair_shows_a_toast_for_a_moment)
{
    f.settings.crosshair = true;
    f.settings.cursor = 1000;
    story_toast(&f.story, 1, "No event after this step.");
    draw(0, 80, 24);
    ck_assert(shows("No event after"));
    story_expire(&f.story, 9);
    draw(0, 80, 24);
    ck_assert(!shows("No event after") && shows("train loss"));
}
END_TEST

/* However little room there is for the other keys of a mode. */
START_TEST(each_mode_names_its_way_out)
{
    static const struct {
        enum key_mode mode;
        const char *leave;
    } modes[] = {{KEYS_CROSSHAIR, "c leave"}, {KEYS_SCRUBBER, "u leave"}, {KEYS_COMPARE, "c leave"},
                 {KEYS_HELP, "? leave"},      {KEYS_BRANCHES, "? help"},  {KEYS_GENERAL, "? help"}};
    const struct view_data data = view_data();
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        for (int width = 40; width <= 120; width += 40) {
            struct box box = {0, 0, width, 1};
            ck_assert(grid_resize(&f.grid, width, 1));
            chrome_draw_keys(&data, area_whole(&f.grid), box, modes[i].mode);
            ck_assert_msg(shows(modes[i].leave), "%s", text_of_grid());
            grid_clear(&f.grid, 0, 0);
            chrome_draw_way_out(&data, area_whole(&f.grid), &box, modes[i].mode);
            ck_assert_msg(shows(modes[i].leave), "%s", text_of_grid());
            ck_assert_int_lt(box.width, width - (int)strlen(modes[i].leave));
        }
}
END_TEST

START_TEST(a_value_comes_before_where_it_is)
{
    f.settings.crosshair = true;
    f.settings.cursor = 1000;
    draw(0, 40, 12);
    ck_assert_msg(shows("train loss 0.36105 "), "%s", text_of_grid());
}
END_TEST

START_TEST(help_is_whole)
{
    static const int width[] = {78, 118, 198, 298};
    const struct view_data data = view_data();
    for (size_t i = 0; i < sizeof width / sizeof width[0]; i++) {
        const int rows = help_lines(&data, width[i]);
        ck_assert(grid_resize(&f.grid, width[i], rows));
        grid_clear(&f.grid, 0, 0);
        ck_assert_int_eq(help_draw(&data, area_whole(&f.grid), 0), rows);
        ck_assert_msg(shows("temperature N  0: always the likeliest token"), "%s", text_of_grid());
        for (int cell = 0; cell < f.grid.width * f.grid.height; cell++)
            ck_assert_msg(f.grid.cell[cell].glyph != 0x2026, "cut at %d columns: %s", width[i], text_of_grid());
    }
}
END_TEST

/* Below the keys the help screen says all that was left out of the data, however long. */
START_TEST(help_says_what_was_left_out)
{
    static char notes[] = "column 'id' is left out: it numbers the rows; --number id makes it an input\n"
                          "column 'b': 7 missing values are filled in with the mean";
    struct view_data data = view_data();
    struct dataset dataset = *data.dataset;
    data.dataset = &dataset;
    const int keys = help_lines(&data, 60), rows = keys + 5;
    dataset.notes = notes;
    ck_assert_int_eq(help_lines(&data, 60), rows);
    ck_assert(grid_resize(&f.grid, 60, 6));
    grid_clear(&f.grid, 0, 0);
    ck_assert_int_eq(help_draw(&data, area_whole(&f.grid), rows - 6), rows);
    ck_assert_msg(shows("data: how the file was read, and what was left out"), "%s", text_of_grid());
    ck_assert_msg(shows("column 'id' is left out: it numbers the rows; --number"), "%s", text_of_grid());
    ck_assert_msg(shows("id makes it an input"), "%s", text_of_grid());
    ck_assert_msg(shows("column 'b': 7 missing values are filled in with the mean"), "%s", text_of_grid());
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("said");
    TCase *test = tcase_create("said");
    tcase_add_checked_fixture(test, set_up, tear_down);
    tcase_add_test(test, each_event_has_its_sentence);
    tcase_add_test(test, a_refusal_is_a_sentence);
    tcase_add_test(test, a_toast_goes_and_an_event_stays);
    tcase_add_test(test, the_crosshair_shows_a_toast_for_a_moment);
    tcase_add_test(test, each_mode_names_its_way_out);
    tcase_add_test(test, a_value_comes_before_where_it_is);
    tcase_add_test(test, help_is_whole);
    tcase_add_test(test, help_says_what_was_left_out);
    suite_add_tcase(suite, test);
    return suite;
}
