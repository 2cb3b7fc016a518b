#include "ui/commands.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/name.h"
#include "base/number.h"
#include "ui/commands_text.h"
#include "ui/commands_time.h"
#include "ui/ui_state.h"

#define NAMES_MAX 96

/* ---- what the rows do ---- */

static enum status run_until(struct ui *ui, const char *argument, struct error *error)
{
    uint64_t step;
    if (!number_parse_u64(argument, &step))
        return error_set(error, STATUS_USAGE, "until %.40s: a step is a whole number, as in until 5000", argument);
    if (step <= session_status(ui->session)->step)
        return error_set(error, STATUS_USAGE, "until %.40s: that step is over; r starts again", argument);
    ui_send(ui, (struct request){.row = session_command("until"), .value = {{.number = step}}});
    return STATUS_OK;
}

static enum status run_seed(struct ui *ui, const char *argument, struct error *error)
{
    uint64_t seed;
    if (!number_parse_u64(argument, &seed) || seed > SEED_MAX)
        return error_set(error, STATUS_USAGE, "seed %.40s: a seed is a whole number up to %llu, as in seed 7", argument,
                         (unsigned long long)SEED_MAX);
    ui_send(ui, (struct request){.row = session_command("seed"), .value = {{.number = seed}}});
    return STATUS_OK;
}

static enum status run_view(struct ui *ui, const char *argument, struct error *error)
{
    const char *names[NAMES_MAX];
    uint64_t number;
    for (size_t i = 0; i < view_count; i++) {
        names[i] = view_table[i].name;
        if (strcasecmp(argument, names[i]) == 0 ||
            (number_parse_u64(argument, &number) && number == (uint64_t)view_table[i].number)) {
            ui_show_view(ui, i);
            return STATUS_OK;
        }
    }
    char near[200];
    return error_set(error, STATUS_USAGE, "there is no view '%.40s'%s", argument,
                     name_suggest(near, sizeof near, argument, names, view_count));
}

static enum status run_theme(struct ui *ui, const char *argument, struct error *error)
{
    const char *names[NAMES_MAX];
    for (unsigned i = 0; i < palette_count; i++) {
        names[i] = palette_table[i].name;
        if (strcasecmp(argument, names[i]) == 0) {
            ui_theme(ui, names[i]);
            return STATUS_OK;
        }
    }
    char near[200];
    return error_set(error, STATUS_USAGE, "there is no theme '%.40s'%s", argument,
                     name_suggest(near, sizeof near, argument, names, palette_count));
}

static enum status run_help(struct ui *ui, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    ui->mode = KEYS_HELP;
    ui->help_top = 0;
    return STATUS_OK;
}

static enum status run_quit(struct ui *ui, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    ui->done = true;
    return STATUS_OK;
}

const struct command_row command_table[] = {
    {.name = "pause", .about = "stops after the present step", .sends = "pause"},
    {.name = "go", .about = "goes on", .sends = "go"},
    {.name = "step", .about = "one step, then pause", .sends = "step"},
    {.name = "epoch", .about = "to the end of the epoch, then pause", .sends = "epoch"},
    {.name = "until", .arguments = "STEP", .example = "5000", .about = "to this step, then pause", .run = run_until},
    {.name = "restart", .about = "same start again, knobs kept", .sends = "restart"},
    {.name = "seed", .arguments = "N", .example = "7", .about = "again from another start", .run = run_seed},
    {.name = "rewind",
     .arguments = "STEP",
     .example = "1200",
     .about = "back to this step; what came after stays",
     .run = command_rewind},
    {.name = "stage", .about = "on to the next stage", .sends = "stage"},
    {.name = "fork", .about = "another branch from here", .sends = "fork"},
    {.name = "switch",
     .arguments = "BRANCH",
     .example = "2",
     .about = "on with another branch, from its end",
     .words = WORDS_BRANCHES,
     .run = command_switch},
    {.name = "twin",
     .arguments = "CHANGES",
     .example = "lr=0.3",
     .about = "the same start with lr=0.3 hidden=16,16",
     .run = command_twin},
    {.name = "race",
     .arguments = "BRANCH",
     .optional = true,
     .about = "it runs beside; again: it rests",
     .words = WORDS_BRANCHES,
     .run = command_race},
    {.name = "name", .arguments = "TEXT", .example = "careful", .about = "calls the branch so", .run = command_name},
    {.name = "hide",
     .arguments = "BRANCH",
     .optional = true,
     .about = "hides its curve, or shows it again",
     .words = WORDS_BRANCHES,
     .run = command_hide},
    {.name = "delete",
     .arguments = "BRANCH",
     .optional = true,
     .about = "forgets the branch",
     .words = WORDS_BRANCHES,
     .run = command_delete},
    {.name = "save",
     .arguments = "FILE",
     .example = "model.safetensors",
     .about = "keeps a checkpoint",
     .run = command_save},
    {.name = "load",
     .arguments = "FILE",
     .example = "model.safetensors",
     .about = "goes on from a checkpoint",
     .sends = "load"},
    {.name = "prompt",
     .arguments = "TEXT",
     .optional = true,
     .about = "TEXT => ANSWER; nothing: the usual one",
     .run = command_prompt},
    {.name = "answer",
     .arguments = "TEXT",
     .example = "Paris",
     .about = "what should follow the prompt",
     .run = command_answer},
    {.name = "temperature",
     .arguments = "N",
     .example = "0.8",
     .about = "0: always the likeliest token",
     .run = command_temperature},
    {.name = "top-k",
     .arguments = "N",
     .example = "40",
     .about = "draws among so many tokens; 0: all",
     .run = command_top_k},
    {.name = "top-p",
     .arguments = "N",
     .example = "0.9",
     .about = "draws among the likeliest; 1: all",
     .run = command_top_p},
    {.name = "view",
     .arguments = "N or NAME",
     .example = "5",
     .about = "another view",
     .words = WORDS_VIEWS,
     .run = run_view},
    {.name = "theme",
     .arguments = "NAME",
     .example = "light",
     .about = "other colours",
     .words = WORDS_THEMES,
     .run = run_theme},
    {.name = "shot",
     .arguments = "FILE",
     .example = "screen.txt",
     .about = "writes the screen as text",
     .run = command_shot},
    {.name = "export",
     .arguments = "FILE",
     .example = "curves.svg",
     .about = "curves .svg .pdf .png, data .csv .jsonl",
     .run = command_export},
    {.name = "handout",
     .arguments = "NAME",
     .example = "monday",
     .about = "NAME.journal to replay, NAME.txt to read",
     .run = command_handout},
    {.name = "share", .about = "the command that makes this set-up again", .run = command_share},
    {.name = "help", .about = "every key", .run = run_help},
    {.name = "quit", .alias = "q", .about = "ends the program", .run = run_quit},
};
const size_t command_count = sizeof command_table / sizeof command_table[0];

/* ---- understanding a line ---- */

/* Splits off the first word; `rest` is without blanks at both ends. */
static void split(const char *text, char *word, size_t word_size, char *rest, size_t rest_size)
{
    while (*text == ' ')
        text++;
    const size_t length = strcspn(text, " =");
    snprintf(word, word_size, "%.*s", (int)(length < word_size ? length : word_size - 1), text);
    text += length;
    text += strspn(text, " =");
    snprintf(rest, rest_size, "%s", text);
    for (size_t end = strlen(rest); end > 0 && rest[end - 1] == ' '; end--)
        rest[end - 1] = 0;
}

static const struct command_row *find_row(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcasecmp(name, command_table[i].name) == 0 ||
            (command_table[i].alias && strcasecmp(name, command_table[i].alias) == 0))
            return &command_table[i];
    return NULL;
}

static size_t all_names(const char **name)
{
    size_t count = 0;
    for (size_t i = 0; i < KNOB_COUNT; i++)
        name[count++] = knob_table[i].name;
    for (size_t i = 0; i < command_count; i++)
        name[count++] = command_table[i].name;
    return count;
}

enum status command_parse(const char *text, struct command_parsed *out, struct error *error)
{
    char word[64];
    *out = (struct command_parsed){.knob = KNOB_COUNT};
    split(text, word, sizeof word, out->argument, sizeof out->argument);
    if (!word[0])
        return STATUS_OK;
    out->row = find_row(word);
    if (out->row && !out->row->arguments && out->argument[0])
        return error_set(error, STATUS_USAGE, "%s takes no argument", out->row->name);
    if (out->row && out->row->arguments && !out->row->optional && !out->argument[0])
        return error_set(error, STATUS_USAGE, "%s needs %s, as in %s %s", out->row->name, out->row->arguments,
                         out->row->name, out->row->example);
    if (out->row)
        return STATUS_OK;
    out->knob = knob_find(word);
    if (out->knob == KNOB_COUNT) {
        const char *names[NAMES_MAX];
        char near[300];
        if (!name_hint(near, sizeof near, "", word, names, all_names(names))[0])
            snprintf(near, sizeof near, ": Tab shows what there is");
        return error_set(error, STATUS_USAGE, "unknown command '%.40s'%s", word, near);
    }
    if (!out->argument[0])
        return error_set(error, STATUS_USAGE, "%s needs a value", knob_table[out->knob].name);
    return knob_parse(out->knob, out->argument, &out->value, error);
}

/* ---- completion ---- */

static size_t choices_of(const struct branch_list *branches, const char *word, const char **name)
{
    const struct command_row *row = find_row(word);
    const enum knob_id knob = knob_find(word);
    size_t count = 0;
    if (row && row->words == WORDS_VIEWS)
        for (; count < view_count; count++)
            name[count] = view_table[count].name;
    else if (row && row->words == WORDS_THEMES)
        for (; count < palette_count; count++)
            name[count] = palette_table[count].name;
    else if (row && row->words == WORDS_BRANCHES)
        count = lineage_names(branches, name, NAMES_MAX);
    else if (!row && knob != KNOB_COUNT)
        for (; count < knob_table[knob].choice_count; count++)
            name[count] = knob_table[knob].choice(count);
    return count;
}

size_t command_words(const void *branches, const char *before, const char **word, size_t most)
{
    const char *name[NAMES_MAX];
    char first[64], rest[200];
    split(before, first, sizeof first, rest, sizeof rest);
    const char *blank = strrchr(before, ' ');
    const char *begun = blank ? blank + 1 : before;
    const size_t names = blank && first[0] ? choices_of(branches, first, name) : all_names(name);
    size_t count = 0;
    for (size_t i = 0; i < names && count < most; i++)
        if (strncasecmp(name[i], begun, strlen(begun)) == 0)
            word[count++] = name[i];
    return count;
}

void command_describe(const char *text, char *out, size_t size)
{
    char word[64], rest[200];
    split(text, word, sizeof word, rest, sizeof rest);
    const struct command_row *row = find_row(word);
    const enum knob_id id = knob_find(word);
    out[0] = 0;
    if (row) {
        snprintf(out, size, "%s%s%s: %s", row->name, row->arguments ? " " : "", row->arguments ? row->arguments : "",
                 row->about);
    } else if (id != KNOB_COUNT) {
        const struct field *knob = &knob_table[id];
        size_t used = (size_t)snprintf(out, size, "%s: ", knob->label);
        if (knob->choice_count == 0)
            field_range(knob, out + used, size - used);
        for (size_t i = 0; i < knob->choice_count && used < size; i++)
            used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", knob->choice(i));
    }
}
