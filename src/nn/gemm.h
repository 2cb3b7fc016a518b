/* Large products through cblas_sgemm: the only door to the BLAS.  Row-major, strides in floats.
 * What it computes depends in its last bits on the library's kernel and number of threads; nets below the limit in
 * nn/net.h never come here. */
#ifndef NN_GEMM_H
#define NN_GEMM_H

#include <stdbool.h>
#include <stddef.h>

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

/* Threads of the library, for the whole process; 1 unless it was told otherwise. */
void gemm_set_threads(unsigned threads);

/* What the library calls its kernels on this machine: "Zen", "SkylakeX". */
const char *gemm_kernel_name(void);

#endif
