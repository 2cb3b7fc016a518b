/* The steps that the curves show.  Ends move in jumps (to round numbers at most a quarter further on), so that a frame
 * rewrites the end of a line and not the whole chart; never is as much as a third of a followed window empty. */
#ifndef UI_WINDOW_H
#define UI_WINDOW_H

#include <stdint.h>

enum window_mode {
    WINDOW_WHOLE,  /* from step 0 to a round end beyond the newest */
    WINDOW_FOLLOW, /* the newest `width` steps */
    WINDOW_FIXED,  /* stays where it was put */
};

struct window {
    enum window_mode mode;
    double from;  /* WINDOW_FIXED */
    double width; /* WINDOW_FOLLOW, WINDOW_FIXED */
};

/* How far there is something to show. */
struct reach {
    double newest; /* step of the living curve */
    double behind; /* last step of a curve behind it; 0: none */
};

struct span {
    double from, to; /* steps; from < to */
};

struct span window_span(const struct window *window, struct reach reach);

/* Factor below 1: closer.  `centre` stays where it is; a followed window goes on following. */
void window_zoom(struct window *window, struct reach reach, double centre, double factor);
/* By a share of its width; negative: to older steps. */
void window_pan(struct window *window, struct reach reach, double share);
void window_recent(struct window *window, struct reach reach); /* the last part of the run, followed */
void window_follow(struct window *window, struct reach reach); /* the present width, at the newest step */

#endif
