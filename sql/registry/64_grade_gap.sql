-- ---------------------------------------------------------------------------
-- Gaps between grades: evaluations of one subject two or more grades apart are told to the departments, reviewed and explained
-- (重庆市深入推进信用分级分类监管工作方案（征求意见稿）, 二(三)8). The review is a proceeding of kind gap_review.
-- ---------------------------------------------------------------------------

-- Of the days after one through another, by what the records give, the first from which on the gap is there through the last.
CREATE FUNCTION @extschema@._gap_first_day(subject @extschema@.subject_code, better integer, worse integer, after date, until date) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $gap_first_day$
DECLARE
	day date := after;
	since date;
	step record;
BEGIN
	WHILE day < until LOOP
		SELECT min(o.next_change_on) AS next_change_on,
		       (@extschema@.max(o.credit_grade) FILTER (WHERE v.policy_id = better)
		        OPERATOR(@extschema@.-) @extschema@.max(o.credit_grade) FILTER (WHERE v.policy_id = worse)) >= 2 AS gap
		  INTO step
		  FROM (SELECT u.policy_id, @extschema@._version_on(u.policy_id, day) AS version_id FROM unnest(ARRAY[better, worse]) AS u (policy_id)) AS v
		 CROSS JOIN LATERAL @extschema@._outcome(_gap_first_day.subject, v.version_id,
		                        @extschema@._fold_subject(_gap_first_day.subject, v.version_id, day, 'infinity'), day, false) AS o;
		since := CASE WHEN step.gap AND day > after THEN coalesce(since, day) END;
		day := coalesce(step.next_change_on, until);
	END LOOP;
	RETURN coalesce(since, until);
END
$gap_first_day$;
REVOKE ALL ON FUNCTION @extschema@._gap_first_day(@extschema@.subject_code, integer, integer, date, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._gap_first_day(@extschema@.subject_code, integer, integer, date, date) IS
	'由记录推算差距起始日（某日之后、至某日止） / first day of a gap within some days, by the records';

-- The day since which the grades of two policies have been two or more apart, the first being the better: by history; and where a standing changed
-- with its day and was stored later, or is not stored yet, by the records.
CREATE FUNCTION @extschema@._gap_since(subject @extschema@.subject_code, policy_better text, policy_worse text) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $gap_since$
DECLARE
	better constant integer := (SELECT min(p.policy_id) FROM @extschema@.policy AS p WHERE p.policy = _gap_since.policy_better);
	worse constant integer := (SELECT min(p.policy_id) FROM @extschema@.policy AS p WHERE p.policy = _gap_since.policy_worse);
	step record;
	upper_grade @extschema@.credit_grade;
	lower_grade @extschema@.credit_grade;
	last_day date;
	since date;
BEGIN
	IF @extschema@._hidden(_gap_since.subject) THEN
		RETURN NULL;			-- readers of the view may call this, too
	END IF;
	-- one statement can change both: they count together
	FOR step IN
		SELECT h.as_of, bool_or(h.cause = 'day') AS by_day,
		       count(*) FILTER (WHERE h.policy_id = better) AS of_better, count(*) FILTER (WHERE h.policy_id = worse) AS of_worse,
		       (array_agg(h.credit_grade) FILTER (WHERE h.policy_id = better))[1] AS upper_grade,
		       (array_agg(h.credit_grade) FILTER (WHERE h.policy_id = worse))[1] AS lower_grade
		  FROM @extschema@.standing_history AS h
		 WHERE h.subject OPERATOR(@extschema@.=) _gap_since.subject AND h.policy_id IN (better, worse)
		 GROUP BY h.seq, h.as_of
		 ORDER BY h.seq
	LOOP
		upper_grade := CASE WHEN step.of_better > 0 THEN step.upper_grade ELSE upper_grade END;
		lower_grade := CASE WHEN step.of_worse > 0 THEN step.lower_grade ELSE lower_grade END;
		IF (upper_grade OPERATOR(@extschema@.-) lower_grade >= 2) IS NOT TRUE THEN
			since := NULL;
		ELSIF since IS NULL THEN
			since := CASE WHEN step.by_day AND last_day IS NOT NULL
			              THEN @extschema@._gap_first_day(_gap_since.subject, better, worse, last_day, step.as_of) ELSE step.as_of END;
		END IF;
		last_day := step.as_of;
	END LOOP;
	RETURN coalesce(since, @extschema@._gap_first_day(_gap_since.subject, better, worse, last_day, @extschema@.today()));
END
$gap_since$;
REVOKE ALL ON FUNCTION @extschema@._gap_since(@extschema@.subject_code, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._gap_since(@extschema@.subject_code, text, text) IS '等级差距自何日起存在 / day since which the gap has been there';

CREATE VIEW @extschema@.grade_gap WITH (security_barrier) AS
SELECT a.subject, a.policy AS policy_better, b.policy AS policy_worse, a.credit_grade::text AS grade_better, b.credit_grade::text AS grade_worse,
       a.credit_grade OPERATOR(@extschema@.-) b.credit_grade AS distance, @extschema@._gap_since(a.subject, a.policy, b.policy) AS since,
       p.issuer AS department_better, q.issuer AS department_worse, p.example OR q.example AS example
  FROM @extschema@.standing AS a
  JOIN @extschema@.standing AS b ON b.subject = a.subject AND (a.credit_grade OPERATOR(@extschema@.-) b.credit_grade) >= 2
  JOIN @extschema@.policy AS p ON p.policy = a.policy AND p.version = a.version
  JOIN @extschema@.policy AS q ON q.policy = b.policy AND q.version = b.version
 WHERE NOT a.undecided AND NOT b.undecided;
COMMENT ON VIEW @extschema@.grade_gap IS '同一主体的信用等级相差两档以上者；等级依各办法的 scale，待定者不计 / subjects whose credit grades by two measures are two or more apart; grades by each measure''s scale, undecided ones left out';
COMMENT ON COLUMN @extschema@.grade_gap.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.grade_gap.policy_better IS '等级较优的办法 / policy with the better grade';
COMMENT ON COLUMN @extschema@.grade_gap.policy_worse IS '等级较差的办法 / policy with the worse grade';
COMMENT ON COLUMN @extschema@.grade_gap.grade_better IS '较优等级 / the better grade';
COMMENT ON COLUMN @extschema@.grade_gap.grade_worse IS '较差等级 / the worse grade';
COMMENT ON COLUMN @extschema@.grade_gap.distance IS '相差档数 / grades between them';
COMMENT ON COLUMN @extschema@.grade_gap.since IS '差距起始日 / day since which it has been there';
COMMENT ON COLUMN @extschema@.grade_gap.department_better IS '较优办法的制定机关 / issuer of the measure with the better grade';
COMMENT ON COLUMN @extschema@.grade_gap.department_worse IS '较差办法的制定机关 / issuer of the measure with the worse grade';
COMMENT ON COLUMN @extschema@.grade_gap.example IS '其一为示例办法 / whether one of the measures is an example';

-- The gap between two policies, whichever is the better; its columns are NULL where there is none.
CREATE FUNCTION @extschema@._gap_between(subject @extschema@.subject_code, policies jsonb) RETURNS @extschema@.grade_gap
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $gap_between$
DECLARE
	gap @extschema@.grade_gap;
BEGIN
	SELECT g.* INTO gap FROM @extschema@.grade_gap AS g
	 WHERE g.subject OPERATOR(@extschema@.=) _gap_between.subject AND policies @> to_jsonb(ARRAY[g.policy_better, g.policy_worse]);
	RETURN gap;
END
$gap_between$;
REVOKE ALL ON FUNCTION @extschema@._gap_between(@extschema@.subject_code, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._gap_between(@extschema@.subject_code, jsonb) IS '两办法之间现有的差距 / the gap between two policies today, if there is one';

-- What a review demands beyond its order of steps.
CREATE FUNCTION @extschema@._on_gap_review(subject @extschema@.subject_code, proceeding_id bigint, seq integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off AS $on_gap_review$
#variable_conflict use_column
DECLARE
	p @extschema@.proceeding;
	step @extschema@.proceeding_step;
	gap @extschema@.grade_gap;
	told jsonb;
	missing text;
BEGIN
	SELECT o.* INTO STRICT p FROM @extschema@.proceeding AS o
	 WHERE o.subject OPERATOR(@extschema@.=) _on_gap_review.subject AND o.proceeding_id = _on_gap_review.proceeding_id;
	SELECT s.* INTO STRICT step FROM @extschema@.proceeding_step AS s
	 WHERE s.subject OPERATOR(@extschema@.=) p.subject AND s.proceeding_id = p.proceeding_id AND s.seq = _on_gap_review.seq;
	gap := @extschema@._gap_between(p.subject, p.about -> 'policies');
	SELECT s.data -> 'departments' INTO told FROM @extschema@.proceeding_step AS s
	 WHERE s.subject OPERATOR(@extschema@.=) p.subject AND s.proceeding_id = p.proceeding_id AND s.seq = 1;
	IF step.event = 'open' THEN
		IF gap.subject IS NULL OR step.data -> 'gap' IS DISTINCT FROM to_jsonb(gap) - 'subject' THEN
			RAISE EXCEPTION 'subject "%" has no such gap between grades', p.subject
				USING ERRCODE = 'object_not_in_prerequisite_state',
				      DETAIL = format('Policies %s.', p.about ->> 'policies'),
				      HINT = 'The gaps of today are in citycredit.grade_gap; citycredit.open_gap_review() opens the review of one.';
		END IF;
	ELSIF step.event = 'notify' THEN
		IF (step.data -> 'departments' @> told) IS NOT TRUE THEN
			RAISE EXCEPTION 'the departments of both measures have to be told'
				USING ERRCODE = 'check_violation', DETAIL = format('They are %s.', told),
				      HINT = 'citycredit.notify_gap_review() tells both.';
		END IF;
	ELSIF step.event = 'explain' THEN
		IF (told ? (step.data ->> 'department')) IS NOT TRUE THEN
			RAISE EXCEPTION 'department "%" has not to explain this gap', step.data ->> 'department'
				USING ERRCODE = 'check_violation', DETAIL = format('The departments of the measures are %s.', told);
		END IF;
	ELSIF step.event = 'keep' THEN
		SELECT string_agg(d.name, ', ' ORDER BY d.name) INTO missing FROM jsonb_array_elements_text(told) AS d (name)
		 WHERE NOT EXISTS (SELECT FROM @extschema@.proceeding_step AS s
		                    WHERE s.subject OPERATOR(@extschema@.=) p.subject AND s.proceeding_id = p.proceeding_id AND s.event = 'explain'
		                      AND s.data ->> 'department' = d.name);
		IF missing IS NOT NULL THEN
			RAISE EXCEPTION 'a gap is kept when both departments have explained it'
				USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('Missing: %s.', missing),
				      HINT = 'Record the explanation with citycredit.explain_gap().';
		END IF;
	ELSIF step.event IN ('correct', 'vanish') AND gap.subject IS NOT NULL THEN
		RAISE EXCEPTION 'the gap between the grades of subject "%" is still there', p.subject
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('%s by "%s", %s by "%s", since %s.', gap.grade_better, gap.policy_better, gap.grade_worse, gap.policy_worse, gap.since),
			      HINT = 'Correct what is wrong first (a record, a finding), or keep the gap with the reasons of both departments.';
	END IF;
END
$on_gap_review$;
REVOKE ALL ON FUNCTION @extschema@._on_gap_review(@extschema@.subject_code, bigint, integer) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._on_gap_review(@extschema@.subject_code, bigint, integer) IS '等级差距复核各步的要求 / what the steps of a gap review demand';

CREATE FUNCTION @extschema@.open_gap_review(subject @extschema@.subject_code, policy text, other_policy text, department text, decide_within jsonb,
		explain_within jsonb DEFAULT NULL, field text DEFAULT NULL, district text DEFAULT NULL, on_overdue jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $open_gap_review$
DECLARE
	seen constant boolean := @extschema@._require_sight(open_gap_review.subject);
	pair constant jsonb := to_jsonb(ARRAY[least(policy, other_policy), greatest(policy, other_policy)]);
	gap @extschema@.grade_gap := @extschema@._gap_between(subject, pair);
	last_kept record;
	periods record;
BEGIN
	IF num_nulls(subject, policy, other_policy, department, decide_within) > 0 THEN
		RAISE EXCEPTION 'a gap review needs subject, both policies, department and decide_within'
			USING ERRCODE = 'null_value_not_allowed', HINT = 'decide_within is a term such as {"working_days": 20}; there is no default.';
	ELSIF gap.subject IS NULL THEN
		RAISE EXCEPTION 'subject "%" has no gap between its grades by "%" and "%"', subject, policy, other_policy
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'The gaps of today are in citycredit.grade_gap.';
	END IF;
	-- what was explained and kept is not asked again while the grades are the same
	SELECT r.proceeding_id, r.decided_on INTO last_kept FROM @extschema@.gap_review AS r
	 WHERE r.subject OPERATOR(@extschema@.=) open_gap_review.subject AND r.policies = pair AND r.state = 'decided'
	   AND (r.policy_better, r.grade_better, r.grade_worse) = (gap.policy_better, gap.grade_better, gap.grade_worse) AND r.opened_on >= gap.since;
	IF FOUND THEN
		RAISE EXCEPTION 'this gap of subject "%" was reviewed already', subject
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('It was explained and kept on %s by proceeding %s; the grades are the same since.', last_kept.decided_on, last_kept.proceeding_id);
	END IF;
	periods := @extschema@._set_terms('gap_review', field, jsonb_strip_nulls(jsonb_build_object('decide', decide_within, 'explain', explain_within)));
	RETURN @extschema@._open_proceeding(subject, 'gap_review', 'open', department, jsonb_build_object('policies', pair), field, district,
		periods.terms, on_overdue || periods.on_overdue,
		jsonb_build_object('data', jsonb_build_object('gap', to_jsonb(gap) - 'subject',
			'departments', to_jsonb(ARRAY(SELECT DISTINCT u.d FROM unnest(ARRAY[gap.department_better, gap.department_worse]) AS u (d) ORDER BY 1)))), NULL);
END
$open_gap_review$;
REVOKE ALL ON FUNCTION @extschema@.open_gap_review(@extschema@.subject_code, text, text, text, jsonb, jsonb, text, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.open_gap_review(@extschema@.subject_code, text, text, text, jsonb, jsonb, text, text, jsonb) IS
	'对等级差距启动复核，期限自通报起算；返回程序编号 / opens the review of a gap; its terms run from the notice; returns the number of the proceeding';

CREATE FUNCTION @extschema@.notify_gap_review(subject @extschema@.subject_code, review bigint, served_on date, method text, document text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $notify_gap_review$
DECLARE
	seen constant boolean := @extschema@._require_sight(notify_gap_review.subject);
	told jsonb := (SELECT s.data -> 'departments' FROM @extschema@.proceeding_step AS s
	                WHERE s.subject OPERATOR(@extschema@.=) notify_gap_review.subject AND s.proceeding_id = notify_gap_review.review AND s.seq = 1);
BEGIN
	RETURN @extschema@._advance_proceeding(subject, review, 'notify', jsonb_strip_nulls(jsonb_build_object('served_on', to_char(served_on, 'YYYY-MM-DD'),
		'service_method', method, 'service_document', document, 'data', jsonb_build_object('departments', told))), NULL);
END
$notify_gap_review$;
REVOKE ALL ON FUNCTION @extschema@.notify_gap_review(@extschema@.subject_code, bigint, date, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.notify_gap_review(@extschema@.subject_code, bigint, date, text, text) IS
	'登记已向两办法的制定机关通报 / records that the departments of both measures were told';

CREATE FUNCTION @extschema@.explain_gap(subject @extschema@.subject_code, review bigint, department text, reasons text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $explain_gap$
BEGIN
	PERFORM @extschema@._require_sight(explain_gap.subject);
	RETURN @extschema@._advance_proceeding(subject, review, 'explain',
		jsonb_strip_nulls(jsonb_build_object('reasons', reasons)) || jsonb_build_object('data', jsonb_build_object('department', department)), NULL);
END
$explain_gap$;
REVOKE ALL ON FUNCTION @extschema@.explain_gap(@extschema@.subject_code, bigint, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.explain_gap(@extschema@.subject_code, bigint, text, text) IS '登记一部门的说明 / records a department''s explanation of its grade';

CREATE FUNCTION @extschema@.decide_gap_review(subject @extschema@.subject_code, review bigint, result text, reasons text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $decide_gap_review$
BEGIN
	PERFORM @extschema@._require_sight(decide_gap_review.subject);
	IF coalesce(result, '') NOT IN ('keep', 'correct', 'vanish') THEN
		RAISE EXCEPTION 'a gap review cannot end by "%"', result
			USING ERRCODE = 'invalid_parameter_value', HINT = 'The results are keep, correct and vanish.';
	END IF;
	RETURN @extschema@._advance_proceeding(subject, review, result, jsonb_strip_nulls(jsonb_build_object('reasons', reasons)), NULL);
END
$decide_gap_review$;
REVOKE ALL ON FUNCTION @extschema@.decide_gap_review(@extschema@.subject_code, bigint, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.decide_gap_review(@extschema@.subject_code, bigint, text, text) IS
	'结束复核：keep 说明后维持，correct 已更正，vanish 差距已消除 / ends a review: keep (explained), correct (corrected: the gap has to be gone), vanish (it has gone by itself)';

CREATE VIEW @extschema@.gap_review WITH (security_barrier) AS
SELECT p.subject, p.proceeding_id, p.about -> 'policies' AS policies, o.data #>> '{gap,policy_better}' AS policy_better, o.data #>> '{gap,policy_worse}' AS policy_worse,
       o.data #>> '{gap,grade_better}' AS grade_better, o.data #>> '{gap,grade_worse}' AS grade_worse, (o.data #>> '{gap,distance}')::integer AS distance,
       (o.data #>> '{gap,since}')::date AS since, p.department, p.opened_on, p.state, p.closed, d.due_on AS decide_due, e.due_on AS explain_due,
       CASE WHEN p.closed THEN p.last_on > d.due_on ELSE @extschema@.today() > d.due_on END AS late,
       (SELECT array_agg(DISTINCT s.data ->> 'department') FROM @extschema@.proceeding_step AS s
         WHERE s.subject = p.subject AND s.proceeding_id = p.proceeding_id AND s.event = 'explain') AS explained,
       CASE WHEN p.closed THEN l.step_on END AS decided_on, CASE WHEN p.closed THEN l.reasons END AS reasons
  FROM @extschema@.proceeding AS p
  JOIN @extschema@.proceeding_step AS o ON o.subject = p.subject AND o.proceeding_id = p.proceeding_id AND o.seq = 1
  JOIN @extschema@.proceeding_step AS l ON l.subject = p.subject AND l.proceeding_id = p.proceeding_id AND l.seq = p.last_seq
  LEFT JOIN @extschema@.proceeding_deadline AS d ON d.subject = p.subject AND d.proceeding_id = p.proceeding_id AND d.name = 'decide'
  LEFT JOIN @extschema@.proceeding_deadline AS e ON e.subject = p.subject AND e.proceeding_id = p.proceeding_id AND e.name = 'explain'
 WHERE p.kind = 'gap_review' AND p.about ? 'policies';
COMMENT ON VIEW @extschema@.gap_review IS '等级差距的复核 / reviews of gaps between grades';
COMMENT ON COLUMN @extschema@.gap_review.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.gap_review.proceeding_id IS '程序编号 / number of the proceeding';
COMMENT ON COLUMN @extschema@.gap_review.policies IS '两办法 / the two policies';
COMMENT ON COLUMN @extschema@.gap_review.policy_better IS '启动时等级较优的办法 / policy with the better grade when it was opened';
COMMENT ON COLUMN @extschema@.gap_review.policy_worse IS '启动时等级较差的办法 / policy with the worse grade';
COMMENT ON COLUMN @extschema@.gap_review.grade_better IS '较优等级 / the better grade';
COMMENT ON COLUMN @extschema@.gap_review.grade_worse IS '较差等级 / the worse grade';
COMMENT ON COLUMN @extschema@.gap_review.distance IS '相差档数 / grades between them';
COMMENT ON COLUMN @extschema@.gap_review.since IS '差距起始日 / day since which it had been there';
COMMENT ON COLUMN @extschema@.gap_review.department IS '复核部门 / department that reviews';
COMMENT ON COLUMN @extschema@.gap_review.opened_on IS '启动日 / day on which it was opened';
COMMENT ON COLUMN @extschema@.gap_review.state IS '状态：opened、noticed、decided（维持）、corrected、vanished / state: opened, noticed, decided (kept), corrected, vanished';
COMMENT ON COLUMN @extschema@.gap_review.closed IS '是否已结束 / whether it has ended';
COMMENT ON COLUMN @extschema@.gap_review.decide_due IS '决定期限，未通报或工作日历未知为空 / last day for the decision; NULL before the notice, or past the calendar';
COMMENT ON COLUMN @extschema@.gap_review.explain_due IS '说明期限 / last day for the explanations';
COMMENT ON COLUMN @extschema@.gap_review.late IS '是否逾期（或逾期结束） / whether it is, or was ended, late';
COMMENT ON COLUMN @extschema@.gap_review.explained IS '已说明的部门 / departments that have explained';
COMMENT ON COLUMN @extschema@.gap_review.decided_on IS '结束日 / day on which it ended';
COMMENT ON COLUMN @extschema@.gap_review.reasons IS '决定理由 / reasons of the decision';

CREATE VIEW @extschema@.stat_grade_gap WITH (security_barrier) AS
SELECT g.gaps, g.unreviewed, r.*
  FROM (SELECT count(*) AS gaps,
               count(*) FILTER (WHERE NOT EXISTS (
                   SELECT FROM @extschema@.gap_review AS v
                    WHERE v.subject = x.subject AND v.policies @> to_jsonb(ARRAY[x.policy_better, x.policy_worse])
                      AND (NOT v.closed OR v.opened_on >= x.since))) AS unreviewed
          FROM @extschema@.grade_gap AS x) AS g
 CROSS JOIN (SELECT count(*) FILTER (WHERE NOT v.closed) AS open, count(*) FILTER (WHERE NOT v.closed AND v.late) AS overdue,
                    count(*) FILTER (WHERE v.closed) AS decided, count(*) FILTER (WHERE v.closed AND v.late) AS decided_late,
                    count(*) FILTER (WHERE v.state = 'decided') AS kept, count(*) FILTER (WHERE v.state = 'corrected') AS corrected,
                    count(*) FILTER (WHERE v.state = 'vanished') AS vanished
               FROM @extschema@.gap_review AS v) AS r;
COMMENT ON VIEW @extschema@.stat_grade_gap IS '等级差距及其复核的统计，仅一行 / figures of gaps between grades and their reviews, one row';
COMMENT ON COLUMN @extschema@.stat_grade_gap.gaps IS '现有差距 / gaps today';
COMMENT ON COLUMN @extschema@.stat_grade_gap.unreviewed IS '其中未复核 / of them without a review';
COMMENT ON COLUMN @extschema@.stat_grade_gap.open IS '在办复核 / reviews that are open';
COMMENT ON COLUMN @extschema@.stat_grade_gap.overdue IS '其中逾期 / of them overdue';
COMMENT ON COLUMN @extschema@.stat_grade_gap.decided IS '已结束 / reviews that have ended';
COMMENT ON COLUMN @extschema@.stat_grade_gap.decided_late IS '其中逾期结束 / of them late';
COMMENT ON COLUMN @extschema@.stat_grade_gap.kept IS '其中说明后维持 / of them explained and kept';
COMMENT ON COLUMN @extschema@.stat_grade_gap.corrected IS '其中已更正 / of them corrected';
COMMENT ON COLUMN @extschema@.stat_grade_gap.vanished IS '其中差距已消除 / of them with the gap gone by itself';
