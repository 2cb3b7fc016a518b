/* What --load means beside other words: a language model's file goes on where it was when the words are about its own
 * run, or say nothing of one; about another run its weights are the start of that.  Files of other models always go
 * on. */
#ifndef APP_LOAD_H
#define APP_LOAD_H

#include <stdbool.h>

#include "store/checkpoint.h"

/* `said`: what words and recipe say of a run.  The same run has the same data, and stages by the same names that ask
 * the same and train the same; lengths and knobs may differ. */
enum status load_is_start(const struct checkpoint_file *file, const struct spec *said, bool *start,
                          struct error *error);

/* The error when neither the checkpoint nor the command line names a task. */
enum status load_no_task(const struct checkpoint_file *file, const char *path, struct error *error);

/* Fills in what nobody said of the model that the run begins with. */
enum status load_take_shape(const struct checkpoint_file *file, struct spec *spec, struct error *error);

#endif
