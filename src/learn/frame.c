/* Hands copies of parameters and states from the worker to the picture thread through a triple buffer. */
#include "learn/frame.h"

#include <assert.h>
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
    for (int i = 0; i < TRIPLE_SLOTS; i++) {
        mem_free(frames->frame[i].parameters);
        mem_free(frames->frame[i].state);
        mem_free(frames->frame[i].path.parameters);
        mem_free(frames->frame[i].ends.parameters);
    }
    mem_free(frames);
}

struct frame *frames_begin(struct frames *frames, uint64_t step, uint16_t branch, const struct model *model)
{
    struct frame *frame = &frames->frame[frames->triple.back];
    frame->parts = 0;
    frame->step = step;
    frame->branch = branch;
    frame->shape = *model_shape(model);
    frame->size = model_params_const(model)->size;
    frame->path.count = frame->ends.count = 0;
    return frame;
}

static bool reserve_floats(float **block, size_t *room, size_t size)
{
    if (size <= *room)
        return true;
    float *larger = mem_resize(*block, *room, size, sizeof *larger);
    if (!larger)
        return false;
    *block = larger;
    *room = size;
    return true;
}

bool frame_add_parameters(struct frame *frame, const struct model *model)
{
    if (!reserve_floats(&frame->parameters, &frame->room, frame->size))
        return false;
    memcpy(frame->parameters, model_params_const(model)->value, frame->size * sizeof(float));
    frame->parts |= FRAME_PARAMETERS;
    return true;
}

bool frame_add_state(struct frame *frame, const struct state *state)
{
    const size_t bytes = state_bytes(state);
    if (bytes > frame->state_room) {
        void *larger = mem_resize(frame->state, frame->state_room, bytes, 1);
        if (!larger)
            return false;
        frame->state = larger;
        frame->state_room = bytes;
    }
    frame->state_bytes = bytes;
    state_copy_out(state, frame->state);
    frame->parts |= FRAME_STATE;
    return true;
}

size_t frame_begin_points(struct frame *frame, struct frame_points *points, enum frame_part part)
{
    const size_t fit = FRAME_POINTS_BYTES / (frame->size * sizeof(float)),
                 most = fit < FRAME_POINTS_MAX ? fit : FRAME_POINTS_MAX;
    if (most < 2 || !reserve_floats(&points->parameters, &points->room, most * frame->size))
        return 0;
    points->count = 0;
    frame->parts |= (unsigned)part;
    return most;
}

void frame_add_point(const struct frame *frame, struct frame_points *points, uint16_t branch, uint64_t step,
                     const float *parameters)
{
    assert(points->count < FRAME_POINTS_MAX && (points->count + 1) * frame->size <= points->room);
    points->at[points->count].branch = branch;
    points->at[points->count].step = step;
    memcpy(points->parameters + points->count * frame->size, parameters, frame->size * sizeof(float));
    points->count++;
}

void frames_publish(struct frames *frames)
{
    triple_publish(&frames->triple);
}

size_t frames_bytes(const struct frames *frames)
{
    size_t bytes = 0;
    for (int i = 0; i < TRIPLE_SLOTS; i++) {
        const struct frame *frame = &frames->frame[i];
        bytes += (frame->room + frame->path.room + frame->ends.room) * sizeof(float) + frame->state_room;
    }
    return bytes;
}

const struct frame *frames_take(struct frames *frames)
{
    return triple_take(&frames->triple) ? &frames->frame[frames->triple.front] : NULL;
}
