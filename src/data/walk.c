/* Says which rows of an epoch's permutation the next batch has. */
#include "data/walk.h"

#include <stdbool.h>

#include "base/mem.h"
#include "base/random.h"

#define CACHE_ROWS 256 /* permuted at a time: a Feistel network is cheap only in vectors */

/* Walks of the present epoch's order that were computed ahead.  Nothing depends on it: it is a copy of
 * permutation_range for exactly the named epoch, seed and rows. */
struct walk {
    struct permutation permutation;
    uint64_t seed, epoch;
    uint32_t rows;        /* 0: nothing is cached */
    uint32_t first, last; /* positions [first, last) are in row[] */
    uint32_t *row;
    uint32_t capacity;
};

struct walk *walk_create(size_t most)
{
    struct walk *walk = mem_alloc(1, sizeof *walk);
    if (!walk)
        return NULL;
    walk->capacity = (uint32_t)(most > CACHE_ROWS ? most : CACHE_ROWS);
    walk->row = mem_alloc(walk->capacity, sizeof *walk->row);
    if (!walk->row) {
        mem_free(walk);
        return NULL;
    }
    return walk;
}

void walk_free(struct walk *walk)
{
    if (!walk)
        return;
    mem_free(walk->row);
    mem_free(walk);
}

/* The rows at positions [first, first + count) of the cursor's epoch. */
static const uint32_t *order_rows(struct walk *walk, const struct batch_cursor *cursor, uint64_t seed, uint32_t count)
{
    bool same_epoch = walk->rows == cursor->rows && walk->epoch == cursor->epoch && walk->seed == seed;
    if (same_epoch && cursor->position >= walk->first && cursor->position + count <= walk->last)
        return walk->row + (cursor->position - walk->first);
    if (!same_epoch) {
        permutation_init(&walk->permutation, random_key(seed, RANDOM_ORDER, cursor->epoch), cursor->rows);
        walk->seed = seed;
        walk->epoch = cursor->epoch;
        walk->rows = cursor->rows;
    }
    uint32_t left = cursor->rows - cursor->position;
    uint32_t ahead = left < walk->capacity ? left : walk->capacity;
    permutation_range(&walk->permutation, cursor->position, ahead, walk->row);
    walk->first = cursor->position;
    walk->last = cursor->position + ahead;
    return walk->row;
}

/* A cursor at another share than the wanted one, or behind the end, starts an epoch. */
static void cursor_settle(struct batch_cursor *cursor, uint32_t rows)
{
    if (cursor->position > 0 && (cursor->rows != rows || cursor->position >= rows)) {
        cursor->epoch++;
        cursor->position = 0;
    }
    cursor->rows = rows;
}

const uint32_t *walk_next(struct walk *walk, struct batch_cursor *cursor, uint64_t seed, uint32_t rows, size_t size,
                          size_t *count)
{
    cursor_settle(cursor, rows);
    size_t most = cursor->rows - cursor->position;
    if (most > size)
        most = size;
    if (most > walk->capacity)
        most = walk->capacity;
    const uint32_t *row = order_rows(walk, cursor, seed, (uint32_t)most);
    cursor->position += (uint32_t)most;
    if (cursor->position >= cursor->rows) {
        cursor->epoch++;
        cursor->position = 0;
    }
    *count = most;
    return row;
}
