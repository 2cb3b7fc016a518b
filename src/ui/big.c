/* Draws numbers in block digits that the last row of a class can read. */
#include "ui/big.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ui/curves.h"
#include "ui/draw.h"

/* Of four numbers side by side, with the gap behind each but the last: ".17", "93%". */
#define GAP           2
#define LOSS_WIDTH    (16 + GAP)
#define PERCENT_WIDTH (20 + GAP)
#define FOUR_ACROSS   (2 * (LOSS_WIDTH + PERCENT_WIDTH) - GAP)

/* Three bits a row, the highest on the left. */
struct figure {
    char character;
    int width;
    unsigned char row[BIG_DIGIT_ROWS];
};

static const struct figure figures[] = {
    {'0', 3, {7, 5, 5, 5, 7}}, {'1', 3, {2, 6, 2, 2, 7}}, {'2', 3, {7, 1, 7, 4, 7}}, {'3', 3, {7, 1, 7, 1, 7}},
    {'4', 3, {5, 5, 7, 1, 1}}, {'5', 3, {7, 4, 7, 1, 7}}, {'6', 3, {7, 4, 7, 5, 7}}, {'7', 3, {7, 1, 1, 2, 2}},
    {'8', 3, {7, 5, 7, 5, 7}}, {'9', 3, {7, 5, 7, 1, 7}}, {'.', 1, {0, 0, 0, 0, 4}}, {'-', 2, {0, 0, 6, 0, 0}},
    {'%', 3, {5, 1, 2, 4, 5}}, {'e', 3, {7, 5, 7, 4, 7}}, {' ', 1, {0, 0, 0, 0, 0}},
};

static const struct figure *figure_of(char character)
{
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        if (figures[i].character == character)
            return &figures[i];
    return &figures[sizeof figures / sizeof figures[0] - 1];
}

/* A block is two columns wide, so that it looks square. */
int big_columns(const char *text)
{
    int columns = 0;
    for (; *text; text++)
        columns += 2 * figure_of(*text)->width + 1;
    return columns > 0 ? columns - 1 : 0;
}

void big_text(struct area area, int x, int y, const char *text, uint32_t ink, bool ascii)
{
    const uint32_t block = ascii ? '#' : 0x2588;
    for (; *text; text++) {
        const struct figure *figure = figure_of(*text);
        for (int row = 0; row < BIG_DIGIT_ROWS; row++)
            for (int column = 0; column < 2 * figure->width; column++)
                if (figure->row[row] & (4 >> (column / 2)))
                    area_put(area, x + column, y + row, block, ink, 0);
        x += 2 * figure->width + 1;
    }
}

/* As many digits as have room; a digit behind the point is worth more than the zero before it. */
static void format_to_fit(char *out, size_t size, double value, bool percent, int room)
{
    char share[16];
    if (!isfinite(value)) {
        if (isnan(value) || percent)
            snprintf(out, size, "-");
        else
            number_short(out, size, value);
        return;
    }
    if (fabs(value) >= 1e5) {
        number_short(out, size, value);
        return;
    }
    const int most = percent ? 1 : fabs(value) >= 10 ? 1 : 3;
    for (int decimals = most; decimals >= 0; decimals--) {
        if (percent)
            snprintf(out, size, "%s%%", number_percent(share, sizeof share, value, decimals));
        else
            snprintf(out, size, "%.*f", decimals, value);
        if (big_columns(out) <= room)
            return;
        if (!percent && decimals > 1 && out[0] == '0') {
            memmove(out, out + 1, strlen(out));
            if (big_columns(out) <= room)
                return;
        }
    }
    if (percent) /* the label says of what */
        number_percent(out, size, value, 0);
}

static void draw_number(const struct view_data *data, struct area area, const char *label, enum role role,
                        unsigned series, bool percent)
{
    const bool test = series == SERIES_TEST_LOSS || series == SERIES_TEST_ACC;
    struct box whole = {0, 0, area.width, 1};
    struct pen pen = pen_at(area, whole, data->palette);
    const bool hidden = test && data->settings->hide_test;
    pen_write(&pen, hidden ? ROLE_FAINT : role, CELL_BOLD, label);
    if (hidden) {
        pen_write(&pen, ROLE_FAINT, 0, "  hidden: predict it, then t");
        return;
    }
    const double value = curves_value(data, series);
    char text[32];
    format_to_fit(text, sizeof text, value, percent, area.width);
    if (isinf(value) || big_columns(text) > area.width) /* there are no big letters */
        pen_format(&pen, ROLE_STRONG, CELL_BOLD, " %s", text);
    else
        big_text(area, 0, 1, text, data->palette->role[role], data->palette->ascii);
}

void big_draw(const struct view_data *data, struct area screen, struct box box, int rows)
{
    const bool share = data->model->objective->accuracy_is_share;
    const char *accuracy = data->model->objective->accuracy_label;
    char label[2][48];
    snprintf(label[0], sizeof label[0], "train %s", accuracy);
    snprintf(label[1], sizeof label[1], "test %s", accuracy);
    const struct {
        const char *label;
        enum role role;
        unsigned series;
        bool percent;
    } number[] = {
        {"train loss", ROLE_TRAIN, SERIES_TRAIN_LOSS, false},
        {"test loss", ROLE_TEST, SERIES_TEST_LOSS, false},
        {label[0], ROLE_TRAIN, SERIES_TRAIN_ACC, share},
        {label[1], ROLE_TEST, SERIES_TEST_ACC, share},
    };
    const int numbers = 4, height = BIG_DIGIT_ROWS + 1;
    /* Losses alone where four side by side would have no room for two digits each. */
    const int shown = rows == 1 && box.width < FOUR_ACROSS ? 2 : numbers;
    const int across = shown / rows;
    const bool tight = across == numbers && box.width / numbers < PERCENT_WIDTH;
    int x = 0;
    for (int i = 0; i < shown; i++) {
        const int width = !tight ? box.width / across : number[i].percent ? PERCENT_WIDTH : LOSS_WIDTH;
        x = i % across == 0 ? 0 : x;
        const struct box part = {box.x + x, box.y + (i / across) * height, width - GAP, height};
        draw_number(data, box_area(screen, part), number[i].label, number[i].role, number[i].series, number[i].percent);
        x += width;
    }
}
