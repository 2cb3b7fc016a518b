/* Any bytes as the list of a toy's features. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/toys.h"
#include "fuzz/fuzz.h"

#define FEATURES_MOST 7

const char *const fuzz_words[] = {"x", "y",  "x2",   "y2", "xy",     "sinx", "siny",
                                  ",", ",,", "x,y,", " ",  "\x1b[m", "\xff", NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *list = strndup((const char *)data, size);
    struct dataset *dataset = NULL;
    struct error error = {.status = STATUS_OK};
    must(toy_make(&dataset, toy_find("gauss"), 20, 0.1, 1, &error) == STATUS_OK, "a toy");
    const float point[2] = {dataset->x[0], dataset->x[1]};
    if (toy_features(dataset, list, &error) == STATUS_OK) {
        float made[FEATURES_MOST];
        must(dataset->inputs >= 2 && dataset->inputs <= FEATURES_MOST, "each feature at most once");
        toy_expand(list, point, made);
        for (size_t i = 0; i < dataset->inputs; i++) {
            must(isfinite(made[i]) && made[i] == dataset->x[i], "a point and the data agree");
            must(dataset->input_name[i] != NULL && dataset->input_sd[i] == 1.0, "names and scales");
        }
    } else {
        must(error.status == STATUS_USAGE && strlen(error.message) > 5, "a reason");
        must_be_clean(error.message, "a clean reason");
    }
    dataset_free(dataset);
    free(list);
    return 0;
}
