/* Refuses a model whose weights and activations need more memory than the machine has. */
#include "learn/cost.h"

#include "base/mem.h"

#define BLOCKS_LIVE   10 /* values, gradient, moments, their best, and the copies that pictures are made of */
#define MACHINE_SHARE 0.9

enum status cost_check(const struct model_shape *shape, size_t batch, struct error *error)
{
    const double weights = model_weights(shape);
    const double bytes = sizeof(float) * (BLOCKS_LIVE * weights + model_units(shape) * (double)batch);
    const double machine = mem_machine();
    if (!(machine > 0) || bytes <= MACHINE_SHARE * machine)
        return STATUS_OK;
    return error_set(error, STATUS_FAILED,
                     "a model of %.3g weights with batches of %zu needs about %.0f GB of memory, this machine has %.0f:"
                     " fewer or narrower layers are needed",
                     weights, batch, bytes * 1e-9, machine * 1e-9);
}
