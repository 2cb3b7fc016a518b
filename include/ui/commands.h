/* The screen's commands, and the understanding of a line that names any command: typed after `:`, or bound to a key. */
#ifndef UI_COMMANDS_H
#define UI_COMMANDS_H

#include <stddef.h>

#include "base/command.h"
#include "ui/lineage.h"

/* The rows; their room is a struct ui.  A new command is its row, beside the function that does it, and a line here. */
#define UI_COMMANDS(ROW)                                                                                               \
    ROW(hide)                                                                                                          \
    ROW(prompt)                                                                                                        \
    ROW(answer)                                                                                                        \
    ROW(temperature)                                                                                                   \
    ROW(top_k)                                                                                                         \
    ROW(top_p)                                                                                                         \
    ROW(view)                                                                                                          \
    ROW(theme)                                                                                                         \
    ROW(shot)                                                                                                          \
    ROW(export)                                                                                                        \
    ROW(handout)                                                                                                       \
    ROW(share)                                                                                                         \
    ROW(help)                                                                                                          \
    ROW(quit)                                                                                                          \
    ROW(pause_or_go)                                                                                                   \
    ROW(next_seed)                                                                                                     \
    ROW(choose_knob)                                                                                                   \
    ROW(turn)                                                                                                          \
    ROW(type_value)                                                                                                    \
    ROW(cycle_view)                                                                                                    \
    ROW(other_picture)                                                                                                 \
    ROW(hide_test)                                                                                                     \
    ROW(big)                                                                                                           \
    ROW(log)                                                                                                           \
    ROW(recent)                                                                                                        \
    ROW(axis_epochs)                                                                                                   \
    ROW(smooth)                                                                                                        \
    ROW(zoom)                                                                                                          \
    ROW(pan)                                                                                                           \
    ROW(whole)                                                                                                         \
    ROW(follow)                                                                                                        \
    ROW(crosshair)                                                                                                     \
    ROW(cursor)                                                                                                        \
    ROW(cursor_series)                                                                                                 \
    ROW(cursor_event)                                                                                                  \
    ROW(enter_line)                                                                                                    \
    ROW(complete)                                                                                                      \
    ROW(history)                                                                                                       \
    ROW(clear_line)                                                                                                    \
    ROW(move_cursor)                                                                                                   \
    ROW(line_end)                                                                                                      \
    ROW(erase)                                                                                                         \
    ROW(look_back)                                                                                                     \
    ROW(look_here)                                                                                                     \
    ROW(look_step)                                                                                                     \
    ROW(look_share)                                                                                                    \
    ROW(look_ends)                                                                                                     \
    ROW(look_branch)                                                                                                   \
    ROW(go_there)                                                                                                      \
    ROW(undo)                                                                                                          \
    ROW(rescue)                                                                                                        \
    ROW(keep)                                                                                                          \
    ROW(type_prompt)                                                                                                   \
    ROW(enter_prompt)                                                                                                  \
    ROW(block)                                                                                                         \
    ROW(head)                                                                                                          \
    ROW(passage)                                                                                                       \
    ROW(choose_branch)                                                                                                 \
    ROW(go_on_with)                                                                                                    \
    ROW(race_chosen)                                                                                                   \
    ROW(compare)                                                                                                       \
    ROW(line)                                                                                                          \
    ROW(mouse)                                                                                                         \
    ROW(ask_quit)                                                                                                      \
    ROW(suspend)                                                                                                       \
    ROW(redraw)                                                                                                        \
    ROW(leave)                                                                                                         \
    ROW(scroll)                                                                                                        \
    ROW(scroll_end)

#define UI_DECLARE(row) extern const struct command command_##row;
UI_COMMANDS(UI_DECLARE)
#undef UI_DECLARE

extern const struct command_list ui_commands;

/* What an argument can name now, and what stands for one that is left out. */
struct command_place {
    struct branch_list branches;
    uint16_t present, chosen;
    int rival; /* -1: none */
};

/* Understands a line.  A knob's name stands for the command that sets it: "lr 0.05".  An empty line is STATUS_OK with no
 * row.  STATUS_USAGE with the reason and the nearest name where it means nothing.  `place` NULL: no run is open yet, a
 * branch that is named is refused and one that is implied is 0.  The caller frees the text. */
enum status command_parse(const struct command_lists *lists, const struct command_place *place, const char *text,
                          struct request *out, struct error *error);

/* Completion, for line_complete: names of commands and knobs, then the words that the first one takes; `source`: const
 * struct command_source. */
struct command_source {
    const struct command_lists *lists;
    const struct branch_list *branches; /* that can be named */
};
size_t command_words(const void *source, const char *before, const char **word, size_t most);

/* One line about the command or knob that the text begins with, or "". */
void command_describe(const struct command_lists *lists, const char *text, char *out, size_t size);

/* "until STEP": the name and those arguments that a person writes; of the command that sets a knob these alone. */
void command_usage(const struct command *row, char *out, size_t size);

#endif
