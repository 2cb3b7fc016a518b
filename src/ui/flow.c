/* Draws long texts over several rows, broken between words. */
#include "ui/flow.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define CHARACTER   5 /* bytes of the longest, NUL included */
#define ELLIPSIS    0x2026u
#define REPLACEMENT 0xfffdu

/* The next character of the bytes as a string; the bytes that it takes.  One that is no UTF-8 is by itself. */
static size_t take(const char *bytes, size_t length, char out[CHARACTER])
{
    memset(out, 0, CHARACTER);
    memcpy(out, bytes, length < CHARACTER - 1 ? length : CHARACTER - 1);
    const size_t printable = text_printable(out);
    const size_t taken = printable > 0 ? printable : 1;
    memset(out + taken, 0, CHARACTER - taken);
    return taken;
}

/* As it is drawn: one code point of one column; 0: nothing (a combining accent). */
static uint32_t glyph_of(const char *character)
{
    if (text_printable(character) == 0)
        return REPLACEMENT;
    const char *at = character;
    return text_next(&at);
}

struct flow flow_in(struct area area, const struct palette *palette)
{
    return (struct flow){.area = area, .palette = palette, .pitch = 1};
}

static void break_line(struct flow *flow)
{
    flow->x = 0;
    flow->y += flow->pitch;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* Columns up to the next blank or line end. */
static int word_columns(const char *bytes, size_t length, int most)
{
    char character[CHARACTER];
    int columns = 0;
    for (size_t at = 0; at < length && columns <= most && !is_blank(bytes[at]) && bytes[at] != '\n';) {
        at += take(bytes + at, length - at, character);
        columns += glyph_of(character) != 0;
    }
    return columns;
}

static void put(struct flow *flow, uint32_t glyph, struct flow_style style)
{
    if (style.grounded)
        area_ground(flow->area, flow->x, flow->y, 1, style.ground);
    area_put(flow->area, flow->x++, flow->y, glyph, flow->palette->role[style.role], (uint8_t)style.attributes);
    flow->end_x = flow->x;
    flow->end_y = flow->y;
}

static bool cut_off(struct flow *flow)
{
    const int last = flow->area.width - 1;
    area_put(flow->area, flow->end_x < last ? flow->end_x : last, flow->end_y, ELLIPSIS,
             flow->palette->role[ROLE_FAINT], 0);
    return false;
}

bool flow_write(struct flow *flow, const char *bytes, size_t length, struct flow_style style)
{
    const int width = flow->area.width;
    bool begins_word = true;
    if (width <= 0)
        return length == 0;
    for (size_t at = 0; at < length;) {
        char character[CHARACTER];
        if (flow->y >= flow->area.height)
            return cut_off(flow);
        if (bytes[at] == '\n') {
            break_line(flow);
            at++;
            begins_word = true;
            continue;
        }
        const bool blank = is_blank(bytes[at]);
        if (blank && flow->x >= width) { /* it stands for the end of the row */
            break_line(flow);
            at++;
            begins_word = true;
            continue;
        }
        const int word = begins_word && !blank ? word_columns(bytes + at, length - at, width) : 1;
        if (flow->x + word > width && flow->x > 0 && (word <= width || flow->x >= width)) {
            break_line(flow);
            continue;
        }
        at += take(bytes + at, length - at, character);
        const uint32_t glyph = blank ? ' ' : glyph_of(character);
        if (glyph != 0)
            put(flow, glyph, style);
        begins_word = blank;
    }
    return true;
}

/* Appends a string that has room, whole. */
static bool append(char *out, size_t size, size_t *used, const char *text)
{
    const size_t length = strlen(text);
    if (*used + length >= size)
        return false;
    memcpy(out + *used, text, length + 1);
    *used += length;
    return true;
}

char *flow_line(const char *bytes, size_t length, char *out, size_t size)
{
    size_t used = 0;
    out[0] = 0;
    for (size_t at = 0; at < length;) {
        char character[CHARACTER];
        const size_t taken = take(bytes + at, length - at, character);
        const char *shown = bytes[at] == '\n'                ? "↵"
                            : bytes[at] == '\t'              ? " "
                            : text_printable(character) == 0 ? "\xef\xbf\xbd"
                                                             : character;
        if (!append(out, size, &used, shown))
            break;
        at += taken;
    }
    return out;
}

char *flow_label(const unsigned char *bytes, size_t length, char out[FLOW_LABEL_SIZE])
{
    size_t used = 0;
    out[0] = 0;
    for (size_t at = 0; at < length;) {
        char character[CHARACTER], hex[8];
        const size_t taken = take((const char *)bytes + at, length - at, character);
        snprintf(hex, sizeof hex, "<%02x>", bytes[at]);
        const char *shown = bytes[at] == ' '                 ? "␣"
                            : bytes[at] == '\n'              ? "↵"
                            : bytes[at] == '\t'              ? "⇥"
                            : text_printable(character) == 0 ? hex
                                                             : character;
        if (!append(out, FLOW_LABEL_SIZE, &used, shown))
            break;
        at += taken;
    }
    return out;
}
