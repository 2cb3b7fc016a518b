/* The values of each step of all branches, kept in a file until it is known what is wanted of them.
 *
 * DESIGN.  A run that is repeated for a table says only at its end which branch is to be written, and which series were
 * measured.  So the steps go as they come, one packed row each (24 bytes and 4 a value), into a file without a name
 * beside the table; in the end the rows of the branch and of what it grew out of are picked from it.  In memory are the
 * few rows that may still get a value and, for each branch, where in the file it stands: so memory does not grow with
 * the run, the disk takes about what the table does.
 *
 *     run -> spool_take, bucket by bucket -> file of rows -> spool_write -> run.csv */
#ifndef STORE_SPOOL_H
#define STORE_SPOOL_H

#include "base/status.h"
#include "metrics/bucket.h"
#include "store/export.h"

struct spool;

/* `path`: of the table to come.  STATUS_FAILED with the reason when nothing can be written there. */
enum status spool_create(struct spool **out, const char *path, struct error *error);
void spool_free(struct spool *spool);

/* Takes a bucket of a single step.  Steps of a branch ascend; an evaluation may come after the next step's values (a
 * few rows stay open). What could not be kept spool_write tells. */
void spool_take(struct spool *spool, const struct bucket *bucket);

/* The same table as export_write's, each step's values as they were.  `history` says what grew out of what.  With a
 * list of branches, each has the steps that it took itself, one branch after the other.  STATUS_FAILED with the reason
 * when a step or the table could not be written: the old file is then still there. */
enum status spool_write(struct spool *spool, const struct history *history, const struct export_choice *choice,
                        const char *path, struct error *error);

#endif
