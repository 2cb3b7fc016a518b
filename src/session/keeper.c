/* Has the saver write checkpoints, and loads a checkpoint into a new run. */
#include "session/keeper.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/signals.h"
#include "base/text.h"
#include "setup/spec_text.h"

struct keeper {
    struct keeper_setup setup;
    struct saver *saver;             /* from the first checkpoint on */
    char data[CHECKPOINT_DATA_SIZE]; /* a hash, which takes its time: from then on, too */
};

struct keeper *keeper_create(const struct keeper_setup *setup)
{
    struct keeper *keeper = mem_alloc(1, sizeof *keeper);
    if (keeper)
        keeper->setup = *setup;
    return keeper;
}

void keeper_free(struct keeper *keeper)
{
    if (!keeper)
        return;
    saver_stop(keeper->saver);
    mem_free(keeper);
}

/* Takes over the checkpoint, also on failure.  The text of the spec has the seed in force, that of the last start, and
 * the shape of the model that was copied: by now the run may have another. */
static bool fill_job(struct keeper *keeper, struct checkpoint *checkpoint, uint16_t branch, const char *path,
                     struct saver_job *job)
{
    struct spec spec = *keeper->setup.spec;
    if (!keeper->data[0])
        checkpoint_data_text(material_hash(keeper->setup.material), keeper->data);
    spec.seed = checkpoint_seed(checkpoint);
    spec.shape = *checkpoint_model_shape(checkpoint);
    *job = (struct saver_job){
        .checkpoint = checkpoint,
        .spec = spec_text(&spec),
        .notes = keeper->setup.notes,
    };
    job->notes.data = keeper->data;
    job->notes.branch = branch;
    snprintf(job->path, sizeof job->path, "%s", path);
    if (job->spec)
        return true;
    saver_job_free(job);
    error_memory(&job->error);
    return false;
}

static void report(const struct saver_job *job, struct event *out)
{
    const bool saved = job->error.status == STATUS_OK;
    *out = (struct event){.kind = saved ? EVENT_SAVED : EVENT_REFUSED, .token = job->token};
    snprintf(out->label, sizeof out->label, "%.*s", (int)sizeof out->label - 1, saved ? job->path : job->error.message);
    text_clean(out->label);
}

bool keeper_poll(struct keeper *keeper, struct worker *worker, struct event *out)
{
    struct saver_job job;
    if (keeper->saver && saver_take(keeper->saver, false, &job)) {
        saver_job_free(&job);
        report(&job, out);
        return true;
    }
    if (keeper->saver && !saver_ready(keeper->saver))
        return false;
    struct worker_kept *kept = worker_take_kept(worker);
    if (!kept)
        return false;
    bool given = fill_job(keeper, kept->checkpoint, kept->branch, kept->path, &job);
    kept->checkpoint = NULL;
    job.token = kept->token;
    worker_kept_free(kept);
    if (given && !keeper->saver)
        given = saver_start(&keeper->saver, &job.error) == STATUS_OK;
    if (given)
        given = saver_give(keeper->saver, &job);
    else {
        saver_job_free(&job);
        report(&job, out);
    }
    return !given;
}

static enum status outcome_of(const struct saver_job *job, struct error *error)
{
    const enum status status = job->error.status;
    return status == STATUS_OK ? status : error_set(error, status, "%s", job->error.message);
}

/* Here and now.  Takes over the checkpoint; NULL: there was no memory for it. */
static enum status write_now(struct keeper *keeper, struct checkpoint *checkpoint, uint16_t branch, const char *path,
                             struct error *error)
{
    struct saver_job job;
    if (!checkpoint)
        return error_memory(error);
    if (fill_job(keeper, checkpoint, branch, path, &job))
        saver_write(&job);
    saver_job_free(&job);
    return outcome_of(&job, error);
}

/* What is under way. */
static enum status await(struct keeper *keeper, struct error *error)
{
    struct saver_job job;
    if (!keeper->saver || !saver_take(keeper->saver, true, &job))
        return STATUS_OK;
    saver_job_free(&job);
    return outcome_of(&job, error);
}

enum status keeper_finish(struct keeper *keeper, struct worker *worker, uint16_t branch, bool save, struct error *error)
{
    signals_protect(); /* from one checkpoint to the next, too */
    bool whole = await(keeper, error) == STATUS_OK;
    struct worker_kept *kept = worker_take_kept(worker);
    if (kept) {
        whole &= write_now(keeper, kept->checkpoint, kept->branch, kept->path, error) == STATUS_OK;
        kept->checkpoint = NULL;
        worker_kept_free(kept);
    }
    for (char *path; (path = worker_next_save(worker)) != NULL; mem_free(path))
        whole &=
            worker_is_finite(worker) && write_now(keeper, worker_checkpoint(worker), branch, path, error) == STATUS_OK;
    if (save)
        whole &=
            write_now(keeper, worker_checkpoint(worker), branch, keeper->setup.spec->save_path, error) == STATUS_OK;
    signals_unprotect();
    return whole ? STATUS_OK : STATUS_FAILED;
}

/* Where the file's run was, with its curves. */
static enum status go_on(const struct checkpoint_file *file, const struct spec *spec, struct keeper_begun *begun,
                         struct error *error)
{
    struct trainer *trainer = begun->trainer;
    enum status status = checkpoint_apply(file, trainer, error);
    if (status == STATUS_OK && trainer_seed(trainer) != spec->seed)
        status = error_set(error, STATUS_USAGE, "--seed %llu: %s goes on with seed %llu",
                           (unsigned long long)spec->seed, spec->load_path, (unsigned long long)trainer_seed(trainer));
    if (status == STATUS_OK)
        status = checkpoint_record(file, &begun->record, error);
    if (status == STATUS_OK && begun->record && !record_show(begun->record, begun->history))
        status = error_memory(error);
    return status;
}

enum status keeper_load(const struct checkpoint_file *file, const struct spec *spec, struct keeper_begun *begun,
                        struct error *error)
{
    begun->record = NULL;
    return spec->load_weights ? checkpoint_start(file, begun->trainer, error) : go_on(file, spec, begun, error);
}
