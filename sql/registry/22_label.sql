-- ---------------------------------------------------------------------------
-- Labels: what the exchange forms and departments write, and the code it stands for.
-- Data, since departments spell differently: a site adds its own labels, it needs no new release for them.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.exchange_label (
	list  text NOT NULL,
	label text NOT NULL CHECK (label <> ''),
	code  text,
	PRIMARY KEY (list, label)
);
COMMENT ON TABLE @extschema@.exchange_label IS '交换表用语与编码对照，可由本地补充 / labels of the exchange forms and their codes; a site may add its own';
COMMENT ON COLUMN @extschema@.exchange_label.list IS '用语类别 / list the label belongs to';
COMMENT ON COLUMN @extschema@.exchange_label.label IS '用语，按 normal_name() 规范化 / label as normal_name() leaves it';
COMMENT ON COLUMN @extschema@.exchange_label.code IS '编码；空表示可接受但无对应编码 / code; NULL = accepted, but it stands for none';

INSERT INTO @extschema@.exchange_label (list, label, code) VALUES
	-- categories of subjects, 发改办财金〔2018〕424号
	('category', '法人及非法人组织', 'organisation'), ('category', 'organisation', 'organisation'),
	('category', '个体工商户', 'individual_business'), ('category', 'individual_business', 'individual_business'),
	('category', '自然人', 'natural_person'), ('category', 'natural_person', 'natural_person'),
	-- documents of natural persons
	('document_type', '身份证', 'id_card'), ('document_type', '居民身份证', 'id_card'), ('document_type', 'id_card', 'id_card'),
	('document_type', '护照', 'passport'), ('document_type', '护照号', 'passport'), ('document_type', 'passport', 'passport'),
	('document_type', '港澳居民来往内地通行证', 'hong_kong_macao_permit'), ('document_type', 'hong_kong_macao_permit', 'hong_kong_macao_permit'),
	('document_type', '台湾居民来往大陆通行证', 'taiwan_permit'), ('document_type', 'taiwan_permit', 'taiwan_permit'),
	('document_type', '外国人永久居留身份证', 'permanent_residence'), ('document_type', '外国人永久居留证', 'permanent_residence'),
	('document_type', 'permanent_residence', 'permanent_residence'),
	-- kinds of penalty, Administrative Penalty Law (2021) art. 9 and the wordings before it. Where a label leaves open whether a licence
	-- was suspended or revoked, the lighter is taken: what is unknown never counts against the subject.
	('penalty_kind', '警告', 'warning'), ('penalty_kind', 'warning', 'warning'),
	('penalty_kind', '通报批评', 'notice_of_criticism'), ('penalty_kind', 'notice_of_criticism', 'notice_of_criticism'),
	('penalty_kind', '罚款', 'fine'), ('penalty_kind', 'fine', 'fine'),
	('penalty_kind', '没收违法所得', 'confiscation_of_gains'), ('penalty_kind', 'confiscation_of_gains', 'confiscation_of_gains'),
	('penalty_kind', '没收非法财物', 'confiscation_of_goods'), ('penalty_kind', 'confiscation_of_goods', 'confiscation_of_goods'),
	('penalty_kind', '没收违法所得、没收非法财物', 'confiscation_of_goods'), ('penalty_kind', '没收违法所得和非法财物', 'confiscation_of_goods'),
	('penalty_kind', '暂扣', 'suspension_of_licence'), ('penalty_kind', '暂扣许可证', 'suspension_of_licence'),
	('penalty_kind', '暂扣许可证件', 'suspension_of_licence'), ('penalty_kind', '暂扣执照', 'suspension_of_licence'),
	('penalty_kind', '暂扣或者吊销许可证', 'suspension_of_licence'), ('penalty_kind', '暂扣或者吊销执照', 'suspension_of_licence'),
	('penalty_kind', '暂扣或者吊销许可证、暂扣或者吊销执照', 'suspension_of_licence'),
	('penalty_kind', 'suspension_of_licence', 'suspension_of_licence'),
	('penalty_kind', '降低资质', 'downgrading'), ('penalty_kind', '降低资质等级', 'downgrading'), ('penalty_kind', 'downgrading', 'downgrading'),
	('penalty_kind', '吊销', 'revocation_of_licence'), ('penalty_kind', '吊销许可证', 'revocation_of_licence'),
	('penalty_kind', '吊销许可证件', 'revocation_of_licence'), ('penalty_kind', '吊销执照', 'revocation_of_licence'),
	('penalty_kind', '吊销营业执照', 'revocation_of_licence'), ('penalty_kind', 'revocation_of_licence', 'revocation_of_licence'),
	('penalty_kind', '限制经营', 'restriction_of_business'), ('penalty_kind', '限制开展生产经营活动', 'restriction_of_business'),
	('penalty_kind', 'restriction_of_business', 'restriction_of_business'),
	('penalty_kind', '停产停业', 'suspension_of_business'), ('penalty_kind', '责令停产停业', 'suspension_of_business'),
	('penalty_kind', 'suspension_of_business', 'suspension_of_business'),
	('penalty_kind', '关闭', 'closure'), ('penalty_kind', '责令关闭', 'closure'), ('penalty_kind', 'closure', 'closure'),
	('penalty_kind', '限制从业', 'restriction_of_practice'), ('penalty_kind', 'restriction_of_practice', 'restriction_of_practice'),
	('penalty_kind', '行政拘留', 'detention'), ('penalty_kind', 'detention', 'detention'),
	('penalty_kind', '其他', NULL),
	-- kinds of permit
	('permit_kind', '普通', 'ordinary'), ('permit_kind', '特许', 'concession'), ('permit_kind', '认可', 'recognition'),
	('permit_kind', '核准', 'approval'), ('permit_kind', '登记', 'registration'), ('permit_kind', '其他', 'other'),
	-- kinds of act that come by intake_act
	('act_kind', '其他行政行为', 'act'), ('act_kind', 'act', 'act'),
	('act_kind', '表彰奖励', 'award'), ('act_kind', '奖励', 'award'), ('act_kind', 'award', 'award'),
	('act_kind', '行政检查', 'inspection'), ('act_kind', '检查', 'inspection'), ('act_kind', 'inspection', 'inspection'),
	('act_kind', '参评', 'participation'), ('act_kind', 'participation', 'participation'),
	('act_kind', '外部评分', 'score'), ('act_kind', '评分', 'score'), ('act_kind', 'score', 'score'),
	-- findings
	('procedure', '简易', 'simple'), ('procedure', '简易程序', 'simple'), ('procedure', 'simple', 'simple'),
	('procedure', '一般', 'general'), ('procedure', '一般程序', 'general'), ('procedure', '普通程序', 'general'), ('procedure', 'general', 'general'),
	('severity', '轻微', 'minor'), ('severity', 'minor', 'minor'), ('severity', '较轻', 'light'), ('severity', 'light', 'light'),
	('severity', '一般', 'ordinary'), ('severity', 'ordinary', 'ordinary'), ('severity', '较重', 'fairly_serious'), ('severity', 'fairly_serious', 'fairly_serious'),
	('severity', '严重', 'serious'), ('severity', 'serious', 'serious'), ('severity', '特别严重', 'very_serious'), ('severity', 'very_serious', 'very_serious'),
	('intent', '无意', 'unintentional'), ('intent', '过失', 'unintentional'), ('intent', 'unintentional', 'unintentional'),
	('intent', '故意', 'deliberate'), ('intent', 'deliberate', 'deliberate'), ('intent', '恶意', 'malicious'), ('intent', 'malicious', 'malicious'),
	('responsibility', '无责', 'none'), ('responsibility', '无责任', 'none'), ('responsibility', 'none', 'none'),
	('responsibility', '次要', 'secondary'), ('responsibility', '次要责任', 'secondary'), ('responsibility', 'secondary', 'secondary'),
	('responsibility', '同等', 'equal'), ('responsibility', '同等责任', 'equal'), ('responsibility', 'equal', 'equal'),
	('responsibility', '主要', 'main'), ('responsibility', '主要责任', 'main'), ('responsibility', 'main', 'main'),
	('responsibility', '全部', 'full'), ('responsibility', '全部责任', 'full'), ('responsibility', 'full', 'full'),
	-- states
	('participation', '参评', 'taking_part'), ('participation', 'taking_part', 'taking_part'),
	('participation', '暂停', 'halted'), ('participation', 'halted', 'halted'),
	('participation', '不参评', 'not_taking_part'), ('participation', 'not_taking_part', 'not_taking_part'),
	('inspection', '合格', 'passed'), ('inspection', '通过', 'passed'), ('inspection', 'passed', 'passed'),
	('inspection', '不合格', 'failed'), ('inspection', '未通过', 'failed'), ('inspection', 'failed', 'failed');
