/* Whether two tokenizers, or two corpora, are the same: hashes of all that a model sees of them. */
#ifndef TESTS_SUPPORT_TEXT_HASH_H
#define TESTS_SUPPORT_TEXT_HASH_H

#include "base/hash.h"
#include "data/corpus.h"
#include "data/tokenizer.h"

static inline uint64_t tokenizer_hash(const struct tokenizer *tokenizer)
{
    uint64_t hash = HASH_START;
    for (size_t id = 0; id < tokenizer_vocabulary(tokenizer); id++) {
        size_t length;
        const unsigned char *bytes = tokenizer_bytes(tokenizer, id, &length);
        hash = hash_bytes(hash, &length, sizeof length);
        hash = hash_bytes(hash, bytes, length);
    }
    return hash;
}

/* Of all rows, in their order, where they stay and where one epoch has moved them. */
static inline uint64_t corpus_hash(const struct corpus *corpus)
{
    const uint64_t shape[] = {corpus_context(corpus), corpus_train(corpus), corpus_rows(corpus)},
                   epochs[] = {CORPUS_STILL, 1};
    uint64_t hash = hash_bytes(HASH_START, shape, sizeof shape);
    for (size_t row = 0; row < corpus_rows(corpus); row++)
        for (size_t i = 0; i < 2; i++) {
            const struct corpus_passage passage = corpus_passage(corpus, row, 1, epochs[i]);
            const uint64_t extent[] = {passage.count, passage.asked};
            hash = hash_bytes(hash, extent, sizeof extent);
            hash = hash_bytes(hash, passage.token, passage.count * sizeof *passage.token);
        }
    return hash;
}

#endif
