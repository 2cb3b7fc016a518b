/* The list of all tables of fields, each with the struct that it sets in a request.  The command line, `--help`, the
 * manual page's check, the file `config` and messages about unknown names go through it. */
#ifndef APP_FIELD_LIST_H
#define APP_FIELD_LIST_H

#include <stddef.h>

#include "base/field.h"

/* A table, and where in a struct cli its owner is. */
struct field_set {
    const struct field_table *table;
    size_t owner;
    size_t given; /* of an array of bool, one a row, that notes what was set; 0: none */
};

extern const struct field_set field_list[];
extern const size_t field_list_count;

/* The program's own tables; the others are those of setup, learn, ui, app/sample.h and app/export.h. */
extern const struct field_table progress_fields, journal_fields, replay_fields, common_fields;

#endif
