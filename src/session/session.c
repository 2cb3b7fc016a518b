/* Ends and releases a session, and answers the screen's questions about it. */
#include "session/session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"
#include "engine/commands.h"
#include "session/session_parts.h"
#include "store/sink.h"

/* Closing. */

static void note_loss(struct session *session, enum session_output output, bool named, const char *message)
{
    struct session_loss *loss = &session->loss[output];
    session->status.lost[output] = true;
    loss->named = named;
    snprintf(loss->message, sizeof loss->message, "%s", message);
}

/* Whether the state with which the run has ended may become a checkpoint.  STATUS_DIVERGED: why not. */
static enum status check_last_state(const struct session *session, struct error *error)
{
    const struct session_status *status = &session->status;
    const char *path = session->spec.save_path;
    const char *unwritten = path ? ": no checkpoint is written to " : "";
    char step[32], loss[2][32];
    number_count(step, sizeof step, status->step);
    if (!worker_is_finite(session->worker)) {
        for (int i = 0; i < 2; i++) {
            const struct headline *headline = &session->model.objective->headline;
            const struct bucket *last =
                history_last(session->history, status->branch, i ? headline->test : headline->train);
            number_short(loss[i], sizeof loss[i], last ? (double)bucket_newest(last) : NAN);
        }
        return error_set(error, STATUS_DIVERGED,
                         "the last state, at step %s, is not finite (train loss %s, test loss %s)%s%s", step, loss[0],
                         loss[1], unwritten, path ? path : "");
    }
    if (path && status->state == SESSION_DIVERGED)
        return error_set(error, STATUS_DIVERGED, "the run diverged after step %s%s%s", step, unwritten, path);
    return STATUS_OK;
}

/* The run is over: what it wrote is brought to the disk and looked at. */
static void finish_outputs(struct session *session, bool came_about)
{
    struct error error;
    if (session->journal) {
        journal_finish(session->journal);
        const char *loss = journal_loss(session->journal);
        if (loss)
            note_loss(session, SESSION_JOURNAL, session->options.journal != NULL, loss);
    }
    if (session->worker && came_about) {
        const bool save = check_last_state(session, &session->unsound) == STATUS_OK && session->spec.save_path;
        session->status.lost[SESSION_CHECKPOINT] = false; /* the last one counts */
        if (keeper_finish(session->keeper, session->worker, session->status.branch, save, &error) != STATUS_OK)
            note_loss(session, SESSION_CHECKPOINT, true, error.message);
    }
    /* After the checkpoint: the log may wait for somebody who reads it. */
    if (sink_close(session->sink, &error) != STATUS_OK)
        note_loss(session, SESSION_LOG, true, error.message);
    session->sink = NULL;
}

static void finish(struct session *session, bool came_about)
{
    if (session->finished)
        return;
    session->finished = true;
    if (session->worker && !came_about)
        worker_give_up(session->worker);
    if (session->worker) {
        worker_stop(session->worker, &session->trainer);
        session_take_rest(session);
    }
    finish_outputs(session, came_about);
}

enum status session_finish(struct session *session, FILE *said, struct error *error)
{
    const struct session_loss *first = NULL;
    finish(session, true);
    const bool unsound = session->unsound.status != STATUS_OK;
    for (size_t i = 0; i < SESSION_OUTPUTS; i++) {
        const struct session_loss *loss = &session->loss[i];
        if (!first && !unsound && loss->message[0] && loss->named)
            first = loss;
        else if (said && loss->message[0])
            fprintf(said, "downhill: %s\n", loss->message);
    }
    if (unsound)
        return error_set(error, STATUS_DIVERGED, "%s", session->unsound.message);
    return first ? error_set(error, STATUS_FAILED, "%s", first->message) : STATUS_OK;
}

static void release(struct session *session)
{
    if (session->worker)
        worker_free(session->worker);
    if (session->worker && session->options.verbose) {
        const struct memory memory = session_memory(session);
        memory_print(stderr, &memory);
    }
    keeper_free(session->keeper);
    mem_free(session->columns);
    mem_free(session->tokenizer);
    checkpoint_close(session->load);
    record_free(session->record);
    mem_free(session->branch);
    journal_close(session->journal);
    painter_stop(session->painter);
    frames_free(session->frames);
    history_free(session->history);
    trainer_free(session->trainer);
    material_free(session->material);
    tokenizer_free(session->given);
    spec_free(&session->spec);
    mem_free(session);
}

bool session_close(struct session *session, struct error *error)
{
    if (!session)
        return true;
    const bool whole = session_finish(session, NULL, error) == STATUS_OK;
    release(session);
    return whole;
}

void session_abandon(struct session *session)
{
    if (!session)
        return;
    finish(session, false);
    release(session);
}

/* Asking. */

size_t session_branches(const struct session *session)
{
    return session->branches;
}

const struct session_branch *session_branch(const struct session *session, size_t number)
{
    return &session->branch[number];
}

void session_hide(struct session *session, size_t number, bool hidden)
{
    session->branch[number].hidden = hidden;
}

const struct command *session_command(const char *name)
{
    return engine_command(name);
}

struct request session_set(enum knob_id knob, double value)
{
    return engine_set(knob, value);
}

bool session_send(struct session *session, struct request *request)
{
    return worker_send(session->worker, request);
}

bool session_echo(struct session *session, struct event *out)
{
    if (session->echoes == 0)
        return false;
    *out = session->echo[session->echo_first];
    session->echo_first = (session->echo_first + 1) % ECHOES_KEPT;
    session->echoes--;
    return true;
}

const char *session_journal(const struct session *session)
{
    return session->journal ? journal_path(session->journal) : NULL;
}

bool session_replays(const struct session *session, uint64_t *end)
{
    *end = session->status.step;
    return !session->journal || journal_replays(session->journal, end);
}

const char *session_claims(const struct session *session, const char *path)
{
    const struct spec *spec = &session->spec;
    if (file_same(path, spec->log_path))
        return "the log";
    if (file_same(path, session_journal(session)))
        return "the journal";
    return file_same(path, spec->load_path) ? NULL : spec_reads(spec, path);
}

bool session_log_lost(const struct session *session)
{
    return session->sink && sink_warning(session->sink);
}

void session_want(struct session *session, const struct picture_request *request, unsigned per_second)
{
    session->wanted = request != NULL && per_second > 0;
    if (!session->wanted)
        return;
    if (!picture_request_same(&session->request, request)) {
        session->moved = true;
        session->picture_asked = 0; /* somebody waits for it, and nobody for the last one */
        if (session->painter)
            painter_give_up(session->painter);
    }
    session->request = *request;
    session->picture_period = 1000000000u / per_second;
}

const struct picture *session_picture(const struct session *session)
{
    return session->painter ? painter_picture(session->painter) : NULL;
}

const struct session_status *session_status(const struct session *session)
{
    return &session->status;
}

const struct session_model *session_model(const struct session *session)
{
    return &session->model;
}

const struct history *session_history(const struct session *session)
{
    return session->history;
}

const struct dataset *session_dataset(const struct session *session)
{
    return session_stage(session, session->status.stage)->dataset;
}

size_t session_stages(const struct session *session)
{
    return material_stages(session->material);
}

const struct trainer_stage *session_stage(const struct session *session, size_t number)
{
    return material_stage(session->material, number);
}

struct memory session_memory(const struct session *session)
{
    struct memory memory = session->memory;
    memory.bytes[MEMORY_HISTORY] = history_bytes(session->history);
    memory.bytes[MEMORY_DATA] = material_bytes(session->material);
    memory.process = mem_process_peak();
    return memory;
}

const struct spec *session_spec(const struct session *session)
{
    return &session->spec;
}

bool session_share(const struct session *session, char *out, size_t size)
{
    const struct share_run run = {
        .spec = session_spec(session),
        .seed = session->status.seed,
        .knobs = &session->status.knobs,
        .stage = session->status.stage,
        .dataset = session_stage(session, 0)->dataset,
    };
    return share_command(&run, out, size);
}
