/*
 * proceeding.c -- the tables of proceedings as SQL
 *
 * The steps are those of core/proceedings.c. Whether a step is legal is told here; persons, days and documents are checked
 * by sql/registry/15_proceeding.sql with what the row of the step says.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "citycredit.h"
#include "core/proceedings.h"

#define TABLE_COLUMNS 18

static const CcProceeding *kind_of_text(text *code);
static const char *state_code(const CcProceeding *kind, int state);
static int	state_of_text(const CcProceeding *kind, text *code);
static void report_no_state(const CcProceeding *kind, const char *code) pg_attribute_noreturn();
static void report_illegal(const CcProceeding *kind, int state, const char *event) pg_attribute_noreturn();
static char *legal_steps(const CcProceeding *kind, int state);
static char *capacities(unsigned who);
static Datum words(const char *list);
static void put_step(Tuplestorestate *store, TupleDesc desc, const CcProceeding *kind, int i);

PG_FUNCTION_INFO_V1(proceeding_kinds);
PG_FUNCTION_INFO_V1(proceeding_states);
PG_FUNCTION_INFO_V1(proceeding_table);
PG_FUNCTION_INFO_V1(proceeding_diagram);
PG_FUNCTION_INFO_V1(_legal_step);

/*
 * proceeding_kinds() -- every kind with its names.
 */
Datum
proceeding_kinds(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	for (i = 0; cc_proceedings[i] != NULL; i++)
	{
		Datum		values[3];
		bool		nulls[3] = {false};

		values[0] = CStringGetTextDatum(cc_proceedings[i]->code);
		values[1] = CStringGetTextDatum(cc_proceedings[i]->zh);
		values[2] = CStringGetTextDatum(cc_proceedings[i]->en);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * proceeding_states(kind) -- the states of a kind in order, with their names, and whether each is an outcome.
 */
Datum
proceeding_states(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const CcProceeding *kind = kind_of_text(PG_GETARG_TEXT_PP(0));
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	for (i = 0; i < kind->states->count; i++)
	{
		const CcLabel *label = &kind->states->labels[i];
		Datum		values[5];
		bool		nulls[5] = {false};

		values[0] = Int32GetDatum(label->value);
		values[1] = CStringGetTextDatum(label->code);
		values[2] = CStringGetTextDatum(label->zh);
		values[3] = CStringGetTextDatum(label->en);
		values[4] = BoolGetDatum(cc_state_closed(kind, label->value));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * proceeding_table(kind) -- the steps of a kind, and what each needs.
 */
Datum
proceeding_table(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const CcProceeding *kind = kind_of_text(PG_GETARG_TEXT_PP(0));
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	for (i = 0; i < kind->count; i++)
		put_step(result->setResult, result->setDesc, kind, i);
	return (Datum) 0;
}

/*
 * proceeding_diagram(kind) -- the steps of a kind as a Mermaid state diagram.
 */
Datum
proceeding_diagram(PG_FUNCTION_ARGS)
{
	const CcProceeding *kind = kind_of_text(PG_GETARG_TEXT_PP(0));
	StringInfoData out;
	int			i;

	initStringInfo(&out);
	appendStringInfoString(&out, "stateDiagram-v2\n");
	for (i = 0; i < kind->states->count; i++)
		appendStringInfo(&out, "    %s: %s %s\n", kind->states->labels[i].code, kind->states->labels[i].zh,
						 kind->states->labels[i].code);
	for (i = 0; i < kind->count; i++)
	{
		const CcStep *step = &kind->steps[i];

		appendStringInfo(&out, "    %s --> %s: %s %s\n", step->from == 0 ? "[*]" : state_code(kind, step->from),
						 state_code(kind, step->to), step->zh, step->event);
	}
	for (i = 0; i < kind->states->count; i++)
	{
		if (cc_state_closed(kind, kind->states->labels[i].value))
			appendStringInfo(&out, "    %s --> [*]\n", kind->states->labels[i].code);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/*
 * _legal_step(kind, state, event) -- the number of the step in proceeding_table(); a NULL state opens.  Raises 55000 with
 * the legal next steps when the event is none of them.
 */
Datum
_legal_step(PG_FUNCTION_ARGS)
{
	const CcProceeding *kind;
	const CcStep *step;
	char	   *event;
	int			state;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a step needs kind and event")));
	kind = kind_of_text(PG_GETARG_TEXT_PP(0));
	state = PG_ARGISNULL(1) ? 0 : state_of_text(kind, PG_GETARG_TEXT_PP(1));
	event = text_to_cstring(PG_GETARG_TEXT_PP(2));
	step = cc_find_step(kind, state, event);
	if (step == NULL)
		report_illegal(kind, state, event);
	PG_RETURN_INT32((int32) (step - kind->steps) + 1);
}

/*
 * Finds a kind by its code.  Raises 42704.
 */
static const CcProceeding *
kind_of_text(text *code)
{
	char	   *str = text_to_cstring(code);
	const CcProceeding *kind = cc_proceeding_of_code(str);
	StringInfoData list;
	int			i;

	if (kind != NULL)
		return kind;
	initStringInfo(&list);
	for (i = 0; cc_proceedings[i] != NULL; i++)
		appendStringInfo(&list, "%s%s", i == 0 ? "" : ", ", cc_proceedings[i]->code);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("kind of proceeding \"%s\" does not exist", str),
			 errdetail("Kinds are %s.", list.data)));
}

/*
 * Returns the code of a state.
 */
static const char *
state_code(const CcProceeding *kind, int state)
{
	return cc_label_of_value(kind->states, state)->code;
}

/*
 * Finds a state by its code.  Raises 42704.
 */
static int
state_of_text(const CcProceeding *kind, text *code)
{
	int			i;

	for (i = 0; i < kind->states->count; i++)
	{
		const CcLabel *label = &kind->states->labels[i];

		if (strlen(label->code) == VARSIZE_ANY_EXHDR(code) &&
			memcmp(label->code, VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code)) == 0)
			return label->value;
	}
	report_no_state(kind, text_to_cstring(code));
}

/*
 * Reports a state that the kind does not have.
 */
static void
report_no_state(const CcProceeding *kind, const char *code)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("kind %s has no state \"%s\"", kind->code, code),
			 errhint("The states are in citycredit.proceeding_states('%s').", kind->code)));
}

/*
 * Reports an event that is no step in a state, with those that are.
 */
static void
report_illegal(const CcProceeding *kind, int state, const char *event)
{
	char	   *list = legal_steps(kind, state);

	if (state == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"%s\" opens no proceeding of kind %s", event, kind->code),
				 errdetail("It is opened by %s.", list),
				 errhint("The steps are in citycredit.proceeding_table('%s').", kind->code)));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("\"%s\" is no step of kind %s in state %s", event, kind->code, state_code(kind, state)),
			 *list == '\0' ?
			 errdetail("State %s is final.", state_code(kind, state)) :
			 errdetail("Legal next steps are %s.", list),
			 errhint("The steps are in citycredit.proceeding_table('%s').", kind->code)));
}

/*
 * Lists the steps that persons may take in a state, each with who they are.
 */
static char *
legal_steps(const CcProceeding *kind, int state)
{
	StringInfoData list;
	int			i;

	initStringInfo(&list);
	for (i = 0; i < kind->count; i++)
	{
		const CcStep *step = &kind->steps[i];

		if (step->from == state && step->who != CC_BY_SYSTEM)
			appendStringInfo(&list, "%s%s (%s)", list.len == 0 ? "" : ", ", step->event,
							 capacities(step->who & ~CC_BY_SYSTEM));
	}
	return list.data;
}

/*
 * Writes capacities as words.
 */
static char *
capacities(unsigned who)
{
	StringInfoData list;
	int			i;

	initStringInfo(&list);
	for (i = 0; i < CC_CAPACITIES; i++)
	{
		if (who & (1u << i))
			appendStringInfo(&list, "%s%s", list.len == 0 ? "" : " ", cc_capacity_codes[i]);
	}
	return list.data;
}

/*
 * Makes an array of the words of a list.
 */
static Datum
words(const char *list)
{
	Datum		elements[16];
	int			n = 0;

	while (list != NULL && *list != '\0')
	{
		size_t		length = strcspn(list, " ");

		Assert(n < (int) lengthof(elements));
		elements[n++] = PointerGetDatum(cstring_to_text_with_len(list, (int) length));
		list += length + strspn(list + length, " ");
	}
	return PointerGetDatum(construct_array(elements, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * Writes the row of a step.
 */
static void
put_step(Tuplestorestate *store, TupleDesc desc, const CcProceeding *kind, int i)
{
	const CcStep *step = &kind->steps[i];
	Datum		values[TABLE_COLUMNS];
	bool		nulls[TABLE_COLUMNS] = {false};
	int			c = 0;

	values[c++] = Int32GetDatum(i + 1);
	values[c] = cc_text_or_null(step->from == 0 ? NULL : state_code(kind, step->from), &nulls[c]);
	c++;
	values[c++] = CStringGetTextDatum(step->event);
	values[c++] = CStringGetTextDatum(step->zh);
	values[c++] = CStringGetTextDatum(state_code(kind, step->to));
	values[c++] = words(capacities(step->who));
	values[c++] = BoolGetDatum((step->needs & CC_REASONS) != 0);
	values[c++] = BoolGetDatum((step->needs & CC_SERVICE) != 0);
	values[c++] = words(step->evidence);
	values[c++] = words(step->after);
	values[c] = cc_text_or_null(step->within, &nulls[c]);
	c++;
	values[c++] = words(step->sets);
	values[c++] = BoolGetDatum((step->needs & CC_SECOND_PERSON) != 0);
	values[c++] = BoolGetDatum((step->needs & CC_OTHER_DECIDER) != 0);
	values[c++] = BoolGetDatum((step->needs & CC_PROPOSES) != 0);
	values[c++] = BoolGetDatum((step->needs & CC_DECIDES) != 0);
	values[c++] = BoolGetDatum((step->needs & CC_ON_APPEAL) != 0);
	values[c] = cc_text_or_null(cc_overdue_code(step->overdue), &nulls[c]);
	Assert(c + 1 == TABLE_COLUMNS);
	tuplestore_putvalues(store, desc, values, nulls);
}
