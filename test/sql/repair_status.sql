-- repair_status.sql -- states of a repair and the steps between them
SET search_path = public, citycredit;
\set SHOW_CONTEXT never
\i test/include/types.psql

\set type repair_status
\set transition repair_transition
\set first applied
CREATE TABLE every_value AS
	SELECT ordinality AS n, value::repair_status AS value
	  FROM unnest('{applied,supplement,accepted,refused,publicised,repaired,rejected,withdrawn,revoked,revoking,appealed,confirmed}'::text[]) WITH ORDINALITY AS v(value, ordinality);
\i test/include/label_type.psql
\i test/include/state_type.psql

SELECT repair_status 'done';
\echo :LAST_ERROR_SQLSTATE
SELECT repair_status '';
SELECT repair_status 'applie';
SELECT repair_status 'appliedx';

-- repaired only what was accepted, revoked only what was repaired
SELECT value AS before_repair FROM every_value WHERE can_become(value, 'repaired') ORDER BY value;
SELECT value AS before_revocation FROM every_value WHERE can_become(value, 'revoked') ORDER BY value;
SELECT value AS before_withdrawal FROM every_value WHERE can_become(value, 'withdrawn') ORDER BY value;

DROP TABLE every_value;
DROP FUNCTION receive, to_oct, plan_has;
