/* The branches of a run as the screen reads them: which of them are drawn behind the one on the charts, which are beside
 * each other in the tree, and what they are called.  Const questions to a list that somebody else owns. */
#ifndef UI_LINEAGE_H
#define UI_LINEAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "session/session.h"

struct branch_list {
    const struct session_branch *const *branch; /* [count] by number, deleted ones among them */
    size_t count;
    const struct forest *forest; /* of the same branches */
};

/* NULL: there is none of that number, or it was deleted. */
const struct session_branch *lineage_branch(const struct branch_list *list, int number);

/* "branch 2", or the name that it was given. */
#define LINEAGE_NAME_SIZE (SESSION_NAME_SIZE + 8)
const char *lineage_name(const struct branch_list *list, int number, char *out, size_t size);
/* Whether it was given a name. */
bool lineage_is_named(const struct branch_list *list, int number);
/* The branch of that name or number as people write it ("2", "branch 2", "small rate"), or -1. */
int lineage_find(const struct branch_list *list, const char *name);

/* The names of those that are there; their number, at most `most`. */
size_t lineage_names(const struct branch_list *list, const char **out, size_t most);

/* Branches to draw behind `main`, newest first, `first` (if it is one of them; -1: none) before all: neither hidden nor
 * deleted. Their number, at most `most`. */
size_t lineage_ghosts(const struct branch_list *list, uint16_t main, int first, size_t most, uint16_t *out);

/* The next branch in the direction (-1, +1; it goes round) whose own part has the step; `branch` itself when there is
 * no other. */
uint16_t lineage_neighbour(const struct branch_list *list, uint16_t branch, uint64_t step, int direction);

/* A tree row by row: each branch after the one out of which it grew, in the order of their numbers. */
struct lineage_row {
    uint16_t branch;
    unsigned depth; /* 0: a start of its own */
    uint64_t
        siblings; /* bit d: below this row goes on a branch of depth d + 1 with the same parent as this row's line */
};
#define LINEAGE_DEPTH 12 /* deeper ones are drawn at this depth */
size_t lineage_rows(const struct branch_list *list, struct lineage_row *out, size_t most);

#endif
