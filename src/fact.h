/*
 * fact.h -- columns of a record to a fact of the core
 */
#ifndef CC_FACT_H
#define CC_FACT_H

#include "catalogue.h"
#include "utils/uuid.h"

/* The columns a fact is made of, in the order of CC_FACT_COLUMNS, of the aggregate's arguments and of queries. */
typedef enum CcFactColumn
{
	CC_COL_SUBJECT,
	CC_COL_RECORD_ID,
	CC_COL_KIND,				/* the text terms but subject_kind, in the order of CcTerm */
	CC_COL_BEHAVIOUR,
	CC_COL_FIELD,
	CC_COL_AUTHORITY,
	CC_COL_DISTRICT,
	CC_COL_SOURCE,
	CC_COL_STATE,
	CC_COL_PROCEDURE,
	CC_COL_PENALTY_KIND,
	CC_COL_SEVERITY,
	CC_COL_RESPONSIBILITY,
	CC_COL_INTENT,
	CC_COL_DOCUMENT,
	CC_COL_UNIT,
	CC_COL_WHOSE,				/* role of a linked subject whose record it is; NULL = own */
	CC_COL_AMOUNT,				/* the numbers */
	CC_COL_FINE,
	CC_COL_POINTS,
	CC_COL_QUANTITY,
	CC_COL_ACT_ON,				/* the days */
	CC_COL_ACT_ENDED_ON,
	CC_COL_DECIDED_ON,
	CC_COL_SERVED_ON,
	CC_COL_VALID_FROM,
	CC_COL_VALID_UNTIL,
	CC_COL_PUBLICITY_UNTIL,
	CC_COL_CORRECTED_ON,
	CC_COL_REPAIRED_ON,
	CC_COL_RECORDED_ON,
	CC_COL_REVOKED_ON,
	CC_COL_HELD,
	CC_COL_VERIFIED_BY,
	CC_COL_LINKED_FROM,			/* days of that link */
	CC_COL_LINKED_UNTIL,
	CC_FACT_COLUMNS,
	CC_COL_KNOWN_FROM = CC_FACT_COLUMNS,	/* the trigger reads three more */
	CC_COL_VERSION,
	CC_COL_KNOWN_UNTIL,
	CC_TRIGGER_COLUMNS
} CcFactColumn;

extern const char *const cc_fact_column[CC_TRIGGER_COLUMNS];

/* True for columns that come with a link, and that a record has not. */
#define cc_fact_of_link(column) \
	((column) == CC_COL_WHOSE || (column) == CC_COL_LINKED_FROM || (column) == CC_COL_LINKED_UNTIL)

/* The same as a list for a query. */
#define CC_FACT_COLUMN_LIST \
	"r.subject, r.record_id, r.kind, r.behaviour, r.field, r.authority, r.district, r.source, r.state, r.procedure," \
	" r.penalty_kind, r.severity, r.responsibility, r.intent, r.document, r.unit, NULL::pg_catalog.text AS whose, r.amount_fen," \
	" r.fine_fen, r.awarded_points, r.quantity, r.act_on, r.act_ended_on, r.decided_on, r.served_on, r.valid_from, r.valid_until," \
	" r.publicity_until, r.corrected_on, r.repaired_on, r.recorded_on, r.revoked_on, r.held, r.verified_by," \
	" NULL::pg_catalog.date AS linked_from, NULL::pg_catalog.date AS linked_until"

/* The same columns as CC_FACT_COLUMN_LIST of a linked subject's record, for the reader of a link l. */
#define CC_LINKED_COLUMN_LIST \
	"l.subject, r.record_id, r.kind, r.behaviour, r.field, r.authority, r.district, r.source, r.state, r.procedure," \
	" r.penalty_kind, r.severity, r.responsibility, r.intent, r.document, r.unit, l.role AS whose, r.amount_fen," \
	" r.fine_fen, r.awarded_points, r.quantity, r.act_on, r.act_ended_on, r.decided_on, r.served_on, r.valid_from, r.valid_until," \
	" r.publicity_until, r.corrected_on, r.repaired_on, r.recorded_on, r.revoked_on, r.held, r.verified_by," \
	" l.valid_from AS linked_from, l.valid_until AS linked_until"

extern void cc_fact_read(const CcCatalogue *catalogue, TimestampTz known_at, const Datum *values, const bool *nulls, CcFact *fact);
extern void cc_fact_own(CcFact *fact, const pg_uuid_t *subject);
extern int	cc_subject_kind(const pg_uuid_t *subject);

#endif							/* CC_FACT_H */
