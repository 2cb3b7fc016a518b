/* Bytes as they come, said at once.  To a file or a pipe they go as they are; to a terminal as text: a character that
 * is not whole yet is held back until it is, and what could steer the terminal, or is no UTF-8, is a question mark.
 * Line ends and tabs are themselves. */
#ifndef APP_VOICE_H
#define APP_VOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct voice {
    FILE *out;
    bool terminal;
    char held[5]; /* of a character that is not whole, ended by a zero */
    size_t holds;
    bool amid; /* a line that has not ended */
};

/* False when `out` takes no more. */
bool voice_say(struct voice *voice, const void *bytes, size_t length);
/* What was held back; on a terminal also the line's end, if it has none. */
void voice_end(struct voice *voice);

#endif
