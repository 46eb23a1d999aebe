#!/usr/bin/env python3
"""city -- generates the records of an invented city, reproducibly from a seed

Writes the files that departments would deliver, ready for COPY; the header of a file names its columns:

  subject.csv                     the register of organisations: code, registered name, kind, district
  penalty.csv, penalty_2015.csv   行政处罚 in the names of 发改办财金〔2018〕424号, and in those of 2015; the latter come
                                  later and repeat some documents of the former with other content
  permit.csv, permit_2015.csv     行政许可 likewise
  act.csv                         participations, inspections, awards, other acts

Nothing is loaded here and no grade is computed: firms are dealt records such that the construction-waste measure grades
about 4 % A, 92 % B, 3 % C and 0.5 % D or worse. A tenth of the penalties and more are worded like nothing in the
catalogue; a few percent of the rows are faulty, in every way the intake must notice; some rows come twice, some firms
are named otherwise than registered. A summary of what was dealt goes to standard output.
"""

import argparse
import csv
import datetime
import os
import random
from collections import Counter

from identifiers import id_card, organisation_check, person_code, uscc, uscc_check

TODAY = datetime.date(2026, 6, 15)
CITY = '云河市'
DISTRICTS = {'01': '东湖区', '02': '西渡区', '03': '南桥区', '04': '北港区', '05': '云河新区'}
BRANDS = '安邦博昌晨诚达德鼎东丰福冠光广海浩恒宏华辉嘉建金锦景久凯康科力联隆茂明铭宁鹏启庆荣瑞润盛顺泰腾天通万旺祥新信兴旭雅亿益永裕远悦泽正志中众卓'
SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'
GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文斌'

# field: share of the organisations, trade in the firm's name, what its permits allow
FIELDS = {
    'construction_waste': (40, '渣土运输', '城市建筑垃圾处置核准'),
    'property_services': (15, '物业服务', '物业服务合同备案'),
    'outdoor_advertising': (12, '广告传媒', '大型户外广告设置许可'),
    'sanitation_services': (10, '环境卫生', '城市生活垃圾经营性清扫、收集、运输许可'),
    'greening': (10, '园林绿化', '工程建设涉及城市绿地、树木审批'),
    'municipal_works': (8, '市政工程', '市政设施建设类审批'),
    'gas': (5, '燃气', '燃气经营许可证核发'),
}

# what the departments write for a behaviour of the catalogue
WORDINGS = {
    'CW-01': ('未经核准擅自处置建筑垃圾', '未取得城市建筑垃圾处置核准文件，擅自运输渣土', '未经城管部门核准擅自处置工程渣土案'),
    'CW-02': ('处置超出核准范围的建筑垃圾', '超出核准范围承运建筑垃圾', '运输渣土超出核准路线行驶'),
    'CW-03': ('运输建筑垃圾过程中沿途丢弃、遗撒建筑垃圾', '运输渣土车辆造成道路遗撒'),
    'CW-04': ('将建筑垃圾交给未经核准从事建筑垃圾运输的单位处置', '施工单位将建筑垃圾交给个人运输'),
    'CW-05': ('雇用套牌车辆从事建筑垃圾运输', '使用报废车运输渣土'),
    'CW-06': ('出借渣土准运证', '涂改、倒卖、出租城市建筑垃圾处置核准文件'),
    'CW-07': ('随意倾倒建筑垃圾', '偷倒渣土', '在路边擅自堆放装修垃圾'),
    'CW-08': ('施工工地未采取有效防尘降尘措施', '造成扬尘污染'),
    'CW-11': ('未及时清运渣土', '施工单位未及时清运工程施工过程中产生的建筑垃圾'),
    'OA-01': ('未经同意擅自设置大型户外广告，影响市容', '擅自在楼顶架设户外广告牌'),
    'OA-02': ('户外广告设施破损未维修', '户外广告未及时拆除'),
    'SA-01': ('不履行卫生责任区清扫保洁义务',),
    'SA-02': ('在临街建筑物阳台外吊挂有碍市容的物品',),
    'SA-03': ('擅自在街道两侧堆放物料', '在公共场地搭建构筑物'),
    'SA-04': ('未经批准张贴宣传品', '在建筑物上涂写、刻画'),
    'SA-05': ('运输液体货物泄漏', '运输散装货物不作密封、包扎、覆盖，造成泄漏、遗撒'),
    'SS-01': ('未取得许可从事生活垃圾经营性处置',),
    'SS-02': ('在运输过程中沿途丢弃、遗撒生活垃圾', '运输生活垃圾车辆途中撒漏'),
    'GR-01': ('擅自砍伐城市树木', '未经批准砍伐行道树'),
    'GR-02': ('损坏城市树木花草', '破坏绿化设施'),
    'GR-03': ('擅自占用城市绿化用地',),
    'GA-02': ('毁损燃气设施', '擅自拆除燃气管道'),
    'GA-04': ('未对燃气用户的燃气设施定期进行安全检查',),
    'MW-01': ('擅自占用城市道路', '未经批准挖掘城市道路'),
    'MW-02': ('井盖破损未修复', '未对城市道路上管线检查井缺损及时补缺'),
    'MW-03': ('挖掘城市道路后未及时清理现场',),
    'WS-01': ('随意倾倒、抛撒、堆放生活垃圾',),
    'WS-02': ('未按规定分类投放生活垃圾', '未在指定的地点分类投放生活垃圾'),
}
BY_FIELD = {
    'construction_waste': ('CW-01', 'CW-02', 'CW-03', 'CW-04', 'CW-06', 'CW-07', 'CW-08', 'CW-11'),
    'property_services': ('SA-01', 'SA-03', 'WS-02'),
    'outdoor_advertising': ('OA-01', 'OA-02', 'SA-04'),
    'sanitation_services': ('SS-01', 'SS-02', 'SA-05'),
    'greening': ('GR-01', 'GR-02', 'GR-03'),
    'municipal_works': ('MW-01', 'MW-02', 'MW-03'),
    'gas': ('GA-02', 'GA-04'),
}
EVERYBODY = ('SA-01', 'SA-02', 'SA-03', 'SA-04', 'WS-01', 'WS-02', 'MW-01')
# of no entry of the catalogue, or of two at once: left to the department
UNCLASSIFIED = ('未按规定公示收费标准', '运输车辆超载', '委托无资质单位处置污泥', '噪声扰民逾期不改', '违反城市管理有关规定',
                '未经核准擅自处置建筑垃圾，并随意倾倒渣土', '妨碍执法人员检查', '未悬挂标识牌')
BASES = '《城市市容和环境卫生管理条例》、《城市建筑垃圾管理规定》及相关规定'


# name, prefix of its documents, district; the last one is to be no trusted source: its records wait for a second person
AUTHORITIES = (
    (CITY + '城市管理局', '云城管', '01'), ('东湖区城市管理局', '东城管', '01'), ('西渡区城市管理局', '西城管', '02'),
    ('南桥区城市管理局', '南城管', '03'), ('北港区城市管理局', '北城管', '04'), ('云河新区街道综合执法队', '新街执', '05'),
)
CATEGORY = {'firm': '法人及非法人组织', 'shop': '个体工商户', 'person': '自然人'}
# of the firms in a field; what each is dealt is in City.deal()
PROFILES = (('model', 40), ('ordinary', 920), ('strained', 32), ('poor', 5), ('worst', 3))

PENALTY = ('cf_xdr_mc', 'cf_xdr_lb', 'cf_xdr_shxym', 'cf_xdr_zzjg', 'cf_frdb', 'cf_xdr_zjlx', 'cf_xdr_zjhm', 'cf_wsh', 'cf_wfxw', 'cf_sy', 'cf_yj',
           'cf_cflb', 'cf_nr', 'cf_nr_fk', 'cf_nr_wfff', 'cf_nr_zkdx', 'cf_jdrq', 'cf_yxq', 'cf_gsjzq', 'cf_cfjg', 'cf_cfjgdm', 'cf_xzjg', 'cf_sjly',
           'cf_sjlydm', 'bz', 'behaviour', 'field', 'procedure', 'severity', 'intent', 'quantity', 'district', 'act_on', 'part')
PENALTY_2015 = ('cf_wsh', 'cf_cfmc', 'cf_cflb1', 'cf_cflb2', 'cf_sy', 'cf_yj', 'cf_xdr_mc', 'cf_xdr_shxym', 'cf_xdr_zdm', 'cf_xdr_gsdj', 'cf_xdr_swdj',
                'cf_xdr_sfz', 'cf_fr', 'cf_jg', 'cf_jdrq', 'cf_xzjg', 'cf_zt', 'dfbm', 'sjc', 'bz')
PERMIT = ('xk_xdr_mc', 'xk_xdr_lb', 'xk_xdr_shxym', 'xk_xdr_zzjg', 'xk_frdb', 'xk_xdr_zjlx', 'xk_xdr_zjhm', 'xk_xkws', 'xk_wsh', 'xk_xklb',
          'xk_xkzs', 'xk_xkbh', 'xk_nr', 'xk_jdrq', 'xk_yxqz', 'xk_yxqzi', 'xk_xkjg', 'xk_xkjgdm', 'xk_zt', 'xk_lydw', 'xk_lydwdm', 'bz', 'field', 'district')
PERMIT_2015 = ('xk_wsh', 'xk_xmmc', 'xk_splb', 'xk_nr', 'xk_xdr', 'xk_xdr_shxym', 'xk_xdr_zdm', 'xk_xdr_gsdj', 'xk_xdr_sfz', 'xk_fr', 'xk_jdrq', 'xk_jzq',
               'xk_xzjg', 'xk_zt', 'dfbm', 'sjc', 'bz')
ACT = ('kind', 'subject_name', 'category', 'subject_code', 'person_document_type', 'person_document', 'document', 'title', 'content', 'basis',
       'decided_on', 'valid_from', 'valid_until', 'state', 'authority', 'authority_code', 'source', 'source_code', 'behaviour', 'field', 'severity',
       'responsibility', 'points', 'quantity', 'district', 'act_on', 'part')


class Subject:
    """A firm, a shop or a natural person, and what is written about it in a form."""

    __slots__ = ('kind', 'name', 'code', 'id_number', 'representative', 'district', 'field', 'profile', 'since')


class City:
    def __init__(self, subjects, records, seed, today=TODAY):
        self.random = random.Random(seed)
        self.today = today
        self.target = records
        self.documents = Counter()
        self.dealt = Counter()
        self.files = {name: [] for name in ('penalty', 'penalty_2015', 'permit', 'permit_2015', 'act')}
        self.authorities = [(name, uscc('11', district, n + 1), prefix) for n, (name, prefix, district) in enumerate(AUTHORITIES)]
        self.brand_length = 2
        while len(BRANDS) ** self.brand_length < 2 * subjects:
            self.brand_length += 1
        self.subjects = [self.subject(n) for n in range(subjects)]
        for subject in self.subjects:
            self.deal(subject)
        self.fill()

    # -- subjects -----------------------------------------------------------------------------------------------

    def subject(self, n):
        pick, subject = self.random, Subject()
        subject.district = pick.choice(tuple(DISTRICTS))
        subject.representative = self.person()
        subject.kind = pick.choices(('firm', 'shop', 'person'), (80, 12, 8))[0]
        subject.code = subject.id_number = subject.field = subject.profile = None
        subject.since = self.today - datetime.timedelta(pick.randrange(250, 3000))
        # both scrambled, so that neighbours in the register are no neighbours in code or name
        number, brand = (n * 577_201_129 + 12_345) % 31 ** 6, ''
        scrambled = n * 7_919 % len(BRANDS) ** self.brand_length
        for _ in range(self.brand_length):
            scrambled, character = divmod(scrambled, len(BRANDS))
            brand += BRANDS[character]
        if subject.kind == 'firm':
            subject.code = uscc('91', subject.district, number)
            subject.field = pick.choices(tuple(FIELDS), [share for share, _, _ in FIELDS.values()])[0]
            subject.profile = pick.choices([name for name, _ in PROFILES], [share for _, share in PROFILES])[0]
            trade = FIELDS[subject.field][1]
            subject.name = pick.choice((f'{CITY}{brand}{trade}有限公司', f'{brand}（{CITY}）{trade}有限公司'))
        elif subject.kind == 'shop':
            subject.code = uscc('92', subject.district, number)
            subject.name = f'{DISTRICTS[subject.district]}{brand}{pick.choice(("餐馆", "便利店", "装饰店", "五金店", "水果店"))}'
        else:
            subject.name = subject.representative
            birthday = datetime.date(1950, 1, 1) + datetime.timedelta(n * 7 % 20_000)
            subject.id_number = id_card(subject.district, birthday, n * 7 // 20_000 % 1000)
        return subject

    def person(self):
        return self.random.choice(SURNAMES) + ''.join(self.random.choices(GIVEN, k=self.random.choice((1, 2))))

    # -- rows ---------------------------------------------------------------------------------------------------

    def day(self, oldest, youngest):
        """A day between `oldest` and `youngest` days ago."""
        return self.today - datetime.timedelta(self.random.randint(youngest, oldest))

    def this_year(self):
        return self.day((self.today - datetime.date(self.today.year, 1, 1)).days, 5)

    def written(self, day):
        """A day in one of the three forms the exchange knows."""
        return self.random.choices((f'{day:%Y-%m-%d}', f'{day:%Y/%m/%d}', f'{day:%Y%m%d}'), (6, 3, 1))[0]

    def document(self, prefix, kind, day):
        self.documents[prefix, kind, day.year] += 1
        left, right = self.random.choices(('〔〕', '[]', '（）', '［］'), (8, 1, 1, 1))[0]
        return f'{prefix}{kind}{left}{day.year}{right}第{self.documents[prefix, kind, day.year]:06d}号'

    def authority(self, subject=None):
        """The city's bureau or that of the district; the untrusted one only where nothing hangs on it."""
        if subject is None:
            return self.authorities[-1]
        return self.authorities[self.random.choice((0, int(subject.district) % 5))]

    def name(self, subject):
        """The registered name, its brackets as the clerk typed them."""
        if '（' in subject.name and self.random.random() < 0.4:
            return subject.name.replace('（', '(').replace('）', ')')
        return subject.name

    def penalty(self, subject, behaviour, decided, fine=None, procedure='一般程序', authority=None, **finding):
        """One penalty in the form of 2018; fine in 万元, `behaviour` a code of the catalogue or a wording of none."""
        pick = self.random
        name, code, prefix = authority or self.authority(subject)
        wording = pick.choice(WORDINGS[behaviour]) if behaviour in WORDINGS else behaviour
        kinds = ['罚款'] if fine else ['警告']
        row = {'cf_xdr_mc': self.name(subject), 'cf_xdr_lb': CATEGORY[subject.kind], 'cf_wsh': self.document(prefix, '罚决字', decided),
               'cf_wfxw': wording, 'cf_sy': f'经查，当事人在{DISTRICTS[subject.district]}有上述行为，有现场笔录为证', 'cf_yj': BASES,
               'cf_nr': f'罚款人民币{round(fine * 10000)}元' if fine else '警告', 'cf_jdrq': self.written(decided),
               'cf_yxq': '2099-12-31', 'cf_gsjzq': self.written(decided + datetime.timedelta(365)), 'cf_cfjg': name, 'cf_cfjgdm': code, 'cf_sjly': name,
               'cf_sjlydm': code, 'procedure': procedure, 'district': DISTRICTS[subject.district]}
        if fine:
            row['cf_nr_fk'] = f'{fine:.6f}'
            if pick.random() < 0.05:
                kinds.append(pick.choice(('没收违法所得', '没收非法财物')))
                row['cf_nr_wfff'] = f'{pick.randint(1, 200) / 1000:.6f}'
            if pick.random() < 0.03:
                kinds.append('暂扣许可证件')
                row['cf_nr_zkdx'] = f'城市建筑垃圾处置核准 YH{pick.randrange(10**6):06d}'
            if pick.random() < 0.1:
                kinds.insert(0, '警告')
        row['cf_cflb'] = pick.choice(';；').join(kinds)
        row.update(finding)
        return self.identified(row, subject, 'cf_xdr_shxym', 'cf_frdb', 'cf_xdr_zjlx', 'cf_xdr_zjhm')

    def permit(self, subject, decided):
        pick = self.random
        name, code, prefix = self.authority(subject)
        title = FIELDS[subject.field][2] if subject.field else '临时占用城市道路许可'
        row = {'xk_xdr_mc': self.name(subject), 'xk_xdr_lb': CATEGORY[subject.kind], 'xk_xkws': title + '决定书', 'xk_wsh': self.document(prefix, '许决字', decided),
               'xk_xklb': pick.choice(('普通', '普通', '核准', '登记')), 'xk_xkzs': title + '证', 'xk_xkbh': f'YH{pick.randrange(10**8):08d}', 'xk_nr': title,
               'xk_jdrq': self.written(decided), 'xk_yxqz': self.written(decided),
               'xk_yxqzi': pick.choice(('2099-12-31', self.written(decided + datetime.timedelta(pick.choice((365, 730, 1095)))))),
               'xk_xkjg': name, 'xk_xkjgdm': code, 'xk_zt': '1', 'xk_lydw': name, 'xk_lydwdm': code, 'district': DISTRICTS[subject.district]}
        if subject.field:
            row['field'] = subject.field
        return self.identified(row, subject, 'xk_xdr_shxym', 'xk_frdb', 'xk_xdr_zjlx', 'xk_xdr_zjhm')

    def act(self, subject, kind, prefix, title, day, **more):
        name, code, _ = self.authority(subject)
        row = {'kind': kind, 'subject_name': self.name(subject), 'category': CATEGORY[subject.kind],
               'document': self.document('云信', prefix, day), 'title': title, 'authority': name, 'authority_code': code, 'source': name,
               'source_code': code, 'district': DISTRICTS[subject.district]}
        if kind != '参评':
            row['decided_on'] = self.written(day)
        if subject.field:
            row['field'] = subject.field
        row.update(more)
        return self.identified(row, subject, 'subject_code', None, 'person_document_type', 'person_document')

    @staticmethod
    def identified(row, subject, code, representative, document_type, document):
        """Adds the code and the representative of an organisation, or the document of a person; never both."""
        if subject.kind == 'person':
            row[document_type], row[document] = '身份证', subject.id_number
        else:
            row[code] = subject.code
            if representative:
                row[representative] = subject.representative
        return row

    # -- what a firm is dealt -----------------------------------------------------------------------------------

    def add(self, file, row, dealt):
        self.files[file].append(row)
        self.dealt[dealt] += 1

    def deal(self, subject):
        """Enrolment of a firm, and the recent records that its profile stands for."""
        if not subject.field:
            return
        pick = self.random
        newcomer = subject.profile == 'ordinary' and pick.random() < 0.04
        if newcomer:
            subject.since = self.day(150, 10)
        self.add('act', self.act(subject, '参评', '参评', '参加行业信用评价', subject.since, state='参评', valid_from=self.written(subject.since)),
                 'participations')
        if subject.profile == 'ordinary' and pick.random() < 0.01:
            begin = self.day(200, 20)
            self.add('act', self.act(subject, '参评', '停评', '暂停经营', begin, state='暂停', valid_from=self.written(begin),
                                     valid_until=self.written(begin + datetime.timedelta(pick.randint(60, 300)))), 'participations')
        if subject.profile == 'model':
            last_year = datetime.date(self.today.year - 1, 1, 1) + datetime.timedelta(pick.randrange(365))
            self.add('act', self.act(subject, '表彰奖励', '表彰', '年度诚信经营示范单位', last_year, points=str(pick.randint(2, 5))), 'awards')
        elif not newcomer:
            recipes = {'construction_waste': self.waste_recipe, 'sanitation_services': self.sanitation_recipe}
            recipe = recipes.get(subject.field, self.other_recipe)(subject)
            for behaviour, decided, fine, finding in recipe:
                self.add('penalty', self.penalty(subject, behaviour, decided, fine, **finding), 'penalties that shape grades')
            inspections = {'ordinary': pick.random() < 0.1, 'strained': 2, 'poor': 3, 'worst': 3}[subject.profile]
            for _ in range(inspections):
                failed = self.day(40, 5)
                self.add('act', self.act(subject, '行政检查', '检查', '日常检查', failed, state='不合格', points=str(-pick.randint(1, 4))), 'failed inspections')

    def waste_recipe(self, subject):
        """Penalties of the last twelve months for a firm in construction waste: behaviour, day, fine in 万元, finding."""
        pick, profile, general = self.random, subject.profile, {}
        fine = {'small': lambda: pick.randint(50, 99) / 100, 'middle': lambda: pick.randint(100, 290) / 100, 'large': lambda: pick.randint(300, 950) / 100}

        def over_scope(size, day=None):
            return 'CW-02', day or self.day(355, 5), fine[size](), general

        def other(day=None):
            return pick.choice(('CW-04', 'CW-06', 'CW-07', 'CW-11')), day or self.day(355, 5), fine['small'](), general

        if profile == 'strained':
            return [over_scope('large', self.this_year()), over_scope('middle', self.this_year()), other(self.this_year())]
        if profile == 'poor':
            return [over_scope('large', self.this_year()) for _ in range(3)] + [other(self.this_year())]
        if profile == 'worst':
            if pick.random() < 0.4:
                return [('CW-05', self.day(300, 5), fine['large'](), general), over_scope('middle')]
            return [over_scope('large', self.this_year()) for _ in range(3)] + [other(self.this_year()) for _ in range(pick.randint(2, 4))]
        return pick.choices((
            [over_scope('large')],
            [over_scope('middle'), other()],
            [('CW-01', self.day(355, 5), fine['middle'](), {'severity': '一般'}), ('CW-08', self.day(170, 5), None, {'procedure': '简易程序', 'quantity': str(pick.randint(2, 8))})],
            [over_scope('large'), ('CW-03', self.day(170, 5), None, {'procedure': '简易程序', 'quantity': str(pick.randint(2, 8))})],
            [('CW-01', self.day(355, 5), fine['large'](), {'severity': '较轻'}), over_scope('middle')],
        ), (45, 20, 15, 10, 10))[0]

    def sanitation_recipe(self, subject):
        litter, unlicensed = {'ordinary': (1, 0), 'strained': (2, 0), 'poor': (1, 2), 'worst': (2, 3)}[subject.profile]
        return [(behaviour, self.day(355, 5), self.random.randint(50, 300) / 100, {}) for behaviour in ['SS-02'] * litter + ['SS-01'] * unlicensed]

    def other_recipe(self, subject):
        count = {'ordinary': (0, 1), 'strained': (2, 4), 'poor': (4, 6), 'worst': (5, 8)}[subject.profile]
        return [(self.random.choice(BY_FIELD[subject.field]), self.day(355, 5), self.random.randint(5, 300) / 100, {})
                for _ in range(self.random.randint(*count))]

    # -- the many others ----------------------------------------------------------------------------------------

    def fill(self):
        """Fills up to the number wanted with records that leave the grades alone, faulty ones and repetitions."""
        pick = self.random
        shaped = sum(map(len, self.files.values()))
        rest = max(self.target - shaped, 0)
        spoils = sorted(SPOILS)
        shares = {'faulty rows': rest * 4 // 100, 'repeated rows': rest // 100, 'late repetitions': rest // 500}
        for n in range(shares['faulty rows']):
            reason = spoils[n % len(spoils)]
            file, spoil = SPOILS[reason]
            row = self.penalty_2015(self.filler('penalty')) if file == 'penalty_2015' else self.filler(file)
            spoil(self, row)
            self.add(file, row, 'faulty rows')
        plain = rest - sum(shares.values())
        for kind in pick.choices(('permit', 'penalty', 'act'), (34, 36, 30), k=plain):
            if kind == 'permit' and pick.random() < 0.1:
                self.add('permit_2015', self.permit_2015(self.filler('permit')), 'permits in the names of 2015')
            elif kind == 'penalty' and pick.random() < 0.1:
                self.add('penalty_2015', self.penalty_2015(self.filler('penalty')), 'penalties in the names of 2015')
            else:
                self.add(kind, self.filler(kind), 'plain rows')
        for n in range(shares['repeated rows']):
            file = ('penalty', 'permit', 'act')[n % 3]
            self.add(file, dict(pick.choice(self.files[file])), 'repeated rows')
        # the same document again, later and with another content
        late = [row for row in self.files['penalty'] if row.get('cf_cfjgdm') and not row.get('part')]
        for _ in range(shares['late repetitions'] if late else 0):
            row = self.penalty_2015(dict(pick.choice(late)))
            row['cf_jg'] += '，并责令改正'
            self.add('penalty_2015', row, 'late repetitions')
        for rows in self.files.values():
            pick.shuffle(rows)

    def filler(self, file):
        """A row that no measure counts: old, of a natural person, passed, or of no entry of the catalogue."""
        pick = self.random
        subject = pick.choice(self.subjects)
        if file == 'permit':
            return self.permit(subject, self.day(1500, 5))
        if file == 'act':
            if pick.random() < 0.06:
                return self.act(subject, '其他行政行为', '公益', '参加公益慈善活动', self.day(1500, 400))
            return self.act(subject, '行政检查', '检查', '日常检查', self.day(1500, 2), state='合格', content='未发现问题')
        finding = {}
        authority = None
        if pick.random() < 0.25:
            behaviour, decided = pick.choice(UNCLASSIFIED), self.day(1500, 3)
            self.dealt['penalties like nothing in the catalogue'] += 1
        else:
            behaviour = pick.choice(BY_FIELD[subject.field] if subject.field and pick.random() < 0.8 else EVERYBODY)
            decided = self.day(1800, 760 if subject.field else 3)
        if pick.random() < 0.03:
            authority = self.authority()
            self.dealt['penalties of an untrusted source'] += 1
        procedure = pick.choices(('一般程序', '简易程序', '普通程序', ''), (35, 35, 15, 15))[0]
        fine = None if procedure == '简易程序' and pick.random() < 0.5 else pick.randint(2, 300) / 100
        row = self.penalty(subject, behaviour, decided, fine, procedure=procedure, authority=authority, **finding)
        if subject.kind == 'firm' and pick.random() < 0.02:
            row['cf_xdr_mc'] = row['cf_xdr_mc'].replace('有限公司', '有限责任公司')
            self.dealt['names other than registered'] += 1
        return row

    # -- the form of 2015 ---------------------------------------------------------------------------------------

    def penalty_2015(self, row):
        """The same penalty in the names of 2015: no amounts, no category; CF_JG is the result, CF_XZJG the authority."""
        first, _, second = row['cf_cflb'].replace('；', ';').partition(';')
        return {'cf_wsh': row['cf_wsh'], 'cf_cfmc': row['cf_wfxw'], 'cf_cflb1': first, 'cf_cflb2': second, 'cf_sy': row['cf_wfxw'], 'cf_yj': row['cf_yj'],
                'cf_xdr_mc': row['cf_xdr_mc'], 'cf_xdr_shxym': row.get('cf_xdr_shxym'), 'cf_xdr_zdm': self.organisation_code(row.get('cf_xdr_shxym')),
                'cf_xdr_sfz': row.get('cf_xdr_zjhm'), 'cf_fr': row.get('cf_frdb'), 'cf_jg': row['cf_nr'], 'cf_jdrq': row['cf_jdrq'],
                'cf_xzjg': row['cf_cfjg'], 'cf_zt': self.random.choices(('0', '1'), (97, 3))[0], 'dfbm': '329900', 'sjc': row['cf_jdrq']}

    def permit_2015(self, row):
        return {'xk_wsh': row['xk_wsh'], 'xk_xmmc': row['xk_xkws'], 'xk_splb': row['xk_xklb'], 'xk_nr': row['xk_nr'], 'xk_xdr': row['xk_xdr_mc'],
                'xk_xdr_shxym': row.get('xk_xdr_shxym'), 'xk_xdr_zdm': self.organisation_code(row.get('xk_xdr_shxym')), 'xk_xdr_sfz': row.get('xk_xdr_zjhm'),
                'xk_fr': row.get('xk_frdb'), 'xk_jdrq': row['xk_jdrq'], 'xk_jzq': row['xk_yxqzi'], 'xk_xzjg': row['xk_xkjg'], 'xk_zt': '0',
                'dfbm': '329900', 'sjc': row['xk_jdrq']}

    @staticmethod
    def organisation_code(code):
        return code and f'{code[8:16]}-{code[16]}'

    # -- writing ------------------------------------------------------------------------------------------------

    def write(self, directory):
        os.makedirs(directory, exist_ok=True)
        register = [{'code': code, 'name': name, 'kind': 'government_body', 'district': None} for name, code, _ in self.authorities]
        kinds = {'firm': 'legal_person', 'shop': 'individual_business'}
        register += [{'code': s.code, 'name': s.name, 'kind': kinds[s.kind], 'district': DISTRICTS[s.district]} for s in self.subjects if s.code]
        for file, columns, rows in (('subject', ('code', 'name', 'kind', 'district'), register), ('penalty', PENALTY, self.files['penalty']),
                                    ('penalty_2015', PENALTY_2015, self.files['penalty_2015']), ('permit', PERMIT, self.files['permit']),
                                    ('permit_2015', PERMIT_2015, self.files['permit_2015']), ('act', ACT, self.files['act'])):
            with open(os.path.join(directory, file + '.csv'), 'w', encoding='utf-8', newline='') as out:
                writer = csv.writer(out, lineterminator='\n')
                writer.writerow(columns)
                writer.writerows([row.get(column) for column in columns] for row in rows)


# -- what can be wrong with a row: reason of the intake, file, how the row is spoiled ------------------------------

def put(**values):
    """A spoil that sets columns; an empty text clears one."""
    def spoil(_city, row):
        row.update({column: value or None for column, value in values.items()})
    return spoil


def organisation(city, row, code, drop):
    """Makes the row one of an organisation."""
    firm = next(s for s in iter(lambda: city.random.choice(city.subjects), None) if s.kind == 'firm')
    for column in drop:
        row.pop(column, None)
    row[code] = firm.code
    return firm


def firm_row(spoil):
    """A spoil of a penalty that has to be a firm's."""
    def spoiled(city, row):
        firm = organisation(city, row, 'cf_xdr_shxym', ('cf_xdr_zjlx', 'cf_xdr_zjhm'))
        row.update(cf_xdr_mc=firm.name, cf_xdr_lb=CATEGORY['firm'], cf_frdb=firm.representative)
        spoil(city, row)
    return spoiled


def person_row(spoil):
    """A spoil of a penalty that has to be a natural person's."""
    def spoiled(city, row):
        for column in ('cf_xdr_shxym', 'cf_frdb'):
            row.pop(column, None)
        row.update(cf_xdr_mc='张三', cf_xdr_lb=CATEGORY['person'], cf_xdr_zjlx='身份证', cf_xdr_zjhm=id_card('01', datetime.date(1980, 2, 29), 7))
        spoil(city, row)
    return spoiled


def wrong_check(city, row):
    code = row['cf_xdr_shxym']
    row['cf_xdr_shxym'] = code[:17] + ('1' if code[17] != '1' else '2')


def id_card_for_code(_city, row):
    """An ID card number whose last character is right for a code too: the organisation code inside gives it away."""
    numbers = (id_card('01', datetime.date(1975, 5, 5), serial) for serial in range(1000))
    row['cf_xdr_shxym'] = next(n for n in numbers if uscc_check(n[:17]) == n[17] and organisation_check(n[8:16]) != n[16])


def code_of_another(city, row):
    body = 'MA' + '%06d' % city.random.randrange(10 ** 6)
    row['cf_xdr_zzjg'] = body + organisation_check(body)


def wrong_id_card(city, row):
    number = row['cf_xdr_zjhm']
    row['cf_xdr_zjhm'] = number[:17] + ('1' if number[17] != '1' else '2')


def unknown_person(city, row):
    row.update(category=None, subject_code=person_code(city.random.choices(range(31), k=16)), person_document=None, person_document_type=None)


def tomorrow(city, row):
    row.update(cf_jdrq=f'{city.today + datetime.timedelta(1):%Y-%m-%d}', cf_gsjzq=None)


def twice(city, row):
    """The document of a row before, with another content."""
    earlier = city.random.choice(city.files['penalty'])
    row.clear()
    row.update(earlier, cf_nr=(earlier.get('cf_nr') or '') + '（更正）')


def two_faults(city, row):
    """More than one thing wrong: every reason is named."""
    wrong_check(city, row)
    row.update(cf_wsh=None, cf_jdrq='2026年3月1日')


SPOILS = {
    'missing 1': ('penalty', put(cf_wsh='')), 'missing 2': ('penalty', put(cf_sy='', cf_yj='')), 'missing 3': ('permit', put(xk_yxqz='')),
    'missing 4': ('act', put(document='')),
    'too_long': ('penalty', put(cf_wsh='云城管罚决字' + '〇' * 130)),
    'both_forms': ('penalty', put(cf_xzjg='另一机关')),
    'unknown_label 1': ('penalty', put(cf_cflb='罚金')), 'unknown_label 2': ('penalty', put(cf_xdr_lb='企业')), 'unknown_label 3': ('permit', put(xk_xklb='审批')),
    'unknown_label 4': ('act', put(kind='表扬')),
    'uscc 1': ('penalty', firm_row(wrong_check)), 'uscc 2': ('penalty', firm_row(id_card_for_code)),
    'organisation_code_given': ('penalty', person_row(put(cf_xdr_shxym=uscc('91', '01', 4711)))),
    'organisation_code': ('penalty', firm_row(code_of_another)),
    'person_unknown': ('act', unknown_person),
    'document_type': ('penalty', person_row(put(cf_xdr_zjlx='学生证'))),
    'document_number': ('penalty', person_row(wrong_id_card)),
    'day_format': ('penalty', put(cf_jdrq='2026-02-30', cf_gsjzq='')),
    'day_in_future': ('penalty', tomorrow),
    'day_order 1': ('penalty', put(cf_gsjzq='2001-01-01')), 'day_order 2': ('permit', put(xk_yxqzi='2001-01-01')),
    'amount_format 1': ('penalty', put(cf_cflb='罚款', cf_nr_fk='五千元')), 'amount_format 2': ('penalty', put(cf_cflb='罚款', cf_nr_fk='-0.5')),
    'amount_too_precise': ('penalty', put(cf_cflb='罚款', cf_nr_fk='0.1234567')),
    'amount_too_large': ('penalty', put(cf_cflb='罚款', cf_nr_fk='9999999999999999')),
    'amount_missing': ('penalty', put(cf_cflb='警告；罚款', cf_nr_fk='')),
    'amount_not_expected': ('penalty', put(cf_cflb='警告', cf_nr_fk='0.500000', cf_nr_wfff='')),
    'licence_missing': ('penalty', put(cf_cflb='吊销许可证件', cf_nr_fk='', cf_nr_wfff='', cf_nr_zkdx='')),
    'number_format': ('act', put(points='3.14159')),
    'part_format': ('penalty', put(part='甲')),
    'authority_unknown': ('penalty_2015', put(cf_xzjg='云河市某局')),
    'behaviour_unknown': ('penalty', put(behaviour='CW-99')),
    'behaviour_field': ('penalty', put(behaviour='CW-01', field='gas')),
    'document_twice': ('penalty', twice),
    'two faults': ('penalty', firm_row(two_faults)),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--subjects', type=int, default=10_000)
    parser.add_argument('--records', type=int, default=100_000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--out', required=True, metavar='DIR')
    arguments = parser.parse_args()
    city = City(arguments.subjects, arguments.records, arguments.seed)
    city.write(arguments.out)
    for file, rows in city.files.items():
        print(f'{file}.csv: {len(rows)}')
    for what, count in sorted(city.dealt.items()):
        print(f'{what}: {count}')


if __name__ == '__main__':
    main()
