/* Frames: copies of what a view needs of a run, handed from the worker to the picture thread at step boundaries, only
 * when asked for.  A request names the parts that it needs; a frame has those of them for which there was memory. */
#ifndef LEARN_FRAME_H
#define LEARN_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/state.h"
#include "nn/model.h"

/* The parts of a frame, bits of a request. */
enum frame_part {
    FRAME_PARAMETERS = 1,
    FRAME_STATE = 2, /* all that the next step depends on: cursor, counters, knobs, moments, best parameters, ... */
    FRAME_PATH = 4,  /* parameters along the way from the start of the run to the frame's step */
    FRAME_ENDS = 8,  /* parameters at, or shortly before, the ends of other branches of the same model */
    FRAME_PARTS = 16,
};

#define FRAME_POINTS_MAX   64
#define FRAME_POINTS_BYTES ((size_t)8 << 20) /* the most that the parameters of a list of points take */

/* Parameters of several states. */
struct frame_points {
    size_t count;
    struct {
        uint16_t branch;
        uint64_t step;
    } at[FRAME_POINTS_MAX];
    float *parameters; /* count blocks of frame.size floats, in the order of `at` */
    size_t room;       /* floats that there is room for */
};

struct frame {
    unsigned parts; /* that it has */
    uint64_t step;  /* updates behind these parameters */
    uint16_t branch;
    struct model_shape shape; /* since a twin may have another */
    size_t size;              /* floats of all parameters */
    float *parameters;        /* laid out as the model's own block */
    size_t room;              /* floats that `parameters` has room for */
    void *state;              /* for state_copy_in, into the state of a trainer of the same model */
    size_t state_bytes;       /* of it */
    size_t state_room;
    struct frame_points path; /* ascending in steps */
    struct frame_points ends; /* the newest branch first */
};

/* What the bell of who waits for frames is rung with when one was published. */
enum { BELL_FRAMED = 1 };

struct frames;

/* Of three copies, each of which takes memory when it is first made.  NULL: out of memory. */
struct frames *frames_create(void);
void frames_free(struct frames *frames);

/* The worker: begins a frame of a model without any part; what was begun before and not published is forgotten.  The
 * frame is the frames' own. */
struct frame *frames_begin(struct frames *frames, uint64_t step, uint16_t branch, const struct model *model);
/* Each adds a part; false, and it is not there, without memory for one that is larger than all before. */
bool frame_add_parameters(struct frame *frame, const struct model *model);
bool frame_add_state(struct frame *frame, const struct state *state);
/* Begins a list of points, of the frame's `path` or `ends`.  How many parameters it has room for, FRAME_POINTS_MAX at
 * most; 0: it would be a single one, or there is no memory. */
size_t frame_begin_points(struct frame *frame, struct frame_points *points, enum frame_part part);
/* Adds one, of which there are fewer than that. */
void frame_add_point(const struct frame *frame, struct frame_points *points, uint16_t branch, uint64_t step,
                     const float *parameters);
/* Publishes what was begun; an older frame that was not taken is forgotten. */
void frames_publish(struct frames *frames);
/* Of the copies that there are. */
size_t frames_bytes(const struct frames *frames);

/* The picture thread: the newest frame, valid until the next call; NULL when there is none newer than the last. */
const struct frame *frames_take(struct frames *frames);

#endif
