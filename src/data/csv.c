/* DESIGN.  The file is read in blocks.  A record that lies in the block as whole lines without quotes or odd line ends is cut in place,
 * number by number (`cut_plain`): no copy, no callback.  Any other goes to libcsv in strict mode (`cut_quoted`), line by line,
 * since libcsv itself counts no lines, grows its buffer without bound and would go on behind the record's end.
 * Offsets into the block: begin <= whole <= end; [begin, whole) ends in LF. */
#include <csv.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/csv.h"
#include "data/decimal.h"
#include "data/record.h"

#define BLOCK_SIZE ((size_t)256 * 1024)
#define RECORD_MAX ((size_t)16 * 1024 * 1024) /* bytes of a record that goes through libcsv */
#define CELLS_MAX  16384                      /* columns */

struct record_reader {
    const char *path;
    FILE *spool; /* owns fd when input could not be read twice */
    int fd;
    size_t size; /* bytes of the file */
    char *block;
    size_t block_size;
    size_t begin, whole, end;
    bool ended; /* nothing more to read */
    size_t line;
    char separator, mark;
    struct cell *cell;
    size_t cells, cell_room;

    /* The record that libcsv is working on. */
    struct csv_parser parser;
    char *text; /* its fields, one behind the other, each followed by a zero */
    size_t text_used, text_room;
    bool done;
    enum { FAULT_NONE, FAULT_MEMORY, FAULT_FIELD, FAULT_RECORD, FAULT_CELLS } fault;
};

const char *record_path(const struct record_reader *reader)
{
    return strcmp(reader->path, "-") == 0 ? "standard input" : reader->path;
}

char record_separator(const struct record_reader *reader)
{
    return reader->separator;
}

void record_write_field(FILE *out, const char *text, size_t length, char separator)
{
    bool quote = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
    for (size_t i = 0; i < length && !quote; i++)
        quote = text[i] == separator || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
    if (quote)
        csv_fwrite(out, text, length);
    else
        fwrite(text, 1, length, out);
}

enum status record_error(const struct record_reader *reader, size_t line, struct error *error, const char *format, ...)
{
    char text[400], where[32] = "";
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (line > 0)
        snprintf(where, sizeof where, ":%zu", line);
    return error_set(error, STATUS_FAILED, "%s%s: %s", record_path(reader), where, text);
}

/* read() that is not stopped by signals; -1 on failure. */
static ssize_t read_some(int fd, char *to, size_t size)
{
    ssize_t got;
    do
        got = read(fd, to, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* A block never needs to be longer than the file and one byte, whose lack says that the file has ended. */
static enum status make_block(struct record_reader *reader, size_t size, struct error *error)
{
    reader->block_size = size < BLOCK_SIZE ? size + 1 : BLOCK_SIZE;
    reader->block = mem_alloc(1, reader->block_size + 1 + DECIMAL_PADDING);
    return reader->block ? STATUS_OK : error_memory(error);
}

static enum status spool_input(struct record_reader *reader, struct error *error)
{
    int from = reader->fd;
    FILE *file = tmpfile();
    enum status status = STATUS_OK;
    if (!file) {
        status = record_error(reader, 0, error, "no temporary file to keep it in: %s", strerror(errno));
        goto out;
    }
    if ((status = make_block(reader, BLOCK_SIZE, error)) != STATUS_OK)
        goto out;
    for (;;) {
        ssize_t got = read_some(from, reader->block, reader->block_size);
        if (got == 0)
            break;
        if (got < 0 || fwrite(reader->block, 1, (size_t)got, file) != (size_t)got) {
            status = record_error(reader, 0, error, "cannot be %s: %s", got < 0 ? "read" : "kept in a temporary file",
                                  strerror(errno));
            goto out;
        }
    }
    if (fflush(file) != 0)
        status = record_error(reader, 0, error, "cannot be kept in a temporary file: %s", strerror(errno));
out:
    if (from != STDIN_FILENO)
        close(from);
    reader->fd = -1;
    if (status == STATUS_OK) {
        reader->spool = file;
        reader->fd = fileno(file);
    } else if (file) {
        fclose(file);
    }
    return status;
}

/* Moves what is left to the block's start and reads more behind it.  A last line without an end gets one. */
static enum status fill(struct record_reader *reader, struct error *error)
{
    memmove(reader->block, reader->block + reader->begin, reader->end - reader->begin);
    reader->end -= reader->begin;
    reader->begin = 0;
    size_t old = reader->end;
    while (reader->end < reader->block_size && !reader->ended) {
        ssize_t got = read_some(reader->fd, reader->block + reader->end, reader->block_size - reader->end);
        if (got < 0)
            return record_error(reader, 0, error, "cannot be read: %s", strerror(errno));
        reader->end += (size_t)got;
        reader->ended = got == 0;
    }
    const char *zero = memchr(reader->block + old, '\0', reader->end - old);
    if (zero) {
        size_t line = reader->line;
        for (const char *p = reader->block; (p = memchr(p, '\n', (size_t)(zero - p))); p++)
            line++;
        return record_error(reader, line, error, "a zero byte: this is not a text file");
    }
    if (reader->ended && reader->end > 0 && reader->block[reader->end - 1] != '\n')
        reader->block[reader->end++] = '\n';
    reader->whole = reader->end;
    while (reader->whole > 0 && reader->block[reader->whole - 1] != '\n')
        reader->whole--;
    memset(reader->block + reader->end, 0, DECIMAL_PADDING);
    return STATUS_OK;
}

enum status record_rewind(struct record_reader *reader, struct error *error)
{
    if (lseek(reader->fd, 0, SEEK_SET) != 0)
        return record_error(reader, 0, error, "cannot be read twice: %s", strerror(errno));
    reader->begin = reader->whole = reader->end = 0;
    reader->ended = false;
    reader->line = 1;
    enum status status = fill(reader, error);
    if (status == STATUS_OK && reader->end >= 3 && memcmp(reader->block, "\xef\xbb\xbf", 3) == 0)
        reader->begin = 3;
    return status;
}

/* Separators outside quotes in the line from `p`; the end of it is stored. */
static size_t count_separators(const char *p, const char *end, char separator, const char **next)
{
    size_t count = 0;
    bool quoted = false;
    for (; p < end; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (!quoted && (*p == '\n' || *p == '\r'))
            break;
        else if (!quoted && *p == separator)
            count++;
    }
    *next = p < end ? p + 1 : end;
    return count;
}

/* The candidate that cuts most of the first lines into as many fields as the first one; then the one that cuts it into most. */
static char guess_separator(const struct record_reader *reader)
{
    static const char candidates[] = {',', ';', '\t'};
    char best = ',';
    size_t best_alike = 0, best_count = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        const char *p = reader->block + reader->begin, *end = reader->block + reader->end;
        size_t count = count_separators(p, end, candidates[i], &p), alike = 1;
        for (int lines = 1; lines < 10 && p < end; lines++) {
            bool blank = *p == '\n' || *p == '\r';
            alike += count_separators(p, end, candidates[i], &p) == count && !blank;
        }
        if (count > 0 && (alike > best_alike || (alike == best_alike && count > best_count))) {
            best = candidates[i];
            best_alike = alike;
            best_count = count;
        }
    }
    return best;
}

static void set_separator(struct record_reader *reader, char separator)
{
    reader->separator = separator;
    reader->mark = separator == ';' ? ',' : '.'; /* tables with ; are mostly from where 3,14 is a number */
    csv_set_delim(&reader->parser, (unsigned char)separator);
}

void record_prefer(struct record_reader *reader, char separator)
{
    const char *p = reader->block + reader->begin, *end = reader->block + reader->end;
    while (p < end && (*p == '\n' || *p == '\r'))
        p++;
    if (count_separators(p, end, separator, &p) > 0)
        set_separator(reader, separator);
}

static enum status open_file(struct record_reader *reader, struct error *error)
{
    bool standard_input = strcmp(reader->path, "-") == 0;
    reader->fd = standard_input ? STDIN_FILENO : open(reader->path, O_RDONLY | O_CLOEXEC);
    if (reader->fd < 0)
        return record_error(reader, 0, error, "cannot be opened: %s", strerror(errno));
    struct stat about;
    if (fstat(reader->fd, &about) != 0)
        return record_error(reader, 0, error, "cannot be read: %s", strerror(errno));
    if (S_ISDIR(about.st_mode))
        return record_error(reader, 0, error, "is a directory; a CSV file is needed");
    if (standard_input || !S_ISREG(about.st_mode)) {
        enum status status = spool_input(reader, error);
        if (status != STATUS_OK)
            return status;
        if (fstat(reader->fd, &about) != 0)
            return record_error(reader, 0, error, "cannot be read: %s", strerror(errno));
    }
    reader->size = (size_t)about.st_size;
    if (reader->size == 0)
        return record_error(reader, 0, error, "is empty; a table with an answer in every row is needed");
    return reader->block ? STATUS_OK : make_block(reader, reader->size, error);
}

enum status record_open(struct record_reader **out, const char *path, struct error *error)
{
    struct record_reader *reader = mem_alloc(1, sizeof *reader);
    if (!reader)
        return error_memory(error);
    enum status status;
    reader->path = path;
    reader->fd = -1;
    csv_init(&reader->parser, CSV_STRICT);
    if ((status = open_file(reader, error)) != STATUS_OK)
        goto failed;
    ssize_t got = pread(reader->fd, reader->block, 2, 0);
    if (got == 2 && (memcmp(reader->block, "\xff\xfe", 2) == 0 || memcmp(reader->block, "\xfe\xff", 2) == 0)) {
        status = record_error(reader, 0, error, "is in UTF-16; save it as UTF-8");
        goto failed;
    }
    if ((status = record_rewind(reader, error)) != STATUS_OK)
        goto failed;
    set_separator(reader, guess_separator(reader));
    *out = reader;
    return STATUS_OK;
failed:
    record_close(reader);
    return status;
}

void record_close(struct record_reader *reader)
{
    if (!reader)
        return;
    if (reader->spool)
        fclose(reader->spool);
    else if (reader->fd > STDIN_FILENO)
        close(reader->fd);
    csv_free(&reader->parser);
    mem_free(reader->block);
    mem_free(reader->cell);
    mem_free(reader->text);
    mem_free(reader);
}

/* The next cell to fill, or NULL with the fault noted. */
static struct cell *add_cell(struct record_reader *reader)
{
    if (reader->cells == reader->cell_room) {
        if (reader->cell_room >= CELLS_MAX) {
            reader->fault = FAULT_CELLS;
            return NULL;
        }
        size_t room = reader->cell_room ? 2 * reader->cell_room : 64;
        struct cell *grown = mem_resize(reader->cell, reader->cell_room, room, sizeof *grown);
        if (!grown) {
            reader->fault = FAULT_MEMORY;
            return NULL;
        }
        reader->cell = grown;
        reader->cell_room = room;
    }
    return &reader->cell[reader->cells++];
}

static bool equals(const char *text, size_t length, const char *lower)
{
    for (size_t i = 0; i < length; i++, lower++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
        if (c != *lower)
            return false;
    }
    return *lower == '\0';
}

static bool one_of(const char *text, size_t length, const char *const *words)
{
    for (; *words; words++)
        if (equals(text, length, *words))
            return true;
    return false;
}

static bool within_limit(double value)
{
    return value <= CELL_LIMIT && value >= -CELL_LIMIT;
}

/* What a text of known extent is.  DECIMAL_PADDING bytes behind it are readable, and the first of them is no part of a number. */
static void classify(struct cell *cell, const char *text, size_t length, char mark)
{
    static const char *const missing[] = {"", "?", "na", "n/a", "nan", "null", NULL};
    static const char *const infinite[] = {"inf", "infinity", NULL};
    cell->text = text;
    cell->length = length;
    if (length > 0 && decimal_read(text, mark, &cell->value) == text + length) {
        cell->kind = within_limit(cell->value) ? CELL_NUMBER : CELL_HUGE;
        return;
    }
    size_t sign = length > 1 && (*text == '-' || *text == '+');
    if (length <= 4 && one_of(text, length, missing))
        cell->kind = CELL_MISSING;
    else if (length <= 9 && one_of(text + sign, length - sign, infinite))
        cell->kind = CELL_HUGE;
    else
        cell->kind = CELL_TEXT;
}

static bool is_space(const struct record_reader *reader, char c)
{
    return c == ' ' || (c == '\t' && reader->separator != '\t');
}

/* Cuts one field that is no plain number: returns the byte that ends it, or NULL when libcsv has to look. */
static const char *cut_text(struct record_reader *reader, struct cell *cell, const char *start)
{
    while (is_space(reader, *start))
        start++;
    const char *end = start;
    while (*end != reader->separator && *end != '\n') {
        if (*end == '"' || (*end == '\r' && end[1] != '\n'))
            return NULL;
        if (*end == '\r')
            break;
        end++;
    }
    size_t length = (size_t)(end - start);
    while (length > 0 && is_space(reader, start[length - 1]))
        length--;
    classify(cell, start, length, reader->mark);
    return end;
}

enum cut { CUT_RECORD, CUT_BLANK, CUT_OTHER, CUT_FAULT };

/* The record at `begin`, where it has neither quotes nor lone CRs. */
static enum cut cut_plain(struct record_reader *reader)
{
    const char *p = reader->block + reader->begin;
    const char separator = reader->separator, mark = reader->mark;
    struct cell *cell = reader->cell, *last = cell ? cell + reader->cell_room : NULL;
    for (;; cell++) {
        if (cell == last) {
            reader->cells = reader->cell_room;
            cell = add_cell(reader);
            if (!cell)
                return CUT_FAULT;
            last = reader->cell + reader->cell_room;
        }
        double value;
        const char *end = decimal_read_short(p, mark, &value); /* within CELL_LIMIT by its digits */
        if (!end && (end = decimal_read_long(p, mark, &value)) && !within_limit(value))
            end = NULL;
        if (end && (*end == separator || *end == '\n')) {
            *cell = (struct cell){.value = value, .text = p, .length = (size_t)(end - p), .kind = CELL_NUMBER};
        } else {
            end = cut_text(reader, cell, p);
            if (!end)
                return CUT_OTHER;
        }
        if (cell->length > CSV_FIELD_MAX) {
            reader->cells = (size_t)(cell - reader->cell);
            reader->fault = FAULT_FIELD;
            return CUT_FAULT;
        }
        p = end + 1;
        if (*end == separator)
            continue;
        p += *end == '\r';
        break;
    }
    reader->cells = (size_t)(cell - reader->cell) + 1;
    reader->begin = (size_t)(p - reader->block);
    reader->line++;
    return reader->cells == 1 && reader->cell->length == 0 ? CUT_BLANK : CUT_RECORD;
}

/* Room for `more` bytes of text; cells that point into it move with it. */
static bool reserve_text(struct record_reader *reader, size_t more)
{
    size_t needed = reader->text_used + more;
    if (needed <= reader->text_room)
        return true;
    size_t room = reader->text_room ? reader->text_room : 4096;
    while (room < needed)
        room *= 2;
    char *grown = mem_alloc(room, 1);
    if (!grown)
        return false;
    if (reader->text_used > 0)
        memcpy(grown, reader->text, reader->text_used);
    for (size_t i = 0; i < reader->cells; i++)
        reader->cell[i].text = grown + (reader->cell[i].text - reader->text);
    mem_free(reader->text);
    reader->text = grown;
    reader->text_room = room;
    return true;
}

static void on_field(void *field, size_t length, void *data)
{
    struct record_reader *reader = data;
    if (reader->fault != FAULT_NONE)
        return;
    if (length > CSV_FIELD_MAX)
        reader->fault = FAULT_FIELD;
    else if (reader->text_used + length > RECORD_MAX)
        reader->fault = FAULT_RECORD;
    else if (!reserve_text(reader, length + 1 + DECIMAL_PADDING))
        reader->fault = FAULT_MEMORY;
    if (reader->fault != FAULT_NONE)
        return;
    char *text = reader->text + reader->text_used;
    struct cell *cell = add_cell(reader);
    if (!cell)
        return;
    if (length > 0)
        memcpy(text, field, length);
    memset(text + length, 0, 1 + DECIMAL_PADDING);
    reader->text_used += length + 1;
    classify(cell, text, length, reader->mark);
}

static void on_record(int terminator, void *data)
{
    struct record_reader *reader = data;
    (void)terminator;
    reader->done = true;
}

static enum status fault_error(struct record_reader *reader, size_t line, struct error *error)
{
    switch (reader->fault) {
    case FAULT_FIELD:
        return record_error(reader, line, error, "field %zu is longer than %d bytes; is a quote missing?",
                            reader->cells + 1, CSV_FIELD_MAX);
    case FAULT_RECORD:
        return record_error(reader, line, error, "a record of more than %zu MB; is a quote missing?", RECORD_MAX >> 20);
    case FAULT_CELLS:
        return record_error(reader, line, error, "more than %d columns", CELLS_MAX);
    default:
        return error_memory(error);
    }
}

/* Bytes of the block from `begin` that libcsv gets next: a line with its end (LF, CRLF or CR), or the part of one that is there.
 * 0: a CR whose successor is not read yet. */
static size_t next_piece(const struct record_reader *reader, bool *line_ends)
{
    const char *piece = reader->block + reader->begin;
    size_t left = reader->end - reader->begin, size = 0;
    while (size < left && piece[size] != '\n' && piece[size] != '\r')
        size++;
    *line_ends = false;
    if (size == left || (piece[size] == '\r' && size + 1 == left))
        return size;
    *line_ends = true;
    return size + 1 + (piece[size] == '\r' && piece[size + 1] == '\n');
}

/* Feeds libcsv one line after the other until it has found the record's end.  No cells: the file ended. */
static enum status cut_quoted(struct record_reader *reader, size_t *first_line, struct error *error)
{
    size_t column = 1; /* of the byte at `begin` in its line */
    reader->cells = 0;
    reader->text_used = 0;
    reader->done = false;
    while (!reader->done) {
        if (reader->cells == 0 && !reader->parser.quoted && reader->parser.entry_pos == 0)
            *first_line = reader->line;
        bool line_ends = false;
        size_t size = next_piece(reader, &line_ends);
        if (size == 0) {
            enum status status = fill(reader, error);
            if (status != STATUS_OK)
                return status;
            if (reader->begin < reader->end)
                continue;
            if (reader->parser.quoted)
                return record_error(reader, *first_line, error, "a quote that opens in this record is never closed");
            return STATUS_OK;
        }
        const char *piece = reader->block + reader->begin;
        size_t taken = csv_parse(&reader->parser, piece, size, on_field, on_record, reader);
        if (reader->fault == FAULT_NONE && csv_error(&reader->parser) == CSV_ENOMEM)
            reader->fault = FAULT_MEMORY;
        if (reader->fault == FAULT_NONE && reader->parser.entry_pos > CSV_FIELD_MAX)
            reader->fault = FAULT_FIELD;
        if (reader->fault != FAULT_NONE)
            return fault_error(reader, *first_line, error);
        if (taken < size && piece[taken] == '"')
            return record_error(reader, reader->line, error,
                                "column %zu: a quote inside a field: quote the whole field and double the quote",
                                column + taken);
        if (taken < size)
            return record_error(reader, reader->line, error,
                                "column %zu: text behind a closing quote, where a separator must follow",
                                column + taken);
        reader->begin += size;
        reader->line += line_ends;
        column = line_ends ? 1 : column + size;
    }
    return STATUS_OK;
}

enum status record_next(struct record_reader *reader, struct record *record, struct error *error)
{
    for (;;) {
        enum status status = STATUS_OK;
        bool full = reader->begin == 0 && reader->end >= reader->block_size;
        if (reader->begin == reader->whole && !reader->ended && !full)
            status = fill(reader, error);
        if (status != STATUS_OK)
            return status;
        size_t line = reader->line;
        enum cut cut = reader->begin < reader->whole ? cut_plain(reader) : CUT_OTHER;
        if (cut == CUT_BLANK)
            continue;
        if (cut == CUT_FAULT)
            return fault_error(reader, line, error);
        if (cut == CUT_OTHER)
            status = cut_quoted(reader, &line, error);
        *record = (struct record){.cell = reader->cell, .cells = reader->cells, .line = line};
        return status;
    }
}

/* A record takes at least a line end, and at least a byte a cell. */
enum status record_bound(struct record_reader *reader, size_t cells, size_t *most, struct error *error)
{
    if (lseek(reader->fd, 0, SEEK_SET) != 0)
        return record_error(reader, 0, error, "cannot be read twice: %s", strerror(errno));
    size_t lines = 1;
    ssize_t got;
    while ((got = read_some(reader->fd, reader->block, reader->block_size)) > 0) {
        const char *start = reader->block, *end = reader->block + got, *p = start, *q;
        for (; (q = memchr(p, '\n', (size_t)(end - p))); p = q + 1)
            lines += q > p || p == start;
        for (p = start; (q = memchr(p, '\r', (size_t)(end - p))); p = q + 1)
            lines += q + 1 == end || q[1] != '\n';
    }
    if (got < 0)
        return record_error(reader, 0, error, "cannot be read: %s", strerror(errno));
    size_t by_size = reader->size / cells + 1;
    *most = lines < by_size ? lines : by_size;
    return record_rewind(reader, error);
}
