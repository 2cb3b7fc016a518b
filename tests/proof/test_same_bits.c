/* A long run of small nets ends on the same bits at every instruction level that the machine has. */
#include "support/lab.h"
#include "unit/suite.h"

static const struct {
    const char *task;
    enum optimizer_id optimizer;
    double lr, dropout, label_noise, input_noise;
    uint64_t steps;
} runs[] = {
    {"spiral", OPTIMIZER_SGD, 0.2, 0, 0, 0, 100000},
    {"spiral", OPTIMIZER_ADAM, 0.01, 0.1, 0.1, 0.1, 20000},
    {"gauss", OPTIMIZER_NESTEROV, 0.02, 0, 0, 0, 20000},
    {"sine", OPTIMIZER_RMSPROP, 0.001, 0, 0.1, 0, 20000},
    {"samples/iris.csv", OPTIMIZER_ADAMW, 0.01, 0, 0, 0, 5000},
};

START_TEST(every_level_ends_on_the_same_bits)
{
    const struct kernels *level[8];
    size_t levels = kernels_all(level, 8);
    uint64_t first = 0;
    for (size_t i = 0; i < levels; i++) {
        struct lab lab;
        lab_load(&lab, runs[_i].task, 1);
        double *knob = lab.spec.knobs.value;
        knob[KNOB_OPTIMIZER] = runs[_i].optimizer;
        knob[KNOB_LR] = runs[_i].lr;
        knob[KNOB_DROPOUT] = runs[_i].dropout;
        knob[KNOB_LABEL_NOISE] = runs[_i].label_noise;
        knob[KNOB_INPUT_NOISE] = runs[_i].input_noise;
        lab_start_on(&lab, level[i]);
        lab_run(&lab, runs[_i].steps);
        ck_assert(!lab.diverged);
        uint64_t hash = state_hash(trainer_state(lab.trainer));
        ck_assert_msg(i == 0 || hash == first, "%s: %s and %s differ", runs[_i].task, kernels_name(level[i]),
                      kernels_name(level[0]));
        first = hash;
        lab_end(&lab);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("same bits");
    TCase *tests = tcase_create("same bits");
    tcase_set_timeout(tests, 1800);
    tcase_add_loop_test(tests, every_level_ends_on_the_same_bits, 0, (int)(sizeof runs / sizeof runs[0]));
    suite_add_tcase(suite, tests);
    return suite;
}
