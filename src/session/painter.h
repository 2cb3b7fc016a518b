/* The picture thread: turns frames into pictures, one at a time, giving way to the trainer.
 *
 * DESIGN.  The session puts a request into a ring and asks the worker for a frame; the worker publishes it and rings
 * this thread's bell; the picture goes back through a triple buffer.  One request is under way at a time, so that
 * nothing piles up when pictures take longer than they are asked for.  A picture that nobody waits for any more is not
 * begun, or given up at its next token or next few samples. */
#ifndef SESSION_PAINTER_H
#define SESSION_PAINTER_H

#include <stdbool.h>

#include "base/bell.h"
#include "base/status.h"
#include "probe/picture.h"

struct painter;

/* Frames are borrowed; the source's net, data set and strings too. */
enum status painter_start(struct painter **out, const struct picture_source *source, struct frames *frames,
                          struct error *error);
/* After the worker has ended.  NULL is fine. */
void painter_stop(struct painter *painter);

/* What the worker rings when it has published a frame. */
struct bell *painter_bell(struct painter *painter);

/* The session's side. */
bool painter_request(struct painter *painter, const struct picture_request *request); /* false: still at the last one */
void painter_give_up(struct painter *painter); /* something else is wanted than what is under way, if anything is */
bool painter_take(struct painter *painter);    /* true: there is a newer picture */
const struct picture *painter_picture(const struct painter *painter); /* NULL before the first */

#endif
