/* Holds the table of command-line options, sets their values in a request, and prints --help. */
#include "app/option.h"

#include <assert.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "plot/palette.h"
#include "setup/spec_field.h"

enum { THEMES_MAX = 16 };

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

static enum status need_file(const struct option *option, const char *value, struct error *error)
{
    return value[0] ? STATUS_OK : error_set(error, STATUS_USAGE, "--%s '': a file is needed", option->name);
}

static enum status take_log(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    const enum status status = need_file(option, value, error);
    return status != STATUS_OK ? status : take_string(&cli->spec.log_path, value, error);
}

static enum status take_log_every(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    return take_count(&cli->spec.log_every, option, value, 1, (uint64_t)1 << 53, error);
}

static enum status take_load(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    const enum status status = need_file(option, value, error);
    return status != STATUS_OK ? status : take_string(&cli->spec.load_path, value, error);
}

static enum status take_best(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->spec.load_best = cli->best = true;
    return STATUS_OK;
}

static enum status take_save(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    if (!value[0] || file_is_stream(value))
        return error_set(error, STATUS_USAGE, "--%s: a file is needed", option->name);
    return take_string(&cli->spec.save_path, value, error);
}

static enum status take_save_every(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    return take_count(&cli->spec.save_every, option, value, 1, (uint64_t)1 << 53, error);
}

static enum status take_journal(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    if (!value[0] || file_is_stream(value))
        return error_set(error, STATUS_USAGE, "--%s: a file is needed, or none", option->name);
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

static enum status take_verbose(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->verbose = true;
    return STATUS_OK;
}

static enum status take_paused(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option, (void)value, (void)error;
    cli->paused = true;
    return STATUS_OK;
}

enum status option_check_theme(const char *name, struct error *error)
{
    const char *names[THEMES_MAX];
    char near[256];
    size_t count = 0;
    for (; count < palette_count && count < THEMES_MAX; count++) {
        names[count] = palette_table[count].name;
        if (strcmp(names[count], name) == 0)
            return STATUS_OK;
    }
    return error_set(error, STATUS_USAGE, "--theme: unknown name '%.60s'%s", name,
                     name_suggest(near, sizeof near, name, names, count));
}

static enum status take_theme(struct cli *cli, const struct option *option, const char *value, struct error *error)
{
    (void)option;
    const enum status status = option_check_theme(value, error);
    if (status == STATUS_OK)
        cli->theme = value;
    return status;
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

const struct option option_table[] = {
    {"features", 0, "LIST", "inputs of a toy with two: of x,y,x2,y2,xy,sinx,siny", false, false, take_field},
    {"points", 0, "N", "training points of a toy (as many again for the test)", false, false, take_field},
    {"noise", 0, "X", "noise of a toy's points", false, false, take_field},
    {"target", 't', "COLUMN", "column to predict, by name or number (default: the last)", false, false, take_field},
    {"test-fraction", 0, "X", "share kept for the test (default: 0.25 of a table, 0.1 of a text)", false, false,
     take_field},
    {"test", 0, "FILE", "test rows from a file of their own", false, false, take_field},
    {"classify", 0, NULL, "the target is a class, whatever it looks like", false, false, take_field},
    {"regress", 0, NULL, "the target is a number", false, false, take_field},
    {"missing", 0, "LIST", "words that count as missing (default: ?,NA,N/A,nan,null; '': none)", false, false,
     take_field},
    {"text", 0, "COLUMN", "its cells are texts, even if they look like numbers; may be repeated", false, false,
     take_field},
    {"number", 0, "COLUMN", "its cells are numbers, and texts are missing; may be repeated", false, false, take_field},
    {"separator", 0, "NAME", "between a table's cells: comma, semicolon, tab, pipe, or a character", false, false,
     take_field},
    {"decimal", 0, "NAME", "decimal mark of a table's numbers: comma or point", false, false, take_field},
    {"header", 0, NULL, "a table's first row has the names of its columns", false, false, take_field},
    {"no-header", 0, NULL, "a table's first row is data, not a header", false, false, take_field},
    {"merges", 0, "N", "of a text's tokens; 0: its bytes (default: by its size)", false, false, take_field},
    {"hidden", 0, "W,W...", "widths of the hidden layers, such as 8,8; none: a linear model", false, false, take_field},
    {"activation", 0, "NAME", "tanh, relu, leaky_relu, sigmoid, gelu or linear", false, false, take_field},
    {"layer-norm", 0, NULL, "normalise each hidden layer", false, false, take_field},
    {"loss", 0, "NAME", "cross_entropy, bce, mse or huber", false, false, take_field},
    {"model", 0, "NAME", "bigram, mlp or transformer; the file is then a text", false, false, take_field},
    {"layers", 0, "N", "blocks of a transformer", false, false, take_field},
    {"width", 0, "N", "numbers that a token is", false, false, take_field},
    {"heads", 0, "N", "of attention, in each block; the width is a multiple", false, false, take_field},
    {"context", 0, "N", "tokens that are read at once", false, false, take_field},
    {"window", 0, "N", "tokens that an mlp looks at", false, false, take_field},
    {"tie", 0, NULL, "the last layer's weights are those of the first", false, false, take_field},
    {"lora", 0, "N", "adapters of that rank beside a transformer's weights", false, false, take_field},
    {"prompt", 0, "TEXT", "what the screen goes on with", false, false, take_field},
    {"answer", 0, "TEXT", "what should follow it", false, false, take_field},
    {"stage", 0, "LINE", "'NAME KEY=VALUE ...': one of several parts of the run; may be repeated", false, false,
     take_field},
    {"seed", 's', "N", "of everything that is random (default: 1)", false, false, take_field},
    {"data-seed", 0, "N", "of a toy's points or a file's split (default: the run's)", false, false, take_field},
    {"steps", 'n', "N", "stop after so many steps", false, false, take_field},
    {"epochs", 0, "X", "stop after so many passes over the training rows", false, false, take_field},
    {"end-with", 0, "WHICH", "best: end with the weights of the least test loss; last (default)", false, false,
     take_field},
    {"at", 0, "STEP:KNOB=VALUE", "turn a knob at a step; may be repeated", false, false, take_field},
    {"headless", 0, NULL, "train without a screen", true, false, take_headless},
    {"threads", 0, "N", "threads of the matrix library, for large nets (default: 1)", false, false, take_threads},
    {"verbose", 0, NULL, "say at the end what memory the run took, in its parts", true, false, take_verbose},
    {"paused", 0, NULL, "open paused, before the first step", true, false, take_paused},
    {"log", 'o', "FILE", "write the figures as CSV, or JSON lines if it ends in .jsonl; -: stdout", true, false,
     take_log},
    {"log-every", 0, "N", "a row each N steps (default: at each evaluation)", true, false, take_log_every},
    {"load", 0, "FILE", "begin with this checkpoint; TASK may be left out", false, false, take_load},
    {"best", 0, NULL, "of --load, predict and sample: the weights of the least test loss", true, false, take_best},
    {"save", 0, "FILE", "write a checkpoint at the end, and when the run is left", true, false, take_save},
    {"save-every", 0, "N", "and each N steps", true, false, take_save_every},
    {"journal", 0, "FILE", "write down what is done, for a replay; none: do not", true, true, take_journal},
    {"force", 0, NULL, "replay although the data have changed", true, false, take_force},
    {"theme", 0, "NAME", "dark, light, projector or mono", true, true, take_theme},
    {"present", 0, NULL, "for a projector: strong colours, big numbers, no mouse", true, true, take_present},
    {"ascii", 0, NULL, "plain characters only", true, true, take_ascii},
    {"fps", 0, "N", "frames a second at most (1 to 60)", true, true, take_fps},
    {"help", 'h', NULL, "print this", true, false, take_help},
    {"version", 'V', NULL, "print the version", true, false, take_version},
};
const size_t option_count = sizeof option_table / sizeof option_table[0];
static_assert(sizeof option_table / sizeof option_table[0] <= OPTIONS_MAX, "room for all names");

/* ---- help ---- */

static const struct {
    const char *first; /* option that it stands above */
    const char *heading;
} heading_table[] = {
    {"features", "Data"},
    {"hidden", "Model of a table or a toy"},
    {"model", "Model of a text"},
    {"prompt", "What a text's model is shown and taught"},
    {"seed", "Run"},
    {"log", "Files"},
    {"theme", "Screen"},
};

static const char *heading_of(const struct option *option)
{
    for (size_t i = 0; i < sizeof heading_table / sizeof heading_table[0]; i++)
        if (strcmp(heading_table[i].first, option->name) == 0)
            return heading_table[i].heading;
    return NULL;
}

static void help_row(FILE *out, char letter, const char *name, const char *argument, const char *about)
{
    char left[64], shorts[8] = "    ";
    if (letter)
        snprintf(shorts, sizeof shorts, "-%c, ", letter);
    snprintf(left, sizeof left, "%s--%s%s%s", shorts, name, argument ? " " : "", argument ? argument : "");
    fprintf(out, "  %-29s %s\n", left, about);
}

const struct option *option_find(const char *name, size_t length)
{
    for (size_t i = 0; i < option_count; i++)
        if (strlen(option_table[i].name) == length && strncmp(option_table[i].name, name, length) == 0)
            return &option_table[i];
    return NULL;
}

void cli_help(FILE *out)
{
    fputs("Usage: downhill [TASK] [options]      watch a model learn, and turn its knobs\n"
          "       downhill TASK --headless ...   the same run without a screen\n"
          "       downhill predict CHECKPOINT FILE.csv   a table with what the model says of its rows\n"
          "       downhill sample CHECKPOINT --prompt TEXT   how a language model goes on, or --ask TEXT\n"
          "       downhill replay FILE.journal   a run again as it was, on the screen or --headless\n"
          "       downhill export JOURNAL -o FILE   its curves (.svg .pdf .png) or values (.csv .jsonl)\n"
          "       downhill list [WHAT]           toys, models, knobs, keys, views, optimizers ...\n"
          "\n"
          "TASK is a toy (default: spiral), a CSV file (-: standard input), a text (.txt, .md, .c ...), or a recipe "
          "(.ini)\n"
          "that says all this; options change what it says.\n",
          out);
    for (size_t i = 0; i < option_count; i++) {
        const char *heading = heading_of(&option_table[i]);
        if (heading)
            fprintf(out, "\n%s:\n", heading);
        help_row(out, option_table[i].letter, option_table[i].name, option_table[i].argument, option_table[i].about);
    }
    fputs("\nKnobs, each also a key while it trains (downhill list knobs says more):\n", out);
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        help_row(out, 0, knob_table[i].name, field_argument(&knob_table[i]), knob_table[i].label);
    }
    fputs("\nExit status: 0 done, 1 it could not, 2 wrong usage, 3 the loss or a weight is not finite.\n", out);
}
