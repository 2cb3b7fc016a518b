/* Fills the rows of the run's log and hands them to the sink that writes them. */
#include <math.h>
#include <stdio.h>

#include "data/batch.h"
#include "engine/worker_parts.h"

bool worker_row_due(const struct worker *worker)
{
    const uint64_t every = worker->spec->log_every;
    if (!worker->sink)
        return false;
    return worker->heard[0] || worker_limit_reached(worker) ||
           (every > 0 ? worker->lane.at.step % every == 0 : trainer_evaluation_due(worker->lane.trainer));
}

void worker_open_row(struct worker *worker, uint64_t step, bool stepped)
{
    if (!worker->sink)
        return;
    const double *knob = trainer_knobs(worker->lane.trainer)->value;
    const struct trainer_stage *stage = trainer_stage(worker->lane.trainer, trainer_stage_number(worker->lane.trainer));
    const double rows = (double)batch_rows(stage->dataset, knob[KNOB_TRAIN_FRACTION]); /* that there are for a batch */
    struct log_row *row = &worker->row;
    *row = (struct log_row){
        .step = step,
        .epoch = trainer_epoch(worker->lane.trainer),
        .branch = worker->lane.at.branch,
        .stage = stage->name,
        .batch = stepped ? fmin(knob[KNOB_BATCH], rows) : NAN,
        .dropout = stepped ? knob[KNOB_DROPOUT] : NAN,
    };
    for (unsigned i = 0; stepped && i < SERIES_COUNT; i++)
        if (series_table[i].every_step)
            log_row_set(row, i, worker->lane.measures[i]);
    snprintf(row->event, sizeof row->event, "%s", worker->heard);
    worker->heard[0] = '\0';
    worker->row_open = true;
}

void worker_fill_row(struct worker *worker)
{
    for (unsigned i = 0; worker->row_open && i < SERIES_COUNT; i++)
        if (!series_table[i].every_step)
            log_row_set(&worker->row, i, worker->lane.measures[i]);
}

void worker_close_row(struct worker *worker)
{
    if (!worker->row_open)
        return;
    worker->row_open = false;
    sink_write(worker->sink, &worker->row);
}

void worker_last_row(struct worker *worker)
{
    if (!worker->heard[0])
        return;
    worker_open_row(worker, worker->lane.at.step, false);
    worker_close_row(worker);
}
