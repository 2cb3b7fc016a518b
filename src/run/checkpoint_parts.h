/* What writing (checkpoint.c), reading (checkpoint_read.c) and the curves (checkpoint_past.c) know of each other. */
#ifndef RUN_CHECKPOINT_PARTS_H
#define RUN_CHECKPOINT_PARTS_H

#include "learn/state.h"
#include "nn/weights.h"
#include "run/checkpoint.h"

#define TENSOR_NAME_SIZE 96
#define STATE_PREFIX     "state."

/* A section that is a block of parameters: what stands before the names of its tensors.  NULL: it is kept as bytes. */
const char *checkpoint_block(const char *section);

/* Shape and name of a slice's tensor: a weight is [out, in], the others [out]. */
void checkpoint_describe(const struct param_slice *slice, struct tensor *tensor);

/* checkpoint_past.c: three tensors, whose data are to be freed with checkpoint_past_release. */
enum { PAST_TENSORS = 3 };
bool checkpoint_past_encode(const struct past *past, struct tensor tensor[PAST_TENSORS]);
void checkpoint_past_release(struct tensor tensor[PAST_TENSORS]);
bool checkpoint_past_is_tensor(const char *name);
/* *why: what is wrong with them, constant text. */
enum status checkpoint_past_decode(const struct weights *weights, struct past **out, const char **why);

#endif
