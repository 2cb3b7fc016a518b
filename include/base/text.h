/* Text from files and from the command line is not to be trusted: it may hold sequences that steer a terminal. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Replaces control characters and what is no UTF-8 by '?', byte for byte: the text is then safe to print. */
void text_clean(char *text);

/* Bytes of the first character of `text`; 0 where it is a control character or no UTF-8. */
size_t text_printable(const char *text);
/* Whether all its characters are such; an empty text is. */
bool text_is_printable(const char *text);

/* Bytes of the first character of `text`, which may be a control character; 0 where it is no UTF-8. */
size_t text_character(const char *text);

/* Writes a character as UTF-8; returns its number of bytes. */
size_t text_encode(uint32_t character, char out[4]);

#endif
