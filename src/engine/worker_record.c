/* Fills the records of the branches (metrics/record.h) with what the trainers measure and with events. */
#include "engine/worker_parts.h"

void worker_record_reserve(struct worker *worker, struct worker_recorder *recorder)
{
    worker->record_lost |= !record_reserve(recorder->record, &recorder->reserved);
}

void worker_record_evaluation(struct worker *worker, struct record *record, const struct trainer *trainer,
                              uint64_t step, const float *measures)
{
    for (unsigned i = 0; i < SERIES_COUNT; i++)
        if (worker_evaluates(trainer, i))
            worker->record_lost |= !record_value(record, i, step, measures[i]);
}

bool worker_record_event(struct worker *worker, const struct event *event)
{
    if (!event_table[event->kind].kept || (event->kind == EVENT_KNOB && !knob_table[event->what].affects_state))
        return false;
    struct record *record = track_branch(worker->track, event->branch)->record;
    worker->record_lost |= record && !record_event(record, event);
    return true;
}

struct checkpoint *worker_checkpoint(struct worker *worker)
{
    struct record *record = track_copy_record(worker->track, worker->branch);
    return record ? checkpoint_take(worker->trainer, record) : NULL;
}
