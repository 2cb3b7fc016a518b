#include "run/session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "data/toys.h"
#include "learn/trainer.h"
#include "nn/gemm.h"
#include "run/journal.h"
#include "run/journal_facts.h"
#include "run/journal_place.h"
#include "run/meter.h"
#include "run/painter.h"
#include "run/sink.h"
#include "run/worker.h"

#define ECHOES_KEPT      512 /* more than the answers that can be under way at once */
#define SAMPLES_AT_ONCE  256
#define SAMPLES_PER_POLL 65536 /* a poll ends, however fast they come */
#define WAIT_SLICE_NS    2000000u

struct session {
    struct spec spec;
    struct session_options options;
    struct session_model model;
    char kernels[48]; /* the model's */
    struct session_status status;
    struct dataset *dataset;
    struct trainer *trainer; /* the worker's while there is one */
    struct history *history;
    struct sink *sink;
    struct journal *journal;
    struct frames *frames;
    struct painter *painter;
    struct worker *worker;

    struct event echo[ECHOES_KEPT]; /* a ring, oldest at echo_first */
    size_t echo_first, echoes;
    struct meter meter;
    bool last_said; /* the worker's last echo is in */
    bool warned_memory, warned_sink, warned_journal;
    char warning[512]; /* not yet fetched; empty: none */
    char warned[512];  /* fetched */

    bool wanted;
    struct picture_request request;
    uint64_t picture_period; /* nanoseconds */
    uint64_t picture_asked;  /* when */
    bool moved;              /* since the last picture was asked for */
};

/* False when an earlier one has not been fetched yet, or it has just been said. */
static bool warn(struct session *session, const char *message)
{
    if (session->warning[0] || strcmp(session->warned, message) == 0)
        return false;
    snprintf(session->warning, sizeof session->warning, "%s", message);
    return true;
}

/* Opening. */

static void describe(struct session *session, const struct kernels *kernels)
{
    struct session_model *model = &session->model;
    const struct trainer *trainer = session->trainer;
    const struct net *net = trainer_net(trainer);
    const struct net_spec *spec = net_spec(net);
    const struct objective *objective = trainer_objective(trainer);
    char *at = model->architecture;
    char *const end = at + sizeof model->architecture;
    at += snprintf(at, (size_t)(end - at), "%zu", spec->inputs);
    /* A name of many layers is cut in the middle: first ones and the output remain. */
    for (size_t i = 0; i < spec->hidden_count && end - at > 48; i++)
        at += snprintf(at, (size_t)(end - at), "-%zu", spec->hidden[i]);
    at += snprintf(at, (size_t)(end - at), "-%zu", spec->outputs);
    if (spec->hidden_count > 0)
        snprintf(at, (size_t)(end - at), " %s%s", activation_name[spec->activation], spec->layer_norm ? " norm" : "");
    model->task = session->dataset->name;
    model->objective = objective;
    model->chance_loss = objective->chance_loss(session->dataset, trainer_loss(trainer));
    model->chance_accuracy = objective->chance_accuracy(session->dataset);
    model->layers = trainer_layers(trainer);
    model->parameters = net_params_const(net)->count;
    model->cadence = trainer_cadence(trainer);
    model->features = session->spec.features;
    model->data_seed = session->spec.data_seed;
    if (net_uses_blas(net))
        snprintf(session->kernels, sizeof session->kernels, "sgemm (%s)", gemm_kernel_name());
    else
        snprintf(session->kernels, sizeof session->kernels, "%s", kernels_name(kernels));
    model->kernels = session->kernels;
}

static enum status make_trainer(struct session *session, const struct kernels *kernels, struct error *error)
{
    const struct spec *spec = &session->spec;
    struct trainer_spec wanted = {
        .dataset = session->dataset,
        .net = spec->net,
        .loss = (enum loss_id)spec->loss,
        .seed = spec->seed,
        .start = spec->start,
        .start_count = spec->start_count,
        .knobs = spec->knobs,
    };
    wanted.net.blas_threads = spec->threads;
    /* Speed is no part of the state. */
    wanted.knobs.value[KNOB_SPEED] = knob_table[KNOB_SPEED].standard;
    return trainer_create(&session->trainer, &wanted, kernels, error);
}

static enum status start_painter(struct session *session, const struct kernels *kernels, struct error *error)
{
    const struct net *net = trainer_net(session->trainer);
    const struct picture_source source = {
        .net = net,
        .kernels = kernels,
        .dataset = session->dataset,
        .loss = trainer_loss(session->trainer),
        .features = session->spec.features,
        .toy = toy_find(session->spec.task) != NULL,
    };
    session->frames = frames_create(net_params_const(net)->size);
    return session->frames ? painter_start(&session->painter, &source, session->frames, error) : error_memory(error);
}

/* The usual place is a service: without it the run goes on. */
static enum status open_usual_journal(struct session *session, const struct journal_facts *facts)
{
    char *path;
    struct error error;
    enum status status = journal_place(&path, session->spec.task, &error);
    if (status == STATUS_OK && path)
        status = journal_create(&session->journal, path, &session->spec, facts, &error);
    mem_free(path);
    if (status != STATUS_OK)
        warn(session, error.message);
    return STATUS_OK;
}

static enum status open_journal(struct session *session, struct error *error)
{
    const struct session_options *options = &session->options;
    struct journal_facts facts;
    journal_facts_take(&facts, &session->spec, trainer_net(session->trainer), session->kernels);
    if (options->made_with) {
        char difference[256];
        journal_facts_compare(options->made_with, &facts, difference, sizeof difference);
        if (difference[0])
            warn(session, difference);
    }
    if (options->journal)
        return journal_create(&session->journal, options->journal, &session->spec, &facts, error);
    return options->journal_usual ? open_usual_journal(session, &facts) : STATUS_OK;
}

static enum status open_all(struct session *session, struct error *error)
{
    const struct kernels *kernels = kernels_choose();
    enum status status = spec_load(&session->spec, &session->dataset, error);
    if (status == STATUS_OK)
        status = make_trainer(session, kernels, error);
    if (status != STATUS_OK)
        return status;
    gemm_set_threads(session->spec.threads);
    describe(session, kernels);
    session->history = history_create();
    if (!session->history)
        return error_memory(error);
    if (session->spec.log_path)
        status = sink_open(&session->sink, session->spec.log_path, error);
    if (status == STATUS_OK && !session->options.headless)
        status = start_painter(session, kernels, error);
    if (status == STATUS_OK)
        status = open_journal(session, error);
    if (status != STATUS_OK)
        return status;
    const struct worker_setup setup = {
        .trainer = session->trainer,
        .spec = &session->spec,
        .sink = session->sink,
        .frames = session->frames,
        .framed = session->painter ? painter_bell(session->painter) : NULL,
        .journal = session->journal,
        .script = session->options.script,
        .paused = session->options.paused,
        .headless = session->options.headless,
        .ring = session->options.ring,
    };
    return worker_start(&session->worker, &setup, error);
}

enum status session_open(struct session **out, struct spec *spec, const struct session_options *options,
                         struct error *error)
{
    *out = NULL;
    struct session *session = mem_alloc(1, sizeof *session);
    if (!session) {
        spec_free(spec);
        return error_memory(error);
    }
    session->spec = *spec;
    *spec = (struct spec){0};
    session->options = *options;
    enum status status = open_all(session, error);
    if (status != STATUS_OK) {
        session_close(session, NULL);
        return status;
    }
    session->status = (struct session_status){
        .state = options->paused && !options->headless ? SESSION_PAUSED : SESSION_RUNNING,
        .seed = session->spec.seed,
        .ghost = -1,
        .knobs = session->spec.knobs,
        .best_test_loss = NAN,
    };
    session->moved = true;
    *out = session;
    return STATUS_OK;
}

bool session_close(struct session *session, struct error *error)
{
    if (!session)
        return true;
    worker_stop(session->worker);
    const bool whole = sink_close(session->sink, error) == STATUS_OK;
    journal_close(session->journal);
    painter_stop(session->painter);
    frames_free(session->frames);
    history_free(session->history);
    trainer_free(session->trainer);
    dataset_free(session->dataset);
    spec_free(&session->spec);
    mem_free(session);
    return whole;
}

/* Hearing. */

static void remember(struct session *session, bool kept)
{
    if (!kept && !session->warned_memory) {
        session->warned_memory = true;
        warn(session, "out of memory: the curves have gaps from here on");
    }
}

static bool deserves_marker(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PAUSE:
    case EVENT_GO:
    case EVENT_REFUSED:
        return false;
    case EVENT_KNOB:
        return knob_table[event->what].affects_state;
    default:
        return true;
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

static void take_echo(struct session *session, const struct worker_echo *echo)
{
    struct session_status *status = &session->status;
    const struct event *event = &echo->event;
    if (event->branch != status->branch) {
        status->ghost = status->branch;
        status->branch = event->branch;
        status->best_test_loss = NAN;
        status->best_step = 0;
        status->misses = 0;
        meter_reset(&session->meter);
    }
    if (echo->state != status->state)
        meter_reset(&session->meter);
    status->state = echo->state;
    status->step = event->step;
    status->epoch = echo->epoch;
    status->seed = echo->seed;
    status->knobs = echo->knobs;
    status->state_hash = echo->state_hash;
    session->last_said |= echo->ended;
    if (deserves_marker(event)) {
        session->moved = true;
        remember(session, history_push_event(session->history, event));
    }
    if (event->kind == EVENT_REFUSED && !echo->answer)
        warn(session, event->label);
    keep_echo(session, event);
}

static void take_sample(struct session *session, const struct bucket *sample)
{
    struct session_status *status = &session->status;
    if (sample->series < SERIES_TOTAL) {
        remember(session, history_push(session->history, sample));
        return;
    }
    if (sample->branch != status->branch)
        return;
    if (sample->series == WORKER_SAMPLE_BEST) {
        status->best_test_loss = sample->sum;
        status->best_step = sample->first_step;
        status->misses = sample->count;
    } else if (sample->last_step > status->step) {
        status->step = sample->last_step;
        status->epoch = sample->sum;
        session->moved = true;
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

bool session_poll(struct session *session)
{
    struct worker_echo echo;
    /* Looked at before the rings are: nothing can come after what is in them then. */
    const bool finished = worker_finished(session->worker);
    bool any = false;
    while (worker_next_echo(session->worker, &echo)) {
        take_echo(session, &echo);
        any = true;
    }
    const bool samples = take_samples(session);
    any |= samples;
    measure_speed(session);
    if (session->sink && !session->warned_sink && sink_warning(session->sink))
        session->warned_sink = warn(session, sink_warning(session->sink));
    if (session->journal && !session->warned_journal && journal_warning(session->journal))
        session->warned_journal = warn(session, journal_warning(session->journal));
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

/* Asking. */

bool session_send(struct session *session, const struct command *command)
{
    return worker_send(session->worker, command);
}

bool session_echo(struct session *session, struct event *out)
{
    if (session->echoes == 0)
        return false;
    *out = session->echo[session->echo_first];
    session->echo_first = (session->echo_first + 1) % ECHOES_KEPT;
    session->echoes--;
    return true;
}

const char *session_journal(const struct session *session)
{
    return session->journal ? journal_path(session->journal) : NULL;
}

bool session_log_lost(const struct session *session)
{
    return session->sink && sink_warning(session->sink);
}

const char *session_warning(struct session *session)
{
    if (!session->warning[0])
        return NULL;
    memcpy(session->warned, session->warning, sizeof session->warned);
    session->warning[0] = '\0';
    return session->warned;
}

void session_want(struct session *session, const struct picture_request *request, unsigned per_second)
{
    session->wanted = request != NULL && per_second > 0;
    if (!session->wanted)
        return;
    const struct picture_request *old = &session->request;
    if (old->width != request->width || old->height != request->height || old->x0 != request->x0 ||
        old->x1 != request->x1 || old->y0 != request->y0 || old->y1 != request->y1 ||
        old->predictions != request->predictions)
        session->moved = true;
    session->request = *request;
    session->picture_period = 1000000000u / per_second;
}

const struct picture *session_picture(const struct session *session)
{
    return session->painter ? painter_picture(session->painter) : NULL;
}

const struct session_status *session_status(const struct session *session)
{
    return &session->status;
}

const struct session_model *session_model(const struct session *session)
{
    return &session->model;
}

const struct history *session_history(const struct session *session)
{
    return session->history;
}

const struct dataset *session_dataset(const struct session *session)
{
    return session->dataset;
}

const struct spec *session_spec(const struct session *session)
{
    return &session->spec;
}
