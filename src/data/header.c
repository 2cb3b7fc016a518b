#include "data/header.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"

#define ROWS_LOOKED_AT 100

/* A cell of the first record, and what the records behind it have in its column. */
struct first_cell {
    enum cell_kind kind;
    double value;
    size_t numbers_below, texts_below;
    double least, most; /* of the numbers below */
};

/* The first record, and whether the records behind it speak for or against a header. */
struct first_look {
    struct first_cell *cell; /* [columns] */
    size_t rows;             /* behind the first record */
    bool number_below;       /* some cell further down is a number */
    bool repeated;           /* some text of the first record occurs again in its column */
};

static enum status take_first(struct header *header, struct first_look *look, const struct record *record,
                              struct error *error)
{
    header->columns = record->cells;
    header->line = record->line;
    header->name = mem_alloc(record->cells, sizeof *header->name);
    look->cell = mem_alloc(record->cells, sizeof *look->cell);
    if (!header->name || !look->cell)
        return error_memory(error);
    for (size_t i = 0; i < record->cells; i++) {
        name_copy(header->name[i], record->cell[i].text, record->cell[i].length);
        look->cell[i] = (struct first_cell){.kind = record->cell[i].kind, .value = record->cell[i].value};
    }
    return STATUS_OK;
}

static void take_below(struct first_cell *first, const struct cell *cell)
{
    if (cell->kind == CELL_TEXT)
        first->texts_below++;
    if (cell->kind != CELL_NUMBER)
        return;
    first->least = first->numbers_below == 0 ? cell->value : fmin(first->least, cell->value);
    first->most = first->numbers_below == 0 ? cell->value : fmax(first->most, cell->value);
    first->numbers_below++;
}

static void take_row(const struct header *header, struct first_look *look, const struct record *record)
{
    look->rows++;
    for (size_t i = 0; i < record->cells && i < header->columns; i++) {
        const struct cell *cell = &record->cell[i];
        char name[NAME_BYTES + 1];
        name_copy(name, cell->text, cell->length);
        take_below(&look->cell[i], cell);
        look->number_below |= cell->kind == CELL_NUMBER;
        look->repeated |= cell->kind == CELL_TEXT && strcmp(name, header->name[i]) == 0;
    }
}

/* 2019 above shares of one: farther from the numbers below than these are from each other. */
static bool is_far(const struct first_cell *cell)
{
    const double width = cell->most - cell->least;
    return cell->numbers_below > 1 && (cell->value < cell->least - width || cell->value > cell->most + width);
}

/* With numbers in it its texts must never occur again, and one stand above numbers, or its numbers be far ones. */
static bool is_header_with_numbers(const struct header *header, const struct first_look *look)
{
    bool text_above_numbers = false, all_far = true;
    if (look->repeated)
        return false;
    for (size_t i = 0; i < header->columns; i++) {
        const struct first_cell *cell = &look->cell[i];
        if (cell->kind == CELL_HUGE)
            return false;
        text_above_numbers |= cell->kind == CELL_TEXT && cell->numbers_below > 1 && cell->texts_below == 0;
        all_far &= cell->kind != CELL_NUMBER || is_far(cell);
    }
    return text_above_numbers || all_far;
}

static bool is_header(const struct header *header, const struct first_look *look, const char *target)
{
    bool any_text = false, any_number = false;
    for (size_t i = 0; i < header->columns; i++) {
        const enum cell_kind kind = look->cell[i].kind;
        if (target && kind == CELL_TEXT && strcmp(target, header->name[i]) == 0)
            return true;
        any_text |= kind == CELL_TEXT;
        any_number |= kind == CELL_NUMBER || kind == CELL_HUGE;
    }
    if (!any_text || any_number)
        return any_text && is_header_with_numbers(header, look);
    return look->rows == 0 || look->number_below || !look->repeated;
}

enum status header_find(struct header *header, struct record_reader *reader, const char *target, struct error *error)
{
    *header = (struct header){.present = false};
    struct first_look look = {.cell = NULL};
    struct record record;
    enum status status = record_next(reader, &record, error);
    if (status == STATUS_OK && record.cells == 0)
        status = record_error(reader, 0, error, "has blank lines only; a table with an answer in every row is needed");
    if (status == STATUS_OK)
        status = take_first(header, &look, &record, error);
    while (status == STATUS_OK && look.rows < ROWS_LOOKED_AT) {
        status = record_next(reader, &record, error);
        if (status != STATUS_OK || record.cells == 0)
            break;
        take_row(header, &look, &record);
    }
    if (status == STATUS_OK) {
        header->present = is_header(header, &look, target);
        for (size_t i = 0; i < header->columns; i++)
            if (!header->present || header->name[i][0] == '\0')
                snprintf(header->name[i], sizeof header->name[i], "column %zu", i + 1);
        status = record_rewind(reader, error);
    }
    if (status == STATUS_OK)
        status = header_skip(header, reader, error);
    if (status != STATUS_OK)
        header_free(header);
    mem_free(look.cell);
    return status;
}

void header_free(struct header *header)
{
    mem_free(header->name);
    header->name = NULL;
}

enum status header_skip(const struct header *header, struct record_reader *reader, struct error *error)
{
    struct record record;
    return header->present ? record_next(reader, &record, error) : STATUS_OK;
}

enum status header_column(const struct header *header, const struct record_reader *reader, const char *target,
                          size_t *index, struct error *error)
{
    *index = header->columns - 1;
    if (!target)
        return STATUS_OK;
    for (size_t i = 0; i < header->columns; i++)
        if (strcmp(header->name[i], target) == 0) {
            *index = i;
            return STATUS_OK;
        }
    uint64_t number;
    if (number_parse_u64(target, &number) && number >= 1 && number <= header->columns) {
        *index = (size_t)number - 1;
        return STATUS_OK;
    }
    const char **names = mem_alloc(header->columns, sizeof *names);
    if (!names)
        return error_memory(error);
    for (size_t i = 0; i < header->columns; i++)
        names[i] = header->name[i];
    char hint[200];
    name_suggest(hint, sizeof hint, target, names, header->columns);
    mem_free(names);
    return error_set(error, STATUS_USAGE, "%s: no column '%s' (there are %zu)%s", record_path(reader), target,
                     header->columns, hint);
}
