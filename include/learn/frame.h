/* Frames: copies of a model's parameters, handed from the worker to the picture thread at step boundaries, only when
 * asked for. */
#ifndef LEARN_FRAME_H
#define LEARN_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/model.h"

struct frame {
    uint64_t step; /* updates behind these parameters */
    uint16_t branch;
    struct model_shape shape; /* since a twin may have another */
    float *parameters;        /* laid out as the model's own block */
    size_t room;              /* floats that `parameters` has room for */
};

/* What the bell of who waits for frames is rung with when one was published. */
enum { BELL_FRAMED = 1 };

struct frames;

/* Of three copies, each of which takes memory when it is first made.  NULL: out of memory. */
struct frames *frames_create(void);
void frames_free(struct frames *frames);

/* The worker: copies and publishes; an unread older one is forgotten.  False without memory for a model that is larger
 * than all before. */
bool frames_publish(struct frames *frames, uint64_t step, uint16_t branch, const struct model *model);
/* The worker: of the copies that there are. */
size_t frames_bytes(const struct frames *frames);

/* The picture thread: the newest frame, valid until the next call; NULL when there is none newer than the last. */
const struct frame *frames_take(struct frames *frames);

#endif
