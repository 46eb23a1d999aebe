/*
 * bulk.h -- all records of the city to the states of all subjects, in one pass
 */
#ifndef CC_BULK_H
#define CC_BULK_H

#include "access/htup.h"
#include "access/tupdesc.h"
#include "catalogue.h"
#include "readings.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

/* What a pass gives for one subject; lives until the next one. */
typedef struct CcBulkSubject
{
	pg_uuid_t	subject;
	CcState    *states;			/* one a policy, of records alone, not settled */
	int			n_fields;
	int		   *fields;			/* numbers of CcBulk.field_names, by name */
	CcReadings *readings;		/* NULL: no policy reads any */
	HeapTupleData *stored;		/* one a policy: the stored standing; t_data NULL = there is none */
} CcBulkSubject;

typedef struct CcBulk
{
	/* set by the caller */
	int			n;				/* policies; the pass adds those whose results they read */
	const CcPolicy **policies;
	const CcVersion **versions; /* one a policy; NULL: of a text that is not loaded */
	DateADT		day;
	TimestampTz known_at;		/* DT_NOEND: the current records */
	bool		with_fields;	/* also the fields in which a subject takes part on the day */
	const int32 *policy_ids;	/* not NULL: read the stored standings too, these, one a policy */
	void		(*take) (struct CcBulk *bulk, CcEnv *env, CcBulkSubject *subject);
	void	   *arg;
	/* set by cc_bulk_run() */
	const CcCatalogue *catalogue;
	Oid			code_type;
	int			n_all;			/* with the policies added, at the end */
	int			n_fields;
	char	  **field_names;
	TupleDesc	stored_desc;
} CcBulk;

extern bool cc_direct_scan;		/* setting citycredit.direct_scan */

extern void cc_bulk_run(CcBulk *bulk);

/*
 * In take(): a policy's state with everything that it reads, for the outcome. as_if_in_force: whatever the days of its
 * version.
 */
extern CcState *cc_bulk_complete(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject, int policy, bool as_if_in_force);

#endif							/* CC_BULK_H */
