/* Stages of a spec: consecutive objectives on one model.  In a text, and as the value of --stage, a stage is a line of
 * words:
 *
 *     fine-tune objective=respond data=samples/atlas.tsv train=lora:8 lr=0.0005 steps=300
 *
 * its name, then what is said of it, each word quoted as in base/lines.h where it must be.  Keys:
 *
 *     objective   next_token or respond; else what the data are usually asked: pairs in a .tsv or .csv file respond
 *     data        file; else the run's own
 *     train       all, last-blocks:N or lora:N (a blank does as well as the colon)
 *     steps, epochs, loss   it ends after so many, or when the test loss is so low; without any a person ends it
 *     and the name of each knob that a step depends on, which is turned when the stage begins */
#ifndef SETUP_SPEC_STAGE_H
#define SETUP_SPEC_STAGE_H

#include "base/lines.h"
#include "base/status.h"
#include "learn/objective.h"
#include "setup/spec.h"

#define SPEC_STAGE_NAME_MAX 32 /* bytes */

/* The stage of that name, added behind the others where there is none: *stage stays valid until another is added.  A
 * name is not empty and can be printed. */
enum status spec_stage_find(struct spec *spec, const char *name, struct spec_stage **stage, struct error *error);
/* STATUS_USAGE: the message begins with the key. */
enum status spec_stage_set(struct spec_stage *stage, const char *key, const char *value, struct error *error);
/* A whole line, of a new stage or of one that is there. */
enum status spec_stage_read(struct spec *spec, const char *words, struct error *error);
void spec_stage_write(const struct spec_stage *stage, struct lines *out);
void spec_stages_free(struct spec *spec);

/* The choices of `end-with`, of a stage and of the whole run. */
const char *spec_end_with(size_t number);

/* What is asked, said or not. */
enum objective_id spec_stage_objective(const struct spec *spec, const struct spec_stage *stage);
/* The file that its data come from: its own or the run's. */
const char *spec_stage_data(const struct spec *spec, const struct spec_stage *stage);
/* A file of pairs, by its name. */
bool spec_is_pairs(const char *path);

/* Whether a stage, or all of them, fit the kind of model and each other; once the model's open sizes are filled in,
 * also these.  All are asked when the layers of a net are known: a stage turns no dropout where there is nothing to
 * drop. */
enum status spec_stage_check(const struct spec *spec, const struct spec_stage *stage, struct error *error);
enum status spec_stages_check(const struct spec *spec, struct error *error);

#endif
