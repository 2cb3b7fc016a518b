/* What is read from a CSV file equals what was written, in every way to write it. */
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "data/header.h"
#include "data/record.h"
#include "suite.h"
#include "support/working_folder.h"

enum { ROWS_MAX = 40, COLUMNS_MAX = 7, SEEDS = 3 };

/* How a table is written. */
struct way {
    char separator, decimal;
    bool header, thousands;
    enum { QUOTE_NEEDED, QUOTE_ALL, QUOTE_SOME } quotes;
    enum { END_LF, END_CRLF, END_CR } line_end;
    bool byte_order_mark, separator_line, title;
};

struct drawn {
    uint32_t key, index;
    size_t rows, columns; /* the last column has labels, the one before it texts */
    double value[ROWS_MAX][COLUMNS_MAX];
    char text[ROWS_MAX][2][24];
};

static uint32_t below(struct drawn *table, uint32_t n)
{
    return random_bits(table->key, table->index++) % n;
}

/* Numbers with one to four decimals, from column 1 on whole ones up to millions. */
static void draw(struct drawn *table, uint32_t seed)
{
    static const char *const texts[] = {"Ulm", "a b", "x-1", "Łódź", "née", "12a", "o'o", "\"q\"", "1:2"};
    *table = (struct drawn){.key = random_key(seed, RANDOM_SAMPLE, 0)};
    table->rows = 6 + below(table, ROWS_MAX - 6);
    table->columns = 4 + below(table, COLUMNS_MAX - 3);
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t column = 0; column + 2 < table->columns; column++) {
            const double size = (double)(int32_t)below(table, 2000000) - 1e6;
            table->value[row][column] = column == 1 ? floor(size) : size / (below(table, 2) ? 100 : 1e4);
        }
        table->value[row][0] = below(table, 90) + 0.25;
        snprintf(table->text[row][0], sizeof table->text[row][0], "%s", texts[below(table, 9)]);
        snprintf(table->text[row][1], sizeof table->text[row][1], "%c", row < 2 ? 'A' : 'A' + (char)below(table, 3));
    }
}

/* "-1234567.5" with the marks of the way. */
static void write_number(char *to, size_t size, double value, const struct way *way)
{
    char plain[64];
    size_t used = 0;
    snprintf(plain, sizeof plain, "%.10g", value);
    const char *point = strchr(plain, '.');
    const size_t whole = point ? (size_t)(point - plain) : strlen(plain);
    for (size_t i = 0; plain[i] && used + 3 < size; i++) {
        if (way->thousands && i > (plain[0] == '-') && i < whole && (whole - i) % 3 == 0)
            to[used++] = way->decimal == ',' ? '.' : ',';
        to[used++] = plain[i] == '.' ? way->decimal : plain[i];
    }
    to[used] = '\0';
}

static void write_cell(FILE *file, struct drawn *table, const char *text, const struct way *way)
{
    const bool needed = strchr(text, way->separator) || strchr(text, '"');
    const bool quoted = needed || way->quotes == QUOTE_ALL || (way->quotes == QUOTE_SOME && below(table, 3) == 0);
    if (quoted)
        putc('"', file);
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            putc('"', file);
        putc(*p, file);
    }
    if (quoted)
        putc('"', file);
}

static void write_table(struct drawn *table, const struct way *way)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    const char *end = ends[way->line_end];
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    if (way->byte_order_mark)
        fputs("\xef\xbb\xbf", file);
    if (way->separator_line)
        fprintf(file, "sep=%c%s", way->separator, end);
    if (way->title)
        fprintf(file, "All of it%s%s", end, end);
    for (size_t column = 0; way->header && column < table->columns; column++) {
        char name[40];
        snprintf(name, sizeof name, column == 1 ? "size, %zu" : "name %zu", column);
        if (column > 0)
            putc(way->separator, file);
        write_cell(file, table, name, way);
    }
    fputs(way->header ? end : "", file);
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t column = 0; column < table->columns; column++) {
            char number[80];
            const bool is_number = column + 2 < table->columns;
            if (is_number)
                write_number(number, sizeof number, table->value[row][column], way);
            if (column > 0)
                putc(way->separator, file);
            write_cell(file, table, is_number ? number : table->text[row][column + 2 - table->columns], way);
        }
        fputs(end, file);
    }
    ck_assert_int_eq(fclose(file), 0);
}

static void describe(char *out, size_t size, const struct way *way)
{
    snprintf(out, size, "'%c' '%c' header %d thousands %d quotes %d end %d mark %d sep %d title %d", way->separator,
             way->decimal, way->header, way->thousands, way->quotes, way->line_end, way->byte_order_mark,
             way->separator_line, way->title);
}

static void check_record(const struct record *record, const struct drawn *table, size_t row, const char *how)
{
    ck_assert_msg(record->cells == table->columns, "%s: row %zu: %zu cells, not %zu", how, row, record->cells,
                  table->columns);
    for (size_t column = 0; column < table->columns; column++) {
        const struct cell *cell = &record->cell[column];
        const double value = table->value[row][column];
        if (column + 2 < table->columns) {
            ck_assert_msg(cell->kind == CELL_NUMBER && fabs(cell->value - value) <= 1e-9 * fabs(value),
                          "%s: row %zu column %zu: '%.*s' is %g, not %g", how, row, column, (int)cell->length,
                          cell->text, cell->value, value);
        } else {
            const char *text = table->text[row][column + 2 - table->columns];
            ck_assert_msg(cell->kind == CELL_TEXT && cell->length == strlen(text) &&
                              memcmp(cell->text, text, cell->length) == 0,
                          "%s: row %zu: '%.*s', not '%s'", how, row, (int)cell->length, cell->text, text);
        }
    }
}

static void check_table(const struct drawn *table, const struct way *way)
{
    const struct csv_form form = {0};
    struct error error = {.status = STATUS_OK};
    struct record_reader *reader = NULL;
    struct header header;
    struct record record;
    char how[200];
    describe(how, sizeof how, way);
    ck_assert_msg(record_open(&reader, "t.csv", &form, &error) == STATUS_OK, "%s: %s", how, error.message);
    ck_assert_msg(header_find(&header, reader, NULL, NULL, &error) == STATUS_OK, "%s: %s", how, error.message);
    ck_assert_msg(header.present == way->header, "%s: the header", how);
    for (size_t row = 0; row < table->rows; row++) {
        ck_assert_msg(record_next(reader, &record, &error) == STATUS_OK, "%s: %s", how, error.message);
        check_record(&record, table, row, how);
    }
    ck_assert_int_eq(record_next(reader, &record, &error), STATUS_OK);
    ck_assert_uint_eq(record.cells, 0);
    header_free(&header);
    record_close(reader);
}

/* The bits of `number` choose the way. */
static struct way way_of(unsigned number)
{
    static const char separators[] = {',', ';', '\t', '|'};
    return (struct way){
        .separator = separators[number % 4],
        .decimal = number / 4 % 2 ? ',' : '.',
        .header = number / 8 % 2,
        .thousands = number / 16 % 2,
        .byte_order_mark = number / 32 % 2,
        .separator_line = number / 64 % 2,
        .title = number / 128 % 2,
        .quotes = number / 256 % 3,
        .line_end = number / 768 % 3,
    };
}

START_TEST(csv_reads_what_was_written_in_every_way)
{
    for (unsigned number = 0; number < 4 * 64 * 9; number++)
        for (unsigned seed = 0; seed < SEEDS; seed++) {
            const struct way way = way_of(number);
            struct drawn table;
            draw(&table, 1 + seed + SEEDS * number);
            write_table(&table, &way);
            check_table(&table, &way);
        }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("csv_property");
    TCase *tests = tcase_create("csv_property");
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, csv_reads_what_was_written_in_every_way);
    suite_add_tcase(suite, tests);
    return suite;
}
