/* Signals: requests to end, the signals that a screen has to know of, and restoring the terminal.
 *
 * DESIGN.  Signal handlers are given nothing but a number, so signals.c holds what they need in one static struct: the
 * program's one exception from "no state outside of objects".  Handlers call async-signal-safe functions only; what they
 * share with the program is atomic, or written while no handler that reads it is installed.
 *
 * SIGINT, SIGTERM and SIGHUP ask the program to end.  The first one is noted (signals_ending) and becomes news.
 * Further ones are ignored for two seconds, since a closed window, a shell and timeout(1) send more than one, and while
 * a checkpoint is being written (signals_protect); after that the next one ends the program at once.  A signal that was
 * ignored when the program started (nohup) stays ignored.
 *
 * After that request the program does not wait for a terminal that takes nothing (Ctrl-S, a stopped connection): once a
 * second an alarm checks the descriptors that the program writes messages and pictures to, and replaces those that are
 * stuck by /dev/null.  A write that waits then continues into /dev/null.
 *
 * While a screen is open, a fatal signal on any thread first restores the terminal and then runs the handler that
 * was installed before.  The thread that installs the handlers gives them a stack of their own, so that they also run
 * after a stack overflow of that thread.  A new size, a stop and a continuation become news. */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <stdbool.h>
#include <termios.h>

/* From here on a request to end is noted instead of obeyed, and SIGPIPE is an error of its write.  Forgets an earlier
 * request. */
void signals_catch(void);
/* After the last message: all as it was before signals_catch.  Does nothing without it. */
void signals_release(void);

bool signals_ending(void);

/* Between the two calls no request to end stops the program at once.  Calls nest, on any thread. */
void signals_protect(void);
void signals_unprotect(void);

enum signal_news {
    SIGNAL_NONE = 0,
    SIGNAL_END = 1,
    SIGNAL_STOP = 2, /* SIGTSTP: call signals_stop */
    SIGNAL_CONTINUE = 4,
    SIGNAL_SIZE = 8,
};

/* Takes the next signal that has arrived. */
enum signal_news signals_next(void);
/* A descriptor that can be read from when there may be news; -1: none, for lack of descriptors. */
int signals_wake(void);

/* ---- while a screen is open ---- */

/* The terminal that the screen writes to, and its modes as they are to be again. */
void signals_prepare_screen(int terminal, const struct termios *modes);
/* A sequence that puts the terminal back, without its padding ("$<5>"); NULL adds nothing. */
void signals_add_sequence(const char *text);
void signals_open_screen(void);
/* Call after the screen has restored the terminal.  Restores it itself when /dev/null has replaced the terminal. */
void signals_close_screen(void);

/* Stops the whole job, as the terminal's own Ctrl-Z does; returns when it continues. */
void signals_stop(void);

#endif
