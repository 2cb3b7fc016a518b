/* Draws the confusion matrix, and says in words what stands out in it. */
#include "ui/views/confusion.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ui/bar.h"
#include "ui/draw.h"
#include "ui/views/results.h"

#define SUMMARY_ROWS  3  /* a blank one and two of text */
#define NAME_WIDEST   30 /* columns of a class name in a sentence ... */
#define NAME_SHORT    20 /* ... that has to fit into a heading */
#define CELL_LEAST    3  /* columns of a cell with a number */
#define RECALL_NUMBER 7  /* columns: "  100% " */

struct matrix {
    size_t classes, shown; /* classes that have room */
    int name_width, name_above, cell_width, cell_height;
    int recall;           /* columns of its bar; 0: only the number; negative: none */
    bool summary, shares; /* numbers are % of their row instead of counts */
};

/* So that there is one in the middle. */
static int odd(int most)
{
    return most % 2 == 0 ? most - 1 : most;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int confusion_rows(size_t classes, int most, int cell)
{
    const int height = odd(least((most - 1 - SUMMARY_ROWS) / (int)classes, cell));
    return height < 1 ? most : 1 + height * (int)classes + SUMMARY_ROWS;
}

static int longest_name(const struct view_data *data)
{
    int longest = 1;
    for (size_t k = 0; k < data->picture->classes; k++) {
        const int width = text_columns(data->dataset->class_name[k]);
        longest = width > longest ? width : longest;
    }
    return longest;
}

/* Columns that are left for cells beside names and recall. */
static int room_across(const struct matrix *m, struct area area)
{
    return area.width - m->name_width - 1 - (m->recall < 0 ? 0 : RECALL_NUMBER + m->recall);
}

/* Cells as high as there is room, about twice as wide; wider where their names are longer. */
static void plan_cells(struct matrix *m, struct area area, int longest)
{
    const int down = area.height - 1 - (m->summary ? SUMMARY_ROWS : 0);
    const int widest = room_across(m, area) / (int)m->shown;
    const int height = odd(least(down / (int)m->shown, (widest + 1) / 2));
    m->cell_height = height < 1 ? 1 : height;
    int width = 2 * m->cell_height + 1;
    if (width < longest + 1)
        width = least(longest + 2, width + 4);
    m->cell_width = widest < CELL_LEAST ? widest : odd(least(width, widest));
}

bool confusion_sums_up(const struct view_data *data, struct area area)
{
    return area.height >= 1 + (int)data->dataset->classes + SUMMARY_ROWS;
}

static struct matrix plan_matrix(const struct view_data *data, struct area area, bool details)
{
    static const int bars[] = {16, 12, 0};
    struct matrix m = {
        .classes = data->picture->classes, .recall = -1, .shares = details && data->settings->other_picture};
    const int longest = longest_name(data), most = area.width / 4;
    m.name_width = least(longest, most);
    m.shown = m.classes;
    for (size_t i = 0; details && m.recall < 0 && i < sizeof bars / sizeof bars[0]; i++) {
        m.recall = bars[i];
        if (room_across(&m, area) < CELL_LEAST * (int)m.classes)
            m.recall = -1;
    }
    m.summary = details && confusion_sums_up(data, area);
    const int across = room_across(&m, area), down = area.height - 1 - (m.summary ? SUMMARY_ROWS : 0);
    if ((int)m.shown > down)
        m.shown = down > 0 ? (size_t)down : 0;
    if ((int)m.shown > across / 2)
        m.shown = across > 1 ? (size_t)(across / 2) : 0;
    if (m.shown == 0)
        return m;
    plan_cells(&m, area, longest);
    m.name_above = m.cell_width > 2 ? m.cell_width - 1 : m.cell_width;
    if (longest > most) /* names beside and above are cut alike */
        m.name_above = m.name_width = least(m.name_width, m.name_above);
    return m;
}

static uint32_t row_total(const struct picture *picture, size_t row)
{
    uint32_t total = 0;
    for (size_t k = 0; k < picture->classes; k++)
        total += picture->confusion[row * picture->classes + k];
    return total;
}

struct shade {
    double from;     /* share of a row from which it holds */
    double strength; /* of the colour */
    int texture;     /* without colour: index into the textures; negative: none */
};

/* A mistake in fifty is a number only, one in ten can be seen from afar. */
static const struct shade mistake_shade[] = {{0.3, 0.9, 2}, {0.1, 0.6, 1}, {0.02, 0.14, 0}, {0, 0, -1}};
static const struct shade right_shade = {0, 0.75, 2};

static const struct shade *shade_of(double share, bool right)
{
    size_t i = 0;
    while (share < mistake_shade[i].from)
        i++;
    return right ? &right_shade : &mistake_shade[i];
}

/* Without colour: a texture that keeps clear of the number. */
static void draw_texture(const struct view_data *data, struct area cell, int texture, int number)
{
    static const uint32_t shade[] = {0x2591, 0x2592, 0x2593};
    static const char plain[] = ".:#";
    const int from = (cell.width - number) / 2 - 1, to = from + number + 2;
    for (int y = 0; y < cell.height; y++)
        for (int x = 0; x < cell.width; x++)
            if (y != cell.height / 2 || x < from || x >= to)
                area_put(cell, x, y, draw_glyph(data->palette, shade[texture], plain[texture]),
                         data->palette->role[ROLE_FAINT], 0);
}

static void draw_cell(const struct view_data *data, struct area area, const struct matrix *m, size_t row, size_t column,
                      uint32_t total)
{
    const struct palette *palette = data->palette;
    const uint32_t count = data->picture->confusion[row * m->classes + column];
    const double share = total ? (double)count / total : 0;
    const bool right = row == column;
    const struct shade *shade = shade_of(share, right);
    const struct area cell = area_part(area, m->name_width + 1 + (int)column * m->cell_width,
                                       1 + (int)row * m->cell_height, m->cell_width, m->cell_height);
    uint32_t ground = palette->role[ROLE_BAR];
    if (count > 0 && !palette->mono)
        ground = colour_mix(ground, palette->role[right ? ROLE_TRAIN : ROLE_TEST], shade->strength);
    draw_ground(cell, (struct box){0, 0, cell.width, cell.height}, ground);
    char text[24];
    if (count == 0)
        snprintf(text, sizeof text, "%s", palette->ascii ? "." : "·");
    else if (m->shares)
        snprintf(text, sizeof text, "%.0f", share * 100);
    else
        snprintf(text, sizeof text, "%u", count);
    const int columns = m->cell_width >= CELL_LEAST && text_columns(text) <= cell.width ? text_columns(text) : 0;
    if (palette->mono && count > 0 && shade->texture >= 0)
        draw_texture(data, cell, shade->texture, columns);
    const uint32_t ink = count == 0              ? palette->role[ROLE_GRID]
                         : palette->mono         ? palette->role[ROLE_TEXT]
                         : shade->strength > 0.0 ? ink_on(ground)
                                                 : palette->role[ROLE_TEST];
    area_text(cell, (cell.width - columns) / 2, cell.height / 2, columns, text, ink, right ? CELL_BOLD : 0);
}

static void draw_recall(const struct view_data *data, struct area area, const struct matrix *m, size_t row,
                        uint32_t total)
{
    if (total == 0)
        return;
    const struct palette *palette = data->palette;
    char text[16];
    const double recall = (double)data->picture->confusion[row * m->classes + row] / total;
    const int x = m->name_width + 1 + (int)m->shown * m->cell_width;
    const int y = 1 + (int)row * m->cell_height + m->cell_height / 2;
    struct pen pen = pen_at(area, (struct box){x, y, RECALL_NUMBER, 1}, palette);
    pen_format(&pen, recall < 0.8 ? ROLE_TEST : ROLE_STRONG, CELL_BOLD, "%5s%%",
               number_percent(text, sizeof text, recall, 0));
    const int halves = (int)(recall * 2 * m->recall); /* full only when all are right */
    for (int i = 0; i < m->recall; i++) {
        const int here = halves - 2 * i;
        const uint32_t glyph = here >= 2   ? draw_glyph(palette, 0x2501, '=')
                               : here == 1 ? draw_glyph(palette, 0x257e, '-')
                                           : draw_glyph(palette, 0x2500, '-');
        area_put(area, x + RECALL_NUMBER + i, y, glyph, palette->role[here >= 1 ? ROLE_TRAIN : ROLE_GRID], 0);
    }
}

/* The start of a text, in whole characters: at most so many columns. */
static const char *first_columns(char *out, size_t size, int columns, const char *text)
{
    const char *end = text;
    size_t length = 0;
    for (int i = 0; i < columns && *end && text_next(&end) && (size_t)(end - text) < size; i++)
        length = (size_t)(end - text);
    memcpy(out, text, length);
    out[length] = '\0';
    return out;
}

bool confusion_unpredicted(const struct view_data *data, char out[CONFUSION_SENTENCE])
{
    const struct picture *picture = data->picture;
    const size_t classes = picture && picture->confusion ? picture->classes : 0;
    size_t count = 0, largest = 0;
    uint32_t most = 0;
    for (size_t k = 0; k < classes; k++) {
        uint32_t predicted = 0;
        for (size_t i = 0; i < classes; i++)
            predicted += picture->confusion[i * classes + k];
        const uint32_t rows = predicted == 0 ? row_total(picture, k) : 0;
        count += rows > 0;
        if (rows > most) {
            most = rows;
            largest = k;
        }
    }
    if (count == 0)
        return false;
    char name[4 * NAME_SHORT + 1], rows[32];
    first_columns(name, sizeof name, NAME_SHORT, data->dataset->class_name[largest]);
    snprintf(rows, sizeof rows, most == 1 ? "1 row" : "%u rows", most);
    if (count == 1)
        snprintf(out, CONFUSION_SENTENCE, "'%s' is never predicted (%s)", name, rows);
    else
        snprintf(out, CONFUSION_SENTENCE, "%zu classes are never predicted; largest: '%s' (%s)", count, name, rows);
    return true;
}

static void write_most_often(const struct view_data *data, struct pen *pen, size_t often)
{
    const struct picture *picture = data->picture;
    char **name = data->dataset->class_name, text[4 * NAME_WIDEST + 1], rows[32];
    pen_format(pen, ROLE_TEXT, 0, "most often: %s taken for ",
               first_columns(text, sizeof text, NAME_WIDEST, name[often / picture->classes]));
    pen_write(pen, ROLE_TEXT, 0, first_columns(text, sizeof text, NAME_WIDEST, name[often % picture->classes]));
    pen_format(pen, ROLE_TEST, CELL_BOLD, "  %s×", number_count(rows, sizeof rows, picture->confusion[often]));
}

/* In words: how many are right, and a class that is never predicted or else the mistake made most often. */
static void draw_summary(const struct view_data *data, struct area area, const struct matrix *m)
{
    const uint32_t *confusion = data->picture->confusion;
    size_t right = 0, total = 0, often = 0;
    for (size_t i = 0; i < m->classes * m->classes; i++) {
        const bool diagonal = i / m->classes == i % m->classes;
        total += confusion[i];
        right += diagonal ? confusion[i] : 0;
        if (!diagonal && (confusion[i] > confusion[often] || often % (m->classes + 1) == 0))
            often = i;
    }
    char rows[32], all[32], unpredicted[CONFUSION_SENTENCE];
    const int y = 1 + (int)m->shown * m->cell_height + 1;
    struct pen pen = pen_at(area, (struct box){0, y, area.width, 1}, data->palette);
    pen_format(&pen, ROLE_STRONG, CELL_BOLD, "%s of %s right", number_count(rows, sizeof rows, right),
               number_count(all, sizeof all, total));
    if (total > 0)
        pen_format(&pen, ROLE_STRONG, CELL_BOLD, "  %s%%",
                   number_percent(rows, sizeof rows, (double)right / (double)total, 1));
    pen = pen_at(area, (struct box){0, y + 1, area.width, 1}, data->palette);
    if (confusion_unpredicted(data, unpredicted))
        pen_write(&pen, ROLE_TEST, 0, unpredicted);
    else if (right < total)
        write_most_often(data, &pen, often);
}

/* The start of a name, without a sign that there is more: those above and beside a matrix explain each other. */
static void write_name(const struct view_data *data, struct area area, int x, int y, int columns, const char *name)
{
    for (int i = 0; i < columns; i++)
        area_put(area, x + i, y, text_next(&name), data->palette->role[ROLE_TEXT], 0);
}

static void draw_names(const struct view_data *data, struct area area, const struct matrix *m)
{
    for (size_t k = 0; k < m->shown; k++) {
        const char *name = data->dataset->class_name[k];
        const int all = text_columns(name), above = least(all, m->name_above);
        write_name(data, area, m->name_width + 1 + (int)k * m->cell_width + (m->cell_width - above) / 2, 0, above,
                   name);
        write_name(data, area, 0, 1 + (int)k * m->cell_height + m->cell_height / 2, least(all, m->name_width), name);
    }
    if (m->recall >= 0)
        area_text(area, m->name_width + 1 + (int)m->shown * m->cell_width, 0, RECALL_NUMBER + m->recall,
                  m->recall > 0 ? "     recall" : "   rec.", data->palette->role[ROLE_FAINT], 0);
}

/* Where the whole sentence has room below a matrix without details. */
static void draw_unpredicted(const struct view_data *data, struct area area, int y)
{
    char unpredicted[CONFUSION_SENTENCE];
    struct pen pen = pen_at(area, (struct box){0, y, area.width, 1}, data->palette);
    if (y < area.height && confusion_unpredicted(data, unpredicted))
        pen_fits(&pen, ROLE_TEST, 0, unpredicted);
}

int confusion_draw(const struct view_data *data, struct area area, bool details)
{
    if (!results_ready(data, area) || !data->picture->confusion)
        return 0;
    const struct matrix m = plan_matrix(data, area, details);
    if (m.shown == 0)
        return 0;
    draw_names(data, area, &m);
    for (size_t row = 0; row < m.shown; row++) {
        const uint32_t total = row_total(data->picture, row);
        for (size_t column = 0; column < m.shown; column++)
            draw_cell(data, area, &m, row, column, total);
        if (m.recall >= 0)
            draw_recall(data, area, &m, row, total);
    }
    const int rows = 1 + (int)m.shown * m.cell_height;
    if (m.summary)
        draw_summary(data, area, &m);
    else if (!details)
        draw_unpredicted(data, area, rows + 1 < area.height ? rows + 1 : rows);
    return rows + (m.summary ? SUMMARY_ROWS : 0);
}
