/* A table on its way from its file to a data set.
 *
 * DESIGN.  Reading keeps a float a cell (distance from the column's first number, or a text's code), so the kinds of
 * all columns need not be known before.  A column of numbers in which a text turns up is read once more, as texts.  The
 * test file, if any, is read behind it under closed columns: it teaches nothing.  Then `plan` says what becomes of each
 * column, and layout, split and standardisation work in place as far as they can: the peak is the final table and
 * little more, or twice it where texts become several inputs. */
#ifndef DATA_TABLE_H
#define DATA_TABLE_H

#include "data/column.h"
#include "data/csv.h"
#include "data/dataset.h"
#include "data/header.h"

struct plan {
    size_t outputs;   /* inputs of the model that this column becomes; 0: left out */
    size_t first;     /* the first of them */
    const char *why;  /* left out: the reason */
    size_t figure;    /* a number to say before it; 0: none */
    bool counts_rows; /* left out because it numbers the rows */
    int32_t *rank;    /* of texts: code -> input, counted from `first`; otherwise NULL */
};

struct table {
    struct header header;
    struct column *column; /* [header.columns] */
    struct plan *plan;     /* [header.columns] */
    size_t target;         /* index of the answer's column */
    bool fractions;        /* some answer is no whole number */
    bool mixed;            /* some column is read as texts although it has numbers */
    size_t room;           /* rows that there is memory for */
    size_t train, rows;    /* rows of the first file, and with the test file's */
    size_t unanswered;     /* rows without an answer: left out */
    size_t inputs;         /* of the model */
    size_t classes;        /* 0: regression */
    float *raw;            /* [room][columns - 1]: the columns without the target */
    float *answer;         /* [room]: distance from column[target].offset */
    int32_t *code;         /* [room]: of the answer */
};

void table_free(struct table *table);

/* Reads both files; test may be NULL. */
enum status table_read(struct table *table, struct record_reader *train, struct record_reader *test,
                       const struct csv_options *options, struct error *error);

/* table_plan.c: what becomes of each column, after the first file was read. */
enum status plan_target(struct table *table, const struct record_reader *reader, enum csv_task task,
                        struct error *error);
enum status plan_inputs(struct table *table, const struct record_reader *reader, struct error *error);

/* table_report.c.  One line: what was found. */
char *plan_report(const struct table *table, const char *name, size_t train, size_t test);

/* Lines, parted by LF: all that was left out, filled in or read as something else, and the options that change it;
 * "": nothing.  flat[inputs]: columns that are constant.  NULL: out of memory. */
char *table_notes(const struct table *table, const bool *flat);

/* "; 'name': reason" of the first column that is left out. */
void table_why_left_out(const struct table *table, char *out, size_t size);

/* "--number 'name'", as a shell takes it. */
#define OPTION_BYTES (NAME_BYTES + 16)
void table_option(const struct table *table, const char *option, const struct column *column, char out[OPTION_BYTES]);

#endif
