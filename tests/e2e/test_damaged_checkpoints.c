/* Checkpoints that are damaged: each entry of the metadata and each tensor in turn is missing or empty, or holds what it
 * must not.  Each command refuses such a file by its name and that of the entry, or does what it does with the whole
 * one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "nn/weights.h"
#include "support/process.h"
#include "unit/suite.h"

enum { NOTES_MOST = 128, TENSORS_MOST = 200, BYTES_MOST = 1 << 16 };

static char *folder;
static char whole[128], damaged[128], words[900];

static void make_folder(void)
{
    folder = process_folder();
    snprintf(whole, sizeof whole, "%s/whole", folder);
    snprintf(damaged, sizeof damaged, "%s/damaged", folder);
}

static void remove_folder(void)
{
    process_folder_remove(folder);
}

/* ---- files that are otherwise ---- */

enum damage { NONE, DELETED, EMPTIED };

struct change {
    const char *note, *text; /* an entry of the metadata, and what it says instead */
    const char *tensor;      /* one whose number `at` is `value` instead */
    size_t at;
    float value;
    enum damage damage; /* of the entry or the tensor as a whole */
};

/* What a file consists of, in memory. */
struct content {
    struct weights *weights;
    char *bytes;
    struct json *header;
    struct weights_note note[NOTES_MOST];
    size_t notes;
};

static void content_open(struct content *content, const char *path)
{
    struct error error = {.message = ""};
    const char *reason;
    unsigned long long length;
    ck_assert_msg(weights_open(&content->weights, path, &error) == STATUS_OK, "%s", error.message);
    content->bytes = process_read(path);
    memcpy(&length, content->bytes, 8);
    content->header = json_parse(content->bytes + 8, length, &reason);
    content->notes = 0;
    const struct json *note = json_first(json_member(content->header, "__metadata__"));
    for (; note; note = json_next(note)) {
        ck_assert_uint_lt(content->notes, NOTES_MOST);
        content->note[content->notes++] = (struct weights_note){json_key(note), json_string(note)};
    }
}

static void content_close(struct content *content)
{
    weights_close(content->weights);
    json_free(content->header);
    free(content->bytes);
}

static bool is(const char *name, const char *changed)
{
    return changed && strcmp(name, changed) == 0;
}

/* Writes `damaged`. */
static void write_changed(const struct content *content, const struct change *change)
{
    struct weights_note note[NOTES_MOST];
    struct tensor tensor[TENSORS_MOST];
    static char bytes[BYTES_MOST];
    struct error error = {.message = ""};
    size_t notes = 0, tensors = 0;
    for (size_t i = 0; i < content->notes; i++) {
        const bool changed = is(content->note[i].key, change->note);
        note[notes] = content->note[i];
        if (changed)
            note[notes].text = change->damage == EMPTIED ? "" : change->text;
        notes += !(changed && change->damage == DELETED);
    }
    for (size_t i = 0; i < weights_count(content->weights); i++) {
        ck_assert_uint_lt(tensors, TENSORS_MOST);
        tensor[tensors] = *weights_tensor(content->weights, i);
        const bool changed = is(tensor[tensors].name, change->tensor);
        if (changed && change->damage == EMPTIED)
            tensor[tensors].shape[0] = tensor[tensors].bytes = 0;
        if (changed && change->damage == NONE) {
            ck_assert_uint_le(tensor[tensors].bytes, sizeof bytes);
            memcpy(bytes, tensor[tensors].data, tensor[tensors].bytes);
            memcpy(bytes + change->at * sizeof change->value, &change->value, sizeof change->value);
            tensor[tensors].data = bytes;
        }
        tensors += !(changed && change->damage == DELETED);
    }
    ck_assert_msg(weights_write(damaged, tensor, tensors, note, notes, &error) == STATUS_OK, "%s", error.message);
}

/* ---- what is missing ---- */

static const char *const commands[] = {
    "--load %s --headless --steps 26 --journal none",
    "%s --load %s --headless --steps 26 --journal none",
    "predict %s %s",
    "sample %s --prompt the --tokens 9",
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const struct kind {
    const char *task; /* what it is trained on: a file has this content, if it has a name */
    const char *options;
    bool language;
} kinds[] = {
    {"spiral", "--hidden 3,2 --layer-norm", false},
    {"samples/iris.csv", "--hidden none", false},
    {"text", "--model mlp --width 4 --window 3 --merges 8", true},
    {"recipe.ini", "", true},
};

static const char recipe[] = "[model]\nkind = bigram\ncontext = 24\n"
                             "[data]\ntext = text.txt\nmerges = 8\n"
                             "[stage first]\nsteps = 10\n[stage second]\ndata = pairs.tsv\nsteps = 30\n";

static void write_task(const struct kind *kind, char *path, size_t size)
{
    char text[6000] = "", pairs[6000] = "";
    for (int i = 0; i < 100; i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "the %s sat on the mat.\n", i % 3 ? "cat" : "dog");
        snprintf(pairs + strlen(pairs), sizeof pairs - strlen(pairs), "who sat?\t%s\n", i % 3 ? "cat" : "dog");
    }
    free(process_text(folder, "text.txt", text));
    free(process_text(folder, "pairs.tsv", pairs));
    free(process_text(folder, "recipe.ini", recipe));
    free(process_text(folder, "rows.csv", "x,y\n0.1,0.2\n-0.5,1\n"));
    snprintf(path, size, "%s%s%s", kind->language ? folder : "", kind->language ? "/" : "",
             strcmp(kind->task, "text") == 0 ? "text.txt" : kind->task);
}

static struct outcome run_command(size_t command, const struct kind *kind, const char *task, const char *file)
{
    char rows[160];
    snprintf(rows, sizeof rows, "%s/rows.csv", folder);
    if (command == 1)
        snprintf(words, sizeof words, commands[1], task, file);
    else if (command == 2)
        snprintf(words, sizeof words, commands[2], file, strcmp(kind->task, "spiral") == 0 ? rows : task);
    else
        snprintf(words, sizeof words, commands[command], file);
    return process_run(words, NULL);
}

/* What may be missing when a run goes on: entries that only people read, and the curves' values. */
static bool is_optional(const struct change *change)
{
    static const char *const optional[] = {"task", "epoch", "branch", "seed"};
    bool found = change->damage == EMPTIED && change->tensor && strncmp(change->tensor, "state.history.", 14) == 0;
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        found |= change->damage == DELETED && is(optional[i], change->note);
    return found;
}

/* A block of the state without one of its parameters is damaged for every command, whether or not it needs the block. */
static bool breaks_block(const struct change *change)
{
    return change->damage == DELETED && change->tensor &&
           (strncmp(change->tensor, "state.moments.", 14) == 0 || strncmp(change->tensor, "state.best.", 11) == 0);
}

struct trial {
    const struct kind *kind;
    struct content content;
    char task[160];
    struct outcome right[COMMANDS]; /* of the whole file */
    size_t refused;
};

static bool belongs(const struct trial *trial, size_t command)
{
    return command < 2 || (command == 3) == trial->kind->language;
}

static void try_change(struct trial *trial, const struct change *change)
{
    const char *name = change->note ? change->note : change->tensor;
    write_changed(&trial->content, change);
    for (size_t i = 0; i < COMMANDS; i++) {
        if (!belongs(trial, i))
            continue;
        struct outcome outcome = run_command(i, trial->kind, trial->task, damaged);
        const struct outcome *right = &trial->right[i];
        if (outcome.status == 0 && !breaks_block(change) && (i >= 2 || is_optional(change))) {
            ck_assert_msg(strcmp(outcome.out, right->out) == 0, "%s: %s without %s", words, outcome.out, name);
            ck_assert_msg(strcmp(outcome.err, right->err) == 0, "%s: %s without %s", words, outcome.err, name);
        } else {
            ck_assert_msg(outcome.status == 1, "%s: status %d without %s: %s", words, outcome.status, name,
                          outcome.err);
            ck_assert_msg(strncmp(outcome.err, "downhill: ", 10) == 0 && strstr(outcome.err, damaged) &&
                              strstr(outcome.err, name),
                          "%s: said '%s' without %s", words, outcome.err, name);
            trial->refused++;
        }
        outcome_free(&outcome);
    }
}

START_TEST(each_entry_and_tensor_is_missed_by_its_name)
{
    struct trial trial = {.kind = &kinds[_i]};
    write_task(trial.kind, trial.task, sizeof trial.task);
    snprintf(words, sizeof words, "%s %s --headless --steps 20 --journal none --save %s", trial.task,
             trial.kind->options, whole);
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == 0, "%s: %s", words, outcome.err);
    outcome_free(&outcome);
    content_open(&trial.content, whole);
    write_changed(&trial.content, &(struct change){.damage = NONE}); /* as it is, under the name of the others */
    for (size_t i = 0; i < COMMANDS; i++) {
        if (!belongs(&trial, i))
            continue;
        trial.right[i] = run_command(i, trial.kind, trial.task, damaged);
        ck_assert_msg(trial.right[i].status == 0, "%s: %s", words, trial.right[i].err);
    }
    ck_assert_uint_gt(trial.content.notes, 80);
    for (enum damage damage = DELETED; damage <= EMPTIED; damage++) {
        for (size_t i = 0; i < trial.content.notes; i++)
            try_change(&trial, &(struct change){.note = trial.content.note[i].key, .damage = damage});
        for (size_t i = 0; i < weights_count(trial.content.weights); i++)
            try_change(&trial,
                       &(struct change){.tensor = weights_tensor(trial.content.weights, i)->name, .damage = damage});
    }
    ck_assert_uint_gt(trial.refused, 100);
    for (size_t i = 0; i < COMMANDS; i++)
        if (belongs(&trial, i))
            outcome_free(&trial.right[i]);
    content_close(&trial.content);
}
END_TEST

/* ---- what cannot be ---- */

static void refuse_damaged(const char *command, const char *said)
{
    snprintf(words, sizeof words, command, damaged);
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == 1, "%s: status %d: %s", words, outcome.status, outcome.err);
    ck_assert_msg(strncmp(outcome.err, "downhill: ", 10) == 0 && strstr(outcome.err, damaged) &&
                      strstr(outcome.err, said),
                  "%s: said '%s', wanted '%s'", words, outcome.err, said);
    ck_assert_str_eq(outcome.out, "");
    outcome_free(&outcome);
}

static const struct {
    const char *from; /* a run that makes the file, or the file */
    const char *tensor, *command;
} poisoned[] = {
    {"samples/iris.csv", "layers.1.bias", "--load %s --headless --steps 30 --journal none"},
    {"samples/iris.csv", "layers.1.bias", "samples/iris.csv --load %s --headless --steps 30 --journal none"},
    {"samples/iris.csv", "layers.0.weight", "predict %s samples/iris.csv"},
    {"samples/iris.csv", "state.moments.1.layers.0.weight", "--load %s --headless --steps 30 --journal none"},
    {"samples/iris.csv", "state.best.parameters.layers.0.bias", "--load %s --headless --steps 30 --journal none"},
    {"tests/reference/start.safetensors", "layers.0.weight", "--load %s --headless --steps 30 --journal none"},
    {"tests/reference/start.safetensors", "norms.0.weight",
     "samples/iris.csv --load %s --headless --steps 30 --journal none"},
    {"tests/reference/nanogpt.safetensors", "transformer.wte.weight", "sample %s --prompt the"},
    {"tests/reference/nanogpt.safetensors", "transformer.h.1.mlp.c_fc.weight",
     "samples/clinic.txt --load %s --headless --steps 1 --journal none"},
};

START_TEST(weights_that_are_no_numbers_are_refused_by_name)
{
    static const float values[] = {NAN, INFINITY, -INFINITY};
    struct content content;
    const char *from = poisoned[_i].from;
    if (!strstr(from, ".safetensors")) {
        snprintf(words, sizeof words, "%s --headless --steps 20 --journal none --save %s", from, whole);
        struct outcome outcome = process_run(words, NULL);
        ck_assert_msg(outcome.status == 0, "%s: %s", words, outcome.err);
        outcome_free(&outcome);
        from = whole;
    }
    content_open(&content, from);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char said[200];
        write_changed(&content, &(struct change){.tensor = poisoned[_i].tensor, .at = 1, .value = values[i]});
        snprintf(said, sizeof said, "%s has a value that is not finite: number 2 of", poisoned[_i].tensor);
        refuse_damaged(poisoned[_i].command, said);
    }
    content_close(&content);
}
END_TEST

static const struct {
    const char *note, *was, *is; /* an entry, a part of it, and what stands there instead */
    const char *said;
} hostile[] = {
    {"spec", "hidden 16", "hidden -16", "hidden -16: must be widths from 1"},
    {"spec", "hidden 16", "hidden 99999999999999999999", "must be widths from 1"},
    {"spec", "hidden 16", "hidden 65536,65536,65536,65536", "another than that of its weights"},
    {"spec", "\nlr ", "\nlr nan\nlr ", "lr nan"},
    {"spec", "\nlr ", "\nlr 1e308\nlr ", "lr 1e308"},
    {"spec", "\nlr ", "\nlr -1\nlr ", "lr -1"},
    {"spec", "\nbatch ", "\nbatch 1e308\nbatch ", "batch 1e308"},
    {"spec", "\nbatch ", "\nbatch 0\nbatch ", "batch 0"},
    {"spec", "\nseed ", "\nat 5:lr=inf\nseed ", "at 5:lr=inf"},
    {"spec", "\nseed ", "\nat 1e308:lr=1\nseed ", "at 1e308:lr=1"},
    {"spec", "\nseed ", "\nsteps -5\nseed ", "steps -5"},
    {"spec", "\nseed ", "\nepochs nan\nseed ", "epochs nan"},
    {"spec", "\nseed ", "\nmodel transformer\nlayers 999999999\nseed ", "layers 999999999"},
    {"spec", "\nseed ", "\nmodel transformer\nlayers 40\nseed ", "another than that of its weights"},
    {"spec", "test-fraction 0.25", "test-fraction 1e308", "test-fraction 1e308"},
    {"spec", "task samples/iris.csv", "noise 0", "names no task"},
    {"step", "20", "1e308", "'step' of its metadata is '1e308', which is no whole number"},
    {"step", "20", "19", "says that it is at step 19, its state is at step 20"},
    {"columns", "\"sd\":0.", "\"sd\":-0.", "its columns: are not what this program writes"},
    {"columns", "\"mean\":", "\"mean\":1e999,\"was\":", "its columns: are not what this program writes"},
};

START_TEST(metadata_that_cannot_be_are_refused)
{
    struct content content;
    char text[6000];
    snprintf(words, sizeof words, "samples/iris.csv --headless --steps 20 --journal none --save %s", whole);
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == 0, "%s: %s", words, outcome.err);
    outcome_free(&outcome);
    content_open(&content, whole);
    const char *note = weights_note(content.weights, hostile[_i].note), *at = strstr(note, hostile[_i].was);
    ck_assert_msg(at != NULL, "'%s' has no '%s'", note, hostile[_i].was);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - note), note, hostile[_i].is, at + strlen(hostile[_i].was));
    write_changed(&content, &(struct change){.note = hostile[_i].note, .text = text});
    refuse_damaged("--load %s --headless --steps 30 --journal none", hostile[_i].said);
    content_close(&content);
}
END_TEST

/* One column less than the weights have inputs. */
START_TEST(columns_that_do_not_fit_the_weights_are_refused)
{
    static const char was[] = "\"kind\":\"number\"", is[] = "\"kind\":\"left out\"";
    struct content content;
    char text[6000];
    snprintf(words, sizeof words, "samples/iris.csv --headless --steps 20 --journal none --save %s", whole);
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == 0, "%s: %s", words, outcome.err);
    outcome_free(&outcome);
    content_open(&content, whole);
    const char *note = weights_note(content.weights, "columns"), *at = strstr(note, was);
    ck_assert_msg(at != NULL, "'%s' has no '%s'", note, was);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - note), note, is, at + strlen(was));
    write_changed(&content, &(struct change){.note = "columns", .text = text});
    refuse_damaged("predict %s samples/iris.csv", "its columns, its loss and its weights do not fit each other");
    content_close(&content);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("damaged checkpoints");
    TCase *tests = tcase_create("damaged checkpoints");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, each_entry_and_tensor_is_missed_by_its_name, 0, sizeof kinds / sizeof *kinds);
    tcase_add_loop_test(tests, weights_that_are_no_numbers_are_refused_by_name, 0, sizeof poisoned / sizeof *poisoned);
    tcase_add_loop_test(tests, metadata_that_cannot_be_are_refused, 0, sizeof hostile / sizeof *hostile);
    tcase_add_test(tests, columns_that_do_not_fit_the_weights_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
