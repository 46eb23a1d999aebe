-- ---------------------------------------------------------------------------
-- Trust in sources: dated facts. A change writes a new version of the row and regrades, in the same statement, the subjects whose records it
-- concerns; what was known before stays as it was, for the replay of what was decided then.
-- ---------------------------------------------------------------------------

-- Writers hold ROW SHARE on policy to the end of their transactions: with none under way, the regrade at the end of the statement reaches every
-- record that was evaluated by the old trust.
CREATE FUNCTION @extschema@._source_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $source_guard$
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		RAISE EXCEPTION 'cannot truncate the trusted sources'
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = 'Who was trusted when decides which records counted then.',
			      HINT = 'Delete or update the current rows: their versions are kept.';
	END IF;
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION 'cannot change the trusted sources in a % transaction', current_setting('transaction_isolation')
			USING ERRCODE = 'active_sql_transaction',
			      DETAIL = 'Records that others commit meanwhile would not be seen.',
			      HINT = 'Use READ COMMITTED.';
	END IF;
	LOCK TABLE @extschema@.policy IN EXCLUSIVE MODE;
	RETURN NULL;
END
$source_guard$;
REVOKE ALL ON FUNCTION @extschema@._source_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._source_guard() IS '免复核来源变更与记录写入互斥 / keeps changes of the sources and writers of records apart';
CREATE TRIGGER source_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON @extschema@.source
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._source_guard();

-- Each change of a current row leaves the old version behind, closed. The position is after every position that any subject has reached: what was
-- known at one of those does not change.
CREATE FUNCTION @extschema@._source_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $source_version$
DECLARE
	position timestamptz;
BEGIN
	IF TG_OP = 'INSERT' AND NEW.known_until < 'infinity' THEN
		RETURN NEW;
	ELSIF TG_OP <> 'INSERT' AND OLD.known_until < 'infinity' THEN
		RAISE EXCEPTION 'cannot % a past version of the trust in source "%"', lower(TG_OP), OLD.source
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('It was known from %s until %s.', OLD.known_from, OLD.known_until),
			      HINT = 'Change the current row: known_until is infinity there.';
	ELSIF TG_OP = 'UPDATE' AND (NEW.source, NEW.kind, NEW.trusted_from, NEW.trusted_until, NEW.known_from, NEW.known_until)
	                         = (OLD.source, OLD.kind, OLD.trusted_from, OLD.trusted_until, OLD.known_from, OLD.known_until) THEN
		RETURN NEW;
	END IF;
	SELECT greatest(statement_timestamp(), max(s.known_at) + interval '1 microsecond', @extschema@._position_floor()) INTO position
	  FROM @extschema@.subject_state AS s;
	IF TG_OP <> 'INSERT' THEN
		position := greatest(position, OLD.known_from + interval '1 microsecond');
		INSERT INTO @extschema@.source (source, kind, name, trusted_from, trusted_until, known_from, known_until, entered_by)
		VALUES (OLD.source, OLD.kind, OLD.name, OLD.trusted_from, OLD.trusted_until, OLD.known_from, position, OLD.entered_by);
	END IF;
	IF TG_OP = 'DELETE' THEN
		RETURN OLD;
	END IF;
	NEW.known_from := position;
	NEW.known_until := 'infinity';
	NEW.entered_by := @extschema@.actor();
	RETURN NEW;
END
$source_version$;
REVOKE ALL ON FUNCTION @extschema@._source_version() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._source_version() IS '保留免复核来源的原有版本 / keeps the old version when the trust in a source changes';
CREATE TRIGGER source_version BEFORE INSERT OR UPDATE OR DELETE ON @extschema@.source
	FOR EACH ROW EXECUTE FUNCTION @extschema@._source_version();

-- Records of the sources and kinds that nobody verified are what the trust decides on.
CREATE FUNCTION @extschema@._regrade_trust(sources text[], kinds text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $regrade_trust$
DECLARE
	subjects @extschema@.subject_code[];
	done integer := 0;
	total integer;
BEGIN
	WITH concerned AS (
		SELECT DISTINCT r.subject
		  FROM (SELECT DISTINCT u.source, u.kind FROM unnest(sources, kinds) AS u (source, kind)) AS c
		  JOIN @extschema@.record AS r ON r.source = c.source AND r.kind = c.kind
		 WHERE r.known_until = 'infinity' AND r.held IS NULL AND r.verified_by IS NULL
	)
	SELECT array_agg(DISTINCT a.subject ORDER BY a.subject) INTO subjects
	  FROM (SELECT c.subject FROM concerned AS c
	        UNION ALL
	        -- and those whose standings read the records
	        SELECT l.subject FROM concerned AS c JOIN @extschema@._link AS l ON l.other OPERATOR(@extschema@.=) c.subject
	         WHERE l.known_until = 'infinity') AS a;
	total := coalesce(array_length(subjects, 1), 0);
	WHILE done < total LOOP
		PERFORM @extschema@._regrade(subjects[done + 1 : done + 10000], @extschema@.today(), true, 'trust');
		PERFORM @extschema@._doubt_listings(subjects[done + 1 : done + 10000]);
		done := least(done + 10000, total);
		PERFORM @extschema@._report_progress('trust, subjects', done, total);
	END LOOP;
END
$regrade_trust$;
REVOKE ALL ON FUNCTION @extschema@._regrade_trust(text[], text[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._regrade_trust(text[], text[]) IS '重评免复核来源变更所涉主体 / regrades the subjects whose records a change of trust concerns';

CREATE FUNCTION @extschema@._source_regrade() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $source_regrade$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM @extschema@._regrade_trust(array_agg(c.source), array_agg(c.kind)) FROM new_rows AS c
		 WHERE c.known_until = 'infinity' HAVING count(*) > 0;
	ELSIF TG_OP = 'DELETE' THEN
		PERFORM @extschema@._regrade_trust(array_agg(c.source), array_agg(c.kind)) FROM old_rows AS c HAVING count(*) > 0;
	ELSE
		-- a change of the name alone concerns no record, and keeps its position
		PERFORM @extschema@._regrade_trust(array_agg(c.source), array_agg(c.kind))
		   FROM (SELECT o.source, o.kind, o.trusted_from, o.known_from FROM old_rows AS o
		         UNION ALL SELECT n.source, n.kind, n.trusted_from, n.known_from FROM new_rows AS n) AS c
		  WHERE NOT (EXISTS (SELECT FROM old_rows AS o WHERE (o.source, o.kind, o.trusted_from, o.known_from) = (c.source, c.kind, c.trusted_from, c.known_from))
		             AND EXISTS (SELECT FROM new_rows AS n WHERE (n.source, n.kind, n.trusted_from, n.known_from) = (c.source, c.kind, c.trusted_from, c.known_from)))
		 HAVING count(*) > 0;
	END IF;
	RETURN NULL;
END
$source_regrade$;
REVOKE ALL ON FUNCTION @extschema@._source_regrade() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._source_regrade() IS '免复核来源变更后重评所涉主体 / regrades after a change of the trusted sources';
-- after source_changed, by name: this backend must have heard of the change
CREATE TRIGGER source_regrade_inserted AFTER INSERT ON @extschema@.source
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._source_regrade();
CREATE TRIGGER source_regrade_updated AFTER UPDATE ON @extschema@.source
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._source_regrade();
CREATE TRIGGER source_regrade_deleted AFTER DELETE ON @extschema@.source
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._source_regrade();
