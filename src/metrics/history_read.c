/* Reads a branch's values from the history, those of its ancestors first. */
#include <string.h>

#include "metrics/history_parts.h"

/* Puts what has to be read of [from, to) into history->stretch, the newest first; their number. */
static size_t find_stretches(const struct history *history, uint16_t number, unsigned series, double from, double to)
{
    size_t stretches = 0, total = 0, cut = 0;
    struct stretch digest = {0};
    struct forest_line line = forest_line(number);
    do {
        const struct branch *branch = branch_for_reading(history, line.branch);
        const struct forest_origin *origin = forest_origin(history->forest, line.branch);
        const bool begins_later = origin->grown && (double)origin->step >= to;
        if (branch && branch->strand[series] && !begins_later) {
            struct stretch next = {.strand = branch->strand[series], .until = line.until};
            struct strand_part part;
            strand_since(next.strand, from, next.until, &part);
            if (total + part.count > LOOKED_AT && digest.strand) {
                history->stretch[cut] = digest;
                return cut + 1;
            }
            if (total + part.count > LOOKED_AT) {
                next.coarse = true;
                strand_coarse(next.strand, from, next.until, &part);
            }
            if (part.count > 0)
                history->stretch[stretches++] = next;
            total += part.count;
        }
        if (branch && branch->digest[series] && total + DIGEST <= LOOKED_AT) {
            cut = stretches;
            digest = (struct stretch){
                .strand = branch->digest[series],
                .until = origin->step < line.until ? origin->step : line.until,
            };
        }
    } while (forest_up(history->forest, &line) && (double)line.until >= from);
    return stretches;
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
    if (series >= SERIES_TOTAL || branch >= history->branches || columns == 0 || !(to > from))
        return 0;
    struct reader reader = {.from = from, .width = to - from, .columns = columns, .out = out};
    reader.edge = reader_edge(&reader, 1);
    bool inside = true;
    for (size_t i = find_stretches(history, branch, series, from, to); inside && i-- > 0;) {
        const struct stretch *stretch = &history->stretch[i];
        struct strand_part part;
        if (stretch->coarse)
            strand_coarse(stretch->strand, from, stretch->until, &part);
        else
            strand_since(stretch->strand, from, stretch->until, &part);
        for (size_t k = 0; inside && k < part.count; k++)
            inside = reader_take(&reader, strand_part_at(&part, k));
    }
    return reader.filled;
}

size_t history_recent(const struct history *history, uint16_t branch, unsigned series, size_t most, struct bucket *out)
{
    if (series >= SERIES_TOTAL || branch >= history->branches)
        return 0;
    size_t stretches = 0, total = 0;
    struct strand_part part;
    struct forest_line line = forest_line(branch);
    bool complete = true;
    do {
        const struct strand *strand = strand_for_reading(history, line.branch, series);
        if (!strand)
            continue;
        complete = strand_finest(strand, line.until, &part);
        if (part.count > 0)
            history->stretch[stretches++] = (struct stretch){.strand = strand, .until = line.until};
        total += part.count;
    } while (total < most && complete && forest_up(history->forest, &line));

    size_t skip = total > most ? total - most : 0, number = 0;
    for (size_t i = stretches; i-- > 0; skip = 0) {
        (void)strand_finest(history->stretch[i].strand, history->stretch[i].until, &part);
        for (size_t k = skip; k < part.count; k++)
            out[number++] = *strand_part_at(&part, k);
    }
    return number;
}

size_t history_all(const struct history *history, uint16_t branch, unsigned series, uint64_t from, uint64_t to,
                   size_t room, struct bucket *out)
{
    if (series >= SERIES_TOTAL || branch >= history->branches)
        return 0;
    size_t stretches = 0, number = 0;
    struct forest_line line = {.branch = branch, .until = to};
    do {
        const struct strand *strand = strand_for_reading(history, line.branch, series);
        if (strand)
            history->stretch[stretches++] = (struct stretch){.strand = strand, .until = line.until};
    } while (forest_up(history->forest, &line) && line.until >= from);
    while (stretches-- > 0) {
        struct strand_part part;
        strand_all(history->stretch[stretches].strand, (double)from, history->stretch[stretches].until, &part);
        for (size_t k = 0; k < part.count; k++, number++)
            if (number < room)
                out[number] = *strand_part_at(&part, k);
    }
    return number;
}
