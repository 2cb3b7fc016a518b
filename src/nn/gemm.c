#include "nn/gemm.h"

#include <cblas.h>

void gemm_multiply(const struct gemm *gemm)
{
    cblas_sgemm(CblasRowMajor, gemm->left_turned ? CblasTrans : CblasNoTrans,
                gemm->right_turned ? CblasTrans : CblasNoTrans, (blasint)gemm->rows, (blasint)gemm->columns,
                (blasint)gemm->depth, 1.0f, gemm->left, (blasint)gemm->left_stride, gemm->right,
                (blasint)gemm->right_stride, gemm->add ? 1.0f : 0.0f, gemm->result, (blasint)gemm->result_stride);
}

void gemm_set_threads(unsigned threads)
{
    openblas_set_num_threads((int)threads);
}

const char *gemm_kernel_name(void)
{
    return openblas_get_corename();
}
