/* Checkpoints: all that a trainer's next step depends on, in a safetensors file (nn/weights.h) that others can read.
 *
 * DESIGN.  Tensors:
 *
 *     layers.0.weight [out, in], layers.0.bias [out], norms.0.weight ...   parameters, named and turned as PyTorch has them, F32
 *     transformer.wte.weight [tokens, width] ...                           those of a language model, as in nn/language.h
 *     state.moments.0.layers.0.weight ...                                  the same shapes for each further block of parameters:
 *                                                                          best parameters, and moments where they are not all zero
 *     state.history.loss [n, 8] F64 ..., state.events U8                   the curves' summary: see store/checkpoint_record.c
 *
 * Padding is zero in a trainer and not in the file.  Notes (all strings): `format`, `spec` (setup/spec_text.h), `step`,
 * `epoch`, `branch`, `seed`, `task`, `architecture`, `columns` (data/source.h), `data` (a hash of the rows),
 * `tokenizer` (data/tokenizer.h), and each field of the state by its name (learn/state.h): `state.counters.step` "100",
 * `state.knobs.optimizer` "adam", `state.early_stop.best` "inf".  Reading refuses a name that it does not know, for it
 * would change steps there and not here; one that is missing has its absent value, or is refused where it has none. The
 * entry `state.blocks` names the blocks of parameters besides the first; one that is not named is zero.
 *
 * A file that has parameters alone, as Python writes it, is a start: step 0, moments zero.  Those of a transformer may
 * be nanoGPT's state dict as it is: store/checkpoint_weights.c tells what may be there besides, and what may be missing.
 *
 * Taking a checkpoint is a copy in memory, for the thread that owns the trainer; any other may write it. */
#ifndef STORE_CHECKPOINT_H
#define STORE_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "data/tokenizer.h"
#include "learn/trainer.h"
#include "metrics/record.h"
#include "setup/spec.h"

#define CHECKPOINT_FORMAT "downhill checkpoint 2"

/* Writing. */

struct checkpoint;

/* What the trainer itself does not know.  Strings may be NULL: then the file says nothing of it. */
struct checkpoint_notes {
    const char *spec, *columns, *data, *tokenizer, *task;
    uint16_t branch;
};

/* The note `data`, of a hash (setup/material.h). */
#define CHECKPOINT_DATA_SIZE 17
void checkpoint_data_text(uint64_t hash, char text[CHECKPOINT_DATA_SIZE]);

/* `record`: the curves that go with it, NULL: none; it is the checkpoint's from here on, also on failure.  NULL: out of
 * memory. */
struct checkpoint *checkpoint_take(struct trainer *trainer, struct record *record);
void checkpoint_free(struct checkpoint *checkpoint); /* NULL is fine */
uint64_t checkpoint_step(const struct checkpoint *checkpoint);
uint64_t checkpoint_seed(const struct checkpoint *checkpoint);
const struct model_shape *checkpoint_model_shape(const struct checkpoint *checkpoint);
enum status checkpoint_write(const struct checkpoint *checkpoint, const struct checkpoint_notes *notes,
                             const char *path, struct error *error);

/* Reading. */

struct checkpoint_file;

/* Errors begin with the path. */
enum status checkpoint_open(struct checkpoint_file **out, const char *path, struct error *error);
void checkpoint_close(struct checkpoint_file *file); /* NULL is fine */

bool checkpoint_is_language(const struct checkpoint_file *file); /* by its tensors */
bool checkpoint_has_state(const struct checkpoint_file *file);   /* else it has parameters alone */
/* From here on the file's parameters are those of its least test loss; a trainer that it is applied to goes on from
 * them, at the file's step.  STATUS_FAILED when the file has parameters alone. */
enum status checkpoint_use_best(struct checkpoint_file *file, struct error *error);
uint64_t checkpoint_file_step(const struct checkpoint_file *file); /* 0 without a state */
/* The knobs in force there; false without a state. */
bool checkpoint_knobs(const struct checkpoint_file *file, struct knobs *knobs);
const char *checkpoint_note(const struct checkpoint_file *file, const char *name); /* NULL: not said */

/* The state was trained on rows of that hash; true where the file does not say. */
bool checkpoint_has_data(const struct checkpoint_file *file, uint64_t hash);

/* Fills a spec that spec_init has made with what the file says of its run; one that says nothing tells the shape of its
 * model by those of its tensors: its hidden layers and whether they are normalised, or which language model it is.  A
 * transformer's heads are not seen there: unless the spec has them, they are taken to be as wide as GPT-2's, or to be
 * one. */
enum status checkpoint_spec(const struct checkpoint_file *file, struct spec *spec, struct error *error);

/* The trainer goes on from there, or is as it was: then the message says what does not fit ("layers.0.weight is
 * [8, 2], this model has [16, 2]").  Not during an evaluation. */
enum status checkpoint_apply(const struct checkpoint_file *file, struct trainer *trainer, struct error *error);

/* The trainer begins at step 0, with its own seed, from the file's parameters, whatever else is in it.  Adapters that
 * the file has not change nothing: their second half is zero.  On failure, as above. */
enum status checkpoint_start(const struct checkpoint_file *file, struct trainer *trainer, struct error *error);

/* A model that computes what the file's does, for `shape` as the file's spec has it; inputs and outputs are found. */
enum status checkpoint_model(const struct checkpoint_file *file, const struct model_shape *shape,
                             const struct kernels *kernels, struct model **out, struct error *error);

/* The tokenizer of a language model; a file that has none and 256 tokens is about bytes.  *out, which the caller frees,
 * is NULL for a model of another kind.  STATUS_FAILED with the reason for one that is none, or of another
 * vocabulary. */
enum status checkpoint_tokenizer(const struct checkpoint_file *file, struct tokenizer **out, struct error *error);

/* The curves that came with the state.  *out is NULL where there are none; the caller frees it.  STATUS_FAILED, naming
 * what is missing or wrong in the file. */
enum status checkpoint_record(const struct checkpoint_file *file, struct record **out, struct error *error);

#endif
