/* Says out of which branch each one grew, and finds the ancestors of branches. */
#include "metrics/forest.h"

#include <math.h>

#include "base/mem.h"

struct node {
    struct forest_origin origin;
    size_t depth;  /* number of ancestors */
    bool a_parent; /* something grew out of it: its own past stays as it is, so no branch becomes its own ancestor */
};

struct forest {
    struct node *node; /* by number of the branch */
    size_t nodes;
};

struct forest *forest_create(void)
{
    return mem_alloc(1, sizeof(struct forest));
}

void forest_free(struct forest *forest)
{
    if (!forest)
        return;
    mem_free(forest->node);
    mem_free(forest);
}

size_t forest_bytes(const struct forest *forest)
{
    return sizeof *forest + forest->nodes * sizeof *forest->node;
}

static bool reserve(struct forest *forest, size_t number)
{
    if (number < forest->nodes)
        return true;
    const size_t twice = forest->nodes > 0 ? 2 * forest->nodes : 16, nodes = twice > number ? twice : number + 1;
    struct node *larger = mem_resize(forest->node, forest->nodes, nodes, sizeof *larger);
    if (!larger)
        return false;
    forest->node = larger;
    forest->nodes = nodes;
    return true;
}

bool forest_begin(struct forest *forest, uint16_t branch, const struct forest_origin *origin)
{
    const uint16_t parent = origin->grown ? origin->parent : branch;
    if (!reserve(forest, branch > parent ? branch : parent))
        return false;
    struct node *node = &forest->node[branch];
    if (node->a_parent || (origin->grown && parent == branch))
        return false;
    node->origin = *origin;
    node->depth = origin->grown ? forest->node[parent].depth + 1 : 0;
    forest->node[parent].a_parent |= origin->grown;
    return true;
}

void forest_forget(struct forest *forest, uint16_t branch)
{
    if (branch >= forest->nodes || forest->node[branch].a_parent)
        return;
    forest->node[branch].origin = (struct forest_origin){.grown = false};
    forest->node[branch].depth = 0;
}

const struct forest_origin *forest_origin(const struct forest *forest, uint16_t branch)
{
    static const struct forest_origin unknown = {.grown = false};
    return branch < forest->nodes ? &forest->node[branch].origin : &unknown;
}

size_t forest_depth(const struct forest *forest, uint16_t branch)
{
    return branch < forest->nodes ? forest->node[branch].depth : 0;
}

/* ---- the way up ---- */

bool forest_up(const struct forest *forest, struct forest_line *line)
{
    const struct forest_origin *origin = forest_origin(forest, line->branch);
    if (!origin->grown)
        return false;
    line->until = origin->step < line->until ? origin->step : line->until;
    line->branch = origin->parent;
    return true;
}

uint16_t forest_root(const struct forest *forest, uint16_t branch)
{
    struct forest_line line = forest_line(branch);
    while (forest_up(forest, &line)) {
    }
    return line.branch;
}

uint64_t forest_first(const struct forest *forest, uint16_t branch)
{
    return forest_origin(forest, forest_root(forest, branch))->step;
}

uint16_t forest_at(const struct forest *forest, uint16_t branch, uint64_t step)
{
    struct forest_line line = forest_line(branch);
    while (step < forest_origin(forest, line.branch)->step && forest_up(forest, &line)) {
    }
    return line.branch;
}

uint16_t *forest_path(const struct forest *forest, uint16_t branch, size_t *length)
{
    *length = forest_depth(forest, branch) + 1;
    uint16_t *path = mem_alloc(*length, sizeof *path);
    struct forest_line line = forest_line(branch);
    for (size_t i = *length; path && i-- > 0; forest_up(forest, &line))
        path[i] = line.branch;
    return path;
}

/* ---- the past ---- */

bool forest_measured(const struct forest *forest, uint16_t branch, uint16_t other, uint64_t step)
{
    struct forest_line line = forest_line(branch);
    do {
        if (line.branch == other)
            return step <= line.until;
    } while (forest_up(forest, &line));
    return false;
}

bool forest_happened(const struct forest *forest, uint16_t branch, uint16_t other, double step)
{
    struct forest_line line = forest_line(branch);
    double end = INFINITY;
    for (;;) {
        if (line.branch == other)
            return step < end;
        const struct forest_origin *origin = forest_origin(forest, line.branch);
        end = fmin(end, (double)origin->step + (origin->before ? -0.5 : 0.5));
        if (!forest_up(forest, &line))
            return false;
    }
}

double forest_parting(const struct forest *forest, uint16_t branch, uint16_t main)
{
    double parting = (double)forest_origin(forest, branch)->step;
    struct forest_line line = forest_line(main);
    for (uint16_t child = main; forest_up(forest, &line); child = line.branch)
        if (line.branch == branch)
            parting = fmax(parting, (double)forest_origin(forest, child)->step);
    return parting;
}

double forest_split(const struct forest *forest, uint16_t branch, uint16_t main)
{
    double split = INFINITY;
    struct forest_line line = forest_line(branch);
    do {
        double left = INFINITY; /* where the line of `main` left this branch */
        struct forest_line other = forest_line(main);
        do {
            if (other.branch == line.branch)
                return fmin(split, left);
            left = (double)forest_origin(forest, other.branch)->step;
        } while (forest_up(forest, &other));
        split = (double)forest_origin(forest, line.branch)->step;
    } while (forest_up(forest, &line));
    return 0;
}
