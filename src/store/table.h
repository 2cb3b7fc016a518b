/* How the rows of an exported table are written: CSV or JSON lines, a row a step, a column a series. */
#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "metrics/series.h"
#include "store/export.h"

static_assert(SERIES_TOTAL <= 64, "a bit of `known` for each series");

struct table {
    FILE *out;
    bool json;
    bool has_branch;               /* a first column that names it */
    unsigned series[SERIES_TOTAL]; /* columns */
    size_t columns;
};

struct table_row {
    const char *branch; /* where the table has the column */
    uint64_t step;
    uint64_t known; /* bit s: series s was measured */
    double value[SERIES_TOTAL];
};

/* The columns that were asked for, else those of the series in `measured` (a bit each). */
struct table table_begin(FILE *out, const char *path, const struct export_choice *choice, uint64_t measured);
void table_head(const struct table *table);
void table_write(const struct table *table, const struct table_row *row);

/* A figure of a series; what is not finite is a string in JSON. */
void table_value(FILE *out, bool json, unsigned series, double value);
/* Whether the table is one of JSON lines. */
bool table_is_json(const char *path);

#endif
