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
} CcVersion;

typedef struct CcMeasure
{
	int32		policy_id;
	char	   *name;
	int			n;
	CcVersion  *versions;		/* by first day in force */
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
	TimestampTz changed_at;		/* positions of evaluations by this catalogue are not before it */
} CcCatalogue;

extern const CcCatalogue *cc_catalogue(void);
extern const CcVersion *cc_version_for(const CcMeasure *measure, DateADT day);
extern const CcVersion *cc_version_find(const CcCatalogue *catalogue, int32 version_id, const CcMeasure **measure);
extern const CcPolicy *cc_version_policy(const CcCatalogue *catalogue, const CcVersion *version);
extern void cc_version_outcome(CcEnv *env, const CcVersion *version, const CcPolicy *policy, const CcState *state, int subject_kind,
							   DateADT day, CcOutcome *outcome);
extern bool cc_trusted(const CcCatalogue *catalogue, CcText source, CcText kind, DateADT recorded_on, TimestampTz known_at);
extern Oid	cc_registry_table(const char *name);

#endif							/* CC_CATALOGUE_H */
