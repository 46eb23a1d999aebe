/*
 * policy_sql.c -- policies in SQL: check, header, tests, lists, explanation
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "citycredit.h"
#include "core/load.h"
#include "env.h"
#include "executor/spi.h"
#include "fact.h"
#include "fmgr.h"
#include "funcapi.h"
#include "policy_sql.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(check_policy);
PG_FUNCTION_INFO_V1(_policy_header);
PG_FUNCTION_INFO_V1(test_policy);
PG_FUNCTION_INFO_V1(_policy_list);
PG_FUNCTION_INFO_V1(_explain);

static Datum
text_or_null(const char *str, bool *isnull)
{
	*isnull = str == NULL;
	return str ? CStringGetTextDatum(str) : (Datum) 0;
}

typedef CcPolicy *(*Reading) (CcReader *reader, CcEnv *env, text *yaml, CcFindings *findings, void *arg);

static CcPolicy *
read_policy(CcReader *reader, CcEnv *env, text *yaml, CcFindings *findings, void *arg)
{
	return cc_policy_load(reader, env, VARDATA_ANY(yaml), VARSIZE_ANY_EXHDR(yaml), findings);
}

/* Reads the tests of a policy as a tree. */
static CcPolicy *
read_tests(CcReader *reader, CcEnv *env, text *yaml, CcFindings *findings, void *arg)
{
	*(const CcNode **) arg = cc_reader_read(reader, VARDATA_ANY(yaml), VARSIZE_ANY_EXHDR(yaml), findings);
	return NULL;
}

/* Runs a reading; libyaml's memory is given back whatever happens. */
static CcPolicy *
with_reader(Reading reading, CcPgEnv *env, text *yaml, CcFindings *findings, void *arg)
{
	CcReader   *reader;
	CcPolicy   *volatile policy = NULL;

	cc_findings_init(findings, &env->env);
	reader = cc_reader_open(&env->env);
	PG_TRY();
	{
		policy = reading(reader, &env->env, yaml, findings, arg);
	}
	PG_FINALLY();
	{
		cc_reader_close(reader);
	}
	PG_END_TRY();
	return policy;
}

/*
 * check_policy(text) -> (code, severity, line, col, path, message, hint): all findings at once; none = the policy can
 * be loaded.
 */
Datum
check_policy(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	CcPgEnv		env;
	CcFindings	findings;
	const CcFinding *finding;

	InitMaterializedSRF(fcinfo, 0);
	cc_env_init(&env, CurrentMemoryContext);
	with_reader(read_policy, &env, PG_GETARG_TEXT_PP(0), &findings, NULL);
	for (finding = findings.first; finding != NULL; finding = finding->next)
	{
		Datum		values[7];
		bool		nulls[7] = {false};

		values[0] = CStringGetTextDatum(finding->code);
		values[1] = CStringGetTextDatum(finding->warning ? "warning" : "error");
		values[2] = Int32GetDatum(finding->line);
		values[3] = Int32GetDatum(finding->column);
		values[4] = CStringGetTextDatum(finding->path);
		values[5] = CStringGetTextDatum(finding->message);
		values[6] = text_or_null(finding->hint, &nulls[6]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* The SQLSTATE of a finding: what is no YAML is a syntax error, limits are limits, the rest is about meaning. */
static int
finding_errcode(const char *code)
{
	if (strcmp(code, "syntax") == 0)
		return ERRCODE_SYNTAX_ERROR;
	if (strcmp(code, "not_utf8") == 0)
		return ERRCODE_CHARACTER_NOT_IN_REPERTOIRE;
	if (strcmp(code, "too_large") == 0 || strcmp(code, "too_deep") == 0)
		return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
	return ERRCODE_INVALID_OBJECT_DEFINITION;
}

/* The policy of a text without findings; else an error with the first of them and the number of all. */
CcPolicy *
cc_require_policy(CcPgEnv *env, text *yaml)
{
	CcFindings	findings;
	CcPolicy   *policy = with_reader(read_policy, env, yaml, &findings, NULL);
	const CcFinding *first = cc_first_error(&findings);

	if (policy == NULL)
		ereport(ERROR,
				(errcode(finding_errcode(first->code)),
				 errmsg("could not read policy: %s", first->message),
				 errdetail("%s at line %d, column %d%s%s; %d finding(s) in all.", first->code, first->line, first->column,
						   first->path[0] ? ", in " : "", first->path, findings.n),
				 first->hint ? errhint("%s SELECT * FROM citycredit.check_policy(...) lists all findings.", first->hint) :
				 errhint("SELECT * FROM citycredit.check_policy(...) lists all findings.")));
	return policy;
}

/*
 * _policy_header(text) -> (policy, version, title, issuer, example, in_force_from, in_force_until): of a policy without
 * findings.
 */
Datum
_policy_header(PG_FUNCTION_ARGS)
{
	CcPgEnv		env;
	CcPolicy   *policy;
	TupleDesc	desc;
	Datum		values[7];
	bool		nulls[7] = {false};

	cc_env_init(&env, CurrentMemoryContext);
	policy = cc_require_policy(&env, PG_GETARG_TEXT_PP(0));
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "unexpected result type of _policy_header()");
	values[0] = CStringGetTextDatum(policy->id);
	values[1] = CStringGetTextDatum(policy->version);
	values[2] = CStringGetTextDatum(policy->title);
	values[3] = CStringGetTextDatum(policy->issuer);
	values[4] = BoolGetDatum(policy->example);
	values[5] = DateADTGetDatum(policy->in_force_from);
	values[6] = DateADTGetDatum(policy->in_force_until);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* test_policy(policy text, tests text) -> (name, ok, expected, actual, fired) */
Datum
test_policy(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	CcPgEnv		env;
	CcFindings	findings;
	CcPolicy   *policy;
	const CcNode *tests = NULL;
	CcTestResult *test;

	InitMaterializedSRF(fcinfo, 0);
	cc_env_init(&env, CurrentMemoryContext);
	policy = cc_require_policy(&env, PG_GETARG_TEXT_PP(0));
	with_reader(read_tests, &env, PG_GETARG_TEXT_PP(1), &findings, &tests);
	test = tests ? cc_policy_test(&env.env, policy, tests, &findings) : NULL;
	if (findings.n > 0)
		ereport(ERROR,
				(errcode(finding_errcode(findings.first->code)),
				 errmsg("could not read policy tests: %s", findings.first->message),
				 errdetail("%s at line %d, column %d, in %s; %d finding(s) in all.", findings.first->code, findings.first->line,
						   findings.first->column, findings.first->path, findings.n),
				 errhint("See rules/README.md, section 6.")));
	for (; test != NULL; test = test->next)
	{
		Datum		values[5];
		bool		nulls[5] = {false};

		values[0] = CStringGetTextDatum(test->name);
		values[1] = BoolGetDatum(test->ok);
		values[2] = CStringGetTextDatum(test->expected);
		values[3] = CStringGetTextDatum(test->actual);
		values[4] = CStringGetTextDatum(test->fired);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * _policy_list(version_id) -> (rule, list, name, term_days, term_months, basis_title, basis_rank, basis_article, cite):
 * list rules of a version.  A list rests on its basis, or, where the policy names none, on what the rule cites.
 */
Datum
_policy_list(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const CcCatalogue *catalogue = cc_catalogue();
	const CcPolicy *policy = cc_version_policy(catalogue, cc_version_find(catalogue, PG_GETARG_INT32(0), NULL));
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	for (i = 0; i < policy->n_lists; i++)
	{
		const CcRule *rule = &policy->lists[i];
		const CcCite *basis = rule->basis.source != NULL ? &rule->basis : &rule->cite;
		Datum		values[9];
		bool		nulls[9] = {false};

		values[0] = CStringGetTextDatum(rule->id);
		values[1] = CStringGetTextDatum(rule->list);
		values[2] = CStringGetTextDatum(rule->name);
		nulls[3] = rule->term.unit != CC_UNIT_DAYS;
		values[3] = Int32GetDatum(rule->term.n);
		nulls[4] = rule->term.unit != CC_UNIT_MONTHS;
		values[4] = Int32GetDatum(rule->term.n);
		values[5] = text_or_null(basis->source, &nulls[5]);
		values[6] = text_or_null(basis->rank, &nulls[6]);
		values[7] = text_or_null(basis->article, &nulls[7]);
		values[8] = CStringGetTextDatum(psprintf("%s %s", rule->cite.source, rule->cite.article));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

typedef struct Sink
{
	Tuplestorestate *store;
	TupleDesc	desc;
	int			line;
	int			places;
	char	  **documents;		/* of the facts, in their order */
	const CcFact *facts;
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
	Datum		values[13];
	bool		nulls[13] = {false};
	char		points[32];

	cc_decimal_format(line->points, sink->places, points);
	values[0] = Int32GetDatum(++sink->line);
	values[1] = CStringGetTextDatum(line->part);
	values[2] = text_or_null(line->rule, &nulls[2]);
	values[3] = text_or_null(line->name, &nulls[3]);
	nulls[4] = nulls[5] = line->fact == NULL;
	values[4] = line->fact ? UUIDPGetDatum((pg_uuid_t *) line->fact->record_id) : (Datum) 0;
	values[5] = line->fact ? CStringGetTextDatum(sink->documents[line->fact - sink->facts]) : (Datum) 0;
	values[6] = DirectFunctionCall3(numeric_in, CStringGetDatum(points), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	nulls[6] = line->fact == NULL && !line->adds;
	values[7] = BoolGetDatum(line->adds);
	values[8] = CStringGetTextDatum(line->status);
	values[9] = day_or_null(line->first, &nulls[9]);
	values[10] = day_or_null(line->last, &nulls[10]);
	nulls[11] = line->cite == NULL || line->cite->source[0] == '\0';
	values[11] = nulls[11] ? (Datum) 0 : CStringGetTextDatum(psprintf("%s %s", line->cite->source, line->cite->article));
	values[12] = text_or_null(line->remark, &nulls[12]);
	tuplestore_putvalues(sink->store, sink->desc, values, nulls);
}

/* The subject's records as known at a position, or the current ones; in the order of their legal days. */
#define RECORDS_OF \
	"SELECT " CC_FACT_COLUMN_LIST ", r.document FROM " CC_SCHEMA ".record AS r WHERE r.subject OPERATOR(" CC_SCHEMA ".=) $1"
#define LEGAL_ORDER \
	" ORDER BY coalesce(r.decided_on, r.act_on, r.valid_from, r.recorded_on), r.record_id"

/* Runs the query for the records, prepared once a session. */
static void
read_records(Oid code_type, Datum subject, TimestampTz known_at)
{
	static const char *const sql[] = {
		RECORDS_OF " AND r.known_until OPERATOR(pg_catalog.=) $2" LEGAL_ORDER,
		RECORDS_OF " AND r.known_from OPERATOR(pg_catalog.<=) $2 AND r.known_until OPERATOR(pg_catalog.>) $2" LEGAL_ORDER
	};
	static SPIPlanPtr plans[2];
	static Oid	prepared_for[2];
	int			which = TIMESTAMP_IS_NOEND(known_at) ? 0 : 1;
	Datum		args[2];

	if (plans[which] == NULL || prepared_for[which] != code_type)
	{
		Oid			types[2];

		types[0] = code_type;
		types[1] = TIMESTAMPTZOID;
		if (plans[which] != NULL)
			SPI_freeplan(plans[which]);
		plans[which] = SPI_prepare_cursor(sql[which], 2, types, CURSOR_OPT_GENERIC_PLAN);
		if (plans[which] == NULL)
			elog(ERROR, "could not prepare: %s", SPI_result_code_string(SPI_result));
		SPI_keepplan(plans[which]);
		prepared_for[which] = code_type;
	}
	args[0] = subject;
	args[1] = TimestampTzGetDatum(known_at);
	if (SPI_execute_plan(plans[which], args, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the records");
}

/*
 * _explain(subject, version_id, day, known_at) -> lines: reads the subject's records as then known, as the caller. The
 * wrapper explain() of the registry runs it as the owner.
 */
Datum
_explain(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const CcCatalogue *catalogue = cc_catalogue();
	const CcPolicy *policy = cc_version_policy(catalogue, cc_version_find(catalogue, PG_GETARG_INT32(1), NULL));
	CcPgEnv		env;
	CcFact	   *facts;
	CcOutcome	outcome;
	Sink		sink;
	uint64		i;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	read_records(get_fn_expr_argtype(fcinfo->flinfo, 0), PG_GETARG_DATUM(0), PG_GETARG_TIMESTAMPTZ(3));
	facts = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(CcFact) * (SPI_processed + 1));
	sink.documents = palloc(sizeof(char *) * (SPI_processed + 1));
	for (i = 0; i < SPI_processed; i++)
	{
		Datum		values[CC_FACT_COLUMNS + 1];
		bool		nulls[CC_FACT_COLUMNS + 1];

		heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, nulls);
		cc_fact_read(catalogue, values, nulls, &facts[i]);
		sink.documents[i] = TextDatumGetCString(values[CC_FACT_COLUMNS]);
	}
	cc_env_init(&env, CurrentMemoryContext);
	sink.store = result->setResult;
	sink.desc = result->setDesc;
	sink.line = 0;
	sink.places = policy->has_score ? policy->decimals : 0;
	sink.facts = facts;
	cc_explain(&env.env, policy, facts, (int) SPI_processed, cc_subject_kind(PG_GETARG_UUID_P(0)), PG_GETARG_DATEADT(2), &outcome, put_line,
			   &sink);
	SPI_finish();
	return (Datum) 0;
}
