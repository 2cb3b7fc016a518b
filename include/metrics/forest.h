/* The forest of branches: out of which branch each one grew, and at which step.
 *
 * A branch either has a start of its own (it is a root) or grows out of another branch, its parent, at a step of that:
 * what the parent did up to there is its past.  The ancestors of a branch are its parent, the parent's parent and so on
 * up to the root; the line of a branch is the branch itself and its ancestors.  This is the only code that computes
 * them.  The engine has one forest, the session another one; the events by which branches begin join them.  Owned by
 * one thread; readers of a const forest may be many. */
#ifndef METRICS_FOREST_H
#define METRICS_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct forest;

/* How a branch begins. */
struct forest_origin {
    bool grown;  /* out of `parent`; else it is a root, of which only `step` counts */
    bool before; /* the parent's events at `step` are not in the branch's past: a rewind to the point before them */
    uint16_t parent;
    uint64_t step; /* with which it begins; the parent's measurements of this step are of its past in any case */
    size_t inputs; /* of the parent's own inputs, those in its past; the engine alone knows and needs them */
};

struct forest *forest_create(void); /* NULL: out of memory */
void forest_free(struct forest *forest);

/* Says how a branch begins, before anything grows out of it; a branch of which this was not said is a root at step 0.
 * False, and nothing is changed: out of memory, or something grew out of the branch already, or it is its own parent. */
bool forest_begin(struct forest *forest, uint16_t branch, const struct forest_origin *origin);
/* Makes a branch without children a root at step 0 again. */
void forest_forget(struct forest *forest, uint16_t branch);

/* Never NULL; valid until the next call that changes the forest. */
const struct forest_origin *forest_origin(const struct forest *forest, uint16_t branch);
size_t forest_depth(const struct forest *forest, uint16_t branch); /* number of ancestors */
size_t forest_bytes(const struct forest *forest);                  /* memory held */

/* A branch on the way from another one up to its root. */
struct forest_line {
    uint16_t branch;
    uint64_t until; /* the last step of it that is of the past of the branch where the way began */
};

/* The way begins: with the branch itself and all of its steps. */
static inline struct forest_line forest_line(uint16_t branch)
{
    return (struct forest_line){.branch = branch, .until = UINT64_MAX};
}
/* On to the parent; false at a root, where the line stays. */
bool forest_up(const struct forest *forest, struct forest_line *line);

uint16_t forest_root(const struct forest *forest, uint16_t branch);
/* The step with which the root of the branch begins. */
uint64_t forest_first(const struct forest *forest, uint16_t branch);
/* The branch of the line that took the step: the youngest whose origin is at the step or before it; else the root. */
uint16_t forest_at(const struct forest *forest, uint16_t branch, uint64_t step);
/* The line, the root first.  The caller frees the numbers; NULL: out of memory. */
uint16_t *forest_path(const struct forest *forest, uint16_t branch, size_t *length);

/* Whether what was measured on `other` at the step belongs to the past of `branch` or to itself. */
bool forest_measured(const struct forest *forest, uint16_t branch, uint16_t other, uint64_t step);
/* The same for what happened there: without what a rewind went back before. */
bool forest_happened(const struct forest *forest, uint16_t branch, uint16_t other, double step);

/* The first step of `branch` itself (not of its ancestors) that is not in the past of `main`: from there on its curve is
 * drawn beside that of `main`. */
double forest_parting(const struct forest *forest, uint16_t branch, uint16_t main);
/* The first step at which the two lines differ.  Branch 2 grows out of branch 1 at step 300, branch 1 out of `main` at
 * step 100: branch 2 parts from main at 300, and their lines split at 100. */
double forest_split(const struct forest *forest, uint16_t branch, uint16_t main);

#endif
