/* Next token: predicts every token of a text from those before it. */
#include "learn/work_text.h"

const struct objective objective_next_token = {
    .name = "next_token",
    .models = {{.name = "policy", .trains = true}},
    .takes = TASK_TEXT,
    .usual_loss = LOSS_CROSS_ENTROPY,
    MEASURED_BY_LOSS_AND_SCORE,
    .accuracy_label = "next token",
    .accuracy_is_share = true,
    WORKS_ON_TEXTS,
};
