#include "ui/commands_text.h"

#include "base/number.h"

static enum status is_text(struct ui *ui, struct error *error)
{
    return session_dataset(ui->session)->kind == TASK_TEXT
               ? STATUS_OK
               : error_set(error, STATUS_USAGE, "there is nothing to go on with: this run learns no text");
}

enum status command_prompt(struct ui *ui, const char *argument, struct error *error)
{
    const enum status status = is_text(ui, error);
    if (status != STATUS_OK || argument[0])
        return status != STATUS_OK ? status : prompt_parse(&ui->settings.language.prompt, argument, error);
    prompt_usual(ui);
    return STATUS_OK;
}

enum status command_answer(struct ui *ui, const char *argument, struct error *error)
{
    const enum status status = is_text(ui, error);
    return status != STATUS_OK ? status : prompt_parse_answer(&ui->settings.language.prompt, argument, error);
}

static enum status set_sampling(struct ui *ui, const struct sampling *sampling, struct error *error)
{
    const enum status status = sampling_check(sampling, error);
    if (status == STATUS_OK)
        ui->settings.language.sampling = *sampling;
    return status;
}

enum status command_temperature(struct ui *ui, const char *argument, struct error *error)
{
    struct sampling sampling = ui->settings.language.sampling;
    const enum status status = is_text(ui, error);
    if (status != STATUS_OK)
        return status;
    if (!number_parse(argument, &sampling.temperature))
        return error_set(error, STATUS_USAGE, "temperature %.40s: a number, as in temperature 0.8", argument);
    return set_sampling(ui, &sampling, error);
}

enum status command_top_k(struct ui *ui, const char *argument, struct error *error)
{
    struct sampling sampling = ui->settings.language.sampling;
    uint64_t tokens;
    const enum status status = is_text(ui, error);
    if (status != STATUS_OK)
        return status;
    if (!number_parse_u64(argument, &tokens))
        return error_set(error, STATUS_USAGE, "top-k %.40s: a number of tokens, as in top-k 40; 0: all", argument);
    sampling.top_k = (size_t)tokens;
    return set_sampling(ui, &sampling, error);
}

enum status command_top_p(struct ui *ui, const char *argument, struct error *error)
{
    struct sampling sampling = ui->settings.language.sampling;
    const enum status status = is_text(ui, error);
    if (status != STATUS_OK)
        return status;
    if (!number_parse(argument, &sampling.top_p))
        return error_set(error, STATUS_USAGE, "top-p %.40s: a probability, as in top-p 0.9; 1: all", argument);
    return set_sampling(ui, &sampling, error);
}
