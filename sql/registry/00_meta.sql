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
