/* What a run learns from: the data of all its stages, each file once, the tokenizer of its texts, and the stages
 * themselves as a trainer takes them.
 *
 * A table or a toy is one data set for all stages.  Of texts the task's is loaded first, and its tokenizer, unless one
 * is given with the model that the run goes on with, serves all: pairs and other texts are read in its tokens. */
#ifndef SETUP_MATERIAL_H
#define SETUP_MATERIAL_H

#include "base/status.h"
#include "data/tokenizer.h"
#include "learn/trainer.h"
#include "setup/spec.h"

struct material;

/* Fills in what the user left open in the spec, whose strings it borrows: it must outlive the material.  `given`: the
 * tokenizer of the model to begin with, which must do so too; NULL: a text trains its own.  STATUS_USAGE for what does
 * not fit the data, STATUS_FAILED for files; the message names the option, the stage or the file. */
enum status material_load(struct material **out, struct spec *spec, const struct tokenizer *given, struct error *error);
void material_free(struct material *material); /* NULL is fine */

/* At least one: a run without stages is one by the name of "train". */
size_t material_stages(const struct material *material);
const struct trainer_stage *material_stage(const struct material *material, size_t number);
size_t material_bytes(const struct material *material);  /* of the rows of all files */
uint64_t material_hash(const struct material *material); /* of the rows of all files, in their order */
/* NULL where no text is learnt. */
const struct tokenizer *material_tokenizer(const struct material *material);

#endif
