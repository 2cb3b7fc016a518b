/* Rows of command_table that are about what a language model writes on the screen. */
#ifndef UI_COMMANDS_TEXT_H
#define UI_COMMANDS_TEXT_H

#include "ui/ui_state.h"

typedef enum status text_command_function(struct ui *ui, const char *argument, struct error *error);

text_command_function command_prompt, command_answer, command_temperature, command_top_k, command_top_p;

#endif
