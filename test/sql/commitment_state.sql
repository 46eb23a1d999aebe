-- commitment_state.sql -- states of a commitment and the steps between them
SET search_path = public, citycredit;
\set SHOW_CONTEXT never
\i test/include/types.psql

\set type commitment_state
\set transition commitment_transition
\set first informed
CREATE TABLE every_value AS
	SELECT ordinality AS n, value::commitment_state AS value
	  FROM unnest('{informed,signed,decided,verifying,fulfilled,rectifying,breached,revoked,withdrawn,published}'::text[]) WITH ORDINALITY AS v(value, ordinality);
\i test/include/label_type.psql
\i test/include/state_type.psql

SELECT commitment_state 'done';
\echo :LAST_ERROR_SQLSTATE
SELECT commitment_state '';
SELECT commitment_state 'informe';
SELECT commitment_state 'informedx';

-- a breach only after an order to rectify, or when a fulfilment was got by fraud
SELECT value AS before_breach FROM every_value WHERE can_become(value, 'breached') ORDER BY value;
SELECT value AS before_revocation FROM every_value WHERE can_become(value, 'revoked') ORDER BY value;
SELECT value AS before_withdrawal FROM every_value WHERE can_become(value, 'withdrawn') ORDER BY value;

DROP TABLE every_value;
DROP FUNCTION receive, to_oct, plan_has;
