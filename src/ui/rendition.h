/* What a cell becomes on a terminal with fewer colours than cells have, or none, or no Unicode; and numbers for pairs
 * of colours. */
#ifndef UI_RENDITION_H
#define UI_RENDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "plot/grid.h"
#include "ui/colour.h"

enum {
    RENDITION_DIRECT = 1 << 24, /* colours of a terminal that takes 0xRRGGBB itself */
    RENDITION_CACHE = 4096,     /* colours whose numbers are remembered */
    PAIRS_MOST = 16384,         /* colour pairs before all are forgotten */
    PAIR_SLOTS = 32768,         /* of the hash table: a power of two, never more than half full */
};

/* Set up by renderer_init; owns nothing. */
struct renderer {
    unsigned colours; /* 0, 8, 16, 256 or RENDITION_DIRECT */
    bool ascii;
    struct colour_table table; /* 8 to 256 colours */
    struct {
        uint32_t rgb; /* + 1; 0: free */
        uint32_t number;
    } cache[RENDITION_CACHE];
};

struct rendition {
    uint32_t glyph;
    uint32_t ink, ground; /* the terminal's numbers; nothing without colours */
    uint8_t attributes;   /* CELL_BOLD ...: without colours brightness becomes attributes */
};

void renderer_init(struct renderer *renderer, unsigned colours, bool ascii);
/* Ink never is the same as its ground, unless the glyph is a blank. */
struct rendition rendition_of(struct renderer *renderer, const struct cell *cell);
/* Nobody could tell them apart. */
bool rendition_same(const struct cell *a, const struct cell *b);

/* Pairs that have been met, numbered from 1.  All zero but for `most`: none. */
struct pair_table {
    struct {
        uint64_t key; /* ink << 32 | ground, + 1; 0: free */
        int pair;
    } slot[PAIR_SLOTS];
    int used, most; /* most: at most PAIRS_MOST */
};

/* The number of a pair; *fresh: it was met for the first time.  -1: there are no more. */
int pair_find(struct pair_table *table, uint32_t ink, uint32_t ground, bool *fresh);
void pair_forget_all(struct pair_table *table);

#endif
