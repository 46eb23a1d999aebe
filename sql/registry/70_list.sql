-- ---------------------------------------------------------------------------
-- Lists: candidates that policies find, and entries that a department recognises.
-- Being a candidate has no effect. An entry has none either before notice, service, the end of the objection period and recognition by a
-- second person ("谁主管、谁认定、谁负责"). The steps are those of a proceeding of kind listing, which knows who is competent, what was served and
-- who may appeal; what each entails is written to the row by _on_listing(), and the constraints of the row refuse an entry that skips one,
-- whoever writes it.
-- ---------------------------------------------------------------------------

-- ---------------------------------------------------------------------------
-- Entries
-- ---------------------------------------------------------------------------

-- Kinds of lists. Measures rank and recognise the first four; others (禁入名单) are recognised elsewhere and taken over.
CREATE TABLE @extschema@.list_kind (
	list text NOT NULL PRIMARY KEY CONSTRAINT list_kind_list CHECK (list ~ '^[a-z][a-z_]{0,29}$'),
	name text NOT NULL CHECK (btrim(name) <> '')
);
INSERT INTO @extschema@.list_kind VALUES ('red', '红名单'), ('black', '黑名单'), ('watch', '重点关注名单'), ('focus', '内部关注名单'), ('ban', '禁入名单');
COMMENT ON TABLE @extschema@.list_kind IS '名单种类，可增：本机关认定前四种，其余只移入 / kinds of lists, open: the first four are recognised here, others taken over only';
COMMENT ON COLUMN @extschema@.list_kind.list IS '名单 / list';
COMMENT ON COLUMN @extschema@.list_kind.name IS '名称 / name';

-- What a measure says of its lists and its file has no key for. Law, not habit: each row names its clause.
CREATE TABLE @extschema@.list_parameter (
	policy           text NOT NULL,
	rule             text NOT NULL,
	valid_from       date NOT NULL DEFAULT @extschema@.today(),
	valid_until      date NOT NULL DEFAULT 'infinity',
	aftermath_months integer CHECK (aftermath_months > 0),
	after_rule       text CONSTRAINT list_parameter_after CHECK (after_rule <> rule),
	objection        jsonb,
	early_exit       jsonb,
	appeal           jsonb,
	linked_roles     text[] NOT NULL DEFAULT '{}' CONSTRAINT list_parameter_roles
	                 CHECK (linked_roles <@ ARRAY['branch', 'head_office', 'legal_representative', 'responsible_person', 'related']),
	cite             text NOT NULL CHECK (btrim(cite) <> ''),
	entered_by       text NOT NULL DEFAULT @extschema@.actor(),
	PRIMARY KEY (policy, rule, valid_from),
	CONSTRAINT list_parameter_period CHECK (valid_from <= valid_until),
	CONSTRAINT list_parameter_terms CHECK (objection <> '{}' AND objection - ARRAY['days', 'months', 'years', 'working_days'] = '{}' AND early_exit <> '{}' AND early_exit - ARRAY['days', 'months', 'years', 'working_days'] = '{}'
		AND appeal <> '{}' AND appeal - ARRAY['days', 'months', 'years', 'working_days'] = '{}')
);
COMMENT ON TABLE @extschema@.list_parameter IS '名单规则的参数：先行预警、异议期、提前退出、申诉期、退出后的记载、关联人员 / parameters of list rules: warning first, objection period, early exit, appeal, note after exit, linked persons';
COMMENT ON COLUMN @extschema@.list_parameter.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.list_parameter.rule IS '办法中名单规则的标识 / rule of the policy';
COMMENT ON COLUMN @extschema@.list_parameter.valid_from IS '首日（含） / first day';
COMMENT ON COLUMN @extschema@.list_parameter.valid_until IS '末日（含） / last day';
COMMENT ON COLUMN @extschema@.list_parameter.aftermath_months IS '退出后记载的月数，空为不记载 / months for which an exit is noted; NULL: not at all';
COMMENT ON COLUMN @extschema@.list_parameter.after_rule IS '须先送达预警的名单规则 / rule by which the subject must have been warned first';
COMMENT ON COLUMN @extschema@.list_parameter.objection IS '异议期的最短长度，空为依 set_proceeding_term() / least length of the objection period; NULL: as set by set_proceeding_term()';
COMMENT ON COLUMN @extschema@.list_parameter.early_exit IS '提前退出前的最短期间，空为不得提前退出 / minimum time before an early exit; NULL: none';
COMMENT ON COLUMN @extschema@.list_parameter.appeal IS '申诉期的最短长度 / least length of the period for appeals';
COMMENT ON COLUMN @extschema@.list_parameter.linked_roles IS '所及的关联人员 / roles of linked persons whom the list reaches';
COMMENT ON COLUMN @extschema@.list_parameter.cite IS '依据条款 / clause';
COMMENT ON COLUMN @extschema@.list_parameter.entered_by IS '录入人 / who entered it';

-- Target of the foreign key below: whether a version is an example cannot be stated otherwise by whoever writes an entry.
ALTER TABLE @extschema@.policy ADD CONSTRAINT policy_example_key UNIQUE (policy_id, version_id, example);

CREATE SEQUENCE @extschema@.list_entry_number AS bigint;
COMMENT ON SEQUENCE @extschema@.list_entry_number IS '名单条目编号 / numbers of list entries';

CREATE TABLE @extschema@.list_entry (
	subject         @extschema@.subject_code NOT NULL,
	entry_id        bigint NOT NULL DEFAULT nextval('@extschema@.list_entry_number'),
	proceeding_id   bigint,
	revives         bigint,
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
	suspended_on    date,
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
	                          AND suspended_on IS NULL THEN list END) STORED,
	public_code     text NOT NULL GENERATED ALWAYS AS (
	                    CASE WHEN @extschema@.subject_kind(subject) = 'natural_person' THEN 'P' || repeat('*', 17)
	                         ELSE subject::text END) STORED,
	public_name     text NOT NULL GENERATED ALWAYS AS (
	                    CASE WHEN @extschema@.subject_kind(subject) = 'natural_person' THEN left(ltrim(name, E' \t\u3000'), 1) || '＊'
	                         ELSE name END) STORED,
	PRIMARY KEY (subject, entry_id),
	FOREIGN KEY (subject) REFERENCES @extschema@.subject (subject),
	CONSTRAINT list_entry_proceeding FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.proceeding (subject, proceeding_id),
	CONSTRAINT list_entry_kind FOREIGN KEY (list) REFERENCES @extschema@.list_kind (list),
	CONSTRAINT list_entry_revives FOREIGN KEY (subject, revives) REFERENCES @extschema@.list_entry (subject, entry_id),
	CONSTRAINT list_entry_policy FOREIGN KEY (policy_id, version_id, example)
		REFERENCES @extschema@.policy (policy_id, version_id, example),
	CONSTRAINT list_entry_import_once UNIQUE (subject, source, document, list),
	CONSTRAINT list_entry_list CHECK (origin = 'imported' OR list IN ('red', 'black', 'watch', 'focus')),
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
			AND num_nonnulls(proceeding_id, revives, suspended_on, policy_id, version_id, rule, objection_days, term_days, term_months, served_on, recognised_on) = 0 AND NOT example
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
	-- The announced number is one of working days, which the proceeding counts; so many calendar days it is at least.
	CONSTRAINT list_entry_objection CHECK (served_on >= proposed_on AND objection_until >= served_on + objection_days),
	CONSTRAINT list_entry_after_objection CHECK (recognised_on > objection_until),
	CONSTRAINT list_entry_real_basis CHECK (origin = 'own' AND recognised_on IS NULL OR basis_rank NOT IN ('draft', 'assumption')),
	CONSTRAINT list_entry_term CHECK (listed_from >= recognised_on AND listed_until > listed_from AND listed_until < 'infinity'
		AND (origin = 'imported' OR listed_until <= listed_from
			+ make_interval(months => coalesce(term_months, 0), days => coalesce(term_days, 0)))),
	CONSTRAINT list_entry_suspension CHECK (suspended_on >= listed_from),
	CONSTRAINT list_entry_removed_after CHECK (removed_on >= least(listed_from, proposed_on) AND removed_on < 'infinity')
);

COMMENT ON CONSTRAINT list_entry_policy ON @extschema@.list_entry IS '办法、版本及其是否示例须与办法表一致 / policy, version and whether it is an example are those of the table of policies';
COMMENT ON CONSTRAINT list_entry_import_once ON @extschema@.list_entry IS '同一来源的同一文书只移入一次 / a document of a source is imported once';
COMMENT ON CONSTRAINT list_entry_proceeding ON @extschema@.list_entry IS '条目所属的名单认定程序 / the proceeding of the entry';
COMMENT ON CONSTRAINT list_entry_kind ON @extschema@.list_entry IS '名单须在 list_kind 内 / the list is one of list_kind';
COMMENT ON CONSTRAINT list_entry_revives ON @extschema@.list_entry IS '恢复列入的须有原条目 / what is revived was an entry';
COMMENT ON CONSTRAINT list_entry_list ON @extschema@.list_entry IS '本机关认定的名单为 red、black、watch、focus 之一 / a list recognised here is one of red, black, watch and focus';
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
COMMENT ON CONSTRAINT list_entry_suspension ON @extschema@.list_entry IS '暂停不早于列入 / no suspension before the entry is listed';
COMMENT ON CONSTRAINT list_entry_removed_after ON @extschema@.list_entry IS '移出不早于条目开始 / no removal before the entry began';

-- One proceeding at a time; where the time on the list has passed, there may be another.
CREATE UNIQUE INDEX list_entry_open ON @extschema@.list_entry (subject, list, policy_id, rule)
	WHERE recognised_on IS NULL AND removed_on IS NULL;
CREATE INDEX list_entry_by_proceeding ON @extschema@.list_entry (subject, proceeding_id) WHERE proceeding_id IS NOT NULL;
-- The functions name an entry by its number alone.
CREATE INDEX list_entry_by_number ON @extschema@.list_entry (entry_id);
-- The pages of the public lists, newest first, read from the index alone, and the look-up of one code.
CREATE INDEX list_entry_page ON @extschema@.list_entry (published, listed_from DESC, entry_id DESC)
	INCLUDE (listed_until, public_code, public_name, subject) WHERE published IS NOT NULL;
CREATE INDEX list_entry_public_code ON @extschema@.list_entry (public_code) WHERE published IS NOT NULL;

COMMENT ON TABLE @extschema@.list_entry IS '名单条目：认定程序的每一步均在行内 / entries of lists, with every step of their recognition in the row';
COMMENT ON COLUMN @extschema@.list_entry.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.list_entry.entry_id IS '条目编号 / number of the entry';
COMMENT ON COLUMN @extschema@.list_entry.proceeding_id IS '所属程序；移入条目为空 / its proceeding; NULL if imported';
COMMENT ON COLUMN @extschema@.list_entry.revives IS '所恢复的原条目 / number of the entry that it revives';
COMMENT ON COLUMN @extschema@.list_entry.policy_id IS '所依办法的编号，移入条目为空 / number of the policy it comes from; NULL if imported';
COMMENT ON COLUMN @extschema@.list_entry.version_id IS '所依版本的编号 / number of the version it comes from';
COMMENT ON COLUMN @extschema@.list_entry.objection_days IS '告知的异议期，工作日 / announced length of the objection period, in working days';
COMMENT ON COLUMN @extschema@.list_entry.term_days IS '列入期限（日），与 term_months 二者居一 / time on the list, in days; this or term_months';
COMMENT ON COLUMN @extschema@.list_entry.term_months IS '列入期限（月） / time on the list, in months';
COMMENT ON COLUMN @extschema@.list_entry.proposed_on IS '提出或移入日 / day of the proposal, or of the import';
COMMENT ON COLUMN @extschema@.list_entry.served_on IS '告知书送达日 / day on which the notice was served';
COMMENT ON COLUMN @extschema@.list_entry.objection_until IS '异议期末日（含） / last day on which the subject may object';
COMMENT ON COLUMN @extschema@.list_entry.recognised_on IS '认定日 / day of recognition';
COMMENT ON COLUMN @extschema@.list_entry.listed_from IS '列入首日 / first day on the list';
COMMENT ON COLUMN @extschema@.list_entry.listed_until IS '列入末日（含），期满自动退出 / last day on the list; it ends by itself';
COMMENT ON COLUMN @extschema@.list_entry.suspended_on IS '暂停之日，恢复后为空；暂停期间不公布 / day since which it is suspended; NULL when it resumes; not published meanwhile';
COMMENT ON COLUMN @extschema@.list_entry.removed_on IS '移出或终止日 / day of removal, or on which the proceeding was ended';
COMMENT ON COLUMN @extschema@.list_entry.listed_at IS '列入的知悉序位 / position at which the listing became known';
COMMENT ON COLUMN @extschema@.list_entry.removed_at IS '移出的知悉序位 / position at which the removal became known';
COMMENT ON COLUMN @extschema@.list_entry.example IS '出自示例办法，永不公布 / comes from an example policy; never published';
COMMENT ON COLUMN @extschema@.list_entry.list IS '名单：red 红名单，black 黑名单，watch 重点关注名单，focus 内部关注名单，移入的可为其他 / list: red, black, watch, the internal focus list, or one that was taken over';
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
				   AND o.key <> 'suspended_on' AND NOT (o.key IN ('listed_at', 'removed_at') AND o.value IN ('null', '"infinity"'))) THEN
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

-- The legal next step stands here alone: the refusals of the functions below read it too. With the rights of the reader, who sees the entries that
-- the table shows him: behind a barrier a page could not be read in the order of an index, and whether the basis holds would be asked of every row.
CREATE VIEW @extschema@.listing WITH (security_invoker) AS
SELECT e.subject, e.entry_id, e.list, e.origin, e.policy_id, e.rule, e.stage,
       CASE e.stage
            WHEN 'proposed' THEN 'serve_listing() once the notice is served, or remove_listing() to end it'
            WHEN 'objection' THEN format('recognize_listing() by another person from %s on, or remove_listing() to end it',
                                        to_char(e.objection_until + 1, 'YYYY-MM-DD'))
            WHEN 'ready' THEN 'recognize_listing() by another person, or remove_listing() to end it'
            WHEN 'suspended' THEN 'none: it resumes by itself when the facts in doubt are cleared, or by "resume" of its proceeding'
            WHEN 'listed' THEN format('remove_listing(); without it the entry ends after %s', to_char(e.listed_until, 'YYYY-MM-DD'))
            ELSE 'none: the entry has ended; propose_listing() starts another' END AS next_step,
       CASE WHEN e.origin = 'own' AND e.stage NOT IN ('expired', 'ended') THEN EXISTS (
            SELECT FROM @extschema@._list_basis AS b
             WHERE b.subject = e.subject AND b.policy_id = e.policy_id AND b.rule = e.rule AND b.list = e.list) END AS basis_holds,
       e.proceeding_id, e.suspended_on
  FROM (SELECT l.subject, l.entry_id, l.list, l.origin, l.policy_id, l.rule, l.objection_until, l.listed_until, l.proceeding_id, l.suspended_on,
               CASE WHEN l.removed_on IS NOT NULL THEN 'ended'
                    WHEN l.listed_until < @extschema@.today() THEN 'expired'
                    WHEN l.suspended_on IS NOT NULL THEN 'suspended'
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
COMMENT ON COLUMN @extschema@.listing.stage IS '阶段：proposed 已提出，objection 异议期内，ready 待认定，listed 在列，suspended 暂停，expired 期满，ended 已移出或终止 / stage: proposed, objection, ready, listed, suspended, expired, ended';
COMMENT ON COLUMN @extschema@.listing.next_step IS '合法的下一步 / legal next step';
COMMENT ON COLUMN @extschema@.listing.basis_holds IS '评价结果是否仍指向该名单；移入或已结束的为空 / whether the standing still names the list; NULL if imported or ended';
COMMENT ON COLUMN @extschema@.listing.proceeding_id IS '程序编号，步骤、期间与申诉见 proceeding_today / its proceeding: steps, periods and appeal are in proceeding_today';
COMMENT ON COLUMN @extschema@.listing.suspended_on IS '暂停之日 / day since which it is suspended';

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
	-- in the order of whoever writes records: the subject, then its entries
	PERFORM @extschema@._lock_standing(e.subject) FROM @extschema@.list_entry AS e WHERE e.entry_id = entry;
	SELECT * INTO found_entry FROM @extschema@.list_entry AS e WHERE e.entry_id = entry FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'list entry % does not exist', entry
			USING ERRCODE = 'undefined_object',
			      HINT = 'The entries and their stages are in citycredit.listing.';
	END IF;
	PERFORM @extschema@._require_sight(found_entry.subject);
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
CREATE FUNCTION @extschema@._proposal_basis(subject @extschema@.subject_code, list text, policy text, rule text) RETURNS @extschema@._list_basis
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $proposal_basis$
DECLARE
	found_basis @extschema@._list_basis;
	current_entry bigint;
	next_step text;
BEGIN
	PERFORM FROM @extschema@.policy AS p WHERE p.policy = _proposal_basis.policy;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'policy "%" does not exist', policy
			USING ERRCODE = 'undefined_object',
			      HINT = 'The policies are in citycredit.policy.';
	END IF;

	PERFORM @extschema@._lock_standing(subject);
	SELECT * INTO found_basis FROM @extschema@._list_basis AS b
	 WHERE b.subject OPERATOR(@extschema@.=) _proposal_basis.subject AND b.policy = _proposal_basis.policy
	   AND b.rule = _proposal_basis.rule AND b.list = _proposal_basis.list;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'subject "%" is no candidate for the % list by rule "%" of policy "%"', subject, list, rule, policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Its standing on %s does not name that list.', @extschema@.today()),
			      HINT = 'Candidates are in citycredit.list_candidate; citycredit.explain() says why.';
	END IF;
	SELECT l.entry_id, l.next_step INTO current_entry, next_step FROM @extschema@.listing AS l
	 WHERE l.subject OPERATOR(@extschema@.=) _proposal_basis.subject AND l.policy_id = found_basis.policy_id
	   AND l.rule = _proposal_basis.rule AND l.list = _proposal_basis.list AND l.stage NOT IN ('expired', 'ended');
	IF FOUND THEN
		RAISE EXCEPTION 'subject "%" already has an entry for the % list by rule "%" of policy "%"', subject, list, rule, policy
			USING ERRCODE = 'unique_violation', CONSTRAINT = 'list_entry_open',
			      DETAIL = format('The legal next step of entry %s is %s.', current_entry, next_step),
			      HINT = 'The entries and their stages are in citycredit.listing.';
	END IF;
	RETURN found_basis;
END
$proposal_basis$;
REVOKE ALL ON FUNCTION @extschema@._proposal_basis(@extschema@.subject_code, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._proposal_basis(@extschema@.subject_code, text, text, text) IS '候选的依据；非候选或已有条目即拒绝 / basis of a candidate; refused for who is none or has an entry';

CREATE FUNCTION @extschema@._parameter_on(policy text, rule text, day date) RETURNS @extschema@.list_parameter
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $parameter_on$
DECLARE
	found_parameter @extschema@.list_parameter;
BEGIN
	SELECT p.* INTO found_parameter FROM @extschema@.list_parameter AS p
	 WHERE p.policy = _parameter_on.policy AND p.rule = _parameter_on.rule AND day BETWEEN p.valid_from AND p.valid_until
	 ORDER BY p.valid_from DESC LIMIT 1;
	RETURN found_parameter;
END
$parameter_on$;
REVOKE ALL ON FUNCTION @extschema@._parameter_on(text, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._parameter_on(text, text, date) IS '某日有效的名单参数 / parameters of a list rule on a day';

-- What the step "propose" entails: checked for whoever opens the proceeding, by the friendly function or without it.
CREATE FUNCTION @extschema@._enter_proposal(p @extschema@.proceeding, s @extschema@.proceeding_step) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $enter_proposal$
DECLARE
	found_basis @extschema@._list_basis := @extschema@._proposal_basis(p.subject, p.about ->> 'list', p.about ->> 'policy', p.about ->> 'rule');
	parameter @extschema@.list_parameter := @extschema@._parameter_on(p.about ->> 'policy', p.about ->> 'rule', s.step_on);
	terms jsonb := p.terms || coalesce(s.data -> 'terms', '{}');
	term_months integer := coalesce((terms #>> '{term,months}')::integer, 12 * (terms #>> '{term,years}')::integer);
	term_days integer := (terms #>> '{term,days}')::integer;
	objection_days integer := (terms #>> '{objection,working_days}')::integer;
	home text := (SELECT u.district FROM @extschema@.subject AS u WHERE u.subject OPERATOR(@extschema@.=) p.subject);
	broken text;
BEGIN
	IF p.district <> home THEN
		RAISE EXCEPTION 'subject "%" belongs to another district', p.subject
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('It is registered in "%s"; the proposal says "%s".', home, p.district),
			      HINT = 'Competence follows the district of the subject: leave the district out, or give that one.';
	ELSIF objection_days IS NULL THEN
		RAISE EXCEPTION 'a proposal announces an objection period in working days'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give it as term "objection": {"working_days": N}; there is no default.';
	ELSIF num_nonnulls(term_months, term_days) <> 1 OR num_nonnulls(found_basis.term_months, found_basis.term_days) = 1
	      AND (coalesce(term_months, 0), coalesce(term_days, 0)) <> (coalesce(found_basis.term_months, 0), coalesce(found_basis.term_days, 0)) THEN
		RAISE EXCEPTION 'a proposal announces the term of the measure'
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('The measure says %s.', coalesce(found_basis.term_months || ' months', found_basis.term_days || ' days', 'none')),
			      HINT = 'Give it as term "term": {"months": N} or {"days": N}.';
	END IF;
	-- a candidate that was found first has its periods from here
	PERFORM @extschema@._check_term(p, e.key, e.value, s.step_on) FROM jsonb_each(terms) AS e;
	IF num_nulls(parameter.early_exit, terms -> 'minimum') = 0 AND @extschema@._shorter(s.step_on, parameter.early_exit, terms -> 'minimum') THEN
		PERFORM @extschema@._refuse_step('proceeding_step_term', 'period "minimum" is longer than what is set',
			format('It is %s; an early exit is possible after %s by %s.', terms -> 'minimum', parameter.early_exit, parameter.cite),
			'An officer may shorten it, not lengthen it.');
	END IF;
	-- 预警在先: the warning is the notice of the list that the measure puts before this one, served before this proposal
	IF parameter.after_rule IS NOT NULL AND NOT EXISTS (
			SELECT FROM @extschema@.list_entry AS w
			 WHERE w.subject OPERATOR(@extschema@.=) p.subject AND w.policy_id = found_basis.policy_id AND w.rule = parameter.after_rule
			   AND w.served_on < s.step_on AND (w.recognised_on IS NOT NULL OR w.removed_on IS NULL)) THEN
		RAISE EXCEPTION 'subject "%" was not warned before the proposal for the % list', p.subject, p.about ->> 'list'
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('%s wants the notice by rule "%s" to be served on an earlier day.', parameter.cite, parameter.after_rule),
			      HINT = 'Warn the subject first: propose it by that rule and serve the notice.';
	END IF;
	BEGIN
		INSERT INTO @extschema@.list_entry (subject, list, name, policy_id, version_id, example, rule, list_name, department, reason,
			basis_title, basis_rank, basis_article, objection_days, term_months, term_days, proposed_on, proposed_by, proceeding_id)
		VALUES (p.subject, found_basis.list, @extschema@._subject_name(p.subject), found_basis.policy_id, found_basis.version_id,
			found_basis.example, found_basis.rule, found_basis.name, p.department, s.reasons, found_basis.basis_title, found_basis.basis_rank,
			found_basis.basis_article, objection_days, term_months, term_days, s.step_on, s.actor, p.proceeding_id);
	EXCEPTION WHEN check_violation THEN
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
		PERFORM @extschema@._refuse_entry(broken);
	END;
END
$enter_proposal$;
REVOKE ALL ON FUNCTION @extschema@._enter_proposal(@extschema@.proceeding, @extschema@.proceeding_step) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._enter_proposal(@extschema@.proceeding, @extschema@.proceeding_step) IS '提出一步的内容：核对并写入条目 / what "propose" entails: checks, and the entry';

-- The notice announced a number of working days; where the calendar does not reach so far, nobody knows when they are over.
CREATE FUNCTION @extschema@._check_notice(e @extschema@.list_entry, served_on date, objection_until date) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $check_notice$
DECLARE
	earliest date := @extschema@.add_working_days(served_on, e.objection_days);
BEGIN
	IF earliest IS NULL OR objection_until IS NULL THEN
		PERFORM @extschema@._refuse_step('list_entry_objection', 'the end of the objection period is unknown',
			format('It is %s working days, and the calendar does not reach so far.', e.objection_days), 'Load the next year with citycredit.load_calendar().');
	ELSIF objection_until < earliest THEN
		PERFORM @extschema@._refuse_step('list_entry_objection', format('objection period until %s is shorter than announced', objection_until),
			format('Entry %s announced %s working days; served on %s it may end on %s at the earliest.', e.entry_id, e.objection_days, served_on, earliest),
			'The first day is not counted (Civil Code, art. 201).');
	END IF;
END
$check_notice$;
REVOKE ALL ON FUNCTION @extschema@._check_notice(@extschema@.list_entry, date, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_notice(@extschema@.list_entry, date, date) IS '核对异议期不短于告知的工作日 / refuses an objection period shorter than announced';

-- An open objection against the listing, by number of the entry or of its proceeding. One that silence has upheld, and nobody has recorded yet, is open.
-- Whoever objects again after the period, when an objection was ended before, is heard, but keeps nobody waiting: else no listing would ever be recognised.
CREATE FUNCTION @extschema@._listing_objected(e @extschema@.list_entry) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = off AS $listing_objected$
BEGIN
	RETURN (SELECT min(o.proceeding_id) FILTER (WHERE NOT o.closed AND (o.opened_on > e.objection_until AND o.ended_before) IS NOT TRUE)
	          FROM (SELECT q.proceeding_id, q.closed, q.opened_on, bool_or(q.closed) OVER (ORDER BY q.proceeding_id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS ended_before
	                  FROM @extschema@.proceeding AS q
	                 WHERE q.subject OPERATOR(@extschema@.=) e.subject AND q.kind = 'objection'
	                   AND (q.about ->> 'entry_id' = e.entry_id::text OR q.about ->> 'proceeding_id' = e.proceeding_id::text)) AS o);
END
$listing_objected$;
REVOKE ALL ON FUNCTION @extschema@._listing_objected(@extschema@.list_entry) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._listing_objected(@extschema@.list_entry) IS '针对该条目的未结异议 / open objection against an entry, NULL if none';

CREATE FUNCTION @extschema@._recognise_entry(p @extschema@.proceeding, s @extschema@.proceeding_step, e @extschema@.list_entry) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $recognise_entry$
DECLARE
	found_basis @extschema@._list_basis;
	objection bigint := @extschema@._listing_objected(e);
	heard_on date;
	broken text;
BEGIN
	IF s.step_on <> s.recorded_on THEN
		PERFORM @extschema@._refuse_step('list_entry_recognition', 'a recognition is not dated back',
			format('Its day is %s, today is %s.', s.step_on, s.recorded_on), 'Record it on its day.');
	ELSIF e.basis_rank IN ('draft', 'assumption') THEN
		PERFORM @extschema@._refuse_step('list_entry_real_basis', format('list entry %s has no basis in force', e.entry_id),
			format('The rank of "%s" is %s.', e.basis_title, e.basis_rank), 'End it with citycredit.remove_listing().');
	ELSIF objection IS NOT NULL THEN
		RAISE EXCEPTION 'an objection against list entry % is open', e.entry_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('It is proceeding %s.', objection),
			      HINT = 'Recognise the entry once the objection is decided.';
	ELSIF s.reasons = e.reason THEN
		-- 陈述申辩 is answered: what the notice said, it said before the subject was heard
		SELECT max(o.step_on) INTO heard_on FROM @extschema@.proceeding_step AS o
		 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id AND o.event = 'object';
		IF heard_on IS NOT NULL THEN
			PERFORM @extschema@._refuse_step('proceeding_step_reasons', '"recognise" needs reasons that answer the subject',
				format('It stated its case on %s; the reasons are those of the notice.', heard_on),
				'Say in "reasons" why what it stated does not stand in the way.');
		END IF;
	END IF;

	PERFORM @extschema@._lock_standing(e.subject);
	SELECT b.* INTO found_basis FROM @extschema@._list_basis AS b
	  WHERE b.subject OPERATOR(@extschema@.=) e.subject AND b.policy_id = e.policy_id AND b.rule = e.rule AND b.list = e.list;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the basis of list entry % has fallen', e.entry_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('The standing of the subject on %s no longer names the %s list; the legal next step is remove_listing().', s.step_on, e.list),
			      HINT = 'End it with citycredit.remove_listing(); citycredit.explain() says what changed.';
	END IF;
	-- The subject was heard on what the notice said: a later version of the measure may not put another basis or term in its place.
	IF (found_basis.name, found_basis.basis_title, found_basis.basis_rank, found_basis.basis_article, found_basis.example)
	   <> (e.list_name, e.basis_title, e.basis_rank, e.basis_article, e.example)
	   OR num_nonnulls(found_basis.term_days, found_basis.term_months) = 1
	      AND (coalesce(found_basis.term_days, 0), coalesce(found_basis.term_months, 0)) <> (coalesce(e.term_days, 0), coalesce(e.term_months, 0)) THEN
		RAISE EXCEPTION 'the measure states another basis or term than the notice of list entry %', e.entry_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Version "%s" of policy "%s" is in force; its rule "%s" differs from the one announced.', found_basis.version,
			          found_basis.policy, e.rule),
			      HINT = 'End it with citycredit.remove_listing() and propose it anew by the version in force.';
	END IF;
	BEGIN
		UPDATE @extschema@.list_entry AS l
		   SET recognised_on = s.step_on, recognised_by = s.actor, listed_from = s.step_on, listed_until = (s.periods #>> '{term,due_on}')::date
		 WHERE l.subject OPERATOR(@extschema@.=) e.subject AND l.entry_id = e.entry_id;
	EXCEPTION WHEN check_violation THEN
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
		PERFORM @extschema@._refuse_entry(broken);
	END;
END
$recognise_entry$;
REVOKE ALL ON FUNCTION @extschema@._recognise_entry(@extschema@.proceeding, @extschema@.proceeding_step, @extschema@.list_entry) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._recognise_entry(@extschema@.proceeding, @extschema@.proceeding_step, @extschema@.list_entry) IS '认定一步的内容 / what "recognise" entails';

-- Whether the records, as known now, made the subject a candidate on the day of its recognition; or, of a list made at a rating alone, whether the rating
-- that named it on that day still does, as corrected.
CREATE FUNCTION @extschema@._ground_stands(e @extschema@.list_entry) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = off AS $ground_stands$
BEGIN
	IF (SELECT l.at_rating FROM @extschema@.policy AS p CROSS JOIN LATERAL @extschema@.policy_list(p.policy, p.version) AS l
	     WHERE p.version_id = e.version_id AND l.rule = e.rule) THEN
		RETURN EXISTS (SELECT FROM @extschema@.rating AS r
		                 JOIN @extschema@.rating AS n ON n.subject OPERATOR(@extschema@.=) r.subject AND n.policy_id = r.policy_id AND n.rating = r.rating
		                  AND n.period_from = r.period_from AND n.superseded_at = 'infinity' AND e.rule = ANY (n.lists)
		                WHERE r.subject OPERATOR(@extschema@.=) e.subject AND r.policy_id = e.policy_id AND e.rule = ANY (r.lists)
		                  AND e.recognised_on BETWEEN r.valid_from AND r.valid_until);
	END IF;
	RETURN EXISTS (SELECT FROM @extschema@.policy AS p
	                CROSS JOIN LATERAL (SELECT @extschema@._require_version(p.policy, e.recognised_on)) AS v (id)
	                CROSS JOIN LATERAL @extschema@._outcome(e.subject, v.id, @extschema@._fold_subject(e.subject, v.id, e.recognised_on, 'infinity'),
	                               e.recognised_on, false) AS o
	                WHERE p.version_id = e.version_id AND e.rule = ANY (o.lists));
END
$ground_stands$;
REVOKE ALL ON FUNCTION @extschema@._ground_stands(@extschema@.list_entry) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._ground_stands(@extschema@.list_entry) IS '按现在所知，认定当日的依据是否成立 / whether the ground stands as on the day of recognition, by what is known now';

CREATE FUNCTION @extschema@._check_exit(p @extschema@.proceeding, s @extschema@.proceeding_step, e @extschema@.list_entry) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $check_exit$
DECLARE
	event record;
BEGIN
	IF s.event = 'exit_early' THEN
		-- 无新的失信行为: what is not verified is nothing to hold against anybody
		SELECT r.kind, r.document, r.decided_on INTO event FROM @extschema@.record AS r
		 WHERE r.subject OPERATOR(@extschema@.=) e.subject AND r.known_until = 'infinity' AND r.revoked_on IS NULL AND r.kind = 'penalty'
		   AND r.decided_on >= e.listed_from AND NOT EXISTS (
				SELECT FROM @extschema@.unverified_record AS u WHERE u.subject OPERATOR(@extschema@.=) r.subject AND u.record_id = r.record_id AND u.change_id IS NULL)
		 ORDER BY r.decided_on DESC LIMIT 1;
		IF FOUND THEN
			RAISE EXCEPTION 'list entry % cannot end early: something new has happened', e.entry_id
				USING ERRCODE = 'object_not_in_prerequisite_state',
				      DETAIL = format('Penalty "%s" was decided on %s; the entry began on %s.', event.document, event.decided_on, e.listed_from),
				      HINT = 'Without it the entry ends by itself at the end of its term.';
		END IF;
	ELSIF s.event = 'basis_fallen' AND s.capacity <> 'system' AND (@extschema@._same_person(e.proposed_by, s.actor)
			OR NOT @extschema@._competent(p.department, p.kind, p.field, p.district, ARRAY['decider'])) AND @extschema@._ground_stands(e) THEN
		-- recording a fact takes any officer; letting somebody go whose ground stands is a decision
		RAISE EXCEPTION 'the ground of list entry % stands: its removal needs a second person who decides', e.entry_id
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('Judged as on %s, the records still name the %s list; "%s" proposed the entry.', e.recognised_on, e.list, e.proposed_by),
			      HINT = 'Ask another officer who decides for the department.';
	END IF;
END
$check_exit$;
REVOKE ALL ON FUNCTION @extschema@._check_exit(@extschema@.proceeding, @extschema@.proceeding_step, @extschema@.list_entry) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_exit(@extschema@.proceeding, @extschema@.proceeding_step, @extschema@.list_entry) IS '核对退出：提前退出无新的失信行为，依据仍在的移出须由决定人作出 / checks an exit';

-- Fraud in what let the subject go revives the entry for what is left of its term: a row of its own, for the time between was free of the list.
CREATE FUNCTION @extschema@._revive_entry(p @extschema@.proceeding, s @extschema@.proceeding_step, e @extschema@.list_entry) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $revive_entry$
DECLARE
	left_by text;
BEGIN
	SELECT b.event INTO left_by FROM @extschema@.proceeding_step AS b
	 WHERE b.subject OPERATOR(@extschema@.=) p.subject AND b.proceeding_id = p.proceeding_id AND b.seq = s.seq - 1;
	IF s.capacity <> 'system' OR left_by <> 'exit_by_repair' THEN
		RAISE EXCEPTION 'list entry % is revived by the revocation of its repair alone', e.entry_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('It ended by "%s".', left_by),
			      HINT = 'Revoke the repair, after notice and by another decider; or propose a new entry.';
	ELSIF s.step_on > e.listed_until THEN
		RAISE EXCEPTION 'the term of list entry % has run', e.entry_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('It ended on %s.', e.listed_until),
			      HINT = 'Propose a new entry, if the subject is a candidate.';
	END IF;
	INSERT INTO @extschema@.list_entry (subject, list, name, policy_id, version_id, example, rule, list_name, department, reason, basis_title, basis_rank,
		basis_article, objection_days, term_months, term_days, proposed_on, proposed_by, served_on, served_by, service_method, objection_until,
		recognised_on, recognised_by, listed_from, listed_until, proceeding_id, revives)
	VALUES (e.subject, e.list, e.name, e.policy_id, e.version_id, e.example, e.rule, e.list_name, e.department, e.reason, e.basis_title, e.basis_rank,
		e.basis_article, e.objection_days, e.term_months, e.term_days, e.proposed_on, e.proposed_by, e.served_on, e.served_by, e.service_method,
		e.objection_until, e.recognised_on, e.recognised_by, s.step_on, e.listed_until, e.proceeding_id, e.entry_id);
END
$revive_entry$;
REVOKE ALL ON FUNCTION @extschema@._revive_entry(@extschema@.proceeding, @extschema@.proceeding_step, @extschema@.list_entry) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._revive_entry(@extschema@.proceeding, @extschema@.proceeding_step, @extschema@.list_entry) IS '恢复列入一步的内容 / what "revive" entails';

CREATE FUNCTION @extschema@._on_listing(subject @extschema@.subject_code, proceeding_id bigint, seq integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $on_listing$
DECLARE
	p @extschema@.proceeding;
	s @extschema@.proceeding_step;
	e @extschema@.list_entry;
BEGIN
	SELECT o.* INTO STRICT p FROM @extschema@.proceeding AS o
	 WHERE o.subject OPERATOR(@extschema@.=) _on_listing.subject AND o.proceeding_id = _on_listing.proceeding_id;
	SELECT o.* INTO STRICT s FROM @extschema@.proceeding_step AS o
	 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id AND o.seq = _on_listing.seq;
	IF NOT p.about ?& ARRAY['list', 'policy', 'rule'] THEN
		RAISE EXCEPTION 'a listing is about a list, a policy and a rule'
			USING ERRCODE = 'invalid_parameter_value', DETAIL = format('This one is about %s.', p.about),
			      HINT = 'Candidates are in citycredit.list_candidate.';
	ELSIF s.event = 'propose' THEN
		PERFORM @extschema@._enter_proposal(p, s);
		RETURN;
	END IF;
	SELECT o.* INTO e FROM @extschema@.list_entry AS o
	 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id ORDER BY o.entry_id DESC LIMIT 1 FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RETURN;					-- a candidate that nobody has proposed
	ELSIF s.event = 'notify' THEN
		PERFORM @extschema@._check_notice(e, s.served_on, (s.periods #>> '{objection,due_on}')::date);
		UPDATE @extschema@.list_entry AS l
		   SET served_on = s.served_on, served_by = s.actor, service_method = s.service_method, objection_until = (s.periods #>> '{objection,due_on}')::date
		 WHERE l.subject OPERATOR(@extschema@.=) e.subject AND l.entry_id = e.entry_id;
	ELSIF s.event = 'recognise' THEN
		PERFORM @extschema@._recognise_entry(p, s, e);
	ELSIF s.event IN ('suspend', 'resume') THEN
		UPDATE @extschema@.list_entry AS l SET suspended_on = CASE s.event WHEN 'suspend' THEN s.step_on END
		 WHERE l.subject OPERATOR(@extschema@.=) e.subject AND l.entry_id = e.entry_id;
	ELSIF s.event = 'revive' THEN
		PERFORM @extschema@._revive_entry(p, s, e);
	ELSIF s.to_state IN ('removed', 'dropped') THEN
		PERFORM @extschema@._check_exit(p, s, e);
		UPDATE @extschema@.list_entry AS l SET removed_on = s.step_on, removed_by = s.actor, removal_reason = coalesce(s.reasons, s.event)
		 WHERE l.subject OPERATOR(@extschema@.=) e.subject AND l.entry_id = e.entry_id;
	END IF;
END
$on_listing$;
REVOKE ALL ON FUNCTION @extschema@._on_listing(@extschema@.subject_code, bigint, integer) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._on_listing(@extschema@.subject_code, bigint, integer) IS '名单认定程序各步的内容：写入条目 / what the steps of a listing entail: they write the entry';

-- ---------------------------------------------------------------------------
-- What officers call
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.propose_listing(
	subject @extschema@.subject_code, list text, policy text, rule text, department text, reason text, objection_days integer,
	term_months integer DEFAULT NULL, term_days integer DEFAULT NULL, field text DEFAULT NULL, district text DEFAULT NULL,
	early_exit jsonb DEFAULT NULL, appeal jsonb DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $propose_listing$
DECLARE
	found_basis @extschema@._list_basis;
	parameter @extschema@.list_parameter;
	matter jsonb := jsonb_build_object('list', list, 'policy', policy, 'rule', rule);
	set_terms record;
	terms jsonb;
	found_candidate bigint;
	id bigint;
BEGIN
	PERFORM @extschema@._require_sight(propose_listing.subject);
	IF num_nulls(subject, list, policy, rule, department, reason, objection_days) > 0 THEN
		RAISE EXCEPTION 'a proposal needs subject, list, policy, rule, department, reason and objection_days'
			USING ERRCODE = 'null_value_not_allowed',
			      HINT = 'objection_days is the number of working days that the notice will announce; there is no default.';
	END IF;
	found_basis := @extschema@._proposal_basis(subject, list, policy, rule);
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
	IF btrim(reason, E' \t\n\u3000') = '' OR objection_days <= 0 THEN
		PERFORM @extschema@._refuse_entry(CASE WHEN objection_days <= 0 THEN 'list_entry_periods' ELSE 'list_entry_texts' END);
	END IF;
	parameter := @extschema@._parameter_on(policy, rule, @extschema@.today());
	set_terms := @extschema@._set_terms('listing', propose_listing.field, '{}');
	terms := set_terms.terms || jsonb_strip_nulls(jsonb_build_object(
		'objection', jsonb_build_object('working_days', objection_days),
		'term', CASE WHEN term_months IS NOT NULL THEN jsonb_build_object('months', term_months) ELSE jsonb_build_object('days', term_days) END,
		'minimum', coalesce(early_exit, parameter.early_exit), 'appeal', coalesce(appeal, parameter.appeal)));
	SELECT o.proceeding_id INTO found_candidate FROM @extschema@.proceeding AS o
	 WHERE o.subject OPERATOR(@extschema@.=) propose_listing.subject AND o.kind = 'listing' AND o.state = 'candidate' AND o.about = matter
	   AND o.department = propose_listing.department;
	IF found_candidate IS NULL THEN
		id := @extschema@._open_proceeding(subject, 'listing', 'propose', department, matter, field, district, terms, set_terms.on_overdue,
			jsonb_build_object('reasons', reason), NULL);
	ELSE
		PERFORM @extschema@._advance_proceeding(subject, found_candidate, 'propose',
			jsonb_build_object('reasons', reason, 'data', jsonb_build_object('terms', terms)), NULL);
		id := found_candidate;
	END IF;
	RETURN (SELECT e.entry_id FROM @extschema@.list_entry AS e WHERE e.subject OPERATOR(@extschema@.=) propose_listing.subject AND e.proceeding_id = id);
END
$propose_listing$;
REVOKE ALL ON FUNCTION @extschema@.propose_listing(@extschema@.subject_code, text, text, text, text, text, integer, integer, integer, text, text, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.propose_listing(@extschema@.subject_code, text, text, text, text, text, integer, integer, integer, text, text, jsonb, jsonb) IS
	'提出列入名单，返回条目编号；objection_days 为工作日 / proposes a candidate for a list, returns the number of the entry; objection_days are working days';

-- An entry written before its registry had proceedings, or taken over, has none to go on with.
CREATE FUNCTION @extschema@._advance_entry(e @extschema@.list_entry, event text, details jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $advance_entry$
BEGIN
	IF e.proceeding_id IS NULL THEN
		RAISE EXCEPTION 'list entry % has no proceeding', e.entry_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = 'It was not proposed here.',
			      HINT = 'It can be ended with citycredit.remove_listing().';
	END IF;
	PERFORM @extschema@._advance_proceeding(e.subject, e.proceeding_id, event, details, NULL);
END
$advance_entry$;
REVOKE ALL ON FUNCTION @extschema@._advance_entry(@extschema@.list_entry, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._advance_entry(@extschema@.list_entry, text, jsonb) IS '推进条目所属程序 / takes a step in the proceeding of an entry';

CREATE FUNCTION @extschema@.serve_listing(entry bigint, served_on date, method text, objection_until date DEFAULT NULL, document text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $serve_listing$
DECLARE
	found_entry @extschema@.list_entry;
BEGIN
	IF num_nulls(entry, served_on, method) > 0 THEN
		RAISE EXCEPTION 'a service needs entry, served_on and method'
			USING ERRCODE = 'null_value_not_allowed',
			      HINT = 'objection_until is counted in the working days announced, unless the notice states a later day.';
	END IF;
	found_entry := @extschema@._entry_for_step(entry, 'serve_listing', ARRAY['proposed']);
	IF served_on < found_entry.proposed_on OR served_on > @extschema@.today() THEN
		RAISE EXCEPTION 'day of service % is not between the proposal and today', served_on
			USING ERRCODE = 'datetime_field_overflow', CONSTRAINT = 'list_entry_objection',
			      DETAIL = format('Entry %s was proposed on %s; today is %s.', entry, found_entry.proposed_on, @extschema@.today()),
			      HINT = 'Record the service on or after the day of which the proof of service speaks.';
	END IF;
	PERFORM @extschema@._check_notice(found_entry, served_on,
		coalesce(objection_until, @extschema@.add_working_days(served_on, found_entry.objection_days)));
	PERFORM @extschema@._advance_entry(found_entry, 'notify', jsonb_build_object('served_on', served_on, 'service_method', method,
		-- a notice without a number of its own goes by that of the entry
		'service_document', coalesce(document, format('名单告知书 %s', entry)),
		'terms', jsonb_build_object('objection', CASE WHEN objection_until IS NULL THEN jsonb_build_object('working_days', found_entry.objection_days)
			ELSE jsonb_build_object('until', objection_until) END)));
END
$serve_listing$;
REVOKE ALL ON FUNCTION @extschema@.serve_listing(bigint, date, text, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.serve_listing(bigint, date, text, date, text) IS '登记告知书送达与异议期；末日为空则按告知的工作日计算 / records that the notice was served, and until when the subject may object; by default the working days announced';

CREATE FUNCTION @extschema@.recognize_listing(entry bigint, reasons text DEFAULT NULL, appeal_to text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $recognize_listing$
DECLARE
	found_entry @extschema@.list_entry := @extschema@._entry_for_step(entry, 'recognize_listing', ARRAY['objection', 'ready']);
BEGIN
	IF @extschema@._same_person(found_entry.proposed_by, @extschema@.actor()) THEN
		RAISE EXCEPTION 'list entry % was proposed by the same person', entry
			USING ERRCODE = 'invalid_role_specification',
			      DETAIL = format('"%s" proposed it; the legal next step is recognize_listing() by another person.', found_entry.proposed_by),
			      HINT = 'Ask another officer who decides for the department.';
	END IF;
	PERFORM @extschema@._advance_entry(found_entry, 'recognise', jsonb_strip_nulls(jsonb_build_object(
		'reasons', coalesce(reasons, found_entry.reason), 'appeal_to', appeal_to,
		'terms', jsonb_build_object('term', CASE WHEN found_entry.term_months IS NOT NULL THEN jsonb_build_object('months', found_entry.term_months)
			ELSE jsonb_build_object('days', found_entry.term_days) END))));
END
$recognize_listing$;
REVOKE ALL ON FUNCTION @extschema@.recognize_listing(bigint, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.recognize_listing(bigint, text, text) IS '认定列入：异议期满后由第二人作出；理由默认为告知的事由 / recognises an entry, after the objection period and by a second person; by default for the reason announced';

CREATE FUNCTION @extschema@.exit_listing_early(entry bigint, correction text, commitment text, reasons text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $exit_listing_early$
BEGIN
	IF num_nulls(entry, correction, commitment, reasons) > 0 THEN
		RAISE EXCEPTION 'an early exit needs entry, correction, commitment and reasons'
			USING ERRCODE = 'null_value_not_allowed', HINT = 'correction and commitment are the documents that prove them.';
	END IF;
	PERFORM @extschema@._advance_entry(@extschema@._entry_for_step(entry, 'exit_listing_early', ARRAY['listed']), 'exit_early', jsonb_build_object('reasons', reasons,
		'evidence', jsonb_build_array(jsonb_build_object('kind', 'correction', 'reference', correction),
			jsonb_build_object('kind', 'commitment', 'reference', commitment))));
END
$exit_listing_early$;
REVOKE ALL ON FUNCTION @extschema@.exit_listing_early(bigint, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.exit_listing_early(bigint, text, text, text) IS '提前退出：最短期间已满、已纠正、已承诺、无新的失信行为 / early exit: minimum time, correction, pledge, and nothing new';

CREATE FUNCTION @extschema@.remove_listing(entry bigint, removed_on date, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $remove_listing$
DECLARE
	found_entry @extschema@.list_entry;
	broken text;
BEGIN
	IF num_nulls(entry, removed_on, reason) > 0 THEN
		RAISE EXCEPTION 'a removal needs entry, removed_on and reason'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	found_entry := @extschema@._entry_for_step(entry, 'remove_listing', ARRAY['proposed', 'objection', 'ready', 'listed', 'suspended']);
	IF removed_on < least(found_entry.listed_from, found_entry.proposed_on) OR removed_on > @extschema@.today() THEN
		RAISE EXCEPTION 'day of removal % is not between the beginning of the entry and today', removed_on
			USING ERRCODE = 'datetime_field_overflow', CONSTRAINT = 'list_entry_removed_after',
			      DETAIL = format('Entry %s began on %s; today is %s.', entry, least(found_entry.listed_from, found_entry.proposed_on),
			          @extschema@.today()),
			      HINT = 'A removal takes effect at once; record it on its day.';
	ELSIF btrim(reason) = '' THEN
		PERFORM @extschema@._refuse_entry('list_entry_removal');
	ELSIF found_entry.proceeding_id IS NOT NULL THEN
		PERFORM @extschema@._advance_entry(found_entry, CASE WHEN found_entry.recognised_on IS NULL THEN 'drop' ELSE 'basis_fallen' END,
			jsonb_build_object('on', removed_on, 'reasons', reason));
		RETURN;
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
DECLARE
	reason CONSTANT text := '列入依据的记录已撤销或更正 / the records it rested on were revoked or corrected';
	e @extschema@.list_entry;
BEGIN
	FOR e IN
		SELECT o.* FROM @extschema@.list_entry AS o
		 -- a listing can rest on the records of a linked subject
		 WHERE o.subject OPERATOR(@extschema@.=) ANY (ARRAY(
		           SELECT _end_fallen_listings.subject
		            UNION ALL
		           SELECT k.subject FROM @extschema@._link AS k
		            WHERE k.other OPERATOR(@extschema@.=) _end_fallen_listings.subject AND k.known_until = 'infinity'))
		   AND o.origin = 'own' AND o.recognised_on IS NOT NULL
		   AND o.removed_on IS NULL AND o.listed_until >= @extschema@.today() ORDER BY o.subject, o.entry_id
	LOOP
		CONTINUE WHEN @extschema@._ground_stands(e);
		IF e.proceeding_id IS NOT NULL THEN
			PERFORM @extschema@._advance_proceeding(e.subject, e.proceeding_id, 'basis_fallen', jsonb_build_object('reasons', reason), 'system');
		ELSE
			UPDATE @extschema@.list_entry AS l SET removed_on = @extschema@.today(), removed_by = @extschema@.actor(), removal_reason = reason
			 WHERE l.subject OPERATOR(@extschema@.=) e.subject AND l.entry_id = e.entry_id;
		END IF;
	END LOOP;
END
$end_fallen$;
REVOKE ALL ON FUNCTION @extschema@._end_fallen_listings(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._end_fallen_listings(@extschema@.subject_code) IS
	'终止依据已失的名单条目 / ends the subject''s listings whose basis has fallen';

-- For the repair of a listing: ends the entry, and, where the repair is revoked for fraud, revives it for what is left of its term.
CREATE FUNCTION @extschema@._leave_by_repair(subject @extschema@.subject_code, entry_id bigint, repair bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $leave_by_repair$
DECLARE
	proceeding_id bigint := (SELECT e.proceeding_id FROM @extschema@.list_entry AS e
	                          WHERE e.subject OPERATOR(@extschema@.=) _leave_by_repair.subject AND e.entry_id = _leave_by_repair.entry_id);
	reason text := format('信用修复退出，程序 %s / left through repair, proceeding %1$s', repair);
BEGIN
	IF proceeding_id IS NOT NULL THEN
		PERFORM @extschema@._advance_proceeding(subject, proceeding_id, 'exit_by_repair', jsonb_build_object('reasons', reason,
			'evidence', jsonb_build_array(jsonb_build_object('kind', 'repair', 'reference', repair::text))), 'system');
	ELSE
		UPDATE @extschema@.list_entry AS e SET removed_on = @extschema@.today(), removed_by = @extschema@.actor(), removal_reason = reason
		 WHERE e.subject OPERATOR(@extschema@.=) _leave_by_repair.subject AND e.entry_id = _leave_by_repair.entry_id AND e.removed_on IS NULL;
	END IF;
END
$leave_by_repair$;
REVOKE ALL ON FUNCTION @extschema@._leave_by_repair(@extschema@.subject_code, bigint, bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._leave_by_repair(@extschema@.subject_code, bigint, bigint) IS '因修复退出名单，供信用修复调用 / ends an entry through a repair; for the module of repairs';

CREATE FUNCTION @extschema@._revive_after_fraud(subject @extschema@.subject_code, entry_id bigint, reason text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $revive_after_fraud$
DECLARE
	e @extschema@.list_entry;
BEGIN
	SELECT o.* INTO e FROM @extschema@.list_entry AS o
	 WHERE o.subject OPERATOR(@extschema@.=) _revive_after_fraud.subject AND o.entry_id = _revive_after_fraud.entry_id;
	-- what its term would have ended meanwhile stays ended
	IF e.proceeding_id IS NULL OR e.listed_until < @extschema@.today() THEN
		RETURN NULL;
	END IF;
	PERFORM @extschema@._advance_proceeding(e.subject, e.proceeding_id, 'revive', jsonb_build_object('reasons', reason), 'system');
	RETURN (SELECT max(o.entry_id) FROM @extschema@.list_entry AS o WHERE o.subject OPERATOR(@extschema@.=) e.subject AND o.revives = e.entry_id);
END
$revive_after_fraud$;
REVOKE ALL ON FUNCTION @extschema@._revive_after_fraud(@extschema@.subject_code, bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._revive_after_fraud(@extschema@.subject_code, bigint, text) IS '修复因弄虚作假被撤销，恢复列入，返回新条目；期限已过为空 / revives an entry whose repair was revoked for fraud, returns the new one; NULL if its term has run';

-- A fact in doubt takes nobody off the red list, and nobody is praised over it: the entry is suspended until the fact is cleared. In doubt is a record
-- that waits for a second person and could count against the subject; or, where the standing no longer names the list, any that waits.
CREATE FUNCTION @extschema@._doubt_listings(subjects @extschema@.subject_code[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $doubt_listings$
DECLARE
	e @extschema@.list_entry;
	state text;
	doubtful boolean;
BEGIN
	FOR e IN
		SELECT o.* FROM @extschema@.list_entry AS o
		 WHERE o.subject OPERATOR(@extschema@.=) ANY (subjects) AND o.list = 'red' AND o.proceeding_id IS NOT NULL AND o.recognised_on IS NOT NULL
		   AND o.removed_on IS NULL AND o.listed_until >= @extschema@.today() ORDER BY o.subject, o.entry_id
	LOOP
		SELECT p.state INTO state FROM @extschema@.proceeding AS p WHERE p.subject OPERATOR(@extschema@.=) e.subject AND p.proceeding_id = e.proceeding_id;
		SELECT count(*) > 0 INTO doubtful FROM @extschema@.unverified_record AS r
		 WHERE r.subject OPERATOR(@extschema@.=) e.subject
		   AND (r.kind IN ('penalty', 'inspection', 'act', 'commitment') OR NOT EXISTS (
				SELECT FROM @extschema@._list_basis AS b
				 WHERE b.subject OPERATOR(@extschema@.=) e.subject AND b.policy_id = e.policy_id AND b.rule = e.rule AND b.list = e.list));
		IF doubtful AND state = 'listed' THEN
			PERFORM @extschema@._advance_proceeding(e.subject, e.proceeding_id, 'suspend',
				'{"reasons": "所涉记录待核 / a record about it waits for verification"}', 'system');
		ELSIF NOT doubtful AND state = 'suspended' AND (
				SELECT b.capacity = 'system' FROM @extschema@.proceeding_step AS b
				 WHERE b.subject OPERATOR(@extschema@.=) e.subject AND b.proceeding_id = e.proceeding_id AND b.event = 'suspend'
				 ORDER BY b.seq DESC LIMIT 1) THEN
			PERFORM @extschema@._advance_proceeding(e.subject, e.proceeding_id, 'resume',
				'{"reasons": "所涉记录已核 / the records about it are verified or gone"}', 'system');
		END IF;
	END LOOP;
END
$doubt_listings$;
REVOKE ALL ON FUNCTION @extschema@._doubt_listings(@extschema@.subject_code[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._doubt_listings(@extschema@.subject_code[]) IS '红名单条目因待核记录暂停、核清后恢复 / suspends red entries over records in doubt, and resumes them';

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
	PERFORM @extschema@._require_sight(import_listing.subject);
	IF num_nulls(subject, list, list_name, source, document, department, basis_title, basis_rank, basis_article, reason, listed_from,
			listed_until) > 0 THEN
		RAISE EXCEPTION 'an imported entry needs every argument'
			USING ERRCODE = 'null_value_not_allowed',
			      HINT = 'Give source, document and term as the list states them that is taken over.';
	END IF;
	PERFORM FROM @extschema@.list_kind AS k WHERE k.list = import_listing.list;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'list "%" does not exist', list
			USING ERRCODE = 'undefined_object', HINT = 'The kinds of lists are in citycredit.list_kind; the owner of the registry may add one.';
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

-- ---------------------------------------------------------------------------
-- Whom a list reaches, and what is left of it
-- ---------------------------------------------------------------------------

-- An entry that an objection has ended by silence is without effect from that day on, recorded or not.
CREATE VIEW @extschema@._entry_today AS
SELECT e.subject, e.entry_id, e.recognised_on, e.listed_from, e.listed_until, e.version_id, e.rule, e.list, e.list_name, e.department
  FROM @extschema@.list_entry AS e
 WHERE (e.recognised_on IS NOT NULL OR e.origin = 'imported') AND e.removed_on IS NULL AND e.suspended_on IS NULL AND NOT e.example
   AND @extschema@.today() BETWEEN e.listed_from AND e.listed_until
   AND NOT EXISTS (SELECT FROM @extschema@._upheld_by_silence AS u WHERE u.subject = e.subject AND u.about ->> 'entry_id' = e.entry_id::text);
COMMENT ON VIEW @extschema@._entry_today IS '当日有效的名单条目 / list entries in effect today';
COMMENT ON COLUMN @extschema@._entry_today.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@._entry_today.entry_id IS '条目编号 / number of the entry';
COMMENT ON COLUMN @extschema@._entry_today.recognised_on IS '认定日，移入的为空 / day of recognition; NULL: imported';
COMMENT ON COLUMN @extschema@._entry_today.listed_from IS '列入首日 / first day on the list';
COMMENT ON COLUMN @extschema@._entry_today.listed_until IS '列入末日（含） / last day on the list';
COMMENT ON COLUMN @extschema@._entry_today.version_id IS '办法版本 / version of the policy';
COMMENT ON COLUMN @extschema@._entry_today.rule IS '名单规则 / rule of the list';
COMMENT ON COLUMN @extschema@._entry_today.list IS '名单 / list';
COMMENT ON COLUMN @extschema@._entry_today.list_name IS '名单名称 / name of the list';
COMMENT ON COLUMN @extschema@._entry_today.department IS '认定部门 / department that recognised it';

-- By join: whoever leaves the list, or the office, is reached no longer, from that day on.
CREATE VIEW @extschema@.listed_person AS
SELECT e.subject, e.entry_id, k.other AS person, k.role, e.list, e.list_name, e.department, e.listed_from, e.listed_until
  FROM @extschema@._entry_today AS e
  JOIN @extschema@.policy AS p ON p.version_id = e.version_id
  JOIN @extschema@.list_parameter AS m ON m.policy = p.policy AND m.rule = e.rule AND e.recognised_on BETWEEN m.valid_from AND m.valid_until
  JOIN @extschema@._link AS k ON k.subject = e.subject AND k.role = ANY (m.linked_roles) AND k.known_until = 'infinity'
 WHERE @extschema@.today() BETWEEN k.valid_from AND k.valid_until;
COMMENT ON VIEW @extschema@.listed_person IS '在列主体的关联人员，按办法规定的角色；主体退出或关联终止即解除 / linked persons whom a list reaches by role; no longer when the entry or the link ends';
COMMENT ON COLUMN @extschema@.listed_person.subject IS '在列主体 / subject on the list';
COMMENT ON COLUMN @extschema@.listed_person.entry_id IS '条目编号 / number of the entry';
COMMENT ON COLUMN @extschema@.listed_person.person IS '关联主体 / linked subject';
COMMENT ON COLUMN @extschema@.listed_person.role IS '角色 / role';
COMMENT ON COLUMN @extschema@.listed_person.list IS '名单 / list';
COMMENT ON COLUMN @extschema@.listed_person.list_name IS '名单名称 / name of the list';
COMMENT ON COLUMN @extschema@.listed_person.department IS '认定部门 / department';
COMMENT ON COLUMN @extschema@.listed_person.listed_from IS '列入首日 / first day on the list';
COMMENT ON COLUMN @extschema@.listed_person.listed_until IS '列入末日 / last day on the list';

-- Repair leaves no note: what is repaired is not used. Nor does an entry that should not have been.
CREATE VIEW @extschema@.list_aftermath AS
SELECT x.subject, x.entry_id, x.list, x.list_name, x.department, x.listed_from, x.left_on, x.left_by, x.noted_until, x.cite
  FROM (SELECT e.subject, e.entry_id, e.list, e.list_name, e.department, e.listed_from, coalesce(e.removed_on, e.listed_until + 1) AS left_on,
               CASE WHEN e.removed_on IS NULL THEN 'expire' ELSE 'exit_early' END AS left_by,
               (coalesce(e.removed_on, e.listed_until + 1) + make_interval(months => m.aftermath_months))::date AS noted_until, m.cite
          FROM @extschema@.list_entry AS e
          JOIN @extschema@.policy AS p ON p.version_id = e.version_id
          JOIN @extschema@.list_parameter AS m ON m.policy = p.policy AND m.rule = e.rule AND e.recognised_on BETWEEN m.valid_from AND m.valid_until
         WHERE e.recognised_on IS NOT NULL AND NOT e.example AND m.aftermath_months IS NOT NULL
           AND (e.removed_on IS NULL AND e.listed_until < @extschema@.today()
                OR EXISTS (SELECT FROM @extschema@.proceeding_step AS s
                            WHERE s.subject = e.subject AND s.proceeding_id = e.proceeding_id AND s.event = 'exit_early' AND s.step_on = e.removed_on))) AS x
 WHERE @extschema@.today() BETWEEN x.left_on AND x.noted_until;
COMMENT ON VIEW @extschema@.list_aftermath IS '退出名单后的记载：期满或提前退出的，在办法规定的期限内；修复退出或依据消失的不记载 / note of who has left a list, for the months that the measure states; none after repair or where the basis fell';
COMMENT ON COLUMN @extschema@.list_aftermath.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.list_aftermath.entry_id IS '条目编号 / number of the entry';
COMMENT ON COLUMN @extschema@.list_aftermath.list IS '名单 / list';
COMMENT ON COLUMN @extschema@.list_aftermath.list_name IS '名单名称 / name of the list';
COMMENT ON COLUMN @extschema@.list_aftermath.department IS '认定部门 / department';
COMMENT ON COLUMN @extschema@.list_aftermath.listed_from IS '列入首日 / first day on the list';
COMMENT ON COLUMN @extschema@.list_aftermath.left_on IS '退出日 / day on which it left';
COMMENT ON COLUMN @extschema@.list_aftermath.left_by IS '退出方式：expire 期满，exit_early 提前 / how: by the end of the term, or early';
COMMENT ON COLUMN @extschema@.list_aftermath.noted_until IS '记载末日（含） / last day of the note';
COMMENT ON COLUMN @extschema@.list_aftermath.cite IS '依据条款 / clause';
