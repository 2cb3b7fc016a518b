/* A step is a pure function of state and knobs: the same bits on every road to the same place. */
#include <stdlib.h>

#include "suite.h"
#include "support/lab.h"

/* A run in which every knob that touches the arithmetic is turned on the way. */
static const struct {
    uint64_t step;
    enum knob_id knob;
    double value;
} turns[] = {
    {20, KNOB_LR, 0.5},
    {35, KNOB_BATCH, 7},
    {50, KNOB_DROPOUT, 0.2},
    {65, KNOB_LABEL_NOISE, 0.2},
    {80, KNOB_INPUT_NOISE, 0.1},
    {95, KNOB_TRAIN_FRACTION, 0.5},
    {110, KNOB_OPTIMIZER, OPTIMIZER_ADAM},
    {125, KNOB_WEIGHT_DECAY, 0.01},
    {140, KNOB_CLIP, 0.05},
    {155, KNOB_SCHEDULE, SCHEDULE_PLATEAU},
    {170, KNOB_MOMENTUM, 0.5},
    {185, KNOB_SCHEDULE, SCHEDULE_COSINE},
    {200, KNOB_OPTIMIZER, OPTIMIZER_NESTEROV},
    {215, KNOB_TRAIN_FRACTION, 1},
    {230, KNOB_BATCH, 50},
    {245, KNOB_OPTIMIZER, OPTIMIZER_RMSPROP},
    {260, KNOB_EARLY_STOP, 1},
    {275, KNOB_DROPOUT, 0},
};
#define LAST 320

static uint64_t hash_of(struct lab *lab)
{
    return state_hash(trainer_state(lab->trainer));
}

/* From where the trainer stands to LAST, turning what is still to be turned. */
static void play(struct lab *lab)
{
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        if (turns[i].step < trainer_step_count(lab->trainer))
            continue;
        lab_run(lab, turns[i].step);
        lab_set(lab, turns[i].knob, turns[i].value);
    }
    lab_run(lab, LAST);
    ck_assert(!lab->diverged);
}

static uint64_t whole_run(const struct kernels *kernels)
{
    struct lab lab;
    lab_load(&lab, "spiral", 3);
    lab_start_on(&lab, kernels);
    play(&lab);
    uint64_t hash = hash_of(&lab);
    lab_end(&lab);
    return hash;
}

START_TEST(the_same_run_twice)
{
    ck_assert(whole_run(kernels_choose()) == whole_run(kernels_choose()));
}
END_TEST

START_TEST(every_instruction_level)
{
    const struct kernels *level[8];
    size_t levels = kernels_all(level, 8);
    ck_assert_uint_ge(levels, 1);
    uint64_t first = whole_run(level[0]);
    for (size_t i = 1; i < levels; i++)
        ck_assert_msg(whole_run(level[i]) == first, "%s and %s differ", kernels_name(level[i]), kernels_name(level[0]));
}
END_TEST

/* A snapshot in the middle, replayed by the same trainer, and by another one that was elsewhere. */
START_TEST(snapshots_replay)
{
    struct lab lab, other;
    lab_load(&lab, "spiral", 3);
    lab_start(&lab);
    lab_load(&other, "spiral", 3);
    other.spec.knobs.value[KNOB_BATCH] = 3;
    lab_start(&other);
    lab_run(&other, 57);
    lab_run(&lab, 10 * (uint64_t)_i);
    for (size_t i = 0; i < sizeof turns / sizeof turns[0] && turns[i].step < 10 * (uint64_t)_i; i++)
        lab_set(&lab, turns[i].knob, turns[i].value);
    void *snapshot = malloc(state_bytes(trainer_state(lab.trainer)));
    ck_assert_ptr_nonnull(snapshot);
    state_copy_out(trainer_state(lab.trainer), snapshot);
    play(&lab);
    uint64_t hash = hash_of(&lab);

    state_copy_in(trainer_state(lab.trainer), snapshot);
    ck_assert_int_eq(trainer_restored(lab.trainer, NULL), STATUS_OK);
    ck_assert_uint_eq(trainer_step_count(lab.trainer), 10 * (uint64_t)_i);
    play(&lab);
    ck_assert(hash_of(&lab) == hash);

    state_copy_in(trainer_state(other.trainer), snapshot);
    ck_assert_int_eq(trainer_restored(other.trainer, NULL), STATUS_OK);
    play(&other);
    ck_assert(hash_of(&other) == hash);
    free(snapshot);
    lab_end(&lab);
    lab_end(&other);
}
END_TEST

/* Looking more often, or in pieces, or dropping a look half-way, changes nothing in the run. */
START_TEST(looking_changes_nothing)
{
    struct lab lab;
    lab_load(&lab, "spiral", 3);
    lab_start(&lab);
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        while (trainer_step_count(lab.trainer) < turns[i].step) {
            while (trainer_evaluation_due(lab.trainer))
                trainer_evaluate(lab.trainer, 1, lab.measures);
            ck_assert_int_eq(trainer_step(lab.trainer, lab.measures), STEP_DONE);
            if (trainer_step_count(lab.trainer) % 3 == 0) {
                trainer_evaluate_now(lab.trainer);
                trainer_evaluate(lab.trainer, 1, lab.measures);
                if (trainer_step_count(lab.trainer) % 2 == 0)
                    while (trainer_evaluation_due(lab.trainer))
                        trainer_evaluate(lab.trainer, 1, lab.measures);
            }
        }
        while (trainer_evaluation_due(lab.trainer))
            trainer_evaluate(lab.trainer, 300, lab.measures);
        lab_set(&lab, turns[i].knob, turns[i].value);
    }
    lab_run(&lab, LAST);
    ck_assert(hash_of(&lab) == whole_run(kernels_choose()));
    lab_end(&lab);
}
END_TEST

static void measured(struct lab *lab, size_t rows, float *out)
{
    trainer_evaluate_now(lab->trainer);
    while (trainer_evaluation_due(lab->trainer))
        trainer_evaluate(lab->trainer, rows, lab->measures);
    memcpy(out, lab->measures + SERIES_TRAIN_LOSS, 4 * sizeof *out);
}

/* 12,000 training points: more than are looked at, in more than one block. */
START_TEST(chunks_do_not_show_in_the_figures)
{
    struct lab lab;
    memset(&lab, 0, sizeof lab);
    spec_init(&lab.spec);
    lab.spec.task = mem_string("spiral");
    lab.spec.points = 12000;
    ck_assert_int_eq(spec_load(&lab.spec, &lab.dataset, NULL), STATUS_OK);
    lab_start(&lab);
    lab_run(&lab, 3);
    while (trainer_step_count(lab.trainer) < 50)
        trainer_step(lab.trainer, lab.measures);
    float whole[4], pieces[4];
    measured(&lab, SIZE_MAX, whole);
    static const size_t chunk[] = {1, 257, 5000, 19999};
    for (size_t i = 0; i < sizeof chunk / sizeof chunk[0]; i++) {
        memset(pieces, 0, sizeof pieces);
        measured(&lab, chunk[i], pieces);
        ck_assert_mem_eq(pieces, whole, sizeof whole);
    }
    /* Of 24,000 rows at most 20,000 are seen: 79 blocks, so 78 calls of one block leave it unfinished. */
    trainer_evaluate_now(lab.trainer);
    size_t calls = 1;
    while (!trainer_evaluate(lab.trainer, 1, lab.measures))
        calls++;
    ck_assert_uint_eq(calls, 2 * ((EVALUATION_ROWS_MAX + EVALUATION_BLOCK - 1) / EVALUATION_BLOCK));
    lab_end(&lab);
}
END_TEST

START_TEST(another_seed_is_another_run)
{
    struct lab lab;
    lab_load(&lab, "spiral", 3);
    lab_start(&lab);
    lab_run(&lab, 30);
    uint64_t first = hash_of(&lab);
    trainer_restart(lab.trainer, 4);
    lab_run(&lab, 30);
    ck_assert(hash_of(&lab) != first);
    trainer_restart(lab.trainer, 3);
    lab_run(&lab, 30);
    ck_assert(hash_of(&lab) == first);
    lab_end(&lab);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("determinism");
    TCase *tests = tcase_create("determinism");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, the_same_run_twice);
    tcase_add_test(tests, every_instruction_level);
    tcase_add_loop_test(tests, snapshots_replay, 0, 32);
    tcase_add_test(tests, looking_changes_nothing);
    tcase_add_test(tests, chunks_do_not_show_in_the_figures);
    tcase_add_test(tests, another_seed_is_another_run);
    suite_add_tcase(suite, tests);
    return suite;
}
