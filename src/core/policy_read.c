/*
 * policy_read.c -- a policy's text to a tree of nodes with their places
 *
 * libyaml does the parsing. What it lets pass and a policy must not contain is refused here: aliases and anchors, tags,
 * duplicate keys, a second document, other encodings, a byte order mark, NUL, line breaks that an editor doesn't show,
 * depth and size without limit. The meaning of keys is not looked at.
 */
#include "policy.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct CcReader
{
	CcEnv	   *env;
	CcFindings *findings;
	yaml_parser_t parser;
	yaml_event_t event;
	bool		has_event;
	int			depth;
	const char *text;
	size_t		len;
};

void
cc_findings_init(CcFindings *findings, CcEnv *env)
{
	memset(findings, 0, sizeof(*findings));
	findings->env = env;
	findings->last = &findings->first;
}

/* Copies text into the environment's memory, with a NUL at its end. */
char *
cc_copy(CcEnv *env, const char *str, int len)
{
	char	   *copy = env->alloc(env, (size_t) len + 1);

	memcpy(copy, str, len);
	return copy;
}

static char *format_copy(CcEnv *env, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

static char *
format_copy(CcEnv *env, const char *format, va_list args)
{
	char		buf[2048];
	int			len = vsnprintf(buf, sizeof(buf), format, args);

	if (len >= (int) sizeof(buf))
	{
		/* cut before a character, never inside one */
		len = (int) sizeof(buf) - 1;
		while (len > 0 && ((unsigned char) buf[len] & 0xC0) == 0x80)
			len--;
	}
	return cc_copy(env, buf, len < 0 ? 0 : len);
}

/* printf into the environment's memory; at most 2047 bytes. */
char *
cc_printf(CcEnv *env, const char *format,...)
{
	va_list		args;
	char	   *result;

	va_start(args, format);
	result = format_copy(env, format, args);
	va_end(args);
	return result;
}

/* The way to a node from the root, as in items[2].points. */
static const char *
node_path(CcEnv *env, const CcNode *node)
{
	const char *above;

	if (node == NULL || node->parent == NULL)
		return "";
	above = node_path(env, node->parent);
	if (node->parent->kind == CC_NODE_SEQUENCE)
		return cc_printf(env, "%.400s[%d]", above, node->place);
	/* a key stands for itself: it may not be in the mapping yet */
	return cc_printf(env, "%.400s%s%.80s", above, above[0] ? "." : "",
					 node->place < 0 ? node->text : node->parent->keys[node->place]->text);
}

/* NULL once there are too many. */
static CcFinding *
add_finding(CcFindings *findings, const CcNode *node, const char *code, const char *hint)
{
	CcFinding  *finding;

	if (findings->n + findings->n_warnings > CC_MAX_FINDINGS)
		return NULL;
	finding = findings->env->alloc(findings->env, sizeof(CcFinding));
	finding->code = code;
	finding->line = node ? node->line : 1;
	finding->column = node ? node->column : 1;
	finding->path = node_path(findings->env, node);
	finding->hint = hint;
	*findings->last = finding;
	findings->last = &finding->next;
	return finding;
}

/* Adds a finding at a node; without a node, at the beginning. */
void
cc_finding(CcFindings *findings, const CcNode *node, const char *code, const char *hint, const char *format,...)
{
	CcFinding  *finding;
	va_list		args;

	findings->n++;
	if ((finding = add_finding(findings, node, code, hint)) == NULL)
		return;
	va_start(args, format);
	finding->message = format_copy(findings->env, format, args);
	va_end(args);
}

/* Adds a finding that does not keep the policy from being used. */
void
cc_warning(CcFindings *findings, const CcNode *node, const char *code, const char *hint, const char *format,...)
{
	CcFinding  *finding;
	va_list		args;

	findings->n_warnings++;
	if ((finding = add_finding(findings, node, code, hint)) == NULL)
		return;
	finding->warning = true;
	va_start(args, format);
	finding->message = format_copy(findings->env, format, args);
	va_end(args);
}

/* The first finding that keeps the policy from being used; NULL if there is none. */
const CcFinding *
cc_first_error(const CcFindings *findings)
{
	const CcFinding *finding;

	for (finding = findings->first; finding != NULL; finding = finding->next)
		if (!finding->warning)
			return finding;
	return NULL;
}

/* The value of a key; NULL if the mapping has no such key, or is none. */
const CcNode *
cc_get(const CcNode *mapping, const char *key)
{
	int			i;

	if (mapping == NULL || mapping->kind != CC_NODE_MAPPING)
		return NULL;
	for (i = 0; i < mapping->n; i++)
		if (strcmp(mapping->keys[i]->text, key) == 0)
			return mapping->items[i];
	return NULL;
}

/* Opens a reader; only cc_reader_close() gives back what libyaml holds. */
CcReader *
cc_reader_open(CcEnv *env)
{
	CcReader   *reader = env->alloc(env, sizeof(CcReader));

	reader->env = env;
	return reader;
}

void
cc_reader_close(CcReader *reader)
{
	if (reader->has_event)
		yaml_event_delete(&reader->event);
	reader->has_event = false;
	yaml_parser_delete(&reader->parser);
	memset(&reader->parser, 0, sizeof(reader->parser));
}

static void
finding_at(CcReader *reader, yaml_mark_t mark, const char *code, const char *hint, const char *message)
{
	CcNode		place;

	memset(&place, 0, sizeof(place));
	place.line = (int) mark.line + 1;
	place.column = (int) mark.column + 1;
	cc_finding(reader->findings, &place, code, hint, "%s", message);
}

/*
 * True if a line, from 0, contains a full-width colon: typed with a Chinese input method, it is the commonest reason
 * for a syntax error.
 */
static bool
has_full_width_colon(const CcReader *reader, size_t line)
{
	const char *p = reader->text;
	const char *end = reader->text + reader->len;

	for (; line > 0 && p < end; p++)
		line -= *p == '\n';
	for (; p + 2 < end && *p != '\n'; p++)
		if (memcmp(p, "：", 3) == 0)
			return true;
	return false;
}

/* Steps to the next event; false after a syntax error, which is then a finding. */
static bool
next_event(CcReader *reader)
{
	yaml_parser_t *parser = &reader->parser;

	if (reader->has_event)
		yaml_event_delete(&reader->event);
	reader->has_event = false;
	if (yaml_parser_parse(parser, &reader->event))
	{
		reader->has_event = true;
		return true;
	}
	if (has_full_width_colon(reader, parser->problem_mark.line) || has_full_width_colon(reader, parser->context_mark.line))
		finding_at(reader, parser->problem_mark, "full_width_punctuation", "Type the half-width colon followed by a space.",
				   "a full-width colon stands near this line");
	else
		finding_at(reader, parser->problem_mark, parser->error == YAML_READER_ERROR ? "not_utf8" : "syntax",
				   parser->error == YAML_READER_ERROR ? "Save the file as UTF-8 without control characters." :
				   "Check indentation, quotes, colons and tabs near this line.",
				   cc_printf(reader->env, "could not parse: %s%s%s", parser->context ? parser->context : "",
							 parser->context ? ": " : "", parser->problem ? parser->problem : "unknown problem"));
	return false;
}

static CcNode *
new_node(CcReader *reader, CcNodeKind kind, CcNode *parent)
{
	CcNode	   *node = reader->env->alloc(reader->env, sizeof(CcNode));

	node->kind = kind;
	node->line = (int) reader->event.start_mark.line + 1;
	node->column = (int) reader->event.start_mark.column + 1;
	node->parent = parent;
	node->place = parent ? parent->n : 0;
	return node;
}

/* Sets the key of the item that is read next: findings inside the item already name its path. */
static void
set_key(CcReader *reader, CcNode *parent, CcNode *key)
{
	if (parent->n == parent->room)
	{
		int			room = parent->room ? parent->room * 2 : 8;
		CcNode	  **items = reader->env->alloc(reader->env, sizeof(CcNode *) * room);
		CcNode	  **keys = reader->env->alloc(reader->env, sizeof(CcNode *) * room);

		if (parent->n > 0)
		{
			memcpy(items, parent->items, sizeof(CcNode *) * parent->n);
			memcpy(keys, parent->keys, sizeof(CcNode *) * parent->n);
		}
		parent->items = items;
		parent->keys = keys;
		parent->room = room;
	}
	parent->keys[parent->n] = key;
}

/*
 * The line, from 0, of a line break that editors don't show (U+0085, U+2028, U+2029); -1 if there is none. libyaml
 * takes them as breaks: they could inject keys.
 */
static int
hidden_break(const char *text, size_t len)
{
	int			line = 0;
	size_t		i;

	for (i = 0; i + 1 < len; i++)
	{
		const unsigned char *p = (const unsigned char *) text + i;

		line += p[0] == '\n';
		if (p[0] == 0xC2 && p[1] == 0x85)
			return line;
		if (i + 2 < len && p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9))
			return line;
	}
	return -1;
}

/* The anchor or tag that an event carries; neither has a place in a policy. */
static bool
refuse_anchor(CcReader *reader)
{
	yaml_event_t *event = &reader->event;
	bool		anchor = false;
	bool		tag = false;

	switch (event->type)
	{
		case YAML_ALIAS_EVENT:
			anchor = true;
			break;
		case YAML_SCALAR_EVENT:
			anchor = event->data.scalar.anchor != NULL;
			tag = event->data.scalar.tag != NULL;
			break;
		case YAML_SEQUENCE_START_EVENT:
			anchor = event->data.sequence_start.anchor != NULL;
			tag = event->data.sequence_start.tag != NULL;
			break;
		case YAML_MAPPING_START_EVENT:
			anchor = event->data.mapping_start.anchor != NULL;
			tag = event->data.mapping_start.tag != NULL;
			break;
		default:
			break;
	}
	if (anchor || tag)
		finding_at(reader, event->start_mark, "anchor_or_alias", "Write the value out in full.",
				   anchor ? "a policy has no anchors and aliases" : "a policy has no tags");
	return !(anchor || tag);
}

/* Refuses collections so long that looking for duplicate keys would take noticeable time. */
static bool
has_room(CcReader *reader, const CcNode *node)
{
	if (node->n < CC_MAX_ENTRIES)
		return true;
	finding_at(reader, reader->event.start_mark, "too_large", "Split the measure.",
			   cc_printf(reader->env, "more than %d entries in one list or mapping", CC_MAX_ENTRIES));
	return false;
}

static CcNode *read_node(CcReader *reader, CcNode *parent);

static CcNode *
read_scalar(CcReader *reader, CcNode *parent)
{
	CcNode	   *node = new_node(reader, CC_NODE_SCALAR, parent);
	size_t		len = reader->event.data.scalar.length;

	node->text = cc_copy(reader->env, (const char *) reader->event.data.scalar.value, (int) len);
	node->len = (int) len;
	node->quoted = reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (strlen(node->text) != len)
	{
		finding_at(reader, reader->event.start_mark, "bad_value", "Remove the character.", "a value contains a NUL character");
		return NULL;
	}
	return node;
}

static CcNode *
read_mapping(CcReader *reader, CcNode *parent)
{
	CcNode	   *node = new_node(reader, CC_NODE_MAPPING, parent);

	for (;;)
	{
		CcNode	   *key,
				   *item;

		if (!next_event(reader))
			return NULL;
		if (reader->event.type == YAML_MAPPING_END_EVENT)
			return node;
		if (!refuse_anchor(reader))
			return NULL;
		if (reader->event.type != YAML_SCALAR_EVENT)
		{
			finding_at(reader, reader->event.start_mark, "wrong_type", "Write a plain word before the colon.", "a key must be text");
			return NULL;
		}
		if ((key = read_scalar(reader, node)) == NULL)
			return NULL;
		key->place = -1;
		if (cc_get(node, key->text) != NULL)
			cc_finding(reader->findings, key, "duplicate_key", "Remove or rename one of them.", "key \"%.80s\" occurs twice", key->text);
		set_key(reader, node, key);
		if (!next_event(reader) || (item = read_node(reader, node)) == NULL || !has_room(reader, node))
			return NULL;
		node->items[node->n++] = item;
	}
}

static CcNode *
read_sequence(CcReader *reader, CcNode *parent)
{
	CcNode	   *node = new_node(reader, CC_NODE_SEQUENCE, parent);

	for (;;)
	{
		CcNode	   *item;

		if (!next_event(reader))
			return NULL;
		if (reader->event.type == YAML_SEQUENCE_END_EVENT)
			return node;
		set_key(reader, node, NULL);
		if ((item = read_node(reader, node)) == NULL || !has_room(reader, node))
			return NULL;
		node->items[node->n++] = item;
	}
}

/* Reads the node that the current event begins; NULL after a finding that ends the reading. */
static CcNode *
read_node(CcReader *reader, CcNode *parent)
{
	CcNode	   *node = NULL;

	if (!refuse_anchor(reader))
		return NULL;
	if (++reader->depth > CC_MAX_DEPTH)
	{
		finding_at(reader, reader->event.start_mark, "too_deep", "Policies need about ten levels.",
				   cc_printf(reader->env, "nested deeper than %d levels", CC_MAX_DEPTH));
		return NULL;
	}
	if (reader->event.type == YAML_SCALAR_EVENT)
		node = read_scalar(reader, parent);
	else if (reader->event.type == YAML_MAPPING_START_EVENT)
		node = read_mapping(reader, parent);
	else if (reader->event.type == YAML_SEQUENCE_START_EVENT)
		node = read_sequence(reader, parent);
	reader->depth--;
	return node;
}

/*
 * Reads one document. Returns its root, or NULL if reading had to stop; the reasons are findings either way, and a root
 * with findings must not be compiled into something that counts.
 */
const CcNode *
cc_reader_read(CcReader *reader, const char *text, size_t len, CcFindings *findings)
{
	CcNode	   *root;
	yaml_mark_t mark = {0, 0, 0};
	int			line;

	reader->findings = findings;
	reader->text = text;
	reader->len = len;
	if (len > CC_MAX_POLICY_BYTES)
	{
		cc_finding(findings, NULL, "too_large", "Split the measure, or move documentation out of the file.",
				   "longer than %d bytes", CC_MAX_POLICY_BYTES);
		return NULL;
	}
	if ((len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) ||
		(len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)))
	{
		cc_finding(findings, NULL, "not_utf8", "Save the file as UTF-8 without BOM.", "begins with a byte order mark");
		return NULL;
	}
	if ((line = hidden_break(text, len)) >= 0)
	{
		mark.line = line;
		finding_at(reader, mark, "bad_value", "Remove U+0085, U+2028 and U+2029.", "contains a line break that is not shown");
		return NULL;
	}
	if (!yaml_parser_initialize(&reader->parser))
	{
		cc_finding(findings, NULL, "syntax", NULL, "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader->parser, (const unsigned char *) text, len);
	do
	{
		if (!next_event(reader))
			return NULL;
	} while (reader->event.type == YAML_STREAM_START_EVENT || reader->event.type == YAML_DOCUMENT_START_EVENT);
	if (reader->event.type == YAML_STREAM_END_EVENT)
	{
		cc_finding(findings, NULL, "missing_key", "See rules/README.md, section 3.", "the file is empty");
		return NULL;
	}
	if ((root = read_node(reader, NULL)) == NULL)
		return NULL;
	do
	{
		if (!next_event(reader))
			return NULL;
	} while (reader->event.type == YAML_DOCUMENT_END_EVENT);
	if (reader->event.type != YAML_STREAM_END_EVENT)
	{
		finding_at(reader, reader->event.start_mark, "second_document", "One file holds one policy.", "a second document begins");
		return NULL;
	}
	return root;
}
