/*
 * bulk_subject.c -- the rows of a subject to its states: only one subject's exist at a time
 */
#include "postgres.h"

#include "array.h"
#include "bulk_pass.h"
#include "executor/spi.h"
#include "utils/memutils.h"

static int
compare_fields(const void *a, const void *b, void *names)
{
	return strcmp(((char **) names)[*(const int *) a], ((char **) names)[*(const int *) b]);
}

/* Sorts the fields by name, each once. */
static void
settle_fields(const CcBulk *bulk, CcBulkSubject *subject)
{
	int			n = 0;
	int			i;

	if (subject->n_fields < 2)
		return;
	qsort_arg(subject->fields, subject->n_fields, sizeof(int), compare_fields, bulk->field_names);
	for (i = 1; i < subject->n_fields; i++)
		if (subject->fields[i] != subject->fields[n])
			subject->fields[++n] = subject->fields[i];
	subject->n_fields = n + 1;
}

static void
add_field(CcEnv *env, CcBulkSubject *subject, int field)
{
	/* room is doubled at each power of two */
	if ((subject->n_fields & (subject->n_fields - 1)) == 0)
	{
		int		   *fields = env->alloc(env, sizeof(int) * Max(1, subject->n_fields * 2));

		if (subject->n_fields > 0)
			memcpy(fields, subject->fields, sizeof(int) * subject->n_fields);
		subject->fields = fields;
	}
	subject->fields[subject->n_fields++] = field;
}

/* Takes a row's entries into the subject's states. */
static void
add_row(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject, CcRow *row)
{
	char	   *from = (char *) (row + 1);
	CcState		one;
	CcEntry		entry;

	cc_state_init(&one, bulk->day);
	one.n = one.room = 1;
	one.entries = &entry;
	memset(&entry, 0, sizeof(entry));
	while (from < (char *) row + row->size)
	{
		CcPart	   *part = (CcPart *) from;
		int			i;

		from += sizeof(CcPart);
		if (part->policy == CC_STORED_PART)
		{
			subject->stored[part->n].t_len = *(uint64 *) from;
			subject->stored[part->n].t_data = (HeapTupleHeader) (from + sizeof(uint64));
			return;
		}
		if (part->policy == CC_FIELD_PART)
		{
			add_field(env, subject, part->n);
			continue;
		}
		for (i = 0; i < part->n; i++)
		{
			memcpy(&entry, from, offsetof(CcEntry, anchor));
			memcpy(&entry, from, CC_ENTRY_BYTES(&entry));
			from += CC_ENTRY_BYTES(&entry);
			cc_combine(env, bulk->policies[part->policy], &subject->states[part->policy], &one);
			memset(&entry, 0, sizeof(entry));
		}
	}
}

static void
give_subject(CcBulk *bulk, CcPgEnv *env, CcBulkSubject *subject, CcRow *rows)
{
	MemoryContext caller;
	int			i;

	MemoryContextReset(env->context);
	subject->subject = rows->subject;
	subject->n_fields = 0;
	memset(subject->stored, 0, sizeof(HeapTupleData) * bulk->n);
	for (i = 0; i < bulk->n_all; i++)
		cc_state_init(&subject->states[i], bulk->day);
	for (; rows != NULL; rows = rows->u.next)
		add_row(bulk, &env->env, subject, rows);
	settle_fields(bulk, subject);
	caller = MemoryContextSwitchTo(env->context);
	bulk->take(bulk, &env->env, subject);
	MemoryContextSwitchTo(caller);
}

/* Where rows become subjects. */
typedef struct Giving
{
	CcPass	   *pass;
	CcPgEnv		env;
	CcBulkSubject subject;
	MemoryContext readings_context;
} Giving;

/* CcTakeRows: gives some subjects, with their ratings and listings where a policy reads such. */
static void
give_some(void *arg, CcRow **rows, int n)
{
	Giving	   *giving = arg;
	CcBulk	   *bulk = giving->pass->bulk;
	MemoryContext caller = MemoryContextSwitchTo(giving->readings_context);
	CcReadings *readings = NULL;
	Datum		codes[CC_TAKE_SUBJECTS];
	int			i;

	if (giving->pass->reads_readings)
	{
		for (i = 0; i < n; i++)
			codes[i] = UUIDPGetDatum(&rows[i]->subject);
		readings = cc_read_readings(cc_array(codes, n, bulk->code_type), n, bulk->known_at, true);
	}
	MemoryContextSwitchTo(caller);
	for (i = 0; i < n; i++)
	{
		giving->subject.readings = readings ? &readings[i] : NULL;
		give_subject(bulk, &giving->env, &giving->subject, rows[i]);
	}
	MemoryContextReset(giving->readings_context);
}

/* Gives all subjects, one after the other. */
void
cc_pass_give_subjects(CcPass *pass)
{
	Giving		giving;

	memset(&giving, 0, sizeof(giving));
	giving.pass = pass;
	giving.readings_context = AllocSetContextCreate(pass->context, "citycredit readings", ALLOCSET_DEFAULT_SIZES);
	cc_env_init(&giving.env, AllocSetContextCreate(pass->context, "citycredit subject", ALLOCSET_DEFAULT_SIZES));
	giving.subject.states = palloc(sizeof(CcState) * (pass->bulk->n_all + 1));
	giving.subject.stored = palloc(sizeof(HeapTupleData) * (pass->bulk->n + 1));
	if (pass->reads_readings)
		SPI_connect();
	cc_partitions_give(&pass->partitions, give_some, &giving);
	if (pass->reads_readings)
		SPI_finish();
}
