/*
 * simulate_version.c -- which two versions a simulation compares
 */
#include "postgres.h"

#include "env.h"
#include "fmgr.h"
#include "policy_sql.h"
#include "simulate_version.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(_text_reads_links);

#define MIN_POLICY_NAME	3		/* rules/README.md, section 3, policy */
#define MAX_POLICY_NAME	60

static bool
is_policy_name(const char *str, int len)
{
	int			i;

	for (i = 0; i < len; i++)
		if (!((str[i] >= 'a' && str[i] <= 'z') || (str[i] >= '0' && str[i] <= '9') || str[i] == '-'))
			return false;
	return len >= MIN_POLICY_NAME && len <= MAX_POLICY_NAME;
}

static const CcMeasure *
require_measure(const CcCatalogue *catalogue, const char *name)
{
	const CcMeasure *measure = cc_measure_find(catalogue, name);

	if (measure == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("policy \"%s\" does not exist", name),
				 errdetail("No version of that name has been loaded."),
				 errhint("Give the text of a policy, or a name from citycredit.policy.")));
	return measure;
}

static const CcVersion *
require_version(const CcMeasure *measure, const char *name)
{
	int			i;

	for (i = 0; i < measure->n; i++)
		if (strcmp(measure->versions[i].version, name) == 0)
			return &measure->versions[i];
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("version \"%s\" of policy \"%s\" does not exist", name, measure->name),
			 errhint("SELECT policy, version, status FROM citycredit.policy lists all versions; a day is written as_of => date '...'.")));
}

/* The only version of the measure that is not adopted yet. */
static const CcVersion *
require_draft(const CcMeasure *measure)
{
	const CcVersion *draft = NULL;
	int			drafts = 0;
	int			i;

	for (i = 0; i < measure->n; i++)
	{
		if (measure->versions[i].adopted)
			continue;
		draft = &measure->versions[i];
		drafts++;
	}
	if (drafts != 1)
		ereport(ERROR,
				(errcode(drafts == 0 ? ERRCODE_UNDEFINED_OBJECT : ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("policy \"%s\" has %d versions that are not adopted", measure->name, drafts),
				 errdetail("With a policy's name alone, what is simulated is its only draft."),
				 errhint("Name the version, as in citycredit.simulate(policy, version), or give the text.")));
	return draft;
}

/* What the new version reads must be there: a policy that is not would count as one that enrols nobody. */
static void
check_reads(const CcPolicy *policy)
{
	const CcCatalogue *catalogue = cc_catalogue();
	int			i;

	for (i = 0; i < policy->reads.n_results; i++)
	{
		const CcMeasure *measure = cc_measure_find(catalogue, policy->reads.results[i]);

		if (measure == NULL || cc_version_for(measure, policy->in_force_from) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("policy \"%s\" reads results of policy \"%s\", which does not exist", policy->id, policy->reads.results[i]),
					 errdetail("No version of that name has been adopted.")));
	}
}

static void
check_arguments(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("policy and day of a simulation must not be null")));
	if (DATE_NOT_FINITE(PG_GETARG_DATEADT(2)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot simulate a day that is infinite")));
}

/*
 * Finds both versions by the arguments policy (name or text), version (or NULL) and day. What is compiled of a text lasts
 * as long as the current memory context.
 */
void
cc_simulated_find(FunctionCallInfo fcinfo, CcSimulated *simulated)
{
	const CcCatalogue *catalogue = cc_catalogue();
	const CcMeasure *measure;
	text	   *policy;

	check_arguments(fcinfo);
	memset(simulated, 0, sizeof(*simulated));
	policy = PG_GETARG_TEXT_PP(0);
	if (!PG_ARGISNULL(1) || is_policy_name(VARDATA_ANY(policy), VARSIZE_ANY_EXHDR(policy)))
	{
		measure = require_measure(catalogue, text_to_cstring(policy));
		simulated->after_version = PG_ARGISNULL(1) ? require_draft(measure) :
			require_version(measure, text_to_cstring(PG_GETARG_TEXT_PP(1)));
		simulated->after = cc_version_policy(catalogue, simulated->after_version);
	}
	else
	{
		CcPgEnv		env;

		cc_env_init(&env, CurrentMemoryContext);
		simulated->after = cc_require_policy(&env, policy);
		measure = cc_measure_find(catalogue, simulated->after->id);
	}
	simulated->before_version = measure ? cc_version_in_force(measure, PG_GETARG_DATEADT(2)) : NULL;
	if (simulated->before_version != NULL)
		simulated->before = cc_version_policy(catalogue, simulated->before_version);
	check_reads(simulated->after);
}

/* _text_reads_links(policy text) -> whether the text of a policy reads records of linked subjects; the name of one does not. */
Datum
_text_reads_links(PG_FUNCTION_ARGS)
{
	text	   *policy = PG_GETARG_TEXT_PP(0);
	CcPgEnv		env;

	if (is_policy_name(VARDATA_ANY(policy), VARSIZE_ANY_EXHDR(policy)))
		PG_RETURN_BOOL(false);
	cc_env_init(&env, CurrentMemoryContext);
	PG_RETURN_BOOL(cc_require_policy(&env, policy)->reads.linked != 0);
}
