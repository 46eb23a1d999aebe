-- ---------------------------------------------------------------------------
-- Links between subjects: branches, legal representatives, responsible persons. A policy that reads linked records takes in those of the
-- subjects linked to the one it grades, on the days of the link. Depth one: a branch of a branch is linked to its own head office alone.
-- In versions that are never overwritten, as records.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.subject_link (
	subject     @extschema@.subject_code NOT NULL,
	other       @extschema@.subject_code NOT NULL,
	known_from  timestamptz NOT NULL DEFAULT statement_timestamp(),
	known_until timestamptz NOT NULL DEFAULT 'infinity',
	valid_from  date NOT NULL,
	valid_until date NOT NULL DEFAULT 'infinity',
	version     smallint NOT NULL DEFAULT 1 CHECK (version > 0),
	role        text NOT NULL,
	basis       text NOT NULL CHECK (basis <> ''),
	entered_by  text NOT NULL DEFAULT @extschema@.actor(),
	reason      text,
	PRIMARY KEY (subject, other, role, valid_from, known_until),
	CONSTRAINT subject_link_role CHECK (role IN ('branch', 'legal_representative', 'responsible_person', 'related')),
	CONSTRAINT subject_link_two CHECK (subject OPERATOR(@extschema@.<>) other),
	-- what is true both ways is written once
	CONSTRAINT subject_link_once CHECK (role <> 'related' OR subject OPERATOR(@extschema@.<) other),
	CHECK (valid_from <= valid_until),
	CHECK (known_from < known_until)
);
CREATE INDEX subject_link_other ON @extschema@.subject_link (other, subject);
COMMENT ON TABLE @extschema@.subject_link IS '主体关联：分支机构、法定代表人、主要负责人及其他，分版本，只增不改 / links between subjects in versions, never overwritten; other is to subject what role says';
COMMENT ON CONSTRAINT subject_link_role ON @extschema@.subject_link IS '关联的一种写法：head_office 与 represented 由反向得出 / links are written one way; head_office and represented are the same, read the other way';
COMMENT ON CONSTRAINT subject_link_two ON @extschema@.subject_link IS '主体不与自身关联 / nobody is linked to himself';
COMMENT ON CONSTRAINT subject_link_once ON @extschema@.subject_link IS '对称关联只写一次：代码小者在前 / a mutual link is written once, the smaller code first';
COMMENT ON COLUMN @extschema@.subject_link.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.subject_link.other IS '关联主体代码 / the subject linked to it';
COMMENT ON COLUMN @extschema@.subject_link.known_from IS '知悉序位（起） / position, in the sequences of both, from which the version is known';
COMMENT ON COLUMN @extschema@.subject_link.known_until IS '知悉序位（止），infinity 为现行版本 / position at which it was superseded; infinity = current';
COMMENT ON COLUMN @extschema@.subject_link.valid_from IS '关联首日（含） / first day of the link';
COMMENT ON COLUMN @extschema@.subject_link.valid_until IS '关联末日（含） / last day of the link';
COMMENT ON COLUMN @extschema@.subject_link.version IS '版本号 / number of the version';
COMMENT ON COLUMN @extschema@.subject_link.role IS '关联主体的角色：branch 分支机构，legal_representative 法定代表人，responsible_person 主要负责人，related 其他关联 / what other is to subject';
COMMENT ON COLUMN @extschema@.subject_link.basis IS '依据 / document or register it rests on';
COMMENT ON COLUMN @extschema@.subject_link.entered_by IS '录入人 / who entered the version';
COMMENT ON COLUMN @extschema@.subject_link.reason IS '关闭此版本的理由 / why the version was closed';

-- Each link as either subject sees it.
CREATE VIEW @extschema@._link AS
SELECT l.subject, l.other, l.role, l.valid_from, l.valid_until, l.known_from, l.known_until
  FROM @extschema@.subject_link AS l
UNION ALL
SELECT l.other, l.subject, CASE WHEN l.role = 'branch' THEN 'head_office' WHEN l.role = 'related' THEN 'related' ELSE 'represented' END,
       l.valid_from, l.valid_until, l.known_from, l.known_until
  FROM @extschema@.subject_link AS l;
COMMENT ON VIEW @extschema@._link IS '双向的主体关联 / links as either of the two subjects sees them';
COMMENT ON COLUMN @extschema@._link.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@._link.other IS '关联主体代码 / the subject linked to it';
COMMENT ON COLUMN @extschema@._link.role IS '关联主体的角色 / what other is to subject, in the words of the term whose';
COMMENT ON COLUMN @extschema@._link.valid_from IS '关联首日（含） / first day of the link';
COMMENT ON COLUMN @extschema@._link.valid_until IS '关联末日（含） / last day of the link';
COMMENT ON COLUMN @extschema@._link.known_from IS '知悉序位（起） / position from which the version is known';
COMMENT ON COLUMN @extschema@._link.known_until IS '知悉序位（止） / position at which it was superseded; infinity = current';

CREATE FUNCTION @extschema@._link_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $link_guard$
BEGIN
	-- Closing a version, or the regrade trigger giving a row its position, are the only updates.
	IF TG_OP = 'UPDATE'
	   AND (to_jsonb(NEW) - ARRAY['known_from', 'known_until', 'reason']) = (to_jsonb(OLD) - ARRAY['known_from', 'known_until', 'reason'])
	   AND ((NEW.known_from = OLD.known_from AND OLD.known_until = 'infinity' AND NEW.known_until < 'infinity')
	        OR (NEW.known_until = OLD.known_until AND NEW.known_from > OLD.known_from AND NEW.reason IS NOT DISTINCT FROM OLD.reason)) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'cannot % links of subjects', lower(TG_OP)
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'Links are evidence: they are ended or taken back, and stay on record.',
		      HINT = 'Use citycredit.unlink_subjects().';
END
$link_guard$;
REVOKE ALL ON FUNCTION @extschema@._link_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._link_guard() IS '主体关联只增不改 / refuses overwriting and deleting of links';
CREATE TRIGGER link_guard BEFORE UPDATE OR DELETE ON @extschema@.subject_link
	FOR EACH ROW EXECUTE FUNCTION @extschema@._link_guard();
CREATE TRIGGER link_guard_truncate BEFORE TRUNCATE ON @extschema@.subject_link
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._link_guard();

-- After the trigger that locks the subjects: two links of a pair on one day would let a record count twice.
CREATE FUNCTION @extschema@._link_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $link_check$
DECLARE
	twice record;
BEGIN
	SELECT n.subject, n.other, n.role, l.role AS other_role, l.valid_from, l.valid_until INTO twice
	  FROM new_rows AS n
	  JOIN @extschema@._link AS l ON l.subject OPERATOR(@extschema@.=) n.subject AND l.other OPERATOR(@extschema@.=) n.other
	 WHERE n.known_until = 'infinity' AND l.known_until = 'infinity' AND l.valid_from <= n.valid_until AND n.valid_from <= l.valid_until
	   AND (l.role <> n.role OR l.valid_from <> n.valid_from)
	 LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'subjects "%" and "%" are linked twice on the same days', twice.subject, twice.other
			USING ERRCODE = 'exclusion_violation',
			      DETAIL = format('As %s from %s until %s, and as %s: records would count twice.', twice.other_role, to_jsonb(twice.valid_from) #>> '{}',
			          to_jsonb(twice.valid_until) #>> '{}', twice.role),
			      HINT = 'End the other link with citycredit.unlink_subjects() first.';
	END IF;
	RETURN NULL;
END
$link_check$;
REVOKE ALL ON FUNCTION @extschema@._link_check() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._link_check() IS '同一对主体同日只有一种关联 / refuses two links of a pair on the same day';

-- Locks the subjects in key order, with those that may read their records if wanted; gives the position after all that they have reached.
CREATE FUNCTION @extschema@._next_position(subjects @extschema@.subject_code[], readers boolean) RETURNS timestamptz
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $next_position$
DECLARE
	position timestamptz := greatest(statement_timestamp(), @extschema@._position_floor());
	last_known timestamptz;
	locked @extschema@.subject_code[] := subjects;
BEGIN
	IF readers THEN
		locked := locked || ARRAY(SELECT l.subject FROM unnest(subjects) AS u (subject)
		                            JOIN @extschema@._link AS l ON l.other OPERATOR(@extschema@.=) u.subject
		                           WHERE l.known_until = 'infinity');
	END IF;
	SELECT max(s.known_at) INTO last_known
	  FROM (SELECT t.known_at FROM @extschema@.subject_state AS t
	         WHERE t.subject OPERATOR(@extschema@.=) ANY (locked)
	         ORDER BY t.subject
	           FOR NO KEY UPDATE) AS s;
	RETURN greatest(position, last_known + interval '1 microsecond');
END
$next_position$;
REVOKE ALL ON FUNCTION @extschema@._next_position(@extschema@.subject_code[], boolean) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._next_position(@extschema@.subject_code[], boolean) IS
	'锁定主体并取得下一知悉序位 / locks subjects in key order and gives the next position of all of them';

-- A link as it is written: branches under their head office, the represented before their representatives.
CREATE FUNCTION @extschema@._link_one_way(INOUT subject @extschema@.subject_code, INOUT other @extschema@.subject_code, INOUT role text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $link_one_way$
DECLARE
	first @extschema@.subject_code := subject;
BEGIN
	IF num_nulls(subject, other, role) > 0 THEN
		RAISE EXCEPTION 'a link needs subject, other and role' USING ERRCODE = 'null_value_not_allowed';
	ELSIF role = 'represented' THEN
		RAISE EXCEPTION 'a link cannot be stated as "represented"'
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'It would not say whether as legal representative or as responsible person.',
			      HINT = 'State it from the other side: link_subjects(organisation, person, ''legal_representative'', ...).';
	ELSIF role NOT IN ('branch', 'head_office', 'legal_representative', 'responsible_person', 'related') THEN
		RAISE EXCEPTION 'role "%" does not exist', role
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Roles are branch, head_office, legal_representative, responsible_person and related.';
	ELSIF subject OPERATOR(@extschema@.=) other THEN
		RAISE EXCEPTION 'cannot link subject "%" to itself', subject USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF role = 'head_office' OR role = 'related' AND subject OPERATOR(@extschema@.>) other THEN
		subject := other;
		other := first;
		role := CASE WHEN role = 'head_office' THEN 'branch' ELSE role END;
	END IF;
END
$link_one_way$;
REVOKE ALL ON FUNCTION @extschema@._link_one_way(@extschema@.subject_code, @extschema@.subject_code, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._link_one_way(@extschema@.subject_code, @extschema@.subject_code, text) IS
	'关联的统一写法 / the one way in which a link is written';

CREATE FUNCTION @extschema@.link_subjects(subject @extschema@.subject_code, other @extschema@.subject_code, role text, valid_from date, basis text,
		valid_until date DEFAULT 'infinity') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $link_subjects$
#variable_conflict use_column
DECLARE
	link record;
	position timestamptz;
	found_version smallint;
BEGIN
	PERFORM @extschema@._require_sight(link_subjects.subject);
	PERFORM @extschema@._require_sight(link_subjects.other);
	SELECT * INTO STRICT link FROM @extschema@._link_one_way(link_subjects.subject, link_subjects.other, link_subjects.role);
	IF valid_from IS NULL OR valid_until IS NULL OR valid_from > valid_until OR NOT isfinite(valid_from) THEN
		RAISE EXCEPTION 'days of a link are wrong: from % until %', coalesce(to_jsonb(valid_from) #>> '{}', 'no day'), coalesce(to_jsonb(valid_until) #>> '{}', 'no day')
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Give the first day, and the last or infinity; both belong to the link.';
	ELSIF @extschema@._exchange_text(basis) IS NULL THEN
		RAISE EXCEPTION 'a link needs a basis'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Name the register or document that it is taken from.';
	END IF;
	position := @extschema@._next_position(ARRAY[link.subject, link.other], false);
	SELECT max(l.version) INTO found_version FROM @extschema@.subject_link AS l
	 WHERE l.subject OPERATOR(@extschema@.=) link.subject AND l.other OPERATOR(@extschema@.=) link.other AND l.role = link.role
	   AND l.valid_from = link_subjects.valid_from;
	IF EXISTS (SELECT FROM @extschema@.subject_link AS l
	            WHERE l.subject OPERATOR(@extschema@.=) link.subject AND l.other OPERATOR(@extschema@.=) link.other AND l.role = link.role
	              AND l.valid_from = link_subjects.valid_from AND l.known_until = 'infinity') THEN
		RAISE EXCEPTION 'subjects "%" and "%" are linked already', link_subjects.subject, link_subjects.other
			USING ERRCODE = 'unique_violation',
			      DETAIL = format('As %s from %s.', link.role, to_jsonb(valid_from) #>> '{}'),
			      HINT = 'A changed last day is recorded by citycredit.unlink_subjects().';
	END IF;
	INSERT INTO @extschema@.subject_link (subject, other, role, valid_from, valid_until, basis, known_from, version)
	VALUES (link.subject, link.other, link.role, link_subjects.valid_from, link_subjects.valid_until, link_subjects.basis, position,
	        coalesce(found_version, 0) + 1);
END
$link_subjects$;
REVOKE ALL ON FUNCTION @extschema@.link_subjects(@extschema@.subject_code, @extschema@.subject_code, text, date, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.link_subjects(@extschema@.subject_code, @extschema@.subject_code, text, date, text, date) IS
	'登记主体关联：other 是 subject 的何种角色；读取关联记录的办法随即重评 / links two subjects: other is to subject what role says; policies that read linked records regrade at once';

CREATE FUNCTION @extschema@.unlink_subjects(subject @extschema@.subject_code, other @extschema@.subject_code, role text, last_day date, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $unlink_subjects$
#variable_conflict use_column
DECLARE
	link record;
	current @extschema@.subject_link;
	position timestamptz;
BEGIN
	PERFORM @extschema@._require_sight(unlink_subjects.subject);
	PERFORM @extschema@._require_sight(unlink_subjects.other);
	SELECT * INTO STRICT link FROM @extschema@._link_one_way(unlink_subjects.subject, unlink_subjects.other, unlink_subjects.role);
	IF @extschema@._exchange_text(reason) IS NULL THEN
		RAISE EXCEPTION 'no reason given for ending a link'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Say why: it is kept with the link.';
	END IF;
	position := @extschema@._next_position(ARRAY[link.subject, link.other], false);
	SELECT l.* INTO current FROM @extschema@.subject_link AS l
	 WHERE l.subject OPERATOR(@extschema@.=) link.subject AND l.other OPERATOR(@extschema@.=) link.other AND l.role = link.role
	   AND l.known_until = 'infinity'
	 ORDER BY l.valid_from DESC LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'subjects "%" and "%" are not linked as %', unlink_subjects.subject, unlink_subjects.other, unlink_subjects.role
			USING ERRCODE = 'no_data_found', HINT = 'The links are in citycredit.subject_link.';
	ELSIF last_day >= current.valid_until THEN
		RAISE EXCEPTION 'the link ends on % anyway', to_jsonb(current.valid_until) #>> '{}'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give an earlier last day, or NULL for a link that never was.';
	END IF;
	-- closing and the next version are one statement, at one position
	WITH closed AS (
		UPDATE @extschema@.subject_link AS l SET known_until = position, reason = unlink_subjects.reason
		 WHERE l.subject OPERATOR(@extschema@.=) link.subject AND l.other OPERATOR(@extschema@.=) link.other AND l.role = link.role
		   AND l.valid_from = current.valid_from AND l.known_until = 'infinity'
		RETURNING l.*)
	INSERT INTO @extschema@.subject_link (subject, other, role, valid_from, valid_until, basis, known_from, version)
	SELECT c.subject, c.other, c.role, c.valid_from, last_day, c.basis, position, c.version + 1
	  FROM closed AS c WHERE last_day >= c.valid_from;
END
$unlink_subjects$;
REVOKE ALL ON FUNCTION @extschema@.unlink_subjects(@extschema@.subject_code, @extschema@.subject_code, text, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.unlink_subjects(@extschema@.subject_code, @extschema@.subject_code, text, date, text) IS
	'终止主体关联于 last_day（含）；为空或早于首日即撤回 / ends a link with its last day; NULL, or a day before the first, takes it back altogether';
