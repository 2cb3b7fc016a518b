/* Reads rows of a CSV file as inputs for a trained model, and writes them back with fields added. */
#include "data/rows.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"
#include "data/column.h"
#include "data/csv.h"
#include "data/form.h"
#include "data/record.h"

#define NOWHERE SIZE_MAX

struct rows {
    const struct source *source;
    struct record_reader *reader;
    struct record record; /* the present row */
    size_t fields;        /* of every row */
    char **name;          /* [fields]: of the header, or NULL */
    size_t *field;        /* [source->columns]: where each is, or NOWHERE */
    char mark;            /* of its decimals */
    char *clean;          /* room for a field that is safe to print; NULL: fields are written as they are */
    char note[400], stranger[400];
};

void rows_close(struct rows *rows)
{
    if (!rows)
        return;
    for (size_t i = 0; rows->name && i < rows->fields; i++)
        mem_free(rows->name[i]);
    mem_free(rows->name);
    mem_free(rows->field);
    mem_free(rows->clean);
    record_close(rows->reader);
    mem_free(rows);
}

static bool is_input(const struct source_column *column)
{
    return column->kind == SOURCE_NUMBER || column->kind == SOURCE_TEXT;
}

static bool take_names(struct rows *rows)
{
    rows->name = mem_alloc(rows->fields, sizeof *rows->name);
    for (size_t i = 0; rows->name && i < rows->fields; i++) {
        const struct cell *cell = &rows->record.cell[i];
        if (!(rows->name[i] = mem_alloc(cell->length + 1, 1)))
            return false;
        memcpy(rows->name[i], cell->text, cell->length);
    }
    return rows->name != NULL;
}

/* A column's name was cut when it was learnt. */
static bool has_name(const char *name, const struct source_column *column)
{
    char cut[NAME_BYTES + 1];
    name_copy(cut, name, strlen(name));
    return strcmp(cut, column->name) == 0;
}

static enum status check_one_column(const struct rows *rows, struct error *error)
{
    return rows->fields > 1 ? STATUS_OK : form_check_separator(rows->reader, 1, error);
}

/* Columns with the same name are matched in their order. */
static enum status find_by_name(struct rows *rows, struct error *error)
{
    const struct source *source = rows->source;
    bool *taken = mem_alloc(rows->fields, sizeof *taken);
    if (!taken)
        return error_memory(error);
    size_t missing = 0, unknown = 0;
    char names[200] = "";
    for (size_t i = 0; i < source->columns; i++) {
        size_t j = 0;
        while (j < rows->fields && (taken[j] || !has_name(rows->name[j], &source->column[i])))
            j++;
        rows->field[i] = j < rows->fields ? j : NOWHERE;
        if (j < rows->fields)
            taken[j] = true;
        else if (is_input(&source->column[i]) && missing++ < 3)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s'%.50s'", missing > 1 ? ", " : "",
                     source->column[i].name);
    }
    if (missing > 0) {
        mem_free(taken);
        const enum status status = check_one_column(rows, error);
        return status != STATUS_OK ? status
                                   : record_error(rows->reader, 1, error, "no column%s %s%s, which the model needs",
                                                  missing > 1 ? "s" : "", names, missing > 3 ? " ..." : "");
    }
    for (size_t j = 0; j < rows->fields; j++)
        if (!taken[j] && unknown++ < 3)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s'%.50s'", unknown > 1 ? ", " : "",
                     rows->name[j]);
    mem_free(taken);
    if (unknown > 0)
        snprintf(rows->note, sizeof rows->note, "%s: the model does not know %s%s: passed through",
                 record_path(rows->reader), names, unknown > 3 ? " ..." : "");
    text_clean(rows->note);
    return STATUS_OK;
}

static enum status find_by_place(struct rows *rows, struct error *error)
{
    const struct source *source = rows->source;
    const bool answered = rows->fields == source->columns;
    if (!answered && rows->fields + 1 != source->columns) {
        const enum status status = check_one_column(rows, error);
        return status != STATUS_OK
                   ? status
                   : record_error(
                         rows->reader, 1, error,
                         "%zu field%s; the model's file had %zu and no header, so that columns are found by place",
                         rows->fields, rows->fields == 1 ? "" : "s", source->columns);
    }
    for (size_t i = 0, j = 0; i < source->columns; i++)
        rows->field[i] = answered || source->column[i].kind != SOURCE_TARGET ? j++ : NOWHERE;
    return STATUS_OK;
}

/* Leaves the reader before the first row. */
static enum status go_to_first_row(struct rows *rows, bool header, struct error *error)
{
    const char found = record_mark(rows->reader), before = rows->source->decimal;
    rows->mark = found ? found : '.';
    if (!found && before && record_separator(rows->reader) != ',')
        rows->mark = before;
    enum status status = record_rewind(rows->reader, error);
    if (status == STATUS_OK && header)
        status = record_next(rows->reader, &rows->record, error);
    return status;
}

enum status rows_open(struct rows **out, const char *path, const struct source *source,
                      const struct rows_options *options, struct error *error)
{
    const bool header =
        options->form.header == CSV_HEADER_YES || (options->form.header == CSV_HEADER_FIND && source->header);
    struct csv_form form = options->form;
    form.decimal_before = source->decimal;
    form.missing = source->missing_words;
    struct rows *rows = mem_alloc(1, sizeof *rows);
    if (!rows)
        return error_memory(error);
    rows->source = source;
    rows->field = mem_alloc(source->columns + 1, sizeof *rows->field);
    rows->clean = options->printable ? mem_alloc(CSV_FIELD_MAX + 1, 1) : NULL;
    const bool room = rows->field && (rows->clean || !options->printable);
    enum status status = room ? record_open(&rows->reader, path, &form, error) : error_memory(error);
    if (status == STATUS_OK)
        status = record_next(rows->reader, &rows->record, error);
    if (status != STATUS_OK)
        goto failed;
    if (rows->record.cells == 0) {
        status = record_error(rows->reader, 0, error, "has no rows");
        goto failed;
    }
    rows->fields = rows->record.cells;
    if (header && !take_names(rows))
        status = error_memory(error);
    else
        status = header && source->header ? find_by_name(rows, error) : find_by_place(rows, error);
    if (status == STATUS_OK)
        status = go_to_first_row(rows, header, error);
    if (status == STATUS_OK) {
        *out = rows;
        return STATUS_OK;
    }
failed:
    rows_close(rows);
    return status;
}

const char *rows_note(const struct rows *rows)
{
    return rows->note[0] ? rows->note : NULL;
}

const char *rows_stranger(const struct rows *rows)
{
    return rows->stranger[0] ? rows->stranger : NULL;
}

bool rows_have(const struct rows *rows, const char *name)
{
    for (size_t i = 0; rows->name && i < rows->fields; i++)
        if (strcmp(rows->name[i], name) == 0)
            return true;
    return false;
}

static void note_stranger(struct rows *rows, const struct source_column *column, const char *text, const char *what)
{
    if (rows->stranger[0])
        return;
    snprintf(rows->stranger, sizeof rows->stranger, "%.150s:%zu: '%s' is '%s', %s", record_path(rows->reader),
             rows->record.line, column->name, text, what);
    text_clean(rows->stranger);
}

static enum status take_number(struct rows *rows, const struct source_column *column, const struct cell *cell, float *x,
                               struct error *error)
{
    char text[NAME_BYTES + 1];
    name_copy(text, cell->text, cell->length);
    if (cell->kind == CELL_HUGE || (cell->kind == CELL_TEXT && !column->as_number))
        return record_error(rows->reader, rows->record.line, error, "'%s' is '%s' where the training rows had numbers",
                            column->name, text);
    if (cell->kind == CELL_TEXT)
        note_stranger(rows, column, text, "which is no number: it counts as missing");
    const bool flat = source_is_flat(column->mean, column->sd);
    *x = cell->kind == CELL_NUMBER && !flat ? (float)((cell->value - column->mean) / column->sd) : 0;
    return STATUS_OK;
}

static void take_text(struct rows *rows, const struct source_column *column, const struct cell *cell, float *x)
{
    char text[NAME_BYTES + 1];
    const bool as_value = cell->kind == CELL_NUMBER && !rows->source->as_spelt;
    if (as_value)
        snprintf(text, sizeof text, "%.15g", cell->value + 0.0);
    else
        name_copy(text, cell->text, cell->length);
    for (size_t i = 0; i < column->categories + column->missing; i++)
        x[i] = 0;
    if (cell->kind == CELL_MISSING) {
        if (column->missing)
            x[column->categories] = 1;
        return;
    }
    for (size_t i = 0; i < column->categories; i++)
        if (as_value ? strcmp(column->category[i], text) == 0 : label_is(column->category[i], cell)) {
            x[i] = 1;
            return;
        }
    note_stranger(rows, column, text, "which no training row has: it counts as none of the texts known");
}

enum status rows_next(struct rows *rows, float *x, bool *got, struct error *error)
{
    enum status status = record_next(rows->reader, &rows->record, error);
    *got = status == STATUS_OK && rows->record.cells > 0;
    if (!*got)
        return status;
    if (rows->record.cells != rows->fields)
        return record_error(rows->reader, rows->record.line, error, "%zu fields where the first line has %zu",
                            rows->record.cells, rows->fields);
    for (size_t i = 0; i < rows->source->columns && status == STATUS_OK; i++) {
        const struct source_column *column = &rows->source->column[i];
        if (!is_input(column))
            continue;
        const struct cell *cell = &rows->record.cell[rows->field[i]];
        if (column->kind == SOURCE_NUMBER) {
            status = take_number(rows, column, cell, x++, error);
        } else {
            take_text(rows, column, cell, x);
            x += column->categories + column->missing;
        }
    }
    return status;
}

static void write_field(const struct rows *rows, FILE *out, const char *text, size_t length)
{
    if (rows->clean) {
        length = length < CSV_FIELD_MAX ? length : CSV_FIELD_MAX;
        memcpy(rows->clean, text, length);
        rows->clean[length] = '\0';
        text_clean(rows->clean);
        text = rows->clean;
    }
    record_write_field(out, text, length, record_separator(rows->reader));
}

bool rows_write_header(const struct rows *rows, FILE *out)
{
    const char separator = record_separator(rows->reader);
    for (size_t i = 0; rows->name && i < rows->fields; i++) {
        if (i > 0)
            fputc(separator, out);
        write_field(rows, out, rows->name[i], strlen(rows->name[i]));
    }
    return rows->name != NULL;
}

void rows_write(const struct rows *rows, FILE *out)
{
    const char separator = record_separator(rows->reader);
    for (size_t i = 0; i < rows->fields; i++) {
        if (i > 0)
            fputc(separator, out);
        write_field(rows, out, rows->record.cell[i].text, rows->record.cell[i].length);
    }
}

void rows_write_more(const struct rows *rows, FILE *out, const char *text)
{
    fputc(record_separator(rows->reader), out);
    write_field(rows, out, text, strlen(text));
}

void rows_write_number(const struct rows *rows, FILE *out, double value)
{
    char number[32];
    number_log(number, sizeof number, value);
    char *point = strchr(number, '.');
    if (point)
        *point = rows->mark;
    rows_write_more(rows, out, number);
}
