/* Texts and pairs: rows of tokens, of which some are asked, for a language model.  T is the context, a row's tokens are
 * positions b*T+t. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "data/corpus.h"
#include "data/walk.h"
#include "learn/survey.h"
#include "nn/language.h"

#define EVALUATION_TOKENS 4096 /* of each part are looked at, ... */
#define EVALUATION_LEAST  8    /* ... but at least so many rows */
#define BLOCK             8    /* rows of an evaluation that go through the model at once */

/* Rows of tokens as a model takes them. */
struct passages {
    int32_t *read;  /* [rows][T] */
    int32_t *asked; /* [rows * T], CORPUS_IGNORED where nothing is */
};

struct sums {
    double loss;
    size_t asked, right;
};

struct text_work {
    const struct dataset *dataset;
    const struct corpus *corpus;
    struct language *language;
    const struct kernels *kernels;
    const struct loss *loss;
    /* A step's. */
    size_t room;
    struct walk *walk;
    struct passages batch;
    struct language_workspace *workspace;
    /* An evaluation's. */
    struct passages block;
    struct language_workspace *measuring;
    float *row_loss; /* [BLOCK * T] */
    struct survey survey;
    struct sums sums[WORK_PARTS];
};

static bool passages_create(struct passages *passages, size_t rows, size_t context)
{
    passages->read = mem_alloc(rows * context, sizeof *passages->read);
    passages->asked = mem_alloc(rows * context, sizeof *passages->asked);
    return passages->read && passages->asked;
}

static void passages_free(struct passages *passages)
{
    mem_free(passages->read);
    mem_free(passages->asked);
}

static void passages_fill(struct passages *passages, const struct text_work *text, const uint32_t *row, size_t rows,
                          uint64_t seed, uint64_t epoch)
{
    const size_t T = text->dataset->inputs;
    for (size_t i = 0; i < rows; i++)
        corpus_row(text->corpus, row[i], seed, epoch, passages->read + i * T, passages->asked + i * T);
}

static size_t cap_of(const struct dataset *dataset)
{
    const size_t most = EVALUATION_TOKENS / dataset->inputs;
    return most < EVALUATION_LEAST ? EVALUATION_LEAST : most;
}

static size_t text_rows(const struct dataset *dataset, size_t train_rows)
{
    return survey_rows(dataset, cap_of(dataset), train_rows);
}

static void text_free(void *work)
{
    struct text_work *text = work;
    if (!text)
        return;
    walk_free(text->walk);
    passages_free(&text->batch);
    passages_free(&text->block);
    language_workspace_free(text->workspace);
    language_workspace_free(text->measuring);
    mem_free(text->row_loss);
    survey_free(&text->survey);
    mem_free(text);
}

static void *text_create(const struct work_setup *setup)
{
    struct text_work *text = mem_alloc(1, sizeof *text);
    if (!text)
        return NULL;
    const struct dataset *dataset = setup->dataset;
    *text = (struct text_work){
        .dataset = dataset,
        .corpus = dataset->corpus,
        .language = model_language(setup->model),
        .kernels = setup->kernels,
        .loss = &loss_table[setup->loss],
    };
    text->measuring = language_workspace_create(text->language, BLOCK, false);
    text->row_loss = mem_alloc(BLOCK * dataset->inputs, sizeof *text->row_loss);
    if (!survey_create(&text->survey, dataset, cap_of(dataset)) ||
        !passages_create(&text->block, BLOCK, dataset->inputs) || !text->measuring || !text->row_loss) {
        text_free(text);
        return NULL;
    }
    return text;
}

static bool text_make_room(void *work, size_t size)
{
    struct text_work *text = work;
    struct walk *walk = walk_create(size);
    struct passages batch;
    const bool whole = passages_create(&batch, size, text->dataset->inputs);
    struct language_workspace *workspace = language_workspace_create(text->language, size, true);
    if (!walk || !whole || !workspace) {
        walk_free(walk);
        passages_free(&batch);
        language_workspace_free(workspace);
        return false;
    }
    walk_free(text->walk);
    passages_free(&text->batch);
    language_workspace_free(text->workspace);
    text->walk = walk;
    text->batch = batch;
    text->workspace = workspace;
    text->room = size;
    return true;
}

static size_t text_bytes(const void *work)
{
    const struct text_work *text = work;
    const size_t step = text->workspace ? language_workspace_bytes(text->workspace) : 0;
    return language_workspace_bytes(text->measuring) + step;
}

static float text_gradient(void *work, struct batch_cursor *cursor, const struct work_draw *draw)
{
    struct text_work *text = work;
    const size_t T = text->dataset->inputs;
    const uint32_t rows = (uint32_t)batch_rows(text->dataset, draw->batch.train_fraction);
    const size_t size = draw->batch.size < text->room ? draw->batch.size : text->room;
    size_t count;
    const uint32_t *row = walk_next(text->walk, cursor, draw->batch.seed, rows, size, &count);
    /* The walk may have gone on to the next epoch: its last batch still has the shift of the one that it ends. */
    const uint64_t epoch = cursor->epoch - (cursor->position == 0 && cursor->epoch > 0);
    passages_fill(&text->batch, text, row, count, draw->batch.seed, epoch);

    const struct language_batch batch = {.token = text->batch.read, .stride = T, .sequences = count, .length = T};
    const struct net_dropout dropout = {.rate = draw->dropout, .seed = draw->batch.seed, .step = draw->step};
    float *logits =
        language_forward(text->language, NULL, text->workspace, &batch, draw->dropout > 0 ? &dropout : NULL);
    const struct loss_answers answers = {.label = text->batch.asked};
    const float loss = text->loss->compute(text->kernels, logits, language_stride(text->language),
                                           text->dataset->classes, count * T, &answers, logits, NULL);
    if (isfinite(loss))
        language_backward(text->language, text->workspace, &batch, logits);
    return loss;
}

/* ---- evaluation ---- */

static void text_begin(void *work, const struct work_key *key)
{
    struct text_work *text = work;
    survey_begin(&text->survey, key);
    for (size_t i = 0; i < WORK_PARTS; i++)
        text->sums[i] = (struct sums){0};
}

static void measure_block(void *context, const struct survey_block *block)
{
    struct text_work *text = context;
    const size_t count = block->count;
    const size_t T = text->dataset->inputs, V = text->dataset->classes, stride = language_stride(text->language);
    passages_fill(&text->block, text, block->row, count, 0, CORPUS_STILL);
    const struct language_batch batch = {.token = text->block.read, .stride = T, .sequences = count, .length = T};
    const float *logits = language_forward(text->language, NULL, text->measuring, &batch, NULL);
    const struct loss_answers answers = {.label = text->block.asked};
    text->loss->compute(text->kernels, logits, stride, V, count * T, &answers, NULL, text->row_loss);
    struct sums *sums = &text->sums[block->part];
    for (size_t i = 0; i < count * T; i++) {
        if (text->block.asked[i] == CORPUS_IGNORED)
            continue;
        sums->loss += (double)text->row_loss[i];
        sums->asked++;
        sums->right += loss_likeliest(logits + i * stride, V) == (size_t)text->block.asked[i];
    }
}

static bool text_run(void *work, size_t rows)
{
    struct text_work *text = work;
    return survey_run(&text->survey, rows, BLOCK, measure_block, text);
}

static struct work_result text_result(const void *work, enum work_part which)
{
    const struct text_work *text = work;
    const struct sums *sums = &text->sums[which];
    if (sums->asked == 0)
        return (struct work_result){.loss = NAN, .accuracy = NAN};
    return (struct work_result){
        .loss = sums->loss / (double)sums->asked,
        .accuracy = (double)sums->right / (double)sums->asked,
    };
}

const struct work_class work_on_texts = {
    .create = text_create,
    .free = text_free,
    .make_room = text_make_room,
    .bytes = text_bytes,
    .gradient = text_gradient,
    .rows = text_rows,
    .begin = text_begin,
    .run = text_run,
    .result = text_result,
};
