/* Decides the kind of one column while its file is read, and numbers its texts. */
#include "data/column.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "data/cell.h"
#include "data/decimal.h"

void name_copy(char name[NAME_BYTES + 1], const char *text, size_t length)
{
    if (length > NAME_BYTES) {
        length = NAME_BYTES;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(name, text, length);
    name[length] = '\0';
}

void dictionary_free(struct dictionary *dictionary)
{
    mem_free(dictionary->entry);
    mem_free(dictionary->slot);
    *dictionary = (struct dictionary){.closed = false};
}

/* Over a text byte by byte; over the bits of a whole number at once. */
static uint64_t hash_cell(const struct cell *cell)
{
    uint64_t hash;
    if (cell_is_whole(cell)) {
        double value = cell->value + 0.0; /* -0 is 0 */
        memcpy(&hash, &value, sizeof hash);
        hash = (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15) + 1;
        return hash ^ hash >> 29;
    }
    hash = hash_bytes(HASH_START, cell->text, cell->length);
    return hash ^ hash >> 29;
}

static bool grow(struct dictionary *dictionary)
{
    size_t room = dictionary->room ? 2 * dictionary->room : 8, slots = 4 * room;
    struct entry *entry = mem_resize(dictionary->entry, dictionary->room, room, sizeof *entry);
    if (!entry)
        return false;
    dictionary->entry = entry;
    uint16_t *slot = mem_alloc(slots, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < dictionary->count; i++) {
        size_t at = entry[i].hash & (slots - 1);
        while (slot[at])
            at = (at + 1) & (slots - 1);
        slot[at] = (uint16_t)(i + 1);
    }
    mem_free(dictionary->slot);
    dictionary->slot = slot;
    dictionary->room = room;
    return true;
}

bool dictionary_code(struct dictionary *dictionary, const struct cell *given, int32_t *code)
{
    const struct cell bare = cell_bare(given), *cell = &bare;
    if (dictionary->room == 0 && !grow(dictionary))
        return false;
    uint64_t hash = hash_cell(cell);
    size_t slots = 4 * dictionary->room, at = hash & (slots - 1);
    for (; dictionary->slot[at]; at = (at + 1) & (slots - 1))
        if (dictionary->entry[dictionary->slot[at] - 1].hash == hash) {
            *code = dictionary->slot[at] - 1;
            dictionary->entry[*code].cells++;
            return true;
        }
    *code = CODE_UNKNOWN;
    if (dictionary->closed)
        return true;
    if (dictionary->count == DICTIONARY_MAX) {
        dictionary->overflowed = dictionary->closed = true;
        return true;
    }
    if (dictionary->count == dictionary->room) {
        if (!grow(dictionary))
            return false;
        slots = 4 * dictionary->room;
        for (at = hash & (slots - 1); dictionary->slot[at];)
            at = (at + 1) & (slots - 1);
    }
    struct entry *entry = &dictionary->entry[dictionary->count];
    entry->hash = hash;
    entry->is_number = cell->kind == CELL_NUMBER;
    entry->value = cell->value;
    entry->cells = 1;
    name_copy(entry->name, cell->text, cell->length);
    *code = (int32_t)dictionary->count++;
    dictionary->slot[at] = (uint16_t)dictionary->count;
    return true;
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = *(const struct entry *const *)left, *b = *(const struct entry *const *)right;
    if (a->is_number != b->is_number)
        return a->is_number ? -1 : 1;
    if (a->is_number && (a->value < b->value || a->value > b->value))
        return a->value < b->value ? -1 : 1;
    int order = strcmp(a->name, b->name);
    return order ? order : (a > b) - (a < b);
}

void dictionary_rank(const struct dictionary *dictionary, int32_t rank[DICTIONARY_MAX])
{
    const struct entry *sorted[DICTIONARY_MAX] = {0};
    for (size_t i = 0; i < dictionary->count; i++)
        sorted[i] = &dictionary->entry[i];
    qsort(sorted, dictionary->count, sizeof *sorted, compare_entries);
    for (size_t i = 0; i < dictionary->count; i++)
        rank[sorted[i] - dictionary->entry] = (int32_t)i;
}

/* ---- labels ---- */

struct label {
    char text[NAME_BYTES + 1 + DECIMAL_PADDING];
    struct cell cell;
};

static void read_label(struct label *label, const char *name)
{
    static const struct notation notation = {.mark = '.', .other = ','};
    static const struct missing_words none = {.count = 0};
    memset(label->text, 0, sizeof label->text);
    snprintf(label->text, NAME_BYTES + 1, "%s", name);
    cell_classify(&label->cell, label->text, strlen(label->text), &notation, &none);
}

static bool equal(double a, double b)
{
    return a <= b && a >= b;
}

bool label_is(const char *name, const struct cell *cell)
{
    char text[NAME_BYTES + 1];
    struct label label;
    if (!cell_is_whole(cell)) {
        const struct cell bare = cell_bare(cell);
        name_copy(text, bare.text, bare.length);
        return strcmp(name, text) == 0;
    }
    read_label(&label, name);
    return cell_is_whole(&label.cell) && equal(label.cell.value, cell->value);
}

bool label_same_value(const char *a, const char *b)
{
    struct label left, right;
    read_label(&left, a);
    read_label(&right, b);
    return left.cell.kind == CELL_NUMBER && right.cell.kind == CELL_NUMBER && equal(left.cell.value, right.cell.value);
}

/* ---- columns ---- */

void column_reset(struct column *column, enum column_kind kind)
{
    struct column fresh = {.reading = column->reading, .kind = kind, .offset = column->offset, .counts = true};
    dictionary_free(&column->dictionary);
    memcpy(fresh.name, column->name, sizeof fresh.name);
    *column = fresh;
}

static void note(struct sight *first, const struct cell *cell, size_t line)
{
    if (first->line > 0)
        return;
    first->line = line;
    const struct cell bare = cell_bare(cell);
    name_copy(first->text, bare.text, bare.length);
}

bool column_has_codes(const struct column *column)
{
    return column->reading == COLUMN_WITH_CODES || column->reading == COLUMN_AS_NUMBERS;
}

bool column_misses(const struct column *column, const struct cell *cell)
{
    return cell->kind == CELL_MISSING || (cell->kind == CELL_TEXT && column->reading == COLUMN_AS_NUMBERS);
}

static void take_missing(struct column *column, const struct cell *cell, size_t line)
{
    column->missing++;
    if (cell->kind == CELL_TEXT) {
        column->no_number++;
        note(&column->stray, cell, line);
    } else if (cell_bare(cell).length > 0) {
        column->words++;
        note(&column->word, cell, line);
    }
}

void column_forget(struct column *column, const struct cell *cell)
{
    if (!column_misses(column, cell))
        return;
    column->missing--;
    column->no_number -= cell->kind == CELL_TEXT;
    column->words -= cell->kind == CELL_MISSING && cell_bare(cell).length > 0;
}

static void count(struct column *column, const struct cell *cell, size_t line)
{
    column->huge_cells += cell->kind == CELL_HUGE;
    if (cell->kind == CELL_HUGE)
        note(&column->huge, cell, line);
    if (cell->kind != CELL_NUMBER) {
        note(&column->text, cell, line);
        column->texts++;
    } else if (cell->is_code) {
        note(&column->code, cell, line);
        column->codes++;
    } else {
        note(&column->number, cell, line);
        column->numbers++;
    }
}

/* Takes a number, a code or not, into a column of numbers. */
static void take_number(struct column *column, const struct cell *cell, size_t line, float *kept)
{
    if (column->kind == COLUMN_EMPTY) {
        column->kind = COLUMN_NUMBERS;
        column->offset = cell->value;
        column->number.line = line;
    }
    if (column->counts) {
        column->counts = column->numbers == 0 || cell->value == column->newest + 1.0;
        column->newest = cell->value;
    }
    column->numbers++;
    *kept = (float)(cell->value - column->offset);
}

bool column_take_other(struct column *column, const struct cell *cell, size_t line, float *kept)
{
    const bool is_number = cell->kind == CELL_NUMBER && (column_has_codes(column) || !cell->is_code);
    *kept = NAN;
    if (column_misses(column, cell)) {
        take_missing(column, cell, line);
        return true;
    }
    if (column->kind == COLUMN_EMPTY && !(is_number && column->reading != COLUMN_AS_TEXTS))
        column->kind = COLUMN_TEXTS;
    if (is_number && column->kind != COLUMN_TEXTS) {
        take_number(column, cell, line, kept);
        return true;
    }
    count(column, cell, line);
    if (column->kind == COLUMN_NUMBERS)
        return true;
    int32_t code;
    if (!dictionary_code(&column->dictionary, cell, &code))
        return false;
    *kept = (float)code;
    return true;
}
