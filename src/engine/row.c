/* Fills the rows of the run's log and hands them to the sink that writes them. */
#include "engine/row.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/batch.h"

bool row_is_due(const struct row_writer *writer, const struct lane *lane, bool limit)
{
    if (!writer->sink)
        return false;
    return writer->heard[0] || limit ||
           (writer->every > 0 ? lane->at.step % writer->every == 0 : trainer_evaluation_due(lane->trainer));
}

void row_open(struct row_writer *writer, const struct lane *lane, uint64_t step, bool stepped)
{
    if (!writer->sink)
        return;
    const double *knob = trainer_knobs(lane->trainer)->value;
    const struct trainer_stage *stage = trainer_stage(lane->trainer, trainer_stage_number(lane->trainer));
    const double rows = (double)batch_rows(stage->dataset, knob[KNOB_TRAIN_FRACTION]); /* that there are for a batch */
    struct log_row *row = &writer->row;
    *row = (struct log_row){
        .step = step,
        .epoch = trainer_epoch(lane->trainer),
        .branch = lane->at.branch,
        .stage = stage->name,
        .batch = stepped ? fmin(knob[KNOB_BATCH], rows) : NAN,
        .dropout = stepped ? knob[KNOB_DROPOUT] : NAN,
    };
    for (unsigned i = 0; stepped && i < SERIES_COUNT; i++)
        if (series_table[i].every_step)
            log_row_set(row, i, lane->measures[i]);
    snprintf(row->event, sizeof row->event, "%s", writer->heard);
    writer->heard[0] = '\0';
    writer->open = true;
}

void row_fill(struct row_writer *writer, const struct lane *lane)
{
    for (unsigned i = 0; writer->open && i < SERIES_COUNT; i++)
        if (!series_table[i].every_step)
            log_row_set(&writer->row, i, lane->measures[i]);
}

void row_close(struct row_writer *writer)
{
    if (!writer->open)
        return;
    writer->open = false;
    sink_write(writer->sink, &writer->row);
}

void row_note(struct row_writer *writer, const char *label)
{
    const size_t length = strlen(writer->heard);
    if (writer->sink)
        snprintf(writer->heard + length, sizeof writer->heard - length, "%s%s", length ? "; " : "", label);
}

void row_last(struct row_writer *writer, const struct lane *lane)
{
    if (!writer->heard[0])
        return;
    row_open(writer, lane, lane->at.step, false);
    row_close(writer);
}
