/* How often each piece occurs in what a tokenizer is trained on. */
#ifndef DATA_TOKENIZER_COUNT_H
#define DATA_TOKENIZER_COUNT_H

#include <stdbool.h>

#include "data/tokenizer.h"

struct counted_piece {
    const unsigned char *bytes; /* in the span: not terminated */
    uint32_t hash;
    uint32_t count;
    uint32_t length; /* two bytes at least: in others nothing can be merged */
};

/* Pieces that are different, in the order in which they were first met.  {0} is empty. */
struct piece_counts {
    struct counted_piece *piece;
    size_t pieces, room;
    uint32_t *slot; /* of an open-addressed table, 2 x room: index + 1; 0: free */
};

/* False: out of memory. */
bool piece_counts_add(struct piece_counts *counts, const unsigned char *bytes, size_t length);
void piece_counts_free(struct piece_counts *counts);

#endif
