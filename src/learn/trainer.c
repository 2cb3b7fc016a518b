#include "learn/trainer.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "learn/cost.h"
#include "learn/trainer_parts.h"

static_assert(LAYERS_MEASURED == STEP_LAYERS, "the optimiser measures the layers that have series");

/* ---- Making ----------------------------------------------------------------------------------- */

static enum status make_room(struct trainer *trainer, size_t batch_size, struct error *error)
{
    if (batch_size <= trainer->room)
        return STATUS_OK;
    enum status status = cost_check(net_spec(trainer->net), batch_size, error);
    if (status != STATUS_OK)
        return status;
    struct batch *batch = batch_create(trainer->dataset, batch_size);
    struct workspace *workspace = workspace_create(trainer->net, batch_size, true);
    if (!batch || !workspace) {
        batch_free(batch);
        workspace_free(workspace);
        return error_memory(error);
    }
    batch_free(trainer->batch);
    workspace_free(trainer->workspace);
    trainer->batch = batch;
    trainer->workspace = workspace;
    trainer->room = batch_size;
    return STATUS_OK;
}

static void declare_state(struct trainer *trainer)
{
    struct state *state = &trainer->state;
    size_t block = trainer->params->size * sizeof(float);
    state_declare(state, "parameters", trainer->now.parameters, block, 1);
    state_declare(state, "moments.0", trainer->now.moments[0], block, 1);
    state_declare(state, "moments.1", trainer->now.moments[1], block, 1);
    state_declare(state, "cursor", &trainer->cursor, sizeof trainer->cursor, 1);
    state_declare(state, "counters", &trainer->counters, sizeof trainer->counters, 1);
    state_declare(state, "knobs", &trainer->knobs, sizeof trainer->knobs, 1);
    state_declare(state, "rates", trainer->rates, sizeof trainer->rates, 1);
    state_declare(state, "early_stop", &trainer->stop, sizeof trainer->stop, 1);
    state_declare(state, "plateau", &trainer->plateau, sizeof trainer->plateau, 1);
    state_declare(state, "best.parameters", trainer->best.parameters, block, 1);
    state_declare(state, "best.moments.0", trainer->best.moments[0], block, 1);
    state_declare(state, "best.moments.1", trainer->best.moments[1], block, 1);
}

static enum status copy_start(struct trainer *trainer, const double *start, size_t count, struct error *error)
{
    if (!start)
        return STATUS_OK;
    if (count != trainer->params->count)
        return error_set(error, STATUS_USAGE, "%zu start values for a model of %zu parameters", count,
                         trainer->params->count);
    trainer->start = mem_alloc(count, sizeof *trainer->start);
    if (!trainer->start)
        return error_memory(error);
    memcpy(trainer->start, start, count * sizeof *trainer->start);
    return STATUS_OK;
}

static enum status refuse_dropout(struct error *error)
{
    return error_set(error, STATUS_USAGE, "dropout: this model has no hidden layer to drop units from");
}

static enum status build(struct trainer *trainer, const struct trainer_spec *spec, struct error *error)
{
    const struct dataset *dataset = spec->dataset;
    assert(trainer->loss->classifies == (dataset->kind == TASK_CLASSIFY));
    assert(!trainer->loss->one_logit_binary || dataset->classes == 2);
    struct net_spec shape = spec->net;
    shape.inputs = dataset->inputs;
    shape.outputs = dataset->kind == TASK_CLASSIFY ? loss_outputs(spec->loss, dataset->classes) : 1;
    if (shape.hidden_count == 0 && spec->knobs.value[KNOB_DROPOUT] > 0)
        return refuse_dropout(error);
    enum status status = cost_check(&shape, trainer_knob_size(trainer, KNOB_BATCH), error);
    if (status == STATUS_OK)
        status = net_create(&trainer->net, &shape, trainer->kernels, error);
    if (status != STATUS_OK)
        return status;
    trainer->params = net_params(trainer->net);
    trainer->now.parameters = trainer->params->value;
    size_t size = trainer->params->size;
    bool complete = (trainer->best.parameters = mem_alloc(size, sizeof(float))) != NULL;
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++) {
        trainer->now.moments[i] = mem_alloc(size, sizeof(float));
        trainer->best.moments[i] = mem_alloc(size, sizeof(float));
        complete = complete && trainer->now.moments[i] && trainer->best.moments[i];
    }
    trainer->evaluator = evaluator_create(dataset, trainer->net, spec->loss, trainer->kernels);
    if (!complete || !trainer->evaluator)
        return error_memory(error);
    status = copy_start(trainer, spec->start, spec->start_count, error);
    if (status != STATUS_OK)
        return status;
    declare_state(trainer);
    return make_room(trainer, trainer_knob_size(trainer, KNOB_BATCH), error);
}

/* The largest batch is all training rows: more cannot be drawn. */
static double clamp_batch(const struct trainer *trainer, double value)
{
    double rows = (double)trainer->dataset->train;
    return value < rows ? value : rows;
}

enum status trainer_create(struct trainer **out, const struct trainer_spec *spec, const struct kernels *kernels,
                           struct error *error)
{
    struct trainer *trainer = mem_alloc(1, sizeof *trainer);
    if (!trainer)
        return error_memory(error);
    trainer->dataset = spec->dataset;
    trainer->kernels = kernels;
    trainer->objective = objective_for(spec->dataset->kind);
    trainer->loss_id = spec->loss;
    trainer->loss = &loss_table[spec->loss];
    trainer->knobs = spec->knobs;
    trainer->knobs.value[KNOB_BATCH] = clamp_batch(trainer, spec->knobs.value[KNOB_BATCH]);
    for (size_t i = 0; i < OPTIMIZER_COUNT; i++)
        trainer->rates[i] = optimizer_table[i].default_lr;
    trainer->rates[trainer_knob_size(trainer, KNOB_OPTIMIZER)] = spec->knobs.value[KNOB_LR];
    enum status status = build(trainer, spec, error);
    if (status != STATUS_OK) {
        trainer_free(trainer);
        return status;
    }
    trainer_restart(trainer, spec->seed);
    *out = trainer;
    return STATUS_OK;
}

void trainer_free(struct trainer *trainer)
{
    if (!trainer)
        return;
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++) {
        mem_free(trainer->now.moments[i]);
        mem_free(trainer->best.moments[i]);
    }
    mem_free(trainer->best.parameters);
    mem_free(trainer->start);
    evaluator_free(trainer->evaluator);
    batch_free(trainer->batch);
    workspace_free(trainer->workspace);
    net_free(trainer->net);
    mem_free(trainer);
}

void trainer_copy_blocks(const struct trainer *trainer, struct blocks *to, const struct blocks *from)
{
    size_t bytes = trainer->params->size * sizeof(float);
    memcpy(to->parameters, from->parameters, bytes);
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++)
        memcpy(to->moments[i], from->moments[i], bytes);
}

void trainer_clear_moments(struct trainer *trainer)
{
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++)
        memset(trainer->now.moments[i], 0, trainer->params->size * sizeof(float));
    trainer->counters.moments_t = 0;
}

static void place_by_hand(struct trainer *trainer)
{
    const double *value = trainer->start;
    for (size_t i = 0; i < trainer->params->slices; i++) {
        const struct param_slice *slice = &trainer->params->slice[i];
        for (size_t out = 0; out < slice->out; out++)
            for (size_t in = 0; in < slice->in; in++)
                params_set(trainer->params, slice, out, in, (float)*value++);
    }
}

static void begin_schedule(struct trainer *trainer)
{
    trainer->counters.schedule_origin = trainer->counters.step;
    trainer->counters.next_plateau = trainer->counters.step;
    trainer->plateau = (struct schedule_plateau){.best = INFINITY};
}

void trainer_restart(struct trainer *trainer, uint64_t seed)
{
    net_init(trainer->net, seed);
    if (trainer->start)
        place_by_hand(trainer);
    trainer->counters = (struct counters){
        .seed = seed,
        .last_evaluation = COUNTERS_NEVER,
        .best_optimizer = trainer_knob_size(trainer, KNOB_OPTIMIZER),
    };
    trainer_clear_moments(trainer);
    trainer_copy_blocks(trainer, &trainer->best, &trainer->now);
    trainer->cursor = (struct batch_cursor){
        .rows = (uint32_t)batch_rows(trainer->dataset, trainer->knobs.value[KNOB_TRAIN_FRACTION]),
    };
    early_stop_reset(&trainer->stop);
    begin_schedule(trainer);
    trainer->evaluating = trainer->extra = false;
}

enum status trainer_place(struct trainer *trainer, const double *start, size_t count, struct error *error)
{
    double *before = trainer->start;
    trainer->start = NULL;
    enum status status = copy_start(trainer, start, count, error);
    if (status == STATUS_OK) {
        mem_free(before);
        trainer_restart(trainer, trainer->counters.seed);
    } else
        trainer->start = before;
    return status;
}

enum status trainer_make_room(struct trainer *trainer, const struct knobs *knobs, struct error *error)
{
    return make_room(trainer, (size_t)knobs->value[KNOB_BATCH], error);
}

enum status trainer_restored(struct trainer *trainer, struct error *error)
{
    const struct counters_about about = {
        .dataset = trainer->dataset,
        .knobs = &trainer->knobs,
        .cursor = &trainer->cursor,
        .rates = trainer->rates,
        .hidden = net_spec(trainer->net)->hidden_count > 0,
    };
    enum status status = counters_check(&trainer->counters, &about, error);
    if (status != STATUS_OK)
        return status;
    trainer->evaluating = trainer->extra = false;
    return make_room(trainer, trainer_knob_size(trainer, KNOB_BATCH), error);
}

/* ---- Knobs ------------------------------------------------------------------------------------ */

/* What follows from a knob that has just moved. */
static void follow_up(struct trainer *trainer, enum knob_id knob)
{
    struct batch_cursor *cursor = &trainer->cursor;
    switch (knob) {
    case KNOB_TRAIN_FRACTION:
        cursor->rows = (uint32_t)batch_rows(trainer->dataset, trainer->knobs.value[knob]);
        cursor->epoch += cursor->position > 0;
        cursor->position = 0;
        break;
    case KNOB_OPTIMIZER:
        trainer_clear_moments(trainer);
        break;
    case KNOB_SCHEDULE:
    case KNOB_HORIZON:
    case KNOB_WARMUP:
        begin_schedule(trainer);
        break;
    case KNOB_EARLY_STOP:
        trainer_resume_patience(trainer);
        break;
    default:
        break;
    }
    /* A larger batch or a smaller share shortens the cadence at once. */
    uint64_t soonest = trainer_next_evaluation(trainer);
    if (trainer->counters.next_evaluation > soonest)
        trainer->counters.next_evaluation = soonest;
}

enum status trainer_set_knob(struct trainer *trainer, enum knob_id knob, double value, char *label, size_t size,
                             struct error *error)
{
    if (knob == KNOB_DROPOUT && net_spec(trainer->net)->hidden_count == 0)
        return refuse_dropout(error);
    if (knob == KNOB_BATCH) {
        value = clamp_batch(trainer, value);
        enum status status = make_room(trainer, (size_t)value, error);
        if (status != STATUS_OK)
            return status;
    }
    bool moved = trainer->knobs.value[knob] < value || trainer->knobs.value[knob] > value;
    knobs_turn(&trainer->knobs, trainer->rates, knob, value, label, size);
    if (moved)
        follow_up(trainer, knob);
    trainer->evaluating = trainer->extra = false;
    return STATUS_OK;
}

/* ---- Questions -------------------------------------------------------------------------------- */

uint64_t trainer_step_count(const struct trainer *trainer)
{
    return trainer->counters.step;
}
uint64_t trainer_seed(const struct trainer *trainer)
{
    return trainer->counters.seed;
}
bool trainer_epoch_ended(const struct trainer *trainer)
{
    return trainer->counters.epoch_ended != 0;
}
const struct early_stop *trainer_early_stop(const struct trainer *trainer)
{
    return &trainer->stop;
}
const struct knobs *trainer_knobs(const struct trainer *trainer)
{
    return &trainer->knobs;
}
const struct net *trainer_net(const struct trainer *trainer)
{
    return trainer->net;
}
const struct dataset *trainer_dataset(const struct trainer *trainer)
{
    return trainer->dataset;
}
enum loss_id trainer_loss(const struct trainer *trainer)
{
    return trainer->loss_id;
}
const struct objective *trainer_objective(const struct trainer *trainer)
{
    return trainer->objective;
}
struct state *trainer_state(struct trainer *trainer)
{
    return &trainer->state;
}

double trainer_epoch(const struct trainer *trainer)
{
    return (double)trainer->cursor.epoch + (double)trainer->cursor.position / (double)trainer->cursor.rows;
}

unsigned trainer_layers(const struct trainer *trainer)
{
    unsigned layers = trainer->params->layers;
    return layers < LAYERS_MEASURED ? layers : LAYERS_MEASURED;
}
