#include "data/column.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

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

/* Over a text byte by byte; over the bits of a value at once. */
static uint64_t hash_cell(const struct cell *cell)
{
    uint64_t hash;
    if (cell->kind == CELL_NUMBER) {
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

bool dictionary_code(struct dictionary *dictionary, const struct cell *cell, int32_t *code)
{
    if (dictionary->room == 0 && !grow(dictionary))
        return false;
    uint64_t hash = hash_cell(cell);
    size_t slots = 4 * dictionary->room, at = hash & (slots - 1);
    for (; dictionary->slot[at]; at = (at + 1) & (slots - 1))
        if (dictionary->entry[dictionary->slot[at] - 1].hash == hash) {
            *code = dictionary->slot[at] - 1;
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
    if (entry->is_number)
        snprintf(entry->name, sizeof entry->name, "%.15g", cell->value + 0.0);
    else
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
    if (a->is_number)
        return a->value < b->value ? -1 : a->value > b->value;
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

void column_reset(struct column *column, enum column_kind kind)
{
    dictionary_free(&column->dictionary);
    column->kind = kind;
    column->numbers = column->texts = column->missing = 0;
    column->first_text = column->first_number = column->first_huge = 0;
    column->counts = true;
}

static void note(size_t *first, char name[NAME_BYTES + 1], const struct cell *cell, size_t line)
{
    if (*first > 0)
        return;
    *first = line;
    name_copy(name, cell->text, cell->length);
}

bool column_take_other(struct column *column, const struct cell *cell, size_t line, float *kept)
{
    *kept = NAN;
    if (cell->kind == CELL_MISSING) {
        column->missing++;
        return true;
    }
    if (column->kind == COLUMN_EMPTY) {
        column->kind = cell->kind == CELL_NUMBER ? COLUMN_NUMBERS : COLUMN_TEXTS;
        if (column->kind == COLUMN_NUMBERS) {
            column->offset = cell->value;
            column->first_number = line;
            return column_take(column, cell, line, kept);
        }
    }
    if (cell->kind == CELL_NUMBER) {
        note(&column->first_number, column->number, cell, line);
        column->numbers++;
    } else {
        note(&column->first_text, column->text, cell, line);
        column->texts++;
    }
    if (cell->kind == CELL_HUGE)
        note(&column->first_huge, column->huge, cell, line);
    if (column->kind == COLUMN_NUMBERS)
        return true;
    int32_t code;
    if (!dictionary_code(&column->dictionary, cell, &code))
        return false;
    *kept = (float)code;
    return true;
}
