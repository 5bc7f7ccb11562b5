from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rectification.enums import Level as Level


class RatingChannel(TextChoices):
    """评价渠道: ours; every source maps its own codes to these (domain.md §13.4)."""

    WEB = "web", _("网页")
    SLIP = "slip", _("回执二维码")
    WINDOW_QR = "window_qr", _("窗口二维码")
    SMS = "sms", _("短信")
    APP = "app", _("移动应用")
    KIOSK = "kiosk", _("评价器")
    TERMINAL = "terminal", _("自助终端")
    PHONE = "phone", _("电话按键")
    HOTLINE = "hotline", _("12345热线")
    BOX = "box", _("意见箱")
    PAPER = "paper", _("书面表")
    CHECK = "check", _("监督查评")
    SOCIAL = "social", _("综合点评")
    SILENT = "silent", _("系统默认")


class Origin(TextChoices):
    """How a rating came to be; each is counted apart and none is ever added to another unseen.

    IMPORTED is what another system says was somebody's own wish; DEFAULT is silence that another system has called
    a rating; CHECK and SOCIAL are the two ways that are not about one's own service (国办发〔2019〕51号).
    """

    ACTIVE = "active", _("主动评价")
    INVITED = "invited", _("邀请评价")
    IMPORTED = "imported", _("外部导入")
    DEFAULT = "default", _("默认评价")
    UNMATCHED = "unmatched", _("未关联办件")
    CHECK = "check", _("监督查评")
    SOCIAL = "social", _("综合点评")
    TEST = "test", _("系统自检")


# What people have said themselves about their own service: neither silence nor what others found.
SAID = frozenset({Origin.ACTIVE, Origin.INVITED, Origin.IMPORTED, Origin.UNMATCHED})


class LinkKind(TextChoices):
    SLIP = "slip", _("回执")
    SMS = "sms", _("短信")


class SignKind(TextChoices):
    """The paper a window's static QR is printed on."""

    STAND = "stand", _("A4 台卡")
    STICKER = "sticker", _("A6 贴纸")


class SlipPaper(TextChoices):
    """The paper that slips of single services are printed on."""

    ROLL = "roll", _("80 毫米小票纸")
    SHEET = "sheet", _("A4 纸,每张 4 份")


class ServiceSource(TextChoices):
    """The sources that are always there: our own pages, and the city's own systems. The others are rows."""

    PORTAL = "portal", _("本平台")
    HALL = "hall", _("大厅窗口系统")
    ONLINE = "online", _("网上办事")


class EntryFault(TextChoices):
    """Why something said elsewhere is not entered here."""

    OWN_UNIT = "own_unit", _("这是对您自己或您所在单位的评价,不能由您录入。请交给其他单位有录入权限的工作人员。")
    ELSEWHERE = "elsewhere", _("这个对象不在您的管理范围内,不能由您录入。")
    CHANNEL = "channel", _("部门主管只能录入本单位管理的大厅里的书面表和意见箱。")
    FUTURE = "future", _("日期不能晚于今天。")
    TOO_OLD = "too_old", _("日期太早了,最早可以录入 %(earliest)s 的。")
    BEFORE_SERVICE = "before_service", _("日期不能早于办件当天(%(served)s)。")
    AFTER_WINDOW = "after_window", _("这次办件的补评时间到 %(last)s 为止。")


class ExclusionReason(TextChoices):
    """Why a rating counts nowhere, for good and bad ones alike (domain.md §7.2 W2, W3)."""

    TEST = "test", _("测试数据")
    DOUBLE = "double", _("重复推送")
    FAULT = "fault", _("系统故障产生")


class Limited(TextChoices):
    """What ratings are counted by, so that one sender does not stand for many (reliability.md §8.1)."""

    TOKEN = "token", _("同一评价链接")
    DEVICE = "device", _("同一浏览器")
    TABLET = "tablet", _("同一评价器")
    WINDOW = "window", _("同一窗口")
    ADDRESS = "address", _("同一网络地址")


class LimitMode(TextChoices):
    """What becomes of a rating over a limit. Blocked means stopped until it is shown that a person waits there."""

    BLOCK = "block", _("拦截")
    FLAG = "flag", _("只标记")
    OFF = "off", _("不限")


class SigningMethod(TextChoices):
    """How a partner signs; agreed on once, never chosen by a request."""

    HMAC = "hmac", _("HMAC-SM3 密钥")
    SM2 = "sm2", _("SM2 公钥")
    LEGACY = "legacy", _("省级平台原有信封")


class Scope(TextChoices):
    """What a partner may report."""

    SERVICES = "services", _("办件服务")
    RATINGS = "ratings", pgettext_lazy("many", "评价")
    BATCHES = "batches", _("批量")


class BatchKind(TextChoices):
    RATINGS = "ratings", pgettext_lazy("many", "评价")
    SERVICES = "services", _("办件服务")


class BatchState(TextChoices):
    """A file is checked, shown to a person who confirms its columns, waits, runs, may be paused or cancelled, ends."""

    CHECKING = "checking", _("正在检查")
    PREVIEW = "preview", _("待确认")
    WAITING = "waiting", _("等待处理")
    RUNNING = "running", _("处理中")
    PAUSED = "paused", _("已暂停")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("整体退回")


# What still moves by itself, and what has come to its end.
MOVING_STATES = frozenset({BatchState.CHECKING, BatchState.WAITING, BatchState.RUNNING})
ENDED_STATES = frozenset({BatchState.DONE, BatchState.CANCELLED, BatchState.FAILED})


class LeftOutcome(TextChoices):
    """What became of a row that has something to say: it was not stored, or came in with a doubt."""

    REFUSED = "refused", pgettext_lazy("rows", "退回")
    QUARANTINED = "quarantined", _("待对照")
    HELD = "held", _("待办件")
    STORED = "stored", _("已入库,有提示")


class CodeKind(TextChoices):
    """What a source's unknown code stands for."""

    UNIT = "unit", _("单位编码")
    ITEM = "item", _("事项编码")
    WINDOW = "window", _("窗口编码")
    SERVICE = "service", _("办件")


class CanonicalField(TextChoices):
    """What a column of a file may be, in the words of whoever maps it (domain.md §13.2, §13.3)."""

    PROJECT_NUMBER = "project_number", _("办件编号")
    SERVICE_NUMBER = "service_number", _("服务次数")
    SERVICE_NAME = "service_name", _("服务环节")
    ASSESS_NUMBER = "assess_number", _("评价次数")
    SOURCE_RATING_ID = "source_rating_id", _("来源方评价编号")
    LEVEL = "level", _("满意度")
    TAGS = "tags", _("评价标签")
    TEXT = "text", _("文字评价")
    RATED_AT = "rated_at", _("评价时间")
    SERVED_AT = "served_at", _("服务时间")
    CHANNEL = "channel", _("评价渠道")
    IS_DEFAULT = "is_default", _("是否默认评价")
    UNIT_CODE = "unit_code", _("部门编码")
    ITEM_CODE = "item_code", _("事项编码")
    WINDOW_CODE = "window_code", _("窗口编码")
    STAFF_NUMBER = "staff_number", _("工号")
    APPLICANT = "applicant", _("申请人")
    PHONE = "phone", _("手机号")
    NAME = "name", _("评价人姓名")
    ID_NUMBER = "id_number", _("证件号")
    PROJECT_TYPE = "project_type", _("办件类型")
    USER_PROPERTY = "user_property", _("申请人类型")


# Who somebody is: never shown, never in a report.
IDENTITY_FIELDS = frozenset(
    {CanonicalField.PHONE, CanonicalField.NAME, CanonicalField.ID_NUMBER, CanonicalField.APPLICANT}
)


class StillWrong(TextChoices):
    """还没解决: the one reason asked for when the evaluator says that the reply changed nothing."""

    NOBODY_CALLED = "nobody_called", _("没有人联系过我")
    NOT_DONE = "not_done", _("说改了,其实没有改")
    PARTLY = "partly", _("只解决了一部分")
    NOT_ANSWERED = "not_answered", _("答复没有回答我的问题")
    OTHER = "other", _("其他")


class FileFormat(TextChoices):
    """What a file for intake may be. Which one it is, its bytes say; its name may not say otherwise."""

    CSV = "csv", _("CSV 文本")
    XLSX = "xlsx", _("Excel 工作簿")
    NDJSON = "ndjson", _("逐行 JSON")
    ZIP = "zip", _("压缩包")


class RowOutcome(TextChoices):
    """Why a row is not taken in now. Each keeps its row: none is dropped silently (domain.md §13.5)."""

    REFUSED = "refused", _("有错误,未入库")
    QUARANTINED = "quarantined", _("编码不认识,隔离待处理")
    HELD = "held", _("等待办件数据")


class FaultCode(TextChoices):
    """What can be wrong with a file, or with one row of it, and the doubts with which a row still comes in.

    Reason and remedy of each stand in `evaluations/faults.py`.
    """

    # The file as a whole: nothing of it is taken in.
    EMPTY_FILE = "empty_file", _("空文件")
    HEADER_ONLY = "header_only", _("只有表头")
    COLUMN_MISSING = "column_missing", _("缺少必需的列")
    COLUMN_TWICE = "column_twice", _("列名重复")
    COLUMNS_TOO_MANY = "columns_too_many", _("列太多")
    DELIMITER_UNCLEAR = "delimiter_unclear", _("分隔符不明确")
    ENCODING_MIXED = "encoding_mixed", _("编码混杂")
    ENCODING_UNCLEAR = "encoding_unclear", _("编码不明确")
    ENCODING_UNKNOWN = "encoding_unknown", _("编码不支持")
    CHARACTER_CUT = "character_cut", _("文件末尾不完整")
    QUOTE_UNCLOSED = "quote_unclosed", _("引号没有成对")
    QUOTE_STRAY = "quote_stray", _("引号位置不对")
    CELL_TOO_LARGE = "cell_too_large", _("单元格过大")
    LINE_TOO_LONG = "line_too_long", _("一行过长")
    JSON_BROKEN = "json_broken", _("JSON 有语法错误")
    JSON_ENCODING = "json_encoding", _("JSON 不是 UTF-8")
    JSON_NOT_OBJECT = "json_not_object", _("不是逐行 JSON 对象")
    JSON_NESTED = "json_nested", _("JSON 有多层内容")
    JSON_KEY_TWICE = "json_key_twice", _("JSON 字段重复")
    FORMAT_UNKNOWN = "format_unknown", _("文件格式不支持")
    FORMAT_DIFFERS = "format_differs", _("扩展名与内容不符")
    FORMAT_OLD_EXCEL = "format_old_excel", _("旧版或加密的 Excel")
    FORMAT_MACRO = "format_macro", _("含宏的 Excel")
    ARCHIVE_BROKEN = "archive_broken", _("压缩包损坏")
    ARCHIVE_BOMB = "archive_bomb", _("解压后过大")
    ARCHIVE_TOO_MANY = "archive_too_many", _("压缩包内文件过多")
    ARCHIVE_PATH = "archive_path", _("压缩包内路径不安全")
    ARCHIVE_NESTED = "archive_nested", _("压缩包套压缩包")
    ARCHIVE_LOCKED = "archive_locked", _("压缩包已加密")
    SHEET_BROKEN = "sheet_broken", _("工作簿损坏")
    SHEET_TOO_LARGE = "sheet_too_large", _("工作表过大")
    SHEET_UNCLEAR = "sheet_unclear", _("工作表不明确")
    FILE_CHANGED = "file_changed", _("文件已变化")
    # A file or a cell.
    NUL = "nul", _("含空字符")
    SURROGATE = "surrogate", _("含残缺字符")
    # One row: refused.
    ROW_SHORT = "row_short", _("列数不足")
    ROW_LONG = "row_long", _("列数过多")
    TOO_LONG = "too_long", _("内容过长")
    EXCEL_ERROR = "excel_error", _("是 Excel 错误值")
    HIDDEN_CHARACTERS = "hidden_characters", _("含不可见字符")
    KEY_MISSING = "key_missing", _("缺少编号")
    KEY_SCIENTIFIC = "key_scientific", _("编号成了科学计数")
    NUMBER_WRONG = "number_wrong", _("次数不对")
    LEVEL_WRONG = "level_wrong", _("满意度不对")
    TAG_UNKNOWN = "tag_unknown", _("标签不认识")
    TAG_LEVEL = "tag_level", _("标签与满意度不符")
    REASON_MISSING = "reason_missing", _("差评没有理由")
    TIME_MISSING = "time_missing", _("缺少时间")
    TIME_DATE_ONLY = "time_date_only", _("只有日期")
    TIME_AMBIGUOUS = "time_ambiguous", _("日期有歧义")
    TIME_SERIAL = "time_serial", _("日期成了序号")
    TIME_IMPOSSIBLE = "time_impossible", _("日期不存在")
    TIME_UNREADABLE = "time_unreadable", _("时间格式不对")
    TIME_FUTURE = "time_future", _("时间在将来")
    TIME_TOO_OLD = "time_too_old", _("时间过早")
    CHANNEL_MISSING = "channel_missing", _("缺少渠道")
    CHANNEL_UNKNOWN = "channel_unknown", _("渠道不认识")
    FLAG_MISSING = "flag_missing", _("缺少默认评价标志")
    FLAG_WRONG = "flag_wrong", _("默认评价标志不对")
    ITEM_MISSING = "item_missing", _("缺少事项编码")
    ITEM_LENGTH = "item_length", _("事项编码长度不对")
    UNIT_MISSING = "unit_missing", _("缺少部门")
    DUPLICATE_IN_FILE = "duplicate_in_file", _("文件内重复")
    ALREADY_THERE = "already_there", _("已经入库")
    OTHER_CONTENT = "other_content", _("同一编号内容不同")
    # One row: put aside.
    UNIT_UNKNOWN = "unit_unknown", _("部门不认识")
    ITEM_UNKNOWN = "item_unknown", _("事项不认识")
    WINDOW_UNKNOWN = "window_unknown", _("窗口不认识")
    SERVICE_FIRST = "service_first", _("办件还没有到")
    GIVEN_UP = "given_up", _("不再等待")
    # One row: comes in, with a doubt.
    WINDOW_CLOSED = "window_closed", _("窗口已关闭")
    STAFF_UNKNOWN = "staff_unknown", _("工号不认识")
    TAG_RETIRED = "tag_retired", _("标签已停用")
    ID_CHECK = "id_check", _("证件号校验不对")
    PHONE_ODD = "phone_odd", _("电话位数不对")
    NAME_ODD = "name_odd", _("姓名不像姓名")
    TEXT_DIRECTION = "text_direction", _("含改变文字方向的字符")
    TEXT_INVISIBLE = "text_invisible", _("含零宽字符")
