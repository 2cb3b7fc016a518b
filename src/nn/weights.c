/* Reads, checks and writes weight files in the safetensors format. */
#include "nn/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/outfile.h"

#define LENGTH_BYTES 8                  /* of the header's length */
#define HEADER_MAX   ((size_t)64 << 20) /* bytes */
#define TENSORS_MAX  100000
#define NOTES        "__metadata__"

#define ORDER_IS_LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

static const struct {
    const char *name;
    size_t size; /* bytes of an element */
} type_table[] = {
    [TENSOR_F32] = {"F32", 4},
    [TENSOR_F64] = {"F64", 8},
    [TENSOR_U8] = {"U8", 1},
    [TENSOR_I64] = {"I64", 8},
    [TENSOR_TYPES_USED] = {"BOOL", 1},
    {"I8", 1},
    {"F8_E5M2", 1},
    {"F8_E4M3", 1},
    {"I16", 2},
    {"U16", 2},
    {"F16", 2},
    {"BF16", 2},
    {"I32", 4},
    {"U32", 4},
    {"U64", 8},
};
#define TYPES (sizeof type_table / sizeof type_table[0])

struct weights {
    unsigned char *file; /* all of it, aligned */
    size_t size;
    struct json *header; /* names and notes point into it */
    const struct json *notes;
    struct tensor *tensor; /* by name */
    size_t tensors;
};

const char *tensor_type_name(unsigned type)
{
    return type_table[type].name;
}

char *tensor_shape_text(const struct tensor *tensor, char *out, size_t size)
{
    size_t used = 0;
    snprintf(out, size, "[");
    for (size_t i = 0; i < tensor->rank && (used = strlen(out)) + 1 < size; i++)
        snprintf(out + used, size - used, "%s%zu", i ? ", " : "", tensor->shape[i]);
    used = strlen(out);
    snprintf(out + used, size - used, "]");
    return out;
}

/* ---- reading ---- */

/* The header's bytes begin at LENGTH_BYTES; the tensors' where it ends. */
static enum status find_header(const struct weights *weights, const char *path, const void *begin, size_t *length,
                               struct error *error)
{
    uint64_t said = 0;
    if (!ORDER_IS_LITTLE)
        return error_set(error, STATUS_FAILED, "%s: safetensors files are little-endian, this machine is not", path);
    if (weights->size < LENGTH_BYTES)
        return error_set(error, STATUS_FAILED, "%s: is not a safetensors file: %zu bytes", path, weights->size);
    memcpy(&said, begin, LENGTH_BYTES);
    if (said > weights->size - LENGTH_BYTES)
        return error_set(
            error, STATUS_FAILED,
            "%s: is not a safetensors file, or truncated: its header would have %llu bytes, the file has %zu", path,
            (unsigned long long)said, weights->size);
    if (said > HEADER_MAX)
        return error_set(error, STATUS_FAILED, "%s: its header has %llu bytes, at most %zu are possible", path,
                         (unsigned long long)said, HEADER_MAX);
    if (said < 2)
        return error_set(error, STATUS_FAILED, "%s: is not a safetensors file: its header is empty", path);
    *length = (size_t)said;
    return STATUS_OK;
}

static enum status read_whole(struct weights *weights, const char *path, struct error *error)
{
    enum status status = STATUS_OK;
    struct stat about;
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe without a writer must not hold us up */
    if (file < 0 || fstat(file, &about) != 0) {
        status = error_set(error, STATUS_FAILED, "%s: cannot be opened: %s", path, strerror(errno));
        goto out;
    }
    if (!S_ISREG(about.st_mode)) {
        status = error_set(error, STATUS_FAILED, "%s: is not a regular file", path);
        goto out;
    }
    weights->size = (size_t)about.st_size;
    const double machine = mem_machine();
    if (machine > 0 && (double)weights->size > machine) {
        status = error_set(error, STATUS_FAILED, "%s: is larger than this machine's memory", path);
        goto out;
    }
    /* A large file of another kind is refused before there is memory for it. */
    size_t length;
    unsigned char begin[LENGTH_BYTES] = {0};
    const ssize_t first = pread(file, begin, sizeof begin, 0);
    if (first < 0)
        status = error_set(error, STATUS_FAILED, "%s: cannot be read: %s", path, strerror(errno));
    else
        status = find_header(weights, path, begin, &length, error);
    if (status != STATUS_OK)
        goto out;
    weights->file = mem_alloc(weights->size + 1, 1);
    if (!weights->file) {
        status = error_memory(error);
        goto out;
    }
    for (size_t done = 0; done < weights->size;) {
        const ssize_t got = read(file, weights->file + done, weights->size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            status = error_set(error, STATUS_FAILED, "%s: cannot be read: %s", path,
                               got < 0 ? strerror(errno) : "it became shorter meanwhile");
            goto out;
        }
        done += (size_t)got;
    }
out:
    if (file >= 0)
        close(file);
    return status;
}

static bool find_type(const char *name, unsigned *type)
{
    for (unsigned i = 0; name && i < TYPES; i++)
        if (strcmp(type_table[i].name, name) == 0) {
            *type = i;
            return true;
        }
    return false;
}

/* Shape, and the bytes that it and the type take; false when that is no shape or more than memory can have. */
static bool take_shape(struct tensor *tensor, const struct json *shape)
{
    size_t bytes = type_table[tensor->type].size;
    bool empty = false, fits = true;
    for (const struct json *at = json_first(shape); at; at = json_next(at)) {
        size_t extent;
        if (tensor->rank == TENSOR_RANK_MAX || !json_count(at, &extent))
            return false;
        tensor->shape[tensor->rank++] = extent;
        empty |= extent == 0;
        fits = fits && (extent == 0 || bytes <= SIZE_MAX / extent);
        bytes *= fits && extent > 0 ? extent : 1;
    }
    tensor->bytes = empty ? 0 : bytes;
    return empty || fits;
}

static enum status take_tensor(struct weights *weights, const struct json *entry, size_t data_at, const char *path,
                               struct error *error)
{
    struct tensor *tensor = &weights->tensor[weights->tensors++];
    const struct json *shape = json_member(entry, "shape"), *offsets = json_member(entry, "data_offsets");
    const char *type = json_string(json_member(entry, "dtype"));
    size_t begin, end;
    *tensor = (struct tensor){.name = json_key(entry)};
    const char *name = tensor->name;
    if (!json_is_object(entry))
        return error_set(error, STATUS_FAILED, "%s: %.100s: invalid tensor entry", path, name);
    if (!find_type(type, &tensor->type))
        return error_set(error, STATUS_FAILED, "%s: %.100s has the unknown dtype '%.20s'", path, name,
                         type ? type : "");
    if (!json_is_array(shape) || !take_shape(tensor, shape))
        return error_set(error, STATUS_FAILED, "%s: %.100s has an invalid shape", path, name);
    const struct json *first = json_is_array(offsets) ? json_first(offsets) : NULL;
    const struct json *second = first ? json_next(first) : NULL;
    if (!json_count(first, &begin) || !json_count(second, &end) || json_next(second) || begin > end)
        return error_set(error, STATUS_FAILED, "%s: %.100s has invalid data_offsets", path, name);
    if (end > weights->size - data_at)
        return error_set(error, STATUS_FAILED, "%s: %.100s ends at byte %zu of the data, the file has %zu", path, name,
                         end, weights->size - data_at);
    if (end - begin != tensor->bytes) {
        char text[96];
        return error_set(error, STATUS_FAILED, "%s: %.100s has %zu bytes where %s of %s takes %zu", path, name,
                         end - begin, tensor_shape_text(tensor, text, sizeof text), type, tensor->bytes);
    }
    tensor->data = weights->file + data_at + begin;
    return STATUS_OK;
}

static int by_place(const void *left, const void *right)
{
    const struct tensor *a = left, *b = right;
    if (a->data != b->data)
        return (const char *)a->data < (const char *)b->data ? -1 : 1;
    return (a->bytes > b->bytes) - (a->bytes < b->bytes);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct tensor *)left)->name, ((const struct tensor *)right)->name);
}

/* The tensors are all that is behind the header, each byte once. */
static enum status check_places(struct weights *weights, size_t data_at, const char *path, struct error *error)
{
    qsort(weights->tensor, weights->tensors, sizeof *weights->tensor, by_place);
    const unsigned char *end = weights->file + data_at;
    for (size_t i = 0; i < weights->tensors; i++) {
        const struct tensor *tensor = &weights->tensor[i];
        const unsigned char *begin = tensor->data;
        if (begin != end)
            return error_set(error, STATUS_FAILED, "%s: %.100s %s", path, tensor->name,
                             begin < end ? "overlaps another tensor" : "has a gap of unused bytes before it");
        end = begin + tensor->bytes;
    }
    const size_t left = (size_t)(weights->file + weights->size - end);
    if (left > 0)
        return error_set(error, STATUS_FAILED, "%s: %zu bytes after the last tensor", path, left);
    return STATUS_OK;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* What is in an object must have names of its own each: of two the one that is meant would be a guess. */
static enum status check_names(const struct json *object, const char *path, struct error *error)
{
    size_t count = 0;
    for (const struct json *at = json_first(object); at; at = json_next(at))
        count++;
    const char **name = mem_alloc(count + 1, sizeof *name);
    if (!name)
        return error_memory(error);
    size_t i = 0;
    for (const struct json *at = json_first(object); at; at = json_next(at))
        name[i++] = json_key(at);
    qsort(name, count, sizeof *name, by_text);
    enum status status = STATUS_OK;
    for (i = 1; i < count && status == STATUS_OK; i++)
        if (strcmp(name[i - 1], name[i]) == 0)
            status = error_set(error, STATUS_FAILED, "%s: duplicate name %.100s", path, name[i]);
    mem_free(name);
    return status;
}

static enum status check_notes(const struct json *notes, const char *path, struct error *error)
{
    if (!json_is_object(notes))
        return error_set(error, STATUS_FAILED, "%s: " NOTES " is not an object", path);
    for (const struct json *note = json_first(notes); note; note = json_next(note))
        if (!json_string(note))
            return error_set(error, STATUS_FAILED, "%s: " NOTES ": %.100s is not a string", path, json_key(note));
    return check_names(notes, path, error);
}

static enum status take_header(struct weights *weights, size_t length, const char *path, struct error *error)
{
    const char *reason;
    const size_t data_at = LENGTH_BYTES + length;
    weights->header = json_parse((const char *)weights->file + LENGTH_BYTES, length, &reason);
    if (!weights->header || !json_is_object(weights->header))
        return error_set(error, STATUS_FAILED, "%s: is not a safetensors file: its header %s", path,
                         weights->header ? "is not an object" : reason);
    enum status status = check_names(weights->header, path, error);
    size_t count = 0;
    for (const struct json *at = json_first(weights->header); at; at = json_next(at))
        count++;
    if (status == STATUS_OK && count > TENSORS_MAX)
        return error_set(error, STATUS_FAILED, "%s: more than %d tensors", path, TENSORS_MAX);
    weights->tensor = mem_alloc(count + 1, sizeof *weights->tensor);
    if (status == STATUS_OK && !weights->tensor)
        return error_memory(error);
    for (const struct json *at = json_first(weights->header); at && status == STATUS_OK; at = json_next(at)) {
        const bool notes = strcmp(json_key(at), NOTES) == 0;
        if (notes)
            weights->notes = at;
        status = notes ? check_notes(at, path, error) : take_tensor(weights, at, data_at, path, error);
    }
    return status == STATUS_OK ? check_places(weights, data_at, path, error) : status;
}

enum status weights_open(struct weights **out, const char *path, struct error *error)
{
    struct weights *weights = mem_alloc(1, sizeof *weights);
    if (!weights)
        return error_memory(error);
    size_t length = 0;
    enum status status = read_whole(weights, path, error);
    if (status == STATUS_OK)
        status = find_header(weights, path, weights->file, &length, error);
    if (status == STATUS_OK)
        status = take_header(weights, length, path, error);
    if (status != STATUS_OK) {
        weights_close(weights);
        return status;
    }
    qsort(weights->tensor, weights->tensors, sizeof *weights->tensor, by_name);
    *out = weights;
    return STATUS_OK;
}

void weights_close(struct weights *weights)
{
    if (!weights)
        return;
    json_free(weights->header);
    mem_free(weights->tensor);
    mem_free(weights->file);
    mem_free(weights);
}

size_t weights_count(const struct weights *weights)
{
    return weights->tensors;
}

const struct tensor *weights_tensor(const struct weights *weights, size_t index)
{
    return &weights->tensor[index];
}

const struct tensor *weights_find(const struct weights *weights, const char *name)
{
    const struct tensor wanted = {.name = name};
    return bsearch(&wanted, weights->tensor, weights->tensors, sizeof wanted, by_name);
}

const char *weights_note(const struct weights *weights, const char *key)
{
    return json_string(json_member(weights->notes, key));
}

const char *weights_next_key(const struct weights *weights, const struct json **at)
{
    *at = *at ? json_next(*at) : json_first(weights->notes);
    return *at ? json_key(*at) : NULL;
}

/* ---- writing ---- */

static bool describe(struct json *header, const struct tensor *tensor, size_t begin)
{
    struct json *entry = json_add_object(header, tensor->name);
    bool complete = json_add_string(entry, "dtype", type_table[tensor->type].name);
    struct json *shape = json_add_array(entry, "shape");
    for (size_t i = 0; i < tensor->rank; i++)
        complete &= json_add_number(shape, NULL, (double)tensor->shape[i]);
    struct json *offsets = json_add_array(entry, "data_offsets");
    complete &= json_add_number(offsets, NULL, (double)begin);
    complete &= json_add_number(offsets, NULL, (double)(begin + tensor->bytes));
    return complete && shape;
}

static char *header_text(const struct tensor *tensors, size_t count, const struct weights_note *notes,
                         size_t note_count)
{
    struct json *header = json_new_object();
    struct json *about = json_add_object(header, NOTES);
    bool complete = about != NULL;
    size_t at = 0;
    for (size_t i = 0; i < note_count && complete; i++)
        complete = json_add_string(about, notes[i].key, notes[i].text);
    for (size_t i = 0; i < count && complete; i++) {
        complete = describe(header, &tensors[i], at);
        at += tensors[i].bytes;
    }
    char *text = complete ? json_text(header) : NULL;
    json_free(header);
    return text;
}

/* The header is padded with spaces, as the format allows, so that all data that are written in whole words lie on
 * them. */
static void write_all(struct outfile *file, const char *header, const struct tensor *tensors, size_t count)
{
    const size_t length = strlen(header), padding = (LENGTH_BYTES - length % LENGTH_BYTES) % LENGTH_BYTES;
    const uint64_t said = length + padding;
    outfile_write(file, &said, LENGTH_BYTES);
    outfile_write(file, header, length);
    outfile_write(file, "        ", padding);
    for (size_t i = 0; i < count; i++)
        outfile_write(file, tensors[i].data, tensors[i].bytes);
}

/* The caller frees it; NULL: out of memory. */
static char *folder_of(const char *path)
{
    char *folder = mem_string(strchr(path, '/') ? path : ".");
    char *slash = folder ? strrchr(folder, '/') : NULL;
    if (slash)
        slash[slash == folder] = '\0';
    return folder;
}

static enum status cannot_write(const char *path, int reason, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%s: cannot be written: %s", path, strerror(reason));
}

/* Only a file is replaced: a device or a pipe is no place to come back to. */
static enum status check_place(const char *path, struct error *error)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return errno == ENOENT ? STATUS_OK : cannot_write(path, errno, error);
    if (S_ISREG(about.st_mode))
        return STATUS_OK;
    return error_set(error, STATUS_FAILED, "%s: cannot be written: it is %s", path,
                     S_ISDIR(about.st_mode) ? "a folder" : "not a regular file");
}

static enum status write_file(const char *path, const char *header, const struct tensor *tensors, size_t count,
                              struct error *error)
{
    struct outfile *file;
    enum status status = check_place(path, error);
    if (status == STATUS_OK)
        status = outfile_open(&file, path, error);
    if (status != STATUS_OK)
        return status;
    write_all(file, header, tensors, count);
    return outfile_close(file, true, error);
}

enum status weights_write(const char *path, const struct tensor *tensors, size_t count,
                          const struct weights_note *notes, size_t note_count, struct error *error)
{
    if (!ORDER_IS_LITTLE)
        return error_set(error, STATUS_FAILED, "%s: safetensors files are little-endian, this machine is not", path);
    char *header = header_text(tensors, count, notes, note_count);
    if (!header)
        return error_memory(error);
    enum status status =
        strlen(header) + LENGTH_BYTES > HEADER_MAX
            ? error_set(error, STATUS_FAILED, "%s: cannot be written: its header would be too large", path)
            : write_file(path, header, tensors, count, error);
    mem_free(header);
    return status;
}

enum status weights_may_write(const char *path, struct error *error)
{
    enum status status = check_place(path, error);
    if (status != STATUS_OK)
        return status;
    char *folder = folder_of(path);
    if (!folder)
        return error_memory(error);
    struct stat about;
    if (stat(folder, &about) != 0 || access(folder, W_OK) != 0)
        status = cannot_write(path, errno, error);
    mem_free(folder);
    return status;
}
