/*
 * codes.c -- codes of subjects
 *
 * GB 32100-2015 (amended 2016), unified social credit code: characters, layout and check character; GB 11714, the
 * organisation code inside it. Knows no register: a code that passes need not be in use, and no division or authority is
 * looked up, as divisions since abolished stay in the codes they were given in.
 */
#include "codes.h"

#include <string.h>

#include "code_check.h"
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

/* ---- characters ---- */

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

		sum += (cc_code_is_digit(c) ? c - '0' : c - 'A' + 10) * weights[i];
	}
	return "0X987654321"[sum % 11];
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

/* ---- text to code and back ---- */

/*
 * Checks the layout of a unified social credit code.  Authorities A (military),
 * N (agriculture) and Y (other) write letters into the division.
 */
static bool
check_organisation(const char *chars, CcCodeCheck *check)
{
	int			i;

	if (strchr("123456789ANY", chars[AUTHORITY]) == NULL)
		return cc_code_fail(check, CC_CODE_BAD_AUTHORITY);
	if (!cc_code_is_digit(chars[AUTHORITY]))
		return true;
	for (i = DIVISION; i < DIVISION + DIVISION_LENGTH; i++)
	{
		if (!cc_code_is_digit(chars[i]))
			return cc_code_fail_at(check, CC_CODE_BAD_DIVISION, i + 1);
	}
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
			return cc_code_fail_at(check, CC_CODE_BAD_CHARACTER, i + 1);
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
		return cc_code_fail_expecting(check, CC_CODE_BAD_CHECK, expected);

	/* second, as a mistyped character breaks the outer check wherever it is */
	if (check->kind == CC_CODE_ORGANISATION)
	{
		expected = organisation_check_character(chars);
		if (chars[ORGANISATION_CHECK] != expected)
			return cc_code_fail_expecting(check, CC_CODE_BAD_ORGANISATION_CHECK, expected);
	}
	return true;
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
	check->length = cc_code_fold(text, end, chars);
	if (check->length != CC_CODE_LENGTH)
		return cc_code_fail(check, CC_CODE_BAD_LENGTH);

	if (!check_characters(chars, check))
	{
		if (cc_id_card_characters(chars, &id_card))
			return cc_code_fail(check, CC_CODE_IS_ID_CARD);
		return false;
	}
	pack(chars, code);
	return true;
}

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
		return cc_code_fail(check, CC_CODE_IS_PERSON);
	if (check->kind == CC_CODE_RESERVED)
		return cc_code_fail(check, CC_CODE_IS_RESERVED);
	return true;
}

/*
 * Writes the characters of a code and a terminating zero, CC_CODE_LENGTH + 1
 * bytes.  Cannot cc_code_fail: a group of bits that is no character becomes '?'.
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
		return cc_code_fail(check, CC_CODE_BAD_TAIL);
	return true;
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

/* ---- what a code says ---- */

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
