/* The journal of a run: a text file from which the run can be repeated bit for bit.
 *
 * DESIGN.  The first line is the format's name and version.  Then the spec (setup/spec_text.h), the checkpoint that the
 * run began with, and facts about the machine and the data file; then, after a blank line, one line for each thing that
 * happened, in order:
 *
 *     > BRANCH STEP command arguments      an input: a replay obeys it when it is on that branch at that step
 *     < BRANCH STEP outcome value          an outcome: a replay has the same, or says where it departs
 *
 * A line is appended and flushed before the command is applied, so a killed program loses at most the line it was
 * writing; a last line without its end is not read.  The worker writes; a failure to write is a warning, the run goes
 * on.  The file is locked while it is written (base/growing.h): a second run is refused, a replay reads what is there. */
#ifndef ENGINE_JOURNAL_H
#define ENGINE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/command.h"
#include "base/status.h"
#include "learn/stage.h"
#include "setup/spec.h"

/* A file as it was; all 0 where there is none, or none that could be read twice. */
struct journal_file {
    uint64_t size, hash; /* FNV-1a 64 of its bytes */
};

struct journal_facts {
    char kernels[48];         /* "v4" or "sgemm (Zen)" */
    bool portable;            /* the same bits on every machine: the net is small enough for the own kernels */
    unsigned threads;         /* of BLAS */
    struct journal_file data; /* the task's; toys have none */
    struct journal_file test; /* of --test */
    struct journal_file load; /* of the checkpoint that it began with */
    struct journal_file stage[TRAINER_STAGES_MAX]; /* of the stages that have data of their own, in their order; ... */
    size_t stages;                                 /* ... so many */
    bool unfinished; /* another program was writing the journal while it was read; no line of it */
};

enum journal_outcome {
    OUTCOME_STATE,      /* value = state_hash after the evaluation of that step and the script's turns */
    OUTCOME_EARLY_STOP, /* value = step of the best */
    OUTCOME_DIVERGED,
    OUTCOME_END, /* value = state_hash, or 0: not taken; the program was left here */
    OUTCOME_KINDS,
};

struct journal_entry {
    bool input;
    uint16_t branch;
    uint64_t step;
    struct request request;       /* of an input */
    enum journal_outcome outcome; /* else */
    uint64_t value;
};

/* Writing. */

struct journal;

/* Creates the file, or writes over it, with folders on the way to it.  STATUS_FAILED with the reason when it cannot be
 * written, or another run is writing it. */
enum status journal_create(struct journal **out, const char *path, const struct spec *spec,
                           const struct journal_facts *facts, struct error *error);
/* Entries come in the order in which they are to be replayed.  Commands that a replay does not need (pauses, speed, what
 * is only looked at) are left out.  The text of a request stays the caller's.  One thread. */
void journal_write(struct journal *journal, const struct journal_entry *entry);
/* NULL while all is well, else what went wrong, once and for all.  Any thread. */
const char *journal_warning(const struct journal *journal);
const char *journal_path(const struct journal *journal);
/* Checks the file a last time and closes it; no other thread may write any more.  Must come before the two functions
 * that follow. */
void journal_finish(struct journal *journal);
/* NULL when the journal is whole and in its place, else a sentence that says what is missing, and why. */
const char *journal_loss(const struct journal *journal);
/* Whether a replay of the file does what the run did; after a failure up to step *end. */
bool journal_replays(const struct journal *journal, uint64_t *end);
void journal_close(struct journal *journal); /* NULL is fine */

/* Reading. */

struct journal_script;

/* Reads a journal whole and checks every line; fills a spec that spec_init has made.  Errors name file and line.
 * Memory: one line; the file stays open, and entries are read from it one by one.  A file is refused at its first wrong
 * line, and when it is larger than JOURNAL_SIZE_MAX. */
#define JOURNAL_SIZE_MAX ((size_t)256 << 20)
enum status journal_read(struct journal_script **out, const char *path, struct spec *spec, struct journal_facts *facts,
                         struct error *error);
/* The next entry, whose text the caller frees; false at the end. */
bool journal_next(struct journal_script *script, struct journal_entry *out);
void journal_script_free(struct journal_script *script); /* NULL is fine */

#endif
