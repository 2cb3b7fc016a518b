/* What the model thinks, as pictures' raw material: computed on the picture thread from a frame (a copy of the
 * parameters), never on the training path. */
#ifndef PROBE_PICTURE_H
#define PROBE_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"
#include "learn/frame.h"
#include "nn/loss.h"
#include "nn/net.h"
#include "probe/picture_text.h"

struct picture_request {
    /* Decision surface (two inputs) or fitted curve (one input): samples over the area; 0: not wanted. */
    int width, height;                /* sampled at the middles of so many equal cells */
    float x0, x1, y0, y1;             /* area in input units; a curve uses x0, x1 and width */
    bool predictions;                 /* confusion matrix, per-row results, worst examples */
    struct picture_text_request text; /* a language model: this alone counts */
};
bool picture_request_same(const struct picture_request *a, const struct picture_request *b);

#define PICTURE_WORST    64
#define PICTURE_ROWS_MAX 4096 /* of more test rows, so many at equal distances are looked at */

/* One prediction. */
struct picture_row {
    uint32_t row;      /* of the data set */
    int32_t predicted; /* class; -1 for regression */
    float p;           /* probability given to the right class; NaN for regression */
    float value;       /* regression: predicted, in the dataset's (standardised) unit */
    float loss;
};

/* Its arrays are its own; all zero is an empty picture. */
struct picture {
    uint64_t step; /* of the parameters */
    uint16_t branch;
    int width, height;
    size_t outputs;          /* values per sample: K probabilities, or 1 value */
    float *surface;          /* [height][width][outputs], row 0 at y1 (top); curves: [width] */
    struct picture_row *row; /* [rows]: one per data set row that was looked at, in row order */
    size_t rows; /* test rows; 0 unless predictions were asked for or the task is a toy (wrong test points are drawn) */
    size_t classes;
    uint32_t *confusion;           /* [classes][classes] test rows: true x predicted */
    uint32_t worst[PICTURE_WORST]; /* indices into row[]: test rows with the largest loss, worst first */
    size_t worst_count;
    struct picture_text *text; /* a language model: nothing else is filled in.  Else NULL */
};

void picture_free(struct picture *picture); /* what it holds */

/* What pictures are made of; all borrowed. */
struct picture_source {
    const struct kernels *kernels;
    const struct dataset *dataset;
    enum loss_id loss;
    const char *features; /* of a toy, or NULL */
    bool toy;
    struct picture_doubt doubt; /* a text may take minutes, a wide net seconds */
};

/* Makes pictures on one thread, with a model in the shape of the frame that it is given; the thread may be any but must
 * not call a BLAS. */
struct artist;

struct artist *artist_create(const struct picture_source *source); /* NULL: out of memory */
void artist_free(struct artist *artist);

/* False when out of memory: the picture is then empty.  One that became moot is not whole. */
bool artist_draw(struct artist *artist, const struct frame *frame, const struct picture_request *request,
                 struct picture *out);

#endif
