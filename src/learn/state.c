#include "learn/state.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"

void state_declare(struct state *state, const char *name, void *data, size_t size, unsigned version)
{
    assert(state->sections < STATE_SECTIONS_MAX);
    assert(state_find(state, name) == NULL);
    state->section[state->sections++] =
        (struct state_section){.name = name, .data = data, .size = size, .version = version};
}

const struct state_section *state_find(const struct state *state, const char *name)
{
    for (size_t i = 0; i < state->sections; i++)
        if (strcmp(state->section[i].name, name) == 0)
            return &state->section[i];
    return NULL;
}

size_t state_bytes(const struct state *state)
{
    size_t bytes = 0;
    for (size_t i = 0; i < state->sections; i++)
        bytes += state->section[i].size;
    return bytes;
}

void state_copy_out(const struct state *state, void *snapshot)
{
    unsigned char *to = snapshot;
    for (size_t i = 0; i < state->sections; i++) {
        memcpy(to, state->section[i].data, state->section[i].size);
        to += state->section[i].size;
    }
}

void state_copy_in(const struct state *state, const void *snapshot)
{
    const unsigned char *from = snapshot;
    for (size_t i = 0; i < state->sections; i++) {
        memcpy(state->section[i].data, from, state->section[i].size);
        from += state->section[i].size;
    }
}

void state_copy(const struct state *from, struct state *to)
{
    assert(from->sections == to->sections);
    for (size_t i = 0; i < from->sections; i++) {
        assert(from->section[i].size == to->section[i].size);
        memcpy(to->section[i].data, from->section[i].data, from->section[i].size);
    }
}

uint64_t state_hash(const struct state *state)
{
    uint64_t hash = HASH_START;
    for (size_t i = 0; i < state->sections; i++)
        hash = hash_bytes(hash, state->section[i].data, state->section[i].size);
    return hash;
}
