/* What the fields of a spec are made of: values as people write them, with messages that begin with the field's
 * name. */
#ifndef SETUP_SPEC_FIELD_PARTS_H
#define SETUP_SPEC_FIELD_PARTS_H

#include "setup/spec_field.h"

#define SPEC_STEPS_MAX ((uint64_t)1 << 53)

enum status field_wrong(const struct spec_field *field, const char *value, const char *right, struct error *error);
enum status field_take_count(uint64_t *slot, const struct spec_field *field, const char *value, uint64_t least,
                             uint64_t most, struct error *error);
enum status field_take_choice(size_t *slot, const struct spec_field *field, const char *value, const char *const *names,
                              size_t count, struct error *error);

void field_write_double(struct lines *out, double value);
bool field_write_count(struct lines *out, uint64_t value);

/* Fields whose row says where in the spec they are: an owned string (NULL: not said), a size from 1 to the row's `most`
 * (0: not said). */
enum status field_set_string(struct spec *spec, const struct spec_field *field, const char *value, struct error *error);
bool field_write_string(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
enum status field_set_size(struct spec *spec, const struct spec_field *field, const char *value, struct error *error);
bool field_write_size(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
/* An owned list of different strings, NULL behind them (NULL: not said). */
enum status field_set_list(struct spec *spec, const struct spec_field *field, const char *value, struct error *error);
bool field_write_list(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
void field_free_list(char **list);

/* Fields of texts (spec_field_language.c). */
enum status field_set_model(struct spec *spec, const struct spec_field *field, const char *value, struct error *error);
bool field_write_model(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
enum status field_set_tie(struct spec *spec, const struct spec_field *field, const char *value, struct error *error);
bool field_write_tie(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
enum status field_set_merges(struct spec *spec, const struct spec_field *field, const char *value, struct error *error);
bool field_write_merges(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
enum status field_set_stage(struct spec *spec, const struct spec_field *field, const char *value, struct error *error);
bool field_write_stage(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);

/* How a CSV file is written (spec_field_csv.c). */
enum status field_set_separator(struct spec *spec, const struct spec_field *field, const char *value,
                                struct error *error);
bool field_write_separator(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
enum status field_set_decimal(struct spec *spec, const struct spec_field *field, const char *value,
                              struct error *error);
bool field_write_decimal(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
enum status field_set_header(struct spec *spec, const struct spec_field *field, const char *value, struct error *error);
bool field_write_header(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
enum status field_set_no_header(struct spec *spec, const struct spec_field *field, const char *value,
                                struct error *error);
bool field_write_no_header(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);

#endif
