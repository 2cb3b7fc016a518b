/* Computes the boxes of the screen from its size. */
#include "ui/layout.h"

#define WIDE               110 /* columns from which message and hint share a row */
#define COLUMN_FROM        58  /* columns from which there is a right column */
#define PICTURE_MIN_WIDTH  16
#define PICTURE_MIN_HEIGHT 8
#define KNOBS_IN_SIGHT     8  /* as many rows the picture gives way for */
#define SPARK_FROM         28 /* rows of the right column from which it has a sparkline */
#define LAYERS_FROM        6  /* rows left in the right column that are worth a list of the layers */
#define BIG_HEIGHT         6  /* a label and five rows of digits */
#define BIG_CURVES         13 /* rows left for the curves, or there is only one row of big numbers */
#define MARGIN_FROM        60
#define SPARK_ROWS         3
#define CHART_FROM         40 /* rows from which the gradient has a chart under the accuracy instead */
#define SPARK_LABEL        15 /* columns beside the sparkline, for its name and number */
#define GAP                2  /* columns between the charts and the right column */

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

static int clamp(int value, int low, int high)
{
    return most(low, least(value, high));
}

int layout_margin(int width)
{
    return width >= MARGIN_FROM;
}

/* Takes rows off the top of a box. */
static struct box cut_top(struct box *from, int rows)
{
    const int taken = clamp(rows, 0, from->height);
    const struct box cut = {from->x, from->y, from->width, taken};
    from->y += taken;
    from->height -= taken;
    return cut;
}

static struct box cut_bottom(struct box *from, int rows)
{
    const int taken = clamp(rows, 0, from->height);
    from->height -= taken;
    return (struct box){from->x, from->y + from->height, from->width, taken};
}

struct frame_layout layout_frame(int width, int height)
{
    struct frame_layout frame = {.too_small = width < LAYOUT_MIN_WIDTH || height < LAYOUT_MIN_HEIGHT};
    struct box rest = {0, 0, most(width, 0), most(height, 0)};
    if (frame.too_small) {
        frame.body = rest;
        return frame;
    }
    frame.title = cut_top(&rest, 1);
    if (height >= 30 && width >= 72)
        frame.tabs = cut_top(&rest, 1);
    if (height >= 30 || (width >= WIDE && height >= 14))
        frame.keys = cut_bottom(&rest, 1);
    if (width >= WIDE) {
        frame.message = cut_bottom(&rest, 1);
        frame.hint = frame.message;
        frame.message.width = width - (width >= 140 ? 60 : 50);
        frame.hint.x = frame.message.width;
        frame.hint.width = width - frame.message.width;
    } else {
        if (height >= 16)
            frame.hint = cut_bottom(&rest, 1);
        frame.message = cut_bottom(&rest, 1);
    }
    rest.x += layout_margin(width);
    rest.width -= 2 * layout_margin(width);
    frame.body = rest;
    return frame;
}

/* Heading and knobs at the bottom of a column, the picture above, as square as the room allows (a cell is about
 * twice as high as wide), and between them the gradient as a sparkline. */
static void fill_column(struct curves_layout *out, struct box column, const struct curves_wants *wants)
{
    const int square = (column.width + 1) / 2;
    const int room = column.height - 2; /* without the two headings */
    const int smallest = most(PICTURE_MIN_HEIGHT, least(square, column.height / 2));
    int knobs = least(wants->knobs, most(room - square, 0));
    knobs = most(knobs, least(least(wants->knobs, KNOBS_IN_SIGHT), room - smallest));
    knobs = most(knobs, least(wants->touched, room - PICTURE_MIN_HEIGHT));
    knobs = most(knobs, 0);
    int picture = column.height - 1 - (knobs > 0 ? knobs + 1 : 0);
    if (picture < PICTURE_MIN_HEIGHT || column.width < PICTURE_MIN_WIDTH) {
        out->knobs_heading = cut_top(&column, 1);
        out->knobs = cut_top(&column, least(wants->knobs, column.height));
        return;
    }
    const bool spark = column.height >= SPARK_FROM && column.height < CHART_FROM && knobs > 0;
    if (spark)
        picture = most(picture - SPARK_ROWS, PICTURE_MIN_HEIGHT);
    if (knobs > 0)
        picture = least(picture, square + 1);
    out->picture_heading = cut_top(&column, 1);
    out->picture = cut_top(&column, picture);
    if (spark) {
        const int left = column.height - knobs - 1;
        struct box row = cut_top(&column, SPARK_ROWS + (left > SPARK_ROWS + 1));
        if (row.height > SPARK_ROWS)
            cut_top(&row, 1);
        out->gradient_legend = (struct box){row.x, row.y, SPARK_LABEL, row.height};
        out->gradient = (struct box){row.x + SPARK_LABEL, row.y, row.width - SPARK_LABEL, row.height};
    }
    if (column.height > knobs + 1)
        cut_top(&column, 1);
    out->knobs_heading = cut_top(&column, knobs > 0);
    out->knobs = cut_top(&column, knobs);
    if (column.height >= LAYERS_FROM) {
        cut_top(&column, 1);
        out->layers = column;
    }
}

/* The charts, one under the other on the same columns. */
static void fill_charts(struct curves_layout *out, struct box charts)
{
    out->legend = cut_top(&charts, 1);
    const int rows = charts.height;
    if (rows < 11) {
        if (charts.width < 76 && rows >= 7 && !box_present(out->big))
            out->accuracy_legend = cut_top(&charts, 1);
        out->loss = charts;
        return;
    }
    const bool gradient = rows + 1 >= CHART_FROM;
    const int gradient_rows = gradient ? clamp(rows * 17 / 100, 5, 12) : 0;
    const int accuracy_rows = clamp((rows - gradient_rows) * 27 / 100, 4, 22);
    if (gradient) {
        out->gradient = cut_bottom(&charts, gradient_rows);
        out->gradient_legend = cut_bottom(&charts, 1);
        out->gradient_shares_axis = true;
    }
    out->bottom_axis = rows + 1 >= CHART_FROM;
    out->accuracy = cut_bottom(&charts, accuracy_rows);
    out->accuracy_legend = cut_bottom(&charts, 1);
    out->loss = charts;
}

struct curves_layout layout_curves(struct box body, const struct curves_wants *wants)
{
    struct curves_layout out = {.label_width = body.width >= 100 ? 7 : 5, .end_width = 0};
    if (wants->big && body.height >= BIG_HEIGHT + 5) {
        out.big_rows = body.width < WIDE && body.height >= 2 * BIG_HEIGHT + BIG_CURVES ? 2 : 1;
        out.big = cut_top(&body, out.big_rows * BIG_HEIGHT);
    }
    struct box column = {0};
    if (body.width >= COLUMN_FROM && body.height >= 9) {
        const int share = body.width < WIDE ? body.width * 30 / 100 : body.width * 33 / 100;
        column = body;
        column.width = clamp(share, 18, most(18, body.height * 2));
        column.x = body.x + body.width - column.width;
        body.width -= column.width + GAP;
        fill_column(&out, column, wants);
    } else if (body.height >= 30) {
        struct box bottom = cut_bottom(&body, clamp(body.height * 3 / 10, 9, 14));
        const int half = bottom.width * 45 / 100;
        struct box left = {bottom.x, bottom.y, half, bottom.height};
        struct box right = {bottom.x + half + GAP, bottom.y, bottom.width - half - GAP, bottom.height};
        out.picture_heading = cut_top(&left, 1);
        out.picture = left;
        out.knobs_heading = cut_top(&right, 1);
        out.knobs = cut_top(&right, least(wants->knobs, right.height));
    }
    fill_charts(&out, body);
    return out;
}
