/* What a checkpoint keeps of a branch's curves: a summary of bounded size, however long the run was. */
#ifndef STORE_PAST_H
#define STORE_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/history.h"

#define PAST_BUCKETS 512  /* of each series at most */
#define PAST_EVENTS  1000 /* the newest */

struct past {
    struct bucket *bucket; /* series by series, each in the order of its steps; branch 0 */
    size_t buckets;
    struct event *event; /* in order; branch 0 */
    size_t events;
};

bool past_keeps(unsigned series);

/* What `history` has of the branch (and of what it grew out of) up to `step`: evaluations and the loss of the batches.
 * NULL: out of memory. */
struct past *past_take(const struct history *history, uint16_t branch, uint64_t step);
struct past *past_create(size_t buckets, size_t events); /* to be filled; NULL: out of memory */
void past_free(struct past *past);                       /* NULL is fine */

/* Puts it into a branch into which nothing has come yet.  False when some of it was lost for want of memory. */
bool past_give(const struct past *past, struct history *history, uint16_t branch);

#endif
