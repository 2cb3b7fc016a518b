/* Any bytes as a command line: a word ends at each line end. */
#include <stdlib.h>
#include <string.h>

#include "app/subcommand.h"
#include "fuzz/fuzz.h"

#define WORDS_MOST 40

const char *const fuzz_words[] = {
    "\n",
    "\n--",
    "--at\n",
    "--at=",
    "100:lr=0.05",
    "1e3:batch=20",
    ":",
    "=",
    ",",
    "--hidden=",
    "--steps\n",
    "--lr\n",
    "--lr=",
    "--batch=",
    "20%",
    "1k",
    "2M",
    "-",
    "-s",
    "-n7",
    "--",
    "--seed=",
    "1e308",
    "1e-400",
    "nan",
    "inf",
    "--optimizer=",
    "adam",
    "list\n",
    "--early-stop",
    "on",
    "off",
    "--dropout=0.",
    "--speed=",
    "max",
    "\x1b[2J",
    "\xff",
    "\xc3\xa9",
    "spiral",
    "18446744073709551616",
    "--features=",
    "x,y,xy",
    "--target=",
    "--label-",
    "0x10",
    "  ",
    NULL,
};

static void check(const struct cli *cli)
{
    if (cli->command->name || cli->help || cli->version)
        return;
    const struct spec *spec = &cli->spec;
    must(spec->task != NULL, "a task");
    must(spec->shape.net.hidden_count <= NET_HIDDEN_MAX, "layers that fit");
    for (size_t i = 0; i < spec->shape.net.hidden_count; i++)
        must(spec->shape.net.hidden[i] >= 1 && spec->shape.net.hidden[i] <= NET_WIDTH_MAX, "widths that fit");
    for (size_t i = 0; i < KNOB_COUNT; i++)
        must(knob_check((enum knob_id)i, spec->knobs.value[i], NULL) == STATUS_OK, "knobs in their ranges");
    for (size_t i = 0; i < spec->turns; i++) {
        must(i == 0 || spec->turn[i - 1].step <= spec->turn[i].step, "turns in order");
        must(knob_check(spec->turn[i].knob, spec->turn[i].value, NULL) == STATUS_OK, "turns in their ranges");
    }
    must(spec->csv.test_fraction >= 0 && spec->csv.test_fraction < 1, "a share for the test");
    must(spec->loss < LOSS_COUNT && cli->screen.fps <= 60 && spec->threads >= 1, "numbers in their ranges");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *word[WORDS_MOST + 1] = {strdup("downhill")};
    int words = 1;
    for (size_t at = 0; at < size && words < WORDS_MOST;) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        const size_t length = end ? (size_t)(end - data) - at : size - at;
        word[words++] = strndup((const char *)data + at, length);
        at += length + 1;
    }
    struct cli cli;
    struct error error = {.status = STATUS_OK};
    if (cli_parse(&cli, words, word, &error) == STATUS_OK) {
        check(&cli);
    } else {
        must(error.status == STATUS_USAGE && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
    }
    cli_free(&cli);
    for (int i = 0; i < words; i++)
        free(word[i]);
    return 0;
}
