/* Follows the journal of another run: the entry that comes next, and whether this run agrees with it. */
#ifndef ENGINE_SCRIPT_H
#define ENGINE_SCRIPT_H

#include <stdbool.h>

#include "engine/journal.h"
#include "engine/track.h"
#include "learn/trainer.h"

struct script {
    struct journal_script *from; /* borrowed; NULL: there is nothing to follow (any more) */
    struct journal_entry entry;  /* the next one, with its text */
    /* The command that is being carried out comes from the journal: it gets no reply, and a pause that a person has set
     * stays. */
    bool obeying;
};

/* Reads the first entry; there may be none. */
void script_begin(struct script *script);
/* Whether there is more to follow. */
bool script_goes_on(const struct script *script);
void script_drop(struct script *script); /* follows no more; frees the entry's text */

enum script_place {
    SCRIPT_LATER, /* the next entry belongs to a later point, or is a divergence, which the next step shows */
    SCRIPT_HERE,
    SCRIPT_MISSED, /* it belongs to a point that this run did not come to */
};
enum script_place script_place(const struct script *script, const struct track_point *here);
/* The next entry, with its text, which is the caller's from here on. */
struct journal_entry script_take(struct script *script);

/* Whether the outcome that the journal has is the trainer's. */
bool script_agrees(const struct journal_entry *entry, struct trainer *trainer);
/* After a divergence: takes the entry that tells of it.  False: there is none, or nothing comes after it. */
bool script_expects_divergence(struct script *script, const struct track_point *here);

#endif
