/* A passage that was not learnt from: how much each token surprised the model, as its ground from cold to hot and as a
 * number below it. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "ui/bar.h"
#include "ui/draw.h"
#include "ui/flow.h"
#include "ui/views/language.h"

#define SURPRISES    3   /* the worst tokens, in words */
#define NUMBERS_FROM 0.5 /* nats of a token that has its loss in numbers */

/* Steps of loss in nats, and how far from cold to hot each is. */
static const struct {
    double below;
    double heat; /* 0 cold … 1 hot */
    const char *name, *chance;
} steps[] = {
    {0.1, 0, "0", "p 100%"}, {0.5, 0.2, ".1", "90%"}, {1, 0.4, ".5", "61%"},
    {2, 0.6, "1", "37%"},    {4, 0.8, "2", "14%"},    {INFINITY, 1, "4", "2%"},
};
#define STEPS (sizeof steps / sizeof steps[0])

static size_t step_of(double loss)
{
    size_t i = 0;
    while (i + 1 < STEPS && !(loss < steps[i].below)) /* no number is hot */
        i++;
    return i;
}

static uint32_t ground_of(const struct palette *palette, size_t step)
{
    const double heat = steps[step].heat;
    return heat < 0.5 ? colour_mix(palette->class_ground[0], palette->undecided, heat * 2)
                      : colour_mix(palette->undecided, palette->class_ground[6], heat * 2 - 1);
}

static struct flow_style style_of(const struct view_data *data, size_t step)
{
    const struct palette *palette = data->palette;
    if (palette->mono)
        return (struct flow_style){.role = steps[step].heat > 0.5 ? ROLE_STRONG : ROLE_TEXT,
                                   .attributes = steps[step].heat > 0.9   ? CELL_REVERSE
                                                 : steps[step].heat > 0.5 ? CELL_BOLD | CELL_UNDERLINE
                                                                          : 0};
    return (struct flow_style){.role = ROLE_TEXT, .grounded = true, .ground = ground_of(palette, step)};
}

static void draw_legend(const struct view_data *data, struct area area, int y)
{
    struct pen pen = pen_at(area, (struct box){0, y, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_FAINT, 0, "nats from");
    for (size_t i = 0; i < STEPS; i++) {
        const struct flow_style style = style_of(data, i);
        char text[32];
        snprintf(text, sizeof text, area.width >= 76 ? " %s (%s) " : " %s ", steps[i].name, steps[i].chance);
        const int columns = text_columns(text);
        if (pen.x + 1 + columns > area.width)
            return;
        pen_skip(&pen, 1);
        if (style.grounded)
            area_ground(area, pen.x, y, columns, style.ground);
        pen_write(&pen, style.role, style.attributes, text);
    }
}

/* The loss below a token of so many columns, if it is worth telling and a blank is left behind the number before it. */
static void write_number(struct area area, int x, int y, int columns, double loss, int *free,
                         const struct palette *palette)
{
    char number[16];
    if (!isfinite(loss) || loss < NUMBERS_FROM || x < *free)
        return;
    snprintf(number, sizeof number, columns > 3 ? "%.1f" : "%.0f", loss);
    if (text_columns(number) > columns)
        return;
    *free = x + area_text(area, x, y, columns, number, palette->role[ROLE_FAINT], 0) + 1;
}

/* Tokens of the passage from the first on, as many as there is room for.  The rows that were written. */
static int draw_tokens(const struct view_data *data, struct area area, const struct picture_text *text, bool numbers)
{
    const struct tokenizer *tokenizer = corpus_tokenizer(text->asked.dataset->corpus);
    struct flow flow = flow_in(area, data->palette);
    int row = -1, free = 0; /* of the numbers' present row, and where it has room */
    flow.pitch = numbers ? 2 : 1;
    for (size_t i = 0; i < text->passage_tokens; i++) {
        size_t length;
        const char *bytes = (const char *)tokenizer_bytes(tokenizer, text->passage[i], &length);
        const bool asked = i >= text->passage_asked;
        const double loss = asked ? (double)text->passage_loss[i] : 0;
        const int before = flow.x, line = flow.y;
        if (!flow_write(&flow, bytes, length,
                        asked ? style_of(data, step_of(loss)) : (struct flow_style){.role = ROLE_FAINT}))
            break;
        const int x = flow.y == line ? before : 0; /* one that went on to the next row has its number there */
        free = flow.y == row ? free : 0;
        row = flow.y;
        if (asked && numbers)
            write_number(area, x, row + 1, flow.x - x, loss, &free, data->palette);
    }
    return flow.end_y + flow.pitch;
}

/* The asked token with the largest loss below `most`, or passage_tokens. */
static size_t next_surprise(const struct picture_text *text, double most, size_t before)
{
    size_t worst = text->passage_tokens;
    for (size_t i = text->passage_asked; i < text->passage_tokens; i++) {
        const double loss = (double)text->passage_loss[i];
        if ((loss < most || (loss == most && i > before)) &&
            (worst == text->passage_tokens || loss > (double)text->passage_loss[worst]))
            worst = i;
    }
    return worst;
}

static void draw_surprises(const struct view_data *data, struct area area, const struct picture_text *text)
{
    double most = INFINITY;
    size_t last = 0;
    for (int y = 0; y < area.height; y++) {
        char is[LANGUAGE_LABEL_SIZE], expected[LANGUAGE_LABEL_SIZE];
        const size_t at = next_surprise(text, most, last);
        if (at == text->passage_tokens)
            return;
        last = at;
        most = (double)text->passage_loss[at];
        struct pen pen = pen_at(area, (struct box){0, y, area.width, 1}, data->palette);
        pen_write(&pen, ROLE_FAINT, 0, y == 0 ? "surprised by  " : "              ");
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, language_label(data, text, text->passage[at], 16, is));
        pen_format(&pen, ROLE_TEST, 0, " %.1f", most);
        if (text->passage_expected[at] == text->passage[at])
            continue;
        pen_write(&pen, ROLE_FAINT, 0, " where it expected ");
        pen_write(&pen, ROLE_TEXT, 0, language_label(data, text, text->passage_expected[at], 16, expected));
    }
}

void language_draw_passage(const struct view_data *data, struct area area, const struct picture_text *text)
{
    char words[128], number[32];
    const struct dataset *dataset = text->asked.dataset;
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "held-out passage");
    if (data->settings->hide_test || text->passage_tokens == 0) {
        pen = pen_at(area, (struct box){0, 1, area.width, 1}, data->palette);
        pen_write(&pen, ROLE_FAINT, 0,
                  data->settings->hide_test ? "test data hidden: predict first, then t" : "reading …");
        return;
    }
    snprintf(words, sizeof words, "%zu of %s", text->passage_row - dataset->train + 1,
             number_count(number, sizeof number, dataset->rows - dataset->train));
    pen_skip(&pen, 2);
    pen_fits(&pen, ROLE_FAINT, 0, words);
    snprintf(words, sizeof words, "%.2f nats a token · perplexity %s", text->passage_mean,
             number_short(number, sizeof number, exp(text->passage_mean)));
    if (!pen_right(&pen, ROLE_TEXT, CELL_BOLD, words)) {
        snprintf(words, sizeof words, "%.2f nats", text->passage_mean);
        pen_right(&pen, ROLE_TEXT, CELL_BOLD, words);
    }
    const int surprises = area.height >= 16 ? SURPRISES : 0;
    draw_legend(data, area, 1);
    const struct area middle = area_part(area, 0, 3, area.width, area.height - 4 - surprises);
    const int rows = draw_tokens(data, middle, text, area.height >= 12 || data->palette->mono);
    draw_surprises(data, area_part(area, 0, 3 + rows + 1, area.width, surprises), text);
}
