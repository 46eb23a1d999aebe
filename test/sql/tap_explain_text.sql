-- tap_explain_text.sql -- explanations to be handed over: what nearly holds, why no better, what changes when; as rows, as JSON, as a page
\set ECHO none
\i test/include/engine.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(47);
-- regress-whole: units, a counter with reset, a run, values, ceilings, floors with overrides, orders and bars
SELECT pg_temp.put_in_force($yaml$policy: regress-whole
title: 测试全项办法
version: "1"
issuer: 测试局
example: true
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试全项办法, number: 测〔2020〕9号, rank: normative_document}
inputs: [penalty, award, act, participation]
applies_to:
  enrolled_by: {kind: participation, field: waste, state: taking_part}
cycle: {from: 2020-01-01, months: 12}
score: {base: 10, floor: 0, cap: 100, decimals: 2, round: half_up, cite: {source: m, article: 第一条}}
components:
  - {id: sites, name: 工地, base: 80, floor: 40, per: {unit: contract, mean: weighted, by: quantity}, cite: {source: m, article: 第二条}}
  - {id: honour, name: 守信, cap: 6, cite: {source: m, article: 第三条}}
items:
  - {id: contract, name: 合同, match: {kind: act, behaviour: CONTRACT}, window: always, cite: {source: m, article: 第四条}}
  - {id: site, name: 工地处罚, component: sites, match: {kind: penalty, behaviour: SITE, procedure: general}, points: -30, window: {years: 1}, cite: {source: m, article: 第五条}}
  - id: graded
    name: 一般处罚
    match: {kind: penalty, behaviour: FIRM}
    take: {once_per: document, keep: lowest}
    points: {cases: [{when: {severity: {at_least: serious}}, points: -8}, {when: {severity: {below: serious}}, points: -3}], surcharges: [{id: malicious, when: {intent: malicious}, points: -2, cite: {source: m, article: 第六条第二款}}]}
    window: {years: 1}
    cite: {source: m, article: 第六条}
  - {id: graded_any, name: 处罚, match: {kind: penalty, behaviour: FIRM}, window: {years: 1}, cite: {source: m, article: 第六条}}
  - {id: demerit_event, name: 记分行为, match: {kind: act, behaviour: DEMERIT}, points: {per_unit: -1}, window: {cycle: this}, cite: {source: m, article: 第七条}}
  - {id: award, name: 表彰, component: honour, match: {kind: award}, points: 4, window: {years: 2}, cite: {source: m, article: 第八条}}
  - {id: clean, name: 连续两年无处罚, component: honour, when: {run.clean: {at_least: 2}}, points: 2, cite: {source: m, article: 第九条}}
runs:
  - {id: clean, name: 连续无处罚年数, of: graded_any, per: year, without: true, at_most: 3, cite: {source: m, article: 第九条}}
counters:
  - id: demerit
    name: 记分
    of: minus_points
    items: [demerit_event]
    per: cycle
    same_day: together
    steps: [{id: study, name: 满6分, at_least: 6}, {id: stop, name: 满12分, at_least: 12, reset: true, cite: {source: m, article: 第十条第二款}}]
    cite: {source: m, article: 第十条}
values:
  - {id: share, name: 表彰比例, unit: '%', decimals: 1, round: half_up, ratio: {of: count.award, over: count.graded, times: 100, otherwise: 0}, cite: {source: m, article: 第十一条}}
  - {id: checks, name: 抽查比例, unit: '%', cases: [{when: {band: A}, is: 2}], otherwise: 20, cite: {source: m, article: 第十二条}}
bands:
  choose: best
  gap: refer
  cite: {source: m, article: 第十三条}
  of:
    - {id: A, name: 优, when: {score: {at_least: 90}, count.graded: {at_most: 0}}}
    - {id: B, name: 良, when: {score: {at_least: 75, below: 90}}}
    - {id: C, name: 中, when: {score: {at_least: 60, below: 75}}}
    - {id: D, name: 差, when: {score: {below: 55}}}
scale: {A: A, B: B, C: C, D: D}
ceilings:
  - {id: covered, name: 合同未全程, when: {covered.contract: false}, band: B, cite: {source: m, article: 第十四条}}
floors:
  - {id: honoured, name: 获表彰, when: {count.award: {at_least: 2}}, band: C, cite: {source: m, article: 第十五条}}
vetoes:
  - {id: stopped, name: 记满12分, when: {fired.stop: {at_least: 1}}, band: D, hold: {months: 3}, overrides: [honoured], cite: {source: m, article: 第十六条}}
lists:
  - {id: focus, list: watch, name: 重点关注名单, when: {band: D}, cite: {source: m, article: 第十七条}}
effects:
  - {id: study, name: 参加学习, effect: order, when: {fired.study: {at_least: 1}}, after: study, due: {days: 15}, cite: {source: m, article: 第十八条}}
  - {id: no_permit, name: 暂停受理, effect: bar, matter: 建筑垃圾处置核准, when: {fired.stop: {at_least: 1}}, hold: {months: 1}, cite: {source: m, article: 第十九条}}
$yaml$) \g /dev/null
-- regress-over: results of two measures, a list, own records and those of branches
SELECT pg_temp.put_in_force($yaml$policy: regress-over
title: 测试综合办法
version: "1"
issuer: 测试局
example: true
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试综合办法, rank: normative_document}
inputs: [penalty, participation]
applies_to: {enrolled_by: {kind: participation, field: waste, state: taking_part}}
reads: {results: [regress-plain, regress-whole], listings: [black], linked: [branch]}
score: {base: 100, decimals: 2, round: half_up}
items:
  - {id: worst, name: 各办法最低分, match: {kind: result, state: rated}, take: lowest, points: {awarded: {from: 0, to: 200}}, factor: -0.5, cite: {source: m, article: 一}}
  - {id: branch, name: 分支机构处罚, match: {kind: penalty, whose: branch}, points: -1, window: {years: 1}, cite: {source: m, article: 二}}
  - {id: listed, name: 黑名单, match: {kind: listing, list: black}, points: -10, window: {from: valid_from, term: valid_until}, cite: {source: m, article: 三}}
bands:
  cite: {source: m, article: 四}
  of:
    - {id: A, name: 优, when: {score: {at_least: 60}}}
    - {id: B, name: 中, when: {score: {at_least: 50, below: 60}}}
    - {id: C, name: 差, when: {score: {below: 50}}}
$yaml$) \g /dev/null

INSERT INTO source (source, kind, name, trusted_from) VALUES ('regress', 'act', '测试来源', '2020-01-01') \g /dev/null
\set firm 91110000600037341L
\set branch 91420684MA4927PJ7B
\set idle 9144060573144633XL
SELECT register_subject(:'firm', '云河甲运输有限公司'), register_subject(:'branch', '云河甲运输有限公司分公司') \g /dev/null
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
SELECT s::subject_code, 'participation', '参评' || s, 'office-1', 'regress', 'waste', 'taking_part', '2022-01-01' FROM unnest(ARRAY[:'firm', :'branch']) AS s;
INSERT INTO record (subject, kind, document, authority, source, behaviour, unit, quantity, decided_on)
VALUES (:'firm', 'act', '合同一', 'office-1', 'regress', 'CONTRACT', '一标段', 30000, '2024-01-02'),
       (:'firm', 'act', '合同二', 'office-1', 'regress', 'CONTRACT', '二标段', 10000, '2024-01-05'),
       (:'firm', 'act', '记分一', 'office-1', 'regress', 'DEMERIT', NULL, 60000, '2024-01-10'),
       (:'firm', 'act', '记分二', 'office-1', 'regress', 'DEMERIT', NULL, 30000, '2024-02-10');
INSERT INTO record (subject, kind, document, authority, source, behaviour, unit, procedure, severity, intent, decided_on)
VALUES (:'firm', 'penalty', '云罚〔2024〕1号', 'office-1', 'regress', 'SITE', '二标段', 'general', 'ordinary', NULL, '2024-01-20'),
       (:'firm', 'penalty', '云罚〔2024〕2号', 'office-1', 'regress', 'SITE', '一标段', NULL, 'ordinary', NULL, '2024-01-21'),
       (:'firm', 'penalty', '云罚〔2024〕3号', 'office-1', 'regress', 'FIRM', NULL, 'general', 'serious', 'malicious', '2023-03-15'),
       (:'firm', 'penalty', '云罚〔2024〕4号', 'office-1', 'regress', 'FIRM', NULL, 'general', 'light', NULL, '2024-02-29'),
       (:'firm', 'penalty', '云罚〔2024〕5号', 'office-1', 'regress', 'FIRM', NULL, 'general', NULL, NULL, '2024-02-20'),
       (:'branch', 'penalty', '分罚〔2024〕1号', 'office-1', 'regress', 'FIRM', NULL, 'general', 'light', NULL, '2024-02-01');
INSERT INTO record (subject, part, kind, document, authority, source, behaviour, procedure, severity, decided_on)
VALUES (:'firm', '2', 'penalty', '云罚〔2024〕4号', 'office-1', 'regress', 'FIRM', 'general', 'serious', '2024-02-29');
INSERT INTO record (subject, kind, document, authority, source, decided_on, held)
VALUES (:'firm', 'award', '表彰一', 'office-1', 'regress', '2023-06-01', NULL), (:'firm', 'award', '表彰二', 'office-1', 'stranger', '2023-07-01', NULL);
SELECT link_subjects(:'firm', :'branch', 'branch', '2024-01-01', '登记簿') \g /dev/null

-- ---------------------------------------------------------------------------
-- Pages, word by word
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.page(code text, measure text, day date DEFAULT '2024-03-01', within jsonb DEFAULT NULL) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT '# ' || l FROM regexp_split_to_table(citycredit.explain_text(code::citycredit.subject_code, measure, day, 'infinity', within), E'\n') AS l
$$;
SELECT '# ---- units, counter, run, values, what is unknown';
SELECT * FROM pg_temp.page(:'firm', 'regress-whole', within => '{"working_days": 20}');
SELECT '# ---- the last day of a penalty, and the day after: undecided';
SELECT * FROM pg_temp.page(:'firm', 'regress-whole', '2024-03-15');
SELECT * FROM pg_temp.page(:'firm', 'regress-whole', '2024-03-16');
SELECT '# ---- results of other measures, branches';
SELECT * FROM pg_temp.page(:'firm', 'regress-over');
SELECT '# ---- nothing but the own score to better';
SELECT * FROM pg_temp.page(:'branch', 'regress-plain');
SELECT '# ---- who takes no part';
SELECT * FROM pg_temp.page(:'idle', 'regress-plain');

-- ---------------------------------------------------------------------------
-- Lines
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE told AS SELECT * FROM explain(:'firm', 'regress-whole');
CREATE TEMPORARY TABLE told16 AS SELECT * FROM explain(:'firm', 'regress-whole', '2024-03-16');
SELECT is(sum(points), (SELECT score FROM evaluate(:'firm', 'regress-whole')), 'the points add up to the score') FROM told WHERE adds;
SELECT results_eq($$ SELECT name, remark, clause FROM told WHERE part = 'unit' ORDER BY name $$,
	$$ VALUES ('一标段', '「工地」的一个单元：80.00 分，权重 3 / a unit of sites: value 80.00, weight 3', '测试全项办法（测〔2020〕9号） 第二条'),
	          ('二标段', '「工地」的一个单元：50.00 分，权重 1 / a unit of sites: value 50.00, weight 1', '测试全项办法（测〔2020〕9号） 第二条') $$, 'one line a unit, with value and weight');
SELECT results_eq($$ SELECT part, rule, first_day, remark FROM told WHERE part IN ('event', 'step', 'counter') ORDER BY line $$,
	$$ VALUES ('event', 'demerit', date '2024-01-10', '加 6.00，累计 6.00 / 6.00 added, 6.00 in all'), ('step', 'study', '2024-01-10', '累计 6.00，触发 / fired at 6.00'),
	          ('event', 'demerit', '2024-02-10', '加 3.00，累计 9.00 / 3.00 added, 9.00 in all'), ('counter', 'demerit', NULL, '9.00，清零 0 次 / 9.00, 0 resets') $$, 'the counter is followed event by event');
SELECT results_eq($$ SELECT rule, remark FROM told WHERE part = 'value' ORDER BY line $$,
	$$ VALUES ('share', '50.0%（「表彰」次数 1 × 100 ÷ 「一般处罚」次数 2） / 50.0% (count.award 1 × 100 ÷ count.graded 2)'), ('checks', '未知 / unknown') $$, 'values with their inputs');
SELECT is((SELECT remark FROM told WHERE part = 'run'), '0 期：2023-01-01 起的一期不符合 / 0: the unit from 2023-01-01 does not meet the condition', 'a run that is broken off says where');
SELECT is((SELECT remark FROM explain(:'firm', 'regress-whole', '2023-01-01') WHERE part = 'run'), '连续 3 期：2020-01-01 至 2022-12-31 / 3 in a row: 2020-01-01 through 2022-12-31', '  one that lasts says since when');
SELECT results_eq($$ SELECT rule, remark FROM told16 WHERE part = 'value' ORDER BY line $$,
	$$ VALUES ('share', '100.0%（「表彰」次数 1 × 100 ÷ 「一般处罚」次数 1） / 100.0% (count.award 1 × 100 ÷ count.graded 1)'), ('checks', '20.00%（其余情形） / 20.00% (all other cases)') $$, '  the next day too');
SELECT is((SELECT remark FROM told16 WHERE part = 'order'), '期限 2024-01-25 / due on 2024-01-25', 'an order has its due day');
SELECT results_eq($$ SELECT document, status, remark FROM told WHERE rule = 'graded' AND part = 'record' ORDER BY line $$,
	$$ VALUES ('云罚〔2024〕3号', 'counts', '适用情形：严重程度不低于严重 / case: severity at least serious'),
	          ('云罚〔2024〕5号', 'undetermined', '严重程度不明，不计；查明后可能计入，计入则为 -10.00 至 -3.00 分 / would count if known: severity, with -10.00 to -3.00'),
	          ('云罚〔2024〕4号', 'counts', '适用情形：严重程度不低于严重 / case: severity at least serious'),
	          ('云罚〔2024〕4号', 'not_taken', '属于本项，但同一文号只取一条，取 云罚〔2024〕4号 / belongs here, but of one document only one is taken: 云罚〔2024〕4号') $$, 'case, unknown, and what is taken instead');
SELECT results_eq($$ SELECT rule, points, status, clause FROM told WHERE part = 'surcharge' ORDER BY line $$,
	$$ VALUES ('malicious', -2.00, 'included', '测试全项办法（测〔2020〕9号） 第六条第二款'), ('malicious', -2.00, 'undetermined', '测试全项办法（测〔2020〕9号） 第六条第二款'),
	          ('malicious', -2.00, 'undetermined', '测试全项办法（测〔2020〕9号） 第六条第二款') $$, 'surcharges by their own clause');
SELECT results_eq($$ SELECT rule, clause FROM told WHERE part = 'base' ORDER BY line $$,
	$$ VALUES (NULL, '测试全项办法（测〔2020〕9号） 第一条'), ('sites', '测试全项办法（测〔2020〕9号） 第二条') $$, 'bases name the clause where the file does');
SELECT is((SELECT span FROM told WHERE document = '云罚〔2024〕1号' AND status = 'counts'), '以决定日为起算日，计1年，自修复之日起不再计 / from decided_on, for 1 year, not on or after a repair', 'the window in words');
SELECT is((SELECT needed FROM told WHERE document = '云罚〔2024〕2号'), '程序 / procedure', 'what is not known of a record');
-- a term whose name is part of another's is not lost
SELECT pg_temp.put_in_force($yaml$policy: regress-terms
title: 测试用语办法
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources: {m: {title: 测试用语办法, rank: normative_document}}
inputs: [penalty, participation]
applies_to: {enrolled_by: {kind: participation, field: waste}}
score: {base: 100}
items:
  - {id: x, name: 处罚, match: {penalty_kind: fine, state: y, kind: penalty, behaviour: X, unit: u, document: 云*}, points: -1, window: always, cite: {source: m, article: 一}}
bands: {cite: {source: m, article: 二}, of: [{id: A, name: 优, when: {score: {at_least: 0}}}, {id: B, name: 中, when: {score: {below: 0}}}]}
$yaml$) \g /dev/null
INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES (:'firm', 'penalty', '云罚〔2024〕6号', 'office-1', 'regress', '2024-02-01');
SELECT is((SELECT needed FROM explain(:'firm', 'regress-terms') WHERE document = '云罚〔2024〕6号'), '行为、状态、处罚种类、单元 / behaviour, state, penalty_kind, unit', 'every unknown term is listed');

-- ---------------------------------------------------------------------------
-- Nearly, why not, and when
-- ---------------------------------------------------------------------------
SELECT results_eq($$ SELECT rule, actual, needed FROM told16 WHERE part = 'near' ORDER BY line $$,
	$$ VALUES ('clean', '「连续无处罚年数」 0 / run.clean 0', '「连续无处罚年数」不低于2 / run.clean at least 2'),
	          ('stop', '「记分」累计值 9.00 / counter.demerit 9.00', '「记分」累计值不低于12.00 / counter.demerit at least 12.00'),
	          ('honoured', '「表彰」次数 1 / count.award 1', '「表彰」次数不低于2 / count.award at least 2'),
	          ('stopped', '「满12分」触发次数 0 / fired.stop 0', '「满12分」触发次数不低于1 / fired.stop at least 1'),
	          ('focus', '档次 C / band C', '档次为D / band D'),
	          ('no_permit', '「满12分」触发次数 0 / fired.stop 0', '「满12分」触发次数不低于1 / fired.stop at least 1') $$, 'rules that lack one test');
SELECT results_eq($$ SELECT rule, status, remark FROM told16 WHERE part = 'why_not' ORDER BY line $$,
	$$ VALUES ('B', 'fails', '得分 69.50，须不低于75.00、低于90.00，差 5.50 / score 69.50, needs at least 75.00 and below 90.00: 5.50 missing') $$, 'why not the next better band');
SELECT is((SELECT first_day || ' ' || needed FROM told WHERE part = 'next'), '2024-03-16 C（中），69.50分 / C, score 69.50', 'the next change');
SELECT results_eq($$ SELECT e.part, e.first_day, v.band FROM told16 AS e CROSS JOIN LATERAL evaluate('91110000600037341L', 'regress-whole', e.first_day) AS v WHERE e.part IN ('improves', 'best') ORDER BY e.line $$,
	$$ SELECT part, first_day, rule FROM told16 WHERE part IN ('improves', 'best') ORDER BY line $$, 'better bands are those of the days named');
SELECT is((SELECT string_agg(rule || ' ' || status || coalesce(' ' || last_day, ''), ', ' ORDER BY line) FROM explain(:'firm', 'regress-whole', '2024-01-01') WHERE part IN ('ceiling', 'why_not')), 'covered holds 2024-12-31, A fails, A fails, A limited 2024-12-31',
	'what holds back, and through which day');

-- ---------------------------------------------------------------------------
-- Many firms, several measures, many days
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE firm AS SELECT n, random_subject_code() AS code FROM generate_series(1, 24) AS n;
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
SELECT code, 'participation', 'E' || n, 'office-1', 'regress', 'waste', 'taking_part', date '2022-01-01' FROM firm;
INSERT INTO record (subject, kind, document, authority, source, behaviour, unit, quantity, procedure, severity, intent, decided_on, repaired_on, revoked_on)
SELECT f.code, k.kind, 'G' || r / 2, 'office-1', CASE WHEN pg_temp.some(r, 'source', 9) = 0 THEN 'stranger' ELSE 'regress' END,
       CASE k.kind WHEN 'act' THEN (ARRAY['CONTRACT', 'DEMERIT'])[1 + pg_temp.some(r, 'act', 2)] WHEN 'penalty' THEN (ARRAY['SITE', 'FIRM', NULL])[1 + pg_temp.some(r, 'behaviour', 3)] END,
       (ARRAY['u1', 'u2', 'u3', NULL])[1 + pg_temp.some(r, 'unit', 4)], CASE WHEN k.kind = 'act' THEN 10000 * (1 + pg_temp.some(r, 'quantity', 14)) END,
       (ARRAY['simple', 'general', 'general', NULL])[1 + pg_temp.some(r, 'procedure', 4)], (ARRAY['light', 'ordinary', 'serious', 'very_serious', NULL])[1 + pg_temp.some(r, 'severity', 5)],
       (ARRAY['malicious', 'deliberate', NULL])[1 + pg_temp.some(r, 'intent', 3)], date '2022-06-01' + pg_temp.some(r, 'decided', 640),
       CASE WHEN pg_temp.some(r, 'repairs', 5) = 0 THEN date '2023-01-01' + pg_temp.some(r, 'repaired', 500) END,
       CASE WHEN pg_temp.some(r, 'revokes', 15) = 0 THEN date '2024-01-01' END
  FROM firm AS f CROSS JOIN generate_series(1, 24) AS i CROSS JOIN LATERAL (SELECT f.n * 100 + i AS r) AS x
 CROSS JOIN LATERAL (SELECT (ARRAY['penalty', 'penalty', 'act', 'award'])[1 + pg_temp.some(r, 'kind', 4)] AS kind) AS k WHERE i <= f.n
    ON CONFLICT DO NOTHING;
SELECT count(link_subjects(a.code, b.code, 'branch', '2023-01-01', 'x')) FROM firm AS a JOIN firm AS b ON b.n = a.n + 12 \g /dev/null
CREATE TEMPORARY TABLE account AS
SELECT f.n, f.code, p.policy, d::date AS day, e.state, e.score, e.band, e.band_rank, e.undecided, e.vetoes, e.lists, e.effects, e.next_change_on, l.*
  FROM firm AS f CROSS JOIN (VALUES ('regress-plain'), ('regress-hold'), ('regress-whole'), ('regress-over')) AS p (policy)
 CROSS JOIN unnest(ARRAY['2022-12-31', '2023-06-15', '2024-03-01', '2024-08-01']::date[]) AS d
 CROSS JOIN LATERAL evaluate(f.code, p.policy, d::date) AS e CROSS JOIN LATERAL explain(f.code, p.policy, d::date) AS l;
SELECT is((SELECT count(*) FROM (SELECT DISTINCT n, policy, day FROM account) AS a), 384::bigint, '384 explanations');
SELECT is_empty($$ SELECT n, policy, day, score, sum(points) FILTER (WHERE adds) FROM account GROUP BY n, policy, day, score HAVING score IS DISTINCT FROM sum(points) FILTER (WHERE adds) $$,
	'in every one the points add up exactly to the score of evaluate()');
SELECT is_empty($$ SELECT n, policy, day FROM account WHERE NOT undecided GROUP BY n, policy, day, band HAVING band IS DISTINCT FROM max(rule) FILTER (WHERE part = 'result') $$, 'the result is its band');
SELECT is_empty($$ SELECT n, policy, day, next_change_on, first_day FROM account WHERE part = 'next' AND next_change_on IS DISTINCT FROM first_day $$, 'the next change is its next_change_on');
SELECT is_empty($$ SELECT n, policy, day FROM account GROUP BY 1, 2, 3 HAVING count(*) FILTER (WHERE part = 'next') <> 1 $$, '  told once in each');
SELECT is_empty($$ SELECT a.n, a.policy, a.day, a.rule, v.band FROM account AS a CROSS JOIN LATERAL evaluate(a.code, a.policy, a.first_day) AS v
                   WHERE a.part IN ('next', 'improves', 'best') AND a.first_day IS NOT NULL AND v.band IS DISTINCT FROM a.rule $$, 'bands ahead are those of their days');
SELECT is_empty($$ SELECT a.n, a.policy, a.day, a.first_day FROM account AS a CROSS JOIN LATERAL evaluate(a.code, a.policy, a.first_day) AS v
                   CROSS JOIN generate_series(a.day, a.first_day - 1, interval '31 days') AS b (day) CROSS JOIN LATERAL evaluate(a.code, a.policy, b.day::date) AS w
                   WHERE a.part = 'improves' AND a.first_day IS NOT NULL AND a.policy <> 'regress-hold' AND (v.band_rank >= a.band_rank OR w.band_rank < a.band_rank) $$, 'the band is better from the day named, and on no earlier one');
SELECT is_empty($$ SELECT a.n, a.policy, a.day, d.day FROM account AS a CROSS JOIN generate_series(1, 12) AS i CROSS JOIN LATERAL (SELECT a.day + i * 75 AS day) AS d CROSS JOIN LATERAL evaluate(a.code, a.policy, d.day) AS v
                   WHERE a.part = 'improves' AND a.status = 'none' AND a.policy <> 'regress-hold' AND v.band_rank < a.band_rank $$, 'who is told that nothing improves does not improve');
SELECT is_empty($$ SELECT * FROM account WHERE part = 'near' AND remark NOT LIKE '记分档%' AND (rule = ANY (vetoes) OR rule = ANY (lists) OR rule = ANY (effects) OR state = rule) $$, 'what is near does not hold');
SELECT is_empty($$ SELECT a.n, a.policy, a.day, a.rule, a.last_day FROM account AS a
                   CROSS JOIN LATERAL evaluate(a.code, a.policy, a.last_day) AS v CROSS JOIN LATERAL evaluate(a.code, a.policy, a.last_day + 1) AS w
                   WHERE a.part = 'veto' AND a.status = 'holds' AND a.last_day IS NOT NULL AND (NOT a.rule = ANY (v.vetoes) OR a.rule = ANY (w.vetoes)) $$, 'a veto holds through the day named');
SELECT is_empty($$ SELECT a.n, a.policy, a.day, a.rule, a.last_day FROM account AS a
                   CROSS JOIN LATERAL evaluate(a.code, a.policy, a.last_day) AS v CROSS JOIN LATERAL evaluate(a.code, a.policy, a.last_day + 1) AS w
                   WHERE a.part IN ('bar', 'order') AND a.last_day IS NOT NULL AND (NOT a.rule = ANY (v.effects) OR a.rule = ANY (w.effects)) $$, '  so do orders and bars');
SELECT is_empty($$ SELECT a.n, a.policy, a.day, a.rule, a.last_day FROM account AS a WHERE a.part = 'ceiling' AND a.status = 'holds' AND a.last_day IS NOT NULL
                   AND (NOT EXISTS (SELECT FROM explain(a.code, a.policy, a.last_day) AS x WHERE x.part = 'ceiling' AND x.rule = a.rule AND x.status = 'holds')
                        OR EXISTS (SELECT FROM explain(a.code, a.policy, a.last_day + 1) AS x WHERE x.part = 'ceiling' AND x.rule = a.rule AND x.status = 'holds')) $$, '  and ceilings');
SELECT is_empty($$ SELECT n, policy, day FROM account WHERE band_rank > 1 AND state = 'rated' GROUP BY n, policy, day HAVING count(*) FILTER (WHERE part = 'why_not') = 0 $$, 'who has not the best band is told why');
SELECT is_empty($$ SELECT * FROM account WHERE (remark LIKE '% / %') IS FALSE OR (span LIKE '% / %') IS FALSE OR (actual LIKE '% / %' OR part IN ('run', 'event', 'step', 'reset', 'counter', 'value')) IS FALSE $$,
	'remarks are in both languages');
SELECT set_has($$ SELECT DISTINCT part FROM account $$, $$ VALUES ('unit'), ('event'), ('step'), ('reset'), ('counter'), ('run'), ('value'), ('covered'), ('near'), ('why_not'), ('next'), ('improves'), ('order'), ('bar'), ('veto'), ('floor') $$, 'every part occurs');
SELECT set_has($$ SELECT DISTINCT status FROM account $$, $$ VALUES ('counts'), ('not_taken'), ('undetermined'), ('limited'), ('fails'), ('near'), ('none'), ('changes'), ('overridden') $$, '  and every status');

-- ---------------------------------------------------------------------------
-- JSON and text say what the rows say
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE written AS SELECT a.n, a.policy, a.day, max(a.score) AS score, count(*) AS lines, explain_json(a.code, a.policy, a.day) AS json, explain_text(a.code, a.policy, a.day) AS page
  FROM account AS a WHERE a.day = '2024-03-01' GROUP BY a.n, a.code, a.policy, a.day;
SELECT is_empty($$ SELECT n, policy FROM written AS w WHERE lines <> (SELECT sum(jsonb_array_length(s.value)) FROM jsonb_each(w.json) AS s WHERE s.key IN ('records', 'score', 'derived', 'rules', 'near', 'why_not', 'outlook')) $$,
	'every line is in one section');
SELECT is_empty($$ SELECT n, policy FROM written AS w WHERE score <> (SELECT sum((l ->> 'points')::numeric) FROM jsonb_array_elements((w.json -> 'records') || (w.json -> 'score')) AS l WHERE (l ->> 'adds')::boolean) $$,
	'in JSON the points add up too');
SELECT is_empty($$ SELECT n, policy FROM written WHERE score <> (json #>> '{result,score}')::numeric OR page NOT LIKE '%得分 ' || score || '%' $$, 'result and page have the score');
SELECT is_empty($$ SELECT w.n, w.policy, x.total FROM written AS w CROSS JOIN LATERAL (SELECT sum(split_part(ltrim(l), '  ', 1)::numeric) AS total FROM regexp_split_to_table(w.page, E'\n') AS l WHERE l ~ '^ {4,}-?[0-9.]+  ' AND l NOT LIKE '%合计，即得分') AS x
                   WHERE w.page LIKE '%合计，即得分%' AND x.total <> w.score $$, 'the terms on the page add up to the total under them');
SELECT set_eq($$ SELECT DISTINCT k FROM written CROSS JOIN LATERAL jsonb_object_keys(json) AS k $$, $$ VALUES ('subject'), ('policy'), ('as_of'), ('known_at'), ('result'), ('records'), ('score'), ('derived'), ('rules'), ('near'), ('why_not'), ('outlook') $$, 'the keys are always the same');
SELECT is(explain_json(:'idle', 'regress-plain') -> 'result', 'null'::jsonb, 'nothing known: no result');
-- what was known before
SELECT known_at AS before FROM subject_state WHERE subject = :'firm' \gset
SELECT explain_text(:'firm', 'regress-whole') AS page \gset
SELECT pg_temp.amend((SELECT record_id FROM record WHERE document = '云罚〔2024〕1号' AND known_until = 'infinity'), '{"revoked_on": "2024-03-01"}') \g /dev/null
SELECT isnt(explain_text(:'firm', 'regress-whole'), :'page', 'an amendment is told');
SELECT is(regexp_replace(explain_text(:'firm', 'regress-whole', '2024-03-01', :'before'), '所依据的信息：[^\n]*', ''), regexp_replace(:'page', '所依据的信息：[^\n]*', ''), '  and for what was known before the page is the same');
-- natural persons
SELECT register_person('居民身份证', '11010119900307803X', '张三') AS person \gset
SELECT alike(explain_text(:'person', 'regress-plain'), '%主体：张＊（P*****************）%', 'a natural person is masked');
-- refusals
SELECT throws_ok($$ SELECT explain_text('91110000600037341L', 'regress-plain', '2019-12-31') $$, '22023', 'policy "regress-plain" does not cover 2019-12-31', 'a day that no version covers');
SELECT is((pg_temp.refusal($$ SELECT explain_json('91110000600037341L', 'regress-plain', '2019-12-31') $$)).detail, 'No version is in force through 2019-12-31. In force: version 1 from 2020-01-01 through infinity.', '  names the gap');
SELECT throws_ok($$ SELECT explain_text('91110000600037341L', 'regress-plain', object_within => '{"weeks": 2}') $$, '22023', 'invalid time for objections: {"weeks": 2}', 'a time for objections in other units');
SELECT * FROM finish();
ROLLBACK;
