/* Recipes: INI files that describe a run.
 *
 *     [model] [data] [prompt] [run]   fields of a spec, by the `section` and `key` of their rows (setup/spec_field.h)
 *     [data]                          besides: text = FILE, table = FILE or toy = NAME, one of which must be there
 *     [knobs]                         any knob
 *     [stage NAME]                    one for each stage, in their order (setup/spec_stage.h)
 *
 * Keys mean what the options of the same name do (kind: --model; text of a prompt: --prompt).  A switch is yes or no; a
 * value may stand in double quotes, which keep blanks at its ends.  A `;` behind a blank begins a comment, between
 * quotes too: no value holds one there.  Files are looked for from the recipe's folder on. The run begins with the
 * knobs of the first stage, where it says some. */
#ifndef APP_RECIPE_H
#define APP_RECIPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/file.h"
#include "base/status.h"
#include "setup/spec.h"

#define RECIPE_SIZE_MAX ((size_t)1 << 20)

/* Whether the path is that of a recipe, by its ending. */
static inline bool recipe_is(const char *path)
{
    return file_ends(path, ".ini");
}

/* Fills a spec that spec_init has made; what the recipe says counts as given.  STATUS_FAILED, with file and line, for
 * what is wrong in it; the spec is then to be freed as ever. */
enum status recipe_read(struct spec *spec, const char *path, struct error *error);
/* The same for a text that was read from there. */
enum status recipe_parse(struct spec *spec, const char *path, const char *text, size_t length, struct error *error);

#endif
