/* A small laboratory for tests: a task with the program's own defaults, a trainer on it, and the loop that a run
 * makes of the two, without threads or clock. */
#ifndef TESTS_SUPPORT_LAB_H
#define TESTS_SUPPORT_LAB_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/trainer.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "setup/spec.h"

struct lab {
    struct spec spec;
    struct dataset *dataset;
    struct trainer *trainer;
    float measures[SERIES_TOTAL];
    bool diverged; /* the last lab_run met a step that was not taken */
};

/* Reads the data of a toy or file and fills in the defaults; spec may then be changed before lab_start. */
static inline void lab_load(struct lab *lab, const char *task, uint64_t seed)
{
    memset(lab, 0, sizeof *lab);
    spec_init(&lab->spec);
    lab->spec.task = mem_string(task);
    lab->spec.seed = seed;
    struct error error = {.message = ""};
    enum status status = spec_load(&lab->spec, &lab->dataset, &error);
    ck_assert_msg(status == STATUS_OK, "%s", error.message);
}

static inline void lab_start_on(struct lab *lab, const struct kernels *kernels)
{
    struct trainer_spec spec = {
        .dataset = lab->dataset,
        .shape = lab->spec.shape,
        .loss = (enum loss_id)lab->spec.loss,
        .seed = lab->spec.seed,
        .knobs = lab->spec.knobs,
    };
    struct error error = {.message = ""};
    enum status status = trainer_create(&lab->trainer, &spec, kernels, &error);
    ck_assert_msg(status == STATUS_OK, "%s", error.message);
}

static inline void lab_start(struct lab *lab)
{
    lab_start_on(lab, kernels_choose());
}

static inline void lab_end(struct lab *lab)
{
    trainer_free(lab->trainer);
    dataset_free(lab->dataset);
    spec_free(&lab->spec);
}

static inline void lab_evaluate(struct lab *lab)
{
    trainer_evaluate_now(lab->trainer);
    while (trainer_evaluation_due(lab->trainer))
        trainer_evaluate(lab->trainer, SIZE_MAX, lab->measures);
}

/* The whole boundary after a step: evaluation, best parameters, the next stage. */
static inline void settle(struct trainer *trainer, float *measures)
{
    enum trainer_piece piece;
    while ((piece = trainer_settle(trainer, SIZE_MAX, measures, NULL)) != PIECE_NONE)
        ck_assert_int_ne(piece, PIECE_FAILED);
}

/* To step `until`, or to the first step that is not taken, or to an early stop. */
static inline void lab_run(struct lab *lab, uint64_t until)
{
    lab->diverged = false;
    for (;;) {
        while (trainer_evaluation_due(lab->trainer))
            trainer_evaluate(lab->trainer, SIZE_MAX, lab->measures);
        if (trainer_step_count(lab->trainer) >= until)
            return;
        if (trainer_step_count(lab->trainer) > 0 && trainer_early_stopped(lab->trainer))
            return;
        if (trainer_step(lab->trainer, lab->measures) != STEP_DONE) {
            lab->diverged = true;
            return;
        }
    }
}

static inline void lab_set(struct lab *lab, enum knob_id knob, double value)
{
    char label[96];
    ck_assert_int_eq(knob_check(knob, value, NULL), STATUS_OK);
    ck_assert_int_eq(trainer_set_knob(lab->trainer, knob, value, label, sizeof label, NULL), STATUS_OK);
}

/* Presses a knob's key so many times; negative: the lower-case letter. */
static inline void lab_press(struct lab *lab, enum knob_id knob, int times)
{
    for (int i = 0; i < abs(times); i++)
        lab_set(lab, knob, knob_step(knob, trainer_knobs(lab->trainer)->value[knob], times));
}

#endif
