/* Where text is cut before it is encoded: the rule is in data/tokenizer.h. */
#include <stdbool.h>

#include "data/tokenizer_parts.h"

enum class { LETTER, MARK, DIGIT, LINE, BLANK, CLASSES };

static const struct rule {
    size_t longest; /* bytes of a piece, with the space in front */
    bool takes_space;
} rule_table[CLASSES] = {
    [LETTER] = {TOKENIZER_PIECE_MAX, true},
    [MARK] = {TOKENIZER_PIECE_MAX, true},
    [DIGIT] = {1, false},
    [LINE] = {1, false},
    [BLANK] = {TOKENIZER_PIECE_MAX, false},
};

/* Of the bytes below 128, 32 a line. */
static const char class_letters[128 + 1] = "mmmmmmmmmbnmmnmmmmmmmmmmmmmmmmmm"
                                           "bmmmmmmmmmmmmmmmddddddddddmmmmmm"
                                           "mllllllllllllllllllllllllllmmmmm"
                                           "mllllllllllllllllllllllllllmmmmm";

static enum class class_of(unsigned char byte) {
    static const unsigned char class_table['z'] =
        {
            ['l'] = LETTER,
            ['m'] = MARK,
            ['d'] = DIGIT,
            ['n'] = LINE,
            ['b'] = BLANK,
        };
    return byte >= 128 ? LETTER : class_table[(unsigned char)class_letters[byte]];
}

static bool continues_character(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* A run of letters that is cut at `end` because it is too long: before the character that would be cut, where there is
 * one. */
static size_t whole_characters(const unsigned char *text, size_t end)
{
    size_t start = end;
    while (start + 3 > end && continues_character(text[start]))
        start--;
    return text[start] >= 0xc0 ? start : end;
}

size_t piece_length(const unsigned char *text, size_t length)
{
    const bool led = text[0] == ' ' && length > 1 && rule_table[class_of(text[1])].takes_space;
    const enum class class = class_of(text[led]);
    const size_t longest = rule_table[class].longest, most = length < longest ? length : longest;
    size_t end = (size_t)led + 1;
    while (end < most && class_of(text[end]) == class)
        end++;
    if (end == length)
        return end;
    if (class == LETTER && end == longest && class_of(text[end]) == LETTER)
        return whole_characters(text, end);
    if (class == BLANK && end > 1 && text[end - 1] == ' ' && rule_table[class_of(text[end])].takes_space)
        end--;
    return end;
}
