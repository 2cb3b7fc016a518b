/* Any bytes as what a checkpoint says of a table's columns. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/source.h"
#include "fuzz/fuzz.h"

const char *const fuzz_words[] = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\"name\":",
    "\"kind\":",
    "\"mean\":",
    "\"sd\":",
    "\"header\":",
    "true",
    "false",
    "null",
    "\"columns\":",
    "\"text\"",
    "\"number\"",
    "\"left out\"",
    "\"target\"",
    "\"target\":",
    "\"classes\":",
    "\"categories\":",
    "\"missing\":",
    "\"decimal\":",
    "\",\"",
    "-1",
    "1e999",
    "\x1b[31m",
    "\xff",
    NULL,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct source *source = NULL;
    struct error error = {.status = STATUS_OK};
    must(text != NULL, "memory");
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    if (source_parse(&source, text, &error) == STATUS_OK) {
        must(source->target_name != NULL && source->classes != 1, "an answer");
        for (size_t i = 0; i < source->columns; i++)
            must(source->column[i].name != NULL && source->column[i].sd >= 0, "a column");
        must(source_inputs(source) <= size, "inputs");
        source_free(source);
    } else {
        must(source == NULL && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
    }
    free(text);
    return 0;
}
