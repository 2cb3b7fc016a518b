/* Records hashes of a run's files, its kernels and its threads; a replay compares its own with them. */
#include "engine/journal_facts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/number.h"
#include "data/toys.h"

enum { PIECE = 1 << 16 };

/* False when the file is no plain one, or cannot be read. */
static bool look_at(const char *path, struct journal_file *out)
{
    struct stat about;
    *out = (struct journal_file){.size = 0};
    /* Opening a pipe would wait for its writer. */
    if (file_is_stream(path) || stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return false;
    unsigned char *piece = mem_alloc(PIECE, 1);
    FILE *file = piece ? fopen(path, "rb") : NULL;
    struct journal_file seen = {.hash = HASH_START};
    for (size_t got; file && (got = fread(piece, 1, PIECE, file)) > 0; seen.size += got)
        seen.hash = hash_bytes(seen.hash, piece, got);
    const bool whole = file && !ferror(file);
    if (file)
        fclose(file);
    mem_free(piece);
    if (whole)
        *out = seen;
    return whole;
}

void journal_facts_take(struct journal_facts *facts, const struct spec *spec, const struct model *model,
                        const char *kernels)
{
    *facts = (struct journal_facts){.portable = model_is_portable(model), .threads = spec->threads};
    snprintf(facts->kernels, sizeof facts->kernels, "%s", kernels);
    if (spec->load_path)
        look_at(spec->load_path, &facts->load);
    for (size_t i = 0; i < spec->stages; i++)
        if (spec->stage[i].data)
            look_at(spec->stage[i].data, &facts->stage[facts->stages++]);
    if (toy_find(spec->task))
        return;
    look_at(spec->task, &facts->data);
    if (spec->csv.test_path)
        look_at(spec->csv.test_path, &facts->test);
}

static enum status check_file(const struct journal_file *then, const char *path, struct error *error)
{
    struct journal_file now;
    char size_then[32], size_now[32];
    if (file_is_stream(path))
        return error_set(error, STATUS_FAILED,
                         "the data came through standard input and are gone: --force takes what comes there now");
    if (then->hash == 0)
        return error_set(error, STATUS_FAILED,
                         "%.200s was no plain file, and nobody knows what it held: --force replays all the same", path);
    errno = 0;
    if (!look_at(path, &now))
        return error_set(error, STATUS_FAILED, "%.200s: %s", path, errno ? strerror(errno) : "no plain file");
    if (then->size == now.size && then->hash == now.hash)
        return STATUS_OK;
    number_count(size_then, sizeof size_then, then->size);
    if (then->size == now.size)
        return error_set(error, STATUS_FAILED,
                         "%.200s has changed since (%s bytes then and now, but others): --force replays all the same",
                         path, size_then);
    return error_set(error, STATUS_FAILED,
                     "%.200s has changed since (%s bytes then, %s now): --force replays all the same", path, size_then,
                     number_count(size_now, sizeof size_now, now.size));
}

static enum status check_stages(const struct journal_facts *facts, const struct spec *spec, struct error *error)
{
    enum status status = STATUS_OK;
    size_t at = 0;
    for (size_t i = 0; i < spec->stages && status == STATUS_OK; i++) {
        if (!spec->stage[i].data)
            continue;
        if (at == facts->stages)
            return error_set(error, STATUS_FAILED, "nobody knows what %.200s held: --force replays all the same",
                             spec->stage[i].data);
        status = check_file(&facts->stage[at++], spec->stage[i].data, error);
    }
    return status;
}

enum status journal_facts_check(const struct journal_facts *facts, const struct spec *spec, struct error *error)
{
    const bool toy = toy_find(spec->task) != NULL;
    enum status status = STATUS_OK;
    if (!toy)
        status = check_file(&facts->data, spec->task, error);
    if (!toy && status == STATUS_OK && spec->csv.test_path)
        status = check_file(&facts->test, spec->csv.test_path, error);
    if (status == STATUS_OK)
        status = check_stages(facts, spec, error);
    if (status == STATUS_OK && spec->load_path)
        status = check_file(&facts->load, spec->load_path, error);
    return status;
}

/* The project's own kernels: all levels agree on portable nets, and v3 and v4 on the others that they take. */
static bool is_own(const struct journal_facts *facts)
{
    return strncmp(facts->kernels, "sgemm", 5) != 0;
}

void journal_facts_compare(const struct journal_facts *then, const struct journal_facts *now, char *out, size_t size)
{
    const bool same = strcmp(then->kernels, now->kernels) == 0 && then->threads == now->threads;
    if (now->portable || (is_own(then) && is_own(now)) || same)
        out[0] = '\0';
    else
        snprintf(out, size, "made with %s on %u thread%s, here it is %s on %u: the last digits may differ",
                 then->kernels, then->threads, then->threads == 1 ? "" : "s", now->kernels, now->threads);
}
