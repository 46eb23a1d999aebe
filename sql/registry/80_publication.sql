-- ---------------------------------------------------------------------------
-- Publication: the lists as the public may read them. Plain types only; the focus list is internal and has no view here.
-- ---------------------------------------------------------------------------

-- Three views of one shape. The barrier keeps functions of the reader's away from rows that a view leaves out; what the public may not see of
-- a natural person is masked in the table already, and the reason, free text about a person, is left out here. The order is part of the
-- view: one with a barrier is planned by itself, and the index would not be read in the order of an ORDER BY outside.
DO $publication$
DECLARE
	public_list record;
	shown record;
BEGIN
	FOR public_list IN
		SELECT * FROM (VALUES
			('red', '红名单', 'red list'),
			('black', '黑名单', 'black list'),
			('watch', '重点关注名单', 'watch list')) AS v (list, chinese, english)
	LOOP
		EXECUTE format($view$
			CREATE VIEW @extschema@.%1$I WITH (security_barrier) AS
			SELECT e.entry_id AS entry, e.public_code AS code, e.public_name AS name, @extschema@.subject_kind(e.subject) AS subject_kind,
			       e.list_name, e.department, e.basis_title, e.basis_article,
			       CASE WHEN @extschema@.subject_kind(e.subject) <> 'natural_person' THEN e.reason END AS reason,
			       e.recognised_on, e.listed_from, e.listed_until,
			       CASE WHEN EXISTS (
			               SELECT FROM @extschema@.proceeding AS p
			                WHERE p.subject = e.subject AND NOT p.closed
			                  AND (p.kind = 'objection' AND p.about ->> 'entry_id' = e.entry_id::text
			                       OR p.proceeding_id = e.proceeding_id AND p.state = 'appealed'))
			            THEN 'open' END AS objected
			  FROM @extschema@.list_entry AS e
			 WHERE e.published = %2$L
			   AND e.listed_from <= (SELECT @extschema@.today())
			   AND e.listed_until >= (SELECT @extschema@.today())
			   AND CASE WHEN @extschema@.subject_kind(e.subject) = 'natural_person'
			            THEN NOT EXISTS (SELECT FROM @extschema@.person_minor AS m WHERE m.subject = e.subject AND m.minor_until >= e.listed_from)
			            ELSE true END
			   -- looked up row by row, so that a page keeps coming from its index
			   AND CASE WHEN e.public_name IS NOT NULL
			            THEN NOT EXISTS (SELECT FROM @extschema@._government AS g WHERE g.subject = e.subject) END
			   -- an objection that silence has upheld ends the entry on that day, recorded or not
			   AND CASE WHEN e.public_name IS NOT NULL
			            THEN NOT EXISTS (SELECT FROM @extschema@._upheld_by_silence AS u WHERE u.subject = e.subject AND u.about ->> 'entry_id' = e.entry_id::text) END
			 ORDER BY e.listed_from DESC, e.entry_id DESC
			$view$, public_list.list || '_list', public_list.list);
		EXECUTE format('COMMENT ON VIEW @extschema@.%I IS %L', public_list.list || '_list',
			format('%s：已认定且在期限内的条目，自然人已遮蔽，未成年人、政府机关和公职人员除外；按 listed_from、entry 降序 / %s: recognised entries within their term, natural persons masked, minors, government bodies and officials left out; ordered by listed_from and entry, newest first',
				public_list.chinese, public_list.english));
		FOR shown IN
			SELECT * FROM (VALUES
				('entry', '条目编号，唯一且不变 / number of the entry, unique and stable'),
				('code', '统一社会信用代码，自然人已遮蔽 / unified social credit code; masked for natural persons'),
				('name', '名称，自然人仅显示首字 / name; of natural persons the first character only'),
				('subject_kind', '主体类别 / kind of subject'),
				('list_name', '名单名称 / name of the list'),
				('department', '认定部门 / department that recognised it'),
				('basis_title', '依据文件 / document it is based on'),
				('basis_article', '依据条款 / article of that document'),
				('reason', '列入事由，自然人不公布 / reason; not published for natural persons'),
				('recognised_on', '认定日 / day of recognition'),
				('listed_from', '列入首日 / first day on the list'),
				('listed_until', '列入末日（含） / last day on the list'),
				('objected', '有未结异议或申诉时为 open / open while an objection or an appeal is open')) AS v (name, remark)
		LOOP
			EXECUTE format('COMMENT ON COLUMN @extschema@.%I.%I IS %L', public_list.list || '_list', shown.name, shown.remark);
		END LOOP;
	END LOOP;
END
$publication$;
