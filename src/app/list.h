/* `downhill list WHAT`: the tables of the program, printed. */
#ifndef APP_LIST_H
#define APP_LIST_H

#include "app/cli.h"
#include "base/status.h"

/* Without a word it prints the names of the lists.  STATUS_USAGE, with the nearest name, where there is no such list. */
enum status list_command(struct cli *cli, struct error *error);

#endif
