/* Lists the engine's commands. */
#include "engine/commands.h"

#define LIST(row) &row,
static const struct command *const rows[] = {ENGINE_COMMANDS(LIST)};

const struct command_list engine_commands = {.row = rows, .count = sizeof rows / sizeof rows[0]};

const struct command *engine_command(const char *name)
{
    return command_find(&engine_commands, name);
}

struct request engine_set(enum knob_id knob, double value)
{
    return (struct request){.row = engine_command("knob"), .value = {{.number = knob}, {.real = value}}};
}
