/*
 * catalogue.h -- what a backend knows of policies and trusted sources
 */
#ifndef CC_CATALOGUE_H
#define CC_CATALOGUE_H

#include "core/evaluate.h"
#include "utils/date.h"
#include "utils/timestamp.h"

typedef struct CcVersion
{
	int32		version_id;
	char	   *version;
	bool		adopted;
	TimestampTz adopted_at;
	DateADT		from;
	DateADT		until;			/* last day */
	text	   *yaml;
	CcPolicy   *policy;			/* NULL until first used */
	MemoryContext policy_context;	/* its own: it goes over to the next catalogue */
} CcVersion;

typedef struct CcMeasure
{
	int32		policy_id;
	char	   *name;
	int			n;
	CcVersion  *versions;		/* by first day in force */
	bool		is_read;		/* an adopted version reads its results; see cc_catalogue_reads() */
} CcMeasure;

typedef struct CcTrust
{
	CcText		source;
	CcText		kind;
	DateADT		from;
	DateADT		until;			/* first day no longer covered */
	TimestampTz known_from;
	TimestampTz known_until;
} CcTrust;

typedef struct CcCatalogue
{
	MemoryContext context;
	int			n;
	CcMeasure  *measures;		/* by policy_id */
	int			n_trusts;
	CcTrust    *trusts;
	bool		reads_known;	/* what adopted versions read; see cc_catalogue_reads(): */
	uint32		linked;			/* records of subjects linked in these roles, as bits of the ranks of whose */
	bool		readings;		/* published ratings or listings */
	bool		results;		/* outcomes of other policies */
	TimestampTz changed_at;		/* positions of evaluations by this catalogue are not before it */
} CcCatalogue;

extern const CcCatalogue *cc_catalogue(void);
extern void cc_catalogue_reads(const CcCatalogue *catalogue);
extern void cc_measure_order(CcEnv *env, const CcCatalogue *catalogue, DateADT day, int *order);
extern const CcMeasure *cc_measure_find(const CcCatalogue *catalogue, const char *policy);
extern const CcVersion *cc_version_for(const CcMeasure *measure, DateADT day);
extern const CcVersion *cc_version_in_force(const CcMeasure *measure, DateADT day);
extern const CcVersion *cc_version_known(const CcMeasure *measure, DateADT day, TimestampTz known_at);
extern const CcVersion *cc_version_find(const CcCatalogue *catalogue, int32 version_id, const CcMeasure **measure);
extern const CcPolicy *cc_version_policy(const CcCatalogue *catalogue, const CcVersion *version);
extern void cc_version_outcome(CcEnv *env, const CcVersion *version, const CcPolicy *policy, const CcState *state, int subject_kind,
							   DateADT day, CcOutcome *outcome);
extern bool cc_trusted(const CcCatalogue *catalogue, CcText source, CcText kind, DateADT recorded_on, TimestampTz known_at);

#endif							/* CC_CATALOGUE_H */
