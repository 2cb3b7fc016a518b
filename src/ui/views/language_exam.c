/* The exam: questions that were held out of the pairs, what the model answers, and whether that is the response that
 * was wanted.  Before fine-tuning it goes on as in a text; so one sees what a base model does with a question. */
#include <stdio.h>

#include "ui/bar.h"
#include "ui/draw.h"
#include "ui/flow.h"
#include "ui/views/language.h"

#define MARK         2
#define LINE_BYTES   400
#define WANTED_FROM  84 /* columns from which the wanted response has a column of its own */
#define QUESTION_MAX 44
#define AIRY_FROM    24 /* rows from which there is room for an empty one */

struct columns {
    int question, answer, wanted; /* where they begin; 0: absent */
};

static struct columns columns_of(int width)
{
    const bool three = width >= WANTED_FROM;
    const int share = width * (three ? 32 : 47) / 100, question = share < QUESTION_MAX ? share : QUESTION_MAX;
    const int answer = MARK + question + 1;
    return (struct columns){.question = MARK, .answer = answer, .wanted = three ? answer + (width - answer) / 2 : 0};
}

static void write_cell(const struct view_data *data, struct area area, int x, int end, int y, const char *bytes,
                       size_t length, enum role role)
{
    char line[LINE_BYTES], plain[LINE_BYTES];
    flow_line(bytes, length, line, sizeof line);
    struct pen pen = pen_at(area, (struct box){x, y, end - x, 1}, data->palette);
    pen_write(&pen, role, 0, draw_plain(data->palette, line, plain, sizeof plain));
}

static void draw_answer(const struct view_data *data, struct area area, int y, const struct picture_text *text,
                        const struct picture_answer *answer)
{
    const struct corpus *corpus = text->asked.exam->corpus;
    const struct columns columns = columns_of(area.width);
    const int end = columns.wanted ? columns.wanted - 1 : area.width;
    size_t length;
    struct pen pen = pen_at(area, (struct box){0, y, MARK, 1}, data->palette);
    const char *sign = data->palette->ascii ? (answer->right ? "+" : "x") : answer->right ? "✓" : "✗";
    pen_write(&pen, answer->right ? ROLE_GRADIENT : ROLE_WARN, CELL_BOLD, sign);
    const char *prompt = corpus_prompt(corpus, answer->row, &length);
    write_cell(data, area, columns.question, columns.answer - 1, y, prompt, length, ROLE_FAINT);
    write_cell(data, area, columns.answer, end, y, answer->text, answer->length,
               answer->right ? ROLE_STRONG : ROLE_TEST);
    if (!columns.wanted || answer->right)
        return;
    const char *response = corpus_response(corpus, answer->row, &length);
    write_cell(data, area, columns.wanted, area.width, y, response, length, ROLE_FAINT);
}

static void draw_names(const struct view_data *data, struct area area)
{
    const struct columns columns = columns_of(area.width);
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen.x = columns.question;
    pen_write(&pen, ROLE_FAINT, 0, "question");
    pen.x = columns.answer;
    pen_write(&pen, ROLE_FAINT, 0, "the model's answer");
    pen.x = columns.wanted;
    if (columns.wanted)
        pen_write(&pen, ROLE_FAINT, 0, "wanted");
}

/* Those that are wrong first, as the worst examples of a table; what has no row is counted in the last one. */
static void draw_answers(const struct view_data *data, struct area area, const struct picture_text *text)
{
    const bool all = text->answers <= (size_t)area.height;
    const int rows = all ? area.height : area.height - 1;
    size_t drawn = 0, right_drawn = 0;
    for (int right = 0; right < 2; right++)
        for (size_t i = 0; i < text->answers && (int)drawn < rows; i++)
            if (text->answer[i].right == (right == 1)) {
                draw_answer(data, area, (int)drawn++, text, &text->answer[i]);
                right_drawn += right == 1;
            }
    if (all || area.height < 1)
        return;
    struct pen pen = pen_at(area, (struct box){MARK, rows, area.width - MARK, 1}, data->palette);
    pen_format(&pen, ROLE_FAINT, 0, "and %zu more, %zu of them right", text->answers - drawn,
               text->answers_right - right_drawn);
}

void language_draw_exam(const struct view_data *data, struct area area, const struct picture_text *text)
{
    char words[96];
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "exam");
    if (data->settings->hide_test || text->answers == 0) {
        pen = pen_at(area, (struct box){0, 1, area.width, 1}, data->palette);
        pen_write(&pen, ROLE_FAINT, 0,
                  data->settings->hide_test ? "test data hidden: predict first, then t" : "answering …");
        return;
    }
    snprintf(words, sizeof words, "%zu of %zu right", text->answers_right, text->answers);
    pen_right(&pen, ROLE_TEXT, CELL_BOLD, words);
    pen_skip(&pen, 2);
    pen.end -= 2;
    pen_fits(&pen, ROLE_FAINT, 0, "held-out questions, each answered with the likeliest tokens");
    bar_draw(area, 0, 1, area.width, (double)text->answers_right / (double)text->answers, data->palette, ROLE_GRADIENT);
    const int names = area.height < AIRY_FROM ? 2 : 3;
    draw_names(data, area_part(area, 0, names, area.width, 1));
    draw_answers(data, area_part(area, 0, names + 1, area.width, area.height - names - 1), text);
}
