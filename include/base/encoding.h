/* In which encoding a text is that should be UTF-8: what its first bytes show, and where it is none.
 *
 * UTF-16 and UTF-32 are told by their byte order marks; without one, by zero bytes that stand at every second (or on
 * three of four) places only, each beside an ASCII character.  A text in them without a mark that has hardly any ASCII
 * cannot be told from other bytes. */
#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include <stddef.h>

#define ENCODING_LOOKED_AT 4096 /* first bytes of a file that are enough for encoding_wide */

/* The encoding's name as iconv takes it, if the text is in UTF-16 or UTF-32; else NULL. */
const char *encoding_wide(const void *bytes, size_t length);

/* Length of UTF-8's byte order mark, which is no part of the text: 3, or 0 where there is none. */
size_t encoding_mark(const void *bytes, size_t length);

/* Number of the first line that is no UTF-8, from 1; 0: there is none. */
size_t encoding_first_wrong(const void *bytes, size_t length);

/* What a file in another encoding is, and how it becomes one that is taken: a format for the encoding's name, twice. */
#define ENCODING_REFUSED "is in %s: convert it to UTF-8 (iconv -f %s -t UTF-8 OLD > NEW)"

#endif
