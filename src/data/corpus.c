/* Holds texts as tokens: blocks of tokens cut into rows, the rows shared out for training and test. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/text.h"
#include "data/corpus_parts.h"

/* Purposes within RANDOM_SPLIT: step 0 is the split itself. */
#define STEP_START 1

struct corpus *corpus_create(const char *path, size_t context, size_t blocks, size_t stores)
{
    struct corpus *corpus = mem_alloc(1, sizeof *corpus);
    if (!corpus)
        return NULL;
    const char *slash = strrchr(path, '/');
    corpus->context = context;
    corpus->name = mem_string(slash ? slash + 1 : path);
    corpus->block = mem_alloc(blocks, sizeof *corpus->block);
    corpus->store = mem_alloc(stores, sizeof *corpus->store);
    corpus->stores = stores;
    if (corpus->name && corpus->block && corpus->store)
        return corpus;
    corpus_free(corpus);
    return NULL;
}

void corpus_free(struct corpus *corpus)
{
    if (!corpus)
        return;
    for (size_t i = 0; corpus->store && i < corpus->stores; i++)
        mem_free(corpus->store[i]);
    mem_free(corpus->store);
    mem_free(corpus->block);
    mem_free(corpus->name);
    mem_free(corpus->report);
    mem_free(corpus->notes);
    mem_free(corpus->pair);
    mem_free(corpus->text);
    tokenizer_free(corpus->own);
    mem_free(corpus);
}

enum status corpus_check(const struct corpus_options *options, double *test_fraction, struct error *error)
{
    *test_fraction = options->test_fraction != 0 ? options->test_fraction : CORPUS_TEST_FRACTION;
    if (options->context == 0 || options->context > CORPUS_CONTEXT_MAX)
        return error_set(error, STATUS_USAGE, "a context of %zu tokens: 1 to %d can be", options->context,
                         CORPUS_CONTEXT_MAX);
    if (!(*test_fraction > 0 && *test_fraction < 1))
        return error_set(error, STATUS_USAGE, "a share of %g for the test: it must be between 0 and 1", *test_fraction);
    return STATUS_OK;
}

size_t corpus_bytes(const struct corpus *corpus)
{
    size_t tokens = 0;
    for (size_t i = 0; i < corpus->blocks; i++)
        tokens += corpus->block[i].tokens;
    return tokens * sizeof *corpus->block->token;
}

uint64_t corpus_tokens_hash(const struct corpus *corpus)
{
    uint64_t hash = hash_bytes(HASH_START, &corpus->train, sizeof corpus->train);
    for (size_t i = 0; i < corpus->blocks; i++)
        hash = hash_block(hash, corpus->block[i].token, corpus->block[i].tokens * sizeof *corpus->block->token);
    return hash;
}

/* Windows of a block; a pair is one, however short. */
static size_t windows_of(size_t tokens, size_t asked, size_t context)
{
    return asked > 1 ? 1 : tokens > context ? (tokens - 1) / context : 0;
}

void corpus_add(struct corpus *corpus, const uint16_t *token, size_t tokens, size_t asked, bool test)
{
    const size_t windows = windows_of(tokens, asked, corpus->context);
    corpus->block[corpus->blocks++] =
        (struct corpus_block){.token = token, .tokens = tokens, .asked = asked, .first_row = corpus->rows};
    corpus->rows += windows;
    corpus->train += test ? 0 : windows;
}

static bool have_common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a > 1;
}

/* Steps of about the golden section of a circle spread over it evenly, wherever one stops (Weyl's sequence, in whole
 * numbers); a step that has no divisor in common with the circle meets each place once. */
static void spread_rows(struct corpus *corpus, uint64_t seed)
{
    corpus->stride = (uint64_t)(0.6180339887498949 * (double)corpus->train);
    corpus->stride += corpus->stride == 0;
    while (have_common_divisor(corpus->stride, corpus->train))
        corpus->stride++;
    const uint32_t drawn = random_bits(random_key(seed, RANDOM_SPLIT, STEP_START), 0);
    corpus->start = (uint64_t)drawn * corpus->train >> 32;
}

static double measure_tokens(const struct corpus *corpus)
{
    double bytes = 0, tokens = 0;
    for (size_t row = corpus->train; row < corpus->rows && corpus->tokenizer; row++) {
        const struct corpus_passage passage = corpus_passage(corpus, row, 0, CORPUS_STILL);
        for (size_t i = passage.asked; i < passage.count; i++) {
            size_t length;
            tokenizer_bytes(corpus->tokenizer, passage.token[i], &length);
            bytes += (double)length;
            tokens++;
        }
    }
    return tokens > 0 ? bytes / tokens : 1;
}

void corpus_finish(struct corpus *corpus, uint64_t seed)
{
    spread_rows(corpus, seed);
    corpus->bytes_per_token = measure_tokens(corpus);
}

enum status corpus_random(struct corpus **out, size_t vocabulary, size_t context, size_t train, size_t test,
                          uint64_t seed, struct error *error)
{
    const size_t windows[2] = {train, test};
    struct corpus *corpus = corpus_create("random", context, 2, 2);
    bool enough = corpus && (corpus->report = mem_string("random tokens"));
    for (size_t part = 0; part < 2 && enough; part++) {
        const size_t tokens = (windows[part] + 1) * context; /* so that windows have where to move */
        const uint32_t key = random_key(seed, RANDOM_SAMPLE, part);
        uint16_t *token = corpus->store[part] = mem_alloc(tokens, sizeof *token);
        enough = token != NULL;
        for (size_t i = 0; i < tokens && enough; i++)
            token[i] = (uint16_t)((uint64_t)random_bits(key, (uint32_t)i) * vocabulary >> 32);
        if (enough)
            corpus_add(corpus, token, tokens, 1, part == 1);
    }
    if (!enough) {
        corpus_free(corpus);
        return error_memory(error);
    }
    corpus->vocabulary = vocabulary;
    corpus_finish(corpus, seed);
    *out = corpus;
    return STATUS_OK;
}

bool corpus_note_encoding(struct corpus *corpus, const void *text, size_t length)
{
    char note[400];
    const size_t line = encoding_first_wrong(text, length);
    if (line == 0)
        return true;
    snprintf(
        note, sizeof note,
        "%.150s: line %zu is no UTF-8: such bytes are learnt one by one; convert the file if it is a text in another "
        "encoding (iconv -f LATIN1 -t UTF-8 OLD > NEW)",
        corpus->name, line);
    text_clean(note);
    return (corpus->notes = mem_string(note)) != NULL;
}

/* ---- reading ---- */

const char *corpus_name(const struct corpus *corpus)
{
    return corpus->name;
}

const char *corpus_report(const struct corpus *corpus)
{
    return corpus->report;
}

const char *corpus_notes(const struct corpus *corpus)
{
    return corpus->notes ? corpus->notes : "";
}

size_t corpus_rows(const struct corpus *corpus)
{
    return corpus->rows;
}

size_t corpus_train(const struct corpus *corpus)
{
    return corpus->train;
}

size_t corpus_context(const struct corpus *corpus)
{
    return corpus->context;
}

size_t corpus_vocabulary(const struct corpus *corpus)
{
    return corpus->vocabulary;
}

const struct tokenizer *corpus_tokenizer(const struct corpus *corpus)
{
    return corpus->tokenizer;
}

double corpus_bytes_per_token(const struct corpus *corpus)
{
    return corpus->bytes_per_token;
}

/* The last block that begins at this window or before it, and has windows. */
static size_t find_block(const struct corpus *corpus, size_t window)
{
    size_t first = 0, behind = corpus->blocks;
    while (behind - first > 1) {
        const size_t middle = first + (behind - first) / 2;
        if (corpus->block[middle].first_row <= window)
            first = middle;
        else
            behind = middle;
    }
    return first;
}

/* How far the windows of a block are moved: any way that its rest leaves. */
static size_t shift_of(const struct corpus *corpus, size_t block, uint64_t seed, uint64_t epoch)
{
    const size_t tokens = corpus->block[block].tokens;
    const size_t rest = tokens > corpus->context ? (tokens - 1) % corpus->context : 0;
    const uint32_t drawn = random_bits(random_key(seed, RANDOM_WINDOW, epoch), (uint32_t)block);
    return (size_t)((uint64_t)drawn * (rest + 1) >> 32);
}

struct corpus_passage corpus_passage(const struct corpus *corpus, size_t row, uint64_t seed, uint64_t epoch)
{
    const bool trains = row < corpus->train;
    const size_t window = trains ? (size_t)((corpus->start + row * corpus->stride) % corpus->train) : row;
    const size_t at = find_block(corpus, window);
    const struct corpus_block *block = &corpus->block[at];
    size_t first = (window - block->first_row) * corpus->context;
    if (trains && epoch != CORPUS_STILL)
        first += shift_of(corpus, at, seed, epoch);
    const size_t left = block->tokens - first;
    return (struct corpus_passage){
        .token = block->token + first,
        .count = left <= corpus->context ? left : corpus->context + 1,
        .asked = block->asked,
    };
}

void corpus_row(const struct corpus *corpus, size_t row, uint64_t seed, uint64_t epoch, int32_t *x, int32_t *y)
{
    const struct corpus_passage passage = corpus_passage(corpus, row, seed, epoch);
    for (size_t i = 0; i < corpus->context; i++) {
        const bool within = i + 1 < passage.count;
        x[i] = within ? passage.token[i] : 0;
        y[i] = within && i + 1 >= passage.asked ? passage.token[i + 1] : CORPUS_IGNORED;
    }
}

/* Pairs are in the order of their windows. */
static const struct corpus_pair *pair_of(const struct corpus *corpus, size_t row)
{
    return &corpus->pair[row < corpus->train ? (corpus->start + row * corpus->stride) % corpus->train : row];
}

const char *corpus_prompt(const struct corpus *corpus, size_t row, size_t *length)
{
    *length = 0;
    if (!corpus->pair)
        return NULL;
    *length = pair_of(corpus, row)->prompt_length;
    return corpus->text + pair_of(corpus, row)->prompt;
}

const char *corpus_response(const struct corpus *corpus, size_t row, size_t *length)
{
    *length = 0;
    if (!corpus->pair)
        return NULL;
    *length = pair_of(corpus, row)->response_length;
    return corpus->text + pair_of(corpus, row)->response;
}
