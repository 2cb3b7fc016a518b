/* What a step depends on, as a list of named sections: snapshot, hash, checkpoint and memory report walk this list.
 * Nothing that influences a step lives elsewhere, except the immutable data set and the spec. */
#ifndef LEARN_STATE_H
#define LEARN_STATE_H

#include <stddef.h>
#include <stdint.h>

#define STATE_SECTIONS_MAX 32

struct state_section {
    const char *name; /* "parameters", "moments.0", "cursor", "knobs", ... */
    void *data;       /* owned by who declared it */
    size_t size;      /* bytes */
    unsigned version; /* of the section's layout */
};

struct state {
    struct state_section section[STATE_SECTIONS_MAX];
    size_t sections;
};

void state_declare(struct state *state, const char *name, void *data, size_t size, unsigned version);
const struct state_section *state_find(const struct state *state, const char *name);
size_t state_bytes(const struct state *state);
void state_copy_out(const struct state *state, void *snapshot); /* snapshot: state_bytes() bytes */
void state_copy_in(const struct state *state, const void *snapshot);
/* Between two states of the same model. */
void state_copy(const struct state *from, struct state *to);
uint64_t state_hash(const struct state *state); /* FNV-1a over all sections */

#endif
