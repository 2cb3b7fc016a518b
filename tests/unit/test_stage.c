/* Stages: one part of a run after the other on the same model, however one gets there. */
#include <math.h>
#include <string.h>

#include "engine/commands.h"
#include "engine/lane.h"
#include "metrics/event.h"
#include "suite.h"
#include "support/lab.h"

/* Two spirals of different points, and three stages: the first on one, the others on the other. */
struct course {
    struct lab lab, other; /* of the second only the data are used */
    struct trainer_stage stage[3];
};

static void course_load(struct course *course)
{
    lab_load(&course->lab, "spiral", 1);
    lab_load(&course->other, "spiral", 2);
    course->lab.spec.knobs.value[KNOB_OPTIMIZER] = OPTIMIZER_ADAM;
    course->lab.spec.knobs.value[KNOB_LR] = 0.01;
    course->stage[0] = (struct trainer_stage){.name = "first", .dataset = course->lab.dataset};
    course->stage[1] = (struct trainer_stage){.name = "second", .dataset = course->other.dataset};
    course->stage[1].turns[KNOB_LR] = course->stage[1].turns[KNOB_BATCH] = true;
    course->stage[1].value[KNOB_LR] = 0.002;
    course->stage[1].value[KNOB_BATCH] = 50;
    course->stage[2] = (struct trainer_stage){.name = "third", .dataset = course->other.dataset};
}

static struct trainer *make(const struct course *course)
{
    const struct trainer_spec spec = {
        .dataset = course->lab.dataset,
        .shape = course->lab.spec.shape,
        .loss = LOSS_CROSS_ENTROPY,
        .stage = course->stage,
        .stages = 3,
        .seed = 1,
        .knobs = course->lab.spec.knobs,
    };
    struct trainer *trainer;
    struct error error = {.message = ""};
    ck_assert_msg(trainer_create(&trainer, &spec, kernels_choose(), &error) == STATUS_OK, "%s", error.message);
    return trainer;
}

static void course_start(struct course *course)
{
    course->lab.trainer = make(course);
}

static void course_end(struct course *course)
{
    lab_end(&course->lab);
    lab_end(&course->other);
}

static double knob(const struct course *course, enum knob_id id)
{
    return trainer_knobs(course->lab.trainer)->value[id];
}

static uint64_t hash_of(struct trainer *trainer)
{
    return state_hash(trainer_state(trainer));
}

static bool all_zero(struct trainer *trainer, const char *name)
{
    const struct state_section *section = state_find(trainer_state(trainer), name);
    const unsigned char *byte = section->data;
    bool zero = true;
    for (size_t i = 0; i < section->size; i++)
        zero &= byte[i] == 0;
    return zero;
}

START_TEST(a_stage_begins_with_its_knobs_and_without_a_past)
{
    struct course course;
    course_load(&course);
    course_start(&course);
    struct trainer *trainer = course.lab.trainer;
    lab_run(&course.lab, 100);
    ck_assert(!all_zero(trainer, "moments.0"));
    ck_assert(!trainer_looks_back(trainer));
    ck_assert_int_eq(trainer_next_stage(trainer, NULL), STATUS_OK);
    ck_assert_uint_eq(trainer_stage_number(trainer), 1);
    ck_assert_uint_eq(trainer_scratch(trainer).step, 100);
    ck_assert_uint_eq(trainer_step_count(trainer), 100);
    ck_assert_double_eq(knob(&course, KNOB_LR), 0.002);
    ck_assert_double_eq(knob(&course, KNOB_BATCH), 50);
    ck_assert(all_zero(trainer, "moments.0") && all_zero(trainer, "moments.1"));
    ck_assert(isinf(trainer_early_stop(trainer)->best));
    ck_assert(trainer_evaluation_due(trainer));
    ck_assert_ptr_eq(trainer_dataset(trainer), course.other.dataset);
    lab_run(&course.lab, 150);
    ck_assert_uint_ge(trainer_early_stop(trainer)->best_step, 100);
    course_end(&course);
}
END_TEST

/* A later stage's evaluations also tell how the first one's test rows fare: the same figure as a trainer has whose
 * stage they are. */
START_TEST(the_old_data_are_looked_back_at)
{
    struct course course;
    course_load(&course);
    course_start(&course);
    struct trainer *trainer = course.lab.trainer, *judge = make(&course);
    lab_run(&course.lab, 100);
    ck_assert(isnan(course.lab.measures[SERIES_OLD_LOSS]));
    ck_assert_int_eq(trainer_next_stage(trainer, NULL), STATUS_OK);
    ck_assert(trainer_looks_back(trainer));
    lab_run(&course.lab, 200);
    lab_evaluate(&course.lab);
    struct lab second = {.trainer = judge};
    memcpy(state_find(trainer_state(judge), "parameters")->data, state_find(trainer_state(trainer), "parameters")->data,
           state_find(trainer_state(trainer), "parameters")->size);
    lab_evaluate(&second);
    ck_assert_float_eq(course.lab.measures[SERIES_OLD_LOSS], second.measures[SERIES_TEST_LOSS]);
    ck_assert_float_ne(course.lab.measures[SERIES_OLD_LOSS], course.lab.measures[SERIES_TEST_LOSS]);
    trainer_free(judge);
    course_end(&course);
}
END_TEST

/* Series that an evaluation has a value of: those of the objective, and of measures that apply. */
static void check_measured(const struct trainer *trainer, const float *measures, bool old)
{
    const unsigned owned[] = {SERIES_TRAIN_LOSS, SERIES_TEST_LOSS, SERIES_TRAIN_ACC, SERIES_TEST_ACC, SERIES_MISSES};
    unsigned count = 0;
    for (unsigned i = 0; i < sizeof owned / sizeof *owned; i++)
        ck_assert(trainer_measures(trainer, owned[i]) && isfinite(measures[owned[i]]));
    for (unsigned i = 0; i < SERIES_COUNT; i++)
        count += trainer_measures(trainer, i);
    ck_assert_uint_eq(count, sizeof owned / sizeof *owned + old);
    ck_assert(trainer_measures(trainer, SERIES_OLD_LOSS) == old);
    ck_assert((isfinite(measures[SERIES_OLD_LOSS]) != 0) == old);
}

START_TEST(evaluations_measure_the_series_of_objective_and_measures)
{
    struct course course;
    course_load(&course);
    course_start(&course);
    lab_run(&course.lab, 100);
    check_measured(course.lab.trainer, course.lab.measures, false);
    ck_assert_int_eq(trainer_next_stage(course.lab.trainer, NULL), STATUS_OK);
    lab_evaluate(&course.lab);
    check_measured(course.lab.trainer, course.lab.measures, true);
    course_end(&course);
}
END_TEST

START_TEST(a_stage_ends_by_steps_epochs_or_loss)
{
    struct course course;
    course_load(&course);
    course.stage[0].steps = 40;
    course.stage[1].epochs = 2;
    course.stage[2].test_loss = 0.3;
    course_start(&course);
    struct trainer *trainer = course.lab.trainer;
    lab_run(&course.lab, 39);
    ck_assert(!trainer_stage_over(trainer));
    lab_run(&course.lab, 40);
    ck_assert(trainer_stage_over(trainer));
    trainer_next_stage(trainer, NULL);
    ck_assert(!trainer_stage_over(trainer));
    lab_run(&course.lab, 47); /* 200 rows in batches of 50 */
    ck_assert(!trainer_stage_over(trainer));
    lab_run(&course.lab, 48);
    ck_assert(trainer_stage_over(trainer));
    trainer_next_stage(trainer, NULL);
    lab_set(&course.lab, KNOB_LR, 0.02);
    ck_assert(!trainer_stage_over(trainer));
    for (uint64_t step = 48; !trainer_stage_over(trainer); step++) {
        ck_assert_uint_lt(step, 5000);
        lab_run(&course.lab, step + 1);
    }
    ck_assert_double_le(trainer_early_stop(trainer)->best, 0.3);
    struct error error;
    ck_assert_int_eq(trainer_next_stage(trainer, &error), STATUS_USAGE);
    ck_assert_str_eq(error.message, "this is the last stage");
    course_end(&course);
}
END_TEST

/* Also between two evaluations of the cadence: the last parameters may be the best. */
START_TEST(a_stage_that_ends_with_its_best_measures_its_last_step)
{
    for (uint64_t steps = 101; steps <= 104; steps++) {
        struct course course;
        course_load(&course);
        course.stage[0].steps = steps;
        course.stage[0].ends_with_best = true;
        course_start(&course);
        lab_run(&course.lab, steps); /* the loss falls with each step */
        ck_assert_uint_eq(trainer_early_stop(course.lab.trainer)->best_step, steps);
        course_end(&course);
    }
}
END_TEST

START_TEST(again_is_the_first_stage_with_its_own_knobs)
{
    struct course course;
    course_load(&course);
    course_start(&course);
    struct trainer *trainer = course.lab.trainer;
    lab_set(&course.lab, KNOB_LR, 0.05);
    trainer_restart(trainer, 1);
    lab_run(&course.lab, 30);
    const uint64_t at_30 = hash_of(trainer);
    lab_run(&course.lab, 100);
    trainer_next_stage(trainer, NULL);
    lab_run(&course.lab, 130);
    trainer_restart(trainer, 1);
    ck_assert_uint_eq(trainer_stage_number(trainer), 0);
    ck_assert_double_eq(knob(&course, KNOB_LR), 0.05);
    ck_assert_double_eq(knob(&course, KNOB_BATCH), 10);
    lab_run(&course.lab, 30);
    ck_assert_uint_eq(hash_of(trainer), at_30);
    course_end(&course);
}
END_TEST

/* To a point, by the lane that every seek is. */
static void walk_back(struct trainer *walker, const struct track *track, const struct timeline *timeline,
                      struct track_point end)
{
    const struct lane_watch nobody = {.owner = NULL};
    struct lane lane = {.trainer = walker, .rows = 64};
    struct path path;
    ck_assert_int_eq(path_begin(&path, track, timeline, &end, walker, false, &lane.at, NULL), STATUS_OK);
    ck_assert_int_eq(lane_advance(&lane, &path, 10000, true, &nobody, NULL), LANE_THERE);
    path_free(&path);
}

/* From the start over the first stage's own end, and a second one that was asked for, to the same bits. */
START_TEST(a_walk_back_goes_through_the_same_stages)
{
    struct course course;
    course_load(&course);
    course.stage[0].steps = 60;
    course_start(&course);
    struct trainer *trainer = course.lab.trainer, *walker = make(&course);
    struct track *track = track_create();
    const struct trainer_start start = trainer_start_of(trainer, 1);
    float measures[SERIES_TOTAL];
    ck_assert_int_eq(track_seed(track, &start, 0), 0);
    struct timeline *timeline = timeline_create(state_bytes(trainer_state(trainer)), 0);
    settle(trainer, measures);
    while (trainer_step_count(trainer) < 150) {
        if (trainer_step_count(trainer) == 100) {
            const struct request input = {.row = &input_stage};
            ck_assert(track_add(track, 0, 100, &input));
            struct event event;
            ck_assert_int_eq(input.row->check(trainer, &input, NULL), STATUS_OK);
            input.row->apply(trainer, &input, &event);
            settle(trainer, measures);
        }
        ck_assert_int_eq(trainer_step(trainer, measures), STEP_DONE);
        settle(trainer, measures);
    }
    ck_assert_uint_eq(trainer_stage_number(trainer), 2);
    track_reach(track, 0, 150);
    const struct track_point end = track_end(track, 0);
    walk_back(walker, track, timeline, end);
    ck_assert_uint_eq(hash_of(walker), hash_of(trainer));
    timeline_free(timeline);
    track_free(track);
    trainer_free(walker);
    course_end(&course);
}
END_TEST

/* The pieces of a boundary come in one order: measured, the best back, the next stage, measured again; and then no
 * more. */
START_TEST(a_boundary_in_pieces)
{
    struct course course;
    course_load(&course);
    course.stage[0].steps = 0;
    course_start(&course);
    struct trainer *trainer = course.lab.trainer;
    float measures[SERIES_TOTAL];
    settle(trainer, measures);
    lab_set(&course.lab, KNOB_PATIENCE, 1);
    lab_set(&course.lab, KNOB_EARLY_STOP, 1);
    lab_set(&course.lab, KNOB_LR, 1); /* it gets worse */
    enum trainer_piece piece;
    do {
        ck_assert_int_eq(trainer_step(trainer, measures), STEP_DONE);
        ck_assert_uint_lt(trainer_step_count(trainer), 1000);
        while ((piece = trainer_settle(trainer, 1, measures, NULL)) == PIECE_OF_EVALUATION ||
               piece == PIECE_EVALUATION) {
        }
    } while (piece == PIECE_NONE);
    ck_assert_int_eq(piece, PIECE_EARLY_STOP);
    ck_assert_uint_eq(trainer_stage_number(trainer), 0);
    ck_assert_float_gt(measures[SERIES_TEST_LOSS], (float)trainer_early_stop(trainer)->best);
    /* Measured again off the cadence, it is the best, and that is no second stop. */
    trainer_evaluate_now(trainer);
    while ((piece = trainer_settle(trainer, 1, measures, NULL)) == PIECE_OF_EVALUATION) {
    }
    ck_assert_int_eq(piece, PIECE_EVALUATION);
    ck_assert_float_eq_tol(measures[SERIES_TEST_LOSS], (float)trainer_early_stop(trainer)->best, 1e-6f);
    ck_assert_int_eq(trainer_settle(trainer, 1, measures, NULL), PIECE_STAGE);
    ck_assert_uint_eq(trainer_stage_number(trainer), 1);
    ck_assert_int_eq(trainer_settle(trainer, 1, measures, NULL), PIECE_OF_EVALUATION);
    ck_assert_int_eq(trainer_settle(trainer, SIZE_MAX, measures, NULL), PIECE_EVALUATION);
    ck_assert_int_eq(trainer_settle(trainer, 1, measures, NULL), PIECE_NONE);
    course_end(&course);
}
END_TEST

/* The second stage's data for weights that have learnt nothing, on the same steps; and from there a walk back. */
START_TEST(a_scratch_start_is_where_its_stage_began)
{
    struct course course;
    course_load(&course);
    course_start(&course);
    struct trainer *trainer = course.lab.trainer, *twin = make(&course);
    lab_run(&course.lab, 80);
    trainer_next_stage(trainer, NULL);
    lab_run(&course.lab, 120);
    const struct trainer_start start = trainer_scratch(trainer);
    ck_assert_uint_eq(start.step, 80);
    ck_assert_int_eq(trainer_begin(twin, &start, NULL), STATUS_OK);
    ck_assert_uint_eq(trainer_step_count(twin), 80);
    ck_assert_uint_eq(trainer_stage_number(twin), 1);
    ck_assert_double_eq(trainer_knobs(twin)->value[KNOB_LR], 0.002);
    struct lab lab = {.trainer = twin};
    lab_run(&lab, 80);
    ck_assert_float_eq_tol(lab.measures[SERIES_TEST_LOSS], logf(2), 0.02f);
    lab_run(&lab, 120);

    struct track *track = track_create();
    struct timeline *timeline = timeline_create(state_bytes(trainer_state(trainer)), 0);
    struct trainer *walker = make(&course);
    ck_assert_int_eq(track_seed(track, &start, 0), 0);
    track_reach(track, 0, 120);
    const struct track_point end = track_end(track, 0);
    walk_back(walker, track, timeline, end);
    ck_assert_uint_eq(trainer_step_count(walker), 120);
    ck_assert_uint_eq(hash_of(walker), hash_of(twin));
    /* Again is the same start, not the first stage's. */
    trainer_restart(twin, 1);
    ck_assert_uint_eq(trainer_step_count(twin), 80);
    ck_assert_uint_eq(trainer_stage_number(twin), 1);
    lab_run(&lab, 120);
    ck_assert_uint_eq(hash_of(walker), hash_of(twin));
    timeline_free(timeline);
    track_free(track);
    trainer_free(walker);
    trainer_free(twin);
    course_end(&course);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("stage");
    TCase *tests = tcase_create("stage");
    tcase_add_test(tests, a_stage_begins_with_its_knobs_and_without_a_past);
    tcase_add_test(tests, the_old_data_are_looked_back_at);
    tcase_add_test(tests, evaluations_measure_the_series_of_objective_and_measures);
    tcase_add_test(tests, a_stage_ends_by_steps_epochs_or_loss);
    tcase_add_test(tests, a_stage_that_ends_with_its_best_measures_its_last_step);
    tcase_add_test(tests, again_is_the_first_stage_with_its_own_knobs);
    tcase_add_test(tests, a_walk_back_goes_through_the_same_stages);
    tcase_add_test(tests, a_boundary_in_pieces);
    tcase_add_test(tests, a_scratch_start_is_where_its_stage_began);
    suite_add_tcase(suite, tests);
    return suite;
}
