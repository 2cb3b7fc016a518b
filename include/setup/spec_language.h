/* What a spec says of texts, and what does not go together with them. */
#ifndef SETUP_SPEC_LANGUAGE_H
#define SETUP_SPEC_LANGUAGE_H

#include "setup/defaults.h"
#include "setup/spec.h"

/* STATUS_USAGE when something was said that a text, or the model for it, does not have. */
enum status spec_language_check(const struct spec *spec, struct error *error);

/* The context that was said, else one that a text of so many bytes can give. */
size_t spec_language_context(const struct spec *spec, double bytes);
/* Another model for the data of a run: what does not go together is refused as above, open sizes are filled in. */
enum status spec_language_reshape(struct spec *spec, const struct dataset *dataset, struct error *error);
/* The open sizes of the model, for a text that is there.  Returns the defaults of its kind and size. */
const struct language_default *spec_language_fill(struct spec *spec, const struct dataset *dataset);

#endif
