/* Texts on the screen, for real: what a model writes, expects and looks at, and a prompt of one's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/on_screen.h"
#include "unit/suite.h"

static char *folder, *text, *pairs, *recipe;

static void begin(void)
{
    static const char *const places[] = {"France is Paris", "Spain is Madrid", "Peru is Lima", "Chad is Ndjamena"};
    char lines[16384] = "", rows[4096] = "";
    for (size_t i = 0; i < 300; i++)
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "The capital of %s.\n", places[i * i % 7 % 4]);
    for (size_t i = 0; i < 40; i++)
        snprintf(rows + strlen(rows), sizeof rows - strlen(rows), "What is %zu and one?\t%zu.\n", i % 8, i % 8 + 1);
    folder = process_folder();
    text = process_text(folder, "text.txt", lines);
    pairs = process_text(folder, "pairs.tsv", rows);
    recipe = process_text(folder, "two.ini",
                          "[model]\nlayers = 2\nwidth = 16\nheads = 2\ncontext = 32\n"
                          "[data]\ntext = text.txt\nmerges = 40\n"
                          "[prompt]\ntext = The capital of France is\nanswer = Paris\n"
                          "[stage pre-train]\nlr = 0.01\n"
                          "[stage answer]\ndata = pairs.tsv\nlr = 0.003\n");
}

static void end(void)
{
    process_folder_remove(folder);
    free(text);
    free(pairs);
    free(recipe);
}

static struct terminal *start_recipe(const char *options, int columns, int rows)
{
    char words[256];
    snprintf(words, sizeof words, "%s %s", recipe, options);
    return start_in(plain_environment, columns, rows, words);
}

START_TEST(a_text_opens_with_its_prompt)
{
    struct terminal *terminal = start_recipe("--speed 500", COLUMNS, ROWS);
    expect(terminal, "The capital of France is");
    expect(terminal, "pre-train 1/2");
    expect(terminal, "perplexity");
    expect(terminal, "bits/byte");
    expect(terminal, "learning rate");
    ck_assert(!terminal_shows(terminal, "wrong labels"));
    quit(terminal);
}
END_TEST

START_TEST(view_4_goes_through_its_pictures)
{
    static const int size[][2] = {{40, 12}, {80, 24}, {120, 36}, {200, 60}};
    static const char *const options[] = {"--speed 500", "--speed 500 --ascii", "--speed 500 --theme mono",
                                          "--speed max --theme light"};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        struct terminal *terminal = start_recipe(options[i], size[i][0], size[i][1]);
        expect(terminal, "loss");
        terminal_type(terminal, "4");
        expect(terminal, "The capital of France is");
        expect(terminal, "earlier");
        terminal_type(terminal, "g");
        expect(terminal, "logit z");
        expect(terminal, "others");
        terminal_type(terminal, "g");
        expect(terminal, "head 1 of 2");
        terminal_type(terminal, "\033OC");
        expect(terminal, "head 2 of 2");
        terminal_type(terminal, "\033OB");
        expect(terminal, "block 2 of 2");
        terminal_type(terminal, "\033OB\033OD");
        expect(terminal, "block 1 of 2");
        expect(terminal, "head 1 of 2");
        terminal_type(terminal, "g");
        expect(terminal, "held-out passage");
        expect(terminal, "1 of ");
        terminal_type(terminal, "\033[6~");
        expect(terminal, "2 of ");
        terminal_type(terminal, "g");
        expect(terminal, "exam");
        terminal_type(terminal, "g");
        expect(terminal, "earlier");
        quit(terminal);
    }
}
END_TEST

START_TEST(an_own_prompt_is_gone_on_with_while_it_learns)
{
    struct terminal *terminal = start_recipe("--speed 300", COLUMNS, ROWS);
    expect(terminal, "The capital of France is");
    terminal_type(terminal, "4");
    expect(terminal, "earlier");
    terminal_type(terminal, "i");
    expect(terminal, "PROMPT => ANSWER");
    terminal_type(terminal, "The capital of Peru quit is");
    terminal_type(terminal, "\033OD\033OD\033OD\010\010\010\010\010"); /* keys of the program are letters here */
    expect(terminal, "The capital of Peru is");
    terminal_type(terminal, "\033OF => Lima\r");
    expect_gone(terminal, "PROMPT => ANSWER");
    expect(terminal, "The capital of Peru is");
    terminal_type(terminal, "i");
    expect(terminal, "PROMPT => ANSWER");
    terminal_type(terminal, " => nothing before it\r");
    expect(terminal, "before => stands the prompt");
    terminal_type(terminal, "\033");
    expect_gone(terminal, "before => stands the prompt");
    terminal_type(terminal, "i\033OA\033OA\033OA"); /* the first one is in the history */
    expect(terminal, "The capital of France is => Paris");
    terminal_type(terminal, "\r:prompt The capital of Chad is\r");
    expect(terminal, "The capital of Chad is");
    terminal_type(terminal, "i\r"); /* an empty one: the usual one again */
    expect(terminal, "The capital of France is");
    quit(terminal);
}
END_TEST

START_TEST(sampling_is_set_on_the_line)
{
    struct terminal *terminal = start_recipe("--speed 300", COLUMNS, ROWS);
    expect(terminal, "The capital of France is");
    terminal_type(terminal, "4:temperature 0\r");
    expect(terminal, "temperature 0");
    terminal_type(terminal, ":top-k 5\r");
    expect(terminal, "top-k 5");
    terminal_type(terminal, ":top-p 0.5\r");
    expect(terminal, "top-p 0.5");
    terminal_type(terminal, ":top-p 2\r");
    expect(terminal, "1 at most");
    terminal_type(terminal, "\033:answer Lima\r");
    expect(terminal, "✓ ␣Lima");
    quit(terminal);
}
END_TEST

START_TEST(the_next_stage_asks_its_own_question)
{
    struct terminal *terminal = start_recipe("--speed 300", COLUMNS, ROWS);
    expect(terminal, "The capital of France is");
    terminal_type(terminal, "G");
    expect(terminal, "answer 2/2");
    expect(terminal, "and one?");
    expect(terminal, "old data");
    expect(terminal, "Stage 2, answer, begins at step");
    quit(terminal);
}
END_TEST

/* What bytes a model may write, and what a person may type: none of them reaches the terminal as it is. */
START_TEST(hostile_bytes_stay_harmless)
{
    char bytes[9001];
    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        static const char *const parts[] = {"\033[2J", "\xe4\xb8", "\xad", "\007", "\xe2\x80\xae", "\xf0\x9f\x98\x80"};
        const char *part = parts[i * i % 6];
        bytes[i] = part[i % strlen(part)];
    }
    bytes[sizeof bytes - 1] = 0;
    char *file = process_text(folder, "hostile.txt", bytes), words[256];
    snprintf(words, sizeof words, "%s --model bigram --merges 0 --speed 300", file);
    struct terminal *terminal = start(words);
    expect(terminal, "hostile.txt");
    terminal_type(terminal, "4");
    expect(terminal, "earlier");
    expect(terminal, "<"); /* a byte that is no character, as a label */
    terminal_type(terminal, "i\xe4\xb8\xad\xe6\x96\x87 \xc3\xa9\r");
    expect(terminal, "?? \xc3\xa9");
    terminal_type(terminal, "gg");
    expect(terminal, "has none");
    expect(terminal, "hostile.txt"); /* the title is where it was */
    quit(terminal);
    free(file);
}
END_TEST

START_TEST(a_table_has_no_prompt)
{
    struct terminal *terminal = start("--speed 300");
    expect(terminal, "spiral");
    terminal_type(terminal, "i");
    expect(terminal, "Only what learns a text has a prompt.");
    terminal_type(terminal, ":temperature 1\r");
    expect(terminal, "this run learns no text");
    terminal_type(terminal, "\033");
    expect_gone(terminal, "this run learns no text");
    quit(terminal);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("screen_text");
    TCase *cases = tcase_create("screen_text");
    tcase_add_checked_fixture(cases, begin, end);
    tcase_set_timeout(cases, 240);
    tcase_add_test(cases, a_text_opens_with_its_prompt);
    tcase_add_test(cases, view_4_goes_through_its_pictures);
    tcase_add_test(cases, an_own_prompt_is_gone_on_with_while_it_learns);
    tcase_add_test(cases, sampling_is_set_on_the_line);
    tcase_add_test(cases, the_next_stage_asks_its_own_question);
    tcase_add_test(cases, hostile_bytes_stay_harmless);
    tcase_add_test(cases, a_table_has_no_prompt);
    suite_add_tcase(suite, cases);
    return suite;
}
