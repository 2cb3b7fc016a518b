/* Draws a figure with cairo and writes it as PNG, SVG or PDF.  figure_plan.c says what it shows,
 * figure_sheet.c where each part goes. */
#include "plot/figure.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/number.h"
#include "base/outfile.h"
#include "base/text.h"
#include "plot/figure_sheet.h"

#define START_RADIUS 6.5 /* of the ring where a branch begins */

struct drawing {
    cairo_t *cairo;
    const struct figure *figure;
    const struct figure_plan *plan;
    struct sheet sheet;
};

/* ---- pens ---- */

static void ink(const struct drawing *drawing, uint32_t colour)
{
    cairo_set_source_rgb(drawing->cairo, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0,
                         (colour & 0xff) / 255.0);
}

static void role_ink(const struct drawing *drawing, enum role role)
{
    ink(drawing, drawing->figure->palette->role[role]);
}

static void faint_ink(const struct drawing *drawing, enum role role, double share)
{
    const uint32_t *colour = drawing->figure->palette->role;
    ink(drawing, colour_mix(colour[ROLE_GROUND], colour[role], share));
}

static void pen(const struct drawing *drawing, double width, const double *dashes, int count)
{
    cairo_set_line_width(drawing->cairo, width);
    cairo_set_dash(drawing->cairo, dashes, count, 0);
}

static void line(const struct drawing *drawing, double x0, double y0, double x1, double y1)
{
    cairo_move_to(drawing->cairo, x0, y0);
    cairo_line_to(drawing->cairo, x1, y1);
    cairo_stroke(drawing->cairo);
}

/* ---- texts ---- */

static void font(const struct drawing *drawing, double size, bool bold)
{
    cairo_select_font_face(drawing->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(drawing->cairo, size);
}

static double text_width(const struct drawing *drawing, const char *text)
{
    cairo_text_extents_t extents;
    cairo_text_extents(drawing->cairo, text, &extents);
    return extents.x_advance;
}

/* `align` 0: x is the left end, 1: the right one. */
static void write_text(const struct drawing *drawing, double x, double baseline, double align, const char *text)
{
    cairo_move_to(drawing->cairo, x - align * text_width(drawing, text), baseline);
    cairo_show_text(drawing->cairo, text);
}

/* Writes the text where it hides least; nowhere if there is no free spot. */
static void place_text(struct drawing *drawing, size_t panel, const struct spot *spot, size_t spots, const char *text)
{
    struct spot at;
    if (sheet_place(&drawing->sheet, panel, spot, spots, SHEET_TICK, text_width(drawing, text), &at))
        write_text(drawing, at.x, at.baseline, at.align, text);
}

/* ---- axes ---- */

static void draw_y_axis(struct drawing *drawing, size_t panel)
{
    const struct figure_panel *shown = &drawing->plan->panel[panel];
    const struct box *plot = &drawing->sheet.plot[panel];
    struct tick tick[SCALE_TICKS_MAX];
    const size_t ticks = scale_ticks(&shown->y, panel == PANEL_LOSS ? 7 : 5, shown->style, tick);
    font(drawing, SHEET_TICK, false);
    for (size_t i = 0; i < ticks; i++) {
        const double y = sheet_y(&drawing->sheet, panel, tick[i].value);
        role_ink(drawing, ROLE_GRID);
        pen(drawing, 0.8, NULL, 0);
        line(drawing, SHEET_LEFT, y, SHEET_RIGHT, y);
        role_ink(drawing, ROLE_TEXT);
        write_text(drawing, SHEET_LEFT - 12, y + SHEET_TICK * 0.36, 1, tick[i].label);
    }
    role_ink(drawing, ROLE_GRID);
    pen(drawing, 1.6, NULL, 0);
    line(drawing, SHEET_LEFT, plot->y + plot->height, SHEET_RIGHT, plot->y + plot->height);
    font(drawing, SHEET_LABEL, true);
    role_ink(drawing, ROLE_STRONG);
    const double end = fmax(SHEET_LEFT - 12, SHEET_EDGE + text_width(drawing, shown->name));
    write_text(drawing, end, plot->y - 20, 1, shown->name);
}

static void draw_x_axis(const struct drawing *drawing)
{
    struct tick tick[SCALE_TICKS_MAX];
    const size_t ticks = scale_ticks(&drawing->plan->x, 9, TICK_COUNT, tick);
    font(drawing, SHEET_TICK, false);
    for (size_t i = 0; i < ticks; i++) {
        const double x = sheet_x(&drawing->sheet, tick[i].value);
        role_ink(drawing, ROLE_GRID);
        pen(drawing, 1.6, NULL, 0);
        line(drawing, x, SHEET_BOTTOM, x, SHEET_BOTTOM + 8);
        role_ink(drawing, ROLE_TEXT);
        write_text(drawing, x, SHEET_BOTTOM + 32, 0.5, tick[i].label);
    }
    font(drawing, SHEET_LABEL, true);
    role_ink(drawing, ROLE_STRONG);
    write_text(drawing, SHEET_RIGHT + 64, SHEET_BOTTOM + 32, 0, "step");
}

static void draw_reference(const struct drawing *drawing, size_t panel)
{
    static const double dots[] = {2, 7};
    const double reference = drawing->plan->panel[panel].reference;
    if (!sheet_shows(&drawing->sheet, panel, reference))
        return;
    role_ink(drawing, ROLE_FAINT);
    pen(drawing, 2, dots, 2);
    line(drawing, SHEET_LEFT, sheet_y(&drawing->sheet, panel, reference), SHEET_RIGHT,
         sheet_y(&drawing->sheet, panel, reference));
}

/* ---- curves ---- */

static void draw_band(const struct drawing *drawing, size_t panel, const struct figure_curve *curve)
{
    cairo_t *cairo = drawing->cairo;
    size_t first = FIGURE_COLUMNS;
    for (size_t i = 0; i < FIGURE_COLUMNS; i++)
        if (curve->column[i].count > 0) {
            first = i < first ? i : first;
            cairo_line_to(cairo, sheet_column_x(i), sheet_y(&drawing->sheet, panel, curve->column[i].max) - 0.6);
        }
    if (first == FIGURE_COLUMNS)
        return;
    for (size_t i = FIGURE_COLUMNS; i-- > 0;)
        if (curve->column[i].count > 0)
            cairo_line_to(cairo, sheet_column_x(i), sheet_y(&drawing->sheet, panel, curve->column[i].min) + 0.6);
    cairo_close_path(cairo);
    faint_ink(drawing, curve->role, 0.15);
    cairo_fill(cairo);
}

/* The last value is the newest one as it is, not the mean of its column: it stands beside its label. */
static void draw_curve(const struct drawing *drawing, size_t panel, const struct figure_curve *curve)
{
    static const double dashes[2][2][4] = {{{0}, {13, 7}},
                                           {{3, 6}, {13, 6, 3, 6}}}; /* a rival's lines differ without colour, too */
    static const int parts[2][2] = {{0, 2}, {2, 4}};
    const bool rival = curve->role == ROLE_RIVAL;
    const bool ghost = curve->role == ROLE_GHOST;
    const double usual = drawing->figure->palette->thick ? 4.5 : 3.2;
    size_t points = 0, last;
    double x = 0, y = 0;
    if (!figure_end(curve, &last))
        return;
    for (size_t i = 0; i <= last; i++)
        if (curve->column[i].count > 0) {
            x = sheet_column_x(i);
            y = sheet_y(&drawing->sheet, panel, i == last ? curve->column[i].last : bucket_mean(&curve->column[i]));
            cairo_line_to(drawing->cairo, x, y);
            points++;
        }
    role_ink(drawing, curve->role);
    pen(drawing, ghost ? usual * 0.6 : usual, dashes[rival][curve->dashed], parts[rival][curve->dashed]);
    cairo_stroke(drawing->cairo);
    if (points == 1) {
        cairo_arc(drawing->cairo, x, y, usual, 0, 2 * M_PI);
        cairo_fill(drawing->cairo);
    }
}

static void shade_gap(const struct drawing *drawing)
{
    const struct figure_panel *loss = &drawing->plan->panel[PANEL_LOSS];
    if (loss->train < 0 || loss->test < 0)
        return;
    const double half = (SHEET_RIGHT - SHEET_LEFT) / FIGURE_COLUMNS / 2;
    role_ink(drawing, ROLE_GAP);
    for (size_t i = 0; i < FIGURE_COLUMNS;) {
        size_t end = i; /* of a stretch in which test is above */
        double low[2] = {0, 0};
        while (end < FIGURE_COLUMNS) {
            low[0] = figure_height_at(&loss->curve[loss->train], end);
            low[1] = figure_height_at(&loss->curve[loss->test], end);
            if (!(low[1] > low[0]))
                break;
            const double x = sheet_column_x(end);
            cairo_line_to(drawing->cairo, end == i ? x - half : x, sheet_y(&drawing->sheet, PANEL_LOSS, low[1]));
            end++;
        }
        for (size_t back = end; back-- > i;)
            cairo_line_to(drawing->cairo, sheet_column_x(back),
                          sheet_y(&drawing->sheet, PANEL_LOSS, figure_height_at(&loss->curve[loss->train], back)));
        if (end > i) {
            cairo_close_path(drawing->cairo);
            cairo_fill(drawing->cairo);
        }
        i = end + 1;
    }
}

static void draw_nonfinite(const struct drawing *drawing, size_t panel)
{
    const struct figure_panel *shown = &drawing->plan->panel[panel];
    const double y = drawing->sheet.plot[panel].y + 9;
    role_ink(drawing, ROLE_WARN);
    pen(drawing, 3, NULL, 0);
    for (size_t c = 0; c < shown->curves; c++) {
        if (shown->curve[c].role == ROLE_GHOST)
            continue;
        double last = -INFINITY;
        for (size_t i = 0; i < FIGURE_COLUMNS; i++) {
            const double x = sheet_column_x(i);
            if (shown->curve[c].column[i].nonfinite == 0 || x - last < 16)
                continue;
            line(drawing, x - 7, y - 7, x + 7, y + 7);
            line(drawing, x - 7, y + 7, x + 7, y - 7);
            last = x;
        }
    }
}

static void draw_starts(const struct drawing *drawing, size_t panel)
{
    const struct figure_panel *shown = &drawing->plan->panel[panel];
    for (size_t i = 0; i < shown->starts; i++) {
        const struct figure_start *start = &shown->start[i];
        const double y = sheet_y(&drawing->sheet, panel, start->value);
        if (isnan(y))
            continue;
        cairo_new_path(drawing->cairo);
        cairo_arc(drawing->cairo, sheet_column_x(start->column), y, START_RADIUS, 0, 2 * M_PI);
        role_ink(drawing, ROLE_GROUND);
        cairo_fill_preserve(drawing->cairo);
        role_ink(drawing, start->role);
        pen(drawing, 2.5, NULL, 0);
        cairo_stroke(drawing->cairo);
    }
}

/* Every second stage. */
static void shade_stages(const struct drawing *drawing, const struct box *plot)
{
    const struct figure_plan *plan = drawing->plan;
    faint_ink(drawing, ROLE_BAR, 0.6);
    for (size_t i = 0; i < plan->markers; i++) {
        if (plan->marker[i].kind != EVENT_STAGE || plan->marker[i].what % 2 == 0)
            continue;
        size_t end = i + 1;
        while (end < plan->markers && plan->marker[end].kind != EVENT_STAGE)
            end++;
        const double left = sheet_x(&drawing->sheet, plan->marker[i].step);
        const double right = end < plan->markers ? sheet_x(&drawing->sheet, plan->marker[end].step) : SHEET_RIGHT;
        cairo_rectangle(drawing->cairo, left, plot->y, right - left, plot->height);
        cairo_fill(drawing->cairo);
    }
}

static void draw_panel(struct drawing *drawing, size_t panel)
{
    const struct figure_panel *shown = &drawing->plan->panel[panel];
    const struct box *plot = &drawing->sheet.plot[panel];
    shade_stages(drawing, plot);
    cairo_save(drawing->cairo);
    cairo_rectangle(drawing->cairo, SHEET_LEFT, plot->y - 3, SHEET_RIGHT - SHEET_LEFT, plot->height + 6);
    cairo_clip(drawing->cairo);
    for (size_t i = 0; i < shown->curves; i++)
        if (shown->curve[i].band)
            draw_band(drawing, panel, &shown->curve[i]);
    if (panel == PANEL_LOSS)
        shade_gap(drawing);
    cairo_restore(drawing->cairo);
    draw_y_axis(drawing, panel);

    cairo_save(drawing->cairo);
    cairo_rectangle(drawing->cairo, SHEET_LEFT, plot->y - 3, SHEET_RIGHT - SHEET_LEFT, plot->height + 6);
    cairo_clip(drawing->cairo);
    draw_reference(drawing, panel);
    for (size_t i = 0; i < shown->curves; i++)
        if (!shown->curve[i].band)
            draw_curve(drawing, panel, &shown->curve[i]);
    draw_starts(drawing, panel);
    draw_nonfinite(drawing, panel);
    cairo_restore(drawing->cairo);
}

/* ---- labels ---- */

static void format_value(char *out, size_t size, const struct figure_panel *shown, double value)
{
    char share[16];
    if (shown->style == TICK_PERCENT)
        snprintf(out, size, "%s%%", number_percent(share, sizeof share, value, 1));
    else
        number_short(out, size, value);
}

/* Names and newest values of train and test stand right of the plot. */
static void label_lines(struct drawing *drawing, size_t panel)
{
    const struct figure_panel *shown = &drawing->plan->panel[panel];
    const int index[] = {shown->train, shown->test};
    double baseline[2];
    sheet_place_ends(&drawing->sheet, panel, baseline);
    font(drawing, SHEET_LABEL, true);
    for (size_t i = 0; i < 2; i++) {
        const struct bucket *end = index[i] < 0 ? NULL : figure_end(&shown->curve[index[i]], NULL);
        char value[24], text[48];
        if (!end)
            continue;
        format_value(value, sizeof value, shown, end->last);
        snprintf(text, sizeof text, "%s %s", shown->curve[index[i]].label, value);
        role_ink(drawing, shown->curve[index[i]].role);
        write_text(drawing, SHEET_RIGHT + 18, baseline[i], 0, text);
    }
}

static void label_others(struct drawing *drawing, size_t panel)
{
    const struct figure_panel *shown = &drawing->plan->panel[panel];
    struct spot spot[SHEET_SPOTS];
    font(drawing, SHEET_TICK, false);
    for (size_t i = 0; i < shown->curves; i++) {
        const struct figure_curve *curve = &shown->curve[i];
        if (!curve->other || !curve->label)
            continue;
        char name[112];
        snprintf(name, sizeof name, "%s", curve->label);
        text_clean(name);
        faint_ink(drawing, curve->role == ROLE_GHOST ? ROLE_FAINT : curve->role, 0.9);
        place_text(drawing, panel, spot, sheet_ghost_spots(&drawing->sheet, panel, curve, spot), name);
    }
}

static void label_reference(struct drawing *drawing, size_t panel)
{
    struct spot spot[SHEET_SPOTS];
    font(drawing, SHEET_TICK, false);
    role_ink(drawing, ROLE_FAINT);
    place_text(drawing, panel, spot, sheet_reference_spots(&drawing->sheet, panel, spot), "guessing");
}

static void draw_best(struct drawing *drawing)
{
    const double x = sheet_x(&drawing->sheet, drawing->plan->best_step),
                 y = sheet_y(&drawing->sheet, PANEL_LOSS, drawing->plan->best_loss);
    const double size = 10;
    if (!(x >= SHEET_LEFT && x <= SHEET_RIGHT))
        return;
    cairo_move_to(drawing->cairo, x, y - size);
    cairo_line_to(drawing->cairo, x + size, y);
    cairo_line_to(drawing->cairo, x, y + size);
    cairo_line_to(drawing->cairo, x - size, y);
    cairo_close_path(drawing->cairo);
    role_ink(drawing, ROLE_BEST);
    cairo_fill_preserve(drawing->cairo);
    role_ink(drawing, ROLE_GROUND);
    pen(drawing, 2, NULL, 0);
    cairo_stroke(drawing->cairo);

    char loss[24], step[32], text[80];
    struct spot spot[SHEET_SPOTS];
    snprintf(text, sizeof text, "best %s at step %s", number_short(loss, sizeof loss, drawing->plan->best_loss),
             number_count(step, sizeof step, (uint64_t)drawing->plan->best_step));
    font(drawing, SHEET_TICK, false);
    role_ink(drawing, ROLE_BEST);
    place_text(drawing, PANEL_LOSS, spot, sheet_best_spots(&drawing->sheet, spot), text);
}

/* ---- markers ---- */

static void draw_markers(const struct drawing *drawing)
{
    const struct marker_place *place = drawing->sheet.place;
    static const double dashes[] = {5, 5};
    const double top = drawing->sheet.plot[PANEL_LOSS].y;
    font(drawing, SHEET_TICK, false);
    for (size_t i = 0; i < drawing->plan->markers; i++) {
        const struct figure_marker *marker = &drawing->plan->marker[i];
        const double x = sheet_x(&drawing->sheet, marker->step);
        const double rise = place[i].row >= 0 ? SHEET_ROW * (place[i].row + 1) : 0;
        faint_ink(drawing, marker->role, 0.75);
        pen(drawing, 1.6, dashes, marker->strong ? 0 : 2);
        line(drawing, x, top - rise, x, top + drawing->sheet.plot[PANEL_LOSS].height);
        line(drawing, x, drawing->sheet.plot[PANEL_ACCURACY].y, x, SHEET_BOTTOM);
        if (place[i].row < 0)
            continue;
        role_ink(drawing, marker->role);
        write_text(drawing, place[i].right ? x + 6 : x - 6, top - rise + SHEET_ROW * 0.72, place[i].right ? 0 : 1,
                   marker->label);
    }
}

/* ---- the sheet ---- */

static void draw_titles(const struct drawing *drawing)
{
    char text[160];
    snprintf(text, sizeof text, "%s", drawing->figure->title);
    text_clean(text);
    font(drawing, SHEET_TITLE, true);
    role_ink(drawing, ROLE_STRONG);
    write_text(drawing, SHEET_LEFT, 56, 0, text);
    snprintf(text, sizeof text, "%s", drawing->figure->subtitle);
    text_clean(text);
    font(drawing, SHEET_SUBTITLE, false);
    role_ink(drawing, ROLE_FAINT);
    write_text(drawing, SHEET_LEFT, 92, 0, text);
}

static void draw(cairo_t *cairo, const struct figure *figure, const struct figure_plan *plan)
{
    struct drawing drawing = {.cairo = cairo, .figure = figure, .plan = plan};
    double marker_width[FIGURE_MARKERS];
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    role_ink(&drawing, ROLE_GROUND);
    cairo_paint(cairo);
    font(&drawing, SHEET_TICK, false);
    for (size_t i = 0; i < plan->markers; i++)
        marker_width[i] = text_width(&drawing, plan->marker[i].label);
    sheet_begin(&drawing.sheet, plan, marker_width);

    for (size_t i = 0; i < FIGURE_PANELS; i++)
        draw_panel(&drawing, i);
    draw_x_axis(&drawing);
    draw_markers(&drawing);
    draw_titles(&drawing);
    for (size_t i = 0; i < FIGURE_PANELS; i++)
        label_lines(&drawing, i);
    draw_best(&drawing);
    for (size_t i = 0; i < FIGURE_PANELS; i++) {
        label_others(&drawing, i);
        label_reference(&drawing, i);
    }
}

/* ---- files ---- */

static cairo_status_t write_bytes(void *stream, const unsigned char *data, unsigned length)
{
    return fwrite(data, 1, length, stream) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

struct format {
    const char *ending;
    double scale; /* pixels or points a unit */
    cairo_surface_t *(*create)(FILE *stream, double width, double height);
    bool is_pixels; /* written when all is drawn */
};

static cairo_surface_t *create_svg(FILE *stream, double width, double height)
{
    return cairo_svg_surface_create_for_stream(write_bytes, stream, width, height);
}

/* Without a date: the same run gives the same bytes. */
static cairo_surface_t *create_pdf(FILE *stream, double width, double height)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(write_bytes, stream, width, height);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    return surface;
}

static cairo_surface_t *create_png(FILE *stream, double width, double height)
{
    (void)stream;
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
}

static const struct format format_table[] = {
    {.ending = ".svg", .scale = 1, .create = create_svg},
    {.ending = ".pdf", .scale = 0.6, .create = create_pdf},
    {.ending = ".png", .scale = 1.2, .create = create_png, .is_pixels = true},
};

static const struct format *format_of(const char *path)
{
    for (size_t i = 0; i < sizeof format_table / sizeof *format_table; i++)
        if (file_ends(path, format_table[i].ending))
            return &format_table[i];
    return NULL;
}

bool figure_is_for(const char *path)
{
    return format_of(path) != NULL;
}

/* NULL, or what is wrong besides what the stream itself can tell. */
static const char *draw_into(FILE *stream, const struct format *format, const struct figure *figure,
                             const struct figure_plan *plan)
{
    cairo_surface_t *surface = format->create(stream, SHEET_WIDTH * format->scale, SHEET_HEIGHT * format->scale);
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, format->scale, format->scale);
    draw(cairo, figure, plan);
    cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    if (status == CAIRO_STATUS_SUCCESS && format->is_pixels)
        status = cairo_surface_write_to_png_stream(surface, write_bytes, stream);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS || status == CAIRO_STATUS_WRITE_ERROR ? NULL : cairo_status_to_string(status);
}

enum status figure_write(const struct figure *figure, const char *path, struct error *error)
{
    const struct format *format = format_of(path);
    if (!format)
        return error_set(error, STATUS_USAGE, "%s: a figure is a .svg, .pdf or .png file", path);
    struct figure_plan plan;
    if (!figure_plan_make(&plan, figure))
        return error_memory(error);
    struct outfile *file = NULL;
    enum status status = outfile_open(&file, path, error);
    if (status == STATUS_OK) {
        const char *wrong = draw_into(outfile_stream(file), format, figure, &plan);
        status = outfile_close(file, !wrong, error);
        if (wrong)
            status = error_set(error, STATUS_FAILED, "%s: cannot be drawn: %s", path, wrong);
    }
    figure_plan_free(&plan);
    return status;
}
