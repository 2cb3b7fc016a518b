/* Carries out `downhill list`: prints the tables of the program. */
#include "app/list.h"

#include <string.h>

#include "app/keys.h"
#include "base/name.h"
#include "data/toys.h"
#include "learn/knob.h"
#include "nn/language.h"
#include "nn/loss.h"
#include "nn/net.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "plot/palette.h"
#include "ui/commands.h"
#include "ui/keymap.h"
#include "ui/view.h"

static void row(FILE *out, const char *name, const char *about)
{
    fprintf(out, "%-16s %s\n", name, about);
}

static void list_toys(FILE *out)
{
    for (size_t i = 0; i < toy_count; i++)
        row(out, toy_table[i].name, toy_table[i].about);
}

static void list_knobs(FILE *out)
{
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        const struct field *knob = &knob_table[i];
        char keys[8] = "", range[120];
        if (knob->key_down)
            snprintf(keys, sizeof keys, "%c %c", knob->key_down, knob->key_up ? knob->key_up : ' ');
        fprintf(out, "%-16s %-4s %s", knob->name, keys, knob->label);
        if (knob->type == FIELD_NUMBER) {
            field_range(knob, range, sizeof range);
            fprintf(out, ", %s%s%s", range, knob->zero_is_most ? ", or " : "", knob->zero_is_most ? knob->zero : "");
        }
        for (size_t c = 0; c < knob->choice_count; c++)
            fprintf(out, "%s%s", c ? ", " : ": ", knob->choice(c));
        fputc('\n', out);
        if (knob->about)
            fprintf(out, "%21s %s\n", "", knob->about);
        else
            fprintf(out, "%21s too low:  %s\n%21s too high: %s\n", "", knob->too_low, "", knob->too_high);
    }
}

static void list_keys(FILE *out)
{
    const struct key_line *line;
    struct keymap *keymap = keys_read(stderr);
    for (size_t i = 0; keymap && (line = keymap_line(keymap, i)) != NULL; i++)
        fprintf(out, "%-11s %-14s %s\n", key_mode_name(line->mode), line->keys, line->about);
    keymap_free(keymap);
}

/* Also those that are for keys alone. */
static void list_commands(FILE *out)
{
    const struct command *command;
    char usage[64];
    for (size_t i = 0; (command = commands_at(&app_commands, i)) != NULL; i++) {
        command_usage(command, usage, sizeof usage);
        fprintf(out, "%-28s %s\n", usage, command->about);
    }
}

static void list_views(FILE *out)
{
    for (size_t i = 0; i < view_count; i++)
        fprintf(out, "%d %-14s %s\n", view_table[i].number, view_table[i].name, view_table[i].about);
}

static void list_optimizers(FILE *out)
{
    for (size_t i = 0; i < OPTIMIZER_COUNT; i++)
        row(out, optimizer_row(i)->name, optimizer_row(i)->about);
}

static void list_schedules(FILE *out)
{
    for (size_t i = 0; i < SCHEDULE_COUNT; i++)
        row(out, schedule_table[i].name, schedule_table[i].about);
}

static void list_losses(FILE *out)
{
    for (size_t i = 0; i < LOSS_COUNT; i++)
        row(out, loss_table[i].name, loss_table[i].about);
}

static void list_activations(FILE *out)
{
    for (size_t i = 0; i < ACTIVATION_COUNT; i++)
        fprintf(out, "%s\n", activation_name[i]);
}

static void list_themes(FILE *out)
{
    for (size_t i = 0; i < palette_count; i++)
        fprintf(out, "%s\n", palette_table[i].name);
}

static void list_models(FILE *out)
{
    for (size_t i = 0; i < LANGUAGE_KINDS; i++)
        row(out, language_table[i].name, language_table[i].about);
}

static const struct list {
    const char *name, *about;
    void (*print)(FILE *out);
} list_table[] = {
    {"toys", "data sets made by generators", list_toys},
    {"knobs", "what can be turned while training runs, by key or as --NAME", list_knobs},
    {"keys", "every key, by mode", list_keys},
    {"commands", "what can be typed after : or bound to a key", list_commands},
    {"views", "the screens", list_views},
    {"models", "kinds of language model, simplest first", list_models},
    {"optimizers", "ways of taking a step", list_optimizers},
    {"schedules", "how the learning rate changes over the steps", list_schedules},
    {"losses", "measures of how wrong a prediction is", list_losses},
    {"activations", "what a hidden unit does with its sum", list_activations},
    {"themes", "colours of the screen", list_themes},
};
#define LISTS (sizeof list_table / sizeof list_table[0])

static enum status print(FILE *out, const char *what, struct error *error)
{
    const char *names[LISTS];
    char near[256];
    for (size_t i = 0; i < LISTS; i++) {
        names[i] = list_table[i].name;
        if (!what) {
            row(out, list_table[i].name, list_table[i].about);
        } else if (strcmp(what, list_table[i].name) == 0) {
            list_table[i].print(out);
            return STATUS_OK;
        }
    }
    if (!what)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "there is no list '%.40s'%s", what,
                     name_suggest(near, sizeof near, what, names, LISTS));
}

enum status list_command(struct cli *cli, struct error *error)
{
    return print(stdout, cli->words > 0 ? cli->word[0] : NULL, error);
}
