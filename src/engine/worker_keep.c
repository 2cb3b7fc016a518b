/* Checkpoints, the worker's part: it alone may copy its trainer.  The copy goes into a box of one, from which the
 * consumer takes it.
 *
 * A full box never makes the worker wait, since a screen that is stopped does not empty it: the command is refused, and
 * the checkpoint that is due each so many steps is taken at the first boundary that finds the box empty. */
#include <stdio.h>

#include "base/mem.h"
#include "engine/worker_parts.h"

static bool box_is_full(struct worker *worker)
{
    return atomic_load_explicit(&worker->kept, memory_order_acquire) != NULL;
}

/* NULL, or why there is no copy. */
static const char *fill_box(struct worker *worker, const char *path, uint32_t token)
{
    if (!worker->finite)
        return "no checkpoint of a state whose losses are not finite";
    struct worker_kept *kept = mem_alloc(1, sizeof *kept);
    if (!kept || !(kept->checkpoint = checkpoint_take(worker->trainer))) {
        mem_free(kept);
        return "no memory for a checkpoint";
    }
    kept->branch = worker->branch;
    kept->token = token;
    snprintf(kept->path, sizeof kept->path, "%s", path);
    worker_flush(worker); /* so that the curves reach to here */
    atomic_store_explicit(&worker->kept, kept, memory_order_release);
    return NULL;
}

void worker_keep_plan(struct worker *worker)
{
    const uint64_t every = worker->spec->save_every;
    worker->next_keep = every > 0 ? (worker->step / every + 1) * every : WORKER_NEVER;
}

void worker_keep(struct worker *worker)
{
    if (worker->stop || box_is_full(worker))
        return;
    worker_keep_plan(worker);
    const char *why = fill_box(worker, worker->spec->save_path, 0);
    if (!why)
        return;
    struct event event = {.kind = EVENT_REFUSED};
    snprintf(event.label, sizeof event.label, "%s", why);
    worker_say(worker, &event);
}

/* NULL, or why there is none. */
static const char *take_on_command(struct worker *worker, const struct command *command)
{
    if (!command->text[0])
        return "save: a file is needed";
    if (box_is_full(worker))
        return "the checkpoint before is not yet written";
    return fill_box(worker, command->text, command->token);
}

void worker_keep_on_command(struct worker *worker, const struct command *command)
{
    const char *why = take_on_command(worker, command);
    struct event event = {.kind = why ? EVENT_REFUSED : EVENT_SAVED, .token = command->token};
    snprintf(event.label, sizeof event.label, "%s", why ? why : "taken");
    worker_answer(worker, &event);
}

struct worker_kept *worker_take_kept(struct worker *worker)
{
    return atomic_exchange_explicit(&worker->kept, NULL, memory_order_acq_rel);
}

void worker_kept_free(struct worker_kept *kept)
{
    if (kept)
        checkpoint_free(kept->checkpoint);
    mem_free(kept);
}
