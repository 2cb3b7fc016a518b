/* What a history knows of a branch, as a table for other programs: CSV, or JSON lines.
 *
 * Wide, as a data frame is wanted (pandas: read_csv(path, index_col="step")): a row for each step at which something is
 * known, a column for each series under its name; a cell that was not measured at that step is empty, in JSON its key
 * is absent.
 *
 *     step,loss,grad_norm,train_loss,test_loss
 *
 * Where the history has become coarse (the far past of a long run, or a run too fast to keep each step) a cell is the
 * mean of the steps since the one above it; a spool (store/spool.h) has each step's values.  The envelope says more
 * of them, one row for each bucket; a raw value has count 1 and step_first = step_last:
 *
 *     series,step_first,step_last,count,nonfinite,min,max,mean,last
 *
 * A branch that grew out of another one begins with the steps of that one.  Figures have 9 significant digits.  A value
 * that is not finite is nan, inf or -inf, in JSON a string ("inf"), since JSON has no such numbers; of a bucket with
 * finite values min, max and mean are of those alone, and last is the newest value, whatever it is.  An R^2 that
 * cannot be computed is left out, like a value that was not measured. */
#ifndef STORE_EXPORT_H
#define STORE_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "metrics/history.h"

struct export_branch {
    uint16_t number;
    const char *name;
};

struct export_choice {
    uint16_t branch;
    /* Of a spool: several branches, whose names stand in a first column `branch`.  Borrowed. */
    const struct export_branch *branch_list;
    size_t branches;               /* 0: the one above */
    unsigned series[SERIES_TOTAL]; /* columns in this order */
    size_t count;                  /* 0: all that was measured */
    uint64_t from, to;             /* steps, both included; `to` 0: to the end */
    bool envelope;
};

/* Fills series and count from "loss,test_loss".  STATUS_USAGE with what would be right for an unknown name. */
enum status export_choose(struct export_choice *choice, const char *names, struct error *error);

/* Whether the file name ends in .csv or .jsonl. */
bool export_is_for(const char *path);
/* STATUS_USAGE when the ending is unknown, STATUS_FAILED with the reason when the file could not be written: the old
 * one is then still there. */
enum status export_write(const struct history *history, const struct export_choice *choice, const char *path,
                         struct error *error);

#endif
