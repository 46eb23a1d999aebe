/*
 * policy.h -- a measure as read, checked and compiled
 *
 * The shape is that of rules/README.md. A compiled policy is immutable, holds no pointers into the text it came from
 * and is all the evaluator sees.
 */
#ifndef CC_POLICY_H
#define CC_POLICY_H

#include "core.h"

#define CC_MAX_POLICY_BYTES	(256 * 1024)
#define CC_MAX_DEPTH		32
#define CC_MAX_ENTRIES		1000	/* of one list or mapping */
#define CC_MAX_FINDINGS		200
#define CC_MAX_ITEMS		200
#define CC_MAX_BANDS		30
#define CC_MAX_RULES		31		/* of vetoes and of lists: outcomes keep them as bits */
#define CC_MAX_STATES		100
#define CC_MAX_POINTS		(1000000 * CC_ONE)	/* times the largest quantity of a record: still exact */

/* ---- vocabulary ---- */
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
	CC_TERM_SUBJECT_KIND,
	/* numbers of a record */
	CC_TERM_AMOUNT,
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
	CC_TERM_BAND,
	CC_TERM_NONE
} CcTerm;

#define CC_TEXT_TERMS	(CC_TERM_SUBJECT_KIND + 1)
#define CC_NUMBER_TERMS	(CC_TERM_QUANTITY - CC_TERM_AMOUNT + 1)
#define CC_DAY_TERMS	(CC_TERM_RECORDED_ON - CC_TERM_ACT_ON + 1)
#define CC_IS_TEXT(term)	((term) < CC_TEXT_TERMS)
#define CC_IS_NUMBER(term)	((term) >= CC_TERM_AMOUNT && (term) <= CC_TERM_QUANTITY)
#define CC_IS_DAY(term)		((term) >= CC_TERM_ACT_ON && (term) <= CC_TERM_RECORDED_ON)

typedef struct CcVocabulary
{
	const char *name;			/* the term as written */
	const char *label;			/* as told to a clerk */
	const char *const *words;	/* closed vocabulary, lowest first; NULL = open text, number or day */
	bool		ordered;
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
	CC_COND_RANGE,				/* number, day, score, sum or count in low..high */
	CC_COND_BAND				/* band in the set of bits */
} CcConditionKind;

typedef struct CcCondition
{
	CcConditionKind kind;
	CcTerm		term;
	int			index;			/* item, or CC_MAX_ITEMS + component, of sum and count */
	int			n;				/* parts or texts */
	struct CcCondition **parts;
	CcText	   *texts;
	bool	   *prefix;			/* texts that need only be a beginning */
	uint64_t	words;
	int64_t		low;
	int64_t		high;
} CcCondition;

/* ---- rules ---- */
typedef struct CcCite
{
	const char *source;			/* title and number of the document */
	const char *article;
	const char *rank;
} CcCite;

typedef struct CcSurcharge
{
	const char *id;
	CcCondition *when;
	int64_t		points;
	CcCite		cite;
} CcSurcharge;

typedef enum CcPointsKind
{
	CC_POINTS_NONE,
	CC_POINTS_EACH,
	CC_POINTS_CASES,
	CC_POINTS_AWARDED,
	CC_POINTS_PER_UNIT
} CcPointsKind;

typedef struct CcPoints
{
	CcPointsKind kind;
	int64_t		each;			/* also per unit */
	int			n_cases;
	CcCondition **case_when;
	int64_t    *case_points;
	bool		has_otherwise;
	int64_t		otherwise;
	int64_t		awarded_from;
	int64_t		awarded_to;
	int64_t		awarded_step;	/* smallest step by score.decimals */
	int			n_surcharges;
	CcSurcharge *surcharges;
	int64_t		record_floor;
	int64_t		record_cap;
} CcPoints;

typedef enum CcSpan
{
	CC_SPAN_ALWAYS,
	CC_SPAN_PERIOD,
	CC_SPAN_UNIT,				/* calendar unit or cycle */
	CC_SPAN_TERM
} CcSpan;

typedef struct CcWindow
{
	int			n_from;
	CcTerm		from[CC_DAY_TERMS];
	CcPeriod	delay;
	CcSpan		span;
	CcPeriod	period;			/* of CC_SPAN_PERIOD; of CC_SPAN_TERM: else */
	CcDay		unit_origin;
	int			unit_months;
	bool		unit_last;		/* counts in the unit after the anchor's */
	CcTerm		term;
	bool		unlimited_else;	/* CC_SPAN_TERM: no last day when the term is unknown (enrolment) */
	bool		corresponding_day_free;
	CcTerm		not_before;
	int			n_ends_on;
	CcTerm		ends_on[CC_DAY_TERMS];
} CcWindow;

typedef struct CcItem
{
	const char *id;
	const char *name;
	int			component;		/* -1 = none */
	CcCondition *match;
	CcPoints	points;
	int64_t		floor;
	int64_t		cap;
	CcWindow	window;
	bool		repaired_counts;
	CcCite		cite;
} CcItem;

typedef struct CcComponent
{
	const char *id;
	const char *name;
	int64_t		base;
	int64_t		floor;
	int64_t		cap;
} CcComponent;

typedef struct CcBand
{
	const char *id;
	const char *name;
	CcCondition *when;
	int			grade;			/* credit grade 1 (E) to 5 (A); 0 = none */
} CcBand;

/* A state, ceiling, veto or list: a condition and what follows from it. */
typedef struct CcRule
{
	const char *id;
	const char *name;
	CcCondition *when;
	int			band;			/* -1 = none */
	CcPeriod	hold;			/* vetoes */
	const char *list;			/* lists: red, black, watch, focus */
	CcPeriod	term;			/* lists */
	CcCite		basis;			/* lists */
	CcCite		cite;
} CcRule;

typedef enum CcChoice
{
	CC_CHOOSE_REFER,
	CC_CHOOSE_BEST,
	CC_CHOOSE_WORST
} CcChoice;

typedef struct CcPolicy
{
	const char *id;
	const char *title;
	const char *version;
	const char *issuer;
	bool		example;
	CcDay		in_force_from;
	CcDay		in_force_until; /* last day; CC_DAY_LAST = without end */
	uint32_t	inputs;			/* bits of the ranks of kind */
	uint32_t	subject_kinds;	/* bits; 0 = all */
	bool		has_cycle;
	CcDay		cycle_from;
	int			cycle_months;

	bool		has_score;
	int64_t		base;
	int64_t		floor;
	int64_t		cap;
	int			decimals;
	CcRounding	rounding;

	int			n_components;
	CcComponent *components;
	int			n_items;		/* item 0 is "enrolled" */
	CcItem	   *items;
	int			n_states;
	CcRule	   *states;
	CcChoice	choose;
	int			gap;			/* band for what no band covers; -1 = refer */
	CcCite		bands_cite;
	int			n_bands;		/* best first */
	CcBand	   *bands;
	int			n_ceilings;
	CcRule	   *ceilings;
	int			n_vetoes;
	CcRule	   *vetoes;
	int			n_lists;
	CcRule	   *lists;
	int			hold_days;		/* upper bound of all holds, in days */
} CcPolicy;

/* ---- reading and checking ---- */
typedef enum CcNodeKind
{
	CC_NODE_SCALAR,
	CC_NODE_SEQUENCE,
	CC_NODE_MAPPING
} CcNodeKind;

typedef struct CcNode
{
	CcNodeKind	kind;
	int			line;			/* from 1 */
	int			column;			/* from 1, in characters */
	char	   *text;			/* scalar, NUL-terminated */
	int			len;
	bool		quoted;
	int			n;
	int			room;
	struct CcNode **keys;		/* mapping: scalars */
	struct CcNode **items;
	struct CcNode *parent;
	int			place;			/* index in the parent */
} CcNode;

typedef struct CcFinding
{
	const char *code;
	int			line;
	int			column;
	const char *path;
	const char *message;
	const char *hint;
	struct CcFinding *next;
} CcFinding;

typedef struct CcFindings
{
	CcEnv	   *env;
	int			n;				/* all; at most CC_MAX_FINDINGS are kept */
	CcFinding  *first;
	CcFinding **last;
} CcFindings;

extern void cc_findings_init(CcFindings *findings, CcEnv *env);
extern void cc_finding(CcFindings *findings, const CcNode *node, const char *code, const char *hint, const char *format,...)
			__attribute__((format(printf, 5, 6)));
extern char *cc_copy(CcEnv *env, const char *str, int len);
extern char *cc_printf(CcEnv *env, const char *format,...) __attribute__((format(printf, 2, 3)));
extern const CcNode *cc_get(const CcNode *mapping, const char *key);

/* The libyaml parser outlives a failure of the environment; the caller closes it whatever happened. */
typedef struct CcReader CcReader;
extern CcReader *cc_reader_open(CcEnv *env);
extern const CcNode *cc_reader_read(CcReader *reader, const char *text, size_t len, CcFindings *findings);
extern void cc_reader_close(CcReader *reader);

extern CcPolicy *cc_policy_compile(CcEnv *env, const CcNode *root, CcFindings *findings);
extern void cc_policy_check(const CcPolicy *policy, const CcNode *root, CcFindings *findings);

#endif							/* CC_POLICY_H */
