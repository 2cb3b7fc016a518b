/* Time on the screen: looking back, undoing, branches, two beside each other, the way back from a divergence; what is
 * kept of it in files. */
#include <stdlib.h>
#include <unistd.h>

#include "support/on_screen.h"
#include "unit/suite.h"

/* At step 500, with the learning rate far too high since step 300. */
static struct terminal *start_exploded(void)
{
    struct terminal *terminal = start("--paused --speed max");
    expect(terminal, "step 0");
    terminal_type(terminal, ":until 300\r");
    expect(terminal, "ended · step 300");
    terminal_type(terminal, "LLLL");
    expect(terminal, "lr 0.2 → 5");
    terminal_type(terminal, ":until 500\r");
    expect(terminal, "ended · step 500");
    return terminal;
}

START_TEST(u_enter_undoes_the_last_change)
{
    struct terminal *terminal = start_exploded();
    terminal_type(terminal, "u");
    expect(terminal, "step 300 of branch 1 · before lr 0.2 → 5 · Enter goes there");
    expect(terminal, "looking back · step 300");
    expect(terminal, "at step 300"); /* the picture, too */
    terminal_type(terminal, "\r");
    expect(terminal, "Back at step 300: branch 2 begins");
    expect(terminal, "paused · step 300");
    expect(terminal, "back here");
    expect(terminal, "branch 1"); /* the ghost */
    terminal_type(terminal, ":until 400\r");
    expect(terminal, "ended · step 400");
    expect_gone(terminal, "lr 0.2 → 5");
    quit(terminal);
}
END_TEST

START_TEST(capital_u_undoes_at_once)
{
    struct terminal *terminal = start_exploded();
    terminal_type(terminal, "U");
    expect(terminal, "Back at step 300");
    expect(terminal, "paused · step 300");
    quit(terminal);
}
END_TEST

/* Turned there and back is one change: undoing the way back alone would lead into the explosion. */
START_TEST(a_knob_turned_back_is_undone_with_its_turn)
{
    struct terminal *terminal = start_exploded();
    terminal_type(terminal, "llll");
    expect(terminal, "→ 0.2 at step 500");
    terminal_type(terminal, ":until 600\r");
    expect(terminal, "ended · step 600");
    terminal_type(terminal, "u\r");
    expect(terminal, "Back at step 300: branch 2 begins");
    expect(terminal, "learning rate               0.2");
    quit(terminal);
}
END_TEST

START_TEST(nothing_changed_is_nothing_undone)
{
    struct terminal *terminal = start("--paused --speed max");
    terminal_type(terminal, ":until 50\r");
    expect(terminal, "ended · step 50");
    terminal_type(terminal, "U");
    expect(terminal, "Nothing was changed yet");
    terminal_type(terminal, "u");
    expect(terminal, "step 50 of branch 1");
    terminal_type(terminal, "q");
    expect_gone(terminal, "looking back");
    quit(terminal);
}
END_TEST

START_TEST(the_scrubber_moves_and_leaves_no_trace)
{
    struct terminal *terminal = start_exploded();
    terminal_type(terminal, "u\033OD");
    expect(terminal, "step 299 of branch 1");
    terminal_type(terminal, "\033[6~");
    expect(terminal, "step 304 of branch 1");
    terminal_type(terminal, "\033OH");
    expect(terminal, "step 0 of branch 1");
    terminal_type(terminal, "\t");
    expect(terminal, "step 300 of branch 1");
    terminal_type(terminal, "\033OF");
    expect(terminal, "step 500 of branch 1");
    terminal_type(terminal, "l"); /* knobs are of the present */
    expect(terminal, "You are looking back");
    terminal_type(terminal, "4");
    expect(terminal, "worst examples");
    terminal_type(terminal, "q");
    expect(terminal, "d · step 500");
    expect_gone(terminal, "looking back");
    terminal_type(terminal, "5");
    expect(terminal, "branch 1");
    expect_gone(terminal, "branch 2");
    quit(terminal);
}
END_TEST

START_TEST(a_run_goes_on_after_a_look_back)
{
    struct terminal *terminal = start("--speed 20");
    expect(terminal, "▶ step");
    terminal_type(terminal, "u");
    expect(terminal, "looking back");
    terminal_type(terminal, "q");
    expect(terminal, "Going on, from step");
    expect(terminal, "▶ step");
    quit(terminal);
}
END_TEST

/* A twin so large that it is under way for minutes: the run goes on beside it, and keys do what they do. */
START_TEST(a_run_goes_on_beside_a_large_twin)
{
    struct terminal *terminal = start("--speed max --paused");
    expect(terminal, "step 0");
    terminal_type(terminal, ":until 20000\r");
    expect(terminal, "ended · step 20,000");
    terminal_type(terminal, ":speed 20\r ");
    expect(terminal, "▶ step");
    terminal_type(terminal, ":twin hidden=2000,2000\r");
    expect(terminal, "the twin catches up: ");
    expect(terminal, "▶ step 20,");
    terminal_type(terminal, ":lr 0.02\r");
    expect(terminal, "lr 0.2 → 0.02");
    terminal_type(terminal, "\033");
    expect(terminal, "Twin given up, going on, from step 20,");
    terminal_type(terminal, " ");
    expect(terminal, "❚❚ paused");
    terminal_type(terminal, ":twin hidden=2000,2000\r");
    expect(terminal, "the twin catches up: ");
    terminal_type(terminal, "5"); /* also in a view with keys of its own */
    expect(terminal, "hidden=2000,2000");
    terminal_type(terminal, ":switch 1\r");
    expect(terminal, "Not while a twin catches up: Esc gives it up.");
    expect(terminal, "  twin ");  /* how far it is */
    terminal_type(terminal, "u"); /* a look back */
    expect(terminal, "looking back");
    terminal_type(terminal, "\033");
    expect_gone(terminal, "looking back");
    terminal_type(terminal, "\033");
    expect(terminal, "Twin given up, paused at step 20,");
    quit(terminal);
}
END_TEST

/* A way back over all steps, which takes as long as they did. */
START_TEST(keys_during_a_walk_are_answered)
{
    struct terminal *terminal = start("--speed max --paused --timeline 0 --hidden 400,400");
    expect(terminal, "step 0");
    terminal_type(terminal, ":until 6000\r");
    expect(terminal, "ended · step 6,000");
    terminal_type(terminal, ":rewind 5999\r");
    expect(terminal, "walking to step 5,999");
    expect(terminal, "▸ walking · step 6,000");
    terminal_type(terminal, "b");
    expect(terminal, "Not while walking: Esc gives up.");
    terminal_type(terminal, ":lr 1\r");
    expect(terminal, "Not while walking: Esc gives up.");
    terminal_type(terminal, "\033");
    expect(terminal, "Given up, paused at step 6,000");
    quit(terminal);
}
END_TEST

START_TEST(the_crosshair_becomes_the_scrubber)
{
    struct terminal *terminal = start_exploded();
    terminal_type(terminal, "c\033[Z\r");
    expect(terminal, "looking back · step 300");
    terminal_type(terminal, "u");
    expect_gone(terminal, "looking back");
    quit(terminal);
}
END_TEST

START_TEST(branches_are_named_hidden_switched_to_and_forgotten)
{
    struct terminal *terminal = start_exploded();
    terminal_type(terminal, "U");
    expect(terminal, "paused · step 300");
    terminal_type(terminal, ":until 450\r");
    expect(terminal, "ended · step 450");
    terminal_type(terminal, "5");
    expect(terminal, "300 – 450");
    expect(terminal, "present");
    expect(terminal, "branch 1: knobs"); /* the one that exploded, chosen already */
    terminal_type(terminal, ":name too fast\r");
    expect(terminal, "too fast");
    terminal_type(terminal, ":hide\r");
    expect(terminal, "hidden");
    terminal_type(terminal, ":hide\r");
    expect_gone(terminal, " hidden");
    terminal_type(terminal, "\r");
    expect(terminal, "On with too fast, from its end at step 500");
    expect(terminal, "paused · step 500");
    terminal_type(terminal, ":delete 2\r");
    expect(terminal, "Forgotten: branch 2");
    expect_gone(terminal, "300 – 450");
    quit(terminal);
}
END_TEST

START_TEST(the_mouse_chooses_a_branch)
{
    struct terminal *terminal = start_exploded();
    terminal_type(terminal, "U");
    expect(terminal, "paused · step 300");
    terminal_type(terminal, "5");
    expect(terminal, "branch 1: knobs");
    mouse(terminal, 0, 20, 4);
    expect(terminal, "branch 2: its knobs");
    mouse(terminal, 0, 20, 3); /* the first row below the title, the tabs and the heading */
    expect(terminal, "branch 1: knobs");
    mouse(terminal, 65, 20, 3); /* the wheel goes down */
    expect(terminal, "branch 2: its knobs");
    mouse(terminal, 64, 20, 3);
    expect(terminal, "branch 1: knobs");
    quit(terminal);
}
END_TEST

START_TEST(two_branches_are_compared)
{
    struct terminal *terminal = start_exploded();
    terminal_type(terminal, "U");
    expect(terminal, "paused · step 300");
    terminal_type(terminal, ":until 450\r");
    expect(terminal, "ended · step 450");
    terminal_type(terminal, "5c");
    expect(terminal, "branch 2 at step 450");
    expect(terminal, "branch 1 at step 500");
    expect(terminal, "learning rate");
    expect_gone(terminal, "…"); /* both pictures have been made */
    terminal_type(terminal, "c");
    expect(terminal, "of all branches");
    terminal_type(terminal, "v");
    expect(terminal, "racing");
    expect(terminal, "branch 1 takes the same steps from here on: space starts the race.");
    terminal_type(terminal, " ");
    expect(terminal, "▶ step");
    terminal_type(terminal, "v");
    expect_gone(terminal, "racing");
    expect(terminal, "branch 1 rests");
    quit(terminal);
}
END_TEST

START_TEST(a_divergence_has_a_way_back)
{
    struct terminal *terminal = start("sine --optimizer sgd --lr 100 --speed max");
    expect(terminal, "Enter: back to step");
    terminal_type(terminal, "\r");
    expect(terminal, "learning rate down: 100 → 50");
    quit(terminal);
}
END_TEST

START_TEST(a_replay_says_what_it_is)
{
    char folder[] = "/tmp/downhill-time-XXXXXX", text[128];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(text, sizeof text, "--paused --speed max --journal %s/run", folder);
    struct terminal *terminal = start(text);
    expect(terminal, "step 0");
    terminal_type(terminal, ":until 400\r");
    expect(terminal, "ended · step 400");
    terminal_type(terminal, "L");
    expect(terminal, "lr 0.2 → 0.5");
    terminal_type(terminal, ":until 600\r");
    expect(terminal, "ended · step 600");
    quit(terminal);

    snprintf(text, sizeof text, "replay %s/run --speed 1", folder);
    terminal = start(text);
    expect(terminal, "replay · step");
    expect(terminal, "any knob takes over");
    terminal_type(terminal, " ");
    expect(terminal, "replay · paused · step");
    terminal_type(terminal, ":speed max\r ");
    expect(terminal, "The replay is over: step 600");
    expect(terminal, "ended · step 600");
    expect_gone(terminal, "takes over");
    quit(terminal);

    terminal = start(text);
    expect(terminal, "replay · step");
    terminal_type(terminal, "D"); /* another way */
    expect(terminal, "dropout 0 → 0.1");
    expect_gone(terminal, "replay · ");
    terminal_type(terminal, "5");
    expect(terminal, "branch 1: knobs, and the present one's");
    quit(terminal);
    snprintf(text, sizeof text, "%s/run", folder);
    ck_assert_int_eq(unlink(text), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(a_checkpoint_is_kept_and_loaded)
{
    char folder[] = "/tmp/downhill-time-XXXXXX", text[128], path[96];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/model.safetensors", folder);
    struct terminal *terminal = start_exploded();
    snprintf(text, sizeof text, ":save %s\r", path);
    terminal_type(terminal, text);
    char kept[112];
    snprintf(kept, sizeof kept, "Kept as %s", path);
    expect(terminal, kept);
    ck_assert_int_eq(access(path, R_OK), 0);
    snprintf(text, sizeof text, ":load %s\r", path);
    terminal_type(terminal, "U");
    expect(terminal, "paused · step 300");
    terminal_type(terminal, text);
    expect(terminal, "Loaded:");
    expect(terminal, "paused · step 500");
    quit(terminal);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(k_keeps_a_checkpoint_that_is_called_by_task_seed_branch_and_step)
{
    char *program = realpath(process_program(), NULL), *folder = process_folder(), before[256];
    ck_assert_ptr_nonnull(program);
    ck_assert_ptr_nonnull(getcwd(before, sizeof before));
    ck_assert_int_eq(setenv("DOWNHILL", program, 1), 0);
    ck_assert_int_eq(chdir(folder), 0);
    struct terminal *terminal = start_exploded();
    terminal_type(terminal, "k");
    expect(terminal, "Kept as spiral-1-step-500.safetensors");
    terminal_type(terminal, "f");
    expect(terminal, "branch 2");
    terminal_type(terminal, "k");
    expect(terminal, "Kept as spiral-1-branch-2-step-500.safetensors");
    ck_assert_int_eq(access("spiral-1-step-500.safetensors", R_OK), 0);
    ck_assert_int_eq(access("spiral-1-branch-2-step-500.safetensors", R_OK), 0);
    quit(terminal);
    ck_assert_int_eq(chdir(before), 0);
    free(program);
    process_folder_remove(folder);
}
END_TEST

/* At step 200 of a run whose journal lies in the folder. */
static struct terminal *start_with_journal(const char *folder, const char *more)
{
    char text[200];
    snprintf(text, sizeof text, "--paused --speed max --journal %s/run.journal %s", folder, more);
    struct terminal *terminal = start(text);
    expect(terminal, "step 0");
    terminal_type(terminal, ":until 200\r");
    expect(terminal, "ended · step 200");
    return terminal;
}

/* Types the command with a file of the folder behind it. */
static void type_file(struct terminal *terminal, const char *command, const char *folder, const char *name)
{
    char text[160];
    snprintf(text, sizeof text, ":%s %s/%s\r", command, folder, name);
    terminal_type(terminal, text);
}

/* The file begins so; it is gone then. */
static void check_file(const char *folder, const char *name, const char *beginning)
{
    char path[128], text[64] = "";
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s is not there", path);
    ck_assert_uint_eq(fread(text, 1, strlen(beginning), file), strlen(beginning));
    ck_assert_str_eq(text, beginning);
    fclose(file);
    unlink(path);
}

START_TEST(curves_and_values_are_exported)
{
    char folder[] = "/tmp/downhill-time-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct terminal *terminal = start_with_journal(folder, "");
    terminal_type(terminal, ":exp\t");
    expect(terminal, "export FILE: curves .svg"); /* completed and explained */
    terminal_type(terminal, "\033");
    expect_gone(terminal, "export FILE");
    type_file(terminal, "export", folder, "run.svg");
    expect(terminal, "The curves were written to /tmp/downhill-time-");
    type_file(terminal, "export", folder, "run.csv");
    expect(terminal, "The values were written to /tmp/downhill-time-");
    terminal_type(terminal, ":export run.doc\r");
    expect(terminal, "exported are .svg");
    terminal_type(terminal, "\025export /nowhere/run.csv\r");
    expect(terminal, "/nowhere/run.csv: cannot be written: No such file");
    terminal_type(terminal, "\033");
    expect_gone(terminal, "cannot be written");
    quit(terminal);
    check_file(folder, "run.svg", "<?xml");
    check_file(folder, "run.csv", "step,loss,grad_norm,");
    check_file(folder, "run.journal", "downhill journal");
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left there */
}
END_TEST

START_TEST(the_screen_is_written_and_handed_out)
{
    char folder[] = "/tmp/downhill-time-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct terminal *terminal = start_with_journal(folder, "");
    type_file(terminal, "shot", folder, "screen.txt");
    expect(terminal, "The screen was written to /tmp/downhill-time-");
    terminal_type(terminal, ":shot /nowhere/screen.txt\r");
    expect(terminal, "/nowhere/screen.txt: cannot be written: No such file");
    terminal_type(terminal, "\033");
    expect_gone(terminal, "cannot be written");
    type_file(terminal, "handout", folder, "hand");
    expect(terminal, "hand.journal replays this run");
    type_file(terminal, "handout", folder, "run"); /* the name of the journal itself */
    expect(terminal, "run.journal replays this run");
    terminal_type(terminal, "L");
    expect(terminal, "lr 0.2 → 0.5");
    quit(terminal);

    char arguments[128];
    snprintf(arguments, sizeof arguments, "replay %s/hand.journal --headless", folder);
    struct outcome outcome = process_run(arguments, NULL);
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    outcome_free(&outcome);
    snprintf(arguments, sizeof arguments, "%s/run.journal", folder);
    char *journal = process_read(arguments);
    ck_assert_ptr_nonnull(strstr(journal, "knob lr 0.5")); /* it went on */
    free(journal);
    check_file(folder, "screen.txt", " downhill spiral");
    check_file(folder, "hand.txt", " downhill spiral");
    check_file(folder, "hand.journal", "downhill journal");
    check_file(folder, "run.txt", " downhill spiral");
    check_file(folder, "run.journal", "downhill journal");
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(the_set_up_is_shared)
{
    struct terminal *terminal =
        start("--paused --seed 7 --label-noise 0.1 --weight-decay 0.001 --hidden 9,9,9 --clip 2");
    expect(terminal, "step 0");
    terminal_type(terminal, "L");
    expect(terminal, "up: 0.2 → 0.5");
    terminal_type(terminal, ":share\r");
    expect(terminal, "Again after q: downhill spiral --hidden 9,9,9 --seed 7");
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 0);
    expect(terminal, "Shared:");
    bool whole = false;
    for (int row = 0; row < ROWS; row++)
        whole |=
            strcmp(
                terminal_row(terminal, row),
                "downhill spiral --hidden 9,9,9 --seed 7 --lr 0.5 --weight-decay 0.001 --clip 2 --label-noise 10%") ==
            0;
    if (!whole)
        terminal_print(terminal);
    ck_assert(whole);
    terminal_close(terminal);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("screen_time");
    TCase *tests = tcase_create("screen_time");
    tcase_add_test(tests, u_enter_undoes_the_last_change);
    tcase_add_test(tests, a_knob_turned_back_is_undone_with_its_turn);
    tcase_add_test(tests, nothing_changed_is_nothing_undone);
    tcase_add_test(tests, capital_u_undoes_at_once);
    tcase_add_test(tests, the_scrubber_moves_and_leaves_no_trace);
    tcase_add_test(tests, the_crosshair_becomes_the_scrubber);
    tcase_add_test(tests, a_run_goes_on_after_a_look_back);
    tcase_add_test(tests, a_run_goes_on_beside_a_large_twin);
    tcase_add_test(tests, keys_during_a_walk_are_answered);
    tcase_add_test(tests, branches_are_named_hidden_switched_to_and_forgotten);
    tcase_add_test(tests, the_mouse_chooses_a_branch);
    tcase_add_test(tests, two_branches_are_compared);
    tcase_add_test(tests, a_divergence_has_a_way_back);
    tcase_add_test(tests, a_replay_says_what_it_is);
    tcase_add_test(tests, a_checkpoint_is_kept_and_loaded);
    tcase_add_test(tests, k_keeps_a_checkpoint_that_is_called_by_task_seed_branch_and_step);
    tcase_add_test(tests, curves_and_values_are_exported);
    tcase_add_test(tests, the_screen_is_written_and_handed_out);
    tcase_add_test(tests, the_set_up_is_shared);
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    return suite;
}
