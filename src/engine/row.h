/* The rows of a run's log.  A row about a step is opened by the step, filled by the evaluation after it, and written
 * before anything else is applied at that boundary. */
#ifndef ENGINE_ROW_H
#define ENGINE_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/lane.h"
#include "store/sink.h"

struct row_writer {
    struct sink *sink; /* borrowed; NULL: there is no log, and all below does nothing */
    uint64_t every;    /* steps between two rows; 0: one at each evaluation */
    bool open;         /* `row` is not yet written */
    struct log_row row;
    char heard[LOG_EVENT_SIZE]; /* labels of the events since the last row */
};

/* Whether the lane's step needs a row; `limit`: it is the run's last step. */
bool row_is_due(const struct row_writer *writer, const struct lane *lane, bool limit);
/* Opens a row about `step`; `stepped`: with the step's measures. */
void row_open(struct row_writer *writer, const struct lane *lane, uint64_t step, bool stepped);
void row_fill(struct row_writer *writer, const struct lane *lane); /* with the measures of an evaluation */
void row_close(struct row_writer *writer);                         /* writes it */
void row_note(struct row_writer *writer, const char *label);       /* for the event column of the next row */
void row_last(struct row_writer *writer, const struct lane *lane); /* writes what was applied after the last row */

#endif
