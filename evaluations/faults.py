"""What is wrong with a file or a row, and what to do about it, in words for those who sent it. Pure.

Every fault has a name (`FaultCode`), a reason and a remedy. No text here holds a phone, a name or an identity number:
rules that read those put none of them into `params`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluations.enums import FaultCode

Params = Mapping[str, Any]
NO_PARAMS: Params = {}


class Fault(NamedTuple):
    """One thing that is wrong. `column`: the canonical name, or in a file's fault the name as given; "" for none."""

    column: str
    code: FaultCode
    params: Params = NO_PARAMS


def explain(fault: Fault) -> tuple[str, str]:
    """The reason and the remedy, in the reader's language."""
    reason, remedy = TEXTS[fault.code]
    return str(reason) % fault.params, str(remedy) % fault.params


_SAVE_UTF8 = _("请用 Excel 或 WPS 打开原始数据,另存为“CSV UTF-8”后重新上传。")
_EXPORT_AGAIN = _("请从原系统重新导出后上传。")
_CHECK_QUOTES = _("含逗号、换行或引号的内容要用一对英文双引号括起来,里面的引号写两遍。请改好后重新上传整个文件。")
_SAVE_XLSX = _("请另存为 .xlsx 或“CSV UTF-8”后上传。")
_AS_TEXT = _("请把该列设为“文本”格式,从原系统取回完整的编号后重新上传这一行。")
_TIME_FORM = _("请写成 2026-11-23 10:05:00 这样的形式,年在前,带时分秒。")
_MAP_CODE = _("请核对编码;若无误,请管理员为该来源补充对照,之后可以重新处理这一行。")

TEXTS: Mapping[FaultCode, tuple[Promise, Promise]] = {
    FaultCode.EMPTY_FILE: (_("文件里没有内容。"), _EXPORT_AGAIN),
    FaultCode.HEADER_ONLY: (_("文件只有表头,没有数据。"), _EXPORT_AGAIN),
    FaultCode.COLUMN_MISSING: (
        _("找不到必需的列:%(names)s。"),
        _("请在第一行表头写上这些列名;表头之前不要有标题行。"),
    ),
    FaultCode.COLUMN_TWICE: (_("列名“%(name)s”出现了不止一次。"), _("请删除或改名其中一列,使每个列名只出现一次。")),
    FaultCode.COLUMNS_TOO_MANY: (_("有 %(count)s 列,最多 %(most)s 列。"), _("请删除不需要的列。")),
    FaultCode.DELIMITER_UNCLEAR: (
        _("表头按不同的分隔符都能分成多列,无法确定是哪一种。"),
        _("请统一用英文逗号分隔后重新上传。"),
    ),
    FaultCode.ENCODING_MIXED: (
        _("从这一行起,文字编码与前面不同(前面是 %(encoding)s),同一文件混用了两种编码。"),
        _SAVE_UTF8,
    ),
    FaultCode.ENCODING_UNCLEAR: (_("文字既可以按 UTF-8 也可以按 GBK 来读,无法确定。"), _SAVE_UTF8),
    FaultCode.ENCODING_UNKNOWN: (_("文字编码不是 UTF-8、GB18030(GBK)或 UTF-16。"), _SAVE_UTF8),
    FaultCode.CHARACTER_CUT: (
        _("文件在一个字的中间结束,后面的内容很可能丢失了。"),
        _("请重新导出或重新传输完整的文件。"),
    ),
    FaultCode.QUOTE_UNCLOSED: (_("从这一行开始的引号没有成对,后面的行会被当成同一个单元格。"), _CHECK_QUOTES),
    FaultCode.QUOTE_STRAY: (_("结束的引号后面还有文字,无法确定单元格到哪里为止。"), _CHECK_QUOTES),
    FaultCode.CELL_TOO_LARGE: (
        _("有一个单元格超过 %(most)s 个字符。"),
        _("请检查是否缺少引号,或误把附件内容放进了表格。"),
    ),
    FaultCode.LINE_TOO_LONG: (_("有一行超过 %(most)s MB。"), _("请检查换行符是否丢失。")),
    FaultCode.JSON_BROKEN: (_("这一行不是完整的 JSON。"), _("请检查括号、引号和逗号;每行只放一个对象。")),
    FaultCode.JSON_ENCODING: (_("这一行不是 UTF-8 编码;逐行 JSON 只能用 UTF-8。"), _("请用 UTF-8 编码重新导出。")),
    FaultCode.JSON_NOT_OBJECT: (
        _("这一行不是 JSON 对象。"),
        _("请每行放一个 {…} 对象,不要用数组把所有记录包起来。"),
    ),
    FaultCode.JSON_NESTED: (
        _("这一列的值里还有对象或文字列表。"),
        _("请改为单个值;标签可以写成编码的列表或用逗号隔开。"),
    ),
    FaultCode.JSON_KEY_TWICE: (_("同一行里这个字段写了两次,无法确定用哪一个。"), _("请每个字段只写一次。")),
    FaultCode.FORMAT_UNKNOWN: (
        _("不支持这种文件。"),
        _("请上传 .csv、.tsv、.txt、.xlsx、.ndjson(.jsonl),或装有这些文件的 .zip。"),
    ),
    FaultCode.FORMAT_DIFFERS: (
        _("文件名以 .%(extension)s 结尾,内容却不是这种格式。"),
        _("请不要直接改扩展名,用原程序另存为需要的格式。"),
    ),
    FaultCode.FORMAT_OLD_EXCEL: (_("这是旧版 Excel(.xls)或加了密码的文件,不能读取。"), _SAVE_XLSX),
    FaultCode.FORMAT_MACRO: (_("文件带有宏,出于安全不接收。"), _SAVE_XLSX),
    FaultCode.ARCHIVE_BROKEN: (_("压缩包不完整或已损坏。"), _("请重新压缩后上传。")),
    FaultCode.ARCHIVE_BOMB: (
        _("解压后的大小或压缩比超出限制(最多 %(most)s MB、%(ratio)s 倍)。"),
        _("请拆成几个较小的文件上传。"),
    ),
    FaultCode.ARCHIVE_TOO_MANY: (_("压缩包里的文件超过 %(most)s 个。"), _("请分几个压缩包上传。")),
    FaultCode.ARCHIVE_PATH: (
        _("压缩包里有绝对路径、上级目录或链接。"),
        _("请把数据文件直接放在压缩包里,重新压缩后上传。"),
    ),
    FaultCode.ARCHIVE_NESTED: (_("压缩包里还有压缩包。"), _("请先解开里面的压缩包,再把数据文件压缩上传。")),
    FaultCode.ARCHIVE_LOCKED: (_("压缩包设了密码。"), _("请去掉密码后重新压缩上传。")),
    FaultCode.SHEET_BROKEN: (_("工作簿的内容不完整或不符合标准。"), _SAVE_XLSX),
    FaultCode.SHEET_TOO_LARGE: (
        _("工作表太大(最多 %(columns)s 列、%(texts)s 段不同的文字)。"),
        _("请删除数据右侧多余的内容;数据确实很多时,另存为“CSV UTF-8”上传。"),
    ),
    FaultCode.SHEET_UNCLEAR: (
        _("有几个工作表都像数据:%(names)s。"),
        _("请只保留一个数据工作表,其余另存为别的文件。"),
    ),
    FaultCode.FILE_CHANGED: (_("文件与检查时不同。"), _("请重新上传。")),
    FaultCode.NUL: (_("含有空字符(NUL),文件可能损坏或不是文本。"), _EXPORT_AGAIN),
    FaultCode.SURROGATE: (_("含有残缺的字符(孤立的代理项),无法保存。"), _EXPORT_AGAIN),
    FaultCode.ROW_SHORT: (
        _("这一行有 %(count)s 列,表头有 %(width)s 列。"),
        _("请检查是否漏了分隔符或换行位置不对。"),
    ),
    FaultCode.ROW_LONG: (
        _("这一行有 %(count)s 列,表头只有 %(width)s 列。"),
        _("内容里有分隔符时,要用一对英文双引号括起来。"),
    ),
    FaultCode.TOO_LONG: (
        _("有 %(length)s 个字符,最多 %(most)s 个。"),
        _("请核对是否错列;内容不会被截断,需缩短后重新上传这一行。"),
    ),
    FaultCode.EXCEL_ERROR: (_("内容是 Excel 的错误值“%(value)s”。"), _("请改正公式或填入正确的值。")),
    FaultCode.HIDDEN_CHARACTERS: (
        _("含有看不见的字符或空格,会让同一个编号变成两个。"),
        _("请从原系统重新复制,去掉多余的字符。"),
    ),
    FaultCode.KEY_MISSING: (
        _("没有办件编号,也没有来源方的评价编号,无法识别重复。"),
        _("请至少填写其中一个编号。"),
    ),
    FaultCode.KEY_SCIENTIFIC: (_("编号“%(value)s”是科学计数法,后面的数字已经丢失。"), _AS_TEXT),
    FaultCode.NUMBER_WRONG: (_("“%(value)s”不是 1 到 %(most)s 的整数。"), _("请填写整数,例如 1;首次可以留空。")),
    FaultCode.LEVEL_WRONG: (
        _("“%(value)s”不是 1 到 5 的数字。"),
        _("请填写 5(非常满意)、4(满意)、3(基本满意)、2(不满意)或 1(非常不满意)。"),
    ),
    FaultCode.TAG_UNKNOWN: (
        _("标签“%(tag)s”不在国家标签目录里。"),
        _("请填写三位标签编码,几个标签用逗号隔开,单元格设为“文本”格式。"),
    ),
    FaultCode.TAG_LEVEL: (
        _("标签“%(tag)s”属于满意度 %(tag_level)s,这一行的满意度是 %(level)s。"),
        _("请核对满意度和标签,标签的第一位数字等于满意度。"),
    ),
    FaultCode.REASON_MISSING: (_("不满意和非常不满意必须有标签或文字。"), _("请补上至少一个标签或一段文字。")),
    FaultCode.TIME_MISSING: (_("没有时间。"), _TIME_FORM),
    FaultCode.TIME_DATE_ONLY: (_("“%(value)s”只有日期或没有秒,不会替您补上时间。"), _TIME_FORM),
    FaultCode.TIME_AMBIGUOUS: (_("“%(value)s”分不清年、月、日。"), _TIME_FORM),
    FaultCode.TIME_SERIAL: (
        _("“%(value)s”像是 Excel 的日期序号,不是日期。"),
        _("请把该列设为“日期时间”格式后重新上传,或写成 2026-11-23 10:05:00 的形式。"),
    ),
    FaultCode.TIME_IMPOSSIBLE: (_("“%(value)s”这个时间不存在。"), _("请核对日期和时间。")),
    FaultCode.TIME_UNREADABLE: (_("“%(value)s”不是认识的时间形式。"), _TIME_FORM),
    FaultCode.TIME_FUTURE: (_("“%(value)s”晚于现在。"), _("请核对日期和时区;时间应为北京时间或带时区。")),
    FaultCode.TIME_TOO_OLD: (_("“%(value)s”早于 %(oldest)s。"), _("请核对年份;确实是历史数据时,请管理员放宽期限。")),
    FaultCode.CHANNEL_MISSING: (_("没有评价渠道。"), _("请填写来源方的渠道代码。")),
    FaultCode.CHANNEL_UNKNOWN: (_("渠道“%(value)s”没有对照。"), _("请核对渠道代码;若无误,请管理员为该来源补充对照。")),
    FaultCode.FLAG_MISSING: (
        _("没有写明是不是系统默认评价。"),
        _("请填写 1(系统默认)或 0(评价人自己评价);默认评价不能当作主动好评。"),
    ),
    FaultCode.FLAG_WRONG: (_("“%(value)s”不是 1 或 0。"), _("请填写 1(系统默认)或 0(评价人自己评价)。")),
    FaultCode.ITEM_MISSING: (_("没有事项编码。"), _("请填写 31 位实施编码。")),
    FaultCode.ITEM_LENGTH: (
        _("事项编码有 %(length)s 位,应为 31 位(实施编码)或 33 位(业务办理项编码)。"),
        _("请核对编码;开头的 0 丢失时,请把该列设为“文本”格式。"),
    ),
    FaultCode.UNIT_MISSING: (_("没有部门、事项或窗口,也没有可以关联的办件编号。"), _("请填写部门编码或办件编号。")),
    FaultCode.DUPLICATE_IN_FILE: (
        _("与第 %(line)s 行编号相同,内容也相同。"),
        _("不必处理,重复的行只入库一次。"),
    ),
    FaultCode.ALREADY_THERE: (_("这条评价以前已经入库,内容相同。"), _("不必处理,不会重复计算。")),
    FaultCode.OTHER_CONTENT: (
        _("同一编号已有评价,但内容不同;先到的保留,这一条没有入库。"),
        _("一次服务只评一次。请与来源方核对哪一条是真的。"),
    ),
    FaultCode.UNIT_UNKNOWN: (_("部门编码“%(value)s”不认识,可能丢失了开头的 0。"), _MAP_CODE),
    FaultCode.ITEM_UNKNOWN: (_("事项编码“%(value)s”不认识。"), _MAP_CODE),
    FaultCode.WINDOW_UNKNOWN: (_("窗口编码“%(value)s”不认识,可能丢失了开头的 0。"), _MAP_CODE),
    FaultCode.SERVICE_FIRST: (
        _("只有办件编号,没有部门,要等办件数据到了才能归属。"),
        _("请上传对应的办件数据;到达后这一行会自动入库。"),
    ),
    FaultCode.GIVEN_UP: (
        _("已决定不再等待,这一行没有入库。理由:%(reason)s"),
        _("若情况有变,请补好资料后把这一行重新上传。"),
    ),
    FaultCode.WINDOW_CLOSED: (_("窗口“%(value)s”已经关闭,评价仍计入该窗口。"), _("请核对窗口编码。")),
    FaultCode.STAFF_UNKNOWN: (_("工号不认识,评价没有关联到人。"), _("请核对工号,或请管理员登记该工作人员。")),
    FaultCode.TAG_RETIRED: (_("标签“%(tag)s”是已停用的旧版标签,照原样保留。"), _("今后请使用现行标签。")),
    FaultCode.ID_CHECK: (_("证件号码的校验位不对。证件号码不会保存。"), _("请与来源方核对证件号码。")),
    FaultCode.PHONE_ODD: (_("电话号码有 %(length)s 位,不像能接通的号码,没有保存。"), _("请核对电话号码。")),
    FaultCode.NAME_ODD: (_("姓名过长或含有不可见字符,没有保存。"), _("请核对姓名是否错列。")),
    FaultCode.TEXT_DIRECTION: (
        _("文字里有改变显示方向的字符,看到的顺序可能不是写下的顺序。原文照存。"),
        _("请留意文字是否被人为打乱。"),
    ),
    FaultCode.TEXT_INVISIBLE: (
        _("文字里有看不见的字符。原文照存。"),
        _("请留意是否有人想避开关键词。"),
    ),
}
