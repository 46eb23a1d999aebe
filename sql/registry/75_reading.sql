-- ---------------------------------------------------------------------------
-- Readings: what policies may read besides records, as facts of kind rating and listing. Results of other policies are computed when they are
-- read. Each row is a version of a reading, known between two positions in the subject's own sequence.
-- ---------------------------------------------------------------------------

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
 WHERE e.listed_at IS NOT NULL AND e.removed_at IS NOT NULL;
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
