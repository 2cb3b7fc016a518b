/* DESIGN.  The text is kept as it is in the file.  journal_read cuts a copy of each line and throws the entry away:
 * from then on every line is known to be good, and journal_next cuts the next one again. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/growing.h"
#include "base/mem.h"
#include "run/journal.h"
#include "run/journal_format.h"
#include "run/spec_line.h"

enum { PIECE = 1 << 16 };

struct journal_script {
    char *text; /* whole lines */
    size_t length, at;
    char line[JOURNAL_LINE_MAX]; /* the one that is being cut up */
};

/* A line while the file is read for the first time. */
struct place {
    const char *path;
    size_t number; /* of the line, from 1 */
};

static enum status wrong(const struct place *place, const char *what, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%.200s:%zu: %s", place->path, place->number, what);
}

/* ---- the file ---- */

static enum status read_stream(struct journal_script *script, FILE *file, const char *path, struct error *error)
{
    size_t room = 0;
    for (;;) {
        if (script->length == room) {
            const size_t wanted = room > 0 ? 2 * room : PIECE;
            char *grown = mem_resize(script->text, room, wanted, 1);
            if (!grown)
                return error_memory(error);
            script->text = grown;
            room = wanted;
        }
        const size_t got = fread(script->text + script->length, 1, room - script->length, file);
        script->length += got;
        if (script->length > JOURNAL_SIZE_MAX)
            return error_set(error, STATUS_FAILED, "%.200s: too large for a journal", path);
        if (got == 0)
            return ferror(file) ? error_set(error, STATUS_FAILED, "%.200s: %s", path, strerror(errno)) : STATUS_OK;
    }
}

static enum status read_text(struct journal_script *script, const char *path, struct error *error)
{
    if (file_is_stream(path))
        return error_set(error, STATUS_USAGE, "-: a journal is read from a file");
    FILE *file = fopen(path, "rb");
    if (!file)
        return error_set(error, STATUS_FAILED, "%.200s: %s", path, strerror(errno));
    enum status status = read_stream(script, file, path, error);
    fclose(file);
    /* What the program was writing when it was killed is not there. */
    while (script->length > 0 && script->text[script->length - 1] != '\n')
        script->length--;
    return status;
}

/* ---- its lines ---- */

/* Copies the next line, without its end, to script->line as far as there is room; its true length, or -1 at the end. */
static ptrdiff_t next_line(struct journal_script *script)
{
    if (script->at == script->length)
        return -1;
    const char *from = script->text + script->at;
    const char *end = memchr(from, '\n', script->length - script->at);
    size_t length = (size_t)(end - from);
    script->at += length + 1;
    if (length > 0 && from[length - 1] == '\r') /* the file has been to a machine where lines end so */
        length--;
    const size_t kept = length < sizeof script->line ? length : sizeof script->line - 1;
    memcpy(script->line, from, kept);
    script->line[kept] = '\0';
    return (ptrdiff_t)length;
}

/* The next line, checked for what no line may have; *end: there is none. */
static enum status take_line(struct journal_script *script, struct place *place, bool *end, struct error *error)
{
    const ptrdiff_t length = next_line(script);
    *end = length < 0;
    if (*end)
        return STATUS_OK;
    place->number++;
    if ((size_t)length >= sizeof script->line)
        return wrong(place, "the line is too long", error);
    return strlen(script->line) == (size_t)length ? STATUS_OK : wrong(place, "the line holds a NUL byte", error);
}

static enum status read_title(struct journal_script *script, struct place *place, struct error *error)
{
    bool end;
    char ours[64];
    enum status status = take_line(script, place, &end, error);
    if (status != STATUS_OK)
        return status;
    snprintf(ours, sizeof ours, "%s %d", JOURNAL_TITLE, JOURNAL_VERSION);
    if (!end && strcmp(script->line, ours) == 0)
        return STATUS_OK;
    place->number = 1;
    char what[192];
    if (end || strncmp(script->line, JOURNAL_TITLE " ", strlen(JOURNAL_TITLE " ")) != 0)
        snprintf(what, sizeof what, "not a journal: it does not begin with '%s'", ours);
    else
        snprintf(what, sizeof what, "'%.40s': this program reads '%s'", script->line, ours);
    return wrong(place, what, error);
}

/* Spec and facts, up to the blank line. */
static enum status read_head(struct journal_script *script, struct place *place, struct spec *spec,
                             struct journal_facts *facts, struct error *error)
{
    bool there[JOURNAL_FACTS] = {false};
    for (;;) {
        bool end;
        struct error why;
        enum status status = take_line(script, place, &end, error);
        if (status != STATUS_OK)
            return status;
        if (end)
            return error_set(error, STATUS_FAILED, "%.200s: ends before the run begins", place->path);
        if (!script->line[0])
            break;
        const size_t fact = journal_find_fact(script->line);
        if (fact < JOURNAL_FACTS)
            there[fact] = true;
        status = fact < JOURNAL_FACTS            ? journal_read_fact(script->line, fact, facts, &why)
                 : journal_is_load(script->line) ? journal_read_load(script->line, spec, &why)
                                                 : spec_take_line(spec, script->line, &why);
        if (status != STATUS_OK)
            return wrong(place, why.message, error);
    }
    for (size_t i = 0; i < JOURNAL_FACTS; i++)
        if (!there[i] && journal_fact_is_needed(i))
            return error_set(error, STATUS_FAILED, "%.200s:%zu: the line '%s' is missing above", place->path,
                             place->number, journal_fact_name(i));
    if (spec->turns_done > spec->turns)
        return wrong(place, "the checkpoint has more turns behind it than there are", error);
    return spec->task ? STATUS_OK : wrong(place, "the line 'task' is missing above", error);
}

static enum status check_entries(struct journal_script *script, struct place *place, struct error *error)
{
    for (;;) {
        bool end;
        struct error why;
        struct journal_entry entry;
        enum status status = take_line(script, place, &end, error);
        if (status != STATUS_OK || end)
            return status;
        if (journal_read_entry(script->line, &entry, &why) != STATUS_OK)
            return wrong(place, why.message, error);
    }
}

enum status journal_read(struct journal_script **out, const char *path, struct spec *spec, struct journal_facts *facts,
                         struct error *error)
{
    *out = NULL;
    *facts = (struct journal_facts){.threads = 1};
    struct journal_script *script = mem_alloc(1, sizeof *script);
    if (!script)
        return error_memory(error);
    struct place place = {.path = path};
    facts->unfinished = growing_is_taken(path);
    enum status status = read_text(script, path, error);
    if (status == STATUS_OK)
        status = read_title(script, &place, error);
    if (status == STATUS_OK)
        status = read_head(script, &place, spec, facts, error);
    const size_t first = script->at;
    if (status == STATUS_OK)
        status = check_entries(script, &place, error);
    if (status != STATUS_OK) {
        journal_script_free(script);
        return status;
    }
    script->at = first;
    *out = script;
    return STATUS_OK;
}

bool journal_next(struct journal_script *script, struct journal_entry *out)
{
    return next_line(script) >= 0 && journal_read_entry(script->line, out, NULL) == STATUS_OK;
}

void journal_script_free(struct journal_script *script)
{
    if (!script)
        return;
    mem_free(script->text);
    mem_free(script);
}
