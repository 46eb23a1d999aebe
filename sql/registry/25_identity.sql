-- ---------------------------------------------------------------------------
-- Identity: organisations by their unified social credit code, natural persons by a random code.
-- A person's document is nowhere stored in clear: a keyed hash of it finds the code. Whoever has both tables can try all ID card
-- numbers, so they are for the owner alone.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.identity_key (
	key_id  integer NOT NULL PRIMARY KEY,
	secret  bytea NOT NULL CHECK (octet_length(secret) >= 32),
	created timestamptz NOT NULL DEFAULT clock_timestamp(),
	retired timestamptz
);
CREATE UNIQUE INDEX identity_key_in_use ON @extschema@.identity_key ((true)) WHERE retired IS NULL;
COMMENT ON TABLE @extschema@.identity_key IS '证件散列密钥（限所有者） / keys of the hashes of documents; for the owner alone';
COMMENT ON COLUMN @extschema@.identity_key.key_id IS '密钥编号 / number of the key';
COMMENT ON COLUMN @extschema@.identity_key.secret IS '密钥 / the key itself';
COMMENT ON COLUMN @extschema@.identity_key.created IS '启用时间 / in use from';
COMMENT ON COLUMN @extschema@.identity_key.retired IS '停用时间：其后仅用于查找 / retired at; afterwards it only finds what was stored under it';

CREATE TABLE @extschema@.person_identity (
	key_id        integer NOT NULL REFERENCES @extschema@.identity_key,
	hmac          bytea NOT NULL CHECK (octet_length(hmac) = 32),
	subject       @extschema@.subject_code NOT NULL,
	document_type text NOT NULL,
	PRIMARY KEY (key_id, hmac)
);
CREATE INDEX person_identity_subject ON @extschema@.person_identity (subject);
COMMENT ON TABLE @extschema@.person_identity IS '自然人证件散列与主体代码对照（限所有者） / hashes of documents and the codes of their holders; for the owner alone';
COMMENT ON COLUMN @extschema@.person_identity.key_id IS '密钥编号 / key of the hash';
COMMENT ON COLUMN @extschema@.person_identity.hmac IS '证件类型与号码的 HMAC-SHA256 / HMAC-SHA256 of type and number';
COMMENT ON COLUMN @extschema@.person_identity.subject IS '主体代码 / code of the holder';
COMMENT ON COLUMN @extschema@.person_identity.document_type IS '证件类型编码 / type of the document';


-- Nothing of a minor is published. Only of whom it can concern, a record being public for three years at most, and to the end of a month:
-- the day of birth is not to be read from it.
CREATE TABLE @extschema@.person_minor (
	subject     @extschema@.subject_code NOT NULL PRIMARY KEY,
	minor_until date NOT NULL,
	entered_by  text NOT NULL DEFAULT @extschema@.actor()
);
COMMENT ON TABLE @extschema@.person_minor IS '未成年人，其记录不公示（限所有者） / minors, of whom nothing is published; for the owner alone';
COMMENT ON COLUMN @extschema@.person_minor.subject IS '主体代码 / code of the person';
COMMENT ON COLUMN @extschema@.person_minor.minor_until IS '至该日视为未成年（月末） / taken for a minor through this day, the last of a month';
COMMENT ON COLUMN @extschema@.person_minor.entered_by IS '录入人 / who entered it';

REVOKE ALL ON @extschema@.identity_key, @extschema@.person_identity, @extschema@.person_minor FROM PUBLIC;

-- Two random uuids carry 244 random bits from the server's strong source.
INSERT INTO @extschema@.identity_key (key_id, secret)
VALUES (1, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

-- ---------------------------------------------------------------------------
-- Organisations
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.register_subject(code text, name text, kind text DEFAULT NULL, district text DEFAULT NULL)
RETURNS @extschema@.subject_code
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $register_subject$
#variable_conflict use_column
DECLARE
	the_subject @extschema@.subject_code := code::@extschema@.subject_code;
	by_code text := @extschema@.subject_kind(the_subject);
	the_name text := @extschema@._exchange_text(@extschema@.normal_name(register_subject.name));
	is_person boolean := by_code = 'natural_person';
BEGIN
	IF by_code IS NULL THEN
		RAISE EXCEPTION 'code "%" is reserved', the_subject
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF register_subject.kind IS NOT NULL
	   AND (register_subject.kind NOT IN ('legal_person', 'other_organisation', 'individual_business', 'government_body', 'natural_person', 'official')
	        OR is_person <> (register_subject.kind IN ('natural_person', 'official'))) THEN
		RAISE EXCEPTION 'subject "%" cannot be of kind "%"', the_subject, register_subject.kind
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'An organisation is legal_person, other_organisation, individual_business or government_body; a person natural_person or official.';
	END IF;
	-- The kind decides who sees a file: only those who would see it afterwards, too, make a body or an official of somebody, or the other way round.
	PERFORM @extschema@._require_sight(the_subject);
	IF register_subject.kind IN ('government_body', 'official') AND by_code <> 'government_body'
	   AND NOT has_table_privilege(@extschema@.actor()::name, '@extschema@.government_subject', 'SELECT') THEN
		RAISE EXCEPTION 'role "%" cannot register subject "%" as "%"', @extschema@.actor(), the_subject, register_subject.kind
			USING ERRCODE = 'insufficient_privilege', HINT = 'The profile "integrity" allows it; an official is registered by citycredit.register_official().';
	END IF;
	IF is_person THEN
		-- A person's code comes from register_person() alone: made up here, no document would ever lead to it.
		UPDATE @extschema@.subject AS s
		   SET name = coalesce(the_name, s.name), kind = coalesce(register_subject.kind, s.kind), district = coalesce(register_subject.district, s.district)
		 WHERE s.subject OPERATOR(@extschema@.=) the_subject;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'person "%" is not registered', the_subject
				USING ERRCODE = 'no_data_found',
				      HINT = 'Use citycredit.register_person(): it finds or makes the code of a natural person.';
		END IF;
		RETURN the_subject;
	END IF;

	INSERT INTO @extschema@.subject AS s (subject, kind, name, district)
	VALUES (the_subject, coalesce(register_subject.kind, by_code), the_name, register_subject.district)
	ON CONFLICT (subject) DO UPDATE
	   SET name = coalesce(EXCLUDED.name, s.name),
	       kind = coalesce(register_subject.kind, s.kind),
	       district = coalesce(EXCLUDED.district, s.district);
	RETURN the_subject;
END
$register_subject$;
REVOKE ALL ON FUNCTION @extschema@.register_subject(text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.register_subject(text, text, text, text) IS
	'登记组织或更正其名称、类别、所在区；空参数不改 / registers an organisation, or corrects its name, kind or district; NULL leaves as is';

-- ---------------------------------------------------------------------------
-- Natural persons
-- ---------------------------------------------------------------------------

-- Why a document cannot be one of the type; never repeats the document.
CREATE FUNCTION @extschema@._document_problem(document_type text, document text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $document_problem$
	SELECT CASE
		WHEN document_type = 'id_card' THEN @extschema@.id_card_problem(document)
		WHEN replace(@extschema@.normal_name(document), ' ', '') !~ '^[0-9A-Za-z()/-]{5,30}$'
			THEN '证件号码格式不符 / the document number has an impossible form'
	END
$document_problem$;
REVOKE ALL ON FUNCTION @extschema@._document_problem(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._document_problem(text, text) IS '证件号码的问题，无则为空 / what is wrong with the number of a document; NULL if nothing';

-- Type of a document as the registry writes it; refuses what cannot be a document.
CREATE FUNCTION @extschema@._checked_document_type(document_type text, document text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $checked_document_type$
DECLARE
	code text;
	problem text;
BEGIN
	SELECT l.code INTO code FROM @extschema@.exchange_label AS l
	 WHERE l.list = 'document_type' AND l.label = @extschema@.normal_name(_checked_document_type.document_type);
	IF code IS NULL THEN
		RAISE EXCEPTION 'document type "%" does not exist', _checked_document_type.document_type
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'The types are the rows of citycredit.exchange_label with list document_type.';
	END IF;
	problem := CASE WHEN document IS NULL THEN '证件号码缺失 / the document number is missing'
	                ELSE @extschema@._document_problem(code, document) END;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION 'invalid document number'
			USING ERRCODE = 'invalid_parameter_value', DETAIL = problem;
	END IF;
	RETURN code;
END
$checked_document_type$;
REVOKE ALL ON FUNCTION @extschema@._checked_document_type(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._checked_document_type(text, text) IS '证件类型编码，证件不符时报错 / type of a document; an error unless the document can be one';

-- Holds the key in use until the end of the transaction: rotate_identity_key() waits, so that one document never gets a code under each key.
-- The row lock makes a transaction with an older snapshot fail with 40001 instead of writing under a key retired since.
CREATE FUNCTION @extschema@._hold_identity_key() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $hold_identity_key$
DECLARE
	held integer;
BEGIN
	LOCK TABLE @extschema@.identity_key IN ROW SHARE MODE;
	SELECT k.key_id INTO STRICT held FROM @extschema@.identity_key AS k WHERE k.retired IS NULL FOR SHARE;
	RETURN held;
END
$hold_identity_key$;
REVOKE ALL ON FUNCTION @extschema@._hold_identity_key() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._hold_identity_key() IS '锁定现用密钥至事务结束 / locks the key in use until the end of the transaction; its number';

-- Finds the holder of one document, under any key, and stores the hash under the key in use if it is not.
CREATE FUNCTION @extschema@._person_of(document_type text, document text) RETURNS @extschema@.subject_code
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $person_of$
DECLARE
	current_key integer := @extschema@._hold_identity_key();
	found @extschema@.subject_code;
	found_key integer;
BEGIN
	SELECT p.subject, p.key_id INTO found, found_key
	  FROM @extschema@.identity_key AS k
	  JOIN @extschema@.person_identity AS p
	    ON p.key_id = k.key_id AND p.hmac = @extschema@._hmac_sha256(k.secret, @extschema@._document_key(_person_of.document_type, _person_of.document))
	 ORDER BY k.key_id DESC
	 LIMIT 1;
	IF found_key <> current_key THEN
		PERFORM @extschema@._store_document(found, _person_of.document_type, _person_of.document);
	END IF;
	RETURN found;
END
$person_of$;
REVOKE ALL ON FUNCTION @extschema@._person_of(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._person_of(text, text) IS '证件持有人的主体代码，未登记为空 / code of the holder of a document; NULL when unknown';

-- Stores a document under the key in use; gives the code it leads to, another's if that was quicker.
CREATE FUNCTION @extschema@._store_document(subject @extschema@.subject_code, document_type text, document text) RETURNS @extschema@.subject_code
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $store_document$
#variable_conflict use_column
DECLARE
	current_key integer := @extschema@._hold_identity_key();
	hash bytea;
	holder @extschema@.subject_code;
BEGIN
	SELECT @extschema@._hmac_sha256(k.secret, @extschema@._document_key(_store_document.document_type, _store_document.document)) INTO STRICT hash
	  FROM @extschema@.identity_key AS k WHERE k.key_id = current_key;
	INSERT INTO @extschema@.person_identity (key_id, hmac, subject, document_type)
	VALUES (current_key, hash, _store_document.subject, _store_document.document_type)
	ON CONFLICT (key_id, hmac) DO NOTHING;
	SELECT p.subject INTO STRICT holder FROM @extschema@.person_identity AS p WHERE p.key_id = current_key AND p.hmac = hash;
	RETURN holder;
END
$store_document$;
REVOKE ALL ON FUNCTION @extschema@._store_document(@extschema@.subject_code, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._store_document(@extschema@.subject_code, text, text) IS '登记证件散列 / stores the hash of a document; the code it leads to';

-- Civil Code, art. 17: of age at eighteen. Through the end of the month of that birthday; NULL where it no longer matters to anything public.
CREATE FUNCTION @extschema@._minor_until(document_type text, document text) RETURNS date
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $minor_until$
	SELECT CASE WHEN @extschema@.add_months_civil(u.day, 36) >= @extschema@.today() THEN u.day END
	  FROM (SELECT (date_trunc('month', to_date(substr(replace(@extschema@.normal_name(document), ' ', ''), 7, 8), 'YYYYMMDD') + interval '18 years')
	                + interval '1 month - 1 day')::date AS day) AS u
	 WHERE document_type = 'id_card'
$minor_until$;
REVOKE ALL ON FUNCTION @extschema@._minor_until(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._minor_until(text, text) IS '由身份证得出视为未成年的末日，不再相关的为空 / day through which the holder of an ID card is taken for a minor; NULL where it no longer matters';

CREATE FUNCTION @extschema@.mark_minor(subject @extschema@.subject_code, minor_until date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $mark_minor$
#variable_conflict use_column
BEGIN
	PERFORM @extschema@._require_sight(mark_minor.subject);
	IF mark_minor.minor_until IS NULL OR @extschema@.subject_kind(mark_minor.subject) <> 'natural_person' THEN
		RAISE EXCEPTION 'a minor is a natural person, with the day through which he is one'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'An ID card marks its holder by itself: citycredit.register_person().';
	ELSIF NOT EXISTS (SELECT FROM @extschema@.subject AS s WHERE s.subject OPERATOR(@extschema@.=) mark_minor.subject) THEN
		RAISE EXCEPTION 'person "%" is not registered', mark_minor.subject
			USING ERRCODE = 'no_data_found', HINT = 'Register the person by a document with citycredit.register_person().';
	END IF;
	INSERT INTO @extschema@.person_minor AS m (subject, minor_until)
	VALUES (mark_minor.subject, (date_trunc('month', mark_minor.minor_until) + interval '1 month - 1 day')::date)
	ON CONFLICT (subject) DO UPDATE SET minor_until = EXCLUDED.minor_until, entered_by = EXCLUDED.entered_by;
END
$mark_minor$;
REVOKE ALL ON FUNCTION @extschema@.mark_minor(@extschema@.subject_code, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.mark_minor(@extschema@.subject_code, date) IS
	'标明未成年人及其成年前的末日，存至月末；其记录不公示 / marks a natural person as a minor through a day, kept to the end of its month; nothing of a minor is published';

CREATE FUNCTION @extschema@.register_person(document_type text, document text, name text) RETURNS @extschema@.subject_code
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $register_person$
#variable_conflict use_column
DECLARE
	type_code text := @extschema@._checked_document_type(register_person.document_type, document);
	the_name text := @extschema@._exchange_text(@extschema@.normal_name(register_person.name));
	person @extschema@.subject_code := @extschema@._person_of(type_code, document);
BEGIN
	IF person IS NULL THEN
		person := @extschema@._store_document(@extschema@.random_subject_code(), type_code, document);
	END IF;
	-- A name once known stays: a document found again with another name is for the caller to look into.
	INSERT INTO @extschema@.subject AS s (subject, kind, name)
	VALUES (person, 'natural_person', the_name)
	ON CONFLICT (subject) DO UPDATE SET name = EXCLUDED.name WHERE s.name IS NULL AND EXCLUDED.name IS NOT NULL;
	INSERT INTO @extschema@.person_minor (subject, minor_until)
	SELECT person, m.day FROM @extschema@._minor_until(type_code, document) AS m (day) WHERE m.day IS NOT NULL
	ON CONFLICT (subject) DO NOTHING;
	RETURN person;
END
$register_person$;
REVOKE ALL ON FUNCTION @extschema@.register_person(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.register_person(text, text, text) IS
	'按证件查找或登记自然人，返回随机主体代码；证件仅存散列 / finds or registers a natural person by a document; gives the random code, and keeps a keyed hash of the document only';

CREATE FUNCTION @extschema@.join_person_document(subject @extschema@.subject_code, document_type text, document text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $join_person_document$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(join_person_document.subject);
	type_code text := @extschema@._checked_document_type(join_person_document.document_type, document);
	holder @extschema@.subject_code;
BEGIN
	PERFORM 1 FROM @extschema@.person_identity AS p WHERE p.subject OPERATOR(@extschema@.=) join_person_document.subject;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'person "%" is not registered', join_person_document.subject
			USING ERRCODE = 'no_data_found',
			      HINT = 'Register the person by the first document with citycredit.register_person().';
	END IF;
	holder := coalesce(@extschema@._person_of(type_code, document),
	                   @extschema@._store_document(join_person_document.subject, type_code, document));
	IF holder OPERATOR(@extschema@.<>) join_person_document.subject THEN
		RAISE EXCEPTION 'the document belongs to person "%"', holder
			USING ERRCODE = 'unique_violation',
			      DETAIL = 'A document leads to one person. Records of two codes are not merged by joining documents.',
			      HINT = 'If both codes are one person, revoke the records of one code and feed them again under the other.';
	END IF;
	INSERT INTO @extschema@.person_minor (subject, minor_until)
	SELECT join_person_document.subject, m.day FROM @extschema@._minor_until(type_code, document) AS m (day) WHERE m.day IS NOT NULL
	ON CONFLICT (subject) DO NOTHING;
END
$join_person_document$;
REVOKE ALL ON FUNCTION @extschema@.join_person_document(@extschema@.subject_code, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.join_person_document(@extschema@.subject_code, text, text) IS
	'为已登记自然人补充另一证件 / adds another document to a registered person';

CREATE FUNCTION @extschema@.rotate_identity_key() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $rotate_identity_key$
#variable_conflict use_column
DECLARE
	new_key integer;
BEGIN
	LOCK TABLE @extschema@.identity_key IN EXCLUSIVE MODE;
	UPDATE @extschema@.identity_key AS k SET retired = clock_timestamp() WHERE k.retired IS NULL;
	INSERT INTO @extschema@.identity_key (key_id, secret)
	SELECT max(k.key_id) + 1, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
	  FROM @extschema@.identity_key AS k
	RETURNING key_id INTO STRICT new_key;
	RETURN new_key;
END
$rotate_identity_key$;
REVOKE ALL ON FUNCTION @extschema@.rotate_identity_key() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.rotate_identity_key() IS
	'启用新密钥：旧密钥仅用于查找，证件再次出现时改存于新密钥下 / takes a new key into use; the old one only finds, and a document that turns up again is stored under the new one';
