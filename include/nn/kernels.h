/* The innermost loops, once per instruction level (x86-64, x86-64-v3, x86-64-v4, or portable C), each level exporting
 * one `const struct kernels` made from the same source.  All levels give the same bits: every output element of a
 * product is one chain of fused multiply-adds over k in ascending order (emulated exactly where the machine has none),
 * reductions run in 16 fixed lanes that are folded in one fixed order, exp, log, tanh, sin are our own.  Compiled with
 * -ffp-contract=off.
 *
 * Matrices are row-major with a stride in floats that is a multiple of 8; columns between the width and the padded
 * width are kept zero by every function that writes a matrix.  All blocks are 64-byte aligned. */
#ifndef NN_KERNELS_H
#define NN_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define KERNEL_PAD 8
static inline size_t kernel_pad(size_t n)
{
    return (n + KERNEL_PAD - 1) / KERNEL_PAD * KERNEL_PAD;
}

struct kernels; /* table of functions: see kernels_table.h, for nn/ only */

/* The best level of this machine, or the one that DOWNHILL_KERNELS names (generic, v3, v4). Never NULL. */
const struct kernels *kernels_choose(void);

/* STATUS_USAGE when DOWNHILL_KERNELS names a level that does not exist or that this machine does not have. */
enum status kernels_check(struct error *error);

/* All levels that this machine can run, for tests: returns their number. */
size_t kernels_all(const struct kernels *out[], size_t most);
const char *kernels_name(const struct kernels *kernels);

#endif
