"""脱敏. Every number, name and address in here is invented."""

import pytest

from identity.redaction import find_personal, redact

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
        ("高\u200b峰很热情", "高\u200b峰"),
        ("早高峰也办得快", "高峰"),  # wherever they stand
    ],
)
def test_staff_are_found_wherever_they_stand(text, found):
    assert [span.text for span in find_personal(text, names=["高峰"])] == [found]
    assert find_personal("早高峰也办得快") == []
