/* Draws view 4 of a text and its small picture in view 1, and requests the pictures that they need. */
#include "ui/views/language.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ui/draw.h"
#include "ui/flow.h"

#define WIDE            100 /* columns from which there are two columns */
#define GAP             3
#define TOKEN_BYTES     4 /* about: for how many tokens fill so many cells */
#define TOKENS_LEAST    12
#define TOKENS_MOST     96
#define LIKELIEST_ROWS  (PICTURE_LIKELIEST + 2) /* with the heading and one for a right one that is not among them */
#define ARITHMETIC_FROM 18                      /* rows left in the right column that are worth the calculation */

static size_t tokens_for(int cells)
{
    const int tokens = cells / TOKEN_BYTES;
    return (size_t)(tokens < TOKENS_LEAST ? TOKENS_LEAST : tokens > TOKENS_MOST ? TOKENS_MOST : tokens);
}

static bool request_of(const struct view_data *data, int cells, struct picture_request *request)
{
    const struct language_settings *settings = &data->settings->language;
    if (!corpus_tokenizer(data->dataset->corpus))
        return false;
    prompt_ask(&settings->prompt, data->dataset, &request->text);
    request->text.tokens = tokens_for(cells);
    request->text.sampling = settings->sampling;
    request->text.seed = data->model->data_seed;
    return true;
}

/* The pairs of the run, whether their stage has come or not; NULL: it has none. */
static const struct dataset *exam_of(const struct view_data *data)
{
    for (size_t i = 0; i < data->stages; i++)
        if (objective_table[data->stage[i].objective]->pairs &&
            data->stage[i].dataset->rows > data->stage[i].dataset->train)
            return data->stage[i].dataset;
    return NULL;
}

enum language_picture language_next_picture(const struct view_data *data)
{
    const enum language_picture next = (data->settings->language.picture + 1) % LANGUAGE_PICTURES;
    return next == SHOW_EXAM && !exam_of(data) ? SHOW_PROMPT : next;
}

bool language_wants(const struct view_data *data, struct box body, struct picture_request *request)
{
    const struct language_settings *settings = &data->settings->language;
    const size_t test = data->dataset->rows - data->dataset->train;
    const int rows = body.height < 24 ? 4 : body.height / 6;
    if (!request_of(data, rows * (body.width < WIDE ? body.width : body.width / 2), request))
        return false;
    request->text.attention = settings->picture == SHOW_ATTENTION;
    request->text.block = settings->block;
    request->text.head = settings->head;
    request->text.passage = settings->picture == SHOW_PASSAGE && !data->settings->hide_test && test > 0;
    request->text.passage_row = test > 0 ? data->dataset->train + settings->passage % test : 0;
    request->text.exam = settings->picture == SHOW_EXAM && !data->settings->hide_test ? exam_of(data) : NULL;
    return true;
}

enum key_mode language_keys(const struct view_data *data)
{
    if (data->status->state == SESSION_DIVERGED) /* the way out comes first */
        return KEYS_GENERAL;
    switch (data->settings->language.picture) {
    case SHOW_ATTENTION:
        return KEYS_ATTENTION;
    case SHOW_PASSAGE:
        return KEYS_PASSAGE;
    default:
        return KEYS_GENERAL;
    }
}

/* ---- what all pictures need ---- */

static void say(const struct view_data *data, struct area area, const char *text)
{
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_FAINT, 0, text);
}

const struct picture_text *language_text(const struct view_data *data, struct area area)
{
    if (!corpus_tokenizer(data->dataset->corpus))
        say(data, area, "tokens without a text: nothing to show");
    else if (!data->picture || !data->picture->text || !data->picture->text->asked.dataset)
        say(data, area, "reading …");
    else
        return data->picture->text;
    return NULL;
}

/* Cuts UTF-8 text to so many columns. */
static void cut(char *text, int columns, bool ascii)
{
    const char *at = text;
    int used = 0;
    if (text_columns(text) <= columns)
        return;
    while (used < columns - 1 && text_next(&at) != 0)
        used++;
    snprintf(text + (at - text), LANGUAGE_LABEL_SIZE - (size_t)(at - text), "%s", ascii ? "~" : "…");
}

char *language_label(const struct view_data *data, const struct picture_text *text, size_t id, int columns,
                     char out[LANGUAGE_LABEL_SIZE])
{
    char label[FLOW_LABEL_SIZE], plain[LANGUAGE_LABEL_SIZE];
    size_t length;
    const unsigned char *bytes = tokenizer_bytes(corpus_tokenizer(text->asked.dataset->corpus), id, &length);
    flow_label(bytes, length, label);
    snprintf(out, LANGUAGE_LABEL_SIZE, "%s", draw_plain(data->palette, label, plain, sizeof plain));
    cut(out, columns, data->palette->ascii);
    return out;
}

char *language_percent(double p, char *out, size_t size)
{
    if (!isfinite(p))
        snprintf(out, size, "-");
    else if (p >= 0.9995)
        snprintf(out, size, "%.0f%%", p * 100);
    else if (p >= 0.01)
        snprintf(out, size, "%.1f%%", p * 100);
    else if (p >= 0.0001)
        snprintf(out, size, "%.2f%%", p * 100);
    else
        snprintf(out, size, "<.01%%");
    return out;
}

/* ---- view 4 ---- */

static void heading(const struct view_data *data, struct area area, const char *title, const char *explained)
{
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, title);
    pen_skip(&pen, 2);
    pen_fits(&pen, ROLE_FAINT, 0, explained);
}

static struct area below(struct area area, int rows)
{
    return area_part(area, 0, rows, area.width, area.height - rows);
}

/* How it is sampled, and of which step. */
static void draw_prompt_heading(const struct view_data *data, struct area area)
{
    char text[160], step[32], top_k[32] = "", top_p[32] = "";
    const struct sampling *sampling = &data->settings->language.sampling;
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "prompt");
    if (sampling->top_k > 0)
        snprintf(top_k, sizeof top_k, " · top-k %zu", sampling->top_k);
    if (sampling->top_p < 1)
        snprintf(top_p, sizeof top_p, " · top-p %g", sampling->top_p);
    snprintf(text, sizeof text, "at step %s · temperature %g%s%s",
             number_count(step, sizeof step, data->picture ? data->picture->step : 0), sampling->temperature, top_k,
             top_p);
    if (!pen_right(&pen, ROLE_FAINT, 0, text))
        return;
    pen_skip(&pen, 2);
    pen.end -= 2;
    pen_fits(&pen, ROLE_FAINT, 0, "and how the model goes on");
}

static void draw_beside(const struct view_data *data, struct area area, const struct picture_text *text)
{
    const int half = area.width * 54 / 100;
    struct area left = area_part(area, 0, 0, half, area.height);
    struct area right = area_part(area, half + GAP, 0, area.width - half - GAP, area.height);
    draw_prompt_heading(data, left);
    left = below(left, 1);
    const int most = left.height * 2 / 5;
    const int used = language_draw_prompt(data, area_part(left, 0, 0, left.width, most), text);
    language_draw_earlier(data, below(left, used + 1), text);
    heading(data, right, "next token", "what the model expects behind the prompt");
    right = below(right, 1);
    const int pitch = right.height >= 2 * LIKELIEST_ROWS ? 2 : 1;
    language_draw_likeliest(data, right, pitch, text);
    right = below(right, pitch * LIKELIEST_ROWS + 1);
    if (right.height >= ARITHMETIC_FROM)
        language_draw_arithmetic(data, right, text);
}

static void draw_stacked(const struct view_data *data, struct area area, const struct picture_text *text)
{
    draw_prompt_heading(data, area);
    area = below(area, 1);
    const int most = area.height < 14 ? 2 : area.height < 24 ? 4 : area.height / 5;
    area = below(area, language_draw_prompt(data, area_part(area, 0, 0, area.width, most), text));
    const bool roomy = area.height >= 14;
    area = below(area, roomy);
    const int half = (area.height + 1) / 2, likeliest = half < LIKELIEST_ROWS ? half : LIKELIEST_ROWS;
    language_draw_likeliest(data, area_part(area, 0, 0, area.width, likeliest), 1, text);
    language_draw_earlier(data, below(area, likeliest + roomy), text);
}

void language_draw(const struct view_data *data, struct area screen, struct box body)
{
    const struct area area = box_area(screen, body);
    const struct picture_text *text = language_text(data, area);
    if (!text)
        return;
    switch (data->settings->language.picture) {
    case SHOW_ARITHMETIC:
        language_draw_arithmetic(data, area, text);
        break;
    case SHOW_ATTENTION:
        language_draw_attention(data, area, text);
        break;
    case SHOW_PASSAGE:
        language_draw_passage(data, area, text);
        break;
    case SHOW_EXAM:
        language_draw_exam(data, area, text);
        break;
    default:
        (area.width >= WIDE ? draw_beside : draw_stacked)(data, area, text);
    }
}

/* ---- elsewhere ---- */

#define SMALL_TOKENS 3 /* likely ones in view 1 */

bool language_wants_small(const struct view_data *data, struct box box, struct picture_request *request)
{
    return request_of(data, box.width * box.height, request);
}

void language_draw_alone(const struct view_data *data, struct area area)
{
    const struct picture_text *text = language_text(data, area);
    if (!text)
        return;
    const int tokens = area.height >= 3 * (SMALL_TOKENS + 1) ? area.height / 3 : SMALL_TOKENS + 1;
    const int rows = tokens < LIKELIEST_ROWS ? tokens : LIKELIEST_ROWS;
    language_draw_prompt(data, area_part(area, 0, 0, area.width, area.height - rows - 1), text);
    language_draw_likeliest(data, below(area, area.height - rows), 1, text);
}

void language_draw_small(const struct view_data *data, struct area screen, struct box title, struct box box)
{
    char text[64], step[32];
    struct pen pen = pen_at(screen, title, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "prompt");
    snprintf(text, sizeof text, "at step %s",
             number_count(step, sizeof step, data->picture ? data->picture->step : data->status->step));
    pen_right(&pen, ROLE_FAINT, 0, text);
    box.height -= box.height > 3 * SMALL_TOKENS; /* apart from what is below */
    language_draw_alone(data, box_area(screen, box));
}
