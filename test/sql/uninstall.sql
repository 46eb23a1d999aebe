-- uninstall.sql -- without a registry the extension goes, and leaves nothing
DROP EXTENSION citycredit;
SELECT count(*) AS event_triggers FROM pg_event_trigger WHERE evtname LIKE 'citycredit%';
DROP SCHEMA citycredit;
