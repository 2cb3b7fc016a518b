/* Weight files in the safetensors format (huggingface.co/docs/safetensors): named tensors, and notes about them.
 *
 * DESIGN.  Eight bytes say, little-endian, how long the header is; the header is a JSON object
 *
 *     {"__metadata__": {"step": "100"}, "layers.0.weight": {"dtype": "F32", "shape": [8, 2], "data_offsets": [0, 64]}, ...}
 *
 * and the tensors' bytes follow, in any order but without gaps and without overlap, to the end of the file.  Whoever
 * opens a file gets it checked whole: every offset against the file's size, every size against shape and type; nothing
 * of it is believed before.  A tensor's elements are in the order of its shape, the last index fastest.
 *
 * Writing goes through base/outfile: a full disk or a kill leaves the old file whole. */
#ifndef NN_WEIGHTS_H
#define NN_WEIGHTS_H

#include <stddef.h>
#include <string.h>

#include "base/status.h"

#define TENSOR_RANK_MAX 8

/* Those that the program itself reads and writes come first; the others are known so that a file that has them can be
 * opened. */
enum tensor_type { TENSOR_F32, TENSOR_F64, TENSOR_U8, TENSOR_I64, TENSOR_TYPES_USED };

struct tensor {
    const char *name;
    unsigned type; /* enum tensor_type, or one of the others */
    size_t rank;
    size_t shape[TENSOR_RANK_MAX];
    const void *data; /* of one that was read: at any address, see tensor_float */
    size_t bytes;
};

/* An element of an F32 or F64 tensor, the order being that of its shape.  The format aligns nothing. */
static inline float tensor_float(const struct tensor *tensor, size_t index)
{
    float value;
    memcpy(&value, (const char *)tensor->data + index * sizeof value, sizeof value);
    return value;
}
static inline double tensor_double(const struct tensor *tensor, size_t index)
{
    double value;
    memcpy(&value, (const char *)tensor->data + index * sizeof value, sizeof value);
    return value;
}

const char *tensor_type_name(unsigned type); /* "F32" */
/* "[8, 2]" into `out`, which is returned; cut where it does not fit. */
char *tensor_shape_text(const struct tensor *tensor, char *out, size_t size);

struct weights_note {
    const char *key, *text;
};

struct weights;

/* Reads a file whole.  STATUS_FAILED with the reason, which begins with the path. */
enum status weights_open(struct weights **out, const char *path, struct error *error);
void weights_close(struct weights *weights); /* NULL is fine */

size_t weights_count(const struct weights *weights);
const struct tensor *weights_tensor(const struct weights *weights, size_t index); /* ordered by name */
const struct tensor *weights_find(const struct weights *weights, const char *name);
const char *weights_note(const struct weights *weights, const char *key); /* NULL: it says nothing of that */

/* The keys of the notes, one after the other; *at is NULL before the first.  NULL after the last. */
struct json;
const char *weights_next_key(const struct weights *weights, const struct json **at);

/* Writes a file whole, or leaves what was there.  Names and keys must differ; a tensor's bytes must be what its shape
 * and type say. */
enum status weights_write(const char *path, const struct tensor *tensors, size_t count,
                          const struct weights_note *notes, size_t note_count, struct error *error);

/* Whether that would get as far as opening a file there, as can be known before: said at the start of a long run. */
enum status weights_may_write(const char *path, struct error *error);

#endif
