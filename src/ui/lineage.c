/* Answers questions about branches: names, neighbours, the rows of the tree. */
#include "ui/lineage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct session_branch *lineage_branch(const struct branch_list *list, int number)
{
    if (number < 0 || (size_t)number >= list->count || list->branch[number]->deleted)
        return NULL;
    return list->branch[number];
}

static bool is_number(const char *name)
{
    return name[0] && strspn(name, "0123456789") == strlen(name);
}

const char *lineage_name(const struct branch_list *list, int number, char *out, size_t size)
{
    const bool known = number >= 0 && (size_t)number < list->count;
    if (!known)
        snprintf(out, size, "branch %d", number + 1);
    else
        snprintf(out, size, "%s%s", is_number(list->branch[number]->name) ? "branch " : "", list->branch[number]->name);
    return out;
}

bool lineage_is_named(const struct branch_list *list, int number)
{
    return number >= 0 && (size_t)number < list->count && !is_number(list->branch[number]->name);
}

int lineage_find(const struct branch_list *list, const char *name)
{
    if (strncasecmp(name, "branch ", 7) == 0)
        name += 7;
    for (size_t i = 0; i < list->count; i++)
        if (!list->branch[i]->deleted && strcasecmp(list->branch[i]->name, name) == 0)
            return (int)i;
    const long number = is_number(name) ? strtol(name, NULL, 10) : 0;
    return number > 0 && number <= (long)list->count && !list->branch[number - 1]->deleted ? (int)number - 1 : -1;
}

size_t lineage_names(const struct branch_list *list, const char **out, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count && count < most; i++)
        if (lineage_branch(list, (int)i))
            out[count++] = list->branch[i]->name;
    return count;
}

size_t lineage_ghosts(const struct branch_list *list, uint16_t main, int first, size_t most, uint16_t *out)
{
    size_t count = 0;
    for (size_t i = list->count + 1; i-- > 0 && count < most;) {
        const bool ahead = i == list->count;
        const int number = ahead ? first : (int)i;
        const struct session_branch *branch = lineage_branch(list, number);
        if (branch && !branch->hidden && number != main && (ahead || number != first))
            out[count++] = (uint16_t)number;
    }
    return count;
}

uint16_t lineage_neighbour(const struct branch_list *list, uint16_t branch, uint64_t step, int direction)
{
    for (size_t i = 1; i < list->count; i++) {
        const size_t number = (branch + (direction > 0 ? i : list->count - i)) % list->count;
        const struct session_branch *there = lineage_branch(list, (int)number);
        if (there && forest_origin(list->forest, (uint16_t)number)->step <= step && step <= there->last)
            return (uint16_t)number;
    }
    return branch;
}

/* ---- the tree ---- */

/* The branch below which this one hangs in the tree: its nearest ancestor that is not deleted; -1: there is none. */
static int hangs_on(const struct branch_list *list, size_t number)
{
    struct forest_line line = forest_line((uint16_t)number);
    while (forest_up(list->forest, &line))
        if (lineage_branch(list, line.branch))
            return line.branch;
    return -1;
}

static int next_child(const struct branch_list *list, int parent, size_t from)
{
    for (size_t i = from; i < list->count; i++)
        if (!list->branch[i]->deleted && hangs_on(list, i) == parent)
            return (int)i;
    return -1;
}

size_t lineage_rows(const struct branch_list *list, struct lineage_row *out, size_t most)
{
    size_t count = 0;
    uint64_t siblings = 0; /* depths at which more is to come */
    unsigned depth = 0;
    int parent = -1, at = next_child(list, -1, 0);
    while (at >= 0 && count < most) {
        const unsigned level = depth < LINEAGE_DEPTH ? depth : LINEAGE_DEPTH;
        const uint64_t bit = level > 0 ? (uint64_t)1 << (level - 1) : 0;
        if (depth <= LINEAGE_DEPTH)
            siblings &= ~bit;
        if (next_child(list, parent, (size_t)at + 1) >= 0)
            siblings |= bit;
        out[count++] = (struct lineage_row){.branch = (uint16_t)at, .depth = level, .siblings = siblings};
        const int child = next_child(list, at, 0);
        if (child >= 0) {
            parent = at;
            at = child;
            depth++;
            continue;
        }
        for (;;) { /* up until there is a next one */
            const int next = next_child(list, parent, (size_t)at + 1);
            if (next >= 0 || parent < 0) {
                at = next;
                break;
            }
            at = parent;
            parent = hangs_on(list, (size_t)at);
            depth--;
        }
    }
    return count;
}
