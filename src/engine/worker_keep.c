/* Copies the trainer for checkpoints, on command and each so many steps, into a box of one, from which the consumer
 * takes the copy.
 *
 * A full box never makes the worker wait, since a screen that is stopped does not empty it: the command is refused, and
 * the checkpoint that is due each so many steps is taken at the first boundary that finds the box empty. */
#include <stdio.h>

#include "base/mem.h"
#include "engine/worker_parts.h"

static bool box_is_full(struct worker *worker)
{
    return channel_box_is_full(worker->channel);
}

/* NULL, or why there is no copy. */
static const char *fill_box(struct worker *worker, const char *path, uint32_t token)
{
    if (!worker->finite)
        return "no checkpoint of a state whose losses are not finite";
    struct worker_kept *kept = mem_alloc(1, sizeof *kept);
    if (!kept || !(kept->path = mem_string(path)) || !(kept->checkpoint = worker_checkpoint(worker))) {
        worker_kept_free(kept);
        return "no memory for a checkpoint";
    }
    kept->branch = worker->lane.at.branch;
    kept->token = token;
    channel_put(worker->channel, kept);
    return NULL;
}

void worker_keep_plan(struct worker *worker)
{
    const uint64_t every = worker->spec->save_every;
    worker->next_keep = every > 0 ? (worker->lane.at.step / every + 1) * every : WORKER_NEVER;
}

void worker_keep(struct worker *worker)
{
    if (worker->leaving || box_is_full(worker))
        return;
    worker_keep_plan(worker);
    const char *why = fill_box(worker, worker->spec->save_path, 0);
    if (!why)
        return;
    struct event event = {.kind = EVENT_REFUSED};
    snprintf(event.label, sizeof event.label, "%s", why);
    worker_say(worker, &event);
}

static enum status save_prepare(void *room, const struct request *request, struct error *error)
{
    if (!request_text(request)[0])
        return error_set(error, STATUS_USAGE, "save: a file is needed");
    return box_is_full(room) ? error_set(error, STATUS_FAILED, "the checkpoint before is not yet written") : STATUS_OK;
}

static enum status save_reserve(void *room, const struct request *request, struct error *error)
{
    const char *why = fill_box(room, request_text(request), request->token);
    return why ? error_set(error, STATUS_FAILED, "%s", why) : STATUS_OK;
}

static void save_obey(void *room, const struct request *request, struct event *answer)
{
    (void)room, (void)request;
    answer->kind = EVENT_SAVED;
    snprintf(answer->label, sizeof answer->label, "taken");
}

const struct command control_save = {
    .name = "save",
    .about = "keeps a checkpoint",
    .example = "model.safetensors",
    .argument = {{.name = "FILE", .type = ARGUMENT_FILE, .max = WORKER_TEXT_MAX}},
    .flags = COMMAND_LOOKS,
    .prepare = save_prepare,
    .reserve = save_reserve,
    .obey = save_obey,
};

struct worker_kept *worker_take_kept(struct worker *worker)
{
    return channel_take(worker->channel);
}

void worker_kept_free(struct worker_kept *kept)
{
    if (!kept)
        return;
    checkpoint_free(kept->checkpoint);
    mem_free(kept->path);
    mem_free(kept);
}
