/* Hands copies of a model's parameters from the worker to the picture thread through a triple buffer. */
#include "learn/frame.h"

#include <string.h>

#include "base/mem.h"
#include "base/triple.h"

struct frames {
    struct triple triple;
    struct frame frame[TRIPLE_SLOTS];
};

struct frames *frames_create(void)
{
    struct frames *frames = mem_alloc(1, sizeof *frames);
    if (frames)
        triple_init(&frames->triple);
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

bool frames_publish(struct frames *frames, uint64_t step, uint16_t branch, const struct model *model)
{
    struct frame *frame = &frames->frame[frames->triple.back];
    const struct params *params = model_params_const(model);
    if (params->size > frame->room) {
        float *larger = mem_resize(frame->parameters, frame->room, params->size, sizeof *larger);
        if (!larger)
            return false;
        frame->parameters = larger;
        frame->room = params->size;
    }
    frame->step = step;
    frame->branch = branch;
    frame->shape = *model_shape(model);
    memcpy(frame->parameters, params->value, params->size * sizeof(float));
    triple_publish(&frames->triple);
    return true;
}

size_t frames_bytes(const struct frames *frames)
{
    size_t floats = 0;
    for (int i = 0; i < TRIPLE_SLOTS; i++)
        floats += frames->frame[i].room;
    return floats * sizeof *frames->frame->parameters;
}

const struct frame *frames_take(struct frames *frames)
{
    return triple_take(&frames->triple) ? &frames->frame[frames->triple.front] : NULL;
}
