/* Memory that runs out at the n-th request, for every n: a clear error, and nothing is left behind.
 *
 * Linked with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=posix_memalign,--wrap=free, so that
 * the program's own requests come here; those of the C library and of libcsv do not. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/batch.h"
#include "data/csv.h"
#include "data/toys.h"
#include "suite.h"

static struct {
    bool on;
    long granted_most;  /* requests that are granted */
    long granted, held; /* so far, and not yet released */
} watch;

/* Whether a request may go on.  Once one is refused, memory does not come back. */
static bool may(void)
{
    return !watch.on || watch.granted < watch.granted_most;
}

static void *count(void *memory)
{
    if (watch.on && memory) {
        watch.granted++;
        watch.held++;
    }
    return memory;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t many, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_posix_memalign(void **memory, size_t alignment, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t many, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size);
void __wrap_free(void *memory);

void *__wrap_malloc(size_t size)
{
    return may() ? count(__real_malloc(size)) : NULL;
}

void *__wrap_calloc(size_t many, size_t size)
{
    return may() ? count(__real_calloc(many, size)) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
    if (!may())
        return NULL;
    void *moved = __real_realloc(memory, size);
    return memory ? moved : count(moved);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return may() ? count(__real_aligned_alloc(alignment, size)) : NULL;
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size)
{
    int failure = may() ? __real_posix_memalign(memory, alignment, size) : ENOMEM;
    if (failure == 0)
        count(*memory);
    return failure;
}

void __wrap_free(void *memory)
{
    watch.held -= watch.on && memory;
    __real_free(memory);
}

/* Something that needs memory, and releases all of it.  Check itself must not ask for any in between. */
struct task {
    const char *name;
    const char *table, *test_table; /* files that `run` finds as train.csv and test.csv */
    enum status (*run)(struct error *error);
};

static enum status load_with(const struct csv_options *options, struct error *error)
{
    struct dataset *dataset = NULL;
    enum status status = csv_load(&dataset, "train.csv", options, error);
    dataset_free(dataset);
    return status;
}

static enum status load_one(struct error *error)
{
    return load_with(&(struct csv_options){.test_fraction = 0.3}, error);
}

static enum status load_two(struct error *error)
{
    return load_with(&(struct csv_options){.test_path = "test.csv"}, error);
}

/* Where the answer is a refusal, that is what must come in the end. */
static enum status load_wrong_target(struct error *error)
{
    enum status status = load_with(&(struct csv_options){.test_fraction = 0.3, .target = "colours"}, error);
    return status == STATUS_USAGE && strstr(error->message, "'colour'") ? STATUS_OK : status;
}

static enum status make_toy(struct error *error)
{
    struct dataset *dataset = NULL;
    enum status status = toy_make(&dataset, toy_find("gauss"), 0, -1.0, 1, error);
    if (status == STATUS_OK)
        status = toy_features(dataset, "x,y,xy", error);
    if (status == STATUS_OK) {
        struct batch *batch = batch_create(dataset, 10);
        if (!batch)
            status = error_memory(error);
        batch_free(batch);
    }
    dataset_free(dataset);
    return status;
}

static const char texts[] = "id,colour,size,\"quoted, name\",y\n1,red,2.5,\"a\nb\",p\n2,blue,,c,q\n3,red,4,c,p\n"
                            "4,blue,x,c,q\n5,,4,\"a\nb\",r\n6,red,4,c,r\n7,red,4,c,r\n8,red,4,c,p\n";
static const char numbers[] = "1;2,5;3\n4;5;6,5\n7;8;9\n1;2;3\n";

static const struct task tasks[] = {
    {"a table of texts", texts, "", load_one},
    {"a table of numbers", numbers, "", load_one},
    {"a table and its test file", texts, texts, load_two},
    {"a target that is not there", texts, "", load_wrong_target},
    {"a toy with features and batches", "", "", make_toy},
};
#define TASKS (int)(sizeof tasks / sizeof *tasks)

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(memory_runs_out_at_every_request)
{
    const struct task *task = &tasks[_i];
    char folder[] = "/tmp/test_faults_XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    write_file("train.csv", task->table);
    write_file("test.csv", task->test_table);
    struct error error = {.status = STATUS_OK};
    ck_assert_msg(task->run(&error) == STATUS_OK, "%s: %s", task->name, error.message);
    long n = 0;
    for (;; n++) {
        ck_assert_int_lt(n, 10000);
        error = (struct error){.status = STATUS_OK};
        watch.on = true;
        watch.granted_most = n;
        watch.granted = watch.held = 0;
        enum status status = task->run(&error);
        watch.on = false;
        ck_assert_msg(watch.held == 0, "%s: %ld requests granted, %ld of them kept", task->name, n, watch.held);
        if (status == STATUS_OK)
            break;
        ck_assert_int_eq(status, STATUS_FAILED);
        ck_assert_msg(strstr(error.message, "memory") != NULL, "%s: %ld granted: '%s'", task->name, n, error.message);
    }
    ck_assert_int_gt(n, 5);
    unlink("train.csv");
    unlink("test.csv");
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("faults");
    TCase *tests = tcase_create("faults");
    tcase_add_loop_test(tests, memory_runs_out_at_every_request, 0, TASKS);
    suite_add_tcase(suite, tests);
    return suite;
}
