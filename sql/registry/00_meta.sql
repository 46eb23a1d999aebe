-- 00_meta.sql -- what the registry knows about itself

CREATE TABLE @extschema@.registry_meta (
	version pg_catalog.text NOT NULL,
	created_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
	migrated_at pg_catalog.timestamptz
);
