/*
 * id_card.c -- ID card numbers: GB 11643, and what looks like one in a text
 *
 * The division is not looked up: those since abolished stay valid.
 */
#include "codes.h"

#include <string.h>

#include "code_check.h"
#include "fold.h"

#define ID_CARD_LENGTH 18
#define OLD_ID_CARD_LENGTH 15	/* until 1999: no century, no check character */
#define ID_CARD_DATE 6			/* YYYYMMDD, counted from 0 */
#define ID_CARD_SHOWN_BEFORE 3	/* characters of a masked number that stay */
#define ID_CARD_SHOWN_AFTER 2

/* ---- check ---- */

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
 * Checks 18 folded characters as an ID card number.
 */
bool
cc_id_card_characters(const char *chars, CcCodeCheck *check)
{
	char		expected;
	int			i;

	for (i = 0; i < ID_CARD_LENGTH; i++)
	{
		if (!cc_code_is_digit(chars[i]) && !(i == ID_CARD_LENGTH - 1 && chars[i] == 'X'))
			return cc_code_fail_at(check, CC_ID_BAD_CHARACTER, i + 1);
	}
	if (!real_date(number(chars + ID_CARD_DATE, 4),
				   number(chars + ID_CARD_DATE + 4, 2),
				   number(chars + ID_CARD_DATE + 6, 2)))
		return cc_code_fail(check, CC_ID_BAD_DATE);

	expected = id_card_check_character(chars);
	if (chars[ID_CARD_LENGTH - 1] != expected)
		return cc_code_fail_expecting(check, CC_ID_BAD_CHECK, expected);
	check->problem = CC_CODE_OK;
	return true;
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
	check->length = cc_code_fold(text, end, chars);
	if (check->length != ID_CARD_LENGTH)
		return cc_code_fail(check, CC_ID_BAD_LENGTH);
	return cc_id_card_characters(chars, check);
}

/* ---- mask ---- */

/* Tells a folded letter. */
static bool
is_letter(int c)
{
	return c >= 'A' && c <= 'Z';
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
		if (!cc_code_is_digit(after))
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
