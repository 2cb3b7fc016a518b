/* Takes in what the worker says: events, samples, progress, checkpoints that are on the disk.
 *
 * DESIGN.  An event comes with the number of samples sent before it.  It waits here for these, so that a branch that
 * begins inherits all that its parent knows; and no sample is taken in before an event that was sent before it, which
 * may say that the sample's branch begins.  Progress that was published after an event is shown once this event is. */
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

static void begin_branch(struct session *session, struct session_branch *branch, const struct run_event *sent)
{
    const struct event *event = &sent->event;
    branch->last = sent->origin.step;
    branch->reason = event->kind;
    branch->seed = sent->status.seed;
    branch->knobs = sent->line_knobs;
    if (event->kind == EVENT_TWIN) {
        snprintf(branch->change, sizeof branch->change, "%.*s", (int)sizeof branch->change - 1, event->label);
        snprintf(branch->name, sizeof branch->name, "%.*s", (int)sizeof branch->name - 1, event->label);
    }
    remember(session, history_begin(session->history, event->branch, &sent->origin));
}

static void take_branch(struct session *session, const struct run_event *sent)
{
    const struct event *event = &sent->event;
    const struct run_status *now = &sent->status;
    const bool is_new = event->branch >= session->branches;
    struct session_branch *branch = session_branch_at(session, event->branch);
    if (!branch) {
        remember(session, false);
        return;
    }
    if (is_new && event_table[event->kind].begins != EVENT_BEGINS_NOTHING)
        begin_branch(session, branch, sent);
    else if (event->kind == EVENT_ARRIVED || event->kind == EVENT_DIVERGED)
        branch->knobs = sent->line_knobs; /* as they were turned on the way */
    if (event->kind == EVENT_NAMED)
        snprintf(branch->name, sizeof branch->name, "%.*s", (int)sizeof branch->name - 1, event->label);
    if (event->kind == EVENT_DELETED) {
        branch->deleted = true;
        history_forget(session->history, event->branch);
    }
    if (sent->left >= 0 && (size_t)sent->left < session->branches) {
        struct session_branch *left = &session->branch[sent->left];
        left->last = sent->left_step > left->last ? sent->left_step : left->last;
        left->deleted |= sent->left_empty;
    }
    branch = session_branch_at(session, now->branch);
    if (!branch)
        return;
    branch->knobs = now->knobs;
    if (now->step > branch->last)
        branch->last = now->step;
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

static void take_shown(struct session *session, const struct run_event *sent)
{
    struct session_status *status = &session->status;
    const struct run_status *now = &sent->status;
    if (now->scrubbing)
        status->shown = (struct session_shown){
            .scrubbing = true,
            .branch = now->shown_branch,
            .step = now->shown_step,
            .exact = true,
            .knobs = now->shown_knobs,
        };
    else if (!status->shown.scrubbing || sent->event.kind != EVENT_REFUSED) /* a look that was given up for another */
        show_present(status);
}

static void take_best(struct session_status *status, const struct run_best *best)
{
    if (!isfinite(best->loss))
        return;
    status->best_test_loss = best->loss;
    status->best_step = best->step;
    status->misses = best->misses;
}

static void take_status(struct session *session, const struct run_status *now)
{
    struct session_status *status = &session->status;
    if (now->branch != status->branch) {
        status->ghost = status->branch;
        status->branch = now->branch;
        status->best_test_loss = NAN;
        status->best_step = 0;
        status->misses = 0;
        meter_reset(&session->meter);
    }
    if (now->state != status->state)
        meter_reset(&session->meter);
    status->state = now->state;
    status->step = now->step;
    status->epoch = now->epoch;
    status->seed = now->seed;
    status->knobs = now->knobs;
    status->rival = now->rival;
    take_best(status, &now->best);
    if (now->stage != status->stage)
        session_take_stage(session, now->stage);
    if (!now->walking)
        status->walked = -1;
    if (!now->catching_up)
        status->caught_up = -1;
    status->replaying = now->replaying;
    status->state_hash = now->state_hash;
    session->memory = now->memory;
    session->last_said |= now->ended;
    session->moved = true;
    remember(session, !now->lost);
}

static void take_event(struct session *session, const struct run_event *sent)
{
    const struct event *event = &sent->event;
    session_take_model(session, &sent->status.model);
    take_branch(session, sent);
    take_status(session, &sent->status);
    take_shown(session, sent);
    if (event->kind == EVENT_SAVED) /* taken, not yet on the disk: what came of it is said then */
        return;
    if (sent->kept)
        remember(session, history_push_event(session->history, event));
    if (event->kind == EVENT_REFUSED && !sent->answer)
        session_warn(session, event->label);
    keep_echo(session, event);
}

/* Takes the events that no sample has to be taken before. */
static bool take_events(struct session *session)
{
    bool any = false;
    for (;;) {
        if (!session->holds)
            session->holds = worker_next_event(session->worker, &session->held);
        if (!session->holds || session->held.samples > session->samples)
            return any;
        take_event(session, &session->held);
        session->heard = session->held.number;
        session->holds = false;
        any = true;
    }
}

static void take_sample(struct session *session, const struct bucket *sample)
{
    session->samples++;
    if (sample->branch >= session->branches) /* without memory for the branch */
        return;
    /* Of the present branch progress tells: a curve has the step that diverged too. */
    struct session_branch *branch = &session->branch[sample->branch];
    if (sample->branch != session->status.branch && sample->last_step > branch->last)
        branch->last = sample->last_step;
    remember(session, history_push(session->history, sample));
    if (session->options.spool)
        spool_take(session->options.spool, sample);
}

/* Takes samples and events in the order in which they were sent.  True when there were samples; *any when there was
 * anything. */
static bool take_news(struct session *session, bool *any)
{
    struct bucket samples[SAMPLES_AT_ONCE];
    size_t taken = 0, count;
    *any = take_events(session);
    do {
        count = worker_samples(session->worker, samples, SAMPLES_AT_ONCE);
        for (size_t i = 0; i < count; i++) {
            *any |= take_events(session); /* what was sent before a sample that is here is here, too */
            take_sample(session, &samples[i]);
        }
        *any |= take_events(session);
        taken += count;
    } while (count > 0 && taken < SAMPLES_PER_POLL);
    *any |= taken > 0;
    return taken > 0;
}

void session_take_rest(struct session *session)
{
    bool any;
    while (take_news(session, &any)) {
    }
}

static void show_progress(struct session *session)
{
    struct session_status *status = &session->status;
    const struct run_progress *now = &session->progress;
    /* A difference, since numbers wrap. */
    const uint32_t ahead = now->event - session->heard;
    if (!session->moves || (ahead > 0 && ahead <= UINT32_MAX / 2))
        return;
    session->moves = false;
    if (ahead > 0 || status->branch >= session->branches)
        return;
    status->walked = now->walked;
    status->caught_up = now->caught_up;
    take_best(status, &now->best);
    if (now->step > status->step) {
        status->step = session->branch[status->branch].last = now->step;
        status->epoch = now->epoch;
        if (!status->shown.scrubbing)
            status->shown.step = now->step;
        session->moved = true;
    }
    if (now->looking) {
        status->shown = (struct session_shown){
            .scrubbing = true,
            .branch = now->shown_branch,
            .step = now->shown_step,
            .knobs = status->shown.knobs,
        };
        session->moved = true;
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
    worker_request_frame(session->worker, FRAME_PARAMETERS);
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
    bool any;
    /* Before the rings: what was sent before the progress is in them. */
    const bool moved = worker_progress(session->worker, &session->progress);
    session->moves |= moved;
    const bool samples = take_news(session, &any);
    any |= moved;
    show_progress(session);
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
