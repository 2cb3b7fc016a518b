/* What becomes of each column of a table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "data/source.h"
#include "data/table.h"

#define CLASSES_GUESSED 20 /* whole numbers with more different values are taken for a quantity */
#define ROWS_PER_CLASS  5  /* as are those with fewer rows a value, unless there are two values */

/* Numbers among texts that are few enough to be slips. */
static bool is_slip(size_t few, size_t many)
{
    return few > 0 && few * 20 <= many;
}

/* Numbers and texts in one column, where one of them is rare; codes count among the texts. */
static enum status odd_cell(const struct table *table, const struct column *column, const struct record_reader *reader,
                            struct error *error)
{
    const bool numbers = column->texts + column->codes <= column->numbers;
    const struct sight *odd = !numbers ? &column->number : column->texts > 0 ? &column->text : &column->code;
    const bool first = !table->header.present && odd->line == table->header.line;
    char option[OPTION_BYTES], cure[OPTION_BYTES + 120];
    table_option(table, "--number", column, option);
    if (first)
        snprintf(cure, sizeof cure, "; if this line is a header, say --header");
    else if (numbers)
        snprintf(cure, sizeof cure, "; leave it empty if it is missing, or say %s%s", option,
                 column->texts > 0 ? ", which takes texts for missing" : "");
    else
        cure[0] = '\0';
    return record_error(reader, odd->line, error, "'%s' is '%s' where other rows have %s%s", column->name, odd->text,
                        numbers ? "numbers" : "texts", cure);
}

/* A number that floats cannot take stands among numbers, or among nothing else; as a label it would be a text. */
static bool has_huge_number(const struct column *column)
{
    const bool has_numbers = column->numbers + column->codes > 0 || column->kind == COLUMN_NUMBERS;
    return column->huge.line > 0 && column->reading != COLUMN_AS_TEXTS &&
           (has_numbers || column->texts == column->huge_cells);
}

static enum status huge_cell(const struct table *table, const struct column *column, const struct record_reader *reader,
                             struct error *error)
{
    char option[OPTION_BYTES];
    table_option(table, "--text", column, option);
    return record_error(
        reader, column->huge.line, error,
        "'%s' is '%s'; numbers must lie between -1e30 and 1e30: scale the column, leave the field empty "
        "if it is missing, or say %s if these are names",
        column->name, column->huge.text, option);
}

static bool looks_like_classes(const struct table *table, const struct column *column)
{
    size_t values = column->dictionary.count;
    if (column->texts + column->codes > 0 || column->reading == COLUMN_AS_TEXTS)
        return true;
    if (table->fractions || column->dictionary.overflowed)
        return false;
    return values <= 2 || (values <= CLASSES_GUESSED && table->train >= ROWS_PER_CLASS * values);
}

static enum status too_many_classes(const struct table *table, const struct column *column,
                                    const struct record_reader *reader, struct error *error)
{
    char option[OPTION_BYTES], code[OPTION_BYTES + NAME_BYTES + 60] = "";
    table_option(table, "--number", column, option);
    if (column->code.line > 0)
        snprintf(code, sizeof code, ", or say %s if such as '%s' are quantities", option, column->code.text);
    return record_error(reader, 0, error,
                        "target '%s' has %s%zu different values in %zu rows: too many for classes; choose another "
                        "column with --target%s",
                        column->name, column->dictionary.overflowed ? "more than " : "", column->dictionary.count,
                        table->train, code);
}

static enum status plan_classes(struct table *table, const struct record_reader *reader, struct error *error)
{
    struct column *column = &table->column[table->target];
    struct plan *plan = &table->plan[table->target];
    if (column->dictionary.overflowed && is_slip(column->texts + column->codes, column->numbers) &&
        column->reading != COLUMN_AS_TEXTS)
        return odd_cell(table, column, reader, error);
    const size_t values = column->dictionary.count; /* a value for each row or two names the row */
    if (column->dictionary.overflowed || (values > 2 && 2 * values > table->train))
        return too_many_classes(table, column, reader, error);
    table->classes = values;
    plan->rank = mem_alloc(DICTIONARY_MAX, sizeof *plan->rank);
    if (!plan->rank)
        return error_memory(error);
    dictionary_rank(&column->dictionary, plan->rank);
    return STATUS_OK;
}

/* Whether the answers, all of them numbers, differ by no more than rounding. */
static bool is_flat_target(const struct table *table)
{
    float least = INFINITY, most = -INFINITY;
    for (size_t row = 0; row < table->rows; row++) {
        least = fminf(least, table->answer[row]);
        most = fmaxf(most, table->answer[row]);
    }
    return source_is_flat(table->column[table->target].offset, ((double)most - (double)least) / 2);
}

static enum status no_answer(const struct column *column, const struct record_reader *reader, struct error *error)
{
    char word[NAME_BYTES + 80] = "";
    if (column->no_number > 0)
        return record_error(
            reader, column->stray.line, error,
            "target '%s' is '%s' here and has no number in any row: leave --number out to predict classes",
            column->name, column->stray.text);
    if (column->words > 0)
        snprintf(word, sizeof word, " ('%s' in line %zu counts as missing: --missing '' keeps such words)",
                 column->word.text, column->word.line);
    return record_error(reader, 0, error, "target '%s' is %s in every row%s; choose another column with --target",
                        column->name, word[0] ? "missing" : "empty", word);
}

enum status plan_target(struct table *table, const struct record_reader *reader, enum csv_task task,
                        struct error *error)
{
    const struct column *column = &table->column[table->target];
    if (table->rows == 0 && table->unanswered == 0)
        return record_error(reader, 0, error, "has a header but no rows");
    if (column->kind == COLUMN_EMPTY)
        return no_answer(column, reader, error);
    if (task != CSV_CLASSIFY && has_huge_number(column))
        return huge_cell(table, column, reader, error);
    if (task == CSV_REGRESS && column->texts > 0)
        return record_error(reader, column->text.line, error,
                            "target '%s' is a text, '%s', but regression needs numbers in every row", column->name,
                            column->text.text);
    if (!column->dictionary.overflowed && column->dictionary.count == 1)
        return record_error(reader, 0, error, "target '%s' is '%s' in every row: there is nothing to tell apart",
                            column->name, column->dictionary.entry[0].name);
    bool slip = is_slip(column->texts + column->codes, column->numbers) && column->dictionary.count > CLASSES_GUESSED &&
                column->reading == COLUMN_GUESSED;
    if (slip && task == CSV_INFER)
        return odd_cell(table, column, reader, error);
    if (task == CSV_CLASSIFY || (task == CSV_INFER && looks_like_classes(table, column)))
        return plan_classes(table, reader, error);
    if (is_flat_target(table))
        return record_error(reader, 0, error,
                            "target '%s' is the same in every row but for rounding: there is nothing to learn",
                            column->name);
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
    size_t values = dictionary->count, cells = column->numbers + column->codes + column->texts;
    bool mixed = column->numbers > 0 && column->texts > 0 && column->codes == 0 && column->reading != COLUMN_AS_TEXTS;
    size_t most = mixed ? CLASSES_GUESSED : CATEGORIES_MAX;
    bool few = !dictionary->overflowed && (values <= 2 || (values <= most && 2 * values <= cells));
    if (!few && mixed && (is_slip(column->texts, column->numbers) || column->texts == 1))
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
        if (has_huge_number(column))
            return huge_cell(table, column, reader, error);
        if (column->kind == COLUMN_EMPTY)
            leave_out(plan, column->no_number > 0 ? "no number in any row" : "empty", 0);
        else if (column->kind == COLUMN_TEXTS)
            status = plan_texts(table, column, plan, reader, error);
        else if (column->reading == COLUMN_GUESSED && is_row_number(table, column, i))
            plan->counts_rows = true, leave_out(plan, "it numbers the rows", 0);
        else
            plan->outputs = 1;
        if (status != STATUS_OK)
            return status;
        plan->first = table->inputs;
        table->inputs += plan->outputs;
    }
    if (table->inputs > 0)
        return STATUS_OK;
    char why[400];
    table_why_left_out(table, why, sizeof why);
    return record_error(reader, 0, error, "has no column to learn from: besides the target '%s' all are left out%s",
                        table->column[table->target].name, why);
}
