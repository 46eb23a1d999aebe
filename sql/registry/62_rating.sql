-- ---------------------------------------------------------------------------
-- Ratings: the outcome of a period for a whole cohort, closed once, published by a second person, corrected in the open.
-- A rating is not a record and not a standing: nothing in it moves by itself. What it was made from is stored with it (version, days, position),
-- so that it comes out again from the records.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.rating_cycle (
	policy_id      integer NOT NULL,
	rating         text NOT NULL,
	period_from    date NOT NULL,
	period_until   date NOT NULL,
	version_id     integer NOT NULL REFERENCES @extschema@.policy (version_id),
	facts_until    date NOT NULL,
	repairs_until  date NOT NULL,
	known_at       timestamptz NOT NULL,
	publish_within jsonb,
	valid          jsonb,
	on_correction  text NOT NULL CHECK (on_correction IN ('subject_only', 'better_only', 'all')),
	closed_by      text NOT NULL DEFAULT @extschema@.actor(),
	closed_on      date NOT NULL DEFAULT @extschema@.today(),
	published_by   text,
	published_on   date,
	published_at   timestamptz,
	PRIMARY KEY (policy_id, rating, period_from),
	CHECK (period_from <= period_until),
	CHECK (facts_until >= period_until AND repairs_until >= period_until),
	CONSTRAINT rating_cycle_after_key_days CHECK (closed_on > facts_until AND closed_on > repairs_until),
	CONSTRAINT rating_cycle_second_person CHECK (published_by <> closed_by),
	CONSTRAINT rating_cycle_publication CHECK (num_nonnulls(published_by, published_on, published_at) IN (0, 3) AND published_on >= closed_on)
);
COMMENT ON TABLE @extschema@.rating_cycle IS '定期评价：每一评价周期仅结算一次 / rated periods, each closed once';
COMMENT ON COLUMN @extschema@.rating_cycle.policy_id IS '办法编号 / number of the measure';
COMMENT ON COLUMN @extschema@.rating_cycle.rating IS '办法中定期评价的标识 / rating of the measure';
COMMENT ON COLUMN @extschema@.rating_cycle.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@.rating_cycle.period_until IS '周期末日（含），即评价基准日 / last day of the period, the day evaluated';
COMMENT ON COLUMN @extschema@.rating_cycle.version_id IS '适用版本的编号 / number of the version it is rated by';
COMMENT ON COLUMN @extschema@.rating_cycle.facts_until IS '登记日不晚于此日的记录计入 / records recorded through this day count';
COMMENT ON COLUMN @extschema@.rating_cycle.repairs_until IS '不晚于此日的信用修复计入 / repairs through this day count';
COMMENT ON COLUMN @extschema@.rating_cycle.known_at IS '结算时的知悉序位 / position at which it was closed: what was known then is what it rests on';
COMMENT ON COLUMN @extschema@.rating_cycle.publish_within IS '公布期限，自周期末日起 / time within which it is to be published, after the last day of the period';
COMMENT ON COLUMN @extschema@.rating_cycle.valid IS '有效期，自公布日起；为空即有效至下次 / how long it is valid from its publication; NULL = until the next';
COMMENT ON COLUMN @extschema@.rating_cycle.on_correction IS '更正时对其他主体：subject_only 不动，better_only 只升，all 全部重排 / what a correction does to bystanders';
COMMENT ON COLUMN @extschema@.rating_cycle.closed_by IS '结算人 / who closed it';
COMMENT ON COLUMN @extschema@.rating_cycle.closed_on IS '结算日 / day on which it was closed';
COMMENT ON COLUMN @extschema@.rating_cycle.published_by IS '公布人，不得为结算人 / who published it; never who closed it';
COMMENT ON COLUMN @extschema@.rating_cycle.published_on IS '公布日 / day of publication';
COMMENT ON COLUMN @extschema@.rating_cycle.published_at IS '公布时间 / when it was published';

CREATE SEQUENCE @extschema@.rating_correction_number AS bigint;
COMMENT ON SEQUENCE @extschema@.rating_correction_number IS '评价更正案号 / numbers of corrections of ratings';

CREATE TABLE @extschema@.rating_correction (
	subject         @extschema@.subject_code NOT NULL,
	correction_id   bigint NOT NULL DEFAULT nextval('@extschema@.rating_correction_number'),
	policy_id       integer NOT NULL,
	rating          text NOT NULL,
	period_from     date NOT NULL,
	known_at        timestamptz NOT NULL,
	facts_until     date NOT NULL,
	reason          text NOT NULL CHECK (btrim(reason) <> ''),
	proposed_by     text NOT NULL DEFAULT @extschema@.actor(),
	proposed_on     date NOT NULL DEFAULT @extschema@.today(),
	place           integer,
	result          text CHECK (result IN ('corrected', 'refused')),
	decided_by      text,
	decided_on      date,
	decision_reason text CHECK (btrim(decision_reason) <> ''),
	PRIMARY KEY (subject, correction_id),
	FOREIGN KEY (policy_id, rating, period_from) REFERENCES @extschema@.rating_cycle (policy_id, rating, period_from),
	CONSTRAINT rating_correction_second_person CHECK (decided_by <> proposed_by),
	CONSTRAINT rating_correction_decision CHECK (num_nonnulls(result, decided_by, decided_on, decision_reason) IN (0, 4)
		AND (result = 'corrected') IS NOT DISTINCT FROM CASE WHEN result IS NOT NULL THEN place IS NOT NULL END)
);
-- One proposal at a time for a subject's rating.
CREATE UNIQUE INDEX rating_correction_open ON @extschema@.rating_correction (subject, policy_id, rating, period_from) WHERE result IS NULL;
CREATE INDEX rating_correction_cycle ON @extschema@.rating_correction (policy_id, rating, period_from);
COMMENT ON TABLE @extschema@.rating_correction IS '定期评价的更正：提出与第二人决定 / corrections of ratings: proposed, and decided by a second person';
COMMENT ON COLUMN @extschema@.rating_correction.subject IS '主体代码 / subject whose rating is to be corrected';
COMMENT ON COLUMN @extschema@.rating_correction.correction_id IS '案号 / number of the correction';
COMMENT ON COLUMN @extschema@.rating_correction.policy_id IS '办法编号 / number of the measure';
COMMENT ON COLUMN @extschema@.rating_correction.rating IS '定期评价的标识 / rating of the measure';
COMMENT ON COLUMN @extschema@.rating_correction.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@.rating_correction.known_at IS '提出时的知悉序位：更正以当时所知为准 / position of the proposal: the correction rests on what was known then';
COMMENT ON COLUMN @extschema@.rating_correction.facts_until IS '登记日不晚于此日的记录计入（提出日） / records recorded through this day count: the day of the proposal';
COMMENT ON COLUMN @extschema@.rating_correction.reason IS '更正理由 / reason of the correction';
COMMENT ON COLUMN @extschema@.rating_correction.proposed_by IS '提出人 / who proposed it';
COMMENT ON COLUMN @extschema@.rating_correction.proposed_on IS '提出日 / day of the proposal';
COMMENT ON COLUMN @extschema@.rating_correction.place IS '本周期内更正的次序 / place among the corrections of the period';
COMMENT ON COLUMN @extschema@.rating_correction.result IS '结果：corrected 已更正，refused 不予更正 / corrected or refused; NULL = open';
COMMENT ON COLUMN @extschema@.rating_correction.decided_by IS '决定人，不得为提出人 / who decided it; never who proposed it';
COMMENT ON COLUMN @extschema@.rating_correction.decided_on IS '决定日 / day of the decision';
COMMENT ON COLUMN @extschema@.rating_correction.decision_reason IS '决定理由 / reason of the decision';

CREATE TABLE @extschema@.rating (
	subject        @extschema@.subject_code NOT NULL,
	policy_id      integer NOT NULL,
	version_id     integer NOT NULL,
	rating         text NOT NULL,
	period_from    date NOT NULL,
	period_until   date NOT NULL,
	correction     smallint NOT NULL DEFAULT 0 CHECK (correction >= 0),
	as_of          date NOT NULL,
	facts_until    date NOT NULL,
	repairs_until  date NOT NULL,
	known_at       timestamptz NOT NULL,
	score          bigint,
	band_rank      integer,
	credit_grade   @extschema@.credit_grade,
	undecided      boolean NOT NULL,
	published_on   date,
	valid_from     date,
	valid_until    date,
	published_at   timestamptz,
	superseded_at  timestamptz NOT NULL DEFAULT 'infinity',
	correction_id  bigint,
	state          text NOT NULL,
	band           text,
	decided_by     text NOT NULL DEFAULT @extschema@.actor(),
	reason         text,
	vetoes         text[] NOT NULL,
	lists          text[] NOT NULL,
	effects        text[] NOT NULL,
	ranks          jsonb,
	due            jsonb,
	outcome_values jsonb,
	PRIMARY KEY (subject, policy_id, rating, period_from, correction),
	FOREIGN KEY (policy_id, rating, period_from) REFERENCES @extschema@.rating_cycle (policy_id, rating, period_from),
	CHECK ((band IS NULL) = (band_rank IS NULL)),
	CONSTRAINT rating_reason CHECK ((correction > 0) = (correction_id IS NOT NULL) AND (correction > 0) = (reason IS NOT NULL)),
	CONSTRAINT rating_publication CHECK (num_nonnulls(published_on, published_at, valid_from, valid_until) IN (0, 4) AND valid_until >= valid_from - 1)
);
-- One rating of a subject for a period stands.
CREATE UNIQUE INDEX rating_standing ON @extschema@.rating (subject, policy_id, rating, period_from) WHERE superseded_at = 'infinity';
CREATE INDEX rating_of_cycle ON @extschema@.rating (policy_id, rating, period_from, band_rank);
COMMENT ON TABLE @extschema@.rating IS '定期评价结果：只增不改，更正为新行 / ratings of subjects; they only grow, a correction is a new row';
COMMENT ON COLUMN @extschema@.rating.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.rating.policy_id IS '办法编号 / number of the measure';
COMMENT ON COLUMN @extschema@.rating.version_id IS '适用版本的编号 / number of the version';
COMMENT ON COLUMN @extschema@.rating.rating IS '定期评价的标识 / rating of the measure';
COMMENT ON COLUMN @extschema@.rating.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@.rating.period_until IS '周期末日（含） / last day of the period';
COMMENT ON COLUMN @extschema@.rating.correction IS '更正次数，0 为首次结果 / number of the correction, 0 = as closed';
COMMENT ON COLUMN @extschema@.rating.as_of IS '评价基准日 / day evaluated';
COMMENT ON COLUMN @extschema@.rating.facts_until IS '登记日不晚于此日的记录计入 / records recorded through this day count';
COMMENT ON COLUMN @extschema@.rating.repairs_until IS '不晚于此日的信用修复计入 / repairs through this day count';
COMMENT ON COLUMN @extschema@.rating.known_at IS '所依记录的知悉序位 / position of what was known of the subject';
COMMENT ON COLUMN @extschema@.rating.score IS '得分，单位万分之一分 / score in 1/10000 point';
COMMENT ON COLUMN @extschema@.rating.band_rank IS '档次序位，1 为最优 / rank of the band, 1 = best';
COMMENT ON COLUMN @extschema@.rating.credit_grade IS '信用等级 A–E / credit grade';
COMMENT ON COLUMN @extschema@.rating.undecided IS '待定 / undecided, referred to a person';
COMMENT ON COLUMN @extschema@.rating.published_on IS '公布日 / day of publication';
COMMENT ON COLUMN @extschema@.rating.valid_from IS '有效首日 / first day on which it is valid';
COMMENT ON COLUMN @extschema@.rating.valid_until IS '有效末日（含），infinity 为至下次 / last day on which it is valid; infinity = until the next';
COMMENT ON COLUMN @extschema@.rating.published_at IS '公布时间 / when it was published';
COMMENT ON COLUMN @extschema@.rating.superseded_at IS '被更正取代的时间，infinity 为现行 / when a correction superseded it; infinity = it stands';
COMMENT ON COLUMN @extschema@.rating.correction_id IS '所出更正案，首次结果为空 / correction it comes from; NULL = as closed';
COMMENT ON COLUMN @extschema@.rating.state IS '状态：rated 或办法所列状态 / rated, or a state beside the scale; not_enrolled after a correction that takes the subject out';
COMMENT ON COLUMN @extschema@.rating.band IS '档次 / band as the measure names it';
COMMENT ON COLUMN @extschema@.rating.decided_by IS '结算人，或决定更正者 / who closed it, or decided the correction';
COMMENT ON COLUMN @extschema@.rating.reason IS '更正理由 / reason of the correction';
COMMENT ON COLUMN @extschema@.rating.vetoes IS '一票否决规则 / vetoes that held';
COMMENT ON COLUMN @extschema@.rating.lists IS '名单规则 / list rules that held';
COMMENT ON COLUMN @extschema@.rating.effects IS '命令与限制 / effects: orders and bars';
COMMENT ON COLUMN @extschema@.rating.ranks IS '各排名的名次、参加数、所入组、并列待定组 / of each ranking: rank, of how many, groups, groups referred for a tie';
COMMENT ON COLUMN @extschema@.rating.due IS '各命令的期限 / due day of each order';
COMMENT ON COLUMN @extschema@.rating.outcome_values IS '办法计算的各项数值 / values that the measure computes';

-- Ratings are evidence: publication fills what is empty, the next one ends validity without end, a correction supersedes. Nothing else.
CREATE FUNCTION @extschema@._rating_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $rating_guard$
DECLARE
	-- What a step may fill: from NULL, or from the infinity that means "not yet".
	steps constant text[] := CASE TG_TABLE_NAME
		WHEN 'rating_cycle' THEN ARRAY['published_by', 'published_on', 'published_at']
		WHEN 'rating_correction' THEN ARRAY['place', 'result', 'decided_by', 'decided_on', 'decision_reason']
		ELSE ARRAY['published_on', 'published_at', 'valid_from', 'valid_until', 'superseded_at'] END;
BEGIN
	IF TG_OP = 'UPDATE' AND NOT EXISTS (
			SELECT FROM jsonb_each(to_jsonb(OLD)) AS o
			  JOIN jsonb_each(to_jsonb(NEW)) AS n ON n.key = o.key
			 WHERE n.value <> o.value
			   AND NOT (o.key = ANY (steps) AND (o.value = 'null' OR o.key IN ('valid_until', 'published_at', 'superseded_at') AND o.value = '"infinity"'))) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'cannot % ratings', CASE TG_OP WHEN 'UPDATE' THEN 'rewrite' ELSE lower(TG_OP) END
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'What was rated, published and corrected stays as it was.',
		      HINT = 'citycredit.correct_rating() gives a corrected rating beside the old one.';
END
$rating_guard$;
REVOKE ALL ON FUNCTION @extschema@._rating_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._rating_guard() IS '定期评价只增不改，仅可公布与被更正取代 / refuses rewriting of ratings, but for publication and superseding';
DO $rating_guards$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['rating_cycle', 'rating_correction', 'rating'] LOOP
		EXECUTE format('CREATE TRIGGER %1$s_guard BEFORE UPDATE OR DELETE ON @extschema@.%1$s FOR EACH ROW EXECUTE FUNCTION @extschema@._rating_guard()', name);
		EXECUTE format('CREATE TRIGGER %1$s_guard_truncate BEFORE TRUNCATE ON @extschema@.%1$s FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._rating_guard()', name);
	END LOOP;
END
$rating_guards$;

-- ---------------------------------------------------------------------------
-- Who rates by a measure: its issuer, or the departments to which it, or the superior that issued it, has left that
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.policy_department (
	policy      text NOT NULL,
	department  text NOT NULL CHECK (btrim(department) <> ''),
	field       text,
	district    text,
	valid_from  date NOT NULL DEFAULT @extschema@.today(),
	valid_until date NOT NULL DEFAULT 'infinity',
	cite        text NOT NULL CHECK (btrim(cite) <> ''),
	entered_by  text NOT NULL DEFAULT @extschema@.actor(),
	PRIMARY KEY (policy, department, valid_from),
	CONSTRAINT policy_department_period CHECK (valid_from <= valid_until)
);
COMMENT ON TABLE @extschema@.policy_department IS '依办法开展评价的部门（如上级制定、本地实施）；未列者为制定机关 / departments that rate by a measure, such as one issued by a superior; of a measure that is not here its issuer does';
COMMENT ON COLUMN @extschema@.policy_department.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.policy_department.department IS '部门，同 department_competence / department, as in department_competence';
COMMENT ON COLUMN @extschema@.policy_department.field IS '核对职权的领域，空为全部 / field in which competence is asked for; NULL: all';
COMMENT ON COLUMN @extschema@.policy_department.district IS '核对职权的区，空为全部 / district in which competence is asked for; NULL: all';
COMMENT ON COLUMN @extschema@.policy_department.valid_from IS '首日（含） / first day';
COMMENT ON COLUMN @extschema@.policy_department.valid_until IS '末日（含） / last day';
COMMENT ON COLUMN @extschema@.policy_department.cite IS '依据条款 / clause';
COMMENT ON COLUMN @extschema@.policy_department.entered_by IS '录入人 / who entered it';

-- The act that department_competence names is rating. Who closes handles, who publishes and who decides a correction decides.
CREATE FUNCTION @extschema@._require_rater(policy text, duties text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $require_rater$
DECLARE
	raters text;
BEGIN
	WITH named AS (
		SELECT d.department, d.field, d.district FROM @extschema@.policy_department AS d
		 WHERE d.policy = _require_rater.policy AND @extschema@.today() BETWEEN d.valid_from AND d.valid_until
	), rater AS (
		SELECT n.* FROM named AS n
		UNION
		SELECT p.issuer, NULL, NULL FROM @extschema@.policy AS p
		 WHERE p.policy = _require_rater.policy AND p.status = 'adopted' AND NOT EXISTS (SELECT FROM named)
	)
	SELECT string_agg(format('"%s" in field %s, district %s', r.department, coalesce(r.field, 'any'), coalesce(r.district, 'any')), ' or ' ORDER BY r.department)
	  INTO raters FROM rater AS r
	HAVING NOT bool_or(@extschema@._competent(r.department, 'rating', r.field, r.district, duties));
	IF raters IS NOT NULL THEN
		RAISE EXCEPTION 'role "%" has no competence for ratings by policy "%"', @extschema@.actor(), policy
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('It takes a duty of %s for rating at %s.', array_to_string(duties, ' or '), raters),
			      HINT = 'Who acts for which department is in citycredit.department_competence; who rates by a measure of another issuer, in citycredit.policy_department.';
	END IF;
END
$require_rater$;
REVOKE ALL ON FUNCTION @extschema@._require_rater(text, text[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._require_rater(text, text[]) IS '核对操作人对依该办法评价的职权 / refuses who has no such duty for ratings by a measure';

-- ---------------------------------------------------------------------------
-- Periods
-- ---------------------------------------------------------------------------

-- First day of the period of so many months, counted from the origin in both directions, in which a day lies.
CREATE FUNCTION @extschema@._period_start(day date, origin date, months integer) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $period_start$
DECLARE
	n constant integer := (extract(year FROM day) - extract(year FROM origin)) * 12 + extract(month FROM day) - extract(month FROM origin)
	                      - (extract(day FROM day) < extract(day FROM origin))::integer;
BEGIN
	RETURN origin + make_interval(months => (floor(n::numeric / months) * months)::integer);
END
$period_start$;
REVOKE ALL ON FUNCTION @extschema@._period_start(date, date, integer) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._period_start(date, date, integer) IS '某日所在周期的首日 / first day of the period in which a day lies';

-- A period as people write it: its first day, and how many months it has where the text says so.
CREATE FUNCTION @extschema@._read_period(period text, OUT first_day date, OUT months integer)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $read_period$
DECLARE
	parts text[] := regexp_match(btrim(period), '^(\d{4})(?:-?([HhQq])([1-4])|-(\d{2})|-(\d{2})-(\d{2}))?$');
	unit constant text := upper(parts[2]);
BEGIN
	BEGIN
		months := CASE WHEN unit = 'H' THEN 6 WHEN unit = 'Q' THEN 3 WHEN parts[4] IS NOT NULL THEN 1 WHEN parts[5] IS NULL THEN 12 END;
		first_day := make_date(parts[1]::integer,
			CASE WHEN unit IS NOT NULL THEN (parts[3]::integer - 1) * months + 1 ELSE coalesce(parts[4], parts[5], '1')::integer END,
			coalesce(parts[6], '1')::integer);
	EXCEPTION WHEN datetime_field_overflow THEN
		first_day := NULL;
	END;
	IF first_day IS NULL OR unit = 'H' AND parts[3] > '2' THEN
		RAISE EXCEPTION 'invalid period: "%"', period
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Write a year 2025, a half 2025-H1, a quarter 2025-Q2, a month 2025-03, or the first day of the period.';
	END IF;
END
$read_period$;
REVOKE ALL ON FUNCTION @extschema@._read_period(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._read_period(text) IS '读取周期：年、半年、季、月或首日 / reads a period: year, half, quarter, month or first day';

CREATE TRIGGER rating_cycle_changed AFTER INSERT ON @extschema@.rating_cycle
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._catalogue_changed();

-- All periods of all ratings of adopted versions that ended through a day, each under the version that its own rule names: the one in force on
-- its first or on its last day. Where a version is named, by that one, if it is in force on either.
CREATE FUNCTION @extschema@._rating_periods(policy text, ended_from date, ended_until date, by_version text DEFAULT NULL)
	RETURNS TABLE (policy_id integer, version_id integer, version text, example boolean, version_published_on date, rating text, name text, months integer,
	               period_from date, period_until date, facts_until date, repairs_until date, publish_within jsonb, valid jsonb, on_correction text,
	               adopted_on date, measure text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $rating_periods$
BEGIN
	RETURN QUERY
	SELECT p.policy_id, p.version_id, p.version, p.example, p.published_on, r.rating, r.name, r.period_months, d.first, d.last,
	       CASE WHEN r.facts_until IS NULL THEN d.last ELSE @extschema@.deadline(d.last, r.facts_until) END,
	       CASE WHEN r.repairs_until IS NULL THEN d.last ELSE @extschema@.deadline(d.last, r.repairs_until) END,
	       r.publish_within, r.valid, r.on_correction, p.adopted_on, p.policy
	  FROM @extschema@.policy AS p
	 CROSS JOIN LATERAL @extschema@._policy_ratings(p.version_id) AS r
	 CROSS JOIN LATERAL (SELECT greatest(_rating_periods.ended_from, p.in_force_from) AS since,
	                            least(_rating_periods.ended_until, p.in_force_until) AS until) AS w
	 CROSS JOIN LATERAL (SELECT g::date AS first, (g + make_interval(months => r.period_months))::date - 1 AS last
	                       FROM generate_series(@extschema@._period_start(w.since, r.period_origin, r.period_months)::timestamp,
	                                            w.until::timestamp, make_interval(months => r.period_months)) AS g) AS d
	 WHERE p.status = 'adopted' AND (_rating_periods.policy IS NULL OR p.policy = _rating_periods.policy)
	   AND d.last BETWEEN _rating_periods.ended_from AND _rating_periods.ended_until
	   AND CASE WHEN _rating_periods.by_version IS NULL THEN CASE WHEN r.version_by_start THEN d.first ELSE d.last END BETWEEN p.in_force_from AND p.in_force_until
	            ELSE p.version = _rating_periods.by_version
	                 AND (d.first BETWEEN p.in_force_from AND p.in_force_until OR d.last BETWEEN p.in_force_from AND p.in_force_until) END;
END
$rating_periods$;
REVOKE ALL ON FUNCTION @extschema@._rating_periods(text, date, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._rating_periods(text, date, date, text) IS
	'若干日内结束的评价周期及适用版本；办法为空即全部 / rated periods that end within some days, with the version that rates them; policy NULL = all';

-- ---------------------------------------------------------------------------
-- Closing
-- ---------------------------------------------------------------------------

-- The outcomes of a cohort as of a day, in one pass over the records: those recorded through one day, as known at one position, repairs through
-- another day. For the subjects of the arrays position and day are those of the arrays: theirs are corrected ratings.
CREATE FUNCTION @extschema@._rated(version_id integer, as_of date, known_at timestamptz, facts_until date, repairs_until date,
		subjects @extschema@.subject_code[] DEFAULT '{}', positions timestamptz[] DEFAULT '{}', recorded_until date[] DEFAULT '{}')
	RETURNS TABLE (subject @extschema@.subject_code, state text, score bigint, band text, band_rank integer, credit_grade @extschema@.credit_grade,
	               undecided boolean, vetoes text[], lists text[], effects text[], ranks jsonb, due jsonb, outcome_values jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
-- all records are read anyway: in the table's order and into a hash table, not by the index
SET enable_indexscan = off SET hash_mem_multiplier = 64
-- a cursor is read to its end: no plan that is only quick to begin
SET cursor_tuple_fraction = 1 AS $rated$
DECLARE
	-- the states of a city are more than one value can hold
	cohort refcursor;
BEGIN
	-- What a version reads besides the subject's own records is gathered for one subject after the other.
	IF @extschema@._reads_more(_rated.version_id) OR @extschema@._linked_roles(ARRAY[_rated.version_id]) <> '{}' THEN
		PERFORM set_config('enable_indexscan', 'on', true);
		OPEN cohort FOR
		SELECT f.subject, f.folded
		  FROM (SELECT s.subject, @extschema@._fold_rated(s.subject, _rated.version_id, _rated.as_of, coalesce(b.position, _rated.known_at),
		                   coalesce(b.recorded_until, _rated.facts_until), _rated.repairs_until) AS folded
		          FROM @extschema@.subject_state AS s
		          LEFT JOIN unnest(_rated.subjects, _rated.positions, _rated.recorded_until) AS b (subject, position, recorded_until)
		            ON b.subject OPERATOR(@extschema@.=) s.subject
		        OFFSET 0) AS f
		 WHERE f.folded IS NOT NULL;
	ELSE
		OPEN cohort FOR
		SELECT f.subject, f.states[1]
		  FROM (SELECT r.subject, @extschema@.fold_facts(ARRAY[_rated.version_id], _rated.as_of, coalesce(b.position, _rated.known_at),
		r.subject, r.record_id, r.kind, r.behaviour, r.field, r.authority, r.district, r.source, r.state, r.procedure, r.penalty_kind,
		r.severity, r.responsibility, r.intent, r.document, r.unit, NULL::text, r.amount_fen, r.fine_fen, r.awarded_points, r.quantity, r.act_on,
		r.act_ended_on, r.decided_on, r.served_on, r.valid_from, r.valid_until, r.publicity_until, r.corrected_on,
		@extschema@._repair_in_rating(r.repaired_on, _rated.as_of, _rated.repairs_until),
		r.recorded_on, r.revoked_on, r.held, r.verified_by, NULL::date, NULL::date) AS states
	          FROM @extschema@.record AS r
	          LEFT JOIN unnest(_rated.subjects, _rated.positions, _rated.recorded_until) AS b (subject, position, recorded_until)
	            ON b.subject OPERATOR(@extschema@.=) r.subject
	         WHERE r.known_from <= coalesce(b.position, _rated.known_at) AND r.known_until > coalesce(b.position, _rated.known_at)
	           AND r.recorded_on <= coalesce(b.recorded_until, _rated.facts_until)
	         GROUP BY r.subject, b.position) AS f;
	END IF;
	RETURN QUERY SELECT o.* FROM @extschema@._rate(_rated.version_id, cohort::text, _rated.as_of) AS o;
	CLOSE cohort;
END
$rated$;
REVOKE ALL ON FUNCTION @extschema@._rated(integer, date, timestamptz, date, date, @extschema@.subject_code[], timestamptz[], date[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._rated(integer, date, timestamptz, date, date, @extschema@.subject_code[], timestamptz[], date[]) IS
	'一次扫描评价一个批次；数组所列主体（已更正者）用各自的序位与登记截止日 / outcomes of a cohort in one pass over the records; corrected subjects with positions and days of their own';

-- The period of a policy that a text names, with the version that rates it; an error that says what is wrong with it.
CREATE FUNCTION @extschema@._find_period(policy text, period text, rating text, version text,
		OUT policy_id integer, OUT version_id integer, OUT rating_id text, OUT period_from date, OUT period_until date, OUT facts_until date,
		OUT repairs_until date, OUT publish_within jsonb, OUT valid jsonb, OUT on_correction text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $find_period$
DECLARE
	asked record := @extschema@._read_period(period);
	n integer;
	ratings text;
	versions text;
	known text;
BEGIN
	SELECT min(q.policy_id) INTO policy_id FROM @extschema@.policy AS q WHERE q.policy = _find_period.policy AND q.status = 'adopted';
	IF policy_id IS NULL THEN
		RAISE EXCEPTION 'policy "%" does not exist', policy
			USING ERRCODE = 'undefined_object', DETAIL = 'No version of that name has been adopted.',
			      HINT = 'SELECT policy, version, status FROM citycredit.policy lists all versions.';
	END IF;
	SELECT count(*), string_agg(DISTINCT r.rating, ', '), string_agg(DISTINCT r.version, ', ') INTO n, ratings, versions
	  FROM @extschema@._rating_periods(_find_period.policy, asked.first_day, (asked.first_day + interval '60 months')::date, _find_period.version) AS r
	 WHERE r.period_from = asked.first_day AND r.months = coalesce(asked.months, r.months) AND r.rating = coalesce(_find_period.rating, r.rating);
	IF n = 1 THEN
		SELECT r.version_id, r.rating, r.period_from, r.period_until, r.facts_until, r.repairs_until, r.publish_within, r.valid, r.on_correction
		  INTO version_id, rating_id, period_from, period_until, facts_until, repairs_until, publish_within, valid, on_correction
		  FROM @extschema@._rating_periods(_find_period.policy, asked.first_day, (asked.first_day + interval '60 months')::date, _find_period.version) AS r
		 WHERE r.period_from = asked.first_day AND r.months = coalesce(asked.months, r.months) AND r.rating = coalesce(_find_period.rating, r.rating);
		RETURN;
	ELSIF n > 1 AND position(', ' IN ratings) > 0 THEN
		RAISE EXCEPTION 'period "%" of policy "%" has several ratings', period, policy
			USING ERRCODE = 'ambiguous_parameter', DETAIL = format('They are %s.', ratings), HINT = 'Name one, as rating => ....';
	ELSIF n > 1 THEN
		RAISE EXCEPTION 'period "%" of rating "%" of policy "%" has several versions', period, ratings, policy
			USING ERRCODE = 'ambiguous_parameter',
			      DETAIL = format('Versions %s each say that they rate it.', versions),
			      HINT = 'Name the one that the department has decided on, as version => ....';
	END IF;
	SELECT string_agg(format('version %s: rating %s of %s month(s) from %s, by the version in force on its %s day', p.version, r.rating, r.period_months,
	                         r.period_origin, CASE WHEN r.version_by_start THEN 'first' ELSE 'last' END), '; ' ORDER BY p.in_force_from, r.rating)
	  INTO known FROM @extschema@.policy AS p CROSS JOIN LATERAL @extschema@._policy_ratings(p.version_id) AS r
	 WHERE p.policy = _find_period.policy AND p.status = 'adopted';
	RAISE EXCEPTION 'policy "%" has no rating % for the period "%"', policy, coalesce(quote_ident(rating), ''), period
		USING ERRCODE = 'invalid_parameter_value',
		      DETAIL = CASE WHEN known IS NULL THEN 'None of its versions has a rating.' ELSE format('It has %s.', known) END,
		      HINT = 'Periods that do not begin with a month, quarter, half or year are named by their first day; a version must be in force on the day by which it rates.';
END
$find_period$;
REVOKE ALL ON FUNCTION @extschema@._find_period(text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._find_period(text, text, text, text) IS '由文字确定评价周期及适用版本 / the period that a text names, and the version that rates it';

-- The closed period that a text names.
CREATE FUNCTION @extschema@._find_cycle(policy text, period text, rating text) RETURNS @extschema@.rating_cycle
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $find_cycle$
DECLARE
	asked record := @extschema@._read_period(period);
	found @extschema@.rating_cycle;
	ratings text;
	n integer;
BEGIN
	SELECT count(*), string_agg(c.rating, ', ' ORDER BY c.rating) INTO n, ratings FROM @extschema@.rating_cycle AS c
	 WHERE c.policy_id = (SELECT min(p.policy_id) FROM @extschema@.policy AS p WHERE p.policy = _find_cycle.policy)
	   AND c.period_from = asked.first_day AND c.rating = coalesce(_find_cycle.rating, c.rating)
	   AND (asked.months IS NULL OR c.period_until = (asked.first_day + make_interval(months => asked.months))::date - 1);
	IF n = 0 THEN
		RAISE EXCEPTION 'period "%" of policy "%" is not closed', period, policy
			USING ERRCODE = 'undefined_object',
			      DETAIL = format('Asked was %s.', coalesce(format('rating "%s"', rating), 'any rating')),
			      HINT = 'citycredit.close_cycle() closes a period; the closed ones are in citycredit.rating_cycle.';
	ELSIF n > 1 THEN
		RAISE EXCEPTION 'period "%" of policy "%" has several ratings', period, policy
			USING ERRCODE = 'ambiguous_parameter', DETAIL = format('They are %s.', ratings), HINT = 'Name one, as rating => ....';
	END IF;
	SELECT c.* INTO found FROM @extschema@.rating_cycle AS c
	 WHERE c.policy_id = (SELECT min(p.policy_id) FROM @extschema@.policy AS p WHERE p.policy = _find_cycle.policy)
	   AND c.period_from = asked.first_day AND c.rating = ratings;
	RETURN found;
END
$find_cycle$;
REVOKE ALL ON FUNCTION @extschema@._find_cycle(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._find_cycle(text, text, text) IS '由文字确定已结算的周期 / the closed period that a text names';

CREATE FUNCTION @extschema@.close_cycle(policy text, period text, rating text DEFAULT NULL, version text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $close_cycle$
DECLARE
	p record;
	first_close @extschema@.rating_cycle;
	key_day date;
	last_known timestamptz;
	rated bigint;
BEGIN
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION 'cannot close a period in a % transaction', current_setting('transaction_isolation')
			USING ERRCODE = 'active_sql_transaction',
			      DETAIL = 'Records that others commit meanwhile would not be seen.',
			      HINT = 'Use READ COMMITTED.';
	END IF;
	PERFORM @extschema@._require_rater(close_cycle.policy, ARRAY['officer', 'decider']);
	-- Writers hold ROW SHARE to the end of their transactions: none is under way, and who waits gets a later position. One close at a time.
	LOCK TABLE @extschema@.policy IN EXCLUSIVE MODE;
	p := @extschema@._find_period(close_cycle.policy, close_cycle.period, close_cycle.rating, close_cycle.version);
	SELECT c.* INTO first_close FROM @extschema@.rating_cycle AS c
	 WHERE c.policy_id = p.policy_id AND c.rating = p.rating_id AND c.period_from = p.period_from;
	IF FOUND THEN
		RAISE EXCEPTION 'period "%" of rating "%" of policy "%" is closed already', period, p.rating_id, policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('"%s" closed it on %s.', first_close.closed_by, first_close.closed_on),
			      HINT = 'citycredit.reclose_check() compares it with the records; citycredit.correct_rating() corrects a rating.';
	END IF;
	IF p.period_until >= @extschema@.today() THEN
		RAISE EXCEPTION 'period "%" of rating "%" of policy "%" is not over', period, p.rating_id, policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Its last day is %s; today is %s.', p.period_until, @extschema@.today());
	END IF;
	-- working days past what the calendar knows are unknown, and so is whether they have passed
	key_day := CASE WHEN num_nulls(p.facts_until, p.repairs_until) = 0 THEN greatest(p.facts_until, p.repairs_until) END;
	IF key_day IS NULL OR key_day >= @extschema@.today() THEN
		RAISE EXCEPTION 'period "%" of rating "%" of policy "%" cannot be closed yet', period, p.rating_id, policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Facts count that are recorded through %s, repairs through %s; today is %s.', coalesce(p.facts_until::text, 'an unknown day'),
			                      coalesce(p.repairs_until::text, 'an unknown day'), @extschema@.today()),
			      HINT = 'Close it after these days.';
	END IF;
	SELECT greatest(clock_timestamp(), max(s.known_at), (SELECT max(c.known_at) + interval '1 microsecond' FROM @extschema@.rating_cycle AS c))
	  INTO last_known FROM @extschema@.subject_state AS s;
	INSERT INTO @extschema@.rating_cycle (policy_id, rating, period_from, period_until, version_id, facts_until, repairs_until, known_at, publish_within,
		valid, on_correction)
	VALUES (p.policy_id, p.rating_id, p.period_from, p.period_until, p.version_id, p.facts_until, p.repairs_until, last_known, p.publish_within,
		p.valid, p.on_correction);
	INSERT INTO @extschema@.rating (subject, policy_id, version_id, rating, period_from, period_until, as_of, facts_until, repairs_until, known_at,
		score, band_rank, credit_grade, undecided, state, band, vetoes, lists, effects, ranks, due, outcome_values)
	SELECT o.subject, p.policy_id, p.version_id, p.rating_id, p.period_from, p.period_until, p.period_until, p.facts_until, p.repairs_until, last_known,
	       o.score, o.band_rank, o.credit_grade, o.undecided, o.state, o.band, o.vetoes, o.lists, o.effects, o.ranks, o.due, o.outcome_values
	  FROM @extschema@._rated(p.version_id, p.period_until, last_known, p.facts_until, p.repairs_until) AS o
	 WHERE o.state <> 'not_enrolled';
	GET DIAGNOSTICS rated = ROW_COUNT;
	RETURN rated;
END
$close_cycle$;
REVOKE ALL ON FUNCTION @extschema@.close_cycle(text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.close_cycle(text, text, text, text) IS
	'结算评价周期（2025、2025-H1、2025-Q2、2025-03 或首日），仅一次；返回评价主体数 / closes a period (2025, 2025-H1, 2025-Q2, 2025-03, or its first day), once; returns how many subjects were rated';

-- ---------------------------------------------------------------------------
-- Publication: by a second person; from its day on the rating is valid
-- ---------------------------------------------------------------------------

-- A rating without a term of its own is valid until the next of its kind is published; published late, after the next, it never was.
CREATE FUNCTION @extschema@._valid_until(c @extschema@.rating_cycle, day date) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $valid_until$
BEGIN
	IF c.valid IS NOT NULL THEN
		RETURN @extschema@.deadline(day, c.valid);
	ELSIF EXISTS (SELECT FROM @extschema@.rating_cycle AS n
	               WHERE n.policy_id = c.policy_id AND n.rating = c.rating AND n.period_from > c.period_from AND n.published_on IS NOT NULL) THEN
		RETURN day - 1;
	END IF;
	RETURN 'infinity';
END
$valid_until$;
REVOKE ALL ON FUNCTION @extschema@._valid_until(@extschema@.rating_cycle, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._valid_until(@extschema@.rating_cycle, date) IS '某日公布的评价的有效末日 / last valid day of a rating published on a day';

CREATE FUNCTION @extschema@.publish_rating(policy text, period text, rating text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $publish_rating$
DECLARE
	c @extschema@.rating_cycle := @extschema@._find_cycle(policy, period, rating);
	v @extschema@.policy;
	today constant date := @extschema@.today();
	published bigint;
BEGIN
	PERFORM @extschema@._require_rater(policy, ARRAY['decider']);
	-- who publishes, and a correction that is being decided, follow one another
	SELECT q.* INTO c FROM @extschema@.rating_cycle AS q
	 WHERE q.policy_id = c.policy_id AND q.rating = c.rating AND q.period_from = c.period_from FOR UPDATE;
	SELECT q.* INTO v FROM @extschema@.policy AS q WHERE q.version_id = c.version_id;
	IF c.published_on IS NOT NULL THEN
		RAISE EXCEPTION 'period "%" of rating "%" of policy "%" is published already', period, c.rating, policy
			USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('"%s" published it on %s.', c.published_by, c.published_on);
	ELSIF @extschema@._same_person(c.closed_by, @extschema@.actor()) THEN
		RAISE EXCEPTION 'cannot publish a rating one has closed oneself'
			USING ERRCODE = 'insufficient_privilege', DETAIL = format('"%s" closed it on %s.', c.closed_by, c.closed_on),
			      HINT = 'Another person publishes it.';
	ELSIF v.example THEN
		RAISE EXCEPTION 'cannot publish ratings by policy "%"', policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Version "%s" is an example: it contains assumptions.', v.version);
	ELSIF v.published_on IS NULL THEN
		RAISE EXCEPTION 'cannot publish ratings by a policy whose publication is not recorded'
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Of version "%s" of policy "%s" it is not known when it was published.', v.version, v.policy),
			      HINT = 'Record it with citycredit.record_policy_publication().';
	END IF;
	UPDATE @extschema@.rating_cycle AS q SET published_by = @extschema@.actor(), published_on = today, published_at = clock_timestamp()
	 WHERE q.policy_id = c.policy_id AND q.rating = c.rating AND q.period_from = c.period_from;
	UPDATE @extschema@.rating AS r SET published_on = today, published_at = clock_timestamp(), valid_from = today, valid_until = @extschema@._valid_until(c, today)
	 WHERE r.policy_id = c.policy_id AND r.rating = c.rating AND r.period_from = c.period_from AND r.superseded_at = 'infinity';
	GET DIAGNOSTICS published = ROW_COUNT;
	UPDATE @extschema@.rating AS r SET valid_until = greatest(today, r.valid_from) - 1
	 WHERE r.policy_id = c.policy_id AND r.rating = c.rating AND r.period_from < c.period_from AND r.superseded_at = 'infinity'
	   AND r.valid_until = 'infinity';
	RETURN published;
END
$publish_rating$;
REVOKE ALL ON FUNCTION @extschema@.publish_rating(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.publish_rating(text, text, text) IS
	'公布已结算的评价（公布人不得为结算人），自当日起有效；返回公布数 / publishes a closed period (never by who closed it), valid from today; returns how many ratings';

-- What was to be closed and published, and by when. Periods that ended before their version was adopted here are nobody's duty.
CREATE VIEW @extschema@.rating_due WITH (security_barrier) AS
SELECT p.measure AS policy, p.version, p.rating, p.name, p.period_from, p.period_until,
       CASE WHEN c.published_on IS NOT NULL THEN 'published' WHEN c.closed_on IS NOT NULL THEN 'closed' ELSE 'open' END AS stage,
       greatest(p.facts_until, p.repairs_until) + 1 AS closable_from, @extschema@.deadline(p.period_until, p.publish_within) AS publish_due,
       c.closed_on, c.published_on,
       coalesce(c.published_on, @extschema@.today()) > @extschema@.deadline(p.period_until, p.publish_within) AS late,
       (SELECT count(*) FROM @extschema@.rating AS r
         WHERE r.policy_id = p.policy_id AND r.rating = p.rating AND r.period_from = p.period_from AND r.superseded_at = 'infinity') AS subjects
  FROM @extschema@._rating_periods(NULL, '2000-01-01', @extschema@.today() - 1) AS p
  LEFT JOIN @extschema@.rating_cycle AS c ON c.policy_id = p.policy_id AND c.rating = p.rating AND c.period_from = p.period_from
 WHERE NOT p.example AND (p.period_until >= p.adopted_on OR p.adopted_on IS NULL OR c.closed_on IS NOT NULL);
COMMENT ON VIEW @extschema@.rating_due IS '应结算、应公布的评价周期及期限；late 为逾期 / periods to be closed and published, and by when; late = overdue, or published late';
COMMENT ON COLUMN @extschema@.rating_due.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.rating_due.version IS '适用版本 / version that rates it';
COMMENT ON COLUMN @extschema@.rating_due.rating IS '定期评价的标识 / rating of the measure';
COMMENT ON COLUMN @extschema@.rating_due.name IS '定期评价的名称 / name of the rating';
COMMENT ON COLUMN @extschema@.rating_due.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@.rating_due.period_until IS '周期末日（含） / last day of the period';
COMMENT ON COLUMN @extschema@.rating_due.stage IS '阶段：open 未结算，closed 已结算，published 已公布 / open, closed or published';
COMMENT ON COLUMN @extschema@.rating_due.closable_from IS '可结算首日 / first day on which it can be closed';
COMMENT ON COLUMN @extschema@.rating_due.publish_due IS '公布期限末日；办法未规定或工作日历未知为空 / last day for publication; NULL = not stated, or past the calendar of working days';
COMMENT ON COLUMN @extschema@.rating_due.closed_on IS '结算日 / day on which it was closed';
COMMENT ON COLUMN @extschema@.rating_due.published_on IS '公布日 / day of publication';
COMMENT ON COLUMN @extschema@.rating_due.late IS '是否逾期；无期限为空 / whether it is, or was published, late; NULL without a day';
COMMENT ON COLUMN @extschema@.rating_due.subjects IS '评价主体数 / number of subjects rated';

-- The rating of a subject that counts today: published, valid, as corrected; of several periods of one rating that are valid, the latest.
CREATE VIEW @extschema@._rating_now AS
SELECT r.subject, r.policy_id, r.version_id, r.rating, r.period_from, r.correction, r.lists
  FROM @extschema@.rating AS r
 WHERE r.superseded_at = 'infinity' AND r.valid_from <= @extschema@.today() AND r.valid_until >= @extschema@.today() AND r.state <> 'not_enrolled'
   AND NOT EXISTS (SELECT FROM @extschema@.rating AS n
                    WHERE n.subject OPERATOR(@extschema@.=) r.subject AND n.policy_id = r.policy_id AND n.rating = r.rating
                      AND n.period_from > r.period_from AND n.superseded_at = 'infinity'
                      AND n.valid_from <= @extschema@.today() AND n.valid_until >= @extschema@.today());
COMMENT ON VIEW @extschema@._rating_now IS '当日有效的定期评价及其所指名单 / ratings valid today, with the lists they name';
COMMENT ON COLUMN @extschema@._rating_now.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@._rating_now.policy_id IS '办法编号 / number of the measure';
COMMENT ON COLUMN @extschema@._rating_now.version_id IS '适用版本 / version that rated it';
COMMENT ON COLUMN @extschema@._rating_now.rating IS '定期评价的标识 / rating of the measure';
COMMENT ON COLUMN @extschema@._rating_now.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@._rating_now.correction IS '更正次数 / number of the correction, 0 = as closed';
COMMENT ON COLUMN @extschema@._rating_now.lists IS '名单规则 / list rules that held';
CREATE VIEW @extschema@.rating_current WITH (security_barrier) AS
SELECT r.subject::text AS code, p.policy, p.version, p.title, p.example, r.rating, r.period_from, r.period_until, r.correction::integer AS correction,
       r.state, trim_scale(r.score::numeric / 10000) AS score, r.band, r.band_rank, r.credit_grade::text AS credit_grade, r.undecided, r.vetoes, r.lists, r.effects,
       r.ranks, r.due, r.outcome_values, r.published_on, r.valid_from, CASE WHEN r.valid_until < 'infinity' THEN r.valid_until END AS valid_until
  FROM @extschema@._rating_now AS w
  JOIN @extschema@.rating AS r ON r.subject OPERATOR(@extschema@.=) w.subject AND r.policy_id = w.policy_id AND r.rating = w.rating AND r.period_from = w.period_from
                              AND r.correction = w.correction
  JOIN @extschema@.policy AS p ON p.version_id = r.version_id
 WHERE (SELECT has_table_privilege('@extschema@.government_subject', 'SELECT')) OR NOT EXISTS (SELECT FROM @extschema@._government AS g WHERE g.subject = r.subject);
COMMENT ON VIEW @extschema@.rating_current IS '当日有效的定期评价结果（含更正），一律为普通类型 / ratings valid today, as corrected; plain types only';
COMMENT ON COLUMN @extschema@.rating_current.code IS '主体代码 / subject code';
COMMENT ON COLUMN @extschema@.rating_current.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.rating_current.version IS '适用版本 / version that rated it';
COMMENT ON COLUMN @extschema@.rating_current.title IS '办法名称 / title of the measure';
COMMENT ON COLUMN @extschema@.rating_current.example IS '示例办法 / whether the measure is an example';
COMMENT ON COLUMN @extschema@.rating_current.rating IS '定期评价的标识 / rating of the measure';
COMMENT ON COLUMN @extschema@.rating_current.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@.rating_current.period_until IS '周期末日（含） / last day of the period';
COMMENT ON COLUMN @extschema@.rating_current.correction IS '更正次数 / number of the correction, 0 = as closed';
COMMENT ON COLUMN @extschema@.rating_current.state IS '状态 / state';
COMMENT ON COLUMN @extschema@.rating_current.score IS '得分 / score';
COMMENT ON COLUMN @extschema@.rating_current.band IS '档次 / band';
COMMENT ON COLUMN @extschema@.rating_current.band_rank IS '档次序位，1 为最优 / rank of the band, 1 = best';
COMMENT ON COLUMN @extschema@.rating_current.credit_grade IS '信用等级 / credit grade';
COMMENT ON COLUMN @extschema@.rating_current.undecided IS '待定 / undecided';
COMMENT ON COLUMN @extschema@.rating_current.vetoes IS '一票否决规则 / vetoes that held';
COMMENT ON COLUMN @extschema@.rating_current.lists IS '名单规则 / list rules that held';
COMMENT ON COLUMN @extschema@.rating_current.effects IS '命令与限制 / effects';
COMMENT ON COLUMN @extschema@.rating_current.ranks IS '名次与组 / ranks and groups';
COMMENT ON COLUMN @extschema@.rating_current.due IS '各命令的期限 / due day of each order';
COMMENT ON COLUMN @extschema@.rating_current.outcome_values IS '各项数值 / values';
COMMENT ON COLUMN @extschema@.rating_current.published_on IS '公布日 / day of publication';
COMMENT ON COLUMN @extschema@.rating_current.valid_from IS '有效首日 / first valid day';
COMMENT ON COLUMN @extschema@.rating_current.valid_until IS '有效末日，至下次者为空 / last valid day; NULL = until the next';

-- ---------------------------------------------------------------------------
-- Corrections: late facts and upheld objections. Proposed by one person, decided by another, in the order of the decisions.
-- ---------------------------------------------------------------------------

-- The outcome as one value, so that what stands and what comes out again can be compared.
CREATE FUNCTION @extschema@._rating_outcome(state text, score bigint, band text, band_rank integer, credit_grade @extschema@.credit_grade, undecided boolean,
		vetoes text[], lists text[], effects text[], ranks jsonb, due jsonb, outcome_values jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $rating_outcome$
BEGIN
	RETURN jsonb_strip_nulls(jsonb_build_object('state', state, 'score', trim_scale(score::numeric / 10000), 'band', band, 'band_rank', band_rank, 'credit_grade', credit_grade::text,
		'undecided', undecided, 'vetoes', to_jsonb(vetoes), 'lists', to_jsonb(lists), 'effects', to_jsonb(effects))
		|| jsonb_build_object('ranks', ranks, 'due', due, 'values', outcome_values));
END
$rating_outcome$;
REVOKE ALL ON FUNCTION @extschema@._rating_outcome(text, bigint, text, integer, @extschema@.credit_grade, boolean, text[], text[], text[], jsonb, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._rating_outcome(text, bigint, text, integer, @extschema@.credit_grade, boolean, text[], text[], text[], jsonb, jsonb, jsonb) IS
	'评价结果合为一值以便比较 / an outcome as one value, to be compared';

-- Whether a bystander moves up by an outcome: a better band; or the same band, lists and effects, and no rank worse but one better.
CREATE FUNCTION @extschema@._moves_up(old jsonb, new jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $moves_up$
DECLARE
	worse boolean;
	better boolean;
BEGIN
	IF (new ->> 'undecided')::boolean OR new -> 'band_rank' IS NULL THEN
		RETURN false;
	ELSIF old -> 'band_rank' IS NULL OR (old ->> 'band_rank')::integer <> (new ->> 'band_rank')::integer THEN
		RETURN old -> 'band_rank' IS NOT NULL AND (new ->> 'band_rank')::integer < (old ->> 'band_rank')::integer;
	END IF;
	SELECT bool_or(o.rank IS NOT NULL AND n.rank IS NULL OR n.rank > o.rank), bool_or(o.rank IS NULL AND n.rank IS NOT NULL OR n.rank < o.rank)
	  INTO worse, better
	  FROM (SELECT k.key, (k.value ->> 'rank')::integer AS rank FROM jsonb_each(old -> 'ranks') AS k) AS o
	  JOIN (SELECT k.key, (k.value ->> 'rank')::integer AS rank FROM jsonb_each(new -> 'ranks') AS k) AS n ON n.key = o.key;
	RETURN better AND NOT worse AND (old -> 'lists', old -> 'effects') = (new -> 'lists', new -> 'effects');
END
$moves_up$;
REVOKE ALL ON FUNCTION @extschema@._moves_up(jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._moves_up(jsonb, jsonb) IS '新结果是否更优 / whether the new outcome is a move up';

-- The rows of one step in the life of a rated period: of its close (correction NULL), or of one correction, after those that were decided before it.
-- Each corrected subject is rated by what was known of it when its correction was proposed, everybody else by what was known at the close.
CREATE FUNCTION @extschema@._rating_step(c @extschema@.rating_cycle, correction bigint)
	RETURNS TABLE (subject @extschema@.subject_code, known_at timestamptz, facts_until date, state text, score bigint, band text, band_rank integer,
	               credit_grade @extschema@.credit_grade, undecided boolean, vetoes text[], lists text[], effects text[], ranks jsonb, due jsonb,
	               outcome_values jsonb, old_correction smallint, old_outcome jsonb, new_outcome jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $rating_step$
DECLARE
	this @extschema@.rating_correction;
	subjects @extschema@.subject_code[];
	positions timestamptz[];
	days date[];
	before integer;
BEGIN
	SELECT k.* INTO this FROM @extschema@.rating_correction AS k WHERE k.correction_id = _rating_step.correction;
	before := CASE WHEN correction IS NULL THEN 0 ELSE coalesce(this.place, 2147483647) END;
	-- of several corrections of one subject the last one
	SELECT coalesce(array_agg(l.subject), '{}'), coalesce(array_agg(l.known_at), '{}'), coalesce(array_agg(l.facts_until), '{}')
	  INTO subjects, positions, days
	  FROM (SELECT DISTINCT ON (k.subject) k.subject, k.known_at, k.facts_until FROM @extschema@.rating_correction AS k
	         WHERE k.policy_id = c.policy_id AND k.rating = c.rating AND k.period_from = c.period_from
	           AND (k.result = 'corrected' AND k.place < before OR k.correction_id = _rating_step.correction)
	         ORDER BY k.subject, k.correction_id = _rating_step.correction DESC, k.place DESC) AS l;
	RETURN QUERY
	SELECT n.*
	  FROM (SELECT coalesce(o.subject, s.subject) AS subject, coalesce(b.known_at, c.known_at) AS known_at, coalesce(b.facts_until, c.facts_until) AS facts_until,
	               coalesce(o.state, 'not_enrolled') AS state, o.score, o.band, o.band_rank, o.credit_grade, coalesce(o.undecided, false) AS undecided,
	               coalesce(o.vetoes, '{}') AS vetoes, coalesce(o.lists, '{}') AS lists, coalesce(o.effects, '{}') AS effects, o.ranks, o.due,
	               o.outcome_values, s.correction AS old_correction, s.outcome AS old_outcome,
	               @extschema@._rating_outcome(coalesce(o.state, 'not_enrolled'), o.score, o.band, o.band_rank, o.credit_grade, coalesce(o.undecided, false),
	                   coalesce(o.vetoes, '{}'), coalesce(o.lists, '{}'), coalesce(o.effects, '{}'), o.ranks, o.due, o.outcome_values) AS new_outcome
	          FROM (SELECT r.* FROM @extschema@._rated(c.version_id, c.period_until, c.known_at, c.facts_until, c.repairs_until, subjects, positions, days) AS r
	                 WHERE r.state <> 'not_enrolled') AS o
	          -- what stood before this step: for each subject the row of the last step before it
	          FULL JOIN (SELECT DISTINCT ON (r.subject) r.subject, r.correction,
	                            @extschema@._rating_outcome(r.state, r.score, r.band, r.band_rank, r.credit_grade, r.undecided, r.vetoes, r.lists,
	                                r.effects, r.ranks, r.due, r.outcome_values) AS outcome
	                       FROM @extschema@.rating AS r
	                       LEFT JOIN @extschema@.rating_correction AS k ON k.correction_id = r.correction_id
	                      WHERE r.policy_id = c.policy_id AND r.rating = c.rating AND r.period_from = c.period_from
	                        AND _rating_step.correction IS NOT NULL AND coalesce(k.place, 0) < before
	                      ORDER BY r.subject, r.correction DESC) AS s ON s.subject OPERATOR(@extschema@.=) o.subject
	          LEFT JOIN unnest(subjects, positions, days) AS b (subject, known_at, facts_until)
	            ON b.subject OPERATOR(@extschema@.=) coalesce(o.subject, s.subject)) AS n
	 WHERE _rating_step.correction IS NULL
	    OR (n.old_outcome IS NULL OR n.old_outcome <> n.new_outcome)
	       AND (n.subject OPERATOR(@extschema@.=) this.subject OR c.on_correction = 'all'
	            OR c.on_correction = 'better_only' AND @extschema@._moves_up(n.old_outcome, n.new_outcome));
END
$rating_step$;
REVOKE ALL ON FUNCTION @extschema@._rating_step(@extschema@.rating_cycle, bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._rating_step(@extschema@.rating_cycle, bigint) IS
	'由记录重算结算或某次更正应产生的各行 / the rows that the close, or one correction, gives by the records';

-- An upheld objection proposes corrections too, whatever its department.
CREATE FUNCTION @extschema@._correct_rating(subject @extschema@.subject_code, policy text, c @extschema@.rating_cycle, reason text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $correct_internal$
DECLARE
	open_one bigint;
	known timestamptz;
	id bigint;
BEGIN
	IF coalesce(btrim(reason), '') = '' THEN
		RAISE EXCEPTION 'no reason given for correcting the rating of subject "%"', subject
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Say why: it is kept with the correction.';
	END IF;
	-- The position is the subject's next: whatever of it is written later is known later. Of two proposals the second waits here, and sees the first.
	UPDATE @extschema@.subject_state AS s SET known_at = greatest(clock_timestamp(), s.known_at + interval '1 microsecond', c.known_at)
	 WHERE s.subject OPERATOR(@extschema@.=) _correct_rating.subject RETURNING s.known_at INTO known;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'subject "%" has no records', subject
			USING ERRCODE = 'undefined_object', HINT = 'A subject is rated by its records; feed them first.';
	END IF;
	SELECT k.correction_id INTO open_one FROM @extschema@.rating_correction AS k
	 WHERE k.subject OPERATOR(@extschema@.=) _correct_rating.subject AND k.policy_id = c.policy_id AND k.rating = c.rating AND k.period_from = c.period_from
	   AND k.result IS NULL;
	IF FOUND THEN
		RAISE EXCEPTION 'a correction of this rating of subject "%" is open', subject
			USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('It is number %s.', open_one),
			      HINT = 'Another person decides it with citycredit.decide_correction().';
	END IF;
	INSERT INTO @extschema@.rating_correction (subject, policy_id, rating, period_from, known_at, facts_until, reason)
	VALUES (_correct_rating.subject, c.policy_id, c.rating, c.period_from, known, greatest(@extschema@.today(), c.facts_until), _correct_rating.reason)
	RETURNING correction_id INTO id;
	IF NOT EXISTS (SELECT FROM @extschema@._rating_step(c, id) AS n WHERE n.subject OPERATOR(@extschema@.=) _correct_rating.subject) THEN
		RAISE EXCEPTION 'nothing to correct: the records give subject "%" the rating that stands', subject
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Period %s through %s of rating "%s" of policy "%s".', c.period_from, c.period_until, c.rating, policy),
			      HINT = 'citycredit.explain() as of the last day of the period tells how it comes about; amend or revoke the record that is wrong first.';
	END IF;
	RETURN id;
END
$correct_internal$;
REVOKE ALL ON FUNCTION @extschema@._correct_rating(@extschema@.subject_code, text, @extschema@.rating_cycle, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._correct_rating(@extschema@.subject_code, text, @extschema@.rating_cycle, text) IS
	'提出更正，供其他模块调用 / proposes a correction; for other modules';

CREATE FUNCTION @extschema@.correct_rating(subject @extschema@.subject_code, policy text, period text, reason text, rating text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $correct_rating$
DECLARE
	seen constant boolean := @extschema@._require_sight(correct_rating.subject);
	c @extschema@.rating_cycle := @extschema@._find_cycle(policy, period, rating);
BEGIN
	PERFORM @extschema@._require_rater(policy, ARRAY['officer', 'decider']);
	RETURN @extschema@._correct_rating(subject, policy, c, reason);
END
$correct_rating$;
REVOKE ALL ON FUNCTION @extschema@.correct_rating(@extschema@.subject_code, text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.correct_rating(@extschema@.subject_code, text, text, text, text) IS
	'提出更正定期评价（迟到的记录、异议成立），返回案号；由另一人决定 / proposes to correct a rating by what is known now (late facts, an upheld objection), returns its number; another person decides';

-- What a correction that is open would do, to whom.
CREATE FUNCTION @extschema@.preview_correction(correction bigint)
	RETURNS TABLE (subject @extschema@.subject_code, bystander boolean, old_outcome jsonb, new_outcome jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $preview_correction$
DECLARE
	k @extschema@.rating_correction := @extschema@._open_correction(correction);
	c @extschema@.rating_cycle;
BEGIN
	SELECT q.* INTO c FROM @extschema@.rating_cycle AS q WHERE q.policy_id = k.policy_id AND q.rating = k.rating AND q.period_from = k.period_from;
	RETURN QUERY SELECT n.subject, n.subject OPERATOR(@extschema@.<>) k.subject, n.old_outcome, n.new_outcome
	               FROM @extschema@._rating_step(c, k.correction_id) AS n
	              WHERE NOT @extschema@._hidden(n.subject) ORDER BY 2, 1;
END
$preview_correction$;
REVOKE ALL ON FUNCTION @extschema@.preview_correction(bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.preview_correction(bigint) IS '待决更正将使谁的结果如何变化 / whom an open correction would move, from what to what';

CREATE FUNCTION @extschema@._open_correction(correction bigint) RETURNS @extschema@.rating_correction
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $open_correction$
DECLARE
	k @extschema@.rating_correction;
BEGIN
	SELECT q.* INTO k FROM @extschema@.rating_correction AS q WHERE q.correction_id = _open_correction.correction;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'correction % does not exist', correction
			USING ERRCODE = 'undefined_object', HINT = 'The corrections are in citycredit.rating_correction.';
	END IF;
	PERFORM @extschema@._require_sight(k.subject);
	IF k.result IS NOT NULL THEN
		RAISE EXCEPTION 'correction % is decided already', correction
			USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('"%s" decided: %s.', k.decided_by, k.result);
	END IF;
	RETURN k;
END
$open_correction$;
REVOKE ALL ON FUNCTION @extschema@._open_correction(bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._open_correction(bigint) IS '待决的更正案 / an open correction; an error if there is none';

CREATE FUNCTION @extschema@.decide_correction(correction bigint, result text, reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $decide_correction$
DECLARE
	k @extschema@.rating_correction := @extschema@._open_correction(correction);
	c @extschema@.rating_cycle;
	today constant date := @extschema@.today();
	written bigint;
BEGIN
	IF coalesce(result, '') NOT IN ('corrected', 'refused') OR coalesce(btrim(reason), '') = '' THEN
		RAISE EXCEPTION 'a decision needs a result and a reason'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'The results are corrected and refused.';
	ELSIF @extschema@._same_person(k.proposed_by, @extschema@.actor()) THEN
		RAISE EXCEPTION 'cannot decide a correction one has proposed oneself'
			USING ERRCODE = 'insufficient_privilege', DETAIL = format('"%s" proposed it.', k.proposed_by), HINT = 'Another person decides it.';
	END IF;
	PERFORM @extschema@._require_rater((SELECT min(p.policy) FROM @extschema@.policy AS p WHERE p.policy_id = k.policy_id), ARRAY['decider']);
	-- Corrections of one period, and its publication, follow one another; what the one before wrote is seen.
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION 'cannot correct a rating in a % transaction', current_setting('transaction_isolation')
			USING ERRCODE = 'active_sql_transaction', DETAIL = 'Corrections that others commit meanwhile would not be seen.', HINT = 'Use READ COMMITTED.';
	END IF;
	SELECT q.* INTO c FROM @extschema@.rating_cycle AS q
	 WHERE q.policy_id = k.policy_id AND q.rating = k.rating AND q.period_from = k.period_from FOR NO KEY UPDATE;
	PERFORM @extschema@._open_correction(correction);
	IF result = 'refused' THEN
		UPDATE @extschema@.rating_correction AS q
		   SET result = 'refused', decided_by = @extschema@.actor(), decided_on = today, decision_reason = decide_correction.reason
		 WHERE q.subject OPERATOR(@extschema@.=) k.subject AND q.correction_id = k.correction_id;
		RETURN 0;
	END IF;
	WITH step AS MATERIALIZED (
		SELECT n.* FROM @extschema@._rating_step(c, k.correction_id) AS n
	), superseded AS (
		UPDATE @extschema@.rating AS r SET superseded_at = clock_timestamp()
		  FROM step AS n
		 WHERE r.subject OPERATOR(@extschema@.=) n.subject AND r.policy_id = c.policy_id AND r.rating = c.rating AND r.period_from = c.period_from
		   AND r.correction = n.old_correction
		RETURNING r.subject, r.valid_until
	)
	INSERT INTO @extschema@.rating (subject, policy_id, version_id, rating, period_from, period_until, correction, as_of, facts_until, repairs_until,
		known_at, score, band_rank, credit_grade, undecided, published_on, valid_from, valid_until, published_at, correction_id, state, band, reason,
		vetoes, lists, effects, ranks, due, outcome_values)
	SELECT n.subject, c.policy_id, c.version_id, c.rating, c.period_from, c.period_until, coalesce(n.old_correction, 0) + 1, c.period_until, n.facts_until,
	       c.repairs_until, n.known_at, n.score, n.band_rank, n.credit_grade, n.undecided,
	       -- of what is published the correction is published at once; how long it is valid does not change
	       p.day, p.day, CASE WHEN p.day IS NOT NULL THEN greatest(coalesce(s.valid_until, @extschema@._valid_until(c, c.published_on)), p.day - 1) END,
	       CASE WHEN p.day IS NOT NULL THEN clock_timestamp() END, k.correction_id, n.state, n.band, k.reason, n.vetoes, n.lists, n.effects, n.ranks,
	       n.due, n.outcome_values
	  FROM step AS n
	  LEFT JOIN superseded AS s ON s.subject OPERATOR(@extschema@.=) n.subject
	 CROSS JOIN (SELECT CASE WHEN c.published_on IS NOT NULL THEN today END AS day) AS p;
	GET DIAGNOSTICS written = ROW_COUNT;
	IF written = 0 THEN
		RAISE EXCEPTION 'nothing to correct: another correction has given subject "%" this rating', k.subject
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Refuse this one.';
	END IF;
	UPDATE @extschema@.rating_correction AS q
	   SET result = 'corrected', decided_by = @extschema@.actor(), decided_on = today, decision_reason = decide_correction.reason,
	       place = (SELECT coalesce(max(o.place), 0) + 1 FROM @extschema@.rating_correction AS o
	                 WHERE o.policy_id = c.policy_id AND o.rating = c.rating AND o.period_from = c.period_from)
	 WHERE q.subject OPERATOR(@extschema@.=) k.subject AND q.correction_id = k.correction_id;
	-- what the rating before named a list by, ends with it
	PERFORM @extschema@._end_fallen_listings(r.subject)
	   FROM (SELECT o.subject FROM @extschema@.rating AS o
	          WHERE o.policy_id = c.policy_id AND o.rating = c.rating AND o.period_from = c.period_from AND o.correction_id = k.correction_id
	            AND EXISTS (SELECT FROM @extschema@.list_entry AS e
	                         WHERE e.subject OPERATOR(@extschema@.=) o.subject AND e.origin = 'own' AND e.recognised_on IS NOT NULL AND e.removed_on IS NULL)
	          ORDER BY o.subject) AS r;
	RETURN written;
END
$decide_correction$;
REVOKE ALL ON FUNCTION @extschema@.decide_correction(bigint, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.decide_correction(bigint, text, text) IS
	'决定更正：corrected 或 refused，决定人不得为提出人；按办法的 on_correction 处理其他主体；返回新结果数 / decides a correction, never by who proposed it; bystanders by the policy''s on_correction; returns how many ratings it gave';

-- by one sort, not by a join of the table with itself, whose plan would depend on statistics that a correction has just made old
CREATE VIEW @extschema@.rating_moved WITH (security_barrier) AS
SELECT n.subject, p.policy, n.rating, n.period_from, n.period_until, n.correction::integer AS correction, n.correction_id, k.subject AS corrected_subject,
       n.old_band, n.band AS new_band, n.old_grade::text AS old_grade, n.credit_grade::text AS new_grade, n.old_ranks, n.ranks AS new_ranks,
       n.old_lists, n.lists AS new_lists,
       CASE WHEN n.band_rank > n.old_band_rank OR n.band_rank IS NULL AND n.old_band_rank IS NOT NULL THEN 'down'
            WHEN n.band_rank < n.old_band_rank OR n.band_rank IS NOT NULL AND n.old_band_rank IS NULL THEN 'up' ELSE 'same_band' END AS moved,
       k.decided_on, k.reason
  FROM (SELECT r.*, lag(r.band) OVER w AS old_band, lag(r.band_rank) OVER w AS old_band_rank, lag(r.credit_grade) OVER w AS old_grade,
               lag(r.ranks) OVER w AS old_ranks, lag(r.lists) OVER w AS old_lists
          FROM @extschema@.rating AS r
        WINDOW w AS (PARTITION BY r.subject, r.policy_id, r.rating, r.period_from ORDER BY r.correction)) AS n
  JOIN @extschema@.rating_correction AS k ON k.correction_id = n.correction_id AND k.subject OPERATOR(@extschema@.<>) n.subject
  JOIN @extschema@.policy AS p ON p.version_id = n.version_id;
COMMENT ON VIEW @extschema@.rating_moved IS '因他人更正而变动者：新旧结果，可提出异议 / who was moved by another''s correction, from what to what; they may object';
COMMENT ON COLUMN @extschema@.rating_moved.subject IS '变动的主体 / subject that was moved';
COMMENT ON COLUMN @extschema@.rating_moved.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.rating_moved.rating IS '定期评价的标识 / rating of the measure';
COMMENT ON COLUMN @extschema@.rating_moved.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@.rating_moved.period_until IS '周期末日（含） / last day of the period';
COMMENT ON COLUMN @extschema@.rating_moved.correction IS '该主体结果的更正次数 / number of the correction of its rating';
COMMENT ON COLUMN @extschema@.rating_moved.correction_id IS '更正案号 / number of the correction that moved it';
COMMENT ON COLUMN @extschema@.rating_moved.corrected_subject IS '被更正的主体 / subject whose rating was corrected';
COMMENT ON COLUMN @extschema@.rating_moved.old_band IS '原档次 / band before';
COMMENT ON COLUMN @extschema@.rating_moved.new_band IS '现档次 / band now';
COMMENT ON COLUMN @extschema@.rating_moved.old_grade IS '原信用等级 / credit grade before';
COMMENT ON COLUMN @extschema@.rating_moved.new_grade IS '现信用等级 / credit grade now';
COMMENT ON COLUMN @extschema@.rating_moved.old_ranks IS '原名次 / ranks before';
COMMENT ON COLUMN @extschema@.rating_moved.new_ranks IS '现名次 / ranks now';
COMMENT ON COLUMN @extschema@.rating_moved.old_lists IS '原名单规则 / list rules before';
COMMENT ON COLUMN @extschema@.rating_moved.new_lists IS '现名单规则 / list rules now';
COMMENT ON COLUMN @extschema@.rating_moved.moved IS '变动：up 升，down 降，same_band 同档 / up, down, or within its band';
COMMENT ON COLUMN @extschema@.rating_moved.decided_on IS '决定日 / day of the decision';
COMMENT ON COLUMN @extschema@.rating_moved.reason IS '更正理由 / reason of the correction';

-- ---------------------------------------------------------------------------
-- Reproducibility
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.reclose_check(policy text, period text, rating text DEFAULT NULL)
	RETURNS TABLE (subject @extschema@.subject_code, correction_id bigint, stored jsonb, recomputed jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $reclose_check$
DECLARE
	c @extschema@.rating_cycle := @extschema@._find_cycle(policy, period, rating);
	step bigint;
BEGIN
	-- the close, then each correction in its place
	FOR step IN
		SELECT NULL::bigint AS id, 0 AS place
		UNION ALL
		SELECT k.correction_id, k.place FROM @extschema@.rating_correction AS k
		 WHERE k.policy_id = c.policy_id AND k.rating = c.rating AND k.period_from = c.period_from AND k.result = 'corrected'
		 ORDER BY place
	LOOP
		RETURN QUERY
		SELECT coalesce(s.subject, n.subject), step, s.outcome, n.new_outcome
		  FROM (SELECT r.subject, @extschema@._rating_outcome(r.state, r.score, r.band, r.band_rank, r.credit_grade, r.undecided, r.vetoes, r.lists,
		                   r.effects, r.ranks, r.due, r.outcome_values) AS outcome
		          FROM @extschema@.rating AS r
		         WHERE r.policy_id = c.policy_id AND r.rating = c.rating AND r.period_from = c.period_from
		           AND coalesce(r.correction_id, 0) = coalesce(step, 0)) AS s
		  FULL JOIN @extschema@._rating_step(c, step) AS n ON n.subject OPERATOR(@extschema@.=) s.subject
		 WHERE (s.outcome = n.new_outcome) IS NOT TRUE AND NOT @extschema@._hidden(coalesce(s.subject, n.subject));
	END LOOP;
END
$reclose_check$;
REVOKE ALL ON FUNCTION @extschema@.reclose_check(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.reclose_check(text, text, text) IS
	'按结算及各次更正时所知由记录重算，列出不一致者；无行即可复现 / computes a closed period and its corrections again by what was known then; lists what differs, no row = reproducible';

-- ---------------------------------------------------------------------------
-- Figures
-- ---------------------------------------------------------------------------

CREATE VIEW @extschema@.stat_rating WITH (security_barrier) AS
SELECT p.policy, p.version, r.rating, r.period_from, r.period_until, r.state, r.band, r.band_rank, r.credit_grade::text AS credit_grade,
       count(*) AS subjects, round(100 * count(*) / sum(count(*)) OVER (PARTITION BY r.policy_id, r.rating, r.period_from), 2) AS percent,
       count(*) FILTER (WHERE r.undecided) AS undecided, count(*) FILTER (WHERE r.correction > 0) AS corrected
  FROM @extschema@.rating AS r
  JOIN @extschema@.policy AS p ON p.version_id = r.version_id
 WHERE r.superseded_at = 'infinity' AND r.state <> 'not_enrolled'
 GROUP BY p.policy, p.version, r.policy_id, r.rating, r.period_from, r.period_until, r.state, r.band, r.band_rank, r.credit_grade;
COMMENT ON VIEW @extschema@.stat_rating IS '各周期评价结果的分布 / how the ratings of each period are distributed';
COMMENT ON COLUMN @extschema@.stat_rating.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.stat_rating.version IS '适用版本 / version';
COMMENT ON COLUMN @extschema@.stat_rating.rating IS '定期评价的标识 / rating of the measure';
COMMENT ON COLUMN @extschema@.stat_rating.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@.stat_rating.period_until IS '周期末日（含） / last day of the period';
COMMENT ON COLUMN @extschema@.stat_rating.state IS '状态 / state';
COMMENT ON COLUMN @extschema@.stat_rating.band IS '档次 / band';
COMMENT ON COLUMN @extschema@.stat_rating.band_rank IS '档次序位 / rank of the band';
COMMENT ON COLUMN @extschema@.stat_rating.credit_grade IS '信用等级 / credit grade';
COMMENT ON COLUMN @extschema@.stat_rating.subjects IS '主体数 / number of subjects';
COMMENT ON COLUMN @extschema@.stat_rating.percent IS '占该周期百分比 / percent of the period''s subjects';
COMMENT ON COLUMN @extschema@.stat_rating.undecided IS '其中待定 / of them undecided';
COMMENT ON COLUMN @extschema@.stat_rating.corrected IS '其中经更正 / of them corrected';
