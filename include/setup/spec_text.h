/* A spec as lines of text, one `name value` each ("task samples/iris.csv", "hidden 8,8", "lr 0.2"): what a journal and
 * a checkpoint say of a run.  Names are those of the options, values are as the options take them, except that numbers
 * have as many digits as they need to be the same double again.  A switch ("layer-norm") stands alone; words are quoted
 * as in base/lines.h. */
#ifndef SETUP_SPEC_TEXT_H
#define SETUP_SPEC_TEXT_H

#include "base/status.h"
#include "setup/spec.h"

/* All that defines the run, after spec_load has filled it in; what is about one machine or one call (log, threads)
 * is left out.  Each line ends with a line feed.  The caller frees it with mem_free; NULL: out of memory. */
char *spec_text(const struct spec *spec);

/* Sets what the lines say in a spec that spec_init has made; what they give counts as given, what they leave out stays,
 * of two lines about one thing the last one holds, and blank lines say nothing.  An error names the line ("line 3: lr
 * 0: ..."); the spec is then to be freed as ever. */
enum status spec_from_text(struct spec *spec, const char *text, struct error *error);

#endif
