#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/journal.h"
#include "engine/journal_facts.h"
#include "setup/spec_text.h"
#include "suite.h"
#include "support/wishes.h"

/* A fresh folder, and a path in it. */
static char folder[64], path[96];

static void setup(void)
{
    strcpy(folder, "/tmp/downhill-journal-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.journal", folder);
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void load_spec(struct spec *spec)
{
    struct dataset *dataset;
    spec_init(spec);
    ck_assert_int_eq(spec_load(spec, &dataset, NULL), STATUS_OK);
    dataset_free(dataset);
}

/* The same, begun with a checkpoint that has a turn behind it. */
static void load_start(struct spec *spec)
{
    load_spec(spec);
    ck_assert_int_eq(spec_add_turn(spec, 5, KNOB_LR, 0.1), STATUS_OK);
    spec->load_path = mem_string("my \"start\"");
    spec->turns_done = 1;
}

static const struct journal_facts some_facts = {
    .kernels = "sgemm (Zen)",
    .portable = false,
    .threads = 4,
    .data = {.size = 3975, .hash = UINT64_C(0x00ff00ff12345678)},
    .load = {.size = 17, .hash = 18},
};

static struct journal *create(void)
{
    struct spec spec;
    struct journal *journal;
    struct error error = {.message = ""};
    load_start(&spec);
    ck_assert_msg(journal_create(&journal, path, &spec, &some_facts, &error) == STATUS_OK, "%s", error.message);
    spec_free(&spec);
    return journal;
}

static char *read_file(void)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    char *text = mem_alloc(1 << 16, 1);
    ck_assert_uint_lt(fread(text, 1, (1 << 16) - 1, file), (1 << 16) - 1);
    fclose(file);
    return text;
}

static void write_file(const char *text, size_t length)
{
    FILE *file = fopen(path, "wb");
    ck_assert_uint_eq(fwrite(text, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
}

static enum status read_journal(struct journal_script **script, struct error *error)
{
    struct spec spec;
    struct journal_facts facts;
    spec_init(&spec);
    enum status status = journal_read(script, path, &spec, &facts, error);
    spec_free(&spec);
    return status;
}

/* An entry as it is written here. */
struct line {
    bool input;
    uint16_t branch;
    uint64_t step;
    enum journal_outcome outcome;
    uint64_t value;
    struct wish command;
};

static void write_line(struct journal *journal, const struct line *line)
{
    struct journal_entry entry = {.input = line->input,
                                  .branch = line->branch,
                                  .step = line->step,
                                  .outcome = line->outcome,
                                  .value = line->value};
    if (line->input)
        entry.request = request_of(&line->command);
    journal_write(journal, &entry);
    request_free(&entry.request);
}

/* One of each, with awkward arguments. */
static const struct line entries[] = {
    {.input = true, .step = 0, .command = {.name = "knob", .knob = KNOB_LR, .value = 0.1 + 0.2}},
    {.input = true, .step = 7, .command = {.name = "knob", .knob = KNOB_TRAIN_FRACTION, .value = 1.0 / 3}},
    {.input = true, .step = 7, .command = {.name = "knob", .knob = KNOB_OPTIMIZER, .value = 2}},
    {.input = true, .step = 7, .command = {.name = "knob", .knob = KNOB_CLIP, .value = 0}},
    {.outcome = OUTCOME_STATE, .step = 100, .value = UINT64_C(0x0123456789abcdef)},
    {.input = true, .step = 100, .command = {.name = "restart"}},
    {.input = true, .branch = 1, .step = 5, .command = {.name = "seed", .number = SEED_MAX}},
    {.input = true, .branch = 2, .step = 6, .command = {.name = "rewind", .branch = 1, .number = 3}},
    {.input = true, .branch = 3, .step = 3, .command = {.name = "fork"}},
    {.input = true, .branch = 4, .step = 3, .command = {.name = "switch", .branch = 2}},
    {.input = true, .branch = 2, .step = 6, .command = {.name = "twin", .text = "lr=0.3 hidden=16,16"}},
    {.input = true, .branch = 2, .step = 6, .command = {.name = "race", .branch = UINT16_MAX}},
    {.input = true, .step = 6, .command = {.name = "name", .branch = 2, .text = "\n> 0 1 fork\x1b é\xff \"\\"}},
    {.input = true, .step = 6, .command = {.name = "name", .branch = 2, .text = ""}},
    {.input = true, .step = 6, .command = {.name = "delete", .branch = 3}},
    {.input = true, .step = 6, .command = {.name = "load", .text = "my weights/a.downhill"}},
    {.outcome = OUTCOME_EARLY_STOP, .branch = 5, .step = (uint64_t)1 << 53, .value = 4000},
    {.outcome = OUTCOME_DIVERGED, .branch = 5, .step = 5000},
    {.outcome = OUTCOME_END, .branch = 5, .step = 5000, .value = UINT64_MAX},
};
enum { ENTRIES = sizeof entries / sizeof entries[0] };

/* Frees the entry's text. */
static void check_entry(struct journal_entry *a, const struct line *line)
{
    ck_assert_int_eq(a->input, line->input);
    ck_assert_uint_eq(a->branch, line->branch);
    ck_assert_uint_eq(a->step, line->step);
    ck_assert_int_eq(a->outcome, line->outcome);
    ck_assert_uint_eq(a->value, line->value);
    if (line->input) {
        struct request b = request_of(&line->command);
        ck_assert_ptr_eq(a->request.row, b.row);
        for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
            ck_assert_uint_eq(a->request.value[i].number, b.value[i].number); /* the bits, of a real too */
        ck_assert_str_eq(request_text(&a->request), request_text(&b));
        request_free(&b);
    }
    request_free(&a->request);
}

START_TEST(what_is_written_is_read)
{
    struct journal *journal = create();
    for (size_t i = 0; i < ENTRIES; i++)
        write_line(journal, &entries[i]);
    ck_assert_ptr_null(journal_warning(journal));
    ck_assert_str_eq(journal_path(journal), path);
    journal_close(journal);

    struct spec spec, wanted;
    struct journal_facts facts;
    struct journal_script *script;
    struct journal_entry entry;
    struct error error = {.message = ""};
    spec_init(&spec);
    ck_assert_msg(journal_read(&script, path, &spec, &facts, &error) == STATUS_OK, "%s", error.message);
    load_start(&wanted);
    char *text = spec_text(&spec), *wanted_text = spec_text(&wanted);
    ck_assert_str_eq(text, wanted_text);
    ck_assert_str_eq(facts.kernels, some_facts.kernels);
    ck_assert(!facts.portable);
    ck_assert_uint_eq(facts.threads, 4);
    ck_assert_uint_eq(facts.data.size, some_facts.data.size);
    ck_assert_uint_eq(facts.data.hash, some_facts.data.hash);
    ck_assert_uint_eq(facts.test.size, 0);
    ck_assert_uint_eq(facts.load.hash, 18);
    ck_assert_str_eq(spec.load_path, "my \"start\"");
    ck_assert_uint_eq(spec.turns_done, 1);
    for (size_t i = 0; i < ENTRIES; i++) {
        ck_assert_msg(journal_next(script, &entry), "entry %zu is missing", i);
        check_entry(&entry, &entries[i]);
    }
    ck_assert(!journal_next(script, &entry));
    ck_assert(!journal_next(script, &entry));
    journal_script_free(script);
    mem_free(text);
    mem_free(wanted_text);
    spec_free(&spec);
    spec_free(&wanted);
}
END_TEST

START_TEST(what_a_replay_does_not_need_is_left_out)
{
    static const char *const kinds[] = {"pause", "return", "go", "step", "epoch", "until", "scrub", "save", "end"};
    struct journal *journal = create();
    char *before = read_file();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        write_line(journal, &(struct line){.input = true, .command = {.name = kinds[i], .number = 9}});
    write_line(journal, &(struct line){.input = true, .command = {.name = "knob", .knob = KNOB_SPEED}});
    char *after = read_file();
    ck_assert_str_eq(before, after);
    journal_close(journal);
    mem_free(before);
    mem_free(after);
}
END_TEST

START_TEST(each_line_is_in_the_file_at_once)
{
    struct journal *journal = create();
    write_line(journal, &entries[5]);
    char *text = read_file();
    ck_assert_ptr_nonnull(strstr(text, "\n\n> 0 100 restart\n"));
    ck_assert_int_eq(strncmp(text, "downhill journal 2\ntask spiral\n", 31), 0);
    mem_free(text);
    journal_close(journal);
}
END_TEST

START_TEST(a_journal_cut_anywhere_is_read_up_to_its_last_whole_line)
{
    struct journal *journal = create();
    for (size_t i = 0; i < ENTRIES; i++)
        write_line(journal, &entries[i]);
    journal_close(journal);
    char *text = read_file();
    const size_t head = (size_t)(strstr(text, "\n\n") + 2 - text);
    for (size_t length = 0; length <= strlen(text); length++) {
        struct journal_script *script;
        struct journal_entry entry;
        struct error error = {.message = ""};
        write_file(text, length);
        const enum status status = read_journal(&script, &error);
        ck_assert_msg((status == STATUS_OK) == (length >= head), "cut at %zu: %s", length, error.message);
        if (status != STATUS_OK)
            continue;
        size_t lines = 0, read = 0;
        for (size_t i = head; i < length; i++)
            lines += text[i] == '\n';
        while (journal_next(script, &entry))
            check_entry(&entry, &entries[read++]);
        ck_assert_uint_eq(read, lines);
        journal_script_free(script);
    }
    mem_free(text);
}
END_TEST

/* The run that writes it may go on while it is replayed: only what was checked is given out. */
START_TEST(a_journal_that_grows_is_read_up_to_where_it_was_checked)
{
    struct journal_script *script;
    struct journal_entry entry;
    struct error error = {.message = ""};
    struct journal *journal = create();
    write_line(journal, &entries[0]);
    ck_assert_msg(read_journal(&script, &error) == STATUS_OK, "%s", error.message);
    write_line(journal, &entries[5]);
    ck_assert(journal_next(script, &entry));
    check_entry(&entry, &entries[0]);
    ck_assert(!journal_next(script, &entry));
    journal_script_free(script);
    journal_close(journal);
}
END_TEST

START_TEST(line_ends_of_other_systems_are_read)
{
    struct journal *journal = create();
    write_line(journal, &entries[0]);
    journal_close(journal);
    char *text = read_file();
    char *other = mem_alloc(1 << 16, 1);
    size_t length = 0;
    for (const char *from = text; *from; from++) {
        if (*from == '\n')
            other[length++] = '\r';
        other[length++] = *from;
    }
    write_file(other, length);
    struct journal_script *script;
    struct journal_entry entry;
    ck_assert_int_eq(read_journal(&script, NULL), STATUS_OK);
    ck_assert(journal_next(script, &entry));
    check_entry(&entry, &entries[0]);
    journal_script_free(script);
    mem_free(text);
    mem_free(other);
}
END_TEST

/* The head, with `from` replaced, and `more` behind it, must be refused in these words; the line that is named must
 * begin as given. */
static void refuse(const char *from, const char *to, const char *more, const char *line, const char *said)
{
    journal_close(create());
    char *text = read_file(), *changed = mem_alloc(1 << 17, 1);
    const char *at = strstr(text, from);
    ck_assert_ptr_nonnull(at);
    snprintf(changed, 1 << 17, "%.*s%s%s%s", (int)(at - text), text, to, at + strlen(from), more);
    write_file(changed, strlen(changed));
    struct journal_script *script;
    struct error error = {.message = ""};
    ck_assert_msg(read_journal(&script, &error) == STATUS_FAILED, "accepted: %s%s", to, more);
    ck_assert_ptr_null(script);
    unsigned number = 0;
    int words = 0;
    ck_assert_int_eq(strncmp(error.message, path, strlen(path)), 0);
    ck_assert_msg(sscanf(error.message + strlen(path), ":%u: %n", &number, &words) == 1, "%s", error.message);
    const char *message = error.message + strlen(path) + words, *there = changed;
    for (unsigned i = 1; i < number; i++)
        there = strchr(there, '\n') + 1;
    ck_assert_msg(strncmp(there, line, strlen(line)) == 0, "line %u is not '%.30s'", number, line);
    ck_assert_msg(strncmp(message, said, strlen(said)) == 0, "'%s' does not begin with '%s'", message, said);
    mem_free(text);
    mem_free(changed);
}

/* A checkpoint of which only the weights were taken. */
START_TEST(weights_alone_are_said)
{
    struct spec spec, read;
    struct journal *journal;
    struct journal_facts facts;
    struct journal_script *script;
    struct error error = {.message = ""};
    for (int weights = 0; weights < 2; weights++) {
        load_start(&spec);
        spec_init(&read);
        spec.load_weights = weights;
        ck_assert(journal_create(&journal, path, &spec, &some_facts, &error) == STATUS_OK);
        journal_close(journal);
        ck_assert_msg(journal_read(&script, path, &read, &facts, &error) == STATUS_OK, "%s", error.message);
        ck_assert(read.load_weights == weights);
        ck_assert_str_eq(read.load_path, spec.load_path);
        journal_script_free(script);
        spec_free(&spec);
        spec_free(&read);
    }
}
END_TEST

/* In their order; a journal of a run whose stages have no data of their own does not have the line. */
START_TEST(files_of_stages_are_remembered)
{
    struct spec spec, read;
    struct journal *journal;
    struct journal_facts facts = some_facts, seen;
    struct journal_script *script;
    struct error error = {.message = ""};
    for (facts.stages = 0; facts.stages <= TRAINER_STAGES_MAX; facts.stages++) {
        for (size_t i = 0; i < facts.stages; i++)
            facts.stage[i] = (struct journal_file){.size = i + 1, .hash = UINT64_MAX - i};
        load_spec(&spec);
        spec_init(&read);
        ck_assert(journal_create(&journal, path, &spec, &facts, &error) == STATUS_OK);
        journal_close(journal);
        ck_assert_msg(journal_read(&script, path, &read, &seen, &error) == STATUS_OK, "%s", error.message);
        ck_assert_uint_eq(seen.stages, facts.stages);
        ck_assert_int_eq(memcmp(seen.stage, facts.stage, facts.stages * sizeof *seen.stage), 0);
        char *text = read_file();
        ck_assert_int_eq(strstr(text, "stage-bytes") != NULL, facts.stages > 0);
        mem_free(text);
        journal_script_free(script);
        spec_free(&spec);
        spec_free(&read);
    }
}
END_TEST

START_TEST(an_error_names_file_and_line)
{
    refuse("journal 2", "journal 3", "", "downhill journal 3",
           "'downhill journal 3': this program reads 'downhill journal 2'");
    refuse(
        "journal 2", "journal 1", "", "downhill journal 1",
        "'downhill journal 1': made by an earlier version of this program; this one reads 'downhill journal 2': start "
        "the run again");
    refuse("journal 2", "journal 0", "", "downhill journal 0",
           "'downhill journal 0': this program reads 'downhill journal 2'");
    refuse("journal 2", "journal", "", "downhill journal\n", "not a journal");
    refuse("downhill", "uphill", "", "uphill", "not a journal");
    refuse("task spiral", "task", "", "task\n", "task needs a value");
    refuse("task spiral\n", "", "", "\n", "the line 'task' is missing above");
    refuse("task spiral", "teask spiral", "", "teask spiral", "teask: there is no such setting: did you mean 'task'?");
    refuse("start\\\"\" 1", "start\\\"\"", "", "load ", "number of turns is missing");
    refuse("start\\\"\" 1", "start\\\"\" 1 more", "", "load ", "there is more than belongs on the line");
    refuse("start\\\"\" 1", "start\\\"\" 1 weights more", "", "load ", "there is more than belongs on the line");
    refuse("start\\\"\" 1", "start\\\"\" 2", "", "\n", "the checkpoint has more turns behind it");
    refuse("threads 4\n", "", "", "\n", "the line 'threads' is missing above");
    refuse("threads 4", "threads 0", "", "threads 0", "threads: at least 1");
    refuse("portable no", "portable maybe", "", "portable maybe", "portable 'maybe' must be yes or no");
    refuse("data-bytes 3975", "data-bytes 3975 00", "", "data-bytes 3975 00", "hash '00' is not");
}
END_TEST

START_TEST(an_entry_that_cannot_be_obeyed_is_refused_at_once)
{
    static const struct {
        const char *line, *said;
    } wrong[] = {
        {"hello", "'hello' where '>' or '<' begins a line"},
        {"", "'>' or '<' is missing"},
        {">", "branch is missing"},
        {"> 0", "step is missing"},
        {"> 0 1", "the command is missing"},
        {"> 65536 1 fork", "branch '65536' is not a whole number up to 65535"},
        {"> 0 -1 fork", "step '-1' is not"},
        {"> 0 1e3 fork", "step '1e3' is not"},
        {"> 0 99999999999999999999 fork", "step '99999999999999999999' is not"},
        {"> 0 1 frok", "unknown command 'frok'"},
        {"> 0 1 pause", "unknown command 'pause'"},
        {"> 0 1 fork 2", "there is more"},
        {"> 0 1 knob lrr 1", "unknown knob 'lrr': did you mean 'lr'?"},
        {"> 0 1 knob lr 1000", "learning rate 1000: must be above 0"},
        {"> 0 1 knob lr nan", "learning rate 'nan': not a number"},
        {"> 0 1 knob lr", "the knob's value is missing"},
        {"> 0 1 seed 4294967296", "seed '4294967296' is not"},
        {"> 0 1 name 1 \"a", "a quoted word is not whole"},
        {"< 0 1 knob lr 1", "unknown outcome 'knob'"},
        {"< 0 1 state 12", "hash '12' is not 16"},
        {"< 0 1 state 0123456789ABCDEF", "hash"},
        {"< 0 1 diverged 3", "there is more"},
    };
    char line[256];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(line, sizeof line, "> 0 0 fork\n%s\n", wrong[i].line);
        refuse("\n\n", "\n\n", line, wrong[i].line, wrong[i].said);
    }
    static char wide[40000];
    memset(wide, 'x', sizeof wide - 2);
    wide[sizeof wide - 2] = '\n';
    refuse("\n\n", "\n\n", wide, "xxx", "the line is too long");
    static char text[700] = "> 0 1 load ";
    memset(text + 11, 'x', 600);
    strcat(text, "\n");
    refuse("\n\n", "\n\n", text, "> 0 1 load x", "its text is longer than 511 bytes");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused)
{
    struct journal_script *script;
    struct error error;
    write_file("downhill journal 2\ntask a\0b\n\n", 29);
    ck_assert_int_eq(read_journal(&script, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "a.journal:2: the line holds a NUL byte"));
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(read_journal(&script, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "No such file"));
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(read_journal(&script, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "directory"));
}
END_TEST

static long peak_kilobytes(void)
{
    struct rusage usage;
    ck_assert_int_eq(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* Refused at the first wrong line, with the memory of a line, however large the file. */
START_TEST(journal_read_takes_no_memory_for_a_huge_file)
{
    struct journal_script *script;
    struct error error = {0};
    const long before = peak_kilobytes();
    write_file("", 0);
    ck_assert_int_eq(truncate(path, (off_t)2 << 30), 0);
    ck_assert_int_eq(read_journal(&script, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "a.journal:1: not a journal"));
    write_file("downhill journal 2\ntask ", 24);
    FILE *file = fopen(path, "a");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < 40000; i++)
        putc('a', file);
    fclose(file);
    ck_assert_int_eq(truncate(path, (off_t)2 << 30), 0);
    ck_assert_int_eq(read_journal(&script, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "a.journal:2: the line is too long"));
    ck_assert_int_lt(peak_kilobytes() - before, 16 << 10);
}
END_TEST

/* One of good lines, too: its first part alone would be another run. */
START_TEST(a_journal_beyond_the_largest_is_refused)
{
    static char line[32001];
    struct journal_script *script;
    struct error error = {.message = ""};
    memset(line, 'a', sizeof line - 1);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fputs("downhill journal 2\n", file);
    for (size_t size = 0; size <= JOURNAL_SIZE_MAX; size += sizeof line)
        fprintf(file, "task %s\n", line);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(read_journal(&script, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "a.journal: too large for a journal: at most 256 MB are read"));
}
END_TEST

START_TEST(folders_on_the_way_are_made)
{
    snprintf(path, sizeof path, "%s/b/c/d.journal", folder);
    journal_close(create());
    ck_assert_int_eq(access(path, R_OK), 0);
}
END_TEST

START_TEST(a_place_that_cannot_be_written_is_refused)
{
    struct spec spec;
    struct journal *journal;
    struct error error;
    load_spec(&spec);
    ck_assert_int_eq(journal_create(&journal, folder, &spec, &some_facts, &error), STATUS_FAILED);
    ck_assert_ptr_null(journal);
    ck_assert_ptr_nonnull(strstr(error.message, "the journal cannot be written"));
    ck_assert_int_eq(journal_create(&journal, "/dev/full", &spec, &some_facts, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "No space left"));
    spec_free(&spec);
}
END_TEST

START_TEST(a_full_disk_is_said_once_and_leaves_what_can_be_read)
{
    struct journal *journal = create();
    struct stat about;
    ck_assert_int_eq(stat(path, &about), 0);
    /* Room for one entry and a half. */
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {.rlim_cur = (rlim_t)about.st_size + 25, .rlim_max = RLIM_INFINITY};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    write_line(journal, &entries[5]);
    ck_assert_ptr_null(journal_warning(journal));
    write_line(journal, &entries[6]);
    const char *warning = journal_warning(journal);
    ck_assert_ptr_nonnull(warning);
    ck_assert_ptr_nonnull(strstr(warning, "the run goes on without its journal: File too large: "));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}), 0);
    write_line(journal, &entries[7]);
    journal_close(journal);
    struct journal_script *script;
    struct journal_entry entry;
    ck_assert_int_eq(read_journal(&script, NULL), STATUS_OK);
    ck_assert(journal_next(script, &entry));
    check_entry(&entry, &entries[5]);
    ck_assert(!journal_next(script, &entry));
    journal_script_free(script);
}
END_TEST

static const char *difference(const char *then, unsigned threads, const char *now, bool portable)
{
    static char text[256];
    struct journal_facts made = {.threads = threads, .portable = portable}, here = {.threads = 1, .portable = portable};
    strcpy(made.kernels, then);
    strcpy(here.kernels, now);
    journal_facts_compare(&made, &here, text, sizeof text);
    return text;
}

START_TEST(other_kernels_are_named_where_they_matter)
{
    ck_assert_str_eq(difference("v4", 1, "generic", true), "");
    ck_assert_str_eq(difference("v4", 1, "v3", false), "");
    ck_assert_str_eq(difference("sgemm (Zen)", 1, "sgemm (Zen)", false), "");
    ck_assert_str_eq(difference("sgemm (Zen)", 1, "sgemm (Haswell)", false),
                     "made with sgemm (Zen) on 1 thread, here it is sgemm (Haswell) on 1: the last digits may differ");
    ck_assert_str_ne(difference("sgemm (Zen)", 4, "sgemm (Zen)", false), "");
    ck_assert_str_ne(difference("v4", 1, "sgemm (Nehalem)", false), "");
}
END_TEST

/* The published FNV-1a value of "foobar". */
START_TEST(facts_are_of_the_bytes_of_the_files)
{
    struct spec spec;
    struct model *model;
    struct journal_facts facts;
    load_spec(&spec);
    spec.shape.net.inputs = spec.shape.net.outputs = 2;
    ck_assert_int_eq(model_create(&model, &spec.shape, kernels_choose(), NULL), STATUS_OK);
    journal_facts_take(&facts, &spec, model, "v4");
    ck_assert(facts.portable);
    ck_assert_uint_eq(facts.data.hash, 0);
    ck_assert_str_eq(facts.kernels, "v4");
    write_file("foobar", 6);
    mem_free(spec.task);
    spec.task = mem_string(path);
    journal_facts_take(&facts, &spec, model, "v4");
    ck_assert_uint_eq(facts.data.size, 6);
    ck_assert_uint_eq(facts.data.hash, UINT64_C(0x85944171f73967e8));
    ck_assert_uint_eq(facts.test.hash, 0);
    ck_assert_int_eq(journal_facts_check(&facts, &spec, NULL), STATUS_OK);
    model_free(model);
    spec_free(&spec);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("journal");
    TCase *tcase = tcase_create("file");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, what_is_written_is_read);
    tcase_add_test(tcase, what_a_replay_does_not_need_is_left_out);
    tcase_add_test(tcase, each_line_is_in_the_file_at_once);
    tcase_add_test(tcase, a_journal_cut_anywhere_is_read_up_to_its_last_whole_line);
    tcase_add_test(tcase, a_journal_that_grows_is_read_up_to_where_it_was_checked);
    tcase_add_test(tcase, line_ends_of_other_systems_are_read);
    tcase_add_test(tcase, weights_alone_are_said);
    tcase_add_test(tcase, files_of_stages_are_remembered);
    tcase_add_test(tcase, an_error_names_file_and_line);
    tcase_add_test(tcase, an_entry_that_cannot_be_obeyed_is_refused_at_once);
    tcase_add_test(tcase, bytes_that_are_no_text_are_refused);
    tcase_add_test(tcase, journal_read_takes_no_memory_for_a_huge_file);
    tcase_add_test(tcase, a_journal_beyond_the_largest_is_refused);
    tcase_add_test(tcase, folders_on_the_way_are_made);
    tcase_add_test(tcase, a_place_that_cannot_be_written_is_refused);
    tcase_add_test(tcase, a_full_disk_is_said_once_and_leaves_what_can_be_read);
    tcase_add_test(tcase, other_kernels_are_named_where_they_matter);
    tcase_add_test(tcase, facts_are_of_the_bytes_of_the_files);
    suite_add_tcase(suite, tcase);
    return suite;
}
