/* A session about a text: what it tells of stages and models. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "session/session.h"
#include "setup/spec_field.h"
#include "suite.h"
#include "support/wishes.h"

static char pairs_path[] = "/tmp/downhill-test-XXXXXX.tsv";
static struct session *session;
static uint32_t token;

static void say(struct spec *spec, const char *name, const char *value)
{
    struct error error = {.message = ""};
    ck_assert_msg(spec_set(spec, name, value, &error) == STATUS_OK, "%s", error.message);
}

/* With a second stage that says so besides its data. */
static void open_with(const char *layers, const char *said)
{
    struct spec spec;
    struct error error = {.message = ""};
    const struct session_options options = {.paused = true};
    char stage[128];
    snprintf(stage, sizeof stage, "answer data=%s %s", pairs_path, said);
    spec_init(&spec);
    say(&spec, "task", "README.md");
    say(&spec, "layers", layers);
    say(&spec, "width", "8");
    say(&spec, "heads", "1");
    say(&spec, "context", "16");
    say(&spec, "stage", "read");
    say(&spec, "stage", stage);
    ck_assert_msg(session_open(&session, &spec, &options, &error) == STATUS_OK, "%s", error.message);
}

static void begin(void)
{
    const int descriptor = mkstemps(pairs_path, 4);
    ck_assert_int_ge(descriptor, 0);
    FILE *file = fdopen(descriptor, "w");
    for (int i = 0; i < 20; i++)
        fprintf(file, "%d?\t%d\n", i, i + 1);
    fclose(file);
    open_with("1", "lr=0.5");
}

static void end(void)
{
    session_close(session, NULL);
    unlink(pairs_path);
    memcpy(strchr(pairs_path, '.') - 6, "XXXXXX", 6);
}

/* The answer to a command. */
static struct event tell(struct wish command)
{
    struct event event = {0};
    command.token = ++token;
    ck_assert(send_wish(session, &command));
    while (event.token != token)
        if (!session_echo(session, &event))
            session_wait(session, 1000);
    return event;
}

static struct event twin(const char *changes)
{
    struct wish command = {.name = "twin"};
    snprintf(command.text, sizeof command.text, "%s", changes);
    return tell(command);
}

START_TEST(the_next_stage_brings_its_data_and_its_objective)
{
    ck_assert_uint_eq(session_stages(session), 2);
    ck_assert_str_eq(session_stage(session, 1)->name, "answer");
    ck_assert_uint_eq(session_status(session)->stage, 0);
    ck_assert_str_eq(session_dataset(session)->name, "README.md");
    ck_assert_str_eq(session_model(session)->objective->name, "next_token");
    const double first = session_model(session)->guess.loss; /* by the tokens' shares, not ln V */
    ck_assert_double_lt(first, log((double)session_dataset(session)->classes) - 0.1);

    ck_assert_int_eq(tell((struct wish){.name = "stage"}).kind, EVENT_STAGE);
    ck_assert_uint_eq(session_status(session)->stage, 1);
    ck_assert_str_eq(session_dataset(session)->name, strrchr(pairs_path, '/') + 1);
    ck_assert_str_eq(session_model(session)->objective->name, "respond");
    ck_assert_double_gt(fabs(session_model(session)->guess.loss - first), 0.1);
    ck_assert_double_eq(session_status(session)->knobs.value[KNOB_LR], 0.5);
    ck_assert_str_eq(session_model(session)->task, "README.md");
}
END_TEST

START_TEST(a_twin_may_have_another_language_model)
{
    static const char *const changes[] = {"layers=2", "width=16 heads=2", "model=bigram", "model=mlp window=4", "tie"};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const struct event event = twin(changes[i]);
        ck_assert_msg(event.kind == EVENT_TWIN, "%s: %s", changes[i], event.label);
    }
}
END_TEST

static void refuse_twin(const char *changes, const char *said)
{
    const struct event event = twin(changes);
    ck_assert_msg(event.kind == EVENT_REFUSED, "accepted: %s", changes);
    ck_assert_msg(strstr(event.label, said), "'%s' is not in '%s'", said, event.label);
}

START_TEST(a_twin_cannot_have_what_a_text_has_not)
{
    static const struct {
        const char *changes, *said;
    } wrong[] = {
        {"hidden=8", "--hidden is for tables and toys"},
        {"heads=3", "head"},
        {"window=4", "a model of kind transformer has none"},
        {"context=8", "unknown 'context'"},
        {"label-noise=0.5", "label-noise: a text has no labels"},
        {"lr=0.1 input-noise=0.5", "input-noise: tokens are no numbers"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        refuse_twin(wrong[i].changes, wrong[i].said);
}
END_TEST

START_TEST(a_twin_goes_through_the_stages)
{
    session_close(session, NULL);
    open_with("2", "train=lora:2");
    refuse_twin("model=bigram", "stage answer: lora needs a transformer");
    refuse_twin("lora=4", "stage answer: lora 2: the model's adapters have rank 4");
    ck_assert_int_eq(twin("layers=1").kind, EVENT_TWIN);
    session_close(session, NULL);
    open_with("2", "train=last-blocks:2");
    refuse_twin("model=mlp", "stage answer: last-blocks 2: the model has 1");
    refuse_twin("layers=1", "stage answer: last-blocks 2: the model has 1");
    ck_assert_int_eq(twin("layers=3").kind, EVENT_TWIN);
    session_close(session, NULL);
    open_with("1", "dropout=0.1");
    refuse_twin("model=bigram", "stage answer: dropout: the model has no");
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("session_text");
    TCase *tcase = tcase_create("text");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, the_next_stage_brings_its_data_and_its_objective);
    tcase_add_test(tcase, a_twin_may_have_another_language_model);
    tcase_add_test(tcase, a_twin_cannot_have_what_a_text_has_not);
    tcase_add_test(tcase, a_twin_goes_through_the_stages);
    suite_add_tcase(suite, tcase);
    return suite;
}
