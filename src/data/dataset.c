/* Holds the rows of a data set, hashes them, and draws which training labels are wrong. */
#include "data/dataset.h"

#include <stdbool.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/random.h"
#include "data/corpus.h"
#include "data/source.h"

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; names && i < count; i++)
        mem_free(names[i]);
    mem_free(names);
}

void dataset_free(struct dataset *dataset)
{
    if (!dataset)
        return;
    free_names(dataset->input_name, dataset->inputs);
    free_names(dataset->class_name, dataset->classes);
    mem_free(dataset->name);
    mem_free(dataset->x);
    mem_free(dataset->label);
    mem_free(dataset->target);
    mem_free(dataset->input_mean);
    mem_free(dataset->input_sd);
    mem_free(dataset->target_name);
    mem_free(dataset->report);
    mem_free(dataset->notes);
    source_free(dataset->source);
    corpus_free(dataset->corpus);
    mem_free(dataset);
}

size_t dataset_bytes(const struct dataset *dataset)
{
    const size_t answer = dataset->label ? sizeof *dataset->label : sizeof *dataset->target;
    if (dataset->corpus)
        return corpus_bytes(dataset->corpus);
    return dataset->rows * (dataset->inputs * sizeof *dataset->x + answer);
}

static uint64_t hash_doubles(uint64_t hash, const double *value, size_t count)
{
    return value ? hash_bytes(hash, value, count * sizeof *value) : hash;
}

uint64_t dataset_hash(const struct dataset *dataset)
{
    if (dataset->corpus)
        return corpus_tokens_hash(dataset->corpus);
    uint64_t hash = hash_bytes(HASH_START, &dataset->train, sizeof dataset->train);
    hash = hash_block(hash, dataset->x, dataset->rows * dataset->inputs * sizeof *dataset->x);
    hash = dataset->label ? hash_block(hash, dataset->label, dataset->rows * sizeof *dataset->label)
                          : hash_block(hash, dataset->target, dataset->rows * sizeof *dataset->target);
    hash = hash_doubles(hash, dataset->input_mean, dataset->inputs);
    hash = hash_doubles(hash, dataset->input_sd, dataset->inputs);
    hash = hash_doubles(hash, &dataset->target_mean, 1);
    return hash_doubles(hash, &dataset->target_sd, 1);
}

enum status dataset_from_corpus(struct dataset **out, struct corpus *corpus, struct error *error)
{
    struct dataset *dataset = mem_alloc(1, sizeof *dataset);
    if (!dataset) {
        corpus_free(corpus);
        return error_memory(error);
    }
    *dataset = (struct dataset){
        .name = mem_string(corpus_name(corpus)),
        .kind = TASK_TEXT,
        .rows = corpus_rows(corpus),
        .train = corpus_train(corpus),
        .inputs = corpus_context(corpus),
        .classes = corpus_vocabulary(corpus),
        .target_sd = 1,
        .report = mem_string(corpus_report(corpus)),
        .notes = mem_string(corpus_notes(corpus)),
        .corpus = corpus,
    };
    if (!dataset->name || !dataset->report || !dataset->notes) {
        dataset_free(dataset);
        return error_memory(error);
    }
    *out = dataset;
    return STATUS_OK;
}

/* Multiples of the golden ratio modulo 1, shifted by the seed, fill [0, 1) evenly (Weyl): of the first n rows about
 * noise x n fall below the noise, for every n, give or take two.  The rows themselves are in random order. */
static bool is_wrong(const struct dataset *dataset, size_t row, double noise, uint64_t seed)
{
    if (!(noise > 0.0) || row >= dataset->train)
        return false;
    uint32_t place = (uint32_t)row * 0x9e3779b9u + random_key(seed, RANDOM_LABEL_NOISE, 0);
    return (double)place < noise * 0x1p32;
}

/* Uniform in 0 … n-1, the same for a row at any noise. */
static uint32_t draw_below(uint64_t seed, size_t row, size_t n)
{
    uint32_t bits = random_bits(random_key(seed, RANDOM_LABEL_NOISE, 1), (uint32_t)row);
    return (uint32_t)((uint64_t)bits * n >> 32);
}

int32_t dataset_label(const struct dataset *dataset, size_t row, double noise, uint64_t seed)
{
    int32_t label = dataset->label[row];
    if (!is_wrong(dataset, row, noise, seed))
        return label;
    int32_t other = (int32_t)draw_below(seed, row, dataset->classes - 1);
    return other >= label ? other + 1 : other;
}

float dataset_target(const struct dataset *dataset, size_t row, double noise, uint64_t seed)
{
    if (dataset->train < 2 || !is_wrong(dataset, row, noise, seed))
        return dataset->target[row];
    size_t other = draw_below(seed, row, dataset->train - 1);
    return dataset->target[other >= row ? other + 1 : other];
}
