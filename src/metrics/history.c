/* DESIGN.  What came in of one (branch, series) is a `struct strand` of levels.  Level 0 stores buckets as they came,
 * level l+1 stores the merged pairs of level l: a bucket of level l stands for 2^l that came in.
 *
 *  - The highest level is always complete.  When it is full, the next one is made from its pairs and takes its
 *    place, half full.  So the whole run is there at any time in at least COMPLETE/2 buckets.
 *  - Every level below it is a ring of its newest buckets: RECENT of level 0, MIDDLE of the others.  So the
 *    nearer to the present, the finer.  A level that would reach no further back than level 0 is not stored.
 *  - The bucket of a level that still waits for its partner is kept in `odd`.  A whole picture is the stored
 *    buckets of one level, followed by the odd ones of the levels below it, from the coarsest to the finest.
 *
 * The memory of a strand grows with the logarithm of the run; for all strands together there is a budget.
 * Beyond it, the largest of the branches that are not being written loses its finest level, or half of its
 * resolution when only one is left; among very many branches the oldest are forgotten. */
#include "metrics/history.h"

#include <string.h>

#include "base/mem.h"

enum {
    RECENT = HISTORY_RECENT, /* buckets of level 0 */
    MIDDLE = 1024,           /* of the levels between */
    COMPLETE = 4096,         /* of the highest level */
    SMALLEST = 32,           /* first allocation of a level, and the least that an old branch is thinned to */
    LEVELS_MAX = 64,
    EVENTS_MAX = 16384,
};

#define BUDGET ((size_t)48 << 20) /* bytes of buckets ... */
#define TARGET ((size_t)42 << 20) /* ... and what is left when it was passed, so that this is rare */

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
    unsigned levels;    /* at least 1 once something came in */
    struct bucket last; /* as it came in */
    struct bucket best; /* with the least minimum; count 0: none yet */
};

struct branch {
    struct strand *strand[SERIES_TOTAL]; /* NULL: nothing came in */
    uint64_t last_step;
    size_t bytes; /* of buckets */
};

struct history {
    struct branch **branch; /* by number; NULL: nothing came in, or forgotten */
    size_t branches;
    uint16_t writing;    /* branch of the newest bucket */
    size_t bucket_bytes; /* held by all levels */
    struct event *event;
    size_t events, event_room;
};

struct history *history_create(void)
{
    return mem_alloc(1, sizeof(struct history));
}

static void strand_free(struct strand *strand)
{
    if (!strand)
        return;
    for (unsigned l = 0; l < strand->levels; l++)
        mem_free(strand->level[l].slot);
    mem_free(strand->level);
    mem_free(strand);
}

static void branch_free(struct branch *branch)
{
    if (!branch)
        return;
    for (unsigned s = 0; s < SERIES_TOTAL; s++)
        strand_free(branch->strand[s]);
    mem_free(branch);
}

void history_free(struct history *history)
{
    if (!history)
        return;
    for (size_t b = 0; b < history->branches; b++)
        branch_free(history->branch[b]);
    mem_free(history->branch);
    mem_free(history->event);
    mem_free(history);
}

/* ---- levels ---- */

static const struct bucket *level_at(const struct level *level, uint32_t index)
{
    uint32_t slot = level->start + index;
    return &level->slot[slot < level->capacity ? slot : slot - level->capacity];
}

/* Gives the level room for `capacity` buckets and keeps the newest that fit. */
static bool level_set_capacity(struct history *history, struct branch *branch, struct level *level, uint32_t capacity)
{
    struct bucket *slot = mem_alloc(capacity, sizeof *slot);
    if (!slot)
        return false;
    uint32_t kept = level->count < capacity ? level->count : capacity;
    for (uint32_t i = 0; i < kept; i++)
        slot[i] = *level_at(level, level->count - kept + i);
    if (kept < level->count)
        level->complete = false;
    size_t change = (size_t)capacity - level->capacity; /* may wrap; the sums below do not */
    history->bucket_bytes += change * sizeof *slot;
    branch->bytes += change * sizeof *slot;
    mem_free(level->slot);
    level->slot = slot;
    level->capacity = capacity;
    level->start = 0;
    level->count = kept;
    return true;
}

static void level_drop(struct history *history, struct branch *branch, struct level *level)
{
    size_t bytes = level->capacity * sizeof *level->slot;
    history->bucket_bytes -= bytes;
    branch->bytes -= bytes;
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

/* ---- thinning ---- */

/* The finest stored level from `from` on; the highest is always stored. */
static unsigned finest_stored(const struct strand *strand, unsigned from)
{
    unsigned l = from;
    while (l + 1 < strand->levels && !strand->level[l].slot)
        l++;
    return l;
}

static bool strand_thin(struct history *history, struct branch *branch, struct strand *strand, bool writing)
{
    unsigned highest = strand->levels - 1;
    unsigned finest = finest_stored(strand, writing ? 1 : 0); /* the recent window of what is running stays */
    if (finest < highest) {
        level_drop(history, branch, &strand->level[finest]);
        return true;
    }
    struct level *level = &strand->level[highest];
    if (writing || level->count <= SMALLEST)
        return false;
    level->count = level_pairs(level, level->slot); /* a highest level never wraps: it starts at slot 0 */
    return level_set_capacity(history, branch, level, level->count);
}

static bool branch_thin(struct history *history, size_t number)
{
    struct branch *branch = history->branch[number];
    bool thinned = false;
    for (unsigned s = 0; s < SERIES_TOTAL; s++)
        if (branch->strand[s] && strand_thin(history, branch, branch->strand[s], number == history->writing))
            thinned = true;
    return thinned;
}

static void branch_forget(struct history *history, size_t number)
{
    history->bucket_bytes -= history->branch[number]->bytes;
    branch_free(history->branch[number]);
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
    for (size_t b = 0; b < history->branches && history->bucket_bytes > TARGET; b++)
        if (is_old(history, b) && history->branch[b]->bytes > most / 2 && branch_thin(history, b))
            thinned = true;
    return thinned;
}

static bool forget_oldest(struct history *history)
{
    bool forgotten = false;
    for (size_t b = 0; b < history->branches && history->bucket_bytes > TARGET; b++)
        if (is_old(history, b)) {
            branch_forget(history, b);
            forgotten = true;
        }
    return forgotten;
}

static void keep_budget(struct history *history)
{
    const struct branch *running = history->branch[history->writing];
    bool less = true;
    while (less && history->bucket_bytes > BUDGET)
        less = (running->bytes > BUDGET / 2 && branch_thin(history, history->writing)) || thin_largest(history) ||
               forget_oldest(history);
}

/* ---- pushing ---- */

/* A new highest level from the pairs of the present one, which becomes a ring. */
static bool strand_raise(struct history *history, struct branch *branch, struct strand *strand)
{
    unsigned highest = strand->levels - 1;
    struct level *grown = mem_resize(strand->level, strand->levels, strand->levels + 1, sizeof *grown);
    if (!grown)
        return false;
    strand->level = grown;
    struct level *below = &strand->level[highest], *above = &strand->level[highest + 1];
    *above = (struct level){.complete = true};
    if (!level_set_capacity(history, branch, above, COMPLETE))
        return false;
    above->count = level_pairs(below, above->slot);
    strand->levels++;
    if (highest > 0 && (uint64_t)MIDDLE << highest <= RECENT)
        level_drop(history, branch, below);
    else if (highest > 0)
        (void)level_set_capacity(history, branch, below, MIDDLE); /* without memory it only stays larger */
    return true;
}

/* Sees to it that the highest level can take one more bucket. */
static bool strand_make_room(struct history *history, struct branch *branch, struct strand *strand)
{
    struct level *highest = &strand->level[strand->levels - 1];
    if (highest->count < highest->capacity)
        return true;
    uint32_t limit = strand->levels == 1 ? RECENT : COMPLETE;
    bool made;
    if (highest->capacity < limit) {
        uint32_t wanted = highest->capacity < SMALLEST / 2 ? SMALLEST : highest->capacity * 2;
        made = level_set_capacity(history, branch, highest, wanted < limit ? wanted : limit);
    } else {
        made = strand->levels < LEVELS_MAX && strand_raise(history, branch, strand);
    }
    if (made)
        keep_budget(history);
    return made;
}

/* Stores the bucket, and each pair that it completes one level higher. */
static void strand_store(struct strand *strand, const struct bucket *bucket)
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

static struct branch *branch_for_writing(struct history *history, uint16_t number)
{
    if (number >= history->branches) {
        size_t wanted = history->branches == 0 ? 8 : history->branches * 2;
        if (wanted <= number)
            wanted = (size_t)number + 1;
        struct branch **grown = mem_resize(history->branch, history->branches, wanted, sizeof(*grown));
        if (!grown)
            return NULL;
        history->branch = grown;
        history->branches = wanted;
    }
    if (!history->branch[number])
        history->branch[number] = mem_alloc(1, sizeof(struct branch));
    return history->branch[number];
}

static struct strand *strand_for_writing(struct branch *branch, unsigned series)
{
    if (branch->strand[series])
        return branch->strand[series];
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
    branch->strand[series] = strand;
    return strand;
}

bool history_push(struct history *history, const struct bucket *bucket)
{
    if (bucket->series >= SERIES_TOTAL)
        return false;
    struct branch *branch = branch_for_writing(history, bucket->branch);
    if (!branch)
        return false;
    history->writing = bucket->branch;
    struct strand *strand = strand_for_writing(branch, bucket->series);
    if (!strand || !strand_make_room(history, branch, strand))
        return false;
    strand_store(strand, bucket);
    strand->last = *bucket;
    if (bucket->count > 0 && (strand->best.count == 0 || bucket->min < strand->best.min))
        strand->best = *bucket;
    if (bucket->last_step > branch->last_step)
        branch->last_step = bucket->last_step;
    return true;
}

/* ---- reading ---- */

static const struct branch *branch_for_reading(const struct history *history, uint16_t number)
{
    return number < history->branches ? history->branch[number] : NULL;
}

/* NULL unless something came in. */
static const struct strand *strand_for_reading(const struct history *history, uint16_t number, unsigned series)
{
    const struct branch *branch = branch_for_reading(history, number);
    const struct strand *strand = branch && series < SERIES_TOTAL ? branch->strand[series] : NULL;
    return strand && strand->level[strand->levels - 1].count > 0 ? strand : NULL;
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

struct reader {
    double from, width; /* of the whole window, in steps */
    size_t columns;
    struct bucket *out;
    size_t column; /* that the last bucket fell into */
    double edge;   /* where that column ends; buckets come in ascending order */
    size_t filled;
};

static double reader_edge(const struct reader *reader, size_t column)
{
    return reader->from + reader->width * (double)column / (double)reader->columns;
}

/* Counts the bucket in the column of its last step; false when that is beyond the window. */
static bool reader_take(struct reader *reader, const struct bucket *bucket)
{
    double step = (double)bucket->last_step;
    if (step < reader->from)
        return true;
    if (step >= reader->edge) {
        if (step >= reader->from + reader->width)
            return false;
        /* The quotient may be off by one where it is rounded: the edges decide. */
        size_t column = (size_t)((step - reader->from) / reader->width * (double)reader->columns);
        column = column < reader->columns ? column : reader->columns - 1;
        while (column > reader->column && step < reader_edge(reader, column))
            column--;
        while (column + 1 < reader->columns && step >= reader_edge(reader, column + 1))
            column++;
        reader->column = column;
        reader->edge = reader_edge(reader, column + 1);
    }
    struct bucket *into = &reader->out[reader->column];
    if (into->count == 0 && into->nonfinite == 0) {
        *into = *bucket;
        reader->filled += bucket->count > 0 || bucket->nonfinite > 0;
    } else {
        bucket_merge(into, bucket);
    }
    return true;
}

size_t history_read(const struct history *history, uint16_t branch, unsigned series, double from, double to,
                    size_t columns, struct bucket *out)
{
    memset(out, 0, columns * sizeof *out);
    const struct strand *strand = strand_for_reading(history, branch, series);
    if (!strand || columns == 0 || !(to > from))
        return 0;
    struct reader reader = {.from = from, .width = to - from, .columns = columns, .out = out};
    reader.edge = reader_edge(&reader, 1);

    unsigned l = level_reaching(strand, from);
    const struct level *level = &strand->level[l];
    bool inside = true;
    for (uint32_t i = level_search(level, from); inside && i < level->count; i++)
        inside = reader_take(&reader, level_at(level, i));
    while (inside && l-- > 0)
        if (strand->level[l].has_odd)
            inside = reader_take(&reader, &strand->level[l].odd);
    return reader.filled;
}

const struct bucket *history_last(const struct history *history, uint16_t branch, unsigned series)
{
    const struct strand *strand = strand_for_reading(history, branch, series);
    return strand ? &strand->last : NULL;
}

const struct bucket *history_best(const struct history *history, uint16_t branch, unsigned series)
{
    const struct strand *strand = strand_for_reading(history, branch, series);
    return strand && strand->best.count > 0 ? &strand->best : NULL;
}

size_t history_recent(const struct history *history, uint16_t branch, unsigned series, size_t most, struct bucket *out)
{
    const struct strand *strand = strand_for_reading(history, branch, series);
    if (!strand)
        return 0;
    unsigned finest = finest_stored(strand, 0);
    size_t odd = 0; /* buckets newer than the stored ones: only where an old branch was thinned */
    for (unsigned l = 0; l < finest; l++)
        odd += strand->level[l].has_odd;
    const struct level *level = &strand->level[finest];
    size_t skip = level->count + odd > most ? level->count + odd - most : 0, number = 0;
    for (size_t i = skip; i < level->count; i++)
        out[number++] = *level_at(level, (uint32_t)i);
    skip = skip > level->count ? skip - level->count : 0;
    for (unsigned l = finest; l-- > 0;)
        if (strand->level[l].has_odd) {
            if (skip == 0)
                out[number++] = strand->level[l].odd;
            else
                skip--;
        }
    return number;
}

uint64_t history_last_step(const struct history *history, uint16_t branch)
{
    const struct branch *found = branch_for_reading(history, branch);
    return found ? found->last_step : 0;
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
    size_t bytes = sizeof *history + history->bucket_bytes + history->event_room * sizeof *history->event +
                   history->branches * sizeof(struct branch *);
    for (size_t b = 0; b < history->branches; b++) {
        const struct branch *branch = history->branch[b];
        if (!branch)
            continue;
        bytes += sizeof *branch;
        for (unsigned s = 0; s < SERIES_TOTAL; s++)
            if (branch->strand[s])
                bytes += sizeof(struct strand) + branch->strand[s]->levels * sizeof(struct level);
    }
    return bytes;
}
