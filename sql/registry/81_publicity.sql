-- ---------------------------------------------------------------------------
-- Publicity: how long each record is public, by the regime that its day falls under, and what the public sees of it.
-- Three regimes: 发改办财金〔2019〕527号, 国家发展和改革委员会令第58号 (2023), 国家发展和改革委员会令第36号 (2026, with 国办发〔2025〕22号). What they leave open,
-- and what of them is known from reports only, is a dated rule in a table and never a constant here.
-- Nothing is stored: a period is computed when it is read, so it is right on every day and after every change of a record or a rule.
-- ---------------------------------------------------------------------------

-- ---------------------------------------------------------------------------
-- Rules: dated rows, entered by one policy editor, in force once another has approved them, never overwritten
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.publicity_rule_number AS bigint;
COMMENT ON SEQUENCE @extschema@.publicity_rule_number IS '公示规则编号，三张表共用 / numbers of the rules of publicity, one sequence for the three tables';

CREATE TABLE @extschema@.publicity_regime (
	rule_id            bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.publicity_rule_number'),
	approved_on        date,
	superseded_on      date NOT NULL DEFAULT 'infinity',
	in_force_from      date NOT NULL,
	in_force_until     date,
	class_rank         smallint NOT NULL,
	min_months         smallint NOT NULL CHECK (min_months >= 0),
	max_months         smallint NOT NULL,
	regime             text NOT NULL CHECK (btrim(regime) <> ''),
	title              text NOT NULL CHECK (btrim(title) <> ''),
	number             text NOT NULL CHECK (btrim(number) <> ''),
	class              text NOT NULL CHECK (class IN ('any', 'minor', 'ordinary', 'serious', 'specially_serious')),
	class_name         text NOT NULL,
	field              text,
	published          text NOT NULL CHECK (published IN ('yes', 'discretion')),
	start              text NOT NULL CHECK (start IN ('decision', 'document', 'service')),
	several_penalties  text CHECK (several_penalties IN ('longest', 'gravest')),
	at_max             text NOT NULL CHECK (at_max = 'off'),
	at_max_uncorrected text NOT NULL CHECK (at_max_uncorrected IN ('off', 'department')),
	repairable         text NOT NULL CHECK (repairable IN ('yes', 'no')),
	mark               text NOT NULL CHECK (mark IN ('S', 'N', 'assumption')),
	note               text,
	entered_by         text NOT NULL DEFAULT @extschema@.actor(),
	approved_by        text,
	CONSTRAINT publicity_regime_months CHECK (max_months >= min_months AND max_months > 0),
	CONSTRAINT publicity_regime_days CHECK (in_force_from <= in_force_until),
	CONSTRAINT publicity_regime_second_person CHECK (approved_by <> entered_by AND num_nonnulls(approved_by, approved_on) IN (0, 2))
);
COMMENT ON TABLE @extschema@.publicity_regime IS '公示制度：按日、失信类别和领域取一行，特别领域优先；只增不改，第二人批准后生效 / publicity regimes: one row by day, class and field, the special field first; never overwritten, in force once a second person has approved it';
COMMENT ON COLUMN @extschema@.publicity_regime.rule_id IS '规则编号 / number of the rule';
COMMENT ON COLUMN @extschema@.publicity_regime.approved_on IS '批准日，自此适用；随扩展提供的为无穷远 / applied from this day on; -infinity for what is shipped; NULL = not approved';
COMMENT ON COLUMN @extschema@.publicity_regime.superseded_on IS '被后一规则取代之日 / day on which a later rule took its place';
COMMENT ON COLUMN @extschema@.publicity_regime.in_force_from IS '制度施行日 / first day of the regime';
COMMENT ON COLUMN @extschema@.publicity_regime.in_force_until IS '制度最后一日；空为仍在施行 / last day of the regime; NULL: still in force';
COMMENT ON COLUMN @extschema@.publicity_regime.class_rank IS '类别次序，大者较重 / order of the classes: the greater the graver';
COMMENT ON COLUMN @extschema@.publicity_regime.min_months IS '最短公示期（月） / minimum in months';
COMMENT ON COLUMN @extschema@.publicity_regime.max_months IS '最长公示期（月） / maximum in months';
COMMENT ON COLUMN @extschema@.publicity_regime.regime IS '公示制度 / regime';
COMMENT ON COLUMN @extschema@.publicity_regime.title IS '文件标题 / title of the document';
COMMENT ON COLUMN @extschema@.publicity_regime.number IS '文号 / number of the document';
COMMENT ON COLUMN @extschema@.publicity_regime.class IS '失信类别，any 为不分类 / class of the breach; any: the regime has no classes';
COMMENT ON COLUMN @extschema@.publicity_regime.class_name IS '类别名称 / name of the class';
COMMENT ON COLUMN @extschema@.publicity_regime.field IS '特别领域；空为其余各领域 / special field; NULL: every other';
COMMENT ON COLUMN @extschema@.publicity_regime.published IS '是否公示：yes，discretion 部门认为确有必要的才公示 / published: yes, or only where the department thinks it necessary';
COMMENT ON COLUMN @extschema@.publicity_regime.start IS '起算：decision 决定日，document 认定文书之日，service 送达日 / counted from the decision, the document that found it, or its service';
COMMENT ON COLUMN @extschema@.publicity_regime.several_penalties IS '一个决定有几种处罚：longest 最长的，gravest 最重的；空则依参数 / several penalties in one decision: longest or gravest; NULL: as the parameter says';
COMMENT ON COLUMN @extschema@.publicity_regime.at_max IS '届满：off 停止公示 / at the maximum: off';
COMMENT ON COLUMN @extschema@.publicity_regime.at_max_uncorrected IS '届满而未纠正：off 停止公示，department 按部门规定（参数） / at the maximum, uncorrected: off, or the department''s own rule (parameter uncorrected)';
COMMENT ON COLUMN @extschema@.publicity_regime.repairable IS '公示期内能否修复 / whether repair can end it earlier';
COMMENT ON COLUMN @extschema@.publicity_regime.mark IS '依据的可靠程度：S 原文，N 报道或解读，assumption 设定 / read in the document (S), in news or an interpretation (N), or assumed';
COMMENT ON COLUMN @extschema@.publicity_regime.note IS '说明 / remarks';
COMMENT ON COLUMN @extschema@.publicity_regime.entered_by IS '录入人 / who entered it';
COMMENT ON COLUMN @extschema@.publicity_regime.approved_by IS '批准人，不得为录入人 / who approved it; never who entered it';

CREATE TABLE @extschema@.publicity_class (
	rule_id         bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.publicity_rule_number'),
	approved_on     date,
	superseded_on   date NOT NULL DEFAULT 'infinity',
	amount_from_fen bigint CHECK (amount_from_fen >= 0),
	regime          text NOT NULL CHECK (btrim(regime) <> ''),
	class           text CHECK (class IN ('minor', 'ordinary', 'serious', 'specially_serious')),
	term            text NOT NULL CHECK (term IN ('procedure', 'penalty_kind', 'severity', 'list')),
	value           text,
	field           text,
	mark            text NOT NULL CHECK (mark IN ('S', 'N', 'assumption')),
	note            text,
	entered_by      text NOT NULL DEFAULT @extschema@.actor(),
	approved_by     text,
	CONSTRAINT publicity_class_amount CHECK (amount_from_fen IS NULL OR term = 'penalty_kind' AND value = 'fine'),
	CONSTRAINT publicity_class_second_person CHECK (approved_by <> entered_by AND num_nonnulls(approved_by, approved_on) IN (0, 2))
);
COMMENT ON TABLE @extschema@.publicity_class IS '失信类别的归类：符合几类的取最重；只增不改，第二人批准后生效 / class of a record under a regime, of several the gravest; never overwritten, in force once a second person has approved it';
COMMENT ON COLUMN @extschema@.publicity_class.rule_id IS '规则编号 / number of the rule';
COMMENT ON COLUMN @extschema@.publicity_class.approved_on IS '批准日，自此适用 / applied from this day on; NULL = not approved';
COMMENT ON COLUMN @extschema@.publicity_class.superseded_on IS '被后一规则取代之日 / day on which a later rule took its place';
COMMENT ON COLUMN @extschema@.publicity_class.amount_from_fen IS '罚款金额达到此数（分，含）时适用 / for fines of at least so many fen';
COMMENT ON COLUMN @extschema@.publicity_class.regime IS '公示制度 / regime';
COMMENT ON COLUMN @extschema@.publicity_class.class IS '失信类别；空为尚未规定 / class; NULL: not fixed yet';
COMMENT ON COLUMN @extschema@.publicity_class.term IS '所依据的记录要素；list 为名单条目本身的类别 / term of the record that decides; list: the class of an entry on a list itself';
COMMENT ON COLUMN @extschema@.publicity_class.value IS '要素的值；空为任何值 / its value; NULL: any';
COMMENT ON COLUMN @extschema@.publicity_class.field IS '限于某领域；空为各领域 / only in a field; NULL: every field';
COMMENT ON COLUMN @extschema@.publicity_class.mark IS '依据的可靠程度 / how certain: S, N or assumption';
COMMENT ON COLUMN @extschema@.publicity_class.note IS '说明 / remarks';
COMMENT ON COLUMN @extschema@.publicity_class.entered_by IS '录入人 / who entered it';
COMMENT ON COLUMN @extschema@.publicity_class.approved_by IS '批准人，不得为录入人 / who approved it; never who entered it';

-- What the regimes leave to somebody, by name:
--   regime_day        day that decides under which regime a record falls: decision, service, or as_of (the regime of the day that is asked for)
--   document_day      day of the document that found the breach, where a regime counts from it: decision or service
--   several_penalties where a regime says nothing: gravest or longest
--   unclassified      a record whose class cannot be told: withhold, or the class it is taken for
--   source_day        CF_GSJZQ of the source differs from the period: the earlier day, that of the source, or that of the regime
--   publish_minor     whether minor breaches are public (scope: authority)
--   uncorrected       uncorrected at the maximum: off or stay (scope: authority); whoever says stay answers for corrected_on being kept
--   publish_kind      whether records of a kind of subject are public at all (scope: kind of subject)
--   term              publicity of other records (scope: kind of record): months from the decision, or valid: as long as they are
--   openness          commitments that do not say how open they are: public or none
--   working_days      working days from the decision within which a record is to be public (双公示)
CREATE TABLE @extschema@.publicity_parameter (
	rule_id       bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.publicity_rule_number'),
	approved_on   date,
	superseded_on date NOT NULL DEFAULT 'infinity',
	name          text NOT NULL,
	scope         text,
	value         text NOT NULL,
	mark          text NOT NULL DEFAULT 'assumption' CHECK (mark IN ('S', 'N', 'assumption')),
	note          text,
	entered_by    text NOT NULL DEFAULT @extschema@.actor(),
	approved_by   text,
	CONSTRAINT publicity_parameter_value CHECK (CASE name
		WHEN 'regime_day' THEN scope IS NULL AND value IN ('decision', 'service', 'as_of')
		WHEN 'document_day' THEN scope IS NULL AND value IN ('decision', 'service')
		WHEN 'several_penalties' THEN scope IS NULL AND value IN ('gravest', 'longest')
		WHEN 'unclassified' THEN scope IS NULL AND value IN ('withhold', 'minor', 'ordinary', 'serious')
		WHEN 'source_day' THEN scope IS NULL AND value IN ('earlier', 'source', 'regime')
		WHEN 'publish_minor' THEN value IN ('yes', 'no')
		WHEN 'uncorrected' THEN value IN ('off', 'stay')
		WHEN 'publish_kind' THEN value IN ('yes', 'no')
			AND (scope IS NULL OR scope IN ('legal_person', 'other_organisation', 'individual_business', 'natural_person', 'government_body', 'official'))
		WHEN 'term' THEN value ~ '^(valid|[1-9][0-9]{0,2})$' AND scope IN ('permit', 'award', 'inspection', 'act', 'commitment')
		WHEN 'openness' THEN scope IS NULL AND value IN ('public', 'none')
		WHEN 'working_days' THEN scope IS NULL AND value ~ '^[1-9][0-9]?$'
		ELSE false END),
	CONSTRAINT publicity_parameter_second_person CHECK (approved_by <> entered_by AND num_nonnulls(approved_by, approved_on) IN (0, 2))
);
COMMENT ON TABLE @extschema@.publicity_parameter IS '公示参数：各制度留待规定之处；只增不改，第二人批准后生效 / parameters of publicity: what the regimes leave open; never overwritten, in force once a second person has approved it';
COMMENT ON COLUMN @extschema@.publicity_parameter.rule_id IS '规则编号 / number of the rule';
COMMENT ON COLUMN @extschema@.publicity_parameter.approved_on IS '批准日，自此适用 / applied from this day on; NULL = not approved';
COMMENT ON COLUMN @extschema@.publicity_parameter.superseded_on IS '被后一规则取代之日 / day on which a later rule took its place';
COMMENT ON COLUMN @extschema@.publicity_parameter.name IS '参数名：regime_day 适用制度之日，document_day 认定文书之日，several_penalties 数罚，unclassified 类别不明，source_day 来源截止日不符，publish_minor 轻微是否公示，uncorrected 届满未纠正，publish_kind 主体类别是否公示，term 其他记录公示期，openness 承诺公开程度不明，working_days 公示时限 / parameter: regime_day, document_day, several_penalties, unclassified, source_day, publish_minor, uncorrected, publish_kind, term, openness, working_days';
COMMENT ON COLUMN @extschema@.publicity_parameter.scope IS '适用范围：publish_minor、uncorrected 为机关代码，publish_kind 为主体类别，term 为记录类别；空为其余 / scope: authority, kind of subject or kind of record; NULL: every other';
COMMENT ON COLUMN @extschema@.publicity_parameter.value IS '取值 / value';
COMMENT ON COLUMN @extschema@.publicity_parameter.mark IS '依据的可靠程度 / how certain: S, N or assumption';
COMMENT ON COLUMN @extschema@.publicity_parameter.note IS '依据和说明 / basis, remarks';
COMMENT ON COLUMN @extschema@.publicity_parameter.entered_by IS '录入人 / who entered it';
COMMENT ON COLUMN @extschema@.publicity_parameter.approved_by IS '批准人，不得为录入人 / who approved it; never who entered it';

SELECT @extschema@._guard_rules(ARRAY['publicity_regime', 'publicity_class', 'publicity_parameter'], 'What was public on a past day is told by the rules of that day.',
	'Enter a new row and let another person approve it by citycredit.approve_publicity_rule(): it takes the place of the one before.');

INSERT INTO @extschema@.publicity_regime (approved_on, regime, title, number, in_force_from, in_force_until, class, class_rank, class_name, field, published,
	min_months, max_months, start, several_penalties, at_max, at_max_uncorrected, repairable, mark, note, entered_by, approved_by)
SELECT '-infinity', v.regime, v.title, v.number, v.in_force_from, v.in_force_until, v.class, v.class_rank, v.class_name, v.field, v.published,
       v.min_months, v.max_months, v.start, v.several_penalties, v.at_max, v.at_max_uncorrected, v.repairable, v.mark, v.note, 'shipped', @extschema@.actor()
  FROM @extschema@.shipped_publicity_regime AS v;
INSERT INTO @extschema@.publicity_class (approved_on, regime, class, term, value, field, mark, note, entered_by, approved_by)
SELECT '-infinity', v.regime, v.class, v.term, v.value, v.field, v.mark, v.note, 'shipped', @extschema@.actor()
  FROM @extschema@.shipped_publicity_class AS v;
INSERT INTO @extschema@.publicity_parameter (approved_on, name, scope, value, mark, note, entered_by, approved_by)
SELECT '-infinity', v.name, v.scope, v.value, v.mark, v.note, 'shipped', @extschema@.actor()
  FROM (VALUES
	('regime_day', NULL, 'decision', 'assumption', '施行前的决定如何过渡，未见规定'),
	('document_day', NULL, 'decision', 'assumption', '认定文书之日取决定日'),
	('several_penalties', NULL, 'gravest', 'assumption', '制度未规定时取最重的一类'),
	('unclassified', NULL, 'withhold', 'assumption', '类别不明的不公示，列入 publicity_undetermined 待部门认定'),
	('source_day', NULL, 'earlier', 'assumption', '来源所给截止日与制度不符时取较早者，有利于主体'),
	('publish_minor', NULL, 'no', 'N', '国家发展和改革委员会令第36号：轻微失信信息原则上不公示'),
	('uncorrected', NULL, 'off', 'assumption', '国家发展和改革委员会令第36号：届满未纠正的按主管部门规定；部门未作规定的停止公示'),
	('publish_kind', NULL, 'yes', 'assumption', NULL),
	('publish_kind', 'government_body', 'no', 'assumption', '政府机关的记录，办法规定的才公示'),
	('publish_kind', 'official', 'no', 'assumption', '公职人员的记录，办法规定的才公示'),
	('term', 'permit', 'valid', 'assumption', '许可有效期内'),
	('term', 'award', 'valid', 'assumption', '荣誉有效期内；未定期限的长期'),
	('term', 'commitment', 'valid', 'assumption', '承诺有效期内'),
	('term', 'inspection', '12', 'assumption', '行政检查的公示期未见规定'),
	('term', 'act', '12', 'assumption', '其他行政行为的公示期未见规定'),
	('openness', NULL, 'none', 'assumption', '未标明公开程度的承诺不公示'),
	('working_days', NULL, '7', 'S', '双公示：自作出决定之日起7个工作日内')
  ) AS v (name, scope, value, mark, note);

-- The parameters of a day, {name: {scope: value}}; what holds for every other scope stands under ''.
CREATE FUNCTION @extschema@._publicity_parameters(as_of date) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $publicity_parameters$
	SELECT jsonb_object_agg(n.name, n.scopes)
	  FROM (SELECT p.name, jsonb_object_agg(coalesce(p.scope, ''), p.value) AS scopes
	          FROM @extschema@.publicity_parameter AS p
	         WHERE p.approved_on <= as_of AND p.superseded_on > as_of AND (p.scope <> '') IS NOT FALSE
	         GROUP BY p.name) AS n
$publicity_parameters$;
REVOKE ALL ON FUNCTION @extschema@._publicity_parameters(date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._publicity_parameters(date) IS '某日的公示参数，按名称和范围 / parameters of publicity on a day, by name and scope';

-- Its names are bound when it is made (RETURN), so that it needs no SET, which would keep the expression out of the queries that call it for every record.
CREATE FUNCTION @extschema@._publicity_parameter(parameters jsonb, name text, scope text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(parameters OPERATOR(pg_catalog.->) name OPERATOR(pg_catalog.->>) scope,
	                parameters OPERATOR(pg_catalog.->) name OPERATOR(pg_catalog.->>) '');
REVOKE ALL ON FUNCTION @extschema@._publicity_parameter(jsonb, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._publicity_parameter(jsonb, text, text) IS '一项公示参数，特定范围优先 / a parameter of publicity, that of the scope first';

-- Another person puts a rule in force; the rule before, of the same key, ends.
CREATE FUNCTION @extschema@.approve_publicity_rule(rule_id bigint) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $approve_publicity_rule$
#variable_conflict use_column
DECLARE
	today constant date := @extschema@.today();
	rules text;
	rule_key text[];
	entered record;
	other text;
BEGIN
	-- one at a time: of two rules of one key the second sees the first
	LOCK TABLE @extschema@.publicity_regime, @extschema@.publicity_class, @extschema@.publicity_parameter IN SHARE ROW EXCLUSIVE MODE;
	SELECT v.rules, v.rule_key, v.entered_by, v.approved_on, v.row INTO entered
	  FROM (SELECT 'publicity_regime' AS rules, ARRAY['regime', 'class', 'field'] AS rule_key, r.rule_id, r.entered_by, r.approved_on, to_jsonb(r) AS row
	          FROM @extschema@.publicity_regime AS r
	        UNION ALL
	        SELECT 'publicity_class', ARRAY['regime', 'term', 'value', 'field', 'amount_from_fen'], c.rule_id, c.entered_by, c.approved_on, to_jsonb(c)
	          FROM @extschema@.publicity_class AS c
	        UNION ALL
	        SELECT 'publicity_parameter', ARRAY['name', 'scope'], p.rule_id, p.entered_by, p.approved_on, to_jsonb(p)
	          FROM @extschema@.publicity_parameter AS p) AS v
	 WHERE v.rule_id = approve_publicity_rule.rule_id;
	IF entered IS NULL THEN
		RAISE EXCEPTION 'rule of publicity % does not exist', approve_publicity_rule.rule_id
			USING ERRCODE = 'undefined_object',
			      HINT = 'The rules are in citycredit.publicity_regime, publicity_class and publicity_parameter.';
	END IF;
	PERFORM @extschema@._check_approval(format('rule of publicity %s', approve_publicity_rule.rule_id), entered.entered_by, entered.approved_on,
		'To change it, enter another row of the same key.');
	IF entered.rules = 'publicity_regime' THEN
		SELECT r.regime INTO other FROM @extschema@.publicity_regime AS r
		 WHERE r.approved_on IS NOT NULL AND r.superseded_on = 'infinity' AND r.regime <> entered.row ->> 'regime'
		   AND r.in_force_from <= coalesce((entered.row ->> 'in_force_until')::date, 'infinity')
		   AND coalesce(r.in_force_until, 'infinity') >= (entered.row ->> 'in_force_from')::date
		 LIMIT 1;
		IF other IS NOT NULL THEN
			RAISE EXCEPTION 'regimes "%" and "%" are in force on the same day', entered.row ->> 'regime', other
				USING ERRCODE = 'exclusion_violation', HINT = 'End the one before first, by rows of its own with in_force_until.';
		END IF;
	END IF;
	EXECUTE format('UPDATE @extschema@.%I AS r SET superseded_on = $1 WHERE r.rule_id <> $2 AND r.approved_on IS NOT NULL AND r.superseded_on = ''infinity'''
		|| ' AND (SELECT bool_and(to_jsonb(r) -> k.name = $3 -> k.name) FROM unnest($4) AS k (name))', entered.rules)
		USING today, approve_publicity_rule.rule_id, entered.row, entered.rule_key;
	EXECUTE format('UPDATE @extschema@.%I AS r SET approved_on = $1, approved_by = $2 WHERE r.rule_id = $3', entered.rules)
		USING today, @extschema@.actor(), approve_publicity_rule.rule_id;
	RETURN today;
END
$approve_publicity_rule$;
REVOKE ALL ON FUNCTION @extschema@.approve_publicity_rule(bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.approve_publicity_rule(bigint) IS
	'第二人批准一条公示规则，自当日起取代同一事项的前一规则；返回生效日 / a second person approves a rule of publicity: from today on it takes the place of the one of the same key; its first day';

-- ---------------------------------------------------------------------------
-- What a department determines of one record
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.publicity_setting_number AS bigint;
COMMENT ON SEQUENCE @extschema@.publicity_setting_number IS '公示认定编号 / numbers of settings of publicity';

-- For whoever decides repairs: a broken repair commitment is written by _set_publicity(subject, record_id, 'maximum', 'yes', reason), as the system.
CREATE TABLE @extschema@.publicity_setting (
	subject       @extschema@.subject_code NOT NULL,
	record_id     uuid NOT NULL,
	setting_id    bigint NOT NULL DEFAULT nextval('@extschema@.publicity_setting_number'),
	entered_on    date NOT NULL DEFAULT @extschema@.today(),
	approved_on   date,
	superseded_on date NOT NULL DEFAULT 'infinity',
	setting       text NOT NULL,
	value         text NOT NULL,
	reason        text NOT NULL CHECK (btrim(reason) <> ''),
	entered_by    text NOT NULL DEFAULT @extschema@.actor(),
	approved_by   text,
	PRIMARY KEY (subject, record_id, setting_id),
	CONSTRAINT publicity_setting_value CHECK (CASE setting
		WHEN 'class' THEN value IN ('minor', 'ordinary', 'serious', 'specially_serious')
		WHEN 'publish' THEN value IN ('yes', 'no')
		WHEN 'maximum' THEN value IN ('yes', 'no')
		ELSE false END),
	CONSTRAINT publicity_setting_second_person CHECK (approved_by <> entered_by AND num_nonnulls(approved_by, approved_on) IN (0, 2))
);
COMMENT ON TABLE @extschema@.publicity_setting IS '部门对单条记录公示的认定，第二人批准后生效 / what a department determines about the publicity of one record; in force once a second person has approved it';
COMMENT ON COLUMN @extschema@.publicity_setting.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.publicity_setting.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.publicity_setting.setting_id IS '编号 / number';
COMMENT ON COLUMN @extschema@.publicity_setting.entered_on IS '录入日 / day of entry';
COMMENT ON COLUMN @extschema@.publicity_setting.approved_on IS '批准日，自此适用 / applied from this day on; NULL = not approved';
COMMENT ON COLUMN @extschema@.publicity_setting.superseded_on IS '被后一认定取代之日 / day on which a later one took its place';
COMMENT ON COLUMN @extschema@.publicity_setting.setting IS '事项：class 失信类别，publish 轻微失信是否公示，maximum 违背修复承诺、公示至最长期限 / matter: class; publish, for minor breaches; maximum, after a broken repair commitment';
COMMENT ON COLUMN @extschema@.publicity_setting.value IS '认定 / what is determined';
COMMENT ON COLUMN @extschema@.publicity_setting.reason IS '理由 / reason';
COMMENT ON COLUMN @extschema@.publicity_setting.entered_by IS '录入人 / who entered it';
COMMENT ON COLUMN @extschema@.publicity_setting.approved_by IS '批准人，不得为录入人 / who approved it; never who entered it';
SELECT @extschema@._guard_rules(ARRAY['publicity_setting'], 'What was public on a past day is told by the rules of that day.',
	'Enter a new row and let another person approve it by citycredit.approve_publicity_rule(): it takes the place of the one before.');

CREATE FUNCTION @extschema@.determine_publicity(subject @extschema@.subject_code, record_id uuid, setting text, value text, reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $determine_publicity$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(determine_publicity.subject);
	current @extschema@.record := @extschema@._current_record(determine_publicity.subject, determine_publicity.record_id);
	number bigint;
BEGIN
	IF current.kind <> 'penalty' THEN
		RAISE EXCEPTION 'publicity of a record of kind % is not determined', current.kind
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'Classes and discretion are those of penalties.';
	ELSIF determine_publicity.setting = 'maximum' THEN
		RAISE EXCEPTION 'the maximum is not determined by hand'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'It follows from a broken repair commitment.';
	END IF;
	INSERT INTO @extschema@.publicity_setting (subject, record_id, setting, value, reason)
	VALUES (determine_publicity.subject, determine_publicity.record_id, determine_publicity.setting, determine_publicity.value, determine_publicity.reason)
	RETURNING setting_id INTO number;
	RETURN number;
END
$determine_publicity$;
REVOKE ALL ON FUNCTION @extschema@.determine_publicity(@extschema@.subject_code, uuid, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.determine_publicity(@extschema@.subject_code, uuid, text, text, text) IS
	'部门认定一条处罚记录的失信类别（class）或轻微失信是否公示（publish），返回编号；第二人批准后生效 / a department determines the class of a penalty (class), or whether a minor breach is public (publish); number of the setting, in force once a second person has approved it';

-- Puts a setting in force; the one before, of the same matter, ends.
CREATE FUNCTION @extschema@._apply_publicity(subject @extschema@.subject_code, record_id uuid, setting_id bigint, approver text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $apply_publicity$
#variable_conflict use_column
BEGIN
	UPDATE @extschema@.publicity_setting AS o SET superseded_on = @extschema@.today()
	  FROM @extschema@.publicity_setting AS n
	 WHERE n.subject OPERATOR(@extschema@.=) _apply_publicity.subject AND n.record_id = _apply_publicity.record_id AND n.setting_id = _apply_publicity.setting_id
	   AND o.subject OPERATOR(@extschema@.=) n.subject AND o.record_id = n.record_id AND o.setting = n.setting AND o.setting_id <> n.setting_id
	   AND o.approved_on IS NOT NULL AND o.superseded_on = 'infinity';
	UPDATE @extschema@.publicity_setting AS n SET approved_on = @extschema@.today(), approved_by = approver
	 WHERE n.subject OPERATOR(@extschema@.=) _apply_publicity.subject AND n.record_id = _apply_publicity.record_id AND n.setting_id = _apply_publicity.setting_id;
END
$apply_publicity$;
REVOKE ALL ON FUNCTION @extschema@._apply_publicity(@extschema@.subject_code, uuid, bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._apply_publicity(@extschema@.subject_code, uuid, bigint, text) IS '使一项公示认定生效 / puts a setting of publicity in force';

CREATE FUNCTION @extschema@.approve_publicity(subject @extschema@.subject_code, record_id uuid, setting_id bigint) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $approve_publicity$
#variable_conflict use_column
DECLARE
	entered @extschema@.publicity_setting;
BEGIN
	PERFORM @extschema@._require_sight(approve_publicity.subject);
	SELECT s.* INTO entered FROM @extschema@.publicity_setting AS s
	 WHERE s.subject OPERATOR(@extschema@.=) approve_publicity.subject AND s.record_id = approve_publicity.record_id
	   AND s.setting_id = approve_publicity.setting_id
	   FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'setting % of record "%" does not exist', approve_publicity.setting_id, approve_publicity.record_id
			USING ERRCODE = 'undefined_object', HINT = 'The settings are in citycredit.publicity_setting.';
	END IF;
	PERFORM @extschema@._check_approval(format('setting %s', approve_publicity.setting_id), entered.entered_by, entered.approved_on, 'To change it, determine it again.');
	PERFORM @extschema@._apply_publicity(entered.subject, entered.record_id, entered.setting_id, @extschema@.actor());
	RETURN @extschema@.today();
END
$approve_publicity$;
REVOKE ALL ON FUNCTION @extschema@.approve_publicity(@extschema@.subject_code, uuid, bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.approve_publicity(@extschema@.subject_code, uuid, bigint) IS
	'第二人批准一项公示认定，返回生效日 / a second person approves what was determined about the publicity of a record; its first day';

CREATE FUNCTION @extschema@._set_publicity(subject @extschema@.subject_code, record_id uuid, setting text, value text, reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $set_publicity$
#variable_conflict use_column
DECLARE
	number bigint;
BEGIN
	PERFORM @extschema@._current_record(_set_publicity.subject, _set_publicity.record_id);
	INSERT INTO @extschema@.publicity_setting (subject, record_id, setting, value, reason)
	VALUES (_set_publicity.subject, _set_publicity.record_id, _set_publicity.setting, _set_publicity.value, _set_publicity.reason)
	RETURNING setting_id INTO number;
	PERFORM @extschema@._apply_publicity(_set_publicity.subject, _set_publicity.record_id, number, '(system)');
END
$set_publicity$;
REVOKE ALL ON FUNCTION @extschema@._set_publicity(@extschema@.subject_code, uuid, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._set_publicity(@extschema@.subject_code, uuid, text, text, text) IS
	'由程序直接生效的公示认定，供信用修复等模块调用 / a setting of publicity that a proceeding has decided; for the functions of instances';

-- ---------------------------------------------------------------------------
-- The period
-- ---------------------------------------------------------------------------

-- Classes of a penalty under a regime; empty where it cannot be told. A kind of penalty that no rule classifies leaves the class open, unless
-- procedure or severity fix it, or another kind has the gravest class already: what is unknown could only add to it.
CREATE FUNCTION @extschema@._publicity_classes(regime text, kinds text[], procedure text, severities text[], fields text[], fine_fen bigint, as_of date)
RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $publicity_classes$
#variable_conflict use_column
DECLARE
	ranks jsonb;
	found text[];
	fixed boolean;
	open boolean;
BEGIN
	SELECT jsonb_object_agg(r.class, r.class_rank) INTO ranks FROM @extschema@.publicity_regime AS r
	 WHERE r.regime = _publicity_classes.regime AND r.approved_on <= as_of AND r.superseded_on > as_of;
	IF ranks ? 'any' THEN
		RETURN ARRAY['any'];
	END IF;
	WITH rule AS (
		SELECT DISTINCT ON (c.term, c.value, c.field) c.term, c.value, c.class
		  FROM @extschema@.publicity_class AS c
		 WHERE c.regime = _publicity_classes.regime AND c.approved_on <= as_of AND c.superseded_on > as_of
		   AND (c.field IS NULL OR c.field = ANY (fields))
		   AND CASE c.term WHEN 'procedure' THEN coalesce(c.value, _publicity_classes.procedure) = _publicity_classes.procedure
		                   WHEN 'severity' THEN c.value IS NULL AND severities <> '{}' OR c.value = ANY (severities)
		                   WHEN 'penalty_kind' THEN c.value = ANY (kinds) AND (c.amount_from_fen IS NULL OR c.amount_from_fen <= fine_fen) END
		 ORDER BY c.term, c.value, c.field, c.amount_from_fen DESC NULLS LAST
	)
	SELECT array_agg(DISTINCT u.class) FILTER (WHERE ranks ? u.class), coalesce(bool_or(u.term <> 'penalty_kind' AND ranks ? u.class), false),
	       kinds = '{}' OR EXISTS (SELECT FROM unnest(kinds) AS k (kind) WHERE NOT EXISTS (
	               SELECT FROM rule AS o WHERE o.term = 'penalty_kind' AND o.value = k.kind AND ranks ? o.class))
	  INTO found, fixed, open
	  FROM rule AS u;
	IF found IS NOT NULL AND (fixed OR NOT open OR (SELECT max((ranks ->> f.class)::int) FROM unnest(found) AS f (class))
	                                               = (SELECT max(e.value::int) FROM jsonb_each_text(ranks) AS e)) THEN
		RETURN found;
	END IF;
	RETURN '{}';
END
$publicity_classes$;
REVOKE ALL ON FUNCTION @extschema@._publicity_classes(text, text[], text, text[], text[], bigint, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._publicity_classes(text, text[], text, text[], text[], bigint, date) IS
	'处罚在某制度下的失信类别，不能确定为空数组 / classes of a penalty under a regime; empty where they cannot be told';

-- What a regime says of a penalty: how long, and from when. Penalties that agree in all of this fall under the same rule, so that it is looked up once
-- for many of them; regime_day NULL is a day that is not known.
CREATE FUNCTION @extschema@._publicity_rule(regime_day date, kinds text[], procedure text, severities text[], fields text[], fine_fen bigint, set_class text,
	parameters jsonb, as_of date,
	OUT regime text, OUT class text, OUT min_months smallint, OUT max_months smallint, OUT published text, OUT start text, OUT at_max_uncorrected text,
	OUT clause text, OUT undetermined boolean, OUT problem text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $publicity_rule$
DECLARE
	rule @extschema@.publicity_regime;
	classes text[];
	choice text;
BEGIN
	undetermined := false;
	SELECT r.regime, r.several_penalties INTO _publicity_rule.regime, choice FROM @extschema@.publicity_regime AS r
	 WHERE regime_day BETWEEN r.in_force_from AND coalesce(r.in_force_until, 'infinity') AND r.approved_on <= as_of AND r.superseded_on > as_of
	 LIMIT 1;
	IF _publicity_rule.regime IS NULL THEN
		problem := CASE WHEN regime_day IS NULL THEN 'day_unknown' ELSE 'no_regime' END;
		RETURN;
	END IF;

	classes := CASE WHEN set_class IS NOT NULL THEN ARRAY[set_class]
	                ELSE @extschema@._publicity_classes(_publicity_rule.regime, kinds, procedure, severities, fields, fine_fen, as_of) END;
	IF classes = '{}' THEN
		undetermined := true;
		classes := array_remove(ARRAY[nullif(@extschema@._publicity_parameter(parameters, 'unclassified', NULL), 'withhold')], NULL);
	END IF;
	choice := coalesce(choice, @extschema@._publicity_parameter(parameters, 'several_penalties', NULL));
	-- the row of a special field takes the place of the general one; of several fields or classes the longest or the gravest
	SELECT r.* INTO rule FROM @extschema@.publicity_regime AS r
	 WHERE r.regime = _publicity_rule.regime AND (r.class = ANY (classes) OR r.class = 'any') AND (r.field IS NULL OR r.field = ANY (fields))
	   AND regime_day BETWEEN r.in_force_from AND coalesce(r.in_force_until, 'infinity') AND r.approved_on <= as_of AND r.superseded_on > as_of
	   AND NOT (r.field IS NULL AND EXISTS (
			SELECT FROM @extschema@.publicity_regime AS s
			 WHERE s.regime = r.regime AND s.class = r.class AND s.field = ANY (fields) AND s.approved_on <= as_of AND s.superseded_on > as_of
			   AND regime_day BETWEEN s.in_force_from AND coalesce(s.in_force_until, 'infinity')))
	 ORDER BY CASE choice WHEN 'longest' THEN r.max_months END DESC, CASE choice WHEN 'longest' THEN r.min_months END DESC,
	          r.class_rank DESC, r.max_months DESC, r.min_months DESC, r.rule_id
	 LIMIT 1;
	IF NOT FOUND THEN
		undetermined := true;
		class := 'undetermined';
		problem := 'undetermined';
		RETURN;
	END IF;
	class := rule.class;
	min_months := rule.min_months;
	max_months := rule.max_months;
	published := rule.published;
	start := CASE WHEN rule.start = 'document' THEN @extschema@._publicity_parameter(parameters, 'document_day', NULL) ELSE rule.start END;
	at_max_uncorrected := rule.at_max_uncorrected;
	clause := format('%s（%s）%s', rule.title, rule.number, rule.class_name);
END
$publicity_rule$;
REVOKE ALL ON FUNCTION @extschema@._publicity_rule(date, text[], text, text[], text[], bigint, text, jsonb, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._publicity_rule(date, text[], text, text[], text[], bigint, text, jsonb, date) IS
	'处罚适用的公示规则 / what the regime of a day says of a penalty';

-- The days of a penalty under its rule, as of a day. An end is the last day that is public. One expression of its arguments with its names bound, which a
-- query over many penalties takes in; each step of the chain ends it earlier than the one before, or leaves it.
CREATE FUNCTION @extschema@._publicity_days(min_months smallint, max_months smallint, published text, start text, at_max_uncorrected text, problem text,
	decided_on date, served_on date, corrected_on date, repaired_on date, revoked_on date, source_until date, set_publish text, set_maximum boolean,
	authority text, parameters jsonb, as_of date)
RETURNS TABLE ("from" date, min_until date, max_until date, until date, reason text, regime_until date)
LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
	SELECT m."from", m.min_until, m.max_until,
	       CASE WHEN m.problem IS NULL THEN CASE WHEN revoked_on OPERATOR(pg_catalog.<=) r.until THEN revoked_on OPERATOR(pg_catalog.-) 1 ELSE r.until END END,
	       CASE WHEN m.problem IS NOT NULL THEN m.problem WHEN revoked_on OPERATOR(pg_catalog.<=) r.until THEN 'revoked' ELSE r.reason END,
	       CASE WHEN m.problem IS NULL THEN u.until END
	  FROM (SELECT f."from",
	               -- Civil Code, art. 201 and 202
	               @extschema@.add_months_civil(f."from", min_months) AS min_until, @extschema@.add_months_civil(f."from", max_months) AS max_until,
	               CASE WHEN problem IS NOT NULL THEN problem
	                    WHEN f."from" IS NULL THEN 'start_unknown'
	                    WHEN published OPERATOR(pg_catalog.=) 'discretion'
	                         AND coalesce(set_publish, @extschema@._publicity_parameter(parameters, 'publish_minor', authority)) OPERATOR(pg_catalog.<>) 'yes'
	                    THEN 'not_published' END AS problem
	          FROM (SELECT CASE WHEN problem IS NULL THEN CASE WHEN start OPERATOR(pg_catalog.=) 'service' THEN served_on ELSE decided_on END END AS "from") AS f
	        OFFSET 0) AS m
	 CROSS JOIN LATERAL (
		SELECT v.stays, CASE WHEN v.stays THEN coalesce(corrected_on OPERATOR(pg_catalog.-) 1, 'infinity') ELSE m.max_until END AS until
		  FROM (SELECT at_max_uncorrected OPERATOR(pg_catalog.=) 'department' AND as_of OPERATOR(pg_catalog.>) m.max_until
		               AND (corrected_on OPERATOR(pg_catalog.>) m.max_until) IS NOT FALSE
		               AND @extschema@._publicity_parameter(parameters, 'uncorrected', authority) OPERATOR(pg_catalog.=) 'stay' AS stays) AS v
		OFFSET 0) AS u
	 CROSS JOIN LATERAL (
		SELECT CASE WHEN NOT set_maximum AND CASE @extschema@._publicity_parameter(parameters, 'source_day', NULL)
		                                          WHEN 'earlier' THEN source_until OPERATOR(pg_catalog.<) u.until
		                                          WHEN 'source' THEN source_until OPERATOR(pg_catalog.<>) u.until ELSE false END
		            THEN source_until END AS until
		OFFSET 0) AS s
	 CROSS JOIN LATERAL (
		SELECT CASE WHEN NOT set_maximum AND repaired_on OPERATOR(pg_catalog.<=) coalesce(s.until, u.until) THEN repaired_on OPERATOR(pg_catalog.-) 1
		            ELSE coalesce(s.until, u.until) END AS until,
		       CASE WHEN set_maximum THEN 'commitment_broken'
		            WHEN repaired_on OPERATOR(pg_catalog.<=) coalesce(s.until, u.until) THEN 'repaired'
		            WHEN s.until IS NOT NULL THEN 'source' WHEN u.stays THEN 'uncorrected' ELSE 'maximum' END AS reason
		OFFSET 0) AS r;
END;
REVOKE ALL ON FUNCTION @extschema@._publicity_days(smallint, smallint, text, text, text, text, date, date, date, date, date, date, text, boolean, text, jsonb, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._publicity_days(smallint, smallint, text, text, text, text, date, date, date, date, date, date, text, boolean, text, jsonb, date) IS
	'一项处罚依规则的公示起止 / first and last days of a penalty''s publicity under a rule, as of a day';

-- Every current record of the subjects, of the kinds asked for. A decision whose kinds of penalty came as parts of one document is one decision.
-- The one definition of a period: publicity(), the published views and what officers look after read it.
CREATE FUNCTION @extschema@._publicity_set(subjects @extschema@.subject_code[], kinds text[], as_of date)
RETURNS TABLE (subject @extschema@.subject_code, record_id uuid, kind text, regime text, class text, "from" date, min_until date, max_until date, until date,
	reason text, clause text, undetermined boolean, regime_until date, source_until date)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan ROWS 50 AS $publicity_set$
#variable_conflict use_column
DECLARE
	-- Administrative Penalty Law (2021) art. 9, from the lightest to the heaviest
	heavier constant text[] := ARRAY['warning', 'notice_of_criticism', 'fine', 'confiscation_of_gains', 'confiscation_of_goods', 'suspension_of_licence',
		'downgrading', 'revocation_of_licence', 'restriction_of_business', 'suspension_of_business', 'closure', 'restriction_of_practice', 'detention'];
	parameters constant jsonb := @extschema@._publicity_parameters(as_of);
	regime_by constant text := @extschema@._publicity_parameter(parameters, 'regime_day', NULL);
	-- no regime begins or ends between two of these days, no class between two of these amounts
	eras constant date[] := ARRAY(SELECT DISTINCT d.day FROM @extschema@.publicity_regime AS r
		CROSS JOIN LATERAL (VALUES ('-infinity'::date), (r.in_force_from), (r.in_force_until + 1)) AS d (day) WHERE d.day IS NOT NULL ORDER BY d.day);
	amounts constant bigint[] := ARRAY(SELECT DISTINCT c.amount_from_fen FROM @extschema@.publicity_class AS c WHERE c.amount_from_fen IS NOT NULL ORDER BY 1);
BEGIN
	IF 'penalty' = ANY (kinds) THEN
		RETURN QUERY
		WITH penalty AS MATERIALIZED (
			SELECT r.subject, r.record_id, r.authority, r.document, r.procedure, r.severity, r.field, r.penalty_kind, r.decided_on, r.served_on,
			       r.corrected_on, r.repaired_on, r.revoked_on, r.publicity_until,
			       coalesce(r.detail ->> 'cf_cflb', concat_ws(';', r.detail ->> 'cf_cflb1', r.detail ->> 'cf_cflb2')) AS words,
			       coalesce(r.fine_fen, @extschema@._exchange_decimal(r.detail ->> 'cf_nr_fk', 6), CASE WHEN r.penalty_kind = 'fine' THEN r.amount_fen END) AS fine_fen
			  FROM @extschema@.record AS r
			 WHERE r.subject OPERATOR(@extschema@.=) ANY (subjects) AND r.known_until = 'infinity' AND r.kind = 'penalty'
		), form AS MATERIALIZED (
			SELECT w.words, l.kinds, l.heaviest
			  FROM (SELECT DISTINCT p.words FROM penalty AS p) AS w
			 CROSS JOIN LATERAL (
				SELECT coalesce(array_agg(DISTINCT coalesce(x.code, 'other')), '{}') AS kinds, heavier[max(array_position(heavier, x.code))] AS heaviest
				  FROM string_to_table(translate(w.words, '；', ';'), ';') AS p (label)
				  LEFT JOIN @extschema@.exchange_label AS x ON x.list = 'penalty_kind' AND x.label = split_part(@extschema@.normal_name(p.label), '-', 1)
				 WHERE btrim(p.label) <> '') AS l
		), several AS (
			SELECT p.subject, p.authority, p.document FROM penalty AS p WHERE p.revoked_on IS NULL GROUP BY p.subject, p.authority, p.document HAVING count(*) > 1
		), part AS MATERIALIZED (
			SELECT p.*, s.document AS decision,
			       -- kinds as the form gives them, unless a department has amended the heaviest
			       CASE WHEN f.heaviest = coalesce(p.penalty_kind, f.heaviest) OR p.penalty_kind IS NULL THEN f.kinds ELSE ARRAY[p.penalty_kind] END AS kinds
			  FROM penalty AS p
			  JOIN form AS f ON f.words = p.words
			  LEFT JOIN several AS s ON s.subject OPERATOR(@extschema@.=) p.subject AND s.authority = p.authority AND s.document = p.document AND p.revoked_on IS NULL
		), decision AS (
			SELECT p.subject, p.authority, p.document, array_agg(DISTINCT k.kind) FILTER (WHERE k.kind IS NOT NULL) AS kinds, max(p.fine_fen) AS fine_fen,
			       array_agg(DISTINCT p.severity) FILTER (WHERE p.severity IS NOT NULL) AS severities,
			       array_agg(DISTINCT p.field) FILTER (WHERE p.field IS NOT NULL) AS fields
			  FROM part AS p
			  LEFT JOIN LATERAL unnest(p.kinds) AS k (kind) ON true
			 WHERE p.decision IS NOT NULL
			 GROUP BY p.subject, p.authority, p.document
		), setting AS (
			SELECT s.subject, s.record_id, max(s.value) FILTER (WHERE s.setting = 'class') AS class, max(s.value) FILTER (WHERE s.setting = 'publish') AS publish,
			       coalesce(bool_or(s.value = 'yes') FILTER (WHERE s.setting = 'maximum'), false) AS maximum
			  FROM @extschema@.publicity_setting AS s
			 WHERE s.subject OPERATOR(@extschema@.=) ANY (subjects) AND s.approved_on <= as_of AND s.superseded_on > as_of
			 GROUP BY s.subject, s.record_id
		), judged AS MATERIALIZED (
			SELECT j.*, ROW(j.era, j.all_kinds, j.procedure, j.severities, j.fields, j.amount, j.class)::text AS ground
			  FROM (SELECT p.*, s.class, s.publish, coalesce(s.maximum, false) AS maximum,
			               eras[width_bucket(CASE regime_by WHEN 'decision' THEN p.decided_on WHEN 'service' THEN p.served_on ELSE as_of END, eras)] AS era,
			               coalesce(d.kinds, p.kinds) AS all_kinds, coalesce(d.severities, array_remove(ARRAY[p.severity], NULL)) AS severities,
			               coalesce(d.fields, array_remove(ARRAY[p.field], NULL)) AS fields,
			               amounts[width_bucket(coalesce(d.fine_fen, p.fine_fen), amounts)] AS amount
			          FROM part AS p
			          LEFT JOIN decision AS d
			            ON d.subject OPERATOR(@extschema@.=) p.subject AND d.authority = p.authority AND d.document = p.document AND p.decision IS NOT NULL
			          LEFT JOIN setting AS s ON s.subject OPERATOR(@extschema@.=) p.subject AND s.record_id = p.record_id) AS j
		), rule AS MATERIALIZED (
			SELECT g.ground, u.*
			  FROM (SELECT DISTINCT j.ground, j.era, j.all_kinds, j.procedure, j.severities, j.fields, j.amount, j.class FROM judged AS j) AS g
			 CROSS JOIN LATERAL @extschema@._publicity_rule(g.era, g.all_kinds, g.procedure, g.severities, g.fields, g.amount, g.class, parameters, as_of) AS u
		)
		SELECT j.subject, j.record_id, 'penalty', u.regime, u.class, d."from", d.min_until, d.max_until, d.until, d.reason, u.clause, u.undetermined,
		       d.regime_until, j.publicity_until
		  FROM judged AS j
		  JOIN rule AS u ON u.ground = j.ground
		 CROSS JOIN LATERAL @extschema@._publicity_days(u.min_months, u.max_months, u.published, u.start, u.at_max_uncorrected, u.problem, j.decided_on,
				j.served_on, j.corrected_on, j.repaired_on, j.revoked_on, j.publicity_until, j.publish, j.maximum, j.authority, parameters, as_of) AS d;
	END IF;
	IF kinds <> '{penalty}' THEN
		-- other records: no regime; as long as the parameter says, or the source
		RETURN QUERY
		SELECT r.subject, r.record_id, r.kind, NULL, NULL, coalesce(r.decided_on, r.act_on), NULL::date, NULL::date, e.until,
		       CASE WHEN coalesce(r.decided_on, r.act_on) IS NULL THEN 'start_unknown' WHEN e.until = r.revoked_on - 1 THEN 'revoked'
		            WHEN e.until = r.repaired_on - 1 THEN 'repaired' WHEN e.until = r.publicity_until THEN 'source' ELSE 'term' END,
		       NULL, false, NULL::date, r.publicity_until
		  FROM @extschema@.record AS r
		 CROSS JOIN LATERAL (SELECT @extschema@._publicity_parameter(parameters, 'term', r.kind)) AS t (term)
		 CROSS JOIN LATERAL (
			SELECT CASE WHEN coalesce(r.decided_on, r.act_on) IS NOT NULL THEN
			       least(CASE WHEN t.term = 'valid' THEN coalesce(r.valid_until, 'infinity')
			                  ELSE @extschema@.add_months_civil(coalesce(r.decided_on, r.act_on), t.term::integer) END,
			             r.publicity_until, r.repaired_on - 1, r.revoked_on - 1) END) AS e (until)
		 WHERE r.subject OPERATOR(@extschema@.=) ANY (subjects) AND r.known_until = 'infinity'
		   AND r.kind = ANY (kinds) AND r.kind IN ('permit', 'award', 'inspection', 'act', 'commitment');
	END IF;
END
$publicity_set$;
REVOKE ALL ON FUNCTION @extschema@._publicity_set(@extschema@.subject_code[], text[], date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._publicity_set(@extschema@.subject_code[], text[], date) IS
	'若干主体各现行记录的公示期 / periods of publicity of the current records of several subjects';

CREATE FUNCTION @extschema@._publicity_of(subject @extschema@.subject_code, as_of date)
RETURNS TABLE (record_id uuid, kind text, regime text, class text, "from" date, min_until date, max_until date, until date, reason text, clause text,
	undetermined boolean, regime_until date, source_until date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $publicity_of$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT p.record_id, p.kind, p.regime, p.class, p."from", p.min_until, p.max_until, p.until, p.reason, p.clause, p.undetermined, p.regime_until, p.source_until
	  FROM @extschema@._publicity_set(ARRAY[_publicity_of.subject], ARRAY['penalty', 'permit', 'award', 'inspection', 'act', 'commitment'], as_of) AS p;
END
$publicity_of$;
REVOKE ALL ON FUNCTION @extschema@._publicity_of(@extschema@.subject_code, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._publicity_of(@extschema@.subject_code, date) IS '一主体各现行记录的公示期 / periods of publicity of the current records of a subject';

-- Of all subjects that the actor sees, a thousand at a time: for officers, whose views call it with their rights.
CREATE FUNCTION @extschema@._publicity_seen(as_of date)
RETURNS TABLE (subject @extschema@.subject_code, record_id uuid, kind text, regime text, class text, "from" date, min_until date, max_until date, until date,
	reason text, clause text, undetermined boolean, regime_until date, source_until date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off ROWS 100000 AS $publicity_seen$
#variable_conflict use_column
DECLARE
	chunk @extschema@.subject_code[];
BEGIN
	LOOP
		chunk := ARRAY(SELECT s.subject FROM @extschema@.subject AS s
		               WHERE (chunk IS NULL OR s.subject OPERATOR(@extschema@.>) chunk[cardinality(chunk)]) AND NOT @extschema@._hidden(s.subject)
		               ORDER BY s.subject LIMIT 1000);
		EXIT WHEN chunk = '{}';
		RETURN QUERY SELECT * FROM @extschema@._publicity_set(chunk, ARRAY['penalty', 'permit', 'award', 'inspection', 'act', 'commitment'], as_of);
	END LOOP;
END
$publicity_seen$;
REVOKE ALL ON FUNCTION @extschema@._publicity_seen(date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._publicity_seen(date) IS '操作人可见的全部主体各现行记录的公示期 / periods of publicity of the current records of all subjects that the actor sees';

CREATE FUNCTION @extschema@.publicity(subject @extschema@.subject_code, record_id uuid, as_of date DEFAULT @extschema@.today())
RETURNS TABLE (regime text, class text, "from" date, min_until date, max_until date, until date, reason text, clause text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $publicity$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(publicity.subject);
	current @extschema@.record := @extschema@._current_record(publicity.subject, publicity.record_id);
BEGIN
	IF current.kind NOT IN ('penalty', 'permit', 'award', 'inspection', 'act', 'commitment') THEN
		RAISE EXCEPTION 'records of kind % are not public', current.kind
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'Public are penalties, permits, awards, inspections, other acts and commitments.';
	END IF;
	RETURN QUERY SELECT p.regime, p.class, p."from", p.min_until, p.max_until, p.until, p.reason, p.clause
	               FROM @extschema@._publicity_of(publicity.subject, as_of) AS p WHERE p.record_id = publicity.record_id;
END
$publicity$;
REVOKE ALL ON FUNCTION @extschema@.publicity(@extschema@.subject_code, uuid, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.publicity(@extschema@.subject_code, uuid, date) IS
	'一条记录的公示期：制度、类别、起算日、最短与最长期限的末日、实际末日（含；空为不公示）、原因（maximum 最长期限，source 来源截止日，repaired 修复，revoked 撤销，commitment_broken 违背修复承诺，uncorrected 未纠正，term 其他记录的期限，not_published 轻微不公示，undetermined 类别待认定，no_regime 无适用制度，day_unknown、start_unknown 日期不明）、依据 / publicity of a record: regime, class, counted from, last day of minimum and maximum, effective last day (NULL: not public), reason and clause';

-- ---------------------------------------------------------------------------
-- What officers look after
-- ---------------------------------------------------------------------------

CREATE VIEW @extschema@.publicity_undetermined WITH (security_barrier) AS
SELECT s.subject, s.name, p.record_id, r.document, r.authority, r.decided_on, p.regime, p.class, p.reason, r.procedure, r.penalty_kind, r.severity
  FROM @extschema@._publicity_seen(@extschema@.today()) AS p
  JOIN @extschema@.subject AS s ON s.subject = p.subject
  JOIN @extschema@.record AS r ON r.subject = s.subject AND r.record_id = p.record_id AND r.known_until = 'infinity'
 WHERE r.revoked_on IS NULL AND (p.undetermined OR p.reason IN ('no_regime', 'day_unknown', 'start_unknown'));
COMMENT ON VIEW @extschema@.publicity_undetermined IS '公示类别、制度或日期不能确定的记录，待部门认定 / records whose class, regime or days cannot be told: they wait for a department';
COMMENT ON COLUMN @extschema@.publicity_undetermined.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.publicity_undetermined.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.publicity_undetermined.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.publicity_undetermined.document IS '文书号 / document number';
COMMENT ON COLUMN @extschema@.publicity_undetermined.authority IS '作出机关代码 / authority';
COMMENT ON COLUMN @extschema@.publicity_undetermined.decided_on IS '决定日 / day of the decision';
COMMENT ON COLUMN @extschema@.publicity_undetermined.regime IS '公示制度 / regime';
COMMENT ON COLUMN @extschema@.publicity_undetermined.class IS '类别：undetermined，或参数 unclassified 所取的类别 / undetermined, or the class that the parameter unclassified takes it for';
COMMENT ON COLUMN @extschema@.publicity_undetermined.reason IS '原因 / reason';
COMMENT ON COLUMN @extschema@.publicity_undetermined.procedure IS '程序 / procedure';
COMMENT ON COLUMN @extschema@.publicity_undetermined.penalty_kind IS '最重的处罚种类 / heaviest kind of penalty';
COMMENT ON COLUMN @extschema@.publicity_undetermined.severity IS '严重程度 / severity';

CREATE VIEW @extschema@.publicity_difference WITH (security_barrier) AS
SELECT s.subject, s.name, p.record_id, p.regime, p.class, p.min_until, p.max_until, p.regime_until, p.source_until, p.until, p.reason,
       CASE WHEN p.source_until < p.min_until THEN 'before_minimum' WHEN p.source_until > p.max_until THEN 'after_maximum' ELSE 'within' END AS difference
  FROM @extschema@._publicity_seen(@extschema@.today()) AS p
  JOIN @extschema@.subject AS s ON s.subject = p.subject
 WHERE p.source_until <> p.regime_until;
COMMENT ON VIEW @extschema@.publicity_difference IS '来源所给公示截止日与制度不符的记录 / records whose source gives another last day of publicity (CF_GSJZQ) than the regime';
COMMENT ON COLUMN @extschema@.publicity_difference.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.publicity_difference.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.publicity_difference.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.publicity_difference.regime IS '公示制度 / regime';
COMMENT ON COLUMN @extschema@.publicity_difference.class IS '失信类别 / class';
COMMENT ON COLUMN @extschema@.publicity_difference.min_until IS '最短期限的末日 / last day of the minimum';
COMMENT ON COLUMN @extschema@.publicity_difference.max_until IS '最长期限的末日 / last day of the maximum';
COMMENT ON COLUMN @extschema@.publicity_difference.regime_until IS '依制度的末日 / last day by the regime';
COMMENT ON COLUMN @extschema@.publicity_difference.source_until IS '来源所给的末日 / last day by the source';
COMMENT ON COLUMN @extschema@.publicity_difference.until IS '实际末日 / last day that holds';
COMMENT ON COLUMN @extschema@.publicity_difference.reason IS '原因 / reason';
COMMENT ON COLUMN @extschema@.publicity_difference.difference IS '差异：before_minimum 早于最短期限，within 期限之内，after_maximum 晚于最长期限 / difference: before_minimum, within or after_maximum';

-- ---------------------------------------------------------------------------
-- What the public sees
-- ---------------------------------------------------------------------------

-- Free text may name people: numbers that look like those of an ID card or of a mobile telephone are blotted out. Most texts hold no run of eleven
-- digits, and looking for one costs a fraction of the rest. Its names are bound: no SET keeps the expression out of the query that calls it for every row.
CREATE FUNCTION @extschema@._public_text(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN words OPERATOR(pg_catalog.~) '[0-9]{11}'
	            THEN pg_catalog.regexp_replace(pg_catalog.regexp_replace(words, '(^|[^0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])', '\1***', 'g'),
	                                           '(^|[^0-9A-Za-z])1[3-9][0-9]{9}(?![0-9A-Za-z])', '\1***', 'g')
	            ELSE words END;
REVOKE ALL ON FUNCTION @extschema@._public_text(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._public_text(text) IS '抹去文字中的身份证号码和手机号码 / blots numbers of ID cards and mobile telephones out of a text';

-- Records of the subjects as the public may see them today, and no other row or column; n tells which of the subjects. All of them, or those named.
CREATE FUNCTION @extschema@._published_of(subjects @extschema@.subject_code[], kinds text[], records uuid[] DEFAULT NULL)
RETURNS TABLE (n integer, record text, kind text, document text, title text, violation text, facts text, basis text, penalty_kinds text, content text,
	licence text, permit_kind text, certificate text, fine numeric, confiscated numeric, decided_on date, valid_from date, valid_until date, state text,
	authority text, authority_name text, regime text, class text, published_from date, published_until date, objected text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET plan_cache_mode = force_generic_plan ROWS 50 AS $published_of$
#variable_conflict use_column
DECLARE
	day constant date := @extschema@.today();
	parameters constant jsonb := @extschema@._publicity_parameters(day);
	-- whose kind is public at all
	known constant @extschema@.subject_code[] := ARRAY(SELECT s.subject FROM @extschema@.subject AS s
		WHERE s.subject OPERATOR(@extschema@.=) ANY (subjects) AND @extschema@._publicity_parameter(parameters, 'publish_kind', s.kind) = 'yes');
	-- marked while an objection against it is open; a proceeding that is not over stops no publication by itself
	objected constant text[] := ARRAY(SELECT q.about ->> 'record_id' FROM @extschema@.proceeding AS q
		WHERE q.subject OPERATOR(@extschema@.=) ANY (known) AND q.kind = 'objection' AND NOT q.closed AND q.about ? 'record_id');
	-- what silence has upheld is not public until somebody has said what is to be put right, recorded or not
	upheld constant text[] := ARRAY(SELECT q.about ->> 'record_id' FROM @extschema@.proceeding AS q
		WHERE q.subject OPERATOR(@extschema@.=) ANY (known) AND q.kind = 'objection' AND q.about ? 'record_id'
		  AND (q.state = 'upheld' AND NOT EXISTS (SELECT FROM @extschema@.objection_effect AS e
		                                           WHERE e.subject OPERATOR(@extschema@.=) q.subject AND e.proceeding_id = q.proceeding_id)
		       OR EXISTS (SELECT FROM @extschema@._upheld_by_silence AS u
		                   WHERE u.subject OPERATOR(@extschema@.=) q.subject AND u.proceeding_id = q.proceeding_id)));
BEGIN
	IF known = '{}' THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT w.n::integer, r.record_id::text, r.kind, r.document,
	       @extschema@._public_text(d.title),
	       CASE WHEN NOT w.person THEN @extschema@._public_text(d.violation) END,
	       CASE WHEN NOT w.person THEN @extschema@._public_text(d.facts) END,
	       @extschema@._public_text(d.basis), d.kinds,
	       CASE WHEN NOT w.person THEN @extschema@._public_text(d.content) END,
	       CASE WHEN NOT w.person THEN d.licence END, d.permit_kind,
	       CASE WHEN NOT w.person THEN d.certificate END,
	       a.fine, a.confiscated, r.decided_on, r.valid_from, r.valid_until, r.state, r.authority,
	       coalesce(o.name, d.authority), p.regime, p.class, p."from", nullif(p.until, 'infinity'),
	       CASE WHEN r.record_id::text = ANY (objected) THEN 'open' END
	  FROM @extschema@._publicity_set(known, kinds, day) AS p
		  JOIN @extschema@.record AS r ON r.subject OPERATOR(@extschema@.=) p.subject AND r.record_id = p.record_id AND r.known_until = 'infinity'
	  JOIN (SELECT u.subject, u.n, @extschema@.subject_kind(u.subject) = 'natural_person' AS person,
		           -- who was a minor when it happened stays out of publication
		           coalesce((SELECT max(m.minor_until) FROM @extschema@.person_minor AS m WHERE m.subject OPERATOR(@extschema@.=) u.subject), '-infinity') AS minor_until
		      FROM unnest(subjects) WITH ORDINALITY AS u (subject, n)
		    OFFSET 0) AS w ON w.subject OPERATOR(@extschema@.=) p.subject
	 -- the names of the form of 2018, of that of 2015, and of intake_act
	 CROSS JOIN LATERAL (
		SELECT coalesce(r.detail ->> 'xk_xkws', r.detail ->> 'xk_xmmc', r.detail ->> 'title') AS title,
		       coalesce(r.detail ->> 'cf_wfxw', r.detail ->> 'cf_cfmc') AS violation,
		       coalesce(r.detail ->> 'cf_sy', r.detail ->> 'facts') AS facts,
		       coalesce(r.detail ->> 'cf_yj', r.detail ->> 'basis') AS basis,
		       coalesce(r.detail ->> 'cf_cflb', nullif(concat_ws(';', r.detail ->> 'cf_cflb1', r.detail ->> 'cf_cflb2'), ''), r.penalty_kind) AS kinds,
		       coalesce(r.detail ->> 'cf_nr', r.detail ->> 'cf_jg', r.detail ->> 'xk_nr', r.detail ->> 'content') AS content,
		       r.detail ->> 'cf_nr_zkdx' AS licence,
		       coalesce(r.detail ->> 'xk_xklb', r.detail ->> 'xk_splb') AS permit_kind,
		       concat_ws(' ', r.detail ->> 'xk_xkzs', r.detail ->> 'xk_xkbh') AS certificate,
		       coalesce(r.detail ->> 'cf_cfjg', r.detail ->> 'cf_xzjg', r.detail ->> 'xk_xkjg', r.detail ->> 'xk_xzjg') AS authority) AS d
	 CROSS JOIN LATERAL (
		SELECT round(coalesce(r.fine_fen, @extschema@._exchange_decimal(r.detail ->> 'cf_nr_fk', 6), CASE WHEN r.penalty_kind = 'fine' THEN r.amount_fen END) / 100.0, 2) AS fine,
		       round(coalesce(CASE WHEN r.detail ? 'cf_nr_wfff' OR r.amount_fen > r.fine_fen THEN r.amount_fen - r.fine_fen END,
		                      @extschema@._exchange_decimal(r.detail ->> 'cf_nr_wfff', 6)) / 100.0, 2) AS confiscated) AS a
	  LEFT JOIN @extschema@.subject AS o ON o.subject::text = r.authority AND o.kind NOT IN ('natural_person', 'official')
	 WHERE r.revoked_on IS NULL AND day BETWEEN p."from" AND p.until AND r.record_id::text <> ALL (upheld) AND (records IS NULL OR r.record_id IN (SELECT u.id FROM unnest(records) AS u (id)))
	   AND (r.verified_by IS NOT NULL
	        OR r.held IS NULL
	           AND EXISTS (SELECT FROM @extschema@.source AS t
	                        WHERE t.source = r.source AND t.kind = r.kind AND t.known_until = 'infinity' AND t.trusted_from <= r.recorded_on AND r.recorded_on < t.trusted_until))
	   AND least(r.act_on, r.decided_on) > w.minor_until
	   AND (r.kind <> 'commitment'
	        OR CASE WHEN r.detail ->> 'openness' IS NULL THEN @extschema@._publicity_parameter(parameters, 'openness', NULL) = 'public'
	                ELSE r.detail ->> 'openness' IN ('public', '公开') END);
END
$published_of$;
REVOKE ALL ON FUNCTION @extschema@._published_of(@extschema@.subject_code[], text[], uuid[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._published_of(@extschema@.subject_code[], text[], uuid[]) IS
	'若干主体当日公示的记录，仅含可公示的内容 / records of several subjects as the public may see them today';

-- The same of one record; whether there is an objection against it is no part of what it says.
CREATE FUNCTION @extschema@._public_form(subject @extschema@.subject_code, kind text, record_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $public_form$
BEGIN
	RETURN (SELECT to_jsonb(p) - 'objected' FROM @extschema@._published_of(ARRAY[subject], ARRAY[kind], ARRAY[record_id]) AS p);
END
$public_form$;
REVOKE ALL ON FUNCTION @extschema@._public_form(@extschema@.subject_code, text, uuid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._public_form(@extschema@.subject_code, text, uuid) IS '一记录当日公示的内容，未公示为空 / what the public reads of a record today, NULL if nothing';

-- The one gate: records of a subject as the public may see them today, and no other row or column. The views below read through it, so that what
-- they leave out is out of reach of a reader's conditions, and of EXPLAIN, whatever the plan. Publishers may execute it, since a view calls
-- functions with the rights of its reader: called directly it gives what the views give.
CREATE FUNCTION @extschema@._published(subject @extschema@.subject_code, kinds text[])
RETURNS TABLE (record text, kind text, document text, title text, violation text, facts text, basis text, penalty_kinds text, content text, licence text,
	permit_kind text, certificate text, fine numeric, confiscated numeric, decided_on date, valid_from date, valid_until date, state text,
	authority text, authority_name text, regime text, class text, published_from date, published_until date, objected text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 2 AS $published$
BEGIN
	RETURN QUERY SELECT p.* FROM @extschema@._read_ahead(_published.subject, _published.kinds) AS p;
END
$published$;
REVOKE ALL ON FUNCTION @extschema@._published(@extschema@.subject_code, text[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._published(@extschema@.subject_code, text[]) IS '一主体当日公示的记录，仅含可公示的内容 / records of a subject as the public may see them today';

-- Repairs within their own publicity, when anyone may object (公示); only of records that are public themselves.
CREATE FUNCTION @extschema@._published_repair(subject @extschema@.subject_code)
RETURNS TABLE (repair bigint, record text, document text, authority text, authority_name text, department text, applied_on date, published_from date,
	published_until date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off ROWS 1 AS $published_repair$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT p.proceeding_id, r.record, r.document, r.authority, r.authority_name, p.department, p.opened_on, l.counted_from, l.due_on
	  FROM @extschema@.proceeding AS p
	  JOIN @extschema@.proceeding_deadline AS l
	    ON l.subject OPERATOR(@extschema@.=) p.subject AND l.proceeding_id = p.proceeding_id AND l.name = 'publicity'
	  JOIN @extschema@._published_of(ARRAY[_published_repair.subject], ARRAY['penalty']) AS r ON r.record = p.about ->> 'record_id' OR p.about -> 'records' ? r.record
	 WHERE p.subject OPERATOR(@extschema@.=) _published_repair.subject AND p.kind = 'repair' AND p.state = 'publicised' AND NOT p.closed
	   AND (l.due_on >= @extschema@.today()) IS NOT FALSE;
END
$published_repair$;
REVOKE ALL ON FUNCTION @extschema@._published_repair(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._published_repair(@extschema@.subject_code) IS '一主体公示中的信用修复 / repairs of a subject that are being publicised';

-- Ratings valid today, as corrected; no examples, and nothing that is still undecided. An objection to one names policy, rating and period_from.
CREATE FUNCTION @extschema@._published_rating(subject @extschema@.subject_code)
RETURNS TABLE (policy text, title text, version text, rating text, period_from date, period_until date, correction integer, state text, band text,
	credit_grade text, score numeric, published_on date, valid_from date, valid_until date, objected text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off ROWS 1 AS $published_rating$
#variable_conflict use_column
DECLARE
	day constant date := @extschema@.today();
	minor_until date := '-infinity';
	government constant boolean := @extschema@._of_government(_published_rating.subject);
	is_public text;
BEGIN
	SELECT @extschema@._publicity_parameter(@extschema@._publicity_parameters(day), 'publish_kind', s.kind) INTO is_public
	  FROM @extschema@.subject AS s WHERE s.subject OPERATOR(@extschema@.=) _published_rating.subject;
	-- of bodies and officials what a measure makes public, and nothing else
	IF is_public <> 'yes' AND NOT government THEN
		RETURN;
	END IF;
	SELECT coalesce(max(m.minor_until), '-infinity') INTO minor_until
	  FROM @extschema@.person_minor AS m WHERE m.subject OPERATOR(@extschema@.=) _published_rating.subject;
	RETURN QUERY
	SELECT p.policy, p.title, p.version, r.rating, r.period_from, r.period_until, r.correction::integer, r.state, r.band, r.credit_grade::text,
	       trim_scale(r.score::numeric / 10000), r.published_on, r.valid_from, nullif(r.valid_until, 'infinity'),
	       CASE WHEN EXISTS (
	               SELECT FROM @extschema@.proceeding AS o
	                WHERE o.subject OPERATOR(@extschema@.=) r.subject AND o.kind = 'objection' AND NOT o.closed AND o.about ->> 'policy' = p.policy
	                  AND o.about ->> 'rating' = r.rating AND o.about ->> 'period_from' = to_char(r.period_from, 'YYYY-MM-DD')) THEN 'open' END
	  FROM @extschema@.rating AS r
	  JOIN @extschema@.policy AS p ON p.version_id = r.version_id
	 WHERE r.subject OPERATOR(@extschema@.=) _published_rating.subject AND r.superseded_at = 'infinity' AND day BETWEEN r.valid_from AND r.valid_until
	   AND r.state <> 'not_enrolled' AND NOT r.undecided AND NOT p.example AND r.period_from > minor_until
	   AND (is_public = 'yes' OR @extschema@._public_policy(p.policy, day))
	   -- of several periods that are valid the latest, also when that one is not public
	   AND NOT EXISTS (SELECT FROM @extschema@.rating AS n
	                    WHERE n.subject OPERATOR(@extschema@.=) r.subject AND n.policy_id = r.policy_id AND n.rating = r.rating
	                      AND n.period_from > r.period_from AND n.superseded_at = 'infinity' AND day BETWEEN n.valid_from AND n.valid_until);
END
$published_rating$;
REVOKE ALL ON FUNCTION @extschema@._published_rating(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._published_rating(@extschema@.subject_code) IS '一主体当日有效的定期评价结果 / ratings of a subject that are valid today';

-- Subjects under the names they are published by. Two arms: an organisation is found by its code through the index, a person's mask by nothing.
-- Each in the order of the codes, in which the gate reads ahead.
CREATE VIEW @extschema@._public_subject AS
(SELECT s.subject, s.subject::text AS code, s.name, s.kind AS subject_kind
  FROM @extschema@.subject AS s WHERE @extschema@.subject_kind(s.subject) <> 'natural_person' ORDER BY s.subject)
UNION ALL
(SELECT s.subject, 'P*****************', left(ltrim(s.name, E' \t\u3000'), 1) || '＊', s.kind
  FROM @extschema@.subject AS s WHERE @extschema@.subject_kind(s.subject) = 'natural_person' ORDER BY s.subject);
COMMENT ON VIEW @extschema@._public_subject IS '主体的公示名称和代码，自然人已遮蔽 / subjects under their public names and codes, natural persons masked';
COMMENT ON COLUMN @extschema@._public_subject.subject IS '主体代码（不公示） / subject; not published';
COMMENT ON COLUMN @extschema@._public_subject.code IS '公示代码 / code as published';
COMMENT ON COLUMN @extschema@._public_subject.name IS '公示名称 / name as published';
COMMENT ON COLUMN @extschema@._public_subject.subject_kind IS '主体类别 / kind of subject';

-- The newest records that are public today, a page at a time: what an ORDER BY over a view tells only after reading all of them. The days of the records
-- are scanned, and those that could be next are looked at in blocks until the page is full. ceiling is the latest day that a record could be sorted by:
-- a period begins with the decision, its service or the act. The registry has no index on it, since every COPY would pay for it; a city of millions of
-- records can make one, and the query is written so that it serves.
CREATE FUNCTION @extschema@.published_page(kinds text[], rows integer DEFAULT 50, authority text DEFAULT NULL, sorted_by text DEFAULT 'decided_on',
	after_day date DEFAULT NULL, after_record text DEFAULT NULL)
RETURNS TABLE (record text, code text, name text, subject_kind text, kind text, document text, title text, violation text, facts text, basis text,
	penalty_kinds text, content text, licence text, permit_kind text, certificate text, fine numeric, confiscated numeric, decided_on date,
	valid_from date, valid_until date, state text, authority_code text, authority_name text, regime text, class text, published_from date,
	published_until date, objected text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off ROWS 50 AS $published_page$
#variable_conflict use_column
DECLARE
	by_decision constant boolean := sorted_by = 'decided_on';
	-- in bounds also before rows is looked at
	block integer := greatest(least(rows, 1000) * 2, 100);
	last_ceiling date := 'infinity';
	last_id uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
	subjects @extschema@.subject_code[];
	ids uuid[];
	ceilings date[];
	-- what is public of them, with the day that it is sorted by
	found_subjects @extschema@.subject_code[] := '{}';
	found_ids uuid[] := '{}';
	found_days date[] := '{}';
BEGIN
	IF num_nulls(kinds, rows, sorted_by) > 0 OR sorted_by NOT IN ('decided_on', 'published_from') OR rows NOT BETWEEN 1 AND 1000
	   OR NOT kinds <@ ARRAY['penalty', 'permit', 'award', 'inspection', 'act', 'commitment'] THEN
		RAISE EXCEPTION 'there is no such page of what is published'
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'Kinds are penalty, permit, award, inspection, act and commitment; a page has 1 to 1000 rows and is sorted by decided_on or published_from.';
	ELSIF after_record IS NULL AND after_day IS NOT NULL OR after_day IS NULL AND after_record IS NOT NULL AND NOT by_decision THEN
		RAISE EXCEPTION 'a page begins after a day and a record'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give both, of the last row of the page before.';
	END IF;
	-- records without a decision come last
	IF after_record IS NOT NULL THEN
		after_day := coalesce(after_day, '-infinity');
	END IF;
	IF by_decision AND after_day IS NOT NULL THEN
		last_ceiling := after_day;
		last_id := after_record::uuid;
	END IF;
	LOOP
		EXECUTE format($candidates$
			SELECT array_agg(c.subject), array_agg(c.record_id), array_agg(c.ceiling)
			  FROM (SELECT r.subject, r.record_id, %1$s AS ceiling FROM @extschema@.record AS r
			         WHERE r.known_until = 'infinity' AND r.kind = ANY ($1) AND r.revoked_on IS NULL AND %2$s AND (%1$s, r.record_id) < ($3, $4)
			         ORDER BY %1$s DESC, r.record_id DESC LIMIT $5) AS c
			$candidates$,
			CASE WHEN by_decision THEN $$coalesce(r.decided_on, '-infinity'::date)$$
			     ELSE $$coalesce(greatest(r.decided_on, r.served_on, r.act_on), '-infinity'::date)$$ END,
			CASE WHEN published_page.authority IS NULL THEN 'true' ELSE 'r.authority = $2' END)
			INTO subjects, ids, ceilings USING kinds, published_page.authority, last_ceiling, last_id, block;
		EXIT WHEN ids IS NULL;
		SELECT found_subjects || coalesce(array_agg(u.subject), '{}'), found_ids || coalesce(array_agg(u.id), '{}'),
		       found_days || coalesce(array_agg(CASE WHEN by_decision THEN u.ceiling ELSE p.published_from END), '{}')
		  INTO found_subjects, found_ids, found_days
		  FROM @extschema@._published_of(ARRAY(SELECT DISTINCT s.subject FROM unnest(subjects) AS s (subject)), kinds, ids) AS p
		  JOIN unnest(subjects, ids, ceilings) AS u (subject, id, ceiling) ON u.id = p.record::uuid
		 WHERE after_day IS NULL OR (CASE WHEN by_decision THEN u.ceiling ELSE p.published_from END, u.id) < (after_day, after_record::uuid);
		last_ceiling := ceilings[cardinality(ceilings)];
		last_id := ids[cardinality(ids)];
		-- whatever comes later is of an earlier day
		EXIT WHEN cardinality(ids) < block
			OR (SELECT count(*) FROM unnest(found_days) AS d (day) WHERE by_decision OR d.day > last_ceiling) >= rows;
		block := least(block * 4, 10000);
	END LOOP;
	RETURN QUERY
	WITH top AS MATERIALIZED (
		SELECT u.subject, u.id, u.day FROM unnest(found_subjects, found_ids, found_days) AS u (subject, id, day) ORDER BY u.day DESC, u.id DESC LIMIT rows
	)
	SELECT p.record, s.code, s.name, s.subject_kind, p.kind, p.document, p.title, p.violation, p.facts, p.basis, p.penalty_kinds, p.content, p.licence,
	       p.permit_kind, p.certificate, p.fine, p.confiscated, p.decided_on, p.valid_from, p.valid_until, p.state, p.authority, p.authority_name, p.regime,
	       p.class, p.published_from, p.published_until, p.objected
	  FROM @extschema@._published_of(ARRAY(SELECT DISTINCT t.subject FROM top AS t), kinds, ARRAY(SELECT t.id FROM top AS t)) AS p
	  JOIN top AS t ON t.id = p.record::uuid
	  JOIN @extschema@._public_subject AS s ON s.subject OPERATOR(@extschema@.=) t.subject
	 ORDER BY t.day DESC, t.id DESC;
END
$published_page$;
REVOKE ALL ON FUNCTION @extschema@.published_page(text[], integer, text, text, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.published_page(text[], integer, text, text, date, text) IS
	'当日公示记录的一页，新的在前：类别（penalty 等）、行数、作出机关代码（空为全部）、排序（decided_on 决定日，published_from 公示起算日），接在某日某记录之后 / a page of what is public today, newest first: kinds, rows, authority (NULL: all), sorted by decided_on or published_from, after the last row of the page before';

DO $published_views$
DECLARE
	shown record;
	remark record;
BEGIN
	FOR shown IN
		SELECT * FROM (VALUES
			('published_penalty', 'p.document, p.violation, p.facts, p.basis, p.penalty_kinds, p.content, p.licence, p.fine, p.confiscated, p.decided_on, p.valid_until,'
			 || ' p.authority, p.authority_name, p.regime, p.class, p.published_from, p.published_until, p.objected', 'penalty', '公示的行政处罚', 'penalties within their publicity'),
			('published_permit', 'p.document, p.title, p.permit_kind, p.certificate, p.content, p.decided_on, p.valid_from, p.valid_until, p.authority, p.authority_name,'
			 || ' p.published_from, p.published_until, p.objected', 'permit', '公示的行政许可', 'permits'),
			('published_act', 'p.kind, p.document, p.title, p.facts, p.basis, p.content, p.state, p.decided_on, p.valid_until, p.authority, p.authority_name,'
			 || ' p.published_from, p.published_until, p.objected', 'act,award,inspection', '公示的其他行政行为（强制、检查、奖励等）', 'other acts: compulsory measures, inspections, awards'),
			('published_commitment', 'p.document, p.title, p.content, p.state, p.decided_on, p.valid_until, p.authority, p.authority_name, p.published_from,'
			 || ' p.published_until, p.objected', 'commitment', '公示的信用承诺', 'commitments that are open to the public')
		  ) AS v (name, columns, kinds, chinese, english)
	LOOP
		EXECUTE format('CREATE VIEW @extschema@.%I WITH (security_barrier) AS SELECT p.record, s.code, s.name, s.subject_kind, %s'
			|| ' FROM @extschema@._public_subject AS s CROSS JOIN LATERAL @extschema@._published(s.subject, %L::text[]) AS p',
			shown.name, shown.columns, '{' || shown.kinds || '}');
		EXECUTE format('COMMENT ON VIEW @extschema@.%I IS %L', shown.name,
			format('%s：当日公示的内容，自然人已遮蔽；以 code 查询 / %s, as public today, natural persons masked; looked up by code', shown.chinese, shown.english));
		FOR remark IN
			SELECT v.* FROM (VALUES
				('record', '记录标识，唯一 / record, unique'), ('code', '统一社会信用代码，自然人已遮蔽 / unified social credit code; masked for natural persons'),
				('name', '名称，自然人仅显示首字 / name; of natural persons the first character only'), ('subject_kind', '主体类别 / kind of subject'),
				('kind', '类别：act 其他行政行为，award 表彰奖励，inspection 行政检查 / kind: act, award or inspection'),
				('document', '文书号 / document number'), ('title', '文书名称 / title'), ('violation', '违法行为类型，自然人不公布 / kind of violation; not published for natural persons'),
				('facts', '事实，自然人不公布 / facts; not published for natural persons'), ('basis', '依据 / basis'), ('penalty_kinds', '处罚类别 / kinds of penalty'),
				('content', '内容，自然人不公布 / content; not published for natural persons'), ('licence', '暂扣或吊销的证照，自然人不公布 / licence suspended or revoked; not published for natural persons'),
				('permit_kind', '许可类别 / kind of permit'), ('certificate', '证书名称和编号，自然人不公布 / certificate and its number; not published for natural persons'),
				('fine', '罚款（元） / fine, in yuan'), ('confiscated', '没收金额（元） / amount confiscated, in yuan'), ('state', '结果或状态 / result or state'),
				('decided_on', '决定日 / day of the decision'), ('valid_from', '有效期起（含） / first day of validity'), ('valid_until', '有效期止（含） / last day of validity'),
				('authority', '作出机关代码 / authority, by its code'), ('authority_name', '作出机关名称 / authority, by its name'), ('regime', '公示制度 / regime of publicity'),
				('class', '失信类别 / class of the breach'), ('published_from', '公示起算日 / publicity counted from'),
				('published_until', '公示截止日（含），空为未定 / last day of publicity; NULL = open'), ('objected', '有未结异议时为 open / open while an objection is open')
			  ) AS v (name, remark)
			  JOIN pg_attribute AS a ON a.attrelid = format('@extschema@.%I', shown.name)::regclass AND a.attname = v.name
		LOOP
			EXECUTE format('COMMENT ON COLUMN @extschema@.%I.%I IS %L', shown.name, remark.name, remark.remark);
		END LOOP;
	END LOOP;
END
$published_views$;

CREATE VIEW @extschema@.published_repair WITH (security_barrier) AS
SELECT p.repair, s.code, s.name, s.subject_kind, p.record, p.document, p.authority, p.authority_name, p.department, p.applied_on, p.published_from,
       p.published_until
  FROM @extschema@._public_subject AS s
 CROSS JOIN LATERAL @extschema@._published_repair(s.subject) AS p;
COMMENT ON VIEW @extschema@.published_repair IS '公示中的信用修复：公示期内任何人可以提出异议 / repairs that are being publicised: anyone may object until the last day';
COMMENT ON COLUMN @extschema@.published_repair.repair IS '程序编号，唯一 / number of the proceeding, unique';
COMMENT ON COLUMN @extschema@.published_repair.code IS '统一社会信用代码，自然人已遮蔽 / unified social credit code; masked for natural persons';
COMMENT ON COLUMN @extschema@.published_repair.name IS '名称，自然人仅显示首字 / name; of natural persons the first character only';
COMMENT ON COLUMN @extschema@.published_repair.subject_kind IS '主体类别 / kind of subject';
COMMENT ON COLUMN @extschema@.published_repair.record IS '记录标识 / record that is to be repaired';
COMMENT ON COLUMN @extschema@.published_repair.document IS '文书号 / document number';
COMMENT ON COLUMN @extschema@.published_repair.authority IS '作出机关代码 / authority, by its code';
COMMENT ON COLUMN @extschema@.published_repair.authority_name IS '作出机关名称 / authority, by its name';
COMMENT ON COLUMN @extschema@.published_repair.department IS '办理部门 / department that handles the repair';
COMMENT ON COLUMN @extschema@.published_repair.applied_on IS '申请日 / day of the application';
COMMENT ON COLUMN @extschema@.published_repair.published_from IS '公示起算日 / publicity counted from';
COMMENT ON COLUMN @extschema@.published_repair.published_until IS '公示截止日（含），空为未知 / last day of publicity; NULL = unknown';

CREATE VIEW @extschema@.published_rating WITH (security_barrier) AS
SELECT s.code, s.name, s.subject_kind, p.policy, p.title, p.version, p.rating, p.period_from, p.period_until, p.correction, p.state, p.band,
       p.credit_grade, p.score, p.published_on, p.valid_from, p.valid_until, p.objected
  FROM @extschema@._public_subject AS s
 CROSS JOIN LATERAL @extschema@._published_rating(s.subject) AS p;
COMMENT ON VIEW @extschema@.published_rating IS '当日有效的定期评价结果（含更正），示例办法和待定结果除外，自然人已遮蔽 / ratings valid today, as corrected; no examples, nothing undecided, natural persons masked';
COMMENT ON COLUMN @extschema@.published_rating.code IS '统一社会信用代码，自然人已遮蔽 / unified social credit code; masked for natural persons';
COMMENT ON COLUMN @extschema@.published_rating.name IS '名称，自然人仅显示首字 / name; of natural persons the first character only';
COMMENT ON COLUMN @extschema@.published_rating.subject_kind IS '主体类别 / kind of subject';
COMMENT ON COLUMN @extschema@.published_rating.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.published_rating.title IS '办法名称 / title of the measure';
COMMENT ON COLUMN @extschema@.published_rating.version IS '版本 / version that rated it';
COMMENT ON COLUMN @extschema@.published_rating.rating IS '定期评价的标识 / rating of the measure';
COMMENT ON COLUMN @extschema@.published_rating.period_from IS '周期首日 / first day of the period';
COMMENT ON COLUMN @extschema@.published_rating.period_until IS '周期末日（含） / last day of the period';
COMMENT ON COLUMN @extschema@.published_rating.correction IS '更正次数，0 为首次结果 / number of the correction, 0 = as closed';
COMMENT ON COLUMN @extschema@.published_rating.state IS '状态：rated 或办法所列状态 / rated, or a state beside the scale';
COMMENT ON COLUMN @extschema@.published_rating.band IS '档次 / band as the measure names it';
COMMENT ON COLUMN @extschema@.published_rating.credit_grade IS '信用等级 A–E，办法无对应时为空 / credit grade by the policy''s scale, else NULL';
COMMENT ON COLUMN @extschema@.published_rating.score IS '得分 / score';
COMMENT ON COLUMN @extschema@.published_rating.published_on IS '公布日 / day of publication';
COMMENT ON COLUMN @extschema@.published_rating.valid_from IS '有效首日 / first valid day';
COMMENT ON COLUMN @extschema@.published_rating.valid_until IS '有效末日（含），至下次者为空 / last valid day; NULL = until the next';
COMMENT ON COLUMN @extschema@.published_rating.objected IS '有未结异议时为 open / open while an objection is open';

-- ---------------------------------------------------------------------------
-- In time: within seven working days of the decision (双公示)
-- ---------------------------------------------------------------------------

-- The calendar as known today, with the number of working days up to each day: what a bulk query counts with, where add_working_days() counts one by one.
CREATE VIEW @extschema@._counted_calendar AS
SELECT k.day, k.working, count(*) FILTER (WHERE k.working) OVER (ORDER BY k.day) AS number
  FROM (SELECT DISTINCT ON (c.day) c.day, c.working FROM @extschema@.calendar AS c ORDER BY c.day, c.known_from DESC) AS k;
COMMENT ON VIEW @extschema@._counted_calendar IS '工作日历及累计工作日数 / calendar with the number of working days up to each day';
COMMENT ON COLUMN @extschema@._counted_calendar.day IS '日期 / day';
COMMENT ON COLUMN @extschema@._counted_calendar.working IS '是否工作日 / whether it is worked';
COMMENT ON COLUMN @extschema@._counted_calendar.number IS '累计工作日数 / number of working days up to it';

CREATE VIEW @extschema@.publicity_deadline WITH (security_barrier) AS
SELECT r.subject, r.record_id, r.kind, r.document, r.authority, r.decided_on, due.day AS due_on, r.recorded_on AS entered_on, v.ready_on,
       CASE WHEN due.day IS NULL THEN 'unknown'
            WHEN v.ready_on <= due.day THEN 'on_time'
            WHEN v.ready_on IS NOT NULL THEN 'late'
            WHEN n.today <= due.day THEN 'waiting'
            ELSE 'overdue' END AS state,
       CASE WHEN coalesce(v.ready_on, n.today) > due.day THEN until.number - due.number ELSE CASE WHEN due.day IS NOT NULL THEN 0 END END AS late_by
  FROM @extschema@.record AS r
 CROSS JOIN (SELECT @extschema@.today() AS today, (SELECT p.value::bigint FROM @extschema@.publicity_parameter AS p
              WHERE p.name = 'working_days' AND p.approved_on <= @extschema@.today() AND p.superseded_on > @extschema@.today()) AS days) AS n
 CROSS JOIN LATERAL (
	-- the first version that counts, by the day of recording or, where a person had to look at it, of that
	SELECT min(CASE WHEN o.version = 1 THEN o.recorded_on ELSE (o.known_from AT TIME ZONE 'Asia/Shanghai')::date END) AS ready_on
	  FROM @extschema@.record AS o
	 WHERE o.subject = r.subject AND o.record_id = r.record_id
	   AND (o.verified_by IS NOT NULL
	        OR o.held IS NULL
	           AND EXISTS (SELECT FROM @extschema@.source AS t
	                        WHERE t.source = o.source AND t.kind = o.kind AND t.known_until = 'infinity' AND t.trusted_from <= o.recorded_on AND o.recorded_on < t.trusted_until))) AS v
  LEFT JOIN @extschema@._counted_calendar AS decided ON decided.day = r.decided_on
  LEFT JOIN @extschema@._counted_calendar AS due ON due.working AND due.number = decided.number + n.days
  LEFT JOIN @extschema@._counted_calendar AS until ON until.day = coalesce(v.ready_on, n.today)
 WHERE r.known_until = 'infinity' AND r.revoked_on IS NULL AND r.decided_on IS NOT NULL
   AND r.kind IN ('penalty', 'permit', 'award', 'inspection', 'act');
COMMENT ON VIEW @extschema@.publicity_deadline IS '公示时限：自决定之日起七个工作日，首日不计 / when each record has to be public: within seven working days of the decision';
COMMENT ON COLUMN @extschema@.publicity_deadline.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.publicity_deadline.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.publicity_deadline.kind IS '记录类别 / kind of record';
COMMENT ON COLUMN @extschema@.publicity_deadline.document IS '文书号 / document number';
COMMENT ON COLUMN @extschema@.publicity_deadline.authority IS '作出机关代码 / authority';
COMMENT ON COLUMN @extschema@.publicity_deadline.decided_on IS '决定日 / day of the decision';
COMMENT ON COLUMN @extschema@.publicity_deadline.due_on IS '时限末日（含）；空为未知：超出已知的工作日历 / last day; NULL is unknown: past what the calendar knows';
COMMENT ON COLUMN @extschema@.publicity_deadline.entered_on IS '录入日 / day of entry';
COMMENT ON COLUMN @extschema@.publicity_deadline.ready_on IS '审核生效、可以公示之日；空为仍待审核 / day from which it could be public: trusted or verified; NULL = still waits';
COMMENT ON COLUMN @extschema@.publicity_deadline.state IS '状态：on_time 按时，late 迟延，waiting 未到期，overdue 逾期未公示，unknown 时限未知 / on_time, late, waiting, overdue, or unknown';
COMMENT ON COLUMN @extschema@.publicity_deadline.late_by IS '逾期工作日数；空为未知 / working days past the last day; NULL = unknown';

CREATE VIEW @extschema@.stat_publicity WITH (security_barrier) AS
SELECT d.authority, d.kind, date_trunc('month', d.decided_on)::date AS month, count(*) AS records,
       count(d.ready_on) AS published, count(*) FILTER (WHERE d.state = 'on_time') AS on_time, count(*) FILTER (WHERE d.state = 'late') AS late,
       count(*) FILTER (WHERE d.state = 'waiting') AS waiting, count(*) FILTER (WHERE d.state = 'overdue') AS overdue,
       count(*) FILTER (WHERE d.state = 'unknown') AS unknown,
       round(100.0 * count(d.ready_on) / count(*), 2) AS complete_rate,
       round(100.0 * count(*) FILTER (WHERE d.state = 'on_time')
             / nullif(count(*) FILTER (WHERE d.state IN ('on_time', 'late', 'overdue')), 0), 2) AS on_time_rate
  FROM @extschema@.publicity_deadline AS d
 GROUP BY d.authority, d.kind, date_trunc('month', d.decided_on);
COMMENT ON VIEW @extschema@.stat_publicity IS '公示统计：各机关各月的完整率和及时率 / publicity by authority, kind and month of the decision: how much of it, and how much in time';
COMMENT ON COLUMN @extschema@.stat_publicity.authority IS '作出机关代码 / authority';
COMMENT ON COLUMN @extschema@.stat_publicity.kind IS '记录类别 / kind of record';
COMMENT ON COLUMN @extschema@.stat_publicity.month IS '决定所在月的首日 / first day of the month of the decision';
COMMENT ON COLUMN @extschema@.stat_publicity.records IS '记录数，不含已撤销的 / records, revoked ones left out';
COMMENT ON COLUMN @extschema@.stat_publicity.published IS '可以公示的（已审核生效） / ready for the public: trusted or verified';
COMMENT ON COLUMN @extschema@.stat_publicity.on_time IS '按时 / on time';
COMMENT ON COLUMN @extschema@.stat_publicity.late IS '迟延 / late';
COMMENT ON COLUMN @extschema@.stat_publicity.waiting IS '待审核、未到期 / waiting, not due yet';
COMMENT ON COLUMN @extschema@.stat_publicity.overdue IS '待审核、已逾期 / waiting, and past the last day';
COMMENT ON COLUMN @extschema@.stat_publicity.unknown IS '时限未知 / last day unknown';
COMMENT ON COLUMN @extschema@.stat_publicity.complete_rate IS '完整率（%） / published of all, in per cent';
COMMENT ON COLUMN @extschema@.stat_publicity.on_time_rate IS '及时率（%）：按时者占已到期者；没有到期的为空 / on time of those that are due, in per cent; NULL = none is due';
