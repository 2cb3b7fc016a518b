/* The commands of a running session: inputs, which change the state of a trainer, and controls, which move the run from
 * state to state.  Only the worker obeys them (engine/worker_obey.c). */
#ifndef ENGINE_COMMANDS_H
#define ENGINE_COMMANDS_H

#include "base/command.h"
#include "learn/knob.h"

/* The rows; their room is a struct worker.  A new command is its row, beside the function that does it, and a line
 * here. */
#define ENGINE_COMMANDS(ROW)                                                                                           \
    ROW(input_knob)                                                                                                    \
    ROW(control_pause)                                                                                                 \
    ROW(control_go)                                                                                                    \
    ROW(control_step)                                                                                                  \
    ROW(control_epoch)                                                                                                 \
    ROW(control_until)                                                                                                 \
    ROW(control_restart)                                                                                               \
    ROW(control_seed)                                                                                                  \
    ROW(control_rewind)                                                                                                \
    ROW(input_stage)                                                                                                   \
    ROW(control_fork)                                                                                                  \
    ROW(control_switch)                                                                                                \
    ROW(control_twin)                                                                                                  \
    ROW(control_race)                                                                                                  \
    ROW(control_name)                                                                                                  \
    ROW(control_delete)                                                                                                \
    ROW(control_save)                                                                                                  \
    ROW(control_load)                                                                                                  \
    ROW(control_return)                                                                                                \
    ROW(control_scrub)                                                                                                 \
    ROW(input_best)                                                                                                    \
    ROW(control_end)

#define ENGINE_DECLARE(row) extern const struct command row;
ENGINE_COMMANDS(ENGINE_DECLARE)
#undef ENGINE_DECLARE

extern const struct command_list engine_commands;

/* The row of that name; NULL: none. */
const struct command *engine_command(const char *name);

/* Sets a knob. */
struct request engine_set(enum knob_id knob, double value);

#endif
