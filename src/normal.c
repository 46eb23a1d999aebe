/*
 * normal.c -- names and document numbers as people write them, made comparable
 *
 * Chinese input methods, spreadsheets and older systems write the same name
 * with half- or full-width brackets, letters and spaces.  Nothing here guesses:
 * what folds together is one name in different type, never a similar one.
 * Text is UTF-8, which the guard of the install script sees to.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "cc_compat.h"

#define MIDDLE_DOT 0x00B7
#define IDEOGRAPHIC_SPACE 0x3000
#define LEFT_TORTOISE_SHELL 0x3014
#define RIGHT_TORTOISE_SHELL 0x3015

/* full-width ASCII, and how far it is from ASCII */
#define FULL_WIDTH_FIRST 0xFF01
#define FULL_WIDTH_LAST 0xFF5E
#define FULL_WIDTH_OFFSET 0xFEE0

/* one byte of ASCII may become three */
#define MAX_GROWTH 3

typedef struct Folder
{
	const unsigned char *str;
	const unsigned char *end;
	unsigned char *out;			/* next byte to write */
} Folder;

PG_FUNCTION_INFO_V1(normal_name);
PG_FUNCTION_INFO_V1(normal_document);

static text *begin(Folder *folder, const text *source);
static text *finish(Folder *folder, text *result);
static pg_wchar next_character(Folder *folder);
static void put(Folder *folder, pg_wchar c);
static bool is_space(pg_wchar c);
static bool is_invisible(pg_wchar c);
static bool needs_no_space(pg_wchar c);
static pg_wchar fold_dot(pg_wchar c);
static pg_wchar fold_bracket(pg_wchar c);

/*
 * normal_name(text) returns text -- full-width ASCII and brackets become half
 * width; spaces at the ends and beside a Chinese character or a bracket go,
 * other runs of them become one; the dots in names of minorities become one.
 */
Datum
normal_name(PG_FUNCTION_ARGS)
{
	Folder		folder;
	text	   *result = begin(&folder, PG_GETARG_TEXT_PP(0));
	pg_wchar	previous = 0;
	bool		space = false;

	while (folder.str < folder.end)
	{
		pg_wchar	c = fold_dot(next_character(&folder));

		if (is_invisible(c))
			continue;
		if (is_space(c))
		{
			space = true;
			continue;
		}
		if (space && previous != 0 && !needs_no_space(previous) && !needs_no_space(c))
			put(&folder, ' ');
		put(&folder, c);
		previous = c;
		space = false;
	}
	PG_RETURN_TEXT_P(finish(&folder, result));
}

/*
 * normal_document(text) returns text -- full-width ASCII becomes half width,
 * brackets of every kind the 〔〕 that document numbers are printed with, and
 * spaces go.
 */
Datum
normal_document(PG_FUNCTION_ARGS)
{
	Folder		folder;
	text	   *result = begin(&folder, PG_GETARG_TEXT_PP(0));

	while (folder.str < folder.end)
	{
		pg_wchar	c = next_character(&folder);

		if (!is_invisible(c) && !is_space(c))
			put(&folder, fold_bracket(c));
	}
	PG_RETURN_TEXT_P(finish(&folder, result));
}

/*
 * Starts reading source; returns room for whatever it folds to.
 */
static text *
begin(Folder *folder, const text *source)
{
	Size		length = VARSIZE_ANY_EXHDR(source);
	text	   *result;

	if (length > (MaxAllocSize - VARHDRSZ) / MAX_GROWTH)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("text is too long")));
	result = (text *) palloc(VARHDRSZ + length * MAX_GROWTH);
	folder->str = (const unsigned char *) VARDATA_ANY(source);
	folder->end = folder->str + length;
	folder->out = (unsigned char *) VARDATA(result);
	return result;
}

/*
 * Ends the text that begin() made room for.
 */
static text *
finish(Folder *folder, text *result)
{
	SET_VARSIZE(result, (char *) folder->out - (char *) result);
	return result;
}

/*
 * Reads a character, full-width ASCII folded, and advances.
 */
static pg_wchar
next_character(Folder *folder)
{
	int			length = pg_utf_mblen(folder->str);
	pg_wchar	c;

	if (length > folder->end - folder->str)
		ereport(ERROR,
				(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				 errmsg("invalid byte sequence for encoding \"%s\"", "UTF8")));
	c = utf8_to_unicode(folder->str);
	folder->str += length;
	if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST)
		return c - FULL_WIDTH_OFFSET;
	return c;
}

/*
 * Writes a character.
 */
static void
put(Folder *folder, pg_wchar c)
{
	unicode_to_utf8(c, folder->out);
	folder->out += pg_utf_mblen(folder->out);
}

/*
 * Tells white space of any width, the no-break space included.
 */
static bool
is_space(pg_wchar c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x00A0 || c == 0x0085 ||
		(c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
		c == 0x202F || c == 0x205F || c == IDEOGRAPHIC_SPACE;
}

/*
 * Tells what copying from web pages leaves behind: joiners and byte order marks.
 */
static bool
is_invisible(pg_wchar c)
{
	return (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF;
}

/*
 * Tells what a space beside it means nothing to: brackets, and all that is not
 * ASCII, Chinese characters first of all.
 */
static bool
needs_no_space(pg_wchar c)
{
	return c == '(' || c == ')' || c > 0x7E;
}

/*
 * Folds the dots that separate the parts of a name.
 */
static pg_wchar
fold_dot(pg_wchar c)
{
	if (c == 0x2022 || c == 0x2027 || c == 0x2219 || c == 0x22C5 || c == 0x30FB || c == 0xFF65)
		return MIDDLE_DOT;
	return c;
}

/*
 * Folds brackets to tortoise shell brackets.
 */
static pg_wchar
fold_bracket(pg_wchar c)
{
	switch (c)
	{
		case '(':
		case '[':
		case '{':
		case 0x3010:			/* lenticular */
		case 0x3016:			/* white lenticular */
		case 0x3018:			/* white tortoise shell */
		case 0xFE5D:			/* small tortoise shell */
			return LEFT_TORTOISE_SHELL;
		case ')':
		case ']':
		case '}':
		case 0x3011:
		case 0x3017:
		case 0x3019:
		case 0xFE5E:
			return RIGHT_TORTOISE_SHELL;
		default:
			return c;
	}
}
