/* The log that a run goes on with: --load and --log with a file that is there already.
 *
 * The rows are those of the same run when all of this holds: the file is empty, or has the columns of this program (CSV)
 * or an object of them on each line (JSON lines); steps go up, on branch 0; and no loss at or before the checkpoint's
 * step is outside the curves that came with the checkpoint.  Rows behind that step, which a run that was killed later
 * than its last checkpoint has written, will come again: they are cut off, and so is a last line without an end. */
#ifndef STORE_LOG_PAST_H
#define STORE_LOG_PAST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "metrics/history.h"

struct log_past {
    uint64_t bytes;     /* of the file that stay; 0: it begins anew */
    uint64_t last_step; /* of the rows that stay, if there are any */
    uint64_t kept, cut; /* rows */
};

/* Reads the file, and changes nothing.  `step`: where the run goes on; `history`: its curves, on branch 0.  STATUS_FAILED,
 * with the first line that shows it, when the rows are of another run. */
enum status log_past_read(struct log_past *out, const char *path, uint64_t step, const struct history *history,
                          struct error *error);

#endif
