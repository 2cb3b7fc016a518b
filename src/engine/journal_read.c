/* Reads journals.
 *
 * DESIGN.  The file stays open and is read twice, a line at a time, so that memory does not grow with it.  journal_read
 * cuts each line up and throws the entry away: from then on every line up to `end` is known to be good, and
 * journal_next reads the next one again.  What cannot be read twice (a pipe) is first copied into a temporary file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/growing.h"
#include "base/mem.h"
#include "base/number.h"
#include "engine/journal.h"
#include "engine/journal_format.h"
#include "setup/spec_line.h"

enum { PIECE = 1 << 14 };

struct journal_script {
    FILE *file;
    uint64_t at, end;            /* bytes read; of the lines that were checked */
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

static enum status too_large(const char *path, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%.200s: too large for a journal: at most %zu MB are read", path,
                     JOURNAL_SIZE_MAX >> 20);
}

/* Copies a pipe into a file that goes away by itself. */
static enum status copy(FILE *from, FILE **to, const char *path, struct error *error)
{
    char piece[PIECE];
    uint64_t size = 0;
    *to = tmpfile();
    if (!*to)
        return error_set(error, STATUS_FAILED, "%.200s: cannot be copied: %s", path, strerror(errno));
    for (size_t got; (got = fread(piece, 1, sizeof piece, from)) > 0;) {
        size += got;
        if (size > JOURNAL_SIZE_MAX)
            return too_large(path, error);
        if (fwrite(piece, 1, got, *to) != got)
            return error_set(error, STATUS_FAILED, "%.200s: cannot be copied: %s", path, strerror(errno));
    }
    if (ferror(from) || fflush(*to) != 0)
        return error_set(error, STATUS_FAILED, "%.200s: %s", path, strerror(errno));
    rewind(*to);
    return STATUS_OK;
}

static enum status open_file(struct journal_script *script, const char *path, struct error *error)
{
    struct stat about;
    if (file_is_stream(path))
        return error_set(error, STATUS_USAGE, "-: a journal is read from a file");
    script->file = fopen(path, "rb");
    if (!script->file || fstat(fileno(script->file), &about) != 0)
        return error_set(error, STATUS_FAILED, "%.200s: %s", path, strerror(errno));
    script->end = JOURNAL_SIZE_MAX;
    if (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode))
        return STATUS_OK;
    FILE *pipe = script->file;
    const enum status status = copy(pipe, &script->file, path, error);
    fclose(pipe);
    return status;
}

/* ---- its lines ---- */

#define NO_LINE (-1)

/* Reads the next line, without its end, to script->line; its length, which is more than fits when it is too long: the
 * rest of it is not read then.  NO_LINE at the end: what the program was writing when it was killed is no line. */
static ptrdiff_t next_line(struct journal_script *script)
{
    size_t length = 0;
    for (int c; (c = script->at < script->end ? getc(script->file) : EOF) != '\n';) {
        if (c == EOF)
            return NO_LINE;
        script->at++;
        if (length + 1 == sizeof script->line)
            return (ptrdiff_t)sizeof script->line;
        script->line[length++] = (char)c;
    }
    script->at++;
    if (length > 0 && script->line[length - 1] == '\r') /* the file has been to a machine where lines end so */
        length--;
    script->line[length] = '\0';
    return (ptrdiff_t)length;
}

/* The next line, checked for what no line may have; *end: there is none. */
static enum status take_line(struct journal_script *script, struct place *place, bool *end, struct error *error)
{
    const ptrdiff_t length = next_line(script);
    *end = length == NO_LINE;
    if (*end && ferror(script->file))
        return error_set(error, STATUS_FAILED, "%.200s: %s", place->path, strerror(errno));
    if (*end)
        return script->at < script->end ? STATUS_OK : too_large(place->path, error);
    place->number++;
    if ((size_t)length >= sizeof script->line)
        return wrong(place, "the line is too long", error);
    return strlen(script->line) == (size_t)length ? STATUS_OK : wrong(place, "the line holds a NUL byte", error);
}

/* Versions begin with 1. */
static bool is_earlier(const char *version)
{
    uint64_t number;
    return number_parse_digits(version, JOURNAL_VERSION - 1, &number) && number > 0;
}

static enum status read_title(struct journal_script *script, struct place *place, struct error *error)
{
    char ours[64], what[192];
    const ptrdiff_t length = next_line(script);
    place->number = 1;
    if (ferror(script->file))
        return error_set(error, STATUS_FAILED, "%.200s: %s", place->path, strerror(errno));
    snprintf(ours, sizeof ours, "%s %d", JOURNAL_TITLE, JOURNAL_VERSION);
    const bool is_line = length != NO_LINE && (size_t)length < sizeof script->line;
    if (is_line && strcmp(script->line, ours) == 0 && strlen(ours) == (size_t)length)
        return STATUS_OK;
    if (!is_line || strncmp(script->line, JOURNAL_TITLE " ", strlen(JOURNAL_TITLE " ")) != 0)
        snprintf(what, sizeof what, "not a journal: it does not begin with '%s'", ours);
    else
        snprintf(what, sizeof what,
                 is_earlier(script->line + strlen(JOURNAL_TITLE " "))
                     ? "'%.40s': made by an earlier version of this program; this one reads '%s': start the run again"
                     : "'%.40s': this program reads '%s'",
                 script->line, ours);
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
        status = journal_read_entry(script->line, &entry, &why);
        request_free(&entry.request);
        if (status != STATUS_OK)
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
    enum status status = open_file(script, path, error);
    if (status == STATUS_OK)
        status = read_title(script, &place, error);
    if (status == STATUS_OK)
        status = read_head(script, &place, spec, facts, error);
    const uint64_t first = script->at;
    if (status == STATUS_OK)
        status = check_entries(script, &place, error);
    if (status != STATUS_OK) {
        journal_script_free(script);
        return status;
    }
    script->end = script->at; /* a run that still writes it may have gone on meanwhile */
    script->at = first;
    if (fseeko(script->file, (off_t)first, SEEK_SET) != 0) {
        journal_script_free(script);
        return error_set(error, STATUS_FAILED, "%.200s: %s", path, strerror(errno));
    }
    *out = script;
    return STATUS_OK;
}

bool journal_next(struct journal_script *script, struct journal_entry *out)
{
    if (next_line(script) < 0)
        return false;
    if (journal_read_entry(script->line, out, NULL) == STATUS_OK)
        return true;
    request_free(&out->request);
    return false;
}

void journal_script_free(struct journal_script *script)
{
    if (!script)
        return;
    if (script->file)
        fclose(script->file);
    mem_free(script);
}
