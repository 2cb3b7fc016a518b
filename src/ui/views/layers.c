/* Draws one row for each layer: the norm of its gradient, and its update relative to its weights. */
#include "ui/views/layers.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "ui/draw.h"

/* Bars span these powers of ten. */
#define GRADIENT_LEAST -6.0
#define GRADIENT_MOST  2.0
#define RATIO_LEAST    -6.0
#define RATIO_MOST     0.0

#define NARROW 36 /* columns below which there are only numbers */

static double newest(const struct view_data *data, unsigned series)
{
    const struct bucket *last = history_last(data->history, data->status->branch, series);
    return last ? (double)bucket_newest(last) : NAN;
}

static void draw_bar(const struct view_data *data, struct area area, int x, int y, int width, double value,
                     double least, double most, enum role role)
{
    const double share = value > 0 ? (log10(value) - least) / (most - least) : 0;
    const int filled = (int)lround(fmin(fmax(share, 0), 1) * width);
    for (int i = 0; i < width; i++)
        area_put(area, x + i, y, draw_glyph(data->palette, i < filled ? 0x2501 : 0x2500, i < filled ? '=' : '-'),
                 data->palette->role[i < filled ? role : ROLE_GRID], 0);
}

static void draw_value(const struct view_data *data, struct area area, int x, int y, double value, enum role role)
{
    char text[32];
    struct pen pen = pen_at(area, (struct box){x, y, 9, 1}, data->palette);
    pen_write(&pen, role, 0, isnan(value) ? "-" : number_steady(text, sizeof text, value));
}

/* About a thousandth of a weight's size a step is healthy; a tenth tears the weights apart. */
static enum role ratio_role(double ratio)
{
    return ratio > 0.1 ? ROLE_WARN : ROLE_RATE;
}

void layers_draw(const struct view_data *data, struct area area)
{
    const bool narrow = area.width < NARROW;
    const int name = narrow ? 2 : 9, value = narrow ? (area.width - name) / 2 : 9;
    const int bar = narrow ? 0 : (area.width - name - 2 * value) / 2 - 1;
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, narrow ? "" : "layer");
    pen.x = name;
    pen_write(&pen, ROLE_GRADIENT, 0, narrow ? "gradient" : "gradient norm");
    pen.x = name + value + (narrow ? 0 : bar + 1);
    pen_write(&pen, ROLE_RATE, 0, narrow ? "upd/weight" : "update / weight");
    for (unsigned i = 0; i < data->model->layers && i < LAYERS_MEASURED && (int)i + 1 < area.height; i++) {
        const int y = (int)i + 1;
        const double gradient = newest(data, series_layer_grad(i)), ratio = newest(data, series_layer_ratio(i));
        pen = pen_at(area, (struct box){0, y, name - 1, 1}, data->palette);
        pen_format(&pen, ROLE_TEXT, 0, "%u%s", i + 1,
                   narrow                         ? ""
                   : i == 0                       ? " first"
                   : i + 1 == data->model->layers ? " last"
                                                  : "");
        int x = name;
        if (bar >= 4)
            draw_bar(data, area, x, y, bar, gradient, GRADIENT_LEAST, GRADIENT_MOST, ROLE_GRADIENT);
        x += bar >= 4 ? bar + 1 : 0;
        draw_value(data, area, x, y, gradient, ROLE_STRONG);
        x += value;
        if (bar >= 4)
            draw_bar(data, area, x, y, bar, ratio, RATIO_LEAST, RATIO_MOST, ratio_role(ratio));
        x += bar >= 4 ? bar + 1 : 0;
        draw_value(data, area, x, y, ratio, ratio > 0.1 ? ROLE_WARN : ROLE_STRONG);
    }
}
