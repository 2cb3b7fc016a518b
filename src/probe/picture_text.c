/* Computes pictures of a language model: a prompt's continuation, attention, a passage's losses, exam answers. */
#include "probe/picture_text.h"

#include <math.h>
#include <string.h>

#include "base/elementary.h"
#include "base/mem.h"
#include "base/random.h"
#include "nn/language.h"
#include "nn/loss.h"

struct text_artist {
    const struct kernels *kernels;
    struct picture_doubt doubt;
    struct model *model; /* in the shape of the last frame; its own parameters are not used */
    struct language *language;
    struct language_workspace *workspace;
    struct language_cache *cache;
    struct sampler *sampler;
    int32_t *token; /* [context] */
};

struct text_artist *text_artist_create(const struct kernels *kernels, const struct picture_doubt *doubt)
{
    struct text_artist *artist = mem_alloc(1, sizeof *artist);
    if (artist)
        *artist = (struct text_artist){.kernels = kernels, .doubt = *doubt};
    return artist;
}

static void forget_shape(struct text_artist *artist)
{
    mem_free(artist->token);
    sampler_free(artist->sampler);
    language_cache_free(artist->cache);
    language_workspace_free(artist->workspace);
    model_free(artist->model);
    *artist = (struct text_artist){.kernels = artist->kernels, .doubt = artist->doubt};
}

void text_artist_free(struct text_artist *artist)
{
    if (!artist)
        return;
    forget_shape(artist);
    mem_free(artist);
}

static bool take_shape(struct text_artist *artist, const struct model_shape *shape)
{
    if (artist->token && model_same_shape(model_shape(artist->model), shape))
        return true;
    forget_shape(artist);
    if (model_create(&artist->model, shape, artist->kernels, NULL) != STATUS_OK)
        return false;
    artist->language = model_language(artist->model);
    artist->workspace = language_workspace_create(artist->language, 1, false);
    artist->cache = language_cache_create(artist->language);
    artist->sampler = sampler_create(shape->language.vocabulary);
    artist->token = mem_alloc(shape->language.context, sizeof *artist->token);
    if (!artist->workspace || !artist->cache || !artist->sampler || !artist->token) {
        forget_shape(artist);
        return false;
    }
    language_workspace_avoid_blas(artist->workspace);
    return true;
}

static size_t vocabulary_of(const struct text_artist *artist)
{
    return language_spec(artist->language)->vocabulary;
}

static float comparable(float logit)
{
    return isnan(logit) ? -INFINITY : logit;
}

/* ---- the next token ---- */

/* Logits behind the tokens so far and this one; NULL: the picture is moot. */
static const float *next(struct text_artist *artist, const float *parameters, size_t token)
{
    if (picture_is_moot(&artist->doubt))
        return NULL;
    return language_next(artist->language, parameters, artist->cache, (int32_t)token);
}

/* The same behind all of these, at least one. */
static const float *read_tokens(struct text_artist *artist, const float *parameters, const uint16_t *token,
                                size_t count)
{
    const float *logits = NULL;
    language_cache_reset(artist->cache);
    for (size_t i = 0; i < count && (i == 0 || logits); i++)
        logits = next(artist, parameters, token[i]);
    return logits;
}

/* Sum of e^(logit - largest). */
static double sum_of(const float *logits, size_t count, float largest)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += elementary_exp((double)logits[i] - (double)largest);
    return sum;
}

static struct picture_token token_of(const float *logits, size_t id, float largest, double sum)
{
    const double below = (double)logits[id] - (double)largest;
    return (struct picture_token){
        .id = (uint32_t)id,
        .logit = logits[id],
        .p = elementary_exp(below) / sum,
        .loss = elementary_log(sum) - below,
    };
}

/* Puts a token where it belongs among the likeliest; of equals the lower id is first. */
static void rank(struct picture_text *out, const float *logits, size_t id)
{
    size_t at = out->likeliest_count;
    while (at > 0 && comparable(logits[id]) > comparable(out->likeliest[at - 1].logit))
        at--;
    if (at == PICTURE_LIKELIEST)
        return;
    out->likeliest_count += out->likeliest_count < PICTURE_LIKELIEST;
    for (size_t i = out->likeliest_count - 1; i > at; i--)
        out->likeliest[i] = out->likeliest[i - 1];
    out->likeliest[at] = (struct picture_token){.id = (uint32_t)id, .logit = logits[id]};
}

static void judge(struct picture_text *out, const float *logits, size_t vocabulary, const uint16_t *right)
{
    out->largest = logits[loss_likeliest(logits, vocabulary)];
    out->sum = sum_of(logits, vocabulary, out->largest);
    out->likeliest_count = 0;
    for (size_t i = 0; i < vocabulary; i++)
        rank(out, logits, i);
    for (size_t i = 0; i < out->likeliest_count; i++)
        out->likeliest[i] = token_of(logits, out->likeliest[i].id, out->largest, out->sum);
    out->right_known = right != NULL;
    if (!right)
        return;
    out->right = token_of(logits, *right, out->largest, out->sum);
    out->right_rank = 1;
    for (size_t i = 0; i < vocabulary; i++) {
        const float logit = comparable(logits[i]), right_one = comparable(out->right.logit);
        out->right_rank += i < *right ? logit >= right_one : logit > right_one;
    }
}

/* ---- the prompt ---- */

static void read_prompt(const struct tokenizer *tokenizer, const struct picture_text_request *request,
                        struct picture_text *out)
{
    if (request->prompt_length > 0)
        out->prompt_tokens = tokenizer_encode(tokenizer, request->prompt, request->prompt_length, out->prompt);
    else
        out->prompt_tokens = tokenizer_encode(tokenizer, "\n", 1, out->prompt);
}

static bool ends_line(const unsigned char *bytes, size_t length)
{
    return memchr(bytes, '\n', length) != NULL;
}

static bool go_on(struct text_artist *artist, const float *parameters, const struct tokenizer *tokenizer,
                  const struct picture_text_request *request, const float *logits, struct picture_text *out)
{
    const uint32_t key = random_key(request->seed, RANDOM_SAMPLE, 0);
    const size_t tokens = request->tokens < PICTURE_TOKENS_MOST ? request->tokens : PICTURE_TOKENS_MOST;
    out->continuation_length = 0;
    for (size_t i = 0; i < tokens; i++) {
        const size_t id = sampler_draw(artist->sampler, logits, &request->sampling, random_uniform(key, (uint32_t)i));
        size_t length;
        const unsigned char *bytes = tokenizer_bytes(tokenizer, id, &length);
        if (request->one_line && ends_line(bytes, length))
            return true;
        memcpy(out->continuation + out->continuation_length, bytes, length);
        out->continuation_length += length;
        if (i + 1 < tokens && !(logits = next(artist, parameters, id)))
            return false;
    }
    return true;
}

/* This, as all that draws: false once the picture is moot. */
static bool draw_prompt(struct text_artist *artist, const float *parameters, const struct tokenizer *tokenizer,
                        const struct picture_text_request *request, struct picture_text *out)
{
    uint16_t answer[PICTURE_ANSWER_MOST];
    const bool right = request->answer_length > 0;
    read_prompt(tokenizer, request, out);
    if (right)
        tokenizer_encode(tokenizer, request->answer, request->answer_length, answer);
    const float *logits = read_tokens(artist, parameters, out->prompt, out->prompt_tokens);
    if (!logits)
        return false;
    judge(out, logits, vocabulary_of(artist), right ? answer : NULL);
    return go_on(artist, parameters, tokenizer, request, logits, out);
}

/* ---- attention and passages: all tokens at once ---- */

static const float *forward(struct text_artist *artist, const float *parameters, const uint16_t *token, size_t count)
{
    for (size_t i = 0; i < count; i++)
        artist->token[i] = token[i];
    const struct language_batch batch = {.token = artist->token, .stride = count, .sequences = 1, .length = count};
    return language_forward(artist->language, parameters, artist->workspace, &batch, NULL);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void draw_attention(struct text_artist *artist, const float *parameters,
                           const struct picture_text_request *request, struct picture_text *out)
{
    const struct language_spec *spec = language_spec(artist->language);
    const bool has_blocks = language_table[spec->kind].has_blocks;
    out->blocks = has_blocks ? (unsigned)spec->layers : 0;
    out->heads = has_blocks ? (unsigned)spec->heads : 0;
    out->looks = 0;
    if (!has_blocks || !request->attention)
        return;
    out->block = request->block < out->blocks ? request->block : out->blocks - 1;
    out->head = request->head < out->heads ? request->head : out->heads - 1;
    const size_t count = least(out->prompt_tokens, spec->context);
    forward(artist, parameters, out->prompt + out->prompt_tokens - count, count);
    size_t stride;
    const float *weight = language_attention(artist->language, artist->workspace, out->block, out->head, 0, &stride);
    out->looks = least(count, PICTURE_LOOKS_MOST);
    const size_t first = count - out->looks;
    for (size_t row = 0; row < out->looks; row++)
        memcpy(out->attention + row * out->looks, weight + (first + row) * stride + first,
               out->looks * sizeof *out->attention);
}

static void draw_passage(struct text_artist *artist, const float *parameters,
                         const struct picture_text_request *request, struct picture_text *out)
{
    const struct dataset *dataset = request->dataset;
    out->passage_tokens = 0;
    if (!request->passage || request->passage_row >= dataset->rows)
        return;
    const struct corpus_passage passage = corpus_passage(dataset->corpus, request->passage_row, 0, CORPUS_STILL);
    const size_t V = vocabulary_of(artist), stride = language_stride(artist->language);
    const size_t count =
        least(least(passage.count, PICTURE_PASSAGE_MOST), language_spec(artist->language)->context + 1);
    out->passage_row = request->passage_row;
    out->passage_tokens = count;
    out->passage_asked = least(passage.asked, count);
    memcpy(out->passage, passage.token, count * sizeof *out->passage);
    const float *logits = forward(artist, parameters, out->passage, count - 1);
    double total = 0;
    for (size_t i = out->passage_asked; i < count; i++) {
        const float *row = logits + (i - 1) * stride;
        const size_t best = loss_likeliest(row, V);
        const double loss = token_of(row, out->passage[i], row[best], sum_of(row, V, row[best])).loss;
        out->passage_expected[i] = (uint16_t)best;
        out->passage_loss[i] = (float)loss;
        total += loss;
    }
    out->passage_mean = total / (double)(count - out->passage_asked);
}

/* ---- the exam ---- */

#define EXAM_TOKENS 64 /* of a wrong answer are enough to see what it is */

/* What has been said so far, of which an answer keeps the beginning. */
struct speech {
    const char *wanted;
    size_t wanted_length, length;
    bool same; /* so far */
};

static void hear(struct speech *speech, struct picture_answer *answer, const unsigned char *bytes, size_t length)
{
    const size_t kept = least(length, sizeof answer->text - answer->length);
    speech->same = speech->same && length <= speech->wanted_length - speech->length &&
                   memcmp(speech->wanted + speech->length, bytes, length) == 0;
    speech->length += length;
    memcpy(answer->text + answer->length, bytes, kept);
    answer->length += kept;
}

static bool answer_to(struct text_artist *artist, const float *parameters, const struct tokenizer *tokenizer,
                      const struct dataset *exam, size_t row, struct picture_answer *answer)
{
    struct speech speech = {.same = true};
    const struct corpus_passage passage = corpus_passage(exam->corpus, row, 0, CORPUS_STILL);
    const size_t asked = passage.count - passage.asked; /* of the response and its line end */
    bool ended = false;
    speech.wanted = corpus_response(exam->corpus, row, &speech.wanted_length);
    *answer = (struct picture_answer){.row = (uint32_t)row};
    const float *logits = read_tokens(artist, parameters, passage.token, passage.asked);
    for (size_t i = 0; i < (speech.same && asked > EXAM_TOKENS ? asked : EXAM_TOKENS); i++) {
        if (!logits)
            return false;
        const size_t id = loss_likeliest(logits, vocabulary_of(artist));
        size_t length;
        const unsigned char *bytes = tokenizer_bytes(tokenizer, id, &length);
        const unsigned char *end = memchr(bytes, '\n', length);
        hear(&speech, answer, bytes, end ? (size_t)(end - bytes) : length);
        ended = end != NULL;
        if (ended)
            break;
        logits = next(artist, parameters, id);
    }
    answer->whole = ended && answer->length == speech.length;
    answer->right = ended && speech.same && speech.length == speech.wanted_length;
    return true;
}

static bool draw_exam(struct text_artist *artist, const float *parameters, const struct tokenizer *tokenizer,
                      const struct picture_text_request *request, struct picture_text *out)
{
    const struct dataset *exam = request->exam;
    out->answers = out->answers_right = 0;
    for (size_t row = exam ? exam->train : 0; exam && row < exam->rows && out->answers < PICTURE_EXAM_MOST; row++) {
        struct picture_answer *answer = &out->answer[out->answers];
        if (!answer_to(artist, parameters, tokenizer, exam, row, answer))
            return false;
        out->answers++;
        out->answers_right += answer->right;
    }
    return true;
}

bool text_artist_draw(struct text_artist *artist, const struct frame *frame, const struct picture_text_request *request,
                      struct picture_text *out)
{
    const struct tokenizer *tokenizer = corpus_tokenizer(request->dataset->corpus);
    if (!take_shape(artist, &frame->shape))
        return false;
    out->asked = *request;
    if (!draw_prompt(artist, frame->parameters, tokenizer, request, out))
        return true;
    draw_attention(artist, frame->parameters, request, out);
    draw_passage(artist, frame->parameters, request, out);
    draw_exam(artist, frame->parameters, tokenizer, request, out);
    return true;
}

bool picture_text_same(const struct picture_text_request *a, const struct picture_text_request *b)
{
    return a->dataset == b->dataset && a->prompt_length == b->prompt_length && a->answer_length == b->answer_length &&
           memcmp(a->prompt, b->prompt, a->prompt_length) == 0 && memcmp(a->answer, b->answer, a->answer_length) == 0 &&
           a->tokens == b->tokens && a->one_line == b->one_line && a->sampling.temperature == b->sampling.temperature &&
           a->sampling.top_k == b->sampling.top_k && a->sampling.top_p == b->sampling.top_p && a->seed == b->seed &&
           a->attention == b->attention && a->block == b->block && a->head == b->head && a->passage == b->passage &&
           a->passage_row == b->passage_row && a->exam == b->exam;
}
