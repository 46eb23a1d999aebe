/*
 * bulk_record.c -- the record at hand, to what it comes to by each policy
 *
 * Most records bear on few items: what is kept of one is the entries that it gives the states, not the record.
 */
#include "postgres.h"

#include "bulk_pass.h"
#include "core/terms.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

static inline CcDay
day_of(const CcPass *pass, CcFactColumn column)
{
	return CC_HAS(pass, column) ? DatumGetDateADT(pass->values[column]) : CC_DAY_UNKNOWN;
}

/* Fills the fact from the columns that are wanted; the others stay unknown. */
static void
read_fact(CcPass *pass)
{
	CcFact	   *fact = &pass->fact;
	int			i;

	cc_fact_own(fact, DatumGetUUIDP(pass->values[CC_COL_SUBJECT]));
	for (i = CC_COL_KIND; i < CC_COL_AMOUNT; i++)
		if (pass->columns & CC_COLUMN_BIT(i))
			fact->text[i - CC_COL_KIND] = cc_pass_text(pass, i);
	for (i = CC_COL_AMOUNT; i <= CC_COL_QUANTITY; i++)
		if (pass->columns & CC_COLUMN_BIT(i))
			fact->number[i - CC_COL_AMOUNT] = CC_HAS(pass, i) ? DatumGetInt64(pass->values[i]) : CC_NUMBER_UNKNOWN;
	for (i = CC_COL_ACT_ON; i <= CC_COL_RECORDED_ON; i++)
		if (pass->columns & CC_COLUMN_BIT(i))
			fact->day[i - CC_COL_ACT_ON] = day_of(pass, i);
	if (CC_HAS(pass, CC_COL_WHOSE))
		fact->text[CC_TERM_WHOSE] = cc_pass_text(pass, CC_COL_WHOSE);
	if (CC_HAS(pass, CC_COL_LINKED_FROM))
		fact->linked_from = DatumGetDateADT(pass->values[CC_COL_LINKED_FROM]);
	if (CC_HAS(pass, CC_COL_LINKED_UNTIL))
		fact->linked_until = DatumGetDateADT(pass->values[CC_COL_LINKED_UNTIL]);
	cc_fact_resolve(fact);
}

/* As cc_trusted(), remembering the last answer for each kind: neighbours in the table mostly come from the same source. */
static bool
is_trusted(CcPass *pass)
{
	CcText		source = cc_pass_text(pass, CC_COL_SOURCE);
	CcText		kind = cc_pass_text(pass, CC_COL_KIND);
	DateADT		recorded_on = day_of(pass, CC_COL_RECORDED_ON);
	CcTrusted    *last = &pass->trusted[pass->kind];

	if (last->length == source.len && last->recorded_on == recorded_on && memcmp(last->source, source.str, source.len) == 0)
		return last->answer;
	if (source.len > (int) sizeof(last->source))
		return cc_trusted(pass->bulk->catalogue, source, kind, recorded_on, pass->bulk->known_at);
	last->length = source.len;
	last->recorded_on = recorded_on;
	memcpy(last->source, source.str, source.len);
	last->answer = cc_trusted(pass->bulk->catalogue, source, kind, recorded_on, pass->bulk->known_at);
	return last->answer;
}

/* The number of the field in which the record says that the subject takes part on the day; -1 if it does not. */
static int
field_of(CcPass *pass)
{
	CcBulk	   *bulk = pass->bulk;
	CcText		field = cc_pass_text(pass, CC_COL_FIELD);
	CcText		state = cc_pass_text(pass, CC_COL_STATE);
	CcDay		first = day_of(pass, CC_COL_VALID_FROM);
	CcDay		last = day_of(pass, CC_COL_VALID_UNTIL);
	int			i;

	if (pass->kind != pass->participation || field.str == NULL)
		return -1;
	if (state.str != NULL && state.len == strlen("not_taking_part") && memcmp(state.str, "not_taking_part", state.len) == 0)
		return -1;
	/* rules/README.md, section 3, applies_to: the days of an enrolment */
	if (first == CC_DAY_UNKNOWN && (first = day_of(pass, CC_COL_DECIDED_ON)) == CC_DAY_UNKNOWN)
		first = day_of(pass, CC_COL_RECORDED_ON);
	if (first > bulk->day || (last != CC_DAY_UNKNOWN && last < bulk->day))
		return -1;
	for (i = 0; i < bulk->n_fields; i++)
		if (strlen(bulk->field_names[i]) == field.len && memcmp(bulk->field_names[i], field.str, field.len) == 0)
			return i;
	if (bulk->n_fields % 64 == 0)
	{
		Size		size = sizeof(char *) * (bulk->n_fields + 64);

		bulk->field_names = bulk->field_names ? repalloc(bulk->field_names, size) : MemoryContextAlloc(pass->caller, size);
	}
	bulk->field_names[bulk->n_fields] = MemoryContextAllocZero(pass->caller, field.len + 1);
	memcpy(bulk->field_names[bulk->n_fields], field.str, field.len);
	return bulk->n_fields++;
}

/* Bytes of what the record at hand came to by a policy. */
static Size
part_bytes(const CcState *state)
{
	Size		size = sizeof(CcPart);
	int			i;

	for (i = 0; i < state->n; i++)
		size += CC_ENTRY_BYTES(&state->entries[i]);
	return state->n > 0 ? size : 0;
}

static char *
put_part(char *to, int policy, const CcState *state)
{
	CcPart	   *part = (CcPart *) to;
	int			i;

	part->policy = policy;
	part->n = state->n;
	to += sizeof(CcPart);
	for (i = 0; i < state->n; i++)
	{
		memcpy(to, &state->entries[i], CC_ENTRY_BYTES(&state->entries[i]));
		to += CC_ENTRY_BYTES(&state->entries[i]);
	}
	return to;
}

/* Keeps what the record came to; the scratch states are empty afterwards. */
static void
keep_row(CcPass *pass, Size size, int field)
{
	CcRow		   *row = cc_partitions_row(&pass->partitions, DatumGetUUIDP(pass->values[CC_COL_SUBJECT]), size);
	char	   *to = (char *) (row + 1);
	int			i;

	for (i = 0; i < pass->bulk->n_all; i++)
	{
		if (pass->scratch[i].n == 0)
			continue;
		to = put_part(to, i, &pass->scratch[i]);
		pass->scratch[i].n = 0;
	}
	if (field >= 0)
	{
		((CcPart *) to)->policy = CC_FIELD_PART;
		((CcPart *) to)->n = field;
	}
}

/*
 * Takes the record at hand. A record that is revoked, or held and not verified by a second person, counts on no day; of
 * the others only those that come to something are asked for their source.
 */
void
cc_pass_take_record(CcPass *pass)
{
	CcBulk	   *bulk = pass->bulk;
	Size		size = sizeof(CcRow);
	int			field = -1;
	int			i;

	if (CC_HAS(pass, CC_COL_REVOKED_ON) || (CC_HAS(pass, CC_COL_HELD) && !CC_HAS(pass, CC_COL_VERIFIED_BY)))
		return;
	read_fact(pass);
	for (i = 0; i < bulk->n_all; i++)
	{
		cc_fold(&pass->env.env, bulk->policies[i], &pass->scratch[i], &pass->fact);
		size += part_bytes(&pass->scratch[i]);
	}
	if (bulk->with_fields && !CC_HAS(pass, CC_COL_WHOSE) && (field = field_of(pass)) >= 0)
		size += sizeof(CcPart);
	if (size > sizeof(CcRow))
	{
		if (CC_HAS(pass, CC_COL_VERIFIED_BY) || is_trusted(pass))
			keep_row(pass, size, field);
		else
			for (i = 0; i < bulk->n_all; i++)
				pass->scratch[i].n = 0;
	}
	if (pass->has_detoasted)
	{
		MemoryContextReset(pass->detoasted);
		pass->has_detoasted = false;
	}
}
