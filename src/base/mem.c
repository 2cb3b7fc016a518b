#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *mem_alloc(size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - MEM_ALIGNMENT) / size)
        return NULL;
    /* aligned_alloc wants a multiple of the alignment; an empty request still gets an address of its own. */
    size_t bytes = count * size;
    size_t rounded = (bytes + (bytes == 0) + MEM_ALIGNMENT - 1) / MEM_ALIGNMENT * MEM_ALIGNMENT;
    void *memory = aligned_alloc(MEM_ALIGNMENT, rounded);
    if (memory)
        memset(memory, 0, rounded);
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

double mem_machine(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (double)pages * (double)size : 0;
}
