#include "app/cli.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"

struct option {
    const char *name;
    char letter;          /* short form, or 0 */
    const char *argument; /* NULL: a switch */
    const char *about;
    enum status (*take)(struct cli *cli, const struct option *option, const char *value, struct error *error);
};

static enum status wrong_value(const struct option *option, const char *value, const char *right, struct error *error)
{
    return error_set(error, STATUS_USAGE, "--%s %s: %s", option->name, value, right);
}

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
        char right[96], low[32], high[32];
        snprintf(right, sizeof right, "must be a whole number from %s to %s", number_count(low, sizeof low, least),
                 number_count(high, sizeof high, most));
        return wrong_value(option, value, right, error);
    }
    *slot = count;
    return STATUS_OK;
}

static enum status take_choice(size_t *slot, const struct option *option, const char *value, const char *const *names,
                               size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(value, names[i]) == 0) {
            *slot = i;
            return STATUS_OK;
        }
    char near[256];
    return error_set(error, STATUS_USAGE, "--%s: unknown name '%.60s'%s", option->name, value,
                     name_suggest(near, sizeof near, value, names, count));
}

static enum status take_hidden(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    struct net_spec *net = &cli->spec.net;
    net->hidden_count = 0;
    cli->spec.net_given = true;
    if (strcmp(value, "none") == 0)
        return STATUS_OK;
    for (const char *at = value; at;) {
        char word[24];
        const char *comma = strchr(at, ',');
        size_t length = comma ? (size_t)(comma - at) : strlen(at);
        uint64_t width;
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), at);
        if (length >= sizeof word || !number_parse_u64(word, &width) || width < 1 || width > NET_WIDTH_MAX)
            return wrong_value(option, value, "must be widths from 1 to 65536 as in 8,8, or none", error);
        if (net->hidden_count == NET_HIDDEN_MAX)
            return wrong_value(option, value, "has more than 32 layers", error);
        net->hidden[net->hidden_count++] = (size_t)width;
        at = comma ? comma + 1 : NULL;
    }
    return STATUS_OK;
}

static enum status take_activation(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    size_t choice = 0;
    enum status status = take_choice(&choice, option, value, activation_name, ACTIVATION_COUNT, error);
    cli->spec.net.activation = (enum activation)choice;
    cli->spec.activation_given = true;
    return status;
}

static enum status take_layer_norm(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->spec.net.layer_norm = true;
    return STATUS_OK;
}

static enum status take_loss(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    const char *names[LOSS_COUNT];
    size_t choice = 0;
    for (size_t i = 0; i < LOSS_COUNT; i++)
        names[i] = loss_table[i].name;
    enum status status = take_choice(&choice, option, value, names, LOSS_COUNT, error);
    cli->spec.loss = (int)choice;
    return status;
}

static enum status take_features(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option;
    return take_string(&cli->spec.features, value, error);
}

static enum status take_points(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    uint64_t points = 0;
    enum status status = take_count(&points, option, value, 4, 10000000, error);
    cli->spec.points = (size_t)points;
    return status;
}

static enum status take_noise(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    double noise;
    if (!number_parse(value, &noise) || noise < 0 || noise > 100)
        return wrong_value(option, value, "must be a number from 0 to 100", error);
    cli->spec.noise = noise;
    return STATUS_OK;
}

static enum status take_target(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option;
    return take_string((char **)&cli->spec.csv.target, value, error);
}

static enum status take_test_fraction(struct cli *cli, const struct option *option, const char *value,
                                      struct error *error)
{
    double fraction;
    if (!number_parse(value, &fraction) || fraction <= 0 || fraction >= 1)
        return wrong_value(option, value, "must be above 0 and below 1, such as 0.25 or 25%", error);
    cli->spec.csv.test_fraction = fraction;
    return STATUS_OK;
}

static enum status take_test(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option;
    return take_string((char **)&cli->spec.csv.test_path, value, error);
}

static enum status take_classify(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->spec.csv.task = CSV_CLASSIFY;
    return STATUS_OK;
}

static enum status take_regress(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->spec.csv.task = CSV_REGRESS;
    return STATUS_OK;
}

static enum status take_seed(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    return take_count(&cli->spec.seed, option, value, 0, SEED_MAX, error);
}

static enum status take_data_seed(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    cli->spec.data_seed_given = true;
    return take_count(&cli->spec.data_seed, option, value, 0, SEED_MAX, error);
}

static enum status take_steps(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    return take_count(&cli->spec.steps, option, value, 1, (uint64_t)1 << 53, error);
}

static enum status take_epochs(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    double epochs;
    if (!number_parse(value, &epochs) || epochs <= 0)
        return wrong_value(option, value, "must be a number above 0", error);
    cli->spec.epochs = epochs;
    return STATUS_OK;
}

static void knob_names(const char *names[KNOB_COUNT])
{
    for (size_t i = 0; i < KNOB_COUNT; i++)
        names[i] = knob_table[i].name;
}

/* STEP:KNOB=VALUE */
static enum status take_at(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    char step_text[24], name[32], near[256];
    const char *colon = strchr(value, ':');
    const char *equals = colon ? strchr(colon, '=') : NULL;
    uint64_t step;
    double turned;
    if (!equals || (size_t)(colon - value) >= sizeof step_text || (size_t)(equals - colon) > sizeof name)
        return wrong_value(option, value, "must be STEP:KNOB=VALUE, such as 500:lr=0.05", error);
    snprintf(step_text, sizeof step_text, "%.*s", (int)(colon - value), value);
    snprintf(name, sizeof name, "%.*s", (int)(equals - colon - 1), colon + 1);
    if (!number_parse_u64(step_text, &step))
        return wrong_value(option, value, "its step must be a whole number", error);
    enum knob_id knob = knob_find(name);
    if (knob == KNOB_COUNT) {
        const char *names[KNOB_COUNT];
        knob_names(names);
        return error_set(error, STATUS_USAGE, "--at %.60s: unknown knob '%s'%s", value, name,
                         name_suggest(near, sizeof near, name, names, KNOB_COUNT));
    }
    enum status status = knob_parse(knob, equals + 1, &turned, error);
    if (status != STATUS_OK)
        return status;
    return spec_add_turn(&cli->spec, step, knob, turned) == STATUS_OK ? STATUS_OK : error_memory(error);
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

static enum status take_threads(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    uint64_t threads = 1;
    enum status status = take_count(&threads, option, value, 1, 256, error);
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
    {"hidden", 0, "W,W...", "widths of the hidden layers, such as 8,8; none: a linear model", take_hidden},
    {"activation", 0, "NAME", "tanh, relu, leaky_relu, sigmoid, gelu or linear", take_activation},
    {"layer-norm", 0, NULL, "normalise each hidden layer", take_layer_norm},
    {"loss", 0, "NAME", "cross_entropy, bce, mse or huber", take_loss},
    {"features", 0, "LIST", "inputs of a toy with two: of x,y,x2,y2,xy,sinx,siny", take_features},
    {"points", 0, "N", "training points of a toy (as many again for the test)", take_points},
    {"noise", 0, "X", "noise of a toy's points", take_noise},
    {"target", 't', "COLUMN", "column to predict, by name or number (default: the last)", take_target},
    {"test-fraction", 0, "X", "share of the rows kept for the test (default: 0.25)", take_test_fraction},
    {"test", 0, "FILE", "test rows from a file of their own", take_test},
    {"classify", 0, NULL, "the target is a class, whatever it looks like", take_classify},
    {"regress", 0, NULL, "the target is a number", take_regress},
    {"seed", 's', "N", "of everything that is random (default: 1)", take_seed},
    {"data-seed", 0, "N", "of a toy's points or a table's split (default: the run's)", take_data_seed},
    {"steps", 'n', "N", "stop after so many steps", take_steps},
    {"epochs", 0, "X", "stop after so many passes over the training rows", take_epochs},
    {"at", 0, "STEP:KNOB=VALUE", "turn a knob at a step; may be repeated", take_at},
    {"headless", 0, NULL, "train without a screen", take_headless},
    {"log", 'o', "FILE", "write the figures as CSV, or JSON lines if it ends in .jsonl; -: stdout", take_log},
    {"log-every", 0, "N", "a row each N steps (default: at each evaluation)", take_log_every},
    {"threads", 0, "N", "threads of the matrix library, for large nets (default: 1)", take_threads},
    {"paused", 0, NULL, "open paused, before the first step", take_paused},
    {"theme", 0, "NAME", "dark, light, projector or mono", take_theme},
    {"present", 0, NULL, "for a projector: strong colours, big numbers, no mouse", take_present},
    {"ascii", 0, NULL, "plain characters only", take_ascii},
    {"fps", 0, "N", "frames a second at most (1 to 60)", take_fps},
    {"help", 'h', NULL, "print this", take_help},
    {"version", 'V', NULL, "print the version", take_version},
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
    if (*have_task || cli->action == CLI_LIST)
        return error_set(error, STATUS_USAGE, "'%.60s': there is a task already", word);
    if (strcmp(word, "list") == 0) {
        cli->action = CLI_LIST;
        return STATUS_OK;
    }
    *have_task = true;
    return take_string(&cli->spec.task, word, error);
}

enum status cli_parse(struct cli *cli, int argc, char **argv, struct error *error)
{
    *cli = (struct cli){.action = CLI_RUN};
    spec_init(&cli->spec);
    bool words_only = false, have_task = false;
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
    return have_task || cli->spec.task ? STATUS_OK : take_string(&cli->spec.task, "spiral", error);
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
