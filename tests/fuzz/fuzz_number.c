/* Any bytes as a number, and as the value of each knob. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "fuzz/fuzz.h"
#include "learn/knob.h"

const char *const fuzz_words[] = {
    "0",
    "1",
    "9",
    "5",
    "000000",
    "999999",
    ".",
    "-",
    "+",
    "e",
    "E",
    "e-",
    "e+30",
    "e308",
    "e-324",
    "%",
    "k",
    "M",
    "G",
    "nan",
    "inf",
    "0x",
    "1e6",
    "2000",
    "0.1",
    "on",
    "off",
    "adam",
    "sgd",
    "max",
    "cosine",
    " ",
    "\x1b",
    "\xff",
    "9007199254740993",
    "18446744073709551615",
    "4.9406564584124654e-324",
    "1.7976931348623157e308",
    NULL,
};

/* The scanned number is the one that the C library reads from the same characters. */
static void check_scan(const char *text, size_t length)
{
    double value = 0;
    const size_t used = number_scan(text, length, &value);
    must(used <= length, "no more than there is");
    if (used == 0)
        return;
    char *copy = strndup(text, used), *end;
    const double wanted = strtod(copy, &end);
    must(*end == '\0' && isfinite(value) && value == wanted, "the right number");
    free(copy);
}

static void check_knob(enum knob_id knob, const char *text)
{
    struct error error = {.status = STATUS_OK};
    double value = 0, again = 0;
    if (knob_parse(knob, text, &value, &error) != STATUS_OK) {
        must(strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
        return;
    }
    must(knob_check(knob, value, NULL) == STATUS_OK, "a value in the range");
    char shown[64];
    knob_format(knob, value, shown, sizeof shown);
    must_be_clean(shown, "a clean value");
    must(knob_parse(knob, shown, &again, NULL) == STATUS_OK, "what is shown can be typed");
    must(fabs(again - value) <= 1e-6 * fabs(value), "and means the same");
    must(knob_check(knob, knob_step(knob, value, 1), NULL) == STATUS_OK, "a rung above");
    must(knob_check(knob, knob_step(knob, value, -1), NULL) == STATUS_OK, "a rung below");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_scan((const char *)data, size);
    char *text = strndup((const char *)data, size);
    double value;
    uint64_t whole;
    if (number_parse(text, &value))
        must(isfinite(value), "a finite number");
    if (number_parse_u64(text, &whole) && number_parse(text, &value))
        must((double)whole == value, "one number read in two ways");
    if (size > 0 && size < 200)
        for (size_t i = 0; i < KNOB_COUNT; i++)
            check_knob((enum knob_id)i, text);
    free(text);
    return 0;
}
