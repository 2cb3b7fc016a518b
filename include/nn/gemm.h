/* Large products through cblas_sgemm: the only door to the BLAS.  Row-major, strides in floats.
 * What it computes depends in its last bits on the library's kernel and number of threads; nets below the limit in
 * nn/net.h never come here. */
#ifndef NN_GEMM_H
#define NN_GEMM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* result[rows][columns] = (add ? result : 0) + left[rows][depth] right[depth][columns]; an operand that is
 * `turned` is stored transposed. */
struct gemm {
    size_t rows, columns, depth;
    const float *left;
    size_t left_stride;
    bool left_turned;
    const float *right;
    size_t right_stride;
    bool right_turned;
    float *result;
    size_t result_stride;
    bool add;
};
void gemm_multiply(const struct gemm *gemm);

/* The library starts a thread for each processor before main() begins.  Each of its threads, and the first that
 * multiplies, maps a buffer of 128 MB; where it gets none it tries again without an end, and the end of the program
 * waits for it.  So memory is looked for first. */

/* Whether the threads that the library has started may be lacking their memory. */
bool gemm_is_starved(void);

/* Sets the number of the library's threads, for the whole process, and makes it take its buffers.  STATUS_FAILED when
 * there is no memory for them.  Before the first product, while no other thread multiplies. */
enum status gemm_prepare(unsigned threads, struct error *error);

/* What the library calls its kernels on this machine: "Zen", "SkylakeX". */
const char *gemm_kernel_name(void);

#endif
