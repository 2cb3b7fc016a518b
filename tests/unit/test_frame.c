/* Frames: the parts that were asked for, each as the run has it at that step. */
#include <string.h>

#include "base/bell.h"
#include "learn/frame.h"
#include "suite.h"
#include "support/lab.h"
#include "support/workers.h"

enum { ALL = FRAME_PARTS - 1, END = 20000, MORE = 2000 };

static struct frames *frames;

static void make_frames(void)
{
    frames = frames_create();
    ck_assert_ptr_nonnull(frames);
}

static void free_frames(void)
{
    frames_free(frames);
}

static bool same_parameters(const float *parameters, const struct trainer *trainer)
{
    const struct params *params = model_params_const(trainer_model(trainer));
    return memcmp(parameters, params->value, params->size * sizeof(float)) == 0;
}

/* ---- without a worker ---- */

START_TEST(a_frame_has_the_parts_that_were_added)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    ck_assert_ptr_null(frames_take(frames));
    ck_assert_uint_eq(frames_bytes(frames), 0);
    struct frame *made = frames_begin(frames, 7, 3, trainer_model(lab.trainer));
    ck_assert(frame_add_state(made, trainer_state(lab.trainer)));
    frames_publish(frames);
    const struct frame *taken = frames_take(frames);
    ck_assert(taken->step == 7 && taken->branch == 3 && taken->parts == FRAME_STATE);
    ck_assert_uint_eq(taken->state_bytes, state_bytes(trainer_state(lab.trainer)));
    ck_assert_uint_eq(frames_bytes(frames), taken->state_bytes);
    made = frames_begin(frames, 8, 3, trainer_model(lab.trainer));
    ck_assert(frame_add_parameters(made, trainer_model(lab.trainer)));
    frames_begin(frames, 9, 3, trainer_model(lab.trainer)); /* the one before was not published */
    frames_publish(frames);
    taken = frames_take(frames);
    ck_assert(taken->step == 9 && taken->parts == 0);
    ck_assert_ptr_null(frames_take(frames));
    lab_end(&lab);
}
END_TEST

/* So a view can take the next step apart, on a trainer of its own. */
START_TEST(a_trainer_goes_on_from_the_state_of_a_frame)
{
    struct lab lab, copy;
    float measures[SERIES_TOTAL];
    lab_load(&lab, "spiral", 1);
    lab.spec.knobs.value[KNOB_OPTIMIZER] = 4; /* with moments */
    lab.spec.knobs.value[KNOB_DROPOUT] = 0.1;
    lab_start(&lab);
    lab_run(&lab, 333);
    frame_add_state(frames_begin(frames, 333, 0, trainer_model(lab.trainer)), trainer_state(lab.trainer));
    frames_publish(frames);
    lab_run(&lab, 400);

    lab_load(&copy, "spiral", 1);
    copy.spec.seed = 2;
    lab_start(&copy);
    state_copy_in(trainer_state(copy.trainer), frames_take(frames)->state);
    ck_assert_int_eq(trainer_restored(copy.trainer, NULL), STATUS_OK);
    ck_assert_uint_eq(trainer_step_count(copy.trainer), 333);
    settle(copy.trainer, measures);
    lab_run(&copy, 400);
    ck_assert_uint_eq(state_hash(trainer_state(copy.trainer)), state_hash(trainer_state(lab.trainer)));
    lab_end(&copy);
    lab_end(&lab);
}
END_TEST

/* ---- what a worker gives ---- */

static void start_with_frames(struct bench *bench, struct bell *framed)
{
    struct error error = {0};
    ck_assert(bell_init(framed));
    ck_assert_int_eq(spec_load(&bench->spec, &bench->dataset, &error), STATUS_OK);
    const struct trainer_spec wanted = {
        .dataset = bench->dataset,
        .shape = bench->spec.shape,
        .loss = (enum loss_id)bench->spec.loss,
        .seed = bench->spec.seed,
        .knobs = bench->spec.knobs,
    };
    ck_assert_int_eq(trainer_create(&bench->trainer, &wanted, kernels_choose(), &error), STATUS_OK);
    const struct worker_setup setup = {
        .trainer = bench->trainer, .spec = &bench->spec, .frames = frames, .framed = framed, .paused = true};
    ck_assert_int_eq(worker_start(&bench->worker, &setup, &error), STATUS_OK);
    hear_kind(bench, EVENT_START);
}

static void go_to(struct bench *bench, uint64_t step)
{
    ask(bench, (struct wish){.name = "until", .number = step});
    hear_kind(bench, EVENT_GO);
    ck_assert_uint_eq(hear_kind(bench, EVENT_END).event.step, step);
}

static const struct frame *take(struct bench *bench, struct bell *framed, unsigned parts)
{
    worker_request_frame(bench->worker, parts);
    bell_wait(framed, BELL_FOREVER);
    bell_take(framed);
    const struct frame *frame = frames_take(frames);
    ck_assert_ptr_nonnull(frame);
    return frame;
}

START_TEST(a_worker_gives_what_was_asked_for)
{
    struct bench bench = bench_of("spiral");
    struct bell framed;
    struct lab lab;
    start_with_frames(&bench, &framed);
    go_to(&bench, 500);
    const struct frame *frame = take(&bench, &framed, FRAME_PARAMETERS);
    ck_assert(frame->parts == FRAME_PARAMETERS && frame->step == 500 && frame->branch == 0);
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_run(&lab, 500);
    ck_assert(same_parameters(frame->parameters, lab.trainer));
    frame = take(&bench, &framed, FRAME_PARAMETERS | FRAME_STATE);
    ck_assert_uint_eq(frame->parts, FRAME_PARAMETERS | FRAME_STATE);
    state_copy_in(trainer_state(lab.trainer), frame->state);
    ck_assert(same_parameters(frame->parameters, lab.trainer));
    lab_end(&lab);
    stop(&bench);
    bell_free(&framed);
}
END_TEST

/* Each point has the parameters that an undisturbed run has at its step. */
START_TEST(a_path_leads_from_the_start_to_the_frames_step)
{
    struct bench bench = bench_of("spiral");
    struct bell framed;
    struct lab lab;
    start_with_frames(&bench, &framed);
    go_to(&bench, END);
    ask_kind(&bench, "fork"); /* whose way leads over its parent */
    hear_kind(&bench, EVENT_FORK);
    go_to(&bench, END + MORE);
    const struct frame *frame = take(&bench, &framed, ALL);
    const struct frame_points *path = &frame->path;
    ck_assert_uint_eq(frame->parts, ALL);
    ck_assert_uint_gt(path->count, 5);
    ck_assert_uint_le(path->count, FRAME_POINTS_MAX);
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    for (size_t i = 0; i < path->count; i++) {
        ck_assert(i == 0 || path->at[i].step > path->at[i - 1].step);
        lab_run(&lab, path->at[i].step);
        ck_assert(same_parameters(path->parameters + i * frame->size, lab.trainer));
    }
    ck_assert_uint_eq(path->at[0].step, 0);
    ck_assert_uint_eq(path->at[path->count / 2].branch, 0);
    bool parted = false; /* a fork is left with a snapshot */
    for (size_t i = 0; i < path->count; i++)
        parted |= path->at[i].step == END && path->at[i].branch == 0;
    ck_assert(parted);
    ck_assert(path->at[path->count - 1].step == END + MORE && path->at[path->count - 1].branch == 1);
    lab_end(&lab);
    stop(&bench);
    bell_free(&framed);
}
END_TEST

START_TEST(ends_are_those_of_the_other_branches)
{
    struct bench bench = bench_of("spiral");
    struct bell framed;
    struct lab lab;
    start_with_frames(&bench, &framed);
    go_to(&bench, 300);
    ask(&bench, (struct wish){.name = "seed", .number = 7});
    hear_kind(&bench, EVENT_SEED);
    ask_kind(&bench, "pause");
    hear_kind(&bench, EVENT_PAUSE);
    const struct frame *frame = take(&bench, &framed, FRAME_ENDS);
    ck_assert_uint_eq(frame->parts, FRAME_ENDS);
    ck_assert_uint_eq(frame->branch, 1);
    ck_assert_uint_eq(frame->ends.count, 1);
    ck_assert(frame->ends.at[0].branch == 0 && frame->ends.at[0].step == 300); /* it was left with a snapshot */
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_run(&lab, 300);
    ck_assert(same_parameters(frame->ends.parameters, lab.trainer));
    lab_end(&lab);
    stop(&bench);
    bell_free(&framed);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("frame");
    TCase *tests = tcase_create("frame");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_frames, free_frames);
    tcase_add_test(tests, a_frame_has_the_parts_that_were_added);
    tcase_add_test(tests, a_trainer_goes_on_from_the_state_of_a_frame);
    tcase_add_test(tests, a_worker_gives_what_was_asked_for);
    tcase_add_test(tests, a_path_leads_from_the_start_to_the_frames_step);
    tcase_add_test(tests, ends_are_those_of_the_other_branches);
    suite_add_tcase(suite, tests);
    return suite;
}
