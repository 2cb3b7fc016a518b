/* The thread that makes pictures: each request is answered, once. */
#include <time.h>

#include "learn/frame.h"
#include "session/painter.h"
#include "suite.h"
#include "support/lab.h"

enum { FRAMED = 1 };

struct studio {
    struct lab lab;
    struct frames *frames;
    struct painter *painter;
};
static struct studio studio;

static const struct picture_request small = {.width = 4, .height = 4, .x0 = -1, .x1 = 1, .y0 = -1, .y1 = 1};
static const struct picture_request wide = {.width = 8, .height = 4, .x0 = -1, .x1 = 1, .y0 = -1, .y1 = 1};

static void open_studio(void)
{
    lab_load(&studio.lab, "spiral", 1);
    lab_start(&studio.lab);
    const struct picture_source source = {
        .kernels = kernels_choose(),
        .dataset = studio.lab.dataset,
        .loss = trainer_loss(studio.lab.trainer),
        .toy = true,
    };
    studio.frames = frames_create();
    ck_assert_int_eq(painter_start(&studio.painter, &source, studio.frames, NULL), STATUS_OK);
}

static void close_studio(void)
{
    painter_stop(studio.painter);
    frames_free(studio.frames);
    lab_end(&studio.lab);
}

static void publish(uint64_t step)
{
    const struct model *model = trainer_model(studio.lab.trainer);
    ck_assert(frame_add_parameters(frames_begin(studio.frames, step, 0, model), model));
    frames_publish(studio.frames);
    bell_ring(painter_bell(studio.painter), FRAMED);
}

/* Waits until the last request was answered. */
static void request(const struct picture_request *wanted)
{
    while (!painter_request(studio.painter, wanted))
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

START_TEST(one_request_at_a_time)
{
    request(&small);
    ck_assert(!painter_request(studio.painter, &wide));
    publish(7);
    request(&wide);
    ck_assert(painter_take(studio.painter));
    ck_assert_int_eq(painter_picture(studio.painter)->width, 4);
    ck_assert_uint_eq(painter_picture(studio.painter)->step, 7);
}
END_TEST

/* The worker rings also where it had no memory for a frame. */
START_TEST(a_frame_that_did_not_come_is_not_the_last)
{
    request(&small);
    bell_ring(painter_bell(studio.painter), FRAMED);
    request(&wide);
    ck_assert(!painter_take(studio.painter));
    publish(8);
    request(&small);
    ck_assert(painter_take(studio.painter));
    ck_assert_int_eq(painter_picture(studio.painter)->width, 8);
}
END_TEST

START_TEST(what_is_given_up_before_its_frame_is_not_drawn)
{
    request(&small);
    painter_give_up(studio.painter);
    publish(7);
    request(&wide);
    ck_assert(!painter_take(studio.painter));
    publish(8);
    request(&small);
    ck_assert(painter_take(studio.painter)); /* the next is none the worse */
    ck_assert_int_eq(painter_picture(studio.painter)->width, 8);
}
END_TEST

START_TEST(giving_up_nothing_leaves_the_next_alone)
{
    painter_give_up(studio.painter);
    request(&small);
    publish(7);
    request(&wide);
    ck_assert(painter_take(studio.painter));
    painter_give_up(studio.painter);
    publish(8);
    request(&small);
    ck_assert(!painter_take(studio.painter));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("painter");
    TCase *tests = tcase_create("painter");
    tcase_add_checked_fixture(tests, open_studio, close_studio);
    tcase_add_test(tests, one_request_at_a_time);
    tcase_add_test(tests, a_frame_that_did_not_come_is_not_the_last);
    tcase_add_test(tests, what_is_given_up_before_its_frame_is_not_drawn);
    tcase_add_test(tests, giving_up_nothing_leaves_the_next_alone);
    suite_add_tcase(suite, tests);
    return suite;
}
