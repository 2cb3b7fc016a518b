#include "metrics/export.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "base/outfile.h"

/* One series, whole. */
struct column {
    unsigned series;
    char name[EXPORT_NAME_SIZE];
    struct bucket *bucket;
    size_t count;
    size_t at; /* the next one to be written */
};

struct table {
    struct column column[SERIES_TOTAL];
    size_t columns;
};

char *export_name(unsigned series, char *out, size_t size)
{
    if (series < SERIES_COUNT)
        snprintf(out, size, "%s", series_table[series].name);
    else if (series < series_layer_ratio(0))
        snprintf(out, size, "%s_%u", series_table[SERIES_GRAD_NORM].name, series - series_layer_grad(0) + 1);
    else
        snprintf(out, size, "%s_%u", series_table[SERIES_UPDATE_RATIO].name, series - series_layer_ratio(0) + 1);
    return out;
}

enum status export_choose(struct export_choice *choice, const char *names, struct error *error)
{
    char text[SERIES_TOTAL][EXPORT_NAME_SIZE];
    const char *known[SERIES_TOTAL];
    for (unsigned s = 0; s < SERIES_TOTAL; s++)
        known[s] = export_name(s, text[s], sizeof text[s]);
    choice->count = 0;
    for (const char *at = names; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        char word[EXPORT_NAME_SIZE], near[256];
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

static void table_free(struct table *table)
{
    for (size_t i = 0; i < table->columns; i++)
        mem_free(table->column[i].bucket);
}

static bool add_column(struct table *table, const struct history *history, const struct export_choice *choice,
                       unsigned series)
{
    const uint64_t to = choice->to ? choice->to : UINT64_MAX;
    struct column column = {.series = series};
    export_name(series, column.name, sizeof column.name);
    column.count = history_all(history, choice->branch, series, choice->from, to, 0, NULL);
    if (column.count == 0 && choice->count == 0)
        return true;
    column.bucket = mem_alloc(column.count, sizeof *column.bucket);
    if (!column.bucket)
        return false;
    history_all(history, choice->branch, series, choice->from, to, column.count, column.bucket);
    table->column[table->columns++] = column;
    return true;
}

static bool gather(struct table *table, const struct history *history, const struct export_choice *choice)
{
    const size_t count = choice->count ? choice->count : SERIES_TOTAL;
    table->columns = 0;
    for (size_t i = 0; i < count; i++)
        if (!add_column(table, history, choice, choice->count ? choice->series[i] : (unsigned)i))
            return false;
    return true;
}

/* ---- writing ---- */

static void put_value(FILE *out, bool json, double value)
{
    char text[32];
    number_log(text, sizeof text, value);
    fprintf(out, json && !isfinite(value) ? "\"%s\"" : "%s", text);
}

static double mean_of(const struct bucket *bucket)
{
    return bucket->count > 0 ? bucket->sum / bucket->count : NAN;
}

static void write_envelope(FILE *out, bool json, const struct table *table)
{
    static const char *const names[] = {"min", "max", "mean", "last"};
    if (!json)
        fputs("series,step_first,step_last,count,nonfinite,min,max,mean,last\n", out);
    for (size_t c = 0; c < table->columns; c++)
        for (size_t i = 0; i < table->column[c].count; i++) {
            const struct bucket *bucket = &table->column[c].bucket[i];
            const bool any = bucket->count > 0;
            const double values[] = {any ? (double)bucket->min : NAN, any ? (double)bucket->max : NAN, mean_of(bucket),
                                     any ? (double)bucket->last : NAN};
            fprintf(out,
                    json ? "{\"series\":\"%s\",\"step_first\":%llu,\"step_last\":%llu,\"count\":%u,\"nonfinite\":%u"
                         : "%s,%llu,%llu,%u,%u",
                    table->column[c].name, (unsigned long long)bucket->first_step,
                    (unsigned long long)bucket->last_step, bucket->count, bucket->nonfinite);
            for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                fprintf(out, json ? ",\"%s\":" : ",", names[v]);
                put_value(out, json, values[v]);
            }
            fputs(json ? "}\n" : "\n", out);
        }
}

/* The earliest step that is still to be written; false at the end. */
static bool next_step(const struct table *table, uint64_t *step)
{
    bool any = false;
    for (size_t c = 0; c < table->columns; c++) {
        const struct column *column = &table->column[c];
        if (column->at < column->count && (!any || column->bucket[column->at].last_step < *step)) {
            *step = column->bucket[column->at].last_step;
            any = true;
        }
    }
    return any;
}

static void write_wide(FILE *out, bool json, struct table *table)
{
    if (!json) {
        fputs("step", out);
        for (size_t c = 0; c < table->columns; c++)
            fprintf(out, ",%s", table->column[c].name);
        putc('\n', out);
    }
    for (uint64_t step = 0; next_step(table, &step);) {
        fprintf(out, json ? "{\"step\":%llu" : "%llu", (unsigned long long)step);
        for (size_t c = 0; c < table->columns; c++) {
            struct column *column = &table->column[c];
            const struct bucket *found = NULL;
            while (column->at < column->count && column->bucket[column->at].last_step == step)
                found = &column->bucket[column->at++]; /* measured again at the same step: the newer one */
            if (json && found)
                fprintf(out, ",\"%s\":", column->name);
            else if (!json)
                putc(',', out);
            if (found)
                put_value(out, json, mean_of(found));
        }
        fputs(json ? "}\n" : "\n", out);
    }
}

/* ---- the file ---- */

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text), tail = strlen(ending);
    return length > tail && strcmp(text + length - tail, ending) == 0;
}

bool export_is_for(const char *path)
{
    return ends_with(path, ".csv") || ends_with(path, ".jsonl");
}

enum status export_write(const struct history *history, const struct export_choice *choice, const char *path,
                         struct error *error)
{
    if (!export_is_for(path))
        return error_set(error, STATUS_USAGE, "%s: a table is a .csv or .jsonl file", path);
    struct table table;
    struct outfile *file = NULL;
    enum status status = gather(&table, history, choice) ? outfile_open(&file, path, error) : error_memory(error);
    if (status == STATUS_OK) {
        const bool json = ends_with(path, ".jsonl");
        if (choice->envelope)
            write_envelope(outfile_stream(file), json, &table);
        else
            write_wide(outfile_stream(file), json, &table);
        status = outfile_close(file, true, error);
    }
    table_free(&table);
    return status;
}
