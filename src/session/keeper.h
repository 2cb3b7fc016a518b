/* What a session does about checkpoints: it takes what the worker has copied and has the saver write it; and it begins a
 * run from a file.  Everything is called by the session's thread. */
#ifndef SESSION_KEEPER_H
#define SESSION_KEEPER_H

#include "engine/worker.h"
#include "metrics/event.h"
#include "metrics/history.h"
#include "setup/material.h"
#include "setup/spec.h"
#include "store/saver.h"

struct keeper;

/* All pointers, and the strings of `notes`, are borrowed until keeper_free. */
struct keeper_setup {
    const struct spec *spec;
    const struct material *material;
    struct checkpoint_notes notes; /* what is the same for all: columns, tokenizer, task */
};

struct keeper *keeper_create(const struct keeper_setup *setup); /* NULL: out of memory */
void keeper_free(struct keeper *keeper);                        /* NULL is fine */

/* Never waits.  True when a file is written or could not be: *out is EVENT_SAVED, or EVENT_REFUSED with the reason, and
 * has the command's token; 0: --save-every's own. */
bool keeper_poll(struct keeper *keeper, struct worker *worker, struct event *out);

/* After worker_stop: waits for what is being written; writes what the worker has kept, then the last state, which is
 * that of the branch, for each command to save that the worker did not come to and, if `save`, to --save's file.  A state
 * that is not finite (worker_is_finite) is not written.  STATUS_FAILED when one of them was not written. */
enum status keeper_finish(struct keeper *keeper, struct worker *worker, uint16_t branch, bool save,
                          struct error *error);

/* What a run begins with. */
struct keeper_begun {
    struct trainer *trainer; /* both borrowed */
    struct history *history;
    struct record *record; /* of what led there, NULL: nothing is known; the caller's, also on failure */
};

/* The trainer goes on from --load's file, with its curves in the record and in the history's branch 0; or, if the spec
 * says so, begins with its weights. */
enum status keeper_load(const struct checkpoint_file *file, const struct spec *spec, struct keeper_begun *begun,
                        struct error *error);

#endif
