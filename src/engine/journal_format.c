/* Writes and reads the lines of a journal: commands, outcomes, load lines and facts. */
#include "engine/journal_format.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "engine/commands.h"

#define STEP_MOST ((uint64_t)1 << 53)
#define FILE_MOST ((uint64_t)1 << 62)

/* ---- words and figures ---- */

/* The next word, which must be there and whole. */
static enum status need_word(char **at, char **word, const char *what, struct error *error)
{
    if (!line_word(at, word))
        return error_set(error, STATUS_FAILED, "%s is missing", what);
    return *word ? STATUS_OK : error_set(error, STATUS_FAILED, "a quoted word is not whole");
}

static enum status no_more(char **at, struct error *error)
{
    char *word;
    return line_word(at, &word) ? error_set(error, STATUS_FAILED, "there is more than belongs on the line") : STATUS_OK;
}

static enum status read_figure(char **at, const char *what, uint64_t most, uint64_t *value, struct error *error)
{
    char *word;
    enum status status = need_word(at, &word, what, error);
    if (status == STATUS_OK && !number_parse_digits(word, most, value))
        return error_set(error, STATUS_FAILED, "%s '%.60s' is not a whole number up to %" PRIu64, what, word, most);
    return status;
}

static enum status read_hash(char **at, uint64_t *value, struct error *error)
{
    static const char digits[] = "0123456789abcdef";
    char *word;
    enum status status = need_word(at, &word, "the hash", error);
    if (status != STATUS_OK)
        return status;
    if (strlen(word) != 16 || strspn(word, digits) != 16)
        return error_set(error, STATUS_FAILED, "hash '%.60s' is not 16 hexadecimal digits", word);
    for (*value = 0; *word; word++)
        *value = *value << 4 | (uint64_t)(strchr(digits, *word) - digits);
    return STATUS_OK;
}

/* ---- commands ---- */

static void write_command(struct lines *out, const struct request *request)
{
    const struct command *row = request->row;
    char value[40];
    lines_add(out, " %s", row->name);
    for (size_t i = 0; i < COMMAND_ARGUMENTS; i++) {
        const union argument_value *now = &request->value[i];
        switch (row->argument[i].type) {
        case ARGUMENT_NONE:
            break;
        case ARGUMENT_NUMBER:
        case ARGUMENT_BRANCH:
            lines_add(out, " %" PRIu64, now->number);
            break;
        case ARGUMENT_KNOB:
            lines_add(out, " %s", knob_table[now->number].name);
            break;
        case ARGUMENT_VALUE:
            lines_add(out, " %s", knob_write((enum knob_id)now[-1].number, now->real, value, sizeof value));
            break;
        case ARGUMENT_WORD:
            lines_add(out, " %s", row->argument[i].choice(now->number));
            break;
        case ARGUMENT_TEXT:
        case ARGUMENT_FILE:
            lines_add(out, " ");
            lines_word(out, request_text(request));
            break;
        }
    }
}

static enum status read_branch(char **at, uint16_t *branch, struct error *error)
{
    uint64_t number = 0;
    enum status status = read_figure(at, "branch", UINT16_MAX, &number, error);
    *branch = (uint16_t)number;
    return status;
}

static enum status read_knob(char **at, uint64_t *knob, struct error *error)
{
    char *name;
    enum status status = need_word(at, &name, "the knob's name", error);
    if (status != STATUS_OK)
        return status;
    *knob = knob_find(name);
    if (*knob == KNOB_COUNT) {
        char near[256];
        return error_set(error, STATUS_FAILED, "unknown knob '%.60s'%s", name, knob_suggest(near, sizeof near, name));
    }
    return STATUS_OK;
}

static enum status read_value(char **at, uint64_t knob, double *value, struct error *error)
{
    char *word;
    enum status status = need_word(at, &word, "the knob's value", error);
    if (status == STATUS_OK && knob_read((enum knob_id)knob, word, value, error) != STATUS_OK)
        status = STATUS_FAILED;
    return status;
}

static enum status read_choice(char **at, const struct argument *argument, uint64_t *number, struct error *error)
{
    char *word;
    enum status status = need_word(at, &word, argument->name, error);
    for (*number = 0; status == STATUS_OK; ++*number) {
        const char *name = argument->choice(*number);
        if (!name)
            return error_set(error, STATUS_FAILED, "unknown word '%.60s'", word);
        if (strcmp(name, word) == 0)
            break;
    }
    return status;
}

static enum status read_text(char **at, const struct argument *argument, struct request *request, struct error *error)
{
    char *text;
    enum status status = need_word(at, &text, "its text", error);
    if (status == STATUS_OK && (double)strlen(text) > argument->max)
        return error_set(error, STATUS_FAILED, "its text is longer than %.0f bytes", argument->max);
    if (status == STATUS_OK && !(request->text = mem_string(text)))
        return error_memory(error);
    return status;
}

static enum status read_argument(char **at, struct request *request, size_t i, struct error *error)
{
    const struct argument *argument = &request->row->argument[i];
    union argument_value *value = &request->value[i];
    switch (argument->type) {
    case ARGUMENT_NUMBER:
        return read_figure(at, request->row->name, (uint64_t)argument->max, &value->number, error);
    case ARGUMENT_BRANCH:
        return read_figure(at, "branch", UINT16_MAX, &value->number, error);
    case ARGUMENT_KNOB:
        return read_knob(at, &value->number, error);
    case ARGUMENT_VALUE:
        return read_value(at, value[-1].number, &value->real, error);
    case ARGUMENT_WORD:
        return read_choice(at, argument, &value->number, error);
    case ARGUMENT_TEXT:
    case ARGUMENT_FILE:
        return read_text(at, argument, request, error);
    case ARGUMENT_NONE:
        break;
    }
    return STATUS_OK;
}

static enum status read_command(char **at, struct request *request, struct error *error)
{
    char *word;
    enum status status = need_word(at, &word, "the command", error);
    if (status != STATUS_OK)
        return status;
    const struct command *row = engine_command(word);
    if (!row || !(row->flags & COMMAND_RECORDED) ||
        strcmp(row->name, word) != 0) /* no second name here, and no other case */
        return error_set(error, STATUS_FAILED, "unknown command '%.60s'", word);
    *request = (struct request){.row = row};
    for (size_t i = 0; i < COMMAND_ARGUMENTS && status == STATUS_OK; i++)
        status = read_argument(at, request, i, error);
    return status;
}

/* ---- outcomes ---- */

enum figure { FIGURE_NONE, FIGURE_STEP, FIGURE_HASH };

static const struct {
    const char *name;
    enum figure figure;
} outcome_table[] = {
    [OUTCOME_STATE] = {"state", FIGURE_HASH},
    [OUTCOME_EARLY_STOP] = {"early-stop", FIGURE_STEP},
    [OUTCOME_DIVERGED] = {"diverged", FIGURE_NONE},
    [OUTCOME_END] = {"end", FIGURE_HASH},
};
static_assert(sizeof outcome_table / sizeof outcome_table[0] == OUTCOME_KINDS, "a row for each outcome");

static void write_outcome(struct lines *out, const struct journal_entry *entry)
{
    lines_add(out, " %s", outcome_table[entry->outcome].name);
    if (outcome_table[entry->outcome].figure == FIGURE_STEP)
        lines_add(out, " %" PRIu64, entry->value);
    if (outcome_table[entry->outcome].figure == FIGURE_HASH)
        lines_add(out, " %016" PRIx64, entry->value);
}

static enum status read_outcome(char **at, struct journal_entry *entry, struct error *error)
{
    char *word;
    size_t kind = 0;
    enum status status = need_word(at, &word, "the outcome", error);
    if (status != STATUS_OK)
        return status;
    while (kind < OUTCOME_KINDS && strcmp(outcome_table[kind].name, word) != 0)
        kind++;
    if (kind == OUTCOME_KINDS)
        return error_set(error, STATUS_FAILED, "unknown outcome '%.60s'", word);
    entry->outcome = (enum journal_outcome)kind;
    if (outcome_table[kind].figure == FIGURE_STEP)
        return read_figure(at, "step", STEP_MOST, &entry->value, error);
    if (outcome_table[kind].figure == FIGURE_HASH)
        return read_hash(at, &entry->value, error);
    return STATUS_OK;
}

/* ---- entries ---- */

void journal_write_entry(struct lines *out, const struct journal_entry *entry)
{
    lines_add(out, "%c %u %" PRIu64, entry->input ? '>' : '<', (unsigned)entry->branch, entry->step);
    if (entry->input)
        write_command(out, &entry->request);
    else
        write_outcome(out, entry);
    lines_add(out, "\n");
}

enum status journal_read_entry(char *line, struct journal_entry *out, struct error *error)
{
    char *at = line, *word;
    *out = (struct journal_entry){.input = false};
    enum status status = need_word(&at, &word, "'>' or '<'", error);
    if (status == STATUS_OK && strcmp(word, ">") != 0 && strcmp(word, "<") != 0)
        return error_set(error, STATUS_FAILED, "'%.60s' where '>' or '<' begins a line", word);
    if (status == STATUS_OK) {
        out->input = word[0] == '>';
        status = read_branch(&at, &out->branch, error);
    }
    if (status == STATUS_OK)
        status = read_figure(&at, "step", STEP_MOST, &out->step, error);
    if (status == STATUS_OK)
        status = out->input ? read_command(&at, &out->request, error) : read_outcome(&at, out, error);
    return status == STATUS_OK ? no_more(&at, error) : status;
}

/* ---- the checkpoint ---- */

static const char load_name[] = "load", load_weights[] = "weights", load_best[] = "best";

void journal_write_load(struct lines *out, const struct spec *spec)
{
    if (!spec->load_path)
        return;
    lines_add(out, "%s ", load_name);
    lines_word(out, spec->load_path);
    lines_add(out, " %zu", spec->turns_done);
    if (spec->load_weights)
        lines_add(out, " %s", load_weights);
    if (spec->load_best)
        lines_add(out, " %s", load_best);
    lines_add(out, "\n");
}

bool journal_is_load(const char *line)
{
    return strncmp(line, load_name, strlen(load_name)) == 0 && line[strlen(load_name)] == ' ';
}

enum status journal_read_load(char *line, struct spec *spec, struct error *error)
{
    char *at = line + strlen(load_name), *path, *more;
    uint64_t done = 0;
    bool weights = false, best = false;
    enum status status = need_word(&at, &path, "the checkpoint's path", error);
    if (status == STATUS_OK)
        status = read_figure(&at, "number of turns", SIZE_MAX, &done, error);
    while (status == STATUS_OK && line_word(&at, &more)) {
        bool *flag = more && strcmp(more, load_weights) == 0 && !best ? &weights
                     : more && strcmp(more, load_best) == 0           ? &best
                                                                      : NULL;
        if (!flag || *flag)
            status = error_set(error, STATUS_FAILED, "there is more than belongs on the line");
        else
            *flag = true;
    }
    if (status != STATUS_OK)
        return status;
    char *copy = mem_string(path);
    if (!copy)
        return error_memory(error);
    mem_free(spec->load_path);
    spec->load_path = copy;
    spec->load_weights = weights;
    spec->load_best = best;
    spec->turns_done = (size_t)done;
    return STATUS_OK;
}

/* ---- facts ---- */

static void write_kernels(struct lines *out, const struct journal_facts *facts)
{
    lines_word(out, facts->kernels);
}

static enum status read_kernels(char **at, struct journal_facts *facts, struct error *error)
{
    char *word;
    enum status status = need_word(at, &word, "the kernels' name", error);
    if (status == STATUS_OK && (!*word || strlen(word) >= sizeof facts->kernels))
        return error_set(error, STATUS_FAILED, "kernels '%.60s': no name, or too long", word);
    if (status == STATUS_OK)
        memcpy(facts->kernels, word, strlen(word) + 1);
    return status;
}

static void write_portable(struct lines *out, const struct journal_facts *facts)
{
    lines_add(out, "%s", facts->portable ? "yes" : "no");
}

static enum status read_portable(char **at, struct journal_facts *facts, struct error *error)
{
    char *word;
    enum status status = need_word(at, &word, "yes or no", error);
    if (status == STATUS_OK && strcmp(word, "yes") != 0 && strcmp(word, "no") != 0)
        return error_set(error, STATUS_FAILED, "portable '%.60s' must be yes or no", word);
    facts->portable = status == STATUS_OK && strcmp(word, "yes") == 0;
    return status;
}

static void write_threads(struct lines *out, const struct journal_facts *facts)
{
    lines_add(out, "%u", facts->threads);
}

static enum status read_threads(char **at, struct journal_facts *facts, struct error *error)
{
    uint64_t threads = 0;
    enum status status = read_figure(at, "threads", SPEC_THREADS_MAX, &threads, error);
    facts->threads = (unsigned)threads;
    return status == STATUS_OK && threads == 0 ? error_set(error, STATUS_FAILED, "threads: at least 1") : status;
}

static void write_file(struct lines *out, const struct journal_file *file)
{
    lines_add(out, "%" PRIu64 " %016" PRIx64, file->size, file->hash);
}

static enum status read_file(char **at, struct journal_file *file, struct error *error)
{
    enum status status = read_figure(at, "size", FILE_MOST, &file->size, error);
    return status == STATUS_OK ? read_hash(at, &file->hash, error) : status;
}

static void write_data(struct lines *out, const struct journal_facts *facts)
{
    write_file(out, &facts->data);
}

static enum status read_data(char **at, struct journal_facts *facts, struct error *error)
{
    return read_file(at, &facts->data, error);
}

static void write_test(struct lines *out, const struct journal_facts *facts)
{
    write_file(out, &facts->test);
}

static enum status read_test(char **at, struct journal_facts *facts, struct error *error)
{
    return read_file(at, &facts->test, error);
}

static void write_loaded(struct lines *out, const struct journal_facts *facts)
{
    write_file(out, &facts->load);
}

static enum status read_loaded(char **at, struct journal_facts *facts, struct error *error)
{
    return read_file(at, &facts->load, error);
}

/* Each file's size and hash, one behind the other. */
static void write_stages(struct lines *out, const struct journal_facts *facts)
{
    for (size_t i = 0; i < facts->stages; i++) {
        lines_add(out, "%s", i > 0 ? " " : "");
        write_file(out, &facts->stage[i]);
    }
}

static enum status read_stages(char **at, struct journal_facts *facts, struct error *error)
{
    enum status status = STATUS_OK;
    facts->stages = 0;
    while (status == STATUS_OK && (*at)[strspn(*at, " ")]) {
        if (facts->stages == TRAINER_STAGES_MAX)
            return error_set(error, STATUS_FAILED, "more than %d files of stages", TRAINER_STAGES_MAX);
        status = read_file(at, &facts->stage[facts->stages++], error);
    }
    return status;
}

static bool has_stages(const struct journal_facts *facts)
{
    return facts->stages > 0;
}

static const struct {
    const char *name;
    void (*write)(struct lines *out, const struct journal_facts *facts);
    enum status (*read)(char **at, struct journal_facts *facts, struct error *error);
    bool (*is_there)(const struct journal_facts *facts); /* NULL: in every journal */
} fact_table[JOURNAL_FACTS] = {
    {"kernels", write_kernels, read_kernels, NULL},
    {"portable", write_portable, read_portable, NULL},
    {"threads", write_threads, read_threads, NULL},
    {"data-bytes", write_data, read_data, NULL},
    {"test-bytes", write_test, read_test, NULL},
    {"load-bytes", write_loaded, read_loaded, NULL},
    {"stage-bytes", write_stages, read_stages, has_stages},
};

void journal_write_facts(struct lines *out, const struct journal_facts *facts)
{
    for (size_t i = 0; i < JOURNAL_FACTS; i++) {
        if (fact_table[i].is_there && !fact_table[i].is_there(facts))
            continue;
        lines_add(out, "%s ", fact_table[i].name);
        fact_table[i].write(out, facts);
        lines_add(out, "\n");
    }
}

bool journal_fact_is_needed(size_t fact)
{
    return !fact_table[fact].is_there;
}

const char *journal_fact_name(size_t fact)
{
    return fact_table[fact].name;
}

size_t journal_find_fact(const char *line)
{
    const size_t length = strcspn(line, " ");
    size_t fact = 0;
    while (fact < JOURNAL_FACTS &&
           !(strlen(fact_table[fact].name) == length && strncmp(fact_table[fact].name, line, length) == 0))
        fact++;
    return fact;
}

enum status journal_read_fact(char *line, size_t fact, struct journal_facts *facts, struct error *error)
{
    char *at = line + strlen(fact_table[fact].name);
    enum status status = fact_table[fact].read(&at, facts, error);
    return status == STATUS_OK ? no_more(&at, error) : status;
}
