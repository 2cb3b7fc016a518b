/* Prompts and responses from a table of two columns. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/number.h"
#include "base/random.h"
#include "base/text.h"
#include "data/corpus_parts.h"
#include "data/order.h"
#include "data/record.h"

/* A pair as it was read. */
struct read_pair {
    struct corpus_pair text; /* in pairs.text */
    size_t first, tokens;    /* in pairs.token */
    size_t asked;
};

struct pairs {
    const struct corpus_options *options;
    struct record_reader *reader;
    struct record record;
    char *text; /* "prompt\nresponse\n", one behind the other */
    size_t text_used, text_room;
    uint16_t *token; /* as many as text has bytes, at most */
    size_t tokens;
    struct read_pair *pair;
    size_t count, room;
    size_t longest; /* tokens */
};

static void pairs_free(struct pairs *pairs)
{
    record_close(pairs->reader);
    mem_free(pairs->text);
    mem_free(pairs->token);
    mem_free(pairs->pair);
}

/* Room for `bytes` more of text, as many tokens, and a pair. */
static bool reserve(struct pairs *pairs, size_t bytes)
{
    size_t room = pairs->text_room > 0 ? pairs->text_room : 4096;
    while (room < pairs->text_used + bytes)
        room *= 2;
    if (room > pairs->text_room) {
        char *text = mem_resize(pairs->text, pairs->text_room, room, sizeof *text);
        if (!text)
            return false;
        pairs->text = text;
        uint16_t *token = mem_resize(pairs->token, pairs->text_room, room, sizeof *token);
        if (!token)
            return false;
        pairs->token = token;
        pairs->text_room = room;
    }
    if (pairs->count == pairs->room) {
        const size_t more = pairs->room > 0 ? 2 * pairs->room : 256;
        struct read_pair *pair = mem_resize(pairs->pair, pairs->room, more, sizeof *pair);
        if (!pair)
            return false;
        pairs->pair = pair;
        pairs->room = more;
    }
    return true;
}

static bool is_header(const struct record *record)
{
    static const char *const names[] = {"prompt", "response"};
    for (size_t i = 0; i < 2; i++)
        if (record->cell[i].length != strlen(names[i]) ||
            strncasecmp(record->cell[i].text, names[i], record->cell[i].length) != 0)
            return false;
    return true;
}

static enum status check_record(const struct pairs *pairs, struct error *error)
{
    static const char *const names[] = {"prompt", "response"};
    const struct record *record = &pairs->record;
    if (record->cells != 2)
        return record_error(pairs->reader, record->line, error, "%zu field%s where a prompt and a response are needed",
                            record->cells, record->cells == 1 ? "" : "s");
    for (size_t i = 0; i < 2; i++) {
        const struct cell *cell = &record->cell[i];
        if (cell->length == 0)
            return record_error(pairs->reader, record->line, error, "the %s is empty", names[i]);
        if (memchr(cell->text, '\n', cell->length) || memchr(cell->text, '\r', cell->length))
            return record_error(pairs->reader, record->line, error,
                                "the %s has a line end inside, and a line end is what ends it", names[i]);
    }
    return STATUS_OK;
}

/* Appends a field and its line end to text and tokens. */
static void take_field(struct pairs *pairs, const struct cell *cell)
{
    char *to = pairs->text + pairs->text_used;
    memcpy(to, cell->text, cell->length);
    to[cell->length] = '\n';
    pairs->tokens += tokenizer_encode(pairs->options->tokenizer, to, cell->length + 1, pairs->token + pairs->tokens);
    pairs->text_used += cell->length + 1;
}

static enum status take_record(struct pairs *pairs, struct error *error)
{
    const struct cell *cell = pairs->record.cell;
    if (!reserve(pairs, cell[0].length + cell[1].length + 2))
        return error_memory(error);
    struct read_pair *pair = &pairs->pair[pairs->count++];
    pair->first = pairs->tokens;
    pair->text = (struct corpus_pair){
        .prompt = pairs->text_used,
        .prompt_length = cell[0].length,
        .response = pairs->text_used + cell[0].length + 1,
        .response_length = cell[1].length,
    };
    take_field(pairs, &cell[0]);
    pair->asked = pairs->tokens - pair->first;
    take_field(pairs, &cell[1]);
    pair->tokens = pairs->tokens - pair->first;
    pairs->longest = pair->tokens > pairs->longest ? pair->tokens : pairs->longest;
    if (pair->tokens - 1 <= pairs->options->context)
        return STATUS_OK;
    return record_error(pairs->reader, pairs->record.line, error,
                        "the prompt has %zu tokens and the response %zu with their line ends; a context of %zu takes "
                        "%zu in all",
                        pair->asked, pair->tokens - pair->asked, pairs->options->context, pairs->options->context + 1);
}

static enum status read_all(struct pairs *pairs, struct error *error)
{
    enum status status = STATUS_OK;
    for (bool first = true; status == STATUS_OK; first = false) {
        status = record_next(pairs->reader, &pairs->record, error);
        if (status != STATUS_OK || pairs->record.cells == 0)
            break;
        status = check_record(pairs, error);
        if (status == STATUS_OK && !(first && is_header(&pairs->record)))
            status = take_record(pairs, error);
    }
    if (status == STATUS_OK && pairs->count < 2)
        status = record_error(pairs->reader, 0, error, "%zu pair%s: at least one to train and one to test are needed",
                              pairs->count, pairs->count == 1 ? "" : "s");
    return status;
}

static bool describe(const struct pairs *pairs, struct corpus *corpus)
{
    char line[512], all[32], train[32], test[32];
    snprintf(line, sizeof line, "%.200s: %s pairs, %s to train and %s to test, the longest has %zu of %zu tokens",
             corpus->name, number_count(all, sizeof all, corpus->rows),
             number_count(train, sizeof train, corpus->train),
             number_count(test, sizeof test, corpus->rows - corpus->train), pairs->longest, corpus->context + 1);
    text_clean(line);
    corpus->report = mem_string(line);
    return corpus->report && corpus_note_encoding(corpus, corpus->text, pairs->text_used);
}

/* In a shuffled order, the last for the test; takes over text and tokens. */
static bool make_rows(struct pairs *pairs, struct corpus *corpus, double test_fraction)
{
    const size_t test = (size_t)(test_fraction * (double)pairs->count);
    const size_t train = pairs->count - (test > 0 ? test : 1);
    uint32_t *order = mem_alloc(pairs->count, sizeof *order);
    corpus->pair = mem_alloc(pairs->count, sizeof *corpus->pair);
    bool enough = order && corpus->pair;
    for (size_t i = 0; i < pairs->count && enough; i++)
        order[i] = (uint32_t)i;
    enough =
        enough && order_interleave(order, pairs->count, NULL, 0, random_key(pairs->options->seed, RANDOM_SPLIT, 0));
    for (size_t i = 0; i < pairs->count && enough; i++) {
        const struct read_pair *pair = &pairs->pair[order[i]];
        corpus_add(corpus, pairs->token + pair->first, pair->tokens, pair->asked, i >= train);
        corpus->pair[i] = pair->text;
    }
    mem_free(order);
    corpus->store[0] = pairs->token;
    corpus->text = pairs->text;
    pairs->token = NULL;
    pairs->text = NULL;
    return enough;
}

enum status corpus_load_pairs(struct corpus **out, const char *path, const struct corpus_options *options,
                              struct error *error)
{
    struct pairs pairs = {.options = options};
    struct corpus *corpus = NULL;
    double test_fraction;
    enum status status = corpus_check(options, &test_fraction, error);
    if (status == STATUS_OK && !options->tokenizer)
        status = error_set(error, STATUS_USAGE, "pairs need the tokenizer of the model that learns from them");
    if (status == STATUS_OK)
        status = record_open(&pairs.reader, path, NULL, error);
    if (status != STATUS_OK)
        goto out;
    record_prefer(pairs.reader, '\t');
    if ((status = read_all(&pairs, error)) != STATUS_OK)
        goto out;
    corpus = corpus_create(record_path(pairs.reader), options->context, pairs.count, 1);
    if (!corpus || !make_rows(&pairs, corpus, test_fraction) || !describe(&pairs, corpus)) {
        status = error_memory(error);
        corpus_free(corpus);
        goto out;
    }
    corpus->tokenizer = options->tokenizer;
    corpus->vocabulary = tokenizer_vocabulary(options->tokenizer);
    corpus_finish(corpus, options->seed);
    *out = corpus;
out:
    pairs_free(&pairs);
    return status;
}
