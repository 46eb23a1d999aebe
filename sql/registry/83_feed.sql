-- ---------------------------------------------------------------------------
-- The feed: what platforms above and beside this one are told. By state, not by event: what a receiver must have at present is computed, compared
-- with what it was told last, and the differences become messages. A message lost, repeated or out of order does no harm:
--
--   the rule for receivers: of one key only a message with a higher revision than the last one applied is applied; put replaces the whole of
--   what the key had, withdraw takes it away (and keeps the revision, so that an older put cannot bring it back).
--
-- A message is sent again until it is acknowledged. Repaired, revoked, expired, delisted and superseded things leave what a receiver must have, and
-- so are withdrawn (a repair ends publication and sharing, here and above). Which records a receiver must have is told by publicity, as for the
-- public. Whether bodies that publish nothing are to have more, no document says: that is a parameter of the receiver, and they have not.
-- ---------------------------------------------------------------------------

-- ---------------------------------------------------------------------------
-- Receivers, and what they were told
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.feed_receiver (
	receiver       text NOT NULL PRIMARY KEY CHECK (btrim(receiver) <> ''),
	role           text NOT NULL CHECK (btrim(role) <> ''),
	title          text NOT NULL CHECK (btrim(title) <> ''),
	kinds          text[] NOT NULL,
	policies       text[],
	representative boolean NOT NULL DEFAULT false,
	unpublished    boolean NOT NULL DEFAULT false,
	active         boolean NOT NULL DEFAULT true,
	entered_by     text NOT NULL DEFAULT @extschema@.actor(),
	CONSTRAINT feed_receiver_kinds CHECK (kinds <> '{}' AND kinds <@ ARRAY['penalty', 'permit', 'award', 'inspection', 'act', 'commitment', 'grade', 'rating',
		'gap', 'warning', 'listing'] AND array_position(kinds, NULL) IS NULL)
);
COMMENT ON TABLE @extschema@.feed_receiver IS '报送接收方：上级和其他平台，各绑定一个数据库角色 / receivers of the feed: platforms above and beside, each bound to a role in the database';
COMMENT ON COLUMN @extschema@.feed_receiver.receiver IS '接收方标识 / receiver';
COMMENT ON COLUMN @extschema@.feed_receiver.role IS '代表该接收方的数据库角色 / role that acts for it';
COMMENT ON COLUMN @extschema@.feed_receiver.title IS '名称 / name';
COMMENT ON COLUMN @extschema@.feed_receiver.kinds IS '报送种类：记录类别，及 grade 等级、rating 定期评价、gap 等级相差两档以上、warning 预警（重点关注名单）、listing 红黑名单 / kinds: those of records, grade, rating, gap (grades two or more apart), warning (watch list), listing (red and black)';
COMMENT ON COLUMN @extschema@.feed_receiver.policies IS '限于这些办法的等级、评价和名单；空为全部 / grades, ratings and lists of these policies only; NULL = all';
COMMENT ON COLUMN @extschema@.feed_receiver.representative IS '是否报送法定代表人姓名全称，否则遮蔽 / whether names of legal representatives are sent in full; else masked';
COMMENT ON COLUMN @extschema@.feed_receiver.unpublished IS '是否也报送不公示的处罚（轻微，或类别待认定）：仅限自身不公示、内部使用的接收方；按最轻一类的期限终止 / whether it is told also of penalties that are not public, for a minor breach or a class that is not determined: for bodies that use and do not publish them; they end as the lightest class would';
COMMENT ON COLUMN @extschema@.feed_receiver.active IS '是否启用 / whether it is fed';
COMMENT ON COLUMN @extschema@.feed_receiver.entered_by IS '录入人 / who entered it';

CREATE SEQUENCE @extschema@.feed_item_number AS bigint;
COMMENT ON SEQUENCE @extschema@.feed_item_number IS '报送事项编号 / numbers of the items of the feed';
CREATE SEQUENCE @extschema@.feed_number AS bigint;
COMMENT ON SEQUENCE @extschema@.feed_number IS '报送消息编号 / numbers of the messages of the feed';
CREATE SEQUENCE @extschema@.feed_touch_number AS bigint;
COMMENT ON SEQUENCE @extschema@.feed_touch_number IS '报送变动提示编号 / numbers of the hints of changes';

-- Receivers know an item by its number alone: the key can hold the code of a natural person.
CREATE TABLE @extschema@.feed_told (
	subject   @extschema@.subject_code NOT NULL,
	item      bigint NOT NULL DEFAULT nextval('@extschema@.feed_item_number'),
	revision  bigint NOT NULL CHECK (revision > 0),
	withdrawn boolean NOT NULL,
	receiver  text NOT NULL REFERENCES @extschema@.feed_receiver (receiver),
	key       text NOT NULL,
	kind      text NOT NULL,
	digest    bytea NOT NULL,
	identity  jsonb NOT NULL,
	PRIMARY KEY (subject, receiver, key)
);
COMMENT ON TABLE @extschema@.feed_told IS '每一接收方最近被告知的内容 / what each receiver was told last';
COMMENT ON COLUMN @extschema@.feed_told.subject IS '主体代码（不报送自然人代码） / subject; codes of natural persons are not sent';
COMMENT ON COLUMN @extschema@.feed_told.item IS '事项编号，即对外的键 / number of the item: the key that receivers see';
COMMENT ON COLUMN @extschema@.feed_told.revision IS '最近消息的修订号 / revision of the last message';
COMMENT ON COLUMN @extschema@.feed_told.withdrawn IS '是否已撤回 / whether it is withdrawn';
COMMENT ON COLUMN @extschema@.feed_told.receiver IS '接收方 / receiver';
COMMENT ON COLUMN @extschema@.feed_told.key IS '事项 / what it is: record, grade, rating, gap, warning or listing';
COMMENT ON COLUMN @extschema@.feed_told.kind IS '种类 / kind';
COMMENT ON COLUMN @extschema@.feed_told.digest IS '最近内容的 SHA-256 / SHA-256 of the last content';
COMMENT ON COLUMN @extschema@.feed_told.identity IS '撤回时用以指认的字段 / fields that name it when it is withdrawn';

CREATE TABLE @extschema@.feed_mark (
	subject  @extschema@.subject_code NOT NULL,
	seq      bigint NOT NULL,
	next_on  date NOT NULL,
	receiver text NOT NULL REFERENCES @extschema@.feed_receiver (receiver),
	PRIMARY KEY (subject, receiver)
);
COMMENT ON TABLE @extschema@.feed_mark IS '每一主体上次收集时的序号 / up to where each subject was collected';
COMMENT ON COLUMN @extschema@.feed_mark.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.feed_mark.seq IS '当时的主体序号 / sequence of the subject then';
COMMENT ON COLUMN @extschema@.feed_mark.next_on IS '无新事实时内容可能变化之日 / first later day on which it may change if nothing new is learned';
COMMENT ON COLUMN @extschema@.feed_mark.receiver IS '接收方 / receiver';

-- Changes that leave a subject's sequence as it is. Rows are only added by writers, so that no writer waits for another or for a collection.
CREATE TABLE @extschema@.feed_touch (
	subject  @extschema@.subject_code NOT NULL,
	touch_id bigint NOT NULL DEFAULT nextval('@extschema@.feed_touch_number'),
	receiver text NOT NULL,
	PRIMARY KEY (subject, touch_id)
);
COMMENT ON TABLE @extschema@.feed_touch IS '待重新收集的主体 / subjects to be collected again';
COMMENT ON COLUMN @extschema@.feed_touch.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.feed_touch.touch_id IS '编号 / number';
COMMENT ON COLUMN @extschema@.feed_touch.receiver IS '接收方 / receiver';
CREATE TABLE @extschema@.feed_full (
	touch_id bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.feed_touch_number'),
	receiver text NOT NULL
);
COMMENT ON TABLE @extschema@.feed_full IS '待全部重新收集的接收方 / receivers to be collected in full';
COMMENT ON COLUMN @extschema@.feed_full.touch_id IS '编号 / number';
COMMENT ON COLUMN @extschema@.feed_full.receiver IS '接收方 / receiver';

CREATE TABLE @extschema@.feed (
	subject         @extschema@.subject_code NOT NULL,
	feed_id         bigint NOT NULL DEFAULT nextval('@extschema@.feed_number'),
	item            bigint NOT NULL,
	revision        bigint NOT NULL,
	made_on         date NOT NULL DEFAULT @extschema@.today(),
	taken_at        timestamptz,
	acknowledged_at timestamptz,
	dropped_at      timestamptz,
	attempts        integer NOT NULL DEFAULT 0,
	receiver        text NOT NULL REFERENCES @extschema@.feed_receiver (receiver),
	key             text NOT NULL,
	kind            text NOT NULL,
	action          text NOT NULL CHECK (action IN ('put', 'withdraw')),
	reason          text,
	last_error      text,
	payload         jsonb NOT NULL,
	PRIMARY KEY (subject, feed_id),
	CONSTRAINT feed_revision UNIQUE (subject, receiver, key, revision),
	CONSTRAINT feed_reason CHECK ((action = 'withdraw') = (reason IS NOT NULL)
		AND reason IN ('repaired', 'revoked', 'delisted', 'expired', 'superseded', 'withheld'))
);
CREATE INDEX feed_open ON @extschema@.feed (receiver, feed_id) WHERE acknowledged_at IS NULL AND dropped_at IS NULL;
CREATE INDEX feed_by_number ON @extschema@.feed (feed_id);
COMMENT ON TABLE @extschema@.feed IS '报送消息 / messages to receivers';
COMMENT ON CONSTRAINT feed_revision ON @extschema@.feed IS '同一事项的修订号严格递增 / revisions of an item increase strictly';
COMMENT ON CONSTRAINT feed_reason ON @extschema@.feed IS '撤回须有理由 / a withdrawal has a reason';
COMMENT ON COLUMN @extschema@.feed.subject IS '主体代码（不报送自然人代码） / subject; codes of natural persons are not sent';
COMMENT ON COLUMN @extschema@.feed.feed_id IS '消息编号 / number of the message';
COMMENT ON COLUMN @extschema@.feed.item IS '事项编号，即对外的键 / number of the item: the key that receivers see';
COMMENT ON COLUMN @extschema@.feed.revision IS '修订号：同一事项只应用更高者 / revision: of an item only a higher one is applied';
COMMENT ON COLUMN @extschema@.feed.made_on IS '生成日 / day on which it was made';
COMMENT ON COLUMN @extschema@.feed.taken_at IS '最近取走时间 / when it was last taken';
COMMENT ON COLUMN @extschema@.feed.acknowledged_at IS '确认时间 / when it was acknowledged';
COMMENT ON COLUMN @extschema@.feed.dropped_at IS '未送达而被同一事项的后一消息取代的时间 / when a later message of the item took its place, undelivered';
COMMENT ON COLUMN @extschema@.feed.attempts IS '取走次数 / how often it was taken';
COMMENT ON COLUMN @extschema@.feed.receiver IS '接收方 / receiver';
COMMENT ON COLUMN @extschema@.feed.key IS '事项 / what it is about';
COMMENT ON COLUMN @extschema@.feed.kind IS '种类 / kind';
COMMENT ON COLUMN @extschema@.feed.action IS '动作：put 报送或更新全部内容，withdraw 撤回 / put: all of the content; withdraw: take it away';
COMMENT ON COLUMN @extschema@.feed.reason IS '撤回理由：repaired 修复，revoked 撤销，delisted 移出，expired 期满，superseded 被取代，withheld 暂不报送（待审核等） / reason of a withdrawal';
COMMENT ON COLUMN @extschema@.feed.last_error IS '接收方最近退回的理由 / why the receiver refused it last';
COMMENT ON COLUMN @extschema@.feed.payload IS '内容；撤回时仅为指认字段 / content; of a withdrawal the fields that name it';

CREATE FUNCTION @extschema@._feed_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $feed_guard$
DECLARE
	delivery constant text[] := ARRAY['taken_at', 'acknowledged_at', 'dropped_at', 'attempts', 'last_error'];
BEGIN
	IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - delivery = to_jsonb(OLD) - delivery AND NEW.attempts >= OLD.attempts
	   AND (OLD.acknowledged_at IS NULL OR to_jsonb(NEW) = to_jsonb(OLD)) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'cannot % messages of the feed', CASE TG_OP WHEN 'UPDATE' THEN 'rewrite' ELSE lower(TG_OP) END
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'What was told, and when it was acknowledged, stays on record.',
		      HINT = 'citycredit.collect_feed() tells what has changed.';
END
$feed_guard$;
REVOKE ALL ON FUNCTION @extschema@._feed_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_guard() IS '报送消息只增不改 / refuses rewriting and deleting of messages';
CREATE TRIGGER feed_guard BEFORE UPDATE OR DELETE ON @extschema@.feed FOR EACH ROW EXECUTE FUNCTION @extschema@._feed_guard();
CREATE TRIGGER feed_guard_truncate BEFORE TRUNCATE ON @extschema@.feed FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._feed_guard();

-- ---------------------------------------------------------------------------
-- What a receiver must have
-- ---------------------------------------------------------------------------

-- 万元 with six decimals, of fen: one fen is 0.000001.
CREATE FUNCTION @extschema@._feed_amount(fen numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $feed_amount$
	SELECT round(fen / 1000000, 6)::text
$feed_amount$;
REVOKE ALL ON FUNCTION @extschema@._feed_amount(numeric) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_amount(numeric) IS '金额，万元六位小数 / an amount in 万元 with six decimals';

-- A record in the exchange form (发改办财金〔2018〕424号): fields as they were given, where they still say what the record says, else its columns.
-- The last day of publicity is the one that holds here, so that it ends above on the same day. PART is ours: several parts of one document.
-- Natural persons are masked; documents of persons are nowhere in it; free text about a natural person is left out.
CREATE FUNCTION @extschema@._feed_record(r @extschema@.record, s @extschema@.subject, representative boolean, public_until date) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $feed_record$
DECLARE
	d constant jsonb := coalesce(r.detail, '{}');
	person constant boolean := @extschema@.subject_kind(r.subject) = 'natural_person';
	prefix constant text := CASE r.kind WHEN 'penalty' THEN 'CF_' WHEN 'permit' THEN 'XK_' END;
	name constant text := CASE WHEN person THEN @extschema@._masked_name(s.name) ELSE coalesce(s.name, d ->> (lower(prefix) || 'xdr_mc'), d ->> 'subject_name') END;
	leader text := CASE WHEN NOT person THEN coalesce(d ->> (lower(prefix) || 'frdb'), d ->> (lower(prefix) || 'fr'), d ->> 'representative', s.representative) END;
	category constant text := CASE WHEN person THEN '自然人' WHEN s.kind = 'individual_business' THEN '个体工商户' ELSE '法人及非法人组织' END;
	confiscation constant boolean := coalesce(r.penalty_kind IN ('confiscation_of_gains', 'confiscation_of_goods'), false);
	public_end constant text := nullif(public_until, 'infinity')::text;
	part constant text := nullif(r.part, 0)::text;
	fine numeric := @extschema@._exchange_decimal(d ->> 'cf_nr_fk', 6);
	confiscated numeric := @extschema@._exchange_decimal(d ->> 'cf_nr_wfff', 6);
	fields jsonb;
BEGIN
	IF NOT representative THEN
		leader := @extschema@._masked_name(leader);
	END IF;
	IF r.fine_fen IS NOT NULL AND r.amount_fen IS NOT NULL THEN
		-- known apart, the columns say it: they are what an amendment changes
		fine := CASE WHEN r.fine_fen > 0 OR r.penalty_kind = 'fine' OR d ? 'cf_nr_fk' THEN r.fine_fen END;
		confiscated := CASE WHEN r.amount_fen > r.fine_fen OR confiscation OR d ? 'cf_nr_wfff' THEN r.amount_fen - r.fine_fen END;
	ELSIF coalesce(fine, 0) + coalesce(confiscated, 0) <> r.amount_fen THEN
		-- an amount amended since is not the one that was given
		fine := CASE WHEN NOT confiscation THEN r.amount_fen END;
		confiscated := CASE WHEN confiscation THEN r.amount_fen END;
	END IF;
	IF prefix IS NOT NULL THEN
		SELECT jsonb_object_agg(prefix || v.field, v.value) INTO fields
		  FROM (VALUES
			('XDR_MC', name), ('XDR_LB', category), ('XDR_SHXYM', CASE WHEN NOT person THEN r.subject::text END),
			('XDR_GSZC', CASE WHEN NOT person THEN coalesce(d ->> (lower(prefix) || 'xdr_gszc'), d ->> (lower(prefix) || 'xdr_gsdj')) END),
			('XDR_ZZJG', CASE WHEN NOT person THEN coalesce(d ->> (lower(prefix) || 'xdr_zzjg'), d ->> (lower(prefix) || 'xdr_zdm')) END),
			('XDR_SWDJ', CASE WHEN NOT person THEN d ->> (lower(prefix) || 'xdr_swdj') END),
			('XDR_SYDW', CASE WHEN NOT person THEN d ->> (lower(prefix) || 'xdr_sydw') END),
			('XDR_SHZZ', CASE WHEN NOT person THEN d ->> (lower(prefix) || 'xdr_shzz') END),
			('FRDB', leader), ('WSH', coalesce(d ->> (lower(prefix) || 'wsh'), r.document)), ('JDRQ', r.decided_on::text)) AS v (field, value);
	END IF;
	CASE r.kind
	WHEN 'penalty' THEN
		fields := fields || jsonb_build_object(
			'CF_WFXW', CASE WHEN NOT person THEN @extschema@._public_text(coalesce(d ->> 'cf_wfxw', d ->> 'cf_cfmc')) END,
			'CF_SY', CASE WHEN NOT person THEN @extschema@._public_text(d ->> 'cf_sy') END,
			'CF_YJ', @extschema@._public_text(d ->> 'cf_yj'),
			'CF_CFLB', coalesce(d ->> 'cf_cflb', nullif(concat_ws(';', d ->> 'cf_cflb1', d ->> 'cf_cflb2'), ''),
				CASE r.penalty_kind WHEN 'warning' THEN '警告' WHEN 'notice_of_criticism' THEN '通报批评' WHEN 'fine' THEN '罚款'
					WHEN 'confiscation_of_gains' THEN '没收违法所得' WHEN 'confiscation_of_goods' THEN '没收非法财物'
					WHEN 'suspension_of_licence' THEN '暂扣许可证件' WHEN 'downgrading' THEN '降低资质等级' WHEN 'revocation_of_licence' THEN '吊销许可证件'
					WHEN 'restriction_of_business' THEN '限制开展生产经营活动' WHEN 'suspension_of_business' THEN '责令停产停业'
					WHEN 'closure' THEN '责令关闭' WHEN 'restriction_of_practice' THEN '限制从业' WHEN 'detention' THEN '行政拘留' END),
			'CF_NR', CASE WHEN NOT person THEN @extschema@._public_text(coalesce(d ->> 'cf_nr', d ->> 'cf_jg')) END,
			'CF_NR_FK', @extschema@._feed_amount(fine), 'CF_NR_WFFF', @extschema@._feed_amount(confiscated),
			'CF_NR_ZKDX', CASE WHEN NOT person THEN @extschema@._public_text(d ->> 'cf_nr_zkdx') END,
			-- 2099-12-31 is how the form writes that there is no end
			'CF_YXQ', coalesce(nullif(r.valid_until, 'infinity')::text, CASE WHEN d ? 'cf_yxq' THEN '2099-12-31' END), 'CF_GSJZQ', public_end,
			'CF_CFJG', coalesce(d ->> 'cf_cfjg', d ->> 'cf_xzjg'), 'CF_CFJGDM', r.authority, 'CF_SJLY', d ->> 'cf_sjly', 'CF_SJLYDM', r.source,
			'BZ', CASE WHEN NOT person THEN @extschema@._public_text(d ->> 'bz') END, 'PART', part);
	WHEN 'permit' THEN
		fields := fields || jsonb_build_object(
			'XK_XKWS', coalesce(d ->> 'xk_xkws', d ->> 'xk_xmmc'), 'XK_XKLB', coalesce(d ->> 'xk_xklb', d ->> 'xk_splb'),
			'XK_XKZS', CASE WHEN NOT person THEN d ->> 'xk_xkzs' END, 'XK_XKBH', CASE WHEN NOT person THEN d ->> 'xk_xkbh' END,
			'XK_NR', CASE WHEN NOT person THEN @extschema@._public_text(d ->> 'xk_nr') END,
			'XK_YXQZ', r.valid_from::text, 'XK_YXQZI', coalesce(nullif(r.valid_until, 'infinity')::text, CASE WHEN d ?| ARRAY['xk_yxqzi', 'xk_jzq'] THEN '2099-12-31' END),
			'XK_XKJG', coalesce(d ->> 'xk_xkjg', d ->> 'xk_xzjg'), 'XK_XKJGDM', r.authority, 'XK_ZT', coalesce(d ->> 'xk_zt', r.state),
			'XK_LYDW', d ->> 'xk_lydw', 'XK_LYDWDM', r.source, 'BZ', CASE WHEN NOT person THEN @extschema@._public_text(d ->> 'bz') END, 'PART', part);
	ELSE
		fields := jsonb_build_object('kind', r.kind, 'subject_name', name, 'category', category, 'subject_code', CASE WHEN NOT person THEN r.subject::text END,
			'representative', leader, 'document', coalesce(d ->> 'document', r.document), 'title', @extschema@._public_text(d ->> 'title'),
			'facts', CASE WHEN NOT person THEN @extschema@._public_text(d ->> 'facts') END, 'basis', @extschema@._public_text(d ->> 'basis'),
			'content', CASE WHEN NOT person THEN @extschema@._public_text(d ->> 'content') END, 'amount', @extschema@._feed_amount(r.amount_fen),
			'decided_on', r.decided_on::text, 'act_on', r.act_on::text, 'valid_from', r.valid_from::text, 'valid_until', nullif(r.valid_until, 'infinity')::text,
			'publicity_until', public_end, 'state', r.state, 'authority', d ->> 'authority', 'authority_code', r.authority,
			'source', d ->> 'source', 'source_code', r.source, 'part', part);
	END CASE;
	RETURN jsonb_strip_nulls(fields);
END
$feed_record$;
REVOKE ALL ON FUNCTION @extschema@._feed_record(@extschema@.record, @extschema@.subject, boolean, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_record(@extschema@.record, @extschema@.subject, boolean, date) IS '记录的交换格式，自然人已遮蔽 / a record in the exchange form, natural persons masked';

-- Whom the feed may speak of on a day, and how they are called there: nothing of a minor leaves the house.
CREATE FUNCTION @extschema@._feed_who(subjects @extschema@.subject_code[], day date)
RETURNS TABLE (subject @extschema@.subject_code, minor_until date, person boolean, government boolean, shown boolean, who jsonb)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = off SET enable_seqscan = off SET jit = off AS $feed_who$
#variable_conflict use_column
DECLARE
	parameters constant jsonb := @extschema@._publicity_parameters(day);
BEGIN
	RETURN QUERY
	SELECT s.subject, coalesce(m.minor_until, '-infinity'), k.person, s.kind IN ('government_body', 'official'),
	       @extschema@._publicity_parameter(parameters, 'publish_kind', s.kind) = 'yes',
	       jsonb_strip_nulls(jsonb_build_object('subject_kind', s.kind, 'subject_name', CASE WHEN k.person THEN @extschema@._masked_name(s.name) ELSE s.name END,
	           'subject_code', CASE WHEN NOT k.person THEN s.subject::text END))
	  FROM @extschema@.subject AS s
	 CROSS JOIN LATERAL (SELECT @extschema@.subject_kind(s.subject) = 'natural_person' AS person) AS k
	  LEFT JOIN @extschema@.person_minor AS m ON m.subject OPERATOR(@extschema@.=) s.subject AND m.subject OPERATOR(@extschema@.=) ANY (subjects)
	 WHERE s.subject OPERATOR(@extschema@.=) ANY (subjects) AND (m.minor_until >= day) IS NOT TRUE;
END
$feed_who$;
REVOKE ALL ON FUNCTION @extschema@._feed_who(@extschema@.subject_code[], date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_who(@extschema@.subject_code[], date) IS '可报送的主体及其称谓，未成年人除外 / subjects that may be told of, and their names; no minors';

-- From when until when each record is told: as long as it is public. Where a receiver that publishes nothing is to have unpublished penalties too,
-- they end as those of the lightest class would: what is unknown does not count against the subject.
CREATE FUNCTION @extschema@._feed_publicity(r @extschema@.feed_receiver, subjects @extschema@.subject_code[], day date)
RETURNS TABLE (subject @extschema@.subject_code, record_id uuid, told_from date, told_until date, public_until date, reason text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = off SET enable_seqscan = off SET jit = off AS $feed_publicity$
#variable_conflict use_column
BEGIN
	IF NOT r.unpublished THEN
		RETURN QUERY
		SELECT p.subject, p.record_id, p."from", p.until, p.until, p.reason FROM @extschema@._publicity_set(subjects, r.kinds, day) AS p;
		RETURN;
	END IF;
	RETURN QUERY
	SELECT p.subject, p.record_id, coalesce(p."from", o.decided_on),
	       CASE WHEN p.reason NOT IN ('not_published', 'undetermined') THEN p.until
	            ELSE least(coalesce(p.max_until, @extschema@.add_months_civil(o.decided_on, (
	                           SELECT min(g.max_months)::integer FROM @extschema@.publicity_regime AS g
	                            WHERE g.regime = p.regime AND g.approved_on <= day AND g.superseded_on > day))),
	                       o.publicity_until, o.repaired_on - 1, o.revoked_on - 1) END,
	       p.until, p.reason
	  FROM @extschema@._publicity_set(subjects, r.kinds, day) AS p
	  JOIN @extschema@.record AS o ON o.subject OPERATOR(@extschema@.=) p.subject AND o.record_id = p.record_id AND o.known_until = 'infinity'
	   AND o.subject OPERATOR(@extschema@.=) ANY (subjects);
END
$feed_publicity$;
REVOKE ALL ON FUNCTION @extschema@._feed_publicity(@extschema@.feed_receiver, @extschema@.subject_code[], date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_publicity(@extschema@.feed_receiver, @extschema@.subject_code[], date) IS '各记录向某接收方报送的起止日 / from when until when a receiver is told of each record';

-- All of it for some subjects, by key; and of the records that the receiver must not have, why, with the next day that may change it.
-- What a platform sent, known by its source, is never told to that platform. Each table is told the subjects once more: a join would read all of it.
CREATE FUNCTION @extschema@._feed_wanted(r @extschema@.feed_receiver, subjects @extschema@.subject_code[], day date)
RETURNS TABLE (subject @extschema@.subject_code, key text, kind text, payload jsonb, reason text, next_on date)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = off SET enable_seqscan = off SET jit = off SET datestyle = 'ISO, YMD' AS $feed_wanted$
#variable_conflict use_column
DECLARE
	parameters constant jsonb := @extschema@._publicity_parameters(day);
	own_sources text[];
BEGIN
	IF r.kinds && ARRAY['penalty', 'permit', 'award', 'inspection', 'act', 'commitment'] THEN
		SELECT coalesce(array_agg(f.source), '{}') INTO own_sources FROM @extschema@.feed_sender AS f WHERE f.role = r.role OR f.receiver = r.receiver;
		RETURN QUERY
		WITH due AS MATERIALIZED (
			SELECT w.subject, w.minor_until, w.shown, p.record_id, p.told_from, p.told_until, p.public_until
			  FROM @extschema@._feed_who(subjects, day) AS w
			  JOIN @extschema@._feed_publicity(r, subjects, day) AS p ON p.subject OPERATOR(@extschema@.=) w.subject
		)
		SELECT d.subject, 'record/' || o.record_id, o.kind, CASE WHEN told.so THEN @extschema@._feed_record(o, s, r.representative, d.public_until) END,
		       CASE WHEN told.so THEN NULL WHEN o.revoked_on IS NOT NULL THEN 'revoked' WHEN o.repaired_on <= day THEN 'repaired' WHEN d.told_until < day THEN 'expired'
		            ELSE 'withheld' END,
		       CASE WHEN d.told_from > day THEN d.told_from WHEN d.told_until >= day THEN d.told_until + 1 END
		  FROM due AS d
		  JOIN @extschema@.subject AS s ON s.subject OPERATOR(@extschema@.=) d.subject AND s.subject OPERATOR(@extschema@.=) ANY (subjects)
		  JOIN @extschema@.record AS o ON o.subject OPERATOR(@extschema@.=) d.subject AND o.record_id = d.record_id AND o.known_until = 'infinity'
		   AND o.subject OPERATOR(@extschema@.=) ANY (subjects)
		 CROSS JOIN LATERAL (
			SELECT coalesce(d.shown AND o.revoked_on IS NULL AND day BETWEEN d.told_from AND d.told_until
			   -- who was a minor when it happened stays out of it
			   AND least(o.act_on, o.decided_on) > d.minor_until AND o.source <> ALL (own_sources)
			   -- reviewed by whoever entered it, or by a second person (录入数据的审核)
			   AND (o.verified_by IS NOT NULL
			        OR o.held IS NULL
			           AND EXISTS (SELECT FROM @extschema@.source AS t
			                        WHERE t.source = o.source AND t.kind = o.kind AND t.known_until = 'infinity' AND t.trusted_from <= o.recorded_on AND o.recorded_on < t.trusted_until))
			   AND (o.kind <> 'commitment'
			        OR CASE WHEN o.detail ->> 'openness' IS NULL THEN @extschema@._publicity_parameter(parameters, 'openness', NULL) = 'public'
			                ELSE o.detail ->> 'openness' IN ('public', '公开') END), false) AS so) AS told
		 WHERE o.kind = ANY (r.kinds);
	END IF;
	IF r.kinds && ARRAY['grade', 'gap'] THEN
		RETURN QUERY
		WITH graded AS MATERIALIZED (
			SELECT w.subject, w.who, t.policy, t.version, t.state, t.score, t.band, t.credit_grade, p.title, p.issuer
			  FROM @extschema@._feed_who(subjects, day) AS w
			  JOIN @extschema@.standing AS t ON t.subject OPERATOR(@extschema@.=) w.subject AND t.subject OPERATOR(@extschema@.=) ANY (subjects)
			  JOIN @extschema@.policy AS p ON p.policy = t.policy AND p.version = t.version
			 WHERE NOT p.example AND p.published_on <= day AND NOT t.undecided
			   AND CASE WHEN w.government THEN @extschema@._public_policy(t.policy, day) ELSE w.shown END
		)
		SELECT g.subject, 'grade/' || g.policy, 'grade', g.who || jsonb_strip_nulls(jsonb_build_object('policy', g.policy, 'version', g.version, 'title', g.title,
		           'issuer', g.issuer, 'state', g.state, 'score', trim_scale(g.score), 'band', g.band, 'credit_grade', g.credit_grade::text)), NULL::text, NULL::date
		  FROM graded AS g
		 WHERE 'grade' = ANY (r.kinds) AND (g.policy = ANY (r.policies)) IS NOT FALSE
		UNION ALL
		-- 《重庆市深入推进信用分级分类监管工作方案（征求意见稿）》二(三)8: two grades or more apart, the departments concerned are told
		SELECT a.subject, format('gap/%s/%s', least(a.policy, b.policy), greatest(a.policy, b.policy)), 'gap', a.who || jsonb_strip_nulls(jsonb_build_object(
		           'policy_better', a.policy, 'title_better', a.title, 'department_better', a.issuer, 'grade_better', a.credit_grade::text,
		           'policy_worse', b.policy, 'title_worse', b.title, 'department_worse', b.issuer, 'grade_worse', b.credit_grade::text,
		           'distance', a.credit_grade OPERATOR(@extschema@.-) b.credit_grade, 'since', @extschema@._gap_since(a.subject, a.policy, b.policy)::text)), NULL, NULL
		  FROM graded AS a
		  JOIN graded AS b ON b.subject OPERATOR(@extschema@.=) a.subject AND (a.credit_grade OPERATOR(@extschema@.-) b.credit_grade) >= 2
		 WHERE 'gap' = ANY (r.kinds) AND (r.policies && ARRAY[a.policy, b.policy]) IS NOT FALSE;
	END IF;
	IF 'rating' = ANY (r.kinds) THEN
		RETURN QUERY
		SELECT w.subject, format('rating/%s/%s/%s', p.policy, t.rating, t.period_from), 'rating', w.who || jsonb_strip_nulls(jsonb_build_object('policy', p.policy, 'version', p.version,
		           'title', p.title, 'issuer', p.issuer, 'rating', t.rating, 'period_from', t.period_from::text, 'period_until', t.period_until::text,
		           'correction', t.correction, 'state', t.state, 'score', trim_scale(t.score::numeric / 10000), 'band', t.band, 'credit_grade', t.credit_grade::text,
		           'published_on', t.published_on::text, 'valid_from', t.valid_from::text, 'valid_until', nullif(t.valid_until, 'infinity')::text)), NULL::text, NULL::date
		  FROM @extschema@._feed_who(subjects, day) AS w
		  JOIN @extschema@.rating AS t ON t.subject OPERATOR(@extschema@.=) w.subject AND t.subject OPERATOR(@extschema@.=) ANY (subjects)
		  JOIN @extschema@.policy AS p ON p.version_id = t.version_id
		 WHERE t.superseded_at = 'infinity' AND day BETWEEN t.valid_from AND t.valid_until AND t.period_from > w.minor_until
		   AND t.state <> 'not_enrolled' AND NOT t.undecided AND NOT p.example AND (p.policy = ANY (r.policies)) IS NOT FALSE
		   -- of several periods that are valid the latest, also when that one is not told
		   AND NOT EXISTS (SELECT FROM @extschema@.rating AS n
		                    WHERE n.subject OPERATOR(@extschema@.=) ANY (subjects) AND n.subject OPERATOR(@extschema@.=) t.subject AND n.policy_id = t.policy_id AND n.rating = t.rating
		                      AND n.period_from > t.period_from AND n.superseded_at = 'infinity' AND day BETWEEN n.valid_from AND n.valid_until)
		   AND CASE WHEN w.government THEN @extschema@._public_policy(p.policy, day) ELSE w.shown END;
	END IF;
	IF r.kinds && ARRAY['warning', 'listing'] THEN
		RETURN QUERY
		SELECT w.subject, k.kind || '/' || e.entry_id, k.kind, w.who || jsonb_strip_nulls(jsonb_build_object('document', e.entry_id::text, 'list', e.list, 'list_name', e.list_name,
		           'department', e.department, 'basis_title', e.basis_title, 'basis_rank', e.basis_rank, 'basis_article', e.basis_article,
		           'reason', CASE WHEN NOT w.person THEN @extschema@._public_text(e.reason) END, 'recognised_on', e.recognised_on::text,
		           'listed_from', e.listed_from::text, 'listed_until', e.listed_until::text)), NULL::text, NULL::date
		  FROM @extschema@._feed_who(subjects, day) AS w
		  JOIN @extschema@.list_entry AS e ON e.subject OPERATOR(@extschema@.=) w.subject AND e.subject OPERATOR(@extschema@.=) ANY (subjects)
		 CROSS JOIN LATERAL (SELECT CASE e.published WHEN 'watch' THEN 'warning' ELSE 'listing' END) AS k (kind)
		 WHERE e.published IS NOT NULL AND k.kind = ANY (r.kinds) AND day BETWEEN e.listed_from AND e.listed_until AND e.listed_from > w.minor_until
		   AND NOT w.government
		   AND (r.policies IS NULL OR EXISTS (SELECT FROM @extschema@.policy AS p WHERE p.policy_id = e.policy_id AND p.policy = ANY (r.policies)));
	END IF;
END
$feed_wanted$;
REVOKE ALL ON FUNCTION @extschema@._feed_wanted(@extschema@.feed_receiver, @extschema@.subject_code[], date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_wanted(@extschema@.feed_receiver, @extschema@.subject_code[], date) IS '某接收方当日应有的若干主体的全部内容；不应有的记录内容为空并附理由 / what a receiver must have of some subjects on a day; of records that it must not have the payload is NULL';

-- The first later day on which the rest may be different without anything new. A standing whose day has come and was not stored yet: tomorrow.
CREATE FUNCTION @extschema@._feed_next(subjects @extschema@.subject_code[], day date)
RETURNS TABLE (subject @extschema@.subject_code, next_on date)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = off SET enable_seqscan = off SET jit = off AS $feed_next$
#variable_conflict use_column
DECLARE
	-- days of the rules, the same for every subject: measures that will be public, and regimes where the day that is asked for chooses among them
	of_rules constant date := coalesce(least(
		(SELECT min(p.published_on) FROM @extschema@.policy AS p WHERE p.published_on > day),
		(SELECT min(v.on_day) FROM @extschema@.publicity_regime AS g CROSS JOIN LATERAL unnest(ARRAY[g.in_force_from, g.in_force_until + 1]) AS v (on_day)
		  WHERE v.on_day > day AND @extschema@._publicity_parameter(@extschema@._publicity_parameters(day), 'regime_day', NULL) = 'as_of')), 'infinity');
BEGIN
	RETURN QUERY
	SELECT u.subject, least(of_rules, min(n.next_on))
	  FROM unnest(subjects) AS u (subject)
	  LEFT JOIN (
		SELECT m.subject, m.minor_until + 1 AS next_on FROM @extschema@.person_minor AS m WHERE m.subject OPERATOR(@extschema@.=) ANY (subjects)
		UNION ALL
		SELECT e.subject, v.next_on FROM @extschema@.list_entry AS e CROSS JOIN LATERAL unnest(ARRAY[e.listed_from, e.listed_until + 1]) AS v (next_on)
		 WHERE e.subject OPERATOR(@extschema@.=) ANY (subjects) AND e.published IS NOT NULL
		UNION ALL
		SELECT t.subject, greatest(t.next_change_on, day + 1) FROM @extschema@.standing_stored AS t WHERE t.subject OPERATOR(@extschema@.=) ANY (subjects)
		UNION ALL
		SELECT t.subject, v.next_on FROM @extschema@.rating AS t CROSS JOIN LATERAL unnest(ARRAY[t.valid_from, t.valid_until + 1]) AS v (next_on)
		 WHERE t.subject OPERATOR(@extschema@.=) ANY (subjects) AND t.superseded_at = 'infinity') AS n
	    ON n.subject OPERATOR(@extschema@.=) u.subject AND n.next_on > day
	 GROUP BY u.subject;
END
$feed_next$;
REVOKE ALL ON FUNCTION @extschema@._feed_next(@extschema@.subject_code[], date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_next(@extschema@.subject_code[], date) IS '记录以外的应有内容可能变化之日 / first later day on which what must be told of a subject may change, but for records';

-- Why something told is no longer to be had, where it is not a current record.
CREATE FUNCTION @extschema@._feed_reason(told_of @extschema@.subject_code, key text, day date) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = off AS $feed_reason$
DECLARE
	told_kind constant text := split_part(key, '/', 1);
BEGIN
	RETURN coalesce(CASE
		WHEN told_kind = 'record' THEN (
			SELECT CASE WHEN o.known_until < 'infinity' THEN 'superseded' WHEN o.revoked_on IS NOT NULL THEN 'revoked' WHEN o.repaired_on <= day THEN 'repaired' END
			  FROM @extschema@.record AS o
			 WHERE o.subject OPERATOR(@extschema@.=) told_of AND o.record_id = split_part(key, '/', 2)::uuid ORDER BY o.known_until DESC LIMIT 1)
		WHEN told_kind IN ('warning', 'listing') THEN (
			SELECT CASE WHEN e.removed_on IS NOT NULL THEN 'delisted' WHEN e.listed_until < day THEN 'expired' END
			  FROM @extschema@.list_entry AS e
			 WHERE e.subject OPERATOR(@extschema@.=) told_of AND e.entry_id = split_part(key, '/', 2)::bigint)
		WHEN told_kind = 'rating' THEN (
			SELECT CASE WHEN t.valid_until < day THEN 'expired' ELSE 'superseded' END
			  FROM @extschema@.rating AS t
			  JOIN @extschema@.policy AS p ON p.version_id = t.version_id
			 WHERE t.subject OPERATOR(@extschema@.=) told_of AND format('rating/%s/%s/%s', p.policy, t.rating, to_jsonb(t.period_from) #>> '{}') = key
			 ORDER BY t.correction DESC LIMIT 1)
		WHEN told_kind = 'gap' OR NOT EXISTS (SELECT FROM @extschema@.standing AS t WHERE t.subject OPERATOR(@extschema@.=) told_of AND 'grade/' || t.policy = key)
			THEN 'superseded' END, 'withheld');
END
$feed_reason$;
REVOKE ALL ON FUNCTION @extschema@._feed_reason(@extschema@.subject_code, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_reason(@extschema@.subject_code, text, date) IS '撤回的理由 / reason of a withdrawal';

-- ---------------------------------------------------------------------------
-- Collecting
-- ---------------------------------------------------------------------------

-- The differences of some subjects as messages. A message never taken is dropped for the later one: that says all there is to say.
-- Tables that were empty when the statements were planned are large soon: index scans, whatever the planner knew.
CREATE FUNCTION @extschema@._feed_subjects(r @extschema@.feed_receiver, subjects @extschema@.subject_code[], seqs bigint[], day date) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off SET enable_seqscan = off SET jit = off AS $feed_subjects$
#variable_conflict use_column
DECLARE
	-- what tells an item from others, for whoever takes it away
	naming constant text[] := ARRAY['CF_XDR_MC', 'CF_XDR_SHXYM', 'CF_WSH', 'CF_JDRQ', 'CF_CFJGDM', 'XK_XDR_MC', 'XK_XDR_SHXYM', 'XK_WSH', 'XK_JDRQ', 'XK_XKJGDM', 'PART',
		'kind', 'subject_kind', 'subject_name', 'subject_code', 'document', 'authority_code', 'part', 'policy', 'rating', 'period_from', 'policy_better', 'policy_worse',
		'list', 'list_name', 'listed_from'];
	made bigint;
BEGIN
	WITH item AS MATERIALIZED (
		SELECT x.*, sha256(convert_to(x.payload::text, 'UTF8')) AS digest FROM @extschema@._feed_wanted(r, subjects, day) AS x
	), told AS MATERIALIZED (
		SELECT x.* FROM @extschema@.feed_told AS x WHERE x.subject OPERATOR(@extschema@.=) ANY (subjects) AND x.receiver = r.receiver
	), change AS MATERIALIZED (
		SELECT coalesce(w.subject, t.subject) AS subject, coalesce(w.key, t.key) AS key, coalesce(w.kind, t.kind) AS kind, w.payload, w.reason,
		       coalesce(w.digest, t.digest) AS digest, w.payload IS NULL AS withdrawn,
		       CASE WHEN w.payload IS NULL THEN t.identity
		            ELSE (SELECT jsonb_object_agg(n.name, w.payload -> n.name) FROM unnest(naming) AS n (name) WHERE w.payload ? n.name) END AS identity
		  FROM item AS w
		  FULL JOIN told AS t ON t.subject OPERATOR(@extschema@.=) w.subject AND t.key = w.key
		 WHERE CASE WHEN w.payload IS NULL THEN NOT t.withdrawn ELSE t.key IS NULL OR t.withdrawn OR t.digest <> w.digest END
	), remembered AS (
		INSERT INTO @extschema@.feed_told AS t (subject, receiver, key, kind, revision, digest, withdrawn, identity)
		SELECT c.subject, r.receiver, c.key, c.kind, 1, c.digest, c.withdrawn, c.identity FROM change AS c ORDER BY c.subject, c.key
		ON CONFLICT (subject, receiver, key) DO UPDATE
		   SET revision = t.revision + 1, kind = EXCLUDED.kind, digest = EXCLUDED.digest, withdrawn = EXCLUDED.withdrawn, identity = EXCLUDED.identity
		RETURNING t.subject, t.key, t.item, t.revision
	), dropped AS (
		UPDATE @extschema@.feed AS f SET dropped_at = clock_timestamp()
		  FROM change AS c
		 WHERE f.subject OPERATOR(@extschema@.=) ANY (subjects)
		   AND f.subject OPERATOR(@extschema@.=) c.subject AND f.receiver = r.receiver AND f.key = c.key
		   -- written so that the index of all open messages does not serve it
		   AND coalesce(f.acknowledged_at, f.dropped_at) IS NULL AND (f.attempts = 0 OR f.last_error IS NOT NULL)
	), sent AS (
		INSERT INTO @extschema@.feed (subject, item, revision, made_on, receiver, key, kind, action, reason, payload)
		SELECT c.subject, m.item, m.revision, day, r.receiver, c.key, c.kind, CASE WHEN c.withdrawn THEN 'withdraw' ELSE 'put' END,
		       CASE WHEN c.withdrawn THEN coalesce(c.reason, @extschema@._feed_reason(c.subject, c.key, day)) END, CASE WHEN c.withdrawn THEN c.identity ELSE c.payload END
		  FROM change AS c
		  JOIN remembered AS m ON m.subject OPERATOR(@extschema@.=) c.subject AND m.key = c.key
		 ORDER BY c.subject, c.key
		RETURNING 1
	), marked AS (
		INSERT INTO @extschema@.feed_mark AS m (subject, receiver, seq, next_on)
		SELECT u.subject, r.receiver, u.seq, least(n.next_on, i.next_on)
		  FROM unnest(subjects, seqs) AS u (subject, seq)
		  JOIN @extschema@._feed_next(subjects, day) AS n ON n.subject OPERATOR(@extschema@.=) u.subject
		  LEFT JOIN (SELECT x.subject, min(x.next_on) AS next_on FROM item AS x GROUP BY x.subject) AS i ON i.subject OPERATOR(@extschema@.=) u.subject
		 ORDER BY u.subject
		ON CONFLICT (subject, receiver) DO UPDATE SET seq = EXCLUDED.seq, next_on = EXCLUDED.next_on
	)
	SELECT count(*) INTO made FROM sent;
	RETURN made;
END
$feed_subjects$;
REVOKE ALL ON FUNCTION @extschema@._feed_subjects(@extschema@.feed_receiver, @extschema@.subject_code[], bigint[], date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_subjects(@extschema@.feed_receiver, @extschema@.subject_code[], bigint[], date) IS '若干主体的变动生成消息 / makes messages of what has changed of some subjects';

CREATE FUNCTION @extschema@._feed_receiver_of(receiver text) RETURNS @extschema@.feed_receiver
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $feed_receiver_of$
DECLARE
	found_receiver @extschema@.feed_receiver;
BEGIN
	SELECT r.* INTO found_receiver FROM @extschema@.feed_receiver AS r WHERE r.receiver = _feed_receiver_of.receiver;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'receiver "%" does not exist', _feed_receiver_of.receiver
			USING ERRCODE = 'undefined_object', HINT = 'The receivers are in citycredit.feed_receiver.';
	ELSIF NOT found_receiver.active THEN
		RAISE EXCEPTION 'receiver "%" is not active', _feed_receiver_of.receiver
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Set active in citycredit.feed_receiver: what has changed meanwhile is told then.';
	END IF;
	RETURN found_receiver;
END
$feed_receiver_of$;
REVOKE ALL ON FUNCTION @extschema@._feed_receiver_of(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_receiver_of(text) IS '启用中的接收方，否则报错 / a receiver in use, or an error';

-- The actor must be the role that the receiver is bound to.
CREATE FUNCTION @extschema@._feed_own_receiver(receiver text) RETURNS @extschema@.feed_receiver
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $feed_own_receiver$
DECLARE
	found_receiver @extschema@.feed_receiver := @extschema@._feed_receiver_of(receiver);
BEGIN
	IF found_receiver.role <> @extschema@.actor() THEN
		RAISE EXCEPTION 'role "%" does not act for receiver "%"', @extschema@.actor(), _feed_own_receiver.receiver
			USING ERRCODE = 'insufficient_privilege', HINT = 'Each receiver is bound to one role, in citycredit.feed_receiver.';
	END IF;
	RETURN found_receiver;
END
$feed_own_receiver$;
REVOKE ALL ON FUNCTION @extschema@._feed_own_receiver(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_own_receiver(text) IS '操作人所代表的接收方，否则报错 / the receiver that the actor acts for, or an error';

CREATE FUNCTION @extschema@.collect_feed(receiver text, "full" boolean DEFAULT false) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $collect_feed$
#variable_conflict use_column
DECLARE
	-- so many subjects at once: their rows fit in memory, and the statements are few
	slice constant integer := 500;
	r @extschema@.feed_receiver := @extschema@._feed_receiver_of(collect_feed.receiver);
	day constant date := @extschema@.today();
	whole boolean := collect_feed."full";
	touched @extschema@.subject_code[];
	subjects @extschema@.subject_code[];
	seqs bigint[];
	made bigint := 0;
BEGIN
	-- one collection of a receiver at a time
	SELECT x.* INTO STRICT r FROM @extschema@.feed_receiver AS x WHERE x.receiver = collect_feed.receiver FOR NO KEY UPDATE;
	-- Hints and sequences are read before what they tell of: what is committed in between is told now and looked at once more next time.
	WITH gone AS (DELETE FROM @extschema@.feed_full AS f WHERE f.receiver = collect_feed.receiver RETURNING 1)
	SELECT whole OR count(*) > 0 INTO whole FROM gone;
	WITH gone AS (DELETE FROM @extschema@.feed_touch AS f WHERE f.receiver = collect_feed.receiver RETURNING f.subject)
	SELECT coalesce(array_agg(DISTINCT g.subject), '{}') INTO touched FROM gone AS g;
	SELECT array_agg(s.subject ORDER BY s.subject), array_agg(coalesce(t.seq, 0) ORDER BY s.subject) INTO subjects, seqs
	  FROM @extschema@.subject AS s
	  LEFT JOIN @extschema@.subject_state AS t ON t.subject OPERATOR(@extschema@.=) s.subject
	  LEFT JOIN @extschema@.feed_mark AS m ON m.subject OPERATOR(@extschema@.=) s.subject AND m.receiver = collect_feed.receiver
	  LEFT JOIN unnest(touched) AS h (subject) ON h.subject OPERATOR(@extschema@.=) s.subject
	 WHERE whole OR m.subject IS NULL OR m.seq <> coalesce(t.seq, 0) OR m.next_on <= day OR h.subject IS NOT NULL;
	FOR at IN 1 .. coalesce(cardinality(subjects), 0) BY slice LOOP
		made := made + @extschema@._feed_subjects(r, subjects[at : at + slice - 1], seqs[at : at + slice - 1], day);
	END LOOP;
	RETURN made;
END
$collect_feed$;
REVOKE ALL ON FUNCTION @extschema@.collect_feed(text, boolean) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.collect_feed(text, boolean) IS
	'比较应有与已告知的内容，生成报送消息，返回条数；full 为全部主体，否则仅有变动者 / compares what a receiver must have with what it was told, makes messages of the differences, returns their number; full = of all subjects, else of those that changed';

-- ---------------------------------------------------------------------------
-- Delivering
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.take_feed(receiver text, n integer DEFAULT 100, retry_after interval DEFAULT '5 minutes')
RETURNS TABLE (id bigint, key text, revision bigint, kind text, action text, reason text, made_on date, payload jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $take_feed$
#variable_conflict use_column
DECLARE
	r @extschema@.feed_receiver := @extschema@._feed_own_receiver(take_feed.receiver);
BEGIN
	IF take_feed.n IS NULL OR take_feed.n < 1 OR take_feed.retry_after IS NULL OR take_feed.retry_after < interval '0' THEN
		RAISE EXCEPTION 'a number of messages and a time to retry after are needed'
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'n is at least 1, retry_after not negative.';
	END IF;
	RETURN QUERY
	WITH chosen AS (
		SELECT f.subject, f.feed_id FROM @extschema@.feed AS f
		 WHERE f.receiver = r.receiver AND f.acknowledged_at IS NULL AND f.dropped_at IS NULL
		   AND (f.taken_at IS NULL OR f.taken_at + take_feed.retry_after <= clock_timestamp())
		   -- in order, for receivers that lost count of revisions
		   AND NOT EXISTS (SELECT FROM @extschema@.feed AS e
		                    WHERE e.subject OPERATOR(@extschema@.=) f.subject AND e.receiver = f.receiver AND e.key = f.key AND e.revision < f.revision
		                      AND e.acknowledged_at IS NULL AND e.dropped_at IS NULL)
		 ORDER BY f.feed_id
		 LIMIT take_feed.n
		   FOR UPDATE SKIP LOCKED
	), taken AS (
		UPDATE @extschema@.feed AS f SET attempts = f.attempts + 1, taken_at = clock_timestamp()
		  FROM chosen AS c
		 WHERE f.subject OPERATOR(@extschema@.=) c.subject AND f.feed_id = c.feed_id
		RETURNING f.*
	)
	SELECT t.feed_id, t.item::text, t.revision, t.kind, t.action, t.reason, t.made_on, t.payload FROM taken AS t ORDER BY t.feed_id;
END
$take_feed$;
REVOKE ALL ON FUNCTION @extschema@.take_feed(text, integer, interval) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.take_feed(text, integer, interval) IS
	'取走至多 n 条消息；未确认者逾 retry_after 再次给出；同一事项前一消息未确认则后一消息等待；同一 key 只应用更高的 revision / takes at most n messages; those not acknowledged are given again after a while; a message waits while an earlier one of its key is not acknowledged; of a key apply only a higher revision';

-- Messages of the receiver by their numbers; an error names those that are not.
CREATE FUNCTION @extschema@._feed_check(receiver text, ids bigint[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $feed_check$
DECLARE
	unknown text;
BEGIN
	IF ids IS NULL OR array_position(ids, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'numbers of messages must not be null' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	SELECT string_agg(u.id::text, ', ' ORDER BY u.id) INTO unknown FROM unnest(ids) AS u (id)
	 WHERE NOT EXISTS (SELECT FROM @extschema@.feed AS f WHERE f.feed_id = u.id AND f.receiver = _feed_check.receiver AND f.attempts > 0);
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION 'receiver "%" has taken no message %', receiver, unknown
			USING ERRCODE = 'undefined_object', HINT = 'The numbers are those that citycredit.take_feed() gave.';
	END IF;
END
$feed_check$;
REVOKE ALL ON FUNCTION @extschema@._feed_check(text, bigint[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._feed_check(text, bigint[]) IS '核对消息编号 / refuses numbers of messages that the receiver has not taken';

CREATE FUNCTION @extschema@.acknowledge_feed(receiver text, ids bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $acknowledge_feed$
#variable_conflict use_column
DECLARE
	r @extschema@.feed_receiver := @extschema@._feed_own_receiver(acknowledge_feed.receiver);
	acknowledged integer;
BEGIN
	PERFORM @extschema@._feed_check(r.receiver, ids);
	UPDATE @extschema@.feed AS f SET acknowledged_at = clock_timestamp()
	 WHERE f.feed_id = ANY (ids) AND f.receiver = r.receiver AND f.acknowledged_at IS NULL;
	GET DIAGNOSTICS acknowledged = ROW_COUNT;
	RETURN acknowledged;
END
$acknowledge_feed$;
REVOKE ALL ON FUNCTION @extschema@.acknowledge_feed(text, bigint[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.acknowledge_feed(text, bigint[]) IS
	'确认消息已应用（或因修订号较低而忽略），返回新确认的条数；可重复 / acknowledges messages as applied, or passed over for a lower revision; the number newly acknowledged; may be repeated';

CREATE FUNCTION @extschema@.fail_feed(receiver text, id bigint, reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $fail_feed$
#variable_conflict use_column
DECLARE
	r @extschema@.feed_receiver := @extschema@._feed_own_receiver(fail_feed.receiver);
BEGIN
	IF @extschema@._exchange_text(fail_feed.reason) IS NULL THEN
		RAISE EXCEPTION 'no reason given for refusing message %', fail_feed.id
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Say why: it is kept with the message.';
	END IF;
	PERFORM @extschema@._feed_check(r.receiver, ARRAY[fail_feed.id]);
	UPDATE @extschema@.feed AS f SET last_error = @extschema@._exchange_text(fail_feed.reason)
	 WHERE f.feed_id = fail_feed.id AND f.receiver = r.receiver AND f.acknowledged_at IS NULL;
	RETURN FOUND;
END
$fail_feed$;
REVOKE ALL ON FUNCTION @extschema@.fail_feed(text, bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.fail_feed(text, bigint, text) IS
	'接收方退回一条未应用的消息；之后再次给出，或由同一事项的后一消息取代 / the receiver refuses a message that it has not applied; it is given again later, or a later one of its key takes its place; false when it was acknowledged before';

CREATE VIEW @extschema@.feed_backlog WITH (security_barrier) AS
SELECT r.receiver, r.title, r.active, count(f.feed_id) AS open, count(f.feed_id) FILTER (WHERE f.action = 'withdraw') AS withdrawals,
       count(f.feed_id) FILTER (WHERE f.last_error IS NOT NULL) AS refused, min(f.made_on) AS oldest_on, max(f.attempts) AS most_attempts
  FROM @extschema@.feed_receiver AS r
  LEFT JOIN @extschema@.feed AS f ON f.receiver = r.receiver AND f.acknowledged_at IS NULL AND f.dropped_at IS NULL
 GROUP BY r.receiver, r.title, r.active;
COMMENT ON VIEW @extschema@.feed_backlog IS '各接收方未确认的消息 / messages that each receiver has not acknowledged';
COMMENT ON COLUMN @extschema@.feed_backlog.receiver IS '接收方 / receiver';
COMMENT ON COLUMN @extschema@.feed_backlog.title IS '名称 / name';
COMMENT ON COLUMN @extschema@.feed_backlog.active IS '是否启用 / whether it is fed';
COMMENT ON COLUMN @extschema@.feed_backlog.open IS '未确认条数 / messages not acknowledged';
COMMENT ON COLUMN @extschema@.feed_backlog.withdrawals IS '其中撤回 / withdrawals among them';
COMMENT ON COLUMN @extschema@.feed_backlog.refused IS '其中被退回 / those that were refused';
COMMENT ON COLUMN @extschema@.feed_backlog.oldest_on IS '最早的生成日 / day of the oldest';
COMMENT ON COLUMN @extschema@.feed_backlog.most_attempts IS '最多取走次数 / most attempts';
