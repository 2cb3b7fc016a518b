/* Any bytes as a recipe.  What is accepted must stay the same when its text is written and read again. */
#include <string.h>

#include "app/recipe.h"
#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "setup/spec_text.h"

const char *const fuzz_words[] = {
    "\n",
    "\r\n",
    "[model]\n",
    "[data]\n",
    "[knobs]\n",
    "[prompt]\n",
    "[run]\n",
    "[stage a]\n",
    "[stage ",
    "]",
    " = ",
    ": ",
    "kind = transformer\n",
    "layers = 2\n",
    "tie = yes\n",
    "toy = moons\n",
    "text = README.md\n",
    "text = recipe.ini\n",
    "data = README.md\n",
    "table = -\n",
    "lr = 0.1\n",
    "steps = 5\n",
    "epochs = 1e-3\n",
    "objective = respond\n",
    "train = lora 8\n",
    "at = 5:lr=0.1\n",
    "seed = 4294967295\n",
    "\"",
    " ; ",
    "# ",
    "\xef\xbb\xbf",
    "\xff",
    "\x1b[2J",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    NULL,
};

static void check_again(const struct spec *spec)
{
    struct spec same;
    spec_init(&same);
    char *text = spec_text(spec);
    must(spec_from_text(&same, text, NULL) == STATUS_OK, "its text is read again");
    char *same_text = spec_text(&same);
    must(strcmp(text, same_text) == 0, "the same spec");
    mem_free(text);
    mem_free(same_text);
    spec_free(&same);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct spec spec;
    struct error error = {.message = ""};
    spec_init(&spec);
    if (recipe_parse(&spec, "recipe.ini", (const char *)data, size, &error) == STATUS_OK) {
        must(spec.task && strcmp(spec.recipe, "recipe.ini") == 0, "a task");
        for (size_t i = 0; i < KNOB_COUNT; i++)
            must(knob_check((enum knob_id)i, spec.knobs.value[i], NULL) == STATUS_OK, "knobs in their ranges");
        check_again(&spec);
    } else {
        must(error.status == STATUS_FAILED && strncmp(error.message, "recipe.ini:", 11) == 0, "a place");
        must_be_clean(error.message, "a clean reason");
    }
    spec_free(&spec);
    return 0;
}
