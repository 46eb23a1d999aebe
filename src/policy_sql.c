/*
 * policy_sql.c -- policies in SQL: check, header, tests, lists
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalogue.h"
#include "citycredit.h"
#include "core/load.h"
#include "env.h"
#include "executor/spi.h"
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
		values[6] = cc_text_or_null(finding->hint, &nulls[6]);
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
 * _policy_list(version_id) -> (rule, list, name, term_days, term_months, basis_title, basis_rank, basis_article, cite,
 * at_rating): list rules of a version.  A list rests on its basis, or, where the policy names none, on what the rule cites.
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
		Datum		values[10];
		bool		nulls[10] = {false};

		values[0] = CStringGetTextDatum(rule->id);
		values[1] = CStringGetTextDatum(rule->list);
		values[2] = CStringGetTextDatum(rule->name);
		nulls[3] = rule->term.unit != CC_UNIT_DAYS;
		values[3] = Int32GetDatum(rule->term.n);
		nulls[4] = rule->term.unit != CC_UNIT_MONTHS;
		values[4] = Int32GetDatum(rule->term.n);
		values[5] = cc_text_or_null(basis->source, &nulls[5]);
		values[6] = cc_text_or_null(basis->rank, &nulls[6]);
		values[7] = cc_text_or_null(basis->article, &nulls[7]);
		values[8] = CStringGetTextDatum(psprintf("%s %s", rule->cite.source, rule->cite.article));
		values[9] = BoolGetDatum(rule->at_rating);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
