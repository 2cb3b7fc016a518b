/* Runs the picture thread: takes requests and frames, and hands pictures back. */
#include "session/painter.h"

#include "base/mem.h"
#include "base/ring.h"
#include "base/thread.h"
#include "base/triple.h"

enum { BELL_LEAVE = 2 * BELL_FRAMED };

struct painter {
    struct bell bell;
    struct ring *requests;
    struct triple triple;
    struct picture picture[TRIPLE_SLOTS];
    atomic_uint drawn; /* requests answered, with a picture or without */
    atomic_uint moot;  /* the number of the newest that nobody waits for any more; they count from 1 */
    pthread_t thread;
    struct frames *frames;
    struct artist *artist; /* the thread's */
    unsigned number;       /* the thread's: of the request that it answers */
    unsigned asked;        /* the session's: requests made */
    bool any;              /* the session's: there is a picture in front */
};

static bool is_moot(void *context)
{
    struct painter *painter = context;
    return atomic_load_explicit(&painter->moot, memory_order_relaxed) == painter->number ||
           bell_rung(&painter->bell, BELL_LEAVE);
}

/* Without a frame, where there was no memory for one, it is answered too: else nothing would be asked for ever
 * again. */
static void answer(struct painter *painter, struct picture_request *request)
{
    const struct frame *frame = frames_take(painter->frames);
    while (ring_pop(painter->requests, request)) {
    }
    painter->number++;
    if (frame && !is_moot(painter)) {
        artist_draw(painter->artist, frame, request, &painter->picture[painter->triple.back]);
        if (!is_moot(painter))
            triple_publish(&painter->triple);
    }
    atomic_store_explicit(&painter->drawn, painter->number, memory_order_release);
}

static void *run(void *argument)
{
    struct painter *painter = argument;
    struct picture_request request = {0};
    thread_yield_to_others();
    for (;;) {
        bell_wait(&painter->bell, BELL_FOREVER);
        if (bell_take(&painter->bell) & BELL_LEAVE)
            return NULL;
        answer(painter, &request);
    }
}

static void release(struct painter *painter)
{
    for (int i = 0; i < TRIPLE_SLOTS; i++)
        picture_free(&painter->picture[i]);
    ring_free(painter->requests);
    artist_free(painter->artist);
    mem_free(painter);
}

enum status painter_start(struct painter **out, const struct picture_source *source, struct frames *frames,
                          struct error *error)
{
    struct painter *painter = mem_alloc(1, sizeof *painter);
    if (!painter)
        return error_memory(error);
    painter->frames = frames;
    painter->requests = ring_create(4, sizeof(struct picture_request));
    struct picture_source doubted = *source;
    doubted.doubt = (struct picture_doubt){is_moot, painter};
    painter->artist = artist_create(&doubted);
    triple_init(&painter->triple);
    atomic_init(&painter->drawn, 0);
    atomic_init(&painter->moot, 0);
    if (!painter->requests || !painter->artist || !bell_init(&painter->bell)) {
        release(painter);
        return error_memory(error);
    }
    enum status status = thread_start(&painter->thread, run, painter, error);
    if (status != STATUS_OK) {
        bell_free(&painter->bell);
        release(painter);
        return status;
    }
    *out = painter;
    return STATUS_OK;
}

void painter_stop(struct painter *painter)
{
    if (!painter)
        return;
    bell_ring(&painter->bell, BELL_LEAVE);
    pthread_join(painter->thread, NULL);
    bell_free(&painter->bell);
    release(painter);
}

struct bell *painter_bell(struct painter *painter)
{
    return &painter->bell;
}

bool painter_request(struct painter *painter, const struct picture_request *request)
{
    if (painter->asked != atomic_load_explicit(&painter->drawn, memory_order_acquire) ||
        !ring_push(painter->requests, request))
        return false;
    painter->asked++;
    return true;
}

void painter_give_up(struct painter *painter)
{
    atomic_store_explicit(&painter->moot, painter->asked, memory_order_relaxed);
}

bool painter_take(struct painter *painter)
{
    const bool newer = triple_take(&painter->triple);
    painter->any |= newer;
    return newer;
}

const struct picture *painter_picture(const struct painter *painter)
{
    return painter->any ? &painter->picture[painter->triple.front] : NULL;
}
