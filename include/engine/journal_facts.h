/* What a replay has to have in common with the run: the data files and the checkpoint that it began with, byte for
 * byte, and, for models that the project's own kernels do not reach, the kernels. */
#ifndef ENGINE_JOURNAL_FACTS_H
#define ENGINE_JOURNAL_FACTS_H

#include <stddef.h>

#include "base/status.h"
#include "engine/journal.h"
#include "nn/model.h"
#include "setup/spec.h"

/* Reads the data files once more.  What is no plain file (standard input, a pipe) leaves zeros. */
void journal_facts_take(struct journal_facts *facts, const struct spec *spec, const struct model *model,
                        const char *kernels);

/* STATUS_FAILED, with a message that ends in what --force would do, when a data file is not what it was, or cannot be
 * known to be. */
enum status journal_facts_check(const struct journal_facts *facts, const struct spec *spec, struct error *error);

/* Says in `out` why the numbers may be others here than there; empty: they are the same, bit for bit. */
void journal_facts_compare(const struct journal_facts *then, const struct journal_facts *now, char *out, size_t size);

#endif
