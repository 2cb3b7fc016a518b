/* Holds the commands of a language model: its prompt, how it samples, which head and passage are shown. */
#include <stdio.h>

#include "base/number.h"
#include "ui/ui_state.h"

/* Takes the prompt that belongs to the data, whatever was there. */
static void prompt_usual(struct ui *ui)
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

static enum status run_type_prompt(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    char text[LINE_SIZE];
    if (session_dataset(ui->session)->kind != TASK_TEXT) {
        ui_toast(ui, "Only what learns a text has a prompt.");
        return STATUS_OK;
    }
    if (ui->prompt_line.entries == 0) { /* Up brings the first one back, to be changed */
        line_open(&ui->prompt_line, prompt_format(&ui->settings.language.prompt, text, sizeof text));
        line_remember(&ui->prompt_line);
    }
    ui_open_prompt(ui);
    return STATUS_OK;
}

const struct command command_type_prompt = {
    .name = "type-prompt",
    .about = "of a text: an own prompt",
    .flags = COMMAND_UNLISTED,
    .run = run_type_prompt,
};

static enum status run_enter_prompt(void *room, const struct request *request, struct error *refused)
{
    struct ui *ui = room;
    (void)request, (void)refused;
    struct error error = {.status = STATUS_OK};
    const char *text = ui->prompt_line.text;
    line_remember(&ui->prompt_line);
    if (!text[0])
        prompt_usual(ui);
    else if (prompt_parse(&ui->settings.language.prompt, text, &error) != STATUS_OK)
        snprintf(ui->line_error, sizeof ui->line_error, "%.150s", error.message);
    if (error.status != STATUS_OK)
        return STATUS_OK;
    ui->mode = KEYS_GENERAL;
    enum language_picture *picture = &ui->settings.language.picture;
    if (*picture == SHOW_PASSAGE || *picture == SHOW_EXAM) /* they are not about the prompt */
        *picture = SHOW_PROMPT;
    return STATUS_OK;
}

const struct command command_enter_prompt = {
    .name = "enter-prompt",
    .about = "go on with it; empty: with the usual one",
    .flags = COMMAND_UNLISTED,
    .run = run_enter_prompt,
};

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

static enum status run_block(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct picture_text *text = shown_text(ui);
    if (text)
        ui->settings.language.block = next_of(ui->settings.language.block, text->blocks, direction);
    return STATUS_OK;
}

const struct command command_block = {
    .name = "block",
    .about = "another block",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_block,
};

static enum status run_head(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct picture_text *text = shown_text(ui);
    if (text)
        ui->settings.language.head = next_of(ui->settings.language.head, text->heads, direction);
    return STATUS_OK;
}

const struct command command_head = {
    .name = "head",
    .about = "another head of the block",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_head,
};

static enum status run_passage(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct dataset *dataset = session_dataset(ui->session);
    const size_t test = dataset->rows - dataset->train;
    size_t *passage = &ui->settings.language.passage;
    if (test > 0)
        *passage = (*passage % test + (direction > 0 ? 1 : test - 1)) % test;
    return STATUS_OK;
}

const struct command command_passage = {
    .name = "passage",
    .about = "another passage",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_passage,
};

/* ---- on the `:` line ---- */

static enum status check_is_text(struct ui *ui, struct error *error)
{
    return session_dataset(ui->session)->kind == TASK_TEXT
               ? STATUS_OK
               : error_set(error, STATUS_USAGE, "there is nothing to go on with: this run learns no text");
}

static enum status run_prompt(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    const enum status status = check_is_text(ui, error);
    if (status != STATUS_OK || argument[0])
        return status != STATUS_OK ? status : prompt_parse(&ui->settings.language.prompt, argument, error);
    prompt_usual(ui);
    return STATUS_OK;
}

const struct command command_prompt = {
    .name = "prompt",
    .about = "TEXT => ANSWER; nothing: the usual one",
    .argument = {{.name = "TEXT", .type = ARGUMENT_TEXT, .max = LINE_SIZE, .optional = true}},
    .run = run_prompt,
};

static enum status run_answer(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    const enum status status = check_is_text(ui, error);
    return status != STATUS_OK ? status : prompt_parse_answer(&ui->settings.language.prompt, argument, error);
}

const struct command command_answer = {
    .name = "answer",
    .about = "what should follow the prompt",
    .example = "Paris",
    .argument = {{.name = "TEXT", .type = ARGUMENT_TEXT, .max = LINE_SIZE}},
    .run = run_answer,
};

static enum status set_sampling(struct ui *ui, const struct sampling *sampling, struct error *error)
{
    const enum status status = sampling_check(sampling, error);
    if (status == STATUS_OK)
        ui->settings.language.sampling = *sampling;
    return status;
}

static enum status run_temperature(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    struct sampling sampling = ui->settings.language.sampling;
    const enum status status = check_is_text(ui, error);
    if (status != STATUS_OK)
        return status;
    if (!number_parse(argument, &sampling.temperature))
        return error_set(error, STATUS_USAGE, "temperature %.40s: a number, as in temperature 0.8", argument);
    return set_sampling(ui, &sampling, error);
}

const struct command command_temperature = {
    .name = "temperature",
    .about = "0: always the likeliest token",
    .example = "0.8",
    .argument = {{.name = "N", .type = ARGUMENT_TEXT, .max = LINE_SIZE}},
    .run = run_temperature,
};

static enum status run_top_k(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    struct sampling sampling = ui->settings.language.sampling;
    uint64_t tokens;
    const enum status status = check_is_text(ui, error);
    if (status != STATUS_OK)
        return status;
    if (!number_parse_u64(argument, &tokens))
        return error_set(error, STATUS_USAGE, "top-k %.40s: a number of tokens, as in top-k 40; 0: all", argument);
    sampling.top_k = (size_t)tokens;
    return set_sampling(ui, &sampling, error);
}

const struct command command_top_k = {
    .name = "top-k",
    .about = "draws among so many tokens; 0: all",
    .example = "40",
    .argument = {{.name = "N", .type = ARGUMENT_TEXT, .max = LINE_SIZE}},
    .run = run_top_k,
};

static enum status run_top_p(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    struct sampling sampling = ui->settings.language.sampling;
    const enum status status = check_is_text(ui, error);
    if (status != STATUS_OK)
        return status;
    if (!number_parse(argument, &sampling.top_p))
        return error_set(error, STATUS_USAGE, "top-p %.40s: a probability, as in top-p 0.9; 1: all", argument);
    return set_sampling(ui, &sampling, error);
}

const struct command command_top_p = {
    .name = "top-p",
    .about = "draws among the likeliest; 1: all",
    .example = "0.9",
    .argument = {{.name = "N", .type = ARGUMENT_TEXT, .max = LINE_SIZE}},
    .run = run_top_p,
};
