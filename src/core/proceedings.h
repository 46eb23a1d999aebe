/*
 * proceedings.h -- kinds of proceedings: their states, and the steps between them
 *
 * A step says who may take it and what it needs. Persons, days and documents are the registry's business
 * (sql/registry/15_proceeding.sql); here is only what the law's order of steps says.
 */
#ifndef CC_PROCEEDINGS_H
#define CC_PROCEEDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "labels.h"

/* in which capacity a step may be taken */
#define CC_BY_APPLICANT		0x01	/* whoever began the proceeding */
#define CC_BY_SUBJECT		0x02	/* whom it is about */
#define CC_BY_DEPARTMENT	0x04	/* an officer of the competent department */
#define CC_BY_DECIDER		0x08	/* who decides there */
#define CC_BY_ANYONE		0x10
#define CC_BY_SYSTEM		0x20	/* the course of time, or a step of another proceeding */
#define CC_CAPACITIES		6

/* what a step needs or is */
#define CC_REASONS			0x01	/* reasons are given */
#define CC_SERVICE			0x02	/* it is served: day, way, document */
#define CC_SECOND_PERSON	0x04	/* not by who opened, applied, objected or proposed */
#define CC_OTHER_DECIDER	0x08	/* not by who decided in this proceeding before */
#define CC_DECIDES			0x10	/* is a decision, for CC_OTHER_DECIDER of later steps */
#define CC_PROPOSES			0x20	/* is a proposal, for CC_SECOND_PERSON of later steps */
#define CC_ON_APPEAL		0x40	/* competent is the department appealed to */

/* what the end of a period does by itself */
typedef enum CcOverdue
{
	CC_OVERDUE_NONE,
	CC_OVERDUE_LAPSE,			/* always: a term has run, a subject let its term pass */
	CC_OVERDUE_GRANTED,			/* the authority was silent: granted, where the policy says so */
	CC_OVERDUE_REFER			/* the authority was silent: referred upwards, where the policy says so */
} CcOverdue;

/* Names in lists are separated by blanks; NULL is an empty list. */
typedef struct CcStep
{
	int16_t		from;			/* 0: it opens the proceeding */
	int16_t		to;
	const char *event;
	const char *zh;
	unsigned	who;
	unsigned	needs;
	const char *evidence;		/* kinds of documents that have to be there */
	const char *sets;			/* periods that begin with it; "name?" only where the proceeding has a term for it */
	const char *after;			/* periods that must be over */
	const char *within;			/* period that must not be over */
	CcOverdue	overdue;
} CcStep;

typedef struct CcProceeding
{
	const char *code;
	const char *zh;
	const char *en;
	const CcLabelType *states;
	uint32_t	closed;			/* bit 1 << value: the state is an outcome, another proceeding may begin */
	int			count;
	const CcStep *steps;
} CcProceeding;

extern const CcProceeding cc_commitment_proceeding;
extern const CcProceeding cc_repair_proceeding;

/* every kind, ended by NULL */
extern const CcProceeding *const cc_proceedings[];

/* codes of capacities, by bit, and of what the end of a period does */
extern const char *const cc_capacity_codes[CC_CAPACITIES];
extern const char *cc_overdue_code(CcOverdue overdue);

/* the kind of this code, NULL if there is none */
extern const CcProceeding *cc_proceeding_of_code(const char *code);
/* whether a state is an outcome */
extern bool cc_state_closed(const CcProceeding *kind, int state);
/* the step that an event is in a state (0: opens), NULL if it is not legal */
extern const CcStep *cc_find_step(const CcProceeding *kind, int from, const char *event);
/* the first step from one state to another, NULL if there is none */
extern const CcStep *cc_find_move(const CcProceeding *kind, int from, int to);

#endif							/* CC_PROCEEDINGS_H */
