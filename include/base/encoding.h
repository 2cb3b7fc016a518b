/* Finds out whether a text is in UTF-8 or in another encoding.
 *
 * UTF-16 and UTF-32 are recognised by their byte order marks.  Without a mark they are recognised by zero bytes at
 * every second place (UTF-16) or at three of four places (UTF-32), each beside an ASCII character; a text without a
 * mark and with hardly any ASCII is not recognised. */
#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include <stddef.h>

#define ENCODING_LOOKED_AT 4096 /* encoding_wide needs this many first bytes of a file */

/* The encoding's name as iconv takes it, if the text is in UTF-16 or UTF-32; else NULL. */
const char *encoding_wide(const void *bytes, size_t length);

/* Length of UTF-8's byte order mark, which is no part of the text: 3, or 0 where there is none. */
size_t encoding_mark(const void *bytes, size_t length);

/* Number of the first line that is no UTF-8, from 1; 0: there is none. */
size_t encoding_first_wrong(const void *bytes, size_t length);

/* The message for a file in another encoding, with the command that converts it.  A format; takes the encoding's name
 * twice. */
#define ENCODING_REFUSED "is in %s: convert it to UTF-8 (iconv -f %s -t UTF-8 OLD > NEW)"

#endif
