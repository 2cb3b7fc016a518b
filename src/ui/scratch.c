/* Keeps the memory that drawing needs from frame to frame. */
#include "ui/scratch.h"

#include <stdint.h>

#include "base/mem.h"

void *scratch_take(struct scratch *scratch, enum scratch_slot slot, size_t count, size_t size)
{
    if (count == 0)
        count = 1;
    if (size > SIZE_MAX / count)
        return NULL;
    if (scratch->size[slot] < count * size) {
        mem_free(scratch->memory[slot]);
        scratch->size[slot] = 0;
        scratch->memory[slot] = mem_alloc(count, size);
        if (scratch->memory[slot])
            scratch->size[slot] = count * size;
    }
    return scratch->memory[slot];
}

void scratch_free(struct scratch *scratch)
{
    canvas_free(&scratch->canvas);
    for (size_t i = 0; i < SCRATCH_SLOTS; i++)
        mem_free(scratch->memory[i]);
    *scratch = (struct scratch){.canvas = {.width = 0}};
}
