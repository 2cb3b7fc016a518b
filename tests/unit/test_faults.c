/* Memory that runs out at the n-th request, for every n: a clear error, and nothing is left behind. */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/recipe.h"
#include "base/mem.h"
#include "base/ring.h"
#include "data/batch.h"
#include "data/corpus.h"
#include "data/csv.h"
#include "data/source.h"
#include "data/toys.h"
#include "learn/trainer.h"
#include "metrics/history.h"
#include "metrics/pending.h"
#include "nn/language.h"
#include "session/session.h"
#include "setup/material.h"
#include "setup/spec_text.h"
#include "store/checkpoint.h"
#include "store/sink.h"
#include "suite.h"
#include "support/scarce_memory.h"
#include "support/wishes.h"
#include "ui/screen.h"

/* Something that needs memory, and releases all of it.  Check itself must not ask for any in between. */
struct task {
    const char *name;
    const char *table, *test_table; /* files that `run` finds as train.csv and test.csv */
    enum status (*run)(struct error *error);
};

static enum status load_with(const struct csv_options *options, struct error *error)
{
    struct dataset *dataset = NULL;
    enum status status = csv_load(&dataset, "train.csv", options, error);
    dataset_free(dataset);
    return status;
}

static enum status load_one(struct error *error)
{
    return load_with(&(struct csv_options){.test_fraction = 0.3}, error);
}

static enum status load_two(struct error *error)
{
    return load_with(&(struct csv_options){.test_path = "test.csv"}, error);
}

/* Where the answer is a refusal, that is what must come in the end. */
static enum status load_wrong_target(struct error *error)
{
    enum status status = load_with(&(struct csv_options){.test_fraction = 0.3, .target = "colours"}, error);
    return status == STATUS_USAGE && strstr(error->message, "'colour'") ? STATUS_OK : status;
}

static enum status read_text(struct error *error)
{
    const struct corpus_options options = {.context = 4, .merges = 10};
    struct corpus *corpus = NULL;
    struct dataset *dataset = NULL;
    enum status status = corpus_load_text(&corpus, "train.csv", &options, error);
    if (status == STATUS_OK)
        status = dataset_from_corpus(&dataset, corpus, error);
    dataset_free(dataset);
    return status;
}

/* The tokenizer comes out of a checkpoint's text. */
static enum status read_pairs(struct error *error)
{
    struct tokenizer *tokenizer = NULL;
    struct corpus *corpus = NULL;
    char *text = NULL;
    enum status status = tokenizer_parse(&tokenizer, "{\"kind\":\"byte-bpe\",\"merges\":[[97,98],[256,99]]}", error);
    if (status == STATUS_OK && !(text = tokenizer_text(tokenizer)))
        status = error_memory(error);
    if (status == STATUS_OK) {
        const struct corpus_options options = {.context = 20, .tokenizer = tokenizer};
        status = corpus_load_pairs(&corpus, "train.csv", &options, error);
    }
    mem_free(text);
    corpus_free(corpus);
    tokenizer_free(tokenizer);
    return status;
}

static enum status make_toy(struct error *error)
{
    struct dataset *dataset = NULL;
    enum status status = toy_make(&dataset, toy_find("gauss"), 0, -1.0, 1, error);
    if (status == STATUS_OK)
        status = toy_features(dataset, "x,y,xy", error);
    if (status == STATUS_OK) {
        struct batch *batch = batch_create(dataset, 10);
        if (!batch)
            status = error_memory(error);
        batch_free(batch);
    }
    dataset_free(dataset);
    return status;
}

static enum status parse_words(struct error *error)
{
    char *words[] = {"downhill", "wine.csv",  "--target",       "quality",      "--test",
                     "b.csv",    "--log",     "run.csv",        "--at",         "5:lr=0.1",
                     "--at",     "9:batch=5", "--features=x,y", "--hidden=4,4", "--target=alcohol"};
    struct cli cli;
    enum status status = cli_parse(&cli, sizeof words / sizeof *words, words, error);
    cli_free(&cli);
    return status;
}

/* All that a recipe says, and the texts that it names. */
static enum status follow_recipe(struct error *error)
{
    static const char recipe[] = "[model]\nlayers = 1\nwidth = 8\nheads = 1\ncontext = 16\n"
                                 "[data]\ntext = prose.txt\nmerges = 0\n[prompt]\ntext = \"the \"\nanswer = red\n"
                                 "[stage a]\nsteps = 1\n[stage b]\ndata = test.csv\ntrain = lora 2\n";
    struct spec spec;
    struct material *material = NULL;
    if (link("train.csv", "prose.txt") != 0)
        return error_set(error, STATUS_FAILED, "no second name for a file");
    spec_init(&spec);
    enum status status = recipe_parse(&spec, "a.ini", recipe, sizeof recipe - 1, error);
    char *text = status == STATUS_OK ? spec_text(&spec) : NULL;
    if (status == STATUS_OK && !text)
        status = error_memory(error);
    if (status == STATUS_OK)
        status = spec_from_text(&spec, text, error);
    if (status == STATUS_OK)
        status = material_load(&material, &spec, NULL, error);
    material_free(material);
    mem_free(text);
    spec_free(&spec);
    unlink("prose.txt");
    return status;
}

/* The defaults of a task, its data, and a trainer on them. */
static enum status train_on(const char *task, struct error *error)
{
    struct spec spec;
    struct dataset *dataset = NULL;
    struct trainer *trainer = NULL;
    spec_init(&spec);
    spec.task = mem_string(task);
    enum status status = spec.task ? spec_load(&spec, &dataset, error) : error_memory(error);
    if (status == STATUS_OK) {
        const struct trainer_spec wanted = {
            .dataset = dataset,
            .shape = spec.shape,
            .loss = (enum loss_id)spec.loss,
            .seed = 1,
            .start = spec.start,
            .start_count = spec.start_count,
            .knobs = spec.knobs,
        };
        status = trainer_create(&trainer, &wanted, kernels_choose(), error);
    }
    trainer_free(trainer);
    dataset_free(dataset);
    spec_free(&spec);
    return status;
}

static enum status train_on_toy(struct error *error)
{
    return train_on("line", error);
}

static enum status train_on_table(struct error *error)
{
    return train_on("train.csv", error);
}

/* A transformer with all that it needs to be trained and to write. */
static enum status make_language(struct error *error)
{
    const struct language_spec spec = {.kind = LANGUAGE_TRANSFORMER,
                                       .vocabulary = 20,
                                       .context = 8,
                                       .layers = 2,
                                       .width = 8,
                                       .heads = 2,
                                       .lora_rank = 2};
    struct language *language = NULL;
    enum status status = language_create(&language, &spec, kernels_choose(), error);
    if (status == STATUS_OK) {
        struct language_workspace *workspace = language_workspace_create(language, 3, true);
        struct language_cache *cache = language_cache_create(language);
        if (!workspace || !cache)
            status = error_memory(error);
        language_cache_free(cache);
        language_workspace_free(workspace);
    }
    language_free(language);
    return status;
}

/* A whole run with its threads, log and pictures, opened and closed again. */
static enum status open_session(bool headless, struct error *error)
{
    struct spec spec;
    struct session *session = NULL;
    spec_init(&spec);
    spec.task = mem_string("xor");
    spec.log_path = mem_string("run.csv");
    spec.steps = 20;
    if (!spec.task || !spec.log_path || spec_add_turn(&spec, 5, KNOB_LR, 0.1) != STATUS_OK) {
        spec_free(&spec);
        return error_memory(error);
    }
    const struct session_options options = {.headless = headless, .paused = !headless};
    enum status status = session_open(&session, &spec, &options, error);
    session_close(session, NULL);
    unlink("run.csv");
    return status;
}

static enum status open_headless(struct error *error)
{
    return open_session(true, error);
}

static enum status open_for_a_screen(struct error *error)
{
    return open_session(false, error);
}

/* ---- Commands that need memory ---- */

#define FAULTY_TOKEN 9

/* False when it was refused, with the reason. */
static bool obeyed(struct session *session, struct wish command, struct error *error)
{
    struct event event = {.token = 0};
    command.token = FAULTY_TOKEN;
    if (!send_wish(session, &command)) { /* no memory for its text */
        error_memory(error);
        return false;
    }
    while (event.token != FAULTY_TOKEN)
        while (!session_echo(session, &event))
            session_wait(session, 20);
    if (event.kind != EVENT_REFUSED)
        return true;
    error_set(error, STATUS_FAILED, "%s", event.label);
    return false;
}

static void run_until(struct session *session, uint64_t step)
{
    struct error error;
    obeyed(session, (struct wish){.name = "until", .number = step}, &error);
    while (session_status(session)->state == SESSION_RUNNING)
        session_wait(session, 20);
}

/* A refusal leaves the run where it was, and able to go on. */
static enum status stay(struct session *session, uint64_t hash, struct error *error)
{
    const struct session_status *status = session_status(session);
    const uint64_t step = status->step;
    if (status->state_hash != hash || status->branch != 0)
        return error_set(error, STATUS_USAGE, "what was refused has changed the run");
    run_until(session, step + 5);
    return status->step == step + 5 ? STATUS_FAILED
                                    : error_set(error, STATUS_USAGE, "after what was refused it does not go on");
}

/* On a run with a journal that has been turned on its way, whose memory may run out before, on or after the command. */
static enum status command_run(struct wish command, struct error *error)
{
    struct spec spec;
    struct session *session = NULL;
    spec_init(&spec);
    spec.task = mem_string("xor");
    if (!spec.task) {
        spec_free(&spec);
        return error_memory(error);
    }
    spec.knob_given[KNOB_SPEED] = true;
    spec.knobs.value[KNOB_SPEED] = 0;
    const struct session_options options = {.paused = true, .journal = "run.journal"};
    enum status status = session_open(&session, &spec, &options, error);
    if (status == STATUS_OK) {
        run_until(session, 30);
        if (!obeyed(session, (struct wish){.name = "knob", .knob = KNOB_BATCH, .value = 16}, error))
            status = stay(session, session_status(session)->state_hash, error);
        run_until(session, 60);
    }
    if (status == STATUS_OK) {
        const uint64_t hash = session_status(session)->state_hash;
        if (!obeyed(session, command, error))
            status = stay(session, hash, error);
    }
    /* What waits until a twin is there is answered then. */
    if (status == STATUS_OK && strcmp(command.name, "twin") == 0 &&
        !obeyed(session, (struct wish){.name = "switch", .branch = 1}, error))
        status = stay(session, session_status(session)->state_hash, error);
    session_close(session, NULL);
    unlink("run.journal");
    return status;
}

static enum status go_back(struct error *error)
{
    return command_run((struct wish){.name = "rewind", .number = 45}, error);
}

static enum status fork_run(struct error *error)
{
    return command_run((struct wish){.name = "fork"}, error);
}

static enum status start_again(struct error *error)
{
    return command_run((struct wish){.name = "seed", .number = 5}, error);
}

static enum status run_twin(struct error *error)
{
    return command_run((struct wish){.name = "twin", .text = "lr=0.05 batch=5"}, error);
}

static enum status run_other_twin(struct error *error)
{
    enum status status = command_run((struct wish){.name = "twin", .text = "hidden=9,4"}, error);
    /* It cannot be switched to: that refusal is what must come in the end. */
    return status == STATUS_FAILED && strstr(error->message, "another model") ? STATUS_OK : status;
}

/* A trainer's state, with curves and columns, into a file and out of it again. */
static enum status keep_and_load(struct trainer *trainer, const struct dataset *dataset, struct error *error)
{
    struct checkpoint_file *file = NULL;
    struct source *source = NULL;
    struct model *model = NULL;
    struct record *record = record_create(0), *read = NULL;
    bool filled = record && record_event(record, &(struct event){.kind = EVENT_KNOB});
    for (uint64_t i = 0; filled && i < 3; i++)
        filled = record_value(record, SERIES_LOSS, 0, 1);
    struct checkpoint *checkpoint = checkpoint_take(trainer, record);
    char *columns = source_text(dataset);
    enum status status = filled && checkpoint && columns ? STATUS_OK : error_memory(error);
    if (status == STATUS_OK) {
        const struct checkpoint_notes notes = {.spec = "task xor", .columns = columns, .data = "0"};
        status = checkpoint_write(checkpoint, &notes, "kept", error);
    }
    if (status == STATUS_OK)
        status = checkpoint_open(&file, "kept", error);
    if (status == STATUS_OK)
        status = checkpoint_apply(file, trainer, error);
    if (status == STATUS_OK)
        status = checkpoint_record(file, &read, error);
    if (status == STATUS_OK)
        status = source_parse(&source, checkpoint_note(file, "columns"), error);
    if (status == STATUS_OK)
        status = checkpoint_model(file, model_shape(trainer_model(trainer)), kernels_choose(), &model, error);
    model_free(model);
    source_free(source);
    record_free(read);
    mem_free(columns);
    checkpoint_free(checkpoint);
    checkpoint_close(file);
    unlink("kept");
    return status;
}

static enum status keep_a_checkpoint(struct error *error)
{
    const struct csv_options options = {.test_fraction = 0.25, .seed = 1};
    struct dataset *dataset = NULL;
    struct trainer *trainer = NULL;
    enum status status = csv_load(&dataset, "train.csv", &options, error);
    if (status == STATUS_OK) {
        struct trainer_spec wanted = {
            .dataset = dataset, .shape.net = {.hidden_count = 1, .hidden = {5}, .layer_norm = true}, .seed = 1};
        knobs_default(&wanted.knobs);
        status = trainer_create(&trainer, &wanted, kernels_choose(), error);
    }
    if (status == STATUS_OK)
        status = keep_and_load(trainer, dataset, error);
    trainer_free(trainer);
    dataset_free(dataset);
    return status;
}

static enum status make_channels(struct error *error)
{
    struct ring *ring = ring_create(100, 24);
    struct pending *pending = pending_create(3, 0);
    struct history *history = history_create();
    struct sink *sink = NULL;
    enum status status = ring && pending && history ? STATUS_OK : error_memory(error);
    if (status == STATUS_OK)
        status = sink_open(&sink, "run.csv", error);
    for (uint64_t step = 1; status == STATUS_OK && step < 5000; step++) {
        const struct bucket bucket = bucket_of(SERIES_LOSS, 0, step, 0.5f);
        const struct event event = {.kind = EVENT_KNOB, .step = step};
        if (!history_push(history, &bucket) || !history_push_event(history, &event))
            status = error_memory(error);
    }
    sink_close(sink, NULL);
    history_free(history);
    pending_free(pending);
    ring_free(ring);
    unlink("run.csv");
    return status;
}

/* On a pseudo-terminal in place of standard input and output, which is put back each time. */
static enum status open_screen(struct error *error)
{
    int master, slave;
    const int in = dup(STDIN_FILENO), out = dup(STDOUT_FILENO);
    fflush(stdout);
    if (openpty(&master, &slave, NULL, NULL, &(struct winsize){.ws_row = 24, .ws_col = 80}) != 0)
        return error_set(error, STATUS_FAILED, "no pseudo-terminal");
    dup2(slave, STDIN_FILENO);
    dup2(slave, STDOUT_FILENO);
    setenv("TERM", "xterm-256color", 1);
    setenv("COLORTERM", "truecolor", 1);
    struct screen *screen = NULL;
    struct grid grid = {0};
    enum status status = screen_open(&screen, &(struct screen_options){.mouse = true}, error);
    if (status == STATUS_OK)
        status = grid_resize(&grid, 80, 24) ? STATUS_OK : error_memory(error);
    if (status == STATUS_OK)
        screen_show(screen, &grid);
    screen_close(screen);
    grid_free(&grid);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    const int done[] = {in, out, master, slave};
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        close(done[i]);
    return status;
}

static const char texts[] = "id,colour,size,\"quoted, name\",y\n1,red,2.5,\"a\nb\",p\n2,blue,,c,q\n3,red,4,c,p\n"
                            "4,blue,x,c,q\n5,,4,\"a\nb\",r\n6,red,4,c,r\n7,red,4,c,r\n8,red,4,c,p\n";
static const char prose[] = "the red fox and the red owl\nsat on the bed\nthe red fox ran\nthe owl sat\n";
static const char pairs[] = "who\tme\nwhat\tabc\n\"when, now\"\tthen\n";
static const char numbers[] = "1;2,5;3\n4;5;6,5\n7;8;9\n1;2;3\n";

static const struct task tasks[] = {
    {"a table of texts", texts, "", load_one},
    {"a table of numbers", numbers, "", load_one},
    {"a table and its test file", texts, texts, load_two},
    {"a target that is not there", texts, "", load_wrong_target},
    {"a text", prose, "", read_text},
    {"pairs", pairs, "", read_pairs},
    {"a toy with features and batches", "", "", make_toy},
    {"a command line", "", "", parse_words},
    {"a recipe", prose, pairs, follow_recipe},
    {"a trainer on a toy", "", "", train_on_toy},
    {"a trainer on a table", texts, "", train_on_table},
    {"a language model", "", "", make_language},
    {"a checkpoint", texts, "", keep_a_checkpoint},
    {"a run without a screen", "", "", open_headless},
    {"a run for a screen", "", "", open_for_a_screen},
    {"a way back", "", "", go_back},
    {"a fork", "", "", fork_run},
    {"another seed", "", "", start_again},
    {"a twin", "", "", run_twin},
    {"a twin of another shape", "", "", run_other_twin},
    {"history, log and channels", "", "", make_channels},
    {"the screen", "", "", open_screen},
};
#define TASKS (int)(sizeof tasks / sizeof *tasks)

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(memory_runs_out_at_every_request)
{
    const struct task *task = &tasks[_i];
    char folder[] = "/tmp/test_faults_XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    write_file("train.csv", task->table);
    write_file("test.csv", task->test_table);
    struct error error = {.status = STATUS_OK};
    ck_assert_msg(task->run(&error) == STATUS_OK, "%s: %s", task->name, error.message);
    long n = 0;
    for (;; n++) {
        ck_assert_int_lt(n, 10000);
        error = (struct error){.status = STATUS_OK};
        watch.on = true;
        watch.granted_most = n;
        watch.granted = 0;
        watch.held = 0;
        enum status status = task->run(&error);
        watch.on = false;
        ck_assert_msg(watch.held == 0, "%s: %ld requests granted, %ld of them kept", task->name, n, watch.held);
        if (status == STATUS_OK)
            break;
        ck_assert_int_eq(status, STATUS_FAILED);
        ck_assert_msg(strstr(error.message, "memory") != NULL, "%s: %ld granted: '%s'", task->name, n, error.message);
    }
    ck_assert_int_gt(n, 3);
    unlink("train.csv");
    unlink("test.csv");
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("faults");
    TCase *tests = tcase_create("faults");
    tcase_add_loop_test(tests, memory_runs_out_at_every_request, 0, TASKS);
    suite_add_tcase(suite, tests);
    return suite;
}
