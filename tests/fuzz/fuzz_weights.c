/* Any bytes as a weight file: the first eight are the header's length, unless the first is 0xff: then the length is what the first
 * line behind it has, so that mutations of the header get past it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "nn/weights.h"

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
    "\\u001b",
    "\\ud800",
    "\"F32\"",
    "\"U8\"",
    "\"F64\"",
    "\"dtype\":",
    "\"shape\":",
    "\"data_offsets\":",
    "\"__metadata__\":",
    "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}",
    "[0,0]",
    "0",
    "1",
    "4",
    "8",
    "-1",
    "1e18",
    "9007199254740993",
    "18446744073709551616",
    "4294967296",
    "null",
    "true",
    "[[[[[[[[[[",
    "\n",
    "\xff",
    " ",
    NULL,
};

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

static FILE *open_file(void)
{
    if (path[0] == '\0') {
        strcpy(path, access("/dev/shm", W_OK) == 0 ? "/dev/shm/fuzz_weights_XXXXXX" : "/tmp/fuzz_weights_XXXXXX");
        int made = mkstemp(path);
        must(made >= 0, "a temporary file");
        close(made);
        atexit(remove_file);
    }
    return fopen(path, "wb");
}

static void keep(const uint8_t *data, size_t size)
{
    FILE *file = open_file();
    bool written = file != NULL;
    if (size > 0 && data[0] == 0xff) {
        const uint8_t *line = memchr(data, '\n', size), *end = line ? line : data + size;
        const uint64_t length = (uint64_t)(end - data - 1);
        written = written && fwrite(&length, 8, 1, file) == 1 && fwrite(data + 1, 1, length, file) == length;
        size -= (size_t)length + 1 + (line != NULL);
        data = line ? line + 1 : end;
    }
    written = written && fwrite(data, 1, size, file) == size;
    must(written && fclose(file) == 0, "the file was written");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct weights *weights = NULL;
    struct error error = {.status = STATUS_OK};
    keep(data, size);
    if (weights_open(&weights, path, &error) != STATUS_OK) {
        must(weights == NULL && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
        return 0;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < weights_count(weights); i++) {
        const struct tensor *tensor = weights_tensor(weights, i);
        size_t elements = 1;
        char text[64];
        for (size_t k = 0; k < tensor->rank; k++)
            elements *= tensor->shape[k];
        must(tensor->bytes <= size && tensor->bytes % (elements > 0 ? elements : 1) == 0, "bytes of whole elements");
        must(weights_find(weights, tensor->name) == tensor, "found by its name");
        must(strlen(tensor_shape_text(tensor, text, sizeof text)) >= 2, "a shape in words");
        for (size_t k = 0; k < tensor->bytes; k++)
            sum += ((const uint8_t *)tensor->data)[k];
    }
    must(sum <= 255 * size, "each byte is a tensor's once");
    const char *note = weights_note(weights, "spec");
    must(!note || strlen(note) <= size, "a note");
    weights_close(weights);
    return 0;
}
