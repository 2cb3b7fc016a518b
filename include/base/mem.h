/* The program's one allocator.  Sizes are checked for overflow, memory is zeroed
 * and aligned to 64 bytes (a cache line, and the widest vector).  NULL on failure, never an
 * exit.  Everything is released with mem_free, which accepts NULL. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

#define MEM_ALIGNMENT 64

/* `count` elements of `size` bytes, all zero. */
void *mem_alloc(size_t count, size_t size);

/* The same for megabytes that are written before they are read: not zeroed, and in large pages where the system has
 * them, since a page's first touch can cost many times the copy into it. */
void *mem_alloc_large(size_t count, size_t size);

/* Grows or shrinks `memory` from `old_count` to `count` elements of `size` bytes; new bytes are zero.
 * On failure NULL is returned and the old block stays valid. */
void *mem_resize(void *memory, size_t old_count, size_t count, size_t size);

void mem_free(void *memory);

/* A copy of the string, or NULL. */
char *mem_string(const char *text);

/* Whether the system would give this many bytes in one piece now.  Allocates nothing. */
bool mem_fits(size_t bytes);

/* Bytes of memory that the machine has; 0: unknown.  A system that promises more than it has ends programs that
 * believe it, so what is large is compared with this before it is asked for. */
double mem_machine(void);

/* The most bytes that this process has had in memory at one time, its program and libraries included; 0: unknown. */
size_t mem_process_peak(void);

#endif
