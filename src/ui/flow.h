/* Text of files and models, written from left to right over the rows of an area, broken between words.
 *
 * The bytes may be anything: what is no UTF-8 or would steer a terminal stands as U+FFFD, and what some terminal would
 * draw in two columns as '?' (plot/grid.h).  A line end begins a new row. */
#ifndef UI_FLOW_H
#define UI_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/grid.h"
#include "plot/palette.h"

struct flow {
    struct area area;
    const struct palette *palette;
    int pitch;        /* rows from line to line */
    int end_x, end_y; /* behind the last character */
    int x, y;         /* where the next character goes; y >= area.height: there is no more room */
};

struct flow_style {
    enum role role;
    int attributes;
    bool grounded; /* on `ground` */
    uint32_t ground;
};

struct flow flow_in(struct area area, const struct palette *palette);

/* Writes as much as has room; false when something was left out, and then "…" stands at the end. */
bool flow_write(struct flow *flow, const char *bytes, size_t length, struct flow_style style);

/* The bytes in one row of at most size - 1 safe bytes of UTF-8, NUL behind: line ends are "↵", other controls U+FFFD.
 * Returns `out`. */
char *flow_line(const char *bytes, size_t length, char *out, size_t size);

/* A token as a label: like flow_line, blanks as "␣", and bytes that are no character by themselves as "<c3>". */
#define FLOW_LABEL_SIZE 160
char *flow_label(const unsigned char *bytes, size_t length, char out[FLOW_LABEL_SIZE]);

#endif
