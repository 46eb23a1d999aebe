/*
 * node.h -- a policy file as a tree, and what is found wrong with it
 */
#ifndef CC_NODE_H
#define CC_NODE_H

#include "core.h"

#define CC_MAX_POLICY_BYTES	(256 * 1024)
#define CC_MAX_DEPTH		32
#define CC_MAX_ENTRIES		1000	/* of one list or mapping */
#define CC_MAX_FINDINGS		200

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
	bool		warning;		/* the policy can be used all the same */
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
	int			n;				/* all errors; at most CC_MAX_FINDINGS are kept */
	int			n_warnings;
	CcFinding  *first;
	CcFinding **last;
} CcFindings;

extern void cc_findings_init(CcFindings *findings, CcEnv *env);
extern void cc_finding(CcFindings *findings, const CcNode *node, const char *code, const char *hint, const char *format,...)
			__attribute__((format(printf, 5, 6)));
extern void cc_warning(CcFindings *findings, const CcNode *node, const char *code, const char *hint, const char *format,...)
			__attribute__((format(printf, 5, 6)));
extern const CcFinding *cc_first_error(const CcFindings *findings);
extern char *cc_copy(CcEnv *env, const char *str, int len);
extern char *cc_printf(CcEnv *env, const char *format,...) __attribute__((format(printf, 2, 3)));
extern const CcNode *cc_get(const CcNode *mapping, const char *key);

/* The libyaml parser outlives a failure of the environment; the caller closes it whatever happened. */
typedef struct CcReader CcReader;
extern CcReader *cc_reader_open(CcEnv *env);
extern const CcNode *cc_reader_read(CcReader *reader, const char *text, size_t len, CcFindings *findings);
extern void cc_reader_close(CcReader *reader);

#endif							/* CC_NODE_H */
