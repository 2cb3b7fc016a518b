#include "ui/rescue.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum {
    STACK_BYTES = 65536, /* the widest vector registers alone are 11 kB of a signal's frame */
    PATIENCE_MS = 500,   /* for a terminal that takes nothing: a stopped one must not keep the program from ending */
};

/* What signal handlers need, which are given nothing but a number: the one exception from "no state outside of
 * objects".  Written while no handler is installed. */
static struct {
    int terminal, wake;
    struct termios modes;
    char sequence[512];
    size_t length;
    volatile sig_atomic_t ends; /* wishes to end that nobody has taken note of */
    struct sigaction before[NSIG];
    char stack[STACK_BYTES]; /* for handlers of fatal signals: the usual one may be what has run out */
    bool stack_used;
} rescue;

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};
static const struct {
    int number;
    char letter; /* what goes down the pipe */
} polite_signals[] = {{SIGINT, 'e'}, {SIGTERM, 'e'}, {SIGHUP, 'e'}, {SIGWINCH, 'w'}, {SIGTSTP, 'z'}, {SIGCONT, 'c'}};

static void write_all(int file, const char *bytes, size_t count)
{
    struct pollfd line = {.fd = file, .events = POLLOUT};
    while (count > 0 && poll(&line, 1, PATIENCE_MS) == 1) {
        const ssize_t written = write(file, bytes, count);
        if (written < 0 && errno != EINTR)
            return;
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        }
    }
}

static void give_back(void)
{
    write_all(rescue.terminal, rescue.sequence, rescue.length);
    tcsetattr(rescue.terminal, TCSANOW, &rescue.modes);
}

/* The handler that was there before (a sanitizer's, or the default) finishes the job: a fault happens again at once
 * when this one returns; a signal that was sent is sent again. */
static void on_fatal(int number, siginfo_t *info, void *context)
{
    (void)context;
    give_back();
    sigaction(number, &rescue.before[number], NULL);
    if (info->si_code <= 0)
        raise(number);
}

static void on_polite(int number)
{
    const int saved = errno;
    for (size_t i = 0; i < sizeof polite_signals / sizeof *polite_signals; i++) {
        if (polite_signals[i].number != number)
            continue;
        if (polite_signals[i].letter == 'e' && ++rescue.ends > 1) { /* asked before, and nobody listened */
            give_back();
            signal(number, SIG_DFL);
            raise(number);
        }
        if (write(rescue.wake, &polite_signals[i].letter, 1) < 0)
            break; /* the pipe is full of such letters: enough to wake up */
    }
    errno = saved;
}

/* Unless there is one already (a sanitizer's). */
static void stack_install(void)
{
    stack_t now, own = {.ss_sp = rescue.stack, .ss_size = sizeof rescue.stack};
    if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE))
        rescue.stack_used = sigaltstack(&own, NULL) == 0;
}

static void stack_remove(void)
{
    if (rescue.stack_used)
        sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
    rescue.stack_used = false;
}

void rescue_install(void)
{
    stack_install();
    struct sigaction fatal = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&fatal.sa_mask);
    for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++)
        sigaction(fatal_signals[i], &fatal, &rescue.before[fatal_signals[i]]);
    struct sigaction polite = {.sa_handler = on_polite, .sa_flags = SA_RESTART};
    sigemptyset(&polite.sa_mask);
    for (size_t i = 0; i < sizeof polite_signals / sizeof *polite_signals; i++) {
        const int number = polite_signals[i].number;
        sigaction(number, &polite, &rescue.before[number]);
        if (rescue.before[number].sa_handler == SIG_IGN && number != SIGWINCH) /* nohup and the like stay in force */
            sigaction(number, &rescue.before[number], NULL);
    }
}

void rescue_remove(void)
{
    for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++)
        sigaction(fatal_signals[i], &rescue.before[fatal_signals[i]], NULL);
    for (size_t i = 0; i < sizeof polite_signals / sizeof *polite_signals; i++)
        sigaction(polite_signals[i].number, &rescue.before[polite_signals[i].number], NULL);
    stack_remove();
}

void rescue_prepare(int terminal, int wake, const struct termios *modes)
{
    rescue.terminal = terminal;
    rescue.wake = wake;
    rescue.modes = *modes;
    rescue.length = 0;
    rescue.ends = 0;
}

void rescue_add(const char *text)
{
    while (text && *text && rescue.length < sizeof rescue.sequence) {
        const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
        if (end)
            text = end + 1;
        else
            rescue.sequence[rescue.length++] = *text++;
    }
}

void rescue_heard(void)
{
    rescue.ends = 0;
}
