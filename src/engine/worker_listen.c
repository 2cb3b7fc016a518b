/* Takes what the consumer rings for, and sends what is pending. */
#include "base/clock.h"
#include "engine/worker_parts.h"

#define TOLD_AFTER_NS 200000000u /* seeks and twins that take longer have their progress shown */

void worker_flush_step(struct worker *worker, struct pending *pending)
{
    while (!channel_send(worker->channel, pending) && worker->exact && !worker->dismissed) {
        bell_wait(&worker->bell, RETRY_NS);
        worker_listen(worker);
    }
}

bool worker_flush(struct worker *worker)
{
    struct pending *beside = worker->rival.lane.pending;
    const bool all = channel_send(worker->channel, worker->lane.pending);
    return (!beside || channel_send(worker->channel, beside)) && all;
}

void worker_listen(struct worker *worker)
{
    const unsigned bits = bell_take(&worker->bell);
    if (bits & BELL_STOP)
        worker->leaving = worker->dismissed = true;
    if (bits & BELL_ABANDON)
        worker->abandoned = true;
    if (bits & BELL_COMMAND)
        worker->commanded = true;
    if (bits >= BELL_FRAMES && worker->frames)
        worker_publish_frame(worker, bits / BELL_FRAMES);
}

void worker_show_share(struct worker *worker, double *shown, uint64_t started, double share)
{
    if (clock_now() - started > TOLD_AFTER_NS)
        *shown = share;
    worker_flush(worker);
    worker_report(worker);
}
