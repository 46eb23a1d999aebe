/*
 * gather.h -- what a policy takes in besides a subject's own records: linked records, readings, results
 */
#ifndef CC_GATHER_H
#define CC_GATHER_H

#include "fact.h"

/* Published ratings and list entries of one subject. */
typedef struct CcReadings
{
	int			n;
	CcFact	   *facts;
} CcReadings;

/* Another policy as a source of results. */
typedef struct CcInner
{
	const CcMeasure *measure;
	const CcVersion *version;	/* NULL: none was ever adopted */
	const CcPolicy *policy;
	const CcState *state;		/* with its own readings; NULL: the subject was never enrolled */
} CcInner;

/* Finds the inner policy by its name; false if there is none of that name. */
typedef bool (*CcFindInner) (void *arg, const char *policy, CcInner *inner);

/* What it takes to finish a standing. */
typedef struct CcFinish
{
	const CcVersion *version;
	const CcPolicy *policy;
	const CcState *own;			/* of the subject's records and those of linked subjects */
	const CcReadings *readings;
	CcFindInner find_inner;
	void	   *arg;
	int			subject_kind;
	DateADT		day;
	TimestampTz known_at;
	bool		as_if_in_force;
	bool		is_read;		/* others read its results, and look ahead as far as it can tell */
} CcFinish;

/* The same columns as CC_FACT_COLUMN_LIST of a linked subject's record, for the reader of a link l. */
#define CC_LINKED_COLUMN_LIST \
	"l.subject, r.record_id, r.kind, r.behaviour, r.field, r.authority, r.district, r.source, r.state, r.procedure," \
	" r.penalty_kind, r.severity, r.responsibility, r.intent, r.document, r.unit, l.role AS whose, r.amount_fen," \
	" r.fine_fen, r.awarded_points, r.quantity, r.act_on, r.act_ended_on, r.decided_on, r.served_on, r.valid_from, r.valid_until," \
	" r.publicity_until, r.corrected_on, r.repaired_on, r.recorded_on, r.revoked_on, r.held, r.verified_by," \
	" l.valid_from AS linked_from, l.valid_until AS linked_until"

extern bool cc_policy_takes(const CcPolicy *policy, const CcFact *fact);
extern bool cc_reads_more(const CcPolicy *policy);
extern Datum cc_role_array(uint32 linked);
extern CcReadings *cc_read_readings(Datum subjects, int n, TimestampTz known_at, bool read_only);
/* What a version takes in of a subject: the facts one by one, and all of them folded, with what is known of later days. */
typedef struct CcGathered
{
	CcEnv	   *env;
	const CcCatalogue *catalogue;
	const CcMeasure *measure;
	const CcVersion *version;
	Datum		code;
	Oid			code_type;
	struct Subject *subject;
	int			subject_kind;
	DateADT		day;
	TimestampTz known_at;
	int			n;
	CcFact	   *facts;
	CcState		state;
} CcGathered;

extern void cc_gather(CcGathered *gathered);
extern const CcVersion *cc_gathered_outcome(CcGathered *gathered, DateADT day, CcOutcome *outcome);
extern void cc_finish_standing(CcEnv *env, const CcFinish *finish, CcState *complete, CcOutcome *outcome);

#endif							/* CC_GATHER_H */
