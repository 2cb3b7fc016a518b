/* Runs the worker thread: its loop of commands and steps, and its pace. */
#include "engine/worker.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "engine/slice.h"
#include "engine/worker_parts.h"

#define SAMPLES_USUAL  65536
#define COMMANDS_USUAL 256

#define RETRY_NS 5000000u /* until a full ring is tried again */

void worker_flush_step(struct worker *worker, struct pending *pending)
{
    while (!channel_send(worker->channel, pending) && worker->exact && !worker->dismissed) {
        bell_wait(&worker->bell, RETRY_NS);
        worker_listen(worker);
    }
}

void worker_note(struct worker *worker, const char *label)
{
    const size_t length = strlen(worker->heard);
    if (worker->sink)
        snprintf(worker->heard + length, sizeof worker->heard - length, "%s%s", length ? "; " : "", label);
}

bool worker_flush(struct worker *worker)
{
    struct pending *beside = worker->rival.lane.pending;
    const bool all = channel_send(worker->channel, worker->lane.pending);
    return (!beside || channel_send(worker->channel, beside)) && all;
}

static void publish_frame(struct worker *worker)
{
    struct track_point at;
    const struct model *model = trainer_model(worker_shown(worker, &at));
    if (!frames_publish(worker->frames, at.step, at.branch, model)) /* a large twin: rather another picture than none */
        frames_publish(worker->frames, worker->lane.at.step, worker->lane.at.branch,
                       trainer_model(worker->lane.trainer));
    bell_ring(worker->framed, BELL_FRAMED);
}

void worker_listen(struct worker *worker)
{
    const unsigned bits = bell_take(&worker->bell);
    if (bits & BELL_STOP)
        worker->stop = worker->dismissed = true;
    if (bits & BELL_ABANDON)
        worker->abandoned = true;
    if (bits & BELL_COMMAND)
        worker->commanded = true;
    if ((bits & BELL_FRAME) && worker->frames)
        publish_frame(worker);
}

/* Time. */

static void refill_unlimited(struct worker *worker, uint64_t now)
{
    const uint64_t took = now - worker->looked;
    if (!worker->pacing)
        worker->slice = 1;
    else {
        const double rate = (double)worker->slice * 1e9 / (double)(took > 0 ? took : 1);
        pending_set_stride(worker->lane.pending, worker->exact ? 1 : pending_stride_for(rate));
        worker->slice = slice_next(worker->slice, took);
    }
    worker->pacing = true;
    worker->looked = now;
    worker->allowance = worker->slice;
}

static void refill_paced(struct worker *worker, uint64_t now)
{
    if (!worker->pacing) {
        pending_set_stride(worker->lane.pending, pending_stride_for(worker->speed));
        pace_start(&worker->pace, worker->speed, now);
        worker->pacing = true;
    }
    worker->allowance = pace_take(&worker->pace, now);
}

/* Steps may be taken; or it has slept until that may be so. */
static bool refill(struct worker *worker)
{
    const uint64_t now = clock_now();
    worker_flush(worker);
    worker_report(worker);
    if (worker->speed > 0 && !worker->headless)
        refill_paced(worker, now);
    else
        refill_unlimited(worker, now);
    if (worker->allowance > 0)
        return true;
    const uint64_t wait = pace_wait(&worker->pace, now);
    bell_wait(&worker->bell, worker_flush(worker) || wait < RETRY_NS ? wait : RETRY_NS);
    return false;
}

static void rest(struct worker *worker)
{
    bell_wait(&worker->bell, worker_flush(worker) ? BELL_FOREVER : RETRY_NS);
}

/* The thread. */

/* 0: nothing is known of the state, as in the midst of an evaluation; or somebody waits for the end of a large one. */
static uint64_t end_hash(const struct worker *worker)
{
    const struct state *state = trainer_state(worker->lane.trainer);
    if (!worker->journal || !worker->settled || (worker->dismissed && state_bytes(state) > WORKER_HASH_MAX))
        return 0;
    return state_hash(state);
}

static void *run(void *argument)
{
    struct worker *worker = argument;
    worker_first_branch(worker);
    worker_script_begin(worker);
    while (!worker->stop) {
        if (!worker->walk.under_way && !worker->rival.catching_up) {
            worker_settle(worker);
            if (worker->lane.at.step >= worker->next_keep)
                worker_keep(worker);
        }
        if (bell_peek(&worker->bell))
            worker_listen(worker);
        if (worker->commanded && worker->settled)
            worker_obey(worker);
        if (worker->stop || !worker->settled)
            continue;
        if (worker->walk.under_way) {
            worker_seek_on(worker);
            continue;
        }
        if (worker->rival.catching_up) {
            worker_rival_catch_up(worker);
            continue;
        }
        if (!worker_running(worker)) {
            if (worker_look(worker))
                rest(worker);
            continue;
        }
        if (worker->singles == 0 && worker->allowance == 0 && !refill(worker))
            continue;
        worker->allowance -= worker->allowance > 0;
        worker_step(worker);
    }
    if (!worker->settled && !worker->abandoned)
        worker_settle(worker); /* told to go in the middle of the boundary */
    worker_write_outcome(worker, OUTCOME_END, end_hash(worker));
    if (!worker->abandoned)
        worker_measure(worker);
    worker_last_row(worker);
    channel_finish(worker->channel, worker->lane.pending, worker->rival.lane.pending);
    return NULL;
}

size_t worker_chunk(const struct trainer *trainer)
{
    const double rows = 6e7 / model_step_flops(trainer_model(trainer), 1);
    return rows < 1 ? 1 : rows > 8192 ? 8192 : (size_t)rows;
}

void worker_find_pace(struct worker *worker)
{
    worker->pacing = false;
    worker->allowance = 0;
}

/* The texts of what was never obeyed. */
static void free_requests(struct worker *worker)
{
    struct request request;
    while (worker->channel && worker_next_command(worker, &request))
        request_free(&request);
    request_free(&worker->walk.request);
    request_free(&worker->entry.request);
}

static void release(struct worker *worker)
{
    free_requests(worker);
    if (worker->channel)
        worker_kept_free(worker_take_kept(worker));
    worker_rival_free(worker);
    channel_free(worker->channel);
    pending_free(worker->lane.pending); /* the trainer is the caller's */
    path_free(&worker->walk.path);      /* if it was under way */
    lane_free(&worker->walk.lane);
    worker_models_free(worker);
    track_free(worker->track);
    mem_free(worker->held);
    mem_free(worker);
}

enum status worker_start(struct worker **out, const struct worker_setup *setup, struct error *error)
{
    struct worker *worker = mem_alloc(1, sizeof *worker);
    if (!worker)
        return error_memory(error);
    /* A step's values travel together. */
    const size_t samples = !setup->ring ? SAMPLES_USUAL : setup->ring > SERIES_TOTAL ? setup->ring : SERIES_TOTAL;
    worker->accepted = setup->ring ? setup->ring : COMMANDS_USUAL;
    worker->channel = channel_create(samples, worker->accepted);
    worker->lane.pending = pending_create(trainer_layers(setup->trainer), 0);
    worker->lane.trainer = setup->trainer;
    worker->lane.rows = worker_chunk(setup->trainer);
    worker->spec = setup->spec;
    worker->sink = setup->sink;
    worker->frames = setup->frames;
    worker->framed = setup->framed;
    worker->headless = setup->headless;
    worker->exact = setup->exact && setup->headless;
    worker->factory = setup->factory;
    worker->journal = setup->journal;
    worker->script = setup->script;
    worker->loaded = setup->loaded;
    worker->left = -1;
    worker->walked = -1;
    worker->speed = setup->spec->knobs.value[KNOB_SPEED];
    worker->budget = setup->spec->knobs.value[KNOB_TIMELINE];
    worker->track = track_create();
    worker->held = mem_alloc(worker->accepted, sizeof *worker->held);
    worker->seen_step = worker->look_step = worker->measured_step = WORKER_NEVER;
    worker->finite = true;
    worker->state = setup->paused && !setup->headless ? SESSION_PAUSED : SESSION_RUNNING;
    const bool whole = worker->channel && worker->lane.pending && worker->track && worker->held &&
                       worker_make_first(worker, setup->record);
    if (!whole || !bell_init(&worker->bell)) {
        release(worker);
        return error_memory(error);
    }
    enum status status = thread_start(&worker->thread, run, worker, error);
    if (status != STATUS_OK) {
        bell_free(&worker->bell);
        release(worker);
        return status;
    }
    *out = worker;
    return STATUS_OK;
}

void worker_give_up(struct worker *worker)
{
    bell_ring(&worker->bell, BELL_ABANDON);
}

bool worker_is_finite(const struct worker *worker)
{
    return worker->finite;
}

void worker_stop(struct worker *worker, struct trainer **trainer)
{
    bell_ring(&worker->bell, BELL_STOP);
    pthread_join(worker->thread, NULL);
    *trainer = worker->lane.trainer;
}

char *worker_next_save(struct worker *worker)
{
    struct request request;
    while (worker_next_command(worker, &request)) {
        if (request.row == engine_command("save") && request_text(&request)[0])
            return request.text;
        request_free(&request);
    }
    return NULL;
}

void worker_free(struct worker *worker)
{
    bell_free(&worker->bell);
    release(worker);
}

/* The consumer's side. */

bool worker_send(struct worker *worker, struct request *request)
{
    if (!channel_command(worker->channel, request))
        return false;
    request->text = NULL;
    bell_ring(&worker->bell, BELL_COMMAND);
    return true;
}

void worker_request_frame(struct worker *worker)
{
    bell_ring(&worker->bell, BELL_FRAME);
}

size_t worker_samples(struct worker *worker, struct bucket *out, size_t most)
{
    return channel_samples(worker->channel, out, most);
}

bool worker_next_event(struct worker *worker, struct run_event *out)
{
    return channel_event(worker->channel, out);
}

bool worker_progress(struct worker *worker, struct run_progress *out)
{
    return channel_progress(worker->channel, out);
}

bool worker_finished(const struct worker *worker)
{
    return channel_finished(worker->channel);
}
