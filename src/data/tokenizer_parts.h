/* A tokenizer from inside: how text is cut, and how merges are added. */
#ifndef DATA_TOKENIZER_PARTS_H
#define DATA_TOKENIZER_PARTS_H

#include "data/tokenizer.h"

/* Two ids in one number, by which pairs are found and ordered. */
static inline uint32_t pair_key(uint16_t left, uint16_t right)
{
    return (uint32_t)left << 16 | right;
}

/* Spreads keys over a table: the upper bits are the good ones (Knuth, multiplicative hashing). */
static inline uint32_t pair_spread(uint32_t key)
{
    const uint32_t h = key * 0x9e3779b1u;
    return h ^ h >> 15;
}

/* Bytes of the first piece of text[0..length), length > 0. */
size_t piece_length(const unsigned char *text, size_t length);

/* Plain bytes, with room for so many merges; NULL: out of memory. */
struct tokenizer *tokenizer_create(size_t merges);
/* The next merge; at most as many as there is room for.  NULL, or why it cannot be: nothing has changed then. */
const char *tokenizer_add(struct tokenizer *tokenizer, size_t left, size_t right);
/* The two ids that merge i is made of. */
void tokenizer_merge(const struct tokenizer *tokenizer, size_t i, uint16_t *left, uint16_t *right);

#endif
