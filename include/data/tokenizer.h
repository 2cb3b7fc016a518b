/* Byte-level byte pair encoding: text as a list of small numbers, and back without loss.
 *
 * Ids 0 to 255 are the bytes; 256 + i is the i-th merge, two tokens that stand beside each other so often that they
 * became one (Gage 1994; Sennrich, Haddow & Birch 2016; over bytes: Radford et al. 2019, GPT-2).  Any bytes can be
 * encoded, UTF-8 or not.
 *
 * Text is first cut into pieces, and merges never cross from one into another, so that "end" and "end." share what they
 * are made of:
 *
 *     letters      a-z, A-Z and all bytes from 128 (so a word of any script); a space in front belongs to them
 *     marks        ! to ~ without letters and digits, and control characters; a space in front belongs to them
 *     a digit      by itself: a number is read digit by digit
 *     a line end   \n or \r, by itself
 *     blanks       what is left of a run of spaces and tabs
 *
 * This is GPT-2's rule, with single digits and line ends, and without its English endings ('s, 're).  A piece has at
 * most TOKENIZER_PIECE_MAX bytes; what is longer goes on in the next, not inside a UTF-8 character.  How text is cut
 * from some place on depends only on what follows, and `tokenizer_encode` is a pure function without a cache: any
 * thread may call it. */
#ifndef DATA_TOKENIZER_H
#define DATA_TOKENIZER_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define TOKENIZER_BYTES        256
#define TOKENIZER_MERGES_MAX   65280              /* ids are uint16_t */
#define TOKENIZER_PIECE_MAX    32                 /* so also the longest token */
#define TOKENIZER_TRAINING_MAX ((size_t)16 << 20) /* bytes that training looks at */

struct tokenizer;

struct tokenizer_span {
    const unsigned char *bytes;
    size_t length;
};

/* Learns at most `merges` merges from the spans, which are cut into pieces each by itself: the pair that occurs most
 * often becomes one token, of several the one with the lower ids, again and again; it ends early where no pair occurs
 * twice.  Of more than TOKENIZER_TRAINING_MAX bytes each span's first part is taken, the same share of all.  No spans
 * and no merges: plain bytes. */
enum status tokenizer_train(struct tokenizer **out, const struct tokenizer_span *span, size_t spans, size_t merges,
                            struct error *error);
void tokenizer_free(struct tokenizer *tokenizer); /* NULL is fine */

/* A number of merges that suits a text of so many bytes. */
size_t tokenizer_default_merges(size_t bytes);

/* out[length] is room enough.  Returns how many tokens were written. */
size_t tokenizer_encode(const struct tokenizer *tokenizer, const void *bytes, size_t length, uint16_t *out);
/* The bytes of a token, not terminated; id < tokenizer_vocabulary. */
const unsigned char *tokenizer_bytes(const struct tokenizer *tokenizer, size_t id, size_t *length);

size_t tokenizer_vocabulary(const struct tokenizer *tokenizer); /* TOKENIZER_BYTES + merges */
size_t tokenizer_merges(const struct tokenizer *tokenizer);

/* As JSON, to be kept with the weights: {"kind":"byte-bpe","merges":[[101,32],...]}, the i-th being the two ids that
 * 256 + i is made of. The caller frees it with mem_free; NULL: out of memory. */
char *tokenizer_text(const struct tokenizer *tokenizer);
/* STATUS_FAILED for a text that is not such JSON, or whose merges cannot be: the message is the reason alone. */
enum status tokenizer_parse(struct tokenizer **out, const char *text, struct error *error);

#endif
