/* Reads the command line, and the checkpoint or recipe that it names, into a request that main carries out. */
#include "app/cli.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "app/config.h"
#include "app/conflict.h"
#include "app/find.h"
#include "app/load.h"
#include "app/option.h"
#include "app/recipe.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "data/toys.h"
#include "setup/spec_field.h"
#include "store/checkpoint.h"

static void knob_names(const char *names[KNOB_COUNT])
{
    for (size_t i = 0; i < KNOB_COUNT; i++)
        names[i] = knob_table[i].name;
}

static const struct option *option_by_letter(char letter)
{
    for (size_t i = 0; i < option_count; i++)
        if (option_table[i].letter == letter)
            return &option_table[i];
    return NULL;
}

static enum status unknown_option(const char *word, const char *name, struct error *error)
{
    const char *names[OPTIONS_MAX + KNOB_COUNT];
    char near[256];
    for (size_t i = 0; i < option_count; i++)
        names[i] = option_table[i].name;
    knob_names(names + option_count);
    int nearest = name_nearest(name, names, option_count + KNOB_COUNT);
    if (nearest >= 0)
        snprintf(near, sizeof near, ": did you mean '--%s'?", names[nearest]);
    else
        near[0] = '\0';
    return error_set(error, STATUS_USAGE, "unknown option '%.60s'%s", word, near);
}

/* An option or a knob, and the value that was said for it. */
struct said {
    const struct option *option; /* NULL: the knob */
    enum knob_id knob;
    const char *value; /* NULL: a switch */
};

/* Whether the word behind a switch must be meant as its value: a number, yes or true in place of on. */
static bool is_switch_value(const char *word)
{
    static const char *const meant[] = {"on", "off", "yes", "no", "true", "false"};
    double number;
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
        if (strcasecmp(word, meant[i]) == 0)
            return true;
    return number_parse(word, &number);
}

/* One option word and, where it takes one, its value; moves *at past what it used. */
static enum status read_option(struct said *said, int argc, char **argv, int *at, struct error *error)
{
    const char *word = argv[(*at)++];
    bool is_long = word[1] == '-';
    const char *name = word + (is_long ? 2 : 1);
    const char *equals = is_long ? strchr(name, '=') : NULL;
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%.*s", (int)(length < 63 ? length : 63), name);

    const struct option *option = is_long ? option_find(name, length) : option_by_letter(name[0]);
    enum knob_id knob = is_long && !option ? knob_find(wanted) : KNOB_COUNT;
    if (!option && knob == KNOB_COUNT)
        return unknown_option(word, wanted, error);

    const char *value = equals ? equals + 1 : NULL;
    if (!is_long && name[1]) {
        if (!option->argument)
            return error_set(error, STATUS_USAGE, "'%.60s': write short options one by one", word);
        value = name + 1;
    }
    bool switch_knob = knob != KNOB_COUNT && knob_table[knob].type == FIELD_SWITCH;
    if (option && !option->argument) {
        if (value)
            return error_set(error, STATUS_USAGE, "--%s takes no value", option->name);
    } else if (!value && switch_knob && (*at >= argc || (strcmp(argv[*at], "on") && strcmp(argv[*at], "off")))) {
        if (*at < argc && is_switch_value(argv[*at]))
            return error_set(error, STATUS_USAGE, "%s %.40s: it takes on or off", word, argv[*at]);
        value = "on";
    } else if (!value) {
        if (*at >= argc)
            return error_set(error, STATUS_USAGE, "%s needs a value%s%s", word, option ? ": " : "",
                             option ? option->argument : "");
        value = argv[(*at)++];
    }
    *said = (struct said){.option = option, .knob = knob, .value = value};
    return STATUS_OK;
}

static enum status parse_option(struct cli *cli, int argc, char **argv, int *at, struct error *error)
{
    struct said said;
    enum status status = read_option(&said, argc, argv, at, error);
    if (status != STATUS_OK)
        return status;
    if (said.option && field_find(&spec_form_fields, said.option->name))
        cli->of_rows = said.option->name;
    else if (said.option ? !said.option->with_replay : knob_table[said.knob].affects_state)
        cli->of_run = said.option ? said.option->name : knob_table[said.knob].name;
    if (said.option)
        cli->said[said.option - option_table] = true;
    if (said.option)
        return said.option->take(cli, said.option, said.value, error);
    cli->spec.knob_given[said.knob] = true;
    return knob_parse(said.knob, said.value, &cli->spec.knobs.value[said.knob], error);
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1];
}

int cli_words(int argc, char **argv, int at, const char **name)
{
    struct said said;
    int after = at;
    *name = NULL;
    if (!is_option(argv[at]) || read_option(&said, argc, argv, &after, NULL) != STATUS_OK)
        return 1;
    *name = said.option ? said.option->name : knob_table[said.knob].name;
    return after - at;
}

static const char *const command_names[] = {"list", "predict", "replay", "sample", "export"};
enum { COMMANDS = sizeof command_names / sizeof command_names[0] };

/* The first word may have been meant as a command. */
static enum status one_too_many(const struct cli *cli, const char *word, struct error *error)
{
    const char *task = cli->spec.task;
    const int near = task ? name_nearest(task, command_names, COMMANDS) : -1;
    if (cli->action == CLI_LIST)
        return error_set(error, STATUS_USAGE, "'%.60s': list takes one name", word);
    if (near >= 0 && !toy_find(task) && access(task, F_OK) != 0)
        return error_set(error, STATUS_USAGE, "'%.60s': no such file or command: did you mean '%s'?", task,
                         command_names[near]);
    return error_set(error, STATUS_USAGE, "'%.60s': there is a task already, '%.60s'", word, task ? task : "");
}

static enum status parse_word(struct cli *cli, const char *word, bool *have_task, struct error *error)
{
    if (!word[0])
        return error_set(error, STATUS_USAGE, "'': a task or a file is needed");
    if (cli->action == CLI_LIST && !cli->list) {
        cli->list = word;
        return STATUS_OK;
    }
    if (cli->action == CLI_PREDICT && !cli->rows) {
        *(cli->checkpoint ? &cli->rows : &cli->checkpoint) = word;
        return STATUS_OK;
    }
    if (cli->action == CLI_PREDICT)
        return error_set(error, STATUS_USAGE, "'%.60s': predict takes a checkpoint and a table", word);
    if (cli->action == CLI_REPLAY && !cli->replay) {
        cli->replay = word;
        return STATUS_OK;
    }
    if (cli->action == CLI_REPLAY)
        return error_set(error, STATUS_USAGE, "'%.60s': one journal is replayed at a time", word);
    if (*have_task || cli->action == CLI_LIST)
        return one_too_many(cli, word, error);
    if (strcmp(word, "list") == 0) {
        cli->action = CLI_LIST;
        return STATUS_OK;
    }
    if (strcmp(word, "predict") == 0) {
        cli->action = CLI_PREDICT;
        return STATUS_OK;
    }
    if (strcmp(word, "replay") == 0) {
        cli->action = CLI_REPLAY;
        return STATUS_OK;
    }
    *have_task = true;
    return spec_set(&cli->spec, "task", word, error);
}

static enum status parse_all(struct cli *cli, int argc, char **argv, struct error *error)
{
    bool words_only = false, have_task = false;
    cli->action = CLI_RUN;
    cli->list = cli->checkpoint = cli->rows = NULL;
    memset(cli->said, 0, sizeof cli->said);
    for (int at = 1; at < argc;) {
        enum status status;
        if (!words_only && strcmp(argv[at], "--") == 0) {
            words_only = true;
            at++;
            continue;
        }
        if (!words_only && is_option(argv[at]))
            status = parse_option(cli, argc, argv, &at, error);
        else
            status = parse_word(cli, argv[at++], &have_task, error);
        if (status != STATUS_OK)
            return status;
        if (cli->action == CLI_HELP || cli->action == CLI_VERSION)
            return STATUS_OK;
    }
    return STATUS_OK;
}

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
static enum status parse_over_recipe(struct cli *cli, const char *recipe, int argc, char **argv, struct error *error)
{
    struct spec *spec = &cli->spec;
    enum status status = recipe_read(spec, recipe, error);
    char *task = spec->task;
    spec->task = NULL;
    if (status == STATUS_OK)
        status = parse_all(cli, argc, argv, error);
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
static enum status parse_over(struct cli *cli, const struct checkpoint_file *file, int argc, char **argv,
                              const struct spec *said, struct error *error)
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
    status = parse_all(cli, argc, argv, error);
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

static enum status begin_with_checkpoint(struct cli *cli, int argc, char **argv, const struct spec *said,
                                         struct error *error)
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
        status = parse_over(cli, file, argc, argv, said, error);
    }
    checkpoint_close(file);
    return status;
}

/* The words have been read once: where they name files that say something of the run too, they are read again over
 * those. */
static enum status begin_with_files(struct cli *cli, int argc, char **argv, struct error *error)
{
    struct spec said;
    enum status status = STATUS_OK;
    const bool recipe = cli->spec.task && recipe_is(cli->spec.task);
    if (!recipe && !cli->spec.load_path)
        return STATUS_OK;
    said = cli->spec;
    spec_init(&cli->spec);
    status = recipe ? parse_over_recipe(cli, said.task, argc, argv, error) : parse_all(cli, argc, argv, error);
    if (status == STATUS_OK && said.load_path)
        status = begin_with_checkpoint(cli, argc, argv, &said, error);
    spec_free(&said);
    return status;
}

static enum status check_action(const struct cli *cli, struct error *error)
{
    if (cli->action == CLI_REPLAY && !cli->replay)
        return error_set(error, STATUS_USAGE, "replay needs a journal: downhill replay FILE.journal");
    const char *other = cli->of_run || cli->action == CLI_PREDICT ? cli->of_run : cli->of_rows;
    if (cli->action == CLI_REPLAY && other)
        return error_set(error, STATUS_USAGE, "--%s is for a run: a replay takes its settings from the journal", other);
    if ((cli->action == CLI_PREDICT || cli->action == CLI_LIST) && other)
        return error_set(error, STATUS_USAGE, "--%s is for a run: %s has none", other,
                         cli->action == CLI_LIST ? "list" : "predict");
    if (cli->action != CLI_REPLAY && cli->force)
        return error_set(error, STATUS_USAGE, "--force is for downhill replay");
    return STATUS_OK;
}

enum status cli_parse(struct cli *cli, int argc, char **argv, struct error *error)
{
    *cli = (struct cli){.action = CLI_RUN};
    spec_init(&cli->spec);
    config_read(cli, stderr);
    enum status status = parse_all(cli, argc, argv, error);
    if (status == STATUS_OK)
        status = check_action(cli, error);
    if (status == STATUS_OK)
        status = conflict_check(cli, error);
    if (status == STATUS_OK && cli->action == CLI_PREDICT && !cli->rows)
        return error_set(error, STATUS_USAGE,
                         "predict needs a checkpoint and a table: downhill predict CHECKPOINT FILE.csv");
    if (status == STATUS_OK && cli->action == CLI_RUN)
        status = begin_with_files(cli, argc, argv, error);
    if (status == STATUS_OK && !cli->spec.task)
        status = spec_set(&cli->spec, "task", "spiral", error);
    if (status == STATUS_OK && (cli->action == CLI_RUN || cli->action == CLI_REPLAY))
        status = conflict_check_run(cli, error);
    return status;
}

void cli_free(struct cli *cli)
{
    spec_free(&cli->spec);
    mem_free(cli->config);
}
