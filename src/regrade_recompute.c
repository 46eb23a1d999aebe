/*
 * regrade_recompute.c -- states that don't come from what is stored, from the records
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fact.h"
#include "query.h"
#include "reads.h"
#include "regrade_steps.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

static int
compare_subjects(const void *a, const void *b)
{
	const CcTouched *x = *(CcTouched *const *) a;
	const CcTouched *y = *(CcTouched *const *) b;

	return memcmp(&x->subject, &y->subject, UUID_LEN);
}

/* Keeps in mind a version that stands at the position which the statement has given its subject. */
static void
note_successor(CcBatch *batch, const CcTouched *subject, const CcFact *fact, TimestampTz known_from)
{
	CcSuccessor *successor;

	if (known_from != subject->known_at)
		return;
	if (batch->n_successors == batch->successors_room)
	{
		batch->successors_room = batch->successors_room ? 2 * batch->successors_room : 16;
		batch->successors = batch->successors ?
			repalloc_huge(batch->successors, sizeof(CcSuccessor) * batch->successors_room) :
			MemoryContextAlloc(TopTransactionContext, sizeof(CcSuccessor) * batch->successors_room);
	}
	successor = &batch->successors[batch->n_successors++];
	successor->subject = subject->subject;
	memcpy(&successor->record_id, fact->record_id, UUID_LEN);
	successor->known_from = known_from;
	successor->day = subject->day;
}

/* Records of subjects on their way into the states to be recomputed. */
typedef struct Folding
{
	CcGrading  *grading;
	CcTouched **subjects;		/* in key order */
	int			n_subjects;
	bool		linked;			/* the records are those of linked subjects */
	MemoryContext row_context;
} Folding;

/* CcTakeRow: a row of CC_QUERY_RECORDS or CC_QUERY_LINKED. */
static void
fold_record(void *arg, HeapTuple tuple, TupleDesc desc)
{
	Folding    *folding = arg;
	CcGrading  *grading = folding->grading;
	MemoryContext caller = MemoryContextSwitchTo(folding->row_context);
	Datum		values[CC_FACT_COLUMNS + 1];
	bool		nulls[CC_FACT_COLUMNS + 1];
	CcTouched	key;
	CcTouched  *key_pointer = &key;
	CcTouched  *subject;
	CcFact		fact;
	int			i;

	heap_deform_tuple(tuple, desc, values, nulls);
	cc_fact_read(grading->batch->catalogue, DT_NOEND, values, nulls, &fact);
	key.subject = *DatumGetUUIDP(values[CC_COL_SUBJECT]);
	subject = *(CcTouched **) bsearch(&key_pointer, folding->subjects, folding->n_subjects, sizeof(CcTouched *), compare_subjects);
	for (i = subject->first_graded; i < grading->n && grading->graded[i].touched == subject; i++)
	{
		CcGraded   *graded = &grading->graded[i];

		if (graded->recompute && (!folding->linked || cc_policy_takes(graded->policy, &fact)))
			cc_fold(grading->env, graded->policy, &graded->state, &fact);
	}
	if (grading->batch->notes && !folding->linked)
		note_successor(grading->batch, subject, &fact, DatumGetTimestampTz(values[CC_FACT_COLUMNS]));
	MemoryContextSwitchTo(caller);
	MemoryContextReset(folding->row_context);
}

/* Folds the records of the subjects, or, with roles, of those linked to them, into the states to be recomputed. */
static void
fold_records(Folding *folding, uint32 linked)
{
	CcRegradeQuery id = linked != 0 ? CC_QUERY_LINKED : CC_QUERY_RECORDS;
	Datum		args[2];

	folding->linked = linked != 0;
	folding->row_context = AllocSetContextCreate(CurrentMemoryContext, "citycredit record", ALLOCSET_SMALL_SIZES);
	args[0] = cc_regrade_subjects(folding->subjects, folding->n_subjects);
	args[1] = linked != 0 ? cc_role_array(linked) : (Datum) 0;
	cc_each_row(cc_regrade_open(id, args), fold_record, folding);
	MemoryContextDelete(folding->row_context);
}

/* Reads all records of the subjects whose standings don't come from the stored states, and folds them. */
void
cc_regrade_recompute(CcGrading *grading)
{
	const CcGraded *graded = grading->graded;
	Folding		folding = {grading};
	uint32		linked = 0;
	int			i;

	folding.subjects = palloc(sizeof(CcTouched *) * (grading->n + 1));
	for (i = 0; i < grading->n; i++)
	{
		if (!graded[i].recompute)
			continue;
		linked |= graded[i].policy->reads.linked;
		if (folding.n_subjects == 0 || folding.subjects[folding.n_subjects - 1] != graded[i].touched)
			folding.subjects[folding.n_subjects++] = graded[i].touched;
	}
	if (folding.n_subjects == 0)
		return;
	fold_records(&folding, 0);
	if (linked != 0)
		fold_records(&folding, linked);
}
