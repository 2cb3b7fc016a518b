/* Bytes from a terminal as keys and mouse events.
 *
 * DESIGN.  The decoder never reads and never waits: its owner feeds it what has arrived and asks for the next input.
 * Bytes that may be the beginning of something stay in the buffer until more arrive or their time is over
 * (decoder_wait); then a lone Esc is the key, and a sequence or a character that was cut off is dropped, so that no
 * input depends on a further byte.  Sequences that nobody asked for (focus, pasting, answers, modified keys, unknown
 * ones) are taken out whole and dropped, so that their letters are no keys.  Sequences of the terminal's description
 * come first; then those that terminals have in common.
 *
 * Characters are decoded as the locale has them.  Mouse reports: SGR (ESC [ < button ; column ; row M or m, cells from
 * 1) and the older form (ESC [ M and three bytes). */
#ifndef UI_DECODER_H
#define UI_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/screen.h"

enum {
    DECODER_BYTES = 256,         /* buffered at most; a longer sequence is skipped up to its end */
    DECODER_SEQUENCES = 24,      /* of the terminal's description */
    DECODER_SEQUENCE_BYTES = 12, /* of one of them, with the closing NUL */
};

struct decoder_sequence {
    char bytes[DECODER_SEQUENCE_BYTES];
    uint32_t key;
};

struct decoder {
    unsigned char byte[DECODER_BYTES]; /* arrived, not yet decoded */
    size_t count;
    uint64_t newest; /* nanoseconds: when the newest byte arrived */
    bool skipping;   /* inside a sequence longer than the buffer */
    bool held;       /* the left button is down */
    struct decoder_sequence sequence[DECODER_SEQUENCES];
    size_t sequences;
};

/* Adds what a key sends, from the terminal's description.  NULL, one that does not begin with Esc, and one that is too
 * long are left out. */
void decoder_add(struct decoder *decoder, const char *bytes, enum key key);

/* Bytes that decoder_feed takes now; more than 0 whenever decoder_next has just returned false. */
size_t decoder_capacity(const struct decoder *decoder);

/* At most decoder_capacity bytes, which arrived now. */
void decoder_feed(struct decoder *decoder, const unsigned char *bytes, size_t count, uint64_t now);

/* The next key or mouse event.  False when there is none yet. */
bool decoder_next(struct decoder *decoder, uint64_t now, struct input *out);

/* Milliseconds (rounded up) after which decoder_next should be asked again although nothing has arrived; -1: none. */
int decoder_wait(const struct decoder *decoder, uint64_t now);

#endif
