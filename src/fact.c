/*
 * fact.c -- columns of a record to a fact of the core
 */
#include "postgres.h"

#include "core/codes.h"
#include "fact.h"
#include "subject_code.h"
#include "utils/builtins.h"

const char *const cc_fact_column[CC_TRIGGER_COLUMNS] = {
	"subject", "record_id", "kind", "behaviour", "field", "authority", "district", "source", "state", "procedure", "penalty_kind",
	"severity", "responsibility", "intent", "document", "unit", "whose", "amount_fen", "fine_fen", "awarded_points", "quantity",
	"act_on", "act_ended_on", "decided_on", "served_on", "valid_from", "valid_until", "publicity_until", "corrected_on", "repaired_on",
	"recorded_on", "revoked_on", "held", "verified_by", "linked_from", "linked_until", "known_from", "version", "known_until"
};

StaticAssertDecl(CC_COL_WHOSE - CC_COL_KIND == CC_TERM_WHOSE - CC_TERM_KIND, "text columns follow the text terms");
StaticAssertDecl(CC_COL_RECORDED_ON - CC_COL_AMOUNT == CC_TERM_RECORDED_ON - CC_TERM_AMOUNT, "number and day columns follow the terms");

/* The subject's kind by its code, as a rank of the vocabulary; -1 for the reserved code. */
int
cc_subject_kind(const pg_uuid_t *subject)
{
	return (int) cc_code_subject_kind((const CcCode *) subject) - (int) CC_SUBJECT_LEGAL_PERSON;
}

/* Says that the fact is one of the subject's own, and of what kind the subject is by its code. */
void
cc_fact_own(CcFact *fact, const pg_uuid_t *subject)
{
	int			kind = cc_subject_kind(subject);
	CcText	   *kind_text = &fact->text[CC_TERM_SUBJECT_KIND];
	CcText	   *whose = &fact->text[CC_TERM_WHOSE];

	kind_text->str = kind < 0 ? NULL : cc_vocabulary[CC_TERM_SUBJECT_KIND].words[kind];
	kind_text->len = kind < 0 ? 0 : (int) strlen(kind_text->str);
	whose->str = cc_vocabulary[CC_TERM_WHOSE].words[CC_WHOSE_OWN];
	whose->len = (int) strlen(whose->str);
	fact->linked_from = CC_DAY_FIRST;
	fact->linked_until = CC_DAY_LAST;
}

/* Fills a fact from the columns. Texts stay where the values are, unless they were stored out of line. */
void
cc_fact_read(const CcCatalogue *catalogue, TimestampTz known_at, const Datum *values, const bool *nulls, CcFact *fact)
{
	int			i;

	cc_fact_init(fact);
	cc_fact_own(fact, DatumGetUUIDP(values[CC_COL_SUBJECT]));
	memcpy(fact->record_id, DatumGetUUIDP(values[CC_COL_RECORD_ID])->data, UUID_LEN);
	for (i = CC_COL_KIND; i <= CC_COL_WHOSE; i++)
	{
		text	   *value;

		if (nulls[i])
			continue;
		value = DatumGetTextPP(values[i]);
		fact->text[i - CC_COL_KIND].str = VARDATA_ANY(value);
		fact->text[i - CC_COL_KIND].len = VARSIZE_ANY_EXHDR(value);
	}
	for (i = CC_COL_AMOUNT; i <= CC_COL_QUANTITY; i++)
		if (!nulls[i])
			fact->number[i - CC_COL_AMOUNT] = DatumGetInt64(values[i]);
	for (i = CC_COL_ACT_ON; i <= CC_COL_RECORDED_ON; i++)
		if (!nulls[i])
			fact->day[i - CC_COL_ACT_ON] = DatumGetDateADT(values[i]);
	if (!nulls[CC_COL_REVOKED_ON])
		fact->revoked_on = DatumGetDateADT(values[CC_COL_REVOKED_ON]);
	if (!nulls[CC_COL_LINKED_FROM])
		fact->linked_from = DatumGetDateADT(values[CC_COL_LINKED_FROM]);
	if (!nulls[CC_COL_LINKED_UNTIL])
		fact->linked_until = DatumGetDateADT(values[CC_COL_LINKED_UNTIL]);
	cc_fact_resolve(fact);
	/* A record counts once verified: by a source trusted for it or by a second person. */
	fact->verified = !nulls[CC_COL_VERIFIED_BY] ||
		(nulls[CC_COL_HELD] && cc_trusted(catalogue, fact->text[CC_TERM_SOURCE], fact->text[CC_TERM_KIND],
										  DatumGetDateADT(values[CC_COL_RECORDED_ON]), known_at));
}
