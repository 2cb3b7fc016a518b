/* What a step depends on, as a list of named sections: snapshot, hash, checkpoint and memory report walk this list.
 * Nothing that influences a step lives elsewhere, except the immutable data set and the spec.
 *
 * A section is a block of floats (parameters, moments), or a struct each of whose members is a field with a name.  Hash
 * and checkpoint know a field as the entry "SECTION.FIELD" ("counters.step", "knobs.lr") and a choice by its own name;
 * the order of sections, fields and choices is nowhere but in memory and in snapshots, which are plain copies.
 *
 * A field that is new may have an absent value: the one that stands for "as before this field existed", mostly 0 or
 * off.  It is that of files without the entry, and an entry that has it adds nothing to the hash: files and hashes from
 * before stay right.  It therefore never changes, unlike the default of new runs.  A field without one is required. */
#ifndef LEARN_STATE_H
#define LEARN_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATE_SECTIONS_MAX 32

enum state_type { STATE_U64, STATE_U32, STATE_DOUBLE };

struct state_field {
    const char *name; /* "step" */
    size_t offset;    /* in the section's struct */
    enum state_type type;
    const char *(*choice)(size_t number); /* of a field that numbers a choice: its name; else NULL */
    size_t choices;
    const char *absent; /* as state_field_write has it; NULL: the field is required */
};

/* The fields of a kind of section: a table, or a function that makes each from another table. */
struct state_fields {
    size_t count;
    const struct state_field *table;
    struct state_field (*make)(size_t index); /* where there is no table */
};
struct state_field state_field_at(const struct state_fields *fields, size_t index);

struct state_section {
    const char *name;                  /* "parameters", "moments.0", "cursor", "knobs", ... */
    void *data;                        /* owned by who declared it */
    size_t size;                       /* bytes */
    const struct state_fields *fields; /* NULL: a block */
};

struct state {
    struct state_section section[STATE_SECTIONS_MAX];
    size_t sections;
};

/* `fields` must be those of all members of the struct at `data`, which has no padding; NULL for a block. */
void state_declare(struct state *state, const char *name, void *data, size_t size, const struct state_fields *fields);
const struct state_section *state_find(const struct state *state, const char *name);
size_t state_bytes(const struct state *state);
void state_copy_out(const struct state *state, void *snapshot); /* snapshot: state_bytes() bytes */
void state_copy_in(const struct state *state, const void *snapshot);
/* Between two states of the same model. */
void state_copy(const struct state *from, struct state *to);

/* The sum of one hash for each block and each field, of its name and value.  A field at its absent value has none. */
uint64_t state_hash(const struct state *state);

/* Fields as texts; `data` is the section's. */

#define STATE_TEXT_SIZE 40

/* A whole number, a double with 17 digits ("inf", "-inf", "nan"), or the name of the choice. */
char *state_field_write(const struct state_field *field, const void *data, char *out, size_t size);
/* False, and nothing has changed, for a text that no value is written as. */
bool state_field_read(const struct state_field *field, void *data, const char *text);
/* To the absent value; to 0 where there is none. */
void state_field_clear(const struct state_field *field, void *data);
void state_clear(const struct state_fields *fields, void *data); /* all of them */

#endif
