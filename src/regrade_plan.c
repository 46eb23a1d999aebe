/*
 * regrade_plan.c -- which standings of the touched subjects come about how
 *
 * By folding the new facts into the state that is stored, or from the records; and, where policies read each other's
 * results, everybody after those whose results he reads.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "folded.h"
#include "reads.h"
#include "regrade_steps.h"
#include "utils/builtins.h"

#define STORED_COLUMNS	12		/* of the query for stored standings */

/* Reads the stored standings of all subjects of the batch, by subject and policy. Returns how many. */
static int
read_old(CcGrading *grading, CcOld **all)
{
	Datum		args[1];
	uint64		i;

	args[0] = cc_regrade_subjects(grading->touched, grading->batch->n);
	cc_regrade_execute(CC_QUERY_STORED, args);
	grading->rows = SPI_tuptable;
	*all = palloc(sizeof(CcOld) * (SPI_processed + 1));
	for (i = 0; i < SPI_processed; i++)
	{
		CcOld	   *old = &(*all)[i];
		Datum		values[STORED_COLUMNS];
		bool		nulls[STORED_COLUMNS];

		heap_deform_tuple(grading->rows->vals[i], grading->rows->tupdesc, values, nulls);
		old->touched = DatumGetInt32(values[0]) - 1;
		old->policy_id = DatumGetInt32(values[1]);
		old->version_id = DatumGetInt32(values[2]);
		old->as_of = DatumGetDateADT(values[3]);
		old->state = DatumGetInt16(values[4]);
		old->band = nulls[5] ? -1 : DatumGetInt16(values[5]);
		old->grade = nulls[6] ? 0 : DatumGetInt32(values[6]);
		old->vetoes = DatumGetInt32(values[7]);
		old->lists = DatumGetInt32(values[8]);
		old->folded = values[9];
		old->next_change_on = DatumGetDateADT(values[10]);
		old->effects = DatumGetInt32(values[11]);
	}
	return (int) SPI_processed;
}

static const CcFresh *
find_fresh(const CcBatch *batch, const CcTouched *subject, const CcMeasure *measure)
{
	int			i;

	for (i = 0; i < subject->n_fresh; i++)
		if (batch->fresh[subject->first_fresh + i].policy_id == measure->policy_id)
			return &batch->fresh[subject->first_fresh + i];
	return NULL;
}

/* True if one of the subject's new facts enrols it in the policy. */
static bool
enrols(CcBatch *batch, CcEnv *env, const CcPolicy *policy, const CcTouched *subject)
{
	CcContribution part;
	int			i;

	for (i = 0; i < subject->n_facts; i++)
	{
		cc_contribute(env, policy, &policy->items[0], &batch->facts[subject->first_fact + i], &part);
		if (part.bearing == CC_COUNTS)
			return true;
	}
	return false;
}

/*
 * Decides how the subject's standing by the measure comes about: by folding the new facts into what is stored, or from
 * the records. False if there is nothing to be written, because the subject was not and is not enrolled.
 */
static bool
plan_standing(CcBatch *batch, CcEnv *env, CcTouched *subject, const CcMeasure *measure, const CcOld *old, DateADT day, bool only_read,
			  CcGraded *graded)
{
	const CcFresh *fresh;

	memset(graded, 0, sizeof(*graded));
	graded->touched = subject;
	graded->measure = measure;
	graded->old = old;
	graded->only_read = only_read;
	/* the daily job: what is not due stays as it is */
	if (old != NULL && !only_read && subject->scope == CC_TOUCH_ROWS && !subject->recompute && subject->n_facts == 0 &&
		old->next_change_on > subject->day)
		return false;
	graded->as_of = old ? Max(day, old->as_of) : day;
	graded->version = cc_version_for(measure, graded->as_of);
	if (graded->version == NULL)
		return false;
	graded->policy = cc_version_policy(batch->catalogue, graded->version);
	cc_state_init(&graded->state, graded->as_of);
	graded->recompute = true;
	fresh = batch->fresh ? find_fresh(batch, subject, measure) : NULL;
	if (fresh != NULL && fresh->state != NULL && fresh->version_id == graded->version->version_id && graded->as_of == subject->day &&
		subject->seq == subject->fresh_seq + 1)
	{
		/* Nobody touched the subject since its records were read without the lock. */
		graded->recompute = !cc_folded_read(env, graded->policy, fresh->state, &graded->state);
		return true;
	}
	if (subject->recompute || ((subject->scope & CC_TOUCH_LINKED) && graded->policy->reads.linked != 0 && old != NULL))
		return true;
	if (old == NULL)
	{
		graded->recompute = subject->seq > 1;
		return !graded->recompute || enrols(batch, env, graded->policy, subject);
	}
	if (old->version_id == graded->version->version_id)
	{
		graded->recompute = !cc_folded_read(env, graded->policy, DatumGetByteaPP(old->folded), &graded->state) ||
			!cc_good_on(&graded->state, graded->as_of);
		if (graded->recompute)
			cc_state_init(&graded->state, graded->as_of);
		else
			cc_settle(env, graded->policy, &graded->state, graded->as_of, true);
	}
	return true;
}

/* True if what touched the subject concerns its standing by the policy. */
static bool
concerns(const CcTouched *subject, const CcPolicy *policy)
{
	return (subject->scope & CC_TOUCH_ROWS) || ((subject->scope & CC_TOUCH_LINKED) && policy->reads.linked != 0) ||
		((subject->scope & CC_TOUCH_READINGS) && cc_reads_readings(policy));
}

/* Plans the subject's standings where no policy reads the results of another. Returns how many. */
static int
plan_apart(CcBatch *batch, CcEnv *env, CcTouched *subject, const CcOld *const *old, CcGraded *graded)
{
	int			n = 0;
	int			k;

	for (k = 0; k < batch->catalogue->n; k++)
	{
		const CcMeasure *measure = &batch->catalogue->measures[k];

		if (batch->fresh != NULL && find_fresh(batch, subject, measure) == NULL)
			continue;
		if (!(subject->scope & CC_TOUCH_ROWS))
		{
			const CcVersion *version = cc_version_for(measure, subject->day);

			if (version == NULL || !concerns(subject, cc_version_policy(batch->catalogue, version)))
				continue;
		}
		if (plan_standing(batch, env, subject, measure, old[k], subject->day, false, &graded[n]))
			n++;
	}
	return n;
}

/*
 * Plans the subject's standings where policies read each other's results: all on one day, everybody after those he
 * reads. Who reads a result that is written is concerned too; what is read but not concerned is computed and not written.
 */
static int
plan_together(CcBatch *batch, CcEnv *env, CcTouched *subject, const CcOld *const *old, CcGraded *graded)
{
	const CcCatalogue *catalogue = batch->catalogue;
	int		   *order = palloc(sizeof(int) * (catalogue->n + 1));
	bool	   *concerned = palloc0(sizeof(bool) * (catalogue->n + 1));
	bool	   *needed = palloc0(sizeof(bool) * (catalogue->n + 1));
	const CcPolicy **policies = palloc0(sizeof(CcPolicy *) * (catalogue->n + 1));
	CcGraded	   *planned = palloc(sizeof(CcGraded) * (catalogue->n + 1));
	bool	   *is_planned = palloc0(sizeof(bool) * (catalogue->n + 1));
	DateADT		day = subject->day;
	int			n = 0;
	int			i,
				k;

	for (k = 0; k < catalogue->n; k++)
		if (old[k] != NULL)
			day = Max(day, old[k]->as_of);
	cc_measure_order(env, catalogue, day, order);
	for (i = 0; i < catalogue->n; i++)
	{
		const CcVersion *version = cc_version_for(&catalogue->measures[order[i]], day);

		if (version == NULL)
			continue;
		policies[order[i]] = cc_version_policy(catalogue, version);
		concerned[order[i]] = concerns(subject, policies[order[i]]) &&
			(batch->fresh == NULL || find_fresh(batch, subject, &catalogue->measures[order[i]]) != NULL);
		for (k = 0; k < i; k++)
			concerned[order[i]] |= concerned[order[k]] && cc_reads_result(policies[order[i]], catalogue->measures[order[k]].name);
	}
	for (i = catalogue->n - 1; i >= 0; i--)
	{
		const CcMeasure *measure = &catalogue->measures[order[i]];
		CcGraded	   *standing = &planned[order[i]];

		if (concerned[order[i]])
			is_planned[order[i]] = plan_standing(batch, env, subject, measure, old[order[i]], day, false, standing);
		if (!is_planned[order[i]] && needed[order[i]])
			is_planned[order[i]] = plan_standing(batch, env, subject, measure, old[order[i]], day, true, standing);
		for (k = 0; is_planned[order[i]] && k < i; k++)
			needed[order[k]] |= cc_reads_result(policies[order[i]], catalogue->measures[order[k]].name);
	}
	for (i = 0; i < catalogue->n; i++)
		if (is_planned[order[i]])
			graded[n++] = planned[order[i]];
	return n;
}

/* Decides for each subject of the batch which standings come about how; folds the new facts into those that are stored. */
void
cc_regrade_plan(CcGrading *grading)
{
	CcBatch    *batch = grading->batch;
	CcGraded   *graded = palloc(sizeof(CcGraded) * ((Size) batch->n * batch->catalogue->n + 1));
	const CcOld **of_measure = palloc(sizeof(CcOld *) * (batch->catalogue->n + 1));
	CcOld	   *old;
	int			n_old = read_old(grading, &old);
	int			n = 0,
				s = 0,
				i,
				k,
				f;

	grading->graded = graded;
	for (i = 0; i < batch->n; i++)
	{
		CcTouched  *subject = &batch->touched[i];

		for (k = 0; k < batch->catalogue->n; k++)
		{
			while (s < n_old && (old[s].touched < i ||
									(old[s].touched == i && old[s].policy_id < batch->catalogue->measures[k].policy_id)))
				s++;
			of_measure[k] = s < n_old && old[s].touched == i && old[s].policy_id == batch->catalogue->measures[k].policy_id ?
				&old[s] : NULL;
		}
		subject->first_graded = n;
		n += batch->catalogue->results ? plan_together(batch, grading->env, subject, of_measure, &graded[n]) :
			plan_apart(batch, grading->env, subject, of_measure, &graded[n]);
		for (k = subject->first_graded; k < n; k++)
			for (f = 0; !graded[k].recompute && f < subject->n_facts; f++)
				cc_fold(grading->env, graded[k].policy, &graded[k].state, &batch->facts[subject->first_fact + f]);
	}
	grading->n = n;
}
