/* Weight files: what is written is read, and what is crafted is refused with the reason. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "nn/weights.h"
#include "suite.h"
#include "support/own_folder.h"

static const float six[] = {1, -2, 3.5f, 4, 5, 6};
static const unsigned char bytes[] = {1, 2, 3};

static enum status write_two(const char *where, struct error *error)
{
    const struct tensor tensors[] = {
        {.name = "bytes", .type = TENSOR_U8, .rank = 1, .shape = {3}, .data = bytes, .bytes = 3},
        {.name = "layers.0.weight", .type = TENSOR_F32, .rank = 2, .shape = {3, 2}, .data = six, .bytes = sizeof six},
    };
    const struct weights_note notes[] = {{"step", "100"}, {"spec", "task \"a\"\nlr 0.1\n"}};
    return weights_write(where, tensors, 2, notes, 2, error);
}

START_TEST(what_is_written_is_read)
{
    struct weights *weights;
    struct error error = {0};
    ck_assert_msg(write_two(path, &error) == STATUS_OK, "%s", error.message);
    ck_assert_msg(weights_open(&weights, path, &error) == STATUS_OK, "%s", error.message);
    ck_assert_uint_eq(weights_count(weights), 2);
    const struct tensor *tensor = weights_find(weights, "layers.0.weight");
    ck_assert_ptr_nonnull(tensor);
    ck_assert_uint_eq(tensor->type, TENSOR_F32);
    ck_assert_uint_eq(tensor->rank, 2);
    ck_assert_uint_eq(tensor->shape[0], 3);
    ck_assert_uint_eq(tensor->shape[1], 2);
    for (size_t i = 0; i < 6; i++)
        ck_assert_float_eq(tensor_float(tensor, i), six[i]);
    ck_assert_mem_eq(weights_find(weights, "bytes")->data, bytes, 3);
    ck_assert_ptr_null(weights_find(weights, "layers.0.bias"));
    ck_assert_str_eq(weights_note(weights, "spec"), "task \"a\"\nlr 0.1\n");
    ck_assert_ptr_null(weights_note(weights, "epoch"));
    weights_close(weights);
}
END_TEST

static void write_file(const void *header, size_t header_size, uint64_t said, size_t data)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fwrite(&said, 8, 1, file);
    fwrite(header, 1, header_size, file);
    for (size_t i = 0; i < data; i++)
        fputc((int)i, file);
    ck_assert(fclose(file) == 0);
}

static void refused(const char *reason)
{
    struct weights *weights = NULL;
    struct error error = {.message = ""};
    ck_assert(weights_open(&weights, path, &error) == STATUS_FAILED);
    ck_assert_ptr_null(weights);
    ck_assert_msg(strstr(error.message, reason) != NULL, "'%s' has no '%s'", error.message, reason);
    ck_assert_msg(strncmp(error.message, folder, strlen(folder)) == 0, "no path: %s", error.message);
}

#define T(name, type, shape, from, to)                                                                                 \
    "\"" name "\":{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":[" from "," to "]}"

static const struct {
    const char *header;
    size_t data;
    const char *reason; /* NULL: it is read */
} crafted[] = {
    {"{" T("a", "F32", "[2]", "0", "8") "}", 8, NULL},
    {"{" T("a", "F32", "[]", "0", "4") "}", 4, NULL},
    {"{" T("a", "F32", "[0,9]", "0", "0") "}  ", 0, NULL},
    {"{" T("b", "BF16", "[2]", "0", "4") "," T("a", "F32", "[1]", "4", "8") "}", 8, NULL},
    {"{}", 0, NULL},
    {"{" T("a", "F32", "[2]", "0", "8") "}", 7, "a ends at byte 8 of the data, the file has 7"},
    {"{" T("a", "F32", "[2]", "0", "8") "}", 9, "1 bytes after the last tensor"},
    {"{" T("a", "F32", "[3]", "0", "8") "}", 8, "a has 8 bytes where [3] of F32 takes 12"},
    {"{" T("a", "F32", "[2]", "4", "12") "}", 12, "a has a gap"},
    {"{" T("a", "F32", "[2]", "0", "8") "," T("b", "F32", "[2]", "4", "12") "}", 12, "overlaps another tensor"},
    {"{" T("a", "F32", "[2]", "0", "8") "," T("b", "F32", "[2]", "0", "8") "}", 8, "overlaps another tensor"},
    {"{" T("a", "F32", "[1]", "0", "4") "," T("a", "F32", "[1]", "4", "8") "}", 8, "duplicate name a"},
    {"{" T("a", "F32", "[2]", "8", "0") "}", 8, "a has invalid data_offsets"},
    {"{" T("a", "F32", "[2]", "-8", "0") "}", 8, "a has invalid data_offsets"},
    {"{" T("a", "F32", "[2]", "0.5", "8.5") "}", 9, "a has invalid data_offsets"},
    {"{" T("a", "F32", "[2]", "0,4", "8") "}", 8, "a has invalid data_offsets"},
    {"{" T("a", "F32", "[2]", "0", "1e300") "}", 8, "a has invalid data_offsets"},
    {"{" T("a", "F32", "[4294967296,4294967296]", "0", "0") "}", 0, "a has an invalid shape"},
    {"{" T("a", "F32", "[4611686018427387904]", "0", "0") "}", 0, "a has an invalid shape"},
    {"{" T("a", "F32", "[-1]", "0", "4") "}", 4, "a has an invalid shape"},
    {"{" T("a", "F32", "[1,1,1,1,1,1,1,1,1]", "0", "4") "}", 4, "a has an invalid shape"},
    {"{" T("a", "F32", "2", "0", "8") "}", 8, "a has an invalid shape"},
    {"{" T("a", "F33", "[2]", "0", "8") "}", 8, "a has the unknown dtype 'F33'"},
    {"{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
     "a has the unknown dtype"},
    {"{\"a\":7}", 0, "a: invalid tensor entry"},
    {"{\"__metadata__\":{\"step\":5}}", 0, "step is not a string"},
    {"{\"__metadata__\":[]}", 0, "is not an object"},
    {"{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, "duplicate name k"},
    {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, "duplicate name"},
    {"[]", 0, "its header is not an object"},
    {"", 0, "its header"},
    {"{} x", 0, "something behind its end"},
    {"{\"a", 0, "its header"},
    {"{\"a\\u0000b\":7}", 0, "zero byte"},
    {"{\"a\\u001b[31m\":7}", 0, "a?[31m: invalid tensor entry"},
};

START_TEST(crafted_files_are_refused_with_the_reason)
{
    const size_t length = strlen(crafted[_i].header);
    write_file(crafted[_i].header, length, length, crafted[_i].data);
    if (crafted[_i].reason) {
        refused(crafted[_i].reason);
        return;
    }
    struct weights *weights;
    struct error error = {0};
    ck_assert_msg(weights_open(&weights, path, &error) == STATUS_OK, "%s", error.message);
    weights_close(weights);
}
END_TEST

START_TEST(a_header_is_as_long_as_it_says)
{
    write_file("{}", 2, 3, 0);
    refused("its header would have 3 bytes, the file has 10");
    write_file("{}", 2, UINT64_MAX, 0);
    refused("its header would have");
    write_file("{}\0\0", 4, 4, 0);
    refused("zero byte");
    ck_assert(truncate(path, 5) == 0);
    refused("5 bytes");
    write_file("\0", 1, 0, 0);
    ck_assert(truncate(path, (off_t)1 << 30) == 0);
    refused("is not a safetensors file: its header is empty");
    ck_assert(truncate(path, 0) == 0);
    refused("0 bytes");
    unlink(path);
    refused("No such file");
}
END_TEST

/* Brackets in brackets would fill the stack, and very many values the memory. */
START_TEST(deep_and_endless_headers_are_refused)
{
    const size_t size = 3000000;
    char *header = malloc(size);
    ck_assert_ptr_nonnull(header);
    memset(header, '[', size);
    write_file(header, 100000, 100000, 0);
    refused("its header");
    for (size_t i = 1; i < size; i++)
        header[i] = i % 2 ? '1' : ',';
    write_file(header, size, size, 0);
    refused("too many values");
    free(header);
}
END_TEST

START_TEST(only_files_are_read_and_replaced)
{
    struct weights *weights;
    struct error error = {.message = ""};
    ck_assert(weights_open(&weights, folder, &error) == STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "is not a regular file"));
    ck_assert(weights_open(&weights, "/dev/zero", &error) == STATUS_FAILED);
    ck_assert(write_two(folder, &error) == STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "it is a folder"));
    ck_assert(write_two("/dev/full", &error) == STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "it is not a regular file"));
    ck_assert(write_two("/proc/none/a", &error) == STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "/proc/none/a: cannot be written: No such file"));
}
END_TEST

/* A limit on the size of files stands for a full disk. */
START_TEST(a_write_that_fails_leaves_the_old_file_whole)
{
    static float many[100000];
    const struct tensor large = {
        .name = "large", .type = TENSOR_F32, .rank = 1, .shape = {100000}, .data = many, .bytes = sizeof many};
    struct weights *weights;
    struct error error = {.message = ""};
    ck_assert(write_two(path, &error) == STATUS_OK);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert(setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 5000, .rlim_max = RLIM_INFINITY}) == 0);
    ck_assert(weights_write(path, &large, 1, NULL, 0, &error) == STATUS_FAILED);
    ck_assert(setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY}) == 0);
    ck_assert_ptr_nonnull(strstr(error.message, "cannot be written: File too large"));
    ck_assert_msg(weights_open(&weights, path, &error) == STATUS_OK, "%s", error.message);
    ck_assert_ptr_nonnull(weights_find(weights, "bytes"));
    weights_close(weights);
}
END_TEST

START_TEST(a_link_and_the_permissions_stay)
{
    char link[80];
    struct stat about;
    struct error error;
    snprintf(link, sizeof link, "%s/link", folder);
    ck_assert(write_two(path, &error) == STATUS_OK);
    ck_assert(chmod(path, 0640) == 0 && symlink("a.safetensors", link) == 0);
    ck_assert(write_two(link, &error) == STATUS_OK);
    ck_assert(lstat(link, &about) == 0 && S_ISLNK(about.st_mode));
    ck_assert(stat(path, &about) == 0 && (about.st_mode & 0777) == 0640);
    unlink(link);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("weights");
    TCase *tests = tcase_create("weights");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, what_is_written_is_read);
    tcase_add_loop_test(tests, crafted_files_are_refused_with_the_reason, 0, sizeof crafted / sizeof *crafted);
    tcase_add_test(tests, a_header_is_as_long_as_it_says);
    tcase_add_test(tests, deep_and_endless_headers_are_refused);
    tcase_add_test(tests, only_files_are_read_and_replaced);
    tcase_add_test(tests, a_write_that_fails_leaves_the_old_file_whole);
    tcase_add_test(tests, a_link_and_the_permissions_stay);
    suite_add_tcase(suite, tests);
    return suite;
}
