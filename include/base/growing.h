/* A file that grows while the program runs: the journal and the log.
 *
 * The file is locked as long as it is open, so that two programs do not mix their lines.  The lock is flock(2): it
 * belongs to the open file, so other descriptors of this process do not release it (POSIX record locks would), Linux,
 * macOS and the BSDs have it, and Linux takes it across NFS.  It binds only programs that ask for it.  The descriptor
 * closes on exec, so no child keeps the lock.  A file system without locks takes none; the file is then written all the
 * same.
 *
 * After each write the file is looked at: it may have been removed, replaced or changed from outside.  The first fault
 * stays, and nothing is written after it: an unfinished line is never continued.  A pipe or a terminal whose reader takes
 * nothing is waited for, but after a wish to end (base/signals.h) only for some seconds: then that is a fault.  One
 * thread at a time. */
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

/* Whether a program writes it. */
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
/* After a fault: what was written before it is still in the file, under its name. */
bool growing_keeps_begin(const struct growing *file);
/* The file is whole, but no longer under its name. */
bool growing_moved(const struct growing *file);

void growing_free(struct growing *file); /* closes it, too; NULL is fine */

#endif
