/* Language models on the screen: view 4 of a text, and its small picture in view 1. */
#ifndef UI_LANGUAGE_H
#define UI_LANGUAGE_H

#include "ui/view.h"

/* View 4 of a text. */
bool language_wants(const struct view_data *data, struct box body, struct picture_request *request);
void language_draw(const struct view_data *data, struct area screen, struct box body);
/* The keys of the picture that it shows. */
enum key_mode language_keys(const struct view_data *data);
/* The picture after the one that is shown. */
enum language_picture language_next_picture(const struct view_data *data);

/* In view 1: the prompt, how it goes on, what is likeliest next. */
bool language_wants_small(const struct view_data *data, struct box box, struct picture_request *request);
void language_draw_small(const struct view_data *data, struct area screen, struct box heading, struct box box);

/* The same without a heading: of two beside each other. */
void language_draw_alone(const struct view_data *data, struct area area);

/* ---- the parts of view 4, for its files ---- */

/* The newest picture; NULL, and the reason is written, when there is none that answers what is asked. */
const struct picture_text *language_text(const struct view_data *data, struct area area);

/* The label of a token of the picture, cut to so many columns with "…". */
#define LANGUAGE_LABEL_SIZE 168
char *language_label(const struct view_data *data, const struct picture_text *text, size_t id, int columns,
                     char out[LANGUAGE_LABEL_SIZE]);

/* "12.3%", "0.04%", "<0.01%"; "-" for what is no number. */
char *language_percent(double p, char *out, size_t size);

/* The prompt and its continuation; the rows that were written. */
int language_draw_prompt(const struct view_data *data, struct area area, const struct picture_text *text);
/* The prompt alone. */
int language_draw_question(const struct view_data *data, struct area area, const struct picture_text *text);
/* `pitch` rows for each likely token, the right one among them or below. */
void language_draw_likeliest(const struct view_data *data, struct area area, int pitch,
                             const struct picture_text *text);
/* Older continuations, newest first. */
void language_draw_earlier(const struct view_data *data, struct area area, const struct picture_text *text);
/* One prediction from logits to loss, in numbers. */
void language_draw_arithmetic(const struct view_data *data, struct area area, const struct picture_text *text);
void language_draw_attention(const struct view_data *data, struct area area, const struct picture_text *text);
void language_draw_passage(const struct view_data *data, struct area area, const struct picture_text *text);
void language_draw_exam(const struct view_data *data, struct area area, const struct picture_text *text);

#endif
