/*
 * readings.c -- published ratings and list entries, as policies read them
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "citycredit.h"
#include "fact.h"
#include "query.h"
#include "readings.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#define AT \
	" AND x.known_from OPERATOR(pg_catalog.<=) $2 AND x.known_until OPERATOR(pg_catalog.>) $2"
#define NOW \
	" AND x.known_until OPERATOR(pg_catalog.=) $2"
#define READINGS(known) \
	"SELECT u.i::pg_catalog.int4, v.kind, v.policy, v.cycle, v.list, v.state, v.band, v.grade, v.authority, v.source, v.document," \
	" v.points, v.act_on, v.act_ended_on, v.decided_on, v.valid_from, v.valid_until, u.subject" \
	" FROM unnest($1) WITH ORDINALITY AS u (subject, i)" \
	" CROSS JOIN LATERAL (SELECT x.* FROM " CC_SCHEMA "._reading AS x WHERE x.subject OPERATOR(" CC_SCHEMA ".=) u.subject" \
	known " OFFSET 0) AS v ORDER BY u.i, v.valid_from, v.kind, v.policy, v.list"

/* Columns of the query for readings after its first: texts, then a number, then days. */
static const CcTerm reading_terms[] = {
	CC_TERM_KIND, CC_TERM_POLICY, CC_TERM_CYCLE, CC_TERM_LIST, CC_TERM_STATE, CC_TERM_READ_BAND, CC_TERM_GRADE, CC_TERM_AUTHORITY,
	CC_TERM_SOURCE, CC_TERM_DOCUMENT, CC_TERM_POINTS, CC_TERM_ACT_ON, CC_TERM_ACT_ENDED_ON, CC_TERM_DECIDED_ON, CC_TERM_VALID_FROM,
	CC_TERM_VALID_UNTIL
};

static void
read_reading(HeapTuple tuple, TupleDesc desc, CcFact *fact)
{
	bool		isnull;
	int			i;

	cc_fact_init(fact);
	for (i = 0; i < lengthof(reading_terms); i++)
	{
		CcTerm		term = reading_terms[i];
		Datum		value = SPI_getbinval(tuple, desc, i + 2, &isnull);

		if (isnull)
			continue;
		if (CC_IS_TEXT(term))
		{
			fact->text[term].str = TextDatumGetCString(value);
			fact->text[term].len = strlen(fact->text[term].str);
		}
		else if (CC_IS_NUMBER(term))
			fact->number[term - CC_TERM_AMOUNT] = DatumGetInt64(value);
		else
			fact->day[term - CC_TERM_ACT_ON] = DatumGetDateADT(value);
	}
	cc_fact_own(fact, DatumGetUUIDP(SPI_getbinval(tuple, desc, i + 2, &isnull)));
	fact->verified = true;
	cc_fact_resolve(fact);
}

/*
 * Published ratings and list entries of n subjects, given as an array of codes, as known at a position; with the snapshot
 * at hand, or, for writers, one taken under the locks.
 */
CcReadings *
cc_read_readings(Datum subjects, int n, TimestampTz known_at, bool read_only)
{
	static CcPlan now,
				past;
	bool		then = !TIMESTAMP_IS_NOEND(known_at);
	CcPlan	   *plan = then ? &past : &now;
	Oid			code_type = ARR_ELEMTYPE(DatumGetArrayTypeP(subjects));
	Oid			types[2];
	Datum		args[2];
	CcReadings *readings = palloc0(sizeof(CcReadings) * (n + 1));
	CcFact	   *facts;
	uint64		i;

	types[0] = get_array_type(code_type);
	types[1] = TIMESTAMPTZOID;
	cc_plan_require(plan, code_type, then ? READINGS(AT) : READINGS(NOW), 2, types);
	args[0] = subjects;
	args[1] = TimestampTzGetDatum(known_at);
	cc_plan_execute(plan->plan, args, read_only);
	facts = palloc(sizeof(CcFact) * (SPI_processed + 1));
	for (i = 0; i < SPI_processed; i++)
	{
		bool		isnull;
		int			which = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)) - 1;

		read_reading(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, &facts[i]);
		if (readings[which].n++ == 0)
			readings[which].facts = &facts[i];
	}
	SPI_freetuptable(SPI_tuptable);
	return readings;
}
