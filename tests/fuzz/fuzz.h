/* What a fuzzed part and the driver know of each other. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The entry point's name is libFuzzer's: a part can also be linked with -fsanitize=fuzzer instead of the driver. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a mutation puts in, of the part's own language; NULL ends the list. */
extern const char *const fuzz_words[];

/* The path of a file, in memory where there is such a place, that holds these bytes until the next call; two can be had
 * at a time. */
const char *keep_file(size_t which, const uint8_t *data, size_t size);

/* Ends the program with a report when something does not hold. */
void must(bool holds, const char *what);
/* One line of UTF-8 without control characters. */
void must_be_clean(const char *text, const char *what);

#endif
