/* Writes a branch's history as a table: one row a step, or one row a bucket. */
#include "store/export.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/outfile.h"
#include "store/table.h"

/* One series, whole. */
struct column {
    unsigned series;
    struct bucket *bucket;
    size_t count;
    size_t at; /* the next one to be written */
};

struct columns {
    struct column column[SERIES_TOTAL];
    size_t count;
};

enum status export_choose(struct export_choice *choice, const char *names, struct error *error)
{
    char text[SERIES_TOTAL][SERIES_COLUMN_SIZE];
    const char *known[SERIES_TOTAL];
    for (unsigned s = 0; s < SERIES_TOTAL; s++)
        known[s] = series_column(s, text[s], sizeof text[s]);
    choice->count = 0;
    for (const char *at = names; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        char word[SERIES_COLUMN_SIZE], near[256];
        snprintf(word, sizeof word, "%.*s", (int)strcspn(at, ","), at);
        unsigned s = 0;
        while (s < SERIES_TOTAL && strcmp(word, known[s]) != 0)
            s++;
        if (s == SERIES_TOTAL)
            return error_set(error, STATUS_USAGE, "unknown series '%s'%s", word,
                             name_suggest(near, sizeof near, word, known, SERIES_COUNT));
        if (choice->count == SERIES_TOTAL)
            return error_set(error, STATUS_USAGE, "a series is named more than once");
        choice->series[choice->count++] = s;
    }
    return STATUS_OK;
}

/* ---- gathering ---- */

static void columns_free(struct columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        mem_free(columns->column[i].bucket);
}

static bool add_column(struct columns *columns, const struct history *history, const struct export_choice *choice,
                       unsigned series)
{
    const uint64_t to = choice->to ? choice->to : UINT64_MAX;
    struct column column = {.series = series};
    column.count = history_all(history, choice->branch, series, choice->from, to, 0, NULL);
    if (column.count == 0 && choice->count == 0)
        return true;
    column.bucket = mem_alloc(column.count, sizeof *column.bucket);
    if (!column.bucket)
        return false;
    history_all(history, choice->branch, series, choice->from, to, column.count, column.bucket);
    columns->column[columns->count++] = column;
    return true;
}

static bool gather(struct columns *columns, const struct history *history, const struct export_choice *choice)
{
    const size_t count = choice->count ? choice->count : SERIES_TOTAL;
    columns->count = 0;
    for (size_t i = 0; i < count; i++)
        if (!add_column(columns, history, choice, choice->count ? choice->series[i] : (unsigned)i))
            return false;
    return true;
}

static uint64_t measured(const struct columns *columns)
{
    uint64_t measured = 0;
    for (size_t c = 0; c < columns->count; c++)
        measured |= (uint64_t)1 << columns->column[c].series;
    return measured;
}

/* ---- writing ---- */

static void write_envelope(FILE *out, bool json, const struct columns *columns)
{
    static const char *const names[] = {"min", "max", "mean", "last"};
    char series[SERIES_COLUMN_SIZE];
    if (!json)
        fputs("series,step_first,step_last,count,nonfinite,min,max,mean,last\n", out);
    for (size_t c = 0; c < columns->count; c++)
        for (size_t i = 0; i < columns->column[c].count; i++) {
            const struct bucket *bucket = &columns->column[c].bucket[i];
            const bool any = bucket->count > 0;
            const double newest = (double)bucket_newest(bucket);
            const double values[] = {any ? (double)bucket->min : newest, any ? (double)bucket->max : newest,
                                     bucket_figure(bucket), newest};
            fprintf(out,
                    json ? "{\"series\":\"%s\",\"step_first\":%llu,\"step_last\":%llu,\"count\":%u,\"nonfinite\":%u"
                         : "%s,%llu,%llu,%u,%u",
                    series_column(columns->column[c].series, series, sizeof series),
                    (unsigned long long)bucket->first_step, (unsigned long long)bucket->last_step, bucket->count,
                    bucket->nonfinite);
            for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                fprintf(out, json ? ",\"%s\":" : ",", names[v]);
                table_value(out, json, columns->column[c].series, values[v]);
            }
            fputs(json ? "}\n" : "\n", out);
        }
}

/* The earliest step that is still to be written; false at the end. */
static bool next_step(const struct columns *columns, uint64_t *step)
{
    bool any = false;
    for (size_t c = 0; c < columns->count; c++) {
        const struct column *column = &columns->column[c];
        if (column->at < column->count && (!any || column->bucket[column->at].last_step < *step)) {
            *step = column->bucket[column->at].last_step;
            any = true;
        }
    }
    return any;
}

static void write_wide(const struct table *table, struct columns *columns)
{
    struct table_row row = {0};
    table_head(table);
    while (next_step(columns, &row.step)) {
        row.known = 0;
        for (size_t c = 0; c < columns->count; c++) {
            struct column *column = &columns->column[c];
            const struct bucket *found = NULL;
            while (column->at < column->count && column->bucket[column->at].last_step == row.step)
                found = &column->bucket[column->at++]; /* measured again at the same step: the newer one */
            if (!found)
                continue;
            row.known |= (uint64_t)1 << column->series;
            row.value[column->series] = bucket_figure(found);
        }
        table_write(table, &row);
    }
}

/* ---- the file ---- */

bool export_is_for(const char *path)
{
    return table_is_json(path) || file_ends(path, ".csv");
}

enum status export_write(const struct history *history, const struct export_choice *choice, const char *path,
                         struct error *error)
{
    if (!export_is_for(path))
        return error_set(error, STATUS_USAGE, "%s: a table is a .csv or .jsonl file", path);
    struct columns columns;
    struct outfile *file = NULL;
    enum status status = gather(&columns, history, choice) ? outfile_open(&file, path, error) : error_memory(error);
    if (status == STATUS_OK) {
        const struct table table = table_begin(outfile_stream(file), path, choice, measured(&columns));
        if (choice->envelope)
            write_envelope(table.out, table.json, &columns);
        else
            write_wide(&table, &columns);
        status = outfile_close(file, true, error);
    }
    columns_free(&columns);
    return status;
}
