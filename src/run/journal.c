/* DESIGN.  One write(2) a line into a file that is opened for appending: a killed program leaves whole lines and at
 * most one unfinished one.  After a failure nothing more is written, so that what follows an unfinished line is never
 * taken for its rest.  The message of a failure is written once, before `failed` is released; who acquires `failed` may
 * read it. */
#include "run/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "run/journal_format.h"
#include "run/spec_text.h"

struct journal {
    int descriptor;
    char *path;
    struct lines line; /* the one that is being made; its room is used again */
    atomic_bool failed;
    char warning[512];
};

static void fail(struct journal *journal, const char *reason)
{
    snprintf(journal->warning, sizeof journal->warning, "%.300s: %s: the run goes on without its journal",
             journal->path, reason);
    text_clean(journal->warning);
    atomic_store_explicit(&journal->failed, true, memory_order_release);
}

/* A file that was removed takes lines as before, for nobody. */
static bool is_removed(int descriptor)
{
    struct stat about;
    return fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) && about.st_nlink == 0;
}

static bool put(int descriptor, const char *text, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(descriptor, text, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
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
    else if (!put(journal->descriptor, head.text, head.length))
        status = error_set(error, STATUS_FAILED, "%.300s: the journal cannot be written: %s", journal->path,
                           strerror(errno));
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
    journal->descriptor = -1;
    enum status status = STATUS_OK;
    journal->path = mem_string(path);
    if (!journal->path) {
        status = error_memory(error);
        goto out;
    }
    make_folders(path);
    journal->descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (journal->descriptor < 0) {
        status = error_set(error, STATUS_FAILED, "%.300s: the journal cannot be written: %s", path, strerror(errno));
        goto out;
    }
    status = write_head(journal, spec, facts, error);
out:
    if (status == STATUS_OK)
        *out = journal;
    else
        journal_close(journal);
    return status;
}

void journal_write(struct journal *journal, const struct journal_entry *entry)
{
    if (atomic_load_explicit(&journal->failed, memory_order_relaxed) ||
        (entry->input && !journal_is_input(&entry->command)))
        return;
    journal->line.length = 0;
    journal_write_entry(&journal->line, entry);
    if (journal->line.failed)
        fail(journal, "out of memory");
    else if (!put(journal->descriptor, journal->line.text, journal->line.length)) {
        char reason[128];
        if (strerror_r(errno, reason, sizeof reason) != 0)
            snprintf(reason, sizeof reason, "it cannot be written");
        fail(journal, reason);
    } else if (is_removed(journal->descriptor))
        fail(journal, "it was removed");
}

const char *journal_warning(const struct journal *journal)
{
    return atomic_load_explicit(&journal->failed, memory_order_acquire) ? journal->warning : NULL;
}

const char *journal_path(const struct journal *journal)
{
    return journal->path;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->descriptor >= 0)
        close(journal->descriptor);
    mem_free(journal->line.text);
    mem_free(journal->path);
    mem_free(journal);
}
