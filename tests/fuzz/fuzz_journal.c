/* Any bytes as a journal, which is also to say: as a spec's text.  What is accepted must stay the same when it is
 * written and read again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/commands.h"
#include "engine/journal.h"
#include "fuzz/fuzz.h"
#include "setup/spec_text.h"

const char *const fuzz_words[] = {
    "\n",
    "\n\n",
    " ",
    "\"",
    "\\",
    "\\x41",
    "\\x00",
    "downhill journal 2\n",
    "task spiral\n",
    "hidden 8,8\n",
    "at 5:lr=0.1\n",
    "kernels v4\n",
    "portable yes\n",
    "threads 1\n",
    "data-bytes 0 0000000000000000\n",
    "test-bytes 0 0000000000000000\n",
    "load-bytes 0 0000000000000000\n",
    "load a 0\n",
    "stage-bytes 7 0123456789abcdef 8 0123456789abcdef\n",
    "model transformer\n",
    "layers 2\n",
    "tie\n",
    "lora 4\n",
    "merges 0\n",
    "stage a steps=5\n",
    "stage \"b c\" \"data=x y.tsv\" train=lora:4 lr=0.1\n",
    "> 0 1 knob lr 0.3\n",
    "> 0 1 knob optimizer adam\n",
    "> 0 2 rewind 1 7\n",
    "> 1 2 twin \"lr=0.3 hidden=16,16\"\n",
    "> 1 2 name 0 \"a b\"\n",
    "> 1 2 load a\n",
    "< 0 5 state 0123456789abcdef\n",
    "< 0 5 early-stop 7\n",
    "< 0 5 end 0123456789abcdef\n",
    "65536",
    "18446744073709551616",
    "9007199254740993",
    "1e-310",
    "1e309",
    "nan",
    "\xff",
    "\xc3\xa9",
    "\x1b[2J",
    "\r\n",
    NULL,
};

static char path[64], again_path[80];

static void remove_files(void)
{
    unlink(path);
    unlink(again_path);
}

/* Files in memory where there is such a place. */
static void make_files(void)
{
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(path, sizeof path, "%s/fuzz_journal_XXXXXX", folder);
    const int made = mkstemp(path);
    must(made >= 0, "a temporary file");
    close(made);
    snprintf(again_path, sizeof again_path, "%s-again", path);
    must(atexit(remove_files) == 0, "files that are removed");
}

static void check_reason(const struct error *error)
{
    must(strlen(error->message) > 5, "a reason");
    must_be_clean(error->message, "a clean reason");
}

static void check_entry(const struct journal_entry *entry)
{
    must(entry->step <= (uint64_t)1 << 53, "a step");
    must(!entry->input || (entry->request.row->flags & COMMAND_RECORDED) != 0, "a command");
    must(entry->input || entry->outcome < OUTCOME_KINDS, "an outcome");
    if (entry->input && entry->request.row == &input_knob)
        must(knob_check((enum knob_id)entry->request.value[0].number, entry->request.value[1].real, NULL) == STATUS_OK,
             "a value in its range");
}

/* Writes what has been read, reads that, and compares. */
static void check_again(const struct spec *spec, const struct journal_facts *facts, struct journal_script *script)
{
    struct journal *journal;
    struct journal_entry entry, same;
    must(journal_create(&journal, again_path, spec, facts, NULL) == STATUS_OK, "a journal of its own");
    while (journal_next(script, &entry)) {
        check_entry(&entry);
        journal_write(journal, &entry);
        request_free(&entry.request);
    }
    must(!journal_warning(journal), "a journal that is written");
    journal_close(journal);

    struct spec same_spec;
    struct journal_facts same_facts;
    struct journal_script *same_script;
    spec_init(&same_spec);
    must(journal_read(&same_script, again_path, &same_spec, &same_facts, NULL) == STATUS_OK, "it is read again");
    char *text = spec_text(spec), *same_text = spec_text(&same_spec);
    must(strcmp(text, same_text) == 0, "the same spec");
    must(strcmp(facts->kernels, same_facts.kernels) == 0 && facts->data.hash == same_facts.data.hash, "the same facts");
    while (journal_next(same_script, &same)) {
        check_entry(&same);
        request_free(&same.request);
    }
    mem_free(text);
    mem_free(same_text);
    journal_script_free(same_script);
    spec_free(&same_spec);
}

static void check_spec(const uint8_t *data, size_t size)
{
    char *text = mem_alloc(size + 1, 1);
    must(text != NULL, "memory");
    memcpy(text, data, size);
    struct spec spec;
    struct error error = {.message = ""};
    spec_init(&spec);
    if (spec_from_text(&spec, text, &error) != STATUS_OK)
        check_reason(&error);
    spec_free(&spec);
    mem_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!path[0])
        make_files();
    FILE *file = fopen(path, "wb");
    must(file && fwrite(data, 1, size, file) == size && fclose(file) == 0, "the file was written");

    struct spec spec;
    struct journal_facts facts;
    struct journal_script *script;
    struct error error = {.message = ""};
    spec_init(&spec);
    if (journal_read(&script, path, &spec, &facts, &error) == STATUS_OK)
        check_again(&spec, &facts, script);
    else
        check_reason(&error);
    journal_script_free(script);
    spec_free(&spec);
    check_spec(data, size);
    return 0;
}
