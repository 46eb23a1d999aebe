-- 52_simulate.sql -- what-if over the whole city, as the caller; the registry's simulate() runs these as its owner

CREATE FUNCTION @extschema@._simulate(policy pg_catalog.text, version pg_catalog.text, as_of pg_catalog.date,
		OUT subject @extschema@.subject_code, OUT old_state pg_catalog.text, OUT new_state pg_catalog.text,
		OUT old_score pg_catalog.numeric, OUT new_score pg_catalog.numeric, OUT old_band pg_catalog.text, OUT new_band pg_catalog.text,
		OUT old_band_rank pg_catalog.int4, OUT new_band_rank pg_catalog.int4, OUT old_grade @extschema@.credit_grade,
		OUT new_grade @extschema@.credit_grade, OUT old_lists pg_catalog.text[], OUT new_lists pg_catalog.text[],
		OUT moved pg_catalog.text, OUT fields pg_catalog.text[])
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_simulate';
REVOKE EXECUTE ON FUNCTION @extschema@._simulate(pg_catalog.text, pg_catalog.text, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._simulate(pg_catalog.text, pg_catalog.text, pg_catalog.date) IS
	'全市试算：每一主体新旧结果 / what-if on the city: old and new outcome of each subject';

CREATE FUNCTION @extschema@._simulate_matrix(policy pg_catalog.text, version pg_catalog.text, as_of pg_catalog.date,
		OUT field pg_catalog.text, OUT old_state pg_catalog.text, OUT old_band pg_catalog.text, OUT old_band_rank pg_catalog.int4,
		OUT new_state pg_catalog.text, OUT new_band pg_catalog.text, OUT new_band_rank pg_catalog.int4, OUT moved pg_catalog.text,
		OUT subjects pg_catalog.int8)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_simulate_matrix';
REVOKE EXECUTE ON FUNCTION @extschema@._simulate_matrix(pg_catalog.text, pg_catalog.text, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._simulate_matrix(pg_catalog.text, pg_catalog.text, pg_catalog.date) IS
	'全市试算：新旧档次对照计数 / what-if on the city: numbers of subjects by old and new band';

CREATE FUNCTION @extschema@._simulate_lists(policy pg_catalog.text, version pg_catalog.text, as_of pg_catalog.date,
		OUT subject @extschema@.subject_code, OUT list pg_catalog.text, OUT change pg_catalog.text, OUT rules pg_catalog.text[],
		OUT fields pg_catalog.text[])
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_simulate_lists';
REVOKE EXECUTE ON FUNCTION @extschema@._simulate_lists(pg_catalog.text, pg_catalog.text, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._simulate_lists(pg_catalog.text, pg_catalog.text, pg_catalog.date) IS
	'全市试算：候选名单进出 / what-if on the city: candidates that lists gain and lose';

CREATE FUNCTION @extschema@._text_reads_links(policy pg_catalog.text) RETURNS pg_catalog.bool
	LANGUAGE c STABLE STRICT
	AS 'MODULE_PATHNAME', '_text_reads_links';
REVOKE EXECUTE ON FUNCTION @extschema@._text_reads_links(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._text_reads_links(pg_catalog.text) IS
	'未载入的规则文本是否读取关联主体；名称为否 / whether the text of a policy reads records of linked subjects; a name does not';
