-- ---------------------------------------------------------------------------
-- Sight: files of government bodies and officials (84_government.sql) are open to who may read government_subject, and to nobody else. Tables and
-- views leave their rows out (91_sight.sql), functions that read or act for their callers refuse by _require_sight(). Whatever
-- computes, computes with all: grades, triggers and jobs look at the owner's rights, not at those of whoever set them going.
-- ---------------------------------------------------------------------------

-- A reader sees a subject if he may read government_subject, which a query asks once, or if the subject is not here. Without a barrier, so that one
-- subject is looked up in an index and many are hashed: whoever may read this learns which codes are those of government, and nothing about them.
CREATE VIEW @extschema@._government AS
SELECT s.subject FROM @extschema@.subject AS s WHERE s.kind IN ('government_body', 'official');
COMMENT ON VIEW @extschema@._government IS '政府机关和公职人员的主体代码 / codes of government bodies and officials';
COMMENT ON COLUMN @extschema@._government.subject IS '主体代码 / subject';

-- By the actor, for functions that work as the owner.
CREATE FUNCTION @extschema@._hidden(subject @extschema@.subject_code) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $hidden$
#variable_conflict use_column
BEGIN
	RETURN NOT has_table_privilege(@extschema@.actor()::name, '@extschema@.government_subject', 'SELECT')
	   AND EXISTS (SELECT FROM @extschema@._government AS g WHERE g.subject OPERATOR(@extschema@.=) _hidden.subject);
END
$hidden$;
REVOKE ALL ON FUNCTION @extschema@._hidden(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._hidden(@extschema@.subject_code) IS '主体是否为操作人所不可见 / whether the actor does not see a subject';

CREATE FUNCTION @extschema@._hidden_subjects() RETURNS SETOF @extschema@.subject_code
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $hidden_subjects$
BEGIN
	IF NOT has_table_privilege(@extschema@.actor()::name, '@extschema@.government_subject', 'SELECT') THEN
		RETURN QUERY SELECT g.subject FROM @extschema@._government AS g;
	END IF;
END
$hidden_subjects$;
REVOKE ALL ON FUNCTION @extschema@._hidden_subjects() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._hidden_subjects() IS '操作人不可见的主体 / subjects that the actor does not see';

-- Always true: where a function looks anything up among its declarations, this stands before them, so that no other error tells what is there.
CREATE FUNCTION @extschema@._require_sight(subject @extschema@.subject_code) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $require_sight$
BEGIN
	IF @extschema@._hidden(subject) THEN
		RAISE EXCEPTION 'files of government bodies and officials are not open to role "%"', @extschema@.actor()
			USING ERRCODE = 'insufficient_privilege', HINT = 'The profile "integrity" opens them.';
	END IF;
	RETURN true;
END
$require_sight$;
REVOKE ALL ON FUNCTION @extschema@._require_sight(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._require_sight(@extschema@.subject_code) IS
	'操作人不可见该主体时报错，否则为真 / an error if the actor may not see the subject''s file, else true';
