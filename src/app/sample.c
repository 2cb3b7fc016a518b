/* Carries out `downhill sample`: a trained language model continues a prompt, token by token. */
#include "app/sample.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/voice.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/random.h"
#include "nn/sampler.h"
#include "store/checkpoint.h"

#define TOKENS_MOST      1000000
#define PROMPT_BYTES_MAX ((size_t)16 << 20)

/* ---- the words ---- */

static enum status read_prompt_word(void *owner, const struct field *field, const char *text, struct error *error)
{
    struct sample_options *options = owner;
    if (options->prompt)
        return error_set(error, STATUS_USAGE, "%s: there is a prompt already", field->name);
    options->prompt = text;
    options->asks = strcmp(field->name, "ask") == 0;
    return STATUS_OK;
}

#define AT(member) .offset = offsetof(struct sample_options, member)

static const struct field rows[] = {
    {
        .name = "prompt",
        .type = FIELD_OWN,
        .read = read_prompt_word,
        .about = "what the model goes on with; -: standard input",
    },
    {
        .name = "ask",
        .type = FIELD_OWN,
        .read = read_prompt_word,
        .about = "a line as prompt, answered by a line",
    },
    {
        .name = "tokens",
        .type = FIELD_NUMBER,
        .store = FIELD_U64,
        AT(tokens),
        .min = 1,
        .max = TOKENS_MOST,
        .about = "tokens at most (default: 100)",
    },
    {
        .name = "temperature",
        .type = FIELD_NUMBER,
        AT(sampling.temperature),
        .max = SAMPLING_TEMPERATURE_MAX,
        .min_does = "always the likeliest token",
        .about = "divides the logits; 0: always the likeliest token (default: 1)",
    },
    {
        .name = "top-k",
        .type = FIELD_NUMBER,
        .store = FIELD_SIZE,
        AT(sampling.top_k),
        .max = LANGUAGE_VOCABULARY_MAX,
        .about = "draw from the N likeliest tokens alone; 0: from all (default)",
    },
    {
        .name = "top-p",
        .type = FIELD_NUMBER,
        AT(sampling.top_p),
        .min_open = true,
        .max = 1,
        .about = "draw from the likeliest tokens that together have this probability (default: 1)",
    },
    {
        .name = "seed",
        .letter = 's',
        .type = FIELD_NUMBER,
        .store = FIELD_U64,
        AT(seed),
        .max = SEED_MAX,
        .about = "of what is drawn (default: 1)",
    },
    {
        .name = "heads",
        .type = FIELD_NUMBER,
        .store = FIELD_U64,
        AT(heads),
        .min = 1,
        .max = LANGUAGE_WIDTH_MAX,
        .about = "heads of a transformer whose file does not say how many it has",
    },
};
const struct field_table sample_fields = {
    FIELD_ROWS(rows),
    .heading = "downhill sample",
};

const struct sample_options sample_usual = {.tokens = 100, .seed = 1, .sampling = {.temperature = 1, .top_p = 1}};

enum status sample_check(const struct cli *cli, struct error *error)
{
    return cli->sample.prompt ? STATUS_OK : error_set(error, STATUS_USAGE, SAMPLE_NEEDS);
}

/* ---- the prompt ---- */

struct prompt {
    char *bytes;
    size_t length;
};

static enum status read_input(struct prompt *prompt, struct error *error)
{
    size_t room = 0;
    do {
        if (prompt->length == room) {
            const size_t more = room > 0 ? 2 * room : BUFSIZ;
            char *grown = mem_resize(prompt->bytes, room, more, 1);
            if (!grown)
                return error_memory(error);
            prompt->bytes = grown;
            room = more;
        }
        prompt->length += fread(prompt->bytes + prompt->length, 1, room - prompt->length, stdin);
    } while (prompt->length == room && room <= PROMPT_BYTES_MAX);
    if (ferror(stdin))
        return error_set(error, STATUS_FAILED, "standard input: %s", strerror(errno));
    if (prompt->length > PROMPT_BYTES_MAX)
        return error_set(error, STATUS_FAILED, "standard input: a prompt of more than %zu MiB", PROMPT_BYTES_MAX >> 20);
    const char *wide = encoding_wide(prompt->bytes, prompt->length);
    if (wide)
        return error_set(error, STATUS_FAILED, "standard input: " ENCODING_REFUSED, wide, wide);
    const size_t mark = encoding_mark(prompt->bytes, prompt->length);
    prompt->length -= mark;
    memmove(prompt->bytes, prompt->bytes + mark, prompt->length);
    return STATUS_OK;
}

static bool add(struct prompt *prompt, const char *bytes, size_t length)
{
    char *grown = mem_resize(prompt->bytes, prompt->length, prompt->length + length + 1, 1);
    if (!grown)
        return false;
    memcpy(grown + prompt->length, bytes, length);
    prompt->bytes = grown;
    prompt->length += length;
    return true;
}

static enum status take_prompt(const struct sample_options *options, struct prompt *prompt, struct error *error)
{
    if (file_is_stream(options->prompt)) {
        const enum status status = read_input(prompt, error);
        if (status != STATUS_OK)
            return status;
    } else if (!add(prompt, options->prompt, strlen(options->prompt))) {
        return error_memory(error);
    }
    const bool ended = prompt->length > 0 && prompt->bytes[prompt->length - 1] == '\n';
    return !options->asks || ended || add(prompt, "\n", 1) ? STATUS_OK : error_memory(error);
}

/* ---- the model ---- */

struct author {
    struct tokenizer *tokenizer;
    struct model *model;
    const struct language *language; /* the same */
    struct language_cache *cache;
    struct sampler *sampler;
};

static void author_free(struct author *author)
{
    sampler_free(author->sampler);
    language_cache_free(author->cache);
    model_free(author->model);
    tokenizer_free(author->tokenizer);
}

static void say_heads(const char *path, const struct language *language)
{
    if (language_spec(language)->kind == LANGUAGE_TRANSFORMER)
        fprintf(stderr, "downhill: %s: does not say how many heads it has: taken to be %zu (--heads)\n", path,
                language_spec(language)->heads);
}

/* Checks --heads against the model: a checkpoint states its number of heads, and only transformers have heads. */
static enum status check_heads(const struct cli *cli, const struct checkpoint_file *file,
                               const struct language *language, struct error *error)
{
    const struct language_spec *spec = language_spec(language);
    const uint64_t heads = cli->sample.heads;
    const char *path = cli->word[0];
    if (heads == 0 || (spec->kind == LANGUAGE_TRANSFORMER && spec->heads == heads))
        return STATUS_OK;
    if (spec->kind != LANGUAGE_TRANSFORMER)
        return error_set(error, STATUS_USAGE, "--heads %llu: %s is a model without heads", (unsigned long long)heads,
                         path);
    return error_set(error, STATUS_USAGE, "--heads %llu: %s %s %zu", (unsigned long long)heads, path,
                     checkpoint_note(file, "spec") ? "says that it has" : "can have", spec->heads);
}

static enum status author_build(struct author *author, const struct cli *cli, const struct checkpoint_file *file,
                                struct error *error)
{
    struct spec spec;
    if (!checkpoint_is_language(file))
        return error_set(error, STATUS_FAILED, "%s: is no language model: downhill predict is for tables",
                         cli->word[0]);
    spec_init(&spec);
    spec.shape.language.heads = (size_t)cli->sample.heads;
    enum status status = checkpoint_tokenizer(file, &author->tokenizer, error);
    if (status == STATUS_OK)
        status = checkpoint_spec(file, &spec, error);
    if (status == STATUS_OK)
        status = checkpoint_model(file, &spec.shape, kernels_choose(), &author->model, error);
    if (status == STATUS_OK)
        status = check_heads(cli, file, model_language_const(author->model), error);
    spec_free(&spec);
    if (status != STATUS_OK)
        return status;
    author->language = model_language_const(author->model);
    if (!checkpoint_note(file, "spec") && cli->sample.heads == 0)
        say_heads(cli->word[0], author->language);
    author->cache = language_cache_create(author->language);
    author->sampler = sampler_create(language_spec(author->language)->vocabulary);
    return author->cache && author->sampler ? STATUS_OK : error_memory(error);
}

/* What comes after the prompt, of which the last tokens count that the context has room for; an empty one is the
 * beginning of a line. */
static enum status read_prompt(struct author *author, const struct prompt *prompt, const float **logits,
                               struct error *error)
{
    const size_t context = language_spec(author->language)->context;
    uint16_t *token = mem_alloc(prompt->length + 1, sizeof *token);
    if (!token)
        return error_memory(error);
    size_t count = tokenizer_encode(author->tokenizer, prompt->bytes, prompt->length, token);
    if (count == 0)
        token[count++] = '\n';
    for (size_t i = count > context ? count - context : 0; i < count; i++)
        *logits = language_next(author->language, NULL, author->cache, token[i]);
    mem_free(token);
    return STATUS_OK;
}

static void write_on(struct author *author, const struct sample_options *options, const float *logits,
                     struct voice *voice)
{
    const uint32_t key = random_key(options->seed, RANDOM_SAMPLE, 0);
    for (uint64_t i = 0; i < options->tokens; i++) {
        const float drawn = random_uniform(key, (uint32_t)i);
        const size_t id = sampler_draw(author->sampler, logits, &options->sampling, drawn);
        size_t length;
        const unsigned char *bytes = tokenizer_bytes(author->tokenizer, id, &length);
        if (!voice_say(voice, bytes, length) || (options->asks && memchr(bytes, '\n', length)))
            return;
        logits = language_next(author->language, NULL, author->cache, (int32_t)id);
    }
}

static enum status sample(const struct cli *cli, const struct prompt *prompt, FILE *out, bool terminal,
                          struct error *error)
{
    struct author author = {.tokenizer = NULL};
    struct checkpoint_file *file;
    const float *logits = NULL;
    enum status status = checkpoint_open(&file, cli->word[0], error);
    if (status != STATUS_OK)
        return status;
    if (cli->spec.load_best)
        status = checkpoint_use_best(file, error);
    if (status == STATUS_OK)
        status = author_build(&author, cli, file, error);
    checkpoint_close(file);
    if (status == STATUS_OK)
        status = read_prompt(&author, prompt, &logits, error);
    if (status == STATUS_OK) {
        struct voice voice = {.out = out, .terminal = terminal};
        if (voice_say(&voice, prompt->bytes, prompt->length))
            write_on(&author, &cli->sample, logits, &voice);
        voice_end(&voice);
    }
    author_free(&author);
    return status;
}

enum status sample_command(struct cli *cli, struct error *error)
{
    struct prompt prompt = {.bytes = NULL};
    enum status status = take_prompt(&cli->sample, &prompt, error);
    if (status == STATUS_OK)
        status = sample(cli, &prompt, stdout, isatty(STDOUT_FILENO), error);
    mem_free(prompt.bytes);
    return status;
}
