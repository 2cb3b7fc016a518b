/* A corpus from inside, for those that make one. */
#ifndef DATA_CORPUS_PARTS_H
#define DATA_CORPUS_PARTS_H

#include <stdbool.h>

#include "data/corpus.h"

/* Tokens that follow each other: a stretch of text with as many windows as fit, or a pair. */
struct corpus_block {
    const uint16_t *token;
    size_t tokens;
    size_t asked;     /* of a pair: the tokens in front that are not asked; else 1 */
    size_t first_row; /* windows of the blocks before */
};

/* Where in `text` its two parts are. */
struct corpus_pair {
    size_t prompt, prompt_length, response, response_length;
};

struct corpus {
    char *name, *report, *notes;
    size_t context, vocabulary, rows, train;
    const struct tokenizer *tokenizer;
    struct tokenizer *own;      /* NULL: the tokenizer belongs to somebody else */
    struct corpus_block *block; /* those of the training rows first */
    size_t blocks;
    uint16_t **store; /* what blocks point into */
    size_t stores;
    uint64_t stride, start; /* training row i is window (start + i stride) mod train */
    double bytes_per_token;
    struct corpus_pair *pair; /* [rows]; NULL: a text */
    char *text;
};

/* Empty, named for the path, with room for so many blocks and stores.  NULL: out of memory. */
struct corpus *corpus_create(const char *path, size_t context, size_t blocks, size_t stores);
/* Adds a block: all of those for training, then all of those for the test. */
void corpus_add(struct corpus *corpus, const uint16_t *token, size_t tokens, size_t asked, bool test);
/* When all blocks are there, and have rows of both kinds. */
void corpus_finish(struct corpus *corpus, uint64_t seed);
/* Notes where the text is no UTF-8.  False: out of memory. */
bool corpus_note_encoding(struct corpus *corpus, const void *text, size_t length);
/* The options' fraction, or a status of STATUS_USAGE. */
enum status corpus_check(const struct corpus_options *options, double *test_fraction, struct error *error);

#endif
