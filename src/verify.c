/*
 * verify.c -- a stored standing against what the records give
 */
#include "postgres.h"

#include "catalogue.h"
#include "env.h"
#include "fact.h"
#include "fmgr.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(_standing_problem);

/*
 * Arguments of _standing_problem(): the subject, what its records fold to, its row of standing_stored, the day, and the
 * state that the outcome is to be read off, with readings.
 */
enum
{
	ARG_SUBJECT,
	ARG_FRESH_VERSION,
	ARG_FRESH,
	ARG_VERSION,
	ARG_AS_OF,
	ARG_NEXT_CHANGE_ON,
	ARG_SCORE,
	ARG_STATE,
	ARG_BAND,
	ARG_BAND_CODE,
	ARG_CREDIT_GRADE,
	ARG_VETOES,
	ARG_LISTS,
	ARG_FOLDED,
	ARG_DAY,
	ARG_COMPLETE,
	ARG_EFFECTS
};

/* True if the row's columns say what the outcome says. */
static bool
columns_agree(FunctionCallInfo fcinfo, const CcPolicy *policy, const CcOutcome *outcome)
{
	bool		no_band = PG_ARGISNULL(ARG_BAND);
	bool		no_grade = PG_ARGISNULL(ARG_CREDIT_GRADE);
	text	   *code;
	const char *id;

	if (PG_GETARG_INT16(ARG_STATE) != outcome->state || PG_GETARG_INT32(ARG_VETOES) != (int32) outcome->vetoes ||
		PG_GETARG_INT32(ARG_LISTS) != (int32) outcome->lists || PG_GETARG_INT32(ARG_EFFECTS) != (int32) outcome->effects)
		return false;
	if (PG_ARGISNULL(ARG_SCORE) == outcome->has_score || (outcome->has_score && PG_GETARG_INT64(ARG_SCORE) != outcome->score))
		return false;
	if ((no_grade ? 0 : PG_GETARG_INT16(ARG_CREDIT_GRADE)) != outcome->grade)
		return false;
	if (no_band != (outcome->band < 0) || no_band != PG_ARGISNULL(ARG_BAND_CODE))
		return false;
	if (no_band)
		return true;
	code = PG_GETARG_TEXT_PP(ARG_BAND_CODE);
	id = policy->bands[outcome->band].id;
	return PG_GETARG_INT16(ARG_BAND) == outcome->band && VARSIZE_ANY_EXHDR(code) == (int) strlen(id) &&
		memcmp(VARDATA_ANY(code), id, strlen(id)) == 0;
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

static bool
read_state(CcEnv *env, const CcPolicy *policy, bytea *folded, CcState *state)
{
	return cc_state_read(env, policy, (unsigned char *) VARDATA_ANY(folded), VARSIZE_ANY_EXHDR(folded), state);
}

/*
 * _standing_problem(subject, fresh_version, fresh, row of standing_stored, day) -> text: what is wrong with a stored
 * standing, as against the state folded afresh from the records; NULL if nothing. Columns are compared while they are
 * the day's, the stored state wherever it can tell the day: where neither holds the view reads the records.
 */
Datum
_standing_problem(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	DateADT		day = PG_GETARG_DATEADT(ARG_DAY);
	int			subject_kind = cc_subject_kind(PG_GETARG_UUID_P(ARG_SUBJECT));
	const CcVersion *version;
	const CcPolicy *policy;
	CcPgEnv		env;
	CcState		fresh,
				complete,
				stored;
	CcOutcome	outcome,
				told;
	bool		same_version,
				usable;

	if (PG_ARGISNULL(ARG_FRESH))
	{
		/* The last record was closed or purged: nobody is enrolled then. */
		if (PG_GETARG_INT16(ARG_STATE) != CC_NOT_ENROLLED || PG_GETARG_INT32(ARG_VETOES) != 0 || PG_GETARG_INT32(ARG_LISTS) != 0 ||
			PG_GETARG_INT32(ARG_EFFECTS) != 0)
			PG_RETURN_TEXT_P(cstring_to_text("without records"));
		PG_RETURN_NULL();
	}
	cc_env_init(&env, CurrentMemoryContext);
	version = cc_version_find(catalogue, PG_GETARG_INT32(ARG_FRESH_VERSION), NULL);
	policy = cc_version_policy(catalogue, version);
	if (!read_state(&env.env, policy, PG_GETARG_BYTEA_PP(ARG_FRESH), &fresh))
		elog(ERROR, "could not read a state just folded");
	if (PG_ARGISNULL(ARG_COMPLETE))
		complete = fresh;		/* linked records alone enrol nobody */
	else if (!read_state(&env.env, policy, PG_GETARG_BYTEA_PP(ARG_COMPLETE), &complete))
		elog(ERROR, "could not read a state just folded");
	if (PG_ARGISNULL(ARG_FOLDED))
	{
		if (cc_ever_enrolled(&fresh))
			PG_RETURN_TEXT_P(cstring_to_text("missing"));
		PG_RETURN_NULL();
	}
	same_version = PG_GETARG_INT32(ARG_VERSION) == version->version_id;
	if (same_version && !read_state(&env.env, policy, PG_GETARG_BYTEA_PP(ARG_FOLDED), &stored))
		PG_RETURN_TEXT_P(cstring_to_text("stored state cannot be read"));
	usable = same_version && cc_good_on(&stored, day) && !stored.reduced;
	if (usable && !same_state(&env.env, policy, &fresh, &stored, day))
	{
		cc_version_outcome(&env.env, version, policy, &fresh, subject_kind, day, &outcome);
		cc_version_outcome(&env.env, version, policy, &stored, subject_kind, day, &told);
		if (!cc_same_outcome(&outcome, &told) || outcome.next_change_on != told.next_change_on)
			PG_RETURN_TEXT_P(cstring_to_text("stored state gives another outcome"));
	}
	if (PG_GETARG_DATEADT(ARG_AS_OF) > day || PG_GETARG_DATEADT(ARG_NEXT_CHANGE_ON) <= day)
		PG_RETURN_NULL();
	if (!same_version)
		PG_RETURN_TEXT_P(cstring_to_text("other version"));
	cc_version_outcome(&env.env, version, policy, &complete, subject_kind, day, &outcome);
	/* A reduced state knows no more than the first day on which a record begins or ceases to count. */
	if (!columns_agree(fcinfo, policy, &outcome) ||
		(usable ? PG_GETARG_DATEADT(ARG_NEXT_CHANGE_ON) != outcome.next_change_on :
		 PG_GETARG_DATEADT(ARG_NEXT_CHANGE_ON) > outcome.next_change_on))
		PG_RETURN_TEXT_P(cstring_to_text("other outcome"));
	PG_RETURN_NULL();
}
