/*
 * code_check.h -- how codes of subjects and of persons are checked, character by character
 */
#ifndef CC_CODE_CHECK_H
#define CC_CODE_CHECK_H

#include "codes.h"

extern int	cc_code_fold(const char *text, const char *end, char *chars);
extern bool cc_code_fail(CcCodeCheck *check, CcCodeProblem problem);
extern bool cc_code_fail_at(CcCodeCheck *check, CcCodeProblem problem, int position);
extern bool cc_code_fail_expecting(CcCodeCheck *check, CcCodeProblem problem, char expected);
extern bool cc_id_card_characters(const char *chars, CcCodeCheck *check);

/* Tells an ASCII digit. */
static inline bool
cc_code_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

#endif							/* CC_CODE_CHECK_H */
