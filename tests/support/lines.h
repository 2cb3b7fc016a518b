/* Lines that name a command, understood without a run. */
#ifndef TESTS_SUPPORT_LINES_H
#define TESTS_SUPPORT_LINES_H

#include "app/keys.h"
#include "coach/hint.h"
#include "ui/commands.h"

/* The keys that a hint shows. */
static inline const char *hint_keys(const struct view_data *data)
{
    static char keys[64];
    const struct hint hint = hint_now(data);
    return keymap_keys(data->keymap, hint.mode, hint.commands, keys, sizeof keys);
}

/* On a run of one branch; the caller frees the text. */
static inline enum status parse_line(const char *text, struct request *out, struct error *error)
{
    const struct command_place place = {.rival = -1};
    return command_parse(&app_commands, &place, text, out, error);
}

#endif
