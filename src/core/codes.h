/*
 * codes.h -- codes of subjects: unified social credit code, random code of a
 * natural person, and the ID card number that must not be mistaken for either
 */
#ifndef CC_CODES_H
#define CC_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* characters of a code, bytes of its packed form */
#define CC_CODE_LENGTH 18
#define CC_CODE_BYTES 16

/* characters a code is written in; their order is their value and ASCII order */
#define CC_CODE_ALPHABET "0123456789ABCDEFGHJKLMNPQRTUWXY"
#define CC_CODE_BASE 31

/* random characters of a natural person's code: all but the P and the check */
#define CC_PERSON_RANDOM_LENGTH 16

/* room for the text of cc_code_explain() */
#define CC_EXPLANATION_SIZE 256

/* 18 characters of 5 bits from the most significant bit on, 38 bits of zero */
typedef struct CcCode
{
	uint8_t		bytes[CC_CODE_BYTES];
} CcCode;

typedef enum CcCodeKind
{
	CC_CODE_ORGANISATION,		/* unified social credit code */
	CC_CODE_PERSON,				/* random code, begins with P */
	CC_CODE_RESERVED			/* all zero: decisions on policies */
} CcCodeKind;

typedef enum CcSubjectKind
{
	CC_SUBJECT_NONE,			/* the reserved code is nobody's */
	CC_SUBJECT_LEGAL_PERSON,
	CC_SUBJECT_OTHER_ORGANISATION,
	CC_SUBJECT_INDIVIDUAL_BUSINESS,
	CC_SUBJECT_NATURAL_PERSON,
	CC_SUBJECT_GOVERNMENT_BODY
} CcSubjectKind;

typedef enum CcCodeProblem
{
	CC_CODE_OK,
	CC_CODE_BAD_LENGTH,			/* length */
	CC_CODE_BAD_CHARACTER,		/* position */
	CC_CODE_BAD_TAIL,			/* packed form only */
	CC_CODE_BAD_AUTHORITY,
	CC_CODE_BAD_DIVISION,		/* position */
	CC_CODE_BAD_CHECK,			/* expected */
	CC_CODE_BAD_ORGANISATION_CHECK, /* expected */
	CC_CODE_IS_ID_CARD,
	CC_CODE_IS_PERSON,			/* where only a USCC will do */
	CC_CODE_IS_RESERVED,		/* where only a USCC will do */
	CC_ID_BAD_LENGTH,			/* length */
	CC_ID_BAD_CHARACTER,		/* position */
	CC_ID_BAD_DATE,
	CC_ID_BAD_CHECK				/* expected */
} CcCodeProblem;

typedef enum CcLanguage
{
	CC_CHINESE,
	CC_ENGLISH
} CcLanguage;

/* what a check found out; the comment of the problem names the field it sets */
typedef struct CcCodeCheck
{
	CcCodeProblem problem;
	CcCodeKind	kind;			/* only when there is no problem */
	int			position;		/* counted from 1 */
	int			length;			/* in characters */
	char		expected;
} CcCodeCheck;

/* parses the text of any subject's code */
extern bool cc_code_parse(const char *text, size_t length, CcCode *code,
						  CcCodeCheck *check);
/* the same, but only a unified social credit code will do */
extern bool cc_uscc_parse(const char *text, size_t length, CcCode *code,
						  CcCodeCheck *check);
/* validates 16 bytes that claim to be a code */
extern bool cc_code_validate(const CcCode *code, CcCodeCheck *check);
/* writes the 18 characters and a terminating zero */
extern void cc_code_text(const CcCode *code, char *text);
/* makes a natural person's code of 16 values below CC_CODE_BASE */
extern void cc_code_make_person(const uint8_t *values, CcCode *code);

/* what the code tells of its subject */
extern CcSubjectKind cc_code_subject_kind(const CcCode *code);
extern const char *cc_subject_kind_name(CcSubjectKind kind);
extern CcCodeKind cc_code_kind(const CcCode *code);

/* checks an ID card number */
extern bool cc_id_card_check(const char *text, size_t length, CcCodeCheck *check);
/* copies text, asterisks over what may be an ID card number; needs length + 1 */
extern void cc_mask_id_cards(const char *text, size_t length, char *masked);

/* says in one sentence what is wrong; size should be CC_EXPLANATION_SIZE */
extern void cc_code_explain(const CcCodeCheck *check, CcLanguage language,
							char *buffer, size_t size);

#endif							/* CC_CODES_H */
