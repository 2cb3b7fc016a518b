/* `downhill --help`, printed from the tables of subcommands and fields. */
#ifndef APP_HELP_H
#define APP_HELP_H

#include <stdio.h>

void help_print(FILE *out);

#endif
