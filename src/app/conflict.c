/* Finds options that contradict each other, that need another option, or that the command would ignore. */
#include "app/conflict.h"

#include <string.h>

#include "app/option.h"
#include "data/toys.h"
#include "setup/spec_field.h"

static bool is_among(const bool *said, const char *name)
{
    const struct option *option = option_find(name, strlen(name));
    return option && said[option - option_table];
}

static bool was_said(const struct cli *cli, const char *name)
{
    return is_among(cli->said, name);
}

/* predict takes the options that say how a table is written, and --best. */
static bool is_for_predict(const struct option *option)
{
    return field_find(&spec_form_fields, option->name) || strcmp(option->name, "best") == 0;
}

/* The two options of a row cannot be used together. */
static const struct {
    const char *one, *other, *why;
} pair_table[] = {
    {"classify", "regress", "the target is either a class or a number"},
    {"test", "test-fraction", "the test rows come either from a file of their own or from the same one"},
    {"header", "no-header", "the first row either has the columns' names or is data"},
    {"headless", "paused", "without a screen nobody could start it"},
    {"headless", "theme", "there is no screen"},
    {"headless", "present", "there is no screen"},
    {"headless", "ascii", "there is no screen"},
    {"headless", "fps", "there is no screen"},
};

enum status conflict_check_pairs(const bool *said, const char *dashes, struct error *error)
{
    for (size_t i = 0; i < sizeof pair_table / sizeof *pair_table; i++)
        if (is_among(said, pair_table[i].one) && is_among(said, pair_table[i].other))
            return error_set(error, STATUS_USAGE, "%s%s and %s%s contradict each other: %s", dashes, pair_table[i].one,
                             dashes, pair_table[i].other, pair_table[i].why);
    return STATUS_OK;
}

enum status conflict_check(const struct cli *cli, struct error *error)
{
    const enum status status = conflict_check_pairs(cli->said, "--", error);
    if (status != STATUS_OK)
        return status;
    if (cli->action == CLI_PREDICT || cli->action == CLI_LIST)
        for (size_t i = 0; i < option_count; i++)
            if (cli->said[i] && !(cli->action == CLI_PREDICT && is_for_predict(&option_table[i])))
                return error_set(error, STATUS_USAGE, "--%s is for a run: %s has none", option_table[i].name,
                                 cli->action == CLI_LIST ? "list" : "predict");
    if (cli->best && cli->action != CLI_PREDICT && !cli->spec.load_path)
        return error_set(error, STATUS_USAGE, "--best is for --load FILE, predict and sample");
    return STATUS_OK;
}

enum status conflict_check_run(const struct cli *cli, struct error *error)
{
    const struct spec *spec = &cli->spec;
    if (spec->save_every > 0 && !spec->save_path)
        return error_set(error, STATUS_USAGE, "--save-every needs --save FILE");
    if (spec->log_every > 0 && !spec->log_path)
        return error_set(error, STATUS_USAGE, "--log-every needs --log FILE");
    if (was_said(cli, "test-fraction") && toy_find(spec->task))
        return error_set(error, STATUS_USAGE, "--test-fraction is for tables and texts: %s is a toy", spec->task);
    if (was_said(cli, "test-fraction") && spec->csv.test_path)
        return error_set(error, STATUS_USAGE,
                         "--test-fraction would change nothing: the test rows come from %.200s, as %s says",
                         spec->csv.test_path, spec->load_path ? "the checkpoint" : "the recipe");
    return STATUS_OK;
}
