/* Writes checkpoints on a thread of its own, one after the other.
 *
 * DESIGN.  One slot and a mutex: the owner fills an empty slot and takes what is done out of it, the thread alone works
 * on what is given.  While it does, nobody holds the mutex. */
#include "store/saver.h"

#include <pthread.h>

#include "base/mem.h"
#include "base/signals.h"
#include "base/thread.h"

enum slot { SLOT_EMPTY, SLOT_GIVEN, SLOT_DONE };

struct saver {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    enum slot slot;
    bool stop;
    struct saver_job job; /* the thread's while SLOT_GIVEN, else the owner's */
};

void saver_job_free(struct saver_job *job)
{
    checkpoint_free(job->checkpoint);
    mem_free(job->spec);
    job->checkpoint = NULL;
    job->spec = NULL;
}

void saver_write(struct saver_job *job)
{
    job->error = (struct error){.status = STATUS_OK};
    job->notes.spec = job->spec;
    signals_protect();
    job->error.status = checkpoint_write(job->checkpoint, &job->notes, job->path, &job->error);
    signals_unprotect();
}

static void *run(void *argument)
{
    struct saver *saver = argument;
    pthread_mutex_lock(&saver->mutex);
    for (;;) {
        while (saver->slot != SLOT_GIVEN && !saver->stop)
            pthread_cond_wait(&saver->changed, &saver->mutex);
        if (saver->slot != SLOT_GIVEN)
            break;
        pthread_mutex_unlock(&saver->mutex);
        saver_write(&saver->job);
        pthread_mutex_lock(&saver->mutex);
        saver->slot = SLOT_DONE;
        pthread_cond_broadcast(&saver->changed);
    }
    pthread_mutex_unlock(&saver->mutex);
    return NULL;
}

static void release(struct saver *saver)
{
    pthread_cond_destroy(&saver->changed);
    pthread_mutex_destroy(&saver->mutex);
    mem_free(saver);
}

enum status saver_start(struct saver **out, struct error *error)
{
    struct saver *saver = mem_alloc(1, sizeof *saver);
    if (!saver)
        return error_memory(error);
    pthread_mutex_init(&saver->mutex, NULL);
    pthread_cond_init(&saver->changed, NULL);
    enum status status = thread_start(&saver->thread, run, saver, error);
    if (status != STATUS_OK) {
        release(saver);
        return status;
    }
    *out = saver;
    return STATUS_OK;
}

void saver_stop(struct saver *saver)
{
    if (!saver)
        return;
    pthread_mutex_lock(&saver->mutex);
    saver->stop = true;
    pthread_cond_broadcast(&saver->changed);
    pthread_mutex_unlock(&saver->mutex);
    pthread_join(saver->thread, NULL);
    saver_job_free(&saver->job);
    release(saver);
}

bool saver_ready(struct saver *saver)
{
    pthread_mutex_lock(&saver->mutex);
    const bool empty = saver->slot == SLOT_EMPTY;
    pthread_mutex_unlock(&saver->mutex);
    return empty;
}

bool saver_give(struct saver *saver, const struct saver_job *job)
{
    pthread_mutex_lock(&saver->mutex);
    const bool empty = saver->slot == SLOT_EMPTY;
    if (empty) {
        saver->job = *job;
        saver->slot = SLOT_GIVEN;
        pthread_cond_broadcast(&saver->changed);
    }
    pthread_mutex_unlock(&saver->mutex);
    return empty;
}

bool saver_take(struct saver *saver, bool wait, struct saver_job *out)
{
    pthread_mutex_lock(&saver->mutex);
    while (wait && saver->slot == SLOT_GIVEN)
        pthread_cond_wait(&saver->changed, &saver->mutex);
    const bool done = saver->slot == SLOT_DONE;
    if (done) {
        *out = saver->job;
        saver->job = (struct saver_job){.token = 0};
        saver->slot = SLOT_EMPTY;
    }
    pthread_mutex_unlock(&saver->mutex);
    return done;
}
