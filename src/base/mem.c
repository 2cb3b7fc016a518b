/* The one allocator: aligned, cleared, checked for overflow; and what memory the machine and this process have. */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define LARGE_PAGE ((size_t)2 << 20)
#define LARGE_FROM (8 * LARGE_PAGE) /* bytes from which a cleared block is laid in large pages */

/* Bytes of so many elements, up to a multiple of the alignment and never 0: an empty request still gets an address of
 * its own.  0: overflow. */
static size_t bytes_of(size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - MEM_ALIGNMENT) / size)
        return 0;
    const size_t bytes = count * size;
    return (bytes + (bytes == 0) + MEM_ALIGNMENT - 1) / MEM_ALIGNMENT * MEM_ALIGNMENT;
}

void *mem_alloc(size_t count, size_t size)
{
    const size_t bytes = bytes_of(count, size);
    void *memory = NULL;
    if (bytes >= LARGE_FROM)
        memory = mem_alloc_large(count, size);
    else if (bytes > 0)
        memory = aligned_alloc(MEM_ALIGNMENT, bytes);
    if (memory)
        memset(memory, 0, bytes);
    return memory;
}

void *mem_alloc_large(size_t count, size_t size)
{
    const size_t bytes = bytes_of(count, size), whole = bytes / LARGE_PAGE * LARGE_PAGE;
    void *memory = NULL;
    if (bytes == 0 || posix_memalign(&memory, whole > 0 ? LARGE_PAGE : MEM_ALIGNMENT, bytes) != 0)
        return NULL;
#ifdef MADV_HUGEPAGE
    if (whole > 0)
        madvise(memory, whole, MADV_HUGEPAGE); /* where it is refused, small pages do */
#endif
    return memory;
}

void *mem_resize(void *memory, size_t old_count, size_t count, size_t size)
{
    void *grown = mem_alloc(count, size);
    if (!grown)
        return NULL;
    if (memory) {
        memcpy(grown, memory, (old_count < count ? old_count : count) * size);
        mem_free(memory);
    }
    return grown;
}

void mem_free(void *memory)
{
    free(memory);
}

char *mem_string(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = mem_alloc(size, 1);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

bool mem_fits(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    munmap(memory, bytes);
    return true;
}

double mem_machine(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (double)pages * (double)size : 0;
}

#if defined(__APPLE__)
#define MAXRSS_UNIT 1
#else
#define MAXRSS_UNIT 1024
#endif

size_t mem_process_peak(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (size_t)usage.ru_maxrss * MAXRSS_UNIT : 0;
}
