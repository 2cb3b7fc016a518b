/* Decides whether a table's first record is a header, names the columns, and finds the answer's. */
#include "data/header.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"

#define ROWS_LOOKED_AT 1000
#define ROWS_FOR_YEARS 3  /* below a header of numbers that follow each other at equal steps */
#define ROWS_FOR_WHOLE 10 /* below one of any whole numbers */
#define COUNT_ENOUGH   5  /* columns that are called 0, 1, 2 ...: no row begins so by chance */

/* A cell of the first record, and what the records behind it have in its column. */
struct first_cell {
    enum cell_kind kind;
    bool whole; /* a number without a mark or an exponent */
    double value;
    size_t numbers_below, texts_below;
    size_t whole_below;
    double least, most; /* of the numbers below */
};

/* The first record, and whether the records behind it speak for or against a header. */
struct first_look {
    struct first_cell *cell; /* [columns] */
    size_t rows;             /* behind the first record */
    bool number_below;       /* some cell further down is a number */
    bool repeated;           /* some text of the first record occurs again in its column */
    size_t counted_below;    /* records behind it whose numbers go up by 1 from column to column, too */
};

/* Digits alone, as years and numbers of columns are written. */
static bool is_whole(const struct cell *cell)
{
    size_t digits = 0;
    while (digits < cell->length && cell->text[digits] >= '0' && cell->text[digits] <= '9')
        digits++;
    return cell->kind == CELL_NUMBER && digits > 0 && digits == cell->length;
}

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
        look->cell[i] = (struct first_cell){
            .kind = record->cell[i].kind,
            .whole = is_whole(&record->cell[i]),
            .value = record->cell[i].value,
        };
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
    first->whole_below += is_whole(cell);
}

/* Some three or more of its numbers, all that it has from the first number on, go up by 1. */
static bool is_counted(const struct record *record)
{
    size_t numbers = 0;
    for (size_t i = 0; i < record->cells; i++) {
        const struct cell *cell = &record->cell[i];
        if (cell->kind != CELL_NUMBER)
            continue;
        const double before = numbers > 0 ? cell[-1].value : cell->value - 1;
        if ((numbers > 0 && cell[-1].kind != CELL_NUMBER) || cell->value < before + 1 || cell->value > before + 1)
            return false;
        numbers++;
    }
    return numbers >= 3;
}

static void take_row(const struct header *header, struct first_look *look, const struct record *record)
{
    look->rows++;
    look->counted_below += is_counted(record);
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

/* True for a number above texts, a whole number above decimals, or a number well outside the range of those below. */
static bool is_unlike(const struct first_cell *cell)
{
    if (cell->kind == CELL_MISSING)
        return true;
    if (cell->numbers_below == 0)
        return cell->texts_below > 1;
    return is_far(cell) || (cell->whole && cell->whole_below == 0 && cell->numbers_below > 1) ||
           (cell->most - cell->least <= 1 && (cell->value < cell->least || cell->value > cell->most));
}

/* What the numbers of the first record are. */
struct first_numbers {
    size_t count;
    bool whole;              /* all of them, and without a sign */
    bool regular;            /* they ascend at equal steps */
    bool counting;           /* 0, 1, 2 ... or 1, 2, 3 ... */
    bool unlike, any_unlike; /* all of them, and some of them, are unlike the cells below */
};

static struct first_numbers number_first(const struct header *header, const struct first_look *look)
{
    struct first_numbers numbers = {.whole = true, .regular = true, .unlike = true};
    double first = 0, newest = 0, step = 0;
    for (size_t i = 0; i < header->columns; i++) {
        const struct first_cell *cell = &look->cell[i];
        if (cell->kind != CELL_NUMBER)
            continue;
        const double gap = cell->value - newest;
        first = numbers.count == 0 ? cell->value : first;
        step = numbers.count == 1 ? gap : step;
        numbers.regular &= numbers.count == 0 || (gap > 0 && gap >= step && gap <= step);
        newest = cell->value;
        numbers.count++;
        numbers.whole &= cell->whole;
        numbers.unlike &= is_unlike(cell);
        numbers.any_unlike |= is_unlike(cell);
    }
    numbers.counting = numbers.count >= 3 && numbers.regular && numbers.whole && first <= 1 && step <= 1 && step >= 1 &&
                       look->counted_below * 10 <= look->rows;
    return numbers;
}

static int compare_values(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* No two numbers of the first record are the same.  False also when out of memory. */
static bool are_distinct(const struct header *header, const struct first_look *look)
{
    double *value = mem_alloc(header->columns, sizeof *value);
    size_t count = 0, same = 0;
    for (size_t i = 0; value && i < header->columns; i++)
        if (look->cell[i].kind == CELL_NUMBER)
            value[count++] = look->cell[i].value;
    if (value)
        qsort(value, count, sizeof *value, compare_values);
    for (size_t i = 1; value && i < count; i++)
        same += value[i] <= value[i - 1];
    const bool distinct = value != NULL && same == 0;
    mem_free(value);
    return distinct;
}

/* A record of numbers, the first cells may be missing: the names may be 0, 1, 2 ..., or years, or wavelengths. */
static bool is_header_of_numbers(const struct header *header, const struct first_look *look)
{
    for (size_t i = 0; i < header->columns; i++)
        if (look->cell[i].kind == CELL_HUGE || (i > 0 && look->cell[i].kind == CELL_MISSING))
            return false;
    const struct first_numbers numbers = number_first(header, look);
    if (numbers.count == 0 || !numbers.whole || look->rows == 0)
        return false;
    if (numbers.counting && (numbers.count >= COUNT_ENOUGH || numbers.any_unlike))
        return true;
    if (!numbers.unlike || numbers.count < 2)
        return false;
    return numbers.regular ? look->rows >= ROWS_FOR_YEARS : look->rows >= ROWS_FOR_WHOLE && are_distinct(header, look);
}

/* With numbers in it its texts must never occur again, and one stand above numbers, or its numbers be far ones, or
 * count the columns. */
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
    return text_above_numbers || all_far || number_first(header, look).counting;
}

/* All names of another file's header are in the first record. */
static bool has_names(const struct header *header, const struct header *like)
{
    for (size_t i = 0; i < like->columns; i++) {
        size_t j = 0;
        while (j < header->columns && strcmp(header->name[j], like->name[i]) != 0)
            j++;
        if (j == header->columns)
            return false;
    }
    return true;
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
    if (!any_text)
        return is_header_of_numbers(header, look);
    if (any_number)
        return is_header_with_numbers(header, look);
    return look->rows == 0 || look->number_below || !look->repeated;
}

/* As the user says, or like the other file, or as the records have it. */
static bool decide(const struct header *header, const struct first_look *look, const struct record_reader *reader,
                   const char *target, const struct header *like)
{
    const enum csv_header said = record_form(reader)->header;
    if (said != CSV_HEADER_FIND)
        return said == CSV_HEADER_YES;
    if (like && like->present && has_names(header, like))
        return true;
    return is_header(header, look, target);
}

enum status header_find(struct header *header, struct record_reader *reader, const char *target,
                        const struct header *like, struct error *error)
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
        header->present = decide(header, &look, reader, target, like);
        for (size_t i = 0; header->present && i < header->columns; i++)
            header->numbers += look.cell[i].kind == CELL_NUMBER;
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
