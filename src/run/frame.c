#include "run/frame.h"

#include <string.h>

#include "base/mem.h"
#include "run/triple.h"

struct frames {
    struct triple triple;
    struct frame frame[TRIPLE_SLOTS];
    size_t size;
};

struct frames *frames_create(size_t size)
{
    struct frames *frames = mem_alloc(1, sizeof *frames);
    if (!frames)
        return NULL;
    triple_init(&frames->triple);
    frames->size = size;
    for (int i = 0; i < TRIPLE_SLOTS; i++) {
        frames->frame[i].parameters = mem_alloc(size, sizeof(float));
        if (!frames->frame[i].parameters) {
            frames_free(frames);
            return NULL;
        }
    }
    return frames;
}

void frames_free(struct frames *frames)
{
    if (!frames)
        return;
    for (int i = 0; i < TRIPLE_SLOTS; i++)
        mem_free(frames->frame[i].parameters);
    mem_free(frames);
}

void frames_publish(struct frames *frames, uint64_t step, uint16_t branch, const float *parameters)
{
    struct frame *frame = &frames->frame[frames->triple.back];
    frame->step = step;
    frame->branch = branch;
    memcpy(frame->parameters, parameters, frames->size * sizeof(float));
    triple_publish(&frames->triple);
}

const struct frame *frames_take(struct frames *frames)
{
    return triple_take(&frames->triple) ? &frames->frame[frames->triple.front] : NULL;
}
