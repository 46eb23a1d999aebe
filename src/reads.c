/*
 * reads.c -- what a policy says that it reads besides a subject's own records
 */
#include "postgres.h"

#include "array.h"
#include "catalog/pg_type.h"
#include "core/evaluate.h"
#include "reads.h"
#include "utils/builtins.h"

static bool
named(const char *const *names, int n, CcText text)
{
	int			i;

	for (i = 0; i < n; i++)
		if (text.str != NULL && (int) strlen(names[i]) == text.len && memcmp(names[i], text.str, text.len) == 0)
			return true;
	return false;
}

/* True if the policy's reads let the fact in; own records always are. */
bool
cc_policy_takes(const CcPolicy *policy, const CcFact *fact)
{
	int			whose = fact->rank[CC_TERM_WHOSE];

	if (whose > CC_WHOSE_OWN)
		return (policy->reads.linked & (1u << whose)) != 0;
	switch (fact->rank[CC_TERM_KIND])
	{
		case CC_KIND_RATING:
			return named(policy->reads.ratings, policy->reads.n_ratings, fact->text[CC_TERM_POLICY]);
		case CC_KIND_LISTING:
			return named(policy->reads.listings, policy->reads.n_listings, fact->text[CC_TERM_LIST]);
		case CC_KIND_RESULT:
			return named(policy->reads.results, policy->reads.n_results, fact->text[CC_TERM_POLICY]);
		default:
			return true;
	}
}

/* True if the policy reads published ratings or listings. */
bool
cc_reads_readings(const CcPolicy *policy)
{
	return policy->reads.n_ratings > 0 || policy->reads.n_listings > 0;
}

/* True if the state folded from records does not tell the outcome by itself. */
bool
cc_reads_more(const CcPolicy *policy)
{
	return cc_reads_readings(policy) || policy->reads.n_results > 0;
}

/* True if the policy reads the results of the one of that name. */
bool
cc_reads_result(const CcPolicy *policy, const char *name)
{
	int			i;

	for (i = 0; i < policy->reads.n_results; i++)
		if (strcmp(policy->reads.results[i], name) == 0)
			return true;
	return false;
}

/* The words of whose for a set of ranks, as text[]. */
Datum
cc_role_array(uint32 linked)
{
	Datum		roles[32];
	int			n = 0;
	int			i;

	for (i = CC_WHOSE_OWN + 1; cc_vocabulary[CC_TERM_WHOSE].words[i] != NULL; i++)
		if (linked & (1u << i))
			roles[n++] = CStringGetTextDatum(cc_vocabulary[CC_TERM_WHOSE].words[i]);
	return cc_array(roles, n, TEXTOID);
}
