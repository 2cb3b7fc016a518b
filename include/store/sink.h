/* The log of a run: a file of rows, one for each logged step, exact and independent of timing.
 *
 * CSV, or JSON lines where the path ends in ".jsonl"; "-" is standard output.  CSV's columns:
 *
 *     step,epoch,branch,stage,loss,train_loss,test_loss,train_acc,test_acc,grad_norm,lr,batch,dropout,event
 *
 * A cell that was not measured at that step is empty; in JSON its key is absent.  Figures have up to 9 significant
 * digits, enough to read the same float back.  What is not finite is nan, inf or -inf; in JSON, which has no
 * such numbers, these words are strings.
 *
 * The worker writes rows, a thread of the sink's own brings them to the disk.  Only when a slow disk has let the
 * ring between the two fill up does the worker wait. */
#ifndef STORE_SINK_H
#define STORE_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "metrics/series.h"

#define LOG_EVENT_SIZE 256

struct log_row {
    uint64_t step;
    double epoch;
    uint16_t branch;
    const char *stage;     /* its name, valid until sink_close; NULL: "train" */
    double batch, dropout; /* that the step used; NaN: no step was made */
    uint32_t measured;     /* bit s: value[s] was measured */
    float value[SERIES_COUNT];
    char event[LOG_EVENT_SIZE]; /* UTF-8, what was applied just before the step; "": nothing */
};

/* Series that have no column of their own are remembered and not written. */
static inline void log_row_set(struct log_row *row, unsigned series, float value)
{
    row->value[series] = value;
    row->measured |= 1u << series;
}

struct sink;

/* STATUS_FAILED with the reason when sink_open would fail; the file is left as it is. */
enum status sink_may_write(const char *path, struct error *error);

/* Creates or truncates the file and starts the thread.  STATUS_FAILED with the reason when the file cannot be
 * opened. */
enum status sink_open(struct sink **out, const char *path, struct error *error);

/* The same with a file that has rows of the run already: `past`, from log_past_read, says which of them stay. */
struct log_past;
enum status sink_go_on(struct sink **out, const char *path, const struct log_past *past, struct error *error);

/* The name of a column of the log; NULL behind the last. */
const char *sink_column(size_t column);

/* One thread: the worker.  After a failure rows are accepted and dropped. */
void sink_write(struct sink *sink, const struct log_row *row);

/* NULL while all is well; else what went wrong ("the run goes on without its log: No space left on device:
 * run.csv").  Any thread; valid until sink_close. */
const char *sink_warning(const struct sink *sink);

/* Writes what is left, closes and frees (NULL is fine).  STATUS_FAILED with the reason when some of the log is
 * missing. */
enum status sink_close(struct sink *sink, struct error *error);

#endif
