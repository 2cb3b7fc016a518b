/* `downhill list WHAT`: the tables of the program, printed. */
#ifndef APP_LIST_H
#define APP_LIST_H

#include <stdio.h>

#include "base/status.h"

/* `what` NULL: prints the names of the lists. */
enum status list_print(FILE *out, const char *what, struct error *error);

#endif
