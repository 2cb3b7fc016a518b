/* The playground's input features for toys of two inputs. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/elementary.h"
#include "base/mem.h"
#include "base/name.h"
#include "data/toys.h"

struct feature {
    const char *name;
    double (*of)(double x, double y);
};

static double feature_x(double x, double y)
{
    (void)y;
    return x;
}

static double feature_y(double x, double y)
{
    (void)x;
    return y;
}

static double feature_x2(double x, double y)
{
    (void)y;
    return x * x;
}

static double feature_y2(double x, double y)
{
    (void)x;
    return y * y;
}

static double feature_xy(double x, double y)
{
    return x * y;
}

static double feature_sinx(double x, double y)
{
    (void)y;
    return elementary_sin(x * (ELEMENTARY_PI / 2.0));
}

static double feature_siny(double x, double y)
{
    (void)x;
    return elementary_sin(y * (ELEMENTARY_PI / 2.0));
}

static const struct feature feature_table[] = {
    {"x", feature_x},   {"y", feature_y},       {"x2", feature_x2},     {"y2", feature_y2},
    {"xy", feature_xy}, {"sinx", feature_sinx}, {"siny", feature_siny},
};
#define FEATURES (sizeof feature_table / sizeof *feature_table)

/* The next name of a comma-separated list: moves *list behind it; -1 when it is no feature. */
static int next_feature(const char **list)
{
    size_t length = strcspn(*list, ",");
    int found = -1;
    for (size_t i = 0; i < FEATURES; i++)
        if (strlen(feature_table[i].name) == length && strncmp(feature_table[i].name, *list, length) == 0)
            found = (int)i;
    *list += length;
    if (**list == ',' && found >= 0)
        ++*list;
    return found;
}

static enum status check_features(const struct dataset *dataset, const char *list, size_t *count, struct error *error)
{
    if (dataset->inputs != 2)
        return error_set(error, STATUS_USAGE, "features '%s': %s has one input, so there is nothing to combine", list,
                         dataset->name);
    bool given[FEATURES] = {false};
    *count = 0;
    for (const char *rest = list; *rest || *count == 0; ++*count) {
        const char *start = rest;
        int which = next_feature(&rest);
        if (which < 0) {
            const char *names[FEATURES];
            char typed[32], hint[128];
            for (size_t i = 0; i < FEATURES; i++)
                names[i] = feature_table[i].name;
            snprintf(typed, sizeof typed, "%.*s", (int)strcspn(start, ","), start);
            return error_set(error, STATUS_USAGE, "unknown feature '%s'%s", typed,
                             name_suggest(hint, sizeof hint, typed, names, FEATURES));
        }
        if (given[which])
            return error_set(error, STATUS_USAGE, "feature '%s' is given twice", feature_table[which].name);
        if (*count < 2 && which != (int)*count)
            return error_set(error, STATUS_USAGE, "features '%s': the first two must be x,y", list);
        given[which] = true;
    }
    if (*count < 2)
        return error_set(error, STATUS_USAGE, "features '%s': the first two must be x,y", list);
    return STATUS_OK;
}

void toy_expand(const char *list, const float *point, float *out)
{
    if (!list)
        list = "x,y";
    while (*list) {
        int which = next_feature(&list);
        if (which < 0)
            return;
        *out++ = (float)feature_table[which].of((double)point[0], (double)point[1]);
    }
}

enum status toy_features(struct dataset *dataset, const char *list, struct error *error)
{
    if (!list)
        return STATUS_OK;
    size_t count = 0;
    enum status status = check_features(dataset, list, &count, error);
    if (status != STATUS_OK || count == 2)
        return status;

    float *x = mem_alloc(dataset->rows, count * sizeof *x);
    double *mean = mem_alloc(count, sizeof *mean);
    double *sd = mem_alloc(count, sizeof *sd);
    char **names = mem_alloc(count, sizeof *names);
    bool named = names != NULL;
    const char *rest = list;
    for (size_t i = 0; named && i < count; i++)
        named = (names[i] = mem_string(feature_table[next_feature(&rest)].name)) != NULL;
    if (!x || !mean || !sd || !named) {
        for (size_t i = 0; names && i < count; i++)
            mem_free(names[i]);
        mem_free(names);
        mem_free(x);
        mem_free(mean);
        mem_free(sd);
        return error_memory(error);
    }
    for (size_t row = 0; row < dataset->rows; row++)
        toy_expand(list, dataset->x + 2 * row, x + count * row);
    for (size_t i = 0; i < count; i++)
        sd[i] = 1.0;
    mem_free(dataset->x);
    mem_free(dataset->input_mean);
    mem_free(dataset->input_sd);
    for (size_t i = 0; i < dataset->inputs; i++)
        mem_free(dataset->input_name[i]);
    mem_free(dataset->input_name);
    dataset->x = x;
    dataset->input_mean = mean;
    dataset->input_sd = sd;
    dataset->input_name = names;
    dataset->inputs = count;
    return STATUS_OK;
}
