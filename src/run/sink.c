/* DESIGN.  Rows go through a ring: the worker is its producer, the sink's thread its consumer.  `arrived` wakes
 * the thread, `emptied` wakes a worker that found the ring full.  The thread alone owns the file, from its start
 * to its end.  The message of a failure is written once, before `failed` is released; who acquires `failed` may
 * read it. */
#include "run/sink.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/ring.h"
#include "base/text.h"
#include "run/bell.h"
#include "run/thread.h"

enum {
    RING_ROWS = 1024,
    AT_ONCE = 32,     /* rows taken out of the ring, and brought to the disk, together */
    ROW_BYTES = 2048, /* more than any row has, each character of its event escaped */
    CELL_MAX = LOG_EVENT_SIZE,
    BELL_ROW = 1,
    BELL_ROOM = 1,
    BELL_END = 2,
};

struct sink {
    struct ring *rows;
    struct bell arrived, emptied;
    atomic_bool failed;
    char reason[128];
    char warning[512];
    char *name; /* as messages say it */
    bool json;
    FILE *file;
    char *buffer; /* the file's: holds whole rows, so that a program that is killed leaves no half ones */
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

static const char *column_name(const struct column *column)
{
    return column->name ? column->name : series_table[column->series].name;
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
        fprintf(file, "%s\"%s\":", before, column_name(column));
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
        fprintf(file, "%s%s", i > 0 ? "," : "", column_name(&column_table[i]));
    putc('\n', file);
}

/* ---- the thread ---- */

static void fail(struct sink *sink, int number)
{
    if (atomic_load_explicit(&sink->failed, memory_order_relaxed))
        return;
    if (strerror_r(number, sink->reason, sizeof sink->reason) != 0)
        snprintf(sink->reason, sizeof sink->reason, "error %d", number);
    snprintf(sink->warning, sizeof sink->warning, "%.300s: %s: the run goes on without its log", sink->name,
             sink->reason);
    atomic_store_explicit(&sink->failed, true, memory_order_release);
}

static void flush(struct sink *sink)
{
    errno = 0;
    if (fflush(sink->file) != 0 || ferror(sink->file))
        fail(sink, errno != 0 ? errno : EIO);
}

/* A file that was removed takes rows as before, for nobody. */
static void look_for_file(struct sink *sink)
{
    struct stat about;
    if (fstat(fileno(sink->file), &about) == 0 && S_ISREG(about.st_mode) && about.st_nlink == 0)
        fail(sink, ENOENT);
}

static void drain(struct sink *sink)
{
    struct log_row row[AT_ONCE];
    size_t count;
    while ((count = ring_pop_many(sink->rows, row, AT_ONCE)) > 0) {
        bell_ring(&sink->emptied, BELL_ROOM);
        if (atomic_load_explicit(&sink->failed, memory_order_relaxed))
            continue;
        for (size_t i = 0; i < count; i++)
            (sink->json ? put_json : put_csv)(sink->file, &row[i]);
        flush(sink);
    }
    look_for_file(sink);
}

static void *run(void *argument)
{
    struct sink *sink = argument;
    setvbuf(sink->file, sink->buffer, _IOFBF, AT_ONCE * ROW_BYTES);
    if (!sink->json) {
        put_header(sink->file);
        flush(sink);
    }
    for (bool end = false; !end;) {
        bell_wait(&sink->arrived, BELL_FOREVER);
        end = bell_take(&sink->arrived) & BELL_END;
        drain(sink);
    }
    errno = 0;
    if (fclose(sink->file) != 0)
        fail(sink, errno != 0 ? errno : EIO);
    return NULL;
}

/* ---- the worker's side ---- */

static const char *name_of(const char *path)
{
    return file_is_stream(path) ? "standard output" : path;
}

static enum status cannot_write(const char *name, int reason, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%s: the log cannot be written: %s", name, strerror(reason));
}

enum status sink_may_write(const char *path, struct error *error)
{
    const int reason = file_is_stream(path) ? 0 : file_may_write(path);
    return reason ? cannot_write(path, reason, error) : STATUS_OK;
}

static FILE *open_file(const char *path)
{
    if (strcmp(path, "-") != 0)
        return fopen(path, "w");
    int descriptor = dup(STDOUT_FILENO);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (!file && descriptor >= 0)
        close(descriptor);
    return file;
}

/* Everything but the thread and the file. */
static void release(struct sink *sink)
{
    bell_free(&sink->emptied);
    bell_free(&sink->arrived);
    ring_free(sink->rows);
    mem_free(sink->buffer);
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
    sink->rows = ring_create(RING_ROWS, sizeof(struct log_row));
    sink->buffer = mem_alloc(AT_ONCE, ROW_BYTES);
    if (sink->name && sink->rows && sink->buffer && bell_init(&sink->arrived)) {
        if (bell_init(&sink->emptied))
            return sink;
        bell_free(&sink->arrived);
    }
    ring_free(sink->rows);
    mem_free(sink->buffer);
    mem_free(sink->name);
    mem_free(sink);
    return NULL;
}

enum status sink_open(struct sink **out, const char *path, struct error *error)
{
    struct sink *sink = create(name_of(path));
    if (!sink)
        return error_memory(error);
    sink->json = file_ends(path, ".jsonl");
    sink->file = open_file(path);
    enum status status;
    if (!sink->file) {
        status = cannot_write(sink->name, errno, error);
    } else {
        status = thread_start(&sink->thread, run, sink, error);
        if (status == STATUS_OK) {
            *out = sink;
            return STATUS_OK;
        }
        fclose(sink->file);
    }
    release(sink);
    return status;
}

void sink_write(struct sink *sink, const struct log_row *row)
{
    while (!ring_push(sink->rows, row)) {
        /* Forget that there was room before, then look again before sleeping: what is emptied from here on rings. */
        (void)bell_take(&sink->emptied);
        if (ring_push(sink->rows, row))
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
        status = error_set(error, STATUS_FAILED, "%s: the log is incomplete: %s", sink->name, sink->reason);
    release(sink);
    return status;
}
