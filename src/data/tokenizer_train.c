/* Learns the merges of a tokenizer from counted pieces of text.
 *
 * DESIGN.  Text is not walked for each merge: its pieces are counted once (data/tokenizer_count.h), and each different
 * one is a word of symbols that shrinks in place.  Every pair of neighbours knows how often it occurs and in which
 * words; a merge visits only those of its pair.  A pair's count grows only during the merge that made the younger of
 * its two ids, and falls after that; so a heap may hold counts that are too high, and one that comes up with such a
 * count goes back with the right one. A pair's list may name words that it has left: the visit then finds nothing. */
#include <string.h>

#include "base/mem.h"
#include "data/tokenizer_count.h"
#include "data/tokenizer_parts.h"

#define NOWHERE UINT32_MAX
#define NO_ID   UINT32_MAX

struct word {
    uint32_t first; /* symbol */
    uint32_t length;
    uint32_t count;
};

struct pair {
    uint32_t key;
    uint32_t count;
    uint32_t place; /* the first of its list, or NOWHERE */
};

struct place {
    uint32_t word, next;
};

/* By count, then by key, the lower first. */
struct wanted {
    uint32_t count, key, pair;
};

struct training {
    uint16_t *symbol;
    struct word *word;
    size_t words;
    struct pair *pair;
    size_t pairs, pair_room;
    uint32_t *slot; /* of an open-addressed table, 2 x pair_room: pair + 1; 0: free */
    struct place *place;
    size_t places, place_room;
    struct wanted *heap; /* [pair_room] */
    size_t heaped;
};

static void training_free(struct training *training)
{
    mem_free(training->symbol);
    mem_free(training->word);
    mem_free(training->pair);
    mem_free(training->slot);
    mem_free(training->place);
    mem_free(training->heap);
}

/* ---- the heap ---- */

static bool before(const struct wanted *a, const struct wanted *b)
{
    return a->count != b->count ? a->count > b->count : a->key < b->key;
}

static void heap_push(struct training *training, uint32_t pair)
{
    const struct wanted pushed = {training->pair[pair].count, training->pair[pair].key, pair};
    struct wanted *heap = training->heap;
    size_t at = training->heaped++;
    for (; at > 0 && before(&pushed, &heap[(at - 1) / 2]); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = pushed;
}

static struct wanted heap_pop(struct training *training)
{
    struct wanted *heap = training->heap;
    const struct wanted top = heap[0], last = heap[--training->heaped];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < training->heaped && before(&heap[child + 1], &heap[child]))
            child++;
        if (child >= training->heaped || !before(&heap[child], &last))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

/* ---- pairs ---- */

static bool grow_pairs(struct training *training)
{
    const size_t room = training->pair_room ? 2 * training->pair_room : 1024, mask = 2 * room - 1;
    struct pair *pair = mem_resize(training->pair, training->pair_room, room, sizeof *pair);
    if (!pair)
        return false;
    training->pair = pair;
    struct wanted *heap = mem_resize(training->heap, training->pair_room, room, sizeof *heap);
    if (!heap)
        return false;
    training->heap = heap;
    uint32_t *slot = mem_alloc(2 * room, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < training->pairs; i++) {
        size_t at = pair_spread(pair[i].key) & mask;
        while (slot[at] != 0)
            at = (at + 1) & mask;
        slot[at] = (uint32_t)i + 1;
    }
    mem_free(training->slot);
    training->slot = slot;
    training->pair_room = room;
    return true;
}

/* The pair of that key, made where there is none; NULL: out of memory. */
static struct pair *pair_of(struct training *training, uint32_t key)
{
    if (training->pairs == training->pair_room && !grow_pairs(training))
        return NULL;
    const size_t mask = 2 * training->pair_room - 1;
    size_t at = pair_spread(key) & mask;
    for (; training->slot[at] != 0; at = (at + 1) & mask)
        if (training->pair[training->slot[at] - 1].key == key)
            return &training->pair[training->slot[at] - 1];
    training->pair[training->pairs++] = (struct pair){.key = key, .place = NOWHERE};
    training->slot[at] = (uint32_t)training->pairs;
    return &training->pair[training->pairs - 1];
}

static bool add_place(struct training *training, struct pair *pair, uint32_t word)
{
    if (pair->place != NOWHERE && training->place[pair->place].word == word)
        return true;
    if (training->places == training->place_room) {
        const size_t room = training->place_room ? 2 * training->place_room : 4096;
        struct place *place = mem_resize(training->place, training->place_room, room, sizeof *place);
        if (!place)
            return false;
        training->place = place;
        training->place_room = room;
    }
    training->place[training->places] = (struct place){.word = word, .next = pair->place};
    pair->place = (uint32_t)training->places++;
    return true;
}

/* Adds a word's pairs to the counts.  Those with the id `fresh`, or all where it is NO_ID, learn that they are in the
 * word. */
static bool add_pairs(struct training *training, uint32_t word, uint32_t fresh)
{
    const struct word *in = &training->word[word];
    const uint16_t *symbol = training->symbol + in->first;
    for (uint32_t i = 0; i + 1 < in->length; i++) {
        struct pair *pair = pair_of(training, pair_key(symbol[i], symbol[i + 1]));
        if (!pair)
            return false;
        pair->count += in->count;
        const bool listed = fresh == NO_ID || symbol[i] == fresh || symbol[i + 1] == fresh;
        if (listed && !add_place(training, pair, word))
            return false;
    }
    return true;
}

/* They are all there, so nothing is made. */
static void take_pairs(struct training *training, uint32_t word)
{
    const struct word *in = &training->word[word];
    const uint16_t *symbol = training->symbol + in->first;
    for (uint32_t i = 0; i + 1 < in->length; i++)
        pair_of(training, pair_key(symbol[i], symbol[i + 1]))->count -= in->count;
}

/* ---- training ---- */

static bool holds(const uint16_t *symbol, uint32_t length, uint16_t left, uint16_t right)
{
    for (uint32_t i = 0; i + 1 < length; i++)
        if (symbol[i] == left && symbol[i + 1] == right)
            return true;
    return false;
}

static bool merge_in_word(struct training *training, uint32_t at, uint32_t key, uint16_t id)
{
    struct word *word = &training->word[at];
    uint16_t *symbol = training->symbol + word->first;
    const uint16_t left = (uint16_t)(key >> 16), right = (uint16_t)key;
    if (!holds(symbol, word->length, left, right))
        return true;
    take_pairs(training, at);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < word->length; i++, kept++) {
        const bool meets = i + 1 < word->length && symbol[i] == left && symbol[i + 1] == right;
        symbol[kept] = meets ? id : symbol[i];
        i += meets;
    }
    word->length = kept;
    return add_pairs(training, at, id);
}

static bool merge_everywhere(struct training *training, uint32_t pair, uint16_t id)
{
    const size_t old = training->pairs;
    const uint32_t key = training->pair[pair].key;
    for (uint32_t at = training->pair[pair].place; at != NOWHERE; at = training->place[at].next)
        if (!merge_in_word(training, training->place[at].word, key, id))
            return false;
    for (size_t i = old; i < training->pairs; i++)
        heap_push(training, (uint32_t)i);
    return true;
}

/* The most frequent pair that occurs twice at least, or NOWHERE. */
static uint32_t best_pair(struct training *training)
{
    while (training->heaped > 0) {
        const struct wanted top = heap_pop(training);
        const uint32_t count = training->pair[top.pair].count;
        if (count == top.count)
            return count >= 2 ? top.pair : NOWHERE;
        if (count >= 2)
            heap_push(training, top.pair);
    }
    return NOWHERE;
}

static bool make_words(struct training *training, const struct piece_counts *counts)
{
    size_t symbols = 0;
    for (size_t i = 0; i < counts->pieces; i++)
        symbols += counts->piece[i].length;
    training->words = counts->pieces;
    training->word = mem_alloc(counts->pieces, sizeof *training->word);
    training->symbol = mem_alloc(symbols, sizeof *training->symbol);
    if (!training->word || !training->symbol)
        return false;
    symbols = 0;
    for (size_t i = 0; i < counts->pieces; i++) {
        const struct counted_piece *piece = &counts->piece[i];
        training->word[i] = (struct word){.first = (uint32_t)symbols, .length = piece->length, .count = piece->count};
        for (uint32_t k = 0; k < piece->length; k++)
            training->symbol[symbols++] = piece->bytes[k];
    }
    for (size_t i = 0; i < training->words; i++)
        if (!add_pairs(training, (uint32_t)i, NO_ID))
            return false;
    for (size_t i = 0; i < training->pairs; i++)
        heap_push(training, (uint32_t)i);
    return true;
}

static bool count_all(struct piece_counts *counts, const struct tokenizer_span *span, size_t spans)
{
    size_t total = 0;
    for (size_t i = 0; i < spans; i++)
        total += span[i].length;
    const double share = total > TOKENIZER_TRAINING_MAX ? (double)TOKENIZER_TRAINING_MAX / (double)total : 1;
    for (size_t i = 0; i < spans; i++)
        if (!piece_counts_add(counts, span[i].bytes, (size_t)(share * (double)span[i].length)))
            return false;
    return true;
}

enum status tokenizer_train(struct tokenizer **out, const struct tokenizer_span *span, size_t spans, size_t merges,
                            struct error *error)
{
    if (merges > TOKENIZER_MERGES_MAX)
        return error_set(error, STATUS_USAGE, "%zu merges: at most %d can be", merges, TOKENIZER_MERGES_MAX);
    struct tokenizer *tokenizer = tokenizer_create(merges);
    struct piece_counts counts = {.pieces = 0};
    struct training training = {.words = 0};
    bool enough = tokenizer != NULL;
    if (merges > 0)
        enough = enough && count_all(&counts, span, spans) && make_words(&training, &counts);
    for (size_t i = 0; i < merges && enough; i++) {
        const uint32_t pair = best_pair(&training);
        if (pair == NOWHERE)
            break;
        const uint32_t key = training.pair[pair].key;
        tokenizer_add(tokenizer, key >> 16, key & 0xffff);
        enough = merge_everywhere(&training, pair, (uint16_t)(TOKENIZER_BYTES + i));
    }
    training_free(&training);
    piece_counts_free(&counts);
    if (enough)
        *out = tokenizer;
    else
        tokenizer_free(tokenizer);
    return enough ? STATUS_OK : error_memory(error);
}
