/* Reads the command line, and the checkpoint or recipe that it names, into a request that main carries out. */
#include "app/cli.h"

#include <string.h>
#include <unistd.h>

#include "app/config.h"
#include "app/conflict.h"
#include "app/find.h"
#include "app/load.h"
#include "app/option.h"
#include "app/recipe.h"
#include "app/subcommand.h"
#include "base/mem.h"
#include "base/name.h"
#include "data/toys.h"
#include "setup/spec_field.h"
#include "store/checkpoint.h"

/* ---- words ---- */

/* The subcommand that the first word names which is no option, and that word's index; a run where it names none. */
static const struct subcommand *find_subcommand(int argc, char **argv, int *index)
{
    *index = 0;
    for (int at = 1; at < argc;) {
        struct option option;
        if (strcmp(argv[at], "--") == 0) {
            at++;
        } else if (option_is(argv[at])) {
            option_read(&option, &subcommand_table[0], argc, argv, &at, NULL);
        } else {
            for (size_t i = 1; i < subcommand_count; i++)
                if (strcmp(subcommand_table[i].name, argv[at]) == 0) {
                    *index = at;
                    return &subcommand_table[i];
                }
            break;
        }
    }
    return &subcommand_table[0];
}

/* The first word may have been meant as a subcommand. */
static enum status refuse_word(const struct cli *cli, const char *word, struct error *error)
{
    const char *names[SUBCOMMANDS_MAX], *task = cli->word[0];
    char near[96];
    if (cli->command->too_many)
        return error_set(error, STATUS_USAGE, "'%.60s': %s", word, cli->command->too_many);
    for (size_t i = 1; i < subcommand_count; i++)
        names[i - 1] = subcommand_table[i].name;
    name_hint(near, sizeof near, "", task, names, subcommand_count - 1);
    if (near[0] && !toy_find(task) && access(task, F_OK) != 0)
        return error_set(error, STATUS_USAGE, "'%.60s': no such file or command%s", task, near);
    return error_set(error, STATUS_USAGE, "'%.60s': there is a task already, '%.60s'", word, task);
}

static enum status take_word(struct cli *cli, const char *word, struct error *error)
{
    if (!word[0])
        return error_set(error, STATUS_USAGE, "'': a task or a file is needed");
    if (cli->words == cli->command->words_max)
        return refuse_word(cli, word, error);
    cli->word[cli->words++] = word;
    return cli->command->name ? STATUS_OK : spec_set(&cli->spec, "task", word, error);
}

static enum status take_option(struct cli *cli, int *at, struct error *error)
{
    struct option option;
    const enum status status = option_read(&option, cli->command, cli->argc, cli->argv, at, error);
    return status == STATUS_OK ? option_set(cli, &option, error) : status;
}

/* Sets what the words say; may be done again over a spec that a file has filled. */
static enum status take_words(struct cli *cli, struct error *error)
{
    bool words_only = false;
    int name;
    enum status status = STATUS_OK;
    cli->command = find_subcommand(cli->argc, cli->argv, &name);
    cli->words = cli->said.count = 0;
    for (int at = 1; at < cli->argc && status == STATUS_OK && !cli->help && !cli->version;) {
        if (!words_only && strcmp(cli->argv[at], "--") == 0) {
            words_only = true;
            at++;
        } else if (!words_only && option_is(cli->argv[at])) {
            status = take_option(cli, &at, error);
        } else if (name > 0 && at == name) {
            at++;
        } else {
            status = take_word(cli, cli->argv[at++], error);
        }
    }
    return status;
}

/* ---- files that say something of the run ---- */

static size_t turns_before(const struct spec *spec, uint64_t step)
{
    size_t turns = 0;
    while (turns < spec->turns && spec->turn[turns].step < step)
        turns++;
    return turns;
}

/* A knob that the words set is turned where the checkpoint is: until then it was as the file says.  The optimiser comes
 * first, since it brings a rate of its own. */
static enum status turn_given_knobs(struct cli *cli, const struct checkpoint_file *file, const struct spec *said,
                                    const struct knobs *begin, struct error *error)
{
    struct spec *spec = &cli->spec;
    const double speed = spec->knobs.value[KNOB_SPEED];
    struct knobs now;
    if (!checkpoint_knobs(file, &now))
        return STATUS_OK;
    spec->knobs = *begin;
    spec->knobs.value[KNOB_SPEED] = speed;
    for (size_t i = 0; i <= KNOB_COUNT; i++) {
        const enum knob_id knob = i == 0 ? KNOB_OPTIMIZER : (enum knob_id)(i - 1);
        const bool same = !(now.value[knob] < said->knobs.value[knob] || now.value[knob] > said->knobs.value[knob]);
        const bool turned = said->knob_given[knob] && knob != KNOB_SPEED && !same && (i == 0 || knob != KNOB_OPTIMIZER);
        if (turned && spec_add_turn(spec, checkpoint_file_step(file), knob, said->knobs.value[knob]) != STATUS_OK)
            return error_memory(error);
    }
    return STATUS_OK;
}

static bool same_turn(const struct spec_turn *a, const struct spec_turn *b)
{
    return a->step == b->step && a->knob == b->knob && !(a->value < b->value || a->value > b->value);
}

/* Turns that the file has and the words repeat. */
static void drop_repeated_turns(struct spec *spec)
{
    size_t kept = 0, first = 0; /* of the step */
    for (size_t i = 0; i < spec->turns; i++) {
        const struct spec_turn turn = spec->turn[i];
        bool repeated = false;
        if (kept == 0 || spec->turn[kept - 1].step != turn.step)
            first = kept;
        for (size_t j = first; j < kept; j++)
            repeated |= same_turn(&spec->turn[j], &turn);
        if (!repeated)
            spec->turn[kept++] = turn;
    }
    spec->turns = kept;
}

/* The words once more, over what a recipe says of its run; their task is the recipe. */
static enum status parse_over_recipe(struct cli *cli, const char *recipe, struct error *error)
{
    struct spec *spec = &cli->spec;
    enum status status = recipe_read(spec, recipe, error);
    char *task = spec->task;
    spec->task = NULL;
    if (status == STATUS_OK)
        status = take_words(cli, error);
    mem_free(spec->task);
    spec->task = task;
    return status;
}

/* Turns that were said for steps which the checkpoint has behind it, and which it did not have. */
static void warn_of_past_turns(const struct spec *theirs, const struct spec *said, uint64_t step)
{
    for (size_t i = 0; i < said->turns && said->turn[i].step < step; i++) {
        size_t at = 0;
        while (at < theirs->turns && !same_turn(&theirs->turn[at], &said->turn[i]))
            at++;
        if (at == theirs->turns)
            fprintf(stderr, "downhill: --at %llu:%s: %s is at step %llu already\n",
                    (unsigned long long)said->turn[i].step, knob_table[said->turn[i].knob].name, said->load_path,
                    (unsigned long long)step);
    }
}

/* The words once more, over what the checkpoint says of its run; if their task is its recipe, that has nothing to
 * add. */
static enum status parse_over(struct cli *cli, const struct checkpoint_file *file, const struct spec *said,
                              struct error *error)
{
    struct spec *spec = &cli->spec;
    const uint64_t step = checkpoint_file_step(file);
    spec_init(spec);
    enum status status = checkpoint_spec(file, spec, error);
    if (status != STATUS_OK)
        return status;
    if (!said->task && !spec->task)
        return load_no_task(file, said->load_path, error);
    warn_of_past_turns(spec, said, step);
    const struct knobs begin = spec->knobs;
    const size_t there = turns_before(spec, step + 1) - turns_before(spec, step); /* first among those of its step */
    char *task = said->task && recipe_is(said->task) ? spec->task : NULL;
    if (task)
        spec->task = NULL;
    status = take_words(cli, error);
    if (task) {
        mem_free(spec->task);
        spec->task = task;
    }
    if (status != STATUS_OK)
        return status;
    if (!said->task && (status = find_files(spec, said->load_path, error)) != STATUS_OK)
        return status;
    drop_repeated_turns(spec);
    spec->turns_done = checkpoint_has_state(file) ? turns_before(spec, step) + there : 0;
    return turn_given_knobs(cli, file, said, &begin, error);
}

static enum status begin_with_checkpoint(struct cli *cli, const struct spec *said, struct error *error)
{
    struct checkpoint_file *file;
    bool start;
    enum status status = checkpoint_open(&file, said->load_path, error);
    if (status != STATUS_OK)
        return status;
    status = load_is_start(file, &cli->spec, &start, error);
    if (status == STATUS_OK && start) {
        status = load_take_shape(file, &cli->spec, error);
    } else if (status == STATUS_OK) {
        spec_free(&cli->spec);
        status = parse_over(cli, file, said, error);
    }
    checkpoint_close(file);
    return status;
}

/* The words have been read once: where they name files that say something of the run too, they are read again over
 * those. */
static enum status begin_with_files(struct cli *cli, struct error *error)
{
    struct spec said;
    enum status status = STATUS_OK;
    const bool recipe = cli->spec.task && recipe_is(cli->spec.task);
    if (!recipe && !cli->spec.load_path)
        return STATUS_OK;
    said = cli->spec;
    spec_init(&cli->spec);
    status = recipe ? parse_over_recipe(cli, said.task, error) : take_words(cli, error);
    if (status == STATUS_OK && said.load_path)
        status = begin_with_checkpoint(cli, &said, error);
    spec_free(&said);
    return status;
}

/* What can be said of the words alone. */
static enum status check_words(const struct cli *cli, struct error *error)
{
    enum status status = conflict_check(cli, error);
    if (status == STATUS_OK && cli->words < cli->command->words_min)
        return error_set(error, STATUS_USAGE, "%s", cli->command->too_few);
    if (status == STATUS_OK && cli->command->check)
        status = cli->command->check(cli, error);
    return status;
}

enum status cli_parse(struct cli *cli, int argc, char **argv, struct error *error)
{
    *cli = (struct cli){.argc = argc, .argv = argv, .sample = sample_usual, .export = export_usual};
    spec_init(&cli->spec);
    config_read(cli, stderr);
    enum status status = take_words(cli, error);
    if (status != STATUS_OK || cli->help || cli->version)
        return status;
    const bool run = !cli->command->name;
    status = check_words(cli, error);
    if (status == STATUS_OK && run)
        status = begin_with_files(cli, error);
    if (status == STATUS_OK && run && !cli->spec.task)
        status = spec_set(&cli->spec, "task", "spiral", error);
    return status == STATUS_OK ? conflict_check_run(cli, error) : status;
}

void cli_free(struct cli *cli)
{
    spec_free(&cli->spec);
    mem_free(cli->config);
}
