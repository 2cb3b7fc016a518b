/* Keeps the prompt of the text view, and draws tokens. */
#include "ui/prompt.h"

#include <stdio.h>
#include <string.h>

#define BEGINNING 24 /* bytes of a passage's beginning, at least */

bool prompt_is_question(const struct dataset *dataset)
{
    size_t length;
    return corpus_prompt(dataset->corpus, dataset->train, &length) != NULL;
}

static size_t copy(char *out, size_t room, const char *bytes, size_t length)
{
    const size_t taken = length < room ? length : room;
    memcpy(out, bytes, taken);
    return taken;
}

static void take_pair(struct prompt *prompt, const struct dataset *dataset)
{
    size_t length;
    const char *bytes = corpus_prompt(dataset->corpus, dataset->train, &length);
    prompt->length = copy(prompt->text, sizeof prompt->text, bytes, length);
    bytes = corpus_response(dataset->corpus, dataset->train, &length);
    prompt->answer_length = copy(prompt->answer, sizeof prompt->answer, bytes, length);
}

static const char *bytes_at(const struct corpus *corpus, const struct corpus_passage *passage, size_t at,
                            size_t *length)
{
    return (const char *)tokenizer_bytes(corpus_tokenizer(corpus), passage->token[at], length);
}

/* From a line's beginning, if there is one in the first half, up to a word that is left to the model. */
static void take_passage(struct prompt *prompt, const struct dataset *dataset)
{
    const struct corpus *corpus = dataset->corpus;
    const struct corpus_passage passage = corpus_passage(corpus, dataset->train, 0, CORPUS_STILL);
    size_t first = 0, length;
    for (size_t i = 0; i < passage.count / 2 && first == 0; i++) {
        const char *bytes = bytes_at(corpus, &passage, i, &length);
        if (memchr(bytes, '\n', length))
            first = i + 1;
    }
    for (size_t i = first; i < passage.count; i++) {
        const char *bytes = bytes_at(corpus, &passage, i, &length);
        const bool enough = prompt->length >= BEGINNING && length > 1 && bytes[0] == ' ';
        if (enough || i + 1 == passage.count || prompt->length + length > sizeof prompt->text) {
            prompt->answer_length = copy(prompt->answer, sizeof prompt->answer, bytes, length);
            return;
        }
        prompt->length += copy(prompt->text + prompt->length, sizeof prompt->text - prompt->length, bytes, length);
    }
}

void prompt_begin(struct prompt *prompt, const char *said, const char *answer, const struct dataset *dataset)
{
    *prompt = (struct prompt){.own = false};
    if (prompt_is_question(dataset)) {
        take_pair(prompt, dataset);
    } else if (said) {
        prompt->length = copy(prompt->text, sizeof prompt->text, said, strlen(said));
        if (answer)
            prompt->answer_length = copy(prompt->answer, sizeof prompt->answer, answer, strlen(answer));
    } else if (corpus_tokenizer(dataset->corpus)) {
        take_passage(prompt, dataset);
    }
}

/* Bytes without escapes into out; false when they are too many. */
static bool unescape(const char *text, size_t length, char *out, size_t room, size_t *written)
{
    static const char escape[][2] = {{'n', '\n'}, {'t', '\t'}, {'\\', '\\'}};
    *written = 0;
    for (size_t i = 0; i < length; i++) {
        char byte = text[i];
        for (size_t e = 0; byte == '\\' && i + 1 < length && e < sizeof escape / sizeof escape[0]; e++)
            if (text[i + 1] == escape[e][0]) {
                byte = escape[e][1];
                i++;
                break;
            }
        if (*written == room)
            return false;
        out[(*written)++] = byte;
    }
    return true;
}

static enum status too_long(struct error *error, const char *what, int most)
{
    return error_set(error, STATUS_USAGE, "%s has at most %d bytes", what, most);
}

enum status prompt_parse_answer(struct prompt *prompt, const char *line, struct error *error)
{
    struct prompt changed = *prompt;
    if (!unescape(line, strlen(line), changed.answer, sizeof changed.answer, &changed.answer_length))
        return too_long(error, "an answer", PICTURE_ANSWER_MOST);
    changed.own = true;
    *prompt = changed;
    return STATUS_OK;
}

enum status prompt_parse(struct prompt *prompt, const char *line, struct error *error)
{
    static const char arrow[] = "=>";
    struct prompt own = {.own = true};
    const char *answer = strstr(line, arrow);
    size_t length = answer ? (size_t)(answer - line) : strlen(line);
    while (answer && length > 0 && line[length - 1] == ' ')
        length--;
    if (answer && length == 0)
        return error_set(error, STATUS_USAGE, "before => stands the prompt, behind it what should follow");
    if (!unescape(line, length, own.text, sizeof own.text, &own.length))
        return too_long(error, "a prompt", PICTURE_PROMPT_MOST);
    if (answer) {
        answer += strlen(arrow);
        answer += strspn(answer, " ");
        const enum status status = prompt_parse_answer(&own, answer, error);
        if (status != STATUS_OK)
            return status;
    }
    *prompt = own;
    return STATUS_OK;
}

static size_t escape(const char *bytes, size_t length, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < length && used + 3 < size; i++) {
        const char *as = bytes[i] == '\n' ? "\\n" : bytes[i] == '\t' ? "\\t" : bytes[i] == '\\' ? "\\\\" : NULL;
        if (as)
            used += (size_t)snprintf(out + used, size - used, "%s", as);
        else
            out[used++] = bytes[i];
    }
    out[used] = 0;
    return used;
}

char *prompt_format(const struct prompt *prompt, char *out, size_t size)
{
    const size_t used = escape(prompt->text, prompt->length, out, size);
    if (prompt->answer_length > 0 && used + 6 < size) {
        const size_t arrow = (size_t)snprintf(out + used, size - used, " => ");
        escape(prompt->answer, prompt->answer_length, out + used + arrow, size - used - arrow);
    }
    return out;
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           (unsigned char)byte >= 0x80;
}

void prompt_ask(const struct prompt *prompt, const struct dataset *dataset, struct picture_text_request *request)
{
    request->dataset = dataset;
    request->one_line = prompt_is_question(dataset);
    request->prompt_length = copy(request->prompt, sizeof request->prompt, prompt->text, prompt->length);
    if (request->one_line && request->prompt_length < sizeof request->prompt)
        request->prompt[request->prompt_length++] = '\n';
    /* A word behind a word begins with a blank, whether somebody typed it or not. */
    const char last = request->prompt_length > 0 ? request->prompt[request->prompt_length - 1] : '\n';
    const bool blank = prompt->answer_length > 0 && !strchr(" \t\n", last) && is_letter(prompt->answer[0]);
    request->answer[0] = ' ';
    request->answer_length =
        blank + copy(request->answer + blank, sizeof request->answer - blank, prompt->answer, prompt->answer_length);
}
