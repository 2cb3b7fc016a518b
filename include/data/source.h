/* How a table's columns became the inputs and the answer of a model: kept with its weights, so that rows of another
 * file can be made into the same inputs.  As JSON:
 *
 *     {"header": true, "decimal": ",",                    the decimal mark that columns of the file proved; may be missing
 *      "columns": [{"name": "age", "kind": "number", "mean": 40.5, "sd": 12.25},          (x - mean) / sd; sd 0: constant, always 0
 *                  {"name": "city", "kind": "text", "categories": ["Bonn", "Ulm"], "missing": true},  a 1 among zeros
 *                  {"name": "id", "kind": "left out"},
 *                  {"name": "ill", "kind": "target"}],
 *      "target": {"name": "ill", "classes": ["no", "yes"]}}       or {"name": "price", "mean": 210.5, "sd": 80}: answer x sd + mean
 *
 * Inputs are in the order of the columns.  A category's name is cut at 64 bytes.  "missing" of a column: an input of its
 * own, behind the categories', for cells that are missing.  Further members, which older files do not have:
 *
 *     "as spelt": true          categories and classes are spelt as in the file; without it numbers among them have up
 *                               to 15 digits, and are the same whatever their spelling
 *     "missing": "NA,none"      words that count as missing, instead of the usual ones
 *     "texts missing": true     of a column of numbers: texts in it count as missing */
#ifndef DATA_SOURCE_H
#define DATA_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "data/dataset.h"

enum source_kind { SOURCE_NUMBER, SOURCE_TEXT, SOURCE_LEFT_OUT, SOURCE_TARGET, SOURCE_KINDS };

struct source_column {
    char *name;
    enum source_kind kind;
    double mean, sd;
    char **category;
    size_t categories;
    bool missing;
    bool as_number; /* SOURCE_NUMBER: a text counts as missing (--number) */
};

struct source {
    bool header;
    bool as_spelt;       /* texts are as the file spells them; else numbers among them have up to 15 digits */
    char *missing_words; /* as csv_options.missing; NULL: the usual ones */
    char decimal;        /* '.' or ',': the decimal mark of the file; 0: nothing showed it */
    struct source_column *column;
    size_t columns;
    /* The answer: filled in by source_parse; a data set has its own. */
    char *target_name;
    char **class_name;
    size_t classes; /* 0: a number */
    double target_mean, target_sd;
};

struct source *source_create(size_t columns); /* zeros; NULL: out of memory */
void source_free(struct source *source);      /* NULL is fine */

/* Of the file that the data set is from, or of a toy: its inputs by their names.  The caller frees it with mem_free;
 * NULL: out of memory. */
char *source_text(const struct dataset *dataset);

/* STATUS_FAILED with the reason for a text that is not such JSON. */
enum status source_parse(struct source **out, const char *text, struct error *error);

/* The inputs and the answers of both are the same, but for their scales; else `why` says the first difference
 * ("column 1 was 'petal', it is 'sepal'").  What is left out of the model does not count. */
bool source_same(const struct source *then, const struct source *now, char *why, size_t size);

/* A deviation that is no more than the rounding of numbers of that mean: the column is constant. */
static inline bool source_is_flat(double mean, double sd)
{
    return !(sd > 1e-12 * (mean < 0 ? -mean : mean));
}

size_t source_inputs(const struct source *source); /* of the model */

#endif
