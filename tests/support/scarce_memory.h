/* Memory that runs out at the n-th request: `watch.granted_most` of them are granted while it is `on`.
 *
 * For a program linked with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=posix_memalign,
 * --wrap=free, so that its own requests come here; those of the C library and of libcsv do not. */
#ifndef TESTS_SUPPORT_SCARCE_MEMORY_H
#define TESTS_SUPPORT_SCARCE_MEMORY_H

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Threads of the program ask too. */
static struct {
    atomic_bool on;
    atomic_long granted_most;  /* requests that are granted */
    atomic_long granted, held; /* so far, and not yet released */
} watch;

/* Whether a request may go on.  Once one is refused, memory does not come back. */
static bool may(void)
{
    return !watch.on || watch.granted < watch.granted_most;
}

static void *count(void *memory)
{
    if (watch.on && memory) {
        watch.granted++;
        watch.held++;
    }
    return memory;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t many, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_posix_memalign(void **memory, size_t alignment, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t many, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size);
void __wrap_free(void *memory);

void *__wrap_malloc(size_t size)
{
    return may() ? count(__real_malloc(size)) : NULL;
}

void *__wrap_calloc(size_t many, size_t size)
{
    return may() ? count(__real_calloc(many, size)) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
    if (!may())
        return NULL;
    void *moved = __real_realloc(memory, size);
    return memory ? moved : count(moved);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return may() ? count(__real_aligned_alloc(alignment, size)) : NULL;
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size)
{
    int failure = may() ? __real_posix_memalign(memory, alignment, size) : ENOMEM;
    if (failure == 0)
        count(*memory);
    return failure;
}

void __wrap_free(void *memory)
{
    if (watch.on && memory)
        watch.held--;
    __real_free(memory);
}

#endif
