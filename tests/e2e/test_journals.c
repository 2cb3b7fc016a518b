/* Journals and other files of a run, from the command line: what is kept where, what repeats it, what harms nothing. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/log.h"
#include "support/process.h"
#include "support/refused.h"
#include "unit/suite.h"

/* The journals in $XDG_STATE_HOME, and the name of one. */
static int journals(const char *state, char *name, size_t size)
{
    char path[160];
    int count = 0;
    snprintf(path, sizeof path, "%s/downhill", state);
    DIR *folder = opendir(path);
    for (struct dirent *file; folder && (file = readdir(folder));)
        if (strstr(file->d_name, ".journal")) {
            snprintf(name, size, "%s/%.100s", path, file->d_name);
            count++;
        }
    if (folder)
        closedir(folder);
    return count;
}

START_TEST(every_run_leaves_a_journal_that_replays_it)
{
    char *folder = process_folder(), journal[320] = "", arguments[400];
    setenv("XDG_STATE_HOME", folder, 1);
    struct outcome run = process_run("samples/iris.csv --headless --steps 300 --seed 4 --at 50:lr=0.05", NULL);
    ck_assert_int_eq(run.status, 0);
    ck_assert_str_eq(run.err, "");
    ck_assert_int_eq(journals(folder, journal, sizeof journal), 1);
    ck_assert_ptr_nonnull(strstr(journal, "-iris-1.journal"));
    snprintf(arguments, sizeof arguments, "replay %s --headless", journal);
    struct outcome replay = process_run(arguments, NULL);
    ck_assert_int_eq(replay.status, 0);
    ck_assert_str_eq(replay.out, run.out);
    ck_assert_str_eq(replay.err, "");
    ck_assert_int_eq(journals(folder, journal, sizeof journal), 1);
    outcome_free(&replay);
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_run_without_a_journal_or_a_home_for_it)
{
    char *folder = process_folder(), journal[320] = "";
    setenv("XDG_STATE_HOME", folder, 1);
    struct outcome none = process_run("--headless --steps 10 --journal none", NULL);
    ck_assert_int_eq(none.status, 0);
    ck_assert_int_eq(journals(folder, journal, sizeof journal), 0);
    struct outcome wrong = process_run("sprial --headless --steps 10", NULL);
    ck_assert_int_eq(wrong.status, 2);
    ck_assert_int_eq(journals(folder, journal, sizeof journal), 0);
    setenv("XDG_STATE_HOME", "/proc/none", 1);
    struct outcome nowhere = process_run("--headless --steps 10 --log -", NULL);
    ck_assert_int_eq(nowhere.status, 0);
    ck_assert_ptr_nonnull(strstr(nowhere.err, "downhill: /proc/none/downhill: the journal cannot be kept there: "));
    ck_assert_ptr_nonnull(strstr(nowhere.out, "\n10,"));
    outcome_free(&none);
    outcome_free(&wrong);
    outcome_free(&nowhere);
    process_folder_remove(folder);
}
END_TEST

/* The journals go where `config` says, unless the command line says otherwise. */
START_TEST(the_file_config_places_journals)
{
    char *folder = process_folder(), settings[200], journal[320] = "", arguments[200];
    snprintf(settings, sizeof settings, "%s/downhill", folder);
    ck_assert_int_eq(mkdir(settings, 0700), 0);
    snprintf(settings, sizeof settings, "# mine\ntheme = lihgt\njournal = %s/kept/here\n", folder);
    char *place = process_text(folder, "downhill/config", settings);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_STATE_HOME", folder, 1);
    struct outcome run = process_run("--headless --steps 10", NULL);
    ck_assert_int_eq(run.status, 0);
    snprintf(arguments, sizeof arguments, "downhill: %s:2: --theme: unknown name 'lihgt'", place);
    ck_assert_msg(strncmp(run.err, arguments, strlen(arguments)) == 0, "%s", run.err);
    ck_assert_int_eq(journals(folder, journal, sizeof journal), 0);
    snprintf(arguments, sizeof arguments, "ls %s/kept/here/*-spiral-1.journal >/dev/null", folder);
    ck_assert_int_eq(system(arguments), 0);
    struct outcome none = process_run("--headless --steps 10 --journal none", NULL);
    ck_assert_int_eq(none.status, 0);
    snprintf(arguments, sizeof arguments, "test $(ls %s/kept/here | wc -l) = 1", folder);
    ck_assert_int_eq(system(arguments), 0);
    outcome_free(&none);
    outcome_free(&run);
    process_folder_remove(folder);
    free(place);
}
END_TEST

START_TEST(a_replay_wants_the_very_data)
{
    static const char table[] = "a,b,kind\n1,2,x\n2,1,y\n3,5,x\n4,3,y\n1,1,x\n2,2,y\n3,4,x\n4,5,y\n1,3,x\n2,5,y\n";
    char *folder = process_folder(), arguments[400], other[sizeof table];
    char *data = process_text(folder, "t.csv", table);
    snprintf(arguments, sizeof arguments, "%s --headless --steps 10 --journal %s/j", data, folder);
    struct outcome run = process_run(arguments, NULL);
    ck_assert_msg(run.status == 0, "%s", run.err);
    outcome_free(&run);
    snprintf(arguments, sizeof arguments, "replay %s/j --headless", folder);

    strcpy(other, table);
    other[9] = '9';
    free(process_text(folder, "t.csv", other));
    refuse(arguments, 1, "t.csv has changed since (69 bytes then and now, but others): --force replays all the same");
    free(process_text(folder, "t.csv", "a,b,kind\n1,2,x\n2,1,y\n"));
    refuse(arguments, 1, "t.csv has changed since (69 bytes then, 21 now): --force");
    free(process_text(folder, "t.csv", other));
    snprintf(arguments, sizeof arguments, "replay %s/j --headless --force", folder);
    run = process_run(arguments, NULL);
    ck_assert_ptr_null(strstr(run.err, "has changed"));
    outcome_free(&run);

    /* Gone from where it was, it is found beside the journal. */
    free(process_text(folder, "t.csv", table));
    char *elsewhere = process_folder(), move[400];
    snprintf(move, sizeof move, "mv %s/j %s/t.csv %s", folder, folder, elsewhere);
    ck_assert_int_eq(system(move), 0);
    snprintf(arguments, sizeof arguments, "replay %s/j --headless", elsewhere);
    run = process_run(arguments, NULL);
    ck_assert_msg(run.status == 0, "%s", run.err);
    outcome_free(&run);
    snprintf(move, sizeof move, "rm %s/t.csv", elsewhere);
    ck_assert_int_eq(system(move), 0);
    refuse(arguments, 1, "t.csv: No such file or directory (nor at ");
    process_folder_remove(folder);
    process_folder_remove(elsewhere);
    free(data);
}
END_TEST

/* The program in another folder than this one. */
static int run_in(const char *folder, const char *arguments)
{
    char program[400], command[900];
    ck_assert_ptr_nonnull(realpath(process_program(), program));
    snprintf(command, sizeof command, "cd %s && %s %s >out 2>&1", folder, program, arguments);
    return system(command);
}

START_TEST(paths_lead_from_any_folder)
{
    char *here = process_folder(), *other = process_folder(), arguments[300];
    free(process_text(here, "t.csv", "a,b,kind\n1,2,x\n2,1,y\n3,5,x\n4,4,y\n5,2,x\n6,1,y\n7,5,x\n8,4,y\n"));
    ck_assert_int_eq(run_in(here, "t.csv --headless --steps 20 --journal j --save m"), 0);
    snprintf(arguments, sizeof arguments, "replay %s/j --headless", here);
    ck_assert_int_eq(run_in(other, arguments), 0);
    snprintf(arguments, sizeof arguments, "export %s/j -o loss.csv", here);
    ck_assert_int_eq(run_in(other, arguments), 0);
    snprintf(arguments, sizeof arguments, "--load %s/m --headless --steps 30", here);
    ck_assert_int_eq(run_in(other, arguments), 0);
    process_folder_remove(here);
    process_folder_remove(other);
}
END_TEST

START_TEST(what_came_through_a_pipe_cannot_be_replayed)
{
    char *folder = process_folder(), arguments[300];
    char *table = process_read("samples/iris.csv");
    snprintf(arguments, sizeof arguments, "- --headless --steps 10 --journal %s/j", folder);
    struct outcome run = process_run(arguments, table);
    ck_assert_int_eq(run.status, 0);
    snprintf(arguments, sizeof arguments, "replay %s/j --headless", folder);
    refuse(arguments, 1, "the data came through standard input and are gone: --force");
    outcome_free(&run);
    free(table);
    process_folder_remove(folder);
}
END_TEST

/* Under a limit on the size of files (ulimit -f).  Check writes into a file itself: nothing is asserted meanwhile. */
START_TEST(a_file_that_may_not_grow_is_said_and_leaves_nothing)
{
    char *folder = process_folder(), arguments[400], path[128];
    snprintf(arguments, sizeof arguments, "--headless --steps 10 --hidden 64,64 --save %s/m.safetensors", folder);
    struct rlimit before, little;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = before;
    little.rlim_cur = 2048;
    setrlimit(RLIMIT_FSIZE, &little);
    struct outcome run = process_run(arguments, NULL);
    setrlimit(RLIMIT_FSIZE, &before);
    ck_assert_int_eq(run.status, 1);
    ck_assert_ptr_nonnull(strstr(run.err, "m.safetensors: cannot be written: File too large"));
    outcome_free(&run);
    snprintf(path, sizeof path, "%s/m.safetensors", folder);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_msg(rmdir(folder) == 0, "something was left in the folder");
    free(folder);
}
END_TEST

/* Two outputs in one file would end as one: which, nobody has said. */
START_TEST(outputs_that_meet_in_one_file_are_refused)
{
    static const char *const meet[] = {
        "--save %s/new --log %s/new",      "--save %s/new --journal %s/new",    "--journal %s/new --log %s/new",
        "--save %s/./new --log %s/new",    "--save %s/link --log %s/new",       "--save %s/link --journal %s/new",
        "--save %s/old --log %s/old",      "--save %s/old --journal %s/old",    "--journal %s/old --log %s/old",
        "--log %s/old --journal %s/no/j/", "--log %s/old --save %s/none/m.sft", "--journal %s/old --log %s/none/l.csv",
    };
    char *folder = process_folder(), link[128], path[128];
    char *old = process_text(folder, "old", "an earlier one");
    snprintf(link, sizeof link, "%s/link", folder);
    ck_assert_int_eq(symlink("new", link), 0);
    for (size_t i = 0; i < sizeof meet / sizeof *meet; i++) {
        char arguments[512] = "spiral --headless --steps 10 ", *end = arguments + strlen(arguments);
        snprintf(end, sizeof arguments - strlen(arguments), meet[i], folder, folder);
        struct outcome run = process_run(arguments, NULL);
        ck_assert_msg(run.status == (i < 9 ? 2 : 1), "%s: %d %s", arguments, run.status, run.err);
        ck_assert_msg(i >= 9 || strstr(run.err, " is there") != NULL, "%s", run.err);
        outcome_free(&run);
    }
    char *after = process_read(old);
    ck_assert_str_eq(after, "an earlier one");
    snprintf(path, sizeof path, "%s/new", folder);
    ck_assert_int_ne(access(path, F_OK), 0);
    free(after);
    free(old);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_journal_is_kept_from_harm_and_harms_nothing)
{
    char *folder = process_folder(), arguments[400];
    char *table = process_read("samples/iris.csv"), *data = process_text(folder, "t.csv", table);
    snprintf(arguments, sizeof arguments, "%s --headless --steps 10 --journal %s", data, data);
    refuse(arguments, 2, "it would overwrite the data");
    snprintf(arguments, sizeof arguments, "%s --headless --steps 10 --journal %s/j --log %s/j", data, folder, folder);
    refuse(arguments, 2, "the log is there");
    snprintf(arguments, sizeof arguments, "%s --headless --steps 10 --journal %s", data, folder);
    refuse(arguments, 1, "the journal cannot be written");
    snprintf(arguments, sizeof arguments, "%s --headless --steps 10 --journal %s/k", data, folder);
    struct outcome run = process_run(arguments, NULL);
    ck_assert_int_eq(run.status, 0);
    snprintf(arguments, sizeof arguments, "replay %s/k --headless --journal %s/k", folder, folder);
    refuse(arguments, 2, "it would be overwritten");
    snprintf(arguments, sizeof arguments, "replay %s/k --headless --log %s/k", folder, folder);
    refuse(arguments, 2, "it would be overwritten");
    snprintf(arguments, sizeof arguments, "replay %s/k --headless --lr 0.1", folder);
    refuse(arguments, 2, "--lr is for a run: a replay takes its settings from the journal");
    snprintf(arguments, sizeof arguments, "replay --seed 3 %s/k", folder);
    refuse(arguments, 2, "--seed is for a run: a replay takes its settings from the journal");
    snprintf(arguments, sizeof arguments, "%s/l.csv", folder);
    ck_assert_int_eq(symlink("k", arguments), 0);
    snprintf(arguments, sizeof arguments, "export %s/k -o %s/l.csv", folder, folder);
    refuse(arguments, 2, "it would overwrite the journal");
    refuse("replay", 2, "replay needs a journal");
    refuse("spiral --force", 2, "--force is for downhill replay");
    refuse("replay samples/iris.csv --headless", 1, "samples/iris.csv:1: not a journal");
    refuse("replay a.journal b.journal", 2, "one journal");
    outcome_free(&run);
    free(table);
    free(data);
    process_folder_remove(folder);
}
END_TEST

/* What cannot be read twice is copied. */
START_TEST(a_replay_reads_a_pipe)
{
    char *folder = process_folder(), arguments[400], line[400];
    snprintf(arguments, sizeof arguments, "--headless --steps 300 --journal %s/a.journal", folder);
    struct outcome run = process_run(arguments, NULL);
    ck_assert_int_eq(run.status, 0);
    snprintf(line, sizeof line, "mkfifo %s/pipe && cat %s/a.journal >%s/pipe &", folder, folder, folder);
    ck_assert_int_eq(system(line), 0);
    snprintf(line, sizeof line, "%s/pipe", folder);
    while (access(line, F_OK) != 0)
        usleep(1000);
    snprintf(arguments, sizeof arguments, "replay %s/pipe --headless", folder);
    struct outcome replay = process_run(arguments, NULL);
    ck_assert_msg(replay.status == 0, "%s", replay.err);
    ck_assert_str_eq(replay.out, run.out);
    outcome_free(&replay);
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_replay_diverges_as_its_run_did)
{
    char *folder = process_folder(), arguments[300];
    snprintf(arguments, sizeof arguments, "line --headless --steps 5000 --lr 10 --journal %s/j", folder);
    refuse(arguments, 3, "became non-finite at step 11");
    snprintf(arguments, sizeof arguments, "replay %s/j --headless", folder);
    refuse(arguments, 3, "became non-finite at step 11");
    process_folder_remove(folder);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("journals");
    TCase *tests = tcase_create("journals");
    tcase_add_test(tests, every_run_leaves_a_journal_that_replays_it);
    tcase_add_test(tests, a_run_without_a_journal_or_a_home_for_it);
    tcase_add_test(tests, the_file_config_places_journals);
    tcase_add_test(tests, a_replay_wants_the_very_data);
    tcase_add_test(tests, paths_lead_from_any_folder);
    tcase_add_test(tests, what_came_through_a_pipe_cannot_be_replayed);
    tcase_add_test(tests, a_file_that_may_not_grow_is_said_and_leaves_nothing);
    tcase_add_test(tests, outputs_that_meet_in_one_file_are_refused);
    tcase_add_test(tests, a_journal_is_kept_from_harm_and_harms_nothing);
    tcase_add_test(tests, a_replay_reads_a_pipe);
    tcase_add_test(tests, a_replay_diverges_as_its_run_did);
    suite_add_tcase(suite, tests);
    return suite;
}
