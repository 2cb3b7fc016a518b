/* Bytes of a terminal as inputs: keys, sequences, mouse reports, and whatever is cut off or hostile. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "ui/decoder.h"
#include "unit/suite.h"

#define LATER 1000000000u /* nanoseconds after which nothing more is expected */

/* What came out, as words: "a", "Up", "press 3,4". */
static void put_input(char *out, size_t size, const struct input *input)
{
    static const char *const actions[] = {"press", "drag", "release", "wheel-up", "wheel-down"};
    static const char *const keys[] = {"named", "Up",    "Down", "Left",    "Right", "PageUp", "PageDown", "Home",
                                       "End",   "Enter", "Tab",  "BackTab", "Erase", "Delete", "Esc",      "F1"};
    const size_t used = strlen(out);
    if (input->kind == INPUT_MOUSE)
        snprintf(out + used, size - used, "%s %d,%d;", actions[input->action], input->x, input->y);
    else if (input->key >= KEY_NAMED)
        snprintf(out + used, size - used, "%s;", keys[input->key - KEY_NAMED]);
    else if (input->key > 0x20 && input->key < 0x7f)
        snprintf(out + used, size - used, "%c;", (char)input->key);
    else
        snprintf(out + used, size - used, "U+%04X;", (unsigned)input->key);
}

static void take_all(struct decoder *decoder, uint64_t now, char *out, size_t size)
{
    struct input input;
    while (decoder_next(decoder, now, &input))
        put_input(out, size, &input);
}

static const char *decoded(const char *bytes, size_t step)
{
    static char out[2000];
    struct decoder decoder = {0};
    decoder_add(&decoder, "\033OA", KEY_ARROW_UP);
    decoder_add(&decoder, "\033[[A", KEY_F1);
    decoder_add(&decoder, "\033q9", KEY_PAGE_UP);
    uint64_t now = 5 * (uint64_t)LATER;
    out[0] = '\0';
    for (size_t at = 0, length = strlen(bytes), count; at < length; at += count) {
        const size_t capacity = decoder_capacity(&decoder), most = step < capacity ? step : capacity;
        count = length - at < most ? length - at : most;
        decoder_feed(&decoder, (const unsigned char *)bytes + at, count, now);
        take_all(&decoder, now, out, sizeof out);
    }
    now += LATER;
    take_all(&decoder, now, out, sizeof out);
    ck_assert_int_eq(decoder_wait(&decoder, now), -1);
    return out;
}

/* Whole and byte by byte. */
START_TEST(decoder_knows_what_terminals_send)
{
    static const struct {
        const char *bytes, *inputs;
    } cases[] = {
        {"aB", "a;B;"},
        {"\r\n\t\x7f\b", "Enter;Enter;Tab;Erase;Erase;"},
        {"\x03\x1a", "U+0003;U+001A;"},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82", "U+00E9;U+20AC;U+1F642;"},
        {"\xff\xc3z\x80y", "z;y;"},
        {"\xe2\x82z", "z;"},
        {"\xe2\x82", ""},
        {"\033", "Esc;"},
        {"\033\033", "Esc;Esc;"},
        {"\033a", "Esc;a;"},
        {"\033q9a", "PageUp;a;"},
        {"\033q", "Esc;q;"},
        {"\033OA\033[A\033OB\033[B\033[C\033[D\033[H\033OF", "Up;Up;Down;Down;Right;Left;Home;End;"},
        {"\033[1~\033[3~\033[4~\033[5~\033[6~\033[11~\033[Z\033OM\033OP\033[[A",
         "Home;Delete;End;PageUp;PageDown;F1;BackTab;Enter;F1;F1;"},
        {"\033Ok\033Op\033Oy", "+;0;9;"},
        /* Nobody asked for these. */
        {"\033[I\033[O\033[200~x\033[201~\033[1;5A\033[>0;276;0c\033[24;80R\033[?2026;2$yz\033[[Bz", "x;z;z;"},
        {"\033[", ""},
        {"\033[12;", ""},
        {"\033O", ""},
        {"\033[<", ""},
        {"\033[<0;5", ""},
        {"\033[\033[A", "Up;"},
        {"\033[<0;5\r", "Enter;"},
        {"\033[<0;5\xc3\xa9", "U+00E9;"},
        /* The left button and the wheel. */
        {"\033[<0;4;5M\033[<32;5;5M\033[<0;5;6m", "press 3,4;drag 4,4;release 4,5;"},
        {"\033[<64;1;1M\033[<65;120;36M", "wheel-up 0,0;wheel-down 119,35;"},
        {"\033[<4;4;5M\033[<20;4;5m", "press 3,4;release 3,4;"},
        {"\033[M $%\033[M@%%\033[M#%%\033[M`!!", "press 3,4;drag 4,4;release 4,4;wheel-up 0,0;"},
        /* Others. */
        {"\033[<2;50;16M\033[<2;50;16ma", "a;"},
        {"\033[<1;50;16M\033[<1;50;16ma", "a;"},
        {"\033[<34;50;16M\033[<35;51;16Ma", "a;"},
        {"\033[<66;50;16M\033[<67;50;16M\033[<64;5;5m\033[<96;5;5Ma", "a;"},
        {"\033[<128;50;16M\033[<3;50;16M\033[<0;50;16m\033[<32;1;1Ma", "a;"},
        /* None at all. */
        {"\033[<0;-5;3Ma", "a;"},
        {"\033[<-1;5;3Ma", "a;"},
        {"\033[<0;0;3M\033[<0;3;0ma", "a;"},
        {"\033[<0;5M\033[<M\033[<;;M\033[<0;5;3;9M\033[<0;;3Ma", "a;"},
        {"\033[<0;99999999999999999999;1Ma", "a;"},
        {"\033[M\x01\x01\x01"
         "a",
         "a;"},
        {"\033[M", ""},
    };
    ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step <= 64; step = step == 1 ? 3 : step == 3 ? 64 : 65) {
            const char *inputs = decoded(cases[i].bytes, step);
            ck_assert_msg(strcmp(inputs, cases[i].inputs) == 0, "case %zu, %zu at once: '%s'", i, step, inputs);
        }
}
END_TEST

/* Its own bytes are no keys, however long it is; what follows is one. */
START_TEST(decoder_skips_a_sequence_without_an_end)
{
    char bytes[4 * DECODER_BYTES + 8] = "\033[<";
    memset(bytes + 3, '5', sizeof bytes - 4);
    ck_assert_str_eq(decoded(bytes, 100), "");
    strcpy(bytes + sizeof bytes - 3, "Ma");
    ck_assert_str_eq(decoded(bytes, 100), "a;");
    strcpy(bytes + sizeof bytes - 3, "\ra");
    ck_assert_str_eq(decoded(bytes, 100), "Enter;a;");

    struct decoder decoder = {0};
    struct input input;
    memset(decoder.byte, '5', sizeof decoder.byte);
    memcpy(decoder.byte, "\033[", 2);
    decoder.count = sizeof decoder.byte;
    ck_assert(!decoder_next(&decoder, 0, &input));
    ck_assert_uint_eq(decoder_capacity(&decoder), DECODER_BYTES);
    decoder_feed(&decoder, (const unsigned char *)"4", 1, LATER); /* much later: a key again */
    ck_assert(decoder_next(&decoder, LATER, &input));
    ck_assert_uint_eq(input.key, '4');
}
END_TEST

/* How long an incomplete input is waited for, and that the rest of it counts when it comes in time. */
START_TEST(decoder_says_how_long_to_wait)
{
    struct decoder decoder = {0};
    struct input input;
    uint64_t now = 5 * (uint64_t)LATER;
    ck_assert_int_eq(decoder_wait(&decoder, now), -1);
    decoder_feed(&decoder, (const unsigned char *)"\033", 1, now);
    ck_assert(!decoder_next(&decoder, now, &input));
    const int escape = decoder_wait(&decoder, now);
    ck_assert_int_gt(escape, 0);
    ck_assert_int_le(escape, 50);
    now += 1000000u * (unsigned)escape - 1000000u;
    ck_assert(!decoder_next(&decoder, now, &input));
    decoder_feed(&decoder, (const unsigned char *)"[", 1, now);
    ck_assert(!decoder_next(&decoder, now, &input));
    ck_assert_int_gt(decoder_wait(&decoder, now), escape);
    now += 100000000u;
    decoder_feed(&decoder, (const unsigned char *)"B", 1, now);
    ck_assert(decoder_next(&decoder, now, &input));
    ck_assert_uint_eq(input.key, KEY_ARROW_DOWN);
    decoder_feed(&decoder, (const unsigned char *)"\033[<0;", 5, now);
    ck_assert(!decoder_next(&decoder, now, &input));
    now += 1000000u * (unsigned)decoder_wait(&decoder, now);
    ck_assert(!decoder_next(&decoder, now, &input));
    decoder_feed(&decoder, (const unsigned char *)"L", 1, now);
    ck_assert(decoder_next(&decoder, now, &input));
    ck_assert_uint_eq(input.key, 'L');
}
END_TEST

/* Bytes by chance, many of them from the alphabet of sequences: always room for the next, always an end. */
START_TEST(decoder_survives_any_bytes)
{
    static const char alphabet[] = "\033\033\033[[<<;;0123456789-MmOABZ~ \xc3\xa9\xf0\x9f\xff";
    struct decoder decoder = {0};
    struct input input;
    uint64_t now = LATER;
    decoder_add(&decoder, "\033[[A", KEY_F1);
    for (uint32_t i = 0; i < 300000; i++) {
        const uint32_t bits = random_bits(random_key(1, RANDOM_SAMPLE, 0), i);
        const unsigned char byte =
            bits & 1 ? (unsigned char)(bits >> 8) : (unsigned char)alphabet[(bits >> 8) % (sizeof alphabet - 1)];
        ck_assert_uint_gt(decoder_capacity(&decoder), 0);
        decoder_feed(&decoder, &byte, 1, now);
        while (decoder_next(&decoder, now, &input)) {
            ck_assert(input.kind == INPUT_KEY || input.kind == INPUT_MOUSE);
            if (input.kind == INPUT_MOUSE)
                ck_assert(input.x >= 0 && input.y >= 0);
        }
        if ((bits >> 16) % 50 == 0) {
            now += LATER;
            while (decoder_next(&decoder, now, &input))
                ;
            ck_assert_int_eq(decoder_wait(&decoder, now), -1);
        }
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("decoder");
    TCase *tests = tcase_create("decoder");
    tcase_add_test(tests, decoder_knows_what_terminals_send);
    tcase_add_test(tests, decoder_skips_a_sequence_without_an_end);
    tcase_add_test(tests, decoder_says_how_long_to_wait);
    tcase_add_test(tests, decoder_survives_any_bytes);
    suite_add_tcase(suite, tests);
    return suite;
}
