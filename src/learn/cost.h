/* Whether a model can be afforded, told from its shape alone. */
#ifndef LEARN_COST_H
#define LEARN_COST_H

#include <stddef.h>

#include "base/status.h"
#include "nn/model.h"

/* STATUS_FAILED when training it with such batches needs more memory than the machine has: asked before anything is
 * taken, so that too large a model is an error and not the end of the program. */
enum status cost_check(const struct model_shape *shape, size_t batch, struct error *error);

#endif
