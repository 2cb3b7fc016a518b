/* Repeats golden runs and compares the hashes of their results with recorded ones: restructuring the code must not
 * change any number.
 *
 * tests/golden/logs has one command a line, run without a screen, and the hash of its log.  tests/golden/sessions has
 * one line for each row of the table below, with the hash of the log and the hash of the last parameters; these runs
 * also go back in time and change branches.  A name that ends with a star needs matrix products that sgemm computes on
 * processors without AVX2; there the run is not compared.  After a wanted change of numbers,
 * GOLDEN_RECORD=1 build/tests/e2e/test_golden prints the new lines of both files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/recipe.h"
#include "base/hash.h"
#include "nn/kernels.h"
#include "nn/weights.h"
#include "setup/spec_field.h"
#include "support/process.h"
#include "support/sessions.h"
#include "unit/suite.h"

#define ACTIONS 12

/* One command to the session; the members that its kind does not use are zero. */
struct action {
    const char *name;
    uint64_t number;
    uint16_t branch;
    enum knob_id knob;
    double value;
    const char *text;
};

/* A run that starts paused and gets one command after the other, each when the run rests again.  Task and options are
 * spelled as on the command line. */
struct golden_session {
    const char *name, *task;
    const char *option[8];         /* name, value, name, value, ... */
    struct action action[ACTIONS]; /* the last is END */
};

/* clang-format off */
#define UNTIL(step)        {.name = "until", .number = (step)}
#define SET(id, to)        {.name = "knob", .knob = (id), .value = (to)}
#define AT(command, b, n)  {.name = (command), .branch = (b), .number = (n)}
#define TEXT(command, t)   {.name = (command), .text = (t)}
#define PLAIN(command)     {.name = (command)}
#define END                {.name = "end"}

static const struct golden_session session_table[] = {
    {"rewind", "spiral", {"seed", "21"},
     {UNTIL(300), SET(KNOB_LR, 0.5), UNTIL(700), AT("rewind", 0, 450), SET(KNOB_BATCH, 20), UNTIL(800), END}},
    {"switch", "moons", {"seed", "22", "optimizer", "momentum"},
     {UNTIL(400), AT("rewind", 0, 150), SET(KNOB_DROPOUT, 0.2), UNTIL(500), AT("switch", 0, 0), UNTIL(600),
      AT("switch", 1, 0), UNTIL(650), END}},
    {"twin-of-other-knobs", "spiral", {"seed", "23"},
     {UNTIL(500), TEXT("twin", "lr=0.4 optimizer=adam"), AT("switch", 1, 0), UNTIL(900), END}},
    {"twin-of-another-shape", "circles", {"seed", "24"},
     {UNTIL(350), SET(KNOB_LR, 0.15), UNTIL(500), TEXT("twin", "hidden=12,6 activation=relu"),
      AT("switch", 1, 0), UNTIL(800), END}},
    {"race", "spiral", {"seed", "25", "hidden", "6,6"},
     {UNTIL(250), TEXT("twin", "weight-decay=0.01"), AT("race", 1, 0), UNTIL(700), AT("switch", 1, 0),
      UNTIL(720), END}},
    /* "restart" sets the run going without "go", here up to its limit of 400 steps. */
    {"restart", "xor", {"seed", "26", "steps", "400"},
     {UNTIL(300), SET(KNOB_LR, 0.05), PLAIN("restart"), AT("fork", 0, 0), UNTIL(600), END}},
    {"seed", "gauss", {"seed", "27", "optimizer", "rmsprop", "steps", "350"},
     {UNTIL(200), AT("seed", 0, 99), UNTIL(500), END}},
    {"load-of-weights", "spiral", {"seed", "28"},
     {UNTIL(200), TEXT("save", "golden.safetensors"), SET(KNOB_LR, 0.7), UNTIL(400),
      TEXT("load", "golden.safetensors"), UNTIL(500), AT("switch", 0, 0), UNTIL(450), END}},
    {"next-stage*", "samples/clinic.ini", {"seed", "29"},
     {UNTIL(20), PLAIN("stage"), UNTIL(45), AT("rewind", 0, 10), UNTIL(30), END}},
    {"divergence-and-rescue", "line", {"seed", "30"},
     {UNTIL(60), SET(KNOB_LR, 50), PLAIN("go"), AT("rewind", 0, 60), SET(KNOB_LR, 0.01), UNTIL(200), END}},
    {"early-stop-and-go", "samples/iris.csv", {"seed", "31", "early-stop", "on", "patience", "3"},
     {PLAIN("go"), SET(KNOB_LR, 0.02), AT("epoch", 0, 0), SET(KNOB_EARLY_STOP, 0), UNTIL(4000), END}},
    {"scrub-and-return", "sine", {"seed", "32", "optimizer", "nesterov"},
     {UNTIL(600), AT("scrub", 0, 123), PLAIN("return"), UNTIL(700), AT("scrub", 0, 5),
      AT("rewind", 0, 5), PLAIN("step"), UNTIL(100), END}},
};
/* clang-format on */

#define SESSIONS (sizeof session_table / sizeof session_table[0])

static char *folder;

static bool records(void)
{
    return getenv("GOLDEN_RECORD") != NULL;
}

/* Whether this machine computes the same bits in the named run as the machine that recorded it. */
static bool is_portable(const char *name)
{
    return name[strlen(name) - 1] != '*' || strcmp(kernels_name(kernels_choose()), "generic") != 0;
}

static uint64_t hash_of_file(const char *path)
{
    char *text = process_read(path);
    ck_assert_msg(text != NULL, "no file %s", path);
    const uint64_t hash = hash_bytes(HASH_START, text, strlen(text));
    free(text);
    return hash;
}

/* Hashes the names and values of a checkpoint's tensors in the order of their names, without those of the state. */
static uint64_t hash_of_parameters(const char *path)
{
    struct weights *weights;
    struct error error = {0};
    uint64_t hash = HASH_START;
    ck_assert_msg(weights_open(&weights, path, &error) == STATUS_OK, "%s", error.message);
    for (size_t i = 0; i < weights_count(weights); i++) {
        const struct tensor *tensor = weights_tensor(weights, i);
        if (strncmp(tensor->name, "state.", 6) == 0)
            continue;
        hash = hash_bytes(hash, tensor->name, strlen(tensor->name));
        hash = hash_bytes(hash, tensor->data, tensor->bytes);
    }
    weights_close(weights);
    return hash;
}

/* Waits until the run rests, has arrived where it seeks to in time, and sends nothing more. */
static void wait_for_rest(struct session *session)
{
    const struct session_status *status = session_status(session);
    do
        session_wait(session, 20);
    while (status->state == SESSION_RUNNING || status->walked >= 0);
    while (session_wait(session, 20))
        continue;
}

static void act(struct session *session, const struct action *action)
{
    struct wish command = {
        .name = action->name,
        .number = action->number,
        .branch = action->branch,
        .knob = action->knob,
        .value = action->value,
    };
    const bool file = strcmp(action->name, "save") == 0 || strcmp(action->name, "load") == 0;
    if (action->text)
        snprintf(command.text, sizeof command.text, "%s%s%s", file ? folder : "", file ? "/" : "", action->text);
    const struct event event = tell(session, command);
    ck_assert_msg(event.kind != EVENT_REFUSED, "command %s: %s", action->name, event.label);
    wait_for_rest(session);
}

/* Repeats a session and writes its line of tests/golden/sessions: name, hash of the log, hash of the parameters. */
static void run_session(const struct golden_session *golden, char *line, size_t size)
{
    struct error error = {0};
    struct spec spec;
    if (recipe_is(golden->task)) {
        spec_init(&spec);
        ck_assert_msg(recipe_read(&spec, golden->task, &error) == STATUS_OK, "%s", error.message);
    } else
        spec = spec_of(golden->task, 0, 0);
    char *log = process_file(folder, "log.csv", "", 0), *end = process_file(folder, "end.safetensors", "", 0);
    ck_assert_int_eq(remove(log), 0);
    ck_assert_int_eq(remove(end), 0);
    spec.log_path = mem_string(log);
    for (size_t i = 0; golden->option[i]; i += 2)
        ck_assert_msg(spec_set(&spec, golden->option[i], golden->option[i + 1], &error) == STATUS_OK, "%s",
                      error.message);
    struct session *session = open_with(&spec, &(struct session_options){.paused = true});
    for (const struct action *action = golden->action; strcmp(action->name, "end") != 0; action++)
        act(session, action);
    act(session, &(struct action){.name = "save", .text = "end.safetensors"});
    ck_assert(session_close(session, NULL));
    snprintf(line, size, "%s %016llx %016llx", golden->name, (unsigned long long)hash_of_file(log),
             (unsigned long long)hash_of_parameters(end));
    free(log);
    free(end);
}

/* Finds the line that begins with `name` and a blank; NULL when there is none.  Cuts `text` into lines. */
static char *line_of(char *text, const char *name)
{
    const size_t length = strlen(name);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (strncmp(line, name, length) == 0 && line[length] == ' ')
            return line;
    return NULL;
}

START_TEST(sessions_leave_the_recorded_log_and_parameters)
{
    char found[160];
    if (!is_portable(session_table[_i].name))
        return;
    run_session(&session_table[_i], found, sizeof found);
    if (records()) {
        printf("%s\n", found);
        return;
    }
    char *text = process_read("tests/golden/sessions");
    ck_assert_ptr_nonnull(text);
    const char *wanted = line_of(text, session_table[_i].name);
    ck_assert_msg(wanted != NULL, "tests/golden/sessions has no line %s", session_table[_i].name);
    ck_assert_str_eq(found, wanted);
    free(text);
}
END_TEST

/* Runs the command of one line "NAME HASH ARGUMENTS" and compares the hash of its log, or prints the new line. */
static void check_log(const char *line)
{
    char name[64], wanted[32], words[512], found[32];
    int arguments = 0;
    ck_assert_int_eq(sscanf(line, "%63s %31s %n", name, wanted, &arguments), 2);
    if (!is_portable(name))
        return;
    snprintf(words, sizeof words, "%s --headless --log - --journal none --threads 1", line + arguments);
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == 0, "%s: status %d: %s", name, outcome.status, outcome.err);
    snprintf(found, sizeof found, "%016llx",
             (unsigned long long)hash_bytes(HASH_START, outcome.out, strlen(outcome.out)));
    outcome_free(&outcome);
    if (records())
        printf("%s %s %s\n", name, found, line + arguments);
    else
        ck_assert_msg(strcmp(found, wanted) == 0, "the log of %s has hash %s, recorded is %s", name, found, wanted);
}

START_TEST(commands_leave_the_recorded_log)
{
    char *text = process_read("tests/golden/logs");
    ck_assert_ptr_nonnull(text);
    int commands = 0;
    for (char *line = text, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = '\0';
        check_log(line);
        commands++;
    }
    ck_assert_int_eq(commands, 14);
    free(text);
}
END_TEST

static void begin(void)
{
    folder = process_folder();
}

static void finish(void)
{
    process_folder_remove(folder);
}

Suite *make_suite(void)
{
    Suite *suite = suite_create("golden");
    TCase *tests = tcase_create("golden");
    tcase_add_checked_fixture(tests, begin, finish);
    tcase_add_test(tests, commands_leave_the_recorded_log);
    tcase_add_loop_test(tests, sessions_leave_the_recorded_log_and_parameters, 0, (int)SESSIONS);
    suite_add_tcase(suite, tests);
    return suite;
}
