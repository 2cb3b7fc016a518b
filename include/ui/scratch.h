/* Memory that drawing needs for a moment, kept from frame to frame so that a frame allocates nothing once
 * everything has been seen at the present size. */
#ifndef UI_SCRATCH_H
#define UI_SCRATCH_H

#include <stddef.h>

#include "plot/canvas.h"

enum scratch_slot { SCRATCH_COLUMNS, SCRATCH_PIXELS, SCRATCH_POINTS, SCRATCH_SLOTS };

struct scratch {
    struct canvas canvas;
    void *memory[SCRATCH_SLOTS];
    size_t size[SCRATCH_SLOTS];
};

/* At least count × size bytes, contents undefined, valid until the slot is asked for again; NULL when out of memory. */
void *scratch_take(struct scratch *scratch, enum scratch_slot slot, size_t count, size_t size);
void scratch_free(struct scratch *scratch);

#endif
