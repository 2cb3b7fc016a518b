/* Starts threads with signals blocked and with a stack of a size of their own. */
#include "base/thread.h"

#include <signal.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* The largest of our own frames has 30 kB; the rest is for libraries and sanitizers. */
#define STACK_BYTES ((size_t)2 << 20)

enum status thread_start(pthread_t *thread, void *(*run)(void *), void *argument, struct error *error)
{
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t others, before;
    sigfillset(&others);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        sigdelset(&others, own[i]);
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return error_memory(error);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &others, &before);
    const int failed = pthread_create(thread, &attributes, run, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return failed ? error_set(error, STATUS_FAILED,
                              "the system starts no more threads: memory, or the number of processes, is limited")
                  : STATUS_OK;
}

void thread_yield_to_others(void)
{
#ifdef __linux__
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 10);
#endif
}
