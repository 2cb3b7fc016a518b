/* DESIGN.  Each (branch, series) that something came into has a strand (strand.h).  For all strands together there is a
 * budget.  Beyond it, the largest of the branches that are not being written become thinner; among very many branches
 * the oldest are forgotten.
 *
 * A branch that grew out of another holds what came in after its origin, and is read as a line of stretches: its own
 * strand, its parent's up to the origin, and so on.  What is newest and best up to the origin it inherits when it
 * grows. So that a long line is no slower to draw than a long run, a branch before which more than UNDIGESTED buckets
 * would have to be looked at gets a digest: a strand of at most DIGEST buckets with all that was before its origin.  It
 * stands for the rest of the line where that would be more than LOOKED_AT. */
#ifndef METRICS_HISTORY_PARTS_H
#define METRICS_HISTORY_PARTS_H

#include "metrics/forest.h"
#include "metrics/history.h"
#include "metrics/strand.h"

enum {
    LOOKED_AT = 2 * HISTORY_RECENT, /* the running branch whole, UNDIGESTED, and DIGEST */
    DIGEST = 1536,
};

struct branch {
    struct strand *strand[SERIES_TOTAL]; /* NULL: nothing came in */
    struct strand *digest[SERIES_TOTAL]; /* of what was before the origin; NULL: the parents are read */
    uint64_t last_step;
    size_t bytes; /* of strands */
};

struct stretch {
    const struct strand *strand;
    uint64_t until;
    bool coarse;
};

struct history {
    struct forest *forest;
    struct branch **branch; /* by number; NULL: nothing came in, or forgotten */
    size_t branches;
    struct stretch *stretch; /* for reading: room for the deepest branch */
    size_t stretch_room;
    uint16_t writing;    /* branch of the newest bucket */
    size_t strand_bytes; /* of all branches */
    struct event *event;
    size_t events, event_room;
};

static inline const struct branch *branch_for_reading(const struct history *history, uint16_t number)
{
    return number < history->branches ? history->branch[number] : NULL;
}

static inline const struct strand *strand_for_reading(const struct history *history, uint16_t number, unsigned series)
{
    const struct branch *branch = branch_for_reading(history, number);
    return branch && series < SERIES_TOTAL ? branch->strand[series] : NULL;
}

#endif
