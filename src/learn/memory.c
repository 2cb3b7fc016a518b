/* Adds up what a run takes of memory, part by part, and prints it. */
#include "learn/memory.h"

#include <assert.h>

#include "base/number.h"
#include "learn/trainer.h"

static const char *const part_name[] = {
    [MEMORY_PARAMETERS] = "parameters",
    [MEMORY_GRADIENTS] = "gradients",
    [MEMORY_MOMENTS] = "moments",
    [MEMORY_BEST] = "best, with moments",
    [MEMORY_START] = "weights to begin with",
    [MEMORY_ACTIVATIONS] = "activations",
    [MEMORY_SECOND] = "second trainers",
    [MEMORY_FRAMES] = "frames for pictures",
    [MEMORY_SNAPSHOTS] = "snapshots",
    [MEMORY_RECORDS] = "records of the branches",
    [MEMORY_HISTORY] = "history for the curves",
    [MEMORY_DATA] = "data",
};
static_assert(sizeof part_name / sizeof part_name[0] == MEMORY_PARTS, "a name for each part");

void memory_add_trainer(struct memory *memory, const struct trainer *trainer, bool second)
{
    const struct trainer_memory held = trainer_memory(trainer);
    const size_t part[] = {
        [MEMORY_PARAMETERS] = held.parameters, [MEMORY_GRADIENTS] = held.gradients,
        [MEMORY_MOMENTS] = held.moments,       [MEMORY_BEST] = held.best,
        [MEMORY_START] = held.start,           [MEMORY_ACTIVATIONS] = held.activations,
    };
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
        memory->bytes[second ? MEMORY_SECOND : i] += part[i];
}

/* In whole KiB, rounded up. */
static char *kib(char *out, size_t size, size_t bytes)
{
    return number_count(out, size, (bytes + 1023) / 1024);
}

void memory_print(FILE *out, const struct memory *memory)
{
    size_t sum = 0;
    char text[32], budget[32];
    fprintf(out, "%-24s %11s\n", "memory", "KiB");
    for (size_t i = 0; i < MEMORY_PARTS; i++) {
        sum += memory->bytes[i];
        if (memory->bytes[i] == 0)
            continue;
        fprintf(out, "  %-22s %11s", part_name[i], kib(text, sizeof text, memory->bytes[i]));
        if (i == MEMORY_SNAPSHOTS)
            fprintf(out, "  of %s", kib(budget, sizeof budget, memory->budget));
        fputc('\n', out);
    }
    if (memory->process > sum) {
        fprintf(out, "  %-22s %11s\n", "program and libraries", kib(text, sizeof text, memory->process - sum));
        sum = memory->process;
    }
    fprintf(out, "  %-22s %11s\n", "in all", kib(text, sizeof text, sum));
}
