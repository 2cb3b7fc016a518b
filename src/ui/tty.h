/* What is known of a terminal without asking curses: its size, and what its name and the environment say. */
#ifndef UI_TTY_H
#define UI_TTY_H

#include <stdbool.h>

/* In cells; on a line that knows no size what LINES and COLUMNS say, or 24 and 80. */
void tty_size(int file, int *width, int *height);

/* The consoles that have no font for Braille, and terminals older than Unicode. */
bool tty_is_plain(const char *name);

/* NO_COLOR is set to something. */
bool tty_refuses_colour(void);

/* It calls itself a terminal of 256 colours, but COLORTERM says that it takes any. */
bool tty_wants_direct_colour(const char *name);

#endif
