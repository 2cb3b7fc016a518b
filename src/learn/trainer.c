/* Creates, starts and restores a trainer, and sets its knobs. */
#include "learn/trainer.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "learn/cost.h"
#include "learn/trainer_parts.h"

static_assert(LAYERS_MEASURED == STEP_LAYERS, "the optimiser measures the layers that have series");

/* ---- Making ----------------------------------------------------------------------------------- */

static enum status make_room(struct trainer *trainer, size_t batch, struct error *error)
{
    return trainer_room_for(trainer, trainer->counters.stage, batch, error);
}

static void declare_state(struct trainer *trainer)
{
    struct state *state = &trainer->state;
    owned_model_declare(trainer->model, state, "", false);
    state_declare(state, "cursor", &trainer->cursor, sizeof trainer->cursor, &cursor_fields);
    state_declare(state, "counters", &trainer->counters, sizeof trainer->counters, &counters_fields);
    state_declare(state, "knobs", &trainer->knobs, sizeof trainer->knobs, &knobs_fields);
    state_declare(state, "rates", trainer->rates, sizeof trainer->rates, &rates_fields);
    state_declare(state, "first_knobs", &trainer->first_knobs, sizeof trainer->first_knobs, &knobs_fields);
    state_declare(state, "first_rates", trainer->first_rates, sizeof trainer->first_rates, &rates_fields);
    state_declare(state, "early_stop", &trainer->stop, sizeof trainer->stop, &early_stop_fields);
    state_declare(state, "plateau", &trainer->plateau, sizeof trainer->plateau, &plateau_fields);
    owned_model_declare(trainer->model, state, "", true);
    for (size_t i = 1; i < trainer->models; i++) {
        char prefix[32];
        snprintf(prefix, sizeof prefix, "%s.", trainer->model[i].name);
        owned_model_declare(&trainer->model[i], state, prefix, false);
        owned_model_declare(&trainer->model[i], state, prefix, true);
    }
    for (size_t i = 0; i < trainer->stages; i++)
        if (trainer_objective_of(trainer, i)->declare)
            trainer_objective_of(trainer, i)->declare(trainer->work[i], state);
}

static enum status check_start(const struct trainer *trainer, size_t count, struct error *error)
{
    const size_t parameters = trainer->model[0].params->count;
    return count == parameters
               ? STATUS_OK
               : error_set(error, STATUS_USAGE, "%zu start values for a model of %zu parameters", count, parameters);
}

/* Replaces the start weights; `start` may be NULL. */
static enum status copy_start(struct trainer *trainer, const double *start, size_t count, bool learnt,
                              struct error *error)
{
    if (!start)
        return STATUS_OK;
    enum status status = check_start(trainer, count, error);
    if (status != STATUS_OK)
        return status;
    struct start_weights *weights = start_weights_create(start, count, learnt);
    if (!weights)
        return error_memory(error);
    start_weights_drop(trainer->start);
    trainer->start = weights;
    return STATUS_OK;
}

static enum status refuse_dropout(struct error *error)
{
    return error_set(error, STATUS_USAGE, "dropout: this model has no hidden layer to drop units from");
}

/* One stage where nothing was said of several. */
static void take_stages(struct trainer *trainer, const struct trainer_spec *spec)
{
    if (!spec->stage) {
        trainer->stage[0] = (struct trainer_stage){
            .name = "train",
            .objective = objective_usual(spec->dataset->kind, false),
            .dataset = spec->dataset,
            .loss = spec->loss,
        };
        trainer->stages = 1;
        return;
    }
    assert(spec->stages > 0 && spec->stages <= TRAINER_STAGES_MAX);
    memcpy(trainer->stage, spec->stage, spec->stages * sizeof *spec->stage);
    trainer->stages = spec->stages;
}

/* Inputs and outputs of a net are those of its data; a language model's vocabulary and context were needed to load
 * them. */
static struct model_shape shape_for(const struct trainer_spec *spec)
{
    struct model_shape shape = spec->shape;
    const struct dataset *dataset = spec->dataset;
    if (shape.kind != MODEL_NET)
        return shape;
    shape.net.inputs = dataset->inputs;
    shape.net.outputs = dataset->kind == TASK_CLASSIFY ? loss_outputs(spec->loss, dataset->classes) : 1;
    return shape;
}

/* Makes each model that an objective of the stages names, once; all have the run's shape. */
static enum status make_models(struct trainer *trainer, const struct model_shape *shape, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < trainer->stages * OBJECTIVE_MODELS_MAX && status == STATUS_OK; i++) {
        const struct objective *objective = trainer_objective_of(trainer, i / OBJECTIVE_MODELS_MAX);
        const char *name = objective->models[i % OBJECTIVE_MODELS_MAX].name;
        if (!name || trainer_find_model(trainer, name) < trainer->model + trainer->models)
            continue;
        assert(trainer->models < TRAINER_MODELS_MAX);
        status = owned_model_create(&trainer->model[trainer->models++], name, shape, trainer->kernels, error);
    }
    return status;
}

static bool make_work(struct trainer *trainer)
{
    bool complete = true;
    for (size_t i = 0; i < trainer->stages && complete; i++) {
        const struct objective *objective = trainer_objective_of(trainer, i);
        struct work_setup setup = {
            .dataset = trainer->stage[i].dataset,
            .loss = trainer->stage[i].loss,
            .kernels = trainer->kernels,
            .stage = i,
        };
        for (size_t m = 0; m < OBJECTIVE_MODELS_MAX && objective->models[m].name; m++)
            setup.model[m] = trainer_find_model(trainer, objective->models[m].name)->model;
        trainer->work[i] = objective->create(&setup);
        complete = trainer->work[i] != NULL;
    }
    return complete;
}

static enum status build(struct trainer *trainer, const struct trainer_spec *spec, struct error *error)
{
    const struct dataset *dataset = spec->dataset;
    assert(loss_table[spec->loss].classifies == (dataset->kind != TASK_REGRESS));
    assert(!loss_table[spec->loss].one_logit_binary || dataset->classes == 2);
    const struct model_shape shape = shape_for(spec);
    if (!model_can_drop(&shape) && spec->knobs.value[KNOB_DROPOUT] > 0)
        return refuse_dropout(error);
    enum status status = cost_check(&shape, trainer_knob_size(trainer, KNOB_BATCH), error);
    for (size_t i = 0; i < trainer->stages && status == STATUS_OK; i++)
        if (trainer->stage[i].turns[KNOB_BATCH])
            status = cost_check(
                &shape, (size_t)fmin(trainer->stage[i].value[KNOB_BATCH], (double)trainer->stage[i].dataset->train),
                error);
    if (status == STATUS_OK)
        status = make_models(trainer, &shape, error);
    if (status != STATUS_OK)
        return status;
    if (!make_work(trainer))
        return error_memory(error);
    status = copy_start(trainer, spec->start, spec->start_count, false, error);
    if (status != STATUS_OK)
        return status;
    declare_state(trainer);
    return make_room(trainer, trainer_knob_size(trainer, KNOB_BATCH), error);
}

enum status trainer_create(struct trainer **out, const struct trainer_spec *spec, const struct kernels *kernels,
                           struct error *error)
{
    struct trainer *trainer = mem_alloc(1, sizeof *trainer);
    if (!trainer)
        return error_memory(error);
    trainer->kernels = kernels;
    take_stages(trainer, spec);
    trainer->knobs = spec->knobs;
    trainer->knobs.value[KNOB_BATCH] = trainer_clamp_batch(trainer, spec->knobs.value[KNOB_BATCH]);
    for (size_t i = 0; i < OPTIMIZER_COUNT; i++)
        trainer->rates[i] = optimizer_row(i)->default_lr;
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
    start_weights_drop(trainer->start);
    for (size_t i = 0; i < trainer->stages; i++)
        trainer_objective_of(trainer, i)->free(trainer->work[i]);
    for (size_t i = 0; i < trainer->models; i++)
        owned_model_free(&trainer->model[i]);
    mem_free(trainer);
}

struct trainer_memory trainer_memory(const struct trainer *trainer)
{
    const size_t block = trainer->models * owned_model_block(trainer->model);
    struct trainer_memory memory = {
        .parameters = block,
        .gradients = block,
        .moments = OPTIMIZER_MOMENTS_MAX * block,
        .best = (1 + OPTIMIZER_MOMENTS_MAX) * block,
        .start = trainer->start ? trainer->start->count * sizeof *trainer->start->value : 0,
    };
    for (size_t i = 0; i < trainer->stages; i++)
        memory.activations += trainer_objective_of(trainer, i)->bytes(trainer->work[i]);
    return memory;
}

static void place_by_hand(struct trainer *trainer)
{
    const double *value = trainer->start->value;
    struct params *params = trainer->model[0].params;
    for (size_t i = 0; i < params->slices; i++) {
        const struct param_slice *slice = &params->slice[i];
        for (size_t out = 0; out < slice->out; out++)
            for (size_t in = 0; in < slice->in; in++)
                params_set(params, slice, out, in, (float)*value++);
    }
}

struct trainer_start trainer_start_of(const struct trainer *trainer, uint64_t seed)
{
    const struct counters *counters = &trainer->counters;
    const bool later = counters->stage > counters->start_stage;
    struct trainer_start start = {
        .seed = seed,
        .weights = trainer->start,
        .knobs = later ? trainer->first_knobs : trainer->knobs,
        .stage = counters->start_stage,
        .step = counters->start_step,
    };
    memcpy(start.rates, later ? trainer->first_rates : trainer->rates, sizeof start.rates);
    return start;
}

enum status trainer_begin(struct trainer *trainer, const struct trainer_start *start, struct error *error)
{
    enum status status = start->weights ? check_start(trainer, start->weights->count, error) : STATUS_OK;
    if (status != STATUS_OK)
        return status;
    start_weights_hold(start->weights);
    start_weights_drop(trainer->start);
    trainer->start = start->weights;
    trainer->knobs = start->knobs;
    memcpy(trainer->rates, start->rates, sizeof trainer->rates);
    for (size_t i = 0; i < trainer->models; i++)
        model_init(trainer->model[i].model, start->seed);
    if (trainer->start && start->stage == 0)
        place_by_hand(trainer);
    trainer->counters = (struct counters){
        .seed = start->seed,
        .step = start->step,
        .next_evaluation = start->step,
        .last_evaluation = COUNTERS_NEVER,
        .best_optimizer = trainer_knob_size(trainer, KNOB_OPTIMIZER),
        .stage = start->stage,
        .stage_origin = start->step,
        .start_stage = start->stage,
        .start_step = start->step,
    };
    trainer->knobs.value[KNOB_BATCH] = trainer_clamp_batch(trainer, trainer->knobs.value[KNOB_BATCH]);
    trainer_take_up_stage(trainer);
    for (size_t i = 0; i < trainer->models; i++) {
        owned_model_clear_moments(&trainer->model[i]);
        owned_model_keep_best(&trainer->model[i]);
    }
    trainer->cursor = (struct batch_cursor){.rows = trainer_rows_in_use(trainer)};
    state_clear(&knobs_fields, &trainer->first_knobs);
    state_clear(&rates_fields, trainer->first_rates);
    for (size_t i = 0; i < trainer->stages; i++)
        if (trainer_objective_of(trainer, i)->start)
            trainer_objective_of(trainer, i)->start(trainer->work[i]);
    early_stop_reset(&trainer->stop);
    trainer_begin_schedule(trainer);
    trainer_drop_pieces(trainer);
    return make_room(trainer, trainer_knob_size(trainer, KNOB_BATCH), error);
}

/* Who is not sure of the room makes it before. */
void trainer_restart(struct trainer *trainer, uint64_t seed)
{
    const struct trainer_start start = trainer_start_of(trainer, seed);
    trainer_begin(trainer, &start, NULL);
}

enum status trainer_place(struct trainer *trainer, const double *start, size_t count, struct error *error)
{
    enum status status = copy_start(trainer, start, count, true, error);
    if (status != STATUS_OK)
        return status;
    struct trainer_start first = trainer_start_of(trainer, trainer->counters.seed);
    first.stage = first.step = 0; /* where weights are placed, also on a line of steps that began later */
    return trainer_begin(trainer, &first, error);
}

enum status trainer_make_room(struct trainer *trainer, size_t stage, const struct knobs *knobs, struct error *error)
{
    return trainer_room_for(trainer, stage, (size_t)knobs->value[KNOB_BATCH], error);
}

enum status trainer_restored(struct trainer *trainer, struct error *error)
{
    if (trainer->counters.stage >= trainer->stages)
        return error_set(error, STATUS_FAILED, "it is in stage %llu, this run has %zu",
                         (unsigned long long)trainer->counters.stage + 1, trainer->stages);
    const struct counters_about about = {
        .dataset = trainer_dataset(trainer),
        .knobs = &trainer->knobs,
        .cursor = &trainer->cursor,
        .rates = trainer->rates,
        .first_knobs = &trainer->first_knobs,
        .first_rates = trainer->first_rates,
        .stop = &trainer->stop,
        .plateau = &trainer->plateau,
        .drops = model_can_drop(model_shape(trainer_model(trainer))),
    };
    enum status status = counters_check(&trainer->counters, &about, error);
    if (status != STATUS_OK)
        return status;
    trainer_take_up_stage(trainer);
    trainer_drop_pieces(trainer);
    return make_room(trainer, trainer_knob_size(trainer, KNOB_BATCH), error);
}

/* ---- Knobs ------------------------------------------------------------------------------------ */

/* What follows from a knob that has just moved. */
static void follow_up(struct trainer *trainer, enum knob_id knob)
{
    struct batch_cursor *cursor = &trainer->cursor;
    switch (knob) {
    case KNOB_TRAIN_FRACTION:
        cursor->rows = trainer_rows_in_use(trainer);
        cursor->epoch += cursor->position > 0;
        cursor->position = 0;
        break;
    case KNOB_OPTIMIZER:
        trainer_clear_moments(trainer);
        break;
    case KNOB_SCHEDULE:
    case KNOB_HORIZON:
    case KNOB_WARMUP:
        trainer_begin_schedule(trainer);
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

enum status trainer_prepare_knob(struct trainer *trainer, enum knob_id knob, double *value, struct error *error)
{
    if (knob == KNOB_DROPOUT && !model_can_drop(model_shape(trainer_model(trainer))))
        return refuse_dropout(error);
    const struct optimizer *optimizer = optimizer_row(trainer_knob_size(trainer, KNOB_OPTIMIZER));
    const char *name = knob_table[knob].name, *reason = refusal_find(optimizer->refuses, name);
    if (!reason)
        reason = refusal_find(trainer_objective(trainer)->refuses, name);
    if (reason)
        return error_set(error, STATUS_USAGE, "%s: %s", name, reason);
    if (knob != KNOB_BATCH)
        return STATUS_OK;
    *value = trainer_clamp_batch(trainer, *value);
    return make_room(trainer, (size_t)*value, error);
}

enum status trainer_set_knob(struct trainer *trainer, enum knob_id knob, double value, char *label, size_t size,
                             struct error *error)
{
    enum status status = trainer_prepare_knob(trainer, knob, &value, error);
    if (status != STATUS_OK)
        return status;
    bool moved = trainer->knobs.value[knob] < value || trainer->knobs.value[knob] > value;
    knobs_turn(&trainer->knobs, trainer->rates, knob, value, label, size);
    if (moved)
        follow_up(trainer, knob);
    trainer_drop_pieces(trainer);
    return STATUS_OK;
}
