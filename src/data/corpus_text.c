/* A text as windows of tokens.
 *
 * DESIGN.  How many windows there will be is only known when the tokenizer is, which may only learn from training
 * blocks: so a number of blocks is tried that should suit, and half of it again, until both parts have a window.  A
 * small file may end with two blocks. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/random.h"
#include "base/text.h"
#include "data/corpus_parts.h"

#define BLOCKS_MOST     128
#define BLOCKS_FEW      10 /* for a text too short for blocks of several windows */
#define WINDOWS_A_BLOCK 4  /* at least, where there is text enough */
#define BYTES_A_TOKEN   3  /* a guess, with merges */

struct text {
    const char *path;
    const struct corpus_options *options;
    double test_fraction;
    size_t merges;
    unsigned char *bytes;
    size_t length;
    size_t blocks;
    size_t cut[BLOCKS_MOST + 1]; /* block i is bytes[cut[i] .. cut[i + 1]) */
    bool test[BLOCKS_MOST];
};

/* ---- the file ---- */

static enum status file_error(const struct text *text, struct error *error, const char *what)
{
    return error_set(error, STATUS_FAILED, "%s: cannot be %s: %s", text->path, what, strerror(errno));
}

static enum status check_size(const struct text *text, double size, struct error *error)
{
    char in_words[32];
    number_count(in_words, sizeof in_words, (uint64_t)size);
    if (size == 0)
        return error_set(error, STATUS_FAILED, "%s: is empty; a text to learn from is needed", text->path);
    if (size > (double)CORPUS_BYTES_MAX)
        return error_set(error, STATUS_FAILED, "%s: has %s bytes; a text may have %zu MiB at most", text->path,
                         in_words, CORPUS_BYTES_MAX >> 20);
    if (mem_machine() > 0 && size * (1 + sizeof(uint16_t)) > mem_machine())
        return error_set(error, STATUS_FAILED, "%s: has %s bytes, more than a third of this machine's memory",
                         text->path, in_words);
    return STATUS_OK;
}

/* Read, not mapped: a map of a file that somebody cuts short ends the program. */
static enum status read_bytes(struct text *text, int file, size_t size, struct error *error)
{
    text->bytes = mem_alloc_large(size, 1);
    if (!text->bytes)
        return error_memory(error);
    while (text->length < size) {
        const ssize_t got = read(file, text->bytes + text->length, size - text->length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return file_error(text, error, "read");
        if (got == 0)
            break;
        text->length += (size_t)got;
    }
    return check_size(text, (double)text->length, error);
}

/* A byte order mark is no part of the text, and what is not in UTF-8 or plain bytes is no text. */
static enum status check_encoding(struct text *text, struct error *error)
{
    const char *wide = encoding_wide(text->bytes, text->length);
    if (wide)
        return error_set(error, STATUS_FAILED, "%s: " ENCODING_REFUSED, text->path, wide, wide);
    const size_t mark = encoding_mark(text->bytes, text->length);
    text->length -= mark;
    memmove(text->bytes, text->bytes + mark, text->length);
    return check_size(text, (double)text->length, error);
}

static enum status read_file(struct text *text, struct error *error)
{
    struct stat about;
    enum status status = STATUS_OK;
    if (file_is_stream(text->path))
        return error_set(error, STATUS_USAGE, "a text is read from a file, not from standard input");
    const int file = open(text->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for its writer */
    if (file < 0)
        return file_error(text, error, "opened");
    if (fstat(file, &about) != 0)
        status = file_error(text, error, "read");
    else if (!S_ISREG(about.st_mode))
        status = error_set(error, STATUS_FAILED, "%s: is %s; a text file is needed", text->path,
                           S_ISDIR(about.st_mode) ? "a directory" : "no plain file");
    else
        status = check_size(text, (double)about.st_size, error);
    if (status == STATUS_OK)
        status = read_bytes(text, file, (size_t)about.st_size, error);
    close(file);
    return status == STATUS_OK ? check_encoding(text, error) : status;
}

/* ---- blocks ---- */

/* Behind the first line end from `from` on; without one before `limit`, at `from`, but not inside a character. */
static size_t cut_from(const struct text *text, size_t from, size_t limit)
{
    const unsigned char *end = memchr(text->bytes + from, '\n', limit - from);
    if (end)
        return (size_t)(end - text->bytes) + 1;
    size_t at = from;
    while (at < limit && at - from < 4 && (text->bytes[at] & 0xc0) == 0x80)
        at++;
    return at < limit && at - from < 4 ? at : from;
}

static void cut_blocks(struct text *text, size_t blocks)
{
    text->blocks = blocks;
    text->cut[0] = 0;
    for (size_t i = 1; i < blocks; i++) {
        const size_t from = text->length * i / blocks;
        text->cut[i] = cut_from(text, from, from + text->length / blocks / 2);
    }
    text->cut[blocks] = text->length;
}

/* One block out of each stretch of neighbours, so that the test comes from everywhere. */
static void choose_test(struct text *text)
{
    const uint32_t key = random_key(text->options->seed, RANDOM_SPLIT, 0);
    const double wanted = text->test_fraction * (double)text->blocks + 0.5;
    size_t tests = wanted < 1 ? 1 : (size_t)wanted;
    if (tests >= text->blocks)
        tests = text->blocks - 1;
    memset(text->test, 0, sizeof text->test);
    for (size_t i = 0; i < tests; i++) {
        const size_t first = i * text->blocks / tests, behind = (i + 1) * text->blocks / tests;
        const uint64_t drawn = random_bits(key, (uint32_t)i);
        text->test[first + (drawn * (behind - first) >> 32)] = true;
    }
}

static size_t suitable_blocks(const struct text *text)
{
    const size_t bytes_a_token = text->merges > 0 ? BYTES_A_TOKEN : 1;
    const size_t windows = text->length / bytes_a_token / text->options->context;
    size_t blocks = windows / WINDOWS_A_BLOCK;
    if (blocks < BLOCKS_FEW)
        blocks = windows < BLOCKS_FEW ? windows : BLOCKS_FEW;
    return blocks < 2 ? 2 : blocks < BLOCKS_MOST ? blocks : BLOCKS_MOST;
}

/* ---- tokens ---- */

static enum status train_tokenizer(const struct text *text, struct corpus *corpus, struct error *error)
{
    struct tokenizer_span span[BLOCKS_MOST];
    size_t spans = 0;
    corpus->tokenizer = text->options->tokenizer;
    if (corpus->tokenizer)
        return STATUS_OK;
    for (size_t i = 0; i < text->blocks; i++)
        if (!text->test[i])
            span[spans++] = (struct tokenizer_span){text->bytes + text->cut[i], text->cut[i + 1] - text->cut[i]};
    const enum status status = tokenizer_train(&corpus->own, span, spans, text->merges, error);
    corpus->tokenizer = corpus->own;
    return status;
}

/* Each block into a store of just its size.  *tokens: of the whole text; *shortest: of its shortest block. */
static bool encode_blocks(const struct text *text, struct corpus *corpus, size_t *tokens, size_t *shortest)
{
    size_t longest = 0;
    for (size_t i = 0; i < text->blocks; i++)
        longest = text->cut[i + 1] - text->cut[i] > longest ? text->cut[i + 1] - text->cut[i] : longest;
    uint16_t *whole = mem_alloc_large(longest, sizeof *whole);
    bool enough = whole != NULL;
    *tokens = 0;
    *shortest = SIZE_MAX;
    for (int part = 0; part < 2; part++)
        for (size_t i = 0; i < text->blocks && enough; i++) {
            if (text->test[i] != (part == 1))
                continue;
            const size_t count =
                tokenizer_encode(corpus->tokenizer, text->bytes + text->cut[i], text->cut[i + 1] - text->cut[i], whole);
            uint16_t *token = corpus->store[i] = mem_alloc(count, sizeof *token);
            enough = token != NULL;
            if (!enough)
                break;
            memcpy(token, whole, count * sizeof *token);
            corpus_add(corpus, token, count, 1, text->test[i]);
            *tokens += count;
            *shortest = count < *shortest ? count : *shortest;
        }
    mem_free(whole);
    return enough;
}

static enum status too_short(const struct text *text, size_t tokens, size_t shortest, struct error *error)
{
    char bytes[32], length[32], fits[64];
    number_count(bytes, sizeof bytes, text->length);
    number_count(length, sizeof length, tokens);
    if (shortest > 1)
        snprintf(fits, sizeof fits, "a context of %zu would fit", shortest - 1);
    else
        snprintf(fits, sizeof fits, "no context would fit");
    return error_set(error, STATUS_FAILED,
                     "%s: %s byte%s %s token%s, too few for a training and a test window of %zu; %s", text->path, bytes,
                     text->length == 1 ? " is" : "s are", length, tokens == 1 ? "" : "s", text->options->context, fits);
}

/* *out stays NULL where so many blocks leave a part without a window; for two blocks that is an error. */
static enum status try_blocks(struct text *text, size_t blocks, struct corpus **out, struct error *error)
{
    size_t tokens, shortest;
    cut_blocks(text, blocks);
    choose_test(text);
    struct corpus *corpus = corpus_create(text->path, text->options->context, blocks, blocks);
    enum status status = corpus ? train_tokenizer(text, corpus, error) : error_memory(error);
    if (status == STATUS_OK && !encode_blocks(text, corpus, &tokens, &shortest))
        status = error_memory(error);
    if (status == STATUS_OK && corpus->train > 0 && corpus->rows > corpus->train) {
        *out = corpus;
        return STATUS_OK;
    }
    if (status == STATUS_OK && blocks == 2)
        status = too_short(text, tokens, shortest, error);
    corpus_free(corpus);
    return status;
}

static bool describe(const struct text *text, struct corpus *corpus)
{
    char line[512], bytes[32], merges[32], tokens[32], train[32], test[32];
    size_t count = 0;
    for (size_t i = 0; i < corpus->blocks; i++)
        count += corpus->block[i].tokens;
    snprintf(line, sizeof line, "%.200s: %s bytes, %s merges, %s tokens, %s training and %s test windows of %zu",
             corpus->name, number_count(bytes, sizeof bytes, text->length),
             number_count(merges, sizeof merges, tokenizer_merges(corpus->tokenizer)),
             number_count(tokens, sizeof tokens, count), number_count(train, sizeof train, corpus->train),
             number_count(test, sizeof test, corpus->rows - corpus->train), corpus->context);
    text_clean(line);
    corpus->report = mem_string(line);
    return corpus->report && corpus_note_encoding(corpus, text->bytes, text->length);
}

enum status corpus_load_text(struct corpus **out, const char *path, const struct corpus_options *options,
                             struct error *error)
{
    struct text text = {.path = path, .options = options};
    struct corpus *corpus = NULL;
    enum status status = corpus_check(options, &text.test_fraction, error);
    if (status == STATUS_OK)
        status = read_file(&text, error);
    if (status != STATUS_OK)
        goto out;
    text.merges = options->tokenizer     ? tokenizer_merges(options->tokenizer)
                  : options->merges >= 0 ? (size_t)options->merges
                                         : tokenizer_default_merges(text.length);
    for (size_t blocks = suitable_blocks(&text); !corpus && status == STATUS_OK; blocks = blocks > 3 ? blocks / 2 : 2)
        status = try_blocks(&text, blocks, &corpus, error);
    if (status != STATUS_OK)
        goto out;
    corpus->vocabulary = tokenizer_vocabulary(corpus->tokenizer);
    corpus_finish(corpus, options->seed);
    if (describe(&text, corpus))
        *out = corpus;
    else {
        corpus_free(corpus);
        status = error_memory(error);
    }
out:
    mem_free(text.bytes);
    return status;
}
