/* Does what is due after a step, in one fixed order: evaluation, early stop, next stage. */
#include "learn/trainer.h"

bool trainer_boundary_due(const struct trainer *trainer)
{
    return trainer_evaluation_due(trainer) || trainer_stage_over(trainer);
}

enum trainer_piece trainer_settle(struct trainer *trainer, size_t rows, float *measures, struct error *error)
{
    if (trainer_evaluation_due(trainer)) {
        const bool stopped_before = trainer_early_stopped(trainer);
        if (!trainer_evaluate(trainer, rows, measures))
            return PIECE_OF_EVALUATION;
        if (stopped_before || !trainer_early_stopped(trainer))
            return PIECE_EVALUATION;
        trainer_restore_best(trainer);
        return PIECE_EARLY_STOP;
    }
    if (!trainer_stage_over(trainer) || trainer_stage_is_last(trainer))
        return PIECE_NONE;
    return trainer_next_stage(trainer, error) == STATUS_OK ? PIECE_STAGE : PIECE_FAILED;
}
