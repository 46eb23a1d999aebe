-- 06_period.sql -- periods of months

CREATE FUNCTION @extschema@.add_months_civil(day pg_catalog.date, months pg_catalog.int4) RETURNS pg_catalog.date
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'add_months_civil';
COMMENT ON FUNCTION @extschema@.add_months_civil(pg_catalog.date, pg_catalog.int4) IS
	'若干月后的对应日，无对应日为月末（民法典第200至204条）；一年为十二个月 / corresponding day n months later, else the last of that month (Civil Code, art. 200 to 204); a year is 12 months';
