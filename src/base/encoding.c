/* Tells UTF-16 and UTF-32 from their first bytes, and finds bytes that are no UTF-8. */
#include "base/encoding.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define ZEROS_A_TEXT 0.02 /* of its characters at least that many are ASCII: blanks and line ends, if nothing else */

static bool begins(const void *bytes, size_t length, const char *mark, size_t mark_length)
{
    return length >= mark_length && memcmp(bytes, mark, mark_length) == 0;
}

static bool is_plain_ascii(unsigned char c)
{
    return (c >= ' ' && c < 0x7f) || (c >= '\t' && c <= '\r');
}

/* Whether units of `size` bytes are characters: the byte at `place` holds ASCII while the others are zero, as far as they
 * are ASCII at all, and half of them are not two characters of ASCII. */
static bool is_wide(const unsigned char *bytes, size_t length, size_t size, size_t place)
{
    size_t units = 0, ascii = 0, narrow = 0; /* of them: ASCII characters; nothing but ASCII bytes */
    for (const unsigned char *unit = bytes; (size_t)(bytes + length - unit) >= size; unit += size, units++) {
        size_t zeros = 0, plain = 0;
        for (size_t i = 0; i < size; i++) {
            zeros += i != place && unit[i] == 0;
            plain += is_plain_ascii(unit[i]);
        }
        narrow += plain == size;
        if (unit[place] == 0 && (zeros > 0 || size == 4))
            return false;
        if (zeros + 1 < size)
            continue;
        if (!is_plain_ascii(unit[place]))
            return false;
        ascii++;
    }
    return units >= 2 && 2 * narrow < units && (double)ascii >= (size == 4 ? 0.5 : ZEROS_A_TEXT) * (double)units &&
           ascii > 0;
}

const char *encoding_wide(const void *bytes, size_t length)
{
    static const struct {
        const char *name;
        size_t size, place;
    } wide[] = {{"UTF-32LE", 4, 0}, {"UTF-32BE", 4, 3}, {"UTF-16LE", 2, 0}, {"UTF-16BE", 2, 1}};
    length = length < ENCODING_LOOKED_AT ? length : ENCODING_LOOKED_AT;
    if (begins(bytes, length, "\xff\xfe\0\0", 4) || begins(bytes, length, "\0\0\xfe\xff", 4))
        return "UTF-32";
    if (begins(bytes, length, "\xff\xfe", 2) || begins(bytes, length, "\xfe\xff", 2))
        return "UTF-16";
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (is_wide(bytes, length, wide[i].size, wide[i].place))
            return wide[i].name;
    return NULL;
}

size_t encoding_mark(const void *bytes, size_t length)
{
    return begins(bytes, length, "\xef\xbb\xbf", 3) ? 3 : 0;
}

size_t encoding_first_wrong(const void *bytes, size_t length)
{
    const unsigned char *text = bytes;
    size_t line = 1;
    for (size_t i = 0, size; i < length; i += size) {
        char character[5] = "";
        size = 1;
        line += text[i] == '\n';
        if (text[i] < 0x80)
            continue;
        memcpy(character, text + i, length - i < 4 ? length - i : 4);
        size = text_character(character);
        if (size == 0)
            return line;
    }
    return 0;
}
