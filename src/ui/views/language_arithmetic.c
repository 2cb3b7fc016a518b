/* One prediction in a single pass: logits → softmax → −ln p, with the numbers of the moment, so that a class can check
 * them by hand. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "ui/bar.h"
#include "ui/draw.h"
#include "ui/views/language.h"

#define FIXED_ROWS 10 /* all but the tokens' */
#define NUMBER     11 /* columns of a number, ... */
#define NARROW     8  /* ... where there are few */
#define WORDS_FROM 60 /* columns from which there is room for words */
#define LABEL_MOST 20
#define BAR_LEAST  8

struct table {
    struct area area;
    int y;
    int label, number; /* columns */
    int bar;           /* columns; 0: none */
    bool below;        /* has the column z − max */
};

static int width_of(const struct table *table)
{
    return 2 + table->label + (table->below ? 4 : 3) * table->number;
}

static struct table table_in(struct area area)
{
    struct table table = {.area = area,
                          .label = LABEL_MOST < area.width / 4 ? LABEL_MOST : area.width / 4,
                          .number = area.width < WORDS_FROM - 10 ? NARROW : NUMBER};
    table.below = area.width >= 2 + table.label + 4 * table.number;
    const int left = area.width - width_of(&table) - 2;
    table.bar = left >= BAR_LEAST ? left : 0;
    return table;
}

static void write_number(const struct table *table, struct pen *pen, enum role role, int attributes, const char *text)
{
    const int end = pen->x + table->number, columns = text_columns(text);
    pen->x = end - columns;
    pen_write(pen, role, attributes, text);
    pen->x = end;
}

static const char *signed_number(double value, char *out, size_t size)
{
    if (!isfinite(value))
        snprintf(out, size, "-");
    else
        snprintf(out, size, "%s%.2f", value < 0 ? "−" : "", fabs(value));
    return out;
}

static void write_heading(const struct view_data *data, struct table *table)
{
    struct pen pen = pen_at(table->area, (struct box){0, table->y++, table->area.width, 1}, data->palette);
    pen.x = 2;
    pen_write(&pen, ROLE_FAINT, 0, "token");
    pen.x = 2 + table->label;
    write_number(table, &pen, ROLE_FAINT, 0, "logit z");
    if (table->below)
        write_number(table, &pen, ROLE_FAINT, 0, "z − max");
    write_number(table, &pen, ROLE_FAINT, 0, table->number < NUMBER ? "e^z−m" : "e^(z−max)");
    write_number(table, &pen, ROLE_FAINT, 0, "p = e/Σ");
}

/* Small ones with the digits that their logarithm needs. */
static const char *format_share(char *out, size_t size, double share)
{
    snprintf(out, size, share > 0 && share < 0.001 ? "%.2e" : "%.4f", share);
    return out;
}

/* A row of the table; `weight` is e^(z - max). */
static void write_row(const struct view_data *data, struct table *table, const char *label, const double *logit,
                      double largest, double weight, double p, bool right)
{
    const int bold = right ? CELL_BOLD : 0;
    const enum role role = right ? ROLE_STRONG : ROLE_TEXT;
    char number[32];
    struct pen pen = pen_at(table->area, (struct box){0, table->y, table->area.width, 1}, data->palette);
    if (right)
        pen_write(&pen, ROLE_GRADIENT, CELL_BOLD, "✓");
    pen.x = 2;
    pen_write(&pen, role, bold, label);
    pen.x = 2 + table->label;
    write_number(table, &pen, role, bold, logit ? signed_number(*logit, number, sizeof number) : "");
    if (table->below)
        write_number(table, &pen, ROLE_FAINT, 0, logit ? signed_number(*logit - largest, number, sizeof number) : "");
    format_share(number, sizeof number, weight);
    write_number(table, &pen, role, bold, number);
    format_share(number, sizeof number, p);
    write_number(table, &pen, role, bold, number);
    if (table->bar > 0 && logit)
        bar_draw(table->area, pen.x + 2, table->y, table->bar, p, data->palette, right ? ROLE_GRADIENT : ROLE_TRAIN);
    table->y++;
}

static void write_token(const struct view_data *data, struct table *table, const struct picture_text *text,
                        const struct picture_token *token)
{
    char label[LANGUAGE_LABEL_SIZE];
    const double logit = (double)token->logit;
    language_label(data, text, token->id, table->label - 1, label);
    write_row(data, table, label, &logit, (double)text->largest, token->p * text->sum, token->p,
              text->right_known && token->id == text->right.id);
}

/* The rest of the vocabulary as one row, then the sum. */
static void write_sums(const struct view_data *data, struct table *table, const struct picture_text *text, size_t shown,
                       double shown_weight)
{
    char label[48], number[32];
    const size_t vocabulary = text->asked.dataset->classes;
    const double rest = fmax(text->sum - shown_weight, 0);
    snprintf(label, sizeof label, "%s others", number_count(number, sizeof number, vocabulary - shown));
    if (vocabulary > shown)
        write_row(data, table, label, NULL, 0, rest, rest / text->sum, false);
    struct pen pen = pen_at(table->area, (struct box){0, table->y++, table->area.width, 1}, data->palette);
    for (int x = 2; x < width_of(table); x++)
        area_put(pen.area, x, 0, draw_glyph(data->palette, 0x2500, '-'), data->palette->role[ROLE_GRID], 0);
    write_row(data, table, "Σ", NULL, 0, text->sum, 1, false);
}

static void write_loss(const struct view_data *data, struct table *table, const struct picture_text *text)
{
    char label[LANGUAGE_LABEL_SIZE], number[32];
    const size_t vocabulary = text->asked.dataset->classes;
    struct pen pen = pen_at(table->area, (struct box){2, table->y++, table->area.width - 2, 1}, data->palette);
    if (!text->right_known) {
        pen_write(&pen, ROLE_FAINT, 0, "nobody said what is right: i, then PROMPT => ANSWER");
        return;
    }
    if (table->area.width >= WORDS_FROM)
        pen_write(&pen, ROLE_TEXT, 0, "loss of the right one, ");
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, language_label(data, text, text->right.id, LABEL_MOST, label));
    pen_format(&pen, ROLE_TEXT, 0, ": −ln %s = ", format_share(number, sizeof number, text->right.p));
    pen_format(&pen, ROLE_GRADIENT, CELL_BOLD, "%.2f", text->right.loss);
    pen_write(&pen, ROLE_TEXT, 0, " nats");
    pen = pen_at(table->area, (struct box){2, table->y++, table->area.width - 2, 1}, data->palette);
    number_count(number, sizeof number, vocabulary);
    if (table->area.width >= WORDS_FROM)
        pen_format(&pen, ROLE_FAINT, 0, "sure (p = 1) costs 0, %s tokens at even odds ln %s = %.2f", number, number,
                   log((double)vocabulary));
    else
        pen_format(&pen, ROLE_FAINT, 0, "even odds: ln %s = %.2f", number, log((double)vocabulary));
}

void language_draw_arithmetic(const struct view_data *data, struct area area, const struct picture_text *text)
{
    struct table table = table_in(area);
    struct pen pen = pen_at(area, (struct box){0, table.y++, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "one prediction");
    pen_skip(&pen, 2);
    pen_fits(&pen, ROLE_FAINT, 0, "logits → softmax → −ln p");
    const int room = area.height - FIXED_ROWS;
    if (room >= 1) {
        table.y +=
            language_draw_question(data, area_part(area, 2, table.y, area.width - 2, area.height >= 20 ? 3 : 1), text);
        table.y += area.height >= 20;
    }
    write_heading(data, &table);
    int left = area.height - table.y - 5; /* for tokens; below them: the others, a line, the sum, two of words */
    left -= text->right_known && (left > PICTURE_LIKELIEST ? PICTURE_LIKELIEST : left) < (int)text->right_rank;
    size_t shown = 0;
    double weight = 0;
    for (; shown < text->likeliest_count && (int)shown < left; shown++) {
        write_token(data, &table, text, &text->likeliest[shown]);
        weight += text->likeliest[shown].p * text->sum;
    }
    if (text->right_known && text->right_rank > shown) {
        write_token(data, &table, text, &text->right);
        weight += text->right.p * text->sum;
        shown++;
    }
    write_sums(data, &table, text, shown, weight);
    write_loss(data, &table, text);
}
