#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "data/toys.h"
#include "learn/trainer.h"
#include "probe/picture.h"
#include "setup/spec.h"
#include "suite.h"

/* A trained little net, an artist and a frame of it. */
struct studio {
    struct spec spec;
    struct dataset *dataset;
    struct trainer *trainer;
    struct artist *artist;
    struct frame frame;
    struct picture picture;
};

/* `hidden`: units of two layers; 0: the usual. */
static struct studio studio_with(const char *task, const char *features, uint64_t steps, size_t hidden)
{
    struct studio studio = {0};
    spec_init(&studio.spec);
    studio.spec.task = mem_string(task);
    if (features)
        studio.spec.features = mem_string(features);
    if (hidden > 0) {
        studio.spec.net_given = true;
        studio.spec.shape.net.hidden_count = 2;
        studio.spec.shape.net.hidden[0] = studio.spec.shape.net.hidden[1] = hidden;
    }
    ck_assert_int_eq(spec_load(&studio.spec, &studio.dataset, NULL), STATUS_OK);
    const struct trainer_spec wanted = {
        .dataset = studio.dataset,
        .shape = studio.spec.shape,
        .loss = (enum loss_id)studio.spec.loss,
        .seed = 3,
        .knobs = studio.spec.knobs,
    };
    ck_assert_int_eq(trainer_create(&studio.trainer, &wanted, kernels_choose(), NULL), STATUS_OK);
    float measures[SERIES_TOTAL];
    while (trainer_step_count(studio.trainer) < steps)
        ck_assert_int_eq(trainer_step(studio.trainer, measures), STEP_DONE);
    const struct picture_source source = {
        .kernels = kernels_choose(),
        .dataset = studio.dataset,
        .loss = trainer_loss(studio.trainer),
        .features = studio.spec.features,
        .toy = true,
    };
    studio.artist = artist_create(&source);
    ck_assert_ptr_nonnull(studio.artist);
    studio.frame = (struct frame){
        .step = steps,
        .branch = 2,
        .shape = *model_shape(trainer_model(studio.trainer)),
        .parameters = model_params_const(trainer_model(studio.trainer))->value,
    };
    return studio;
}

static struct studio studio_of(const char *task, const char *features, uint64_t steps)
{
    return studio_with(task, features, steps, 0);
}

static void draw(struct studio *studio, int width, int height)
{
    const struct picture_request request = {
        .width = width, .height = height, .x0 = -2, .x1 = 2, .y0 = -2, .y1 = 2, .predictions = true};
    ck_assert(artist_draw(studio->artist, &studio->frame, &request, &studio->picture));
}

static void leave(struct studio *studio)
{
    picture_free(&studio->picture);
    artist_free(studio->artist);
    trainer_free(studio->trainer);
    dataset_free(studio->dataset);
    spec_free(&studio->spec);
}

/* What the net says at one point, the plain way. */
static void ask_net(const struct studio *studio, float x, float y, float *out)
{
    float row[64] __attribute__((aligned(64))) = {0};
    const float point[2] = {x, y};
    if (studio->spec.features)
        toy_expand(studio->spec.features, point, row);
    else
        memcpy(row, point, studio->dataset->inputs * sizeof(float));
    struct workspace *workspace = workspace_create(model_net_const(trainer_model(studio->trainer)), 1, false);
    const float *logits = net_forward(model_net_const(trainer_model(studio->trainer)), NULL, workspace, row,
                                      kernel_pad(studio->dataset->inputs), 1, NULL);
    if (studio->dataset->kind == TASK_CLASSIFY)
        loss_probabilities(trainer_loss(studio->trainer), logits, studio->dataset->classes, out);
    else
        out[0] = logits[0];
    workspace_free(workspace);
}

struct patience {
    size_t asked, granted;
};

static bool runs_out(void *context)
{
    struct patience *patience = context;
    return patience->asked++ >= patience->granted;
}

static void draw_with(struct studio *studio, struct patience *patience)
{
    const struct picture_source source = {
        .kernels = kernels_choose(),
        .dataset = studio->dataset,
        .loss = trainer_loss(studio->trainer),
        .toy = true,
        .doubt = {runs_out, patience},
    };
    artist_free(studio->artist);
    studio->artist = artist_create(&source);
    ck_assert_ptr_nonnull(studio->artist);
    draw(studio, 16, 16);
}

/* A net whose step takes long is asked more often: who quits does not wait for its picture. */
START_TEST(a_moot_picture_is_given_up_at_the_next_samples)
{
    struct patience narrow = {.granted = SIZE_MAX}, wide = {.granted = SIZE_MAX};
    struct studio studio = studio_of("spiral", NULL, 1);
    draw_with(&studio, &narrow);
    leave(&studio);

    studio = studio_with("spiral", NULL, 1, 1024);
    draw_with(&studio, &wide);
    ck_assert_uint_ge(wide.asked, 16 * 16 / 16 + narrow.asked);
    for (size_t granted = 0; granted < wide.asked; granted += 7) {
        struct patience patience = {.granted = granted};
        draw_with(&studio, &patience);
        ck_assert_uint_le(patience.asked, granted + 2); /* of the surface and of the rows */
    }
    leave(&studio);
}
END_TEST

START_TEST(the_surface_is_what_the_net_says_at_the_middles_of_cells)
{
    const char *features[] = {NULL, "x,y,x2,y2,xy,sinx,siny"};
    for (int f = 0; f < 2; f++) {
        struct studio studio = studio_of("spiral", features[f], 300);
        draw(&studio, 40, 20);
        ck_assert_int_eq(studio.picture.width, 40);
        ck_assert_int_eq(studio.picture.height, 20);
        ck_assert_uint_eq(studio.picture.outputs, 2);
        ck_assert_uint_eq(studio.picture.step, 300);
        ck_assert_uint_eq(studio.picture.branch, 2);
        for (int row = 0; row < 20; row += 7)
            for (int column = 0; column < 40; column += 13) {
                float wanted[2];
                const float x = -2 + 4 * ((float)column + 0.5f) / 40, y = 2 - 4 * ((float)row + 0.5f) / 20;
                const float *got = studio.picture.surface + (row * 40 + column) * 2;
                ask_net(&studio, x, y, wanted);
                ck_assert_float_eq_tol(got[0], wanted[0], 1e-6f);
                ck_assert_float_eq_tol(got[1], wanted[1], 1e-6f);
            }
        leave(&studio);
    }
}
END_TEST

START_TEST(a_curve_has_one_row)
{
    struct studio studio = studio_of("sine", NULL, 200);
    draw(&studio, 31, 17);
    ck_assert_int_eq(studio.picture.height, 1);
    ck_assert_uint_eq(studio.picture.outputs, 1);
    float wanted;
    ask_net(&studio, 0, 0, &wanted); /* the middle cell of 31 lies at 0 */
    ck_assert_float_eq_tol(studio.picture.surface[15], wanted, 1e-6f);
    ck_assert_uint_eq(studio.picture.classes, 0);
    ck_assert_ptr_null(studio.picture.confusion);
    for (size_t i = 0; i < studio.picture.rows; i++) {
        const struct picture_row *row = &studio.picture.row[i];
        const float error = row->value - studio.dataset->target[row->row];
        ck_assert_int_eq(row->predicted, -1);
        ck_assert(isnan(row->p));
        ck_assert_float_eq_tol(row->loss, error * error, 1e-4f);
    }
    leave(&studio);
}
END_TEST

START_TEST(predictions_agree_with_the_confusion_matrix)
{
    struct studio studio = studio_of("spiral", NULL, 800);
    draw(&studio, 0, 0);
    const struct picture *picture = &studio.picture;
    const struct dataset *dataset = studio.dataset;
    ck_assert_int_eq(picture->width, 0);
    ck_assert_ptr_null(picture->surface);
    ck_assert_uint_eq(picture->rows, dataset->rows - dataset->train);
    uint32_t counted[4] = {0};
    for (size_t i = 0; i < picture->rows; i++) {
        const struct picture_row *row = &picture->row[i];
        ck_assert_uint_eq(row->row, dataset->train + i);
        ck_assert_float_eq_tol(row->loss, -logf(row->p), 1e-3f);
        ck_assert_int_eq(row->p > 0.5f, row->predicted == dataset->label[row->row]);
        counted[dataset->label[row->row] * 2 + row->predicted]++;
    }
    ck_assert_mem_eq(counted, picture->confusion, sizeof counted);
    leave(&studio);
}
END_TEST

START_TEST(the_worst_are_the_largest_losses_in_order)
{
    struct studio studio = studio_of("spiral", NULL, 100);
    draw(&studio, 4, 4);
    const struct picture *picture = &studio.picture;
    ck_assert_uint_eq(picture->worst_count, PICTURE_WORST);
    for (size_t i = 1; i < picture->worst_count; i++)
        ck_assert_float_ge(picture->row[picture->worst[i - 1]].loss, picture->row[picture->worst[i]].loss);
    const float least = picture->row[picture->worst[PICTURE_WORST - 1]].loss;
    size_t above = 0;
    for (size_t i = 0; i < picture->rows; i++)
        above += picture->row[i].loss > least;
    ck_assert_uint_lt(above, PICTURE_WORST);
    leave(&studio);
}
END_TEST

START_TEST(a_loss_that_is_no_number_is_the_worst)
{
    struct studio studio = studio_of("sine", NULL, 10);
    float *bad = mem_alloc(model_params_const(trainer_model(studio.trainer))->size, sizeof(float));
    for (size_t i = 0; i < model_params_const(trainer_model(studio.trainer))->size; i++)
        bad[i] = NAN;
    studio.frame.parameters = bad;
    draw(&studio, 5, 5);
    ck_assert_uint_gt(studio.picture.worst_count, 0);
    ck_assert(isnan(studio.picture.row[studio.picture.worst[0]].loss));
    mem_free(bad);
    leave(&studio);
}
END_TEST

START_TEST(a_picture_follows_the_size_that_is_asked_for)
{
    struct studio studio = studio_of("xor", NULL, 10);
    const int sizes[][2] = {{1, 1}, {300, 200}, {7, 3}, {0, 9}, {16, 16}, {3, 7}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        draw(&studio, sizes[i][0], sizes[i][1]);
        const int width = sizes[i][0], height = width > 0 ? sizes[i][1] : 0;
        ck_assert_int_eq(studio.picture.width, width);
        ck_assert_int_eq(studio.picture.height, height);
        float sum = 0;
        for (int s = 0; s < width * height; s++)
            sum += studio.picture.surface[2 * s] + studio.picture.surface[2 * s + 1];
        ck_assert_float_eq_tol(sum, (float)(width * height), 0.5f);
    }
    leave(&studio);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("picture");
    TCase *cases = tcase_create("picture");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, the_surface_is_what_the_net_says_at_the_middles_of_cells);
    tcase_add_test(cases, a_moot_picture_is_given_up_at_the_next_samples);
    tcase_add_test(cases, a_curve_has_one_row);
    tcase_add_test(cases, predictions_agree_with_the_confusion_matrix);
    tcase_add_test(cases, the_worst_are_the_largest_losses_in_order);
    tcase_add_test(cases, a_loss_that_is_no_number_is_the_worst);
    tcase_add_test(cases, a_picture_follows_the_size_that_is_asked_for);
    suite_add_tcase(suite, cases);
    return suite;
}
