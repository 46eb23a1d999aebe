-- ---------------------------------------------------------------------------
-- What-if: the whole city by another version, before anybody decides on it. Nothing is written.
-- ---------------------------------------------------------------------------

-- The policy is the text of one, loaded or not, or a name: then of its only version not adopted yet, or of the version named. The version is taken
-- for in force on the day; the old outcome is what the view standing shows on that day. As the owner: a reader of outcomes need not be one of records.

-- A text of one's own can ask of every subject what column rights keep back (document numbers, links, rows that wait): it is for those who see the
-- records, or who load policies anyway. Outcomes by versions that somebody has loaded, and answers for, are for every reader of outcomes.

CREATE FUNCTION @extschema@._simulate_texts() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $simulate_texts$
	SELECT true
$simulate_texts$;
REVOKE ALL ON FUNCTION @extschema@._simulate_texts() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._simulate_texts() IS '有权执行者可试算未载入的文本 / whoever may execute it may simulate a text that nobody has loaded';

CREATE FUNCTION @extschema@._check_simulated(policy text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $check_simulated$
BEGIN
	IF policy IS NULL OR EXISTS (SELECT FROM @extschema@.policy AS p WHERE p.policy = _check_simulated.policy)
	   OR has_function_privilege(@extschema@.actor(), '@extschema@._simulate_texts()', 'EXECUTE') THEN
		RETURN;
	END IF;
	RAISE EXCEPTION 'permission denied to simulate a policy that is not loaded'
		USING ERRCODE = 'insufficient_privilege',
		      DETAIL = 'The text of a policy can ask of every subject what column rights keep back, such as document numbers.',
		      HINT = 'Name a loaded policy, as in citycredit.simulate(policy, version), or let a policy editor load the text.';
END
$check_simulated$;
REVOKE ALL ON FUNCTION @extschema@._check_simulated(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_simulated(text) IS '试算未载入文本的权限检查 / refuses a text that the caller may not simulate';

-- Of a text of one's own also those whose linked subjects the caller does not see, if it reads links: else each condition of an item is a question about
-- their records, which the outcome of a subject that one sees would answer.
CREATE FUNCTION @extschema@._left_out(policy text, version text) RETURNS SETOF @extschema@.subject_code
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $left_out$
DECLARE
	hidden constant @extschema@.subject_code[] := ARRAY(SELECT h FROM @extschema@._hidden_subjects() AS h);
BEGIN
	RETURN QUERY SELECT h FROM unnest(hidden) AS h;
	IF version IS NULL AND cardinality(hidden) > 0 AND @extschema@._text_reads_links(policy) THEN
		RETURN QUERY
		SELECT l.other FROM @extschema@.subject_link AS l JOIN unnest(hidden) AS h ON l.subject OPERATOR(@extschema@.=) h
		 UNION ALL
		SELECT l.subject FROM @extschema@.subject_link AS l JOIN unnest(hidden) AS h ON l.other OPERATOR(@extschema@.=) h;
	END IF;
END
$left_out$;
REVOKE ALL ON FUNCTION @extschema@._left_out(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._left_out(text, text) IS '试算中操作人不可见的主体；自拟文本读取关联主体的，及于与其关联者 / subjects that a simulation does not show the actor: of a text that reads links, also those linked to them';

-- Counts of a loaded version are those of everybody. A text can be made to count one subject alone, so its counts are of those who are shown.
CREATE FUNCTION @extschema@._simulate_matrix_of_text(policy text, as_of date)
	RETURNS TABLE (field text, old_state text, old_band text, old_band_rank integer, new_state text, new_band text,
	               new_band_rank integer, moved text, subjects bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $simulate_matrix_of_text$
BEGIN
	IF NOT EXISTS (SELECT FROM @extschema@._hidden_subjects()) THEN
		RETURN QUERY SELECT s.* FROM @extschema@._simulate_matrix(policy, NULL, as_of) AS s;
		RETURN;
	END IF;
	RETURN QUERY
	SELECT f.field, s.old_state, s.old_band, s.old_band_rank, s.new_state, s.new_band, s.new_band_rank, s.moved, count(*)
	  FROM @extschema@._simulate(policy, NULL, as_of) AS s
	 CROSS JOIN LATERAL (SELECT NULL UNION ALL SELECT unnest(s.fields)) AS f (field)
	 WHERE NOT EXISTS (SELECT FROM @extschema@._left_out(_simulate_matrix_of_text.policy, NULL) AS h WHERE h OPERATOR(@extschema@.=) s.subject)
	 GROUP BY f.field, s.old_state, s.old_band, s.old_band_rank, s.new_state, s.new_band, s.new_band_rank, s.moved;
END
$simulate_matrix_of_text$;
REVOKE ALL ON FUNCTION @extschema@._simulate_matrix_of_text(text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._simulate_matrix_of_text(text, date) IS '自拟文本的新旧档次对照，仅计操作人可见的主体 / the matrix of a text: of the subjects that the actor sees';

CREATE FUNCTION @extschema@.simulate(policy text, version text, as_of date DEFAULT @extschema@.today())
	RETURNS TABLE (subject @extschema@.subject_code, old_state text, new_state text, old_score numeric, new_score numeric, old_band text,
	               new_band text, old_band_rank integer, new_band_rank integer, old_grade @extschema@.credit_grade,
	               new_grade @extschema@.credit_grade, old_lists text[], new_lists text[], moved text, fields text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $simulate_version$
BEGIN
	IF simulate.version IS NULL THEN
		RAISE EXCEPTION 'version of a simulation must not be null'
			USING ERRCODE = 'null_value_not_allowed', HINT = 'With the policy alone, give citycredit.simulate(policy) or citycredit.simulate(policy, as_of => day).';
	END IF;
	RETURN QUERY SELECT s.* FROM @extschema@._simulate(simulate.policy, simulate.version, simulate.as_of) AS s
	              WHERE NOT EXISTS (SELECT FROM @extschema@._left_out(simulate.policy, simulate.version) AS h WHERE h OPERATOR(@extschema@.=) s.subject);
END
$simulate_version$;
REVOKE ALL ON FUNCTION @extschema@.simulate(text, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.simulate(text, text, date) IS
	'全市试算（不写入任何数据）：每一主体在现行版本与新版本下的结果；moved 为 better、worse、same、enters、leaves、undecided / what-if on the city, nothing written: the outcome of each subject by the version in force and by another';
CREATE FUNCTION @extschema@.simulate(policy text, as_of date DEFAULT @extschema@.today())
	RETURNS TABLE (subject @extschema@.subject_code, old_state text, new_state text, old_score numeric, new_score numeric, old_band text,
	               new_band text, old_band_rank integer, new_band_rank integer, old_grade @extschema@.credit_grade,
	               new_grade @extschema@.credit_grade, old_lists text[], new_lists text[], moved text, fields text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $simulate$
BEGIN
	PERFORM @extschema@._check_simulated(simulate.policy);
	RETURN QUERY SELECT s.* FROM @extschema@._simulate(simulate.policy, NULL, simulate.as_of) AS s
	              WHERE NOT EXISTS (SELECT FROM @extschema@._left_out(simulate.policy, NULL) AS h WHERE h OPERATOR(@extschema@.=) s.subject);
END
$simulate$;
REVOKE ALL ON FUNCTION @extschema@.simulate(text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.simulate(text, date) IS
	'全市试算（不写入任何数据）：每一主体在现行版本与新版本下的结果；moved 为 better、worse、same、enters、leaves、undecided / what-if on the city, nothing written: the outcome of each subject by the version in force and by another';

CREATE FUNCTION @extschema@.simulate_matrix(policy text, version text, as_of date DEFAULT @extschema@.today())
	RETURNS TABLE (field text, old_state text, old_band text, old_band_rank integer, new_state text, new_band text,
	               new_band_rank integer, moved text, subjects bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $simulate_matrix_version$
BEGIN
	IF simulate_matrix.version IS NULL THEN
		RAISE EXCEPTION 'version of a simulation must not be null'
			USING ERRCODE = 'null_value_not_allowed', HINT = 'With the policy alone, give citycredit.simulate_matrix(policy) or citycredit.simulate_matrix(policy, as_of => day).';
	END IF;
	RETURN QUERY SELECT s.* FROM @extschema@._simulate_matrix(simulate_matrix.policy, simulate_matrix.version, simulate_matrix.as_of) AS s ORDER BY s.field NULLS FIRST, s.old_band_rank, s.old_state, s.new_band_rank, s.new_state;
END
$simulate_matrix_version$;
REVOKE ALL ON FUNCTION @extschema@.simulate_matrix(text, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.simulate_matrix(text, text, date) IS
	'全市试算：新旧档次对照，按行业领域，field 为空即全市 / what-if on the city: numbers of subjects from band to band, by field; field NULL = the whole city';
CREATE FUNCTION @extschema@.simulate_matrix(policy text, as_of date DEFAULT @extschema@.today())
	RETURNS TABLE (field text, old_state text, old_band text, old_band_rank integer, new_state text, new_band text,
	               new_band_rank integer, moved text, subjects bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $simulate_matrix$
BEGIN
	PERFORM @extschema@._check_simulated(simulate_matrix.policy);
	IF EXISTS (SELECT FROM @extschema@.policy AS p WHERE p.policy = simulate_matrix.policy) THEN
		RETURN QUERY SELECT s.* FROM @extschema@._simulate_matrix(simulate_matrix.policy, NULL, simulate_matrix.as_of) AS s ORDER BY s.field NULLS FIRST, s.old_band_rank, s.old_state, s.new_band_rank, s.new_state;
	ELSE
		RETURN QUERY SELECT s.* FROM @extschema@._simulate_matrix_of_text(simulate_matrix.policy, simulate_matrix.as_of) AS s ORDER BY s.field NULLS FIRST, s.old_band_rank, s.old_state, s.new_band_rank, s.new_state;
	END IF;
END
$simulate_matrix$;
REVOKE ALL ON FUNCTION @extschema@.simulate_matrix(text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.simulate_matrix(text, date) IS
	'全市试算：新旧档次对照，按行业领域，field 为空即全市 / what-if on the city: numbers of subjects from band to band, by field; field NULL = the whole city';

CREATE FUNCTION @extschema@.simulate_lists(policy text, version text, as_of date DEFAULT @extschema@.today())
	RETURNS TABLE (subject @extschema@.subject_code, list text, change text, rules text[], fields text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $simulate_lists_version$
BEGIN
	IF simulate_lists.version IS NULL THEN
		RAISE EXCEPTION 'version of a simulation must not be null'
			USING ERRCODE = 'null_value_not_allowed', HINT = 'With the policy alone, give citycredit.simulate_lists(policy) or citycredit.simulate_lists(policy, as_of => day).';
	END IF;
	RETURN QUERY SELECT s.* FROM @extschema@._simulate_lists(simulate_lists.policy, simulate_lists.version, simulate_lists.as_of) AS s
	              WHERE NOT EXISTS (SELECT FROM @extschema@._left_out(simulate_lists.policy, simulate_lists.version) AS h WHERE h OPERATOR(@extschema@.=) s.subject)
	              ORDER BY s.list, s.change, s.subject;
END
$simulate_lists_version$;
REVOKE ALL ON FUNCTION @extschema@.simulate_lists(text, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.simulate_lists(text, text, date) IS
	'全市试算：进入、退出候选名单的主体及所依规则 / what-if on the city: who becomes a candidate of a list, who no longer is one, and by which rules';
CREATE FUNCTION @extschema@.simulate_lists(policy text, as_of date DEFAULT @extschema@.today())
	RETURNS TABLE (subject @extschema@.subject_code, list text, change text, rules text[], fields text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $simulate_lists$
BEGIN
	PERFORM @extschema@._check_simulated(simulate_lists.policy);
	RETURN QUERY SELECT s.* FROM @extschema@._simulate_lists(simulate_lists.policy, NULL, simulate_lists.as_of) AS s
	              WHERE NOT EXISTS (SELECT FROM @extschema@._left_out(simulate_lists.policy, NULL) AS h WHERE h OPERATOR(@extschema@.=) s.subject)
	              ORDER BY s.list, s.change, s.subject;
END
$simulate_lists$;
REVOKE ALL ON FUNCTION @extschema@.simulate_lists(text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.simulate_lists(text, date) IS
	'全市试算：进入、退出候选名单的主体及所依规则 / what-if on the city: who becomes a candidate of a list, who no longer is one, and by which rules';
