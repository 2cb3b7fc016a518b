/* Reads the user's file `keys`, and lists the commands of all rooms. */
#include "app/keys.h"

#include "app/user_file.h"
#include "base/mem.h"
#include "engine/commands.h"
#include "ui/commands.h"

static const struct command_list *const lists[] = {&engine_commands, &ui_commands};

const struct command_lists app_commands = {.list = lists, .count = sizeof lists / sizeof lists[0]};

static enum status take_line(void *keymap, char *line, struct error *error)
{
    return keymap_bind(keymap, &app_commands, line, error);
}

void keys_parse(struct keymap *keymap, const char *path, char *text, FILE *said)
{
    user_file_each(path, text, said, take_line, keymap);
}

struct keymap *keys_read(FILE *said)
{
    struct keymap *keymap = keymap_create();
    char *path, *text = user_file_read("keys", &path, said);
    if (keymap && text)
        keys_parse(keymap, path, text, said);
    mem_free(text);
    mem_free(path);
    return keymap;
}
