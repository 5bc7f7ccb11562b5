"""脱敏. Every number, name and address in here is invented."""

import pytest
from django.utils import translation

from identity.enums import FindKind
from identity.redaction import LABELS, Known, find_personal, masked, redact
from organizations.reference import read_table
from organizations.seed import FOLDER

# The example of GB 11643, and an invented one of the old form.
ID18, ID15 = "11010519491231002X", "370602800101123"
CARD = "6222020000000000000"
USCC = "91350100M000100Y43"


def finds(text):
    return [(span.kind, span.text) for span in find_personal(text)]


@pytest.mark.parametrize(
    ("text", "rule", "found"),
    [
        ("请打13800000000联系我", "mobile", "13800000000"),
        ("请打138-0000-0000联系我", "mobile", "138-0000-0000"),
        ("请打138 0000 0000联系我", "mobile", "138 0000 0000"),
        ("请打1 3 8 0 0 0 0 0 0 0 0联系我", "mobile", "1 3 8 0 0 0 0 0 0 0 0"),
        ("请打138.0000.0000联系我", "mobile", "138.0000.0000"),
        ("请打１３８００００００００联系我", "mobile", "１３８００００００００"),
        ("请打①③⑧00000000联系我", "mobile", "①③⑧00000000"),
        ("请打138\u200b0000\u200b0000联系我", "mobile", "138\u200b0000\u200b0000"),
        ("请打+86 13800000000联系我", "mobile", "86 13800000000"),
        ("请打8613800000000联系我", "mobile", "8613800000000"),
        ("手机幺三八零零零零零零零零谢谢", "mobile", "幺三八零零零零零零零零"),
        ("手机一三八0000 0000谢谢", "mobile", "一三八0000 0000"),
        ("tel13800000000x", "mobile", "13800000000"),
        ("单位电话0535-6000000没人接", "landline", "0535-6000000"),
        ("单位电话(0535)6000000没人接", "landline", "0535)6000000"),
        ("单位电话010-60000000没人接", "landline", "010-60000000"),
        ("咨询电话：6000000没人接", "landline", "6000000"),
        ("电话打 600-0000 没人接", "landline", "600-0000"),
        (f"证号{ID18}。", "id_card", ID18),
        ("证号11010519491231002x。", "id_card", "11010519491231002x"),
        ("证号110105 19491231 002X。", "id_card", "110105 19491231 002X"),
        ("身份证号：110105194912310021。", "id_card", "110105194912310021"),
        (f"旧证{ID15}。", "id_card", ID15),
        (f"卡{CARD}", "bank_card", CARD),
        ("卡6222 0200 0000 0000 000", "bank_card", "6222 0200 0000 0000 000"),
        (f"公司{USCC}", "uscc", USCC),
        ("车牌鲁F12345", "plate", "鲁F12345"),
        ("车牌鲁f·12345", "plate", "鲁f·12345"),
        ("车牌鲁F D12345", "plate", "鲁F D12345"),
        ("车牌鲁F12345D", "plate", "鲁F12345D"),
        ("车牌鲁F1234学", "plate", "鲁F1234学"),
        ("邮箱li.si-2@mail.example.com。", "email", "li.si-2@mail.example.com"),
        ("邮箱13800000000@example.com。", "email", "13800000000@example.com"),
        ("办件编号：37-2026-ABC123", "project_number", "37-2026-ABC123"),
        ("加微信号 zhang_san88", "account", "zhang_san88"),
        ("QQ：100000001", "account", "100000001"),
        ("我住在莱山区观海路267号3号楼2单元501室", "address", "观海路267号3号楼2单元501室"),
        ("去了12号楼3单元", "address", "12号楼3单元"),
        ("我叫王小明，来办业务", "name", "王小明"),
        ("我叫王明来办业务", "name", "王明"),
        ("联系人：欧阳小明", "name", "欧阳小明"),
        ("我是李四。", "name", "李四"),
        ("窗口的张女士态度不好", "name", "张"),
        ("窗口的王建国主任态度不好", "name", "王建国"),
    ],
)
def test_found(text, rule, found):
    assert finds(text) == [(rule, found)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01 08:30办的",
        "办理时间20261001，交了1380元",
        "12345热线很好",
        "1380000000012不是电话",  # 13 digits: no part of them is a number
        "1234567890123456789012",
        "110105194902310021不是日期",  # 31 February
        "6222020000000000001校验位不对",
        "91350100M000100Y44校验位不对",
        "3号窗口办事快",
        "A03窗口排队30分钟",
        "跑了3趟，交了15份材料，花了200元",
        "我是来办事的",
        "我是高中老师",
        "高兴！老师傅很热情",
        "政务大厅小姐姐很好",
        "鲁能体育",
        "京A",
        "态度方面同志们不错",
        "邮箱格式a@b不对",
    ],
)
def test_left_alone(text):
    assert finds(text) == []


def test_several_in_one_text():
    text = f"我叫王小明，电话13800000000 15900000000，身份证{ID18}，车鲁F12345"
    assert [rule for rule, _ in finds(text)] == ["name", "mobile", "mobile", "id_card", "plate"]
    assert redact(text).text == "我叫〔姓名〕，电话〔手机号〕 〔手机号〕，身份证〔身份证号〕，车〔车牌号〕"


def test_a_date_before_a_number_does_not_hide_it():
    assert finds("2026.10.01 13800000000") == [("mobile", "13800000000")]


def test_two_landlines_side_by_side():
    assert [found for _, found in finds("0535-6000000 0535-6000001")] == ["0535-6000000", "0535-6000001"]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("窗口不收现金", ()),
        ("电话13800000000", ()),  # found by its build: sure
        ("找王主任，住在观海路267号", ()),  # hidden
        ("快递单号1234567没有回音", ("long_number",)),
        ("我住院期间没法办", ("medical",)),
        ("我儿子六岁，离婚后就我一个人带", ("minor", "family", "single_person")),
    ],
)
def test_why_a_person_must_look(text, reasons):
    redacted = redact(text)
    assert redacted.reasons == reasons
    assert redacted.needs_human == bool(reasons)


def test_text_without_finds_comes_back_unchanged():
    text = "窗口不收现金，希望改进。ｶﾞ①㎏𠮷\u200b\r\n"
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("窗口的高峰很热情", "高峰"),
        ("窗口的高 峰很热情", "高 峰"),
        ("高\u200b峰主任很热情", "高\u200b峰"),
        ("负责人高峰", "高峰"),
        ("早起韩天晴亦在", "韩天晴"),
        ("早起韩 天 晴亦在", "韩 天 晴"),
        ("早起韩\u200b天\n晴亦在", "韩\u200b天\n晴"),
        ("早起买买提亦在", "买买提"),
    ],
)
def test_staff_are_found_by_their_names(text, found):
    names = Known(["高峰", "韩天晴", "韩天", "买买提"])
    assert [span.text for span in find_personal(text, names)] == [found]
    assert [span.text for span in find_personal(text, ["高峰", "韩天晴", "韩天", "买买提"])] == [found]


@pytest.mark.parametrize("text", ["早高峰也办得快", "避开高峰时段", "单位统一组织", "对于海外人员", "关于海洋局的事"])
def test_a_name_of_two_characters_is_not_found_in_other_words(text):
    assert find_personal(text, Known(["高峰", "于海", "单位", "一组"])) == []


def test_every_kind_is_called_the_same_on_pages_and_in_texts():
    with translation.override("zh-hans"):
        assert {kind.value: str(kind.label) for kind in FindKind} == LABELS


def test_a_find_tells_its_kind_and_its_rule():
    spans = find_personal("联系人:王小明,电话13800000000,办件编号:YT20260302001", Known(["王小明"]))
    assert [(span.kind, span.rule) for span in spans] == [
        ("name", "known"),
        ("mobile", "mobile"),
        ("project_number", "called"),
    ]


def test_a_text_is_masked_by_the_spans_somebody_chose():
    text = "张三的电话13800000000"
    name, mobile = find_personal(text)
    assert masked(text, [mobile]) == "张三的电话〔手机号〕"
    assert masked(text, [name, mobile]) == redact(text).text == "〔姓名〕的电话〔手机号〕"
    assert masked(text, []) == text


WORDS = [
    "居住证须由本人申领,代办依据不足;行动不便的可以预约上门。",
    "请申请人、申报人到场申领",
    "高兴、方便、周到、明白、白跑、成功、万一、常态、安排、金额",
    "工作人员温和、严肃、冷漠、应付",
    "请周知",
    "感谢关照,谢谢解答",
    "委托人和受托人均应到场",
    "法人应到场,经办人应签字",
    "城管局、羊汤馆、康复科",
]


@pytest.mark.parametrize("text", WORDS)
def test_everyday_words_that_begin_like_names_are_none(text):
    assert finds(text) == []


@pytest.mark.parametrize("sentence", ["{}", "我去{}办事", "{}的工作人员态度好", "感谢{}。", "向{}反映,没人管"])
def test_offices_halls_windows_and_matters_stay_readable(sentence):
    tables = {"divisions": ["name"], "departments": ["name", "short_name"], "county_departments": ["name"]}
    tables |= {table: ["name"] for table in ("halls", "windows", "items")}
    names = {row[column] for table in tables for row in read_table(FOLDER, table) for column in tables[table]}
    known = Known([], readable=names)
    assert len(names) > 200
    assert [name for name in names if find_personal(sentence.format(name), known)] == []


def test_a_person_in_the_name_of_an_office_is_still_found_outside_it():
    known = Known([], readable=["毓璜顶街道便民中心"])
    assert [s.text for s in find_personal("毓璜顶街道便民中心的王建国,手机13800000000", known)] == [
        "王建国",
        "13800000000",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("經辦員劉曉慶態度很好", ["劉曉慶"]),
        ("谢超勤说要再等两周", ["谢超勤"]),
        ("经办:江山 复核:林远", ["江山", "林远"]),
        ("办事员王应龙没接电话", ["王应龙"]),
        ("找zhaolei,他在三号窗", ["zhaolei"]),
    ],
)
def test_names_in_traditional_writing_at_the_beginning_and_in_fields(text, names):
    assert [span.text for span in find_personal(text) if span.kind == "name"] == names


def test_a_name_beside_a_placeholder_is_none():
    assert not find_personal("王某某被行政处罚的公告看不懂")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("投诉人占建英来访", ["占建英"]),
        ("陈李佳怡随父母双姓", ["陈李佳怡"]),
        ("后来换了张平,态度才好一些", ["张平"]),
        ("感谢谢艳老师", ["谢艳"]),
        ("小欧阳态度温和", ["小欧阳"]),
        ("凌总说没这回事", ["凌"]),
        ("方大爷九十岁了还要本人来", ["方"]),
        ("连老师批了", ["连"]),
        ("和大姐是纳西族的", ["和"]),
        ("经办人签字 LI Na ", ["LI Na"]),
        ("热依汗古丽来办居住证", ["热依汗古丽"]),
        ("我是027号岳，很高兴为您服务", ["岳"]),
        ("宁静值班那天一点没耽误", ["宁静"]),
    ],
)
def test_rare_names_short_ones_and_words_that_are_names(text, names):
    assert [span.text for span in find_personal(text) if span.kind == "name"] == names


@pytest.mark.parametrize(
    "text",
    [
        "向主任反映过",
        "连老师都不知道",
        "应科长要求补交",
        "和主任说了半天",
        "换了张表",
        "一张单子",
    ],
)
def test_what_is_a_preposition_a_measure_or_a_row_of_surnames_is_no_name(text):
    assert not find_personal(text)


def test_a_name_that_was_found_is_one_wherever_it_stands():
    finds = [(span.text, span.rule) for span in find_personal("联系人:连成。材料齐了,连成办事得力。")]
    assert [text for text, _ in finds] == ["连成", "连成"]
    assert find_personal("材料齐了,连成办事得力。") == []
    assert [span.rule for span in find_personal("收件人:全智慧。由全智慧转交")] == ["clause", "again"]
    assert find_personal("由全智慧转交") == []


def test_what_may_be_a_name_sends_the_text_to_a_human():
    text = "网上预约显示“庄严”审批，人呢？"
    assert find_personal(text) == []
    assert redact(text).reasons == ("perhaps_name",)
    assert redact("窗口开着,材料齐了就办").reasons == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("国庆哥帮我搬的箱子，国庆节你们开门吗", ["国庆"]),
        ("丽华姐帮我填的", ["丽华"]),
        ("静姐人美心善", ["静"]),
        ("燕子姐办事利索", ["燕子"]),
        ("过女士来访", ["过"]),
        ("公孙主任您好", ["公孙"]),
        ("阳光这名字是我爸起的", ["阳光"]),
        ("万里是我的本名", ["万里"]),
        ("名单:1.王伟 2.关山 3.马到成", ["王伟", "关山", "马到成"]),
        ("秦岭说缺材料", ["秦岭"]),
        ("安然端着茶杯过来", ["安然"]),
        ("死者白长山之女", ["白长山"]),
        ("对向红予以诫勉谈话", ["向红"]),
        ("经办人是先勇华", ["先勇华"]),
        ("Maria女士来过", ["Maria"]),
        ("生成了wang xiaoming，应为汉字", ["wang xiaoming"]),
        ("马哈提·叶尔肯来过", ["马哈提·叶尔肯"]),
    ],
)
def test_given_names_alone_lists_and_what_only_a_person_does(text, names):
    assert [found for rule, found in finds(text) if rule == "name"] == names


@pytest.mark.parametrize(
    "text",
    [
        "男同志排左边,女同志排右边,该同志已调走,新同志不熟",
        "改了这个名字,起这名字的人",
        "保洁阿姨、我三叔、小妹、大厅姑娘",
        "党员先锋岗没有人",
        "给老师鞠个躬",
        "先存草稿,能办的先办,却没人,后来通过了",
        "写着by the page,不懂",
    ],
)
def test_words_before_a_greeting_or_a_kinship_are_no_names(text):
    assert finds(text) == []
