/* Options that contradict each other are refused, whatever their order; of one option that is said several times the
 * last counts, unless it may be repeated. */
#ifndef APP_CONFLICT_H
#define APP_CONFLICT_H

#include "app/cli.h"

/* Of the words alone: STATUS_USAGE, naming both options. */
enum status conflict_check(const struct cli *cli, struct error *error);

/* Of a run or a replay, when recipe and checkpoint have been read too. */
enum status conflict_check_run(const struct cli *cli, struct error *error);

#endif
