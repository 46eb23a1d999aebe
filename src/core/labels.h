/*
 * labels.h -- types whose values are a few labels: grade, states of a commitment
 * and of a repair
 */
#ifndef CC_LABELS_H
#define CC_LABELS_H

#include <stddef.h>
#include <stdint.h>

/* one value; its number is stored, so it is never changed and never used again */
typedef struct CcLabel
{
	int16_t		value;
	const char *code;			/* text form, ASCII */
	const char *zh;
	const char *en;
} CcLabel;

/* one type; labels[i] has value i + 1 */
typedef struct CcLabelType
{
	const char *name;
	int			count;
	const CcLabel *labels;
} CcLabelType;

typedef enum CcGrade
{
	CC_GRADE_E = 1,
	CC_GRADE_D,
	CC_GRADE_C,
	CC_GRADE_B,
	CC_GRADE_A
} CcGrade;

typedef enum CcCommitmentState
{
	CC_COMMITMENT_INFORMED = 1,
	CC_COMMITMENT_SIGNED,
	CC_COMMITMENT_DECIDED,
	CC_COMMITMENT_VERIFYING,
	CC_COMMITMENT_FULFILLED,
	CC_COMMITMENT_RECTIFYING,
	CC_COMMITMENT_BREACHED,
	CC_COMMITMENT_REVOKED,
	CC_COMMITMENT_WITHDRAWN,
	CC_COMMITMENT_PUBLISHED
} CcCommitmentState;

typedef enum CcRepairStatus
{
	CC_REPAIR_APPLIED = 1,
	CC_REPAIR_SUPPLEMENT,
	CC_REPAIR_ACCEPTED,
	CC_REPAIR_REFUSED,
	CC_REPAIR_PUBLICISED,
	CC_REPAIR_REPAIRED,
	CC_REPAIR_REJECTED,
	CC_REPAIR_WITHDRAWN,
	CC_REPAIR_REVOKED,
	CC_REPAIR_REVOKING,
	CC_REPAIR_APPEALED,
	CC_REPAIR_CONFIRMED
} CcRepairStatus;

extern const CcLabelType cc_credit_grade;
extern const CcLabelType cc_commitment_state;
extern const CcLabelType cc_repair_status;

/* the label of a value, NULL if there is none */
extern const CcLabel *cc_label_of_value(const CcLabelType *type, int value);
/* the label with this code or Chinese label, NULL if there is none */
extern const CcLabel *cc_label_of_text(const CcLabelType *type, const char *text,
									   size_t length);

#endif							/* CC_LABELS_H */
