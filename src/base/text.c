/* Finds and writes the characters of UTF-8 texts, and replaces those that could steer a terminal. */
#include "base/text.h"

size_t text_character(const char *bytes)
{
    const unsigned char *text = (const unsigned char *)bytes;
    static const struct {
        unsigned char mask, lead, least; /* `least`: smallest second byte after the smallest lead */
        size_t bytes;
    } forms[] = {{0xe0, 0xc0, 0x80, 2}, {0xf0, 0xe0, 0xa0, 3}, {0xf8, 0xf0, 0x90, 4}};
    if (text[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if ((text[0] & forms[i].mask) != forms[i].lead)
            continue;
        for (size_t j = 1; j < forms[i].bytes; j++)
            if ((text[j] & 0xc0) != 0x80)
                return 0;
        bool overlong = (text[0] == forms[i].lead && text[1] < forms[i].least) || text[0] < 0xc2;
        bool surrogate = text[0] == 0xed && text[1] >= 0xa0;
        bool beyond = text[0] > 0xf4 || (text[0] == 0xf4 && text[1] >= 0x90);
        return overlong || surrogate || beyond ? 0 : forms[i].bytes;
    }
    return 0;
}

size_t text_printable(const char *bytes)
{
    const unsigned char *text = (const unsigned char *)bytes;
    const bool control = text[0] < 0x20 || text[0] == 0x7f || (text[0] == 0xc2 && text[1] < 0xa0);
    return control ? 0 : text_character(bytes);
}

bool text_is_printable(const char *text)
{
    for (size_t bytes; *text; text += bytes)
        if ((bytes = text_printable(text)) == 0)
            return false;
    return true;
}

void text_clean(char *text)
{
    while (*text) {
        size_t bytes = text_printable(text);
        if (bytes == 0)
            *text = '?';
        text += bytes + (bytes == 0);
    }
}

size_t text_encode(uint32_t character, char out[4])
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    const size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    out[0] = (char)(lead[length] | character);
    return length;
}
