/* Answers questions about a trainer's state. */
#include <math.h>

#include "learn/trainer_parts.h"

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
uint64_t trainer_schedule_end(const struct trainer *trainer)
{
    return trainer->counters.schedule_origin + trainer_knob_size(trainer, KNOB_HORIZON);
}
const struct knobs *trainer_knobs(const struct trainer *trainer)
{
    return &trainer->knobs;
}
const struct model *trainer_model(const struct trainer *trainer)
{
    return trainer->model[0].model;
}
const struct dataset *trainer_dataset(const struct trainer *trainer)
{
    return trainer_stage_now(trainer)->dataset;
}
enum loss_id trainer_loss(const struct trainer *trainer)
{
    return trainer_stage_now(trainer)->loss;
}
const struct objective *trainer_objective(const struct trainer *trainer)
{
    return trainer_objective_of(trainer, trainer->counters.stage);
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
    unsigned layers = trainer->model[0].params->layers;
    return layers < LAYERS_MEASURED ? layers : LAYERS_MEASURED;
}

double trainer_clamp_batch(const struct trainer *trainer, double value)
{
    double rows = (double)trainer_dataset(trainer)->train;
    return value < rows ? value : rows;
}

uint32_t trainer_rows_in_use(const struct trainer *trainer)
{
    return (uint32_t)batch_rows(trainer_dataset(trainer), trainer->knobs.value[KNOB_TRAIN_FRACTION]);
}

size_t trainer_stage_number(const struct trainer *trainer)
{
    return trainer->counters.stage;
}

const struct trainer_stage *trainer_stage(const struct trainer *trainer, size_t number)
{
    return &trainer->stage[number];
}

bool trainer_stage_is_last(const struct trainer *trainer)
{
    return trainer->counters.stage + 1 == trainer->stages;
}

bool trainer_stage_over(const struct trainer *trainer)
{
    const struct trainer_stage *stage = trainer_stage_now(trainer);
    const struct counters *counters = &trainer->counters;
    const struct headline *headline = &trainer_objective(trainer)->headline;
    return (trainer_early_stopped(trainer) && !trainer_stage_is_last(trainer)) ||
           (stage->steps > 0 && counters->step - counters->stage_origin >= stage->steps) ||
           (stage->epochs > 0 && trainer_epoch(trainer) - (double)counters->stage_epoch >= stage->epochs) ||
           (stage->test_loss > 0 && trainer->stop.best <= series_cost(headline->test, stage->test_loss));
}

bool trainer_early_stopped(const struct trainer *trainer)
{
    return trainer->stop.stopped != 0;
}

bool trainer_looks_back(const struct trainer *trainer)
{
    return trainer_stage_now(trainer)->dataset != trainer->stage[0].dataset;
}

bool trainer_is_past_best(const struct trainer *trainer, const float *measures)
{
    const unsigned series = trainer_objective(trainer)->headline.test;
    const double best = trainer->stop.best;
    return isfinite(best) && !((float)series_cost(series, (double)measures[series]) <= (float)best);
}
