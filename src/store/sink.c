/* Writes the log of a run.
 *
 * DESIGN.  Rows go through a ring: the worker is its producer, the sink's thread its consumer.  `arrived` wakes
 * the thread, `emptied` wakes a worker that found the ring full.  The thread alone owns the file, from its start
 * to its end; it makes a text of all rows that it took out of the ring together and appends it with one write.  The
 * message of a failure is written once, before `failed` is released; who acquires `failed` may
 * read it. */
#include "store/sink.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/bell.h"
#include "base/file.h"
#include "base/growing.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/ring.h"
#include "base/text.h"
#include "base/thread.h"
#include "store/log_past.h"

enum {
    RING_ROWS = 1024,
    AT_ONCE = 32,     /* rows taken out of the ring, and written, together */
    ROW_BYTES = 2048, /* more than any row has, each character of its event escaped */
    CELL_MAX = LOG_EVENT_SIZE,
    BELL_ROW = 1,
    BELL_ROOM = 1,
    BELL_END = 2,
};

struct sink {
    struct ring *queue;
    struct bell arrived, emptied;
    atomic_bool failed;
    char warning[512];
    char loss[512]; /* says what is missing, and why */
    char *name;     /* as messages say it */
    bool json;
    struct growing *file;
    FILE *rows;         /* writes into `text` */
    char *text;         /* AT_ONCE rows: a program that is killed leaves no half ones */
    uint64_t last_step; /* of the newest row in the file */
    bool any;           /* there is one */
    bool begun;         /* the file has rows of an earlier part of the run, or their header */
    bool repeats;       /* rows may still repeat those that the file has */
    pthread_t thread;
};

/* ---- cells ---- */

/* Writes the cell's figure or text, unquoted, into `out`; false: not measured. */
typedef bool cell_function(const struct log_row *row, unsigned series, char *out, size_t size);

static bool cell_step(const struct log_row *row, unsigned series, char *out, size_t size)
{
    (void)series;
    snprintf(out, size, "%llu", (unsigned long long)row->step);
    return true;
}

static bool cell_epoch(const struct log_row *row, unsigned series, char *out, size_t size)
{
    (void)series;
    number_log(out, size, row->epoch);
    return true;
}

static bool cell_branch(const struct log_row *row, unsigned series, char *out, size_t size)
{
    (void)series;
    snprintf(out, size, "%u", (unsigned)row->branch);
    return true;
}

static bool cell_stage(const struct log_row *row, unsigned series, char *out, size_t size)
{
    (void)series;
    snprintf(out, size, "%s", row->stage ? row->stage : "train");
    return true;
}

static bool cell_series(const struct log_row *row, unsigned series, char *out, size_t size)
{
    return (row->measured >> series & 1) && series_figure(series, (double)row->value[series], out, size);
}

static bool cell_batch(const struct log_row *row, unsigned series, char *out, size_t size)
{
    (void)series;
    number_log(out, size, row->batch);
    return !isnan(row->batch);
}

static bool cell_dropout(const struct log_row *row, unsigned series, char *out, size_t size)
{
    (void)series;
    number_log(out, size, row->dropout);
    return !isnan(row->dropout);
}

/* Drops a character of UTF-8 that was cut at the end. */
static void mend_end(char *text)
{
    size_t end = strlen(text), start = end;
    while (start > 0 && end - start < 4 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (end - (start - 1) < wanted)
        text[start - 1] = '\0';
}

static bool cell_event(const struct log_row *row, unsigned series, char *out, size_t size)
{
    (void)series;
    snprintf(out, size, "%.*s", LOG_EVENT_SIZE - 1, row->event);
    mend_end(out);
    return row->event[0] != '\0';
}

struct column {
    const char *name; /* NULL: the series' */
    unsigned series;
    bool text;
    cell_function *cell;
};

static const struct column column_table[] = {
    {.name = "step", .cell = cell_step},
    {.name = "epoch", .cell = cell_epoch},
    {.name = "branch", .cell = cell_branch},
    {.name = "stage", .cell = cell_stage, .text = true},
    {.series = SERIES_LOSS, .cell = cell_series},
    {.series = SERIES_TRAIN_LOSS, .cell = cell_series},
    {.series = SERIES_TEST_LOSS, .cell = cell_series},
    {.series = SERIES_TRAIN_ACC, .cell = cell_series},
    {.series = SERIES_TEST_ACC, .cell = cell_series},
    {.series = SERIES_GRAD_NORM, .cell = cell_series},
    {.series = SERIES_LR, .cell = cell_series},
    {.name = "batch", .cell = cell_batch},
    {.name = "dropout", .cell = cell_dropout},
    {.name = "event", .cell = cell_event, .text = true},
};
enum { COLUMNS = sizeof column_table / sizeof column_table[0] };
static_assert(SERIES_COUNT <= 32, "a bit of `measured` for each series");

const char *sink_column(size_t column)
{
    if (column >= COLUMNS)
        return NULL;
    return column_table[column].name ? column_table[column].name : series_table[column_table[column].series].name;
}

/* ---- lines ---- */

static void put_csv(FILE *file, const struct log_row *row)
{
    char cell[CELL_MAX];
    for (unsigned i = 0; i < COLUMNS; i++) {
        if (i > 0)
            putc(',', file);
        if (column_table[i].cell(row, column_table[i].series, cell, sizeof cell))
            quote_csv(file, cell);
    }
    putc('\n', file);
}

static void put_json(FILE *file, const struct log_row *row)
{
    char cell[CELL_MAX];
    const char *before = "{";
    for (unsigned i = 0; i < COLUMNS; i++) {
        const struct column *column = &column_table[i];
        if (!column->cell(row, column->series, cell, sizeof cell))
            continue;
        fprintf(file, "%s\"%s\":", before, sink_column(i));
        before = ",";
        bool word = strstr(cell, "nan") || strstr(cell, "inf");
        if (column->text || word)
            quote_json(file, cell);
        else
            fputs(cell, file);
    }
    fputs("}\n", file);
}

static void put_header(FILE *file)
{
    for (unsigned i = 0; i < COLUMNS; i++)
        fprintf(file, "%s%s", i > 0 ? "," : "", sink_column(i));
    putc('\n', file);
}

/* ---- the thread ---- */

static void fail(struct sink *sink, const char *reason, bool keeps_begin)
{
    char step[32], end[64] = "it holds no row";
    if (atomic_load_explicit(&sink->failed, memory_order_relaxed))
        return;
    if (sink->any)
        snprintf(end, sizeof end, "it ends at step %s", number_count(step, sizeof step, sink->last_step));
    snprintf(sink->warning, sizeof sink->warning, "the run goes on without its log: %s: %.300s", reason, sink->name);
    if (keeps_begin)
        snprintf(sink->loss, sizeof sink->loss, "%.300s: the log is incomplete, %s: %s", sink->name, end, reason);
    else
        snprintf(sink->loss, sizeof sink->loss, "%.300s: the log is lost: %s", sink->name, reason);
    atomic_store_explicit(&sink->failed, true, memory_order_release);
}

static void take_fault(struct sink *sink)
{
    if (growing_fault(sink->file))
        fail(sink, growing_fault(sink->file), growing_keeps_begin(sink->file));
}

/* Appends the text of `rows`.  False: it is longer than ROW_BYTES allow. */
static bool append(struct sink *sink)
{
    const bool made = fflush(sink->rows) == 0 && !ferror(sink->rows);
    if (!made)
        fail(sink, "its rows are too long", true);
    else
        growing_write(sink->file, sink->text, (size_t)ftell(sink->rows));
    rewind(sink->rows);
    return made;
}

/* Of a batch that does not fit the disk some rows do. */
static void write_rows(struct sink *sink, const struct log_row *row, size_t count)
{
    const uint64_t begin = growing_size(sink->file);
    uint64_t end[AT_ONCE];
    for (size_t i = 0; i < count; i++) {
        (sink->json ? put_json : put_csv)(sink->rows, &row[i]);
        end[i] = begin + (uint64_t)ftell(sink->rows);
    }
    const uint64_t written = append(sink) ? growing_size(sink->file) : begin;
    for (size_t i = 0; i < count && end[i] <= written; i++) {
        sink->last_step = row[i].step;
        sink->any = true;
    }
    take_fault(sink);
}

/* A run that goes on may say once more how it stands at its first step, which the rows that stayed say already: takes
 * such rows out unless they tell an event.  The number of those left. */
static size_t drop_repeated(struct sink *sink, struct log_row *row, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        sink->repeats = sink->repeats && row[i].step <= sink->last_step;
        if (!sink->repeats || row[i].event[0])
            row[left++] = row[i];
    }
    return left;
}

static void drain(struct sink *sink)
{
    struct log_row row[AT_ONCE];
    size_t count;
    while ((count = ring_pop_many(sink->queue, row, AT_ONCE)) > 0) {
        bell_ring(&sink->emptied, BELL_ROOM);
        if (!atomic_load_explicit(&sink->failed, memory_order_relaxed))
            write_rows(sink, row, drop_repeated(sink, row, count));
    }
}

static void *run(void *argument)
{
    struct sink *sink = argument;
    if (!sink->json && !sink->begun) {
        put_header(sink->rows);
        append(sink);
        take_fault(sink);
    }
    for (bool end = false; !end;) {
        bell_wait(&sink->arrived, BELL_FOREVER);
        end = bell_take(&sink->arrived) & BELL_END;
        drain(sink);
    }
    growing_close(sink->file);
    take_fault(sink);
    return NULL;
}

/* ---- the worker's side ---- */

static const char *name_of(const char *path)
{
    return file_is_stream(path) ? "standard output" : path;
}

enum status sink_may_write(const char *path, struct error *error)
{
    const int reason = file_is_stream(path) ? 0 : file_may_write(path);
    if (reason)
        return error_set(error, STATUS_FAILED, "%s: the log cannot be written: %s", path, strerror(reason));
    return growing_check(path, "log", error);
}

/* Everything but the thread. */
static void release(struct sink *sink)
{
    growing_free(sink->file);
    if (sink->rows)
        fclose(sink->rows);
    mem_free(sink->text);
    bell_free(&sink->emptied);
    bell_free(&sink->arrived);
    ring_free(sink->queue);
    mem_free(sink->name);
    mem_free(sink);
}

static struct sink *create(const char *name)
{
    struct sink *sink = mem_alloc(1, sizeof *sink);
    if (!sink)
        return NULL;
    atomic_init(&sink->failed, false);
    sink->name = mem_string(name);
    if (sink->name)
        text_clean(sink->name);
    sink->queue = ring_create(RING_ROWS, sizeof(struct log_row));
    if (sink->name && sink->queue && bell_init(&sink->arrived)) {
        if (bell_init(&sink->emptied))
            return sink;
        bell_free(&sink->arrived);
    }
    ring_free(sink->queue);
    mem_free(sink->name);
    mem_free(sink);
    return NULL;
}

enum status sink_open(struct sink **out, const char *path, struct error *error)
{
    return sink_go_on(out, path, &(struct log_past){0}, error);
}

enum status sink_go_on(struct sink **out, const char *path, const struct log_past *past, struct error *error)
{
    *out = NULL;
    struct sink *sink = create(name_of(path));
    if (!sink)
        return error_memory(error);
    sink->json = file_ends(path, ".jsonl");
    sink->begun = past->bytes > 0;
    sink->any = sink->repeats = past->kept > 0;
    sink->last_step = past->last_step;
    sink->text = mem_alloc(AT_ONCE, ROW_BYTES);
    if (sink->text)
        sink->rows = fmemopen(sink->text, (size_t)AT_ONCE * ROW_BYTES, "w");
    enum status status =
        sink->rows ? growing_open_at(&sink->file, path, "log", past->bytes, error) : error_memory(error);
    if (status == STATUS_OK)
        status = thread_start(&sink->thread, run, sink, error);
    if (status == STATUS_OK)
        *out = sink;
    else
        release(sink);
    return status;
}

void sink_write(struct sink *sink, const struct log_row *row)
{
    while (!ring_push(sink->queue, row)) {
        /* Forget that there was room before, then look again before sleeping: what is emptied from here on rings. */
        (void)bell_take(&sink->emptied);
        if (ring_push(sink->queue, row))
            break;
        bell_wait(&sink->emptied, BELL_FOREVER);
    }
    bell_ring(&sink->arrived, BELL_ROW);
}

const char *sink_warning(const struct sink *sink)
{
    return atomic_load_explicit(&sink->failed, memory_order_acquire) ? sink->warning : NULL;
}

enum status sink_close(struct sink *sink, struct error *error)
{
    if (!sink)
        return STATUS_OK;
    bell_ring(&sink->arrived, BELL_END);
    pthread_join(sink->thread, NULL);
    enum status status = STATUS_OK;
    if (atomic_load_explicit(&sink->failed, memory_order_acquire))
        status = error_set(error, STATUS_FAILED, "%s", sink->loss);
    release(sink);
    return status;
}
