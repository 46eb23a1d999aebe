-- 00_meta.sql -- what the registry knows about itself

CREATE TABLE @extschema@.registry_meta (
	version pg_catalog.text NOT NULL,
	created_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
	migrated_at pg_catalog.timestamptz,
	seeded pg_catalog.jsonb NOT NULL DEFAULT '{}'
);

-- a registry has one version
CREATE UNIQUE INDEX registry_meta_one_row ON @extschema@.registry_meta ((true));

COMMENT ON TABLE @extschema@.registry_meta IS
	'登记库元数据，仅一行 / the registry about itself, one row';
COMMENT ON COLUMN @extschema@.registry_meta.version IS
	'登记库结构的版本 / version of the tables, views and triggers';
COMMENT ON COLUMN @extschema@.registry_meta.created_at IS
	'建库时间 / when create_registry() ran';
COMMENT ON COLUMN @extschema@.registry_meta.migrated_at IS
	'最近一次升级时间 / when migrate() last changed it';
COMMENT ON COLUMN @extschema@.registry_meta.seeded IS
	'建库时各表预置的行数 / rows that create_registry() itself put into each table';

-- ---------------------------------------------------------------------------
-- Guards that several modules share
-- ---------------------------------------------------------------------------

-- A table that some functions alone write, which are looked for in the stack of calls. Arguments: names of the functions, joined by |; detail and
-- hint of a refusal; whether what was written stays as it is.
CREATE FUNCTION @extschema@._written_by() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $written_by$
DECLARE
	stack text;
BEGIN
	GET DIAGNOSTICS stack = PG_CONTEXT;
	IF TG_OP IN ('INSERT', 'UPDATE') AND (TG_OP = 'INSERT' OR NOT TG_ARGV[3]::boolean)
	   AND stack ~ format('@extschema@\.(%s)\(', TG_ARGV[0]) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'cannot % table "%" directly', lower(TG_OP), TG_TABLE_NAME
		USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = TG_ARGV[1], HINT = TG_ARGV[2];
END
$written_by$;
REVOKE ALL ON FUNCTION @extschema@._written_by() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._written_by() IS '表只经指定函数写入 / refuses whatever writes a table past its functions';

CREATE FUNCTION @extschema@._guard_tables(tables text[], functions text, detail text, hint text, append_only boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $guard_tables$
DECLARE
	guarded text;
BEGIN
	FOREACH guarded IN ARRAY tables LOOP
		EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON @extschema@.%I FOR EACH ROW EXECUTE FUNCTION @extschema@._written_by(%L, %L, %L, %L)',
			guarded || '_guard', guarded, functions, detail, hint, append_only);
		EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON @extschema@.%I FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._written_by(%L, %L, %L, %L)',
			guarded || '_guard_truncate', guarded, functions, detail, hint, append_only);
	END LOOP;
END
$guard_tables$;
REVOKE ALL ON FUNCTION @extschema@._guard_tables(text[], text, text, text, boolean) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._guard_tables(text[], text, text, text, boolean) IS '使若干表只经指定函数写入 / guards tables that some functions alone write';

-- Dated rules: entered by one person, approved by another, superseded by the next of their key, never overwritten. Arguments: detail and hint.
CREATE FUNCTION @extschema@._rule_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $rule_guard$
DECLARE
	steps constant text[] := ARRAY['approved_on', 'approved_by', 'superseded_on'];
BEGIN
	IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - steps = to_jsonb(OLD) - steps
	   AND (OLD.approved_on IS NULL AND NEW.superseded_on = OLD.superseded_on
	        OR OLD.approved_on IS NOT NULL AND NEW.approved_on = OLD.approved_on AND NEW.approved_by = OLD.approved_by
	           AND OLD.superseded_on = 'infinity' AND NEW.superseded_on < 'infinity') THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'cannot % table "%"', lower(TG_OP), TG_TABLE_NAME
		USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = TG_ARGV[0], HINT = TG_ARGV[1];
END
$rule_guard$;
REVOKE ALL ON FUNCTION @extschema@._rule_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._rule_guard() IS '按日生效的规则只增不改 / refuses rewriting and deleting of dated rules';

CREATE FUNCTION @extschema@._guard_rules(tables text[], detail text, hint text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $guard_rules$
DECLARE
	guarded text;
BEGIN
	FOREACH guarded IN ARRAY tables LOOP
		EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON @extschema@.%I FOR EACH ROW EXECUTE FUNCTION @extschema@._rule_guard(%L, %L)',
			guarded || '_guard', guarded, detail, hint);
		EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON @extschema@.%I FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._rule_guard(%L, %L)',
			guarded || '_guard_truncate', guarded, detail, hint);
	END LOOP;
END
$guard_rules$;
REVOKE ALL ON FUNCTION @extschema@._guard_rules(text[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._guard_rules(text[], text, text) IS '使若干规则表只增不改 / guards tables of dated rules';

-- ---------------------------------------------------------------------------
-- Persons: a role of the database is one, unless it is written here that it is another one's too
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.person_role (
	role       text NOT NULL PRIMARY KEY CHECK (btrim(role) <> ''),
	person     text NOT NULL CHECK (btrim(person) <> ''),
	entered_on date NOT NULL DEFAULT @extschema@.today(),
	entered_by text NOT NULL DEFAULT @extschema@.actor()
);
COMMENT ON TABLE @extschema@.person_role IS '同一人使用的数据库角色：须由他人办理的事项以人为准；未列入的角色各为一人 / roles that one person uses: where another person is asked for, persons are compared; a role that is not here is a person of its own';
COMMENT ON COLUMN @extschema@.person_role.role IS '数据库角色 / role in the database';
COMMENT ON COLUMN @extschema@.person_role.person IS '使用人：本人的主要角色或工号 / whose it is: the person''s main role, or staff number';
COMMENT ON COLUMN @extschema@.person_role.entered_on IS '录入日 / day of entry';
COMMENT ON COLUMN @extschema@.person_role.entered_by IS '录入人 / who entered it';

CREATE FUNCTION @extschema@._person(role text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $person$
#variable_conflict use_column
BEGIN
	RETURN coalesce((SELECT p.person FROM @extschema@.person_role AS p WHERE p.role = _person.role), _person.role);
END
$person$;
REVOKE ALL ON FUNCTION @extschema@._person(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._person(text) IS '角色的使用人 / whose role it is';

CREATE FUNCTION @extschema@._same_person(role text, other text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $same_person$
BEGIN
	RETURN role = other OR @extschema@._person(role) = @extschema@._person(other);
END
$same_person$;
REVOKE ALL ON FUNCTION @extschema@._same_person(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._same_person(text, text) IS '两个角色是否同一人 / whether two roles are one person';

-- What one person entered another approves, once.
CREATE FUNCTION @extschema@._check_approval(what text, entered_by text, approved_on date, to_change text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $check_approval$
BEGIN
	IF approved_on IS NOT NULL THEN
		RAISE EXCEPTION '% is approved already', what
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = to_change;
	ELSIF @extschema@._same_person(entered_by, @extschema@.actor()) THEN
		RAISE EXCEPTION 'cannot approve % entered by the same person', what
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('It was entered by "%s".', entered_by), HINT = 'A second person must approve it.';
	END IF;
END
$check_approval$;
REVOKE ALL ON FUNCTION @extschema@._check_approval(text, text, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_approval(text, text, date, text) IS '核对由第二人批准且仅一次 / refuses an approval by who entered it, and a second one';
