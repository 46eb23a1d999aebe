/*
 * fold.h -- text as people type it, folded to what a code consists of
 */
#ifndef CC_FOLD_H
#define CC_FOLD_H

#include <stddef.h>

/* what cc_next_folded() returns for a character that folds to no letter or digit */
#define CC_NOT_FOLDED (-1)

/* reads one UTF-8 character, folded to 0-9 or A-Z where it can be; advances *str */
extern int	cc_next_folded(const char **str, const char *end);

/* narrows [*str, *end) by the spaces around it, ASCII and ideographic */
extern void cc_trim(const char **str, const char **end);

#endif							/* CC_FOLD_H */
