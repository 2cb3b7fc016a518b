/* Reads all records of a training file, and of a test file, into the columns of a table. */
#include "data/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "data/form.h"

enum { NO_COLUMN = -1 };

void table_free(struct table *table)
{
    for (size_t i = 0; table->column && i < table->header.columns; i++)
        dictionary_free(&table->column[i].dictionary);
    for (size_t i = 0; table->plan && i < table->header.columns; i++)
        mem_free(table->plan[i].rank);
    mem_free(table->column);
    mem_free(table->plan);
    mem_free(table->raw);
    mem_free(table->answer);
    mem_free(table->code);
    header_free(&table->header);
}

static enum status wrong_width(const struct record_reader *reader, const struct header *header,
                               const struct record *record, struct error *error)
{
    char measure[40] = "the header";
    if (!header->present)
        snprintf(measure, sizeof measure, "line %zu", header->line);
    return record_error(reader, record->line, error, "%zu field%s where %s has %zu", record->cells,
                        record->cells == 1 ? "" : "s", measure, header->columns);
}

/* Keeps the answer of a row; *answered is false where it is missing. */
static bool take_answer(struct table *table, const struct cell *cell, size_t line, size_t row, bool *answered)
{
    struct column *column = &table->column[table->target];
    float kept;
    if (!column_take(column, cell, line, &kept))
        return false;
    *answered = !column_misses(column, cell);
    int32_t code = CODE_MISSING;
    struct cell label = *cell;
    label.is_code &= !column_has_codes(column);
    if (column->kind == COLUMN_TEXTS && *answered)
        code = (int32_t)kept;
    else if (*answered && !column->dictionary.overflowed && !dictionary_code(&column->dictionary, &label, &code))
        return false;
    if (cell->kind == CELL_NUMBER)
        table->fractions |= cell->value != floor(cell->value);
    table->answer[row] = kept;
    table->code[row] = code;
    return true;
}

/* A row of the test file may only hold what the columns of the first file hold. */
static enum status check_test_cell(const struct table *table, size_t index, const struct cell *cell, size_t row,
                                   const struct record_reader *reader, size_t line, struct error *error)
{
    const struct column *column = &table->column[index];
    bool is_target = index == table->target;
    char text[NAME_BYTES + 1];
    name_copy(text, cell->text, cell->length);
    if (is_target && table->classes > 0) {
        if (cell->kind != CELL_MISSING && table->code[row] == CODE_UNKNOWN)
            return record_error(reader, line, error, "'%s' is '%s', a class that no training row has", column->name,
                                text);
    } else if (column->kind == COLUMN_NUMBERS && cell->kind != CELL_NUMBER && !column_misses(column, cell)) {
        return record_error(reader, line, error, "'%s' is '%s' where the training rows have numbers", column->name,
                            text);
    }
    return STATUS_OK;
}

/* A row without an answer is not used: neither is what its inputs lack. */
static void forget_gaps(struct table *table, const struct record *record, const int32_t *route)
{
    for (size_t j = 0; j < record->cells; j++)
        if (route[j] != NO_COLUMN && (size_t)route[j] != table->target)
            column_forget(&table->column[route[j]], &record->cell[j]);
}

/* Reads all rows behind the header into the table from table->rows on.  Field j belongs to column route[j]; `test`:
 * under closed columns. */
static enum status read_rows(struct table *table, struct record_reader *reader, const struct header *header,
                             const int32_t *route, bool test, struct error *error)
{
    size_t width = table->header.columns - 1;
    for (;;) {
        struct record record;
        enum status status = record_next(reader, &record, error);
        if (status != STATUS_OK || record.cells == 0)
            return status;
        if (record.cells != header->columns)
            return wrong_width(reader, header, &record, error);
        if (table->rows == table->room)
            return record_error(reader, record.line, error, "the file changed while it was read");
        float *raw = table->raw + table->rows * width;
        bool answered = false;
        for (size_t j = 0; j < record.cells; j++) {
            if (route[j] == NO_COLUMN)
                continue;
            size_t index = (size_t)route[j];
            const struct cell *cell = &record.cell[j];
            bool enough = index == table->target ? take_answer(table, cell, record.line, table->rows, &answered)
                                                 : column_take(&table->column[index], cell, record.line,
                                                               &raw[index - (index > table->target)]);
            if (!enough)
                return error_memory(error);
            if (test && cell->kind != CELL_NUMBER)
                status = check_test_cell(table, index, cell, table->rows, reader, record.line, error);
            else if (test && index == table->target)
                status = check_test_cell(table, index, cell, table->rows, reader, record.line, error);
            if (status != STATUS_OK)
                return status;
        }
        if (!answered)
            forget_gaps(table, &record, route);
        table->rows += answered;
        table->unanswered += !answered;
    }
}

/* Columns of numbers in which texts or codes turned up are to be read as texts: true where there is one. */
static bool turn_mixed(struct table *table)
{
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct column *column = &table->column[i];
        table->mixed |= i != table->target && column->kind == COLUMN_NUMBERS && column->texts + column->codes > 0;
    }
    for (size_t i = 0; table->mixed && i < table->header.columns; i++) {
        struct column *column = &table->column[i];
        bool mixed = i != table->target && column->texts + column->codes > 0;
        column_reset(column, mixed ? COLUMN_TEXTS : column->kind);
    }
    return table->mixed;
}

static enum status read_train(struct table *table, struct record_reader *reader, struct error *error)
{
    int32_t *route = mem_alloc(table->header.columns, sizeof *route);
    if (!route)
        return error_memory(error);
    for (size_t i = 0; i < table->header.columns; i++)
        route[i] = (int32_t)i;
    enum status status = read_rows(table, reader, &table->header, route, false, error);
    if (status == STATUS_OK && turn_mixed(table)) {
        table->rows = table->unanswered = 0;
        status = record_rewind(reader, error);
        if (status == STATUS_OK)
            status = header_skip(&table->header, reader, error);
        if (status == STATUS_OK)
            status = read_rows(table, reader, &table->header, route, false, error);
    }
    table->train = table->rows;
    mem_free(route);
    return status;
}

/* Columns of the test file are found by name, or by place where neither file has a header. */
static enum status route_test(const struct table *table, const struct record_reader *reader,
                              const struct header *header, int32_t *route, struct error *error)
{
    if (table->header.present != header->present)
        return record_error(reader, 0, error, "has %s header while the training file has %s",
                            header->present ? "a" : "no", header->present ? "none" : "one");
    if (!header->present && header->columns != table->header.columns)
        return record_error(reader, header->line, error, "%zu fields where the training file has %zu", header->columns,
                            table->header.columns);
    for (size_t j = 0; j < header->columns; j++)
        route[j] = header->present ? NO_COLUMN : (int32_t)j;
    for (size_t i = 0; header->present && i < table->header.columns; i++) {
        size_t j = 0;
        while (j < header->columns && (route[j] != NO_COLUMN || strcmp(header->name[j], table->header.name[i]) != 0))
            j++;
        if (j == header->columns)
            return record_error(reader, header->line, error, "no column '%s', which the training file has",
                                table->header.name[i]);
        route[j] = (int32_t)i;
    }
    return STATUS_OK;
}

static enum status read_test(struct table *table, struct record_reader *reader, const struct header *header,
                             struct error *error)
{
    int32_t *route = mem_alloc(header->columns, sizeof *route);
    if (!route)
        return error_memory(error);
    for (size_t i = 0; i < table->header.columns; i++) {
        struct column *column = &table->column[i];
        column->dictionary.closed = true;
        if (column->kind == COLUMN_NUMBERS && column->reading == COLUMN_GUESSED)
            column->reading = COLUMN_WITH_CODES; /* 007 is 7 where training has numbers */
    }
    enum status status = route_test(table, reader, header, route, error);
    if (status == STATUS_OK)
        status = read_rows(table, reader, header, route, true, error);
    if (status == STATUS_OK && table->rows == table->train)
        status = record_error(reader, 0, error, "has no rows with an answer");
    mem_free(route);
    return status;
}

/* Room for all rows that the files may have. */
static enum status make_room(struct table *table, struct record_reader *train, struct record_reader *test,
                             size_t test_columns, struct error *error)
{
    size_t more = 0;
    enum status status = record_bound(train, table->header.columns, &table->room, error);
    if (status == STATUS_OK && test)
        status = record_bound(test, test_columns, &more, error);
    if (status != STATUS_OK)
        return status;
    table->room += more;
    if (table->room > INT32_MAX)
        return record_error(train, 0, error, "has more than %d rows", INT32_MAX);
    table->raw = mem_alloc(table->room, (table->header.columns - 1) * sizeof *table->raw);
    table->answer = mem_alloc(table->room, sizeof *table->answer);
    table->code = mem_alloc(table->room, sizeof *table->code);
    return table->raw && table->answer && table->code ? STATUS_OK : error_memory(error);
}

static enum status make_columns(struct table *table, const struct record_reader *reader, struct error *error)
{
    if (table->header.columns < 2) {
        const enum status status = form_check_separator(reader, table->header.line, error);
        return status != STATUS_OK
                   ? status
                   : record_error(reader, table->header.line, error,
                                  "one column only; at least one input and the answer are needed, with , ; | or a tab "
                                  "between them (--separator names another character)");
    }
    table->column = mem_alloc(table->header.columns, sizeof *table->column);
    table->plan = mem_alloc(table->header.columns, sizeof *table->plan);
    if (!table->column || !table->plan)
        return error_memory(error);
    for (size_t i = 0; i < table->header.columns; i++) {
        memcpy(table->column[i].name, table->header.name[i], sizeof table->column[i].name);
        column_reset(&table->column[i], COLUMN_EMPTY);
    }
    return STATUS_OK;
}

/* Columns that are to be read in some way, by name or number. */
static enum status set_readings(struct table *table, const struct record_reader *reader, char *const *name,
                                enum column_reading reading, struct error *error)
{
    for (; name && *name; name++) {
        size_t index;
        const enum status status = header_column(&table->header, reader, *name, &index, error);
        if (status != STATUS_OK)
            return status;
        enum column_reading *slot = &table->column[index].reading;
        if (*slot != COLUMN_GUESSED && *slot != reading)
            return error_set(error, STATUS_USAGE, "column '%s' cannot be read both as numbers and as texts",
                             table->column[index].name);
        *slot = reading;
    }
    return STATUS_OK;
}

static enum status take_readings(struct table *table, const struct record_reader *reader,
                                 const struct csv_options *options, struct error *error)
{
    enum status status = set_readings(table, reader, options->text, COLUMN_AS_TEXTS, error);
    if (status == STATUS_OK)
        status = set_readings(table, reader, options->number, COLUMN_AS_NUMBERS, error);
    struct column *target = &table->column[table->target];
    if (status == STATUS_OK && options->task == CSV_REGRESS && target->reading == COLUMN_AS_TEXTS)
        return error_set(error, STATUS_USAGE,
                         "target '%s' cannot be a text (--text) where a number is predicted "
                         "(--regress)",
                         target->name);
    if (status == STATUS_OK && options->task == CSV_REGRESS && target->reading == COLUMN_GUESSED)
        target->reading = COLUMN_WITH_CODES;
    return status;
}

enum status table_read(struct table *table, struct record_reader *train, struct record_reader *test,
                       const struct csv_options *options, struct error *error)
{
    struct header test_header = {.present = false};
    enum status status = header_find(&table->header, train, options->target, NULL, error);
    if (status == STATUS_OK)
        status = header_column(&table->header, train, options->target, &table->target, error);
    if (status == STATUS_OK)
        status = make_columns(table, train, error);
    if (status == STATUS_OK)
        status = take_readings(table, train, options, error);
    if (status == STATUS_OK && test)
        status = header_find(&test_header, test, options->target, &table->header, error);
    if (status == STATUS_OK)
        status = make_room(table, train, test, test_header.columns, error);
    if (status == STATUS_OK)
        status = header_skip(&table->header, train, error);
    if (status == STATUS_OK && test)
        status = header_skip(&test_header, test, error);
    if (status == STATUS_OK)
        status = read_train(table, train, error);
    if (status == STATUS_OK)
        status = plan_target(table, train, options->task, error);
    if (status == STATUS_OK)
        status = plan_inputs(table, train, error);
    if (status == STATUS_OK && test)
        status = read_test(table, test, &test_header, error);
    header_free(&test_header);
    return status;
}
