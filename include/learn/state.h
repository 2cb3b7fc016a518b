/* The state of a training run: everything that changes and that a step depends on, as a list of named sections.
 * Snapshots, hashes, checkpoints and the memory report are made by going through this list.  Besides the state, a step
 * depends only on the data set and the spec, which do not change.
 *
 * A section is a block of floats (parameters, moments), or a struct whose members are fields with names.  A checkpoint
 * and the hash identify a field by the name "SECTION.FIELD" ("counters.step", "knobs.lr"), and a choice, such as an
 * optimiser, by the choice's own name.  The order of sections, fields and choices matters only to snapshots, which are
 * plain copies of memory; files and hashes do not depend on it.
 *
 * A field that is added later may have an absent value, which means "as before this field existed" (mostly 0 or off).
 * A file without the field's entry is read as if it had that value, and a field that has it adds nothing to the hash;
 * so older files can still be read, and older hashes still match.  The absent value must therefore never change, while
 * the default of new runs may.  A file must have the entry of each field that has no absent value.  The absent value of
 * an optional block is zero in all of it: a file leaves such a block out. */
#ifndef LEARN_STATE_H
#define LEARN_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATE_SECTIONS_MAX 64

enum state_type { STATE_U64, STATE_U32, STATE_DOUBLE };

struct state_field {
    const char *name; /* "step" */
    size_t offset;    /* in the section's struct */
    enum state_type type;
    const char *(*choice)(size_t number); /* the name of a choice; NULL: the value is a number */
    size_t choices;                       /* numbered from 0 */
    const char *absent;                   /* as state_field_write writes it; NULL: the field is required */
};

/* The fields of one struct: a table of them, or a function that makes each from a row of another table. */
struct state_fields {
    size_t count;
    const struct state_field *table;
    struct state_field (*make)(size_t index); /* used where `table` is NULL */
};
struct state_field state_field_at(const struct state_fields *fields, size_t index);

struct state_section {
    const char *name;                  /* "parameters", "moments.0", "cursor", "knobs", ... */
    void *data;                        /* owned by the caller of state_declare */
    size_t size;                       /* bytes */
    const struct state_fields *fields; /* NULL: a block of floats */
    bool optional;                     /* of a block: it may be absent */
};

struct state {
    struct state_section section[STATE_SECTIONS_MAX];
    size_t sections;
};

/* Adds a section.  `fields` must name all members of the struct at `data`, which has no padding; NULL for a block of
 * floats. */
void state_declare(struct state *state, const char *name, void *data, size_t size, const struct state_fields *fields);
/* Adds a block of floats that may be absent. */
void state_declare_optional(struct state *state, const char *name, void *data, size_t size);
/* Whether a section with the content of `data` is an optional block at its absent value. */
bool state_is_absent(const struct state_section *section, const void *data);
const struct state_section *state_find(const struct state *state, const char *name);
size_t state_bytes(const struct state *state);
void state_copy_out(const struct state *state, void *snapshot); /* snapshot: state_bytes() bytes */
void state_copy_in(const struct state *state, const void *snapshot);
/* The content of a section in a snapshot of such a state; NULL: there is no such section. */
const void *state_in_snapshot(const struct state *state, const char *name, const void *snapshot);
/* Both states must have the same sections, as states of one model do. */
void state_copy(const struct state *from, struct state *to);

/* The sum of the hashes of all blocks and fields, each of name and value.  A field at its absent value adds nothing. */
uint64_t state_hash(const struct state *state);

/* Fields as text; `data` points to the struct that the fields describe. */

#define STATE_TEXT_SIZE 40

/* Writes a whole number, a double with 17 digits ("inf", "-inf", "nan"), or the name of the choice; returns `out`. */
char *state_field_write(const struct state_field *field, const void *data, char *out, size_t size);
/* Sets the field from a text.  False, and nothing has changed, when the text is no value of the field. */
bool state_field_read(const struct state_field *field, void *data, const char *text);
/* Sets the field to its absent value, or to 0 where it has none. */
void state_field_clear(const struct state_field *field, void *data);
void state_clear(const struct state_fields *fields, void *data); /* clears every field */

#endif
