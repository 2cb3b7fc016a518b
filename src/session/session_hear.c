/* Taking in what the worker says: echoes, samples, checkpoints that are on the disk. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "session/session_parts.h"
#include "store/sink.h"

#define SAMPLES_AT_ONCE  256
#define SAMPLES_PER_POLL 65536 /* a poll ends, however fast they come */
#define WAIT_SLICE_NS    2000000u

static void remember(struct session *session, bool kept)
{
    if (!kept && !session->warned_memory) {
        session->warned_memory = true;
        session_warn(session, "out of memory: the curves have gaps from here on");
    }
}

static void keep_echo(struct session *session, const struct event *event)
{
    if (session->echoes == ECHOES_KEPT) {
        session->echo_first = (session->echo_first + 1) % ECHOES_KEPT;
        session->echoes--;
    }
    session->echo[(session->echo_first + session->echoes++) % ECHOES_KEPT] = *event;
}

struct session_branch *session_branch_at(struct session *session, uint16_t number)
{
    if (number < session->branches)
        return &session->branch[number];
    if (session->branches == session->branch_room) {
        const size_t room = session->branch_room ? 2 * session->branch_room : 8;
        struct session_branch *larger = mem_resize(session->branch, session->branch_room, room, sizeof *larger);
        if (!larger)
            return NULL;
        session->branch = larger;
        session->branch_room = room;
    }
    struct session_branch *branch = &session->branch[session->branches++];
    *branch = (struct session_branch){.hidden = false};
    snprintf(branch->name, sizeof branch->name, "%zu", session->branches);
    return branch;
}

static void begin_branch(struct session *session, struct session_branch *branch, const struct worker_echo *echo)
{
    branch->last = echo->origin.step;
    branch->reason = echo->event.kind;
    branch->seed = echo->seed;
    branch->knobs = echo->line_knobs;
    if (echo->event.kind == EVENT_TWIN) {
        snprintf(branch->change, sizeof branch->change, "%.*s", (int)sizeof branch->change - 1, echo->event.label);
        snprintf(branch->name, sizeof branch->name, "%.*s", (int)sizeof branch->name - 1, echo->event.label);
    }
    remember(session, history_begin(session->history, echo->event.branch, &echo->origin));
}

static void take_branch(struct session *session, const struct worker_echo *echo)
{
    const struct event *event = &echo->event;
    const bool is_new = event->branch >= session->branches;
    struct session_branch *branch = session_branch_at(session, event->branch);
    if (!branch) {
        remember(session, false);
        return;
    }
    if (is_new && event_table[event->kind].begins != EVENT_BEGINS_NOTHING)
        begin_branch(session, branch, echo);
    else if (event->kind == EVENT_ARRIVED || event->kind == EVENT_DIVERGED)
        branch->knobs = echo->line_knobs; /* as they were turned on the way */
    if (event->kind == EVENT_NAMED)
        snprintf(branch->name, sizeof branch->name, "%.*s", (int)sizeof branch->name - 1, event->label);
    if (event->kind == EVENT_DELETED) {
        branch->deleted = true;
        history_forget(session->history, event->branch);
    }
    if (echo->dropped >= 0 && (size_t)echo->dropped < session->branches)
        session->branch[echo->dropped].deleted = true;
    branch = session_branch_at(session, echo->branch);
    if (!branch)
        return;
    branch->knobs = echo->knobs;
    if (echo->step > branch->last)
        branch->last = echo->step;
}

static void show_present(struct session_status *status)
{
    status->shown = (struct session_shown){
        .branch = status->branch,
        .step = status->step,
        .exact = true,
        .knobs = status->knobs,
    };
}

static void take_shown(struct session *session, const struct worker_echo *echo)
{
    struct session_status *status = &session->status;
    if (echo->scrubbing)
        status->shown = (struct session_shown){
            .scrubbing = true,
            .branch = echo->shown.branch,
            .step = echo->shown.step,
            .exact = true,
            .knobs = echo->shown_knobs,
        };
    else if (!status->shown.scrubbing || echo->event.kind != EVENT_REFUSED) /* a look that was given up for another */
        show_present(status);
}

static void take_echo(struct session *session, const struct worker_echo *echo)
{
    struct session_status *status = &session->status;
    const struct event *event = &echo->event;
    session_take_model(session, &echo->model);
    take_branch(session, echo);
    if (echo->branch != status->branch) {
        status->ghost = status->branch;
        status->branch = echo->branch;
        status->best_test_loss = NAN;
        status->best_step = 0;
        status->misses = 0;
        meter_reset(&session->meter);
    }
    if (echo->state != status->state)
        meter_reset(&session->meter);
    status->state = echo->state;
    status->step = echo->step;
    status->epoch = echo->epoch;
    status->seed = echo->seed;
    status->knobs = echo->knobs;
    status->rival = echo->rival;
    if (echo->stage != status->stage)
        session_take_stage(session, echo->stage);
    if (!echo->walking) /* the sample that says so may have had no room */
        status->walked = -1;
    status->replaying = echo->replaying;
    status->state_hash = echo->state_hash;
    take_shown(session, echo);
    session->memory = echo->memory;
    session->last_said |= echo->ended;
    session->moved = true;
    if (event->kind == EVENT_SAVED) /* taken, not yet on the disk: what came of it is said then */
        return;
    if (echo->kept)
        remember(session, history_push_event(session->history, event));
    if (event->kind == EVENT_REFUSED && !echo->answer)
        session_warn(session, event->label);
    keep_echo(session, event);
}

static bool take_samples(struct session *session);

static void take_held(struct session *session)
{
    if (!session->holds)
        return;
    const struct worker_echo echo = session->held;
    session->holds = false;
    take_echo(session, &echo);
    session->heard++;
}

/* No more of them than it takes to know the branch: all samples from before the next one are in. */
static void take_echoes_until(struct session *session, uint16_t branch)
{
    if (branch >= session->branches)
        take_held(session);
    while (branch >= session->branches && worker_next_echo(session->worker, &session->held)) {
        session->holds = true;
        take_held(session);
    }
}

/* A branch inherits what its parent knows when it begins, so that all samples from before come first. */
static bool take_echoes(struct session *session)
{
    bool any = false;
    while (!session->holds && worker_next_echo(session->worker, &session->held)) {
        const struct event *event = &session->held.event;
        session->holds = true;
        if (event->branch >= session->branches && event_table[event->kind].begins != EVENT_BEGINS_NOTHING)
            take_samples(session);
        take_held(session);
        any = true;
    }
    return any;
}

static void take_progress(struct session *session, const struct bucket *sample)
{
    struct session_status *status = &session->status;
    if (sample->branch != status->branch || sample->last_step <= status->step)
        return;
    status->step = sample->last_step;
    status->epoch = sample->sum;
    session->branch[sample->branch].last = status->step;
    if (!status->shown.scrubbing)
        status->shown.step = status->step;
    session->moved = true;
}

static void take_sample(struct session *session, const struct bucket *sample)
{
    struct session_status *status = &session->status;
    /* That a branch begins is said before anything comes from it, on another way. */
    take_echoes_until(session, sample->branch);
    if (sample->branch >= session->branches)
        return;
    switch (sample->series) {
    case WORKER_SAMPLE_PROGRESS:
        take_progress(session, sample);
        break;
    case WORKER_SAMPLE_BEST:
        if (sample->branch == status->branch) {
            status->best_test_loss = sample->sum;
            status->best_step = sample->first_step;
            status->misses = sample->count;
        }
        break;
    case WORKER_SAMPLE_WALK:
        status->walked = sample->sum;
        break;
    case WORKER_SAMPLE_SHOWN:
        if (sample->count != session->heard)
            break;
        status->shown = (struct session_shown){
            .scrubbing = true,
            .branch = sample->branch,
            .step = sample->last_step,
            .knobs = status->shown.knobs,
        };
        session->moved = true;
        break;
    default:
        /* Of the present branch progress tells: a curve has the step that diverged too. */
        if (sample->branch != status->branch && sample->last_step > session->branch[sample->branch].last)
            session->branch[sample->branch].last = sample->last_step;
        remember(session, history_push(session->history, sample));
        if (session->options.spool)
            spool_take(session->options.spool, sample);
        break;
    }
}

static bool take_samples(struct session *session)
{
    struct bucket samples[SAMPLES_AT_ONCE];
    size_t taken = 0, count;
    do {
        count = worker_samples(session->worker, samples, SAMPLES_AT_ONCE);
        for (size_t i = 0; i < count; i++)
            take_sample(session, &samples[i]);
        taken += count;
    } while (count > 0 && taken < SAMPLES_PER_POLL);
    return taken > 0;
}

void session_take_rest(struct session *session)
{
    take_echoes(session);
    while (take_samples(session)) {
    }
}

static void measure_speed(struct session *session)
{
    struct session_status *status = &session->status;
    if (status->state == SESSION_RUNNING) {
        if (meter_last(&session->meter) != status->step)
            meter_add(&session->meter, clock_now(), status->step);
        status->steps_per_second = meter_rate(&session->meter);
    } else
        status->steps_per_second = 0;
}

static void ask_for_picture(struct session *session)
{
    if (!session->painter || !session->wanted || !session->moved)
        return;
    const uint64_t now = clock_now();
    if (now - session->picture_asked < session->picture_period || !painter_request(session->painter, &session->request))
        return;
    session->picture_asked = now;
    session->moved = false;
    worker_request_frame(session->worker);
}

static bool poll_keeper(struct session *session)
{
    struct event event;
    if (!keeper_poll(session->keeper, session->worker, &event))
        return false;
    event.branch = session->status.branch;
    event.step = session->status.step;
    if (event.token == 0)
        session->status.lost[SESSION_CHECKPOINT] = event.kind == EVENT_REFUSED;
    if (event.token != 0)
        keep_echo(session, &event);
    else if (event.kind == EVENT_REFUSED)
        session_warn(session, event.label);
    return true;
}

/* Log and journal, which other threads write. */
static void hear_outputs(struct session *session)
{
    const char *log = session->sink ? sink_warning(session->sink) : NULL;
    const char *journal = session->journal ? journal_warning(session->journal) : NULL;
    session->status.lost[SESSION_LOG] = log != NULL;
    session->status.lost[SESSION_JOURNAL] = journal != NULL;
    if (log && !session->warned_sink)
        session->warned_sink = session_warn(session, log);
    if (journal && !session->warned_journal)
        session->warned_journal = session_warn(session, journal);
}

bool session_poll(struct session *session)
{
    /* Looked at before the rings are: nothing can come after what is in them then. */
    const bool finished = worker_finished(session->worker);
    bool any = take_echoes(session);
    const bool samples = take_samples(session);
    any |= samples;
    any |= poll_keeper(session);
    measure_speed(session);
    if (samples && !session->options.headless)
        session_watch_rate(session);
    hear_outputs(session);
    if (finished && session->last_said && !samples && !session->status.ended) {
        session->status.ended = true;
        any = true;
    }
    if (session->painter && painter_take(session->painter))
        any = true;
    ask_for_picture(session);
    return any;
}

bool session_wait(struct session *session, unsigned milliseconds)
{
    const uint64_t begin = clock_now(), most = (uint64_t)milliseconds * 1000000u;
    for (;;) {
        if (session_poll(session))
            return true;
        const uint64_t waited = clock_now() - begin;
        if (waited >= most)
            return false;
        const uint64_t left = most - waited;
        nanosleep(&(struct timespec){.tv_nsec = (long)(left < WAIT_SLICE_NS ? left : WAIT_SLICE_NS)}, NULL);
    }
}
