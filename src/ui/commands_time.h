/* What the rows of the `:` line do that have to do with time and branches. */
#ifndef UI_COMMANDS_TIME_H
#define UI_COMMANDS_TIME_H

#include "base/status.h"

struct ui;

typedef enum status command_function(struct ui *ui, const char *argument, struct error *error);

command_function command_rewind, command_switch, command_twin, command_race, command_name, command_hide, command_delete,
    command_save;

/* commands_files.c */
command_function command_shot, command_export, command_handout, command_share;
/* Refuses a file that the run itself reads or writes. */
enum status commands_spare(const struct ui *ui, const char *path, struct error *error);

#endif
