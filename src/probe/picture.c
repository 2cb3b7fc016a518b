/* Computes pictures of a table's model: the surface over the inputs, single rows, and the confusion matrix. */
#include "probe/picture.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "data/toys.h"

enum { CHUNK = 256, CHUNK_LEAST = 8 }; /* samples that go through the net at once */
#define CHUNK_FLOPS 6e7                /* of a step on so many, about: some milliseconds */

struct artist {
    struct picture_source source;
    struct model *model; /* in the shape of the last frame; its own parameters are not used */
    struct net *net;     /* the same */
    struct workspace *workspace;
    size_t chunk;               /* samples of this net between two questions whether the picture is moot */
    size_t raw;                 /* coordinates of a point before features: inputs of the data set otherwise */
    size_t outputs;             /* values per sample in a picture */
    size_t stride;              /* of x */
    float *x;                   /* [CHUNK][stride], padding zero */
    float *loss;                /* [CHUNK] */
    float *probability;         /* [classes] */
    struct text_artist *writer; /* of a text; then there is no more than that */
};

void picture_free(struct picture *picture)
{
    mem_free(picture->surface);
    mem_free(picture->row);
    mem_free(picture->confusion);
    mem_free(picture->text);
    *picture = (struct picture){0};
}

struct artist *artist_create(const struct picture_source *source)
{
    struct artist *artist = mem_alloc(1, sizeof *artist);
    if (!artist)
        return NULL;
    const struct dataset *dataset = source->dataset;
    artist->source = *source;
    if (dataset->kind == TASK_TEXT) {
        artist->writer = text_artist_create(source->kernels, &source->doubt);
        if (!artist->writer) {
            artist_free(artist);
            return NULL;
        }
        return artist;
    }
    artist->raw = source->features ? 2 : dataset->inputs;
    artist->outputs = dataset->kind == TASK_CLASSIFY ? dataset->classes : 1;
    artist->stride = kernel_pad(dataset->inputs);
    artist->x = mem_alloc(CHUNK * artist->stride, sizeof(float));
    artist->loss = mem_alloc(CHUNK, sizeof(float));
    artist->probability = mem_alloc(artist->outputs, sizeof(float));
    if (!artist->x || !artist->loss || !artist->probability) {
        artist_free(artist);
        return NULL;
    }
    return artist;
}

void artist_free(struct artist *artist)
{
    if (!artist)
        return;
    text_artist_free(artist->writer);
    workspace_free(artist->workspace);
    model_free(artist->model);
    mem_free(artist->x);
    mem_free(artist->loss);
    mem_free(artist->probability);
    mem_free(artist);
}

static size_t chunk_for(const struct net *net)
{
    const double samples = CHUNK_FLOPS / net_step_flops(net, 1);
    return samples < CHUNK_LEAST ? CHUNK_LEAST : samples > CHUNK ? CHUNK : (size_t)samples;
}

/* False when out of memory. */
static bool take_shape(struct artist *artist, const struct model_shape *shape)
{
    if (artist->workspace && model_same_shape(model_shape(artist->model), shape))
        return true;
    workspace_free(artist->workspace);
    model_free(artist->model);
    artist->workspace = NULL;
    artist->model = NULL;
    if (model_create(&artist->model, shape, artist->source.kernels, NULL) != STATUS_OK)
        return false;
    artist->net = model_net(artist->model);
    artist->workspace = workspace_create(artist->net, CHUNK, false);
    if (!artist->workspace)
        return false;
    workspace_avoid_blas(artist->workspace);
    artist->chunk = chunk_for(artist->net);
    return true;
}

static const float *forward(struct artist *artist, const struct frame *frame, size_t count)
{
    return net_forward(artist->net, frame->parameters, artist->workspace, artist->x, artist->stride, count, NULL);
}

/* *array gets `count` elements; what it held before is gone when the number changes. */
static bool make_room(void **array, size_t before, size_t count, size_t size)
{
    if (*array && before == count)
        return true;
    mem_free(*array);
    *array = count > 0 ? mem_alloc(count, size) : NULL;
    return *array || count == 0;
}

/* The surface, or the curve. */

static void sample_point(const struct artist *artist, const struct picture_request *request, size_t index, int height,
                         float *x)
{
    const float column = (float)(index % (size_t)request->width) + 0.5f;
    const float line = (float)(index / (size_t)request->width) + 0.5f;
    float point[2] = {request->x0 + (request->x1 - request->x0) * column / (float)request->width,
                      request->y1 - (request->y1 - request->y0) * line / (float)height};
    if (artist->source.features)
        toy_expand(artist->source.features, point, x);
    else
        memcpy(x, point, artist->raw * sizeof(float));
}

static void write_sample(struct artist *artist, const float *logits, float *out)
{
    if (artist->source.dataset->kind == TASK_CLASSIFY)
        loss_probabilities(artist->source.loss, logits, artist->outputs, out);
    else
        out[0] = logits[0];
}

static bool draw_surface(struct artist *artist, const struct frame *frame, const struct picture_request *request,
                         struct picture *out)
{
    const bool possible = artist->raw <= 2 && request->width > 0 && request->height > 0;
    const int width = possible ? request->width : 0;
    const int height = !possible ? 0 : artist->raw == 1 ? 1 : request->height;
    const size_t samples = (size_t)width * (size_t)height;
    const size_t before = (size_t)out->width * (size_t)out->height * out->outputs;
    const size_t logit_stride = net_output_stride(artist->net);
    if (!make_room((void **)&out->surface, before, samples * artist->outputs, sizeof(float)))
        return false;
    out->width = width;
    out->height = height;
    out->outputs = artist->outputs;
    for (size_t first = 0; first < samples && !picture_is_moot(&artist->source.doubt); first += artist->chunk) {
        const size_t count = samples - first < artist->chunk ? samples - first : artist->chunk;
        for (size_t i = 0; i < count; i++)
            sample_point(artist, request, first + i, height, artist->x + i * artist->stride);
        const float *logits = forward(artist, frame, count);
        for (size_t i = 0; i < count; i++)
            write_sample(artist, logits + i * logit_stride, out->surface + (first + i) * artist->outputs);
    }
    return true;
}

/* Predictions on test rows. */

static size_t nth_test_row(const struct dataset *dataset, size_t n, size_t looked_at)
{
    return dataset->train + (size_t)((uint64_t)n * (dataset->rows - dataset->train) / looked_at);
}

static void judge(struct artist *artist, const float *logits, float loss, struct picture_row *row, uint32_t *confusion)
{
    const struct dataset *dataset = artist->source.dataset;
    row->loss = loss;
    row->predicted = -1;
    row->value = logits[0];
    row->p = NAN;
    if (dataset->kind != TASK_CLASSIFY)
        return;
    loss_probabilities(artist->source.loss, logits, dataset->classes, artist->probability);
    const size_t best = loss_likeliest(artist->probability, dataset->classes), right = (size_t)dataset->label[row->row];
    row->predicted = (int32_t)best;
    row->p = artist->probability[right];
    confusion[right * dataset->classes + best]++;
}

/* Keeps the rows with the largest loss, worst first; a loss that is no number is the worst of all. */
static void rank(struct picture *out, uint32_t index)
{
    const float loss = isnan(out->row[index].loss) ? INFINITY : out->row[index].loss;
    size_t at = out->worst_count;
    while (at > 0 && !(out->row[out->worst[at - 1]].loss >= loss) && !isnan(out->row[out->worst[at - 1]].loss))
        at--;
    if (at == PICTURE_WORST)
        return;
    if (out->worst_count < PICTURE_WORST)
        out->worst_count++;
    for (size_t i = out->worst_count - 1; i > at; i--)
        out->worst[i] = out->worst[i - 1];
    out->worst[at] = index;
}

static bool draw_rows(struct artist *artist, const struct frame *frame, const struct picture_request *request,
                      struct picture *out)
{
    const struct dataset *dataset = artist->source.dataset;
    const size_t logit_stride = net_output_stride(artist->net);
    const struct loss *loss = &loss_table[artist->source.loss];
    const size_t test = dataset->rows - dataset->train;
    const size_t most = test < PICTURE_ROWS_MAX ? test : PICTURE_ROWS_MAX;
    const size_t rows = request->predictions || artist->source.toy ? most : 0;
    const size_t classes = rows > 0 ? dataset->classes : 0;
    out->worst_count = 0;
    if (!make_room((void **)&out->row, out->rows, rows, sizeof *out->row) ||
        !make_room((void **)&out->confusion, out->classes * out->classes, classes * classes, sizeof(uint32_t)))
        return false;
    out->rows = rows;
    out->classes = classes;
    if (out->confusion)
        memset(out->confusion, 0, classes * classes * sizeof(uint32_t));
    for (size_t first = 0; first < rows && !picture_is_moot(&artist->source.doubt); first += artist->chunk) {
        const size_t count = rows - first < artist->chunk ? rows - first : artist->chunk;
        int32_t label[CHUNK] = {0};
        float target[CHUNK] = {0};
        for (size_t i = 0; i < count; i++) {
            const size_t row = nth_test_row(dataset, first + i, rows);
            out->row[first + i].row = (uint32_t)row;
            memcpy(artist->x + i * artist->stride, dataset->x + row * dataset->inputs, dataset->inputs * sizeof(float));
            if (dataset->label)
                label[i] = dataset->label[row];
            else
                target[i] = dataset->target[row];
        }
        const float *logits = forward(artist, frame, count);
        const struct loss_answers answers = {.label = label, .target = target};
        loss->compute(artist->source.kernels, logits, logit_stride, net_spec(artist->net)->outputs, count, &answers,
                      NULL, artist->loss);
        for (size_t i = 0; i < count; i++) {
            judge(artist, logits + i * logit_stride, artist->loss[i], &out->row[first + i], out->confusion);
            rank(out, (uint32_t)(first + i));
        }
    }
    return true;
}

static bool draw_text(struct artist *artist, const struct frame *frame, const struct picture_text_request *request,
                      struct picture *out)
{
    if (!request->dataset)
        return true;
    if (!out->text)
        out->text = mem_alloc(1, sizeof *out->text);
    return out->text && text_artist_draw(artist->writer, frame, request, out->text);
}

static bool draw_table(struct artist *artist, const struct frame *frame, const struct picture_request *request,
                       struct picture *out)
{
    return take_shape(artist, &frame->shape) && draw_surface(artist, frame, request, out) &&
           draw_rows(artist, frame, request, out);
}

bool artist_draw(struct artist *artist, const struct frame *frame, const struct picture_request *request,
                 struct picture *out)
{
    out->step = frame->step;
    out->branch = frame->branch;
    if (artist->writer ? draw_text(artist, frame, &request->text, out) : draw_table(artist, frame, request, out))
        return true;
    picture_free(out);
    return false;
}

bool picture_request_same(const struct picture_request *a, const struct picture_request *b)
{
    return a->width == b->width && a->height == b->height && a->x0 == b->x0 && a->x1 == b->x1 && a->y0 == b->y0 &&
           a->y1 == b->y1 && a->predictions == b->predictions && picture_text_same(&a->text, &b->text);
}
