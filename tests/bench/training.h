/* The three nets of the bench, trained by the program's own trainer with every step's samples streamed to a live
 * consumer, and their floor: the bare cblas_sgemm calls of a step. */
#ifndef TESTS_BENCH_TRAINING_H
#define TESTS_BENCH_TRAINING_H

#include <stddef.h>
#include <stdint.h>

#include "learn/trainer.h"
#include "nn/net.h"
#include "nn/optimizer.h"

struct training_case {
    const char *name; /* also the argument of peer_torch.py */
    const char *what;
    struct net_spec net; /* inputs and outputs are those of the data */
    size_t batch, rows;
    enum optimizer_id optimizer;
    double lr;
    double floor_goal, peer_goal;
};
extern const struct training_case training_table[];
extern const size_t training_count;
const struct training_case *training_find(const char *name); /* which there is */

struct training;
struct training *training_create(const struct training_case *which); /* NULL: out of memory */
void training_free(struct training *training);
struct trainer *training_trainer(struct training *training);
void training_steps(void *training, uint64_t steps);       /* steps of ours, streamed */
void training_evaluations(void *training, uint64_t times); /* evaluations of ours */

struct floor *training_floor(const struct training_case *which); /* NULL: out of memory */

#endif
