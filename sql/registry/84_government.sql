-- ---------------------------------------------------------------------------
-- Government bodies and officials (政务诚信): the same records, policies and proceedings as for every subject.
-- 《关于印发常州市各辖市（区）人民政府落实市政府政务诚信建设等系列文件任务分工的通知》附件1, 二(3)(4): files of bodies and officials; a body in breach explains in
-- writing and rectifies by a day. Nothing of them is published or fed unless a measure says so.
-- ---------------------------------------------------------------------------

-- What is not published about them depends on the kind, so no kind may hide the nature of the code.
ALTER TABLE @extschema@.subject ADD CONSTRAINT subject_government
	CHECK (kind = 'government_body' OR (@extschema@.subject_kind(subject) = 'government_body') IS NOT TRUE);
COMMENT ON CONSTRAINT subject_government ON @extschema@.subject IS '机关代码的主体即为政府机关 / a subject with the code of a government body is one';
CREATE INDEX subject_of_government ON @extschema@.subject (subject) WHERE kind IN ('government_body', 'official');

CREATE FUNCTION @extschema@._of_government(subject @extschema@.subject_code) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $of_government$
#variable_conflict use_column
BEGIN
	RETURN @extschema@.subject_kind(_of_government.subject) = 'government_body'
		OR EXISTS (SELECT FROM @extschema@.subject AS s
		            WHERE s.subject OPERATOR(@extschema@.=) _of_government.subject AND s.kind IN ('government_body', 'official'));
END
$of_government$;
REVOKE ALL ON FUNCTION @extschema@._of_government(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._of_government(@extschema@.subject_code) IS '是否政府机关或公职人员 / whether a subject is a government body or an official';

-- ---------------------------------------------------------------------------
-- Measures whose results about them are public
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.public_policy (
	policy        text NOT NULL,
	valid_from    date NOT NULL,
	valid_until   date NOT NULL DEFAULT 'infinity',
	basis_title   text NOT NULL CHECK (btrim(basis_title) <> ''),
	basis_article text NOT NULL CHECK (btrim(basis_article) <> ''),
	entered_by    text NOT NULL DEFAULT @extschema@.actor(),
	approved_by   text,
	PRIMARY KEY (policy, valid_from),
	CHECK (valid_from <= valid_until),
	CONSTRAINT public_policy_second_person CHECK (approved_by <> entered_by)
);
COMMENT ON TABLE @extschema@.public_policy IS '规定公开政府机关和公职人员评价结果的办法；未列入者一律不公开、不报送 / measures by which results about government bodies and officials are public; by no other are they published or fed';
COMMENT ON CONSTRAINT public_policy_second_person ON @extschema@.public_policy IS '批准人不得为录入人 / who entered it does not approve it';
COMMENT ON COLUMN @extschema@.public_policy.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.public_policy.valid_from IS '首日（含） / first day';
COMMENT ON COLUMN @extschema@.public_policy.valid_until IS '末日（含） / last day';
COMMENT ON COLUMN @extschema@.public_policy.basis_title IS '规定公开的文件 / document that makes them public';
COMMENT ON COLUMN @extschema@.public_policy.basis_article IS '条款 / its article';
COMMENT ON COLUMN @extschema@.public_policy.entered_by IS '录入人 / who entered it';
COMMENT ON COLUMN @extschema@.public_policy.approved_by IS '批准人；未批准者不适用 / who approved it; without, it does not apply';

CREATE FUNCTION @extschema@._public_policy(policy text, day date) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $public_policy$
BEGIN
	RETURN EXISTS (SELECT FROM @extschema@.public_policy AS p
	                WHERE p.policy = _public_policy.policy AND _public_policy.day BETWEEN p.valid_from AND p.valid_until AND p.approved_by IS NOT NULL);
END
$public_policy$;
REVOKE ALL ON FUNCTION @extschema@._public_policy(text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._public_policy(text, date) IS '某日该办法是否规定公开政府机关的结果 / whether a policy makes results about government bodies public on a day';
