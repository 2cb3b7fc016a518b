/* Says what was found in a table and what became of it: one line for the screen's row, and all of it as notes. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/lines.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/source.h"
#include "data/table.h"

#define NOTES_A_KIND 20 /* columns that get a note of their own, of each kind */

/* ---- options ---- */

/* A shell takes such a word as it is. */
static bool is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.%+:@";
    return *word && strspn(word, plain) == strlen(word);
}

void table_option(const struct table *table, const char *option, const struct column *column, char out[OPTION_BYTES])
{
    if (is_plain(column->name))
        snprintf(out, OPTION_BYTES, "%s %s", option, column->name);
    else if (*column->name && *column->name != '-' && !strchr(column->name, '\'') && text_is_printable(column->name))
        snprintf(out, OPTION_BYTES, "%s '%s'", option, column->name);
    else
        snprintf(out, OPTION_BYTES, "%s %zu", option, (size_t)(column - table->column) + 1);
}

/* ---- why ---- */

/* The cell that makes a column with numbers one of texts; NULL: none does. */
static const struct sight *odd_sight(const struct column *column)
{
    if (column->reading == COLUMN_AS_TEXTS || column->kind != COLUMN_TEXTS)
        return NULL;
    if (column->code.line > 0)
        return &column->code;
    return column->numbers > 0 && column->text.line > 0 ? &column->text : NULL;
}

/* The text that most cells hold which are no numbers. */
static const struct entry *commonest_text(const struct dictionary *dictionary)
{
    const struct entry *found = NULL;
    for (size_t i = 0; i < dictionary->count; i++) {
        const struct entry *entry = &dictionary->entry[i];
        if (!entry->is_number && (!found || entry->cells > found->cells))
            found = entry;
    }
    return found;
}

/* Which cells keep a column from being one of numbers, and the option that changes it. */
static void add_cause(struct lines *out, const struct table *table, const struct column *column)
{
    char option[OPTION_BYTES];
    const struct sight *odd = odd_sight(column);
    const struct entry *entry = commonest_text(&column->dictionary);
    table_option(table, "--number", column, option);
    if (!odd)
        return;
    if (column->code.line > 0)
        lines_add(out, " because of '%s' in line %zu, which looks like a name: %s reads numbers", odd->text, odd->line,
                  option);
    else if (entry)
        lines_add(out, " because of '%s' in %zu row%s: %s takes texts for missing numbers", entry->name, entry->cells,
                  entry->cells == 1 ? "" : "s", option);
}

void table_why_left_out(const struct table *table, char *out, size_t size)
{
    struct lines line = {0};
    for (size_t i = 0; i < table->header.columns && line.length == 0; i++) {
        const struct plan *plan = &table->plan[i];
        if (!plan->why)
            continue;
        lines_add(&line, "; '%s': ", table->column[i].name);
        if (plan->figure > 0)
            lines_add(&line, "%zu ", plan->figure);
        lines_add(&line, "%s", plan->why);
        add_cause(&line, table, &table->column[i]);
    }
    snprintf(out, size, "%s", line.text ? line.text : "");
    mem_free(line.text);
}

/* ---- one line ---- */

/* A line that is put together piece by piece; what does not fit is cut. */
struct line {
    char text[1024];
    size_t used;
};

static void add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(line->text + line->used, sizeof line->text - line->used, format, arguments);
    va_end(arguments);
    if (written > 0)
        line->used += (size_t)written;
    if (line->used >= sizeof line->text)
        line->used = sizeof line->text - 1;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void add_left_out(struct line *line, const struct table *table)
{
    size_t left = 0;
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct plan *plan = &table->plan[i];
        if (!plan->why)
            continue;
        if (left++ >= 3)
            continue;
        add(line, "%s'%s' (", left == 1 ? ", left out: " : ", ", table->column[i].name);
        if (plan->figure > 0)
            add(line, "%zu ", plan->figure);
        add(line, "%s)", plan->why);
    }
    if (left > 3)
        add(line, " and %zu more", left - 3);
}

char *plan_report(const struct table *table, const char *name, size_t train, size_t test)
{
    struct line line = {.used = 0};
    const struct sight *odd;
    size_t numbers = 0, texts = 0, text_inputs = 0, missing = 0;
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct plan *plan = &table->plan[i];
        numbers += plan->outputs > 0 && !plan->rank;
        texts += plan->outputs > 0 && plan->rank;
        text_inputs += plan->rank ? plan->outputs : 0;
        missing += plan->outputs > 0 ? table->column[i].missing : 0;
    }
    add(&line, "%s: %zu", name, train);
    if (test > 0)
        add(&line, " + %zu", test);
    add(&line, " row%s%s", plural(train + test), table->header.present ? "" : " without a header");
    if (texts == 0)
        add(&line, ", %zu input%s", numbers, plural(numbers));
    else if (numbers > 0)
        add(&line, ", %zu numeric column%s", numbers, plural(numbers));
    if (texts > 0)
        add(&line, ", %zu text column%s as %zu inputs", texts, plural(texts), text_inputs);
    if (table->classes > 0)
        add(&line, ", %zu classes of '%s'", table->classes, table->column[table->target].name);
    else
        add(&line, ", regression of '%s'", table->column[table->target].name);
    if (missing > 0)
        add(&line, ", %zu missing value%s filled in", missing, plural(missing));
    if (table->unanswered > 0)
        add(&line, ", %zu row%s without an answer left out", table->unanswered, plural(table->unanswered));
    add_left_out(&line, table);
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct column *column = &table->column[i];
        if (table->plan[i].rank && i != table->target && (odd = odd_sight(column)) != NULL)
            add(&line, ", '%s' read as texts because of '%s' in line %zu", column->name, odd->text, odd->line);
    }
    text_clean(line.text);
    return mem_string(line.text);
}

/* ---- notes ---- */

static const char *noun(size_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

static void note_rows(struct lines *out, const struct table *table)
{
    const struct column *column = &table->column[table->target];
    const size_t left = table->unanswered, all = table->rows + left;
    if (left == 0)
        return;
    lines_add(out, "%zu of %zu rows %s left out, since '%s' is missing there", left, all, noun(left, "is", "are"),
              column->name);
    if (column->no_number > 0)
        lines_add(out, ": '%s' in line %zu is no number", column->stray.text, column->stray.line);
    else if (column->words > 0)
        lines_add(out, ": '%s' in line %zu counts as missing, as in %zu row%s; --missing '' keeps such words",
                  column->word.text, column->word.line, column->words, plural(column->words));
    lines_add(out, "\n");
}

static void note_left_out(struct lines *out, const struct table *table)
{
    size_t left = 0;
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct plan *plan = &table->plan[i];
        char option[OPTION_BYTES];
        if (!plan->why || ++left > NOTES_A_KIND)
            continue;
        lines_add(out, "column '%s' is left out: ", table->column[i].name);
        if (plan->figure > 0)
            lines_add(out, "%zu ", plan->figure);
        lines_add(out, "%s", plan->why);
        add_cause(out, table, &table->column[i]);
        table_option(table, "--number", &table->column[i], option);
        if (plan->counts_rows)
            lines_add(out, "; %s makes it an input", option);
        lines_add(out, "\n");
    }
    if (left > NOTES_A_KIND)
        lines_add(out, "%zu more columns are left out\n", left - NOTES_A_KIND);
}

static void note_texts(struct lines *out, const struct table *table)
{
    size_t noted = 0;
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct column *column = &table->column[i];
        if (i == table->target || table->plan[i].outputs == 0 || !odd_sight(column) || ++noted > NOTES_A_KIND)
            continue;
        lines_add(out, "column '%s' is read as %zu texts", column->name, column->dictionary.count);
        add_cause(out, table, column);
        lines_add(out, "\n");
    }
    if (noted > NOTES_A_KIND)
        lines_add(out, "%zu more columns with numbers are read as texts\n", noted - NOTES_A_KIND);
}

static void note_missing(struct lines *out, const struct table *table)
{
    size_t noted = 0;
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct column *column = &table->column[i];
        const struct plan *plan = &table->plan[i];
        if (plan->outputs == 0 || column->missing == 0 || ++noted > NOTES_A_KIND)
            continue;
        lines_add(out, "column '%s': %zu missing value%s ", column->name, column->missing, plural(column->missing));
        lines_add(out, plan->rank ? "%s a value of %s own" : "%s filled in with %s mean",
                  noun(column->missing, "is", "are"), plan->rank ? noun(column->missing, "its", "their") : "the");
        if (column->no_number > 0)
            lines_add(out, ", %zu of them no number ('%s' in line %zu)", column->no_number, column->stray.text,
                      column->stray.line);
        if (column->words > 0)
            lines_add(out, ", %zu of them a word for that ('%s' in line %zu; --missing says which words)",
                      column->words, column->word.text, column->word.line);
        lines_add(out, "\n");
    }
    if (noted > NOTES_A_KIND)
        lines_add(out, "%zu more columns have missing values\n", noted - NOTES_A_KIND);
}

static void note_flat(struct lines *out, const struct table *table, const bool *flat)
{
    size_t noted = 0;
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct plan *plan = &table->plan[i];
        if (plan->outputs != 1 || plan->rank || !flat[plan->first] || ++noted > NOTES_A_KIND)
            continue;
        lines_add(out, "%s'%s'",
                  noted > 1 ? ", " : "the same in every training row, and 0 to the model: ", table->column[i].name);
    }
    if (noted > NOTES_A_KIND)
        lines_add(out, " and %zu more", noted - NOTES_A_KIND);
    if (noted > 0)
        lines_add(out, "\n");
}

static bool is_utf8(const char *text)
{
    return encoding_first_wrong(text, strlen(text)) == 0;
}

static void note_encoding(struct lines *out, const struct table *table)
{
    bool right = true;
    for (size_t i = 0; i < table->header.columns; i++) {
        const struct column *column = &table->column[i];
        const bool kept = i == table->target ? table->classes > 0 : table->plan[i].rank != NULL;
        right &= is_utf8(column->name);
        for (size_t j = 0; kept && j < column->dictionary.count; j++)
            right &= is_utf8(column->dictionary.entry[j].name);
    }
    if (!right)
        lines_add(out, "some texts are no UTF-8, and show '?': convert the file if it is in another encoding (iconv -f "
                       "LATIN1 -t UTF-8 OLD > NEW)\n");
}

char *table_notes(const struct table *table, const bool *flat)
{
    struct lines out = {0};
    lines_add(&out, "%s", "");
    note_rows(&out, table);
    note_left_out(&out, table);
    note_texts(&out, table);
    note_missing(&out, table);
    note_flat(&out, table, flat);
    note_encoding(&out, table);
    if (out.failed) {
        mem_free(out.text);
        return NULL;
    }
    if (out.length > 0)
        out.text[out.length - 1] = '\0'; /* the last line's end */
    for (char *line = out.text; line;) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        text_clean(line);
        if (end)
            *end = '\n';
        line = end ? end + 1 : NULL;
    }
    return out.text;
}
