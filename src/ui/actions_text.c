/* What keys do with a language model: its prompt, whose attention, which passage. */
#include <stdio.h>

#include "ui/actions.h"

void prompt_usual(struct ui *ui)
{
    const struct spec *spec = session_spec(ui->session);
    prompt_begin(&ui->settings.language.prompt, spec->prompt, spec->answer, session_dataset(ui->session));
}

void prompt_follow(struct ui *ui)
{
    const struct dataset *dataset = session_dataset(ui->session);
    const struct picture *picture = session_picture(ui->session);
    if (dataset->kind != TASK_TEXT)
        return;
    struct prompt *prompt = &ui->settings.language.prompt;
    if (ui->prompted != dataset && !prompt->own)
        prompt_usual(ui);
    else if (ui->prompted != dataset && prompt_is_question(dataset))
        prompt->answer_length = 0; /* what follows a text is not what answers a question */
    ui->prompted = dataset;
    if (!picture || session_status(ui->session)->shown.scrubbing)
        return;
    const struct view_data data = ui_view_data(ui);
    samples_take(&ui->samples, &data.branches, picture, view_stage_origin(&data, picture->branch, picture->step));
}

void action_prompt(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    char text[LINE_SIZE];
    if (session_dataset(ui->session)->kind != TASK_TEXT) {
        ui_toast(ui, "Only what learns a text has a prompt.");
        return;
    }
    if (ui->prompt_line.entries == 0) { /* Up brings the first one back, to be changed */
        line_open(&ui->prompt_line, prompt_format(&ui->settings.language.prompt, text, sizeof text));
        line_remember(&ui->prompt_line);
    }
    ui_open_prompt(ui);
}

void action_prompt_enter(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    struct error error = {.status = STATUS_OK};
    const char *text = ui->prompt_line.text;
    line_remember(&ui->prompt_line);
    if (!text[0])
        prompt_usual(ui);
    else if (prompt_parse(&ui->settings.language.prompt, text, &error) != STATUS_OK)
        snprintf(ui->line_error, sizeof ui->line_error, "%.150s", error.message);
    if (error.status != STATUS_OK)
        return;
    ui->mode = KEYS_GENERAL;
    enum language_picture *picture = &ui->settings.language.picture;
    if (*picture == SHOW_PASSAGE || *picture == SHOW_EXAM) /* they are not about the prompt */
        *picture = SHOW_PROMPT;
}

/* The next of `count`, which begin again behind the last one. */
static unsigned next_of(unsigned now, unsigned count, int direction)
{
    now = now < count ? now : count - 1;
    return (now + (direction > 0 ? 1 : count - 1)) % count;
}

static const struct picture_text *shown_text(struct ui *ui)
{
    const struct picture *picture = session_picture(ui->session);
    return picture && picture->text && picture->text->blocks > 0 ? picture->text : NULL;
}

void action_block(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct picture_text *text = shown_text(ui);
    if (text)
        ui->settings.language.block = next_of(ui->settings.language.block, text->blocks, direction);
}

void action_head(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct picture_text *text = shown_text(ui);
    if (text)
        ui->settings.language.head = next_of(ui->settings.language.head, text->heads, direction);
}

void action_passage(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct dataset *dataset = session_dataset(ui->session);
    const size_t test = dataset->rows - dataset->train;
    size_t *passage = &ui->settings.language.passage;
    if (test > 0)
        *passage = (*passage % test + (direction > 0 ? 1 : test - 1)) % test;
}
