/* The memory of a run in its parts: each against what the shapes say. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/memory.h"
#include "session/session.h"
#include "suite.h"
#include "support/lab.h"
#include "support/text_lab.h"
#include "support/wishes.h"

#define FLOAT       sizeof(float)
#define TABLE_BLOCK 256 /* rows that an evaluation has under way */
#define TEXT_BLOCK  8

/* Buffers begin on cache lines, which is nothing beside them. */
static void about(size_t bytes, double floats)
{
    ck_assert_double_eq_tol((double)bytes / (floats * FLOAT), 1, 0.002);
}

static void check_blocks(const struct memory *memory, size_t parameters)
{
    ck_assert_uint_eq(memory->bytes[MEMORY_PARAMETERS], parameters * FLOAT);
    ck_assert_uint_eq(memory->bytes[MEMORY_GRADIENTS], parameters * FLOAT);
    ck_assert_uint_eq(memory->bytes[MEMORY_MOMENTS], 2 * parameters * FLOAT);
    ck_assert_uint_eq(memory->bytes[MEMORY_BEST], 3 * parameters * FLOAT);
}

/* ---- a transformer ---- */

enum { C = 32, L = 2, H = 2, T = TEXT_LAB_CONTEXT, V = 256, W = 16 /* a row of attention's weights, padded */ };

/* Of a step with B sequences: in each block two norms (values, inputs, deviations), queries, keys and values, what was
 * attended to, the wide layer with its slope, and the weights of attention; then the stream with its branch and the
 * last norm, their gradients, and the logits. */
static double step_floats(double B)
{
    const double R = B * T;
    return L * (R * (4 * C + 2 + 3 * C + C + 8 * C) + B * H * T * W) + R * (4 * C + 1) + 2 * T * W +
           R * (3 * C + 4 * C) + R * V;
}

/* Of an evaluation: one block's buffers serve all, and nothing goes back. */
static double evaluation_floats(double B)
{
    const double R = B * T;
    return R * (4 * C + 2 + 3 * C + C + 4 * C) + L * H * T * W + R * (4 * C + 1) + 2 * T * W + R * V;
}

START_TEST(a_transformer_takes_what_its_shape_says)
{
    const struct text_lab_plan plan = {
        .shape = {.language = {LANGUAGE_TRANSFORMER, .width = C, .layers = L, .heads = H, .tie = true}}};
    const size_t parameters = V * C + T * C + L * (12 * C * C + 13 * C) + 2 * C;
    struct text_lab lab;
    struct memory memory = {.budget = 0};
    text_lab_start(&lab, &plan);
    memory_add_trainer(&memory, lab.trainer, false);
    check_blocks(&memory, parameters);
    about(memory.bytes[MEMORY_ACTIVATIONS], step_floats(5) + 2 * evaluation_floats(TEXT_BLOCK));
    ck_assert_uint_eq(memory.bytes[MEMORY_START], 0);

    /* The second stage has a workspace of its own, with its own batch. */
    text_lab_run(&lab, 3, 6);
    memory = (struct memory){.budget = 0};
    memory_add_trainer(&memory, lab.trainer, false);
    check_blocks(&memory, parameters);
    about(memory.bytes[MEMORY_ACTIVATIONS], step_floats(5) + step_floats(6) + 2 * evaluation_floats(TEXT_BLOCK));

    double *start = mem_alloc(parameters, sizeof *start);
    ck_assert(trainer_place(lab.trainer, start, parameters, NULL) == STATUS_OK);
    mem_free(start);
    struct memory second = {.budget = 0};
    memory_add_trainer(&second, lab.trainer, true);
    for (size_t i = 0; i < MEMORY_PARTS; i++)
        ck_assert(i == MEMORY_SECOND || second.bytes[i] == 0);
    ck_assert_uint_eq(second.bytes[MEMORY_SECOND],
                      7 * parameters * FLOAT + memory.bytes[MEMORY_ACTIVATIONS] + parameters * sizeof *start);
    text_lab_end(&lab);
}
END_TEST

START_TEST(data_take_what_their_rows_say)
{
    struct text_lab lab;
    struct lab table;
    text_lab_start(&lab, &(struct text_lab_plan){.shape = {.language = {LANGUAGE_BIGRAM}}});
    size_t characters = 0;
    for (size_t row = 0; row < lab.dataset[1]->rows; row++) {
        size_t prompt, response;
        corpus_prompt(lab.dataset[1]->corpus, row, &prompt);
        corpus_response(lab.dataset[1]->corpus, row, &response);
        characters += prompt + 1 + response + 1;
    }
    ck_assert_uint_eq(dataset_bytes(lab.dataset[1]), 2 * characters);
    /* 200 lines; "the owl meets the cat." with names of three letters and verbs of 4, 5, 5 and 7 */
    ck_assert_uint_eq(dataset_bytes(lab.dataset[0]), 2 * (200 * 18 + 51 * 4 + 51 * 5 + 50 * 5 + 48 * 7));
    text_lab_end(&lab);
    lab_load(&table, "samples/iris.csv", 1);
    ck_assert_uint_eq(dataset_bytes(table.dataset), 150 * (4 * FLOAT + sizeof(int32_t)));
    lab_start(&table);
    lab_end(&table);
}
END_TEST

/* ---- a session ---- */

static struct session *open_spiral(bool paused, bool headless)
{
    struct spec spec;
    struct session *session;
    struct error error = {.message = ""};
    spec_init(&spec);
    spec.task = mem_string("spiral");
    spec.steps = 2000;
    spec.knob_given[KNOB_SPEED] = spec.knob_given[KNOB_TIMELINE] = true;
    spec.knobs.value[KNOB_TIMELINE] = 1;
    const struct session_options options = {.paused = paused, .headless = headless};
    ck_assert_msg(session_open(&session, &spec, &options, &error) == STATUS_OK, "%s", error.message);
    return session;
}

START_TEST(snapshots_stay_under_their_budget)
{
    struct session *session = open_spiral(false, true);
    while (!session_status(session)->ended)
        session_wait(session, 50);
    const struct memory memory = session_memory(session);
    /* 2-8-8-2, each unit's weights padded to 8: [2][8] + [8] rounded up, ... */
    check_blocks(&memory, 16 + 16 + 64 + 16 + 64 + 16);
    const double batch = session_status(session)->knobs.value[KNOB_BATCH];
    about(memory.bytes[MEMORY_ACTIVATIONS], batch * (3 * 8 + 2 * 8 + 2 * 8) + TABLE_BLOCK * 3 * 8);
    ck_assert_uint_eq(memory.budget, (size_t)1 << 20);
    ck_assert_uint_le(memory.bytes[MEMORY_SNAPSHOTS], memory.budget);
    ck_assert_uint_ge(memory.bytes[MEMORY_SNAPSHOTS], 6 * memory.bytes[MEMORY_PARAMETERS]);
    ck_assert_uint_eq(memory.bytes[MEMORY_FRAMES], 0);
    ck_assert_uint_eq(memory.bytes[MEMORY_SECOND], 0);
    ck_assert_uint_eq(memory.bytes[MEMORY_DATA], dataset_bytes(session_dataset(session)));
    ck_assert_uint_ge(memory.bytes[MEMORY_HISTORY], 4096);

    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    memory_print(out, &memory);
    fclose(out);
    ck_assert_ptr_nonnull(strstr(text, "\n  parameters                       1\n"));
    ck_assert_ptr_nonnull(strstr(text, "  of 1,024\n"));
    ck_assert_ptr_null(strstr(text, "frames"));
    size_t sum = 0;
    for (size_t i = 0; i < MEMORY_PARTS; i++)
        sum += memory.bytes[i];
    const char *line = strstr(text, "\n  in all");
    ck_assert_ptr_nonnull(line);
    char *digits = strpbrk(line, "0123456789"), *comma = strchr(digits, ',');
    ck_assert_uint_eq(comma ? strtoul(digits, NULL, 10) * 1000 + strtoul(comma + 1, NULL, 10)
                            : strtoul(digits, NULL, 10),
                      (memory.process + 1023) / 1024);
    ck_assert_uint_gt(memory.process, sum); /* the program is in it */
    ck_assert_ptr_nonnull(strstr(text, "\n  program and libraries"));
    free(text);
    ck_assert(session_close(session, NULL));
}
END_TEST

/* A view asks for a picture: from then on there are copies, three at most. */
START_TEST(frames_are_there_once_a_view_has_asked)
{
    struct session *session = open_spiral(true, false);
    while (session_memory(session).bytes[MEMORY_PARAMETERS] == 0)
        session_wait(session, 50);
    ck_assert_uint_eq(session_memory(session).bytes[MEMORY_FRAMES], 0);
    const struct picture_request request = {.width = 8, .height = 8, .x1 = 1, .y1 = 1};
    session_want(session, &request, 60);
    while (!session_picture(session))
        session_wait(session, 20);
    while (!send_wish(session, &(struct wish){.name = "step"}))
        session_wait(session, 5);
    while (session_status(session)->step == 0 || session_memory(session).bytes[MEMORY_FRAMES] == 0)
        session_wait(session, 20);
    const struct memory memory = session_memory(session);
    const size_t copies = memory.bytes[MEMORY_FRAMES] / memory.bytes[MEMORY_PARAMETERS];
    ck_assert_uint_eq(memory.bytes[MEMORY_FRAMES], copies * memory.bytes[MEMORY_PARAMETERS]);
    ck_assert(copies >= 1 && copies <= 3);
    ck_assert(session_close(session, NULL));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("memory report");
    TCase *tests = tcase_create("memory report");
    tcase_add_test(tests, a_transformer_takes_what_its_shape_says);
    tcase_add_test(tests, data_take_what_their_rows_say);
    tcase_add_test(tests, snapshots_stay_under_their_budget);
    tcase_add_test(tests, frames_are_there_once_a_view_has_asked);
    suite_add_tcase(suite, tests);
    return suite;
}
