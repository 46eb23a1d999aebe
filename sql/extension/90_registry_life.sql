-- 90_registry_life.sql -- creating, migrating and dropping the registry
--
-- The extension owns code, the registry owns data.  Tables, views, triggers and
-- the functions that must belong to their owner are made by create_registry()
-- in the same schema, as ordinary objects: pg_dump restores their rows before
-- their triggers, a DBA may partition and index them, Citus may distribute them.
-- What is in the schema and a member of no extension is the registry.

-- ---------------------------------------------------------------------------
-- The registry's own statements
-- ---------------------------------------------------------------------------

-- one row for each file of sql/registry
CREATE FUNCTION @extschema@._registry_modules(
		OUT module pg_catalog.text,
		OUT ddl pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $citycredit_registry_list$
	VALUES
-- @registry_modules@
$citycredit_registry_list$;
REVOKE EXECUTE ON FUNCTION @extschema@._registry_modules() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._registry_modules() IS
	'登记库的建库语句，按模块 / statements that make the registry, module by module';

-- ---------------------------------------------------------------------------
-- What belongs to the registry
-- ---------------------------------------------------------------------------

-- indexes, constraints, rules, triggers and row types follow their relation;
-- kind is the word for ALTER and DROP
CREATE FUNCTION @extschema@._registry_objects(
		OUT classid pg_catalog.oid,
		OUT objid pg_catalog.oid,
		OUT kind pg_catalog.text,
		OUT identity pg_catalog.text,
		OUT owner pg_catalog.oid)
	RETURNS SETOF pg_catalog.record
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH found AS (
		SELECT 'pg_catalog.pg_class'::regclass::oid AS classid, c.oid AS objid,
			   CASE c.relkind WHEN 'v' THEN 'VIEW'
							  WHEN 'm' THEN 'MATERIALIZED VIEW'
							  WHEN 'S' THEN 'SEQUENCE'
							  WHEN 'f' THEN 'FOREIGN TABLE'
							  ELSE 'TABLE' END AS kind,
			   c.relowner AS owner
		  FROM pg_catalog.pg_class AS c
		 WHERE c.relnamespace = '@extschema@'::regnamespace
		   AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
		UNION ALL
		SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 'ROUTINE', p.proowner
		  FROM pg_catalog.pg_proc AS p
		 WHERE p.pronamespace = '@extschema@'::regnamespace
		UNION ALL
		SELECT 'pg_catalog.pg_type'::regclass, t.oid, 'TYPE', t.typowner
		  FROM pg_catalog.pg_type AS t
		  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
		 WHERE t.typnamespace = '@extschema@'::regnamespace
		   AND t.typcategory <> 'A'
		   AND t.typtype <> 'm'
		   AND (c.oid IS NULL OR c.relkind = 'c')
	)
	SELECT f.classid, f.objid, f.kind,
		   (pg_catalog.pg_identify_object(f.classid, f.objid, 0)).identity,
		   f.owner
	  FROM found AS f
	 WHERE NOT EXISTS (
			SELECT FROM pg_catalog.pg_depend AS d
			 WHERE d.classid = f.classid AND d.objid = f.objid
			   AND d.deptype = 'e')
	 ORDER BY 3, 4
$$;
REVOKE EXECUTE ON FUNCTION @extschema@._registry_objects() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._registry_objects() IS
	'登记库的对象：本模式中不属于任何扩展者 / objects of the registry: those in the schema that no extension owns';

-- an object outside the schema that would go, or break, with the registry
CREATE FUNCTION @extschema@._registry_dependents()
	RETURNS SETOF pg_catalog.text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH registry AS (
		SELECT o.classid, o.objid FROM @extschema@._registry_objects() AS o
		UNION ALL
		SELECT 'pg_catalog.pg_type'::regclass, t.oid
		  FROM @extschema@._registry_objects() AS o
		  JOIN pg_catalog.pg_type AS t ON t.typrelid = o.objid
		 WHERE o.classid = 'pg_catalog.pg_class'::regclass
	), dependent AS (
		SELECT d.classid, d.objid,
			   CASE d.classid
				   WHEN 'pg_catalog.pg_rewrite'::regclass THEN
					   (SELECT r.ev_class FROM pg_catalog.pg_rewrite AS r WHERE r.oid = d.objid)
				   WHEN 'pg_catalog.pg_constraint'::regclass THEN
					   (SELECT n.conrelid FROM pg_catalog.pg_constraint AS n WHERE n.oid = d.objid)
				   WHEN 'pg_catalog.pg_trigger'::regclass THEN
					   (SELECT g.tgrelid FROM pg_catalog.pg_trigger AS g WHERE g.oid = d.objid)
				   WHEN 'pg_catalog.pg_attrdef'::regclass THEN
					   (SELECT a.adrelid FROM pg_catalog.pg_attrdef AS a WHERE a.oid = d.objid)
				   WHEN 'pg_catalog.pg_policy'::regclass THEN
					   (SELECT p.polrelid FROM pg_catalog.pg_policy AS p WHERE p.oid = d.objid)
			   END AS relation
		  FROM pg_catalog.pg_depend AS d
		  JOIN registry AS r ON r.classid = d.refclassid AND r.objid = d.refobjid
		 WHERE d.deptype = 'n'
	), address AS (
		SELECT DISTINCT
			   CASE WHEN relation IS NULL THEN classid
					ELSE 'pg_catalog.pg_class'::regclass END AS classid,
			   COALESCE(relation, objid) AS objid
		  FROM dependent
	)
	SELECT i.type || ' ' || i.identity
	  FROM address AS a
	 CROSS JOIN LATERAL pg_catalog.pg_identify_object(a.classid, a.objid, 0) AS i
	 WHERE i.schema IS DISTINCT FROM '@extschema@'
	 ORDER BY 1
$$;
REVOKE EXECUTE ON FUNCTION @extschema@._registry_dependents() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._registry_dependents() IS
	'依赖登记库的外部对象 / objects outside the schema that depend on the registry';

-- gives every object to the owner, and the owner what his definer functions call
CREATE FUNCTION @extschema@._own_registry(owner pg_catalog.oid)
	RETURNS pg_catalog.void
	LANGUAGE plpgsql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	owner_name text := pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(owner));
	object record;
BEGIN
	-- a sequence owned by a column follows its table, and refuses to go alone
	FOR object IN
		SELECT o.kind, o.identity
		  FROM @extschema@._registry_objects() AS o
		 WHERE o.owner <> _own_registry.owner
		   AND NOT (o.kind = 'SEQUENCE' AND EXISTS (
				SELECT FROM pg_catalog.pg_depend AS d
				 WHERE d.classid = o.classid AND d.objid = o.objid
				   AND d.refclassid = 'pg_catalog.pg_class'::regclass
				   AND d.deptype IN ('a', 'i')))
	LOOP
		EXECUTE pg_catalog.format('ALTER %s %s OWNER TO %s',
								  object.kind, object.identity, owner_name);
	END LOOP;

	-- the owner of the extension has these rights already
	IF owner <> (SELECT e.extowner FROM pg_catalog.pg_extension AS e
				  WHERE e.extname = 'citycredit') THEN
		EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA @extschema@ TO %s', owner_name);
		FOR object IN
			SELECT i.identity
			  FROM pg_catalog.pg_depend AS d
			  JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
			  JOIN pg_catalog.pg_proc AS p ON p.oid = d.objid
			 CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, 0) AS i
			 WHERE d.classid = 'pg_catalog.pg_proc'::regclass
			   AND d.refclassid = 'pg_catalog.pg_extension'::regclass
			   AND d.deptype = 'e'
			   AND e.extname = 'citycredit'
			   AND NOT pg_catalog.has_function_privilege(_own_registry.owner, p.oid, 'EXECUTE')
			 ORDER BY 1
		LOOP
			EXECUTE pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO %s',
									  object.identity, owner_name);
		END LOOP;
		-- what is shipped is read by functions of the registry, too
		FOR object IN
			SELECT c.relname
			  FROM pg_catalog.pg_depend AS d
			  JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
			  JOIN pg_catalog.pg_class AS c ON c.oid = d.objid
			 WHERE d.classid = 'pg_catalog.pg_class'::regclass
			   AND d.refclassid = 'pg_catalog.pg_extension'::regclass
			   AND d.deptype = 'e'
			   AND e.extname = 'citycredit'
			   AND c.relkind = 'v'
			 ORDER BY 1
		LOOP
			EXECUTE pg_catalog.format('GRANT SELECT ON @extschema@.%I TO %s',
									  object.relname, owner_name);
		END LOOP;
	END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION @extschema@._own_registry(pg_catalog.oid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._own_registry(pg_catalog.oid) IS
	'将登记库对象交给所有者 / gives the objects of the registry to their owner';

-- ---------------------------------------------------------------------------
-- Versions of the registry
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._extension_version() RETURNS pg_catalog.text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT e.extversion FROM pg_catalog.pg_extension AS e WHERE e.extname = 'citycredit'
$$;
REVOKE EXECUTE ON FUNCTION @extschema@._extension_version() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._extension_version() IS
	'扩展的版本 / version of the extension';

-- 0.10.0 comes after 0.9.0, which text comparison denies
CREATE FUNCTION @extschema@._version_number(version pg_catalog.text)
	RETURNS pg_catalog.int4[]
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.string_to_array(version, '.')::int4[]
$$;
REVOKE EXECUTE ON FUNCTION @extschema@._version_number(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._version_number(pg_catalog.text) IS
	'可比较的版本号 / version as comparable numbers';

-- what every function over the registry's tables may call first
CREATE FUNCTION @extschema@._require_registry() RETURNS pg_catalog.void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	code_version text := @extschema@._extension_version();
	data_version text;
BEGIN
	IF pg_catalog.to_regclass('@extschema@.registry_meta') IS NULL THEN
		RAISE EXCEPTION 'the registry does not exist'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Run SELECT @extschema@.create_registry().';
	END IF;

	SELECT m.version INTO data_version FROM @extschema@.registry_meta AS m;
	IF data_version IS NULL THEN
		RAISE EXCEPTION 'the registry does not know its version'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'Table @extschema@.registry_meta has no row.',
				HINT = 'Restore the row of registry_meta from the dump that the tables came from.';
	ELSIF @extschema@._version_number(data_version) < @extschema@._version_number(code_version) THEN
		RAISE EXCEPTION 'the registry is older than the extension'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = pg_catalog.format('The registry has version %s, the extension %s.',
										   data_version, code_version),
				HINT = 'Run SELECT @extschema@.migrate().';
	ELSIF @extschema@._version_number(data_version) > @extschema@._version_number(code_version) THEN
		RAISE EXCEPTION 'the registry is newer than the extension'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = pg_catalog.format('The registry has version %s, the extension %s.',
										   data_version, code_version),
				HINT = 'Install the newer extension and run ALTER EXTENSION citycredit UPDATE.';
	END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION @extschema@._require_registry() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._require_registry() IS
	'登记库不存在或版本不符时报错 / raises an error unless the registry exists in the version of the code';

-- ---------------------------------------------------------------------------
-- Creating
-- ---------------------------------------------------------------------------

-- the extension's schema is in the path for its operators; modules name
-- everything else in full
CREATE FUNCTION @extschema@.create_registry(owner pg_catalog.regrole DEFAULT NULL)
	RETURNS pg_catalog.void
	LANGUAGE plpgsql VOLATILE
	SET search_path = pg_catalog, @extschema@, pg_temp
	SET row_security = off
	AS $$
DECLARE
	step record;
	rows_found bigint;
	seeds jsonb := '{}';
BEGIN
	-- two at a time would meet in the middle
	PERFORM pg_catalog.pg_advisory_xact_lock(
		pg_catalog.hashtextextended('citycredit registry', 0));

	IF pg_catalog.to_regclass('@extschema@.registry_meta') IS NOT NULL THEN
		RAISE EXCEPTION 'the registry already exists'
			USING ERRCODE = 'duplicate_object',
				HINT = 'Run SELECT @extschema@.migrate() to bring it up to the version of the extension.';
	END IF;

	FOR step IN SELECT m.ddl FROM @extschema@._registry_modules() AS m ORDER BY m.module LOOP
		EXECUTE step.ddl;
	END LOOP;

	-- drop_registry() tells these rows from those that were fed in
	FOR step IN
		SELECT o.identity FROM @extschema@._registry_objects() AS o
		 WHERE o.kind = 'TABLE' AND o.objid <> '@extschema@.registry_meta'::regclass
	LOOP
		EXECUTE 'SELECT pg_catalog.count(*) FROM ' || step.identity INTO rows_found;
		IF rows_found > 0 THEN
			seeds := seeds || pg_catalog.jsonb_build_object(step.identity, rows_found);
		END IF;
	END LOOP;
	INSERT INTO @extschema@.registry_meta (version, seeded)
	VALUES (@extschema@._extension_version(), seeds);

	PERFORM @extschema@._own_registry(COALESCE(owner, CURRENT_USER::regrole));
END
$$;
REVOKE EXECUTE ON FUNCTION @extschema@.create_registry(pg_catalog.regrole) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.create_registry(pg_catalog.regrole) IS
	'建立登记库（表、触发器、视图），归 owner 所有，默认当前用户 / makes the registry (tables, triggers, views) for its owner, by default the current user';

-- ---------------------------------------------------------------------------
-- Migrating
-- ---------------------------------------------------------------------------

-- A step is a member function _migrate_A_to_B() with the versions' points
-- written as underscores; it only changes the registry, the version and the
-- owner are recorded here.
CREATE FUNCTION @extschema@.migrate() RETURNS pg_catalog.void
	LANGUAGE plpgsql VOLATILE
	SET search_path = pg_catalog, @extschema@, pg_temp
	SET row_security = off
	AS $$
DECLARE
	code_version text := @extschema@._extension_version();
	data_version text;
	step_name text;
	registry_owner oid;
	steps int := 0;
BEGIN
	PERFORM pg_catalog.pg_advisory_xact_lock(
		pg_catalog.hashtextextended('citycredit registry', 0));

	IF pg_catalog.to_regclass('@extschema@.registry_meta') IS NULL THEN
		PERFORM @extschema@._require_registry();
	END IF;
	SELECT m.version INTO data_version FROM @extschema@.registry_meta AS m FOR UPDATE;
	SELECT c.relowner INTO STRICT registry_owner
	  FROM pg_catalog.pg_class AS c
	 WHERE c.oid = '@extschema@.registry_meta'::regclass;

	WHILE @extschema@._version_number(data_version) < @extschema@._version_number(code_version) LOOP
		SELECT p.proname INTO step_name
		  FROM pg_catalog.pg_proc AS p
		  JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_proc'::regclass
			   AND d.objid = p.oid AND d.deptype = 'e'
		 WHERE p.pronamespace = '@extschema@'::regnamespace
		   AND p.pronargs = 0
		   AND pg_catalog.starts_with(p.proname::text,
				'_migrate_' || pg_catalog.replace(data_version, '.', '_') || '_to_');
		IF NOT FOUND THEN
			RAISE EXCEPTION 'cannot migrate the registry from version %', data_version
				USING ERRCODE = 'object_not_in_prerequisite_state',
					DETAIL = pg_catalog.format('The extension has version %s, and no step starts at %s.',
											   code_version, data_version),
					HINT = 'Update the extension through the versions between.';
		END IF;
		EXECUTE pg_catalog.format('SELECT @extschema@.%I()', step_name);
		data_version := pg_catalog.replace(
			pg_catalog.regexp_replace(step_name, '^.*_to_', ''), '_', '.');
		UPDATE @extschema@.registry_meta SET version = data_version, migrated_at = pg_catalog.now();
		steps := steps + 1;
	END LOOP;

	-- no version at all, or one that this code does not know yet
	PERFORM @extschema@._require_registry();
	-- an update of the extension alone may have brought functions to call
	PERFORM @extschema@._own_registry(registry_owner);
	IF steps = 0 THEN
		RAISE NOTICE 'the registry is current: version %', data_version;
	END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION @extschema@.migrate() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.migrate() IS
	'将登记库逐步升级到扩展的版本 / brings the registry step by step to the version of the extension';

-- ---------------------------------------------------------------------------
-- Dropping
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.drop_registry(force pg_catalog.bool DEFAULT false)
	RETURNS pg_catalog.void
	LANGUAGE plpgsql VOLATILE
	SET search_path = pg_catalog, pg_temp
	SET row_security = off
	SET client_min_messages = warning
	AS $$
DECLARE
	object record;
	seeds jsonb;
	has_more bool;
	filled text[] := '{}';
	dependents text[];
BEGIN
	PERFORM pg_catalog.pg_advisory_xact_lock(
		pg_catalog.hashtextextended('citycredit registry', 0));

	IF pg_catalog.to_regclass('@extschema@.registry_meta') IS NULL THEN
		RAISE EXCEPTION 'the registry does not exist'
			USING ERRCODE = 'object_not_in_prerequisite_state';
	END IF;

	SELECT pg_catalog.array_agg(d ORDER BY d) INTO dependents
	  FROM @extschema@._registry_dependents() AS d;
	IF dependents IS NOT NULL THEN
		RAISE EXCEPTION 'cannot drop the registry because other objects depend on it'
			USING ERRCODE = 'dependent_objects_still_exist',
				DETAIL = pg_catalog.format('Depending on it: %s.',
										   pg_catalog.array_to_string(dependents, ', ')),
				HINT = 'Drop these first; drop_registry(force => true) does not drop them either.';
	END IF;

	-- locked before looked into, so that no row comes in between
	FOR object IN
		SELECT o.identity FROM @extschema@._registry_objects() AS o WHERE o.kind = 'TABLE'
	LOOP
		EXECUTE pg_catalog.format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', object.identity);
	END LOOP;

	IF NOT COALESCE(force, false) THEN
		SELECT m.seeded INTO seeds FROM @extschema@.registry_meta AS m;
		FOR object IN
			SELECT o.identity, COALESCE((seeds ->> o.identity)::bigint, 0) AS seeded
			  FROM @extschema@._registry_objects() AS o
			 WHERE o.kind IN ('TABLE', 'FOREIGN TABLE')
			   AND o.objid <> '@extschema@.registry_meta'::regclass
		LOOP
			EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM %s OFFSET %s)',
									  object.identity, object.seeded) INTO has_more;
			IF has_more THEN
				filled := filled || object.identity;
			END IF;
		END LOOP;
		IF filled <> '{}' THEN
			RAISE EXCEPTION 'cannot drop the registry because it holds data'
				USING ERRCODE = 'object_not_in_prerequisite_state',
					DETAIL = pg_catalog.format('Tables with rows: %s.',
											   pg_catalog.array_to_string(filled, ', ')),
					HINT = 'Dump them, then use SELECT @extschema@.drop_registry(force => true).';
		END IF;
	END IF;

	-- everything that depends on these is in the list too, see above
	FOR object IN
		SELECT o.kind, o.identity FROM @extschema@._registry_objects() AS o
		 ORDER BY o.kind = 'ROUTINE', o.kind = 'TYPE', o.kind, o.identity
	LOOP
		EXECUTE pg_catalog.format('DROP %s IF EXISTS %s CASCADE', object.kind, object.identity);
	END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION @extschema@.drop_registry(pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.drop_registry(pg_catalog.bool) IS
	'删除登记库；有数据时须 force / drops the registry, with data in it only by force';

-- ---------------------------------------------------------------------------
-- DROP EXTENSION is not the way
-- ---------------------------------------------------------------------------

-- With CASCADE it would leave the tables and take every column of our types
-- from them, the key first.
CREATE FUNCTION @extschema@._guard_drop() RETURNS pg_catalog.event_trigger
	LANGUAGE c VOLATILE
	AS 'MODULE_PATHNAME', '_guard_drop';
REVOKE EXECUTE ON FUNCTION @extschema@._guard_drop() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._guard_drop() IS
	'登记库存在时拒绝删除扩展或模式 / refuses to drop the extension or its schema while the registry exists';

CREATE EVENT TRIGGER citycredit_guard_drop ON ddl_command_start
	WHEN TAG IN ('DROP EXTENSION', 'DROP SCHEMA', 'DROP OWNED')
	EXECUTE FUNCTION @extschema@._guard_drop();
-- also in a session that replays changes with session_replication_role = replica
ALTER EVENT TRIGGER citycredit_guard_drop ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER citycredit_guard_drop IS
	'登记库存在时拒绝删除扩展或模式 / refuses to drop the extension or its schema while the registry exists';
