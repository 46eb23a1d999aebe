-- ---------------------------------------------------------------------------
-- Readings: what policies may read besides records, as facts of kind rating and listing. Results of other policies are computed when they are
-- read. Each row is a version of a reading, known between two positions in the subject's own sequence.
-- ---------------------------------------------------------------------------

-- What of a published rating is known when: a rating that is superseded or whose time is cut short was another one before.
CREATE TABLE @extschema@.rating_reading (
	subject     @extschema@.subject_code NOT NULL,
	policy_id   integer NOT NULL,
	period_from date NOT NULL,
	valid_from  date NOT NULL,
	valid_until date NOT NULL,
	known_from  timestamptz NOT NULL,
	known_until timestamptz NOT NULL DEFAULT 'infinity',
	correction  smallint NOT NULL,
	rating      text NOT NULL,
	PRIMARY KEY (subject, policy_id, rating, period_from, correction, known_until),
	CHECK (known_from < known_until)
);
COMMENT ON TABLE @extschema@.rating_reading IS '已公布评价的知悉版本 / published ratings in versions by position, as policies read them';
COMMENT ON COLUMN @extschema@.rating_reading.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.rating_reading.policy_id IS '办法编号 / number of the measure';
COMMENT ON COLUMN @extschema@.rating_reading.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@.rating_reading.valid_from IS '有效首日（含） / first day of validity';
COMMENT ON COLUMN @extschema@.rating_reading.valid_until IS '当时所知的有效末日（含） / last day of validity as then known';
COMMENT ON COLUMN @extschema@.rating_reading.known_from IS '知悉序位（起） / position from which it is known';
COMMENT ON COLUMN @extschema@.rating_reading.known_until IS '知悉序位（止），infinity 为现行 / position at which it was superseded; infinity = current';
COMMENT ON COLUMN @extschema@.rating_reading.correction IS '更正次序 / place among the corrections';
COMMENT ON COLUMN @extschema@.rating_reading.rating IS '定期评价的标识 / rating of the measure';

CREATE FUNCTION @extschema@._reading_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $reading_guard$
BEGIN
	IF TG_OP = 'UPDATE' AND OLD.known_until = 'infinity' AND (to_jsonb(NEW) - 'known_until') = (to_jsonb(OLD) - 'known_until') THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'cannot % readings', lower(TG_OP)
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'What was known of a rating stays on record.',
		      HINT = 'They follow the ratings by themselves.';
END
$reading_guard$;
REVOKE ALL ON FUNCTION @extschema@._reading_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._reading_guard() IS '已知悉的评价只增不改 / refuses overwriting and deleting of readings';
CREATE TRIGGER reading_guard BEFORE UPDATE OR DELETE ON @extschema@.rating_reading
	FOR EACH ROW EXECUTE FUNCTION @extschema@._reading_guard();
CREATE TRIGGER reading_guard_truncate BEFORE TRUNCATE ON @extschema@.rating_reading
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._reading_guard();

-- A rating is a reading from its publication until it is superseded by a correction.
CREATE FUNCTION @extschema@._rating_read() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $rating_read$
#variable_conflict use_column
DECLARE
	subjects @extschema@.subject_code[];
	position timestamptz;
BEGIN
	SELECT array_agg(DISTINCT n.subject) INTO subjects
	  FROM new_rows AS n
	  LEFT JOIN @extschema@.rating_reading AS x
	    ON x.subject OPERATOR(@extschema@.=) n.subject AND x.policy_id = n.policy_id AND x.rating = n.rating AND x.period_from = n.period_from
	   AND x.correction = n.correction AND x.known_until = 'infinity'
	 WHERE n.state <> 'not_enrolled'
	   AND (n.published_at IS NOT NULL AND n.superseded_at = 'infinity') <> (x.subject IS NOT NULL)
	    OR (n.valid_from, n.valid_until) <> (x.valid_from, x.valid_until);
	IF subjects IS NULL THEN
		RETURN NULL;
	END IF;
	position := @extschema@._next_position(subjects, false);
	UPDATE @extschema@.rating_reading AS x SET known_until = position
	  FROM new_rows AS n
	 WHERE x.subject OPERATOR(@extschema@.=) n.subject AND x.policy_id = n.policy_id AND x.rating = n.rating AND x.period_from = n.period_from
	   AND x.correction = n.correction AND x.known_until = 'infinity'
	   AND (n.superseded_at < 'infinity' OR (n.valid_from, n.valid_until) <> (x.valid_from, x.valid_until));
	INSERT INTO @extschema@.rating_reading (subject, policy_id, rating, period_from, correction, valid_from, valid_until, known_from)
	SELECT n.subject, n.policy_id, n.rating, n.period_from, n.correction, n.valid_from, n.valid_until, position
	  FROM new_rows AS n
	 WHERE n.published_at IS NOT NULL AND n.superseded_at = 'infinity' AND n.state <> 'not_enrolled'
	   AND NOT EXISTS (SELECT FROM @extschema@.rating_reading AS x
	                    WHERE x.subject OPERATOR(@extschema@.=) n.subject AND x.policy_id = n.policy_id AND x.rating = n.rating
	                      AND x.period_from = n.period_from AND x.correction = n.correction AND x.known_until = 'infinity');
	RETURN NULL;
END
$rating_read$;
REVOKE ALL ON FUNCTION @extschema@._rating_read() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._rating_read() IS '评价公布或更正后可供办法读取 / makes published and corrected ratings known to the policies that read them';
CREATE TRIGGER rating_read_inserted AFTER INSERT ON @extschema@.rating
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._rating_read();
CREATE TRIGGER rating_read_updated AFTER UPDATE ON @extschema@.rating
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._rating_read();
CREATE TRIGGER reading_changed_inserted AFTER INSERT ON @extschema@.rating_reading
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.reading_changed();
CREATE TRIGGER reading_changed_updated AFTER UPDATE ON @extschema@.rating_reading
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.reading_changed();

-- An entry is known as lasting its full time until its removal becomes known; one that was never recognised is no reading.
CREATE VIEW @extschema@._reading AS
SELECT e.subject, 'listing' AS kind, NULL::text AS policy, NULL::text AS cycle, e.list, NULL::text AS state, NULL::text AS band,
       NULL::text AS grade, NULL::bigint AS points, e.department AS authority, e.source, coalesce(e.document, e.entry_id::text) AS document,
       NULL::date AS act_on, NULL::date AS act_ended_on, coalesce(e.recognised_on, e.listed_from) AS decided_on, e.listed_from AS valid_from,
       e.listed_until AS valid_until, e.listed_at AS known_from, coalesce(e.removed_at, 'infinity') AS known_until
  FROM @extschema@.list_entry AS e
 WHERE e.listed_at IS NOT NULL AND (e.removed_at IS NULL OR e.listed_at < e.removed_at)
UNION ALL
SELECT e.subject, 'listing', NULL, NULL, e.list, NULL, NULL, NULL, NULL, e.department, e.source, coalesce(e.document, e.entry_id::text),
       NULL, NULL, coalesce(e.recognised_on, e.listed_from), e.listed_from, least(e.listed_until, e.removed_on - 1), e.removed_at, 'infinity'
  FROM @extschema@.list_entry AS e
 WHERE e.listed_at IS NOT NULL AND e.removed_at IS NOT NULL
UNION ALL
SELECT x.subject, 'rating', p.policy, r.rating, NULL, r.state, r.band, r.credit_grade::text, r.score, NULL, NULL, NULL, r.period_from,
       r.period_until, r.published_on, x.valid_from, x.valid_until, x.known_from, x.known_until
  FROM @extschema@.rating_reading AS x
  JOIN @extschema@.rating AS r
    ON r.subject = x.subject AND r.policy_id = x.policy_id AND r.rating = x.rating AND r.period_from = x.period_from AND r.correction = x.correction
  JOIN @extschema@.policy AS p ON p.version_id = r.version_id;
COMMENT ON VIEW @extschema@._reading IS '可供办法读取的已公布评价与名单条目，分知悉版本 / published ratings and list entries as policies read them, in versions by position';
COMMENT ON COLUMN @extschema@._reading.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@._reading.kind IS '类别：rating 已公布评价，listing 名单条目 / kind of reading';
COMMENT ON COLUMN @extschema@._reading.policy IS '评价所依办法 / policy of a rating';
COMMENT ON COLUMN @extschema@._reading.cycle IS '评价标识 / id of the rating';
COMMENT ON COLUMN @extschema@._reading.list IS '名单 / list';
COMMENT ON COLUMN @extschema@._reading.state IS '评价状态 / state of a rating';
COMMENT ON COLUMN @extschema@._reading.band IS '档次 / band of a rating';
COMMENT ON COLUMN @extschema@._reading.grade IS '信用等级 / credit grade of a rating';
COMMENT ON COLUMN @extschema@._reading.points IS '得分，单位万分之一分 / score of a rating in 1/10000 point';
COMMENT ON COLUMN @extschema@._reading.authority IS '认定部门 / department that listed';
COMMENT ON COLUMN @extschema@._reading.source IS '移入名单的来源 / source of an imported entry';
COMMENT ON COLUMN @extschema@._reading.document IS '文书号或条目编号 / document, or number of the entry';
COMMENT ON COLUMN @extschema@._reading.act_on IS '评价期首日 / first day of the period of a rating';
COMMENT ON COLUMN @extschema@._reading.act_ended_on IS '评价期末日 / last day of the period of a rating';
COMMENT ON COLUMN @extschema@._reading.decided_on IS '认定日或公布日 / day of recognition or publication';
COMMENT ON COLUMN @extschema@._reading.valid_from IS '有效首日（含） / first day of validity';
COMMENT ON COLUMN @extschema@._reading.valid_until IS '有效末日（含） / last day of validity; before the first: none';
COMMENT ON COLUMN @extschema@._reading.known_from IS '知悉序位（起） / position from which it is known';
COMMENT ON COLUMN @extschema@._reading.known_until IS '知悉序位（止） / position at which it was superseded; infinity = current';

CREATE TRIGGER list_entry_read_inserted AFTER INSERT ON @extschema@.list_entry
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.reading_changed();
CREATE TRIGGER list_entry_read_updated AFTER UPDATE ON @extschema@.list_entry
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.reading_changed();
