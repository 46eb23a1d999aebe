/*
 * fold.c -- text as people type it, folded to what a code consists of
 *
 * Forms are filled in with Chinese input methods, which type letters and digits
 * in full width (U+FF01 to U+FF5E) unless switched over, and spreadsheets pad
 * with spaces of either width.  A code means the same in every such form.  No
 * other look-alike is folded: the letter O is not a zero.
 */
#include "fold.h"

#include <stdbool.h>
#include <string.h>

#define IDEOGRAPHIC_SPACE "\xE3\x80\x80"
#define IDEOGRAPHIC_SPACE_LENGTH 3

static int	fold_ascii(int c);
static bool is_ascii_space(char c);

/*
 * Reads the next character of UTF-8 text from *str, which must be before end,
 * and advances *str.  Returns 0-9 or A-Z for ASCII and full-width letters and
 * digits of either case, else CC_NOT_FOLDED.  Malformed text cannot lead past
 * end: a byte that begins no whole character counts as one.
 */
int
cc_next_folded(const char **str, const char *end)
{
	const unsigned char *s = (const unsigned char *) *str;
	size_t		left = (size_t) (end - *str);
	size_t		length;

	if (s[0] < 0x80)
		length = 1;
	else if (s[0] >= 0xC0 && s[0] < 0xE0)
		length = 2;
	else if (s[0] >= 0xE0 && s[0] < 0xF0)
		length = 3;
	else if (s[0] >= 0xF0)
		length = 4;
	else
		length = 1;
	if (length > left)
		length = 1;
	*str += length;

	if (length == 1)
		return fold_ascii(s[0]);

	/* U+FF01..U+FF3F are EF BC 81..BF, U+FF40..U+FF5E are EF BD 80..9E */
	if (length == 3 && s[0] == 0xEF && s[1] == 0xBC && s[2] >= 0x81 && s[2] <= 0xBF)
		return fold_ascii(s[2] - 0x81 + 0x21);
	if (length == 3 && s[0] == 0xEF && s[1] == 0xBD && s[2] >= 0x80 && s[2] <= 0x9E)
		return fold_ascii(s[2] - 0x80 + 0x60);
	return CC_NOT_FOLDED;
}

/*
 * Narrows the text between *str and *end by the white space around it.
 */
void
cc_trim(const char **str, const char **end)
{
	bool		again = true;

	while (again && *str < *end)
	{
		again = false;
		if (is_ascii_space((*end)[-1]))
		{
			(*end)--;
			again = true;
		}
		else if (*end - *str >= IDEOGRAPHIC_SPACE_LENGTH &&
				 memcmp(*end - IDEOGRAPHIC_SPACE_LENGTH, IDEOGRAPHIC_SPACE,
						IDEOGRAPHIC_SPACE_LENGTH) == 0)
		{
			*end -= IDEOGRAPHIC_SPACE_LENGTH;
			again = true;
		}
	}

	again = true;
	while (again && *str < *end)
	{
		again = false;
		if (is_ascii_space(**str))
		{
			(*str)++;
			again = true;
		}
		else if (*end - *str >= IDEOGRAPHIC_SPACE_LENGTH &&
				 memcmp(*str, IDEOGRAPHIC_SPACE, IDEOGRAPHIC_SPACE_LENGTH) == 0)
		{
			*str += IDEOGRAPHIC_SPACE_LENGTH;
			again = true;
		}
	}
}

/*
 * Upper-cases an ASCII letter, keeps a digit, refuses the rest.
 */
static int
fold_ascii(int c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 'A';
	if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return c;
	return CC_NOT_FOLDED;
}

/*
 * Tells white space as PostgreSQL's own input functions skip it.
 */
static bool
is_ascii_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}
