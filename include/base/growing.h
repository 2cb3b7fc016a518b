/* A file that grows while the program runs: the journal and the log.
 *
 * The file is locked as long as it is open, so that two programs do not mix their lines.  The lock is flock(2): it
 * belongs to the open file, so other descriptors of this process do not release it (POSIX record locks would), Linux,
 * macOS and the BSDs have it, and Linux takes it across NFS.  It binds only programs that ask for it.  The descriptor
 * closes on exec, so no child keeps the lock.  A file system without locks takes none; the file is then written all the
 * same.
 *
 * After each write the module checks whether somebody has removed, replaced or changed the file.  It keeps the first
 * fault and writes nothing after it, so that no unfinished line is continued.  It waits for a pipe or a terminal whose
 * reader takes nothing; once the program has been asked to end (base/signals.h) it waits for a few seconds only, and
 * then that is a fault.  One thread at a time. */
#ifndef BASE_GROWING_H
#define BASE_GROWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct growing;

/* Creates or empties the file ("-": standard output, which is neither locked nor emptied).  `what` is the file's name
 * in messages ("log"), a literal.  STATUS_FAILED with the reason when it cannot be written, or when another program
 * writes it: the file is then as it was. */
enum status growing_open(struct growing **out, const char *path, const char *what, struct error *error);

/* The same for a regular file of which the first `keep` bytes stay: what is written follows them. */
enum status growing_open_at(struct growing **out, const char *path, const char *what, uint64_t keep,
                            struct error *error);

/* STATUS_FAILED when another program, or this one, writes the file that the path leads to.  Creates and locks
 * nothing. */
enum status growing_check(const char *path, const char *what, struct error *error);

/* Whether a program, this one included, has the file locked for writing. */
bool growing_is_taken(const char *path);

/* Appends whole lines.  False when they are not in the file, now or since a fault before. */
bool growing_write(struct growing *file, const char *text, size_t length);

/* Bytes in the file so far, those that stayed included; after a fault, with a part of what was to be appended then. */
uint64_t growing_size(const struct growing *file);

/* Looks at the file once more, brings it to the disk, closes it and releases its lock; growing_fault and growing_moved
 * still answer. */
void growing_close(struct growing *file);

/* NULL while all that was written is there, else the reason: "No space left on device", "it was removed". */
const char *growing_fault(const struct growing *file);
/* After a fault: whether the file still has its name and all that was written before the fault. */
bool growing_keeps_begin(const struct growing *file);
/* True when all lines are in the file, but the file has another name now. */
bool growing_moved(const struct growing *file);

void growing_free(struct growing *file); /* closes it, too; NULL is fine */

#endif
