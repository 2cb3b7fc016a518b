/* Stores everything that was measured, by branch and series, and the events. */
#include "metrics/history.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "metrics/history_parts.h"

enum { EVENTS_MAX = 16384, UNDIGESTED = 2048 };
static_assert(STRAND_COMPLETE + UNDIGESTED + DIGEST + 4 * STRAND_LEVELS_MAX <= LOOKED_AT, "a digest always fits");

#define BUDGET ((size_t)48 << 20) /* bytes of strands ... */
#define TARGET ((size_t)42 << 20) /* ... and what is left when it was passed, so that this is rare */

struct history *history_create(void)
{
    struct history *history = mem_alloc(1, sizeof *history);
    if (!history)
        return NULL;
    history->forest = forest_create();
    history->stretch = mem_alloc(2, sizeof *history->stretch);
    history->stretch_room = 2;
    if (history->forest && history->stretch)
        return history;
    history_free(history);
    return NULL;
}

static void branch_free(struct branch *branch)
{
    if (!branch)
        return;
    for (unsigned s = 0; s < SERIES_TOTAL; s++) {
        strand_free(branch->strand[s]);
        strand_free(branch->digest[s]);
    }
    mem_free(branch);
}

void history_free(struct history *history)
{
    if (!history)
        return;
    for (size_t b = 0; b < history->branches; b++)
        branch_free(history->branch[b]);
    forest_free(history->forest);
    mem_free(history->branch);
    mem_free(history->stretch);
    mem_free(history->event);
    mem_free(history);
}

/* A strand of the branch had `before` bytes and has `after`. */
static void account(struct history *history, struct branch *branch, size_t before, size_t after)
{
    branch->bytes += after - before; /* may wrap; the sums do not */
    history->strand_bytes += after - before;
}

/* ---- thinning ---- */

static bool thin(struct history *history, struct branch *branch, struct strand *strand, bool running)
{
    if (!strand)
        return false;
    const size_t before = strand_bytes(strand);
    const bool thinned = strand_thin(strand, running);
    account(history, branch, before, strand_bytes(strand));
    return thinned;
}

static bool branch_thin(struct history *history, size_t number)
{
    struct branch *branch = history->branch[number];
    bool thinned = false;
    for (unsigned s = 0; s < SERIES_TOTAL; s++) {
        thinned |= thin(history, branch, branch->strand[s], number == history->writing);
        thinned |= thin(history, branch, branch->digest[s], false);
    }
    return thinned;
}

static void branch_forget(struct history *history, size_t number)
{
    struct branch *branch = history->branch[number];
    history->strand_bytes -= branch ? branch->bytes : 0;
    branch_free(branch);
    history->branch[number] = NULL;
}

static bool is_old(const struct history *history, size_t number)
{
    return history->branch[number] && number != history->writing;
}

/* Thins the larger old branches, once each; false when none of them can be thinner. */
static bool thin_largest(struct history *history)
{
    size_t most = 0;
    for (size_t b = 0; b < history->branches; b++)
        if (is_old(history, b) && history->branch[b]->bytes > most)
            most = history->branch[b]->bytes;
    bool thinned = false;
    for (size_t b = 0; b < history->branches && history->strand_bytes > TARGET; b++)
        if (is_old(history, b) && history->branch[b]->bytes > most / 2 && branch_thin(history, b))
            thinned = true;
    return thinned;
}

static bool forget_oldest(struct history *history)
{
    bool forgotten = false;
    for (size_t b = 0; b < history->branches && history->strand_bytes > TARGET; b++)
        if (is_old(history, b)) {
            branch_forget(history, b);
            forgotten = true;
        }
    return forgotten;
}

static void keep_budget(struct history *history)
{
    const struct branch *running = history->writing < history->branches ? history->branch[history->writing] : NULL;
    bool less = true;
    while (less && history->strand_bytes > BUDGET)
        less = (running && running->bytes > BUDGET / 2 && branch_thin(history, history->writing)) ||
               thin_largest(history) || forget_oldest(history);
}

/* ---- pushing ---- */

/* Makes room for branches up to `number`. */
static bool reserve_branch(struct history *history, size_t number)
{
    if (number < history->branches)
        return true;
    size_t wanted = history->branches == 0 ? 8 : history->branches * 2;
    wanted = wanted > number ? wanted : number + 1;
    struct branch **larger = mem_resize(history->branch, history->branches, wanted, sizeof(struct branch *));
    if (!larger)
        return false;
    history->branch = larger;
    history->branches = wanted;
    return true;
}

static struct branch *branch_for_writing(struct history *history, uint16_t number)
{
    if (!reserve_branch(history, number))
        return NULL;
    struct branch **branch = &history->branch[number];
    if (!*branch)
        *branch = mem_alloc(1, sizeof **branch);
    return *branch;
}

static struct strand *strand_for_writing(struct history *history, struct branch *branch, unsigned series)
{
    if (!branch->strand[series]) {
        branch->strand[series] = strand_create();
        if (branch->strand[series])
            account(history, branch, 0, strand_bytes(branch->strand[series]));
    }
    return branch->strand[series];
}

/* Whether one of the branch's parents has a bucket of the series that ends with the branch's origin. */
static bool parents_know_origin(const struct history *history, uint16_t number, unsigned series)
{
    const uint64_t origin = forest_origin(history->forest, number)->step;
    struct forest_line line = forest_line(number);
    struct bucket last;
    while (forest_up(history->forest, &line)) {
        const struct strand *strand = strand_for_reading(history, line.branch, series);
        if (strand && strand_last_until(strand, line.until, &last) && last.last_step >= origin)
            return true;
    }
    return false;
}

/* Whether the bucket is of the past that a branch has in common with its parents, and known there. */
static bool is_in_past(const struct history *history, const struct bucket *bucket)
{
    const struct forest_origin *origin = forest_origin(history->forest, bucket->branch);
    if (!origin->grown || bucket->last_step > origin->step)
        return false;
    return bucket->last_step < origin->step || parents_know_origin(history, bucket->branch, bucket->series);
}

bool history_push(struct history *history, const struct bucket *bucket)
{
    if (bucket->series >= SERIES_TOTAL)
        return false;
    struct branch *branch = branch_for_writing(history, bucket->branch);
    if (!branch)
        return false;
    history->writing = bucket->branch;
    if (is_in_past(history, bucket))
        return true;
    struct strand *strand = strand_for_writing(history, branch, bucket->series);
    if (!strand)
        return false;
    const size_t before = strand_bytes(strand);
    const bool pushed = strand_push(strand, bucket);
    const size_t after = strand_bytes(strand);
    if (after != before) {
        account(history, branch, before, after);
        keep_budget(history);
    }
    if (pushed && bucket->last_step > branch->last_step)
        branch->last_step = bucket->last_step;
    return pushed;
}

/* ---- what is known of a branch ---- */

const struct bucket *history_last(const struct history *history, uint16_t branch, unsigned series)
{
    const struct strand *strand = strand_for_reading(history, branch, series);
    return strand ? strand_last(strand) : NULL;
}

const struct bucket *history_best(const struct history *history, uint16_t branch, unsigned series)
{
    const struct strand *strand = strand_for_reading(history, branch, series);
    return strand ? strand_best(strand) : NULL;
}

uint64_t history_last_step(const struct history *history, uint16_t branch)
{
    const struct branch *found = branch_for_reading(history, branch);
    return found ? found->last_step : 0;
}

/* ---- growing ---- */

static bool make_stretches(struct history *history, size_t depth)
{
    if (depth + 2 <= history->stretch_room)
        return true;
    struct stretch *stretch =
        mem_resize(history->stretch, history->stretch_room, 2 * (depth + 2), sizeof *history->stretch);
    if (!stretch)
        return false;
    history->stretch = stretch;
    history->stretch_room = 2 * (depth + 2);
    return true;
}

/* What the branch, still empty, knows of its parents' last and best. */
static bool inherit(struct history *history, uint16_t number, unsigned series)
{
    struct bucket last = {0}, best = {0}, found;
    bool has_last = false;
    struct forest_line line = forest_line(number);
    while (forest_up(history->forest, &line)) {
        const struct strand *strand = strand_for_reading(history, line.branch, series);
        if (!strand)
            continue;
        if (!has_last)
            has_last = strand_last_until(strand, line.until, &last);
        if (strand_best_until(strand, line.until, &found) && (best.count == 0 || found.min <= best.min))
            best = found;
    }
    if (!has_last)
        return true;
    struct strand *own = strand_for_writing(history, history->branch[number], series);
    if (own)
        strand_inherit(own, &last, &best);
    return own != NULL;
}

/* Buckets that a reader of the branch has to look at before there is a digest. */
static size_t undigested(const struct history *history, uint16_t number, unsigned series)
{
    size_t count = 0;
    struct forest_line line = forest_line(number);
    while (forest_up(history->forest, &line)) {
        const struct branch *branch = branch_for_reading(history, line.branch);
        if (branch && branch->strand[series]) {
            struct strand_part part;
            strand_coarse(branch->strand[series], -INFINITY, line.until, &part);
            count += part.count;
        }
        if (branch && branch->digest[series])
            break;
    }
    return count;
}

static bool digest(struct history *history, uint16_t number, unsigned series)
{
    if (undigested(history, number, series) <= UNDIGESTED)
        return true;
    struct branch *branch = history->branch[number];
    struct bucket *column = mem_alloc(DIGEST, sizeof *column);
    struct strand *made = strand_create();
    bool whole = column && made;
    if (whole)
        history_read(history, number, series, 0, (double)forest_origin(history->forest, number)->step + 1, DIGEST,
                     column);
    for (size_t i = 0; whole && i < DIGEST; i++)
        if (column[i].count > 0 || column[i].nonfinite > 0)
            whole = strand_push(made, &column[i]);
    if (whole) {
        branch->digest[series] = made;
        account(history, branch, 0, strand_bytes(made));
    } else {
        strand_free(made);
    }
    mem_free(column);
    return whole;
}

bool history_begin(struct history *history, uint16_t number, const struct forest_origin *origin)
{
    struct forest *forest = history->forest;
    if (!origin->grown)
        return forest_begin(forest, number, origin);
    const uint16_t parent = origin->parent;
    if (!reserve_branch(history, parent) || !make_stretches(history, forest_depth(forest, parent) + 1) ||
        !branch_for_writing(history, number) || !forest_begin(forest, number, origin))
        return false;
    const uint64_t last = history_last_step(history, parent);
    history->branch[number]->last_step = last < origin->step ? last : origin->step;
    bool whole = true;
    for (unsigned s = 0; whole && s < SERIES_TOTAL; s++)
        whole = inherit(history, number, s) && digest(history, number, s);
    if (!whole) {
        branch_forget(history, number);
        forest_forget(forest, number);
    }
    keep_budget(history);
    return whole;
}

void history_forget(struct history *history, uint16_t branch)
{
    if (branch < history->branches)
        branch_forget(history, branch);
}

const struct forest *history_forest(const struct history *history)
{
    return history->forest;
}

/* ---- events ---- */

bool history_push_event(struct history *history, const struct event *event)
{
    if (history->events == EVENTS_MAX) {
        history->events /= 2;
        memmove(history->event, history->event + EVENTS_MAX - history->events, history->events * sizeof *event);
    }
    if (history->events == history->event_room) {
        size_t wanted = history->event_room == 0 ? 16 : history->event_room * 2;
        struct event *grown = mem_resize(history->event, history->event_room, wanted, sizeof *grown);
        if (!grown)
            return false;
        history->event = grown;
        history->event_room = wanted;
    }
    history->event[history->events++] = *event;
    return true;
}

size_t history_events(const struct history *history)
{
    return history->events;
}

const struct event *history_event(const struct history *history, size_t index)
{
    return index < history->events ? &history->event[index] : NULL;
}

size_t history_bytes(const struct history *history)
{
    size_t bytes = sizeof *history + forest_bytes(history->forest) + history->strand_bytes +
                   history->event_room * sizeof *history->event + history->branches * sizeof *history->branch +
                   history->stretch_room * sizeof *history->stretch;
    for (size_t b = 0; b < history->branches; b++)
        bytes += history->branch[b] ? sizeof *history->branch[b] : 0;
    return bytes;
}
