/*
 * explain_sql.c -- explanations in SQL: the lines of the core, then what changes if nothing new is learned
 */
#include "postgres.h"

#include "citycredit.h"
#include "core/load.h"
#include "env.h"
#include "fact.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "gather.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(_explain);

/* How many changes are looked ahead at for a better band. */
#define CHANGES		100

typedef struct Sink
{
	Tuplestorestate *store;
	TupleDesc	desc;
	int			line;
	int			places;
} Sink;

static Datum
day_or_null(CcDay day, bool *isnull)
{
	*isnull = day == CC_DAY_UNKNOWN || day == CC_DAY_FIRST || day == CC_DAY_LAST;
	return DateADTGetDatum(day);
}

static void
put_line(void *arg, const CcLine *line)
{
	Sink	   *sink = arg;
	Datum		values[16];
	bool		nulls[16] = {false};
	const CcText *document;
	char		points[32];

	cc_decimal_format(line->points, sink->places, points);
	values[0] = Int32GetDatum(++sink->line);
	values[1] = CStringGetTextDatum(line->part);
	values[2] = cc_text_or_null(line->rule, &nulls[2]);
	values[3] = cc_text_or_null(line->name, &nulls[3]);
	/* a reading is no record: it has a document, or the policy whose result it is */
	nulls[4] = line->fact == NULL || line->fact->rank[CC_TERM_KIND] >= CC_KIND_RESULT;
	values[4] = nulls[4] ? (Datum) 0 : UUIDPGetDatum((pg_uuid_t *) line->fact->record_id);
	document = line->fact == NULL ? NULL : &line->fact->text[CC_TERM_DOCUMENT];
	if (document != NULL && document->str == NULL)
		document = &line->fact->text[CC_TERM_POLICY];
	nulls[5] = document == NULL || document->str == NULL;
	values[5] = nulls[5] ? (Datum) 0 : PointerGetDatum(cstring_to_text_with_len(document->str, document->len));
	values[6] = DirectFunctionCall3(numeric_in, CStringGetDatum(points), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	nulls[6] = line->fact == NULL && !line->adds && line->points == 0;
	values[7] = BoolGetDatum(line->adds);
	values[8] = CStringGetTextDatum(line->status);
	values[9] = day_or_null(line->first, &nulls[9]);
	values[10] = day_or_null(line->last, &nulls[10]);
	nulls[11] = line->cite == NULL || line->cite->source[0] == '\0';
	values[11] = nulls[11] ? (Datum) 0 : CStringGetTextDatum(psprintf("%s %s", line->cite->source, line->cite->article));
	values[12] = cc_text_or_null(line->remark, &nulls[12]);
	values[13] = cc_text_or_null(line->span, &nulls[13]);
	values[14] = cc_text_or_null(line->actual, &nulls[14]);
	values[15] = cc_text_or_null(line->needed, &nulls[15]);
	tuplestore_putvalues(sink->store, sink->desc, values, nulls);
}

/* ---- what changes by itself ---- */

/* An outcome of some day by the version then in force. */
typedef struct Ahead
{
	const CcVersion *version;	/* NULL: none is in force */
	const CcPolicy *policy;
	DateADT		day;
	CcOutcome	outcome;
} Ahead;

static const char *
ahead_words(CcEnv *env, const Ahead *ahead, bool zh)
{
	if (ahead->version == NULL)
		return zh ? "无施行的版本" : "no version in force";
	return cc_outcome_words(env, ahead->policy, &ahead->outcome, zh);
}

/* True if the band is better than the other: by its place in one version, else by the credit grade that both map to. */
static bool
is_better(const Ahead *ahead, const Ahead *than)
{
	if (ahead->version == NULL || ahead->outcome.band < 0)
		return false;
	if (ahead->version == than->version)
		return ahead->outcome.band < than->outcome.band;
	return than->outcome.grade > 0 && ahead->outcome.grade > than->outcome.grade;
}

static void
put_ahead(CcEnv *env, Sink *sink, const char *part, const char *name, const Ahead *now, const Ahead *ahead, const char *remark)
{
	CcLine		line;

	memset(&line, 0, sizeof(line));
	line.part = part;
	line.name = name;
	line.first = line.last = CC_DAY_UNKNOWN;
	line.status = ahead == NULL ? "none" : "changes";
	line.remark = remark;
	if (ahead != NULL)
	{
		line.first = ahead->day;
		if (ahead->version != NULL && ahead->outcome.band >= 0)
			line.rule = ahead->policy->bands[ahead->outcome.band].id;
		line.actual = cc_printf(env, "%s / %s", ahead_words(env, now, true), ahead_words(env, now, false));
		line.needed = cc_printf(env, "%s / %s", ahead_words(env, ahead, true), ahead_words(env, ahead, false));
	}
	put_line(sink, &line);
}

/* What the outcome changes to; where state, band and score stay, something else that it says does. */
static void
put_next(CcEnv *env, Sink *sink, const Ahead *now, const Ahead *next)
{
	const char *zh = ahead_words(env, next, true);
	const char *en = ahead_words(env, next, false);
	char		day[16];

	cc_day_format(next->day, day);
	if (next->version != now->version && next->version != NULL)
		put_ahead(env, sink, "next", "下次变化 / next change", now, next,
				  cc_printf(env, "自 %s 起适用办法的版本 %s：%s / from %s by version %s: %s", day, next->version->version, zh, day,
							next->version->version, en));
	else if (strcmp(zh, ahead_words(env, now, true)) == 0)
		put_ahead(env, sink, "next", "下次变化 / next change", now, next,
				  cc_printf(env, "若无新事实，自 %s 起仍为 %s，但否决、名单、措施、期限或指标有变化 / if nothing new is learned, from %s still %s, but vetoes, lists, effects, due days or values differ",
							day, zh, day, en));
	else
		put_ahead(env, sink, "next", "下次变化 / next change", now, next,
				  cc_printf(env, "若无新事实，自 %s 起变为 %s / if nothing new is learned, from %s: %s", day, zh, day, en));
}

static void
put_improvement(CcEnv *env, Sink *sink, const Ahead *now, const Ahead *first, const Ahead *best)
{
	char		day[16];

	if (first->version == NULL)
	{
		put_ahead(env, sink, "improves", "何时改善 / improves", now, NULL, "若无新事实，档次不会自行改善 / the band does not improve by itself");
		return;
	}
	cc_day_format(first->day, day);
	put_ahead(env, sink, "improves", "何时改善 / improves", now, first,
			  cc_printf(env, "若无新事实，自 %s 起首次改善为 %s / if nothing new is learned, first better from %s: %s", day,
						ahead_words(env, first, true), day, ahead_words(env, first, false)));
	if (best->day == first->day)
		return;
	cc_day_format(best->day, day);
	put_ahead(env, sink, "best", "最优可达 / best", now, best,
			  cc_printf(env, "若无新事实，最优可达 %s，自 %s 起 / if nothing new is learned, at best %s, from %s", ahead_words(env, best, true), day,
						ahead_words(env, best, false), day));
}

/*
 * Goes from change to change: the next one, the first better band, the best one. The past is no matter here, so that a
 * state beside the scale has a next change, but no better band.
 */
static void
put_outlook(CcGathered *gathered, Sink *sink, const Ahead *now)
{
	CcEnv	   *env = gathered->env;
	Ahead		ahead = *now,
				first,
				best = *now;
	bool		told = false;
	int			i;

	memset(&first, 0, sizeof(first));
	for (i = 0; i < CHANGES && ahead.version != NULL && ahead.outcome.next_change_on != CC_DAY_LAST; i++)
	{
		const CcVersion *before = ahead.version;

		CHECK_FOR_INTERRUPTS();
		ahead.day = ahead.outcome.next_change_on;
		ahead.version = cc_gathered_outcome(gathered, ahead.day, &ahead.outcome);
		if (ahead.version != NULL)
			ahead.policy = cc_version_policy(gathered->catalogue, ahead.version);
		/* the day is exact but where a state that was read off cannot tell so far */
		if (!told && (ahead.version != before || !cc_same_outcome(&ahead.outcome, &now->outcome)))
		{
			put_next(env, sink, now, &ahead);
			told = true;
		}
		if (now->outcome.band > 0 && is_better(&ahead, &best))
		{
			if (first.version == NULL)
				first = ahead;
			best = ahead;
		}
		if (told && best.outcome.band == 0)
			break;
	}
	if (!told)
		put_ahead(env, sink, "next", "下次变化 / next change", now, NULL, "若无新事实，结果不再变化 / nothing changes if nothing new is learned");
	if (now->outcome.band > 0 && !now->outcome.undecided)
		put_improvement(env, sink, now, &first, &best);
}

/*
 * _explain(subject, version_id, day, known_at) -> lines: reads the subject's records as then known, as the caller. The
 * wrapper explain() of the registry runs it as the owner.
 */
Datum
_explain(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	CcGathered	gathered;
	CcPgEnv		env;
	Ahead		now;
	Sink		sink;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	cc_env_init(&env, CurrentMemoryContext);
	memset(&gathered, 0, sizeof(gathered));
	gathered.env = &env.env;
	gathered.catalogue = cc_catalogue();
	gathered.version = cc_version_find(gathered.catalogue, PG_GETARG_INT32(1), &gathered.measure);
	gathered.code = PG_GETARG_DATUM(0);
	gathered.code_type = get_fn_expr_argtype(fcinfo->flinfo, 0);
	gathered.day = PG_GETARG_DATEADT(2);
	gathered.known_at = PG_GETARG_TIMESTAMPTZ(3);
	cc_gather(&gathered);
	now.version = gathered.version;
	now.policy = cc_version_policy(gathered.catalogue, gathered.version);
	now.day = gathered.day;
	sink.store = result->setResult;
	sink.desc = result->setDesc;
	sink.line = 0;
	sink.places = now.policy->has_score ? now.policy->decimals : 0;
	cc_explain(&env.env, now.policy, &gathered.state, gathered.facts, gathered.n, gathered.subject_kind, gathered.day, &now.outcome, put_line,
			   &sink);
	put_outlook(&gathered, &sink, &now);
	SPI_finish();
	return (Datum) 0;
}
