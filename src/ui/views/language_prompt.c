/* How the prompt goes on: now, and as it was learnt. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ui/bar.h"
#include "ui/draw.h"
#include "ui/flow.h"
#include "ui/views/language.h"

#define LABEL_MOST    20 /* columns of a token's label */
#define PERCENT       7  /* columns of a probability, with a blank */
#define LOSS          7  /* of -ln p */
#define LOSS_FROM     34 /* columns from which it is said */
#define MARK          2
#define EARLIER_BYTES (4 * SAMPLE_BYTES)

static const struct flow_style prompt_style = {.role = ROLE_STRONG, .attributes = CELL_BOLD};

/* Where a prompt is too long for its rows, its end is what counts. */
static size_t first_shown(const struct picture_text_request *asked, size_t cells)
{
    size_t first = asked->prompt_length > cells ? asked->prompt_length - cells : 0;
    while (first > 0 && first < asked->prompt_length && (asked->prompt[first] & 0xc0) == 0x80)
        first++;
    return first;
}

static int draw_prompt(const struct view_data *data, struct area area, const struct picture_text *text, bool goes_on)
{
    const struct picture_text_request *asked = &text->asked;
    if (area.width <= 0 || area.height <= 0)
        return 0;
    struct flow flow = flow_in(area, data->palette);
    const size_t cells = (size_t)(area.width * ((area.height + 1) / 2));
    const size_t first = first_shown(asked, cells);
    if (first > 0)
        flow_write(&flow, "…", strlen("…"), (struct flow_style){.role = ROLE_FAINT});
    flow_write(&flow, asked->prompt + first, asked->prompt_length - first, prompt_style);
    if (goes_on)
        flow_write(&flow, text->continuation, text->continuation_length,
                   (struct flow_style){.role = data->palette->mono ? ROLE_TEXT : ROLE_TRAIN});
    return flow.end_y + 1;
}

int language_draw_prompt(const struct view_data *data, struct area area, const struct picture_text *text)
{
    return draw_prompt(data, area, text, true);
}

int language_draw_question(const struct view_data *data, struct area area, const struct picture_text *text)
{
    return draw_prompt(data, area, text, false);
}

/* ---- the next token ---- */

struct columns {
    int label, bar, percent, loss; /* where they begin; loss 0: not said */
    int bar_width;
};

static struct columns columns_of(int width)
{
    struct columns columns = {.label = MARK};
    const int label = width / 3 < LABEL_MOST ? width / 3 : LABEL_MOST;
    const bool loss = width >= LOSS_FROM;
    columns.bar = columns.label + label + 1;
    columns.percent = width - PERCENT - (loss ? LOSS : 0);
    columns.loss = loss ? width - LOSS : 0;
    columns.bar_width = columns.percent - columns.bar;
    return columns;
}

static void write_rank(const struct view_data *data, struct area area, size_t rank)
{
    char number[32], text[48];
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    snprintf(text, sizeof text, "rank %s", number_count(number, sizeof number, rank));
    if (pen_fits(&pen, ROLE_FAINT, 0, text))
        return;
    snprintf(text, sizeof text, "#%zu", rank);
    pen_fits(&pen, ROLE_FAINT, 0, text);
}

/* `rank` > 0: of one that is not among the likeliest. */
static void draw_token(const struct view_data *data, struct area area, int y, const struct picture_text *text,
                       const struct picture_token *token, size_t rank)
{
    const struct columns columns = columns_of(area.width);
    const bool right = text->right_known && token->id == text->right.id;
    char label[LANGUAGE_LABEL_SIZE], percent[16];
    struct pen pen = pen_at(area, (struct box){0, y, area.width, 1}, data->palette);
    if (right)
        pen_write(&pen, ROLE_GRADIENT, CELL_BOLD, "✓");
    pen.x = columns.label;
    language_label(data, text, token->id, columns.bar - columns.label - 1, label);
    pen_write(&pen, right ? ROLE_STRONG : ROLE_TEXT, right ? CELL_BOLD : 0, label);
    if (rank > 0) {
        write_rank(data, area_part(area, columns.bar, y, columns.bar_width, 1), rank);
    } else {
        bar_draw(area, columns.bar, y, columns.bar_width, token->p, data->palette, right ? ROLE_GRADIENT : ROLE_TRAIN);
    }
    pen.x = columns.percent;
    pen_format(&pen, right ? ROLE_STRONG : ROLE_TEXT, right ? CELL_BOLD : 0, "%*s", PERCENT - 1,
               language_percent(token->p, percent, sizeof percent));
    pen.x = columns.loss;
    if (columns.loss)
        pen_format(&pen, right ? ROLE_STRONG : ROLE_FAINT, right ? CELL_BOLD : 0, "%*.2f", LOSS - 1, token->loss);
}

static void draw_names(const struct view_data *data, struct area area)
{
    const struct columns columns = columns_of(area.width);
    struct pen pen = pen_at(area, (struct box){columns.label, 0, columns.percent - columns.label, 1}, data->palette);
    pen_write(&pen, ROLE_FAINT, 0, "next");
    pen = pen_at(area, (struct box){columns.percent, 0, PERCENT, 1}, data->palette);
    pen_format(&pen, ROLE_FAINT, 0, "%*s", PERCENT - 1, "p");
    pen = pen_at(area, (struct box){columns.loss, 0, LOSS, 1}, data->palette);
    if (columns.loss)
        pen_write(&pen, ROLE_FAINT, 0, data->palette->ascii ? " -ln p" : " −ln p");
}

void language_draw_likeliest(const struct view_data *data, struct area area, int pitch, const struct picture_text *text)
{
    const int room = (area.height - 1) / pitch;
    if (area.width < MARK + PERCENT || room < 1)
        return;
    draw_names(data, area);
    int shown = room < (int)text->likeliest_count ? room : (int)text->likeliest_count;
    if (text->right_known && text->right_rank > (size_t)shown && shown == room)
        shown--;
    for (int i = 0; i < shown; i++)
        draw_token(data, area, 1 + i * pitch, text, &text->likeliest[i], 0);
    if (!text->right_known || text->right_rank <= (size_t)shown)
        return;
    draw_token(data, area, 1 + shown * pitch, text, &text->right, text->right_rank);
}

/* ---- as it was learnt ---- */

static void draw_sample(const struct view_data *data, struct area area, int y, const struct sample *sample,
                        int step_width)
{
    char step[32], line[EARLIER_BYTES], percent[16];
    struct pen pen = pen_at(area, (struct box){0, y, area.width, 1}, data->palette);
    pen_format(&pen, ROLE_FAINT, 0, "%*s ", step_width, number_count(step, sizeof step, sample->step));
    if (sample->right_known && area.width >= LOSS_FROM)
        pen_format(&pen, ROLE_GRADIENT, 0, "%*s ", PERCENT - 1, language_percent(sample->p, percent, sizeof percent));
    char plain[EARLIER_BYTES];
    flow_line(sample->text, sample->length, line, sizeof line);
    area_text(area, pen.x, y, area.width - pen.x, draw_plain(data->palette, line, plain, sizeof plain),
              data->palette->role[ROLE_TEXT], 0);
}

void language_draw_earlier(const struct view_data *data, struct area area, const struct picture_text *text)
{
    const struct sample *sample[SAMPLES_MOST];
    char number[32];
    if (area.height < 2 || area.width < 16 || !data->samples)
        return;
    const size_t count = samples_before(data->samples, &data->branches, data->picture->branch,
                                        (double)data->picture->step, sample, SAMPLES_MOST);
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "earlier");
    pen_skip(&pen, 2);
    pen_fits(&pen, ROLE_FAINT, 0,
             text->right_known && area.width >= LOSS_FROM ? "step, p of the right token, how it went on"
                                                          : "step, how it went on");
    int step_width = 1;
    for (size_t i = 0; i < count; i++) {
        const int width = text_columns(number_count(number, sizeof number, sample[i]->step));
        step_width = width > step_width ? width : step_width;
    }
    int y = 1;
    for (size_t i = 0; i < count && y < area.height; i++)
        if (sample[i]->step != data->picture->step || sample[i]->branch != data->picture->branch)
            draw_sample(data, area, y++, sample[i], step_width);
}
