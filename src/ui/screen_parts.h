/* The screen's own parts, for the files that make it: screen.c opens, shows and closes, screen_direct.c describes a
 * terminal with direct colour, screen_input.c takes in keys, mouse and signals.  They alone know curses. */
#ifndef UI_SCREEN_PARTS_H
#define UI_SCREEN_PARTS_H

#include <stdio.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "ui/decoder.h"
#include "ui/rendition.h"
#include "ui/screen.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

struct screen {
    SCREEN *terminal;
    FILE *in, *out;
    int width, height;
    bool open; /* between newterm and endwin */
    bool ascii, mouse;
    bool redraw; /* `shown` is not what the terminal shows */
    struct decoder decoder;
    struct grid shown;
    struct renderer renderer;
    struct pair_table pairs;
    uint64_t cells_written;
};

/* Of the present terminal's description; NULL: it has none of that name. */
const char *screen_capability(const char *name);

/* What the keys of the present terminal send. */
void screen_learn_keys(struct decoder *decoder);

/* Takes the size from the terminal. */
void screen_measure(struct screen *screen);

/* Takes the terminal again after something else has had it. */
void screen_resume(struct screen *screen);

/* A terminal with direct colour, from a description that is on the disk for this moment only; NULL: do without. */
SCREEN *screen_open_direct(const char *name, FILE *out, FILE *in);

#endif
