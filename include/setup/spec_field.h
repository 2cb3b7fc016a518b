/* The fields of a spec that people can set, in tables of base/field.h, by the names of their options.  The command line
 * and recipes set them, text files keep them (setup/spec_text.h), a twin changes some.  Knobs are set by the same
 * function, by their own names. */
#ifndef SETUP_SPEC_FIELD_H
#define SETUP_SPEC_FIELD_H

#include "base/field.h"
#include "base/status.h"
#include "setup/spec.h"

/* All that defines a run, in the order of a spec's text; the knobs follow. */
extern const struct field_table spec_origin_fields; /* task, folder and recipe: no options set them */
extern const struct field_table spec_data_fields;
extern const struct field_table spec_form_fields; /* how a table is written: predict has them too */
extern const struct field_table spec_net_fields;
extern const struct field_table spec_language_fields;
extern const struct field_table spec_token_fields;
extern const struct field_table spec_prompt_fields;
extern const struct field_table spec_stage_fields;
extern const struct field_table spec_course_fields;

enum { SPEC_TABLES = 9 };
extern const struct field_table *const spec_table[SPEC_TABLES];

/* Fields of one machine or one call: no text keeps them. */
extern const struct field_table spec_machine_fields;
extern const struct field_table spec_load_fields;
extern const struct field_table spec_best_fields; /* predict and sample have them too */
extern const struct field_table spec_output_fields;

/* The kinds of tasks: bits of a row's `only_for`. */
enum spec_kind { SPEC_TOY = 1, SPEC_TABLE = 2, SPEC_TEXT = 4 };

/* STATUS_USAGE when a field is set that a task of this kind does not have. */
enum status spec_refuse(const struct spec *spec, enum spec_kind kind, struct error *error);

/* Sets a field that defines the run or a knob, which then counts as given.  `value` NULL: a mark, said by its name
 * alone.  STATUS_USAGE: the message begins with the name. */
enum status spec_set(struct spec *spec, const char *name, const char *value, struct error *error);

#endif
