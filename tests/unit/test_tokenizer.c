/* Byte pair encoding: what is cut, what is merged, that nothing is lost, and what a file may not say. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "data/tokenizer.h"
#include "suite.h"
#include "support/text_hash.h"

static const char prose[] =
    "The sea is calm tonight. The tide is full, the moon lies fair upon the straits; on the coast the light gleams "
    "and is gone; the cliffs stand, glimmering and vast, out in the tranquil bay.\n"
    "In 1851 and 1867: 12 times 12 is 144.\tTabs,  blanks   and \xc3\xa4\xc3\xb6\xc3\xbc \xe6\xbc\xa2\xe5\xad\x97.\r\n";

static struct tokenizer *train(const void *bytes, size_t length, size_t merges)
{
    struct tokenizer *tokenizer = NULL;
    const struct tokenizer_span span = {.bytes = bytes, .length = length};
    ck_assert_int_eq(tokenizer_train(&tokenizer, &span, 1, merges, NULL), STATUS_OK);
    return tokenizer;
}

static struct tokenizer *parse(const char *text)
{
    struct tokenizer *tokenizer = NULL;
    struct error error = {.status = STATUS_OK};
    ck_assert_msg(tokenizer_parse(&tokenizer, text, &error) == STATUS_OK, "%s", error.message);
    return tokenizer;
}

/* The text with a | between its tokens. */
static const char *cut(const struct tokenizer *tokenizer, const char *text)
{
    static char out[400];
    static uint16_t id[200];
    const size_t count = tokenizer_encode(tokenizer, text, strlen(text), id);
    char *to = out;
    for (size_t i = 0; i < count; i++) {
        size_t length;
        const unsigned char *bytes = tokenizer_bytes(tokenizer, id[i], &length);
        if (i > 0)
            *to++ = '|';
        memcpy(to, bytes, length);
        to += length;
    }
    *to = '\0';
    return out;
}

static void must_come_back(const struct tokenizer *tokenizer, const unsigned char *bytes, size_t length)
{
    uint16_t *id = mem_alloc(length, sizeof *id);
    const size_t count = tokenizer_encode(tokenizer, bytes, length, id);
    size_t at = 0;
    ck_assert_uint_le(count, length);
    for (size_t i = 0; i < count; i++) {
        size_t size;
        ck_assert_uint_lt(id[i], tokenizer_vocabulary(tokenizer));
        const unsigned char *token = tokenizer_bytes(tokenizer, id[i], &size);
        ck_assert_uint_le(size, length - at);
        ck_assert_mem_eq(token, bytes + at, size);
        at += size;
    }
    ck_assert_uint_eq(at, length);
    mem_free(id);
}

START_TEST(every_byte_string_comes_back)
{
    struct tokenizer *plain = train(NULL, 0, 0), *learnt = train(prose, sizeof prose - 1, 200);
    unsigned char bytes[700];
    ck_assert_uint_gt(tokenizer_merges(learnt), 20);
    for (uint32_t round = 0; round < 400; round++) {
        const uint32_t key = random_key(1, RANDOM_SAMPLE, round);
        const size_t length = random_bits(key, 0) % sizeof bytes;
        for (uint32_t i = 0; i < length; i++) {
            /* Bytes at random, stretches of the text that was learnt, and long runs. */
            const uint32_t draw = random_bits(key, i / 16 + 1000);
            const uint32_t choice[] = {random_bits(key, i + 1), (uint32_t)prose[(draw / 3 + i) % (sizeof prose - 1)],
                                       (uint32_t) "a \xe6\n7"[draw / 3 % 5]};
            bytes[i] = (unsigned char)choice[draw % 3];
        }
        must_come_back(plain, bytes, length);
        must_come_back(learnt, bytes, length);
    }
    for (unsigned i = 0; i < 256; i++)
        bytes[i] = bytes[511 - i] = (unsigned char)i;
    must_come_back(learnt, bytes, 512);
    must_come_back(learnt, (const unsigned char *)prose, sizeof prose - 1);
    tokenizer_free(plain);
    tokenizer_free(learnt);
}
END_TEST

START_TEST(without_merges_tokens_are_bytes)
{
    struct tokenizer *tokenizer = train(NULL, 0, 0);
    uint16_t id[256];
    unsigned char bytes[256];
    for (unsigned i = 0; i < 256; i++)
        bytes[i] = (unsigned char)i;
    ck_assert_uint_eq(tokenizer_vocabulary(tokenizer), 256);
    ck_assert_uint_eq(tokenizer_encode(tokenizer, bytes, 256, id), 256);
    for (unsigned i = 0; i < 256; i++)
        ck_assert_uint_eq(id[i], i);
    ck_assert_uint_eq(tokenizer_encode(tokenizer, bytes, 0, id), 0);
    tokenizer_free(tokenizer);
}
END_TEST

/* Of two kinds of bytes, each repeated so often that all of a piece's bytes have become one token. */
START_TEST(merges_stay_inside_a_piece)
{
    static const struct {
        const char *text, *tokens;
    } cases[] = {
        {"ab ab", "ab| ab"},
        {"ab  ab", "ab| | ab"},
        {"ab\tab", "ab|\t|ab"},
        {"ab \tab", "ab| \t|ab"},
        {"ab.ab .ab", "ab|.|ab| .|ab"},
        {"ab...ab", "ab|...|ab"},
        {"ab\nab", "ab|\n|ab"},
        {"ab\n\nab", "ab|\n|\n|ab"},
        {"ab \nab", "ab| |\n|ab"},
        {"ab\r\nab", "ab|\r|\n|ab"},
        {"1867", "1|8|6|7"},
        {"ab 12", "ab| |1|2"},
        {"ab12ab", "ab|1|2|ab"},
        {"\xc3\xa4ok \xc3\xa4ok", "\xc3\xa4ok| \xc3\xa4ok"},
        {"ab \x1b[ab", "ab| \x1b[|ab"},
        {"ab ", "ab| "},
        {"   ", "   "},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        /* Each repetition is a span of its own: what stands at its end does not touch the next. */
        struct tokenizer_span span[20];
        for (size_t k = 0; k < 20; k++)
            span[k] = (struct tokenizer_span){(const unsigned char *)cases[i].text, strlen(cases[i].text)};
        struct tokenizer *tokenizer = NULL;
        ck_assert_int_eq(tokenizer_train(&tokenizer, span, 20, 100, NULL), STATUS_OK);
        ck_assert_str_eq(cut(tokenizer, cases[i].text), cases[i].tokens);
        tokenizer_free(tokenizer);
    }
}
END_TEST

START_TEST(a_long_piece_is_cut_between_characters)
{
    char text[200], long_text[2000] = "";
    size_t length, longest = 0;
    strcpy(text, "a"); /* so that the 32nd byte is inside a character of three */
    for (int i = 0; i < 40; i++)
        strcat(text, "\xe6\xbc\xa2");
    for (int i = 0; i < 10; i++)
        strcat(strcat(long_text, text), "\n");
    struct tokenizer *tokenizer = train(long_text, strlen(long_text), 1000);
    for (size_t i = 0; i < tokenizer_vocabulary(tokenizer); i++) {
        tokenizer_bytes(tokenizer, i, &length);
        longest = length > longest ? length : longest;
    }
    ck_assert_uint_eq(longest, 31); /* a, and ten characters */
    for (char *at = strtok(strcpy(long_text, cut(tokenizer, text)), "|"); at; at = strtok(NULL, "|"))
        ck_assert_msg(((unsigned char)*at & 0xc0) != 0x80, "a token begins inside a character");
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(the_most_frequent_pair_comes_first_and_the_lower_of_several)
{
    static const char text[] = "bc\nxy\nabcd\nxy\nabcd\nxy\nabcd\nxy\nabcd";
    static const char *const learnt[] = {"bc", "abc", "xy", "abcd"}; /* 5 times bc, all others 4 times */
    struct tokenizer *tokenizer = train(text, sizeof text - 1, 5);
    ck_assert_uint_eq(tokenizer_merges(tokenizer), 4); /* nothing else occurs twice */
    for (size_t i = 0; i < 4; i++) {
        size_t length;
        const unsigned char *bytes = tokenizer_bytes(tokenizer, 256 + i, &length);
        ck_assert_uint_eq(length, strlen(learnt[i]));
        ck_assert_mem_eq(bytes, learnt[i], length);
    }
    tokenizer_free(tokenizer);
    /* Of pairs that are as frequent the one with the lower ids, wherever it stands. */
    tokenizer = train("zz\nba\nab\nzz\nba\nab", 17, 3);
    ck_assert_str_eq(cut(tokenizer, "ab"), "ab");
    size_t length;
    ck_assert_mem_eq(tokenizer_bytes(tokenizer, 256, &length), "ab", 2);
    ck_assert_mem_eq(tokenizer_bytes(tokenizer, 257, &length), "ba", 2);
    tokenizer_free(tokenizer);
}
END_TEST

/* ---- against the plainest way of doing it ---- */

enum { NAIVE_WORDS = 300, NAIVE_MERGES = 120 };

struct naive {
    uint16_t symbol[NAIVE_WORDS][16];
    size_t length[NAIVE_WORDS];
    uint16_t merge[NAIVE_MERGES][2];
    size_t merges;
};

static void naive_merge(uint16_t *symbol, size_t *length, const uint16_t pair[2], uint16_t id)
{
    size_t kept = 0;
    for (size_t i = 0; i < *length; i++) {
        const bool meets = i + 1 < *length && symbol[i] == pair[0] && symbol[i + 1] == pair[1];
        symbol[kept++] = meets ? id : symbol[i];
        i += (size_t)meets;
    }
    *length = kept;
}

/* Counts all pairs anew for each merge. */
static void naive_train(struct naive *naive)
{
    enum { SIDE = 256 + NAIVE_MERGES };
    uint32_t *count = calloc(SIDE * SIDE, sizeof *count);
    for (; naive->merges < NAIVE_MERGES; naive->merges++) {
        uint32_t best = 1;
        memset(count, 0, SIDE * SIDE * sizeof *count);
        for (size_t w = 0; w < NAIVE_WORDS; w++)
            for (size_t i = 0; i + 1 < naive->length[w]; i++)
                count[naive->symbol[w][i] * SIDE + naive->symbol[w][i + 1]]++;
        for (uint32_t p = 0; p < SIDE * SIDE; p++)
            if (count[p] > best) {
                best = count[p];
                naive->merge[naive->merges][0] = (uint16_t)(p / SIDE);
                naive->merge[naive->merges][1] = (uint16_t)(p % SIDE);
            }
        if (best < 2)
            break;
        for (size_t w = 0; w < NAIVE_WORDS; w++)
            naive_merge(naive->symbol[w], &naive->length[w], naive->merge[naive->merges],
                        (uint16_t)(256 + naive->merges));
    }
    free(count);
}

START_TEST(as_the_plainest_way_would)
{
    for (uint32_t round = 0; round < 8; round++) {
        static struct naive naive;
        static char text[NAIVE_WORDS * 16];
        const uint32_t key = random_key(5, RANDOM_SAMPLE, round), letters = 2 + round;
        size_t length = 0;
        memset(&naive, 0, sizeof naive);
        for (uint32_t w = 0; w < NAIVE_WORDS; w++) {
            naive.length[w] = 1 + random_bits(key, w) % 12;
            for (uint32_t i = 0; i < naive.length[w]; i++) {
                text[length++] = (char)('a' + random_bits(key, 1000 + 16 * w + i) % letters);
                naive.symbol[w][i] = (uint16_t)text[length - 1];
            }
            text[length++] = '\n';
        }
        naive_train(&naive);
        struct tokenizer *tokenizer = train(text, length, NAIVE_MERGES);
        ck_assert_uint_eq(tokenizer_merges(tokenizer), naive.merges);
        /* What the words have become in training is what encoding makes of them. */
        static uint16_t id[sizeof text];
        const size_t count = tokenizer_encode(tokenizer, text, length, id);
        size_t at = 0;
        for (size_t w = 0; w < NAIVE_WORDS; w++) {
            for (size_t i = 0; i < naive.length[w]; i++)
                ck_assert_uint_eq(id[at++], naive.symbol[w][i]);
            ck_assert_uint_eq(id[at++], '\n');
        }
        ck_assert_uint_eq(at, count);
        tokenizer_free(tokenizer);
    }
}
END_TEST

START_TEST(what_comes_before_changes_nothing)
{
    struct tokenizer *tokenizer = train(prose, sizeof prose - 1, 150);
    uint16_t whole[sizeof prose], part[sizeof prose];
    const size_t count = tokenizer_encode(tokenizer, prose, sizeof prose - 1, whole);
    for (const char *at = strchr(prose, '\n'); at; at = strchr(at + 1, '\n')) {
        const size_t left = strlen(at), got = tokenizer_encode(tokenizer, at, left, part);
        ck_assert_uint_le(got, count);
        ck_assert_mem_eq(part, whole + count - got, got * sizeof *part);
    }
    tokenizer_free(tokenizer);
}
END_TEST

/* Of a long text each span's first part counts, so that none is left out. */
START_TEST(of_a_long_text_a_share_is_looked_at)
{
    const size_t half = TOKENIZER_TRAINING_MAX;
    unsigned char *bytes = mem_alloc(2, half);
    memset(bytes, '\n', 2 * half);
    memcpy(bytes, "early early", 11);
    memcpy(bytes + half / 2 + 100, "late late", 9); /* in the second half of its span */
    memcpy(bytes + half, "early early", 11);
    const struct tokenizer_span span[] = {{bytes, half}, {bytes + half, half}};
    struct tokenizer *tokenizer = NULL;
    ck_assert_int_eq(tokenizer_train(&tokenizer, span, 2, 50, NULL), STATUS_OK);
    ck_assert_str_eq(cut(tokenizer, "early early"), "early| early");
    ck_assert_str_eq(cut(tokenizer, "late"), "l|a|t|e");
    tokenizer_free(tokenizer);
    mem_free(bytes);
}
END_TEST

START_TEST(json_brings_it_back)
{
    struct tokenizer *tokenizer = train(prose, sizeof prose - 1, 90), *small = train("ab ab ab", 8, 2);
    char *text = tokenizer_text(tokenizer), *small_text = tokenizer_text(small);
    struct tokenizer *again = parse(text);
    uint16_t first[sizeof prose], second[sizeof prose];
    ck_assert_str_eq(small_text, "{\"kind\":\"byte-bpe\",\"merges\":[[97,98],[32,256]]}");
    ck_assert_uint_eq(tokenizer_merges(again), tokenizer_merges(tokenizer));
    ck_assert_uint_eq(tokenizer_hash(again), tokenizer_hash(tokenizer));
    ck_assert_uint_ne(tokenizer_hash(small), tokenizer_hash(tokenizer));
    const size_t count = tokenizer_encode(tokenizer, prose, sizeof prose - 1, first);
    ck_assert_uint_eq(tokenizer_encode(again, prose, sizeof prose - 1, second), count);
    ck_assert_mem_eq(first, second, count * sizeof *first);
    mem_free(text);
    mem_free(small_text);
    tokenizer_free(again);
    tokenizer_free(small);
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(a_hostile_text_is_refused)
{
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"", "ends too soon"},
        {"[]", "is not what this program writes"},
        {"{\"merges\":[]}", "is not what this program writes"},
        {"{\"kind\":\"word\",\"merges\":[]}", "is not what this program writes"},
        {"{\"kind\":\"byte-bpe\"}", "is not what this program writes"},
        {"{\"kind\":\"byte-bpe\",\"merges\":{\"a\":[1,2]}}", "is not what this program writes"},
        {"{\"kind\":\"byte-bpe\",\"merges\":[[97,98],5]}", "merge 1 is not a pair of ids"},
        {"{\"kind\":\"byte-bpe\",\"merges\":[[97]]}", "merge 0 is not a pair of ids"},
        {"{\"kind\":\"byte-bpe\",\"merges\":[[97,98,99]]}", "merge 0 is not a pair of ids"},
        {"{\"kind\":\"byte-bpe\",\"merges\":[[97,-1]]}", "merge 0 is not a pair of ids"},
        {"{\"kind\":\"byte-bpe\",\"merges\":[[97,1.5]]}", "merge 0 is not a pair of ids"},
        {"{\"kind\":\"byte-bpe\",\"merges\":[[97,256]]}", "merge 0 names an id that is not there yet"},
        {"{\"kind\":\"byte-bpe\",\"merges\":[[97,98],[9e15,1]]}", "merge 1 names an id that is not there yet"},
        {"{\"kind\":\"byte-bpe\",\"merges\":[[97,98],[97,98]]}", "merge 1 is a duplicate"},
        {"{\"kind\":\"byte-bpe\",\"merges\":[[1,1],[256,256],[257,257],[258,258],[259,259],[260,1]]}",
         "merge 5 makes a token that is longer than any piece"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tokenizer *tokenizer = NULL;
        struct error error = {.status = STATUS_OK};
        ck_assert_int_eq(tokenizer_parse(&tokenizer, cases[i].text, &error), STATUS_FAILED);
        ck_assert_ptr_null(tokenizer);
        ck_assert_ptr_null(strstr(error.message, "its tokenizer")); /* whoever asked says whose it is */
        ck_assert_msg(strstr(error.message, cases[i].reason) != NULL, "said '%s', not '%s'", error.message,
                      cases[i].reason);
    }
}
END_TEST

/* Merges (i, j) of bytes: all are different, and there is room for so many ids. */
START_TEST(ids_end_at_16_bits)
{
    for (size_t merges = TOKENIZER_MERGES_MAX; merges <= TOKENIZER_MERGES_MAX + 1; merges++) {
        char *text = malloc(merges * 10 + 100), *to = text;
        to += sprintf(to, "{\"kind\":\"byte-bpe\",\"merges\":[");
        for (size_t i = 0; i < merges; i++)
            to += sprintf(to, "%s[%zu,%zu]", i > 0 ? "," : "", i / 256, i % 256);
        strcpy(to, "]}");
        struct tokenizer *tokenizer = NULL;
        struct error error = {.status = STATUS_OK};
        const enum status status = tokenizer_parse(&tokenizer, text, &error);
        free(text);
        if (merges > TOKENIZER_MERGES_MAX) {
            ck_assert_int_eq(status, STATUS_FAILED);
            ck_assert_ptr_nonnull(strstr(error.message, "65281 merges, where 65280 can be"));
            continue;
        }
        uint16_t id[2];
        ck_assert_int_eq(status, STATUS_OK);
        ck_assert_uint_eq(tokenizer_vocabulary(tokenizer), 65536);
        ck_assert_uint_eq(tokenizer_encode(tokenizer, "\xfe\xff", 2, id), 1);
        ck_assert_uint_eq(id[0], 256 + 0xfeff);
        tokenizer_free(tokenizer);
    }
    struct tokenizer *tokenizer = NULL;
    ck_assert_int_eq(tokenizer_train(&tokenizer, NULL, 0, TOKENIZER_MERGES_MAX + 1, NULL), STATUS_USAGE);
}
END_TEST

START_TEST(a_larger_text_gets_more_merges)
{
    ck_assert_uint_eq(tokenizer_default_merges(0), 0);
    ck_assert_uint_eq(tokenizer_default_merges(10000), 0);
    ck_assert_uint_ge(tokenizer_default_merges(100000), 500);
    ck_assert_uint_le(tokenizer_default_merges(1000000), 1100);
    ck_assert_uint_le(tokenizer_default_merges(SIZE_MAX), 8192);
    for (size_t bytes = 1; bytes < SIZE_MAX / 2; bytes *= 2)
        ck_assert_uint_le(tokenizer_default_merges(bytes), tokenizer_default_merges(2 * bytes));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("tokenizer");
    TCase *tests = tcase_create("tokenizer");
    tcase_add_test(tests, every_byte_string_comes_back);
    tcase_add_test(tests, without_merges_tokens_are_bytes);
    tcase_add_test(tests, merges_stay_inside_a_piece);
    tcase_add_test(tests, a_long_piece_is_cut_between_characters);
    tcase_add_test(tests, the_most_frequent_pair_comes_first_and_the_lower_of_several);
    tcase_add_test(tests, as_the_plainest_way_would);
    tcase_add_test(tests, what_comes_before_changes_nothing);
    tcase_add_test(tests, of_a_long_text_a_share_is_looked_at);
    tcase_add_test(tests, json_brings_it_back);
    tcase_add_test(tests, a_hostile_text_is_refused);
    tcase_add_test(tests, ids_end_at_16_bits);
    tcase_add_test(tests, a_larger_text_gets_more_merges);
    suite_add_tcase(suite, tests);
    return suite;
}
