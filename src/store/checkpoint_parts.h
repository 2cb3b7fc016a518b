/* What the files that write and read a checkpoint share: checkpoint.c writes, checkpoint_read.c reads, the others are
 * below these two. */
#ifndef STORE_CHECKPOINT_PARTS_H
#define STORE_CHECKPOINT_PARTS_H

#include "learn/state.h"
#include "nn/weights.h"
#include "store/checkpoint.h"

#define TENSOR_NAME_SIZE 96
#define STATE_PREFIX     "state."

/* A file that was opened. */
struct checkpoint_file {
    char *path;
    struct weights *weights;
    bool state;
    bool best; /* parameters are those of the least test loss */
};

/* checkpoint_file.c */

bool checkpoint_is_state(const char *name); /* of a tensor that is no parameter */

/* A section that is a block of parameters: what stands before the names of its tensors.  NULL: it has fields. */
const char *checkpoint_block(const char *section);
#define BEST_SECTION "best.parameters"

/* That prefix and the section of each block in turn; the first are the parameters themselves, with "". */
enum { CHECKPOINT_BLOCKS = 6 };
const char *checkpoint_block_prefix(size_t block);
const char *checkpoint_block_section(size_t block);
#define CHECKPOINT_LISTS_BLOCKS                                                                                        \
    STATE_PREFIX "blocks" /* the entry that names those that the file has, but for the first */

/* Whether the file has that block of parameters (by the section's name), besides the parameters themselves: its entry
 * CHECKPOINT_LISTS_BLOCKS names it. */
bool checkpoint_has_block(const struct checkpoint_file *file, const char *section);

/* Shape and name of a slice's tensor: a weight is [out, in], the others [out]. */
void checkpoint_describe(const struct param_slice *slice, struct tensor *tensor);

/* checkpoint_shape.c: the shape that the file's tensors have.  What they do not tell (activations, a transformer's
 * heads) stays, but for zeros of what a language model needs. */
enum status checkpoint_find_shape(const struct checkpoint_file *file, struct model_shape *shape, struct error *error);

/* checkpoint_check.c */

/* STATUS_FAILED, naming what is missing, empty or not finite, for a file of which nothing may be used. */
enum status checkpoint_check_whole(const struct checkpoint_file *file, struct error *error);
/* STATUS_FAILED where the metadata has no such entry, or an empty one. */
enum status checkpoint_need_note(const struct checkpoint_file *file, const char *name, struct error *error);
/* STATUS_FAILED for an F32 tensor with a value that is infinite or no number. */
enum status checkpoint_check_finite(const char *path, const struct tensor *tensor, struct error *error);

/* checkpoint_data.c: STATUS_FAILED where inputs or classes are others than the file's. */
enum status checkpoint_check_columns(const struct checkpoint_file *file, const struct dataset *dataset,
                                     struct error *error);

/* checkpoint_weights.c */

/* A buffer of nanoGPT that is no parameter and is not looked at. */
bool checkpoint_is_mask(const struct checkpoint_file *file, const char *name);

/* A parameter's tensor, by the name that it has in a model of this program; NULL: there is none. */
const struct tensor *checkpoint_parameter(const struct checkpoint_file *file, const char *name);
/* Fills a block (zero before) from the tensors with that prefix, all of which must be there. */
enum status checkpoint_take_block(const struct checkpoint_file *file, const char *prefix, const struct params *params,
                                  float *block, struct error *error);
/* Fills a block from the parameters; what the file may leave out is zero or stays as it is.  A parameter that
 * the model has no place for is no small thing: the file's model computes something else, and is refused. */
enum status checkpoint_take_parameters(const struct checkpoint_file *file, const struct params *params, float *block,
                                       struct error *error);
enum status checkpoint_check_all_used(const struct checkpoint_file *file, const struct params *params,
                                      struct error *error);

/* checkpoint_record.c */

#define CHECKPOINT_HISTORY STATE_PREFIX "history" /* the entry that names the series */

/* The curves while they are written. */
struct record_draft {
    struct tensor tensor[SERIES_COUNT + 1];
    char name[SERIES_COUNT][TENSOR_NAME_SIZE];
    size_t tensors;
    char list[16 * SERIES_COUNT]; /* of the series' names */
    double *rows;
    char *events;
};

/* Of a draft that is zero.  False: out of memory; either way it is to be released. */
bool checkpoint_record_encode(struct record *record, struct record_draft *draft);
void checkpoint_record_release(struct record_draft *draft);
bool checkpoint_record_is_tensor(const char *name);

#endif
