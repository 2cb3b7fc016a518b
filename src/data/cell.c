#include "data/cell.h"

#include "data/decimal.h"

static bool equals(const char *text, size_t length, const char *lower)
{
    for (size_t i = 0; i < length; i++, lower++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
        if (c != *lower)
            return false;
    }
    return *lower == '\0';
}

static bool one_of(const char *text, size_t length, const char *const *words)
{
    for (; *words; words++)
        if (equals(text, length, *words))
            return true;
    return false;
}

bool cell_within_limit(double value)
{
    return value <= CELL_LIMIT && value >= -CELL_LIMIT;
}

void cell_classify(struct cell *cell, const char *text, size_t length, const struct notation *notation)
{
    static const char *const missing[] = {"", "?", "na", "n/a", "nan", "null", NULL};
    static const char *const infinite[] = {"inf", "infinity", NULL};
    cell->text = text;
    cell->length = length;
    if (length > 0 && (decimal_read(text, notation->mark, notation->other, &cell->value) == text + length ||
                       notation_read_groups(notation, text, length, &cell->value))) {
        cell->kind = cell_within_limit(cell->value) ? CELL_NUMBER : CELL_HUGE;
        return;
    }
    size_t sign = length > 1 && (*text == '-' || *text == '+');
    if (length <= 4 && one_of(text, length, missing))
        cell->kind = CELL_MISSING;
    else if (length <= 9 && one_of(text + sign, length - sign, infinite))
        cell->kind = CELL_HUGE;
    else
        cell->kind = CELL_TEXT;
}
