/* A tokenizer on ten megabytes of text: words of a vocabulary drawn at random, the k-th as often as 1/k says (Zipf).
 * Times are the thread's own: there is no yardstick that a busy machine would slow as much. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/elementary.h"
#include "base/mem.h"
#include "base/random.h"
#include "bench/bench.h"
#include "bench/rows.h"
#include "data/tokenizer.h"

#define BYTES  10000000u
#define WORDS  30000u
#define ROUNDS 5

/* Letters of word `rank`: frequent words are short. */
static size_t put_word(uint32_t rank, unsigned char *to)
{
    static const char letters[] = "eeeeettttaaaooiinnsshhrrdlucmfwygpbvk";
    const uint32_t key = random_key(1, RANDOM_SAMPLE, rank);
    const size_t length = 2 + (size_t)(rank > 30) + 2 * (size_t)(rank > 300) + random_bits(key, 99) % 5;
    for (uint32_t i = 0; i < length; i++)
        to[i] = (unsigned char)letters[random_bits(key, i) % (sizeof letters - 1)];
    return length;
}

static void write_words(unsigned char *text)
{
    const uint32_t key = random_key(1, RANDOM_SAMPLE, UINT64_MAX);
    size_t at = 0;
    for (uint32_t i = 0; at + 16 < BYTES; i++) {
        const double rank = elementary_exp((double)random_uniform(key, i) * 10.3); /* up to WORDS */
        at += put_word((uint32_t)rank % WORDS, text + at);
        if (i % 12 == 11)
            text[at++] = '.';
        text[at++] = i % 50 == 49 ? '\n' : ' ';
    }
    memset(text + at, '\n', BYTES - at);
}

void rows_text(void)
{
    unsigned char *text = mem_alloc(BYTES, 1);
    uint16_t *token = mem_alloc(BYTES, sizeof *token);
    struct tokenizer *tokenizer = NULL;
    const struct tokenizer_span span = {text, BYTES};
    const size_t merges = tokenizer_default_merges(BYTES);
    double train[ROUNDS], encode[ROUNDS];
    char what[64], figure[32];
    bool enough = text && token;
    if (enough)
        write_words(text);
    for (int i = 0; i < ROUNDS && enough; i++) {
        tokenizer_free(tokenizer);
        tokenizer = NULL;
        uint64_t start = clock_thread_cpu();
        enough = tokenizer_train(&tokenizer, &span, 1, merges, NULL) == STATUS_OK;
        train[i] = (double)(clock_thread_cpu() - start) * 1e-9;
        start = clock_thread_cpu();
        if (enough)
            tokenizer_encode(tokenizer, text, BYTES, token);
        encode[i] = BYTES / ((double)(clock_thread_cpu() - start) * 1e-3);
    }
    if (enough) {
        double median = bench_median(train, ROUNDS);
        snprintf(what, sizeof what, "a tokenizer of %zu merges from 10 MB (s)", merges);
        snprintf(figure, sizeof figure, "%.2f s", median);
        bench_row(what, figure, "", median, false, 3);
        median = bench_median(encode, ROUNDS);
        snprintf(figure, sizeof figure, "%.0f MB/s", median);
        bench_row("  encoding a text (MB/s)", figure, "", median, true, 20);
    } else {
        bench_note("a tokenizer from 10 MB", "out of memory");
    }
    tokenizer_free(tokenizer);
    mem_free(text);
    mem_free(token);
}
