/* Tables in a folder of their own, for tests: loaded, or refused with which words. */
#ifndef TESTS_SUPPORT_TABLES_H
#define TESTS_SUPPORT_TABLES_H

#include <math.h>

#include "data/csv.h"
#include "support/working_folder.h"

static const struct csv_options usual = {.test_fraction = 0.25, .seed = 1};

static inline struct dataset *load_with(const char *path, const struct csv_options *options)
{
    struct dataset *dataset = NULL;
    struct error error = {.status = STATUS_OK};
    ck_assert_msg(csv_load(&dataset, path, options, &error) == STATUS_OK, "%s", error.message);
    return dataset;
}

static inline struct dataset *load_text(const char *text)
{
    write_text("t.csv", text);
    return load_with("t.csv", &usual);
}

static inline void refuse_with(const char *path, const struct csv_options *options, enum status status,
                               const char *message)
{
    struct dataset *dataset = NULL;
    struct error error = {.status = STATUS_OK};
    ck_assert_int_eq(csv_load(&dataset, path, options, &error), status);
    ck_assert_ptr_null(dataset);
    ck_assert_msg(strstr(error.message, message) != NULL, "said '%s', not '%s'", error.message, message);
}

static inline void refuse_text(const char *text, const char *message)
{
    write_text("t.csv", text);
    refuse_with("t.csv", &usual, STATUS_FAILED, message);
}

/* The row whose first input came from `raw`. */
static inline size_t row_with(const struct dataset *dataset, double raw)
{
    for (size_t row = 0; row < dataset->rows; row++) {
        double value = (double)dataset->x[row * dataset->inputs] * dataset->input_sd[0] + dataset->input_mean[0];
        if (fabs(value - raw) < 1e-3)
            return row;
    }
    ck_abort_msg("no row has %g", raw);
}

#endif
