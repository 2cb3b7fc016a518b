/* Meets the limits on memory and stack before the program begins. */
#include "app/limits.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "nn/gemm.h"

#define STACK_LEAST ((rlim_t)256 << 10)
#define STACK_USUAL ((rlim_t)8 << 20)

/* True when the limit was too low and is higher now. */
static bool raise_stack(rlim_t *size)
{
    struct rlimit stack;
    if (getrlimit(RLIMIT_STACK, &stack) != 0) {
        *size = STACK_USUAL;
        return false;
    }
    *size = stack.rlim_cur;
    if (stack.rlim_cur >= STACK_LEAST || stack.rlim_cur == stack.rlim_max)
        return false;
    stack.rlim_cur = stack.rlim_max < STACK_USUAL ? stack.rlim_max : STACK_USUAL;
    if (setrlimit(RLIMIT_STACK, &stack) != 0)
        return false;
    *size = stack.rlim_cur;
    return true;
}

enum status limits_meet(char **argv, struct error *error)
{
    rlim_t size;
    const bool raised = raise_stack(&size), starved = gemm_is_starved();
    if (starved)
        setenv("OPENBLAS_NUM_THREADS", "1", 1);
    if (starved || raised) /* a stack counts for the library's threads from the start */
        execv("/proc/self/exe", argv);
    /* Here nothing was to be changed, or there is no /proc. */
    if (size < STACK_LEAST)
        return error_set(error, STATUS_FAILED, "the stack is limited to %llu kB, %llu kB are needed: ulimit -s %llu",
                         (unsigned long long)(size >> 10), (unsigned long long)(STACK_LEAST >> 10),
                         (unsigned long long)(STACK_LEAST >> 10));
    return STATUS_OK;
}
