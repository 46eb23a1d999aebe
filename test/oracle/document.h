/*
 * document.h -- the YAML document of the policy, and the parts that stand in many places of it
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include "policy.h"

/* Reads a file and gives its root; the document stays. */
extern yaml_node_t *open_document(const char *path);

extern yaml_node_t *node_of(int id);
extern yaml_node_t *find(yaml_node_t *map, const char *key);	/* NULL when it is not there */
extern yaml_node_t *need(yaml_node_t *map, const char *key);
extern const char *text_of(yaml_node_t *node);
extern int	length_of(yaml_node_t *node);	/* of no list: 1; of nothing: 0 */
extern yaml_node_t *element(yaml_node_t *node, int i);

extern Limits read_limits(yaml_node_t *map, const char *floor, const char *cap);
extern Span read_span(yaml_node_t *map);
extern TermList read_terms(yaml_node_t *node);

/* conditions, and the names of rules */
#define FIND(array, n, id)	index_of(array, n, sizeof((array)[0]), id)
extern int	index_of(const void *array, int n, size_t size, const char *id);
extern int	find_band(const char *id);
extern int	need_item(const char *id);
extern Term outcome_term(const char *name);
extern Cond *read_test(Term term, yaml_node_t *test);
extern Cond *read_cond(yaml_node_t *map, bool of_record);
extern Cond *read_when(yaml_node_t *map, const char *key);

#endif							/* DOCUMENT_H */
