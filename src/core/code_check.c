/*
 * code_check.c -- how codes are checked, character by character, and what is wrong with one in a sentence
 */
#include "code_check.h"

#include <stdio.h>

#include "fold.h"

/*
 * Folds up to 18 characters into chars, zero-terminated, '?' where there is no
 * letter or digit.  Returns how many characters the whole text has.
 */
int
cc_code_fold(const char *text, const char *end, char *chars)
{
	int			count = 0;

	while (text < end)
	{
		int			c = cc_next_folded(&text, end);

		if (count < CC_CODE_LENGTH)
			chars[count] = c == CC_NOT_FOLDED ? '?' : (char) c;
		count++;
	}
	chars[count < CC_CODE_LENGTH ? count : CC_CODE_LENGTH] = '\0';
	return count;
}

/* Notes a problem, and returns false for the caller to pass on. */
bool
cc_code_fail(CcCodeCheck *check, CcCodeProblem problem)
{
	check->problem = problem;
	return false;
}

/* Notes a problem at a position, counted from 1. */
bool
cc_code_fail_at(CcCodeCheck *check, CcCodeProblem problem, int position)
{
	check->position = position;
	return cc_code_fail(check, problem);
}

/* Notes a problem with a check character, and the right one. */
bool
cc_code_fail_expecting(CcCodeCheck *check, CcCodeProblem problem, char expected)
{
	check->expected = expected;
	return cc_code_fail(check, problem);
}

/*
 * Says in one sentence what is wrong, without repeating any of the input.
 */
void
cc_code_explain(const CcCodeCheck *check, CcLanguage language, char *buffer,
				size_t size)
{
	bool		zh = (language == CC_CHINESE);

	buffer[0] = '\0';
	switch (check->problem)
	{
		case CC_CODE_OK:
			break;
		case CC_CODE_BAD_LENGTH:
		case CC_ID_BAD_LENGTH:
			snprintf(buffer, size, zh ? "应为18位，实为%d位。"
					 : "Its length is %d characters, not 18.", check->length);
			break;
		case CC_CODE_BAD_CHARACTER:
			snprintf(buffer, size, zh ? "第%d位不是代码字符（0-9、A-Y，无I、O、S、V、Z）。"
					 : "The character at position %d is not one of " CC_CODE_ALPHABET ".",
					 check->position);
			break;
		case CC_CODE_BAD_TAIL:
			snprintf(buffer, size, "%s", zh ? "末位之后的比特应为零。"
					 : "The bits after the last character are not zero.");
			break;
		case CC_CODE_BAD_AUTHORITY:
			snprintf(buffer, size, "%s", zh ? "第1位不是登记管理部门代码（1-9、A、N、Y）。"
					 : "Position 1 is not a registering authority (1-9, A, N, Y).");
			break;
		case CC_CODE_BAD_DIVISION:
			snprintf(buffer, size, zh ? "第3至8位为行政区划码，第%d位不是数字。"
					 : "The division code (positions 3 to 8) has no digit at position %d.",
					 check->position);
			break;
		case CC_CODE_BAD_CHECK:
			snprintf(buffer, size, zh ? "校验码（第18位）应为%c。"
					 : "The check character (position 18) should be \"%c\".",
					 check->expected);
			break;
		case CC_CODE_BAD_ORGANISATION_CHECK:
			snprintf(buffer, size, zh ? "组织机构代码的校验码（第17位）应为%c。"
					 : "The check character of the organisation code (position 17) should be \"%c\".",
					 check->expected);
			break;
		case CC_CODE_IS_ID_CARD:
			snprintf(buffer, size, "%s", zh ? "这是公民身份号码，不是统一社会信用代码。"
					 : "This is an ID card number, not a unified social credit code.");
			break;
		case CC_CODE_IS_PERSON:
			snprintf(buffer, size, "%s", zh ? "这是自然人的随机代码，不是统一社会信用代码。"
					 : "This is the random code of a natural person, not a unified social credit code.");
			break;
		case CC_CODE_IS_RESERVED:
			snprintf(buffer, size, "%s", zh ? "全零代码为保留代码，不是统一社会信用代码。"
					 : "The code of zeros is reserved, it is not a unified social credit code.");
			break;
		case CC_ID_BAD_CHARACTER:
			snprintf(buffer, size, zh ? "第%d位应为数字（末位可为X）。"
					 : "The character at position %d is not a digit (the last may be X).",
					 check->position);
			break;
		case CC_ID_BAD_DATE:
			snprintf(buffer, size, "%s", zh ? "第7至14位不是真实的日期。"
					 : "Positions 7 to 14 are not a real date.");
			break;
		case CC_ID_BAD_CHECK:
			snprintf(buffer, size, zh ? "校验码（第18位）应为%c。"
					 : "The check character (position 18) should be \"%c\".",
					 check->expected);
			break;
	}
}
