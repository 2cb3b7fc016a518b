/* `downhill TASK` and `downhill replay FILE.journal`: from a request to a run, on the screen or without one. */
#ifndef APP_RUN_H
#define APP_RUN_H

#include "app/cli.h"
#include "base/status.h"

enum status run_command(struct cli *cli, struct error *error);
enum status replay_command(struct cli *cli, struct error *error);

#endif
