/* Lists the screen's commands. */
#include "ui/commands.h"

#define LIST(row) &command_##row,
static const struct command *const rows[] = {UI_COMMANDS(LIST)};

const struct command_list ui_commands = {.row = rows, .count = sizeof rows / sizeof rows[0]};
