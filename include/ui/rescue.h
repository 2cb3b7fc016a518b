/* Signals while a screen is open.
 *
 * DESIGN.  Handlers are given nothing but a number, so what they need is kept in one static struct, written while no
 * handler is installed: the program's one exception from "no state outside of objects".  They call async-signal-safe
 * functions only.  A fatal signal, on whatever thread, puts the terminal back and then takes its course, through the
 * handler that was there before; the thread that installs has a stack of its own for it, so that even a stack that has
 * run out ends well.  Others become a letter in a pipe: 'e' end (INT, TERM, HUP), 'w' new size, 'z' stop, 'c'
 * continued.  A second wish to end while nobody has heard the first is obeyed at once.  A signal that was ignored when
 * the program started stays ignored. */
#ifndef UI_RESCUE_H
#define UI_RESCUE_H

#include <termios.h>

/* `wake`: the pipe's end to write to; `modes`: the terminal's as they were. */
void rescue_prepare(int terminal, int wake, const struct termios *modes);

/* A sequence that puts the terminal back, without its padding ("$<5>"); NULL adds nothing. */
void rescue_add(const char *text);

void rescue_install(void);
void rescue_remove(void);

/* The wish to end has been taken note of. */
void rescue_heard(void);

#endif
