/*
 * codes.c -- codes of subjects
 *
 * GB 32100-2015 (amended 2016), unified social credit code: characters, layout
 * and check character; GB 11714, the organisation code inside it; GB 11643, the
 * ID card number.  Knows no register: a code that passes need not be in use,
 * and no division or authority is looked up, as divisions since abolished stay
 * in the codes they were given in.
 */
#include "codes.h"

#include <stdio.h>
#include <string.h>

#include "fold.h"

/* parts of a unified social credit code, counted from 0 */
#define AUTHORITY 0
#define CATEGORY 1
#define DIVISION 2
#define DIVISION_LENGTH 6
#define ORGANISATION 8
#define ORGANISATION_LENGTH 8	/* without its check character */
#define ORGANISATION_CHECK 16
#define OUTER_CHECK 17

#define BITS_PER_CHARACTER 5
#define PERSON_MARK 'P'			/* no registering authority of GB 32100 */

#define ID_CARD_LENGTH 18
#define OLD_ID_CARD_LENGTH 15	/* until 1999: no century, no check character */
#define ID_CARD_DATE 6			/* YYYYMMDD, counted from 0 */
#define ID_CARD_SHOWN_BEFORE 3	/* characters of a masked number that stay */
#define ID_CARD_SHOWN_AFTER 2

static bool parse_trimmed(const char *text, const char *end, CcCode *code,
						  CcCodeCheck *check);
static bool check_characters(const char *chars, CcCodeCheck *check);
static bool check_organisation(const char *chars, CcCodeCheck *check);
static bool check_id_card_characters(const char *chars, CcCodeCheck *check);
static int	fold_characters(const char *text, const char *end, char *chars);
static bool fail(CcCodeCheck *check, CcCodeProblem problem);
static bool fail_at(CcCodeCheck *check, CcCodeProblem problem, int position);
static bool fail_expecting(CcCodeCheck *check, CcCodeProblem problem, char expected);
static char outer_check_character(const char *chars);
static char organisation_check_character(const char *chars);
static char id_card_check_character(const char *chars);
static int	character_value(char c);
static void pack(const char *chars, CcCode *code);
static bool is_digit(int c);
static bool is_letter(int c);
static int	number(const char *digits, int count);
static bool real_date(int year, int month, int day);
static int	digit_run(const char *text, const char *end, int before, bool *mask);

/*
 * Parses the text of a code of any kind: a unified social credit code, a random
 * code of a natural person, or the reserved code.  Case, full-width forms and
 * spaces around the text do not matter.  Returns false with *check saying why;
 * then *code is undefined.
 */
bool
cc_code_parse(const char *text, size_t length, CcCode *code, CcCodeCheck *check)
{
	const char *end = text + length;

	cc_trim(&text, &end);
	return parse_trimmed(text, end, code, check);
}

/*
 * Parses the text of a unified social credit code; the other kinds of code are
 * problems here.
 */
bool
cc_uscc_parse(const char *text, size_t length, CcCode *code, CcCodeCheck *check)
{
	if (!cc_code_parse(text, length, code, check))
		return false;
	if (check->kind == CC_CODE_PERSON)
		return fail(check, CC_CODE_IS_PERSON);
	if (check->kind == CC_CODE_RESERVED)
		return fail(check, CC_CODE_IS_RESERVED);
	return true;
}

/*
 * Validates packed bytes as strictly as text: they are written out, parsed, and
 * have to come back the same, which also refuses set bits in the tail and
 * groups of five bits that are no character.
 */
bool
cc_code_validate(const CcCode *code, CcCodeCheck *check)
{
	char		text[CC_CODE_LENGTH + 1];
	CcCode		again;

	cc_code_text(code, text);
	if (!parse_trimmed(text, text + strlen(text), &again, check))
		return false;
	if (memcmp(again.bytes, code->bytes, CC_CODE_BYTES) != 0)
		return fail(check, CC_CODE_BAD_TAIL);
	return true;
}

/*
 * Writes the characters of a code and a terminating zero, CC_CODE_LENGTH + 1
 * bytes.  Cannot fail: a group of bits that is no character becomes '?'.
 */
void
cc_code_text(const CcCode *code, char *text)
{
	int			i;

	for (i = 0; i < CC_CODE_LENGTH; i++)
	{
		int			bit = i * BITS_PER_CHARACTER;
		int			shift = 16 - BITS_PER_CHARACTER - bit % 8;
		unsigned	two_bytes = (unsigned) code->bytes[bit / 8] << 8 |
			code->bytes[bit / 8 + 1];
		unsigned	value = (two_bytes >> shift) & 0x1F;

		text[i] = value < CC_CODE_BASE ? CC_CODE_ALPHABET[value] : '?';
	}
	text[CC_CODE_LENGTH] = '\0';
}

/*
 * Makes the code of a natural person from random values, each below
 * CC_CODE_BASE.  The code says nothing about the person, so that it may stand
 * where an ID card number may not.
 */
void
cc_code_make_person(const uint8_t *values, CcCode *code)
{
	char		chars[CC_CODE_LENGTH + 1];
	int			i;

	chars[AUTHORITY] = PERSON_MARK;
	for (i = 0; i < CC_PERSON_RANDOM_LENGTH; i++)
		chars[i + 1] = CC_CODE_ALPHABET[values[i] % CC_CODE_BASE];
	chars[OUTER_CHECK] = outer_check_character(chars);
	chars[CC_CODE_LENGTH] = '\0';
	pack(chars, code);
}

/*
 * Tells the kind of a valid code by its first character.
 */
CcCodeKind
cc_code_kind(const CcCode *code)
{
	char		text[CC_CODE_LENGTH + 1];

	cc_code_text(code, text);
	if (text[AUTHORITY] == PERSON_MARK)
		return CC_CODE_PERSON;
	return text[AUTHORITY] == '0' ? CC_CODE_RESERVED : CC_CODE_ORGANISATION;
}

/*
 * Tells what a valid code says about the kind of its subject.  GB 32100-2015,
 * table 1: the first character is the registering authority, the second the
 * category it gives.  Partnerships, sole proprietorships and branches are 91
 * like companies; the code does not tell them apart, the register does.
 */
CcSubjectKind
cc_code_subject_kind(const CcCode *code)
{
	static const struct
	{
		char		prefix[3];
		CcSubjectKind kind;
	}			prefixes[] =
	{
		{"11", CC_SUBJECT_GOVERNMENT_BODY}, /* 机构编制: 机关 */
		{"12", CC_SUBJECT_LEGAL_PERSON},	/* 机构编制: 事业单位 */
		{"13", CC_SUBJECT_LEGAL_PERSON},	/* 机构编制: 编办直接管理的群众团体 */
		{"51", CC_SUBJECT_LEGAL_PERSON},	/* 民政: 社会团体 */
		{"52", CC_SUBJECT_LEGAL_PERSON},	/* 民政: 民办非企业单位 */
		{"53", CC_SUBJECT_LEGAL_PERSON},	/* 民政: 基金会 */
		{"91", CC_SUBJECT_LEGAL_PERSON},	/* 工商: 企业 */
		{"92", CC_SUBJECT_INDIVIDUAL_BUSINESS}, /* 工商: 个体工商户 */
		{"93", CC_SUBJECT_LEGAL_PERSON},	/* 工商: 农民专业合作社, Civil Code
											 * art. 96 */
	};
	char		text[2];
	size_t		i;

	/* two characters of five bits; each record evaluated asks */
	text[AUTHORITY] = CC_CODE_ALPHABET[code->bytes[0] >> 3];
	text[CATEGORY] = CC_CODE_ALPHABET[(code->bytes[0] & 7) << 2 | code->bytes[1] >> 6];
	if (text[AUTHORITY] == '0')
		return CC_SUBJECT_NONE;
	if (text[AUTHORITY] == PERSON_MARK)
		return CC_SUBJECT_NATURAL_PERSON;
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
	{
		if (memcmp(text, prefixes[i].prefix, CATEGORY + 1) == 0)
			return prefixes[i].kind;
	}
	return CC_SUBJECT_OTHER_ORGANISATION;
}

/*
 * Names a kind of subject as the tables write it; NULL for the reserved code.
 */
const char *
cc_subject_kind_name(CcSubjectKind kind)
{
	switch (kind)
	{
		case CC_SUBJECT_NONE:
			break;
		case CC_SUBJECT_LEGAL_PERSON:
			return "legal_person";
		case CC_SUBJECT_OTHER_ORGANISATION:
			return "other_organisation";
		case CC_SUBJECT_INDIVIDUAL_BUSINESS:
			return "individual_business";
		case CC_SUBJECT_NATURAL_PERSON:
			return "natural_person";
		case CC_SUBJECT_GOVERNMENT_BODY:
			return "government_body";
	}
	return NULL;
}

/*
 * Checks an ID card number: 18 characters, a real date, the check character.
 * Case, full-width forms and spaces around the text do not matter.  The
 * division is not looked up: those since abolished stay valid.
 */
bool
cc_id_card_check(const char *text, size_t length, CcCodeCheck *check)
{
	const char *end = text + length;
	char		chars[ID_CARD_LENGTH + 1];

	memset(check, 0, sizeof(*check));
	cc_trim(&text, &end);
	check->length = fold_characters(text, end, chars);
	if (check->length != ID_CARD_LENGTH)
		return fail(check, CC_ID_BAD_LENGTH);
	return check_id_card_characters(chars, check);
}

/*
 * Copies text for a message, with asterisks over the middle of everything that
 * looks like an ID card number, valid or mistyped: error messages end up in
 * logs, where such a number has no business.
 */
void
cc_mask_id_cards(const char *text, size_t length, char *masked)
{
	const char *end = text + length;
	int			before = CC_NOT_FOLDED;

	while (text < end)
	{
		bool		mask;
		int			count = digit_run(text, end, before, &mask);
		int			i;

		if (count == 0)
			count = 1;
		for (i = 0; i < count; i++)
		{
			const char *character = text;

			before = cc_next_folded(&text, end);
			if (mask && i >= ID_CARD_SHOWN_BEFORE && i < count - ID_CARD_SHOWN_AFTER)
				*masked++ = '*';
			else
			{
				memcpy(masked, character, (size_t) (text - character));
				masked += text - character;
			}
		}
	}
	*masked = '\0';
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

/*
 * Parses text that has no spaces around it.  A number that satisfies both
 * checks of a unified social credit code is one, even if it also happens to
 * satisfy GB 11643, as one ID card number in 341 does the other way round:
 * refusing it would shut out an organisation for good.
 */
static bool
parse_trimmed(const char *text, const char *end, CcCode *code, CcCodeCheck *check)
{
	char		chars[CC_CODE_LENGTH + 1];
	CcCodeCheck id_card;

	memset(check, 0, sizeof(*check));
	check->length = fold_characters(text, end, chars);
	if (check->length != CC_CODE_LENGTH)
		return fail(check, CC_CODE_BAD_LENGTH);

	if (!check_characters(chars, check))
	{
		if (check_id_card_characters(chars, &id_card))
			return fail(check, CC_CODE_IS_ID_CARD);
		return false;
	}
	pack(chars, code);
	return true;
}

/*
 * Checks 18 folded characters as a code of any kind.
 */
static bool
check_characters(const char *chars, CcCodeCheck *check)
{
	char		expected;
	int			i;

	for (i = 0; i < CC_CODE_LENGTH; i++)
	{
		if (character_value(chars[i]) < 0)
			return fail_at(check, CC_CODE_BAD_CHARACTER, i + 1);
	}

	/* one reserved code, all zeros: subject of the decisions on policies */
	if (strspn(chars, "0") == CC_CODE_LENGTH)
	{
		check->kind = CC_CODE_RESERVED;
		return true;
	}

	check->kind = chars[AUTHORITY] == PERSON_MARK ? CC_CODE_PERSON : CC_CODE_ORGANISATION;
	if (check->kind == CC_CODE_ORGANISATION && !check_organisation(chars, check))
		return false;

	expected = outer_check_character(chars);
	if (chars[OUTER_CHECK] != expected)
		return fail_expecting(check, CC_CODE_BAD_CHECK, expected);

	/* second, as a mistyped character breaks the outer check wherever it is */
	if (check->kind == CC_CODE_ORGANISATION)
	{
		expected = organisation_check_character(chars);
		if (chars[ORGANISATION_CHECK] != expected)
			return fail_expecting(check, CC_CODE_BAD_ORGANISATION_CHECK, expected);
	}
	return true;
}

/*
 * Checks the layout of a unified social credit code.  Authorities A (military),
 * N (agriculture) and Y (other) write letters into the division.
 */
static bool
check_organisation(const char *chars, CcCodeCheck *check)
{
	int			i;

	if (strchr("123456789ANY", chars[AUTHORITY]) == NULL)
		return fail(check, CC_CODE_BAD_AUTHORITY);
	if (!is_digit(chars[AUTHORITY]))
		return true;
	for (i = DIVISION; i < DIVISION + DIVISION_LENGTH; i++)
	{
		if (!is_digit(chars[i]))
			return fail_at(check, CC_CODE_BAD_DIVISION, i + 1);
	}
	return true;
}

/*
 * Checks 18 folded characters as an ID card number.
 */
static bool
check_id_card_characters(const char *chars, CcCodeCheck *check)
{
	char		expected;
	int			i;

	for (i = 0; i < ID_CARD_LENGTH; i++)
	{
		if (!is_digit(chars[i]) && !(i == ID_CARD_LENGTH - 1 && chars[i] == 'X'))
			return fail_at(check, CC_ID_BAD_CHARACTER, i + 1);
	}
	if (!real_date(number(chars + ID_CARD_DATE, 4),
				   number(chars + ID_CARD_DATE + 4, 2),
				   number(chars + ID_CARD_DATE + 6, 2)))
		return fail(check, CC_ID_BAD_DATE);

	expected = id_card_check_character(chars);
	if (chars[ID_CARD_LENGTH - 1] != expected)
		return fail_expecting(check, CC_ID_BAD_CHECK, expected);
	check->problem = CC_CODE_OK;
	return true;
}

/*
 * Folds up to 18 characters into chars, zero-terminated, '?' where there is no
 * letter or digit.  Returns how many characters the whole text has.
 */
static int
fold_characters(const char *text, const char *end, char *chars)
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
static bool
fail(CcCodeCheck *check, CcCodeProblem problem)
{
	check->problem = problem;
	return false;
}

/* Notes a problem at a position, counted from 1. */
static bool
fail_at(CcCodeCheck *check, CcCodeProblem problem, int position)
{
	check->position = position;
	return fail(check, problem);
}

/* Notes a problem with a check character, and the right one. */
static bool
fail_expecting(CcCodeCheck *check, CcCodeProblem problem, char expected)
{
	check->expected = expected;
	return fail(check, problem);
}

/*
 * Computes the check character of 17 characters.  GB 32100-2015: weights are
 * the powers of 3 modulo 31, the check value makes the sum a multiple of 31.
 */
static char
outer_check_character(const char *chars)
{
	int			weight = 1;
	int			sum = 0;
	int			i;

	for (i = 0; i < OUTER_CHECK; i++)
	{
		sum += character_value(chars[i]) * weight;
		weight = weight * 3 % CC_CODE_BASE;
	}
	return CC_CODE_ALPHABET[(CC_CODE_BASE - sum % CC_CODE_BASE) % CC_CODE_BASE];
}

/*
 * Computes the check character of the organisation code inside a unified social
 * credit code.  GB 11714: letters count 10 to 35, with the gaps that the other
 * alphabet has not; 10 is written X and 11 is written 0.
 */
static char
organisation_check_character(const char *chars)
{
	static const int weights[ORGANISATION_LENGTH] = {3, 7, 9, 10, 5, 8, 4, 2};
	int			sum = 0;
	int			i;

	for (i = 0; i < ORGANISATION_LENGTH; i++)
	{
		char		c = chars[ORGANISATION + i];

		sum += (is_digit(c) ? c - '0' : c - 'A' + 10) * weights[i];
	}
	return "0X987654321"[sum % 11];
}

/*
 * Computes the check character of an ID card number from its 17 digits.
 * GB 11643: ISO 7064 MOD 11-2.
 */
static char
id_card_check_character(const char *chars)
{
	static const int weights[ID_CARD_LENGTH - 1] =
	{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int			sum = 0;
	int			i;

	for (i = 0; i < ID_CARD_LENGTH - 1; i++)
		sum += (chars[i] - '0') * weights[i];
	return "10X98765432"[sum % 11];
}

/*
 * Returns the value of a character of the code alphabet, -1 for another one.
 */
static int
character_value(char c)
{
	const char *found = c == '\0' ? NULL : strchr(CC_CODE_ALPHABET, c);

	return found == NULL ? -1 : (int) (found - CC_CODE_ALPHABET);
}

/*
 * Packs 18 characters of the alphabet, the first into the highest bits: bytes
 * then compare as the text does, and abbreviated sort keys take in the first
 * twelve characters instead of zeros.
 */
static void
pack(const char *chars, CcCode *code)
{
	int			i;

	memset(code->bytes, 0, CC_CODE_BYTES);
	for (i = 0; i < CC_CODE_LENGTH; i++)
	{
		int			bit = i * BITS_PER_CHARACTER;
		int			shift = 16 - BITS_PER_CHARACTER - bit % 8;
		unsigned	two_bytes = (unsigned) character_value(chars[i]) << shift;

		code->bytes[bit / 8] |= (uint8_t) (two_bytes >> 8);
		code->bytes[bit / 8 + 1] |= (uint8_t) (two_bytes & 0xFF);
	}
}

/* Tells an ASCII digit. */
static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* Tells a folded letter. */
static bool
is_letter(int c)
{
	return c >= 'A' && c <= 'Z';
}

/* Reads digits as a number. */
static int
number(const char *digits, int count)
{
	int			result = 0;

	while (count-- > 0)
		result = result * 10 + (*digits++ - '0');
	return result;
}

/*
 * Tells whether a day of birth exists in the Gregorian calendar.  Years before
 * 1850 and from 2100 on are taken for another kind of number.
 */
static bool
real_date(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1850 || year > 2099 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/*
 * Returns the length of the run of digits at text, with an X at its end, and
 * whether it may be an ID card number, mistyped or not: a century where the
 * year of birth is; or not 18 digits, but near to the length of an old or a new
 * number, and no letter beside, as an organisation's code would have.
 */
static int
digit_run(const char *text, const char *end, int before, bool *mask)
{
	char		century[2] = {0, 0};
	int			count = 0;
	int			after = CC_NOT_FOLDED;

	while (text < end)
	{
		after = cc_next_folded(&text, end);
		if (!is_digit(after))
			break;
		if (count >= ID_CARD_DATE && count < ID_CARD_DATE + 2)
			century[count - ID_CARD_DATE] = (char) after;
		count++;
	}
	if (count > 0 && after == 'X')
	{
		count++;
		after = text < end ? cc_next_folded(&text, end) : CC_NOT_FOLDED;
	}

	*mask = false;
	if (count < OLD_ID_CARD_LENGTH - 1)
		return count;
	if (memcmp(century, "18", 2) == 0 || memcmp(century, "19", 2) == 0 ||
		memcmp(century, "20", 2) == 0)
		*mask = true;
	else if (count != ID_CARD_LENGTH)
		*mask = !is_letter(before) && !is_letter(after);
	return count;
}
