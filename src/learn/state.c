/* Keeps the list of sections: copies them, hashes them by name, and writes and reads their fields as texts. */
#include "learn/state.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"

struct state_field state_field_at(const struct state_fields *fields, size_t index)
{
    return fields->table ? fields->table[index] : fields->make(index);
}

/* ---- sections ---- */

static size_t width(const struct state_field *field)
{
    return field->type == STATE_U32 ? sizeof(uint32_t) : sizeof(uint64_t);
}

/* A member without a field would be missing in files and hashes. */
static bool fields_cover(const struct state_fields *fields, size_t size)
{
    size_t covered = 0;
    for (size_t i = 0; i < fields->count; i++) {
        const struct state_field field = state_field_at(fields, i);
        covered += width(&field);
    }
    return covered == size;
}

void state_declare(struct state *state, const char *name, void *data, size_t size, const struct state_fields *fields)
{
    assert(state->sections < STATE_SECTIONS_MAX);
    assert(state_find(state, name) == NULL);
    assert(!fields || fields_cover(fields, size));
    state->section[state->sections++] =
        (struct state_section){.name = name, .data = data, .size = size, .fields = fields};
}

void state_declare_optional(struct state *state, const char *name, void *data, size_t size)
{
    state_declare(state, name, data, size, NULL);
    state->section[state->sections - 1].optional = true;
}

bool state_is_absent(const struct state_section *section, const void *data)
{
    const unsigned char *byte = data;
    /* All bytes are zero: the first one is, and each one equals the one before it. */
    return section->optional && section->size > 0 && byte[0] == 0 && memcmp(byte, byte + 1, section->size - 1) == 0;
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

const void *state_in_snapshot(const struct state *state, const char *name, const void *snapshot)
{
    const unsigned char *at = snapshot;
    for (size_t i = 0; i < state->sections; i++) {
        if (strcmp(state->section[i].name, name) == 0)
            return at;
        at += state->section[i].size;
    }
    return NULL;
}

void state_copy(const struct state *from, struct state *to)
{
    assert(from->sections == to->sections);
    for (size_t i = 0; i < from->sections; i++) {
        assert(from->section[i].size == to->section[i].size);
        memcpy(to->section[i].data, from->section[i].data, from->section[i].size);
    }
}

/* ---- fields ---- */

/* The field's value as 64 bits: a double's own, a whole number as it is. */
static uint64_t get(const struct state_field *field, const void *data)
{
    uint64_t bits = 0;
    uint32_t half;
    const char *at = (const char *)data + field->offset;
    if (field->type != STATE_U32) {
        memcpy(&bits, at, sizeof bits);
        return bits;
    }
    memcpy(&half, at, sizeof half);
    return half;
}

static void put(const struct state_field *field, void *data, uint64_t bits)
{
    const uint32_t half = (uint32_t)bits;
    char *at = (char *)data + field->offset;
    if (field->type == STATE_U32)
        memcpy(at, &half, sizeof half);
    else
        memcpy(at, &bits, sizeof bits);
}

static double as_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t bits_of(const struct state_field *field, double value)
{
    uint64_t bits;
    if (field->type != STATE_DOUBLE)
        return (uint64_t)value;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The name of the choice that the bits number, or NULL. */
static const char *chosen(const struct state_field *field, uint64_t bits)
{
    for (size_t i = 0; i < field->choices; i++)
        if (bits == bits_of(field, (double)i))
            return field->choice(i);
    return NULL;
}

char *state_field_write(const struct state_field *field, const void *data, char *out, size_t size)
{
    const uint64_t bits = get(field, data);
    const char *choice = chosen(field, bits);
    if (choice)
        snprintf(out, size, "%s", choice);
    else if (field->type == STATE_DOUBLE && isnan(as_double(bits)))
        snprintf(out, size, "nan");
    else if (field->type == STATE_DOUBLE)
        snprintf(out, size, "%.17g", as_double(bits));
    else
        snprintf(out, size, "%" PRIu64, bits);
    return out;
}

static bool parse_double(const char *text, double *value)
{
    static const struct {
        const char *text;
        double value;
    } special[] = {{"inf", INFINITY}, {"-inf", -INFINITY}, {"nan", NAN}};
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (strcmp(text, special[i].text) == 0) {
            *value = special[i].value;
            return true;
        }
    const size_t length = strlen(text);
    return length > 0 && number_scan(text, length, value) == length;
}

static bool parse(const struct state_field *field, const char *text, uint64_t *bits)
{
    double value;
    if (field->choice) {
        for (size_t i = 0; i < field->choices; i++)
            if (strcmp(text, field->choice(i)) == 0) {
                *bits = bits_of(field, (double)i);
                return true;
            }
        return false;
    }
    if (field->type != STATE_DOUBLE)
        return number_parse_digits(text, field->type == STATE_U32 ? UINT32_MAX : UINT64_MAX, bits);
    if (!parse_double(text, &value))
        return false;
    *bits = bits_of(field, value);
    return true;
}

bool state_field_read(const struct state_field *field, void *data, const char *text)
{
    uint64_t bits;
    if (!parse(field, text, &bits))
        return false;
    put(field, data, bits);
    return true;
}

/* The bits of the absent value, 0 without one. */
static uint64_t absent_bits(const struct state_field *field)
{
    uint64_t bits = 0;
    const bool right = !field->absent || parse(field, field->absent, &bits);
    assert(right);
    return right ? bits : 0;
}

void state_field_clear(const struct state_field *field, void *data)
{
    put(field, data, absent_bits(field));
}

void state_clear(const struct state_fields *fields, void *data)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct state_field field = state_field_at(fields, i);
        state_field_clear(&field, data);
    }
}

/* ---- hash ---- */

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash, text, strlen(text) + 1);
}

/* FNV's last multiplications move single bits in the same way: unmixed, two counters that grow together could leave
 * the sum of their hashes as it was. */
static uint64_t field_hash(uint64_t section, const struct state_field *field, const void *data)
{
    const uint64_t bits = get(field, data);
    const char *choice = chosen(field, bits);
    const uint64_t name = hash_text(section, field->name);
    if (field->absent && bits == absent_bits(field))
        return 0;
    return hash_mix(choice ? hash_text(name, choice) : hash_bytes(name, &bits, sizeof bits));
}

uint64_t state_hash(const struct state *state)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < state->sections; i++) {
        const struct state_section *section = &state->section[i];
        const uint64_t name = hash_text(HASH_START, section->name);
        if (!section->fields && !state_is_absent(section, section->data))
            sum += hash_mix(hash_block(name, section->data, section->size));
        for (size_t f = 0; section->fields && f < section->fields->count; f++) {
            const struct state_field field = state_field_at(section->fields, f);
            sum += field_hash(name, &field, section->data);
        }
    }
    return sum;
}
