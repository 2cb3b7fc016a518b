/* Respond: learns the response of a pair from its prompt; the tokens of the prompt are only read. */
#include "learn/work_text.h"

static const enum series_id series[] = {SERIES_TRAIN_LOSS, SERIES_TEST_LOSS, SERIES_TRAIN_ACC, SERIES_TEST_ACC};

const struct objective objective_respond = {
    .name = "respond",
    .models = {{.name = "policy", .trains = true}},
    .takes = TASK_TEXT,
    .pairs = true,
    .usual_loss = LOSS_CROSS_ENTROPY,
    .headline = {SERIES_TRAIN_LOSS, SERIES_TEST_LOSS, SERIES_TRAIN_ACC, SERIES_TEST_ACC},
    .series = series,
    .series_count = sizeof series / sizeof series[0],
    .accuracy_label = "next token",
    .accuracy_is_share = true,
    .guess = work_text_guess,
    .refuses = work_text_refuses,
    .create = work_text_create,
    .free = work_text_free,
    .reserve = work_text_reserve,
    .bytes = work_text_bytes,
    .step = work_text_step,
    .rows = work_text_rows,
    .begin = work_text_begin,
    .evaluate = work_text_evaluate,
    .result = work_text_result,
};
