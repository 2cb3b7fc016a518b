/* Fills the places of a sentence with words. */
#include "corpora/pattern.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void bindings_add(struct bindings *bindings, const char *place, const char *word)
{
    assert(bindings->count < BINDINGS_MOST);
    bindings->list[bindings->count].place = place;
    bindings->list[bindings->count].word = word;
    bindings->count++;
}

void bindings_print(struct bindings *bindings, const char *place, const char *format, ...)
{
    char *word = bindings->made + bindings->used;
    const size_t room = MADE_MOST - bindings->used;
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(word, room, format, arguments);
    va_end(arguments);
    assert(length >= 0 && (size_t)length < room);
    bindings->used += (size_t)length + 1;
    bindings_add(bindings, place, word);
}

/* Letters by their ASCII codes: the locale has no say. */
static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}
static char to_small(char c)
{
    return is_capital(c) ? (char)(c - 'A' + 'a') : c;
}
static char to_capital(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* The word for a place of `length` letters, whose first letter may be a capital. */
static const char *find(const struct bindings *bindings, const char *place, size_t length)
{
    for (size_t i = 0; i < bindings->count; i++) {
        const char *name = bindings->list[i].place;
        if (strlen(name) == length && name[0] == to_small(place[0]) && memcmp(name + 1, place + 1, length - 1) == 0)
            return bindings->list[i].word;
    }
    return NULL;
}

struct text {
    char *out;
    size_t size, length; /* without the ending 0 */
    bool fits;
};

static void text_add(struct text *text, const char *bytes, size_t length)
{
    text->fits = text->fits && length < text->size - text->length;
    if (!text->fits)
        return;
    memcpy(text->out + text->length, bytes, length);
    text->length += length;
}

/* The words for what stands between the braces. */
static bool text_add_place(struct text *text, const char *place, size_t length, const struct bindings *bindings)
{
    const bool capital = is_capital(place[0]);
    const bool article = length > 2 && to_small(place[0]) == 'a' && place[1] == ' ';
    const char *word = article ? find(bindings, place + 2, length - 2) : find(bindings, place, length);
    if (!word)
        return false;
    const size_t start = text->length;
    if (article && strchr("aeiou", word[0]))
        text_add(text, "an ", 3);
    else if (article)
        text_add(text, "a ", 2);
    text_add(text, word, strlen(word));
    if (capital && text->fits)
        text->out[start] = to_capital(text->out[start]);
    return true;
}

bool pattern_fill(const char *pattern, const struct bindings *bindings, char *out, size_t size)
{
    struct text text = {.out = out, .size = size, .fits = size > 0};
    bool complete = true;
    while (*pattern && complete) {
        const size_t plain = strcspn(pattern, "{");
        text_add(&text, pattern, plain);
        pattern += plain;
        if (*pattern == '{') {
            const size_t length = strcspn(pattern + 1, "}");
            complete = pattern[length + 1] == '}' && text_add_place(&text, pattern + 1, length, bindings);
            pattern += length + (complete ? 2 : 1);
        }
    }
    complete = complete && text.fits;
    if (size > 0)
        out[complete ? text.length : 0] = 0;
    return complete;
}
