/* Writes and reads lines of words, quoted where a word needs it. */
#include "base/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { ROOM_LEAST = 256 };

static bool reserve(struct lines *lines, size_t more)
{
    const size_t wanted = lines->length + more + 1;
    if (wanted <= lines->room)
        return true;
    const size_t room = wanted > 2 * lines->room ? wanted + ROOM_LEAST : 2 * lines->room;
    char *grown = lines->failed ? NULL : mem_resize(lines->text, lines->room, room, 1);
    lines->failed |= !grown;
    if (!grown)
        return false;
    lines->text = grown;
    lines->room = room;
    return true;
}

static void append(struct lines *lines, const char *bytes, size_t count)
{
    if (!reserve(lines, count))
        return;
    memcpy(lines->text + lines->length, bytes, count);
    lines->length += count;
    lines->text[lines->length] = '\0';
}

void lines_add(struct lines *lines, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0 || !reserve(lines, (size_t)size))
        return;
    va_start(arguments, format);
    vsnprintf(lines->text + lines->length, (size_t)size + 1, format, arguments);
    va_end(arguments);
    lines->length += (size_t)size;
}

/* The characters that have a name of their own behind a backslash. */
static const char named[][2] = {{'\n', 'n'}, {'\t', 't'}, {'"', '"'}, {'\\', '\\'}};
enum { NAMED = sizeof named / sizeof named[0] };

static bool is_plain(const char *word)
{
    return *word && !strpbrk(word, " \"\\") && text_is_printable(word);
}

void lines_word(struct lines *lines, const char *word)
{
    if (is_plain(word)) {
        append(lines, word, strlen(word));
        return;
    }
    append(lines, "\"", 1);
    while (*word) {
        size_t i = 0;
        while (i < NAMED && named[i][0] != *word)
            i++;
        const size_t bytes = text_printable(word);
        if (i < NAMED)
            lines_add(lines, "\\%c", named[i][1]);
        else if (bytes > 0)
            append(lines, word, bytes);
        else
            lines_add(lines, "\\x%02x", (unsigned char)*word);
        word += bytes > 0 ? bytes : 1;
    }
    append(lines, "\"", 1);
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* What the escape at `from`, behind its backslash, stands for; 0: it is none. Moves behind it. */
static char unescape(const char **from)
{
    const char kind = *(*from)++;
    for (size_t i = 0; i < NAMED; i++)
        if (named[i][1] == kind)
            return named[i][0];
    const int high = kind == 'x' ? hex_digit((*from)[0]) : -1;
    const int low = high >= 0 ? hex_digit((*from)[1]) : -1;
    if (low < 0)
        return '\0';
    *from += 2;
    return (char)(unsigned char)(high * 16 + low);
}

/* The quoted word that starts behind the quote at *at, written over itself; NULL when it is none. */
static char *unquote(char **at)
{
    char *const word = *at, *to = word;
    const char *from = word;
    while (*from && *from != '"') {
        char c = *from++;
        if (c == '\\' && (*from == '\0' || (c = unescape(&from)) == '\0'))
            return NULL;
        *to++ = c;
    }
    if (*from != '"' || (from[1] != ' ' && from[1] != '\0'))
        return NULL;
    *at = word + (from + 1 - word);
    *to = '\0';
    return word;
}

bool line_word(char **at, char **word)
{
    char *from = *at + strspn(*at, " ");
    if (!*from) {
        *at = from;
        return false;
    }
    if (*from == '"') {
        *at = from + 1;
        *word = unquote(at);
        return true;
    }
    char *const value = strchr(from, '=') ? strchr(from, '=') + 1 : from;
    const size_t length = strcspn(from, " ");
    if (value > from && *value == '"' && value < from + length) {
        *at = value + 1;
        char *const unquoted = unquote(at);
        if (unquoted)
            memmove(value, unquoted, strlen(unquoted) + 1);
        *word = unquoted ? from : NULL;
        return true;
    }
    *at = from + length;
    if (from[length])
        (*at)++;
    from[length] = '\0';
    *word = memchr(from, '"', length) ? NULL : from;
    return true;
}
