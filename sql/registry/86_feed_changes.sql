-- ---------------------------------------------------------------------------
-- Changes that make collect_feed() look again where the sequence of a subject stays as it is: names, minors, what publicity determines of a
-- record, and the rules that hold for every subject.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._feed_touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $feed_touched$
BEGIN
	INSERT INTO @extschema@.feed_touch (subject, receiver)
	SELECT DISTINCT n.subject, r.receiver FROM changed_rows AS n CROSS JOIN @extschema@.feed_receiver AS r;
	RETURN NULL;
END
$feed_touched$;
REVOKE ALL ON FUNCTION @extschema@._feed_touched() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_touched() IS '提示须重新收集的主体 / hints which subjects to collect again';
CREATE FUNCTION @extschema@._feed_all_touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $feed_all_touched$
BEGIN
	INSERT INTO @extschema@.feed_full (receiver) SELECT r.receiver FROM @extschema@.feed_receiver AS r;
	RETURN NULL;
END
$feed_all_touched$;
REVOKE ALL ON FUNCTION @extschema@._feed_all_touched() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_all_touched() IS '提示须全部重新收集 / hints that everything is to be collected again';
-- A rule that is merely entered changes nothing yet.
CREATE FUNCTION @extschema@._feed_rule_touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $feed_rule_touched$
BEGIN
	INSERT INTO @extschema@.feed_full (receiver)
	SELECT r.receiver FROM @extschema@.feed_receiver AS r WHERE EXISTS (SELECT FROM changed_rows AS n WHERE n.approved_by IS NOT NULL);
	RETURN NULL;
END
$feed_rule_touched$;
REVOKE ALL ON FUNCTION @extschema@._feed_rule_touched() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_rule_touched() IS '已批准的规则有变动时提示须全部重新收集 / hints that everything is to be collected again when a rule in force has changed';
CREATE FUNCTION @extschema@._feed_receiver_touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $feed_receiver_touched$
BEGIN
	INSERT INTO @extschema@.feed_full (receiver) SELECT n.receiver FROM changed_rows AS n;
	RETURN NULL;
END
$feed_receiver_touched$;
REVOKE ALL ON FUNCTION @extschema@._feed_receiver_touched() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_receiver_touched() IS '接收方变动后须全部重新收集 / hints that a receiver that was changed is to be collected in full';

DO $feed_triggers$
DECLARE
	watched record;
BEGIN
	FOR watched IN
		SELECT t.name, t.function, e.event, CASE e.event WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END AS seen
		  FROM (VALUES
			('subject', '_feed_touched', ARRAY['UPDATE']),
			('person_minor', '_feed_touched', ARRAY['INSERT', 'UPDATE', 'DELETE']),
			('publicity_setting', '_feed_touched', ARRAY['INSERT', 'UPDATE']),
			('policy', '_feed_all_touched', ARRAY['UPDATE']),
			('publicity_regime', '_feed_rule_touched', ARRAY['INSERT', 'UPDATE']),
			('publicity_class', '_feed_rule_touched', ARRAY['INSERT', 'UPDATE']),
			('publicity_parameter', '_feed_rule_touched', ARRAY['INSERT', 'UPDATE']),
			('public_policy', '_feed_rule_touched', ARRAY['INSERT', 'UPDATE']),
			('feed_sender', '_feed_all_touched', ARRAY['INSERT', 'UPDATE', 'DELETE']),
			('feed_receiver', '_feed_receiver_touched', ARRAY['INSERT', 'UPDATE'])) AS t (name, function, events)
		 CROSS JOIN LATERAL unnest(t.events) AS e (event)
	LOOP
		EXECUTE format('CREATE TRIGGER %I AFTER %s ON @extschema@.%I REFERENCING %s TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.%I()',
			format('feed_%s_%s', watched.name, lower(watched.event)), watched.event, watched.name, watched.seen, watched.function);
	END LOOP;
END
$feed_triggers$;
