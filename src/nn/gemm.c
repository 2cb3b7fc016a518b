/* Multiplies matrices with OpenBLAS, and sees to it that the library has the memory that it needs. */
#include "nn/gemm.h"

#include <cblas.h>

#include "base/mem.h"

#define THREAD_BYTES ((size_t)137 << 20) /* OpenBLAS's buffer of 128 MB, and a stack of 8 MB */
#define SPARE_BYTES  ((size_t)512 << 20) /* what else the program takes before those threads have theirs */
#define WARM_SIZE    256

void gemm_multiply(const struct gemm *gemm)
{
    cblas_sgemm(CblasRowMajor, gemm->left_turned ? CblasTrans : CblasNoTrans,
                gemm->right_turned ? CblasTrans : CblasNoTrans, (blasint)gemm->rows, (blasint)gemm->columns,
                (blasint)gemm->depth, 1.0f, gemm->left, (blasint)gemm->left_stride, gemm->right,
                (blasint)gemm->right_stride, gemm->add ? 1.0f : 0.0f, gemm->result, (blasint)gemm->result_stride);
}

bool gemm_is_starved(void)
{
    const int threads = openblas_get_num_threads();
    return threads > 1 && !mem_fits((size_t)threads * THREAD_BYTES + SPARE_BYTES);
}

/* Large enough that each thread takes part, which it does once it has its buffer. */
static enum status warm_up(struct error *error)
{
    float *left = mem_alloc((size_t)WARM_SIZE * WARM_SIZE, sizeof *left);
    float *result = mem_alloc((size_t)WARM_SIZE * WARM_SIZE, sizeof *result);
    const bool whole = left && result;
    if (whole)
        gemm_multiply(&(struct gemm){.rows = WARM_SIZE,
                                     .columns = WARM_SIZE,
                                     .depth = WARM_SIZE,
                                     .left = left,
                                     .left_stride = WARM_SIZE,
                                     .right = left,
                                     .right_stride = WARM_SIZE,
                                     .result = result,
                                     .result_stride = WARM_SIZE});
    mem_free(result);
    mem_free(left);
    return whole ? STATUS_OK : error_memory(error);
}

enum status gemm_prepare(unsigned threads, struct error *error)
{
    if (!mem_fits(threads * THREAD_BYTES))
        return error_set(error, STATUS_FAILED,
                         "out of memory: the matrix library takes %zu MB for %u thread%s (--threads): allow more memory"
                         " or make the layers smaller",
                         threads * THREAD_BYTES >> 20, threads, threads == 1 ? "" : "s");
    openblas_set_num_threads((int)threads);
    return warm_up(error);
}

const char *gemm_kernel_name(void)
{
    return openblas_get_corename();
}
