/* What a language model learns from: rows of tokens, each with the token that should come next.
 *
 * From a text (any file: UTF-8 or bytes; UTF-16 and UTF-32 are refused, and a byte order mark is no part of it).  It is cut into blocks, at line ends where there are some; some blocks,
 * spread over the file, are for the test.  The tokenizer learns from the training blocks alone, each block is encoded
 * by itself, and no row reaches over the end of its block: nothing of the test is met in training.  A row is a window
 * of context + 1 tokens, the first of which is only read; windows of a block stand side by side, so that every token
 * but the block's first, and a rest that fills no window, is asked once.
 *
 * From pairs (a table of two columns, prompt and response, separated by tabs or as a CSV file has it; a header
 * `prompt,response` may be there).  A row is the prompt, a line end, the response, a line end; only the response and
 * its line end are asked.
 *
 * Rows [0, train) are the training rows, [train, rows) the test rows.  Every prefix of the training rows is spread over
 * the whole of them: a share of the training data is a prefix.  Everything depends on the file, the options and the
 * tokenizer alone. Immutable after loading: any thread may read it. */
#ifndef DATA_CORPUS_H
#define DATA_CORPUS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "data/tokenizer.h"

#define CORPUS_BYTES_MAX     ((size_t)1 << 30) /* of a text */
#define CORPUS_CONTEXT_MAX   65536
#define CORPUS_TEST_FRACTION 0.1
#define CORPUS_IGNORED       (-1)       /* nothing is asked there */
#define CORPUS_STILL         UINT64_MAX /* an epoch of no training: windows are not shifted */

struct corpus_options {
    size_t context; /* T: tokens that are read */
    int merges;     /* of the tokenizer that a text trains; -1: what suits its length */
    /* NULL: one is trained, and belongs to the corpus; else it must live as long as the corpus. */
    const struct tokenizer *tokenizer;
    double test_fraction; /* in (0, 1); 0: CORPUS_TEST_FRACTION */
    uint64_t seed;
};

struct corpus;

/* Errors name the file; those of pairs also the line.  The file is read at once: three bytes of memory for each of its
 * own at most, and while a tokenizer is trained up to some 300 MiB where the bytes are no text; afterwards two bytes
 * for each token.  "-" is no text. */
enum status corpus_load_text(struct corpus **out, const char *path, const struct corpus_options *options,
                             struct error *error);
/* options->tokenizer must be given: the one of the model that is to answer. */
enum status corpus_load_pairs(struct corpus **out, const char *path, const struct corpus_options *options,
                              struct error *error);
/* Tokens drawn at random, without a tokenizer: for measuring speed.  vocabulary: 1 to 65536. */
enum status corpus_random(struct corpus **out, size_t vocabulary, size_t context, size_t train, size_t test,
                          uint64_t seed, struct error *error);
void corpus_free(struct corpus *corpus); /* NULL is fine */

const char *corpus_name(const struct corpus *corpus);   /* the file's, without its folder */
const char *corpus_report(const struct corpus *corpus); /* one line: what was found in the file */
const char *corpus_notes(const struct corpus *corpus);  /* lines, as dataset.notes; "": nothing to say */
size_t corpus_rows(const struct corpus *corpus);
size_t corpus_train(const struct corpus *corpus);
size_t corpus_context(const struct corpus *corpus);
size_t corpus_vocabulary(const struct corpus *corpus);
const struct tokenizer *corpus_tokenizer(const struct corpus *corpus); /* NULL: tokens were drawn */
size_t corpus_bytes(const struct corpus *corpus);                      /* of its tokens */
uint64_t corpus_tokens_hash(const struct corpus *corpus);              /* of its tokens */

/* Bytes that an asked token of the test rows stands for, on average: nats / ln 2 / this are bits per byte.  1 without a
 * tokenizer. */
double corpus_bytes_per_token(const struct corpus *corpus);

/* The tokens of a row: token[0..asked) are only read, token[asked..count) are asked, 1 <= asked < count <= context +
 * 1. */
struct corpus_passage {
    const uint16_t *token;
    size_t count, asked;
};

/* In training, the windows of a block begin in each epoch at another token, as far as its rest allows; all of a block
 * move together. Test rows, and all rows at CORPUS_STILL, stay where they are. */
struct corpus_passage corpus_passage(const struct corpus *corpus, size_t row, uint64_t seed, uint64_t epoch);
/* The same for a model: x[T] is what is read, y[T] what should follow each, CORPUS_IGNORED where nothing is asked;
 * behind the end of a short row x is 0. */
void corpus_row(const struct corpus *corpus, size_t row, uint64_t seed, uint64_t epoch, int32_t *x, int32_t *y);

/* Of pairs: the bytes of a row without line ends, not terminated; NULL where rows are no pairs. */
const char *corpus_prompt(const struct corpus *corpus, size_t row, size_t *length);
const char *corpus_response(const struct corpus *corpus, size_t row, size_t *length);

#endif
