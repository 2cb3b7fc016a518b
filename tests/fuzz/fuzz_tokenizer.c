/* Any bytes as a tokenizer of a checkpoint; what is taken encodes those bytes and gives them back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/tokenizer.h"
#include "fuzz/fuzz.h"
#include "support/text_hash.h"

const char *const fuzz_words[] = {
    "{",           "}",       "[",         "]",         ",",
    ":",           "\"",      "\\",        "\"kind\":", "\"byte-bpe\"",
    "\"merges\":", "[97,98]", "[256,257]", "[32,116]",  ",[258,258]",
    "0",           "9",       "255",       "256",       "65535",
    "65536",       "-1",      "1e9",       "1e999",     "1.5",
    "null",        "true",    "\xff",      "\x1b[31m",  NULL,
};

static void must_come_back(const struct tokenizer *tokenizer, const uint8_t *data, size_t size)
{
    uint16_t *id = malloc(size * sizeof *id + 1);
    must(id != NULL, "memory");
    const size_t count = tokenizer_encode(tokenizer, data, size, id);
    size_t at = 0, length;
    must(count <= size, "no more tokens than bytes");
    for (size_t i = 0; i < count; i++, at += length) {
        must(id[i] < tokenizer_vocabulary(tokenizer), "ids of the vocabulary");
        const unsigned char *bytes = tokenizer_bytes(tokenizer, id[i], &length);
        must(length <= size - at && memcmp(bytes, data + at, length) == 0, "the bytes come back");
    }
    must(at == size, "all of them");
    free(id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct tokenizer *tokenizer = NULL, *again = NULL;
    struct error error = {.status = STATUS_OK};
    must(text != NULL, "memory");
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    if (tokenizer_parse(&tokenizer, text, &error) == STATUS_OK) {
        must_come_back(tokenizer, data, size);
        char *written = tokenizer_text(tokenizer);
        must(written && tokenizer_parse(&again, written, &error) == STATUS_OK, "what is written is read");
        must(tokenizer_hash(again) == tokenizer_hash(tokenizer), "as the same");
        mem_free(written);
        tokenizer_free(again);
        tokenizer_free(tokenizer);
    } else {
        must(tokenizer == NULL && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
    }
    free(text);
    return 0;
}
