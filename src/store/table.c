/* Writes the header and the rows of an exported table as CSV or JSON lines. */
#include "store/table.h"

#include <math.h>

#include "base/file.h"
#include "base/quote.h"

bool table_is_json(const char *path)
{
    return file_ends(path, ".jsonl");
}

void table_value(FILE *out, bool json, unsigned series, double value)
{
    char text[32];
    series_figure(series, value, text, sizeof text);
    fprintf(out, json && !isfinite(value) ? "\"%s\"" : "%s", text);
}

struct table table_begin(FILE *out, const char *path, const struct export_choice *choice, uint64_t measured)
{
    struct table table = {.out = out, .json = table_is_json(path), .has_branch = choice->branches > 0};
    for (size_t i = 0; i < choice->count; i++)
        table.series[table.columns++] = choice->series[i];
    for (unsigned s = 0; s < SERIES_TOTAL && choice->count == 0; s++)
        if (measured >> s & 1)
            table.series[table.columns++] = s;
    return table;
}

void table_head(const struct table *table)
{
    char name[SERIES_COLUMN_SIZE];
    if (table->json)
        return;
    fputs(table->has_branch ? "branch,step" : "step", table->out);
    for (size_t c = 0; c < table->columns; c++)
        fprintf(table->out, ",%s", series_column(table->series[c], name, sizeof name));
    putc('\n', table->out);
}

void table_write(const struct table *table, const struct table_row *row)
{
    char name[SERIES_COLUMN_SIZE];
    FILE *out = table->out;
    if (table->json)
        fputs(table->has_branch ? "{\"branch\":" : "{", out);
    if (table->has_branch) {
        (table->json ? quote_json : quote_csv)(out, row->branch);
        putc(',', out);
    }
    fprintf(out, table->json ? "\"step\":%llu" : "%llu", (unsigned long long)row->step);
    for (size_t c = 0; c < table->columns; c++) {
        const unsigned series = table->series[c];
        char text[32];
        const bool known = (row->known >> series & 1) && series_figure(series, row->value[series], text, sizeof text);
        if (!table->json)
            putc(',', out);
        else if (known)
            fprintf(out, ",\"%s\":", series_column(series, name, sizeof name));
        if (known)
            table_value(out, table->json, series, row->value[series]);
    }
    fputs(table->json ? "}\n" : "\n", out);
}
