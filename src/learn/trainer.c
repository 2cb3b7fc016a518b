#include "learn/trainer.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "data/batch.h"
#include "learn/cost.h"
#include "learn/counters.h"
#include "learn/evaluator.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"

static_assert(LAYERS_MEASURED == STEP_LAYERS, "the optimiser measures the layers that have series");

#define MOMENTS_MAX OPTIMIZER_MOMENTS_MAX

/* Weights beyond this have run away: a few more steps (each can multiply them by at most 1 + lr x decay, about a
 * thousand) could write an infinity into the parameters, from which there is no way back.  They are looked through
 * after each update that was large beside them, and where all of them together are that long: none can be longer. */
#define WEIGHT_MAX   1e15f
#define LARGE_UPDATE 0.5f

/* A set of blocks of which one is trained and one kept as the best. */
struct blocks {
    float *parameters;
    float *moments[MOMENTS_MAX];
};

struct trainer {
    const struct dataset *dataset;
    const struct kernels *kernels;
    const struct objective *objective;
    const struct loss *loss;
    enum loss_id loss_id;
    struct net *net;
    struct params *params; /* of the net */
    double *start;         /* given start, or NULL */

    /* State. */
    struct blocks now, best; /* now.parameters is the net's own block */
    struct batch_cursor cursor;
    struct counters counters;
    struct knobs knobs;
    double rates[OPTIMIZER_COUNT];
    struct early_stop stop;
    struct schedule_plateau plateau;
    struct state state; /* lists all of the above */

    /* Tools: nothing that a step depends on. */
    struct batch *batch;
    struct workspace *workspace;
    size_t room; /* largest batch that the two are laid out for */
    struct evaluator *evaluator;
    bool evaluating; /* one is under way */
    bool extra;      /* one is wanted off the cadence */
};

static size_t knob_size(const struct trainer *trainer, enum knob_id knob)
{
    return (size_t)trainer->knobs.value[knob];
}

/* ---- Cadence ---------------------------------------------------------------------------------- */

uint64_t trainer_cadence(const struct trainer *trainer)
{
    size_t rows = trainer->cursor.rows;
    size_t batch = knob_size(trainer, KNOB_BATCH);
    double step = net_step_flops(trainer->net, batch < rows ? batch : rows);
    double evaluation = cost_forward(net_spec(trainer->net)) * (double)evaluator_rows(trainer->dataset, rows);
    double cadence = ceil(5 * evaluation / step);
    return cadence > 1 ? (uint64_t)cadence : 1;
}

static uint64_t next_evaluation(const struct trainer *trainer)
{
    uint64_t step = trainer->counters.step, wait = step / 20, longest = trainer_cadence(trainer);
    wait = wait < 1 ? 1 : wait;
    return step + (wait < longest ? wait : longest);
}

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
    enum status status = cost_check(&shape, knob_size(trainer, KNOB_BATCH), error);
    if (status == STATUS_OK)
        status = net_create(&trainer->net, &shape, trainer->kernels, error);
    if (status != STATUS_OK)
        return status;
    trainer->params = net_params(trainer->net);
    trainer->now.parameters = trainer->params->value;
    size_t size = trainer->params->size;
    bool complete = (trainer->best.parameters = mem_alloc(size, sizeof(float))) != NULL;
    for (size_t i = 0; i < MOMENTS_MAX; i++) {
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
    return make_room(trainer, knob_size(trainer, KNOB_BATCH), error);
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
    trainer->rates[knob_size(trainer, KNOB_OPTIMIZER)] = spec->knobs.value[KNOB_LR];
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
    for (size_t i = 0; i < MOMENTS_MAX; i++) {
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

static void copy_blocks(const struct trainer *trainer, struct blocks *to, const struct blocks *from)
{
    size_t bytes = trainer->params->size * sizeof(float);
    memcpy(to->parameters, from->parameters, bytes);
    for (size_t i = 0; i < MOMENTS_MAX; i++)
        memcpy(to->moments[i], from->moments[i], bytes);
}

static void clear_moments(struct trainer *trainer)
{
    for (size_t i = 0; i < MOMENTS_MAX; i++)
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
        .best_optimizer = knob_size(trainer, KNOB_OPTIMIZER),
    };
    clear_moments(trainer);
    copy_blocks(trainer, &trainer->best, &trainer->now);
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
    return make_room(trainer, knob_size(trainer, KNOB_BATCH), error);
}

/* ---- A step ----------------------------------------------------------------------------------- */

static double rate_in_force(const struct trainer *trainer)
{
    const double *knob = trainer->knobs.value;
    size_t schedule = (size_t)knob[KNOB_SCHEDULE];
    if (schedule == SCHEDULE_CONSTANT)
        return knob[KNOB_LR];
    struct schedule_point at = {
        .step = trainer->counters.step - trainer->counters.schedule_origin,
        .horizon = (uint64_t)knob[KNOB_HORIZON],
        .warmup = (uint64_t)knob[KNOB_WARMUP],
        .plateau = &trainer->plateau,
    };
    return knob[KNOB_LR] * schedule_table[schedule].factor(&at);
}

static bool weights_ran_away(const struct params *params)
{
    const float *value = params->value;
    size_t beyond = 0;
    for (size_t i = 0; i < params->size; i++)
        beyond += !(fabsf(value[i]) <= WEIGHT_MAX);
    return beyond > 0;
}

static void measure_step(const struct trainer *trainer, const struct step_report *report, float *measures)
{
    measures[SERIES_UPDATE_RATIO] = report->update_ratio;
    size_t bytes = trainer_layers(trainer) * sizeof(float);
    memcpy(measures + series_layer_grad(0), report->gradient, bytes);
    memcpy(measures + series_layer_ratio(0), report->ratio, bytes);
}

/* It has not stopped any more, and what was missed before does not count. */
static void resume_patience(struct trainer *trainer)
{
    trainer->stop.stopped = 0;
    early_stop_forgive(&trainer->stop, trainer->counters.step, trainer_cadence(trainer));
}

/* Draws the batch that `cursor` points at, moves it on, and leaves the gradient in params->gradient.  Its loss. */
static float find_gradient(struct trainer *trainer, struct batch_cursor *cursor)
{
    const double *knob = trainer->knobs.value;
    uint64_t seed = trainer->counters.seed, step = trainer->counters.step;
    struct batch_settings wanted = {
        .seed = seed,
        .size = (size_t)knob[KNOB_BATCH],
        .train_fraction = knob[KNOB_TRAIN_FRACTION],
        .label_noise = knob[KNOB_LABEL_NOISE],
        .input_noise = knob[KNOB_INPUT_NOISE],
    };
    size_t size = batch_next(trainer->batch, cursor, &wanted, step);
    const float *x = batch_x(trainer->batch);
    size_t x_stride = batch_x_stride(trainer->batch), stride = net_output_stride(trainer->net);
    struct net_dropout dropout = {.rate = knob[KNOB_DROPOUT], .seed = seed, .step = step};
    float *logits =
        net_forward(trainer->net, NULL, trainer->workspace, x, x_stride, size, dropout.rate > 0 ? &dropout : NULL);
    struct loss_answers answers = {.label = batch_label(trainer->batch), .target = batch_target(trainer->batch)};
    float loss = trainer->loss->compute(trainer->kernels, logits, stride, net_spec(trainer->net)->outputs, size,
                                        &answers, logits, NULL);
    if (isfinite(loss))
        net_backward(trainer->net, trainer->workspace, x, x_stride, size, logits);
    return loss;
}

enum step_result trainer_step(struct trainer *trainer, float *measures)
{
    const double *knob = trainer->knobs.value;
    struct counters *counters = &trainer->counters;
    struct batch_cursor cursor = trainer->cursor; /* taken over when the step is */
    double lr = rate_in_force(trainer);
    float loss = find_gradient(trainer, &cursor);
    measures[SERIES_LOSS] = loss;
    measures[SERIES_LR] = (float)lr;
    measures[SERIES_GRAD_NORM] = NAN;
    if (!isfinite(loss) || counters->runaway)
        return STEP_NONFINITE;

    struct optimizer_settings settings = {
        .lr = (float)lr,
        .weight_decay = (float)knob[KNOB_WEIGHT_DECAY],
        .momentum = (float)knob[KNOB_MOMENTUM],
        .clip = (float)knob[KNOB_CLIP],
        .t = counters->moments_t + 1,
    };
    struct step_report report;
    bool updated = optimizer_step((enum optimizer_id)(int)knob[KNOB_OPTIMIZER], trainer->kernels, trainer->params,
                                  trainer->now.moments, &settings, &report);
    measures[SERIES_GRAD_NORM] = report.gradient_norm;
    if (!updated)
        return STEP_NONFINITE;
    measure_step(trainer, &report, measures);

    counters->step++;
    counters->moments_t++;
    if (!(report.update_ratio < LARGE_UPDATE) || !(report.weight_norm <= WEIGHT_MAX))
        counters->runaway = weights_ran_away(trainer->params);
    counters->epoch_ended = cursor.position == 0 || cursor.position >= cursor.rows;
    trainer->cursor = cursor;
    if (trainer->stop.stopped)
        resume_patience(trainer);
    trainer->evaluating = trainer->extra = false;
    return STEP_DONE;
}

/* ---- Evaluation ------------------------------------------------------------------------------- */

static bool cadence_due(const struct trainer *trainer)
{
    return trainer->counters.step >= trainer->counters.next_evaluation;
}

bool trainer_evaluation_due(const struct trainer *trainer)
{
    return trainer->extra || cadence_due(trainer);
}

void trainer_evaluate_now(struct trainer *trainer)
{
    if (trainer->counters.last_evaluation != trainer->counters.step)
        trainer->extra = true;
}

/* What an evaluation on the cadence changes in the state. */
static void take_in(struct trainer *trainer, double train_loss, double test_loss)
{
    struct counters *counters = &trainer->counters;
    uint64_t step = counters->step, cadence = trainer_cadence(trainer);
    counters->last_evaluation = step;
    counters->next_evaluation = next_evaluation(trainer);
    if (early_stop_improves(&trainer->stop, step, cadence, test_loss)) {
        copy_blocks(trainer, &trainer->best, &trainer->now);
        counters->best_optimizer = knob_size(trainer, KNOB_OPTIMIZER);
        counters->best_moments_t = counters->moments_t;
    }
    bool over = early_stop_check(&trainer->stop, step, cadence, (uint32_t)trainer->knobs.value[KNOB_PATIENCE]);
    trainer->stop.stopped = over && trainer->knobs.value[KNOB_EARLY_STOP] > 0;
    if (knob_size(trainer, KNOB_SCHEDULE) == SCHEDULE_PLATEAU && step >= counters->next_plateau) {
        schedule_plateau_update(&trainer->plateau, train_loss);
        counters->next_plateau = step + cadence;
    }
}

bool trainer_evaluate(struct trainer *trainer, size_t rows, float *measures)
{
    if (!trainer->evaluating) {
        evaluator_begin(trainer->evaluator, &(struct evaluator_key){
                                                .seed = trainer->counters.seed,
                                                .rows = trainer->cursor.rows,
                                                .label_noise = trainer->knobs.value[KNOB_LABEL_NOISE],
                                            });
        trainer->evaluating = true;
    }
    if (!evaluator_run(trainer->evaluator, rows))
        return false;
    trainer->evaluating = trainer->extra = false;
    struct evaluator_result train = evaluator_result(trainer->evaluator, EVALUATE_TRAIN);
    struct evaluator_result test = evaluator_result(trainer->evaluator, EVALUATE_TEST);
    if (cadence_due(trainer))
        take_in(trainer, train.loss, test.loss);
    measures[SERIES_TRAIN_LOSS] = (float)train.loss;
    measures[SERIES_TEST_LOSS] = (float)test.loss;
    measures[SERIES_TRAIN_ACC] = (float)train.accuracy;
    measures[SERIES_TEST_ACC] = (float)test.accuracy;
    measures[SERIES_MISSES] = (float)trainer->stop.misses;
    return true;
}

bool trainer_early_stopped(const struct trainer *trainer)
{
    return trainer->stop.stopped != 0;
}

void trainer_restore_best(struct trainer *trainer)
{
    struct counters *counters = &trainer->counters;
    copy_blocks(trainer, &trainer->now, &trainer->best);
    counters->moments_t = counters->best_moments_t;
    counters->runaway = 0; /* a best loss was measured with them */
    /* Moments of another optimiser mean nothing to this one. */
    if (counters->best_optimizer != knob_size(trainer, KNOB_OPTIMIZER))
        clear_moments(trainer);
    counters->last_evaluation = COUNTERS_NEVER;
    early_stop_forgive(&trainer->stop, counters->step, trainer_cadence(trainer));
    trainer->evaluating = trainer->extra = false;
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
        clear_moments(trainer);
        break;
    case KNOB_SCHEDULE:
    case KNOB_HORIZON:
    case KNOB_WARMUP:
        begin_schedule(trainer);
        break;
    case KNOB_EARLY_STOP:
        resume_patience(trainer);
        break;
    default:
        break;
    }
    /* A larger batch or a smaller share shortens the cadence at once. */
    uint64_t soonest = next_evaluation(trainer);
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
