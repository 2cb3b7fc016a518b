/* A terminal description for direct colour.
 *
 * Terminals that show any of 2^24 colours mostly call themselves xterm-256color and say COLORTERM=truecolor; curses
 * believes the former.  So the description of $TERM is written anew under another name, with colours set by ESC [
 * 38;2;r;g;b m, into a file that curses can be pointed at (term(5): the compiled format with 32-bit numbers). */
#ifndef UI_TERMINFO_H
#define UI_TERMINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a description holds: curses' three lists, in its order. A number of -1 and a string of NULL are absent. */
struct terminfo {
    const char *name;
    const uint8_t *flag;
    size_t flags;
    const int32_t *number;
    size_t numbers;
    const char *const *string;
    size_t strings;
    const char *mouse; /* extended capability XM, or NULL */
};

/* The compiled entry, with the extended flag RGB; its size, or 0 when it does not fit. */
size_t terminfo_compile(const struct terminfo *entry, uint8_t *out, size_t size);

/* Writes an entry where TERMINFO=folder makes curses find it: in a fresh private folder for temporary files, whose name
 * is written to `folder`.  False: it could not, and nothing is left behind. */
bool terminfo_save(char *folder, size_t folder_size, const char *name, const uint8_t *entry, size_t size);
void terminfo_discard(const char *folder, const char *name);

#endif
