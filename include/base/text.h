/* Text from files and from the command line is not to be trusted: it may hold sequences that steer a terminal. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

/* Replaces control characters and what is no UTF-8 by '?', byte for byte: the text is then safe to print. */
void text_clean(char *text);

#endif
