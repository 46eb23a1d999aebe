-- 50_evaluate.sql -- the evaluator: fold records into states, read outcomes off them

-- ---------------------------------------------------------------------------
-- fold_facts(): the states of a subject by several policy versions in one pass over its records
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._fold_facts_step(pg_catalog.internal, versions pg_catalog.int4[], day pg_catalog.date,
		known_at pg_catalog.timestamptz,
		subject @extschema@.subject_code, record_id pg_catalog.uuid, kind pg_catalog.text, behaviour pg_catalog.text,
		field pg_catalog.text, authority pg_catalog.text, district pg_catalog.text, source pg_catalog.text, state pg_catalog.text,
		"procedure" pg_catalog.text, penalty_kind pg_catalog.text, severity pg_catalog.text, responsibility pg_catalog.text,
		intent pg_catalog.text, document pg_catalog.text, unit pg_catalog.text, whose pg_catalog.text, amount_fen pg_catalog.int8, fine_fen pg_catalog.int8, awarded_points pg_catalog.int8, quantity pg_catalog.int8,
		act_on pg_catalog.date, act_ended_on pg_catalog.date, decided_on pg_catalog.date, served_on pg_catalog.date,
		valid_from pg_catalog.date, valid_until pg_catalog.date, publicity_until pg_catalog.date, corrected_on pg_catalog.date,
		repaired_on pg_catalog.date, recorded_on pg_catalog.date, revoked_on pg_catalog.date, held pg_catalog.text,
		verified_by pg_catalog.text, linked_from pg_catalog.date, linked_until pg_catalog.date)
	RETURNS pg_catalog.internal
	LANGUAGE c STABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_fold_facts_step';
CREATE FUNCTION @extschema@._fold_facts_combine(pg_catalog.internal, pg_catalog.internal) RETURNS pg_catalog.internal
	LANGUAGE c STABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_fold_facts_combine';
CREATE FUNCTION @extschema@._fold_facts_serialize(pg_catalog.internal) RETURNS pg_catalog.bytea
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_fold_facts_serialize';
CREATE FUNCTION @extschema@._fold_facts_deserialize(pg_catalog.bytea, pg_catalog.internal) RETURNS pg_catalog.internal
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_fold_facts_deserialize';
CREATE FUNCTION @extschema@._fold_facts_final(pg_catalog.internal) RETURNS pg_catalog.bytea[]
	LANGUAGE c STABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_fold_facts_final';

CREATE AGGREGATE @extschema@.fold_facts(pg_catalog.int4[], pg_catalog.date, pg_catalog.timestamptz,
		@extschema@.subject_code, pg_catalog.uuid, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text,
		pg_catalog.text, pg_catalog.text, pg_catalog.text,
		pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text,
		pg_catalog.int8, pg_catalog.int8, pg_catalog.int8, pg_catalog.int8, pg_catalog.date, pg_catalog.date, pg_catalog.date, pg_catalog.date,
		pg_catalog.date, pg_catalog.date, pg_catalog.date, pg_catalog.date, pg_catalog.date, pg_catalog.date, pg_catalog.date,
		pg_catalog.text, pg_catalog.text, pg_catalog.date, pg_catalog.date) (
	SFUNC = @extschema@._fold_facts_step,
	STYPE = pg_catalog.internal,
	SSPACE = 400,
	FINALFUNC = @extschema@._fold_facts_final,
	COMBINEFUNC = @extschema@._fold_facts_combine,
	SERIALFUNC = @extschema@._fold_facts_serialize,
	DESERIALFUNC = @extschema@._fold_facts_deserialize,
	PARALLEL = SAFE
);

DO $comments$
DECLARE
	f pg_catalog.regprocedure;
BEGIN
	FOR f IN SELECT p.oid::pg_catalog.regprocedure FROM pg_catalog.pg_proc AS p
	          WHERE p.pronamespace = '@extschema@'::pg_catalog.regnamespace AND p.proname LIKE '%fold_facts%'
	LOOP
		EXECUTE pg_catalog.format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', f);
		EXECUTE pg_catalog.format('COMMENT ON ROUTINE %s IS %L', f,
			'将记录折叠为各办法版本的状态（一次扫描） / folds records into the states of a subject by several policy versions, in one pass');
	END LOOP;
END
$comments$;

-- ---------------------------------------------------------------------------
-- Outcomes
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._version_on(policy_id pg_catalog.int4, day pg_catalog.date) RETURNS pg_catalog.int4
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_version_on';
REVOKE EXECUTE ON FUNCTION @extschema@._version_on(pg_catalog.int4, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._version_on(pg_catalog.int4, pg_catalog.date) IS
	'当日适用的版本 / version that decides on a day: the one in force, else the next, else the last';

CREATE FUNCTION @extschema@._position_floor() RETURNS pg_catalog.timestamptz
	LANGUAGE c VOLATILE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_position_floor';
REVOKE EXECUTE ON FUNCTION @extschema@._position_floor() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._position_floor() IS
	'办法与免复核来源最近一次变更的序位，至事务结束不变 / position of the last change of policies and trust, which stay as they are to the end of the transaction';

CREATE FUNCTION @extschema@._fold_subject(subject @extschema@.subject_code, version_id pg_catalog.int4, day pg_catalog.date,
		known_at pg_catalog.timestamptz) RETURNS pg_catalog.bytea
	LANGUAGE c STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_fold_subject';
REVOKE EXECUTE ON FUNCTION @extschema@._fold_subject(@extschema@.subject_code, pg_catalog.int4, pg_catalog.date, pg_catalog.timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._fold_subject(@extschema@.subject_code, pg_catalog.int4, pg_catalog.date, pg_catalog.timestamptz) IS
	'折叠一个主体的记录、关联记录与所读取的其他结果，以调用者身份 / folds a subject''s records, linked records and readings into a state, as the caller';

CREATE FUNCTION @extschema@._fold(subject @extschema@.subject_code, version_id pg_catalog.int4, day pg_catalog.date,
		known_at pg_catalog.timestamptz) RETURNS pg_catalog.bytea
	LANGUAGE c STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	SET row_security = off
	AS 'MODULE_PATHNAME', '_fold';
REVOKE EXECUTE ON FUNCTION @extschema@._fold(@extschema@.subject_code, pg_catalog.int4, pg_catalog.date, pg_catalog.timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._fold(@extschema@.subject_code, pg_catalog.int4, pg_catalog.date, pg_catalog.timestamptz) IS
	'同上，供 standing 的读取者：以记录表所有者的身份；读取者不可见的主体为 NULL / the same for readers of the view standing, as the owner of the records; NULL for a subject that the reader does not see';

CREATE FUNCTION @extschema@._reads_more(version_id pg_catalog.int4) RETURNS pg_catalog.bool
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_reads_more';
REVOKE EXECUTE ON FUNCTION @extschema@._reads_more(pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._reads_more(pg_catalog.int4) IS
	'版本是否读取评价、名单或其他办法结果 / whether a version reads ratings, listings or results, so that records alone do not tell its outcome';

CREATE FUNCTION @extschema@._linked_roles(versions pg_catalog.int4[]) RETURNS pg_catalog.text[]
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_linked_roles';
REVOKE EXECUTE ON FUNCTION @extschema@._linked_roles(pg_catalog.int4[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._linked_roles(pg_catalog.int4[]) IS
	'版本读取其记录的关联角色 / roles of linked subjects whose records any of the versions reads';

CREATE FUNCTION @extschema@._check_reads(version_id pg_catalog.int4) RETURNS pg_catalog.void
	LANGUAGE c STABLE STRICT
	AS 'MODULE_PATHNAME', '_check_reads';
REVOKE EXECUTE ON FUNCTION @extschema@._check_reads(pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_reads(pg_catalog.int4) IS
	'版本所读办法须存在且不成环，否则报错 / an error if the version reads a policy that does not exist, or itself in a circle';

CREATE FUNCTION @extschema@._with_readers(policies pg_catalog.int4[]) RETURNS pg_catalog.int4[]
	LANGUAGE c STABLE STRICT
	AS 'MODULE_PATHNAME', '_with_readers';
REVOKE EXECUTE ON FUNCTION @extschema@._with_readers(pg_catalog.int4[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._with_readers(pg_catalog.int4[]) IS
	'办法及读取其结果的办法 / the policies, and those that read their results';

CREATE FUNCTION @extschema@._usable(version_id pg_catalog.int4, folded pg_catalog.bytea, day pg_catalog.date) RETURNS pg_catalog.bool
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_usable';
REVOKE EXECUTE ON FUNCTION @extschema@._usable(pg_catalog.int4, pg_catalog.bytea, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._usable(pg_catalog.int4, pg_catalog.bytea, pg_catalog.date) IS
	'存储状态可否得出当日结果；无法读取时为 NULL / whether a stored state can tell the outcome of the day exactly; NULL if it cannot be read';

CREATE FUNCTION @extschema@._outcome(subject @extschema@.subject_code, version_id pg_catalog.int4, folded pg_catalog.bytea,
		day pg_catalog.date, as_if_in_force pg_catalog.bool,
		OUT version pg_catalog.text, OUT state pg_catalog.text, OUT score pg_catalog.numeric, OUT band pg_catalog.text,
		OUT band_rank pg_catalog.int4, OUT credit_grade @extschema@.credit_grade, OUT undecided pg_catalog.bool,
		OUT vetoes pg_catalog.text[], OUT lists pg_catalog.text[], OUT next_change_on pg_catalog.date, OUT enrolled pg_catalog.bool,
		OUT ever_enrolled pg_catalog.bool, OUT effects pg_catalog.text[])
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_outcome';
REVOKE EXECUTE ON FUNCTION @extschema@._outcome(@extschema@.subject_code, pg_catalog.int4, pg_catalog.bytea, pg_catalog.date, pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._outcome(@extschema@.subject_code, pg_catalog.int4, pg_catalog.bytea, pg_catalog.date, pg_catalog.bool) IS
	'由状态得出某日结果 / outcome of a day from a folded state';

CREATE FUNCTION @extschema@._effects(subject @extschema@.subject_code, version_id pg_catalog.int4, folded pg_catalog.bytea, day pg_catalog.date,
		OUT rule pg_catalog.text, OUT effect pg_catalog.text, OUT name pg_catalog.text, OUT matter pg_catalog.text,
		OUT due_on pg_catalog.date, OUT working_days pg_catalog.int4, OUT counted_from pg_catalog.date, OUT clause pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT
	AS 'MODULE_PATHNAME', '_effects';
REVOKE EXECUTE ON FUNCTION @extschema@._effects(@extschema@.subject_code, pg_catalog.int4, pg_catalog.bytea, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._effects(@extschema@.subject_code, pg_catalog.int4, pg_catalog.bytea, pg_catalog.date) IS
	'由状态得出某日成立的责令事项与限制 / orders and bars of a day from a folded state';

CREATE FUNCTION @extschema@._outcome_values(subject @extschema@.subject_code, version_id pg_catalog.int4, folded pg_catalog.bytea, day pg_catalog.date,
		OUT id pg_catalog.text, OUT name pg_catalog.text, OUT value pg_catalog.numeric, OUT unit pg_catalog.text, OUT clause pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT
	AS 'MODULE_PATHNAME', '_outcome_values';
REVOKE EXECUTE ON FUNCTION @extschema@._outcome_values(@extschema@.subject_code, pg_catalog.int4, pg_catalog.bytea, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._outcome_values(@extschema@.subject_code, pg_catalog.int4, pg_catalog.bytea, pg_catalog.date) IS
	'由状态得出某日的指标值 / values of a day from a folded state';

CREATE FUNCTION @extschema@._explain(subject @extschema@.subject_code, version_id pg_catalog.int4, day pg_catalog.date,
		known_at pg_catalog.timestamptz,
		OUT line pg_catalog.int4, OUT part pg_catalog.text, OUT rule pg_catalog.text, OUT name pg_catalog.text,
		OUT record_id pg_catalog.uuid, OUT document pg_catalog.text, OUT points pg_catalog.numeric, OUT adds pg_catalog.bool,
		OUT status pg_catalog.text, OUT first_day pg_catalog.date, OUT last_day pg_catalog.date, OUT clause pg_catalog.text,
		OUT remark pg_catalog.text, OUT span pg_catalog.text, OUT actual pg_catalog.text, OUT needed pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_explain';
REVOKE EXECUTE ON FUNCTION @extschema@._explain(@extschema@.subject_code, pg_catalog.int4, pg_catalog.date, pg_catalog.timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._explain(@extschema@.subject_code, pg_catalog.int4, pg_catalog.date, pg_catalog.timestamptz) IS
	'逐行说明评价结果 / explanation line by line, as the caller';

-- ---------------------------------------------------------------------------
-- Progress, in pg_stat_activity
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._expect_progress(work pg_catalog.text, total pg_catalog.int8) RETURNS pg_catalog.void
	LANGUAGE c VOLATILE STRICT
	AS 'MODULE_PATHNAME', '_expect_progress';
REVOKE EXECUTE ON FUNCTION @extschema@._expect_progress(pg_catalog.text, pg_catalog.int8) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._expect_progress(pg_catalog.text, pg_catalog.int8) IS
	'预告读取量，读取进度显示于 pg_stat_activity / announces how many records will be read; shown in pg_stat_activity while they are';

CREATE FUNCTION @extschema@._report_progress(work pg_catalog.text, done pg_catalog.int8, total pg_catalog.int8) RETURNS pg_catalog.void
	LANGUAGE c VOLATILE STRICT
	AS 'MODULE_PATHNAME', '_report_progress';
REVOKE EXECUTE ON FUNCTION @extschema@._report_progress(pg_catalog.text, pg_catalog.int8, pg_catalog.int8) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._report_progress(pg_catalog.text, pg_catalog.int8, pg_catalog.int8) IS
	'在 pg_stat_activity 中显示进度 / shows percentage and rate in pg_stat_activity';

-- ---------------------------------------------------------------------------
-- Triggers of tables that a policy may read besides records
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.link_changed() RETURNS pg_catalog.trigger
	LANGUAGE c VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'link_changed';
REVOKE EXECUTE ON FUNCTION @extschema@.link_changed() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.link_changed() IS
	'语句级触发器：关联变更后重评双方 / statement trigger of subject_link: regrades both subjects';

CREATE FUNCTION @extschema@.reading_changed() RETURNS pg_catalog.trigger
	LANGUAGE c VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'reading_changed';
REVOKE EXECUTE ON FUNCTION @extschema@.reading_changed() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.reading_changed() IS
	'语句级触发器：名单或已公布评价变更后重评主体 / statement trigger of list entries and ratings: regrades by the policies that read them';
