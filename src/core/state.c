/*
 * state.c -- what a subject's facts come to, kept small between two statements
 *
 * The state holds what every later day needs: entries added up over records of one item that count on the same days.
 * Arrival order cannot matter, because entries only ever add up. Its binary form is a cache that can be dropped and
 * made again from the records.
 */
#include "evaluate.h"

#include <stdlib.h>
#include <string.h>

#define STATE_FORMAT	2
#define STATE_REDUCED	1
#define STATE_LIMITED	2		/* good through a day only */

void
cc_state_init(CcState *state, CcDay as_of)
{
	memset(state, 0, sizeof(*state));
	state->as_of = as_of;
	state->good_until = CC_DAY_LAST;
}

#define COMPARE(member) \
	if (x->member != y->member) \
		return x->member < y->member ? -1 : 1

/* Single records are one entry only where nothing tells them apart. */
static int
compare_kept(const CcEntry *x, const CcEntry *y)
{
	COMPARE(anchor);
	COMPARE(points);
	COMPARE(unit);
	COMPARE(group);
	COMPARE(weight);
	return 0;
}

static int
compare_entries(const void *a, const void *b)
{
	const CcEntry *x = a;
	const CcEntry *y = b;

	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return x->kept ? compare_kept(x, y) : 0;
}

/* Adds an entry to one that is alike. A kept one has the points of each record. */
static void
add_up(CcEnv *env, CcEntry *sum, const CcEntry *entry)
{
	if (!sum->kept)
		sum->points = cc_add(env, sum->points, entry->points);
	if (__builtin_add_overflow(sum->count, entry->count, &sum->count))
		env->fail(env, CC_FAIL_OUT_OF_RANGE, "number of records out of range");
}

/* Forgets what is over, forgets first days that have come, and adds up entries that have become alike. */
static void
compact(CcEnv *env, const CcPolicy *policy, CcState *state)
{
	CcDay		memory = cc_day_shift(state->as_of, -policy->memory_days);
	int			n = 0;
	int			i;

	for (i = 0; i < state->n; i++)
	{
		CcEntry    *entry = &state->entries[i];

		if (entry->last < memory)
			continue;
		if (entry->first <= memory && !entry->kept)
			entry->first = CC_DAY_FIRST;
		state->entries[n++] = *entry;
	}
	state->n = n;
	if (n < 2)
		return;
	qsort(state->entries, n, sizeof(CcEntry), compare_entries);
	n = 0;
	for (i = 1; i < state->n; i++)
	{
		if (compare_entries(&state->entries[n], &state->entries[i]) == 0)
			add_up(env, &state->entries[n], &state->entries[i]);
		else
			state->entries[++n] = state->entries[i];
	}
	state->n = n + 1;
}

static void
make_room(CcEnv *env, CcState *state, int room)
{
	CcEntry    *entries = env->alloc(env, sizeof(CcEntry) * room);

	if (state->n > 0)
		memcpy(entries, state->entries, sizeof(CcEntry) * state->n);
	state->entries = entries;
	state->room = room;
}

/* Adds an entry to the accumulator of its item; the state is then good only until the entry begins or ends. */
static void
accumulate(CcEnv *env, CcState *state, const CcEntry *entry)
{
	CcDay		good_until = entry->first <= state->as_of ? entry->last : cc_day_shift(entry->first, -1);
	int			i;

	if (good_until < state->good_until)
		state->good_until = good_until;
	if (entry->first > state->as_of)
		return;
	for (i = 0; i < state->n; i++)
		if (state->entries[i].item == entry->item)
			break;
	if (i < state->n)
		add_up(env, &state->entries[i], entry);
	else
	{
		/* more than one an item are in no state but a damaged one */
		if (state->n == state->room)
			make_room(env, state, state->room * 2);
		state->entries[state->n] = *entry;
		state->entries[state->n].first = CC_DAY_FIRST;
		state->entries[state->n++].last = CC_DAY_LAST;
	}
}

static void
add_entry(CcEnv *env, const CcPolicy *policy, CcState *state, const CcEntry *entry)
{
	if (state->reduced)
	{
		if (entry->last < state->as_of)
			return;
		if (state->room < policy->n_items)
			make_room(env, state, policy->n_items);
		accumulate(env, state, entry);
		return;
	}
	if (state->n == state->room)
	{
		/* few entries: to sort them saves less than it costs */
		if (state->n >= CC_STATE_ENTRIES)
			compact(env, policy, state);
		if (state->n >= state->room / 2)
			make_room(env, state, state->room ? state->room * 2 : 8);
	}
	state->entries[state->n++] = *entry;
}

/* What groups records: equal texts have equal numbers, and no text has 0. Stored, so it never changes. */
static uint64_t
hash_text(CcText text)
{
	uint64_t	hash = UINT64_C(14695981039346656037);
	int			i;

	if (text.str == NULL)
		return 0;
	for (i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char) text.str[i]) * UINT64_C(1099511628211);
	/* spread the last characters, too */
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash ^= hash >> 33;
	return hash == 0 ? 1 : hash;
}

/* The number by which records of a text are grouped in entries, for who has the texts. */
uint64_t
cc_group_key(CcText text)
{
	return hash_text(text);
}

static void
keep_record(const CcItem *item, const CcFact *fact, const CcContribution *part, CcEntry *entry)
{
	entry->kept = true;
	entry->anchor = part->anchor;
	entry->unit = hash_text(fact->text[CC_TERM_UNIT]);
	entry->group = item->take.kind == CC_TAKE_ONCE_PER ? hash_text(fact->text[item->take.per]) : 0;
	entry->weight = item->weight == CC_TERM_NONE ? 0 : fact->number[item->weight - CC_TERM_AMOUNT];
}

/* Takes what a record is to one item into the state. */
static void
fold_into_item(CcEnv *env, const CcPolicy *policy, CcState *state, int item, const CcFact *fact)
{
	CcContribution part;
	CcEntry		entry;

	cc_contribute(env, policy, &policy->items[item], fact, &part);
	if (part.bearing != CC_COUNTS || part.last < cc_day_shift(state->as_of, -policy->memory_days))
		return;
	memset(&entry, 0, sizeof(entry));
	entry.item = (int16_t) item;
	entry.first = part.first;
	entry.last = part.last;
	entry.points = part.points;
	entry.count = 1;
	if (policy->items[item].kept)
		keep_record(&policy->items[item], fact, &part, &entry);
	add_entry(env, policy, state, &entry);
}

/* Takes one record into the state. */
void
cc_fold(CcEnv *env, const CcPolicy *policy, CcState *state, const CcFact *fact)
{
	CcItemSet	candidates;
	int			i;

	if (!cc_reaches(policy, fact))
		return;
	candidates = cc_candidates(policy, fact->rank[CC_TERM_KIND], fact->text[CC_TERM_BEHAVIOUR]);
	for (i = 0; i < CC_ITEM_WORDS; i++)
		for (; candidates.bits[i] != 0; candidates.bits[i] &= candidates.bits[i] - 1)
			fold_into_item(env, policy, state, i * 64 + __builtin_ctzll(candidates.bits[i]), fact);
}

/* Takes the facts of another state of the same subject and day into this one. */
void
cc_combine(CcEnv *env, const CcPolicy *policy, CcState *state, const CcState *other)
{
	int			i;

	for (i = 0; i < other->n; i++)
		add_entry(env, policy, state, &other->entries[i]);
	if (other->reduced && other->good_until < state->good_until)
		state->good_until = other->good_until;
}

/* True if a record enrols the subject, on the state's day or later. */
bool
cc_ever_enrolled(const CcState *state)
{
	int			i;

	for (i = 0; i < state->n; i++)
		if (state->entries[i].item == 0)
			return true;
	return false;
}

/* True if the state can tell the outcome of the day; else the records must be read again. */
bool
cc_good_on(const CcState *state, CcDay as_of)
{
	return as_of >= state->as_of && as_of <= state->good_until;
}

/* Nothing is known past the day, because a reading isn't: the state is good through it only. */
void
cc_state_limit(CcState *state, CcDay good_until)
{
	if (good_until < state->good_until)
		state->good_until = good_until;
}

/*
 * Brings the state forward to a day for which cc_good_on() holds, and, if wanted, makes it small. States of
 * a policy that looks back, or that needs single records, are never reduced.
 */
void
cc_settle(CcEnv *env, const CcPolicy *policy, CcState *state, CcDay as_of, bool reduce)
{
	CcState		reduced;
	int			i;

	state->as_of = as_of;
	if (state->reduced)
		return;
	compact(env, policy, state);
	if (!reduce || state->n <= CC_STATE_ENTRIES || policy->memory_days > 0 || policy->keeps)
		return;
	cc_state_init(&reduced, as_of);
	reduced.reduced = true;
	make_room(env, &reduced, policy->n_items);
	for (i = 0; i < state->n; i++)
		accumulate(env, &reduced, &state->entries[i]);
	*state = reduced;
}

/*
 * ---- binary form: format, flags, day, [good until,] number of entries, entries; all as variable-length integers ----
 */

static unsigned char *
put(unsigned char *p, uint64_t value)
{
	while (value >= 0x80)
	{
		*p++ = (unsigned char) (value | 0x80);
		value >>= 7;
	}
	*p++ = (unsigned char) value;
	return p;
}

static uint64_t
zigzag(int64_t value)
{
	return ((uint64_t) value << 1) ^ (uint64_t) (value >> 63);
}

static int64_t
unzigzag(uint64_t value)
{
	return (int64_t) (value >> 1) ^ -(int64_t) (value & 1);
}

/* An upper bound of what cc_state_write() writes. */
size_t
cc_state_size(const CcState *state)
{
	return 2 + 3 * 10 + (size_t) state->n * 80;
}

static unsigned char *
put_day(unsigned char *p, CcDay day, CcDay as_of)
{
	if (day == CC_DAY_FIRST || day == CC_DAY_LAST)
		return put(p, 0);
	return put(p, 1 + zigzag((int64_t) day - as_of));
}

/* Writes the state; returns the number of bytes. */
size_t
cc_state_write(const CcState *state, unsigned char *buf)
{
	unsigned char *p = buf;
	int			i;

	*p++ = STATE_FORMAT;
	*p++ = (state->reduced ? STATE_REDUCED : 0) | (state->good_until != CC_DAY_LAST ? STATE_LIMITED : 0);
	p = put(p, zigzag(state->as_of));
	if (state->good_until != CC_DAY_LAST)
		p = put_day(p, state->good_until, state->as_of);
	p = put(p, state->n);
	for (i = 0; i < state->n; i++)
	{
		const CcEntry *entry = &state->entries[i];

		p = put(p, (uint64_t) entry->item * 2 + entry->kept);
		p = put_day(p, entry->first, state->as_of);
		p = put_day(p, entry->last, state->as_of);
		p = put(p, zigzag(entry->points));
		p = put(p, entry->count);
		if (!entry->kept)
			continue;
		p = put_day(p, entry->anchor, state->as_of);
		p = put(p, entry->unit);
		p = put(p, entry->group);
		p = put(p, zigzag(entry->weight));
	}
	return p - buf;
}

typedef struct Input
{
	const unsigned char *p;
	const unsigned char *end;
	bool		bad;
} Input;

static uint64_t
get(Input *in)
{
	uint64_t	value = 0;
	int			shift;

	for (shift = 0; shift < 64; shift += 7)
	{
		if (in->p >= in->end)
			break;
		value |= (uint64_t) (*in->p & 0x7F) << shift;
		if (!(*in->p++ & 0x80))
			return value;
	}
	in->bad = true;
	return 0;
}

static CcDay
get_day(Input *in, CcDay as_of, CcDay open)
{
	uint64_t	code = get(in);

	return code == 0 ? open : (CcDay) (as_of + unzigzag(code - 1));
}

/*
 * Reads what cc_state_write() wrote for a policy with the same items. False if it is something else; the state is empty
 * then, and the caller reads the records.
 */
bool
cc_state_read(CcEnv *env, const CcPolicy *policy, const unsigned char *buf, size_t len, CcState *state)
{
	Input		in = {buf + 2, buf + len, false};
	uint64_t	n;
	int			i;

	cc_state_init(state, 0);
	if (len < 3 || buf[0] != STATE_FORMAT)
		return false;
	state->as_of = (CcDay) unzigzag(get(&in));
	state->reduced = (buf[1] & STATE_REDUCED) != 0;
	if (buf[1] & STATE_LIMITED)
		state->good_until = get_day(&in, state->as_of, CC_DAY_LAST);
	n = get(&in);
	/* an entry has five bytes or more */
	if (in.bad || n > len / 5)
	{
		cc_state_init(state, 0);
		return false;
	}
	make_room(env, state, (int) n + 4 > policy->n_items ? (int) n + 4 : policy->n_items);
	for (i = 0; i < (int) n; i++)
	{
		CcEntry    *entry = &state->entries[state->n++];
		uint64_t	item = get(&in);

		entry->kept = item & 1;
		item >>= 1;
		if (item >= (uint64_t) policy->n_items || policy->items[item].kept != entry->kept)
			in.bad = true;
		entry->item = (int16_t) item;
		entry->first = get_day(&in, state->as_of, CC_DAY_FIRST);
		entry->last = get_day(&in, state->as_of, CC_DAY_LAST);
		entry->points = unzigzag(get(&in));
		entry->count = (int32_t) get(&in);
		if (!entry->kept)
			continue;
		entry->anchor = get_day(&in, state->as_of, CC_DAY_FIRST);
		entry->unit = get(&in);
		entry->group = get(&in);
		entry->weight = unzigzag(get(&in));
	}
	if (!in.bad && in.p == in.end)
		return true;
	cc_state_init(state, 0);
	return false;
}
