/* Encodes text as the tokens of a byte pair encoding, and decodes it. */
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "data/tokenizer_parts.h"

#define NO_MERGE UINT32_MAX

struct token {
    unsigned char length;
    unsigned char bytes[TOKENIZER_PIECE_MAX];
};

/* Of an open-addressed table with twice the room at least; id 0: free. */
struct slot {
    uint32_t key;
    uint16_t id;
};

struct tokenizer {
    size_t merges, room;
    struct token *token; /* [TOKENIZER_BYTES + room] */
    uint32_t *merge;     /* [room]: keys */
    struct slot *slot;   /* [mask + 1] */
    uint32_t mask;
};

struct tokenizer *tokenizer_create(size_t merges)
{
    struct tokenizer *tokenizer = mem_alloc(1, sizeof *tokenizer);
    if (!tokenizer)
        return NULL;
    uint32_t slots = 16;
    while (slots < 4 * merges)
        slots *= 2;
    tokenizer->room = merges;
    tokenizer->mask = slots - 1;
    tokenizer->token = mem_alloc(TOKENIZER_BYTES + merges, sizeof *tokenizer->token);
    tokenizer->merge = mem_alloc(merges, sizeof *tokenizer->merge);
    tokenizer->slot = mem_alloc(slots, sizeof *tokenizer->slot);
    if (!tokenizer->token || !tokenizer->merge || !tokenizer->slot) {
        tokenizer_free(tokenizer);
        return NULL;
    }
    for (size_t i = 0; i < TOKENIZER_BYTES; i++)
        tokenizer->token[i] = (struct token){.length = 1, .bytes = {(unsigned char)i}};
    return tokenizer;
}

void tokenizer_free(struct tokenizer *tokenizer)
{
    if (!tokenizer)
        return;
    mem_free(tokenizer->token);
    mem_free(tokenizer->merge);
    mem_free(tokenizer->slot);
    mem_free(tokenizer);
}

/* The pair's slot, or the free one where it would be. */
static struct slot *find_slot(const struct tokenizer *tokenizer, uint32_t key)
{
    uint32_t at = pair_spread(key) & tokenizer->mask;
    while (tokenizer->slot[at].id != 0 && tokenizer->slot[at].key != key)
        at = (at + 1) & tokenizer->mask;
    return &tokenizer->slot[at];
}

const char *tokenizer_add(struct tokenizer *tokenizer, size_t left, size_t right)
{
    const size_t id = TOKENIZER_BYTES + tokenizer->merges;
    if (left >= id || right >= id)
        return "names an id that is not there yet";
    const struct token *first = &tokenizer->token[left], *second = &tokenizer->token[right];
    if ((size_t)first->length + second->length > TOKENIZER_PIECE_MAX)
        return "makes a token that is longer than any piece";
    const uint32_t key = pair_key((uint16_t)left, (uint16_t)right);
    struct slot *slot = find_slot(tokenizer, key);
    if (slot->id != 0)
        return "is a duplicate";
    *slot = (struct slot){.key = key, .id = (uint16_t)id};
    struct token *token = &tokenizer->token[id];
    token->length = (unsigned char)(first->length + second->length);
    memcpy(token->bytes, first->bytes, first->length);
    memcpy(token->bytes + first->length, second->bytes, second->length);
    tokenizer->merge[tokenizer->merges++] = key;
    return NULL;
}

void tokenizer_merge(const struct tokenizer *tokenizer, size_t i, uint16_t *left, uint16_t *right)
{
    *left = (uint16_t)(tokenizer->merge[i] >> 16);
    *right = (uint16_t)tokenizer->merge[i];
}

/* What two neighbours become, or NO_MERGE.  An early merge has a low id, so ids say which comes first. */
static uint32_t merged(const struct tokenizer *tokenizer, uint16_t left, uint16_t right)
{
    const uint16_t id = find_slot(tokenizer, pair_key(left, right))->id;
    return id != 0 ? id : NO_MERGE;
}

/* Merges in the order in which they were learnt, the leftmost of several first; what a merge makes only takes part in
 * later ones. become[i] is what ids i and i + 1 become. */
static size_t encode_piece(const struct tokenizer *tokenizer, const unsigned char *piece, size_t length, uint16_t *out)
{
    uint32_t become[TOKENIZER_PIECE_MAX];
    size_t count = length;
    for (size_t i = 0; i < count; i++)
        out[i] = piece[i];
    for (size_t i = 0; i + 1 < count; i++)
        become[i] = merged(tokenizer, out[i], out[i + 1]);
    while (count > 1) {
        size_t at = 0;
        for (size_t i = 1; i + 1 < count; i++)
            at = become[i] < become[at] ? i : at;
        if (become[at] == NO_MERGE)
            break;
        out[at] = (uint16_t)become[at];
        count--;
        memmove(out + at + 1, out + at + 2, (count - at - 1) * sizeof *out);
        memmove(become + at, become + at + 1, (count - at - 1) * sizeof *become);
        if (at + 1 < count)
            become[at] = merged(tokenizer, out[at], out[at + 1]);
        if (at > 0)
            become[at - 1] = merged(tokenizer, out[at - 1], out[at]);
    }
    return count;
}

size_t tokenizer_encode(const struct tokenizer *tokenizer, const void *bytes, size_t length, uint16_t *out)
{
    const unsigned char *text = bytes;
    size_t count = 0;
    for (size_t at = 0; at < length;) {
        const size_t piece = piece_length(text + at, length - at);
        count += encode_piece(tokenizer, text + at, piece, out + count);
        at += piece;
    }
    return count;
}

const unsigned char *tokenizer_bytes(const struct tokenizer *tokenizer, size_t id, size_t *length)
{
    *length = tokenizer->token[id].length;
    return tokenizer->token[id].bytes;
}

size_t tokenizer_vocabulary(const struct tokenizer *tokenizer)
{
    return TOKENIZER_BYTES + tokenizer->merges;
}

size_t tokenizer_merges(const struct tokenizer *tokenizer)
{
    return tokenizer->merges;
}

size_t tokenizer_default_merges(size_t bytes)
{
    static const struct {
        size_t bytes, merges;
    } from_table[] = {
        {20000, 256}, {100000, 512}, {400000, 768}, {1000000, 1024}, {10000000, 2048}, {100000000, 4096},
    };
    size_t merges = 0;
    for (size_t i = 0; i < sizeof from_table / sizeof *from_table; i++)
        if (bytes >= from_table[i].bytes)
            merges = from_table[i].merges;
    return merges;
}
