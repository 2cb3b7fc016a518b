/* Describes a run to the screen: its model and its present stage; and queues warnings for the screen. */
#include <stdio.h>
#include <string.h>

#include "nn/gemm.h"
#include "session/session_parts.h"

static void set_shape(struct session *session, const struct worker_shape *shape)
{
    struct session_model *model = &session->model;
    model_describe(&shape->model, model->architecture, sizeof model->architecture);
    model->layers = shape->layers;
    model->parameters = shape->parameters;
    model->cadence = shape->cadence;
    if (shape->uses_blas)
        snprintf(session->kernels, sizeof session->kernels, "sgemm (%s)", gemm_kernel_name());
    else
        snprintf(session->kernels, sizeof session->kernels, "%s", kernels_name(session->kernel_set));
}

void session_take_stage(struct session *session, size_t number)
{
    struct session_model *model = &session->model;
    const struct trainer_stage *stage = material_stage(session->material, number);
    const struct objective *objective = objective_table[stage->objective];
    session->status.stage = number;
    model->objective = objective;
    model->guess = session->guess[number];
}

/* Computes what guessing is worth on each stage's data.  False: out of memory. */
static bool find_guesses(struct session *session)
{
    bool complete = true;
    for (size_t i = 0; i < material_stages(session->material) && complete; i++) {
        const struct trainer_stage *stage = material_stage(session->material, i);
        complete = objective_table[stage->objective]->guess(stage->dataset, stage->loss, &session->guess[i]);
    }
    return complete;
}

bool session_describe(struct session *session)
{
    if (!find_guesses(session))
        return false;
    struct session_model *model = &session->model;
    const struct worker_shape shape = worker_shape_of(session->trainer);
    set_shape(session, &shape);
    session->first_shape = session->spec.shape;
    model->task = material_stage(session->material, 0)->dataset->name;
    session_take_stage(session, 0);
    model->features = session->spec.features;
    model->data_seed = session->spec.data_seed;
    model->kernels = session->kernels;
    return true;
}

void session_take_model(struct session *session, const struct worker_shape *shape)
{
    char architecture[sizeof session->model.architecture];
    model_describe(&shape->model, architecture, sizeof architecture);
    if (strcmp(architecture, session->model.architecture) == 0 && shape->parameters == session->model.parameters)
        return;
    set_shape(session, shape);
    /* Checkpoints and session_share write the shape that the spec has. */
    session->spec.shape = shape->model;
}

bool session_warn(struct session *session, const char *message)
{
    const size_t count = session->warnings;
    if (count == WARNINGS_MAX || strcmp(count > 0 ? session->warning[count - 1] : session->warned, message) == 0)
        return false;
    snprintf(session->warning[session->warnings++], sizeof session->warning[0], "%s", message);
    return true;
}

const char *session_warning(struct session *session)
{
    if (session->warnings == 0)
        return NULL;
    memcpy(session->warned, session->warning[0], sizeof session->warned);
    memmove(session->warning[0], session->warning[1], --session->warnings * sizeof session->warning[0]);
    return session->warned;
}
