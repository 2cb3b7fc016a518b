/* DESIGN.  The bench's own thread plays the worker: trainer, pending buckets and the ring's producing end are its.  The
 * consumer thread plays the screen: it alone touches the history, and looks into the ring every CONSUMER_NS. */
#include "bench/training.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "data/toys.h"
#include "metrics/history.h"
#include "metrics/pending.h"

#define CONSUMER_NS  8000000
#define RING_BUCKETS 65536
#define STRIDE_EVERY 4096 /* steps between two looks at the speed */
#define DRAIN        1024

const struct training_case training_table[] = {
    {"tiny",
     "tiny net 2-8-8-2 tanh, batch 10, SGD",
     {2, 2, 2, {8, 8}, ACTIVATION_TANH, false},
     10,
     200,
     OPTIMIZER_SGD,
     0.2,
     1.1,
     150},
    {"small",
     "small net 64-64-10 ReLU, batch 32, Adam",
     {64, 10, 1, {64}, ACTIVATION_RELU, false},
     32,
     1347,
     OPTIMIZER_ADAM,
     0.002,
     0.8,
     25},
    {"large",
     "large net 784-512-512-10 ReLU, batch 128, Adam",
     {784, 10, 2, {512, 512}, ACTIVATION_RELU, false},
     128,
     4096,
     OPTIMIZER_ADAM,
     0.001,
     0.9,
     1.6},
};
const size_t training_count = sizeof training_table / sizeof training_table[0];

const struct training_case *training_find(const char *name)
{
    const struct training_case *found = training_table;
    while (strcmp(found->name, name) != 0)
        found++;
    return found;
}

struct training {
    struct dataset *dataset;
    struct trainer *trainer;
    struct pending *pending;
    struct ring *ring;
    struct history *history; /* the consumer's */
    pthread_t consumer;
    bool consuming;
    atomic_bool stop;
    float measures[SERIES_TOTAL];
    uint64_t looked_step, looked_at;
};

/* Classes are noisy templates: as hard to learn as a table of small pictures, and of any width. */
static struct dataset *templates(const struct training_case *which)
{
    size_t inputs = which->net.inputs, classes = which->net.outputs, rows = which->rows + which->rows / 4;
    struct dataset *dataset = mem_alloc(1, sizeof *dataset);
    if (!dataset)
        return NULL;
    *dataset = (struct dataset){.name = mem_string(which->name),
                                .kind = TASK_CLASSIFY,
                                .rows = rows,
                                .train = which->rows,
                                .inputs = inputs,
                                .classes = classes,
                                .x = mem_alloc(rows * inputs, sizeof(float)),
                                .label = mem_alloc(rows, sizeof(int32_t))};
    if (!dataset->x || !dataset->label) {
        dataset_free(dataset);
        return NULL;
    }
    uint32_t key = random_key(1, RANDOM_TOY, 0), noise = random_key(1, RANDOM_TOY, 1);
    for (size_t row = 0; row < rows; row++) {
        size_t label = row * 7 % classes;
        dataset->label[row] = (int32_t)label;
        for (size_t i = 0; i < inputs; i++)
            dataset->x[row * inputs + i] = random_normal(key, (uint32_t)(label * inputs + i)) +
                                           2 * random_normal(noise, (uint32_t)(row * inputs + i));
    }
    return dataset;
}

static void drain(struct training *training)
{
    static _Thread_local struct bucket bucket[DRAIN];
    size_t count;
    while ((count = ring_pop_many(training->ring, bucket, DRAIN)) > 0)
        for (size_t i = 0; i < count; i++)
            history_push(training->history, &bucket[i]);
}

static void *consume(void *argument)
{
    struct training *training = argument;
    while (!atomic_load(&training->stop)) {
        drain(training);
        nanosleep(&(struct timespec){.tv_nsec = CONSUMER_NS}, NULL);
    }
    return NULL;
}

struct training *training_create(const struct training_case *which)
{
    struct training *training = mem_alloc(1, sizeof *training);
    if (!training)
        return NULL;
    if (which->net.inputs == 2)
        toy_make(&training->dataset, toy_find("spiral"), which->rows, -1, 1, NULL);
    else
        training->dataset = templates(which);
    struct trainer_spec spec = {
        .dataset = training->dataset, .shape.net = which->net, .loss = LOSS_CROSS_ENTROPY, .seed = 1};
    knobs_default(&spec.knobs);
    spec.knobs.value[KNOB_LR] = which->lr;
    spec.knobs.value[KNOB_BATCH] = (double)which->batch;
    spec.knobs.value[KNOB_OPTIMIZER] = which->optimizer;
    if (!training->dataset || trainer_create(&training->trainer, &spec, kernels_choose(), NULL) != STATUS_OK)
        goto failed;
    training->pending = pending_create(trainer_layers(training->trainer), 0);
    training->ring = ring_create(RING_BUCKETS, sizeof(struct bucket));
    training->history = history_create();
    if (!training->pending || !training->ring || !training->history)
        goto failed;
    training->looked_at = clock_now();
    training->consuming = pthread_create(&training->consumer, NULL, consume, training) == 0;
    if (training->consuming)
        return training;
failed:
    training_free(training);
    return NULL;
}

void training_free(struct training *training)
{
    if (!training)
        return;
    if (training->consuming) {
        atomic_store(&training->stop, true);
        pthread_join(training->consumer, NULL);
    }
    history_free(training->history);
    ring_free(training->ring);
    pending_free(training->pending);
    trainer_free(training->trainer);
    dataset_free(training->dataset);
    mem_free(training);
}

struct trainer *training_trainer(struct training *training)
{
    return training->trainer;
}

static void choose_stride(struct training *training, uint64_t step)
{
    uint64_t now = clock_now();
    pending_set_stride(training->pending, pending_stride_for((double)(step - training->looked_step) * 1e9 /
                                                                 (double)(now - training->looked_at + 1),
                                                             step));
    training->looked_step = step;
    training->looked_at = now;
}

void training_steps(void *context, uint64_t steps)
{
    struct training *training = context;
    uint64_t step = trainer_step_count(training->trainer), end = step + steps;
    training->looked_step = step;
    training->looked_at = clock_now();
    while (step < end) {
        if (trainer_step(training->trainer, training->measures) != STEP_DONE)
            return;
        step++;
        if (pending_step(training->pending, step, training->measures))
            pending_flush(training->pending, training->ring);
        if (step % STRIDE_EVERY == 0)
            choose_stride(training, step);
    }
}

void training_evaluations(void *context, uint64_t times)
{
    struct training *training = context;
    for (; times > 0; times--) {
        trainer_evaluate_now(training->trainer);
        /* One that was already made at this step is not made again: take a step in between. */
        if (!trainer_evaluation_due(training->trainer)) {
            trainer_step(training->trainer, training->measures);
            trainer_evaluate_now(training->trainer);
        }
        while (trainer_evaluation_due(training->trainer))
            trainer_evaluate(training->trainer, SIZE_MAX, training->measures);
    }
}
