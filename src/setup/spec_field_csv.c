/* Fields that say how a CSV file is written: its separator, its decimal mark, and whether it has a header. */
#include <string.h>

#include "setup/spec_field_parts.h"

enum status field_set_separator(struct spec *spec, const struct spec_field *field, const char *value,
                                struct error *error)
{
    const char separator = csv_separator(value);
    if (!separator)
        return field_wrong(field, value, "must be comma, semicolon, tab, pipe, or another character such as :", error);
    spec->csv.form.separator = separator;
    return STATUS_OK;
}

bool field_write_separator(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    const char separator = spec->csv.form.separator, word[] = {separator, '\0'};
    const char *name = csv_separator_name(separator);
    if (separator)
        lines_word(out, name ? name : word);
    return separator;
}

enum status field_set_decimal(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    if (strcmp(value, "comma") == 0 || strcmp(value, ",") == 0)
        spec->csv.form.decimal = ',';
    else if (strcmp(value, "point") == 0 || strcmp(value, ".") == 0)
        spec->csv.form.decimal = '.';
    else
        return field_wrong(field, value, "must be comma or point", error);
    return STATUS_OK;
}

bool field_write_decimal(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    if (spec->csv.form.decimal)
        lines_add(out, "%s", spec->csv.form.decimal == ',' ? "comma" : "point");
    return spec->csv.form.decimal;
}

enum status field_set_header(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    (void)field, (void)value, (void)error;
    spec->csv.form.header = CSV_HEADER_YES;
    return STATUS_OK;
}

bool field_write_header(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index, (void)out;
    return spec->csv.form.header == CSV_HEADER_YES;
}

enum status field_set_no_header(struct spec *spec, const struct spec_field *field, const char *value,
                                struct error *error)
{
    (void)field, (void)value, (void)error;
    spec->csv.form.header = CSV_HEADER_NO;
    return STATUS_OK;
}

bool field_write_no_header(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index, (void)out;
    return spec->csv.form.header == CSV_HEADER_NO;
}
