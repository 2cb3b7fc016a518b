/* Where a head of a transformer looks: a row for each token of the prompt, a column for each that it may look at. */
#include <math.h>
#include <stdio.h>

#include "ui/bar.h"
#include "ui/draw.h"
#include "ui/views/language.h"

#define LABEL_MOST   14 /* columns of the rows' labels */
#define CELL_WIDEST  12
#define NAMED_FROM   4 /* columns of a cell from which its column is named */
#define NUMBERS_FROM 3

struct map {
    size_t first, shown; /* tokens: the prompt's last ones that have room */
    int label, cell_width, cell_height, top;
};

static struct map map_of(struct area area, size_t looks)
{
    struct map map = {.label = area.width / 5 < LABEL_MOST ? area.width / 5 : LABEL_MOST, .top = 2};
    const int across = area.width - map.label - 1, down = area.height - map.top - 1;
    map.shown = looks;
    if (down < 1 || across < 2)
        map.shown = 0;
    else if ((int)map.shown > down)
        map.shown = (size_t)down;
    if (map.shown > 0 && (int)map.shown > across / 2)
        map.shown = (size_t)(across / 2);
    if (map.shown == 0)
        return map;
    map.first = looks - map.shown;
    map.cell_width = across / (int)map.shown < CELL_WIDEST ? across / (int)map.shown : CELL_WIDEST;
    map.cell_height =
        down / (int)map.shown < (map.cell_width + 1) / 3 ? down / (int)map.shown : (map.cell_width + 1) / 3;
    map.cell_height = map.cell_height < 1 ? 1 : map.cell_height;
    return map;
}

/* The token in place `at` of those that are looked at. */
static uint16_t token_at(const struct picture_text *text, size_t at)
{
    return text->prompt[text->prompt_tokens - text->looks + at];
}

static void draw_cell(const struct view_data *data, struct area area, const struct map *map, size_t row, size_t column,
                      double weight)
{
    const struct palette *palette = data->palette;
    const int x = map->label + 1 + (int)column * map->cell_width, y = map->top + (int)row * map->cell_height;
    const int width = map->cell_width - (map->cell_width > NUMBERS_FROM);
    const double share = isnan(weight) ? 0 : fmin(weight, 1);
    const uint32_t ground = palette->mono ? palette->role[ROLE_GROUND]
                                          : colour_mix(palette->role[ROLE_BAR], palette->role[ROLE_TRAIN], sqrt(share));
    static const uint32_t shade[] = {0, 0x2591, 0x2592, 0x2593, 0x2588};
    static const char plain[] = " .:%#";
    const int step = (int)(sqrt(share) * 4 + 0.5);
    for (int i = 0; i < map->cell_height; i++)
        area_ground(area, x, y + i, width, ground);
    for (int i = 0; palette->mono && i < map->cell_height * width; i++)
        area_put(area, x + i % width, y + i / width, draw_glyph(palette, shade[step], plain[step]),
                 palette->role[ROLE_FAINT], 0);
    char number[8];
    snprintf(number, sizeof number, "%.0f", share * 100);
    const int columns = text_columns(number);
    if (width < NUMBERS_FROM || share < 0.005)
        return;
    const int at = x + (width - columns + 1) / 2, middle = y + (map->cell_height - 1) / 2;
    area_text(area, at, middle, columns, number, palette->mono ? palette->role[ROLE_TEXT] : ink_on(ground), 0);
}

static void draw_names(const struct view_data *data, struct area area, const struct map *map,
                       const struct picture_text *text)
{
    char label[LANGUAGE_LABEL_SIZE];
    for (size_t i = 0; i < map->shown; i++) {
        const int x = map->label + 1 + (int)i * map->cell_width;
        const int width = map->cell_width - 1;
        struct pen pen = pen_at(area, (struct box){x, map->top - 1, map->cell_width, 1}, data->palette);
        language_label(data, text, token_at(text, map->first + i), width > 0 ? width : 1, label);
        if (map->cell_width >= NAMED_FROM)
            pen_write(&pen, ROLE_FAINT, 0, label);
        pen = pen_at(area,
                     (struct box){0, map->top + (int)i * map->cell_height + (map->cell_height - 1) / 2, map->label, 1},
                     data->palette);
        language_label(data, text, token_at(text, map->first + i), map->label, label);
        pen.x = map->label - text_columns(label);
        pen_write(&pen, ROLE_TEXT, 0, label);
    }
}

static void draw_words(const struct view_data *data, struct area area, const struct picture_text *text,
                       const struct map *map)
{
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "attention");
    pen_skip(&pen, 2);
    pen_format(&pen, ROLE_TEXT, 0, "block %u of %u · head %u of %u", text->block + 1, text->blocks, text->head + 1,
               text->heads);
    pen_skip(&pen, 2);
    if (map->first > 0 || text->looks < text->prompt_tokens) {
        char words[64];
        snprintf(words, sizeof words, "the prompt's last %zu tokens", map->shown);
        pen_fits(&pen, ROLE_FAINT, 0, words);
        pen_skip(&pen, 2);
    }
    pen = pen_at(area, (struct box){0, area.height - 1, area.width, 1}, data->palette);
    pen_fits(&pen, ROLE_FAINT, 0, "each row: in % how much this token looks at those before it and at itself");
}

void language_draw_attention(const struct view_data *data, struct area area, const struct picture_text *text)
{
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    if (text->blocks == 0) {
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, "attention");
        pen = pen_at(area, (struct box){0, 2, area.width, 1}, data->palette);
        pen_write(&pen, ROLE_TEXT, 0, "This model has none: only a transformer chooses what to look at.");
        return;
    }
    if (text->looks == 0) {
        pen_write(&pen, ROLE_FAINT, 0, "reading …");
        return;
    }
    const struct map map = map_of(area, text->looks);
    draw_words(data, area, text, &map);
    if (map.shown == 0)
        return;
    draw_names(data, area, &map, text);
    for (size_t row = 0; row < map.shown; row++)
        for (size_t column = 0; column <= row; column++)
            draw_cell(data, area, &map, row, column,
                      (double)text->attention[(map.first + row) * text->looks + map.first + column]);
}
