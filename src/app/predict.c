/* Carries out `downhill predict`: prints a table with a trained model's prediction added to each row. */
#include "app/predict.h"

#include <unistd.h>

#include "base/mem.h"
#include "data/rows.h"
#include "nn/loss.h"
#include "store/checkpoint.h"

enum { ROWS_READ = 8 }; /* a kernel may read so many rows, whatever their number */

struct options {
    const char *checkpoint, *rows; /* "-": rows from standard input */
    struct csv_form form;          /* how the table of rows is written, as far as the options say it */
    bool best;                     /* with the weights of the least test loss in place of the last ones */
    bool terminal;                 /* the output is a terminal: control characters in fields are made visible */
};

/* A model and its tools. */
struct oracle {
    struct source *source;
    enum loss_id loss;
    struct model *model;
    struct net *net; /* the same */
    struct workspace *workspace;
    float *x; /* [ROWS_READ][stride] */
    size_t stride;
    float *probability; /* [classes] */
};

static void oracle_free(struct oracle *oracle)
{
    source_free(oracle->source);
    workspace_free(oracle->workspace);
    model_free(oracle->model);
    mem_free(oracle->x);
    mem_free(oracle->probability);
}

static enum status take_loss(struct oracle *oracle, const struct spec *spec, const char *path, struct error *error)
{
    const bool classify = oracle->source->classes > 0;
    const struct net_spec *shape = net_spec(oracle->net);
    if (spec->loss < 0 || loss_table[spec->loss].classifies != classify ||
        shape->inputs != source_inputs(oracle->source) ||
        shape->outputs != (classify ? loss_outputs((enum loss_id)spec->loss, oracle->source->classes) : 1))
        return error_set(error, STATUS_FAILED, "%s: its columns, its loss and its weights do not fit each other", path);
    oracle->loss = (enum loss_id)spec->loss;
    return STATUS_OK;
}

static enum status oracle_build(struct oracle *oracle, const struct checkpoint_file *file, const char *path,
                                struct error *error)
{
    struct spec spec;
    struct error why;
    const char *columns = checkpoint_note(file, "columns");
    if (checkpoint_is_language(file))
        return error_set(error, STATUS_FAILED,
                         "%s: is a language model: predict is for tables, downhill sample for texts", path);
    if (!columns || !checkpoint_note(file, "spec"))
        return error_set(error, STATUS_FAILED,
                         "%s: says nothing of a table's columns: predict needs a checkpoint of this program", path);
    spec_init(&spec);
    enum status status = source_parse(&oracle->source, columns, &why);
    if (status != STATUS_OK)
        error_set(error, status, "%s: %s", path, why.message);
    else
        status = checkpoint_spec(file, &spec, error);
    if (status == STATUS_OK)
        status = checkpoint_model(file, &spec.shape, kernels_choose(), &oracle->model, error);
    if (status == STATUS_OK) {
        oracle->net = model_net(oracle->model);
        status = take_loss(oracle, &spec, path, error);
    }
    spec_free(&spec);
    if (status != STATUS_OK)
        return status;
    oracle->stride = (net_spec(oracle->net)->inputs + 7) / 8 * 8;
    oracle->workspace = workspace_create(oracle->net, ROWS_READ, false);
    oracle->x = mem_alloc(ROWS_READ * oracle->stride, sizeof *oracle->x);
    oracle->probability = mem_alloc(oracle->source->classes + 1, sizeof *oracle->probability);
    return oracle->workspace && oracle->x && oracle->probability ? STATUS_OK : error_memory(error);
}

/* What is called so twice cannot be told apart by its name. */
static void write_name(FILE *out, const struct rows *rows, const char *name, bool *twice)
{
    *twice |= rows_have(rows, name);
    rows_write_more(rows, out, name);
}

static void write_header(FILE *out, const struct rows *rows, const struct oracle *oracle)
{
    if (!rows_write_header(rows, out))
        return;
    bool twice = false;
    write_name(out, rows, "prediction", &twice);
    for (size_t i = 0; i < oracle->source->classes; i++) {
        char name[128];
        snprintf(name, sizeof name, "p_%s", oracle->source->class_name[i]);
        write_name(out, rows, name, &twice);
    }
    fputc('\n', out);
    if (twice)
        fputs("downhill: the table has columns of the names that are added: there are two of each\n", stderr);
}

static void write_row(FILE *out, const struct rows *rows, struct oracle *oracle)
{
    const struct source *source = oracle->source;
    const float *logits = net_forward(oracle->net, NULL, oracle->workspace, oracle->x, oracle->stride, 1, NULL);
    rows_write(rows, out);
    if (source->classes == 0) {
        rows_write_number(rows, out, (double)logits[0] * source->target_sd + source->target_mean);
    } else {
        loss_probabilities(oracle->loss, logits, source->classes, oracle->probability);
        rows_write_more(rows, out, source->class_name[loss_likeliest(oracle->probability, source->classes)]);
        for (size_t i = 0; i < source->classes; i++)
            rows_write_number(rows, out, (double)oracle->probability[i]);
    }
    fputc('\n', out);
}

static bool is_checkpoint(const char *path)
{
    struct checkpoint_file *file;
    if (checkpoint_open(&file, path, NULL) != STATUS_OK)
        return false;
    checkpoint_close(file);
    return true;
}

/* Writes the rows of the table to `out` with a column `prediction` and, of a model that tells classes apart, one for the
 * probability of each (`p_setosa`). */
static enum status print(FILE *out, const struct options *options, struct error *error)
{
    struct checkpoint_file *file;
    struct rows *rows = NULL;
    struct oracle oracle = {.source = NULL};
    const struct rows_options how = {.form = options->form, .printable = options->terminal};
    bool got = true;
    enum status status = checkpoint_open(&file, options->checkpoint, error);
    if (status != STATUS_OK)
        return is_checkpoint(options->rows)
                   ? error_set(error, STATUS_USAGE, "the checkpoint comes first: downhill predict %.200s %.200s",
                               options->rows, options->checkpoint)
                   : status;
    if (options->best)
        status = checkpoint_use_best(file, error);
    if (status == STATUS_OK)
        status = oracle_build(&oracle, file, options->checkpoint, error);
    checkpoint_close(file);
    if (status == STATUS_OK)
        status = rows_open(&rows, options->rows, oracle.source, &how, error);
    if (status != STATUS_OK)
        goto out;
    if (rows_note(rows))
        fprintf(stderr, "downhill: %s\n", rows_note(rows));
    write_header(out, rows, &oracle);
    while (got && status == STATUS_OK && !ferror(out)) {
        status = rows_next(rows, oracle.x, &got, error);
        if (got && status == STATUS_OK)
            write_row(out, rows, &oracle);
    }
    if (rows_stranger(rows))
        fprintf(stderr, "downhill: %s\n", rows_stranger(rows));
out:
    rows_close(rows);
    oracle_free(&oracle);
    return status;
}

enum status predict_command(struct cli *cli, struct error *error)
{
    const struct options options = {
        .checkpoint = cli->word[0],
        .rows = cli->word[1],
        .form = cli->spec.csv.form,
        .best = cli->spec.load_best,
        .terminal = isatty(STDOUT_FILENO),
    };
    return print(stdout, &options, error);
}
