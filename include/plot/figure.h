/* The charts of a run as a picture for paper and slides: the losses over the accuracies on one step axis, 16:9, with
 * the theme's colours.
 *
 * Loss: batches as a pale band, train solid, test dashed, the gap between them shaded where test is above, the loss of
 * guessing dotted, the best test loss as a diamond; a run's stages alternate in their ground, and what a later one
 * forgets of the first one's data is a dashed line.  Other branches lie behind in grey with their names at their ends.
 * Events of the branch and of what it grew out of are vertical lines, their labels above, the newest first where room
 * is short.  What is not a number is a cross at the upper edge.  The same figure gives the same bytes (a .svg but for a
 * number that counts the drawings of the program). */
#ifndef PLOT_FIGURE_H
#define PLOT_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "metrics/history.h"
#include "plot/palette.h"

#define FIGURE_GHOSTS_MAX 8 /* further ones are left out */

struct figure_ghost {
    uint16_t branch;
    const char *name; /* at its end: "branch 2", "lr=0.3" */
    bool rival;       /* runs beside the branch: in a colour of its own */
};

struct figure {
    const struct history *history;
    uint16_t branch;
    const struct figure_ghost *ghost;
    size_t ghosts;
    const char *title;           /* "spiral" */
    const char *subtitle;        /* "2-8-8-2 tanh · seed 1 · step 2,000" */
    double guess_loss;           /* of guessing; NaN: no line */
    double guess_accuracy;       /* NaN: no line */
    double best_step, best_loss; /* least test loss; step 0: as the history knows it */
    const char *first_stage;     /* name of a run's first of several stages; NULL: it is one */
    const char *accuracy_label;  /* "accuracy", "R²" */
    bool accuracy_is_share;      /* percent */
    const struct palette *palette;
    bool log_loss, hide_test;
    double from, to; /* steps shown; `to` not above `from`: the whole run */
};

/* Whether the file name ends in .svg, .pdf or .png. */
bool figure_is_for(const char *path);

/* STATUS_USAGE when the ending is unknown, STATUS_FAILED with the reason when the file could not be written: the old
 * one is then still there. */
enum status figure_write(const struct figure *figure, const char *path, struct error *error);

#endif
