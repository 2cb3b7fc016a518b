/* Keeps the values of each step in an unnamed file, and writes the rows of one branch as a table. */
#include "store/spool.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/outfile.h"
#include "store/table.h"

enum {
    OPEN_ROWS = 8
}; /* of two branches that run beside each other: the present step, the one before it, and as many to spare */

struct spool_row {
    uint64_t step;
    uint64_t known; /* bit s: series s */
    uint32_t branch;
    uint32_t values;           /* number of bits */
    float value[SERIES_TOTAL]; /* on the disk the known ones only, in order */
};
#define ROW_HEAD offsetof(struct spool_row, value)

/* Where the rows of a branch are, others' among them. */
struct place {
    bool any;
    long long begin, end; /* bytes */
};

struct spool {
    FILE *file;
    int reason; /* errno of what went wrong first, or 0 */
    long long size;
    uint64_t measured;                /* bit s: series s, on any branch */
    struct spool_row open[OPEN_ROWS]; /* in the order in which they were begun */
    size_t opened;
    struct place *place; /* by number of the branch */
    size_t places;
};

enum status spool_create(struct spool **out, const char *path, struct error *error)
{
    struct spool *spool = mem_alloc(1, sizeof *spool);
    const size_t size = strlen(path) + 16;
    char *name = mem_alloc(size, 1);
    enum status status = spool && name ? STATUS_OK : error_memory(error);
    if (status == STATUS_OK) {
        snprintf(name, size, "%s.XXXXXX", path);
        const int handle = mkstemp(name);
        if (handle >= 0)
            unlink(name);
        spool->file = handle >= 0 ? fdopen(handle, "w+b") : NULL;
        if (!spool->file)
            status = error_set(error, STATUS_FAILED, "%s: cannot be written: %s", path, strerror(errno));
        if (!spool->file && handle >= 0)
            close(handle);
    }
    mem_free(name);
    if (status == STATUS_OK)
        *out = spool;
    else
        mem_free(spool);
    return status;
}

void spool_free(struct spool *spool)
{
    if (!spool)
        return;
    fclose(spool->file);
    mem_free(spool->place);
    mem_free(spool);
}

/* ---- taking ---- */

static void fail(struct spool *spool, int reason)
{
    if (!spool->reason)
        spool->reason = reason ? reason : EIO;
}

static bool note_place(struct spool *spool, uint32_t branch, long long size)
{
    if (branch >= spool->places) {
        const size_t room = 2 * ((size_t)branch + 4);
        struct place *larger = mem_resize(spool->place, spool->places, room, sizeof *larger);
        if (!larger)
            return false;
        memset(larger + spool->places, 0, (room - spool->places) * sizeof *larger);
        spool->place = larger;
        spool->places = room;
    }
    struct place *place = &spool->place[branch];
    if (!place->any)
        place->begin = spool->size;
    place->any = true;
    place->end = spool->size + size;
    return true;
}

/* An evaluation may have begun its row after that of the step that followed it. */
static size_t earliest(const struct spool *spool)
{
    size_t earliest = 0;
    for (size_t i = 1; i < spool->opened; i++)
        if (spool->open[i].branch == spool->open[0].branch && spool->open[i].step < spool->open[earliest].step)
            earliest = i;
    return earliest;
}

/* The oldest one goes into the file, or the one of the same branch that belongs before it. */
static void close_row(struct spool *spool)
{
    struct spool_row *row = &spool->open[earliest(spool)], packed = *row;
    packed.values = 0;
    for (unsigned s = 0; s < SERIES_TOTAL; s++)
        if (row->known >> s & 1)
            packed.value[packed.values++] = row->value[s];
    spool->opened--;
    memmove(row, row + 1, (size_t)(spool->open + spool->opened - row) * sizeof *row);

    const size_t size = ROW_HEAD + packed.values * sizeof packed.value[0];
    errno = 0;
    if (spool->reason)
        return;
    if (!note_place(spool, packed.branch, (long long)size))
        fail(spool, ENOMEM);
    else if (fwrite(&packed, 1, size, spool->file) != size)
        fail(spool, errno);
    spool->size += (long long)size;
}

static struct spool_row *row_for(struct spool *spool, uint16_t branch, uint64_t step)
{
    for (size_t i = spool->opened; i-- > 0;) {
        struct spool_row *row = &spool->open[i];
        if (row->branch == branch && row->step == step)
            return row;
    }
    if (spool->opened == OPEN_ROWS)
        close_row(spool);
    struct spool_row *row = &spool->open[spool->opened++];
    row->step = step;
    row->branch = branch;
    row->known = 0;
    return row;
}

void spool_take(struct spool *spool, const struct bucket *bucket)
{
    struct spool_row *row = row_for(spool, bucket->branch, bucket->last_step);
    row->known |= (uint64_t)1 << bucket->series;
    row->value[bucket->series] = bucket_newest(bucket);
    spool->measured |= (uint64_t)1 << bucket->series;
}

/* ---- writing ---- */

/* The next row in the file; false at its end, or when it cannot be read. */
static bool read_row(struct spool *spool, struct spool_row *row, long long *at)
{
    errno = 0;
    const bool there = fread(row, 1, ROW_HEAD, spool->file) == ROW_HEAD &&
                       fread(row->value, sizeof row->value[0], row->values, spool->file) == row->values;
    if (!there)
        fail(spool, errno);
    *at += (long long)(ROW_HEAD + row->values * sizeof row->value[0]);
    return there;
}

/* Adds to the row of that step what is not known there. */
static void unpack(const struct spool_row *packed, struct table_row *row)
{
    const float *value = packed->value;
    row->step = packed->step;
    for (unsigned s = 0; s < SERIES_TOTAL; s++) {
        if (!(packed->known >> s & 1))
            continue;
        if (!(row->known >> s & 1))
            row->value[s] = (double)*value;
        value++;
    }
    row->known |= packed->known;
}

static bool is_wanted(const struct export_choice *choice, uint64_t step)
{
    return step >= choice->from && (choice->to == 0 || step <= choice->to);
}

/* Whether the row is one of the branch: its own ones lie behind its origin, or on it where it ended there. */
static bool is_of(const struct history *history, const struct spool_row *row, uint16_t branch, bool own)
{
    const struct forest *forest = history_forest(history);
    const uint16_t taken_by = (uint16_t)row->branch;
    const struct forest_origin *origin = forest_origin(forest, taken_by);
    if (origin->grown && row->step < origin->step)
        return false;
    return own ? taken_by == branch : forest_measured(forest, branch, taken_by, row->step);
}

/* Rows between two places of the file, of one branch: without a name also those of what it grew out of.  These were
 * taken before it began, so that the rows are in the order of their steps. */
static void write_part(struct spool *spool, const struct table *table, const struct place *part, uint16_t branch,
                       const char *name, const struct history *history, const struct export_choice *choice)
{
    struct spool_row packed;
    struct table_row row = {.branch = name};
    bool any = false; /* `row` is not yet written: a branch that ended at its origin has measured more of that step */
    long long at = part->begin;
    if (fseeko(spool->file, (off_t)at, SEEK_SET) != 0)
        fail(spool, errno);
    while (!spool->reason && at < part->end && read_row(spool, &packed, &at)) {
        if (!is_wanted(choice, packed.step) || !is_of(history, &packed, branch, name != NULL))
            continue;
        if (any && packed.step < row.step)
            continue;
        if (any && packed.step > row.step) {
            table_write(table, &row);
            row.known = 0;
        }
        unpack(&packed, &row);
        any = true;
    }
    if (any)
        table_write(table, &row);
}

enum status spool_write(struct spool *spool, const struct history *history, const struct export_choice *choice,
                        const char *path, struct error *error)
{
    while (spool->opened > 0)
        close_row(spool);
    struct outfile *file = NULL;
    enum status status = outfile_open(&file, path, error);
    if (status != STATUS_OK)
        return status;
    const struct table table = table_begin(outfile_stream(file), path, choice, spool->measured);
    table_head(&table);
    for (size_t i = 0; i < choice->branches; i++) {
        const struct export_branch *branch = &choice->branch_list[i];
        if (branch->number < spool->places && spool->place[branch->number].any)
            write_part(spool, &table, &spool->place[branch->number], branch->number, branch->name, history, choice);
    }
    if (choice->branches == 0)
        write_part(spool, &table, &(struct place){.end = spool->size}, choice->branch, NULL, history, choice);
    const int reason = spool->reason;
    status = outfile_close(file, reason == 0, error);
    return reason ? error_set(error, STATUS_FAILED, "%s: cannot be written: the values of the steps: %s", path,
                              strerror(reason))
                  : status;
}
