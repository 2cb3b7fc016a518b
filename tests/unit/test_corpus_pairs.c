/* Prompts and responses as rows of tokens: what is read, what is asked, which pairs are refused. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/random.h"
#include "data/corpus.h"
#include "data/dataset.h"
#include "suite.h"
#include "support/text_hash.h"
#include "support/working_folder.h"

static struct corpus *load_pairs(const char *path, const struct corpus_options *options)
{
    struct corpus *corpus = NULL;
    struct error error = {.status = STATUS_OK};
    ck_assert_msg(corpus_load_pairs(&corpus, path, options, &error) == STATUS_OK, "%s", error.message);
    return corpus;
}

static struct tokenizer *bytes_only(void)
{
    struct tokenizer *tokenizer = NULL;
    ck_assert_int_eq(tokenizer_train(&tokenizer, NULL, 0, 0, NULL), STATUS_OK);
    return tokenizer;
}

/* The same pairs in many spellings. */
START_TEST(pairs_are_read)
{
    static const char *const spelt[] = {
        "Who, me?\tYes; you.\nWhat?\t42\nNone\tNA\n",
        "prompt\tresponse\nWho, me?\tYes; you.\nWhat?\t42\nNone\tNA\n",
        "Prompt,Response\n\"Who, me?\",Yes; you.\nWhat?,42\nNone,NA\n",
        "\"Who, me?\",\"Yes; you.\"\r\n\"What?\",42\r\n\r\nNone , NA",
        "\n\nWho, me?\tYes; you.\n\nWhat?\t42\n None\t\"NA\"",
        "\xef\xbb\xbfWho, me?\tYes; you.\nWhat?\t42\nNone\tNA\n",
    };
    struct tokenizer *tokenizer = bytes_only();
    const struct corpus_options options = {.context = 20, .tokenizer = tokenizer};
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof spelt / sizeof *spelt; i++) {
        write_text("pairs.tsv", spelt[i]);
        struct corpus *corpus = load_pairs("pairs.tsv", &options);
        ck_assert_str_eq(corpus_report(corpus),
                         "pairs.tsv: 3 pairs, 2 to train and 1 to test, the longest has 19 of 21 tokens");
        ck_assert_uint_eq(corpus_rows(corpus), 3);
        ck_assert_uint_eq(corpus_train(corpus), 2);
        if (i > 0)
            ck_assert_uint_eq(corpus_hash(corpus), hash);
        hash = corpus_hash(corpus);
        corpus_free(corpus);
    }
    tokenizer_free(tokenizer);
}
END_TEST

static void append(char *text, const struct tokenizer *tokenizer, int32_t id)
{
    size_t length;
    const unsigned char *bytes = tokenizer_bytes(tokenizer, (size_t)id, &length);
    strncat(text, (const char *)bytes, length);
}

/* Of each row: what is read, what is asked, and that nothing else is; each pair is one row. */
START_TEST(the_response_alone_is_asked)
{
    enum { PAIRS = 50, T = 24 };
    char file[PAIRS * 40] = "", expected[64];
    for (int i = 0; i < PAIRS; i++)
        sprintf(file + strlen(file), "prompt %d\tanswer%.*s %d\n", i, i % 8, "!!!!!!!!", i);
    write_text("pairs.tsv", file);
    struct tokenizer *tokenizer = NULL;
    const struct tokenizer_span span = {(const unsigned char *)file, strlen(file)};
    ck_assert_int_eq(tokenizer_train(&tokenizer, &span, 1, 6, NULL), STATUS_OK);
    const struct corpus_options options = {.context = T, .tokenizer = tokenizer, .test_fraction = 0.2, .seed = 5};
    struct corpus *corpus = load_pairs("pairs.tsv", &options);
    bool met[PAIRS] = {false};
    ck_assert_uint_eq(corpus_train(corpus), 40);
    ck_assert_uint_eq(corpus_rows(corpus), PAIRS);
    for (size_t row = 0; row < PAIRS; row++) {
        int32_t x[T], y[T];
        char asked[64] = "", read[64] = "";
        size_t prompt_length, response_length;
        const char *prompt = corpus_prompt(corpus, row, &prompt_length);
        const char *response = corpus_response(corpus, row, &response_length);
        corpus_row(corpus, row, 1, row, x, y); /* pairs have no rest to be moved in */
        const struct corpus_passage passage = corpus_passage(corpus, row, 1, row);
        for (size_t i = 0; i < T; i++) {
            const bool within = i + 1 < passage.count;
            ck_assert_int_eq(x[i], within ? passage.token[i] : 0);
            if (within)
                append(read, tokenizer, x[i]);
            if (y[i] != CORPUS_IGNORED)
                append(asked, tokenizer, y[i]);
            ck_assert_int_eq(y[i] != CORPUS_IGNORED, within && i + 1 >= passage.asked);
        }
        const int number = atoi(strrchr(asked, ' '));
        snprintf(expected, sizeof expected, "answer%.*s %d\n", number % 8, "!!!!!!!!", number);
        ck_assert_str_eq(asked, expected);
        ck_assert_uint_eq(response_length, strlen(expected) - 1);
        ck_assert_mem_eq(response, expected, response_length);
        snprintf(expected, sizeof expected, "prompt %d\n", number);
        ck_assert_mem_eq(read, expected, strlen(expected));
        ck_assert_uint_eq(prompt_length, strlen(expected) - 1);
        ck_assert_mem_eq(prompt, expected, prompt_length);
        ck_assert(!met[number]);
        met[number] = true;
    }
    corpus_free(corpus);
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(the_split_of_pairs_is_drawn)
{
    char file[100 * 20] = "";
    size_t moved = 0, length;
    for (int i = 0; i < 100; i++)
        sprintf(file + strlen(file), "%02d\ty\n", i);
    write_text("pairs.tsv", file);
    struct tokenizer *tokenizer = bytes_only();
    struct corpus_options options = {.context = 8, .tokenizer = tokenizer, .seed = 1};
    struct corpus *first = load_pairs("pairs.tsv", &options), *same = load_pairs("pairs.tsv", &options);
    options.seed = 2;
    struct corpus *other = load_pairs("pairs.tsv", &options);
    ck_assert_uint_eq(corpus_train(first), 90);
    ck_assert_uint_eq(corpus_hash(first), corpus_hash(same));
    for (size_t row = 90; row < 100; row++)
        moved += memcmp(corpus_prompt(first, row, &length), corpus_prompt(other, row, &length), 2) != 0;
    ck_assert_uint_gt(moved, 5);
    corpus_free(first);
    corpus_free(same);
    corpus_free(other);
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(wrong_pairs_are_refused_with_their_line)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a\tb\nc\n", "pairs.tsv:2: 1 field where a prompt and a response are needed"},
        {"a\tb\tc\nd\te\tf\n", "pairs.tsv:1: 3 fields where a prompt and a response are needed"},
        {"a,b\nc,d,e\n", "pairs.tsv:2: 3 fields where"},
        {"prompt\tresponse\na\tb\n\tc\n", "pairs.tsv:3: the prompt is empty"},
        {"a\tb\nc\t\n", "pairs.tsv:2: the response is empty"},
        {"a\tb\nc\t\"d\ne\"\n", "pairs.tsv:2: the response has a line end inside"},
        {"a\tb\nprompt\tresponse\n\n1234\t12345\n", "pairs.tsv:2: the prompt has 7 tokens and the response 9 with "
                                                    "their line ends; a context of 9 takes 10 in all"},
        {"a\tb\n1234\t123456\n", "pairs.tsv:2: the prompt has 5 tokens and the response 7"},
        {"a\tb\n", "pairs.tsv: 1 pair: at least one to train and one to test are needed"},
        {"prompt,response\n", "pairs.tsv: 0 pairs: at least"},
        {"\n\n", "pairs.tsv: 0 pairs: at least"},
        {"a\tb\n\"c\td\n", "pairs.tsv:2: a quote that opens in this record is never closed"},
        {"", "pairs.tsv: is empty"},
    };
    struct tokenizer *tokenizer = bytes_only();
    struct corpus_options options = {.context = 9, .tokenizer = tokenizer};
    struct corpus *corpus = NULL;
    struct error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_text("pairs.tsv", cases[i].text);
        ck_assert_int_eq(corpus_load_pairs(&corpus, "pairs.tsv", &options, &error), STATUS_FAILED);
        ck_assert_ptr_null(corpus);
        ck_assert_msg(strstr(error.message, cases[i].message) != NULL, "said '%s', not '%s'", error.message,
                      cases[i].message);
    }
    write_bytes("pairs.tsv", "a\0\t\0b\0\n\0", 8);
    ck_assert_int_eq(corpus_load_pairs(&corpus, "pairs.tsv", &options, &error), STATUS_FAILED);
    ck_assert_str_eq(error.message,
                     "pairs.tsv: is in UTF-16LE: convert it to UTF-8 (iconv -f UTF-16LE -t UTF-8 OLD > NEW)");
    write_text("pairs.tsv", "a\tb\n1234\t1234\n"); /* just fits */
    corpus = load_pairs("pairs.tsv", &options);
    ck_assert_str_eq(corpus_notes(corpus), "");
    corpus_free(corpus);
    write_text("pairs.tsv", "a\tb\n\"  42\"\tM\xfc\n");
    corpus = load_pairs("pairs.tsv", &options);
    ck_assert_ptr_nonnull(strstr(corpus_notes(corpus), " is no UTF-8: such bytes are learnt one by one"));
    for (size_t row = 0; row < 2; row++) {
        size_t length;
        const char *prompt = corpus_prompt(corpus, row, &length);
        ck_assert(length == 1 || (length == 4 && memcmp(prompt, "  42", 4) == 0)); /* quoted blanks belong to a text */
    }
    corpus_free(corpus);
    corpus = NULL;
    options.tokenizer = NULL;
    ck_assert_int_eq(corpus_load_pairs(&corpus, "pairs.tsv", &options, &error), STATUS_USAGE);
    tokenizer_free(tokenizer);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("corpus_pairs");
    TCase *tests = tcase_create("corpus_pairs");
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, pairs_are_read);
    tcase_add_test(tests, the_response_alone_is_asked);
    tcase_add_test(tests, the_split_of_pairs_is_drawn);
    tcase_add_test(tests, wrong_pairs_are_refused_with_their_line);
    suite_add_tcase(suite, tests);
    return suite;
}
