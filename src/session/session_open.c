/* Opening: the data, a trainer, the files that are written, the threads.  What a run reads comes first, what it writes
 * over last: one that is refused has destroyed nothing. */
#include <math.h>

#include "base/growing.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"
#include "data/source.h"
#include "data/toys.h"
#include "engine/journal_facts.h"
#include "nn/gemm.h"
#include "nn/weights.h"
#include "session/session_parts.h"
#include "setup/spec_language.h"
#include "setup/spec_stage.h"
#include "setup/twin.h"
#include "store/journal_place.h"
#include "store/log_past.h"
#include "store/sink.h"

/* On the worker's thread too: reads what does not change. */
static enum status make_trainer(const struct session *session, const struct model_shape *shape, struct trainer **out,
                                struct error *error)
{
    const struct spec *spec = &session->spec;
    const struct trainer_stage *stage = material_stage(session->material, 0);
    struct trainer_spec wanted = {
        .dataset = stage->dataset,
        .shape = *shape,
        .loss = stage->loss,
        .stage = stage,
        .stages = material_stages(session->material),
        .seed = spec->seed,
        .start = spec->start,
        .start_count = spec->start_count,
        .knobs = spec->knobs,
    };
    wanted.shape.net.blas_threads = wanted.shape.language.blas_threads = spec->threads;
    for (size_t i = 0; i < KNOB_COUNT; i++) /* no part of the state */
        if (!knob_table[i].affects_state)
            wanted.knobs.value[i] = knob_table[i].standard;
    return trainer_create(out, &wanted, session->kernel_set, error);
}

/* A model of another kind has nothing of the first one's sizes. */
static enum status change_model(const struct session *session, const char *changes, struct spec *changed,
                                struct error *error)
{
    const struct language_spec *first = &session->first_shape.language;
    struct language_spec *model = &changed->shape.language;
    enum status status = twin_model(changes, changed, error);
    if (status != STATUS_OK || model->kind == first->kind)
        return status;
    *model = (struct language_spec){.kind = model->kind, .context = first->context};
    return twin_model(changes, changed, error);
}

static enum status make_other_trainer(void *owner, const char *changes, struct trainer **out, struct error *error)
{
    const struct session *session = owner;
    struct spec changed;
    spec_init(&changed);
    changed.shape = session->first_shape;
    changed.task = mem_string(session->spec.task);
    enum status status = changed.task ? change_model(session, changes, &changed, error) : error_memory(error);
    changed.stage = session->spec.stage; /* borrowed: it goes through the same stages */
    changed.stages = session->spec.stages;
    if (status == STATUS_OK)
        status = spec_language_reshape(&changed, material_stage(session->material, 0)->dataset, error);
    if (status == STATUS_OK)
        status = spec_stages_check(&changed, error);
    if (status == STATUS_OK)
        status = make_trainer(session, &changed.shape, out, error);
    if (status == STATUS_OK && !session->uses_blas && model_uses_blas(trainer_model(*out)) &&
        (status = gemm_prepare(session->spec.threads, error)) != STATUS_OK) {
        trainer_free(*out);
        *out = NULL;
    }
    changed.stage = NULL;
    changed.stages = 0;
    spec_free(&changed);
    return status;
}

static enum status start_painter(struct session *session, const struct kernels *kernels, struct error *error)
{
    const struct picture_source source = {
        .kernels = kernels,
        .dataset = session_dataset(session),
        .loss = trainer_loss(session->trainer),
        .features = session->spec.features,
        .toy = toy_find(session->spec.task) != NULL,
    };
    session->frames = frames_create();
    return session->frames ? painter_start(&session->painter, &source, session->frames, error) : error_memory(error);
}

/* The checkpoint to begin with.  A text is read in its tokens. */
static enum status open_load(struct session *session, struct error *error)
{
    const struct spec *spec = &session->spec;
    if (!spec->load_path)
        return STATUS_OK;
    enum status status = checkpoint_open(&session->load, spec->load_path, error);
    if (status == STATUS_OK && spec->load_best)
        status = checkpoint_use_best(session->load, error);
    if (status == STATUS_OK && spec_is_text(spec))
        status = checkpoint_tokenizer(session->load, &session->given, error);
    if (status != STATUS_OK || !session->given || !spec->load_weights || spec->merges < 0)
        return status;
    const size_t merges = tokenizer_merges(session->given);
    if (merges == (size_t)spec->merges)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "--merges %d: %s has a tokenizer of %zu, which its weights are for",
                     spec->merges, spec->load_path, merges);
}

/* What a checkpoint says of the data. */
static bool describe_data(struct session *session)
{
    const struct tokenizer *tokenizer = material_tokenizer(session->material);
    if (session_dataset(session)->kind != TASK_TEXT)
        return (session->columns = source_text(session_dataset(session))) != NULL;
    return !tokenizer || (session->tokenizer = tokenizer_text(tokenizer)) != NULL;
}

static void warn_of_other_data(struct session *session)
{
    char message[sizeof session->warning[0]];
    if (checkpoint_has_data(session->load, material_hash(session->material)))
        return;
    snprintf(message, sizeof message, "%.300s: it was trained on other rows of %.100s than these",
             session->spec.load_path, session->model.task);
    text_clean(message);
    session_warn(session, message);
}

/* From a checkpoint, if that was said; and with what is needed to write some. */
static enum status begin_keeping(struct session *session, struct error *error)
{
    const bool described = describe_data(session);
    const struct keeper_setup setup = {
        .spec = &session->spec,
        .material = session->material,
        .notes = {.columns = session->columns, .tokenizer = session->tokenizer, .task = session->model.task},
    };
    session->keeper = described ? keeper_create(&setup) : NULL;
    if (!session->keeper)
        return error_memory(error);
    if (!session->load)
        return STATUS_OK;
    struct keeper_begun begun = {.trainer = session->trainer, .history = session->history};
    enum status status = keeper_load(session->load, &session->spec, &begun, error);
    session->record = begun.record;
    if (status == STATUS_OK && !session->spec.load_weights)
        warn_of_other_data(session);
    session->goes_on = checkpoint_has_state(session->load) && !session->spec.load_weights;
    checkpoint_close(session->load);
    session->load = NULL;
    return status;
}

/* A run that goes on goes on with its log, too. */
static enum status find_log(struct session *session, struct log_past *past, struct error *error)
{
    const char *path = session->spec.log_path;
    const uint64_t step = trainer_step_count(session->trainer);
    char message[sizeof session->warning[0]], count[32], at[32];
    *past = (struct log_past){0};
    if (!path || !session->goes_on || session->options.script)
        return STATUS_OK;
    const enum status status = log_past_read(past, path, step, session->history, error);
    if (status != STATUS_OK || past->kept + past->cut == 0)
        return status;
    const int length = snprintf(message, sizeof message, "%.300s: the log goes on after its first %s rows", path,
                                number_count(count, sizeof count, past->kept));
    if (past->cut > 0)
        snprintf(message + length, sizeof message - (size_t)length, "; %s beyond step %s are cut off",
                 number_count(count, sizeof count, past->cut), number_count(at, sizeof at, step));
    text_clean(message);
    session_warn(session, message);
    return STATUS_OK;
}

/* Before the first echo; the trainer is still ours.  False: out of memory. */
static bool begin_status(struct session *session)
{
    struct session_branch *first = session_branch_at(session, 0);
    if (!first)
        return false;
    const struct session_options *options = &session->options;
    session->status = (struct session_status){
        .state = options->paused && !options->headless ? SESSION_PAUSED : SESSION_RUNNING,
        .step = trainer_step_count(session->trainer),
        .stage = trainer_stage_number(session->trainer),
        .epoch = trainer_epoch(session->trainer),
        .seed = trainer_seed(session->trainer),
        .ghost = -1,
        .rival = -1,
        .walked = -1,
        .caught_up = -1,
        .replaying = options->script != NULL,
        .knobs = *trainer_knobs(session->trainer),
        .best_test_loss = NAN,
    };
    session_take_stage(session, session->status.stage);
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (!knob_table[i].affects_state)
            session->status.knobs.value[i] = session->spec.knobs.value[i];
    first->reason = session->spec.load_path ? EVENT_LOAD : EVENT_START;
    first->last = session->status.step;
    first->seed = session->status.seed;
    first->knobs = session->status.knobs;
    return history_begin(session->history, 0, &(struct forest_origin){.step = session->status.step});
}

/* The usual place is a service: without it the run goes on. */
static enum status open_usual_journal(struct session *session, const struct journal_facts *facts)
{
    char *path;
    struct error error;
    enum status status = journal_place(&path, session->options.journal_folder, session->spec.task, &error);
    if (status == STATUS_OK && path)
        status = journal_create(&session->journal, path, &session->spec, facts, &error);
    mem_free(path);
    if (status != STATUS_OK)
        session_warn(session, error.message);
    return STATUS_OK;
}

/* A run that is refused writes nothing over: what can be known of its files is asked before the first is opened. */
static enum status check_files(const struct session *session, struct error *error)
{
    const struct spec *spec = &session->spec;
    const char *journal = session->options.journal, *read = spec_reads(spec, journal),
               *written = spec_writes(spec, journal);
    if (read)
        return error_set(error, STATUS_USAGE, "--journal %.200s: it would overwrite %s", journal, read);
    if (written)
        return error_set(error, STATUS_USAGE, "--journal %.200s: %s is there", journal, written);
    enum status status = spec->save_path ? weights_may_write(spec->save_path, error) : STATUS_OK;
    if (status == STATUS_OK && spec->save_path)
        status = growing_check(spec->save_path, "checkpoint", error);
    if (status == STATUS_OK && journal)
        status = growing_check(journal, "journal", error);
    if (status == STATUS_OK && spec->log_path)
        status = sink_may_write(spec->log_path, error);
    return status;
}

static enum status open_journal(struct session *session, struct error *error)
{
    const struct session_options *options = &session->options;
    struct journal_facts facts;
    journal_facts_take(&facts, &session->spec, trainer_model(session->trainer), session->kernels);
    if (options->made_with) {
        char difference[256];
        journal_facts_compare(options->made_with, &facts, difference, sizeof difference);
        if (difference[0])
            session_warn(session, difference);
    }
    if (options->made_with && options->made_with->unfinished)
        session_warn(session, "this journal is still being written: the replay ends where it stood");
    if (options->journal)
        return journal_create(&session->journal, options->journal, &session->spec, &facts, error);
    return options->journal_usual ? open_usual_journal(session, &facts) : STATUS_OK;
}

static enum status open_all(struct session *session, struct error *error)
{
    const struct kernels *kernels = session->kernel_set = kernels_choose();
    struct log_past past;
    enum status status = open_load(session, error);
    if (status == STATUS_OK)
        status = material_load(&session->material, &session->spec, session->given, error);
    if (status == STATUS_OK)
        status = check_files(session, error);
    if (status == STATUS_OK)
        status = make_trainer(session, &session->spec.shape, &session->trainer, error);
    if (status != STATUS_OK)
        return status;
    session->uses_blas = model_uses_blas(trainer_model(session->trainer));
    if (session->uses_blas)
        status = gemm_prepare(session->spec.threads, error);
    if (status != STATUS_OK)
        return status;
    if (!session_describe(session))
        return error_memory(error);
    session->history = history_create();
    if (!session->history)
        return error_memory(error);
    status = begin_keeping(session, error);
    if (status == STATUS_OK && !session->options.headless)
        status = start_painter(session, kernels, error);
    if (status == STATUS_OK)
        status = find_log(session, &past, error);
    if (status == STATUS_OK)
        session_warn_of_schedule(session);
    if (status == STATUS_OK)
        status = open_journal(session, error);
    if (status == STATUS_OK && session->spec.log_path)
        status = sink_go_on(&session->sink, session->spec.log_path, &past, error);
    if (status != STATUS_OK)
        return status;
    if (!begin_status(session))
        return error_memory(error);
    const struct worker_setup setup = {
        .trainer = session->trainer,
        .spec = &session->spec,
        .sink = session->sink,
        .frames = session->frames,
        .framed = session->painter ? painter_bell(session->painter) : NULL,
        .factory = {.owner = session, .make = make_other_trainer},
        .loaded = session->spec.load_path != NULL,
        .record = session->record,
        .journal = session->journal,
        .script = session->options.script,
        .paused = session->options.paused,
        .headless = session->options.headless,
        .exact = session->options.exact,
        .ring = session->options.ring,
    };
    status = worker_start(&session->worker, &setup, error);
    record_free(session->record);
    session->record = NULL;
    return status;
}

enum status session_open(struct session **out, struct spec *spec, const struct session_options *options,
                         struct error *error)
{
    *out = NULL;
    struct session *session = mem_alloc(1, sizeof *session);
    if (!session) {
        spec_free(spec);
        return error_memory(error);
    }
    session->spec = *spec;
    *spec = (struct spec){0};
    session->options = *options;
    enum status status = open_all(session, error);
    if (status != STATUS_OK) {
        session_abandon(session);
        return status;
    }
    session->moved = true;
    *out = session;
    return STATUS_OK;
}
