/* Notes requests to end, wakes the screen for signals, and puts the terminal back before a fatal one. */
#include "base/signals.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    GRACE_MS = 2000,     /* in which a further request to end is ignored */
    ALARM_S = 1,         /* between two looks at what is written to */
    PATIENT_LOOKS = 3,   /* looks that still wait for a slow line; later ones cut it off */
    STUCK_MS = 500,      /* without room for a byte: stuck */
    STACK_BYTES = 65536, /* the widest vector registers alone are 11 kB of a signal's frame */
    OUTPUTS = 3,         /* standard output, standard error, the screen's */
    SCREEN_OUTPUT = 2,
    CANCEL = 0x18, /* ends a sequence that was cut off */
};

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};
static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
static const int screen_signals[] = {SIGWINCH, SIGTSTP, SIGCONT};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static_assert(ATOMIC_INT_LOCK_FREE == 2, "handlers share atomic integers with the program");

static struct {
    /* Used between signals_catch and signals_release. */
    bool caught;
    int wake[2], nowhere;
    struct sigaction before[NSIG];
    atomic_uint news;
    atomic_uint asked; /* when the first request came, in milliseconds, not 0; 0: there was none */
    atomic_uint protected;
    atomic_uint looks;
    atomic_int output[OUTPUTS]; /* that may get stuck; -1: none */
    atomic_bool cut[OUTPUTS];   /* goes to /dev/null */
    /* Of an open screen. */
    bool screen;
    int terminal; /* opened once more, so that putting it back does not wait for it */
    struct termios modes;
    char sequence[512];
    size_t length;
    char stack[STACK_BYTES]; /* for handlers of fatal signals: the usual one may be what has run out */
    bool stack_used;
} state = {.wake = {-1, -1}, .nowhere = -1, .output = {-1, -1, -1}, .terminal = -1};

/* ---- the terminal ---- */

static void write_all(int file, const char *bytes, size_t count)
{
    struct pollfd line = {.fd = file, .events = POLLOUT};
    while (count > 0 && poll(&line, 1, STUCK_MS) == 1) {
        const ssize_t written = write(file, bytes, count);
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return;
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        }
    }
}

static void put_terminal_back(void)
{
    write_all(state.terminal, state.sequence, state.length);
    tcsetattr(state.terminal, TCSANOW, &state.modes);
}

/* The terminal once more, in a description that does not wait for it: setting that mode on the one at hand would set it
 * for all who share it, the shell among them. */
static int open_again(int terminal)
{
    const char *name = ttyname(terminal);
    return name ? open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;
}

/* ---- handlers ---- */

static void tell(unsigned what)
{
    atomic_fetch_or(&state.news, what);
    if (state.wake[1] >= 0 && write(state.wake[1], "", 1) < 0)
        return; /* the pipe is full: it wakes as it is */
}

/* The handler that was there before (a sanitizer's, or the default) finishes the job: a fault happens again at once
 * when this one returns; a signal that was sent is sent again. */
static void on_fatal(int number, siginfo_t *info, void *context)
{
    (void)context;
    put_terminal_back();
    sigaction(number, &state.before[number], NULL);
    if (info->si_code <= 0)
        raise(number);
}

static void on_end(int number)
{
    const int saved = errno;
    unsigned first = atomic_load(&state.asked);
    const unsigned now = (unsigned)(clock_now() / 1000000) | 1;
    if (first == 0 && atomic_compare_exchange_strong(&state.asked, &first, now)) {
        alarm(ALARM_S);
        tell(SIGNAL_END);
    } else if (first != 0 && now - first >= GRACE_MS && atomic_load(&state.protected) == 0) {
        if (state.screen)
            put_terminal_back();
        signal(number, SIG_DFL);
        raise(number);
    }
    errno = saved;
}

/* Whether a write would return; an error returns at once. */
static bool takes_bytes(int file, int milliseconds)
{
    struct pollfd line = {.fd = file, .events = POLLOUT};
    return poll(&line, 1, milliseconds) != 0;
}

static void on_alarm(int number)
{
    (void)number;
    const int saved = errno;
    int wait = atomic_fetch_add(&state.looks, 1) < PATIENT_LOOKS ? STUCK_MS : 0;
    for (size_t i = 0; i < OUTPUTS; i++) {
        const int file = atomic_load(&state.output[i]);
        if (file < 0 || atomic_load(&state.cut[i]) || takes_bytes(file, wait))
            continue;
        atomic_store(&state.cut[i], state.nowhere >= 0 && dup2(state.nowhere, file) >= 0);
        wait = 0;
    }
    alarm(ALARM_S);
    errno = saved;
}

static void on_screen_signal(int number)
{
    const int saved = errno;
    if (number == SIGCONT)
        atomic_fetch_and(&state.news, ~(unsigned)SIGNAL_STOP); /* a stop that is still to come is over */
    tell(number == SIGWINCH ? SIGNAL_SIZE : number == SIGTSTP ? SIGNAL_STOP : SIGNAL_CONTINUE);
    errno = saved;
}

/* ---- installing ---- */

/* Unless it is ignored. */
static void install(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(number, NULL, &state.before[number]);
    if (state.before[number].sa_handler != SIG_IGN || number == SIGWINCH)
        sigaction(number, &action, NULL);
}

static void restore(int number)
{
    sigaction(number, &state.before[number], NULL);
}

void signals_catch(void)
{
    if (state.caught)
        signals_release();
    atomic_store(&state.news, 0);
    atomic_store(&state.asked, 0);
    atomic_store(&state.looks, 0);
    for (size_t i = 0; i < OUTPUTS; i++)
        atomic_store(&state.cut[i], false);
    atomic_store(&state.output[0], isatty(STDOUT_FILENO) ? STDOUT_FILENO : -1); /* a pipe's reader gets all of it */
    atomic_store(&state.output[1], STDERR_FILENO);
    state.nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (pipe(state.wake) != 0)
        state.wake[0] = state.wake[1] = -1;
    for (int end = 0; end < 2 && state.wake[end] >= 0; end++) {
        fcntl(state.wake[end], F_SETFL, O_NONBLOCK);
        fcntl(state.wake[end], F_SETFD, FD_CLOEXEC);
    }
    install(SIGALRM, on_alarm);
    install(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < LENGTH(ending_signals); i++)
        install(ending_signals[i], on_end);
    state.caught = true;
}

static void close_file(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

void signals_release(void)
{
    if (!state.caught)
        return;
    for (size_t i = 0; i < LENGTH(ending_signals); i++)
        restore(ending_signals[i]);
    alarm(0);
    restore(SIGALRM);
    restore(SIGPIPE);
    close_file(&state.wake[0]);
    close_file(&state.wake[1]);
    close_file(&state.nowhere);
    state.caught = false;
}

bool signals_ending(void)
{
    return atomic_load(&state.asked) != 0;
}

void signals_protect(void)
{
    atomic_fetch_add(&state.protected, 1);
}

void signals_unprotect(void)
{
    atomic_fetch_sub(&state.protected, 1);
}

int signals_wake(void)
{
    return state.wake[0];
}

enum signal_news signals_next(void)
{
    static const enum signal_news order[] = {SIGNAL_END, SIGNAL_STOP, SIGNAL_CONTINUE, SIGNAL_SIZE};
    char letters[64];
    if (atomic_load(&state.news) == 0)
        return SIGNAL_NONE;
    while (state.wake[0] >= 0 && read(state.wake[0], letters, sizeof letters) > 0)
        ;
    for (size_t i = 0; i < LENGTH(order); i++)
        if (atomic_fetch_and(&state.news, ~(unsigned)order[i]) & (unsigned)order[i])
            return order[i];
    return SIGNAL_NONE;
}

/* ---- the screen ---- */

void signals_prepare_screen(int terminal, const struct termios *modes)
{
    static const char cancel[] = {CANCEL, '\0'};
    state.terminal = open_again(terminal);
    if (state.terminal < 0)
        state.terminal = fcntl(terminal, F_DUPFD_CLOEXEC, 0);
    state.modes = *modes;
    state.length = 0;
    signals_add_sequence(cancel);
    atomic_store(&state.output[SCREEN_OUTPUT], terminal);
}

void signals_add_sequence(const char *text)
{
    while (text && *text && state.length < sizeof state.sequence) {
        const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
        if (end)
            text = end + 1;
        else
            state.sequence[state.length++] = *text++;
    }
}

/* Unless there is one already (a sanitizer's). */
static void stack_install(void)
{
    stack_t now, own = {.ss_sp = state.stack, .ss_size = sizeof state.stack};
    if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE))
        state.stack_used = sigaltstack(&own, NULL) == 0;
}

static void stack_remove(void)
{
    if (state.stack_used)
        sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
    state.stack_used = false;
}

void signals_open_screen(void)
{
    struct sigaction fatal = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&fatal.sa_mask);
    stack_install();
    for (size_t i = 0; i < LENGTH(fatal_signals); i++)
        sigaction(fatal_signals[i], &fatal, &state.before[fatal_signals[i]]);
    for (size_t i = 0; i < LENGTH(screen_signals); i++)
        install(screen_signals[i], on_screen_signal);
    state.screen = true;
}

void signals_close_screen(void)
{
    state.screen = false;
    for (size_t i = 0; i < LENGTH(fatal_signals); i++)
        restore(fatal_signals[i]);
    for (size_t i = 0; i < LENGTH(screen_signals); i++)
        restore(screen_signals[i]);
    stack_remove();
    atomic_store(&state.output[SCREEN_OUTPUT], -1);
    if (atomic_load(&state.cut[SCREEN_OUTPUT]))
        put_terminal_back();
    close_file(&state.terminal);
}

void signals_stop(void)
{
    struct sigaction on_stop, on_continue, action = {.sa_handler = SIG_IGN};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTSTP, &action, &on_stop);
    sigaction(SIGCONT, &action, &on_continue);
    kill(0, SIGTSTP);
    action.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &action, NULL);
    raise(SIGTSTP); /* this process last, and before anything else is done */
    sigaction(SIGTSTP, &on_stop, NULL);
    sigaction(SIGCONT, &on_continue, NULL);
}
