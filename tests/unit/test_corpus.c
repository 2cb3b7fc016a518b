/* Texts and pairs as rows of tokens: nothing of the test is met in training, every row says what is asked, and files
 * that cannot be taken are refused with the reason. */
#define _GNU_SOURCE /* memmem */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/random.h"
#include "data/corpus.h"
#include "data/dataset.h"
#include "suite.h"
#include "support/text_hash.h"
#include "support/working_folder.h"

static struct corpus *load(const char *path, const struct corpus_options *options)
{
    struct corpus *corpus = NULL;
    struct error error = {.status = STATUS_OK};
    ck_assert_msg(corpus_load_text(&corpus, path, options, &error) == STATUS_OK, "%s", error.message);
    return corpus;
}

/* ---- a text whose every line is known by its number ---- */

enum { LINES = 4000, LINE_BYTES = 28, STORY = LINES * LINE_BYTES };

static unsigned char story[STORY + 1];

static void write_story(void)
{
    static const char *const words[] = {"red", "fox", "ran", "far", "and", "sat", "low", "now", "the", "owl"};
    for (size_t i = 0; i < LINES; i++)
        sprintf((char *)story + i * LINE_BYTES, "%06zu the %s %s %s %s.\n", i, words[i % 10], words[i / 7 % 10],
                words[i / 3 % 10], words[i * i % 10]);
    write_bytes("story.txt", story, STORY);
}

/* Bytes of a passage; returns how many. */
static size_t bytes_of(const struct corpus *corpus, struct corpus_passage passage, unsigned char *out)
{
    size_t used = 0;
    for (size_t i = 0; i < passage.count; i++) {
        size_t length;
        const unsigned char *bytes = tokenizer_bytes(corpus_tokenizer(corpus), passage.token[i], &length);
        memcpy(out + used, bytes, length);
        used += length;
    }
    return used;
}

/* Where a passage is in the story: it must be long enough to hold a number. */
static size_t place_of(const struct corpus *corpus, struct corpus_passage passage, size_t *length)
{
    static unsigned char bytes[1 << 14];
    *length = bytes_of(corpus, passage, bytes);
    ck_assert_uint_ge(*length, 2 * LINE_BYTES);
    const unsigned char *found = memmem(story, STORY, bytes, *length);
    ck_assert_ptr_nonnull(found);
    return (size_t)(found - story);
}

static void mark_rows(const struct corpus *corpus, size_t first, size_t behind, uint64_t epoch, unsigned char *mark)
{
    for (size_t row = first; row < behind; row++) {
        size_t length;
        const size_t at = place_of(corpus, corpus_passage(corpus, row, 3, epoch), &length);
        memset(mark + at, 1, length);
    }
}

static const struct corpus_options usual = {.context = 64, .merges = -1, .seed = 1};

START_TEST(a_text_is_described)
{
    write_story();
    struct corpus *corpus = load("./story.txt", &usual);
    char expected[200];
    ck_assert_str_eq(corpus_name(corpus), "story.txt");
    ck_assert_uint_eq(corpus_context(corpus), 64);
    ck_assert_uint_eq(corpus_vocabulary(corpus), tokenizer_vocabulary(corpus_tokenizer(corpus)));
    ck_assert_uint_gt(corpus_vocabulary(corpus), 270); /* of ten words there is no more to learn */
    const size_t train = corpus_train(corpus), test = corpus_rows(corpus) - train;
    ck_assert_double_eq_tol((double)test / (double)corpus_rows(corpus), CORPUS_TEST_FRACTION, 0.03);
    ck_assert_ptr_eq(strstr(corpus_report(corpus), "story.txt: 112,000 bytes, "), corpus_report(corpus));
    snprintf(expected, sizeof expected, " tokens, %zu training and %zu test windows of 64", train, test);
    ck_assert_ptr_nonnull(strstr(corpus_report(corpus), expected));
    corpus_free(corpus);
}
END_TEST

/* In whatever epoch: no byte that a test row holds is one that a training row holds. */
START_TEST(training_never_meets_the_test)
{
    static const int merges[] = {0, 300};
    write_story();
    for (size_t k = 0; k < 2; k++) {
        struct corpus_options options = usual;
        options.merges = merges[k];
        struct corpus *corpus = load("story.txt", &options);
        unsigned char *train = mem_alloc(STORY, 1), *test = mem_alloc(STORY, 1);
        const size_t cut = corpus_train(corpus), rows = corpus_rows(corpus);
        for (uint64_t epoch = 0; epoch < 10; epoch++)
            mark_rows(corpus, 0, cut, epoch, train);
        mark_rows(corpus, 0, cut, CORPUS_STILL, train);
        mark_rows(corpus, cut, rows, 0, test);
        size_t trained = 0, tested = 0;
        for (size_t i = 0; i < STORY; i++) {
            ck_assert_msg(!train[i] || !test[i], "byte %zu is in both", i);
            trained += train[i];
            tested += test[i];
        }
        ck_assert_double_ge((double)trained / STORY, 0.85); /* and little is lost: shifts reach what windows leave */
        ck_assert_double_ge((double)tested / STORY, 0.06);
        mem_free(train);
        mem_free(test);
        corpus_free(corpus);
    }
}
END_TEST

/* Other bytes in the test blocks, the same tokenizer; other bytes in one training row, another. */
START_TEST(the_tokenizer_learns_from_training_blocks_only)
{
    write_story();
    struct corpus_options options = usual;
    options.merges = 200;
    struct corpus *corpus = load("story.txt", &options);
    const uint64_t hash = tokenizer_hash(corpus_tokenizer(corpus));
    unsigned char *mark = mem_alloc(STORY, 1);
    size_t changed = 0, length;
    mark_rows(corpus, corpus_train(corpus), corpus_rows(corpus), CORPUS_STILL, mark);
    for (size_t i = 0; i < STORY; i++)
        if (mark[i] && story[i] >= 'a' && story[i] <= 'z') {
            story[i] = 'q';
            changed++;
        }
    ck_assert_uint_gt(changed, 2000);
    write_bytes("story.txt", story, STORY);
    corpus_free(corpus);
    corpus = load("story.txt", &options);
    ck_assert_uint_eq(tokenizer_hash(corpus_tokenizer(corpus)), hash);
    for (size_t row = 0; row < 4; row++) {
        const size_t at = place_of(corpus, corpus_passage(corpus, row, 0, CORPUS_STILL), &length);
        for (size_t i = at; i < at + length; i++)
            story[i] = story[i] >= 'a' && story[i] <= 'z' ? 'q' : story[i];
    }
    write_bytes("story.txt", story, STORY);
    corpus_free(corpus);
    corpus = load("story.txt", &options);
    ck_assert_uint_ne(tokenizer_hash(corpus_tokenizer(corpus)), hash);
    corpus_free(corpus);
    mem_free(mark);
}
END_TEST

/* Standing still, windows tile: what one asks no other does. */
START_TEST(a_token_is_asked_once_in_an_epoch)
{
    write_story();
    struct corpus_options options = usual;
    options.merges = 0; /* tokens are bytes */
    struct corpus *corpus = load("story.txt", &options);
    static const uint64_t epochs[] = {CORPUS_STILL, 0, 1, 77};
    for (size_t e = 0; e < sizeof epochs / sizeof *epochs; e++) {
        unsigned char *asked = mem_alloc(STORY, 1);
        for (size_t row = 0; row < corpus_rows(corpus); row++) {
            const struct corpus_passage passage = corpus_passage(corpus, row, 3, epochs[e]);
            size_t length;
            const size_t at = place_of(corpus, passage, &length);
            ck_assert_uint_eq(passage.asked, 1);
            ck_assert_uint_eq(passage.count, 65);
            for (size_t i = at + 1; i < at + length; i++)
                ck_assert_uint_eq(asked[i]++, 0);
        }
        mem_free(asked);
    }
    corpus_free(corpus);
}
END_TEST

START_TEST(windows_move_from_epoch_to_epoch)
{
    write_story();
    struct corpus *corpus = load("story.txt", &usual);
    const size_t cut = corpus_train(corpus), rows = corpus_rows(corpus);
    size_t moved = 0, same_seed = 0, other_seed = 0;
    for (size_t row = 0; row < rows; row++) {
        const uint16_t *still = corpus_passage(corpus, row, 3, CORPUS_STILL).token;
        const uint16_t *first = corpus_passage(corpus, row, 3, 0).token;
        const uint16_t *second = corpus_passage(corpus, row, 3, 1).token;
        ck_assert(first >= still && first < still + 64);
        if (row >= cut) {
            ck_assert_ptr_eq(still, first);
            ck_assert_ptr_eq(still, second);
            continue;
        }
        moved += first != second;
        same_seed += corpus_passage(corpus, row, 3, 0).token != first;
        other_seed += corpus_passage(corpus, row, 4, 0).token != first;
    }
    ck_assert_uint_gt(moved, cut / 2);
    ck_assert_uint_eq(same_seed, 0);
    ck_assert_uint_gt(other_seed, cut / 2);
    corpus_free(corpus);
}
END_TEST

/* Any first rows come from the whole file, about as many from each tenth of it. */
START_TEST(every_prefix_is_spread_over_the_file)
{
    write_story();
    for (uint64_t seed = 0; seed < 4; seed++) {
        struct corpus_options options = usual;
        options.seed = seed;
        struct corpus *corpus = load("story.txt", &options);
        double tenth[10] = {0}, all[10] = {0};
        size_t length;
        for (size_t row = 0; row < corpus_train(corpus); row++)
            all[10 * place_of(corpus, corpus_passage(corpus, row, 0, CORPUS_STILL), &length) / STORY]++;
        for (size_t row = 0; row < corpus_train(corpus); row++) {
            tenth[10 * place_of(corpus, corpus_passage(corpus, row, 0, CORPUS_STILL), &length) / STORY]++;
            for (size_t i = 0; i < 10; i++) {
                const double expected = all[i] * (double)(row + 1) / (double)corpus_train(corpus);
                ck_assert_double_le(fabs(tenth[i] - expected), 3);
            }
        }
        corpus_free(corpus);
    }
}
END_TEST

/* The test has blocks from everywhere, other ones for another seed. */
START_TEST(the_test_is_spread_over_the_file)
{
    write_story();
    size_t first_row[3];
    for (uint64_t seed = 0; seed < 3; seed++) {
        struct corpus_options options = usual;
        options.seed = seed;
        options.merges = 0; /* small windows: many blocks */
        struct corpus *corpus = load("story.txt", &options);
        bool met[5] = {false};
        size_t length;
        for (size_t row = corpus_train(corpus); row < corpus_rows(corpus); row++)
            met[5 * place_of(corpus, corpus_passage(corpus, row, 0, CORPUS_STILL), &length) / STORY] = true;
        for (size_t i = 0; i < 5; i++)
            ck_assert_msg(met[i], "no test row from fifth %zu", i);
        first_row[seed] = place_of(corpus, corpus_passage(corpus, corpus_train(corpus), 0, CORPUS_STILL), &length);
        corpus_free(corpus);
    }
    ck_assert(first_row[0] != first_row[1] || first_row[1] != first_row[2]);
}
END_TEST

START_TEST(rows_are_passages_for_a_model)
{
    int32_t x[64], y[64];
    write_story();
    struct corpus *corpus = load("story.txt", &usual);
    for (size_t row = 0; row < corpus_rows(corpus); row++) {
        const struct corpus_passage passage = corpus_passage(corpus, row, 9, row);
        corpus_row(corpus, row, 9, row, x, y);
        for (size_t i = 0; i < 64; i++) {
            ck_assert_int_eq(x[i], passage.token[i]);
            ck_assert_int_eq(y[i], passage.token[i + 1]);
        }
    }
    corpus_free(corpus);
}
END_TEST

START_TEST(the_same_file_gives_the_same_rows)
{
    write_story();
    struct corpus_options options = usual;
    struct corpus *first = load("story.txt", &options), *second = load("story.txt", &options);
    ck_assert_uint_eq(corpus_hash(first), corpus_hash(second));
    corpus_free(second);
    options.seed = 2;
    second = load("story.txt", &options);
    ck_assert_uint_ne(corpus_hash(first), corpus_hash(second));
    corpus_free(second);
    options = usual;
    story[STORY / 2] ^= 1;
    write_bytes("story.txt", story, STORY);
    second = load("story.txt", &options);
    ck_assert_uint_ne(corpus_hash(first), corpus_hash(second));
    corpus_free(second);
    corpus_free(first);
}
END_TEST

START_TEST(a_tokenizer_that_is_given_is_used)
{
    struct tokenizer *tokenizer = NULL;
    const struct tokenizer_span span = {(const unsigned char *)"the fox the fox", 15};
    write_story();
    ck_assert_int_eq(tokenizer_train(&tokenizer, &span, 1, 5, NULL), STATUS_OK);
    struct corpus_options options = usual;
    options.tokenizer = tokenizer;
    struct corpus *corpus = load("story.txt", &options);
    ck_assert_ptr_eq(corpus_tokenizer(corpus), tokenizer);
    ck_assert_uint_eq(corpus_vocabulary(corpus), tokenizer_vocabulary(tokenizer));
    corpus_free(corpus);
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(tokens_are_weighed_in_bytes)
{
    static unsigned char bytes[1 << 14];
    write_story();
    struct corpus_options options = usual;
    options.merges = 0;
    struct corpus *corpus = load("story.txt", &options);
    ck_assert_double_eq(corpus_bytes_per_token(corpus), 1);
    corpus_free(corpus);
    corpus = load("story.txt", &usual);
    double asked = 0;
    for (size_t row = corpus_train(corpus); row < corpus_rows(corpus); row++) {
        struct corpus_passage passage = corpus_passage(corpus, row, 0, CORPUS_STILL);
        passage.token++;
        passage.count--;
        asked += (double)bytes_of(corpus, passage, bytes) / 64;
    }
    asked /= (double)(corpus_rows(corpus) - corpus_train(corpus));
    ck_assert_double_gt(asked, 1.5);
    ck_assert_double_eq_tol(corpus_bytes_per_token(corpus), asked, 1e-9);
    corpus_free(corpus);
}
END_TEST

/* Whatever the bytes: lines of any length, none at all, no text. */
START_TEST(any_file_trains)
{
    enum { SIZE = 30000 };
    static unsigned char bytes[SIZE];
    for (int kind = 0; kind < 5; kind++) {
        const uint32_t key = random_key(1, RANDOM_SAMPLE, (uint64_t)kind);
        for (uint32_t i = 0; i < SIZE; i++) {
            const uint32_t draw = random_bits(key, i);
            const uint32_t of_kind[] = {draw, '\n', 'a', (uint32_t) "ab\n"[draw % 3], (uint32_t) "\xe6\xbc\xa2"[i % 3]};
            bytes[i] = (unsigned char)of_kind[kind];
        }
        write_bytes("any", bytes, SIZE);
        static const size_t contexts[] = {1, 8, 100, 400};
        for (size_t k = 0; k < 4; k++) {
            const struct corpus_options options = {.context = contexts[k], .merges = kind == 3 ? 50 : 0, .seed = k};
            struct corpus *corpus = load("any", &options);
            ck_assert_uint_gt(corpus_train(corpus), 0);
            ck_assert_uint_gt(corpus_rows(corpus), corpus_train(corpus));
            ck_assert_uint_gt(corpus_train(corpus), corpus_rows(corpus) - corpus_train(corpus));
            corpus_free(corpus);
        }
    }
}
END_TEST

/* Tokens turn out to be so long that a tenth of the text is no window: fewer blocks, but not two, since half for the
 * test would be much. */
START_TEST(blocks_become_larger_until_they_hold_a_window)
{
    enum { WORDS = 3000, WORD = 9 };
    static char text[WORDS * WORD + 1];
    for (size_t i = 0; i < WORDS; i++)
        memcpy(text + i * WORD, " eastward", WORD);
    write_text("long.txt", text);
    const struct corpus_options options = {.context = 350, .merges = 20};
    struct corpus *corpus = load("long.txt", &options);
    ck_assert_ptr_nonnull(
        strstr(corpus_report(corpus), " 8 merges, 3,0")); /* a token is a word, but for those that are cut */
    ck_assert_uint_gt(corpus_rows(corpus), corpus_train(corpus));
    ck_assert_uint_gt(corpus_train(corpus), 2 * (corpus_rows(corpus) - corpus_train(corpus)));
    corpus_free(corpus);
}
END_TEST

/* A text that is too short says which context would fit, and it does. */
START_TEST(a_short_text_says_what_would_fit)
{
    static const char poem[] = "One grey mouse\nsat on the stair,\ntwo grey mice\nlooked for a chair.\n";
    struct error error;
    struct corpus *corpus = NULL;
    write_text("poem.txt", poem);
    struct corpus_options options = {.context = 64, .merges = -1};
    ck_assert_int_eq(corpus_load_text(&corpus, "poem.txt", &options, &error), STATUS_FAILED);
    ck_assert_ptr_null(corpus);
    const char *fits =
        strstr(error.message, "poem.txt: 67 bytes are 67 tokens, too few for a training and a test window "
                              "of 64; a context of ");
    ck_assert_msg(fits == error.message, "%s", error.message);
    options.context = strtoul(strstr(fits, "context of") + 11, NULL, 10);
    ck_assert_uint_gt(options.context, 15);
    corpus_free(load("poem.txt", &options));
    for (size_t length = 1; length < sizeof poem; length++) {
        write_bytes("poem.txt", poem, length);
        options.context = length; /* never fits */
        ck_assert_int_eq(corpus_load_text(&corpus, "poem.txt", &options, &error), STATUS_FAILED);
        const char *would = strstr(error.message, "; a context of ");
        ck_assert_msg(would || length < 4, "%zu bytes: %s", length, error.message);
        if (!would) {
            ck_assert_ptr_nonnull(strstr(error.message, "no context would fit"));
            continue;
        }
        options.context = strtoul(would + 15, NULL, 10);
        corpus_free(load("poem.txt", &options));
    }
}
END_TEST

static void refuse(const char *path, const struct corpus_options *options, enum status status, const char *message)
{
    struct corpus *corpus = NULL;
    struct error error = {.status = STATUS_OK};
    ck_assert_int_eq(corpus_load_text(&corpus, path, options, &error), status);
    ck_assert_ptr_null(corpus);
    ck_assert_msg(strstr(error.message, message) != NULL, "said '%s', not '%s'", error.message, message);
}

START_TEST(a_byte_order_mark_is_no_part_of_the_text)
{
    struct corpus *plain, *marked;
    const struct corpus_options options = {.context = 4, .merges = 0, .seed = 1};
    static const char text[] = "\xef\xbb\xbfThe cat sat on the mat.\nThe cat sat on the hat.\n";
    write_text("plain.txt", text + 3);
    write_text("marked.txt", text);
    plain = load("plain.txt", &options);
    marked = load("marked.txt", &options);
    ck_assert_uint_eq(corpus_tokens_hash(plain), corpus_tokens_hash(marked));
    ck_assert_str_eq(corpus_notes(marked), "");
    corpus_free(plain);
    corpus_free(marked);
}
END_TEST

START_TEST(bytes_that_are_no_utf8_are_learnt_and_said)
{
    const struct corpus_options options = {.context = 4, .merges = 0, .seed = 1};
    write_text("latin.txt", "The cat sat on the mat.\nThe caf\xe9 sat on the hat.\n");
    struct corpus *corpus = load("latin.txt", &options);
    ck_assert_ptr_eq(strstr(corpus_notes(corpus), "latin.txt: line 2 is no UTF-8: such bytes are learnt one by one"),
                     corpus_notes(corpus));
    corpus_free(corpus);
}
END_TEST

START_TEST(what_is_no_text_is_refused)
{
    struct corpus_options options = usual;
    refuse("gone.txt", &options, STATUS_FAILED, "gone.txt: cannot be opened: No such file");
    ck_assert_int_eq(mkdir("folder", 0755), 0);
    refuse("folder", &options, STATUS_FAILED, "folder: is a directory; a text file is needed");
    ck_assert_int_eq(mkfifo("pipe", 0644), 0);
    refuse("pipe", &options, STATUS_FAILED, "pipe: is no plain file; a text file is needed");
    write_text("empty.txt", "");
    refuse("empty.txt", &options, STATUS_FAILED, "empty.txt: is empty");
    write_text("large.txt", "");
    ck_assert_int_eq(truncate("large.txt", ((off_t)1 << 30) + 1), 0);
    refuse("large.txt", &options, STATUS_FAILED,
           "large.txt: has 1,073,741,825 bytes; a text may have 1024 MiB at most");
    refuse("-", &options, STATUS_USAGE, "not from standard input");
    write_bytes("wide.txt", "\xff\xfeT\0h\0e\0", 8);
    refuse("wide.txt", &options, STATUS_FAILED,
           "wide.txt: is in UTF-16: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8 OLD > NEW)");
    write_bytes("wide.txt", "\0\0\0T\0\0\0h", 8);
    refuse("wide.txt", &options, STATUS_FAILED, "wide.txt: is in UTF-32BE: convert it");
    write_text("wide.txt", "\xef\xbb\xbf");
    refuse("wide.txt", &options, STATUS_FAILED, "wide.txt: is empty");
    write_story();
    options.context = 0;
    refuse("story.txt", &options, STATUS_USAGE, "a context of 0 tokens: 1 to 65536 can be");
    options.context = 65537;
    refuse("story.txt", &options, STATUS_USAGE, "a context of 65537 tokens");
    options = usual;
    options.test_fraction = 1;
    refuse("story.txt", &options, STATUS_USAGE, "a share of 1 for the test");
    options.test_fraction = (double)NAN;
    refuse("story.txt", &options, STATUS_USAGE, "for the test");
    options = usual;
    options.merges = TOKENIZER_MERGES_MAX + 1;
    refuse("story.txt", &options, STATUS_USAGE, "65281 merges: at most 65280 can be");
}
END_TEST

START_TEST(any_share_may_be_the_test)
{
    static const double shares[] = {0.001, 0.25, 0.5, 0.9, 0.999};
    write_story();
    for (size_t i = 0; i < 5; i++) {
        struct corpus_options options = usual;
        options.test_fraction = shares[i];
        struct corpus *corpus = load("story.txt", &options);
        const double share = 1 - (double)corpus_train(corpus) / (double)corpus_rows(corpus);
        ck_assert_double_eq_tol(share, shares[i], 0.03);
        corpus_free(corpus);
    }
}
END_TEST

/* ---- other ways in and out ---- */

START_TEST(random_rows_for_measuring)
{
    struct corpus *corpus = NULL;
    int32_t x[16], y[16];
    size_t met = 0, length;
    ck_assert_int_eq(corpus_random(&corpus, 65, 16, 100, 10, 1, NULL), STATUS_OK);
    ck_assert_uint_eq(corpus_rows(corpus), 110);
    ck_assert_uint_eq(corpus_train(corpus), 100);
    ck_assert_uint_eq(corpus_vocabulary(corpus), 65);
    ck_assert_ptr_null(corpus_tokenizer(corpus));
    ck_assert_ptr_null(corpus_prompt(corpus, 0, &length));
    for (size_t row = 0; row < 110; row++) {
        corpus_row(corpus, row, 1, 0, x, y);
        for (size_t i = 0; i < 16; i++) {
            ck_assert(x[i] >= 0 && x[i] < 65 && y[i] >= 0 && y[i] < 65);
            ck_assert(i == 0 || x[i] == y[i - 1]);
            met += y[i] == 64;
        }
    }
    ck_assert(met > 10 && met < 50);
    corpus_free(corpus);
}
END_TEST

START_TEST(a_corpus_becomes_a_data_set)
{
    struct dataset *dataset = NULL;
    write_story();
    struct corpus *corpus = load("story.txt", &usual);
    ck_assert_int_eq(dataset_from_corpus(&dataset, corpus, NULL), STATUS_OK);
    ck_assert_int_eq(dataset->kind, TASK_TEXT);
    ck_assert_ptr_eq(dataset->corpus, corpus);
    ck_assert_str_eq(dataset->name, "story.txt");
    ck_assert_str_eq(dataset->report, corpus_report(corpus));
    ck_assert_uint_eq(dataset->rows, corpus_rows(corpus));
    ck_assert_uint_eq(dataset->train, corpus_train(corpus));
    ck_assert_uint_eq(dataset->inputs, 64);
    ck_assert_uint_eq(dataset->classes, corpus_vocabulary(corpus));
    dataset_free(dataset);
    corpus_free(NULL);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("corpus");
    TCase *tests = tcase_create("corpus");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, a_text_is_described);
    tcase_add_test(tests, training_never_meets_the_test);
    tcase_add_test(tests, the_tokenizer_learns_from_training_blocks_only);
    tcase_add_test(tests, a_token_is_asked_once_in_an_epoch);
    tcase_add_test(tests, windows_move_from_epoch_to_epoch);
    tcase_add_test(tests, every_prefix_is_spread_over_the_file);
    tcase_add_test(tests, the_test_is_spread_over_the_file);
    tcase_add_test(tests, rows_are_passages_for_a_model);
    tcase_add_test(tests, the_same_file_gives_the_same_rows);
    tcase_add_test(tests, a_tokenizer_that_is_given_is_used);
    tcase_add_test(tests, tokens_are_weighed_in_bytes);
    tcase_add_test(tests, any_file_trains);
    tcase_add_test(tests, blocks_become_larger_until_they_hold_a_window);
    tcase_add_test(tests, a_short_text_says_what_would_fit);
    tcase_add_test(tests, a_byte_order_mark_is_no_part_of_the_text);
    tcase_add_test(tests, bytes_that_are_no_utf8_are_learnt_and_said);
    tcase_add_test(tests, what_is_no_text_is_refused);
    tcase_add_test(tests, any_share_may_be_the_test);
    tcase_add_test(tests, random_rows_for_measuring);
    tcase_add_test(tests, a_corpus_becomes_a_data_set);
    suite_add_tcase(suite, tests);
    return suite;
}
