/* Finds options that contradict each other, that need another option, or that the command would ignore. */
#include "app/conflict.h"

#include "app/option.h"
#include "data/toys.h"

enum status conflict_check_pairs(const struct said *said, const char *dashes, struct error *error)
{
    for (size_t i = 0; i < said->count; i++) {
        const struct field *field = said->field[i];
        if (field->against && said_has(said, field->against))
            return error_set(error, STATUS_USAGE, "%s%s and %s%s contradict each other: %s", dashes, field->against,
                             dashes, field->name, field->conflict);
    }
    return STATUS_OK;
}

enum status conflict_check(const struct cli *cli, struct error *error)
{
    const enum status status = conflict_check_pairs(&cli->said, "--", error);
    if (status != STATUS_OK)
        return status;
    if (!cli->command->name && cli->spec.load_best && !cli->spec.load_path)
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
    if (said_has(&cli->said, "test-fraction") && toy_find(spec->task))
        return error_set(error, STATUS_USAGE, "--test-fraction is for tables and texts: %s is a toy", spec->task);
    if (said_has(&cli->said, "test-fraction") && spec->csv.test_path)
        return error_set(error, STATUS_USAGE,
                         "--test-fraction would change nothing: the test rows come from %.200s, as %s says",
                         spec->csv.test_path, spec->load_path ? "the checkpoint" : "the recipe");
    return STATUS_OK;
}
