-- 57_rating.sql -- ratings: what a version says of them, and the outcomes of a cohort

CREATE FUNCTION @extschema@._policy_ratings(version_id pg_catalog.int4,
		OUT rating pg_catalog.text, OUT name pg_catalog.text, OUT period_origin pg_catalog.date, OUT period_months pg_catalog.int4,
		OUT version_by_start pg_catalog.bool, OUT facts_until pg_catalog.jsonb, OUT repairs_until pg_catalog.jsonb,
		OUT publish_within pg_catalog.jsonb, OUT valid pg_catalog.jsonb, OUT on_correction pg_catalog.text, OUT cite pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT PARALLEL SAFE ROWS 2
	AS 'MODULE_PATHNAME', '_policy_ratings';
REVOKE EXECUTE ON FUNCTION @extschema@._policy_ratings(pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._policy_ratings(pg_catalog.int4) IS
	'办法版本的定期评价规则；valid 为空即有效至下次 / ratings of a policy version; valid NULL = until the next';

CREATE FUNCTION @extschema@._rate(version_id pg_catalog.int4, cohort pg_catalog.text, day pg_catalog.date,
		OUT subject @extschema@.subject_code, OUT state pg_catalog.text, OUT score pg_catalog.int8, OUT band pg_catalog.text,
		OUT band_rank pg_catalog.int4, OUT credit_grade @extschema@.credit_grade, OUT undecided pg_catalog.bool,
		OUT vetoes pg_catalog.text[], OUT lists pg_catalog.text[], OUT effects pg_catalog.text[], OUT ranks pg_catalog.jsonb,
		OUT due pg_catalog.jsonb, OUT outcome_values pg_catalog.jsonb)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT ROWS 10000
	AS 'MODULE_PATHNAME', '_rate';
REVOKE EXECUTE ON FUNCTION @extschema@._rate(pg_catalog.int4, pg_catalog.text, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._rate(pg_catalog.int4, pg_catalog.text, pg_catalog.date) IS
	'评价一个批次：各主体某日结果及其名次；cohort 为游标名，逐行给出主体与状态 / outcomes of a cohort as of a day, with their ranks; cohort names an open cursor that gives subjects and states';

CREATE FUNCTION @extschema@._fold_rated(subject @extschema@.subject_code, version_id pg_catalog.int4, day pg_catalog.date,
		known_at pg_catalog.timestamptz, facts_until pg_catalog.date, repairs_until pg_catalog.date)
	RETURNS pg_catalog.bytea
	LANGUAGE c STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_fold_rated';
REVOKE EXECUTE ON FUNCTION @extschema@._fold_rated(@extschema@.subject_code, pg_catalog.int4, pg_catalog.date, pg_catalog.timestamptz, pg_catalog.date, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._fold_rated(@extschema@.subject_code, pg_catalog.int4, pg_catalog.date, pg_catalog.timestamptz, pg_catalog.date, pg_catalog.date) IS
	'一个主体在评价周期内的状态，含关联主体记录与读取的结果 / state of one subject for a rating, with the records of linked subjects and whatever else the version reads';

CREATE FUNCTION @extschema@._repair_in_rating(repaired_on pg_catalog.date, last_day pg_catalog.date, repairs_until pg_catalog.date)
	RETURNS pg_catalog.date
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_repair_in_rating';
REVOKE EXECUTE ON FUNCTION @extschema@._repair_in_rating(pg_catalog.date, pg_catalog.date, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._repair_in_rating(pg_catalog.date, pg_catalog.date, pg_catalog.date) IS
	'评价所采的修复日：末日之后、截止日以前的计为末日，更晚的不计 / the day of a repair as a rating takes it: one after the last day and by the limit is of the last day, a later one is none';
