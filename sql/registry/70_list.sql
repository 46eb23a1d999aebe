-- ---------------------------------------------------------------------------
-- Lists: candidates that policies find, and entries that a department recognises.
-- Being a candidate has no effect. An entry has none either before notice, service, the end of the objection period and recognition by a
-- second person ("谁主管、谁认定、谁负责"); each step stands in the row, and the constraints of the row refuse an entry that skips one.
-- ---------------------------------------------------------------------------

-- ---------------------------------------------------------------------------
-- Entries
-- ---------------------------------------------------------------------------

-- Target of the foreign key below: whether a version is an example cannot be stated otherwise by whoever writes an entry.
ALTER TABLE @extschema@.policy ADD CONSTRAINT policy_example_key UNIQUE (policy_id, version_id, example);

CREATE SEQUENCE @extschema@.list_entry_number AS bigint;
COMMENT ON SEQUENCE @extschema@.list_entry_number IS '名单条目编号 / numbers of list entries';

CREATE TABLE @extschema@.list_entry (
	subject         @extschema@.subject_code NOT NULL,
	entry_id        bigint NOT NULL DEFAULT nextval('@extschema@.list_entry_number'),
	policy_id       integer,
	version_id      integer,
	objection_days  integer,
	term_days       integer,
	term_months     integer,
	proposed_on     date NOT NULL DEFAULT @extschema@.today(),
	served_on       date,
	objection_until date,
	recognised_on   date,
	listed_from     date,
	listed_until    date,
	removed_on      date,
	listed_at       timestamptz,
	removed_at      timestamptz,
	example         boolean NOT NULL DEFAULT false,
	list            text NOT NULL,
	origin          text NOT NULL DEFAULT 'own',
	name            text NOT NULL,
	department      text NOT NULL,
	rule            text,
	list_name       text NOT NULL,
	basis_title     text NOT NULL,
	basis_rank      text NOT NULL,
	basis_article   text NOT NULL,
	reason          text NOT NULL,
	source          text,
	document        text,
	proposed_by     text NOT NULL DEFAULT @extschema@.actor(),
	served_by       text,
	service_method  text,
	recognised_by   text,
	removed_by      text,
	removal_reason  text,
	-- What the public may see is fit for it as it stands in the row (personal data: the document number of a person is nowhere here).
	published       text GENERATED ALWAYS AS (
	                    CASE WHEN origin = 'own' AND list <> 'focus' AND NOT example AND recognised_on IS NOT NULL AND removed_on IS NULL
	                         THEN list END) STORED,
	public_code     text NOT NULL GENERATED ALWAYS AS (
	                    CASE WHEN @extschema@.subject_kind(subject) = 'natural_person' THEN 'P' || repeat('*', 17)
	                         ELSE subject::text END) STORED,
	public_name     text NOT NULL GENERATED ALWAYS AS (
	                    CASE WHEN @extschema@.subject_kind(subject) = 'natural_person' THEN left(ltrim(name, E' \t\u3000'), 1) || '＊'
	                         ELSE name END) STORED,
	PRIMARY KEY (subject, entry_id),
	FOREIGN KEY (subject) REFERENCES @extschema@.subject (subject),
	CONSTRAINT list_entry_policy FOREIGN KEY (policy_id, version_id, example)
		REFERENCES @extschema@.policy (policy_id, version_id, example),
	CONSTRAINT list_entry_import_once UNIQUE (subject, source, document, list),
	CONSTRAINT list_entry_list CHECK (list IN ('red', 'black', 'watch', 'focus')),
	CONSTRAINT list_entry_texts CHECK ('' <> ALL (ARRAY[btrim(name, E' \t\u3000'), btrim(department), btrim(list_name), btrim(basis_title),
		btrim(basis_article), btrim(reason), btrim(proposed_by)]) AND char_length(name) <= 300),
	CONSTRAINT list_entry_basis_rank CHECK (basis_rank IN
		('law', 'regulation', 'central_document', 'local_regulation', 'normative_document', 'draft', 'assumption')),
	-- 国办发〔2020〕49号: a list of the seriously dishonest stands on a law, a regulation or a document of the centre; a list that is
	-- taken over stands on the decision of whoever recognised it.
	CONSTRAINT list_entry_black_basis CHECK (list <> 'black' OR origin = 'imported'
		OR basis_rank IN ('law', 'regulation', 'central_document')),
	-- Own entries come from a rule of a policy and announce their periods; imported ones name source and document, and are never
	-- recognised here.
	CONSTRAINT list_entry_origin CHECK (CASE origin
		WHEN 'own' THEN num_nulls(policy_id, version_id, rule, objection_days) = 0 AND num_nonnulls(term_days, term_months) = 1
			AND num_nonnulls(source, document) = 0
		WHEN 'imported' THEN num_nulls(source, document, listed_from, listed_until) = 0 AND source <> '' AND document <> ''
			AND num_nonnulls(policy_id, version_id, rule, objection_days, term_days, term_months, served_on, recognised_on) = 0 AND NOT example
		ELSE false END),
	CONSTRAINT list_entry_periods CHECK (objection_days > 0 AND term_days > 0 AND term_months > 0),
	-- A step is taken with everything it needs or not at all.
	CONSTRAINT list_entry_service CHECK (num_nonnulls(served_on, served_by, service_method, objection_until) IN (0, 4)
		AND service_method IN ('direct', 'left', 'entrusted', 'mail', 'electronic', 'announcement') AND served_by <> ''),
	CONSTRAINT list_entry_recognition CHECK (num_nonnulls(recognised_on, recognised_by) IN (0, 2) AND recognised_by <> ''
		AND num_nonnulls(listed_from, listed_until) IN (0, 2)
		AND (origin = 'imported' OR (recognised_on IS NULL) = (listed_from IS NULL))),
	CONSTRAINT list_entry_removal CHECK (num_nonnulls(removed_on, removed_by, removal_reason) IN (0, 3)
		AND removed_by <> '' AND btrim(removal_reason) <> ''),
	CONSTRAINT list_entry_served_first CHECK (recognised_on IS NULL OR served_on IS NOT NULL),
	CONSTRAINT list_entry_second_person CHECK (recognised_by <> proposed_by),
	-- Without a calendar of working days the announced number of days is a lower limit in calendar days.
	CONSTRAINT list_entry_objection CHECK (served_on >= proposed_on AND objection_until >= served_on + objection_days),
	CONSTRAINT list_entry_after_objection CHECK (recognised_on > objection_until),
	CONSTRAINT list_entry_real_basis CHECK (origin = 'own' AND recognised_on IS NULL OR basis_rank NOT IN ('draft', 'assumption')),
	CONSTRAINT list_entry_term CHECK (listed_from >= recognised_on AND listed_until > listed_from AND listed_until < 'infinity'
		AND (origin = 'imported' OR listed_until <= listed_from
			+ make_interval(months => coalesce(term_months, 0), days => coalesce(term_days, 0)))),
	CONSTRAINT list_entry_removed_after CHECK (removed_on >= least(listed_from, proposed_on) AND removed_on < 'infinity')
);

COMMENT ON CONSTRAINT list_entry_policy ON @extschema@.list_entry IS '办法、版本及其是否示例须与办法表一致 / policy, version and whether it is an example are those of the table of policies';
COMMENT ON CONSTRAINT list_entry_import_once ON @extschema@.list_entry IS '同一来源的同一文书只移入一次 / a document of a source is imported once';
COMMENT ON CONSTRAINT list_entry_list ON @extschema@.list_entry IS '名单为 red、black、watch、focus 之一 / the list is one of red, black, watch and focus';
COMMENT ON CONSTRAINT list_entry_texts ON @extschema@.list_entry IS '名称、部门、依据、事由不得空白，名称不超过300字 / name, department, basis and reason are not blank, the name has at most 300 characters';
COMMENT ON CONSTRAINT list_entry_basis_rank ON @extschema@.list_entry IS '位阶取值同办法文件的 sources / the rank is one of those that policies know';
COMMENT ON CONSTRAINT list_entry_black_basis ON @extschema@.list_entry IS '黑名单须以法律、法规或党中央、国务院文件为依据 / a black list needs a law, a regulation or a central document';
COMMENT ON CONSTRAINT list_entry_origin ON @extschema@.list_entry IS '本机关条目须有办法、版本、规则、异议期和期限；移入条目须有来源、文书和期限，且无本机关认定 / own entries have policy, version, rule, objection period and term; imported ones source, document and term, and no recognition here';
COMMENT ON CONSTRAINT list_entry_periods ON @extschema@.list_entry IS '异议期和期限为正数 / objection period and term are positive';
COMMENT ON CONSTRAINT list_entry_service ON @extschema@.list_entry IS '送达须有日期、方式、登记人和异议期末日；方式为 direct、left、entrusted、mail、electronic、announcement / a service has day, way, recorder and end of the objection period; the way is direct, left, entrusted, mail, electronic or announcement';
COMMENT ON CONSTRAINT list_entry_recognition ON @extschema@.list_entry IS '认定须有日期、认定人和起止日 / a recognition has day, person, first and last day';
COMMENT ON CONSTRAINT list_entry_removal ON @extschema@.list_entry IS '移出须有日期、经办人和理由 / a removal has day, person and reason';
COMMENT ON CONSTRAINT list_entry_served_first ON @extschema@.list_entry IS '未送达不得认定 / no recognition without service';
COMMENT ON CONSTRAINT list_entry_second_person ON @extschema@.list_entry IS '认定人不得为提出人 / who proposed does not recognise';
COMMENT ON CONSTRAINT list_entry_objection ON @extschema@.list_entry IS '送达不早于提出，异议期不短于告知的天数 / service not before the proposal, objection period not shorter than announced';
COMMENT ON CONSTRAINT list_entry_after_objection ON @extschema@.list_entry IS '异议期满后方可认定 / recognition after the objection period';
COMMENT ON CONSTRAINT list_entry_real_basis ON @extschema@.list_entry IS '草案或假设不能作为认定或移入的依据 / a draft or an assumption is no basis of a recognition, nor of an import';
COMMENT ON CONSTRAINT list_entry_term ON @extschema@.list_entry IS '自认定起列入，期限有限且不超过告知的期限 / listed from the recognition on, for a finite term not longer than announced';
COMMENT ON CONSTRAINT list_entry_removed_after ON @extschema@.list_entry IS '移出不早于条目开始 / no removal before the entry began';

-- One proceeding at a time; where the time on the list has passed, there may be another.
CREATE UNIQUE INDEX list_entry_open ON @extschema@.list_entry (subject, list, policy_id, rule)
	WHERE recognised_on IS NULL AND removed_on IS NULL;
-- The proceedings name an entry by its number alone.
CREATE INDEX list_entry_by_number ON @extschema@.list_entry (entry_id);
-- The pages of the public lists, newest first, read from the index alone, and the look-up of one code.
CREATE INDEX list_entry_page ON @extschema@.list_entry (published, listed_from DESC, entry_id DESC)
	INCLUDE (listed_until, public_code, public_name) WHERE published IS NOT NULL;
CREATE INDEX list_entry_public_code ON @extschema@.list_entry (public_code) WHERE published IS NOT NULL;

COMMENT ON TABLE @extschema@.list_entry IS '名单条目：认定程序的每一步均在行内 / entries of lists, with every step of their recognition in the row';
COMMENT ON COLUMN @extschema@.list_entry.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.list_entry.entry_id IS '条目编号 / number of the entry';
COMMENT ON COLUMN @extschema@.list_entry.policy_id IS '所依办法的编号，移入条目为空 / number of the policy it comes from; NULL if imported';
COMMENT ON COLUMN @extschema@.list_entry.version_id IS '所依版本的编号 / number of the version it comes from';
COMMENT ON COLUMN @extschema@.list_entry.objection_days IS '告知的异议期天数，至少为此日历天数 / announced length of the objection period, at least so many calendar days';
COMMENT ON COLUMN @extschema@.list_entry.term_days IS '列入期限（日），与 term_months 二者居一 / time on the list, in days; this or term_months';
COMMENT ON COLUMN @extschema@.list_entry.term_months IS '列入期限（月） / time on the list, in months';
COMMENT ON COLUMN @extschema@.list_entry.proposed_on IS '提出或移入日 / day of the proposal, or of the import';
COMMENT ON COLUMN @extschema@.list_entry.served_on IS '告知书送达日 / day on which the notice was served';
COMMENT ON COLUMN @extschema@.list_entry.objection_until IS '异议期末日（含） / last day on which the subject may object';
COMMENT ON COLUMN @extschema@.list_entry.recognised_on IS '认定日 / day of recognition';
COMMENT ON COLUMN @extschema@.list_entry.listed_from IS '列入首日 / first day on the list';
COMMENT ON COLUMN @extschema@.list_entry.listed_until IS '列入末日（含），期满自动退出 / last day on the list; it ends by itself';
COMMENT ON COLUMN @extschema@.list_entry.removed_on IS '移出或终止日 / day of removal, or on which the proceeding was ended';
COMMENT ON COLUMN @extschema@.list_entry.listed_at IS '列入的知悉序位 / position at which the listing became known';
COMMENT ON COLUMN @extschema@.list_entry.removed_at IS '移出的知悉序位 / position at which the removal became known';
COMMENT ON COLUMN @extschema@.list_entry.example IS '出自示例办法，永不公布 / comes from an example policy; never published';
COMMENT ON COLUMN @extschema@.list_entry.list IS '名单：red 红名单，black 黑名单，watch 重点关注名单，focus 内部关注名单 / list: red, black, watch, or the internal focus list';
COMMENT ON COLUMN @extschema@.list_entry.origin IS '来源：own 本机关认定，imported 移入他机关认定的名单 / own, or imported from whoever recognised it';
COMMENT ON COLUMN @extschema@.list_entry.name IS '提出时的主体名称（自然人为敏感信息） / name of the subject at the proposal (sensitive for natural persons)';
COMMENT ON COLUMN @extschema@.list_entry.department IS '认定部门；移入的为原认定机关 / department that lists; if imported, the body that did';
COMMENT ON COLUMN @extschema@.list_entry.rule IS '办法中名单规则的标识 / rule of the policy';
COMMENT ON COLUMN @extschema@.list_entry.list_name IS '名单名称 / name of the list';
COMMENT ON COLUMN @extschema@.list_entry.basis_title IS '依据文件名称 / title of the document it is based on';
COMMENT ON COLUMN @extschema@.list_entry.basis_rank IS '依据文件的位阶 / rank of that document';
COMMENT ON COLUMN @extschema@.list_entry.basis_article IS '依据条款 / article of that document';
COMMENT ON COLUMN @extschema@.list_entry.reason IS '列入事由 / reason for listing';
COMMENT ON COLUMN @extschema@.list_entry.source IS '移入名单的来源 / source of an imported entry';
COMMENT ON COLUMN @extschema@.list_entry.document IS '移入名单的文书号（案号） / document number of an imported entry';
COMMENT ON COLUMN @extschema@.list_entry.proposed_by IS '提出人或移入人 / who proposed or imported it';
COMMENT ON COLUMN @extschema@.list_entry.served_by IS '登记送达的人 / who recorded the service';
COMMENT ON COLUMN @extschema@.list_entry.service_method IS '送达方式：direct 直接，left 留置，entrusted 委托，mail 邮寄，electronic 电子，announcement 公告 / way of service: direct, left, entrusted, mail, electronic, announcement';
COMMENT ON COLUMN @extschema@.list_entry.recognised_by IS '认定人，不得为提出人 / who recognised it; never who proposed it';
COMMENT ON COLUMN @extschema@.list_entry.removed_by IS '移出或终止人 / who removed or ended it';
COMMENT ON COLUMN @extschema@.list_entry.removal_reason IS '移出或终止的理由 / reason for removal or ending';
COMMENT ON COLUMN @extschema@.list_entry.published IS '可公布的名单，其余为空 / list on which it may be published; NULL otherwise';
COMMENT ON COLUMN @extschema@.list_entry.public_code IS '公布用代码，自然人已遮蔽 / code as published, masked for natural persons';
COMMENT ON COLUMN @extschema@.list_entry.public_name IS '公布用名称，自然人已遮蔽 / name as published, masked for natural persons';

-- Each step fills its own empty columns, once; nothing filled changes.
CREATE FUNCTION @extschema@._list_entry_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $list_entry_guard$
DECLARE
	steps CONSTANT text[] := ARRAY['served_on', 'served_by', 'service_method', 'objection_until', 'recognised_on', 'recognised_by',
		'listed_from', 'listed_until', 'removed_on', 'removed_by', 'removal_reason'];
	generated CONSTANT text[] := ARRAY['published', 'public_code', 'public_name'];
BEGIN
	-- The trigger that holds the subject's lock gives their positions to those that say infinity.
	IF TG_OP <> 'DELETE' THEN
		IF NEW.listed_from IS NOT NULL AND NEW.listed_at IS NULL THEN
			NEW.listed_at := 'infinity';
		END IF;
		IF NEW.removed_on IS NOT NULL AND NEW.removed_at IS NULL THEN
			NEW.removed_at := 'infinity';
		END IF;
	END IF;
	IF TG_OP = 'INSERT' THEN
		-- A draft changes nothing, whoever writes the row.
		IF NEW.version_id IS NOT NULL AND NOT EXISTS (
				SELECT FROM @extschema@.policy AS p WHERE p.version_id = NEW.version_id AND p.status = 'adopted') THEN
			RAISE EXCEPTION 'cannot list by a policy that is not adopted'
				USING ERRCODE = 'object_not_in_prerequisite_state',
				      DETAIL = format('Version number %s is not an adopted one.', NEW.version_id),
				      HINT = 'Adopt it with citycredit.adopt_policy() first.';
		END IF;
		RETURN NEW;
	ELSIF TG_OP = 'UPDATE' THEN
		IF (OLD.removed_on IS NULL OR OLD.removed_at = 'infinity') AND NOT EXISTS (
				SELECT FROM jsonb_each(to_jsonb(OLD) - generated) AS o
				  JOIN jsonb_each(to_jsonb(NEW) - generated) AS n ON n.key = o.key
				 WHERE n.value <> o.value AND NOT (o.value = 'null' AND o.key = ANY (steps))
				   AND NOT (o.key IN ('listed_at', 'removed_at') AND o.value IN ('null', '"infinity"'))) THEN
			RETURN NEW;
		END IF;
		RAISE EXCEPTION 'cannot rewrite list entry %', OLD.entry_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = 'A step that was taken stands as it was, and an entry that was ended stays ended.',
			      HINT = 'End the entry with citycredit.remove_listing() and propose a new one.';
	END IF;
	RAISE EXCEPTION 'cannot % list entries', lower(TG_OP)
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'Whoever was on a list, and why, stays on record.',
		      HINT = 'End an entry with citycredit.remove_listing().';
END
$list_entry_guard$;
REVOKE ALL ON FUNCTION @extschema@._list_entry_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._list_entry_guard() IS '名单条目只走程序、不改写、不删除 / refuses rewriting and deleting of list entries';

CREATE TRIGGER list_entry_guard BEFORE INSERT OR UPDATE OR DELETE ON @extschema@.list_entry
	FOR EACH ROW EXECUTE FUNCTION @extschema@._list_entry_guard();
CREATE TRIGGER list_entry_guard_truncate BEFORE TRUNCATE ON @extschema@.list_entry
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._list_entry_guard();

-- ---------------------------------------------------------------------------
-- Candidates and stages
-- ---------------------------------------------------------------------------

CREATE VIEW @extschema@._list_basis AS
SELECT s.subject, s.policy, s.version, l.rule, l.list, l.name, l.term_days, l.term_months, l.basis_title, l.basis_rank, l.basis_article, l.cite,
       p.example, p.policy_id, p.version_id
  FROM @extschema@.policy AS p
 CROSS JOIN LATERAL @extschema@.policy_list(p.policy, p.version) AS l
  JOIN @extschema@.standing AS s ON s.policy = p.policy AND s.version = p.version AND l.rule = ANY (s.lists)
 WHERE p.status = 'adopted'
UNION ALL
SELECT r.subject, p.policy, p.version, l.rule, l.list, l.name, l.term_days, l.term_months, l.basis_title, l.basis_rank, l.basis_article, l.cite,
       p.example, p.policy_id, p.version_id
  FROM @extschema@.policy AS p
 CROSS JOIN LATERAL @extschema@.policy_list(p.policy, p.version) AS l
  JOIN @extschema@._rating_now AS r ON r.version_id = p.version_id AND l.rule = ANY (r.lists)
 WHERE p.status = 'adopted' AND l.at_rating;
COMMENT ON VIEW @extschema@._list_basis IS '当日评价结果及当日有效的定期评价指向的名单 / lists that the standings of the day name, or, where a list is made at a rating alone, the rating valid on the day; entered or not';
COMMENT ON COLUMN @extschema@._list_basis.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@._list_basis.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@._list_basis.version IS '版本 / version';
COMMENT ON COLUMN @extschema@._list_basis.rule IS '名单规则 / rule of the policy';
COMMENT ON COLUMN @extschema@._list_basis.list IS '名单 / list';
COMMENT ON COLUMN @extschema@._list_basis.name IS '名单名称 / name of the list';
COMMENT ON COLUMN @extschema@._list_basis.term_days IS '办法规定的期限（日） / term where the policy fixes one in days';
COMMENT ON COLUMN @extschema@._list_basis.term_months IS '办法规定的期限（月） / term where the policy fixes one in months';
COMMENT ON COLUMN @extschema@._list_basis.basis_title IS '依据文件名称 / title of the document it is based on';
COMMENT ON COLUMN @extschema@._list_basis.basis_rank IS '依据文件的位阶 / rank of that document';
COMMENT ON COLUMN @extschema@._list_basis.basis_article IS '依据条款 / article of that document';
COMMENT ON COLUMN @extschema@._list_basis.cite IS '规则出处 / citation of the rule';
COMMENT ON COLUMN @extschema@._list_basis.example IS '示例办法 / whether the policy is an example';
COMMENT ON COLUMN @extschema@._list_basis.policy_id IS '办法编号 / number of the policy';
COMMENT ON COLUMN @extschema@._list_basis.version_id IS '版本编号 / number of the version';

-- The legal next step stands here alone: the refusals of the functions below read it too.
CREATE VIEW @extschema@.listing AS
SELECT e.subject, e.entry_id, e.list, e.origin, e.policy_id, e.rule, e.stage,
       CASE e.stage
            WHEN 'proposed' THEN 'serve_listing() once the notice is served, or remove_listing() to end it'
            WHEN 'objection' THEN format('recognize_listing() by another person from %s on, or remove_listing() to end it',
                                        to_char(e.objection_until + 1, 'YYYY-MM-DD'))
            WHEN 'ready' THEN 'recognize_listing() by another person, or remove_listing() to end it'
            WHEN 'listed' THEN format('remove_listing(); without it the entry ends after %s', to_char(e.listed_until, 'YYYY-MM-DD'))
            ELSE 'none: the entry has ended; propose_listing() starts another' END AS next_step,
       CASE WHEN e.origin = 'own' AND e.stage IN ('proposed', 'objection', 'ready', 'listed') THEN EXISTS (
            SELECT FROM @extschema@._list_basis AS b
             WHERE b.subject = e.subject AND b.policy_id = e.policy_id AND b.rule = e.rule AND b.list = e.list) END AS basis_holds
  FROM (SELECT l.*,
               CASE WHEN l.removed_on IS NOT NULL THEN 'ended'
                    WHEN l.listed_until < @extschema@.today() THEN 'expired'
                    WHEN l.listed_until IS NOT NULL THEN 'listed'
                    WHEN l.objection_until < @extschema@.today() THEN 'ready'
                    WHEN l.served_on IS NOT NULL THEN 'objection'
                    ELSE 'proposed' END AS stage
          FROM @extschema@.list_entry AS l) AS e;
COMMENT ON VIEW @extschema@.listing IS '名单条目的当日阶段、下一步及依据是否仍在 / where each list entry stands today, its legal next step, and whether its basis still holds';
COMMENT ON COLUMN @extschema@.listing.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.listing.entry_id IS '条目编号 / number of the entry';
COMMENT ON COLUMN @extschema@.listing.list IS '名单 / list';
COMMENT ON COLUMN @extschema@.listing.origin IS '来源 / own or imported';
COMMENT ON COLUMN @extschema@.listing.policy_id IS '办法编号 / number of the policy';
COMMENT ON COLUMN @extschema@.listing.rule IS '名单规则 / rule of the policy';
COMMENT ON COLUMN @extschema@.listing.stage IS '阶段：proposed 已提出，objection 异议期内，ready 待认定，listed 在列，expired 期满，ended 已移出或终止 / stage: proposed, objection, ready, listed, expired, ended';
COMMENT ON COLUMN @extschema@.listing.next_step IS '合法的下一步 / legal next step';
COMMENT ON COLUMN @extschema@.listing.basis_holds IS '评价结果是否仍指向该名单；移入或已结束的为空 / whether the standing still names the list; NULL if imported or ended';

CREATE VIEW @extschema@.list_candidate AS
SELECT b.subject, b.policy, b.version, b.rule, b.list, b.name, b.term_days, b.term_months, b.basis_title, b.basis_rank, b.basis_article, b.cite, b.example
  FROM @extschema@._list_basis AS b
 WHERE NOT EXISTS (
	SELECT FROM @extschema@.listing AS l
	 WHERE l.subject = b.subject AND l.policy_id = b.policy_id AND l.rule = b.rule AND l.list = b.list
	   AND l.stage NOT IN ('expired', 'ended'));
COMMENT ON VIEW @extschema@.list_candidate IS '名单候选：评价结果指向名单、且无程序在办或在列者；候选本身没有任何效果 / candidates: subjects whose standing names a list and who are neither on it nor in a proceeding for it; being one has no effect';
COMMENT ON COLUMN @extschema@.list_candidate.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.list_candidate.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.list_candidate.version IS '版本 / version';
COMMENT ON COLUMN @extschema@.list_candidate.rule IS '名单规则 / rule of the policy';
COMMENT ON COLUMN @extschema@.list_candidate.list IS '名单 / list';
COMMENT ON COLUMN @extschema@.list_candidate.name IS '名单名称 / name of the list';
COMMENT ON COLUMN @extschema@.list_candidate.term_days IS '办法规定的期限（日） / term where the policy fixes one in days';
COMMENT ON COLUMN @extschema@.list_candidate.term_months IS '办法规定的期限（月） / term where the policy fixes one in months';
COMMENT ON COLUMN @extschema@.list_candidate.basis_title IS '依据文件名称 / title of the document it is based on';
COMMENT ON COLUMN @extschema@.list_candidate.basis_rank IS '依据文件的位阶 / rank of that document';
COMMENT ON COLUMN @extschema@.list_candidate.basis_article IS '依据条款 / article of that document';
COMMENT ON COLUMN @extschema@.list_candidate.cite IS '规则出处 / citation of the rule';
COMMENT ON COLUMN @extschema@.list_candidate.example IS '示例办法 / whether the policy is an example';

-- ---------------------------------------------------------------------------
-- Steps
-- ---------------------------------------------------------------------------

-- Locks the entry and refuses the step unless the entry is in one of the stages.
CREATE FUNCTION @extschema@._entry_for_step(entry bigint, step text, stages text[]) RETURNS @extschema@.list_entry
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $entry_for_step$
DECLARE
	found_entry @extschema@.list_entry;
	stage text;
	next_step text;
BEGIN
	SELECT * INTO found_entry FROM @extschema@.list_entry AS e WHERE e.entry_id = entry FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'list entry % does not exist', entry
			USING ERRCODE = 'undefined_object',
			      HINT = 'The entries and their stages are in citycredit.listing.';
	END IF;
	SELECT l.stage, l.next_step INTO STRICT stage, next_step
	  FROM @extschema@.listing AS l
	 WHERE l.subject OPERATOR(@extschema@.=) found_entry.subject AND l.entry_id = entry;
	IF stage <> ALL (stages) THEN
		RAISE EXCEPTION '%() does not fit list entry %: its stage is "%"', step, entry, stage
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('The legal next step is %s.', next_step),
			      HINT = 'The entries and their stages are in citycredit.listing.';
	END IF;
	RETURN found_entry;
END
$entry_for_step$;
REVOKE ALL ON FUNCTION @extschema@._entry_for_step(bigint, text, text[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._entry_for_step(bigint, text, text[]) IS '锁定条目并核对阶段 / locks an entry and refuses a step that does not fit its stage';

-- The standing cannot change between a check of the basis and the commit of what rests on it: records are written under the same lock.
CREATE FUNCTION @extschema@._lock_standing(subject @extschema@.subject_code) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $lock_standing$
BEGIN
	PERFORM FROM @extschema@.subject_state AS s WHERE s.subject OPERATOR(@extschema@.=) _lock_standing.subject FOR NO KEY UPDATE;
END
$lock_standing$;
REVOKE ALL ON FUNCTION @extschema@._lock_standing(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._lock_standing(@extschema@.subject_code) IS '锁定主体的评价结果 / locks the standings of a subject';

-- The server's own words for a broken constraint would show and log the row, names included.
CREATE FUNCTION @extschema@._refuse_entry(broken text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $refuse_entry$
BEGIN
	RAISE EXCEPTION 'list entry breaks constraint "%"', broken
		USING ERRCODE = 'check_violation', CONSTRAINT = broken,
		      DETAIL = (SELECT obj_description(c.oid, 'pg_constraint') FROM pg_constraint AS c
		                 WHERE c.conrelid = '@extschema@.list_entry'::regclass AND c.conname = broken),
		      HINT = 'Nothing was changed; repeat the step with what the constraint demands.';
END
$refuse_entry$;
REVOKE ALL ON FUNCTION @extschema@._refuse_entry(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._refuse_entry(text) IS '以约束的说明拒绝 / refuses an entry in the words of the constraint it breaks';

CREATE FUNCTION @extschema@._subject_name(subject @extschema@.subject_code) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $subject_name$
DECLARE
	subject_name text := (SELECT s.name FROM @extschema@.subject AS s WHERE s.subject OPERATOR(@extschema@.=) _subject_name.subject);
BEGIN
	IF subject_name IS NULL THEN
		RAISE EXCEPTION 'subject "%" has no name', subject
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = 'A listing names whom it is about.',
			      HINT = 'Register the subject with its name by citycredit.register_subject().';
	END IF;
	RETURN subject_name;
END
$subject_name$;
REVOKE ALL ON FUNCTION @extschema@._subject_name(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._subject_name(@extschema@.subject_code) IS '列入所用的主体名称 / name of a subject for a listing';

-- The policy gives the basis and, where it fixes one, the term; what it leaves open has to be given, and is never guessed.
CREATE FUNCTION @extschema@.propose_listing(
	subject @extschema@.subject_code, list text, policy text, rule text, department text, reason text, objection_days integer,
	term_months integer DEFAULT NULL, term_days integer DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $propose_listing$
DECLARE
	found_basis @extschema@._list_basis;
	current_entry bigint;
	next_step text;
	new_entry bigint;
	broken text;
BEGIN
	IF num_nulls(subject, list, policy, rule, department, reason, objection_days) > 0 THEN
		RAISE EXCEPTION 'a proposal needs subject, list, policy, rule, department, reason and objection_days'
			USING ERRCODE = 'null_value_not_allowed',
			      HINT = 'objection_days is the length of the objection period that the notice will announce; there is no default.';
	END IF;
	PERFORM FROM @extschema@.policy AS p WHERE p.policy = propose_listing.policy;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'policy "%" does not exist', policy
			USING ERRCODE = 'undefined_object',
			      HINT = 'The policies are in citycredit.policy.';
	END IF;

	PERFORM @extschema@._lock_standing(subject);
	SELECT * INTO found_basis FROM @extschema@._list_basis AS b
	 WHERE b.subject OPERATOR(@extschema@.=) propose_listing.subject AND b.policy = propose_listing.policy
	   AND b.rule = propose_listing.rule AND b.list = propose_listing.list;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'subject "%" is no candidate for the % list by rule "%" of policy "%"', subject, list, rule, policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Its standing on %s does not name that list.', @extschema@.today()),
			      HINT = 'Candidates are in citycredit.list_candidate; citycredit.explain() says why.';
	END IF;
	SELECT l.entry_id, l.next_step INTO current_entry, next_step FROM @extschema@.listing AS l
	 WHERE l.subject OPERATOR(@extschema@.=) propose_listing.subject AND l.policy_id = found_basis.policy_id
	   AND l.rule = propose_listing.rule AND l.list = propose_listing.list AND l.stage NOT IN ('expired', 'ended');
	IF FOUND THEN
		RAISE EXCEPTION 'subject "%" already has an entry for the % list by rule "%" of policy "%"', subject, list, rule, policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('The legal next step of entry %s is %s.', current_entry, next_step),
			      HINT = 'The entries and their stages are in citycredit.listing.';
	END IF;

	IF num_nonnulls(found_basis.term_months, found_basis.term_days) = 1 THEN
		IF num_nonnulls(term_months, term_days) > 0 THEN
			RAISE EXCEPTION 'rule "%" of policy "%" fixes the term', rule, policy
				USING ERRCODE = 'invalid_parameter_value',
				      DETAIL = format('It is %s.', coalesce(found_basis.term_months || ' months', found_basis.term_days || ' days')),
				      HINT = 'Leave term_months and term_days out.';
		END IF;
		term_months := found_basis.term_months;
		term_days := found_basis.term_days;
	ELSIF num_nonnulls(term_months, term_days) <> 1 THEN
		RAISE EXCEPTION 'rule "%" of policy "%" fixes no term', rule, policy
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Give term_months or term_days as the department decided it.';
	END IF;

	BEGIN
		INSERT INTO @extschema@.list_entry (subject, list, name, policy_id, version_id, example, rule, list_name, department, reason,
			basis_title, basis_rank, basis_article, objection_days, term_months, term_days)
		VALUES (propose_listing.subject, propose_listing.list, @extschema@._subject_name(subject), found_basis.policy_id, found_basis.version_id,
			found_basis.example, propose_listing.rule, found_basis.name, propose_listing.department, propose_listing.reason,
			found_basis.basis_title, found_basis.basis_rank, found_basis.basis_article, propose_listing.objection_days,
			propose_listing.term_months, propose_listing.term_days)
		RETURNING entry_id INTO new_entry;
	EXCEPTION WHEN check_violation THEN
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
		PERFORM @extschema@._refuse_entry(broken);
	END;
	RETURN new_entry;
END
$propose_listing$;
REVOKE ALL ON FUNCTION @extschema@.propose_listing(@extschema@.subject_code, text, text, text, text, text, integer, integer, integer) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.propose_listing(@extschema@.subject_code, text, text, text, text, text, integer, integer, integer) IS
	'提出列入名单，返回条目编号 / proposes a candidate for a list, returns the number of the entry';

CREATE FUNCTION @extschema@.serve_listing(entry bigint, served_on date, method text, objection_until date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $serve_listing$
DECLARE
	found_entry @extschema@.list_entry;
	broken text;
BEGIN
	IF num_nulls(entry, served_on, method, objection_until) > 0 THEN
		RAISE EXCEPTION 'a service needs entry, served_on, method and objection_until'
			USING ERRCODE = 'null_value_not_allowed',
			      HINT = 'objection_until is the last day for objections as the notice states it; there is no default.';
	END IF;
	found_entry := @extschema@._entry_for_step(entry, 'serve_listing', ARRAY['proposed']);
	IF served_on < found_entry.proposed_on OR served_on > @extschema@.today() THEN
		RAISE EXCEPTION 'day of service % is not between the proposal and today', served_on
			USING ERRCODE = 'check_violation', CONSTRAINT = 'list_entry_objection',
			      DETAIL = format('Entry %s was proposed on %s; today is %s.', entry, found_entry.proposed_on, @extschema@.today()),
			      HINT = 'Record the service on or after the day of which the proof of service speaks.';
	ELSIF objection_until < served_on + found_entry.objection_days THEN
		RAISE EXCEPTION 'objection period until % is shorter than announced', objection_until
			USING ERRCODE = 'check_violation', CONSTRAINT = 'list_entry_objection',
			      DETAIL = format('Entry %s announced %s days; served on %s it may end on %s at the earliest.', entry,
			          found_entry.objection_days, served_on, served_on + found_entry.objection_days),
			      HINT = 'The first day is not counted (Civil Code, art. 201); where working days were announced, the last day is later.';
	END IF;
	BEGIN
		UPDATE @extschema@.list_entry AS e
		   SET served_on = serve_listing.served_on, service_method = method, objection_until = serve_listing.objection_until,
		       served_by = @extschema@.actor()
		 WHERE e.subject OPERATOR(@extschema@.=) found_entry.subject AND e.entry_id = entry;
	EXCEPTION WHEN check_violation THEN
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
		PERFORM @extschema@._refuse_entry(broken);
	END;
END
$serve_listing$;
REVOKE ALL ON FUNCTION @extschema@.serve_listing(bigint, date, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.serve_listing(bigint, date, text, date) IS '登记告知书送达与异议期 / records that the notice was served, and until when the subject may object';

CREATE FUNCTION @extschema@.recognize_listing(entry bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $recognize_listing$
DECLARE
	found_entry @extschema@.list_entry := @extschema@._entry_for_step(entry, 'recognize_listing', ARRAY['ready']);
	found_basis @extschema@._list_basis;
	today CONSTANT date := @extschema@.today();
BEGIN
	IF found_entry.proposed_by = @extschema@.actor() THEN
		RAISE EXCEPTION 'list entry % was proposed by the same person', entry
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('"%s" proposed it; the legal next step is recognize_listing() by another person.', found_entry.proposed_by),
			      HINT = 'Ask another officer of the department to recognise it.';
	ELSIF found_entry.basis_rank IN ('draft', 'assumption') THEN
		RAISE EXCEPTION 'list entry % has no basis in force', entry
			USING ERRCODE = 'check_violation', CONSTRAINT = 'list_entry_real_basis',
			      DETAIL = format('The rank of "%s" is %s.', found_entry.basis_title, found_entry.basis_rank),
			      HINT = 'End it with citycredit.remove_listing().';
	END IF;

	PERFORM @extschema@._lock_standing(found_entry.subject);
	SELECT b.* INTO found_basis FROM @extschema@._list_basis AS b
	  WHERE b.subject OPERATOR(@extschema@.=) found_entry.subject AND b.policy_id = found_entry.policy_id
	    AND b.rule = found_entry.rule AND b.list = found_entry.list;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the basis of list entry % has fallen', entry
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('The standing of the subject on %s no longer names the %s list; the legal next step is remove_listing().',
			          today, found_entry.list),
			      HINT = 'End it with citycredit.remove_listing(); citycredit.explain() says what changed.';
	END IF;
	-- The subject was heard on what the notice said: a later version of the measure may not put another basis or term in its place.
	IF (found_basis.name, found_basis.basis_title, found_basis.basis_rank, found_basis.basis_article, found_basis.example)
	   <> (found_entry.list_name, found_entry.basis_title, found_entry.basis_rank, found_entry.basis_article, found_entry.example)
	   OR num_nonnulls(found_basis.term_days, found_basis.term_months) = 1
	      AND (coalesce(found_basis.term_days, 0), coalesce(found_basis.term_months, 0))
	          <> (coalesce(found_entry.term_days, 0), coalesce(found_entry.term_months, 0)) THEN
		RAISE EXCEPTION 'the measure states another basis or term than the notice of list entry %', entry
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Version "%s" of policy "%s" is in force; its rule "%s" differs from the one announced.', found_basis.version,
			          found_basis.policy, found_entry.rule),
			      HINT = 'End it with citycredit.remove_listing() and propose it anew by the version in force.';
	END IF;

	-- Civil Code, art. 200-204: a term of months ends on the corresponding day, or on the last day of the month
	UPDATE @extschema@.list_entry AS e
	   SET recognised_on = today, recognised_by = @extschema@.actor(), listed_from = today,
	       listed_until = today + make_interval(months => coalesce(e.term_months, 0), days => coalesce(e.term_days, 0))
	 WHERE e.subject OPERATOR(@extschema@.=) found_entry.subject AND e.entry_id = entry;
END
$recognize_listing$;
REVOKE ALL ON FUNCTION @extschema@.recognize_listing(bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.recognize_listing(bigint) IS '认定列入：异议期满后由第二人作出 / recognises an entry, after the objection period and by a second person';

CREATE FUNCTION @extschema@.remove_listing(entry bigint, removed_on date, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $remove_listing$
DECLARE
	found_entry @extschema@.list_entry;
	broken text;
BEGIN
	IF num_nulls(entry, removed_on, reason) > 0 THEN
		RAISE EXCEPTION 'a removal needs entry, removed_on and reason'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	found_entry := @extschema@._entry_for_step(entry, 'remove_listing', ARRAY['proposed', 'objection', 'ready', 'listed']);
	IF removed_on < least(found_entry.listed_from, found_entry.proposed_on) OR removed_on > @extschema@.today() THEN
		RAISE EXCEPTION 'day of removal % is not between the beginning of the entry and today', removed_on
			USING ERRCODE = 'check_violation', CONSTRAINT = 'list_entry_removed_after',
			      DETAIL = format('Entry %s began on %s; today is %s.', entry, least(found_entry.listed_from, found_entry.proposed_on),
			          @extschema@.today()),
			      HINT = 'A removal takes effect at once; record it on its day.';
	END IF;
	BEGIN
		UPDATE @extschema@.list_entry AS e
		   SET removed_on = remove_listing.removed_on, removal_reason = remove_listing.reason, removed_by = @extschema@.actor()
		 WHERE e.subject OPERATOR(@extschema@.=) found_entry.subject AND e.entry_id = entry;
	EXCEPTION WHEN check_violation THEN
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
		PERFORM @extschema@._refuse_entry(broken);
	END;
END
$remove_listing$;
REVOKE ALL ON FUNCTION @extschema@.remove_listing(bigint, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.remove_listing(bigint, date, text) IS '移出名单，或终止未认定的程序 / removes an entry from its list, or ends a proceeding before recognition';

-- Where the records that a listing rested on are revoked or corrected, it ends with them: judged as on the day of its recognition, by what is
-- known now. A record that has merely run its time, or was repaired later, counted on that day and so leaves the entry as it is.
CREATE FUNCTION @extschema@._end_fallen_listings(subject @extschema@.subject_code) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $end_fallen$
BEGIN
	UPDATE @extschema@.list_entry AS e
	   SET removed_on = @extschema@.today(), removed_by = @extschema@.actor(),
	       removal_reason = '列入依据的记录已撤销或更正 / the records it rested on were revoked or corrected'
	  FROM @extschema@.policy AS p
	 -- a listing can rest on the records of a linked subject
	 WHERE e.subject OPERATOR(@extschema@.=) ANY (ARRAY(
	           SELECT _end_fallen_listings.subject
	            UNION ALL
	           SELECT k.subject FROM @extschema@._link AS k
	            WHERE k.other OPERATOR(@extschema@.=) _end_fallen_listings.subject AND k.known_until = 'infinity'))
	   AND e.origin = 'own' AND e.recognised_on IS NOT NULL
	   AND e.removed_on IS NULL AND e.listed_until >= @extschema@.today() AND p.version_id = e.version_id
	   AND NOT EXISTS (SELECT FROM @extschema@.evaluate(e.subject, p.policy, e.recognised_on) AS v WHERE e.rule = ANY (v.lists));
END
$end_fallen$;
REVOKE ALL ON FUNCTION @extschema@._end_fallen_listings(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._end_fallen_listings(@extschema@.subject_code) IS
	'终止依据已失的名单条目 / ends the subject''s listings whose basis has fallen';

-- A list that others recognised is taken over for its measures, with source, term and delisting; it is neither recognised nor published again here.
CREATE FUNCTION @extschema@.import_listing(
	subject @extschema@.subject_code, list text, list_name text, source text, document text, department text,
	basis_title text, basis_rank text, basis_article text, reason text, listed_from date, listed_until date)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $import_listing$
DECLARE
	new_entry bigint;
	broken text;
BEGIN
	IF num_nulls(subject, list, list_name, source, document, department, basis_title, basis_rank, basis_article, reason, listed_from,
			listed_until) > 0 THEN
		RAISE EXCEPTION 'an imported entry needs every argument'
			USING ERRCODE = 'null_value_not_allowed',
			      HINT = 'Give source, document and term as the list states them that is taken over.';
	END IF;
	BEGIN
		INSERT INTO @extschema@.list_entry (subject, list, origin, name, list_name, source, document, department, basis_title, basis_rank,
			basis_article, reason, listed_from, listed_until)
		VALUES (import_listing.subject, import_listing.list, 'imported', @extschema@._subject_name(subject), import_listing.list_name,
			import_listing.source, import_listing.document, import_listing.department, import_listing.basis_title, import_listing.basis_rank,
			import_listing.basis_article, import_listing.reason, import_listing.listed_from, import_listing.listed_until)
		ON CONFLICT ON CONSTRAINT list_entry_import_once DO NOTHING
		RETURNING entry_id INTO new_entry;
	EXCEPTION WHEN check_violation THEN
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
		PERFORM @extschema@._refuse_entry(broken);
	END;
	IF new_entry IS NULL THEN
		RAISE EXCEPTION 'document "%" of source "%" is on the % list already', document, source, list
			USING ERRCODE = 'unique_violation',
			      DETAIL = format('Subject "%s" was imported by it before.', subject),
			      HINT = 'A delisting is recorded by citycredit.remove_listing().';
	END IF;
	RETURN new_entry;
END
$import_listing$;
REVOKE ALL ON FUNCTION @extschema@.import_listing(@extschema@.subject_code, text, text, text, text, text, text, text, text, text, date, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.import_listing(@extschema@.subject_code, text, text, text, text, text, text, text, text, text, date, date) IS
	'移入其他机关认定的名单（如失信被执行人），返回条目编号 / takes over an entry of a list that others recognised, returns its number';
