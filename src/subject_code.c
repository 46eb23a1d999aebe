/*
 * subject_code.c -- the key of every subject as an SQL type
 *
 * Layout and checks are in core/codes.c. Order is that of the bytes, as for uuid, whose sort support serves here too.
 * The operators are not declared LANGUAGE internal over uuid's: such a function is found by a walk through all built-in
 * names each time a scan key is made, which took an eighth of the time of regrading a COPY.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "cc_compat.h"
#include "subject_code.h"

PG_FUNCTION_INFO_V1(subject_code_in);
PG_FUNCTION_INFO_V1(subject_code_out);
PG_FUNCTION_INFO_V1(subject_code_recv);
PG_FUNCTION_INFO_V1(subject_code_send);
PG_FUNCTION_INFO_V1(subject_code_from_text);
PG_FUNCTION_INFO_V1(subject_code_to_text);
PG_FUNCTION_INFO_V1(subject_code_eq);
PG_FUNCTION_INFO_V1(subject_code_ne);
PG_FUNCTION_INFO_V1(subject_code_lt);
PG_FUNCTION_INFO_V1(subject_code_le);
PG_FUNCTION_INFO_V1(subject_code_gt);
PG_FUNCTION_INFO_V1(subject_code_ge);
PG_FUNCTION_INFO_V1(subject_code_cmp);
PG_FUNCTION_INFO_V1(subject_code_hash);
PG_FUNCTION_INFO_V1(subject_code_hash_extended);
PG_FUNCTION_INFO_V1(random_subject_code);
PG_FUNCTION_INFO_V1(subject_kind);
PG_FUNCTION_INFO_V1(division);
PG_FUNCTION_INFO_V1(organisation_code);
PG_FUNCTION_INFO_V1(is_valid_uscc);
PG_FUNCTION_INFO_V1(uscc_problem);
PG_FUNCTION_INFO_V1(is_valid_id_card);
PG_FUNCTION_INFO_V1(id_card_problem);

static bool parse_subject_code(const char *str, size_t length, Node *escontext,
							   CcCode *result);
static text *problem_text(const CcCodeCheck *check);

/*
 * subject_code_in(cstring) -- input function; raises 22P02 softly.
 */
Datum
subject_code_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	CcCode	   *result = (CcCode *) palloc(sizeof(CcCode));

	if (!parse_subject_code(str, strlen(str), fcinfo->context, result))
		PG_RETURN_NULL();
	PG_RETURN_SUBJECT_CODE_P(result);
}

/*
 * subject_code_out(subject_code) -- the 18 characters.
 */
Datum
subject_code_out(PG_FUNCTION_ARGS)
{
	char	   *result = (char *) palloc(CC_CODE_LENGTH + 1);

	cc_code_text(PG_GETARG_SUBJECT_CODE_P(0), result);
	PG_RETURN_CSTRING(result);
}

/*
 * subject_code_recv(internal) -- 16 bytes, checked as strictly as text; raises
 * 22P03.
 */
Datum
subject_code_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	CcCode	   *result = (CcCode *) palloc(sizeof(CcCode));
	CcCodeCheck check;

	memcpy(result->bytes, pq_getmsgbytes(buffer, CC_CODE_BYTES), CC_CODE_BYTES);
	if (!cc_code_validate(result, &check))
	{
		char		detail[CC_EXPLANATION_SIZE];

		cc_code_explain(&check, CC_ENGLISH, detail, sizeof(detail));
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary representation of type subject_code"),
				 errdetail_internal("%s", detail)));
	}
	PG_RETURN_SUBJECT_CODE_P(result);
}

/*
 * subject_code_send(subject_code) -- the 16 bytes.
 */
Datum
subject_code_send(PG_FUNCTION_ARGS)
{
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendbytes(&buffer, (char *) PG_GETARG_SUBJECT_CODE_P(0)->bytes, CC_CODE_BYTES);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/*
 * subject_code_from_text(text) -- cast; raises 22P02.
 */
Datum
subject_code_from_text(PG_FUNCTION_ARGS)
{
	text	   *str = PG_GETARG_TEXT_PP(0);
	CcCode	   *result = (CcCode *) palloc(sizeof(CcCode));

	if (!parse_subject_code(VARDATA_ANY(str), VARSIZE_ANY_EXHDR(str),
							fcinfo->context, result))
		PG_RETURN_NULL();
	PG_RETURN_SUBJECT_CODE_P(result);
}

/*
 * subject_code_to_text(subject_code) -- cast; raises nothing, it is leakproof.
 */
Datum
subject_code_to_text(PG_FUNCTION_ARGS)
{
	char		str[CC_CODE_LENGTH + 1];

	cc_code_text(PG_GETARG_SUBJECT_CODE_P(0), str);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(str, CC_CODE_LENGTH));
}

/* Order by bytes, which is the order of the text in the C collation. */
#define COMPARE(fcinfo) \
	memcmp(PG_GETARG_SUBJECT_CODE_P(0)->bytes, PG_GETARG_SUBJECT_CODE_P(1)->bytes, CC_CODE_BYTES)

Datum
subject_code_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(COMPARE(fcinfo) == 0);
}

Datum
subject_code_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(COMPARE(fcinfo) != 0);
}

Datum
subject_code_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(COMPARE(fcinfo) < 0);
}

Datum
subject_code_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(COMPARE(fcinfo) <= 0);
}

Datum
subject_code_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(COMPARE(fcinfo) > 0);
}

Datum
subject_code_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(COMPARE(fcinfo) >= 0);
}

Datum
subject_code_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(COMPARE(fcinfo));
}

Datum
subject_code_hash(PG_FUNCTION_ARGS)
{
	return hash_any(PG_GETARG_SUBJECT_CODE_P(0)->bytes, CC_CODE_BYTES);
}

Datum
subject_code_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended(PG_GETARG_SUBJECT_CODE_P(0)->bytes, CC_CODE_BYTES, PG_GETARG_INT64(1));
}

/*
 * random_subject_code() -- a new code for a natural person, from the server's
 * strong random source: 31^16, or 79 bits, nobody can guess or count up to.
 */
Datum
random_subject_code(PG_FUNCTION_ARGS)
{
	uint8_t		values[CC_PERSON_RANDOM_LENGTH];
	int			filled = 0;
	CcCode	   *result = (CcCode *) palloc(sizeof(CcCode));

	while (filled < CC_PERSON_RANDOM_LENGTH)
	{
		uint8_t		bytes[CC_PERSON_RANDOM_LENGTH];
		int			i;

		if (!pg_strong_random(bytes, sizeof(bytes)))
			ereport(ERROR,
					(errcode(ERRCODE_INTERNAL_ERROR),
					 errmsg("could not generate random values")));

		/* five bits give 32 values: drop the one too many, favour none */
		for (i = 0; i < CC_PERSON_RANDOM_LENGTH && filled < CC_PERSON_RANDOM_LENGTH; i++)
		{
			if ((bytes[i] & 0x1F) < CC_CODE_BASE)
				values[filled++] = bytes[i] & 0x1F;
		}
	}

	cc_code_make_person(values, result);
	PG_RETURN_SUBJECT_CODE_P(result);
}

/*
 * subject_kind(subject_code) -- what the code tells of its subject; NULL for
 * the reserved code.
 */
Datum
subject_kind(PG_FUNCTION_ARGS)
{
	const char *name = cc_subject_kind_name(cc_code_subject_kind(PG_GETARG_SUBJECT_CODE_P(0)));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/*
 * division(subject_code) -- GB 32100, positions 3 to 8; NULL for a code that is
 * no unified social credit code.
 */
Datum
division(PG_FUNCTION_ARGS)
{
	CcCode	   *code = PG_GETARG_SUBJECT_CODE_P(0);
	char		str[CC_CODE_LENGTH + 1];

	if (cc_code_kind(code) != CC_CODE_ORGANISATION)
		PG_RETURN_NULL();
	cc_code_text(code, str);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(str + 2, 6));
}

/*
 * organisation_code(subject_code) -- GB 32100, positions 9 to 17, written with
 * the hyphen of GB 11714; NULL for a code that is no unified social credit code.
 */
Datum
organisation_code(PG_FUNCTION_ARGS)
{
	CcCode	   *code = PG_GETARG_SUBJECT_CODE_P(0);
	char		str[CC_CODE_LENGTH + 1];
	char		result[10];

	if (cc_code_kind(code) != CC_CODE_ORGANISATION)
		PG_RETURN_NULL();
	cc_code_text(code, str);
	memcpy(result, str + 8, 8);
	result[8] = '-';
	result[9] = str[16];
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result, sizeof(result)));
}

/*
 * is_valid_uscc(text) -- whether the text is a unified social credit code.
 */
Datum
is_valid_uscc(PG_FUNCTION_ARGS)
{
	text	   *str = PG_GETARG_TEXT_PP(0);
	CcCode		code;
	CcCodeCheck check;

	PG_RETURN_BOOL(cc_uscc_parse(VARDATA_ANY(str), VARSIZE_ANY_EXHDR(str),
								 &code, &check));
}

/*
 * uscc_problem(text) -- why the text is no unified social credit code; NULL if
 * it is one.
 */
Datum
uscc_problem(PG_FUNCTION_ARGS)
{
	text	   *str = PG_GETARG_TEXT_PP(0);
	CcCode		code;
	CcCodeCheck check;

	if (cc_uscc_parse(VARDATA_ANY(str), VARSIZE_ANY_EXHDR(str), &code, &check))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(problem_text(&check));
}

/*
 * is_valid_id_card(text) -- whether the text is an ID card number.
 */
Datum
is_valid_id_card(PG_FUNCTION_ARGS)
{
	text	   *str = PG_GETARG_TEXT_PP(0);
	CcCodeCheck check;

	PG_RETURN_BOOL(cc_id_card_check(VARDATA_ANY(str), VARSIZE_ANY_EXHDR(str), &check));
}

/*
 * id_card_problem(text) -- why the text is no ID card number; NULL if it is one.
 */
Datum
id_card_problem(PG_FUNCTION_ARGS)
{
	text	   *str = PG_GETARG_TEXT_PP(0);
	CcCodeCheck check;

	if (cc_id_card_check(VARDATA_ANY(str), VARSIZE_ANY_EXHDR(str), &check))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(problem_text(&check));
}

/*
 * Parses text for the input function and the cast.  Raises 22P02, softly where
 * the server can; what may be an ID card number is masked in the message.
 */
static bool
parse_subject_code(const char *str, size_t length, Node *escontext, CcCode *result)
{
	CcCodeCheck check;
	char		detail[CC_EXPLANATION_SIZE];
	char	   *shown;

	if (cc_code_parse(str, length, result, &check))
		return true;

	cc_code_explain(&check, CC_ENGLISH, detail, sizeof(detail));
	shown = (char *) palloc(length + 1);
	cc_mask_id_cards(str, length, shown);
	ereturn(escontext, false,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type subject_code: \"%s\"", shown),
			 errdetail_internal("%s", detail),
			 check.problem == CC_CODE_IS_ID_CARD ?
			 errhint("Give a natural person a code of random_subject_code().") : 0));
}

/*
 * Writes a problem in both languages.
 */
static text *
problem_text(const CcCodeCheck *check)
{
	char		zh[CC_EXPLANATION_SIZE];
	char		en[CC_EXPLANATION_SIZE];

	cc_code_explain(check, CC_CHINESE, zh, sizeof(zh));
	cc_code_explain(check, CC_ENGLISH, en, sizeof(en));
	return cstring_to_text(psprintf("%s / %s", zh, en));
}
