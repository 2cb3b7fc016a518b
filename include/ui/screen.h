/* The terminal: the only part of the program that knows curses.
 *
 * DESIGN.  One screen at a time, used by one thread.  Signals that matter to it (a new size, a request to end, stop and
 * continue) become inputs, and wake screen_read through a pipe, so that it waits for keys and signals at once and
 * nothing is lost between looking and waiting; fatal ones put the terminal back first (base/signals.h, which must have
 * caught signals before).  What is shown is kept as a grid: screen_show hands curses the cells that changed and no
 * others.
 *
 * Colours arrive as 0xRRGGBB and become what the terminal has: direct colour, the nearest of 256, 16 or 8, or
 * attributes alone. Colour pairs are made on demand; when they run out, all are forgotten and the screen is drawn
 * afresh. */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "plot/grid.h"
#include "plot/palette.h"

struct screen;

struct screen_options {
    bool ascii; /* plain characters even if the terminal could do more */
    bool mouse; /* report clicks, the wheel and drags */
};

/* Keys are Unicode code points, or these.  Control letters arrive as their own code (Ctrl-U is 21);
 * Tab, Enter, Esc and Backspace always as the names below, whatever the terminal sends. */
enum key {
    KEY_CTRL_C = 3,
    KEY_CTRL_L = 12,
    KEY_CTRL_U = 21,
    KEY_CTRL_Z = 26,
    KEY_NAMED = 0x110000, /* above Unicode */
    KEY_ARROW_UP,
    KEY_ARROW_DOWN,
    KEY_ARROW_LEFT,
    KEY_ARROW_RIGHT,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_TO_START,
    KEY_TO_END, /* TO_START, TO_END: Home and End */
    KEY_RETURN,
    KEY_TABULATOR,
    KEY_BACK_TABULATOR,
    KEY_ERASE,
    KEY_REMOVE,
    KEY_ESCAPE, /* ERASE: Backspace; REMOVE: Delete */
    KEY_F1,
};

enum input_kind {
    INPUT_NONE, /* nothing came in time */
    INPUT_KEY,
    INPUT_MOUSE,
    INPUT_RESIZE, /* screen_size may have changed; the next screen_show draws everything */
    INPUT_END,    /* SIGINT, SIGTERM, SIGHUP, or the terminal has gone: end in good order */
};

enum mouse_action { MOUSE_PRESS, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct input {
    enum input_kind kind;
    uint32_t key;             /* INPUT_KEY: code point or enum key */
    enum mouse_action action; /* INPUT_MOUSE: of the left button, or the wheel */
    int x, y;                 /* INPUT_MOUSE: cell */
};

/* Whether there is a terminal that a screen could be opened on; it is left as it is.  To be asked before files are
 * written over. */
enum status screen_check(struct error *error);

/* Takes over the terminal.  Fails with a message (never exits) where standard input or output is no terminal or TERM is
 * unknown or cannot address its cursor. Sets the character type of the locale from the environment; numbers stay in the
 * C locale. Open it before other threads start: it may change TERMINFO for a moment (direct colour). */
enum status screen_open(struct screen **out, const struct screen_options *options, struct error *error);

/* Gives the terminal back as it was.  NULL is fine, and so is calling it on any way out. */
void screen_close(struct screen *screen);

/* The next input, waiting at most so long (0: not at all; negative: for ever).  Ctrl-Z, Ctrl-C and Ctrl-L are keys like
 * others: the caller decides. A lone Esc is told from a sequence after 25 ms. */
void screen_read(struct screen *screen, int timeout_ms, struct input *input);

/* Shows the grid, cut or padded to the screen's size.  False when nothing was drawn because the terminal takes no more
 * bytes at the moment (Ctrl-S, a slow line): draw a newer one later. */
bool screen_show(struct screen *screen, const struct grid *grid);

void screen_size(const struct screen *screen, int *width, int *height);

/* The theme as this terminal can show it: `name` from palette_table (NULL or unknown: the first), mono where there is
 * no colour (NO_COLOR, a monochrome terminal), plain characters without UTF-8 or where asked for. */
struct palette screen_palette(const struct screen *screen, const char *name);

/* Everything is drawn anew at the next screen_show (Ctrl-L). */
void screen_redraw(struct screen *screen);

/* Gives the terminal back, stops the process as Ctrl-Z does, and returns when it continues. */
void screen_suspend(struct screen *screen);

void screen_mouse(struct screen *screen, bool on);

/* 0 (attributes only), 8, 16, 256 or 1 << 24. */

/* Cells handed to curses since the start: what drawing costs the line, about 4 to 20 bytes each. */
uint64_t screen_cells_written(const struct screen *screen);

#endif
