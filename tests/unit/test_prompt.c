/* The prompt of a language model on the screen. */
#include "ui/prompt.h"

#include <string.h>

#include "suite.h"
#include "support/text_lab.h"

static struct text_lab lab;
static struct picture_text_request request;

static void begin(void)
{
    memset(&request, 0, sizeof request);
    text_lab_load(&lab, &(struct text_lab_plan){.merges = 12});
}

static void end(void)
{
    dataset_free(lab.dataset[0]);
    dataset_free(lab.dataset[1]);
}

#define expect_bytes(bytes, length, text)                                                                              \
    do {                                                                                                               \
        ck_assert_uint_eq(length, strlen(text));                                                                       \
        ck_assert_mem_eq(bytes, text, length);                                                                         \
    } while (0)

static void parse(struct prompt *prompt, const char *line)
{
    struct error error = {.message = ""};
    ck_assert_msg(prompt_parse(prompt, line, &error) == STATUS_OK, "%s", error.message);
}

START_TEST(a_recipe_says_it)
{
    struct prompt prompt;
    begin();
    prompt_begin(&prompt, "The capital of France is", "Paris", lab.dataset[0]);
    ck_assert(!prompt.own);
    prompt_ask(&prompt, lab.dataset[0], &request);
    expect_bytes(request.prompt, request.prompt_length, "The capital of France is");
    expect_bytes(request.answer, request.answer_length, " Paris"); /* a word behind a word */
    ck_assert(!request.one_line);
    ck_assert_ptr_eq(request.dataset, lab.dataset[0]);
    prompt_begin(&prompt, "The capital (", "Paris", lab.dataset[0]);
    prompt_ask(&prompt, lab.dataset[0], &request);
    expect_bytes(request.answer, request.answer_length, " Paris");
    prompt_begin(&prompt, "A line\n", "Paris", lab.dataset[0]);
    prompt_ask(&prompt, lab.dataset[0], &request);
    expect_bytes(request.answer, request.answer_length, "Paris");
    prompt_begin(&prompt, "the end", ".", lab.dataset[0]);
    prompt_ask(&prompt, lab.dataset[0], &request);
    expect_bytes(request.answer, request.answer_length, ".");
    end();
}
END_TEST

/* Nobody says one: a passage that is not learnt from, and what follows there. */
START_TEST(a_text_has_a_beginning_of_its_own)
{
    struct prompt prompt;
    begin();
    prompt_begin(&prompt, NULL, NULL, lab.dataset[0]);
    ck_assert_uint_gt(prompt.length, 0);
    ck_assert_uint_gt(prompt.answer_length, 0);
    const struct corpus *corpus = lab.dataset[0]->corpus;
    const struct corpus_passage passage = corpus_passage(corpus, lab.dataset[0]->train, 0, CORPUS_STILL);
    char bytes[TEXT_LAB_CONTEXT * TOKENIZER_PIECE_MAX + 1], wanted[2 * PICTURE_PROMPT_MOST];
    size_t used = 0;
    for (size_t i = 0; i < passage.count; i++) {
        size_t length;
        const unsigned char *token = tokenizer_bytes(corpus_tokenizer(corpus), passage.token[i], &length);
        memcpy(bytes + used, token, length);
        used += length;
    }
    bytes[used] = 0;
    snprintf(wanted, sizeof wanted, "%.*s%.*s", (int)prompt.length, prompt.text, (int)prompt.answer_length,
             prompt.answer);
    ck_assert_ptr_nonnull(strstr(bytes, wanted));
    end();
}
END_TEST

/* The model has seen a line end between prompt and response. */
START_TEST(where_pairs_are_learnt_a_question_is_asked)
{
    struct prompt prompt;
    begin();
    ck_assert(prompt_is_question(lab.dataset[1]) && !prompt_is_question(lab.dataset[0]));
    prompt_begin(&prompt, "The capital of France is", "Paris", lab.dataset[1]);
    size_t length;
    const char *question = corpus_prompt(lab.dataset[1]->corpus, lab.dataset[1]->train, &length);
    ck_assert_uint_eq(prompt.length, length);
    ck_assert_mem_eq(prompt.text, question, length);
    prompt_ask(&prompt, lab.dataset[1], &request);
    ck_assert_uint_eq(request.prompt_length, length + 1);
    ck_assert_int_eq(request.prompt[length], '\n');
    ck_assert(request.one_line);
    const char *response = corpus_response(lab.dataset[1]->corpus, lab.dataset[1]->train, &length);
    ck_assert_uint_eq(request.answer_length, length);
    ck_assert_mem_eq(request.answer, response, length);
    end();
}
END_TEST

START_TEST(a_person_types_one)
{
    struct prompt prompt = {.length = 0};
    parse(&prompt, "The capital of Spain is => Madrid");
    ck_assert(prompt.own);
    expect_bytes(prompt.text, prompt.length, "The capital of Spain is");
    expect_bytes(prompt.answer, prompt.answer_length, "Madrid");
    parse(&prompt, "a\\nb\\t\\\\n \\x");
    expect_bytes(prompt.text, prompt.length, "a\nb\t\\n \\x");
    ck_assert_uint_eq(prompt.answer_length, 0);
    parse(&prompt, "ends with a blank ");
    expect_bytes(prompt.text, prompt.length, "ends with a blank ");
    struct error error;
    ck_assert_int_eq(prompt_parse_answer(&prompt, "yes\\n", &error), STATUS_OK);
    expect_bytes(prompt.answer, prompt.answer_length, "yes\n");
    expect_bytes(prompt.text, prompt.length, "ends with a blank ");
}
END_TEST

START_TEST(what_cannot_be_one_is_refused)
{
    char line[2 * PICTURE_PROMPT_MOST];
    struct error error;
    struct prompt prompt = {.length = 0};
    parse(&prompt, "as it was");
    ck_assert_int_eq(prompt_parse(&prompt, " => Madrid", &error), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "=>"));
    memset(line, 'x', sizeof line);
    line[PICTURE_PROMPT_MOST + 1] = 0;
    ck_assert_int_eq(prompt_parse(&prompt, line, &error), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "1000"));
    line[PICTURE_ANSWER_MOST + 1] = 0;
    ck_assert_int_eq(prompt_parse_answer(&prompt, line, &error), STATUS_USAGE);
    expect_bytes(prompt.text, prompt.length, "as it was");
    ck_assert_uint_eq(prompt.answer_length, 0);
}
END_TEST

START_TEST(as_it_is_written_it_is_read)
{
    static const char *const lines[] = {"plain", "a\\nb => c", "\\\\n\\t => \\n", "x => y"};
    char text[300];
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct prompt prompt = {.length = 0};
        parse(&prompt, lines[i]);
        ck_assert_str_eq(prompt_format(&prompt, text, sizeof text), lines[i]);
        for (size_t size = 1; size < 12; size++)
            ck_assert_uint_lt(strlen(prompt_format(&prompt, text, size)), size);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("prompt");
    TCase *cases = tcase_create("prompt");
    tcase_add_test(cases, a_recipe_says_it);
    tcase_add_test(cases, a_text_has_a_beginning_of_its_own);
    tcase_add_test(cases, where_pairs_are_learnt_a_question_is_asked);
    tcase_add_test(cases, a_person_types_one);
    tcase_add_test(cases, what_cannot_be_one_is_refused);
    tcase_add_test(cases, as_it_is_written_it_is_read);
    suite_add_tcase(suite, cases);
    return suite;
}
