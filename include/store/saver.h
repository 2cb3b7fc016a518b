/* A thread that writes checkpoints, so that neither training nor the screen waits for a disk. */
#ifndef STORE_SAVER_H
#define STORE_SAVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "store/checkpoint.h"

#define SAVER_PATH_SIZE 512

/* One file to be written, and what became of it. */
struct saver_job {
    struct checkpoint *checkpoint; /* owned by the job, as is the next */
    char *spec;                    /* text of it; may be NULL */
    struct checkpoint_notes notes; /* the rest of the notes, borrowed until the job comes back */
    char path[SAVER_PATH_SIZE];
    uint32_t token;     /* of the command, for who asked */
    struct error error; /* afterwards: STATUS_OK or the reason */
};

void saver_job_free(struct saver_job *job); /* what it owns */
/* Does it here and now; the outcome is in job->error. */
void saver_write(struct saver_job *job);

struct saver;

enum status saver_start(struct saver **out, struct error *error);
void saver_stop(struct saver *saver); /* finishes the job under way; NULL is fine */

/* All below: one thread, the owner.  One job at a time: false while there is one that has not been taken back. */
bool saver_give(struct saver *saver, const struct saver_job *job);
bool saver_ready(struct saver *saver); /* a job would be accepted */
/* A job that is done, or false.  `wait`: until there is one, if there is one under way. */
bool saver_take(struct saver *saver, bool wait, struct saver_job *out);

#endif
