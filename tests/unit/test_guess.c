/* The level of guessing, where it can be worked out by hand. */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "learn/objective.h"
#include "suite.h"
#include "support/sessions.h"
#include "support/text_lab.h"

static struct guess guess_of(enum objective_id objective, const struct dataset *dataset, enum loss_id loss)
{
    struct guess guess;
    ck_assert(objective_table[objective]->guess(dataset, loss, &guess));
    return guess;
}

/* 19 to 1 in the training rows; the test rows have other shares. */
START_TEST(classes_by_their_shares_in_training)
{
    int32_t label[24] = {[7] = 1, [20] = 1, [21] = 1, [22] = 1, [23] = 1};
    const struct dataset dataset = {.kind = TASK_CLASSIFY, .rows = 24, .train = 20, .classes = 2, .label = label};
    const struct guess guess = guess_of(OBJECTIVE_CLASSIFY, &dataset, LOSS_CROSS_ENTROPY);
    ck_assert_double_eq_tol(guess.loss, 0.198515243345, 1e-12); /* −.95 ln .95 − .05 ln .05 */
    ck_assert_double_eq_tol(guess.accuracy, 0.95, 1e-12);
    const struct guess one_logit = guess_of(OBJECTIVE_CLASSIFY, &dataset, LOSS_BCE);
    ck_assert_double_eq(one_logit.loss, guess.loss);
    ck_assert_double_eq(one_logit.accuracy, guess.accuracy);
}
END_TEST

START_TEST(even_shares_and_a_class_without_rows)
{
    int32_t label[12];
    for (int i = 0; i < 12; i++)
        label[i] = i % 4;
    struct dataset dataset = {.kind = TASK_CLASSIFY, .rows = 12, .train = 12, .classes = 4, .label = label};
    struct guess guess = guess_of(OBJECTIVE_CLASSIFY, &dataset, LOSS_CROSS_ENTROPY);
    ck_assert_double_eq_tol(guess.loss, log(4), 1e-12);
    ck_assert_double_eq_tol(guess.accuracy, 0.25, 1e-12);
    dataset.classes = 5;
    guess = guess_of(OBJECTIVE_CLASSIFY, &dataset, LOSS_CROSS_ENTROPY);
    ck_assert_double_eq_tol(guess.loss, log(4), 1e-12);
}
END_TEST

START_TEST(numbers_by_their_mean)
{
    float target[6] = {0, 0, 4, 0, 100, 100};
    const struct dataset dataset = {.kind = TASK_REGRESS, .rows = 6, .train = 4, .target = target};
    const struct guess squared = guess_of(OBJECTIVE_REGRESS, &dataset, LOSS_MSE);
    ck_assert_double_eq_tol(squared.loss, (1 + 1 + 9 + 1) / 4.0, 1e-12); /* distances from the mean 1 */
    ck_assert_double_eq_tol(squared.accuracy, 0, 1e-12);
    const struct guess huber = guess_of(OBJECTIVE_REGRESS, &dataset, LOSS_HUBER);
    ck_assert_double_eq_tol(huber.loss, (0.5 + 0.5 + 2.5 + 0.5) / 4, 1e-12);
}
END_TEST

/* Counted from what a model is given: the training rows' answers, and of pairs the responses alone. */
START_TEST(texts_by_the_shares_of_tokens)
{
    struct text_lab lab;
    memset(&lab, 0, sizeof lab);
    text_lab_load(&lab, &(struct text_lab_plan){.merges = 40});
    for (size_t i = 0; i < 2; i++) {
        const struct dataset *dataset = lab.dataset[i];
        double *count = mem_alloc(dataset->classes, sizeof *count);
        int32_t read[TEXT_LAB_CONTEXT], asked[TEXT_LAB_CONTEXT];
        double total = 0, most = 0, entropy = 0;
        for (size_t row = 0; row < dataset->train; row++) {
            corpus_row(dataset->corpus, row, 5, CORPUS_STILL, read, asked);
            for (size_t t = 0; t < TEXT_LAB_CONTEXT; t++)
                if (asked[t] != CORPUS_IGNORED) {
                    count[asked[t]]++;
                    total++;
                }
        }
        for (size_t k = 0; k < dataset->classes; k++) {
            most = fmax(most, count[k]);
            entropy += count[k] > 0 ? count[k] / total * log(total / count[k]) : 0;
        }
        mem_free(count);
        const struct guess guess = guess_of(i ? OBJECTIVE_RESPOND : OBJECTIVE_NEXT_TOKEN, dataset, LOSS_CROSS_ENTROPY);
        ck_assert_double_eq_tol(guess.loss, entropy, 1e-9);
        ck_assert_double_eq_tol(guess.accuracy, most / total, 1e-12);
        ck_assert_double_lt(guess.loss, log((double)dataset->classes) - 0.5);
        dataset_free(lab.dataset[i]);
    }
}
END_TEST

/* No knob moves the level: the shares are those of the true labels of all training rows. */
START_TEST(a_run_has_the_level_of_its_table)
{
    char path[] = "/tmp/downhill-guess-XXXXXX.csv";
    const int descriptor = mkstemps(path, 4);
    ck_assert_int_ge(descriptor, 0);
    FILE *file = fdopen(descriptor, "w");
    fprintf(file, "a,b,kind\n");
    for (int i = 0; i < 400; i++)
        fprintf(file, "%d.5,%d,%s\n", i % 23, i * i % 31, i % 20 ? "common" : "rare");
    ck_assert_int_eq(fclose(file), 0);
    for (int noise = 0; noise < 2; noise++) {
        struct spec spec = spec_of(path, 10, 0);
        give(&spec, KNOB_LABEL_NOISE, noise ? 0.4 : 0);
        give(&spec, KNOB_TRAIN_FRACTION, noise ? 0.1 : 1);
        struct session *session = open_plain(spec);
        ck_assert_double_eq_tol(session_model(session)->guess.loss, 0.1985, 0.0002);
        ck_assert_double_eq_tol(session_model(session)->guess.accuracy, 0.95, 0.0001);
        ck_assert(session_close(session, NULL));
    }
    unlink(path);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("guess");
    TCase *tests = tcase_create("guess");
    tcase_add_test(tests, classes_by_their_shares_in_training);
    tcase_add_test(tests, even_shares_and_a_class_without_rows);
    tcase_add_test(tests, numbers_by_their_mean);
    tcase_add_test(tests, texts_by_the_shares_of_tokens);
    tcase_add_test(tests, a_run_has_the_level_of_its_table);
    suite_add_tcase(suite, tests);
    return suite;
}
