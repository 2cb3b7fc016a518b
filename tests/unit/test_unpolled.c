/* Sessions that nobody polls for a while: the run goes on, and all that it said is there when somebody looks. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "metrics/history.h"
#include "session/session_parts.h"
#include "suite.h"
#include "support/journeys.h"

enum { ROUNDS = 350 };

static char journal[64], replayed[64]; /* files: of a run, and of its replay */

static void make_journals(void)
{
    temporary_file(journal, sizeof journal);
    temporary_file(replayed, sizeof replayed);
}

static void remove_journals(void)
{
    unlink(journal);
    unlink(replayed);
}

/* A thousand changes of branch and more, and as many steps between them. */
static struct session *wander(void)
{
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){.journal = journal});
    for (unsigned i = 0; i < ROUNDS; i++) {
        const uint16_t branch = session_status(session)->branch;
        step(session);
        ask(session, "fork", 0, 0);
        turn(session, KNOB_LR, i % 2 ? 0.1 : 0.2);
        step(session);
        ask(session, "rewind", branch, session_status(session)->step - 1);
        step(session);
        ask(session, "fork", 0, 0);
    }
    return session;
}

/* Values of the series on the branch itself. */
static uint64_t values_of(const struct session *session, uint16_t branch, unsigned series)
{
    static struct bucket bucket[4096];
    const uint64_t from = origin_of(session, branch)->step + (parent_of(session, branch) >= 0);
    const size_t count = history_all(session_history(session), branch, series, from, UINT64_MAX, 4096, bucket);
    uint64_t values = 0;
    ck_assert_uint_le(count, 4096);
    for (size_t i = 0; i < count; i++)
        values += bucket[i].count;
    return values;
}

/* Those that the run itself and its replay both have; the number of them from *at on is 0 or 1. */
static const struct event *next_event(const struct session *session, size_t *at)
{
    while (*at < history_events(session_history(session))) {
        const struct event *event = history_event(session_history(session), (*at)++);
        if (event->kind != EVENT_END)
            return event;
    }
    return NULL;
}

static void are_the_same(const struct session *a, const struct session *b)
{
    ck_assert_uint_eq(session_branches(a), session_branches(b));
    for (uint16_t i = 0; i < session_branches(a); i++) {
        ck_assert_int_eq(parent_of(a, i), parent_of(b, i));
        ck_assert_uint_eq(origin_of(a, i)->step, origin_of(b, i)->step);
        ck_assert_uint_eq(session_branch(a, i)->last, session_branch(b, i)->last);
        ck_assert_uint_eq(session_branch(a, i)->deleted, session_branch(b, i)->deleted);
        ck_assert_uint_eq(values_of(a, i, SERIES_LOSS), values_of(b, i, SERIES_LOSS));
    }
    size_t at[2] = {0, 0};
    const struct event *event;
    while ((event = next_event(a, &at[0]))) {
        const struct event *same = next_event(b, &at[1]);
        ck_assert_ptr_nonnull(same);
        ck_assert(event->kind == same->kind && event->branch == same->branch && event->step == same->step);
        ck_assert(event->what == same->what && event->to == same->to);
    }
    ck_assert_ptr_null(next_event(b, &at[1]));
}

static void quieten(struct session *session)
{
    while (session_wait(session, 20)) {
    }
}

static size_t forks_in(const char *path)
{
    char line[256];
    size_t forks = 0;
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        forks += strstr(line, " fork") != NULL;
    fclose(file);
    return forks;
}

/* Waits until the run is through, which its journal tells: a run with a screen rests then, one without has ended. */
static void wait_unpolled(const struct session *session, bool headless)
{
    while (forks_in(replayed) < 2 * ROUNDS || (headless && !worker_finished(session->worker)))
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

START_TEST(a_thousand_changes_of_branch_need_no_consumer)
{
    const bool headless = _i == 1;
    struct spec spec;
    struct journal_facts facts;
    struct journal_script *script;
    struct session *session = wander();
    ck_assert_uint_gt(session_branches(session), 1000);
    spec_init(&spec);
    ck_assert_int_eq(journal_read(&script, journal, &spec, &facts, NULL), STATUS_OK);
    struct session *replay = open_with(
        &spec, &(struct session_options){.headless = headless, .ring = 2, .script = script, .journal = replayed});
    wait_unpolled(replay, headless);
    ck_assert_uint_eq(session_branches(replay), 1); /* nothing was taken in yet */
    while (session_status(replay)->state != SESSION_ENDED)
        session_poll(replay);
    quieten(replay);
    ck_assert_uint_eq(session_status(replay)->state_hash, session_status(session)->state_hash);
    are_the_same(session, replay);
    session_close(replay, NULL);
    session_close(session, NULL);
    journal_script_free(script);
}
END_TEST

START_TEST(progress_that_is_older_than_the_newest_event_is_ignored)
{
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){0});
    const struct session_status *status = session_status(session);
    run_to(session, 10);
    quieten(session);

    session->progress = (struct run_progress){.event = session->heard - 1, .step = 100, .walked = 0.5};
    session->moves = true;
    session_poll(session);
    ck_assert(status->step == 10 && status->walked < 0);
    ck_assert(!session->moves); /* it is not looked at again */

    session->progress.event = session->heard + 1; /* of an event that is still on its way */
    session->moves = true;
    session_poll(session);
    ck_assert(status->step == 10 && status->walked < 0);
    tell(session, (struct wish){.name = "name", .text = "now"});
    ck_assert(status->step == 100 && status->walked == 0.5);
    session_close(session, NULL);
}
END_TEST

START_TEST(an_event_waits_for_the_samples_before_it)
{
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){0});
    run_to(session, 10);
    quieten(session);
    const uint32_t heard = session->heard;
    session->samples -= 5; /* as if so many were still on their way */
    ck_assert(send_wish(session, &(struct wish){.name = "name", .text = "late"}));
    while (!session->holds)
        session_poll(session);
    session_poll(session);
    ck_assert_uint_eq(session->heard, heard);
    ck_assert_str_eq(session_branch(session, 0)->name, "1");
    session->samples += 5;
    session_poll(session);
    ck_assert_uint_eq(session->heard, heard + 1);
    ck_assert_str_eq(session_branch(session, 0)->name, "late");
    session_close(session, NULL);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("unpolled");
    TCase *tests = tcase_create("unpolled");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_journals, remove_journals);
    tcase_add_loop_test(tests, a_thousand_changes_of_branch_need_no_consumer, 0, 2);
    tcase_add_test(tests, an_event_waits_for_the_samples_before_it);
    tcase_add_test(tests, progress_that_is_older_than_the_newest_event_is_ignored);
    suite_add_tcase(suite, tests);
    return suite;
}
