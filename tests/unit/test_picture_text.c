/* Pictures of texts against what the model itself says, the plain way. */
#include "probe/picture_text.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "suite.h"
#include "support/text_lab.h"

struct studio {
    struct text_lab lab;
    struct text_artist *artist;
    struct frame frame;
    struct picture_text *out;
    struct picture_text_request request;
};

static void set_frame(struct studio *studio)
{
    const struct model *model = trainer_model(studio->lab.trainer);
    studio->frame =
        (struct frame){.step = 40, .shape = *model_shape(model), .parameters = model_params_const(model)->value};
}

static void open_studio(struct studio *studio, enum language_kind kind)
{
    *studio = (struct studio){.artist = text_artist_create(kernels_choose(), &(struct picture_doubt){0}),
                              .out = mem_alloc(1, sizeof *studio->out)};
    text_lab_start(&studio->lab,
                   &(struct text_lab_plan){
                       .merges = 12,
                       .shape.language = {.kind = kind, .width = 16, .window = 4, .layers = 2, .heads = 2},
                   });
    text_lab_run(&studio->lab, UINT64_MAX, 40);
    set_frame(studio);
    studio->request = (struct picture_text_request){
        .dataset = studio->lab.dataset[0],
        .prompt = "the owl s",
        .prompt_length = 9,
        .answer = "ees",
        .answer_length = 3,
        .tokens = 20,
        .sampling = {.temperature = 1, .top_p = 1},
        .seed = 5,
    };
}

static void draw(struct studio *studio)
{
    ck_assert(text_artist_draw(studio->artist, &studio->frame, &studio->request, studio->out));
}

static void close_studio(struct studio *studio)
{
    text_artist_free(studio->artist);
    mem_free(studio->out);
    text_lab_end(&studio->lab);
}

static const struct tokenizer *tokenizer(const struct studio *studio)
{
    return corpus_tokenizer(studio->lab.dataset[0]->corpus);
}

/* Logits behind the last of the tokens; for the caller to free. */
static float *ask(const struct studio *studio, const uint16_t *token, size_t count)
{
    const struct language *language = model_language_const(trainer_model(studio->lab.trainer));
    struct language_workspace *workspace = language_workspace_create(language, 1, false);
    int32_t read[TEXT_LAB_CONTEXT];
    ck_assert_uint_le(count, TEXT_LAB_CONTEXT);
    for (size_t i = 0; i < count; i++)
        read[i] = token[i];
    const struct language_batch batch = {.token = read, .stride = count, .sequences = 1, .length = count};
    const float *logits = language_forward(language, NULL, workspace, &batch, NULL);
    const size_t stride = language_stride(language);
    float *copy = mem_alloc(stride, sizeof *copy);
    memcpy(copy, logits + (count - 1) * stride, stride * sizeof *copy);
    language_workspace_free(workspace);
    return copy;
}

static double p_of(const float *logits, size_t count, size_t id)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += exp((double)logits[i] - (double)logits[id]);
    return 1 / sum;
}

START_TEST(the_next_token_is_the_softmax_of_the_logits)
{
    for (int kind = 0; kind < LANGUAGE_KINDS; kind++) {
        struct studio studio;
        open_studio(&studio, (enum language_kind)kind);
        draw(&studio);
        const struct picture_text *out = studio.out;
        const size_t V = studio.lab.dataset[0]->classes;
        float *logits = ask(&studio, out->prompt, out->prompt_tokens);
        ck_assert_uint_eq(out->likeliest_count, PICTURE_LIKELIEST);
        for (size_t i = 0; i < out->likeliest_count; i++) {
            const struct picture_token *token = &out->likeliest[i];
            ck_assert_double_eq_tol(token->p, p_of(logits, V, token->id), 1e-5);
            ck_assert_double_eq_tol(token->loss, -log(token->p), 1e-6);
            ck_assert(i == 0 || token->p <= out->likeliest[i - 1].p);
        }
        size_t above = 0;
        for (size_t i = 0; i < V; i++)
            above += (double)logits[i] > (double)out->likeliest[PICTURE_LIKELIEST - 1].logit + 1e-4;
        ck_assert_uint_lt(above, PICTURE_LIKELIEST);
        mem_free(logits);
        close_studio(&studio);
    }
}
END_TEST

START_TEST(the_right_token_has_its_rank_and_loss)
{
    struct studio studio;
    open_studio(&studio, LANGUAGE_TRANSFORMER);
    draw(&studio);
    uint16_t answer[8];
    tokenizer_encode(tokenizer(&studio), "ees", 3, answer);
    const struct picture_text *out = studio.out;
    float *logits = ask(&studio, out->prompt, out->prompt_tokens);
    ck_assert(out->right_known);
    ck_assert_uint_eq(out->right.id, answer[0]);
    ck_assert_double_eq_tol(out->right.p, p_of(logits, studio.lab.dataset[0]->classes, answer[0]), 1e-5);
    size_t rank = 1;
    for (size_t i = 0; i < studio.lab.dataset[0]->classes; i++)
        rank += logits[i] > logits[answer[0]];
    ck_assert_uint_eq(out->right_rank, rank);
    mem_free(logits);
    studio.request.answer_length = 0;
    draw(&studio);
    ck_assert(!out->right_known);
    close_studio(&studio);
}
END_TEST

START_TEST(the_same_request_gives_the_same_continuation)
{
    struct studio studio;
    open_studio(&studio, LANGUAGE_TRANSFORMER);
    char first[sizeof studio.out->continuation];
    draw(&studio);
    const size_t length = studio.out->continuation_length;
    memcpy(first, studio.out->continuation, length);
    ck_assert_uint_ge(length, 20);
    draw(&studio);
    ck_assert_uint_eq(studio.out->continuation_length, length);
    ck_assert_mem_eq(studio.out->continuation, first, length);
    studio.request.seed++;
    draw(&studio);
    ck_assert(studio.out->continuation_length != length || memcmp(studio.out->continuation, first, length) != 0);
    studio.request.tokens = 3; /* fewer of the same */
    studio.request.seed--;
    draw(&studio);
    ck_assert_uint_lt(studio.out->continuation_length, length);
    ck_assert_mem_eq(studio.out->continuation, first, studio.out->continuation_length);
    close_studio(&studio);
}
END_TEST

START_TEST(without_temperature_it_takes_the_likeliest)
{
    struct studio studio;
    open_studio(&studio, LANGUAGE_TRANSFORMER);
    studio.request.sampling.temperature = 0;
    studio.request.tokens = 2;
    studio.request.prompt_length = 3;
    draw(&studio);
    uint16_t token[TEXT_LAB_CONTEXT];
    size_t count = tokenizer_encode(tokenizer(&studio), "the", 3, token), at = 0;
    for (int i = 0; i < 2; i++) {
        float *logits = ask(&studio, token, count);
        size_t best = 0, length;
        for (size_t id = 1; id < studio.lab.dataset[0]->classes; id++)
            best = logits[id] > logits[best] ? id : best;
        const unsigned char *bytes = tokenizer_bytes(tokenizer(&studio), best, &length);
        ck_assert_mem_eq(studio.out->continuation + at, bytes, length);
        at += length;
        token[count++] = (uint16_t)best;
        mem_free(logits);
    }
    ck_assert_uint_eq(studio.out->continuation_length, at);
    close_studio(&studio);
}
END_TEST

START_TEST(an_answer_of_one_line_ends_before_the_line_end)
{
    struct studio studio;
    open_studio(&studio, LANGUAGE_TRANSFORMER);
    studio.request.tokens = PICTURE_TOKENS_MOST;
    draw(&studio);
    ck_assert_ptr_nonnull(memchr(studio.out->continuation, '\n', studio.out->continuation_length));
    const char *end = memchr(studio.out->continuation, '\n', studio.out->continuation_length);
    const size_t line = (size_t)(end - studio.out->continuation);
    studio.request.one_line = true;
    draw(&studio);
    ck_assert_ptr_null(memchr(studio.out->continuation, '\n', studio.out->continuation_length));
    ck_assert_uint_le(studio.out->continuation_length, line);
    close_studio(&studio);
}
END_TEST

/* An empty prompt, one that is longer than the context, and one of bytes that are no text. */
START_TEST(any_prompt_can_be_gone_on_with)
{
    struct studio studio;
    open_studio(&studio, LANGUAGE_TRANSFORMER);
    studio.request.prompt_length = 0;
    draw(&studio);
    ck_assert_uint_eq(studio.out->prompt_tokens, 1);
    memset(studio.request.prompt, 0xff, sizeof studio.request.prompt);
    studio.request.prompt_length = sizeof studio.request.prompt;
    studio.request.attention = true;
    draw(&studio);
    ck_assert_uint_eq(studio.out->prompt_tokens, PICTURE_PROMPT_MOST);
    ck_assert_uint_eq(studio.out->looks, TEXT_LAB_CONTEXT);
    ck_assert(isfinite(studio.out->sum));
    close_studio(&studio);
}
END_TEST

START_TEST(attention_looks_back_only)
{
    struct studio studio;
    open_studio(&studio, LANGUAGE_TRANSFORMER);
    draw(&studio);
    ck_assert_uint_eq(studio.out->looks, 0);
    ck_assert_uint_eq(studio.out->blocks, 2);
    ck_assert_uint_eq(studio.out->heads, 2);
    studio.request.attention = true;
    float first[PICTURE_LOOKS_MOST * PICTURE_LOOKS_MOST] = {0};
    for (unsigned block = 0; block < 2; block++)
        for (unsigned head = 0; head < 2; head++) {
            studio.request.block = block;
            studio.request.head = head;
            draw(&studio);
            const struct picture_text *out = studio.out;
            ck_assert_uint_eq(out->looks, out->prompt_tokens);
            for (size_t row = 0; row < out->looks; row++) {
                float sum = 0;
                for (size_t column = 0; column < out->looks; column++) {
                    const float weight = out->attention[row * out->looks + column];
                    ck_assert(column <= row || weight == 0);
                    sum += weight;
                }
                ck_assert_float_eq_tol(sum, 1, 1e-4f);
            }
            const size_t size = out->looks * out->looks * sizeof(float);
            ck_assert(memcmp(first, out->attention, size) != 0); /* another head sees something else */
            memcpy(first, out->attention, size);
        }
    studio.request.block = studio.request.head = 77;
    draw(&studio);
    ck_assert_uint_eq(studio.out->block, 1);
    ck_assert_uint_eq(studio.out->head, 1);
    close_studio(&studio);
    open_studio(&studio, LANGUAGE_BIGRAM);
    studio.request.attention = true;
    draw(&studio);
    ck_assert_uint_eq(studio.out->blocks, 0);
    ck_assert_uint_eq(studio.out->looks, 0);
    close_studio(&studio);
}
END_TEST

/* Over all test rows the mean is what the trainer measures. */
START_TEST(passages_add_up_to_the_test_loss)
{
    for (int stage = 0; stage < 2; stage++) {
        struct studio studio;
        open_studio(&studio, LANGUAGE_TRANSFORMER);
        if (stage == 1) {
            text_lab_run(&studio.lab, 40, 60);
            set_frame(&studio);
        }
        trainer_evaluate_now(studio.lab.trainer);
        while (!trainer_evaluate(studio.lab.trainer, SIZE_MAX, studio.lab.measures))
            continue;
        const struct dataset *dataset = studio.lab.dataset[stage];
        double loss = 0;
        size_t asked = 0;
        studio.request.dataset = dataset;
        studio.request.passage = true;
        for (size_t row = dataset->train; row < dataset->rows; row++) {
            studio.request.passage_row = row;
            draw(&studio);
            const struct picture_text *out = studio.out;
            ck_assert(stage == 0 ? out->passage_asked == 1 : out->passage_asked > 1);
            for (size_t i = out->passage_asked; i < out->passage_tokens; i++) {
                ck_assert_float_ge(out->passage_loss[i], 0);
                loss += (double)out->passage_loss[i];
                asked++;
            }
        }
        ck_assert_double_eq_tol(loss / (double)asked, (double)studio.lab.measures[SERIES_TEST_LOSS], 1e-4);
        close_studio(&studio);
    }
}
END_TEST

/* An exam whose held-out response is known, sat by a bigram table that says what it is told to: after each of the
 * tokens the next. */
struct hall {
    struct dataset *dataset;
    struct tokenizer *tokenizer;
    struct model *model;
    struct text_artist *artist;
    struct picture_text *out;
};

static void open_hall(struct hall *hall, const char *response, size_t merges)
{
    char name[] = "/tmp/downhill-exam-XXXXXX";
    struct error error = {.message = ""};
    struct corpus *corpus = NULL;
    const struct tokenizer_span span = {(const unsigned char *)response, strlen(response)};
    const struct tokenizer_span twice[] = {span, span};
    *hall = (struct hall){.artist = text_artist_create(kernels_choose(), &(struct picture_doubt){0}),
                          .out = mem_alloc(1, sizeof *hall->out)};
    ck_assert(tokenizer_train(&hall->tokenizer, twice, 2, merges, &error) == STATUS_OK);
    const int made = mkstemp(name);
    FILE *file = fdopen(made, "w");
    for (int i = 0; i < 20; i++)
        fprintf(file, "%d\t%s\n", i, response);
    ck_assert(fclose(file) == 0);
    const struct corpus_options options = {.context = 300, .seed = 1, .tokenizer = hall->tokenizer};
    ck_assert_msg(corpus_load_pairs(&corpus, name, &options, &error) == STATUS_OK, "%s", error.message);
    unlink(name);
    ck_assert(dataset_from_corpus(&hall->dataset, corpus, &error) == STATUS_OK);
    const struct model_shape shape = {
        .kind = MODEL_LANGUAGE,
        .language = {.kind = LANGUAGE_BIGRAM, .vocabulary = hall->dataset->classes, .context = options.context},
    };
    ck_assert(model_create(&hall->model, &shape, kernels_choose(), &error) == STATUS_OK);
}

/* Teaches the table what follows what, which wants each token once; then holds the exam. */
static const struct picture_answer *sit(struct hall *hall, const char *said)
{
    uint16_t token[300];
    bool met[1024] = {false};
    const size_t count = tokenizer_encode(hall->tokenizer, said, strlen(said), token);
    const size_t stride = language_stride(model_language(hall->model));
    const struct params *params = model_params(hall->model);
    memset(params->value, 0, params->size * sizeof *params->value);
    for (size_t i = 0; i < count; i++) {
        const size_t before = i == 0 ? '\n' : token[i - 1];
        ck_assert(!met[before]);
        met[before] = true;
        params->value[before * stride + token[i]] = 5;
    }
    const struct frame frame = {.step = 1, .shape = *model_shape(hall->model), .parameters = params->value};
    const struct picture_text_request request = {.dataset = hall->dataset, .exam = hall->dataset};
    ck_assert(text_artist_draw(hall->artist, &frame, &request, hall->out));
    ck_assert_uint_eq(hall->out->answers, hall->dataset->rows - hall->dataset->train);
    ck_assert_uint_eq(hall->out->answers_right, hall->out->answer[0].right ? hall->out->answers : 0);
    return &hall->out->answer[0];
}

static void close_hall(struct hall *hall)
{
    text_artist_free(hall->artist);
    mem_free(hall->out);
    model_free(hall->model);
    dataset_free(hall->dataset);
    tokenizer_free(hall->tokenizer);
}

START_TEST(only_the_very_response_is_right)
{
    static const struct {
        const char *said;
        bool right, whole;
    } cases[] = {
        {"owl\n", true, true},   {"fox\n", false, true}, {"ow\n", false, true},
        {"owls\n", false, true}, {"owlo", false, false}, /* round and round */
        {"\n", false, true},
    };
    struct hall hall;
    open_hall(&hall, "owl", 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct picture_answer *answer = sit(&hall, cases[i].said);
        ck_assert_msg(answer->right == cases[i].right, "%s", cases[i].said);
        ck_assert_msg(answer->whole == cases[i].whole, "%s", cases[i].said);
        const size_t length = cases[i].whole ? strlen(cases[i].said) - 1 : 3;
        ck_assert(!cases[i].whole || answer->length == length);
        ck_assert_mem_eq(answer->text, cases[i].said, length);
    }
    close_hall(&hall);
}
END_TEST

#define LONG_ONE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+-./:;<=>?@"

START_TEST(a_long_response_can_be_given)
{
    struct hall hall;
    open_hall(&hall, LONG_ONE, 0);
    const struct picture_answer *answer = sit(&hall, LONG_ONE "\n");
    ck_assert(answer->right && answer->whole);
    ck_assert_uint_eq(answer->length, strlen(LONG_ONE));
    ck_assert(!sit(&hall, LONG_ONE "_\n")->right); /* and more */
    ck_assert(!sit(&hall, LONG_ONE "A")->right);   /* again and again */
    close_hall(&hall);
}
END_TEST

/* More than an answer has room for: that there is none left is no end of the line. */
START_TEST(what_is_said_beyond_the_room_counts)
{
    char response[PICTURE_ANSWER_MOST + 2] = "", more[PICTURE_ANSWER_MOST + 40];
    struct hall hall;
    for (int i = 0; i < PICTURE_ANSWER_MOST; i++) /* " aaaaaaa bbbbbbb ...", of which each word is a token */
        response[i] = i % 8 == 0 ? ' ' : (char)('a' + i / 8);
    response[0] = '.';
    open_hall(&hall, response, 300);
    snprintf(more, sizeof more, "%s\n", response);
    ck_assert(sit(&hall, more)->right);
    snprintf(more, sizeof more, "%s and\n", response);
    const struct picture_answer *answer = sit(&hall, more);
    ck_assert(!answer->right && !answer->whole);
    ck_assert_uint_eq(answer->length, PICTURE_ANSWER_MOST);
    close_hall(&hall);
}
END_TEST

static bool gives_up(void *context)
{
    size_t *left = context;
    return (*left)-- == 0;
}

/* Nothing is read or said after the answer that it is moot; while it is not, the same is drawn. */
START_TEST(a_moot_picture_is_given_up_at_once)
{
    struct hall hall;
    open_hall(&hall, "owl", 0);
    ck_assert(sit(&hall, "owl\n")->right);
    const size_t all = hall.out->answers;
    size_t tokens = 0, least = SIZE_MAX;
    text_artist_free(hall.artist);
    hall.artist = text_artist_create(kernels_choose(), &(struct picture_doubt){gives_up, &tokens});
    const struct params *params = model_params(hall.model);
    const struct frame frame = {.step = 1, .shape = *model_shape(hall.model), .parameters = params->value};
    const struct picture_text_request request = {.dataset = hall.dataset, .exam = hall.dataset};
    for (size_t most = 0; most < 40; most++) {
        tokens = most;
        hall.out->answers = hall.out->answers_right = 0;
        ck_assert(text_artist_draw(hall.artist, &frame, &request, hall.out));
        if (hall.out->answers == all) {
            least = most;
            break;
        }
        ck_assert_uint_eq(tokens, SIZE_MAX); /* asked once more than was granted, and never again */
        ck_assert_uint_eq(hall.out->answers_right, hall.out->answers);
    }
    ck_assert_uint_gt(least, 4 * all);
    ck_assert_uint_lt(least, 40);
    close_hall(&hall);
}
END_TEST

START_TEST(a_frame_of_another_shape_is_no_obstacle)
{
    struct studio studio, other;
    open_studio(&studio, LANGUAGE_TRANSFORMER);
    open_studio(&other, LANGUAGE_MLP);
    draw(&studio);
    const double p = studio.out->right.p;
    other.request.dataset = studio.request.dataset;
    ck_assert(text_artist_draw(studio.artist, &other.frame, &other.request, studio.out));
    ck_assert_double_ne(studio.out->right.p, p);
    ck_assert_uint_eq(studio.out->blocks, 0);
    draw(&studio);
    ck_assert_double_eq(studio.out->right.p, p);
    close_studio(&studio);
    close_studio(&other);
}
END_TEST

/* A diverged model is shown as it is, and nothing breaks. */
START_TEST(logits_that_are_no_numbers_are_endured)
{
    struct studio studio;
    open_studio(&studio, LANGUAGE_TRANSFORMER);
    const size_t size = model_params_const(trainer_model(studio.lab.trainer))->size;
    float *bad = mem_alloc(size, sizeof *bad);
    for (size_t i = 0; i < size; i++)
        bad[i] = NAN;
    studio.frame.parameters = bad;
    studio.request.attention = studio.request.passage = true;
    studio.request.passage_row = studio.lab.dataset[0]->train;
    draw(&studio);
    ck_assert_uint_eq(studio.out->likeliest_count, PICTURE_LIKELIEST);
    ck_assert(isnan(studio.out->right.p));
    mem_free(bad);
    close_studio(&studio);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("picture_text");
    TCase *cases = tcase_create("picture_text");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, the_next_token_is_the_softmax_of_the_logits);
    tcase_add_test(cases, the_right_token_has_its_rank_and_loss);
    tcase_add_test(cases, the_same_request_gives_the_same_continuation);
    tcase_add_test(cases, without_temperature_it_takes_the_likeliest);
    tcase_add_test(cases, an_answer_of_one_line_ends_before_the_line_end);
    tcase_add_test(cases, any_prompt_can_be_gone_on_with);
    tcase_add_test(cases, attention_looks_back_only);
    tcase_add_test(cases, passages_add_up_to_the_test_loss);
    tcase_add_test(cases, only_the_very_response_is_right);
    tcase_add_test(cases, a_long_response_can_be_given);
    tcase_add_test(cases, what_is_said_beyond_the_room_counts);
    tcase_add_test(cases, a_moot_picture_is_given_up_at_once);
    tcase_add_test(cases, a_frame_of_another_shape_is_no_obstacle);
    tcase_add_test(cases, logits_that_are_no_numbers_are_endured);
    suite_add_tcase(suite, cases);
    return suite;
}
