/* Takes words from the command line to the subcommand that they name. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>

#include "app/cli.h"
#include "app/help.h"
#include "app/limits.h"
#include "app/subcommand.h"
#include "base/signals.h"
#include "nn/kernels.h"

#ifndef DOWNHILL_VERSION
#define DOWNHILL_VERSION "0"
#endif

static enum status carry_out(struct cli *cli, int argc, char **argv, struct error *error)
{
    const enum status status = cli_parse(cli, argc, argv, error);
    if (status != STATUS_OK)
        return status;
    if (cli->help)
        help_print(stdout);
    else if (cli->version)
        puts("downhill " DOWNHILL_VERSION);
    else
        return cli->command->run(cli, error);
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of its write, which is told */

    struct error error = {.status = STATUS_OK};
    struct cli cli = {.argc = argc};
    enum status status = limits_meet(argv, &error);
    if (status == STATUS_OK)
        status = kernels_check(&error);
    if (status == STATUS_OK)
        status = carry_out(&cli, argc, argv, &error);
    if (status == STATUS_OK && (fflush(stdout) != 0 || ferror(stdout)))
        status = error_set(&error, STATUS_FAILED, "standard output: could not be written");
    if (status != STATUS_OK)
        fprintf(stderr, "downhill: %s%s\n", error.message, status == STATUS_USAGE ? " (downhill --help)" : "");
    signals_release();
    cli_free(&cli);
    return (int)status;
}
