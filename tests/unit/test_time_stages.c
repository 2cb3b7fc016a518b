/* Stages of a run, and ways through time that cross their borders: the bits are those of the straight way. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "session/session.h"
#include "setup/spec_field.h"
#include "suite.h"
#include "support/sequences.h"

static char text[40], pairs[48];

static void write_files(void)
{
    static const char *const who[] = {"owl", "fox", "hen", "cat", "dog", "emu"};
    temporary_file(text, sizeof text);
    snprintf(pairs, sizeof pairs, "%s.tsv", text);
    FILE *file = fopen(text, "w");
    for (int i = 0; i < 300; i++)
        fprintf(file, "the %s sees the %s and runs.\n", who[i % 6], who[i / 6 % 6]);
    fclose(file);
    file = fopen(pairs, "w");
    for (int i = 0; i < 60; i++)
        fprintf(file, "who %d?\t%s!\n", i, who[i % 6]);
    fclose(file);
}

static void remove_text(void)
{
    unlink(text);
    unlink(pairs);
}

static void say(struct spec *spec, const char *name, const char *value)
{
    struct error error = {.message = ""};
    ck_assert_msg(spec_set(spec, name, value, &error) == STATUS_OK, "%s", error.message);
}

/* A small transformer on the text, with these stages; NULL ends them. */
static struct session *open_stages(const char *const *stage, const struct session_options *options)
{
    struct spec spec;
    spec_init(&spec);
    say(&spec, "task", text);
    say(&spec, "model", "transformer");
    say(&spec, "layers", "2");
    say(&spec, "width", "16");
    say(&spec, "heads", "2");
    say(&spec, "context", "12");
    say(&spec, "merges", "20");
    for (; *stage; stage++)
        say(&spec, "stage", *stage);
    return open_with(&spec, options);
}

static char answers[120];
static const char *on_pairs(const char *more)
{
    snprintf(answers, sizeof answers, "answers objective=respond data=%s %s", pairs, more);
    return answers;
}

/* 30 steps on the text, then a second stage on it that a person ends, then the pairs. */
static struct session *open_course(const struct session_options *options)
{
    return open_stages((const char *const[]){"first steps=30 batch=4", "second lr=0.001",
                                             on_pairs("batch=6 train=last-blocks:1"), NULL},
                       options);
}

static void next_stage(struct session *session, const char *name)
{
    const struct event event = tell(session, (struct wish){.name = "stage"});
    ck_assert_int_eq(event.kind, EVENT_STAGE);
    ck_assert_str_eq(event.label, name);
}

START_TEST(back_over_the_borders_of_stages)
{
    write_files();
    struct session *session = open_course(&(struct session_options){.paused = true});
    ck_assert_uint_eq(session_stages(session), 3);
    run_to(session, 20);
    const uint64_t at_20 = hash_of(session);
    run_to(session, 45);
    ck_assert_uint_eq(session_status(session)->stage, 1);
    ck_assert_double_eq(session_status(session)->knobs.value[KNOB_LR], 0.001);
    const uint64_t at_45 = hash_of(session);
    next_stage(session, "answers");
    run_to(session, 60);
    ck_assert_uint_eq(session_status(session)->stage, 2);
    ck_assert_double_eq(session_status(session)->knobs.value[KNOB_BATCH], 6);
    const uint64_t at_60 = hash_of(session);
    ck_assert(isfinite(history_last(session_history(session), 0, SERIES_OLD_LOSS)->last));
    ck_assert_int_eq(tell(session, (struct wish){.name = "stage"}).kind, EVENT_REFUSED);

    ck_assert_int_eq(tell(session, (struct wish){.name = "rewind", .branch = 0, .number = 45}).kind, EVENT_REWIND);
    ck_assert_uint_eq(session_status(session)->stage, 1);
    ck_assert_uint_eq(hash_of(session), at_45);
    next_stage(session, "answers");
    run_to(session, 60);
    ck_assert_uint_eq(hash_of(session), at_60);
    ck_assert_int_eq(tell(session, (struct wish){.name = "rewind", .branch = 0, .number = 20}).kind, EVENT_REWIND);
    ck_assert_uint_eq(session_status(session)->stage, 0);
    ck_assert_uint_eq(hash_of(session), at_20);
    ck_assert_ptr_eq(session_dataset(session), session_stage(session, 0)->dataset);
    run_to(session, 45);
    ck_assert_uint_eq(hash_of(session), at_45);
    ck_assert(session_close(session, NULL));
    remove_text();
}
END_TEST

START_TEST(a_replay_goes_on_to_the_next_stage_at_the_same_step)
{
    char journal[40];
    write_files();
    temporary_file(journal, sizeof journal);
    struct session *session = open_course(&(struct session_options){.paused = true, .journal = journal});
    run_to(session, 40);
    next_stage(session, "answers");
    run_to(session, 55);
    tell(session, (struct wish){.name = "knob", .knob = KNOB_LR, .value = 0.002});
    run_to(session, 70);
    const uint64_t end = hash_of(session);
    ck_assert(session_close(session, NULL));
    ck_assert_uint_eq(replay_hash(journal), end);
    unlink(journal);
    remove_text();
}
END_TEST

/* The pairs for weights that have learnt nothing, beside the run on the same steps; it can be gone to. */
START_TEST(a_scratch_twin_begins_where_the_stage_did)
{
    write_files();
    struct session *session = open_course(&(struct session_options){.paused = true});
    run_to(session, 10);
    /* Of a stage that began from scratch it would be the very same run. */
    struct event event = tell(session, (struct wish){.name = "twin", .text = "scratch"});
    ck_assert_int_eq(event.kind, EVENT_REFUSED);
    ck_assert_str_eq(event.label, "this is the run from scratch: the command stage begins its next one");
    ck_assert_uint_eq(session_branches(session), 1);
    run_to(session, 40);
    next_stage(session, "answers");
    run_to(session, 80);
    event = tell(session, (struct wish){.name = "twin", .text = "scratch"});
    ck_assert_int_eq(event.kind, EVENT_TWIN);
    ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = 1}).kind, EVENT_SWITCH);
    ck_assert_uint_eq(session_status(session)->step, 80);
    ck_assert_uint_eq(session_status(session)->stage, 2);
    ck_assert_uint_eq(origin_of(session, 1)->step, 40);
    struct bucket bucket[40];
    const size_t count = history_recent(session_history(session), 1, SERIES_TEST_LOSS, 40, bucket);
    ck_assert_uint_gt(count, 3);
    ck_assert_uint_eq(bucket[0].first_step, 40);
    ck_assert_double_gt((double)bucket[0].last,
                        (double)history_last(session_history(session), 0, SERIES_TEST_LOSS)->last);
    const uint64_t at_80 = hash_of(session);
    run_to(session, 90);
    ck_assert_int_eq(tell(session, (struct wish){.name = "rewind", .branch = 1, .number = 80}).kind, EVENT_REWIND);
    ck_assert_uint_eq(hash_of(session), at_80);
    /* Again is the scratch start, where its stage began. */
    ck_assert_int_eq(tell(session, (struct wish){.name = "restart"}).kind, EVENT_RESTART);
    tell(session, (struct wish){.name = "pause"});
    ck_assert_uint_eq(origin_of(session, session_status(session)->branch)->step, 40);
    if (session_status(session)->step < 80)
        run_to(session, 80);
    ck_assert_uint_eq(session_status(session)->stage, 2);
    ck_assert(session_close(session, NULL));
    remove_text();
}
END_TEST

/* The step at which a stage ends by its loss is that at which the loss was met, whatever follows. */
START_TEST(a_loss_ends_a_last_stage_where_it_ends_any)
{
    uint64_t end[2];
    write_files();
    for (int last = 0; last < 2; last++) {
        const char *const stages[] = {"first loss=4.5 batch=4", last ? NULL : "second lr=0.001", NULL};
        struct session *session = open_stages(stages, &(struct session_options){.paused = true});
        if (last) {
            tell(session, (struct wish){.name = "go"});
            while (session_status(session)->state == SESSION_RUNNING)
                session_wait(session, 20);
            ck_assert_int_eq(session_status(session)->state, SESSION_ENDED);
            end[last] = session_status(session)->step;
        } else {
            run_to(session, 60);
            ck_assert_uint_eq(session_status(session)->stage, 1);
            end[last] = 0;
            for (size_t i = 0; i < history_events(session_history(session)); i++)
                if (history_event(session_history(session), i)->kind == EVENT_STAGE)
                    end[last] = history_event(session_history(session), i)->step;
        }
        ck_assert(session_close(session, NULL));
    }
    ck_assert_uint_gt(end[0], 1);
    ck_assert_uint_eq(end[0], end[1]);
    remove_text();
}
END_TEST

/* In a stage of few rows a twin of the whole run still begins with the first one's batch; an inherited batch is cut to
 * the rows there are. */
/* A rate so low that no check is better by enough: the second miss ends the stage, here and on any way back over that
 * step. */
START_TEST(early_stopping_ends_a_stage_and_the_run_goes_on)
{
    write_files();
    struct session *session = open_stages((const char *const[]){"first batch=4 lr=1e-12 early-stop=on patience=2",
                                                                on_pairs("batch=6 early-stop=off steps=20"), NULL},
                                          &(struct session_options){.paused = true});
    ck_assert_int_eq(tell(session, (struct wish){.name = "go"}).kind, EVENT_GO);
    while (session_status(session)->state == SESSION_RUNNING)
        session_wait(session, 50);
    ck_assert_int_eq(session_status(session)->state, SESSION_ENDED);
    ck_assert_uint_eq(session_status(session)->stage, 1);
    const uint64_t end = session_status(session)->step, hash = hash_of(session);
    ck_assert_uint_gt(end, 21);
    const struct history *history = session_history(session);
    size_t stopped = 0, begun = 0, over = 0;
    for (size_t i = 0; i < history_events(history); i++) {
        const struct event *event = history_event(history, i);
        stopped += event->kind == EVENT_EARLY_STOP && event->step == end - 20;
        begun += event->kind == EVENT_STAGE && event->step == end - 20;
        over += event->kind == EVENT_END && event->what == EVENT_END_OF_STAGES;
    }
    ck_assert_uint_eq(stopped, 1);
    ck_assert_uint_eq(begun, 1);
    ck_assert_uint_eq(over, 1);
    ck_assert_int_eq(tell(session, (struct wish){.name = "rewind", .branch = 0, .number = end - 21}).kind,
                     EVENT_REWIND);
    ck_assert_uint_eq(session_status(session)->stage, 0);
    run_to(session, end);
    ck_assert_uint_eq(session_status(session)->stage, 1);
    ck_assert_uint_eq(hash_of(session), hash);
    ck_assert(session_close(session, NULL));
    remove_text();
}
END_TEST

START_TEST(a_batch_is_cut_to_the_rows_of_its_own_stage)
{
    write_files();
    struct session *session = open_stages((const char *const[]){"first batch=100 steps=5", on_pairs("steps=50"), NULL},
                                          &(struct session_options){.paused = true});
    run_to(session, 8);
    const double rows = (double)session_dataset(session)->train;
    ck_assert_double_lt(rows, 100);
    ck_assert_double_eq(session_status(session)->knobs.value[KNOB_BATCH], rows);
    ck_assert_int_eq(tell(session, (struct wish){.name = "twin", .text = "seed=7"}).kind, EVENT_TWIN);
    ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = 1}).kind, EVENT_SWITCH);
    ck_assert_int_eq(tell(session, (struct wish){.name = "rewind", .branch = 1, .number = 2}).kind, EVENT_REWIND);
    ck_assert_double_eq(session_status(session)->knobs.value[KNOB_BATCH], 100);
    ck_assert(session_close(session, NULL));
    remove_text();
}
END_TEST

START_TEST(twins_are_simpler_models_of_the_same_text)
{
    static const struct {
        const char *change, *architecture;
    } twins[] = {{"model=bigram", "bigram"}, {"model=mlp window=3", "mlp of 3"}, {"layers=1 width=32", "1×32"}};
    write_files();
    struct session *session =
        open_stages((const char *const[]){"first steps=30 batch=4", "second lr=0.001", on_pairs("batch=6"), NULL},
                    &(struct session_options){.paused = true});
    run_to(session, 35);
    for (uint16_t i = 0; i < 3; i++) {
        struct wish command = {.name = "twin"};
        snprintf(command.text, sizeof command.text, "%s", twins[i].change);
        ck_assert_int_eq(tell(session, command).kind, EVENT_TWIN);
        ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = (uint16_t)(i + 1)}).kind,
                         EVENT_SWITCH);
        ck_assert_uint_eq(session_status(session)->step, 35);
        ck_assert_ptr_nonnull(strstr(session_model(session)->architecture, twins[i].architecture));
        ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = 0}).kind, EVENT_SWITCH);
    }
    static const char *const wrong[] = {"hidden=8", "heads=5", "layers=0", "model=tree"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct wish command = {.name = "twin"};
        snprintf(command.text, sizeof command.text, "%s", wrong[i]);
        ck_assert_int_eq(tell(session, command).kind, EVENT_REFUSED);
    }
    ck_assert(session_close(session, NULL));
    /* A model without blocks cannot go through a stage that trains the last of them. */
    session = open_course(&(struct session_options){.paused = true});
    ck_assert_int_eq(tell(session, (struct wish){.name = "twin", .text = "model=bigram"}).kind, EVENT_REFUSED);
    ck_assert(session_close(session, NULL));
    remove_text();
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("time_stages");
    TCase *cases = tcase_create("time_stages");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, back_over_the_borders_of_stages);
    tcase_add_test(cases, a_replay_goes_on_to_the_next_stage_at_the_same_step);
    tcase_add_test(cases, a_scratch_twin_begins_where_the_stage_did);
    tcase_add_test(cases, a_loss_ends_a_last_stage_where_it_ends_any);
    tcase_add_test(cases, early_stopping_ends_a_stage_and_the_run_goes_on);
    tcase_add_test(cases, a_batch_is_cut_to_the_rows_of_its_own_stage);
    tcase_add_test(cases, twins_are_simpler_models_of_the_same_text);
    suite_add_tcase(suite, cases);
    return suite;
}
