/* Adds events to the records of the branches (metrics/record.h), and copies a branch for a checkpoint. */
#include "engine/worker_parts.h"

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
    struct record *record = track_copy_record(worker->track, worker->lane.at.branch);
    return record ? checkpoint_take(worker->lane.trainer, record) : NULL;
}
