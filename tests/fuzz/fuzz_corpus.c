/* Any bytes as a text or as pairs to learn from.  Of the first byte bit 0 chooses pairs, bits 1-2 the merges, bits 3-5
 * the share of the test; the second is the context. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/corpus.h"
#include "fuzz/fuzz.h"

const char *const fuzz_words[] = {
    "\t",
    ",",
    ";",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    " ",
    "  ",
    ".",
    "12",
    "the",
    " the",
    "prompt\tresponse\n",
    "prompt,response\n",
    "a\tb\n",
    "\xef\xbb\xbf",
    "\xff",
    "\x1b[31m",
    "\xe6\xbc\xa2",
    "\xf0\x9f\x98\x80",
    NULL,
};

static void check_pair(const struct corpus *corpus, size_t row)
{
    size_t prompt, response;
    must(corpus_prompt(corpus, row, &prompt) && corpus_response(corpus, row, &response), "both sides of a pair");
    must(prompt > 0 && response > 0, "which are not empty");
}

static void check(const struct corpus *corpus, bool pairs)
{
    const size_t context = corpus_context(corpus), rows = corpus_rows(corpus);
    int32_t *x = calloc(context, sizeof *x), *y = calloc(context, sizeof *y);
    must(x && y && corpus_train(corpus) > 0 && rows > corpus_train(corpus), "rows of both kinds");
    must_be_clean(corpus_report(corpus), "the report is one clean line");
    must(corpus_bytes_per_token(corpus) >= 1 && corpus_bytes_per_token(corpus) <= TOKENIZER_PIECE_MAX, "bytes a token");
    for (size_t row = 0; row < rows; row++)
        for (uint64_t epoch = 0; epoch < 3; epoch++) {
            const int32_t vocabulary = (int32_t)corpus_vocabulary(corpus);
            size_t asked = 0;
            corpus_row(corpus, row, 1, epoch < 2 ? epoch : CORPUS_STILL, x, y);
            for (size_t i = 0; i < context; i++) {
                must(x[i] >= 0 && x[i] < vocabulary && y[i] >= CORPUS_IGNORED && y[i] < vocabulary, "tokens");
                must(i == 0 || y[i - 1] == CORPUS_IGNORED || y[i] == CORPUS_IGNORED || x[i] == y[i - 1], "in a row");
                asked += y[i] != CORPUS_IGNORED;
            }
            must(pairs ? asked > 1 : asked == context, "what is asked");
            if (pairs)
                check_pair(corpus, row);
        }
    free(x);
    free(y);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const bool pairs = data[0] & 1;
    const int merges = (data[0] >> 1 & 3) * 20;
    struct corpus_options options = {
        .context = data[1],
        .merges = merges,
        .test_fraction = (data[0] >> 3 & 7) / 8.0,
        .seed = 1,
    };
    struct tokenizer *tokenizer = NULL;
    struct corpus *corpus = NULL;
    struct error error = {.status = STATUS_OK};
    if (pairs) {
        const struct tokenizer_span span = {data, size};
        must(tokenizer_train(&tokenizer, &span, 1, (size_t)merges, &error) == STATUS_OK, "a tokenizer");
        options.tokenizer = tokenizer;
    }
    const char *path = keep_file(0, data + 2, size - 2);
    const enum status status =
        pairs ? corpus_load_pairs(&corpus, path, &options, &error) : corpus_load_text(&corpus, path, &options, &error);
    if (status == STATUS_OK) {
        check(corpus, pairs);
        corpus_free(corpus);
    } else {
        must(corpus == NULL && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
    }
    tokenizer_free(tokenizer);
    return 0;
}
