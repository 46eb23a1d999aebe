-- 58_published.sql -- what is published, read for many subjects at a time; the gate of the published views calls it as the registry's owner

CREATE FUNCTION @extschema@._read_ahead(subject @extschema@.subject_code, kinds pg_catalog.text[],
		OUT record pg_catalog.text, OUT kind pg_catalog.text, OUT document pg_catalog.text, OUT title pg_catalog.text, OUT violation pg_catalog.text,
		OUT facts pg_catalog.text, OUT basis pg_catalog.text, OUT penalty_kinds pg_catalog.text, OUT content pg_catalog.text, OUT licence pg_catalog.text,
		OUT permit_kind pg_catalog.text, OUT certificate pg_catalog.text, OUT fine pg_catalog.numeric, OUT confiscated pg_catalog.numeric, OUT decided_on pg_catalog.date,
		OUT valid_from pg_catalog.date, OUT valid_until pg_catalog.date, OUT state pg_catalog.text, OUT authority pg_catalog.text, OUT authority_name pg_catalog.text,
		OUT regime pg_catalog.text, OUT class pg_catalog.text, OUT published_from pg_catalog.date, OUT published_until pg_catalog.date, OUT objected pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT ROWS 2
	AS 'MODULE_PATHNAME', '_read_ahead';
REVOKE EXECUTE ON FUNCTION @extschema@._read_ahead(@extschema@.subject_code, pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._read_ahead(@extschema@.subject_code, pg_catalog.text[]) IS
	'一主体当日公示的记录；依次查询时预读后续主体 / records of a subject as the public may see them today; of subjects asked for in order, those that follow are read ahead';
