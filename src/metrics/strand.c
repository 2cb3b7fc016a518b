/* Stores the values of one branch and series in levels of wider and wider buckets. */
#include "metrics/strand.h"

#include <math.h>

#include "base/mem.h"
#include "metrics/history.h"

enum {
    RECENT = HISTORY_RECENT, /* buckets of level 0 */
    MIDDLE = 1024,           /* of the levels between */
    COMPLETE = STRAND_COMPLETE,
    SMALLEST = 32, /* first allocation of a level, and the least that a strand is thinned to */
};

struct level {
    struct bucket *slot; /* ring of `capacity`, NULL when thinned away */
    uint32_t capacity;
    uint32_t start; /* slot of the oldest */
    uint32_t count;
    bool complete; /* nothing has been overwritten */
    bool has_odd;
    struct bucket odd; /* carried when its partner comes */
};

struct strand {
    struct level *level;
    unsigned levels;     /* at least 1 */
    size_t bucket_bytes; /* of all levels */
    struct bucket last;  /* as it came in */
    struct bucket best;  /* with the least minimum; count 0: none yet */
};

struct strand *strand_create(void)
{
    struct strand *strand = mem_alloc(1, sizeof *strand);
    if (!strand)
        return NULL;
    strand->level = mem_alloc(1, sizeof *strand->level);
    if (!strand->level) {
        mem_free(strand);
        return NULL;
    }
    strand->level[0].complete = true;
    strand->levels = 1;
    return strand;
}

void strand_free(struct strand *strand)
{
    if (!strand)
        return;
    for (unsigned l = 0; l < strand->levels; l++)
        mem_free(strand->level[l].slot);
    mem_free(strand->level);
    mem_free(strand);
}

size_t strand_bytes(const struct strand *strand)
{
    return sizeof *strand + strand->levels * sizeof *strand->level + strand->bucket_bytes;
}

/* ---- levels ---- */

static const struct bucket *level_at(const struct level *level, uint32_t index)
{
    uint32_t slot = level->start + index;
    return &level->slot[slot < level->capacity ? slot : slot - level->capacity];
}

/* Gives the level room for `capacity` buckets and keeps the newest that fit. */
static bool level_set_capacity(struct strand *strand, struct level *level, uint32_t capacity)
{
    struct bucket *slot = mem_alloc(capacity, sizeof *slot);
    if (!slot)
        return false;
    uint32_t kept = level->count < capacity ? level->count : capacity;
    for (uint32_t i = 0; i < kept; i++)
        slot[i] = *level_at(level, level->count - kept + i);
    if (kept < level->count)
        level->complete = false;
    size_t change = (size_t)capacity - level->capacity; /* may wrap; the sum does not */
    strand->bucket_bytes += change * sizeof *slot;
    mem_free(level->slot);
    level->slot = slot;
    level->capacity = capacity;
    level->start = 0;
    level->count = kept;
    return true;
}

static void level_drop(struct strand *strand, struct level *level)
{
    strand->bucket_bytes -= level->capacity * sizeof *level->slot;
    mem_free(level->slot);
    level->slot = NULL;
    level->capacity = level->start = level->count = 0;
    level->complete = false;
}

/* The merged pairs of `level`, from the oldest; a last one without a partner stays alone.  Their number; `out` may
 * be the level's own slots while it starts at slot 0. */
static uint32_t level_pairs(const struct level *level, struct bucket *out)
{
    uint32_t pairs = 0;
    for (uint32_t i = 0; i < level->count; i += 2) {
        struct bucket pair = *level_at(level, i);
        if (i + 1 < level->count)
            bucket_merge(&pair, level_at(level, i + 1));
        out[pairs++] = pair;
    }
    return pairs;
}

/* Overwrites the oldest when full. */
static void level_store(struct level *level, const struct bucket *bucket)
{
    if (level->capacity == 0)
        return;
    if (level->count < level->capacity) {
        uint32_t slot = level->start + level->count++;
        level->slot[slot < level->capacity ? slot : slot - level->capacity] = *bucket;
    } else {
        level->slot[level->start] = *bucket;
        level->start = level->start + 1 < level->capacity ? level->start + 1 : 0;
        level->complete = false;
    }
}

/* Index of the first bucket that ends at `from` or later. */
static uint32_t level_search(const struct level *level, double from)
{
    uint32_t low = 0, high = level->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if ((double)level_at(level, middle)->last_step < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- pushing ---- */

/* A new highest level from the pairs of the present one, which becomes a ring. */
static bool raise_highest(struct strand *strand)
{
    unsigned highest = strand->levels - 1;
    struct level *grown = mem_resize(strand->level, strand->levels, strand->levels + 1, sizeof *grown);
    if (!grown)
        return false;
    strand->level = grown;
    struct level *below = &strand->level[highest], *above = &strand->level[highest + 1];
    *above = (struct level){.complete = true};
    if (!level_set_capacity(strand, above, COMPLETE))
        return false;
    above->count = level_pairs(below, above->slot);
    strand->levels++;
    if (highest > 0 && (uint64_t)MIDDLE << highest <= RECENT)
        level_drop(strand, below);
    else if (highest > 0)
        (void)level_set_capacity(strand, below, MIDDLE); /* without memory it only stays larger */
    return true;
}

/* Sees to it that the highest level can take one more bucket. */
static bool make_room(struct strand *strand)
{
    struct level *highest = &strand->level[strand->levels - 1];
    if (highest->count < highest->capacity)
        return true;
    uint32_t limit = strand->levels == 1 ? RECENT : COMPLETE;
    if (highest->capacity >= limit)
        return strand->levels < STRAND_LEVELS_MAX && raise_highest(strand);
    uint32_t wanted = highest->capacity < SMALLEST / 2 ? SMALLEST : highest->capacity * 2;
    return level_set_capacity(strand, highest, wanted < limit ? wanted : limit);
}

/* Stores the bucket, and each pair that it completes one level higher. */
static void store(struct strand *strand, const struct bucket *bucket)
{
    struct bucket carried = *bucket;
    for (unsigned l = 0;; l++) {
        struct level *level = &strand->level[l];
        level_store(level, &carried);
        if (l + 1 == strand->levels)
            return;
        if (!level->has_odd) {
            level->odd = carried;
            level->has_odd = true;
            return;
        }
        level->has_odd = false;
        struct bucket pair = level->odd;
        bucket_merge(&pair, &carried);
        carried = pair;
    }
}

bool strand_push(struct strand *strand, const struct bucket *bucket)
{
    if (!make_room(strand))
        return false;
    store(strand, bucket);
    strand->last = *bucket;
    if (bucket->count > 0 && (strand->best.count == 0 || bucket->min < strand->best.min))
        strand->best = *bucket;
    return true;
}

/* ---- thinning ---- */

/* The finest stored level from `from` on; the highest is always stored. */
static unsigned finest_stored(const struct strand *strand, unsigned from)
{
    unsigned l = from;
    while (l + 1 < strand->levels && !strand->level[l].slot)
        l++;
    return l;
}

bool strand_thin(struct strand *strand, bool running)
{
    unsigned highest = strand->levels - 1;
    unsigned finest = finest_stored(strand, running ? 1 : 0);
    if (finest < highest) {
        level_drop(strand, &strand->level[finest]);
        return true;
    }
    struct level *level = &strand->level[highest];
    if (running || level->count <= SMALLEST)
        return false;
    level->count = level_pairs(level, level->slot); /* a highest level never wraps: it starts at slot 0 */
    return level_set_capacity(strand, level, level->count);
}

/* ---- reading ---- */

const struct bucket *strand_last(const struct strand *strand)
{
    return strand->last.count > 0 || strand->last.nonfinite > 0 ? &strand->last : NULL;
}

const struct bucket *strand_best(const struct strand *strand)
{
    return strand->best.count > 0 ? &strand->best : NULL;
}

void strand_inherit(struct strand *strand, const struct bucket *last, const struct bucket *best)
{
    if (last)
        strand->last = *last;
    if (best)
        strand->best = *best;
}

/* The finest level that has not lost any bucket that ends at `from` or later. */
static unsigned level_reaching(const struct strand *strand, double from)
{
    unsigned l = 0;
    for (; l + 1 < strand->levels; l++) {
        const struct level *level = &strand->level[l];
        if (level->count > 0 && (level->complete || (double)level_at(level, 0)->first_step <= from))
            break;
    }
    return l;
}

/* Buckets of the level that end up to `until`. */
static uint32_t count_until(const struct level *level, uint64_t until)
{
    return until == STRAND_ALL ? level->count : level_search(level, (double)until + 1);
}

static void add_run(struct strand_part *part, struct strand_run run)
{
    if (run.count == 0)
        return;
    part->run[part->runs++] = run;
    part->count += run.count;
}

static struct strand_run level_run(const struct level *level, uint32_t first, uint32_t end)
{
    uint32_t start = level->start + first;
    return (struct strand_run){.slot = level->slot,
                               .capacity = level->capacity,
                               .start = start < level->capacity ? start : start - level->capacity,
                               .count = end > first ? end - first : 0};
}

/* Level `l`, then of each finer one what the levels before it have not: the odd bucket, or, where a pair reaches beyond
 * `until`, its first half. */
static void part_of(const struct strand *strand, unsigned l, double from, uint64_t until, struct strand_part *out)
{
    out->count = 0;
    out->runs = 0;
    for (unsigned at = l;; at--) {
        const struct level *level = &strand->level[at];
        if (at < l && level->has_odd && level->odd.last_step <= until) {
            if ((double)level->odd.last_step >= from)
                add_run(out, (struct strand_run){.slot = &level->odd, .capacity = 1, .count = 1});
            from = fmax(from, (double)level->odd.last_step + 1);
        } else if (level->count > 0 && (at == l || until != STRAND_ALL)) {
            const uint32_t end = count_until(level, until);
            add_run(out, level_run(level, level_search(level, from), end));
            if (end > 0)
                from = fmax(from, (double)level_at(level, end - 1)->last_step + 1);
        }
        if (at == 0)
            return;
    }
}

void strand_since(const struct strand *strand, double from, uint64_t until, struct strand_part *out)
{
    part_of(strand, level_reaching(strand, from), from, until, out);
}

void strand_coarse(const struct strand *strand, double from, uint64_t until, struct strand_part *out)
{
    part_of(strand, strand->levels - 1, from, until, out);
}

bool strand_finest(const struct strand *strand, uint64_t until, struct strand_part *out)
{
    unsigned l = finest_stored(strand, 0);
    while (l + 1 < strand->levels && (!strand->level[l].slot || count_until(&strand->level[l], until) == 0))
        l++;
    part_of(strand, l, -INFINITY, until, out);
    return strand->level[l].complete;
}

/* The finest level below `l` that has buckets, or `l`. */
static unsigned next_finer(const struct strand *strand, unsigned l)
{
    for (unsigned at = l; at-- > 0;)
        if (strand->level[at].count > 0)
            return at;
    return l;
}

void strand_all(const struct strand *strand, double from, uint64_t until, struct strand_part *out)
{
    out->count = 0;
    out->runs = 0;
    for (unsigned l = strand->levels; l-- > 0;) {
        const struct level *level = &strand->level[l];
        const unsigned finer = next_finer(strand, l);
        if (level->count > 0) {
            uint32_t end = count_until(level, until);
            if (finer != l) { /* up to where that begins, and a bucket in the middle of which it does */
                const double begins = (double)level_at(&strand->level[finer], 0)->first_step;
                uint32_t here = level_search(level, begins);
                here += here < level->count && (double)level_at(level, here)->first_step < begins;
                end = here < end ? here : end;
            }
            add_run(out, level_run(level, level_search(level, from), end));
            if (end > 0)
                from = fmax(from, (double)level_at(level, end - 1)->last_step + 1);
        } else if (finer == l && level->has_odd && level->odd.last_step <= until &&
                   (double)level->odd.last_step >= from) {
            add_run(out, (struct strand_run){.slot = &level->odd, .capacity = 1, .count = 1});
        }
    }
}

bool strand_last_until(const struct strand *strand, uint64_t until, struct bucket *out)
{
    if (strand_last(strand) && strand->last.last_step <= until) {
        *out = strand->last;
        return true;
    }
    struct strand_part part;
    (void)strand_finest(strand, until, &part);
    if (part.count > 0)
        *out = *strand_part_at(&part, part.count - 1);
    return part.count > 0;
}

/* The first of the least of level `l` in [from, until]; false when none is less than *found. */
static bool least_of_level(const struct strand *strand, unsigned l, double from, uint64_t until, struct bucket *found)
{
    struct strand_part part;
    bool less = false;
    part_of(strand, l, from, until, &part);
    for (size_t i = 0; i < part.count; i++) {
        const struct bucket *bucket = strand_part_at(&part, i);
        if (bucket->count > 0 && (found->count == 0 || bucket->min < found->min)) {
            *found = *bucket;
            less = true;
        }
    }
    return less;
}

bool strand_best_until(const struct strand *strand, uint64_t until, struct bucket *out)
{
    if (strand_best(strand) && strand->best.last_step <= until) {
        *out = strand->best;
        return true;
    }
    struct bucket found = {0};
    if (!least_of_level(strand, strand->levels - 1, -INFINITY, until, &found))
        return false;
    for (unsigned l = strand->levels - 1; l-- > 0;) { /* which of the finer ones it was */
        struct bucket finer = {0};
        if (least_of_level(strand, l, (double)found.first_step, found.last_step, &finer) && finer.min == found.min)
            found = finer;
    }
    *out = found;
    return true;
}
