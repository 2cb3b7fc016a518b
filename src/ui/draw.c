/* Draws pieces of text one after the other, each in the colour of its role. */
#include "ui/draw.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *symbol, *plain;
} stand_in[] = {
    {"→", "->"}, {"·", "-"}, {"…", "..."}, {"×", "x"},   {"²", "2"},   {"▶", ">"},   {"❚❚", "||"},
    {"■", "#"},  {"●", "o"}, {"○", "."},   {"◆", "*"},   {"−", "-"},   {"━", "="},   {"┅", "-"},
    {"─", "-"},  {"▲", "^"}, {"▼", "v"},   {"✕", "X"},   {"✓", "+"},   {"↑", "^"},   {"↓", "v"},
    {"█", "#"},  {"▌", "|"}, {"≥", ">="},  {"␣", "_"},   {"↵", "\\n"}, {"⇥", "\\t"}, {"Σ", "sum"},
    {"≤", "<="}, {"│", "|"}, {"├─", "|-"}, {"╰─", "`-"}, {"–", "-"},   {"◀", "<"},   {"▸", ">"},
};

const char *draw_plain(const struct palette *palette, const char *text, char *out, size_t size)
{
    if (!palette->ascii)
        return text;
    size_t used = 0;
    while (*text && used + 4 < size) {
        size_t taken = 1, i = 0;
        const size_t rows = sizeof stand_in / sizeof stand_in[0];
        while (i < rows && strncmp(text, stand_in[i].symbol, strlen(stand_in[i].symbol)) != 0)
            i++;
        if (i < rows) {
            taken = strlen(stand_in[i].symbol);
            used += (size_t)snprintf(out + used, size - used, "%s", stand_in[i].plain);
        } else {
            out[used++] = *text;
        }
        text += taken;
    }
    out[used] = 0;
    return out;
}

uint32_t draw_glyph(const struct palette *palette, uint32_t glyph, char plain)
{
    return palette->ascii ? (uint32_t)(unsigned char)plain : glyph;
}

struct area box_area(struct area screen, struct box box)
{
    return area_part(screen, box.x, box.y, box.width, box.height);
}

struct pen pen_at(struct area screen, struct box box, const struct palette *palette)
{
    return (struct pen){.area = box_area(screen, box), .palette = palette, .end = box.width};
}

void pen_write(struct pen *pen, enum role role, int attributes, const char *text)
{
    char plain[512];
    if (pen->x < pen->end)
        pen->x +=
            area_text(pen->area, pen->x, pen->y, pen->end - pen->x, draw_plain(pen->palette, text, plain, sizeof plain),
                      pen->palette->role[role], (uint8_t)attributes);
}

void pen_format(struct pen *pen, enum role role, int attributes, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pen_write(pen, role, attributes, text);
}

bool pen_fits(struct pen *pen, enum role role, int attributes, const char *text)
{
    char plain[512];
    if (pen->x + text_columns(draw_plain(pen->palette, text, plain, sizeof plain)) > pen->end)
        return false;
    pen_write(pen, role, attributes, text);
    return true;
}

void pen_skip(struct pen *pen, int columns)
{
    pen->x += columns;
}

bool pen_right(struct pen *pen, enum role role, int attributes, const char *text)
{
    char plain[512];
    text = draw_plain(pen->palette, text, plain, sizeof plain);
    const int width = text_columns(text);
    if (pen->x + width > pen->end)
        return false;
    area_text(pen->area, pen->end - width, pen->y, width, text, pen->palette->role[role], (uint8_t)attributes);
    pen->end -= width + 1;
    return true;
}

void draw_ground(struct area screen, struct box box, uint32_t ground)
{
    for (int y = 0; y < box.height; y++)
        area_ground(screen, box.x, box.y + y, box.width, ground);
}
