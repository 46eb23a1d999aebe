/*
 * catalogue.c -- policies and trusted sources as this backend knows them
 *
 * Read as a whole, past versions of the trust included, kept until one of the tables changes. A statement trigger on them sends a relcache invalidation,
 * which follows transactions by itself: the own change is seen at once, a rollback takes it back, others see it when it
 * is committed. The callback only counts. Reading uses the latest snapshot: under REPEATABLE READ the transaction's own
 * could be older than the invalidation that was just taken in, and the catalogue would then stay stale for ever.
 * Parallel mode knows only the transaction's snapshot: what is read with it is not kept past the transaction.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalogue.h"
#include "citycredit.h"
#include "commands/trigger.h"
#include "core/load.h"
#include "env.h"
#include "executor/spi.h"
#include "registry.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

static CcCatalogue *current = NULL;
static uint64 changes = 1;		/* invalidations seen */
static uint64 read_at = 0;		/* value of changes when current was read */
static LocalTransactionId only_for = InvalidLocalTransactionId; /* read in parallel mode: not kept longer than this */
static bool callback_registered = false;
static Oid	policy_relid = InvalidOid;
static Oid	source_relid = InvalidOid;
static Oid	cycle_relid = InvalidOid;

PG_FUNCTION_INFO_V1(_catalogue_changed);
PG_FUNCTION_INFO_V1(_catalogue_builds);

static int64 builds = 0;

#define MAX_ATTEMPTS	4

static void
relcache_callback(Datum arg, Oid relid)
{
	if (relid == InvalidOid || relid == policy_relid || relid == source_relid || relid == cycle_relid)
		changes++;
}

static CcText
copy_text(SPITupleTable *table, int row, int column)
{
	char	   *str = SPI_getvalue(table->vals[row], table->tupdesc, column);
	CcText		result;

	result.str = str;
	result.len = (int) strlen(str);
	return result;
}

static void
read_versions(CcCatalogue *catalogue, SPITupleTable *table, uint64 rows)
{
	CcMeasure  *measure = NULL;
	uint64		i;

	catalogue->measures = palloc0(sizeof(CcMeasure) * (rows + 1));
	for (i = 0; i < rows; i++)
	{
		HeapTuple	tuple = table->vals[i];
		TupleDesc	desc = table->tupdesc;
		bool		isnull;
		int32		policy_id = DatumGetInt32(SPI_getbinval(tuple, desc, 1, &isnull));
		CcVersion  *version;

		if (measure == NULL || measure->policy_id != policy_id)
		{
			measure = &catalogue->measures[catalogue->n++];
			measure->policy_id = policy_id;
			measure->name = SPI_getvalue(tuple, desc, 2);
			measure->versions = palloc0(sizeof(CcVersion) * (rows - i));
		}
		version = &measure->versions[measure->n++];
		version->version_id = DatumGetInt32(SPI_getbinval(tuple, desc, 3, &isnull));
		version->version = SPI_getvalue(tuple, desc, 4);
		version->adopted = DatumGetBool(SPI_getbinval(tuple, desc, 5, &isnull));
		version->from = DatumGetDateADT(SPI_getbinval(tuple, desc, 6, &isnull));
		version->until = DatumGetDateADT(SPI_getbinval(tuple, desc, 7, &isnull));
		version->yaml = DatumGetTextPCopy(SPI_getbinval(tuple, desc, 8, &isnull));
		version->adopted_at = version->adopted ? DatumGetTimestampTz(SPI_getbinval(tuple, desc, 9, &isnull)) : DT_NOEND;
		if (version->adopted)
			catalogue->changed_at = Max(catalogue->changed_at, version->adopted_at);
	}
}

static void
read_trusts(CcCatalogue *catalogue, SPITupleTable *table, uint64 rows)
{
	uint64		i;

	catalogue->trusts = palloc0(sizeof(CcTrust) * (rows + 1));
	for (i = 0; i < rows; i++)
	{
		CcTrust    *trust = &catalogue->trusts[catalogue->n_trusts++];
		bool		isnull;

		trust->source = copy_text(table, (int) i, 1);
		trust->kind = copy_text(table, (int) i, 2);
		trust->from = DatumGetDateADT(SPI_getbinval(table->vals[i], table->tupdesc, 3, &isnull));
		trust->until = DatumGetDateADT(SPI_getbinval(table->vals[i], table->tupdesc, 4, &isnull));
		trust->known_from = DatumGetTimestampTz(SPI_getbinval(table->vals[i], table->tupdesc, 5, &isnull));
		trust->known_until = DatumGetTimestampTz(SPI_getbinval(table->vals[i], table->tupdesc, 6, &isnull));
		catalogue->changed_at = Max(catalogue->changed_at, trust->known_from);
		if (!TIMESTAMP_IS_NOEND(trust->known_until))
			catalogue->changed_at = Max(catalogue->changed_at, trust->known_until);
	}
}

/*
 * A rating rests on what was known at its position. Who waited for a close to end claims a position from before it:
 * what he writes is known after it all the same.
 */
static void
read_last_close(CcCatalogue *catalogue, SPITupleTable *table)
{
	bool		isnull;
	Datum		known_at = SPI_getbinval(table->vals[0], table->tupdesc, 1, &isnull);

	if (!isnull)
		catalogue->changed_at = Max(catalogue->changed_at, DatumGetTimestampTz(known_at) + 1);
}

static void
query(const char *sql)
{
	if (SPI_execute(sql, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the catalogue");
}

/* Reads both tables into a context of the caller's, so that an error leaves nothing behind. */
static CcCatalogue *
build(void)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "citycredit catalogue", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = CurrentMemoryContext;
	CcCatalogue *catalogue;

	PushActiveSnapshot(IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot());
	SPI_connect();
	query("SELECT policy_id, policy, version_id, version, status OPERATOR(pg_catalog.=) 'adopted', in_force_from, in_force_until, yaml,"
		  " adopted_at"
		  " FROM " CC_SCHEMA ".policy ORDER BY policy_id, in_force_from, version_id");
	MemoryContextSwitchTo(context);
	catalogue = palloc0(sizeof(CcCatalogue));
	catalogue->context = context;
	catalogue->changed_at = DT_NOBEGIN;
	read_versions(catalogue, SPI_tuptable, SPI_processed);
	query("SELECT source, kind, trusted_from, trusted_until, known_from, known_until FROM " CC_SCHEMA ".source"
		  " ORDER BY source, kind, trusted_from");
	MemoryContextSwitchTo(context);
	read_trusts(catalogue, SPI_tuptable, SPI_processed);
	query("SELECT max(known_at) FROM " CC_SCHEMA ".rating_cycle");
	read_last_close(catalogue, SPI_tuptable);
	SPI_finish();
	PopActiveSnapshot();
	MemoryContextSwitchTo(caller);
	builds++;
	return catalogue;
}

/*
 * Texts of versions do not change: what was compiled of one goes over to the new catalogue. Who still uses the old one
 * finds it there as long as before, for the new one lives at least as long.
 */
static void
keep_compiled(const CcCatalogue *old, CcCatalogue *fresh)
{
	int			i,
				k,
				v = 0;

	for (i = 0; i < fresh->n; i++)
	{
		const CcMeasure *measure = &fresh->measures[i];

		/* both are in the order of the measures' numbers */
		while (v < old->n && old->measures[v].policy_id < measure->policy_id)
			v++;
		for (k = 0; v < old->n && old->measures[v].policy_id == measure->policy_id && k < measure->n; k++)
		{
			int			o;

			for (o = 0; o < old->measures[v].n; o++)
			{
				const CcVersion *before = &old->measures[v].versions[o];
				CcVersion  *version = &measure->versions[k];

				if (before->policy == NULL || before->version_id != version->version_id ||
					VARSIZE(before->yaml) != VARSIZE(version->yaml) || memcmp(before->yaml, version->yaml, VARSIZE(version->yaml)) != 0)
					continue;
				version->policy = before->policy;
				version->policy_context = before->policy_context;
				MemoryContextSetParent(version->policy_context, fresh->context);
			}
		}
	}
}

/*
 * The catalogue, built completely and then put in place of the old one, which lives on until the transaction ends:
 * somebody further up may be using it.
 */
const CcCatalogue *
cc_catalogue(void)
{
	int			attempt;

	if (!callback_registered)
	{
		CacheRegisterRelcacheCallback(relcache_callback, (Datum) 0);
		callback_registered = true;
	}
	/*
	 * What arrives while it is read may be newer than what was read: then again. Not for ever, as a server that discards
	 * its caches all the time would have it: after some attempts it is taken as of its snapshot, and read again next time.
	 */
	for (attempt = 0; attempt < MAX_ATTEMPTS; attempt++)
	{
		uint64		target = changes;
		CcCatalogue *fresh;

		if (read_at == target && (only_for == InvalidLocalTransactionId || only_for == MyProc->lxid))
			break;
		policy_relid = cc_registry_table("policy");
		source_relid = cc_registry_table("source");
		cycle_relid = cc_registry_table("rating_cycle");
		fresh = build();
		if (current != NULL)
		{
			keep_compiled(current, fresh);
			MemoryContextSetParent(current->context, TopTransactionContext);
		}
		MemoryContextSetParent(fresh->context, CacheMemoryContext);
		current = fresh;
		read_at = target;
		only_for = IsInParallelMode() ? MyProc->lxid : InvalidLocalTransactionId;
	}
	return current;
}

/* Finds out what the adopted versions read besides a subject's own records; they are compiled for it, once. */
void
cc_catalogue_reads(const CcCatalogue *catalogue)
{
	CcCatalogue *known = (CcCatalogue *) catalogue;
	int			i,
				k,
				r;

	for (i = 0; i < catalogue->n && !catalogue->reads_known; i++)
	{
		for (k = 0; k < catalogue->measures[i].n; k++)
		{
			const CcReads *reads;

			if (!catalogue->measures[i].versions[k].adopted)
				continue;
			reads = &cc_version_policy(catalogue, &catalogue->measures[i].versions[k])->reads;
			known->linked |= reads->linked;
			known->readings |= reads->n_ratings > 0 || reads->n_listings > 0;
			known->results |= reads->n_results > 0;
			for (r = 0; r < reads->n_results; r++)
			{
				CcMeasure  *inner = (CcMeasure *) cc_measure_find(catalogue, reads->results[r]);

				if (inner != NULL)
					inner->is_read = true;
			}
		}
	}
	known->reads_known = true;
}

/* The version in force on a day; NULL if none is. */
const CcVersion *
cc_version_in_force(const CcMeasure *measure, DateADT day)
{
	const CcVersion *version = cc_version_for(measure, day);

	return version != NULL && version->from <= day && day <= version->until ? version : NULL;
}

/*
 * Puts the measures in the order of evaluation on a day: everybody after those whose results he reads, then those that
 * are not in force and have no results. Adoption refuses circles.
 */
void
cc_measure_order(CcEnv *env, const CcCatalogue *catalogue, DateADT day, int *order)
{
	const CcPolicy **policies;
	int		   *places;
	int		   *sorted;
	int			n = 0,
				rest,
				i;

	if (!catalogue->results)
	{
		for (i = 0; i < catalogue->n; i++)
			order[i] = i;
		return;
	}
	policies = palloc(sizeof(CcPolicy *) * (catalogue->n + 1));
	places = palloc(sizeof(int) * (catalogue->n + 1));
	sorted = palloc(sizeof(int) * (catalogue->n + 1));
	for (i = 0; i < catalogue->n; i++)
	{
		const CcVersion *version = cc_version_in_force(&catalogue->measures[i], day);

		if (version == NULL)
			continue;
		policies[n] = cc_version_policy(catalogue, version);
		places[n++] = i;
	}
	if (!cc_policy_order(env, policies, n, sorted))
		elog(ERROR, "policies read each other's results in a circle");
	for (i = 0; i < n; i++)
		order[i] = places[sorted[i]];
	rest = n;
	for (i = 0; i < catalogue->n; i++)
		if (cc_version_in_force(&catalogue->measures[i], day) == NULL)
			order[rest++] = i;
}

/* The measure of that name; NULL if there is none. */
const CcMeasure *
cc_measure_find(const CcCatalogue *catalogue, const char *policy)
{
	int			i;

	for (i = 0; i < catalogue->n; i++)
		if (strcmp(catalogue->measures[i].name, policy) == 0)
			return &catalogue->measures[i];
	return NULL;
}

/* The version in force on a day; else the next to come; else the last that was. NULL if none was adopted. */
const CcVersion *
cc_version_for(const CcMeasure *measure, DateADT day)
{
	return cc_version_known(measure, day, DT_NOEND);
}

/* The same among the versions that were adopted by a position. */
const CcVersion *
cc_version_known(const CcMeasure *measure, DateADT day, TimestampTz known_at)
{
	const CcVersion *best = NULL;
	int			i;

	for (i = 0; i < measure->n; i++)
	{
		const CcVersion *version = &measure->versions[i];

		if (!version->adopted || version->adopted_at > known_at)
			continue;
		if (version->from <= day && day <= version->until)
			return version;
		if (best == NULL || best->until < day)
			best = version;
	}
	return best;
}

const CcVersion *
cc_version_find(const CcCatalogue *catalogue, int32 version_id, const CcMeasure **measure)
{
	int			i,
				k;

	for (i = 0; i < catalogue->n; i++)
	{
		for (k = 0; k < catalogue->measures[i].n; k++)
		{
			if (catalogue->measures[i].versions[k].version_id != version_id)
				continue;
			if (measure != NULL)
				*measure = &catalogue->measures[i];
			return &catalogue->measures[i].versions[k];
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("policy version %d does not exist", version_id)));
}

/*
 * The compiled policy of a version. It was checked when it was loaded, so that findings now mean that the checker has
 * become stricter since.
 */
const CcPolicy *
cc_version_policy(const CcCatalogue *catalogue, const CcVersion *version)
{
	CcPgEnv		env;
	CcFindings	findings;
	CcReader   *volatile reader;
	CcPolicy   *volatile policy = NULL;
	MemoryContext context;

	if (version->policy != NULL)
		return version->policy;
	context = AllocSetContextCreate(CurrentMemoryContext, "citycredit policy", ALLOCSET_DEFAULT_SIZES);
	cc_env_init(&env, context);
	cc_findings_init(&findings, &env.env);
	reader = cc_reader_open(&env.env);
	PG_TRY();
	{
		policy = cc_policy_load(reader, &env.env, VARDATA_ANY(version->yaml), VARSIZE_ANY_EXHDR(version->yaml), &findings);
	}
	PG_FINALLY();
	{
		cc_reader_close(reader);
	}
	PG_END_TRY();
	if (policy == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("policy version %d does not pass the checks of this release", version->version_id),
				 errdetail("%s: %s", cc_first_error(&findings)->code, cc_first_error(&findings)->message),
				 errhint("Look at citycredit.check_policy() of its text and load a corrected version.")));
	MemoryContextSetParent(context, catalogue->context);
	((CcVersion *) version)->policy_context = context;
	((CcVersion *) version)->policy = policy;
	return policy;
}

/* The outcome of a day by an adopted version's days in force; before and after them there is none, nor of a draft. */
void
cc_version_outcome(CcEnv *env, const CcVersion *version, const CcPolicy *policy, const CcState *state, int subject_kind, DateADT day,
				   CcOutcome *outcome)
{
	if (version->adopted && version->from <= day && day <= version->until)
		cc_finish(env, policy, state, subject_kind, day, NULL, outcome);
	else
		cc_no_outcome(version->adopted && version->from > day ? version->from : CC_DAY_LAST, outcome);
}

static bool
same_text(CcText a, CcText b)
{
	return a.len == b.len && memcmp(a.str, b.str, a.len) == 0;
}

/*
 * True if records of the kind from the source count without a second person, by the day on which they were recorded and
 * by what was known at the position; infinity = now.
 */
bool
cc_trusted(const CcCatalogue *catalogue, CcText source, CcText kind, DateADT recorded_on, TimestampTz known_at)
{
	int			i;

	for (i = 0; i < catalogue->n_trusts; i++)
	{
		const CcTrust *trust = &catalogue->trusts[i];

		if (TIMESTAMP_IS_NOEND(known_at) ? !TIMESTAMP_IS_NOEND(trust->known_until) :
			known_at < trust->known_from || known_at >= trust->known_until)
			continue;
		if (trust->from <= recorded_on && recorded_on < trust->until && same_text(trust->source, source) && same_text(trust->kind, kind))
			return true;
	}
	return false;
}

/* Statement trigger of the tables policy and source. */
Datum
_catalogue_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", "_catalogue_changed")));
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	PG_RETURN_POINTER(NULL);
}

/* _catalogue_builds() -> bigint: how often this backend has read the catalogue; for the test that it is kept. */
Datum
_catalogue_builds(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(builds);
}
