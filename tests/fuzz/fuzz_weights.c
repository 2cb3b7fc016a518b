/* Any bytes as a weight file, and as a checkpoint that a trainer goes on from: the first eight are the header's length,
 * unless the first is 0xff: then the length is what the first line behind it has, so that mutations of the header get
 * past it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/corpus.h"
#include "data/toys.h"
#include "fuzz/fuzz.h"
#include "nn/weights.h"
#include "store/checkpoint.h"

const char *const fuzz_words[] = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\u001b",
    "\\ud800",
    "\"F32\"",
    "\"U8\"",
    "\"F64\"",
    "\"dtype\":",
    "\"shape\":",
    "\"data_offsets\":",
    "\"__metadata__\":",
    "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}",
    "[0,0]",
    "0",
    "1",
    "4",
    "8",
    "-1",
    "1e18",
    "9007199254740993",
    "18446744073709551616",
    "4294967296",
    "null",
    "true",
    "[[[[[[[[[[",
    "\n",
    "\xff",
    " ",
    "\"layers.0.weight\"",
    "\"state.knobs.lr\"",
    "\xff\xff\xff\xff",
    "\x7f\xf0",
    "\"transformer.wte.weight\"",
    "\"transformer.h.0.attn.c_attn.weight\"",
    "\"lm_head.weight\"",
    "\"_orig_mod.",
    ".lora_A",
    "\"table.weight\"",
    "\"mlp.0.weight\"",
    "\"tokenizer\":\"",
    "{\\\"kind\\\":\\\"byte-bpe\\\",\\\"merges\\\":[[0,1]]}",
    NULL,
};

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

static FILE *open_file(void)
{
    if (path[0] == '\0') {
        strcpy(path, access("/dev/shm", W_OK) == 0 ? "/dev/shm/fuzz_weights_XXXXXX" : "/tmp/fuzz_weights_XXXXXX");
        int made = mkstemp(path);
        must(made >= 0, "a temporary file");
        close(made);
        atexit(remove_file);
    }
    return fopen(path, "wb");
}

static void keep(const uint8_t *data, size_t size)
{
    FILE *file = open_file();
    bool written = file != NULL;
    if (size > 0 && data[0] == 0xff) {
        const uint8_t *line = memchr(data, '\n', size), *end = line ? line : data + size;
        const uint64_t length = (uint64_t)(end - data - 1);
        written = written && fwrite(&length, 8, 1, file) == 1 && fwrite(data + 1, 1, length, file) == length;
        size -= (size_t)length + 1 + (line != NULL);
        data = line ? line + 1 : end;
    }
    written = written && fwrite(data, 1, size, file) == size;
    must(written && fclose(file) == 0, "the file was written");
}

/* A small one, made once. */
static struct trainer *small_trainer(void)
{
    static struct trainer *trainer;
    struct dataset *dataset = NULL;
    struct error error;
    if (trainer)
        return trainer;
    must(toy_make(&dataset, toy_find("xor"), 12, -1, 1, &error) == STATUS_OK, "a toy");
    struct trainer_spec spec = {.dataset = dataset, .shape.net = {.hidden_count = 1, .hidden = {2}}, .seed = 1};
    knobs_default(&spec.knobs);
    spec.knobs.value[KNOB_BATCH] = 4;
    must(trainer_create(&trainer, &spec, kernels_choose(), &error) == STATUS_OK, "a trainer");
    return trainer;
}

/* The same for a text of a few tokens. */
static struct trainer *small_reader(void)
{
    static struct trainer *trainer;
    struct dataset *dataset = NULL;
    struct corpus *corpus = NULL;
    struct error error;
    if (trainer)
        return trainer;
    must(corpus_random(&corpus, 8, 4, 12, 4, 1, &error) == STATUS_OK, "a corpus");
    must(dataset_from_corpus(&dataset, corpus, &error) == STATUS_OK, "a text");
    struct trainer_spec spec = {
        .dataset = dataset,
        .shape = {.kind = MODEL_LANGUAGE,
                  .language = {LANGUAGE_TRANSFORMER, 8, 4, .width = 8, .layers = 1, .heads = 2, .tie = true}},
        .loss = LOSS_CROSS_ENTROPY,
        .seed = 1,
    };
    knobs_default(&spec.knobs);
    spec.knobs.value[KNOB_BATCH] = 2;
    must(trainer_create(&trainer, &spec, kernels_choose(), &error) == STATUS_OK, "a trainer");
    return trainer;
}

/* All or nothing; and what was taken is a state to go on from. */
static void go_on_from(const struct checkpoint_file *file, struct trainer *trainer)
{
    struct error error = {.status = STATUS_OK};
    float measures[SERIES_TOTAL];
    const uint64_t before = state_hash(trainer_state(trainer));
    if (checkpoint_apply(file, trainer, &error) != STATUS_OK) {
        must(state_hash(trainer_state(trainer)) == before, "nothing has changed");
        must_be_clean(error.message, "a clean reason");
        return;
    }
    for (int i = 0; i < 3; i++) {
        trainer_step(trainer, measures);
        while (trainer_evaluation_due(trainer))
            trainer_evaluate(trainer, SIZE_MAX, measures);
    }
    trainer_restore_best(trainer);
    trainer_restart(trainer, 1);
}

/* A model of its own, if it is that of a few tokens, and its tokens. */
static void go_on_writing(const struct checkpoint_file *file)
{
    struct tokenizer *tokenizer = NULL;
    struct model *model = NULL;
    struct error error;
    const struct model_shape shape = {.kind = MODEL_LANGUAGE};
    if (checkpoint_tokenizer(file, &tokenizer, &error) != STATUS_OK) {
        must(!tokenizer, "no tokenizer");
        must_be_clean(error.message, "a clean reason");
    }
    must(!tokenizer || checkpoint_is_language(file), "tokens of a language model");
    tokenizer_free(tokenizer);
    if (checkpoint_model(file, &shape, kernels_choose(), &model, &error) != STATUS_OK) {
        must(!model, "no model");
        must_be_clean(error.message, "a clean reason");
        return;
    }
    if (model_shape(model)->kind == MODEL_LANGUAGE) {
        struct language_cache *cache = language_cache_create(model_language(model));
        must(cache != NULL, "a cache");
        for (size_t i = 0; i < 3; i++)
            language_next(model_language(model), NULL, cache, (int32_t)(i % model_shape(model)->language.vocabulary));
        language_cache_free(cache);
    }
    model_free(model);
}

static void check_curves(const struct checkpoint_file *file)
{
    struct record *record = NULL;
    struct error error;
    if (checkpoint_record(file, &record, &error) != STATUS_OK) {
        must(record == NULL, "no curves");
        must_be_clean(error.message, "a clean reason");
    }
    if (!record)
        return;
    struct history *history = history_create();
    must(history && record_show(record, history), "curves for a history");
    history_free(history);
    record_free(record);
}

static void check_checkpoint(void)
{
    struct checkpoint_file *file = NULL;
    struct spec spec;
    struct error error;
    if (checkpoint_open(&file, path, &error) != STATUS_OK) {
        must_be_clean(error.message, "a clean reason");
        return;
    }
    spec_init(&spec);
    if (checkpoint_spec(file, &spec, &error) != STATUS_OK)
        must_be_clean(error.message, "a clean reason");
    spec_free(&spec);
    check_curves(file);
    go_on_from(file, small_trainer());
    go_on_from(file, small_reader());
    go_on_writing(file);
    checkpoint_close(file);
}

/* The file that was kept. */
static void check_file(size_t size)
{
    struct weights *weights = NULL;
    struct error error = {.status = STATUS_OK};
    if (weights_open(&weights, path, &error) != STATUS_OK) {
        must(weights == NULL && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
        return;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < weights_count(weights); i++) {
        const struct tensor *tensor = weights_tensor(weights, i);
        size_t elements = 1;
        char text[64];
        for (size_t k = 0; k < tensor->rank; k++)
            elements *= tensor->shape[k];
        must(tensor->bytes <= size && tensor->bytes % (elements > 0 ? elements : 1) == 0, "bytes of whole elements");
        must(weights_find(weights, tensor->name) == tensor, "found by its name");
        must(strlen(tensor_shape_text(tensor, text, sizeof text)) >= 2, "a shape in words");
        for (size_t k = 0; k < tensor->bytes; k++)
            sum += ((const uint8_t *)tensor->data)[k];
    }
    must(sum <= 255 * size, "each byte is a tensor's once");
    const char *note = weights_note(weights, "spec");
    must(!note || strlen(note) <= size, "a note");
    weights_close(weights);
    check_checkpoint();
}

/* Entries of a checkpoint's metadata. */
static const char *const entries[] = {
    "\"format\":\"",
    "\"spec\":\"",
    "\"columns\":\"",
    "\"data\":\"",
    "\"architecture\":\"",
    "\"step\":\"",
    "\"epoch\":\"",
    "\"task\":\"",
    "\"tokenizer\":\"",
    "\"state.knobs.optimizer\":\"",
    "\"branch\":\"",
    "\"seed\":\"",
    "\"state.cursor.rows\":\"",
    "\"state.early_stop.best\":\"",
};
enum { ENTRIES = sizeof entries / sizeof *entries };

static const uint8_t *find(const uint8_t *data, size_t size, const char *text)
{
    const size_t length = strlen(text);
    for (size_t i = 0; i + length <= size; i++)
        if (memcmp(data + i, text, length) == 0)
            return data + i;
    return NULL;
}

/* The same input with one entry less, which gets another name, or with an empty one before it. */
static void try_without_entry(const uint8_t *data, size_t size)
{
    static uint8_t made[1 << 17];
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum = sum * 31 + data[i];
    const char *entry = entries[sum % ENTRIES];
    const uint8_t *at = find(data, size, entry);
    if (!at || size + 64 > sizeof made)
        return;
    const size_t before = (size_t)(at - data), length = strlen(entry);
    size_t to = before;
    memcpy(made, data, before);
    if (sum / ENTRIES % 2) {
        memcpy(made + to, entry, length);
        memcpy(made + to + length, "\",", 2);
        to += length + 2;
    }
    memcpy(made + to, at, size - before);
    made[to + 1] = 'x';
    size += to - before;
    keep(made, size);
    check_file(size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    keep(data, size);
    check_file(size);
    if (size > 0 && data[0] == 0xff)
        try_without_entry(data, size);
    return 0;
}
