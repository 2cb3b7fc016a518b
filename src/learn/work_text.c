/* Draws batches of texts and pairs, computes their gradients, and evaluates language models.  T is the context, a row's
 * tokens are positions b*T+t. */
#include "learn/work_text.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "data/corpus.h"
#include "data/walk.h"
#include "learn/guess.h"
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
    size_t count;  /* rows of the batch */
    float *logits; /* of the batch, then their gradient; the workspace's */
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

const struct refusal work_text_refuses[] = {
    {"label-noise", "a text has no labels that could be wrong: what should follow is its own next token"},
    {"input-noise", "tokens are no numbers to which noise could be added"},
    {NULL, NULL},
};

/* Counts the tokens that the model has to predict in the training rows. */
static void count_tokens(const struct dataset *dataset, uint64_t *count)
{
    for (size_t row = 0; row < dataset->train; row++) {
        const struct corpus_passage passage = corpus_passage(dataset->corpus, row, 0, CORPUS_STILL);
        for (size_t i = passage.asked; i < passage.count; i++)
            count[passage.token[i]]++;
    }
}

bool work_text_guess(const struct dataset *dataset, enum loss_id loss, struct guess *out)
{
    (void)loss;
    uint64_t *count = mem_alloc(dataset->classes, sizeof *count);
    if (!count)
        return false;
    count_tokens(dataset, count);
    *out = guess_of_counts(count, dataset->classes);
    mem_free(count);
    return true;
}

static size_t cap_of(const struct dataset *dataset)
{
    const size_t most = EVALUATION_TOKENS / dataset->inputs;
    return most < EVALUATION_LEAST ? EVALUATION_LEAST : most;
}

size_t work_text_rows(const struct dataset *dataset, size_t train_rows)
{
    return survey_rows(dataset, cap_of(dataset), train_rows);
}

void work_text_free(void *work)
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

void *work_text_create(const struct work_setup *setup)
{
    struct text_work *text = mem_alloc(1, sizeof *text);
    if (!text)
        return NULL;
    const struct dataset *dataset = setup->dataset;
    *text = (struct text_work){
        .dataset = dataset,
        .corpus = dataset->corpus,
        .language = model_language(setup->model[0]),
        .kernels = setup->kernels,
        .loss = &loss_table[setup->loss],
    };
    text->measuring = language_workspace_create(text->language, BLOCK, false);
    text->row_loss = mem_alloc(BLOCK * dataset->inputs, sizeof *text->row_loss);
    if (!survey_create(&text->survey, dataset, cap_of(dataset)) ||
        !passages_create(&text->block, BLOCK, dataset->inputs) || !text->measuring || !text->row_loss) {
        work_text_free(text);
        return NULL;
    }
    return text;
}

bool work_text_reserve(void *work, size_t size)
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

size_t work_text_bytes(const void *work)
{
    const struct text_work *text = work;
    const size_t step = text->workspace ? language_workspace_bytes(text->workspace) : 0;
    return language_workspace_bytes(text->measuring) + step;
}

static struct language_batch language_batch(const struct text_work *text)
{
    const size_t T = text->dataset->inputs;
    return (struct language_batch){.token = text->batch.read, .stride = T, .sequences = text->count, .length = T};
}

static void draw_batch(struct text_work *text, struct work_step *step)
{
    const uint32_t rows = (uint32_t)batch_rows(text->dataset, step->batch.train_fraction);
    const size_t size = step->batch.size < text->room ? step->batch.size : text->room;
    const uint32_t *row = walk_next(text->walk, &step->cursor, step->batch.seed, rows, size, &text->count);
    /* The walk may have gone on to the next epoch: its last batch still has the shift of the one that it ends. */
    const uint64_t epoch = step->cursor.epoch - (step->cursor.position == 0 && step->cursor.epoch > 0);
    passages_fill(&text->batch, text, row, text->count, step->batch.seed, epoch);
}

/* From the batch to the gradient of the logits. */
static void pass_forward(struct text_work *text, struct work_step *step)
{
    const struct language_batch batch = language_batch(text);
    const struct net_dropout dropout = {.rate = step->dropout, .seed = step->batch.seed, .step = step->number};
    text->logits = language_forward(text->language, NULL, text->workspace, &batch, step->dropout > 0 ? &dropout : NULL);
    const struct loss_answers answers = {.label = text->batch.asked};
    step->loss =
        text->loss->compute(text->kernels, text->logits, language_stride(text->language), text->dataset->classes,
                            batch.sequences * batch.length, &answers, text->logits, NULL);
}

/* In two pieces, forward and backward, which take seconds each where a model is large. */
enum objective_piece work_text_step(void *work, struct work_step *step)
{
    struct text_work *text = work;
    if (step->begins) {
        draw_batch(text, step);
        pass_forward(text, step);
        return isfinite(step->loss) ? OBJECTIVE_MORE : OBJECTIVE_GRADIENT;
    }
    const struct language_batch batch = language_batch(text);
    language_backward(text->language, text->workspace, &batch, text->logits);
    return OBJECTIVE_GRADIENT;
}

/* ---- evaluation ---- */

void work_text_begin(void *work, const struct work_key *key)
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

bool work_text_evaluate(void *work, size_t rows)
{
    struct text_work *text = work;
    return survey_run(&text->survey, rows, BLOCK, measure_block, text);
}

static struct work_result result_of(const struct sums *sums)
{
    if (sums->asked == 0)
        return (struct work_result){.loss = NAN, .accuracy = NAN};
    return (struct work_result){
        .loss = sums->loss / (double)sums->asked,
        .accuracy = (double)sums->right / (double)sums->asked,
    };
}

void work_text_result(const void *work, double *value)
{
    const struct text_work *text = work;
    work_fill(value, result_of(&text->sums[WORK_TRAIN]), result_of(&text->sums[WORK_TEST]));
}
