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

/* ---- what the loop does ---- */

/* Everything that is due at the boundary, unless the present lane stands still. */
static void finish_boundary(struct worker *worker)
{
    if (worker_waits(worker))
        return;
    worker_settle(worker);
    if (worker->lane.at.step >= worker->next_keep)
        worker_keep(worker);
}

static void listen(struct worker *worker)
{
    if (bell_peek(&worker->bell))
        worker_listen(worker);
    if (worker->commanded && worker->settled)
        worker_obey(worker);
}

/* Some pieces of the twin's way; measured speeds of the present lane leave the time out. */
static void catch_up(struct worker *worker)
{
    const uint64_t begun = clock_now();
    worker_rival_catch_up(worker);
    tempo_skip(&worker->tempo, clock_now() - begun);
}

/* Sleeps until somebody rings. */
static void rest(struct worker *worker)
{
    if (worker_look(worker))
        bell_wait(&worker->bell, worker_flush(worker) ? BELL_FOREVER : RETRY_NS);
}

/* Sends what is pending and allows further steps.  At a speed that allows none yet, sleeps until one is due. */
static void look_at_the_clock(struct worker *worker)
{
    const uint64_t now = clock_now();
    worker_flush(worker);
    worker_report(worker);
    const double rate = tempo_look(&worker->tempo, worker->headless, now);
    if (rate > 0)
        pending_set_stride(worker->lane.pending, worker->exact ? 1 : pending_stride_for(rate, worker->lane.at.step));
    if (worker->tempo.allowance > 0 || worker->rival.catching_up)
        return;
    const uint64_t wait = tempo_wait(&worker->tempo, now);
    bell_wait(&worker->bell, worker_flush(worker) || wait < RETRY_NS ? wait : RETRY_NS);
}

static void take_step(struct worker *worker)
{
    worker->tempo.allowance -= worker->tempo.allowance > 0;
    if (worker_take_step(worker) && worker->rival.racing)
        worker_rival_step(worker);
}

/* ---- the thread ---- */

static void begin(struct worker *worker)
{
    const bool replays = script_goes_on(&worker->script);
    worker_first_branch(worker);
    script_begin(&worker->script);
    if (replays && !script_goes_on(&worker->script)) /* the first run was killed before anything happened */
        worker->stop.until = worker->lane.at.step;
}

/* 0: nothing is known of the state, as in the midst of an evaluation; or somebody waits for the end of a large one. */
static uint64_t end_hash(const struct worker *worker)
{
    const struct state *state = trainer_state(worker->lane.trainer);
    if (!worker->journal || !worker->settled || (worker->dismissed && state_bytes(state) > WORKER_HASH_MAX))
        return 0;
    return state_hash(state);
}

static void end(struct worker *worker)
{
    if (!worker->settled && !worker->abandoned)
        worker_settle(worker); /* told to go in the middle of the boundary */
    worker_write_outcome(worker, OUTCOME_END, end_hash(worker));
    if (!worker->abandoned)
        worker_measure(worker);
    row_last(&worker->rows, &worker->lane);
    channel_finish(worker->channel, worker->lane.pending, worker->rival.lane.pending);
}

static void *run(void *argument)
{
    struct worker *worker = argument;
    bool twins_turn = false; /* the last turn was that of a twin which catches up */
    begin(worker);
    while (!worker->leaving) {
        finish_boundary(worker);
        listen(worker);
        const bool waits = worker_waits(worker) || !worker_running(worker),
                   looks = worker->stop.singles == 0 && worker->tempo.allowance == 0;
        if (worker->leaving || !worker->settled)
            continue;
        if (worker->walk.under_way) {
            worker_seek_on(worker);
        } else if (worker->rival.catching_up && (waits || (looks && !twins_turn))) {
            catch_up(worker);
            twins_turn = true;
        } else if (waits) {
            rest(worker);
        } else if (looks) {
            look_at_the_clock(worker);
            twins_turn = false;
        } else {
            take_step(worker);
        }
    }
    end(worker);
    return NULL;
}

/* The texts of what was never obeyed. */
static void free_requests(struct worker *worker)
{
    struct request request;
    while (worker->channel && worker_next_command(worker, &request))
        request_free(&request);
    request_free(&worker->walk.request);
    request_free(&worker->script.entry.request);
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
    worker->lane.rows = lane_rows(setup->trainer);
    worker->spec = setup->spec;
    worker->rows = (struct row_writer){.sink = setup->sink, .every = setup->spec->log_every};
    worker->stop = (struct stop){.spec = setup->spec, .until = STOP_NEVER};
    worker->frames = setup->frames;
    worker->framed = setup->framed;
    worker->headless = setup->headless;
    worker->exact = setup->exact && setup->headless;
    worker->factory = setup->factory;
    worker->journal = setup->journal;
    worker->script.from = setup->script;
    worker->loaded = setup->loaded;
    worker->left = -1;
    worker->walked = worker->caught_up = -1;
    worker->tempo.speed = setup->spec->knobs.value[KNOB_SPEED];
    worker->budget = setup->spec->knobs.value[KNOB_TIMELINE];
    worker->track = track_create();
    worker->held = mem_alloc(worker->accepted, sizeof *worker->held);
    worker->seen.step = worker->looked.step = worker->measured.step = WORKER_NEVER;
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

void worker_request_frame(struct worker *worker, unsigned parts)
{
    bell_ring(&worker->bell, BELL_FRAMES * parts);
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
