-- 14_proceeding.sql -- kinds of proceedings: states, steps and what they need, from the tables of the library

CREATE FUNCTION @extschema@.proceeding_kinds(
		OUT kind pg_catalog.text,
		OUT zh pg_catalog.text,
		OUT en pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'proceeding_kinds';
COMMENT ON FUNCTION @extschema@.proceeding_kinds() IS
	'程序的种类 / kinds of proceedings';

CREATE FUNCTION @extschema@.proceeding_states(
		kind pg_catalog.text,
		OUT number pg_catalog.int4,
		OUT state pg_catalog.text,
		OUT zh pg_catalog.text,
		OUT en pg_catalog.text,
		OUT closed pg_catalog.bool)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'proceeding_states';
COMMENT ON FUNCTION @extschema@.proceeding_states(pg_catalog.text) IS
	'一种程序的各状态；closed 为结果状态，可再启动另一程序 / states of a kind; a closed one is an outcome, after which another proceeding may begin';

CREATE FUNCTION @extschema@.proceeding_table(
		kind pg_catalog.text,
		OUT step pg_catalog.int4,
		OUT from_state pg_catalog.text,
		OUT event pg_catalog.text,
		OUT zh pg_catalog.text,
		OUT to_state pg_catalog.text,
		OUT who pg_catalog.text[],
		OUT reasons pg_catalog.bool,
		OUT service pg_catalog.bool,
		OUT evidence pg_catalog.text[],
		OUT after pg_catalog.text[],
		OUT within pg_catalog.text,
		OUT sets pg_catalog.text[],
		OUT second_person pg_catalog.bool,
		OUT other_decider pg_catalog.bool,
		OUT proposes pg_catalog.bool,
		OUT decides pg_catalog.bool,
		OUT on_appeal pg_catalog.bool,
		OUT overdue pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'proceeding_table';
COMMENT ON FUNCTION @extschema@.proceeding_table(pg_catalog.text) IS
	'一种程序的各步：由何状态、何人、须具备什么、转入何状态；from_state 为空者启动程序 / steps of a kind: from which state, by whom, with what, to which state; one without from_state opens the proceeding';

CREATE FUNCTION @extschema@.proceeding_diagram(kind pg_catalog.text) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'proceeding_diagram';
COMMENT ON FUNCTION @extschema@.proceeding_diagram(pg_catalog.text) IS
	'一种程序的状态图（Mermaid） / steps of a kind as a Mermaid state diagram';

CREATE FUNCTION @extschema@._legal_step(kind pg_catalog.text, state pg_catalog.text, event pg_catalog.text) RETURNS pg_catalog.int4
	LANGUAGE c IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_legal_step';
REVOKE EXECUTE ON FUNCTION @extschema@._legal_step(pg_catalog.text, pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._legal_step(pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
	'该状态下该事件在 proceeding_table() 中的序号，不合法则报错并列出合法的下一步 / number in proceeding_table() of the step that an event is in a state; an error that lists the legal ones if it is none';
