/*
 * verify.c -- a stored standing against what the records give
 */
#include "postgres.h"

#include "fact.h"
#include "folded.h"
#include "utils/builtins.h"
#include "verify.h"

/* True if the row's columns say what the outcome says. */
static bool
columns_agree(const CcStored *stored, const CcPolicy *policy, const CcOutcome *outcome)
{
	const char *id;

	if (stored->state != outcome->state || stored->vetoes != outcome->vetoes || stored->lists != outcome->lists ||
		stored->effects != outcome->effects)
		return false;
	if (stored->has_score != outcome->has_score || (outcome->has_score && stored->score != outcome->score))
		return false;
	if (stored->grade != outcome->grade || stored->band != outcome->band || (stored->band_code == NULL) != (outcome->band < 0))
		return false;
	if (outcome->band < 0)
		return true;
	id = policy->bands[outcome->band].id;
	return VARSIZE_ANY_EXHDR(stored->band_code) == (int) strlen(id) && memcmp(VARDATA_ANY(stored->band_code), id, strlen(id)) == 0;
}

/* True if both states, brought to the day, are the same bytes: then they tell the same outcomes for ever. */
static bool
same_state(CcEnv *env, const CcPolicy *policy, CcState *a, CcState *b, DateADT day)
{
	unsigned char *x = palloc(cc_state_size(a));
	unsigned char *y = palloc(cc_state_size(b));
	size_t		len;

	cc_settle(env, policy, a, day, false);
	cc_settle(env, policy, b, day, false);
	len = cc_state_write(a, x);
	return len == cc_state_write(b, y) && memcmp(x, y, len) == 0;
}

/*
 * What is wrong with a stored standing (NULL: none is stored), as against the state folded afresh from the records,
 * which is empty where none counts; NULL if nothing. Columns are compared while they are the day's, the stored state
 * wherever it can tell the day: where neither holds the view reads the records. The state is folded from records alone;
 * the outcome is read off the complete one, with readings.
 */
const char *
cc_standing_problem(CcEnv *env, const CcVersion *version, const CcPolicy *policy, const pg_uuid_t *subject, CcState *fresh,
					const CcState *complete, const CcStored *stored, DateADT day)
{
	int			subject_kind = cc_subject_kind(subject);
	CcState		state;
	CcOutcome	outcome,
				told;
	bool		same_version,
				usable;

	if (stored == NULL)
		return cc_ever_enrolled(fresh) ? "missing" : NULL;
	same_version = stored->version_id == version->version_id;
	if (same_version && !cc_folded_read(env, policy, stored->folded, &state))
		return "stored state cannot be read";
	usable = same_version && cc_good_on(&state, day) && !state.reduced;
	if (usable && !same_state(env, policy, fresh, &state, day))
	{
		cc_version_outcome(env, version, policy, fresh, subject_kind, day, &outcome);
		cc_version_outcome(env, version, policy, &state, subject_kind, day, &told);
		if (!cc_same_outcome(&outcome, &told) || outcome.next_change_on != told.next_change_on)
			return "stored state gives another outcome";
	}
	if (stored->as_of > day || stored->next_change_on <= day)
		return NULL;
	if (!same_version)
		return "other version";
	cc_version_outcome(env, version, policy, complete, subject_kind, day, &outcome);
	/* A reduced state knows no more than the first day on which a record begins or ceases to count. */
	if (!columns_agree(stored, policy, &outcome) ||
		(usable ? stored->next_change_on != outcome.next_change_on : stored->next_change_on > outcome.next_change_on))
		return "other outcome";
	return NULL;
}
