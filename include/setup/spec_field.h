/* The fields of a spec that people can say, one table row each, by the names of their options: the command line sets
 * them, text files keep them (setup/spec_text.h), a twin changes some.  Knobs are set by the same door, by their own
 * names. */
#ifndef SETUP_SPEC_FIELD_H
#define SETUP_SPEC_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/lines.h"
#include "base/status.h"
#include "setup/spec.h"

struct spec_field {
    const char *name;
    bool is_switch; /* takes no value */
    bool repeats;   /* may be said several times */
    bool is_origin; /* tells where the run came from, and is no option */
    bool of_rows;   /* how a table's rows are written: predict takes it too */
    bool is_words;  /* its value is the rest of the line, words of its own */
    enum status (*set)(struct spec *spec, const struct spec_field *field, const char *value, struct error *error);
    /* Adds the value as `set` takes it, or for a field that may be said several times its `index`th; false: it is not
     * said. */
    bool (*write)(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out);
    size_t offset; /* of a plain size or string: where it is in the spec ... */
    uint64_t most; /* ... and the largest size */
};
extern const struct spec_field spec_field_table[];
extern const size_t spec_field_count;

/* NULL when there is none. */
const struct spec_field *spec_field_find(const char *name);

/* Sets a field or a knob, which then counts as given.  `value` NULL: a switch that is said by its name alone.
 * STATUS_USAGE: the message begins with the name. */
enum status spec_set(struct spec *spec, const char *name, const char *value, struct error *error);

#endif
