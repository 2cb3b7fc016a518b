/* Runs that go back and forth in time, for tests, and replays of them. */
#ifndef TESTS_SUPPORT_JOURNEYS_H
#define TESTS_SUPPORT_JOURNEYS_H

#include <stdio.h>

#include "support/sequences.h"

#define FAR 60000 /* steps: without snapshots a walk so far is still under way when the next command comes */

static inline struct session *open_as(struct spec spec, struct session_options options)
{
    options.paused = true;
    return open_with(&spec, &options);
}

static inline struct event ask(struct session *session, const char *kind, uint16_t branch, uint64_t step)
{
    return tell(session, (struct wish){.name = kind, .branch = branch, .number = step});
}

/* The end of a run of so many steps that nobody disturbed. */
static inline uint64_t straight(const char *task, uint64_t steps)
{
    struct session *session = open_as(spec_of(task, 0, 0), (struct session_options){0});
    run_to(session, steps);
    const uint64_t hash = hash_of(session);
    session_close(session, NULL);
    return hash;
}

/* Sends all of them at once and waits for their answers, which come once each; kinds[i] is that of the i-th. */
static inline void tell_all(struct session *session, const struct wish *commands, size_t count, enum event_kind *kinds)
{
    size_t answers[8] = {0}, missing = count;
    struct event event;
    ck_assert_uint_le(count, sizeof answers / sizeof answers[0]);
    for (size_t i = 0; i < count; i++) {
        struct wish command = commands[i];
        command.token = (uint32_t)(100 + i);
        ck_assert(send_wish(session, &command));
    }
    while (missing > 0) {
        session_wait(session, 50);
        while (session_echo(session, &event))
            if (event.token >= 100 && event.token < 100 + count) {
                missing -= answers[event.token - 100]++ == 0;
                kinds[event.token - 100] = event.kind;
            }
    }
    tell(session, (struct wish){.name = "name", .text = "after all"});
    while (session_echo(session, &event))
        ck_assert_uint_lt(event.token, 100);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(answers[i], 1);
}

static inline struct event turn(struct session *session, enum knob_id knob, double value)
{
    return tell(session, (struct wish){.name = "knob", .knob = knob, .value = value});
}

static inline struct event twin(struct session *session, const char *text)
{
    struct wish command = {.name = "twin"};
    snprintf(command.text, sizeof command.text, "%s", text);
    return tell(session, command);
}

struct replay {
    struct spec spec;
    struct journal_facts facts;
    struct journal_script *script;
    struct session *session;
};

static inline void open_replay(struct replay *replay, const char *journal)
{
    spec_init(&replay->spec);
    ck_assert_int_eq(journal_read(&replay->script, journal, &replay->spec, &replay->facts, NULL), STATUS_OK);
    replay->session = open_as(replay->spec, (struct session_options){.script = replay->script});
}

static inline void close_replay(struct replay *replay)
{
    ck_assert(session_close(replay->session, NULL));
    journal_script_free(replay->script);
}

static inline void step(struct session *session)
{
    tell(session, (struct wish){.name = "step"});
    while (session_status(session)->state == SESSION_RUNNING)
        session_wait(session, 50);
}

#endif
