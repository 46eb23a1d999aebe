/*
 * reads_sql.c -- which policies read what of each other, and what a version to be adopted may read
 */
#include "postgres.h"

#include "array.h"
#include "catalog/pg_type.h"
#include "catalogue.h"
#include "lib/stringinfo.h"
#include "reads.h"

PG_FUNCTION_INFO_V1(_reads_more);
PG_FUNCTION_INFO_V1(_linked_roles);
PG_FUNCTION_INFO_V1(_check_reads);
PG_FUNCTION_INFO_V1(_with_readers);

/* _reads_more(version_id) -> boolean: whether the version reads ratings, listings or results. */
Datum
_reads_more(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();

	PG_RETURN_BOOL(cc_reads_more(cc_version_policy(catalogue, cc_version_find(catalogue, PG_GETARG_INT32(0), NULL))));
}

/* _linked_roles(version_ids) -> text[]: roles of the linked subjects whose records any of the versions reads. */
Datum
_linked_roles(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	int32	   *ids;
	int			n = cc_numbers(PG_GETARG_ARRAYTYPE_P(0), "numbers of versions must not be null", &ids);
	uint32		linked = 0;
	int			i;

	for (i = 0; i < n; i++)
		linked |= cc_version_policy(catalogue, cc_version_find(catalogue, ids[i], NULL))->reads.linked;
	PG_RETURN_DATUM(cc_role_array(linked));
}

/* ---- adoption ---- */

/*
 * Follows the results that are read on a day from one policy on; if the way leads back to the first, it is an error that
 * names the way.
 */
static void
refuse_circle(const CcCatalogue *catalogue, const CcMeasure *first, const CcVersion *version, const CcMeasure **way, int n, bool *seen,
			  DateADT day)
{
	const CcPolicy *policy = cc_version_policy(catalogue, version);
	int			i,
				k;

	for (i = 0; i < policy->reads.n_results; i++)
	{
		const CcMeasure *next = cc_measure_find(catalogue, policy->reads.results[i]);
		const CcVersion *inner;

		if (next == NULL)
			continue;
		if (next == first)
		{
			StringInfoData circle;

			initStringInfo(&circle);
			for (k = 0; k < n; k++)
				appendStringInfo(&circle, "\"%s\" reads ", way[k]->name);
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
					 errmsg("policies would read each other's results in a circle"),
					 errdetail("%s\"%s\".", circle.data, first->name),
					 errhint("Take the result of one of them out of reads.results, or give the versions days in force that do not overlap.")));
		}
		/* from where it went on before, no way led back */
		inner = seen[next - catalogue->measures] ? NULL : cc_version_in_force(next, day);
		if (inner == NULL)
			continue;
		seen[next - catalogue->measures] = true;
		way[n] = next;
		refuse_circle(catalogue, first, inner, way, n + 1, seen, day);
	}
}

static void
require_read(const CcCatalogue *catalogue, const CcMeasure *reader, const char *what, const char *name, bool adopted)
{
	const CcMeasure *measure = cc_measure_find(catalogue, name);
	int			i;

	for (i = 0; measure != NULL && i < measure->n; i++)
		if (measure->versions[i].adopted || !adopted)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("policy \"%s\" reads %s of policy \"%s\", which does not exist", reader->name, what, name),
			 errdetail(adopted ? "No version of that name has been adopted." : "No version of that name has been loaded."),
			 adopted ? errhint("Adopt it first.") : errhint("Load it first.")));
}

/*
 * _check_reads(version_id): an error if a version to be adopted reads policies that do not exist, or, with the adopted
 * versions of others, would read results in a circle on some day.
 */
Datum
_check_reads(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	const CcMeasure *measure;
	const CcVersion *version = cc_version_find(catalogue, PG_GETARG_INT32(0), &measure);
	const CcPolicy *policy = cc_version_policy(catalogue, version);
	const CcMeasure **way = palloc(sizeof(CcMeasure *) * (catalogue->n + 1));
	bool	   *seen = palloc0(sizeof(bool) * (catalogue->n + 1));
	int			i,
				k;

	for (i = 0; i < policy->reads.n_results; i++)
		if (strcmp(policy->reads.results[i], measure->name) != 0)
			require_read(catalogue, measure, "results", policy->reads.results[i], true);
	for (i = 0; i < policy->reads.n_ratings; i++)
		require_read(catalogue, measure, "ratings", policy->reads.ratings[i], false);
	way[0] = measure;
	refuse_circle(catalogue, measure, version, way, 1, seen, version->from);
	/* versions change on these days, and nothing else does */
	for (i = 0; i < catalogue->n; i++)
		for (k = 0; k < catalogue->measures[i].n; k++)
		{
			const CcVersion *other = &catalogue->measures[i].versions[k];

			if (!other->adopted || other->from <= version->from || other->from > version->until)
				continue;
			memset(seen, 0, sizeof(bool) * catalogue->n);
			refuse_circle(catalogue, measure, version, way, 1, seen, other->from);
		}
	PG_RETURN_VOID();
}

/* _with_readers(policy_ids) -> the same and the policies whose adopted versions read their results, in any number of steps. */
Datum
_with_readers(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	int32	   *given;
	int			n_given = cc_numbers(PG_GETARG_ARRAYTYPE_P(0), "numbers of policies must not be null", &given);
	bool	   *in = palloc0(sizeof(bool) * (catalogue->n + 1));
	Datum	   *ids = palloc(sizeof(Datum) * (catalogue->n + 1));
	bool		again = true;
	int			n = 0;
	int			i,
				k,
				v;

	for (i = 0; i < catalogue->n; i++)
		for (k = 0; k < n_given; k++)
			in[i] |= catalogue->measures[i].policy_id == given[k];
	while (again)
	{
		again = false;
		for (i = 0; i < catalogue->n; i++)
			for (v = 0; v < catalogue->measures[i].n && !in[i]; v++)
				for (k = 0; k < catalogue->n && !in[i]; k++)
					if (in[k] && catalogue->measures[i].versions[v].adopted &&
						cc_reads_result(cc_version_policy(catalogue, &catalogue->measures[i].versions[v]), catalogue->measures[k].name))
						in[i] = again = true;
	}
	for (i = 0; i < catalogue->n; i++)
		if (in[i])
			ids[n++] = Int32GetDatum(catalogue->measures[i].policy_id);
	PG_RETURN_DATUM(cc_array(ids, n, INT4OID));
}
