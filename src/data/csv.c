/* Cuts a CSV file into records of cells.
 *
 * DESIGN.  The first block and the first rows decide once how the file is written: where its table begins and what parts
 * the cells (data/separator.h), and how the numbers of each column are written (data/notation.h).  The file is read in blocks (data/stream.h).  A record that lies in the block as whole lines without quotes
 * or odd line ends is cut in place, number by number (`cut_plain`): no copy, no callback.  Any other goes to libcsv in
 * strict mode (`cut_quoted`), line by line, since libcsv itself counts no lines, grows its buffer without bound and
 * would go on behind the record's end. A column's notation is looked up cell by cell only where it is not the usual one. */
#include <csv.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "data/cell.h"
#include "data/csv.h"
#include "data/decimal.h"
#include "data/record.h"
#include "data/separator.h"
#include "data/stream.h"

#define RECORD_MAX ((size_t)16 * 1024 * 1024) /* bytes of a record that goes through libcsv */
#define CELLS_MAX  16384                      /* columns */

/* Rows, and cells, from which the notation of numbers is decided. */
#define ROWS_LOOKED_AT  2000
#define CELLS_LOOKED_AT 200000

struct record_reader {
    struct stream stream;
    struct layout layout;
    struct csv_form form; /* what the user says */
    struct missing_words missing;
    struct notation_column *column; /* [columns]: what was found in the first rows */
    struct notation *plain,
        *quoted; /* [CELLS_MAX + 1], of cells without and with quotes; NULL: all are the usual one */
    size_t columns;
    char mark; /* that columns prove; 0: none does */
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
    return stream_path(&reader->stream);
}

enum status record_error(const struct record_reader *reader, size_t line, struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const enum status status = stream_say(&reader->stream, line, error, format, arguments);
    va_end(arguments);
    return status;
}

enum status record_rewind(struct record_reader *reader, struct error *error)
{
    const enum status status = stream_rewind(&reader->stream, error);
    if (status == STATUS_OK) {
        reader->stream.begin += reader->layout.skip;
        reader->stream.line += reader->layout.lines;
    }
    return status;
}

/* A record takes at least a line end, and at least a byte a cell. */
enum status record_bound(struct record_reader *reader, size_t cells, size_t *most, struct error *error)
{
    const size_t by_size = reader->stream.size / cells + 1;
    enum status status = stream_lines(&reader->stream, most, error);
    if (status == STATUS_OK)
        status = record_rewind(reader, error);
    *most = *most < by_size ? *most : by_size;
    return status;
}

char record_separator(const struct record_reader *reader)
{
    return reader->layout.separator;
}

const struct layout *record_layout(const struct record_reader *reader)
{
    return &reader->layout;
}

const struct csv_form *record_form(const struct record_reader *reader)
{
    return &reader->form;
}

const struct notation_column *record_notation(const struct record_reader *reader, size_t column)
{
    return column < reader->columns ? &reader->column[column] : NULL;
}

char record_mark(const struct record_reader *reader)
{
    return reader->mark;
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

static void set_separator(struct record_reader *reader, char separator)
{
    reader->layout.separator = separator;
    csv_set_delim(&reader->parser, (unsigned char)separator);
}

void record_prefer(struct record_reader *reader, char separator)
{
    const char *p = reader->stream.block + reader->stream.begin, *end = reader->stream.block + reader->stream.end;
    while (p < end && (*p == '\n' || *p == '\r'))
        p++;
    if (separator_count(p, end, separator) > 0)
        set_separator(reader, separator);
}

/* A cell without quotes holds no separator. */
static struct notation without(struct notation notation, char separator)
{
    notation.other = notation.other == separator ? notation.mark : notation.other;
    notation.mark = notation.mark == separator ? notation.other : notation.mark;
    if (notation.mark == separator)
        notation.mark = notation.other = '\0';
    if (notation.group == separator)
        notation.group = 0;
    return notation;
}

/* Keeps the notation of each column, unless all are the usual one. */
static enum status take_notation(struct record_reader *reader, struct error *error)
{
    bool usual = true;
    for (size_t i = 0; i < reader->columns; i++) {
        const struct notation *notation = &reader->column[i].notation;
        usual &= notation->mark == '.' && notation->other == '.' && !notation->blanks;
    }
    if (usual)
        return STATUS_OK;
    reader->plain = mem_alloc(CELLS_MAX + 1, sizeof *reader->plain);
    reader->quoted = mem_alloc(CELLS_MAX + 1, sizeof *reader->quoted);
    if (!reader->plain || !reader->quoted)
        return error_memory(error);
    for (size_t i = 0; i <= CELLS_MAX; i++) {
        reader->quoted[i] = i < reader->columns ? reader->column[i].notation : notation_usual;
        reader->plain[i] = without(reader->quoted[i], reader->layout.separator);
    }
    return STATUS_OK;
}

/* Looks at the first rows; the first of all may be a header, and only counts where there is no other.  A record that
 * cannot be read ends the look: who reads the file meets it again. */
static enum status find_notation(struct record_reader *reader, char mark_before, struct error *error)
{
    struct record record;
    size_t cells = 0;
    reader->parser.quoted = 0;
    if (record_next(reader, &record, NULL) != STATUS_OK || record.cells == 0)
        return STATUS_OK;
    reader->columns = record.cells;
    reader->column = mem_alloc(record.cells, sizeof *reader->column);
    if (!reader->column)
        return error_memory(error);
    for (size_t row = 0; row < ROWS_LOOKED_AT && cells < CELLS_LOOKED_AT; row++) {
        if (record_next(reader, &record, NULL) != STATUS_OK || record.cells == 0)
            break;
        for (size_t i = 0; i < record.cells && i < reader->columns; i++)
            if (record.cell[i].kind != CELL_MISSING)
                notation_take(&reader->column[i], record.cell[i].text, record.cell[i].length);
        cells += record.cells;
    }
    reader->mark =
        notation_decide(reader->column, reader->columns, reader->layout.separator, reader->form.decimal, mark_before);
    return take_notation(reader, error);
}

/* Forgets a record that could not be read. */
static void reset_parser(struct record_reader *reader)
{
    csv_free(&reader->parser);
    csv_init(&reader->parser, CSV_STRICT);
    csv_set_delim(&reader->parser, (unsigned char)reader->layout.separator);
    reader->fault = FAULT_NONE;
}

static enum status find_form(struct record_reader *reader, const struct csv_form *form, struct error *error)
{
    const struct stream *stream = &reader->stream;
    const char *from = stream->block + stream->begin;
    const char *end = stream->block + (stream->whole > stream->begin ? stream->whole : stream->end);
    if (!form) {
        set_separator(reader, separator_guess(from, end));
        return STATUS_OK;
    }
    reader->form = *form;
    layout_find(&reader->layout, from, end, form->separator);
    set_separator(reader, reader->layout.separator);
    enum status status = record_rewind(reader, error);
    if (status == STATUS_OK)
        status = find_notation(reader, form->decimal_before, error);
    reset_parser(reader);
    return status == STATUS_OK ? record_rewind(reader, error) : status;
}

enum status record_open(struct record_reader **out, const char *path, const struct csv_form *form, struct error *error)
{
    struct record_reader *reader = mem_alloc(1, sizeof *reader);
    if (!reader)
        return error_memory(error);
    csv_init(&reader->parser, CSV_STRICT);
    enum status status = stream_open(&reader->stream, path, error);
    if (status == STATUS_OK)
        status = record_rewind(reader, error);
    if (status == STATUS_OK)
        status = missing_words_read(&reader->missing, form ? form->missing : NULL, error);
    if (status == STATUS_OK)
        status = find_form(reader, form, error);
    if (status == STATUS_OK)
        *out = reader;
    else
        record_close(reader);
    return status;
}

void record_close(struct record_reader *reader)
{
    if (!reader)
        return;
    stream_close(&reader->stream);
    csv_free(&reader->parser);
    mem_free(reader->column);
    mem_free(reader->plain);
    mem_free(reader->quoted);
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

static bool is_space(const struct record_reader *reader, char c)
{
    return c == ' ' || (c == '\t' && reader->layout.separator != '\t');
}

/* Cuts one field that is no plain number: returns the byte that ends it, or NULL when libcsv has to look. */
static const char *cut_text(struct record_reader *reader, struct cell *cell, const char *start)
{
    const char separator = reader->layout.separator;
    while (is_space(reader, *start))
        start++;
    const char *end = start;
    while (*end != separator && *end != '\n') {
        if (*end == '"' || (*end == '\r' && end[1] != '\n'))
            return NULL;
        if (*end == '\r')
            break;
        end++;
    }
    size_t length = (size_t)(end - start);
    while (length > 0 && is_space(reader, start[length - 1]))
        length--;
    cell_classify(cell, start, length, reader->plain ? &reader->plain[cell - reader->cell] : &notation_usual,
                  &reader->missing);
    return end;
}

enum cut { CUT_RECORD, CUT_BLANK, CUT_OTHER, CUT_FAULT };

/* The record at `begin`, where it has neither quotes nor lone CRs.  `usual`: a constant, all numbers have points. */
__attribute__((always_inline)) static inline enum cut cut_plain(struct record_reader *reader, bool usual)
{
    const char *p = reader->stream.block + reader->stream.begin;
    const char separator = reader->layout.separator;
    const bool numbers_miss = reader->missing.has_numbers;
    char mark = '.', other = '.';
    struct cell *cell = reader->cell, *last = cell ? cell + reader->cell_room : NULL;
    for (;; cell++) {
        if (cell == last) {
            reader->cells = reader->cell_room;
            cell = add_cell(reader);
            if (!cell)
                return CUT_FAULT;
            last = reader->cell + reader->cell_room;
        }
        if (!usual) {
            const struct notation *notation = &reader->plain[cell - reader->cell];
            mark = notation->mark;
            other = notation->other;
        }
        double value;
        const char *end = decimal_read_short(p, mark, other, &value); /* within CELL_LIMIT by its digits */
        bool may_be_code = end && value == (double)(int32_t)value;
        if (!end) {
            may_be_code = (end = decimal_read_long(p, mark, other, &value)) != NULL;
            end = may_be_code && cell_within_limit(value) ? end : NULL;
        }
        if (end && (*end == separator || *end == '\n')) {
            *cell = (struct cell){.value = value, .text = p, .length = (size_t)(end - p), .kind = CELL_NUMBER};
            if (may_be_code)
                cell->is_code = cell_is_code(p, end);
            if (numbers_miss && missing_words_have_value(&reader->missing, value))
                cell->kind = CELL_MISSING;
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
    reader->stream.begin = (size_t)(p - reader->stream.block);
    reader->stream.line++;
    return reader->cells == 1 && reader->cell->length == 0 ? CUT_BLANK : CUT_RECORD;
}

static enum cut cut_usual(struct record_reader *reader)
{
    return cut_plain(reader, true);
}

static enum cut cut_by_column(struct record_reader *reader)
{
    return cut_plain(reader, false);
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
    cell_classify(cell, text, length, reader->quoted ? &reader->quoted[cell - reader->cell] : &notation_usual,
                  &reader->missing);
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

/* Bytes of the block from `begin` that libcsv gets next: a line with its end (LF, CRLF or CR), or the part of one that
 * is there. 0: a CR whose successor is not read yet. */
static size_t next_piece(const struct record_reader *reader, bool *line_ends)
{
    const char *piece = reader->stream.block + reader->stream.begin;
    size_t left = reader->stream.end - reader->stream.begin, size = 0;
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
            *first_line = reader->stream.line;
        bool line_ends = false;
        size_t size = next_piece(reader, &line_ends);
        if (size == 0) {
            enum status status = stream_fill(&reader->stream, error);
            if (status != STATUS_OK)
                return status;
            if (reader->stream.begin < reader->stream.end)
                continue;
            if (reader->parser.quoted)
                return record_error(reader, *first_line, error, "a quote that opens in this record is never closed");
            return STATUS_OK;
        }
        const char *piece = reader->stream.block + reader->stream.begin;
        size_t taken = csv_parse(&reader->parser, piece, size, on_field, on_record, reader);
        if (reader->fault == FAULT_NONE && csv_error(&reader->parser) == CSV_ENOMEM)
            reader->fault = FAULT_MEMORY;
        if (reader->fault == FAULT_NONE && reader->parser.entry_pos > CSV_FIELD_MAX)
            reader->fault = FAULT_FIELD;
        if (reader->fault != FAULT_NONE)
            return fault_error(reader, *first_line, error);
        if (taken < size && piece[taken] == '"')
            return record_error(reader, reader->stream.line, error,
                                "column %zu: a quote inside a field: quote the whole field and double the quote",
                                column + taken);
        if (taken < size)
            return record_error(reader, reader->stream.line, error,
                                "column %zu: text behind a closing quote, where a separator must follow",
                                column + taken);
        reader->stream.begin += size;
        reader->stream.line += line_ends;
        column = line_ends ? 1 : column + size;
    }
    return STATUS_OK;
}

/* Skips a line that begins with '#', behind the first record's.  False: there is none, or not its whole end. */
static bool skip_comment(struct record_reader *reader)
{
    struct stream *stream = &reader->stream;
    const char *p = stream->block + stream->begin, *end = stream->block + stream->end;
    if (p == end || *p != '#' || stream->line == reader->layout.lines + 1)
        return false;
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    if (p == end)
        return false;
    p += 1 + (*p == '\r' && p + 1 < end && p[1] == '\n');
    stream->begin = (size_t)(p - stream->block);
    stream->line++;
    return true;
}

enum status record_next(struct record_reader *reader, struct record *record, struct error *error)
{
    for (;;) {
        enum status status = STATUS_OK;
        bool full = reader->stream.begin == 0 && reader->stream.end >= reader->stream.block_size;
        if (reader->stream.begin == reader->stream.whole && !reader->stream.ended && !full)
            status = stream_fill(&reader->stream, error);
        if (status != STATUS_OK)
            return status;
        if (reader->layout.comments && skip_comment(reader))
            continue;
        size_t line = reader->stream.line;
        enum cut cut = CUT_OTHER;
        if (reader->stream.begin < reader->stream.whole)
            cut = reader->plain ? cut_by_column(reader) : cut_usual(reader);
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
