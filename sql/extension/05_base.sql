-- 05_base.sql -- which day it is, and which versions are at work

COMMENT ON EXTENSION citycredit IS
	'城市信用记录、评价、名单与公示 / credit records, grades, lists and publication of a city';
COMMENT ON SCHEMA @extschema@ IS
	'城市信用：类型、函数与登记库 / citycredit: types, functions and the registry';

-- ---------------------------------------------------------------------------
-- Day
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.today() RETURNS pg_catalog.date
	LANGUAGE c STABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'today';
COMMENT ON FUNCTION @extschema@.today() IS
	'当日：设置项 citycredit.today，未设置时为北京时间当日 / today: the setting citycredit.today, else the day in Asia/Shanghai';

-- ---------------------------------------------------------------------------
-- Versions
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._library_version() RETURNS pg_catalog.text
	LANGUAGE c STABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_library_version';
REVOKE EXECUTE ON FUNCTION @extschema@._library_version() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._library_version() IS
	'已加载动态库的版本 / version of the loaded library';

CREATE FUNCTION @extschema@._built_against() RETURNS pg_catalog.text
	LANGUAGE c STABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_built_against';
REVOKE EXECUTE ON FUNCTION @extschema@._built_against() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._built_against() IS
	'编译时所用 PostgreSQL 版本 / PostgreSQL version the library was built against';

-- one row, so that a monitoring query needs no pivot
CREATE FUNCTION @extschema@.versions(
		OUT extension pg_catalog.text,
		OUT library pg_catalog.text,
		OUT registry pg_catalog.text,
		OUT built_against pg_catalog.text,
		OUT running_on pg_catalog.text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	SELECT e.extversion INTO STRICT extension
	  FROM pg_catalog.pg_extension AS e
	 WHERE e.extname = 'citycredit';
	library := @extschema@._library_version();
	built_against := @extschema@._built_against();
	running_on := pg_catalog.current_setting('server_version');
	IF pg_catalog.to_regclass('@extschema@.registry_meta') IS NOT NULL THEN
		SELECT m.version INTO STRICT registry FROM @extschema@.registry_meta AS m;
	END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION @extschema@.versions() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.versions() IS
	'版本：扩展、动态库、登记库、编译与运行的 PostgreSQL / versions of extension, library, registry, and of PostgreSQL as built against and running';
