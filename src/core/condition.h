/*
 * condition.h -- the vocabulary of measures, and conditions over it
 */
#ifndef CC_CONDITION_H
#define CC_CONDITION_H

#include "core.h"

typedef enum CcTerm
{
	/* text terms of a record, the first CC_TEXT_TERMS */
	CC_TERM_KIND,
	CC_TERM_BEHAVIOUR,
	CC_TERM_FIELD,
	CC_TERM_AUTHORITY,
	CC_TERM_DISTRICT,
	CC_TERM_SOURCE,
	CC_TERM_STATE,
	CC_TERM_PROCEDURE,
	CC_TERM_PENALTY_KIND,
	CC_TERM_SEVERITY,
	CC_TERM_RESPONSIBILITY,
	CC_TERM_INTENT,
	CC_TERM_DOCUMENT,
	CC_TERM_UNIT,
	CC_TERM_WHOSE,				/* own, or the role of the linked subject whose record it is */
	CC_TERM_POLICY,				/* of a reading, as the next four */
	CC_TERM_CYCLE,
	CC_TERM_LIST,
	CC_TERM_READ_BAND,			/* written "band": of a reading, where the condition is over a record */
	CC_TERM_GRADE,
	CC_TERM_SUBJECT_KIND,
	/* numbers of a record */
	CC_TERM_AMOUNT,
	CC_TERM_FINE,
	CC_TERM_POINTS,
	CC_TERM_QUANTITY,
	/* days of a record */
	CC_TERM_ACT_ON,
	CC_TERM_ACT_ENDED_ON,
	CC_TERM_DECIDED_ON,
	CC_TERM_SERVED_ON,
	CC_TERM_VALID_FROM,
	CC_TERM_VALID_UNTIL,
	CC_TERM_PUBLICITY_UNTIL,
	CC_TERM_CORRECTED_ON,
	CC_TERM_REPAIRED_ON,
	CC_TERM_RECORDED_ON,
	/* terms of an outcome */
	CC_TERM_SCORE,
	CC_TERM_SUM,
	CC_TERM_COUNT,
	CC_TERM_RUN,
	CC_TERM_COVERED,
	CC_TERM_COVERED_LAST,
	CC_TERM_COUNTER,
	CC_TERM_RESETS,
	CC_TERM_FIRED,
	CC_TERM_FIRES,
	CC_TERM_VALUE,
	CC_TERM_RANK,
	CC_TERM_GROUP,
	CC_TERM_BAND,
	CC_TERM_NONE
} CcTerm;

#define CC_TEXT_TERMS	(CC_TERM_SUBJECT_KIND + 1)
#define CC_NUMBER_TERMS	(CC_TERM_QUANTITY - CC_TERM_AMOUNT + 1)
#define CC_DAY_TERMS	(CC_TERM_RECORDED_ON - CC_TERM_ACT_ON + 1)
#define CC_IS_TEXT(term)	((term) < CC_TEXT_TERMS)
#define CC_IS_NUMBER(term)	((term) >= CC_TERM_AMOUNT && (term) <= CC_TERM_QUANTITY)
#define CC_IS_MONEY(term)	((term) == CC_TERM_AMOUNT || (term) == CC_TERM_FINE)
#define CC_IS_DAY(term)		((term) >= CC_TERM_ACT_ON && (term) <= CC_TERM_RECORDED_ON)

/* Ranks of the word of CC_TERM_KIND that the evaluator asks for. */
enum
{
	CC_KIND_RESULT = 8,
	CC_KIND_RATING,
	CC_KIND_LISTING,
	CC_KINDS
};
#define CC_READING_KINDS	(1u << CC_KIND_RESULT | 1u << CC_KIND_RATING | 1u << CC_KIND_LISTING)

#define CC_WHOSE_OWN		0	/* rank of the word own of CC_TERM_WHOSE */
#define CC_RANK_UNKNOWN		(-1)	/* no value */
#define CC_RANK_NO_WORD		(-2)	/* a value that is no word of the vocabulary */

typedef struct CcVocabulary
{
	const char *name;			/* the term as written */
	const char *label;			/* as told to a clerk */
	const char *const *words;	/* closed vocabulary, lowest first; NULL = open text, number or day */
	bool		ordered;
	const char *const *word_labels; /* of the words, as told to a clerk */
} CcVocabulary;

extern const CcVocabulary cc_vocabulary[CC_TERM_NONE];
extern CcTerm cc_term_find(const char *name);
extern int	cc_word_rank(CcTerm term, const char *str, int len);

/* ---- conditions ---- */
typedef enum CcConditionKind
{
	CC_COND_ALL,
	CC_COND_ANY,
	CC_COND_NOT,
	CC_COND_KNOWN,				/* the term has a value (or, with low = 0, has none) */
	CC_COND_TEXT,				/* one of texts */
	CC_COND_WORDS,				/* closed vocabulary: rank in the set of bits */
	CC_COND_RANGE,				/* a number, a day or a numeric term of the outcome in low..high */
	CC_COND_BAND,				/* band of the outcome in the set of bits */
	CC_COND_TRUTH				/* covered, covered_last, group: is what low says, 1 or 0 */
} CcConditionKind;

typedef struct CcCondition
{
	CcConditionKind kind;
	CcTerm		term;
	int			index;			/* of what the term names after its dot; sum: item, or CC_MAX_ITEMS + component */
	int			n;				/* parts or texts */
	struct CcCondition **parts;
	CcText	   *texts;
	bool	   *prefix;			/* texts that need only be a beginning */
	uint64_t	words;
	int64_t		low;
	int64_t		high;
} CcCondition;

#endif							/* CC_CONDITION_H */
