/* Lists the fields of counters, cursor and plateau, and checks a state that was in a file. */
#include "learn/counters.h"

#include <math.h>
#include <stddef.h>

#include "nn/optimizer.h"

// clang-format off
static const struct state_field counter_table[] = {
    {.name = "seed", .offset = offsetof(struct counters, seed), .type = STATE_U64},
    {.name = "step", .offset = offsetof(struct counters, step), .type = STATE_U64},
    {.name = "next_evaluation", .offset = offsetof(struct counters, next_evaluation), .type = STATE_U64},
    {.name = "last_evaluation", .offset = offsetof(struct counters, last_evaluation), .type = STATE_U64},
    {.name = "epoch_ended", .offset = offsetof(struct counters, epoch_ended), .type = STATE_U64},
    {.name = "moments_t", .offset = offsetof(struct counters, moments_t), .type = STATE_U64},
    {.name = "schedule_origin", .offset = offsetof(struct counters, schedule_origin), .type = STATE_U64},
    {.name = "next_plateau", .offset = offsetof(struct counters, next_plateau), .type = STATE_U64},
    {"best_optimizer", offsetof(struct counters, best_optimizer), STATE_U64, optimizer_name, OPTIMIZER_COUNT, NULL},
    {.name = "best_moments_t", .offset = offsetof(struct counters, best_moments_t), .type = STATE_U64},
    {.name = "runaway", .offset = offsetof(struct counters, runaway), .type = STATE_U64},
    {.name = "stage", .offset = offsetof(struct counters, stage), .type = STATE_U64},
    {.name = "stage_origin", .offset = offsetof(struct counters, stage_origin), .type = STATE_U64},
    {.name = "stage_epoch", .offset = offsetof(struct counters, stage_epoch), .type = STATE_U64},
    {.name = "start_stage", .offset = offsetof(struct counters, start_stage), .type = STATE_U64},
    {.name = "start_step", .offset = offsetof(struct counters, start_step), .type = STATE_U64},
};

static const struct state_field cursor_table[] = {
    {.name = "epoch", .offset = offsetof(struct batch_cursor, epoch), .type = STATE_U64},
    {.name = "position", .offset = offsetof(struct batch_cursor, position), .type = STATE_U32},
    {.name = "rows", .offset = offsetof(struct batch_cursor, rows), .type = STATE_U32},
};

static const struct state_field plateau_table[] = {
    {.name = "best", .offset = offsetof(struct schedule_plateau, best), .type = STATE_DOUBLE},
    {.name = "misses", .offset = offsetof(struct schedule_plateau, misses), .type = STATE_U32},
    {.name = "cuts", .offset = offsetof(struct schedule_plateau, cuts), .type = STATE_U32},
};
// clang-format on

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

const struct state_fields counters_fields = {.count = COUNT_OF(counter_table), .table = counter_table};
const struct state_fields cursor_fields = {.count = COUNT_OF(cursor_table), .table = cursor_table};
const struct state_fields plateau_fields = {.count = COUNT_OF(plateau_table), .table = plateau_table};

#define STEPS_MAX ((uint64_t)1 << 53)

static enum status impossible(struct error *error, const char *what)
{
    return error_set(error, STATUS_FAILED, "a state that cannot be: %s", what);
}

/* Steps of the past lie before the present one; those of the future wait at most as long again and a little. */
static bool counts_right(const struct counters *counters)
{
    const uint64_t step = counters->step;
    return step <= STEPS_MAX && counters->next_evaluation <= STEPS_MAX && counters->next_plateau <= 2 * STEPS_MAX &&
           (counters->last_evaluation <= step || counters->last_evaluation == COUNTERS_NEVER) &&
           counters->schedule_origin <= step && counters->stage_origin <= step &&
           counters->start_step <= counters->stage_origin && counters->start_stage <= counters->stage &&
           counters->moments_t <= step && counters->best_moments_t <= step && counters->epoch_ended <= 1 &&
           counters->runaway <= 1;
}

/* The least loss so far: infinite before the first, never less than any number. */
static bool is_best(double loss)
{
    return loss > -INFINITY;
}

static bool stop_right(const struct early_stop *stop, uint64_t step)
{
    return is_best(stop->best) && stop->best_step <= step && stop->next_check <= 2 * STEPS_MAX && stop->stopped <= 1;
}

static enum status check_knobs(const struct knobs *knobs, const double *rates, struct error *error)
{
    for (enum knob_id i = 0; i < KNOB_COUNT; i++) {
        enum status status = knob_check(i, knobs->value[i], error);
        if (status != STATUS_OK)
            return status;
    }
    for (size_t i = 0; i < OPTIMIZER_COUNT; i++)
        if (knob_check(KNOB_LR, rates[i], NULL) != STATUS_OK)
            return impossible(error, "the learning rates");
    return STATUS_OK;
}

enum status counters_check(const struct counters *counters, const struct counters_about *about, struct error *error)
{
    const struct batch_cursor *cursor = about->cursor;
    enum status status = check_knobs(about->knobs, about->rates, error);
    if (status == STATUS_OK && counters->stage > counters->start_stage)
        status = check_knobs(about->first_knobs, about->first_rates, error);
    if (status != STATUS_OK)
        return status;
    if (about->knobs->value[KNOB_BATCH] > (double)about->dataset->train)
        return impossible(error, "a batch of more rows than there are");
    const bool first_drops = counters->stage > counters->start_stage && about->first_knobs->value[KNOB_DROPOUT] > 0;
    if ((about->knobs->value[KNOB_DROPOUT] > 0 || first_drops) && !about->drops)
        return impossible(error, "dropout without a hidden layer");
    if (!counts_right(counters) || counters->best_optimizer >= OPTIMIZER_COUNT)
        return impossible(error, "the counters");
    if (!stop_right(about->stop, counters->step))
        return impossible(error, "early stopping");
    if (!is_best(about->plateau->best))
        return impossible(error, "the best loss of the plateau schedule");
    if (cursor->rows != batch_rows(about->dataset, about->knobs->value[KNOB_TRAIN_FRACTION]))
        return error_set(error, STATUS_FAILED, "it was trained on %lu rows, these data have %zu: they are not the same",
                         (unsigned long)cursor->rows,
                         batch_rows(about->dataset, about->knobs->value[KNOB_TRAIN_FRACTION]));
    if (cursor->position >= cursor->rows || cursor->epoch > STEPS_MAX || counters->stage_epoch > cursor->epoch)
        return impossible(error, "the place in the data");
    return STATUS_OK;
}
