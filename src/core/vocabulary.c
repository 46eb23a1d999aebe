/*
 * vocabulary.c -- terms of conditions and their closed vocabularies, lowest first where they are ordered
 *
 * Order of penalty kinds: Administrative Penalty Law (2021), art. 9, from the lightest to the heaviest. What the terms
 * mean is said in rules/README.md, section 2.
 */
#include "evaluate.h"

#include <string.h>

static const char *const kinds[] = {"penalty", "permit", "award", "inspection", "act", "commitment", "participation", "score", "result",
	"rating", "listing", NULL};
static const char *const procedures[] = {"simple", "general", NULL};
static const char *const penalty_kinds[] = {
	"warning", "notice_of_criticism", "fine", "confiscation_of_gains", "confiscation_of_goods", "suspension_of_licence", "downgrading",
	"revocation_of_licence", "restriction_of_business", "suspension_of_business", "closure", "restriction_of_practice", "detention", NULL
};
static const char *const severities[] = {"minor", "light", "ordinary", "fairly_serious", "serious", "very_serious", NULL};
static const char *const responsibilities[] = {"none", "secondary", "equal", "main", "full", NULL};
static const char *const intents[] = {"unintentional", "deliberate", "malicious", NULL};
static const char *const whose[] = {
	"own", "branch", "head_office", "legal_representative", "responsible_person", "represented", "related", NULL
};
static const char *const grades[] = {"E", "D", "C", "B", "A", NULL};
static const char *const subject_kinds[] = {
	"legal_person", "other_organisation", "individual_business", "natural_person", "government_body", NULL
};

/* the same words as told to a clerk, in the same order */
static const char *const kind_labels[] = {"行政处罚", "行政许可", "表彰奖励", "检查", "其他行为或事件", "信用承诺", "参评", "外部评分",
	"其他办法的评价结果", "已公布评价", "名单条目", NULL};
static const char *const procedure_labels[] = {"简易程序", "一般程序", NULL};
static const char *const penalty_kind_labels[] = {
	"警告", "通报批评", "罚款", "没收违法所得", "没收非法财物", "暂扣许可证件", "降低资质等级", "吊销许可证件", "限制开展生产经营活动",
	"责令停产停业", "责令关闭", "限制从业", "行政拘留", NULL
};
static const char *const severity_labels[] = {"轻微", "较轻", "一般", "较重", "严重", "特别严重", NULL};
static const char *const responsibility_labels[] = {"无责", "次要责任", "同等责任", "主要责任", "全部责任", NULL};
static const char *const intent_labels[] = {"无意", "故意", "恶意", NULL};
static const char *const whose_labels[] = {
	"本主体", "分支机构", "总部", "法定代表人", "主要负责人", "由其任法定代表人或主要负责人的单位", "其他关联主体", NULL
};
static const char *const subject_kind_labels[] = {"法人", "其他组织", "个体工商户", "自然人", "机关", NULL};

const CcVocabulary cc_vocabulary[CC_TERM_NONE] = {
	[CC_TERM_KIND] = {"kind", "记录类别", kinds, false, kind_labels},
	[CC_TERM_BEHAVIOUR] = {"behaviour", "行为", NULL, false, NULL},
	[CC_TERM_FIELD] = {"field", "领域", NULL, false, NULL},
	[CC_TERM_AUTHORITY] = {"authority", "机关", NULL, false, NULL},
	[CC_TERM_DISTRICT] = {"district", "辖区", NULL, false, NULL},
	[CC_TERM_SOURCE] = {"source", "来源", NULL, false, NULL},
	[CC_TERM_STATE] = {"state", "状态", NULL, false, NULL},
	[CC_TERM_PROCEDURE] = {"procedure", "程序", procedures, false, procedure_labels},
	[CC_TERM_PENALTY_KIND] = {"penalty_kind", "处罚种类", penalty_kinds, true, penalty_kind_labels},
	[CC_TERM_SEVERITY] = {"severity", "严重程度", severities, true, severity_labels},
	[CC_TERM_RESPONSIBILITY] = {"responsibility", "责任", responsibilities, true, responsibility_labels},
	[CC_TERM_INTENT] = {"intent", "主观状态", intents, true, intent_labels},
	[CC_TERM_DOCUMENT] = {"document", "文号", NULL, false, NULL},
	[CC_TERM_UNIT] = {"unit", "单元", NULL, false, NULL},
	[CC_TERM_WHOSE] = {"whose", "记录所属主体", whose, false, whose_labels},
	[CC_TERM_POLICY] = {"policy", "办法", NULL, false, NULL},
	[CC_TERM_CYCLE] = {"cycle", "评价周期", NULL, false, NULL},
	[CC_TERM_LIST] = {"list", "名单", NULL, false, NULL},
	[CC_TERM_READ_BAND] = {"band", "档次", NULL, false, NULL},
	[CC_TERM_GRADE] = {"grade", "信用等级", grades, true, grades},
	[CC_TERM_SUBJECT_KIND] = {"subject_kind", "主体类别", subject_kinds, false, subject_kind_labels},
	[CC_TERM_AMOUNT] = {"amount", "金额", NULL, true, NULL},
	[CC_TERM_FINE] = {"fine", "罚款", NULL, true, NULL},
	[CC_TERM_POINTS] = {"points", "裁量分值", NULL, true, NULL},
	[CC_TERM_QUANTITY] = {"quantity", "数量", NULL, true, NULL},
	[CC_TERM_ACT_ON] = {"act_on", "行为发生日", NULL, true, NULL},
	[CC_TERM_ACT_ENDED_ON] = {"act_ended_on", "行为终了日", NULL, true, NULL},
	[CC_TERM_DECIDED_ON] = {"decided_on", "决定日", NULL, true, NULL},
	[CC_TERM_SERVED_ON] = {"served_on", "送达日", NULL, true, NULL},
	[CC_TERM_VALID_FROM] = {"valid_from", "有效期起", NULL, true, NULL},
	[CC_TERM_VALID_UNTIL] = {"valid_until", "有效期止", NULL, true, NULL},
	[CC_TERM_PUBLICITY_UNTIL] = {"publicity_until", "公示截止日", NULL, true, NULL},
	[CC_TERM_CORRECTED_ON] = {"corrected_on", "改正日", NULL, true, NULL},
	[CC_TERM_REPAIRED_ON] = {"repaired_on", "修复日", NULL, true, NULL},
	[CC_TERM_RECORDED_ON] = {"recorded_on", "登记日", NULL, true, NULL},
	[CC_TERM_SCORE] = {"score", "得分", NULL, true, NULL},
	[CC_TERM_SUM] = {"sum", "小计", NULL, true, NULL},
	[CC_TERM_COUNT] = {"count", "次数", NULL, true, NULL},
	[CC_TERM_RUN] = {"run", "连续期数", NULL, true, NULL},
	[CC_TERM_COVERED] = {"covered", "本周期全程", NULL, false, NULL},
	[CC_TERM_COVERED_LAST] = {"covered_last", "上一周期全程", NULL, false, NULL},
	[CC_TERM_COUNTER] = {"counter", "累计值", NULL, true, NULL},
	[CC_TERM_RESETS] = {"resets", "清零次数", NULL, true, NULL},
	[CC_TERM_FIRED] = {"fired", "触发次数", NULL, true, NULL},
	[CC_TERM_FIRES] = {"fires", "当日触发次数", NULL, true, NULL},
	[CC_TERM_VALUE] = {"value", "指标值", NULL, true, NULL},
	[CC_TERM_RANK] = {"rank", "名次", NULL, true, NULL},
	[CC_TERM_GROUP] = {"group", "分组", NULL, false, NULL},
	[CC_TERM_BAND] = {"band", "档次", NULL, false, NULL},
};

/* The term of that name, a record's before an outcome's ("band"); CC_TERM_NONE if there is none. */
CcTerm
cc_term_find(const char *name)
{
	int			term;

	for (term = 0; term < CC_TERM_NONE; term++)
		if (strcmp(cc_vocabulary[term].name, name) == 0)
			return (CcTerm) term;
	return CC_TERM_NONE;
}

/* The place of a word in the term's closed vocabulary; -1 if it has no such word. */
int
cc_word_rank(CcTerm term, const char *str, int len)
{
	const char *const *words = cc_vocabulary[term].words;
	int			rank;

	for (rank = 0; words != NULL && words[rank] != NULL; rank++)
		if (len > 0 && words[rank][0] == str[0] && strncmp(words[rank], str, len) == 0 && words[rank][len] == '\0')
			return rank;
	return -1;
}

/* Looks up the ranks of the texts with a closed vocabulary: once for each fact, after its texts are set. */
void
cc_fact_resolve(CcFact *fact)
{
	int			term;

	for (term = 0; term < CC_TEXT_TERMS; term++)
	{
		CcText		text = fact->text[term];
		int			rank;

		if (text.str == NULL || cc_vocabulary[term].words == NULL)
			fact->rank[term] = CC_RANK_UNKNOWN;
		else
		{
			rank = cc_word_rank((CcTerm) term, text.str, text.len);
			fact->rank[term] = (int8_t) (rank < 0 ? CC_RANK_NO_WORD : rank);
		}
	}
	/* a record without a link is the subject's own */
	if (fact->text[CC_TERM_WHOSE].str == NULL)
		fact->rank[CC_TERM_WHOSE] = CC_WHOSE_OWN;
}
