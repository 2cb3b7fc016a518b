/* Any bytes as a table.  The first byte chooses the options: bits 0-1 the task, bit 2 the target, bit 3 a test file,
 * which begins behind the first byte 0xff; bit 4 a form, of which bits 5-7 choose separator, decimal mark and header. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv.h"
#include "fuzz/fuzz.h"

const char *const fuzz_words[] = {
    ",",
    ";",
    "\t",
    "|",
    "#",
    "# ",
    "sep=;\n",
    "sep=\\t",
    "1,5",
    "1.234",
    "1,234",
    "1.234,5",
    "1'234",
    "\xc2\xa0",
    "0,1,2,3,4\n",
    ";;;\n",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    " ",
    "?",
    "nan",
    "inf",
    "-1e31",
    "1e999",
    "0.1",
    "-",
    "+",
    ".",
    "e",
    "12345678",
    "123456789012345678901234567890",
    "\xef\xbb\xbf",
    "\xff",
    "\x1b[31m",
    "\xc2\x9b",
    "a",
    "-0",
    "\xf0\x9f\x98\x80",
    "\xc0\xaf",
    NULL,
};

static void check(const struct dataset *d)
{
    must(d->rows > d->train && d->train >= 2 && d->inputs >= 1, "rows of both kinds, and inputs");
    for (size_t i = 0; i < d->rows * d->inputs; i++)
        must(isfinite(d->x[i]), "inputs are finite");
    for (size_t i = 0; i < d->inputs; i++) {
        must(isfinite(d->input_mean[i]) && d->input_sd[i] > 0.0, "a scale for every input");
        must(d->input_name[i] != NULL, "a name for every input");
    }
    for (size_t i = 0; i < d->rows; i++)
        if (d->kind == TASK_CLASSIFY)
            must(d->label[i] >= 0 && (size_t)d->label[i] < d->classes, "labels are classes");
        else
            must(isfinite(d->target[i]), "targets are finite");
    for (size_t i = 0; i < d->classes; i++)
        must(d->class_name[i] != NULL, "a name for every class");
    if (d->kind == TASK_CLASSIFY) {
        must(d->classes >= 2 && d->classes <= d->train, "classes");
        int32_t seen = 0; /* the first K rows have K classes */
        for (size_t i = 0; i < d->classes; i++)
            for (size_t j = 0; j < i; j++)
                seen += d->label[i] == d->label[j];
        must(seen == 0, "the first rows are one of each class");
    }
    must_be_clean(d->report, "the report is one clean line");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    uint8_t choice = *data++;
    const uint8_t *cut = choice & 8 ? memchr(data, 0xff, --size) : (size--, NULL);
    struct csv_options options = {
        .target = choice & 4 ? "1" : NULL,
        .test_fraction = 0.25,
        .task = (enum csv_task)((choice & 3) % 3),
        .seed = 1,
    };
    if (choice & 16) {
        options.form.separator = choice & 32 ? ';' : '\0';
        options.form.decimal = choice & 64 ? ',' : '\0';
        options.form.header = choice & 128 ? CSV_HEADER_YES : CSV_HEADER_NO;
    }
    size_t train_size = cut ? (size_t)(cut - data) : size;
    const char *path = keep_file(0, data, train_size);
    if (cut)
        options.test_path = keep_file(1, cut + 1, size - train_size - 1);
    struct dataset *dataset = NULL;
    struct error error = {.status = STATUS_OK};
    if (csv_load(&dataset, path, &options, &error) == STATUS_OK) {
        check(dataset);
        dataset_free(dataset);
    } else {
        must(dataset == NULL && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
    }
    return 0;
}
