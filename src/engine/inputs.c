/* The inputs: commands that change the state of one trainer between two steps, and can be applied again. */
#include <assert.h>
#include <stdio.h>

#include "base/number.h"
#include "engine/worker_parts.h"

/* ---- knobs ---- */

static enum knob_id knob_of(const struct request *request)
{
    return (enum knob_id)request->value[0].number;
}

/* Whether the knob is the trainer's.  The others (speed, timeline) are the worker's. */
static bool knob_records(const struct request *request)
{
    return knob_table[knob_of(request)].affects_state;
}

static enum status refuse_same(enum knob_id knob, double value, struct error *error)
{
    char now[32];
    return error_set(error, STATUS_USAGE, "%s is %s already", knob_table[knob].label,
                     knob_format(knob, value, now, sizeof now));
}

static enum status knob_input_check(struct trainer *trainer, const struct request *request, struct error *error)
{
    const enum knob_id knob = knob_of(request);
    double to = request->value[1].real;
    enum status status = trainer_prepare_knob(trainer, knob, &to, error);
    if (status == STATUS_OK && to == trainer_knobs(trainer)->value[knob])
        return refuse_same(knob, to, error);
    return status;
}

static void knob_apply(struct trainer *trainer, const struct request *request, struct event *event)
{
    const enum knob_id knob = knob_of(request);
    const double *now = &trainer_knobs(trainer)->value[knob];
    event->kind = EVENT_KNOB;
    event->what = (uint16_t)knob;
    event->from = *now;
    const enum status status =
        trainer_set_knob(trainer, knob, request->value[1].real, event->label, sizeof event->label, NULL);
    assert(status == STATUS_OK); /* it was checked */
    (void)status;
    event->to = *now;
}

static double *own_value(struct worker *worker, enum knob_id knob)
{
    return knob == KNOB_TIMELINE ? &worker->budget : &worker->tempo.speed;
}

static enum status knob_prepare(void *room, const struct request *request, struct error *error)
{
    const enum knob_id knob = knob_of(request);
    const double value = request->value[1].real;
    enum status status = knob_check(knob, value, error);
    if (status != STATUS_OK || knob_records(request))
        return status;
    return value == *own_value(room, knob) ? refuse_same(knob, value, error) : STATUS_OK;
}

static void knob_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    const enum knob_id knob = knob_of(request);
    if (knob_records(request)) {
        row_note(&worker->rows, answer->label);
        return;
    }
    char from[32], to[32];
    double *now = own_value(worker, knob), value = request->value[1].real;
    snprintf(answer->label, sizeof answer->label, "%s %s → %s", knob_table[knob].marker,
             knob_format(knob, *now, from, sizeof from), knob_format(knob, value, to, sizeof to));
    answer->kind = EVENT_KNOB;
    answer->what = (uint16_t)knob;
    answer->from = *now;
    answer->to = *now = value;
    if (knob == KNOB_TIMELINE)
        worker_share_budget(worker);
    else
        tempo_rest(&worker->tempo);
}

const struct command input_knob = {
    .name = "knob",
    .alias = "set",
    .about = "turns a knob: lr 0.05, speed max",
    .example = "lr 0.05",
    .argument = {{.name = "KNOB", .type = ARGUMENT_KNOB}, {.name = "VALUE", .type = ARGUMENT_VALUE}},
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .records = knob_records,
    .check = knob_input_check,
    .apply = knob_apply,
    .prepare = knob_prepare,
    .obey = knob_obey,
};

/* ---- the next stage ---- */

static enum status stage_check(struct trainer *trainer, const struct request *request, struct error *error)
{
    (void)request;
    return trainer_prepare_stage(trainer, error);
}

static void stage_apply(struct trainer *trainer, const struct request *request, struct event *event)
{
    (void)request;
    const enum status status = trainer_next_stage(trainer, NULL);
    assert(status == STATUS_OK); /* it was checked */
    (void)status;
    event->kind = EVENT_STAGE;
}

static enum status stage_reserve(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    (void)request, (void)error;
    worker->reserved.stage_end = stage_end_of(worker->lane.trainer);
    return STATUS_OK;
}

static void stage_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    worker_enter_stage(worker, &worker->reserved.stage_end, answer);
}

const struct command input_stage = {
    .name = "stage",
    .about = "on to the next stage",
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .check = stage_check,
    .apply = stage_apply,
    .reserve = stage_reserve,
    .obey = stage_obey,
};

/* ---- the best parameters ---- */

/* Refused when none are better than the present ones. */
static enum status best_prepare(void *room, const struct request *request, struct error *error)
{
    (void)request;
    return worker_measure(room) && worker_is_past_best(room)
               ? STATUS_OK
               : error_set(error, STATUS_USAGE, "no better parameters are known than the present ones");
}

static enum status best_check(struct trainer *trainer, const struct request *request, struct error *error)
{
    (void)trainer, (void)request, (void)error;
    return STATUS_OK;
}

static void best_apply(struct trainer *trainer, const struct request *request, struct event *event)
{
    (void)request;
    worker_fill_stop(event, EVENT_BEST, "ends with the best", trainer_early_stop(trainer));
    trainer_restore_best(trainer);
}

static void best_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    row_note(&worker->rows, answer->label);
    worker_measure(worker);
}

const struct command input_best = {
    .name = "best",
    .about = "brings the best parameters back",
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER | COMMAND_UNLISTED,
    .check = best_check,
    .apply = best_apply,
    .prepare = best_prepare,
    .obey = best_obey,
};
