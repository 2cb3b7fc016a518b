#include "data/header.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"

#define ROWS_LOOKED_AT 100

/* What the first record's cells are, and whether the records behind it speak for or against a header. */
struct first_look {
    enum cell_kind *kind; /* [columns] */
    size_t rows;          /* behind the first record */
    bool number_below;    /* some cell further down is a number */
    bool repeated;        /* some text of the first record occurs again in its column, or twice in it */
};

static enum status take_first(struct header *header, struct first_look *look, const struct record *record,
                              struct error *error)
{
    header->columns = record->cells;
    header->line = record->line;
    header->name = mem_alloc(record->cells, sizeof *header->name);
    look->kind = mem_alloc(record->cells, sizeof *look->kind);
    if (!header->name || !look->kind)
        return error_memory(error);
    for (size_t i = 0; i < record->cells; i++) {
        name_copy(header->name[i], record->cell[i].text, record->cell[i].length);
        look->kind[i] = record->cell[i].kind;
    }
    return STATUS_OK;
}

static void take_row(const struct header *header, struct first_look *look, const struct record *record)
{
    look->rows++;
    for (size_t i = 0; i < record->cells && i < header->columns; i++) {
        const struct cell *cell = &record->cell[i];
        char name[NAME_BYTES + 1];
        name_copy(name, cell->text, cell->length);
        look->number_below |= cell->kind == CELL_NUMBER;
        look->repeated |= cell->kind == CELL_TEXT && strcmp(name, header->name[i]) == 0;
    }
}

static bool is_header(const struct header *header, const struct first_look *look, const char *target)
{
    bool any_text = false;
    for (size_t i = 0; i < header->columns; i++) {
        if (target && look->kind[i] == CELL_TEXT && strcmp(target, header->name[i]) == 0)
            return true;
        any_text |= look->kind[i] == CELL_TEXT;
    }
    for (size_t i = 0; i < header->columns; i++)
        if (look->kind[i] == CELL_NUMBER || look->kind[i] == CELL_HUGE)
            return false;
    if (!any_text)
        return false;
    return look->rows == 0 || look->number_below || !look->repeated;
}

enum status header_find(struct header *header, struct record_reader *reader, const char *target, struct error *error)
{
    *header = (struct header){.present = false};
    struct first_look look = {.kind = NULL};
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
    mem_free(look.kind);
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
