/*
 * label_type.c -- credit_grade, commitment_state and repair_status as SQL types
 *
 * One implementation for the three; their labels are in core/labels.c, the
 * legal steps in core/proceedings.c.  The types share int2's representation, and its
 * functions for comparison and hashing, declared so in SQL.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "cc_compat.h"
#include "core/labels.h"
#include "core/proceedings.h"

static Datum label_in(const CcLabelType *type, const char *str, size_t length,
					  Node *escontext, bool *isnull);
static Datum label_recv(const CcLabelType *type, StringInfo buffer);
static Datum label_send(int16 value);
static const CcLabel *stored_label(const CcLabelType *type, int16 value);
static char *label_list(const CcLabelType *type);
static Datum next_states(const CcProceeding *proceeding, FmgrInfo *flinfo, int16 from);
static Datum transition(const CcProceeding *proceeding, int16 from, int16 to);
static char *next_state_list(const CcProceeding *proceeding, int16 from);
static bool is_new_move(const CcProceeding *proceeding, int i);

/* the functions every label type has, by their SQL names */
#define LABEL_TYPE_FUNCTIONS(type) \
PG_FUNCTION_INFO_V1(type##_in); \
PG_FUNCTION_INFO_V1(type##_out); \
PG_FUNCTION_INFO_V1(type##_recv); \
PG_FUNCTION_INFO_V1(type##_send); \
PG_FUNCTION_INFO_V1(type##_from_text); \
PG_FUNCTION_INFO_V1(type##_to_text); \
PG_FUNCTION_INFO_V1(type##_label_zh); \
PG_FUNCTION_INFO_V1(type##_label_en); \
\
Datum \
type##_in(PG_FUNCTION_ARGS) \
{ \
	char	   *str = PG_GETARG_CSTRING(0); \
\
	return label_in(&cc_##type, str, strlen(str), fcinfo->context, &fcinfo->isnull); \
} \
\
Datum \
type##_out(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_CSTRING(pstrdup(stored_label(&cc_##type, PG_GETARG_INT16(0))->code)); \
} \
\
Datum \
type##_recv(PG_FUNCTION_ARGS) \
{ \
	return label_recv(&cc_##type, (StringInfo) PG_GETARG_POINTER(0)); \
} \
\
Datum \
type##_send(PG_FUNCTION_ARGS) \
{ \
	return label_send(PG_GETARG_INT16(0)); \
} \
\
Datum \
type##_from_text(PG_FUNCTION_ARGS) \
{ \
	text	   *str = PG_GETARG_TEXT_PP(0); \
\
	return label_in(&cc_##type, VARDATA_ANY(str), VARSIZE_ANY_EXHDR(str), \
					fcinfo->context, &fcinfo->isnull); \
} \
\
Datum \
type##_to_text(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_TEXT_P(cstring_to_text(stored_label(&cc_##type, PG_GETARG_INT16(0))->code)); \
} \
\
Datum \
type##_label_zh(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_TEXT_P(cstring_to_text(stored_label(&cc_##type, PG_GETARG_INT16(0))->zh)); \
} \
\
Datum \
type##_label_en(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_TEXT_P(cstring_to_text(stored_label(&cc_##type, PG_GETARG_INT16(0))->en)); \
} \
extern int	no_such_variable

/* the functions of a label type that is the state of a proceeding */
#define PROCEEDING_FUNCTIONS(type, name) \
PG_FUNCTION_INFO_V1(type##_next_states); \
PG_FUNCTION_INFO_V1(type##_can_become); \
PG_FUNCTION_INFO_V1(name##_transition); \
\
Datum \
type##_next_states(PG_FUNCTION_ARGS) \
{ \
	return next_states(&cc_##name##_proceeding, fcinfo->flinfo, PG_GETARG_INT16(0)); \
} \
\
Datum \
type##_can_become(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_BOOL(cc_find_move(&cc_##name##_proceeding, PG_GETARG_INT16(0), \
								PG_GETARG_INT16(1)) != NULL); \
} \
\
Datum \
name##_transition(PG_FUNCTION_ARGS) \
{ \
	return transition(&cc_##name##_proceeding, PG_GETARG_INT16(0), PG_GETARG_INT16(1)); \
} \
extern int	no_such_variable

LABEL_TYPE_FUNCTIONS(credit_grade);
LABEL_TYPE_FUNCTIONS(commitment_state);
LABEL_TYPE_FUNCTIONS(repair_status);
PROCEEDING_FUNCTIONS(commitment_state, commitment);
PROCEEDING_FUNCTIONS(repair_status, repair);

PG_FUNCTION_INFO_V1(credit_grade_distance);

/*
 * credit_grade_distance(credit_grade, credit_grade) -- how many grades the
 * first is better than the second.
 */
Datum
credit_grade_distance(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) PG_GETARG_INT16(0) - (int32) PG_GETARG_INT16(1));
}

/*
 * Parses a code or a Chinese label.  Raises 22P02, softly where the server can.
 */
static Datum
label_in(const CcLabelType *type, const char *str, size_t length, Node *escontext,
		 bool *isnull)
{
	const CcLabel *label = cc_label_of_text(type, str, length);

	if (label == NULL)
	{
		*isnull = true;
		ereturn(escontext, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%.*s\"",
						type->name, (int) length, str),
				 errdetail("Valid values are %s.", label_list(type))));
	}
	return Int16GetDatum(label->value);
}

/*
 * Receives a value.  Raises 22P03 when the type does not have it.
 */
static Datum
label_recv(const CcLabelType *type, StringInfo buffer)
{
	int16		value = (int16) pq_getmsgint(buffer, sizeof(int16));

	if (cc_label_of_value(type, value) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary representation of type %s", type->name),
				 errdetail("Values are 1 to %d, not %d.", type->count, value)));
	return Int16GetDatum(value);
}

/*
 * Sends a value.
 */
static Datum
label_send(int16 value)
{
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendint16(&buffer, value);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/*
 * Returns the label of a stored value.  Input never lets another one in, so the
 * error tells only of damage; it does not tell the value, because the cast to
 * text is leakproof.
 */
static const CcLabel *
stored_label(const CcLabelType *type, int16 value)
{
	const CcLabel *label = cc_label_of_value(type, value);

	if (label == NULL)
		elog(ERROR, "stored value of type %s is damaged", type->name);
	return label;
}

/*
 * Lists the codes of a type with their Chinese labels.
 */
static char *
label_list(const CcLabelType *type)
{
	StringInfoData list;
	int			i;

	initStringInfo(&list);
	for (i = 0; i < type->count; i++)
		appendStringInfo(&list, "%s%s (%s)", i == 0 ? "" : ", ",
						 type->labels[i].code, type->labels[i].zh);
	return list.data;
}

/*
 * Returns the states that may follow as an array of the type the SQL function
 * returns.
 */
static Datum
next_states(const CcProceeding *proceeding, FmgrInfo *flinfo, int16 from)
{
	Oid			element = get_element_type(get_func_rettype(flinfo->fn_oid));
	Datum	   *states = (Datum *) palloc(proceeding->count * sizeof(Datum));
	int			found = 0;
	int			i;

	for (i = 0; i < proceeding->count; i++)
	{
		if (proceeding->steps[i].from == from && is_new_move(proceeding, i))
			states[found++] = Int16GetDatum(proceeding->steps[i].to);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(states, found, element, sizeof(int16), true,
										  TYPALIGN_SHORT));
}

/*
 * Returns the state stepped to.  Raises 55000 with the legal steps when this is
 * none of them.
 */
static Datum
transition(const CcProceeding *proceeding, int16 from, int16 to)
{
	if (cc_find_move(proceeding, from, to) == NULL)
	{
		char	   *list = next_state_list(proceeding, from);

		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("cannot change %s from %s to %s", proceeding->states->name,
						stored_label(proceeding->states, from)->code,
						stored_label(proceeding->states, to)->code),
				 *list == '\0' ?
				 errdetail("State %s is final.",
						   stored_label(proceeding->states, from)->code) :
				 errdetail("Legal next states are %s.", list)));
	}
	return Int16GetDatum(to);
}

/*
 * Lists the states that may follow, each with the first event that leads there.
 */
static char *
next_state_list(const CcProceeding *proceeding, int16 from)
{
	StringInfoData list;
	int			i;

	initStringInfo(&list);
	for (i = 0; i < proceeding->count; i++)
	{
		const CcStep *step = &proceeding->steps[i];

		if (step->from == from && is_new_move(proceeding, i))
			appendStringInfo(&list, "%s%s (%s)", list.len == 0 ? "" : ", ",
							 stored_label(proceeding->states, step->to)->code, step->event);
	}
	return list.data;
}

/*
 * Says whether a step leads to another state, and no step before it does from the same.
 */
static bool
is_new_move(const CcProceeding *proceeding, int i)
{
	const CcStep *step = &proceeding->steps[i];

	return cc_find_move(proceeding, step->from, step->to) == step;
}
