/*
 * bulk_inner.c -- results of other policies, evaluated in the same pass as those that read them
 */
#include "postgres.h"

#include "bulk_pass.h"
#include "finish.h"
#include "miscadmin.h"
#include "reads.h"

/* Takes in the policies whose results the others read, and those that these read. */
void
cc_bulk_add_inner(CcBulk *bulk)
{
	int			room = bulk->n + bulk->catalogue->n;
	const CcPolicy **policies = palloc(sizeof(CcPolicy *) * (room + 1));
	const CcVersion **versions = palloc(sizeof(CcVersion *) * (room + 1));
	int			i,
				k,
				v;

	memcpy(policies, bulk->policies, sizeof(CcPolicy *) * bulk->n);
	memcpy(versions, bulk->versions, sizeof(CcVersion *) * bulk->n);
	bulk->n_all = bulk->n;
	for (i = 0; i < bulk->n_all; i++)
	{
		for (k = 0; k < policies[i]->reads.n_results; k++)
		{
			const CcMeasure *measure = cc_measure_find(bulk->catalogue, policies[i]->reads.results[k]);
			const CcVersion *version = measure ? cc_version_known(measure, bulk->day, bulk->known_at) : NULL;

			for (v = 0; v < bulk->n_all && versions[v] != version; v++)
				;
			if (version == NULL || v < bulk->n_all)
				continue;
			policies[bulk->n_all] = cc_version_policy(bulk->catalogue, version);
			versions[bulk->n_all++] = version;
		}
	}
	bulk->policies = policies;
	bulk->versions = versions;
}

/* The subject in whose evaluation an inner policy's result is asked for. */
typedef struct Asker
{
	CcBulk	   *bulk;
	CcEnv	   *env;
	CcBulkSubject *subject;
	CcState   **inner;			/* by policy of the pass: what its results are read off, once somebody has read them */
	int			depth;
} Asker;

static CcState *complete_state(Asker *asker, int policy, bool as_if_in_force);

/* CcFindInner */
static bool
find_inner(void *arg, const char *policy, CcInner *inner)
{
	Asker	   *asker = arg;
	CcBulk	   *bulk = asker->bulk;
	int			i;

	inner->measure = cc_measure_find(bulk->catalogue, policy);
	if (inner->measure == NULL)
		return false;
	inner->version = cc_version_known(inner->measure, bulk->day, bulk->known_at);
	inner->state = NULL;
	if (inner->version == NULL)
		return true;
	for (i = 0; i < bulk->n_all && bulk->versions[i] != inner->version; i++)
		;
	if (i == bulk->n_all)
		elog(ERROR, "policy \"%s\" is not in the pass that reads its results", policy);
	inner->policy = bulk->policies[i];
	/* once: the ways by which policies read each other's results are many more than the policies */
	if (asker->inner[i] == NULL)
		asker->inner[i] = complete_state(asker, i, false);
	inner->state = asker->inner[i];
	return true;
}

/* The state with everything that the policy reads; that of the records, where it reads nothing else. */
static CcState *
complete_state(Asker *asker, int policy, bool as_if_in_force)
{
	CcBulk	   *bulk = asker->bulk;
	CcBulkSubject *subject = asker->subject;
	CcState    *complete;
	CcOutcome	outcome;
	CcFinish	finish;

	/* who has no record that enrols him is not graded, whatever is read */
	if (!cc_reads_more(bulk->policies[policy]) || !cc_ever_enrolled(&subject->states[policy]))
		return &subject->states[policy];
	check_stack_depth();
	if (++asker->depth > bulk->n_all)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("policies read each other's results in a circle"),
				 errdetail("Policy \"%s\" reads a result that rests on its own.", bulk->policies[policy]->id)));
	memset(&finish, 0, sizeof(finish));
	finish.version = bulk->versions[policy];
	finish.policy = bulk->policies[policy];
	finish.own = &subject->states[policy];
	finish.readings = subject->readings;
	finish.find_inner = find_inner;
	finish.arg = asker;
	finish.subject_kind = cc_subject_kind(&subject->subject);
	finish.day = bulk->day;
	finish.known_at = bulk->known_at;
	finish.as_if_in_force = as_if_in_force;
	finish.is_read = asker->depth > 1;
	complete = asker->env->alloc(asker->env, sizeof(CcState));
	cc_finish_standing(asker->env, &finish, complete, &outcome);
	asker->depth--;
	return complete;
}

CcState *
cc_bulk_complete(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject, int policy, bool as_if_in_force)
{
	Asker		asker;

	asker.bulk = bulk;
	asker.env = env;
	asker.subject = subject;
	asker.inner = NULL;
	if (bulk->policies[policy]->reads.n_results > 0)
	{
		asker.inner = env->alloc(env, sizeof(CcState *) * bulk->n_all);
		memset(asker.inner, 0, sizeof(CcState *) * bulk->n_all);
	}
	asker.depth = 0;
	return complete_state(&asker, policy, as_if_in_force);
}
