/* Sessions with their real threads, for tests: opening, telling, waiting.  Nothing here depends on how fast the machine
 * is. */
#ifndef TESTS_SUPPORT_SESSIONS_H
#define TESTS_SUPPORT_SESSIONS_H

#include <check.h>

#include "base/mem.h"
#include "session/session.h"
#include "support/wishes.h"

static inline void give(struct spec *spec, enum knob_id knob, double value)
{
    spec->knob_given[knob] = true;
    spec->knobs.value[knob] = value;
}

static inline struct spec spec_of(const char *task, uint64_t steps, double speed)
{
    struct spec spec;
    spec_init(&spec);
    spec.task = mem_string(task);
    spec.steps = steps;
    give(&spec, KNOB_SPEED, speed);
    return spec;
}

static inline struct session *open_with(struct spec *spec, const struct session_options *options)
{
    struct session *session = NULL;
    struct error error = {0};
    ck_assert_msg(session_open(&session, spec, options, &error) == STATUS_OK, "%s", error.message);
    return session;
}

static inline const struct forest_origin *origin_of(const struct session *session, uint16_t branch)
{
    return forest_origin(history_forest(session_history(session)), branch);
}

/* -1: the branch has a start of its own. */
static inline int parent_of(const struct session *session, uint16_t branch)
{
    const struct forest_origin *origin = origin_of(session, branch);
    return origin->grown ? origin->parent : -1;
}

static inline struct session *open_plain(struct spec spec)
{
    return open_with(&spec, &(struct session_options){0});
}

static inline void wait_for(struct session *session, enum session_state state)
{
    while (session_status(session)->state != state)
        session_wait(session, 50);
    /* The samples of it are in when nothing more arrives. */
    while (session_wait(session, 20))
        continue;
}

/* Sends, as soon as there is room, and waits for the answer. */
static inline struct event tell(struct session *session, struct wish command)
{
    static const uint32_t token = 4242;
    struct event event;
    command.token = token;
    while (!send_wish(session, &command))
        session_wait(session, 5);
    for (;;) {
        while (session_echo(session, &event))
            if (event.token == token)
                return event;
        session_wait(session, 50);
    }
}

/* To that step, and paused there. */
static inline void run_to(struct session *session, uint64_t step)
{
    const struct event event = tell(session, (struct wish){.name = "until", .number = step});
    ck_assert_msg(event.kind == EVENT_GO, "%s", event.label);
    while (session_status(session)->state == SESSION_RUNNING)
        session_wait(session, 50);
    ck_assert_uint_eq(session_status(session)->step, step);
}

/* Of the whole state. */
static inline uint64_t hash_of(const struct session *session)
{
    ck_assert_uint_ne(session_status(session)->state_hash, 0);
    return session_status(session)->state_hash;
}

#endif
