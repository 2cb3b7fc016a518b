/* DESIGN.  Each (branch, series) that something came into has a strand (strand.h).  For all strands together there is a
 * budget.  Beyond it, the largest of the branches that are not being written become thinner; among very many branches
 * the oldest are forgotten. */
#include "metrics/history.h"

#include <string.h>

#include "base/mem.h"
#include "metrics/strand.h"

#define EVENTS_MAX 16384
#define BUDGET     ((size_t)48 << 20) /* bytes of strands ... */
#define TARGET     ((size_t)42 << 20) /* ... and what is left when it was passed, so that this is rare */

struct branch {
    struct strand *strand[SERIES_TOTAL]; /* NULL: nothing came in */
    uint64_t last_step;
    size_t bytes; /* of strands */
};

struct history {
    struct branch **branch; /* by number; NULL: nothing came in, or forgotten */
    size_t branches;
    uint16_t writing;    /* branch of the newest bucket */
    size_t strand_bytes; /* of all branches */
    struct event *event;
    size_t events, event_room;
};

struct history *history_create(void)
{
    return mem_alloc(1, sizeof(struct history));
}

static void branch_free(struct branch *branch)
{
    if (!branch)
        return;
    for (unsigned s = 0; s < SERIES_TOTAL; s++)
        strand_free(branch->strand[s]);
    mem_free(branch);
}

void history_free(struct history *history)
{
    if (!history)
        return;
    for (size_t b = 0; b < history->branches; b++)
        branch_free(history->branch[b]);
    mem_free(history->branch);
    mem_free(history->event);
    mem_free(history);
}

/* A strand of the branch had `before` bytes and has `after`. */
static void account(struct history *history, struct branch *branch, size_t before, size_t after)
{
    branch->bytes += after - before; /* may wrap; the sums do not */
    history->strand_bytes += after - before;
}

/* ---- thinning ---- */

static bool branch_thin(struct history *history, size_t number)
{
    struct branch *branch = history->branch[number];
    bool thinned = false;
    for (unsigned s = 0; s < SERIES_TOTAL; s++) {
        struct strand *strand = branch->strand[s];
        if (!strand)
            continue;
        const size_t before = strand_bytes(strand);
        thinned |= strand_thin(strand, number == history->writing);
        account(history, branch, before, strand_bytes(strand));
    }
    return thinned;
}

static void branch_forget(struct history *history, size_t number)
{
    history->strand_bytes -= history->branch[number]->bytes;
    branch_free(history->branch[number]);
    history->branch[number] = NULL;
}

static bool is_old(const struct history *history, size_t number)
{
    return history->branch[number] && number != history->writing;
}

/* Thins the larger old branches, once each; false when none of them can be thinner. */
static bool thin_largest(struct history *history)
{
    size_t most = 0;
    for (size_t b = 0; b < history->branches; b++)
        if (is_old(history, b) && history->branch[b]->bytes > most)
            most = history->branch[b]->bytes;
    bool thinned = false;
    for (size_t b = 0; b < history->branches && history->strand_bytes > TARGET; b++)
        if (is_old(history, b) && history->branch[b]->bytes > most / 2 && branch_thin(history, b))
            thinned = true;
    return thinned;
}

static bool forget_oldest(struct history *history)
{
    bool forgotten = false;
    for (size_t b = 0; b < history->branches && history->strand_bytes > TARGET; b++)
        if (is_old(history, b)) {
            branch_forget(history, b);
            forgotten = true;
        }
    return forgotten;
}

static void keep_budget(struct history *history)
{
    const struct branch *running = history->branch[history->writing];
    bool less = true;
    while (less && history->strand_bytes > BUDGET)
        less = (running->bytes > BUDGET / 2 && branch_thin(history, history->writing)) || thin_largest(history) ||
               forget_oldest(history);
}

/* ---- pushing ---- */

static struct branch *branch_for_writing(struct history *history, uint16_t number)
{
    if (number >= history->branches) {
        size_t wanted = history->branches == 0 ? 8 : history->branches * 2;
        if (wanted <= number)
            wanted = (size_t)number + 1;
        struct branch **grown = mem_resize(history->branch, history->branches, wanted, sizeof(*grown));
        if (!grown)
            return NULL;
        history->branch = grown;
        history->branches = wanted;
    }
    if (!history->branch[number])
        history->branch[number] = mem_alloc(1, sizeof(struct branch));
    return history->branch[number];
}

static struct strand *strand_for_writing(struct history *history, struct branch *branch, unsigned series)
{
    if (!branch->strand[series]) {
        branch->strand[series] = strand_create();
        if (branch->strand[series])
            account(history, branch, 0, strand_bytes(branch->strand[series]));
    }
    return branch->strand[series];
}

bool history_push(struct history *history, const struct bucket *bucket)
{
    if (bucket->series >= SERIES_TOTAL)
        return false;
    struct branch *branch = branch_for_writing(history, bucket->branch);
    if (!branch)
        return false;
    history->writing = bucket->branch;
    struct strand *strand = strand_for_writing(history, branch, bucket->series);
    if (!strand)
        return false;
    const size_t before = strand_bytes(strand);
    const bool pushed = strand_push(strand, bucket);
    const size_t after = strand_bytes(strand);
    if (after != before) {
        account(history, branch, before, after);
        keep_budget(history);
    }
    if (pushed && bucket->last_step > branch->last_step)
        branch->last_step = bucket->last_step;
    return pushed;
}

/* ---- reading ---- */

static const struct branch *branch_for_reading(const struct history *history, uint16_t number)
{
    return number < history->branches ? history->branch[number] : NULL;
}

static const struct strand *strand_for_reading(const struct history *history, uint16_t number, unsigned series)
{
    const struct branch *branch = branch_for_reading(history, number);
    return branch && series < SERIES_TOTAL ? branch->strand[series] : NULL;
}

struct reader {
    double from, width; /* of the whole window, in steps */
    size_t columns;
    struct bucket *out;
    size_t column; /* that the last bucket fell into */
    double edge;   /* where that column ends; buckets come in ascending order */
    size_t filled;
};

static double reader_edge(const struct reader *reader, size_t column)
{
    return reader->from + reader->width * (double)column / (double)reader->columns;
}

/* Counts the bucket in the column of its last step; false when that is beyond the window. */
static bool reader_take(struct reader *reader, const struct bucket *bucket)
{
    double step = (double)bucket->last_step;
    if (step < reader->from)
        return true;
    if (step >= reader->edge) {
        if (step >= reader->from + reader->width)
            return false;
        /* The quotient may be off by one where it is rounded: the edges decide. */
        size_t column = (size_t)((step - reader->from) / reader->width * (double)reader->columns);
        column = column < reader->columns ? column : reader->columns - 1;
        while (column > reader->column && step < reader_edge(reader, column))
            column--;
        while (column + 1 < reader->columns && step >= reader_edge(reader, column + 1))
            column++;
        reader->column = column;
        reader->edge = reader_edge(reader, column + 1);
    }
    struct bucket *into = &reader->out[reader->column];
    if (into->count == 0 && into->nonfinite == 0) {
        *into = *bucket;
        reader->filled += bucket->count > 0 || bucket->nonfinite > 0;
    } else {
        bucket_merge(into, bucket);
    }
    return true;
}

size_t history_read(const struct history *history, uint16_t branch, unsigned series, double from, double to,
                    size_t columns, struct bucket *out)
{
    memset(out, 0, columns * sizeof *out);
    const struct strand *strand = strand_for_reading(history, branch, series);
    if (!strand || columns == 0 || !(to > from))
        return 0;
    struct reader reader = {.from = from, .width = to - from, .columns = columns, .out = out};
    reader.edge = reader_edge(&reader, 1);

    const struct strand_part part = strand_since(strand, from);
    const size_t count = strand_part_count(&part);
    for (size_t i = 0; i < count && reader_take(&reader, strand_part_at(&part, i)); i++)
        continue;
    return reader.filled;
}

const struct bucket *history_last(const struct history *history, uint16_t branch, unsigned series)
{
    const struct strand *strand = strand_for_reading(history, branch, series);
    return strand ? strand_last(strand) : NULL;
}

const struct bucket *history_best(const struct history *history, uint16_t branch, unsigned series)
{
    const struct strand *strand = strand_for_reading(history, branch, series);
    return strand ? strand_best(strand) : NULL;
}

size_t history_recent(const struct history *history, uint16_t branch, unsigned series, size_t most, struct bucket *out)
{
    const struct strand *strand = strand_for_reading(history, branch, series);
    if (!strand)
        return 0;
    const struct strand_part part = strand_finest(strand);
    const size_t count = strand_part_count(&part);
    const size_t number = count < most ? count : most;
    for (size_t i = 0; i < number; i++)
        out[i] = *strand_part_at(&part, count - number + i);
    return number;
}

uint64_t history_last_step(const struct history *history, uint16_t branch)
{
    const struct branch *found = branch_for_reading(history, branch);
    return found ? found->last_step : 0;
}

/* ---- events ---- */

bool history_push_event(struct history *history, const struct event *event)
{
    if (history->events == EVENTS_MAX) {
        history->events /= 2;
        memmove(history->event, history->event + EVENTS_MAX - history->events, history->events * sizeof *event);
    }
    if (history->events == history->event_room) {
        size_t wanted = history->event_room == 0 ? 16 : history->event_room * 2;
        struct event *grown = mem_resize(history->event, history->event_room, wanted, sizeof *grown);
        if (!grown)
            return false;
        history->event = grown;
        history->event_room = wanted;
    }
    history->event[history->events++] = *event;
    return true;
}

size_t history_events(const struct history *history)
{
    return history->events;
}

const struct event *history_event(const struct history *history, size_t index)
{
    return index < history->events ? &history->event[index] : NULL;
}

size_t history_bytes(const struct history *history)
{
    size_t bytes = sizeof *history + history->strand_bytes + history->event_room * sizeof *history->event +
                   history->branches * sizeof(struct branch *);
    for (size_t b = 0; b < history->branches; b++)
        bytes += history->branch[b] ? sizeof *history->branch[b] : 0;
    return bytes;
}
