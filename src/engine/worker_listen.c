/* Takes what the consumer rings for, publishes frames, and sends what is pending. */
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

static void publish_frame(struct worker *worker)
{
    struct track_point at;
    const struct model *model = trainer_model(worker_shown(worker, &at));
    if (!frames_publish(worker->frames, at.step, at.branch, model)) /* a large twin: rather another picture than none */
        frames_publish(worker->frames, worker->lane.at.step, worker->lane.at.branch,
                       trainer_model(worker->lane.trainer));
    bell_ring(worker->framed, BELL_FRAMED);
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
    if ((bits & BELL_FRAME) && worker->frames)
        publish_frame(worker);
}

void worker_show_walk(struct worker *worker, uint64_t started, double share)
{
    if (clock_now() - started > TOLD_AFTER_NS)
        worker->walked = share;
    worker_flush(worker);
    worker_report(worker);
}
