#include "data/order.h"

#include <string.h>

#include "base/mem.h"
#include "base/random.h"

/* A counting sort by the place that each row belongs at; ties keep the shuffled order. */
bool order_interleave(uint32_t *rows, size_t count, const int32_t *label, size_t classes, uint32_t key)
{
    bool done = false;
    uint32_t *shuffled = mem_alloc(count, sizeof *shuffled);
    uint32_t *place = mem_alloc(count + 1, sizeof *place); /* place[i+1]: rows at places up to i */
    uint64_t *of_class = mem_alloc(label ? classes : 1, sizeof *of_class);
    uint64_t *seen = mem_alloc(label ? classes : 1, sizeof *seen);
    if (!shuffled || !place || !of_class || !seen)
        goto out;
    done = true;
    if (count == 0)
        goto out;

    struct permutation permutation;
    permutation_init(&permutation, key, (uint32_t)count);
    permutation_range(&permutation, 0, count, shuffled);
    for (size_t i = 0; i < count; i++)
        shuffled[i] = rows[shuffled[i]];
    if (!label) {
        memcpy(rows, shuffled, count * sizeof *rows);
        goto out;
    }
    for (size_t i = 0; i < count; i++)
        of_class[label[shuffled[i]]]++;
    for (size_t i = 0; i < count; i++) {
        int32_t c = label[shuffled[i]];
        place[seen[c]++ * count / of_class[c] + 1]++;
    }
    for (size_t i = 0; i < count; i++)
        place[i + 1] += place[i];
    memset(seen, 0, classes * sizeof *seen);
    for (size_t i = 0; i < count; i++) {
        int32_t c = label[shuffled[i]];
        rows[place[seen[c]++ * count / of_class[c]]++] = shuffled[i];
    }
out:
    mem_free(shuffled);
    mem_free(place);
    mem_free(of_class);
    mem_free(seen);
    return done;
}

/* Follows each cycle of the order once; a bit per element says that it has its final content. */
bool order_move(const uint32_t *order, size_t count, void *data, size_t size)
{
    char *base = data;
    char *spare = mem_alloc(1, size);
    uint8_t *done = mem_alloc(count / 8 + 1, 1);
    bool enough = spare && done;
    for (size_t start = 0; enough && start < count; start++) {
        if (done[start / 8] >> (start % 8) & 1)
            continue;
        memcpy(spare, base + start * size, size);
        size_t hole = start;
        for (; order[hole] != start; hole = order[hole]) {
            memcpy(base + hole * size, base + order[hole] * size, size);
            done[hole / 8] |= (uint8_t)(1u << (hole % 8));
        }
        memcpy(base + hole * size, spare, size);
        done[hole / 8] |= (uint8_t)(1u << (hole % 8));
    }
    mem_free(spare);
    mem_free(done);
    return enough;
}
