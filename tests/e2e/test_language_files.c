/* Language models in files, as a user types it: going on, beginning another run with their weights, and letting them
 * write. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/weights.h"
#include "support/process.h"
#include "support/state_entries.h"
#include "support/terminal.h"
#include "unit/suite.h"

#define NANOGPT "tests/reference/nanogpt.safetensors"
#define SHAPE   "--layers 2 --width 16 --heads 2 --context 16"

static char *folder;
static char base[128], other[128], text[128], words[900];

static const char *const who[] = {"owl", "fox", "hen", "cat", "dog"};

static void write_file(const char *name, const char *format)
{
    char lines[20000] = "", *at = lines;
    for (int i = 0; i < 400; i++)
        at += snprintf(at, (size_t)(lines + sizeof lines - at), format, who[i % 5], who[i * i % 5]);
    free(process_text(folder, name, lines));
}

static void make_folder(void)
{
    folder = process_folder();
    snprintf(base, sizeof base, "%s/base", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    snprintf(text, sizeof text, "%s/animals.txt", folder);
    write_file("animals.txt", "the %s sees the %s.\n");
    write_file("more.txt", "a %s and a %s.\n");
    write_file("pairs.tsv", "%s?\t%s!\n");
}

static void remove_folder(void)
{
    process_folder_remove(folder);
}

static struct outcome run(int status)
{
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == status, "%s: status %d: %s", words, outcome.status, outcome.err);
    return outcome;
}

static void run_quietly(int status, const char *said)
{
    struct outcome outcome = run(status);
    ck_assert_msg(strstr(outcome.err, said) != NULL, "%s: said '%s', wanted '%s'", words, outcome.err, said);
    outcome_free(&outcome);
}

/* What the program says of `words`: standard output, to be freed. */
static char *said(void)
{
    struct outcome outcome = run(0);
    char *out = strdup(outcome.out);
    outcome_free(&outcome);
    return out;
}

static void train_base(const char *more)
{
    snprintf(words, sizeof words, "%s " SHAPE " --headless --steps 60 --save %s %s", text, base, more);
    run_quietly(0, "");
}

static struct weights *open_file(const char *path)
{
    struct weights *weights = NULL;
    struct error error = {.message = ""};
    ck_assert_msg(weights_open(&weights, path, &error) == STATUS_OK, "%s", error.message);
    return weights;
}

/* How many tensors of the two files have the same name and bytes; the curves' summary may be coarser. */
static size_t same_tensors(const char *one, const char *another, const char *beginning, size_t *all)
{
    struct weights *x = open_file(one), *y = open_file(another);
    size_t same = 0;
    *all = 0;
    for (size_t i = 0; i < weights_count(x); i++) {
        const struct tensor *p = weights_tensor(x, i), *q = weights_find(y, p->name);
        if (strncmp(p->name, beginning, strlen(beginning)) != 0 || strncmp(p->name, "state.history.", 14) == 0 ||
            strcmp(p->name, "state.events") == 0)
            continue;
        ++*all;
        same += q && p->bytes == q->bytes && memcmp(p->data, q->data, p->bytes) == 0;
    }
    weights_close(x);
    weights_close(y);
    return same;
}

static void all_the_same(const char *one, const char *another)
{
    size_t all;
    const size_t same = same_tensors(one, another, "", &all);
    struct weights *x = open_file(one), *y = open_file(another);
    ck_assert_uint_eq(same, all);
    ck_assert_uint_gt(all, 20);
    ck_assert_uint_gt(same_state_entries(x, y), 50);
    weights_close(x);
    weights_close(y);
}

/* ---- going on ---- */

static void write_recipe(void)
{
    free(process_text(
        folder, "r.ini",
        "[model]\nlayers = 2\nwidth = 16\nheads = 2\ncontext = 16\n[data]\ntext = animals.txt\nmerges = 10\n"
        "[stage pre-train]\nobjective = next_token\nsteps = 40\n"
        "[stage fine-tune]\nobjective = respond\ndata = pairs.tsv\nlr = 0.002\nsteps = 40\n"));
}

static const char *const runs[] = {"animals.txt " SHAPE " --horizon 80 --merges 12",
                                   "animals.txt --model mlp --horizon 80", "r.ini"};

START_TEST(two_halves_are_the_whole)
{
    write_recipe();
    snprintf(words, sizeof words, "%s/%s --headless --steps 80 --save %s", folder, runs[_i], base);
    char *whole = said();
    snprintf(words, sizeof words, "%s/%s --headless --steps 55 --save %s", folder, runs[_i], other);
    free(said());
    snprintf(words, sizeof words, "--load %s --headless --steps 80 --save %s/c", other, folder);
    char *half = said();
    ck_assert_str_eq(half, whole);
    snprintf(words, sizeof words, "%s/c", folder);
    all_the_same(base, words);
    /* The words of the first half may be said again, a recipe too. */
    snprintf(words, sizeof words, "%s/%s --load %s --headless --steps 80 --save %s", folder, runs[_i], other, other);
    free(half);
    half = said();
    ck_assert_str_eq(half, whole);
    all_the_same(base, other);
    free(half);
    free(whole);
}
END_TEST

/* ---- another run ---- */

START_TEST(another_text_begins_with_the_weights)
{
    size_t all;
    train_base("--merges 12");
    /* Without a step to be taken, what is saved is what was begun with. */
    snprintf(words, sizeof words, "%s/more.txt --load %s --lr 1e-30 --optimizer sgd --headless --steps 1 --save %s",
             folder, base, other);
    run_quietly(0, "");
    ck_assert_uint_eq(same_tensors(base, other, "transformer.", &all), all);
    ck_assert_uint_gt(all, 20);
    struct weights *x = open_file(base), *y = open_file(other);
    ck_assert_str_ne(weights_note(x, "state.counters.step"), weights_note(y, "state.counters.step"));
    ck_assert_str_eq(weights_note(x, "tokenizer"), weights_note(y, "tokenizer"));
    ck_assert_str_eq(weights_note(y, "step"), "1");
    weights_close(x);
    weights_close(y);
    snprintf(words, sizeof words, "%s/pairs.tsv --model transformer --load %s --headless --steps 20", folder, base);
    run_quietly(0, "");
    snprintf(words, sizeof words, "%s/more.txt --load %s --merges 5 --headless --steps 1", folder, base);
    run_quietly(2, "has a tokenizer of 12, which its weights are for");
    snprintf(words, sizeof words, "%s/more.txt --load %s --width 8 --headless --steps 1", folder, base);
    run_quietly(1, "transformer.wte.weight is [268, 16], this model has [268, 8]");
    snprintf(words, sizeof words, "%s/more.txt --load %s --heads 4 --headless --steps 1", folder, base);
    run_quietly(1, "is a model of 2 heads, this one has 4");
}
END_TEST

START_TEST(nanogpt_is_a_start)
{
    snprintf(words, sizeof words, "%s --load " NANOGPT " --heads 2 --headless --steps 3", text);
    run_quietly(0, "");
    snprintf(words, sizeof words, "%s --load " NANOGPT " --headless --steps 3", text);
    run_quietly(0, "does not say how many heads it has: taken to be 1 (--heads)");
    snprintf(words, sizeof words, "--load " NANOGPT " --headless --steps 3");
    run_quietly(2, "say what is to be learnt from there");
}
END_TEST

START_TEST(a_replay_begins_with_the_weights_too)
{
    train_base("");
    snprintf(words, sizeof words, "%s/more.txt --load %s --headless --steps 30 --journal %s/j", folder, base, folder);
    char *first = said();
    snprintf(words, sizeof words, "replay %s/j --headless", folder);
    char *again = said();
    ck_assert_str_eq(first, again);
    free(first);
    free(again);
}
END_TEST

/* ---- sample ---- */

START_TEST(a_model_goes_on_with_what_it_has_learnt)
{
    train_base("--lr 0.01 --merges 0");
    snprintf(words, sizeof words, "sample %s --prompt 'the ow' --tokens 40 --temperature 0", base);
    char *likeliest = said();
    ck_assert_msg(strncmp(likeliest, "the owl sees the ", 17) == 0, "%s", likeliest);
    ck_assert_uint_eq(strlen(likeliest), strlen("the ow") + 40);
    snprintf(words, sizeof words, "sample %s --prompt 'the ow' --tokens=40 --top-k 1 --seed 9", base);
    char *first = said();
    ck_assert_str_eq(first, likeliest);
    free(first);

    /* What is drawn depends on the seed alone. */
    snprintf(words, sizeof words, "sample --prompt the %s", base);
    first = said();
    char *again = said();
    ck_assert_str_eq(first, again);
    ck_assert_uint_eq(strlen(first), 103);
    free(again);
    snprintf(words, sizeof words, "sample %s --seed 2 --prompt the", base);
    again = said();
    ck_assert_str_ne(first, again);
    free(again);

    /* From standard input; of a long prompt what the context has room for counts. */
    snprintf(words, sizeof words, "sample %s --prompt - --tokens 40 --temperature 0", base);
    struct outcome all = process_run(words, "what nobody has ever seen before: the hen.\nthe ow");
    struct outcome end = process_run(words, " the hen.\nthe ow"); /* 16 bytes */
    ck_assert(all.status == 0 && end.status == 0);
    ck_assert_str_eq(strstr(all.out, " the hen.\nthe ow"), end.out);
    outcome_free(&all);
    all = process_run(words, "\xef\xbb\xbf the hen.\nthe ow"); /* a byte order mark is no part of it */
    ck_assert_str_eq(all.out, end.out);
    outcome_free(&all);
    outcome_free(&end);
    all = process_run(words, "\xff\xfet");
    ck_assert_int_eq(all.status, 1);
    ck_assert_ptr_nonnull(strstr(all.err, "standard input: is in UTF-16: convert it to UTF-8"));
    outcome_free(&all);
    snprintf(words, sizeof words, "sample %s --prompt '' --tokens 4 --temperature 0", base);
    again = said();
    ck_assert_str_eq(again, "the ");
    free(again);
    free(first);
    free(likeliest);
}
END_TEST

START_TEST(an_answer_ends_with_its_line)
{
    write_recipe();
    snprintf(words, sizeof words, "%s/r.ini --headless --save %s", folder, base);
    run_quietly(0, "");
    snprintf(words, sizeof words, "sample %s --ask 'owl?' --tokens 1000", base);
    char *answer = said();
    ck_assert_msg(strncmp(answer, "owl?\n", 5) == 0, "%s", answer);
    const char *end = strchr(answer + 5, '\n');
    ck_assert_msg(end && !end[1] && end > answer + 5, "%s", answer);
    free(answer);
}
END_TEST

START_TEST(a_terminal_is_not_steered)
{
    const char *const argv[] = {process_program(), "sample", NANOGPT,    "--heads",         "2",
                                "--tokens",        "300",    "--prompt", "\033[2J\xc3\xa9", NULL};
    const char *const environment[] = {"TERM=xterm-256color", NULL};
    struct terminal *terminal = terminal_open(argv, environment, 80, 24);
    ck_assert_ptr_nonnull(terminal);
    ck_assert_int_eq(terminal_wait(terminal), 0);
    ck_assert_msg(strncmp(terminal_row(terminal, 0), "?[2J\xc3\xa9", 6) == 0, "%s", terminal_row(terminal, 0));
    terminal_close(terminal);
}
END_TEST

static const struct {
    const char *words;
    int status;
    const char *said;
} mistakes[] = {
    {"sample", 2, "downhill sample CHECKPOINT --prompt TEXT"},
    {"sample " NANOGPT, 2, "sample needs a checkpoint and a prompt"},
    {"sample " NANOGPT " --prompt", 2, "--prompt needs a value"},
    {"sample " NANOGPT " more --prompt x", 2, "'more': sample takes one checkpoint"},
    {"sample " NANOGPT " --prompt x --ask y", 2, "--ask: there is a prompt already"},
    {"sample " NANOGPT " --promt x", 2, "unknown option '--promt': did you mean '--prompt'?"},
    {"sample " NANOGPT " --prompt x --tokens 0", 2, "--tokens 0: must be a whole number from 1 to 1,000,000"},
    {"sample " NANOGPT " --prompt x --temperature -1", 2,
     "must be a number from 0 (always the likeliest token) to 100"},
    {"sample " NANOGPT " --prompt x --top-k many", 2, "--top-k many: must be a whole number from 0 to 65,536"},
    {"sample " NANOGPT " --prompt x --top-p 0", 2, "--top-p 0: must be above 0 and at most 1"},
    {"sample " NANOGPT " --prompt x --seed -4", 2, "--seed -4: must be a whole number"},
    {"sample " NANOGPT " --prompt x --heads 3", 2, "a width of 16 cannot be divided among 3 heads"},
    {"sample none --prompt x", 1, "none: "},
    {"sample tests/reference/start.safetensors --prompt x", 1, "is no language model: downhill predict is for tables"},
    {"predict " NANOGPT " samples/iris.csv", 1,
     "is a language model: predict is for tables, downhill sample for texts"},
};

START_TEST(mistakes_are_explained)
{
    snprintf(words, sizeof words, "%s", mistakes[_i].words);
    run_quietly(mistakes[_i].status, mistakes[_i].said);
}
END_TEST

START_TEST(heads_that_the_file_does_not_have_are_refused)
{
    train_base("");
    snprintf(words, sizeof words, "sample %s --prompt the --tokens 3 --heads 2", base);
    run_quietly(0, "");
    snprintf(words, sizeof words, "sample %s --prompt the --tokens 3 --heads 4", base);
    run_quietly(2, "says that it has 2");
    snprintf(words, sizeof words, "%s --model bigram --headless --steps 5 --save %s", text, base);
    run_quietly(0, "");
    snprintf(words, sizeof words, "sample %s --prompt the --tokens 3 --heads 2", base);
    run_quietly(2, "is a model without heads");
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("language models in files");
    TCase *tests = tcase_create("language models in files");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, two_halves_are_the_whole, 0, sizeof runs / sizeof *runs);
    tcase_add_test(tests, heads_that_the_file_does_not_have_are_refused);
    tcase_add_test(tests, another_text_begins_with_the_weights);
    tcase_add_test(tests, nanogpt_is_a_start);
    tcase_add_test(tests, a_replay_begins_with_the_weights_too);
    tcase_add_test(tests, a_model_goes_on_with_what_it_has_learnt);
    tcase_add_test(tests, an_answer_ends_with_its_line);
    tcase_add_test(tests, a_terminal_is_not_steered);
    tcase_add_loop_test(tests, mistakes_are_explained, 0, sizeof mistakes / sizeof *mistakes);
    suite_add_tcase(suite, tests);
    return suite;
}
