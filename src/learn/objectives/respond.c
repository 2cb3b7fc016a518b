/* Respond: learns the response of a pair from its prompt; the tokens of the prompt are only read. */
#include "learn/work_text.h"

const struct objective objective_respond = {
    .name = "respond",
    .models = {{.name = "policy", .trains = true}},
    .takes = TASK_TEXT,
    .pairs = true,
    .usual_loss = LOSS_CROSS_ENTROPY,
    MEASURED_BY_LOSS_AND_SCORE,
    .accuracy_label = "next token",
    .accuracy_is_share = true,
    WORKS_ON_TEXTS,
};
