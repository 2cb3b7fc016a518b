/* The language recipes as a class sees them: an autocomplete is pre-trained, does not answer, is fine-tuned, and
 * answers.  Each over three seeds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/recipe.h"
#include "base/mem.h"
#include "data/corpus.h"
#include "probe/picture_text.h"
#include "setup/material.h"
#include "support/lab.h"
#include "unit/suite.h"

#define SEEDS 3

struct class_room {
    struct spec spec;
    struct material *material;
    struct trainer *trainer;
    struct text_artist *artist;
    struct picture_text *picture;
    float measures[SERIES_TOTAL];
};

static void open_room(struct class_room *room, const char *recipe, uint64_t seed)
{
    struct error error = {.message = ""};
    *room = (struct class_room){.artist = NULL};
    spec_init(&room->spec);
    ck_assert_msg(recipe_read(&room->spec, recipe, &error) == STATUS_OK, "%s", error.message);
    room->spec.seed = seed;
    ck_assert_msg(material_load(&room->material, &room->spec, NULL, &error) == STATUS_OK, "%s", error.message);
    struct trainer_spec wanted = {
        .dataset = material_stage(room->material, 0)->dataset,
        .shape = room->spec.shape,
        .loss = (enum loss_id)room->spec.loss,
        .stage = material_stage(room->material, 0),
        .stages = material_stages(room->material),
        .seed = seed,
        .knobs = room->spec.knobs,
    };
    ck_assert_msg(trainer_create(&room->trainer, &wanted, kernels_choose(), &error) == STATUS_OK, "%s", error.message);
    room->artist = text_artist_create(kernels_choose(), &(struct picture_doubt){0});
    room->picture = mem_alloc(1, sizeof *room->picture);
    ck_assert(room->artist && room->picture);
}

static void close_room(struct class_room *room)
{
    mem_free(room->picture);
    text_artist_free(room->artist);
    trainer_free(room->trainer);
    material_free(room->material);
    spec_free(&room->spec);
}

/* Through the present stage's own end to the next one's first evaluation, or to the end of the last. */
static void finish_stage(struct class_room *room)
{
    const size_t stage = trainer_stage_number(room->trainer);
    settle(room->trainer, room->measures);
    while (trainer_stage_number(room->trainer) == stage && !trainer_stage_over(room->trainer)) {
        ck_assert_int_eq(trainer_step(room->trainer, room->measures), STEP_DONE);
        settle(room->trainer, room->measures);
    }
}

/* What is thought of a prompt and its right answer, and of the exam where there are pairs. */
static const struct picture_text *ask(struct class_room *room, const char *prompt, const char *answer, bool exam)
{
    struct picture_text_request request = {
        .dataset = material_stage(room->material, 0)->dataset,
        .prompt_length = strlen(prompt),
        .answer_length = strlen(answer),
        .tokens = 24,
        .one_line = true,
        .sampling = {.temperature = 0, .top_p = 1},
        .exam = exam ? material_stage(room->material, 1)->dataset : NULL,
    };
    memcpy(request.prompt, prompt, request.prompt_length);
    memcpy(request.answer, answer, request.answer_length);
    const struct frame frame = {
        .shape = *model_shape(trainer_model(room->trainer)),
        .parameters = model_params_const(trainer_model(room->trainer))->value,
    };
    ck_assert(text_artist_draw(room->artist, &frame, &request, room->picture));
    return room->picture;
}

/* Somebody ate something that the atlas never puts beside that name, and the line goes on as lines of that kind do. */
static void check_unseen(struct class_room *room)
{
    static const char *const prompts[] = {"Anna ate", "Tom flew to", "Vera bought"};
    for (size_t i = 0; i < sizeof prompts / sizeof prompts[0]; i++) {
        const struct picture_text *text = ask(room, prompts[i], " ", false);
        ck_assert_uint_ge(text->continuation_length, 4);
        ck_assert_int_eq(text->continuation[text->continuation_length - 1], '.');
    }
}

START_TEST(an_autocomplete_learns_the_atlas_then_to_answer)
{
    struct class_room room;
    open_room(&room, "samples/atlas.ini", (uint64_t)_i + 1);
    const double guessing = log((double)material_stage(room.material, 0)->dataset->classes);
    settle(room.trainer, room.measures);
    ck_assert_double_eq_tol((double)room.measures[SERIES_TEST_LOSS], guessing, 0.3);
    finish_stage(&room);
    const double paris = ask(&room, "The capital of France is", " Paris", true)->right.p;
    const size_t before = room.picture->answers_right, questions = room.picture->answers;
    const float old = room.measures[SERIES_OLD_LOSS];
    check_unseen(&room);
    finish_stage(&room);
    const size_t after = ask(&room, "The capital of France is", " Paris", true)->answers_right;
    printf("seed %d: step %llu, Paris %.3f, right before %zu and after %zu of %zu, atlas %.3f -> %.3f nats\n", _i + 1,
           (unsigned long long)trainer_step_count(room.trainer), paris, before, after, questions, (double)old,
           (double)room.measures[SERIES_OLD_LOSS]);
    ck_assert_double_ge(paris, 0.9);
    ck_assert_uint_ge(questions, 50);
    ck_assert_uint_eq(before, 0);
    ck_assert_uint_ge(10 * after, 9 * questions);
    ck_assert_float_gt(room.measures[SERIES_OLD_LOSS], old); /* it forgets */
    close_room(&room);
}
END_TEST

START_TEST(a_generalist_learns_a_trade_and_forgets_the_atlas)
{
    struct class_room room;
    open_room(&room, "samples/clinic.ini", (uint64_t)_i + 1);
    finish_stage(&room);
    const float clinic = room.measures[SERIES_TEST_LOSS], atlas = room.measures[SERIES_OLD_LOSS];
    finish_stage(&room);
    printf("seed %d: clinic %.3f -> %.3f, atlas %.3f -> %.3f nats\n", _i + 1, (double)clinic,
           (double)room.measures[SERIES_TEST_LOSS], (double)atlas, (double)room.measures[SERIES_OLD_LOSS]);
    ck_assert_float_lt(room.measures[SERIES_TEST_LOSS], clinic / 2);
    ck_assert_float_gt(room.measures[SERIES_OLD_LOSS], atlas + 1);
    close_room(&room);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("language");
    TCase *tests = tcase_create("language");
    tcase_set_timeout(tests, 3600);
    tcase_add_loop_test(tests, an_autocomplete_learns_the_atlas_then_to_answer, 0, SEEDS);
    tcase_add_loop_test(tests, a_generalist_learns_a_trade_and_forgets_the_atlas, 0, SEEDS);
    suite_add_tcase(suite, tests);
    return suite;
}
