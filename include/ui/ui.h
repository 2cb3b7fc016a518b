/* The screen as a whole: takes over the terminal, shows a session until the person quits, and gives the terminal back.
 *
 * It reaches training through session/session.h alone: a key becomes a command, the command's echo becomes what is
 * shown.  It draws at most `fps` times a second, less where the line is slow, and not at all while nothing changes. */
#ifndef UI_UI_H
#define UI_UI_H

#include <stdbool.h>

#include "base/command.h"
#include "base/field.h"
#include "base/lines.h"
#include "base/status.h"
#include "session/session.h"
#include "ui/keymap.h"

struct ui_options {
    const struct command_lists *commands; /* borrowed, as the keymap */
    const struct keymap *keymap;
    const char *theme; /* row of palette_table; NULL: "dark", or "projector" when presenting */
    bool ascii;        /* plain characters even where the terminal could do more */
    bool present;      /* for a class: projector theme, big numbers, no mouse */
    unsigned fps;      /* frames a second at most; 0: UI_FPS */
    /* Takes the commands that :share has shown, a line each: a row may be too short for them.  Borrowed; NULL: they are
     * shown only. */
    struct lines *shared;
};

#define UI_FPS 20

extern const struct field_table ui_fields; /* of struct ui_options */

/* Fails with a message where there is no terminal; otherwise returns STATUS_OK after the person (or a signal) has ended
 * it. Prints nothing. The session stays the caller's. */
enum status ui_run(struct session *session, const struct ui_options *options, struct error *error);

#endif
