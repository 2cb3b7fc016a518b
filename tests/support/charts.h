/* A chart of two lines on a grid of its own, for tests, and what is found on it. */
#ifndef TESTS_SUPPORT_CHARTS_H
#define TESTS_SUPPORT_CHARTS_H

#include <check.h>
#include <math.h>
#include <string.h>

#include "plot/chart.h"

enum { WIDTH = 80, HEIGHT = 20, COLUMNS_MOST = 4096 };

static struct grid grid;
static struct canvas canvas;
static struct palette palette;
static struct bucket column[2][COLUMNS_MOST];
static struct chart_line line[2];
static struct chart chart;

static inline void set(int which, size_t at, double value)
{
    column[which][at] =
        (struct bucket){.count = 1, .min = (float)value, .max = (float)value, .last = (float)value, .sum = value};
}

static inline void setup(void)
{
    ck_assert(grid_resize(&grid, WIDTH, HEIGHT));
    palette = *palette_find("dark");
    memset(column, 0, sizeof column);
    line[0] = (struct chart_line){.column = column[0], .role = ROLE_TRAIN, .plain = '*', .at_cursor = NAN};
    line[1] = (struct chart_line){.column = column[1], .role = ROLE_TEST, .plain = 'o', .at_cursor = NAN};
    chart = (struct chart){.x = {.high = 1000},
                           .y = {.high = 1},
                           .x_style = TICK_COUNT,
                           .line = line,
                           .lines = 2,
                           .gap_train = -1,
                           .gap_test = -1,
                           .reference = NAN,
                           .best_x = NAN,
                           .best_y = NAN,
                           .cursor = NAN,
                           .x_axis = true,
                           .label_width = 6,
                           .end_width = 8};
}

static inline void teardown(void)
{
    grid_free(&grid);
    canvas_free(&canvas);
}

static inline void draw(void)
{
    grid_clear(&grid, palette.role[ROLE_TEXT], palette.role[ROLE_GROUND]);
    chart.columns = chart_columns(&chart, area_whole(&grid), palette.ascii);
    ck_assert(chart_draw(&chart, area_whole(&grid), &palette, &canvas));
}

static inline const struct cell *at(int x, int y)
{
    return &grid.cell[y * grid.width + x];
}

static inline bool is_braille(const struct cell *cell)
{
    return cell->glyph > 0x2800 && cell->glyph < 0x2900;
}

/* Column where the row holds the ASCII part of the text, or -1. */
static inline int find(const char *text, int *row)
{
    const int length = (int)strlen(text);
    for (int y = 0; y < grid.height; y++)
        for (int x = 0; x + length <= grid.width; x++) {
            int same = 0;
            while (same < length && at(x + same, y)->glyph == (uint32_t)text[same])
                same++;
            if (same == length) {
                *row = y;
                return x;
            }
        }
    return -1;
}

static inline int rows_of(uint32_t ink, int x)
{
    int rows = 0;
    for (int y = 0; y < grid.height; y++)
        rows += is_braille(at(x, y)) && at(x, y)->ink == ink;
    return rows;
}

#endif
