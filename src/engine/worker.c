/* Runs the worker thread: its loop of commands and steps, its pace, and the channels to its consumer. */
#include "engine/worker.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "engine/slice.h"
#include "engine/worker_parts.h"

#define SAMPLES_USUAL  65536
#define COMMANDS_USUAL 256
#define OWN_EVENTS     64 /* room for what the run says by itself, beside the script's turns */
#define TURNS_AT_ONCE  65536

#define RETRY_NS 5000000u /* until a full ring is tried again */

/* Speech. */

static void flush_whole(struct worker *worker, struct pending *pending)
{
    while (!pending_flush(pending, worker->samples) && !worker->dismissed) {
        bell_wait(&worker->bell, RETRY_NS);
        worker_listen(worker);
    }
}

void worker_flush_step(struct worker *worker, struct pending *pending)
{
    if (worker->exact)
        flush_whole(worker, pending);
    else
        pending_flush(pending, worker->samples);
}

void worker_flush(struct worker *worker)
{
    pending_flush(worker->lane.pending, worker->samples);
}

void worker_flush_whole(struct worker *worker)
{
    flush_whole(worker, worker->lane.pending);
}

void worker_report(struct worker *worker)
{
    const struct early_stop *best = trainer_early_stop(worker->lane.trainer);
    struct bucket progress = bucket_of(WORKER_SAMPLE_PROGRESS, worker->lane.at.branch, worker->lane.at.step, 0);
    progress.sum = trainer_epoch(worker->lane.trainer);
    struct bucket mark = bucket_of(WORKER_SAMPLE_BEST, worker->lane.at.branch, worker->lane.at.step, 0);
    mark.first_step = best->best_step;
    mark.sum = best->best;
    mark.count = best->misses;
    ring_push(worker->samples, &progress);
    if (isfinite(best->best))
        ring_push(worker->samples, &mark);
}

void worker_note(struct worker *worker, const char *label)
{
    const size_t length = strlen(worker->heard);
    if (worker->sink)
        snprintf(worker->heard + length, sizeof worker->heard - length, "%s%s", length ? "; " : "", label);
}

static uint64_t echo_hash(struct worker *worker)
{
    const struct state *state = trainer_state(worker->lane.trainer);
    if (worker_running(worker) || (!worker->ending && state_bytes(state) > WORKER_HASH_MAX))
        return 0;
    return state_hash(state);
}

struct worker_shape worker_shape_of(const struct trainer *trainer)
{
    const struct model *model = trainer_model(trainer);
    return (struct worker_shape){
        .model = *model_shape(model),
        .layers = trainer_layers(trainer),
        .parameters = model_params_const(model)->count,
        .cadence = trainer_cadence(trainer),
        .uses_blas = model_uses_blas(model),
    };
}

static struct memory memory_of(const struct worker *worker)
{
    struct memory memory = {.budget = (size_t)worker->budget << 20};
    memory_add_trainer(&memory, worker->lane.trainer, false);
    if (worker->walk.lane.trainer)
        memory_add_trainer(&memory, worker->walk.lane.trainer, true);
    if (worker->rival.lane.trainer)
        memory_add_trainer(&memory, worker->rival.lane.trainer, true);
    for (size_t i = 0; i < worker->models; i++)
        if (worker->model[i].timeline)
            memory.bytes[MEMORY_SNAPSHOTS] += timeline_bytes(worker->model[i].timeline);
    memory.bytes[MEMORY_RECORDS] = track_record_bytes(worker->track);
    memory.bytes[MEMORY_FRAMES] = worker->frames ? frames_bytes(worker->frames) : 0;
    return memory;
}

/* Of which shape the present model is, and where the event's branch begins. */
static void add_place(const struct worker *worker, struct worker_echo *echo)
{
    echo->model = worker_shape_of(worker->lane.trainer);
    echo->memory = memory_of(worker);
    echo->origin = *forest_origin(track_forest(worker->track), echo->event.branch);
    echo->origin.before = echo->event.kind == EVENT_REWIND;
}

/* The trainer whose parameters the pictures are about, and where it stands. */
static struct trainer *shown_trainer(struct worker *worker, struct track_point *at)
{
    const struct worker_walk *walk = &worker->walk;
    if (walk->scrubbing && walk->placed) {
        *at = walk->lane.at;
        return walk->lane.trainer;
    }
    *at = worker->lane.at;
    return worker->lane.trainer;
}

static void add_shown(struct worker *worker, struct worker_echo *echo)
{
    echo->scrubbing = worker->walk.scrubbing && worker->walk.exact;
    if (!echo->scrubbing)
        return;
    echo->shown_knobs = *trainer_knobs(shown_trainer(worker, &echo->shown));
    echo->shown_knobs.value[KNOB_SPEED] = worker->speed;
    echo->shown_knobs.value[KNOB_TIMELINE] = worker->budget;
}

void worker_tell(struct worker *worker, const struct event *event, bool answer)
{
    worker_flush(worker);
    worker_report(worker);
    const bool kept = worker_record_event(worker, event);
    answer = answer && !worker->scripted;
    struct worker_echo echo = {
        .event = *event,
        .branch = worker->lane.at.branch,
        .step = worker->lane.at.step,
        .dropped = worker->dropped,
        .rival = worker->rival.racing ? worker->rival.lane.at.branch : -1,
        .walking = worker->walk.under_way || worker->rival.catching_up,
        .answer = answer,
        .kept = kept,
        .state = worker->state,
        .knobs = *trainer_knobs(worker->lane.trainer),
        .seed = trainer_seed(worker->lane.trainer),
        .epoch = trainer_epoch(worker->lane.trainer),
        .state_hash = echo_hash(worker),
        .stage = trainer_stage_number(worker->lane.trainer),
        .replaying = worker_script_goes_on(worker),
        .ended = worker->ending,
    };
    echo.knobs.value[KNOB_SPEED] = worker->speed;
    echo.knobs.value[KNOB_TIMELINE] = worker->budget;
    echo.line_knobs = echo.knobs;
    if (worker_rival_is(worker, event->branch))
        echo.line_knobs = *trainer_knobs(worker->rival.lane.trainer);
    add_place(worker, &echo);
    add_shown(worker, &echo);
    worker->dropped = -1;
    /* Answers have their room; what the run says by itself waits rather than takes it. */
    while (!answer && ring_room(worker->echoes) <= worker->accepted && !worker->dismissed) {
        bell_wait(&worker->bell, RETRY_NS);
        worker_listen(worker);
    }
    worker->told++;
    ring_push(worker->echoes, &echo);
    worker->stop |= worker->ending;
}

void worker_say(struct worker *worker, struct event *event)
{
    event->branch = worker->lane.at.branch;
    event->step = worker->lane.at.step;
    worker_tell(worker, event, false);
}

static void publish_frame(struct worker *worker)
{
    struct track_point at;
    const struct model *model = trainer_model(shown_trainer(worker, &at));
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
    worker_report(worker);
    if (worker->speed > 0 && !worker->headless)
        refill_paced(worker, now);
    else
        refill_unlimited(worker, now);
    if (worker->allowance > 0)
        return true;
    worker_flush(worker); /* an evaluation's values */
    bell_wait(&worker->bell, pace_wait(&worker->pace, now));
    return false;
}

static void rest(struct worker *worker)
{
    const bool said_all = pending_flush(worker->lane.pending, worker->samples);
    bell_wait(&worker->bell, said_all ? BELL_FOREVER : RETRY_NS);
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
    worker_flush_whole(worker);
    atomic_store_explicit(&worker->finished, true, memory_order_release);
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
    while (worker->commands && worker_next_command(worker, &request))
        request_free(&request);
    request_free(&worker->walk.request);
    request_free(&worker->entry.request);
}

static void release(struct worker *worker)
{
    free_requests(worker);
    worker_kept_free(worker_take_kept(worker));
    ring_free(worker->commands);
    ring_free(worker->samples);
    ring_free(worker->echoes);
    pending_free(worker->lane.pending); /* the trainer is the caller's */
    path_free(&worker->walk.path);      /* if it was under way */
    lane_free(&worker->walk.lane);
    worker_rival_free(worker);
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
    const size_t turns = setup->spec->turns < TURNS_AT_ONCE ? setup->spec->turns : TURNS_AT_ONCE;
    worker->accepted = setup->ring ? setup->ring : COMMANDS_USUAL;
    worker->commands = ring_create(worker->accepted, sizeof(struct request));
    worker->samples = ring_create(samples, sizeof(struct bucket));
    worker->echoes = ring_create(2 * worker->accepted + turns + OWN_EVENTS, sizeof(struct worker_echo));
    worker->lane.pending = pending_create(trainer_layers(setup->trainer), 0);
    worker->lane.trainer = setup->trainer;
    worker->lane.rows = worker_chunk(setup->trainer);
    worker->spec = setup->spec;
    worker->sink = setup->sink;
    worker->frames = setup->frames;
    worker->framed = setup->framed;
    worker->headless = setup->headless;
    worker->exact = setup->exact;
    worker->factory = setup->factory;
    worker->journal = setup->journal;
    worker->script = setup->script;
    worker->loaded = setup->loaded;
    worker->dropped = -1;
    worker->speed = setup->spec->knobs.value[KNOB_SPEED];
    worker->budget = setup->spec->knobs.value[KNOB_TIMELINE];
    worker->track = track_create();
    worker->held = mem_alloc(worker->accepted, sizeof *worker->held);
    worker->seen_step = worker->look_step = worker->measured_step = WORKER_NEVER;
    worker->finite = true;
    worker->state = setup->paused && !setup->headless ? SESSION_PAUSED : SESSION_RUNNING;
    atomic_init(&worker->finished, false);
    atomic_init(&worker->kept, NULL);
    const bool whole = worker->commands && worker->samples && worker->echoes && worker->lane.pending && worker->track &&
                       worker->held && worker_make_first(worker, setup->record);
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
    if (worker->unanswered >= worker->accepted || !ring_push(worker->commands, request))
        return false;
    request->text = NULL;
    worker->unanswered++;
    bell_ring(&worker->bell, BELL_COMMAND);
    return true;
}

void worker_request_frame(struct worker *worker)
{
    bell_ring(&worker->bell, BELL_FRAME);
}

size_t worker_samples(struct worker *worker, struct bucket *out, size_t most)
{
    return ring_pop_many(worker->samples, out, most);
}

bool worker_next_echo(struct worker *worker, struct worker_echo *out)
{
    if (!ring_pop(worker->echoes, out))
        return false;
    worker->unanswered -= out->answer;
    return true;
}

bool worker_finished(const struct worker *worker)
{
    return atomic_load_explicit(&worker->finished, memory_order_acquire);
}
