/* The command line as a user meets it: results, messages, exit status, the log. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/log.h"
#include "support/process.h"
#include "support/refused.h"
#include "unit/suite.h"

START_TEST(help_names_every_knob)
{
    struct outcome help = process_run("--help", NULL), knobs = process_run("list knobs", NULL);
    ck_assert_int_eq(help.status, 0);
    int seen = 0;
    for (char *line = strtok(knobs.out, "\n"); line; line = strtok(NULL, "\n")) {
        if (line[0] == ' ')
            continue;
        char name[64], option[80];
        ck_assert_int_eq(sscanf(line, "%60s", name), 1);
        snprintf(option, sizeof option, "--%s ", name);
        ck_assert_msg(strstr(help.out, option), "%s is not in --help", option);
        seen++;
    }
    ck_assert_int_ge(seen, 14);
    outcome_free(&help);
    outcome_free(&knobs);
}
END_TEST

/* The lines behind `start` up to the next knob, for which nothing can be too low. */
static void expect_no_height(const char *list, const char *start)
{
    const char *knob = strstr(list, start);
    ck_assert_ptr_nonnull(knob);
    const char *line = knob + 1;
    while ((line = strchr(line, '\n')) && line[1] == ' ')
        line++;
    const size_t length = (size_t)(line - knob);
    ck_assert_msg(length > strlen(start) + 40, "%s is not explained: %.*s", start, (int)length, knob);
    for (size_t i = 0; i + 4 <= length; i++)
        ck_assert_msg(strncmp(knob + i, "too ", 4) != 0, "%.*s", (int)length, knob);
}

START_TEST(only_what_has_a_height_can_be_too_high)
{
    struct outcome knobs = process_run("list knobs", NULL);
    ck_assert_ptr_nonnull(strstr(knobs.out, "too low:  the loss hardly moves"));
    expect_no_height(knobs.out, "\nearly-stop ");
    expect_no_height(knobs.out, "\noptimizer ");
    expect_no_height(knobs.out, "\nschedule ");
    outcome_free(&knobs);
}
END_TEST

START_TEST(wrong_usage_is_refused_with_the_right_word)
{
    refuse("sprial --headless --steps 10", 2, "did you mean 'spiral'?");
    refuse("--hedless", 2, "did you mean '--headless'?");
    refuse("--steps", 2, "needs a value");
    refuse("--steps none", 2, "whole number");
    refuse("--headless=1", 2, "takes no value");
    refuse("--hidden 8,,8", 2, "8,8");
    refuse("--activation tahn", 2, "did you mean 'tanh'?");
    refuse("--optimizer adm", 2, "did you mean 'adam'?");
    refuse("--at 5:lrr=1", 2, "did you mean 'lr'?");
    refuse("--at lr=1", 2, "STEP:KNOB=VALUE");
    refuse("spiral moons", 2, "there is a task already");
    refuse("list toyz", 2, "did you mean 'toys'?");
    refuse("--lr -1 --headless --steps 5", 2, "-1");
    refuse("--batch 0 --headless --steps 5", 2, "0");
    refuse("--dropout 1 --headless --steps 5", 2, "1");
    refuse("--lr nan --headless --steps 5", 2, "nan");
    refuse("samples/iris.csv --target petal --headless --steps 5", 2, "petal");
}
END_TEST

START_TEST(what_was_wrong_is_said_as_it_should_be)
{
    refuse("--noise 1000 --headless --steps 5", 2, "must be a number from 0 to 10");
    refuse("--points 3 --headless --steps 5", 2, "from 4 to 10,000,000");
    refuse("gauss --points 4 --headless --steps 5", 2, "from 6 to 10000000");
    refuse("--headless", 2, "say --steps N, --epochs X or --early-stop");
    refuse("--headless --early-stop 5", 2, "--early-stop 5: it takes on or off");
    refuse("--headless --early-stop Yes", 2, "--early-stop Yes: it takes on or off");
    refuse("samples/iris.csv --headless --separator ''", 2, "--separator '': must be comma, semicolon");
    refuse("--stage aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 2, "--stage: a name has 1 to 32 characters");
    refuse("LICENSE --model bigram --stage 'a train=lora 4'", 2, "must be all, last-blocks:N or lora:N");
}
END_TEST

START_TEST(what_would_be_ignored_is_refused)
{
    refuse("predcit a b", 2, "'predcit': no such file or command: did you mean 'predict'?");
    refuse("list knobs x", 2, "'x': list takes one name");
    refuse("spiral --classify --headless --steps 5", 2, "--classify is for tables: spiral is a toy");
    refuse("--test-fraction 25% --headless --steps 5", 2, "--test-fraction is for tables and texts: spiral is a toy");
    refuse("predict --steps 3 a b", 2, "--steps is for a run: predict has none");
    refuse("--theme drak --headless --steps 5", 2, "did you mean 'dark'?");
    refuse("samples/iris.csv --test-fraction 0.99 --headless --steps 5", 1,
           "--test-fraction 0.99 leaves 2 of 150 rows to train: 3 are needed");
}
END_TEST

START_TEST(options_that_contradict_each_other_are_refused)
{
    static const char *const pairs[][2] = {
        {"--classify", "--regress"}, {"--test x.csv", "--test-fraction 0.5"},
        {"--headless", "--paused"},  {"--headless", "--theme dark"},
        {"--headless", "--present"}, {"--headless", "--ascii"},
        {"--headless", "--fps 9"},
    };
    char words[200], said[100];
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int turned = 0; turned < 2; turned++) {
            snprintf(words, sizeof words, "samples/iris.csv --steps 2 --journal none %s %s", pairs[i][turned],
                     pairs[i][!turned]);
            snprintf(said, sizeof said, "%.*s and %.*s contradict each other", (int)strcspn(pairs[i][0], " "),
                     pairs[i][0], (int)strcspn(pairs[i][1], " "), pairs[i][1]);
            refuse(words, 2, said);
        }
    refuse("samples/iris.csv --headless --steps 5 --log-every 2", 2, "--log-every needs --log FILE");
    refuse("samples/iris.csv --headless --steps 5 --save-every 2", 2, "--save-every needs --save FILE");
    refuse("spiral --test-fraction 0.5 --headless --steps 5", 2, "--test-fraction is for tables and texts");
    refuse("predict a b --log c", 2, "--log is for a run: predict has none");
    refuse("samples/iris.csv --best --headless --steps 5", 2, "--best is for --load FILE, predict and sample");
    refuse("list knobs --headless", 2, "--headless is for a run: list has none");
}
END_TEST

START_TEST(an_empty_file_name_is_wrong_usage)
{
    static const char *const words[] = {
        "--log '' --headless --steps 2",
        "--load '' --headless --steps 2",
        "--save '' --headless --steps 2",
        "--journal '' --headless --steps 2",
        "'' --headless --steps 2",
        "samples/iris.csv --test '' --headless --steps 2",
        "predict '' samples/iris.csv",
        "predict tests/reference/start.safetensors ''",
        "sample '' --prompt a",
        "replay '' --headless",
        "export '' -o a.svg",
        "export a.journal -o ''",
        "LICENSE --model bigram --stage \"a data=\" --headless --steps 2",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        refuse(words[i], 2, "");
}
END_TEST

START_TEST(an_unknown_instruction_level_is_refused)
{
    ck_assert_int_eq(setenv("DOWNHILL_KERNELS", "abacus", 1), 0);
    refuse("spiral --headless --steps 2 --journal none", 2, "DOWNHILL_KERNELS=abacus: this machine has the levels ");
    refuse("predict a b", 2, "DOWNHILL_KERNELS=abacus");
    ck_assert_int_eq(setenv("DOWNHILL_KERNELS", "generic", 1), 0);
    struct outcome outcome = process_run("spiral --headless --steps 2 --journal none", NULL);
    ck_assert_int_eq(outcome.status, 0);
    outcome_free(&outcome);
}
END_TEST

START_TEST(own_files_are_no_tables)
{
    char *folder = process_folder(), arguments[300];
    snprintf(arguments, sizeof arguments, "--headless --steps 5 --journal %s/j --save %s/m", folder, folder);
    struct outcome run = process_run(arguments, NULL);
    ck_assert_int_eq(run.status, 0);
    snprintf(arguments, sizeof arguments, "%s/j --headless --steps 5", folder);
    refuse(arguments, 1, "/j: is a journal: downhill replay does it again");
    snprintf(arguments, sizeof arguments, "%s/m --headless --steps 5", folder);
    refuse(arguments, 1, "/m: is a checkpoint: --load goes on from it");
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_dash_is_no_file_that_is_kept)
{
    refuse("--journal - --headless --steps 5", 2, "--journal: a file is needed");
    refuse("replay - --headless", 2, "-: a journal is read from a file");
    refuse("--load - --headless --steps 5", 2, "-: a checkpoint is read from a file");
    refuse("predict - samples/iris.csv", 2, "-: a checkpoint is read from a file");
    refuse("sample - --prompt x", 2, "-: a checkpoint is read from a file");
}
END_TEST

/* Runs with status 0 and says that on standard error. */
static void warned(const char *arguments, const char *said)
{
    struct outcome run = process_run(arguments, NULL);
    ck_assert_msg(run.status == 0, "%s: %s", arguments, run.err);
    ck_assert_msg(said ? strstr(run.err, said) != NULL : run.err[0] == '\0', "%s: said '%s'", arguments, run.err);
    outcome_free(&run);
}

START_TEST(what_can_have_no_effect_is_said)
{
    char *folder = process_folder(), arguments[300];
    warned("--headless --steps 10 --at 11:lr=1", "--at 11:lr: the run ends at step 10 before that");
    warned("--headless --steps 10 --at 10:lr=1", NULL);
    snprintf(arguments, sizeof arguments, "--headless --steps 50 --at 20:lr=0.1 --save %s/m", folder);
    warned(arguments, NULL);
    snprintf(arguments, sizeof arguments, "--load %s/m --headless --steps 60 --at 20:lr=0.1", folder);
    warned(arguments, NULL);
    snprintf(arguments, sizeof arguments, "--load %s/m --headless --steps 60 --at 30:lr=5", folder);
    warned(arguments, "/m is at step 50 already");
    snprintf(arguments, sizeof arguments, "--load %s/m --headless --steps 40", folder);
    warned(arguments, "/m is at step 50 already: --steps 40 counts those before it too");
    process_folder_remove(folder);
}
END_TEST

START_TEST(without_a_terminal_it_says_use_headless)
{
    refuse("spiral", 1, "use --headless");
}
END_TEST

START_TEST(a_headless_run_ends_with_its_figures)
{
    struct outcome run = process_run("spiral --headless --steps 300 --seed 3", NULL);
    ck_assert_int_eq(run.status, 0);
    ck_assert_msg(strstr(run.out, "300"), "%s", run.out);
    ck_assert_str_eq(run.err, "");
    outcome_free(&run);
}
END_TEST

static const char header[] = "step,epoch,branch,stage,loss,train_loss,test_loss,train_acc,test_acc,grad_norm,lr,batch,"
                             "dropout,event\n";

START_TEST(the_log_is_the_same_bytes_each_time)
{
    const char *arguments = "samples/iris.csv --headless --steps 500 --seed 1 --log - --log-every 50";
    struct outcome once = process_run(arguments, NULL), again = process_run(arguments, NULL);
    ck_assert_int_eq(once.status, 0);
    ck_assert_str_eq(once.out, again.out);
    ck_assert_msg(strncmp(once.out, header, strlen(header)) == 0, "%.200s", once.out);
    ck_assert_msg(strstr(once.out, "\n50,"), "no row of step 50: %.400s", once.out);
    ck_assert_msg(strstr(once.out, "\n500,"), "no row of step 500");
    struct outcome other = process_run("samples/iris.csv --headless --steps 500 --seed 2 --log - --log-every 50", NULL);
    ck_assert_str_ne(once.out, other.out);
    outcome_free(&once);
    outcome_free(&again);
    outcome_free(&other);
}
END_TEST

/* Cell `column` of the row that starts with `step,`, or NULL. */
static char *cell(const char *log, const char *step, int column)
{
    char start[32];
    snprintf(start, sizeof start, "\n%s,", step);
    const char *at = strstr(log, start);
    if (!at)
        return NULL;
    at++;
    for (int i = 0; i < column && at; i++) {
        at = strpbrk(at, ",\n");
        if (at && *at == '\n')
            return NULL;
        at = at ? at + 1 : NULL;
    }
    return at ? strndup(at, strcspn(at, ",\n")) : NULL;
}

START_TEST(a_turn_is_logged_on_its_step)
{
    struct outcome run =
        process_run("spiral --headless --steps 60 --log - --log-every 20 --at 30:lr=0.05 --at 45:batch=20", NULL);
    ck_assert_int_eq(run.status, 0);
    static const struct {
        const char *step;
        int column;
        const char *value;
    } rows[] = {{"20", 10, "0.2"}, {"40", 10, "0.05"}, {"40", 11, "10"}, {"60", 11, "20"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *value = cell(run.out, rows[i].step, rows[i].column);
        ck_assert_msg(value, "step %s has no column %d:\n%s", rows[i].step, rows[i].column, run.out);
        ck_assert_msg(strtof(value, NULL) == strtof(rows[i].value, NULL), "step %s column %d: %s", rows[i].step,
                      rows[i].column, value);
        free(value);
    }
    ck_assert_msg(strstr(run.out, "lr 0.2 → 0.05"), "%s", run.out);
    outcome_free(&run);
}
END_TEST

START_TEST(a_batch_is_no_larger_than_the_rows_in_use)
{
    struct outcome run =
        process_run("spiral --headless --steps 3 --batch 30 --train-fraction 10% --log - --log-every 1", NULL);
    char *batch = cell(run.out, "2", 11);
    ck_assert_msg(batch, "%s", run.out);
    ck_assert_str_eq(batch, "20");
    free(batch);
    outcome_free(&run);
}
END_TEST

START_TEST(one_answer_has_no_spread_to_explain)
{
    char *folder = process_folder(),
         *path = process_text(folder, "four.csv", "a,b,y\n1,2,1.5\n2,3,2.5\n3,1,3.5\n5,6,0.5\n");
    char arguments[256];
    snprintf(arguments, sizeof arguments, "%s --headless --steps 30 --log -", path);
    struct outcome run = process_run(arguments, NULL);
    char *train = cell(run.out, "30", 7), *test = cell(run.out, "30", 8);
    ck_assert_msg(train && test, "%s", run.out);
    ck_assert_str_ne(train, "");
    ck_assert_str_eq(test, "");
    outcome_free(&run);
    snprintf(arguments, sizeof arguments, "%s --headless --steps 30", path);
    run = process_run(arguments, NULL);
    ck_assert_msg(strstr(run.out, "test R² -\n"), "%s", run.out);
    outcome_free(&run);
    free(train);
    free(test);
    free(path);
    process_folder_remove(folder);
}
END_TEST

START_TEST(row_zero_is_before_any_training)
{
    struct outcome run = process_run("spiral --headless --steps 5 --log -", NULL);
    char *loss = cell(run.out, "0", 4), *train = cell(run.out, "0", 5);
    ck_assert(loss && train);
    ck_assert_str_eq(loss, "");
    ck_assert_double_eq_tol(atof(train), 0.693, 0.02);
    free(loss);
    free(train);
    outcome_free(&run);
}
END_TEST

START_TEST(a_log_as_json_lines)
{
    char *folder = process_folder();
    char arguments[256], path[128];
    snprintf(path, sizeof path, "%s/run.JSONL", folder);
    snprintf(arguments, sizeof arguments, "moons --headless --steps 40 --log %s --log-every 10", path);
    struct outcome run = process_run(arguments, NULL);
    ck_assert_int_eq(run.status, 0);
    char *log = process_read(path);
    ck_assert_ptr_nonnull(log);
    ck_assert_msg(strncmp(log, "{\"step\":0,", 10) == 0, "%.100s", log);
    ck_assert_ptr_nonnull(strstr(log, "\n{\"step\":40,"));
    ck_assert_ptr_nonnull(strstr(log, "\"grad_norm\":"));
    free(log);
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_log_that_cannot_be_written_is_an_error)
{
    refuse("spiral --headless --steps 5 --log /nowhere/run.csv", 1, "/nowhere/run.csv");
    struct outcome full = process_run("spiral --headless --steps 20000 --log /dev/full --log-every 1", NULL);
    ck_assert_int_eq(full.status, 1);
    ck_assert_msg(strstr(full.err, "/dev/full"), "%s", full.err);
    outcome_free(&full);
}
END_TEST

START_TEST(a_run_that_diverges_ends_with_status_3)
{
    struct outcome run = process_run("sine --headless --steps 5000 --lr 100 --optimizer sgd", NULL);
    ck_assert_msg(run.status == 3, "status %d: %s%s", run.status, run.out, run.err);
    ck_assert_msg(strstr(run.err, "step"), "%s", run.err);
    outcome_free(&run);
}
END_TEST

/* It can be read only once: a second reader finds no row, as the other end shows here. */
START_TEST(a_named_pipe_is_a_table_too)
{
    char *folder = process_folder(), pipe[128], words[300];
    snprintf(pipe, sizeof pipe, "%s/pipe", folder);
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    snprintf(words, sizeof words, "cat samples/iris.csv >%s; exec cat /dev/null >%s", pipe, pipe);
    const pid_t writer = fork();
    ck_assert_int_ge(writer, 0);
    if (writer == 0) {
        execl("/bin/sh", "sh", "-c", words, (char *)NULL);
        _exit(1);
    }
    snprintf(words, sizeof words, "%s --headless --steps 5 --journal none", pipe);
    struct outcome run = process_run(words, NULL);
    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0);
    ck_assert_msg(run.status == 0, "%s", run.err);
    outcome_free(&run);
    unlink(pipe);
    process_folder_remove(folder);
}
END_TEST

START_TEST(standard_input_is_a_table_too)
{
    char *iris = process_read("samples/iris.csv");
    ck_assert_ptr_nonnull(iris);
    struct outcome run = process_run("- --headless --steps 200", iris);
    ck_assert_msg(run.status == 0, "%s", run.err);
    outcome_free(&run);
    free(iris);
}
END_TEST

/* A pipe that never ends: what it writes is judged as it comes. */
static void refuse_endless(const char *writer, const char *said)
{
    char command[300], err[300] = "";
    snprintf(command, sizeof command, "%s | %s - --headless --steps 2 2>&1", writer, process_program());
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    ck_assert_ptr_nonnull(fgets(err, sizeof err, pipe));
    pclose(pipe);
    ck_assert_msg(strstr(err, said), "%s: %s", writer, err);
}

START_TEST(what_has_no_end_is_not_kept)
{
    refuse_endless("cat /dev/zero", "standard input:1: a zero byte: this is not a text file");
    refuse_endless("yes 1 | tr -d '\\n'", "standard input:1: a line of more than 16 MiB: this is no table");
}
END_TEST

START_TEST(bad_tables_are_refused_by_name)
{
    static const struct {
        const char *name, *text, *said;
    } bad[] = {
        {"empty.csv", "", "empty"},
        {"header.csv", "a,b,class\n", "row"},
        {"ragged.csv", "a,b,c\n1,2,x\n3,4\n5,6,y\n", "ragged.csv:3"},
        {"quote.csv", "a,b,c\n1,2,x\n3,\"4,y\n5,6,y\n", "quote.csv:"},
        {"one.csv", "a,b,c\n1,2,x\n3,4,x\n5,6,x\n", "'c' is 'x' in every row"},
        {"hole.csv", "a,b,c\n1,,x\n3,,y\n5,,x\n", "hole.csv"},
        {"inf.csv", "a,b,c\n1,2,x\n3,inf,y\n5,6,x\n7,8,y\n", "inf.csv:3"},
    };
    char *folder = process_folder();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *path = process_text(folder, bad[i].name, bad[i].text), arguments[256];
        snprintf(arguments, sizeof arguments, "%s --headless --steps 5", path);
        struct outcome run = process_run(arguments, NULL);
        ck_assert_msg(run.status == 1 || strcmp(bad[i].name, "hole.csv") == 0, "%s: status %d: %s", bad[i].name,
                      run.status, run.err);
        if (run.status != 0)
            ck_assert_msg(strstr(run.err, bad[i].said), "%s: %s", bad[i].name, run.err);
        outcome_free(&run);
        free(path);
    }
    refuse("/nowhere/table.csv --headless --steps 5", 1, "/nowhere/table.csv");
    char binary[] = {'a', ',', 'b', '\n', '1', '\0', ',', '2', '\n'};
    char *path = process_file(folder, "binary.csv", binary, sizeof binary), arguments[256];
    snprintf(arguments, sizeof arguments, "%s --headless --steps 5", path);
    refuse(arguments, 1, "binary.csv");
    free(path);
    process_folder_remove(folder);
}
END_TEST

/* Largest memory that a child of this test has had, in kB. */
static long most_memory(void)
{
    struct rusage used;
    ck_assert_int_eq(getrusage(RUSAGE_CHILDREN, &used), 0);
    return used.ru_maxrss;
}

/* AddressSanitizer keeps what was released for a while, and rounds up. */
#ifdef __SANITIZE_ADDRESS__
#define LITTLE_MEMORY (32 << 10)
#else
#define LITTLE_MEMORY (4 << 10)
#endif

/* A field of sixty megabytes costs hardly more memory than a table of three lines. */
START_TEST(a_gigantic_field_is_named_and_costs_nothing)
{
    enum { SIZE = 60 << 20 };
    static const char start[] = "a,b,c\n1,2,x\n3,4,y\n5,\"";
    char *folder = process_folder(), *text = malloc(SIZE), arguments[256];
    memset(text, 'x', SIZE);
    memcpy(text, start, sizeof start - 1);
    char *path = process_file(folder, "wide.csv", text, SIZE);
    setenv("ASAN_OPTIONS", "quarantine_size_mb=1", 1);
    refuse("/nowhere/table.csv --headless --steps 5", 1, "/nowhere/table.csv");
    const long before = most_memory();
    snprintf(arguments, sizeof arguments, "%s --headless --steps 5", path);
    refuse(arguments, 1, "wide.csv:4");
    ck_assert_msg(most_memory() < before + LITTLE_MEMORY, "%ld kB more", most_memory() - before);
    process_folder_remove(folder);
    free(path);
    free(text);
}
END_TEST

/* However it is killed, the log ends with a whole row, unless the system itself has cut a write, which it does at the
 * end of a page. */
START_TEST(a_killed_run_leaves_whole_rows)
{
    char *folder = process_folder(), path[128];
    snprintf(path, sizeof path, "%s/run.csv", folder);
    for (int delay = 0; delay < 5; delay++) {
        const pid_t child = fork();
        if (child == 0) {
            execl(process_program(), "downhill", "spiral", "--headless", "--steps", "100000000", "--log", path,
                  "--log-every", "1", (char *)NULL);
            _exit(127);
        }
        long rows = 0;
        for (int i = 0; i < 1000 && rows < 100; i++) {
            usleep(10000 + (useconds_t)delay * 1234);
            char *log = process_read(path);
            rows = log ? log_whole_rows(log) : 0;
            free(log);
        }
        kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, NULL, 0), child);
        char *log = process_read(path);
        if (strlen(log) % 4096 != 0)
            ck_assert_int_gt(log_whole_rows(log), 100);
        free(log);
        unlink(path);
    }
    process_folder_remove(folder);
}
END_TEST

START_TEST(the_manual_knows_every_option_and_key)
{
    char *manual = process_read("man/downhill.1");
    ck_assert_ptr_nonnull(manual);
    struct outcome help = process_run("--help", NULL);
    int options = 0;
    for (char *at = strstr(help.out, "--"); at; at = strstr(at + 2, "--")) {
        char row[80] = "", *name = at + 2;
        size_t length = strcspn(name, " \n,=.");
        if (length == 0 || length > 40)
            continue;
        snprintf(row, sizeof row, "Fl \\-%.*s", (int)length, name);
        ck_assert_msg(strstr(manual, row), "--%.*s is not in the manual", (int)length, name);
        options++;
    }
    ck_assert_int_ge(options, 40);
    outcome_free(&help);

    struct outcome keys = process_run("list keys", NULL);
    int rows = 0;
    for (char *line = strtok(keys.out, "\n"); line; line = strtok(NULL, "\n")) {
        ck_assert_uint_gt(strlen(line), 27);
        ck_assert_msg(strstr(manual, line + 27), "the key '%s' is not in the manual", line);
        rows++;
    }
    ck_assert_int_ge(rows, 50);
    outcome_free(&keys);
    free(manual);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("command line");
    TCase *tests = tcase_create("command line");
    tcase_add_test(tests, help_names_every_knob);
    tcase_add_test(tests, only_what_has_a_height_can_be_too_high);
    tcase_add_test(tests, wrong_usage_is_refused_with_the_right_word);
    tcase_add_test(tests, what_was_wrong_is_said_as_it_should_be);
    tcase_add_test(tests, what_would_be_ignored_is_refused);
    tcase_add_test(tests, options_that_contradict_each_other_are_refused);
    tcase_add_test(tests, an_empty_file_name_is_wrong_usage);
    tcase_add_test(tests, an_unknown_instruction_level_is_refused);
    tcase_add_test(tests, own_files_are_no_tables);
    tcase_add_test(tests, a_dash_is_no_file_that_is_kept);
    tcase_add_test(tests, what_can_have_no_effect_is_said);
    tcase_add_test(tests, without_a_terminal_it_says_use_headless);
    tcase_add_test(tests, a_headless_run_ends_with_its_figures);
    tcase_add_test(tests, the_log_is_the_same_bytes_each_time);
    tcase_add_test(tests, a_turn_is_logged_on_its_step);
    tcase_add_test(tests, a_batch_is_no_larger_than_the_rows_in_use);
    tcase_add_test(tests, one_answer_has_no_spread_to_explain);
    tcase_add_test(tests, row_zero_is_before_any_training);
    tcase_add_test(tests, a_log_as_json_lines);
    tcase_add_test(tests, a_log_that_cannot_be_written_is_an_error);
    tcase_add_test(tests, a_run_that_diverges_ends_with_status_3);
    tcase_add_test(tests, a_named_pipe_is_a_table_too);
    tcase_add_test(tests, standard_input_is_a_table_too);
    tcase_add_test(tests, what_has_no_end_is_not_kept);
    tcase_add_test(tests, bad_tables_are_refused_by_name);
    tcase_add_test(tests, a_gigantic_field_is_named_and_costs_nothing);
    tcase_add_test(tests, a_killed_run_leaves_whole_rows);
    tcase_add_test(tests, the_manual_knows_every_option_and_key);
    suite_add_tcase(suite, tests);
    return suite;
}
