/* Passes samples, events, progress, checkpoints and commands between the engine's thread and its consumer.
 *
 * DESIGN.  Each ring has one producer and one consumer.  A queue is the engine's, behind the ring of the same elements:
 * as long as something waits in it, nothing goes past it into the ring, and no sample goes past an event that was sent
 * before it: a consumer that sees a sample finds all earlier events.  After channel_finish the engine's thread
 * touches nothing any more, and the consumer's is the producer too.  The queue of events always has room for the answers
 * to all unanswered commands: answers never need memory. */
#include "engine/channel.h"

#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "base/ring.h"
#include "base/triple.h"

enum {
    OWN_EVENTS = 64,            /* for which there is room from the beginning, beside the answers */
    RETIRED = 2 * SERIES_TOTAL, /* buckets that one command may retire */
    EVENTS_OF_COMMAND = 8,      /* that one command may cause */
};

/* Elements of one size, first in first out. */
struct queue {
    unsigned char *element;
    size_t size, first, count, room; /* in elements, but for `size` */
};

struct channel {
    struct ring *commands, *samples, *events;
    struct queue later_samples, later_events;
    size_t accepted; /* commands that may be unanswered */
    uint32_t told;   /* events sent */
    bool lost;
    struct triple triple;
    struct run_progress progress[TRIPLE_SLOTS];
    _Atomic(struct worker_kept *) kept; /* the box of one */
    struct pending *left[2];            /* what channel_finish was given */
    atomic_bool finished;
    size_t unanswered; /* the consumer's */
};

/* ---- queues ---- */

static void *queue_at(const struct queue *queue, size_t index)
{
    return queue->element + (queue->first + index) * queue->size;
}

/* Makes room for `more` elements behind those that are there. */
static bool queue_reserve(struct queue *queue, size_t more)
{
    if (queue->first > 0 && queue->first + queue->count + more > queue->room) {
        memmove(queue->element, queue_at(queue, 0), queue->count * queue->size);
        queue->first = 0;
    }
    if (queue->count + more <= queue->room)
        return true;
    const size_t twice = 2 * queue->room, room = twice > queue->count + more ? twice : queue->count + more;
    unsigned char *larger = mem_resize(queue->element, queue->room, room, queue->size);
    if (!larger)
        return false;
    queue->element = larger;
    queue->room = room;
    return true;
}

/* There must be room. */
static void queue_add(struct queue *queue, const void *elements, size_t count)
{
    memcpy(queue_at(queue, queue->count), elements, count * queue->size);
    queue->count += count;
}

static void queue_remove(struct queue *queue, size_t index)
{
    memmove(queue_at(queue, index), queue_at(queue, index + 1), (--queue->count - index) * queue->size);
}

/* Moves elements into the ring, at most so many and as far as there is room; true: the queue is empty. */
static bool queue_flush(struct queue *queue, struct ring *ring, size_t most)
{
    const size_t wanted = queue->count < most ? queue->count : most, room = wanted > 0 ? ring_room(ring) : 0,
                 count = room < wanted ? room : wanted;
    if (count > 0) {
        ring_push_many(ring, queue_at(queue, 0), count);
        queue->count -= count;
        queue->first = queue->count > 0 ? queue->first + count : 0;
    }
    return queue->count == 0;
}

/* ---- the engine's thread ---- */

struct channel *channel_create(size_t samples, size_t commands)
{
    struct channel *channel = mem_alloc(1, sizeof *channel);
    if (!channel)
        return NULL;
    channel->accepted = commands;
    channel->commands = ring_create(commands, sizeof(struct request));
    channel->samples = ring_create(samples, sizeof(struct bucket));
    channel->events = ring_create(commands + OWN_EVENTS, sizeof(struct run_event));
    channel->later_samples.size = sizeof(struct bucket);
    channel->later_events.size = sizeof(struct run_event);
    triple_init(&channel->triple);
    atomic_init(&channel->kept, NULL);
    atomic_init(&channel->finished, false);
    if (channel->commands && channel->samples && channel->events && queue_reserve(&channel->later_samples, RETIRED) &&
        queue_reserve(&channel->later_events, commands + OWN_EVENTS))
        return channel;
    channel_free(channel);
    return NULL;
}

void channel_free(struct channel *channel)
{
    if (!channel)
        return;
    ring_free(channel->commands);
    ring_free(channel->samples);
    ring_free(channel->events);
    mem_free(channel->later_samples.element);
    mem_free(channel->later_events.element);
    mem_free(channel);
}

bool channel_reserve(struct channel *channel)
{
    return queue_reserve(&channel->later_samples, RETIRED) &&
           queue_reserve(&channel->later_events, channel->accepted + EVENTS_OF_COMMAND);
}

bool channel_flush(struct channel *channel)
{
    struct queue *events = &channel->later_events;
    const bool whole = queue_flush(events, channel->events, SIZE_MAX);
    const struct run_event *first = queue_at(events, 0);
    const size_t most = whole ? SIZE_MAX : (size_t)first->samples - ring_pushed(channel->samples);
    return queue_flush(&channel->later_samples, channel->samples, most) && whole;
}

bool channel_send(struct channel *channel, struct pending *pending)
{
    return channel_flush(channel) && pending_flush(pending, channel->samples);
}

void channel_retire(struct channel *channel, struct pending *pending)
{
    struct bucket bucket[SERIES_TOTAL];
    if (channel_send(channel, pending))
        return;
    const size_t count = pending_take(pending, bucket);
    if (queue_reserve(&channel->later_samples, count))
        queue_add(&channel->later_samples, bucket, count);
    else
        channel->lost = true;
}

/* The newest of the events that wait, and that nobody has asked for; -1: there is none. */
static ptrdiff_t find_own(const struct channel *channel, const struct run_event *like)
{
    const struct queue *queue = &channel->later_events;
    for (size_t i = queue->count; i-- > 0;) {
        const struct run_event *waiting = queue_at(queue, i);
        if (!waiting->answer &&
            (!like || (waiting->event.kind == like->event.kind && waiting->event.branch == like->event.branch &&
                       waiting->left < 0 && strcmp(waiting->event.label, like->event.label) == 0)))
            return (ptrdiff_t)i;
    }
    return -1;
}

/* Lets an event wait.  One that nobody has asked for leaves the answers their room. */
static void wait_in_line(struct channel *channel, struct run_event *event)
{
    struct queue *queue = &channel->later_events;
    ptrdiff_t place = !event->answer && event->event.kind == EVENT_REFUSED ? find_own(channel, event) : -1;
    if (place < 0 && !event->answer && !queue_reserve(queue, channel->accepted + 1)) {
        channel->lost = event->status.lost = true;
        place = find_own(channel, NULL);
    }
    if (place >= 0)
        queue_remove(queue, (size_t)place);
    if (queue_reserve(queue, 1))
        queue_add(queue, event, 1);
}

void channel_emit(struct channel *channel, struct run_event *event)
{
    event->number = ++channel->told;
    event->samples = ring_pushed(channel->samples) + channel->later_samples.count;
    event->status.lost = channel->lost;
    if (!queue_flush(&channel->later_events, channel->events, SIZE_MAX) || !ring_push(channel->events, event))
        wait_in_line(channel, event);
}

void channel_report(struct channel *channel, struct run_progress *progress)
{
    progress->event = channel->told;
    channel->progress[channel->triple.back] = *progress;
    triple_publish(&channel->triple);
}

bool channel_next_command(struct channel *channel, struct request *request)
{
    return ring_pop(channel->commands, request);
}

bool channel_box_is_full(struct channel *channel)
{
    return atomic_load_explicit(&channel->kept, memory_order_acquire) != NULL;
}

void channel_put(struct channel *channel, struct worker_kept *kept)
{
    atomic_store_explicit(&channel->kept, kept, memory_order_release);
}

void channel_finish(struct channel *channel, struct pending *present, struct pending *beside)
{
    channel->left[0] = present;
    channel->left[1] = beside;
    atomic_store_explicit(&channel->finished, true, memory_order_release);
}

/* ---- the consumer's thread ---- */

bool channel_command(struct channel *channel, const struct request *request)
{
    if (channel->unanswered >= channel->accepted || !ring_push(channel->commands, request))
        return false;
    channel->unanswered++;
    return true;
}

/* After the engine's thread has ended: what it could not send. */
static void send_rest(struct channel *channel)
{
    if (!channel_finished(channel))
        return;
    channel_flush(channel);
    for (int i = 0; i < 2; i++)
        if (channel->left[i])
            channel_send(channel, channel->left[i]);
}

size_t channel_samples(struct channel *channel, struct bucket *out, size_t most)
{
    send_rest(channel);
    return ring_pop_many(channel->samples, out, most);
}

bool channel_event(struct channel *channel, struct run_event *out)
{
    send_rest(channel);
    if (!ring_pop(channel->events, out))
        return false;
    channel->unanswered -= out->answer;
    return true;
}

bool channel_progress(struct channel *channel, struct run_progress *out)
{
    if (!triple_take(&channel->triple))
        return false;
    *out = channel->progress[channel->triple.front];
    return true;
}

struct worker_kept *channel_take(struct channel *channel)
{
    return atomic_exchange_explicit(&channel->kept, NULL, memory_order_acq_rel);
}

bool channel_finished(const struct channel *channel)
{
    return atomic_load_explicit(&channel->finished, memory_order_acquire);
}
