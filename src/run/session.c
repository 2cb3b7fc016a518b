#include "run/session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "data/source.h"
#include "data/toys.h"
#include "learn/trainer.h"
#include "nn/gemm.h"
#include "run/keeper.h"
#include "run/meter.h"
#include "run/painter.h"
#include "run/sink.h"
#include "run/twin.h"
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
    const struct kernels *kernel_set;
    struct session_status status;
    struct dataset *dataset;
    struct trainer *trainer; /* the worker's while there is one */
    struct history *history;
    struct sink *sink;
    struct keeper *keeper;
    char *columns; /* what a checkpoint says of the data's columns */
    struct frames *frames;
    struct painter *painter;
    struct worker *worker;

    struct session_branch *branch;
    size_t branches, branch_room;

    struct event echo[ECHOES_KEPT]; /* a ring, oldest at echo_first */
    size_t echo_first, echoes;
    struct meter meter;
    bool last_said; /* the worker's last echo is in */
    bool warned_memory;
    char warning[EVENT_LABEL_SIZE + 64]; /* not yet fetched; empty: none */
    char warned[EVENT_LABEL_SIZE + 64];  /* fetched */

    bool wanted;
    struct picture_request request;
    uint64_t picture_period; /* nanoseconds */
    uint64_t picture_asked;  /* when */
    bool moved;              /* since the last picture was asked for */
};

/* Opening. */

static void describe(struct session *session, const struct kernels *kernels)
{
    struct session_model *model = &session->model;
    const struct trainer *trainer = session->trainer;
    const struct net *net = trainer_net(trainer);
    const struct objective *objective = trainer_objective(trainer);
    checkpoint_architecture(net_spec(net), model->architecture, sizeof model->architecture);
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

/* On the worker's thread too: reads what does not change. */
static enum status make_trainer(const struct session *session, const struct net_spec *net, struct trainer **out,
                                struct error *error)
{
    const struct spec *spec = &session->spec;
    struct trainer_spec wanted = {
        .dataset = session->dataset,
        .net = *net,
        .loss = (enum loss_id)spec->loss,
        .seed = spec->seed,
        .start = spec->start,
        .start_count = spec->start_count,
        .knobs = spec->knobs,
    };
    wanted.net.blas_threads = spec->threads;
    for (size_t i = 0; i < KNOB_COUNT; i++) /* no part of the state */
        if (!knob_table[i].affects_state)
            wanted.knobs.value[i] = knob_table[i].standard;
    return trainer_create(out, &wanted, session->kernel_set, error);
}

static enum status make_other_trainer(void *owner, const char *changes, struct trainer **out, struct error *error)
{
    const struct session *session = owner;
    struct spec changed;
    spec_init(&changed);
    changed.net = session->spec.net;
    enum status status = twin_model(changes, &changed, error);
    if (status == STATUS_OK)
        status = make_trainer(session, &changed.net, out, error);
    spec_free(&changed);
    return status;
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

/* From a checkpoint, if that was said; and with what is needed to write some. */
static enum status begin_keeping(struct session *session, struct error *error)
{
    const struct session_model *model = &session->model;
    session->columns = source_text(session->dataset);
    const struct keeper_setup setup = {
        .spec = &session->spec,
        .history = session->history,
        .notes = {.columns = session->columns, .task = model->task, .architecture = model->architecture},
    };
    session->keeper = session->columns ? keeper_create(&setup) : NULL;
    if (!session->keeper)
        return error_memory(error);
    if (!session->spec.load_path)
        return STATUS_OK;
    return keeper_load(&session->spec, session->trainer, session->history, error);
}

/* Before the first echo; the trainer is still ours. */
static void begin_status(struct session *session)
{
    const struct session_options *options = &session->options;
    session->status = (struct session_status){
        .state = options->paused && !options->headless ? SESSION_PAUSED : SESSION_RUNNING,
        .step = trainer_step_count(session->trainer),
        .epoch = trainer_epoch(session->trainer),
        .seed = trainer_seed(session->trainer),
        .ghost = -1,
        .rival = -1,
        .walked = -1,
        .knobs = *trainer_knobs(session->trainer),
        .best_test_loss = NAN,
    };
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (!knob_table[i].affects_state)
            session->status.knobs.value[i] = session->spec.knobs.value[i];
}

static enum status open_all(struct session *session, struct error *error)
{
    const struct kernels *kernels = session->kernel_set = kernels_choose();
    enum status status = spec_load(&session->spec, &session->dataset, error);
    if (status == STATUS_OK)
        status = make_trainer(session, &session->spec.net, &session->trainer, error);
    if (status != STATUS_OK)
        return status;
    gemm_set_threads(session->spec.threads);
    describe(session, kernels);
    session->history = history_create();
    if (!session->history)
        return error_memory(error);
    status = begin_keeping(session, error);
    if (status == STATUS_OK && session->spec.log_path)
        status = sink_open(&session->sink, session->spec.log_path, error);
    if (status == STATUS_OK && !session->options.headless)
        status = start_painter(session, kernels, error);
    if (status != STATUS_OK)
        return status;
    begin_status(session);
    const struct worker_setup setup = {
        .trainer = session->trainer,
        .spec = &session->spec,
        .sink = session->sink,
        .frames = session->frames,
        .framed = session->painter ? painter_bell(session->painter) : NULL,
        .factory = {.owner = session, .make = make_other_trainer},
        .loaded = session->spec.load_path != NULL,
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
    session->moved = true;
    *out = session;
    return STATUS_OK;
}

bool session_close(struct session *session, struct error *error)
{
    if (!session)
        return true;
    const bool begun = session->worker != NULL;
    worker_stop(session->worker);
    bool whole = sink_close(session->sink, error) == STATUS_OK;
    if (begun) {
        const bool save = session->spec.save_path && session->status.state != SESSION_DIVERGED;
        whole &= keeper_finish(session->keeper, session->trainer, session->status.branch, save, error) == STATUS_OK;
    }
    keeper_free(session->keeper);
    mem_free(session->columns);
    mem_free(session->branch);
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

static void warn(struct session *session, const char *message)
{
    if (!session->warning[0] && strncmp(session->warned, message, sizeof session->warned - 1) != 0)
        snprintf(session->warning, sizeof session->warning, "%s", message);
}

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
    case EVENT_SHOWN:
    case EVENT_SWITCH:
    case EVENT_RACE:
    case EVENT_NAMED:
    case EVENT_DELETED:
    case EVENT_SAVED:
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

/* A branch that is new has a number one above the last. */
static struct session_branch *branch_at(struct session *session, uint16_t number)
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
    *branch = (struct session_branch){.parent = -1};
    snprintf(branch->name, sizeof branch->name, "%zu", session->branches);
    return branch;
}

static bool begins_branch(enum event_kind kind)
{
    switch (kind) {
    case EVENT_START:
    case EVENT_RESTART:
    case EVENT_SEED:
    case EVENT_REWIND:
    case EVENT_FORK:
    case EVENT_TWIN:
    case EVENT_LOAD:
        return true;
    default:
        return false;
    }
}

static void begin_branch(struct session *session, struct session_branch *branch, const struct worker_echo *echo)
{
    branch->parent = echo->parent;
    branch->origin = branch->last = echo->origin;
    branch->reason = echo->event.kind;
    branch->seed = echo->seed;
    branch->knobs = echo->knobs;
    branch->other_model = echo->other_model;
    if (echo->event.kind == EVENT_TWIN)
        snprintf(branch->change, sizeof branch->change, "%.*s", (int)sizeof branch->change - 1, echo->event.label);
    if (echo->parent >= 0)
        remember(session,
                 history_grow(session->history, echo->event.branch, (uint16_t)echo->parent, echo->origin));
}

static void take_branch(struct session *session, const struct worker_echo *echo)
{
    const struct event *event = &echo->event;
    const bool is_new = event->branch >= session->branches;
    struct session_branch *branch = branch_at(session, event->branch);
    if (!branch) {
        remember(session, false);
        return;
    }
    if (is_new && begins_branch(event->kind))
        begin_branch(session, branch, echo);
    if (event->kind == EVENT_NAMED)
        snprintf(branch->name, sizeof branch->name, "%.*s", (int)sizeof branch->name - 1, event->label);
    if (event->kind == EVENT_DELETED) {
        branch->deleted = true;
        history_forget(session->history, event->branch);
    }
    if (echo->dropped >= 0 && (size_t)echo->dropped < session->branches)
        session->branch[echo->dropped].deleted = true;
    branch = branch_at(session, echo->branch);
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
    else if (status->shown.scrubbing || echo->event.kind != EVENT_NAMED)
        show_present(status);
}

static void take_echo(struct session *session, const struct worker_echo *echo)
{
    struct session_status *status = &session->status;
    const struct event *event = &echo->event;
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
    status->state_hash = echo->state_hash;
    take_shown(session, echo);
    session->last_said |= echo->ended;
    session->moved = true;
    if (event->kind == EVENT_SAVED) /* taken, not yet on the disk: what came of it is said then */
        return;
    if (deserves_marker(event))
        remember(session, history_push_event(session->history, event));
    if (event->kind == EVENT_REFUSED && !echo->answer)
        warn(session, event->label);
    keep_echo(session, event);
}

static bool take_echoes(struct session *session)
{
    struct worker_echo echo;
    bool any = false;
    while (worker_next_echo(session->worker, &echo)) {
        take_echo(session, &echo);
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
    if (sample->branch >= session->branches)
        take_echoes(session);
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
        status->shown = (struct session_shown){
            .scrubbing = true,
            .branch = sample->branch,
            .step = sample->last_step,
            .knobs = status->shown.knobs,
        };
        session->moved = true;
        break;
    default:
        if (sample->last_step > session->branch[sample->branch].last)
            session->branch[sample->branch].last = sample->last_step;
        remember(session, history_push(session->history, sample));
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
    if (event.token != 0)
        keep_echo(session, &event);
    else if (event.kind == EVENT_REFUSED)
        warn(session, event.label);
    return true;
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
    if (session->sink && sink_warning(session->sink))
        warn(session, sink_warning(session->sink));
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

size_t session_branches(const struct session *session)
{
    return session->branches;
}

const struct session_branch *session_branch(const struct session *session, size_t number)
{
    return &session->branch[number];
}

void session_hide(struct session *session, size_t number, bool hidden)
{
    session->branch[number].hidden = hidden;
}

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
