-- ---------------------------------------------------------------------------
-- Intake: rows of the exchange forms as they come, all text; checked as a whole, then in record or back with every reason.
-- 双公示 form of 2018 (发改办财金〔2018〕424号) under its own names in lower case; the form of 2015 is alive and has columns of its own. The trap:
-- in 2015 CF_JG is the result of the case and CF_XZJG the authority, in 2018 CF_CFJG is the authority.
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.intake_row;
COMMENT ON SEQUENCE @extschema@.intake_row IS '报送行号 / numbers of rows fed in';

CREATE TABLE @extschema@.intake_penalty (
	cf_xdr_mc      text,
	cf_xdr_lb      text,
	cf_xdr_shxym   text,
	cf_xdr_gszc    text,
	cf_xdr_zzjg    text,
	cf_xdr_swdj    text,
	cf_xdr_sydw    text,
	cf_xdr_shzz    text,
	cf_frdb        text,
	cf_fr_zjlx     text,
	cf_fr_zjhm     text,
	cf_xdr_zjlx    text,
	cf_xdr_zjhm    text,
	cf_wsh         text,
	cf_wfxw        text,
	cf_sy          text,
	cf_yj          text,
	cf_cflb        text,
	cf_nr          text,
	cf_nr_fk       text,
	cf_nr_wfff     text,
	cf_nr_zkdx     text,
	cf_jdrq        text,
	cf_yxq         text,
	cf_gsjzq       text,
	cf_cfjg        text,
	cf_cfjgdm      text,
	cf_sjly        text,
	cf_sjlydm      text,
	bz             text,
	cf_cfmc        text,
	cf_cflb1       text,
	cf_cflb2       text,
	cf_jg          text,
	cf_zt          text,
	cf_xdr_zdm     text,
	cf_xdr_gsdj    text,
	cf_xdr_sfz     text,
	cf_fr          text,
	cf_xzjg        text,
	dfbm           text,
	sjc            text,
	behaviour      text,
	field          text,
	procedure      text,
	severity       text,
	intent         text,
	responsibility text,
	points         text,
	quantity       text,
	unit           text,
	district       text,
	act_on         text,
	act_ended_on   text,
	served_on      text,
	corrected_on   text,
	part           text,
	row_no         bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.intake_row'),
	received_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
	received_by    text NOT NULL DEFAULT @extschema@.actor(),
	fed_from       bigint
);
COMMENT ON TABLE @extschema@.intake_penalty IS '行政处罚报送表：双公示2018版字段，兼收2015版，另加部门认定字段 / penalties fed in: the form of 2018, the fields of 2015, and a departments findings';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_mc IS '行政相对人名称 / name of the subject';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_lb IS '行政相对人类别：法人及非法人组织、个体工商户、自然人 / category of the subject';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_shxym IS '统一社会信用代码 / unified social credit code';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_gszc IS '工商注册号 / business registration number';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_zzjg IS '组织机构代码 / organisation code';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_swdj IS '税务登记号 / tax registration number';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_sydw IS '事业单位证书号 / number of a public institution';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_shzz IS '社会组织登记证号 / number of a social organisation';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_frdb IS '法定代表人 / legal representative';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_fr_zjlx IS '法定代表人证件类型 / type of the representatives document';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_fr_zjhm IS '法定代表人证件号码（不入记录） / number of the representatives document; never kept in a record';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_zjlx IS '自然人证件类型 / type of a natural persons document';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_zjhm IS '自然人证件号码（仅存散列） / number of a natural persons document; only its keyed hash is kept';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_wsh IS '行政处罚决定书文号 / document number';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_wfxw IS '违法行为类型 / kind of violation';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_sy IS '违法事实；2015版：处罚事由 / facts';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_yj IS '处罚依据 / basis';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_cflb IS '处罚类别，以;或；分隔 / kinds of penalty, joined by semicolons';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_nr IS '处罚内容 / content';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_nr_fk IS '罚款金额（万元，六位小数） / fine in units of 10000 yuan, six decimals';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_nr_wfff IS '没收违法所得、没收非法财物的金额（万元，六位小数） / confiscated, in units of 10000 yuan, six decimals';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_nr_zkdx IS '暂扣或吊销证照名称及编号 / licence suspended or revoked';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_jdrq IS '处罚决定日期 / day of the decision';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_yxq IS '处罚有效期，2099-12-31为无期 / valid until; 2099-12-31 = without end';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_gsjzq IS '公示截止期 / last day of publicity';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_cfjg IS '处罚机关 / authority';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_cfjgdm IS '处罚机关统一社会信用代码 / code of the authority';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_sjly IS '数据来源单位 / source of the data';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_sjlydm IS '数据来源单位统一社会信用代码 / code of the source';
COMMENT ON COLUMN @extschema@.intake_penalty.bz IS '备注 / note';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_cfmc IS '2015版：处罚名称 / form of 2015: title of the penalty';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_cflb1 IS '2015版：处罚类别1 / form of 2015: kind of penalty';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_cflb2 IS '2015版：处罚类别2 / form of 2015: second kind of penalty';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_jg IS '2015版：处罚结果（不是机关） / form of 2015: the result, not the authority';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_zt IS '2015版：当前状态，0为正常，其他状态待核 / form of 2015: state; any but 0 is held';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_zdm IS '2015版：组织机构代码 / form of 2015: organisation code';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_gsdj IS '2015版：工商登记码 / form of 2015: business registration number';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xdr_sfz IS '2015版：居民身份证号（仅存散列） / form of 2015: ID card number; only its keyed hash is kept';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_fr IS '2015版：法定代表人姓名 / form of 2015: legal representative';
COMMENT ON COLUMN @extschema@.intake_penalty.cf_xzjg IS '2015版：行政机关，即作出机关 / form of 2015: the authority';
COMMENT ON COLUMN @extschema@.intake_penalty.dfbm IS '2015版：地方编码 / form of 2015: division';
COMMENT ON COLUMN @extschema@.intake_penalty.sjc IS '2015版：数据更新时间戳 / form of 2015: time stamp of the data';
COMMENT ON COLUMN @extschema@.intake_penalty.behaviour IS '部门认定：行为编码 / finding: code of the behaviour';
COMMENT ON COLUMN @extschema@.intake_penalty.field IS '部门认定：行业领域 / finding: field';
COMMENT ON COLUMN @extschema@.intake_penalty.procedure IS '部门认定：程序（简易、一般） / finding: procedure';
COMMENT ON COLUMN @extschema@.intake_penalty.severity IS '部门认定：严重程度 / finding: severity';
COMMENT ON COLUMN @extschema@.intake_penalty.intent IS '部门认定：主观状态 / finding: intent';
COMMENT ON COLUMN @extschema@.intake_penalty.responsibility IS '部门认定：责任 / finding: responsibility';
COMMENT ON COLUMN @extschema@.intake_penalty.points IS '裁量分值或外部得分，至多四位小数 / points given or outside score, at most four decimals';
COMMENT ON COLUMN @extschema@.intake_penalty.quantity IS '数量，至多四位小数 / number of units, at most four decimals';
COMMENT ON COLUMN @extschema@.intake_penalty.unit IS '所涉单元：合同段、工程、车辆等 / unit of the subject''s work that it is about: contract segment, site, vehicle';
COMMENT ON COLUMN @extschema@.intake_penalty.district IS '所在区 / district';
COMMENT ON COLUMN @extschema@.intake_penalty.act_on IS '行为发生日 / day of the act';
COMMENT ON COLUMN @extschema@.intake_penalty.act_ended_on IS '行为终了日 / day on which the act ended';
COMMENT ON COLUMN @extschema@.intake_penalty.served_on IS '送达日 / day of service';
COMMENT ON COLUMN @extschema@.intake_penalty.corrected_on IS '改正日 / day on which the act was corrected';
COMMENT ON COLUMN @extschema@.intake_penalty.part IS '同一文书内的分项，默认0 / part within one document, 0 by default';
COMMENT ON COLUMN @extschema@.intake_penalty.row_no IS '行号，三张表共用一个序列 / number of the row, from one sequence for all three forms';
COMMENT ON COLUMN @extschema@.intake_penalty.received_at IS '收到时间 / when it came in';
COMMENT ON COLUMN @extschema@.intake_penalty.received_by IS '报送人，即记录的录入人 / who fed it in; becomes entered_by of the record';
COMMENT ON COLUMN @extschema@.intake_penalty.fed_from IS '由哪条退回行更正而来 / reject it corrects';

CREATE TABLE @extschema@.intake_permit (
	xk_xdr_mc    text,
	xk_xdr_lb    text,
	xk_xdr_shxym text,
	xk_xdr_gszc  text,
	xk_xdr_zzjg  text,
	xk_xdr_swdj  text,
	xk_xdr_sydw  text,
	xk_xdr_shzz  text,
	xk_frdb      text,
	xk_fr_zjlx   text,
	xk_fr_zjhm   text,
	xk_xdr_zjlx  text,
	xk_xdr_zjhm  text,
	xk_xkws      text,
	xk_wsh       text,
	xk_xklb      text,
	xk_xkzs      text,
	xk_xkbh      text,
	xk_nr        text,
	xk_jdrq      text,
	xk_yxqz      text,
	xk_yxqzi     text,
	xk_xkjg      text,
	xk_xkjgdm    text,
	xk_zt        text,
	xk_lydw      text,
	xk_lydwdm    text,
	bz           text,
	xk_xdr       text,
	xk_xmmc      text,
	xk_splb      text,
	xk_jzq       text,
	xk_xdr_zdm   text,
	xk_xdr_gsdj  text,
	xk_xdr_sfz   text,
	xk_fr        text,
	xk_xzjg      text,
	dfbm         text,
	sjc          text,
	behaviour    text,
	field        text,
	quantity     text,
	unit         text,
	district     text,
	served_on    text,
	part         text,
	row_no       bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.intake_row'),
	received_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	received_by  text NOT NULL DEFAULT @extschema@.actor(),
	fed_from     bigint
);
COMMENT ON TABLE @extschema@.intake_permit IS '行政许可报送表：双公示2018版字段，兼收2015版 / permits fed in: the form of 2018 and the fields of 2015';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_mc IS '行政相对人名称 / name of the subject';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_lb IS '行政相对人类别：法人及非法人组织、个体工商户、自然人 / category of the subject';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_shxym IS '统一社会信用代码 / unified social credit code';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_gszc IS '工商注册号 / business registration number';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_zzjg IS '组织机构代码 / organisation code';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_swdj IS '税务登记号 / tax registration number';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_sydw IS '事业单位证书号 / number of a public institution';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_shzz IS '社会组织登记证号 / number of a social organisation';
COMMENT ON COLUMN @extschema@.intake_permit.xk_frdb IS '法定代表人 / legal representative';
COMMENT ON COLUMN @extschema@.intake_permit.xk_fr_zjlx IS '法定代表人证件类型 / type of the representatives document';
COMMENT ON COLUMN @extschema@.intake_permit.xk_fr_zjhm IS '法定代表人证件号码（不入记录） / number of the representatives document; never kept in a record';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_zjlx IS '自然人证件类型 / type of a natural persons document';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_zjhm IS '自然人证件号码（仅存散列） / number of a natural persons document; only its keyed hash is kept';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xkws IS '行政许可决定文书名称 / title of the decision';
COMMENT ON COLUMN @extschema@.intake_permit.xk_wsh IS '行政许可决定文书号 / document number';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xklb IS '许可类别：普通、特许、认可、核准、登记、其他 / kind of permit';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xkzs IS '许可证书名称 / name of the certificate';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xkbh IS '许可编号 / number of the permit';
COMMENT ON COLUMN @extschema@.intake_permit.xk_nr IS '许可内容 / content';
COMMENT ON COLUMN @extschema@.intake_permit.xk_jdrq IS '许可决定日期 / day of the decision';
COMMENT ON COLUMN @extschema@.intake_permit.xk_yxqz IS '有效期自 / valid from';
COMMENT ON COLUMN @extschema@.intake_permit.xk_yxqzi IS '有效期至，2099-12-31为无期 / valid until; 2099-12-31 = without end';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xkjg IS '许可机关 / authority';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xkjgdm IS '许可机关统一社会信用代码 / code of the authority';
COMMENT ON COLUMN @extschema@.intake_permit.xk_zt IS '当前状态 / state';
COMMENT ON COLUMN @extschema@.intake_permit.xk_lydw IS '数据来源单位 / source of the data';
COMMENT ON COLUMN @extschema@.intake_permit.xk_lydwdm IS '数据来源单位统一社会信用代码 / code of the source';
COMMENT ON COLUMN @extschema@.intake_permit.bz IS '备注 / note';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr IS '2015版：行政相对人名称 / form of 2015: name of the subject';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xmmc IS '2015版：项目名称 / form of 2015: title of the project';
COMMENT ON COLUMN @extschema@.intake_permit.xk_splb IS '2015版：审批类别 / form of 2015: kind of permit';
COMMENT ON COLUMN @extschema@.intake_permit.xk_jzq IS '2015版：许可截止期 / form of 2015: valid until';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_zdm IS '2015版：组织机构代码 / form of 2015: organisation code';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_gsdj IS '2015版：工商登记码 / form of 2015: business registration number';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xdr_sfz IS '2015版：居民身份证号（仅存散列） / form of 2015: ID card number; only its keyed hash is kept';
COMMENT ON COLUMN @extschema@.intake_permit.xk_fr IS '2015版：法定代表人姓名 / form of 2015: legal representative';
COMMENT ON COLUMN @extschema@.intake_permit.xk_xzjg IS '2015版：行政机关，即作出机关 / form of 2015: the authority';
COMMENT ON COLUMN @extschema@.intake_permit.dfbm IS '2015版：地方编码 / form of 2015: division';
COMMENT ON COLUMN @extschema@.intake_permit.sjc IS '2015版：数据更新时间戳 / form of 2015: time stamp of the data';
COMMENT ON COLUMN @extschema@.intake_permit.behaviour IS '部门认定：行为编码 / finding: code of the behaviour';
COMMENT ON COLUMN @extschema@.intake_permit.field IS '部门认定：行业领域 / finding: field';
COMMENT ON COLUMN @extschema@.intake_permit.quantity IS '数量，至多四位小数 / number of units, at most four decimals';
COMMENT ON COLUMN @extschema@.intake_permit.unit IS '所涉单元：合同段、工程、车辆等 / unit of the subject''s work that it is about: contract segment, site, vehicle';
COMMENT ON COLUMN @extschema@.intake_permit.district IS '所在区 / district';
COMMENT ON COLUMN @extschema@.intake_permit.served_on IS '送达日 / day of service';
COMMENT ON COLUMN @extschema@.intake_permit.part IS '同一文书内的分项，默认0 / part within one document, 0 by default';
COMMENT ON COLUMN @extschema@.intake_permit.row_no IS '行号，三张表共用一个序列 / number of the row, from one sequence for all three forms';
COMMENT ON COLUMN @extschema@.intake_permit.received_at IS '收到时间 / when it came in';
COMMENT ON COLUMN @extschema@.intake_permit.received_by IS '报送人，即记录的录入人 / who fed it in; becomes entered_by of the record';
COMMENT ON COLUMN @extschema@.intake_permit.fed_from IS '由哪条退回行更正而来 / reject it corrects';

CREATE TABLE @extschema@.intake_act (
	kind                 text,
	subject_name         text,
	category             text,
	subject_code         text,
	representative       text,
	person_document_type text,
	person_document      text,
	document             text,
	title                text,
	content              text,
	facts                text,
	basis                text,
	amount               text,
	decided_on           text,
	valid_from           text,
	valid_until          text,
	publicity_until      text,
	state                text,
	authority            text,
	authority_code       text,
	source               text,
	source_code          text,
	note                 text,
	behaviour            text,
	field                text,
	procedure            text,
	severity             text,
	intent               text,
	responsibility       text,
	points               text,
	quantity             text,
	unit                 text,
	district             text,
	act_on               text,
	act_ended_on         text,
	served_on            text,
	corrected_on         text,
	part                 text,
	row_no               bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.intake_row'),
	received_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
	received_by          text NOT NULL DEFAULT @extschema@.actor(),
	fed_from             bigint
);
COMMENT ON TABLE @extschema@.intake_act IS '其他事项报送表：其他行政行为、奖励、检查、参评、外部评分 / other acts, awards, inspections, participations and outside scores fed in';
COMMENT ON COLUMN @extschema@.intake_act.kind IS '类别：其他行政行为、表彰奖励、行政检查、参评、外部评分 / kind: act, award, inspection, participation, score';
COMMENT ON COLUMN @extschema@.intake_act.subject_name IS '主体名称 / name of the subject';
COMMENT ON COLUMN @extschema@.intake_act.category IS '主体类别，可空 / category of the subject; may be left out';
COMMENT ON COLUMN @extschema@.intake_act.subject_code IS '统一社会信用代码或已登记自然人代码 / unified social credit code, or the code of a registered person';
COMMENT ON COLUMN @extschema@.intake_act.representative IS '法定代表人 / legal representative';
COMMENT ON COLUMN @extschema@.intake_act.person_document_type IS '自然人证件类型 / type of a natural persons document';
COMMENT ON COLUMN @extschema@.intake_act.person_document IS '自然人证件号码（仅存散列） / number of a natural persons document; only its keyed hash is kept';
COMMENT ON COLUMN @extschema@.intake_act.document IS '文书号 / document number';
COMMENT ON COLUMN @extschema@.intake_act.title IS '名称 / title';
COMMENT ON COLUMN @extschema@.intake_act.content IS '内容 / content';
COMMENT ON COLUMN @extschema@.intake_act.facts IS '事实 / facts';
COMMENT ON COLUMN @extschema@.intake_act.basis IS '依据 / basis';
COMMENT ON COLUMN @extschema@.intake_act.amount IS '金额（万元，六位小数） / amount in units of 10000 yuan, six decimals';
COMMENT ON COLUMN @extschema@.intake_act.decided_on IS '决定日 / day of the decision';
COMMENT ON COLUMN @extschema@.intake_act.valid_from IS '有效期自 / valid from';
COMMENT ON COLUMN @extschema@.intake_act.valid_until IS '有效期至，2099-12-31为无期 / valid until; 2099-12-31 = without end';
COMMENT ON COLUMN @extschema@.intake_act.publicity_until IS '公示截止期 / last day of publicity';
COMMENT ON COLUMN @extschema@.intake_act.state IS '参评状态或检查结果 / state of the participation, or result of the inspection';
COMMENT ON COLUMN @extschema@.intake_act.authority IS '作出机关 / authority';
COMMENT ON COLUMN @extschema@.intake_act.authority_code IS '作出机关统一社会信用代码 / code of the authority';
COMMENT ON COLUMN @extschema@.intake_act.source IS '数据来源单位 / source of the data';
COMMENT ON COLUMN @extschema@.intake_act.source_code IS '数据来源代码，空为作出机关 / code of the source; NULL = the authority';
COMMENT ON COLUMN @extschema@.intake_act.note IS '备注 / note';
COMMENT ON COLUMN @extschema@.intake_act.behaviour IS '部门认定：行为编码 / finding: code of the behaviour';
COMMENT ON COLUMN @extschema@.intake_act.field IS '部门认定：行业领域 / finding: field';
COMMENT ON COLUMN @extschema@.intake_act.procedure IS '部门认定：程序（简易、一般） / finding: procedure';
COMMENT ON COLUMN @extschema@.intake_act.severity IS '部门认定：严重程度 / finding: severity';
COMMENT ON COLUMN @extschema@.intake_act.intent IS '部门认定：主观状态 / finding: intent';
COMMENT ON COLUMN @extschema@.intake_act.responsibility IS '部门认定：责任 / finding: responsibility';
COMMENT ON COLUMN @extschema@.intake_act.points IS '裁量分值或外部得分，至多四位小数 / points given or outside score, at most four decimals';
COMMENT ON COLUMN @extschema@.intake_act.quantity IS '数量，至多四位小数 / number of units, at most four decimals';
COMMENT ON COLUMN @extschema@.intake_act.unit IS '所涉单元：合同段、工程、车辆等 / unit of the subject''s work that it is about: contract segment, site, vehicle';
COMMENT ON COLUMN @extschema@.intake_act.district IS '所在区 / district';
COMMENT ON COLUMN @extschema@.intake_act.act_on IS '行为发生日 / day of the act';
COMMENT ON COLUMN @extschema@.intake_act.act_ended_on IS '行为终了日 / day on which the act ended';
COMMENT ON COLUMN @extschema@.intake_act.served_on IS '送达日 / day of service';
COMMENT ON COLUMN @extschema@.intake_act.corrected_on IS '改正日 / day on which the act was corrected';
COMMENT ON COLUMN @extschema@.intake_act.part IS '同一文书内的分项，默认0 / part within one document, 0 by default';
COMMENT ON COLUMN @extschema@.intake_act.row_no IS '行号，三张表共用一个序列 / number of the row, from one sequence for all three forms';
COMMENT ON COLUMN @extschema@.intake_act.received_at IS '收到时间 / when it came in';
COMMENT ON COLUMN @extschema@.intake_act.received_by IS '报送人，即记录的录入人 / who fed it in; becomes entered_by of the record';
COMMENT ON COLUMN @extschema@.intake_act.fed_from IS '由哪条退回行更正而来 / reject it corrects';
CREATE SEQUENCE @extschema@.intake_reject_number;
COMMENT ON SEQUENCE @extschema@.intake_reject_number IS '退回编号 / numbers of rejects';

CREATE TABLE @extschema@.intake_reject (
	reject_id   bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.intake_reject_number'),
	form        text NOT NULL CHECK (form IN ('penalty', 'permit', 'act')),
	"row"       jsonb NOT NULL,
	reasons     jsonb NOT NULL,
	rejected_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	fed_again   timestamptz,
	fed_by      text
);
COMMENT ON TABLE @extschema@.intake_reject IS '退回的报送行及全部原因；行内含证件号码，限经办人 / rows refused, with every reason; they contain documents of persons, so they are for those who correct them';
COMMENT ON COLUMN @extschema@.intake_reject.reject_id IS '退回编号 / number of the reject';
COMMENT ON COLUMN @extschema@.intake_reject.form IS '报送表：penalty、permit、act / form it came in';
COMMENT ON COLUMN @extschema@.intake_reject."row" IS '原行，未作改动，空值省略 / the row untouched, NULLs left out';
COMMENT ON COLUMN @extschema@.intake_reject.reasons IS '原因数组：code、column、message / reasons: an array of code, column and message';
COMMENT ON COLUMN @extschema@.intake_reject.rejected_at IS '退回时间 / when it was refused';
COMMENT ON COLUMN @extschema@.intake_reject.fed_again IS '更正后重新报送时间 / when it was corrected and fed again';
COMMENT ON COLUMN @extschema@.intake_reject.fed_by IS '重新报送人 / who fed it again';

-- Rows that other platforms sent. What follows a row of the same message may change the record that came of it; a row of anyone else may not.
CREATE SEQUENCE @extschema@.intake_sent_number;
COMMENT ON SEQUENCE @extschema@.intake_sent_number IS '来报行编号 / numbers of rows that platforms sent';
CREATE TABLE @extschema@.intake_sent (
	sent_id   bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.intake_sent_number'),
	row_no    bigint NOT NULL UNIQUE,
	reject_id bigint,
	form      text NOT NULL CHECK (form IN ('penalty', 'permit', 'act')),
	source    text NOT NULL,
	about     @extschema@.subject_code NOT NULL,
	record_id uuid,
	outcome   text CHECK (outcome IN ('accepted', 'amended', 'duplicate', 'rejected', 'withdrawn')),
	lifts     text[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE @extschema@.intake_sent IS '其他平台来报的行及其去向 / rows that other platforms sent, and what became of them';
COMMENT ON COLUMN @extschema@.intake_sent.sent_id IS '编号 / number';
COMMENT ON COLUMN @extschema@.intake_sent.row_no IS '报送表行号 / number of the row in the form';
COMMENT ON COLUMN @extschema@.intake_sent.reject_id IS '退回编号 / reject that it became';
COMMENT ON COLUMN @extschema@.intake_sent.form IS '报送表 / form';
COMMENT ON COLUMN @extschema@.intake_sent.source IS '来报方的来源代码，取代行中自称的 / source of the sender, in the place of the one the row claims';
COMMENT ON COLUMN @extschema@.intake_sent.about IS '所涉主体 / subject';
COMMENT ON COLUMN @extschema@.intake_sent.record_id IS '处理前为其更正的记录，处理后为其成为的记录；与本库已有文书相同者为空 / before: the record that it changes; after: the record it became; NULL where the document was here before';
COMMENT ON COLUMN @extschema@.intake_sent.outcome IS '结果；空为待处理 / outcome; NULL: waits';
COMMENT ON COLUMN @extschema@.intake_sent.lifts IS '恢复来报方此前撤回所终止的 / what an earlier withdrawal of the sender ended and this row brings back';

-- Ends what came of a message of another platform; says how, with nothing where it has ended here before, or nothing came of it.
CREATE FUNCTION @extschema@._end_sent_record(subject @extschema@.subject_code, record_id uuid, how text, reason text) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $end_sent_record$
#variable_conflict use_column
DECLARE
	today constant date := @extschema@.today();
	current @extschema@.record;
	changes jsonb;
BEGIN
	IF _end_sent_record.record_id IS NULL THEN
		RETURN '{}';
	END IF;
	current := @extschema@._current_record(_end_sent_record.subject, _end_sent_record.record_id);
	changes := CASE WHEN current.revoked_on IS NOT NULL THEN NULL
		WHEN how = 'repaired' THEN CASE WHEN current.repaired_on IS NULL THEN jsonb_build_object('repaired_on', today) END
		WHEN how = 'expired' THEN CASE WHEN (current.publicity_until < today) IS NOT TRUE THEN jsonb_build_object('publicity_until', today - 1) END
		ELSE jsonb_build_object('revoked_on', today) END;
	IF changes IS NULL THEN
		RETURN '{}';
	END IF;
	-- who entered and verified the fact stays, as when it is revoked or repaired here
	PERFORM @extschema@._new_version(_end_sent_record.subject, _end_sent_record.record_id, changes
		|| (@extschema@._by_hand(current.detail, format('来报方已撤回：%s / withdrawn by the sender', reason)) - ARRAY['entered_by', 'verified_by']));
	PERFORM @extschema@._settle_standings(_end_sent_record.subject);
	PERFORM @extschema@._end_fallen_listings(_end_sent_record.subject);
	RETURN ARRAY[how];
END
$end_sent_record$;
REVOKE ALL ON FUNCTION @extschema@._end_sent_record(@extschema@.subject_code, uuid, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._end_sent_record(@extschema@.subject_code, uuid, text, text) IS '来报方撤回：撤销、修复或停止公示由其而来的记录 / ends the record that came of a message: revoked, repaired, or out of publicity';

CREATE VIEW @extschema@.intake_reason AS
SELECT v.code, v.message
  FROM (VALUES
	('missing', '必填项缺失 / a required field is missing'),
	('too_long', '超过长度限制 / longer than the form allows'),
	('both_forms', '新旧两版表格的同一事项内容不一致 / the fields of 2015 and of 2018 for the same matter differ'),
	('unknown_label', '不是允许的取值，取值见 exchange_label / not one of the values allowed, which are in exchange_label'),
	('uscc', '统一社会信用代码有误 / not a unified social credit code'),
	('organisation_code_given', '自然人不得填写组织类代码 / a natural person has no code of an organisation'),
	('organisation_code', '组织机构代码有误或与统一社会信用代码不一致 / not an organisation code, or another than the one in the unified social credit code'),
	('person_unknown', '该自然人代码未登记 / no person is registered under this code'),
	('document_type', '证件类型不在允许范围 / unknown type of document'),
	('document_number', '证件号码有误 / not a valid number of a document'),
	('day_format', '日期格式有误或不存在，应为YYYY-MM-DD、YYYY/MM/DD或YYYYMMDD / not an existing day written YYYY-MM-DD, YYYY/MM/DD or YYYYMMDD'),
	('day_in_future', '日期晚于今日 / the day is in the future'),
	('day_order', '日期先后矛盾 / the day contradicts an earlier one'),
	('amount_format', '金额应为非负十进制数，单位万元 / an amount is a plain decimal, not negative, in units of 10000 yuan'),
	('amount_too_precise', '金额小于一分 / the amount is finer than a fen'),
	('amount_too_large', '金额过大 / the amount is too large'),
	('amount_missing', '处罚类别要求填写金额 / the kind of penalty requires the amount'),
	('amount_not_expected', '处罚类别不含此项而填写了金额 / an amount without the kind of penalty it belongs to'),
	('licence_missing', '暂扣或吊销须填写证照名称及编号 / a suspension or revocation names the licence'),
	('number_format', '数值有误，至多四位小数 / not a plain decimal with at most four decimals'),
	('part_format', '分项应为0至32767的整数 / a part is a whole number from 0 to 32767'),
	('authority_unknown', '机关名称未登记或不唯一，请填写代码或先登记机关 / no single subject has this name: give the code, or register the authority'),
	('behaviour_unknown', '行为目录在决定日没有此类编码 / the catalogue has no such behaviour for this kind of record on the day'),
	('behaviour_field', '行业领域与行为目录不一致 / the field is not that of the behaviour'),
	('document_known', '该文书已登记且内容不同，请用 amend_record() 更正 / the document is recorded with other content: correct it with amend_record()'),
	('document_twice', '本批同一文书内容不同 / the same document came twice in this run, with different content')
  ) AS v (code, message);
COMMENT ON VIEW @extschema@.intake_reason IS '退回原因 / reasons for which the intake refuses a row';
COMMENT ON COLUMN @extschema@.intake_reason.code IS '原因编码 / code of the reason';
COMMENT ON COLUMN @extschema@.intake_reason.message IS '说明 / what it says';

-- ---------------------------------------------------------------------------
-- Processing, step by step over temporary tables; every step takes the whole batch at once
-- ---------------------------------------------------------------------------

-- What of a row goes into the record: the fields as given, but the registry's own columns and documents of persons. A document that the
-- row's own texts repeat is blotted out of them.
CREATE FUNCTION @extschema@._intake_detail("row" jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $intake_detail$
DECLARE
	document_keys constant text[] := ARRAY['cf_fr_zjhm', 'cf_xdr_zjhm', 'cf_xdr_sfz', 'xk_fr_zjhm', 'xk_xdr_zjhm', 'xk_xdr_sfz', 'person_document'];
	detail jsonb := "row" - ARRAY['row_no', 'received_at', 'received_by', 'fed_from'];
	key text;
BEGIN
	IF detail ?| document_keys THEN
		FOREACH key IN ARRAY document_keys LOOP
			detail := @extschema@._without_document(detail - key, btrim("row" ->> key));
		END LOOP;
	END IF;
	RETURN detail;
END
$intake_detail$;
REVOKE ALL ON FUNCTION @extschema@._intake_detail(jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._intake_detail(jsonb) IS '报送行中写入记录的原始字段，不含证件号码 / fields of a row as they go into the record, without documents of persons';

-- Takes all rows out of the three forms, lays forms and years side by side in one layout, and reads every field of every row.
-- A problem is 'code|column|what exactly'; the column goes by its name in the layout until the row is sent back.
CREATE FUNCTION @extschema@._intake_take(today date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $intake_take$
DECLARE
	-- 万元 with twelve digits before the point, in fen
	largest constant bigint := 999999999999999999;
BEGIN
	WITH penalty AS (
		DELETE FROM @extschema@.intake_penalty RETURNING *
	), permit AS (
		DELETE FROM @extschema@.intake_permit RETURNING *
	), act AS (
		DELETE FROM @extschema@.intake_act RETURNING *
	), form AS (
		-- OFFSET 0 here and below: each field is read once, not wherever it is mentioned
		SELECT 'penalty'::text AS form, i.row_no, i.received_by, jsonb_strip_nulls(to_jsonb(i)) AS raw, @extschema@._exchange_text(i.cf_xdr_lb) IS NULL
		       AND concat(i.cf_jg, i.cf_xzjg, i.cf_cfmc, i.cf_cflb1, i.cf_xdr_zdm, i.cf_xdr_gsdj, i.cf_xdr_sfz) <> '' AS old,
		       NULL::text AS kind,
		       @extschema@._exchange_text(i.cf_xdr_mc) AS name,
		       @extschema@._exchange_text(i.cf_xdr_lb) AS category,
		       @extschema@._exchange_text(i.cf_xdr_shxym) AS code,
		       coalesce(@extschema@._exchange_text(i.cf_xdr_gszc), @extschema@._exchange_text(i.cf_xdr_gsdj)) AS registration,
		       coalesce(@extschema@._exchange_text(i.cf_xdr_zzjg), @extschema@._exchange_text(i.cf_xdr_zdm)) AS organisation_code,
		       @extschema@._exchange_text(i.cf_xdr_swdj) AS tax_code,
		       @extschema@._exchange_text(i.cf_xdr_sydw) AS institution_code,
		       @extschema@._exchange_text(i.cf_xdr_shzz) AS society_code,
		       coalesce(@extschema@._exchange_text(i.cf_frdb), @extschema@._exchange_text(i.cf_fr)) AS representative,
		       @extschema@._exchange_text(i.cf_fr_zjlx) AS representative_type,
		       @extschema@._exchange_text(i.cf_fr_zjhm) AS representative_document,
		       coalesce(@extschema@._exchange_text(i.cf_xdr_zjlx), CASE WHEN @extschema@._exchange_text(i.cf_xdr_sfz) IS NOT NULL THEN 'id_card' END) AS person_type,
		       coalesce(@extschema@._exchange_text(i.cf_xdr_zjhm), @extschema@._exchange_text(i.cf_xdr_sfz)) AS person_document,
		       @extschema@._exchange_text(i.cf_wsh) AS document,
		       @extschema@._exchange_text(i.cf_cfmc) AS title,
		       @extschema@._exchange_text(i.cf_wfxw) AS violation,
		       @extschema@._exchange_text(i.cf_sy) AS facts,
		       @extschema@._exchange_text(i.cf_yj) AS basis,
		       coalesce(@extschema@._exchange_text(i.cf_cflb), @extschema@._exchange_text(concat_ws(';', @extschema@._exchange_text(i.cf_cflb1), @extschema@._exchange_text(i.cf_cflb2)))) AS kinds,
		       coalesce(@extschema@._exchange_text(i.cf_nr), @extschema@._exchange_text(i.cf_jg)) AS content,
		       @extschema@._exchange_text(i.cf_nr_fk) AS fine,
		       @extschema@._exchange_text(i.cf_nr_wfff) AS confiscated,
		       @extschema@._exchange_text(i.cf_nr_zkdx) AS licence,
		       NULL::text AS permit_kind,
		       @extschema@._exchange_text(i.cf_jdrq) AS decided_on,
		       NULL::text AS valid_from,
		       @extschema@._exchange_text(i.cf_yxq) AS valid_until,
		       @extschema@._exchange_text(i.cf_gsjzq) AS publicity_until,
		       coalesce(@extschema@._exchange_text(i.cf_cfjg), @extschema@._exchange_text(i.cf_xzjg)) AS authority,
		       @extschema@._exchange_text(i.cf_cfjgdm) AS authority_code,
		       @extschema@._exchange_text(i.cf_sjly) AS source,
		       @extschema@._exchange_text(i.cf_sjlydm) AS source_code,
		       @extschema@._exchange_text(i.cf_zt) AS state,
		       @extschema@._exchange_text(i.bz) AS note,
		       concat_ws(' ', i.dfbm, i.sjc) AS others,
		       @extschema@._exchange_text(i.behaviour) AS behaviour,
		       @extschema@._exchange_text(i.field) AS field,
		       @extschema@._exchange_text(i.procedure) AS procedure,
		       @extschema@._exchange_text(i.severity) AS severity,
		       @extschema@._exchange_text(i.intent) AS intent,
		       @extschema@._exchange_text(i.responsibility) AS responsibility,
		       @extschema@._exchange_text(i.points) AS points,
		       @extschema@._exchange_text(i.quantity) AS quantity,
		       @extschema@._exchange_text(i.unit) AS unit,
		       @extschema@._exchange_text(i.district) AS district,
		       @extschema@._exchange_text(i.act_on) AS act_on,
		       @extschema@._exchange_text(i.act_ended_on) AS act_ended_on,
		       @extschema@._exchange_text(i.served_on) AS served_on,
		       @extschema@._exchange_text(i.corrected_on) AS corrected_on,
		       @extschema@._exchange_text(i.part) AS part,
		       ARRAY[CASE WHEN @extschema@._exchange_text(i.cf_nr) <> @extschema@._exchange_text(i.cf_jg) THEN 'both_forms|cf_jg' END,
		           CASE WHEN @extschema@._exchange_text(i.cf_cfjg) <> @extschema@._exchange_text(i.cf_xzjg) THEN 'both_forms|cf_xzjg' END,
		           CASE WHEN @extschema@._exchange_text(i.cf_xdr_gszc) <> @extschema@._exchange_text(i.cf_xdr_gsdj) THEN 'both_forms|cf_xdr_gsdj' END,
		           CASE WHEN @extschema@._exchange_text(i.cf_xdr_zzjg) <> @extschema@._exchange_text(i.cf_xdr_zdm) THEN 'both_forms|cf_xdr_zdm' END,
		           CASE WHEN @extschema@._exchange_text(i.cf_xdr_zjhm) <> @extschema@._exchange_text(i.cf_xdr_sfz) THEN 'both_forms|cf_xdr_sfz' END,
		           CASE WHEN @extschema@._exchange_text(i.cf_frdb) <> @extschema@._exchange_text(i.cf_fr) THEN 'both_forms|cf_fr' END] AS differing
		  FROM penalty AS i
		UNION ALL
		SELECT 'permit' AS form, i.row_no, i.received_by, jsonb_strip_nulls(to_jsonb(i)) AS raw, @extschema@._exchange_text(i.xk_xdr_lb) IS NULL
		       AND concat(i.xk_xdr, i.xk_xzjg, i.xk_xmmc, i.xk_splb, i.xk_jzq, i.xk_xdr_zdm, i.xk_xdr_gsdj, i.xk_xdr_sfz) <> '' AS old,
		       NULL AS kind,
		       coalesce(@extschema@._exchange_text(i.xk_xdr_mc), @extschema@._exchange_text(i.xk_xdr)) AS name,
		       @extschema@._exchange_text(i.xk_xdr_lb) AS category,
		       @extschema@._exchange_text(i.xk_xdr_shxym) AS code,
		       coalesce(@extschema@._exchange_text(i.xk_xdr_gszc), @extschema@._exchange_text(i.xk_xdr_gsdj)) AS registration,
		       coalesce(@extschema@._exchange_text(i.xk_xdr_zzjg), @extschema@._exchange_text(i.xk_xdr_zdm)) AS organisation_code,
		       @extschema@._exchange_text(i.xk_xdr_swdj) AS tax_code,
		       @extschema@._exchange_text(i.xk_xdr_sydw) AS institution_code,
		       @extschema@._exchange_text(i.xk_xdr_shzz) AS society_code,
		       coalesce(@extschema@._exchange_text(i.xk_frdb), @extschema@._exchange_text(i.xk_fr)) AS representative,
		       @extschema@._exchange_text(i.xk_fr_zjlx) AS representative_type,
		       @extschema@._exchange_text(i.xk_fr_zjhm) AS representative_document,
		       coalesce(@extschema@._exchange_text(i.xk_xdr_zjlx), CASE WHEN @extschema@._exchange_text(i.xk_xdr_sfz) IS NOT NULL THEN 'id_card' END) AS person_type,
		       coalesce(@extschema@._exchange_text(i.xk_xdr_zjhm), @extschema@._exchange_text(i.xk_xdr_sfz)) AS person_document,
		       @extschema@._exchange_text(i.xk_wsh) AS document,
		       coalesce(@extschema@._exchange_text(i.xk_xkws), @extschema@._exchange_text(i.xk_xmmc)) AS title,
		       NULL AS violation,
		       NULL AS facts,
		       NULL AS basis,
		       NULL AS kinds,
		       @extschema@._exchange_text(i.xk_nr) AS content,
		       NULL AS fine,
		       NULL AS confiscated,
		       NULL AS licence,
		       coalesce(@extschema@._exchange_text(i.xk_xklb), @extschema@._exchange_text(i.xk_splb)) AS permit_kind,
		       @extschema@._exchange_text(i.xk_jdrq) AS decided_on,
		       @extschema@._exchange_text(i.xk_yxqz) AS valid_from,
		       coalesce(@extschema@._exchange_text(i.xk_yxqzi), @extschema@._exchange_text(i.xk_jzq)) AS valid_until,
		       NULL AS publicity_until,
		       coalesce(@extschema@._exchange_text(i.xk_xkjg), @extschema@._exchange_text(i.xk_xzjg)) AS authority,
		       @extschema@._exchange_text(i.xk_xkjgdm) AS authority_code,
		       @extschema@._exchange_text(i.xk_lydw) AS source,
		       @extschema@._exchange_text(i.xk_lydwdm) AS source_code,
		       @extschema@._exchange_text(i.xk_zt) AS state,
		       @extschema@._exchange_text(i.bz) AS note,
		       concat_ws(' ', i.xk_xkzs, i.xk_xkbh, i.dfbm, i.sjc) AS others,
		       @extschema@._exchange_text(i.behaviour) AS behaviour,
		       @extschema@._exchange_text(i.field) AS field,
		       NULL AS procedure,
		       NULL AS severity,
		       NULL AS intent,
		       NULL AS responsibility,
		       NULL AS points,
		       @extschema@._exchange_text(i.quantity) AS quantity,
		       @extschema@._exchange_text(i.unit) AS unit,
		       @extschema@._exchange_text(i.district) AS district,
		       NULL AS act_on,
		       NULL AS act_ended_on,
		       @extschema@._exchange_text(i.served_on) AS served_on,
		       NULL AS corrected_on,
		       @extschema@._exchange_text(i.part) AS part,
		       ARRAY[CASE WHEN @extschema@._exchange_text(i.xk_xdr_mc) <> @extschema@._exchange_text(i.xk_xdr) THEN 'both_forms|xk_xdr' END,
		           CASE WHEN @extschema@._exchange_text(i.xk_xklb) <> @extschema@._exchange_text(i.xk_splb) THEN 'both_forms|xk_splb' END,
		           CASE WHEN @extschema@._exchange_text(i.xk_yxqzi) <> @extschema@._exchange_text(i.xk_jzq) THEN 'both_forms|xk_jzq' END,
		           CASE WHEN @extschema@._exchange_text(i.xk_xkjg) <> @extschema@._exchange_text(i.xk_xzjg) THEN 'both_forms|xk_xzjg' END,
		           CASE WHEN @extschema@._exchange_text(i.xk_xdr_gszc) <> @extschema@._exchange_text(i.xk_xdr_gsdj) THEN 'both_forms|xk_xdr_gsdj' END,
		           CASE WHEN @extschema@._exchange_text(i.xk_xdr_zzjg) <> @extschema@._exchange_text(i.xk_xdr_zdm) THEN 'both_forms|xk_xdr_zdm' END,
		           CASE WHEN @extschema@._exchange_text(i.xk_xdr_zjhm) <> @extschema@._exchange_text(i.xk_xdr_sfz) THEN 'both_forms|xk_xdr_sfz' END,
		           CASE WHEN @extschema@._exchange_text(i.xk_frdb) <> @extschema@._exchange_text(i.xk_fr) THEN 'both_forms|xk_fr' END] AS differing
		  FROM permit AS i
		UNION ALL
		SELECT 'act' AS form, i.row_no, i.received_by, jsonb_strip_nulls(to_jsonb(i)) AS raw, false AS old,
		       @extschema@._exchange_text(i.kind) AS kind,
		       @extschema@._exchange_text(i.subject_name) AS name,
		       @extschema@._exchange_text(i.category) AS category,
		       @extschema@._exchange_text(i.subject_code) AS code,
		       NULL AS registration,
		       NULL AS organisation_code,
		       NULL AS tax_code,
		       NULL AS institution_code,
		       NULL AS society_code,
		       @extschema@._exchange_text(i.representative) AS representative,
		       NULL AS representative_type,
		       NULL AS representative_document,
		       @extschema@._exchange_text(i.person_document_type) AS person_type,
		       @extschema@._exchange_text(i.person_document) AS person_document,
		       @extschema@._exchange_text(i.document) AS document,
		       @extschema@._exchange_text(i.title) AS title,
		       NULL AS violation,
		       @extschema@._exchange_text(i.facts) AS facts,
		       @extschema@._exchange_text(i.basis) AS basis,
		       NULL AS kinds,
		       @extschema@._exchange_text(i.content) AS content,
		       @extschema@._exchange_text(i.amount) AS fine,
		       NULL AS confiscated,
		       NULL AS licence,
		       NULL AS permit_kind,
		       @extschema@._exchange_text(i.decided_on) AS decided_on,
		       @extschema@._exchange_text(i.valid_from) AS valid_from,
		       @extschema@._exchange_text(i.valid_until) AS valid_until,
		       @extschema@._exchange_text(i.publicity_until) AS publicity_until,
		       @extschema@._exchange_text(i.authority) AS authority,
		       @extschema@._exchange_text(i.authority_code) AS authority_code,
		       @extschema@._exchange_text(i.source) AS source,
		       @extschema@._exchange_text(i.source_code) AS source_code,
		       @extschema@._exchange_text(i.state) AS state,
		       @extschema@._exchange_text(i.note) AS note,
		       NULL AS others,
		       @extschema@._exchange_text(i.behaviour) AS behaviour,
		       @extschema@._exchange_text(i.field) AS field,
		       @extschema@._exchange_text(i.procedure) AS procedure,
		       @extschema@._exchange_text(i.severity) AS severity,
		       @extschema@._exchange_text(i.intent) AS intent,
		       @extschema@._exchange_text(i.responsibility) AS responsibility,
		       @extschema@._exchange_text(i.points) AS points,
		       @extschema@._exchange_text(i.quantity) AS quantity,
		       @extschema@._exchange_text(i.unit) AS unit,
		       @extschema@._exchange_text(i.district) AS district,
		       @extschema@._exchange_text(i.act_on) AS act_on,
		       @extschema@._exchange_text(i.act_ended_on) AS act_ended_on,
		       @extschema@._exchange_text(i.served_on) AS served_on,
		       @extschema@._exchange_text(i.corrected_on) AS corrected_on,
		       @extschema@._exchange_text(i.part) AS part,
		       ARRAY[]::text[] AS differing
		  FROM act AS i
		OFFSET 0
	)
	INSERT INTO pg_temp.intake_batch
	SELECT f.row_no, f.form, f.old, f.received_by, s.kind, @extschema@.normal_name(f.name), s.category,
	       CASE WHEN s.is_organisation AND s.code_problem IS NULL THEN (f.code::@extschema@.subject_code)::text END,
	       s.person_code, s.person_type,
	       CASE WHEN s.person_code IS NULL AND s.category = 'natural_person' AND s.document_problem IS NULL THEN @extschema@._document_key(s.person_type, f.person_document) END,
	       f.representative, @extschema@.normal_document(f.document),
	       concat_ws(E'\n', f.violation, f.title, CASE WHEN f.form = 'act' THEN f.content END, f.facts),
	       f.kinds, v.fine, v.confiscated, f.licence IS NOT NULL, v.points, v.quantity, f.unit,
	       CASE WHEN v.part BETWEEN 0 AND 32767 THEN v.part ELSE 0 END,
	       v.decided_on, v.valid_from, nullif(v.valid_until, '2099-12-31'), nullif(v.publicity_until, '2099-12-31'),
	       v.act_on, v.act_ended_on, v.served_on, v.corrected_on,
	       CASE WHEN s.authority_problem IS NULL THEN (f.authority_code::@extschema@.subject_code)::text END, @extschema@.normal_name(f.authority),
	       CASE WHEN f.form = 'act' THEN f.source_code WHEN s.source_problem IS NULL THEN (f.source_code::@extschema@.subject_code)::text END,
	       f.behaviour, f.field, l_procedure.code, l_severity.code, l_intent.code, l_responsibility.code, f.district,
	       CASE s.kind WHEN 'permit' THEN f.state WHEN 'penalty' THEN NULL ELSE coalesce(l_state.code, f.state) END,
	       CASE WHEN s.kind = 'penalty' AND f.state NOT IN ('0', '正常') THEN '来源标明的状态不是正常：cf_zt / the source gives another state than normal: cf_zt' END,
	       f.raw, array_remove(f.differing, NULL) || p.problems
	  FROM form AS f
	  LEFT JOIN @extschema@.exchange_label AS l_category ON l_category.list = 'category' AND l_category.label = @extschema@.normal_name(f.category)
	  LEFT JOIN @extschema@.exchange_label AS l_kind ON l_kind.list = 'act_kind' AND l_kind.label = @extschema@.normal_name(f.kind)
	  LEFT JOIN @extschema@.exchange_label AS l_person ON l_person.list = 'document_type' AND l_person.label = @extschema@.normal_name(f.person_type)
	  LEFT JOIN @extschema@.exchange_label AS l_representative
	    ON l_representative.list = 'document_type' AND l_representative.label = @extschema@.normal_name(f.representative_type)
	  LEFT JOIN @extschema@.exchange_label AS l_permit
	    ON l_permit.list = 'permit_kind' AND l_permit.label = split_part(@extschema@.normal_name(f.permit_kind), '-', 1)
	  LEFT JOIN @extschema@.exchange_label AS l_state ON l_state.list = l_kind.code AND l_state.label = @extschema@.normal_name(f.state)
	  LEFT JOIN @extschema@.exchange_label AS l_procedure ON l_procedure.list = 'procedure' AND l_procedure.label = @extschema@.normal_name(f.procedure)
	  LEFT JOIN @extschema@.exchange_label AS l_severity ON l_severity.list = 'severity' AND l_severity.label = @extschema@.normal_name(f.severity)
	  LEFT JOIN @extschema@.exchange_label AS l_intent ON l_intent.list = 'intent' AND l_intent.label = @extschema@.normal_name(f.intent)
	  LEFT JOIN @extschema@.exchange_label AS l_responsibility ON l_responsibility.list = 'responsibility' AND l_responsibility.label = @extschema@.normal_name(f.responsibility)
	 CROSS JOIN LATERAL (
		SELECT @extschema@._exchange_day(f.decided_on) AS decided_on,
		       @extschema@._exchange_day(f.valid_from) AS valid_from,
		       @extschema@._exchange_day(f.valid_until) AS valid_until,
		       @extschema@._exchange_day(f.publicity_until) AS publicity_until,
		       @extschema@._exchange_day(f.act_on) AS act_on,
		       @extschema@._exchange_day(f.act_ended_on) AS act_ended_on,
		       @extschema@._exchange_day(f.served_on) AS served_on,
		       @extschema@._exchange_day(f.corrected_on) AS corrected_on,
		       @extschema@._exchange_decimal(f.fine, 6) AS fine,
		       @extschema@._exchange_decimal(f.confiscated, 6) AS confiscated,
		       @extschema@._exchange_decimal(f.points, 4) AS points,
		       @extschema@._exchange_decimal(f.quantity, 4) AS quantity,
		       @extschema@._exchange_decimal(f.part, 0) AS part
		OFFSET 0) AS v
	 CROSS JOIN LATERAL (
		SELECT CASE WHEN f.form = 'act' THEN l_kind.code ELSE f.form END AS kind,
		       -- the form of 2015 and other acts have no category: an ID document without a code is a person's
		       CASE WHEN f.category IS NOT NULL THEN l_category.code
		            WHEN NOT f.old AND f.form <> 'act' THEN NULL
		            WHEN f.code IS NULL AND f.person_document IS NOT NULL OR f.form = 'act' AND upper(f.code) LIKE 'P%' THEN 'natural_person'
		            ELSE 'organisation' END AS category,
		       l_person.code AS person_type
		OFFSET 0) AS k
	 CROSS JOIN LATERAL (
		SELECT k.kind, k.category, k.person_type,
		       k.category <> 'natural_person' AS is_organisation,
		       CASE WHEN f.form = 'act' AND k.category = 'natural_person' THEN upper(f.code) END AS person_code,
		       CASE WHEN k.category <> 'natural_person' THEN CASE WHEN f.code IS NULL THEN '' ELSE @extschema@.uscc_problem(f.code) END END AS code_problem,
		       CASE WHEN k.category <> 'natural_person' OR k.person_type IS NULL OR f.person_document IS NULL THEN ''
		            WHEN k.person_type = 'id_card' THEN @extschema@.id_card_problem(f.person_document)
		            ELSE @extschema@._document_problem(k.person_type, f.person_document) END AS document_problem,
		       CASE WHEN f.authority_code IS NULL THEN '' ELSE @extschema@.uscc_problem(f.authority_code) END AS authority_problem,
		       CASE WHEN f.source_code IS NULL OR f.form = 'act' THEN '' ELSE @extschema@.uscc_problem(f.source_code) END AS source_problem
		OFFSET 0) AS s
	 CROSS JOIN LATERAL (
		SELECT array_remove(ARRAY[
			-- the subject; 发改办财金〔2018〕424号: code and representative of organisations, document of natural persons, never both
			CASE WHEN f.form = 'act' AND f.kind IS NULL THEN 'missing|kind' WHEN f.form = 'act' AND k.kind IS NULL THEN 'unknown_label|kind' END,
			CASE WHEN f.name IS NULL THEN 'missing|name' END,
			CASE WHEN f.category IS NULL AND k.category IS NULL THEN 'missing|category' WHEN k.category IS NULL THEN 'unknown_label|category' END,
			CASE WHEN s.code_problem = '' THEN 'missing|code' WHEN s.code_problem IS NOT NULL THEN 'uscc|code|' || s.code_problem END,
			CASE WHEN k.category = 'natural_person' AND f.code IS NOT NULL AND f.form <> 'act' THEN 'organisation_code_given|code' END,
			CASE WHEN k.category = 'natural_person' AND f.registration IS NOT NULL THEN 'organisation_code_given|registration' END,
			CASE WHEN k.category = 'natural_person' AND f.organisation_code IS NOT NULL THEN 'organisation_code_given|organisation_code' END,
			CASE WHEN k.category = 'natural_person' AND f.tax_code IS NOT NULL THEN 'organisation_code_given|tax_code' END,
			CASE WHEN k.category = 'natural_person' AND f.institution_code IS NOT NULL THEN 'organisation_code_given|institution_code' END,
			CASE WHEN k.category = 'natural_person' AND f.society_code IS NOT NULL THEN 'organisation_code_given|society_code' END,
			CASE WHEN s.is_organisation AND f.organisation_code IS NOT NULL AND s.code_problem IS NULL
			      AND upper(replace(f.organisation_code, '-', '')) <> replace(@extschema@.organisation_code(f.code::@extschema@.subject_code), '-', '')
			     THEN 'organisation_code|organisation_code' END,
			CASE WHEN s.is_organisation AND f.representative IS NULL AND f.form <> 'act' AND NOT f.old THEN 'missing|representative' END,
			CASE WHEN f.representative_type IS NOT NULL AND l_representative.code IS NULL THEN 'document_type|representative_type' END,
			CASE WHEN f.representative_type IS NOT NULL AND f.representative_document IS NULL THEN 'missing|representative_document' END,
			CASE WHEN f.representative_type IS NULL AND f.representative_document IS NOT NULL THEN 'missing|representative_type' END,
			CASE WHEN l_representative.code IS NOT NULL AND f.representative_document IS NOT NULL
			     THEN 'document_number|representative_document|' || @extschema@._document_problem(l_representative.code, f.representative_document) END,
			CASE WHEN k.category = 'natural_person' AND f.person_type IS NULL AND s.person_code IS NULL THEN 'missing|person_type' END,
			CASE WHEN k.category = 'natural_person' AND f.person_document IS NULL AND s.person_code IS NULL THEN 'missing|person_document' END,
			CASE WHEN f.person_type IS NOT NULL AND k.person_type IS NULL THEN 'document_type|person_type' END,
			CASE WHEN s.document_problem <> '' THEN 'document_number|person_document|' || s.document_problem END,
			-- the document
			CASE WHEN f.document IS NULL THEN 'missing|document' END,
			CASE WHEN f.violation IS NULL AND f.form = 'penalty' AND NOT f.old THEN 'missing|violation' END,
			CASE WHEN f.facts IS NULL AND f.form = 'penalty' THEN 'missing|facts' END,
			CASE WHEN f.basis IS NULL AND f.form = 'penalty' THEN 'missing|basis' END,
			CASE WHEN f.kinds IS NULL AND f.form = 'penalty' AND NOT f.old THEN 'missing|kinds' END,
			CASE WHEN f.permit_kind IS NULL AND f.form = 'permit' THEN 'missing|permit_kind'
			     WHEN f.permit_kind IS NOT NULL AND l_permit.label IS NULL THEN 'unknown_label|permit_kind' END,
			CASE WHEN f.content IS NULL AND (f.form <> 'act' OR k.kind IN ('act', 'award', 'inspection') AND f.title IS NULL AND f.facts IS NULL)
			     THEN 'missing|content' END,
			CASE WHEN f.authority IS NULL AND f.form <> 'act' THEN 'missing|authority' END,
			CASE WHEN f.authority_code IS NULL AND NOT f.old THEN 'missing|authority_code' END,
			CASE WHEN s.authority_problem <> '' THEN 'uscc|authority_code|' || s.authority_problem END,
			CASE WHEN f.source IS NULL AND f.form <> 'act' AND NOT f.old THEN 'missing|source' END,
			CASE WHEN f.source_code IS NULL AND f.form <> 'act' AND NOT f.old THEN 'missing|source_code' END,
			CASE WHEN s.source_problem <> '' THEN 'uscc|source_code|' || s.source_problem END,
			-- days
			CASE WHEN f.decided_on IS NULL AND k.kind NOT IN ('participation', 'act', 'inspection') THEN 'missing|decided_on'
			     WHEN f.decided_on IS NULL AND f.act_on IS NULL AND k.kind IN ('act', 'inspection') THEN 'missing|decided_on' END,
			CASE WHEN f.valid_from IS NULL AND (k.kind = 'participation' OR f.form = 'permit' AND NOT f.old) THEN 'missing|valid_from' END,
			CASE WHEN f.valid_until IS NULL AND f.form = 'permit' AND NOT f.old THEN 'missing|valid_until' END,
			CASE WHEN f.decided_on IS NOT NULL AND v.decided_on IS NULL THEN 'day_format|decided_on' END,
			CASE WHEN f.valid_from IS NOT NULL AND v.valid_from IS NULL THEN 'day_format|valid_from' END,
			CASE WHEN f.valid_until IS NOT NULL AND v.valid_until IS NULL THEN 'day_format|valid_until' END,
			CASE WHEN f.publicity_until IS NOT NULL AND v.publicity_until IS NULL THEN 'day_format|publicity_until' END,
			CASE WHEN f.act_on IS NOT NULL AND v.act_on IS NULL THEN 'day_format|act_on' END,
			CASE WHEN f.act_ended_on IS NOT NULL AND v.act_ended_on IS NULL THEN 'day_format|act_ended_on' END,
			CASE WHEN f.served_on IS NOT NULL AND v.served_on IS NULL THEN 'day_format|served_on' END,
			CASE WHEN f.corrected_on IS NOT NULL AND v.corrected_on IS NULL THEN 'day_format|corrected_on' END,
			CASE WHEN v.decided_on > today THEN 'day_in_future|decided_on' END,
			CASE WHEN v.act_on > today THEN 'day_in_future|act_on' END,
			CASE WHEN v.act_ended_on > today THEN 'day_in_future|act_ended_on' END,
			CASE WHEN v.served_on > today THEN 'day_in_future|served_on' END,
			CASE WHEN v.corrected_on > today THEN 'day_in_future|corrected_on' END,
			CASE WHEN v.act_on > v.decided_on THEN 'day_order|act_on' END,
			CASE WHEN v.act_ended_on < v.act_on THEN 'day_order|act_ended_on' END,
			CASE WHEN v.corrected_on < v.act_on THEN 'day_order|corrected_on' END,
			CASE WHEN v.served_on < v.decided_on THEN 'day_order|served_on' END,
			CASE WHEN v.valid_until < coalesce(v.valid_from, v.decided_on) THEN 'day_order|valid_until' END,
			CASE WHEN v.publicity_until < v.decided_on THEN 'day_order|publicity_until' END,
			-- numbers
			CASE WHEN f.fine IS NULL OR v.fine BETWEEN 0 AND largest THEN NULL
			     WHEN f.fine !~ '^[0-9]+(\.[0-9]+)?$' THEN 'amount_format|fine'
			     WHEN f.fine ~ '\.[0-9]{6,}[1-9]' THEN 'amount_too_precise|fine' ELSE 'amount_too_large|fine' END,
			CASE WHEN f.confiscated IS NULL OR v.confiscated BETWEEN 0 AND largest THEN NULL
			     WHEN f.confiscated !~ '^[0-9]+(\.[0-9]+)?$' THEN 'amount_format|confiscated'
			     WHEN f.confiscated ~ '\.[0-9]{6,}[1-9]' THEN 'amount_too_precise|confiscated' ELSE 'amount_too_large|confiscated' END,
			CASE WHEN f.points IS NOT NULL AND v.points IS NULL THEN 'number_format|points' WHEN f.points IS NULL AND k.kind = 'score' THEN 'missing|points' END,
			CASE WHEN f.quantity IS NOT NULL AND v.quantity >= 0 IS NOT TRUE THEN 'number_format|quantity' END,
			CASE WHEN f.part IS NOT NULL AND v.part BETWEEN 0 AND 32767 IS NOT TRUE THEN 'part_format|part' END,
			-- findings and states
			CASE WHEN f.procedure IS NOT NULL AND l_procedure.code IS NULL THEN 'unknown_label|procedure' END,
			CASE WHEN f.severity IS NOT NULL AND l_severity.code IS NULL THEN 'unknown_label|severity' END,
			CASE WHEN f.intent IS NOT NULL AND l_intent.code IS NULL THEN 'unknown_label|intent' END,
			CASE WHEN f.responsibility IS NOT NULL AND l_responsibility.code IS NULL THEN 'unknown_label|responsibility' END,
			CASE WHEN k.kind = 'participation' AND f.field IS NULL THEN 'missing|field' END,
			CASE WHEN k.kind = 'participation' AND f.state IS NULL THEN 'missing|state'
			     WHEN k.kind = 'participation' AND l_state.code IS NULL THEN 'unknown_label|state' END,
			-- lengths: 128 of the form for the document number; the others are far beyond what the forms are filled in with
			CASE WHEN octet_length(f.name) > 200 AND length(f.name) > 200 THEN 'too_long|name' END,
			CASE WHEN octet_length(f.registration) > 50 AND length(f.registration) > 50 THEN 'too_long|registration' END,
			CASE WHEN octet_length(f.tax_code) > 50 AND length(f.tax_code) > 50 THEN 'too_long|tax_code' END,
			CASE WHEN octet_length(f.institution_code) > 120 AND length(f.institution_code) > 120 THEN 'too_long|institution_code' END,
			CASE WHEN octet_length(f.society_code) > 50 AND length(f.society_code) > 50 THEN 'too_long|society_code' END,
			CASE WHEN octet_length(f.representative) > 50 AND length(f.representative) > 50 THEN 'too_long|representative' END,
			CASE WHEN octet_length(f.representative_document) > 64 AND length(f.representative_document) > 64 THEN 'too_long|representative_document' END,
			CASE WHEN octet_length(f.person_document) > 64 AND length(f.person_document) > 64 THEN 'too_long|person_document' END,
			CASE WHEN octet_length(f.unit) > 200 AND length(f.unit) > 200 THEN 'too_long|unit' END,
			CASE WHEN octet_length(f.document) > 128 AND length(f.document) > 128 THEN 'too_long|document' END,
			CASE WHEN octet_length(f.title) > 500 AND length(f.title) > 500 THEN 'too_long|title' END,
			CASE WHEN octet_length(f.violation) > 10000 AND length(f.violation) > 10000 THEN 'too_long|violation' END,
			CASE WHEN octet_length(f.facts) > 10000 AND length(f.facts) > 10000 THEN 'too_long|facts' END,
			CASE WHEN octet_length(f.basis) > 10000 AND length(f.basis) > 10000 THEN 'too_long|basis' END,
			CASE WHEN octet_length(f.content) > 10000 AND length(f.content) > 10000 THEN 'too_long|content' END,
			CASE WHEN octet_length(f.licence) > 200 AND length(f.licence) > 200 THEN 'too_long|licence' END,
			CASE WHEN octet_length(f.authority) > 200 AND length(f.authority) > 200 THEN 'too_long|authority' END,
			CASE WHEN octet_length(f.source) > 200 AND length(f.source) > 200 THEN 'too_long|source' END,
			CASE WHEN octet_length(f.state) > 64 AND length(f.state) > 64 THEN 'too_long|state' END,
			CASE WHEN octet_length(f.note) > 10000 AND length(f.note) > 10000 THEN 'too_long|note' END,
			CASE WHEN octet_length(f.others) > 1000 AND length(f.others) > 1000 THEN 'too_long|others' END,
			CASE WHEN octet_length(f.field) > 100 AND length(f.field) > 100 THEN 'too_long|field' END,
			CASE WHEN octet_length(f.district) > 100 AND length(f.district) > 100 THEN 'too_long|district' END
		], NULL) AS problems
		OFFSET 0) AS p;
END
$intake_take$;
REVOKE ALL ON FUNCTION @extschema@._intake_take(date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._intake_take(date) IS '报送处理一：取出各表行，读取并检查各字段 / intake, step 1: takes the rows out of the forms, reads and checks their fields';

-- Checks what needs other tables: kinds of penalty and the amounts they ask for, authorities known by name alone, behaviours.
CREATE FUNCTION @extschema@._intake_check(today date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $intake_check$
DECLARE
	-- Administrative Penalty Law (2021) art. 9, from the lightest to the heaviest
	penalty_kinds constant text[] := ARRAY['warning', 'notice_of_criticism', 'fine', 'confiscation_of_gains', 'confiscation_of_goods', 'suspension_of_licence',
		'downgrading', 'revocation_of_licence', 'restriction_of_business', 'suspension_of_business', 'closure', 'restriction_of_practice', 'detention'];
	-- an amount that cannot be read is not missing as well
	unread_fine constant text[] := ARRAY['amount_format|fine', 'amount_too_precise|fine', 'amount_too_large|fine'];
	unread_confiscated constant text[] := ARRAY['amount_format|confiscated', 'amount_too_precise|confiscated', 'amount_too_large|confiscated'];
BEGIN
	INSERT INTO pg_temp.intake_check
	WITH listed AS MATERIALIZED (
		SELECT d.kinds,
		       penalty_kinds[max(array_position(penalty_kinds, l.code))] AS heaviest,
		       bool_or(l.label IS NULL) AS unknown,
		       coalesce(bool_or(l.code = 'fine'), false) AS fine,
		       coalesce(bool_or(l.code IN ('confiscation_of_gains', 'confiscation_of_goods')), false) AS confiscation,
		       coalesce(bool_or(l.code IN ('suspension_of_licence', 'revocation_of_licence')), false) AS licence
		  FROM (SELECT DISTINCT b.kinds FROM pg_temp.intake_batch AS b WHERE b.kinds IS NOT NULL) AS d
		 CROSS JOIN LATERAL string_to_table(translate(d.kinds, '；', ';'), ';') AS part (label)
		  LEFT JOIN @extschema@.exchange_label AS l
		    -- 其他-… says what the other kind is
		    ON l.list = 'penalty_kind' AND l.label = split_part(@extschema@.normal_name(part.label), '-', 1)
		 WHERE @extschema@.normal_name(part.label) <> ''
		 GROUP BY d.kinds
	), named AS MATERIALIZED (
		SELECT d.authority_name, min(s.subject::text) AS code
		  FROM (SELECT DISTINCT b.authority_name FROM pg_temp.intake_batch AS b WHERE b.old AND b.authority IS NULL AND b.authority_name IS NOT NULL) AS d
		  JOIN @extschema@.subject AS s ON s.name = d.authority_name AND s.kind NOT IN ('natural_person', 'official', 'individual_business')
		 GROUP BY d.authority_name
		HAVING count(*) = 1
	)
	SELECT b.row_no,
	       b.problems || array_remove(ARRAY[
			CASE WHEN b.person_code IS NOT NULL AND person.subject IS NULL THEN 'person_unknown|code' END,
			CASE WHEN b.kinds IS NOT NULL AND (listed.unknown OR listed.kinds IS NULL) THEN 'unknown_label|kinds' END,
			-- the form of 2015 has no amounts; in that of 2018 they stand exactly where the kinds ask for them, and a zero elsewhere is none
			CASE WHEN b.old THEN NULL
			     WHEN listed.fine AND coalesce(b.fine, 0) = 0 AND NOT b.problems && unread_fine THEN 'amount_missing|fine'
			     WHEN NOT listed.fine AND NOT listed.unknown AND b.fine > 0 THEN 'amount_not_expected|fine' END,
			CASE WHEN b.old THEN NULL
			     WHEN listed.confiscation AND b.confiscated IS NULL AND NOT b.problems && unread_confiscated THEN 'amount_missing|confiscated'
			     WHEN NOT listed.confiscation AND NOT listed.unknown AND b.confiscated > 0 THEN 'amount_not_expected|confiscated' END,
			CASE WHEN listed.licence AND NOT b.licence AND NOT b.old THEN 'licence_missing|licence' END,
			CASE WHEN b.old AND b.authority IS NULL AND b.authority_name IS NOT NULL AND named.code IS NULL THEN 'authority_unknown|authority' END,
			CASE WHEN b.behaviour IS NOT NULL AND b.kind IS NOT NULL AND entry.code IS NULL THEN 'behaviour_unknown|behaviour'
			     WHEN b.field <> entry.field THEN 'behaviour_field|field' END], NULL),
	       coalesce(person.subject, b.code::@extschema@.subject_code),
	       coalesce(b.authority, named.code),
	       coalesce(sent.source, b.source, b.authority, named.code),
	       listed.heaviest,
	       CASE WHEN b.fine > 0 OR b.confiscated > 0 OR listed.confiscation THEN coalesce(b.fine, 0) + coalesce(b.confiscated, 0)
	            WHEN b.form = 'act' THEN b.fine END,
	       -- the fine alone: none where the kinds say so
	       CASE WHEN b.form = 'act' THEN NULL
	            WHEN b.fine > 0 THEN b.fine
	            WHEN listed.confiscation AND NOT listed.fine AND NOT listed.unknown THEN 0 END,
	       entry.field, entry.severity
	  FROM pg_temp.intake_batch AS b
	  LEFT JOIN @extschema@.intake_sent AS sent ON sent.row_no = b.row_no
	  LEFT JOIN listed ON listed.kinds = b.kinds
	  LEFT JOIN named ON named.authority_name = b.authority_name AND b.old AND b.authority IS NULL
	  LEFT JOIN LATERAL (
		SELECT s.subject FROM @extschema@.subject AS s
		 WHERE s.subject::text = b.person_code AND s.kind IN ('natural_person', 'official')
		OFFSET 0) AS person ON true
	  LEFT JOIN LATERAL (
		SELECT e.code, e.field, e.severity FROM @extschema@.behaviour AS e
		 WHERE e.code = b.behaviour AND e.kind = b.kind
		   AND (e.retired_on IS NULL OR e.retired_on > coalesce(b.decided_on, b.act_on, today))
		 ORDER BY e.edition DESC
		 LIMIT 1) AS entry ON true;
END
$intake_check$;
REVOKE ALL ON FUNCTION @extschema@._intake_check(date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._intake_check(date) IS '报送处理二：处罚种类与金额、机关、行为编码 / intake, step 2: kinds of penalty and amounts, authorities, behaviours';

-- Gives the persons in rows without a problem a code, unless their document has led to one before.
CREATE FUNCTION @extschema@._intake_persons() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $intake_persons$
DECLARE
	current_key integer;
BEGIN
	IF NOT EXISTS (SELECT FROM pg_temp.intake_batch AS b WHERE b.person_key IS NOT NULL) THEN
		RETURN;
	END IF;
	current_key := @extschema@._hold_identity_key();

	WITH hashed AS MATERIALIZED (
		SELECT d.person_key, d.person_type, k.key_id, @extschema@._hmac_sha256(k.secret, d.person_key) AS hmac
		  FROM (SELECT DISTINCT b.person_key, b.person_type
		          FROM pg_temp.intake_batch AS b
		          JOIN pg_temp.intake_check AS c ON c.row_no = b.row_no
		         WHERE b.person_key IS NOT NULL AND c.problems = '{}') AS d
		 CROSS JOIN @extschema@.identity_key AS k
	), known AS (
		SELECT DISTINCT ON (h.person_key) h.person_key, h.key_id, p.subject
		  FROM hashed AS h
		  JOIN @extschema@.person_identity AS p ON p.key_id = h.key_id AND p.hmac = h.hmac
		 ORDER BY h.person_key, h.key_id DESC
	)
	INSERT INTO @extschema@.person_identity (key_id, hmac, subject, document_type)
	SELECT h.key_id, h.hmac, coalesce(k.subject, @extschema@.random_subject_code()), h.person_type
	  FROM hashed AS h
	  LEFT JOIN known AS k ON k.person_key = h.person_key
	 WHERE h.key_id = current_key AND (k.key_id IS NULL OR k.key_id <> current_key)
	ON CONFLICT (key_id, hmac) DO NOTHING;

	-- every document of a good row is now under the key in use; bad rows may name a person known before
	UPDATE pg_temp.intake_check AS c
	   SET subject = p.subject
	  FROM pg_temp.intake_batch AS b, @extschema@.identity_key AS k, @extschema@.person_identity AS p
	 WHERE b.row_no = c.row_no AND b.person_key IS NOT NULL
	   AND k.key_id = current_key AND p.key_id = k.key_id AND p.hmac = @extschema@._hmac_sha256(k.secret, b.person_key);

	-- the key is type and number of the document
	INSERT INTO @extschema@.person_minor (subject, minor_until)
	SELECT DISTINCT c.subject, m.day
	  FROM pg_temp.intake_batch AS b
	  JOIN pg_temp.intake_check AS c ON c.row_no = b.row_no
	 CROSS JOIN LATERAL @extschema@._minor_until(b.person_type, split_part(convert_from(b.person_key, 'UTF8'), chr(31), 2)) AS m (day)
	 WHERE b.person_type = 'id_card' AND b.person_key IS NOT NULL AND c.problems = '{}' AND m.day IS NOT NULL
	ON CONFLICT (subject) DO NOTHING;
END
$intake_persons$;
REVOKE ALL ON FUNCTION @extschema@._intake_persons() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._intake_persons() IS '报送处理三：自然人代码 / intake, step 3: codes of natural persons';

-- Recognises behaviours, finds what was recorded before and what came twice, compares names.
CREATE FUNCTION @extschema@._intake_judge(today date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $intake_judge$
DECLARE
	-- not content: the name is compared on its own, the rest is the registry's
	not_compared constant text[] := ARRAY['cf_xdr_mc', 'xk_xdr_mc', 'xk_xdr', 'subject_name', 'reason', 'changed_by'];
BEGIN
	-- Pattern by pattern over all rows, so that each regular expression is compiled once; the words of exactly one behaviour name it.
	WITH unnamed AS MATERIALIZED (
		SELECT b.row_no, b.kind, b.field, b.facts, coalesce(b.decided_on, b.act_on, today) AS day
		  FROM pg_temp.intake_batch AS b
		  JOIN pg_temp.intake_check AS c ON c.row_no = b.row_no
		 WHERE b.behaviour IS NULL AND b.facts <> '' AND c.problems = '{}' AND b.kind IN ('penalty', 'act', 'award', 'inspection')
	)
	INSERT INTO pg_temp.intake_match
	SELECT m.row_no, min(e.code), (array_agg(e.field ORDER BY e.edition DESC))[1], (array_agg(e.severity ORDER BY e.edition DESC))[1]
	  FROM @extschema@.behaviour AS e
	 CROSS JOIN LATERAL (
		SELECT u.row_no FROM unnamed AS u
		 WHERE CASE WHEN u.kind = e.kind AND (e.retired_on IS NULL OR e.retired_on > u.day) AND coalesce(u.field = e.field, true)
		            THEN u.facts ~ e.pattern END
		OFFSET 0) AS m
	 WHERE e.pattern IS NOT NULL
	 GROUP BY m.row_no
	HAVING count(DISTINCT e.code) = 1;
	ANALYZE pg_temp.intake_match (row_no);

	INSERT INTO pg_temp.intake_verdict
	WITH keyed AS (
		SELECT b.row_no, b.name, c.problems, c.problems = '{}' AS good, c.subject,
		       CASE WHEN b.kind IS NOT NULL AND b.document IS NOT NULL AND c.authority IS NOT NULL AND c.subject IS NOT NULL
		            THEN @extschema@.record_digest(b.kind, c.authority, b.document, c.subject, b.part) END AS record_id
		  FROM pg_temp.intake_batch AS b
		  JOIN pg_temp.intake_check AS c ON c.row_no = b.row_no
		OFFSET 0
	)
	SELECT k.row_no, k.subject, k.record_id, k.problems,
	       CASE WHEN NOT k.good THEN 'rejected' ELSE 'accepted' END,
	       coalesce(r.known, false),
	       CASE WHEN k.good THEN first_value(k.row_no) OVER (PARTITION BY k.subject, k.record_id, k.good ORDER BY k.row_no) END,
	       s.name IS NULL,
	       CASE WHEN @extschema@.normal_name(s.name) <> k.name
	              OR s.name IS NULL AND k.name <> first_value(k.name) OVER (PARTITION BY k.subject, k.good ORDER BY k.row_no)
	            THEN '名称与登记名称不符 / the name differs from the registered one' END,
	       m.behaviour, m.field, m.severity
	  FROM keyed AS k
	  LEFT JOIN pg_temp.intake_match AS m ON m.row_no = k.row_no
	  LEFT JOIN @extschema@.subject AS s ON s.subject OPERATOR(@extschema@.=) k.subject
	  LEFT JOIN LATERAL (
		SELECT true AS known FROM @extschema@.record AS o
		 WHERE o.subject OPERATOR(@extschema@.=) k.subject AND o.record_id = k.record_id
		 LIMIT 1) AS r ON true;

	-- What was recorded before: the same content is no news, other content is for amend_record(), unless it comes from where the record came from.
	-- A record that did not come by a form has no fields to compare but its columns.
	UPDATE pg_temp.intake_verdict AS v
	   SET verdict = CASE WHEN v.verdict <> 'accepted' OR NOT n.follows AND NOT n.same THEN 'rejected'
	                      WHEN n.follows AND NOT n.same_now THEN 'amended' ELSE 'duplicate' END,
	       problems = CASE WHEN n.same OR n.follows THEN v.problems ELSE v.problems || 'document_known|document'::text END
	  FROM (SELECT d.row_no, d.follows, bool_or(d.same) AS same, coalesce(bool_or(d.same AND d.current), false) AND NOT d.lifts AS same_now
	          FROM (SELECT b.row_no, o.known_until = 'infinity' AS current, coalesce(sent.record_id = k.record_id, false) AS follows,
	                       coalesce(sent.lifts <> '{}', false) AS lifts,
	                       CASE WHEN o.detail - not_compared <> '{}' THEN o.detail - not_compared = @extschema@._intake_detail(b.raw) - not_compared
	                            ELSE o.decided_on IS NOT DISTINCT FROM b.decided_on AND o.amount_fen IS NOT DISTINCT FROM c.amount_fen
	                                 AND (o.fine_fen IS NULL OR o.fine_fen IS NOT DISTINCT FROM c.fine_fen)
	                                 AND o.valid_from IS NOT DISTINCT FROM b.valid_from AND o.valid_until IS NOT DISTINCT FROM b.valid_until
	                                 AND o.penalty_kind IS NOT DISTINCT FROM c.penalty_kind AND o.awarded_points IS NOT DISTINCT FROM b.points
	                                 AND o.quantity IS NOT DISTINCT FROM b.quantity AND o.unit IS NOT DISTINCT FROM b.unit
	                                 AND o.act_on IS NOT DISTINCT FROM b.act_on END AS same
	                  FROM pg_temp.intake_verdict AS k
	                  JOIN pg_temp.intake_batch AS b ON b.row_no = k.row_no
	                  JOIN pg_temp.intake_check AS c ON c.row_no = k.row_no
	                  LEFT JOIN @extschema@.intake_sent AS sent ON sent.row_no = k.row_no
	                  JOIN @extschema@.record AS o ON o.subject OPERATOR(@extschema@.=) k.subject AND o.record_id = k.record_id
	                 WHERE k.known) AS d
	         GROUP BY d.row_no, d.follows, d.lifts) AS n
	 WHERE n.row_no = v.row_no;

	-- The same document again in this batch: the first good row stands.
	UPDATE pg_temp.intake_verdict AS v
	   SET verdict = CASE WHEN n.same THEN 'duplicate' ELSE 'rejected' END,
	       problems = CASE WHEN n.same THEN v.problems ELSE v.problems || 'document_twice|document'::text END
	  FROM (SELECT b.row_no, @extschema@._intake_detail(b.raw) - not_compared = @extschema@._intake_detail(first.raw) - not_compared AS same
	          FROM pg_temp.intake_verdict AS k
	          JOIN pg_temp.intake_batch AS b ON b.row_no = k.row_no
	          JOIN pg_temp.intake_batch AS first ON first.row_no = k.first_row
	         WHERE k.verdict = 'accepted' AND k.first_row < k.row_no) AS n
	 WHERE n.row_no = v.row_no;
END
$intake_judge$;
REVOKE ALL ON FUNCTION @extschema@._intake_judge(date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._intake_judge(date) IS '报送处理四：识别行为、查重、核对名称 / intake, step 4: recognises behaviours, finds repetitions, compares names';

-- Rows that change the record which came of an earlier row of the same message: content as the row says it, findings where the row has some, and of
-- what has ended the record only what the sender's own withdrawal did. What was verified was another content.
CREATE FUNCTION @extschema@._intake_amend() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $intake_amend$
DECLARE
	changed record;
BEGIN
	FOR changed IN
		SELECT v.subject, v.record_id,
		       to_jsonb(n) || jsonb_strip_nulls(to_jsonb(f)) || jsonb_build_object('detail', @extschema@._intake_detail(b.raw))
		       || CASE WHEN 'revoked' = ANY (sent.lifts) THEN '{"revoked_on": null}' ELSE '{}' END::jsonb
		       || CASE WHEN 'repaired' = ANY (sent.lifts) THEN '{"repaired_on": null}' ELSE '{}' END::jsonb AS changes
		  FROM pg_temp.intake_verdict AS v
		  JOIN pg_temp.intake_batch AS b ON b.row_no = v.row_no
		  JOIN pg_temp.intake_check AS c ON c.row_no = v.row_no
		  JOIN @extschema@.intake_sent AS sent ON sent.row_no = v.row_no
		 CROSS JOIN LATERAL (
			SELECT c.amount_fen, c.fine_fen, c.penalty_kind, b.decided_on, b.valid_from, b.valid_until, b.publicity_until, b.state,
			       nullif(concat_ws('；', v.held, b.held), '') AS held, NULL::text AS verified_by, b.received_by AS entered_by) AS n
		 CROSS JOIN LATERAL (
			SELECT b.points AS awarded_points, b.quantity, b.unit, b.act_on, b.act_ended_on, b.served_on, b.corrected_on, b.behaviour, b.field, b.procedure,
			       b.severity, b.intent, b.responsibility, b.district) AS f
		 WHERE v.verdict = 'amended'
		 ORDER BY v.subject, v.record_id
	LOOP
		PERFORM @extschema@._new_version(changed.subject, changed.record_id, changed.changes);
		PERFORM @extschema@._end_fallen_listings(changed.subject);
	END LOOP;
END
$intake_amend$;
REVOKE ALL ON FUNCTION @extschema@._intake_amend() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._intake_amend() IS '来报方更新其来报的记录 / new versions of records by whom they came from';

-- What became of rows that other platforms sent. A document that was here before is not theirs to end; one that they number anew ends under the old.
CREATE FUNCTION @extschema@._intake_answer() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $intake_answer$
DECLARE
	renumbered record;
BEGIN
	FOR renumbered IN
		SELECT sent.about, sent.record_id FROM pg_temp.intake_verdict AS v
		  JOIN @extschema@.intake_sent AS sent ON sent.row_no = v.row_no
		 WHERE v.verdict IN ('accepted', 'duplicate') AND sent.record_id <> v.record_id
		 ORDER BY 1, 2
	LOOP
		PERFORM @extschema@._end_sent_record(renumbered.about, renumbered.record_id, 'revoked', 'superseded');
	END LOOP;
	UPDATE @extschema@.intake_sent AS sent
	   SET outcome = v.verdict,
	       record_id = CASE v.verdict WHEN 'rejected' THEN sent.record_id
	                                  WHEN 'duplicate' THEN (SELECT o.record_id FROM @extschema@.record AS o
	                                                          WHERE o.subject OPERATOR(@extschema@.=) v.subject AND o.record_id = v.record_id
	                                                            AND o.known_until = 'infinity' AND o.source = sent.source)
	                                  ELSE v.record_id END
	  FROM pg_temp.intake_verdict AS v
	 WHERE sent.row_no = v.row_no;
END
$intake_answer$;
REVOKE ALL ON FUNCTION @extschema@._intake_answer() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._intake_answer() IS '登记来报行的去向 / notes what became of rows that other platforms sent';

-- Moves the good rows to record and the bad ones to intake_reject.
CREATE FUNCTION @extschema@._intake_move() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $intake_move$
#variable_conflict use_column
BEGIN
	-- One statement for all forms, in key order: one regrade per subject, and no deadlock with other single statements.
	INSERT INTO @extschema@.record
		(subject, amount_fen, fine_fen, awarded_points, quantity, unit, act_on, act_ended_on, decided_on, served_on, valid_from, valid_until, publicity_until, corrected_on,
		 part, kind, document, authority, source, behaviour, field, procedure, penalty_kind, severity, intent, responsibility, district, state, held,
		 entered_by, detail)
	SELECT v.subject, c.amount_fen, c.fine_fen, b.points, b.quantity, b.unit, b.act_on, b.act_ended_on, b.decided_on, b.served_on, b.valid_from, b.valid_until,
	       b.publicity_until, b.corrected_on, b.part, b.kind, b.document, c.authority, c.source, coalesce(b.behaviour, v.behaviour),
	       coalesce(b.field, c.field, v.field), b.procedure, c.penalty_kind, coalesce(b.severity, c.severity, v.severity), b.intent, b.responsibility,
	       b.district, b.state, nullif(concat_ws('；', v.held, b.held), ''), b.received_by, @extschema@._intake_detail(b.raw)
	  FROM pg_temp.intake_verdict AS v
	  JOIN pg_temp.intake_batch AS b ON b.row_no = v.row_no
	  JOIN pg_temp.intake_check AS c ON c.row_no = v.row_no
	 WHERE v.verdict = 'accepted'
	 ORDER BY v.subject, v.record_id;

	-- After the records: their trigger registers a subject while it holds the subject's lock, and whoever held the subject first would wait for that lock.
	INSERT INTO @extschema@.subject AS s (subject, kind, name, representative)
	SELECT DISTINCT ON (v.subject) v.subject, @extschema@.subject_kind(v.subject), b.name, b.representative
	  FROM pg_temp.intake_verdict AS v
	  JOIN pg_temp.intake_batch AS b ON b.row_no = v.row_no
	 WHERE v.verdict = 'accepted' AND v.nameless
	 ORDER BY v.subject, v.row_no
	ON CONFLICT (subject) DO UPDATE
	   SET name = EXCLUDED.name, representative = coalesce(s.representative, EXCLUDED.representative)
	 WHERE s.name IS NULL;

	WITH sent_back AS (
	INSERT INTO @extschema@.intake_reject (form, "row", reasons)
	SELECT b.form, b.raw,
	       (SELECT jsonb_agg(jsonb_build_object(
	                   'code', p.code,
	                   'column', coalesce(CASE b.form WHEN 'penalty' THEN CASE WHEN b.old THEN f.penalty_2015 ELSE f.penalty END
	                                                  WHEN 'permit' THEN CASE WHEN b.old THEN f.permit_2015 ELSE f.permit END
	                                                  ELSE f.act END, p.field),
	                   'message', CASE WHEN p.exactly = '' THEN r.message
	                                   ELSE split_part(r.message, ' / ', 1) || '：' || split_part(p.exactly, ' / ', 1) || ' / '
	                                        || split_part(r.message, ' / ', 2) || ': ' || split_part(p.exactly, ' / ', 2) END)
	                   ORDER BY t.ordinal)
	          FROM unnest(v.problems) WITH ORDINALITY AS t (problem, ordinal)
	         CROSS JOIN LATERAL (SELECT split_part(t.problem, '|', 1), split_part(t.problem, '|', 2), split_part(t.problem, '|', 3)) AS p (code, field, exactly)
	          LEFT JOIN @extschema@.intake_reason AS r ON r.code = p.code
	          LEFT JOIN (VALUES
			('kind', NULL, NULL, NULL, NULL, 'kind'),
			('name', 'cf_xdr_mc', 'cf_xdr_mc', 'xk_xdr_mc', 'xk_xdr', 'subject_name'),
			('category', 'cf_xdr_lb', 'cf_xdr_lb', 'xk_xdr_lb', 'xk_xdr_lb', 'category'),
			('code', 'cf_xdr_shxym', 'cf_xdr_shxym', 'xk_xdr_shxym', 'xk_xdr_shxym', 'subject_code'),
			('registration', 'cf_xdr_gszc', 'cf_xdr_gsdj', 'xk_xdr_gszc', 'xk_xdr_gsdj', NULL),
			('organisation_code', 'cf_xdr_zzjg', 'cf_xdr_zdm', 'xk_xdr_zzjg', 'xk_xdr_zdm', NULL),
			('tax_code', 'cf_xdr_swdj', 'cf_xdr_swdj', 'xk_xdr_swdj', 'xk_xdr_swdj', NULL),
			('institution_code', 'cf_xdr_sydw', 'cf_xdr_sydw', 'xk_xdr_sydw', 'xk_xdr_sydw', NULL),
			('society_code', 'cf_xdr_shzz', 'cf_xdr_shzz', 'xk_xdr_shzz', 'xk_xdr_shzz', NULL),
			('representative', 'cf_frdb', 'cf_fr', 'xk_frdb', 'xk_fr', 'representative'),
			('representative_type', 'cf_fr_zjlx', 'cf_fr_zjlx', 'xk_fr_zjlx', 'xk_fr_zjlx', NULL),
			('representative_document', 'cf_fr_zjhm', 'cf_fr_zjhm', 'xk_fr_zjhm', 'xk_fr_zjhm', NULL),
			('person_type', 'cf_xdr_zjlx', 'cf_xdr_zjlx', 'xk_xdr_zjlx', 'xk_xdr_zjlx', 'person_document_type'),
			('person_document', 'cf_xdr_zjhm', 'cf_xdr_sfz', 'xk_xdr_zjhm', 'xk_xdr_sfz', 'person_document'),
			('document', 'cf_wsh', 'cf_wsh', 'xk_wsh', 'xk_wsh', 'document'),
			('title', 'cf_cfmc', 'cf_cfmc', 'xk_xkws', 'xk_xmmc', 'title'),
			('violation', 'cf_wfxw', 'cf_wfxw', NULL, NULL, NULL),
			('facts', 'cf_sy', 'cf_sy', NULL, NULL, 'facts'),
			('basis', 'cf_yj', 'cf_yj', NULL, NULL, 'basis'),
			('kinds', 'cf_cflb', 'cf_cflb1', NULL, NULL, NULL),
			('content', 'cf_nr', 'cf_jg', 'xk_nr', 'xk_nr', 'content'),
			('fine', 'cf_nr_fk', 'cf_nr_fk', NULL, NULL, 'amount'),
			('confiscated', 'cf_nr_wfff', 'cf_nr_wfff', NULL, NULL, NULL),
			('licence', 'cf_nr_zkdx', 'cf_nr_zkdx', NULL, NULL, NULL),
			('permit_kind', NULL, NULL, 'xk_xklb', 'xk_splb', NULL),
			('decided_on', 'cf_jdrq', 'cf_jdrq', 'xk_jdrq', 'xk_jdrq', 'decided_on'),
			('valid_from', NULL, NULL, 'xk_yxqz', 'xk_yxqz', 'valid_from'),
			('valid_until', 'cf_yxq', 'cf_yxq', 'xk_yxqzi', 'xk_jzq', 'valid_until'),
			('publicity_until', 'cf_gsjzq', 'cf_gsjzq', NULL, NULL, 'publicity_until'),
			('authority', 'cf_cfjg', 'cf_xzjg', 'xk_xkjg', 'xk_xzjg', 'authority'),
			('authority_code', 'cf_cfjgdm', 'cf_cfjgdm', 'xk_xkjgdm', 'xk_xkjgdm', 'authority_code'),
			('source', 'cf_sjly', 'cf_sjly', 'xk_lydw', 'xk_lydw', 'source'),
			('source_code', 'cf_sjlydm', 'cf_sjlydm', 'xk_lydwdm', 'xk_lydwdm', 'source_code'),
			('state', 'cf_zt', 'cf_zt', 'xk_zt', 'xk_zt', 'state'),
			('note', 'bz', 'bz', 'bz', 'bz', 'note')
		  ) AS f (field, penalty, penalty_2015, permit, permit_2015, act) ON f.field = p.field)
	  FROM pg_temp.intake_verdict AS v
	  JOIN pg_temp.intake_batch AS b ON b.row_no = v.row_no
	 WHERE v.verdict = 'rejected'
	 ORDER BY v.row_no
	RETURNING reject_id, ("row" ->> 'row_no')::bigint AS row_no
	)
	UPDATE @extschema@.intake_sent AS sent SET reject_id = x.reject_id FROM sent_back AS x WHERE sent.row_no = x.row_no;
END
$intake_move$;
REVOKE ALL ON FUNCTION @extschema@._intake_move() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._intake_move() IS '报送处理五：入库或退回 / intake, step 5: good rows to record, bad ones back';

-- ---------------------------------------------------------------------------
-- What is called
-- ---------------------------------------------------------------------------

-- One transaction: whatever stops it, all rows are still in the forms. One run at a time: the next waits and finds what is left.
-- Compiling the many expressions of these statements takes longer than running them on a small batch: jit off.
CREATE FUNCTION @extschema@.process_intake(
	OUT form text, OUT taken bigint, OUT accepted bigint, OUT held bigint, OUT waiting_unclassified bigint, OUT rejected bigint, OUT duplicates bigint)
RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET jit = off AS $process_intake$
#variable_conflict use_column
DECLARE
	the_day constant date := @extschema@.today();
	lock_key constant bigint := hashtextextended('citycredit process_intake', 0);
BEGIN
	IF NOT pg_try_advisory_xact_lock(lock_key) THEN
		RAISE NOTICE 'waiting for another process_intake() to end';
		PERFORM pg_advisory_xact_lock(lock_key);
	END IF;

	CREATE TEMPORARY TABLE intake_batch (
		row_no bigint, form text, old boolean, received_by text, kind text, name text, category text, code text, person_code text, person_type text,
		person_key bytea, representative text, document text, facts text, kinds text, fine bigint, confiscated bigint, licence boolean, points bigint,
		quantity bigint, unit text, part smallint, decided_on date, valid_from date, valid_until date, publicity_until date, act_on date, act_ended_on date,
		served_on date, corrected_on date, authority text, authority_name text, source text, behaviour text, field text, procedure text, severity text,
		intent text, responsibility text, district text, state text, held text, raw jsonb, problems text[]) ON COMMIT DROP;
	CREATE TEMPORARY TABLE intake_check (
		row_no bigint, problems text[], subject @extschema@.subject_code, authority text, source text, penalty_kind text, amount_fen bigint, fine_fen bigint, field text,
		severity text) ON COMMIT DROP;
	CREATE TEMPORARY TABLE intake_match (row_no bigint, behaviour text, field text, severity text) ON COMMIT DROP;
	CREATE TEMPORARY TABLE intake_verdict (
		row_no bigint, subject @extschema@.subject_code, record_id uuid, problems text[], verdict text, known boolean, first_row bigint, nameless boolean,
		held text, behaviour text, field text, severity text) ON COMMIT DROP;

	-- statistics: without them the planner takes every temporary table for a small one
	PERFORM @extschema@._intake_take(the_day);
	ANALYZE pg_temp.intake_batch (row_no, form, old, kind, code, person_code, person_key, kinds, authority, authority_name, behaviour);
	PERFORM @extschema@._intake_check(the_day);
	ANALYZE pg_temp.intake_check (row_no, problems, subject);
	PERFORM @extschema@._intake_persons();
	PERFORM @extschema@._intake_judge(the_day);
	ANALYZE pg_temp.intake_verdict (row_no, subject, verdict, known, nameless);
	PERFORM @extschema@._intake_move();
	PERFORM @extschema@._intake_amend();
	PERFORM @extschema@._intake_answer();

	RETURN QUERY
	SELECT f.form, count(v.row_no), count(*) FILTER (WHERE v.verdict IN ('accepted', 'amended')),
	       count(*) FILTER (WHERE v.verdict IN ('accepted', 'amended') AND (v.held IS NOT NULL OR b.held IS NOT NULL)),
	       count(*) FILTER (WHERE v.verdict = 'accepted' AND coalesce(b.behaviour, v.behaviour) IS NULL AND b.kind IN ('penalty', 'act', 'award', 'inspection')),
	       count(*) FILTER (WHERE v.verdict = 'rejected'),
	       count(*) FILTER (WHERE v.verdict = 'duplicate')
	  FROM (VALUES (1, 'penalty'), (2, 'permit'), (3, 'act')) AS f (place, form)
	  LEFT JOIN pg_temp.intake_batch AS b ON b.form = f.form
	  LEFT JOIN pg_temp.intake_verdict AS v ON v.row_no = b.row_no
	 GROUP BY f.place, f.form
	 ORDER BY f.place;

	DROP TABLE pg_temp.intake_batch, pg_temp.intake_check, pg_temp.intake_match, pg_temp.intake_verdict;
END
$process_intake$;
REVOKE ALL ON FUNCTION @extschema@.process_intake() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.process_intake() IS
	'处理全部报送行：检查、归类、查重，入库或退回；每张表返回一行计数 / processes all rows fed in: checks, classifies, finds repetitions, records or sends back; one row of counts for each form';

CREATE FUNCTION @extschema@.feed_again(reject_id bigint, changes jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $feed_again$
#variable_conflict use_column
DECLARE
	own_columns constant text[] := ARRAY['row_no', 'received_at', 'received_by', 'fed_from'];
	refused @extschema@.intake_reject;
	unknown text;
	corrected jsonb;
	new_row constant bigint := nextval('@extschema@.intake_row');
BEGIN
	SELECT r.* INTO refused FROM @extschema@.intake_reject AS r WHERE r.reject_id = feed_again.reject_id FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'reject % does not exist', feed_again.reject_id
			USING ERRCODE = 'no_data_found', HINT = 'The rejects are in citycredit.intake_reject.';
	END IF;
	IF @extschema@._reject_hidden(refused."row") THEN
		RAISE EXCEPTION 'files of government bodies and officials are not open to role "%"', @extschema@.actor()
			USING ERRCODE = 'insufficient_privilege', HINT = 'The profile "integrity" opens them.';
	ELSIF refused.fed_again IS NOT NULL THEN
		RAISE EXCEPTION 'reject % was fed again already', feed_again.reject_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('By "%s" at %s.', refused.fed_by, refused.fed_again),
			      HINT = 'If that row was refused too, it has a number of its own.';
	ELSIF EXISTS (SELECT FROM @extschema@.intake_sent AS n WHERE n.reject_id = feed_again.reject_id AND n.outcome = 'withdrawn') THEN
		RAISE EXCEPTION 'reject % was withdrawn by its sender', feed_again.reject_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = 'The platform that sent the row has withdrawn it, or sent another in its place.',
			      HINT = 'What became of its messages is in citycredit.feed_received.';
	ELSIF jsonb_typeof(changes) IS DISTINCT FROM 'object' THEN
		RAISE EXCEPTION 'changes must be an object of columns and values'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT string_agg(k.key, ', ' ORDER BY k.key) INTO unknown
	  FROM jsonb_object_keys(changes) AS k (key)
	 WHERE k.key = ANY (own_columns)
	    OR NOT EXISTS (SELECT FROM pg_attribute AS a
	                    WHERE a.attrelid = ('@extschema@.intake_' || refused.form)::regclass AND a.attname = k.key AND a.attnum > 0 AND NOT a.attisdropped);
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION 'cannot change % of form %', unknown, refused.form
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = format('The columns are those of citycredit.intake_%s but for %s.', refused.form, array_to_string(own_columns, ', '));
	END IF;

	corrected := refused."row" || changes || jsonb_build_object('row_no', new_row, 'received_at', clock_timestamp(), 'received_by', @extschema@.actor(),
		'fed_from', feed_again.reject_id);
	CASE refused.form
		WHEN 'penalty' THEN
			INSERT INTO @extschema@.intake_penalty SELECT n.* FROM jsonb_populate_record(NULL::@extschema@.intake_penalty, corrected) AS n;
		WHEN 'permit' THEN
			INSERT INTO @extschema@.intake_permit SELECT n.* FROM jsonb_populate_record(NULL::@extschema@.intake_permit, corrected) AS n;
		WHEN 'act' THEN
			INSERT INTO @extschema@.intake_act SELECT n.* FROM jsonb_populate_record(NULL::@extschema@.intake_act, corrected) AS n;
	END CASE;
	UPDATE @extschema@.intake_sent AS n SET row_no = new_row, outcome = NULL, reject_id = NULL WHERE n.reject_id = feed_again.reject_id;
	UPDATE @extschema@.intake_reject AS r
	   SET fed_again = clock_timestamp(), fed_by = @extschema@.actor()
	 WHERE r.reject_id = feed_again.reject_id;
	RETURN new_row;
END
$feed_again$;
REVOKE ALL ON FUNCTION @extschema@.feed_again(bigint, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.feed_again(bigint, jsonb) IS
	'更正退回行并重新报送：changes 以列名为键；返回新行号 / corrects a reject and feeds it in again: changes by column; number of the new row';
