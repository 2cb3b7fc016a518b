/* The screen, for real: the program on a pseudo-terminal, read back through a terminal emulator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/on_screen.h"
#include "unit/suite.h"

START_TEST(space_pauses_and_goes_on)
{
    struct terminal *terminal = start("spiral --speed 200 --journal none");
    expect(terminal, "learning rate");
    terminal_type(terminal, " ");
    expect(terminal, "paused · step");
    terminal_type(terminal, " ");
    expect_gone(terminal, "paused · step");
    terminal_type(terminal, " ");
    expect(terminal, "paused · step");
    quit(terminal);
}
END_TEST

START_TEST(it_opens_and_learns)
{
    struct terminal *terminal = start("--speed max");
    expect(terminal, "spiral");
    expect(terminal, "2-8-8-2 tanh");
    expect(terminal, "learning rate");
    expect(terminal, "loss");
    expect(terminal, "accuracy");
    expect(terminal, "100");
    quit(terminal);
}
END_TEST

/* Each knob key turns its knob, and the marker says from what to what. */
START_TEST(every_knob_key_makes_its_marker)
{
    static const struct {
        const char *key, *marker;
    } turns[] = {
        {"L", "lr 0.2 → 0.5"}, {"B", "batch 10 → 20"}, {"D", "dropout 0 → "},   {"W", "decay 0 → "},
        {"e", "early stop"},   {"p", "patience"},      {"J", "wrong labels 0"}, {"A", "input noise 0 → "},
        {"n", "data 100"},     {"s", "schedule"},      {"O", "sgd 0.5 → "},
    };
    struct terminal *terminal = start("--speed 1000");
    expect(terminal, "learning rate");
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        terminal_type(terminal, turns[i].key);
        expect(terminal, turns[i].marker);
    }
    quit(terminal);
}
END_TEST

/* The keys of the user's file, and the help and the toasts that name them; a wrong line is reported and ignored. */
START_TEST(own_keys_do_what_their_file_says)
{
    char *folder = process_folder(), path[300], said[400];
    snprintf(path, sizeof path, "%s/downhill", folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    char *file = process_text(folder, "downhill/keys", "# mine\nz set lr up\nL none\nE hide-test\nw frobnicate\n");
    setenv("XDG_CONFIG_HOME", folder, 1);
    struct outcome list = process_run("list keys", NULL);
    snprintf(said, sizeof said, "downhill: %s:5: unknown command 'frobnicate'", file);
    ck_assert_int_eq(list.status, 0);
    ck_assert_msg(strncmp(list.err, said, strlen(said)) == 0, "%s", list.err);
    ck_assert_ptr_nonnull(strstr(list.out, "l z            learning rate down / up"));
    outcome_free(&list);

    struct terminal *terminal = start("spiral --speed 200 --journal none");
    expect(terminal, "learning rate");
    terminal_type(terminal, "L");
    terminal_type(terminal, "z");
    expect(terminal, "lr 0.2 → 0.5");
    terminal_type(terminal, "E");
    expect(terminal, "Test data hidden: what will its curve do? E shows it.");
    terminal_type(terminal, "E");
    terminal_type(terminal, "?");
    expect(terminal, "l z ");
    expect(terminal, "learning rate down / up");
    terminal_type(terminal, "q");
    quit(terminal);
    unsetenv("XDG_CONFIG_HOME");
    process_folder_remove(folder);
    free(file);
}
END_TEST

START_TEST(pause_and_single_steps_count_exactly)
{
    struct terminal *terminal = start("--paused");
    expect(terminal, "step 0");
    terminal_type(terminal, "...");
    expect(terminal, "step 3");
    terminal_type(terminal, ">");
    expect(terminal, "step 20");
    terminal_type(terminal, ":until 50\r");
    expect(terminal, "step 50");
    terminal_type(terminal, "r");
    expect_gone(terminal, "step 50");
    quit(terminal);
}
END_TEST

START_TEST(every_view_opens)
{
    struct terminal *terminal = start("samples/iris.csv --speed max");
    expect(terminal, "loss");
    terminal_type(terminal, "4");
    expect(terminal, "virginica");
    expect(terminal, "recall");
    terminal_type(terminal, "1");
    expect(terminal, "accuracy");
    terminal_type(terminal, "\t");
    expect(terminal, "recall");
    terminal_type(terminal, "\033[Z");
    expect_gone(terminal, "recall");
    terminal_type(terminal, "'");
    expect(terminal, "recall");
    terminal_type(terminal, "&");
    expect_gone(terminal, "recall");
    terminal_type(terminal, "(");
    expect(terminal, "branch 1");
    quit(terminal);
}
END_TEST

START_TEST(help_holds_the_key_table)
{
    struct terminal *terminal = start_in(plain_environment, 160, 90, "--paused");
    expect(terminal, "step 0");
    terminal_type(terminal, "?");
    struct outcome keys = process_run("list keys", NULL);
    expect(terminal, "learning rate down / up");
    int seen = 0;
    for (char *line = strtok(keys.out, "\n"); line; line = strtok(NULL, "\n")) {
        if (strncmp(line, "general", 7) != 0)
            continue;
        const char *about = line + 27;
        ck_assert_msg(strlen(line) > 27 && terminal_expect(terminal, about), "help lacks '%s'", about);
        seen++;
    }
    ck_assert_int_ge(seen, 30);
    outcome_free(&keys);
    terminal_type(terminal, "?");
    expect(terminal, "learning rate");
    quit(terminal);
}
END_TEST

START_TEST(command_line_completes_and_refuses)
{
    struct terminal *terminal = start("--paused");
    expect(terminal, "step 0");
    terminal_type(terminal, ":lr 0.05\r");
    expect(terminal, "lr 0.2 → 0.05");
    terminal_type(terminal, ":lr -3\r");
    expect(terminal, "-3");
    terminal_type(terminal, "\033");
    terminal_pump(terminal, 100);
    terminal_type(terminal, ":optimi\t adam\r");
    expect(terminal, "adam 0.01");
    terminal_type(terminal, ":nonsense\r");
    expect(terminal, "nonsense");
    terminal_type(terminal, "\033");
    terminal_pump(terminal, 100);
    quit(terminal);
}
END_TEST

START_TEST(test_data_can_be_hidden)
{
    struct terminal *terminal = start("--speed 100");
    expect(terminal, "test 0.");
    terminal_type(terminal, "t");
    expect_gone(terminal, "test 0.");
    terminal_type(terminal, "t");
    expect(terminal, "test 0.");
    quit(terminal);
}
END_TEST

/* Keys that change only how it looks: none may break it, and the program must stay responsive. */
START_TEST(every_other_key_is_taken)
{
    struct terminal *terminal = start("--speed max");
    expect(terminal, "learning rate");
    static const char *const keys[] = {
        "y",       "y",      "x",      "X", "X",      "m",      "m",      "m",      "z", "z", "Z",      "\033[5~",
        "\033[6~", "\033OH", "\033OF", "v", "v",      "g",      "g",      "M",      "M", "c", "\033OD", "\033OC",
        "\033OA",  "\033OB", "\t",     "c", "\033OA", "\033OB", "\033OC", "\033OD", "-", "_", "+",      "=",
        "R",       "\x0c",   "h",      "u", "\x01",   "\x7f",   "é",      "\033OP", "?"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        terminal_type(terminal, keys[i]);
        ck_assert_msg(terminal_pump(terminal, 60), "it ended after key %zu", i);
    }
    expect(terminal, "learning rate");
    quit(terminal);
}
END_TEST

START_TEST(any_size_will_do)
{
    static const struct {
        int columns, rows;
    } sizes[] = {{1, 1},   {2, 1},   {1, 2},    {5, 3},    {20, 6},   {39, 11},   {40, 12}, {60, 18},
                 {80, 24}, {81, 24}, {109, 30}, {120, 36}, {200, 60}, {300, 100}, {300, 5}, {10, 100}};
    static const char *const views[] = {"4", "5", "1"};
    struct terminal *terminal = start("--speed max --seed 4");
    expect(terminal, "learning rate");
    for (size_t view = 0; view < sizeof views / sizeof views[0]; view++) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            terminal_resize(terminal, sizes[i].columns, sizes[i].rows);
            ck_assert_msg(terminal_pump(terminal, 150), "it ended at %dx%d", sizes[i].columns, sizes[i].rows);
        }
        terminal_resize(terminal, COLUMNS, ROWS);
        terminal_type(terminal, views[view]);
    }
    expect(terminal, "learning rate");
    quit(terminal);
}
END_TEST

START_TEST(exported_size_does_not_freeze_resizing)
{
    static const char *const environment[] = {"TERM=xterm-256color", "LC_ALL=C.UTF-8", "LINES=10", "COLUMNS=50", NULL};
    struct terminal *terminal = start_in(environment, 80, 24, "--paused");
    expect(terminal, "help");
    ck_assert_str_ne(terminal_row(terminal, 23), "");
    terminal_resize(terminal, 120, 36);
    terminal_pump(terminal, 500);
    ck_assert_str_ne(terminal_row(terminal, 35), "");
    quit(terminal);
}
END_TEST

START_TEST(any_terminal_will_do)
{
    static const char *const terms[] = {"TERM=xterm-256color", "TERM=xterm", "TERM=screen", "TERM=vt100", "TERM=linux"};
    static const char *const colours[] = {"NO_COLOR=1", "COLORTERM=truecolor", "COLORTERM"};
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
        for (size_t c = 0; c < sizeof colours / sizeof colours[0]; c++) {
            const char *environment[] = {terms[i], "LC_ALL=C.UTF-8", colours[c], "LINES", "COLUMNS", NULL};
            struct terminal *terminal = start_in(environment, 100, 30, "--speed max");
            expect(terminal, "learning rate");
            terminal_type(terminal, "qq");
            ck_assert_int_eq(terminal_wait(terminal), 0);
            terminal_close(terminal);
        }
}
END_TEST

START_TEST(a_dumb_terminal_is_told_what_to_do)
{
    static const char *const terms[] = {"TERM=dumb", "TERM=no-such-terminal"};
    for (size_t i = 0; i < 2; i++) {
        const char *environment[] = {terms[i], "LC_ALL=C.UTF-8", NULL};
        struct terminal *terminal = start_in(environment, 80, 24, "");
        expect(terminal, "--headless");
        ck_assert_int_eq(terminal_wait(terminal), 1);
        terminal_close(terminal);
    }
}
END_TEST

/* Nothing but plain characters where the locale has no UTF-8, or when asked. */
START_TEST(plain_characters_where_there_is_no_utf8)
{
    static const char *const c_locale[] = {"TERM=xterm", "LC_ALL=C", NULL};
    for (int asked = 0; asked < 2; asked++) {
        struct terminal *terminal =
            start_in(asked ? plain_environment : c_locale, 100, 30, asked ? "--ascii --speed max" : "--speed max");
        expect(terminal, "learning rate");
        terminal_type(terminal, "L");
        terminal_pump(terminal, 500);
        for (int row = 0; row < 30; row++)
            for (int column = 0; column < 100; column++) {
                uint32_t glyph = terminal_cell(terminal, column, row).glyph;
                if (glyph >= 0x7f)
                    terminal_print(terminal);
                ck_assert_msg(glyph < 0x7f, "U+%04X at %d,%d", glyph, column, row);
            }
        quit(terminal);
    }
}
END_TEST

/* The message row cuts it; afterwards it stands whole on the terminal. */
START_TEST(what_was_found_in_the_table_is_said_whole_at_the_end)
{
    struct terminal *terminal = start_in(plain_environment, 48, 24, "samples/iris.csv --paused");
    expect(terminal, "step 0");
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 0);
    char said[1024] = "";
    for (int row = 0; row < 24; row++)
        strncat(said, terminal_row(terminal, row), sizeof said - strlen(said) - 1);
    ck_assert_msg(strstr(said, "iris.csv: 113 + 37 rows"), "%s", said);
    ck_assert_msg(strstr(said, "'species'"), "%s", said);
    terminal_close(terminal);
}
END_TEST

START_TEST(a_diverged_run_pauses_and_says_so)
{
    struct terminal *terminal = start("sine --optimizer sgd --lr 100 --speed max");
    expect(terminal, "no longer a number");
    terminal_type(terminal, "r");
    quit(terminal);
}
END_TEST

START_TEST(hostile_names_never_reach_the_terminal)
{
    char *folder = process_folder();
    char *path =
        process_text(folder, "evil.csv",
                     "a\033[2Jb,c\x07,kind\n1,2,x\033]0;t\x07\n2,3,y\xff\xfe\n3,4,x\033]0;t\x07\n4,5,y\xff\xfe\n"
                     "5,6,x\033]0;t\x07\n6,7,y\xff\xfe\n7,8,x\033]0;t\x07\n8,9,y\xff\xfe\n");
    struct terminal *terminal = start(path);
    expect(terminal, "learning rate");
    terminal_type(terminal, "4");
    expect(terminal, "recall");
    quit(terminal);
    free(path);
    process_folder_remove(folder);
}
END_TEST

/* The log's newest row of the step, without step, epoch and branch. */
static const char *row_of(const char *log, const char *step)
{
    const char *row = NULL;
    for (const char *at = log; at && (at = strstr(at, step)); at++)
        row = at + 1;
    ck_assert_msg(row != NULL, "no row of step %s in %s", step, log);
    for (int comma = 0; comma < 3; comma++)
        row = strchr(row, ',') + 1;
    return row;
}

/* The command alone does not go on after an early stop: that is said. */
START_TEST(a_run_that_went_on_after_an_early_stop_is_repeated_by_hand)
{
    for (int went_on = 0; went_on < 2; went_on++) {
        struct terminal *terminal =
            start_in(plain_environment, 200, ROWS, "--seed 3 --points 20 --speed max --early-stop --patience 3");
        expect(terminal, "stopped early");
        if (went_on) {
            terminal_type(terminal, "P .");
            expect(terminal, "paused");
        }
        terminal_type(terminal, "qq");
        ck_assert_int_eq(terminal_wait(terminal), 0);
        expect(terminal, "Again: ");
        bool said = false;
        for (int row = 0; row < ROWS; row++)
            said |= strstr(terminal_row(terminal, row), "stopped early at step") != NULL;
        ck_assert_int_eq(said, went_on);
        terminal_close(terminal);
    }
}
END_TEST

/* Another start on the same data, and knobs turned before and after it. */
START_TEST(what_is_said_at_the_end_repeats_the_run)
{
    char *folder = process_folder();
    char arguments[256], path[128], again[1024] = "";
    snprintf(path, sizeof path, "%s/run.csv", folder);
    snprintf(arguments, sizeof arguments, "--speed 500 --seed 3 -s3 --at 2:momentum=0.5 --log %s --log-every 10", path);
    struct terminal *terminal = start_in(plain_environment, 300, ROWS, arguments);
    const char *const typed[][2] = {
        {"l", "lr 0.2 → 0.1"},    {"O", "sgd 0.1 → momentum"},
        {"l", "lr 0.05 → 0.02"},  {"R", "seed 4 · data 3"},
        {"D", "dropout 0 → 0.1"}, {"o", "→ sgd 0.1"},
        {"J", "wrong labels"},    {":until 900\r", "ended · step 900"},
    };
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        terminal_type(terminal, typed[i][0]);
        expect(terminal, typed[i][1]);
    }
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 0);
    for (int row = 0; row < ROWS; row++)
        if (strncmp(terminal_row(terminal, row), "Again: ", 7) == 0)
            snprintf(again, sizeof again, "%s", strchr(terminal_row(terminal, row) + 7, ' '));
    terminal_close(terminal);
    ck_assert_ptr_nonnull(strstr(again, " --seed 4 --data-seed 3 "));
    ck_assert_ptr_null(strstr(again, "-s3"));
    char *first = process_read(path);
    const size_t length = strlen(again);
    snprintf(again + length, sizeof again - length, " --headless --steps 900");
    struct outcome outcome = process_run(again, NULL);
    ck_assert_msg(outcome.status == 0, "%s: %s", again, outcome.err);
    char *second = process_read(path);
    const size_t same = strcspn(row_of(first, "\n890,"), "\n");
    ck_assert_msg(strncmp(row_of(first, "\n890,"), row_of(second, "\n890,"), same) == 0, "%s: %.150s, not %.150s",
                  again, row_of(second, "\n890,"), row_of(first, "\n890,"));
    outcome_free(&outcome);
    free(first);
    free(second);
    process_folder_remove(folder);
}
END_TEST

/* Restarts, an early end and turns by hand: the journal has them all. */
START_TEST(the_journal_of_a_screen_replays_without_one)
{
    char *folder = process_folder(), arguments[256], journal[128];
    snprintf(journal, sizeof journal, "%s/a.journal", folder);
    snprintf(arguments, sizeof arguments, "--speed 500 --journal %s", journal);
    struct terminal *terminal = start_in(plain_environment, 200, ROWS, arguments);
    const char *const typed[][2] = {
        {"l", "lr 0.2 → 0.1"}, {"O", "sgd 0.1 → momentum"},          {"R", "seed 2"}, {"D", "dropout 0 → 0.1"},
        {"r", "dropout"},      {":until 600\r", "ended · step 600"},
    };
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        terminal_type(terminal, typed[i][0]);
        expect(terminal, typed[i][1]);
    }
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 0);
    snprintf(arguments, sizeof arguments, " replay %s", journal);
    expect(terminal, "Replay: ");
    expect(terminal, arguments);
    bool kept = false;
    for (int row = 0; row < ROWS; row++)
        kept |=
            strncmp(terminal_row(terminal, row), "Again: ", 7) == 0 && strstr(terminal_row(terminal, row), "--journal");
    ck_assert_msg(!kept, "the command would overwrite the journal");
    terminal_close(terminal);

    snprintf(arguments, sizeof arguments, "replay %s --headless --log -", journal);
    struct outcome outcome = process_run(arguments, NULL);
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    ck_assert_ptr_nonnull(strstr(outcome.out, ",2,train,"));
    outcome_free(&outcome);

    /* Another number in it is noticed. */
    char *text = process_read(journal), *state = strstr(text, " state ");
    ck_assert_ptr_nonnull(state);
    state[7] = state[7] == '0' ? '1' : '0';
    free(process_text(folder, "a.journal", text));
    outcome = process_run(arguments, NULL);
    ck_assert_int_eq(outcome.status, 1);
    ck_assert_ptr_nonnull(strstr(outcome.err, "departs from its journal at step"));
    outcome_free(&outcome);
    free(text);
    process_folder_remove(folder);
}
END_TEST

/* Row of the screen that holds the text, or -1. */
static int row_showing(struct terminal *terminal, const char *text)
{
    for (int row = 0; row < ROWS; row++)
        if (strstr(terminal_row(terminal, row), text))
            return row;
    return -1;
}

START_TEST(the_mouse_turns_knobs_and_opens_views)
{
    struct terminal *terminal = start("--paused");
    expect(terminal, "batch size");
    const int row = row_showing(terminal, "batch size");
    mouse(terminal, 64, COLUMNS - 10, row);
    expect(terminal, "batch 10 → 20");
    mouse(terminal, 65, COLUMNS - 10, row);
    expect_gone(terminal, "batch 10 → 20");
    mouse(terminal, 0, COLUMNS - 10, row);
    terminal_type(terminal, "\033OC"); /* turns the knob that was chosen */
    expect(terminal, "batch 10 → 20");
    mouse(terminal, 0, 15, 1); /* the tab of view 4 */
    expect(terminal, "recall");
    quit(terminal);
}
END_TEST

/* With a screen, keys that only look, and pauses, the log has the bytes that it has without. */
START_TEST(a_screen_changes_no_bit)
{
    char *folder = process_folder();
    char arguments[256], seen[128], blind[128];
    snprintf(seen, sizeof seen, "%s/seen.csv", folder);
    snprintf(blind, sizeof blind, "%s/blind.csv", folder);
    const char *run = "moons --steps 4000 --at 1000:lr=0.5 --at 2000:dropout=0.2 --log-every 100 --log";
    snprintf(arguments, sizeof arguments, "%s %s --headless", run, blind);
    struct outcome outcome = process_run(arguments, NULL);
    ck_assert_int_eq(outcome.status, 0);
    outcome_free(&outcome);

    snprintf(arguments, sizeof arguments, "%s %s --speed 2000", run, seen);
    struct terminal *terminal = start(arguments);
    expect(terminal, "learning rate");
    static const char *const looks[] = {" ", "4", " ", "1", "y", "v", "v", "-", "+", "+", "t", "t", "z", "\033OF"};
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        terminal_type(terminal, looks[i]);
        terminal_pump(terminal, 40);
    }
    expect(terminal, "step 4,000");
    quit(terminal);
    char *with = process_read(seen), *without = process_read(blind);
    ck_assert_ptr_nonnull(with);
    ck_assert_str_eq(with, without);
    free(with);
    free(without);
    process_folder_remove(folder);
}
END_TEST

/* The line is about the chosen knob, whatever is wiped off it. */
START_TEST(a_value_alone_is_for_the_knob_that_was_entered)
{
    struct terminal *terminal = start("--paused");
    expect(terminal, "step 0");
    terminal_type(terminal, "\r\0250.05\r");
    expect(terminal, "lr 0.2 → 0.05");
    terminal_type(terminal, ":0.5\r");
    expect(terminal, "unknown command '0.5'");
    terminal_type(terminal, "\033");
    quit(terminal);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("screen");
    TCase *tests = tcase_create("screen");
    tcase_add_test(tests, space_pauses_and_goes_on);
    tcase_add_test(tests, it_opens_and_learns);
    tcase_add_test(tests, every_knob_key_makes_its_marker);
    tcase_add_test(tests, own_keys_do_what_their_file_says);
    tcase_add_test(tests, pause_and_single_steps_count_exactly);
    tcase_add_test(tests, every_view_opens);
    tcase_add_test(tests, help_holds_the_key_table);
    tcase_add_test(tests, command_line_completes_and_refuses);
    tcase_add_test(tests, test_data_can_be_hidden);
    tcase_add_test(tests, every_other_key_is_taken);
    tcase_add_test(tests, the_mouse_turns_knobs_and_opens_views);
    tcase_add_test(tests, a_screen_changes_no_bit);
    tcase_add_test(tests, any_size_will_do);
    tcase_add_test(tests, exported_size_does_not_freeze_resizing);
    tcase_add_test(tests, any_terminal_will_do);
    tcase_add_test(tests, a_dumb_terminal_is_told_what_to_do);
    tcase_add_test(tests, plain_characters_where_there_is_no_utf8);
    tcase_add_test(tests, what_was_found_in_the_table_is_said_whole_at_the_end);
    tcase_add_test(tests, a_diverged_run_pauses_and_says_so);
    tcase_add_test(tests, hostile_names_never_reach_the_terminal);
    tcase_add_test(tests, what_is_said_at_the_end_repeats_the_run);
    tcase_add_test(tests, the_journal_of_a_screen_replays_without_one);
    tcase_add_test(tests, a_run_that_went_on_after_an_early_stop_is_repeated_by_hand);
    tcase_add_test(tests, a_value_alone_is_for_the_knob_that_was_entered);
    suite_add_tcase(suite, tests);
    return suite;
}
