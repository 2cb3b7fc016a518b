/* Decides which test rows are answered wrongly, and draws how sure the model is of its answers. */
#include "ui/views/results.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "ui/draw.h"

static void say(const struct view_data *data, struct area area, const char *text)
{
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_FAINT, 0, text);
}

#define OFF_BY 0.3 /* in the unit of the data set's targets */

bool results_wrong(const struct dataset *dataset, const struct picture_row *row)
{
    if (dataset->kind == TASK_CLASSIFY)
        return row->predicted != dataset->label[row->row];
    return !(fabs((double)row->value - (double)dataset->target[row->row]) <= OFF_BY);
}

double results_tolerance(const struct dataset *dataset)
{
    return OFF_BY * dataset->target_sd;
}

int results_decimals(double sd)
{
    const int digits = sd > 0 && isfinite(sd) ? 2 - (int)floor(log10(sd)) : 0;
    return digits < 0 ? 0 : digits > 6 ? 6 : digits;
}

char *results_number(char *out, size_t size, double value, int decimals)
{
    char digits[32];
    const double largest = decimals > 0 ? 1e9 : 1e15;
    if (decimals > 0 || !(fabs(value) < largest)) {
        snprintf(out, size, fabs(value) < largest ? "%.*f" : "%.*e", decimals, value);
        return out;
    }
    number_count(digits, sizeof digits, (uint64_t)(fabs(value) + 0.5));
    snprintf(out, size, "%s%s", value <= -0.5 ? "-" : "", digits);
    return out;
}

bool results_ready(const struct view_data *data, struct area area)
{
    if (area.width <= 0 || area.height <= 0)
        return false;
    if (data->settings->hide_test) {
        say(data, area, "test data hidden: predict first, then t");
        return false;
    }
    if (!data->picture || data->picture->rows == 0) {
        say(data, area, "measuring …");
        return false;
    }
    return true;
}

/* ---- how sure ---- */

#define BINS        10
#define LABEL       8 /* columns: "90-100% " */
#define COUNT       6 /* columns behind a bar */
#define BAR_LONGEST 60
#define PITCH_MOST  3 /* rows from bar to bar */

struct bin {
    int wrong, right;
};

static void draw_bar(const struct palette *palette, struct area area, const struct bin *bin, int most)
{
    const int all = bin->wrong + bin->right;
    const int longest = area.width - COUNT < BAR_LONGEST ? area.width - COUNT : BAR_LONGEST;
    const int length = (all * longest + most - 1) / most; /* a single row is seen */
    const int wrong = all > 0 ? (bin->wrong * length + all - 1) / all : 0;
    const uint32_t wrong_glyph = draw_glyph(palette, palette->mono ? 0x2592 : 0x2588, 'x');
    for (int i = 0; i < length * area.height; i++) {
        const int x = i % length, y = i / length;
        if (x < wrong)
            area_put(area, x, y, wrong_glyph, palette->role[ROLE_TEST], 0);
        else
            area_put(area, x, y, draw_glyph(palette, 0x2588, '#'), palette->role[ROLE_TRAIN], 0);
    }
    struct pen pen = pen_at(area, (struct box){length + 1, 0, COUNT - 1, 1}, palette);
    if (all > 0)
        pen_format(&pen, ROLE_TEXT, 0, "%d", all);
}

void results_draw_sureness(const struct view_data *data, struct area area)
{
    struct bin bin[BINS] = {0};
    int most = 1;
    if (area.height <= BINS || area.width < LABEL + COUNT + 20)
        return;
    for (size_t i = 0; i < data->picture->rows; i++) {
        const struct picture_row *row = &data->picture->row[i];
        const float p = row->p > 0 ? row->p : 0; /* no number is as bad as nought */
        struct bin *at = &bin[p < 1 ? (int)(p * BINS) : BINS - 1];
        *(row->predicted == data->dataset->label[row->row] ? &at->right : &at->wrong) += 1;
        most = at->wrong + at->right > most ? at->wrong + at->right : most;
    }
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "how sure");
    pen_skip(&pen, 2);
    pen_fits(&pen, ROLE_FAINT, 0, "test rows by p(right)");
    const int room = area.height / BINS, pitch = room < PITCH_MOST ? room : PITCH_MOST;
    for (int i = 0; i < BINS; i++) {
        const int y = 1 + i * pitch;
        char label[16];
        snprintf(label, sizeof label, "%d-%d%%", i * 100 / BINS, (i + 1) * 100 / BINS);
        pen = pen_at(area, (struct box){0, y, LABEL, 1}, data->palette);
        pen_format(&pen, ROLE_FAINT, 0, "%*s", LABEL - 1, label);
        draw_bar(data->palette, area_part(area, LABEL, y, area.width - LABEL, pitch > 1 ? pitch - 1 : 1), &bin[i],
                 most);
    }
}
