/* The prompt that a language model goes on with on the screen, what should follow, and how tokens are drawn.  A matter
 * of the screen: training does not notice.
 *
 * A prompt is the recipe's, or a person's own, or, where nobody says one, the beginning of a passage that is not learnt
 * from.  Where pairs are learnt, the model has seen a line end between prompt and response: it gets one behind the
 * prompt, and its answer is one line. */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "session/session.h"

struct prompt {
    char text[PICTURE_PROMPT_MOST];
    size_t length;
    char answer[PICTURE_ANSWER_MOST];
    size_t answer_length; /* 0: nobody says what is right */
    bool own;             /* typed: it stays when the next stage begins */
};

/* Of a run that looks at these data; `said` and `answer`: the recipe's, NULL: none.  It holds for texts; where pairs
 * are learnt, the first held-out pair is asked. */
void prompt_begin(struct prompt *prompt, const char *said, const char *answer, const struct dataset *dataset);

/* A person's: "TEXT" or "TEXT => ANSWER", where \n is a line end, \t a tabulator, \\ a backslash.  STATUS_USAGE with
 * the reason for what is too long or has nothing but an answer; the prompt is then as it was. */
enum status prompt_parse(struct prompt *prompt, const char *line, struct error *error);
enum status prompt_parse_answer(struct prompt *prompt, const char *line, struct error *error);

/* As prompt_parse takes it, into out; what has no room is left out. */
char *prompt_format(const struct prompt *prompt, char *out, size_t size);

/* The bytes that the model reads and the ones that should follow, and whether its answer is a line. */
void prompt_ask(const struct prompt *prompt, const struct dataset *dataset, struct picture_text_request *request);

/* Whether the data are pairs. */
bool prompt_is_question(const struct dataset *dataset);

#endif
