/*
 * wording.c -- conditions, windows and numbers of a policy in words
 *
 * What an explanation says of a rule is put together here from the rule itself, so that it says what is computed: nothing
 * is told that is not in the file.
 */
#include "wording.h"

#include <string.h>

/* ---- numbers ---- */

static bool
is_whole(CcTerm term)
{
	return term == CC_TERM_COUNT || term == CC_TERM_RUN || term == CC_TERM_RESETS || term == CC_TERM_FIRED || term == CC_TERM_FIRES ||
		term == CC_TERM_RANK;
}

/* The fewest places, at least so many, in which the number can be written. */
static int
places_for(int64_t number, int places)
{
	int64_t		unit = 1;
	int			i;

	for (i = places; i < CC_DECIMALS; i++)
		unit *= 10;
	for (; number % unit != 0; unit /= 10)
		places++;
	return places;
}

/* Places in which the numbers of a term are written. */
static int
places_of(const CcPolicy *policy, CcTerm term, int index)
{
	if (term == CC_TERM_VALUE)
		return policy->values[index].decimals;
	if (term == CC_TERM_SCORE || term == CC_TERM_SUM || term == CC_TERM_COUNTER)
		return policy->has_score ? policy->decimals : 0;
	return 0;
}

const char *
cc_number_words(CcEnv *env, const CcPolicy *policy, CcTerm term, int index, int64_t number)
{
	char		buf[32];

	if (number == CC_NUMBER_UNKNOWN)
		return "?";
	if (CC_IS_DAY(term))
		cc_day_format((CcDay) number, buf);
	else if (is_whole(term))
		return cc_printf(env, "%lld", (long long) number);
	else if (term == CC_TERM_AMOUNT || term == CC_TERM_FINE)
	{
		/* fen are hundredths of a yuan */
		if (number % 100 == 0)
			return cc_printf(env, "%lld元", (long long) (number / 100));
		return cc_printf(env, "%lld.%02d元", (long long) (number / 100), (int) (number % 100));
	}
	else
		cc_decimal_format(number, places_for(number, places_of(policy, term, index)), buf);
	return cc_copy(env, buf, (int) strlen(buf));
}

void
cc_bounds(const CcPolicy *policy, const CcCondition *test, CcBounds *bounds)
{
	bool		fine = !CC_IS_DAY(test->term) && !is_whole(test->term) && test->term != CC_TERM_AMOUNT;
	int			places = places_of(policy, test->term, test->index);

	memset(bounds, 0, sizeof(*bounds));
	bounds->has_low = test->low != CC_NUMBER_MIN;
	bounds->has_high = test->high != CC_NUMBER_MAX;
	bounds->low = test->low;
	bounds->high = test->high;
	if (fine && bounds->has_low && places_for(test->low, places) > places_for(test->low - 1, places))
	{
		bounds->above = true;
		bounds->low--;
	}
	if (fine && bounds->has_high && places_for(test->high, places) > places_for(test->high + 1, places))
	{
		bounds->below = true;
		bounds->high++;
	}
}

/* ---- terms ---- */

static const char *
named(CcEnv *env, const char *id, const char *name, const char *what, const char *term, bool zh)
{
	return zh ? cc_printf(env, "「%s」%s", name, what) : cc_printf(env, "%s.%s", term, id);
}

const char *
cc_term_words(CcEnv *env, const CcPolicy *policy, CcTerm term, int index, bool zh)
{
	const char *what = cc_vocabulary[term].label;
	const char *word = cc_vocabulary[term].name;

	switch (term)
	{
		case CC_TERM_SUM:
			if (index >= CC_MAX_ITEMS)
				return named(env, policy->components[index - CC_MAX_ITEMS].id, policy->components[index - CC_MAX_ITEMS].name, what, word, zh);
			/* fall through */
		case CC_TERM_COUNT:
		case CC_TERM_COVERED:
		case CC_TERM_COVERED_LAST:
			return named(env, policy->items[index].id, index == 0 ? "参评" : policy->items[index].name, what, word, zh);
		case CC_TERM_RUN:
			return named(env, policy->runs[index].id, policy->runs[index].name, "", word, zh);
		case CC_TERM_COUNTER:
		case CC_TERM_RESETS:
			return named(env, policy->counters[index].id, policy->counters[index].name, what, word, zh);
		case CC_TERM_FIRED:
		case CC_TERM_FIRES:
			return named(env, policy->steps[index].id, policy->steps[index].name, what, word, zh);
		case CC_TERM_VALUE:
			return named(env, policy->values[index].id, policy->values[index].name, "", word, zh);
		case CC_TERM_RANK:
			return named(env, policy->ranks[index].id, policy->ranks[index].id, what, word, zh);
		case CC_TERM_GROUP:
			return named(env, policy->groups[index].id, policy->groups[index].id, what, word, zh);
		default:
			return zh ? what : word;
	}
}

/* ---- tests ---- */

static const char *
join(CcEnv *env, const char *list, const char *between, const char *word)
{
	return list[0] == '\0' ? word : cc_printf(env, "%s%s%s", list, between, word);
}

/* A set of the words of an ordered vocabulary that reaches to one of its ends is said as a bound. */
static const char *
words_words(CcEnv *env, const CcCondition *test, bool wanted, bool zh)
{
	const CcVocabulary *term = &cc_vocabulary[test->term];
	const char *const *words = zh ? term->word_labels : term->words;
	const char *list = "";
	int			n,
				low,
				i;

	for (n = 0; words[n] != NULL; n++)
		;
	low = test->words == 0 ? 0 : __builtin_ctzll(test->words);
	if (wanted && term->ordered && test->words != 0 && low > 0 && test->words == ((UINT64_C(1) << n) - (UINT64_C(1) << low)) && low < n - 1)
		return cc_printf(env, zh ? "不低于%s" : "at least %s", words[low]);
	if (wanted && term->ordered && low == 0 && (test->words & (test->words + 1)) == 0 && test->words + 1 < (UINT64_C(1) << n) && test->words > 1)
		return cc_printf(env, zh ? "不高于%s" : "at most %s", words[__builtin_popcountll(test->words) - 1]);
	for (i = 0; i < n; i++)
		if (test->words >> i & 1)
			list = join(env, list, zh ? "、" : " or ", words[i]);
	return cc_printf(env, zh ? "%s%s" : "%s%s", wanted ? (zh ? "为" : "") : (zh ? "不为" : "not "), list);
}

static const char *
texts_words(CcEnv *env, const CcCondition *test, bool wanted, bool zh)
{
	const char *list = "";
	int			i;

	for (i = 0; i < test->n; i++)
		list = join(env, list, zh ? "、" : " or ",
					cc_printf(env, "%s%s", cc_copy(env, test->texts[i].str, test->texts[i].len), test->prefix[i] ? "*" : ""));
	return cc_printf(env, "%s%s", wanted ? (zh ? "为" : "") : (zh ? "不为" : "not "), list);
}

static const char *
bands_words(CcEnv *env, const CcPolicy *policy, const CcCondition *test, bool wanted, bool zh)
{
	const char *list = "";
	int			i;

	for (i = 0; i < policy->n_bands; i++)
		if (test->words >> i & 1)
			list = join(env, list, zh ? "、" : " or ", policy->bands[i].id);
	return cc_printf(env, "%s%s", wanted ? (zh ? "为" : "") : (zh ? "不为" : "not "), list);
}

static const char *
range_words(CcEnv *env, const CcPolicy *policy, const CcCondition *test, bool wanted, bool zh)
{
	CcBounds	bounds;
	const char *low;
	const char *high;

	cc_bounds(policy, test, &bounds);
	low = cc_number_words(env, policy, test->term, test->index, bounds.low);
	high = cc_number_words(env, policy, test->term, test->index, bounds.high);
	if (bounds.has_low && !bounds.has_high)
	{
		if (wanted)
			return cc_printf(env, bounds.above ? (zh ? "高于%s" : "above %s") : (zh ? "不低于%s" : "at least %s"), low);
		return cc_printf(env, bounds.above ? (zh ? "不高于%s" : "at most %s") : (zh ? "低于%s" : "below %s"), low);
	}
	if (bounds.has_high && !bounds.has_low)
	{
		if (wanted)
			return cc_printf(env, bounds.below ? (zh ? "低于%s" : "below %s") : (zh ? "不高于%s" : "at most %s"), high);
		return cc_printf(env, bounds.below ? (zh ? "不低于%s" : "at least %s") : (zh ? "高于%s" : "above %s"), high);
	}
	if (bounds.low == bounds.high)
		return cc_printf(env, "%s%s", wanted ? (zh ? "等于" : "") : (zh ? "不等于" : "not "), low);
	if (zh)
		return cc_printf(env, "%s%s%s、%s%s", wanted ? "" : "不在：", bounds.above ? "高于" : "不低于", low, bounds.below ? "低于" : "不高于", high);
	return cc_printf(env, "%s%s %s and %s %s", wanted ? "" : "not ", bounds.above ? "above" : "at least", low,
					 bounds.below ? "below" : "at most", high);
}

/* What a test of one term asks for (wanted), or what must be for it to fail. */
const char *
cc_test_words(CcEnv *env, const CcPolicy *policy, const CcCondition *test, bool wanted, bool zh)
{
	bool		yes = (test->low != 0) == wanted;

	switch (test->kind)
	{
		case CC_COND_KNOWN:
			return yes ? (zh ? "已知" : "known") : (zh ? "未知" : "unknown");
		case CC_COND_TEXT:
			return texts_words(env, test, wanted, zh);
		case CC_COND_WORDS:
			return words_words(env, test, wanted, zh);
		case CC_COND_RANGE:
			return range_words(env, policy, test, wanted, zh);
		case CC_COND_BAND:
			return bands_words(env, policy, test, wanted, zh);
		default:
			return yes ? (zh ? "是" : "true") : (zh ? "否" : "false");
	}
}

const char *
cc_condition_words(CcEnv *env, const CcPolicy *policy, const CcCondition *condition, bool zh)
{
	const char *list = "";
	int			i;

	if (condition->kind == CC_COND_NOT)
		return cc_printf(env, zh ? "不是（%s）" : "not (%s)", cc_condition_words(env, policy, condition->parts[0], zh));
	if (condition->kind != CC_COND_ALL && condition->kind != CC_COND_ANY)
		return cc_printf(env, zh ? "%s%s" : "%s %s", cc_term_words(env, policy, condition->term, condition->index, zh),
						 cc_test_words(env, policy, condition, true, zh));
	for (i = 0; i < condition->n; i++)
		list = join(env, list, condition->kind == CC_COND_ALL ? (zh ? "，且" : " and ") : (zh ? "，或" : " or "),
					cc_condition_words(env, policy, condition->parts[i], zh));
	return condition->kind == CC_COND_ANY && condition->n > 1 ? cc_printf(env, zh ? "（%s）" : "(%s)", list) : list;
}

/* ---- windows ---- */

static const char *
period_words(CcEnv *env, CcPeriod period, bool zh)
{
	if (period.unit == CC_UNIT_DAYS)
		return cc_printf(env, zh ? "%d日" : period.n == 1 ? "%d day" : "%d days", period.n);
	if (period.n % 12 == 0)
		return cc_printf(env, zh ? "%d年" : period.n == 12 ? "%d year" : "%d years", period.n / 12);
	return cc_printf(env, zh ? "%d个月" : period.n == 1 ? "%d month" : "%d months", period.n);
}

static const char *
unit_words(const CcPolicy *policy, CcDay origin, int months, bool zh)
{
	if (policy->has_cycle && origin == policy->cycle_from && months == policy->cycle_months)
		return zh ? "评价周期" : "cycle";
	switch (months)
	{
		case 12:
			return zh ? "自然年" : "year";
		case 6:
			return zh ? "半年" : "half year";
		case 3:
			return zh ? "季度" : "quarter";
		default:
			return zh ? "自然月" : "month";
	}
}

static const char *
terms_words(CcEnv *env, const CcTerm *terms, int n, const char *between, bool zh)
{
	const char *list = "";
	int			i;

	for (i = 0; i < n; i++)
		list = join(env, list, between, zh ? cc_vocabulary[terms[i]].label : cc_vocabulary[terms[i]].name);
	return list;
}

/* Until when a record counts. */
static const char *
span_words(CcEnv *env, const CcPolicy *policy, const CcWindow *window, bool zh)
{
	const char *free = !window->corresponding_day_free ? "" : zh ? "（对应日不计）" : " (the corresponding day not counted)";
	const char *unit;
	const char *term;

	switch (window->span)
	{
		case CC_SPAN_ALWAYS:
			return zh ? "不设期限" : "without end";
		case CC_SPAN_PERIOD:
			return cc_printf(env, zh ? "计%s%s" : "for %s%s", period_words(env, window->period, zh), free);
		case CC_SPAN_UNIT:
			unit = unit_words(policy, window->unit_origin, window->unit_months, zh);
			if (window->unit_back == 0)
				return cc_printf(env, zh ? "至所在%s的末日" : "through the last day of its %s", unit);
			return cc_printf(env, zh ? "计入其后第%d个%s" : "in unit %d after its own (%s)", window->unit_back, unit);
		default:
			term = terms_words(env, &window->term, 1, "", zh);
			if (window->unlimited_else)
				return cc_printf(env, zh ? "至%s，不明的不设期限" : "through %s, without end if unknown", term);
			if (window->period.unit != CC_UNIT_NONE)
				return cc_printf(env, zh ? "至%s，不明的计%s%s" : "through %s, if unknown for %s%s", term,
								 period_words(env, window->period, zh), free);
			return cc_printf(env, zh ? "至%s" : "through %s", term);
	}
}

/* From which day and how long a record counts in the item. */
const char *
cc_window_words(CcEnv *env, const CcPolicy *policy, const CcItem *item, bool zh)
{
	const CcWindow *window = &item->window;
	const char *text = cc_printf(env, zh ? "以%s" : "from %s", terms_words(env, window->from, 1, "", zh));

	if (window->n_from > 1)
		text = cc_printf(env, zh ? "%s（不明的，依次为%s）" : "%s (if unknown %s)", text,
						 terms_words(env, window->from + 1, window->n_from - 1, zh ? "、" : ", else ", zh));
	if (zh)
		text = cc_printf(env, "%s为起算日", text);
	if (window->delay.unit != CC_UNIT_NONE)
		text = cc_printf(env, zh ? "%s，满%s起计" : "%s + %s", text, period_words(env, window->delay, zh));
	text = cc_printf(env, zh ? "%s，%s" : "%s, %s", text, span_words(env, policy, window, zh));
	if (window->not_before != CC_TERM_NONE)
		text = cc_printf(env, zh ? "%s，至少至%s" : "%s, at least through %s", text, terms_words(env, &window->not_before, 1, "", zh));
	if (window->n_ends_on > 0)
		text = cc_printf(env, zh ? "%s，自%s起不再计" : "%s, not on or after %s", text,
						 terms_words(env, window->ends_on, window->n_ends_on, zh ? "、" : ", ", zh));
	if (!item->repaired_counts)
		text = cc_printf(env, zh ? "%s，自修复之日起不再计" : "%s, not on or after a repair", text);
	return text;
}
