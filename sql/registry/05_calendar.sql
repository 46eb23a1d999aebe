-- ---------------------------------------------------------------------------
-- Working days: what the yearly papers of the State Council say of every day, as versioned data, and the ends of periods.
-- Past the last day that the calendar knows a due day is unknown: NULL, never a guess. A later paper is a new row with a later known_from.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.calendar (
	day        date NOT NULL,
	working    boolean NOT NULL,
	name       text,
	source     text NOT NULL CHECK (btrim(source) <> ''),
	known_from timestamptz NOT NULL DEFAULT statement_timestamp(),
	assumed    boolean NOT NULL DEFAULT false,
	entered_by text NOT NULL DEFAULT @extschema@.actor()
);
-- The key, in the order in which days are counted: nothing is sorted, and no more is read than the answer takes.
CREATE UNIQUE INDEX calendar_key ON @extschema@.calendar (day, known_from DESC);
COMMENT ON TABLE @extschema@.calendar IS '工作日历：已知年份的每一日，只增不改 / calendar: every day of the known years, in versions that are never overwritten';
COMMENT ON COLUMN @extschema@.calendar.day IS '日期 / day';
COMMENT ON COLUMN @extschema@.calendar.working IS '是否工作日 / whether it is worked';
COMMENT ON COLUMN @extschema@.calendar.name IS '节日名称，休假或调休上班 / holiday, for which it is off or made up for';
COMMENT ON COLUMN @extschema@.calendar.source IS '依据文件 / paper that says so';
COMMENT ON COLUMN @extschema@.calendar.known_from IS '知悉时间，后出文件以较晚者为准 / since when known; of several the latest holds';
COMMENT ON COLUMN @extschema@.calendar.assumed IS '知悉时间是否为推定 / whether known_from is an assumption';
COMMENT ON COLUMN @extschema@.calendar.entered_by IS '录入人 / who entered it';

CREATE FUNCTION @extschema@._calendar_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $calendar_guard$
BEGIN
	RAISE EXCEPTION 'cannot % the calendar', lower(TG_OP)
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'Due days were counted by what it said.',
		      HINT = 'A later paper is entered by citycredit.amend_calendar() and holds from then on.';
END
$calendar_guard$;
REVOKE ALL ON FUNCTION @extschema@._calendar_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._calendar_guard() IS '日历只增不改 / refuses rewriting and deleting of the calendar';
CREATE TRIGGER calendar_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON @extschema@.calendar
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._calendar_guard();

INSERT INTO @extschema@.calendar (day, working, name, source, known_from, assumed)
SELECT c.day, c.working, c.name, c.source, c.known_from, c.assumed FROM @extschema@.shipped_calendar AS c;
-- by the index from the first question on
ANALYZE @extschema@.calendar;

-- ---------------------------------------------------------------------------
-- Loading
-- ---------------------------------------------------------------------------

-- The days of an arrangement, checked: [{"day": "2027-01-01", "working": false, "name": "元旦"}, ...]
CREATE FUNCTION @extschema@._arranged_days(days jsonb) RETURNS TABLE (day date, working boolean, name text)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $arranged_days$
BEGIN
	IF jsonb_typeof(days) IS DISTINCT FROM 'array' OR EXISTS (
			SELECT FROM jsonb_array_elements(days) AS e (item)
			 WHERE jsonb_typeof(e.item) <> 'object' OR e.item ->> 'day' IS NULL OR jsonb_typeof(e.item -> 'working') IS DISTINCT FROM 'boolean'
			    OR e.item - ARRAY['day', 'working', 'name'] <> '{}') THEN
		RAISE EXCEPTION 'invalid days of an arrangement'
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Give them as [{"day": "2027-01-01", "working": false, "name": "元旦"}, ...]: what is off, and the weekends made up for.';
	END IF;
	RETURN QUERY SELECT (e.item ->> 'day')::date, (e.item ->> 'working')::boolean, e.item ->> 'name' FROM jsonb_array_elements(days) AS e (item);
END
$arranged_days$;
REVOKE ALL ON FUNCTION @extschema@._arranged_days(jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._arranged_days(jsonb) IS '核对并展开放假安排 / days of an arrangement, checked';

CREATE FUNCTION @extschema@.load_calendar(year integer, days jsonb, source text, known_from timestamptz DEFAULT statement_timestamp()) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $load_calendar$
#variable_conflict use_column
DECLARE
	outside text;
	before date;
BEGIN
	IF num_nulls(load_calendar.year, load_calendar.days, load_calendar.source, load_calendar.known_from) > 0 THEN
		RAISE EXCEPTION 'a calendar needs year, days, source and known_from'
			USING ERRCODE = 'null_value_not_allowed',
			      HINT = 'source is the paper, with its number; known_from is when it became known, by default now.';
	END IF;
	SELECT max(c.day) INTO before FROM @extschema@.calendar AS c;
	IF EXISTS (SELECT FROM @extschema@.calendar AS c WHERE c.day = make_date(load_calendar.year, 7, 1)) THEN
		RAISE EXCEPTION 'the calendar knows the year % already', load_calendar.year
			USING ERRCODE = 'unique_violation',
			      HINT = 'A paper that changes it is entered by citycredit.amend_calendar().';
	ELSIF make_date(load_calendar.year, 1, 1) <> before + 1 THEN
		RAISE EXCEPTION 'the calendar does not reach the year %', load_calendar.year
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('It ends on %s; nothing can be counted across a gap.', before),
			      HINT = 'Load the years in order.';
	END IF;
	-- the days before New Year are arranged by the paper of the year that begins
	SELECT string_agg(a.day::text, ', ' ORDER BY a.day) INTO outside FROM @extschema@._arranged_days(load_calendar.days) AS a
	 WHERE a.day NOT BETWEEN make_date(load_calendar.year - 1, 12, 1) AND make_date(load_calendar.year, 12, 31);
	IF outside IS NOT NULL THEN
		RAISE EXCEPTION 'days of another year in the calendar of %: %', load_calendar.year, outside
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'A paper arranges its year, and days of the December before.';
	END IF;
	INSERT INTO @extschema@.calendar (day, working, name, source, known_from)
	SELECT d.day::date, coalesce(a.working, extract(isodow FROM d.day) < 6), a.name, load_calendar.source, load_calendar.known_from
	  FROM generate_series(make_date(load_calendar.year, 1, 1), make_date(load_calendar.year, 12, 31), interval '1 day') AS d (day)
	  LEFT JOIN @extschema@._arranged_days(load_calendar.days) AS a ON a.day = d.day
	UNION ALL
	SELECT a.day, a.working, a.name, load_calendar.source, load_calendar.known_from FROM @extschema@._arranged_days(load_calendar.days) AS a
	 WHERE a.day < make_date(load_calendar.year, 1, 1);
	PERFORM @extschema@._recount_deadlines();
	RETURN (SELECT count(*) FROM @extschema@.calendar AS c
	         WHERE c.day BETWEEN make_date(load_calendar.year, 1, 1) AND make_date(load_calendar.year, 12, 31) AND c.working);
END
$load_calendar$;
REVOKE ALL ON FUNCTION @extschema@.load_calendar(integer, jsonb, text, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.load_calendar(integer, jsonb, text, timestamptz) IS
	'载入下一年的放假安排，返回该年工作日数；仅登记库所有者 / loads the arrangement of the next year, returns its number of working days; for the owner of the registry';

CREATE FUNCTION @extschema@.amend_calendar(days jsonb, source text, known_from timestamptz DEFAULT statement_timestamp()) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $amend_calendar$
#variable_conflict use_column
DECLARE
	refused text;
	amended integer;
BEGIN
	IF num_nulls(amend_calendar.days, amend_calendar.source, amend_calendar.known_from) > 0 THEN
		RAISE EXCEPTION 'a change of the calendar needs days, source and known_from'
			USING ERRCODE = 'null_value_not_allowed',
			      HINT = 'source is the paper, with its number; known_from is when it became known, by default now.';
	END IF;
	SELECT string_agg(a.day::text, ', ' ORDER BY a.day) INTO refused FROM @extschema@._arranged_days(amend_calendar.days) AS a
	 WHERE (SELECT max(c.known_from) FROM @extschema@.calendar AS c WHERE c.day = a.day) < amend_calendar.known_from IS NOT TRUE;
	IF refused IS NOT NULL THEN
		RAISE EXCEPTION 'cannot change the calendar on %', refused
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'A day that the calendar does not know yet has nothing to change, and a change is known later than what it changes.',
			      HINT = 'A whole year is loaded by citycredit.load_calendar().';
	END IF;
	INSERT INTO @extschema@.calendar (day, working, name, source, known_from)
	SELECT a.day, a.working, a.name, amend_calendar.source, amend_calendar.known_from FROM @extschema@._arranged_days(amend_calendar.days) AS a;
	GET DIAGNOSTICS amended = ROW_COUNT;
	PERFORM @extschema@._recount_deadlines();
	RETURN amended;
END
$amend_calendar$;
REVOKE ALL ON FUNCTION @extschema@.amend_calendar(jsonb, text, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.amend_calendar(jsonb, text, timestamptz) IS
	'登记年中调整的日子，返回日数；仅登记库所有者 / enters the days that a later paper changes, returns their number; for the owner of the registry';

-- ---------------------------------------------------------------------------
-- Counting. Definer's rights: the calendar is public, and whoever may count need not be granted the table.
-- ---------------------------------------------------------------------------

-- The first day is not counted (Civil Code, art. 201). The rows are read in order only as far as the answer lies.
CREATE FUNCTION @extschema@.add_working_days(day date, n integer, known_at timestamptz DEFAULT 'infinity') RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $add_working_days$
DECLARE
	answer date;
BEGIN
	IF n < 0 THEN
		RAISE EXCEPTION 'cannot count % working days', n
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'A period runs forward from the day after the first.',
			      HINT = 'Use citycredit.working_days_between() to look back.';
	ELSIF n = 0 THEN
		RETURN CASE WHEN known_at IS NOT NULL THEN day END;
	END IF;
	SELECT CASE WHEN w.day - add_working_days.day = w.days THEN w.day END INTO answer
	  FROM (SELECT k.day, count(*) OVER so_far AS days, count(*) FILTER (WHERE k.working) OVER so_far AS working_days
	          FROM (SELECT DISTINCT ON (c.day) c.day, c.working FROM @extschema@.calendar AS c
	                 WHERE c.day > add_working_days.day AND c.known_from <= add_working_days.known_at
	                 ORDER BY c.day, c.known_from DESC) AS k
	        WINDOW so_far AS (ORDER BY k.day ROWS UNBOUNDED PRECEDING)) AS w
	 WHERE w.working_days = n
	 LIMIT 1;
	RETURN answer;
END
$add_working_days$;
REVOKE ALL ON FUNCTION @extschema@.add_working_days(date, integer, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.add_working_days(date, integer, timestamptz) IS
	'第 n 个工作日，首日不计；超出已知日历为空，绝不推测 / n-th working day after a day, which is not counted itself; NULL past what the calendar knew at known_at';

CREATE FUNCTION @extschema@.working_days_between(first date, last date, known_at timestamptz DEFAULT 'infinity') RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $working_days_between$
BEGIN
	IF first > last THEN
		RAISE EXCEPTION 'cannot count working days from % to %', first, last
			USING ERRCODE = 'invalid_parameter_value', HINT = 'The earlier day comes first.';
	END IF;
	RETURN (SELECT CASE WHEN count(*) = last - first THEN count(*) FILTER (WHERE k.working) END
	          FROM (SELECT DISTINCT ON (c.day) c.day, c.working FROM @extschema@.calendar AS c
	                 WHERE c.day > first AND c.day <= last AND c.known_from <= working_days_between.known_at
	                 ORDER BY c.day, c.known_from DESC) AS k);
END
$working_days_between$;
REVOKE ALL ON FUNCTION @extschema@.working_days_between(date, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.working_days_between(date, date, timestamptz) IS
	'首日之后至末日（含）的工作日数；超出已知日历为空 / working days after the first day through the last; NULL where the calendar does not know them all';

-- A day as people write it into details, terms and references, where an error would otherwise be one of the server's that does not say what it is about.
CREATE FUNCTION @extschema@._day(value text, key text) RETURNS date
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $day$
DECLARE
	parts integer[] := regexp_match(value, '^(\d{4})-(\d\d)-(\d\d)$');
BEGIN
	IF value IS NULL THEN
		RETURN NULL;
	ELSIF parts IS NULL THEN
		RAISE EXCEPTION 'invalid day "%" of "%"', value, key
			USING ERRCODE = 'invalid_datetime_format', HINT = 'Days are written YYYY-MM-DD.';
	ELSIF (parts[1] > 0 AND parts[2] BETWEEN 1 AND 12 AND parts[3] BETWEEN 1 AND 31
	       AND parts[3] <= extract(day FROM make_date(parts[1], parts[2], 1) + interval '1 month - 1 day')) IS NOT TRUE THEN
		RAISE EXCEPTION 'day "%" of "%" does not exist', value, key
			USING ERRCODE = 'datetime_field_overflow', HINT = 'Days are written YYYY-MM-DD.';
	END IF;
	RETURN make_date(parts[1], parts[2], parts[3]);
END
$day$;
REVOKE ALL ON FUNCTION @extschema@._day(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._day(text, text) IS '读取日期；不是日期即指明其键 / reads a day; an error that names its key for what is none';

-- What everything with a due day uses. A term is what policies write: {"days": 15}, {"months": 3}, {"years": 1}, {"working_days": 7}, or the day itself,
-- {"until": "2026-05-06"}. Where the term asks for it, "roll": true, one that ends on a day off ends on the next working day (Civil Code, art. 203).
CREATE FUNCTION @extschema@.deadline(counted_from date, term jsonb, known_at timestamptz DEFAULT 'infinity') RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $deadline$
DECLARE
	unit text;
	amount integer;
	due date;
BEGIN
	IF num_nulls(counted_from, term, known_at) > 0 THEN
		RETURN NULL;
	ELSIF jsonb_typeof(term) = 'object' THEN
		SELECT min(k.key) INTO unit FROM jsonb_object_keys(term - 'roll') AS k (key) HAVING count(*) = 1;
	END IF;
	IF unit = 'until' AND jsonb_typeof(term -> unit) = 'string' THEN
		due := @extschema@._day(term ->> unit, unit);
	ELSIF unit IN ('days', 'months', 'years', 'working_days') AND term ->> unit ~ '^\d{1,5}$' AND jsonb_typeof(term -> unit) = 'number' THEN
		amount := (term ->> unit)::integer;
		due := CASE WHEN unit = 'days' THEN counted_from + amount
		            WHEN unit = 'months' THEN @extschema@.add_months_civil(counted_from, amount)
		            WHEN unit = 'years' THEN @extschema@.add_months_civil(counted_from, 12 * amount)
		            ELSE @extschema@.add_working_days(counted_from, amount, known_at) END;
	END IF;
	IF unit IS NULL OR num_nonnulls(due, amount) = 0 OR jsonb_typeof(coalesce(term -> 'roll', 'false')) <> 'boolean' THEN
		RAISE EXCEPTION 'invalid term %', term
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'A term is a number of days, months, years or working_days, or the day until which it runs.',
			      HINT = 'Write it as {"working_days": 7} or {"until": "2026-05-06"}; with "roll": true it ends on a working day.';
	END IF;
	IF (term ->> 'roll')::boolean THEN
		due := @extschema@.add_working_days(due - 1, 1, known_at);
	END IF;
	RETURN due;
END
$deadline$;
REVOKE ALL ON FUNCTION @extschema@.deadline(date, jsonb, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.deadline(date, jsonb, timestamptz) IS
	'期间的末日：首日不计；日、月、年依民法典第200至204条，工作日依日历，超出已知日历为空 / last day of a period, whose first day is not counted: days, months and years by the Civil Code, art. 200 to 204, working days by the calendar; NULL past what it knows';
