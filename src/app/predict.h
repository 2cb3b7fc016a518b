/* `downhill predict CHECKPOINT FILE.csv`: a table, with what a trained model says of each row. */
#ifndef APP_PREDICT_H
#define APP_PREDICT_H

#include "app/cli.h"
#include "base/status.h"

/* Prints the table on standard output.  What is noteworthy of the columns and their texts goes to standard error. */
enum status predict_command(struct cli *cli, struct error *error);

#endif
