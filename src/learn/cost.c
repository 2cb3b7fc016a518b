#include "learn/cost.h"

#include "base/mem.h"

#define BLOCKS_LIVE   10 /* values, gradient, moments, their best, and the copies that pictures are made of */
#define BUFFERS_LIVE  4  /* of a layer for a batch, at the least */
#define MACHINE_SHARE 0.9

double cost_forward(const struct net_spec *shape)
{
    double flops = 0;
    size_t in = shape->inputs;
    for (size_t i = 0; i < shape->hidden_count; i++) {
        flops += 2.0 * (double)in * (double)shape->hidden[i];
        in = shape->hidden[i];
    }
    return flops + 2.0 * (double)in * (double)shape->outputs;
}

enum status cost_check(const struct net_spec *shape, size_t batch, struct error *error)
{
    double units = (double)shape->inputs + (double)shape->outputs;
    for (size_t i = 0; i < shape->hidden_count; i++)
        units += (double)shape->hidden[i];
    const double weights = cost_forward(shape) / 2;
    const double bytes = sizeof(float) * (BLOCKS_LIVE * weights + BUFFERS_LIVE * units * (double)batch);
    const double machine = mem_machine();
    if (!(machine > 0) || bytes <= MACHINE_SHARE * machine)
        return STATUS_OK;
    return error_set(error, STATUS_FAILED,
                     "a model of %.3g weights with batches of %zu needs about %.0f GB of memory, this machine has %.0f:"
                     " fewer or narrower hidden layers are needed",
                     weights, batch, bytes * 1e-9, machine * 1e-9);
}
