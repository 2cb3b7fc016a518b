/* Writes the journal of a run.
 *
 * DESIGN.  One write(2) a line into a file that is opened for appending: a killed program leaves whole lines and at
 * most one unfinished one.  After a failure nothing more is written (base/growing.h).  The message of a failure is
 * written once, before `failed` is released; who acquires `failed` may read it. */
#include "engine/journal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/growing.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"
#include "engine/journal_format.h"
#include "setup/spec_text.h"

struct journal {
    struct growing *file;
    char *path;
    struct lines line;  /* the one that is being made; its room is used again */
    uint64_t last_step; /* of the newest entry in the file */
    bool any;           /* there is one */
    atomic_bool failed;
    char warning[512];
    char loss[512]; /* empty while the journal is whole */
};

/* What a replay of the file does: "it ends at step 1,200", or "it holds no step". */
static const char *format_end(const struct journal *journal, char *out, size_t size)
{
    char step[32];
    if (!journal->any)
        snprintf(out, size, "it holds no step");
    else
        snprintf(out, size, "it ends at step %s", number_count(step, sizeof step, journal->last_step));
    return out;
}

static void fail(struct journal *journal, const char *reason, bool keeps_begin)
{
    char end[64];
    snprintf(journal->warning, sizeof journal->warning, "the run goes on without its journal: %s: %.300s", reason,
             journal->path);
    if (keeps_begin)
        snprintf(journal->loss, sizeof journal->loss, "%.300s: the journal is incomplete, %s: %s", journal->path,
                 format_end(journal, end, sizeof end), reason);
    else
        snprintf(journal->loss, sizeof journal->loss, "%.300s: the journal is lost: %s", journal->path, reason);
    text_clean(journal->warning);
    text_clean(journal->loss);
    atomic_store_explicit(&journal->failed, true, memory_order_release);
}

static void take_fault(struct journal *journal)
{
    if (!atomic_load_explicit(&journal->failed, memory_order_relaxed) && growing_fault(journal->file))
        fail(journal, growing_fault(journal->file), growing_keeps_begin(journal->file));
}

static void make_folders(const char *path)
{
    char *copy = mem_string(path);
    for (char *slash = copy ? strchr(copy + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0777); /* what stands in the way shows when the file is opened */
        *slash = '/';
    }
    mem_free(copy);
}

static enum status write_head(struct journal *journal, const struct spec *spec, const struct journal_facts *facts,
                              struct error *error)
{
    struct lines head = {0};
    char *text = spec_text(spec);
    lines_add(&head, "%s %d\n%s", JOURNAL_TITLE, JOURNAL_VERSION, text ? text : "");
    journal_write_load(&head, spec);
    journal_write_facts(&head, facts);
    lines_add(&head, "\n");
    enum status status = STATUS_OK;
    if (!text || head.failed)
        status = error_memory(error);
    else if (!growing_write(journal->file, head.text, head.length))
        status = error_set(error, STATUS_FAILED, "%.300s: the journal cannot be written: %s", journal->path,
                           growing_fault(journal->file));
    mem_free(text);
    mem_free(head.text);
    return status;
}

enum status journal_create(struct journal **out, const char *path, const struct spec *spec,
                           const struct journal_facts *facts, struct error *error)
{
    *out = NULL;
    struct journal *journal = mem_alloc(1, sizeof *journal);
    if (!journal)
        return error_memory(error);
    atomic_init(&journal->failed, false);
    enum status status = STATUS_OK;
    journal->path = mem_string(path);
    if (!journal->path)
        status = error_memory(error);
    if (status == STATUS_OK) {
        make_folders(path);
        status = growing_open(&journal->file, path, "journal", error);
    }
    if (status == STATUS_OK)
        status = write_head(journal, spec, facts, error);
    if (status == STATUS_OK)
        *out = journal;
    else
        journal_close(journal);
    return status;
}

void journal_write(struct journal *journal, const struct journal_entry *entry)
{
    if (atomic_load_explicit(&journal->failed, memory_order_relaxed) ||
        (entry->input && !request_has(&entry->request, COMMAND_RECORDED)))
        return;
    journal->line.length = 0;
    journal_write_entry(&journal->line, entry);
    if (journal->line.failed)
        fail(journal, "out of memory", true);
    else if (growing_write(journal->file, journal->line.text, journal->line.length)) {
        journal->last_step = entry->step;
        journal->any = true;
    } else
        take_fault(journal);
}

const char *journal_warning(const struct journal *journal)
{
    return atomic_load_explicit(&journal->failed, memory_order_acquire) ? journal->warning : NULL;
}

const char *journal_path(const struct journal *journal)
{
    return journal->path;
}

void journal_finish(struct journal *journal)
{
    growing_close(journal->file);
    take_fault(journal);
    if (!journal->loss[0] && growing_moved(journal->file)) {
        snprintf(journal->loss, sizeof journal->loss, "%.300s: the journal is no longer there: it was moved",
                 journal->path);
        text_clean(journal->loss);
    }
}

const char *journal_loss(const struct journal *journal)
{
    return journal->loss[0] ? journal->loss : NULL;
}

bool journal_replays(const struct journal *journal, uint64_t *end)
{
    const bool failed = atomic_load_explicit(&journal->failed, memory_order_relaxed);
    *end = journal->last_step;
    return failed ? journal->any && (!growing_fault(journal->file) || growing_keeps_begin(journal->file))
                  : !growing_moved(journal->file);
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    growing_free(journal->file);
    mem_free(journal->line.text);
    mem_free(journal->path);
    mem_free(journal);
}
