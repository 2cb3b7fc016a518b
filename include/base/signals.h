/* Signals: the wish to end, what a screen hears of, and the way back to the terminal's own modes.
 *
 * DESIGN.  Signal handlers are given nothing but a number, so signals.c holds what they need in one static struct: the
 * program's one exception from "no state outside of objects".  Handlers call async-signal-safe functions only; what they
 * share with the program is atomic, or written while no handler that reads it is installed.
 *
 * SIGINT, SIGTERM and SIGHUP are wishes to end.  The first is noted (signals_ending) and becomes news.  A further one is
 * ignored for two seconds, since a closed window, a shell and timeout(1) send it more than once, and while a checkpoint
 * is being written (signals_protect); after that it ends the program at once.  A signal that was ignored when the
 * program started (nohup) stays ignored.
 *
 * From the wish on nobody waits for a terminal that takes nothing (Ctrl-S, a stopped connection): a second later, and
 * each second from then on, an alarm looks at the descriptors that the program writes messages and pictures to, and puts
 * /dev/null in the place of those that are stuck.  A write that waits then goes on there.
 *
 * While a screen is open, a fatal signal, on whatever thread, first puts the terminal back and then takes its course
 * through the handler that was there before; the thread that installs has a stack of its own for it, so that even a
 * stack that has run out ends well.  A new size, a stop and a continuation become news. */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <stdbool.h>
#include <termios.h>

/* From here on a wish to end is noted instead of obeyed, and SIGPIPE is an error of its write.  Forgets an earlier
 * wish. */
void signals_catch(void);
/* After the last message: all as it was before signals_catch.  Does nothing without it. */
void signals_release(void);

bool signals_ending(void);

/* Between the two a wish to end does not end the program at once; they nest, on any thread. */
void signals_protect(void);
void signals_unprotect(void);

enum signal_news {
    SIGNAL_NONE = 0,
    SIGNAL_END = 1,
    SIGNAL_STOP = 2, /* SIGTSTP: call signals_stop */
    SIGNAL_CONTINUE = 4,
    SIGNAL_SIZE = 8,
};

/* What has come and was not yet taken, one after the other. */
enum signal_news signals_next(void);
/* A descriptor that can be read from when there may be news; -1: none, for lack of descriptors. */
int signals_wake(void);

/* ---- while a screen is open ---- */

/* The terminal that the screen writes to, and its modes as they are to be again. */
void signals_prepare_screen(int terminal, const struct termios *modes);
/* A sequence that puts the terminal back, without its padding ("$<5>"); NULL adds nothing. */
void signals_add_sequence(const char *text);
void signals_open_screen(void);
/* After the screen has put the terminal back; does so itself where /dev/null has taken the terminal's place. */
void signals_close_screen(void);

/* Stops the whole job, as the terminal's own Ctrl-Z does; returns when it continues. */
void signals_stop(void);

#endif
