/*
 * simulate.c -- what-if: the whole city by a version that is not in force, beside the one that is
 *
 * One pass over the records (bulk.c) evaluates both versions for every subject; nothing is written. The new version
 * is taken for in force on the day whatever its own days say, the old outcome is the one that the view standing shows
 * on that day. Results of other policies that a version reads are those of the versions in force.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "array.h"
#include "bulk.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "env.h"
#include "fact.h"
#include "funcapi.h"
#include "simulate_version.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(_simulate);
PG_FUNCTION_INFO_V1(_simulate_matrix);
PG_FUNCTION_INFO_V1(_simulate_lists);

/* The outcome of a version, as far as a move depends on it. */
typedef struct Place
{
	int32		state;
	int32		band;			/* -1 = none */
	int32		undecided;
} Place;

/* One of the two versions. */
typedef struct Side
{
	const CcPolicy *policy;		/* NULL: there is no old version on the day */
	const CcVersion *version;	/* NULL: of a text that is not loaded */
	int			index;			/* in the pass */
	CcOutcome	outcome;
	Datum	   *states;			/* texts, by state */
	Datum	   *bands;			/* by band */
	Datum		no_rules;		/* the empty array */
	Datum		rules;			/* the last array of rules, and of which bits */
	uint32		rules_bits;
} Side;

typedef struct Simulation
{
	CcBulk		bulk;
	const CcPolicy *policies[2];
	const CcVersion *versions[2];
	Side		before;
	Side		after;
	int		   *same_band;		/* by band of the old version: the new version's of that id, else -1 */
	Tuplestorestate *store;
	TupleDesc	desc;
	MemoryContext context;		/* of the query */
	HTAB	   *cells;			/* of the matrix */
} Simulation;

typedef enum Move
{
	MOVE_SAME,
	MOVE_BETTER,
	MOVE_WORSE,
	MOVE_ENTERS,
	MOVE_LEAVES,
	MOVE_UNDECIDED
} Move;

static const char *const move_names[] = {"same", "better", "worse", "enters", "leaves", "undecided"};

/* ---- two outcomes, one move ---- */

static Place
place_of(const Side *side)
{
	Place		place;

	place.state = side->policy ? side->outcome.state : CC_NOT_ENROLLED;
	place.band = side->policy ? side->outcome.band : -1;
	place.undecided = side->policy && side->outcome.undecided;
	return place;
}

/*
 * Where the new version has a band of the old one's name, the new order tells which is better; else the places from the
 * best do.
 */
static Move
move_between(const Simulation *simulation, Place before, Place after)
{
	int			band;

	if (before.state == CC_NOT_ENROLLED || after.state == CC_NOT_ENROLLED)
		return before.state == after.state ? MOVE_SAME : before.state == CC_NOT_ENROLLED ? MOVE_ENTERS : MOVE_LEAVES;
	if (before.undecided || after.undecided)
		return MOVE_UNDECIDED;
	if (before.band < 0 || after.band < 0)
		return before.band == after.band ? MOVE_SAME : before.band < 0 ? MOVE_ENTERS : MOVE_LEAVES;
	band = simulation->same_band[before.band];
	if (band < 0)
		band = before.band;
	return after.band == band ? MOVE_SAME : after.band < band ? MOVE_BETTER : MOVE_WORSE;
}

static void
evaluate_side(Simulation *simulation, CcEnv *env, Side *side, CcBulkSubject *subject, int subject_kind)
{
	if (side->policy == NULL)
		return;
	cc_outcome_on(env, side->policy, cc_bulk_complete(&simulation->bulk, env, subject, side->index, true), subject_kind,
				  simulation->bulk.day, &side->outcome);
}

/* Both outcomes of the subject. False if it is enrolled in neither version. */
static bool
evaluate_both(Simulation *simulation, CcEnv *env, CcBulkSubject *subject)
{
	int			subject_kind = cc_subject_kind(&subject->subject);

	evaluate_side(simulation, env, &simulation->before, subject, subject_kind);
	evaluate_side(simulation, env, &simulation->after, subject, subject_kind);
	return simulation->after.outcome.state != CC_NOT_ENROLLED ||
		(simulation->before.policy != NULL && simulation->before.outcome.state != CC_NOT_ENROLLED);
}

/* ---- values ---- */

static void
side_texts(Side *side)
{
	int			i;

	side->no_rules = PointerGetDatum(construct_empty_array(TEXTOID));
	side->rules = side->no_rules;
	if (side->policy == NULL)
		return;
	side->states = palloc(sizeof(Datum) * (CC_FIRST_STATE + side->policy->n_states));
	for (i = 0; i < CC_FIRST_STATE + side->policy->n_states; i++)
		side->states[i] = CStringGetTextDatum(cc_state_name(side->policy, i));
	side->bands = palloc(sizeof(Datum) * (side->policy->n_bands + 1));
	for (i = 0; i < side->policy->n_bands; i++)
		side->bands[i] = CStringGetTextDatum(side->policy->bands[i].id);
}

/* The list rules that hold; made anew only when they are others than those before. */
static Datum
side_rules(Simulation *simulation, Side *side)
{
	uint32		bits = side->policy ? side->outcome.lists : 0;
	MemoryContext caller;

	if (bits == 0)
		return side->no_rules;
	if (bits != side->rules_bits)
	{
		caller = MemoryContextSwitchTo(simulation->context);
		side->rules = cc_rule_ids(side->policy->lists, side->policy->n_lists, bits);
		side->rules_bits = bits;
		MemoryContextSwitchTo(caller);
	}
	return side->rules;
}

static Datum
score_numeric(int64 score, int places)
{
	int			i;

	for (i = CC_DECIMALS; i > places; i--)
		score /= 10;
	return NumericGetDatum(places == 0 ? int64_to_numeric(score) : int64_div_fast_to_numeric(score, places));
}

static Datum
field_array(const CcBulk *bulk, const CcBulkSubject *subject)
{
	Datum	   *values = palloc(sizeof(Datum) * (subject->n_fields + 1));
	int			i;

	for (i = 0; i < subject->n_fields; i++)
		values[i] = CStringGetTextDatum(bulk->field_names[subject->fields[i]]);
	return PointerGetDatum(construct_array(values, subject->n_fields, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Columns of simulate() for one side: every other of state, score, band, band_rank, grade, lists. */
static void
put_side(Simulation *simulation, Side *side, Datum *values, bool *nulls)
{
	const CcOutcome *outcome = &side->outcome;
	bool		none = side->policy == NULL;

	nulls[0] = none;
	values[0] = none ? (Datum) 0 : side->states[outcome->state];
	nulls[2] = none || !outcome->has_score;
	values[2] = nulls[2] ? (Datum) 0 : score_numeric(outcome->score, side->policy->decimals);
	nulls[4] = nulls[6] = none || outcome->band < 0;
	values[4] = nulls[4] ? (Datum) 0 : side->bands[outcome->band];
	values[6] = nulls[6] ? (Datum) 0 : Int32GetDatum(outcome->band + 1);
	nulls[8] = none || outcome->grade == 0;
	values[8] = nulls[8] ? (Datum) 0 : Int16GetDatum((int16) outcome->grade);
	nulls[10] = false;
	values[10] = side_rules(simulation, side);
}

/* ---- one row a subject ---- */

static void
take_subject(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject)
{
	Simulation *simulation = bulk->arg;
	Datum		values[15];
	bool		nulls[15];

	if (!evaluate_both(simulation, env, subject))
		return;
	nulls[0] = nulls[13] = nulls[14] = false;
	values[0] = UUIDPGetDatum(&subject->subject);
	put_side(simulation, &simulation->before, values + 1, nulls + 1);
	put_side(simulation, &simulation->after, values + 2, nulls + 2);
	values[13] = CStringGetTextDatum(move_names[move_between(simulation, place_of(&simulation->before), place_of(&simulation->after))]);
	values[14] = field_array(bulk, subject);
	tuplestore_putvalues(simulation->store, simulation->desc, values, nulls);
}

/* ---- counted ---- */

typedef struct CellKey
{
	int32		field;			/* -1 = the whole city */
	Place		before;
	Place		after;
} CellKey;

typedef struct Cell
{
	CellKey		key;
	int64		subjects;
} Cell;

static void
count_cell(Simulation *simulation, int field, Place before, Place after)
{
	CellKey		key;
	Cell	   *cell;
	bool		found;

	memset(&key, 0, sizeof(key));
	key.field = field;
	key.before = before;
	key.after = after;
	cell = hash_search(simulation->cells, &key, HASH_ENTER, &found);
	cell->subjects = found ? cell->subjects + 1 : 1;
}

static void
take_count(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject)
{
	Simulation *simulation = bulk->arg;
	Place		before,
				after;
	int			i;

	if (simulation->cells == NULL)
	{
		HASHCTL		control;

		control.keysize = sizeof(CellKey);
		control.entrysize = sizeof(Cell);
		control.hcxt = simulation->context;
		simulation->cells = hash_create("citycredit cells", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	if (!evaluate_both(simulation, env, subject))
		return;
	before = place_of(&simulation->before);
	after = place_of(&simulation->after);
	count_cell(simulation, -1, before, after);
	for (i = 0; i < subject->n_fields; i++)
		count_cell(simulation, subject->fields[i], before, after);
}

static void
put_place(const Side *side, Place place, Datum *values, bool *nulls)
{
	nulls[0] = side->policy == NULL;
	values[0] = nulls[0] ? (Datum) 0 : side->states[place.state];
	nulls[1] = nulls[2] = place.band < 0;
	values[1] = nulls[1] ? (Datum) 0 : side->bands[place.band];
	values[2] = Int32GetDatum(place.band + 1);
}

static void
put_cells(Simulation *simulation)
{
	HASH_SEQ_STATUS status;
	Cell	   *cell;

	if (simulation->cells == NULL)
		return;
	hash_seq_init(&status, simulation->cells);
	while ((cell = hash_seq_search(&status)) != NULL)
	{
		Datum		values[9];
		bool		nulls[9] = {false};
		Move		move = move_between(simulation, cell->key.before, cell->key.after);

		nulls[0] = cell->key.field < 0;
		values[0] = nulls[0] ? (Datum) 0 : CStringGetTextDatum(simulation->bulk.field_names[cell->key.field]);
		put_place(&simulation->before, cell->key.before, values + 1, nulls + 1);
		put_place(&simulation->after, cell->key.after, values + 4, nulls + 4);
		values[7] = CStringGetTextDatum(move_names[move]);
		values[8] = Int64GetDatum(cell->subjects);
		tuplestore_putvalues(simulation->store, simulation->desc, values, nulls);
	}
}

/* ---- who comes onto a list, who leaves one ---- */

/* The bits of the rules of that list among those that hold. */
static uint32
rules_of_list(const Side *side, const char *list)
{
	uint32		bits = 0;
	int			i;

	if (side->policy == NULL)
		return 0;
	for (i = 0; i < side->policy->n_lists; i++)
		if ((side->outcome.lists >> i & 1) && strcmp(side->policy->lists[i].list, list) == 0)
			bits |= 1u << i;
	return bits;
}

/* Lists for which the subject is a candidate on one side and not on the other. */
static void
put_changes(Simulation *simulation, const CcBulkSubject *subject, const Side *has, const Side *has_not, const char *change)
{
	int			i;

	for (i = 0; has->policy != NULL && i < has->policy->n_lists; i++)
	{
		const char *list = has->policy->lists[i].list;
		uint32		bits = rules_of_list(has, list);
		Datum		values[5];
		bool		nulls[5] = {false};

		/* once a list, at the first of its rules that hold */
		if ((bits & ((2u << i) - 1)) != 1u << i || rules_of_list(has_not, list) != 0)
			continue;
		values[0] = UUIDPGetDatum(&subject->subject);
		values[1] = CStringGetTextDatum(list);
		values[2] = CStringGetTextDatum(change);
		values[3] = cc_rule_ids(has->policy->lists, has->policy->n_lists, bits);
		values[4] = field_array(&simulation->bulk, subject);
		tuplestore_putvalues(simulation->store, simulation->desc, values, nulls);
	}
}

static void
take_lists(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject)
{
	Simulation *simulation = bulk->arg;

	if (!evaluate_both(simulation, env, subject))
		return;
	put_changes(simulation, subject, &simulation->after, &simulation->before, move_names[MOVE_ENTERS]);
	put_changes(simulation, subject, &simulation->before, &simulation->after, move_names[MOVE_LEAVES]);
}

/* ---- the functions ---- */

static void
match_bands(Simulation *simulation)
{
	const CcPolicy *old = simulation->before.policy;
	const CcPolicy *new = simulation->after.policy;
	int			i,
				k;

	simulation->same_band = palloc(sizeof(int) * ((old ? old->n_bands : 0) + 1));
	for (i = 0; old != NULL && i < old->n_bands; i++)
	{
		simulation->same_band[i] = -1;
		for (k = 0; k < new->n_bands; k++)
			if (strcmp(old->bands[i].id, new->bands[k].id) == 0)
				simulation->same_band[i] = k;
	}
}

/* Evaluates the city and lets `take` have every subject. */
static void
simulate(Simulation *simulation, FunctionCallInfo fcinfo, void (*take) (CcBulk *, CcEnv *, CcBulkSubject *))
{
	CcBulk	   *bulk = &simulation->bulk;
	ReturnSetInfo *result;
	CcSimulated simulated;

	memset(simulation, 0, sizeof(*simulation));
	InitMaterializedSRF(fcinfo, 0);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	simulation->store = result->setResult;
	simulation->desc = result->setDesc;
	simulation->context = CurrentMemoryContext;
	cc_simulated_find(fcinfo, &simulated);
	simulation->before.policy = simulated.before;
	simulation->before.version = simulated.before_version;
	simulation->after.policy = simulated.after;
	simulation->after.version = simulated.after_version;
	simulation->versions[bulk->n] = simulation->after.version;
	simulation->policies[bulk->n++] = simulation->after.policy;
	if (simulation->before.policy != NULL && simulation->before.policy != simulation->after.policy)
	{
		simulation->before.index = bulk->n;
		simulation->versions[bulk->n] = simulation->before.version;
		simulation->policies[bulk->n++] = simulation->before.policy;
	}
	side_texts(&simulation->before);
	side_texts(&simulation->after);
	match_bands(simulation);
	bulk->policies = simulation->policies;
	bulk->versions = simulation->versions;
	bulk->day = PG_GETARG_DATEADT(2);
	bulk->known_at = DT_NOEND;
	bulk->with_fields = true;
	bulk->take = take;
	bulk->arg = simulation;
	cc_bulk_run(bulk);
}

/*
 * _simulate(policy text, version text, as_of date) -> (subject, old and new state, score, band, band_rank, grade and
 * lists, moved, fields): one row for each subject enrolled by one of the two versions.
 */
Datum
_simulate(PG_FUNCTION_ARGS)
{
	Simulation	simulation;

	simulate(&simulation, fcinfo, take_subject);
	return (Datum) 0;
}

/*
 * _simulate_matrix(policy text, version text, as_of date) -> (field, old state, band and band_rank, the new ones,
 * moved, subjects): how many subjects moved from where to where; field NULL is the whole city.
 */
Datum
_simulate_matrix(PG_FUNCTION_ARGS)
{
	Simulation	simulation;

	simulate(&simulation, fcinfo, take_count);
	put_cells(&simulation);
	return (Datum) 0;
}

/*
 * _simulate_lists(policy text, version text, as_of date) -> (subject, list, change, rules, fields): lists for which a
 * subject becomes a candidate, or is one no longer, with the rules that say or said so.
 */
Datum
_simulate_lists(PG_FUNCTION_ARGS)
{
	Simulation	simulation;

	simulate(&simulation, fcinfo, take_lists);
	return (Datum) 0;
}
