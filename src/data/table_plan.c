/* What becomes of each column of a table. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/table.h"

#define CLASSES_GUESSED 20 /* whole numbers with more different values are taken for a quantity */
#define ROWS_PER_CLASS  5  /* as are those with fewer rows a value, unless there are two values */

/* Numbers among texts that are few enough to be slips. */
static bool is_slip(size_t few, size_t many)
{
    return few > 0 && few * 20 <= many;
}

static enum status odd_cell(const struct table *table, const struct column *column, const struct record_reader *reader,
                            struct error *error)
{
    bool numbers = column->texts <= column->numbers;
    size_t line = numbers ? column->first_text : column->first_number;
    const bool first = !table->header.present && line == table->header.line;
    return record_error(reader, line, error, "'%s' is '%s' where other rows have %s%s", column->name,
                        numbers ? column->text : column->number, numbers ? "numbers" : "texts",
                        first     ? "; if this line is a header, say one of its names with --target"
                        : numbers ? "; leave it empty if it is missing"
                                  : "");
}

static enum status huge_cell(const struct column *column, const struct record_reader *reader, struct error *error)
{
    return record_error(reader, column->first_huge, error,
                        "'%s' is '%s'; numbers must lie between -1e30 and 1e30, an empty field is a missing one",
                        column->name, column->huge);
}

static bool looks_like_classes(const struct table *table, const struct column *column)
{
    size_t values = column->dictionary.count;
    if (column->texts > 0)
        return true;
    if (table->fractions || column->dictionary.overflowed)
        return false;
    return values <= 2 || (values <= CLASSES_GUESSED && table->train >= ROWS_PER_CLASS * values);
}

static enum status plan_classes(struct table *table, const struct record_reader *reader, struct error *error)
{
    struct column *column = &table->column[table->target];
    struct plan *plan = &table->plan[table->target];
    if (column->dictionary.overflowed && is_slip(column->texts, column->numbers))
        return odd_cell(table, column, reader, error);
    const size_t values = column->dictionary.count; /* a value for each row or two names the row */
    if (column->dictionary.overflowed || (values > 2 && 2 * values > table->train))
        return record_error(reader, 0, error,
                            "target '%s' has %s%zu different values in %zu rows: too many for classes; choose another "
                            "column with --target",
                            column->name, column->dictionary.overflowed ? "more than " : "", values, table->train);
    table->classes = values;
    plan->rank = mem_alloc(DICTIONARY_MAX, sizeof *plan->rank);
    if (!plan->rank)
        return error_memory(error);
    dictionary_rank(&column->dictionary, plan->rank);
    return STATUS_OK;
}

enum status plan_target(struct table *table, const struct record_reader *reader, enum csv_task task,
                        struct error *error)
{
    const struct column *column = &table->column[table->target];
    if (table->rows == 0 && table->unanswered == 0)
        return record_error(reader, 0, error, "has a header but no rows");
    if (column->kind == COLUMN_EMPTY)
        return record_error(reader, 0, error, "target '%s' is empty in every row; choose another column with --target",
                            column->name);
    if (column->first_huge > 0 && column->numbers > 0)
        return huge_cell(column, reader, error);
    if (task == CSV_REGRESS && column->texts > 0)
        return record_error(reader, column->first_text, error,
                            "target '%s' is a text, but regression needs numbers in every row", column->name);
    if (!column->dictionary.overflowed && column->dictionary.count == 1)
        return record_error(reader, 0, error, "target '%s' is '%s' in every row: there is nothing to tell apart",
                            column->name, column->dictionary.entry[0].name);
    bool slip = is_slip(column->texts, column->numbers) && column->dictionary.count > CLASSES_GUESSED;
    if (slip && task == CSV_INFER)
        return odd_cell(table, column, reader, error);
    if (task == CSV_CLASSIFY || (task == CSV_INFER && looks_like_classes(table, column)))
        return plan_classes(table, reader, error);
    return STATUS_OK;
}

static void leave_out(struct plan *plan, const char *why, size_t figure)
{
    plan->outputs = 0;
    plan->why = why;
    plan->figure = figure;
}

/* Texts become one input for each of them; those that name the row rather than describe it are left out. */
static enum status plan_texts(const struct table *table, struct column *column, struct plan *plan,
                              const struct record_reader *reader, struct error *error)
{
    const struct dictionary *dictionary = &column->dictionary;
    size_t values = dictionary->count, cells = column->numbers + column->texts;
    bool mixed = column->numbers > 0 && column->texts > 0;
    size_t most = mixed ? CLASSES_GUESSED : CATEGORIES_MAX;
    bool few = !dictionary->overflowed && (values <= 2 || (values <= most && 2 * values <= cells));
    if (!few && (is_slip(column->texts, column->numbers) || (mixed && column->texts == 1)))
        return odd_cell(table, column, reader, error);
    if (!few) {
        leave_out(plan, dictionary->overflowed ? "or more different texts" : "different texts", values);
        return STATUS_OK;
    }
    if (values + (column->missing > 0) < 2) {
        leave_out(plan, "the same in every row", 0);
        return STATUS_OK;
    }
    plan->outputs = values + (column->missing > 0);
    plan->rank = mem_alloc(DICTIONARY_MAX, sizeof *plan->rank);
    if (!plan->rank)
        return error_memory(error);
    dictionary_rank(dictionary, plan->rank);
    return STATUS_OK;
}

/* Row numbers would tell a sorted table's answers. */
static bool is_row_number(const struct table *table, const struct column *column, size_t index)
{
    static const char *const names[] = {"id", "Id", "ID", "index", "Index", "row", "Row", "Unnamed: 0"};
    bool named = table->header.present && strncmp(column->name, "column ", 7) == 0 && index == 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        named |= strcmp(column->name, names[i]) == 0;
    return named && column->counts && column->numbers > 2 && column->missing == 0;
}

enum status plan_inputs(struct table *table, const struct record_reader *reader, struct error *error)
{
    table->inputs = 0;
    for (size_t i = 0; i < table->header.columns; i++) {
        struct column *column = &table->column[i];
        struct plan *plan = &table->plan[i];
        enum status status = STATUS_OK;
        if (i == table->target)
            continue;
        if (column->first_huge > 0 && column->numbers > 0)
            return huge_cell(column, reader, error);
        if (column->kind == COLUMN_EMPTY)
            leave_out(plan, "empty", 0);
        else if (column->kind == COLUMN_TEXTS)
            status = plan_texts(table, column, plan, reader, error);
        else if (is_row_number(table, column, i))
            leave_out(plan, "it numbers the rows", 0);
        else
            plan->outputs = 1;
        if (status != STATUS_OK)
            return status;
        plan->first = table->inputs;
        table->inputs += plan->outputs;
    }
    if (table->inputs > 0)
        return STATUS_OK;
    return record_error(reader, 0, error, "has no column to learn from: besides the target '%s' all are left out",
                        table->column[table->target].name);
}

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
        if (table->plan[i].rank && i != table->target && column->numbers > 0 && column->first_text > 0)
            add(&line, ", '%s' read as texts because of '%s' in line %zu", column->name, column->text,
                column->first_text);
    }
    text_clean(line.text);
    return mem_string(line.text);
}
