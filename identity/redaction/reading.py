"""The normal form in which the rules read a text, and the way back to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Stands where something has been found; no rule reads across it.
TAKEN = "〓"
# Traditional characters that are frequent in names and around them, and what is written for them here.
_TRADITIONAL = (
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮鄧蕭許葉蘇呂盧蔣賈閻餘鍾鐘譚陸鄒範賀龔萬錢嚴賴龍龐顏莊聶魯嶽齊鄔顧陽歐關項畢溫樂紀國華偉麗強軍東蘭鳳瓊嬌嬋嫻環瑋瑤璣寶貴財興業進遠達運連輝榮燦煒燁煥熾爾爍堯學書詩畫詠詞誠謙"
    "讓諾謹諶論調慶廣廬應億儀優傑倫偵儉傳傢備個倉們俠倆來侶係俁勝勞勢勳動務勵區協單衛卻厲參雙發變後從復徵憂憑懷懇戰戲擁據擔擇擊揚換損搖搶攜攝數敵斷於時晉曉暉曆會條構槍樁楨樓標樣樸橋機權欄歡歲歷歸氣決沒洶淚"
    "淨涼淪減渦測湯滅滬滯滿漁漢潔潤澤濟濤濰灃灣煉煙爭爺牆狀獎獨獻現瑩畝異當療皚盡監盤眾瞭礎祿禍禪種稱穩穎窮競筆節築簡籃糧紅約純紙級紛細終組結絕給統經綠綱網緊線緒編緣練縣縱總績織繪繼續纖罰義習聖聞聯聲聽職肅"
    "腦腳臉臨臺與舉舊艦艷藝茲莖菸萊葦蒼蓋蔭薦薩藍藥蘆處號蟲衆術裏補裝製複見規視親覺覽觀觸訂計訊討訓記設訪訴評詢試話該詳誌認語誤說誰課請諸證識議護讀豐貝負貢貨責買費資賓賜賞賢賣賬質購贈贊趕跡車軌軟較載輕輛輪"
    "輸辦辭農迴這週過還邊郵鄉醜醫釋針釣鈔鈞鈴鉑銀銅銘銳鋒鋼錄錦錫錯鍵鎖鎮鎧鏡鐵鑒長門閃閉開閑間閔閣閱闊隊陣陰階際險隨隱雋雜難雲電霧靈靜頁頂順須預領頭題願類風飛飯飲館駐駕駛騎騏驍驗驚體髮鬧魚鮑鮮鳥鳴鴻鵬鶴麥"
    "黨齡龜鄺縐鈕鐳錚鈺鋭鄲隴韋頗顯顥驊戶員無為"
)
_SIMPLIFIED = (
    "张刘陈杨赵黄吴孙马罗郑谢韩冯邓萧许叶苏吕卢蒋贾阎余钟钟谭陆邹范贺龚万钱严赖龙庞颜庄聂鲁岳齐邬顾阳欧关项毕温乐纪国华伟丽强军东兰凤琼娇婵娴环玮瑶玑宝贵财兴业进远达运连辉荣灿炜烨焕炽尔烁尧学书诗画咏词诚谦"
    "让诺谨谌论调庆广庐应亿仪优杰伦侦俭传家备个仓们侠俩来侣系俣胜劳势勋动务励区协单卫却厉参双发变后从复征忧凭怀恳战戏拥据担择击扬换损摇抢携摄数敌断于时晋晓晖历会条构枪桩桢楼标样朴桥机权栏欢岁历归气决没汹泪"
    "净凉沦减涡测汤灭沪滞满渔汉洁润泽济涛潍沣湾炼烟争爷墙状奖独献现莹亩异当疗皑尽监盘众了础禄祸禅种称稳颖穷竞笔节筑简篮粮红约纯纸级纷细终组结绝给统经绿纲网紧线绪编缘练县纵总绩织绘继续纤罚义习圣闻联声听职肃"
    "脑脚脸临台与举旧舰艳艺兹茎烟莱苇苍盖荫荐萨蓝药芦处号虫众术里补装制复见规视亲觉览观触订计讯讨训记设访诉评询试话该详志认语误说谁课请诸证识议护读丰贝负贡货责买费资宾赐赏贤卖账质购赠赞赶迹车轨软较载轻辆轮"
    "输办辞农回这周过还边邮乡丑医释针钓钞钧铃铂银铜铭锐锋钢录锦锡错键锁镇铠镜铁鉴长门闪闭开闲间闵阁阅阔队阵阴阶际险随隐隽杂难云电雾灵静页顶顺须预领头题愿类风飞饭饮馆驻驾驶骑骐骁验惊体发闹鱼鲍鲜鸟鸣鸿鹏鹤麦"
    "党龄龟邝绉钮镭铮钰锐郸陇韦颇显颢骅户员无为"
)
_PLAIN = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


@dataclass(frozen=True, slots=True)
class Span:
    """One find: `text[start:end]` of the original text.

    kind: what it is, a key of `LABELS`. rule: how it was recognised.
    """

    start: int
    end: int
    kind: str
    rule: str
    text: str


@lru_cache(maxsize=4096)
def _normal(character: str) -> str:
    """NFKC, any digit as a plain one (❸, ٣, 3️⃣), and nothing for what is not seen."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) in {"Cf", "Mn", "Me", "Cc", "Co", "Cn"} and not character.isspace():
        return ""
    return unicodedata.normalize("NFKC", character)


class Reading:
    """A text in normal form; what is claimed for a rule is read by no rule after it.

    plain: the whole of it. text: what has been claimed is closed (`TAKEN`).
    """

    def __init__(self, original: str) -> None:
        self.original = original
        self.spans: list[Span] = []
        pieces, self._places = [], []
        for place, character in enumerate(original):
            if not (" " <= character <= "~" or "\u4e00" <= character <= "\u9fff"):
                character = _normal(character)
            pieces.append(character)
            self._places += [place] * len(character)
        self._characters = list("".join(pieces).translate(_PLAIN))
        self.text = self.plain = "".join(self._characters)

    def claim(self, finds: Iterable[tuple[int, int]], kind: str | None, rule: str) -> int:
        """Takes stretches of `text` as finds of a kind; of none (None), they are only closed to the rules after it.

        Returns:
            How many were still free. One original character may stand for several ("㏎"): it belongs to one find.
        """
        count = 0
        for start, end in finds:
            first, last = self._places[start], self._places[end - 1]
            while start and self._places[start - 1] == first:
                start -= 1
            while end < len(self._places) and self._places[end] == last:
                end += 1
            if TAKEN in self._characters[start:end]:
                continue
            self._characters[start:end] = TAKEN * (end - start)
            count += 1
            if kind:
                self.spans.append(Span(first, last + 1, kind, rule, self.original[first : last + 1]))
        if count:
            self.text = "".join(self._characters)
        return count

    def without(self, gaps: re.Pattern[str]) -> tuple[str, list[int]]:
        """The text without its gaps, and for each character of it the place in `text`."""
        kept: list[int] = []
        begin = 0
        for gap in gaps.finditer(self.text):
            kept += range(begin, gap.start())
            begin = gap.end()
        kept += range(begin, len(self.text))
        return gaps.sub("", self.text), kept
