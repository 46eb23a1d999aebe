/*
 * regrade_finish.c -- the outcomes of a batch, by the versions in force
 */
#include "postgres.h"

#include "fact.h"
#include "finish.h"
#include "reads.h"
#include "regrade_steps.h"

/* A standing of the batch that reads results of others. */
typedef struct Reader
{
	const CcGrading *grading;
	const CcGraded *graded;
} Reader;

/* CcFindInner: the subject's standing by the inner policy, which comes before its readers'. */
static bool
find_inner(void *arg, const char *policy, CcInner *inner)
{
	const Reader *reader = arg;
	const CcCatalogue *catalogue = reader->grading->batch->catalogue;
	const CcMeasure *measure = cc_measure_find(catalogue, policy);
	const CcGraded *other = &reader->grading->graded[reader->graded->touched->first_graded];

	if (measure == NULL)
		return false;
	inner->measure = measure;
	inner->version = cc_version_for(measure, reader->graded->as_of);
	inner->policy = inner->version ? cc_version_policy(catalogue, inner->version) : NULL;
	inner->state = NULL;
	for (; other < reader->graded; other++)
		if (other->measure == measure)
			inner->state = &other->complete;
	return true;
}

/* Published ratings and listings of the batch's subjects; NULL if no policy reads any. */
static CcReadings *
read_readings(const CcGrading *grading)
{
	int			n = grading->batch->n;
	int			i;

	for (i = 0; i < grading->n; i++)
		if (cc_reads_readings(grading->graded[i].policy))
			return cc_read_readings(cc_regrade_subjects(grading->touched, n), n, DT_NOEND, false);
	return NULL;
}

/* The outcomes by the versions in force; before or after all versions there is none. */
void
cc_regrade_finish(CcGrading *grading)
{
	CcReadings *readings = read_readings(grading);
	Reader		reader;
	CcFinish	finish;
	int			i;

	memset(&finish, 0, sizeof(finish));
	reader.grading = grading;
	finish.find_inner = find_inner;
	finish.arg = &reader;
	finish.known_at = DT_NOEND;
	for (i = 0; i < grading->n; i++)
	{
		CcGraded   *graded = &grading->graded[i];

		cc_settle(grading->env, graded->policy, &graded->state, graded->as_of, true);
		reader.graded = graded;
		finish.version = graded->version;
		finish.policy = graded->policy;
		finish.own = &graded->state;
		finish.readings = readings ? &readings[graded->touched - grading->batch->touched] : NULL;
		finish.subject_kind = cc_subject_kind(&graded->touched->subject);
		finish.day = graded->as_of;
		finish.is_read = graded->measure->is_read;
		cc_finish_standing(grading->env, &finish, &graded->complete, &graded->outcome);
	}
}
