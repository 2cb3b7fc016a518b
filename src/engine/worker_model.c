/* Models of a run: the one that it began with, and those of twins of another shape.
 *
 * DESIGN.  A branch has a model and hands it on to what grows out of it.  States of one model fit no other, so each has
 * a timeline, and they share the budget equally. */
#include <string.h>

#include "base/mem.h"
#include "engine/worker_parts.h"

int worker_model_find(struct worker *worker, const char *change)
{
    for (size_t i = 0; i < worker->models; i++)
        if (strcmp(worker->model[i].change, change) == 0)
            return (int)i;
    if (worker->models >= TRACK_BRANCHES_MAX)
        return -1;
    struct worker_model *larger = mem_resize(worker->model, worker->models, worker->models + 1, sizeof *larger);
    if (!larger)
        return -1;
    worker->model = larger;
    char *copy = mem_string(change);
    if (!copy)
        return -1;
    worker->model[worker->models] = (struct worker_model){.change = copy};
    return (int)worker->models++;
}

void worker_share_budget(struct worker *worker)
{
    size_t sharing = 0;
    for (size_t i = 0; i < worker->models; i++)
        sharing += worker->model[i].timeline != NULL;
    for (size_t i = 0; i < worker->models; i++)
        if (worker->model[i].timeline)
            timeline_set_budget(worker->model[i].timeline, ((size_t)worker->budget << 20) / sharing);
}

bool worker_model_prepare(struct worker *worker, uint16_t number, struct trainer *trainer)
{
    struct worker_model *model = &worker->model[number];
    if (model->timeline)
        return true;
    model->timeline = timeline_create(state_bytes(trainer_state(trainer)), 0);
    worker_share_budget(worker);
    return model->timeline != NULL;
}

enum status worker_model_make(struct worker *worker, uint16_t number, struct trainer **out, struct error *error)
{
    if (!worker->factory.make)
        return error_set(error, STATUS_FAILED, "there is no second trainer to walk with");
    enum status status = worker->factory.make(worker->factory.owner, worker->model[number].change, out, error);
    if (status == STATUS_OK && !worker_model_prepare(worker, number, *out)) {
        trainer_free(*out);
        *out = NULL;
        return error_memory(error);
    }
    return status;
}

struct timeline *worker_timeline(const struct worker *worker, uint16_t branch)
{
    return worker->model[track_branch(worker->track, branch)->model].timeline;
}

void worker_models_free(struct worker *worker)
{
    for (size_t i = 0; i < worker->models; i++) {
        mem_free(worker->model[i].change);
        timeline_free(worker->model[i].timeline);
    }
    mem_free(worker->model);
}
