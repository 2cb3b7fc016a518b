#include "app/cli.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "run/checkpoint.h"
#include "run/spec_field.h"

struct option {
    const char *name;
    char letter;          /* short form, or 0 */
    const char *argument; /* NULL: a switch */
    const char *about;
    bool with_replay; /* says nothing that a journal says */
    enum status (*take)(struct cli *cli, const struct option *option, const char *value, struct error *error);
};

static enum status take_string(char **slot, const char *value, struct error *error)
{
    char *copy = mem_string(value);
    if (!copy)
        return error_memory(error);
    mem_free(*slot);
    *slot = copy;
    return STATUS_OK;
}

static enum status take_count(uint64_t *slot, const struct option *option, const char *value, uint64_t least,
                              uint64_t most, struct error *error)
{
    uint64_t count;
    if (!number_parse_u64(value, &count) || count < least || count > most) {
        char low[32], high[32];
        return error_set(error, STATUS_USAGE, "--%s %s: must be a whole number from %s to %s", option->name, value,
                         number_count(low, sizeof low, least), number_count(high, sizeof high, most));
    }
    *slot = count;
    return STATUS_OK;
}

/* An option that is a field of the spec. */
static enum status take_field(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    struct error why = {.status = STATUS_OK};
    const enum status status = spec_set(&cli->spec, option->name, value, &why);
    if (status != STATUS_OK)
        error_set(error, status, "%s%s", status == STATUS_USAGE ? "--" : "", why.message);
    return status;
}

static void knob_names(const char *names[KNOB_COUNT])
{
    for (size_t i = 0; i < KNOB_COUNT; i++)
        names[i] = knob_table[i].name;
}

static enum status take_log(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option;
    return take_string(&cli->spec.log_path, value, error);
}

static enum status take_log_every(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    return take_count(&cli->spec.log_every, option, value, 1, (uint64_t)1 << 53, error);
}

static enum status take_load(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option;
    return take_string(&cli->spec.load_path, value, error);
}

static enum status take_save(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    if (!value[0] || strcmp(value, "-") == 0)
        return error_set(error, STATUS_USAGE, "--%s: a file is needed", option->name);
    return take_string(&cli->spec.save_path, value, error);
}

static enum status take_save_every(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    return take_count(&cli->spec.save_every, option, value, 1, (uint64_t)1 << 53, error);
}

static enum status take_journal(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)error;
    cli->no_journal = strcmp(value, "none") == 0;
    cli->journal = cli->no_journal ? NULL : value;
    return STATUS_OK;
}

static enum status take_force(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->force = true;
    return STATUS_OK;
}

static enum status take_threads(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    uint64_t threads = 1;
    enum status status = take_count(&threads, option, value, 1, SPEC_THREADS_MAX, error);
    cli->spec.threads = (unsigned)threads;
    return status;
}

static enum status take_headless(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->headless = true;
    return STATUS_OK;
}

static enum status take_paused(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->paused = true;
    return STATUS_OK;
}

static enum status take_theme(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)error;
    cli->theme = value;
    return STATUS_OK;
}

static enum status take_ascii(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->ascii = true;
    return STATUS_OK;
}

static enum status take_present(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->present = true;
    return STATUS_OK;
}

static enum status take_fps(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    uint64_t fps = 0;
    enum status status = take_count(&fps, option, value, 1, 60, error);
    cli->fps = (unsigned)fps;
    return status;
}

static enum status take_help(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->action = CLI_HELP;
    return STATUS_OK;
}

static enum status take_version(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->action = CLI_VERSION;
    return STATUS_OK;
}

static const struct option option_table[] = {
    {"hidden", 0, "W,W...", "widths of the hidden layers, such as 8,8; none: a linear model", false, take_field},
    {"activation", 0, "NAME", "tanh, relu, leaky_relu, sigmoid, gelu or linear", false, take_field},
    {"layer-norm", 0, NULL, "normalise each hidden layer", false, take_field},
    {"loss", 0, "NAME", "cross_entropy, bce, mse or huber", false, take_field},
    {"features", 0, "LIST", "inputs of a toy with two: of x,y,x2,y2,xy,sinx,siny", false, take_field},
    {"points", 0, "N", "training points of a toy (as many again for the test)", false, take_field},
    {"noise", 0, "X", "noise of a toy's points", false, take_field},
    {"target", 't', "COLUMN", "column to predict, by name or number (default: the last)", false, take_field},
    {"test-fraction", 0, "X", "share of the rows kept for the test (default: 0.25)", false, take_field},
    {"test", 0, "FILE", "test rows from a file of their own", false, take_field},
    {"classify", 0, NULL, "the target is a class, whatever it looks like", false, take_field},
    {"regress", 0, NULL, "the target is a number", false, take_field},
    {"seed", 's', "N", "of everything that is random (default: 1)", false, take_field},
    {"data-seed", 0, "N", "of a toy's points or a table's split (default: the run's)", false, take_field},
    {"steps", 'n', "N", "stop after so many steps", false, take_field},
    {"epochs", 0, "X", "stop after so many passes over the training rows", false, take_field},
    {"at", 0, "STEP:KNOB=VALUE", "turn a knob at a step; may be repeated", false, take_field},
    {"headless", 0, NULL, "train without a screen", true, take_headless},
    {"log", 'o', "FILE", "write the figures as CSV, or JSON lines if it ends in .jsonl; -: stdout", true, take_log},
    {"log-every", 0, "N", "a row each N steps (default: at each evaluation)", true, take_log_every},
    {"load", 0, "FILE", "begin with this checkpoint; TASK may be left out", false, take_load},
    {"save", 0, "FILE", "write a checkpoint at the end, and when the run is left", true, take_save},
    {"save-every", 0, "N", "and each N steps", true, take_save_every},
    {"journal", 0, "FILE", "write down what is done, for a replay; none: do not", true, take_journal},
    {"force", 0, NULL, "replay although the data have changed", true, take_force},
    {"threads", 0, "N", "threads of the matrix library, for large nets (default: 1)", false, take_threads},
    {"paused", 0, NULL, "open paused, before the first step", true, take_paused},
    {"theme", 0, "NAME", "dark, light, projector or mono", true, take_theme},
    {"present", 0, NULL, "for a projector: strong colours, big numbers, no mouse", true, take_present},
    {"ascii", 0, NULL, "plain characters only", true, take_ascii},
    {"fps", 0, "N", "frames a second at most (1 to 60)", true, take_fps},
    {"help", 'h', NULL, "print this", true, take_help},
    {"version", 'V', NULL, "print the version", true, take_version},
};
#define OPTIONS (sizeof option_table / sizeof option_table[0])

static const struct option *option_find(const char *name, size_t length)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (strlen(option_table[i].name) == length && strncmp(option_table[i].name, name, length) == 0)
            return &option_table[i];
    return NULL;
}

static const struct option *option_by_letter(char letter)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (option_table[i].letter == letter)
            return &option_table[i];
    return NULL;
}

static enum status unknown_option(const char *word, const char *name, struct error *error)
{
    const char *names[OPTIONS + KNOB_COUNT];
    char near[256];
    for (size_t i = 0; i < OPTIONS; i++)
        names[i] = option_table[i].name;
    knob_names(names + OPTIONS);
    int nearest = name_nearest(name, names, OPTIONS + KNOB_COUNT);
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
    bool switch_knob = knob != KNOB_COUNT && knob_table[knob].scale == KNOB_SWITCH;
    if (option && !option->argument) {
        if (value)
            return error_set(error, STATUS_USAGE, "--%s takes no value", option->name);
    } else if (!value && switch_knob && (*at >= argc || (strcmp(argv[*at], "on") && strcmp(argv[*at], "off")))) {
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
    if (said.option ? !said.option->with_replay : knob_table[said.knob].affects_state)
        cli->of_run = said.option ? said.option->name : knob_table[said.knob].name;
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

static enum status parse_word(struct cli *cli, const char *word, bool *have_task, struct error *error)
{
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
        return error_set(error, STATUS_USAGE, "'%.60s': there is a task already", word);
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
    return take_string(&cli->spec.task, word, error);
}

static enum status parse_all(struct cli *cli, int argc, char **argv, struct error *error)
{
    bool words_only = false, have_task = false;
    cli->action = CLI_RUN;
    cli->list = cli->checkpoint = cli->rows = NULL;
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

/* A knob that the words set is turned where the checkpoint is: until then it was as the file says.  The optimiser comes first, since
 * it brings a rate of its own. */
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

/* The words once more, over what the checkpoint says of its run. */
static enum status parse_over(struct cli *cli, const struct checkpoint_file *file, int argc, char **argv,
                              const struct spec *said, struct error *error)
{
    struct spec *spec = &cli->spec;
    const uint64_t step = checkpoint_file_step(file);
    spec_init(spec);
    enum status status = checkpoint_spec(file, spec, error);
    if (status != STATUS_OK)
        return status;
    const struct knobs begin = spec->knobs;
    const size_t there = turns_before(spec, step + 1) - turns_before(spec, step); /* first among those of its step */
    status = parse_all(cli, argc, argv, error);
    if (status != STATUS_OK)
        return status;
    drop_repeated_turns(spec);
    spec->turns_done = checkpoint_has_state(file) ? turns_before(spec, step) + there : 0;
    return turn_given_knobs(cli, file, said, &begin, error);
}

static enum status begin_with_checkpoint(struct cli *cli, int argc, char **argv, struct error *error)
{
    struct spec said = cli->spec;
    struct checkpoint_file *file;
    enum status status = checkpoint_open(&file, said.load_path, error);
    if (status != STATUS_OK)
        return status;
    status = parse_over(cli, file, argc, argv, &said, error);
    checkpoint_close(file);
    spec_free(&said);
    return status;
}

static enum status check_replay(const struct cli *cli, struct error *error)
{
    if (cli->action == CLI_REPLAY && !cli->replay)
        return error_set(error, STATUS_USAGE, "replay needs a journal: downhill replay FILE.journal");
    if (cli->action == CLI_REPLAY && cli->of_run)
        return error_set(error, STATUS_USAGE, "--%s: a replay has what its journal says", cli->of_run);
    if (cli->action != CLI_REPLAY && cli->force)
        return error_set(error, STATUS_USAGE, "--force is for downhill replay");
    return STATUS_OK;
}

enum status cli_parse(struct cli *cli, int argc, char **argv, struct error *error)
{
    *cli = (struct cli){.action = CLI_RUN};
    spec_init(&cli->spec);
    enum status status = parse_all(cli, argc, argv, error);
    if (status == STATUS_OK)
        status = check_replay(cli, error);
    if (status == STATUS_OK && cli->action == CLI_PREDICT && !cli->rows)
        return error_set(error, STATUS_USAGE,
                         "predict needs a checkpoint and a table: downhill predict CHECKPOINT FILE.csv");
    if (status == STATUS_OK && cli->action == CLI_RUN && cli->spec.save_every > 0 && !cli->spec.save_path)
        return error_set(error, STATUS_USAGE, "--save-every needs --save FILE");
    if (status == STATUS_OK && cli->action == CLI_RUN && cli->spec.load_path)
        status = begin_with_checkpoint(cli, argc, argv, error);
    return status != STATUS_OK || cli->spec.task ? status : take_string(&cli->spec.task, "spiral", error);
}

void cli_free(struct cli *cli)
{
    spec_free(&cli->spec);
}

static void help_row(FILE *out, char letter, const char *name, const char *argument, const char *about)
{
    char left[64], shorts[8] = "    ";
    if (letter)
        snprintf(shorts, sizeof shorts, "-%c, ", letter);
    snprintf(left, sizeof left, "%s--%s%s%s", shorts, name, argument ? " " : "", argument ? argument : "");
    fprintf(out, "  %-29s %s\n", left, about);
}

void cli_help(FILE *out)
{
    fputs("Usage: downhill [TASK] [options]      watch a model learn, and turn its knobs\n"
          "       downhill TASK --headless ...   the same run without a screen\n"
          "       downhill predict CHECKPOINT FILE.csv   a table with what the model says of its rows\n"
          "       downhill sample CHECKPOINT --prompt TEXT   how a language model goes on (--ask: answers)\n"
          "       downhill replay FILE.journal   a run again as it was, on the screen or --headless\n"
          "       downhill export JOURNAL -o FILE   its curves (.svg .pdf .png) or values (.csv .jsonl)\n"
          "       downhill list [WHAT]           toys, knobs, keys, views, optimizers, schedules ...\n"
          "\n"
          "TASK is a toy (default: spiral) or a CSV file (-: standard input).\n"
          "\n"
          "Options:\n",
          out);
    for (size_t i = 0; i < OPTIONS; i++)
        help_row(out, option_table[i].letter, option_table[i].name, option_table[i].argument, option_table[i].about);
    fputs("\nKnobs, each also a key while it trains (downhill list knobs says more):\n", out);
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        const char *argument = knob_table[i].scale == KNOB_SWITCH   ? "on|off"
                               : knob_table[i].scale == KNOB_CHOICE ? "NAME"
                               : knob_table[i].whole                ? "N"
                                                                    : "X";
        help_row(out, 0, knob_table[i].name, argument, knob_table[i].label);
    }
    fputs("\nExit status: 0 done, 1 it could not, 2 wrong usage, 3 the loss was no longer a number (headless).\n", out);
}
