"""What Chinese names are made of. Numbers are costs: natural logarithms of one in so many names."""

from __future__ import annotations

SURNAMES: dict[str, float] = {
    surname: cost
    for cost, surnames in (
        (2.8, "王李张刘陈"),
        (3.8, "杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖"),
        (
            4.8,
            "田董袁潘于蒋蔡余洪杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史"
            "陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤曲栾隋迟初宫姬滕丛鞠慕辛矫盖牟阎",
        ),
        (
            5.8,
            "习鄂仉逄綦揣笪亓邰隗郗钮沃蔚茆萧赖常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂鲁岳翟殷詹申欧耿关兰焦俞左柳祝包宁尚符舒阮柯纪梅童凌毕季裴霍"
            "涂苗谷盛翁冉骆蓝路游靳柴蒙鲍华喻祁蒲房屈饶解艾尤阳穆卓吉缪简项芦麦褚娄窦戚岑景卜晏席卫"
            "柏宗瞿桂佟臧闵苟邬卞仇刁沙荣巫寇桑郎甄仲虞敖巩佘池苑邝鹿匡惠荆郁胥储栗燕楚鄢"
            "劳谌奚粟冼蔺闻厉仝战郜阚屠朴盖廉禹井祖漆狄宣晋蒯扈晁芮普阙"
            "浦戈伏邸雍宾杭茹危亢嵇湛戎茅尉冶束檀昝幸衡邴逄綦曷丘尧",
        ),
        (7.2, "成米连应边党南原花单管司官封谈班皮查斯衣智奉富勾哈诸豆练薄云巴乐麻商费冀甘章冷黑古"),
        (9.0, "时农师全和明年海喜光向国车水丰平满盘门权帅相敬玉强伊赖"),
    )
    for surname in surnames
} | dict.fromkeys(
    (
        "欧阳", "司马", "上官", "诸葛", "皇甫", "东方", "慕容", "令狐", "司徒", "夏侯", "尉迟", "公孙", "端木", "长孙", "宇文",
        "轩辕", "钟离", "独孤", "南宫", "西门", "呼延", "闻人", "澹台", "申屠", "公羊", "太史", "完颜", "赫连", "鲜于", "百里",
    ),
    6.0,
)  # fmt: skip

GIVEN: dict[str, float] = {
    character: cost
    for cost, characters in (
        (
            6.8,
            "之家平尔大小三山光人元中老二夫一士清里达爷氏儿振哥汉庄青祖树雷相尼帝见方河岩基心少才州笑叔可朝科书布引全连奇"
            "有水为主臣守帅开普纳承继进胜兄弟泰后乐马本礼信塔帆章时若传权治复卿诚发耀白皇堂寨知令友入根四行升喜湖初自加登"
            "向群应得至将侠圣陵崇桥仙威化震奔怀逊年郎鸣梦蒂乃通京望五寺重巴富用亭任官经显衡命听宣冲上原双图言闻孙直起润区乾"
            "北女叹举史派性司部业托母堡宪霖九奎厚右前监扬微百温能从谷哈岳无者非在多黄头必宋合阁渊备都转观豪跃殿密依叶作征奉"
            "存客居满神诸洞紫津恭锋张顿卓御于问攻季逸占索则沙遂关怒内宾集亨栋末七制旺楼联增夏陈战久列渡千首农回留米分苏柔虹"
            "迎妹斗站欲吾表端先进利快顺好意常青蓝黑白红绿水木火土雨雪霜露冷热宁静动力量度正直公共同声名利得失成功业务到",
        ),
        (
            5.6,
            "暖小一淑惠芬素琴爱菊莲香翠月巧彩秋冬夏桃莹璐瑶蕾薇妍妮娅媛婧姗媚嫣彤彬松柏森树楠梁栋柱根江泉沛泽淼源溪炎炜焕煜熙"
            "烨灿炳煌勋旭阳昊昕晖曦晴景星辰昌盛晟昭智睿聪哲贤良善仁义礼信忠孝诚恒毅坚定安康泰和顺吉祥利贵财宝珊瑚琼瑾瑜璇琦琛"
            "玮珂珺钰鑫锋铭锐钢铁银锦钧铮震霆霖露雯霄凌冰寒岳峻嵩巍彪骏骥马鸿鹤莺麒麟腾运胜迅全兴旺展业宏广大世正圆圣君"
            "子公卿士学书诗歌奇山川石磊妹姣娇婉妙姝妤婵娥嫦芝芷苗茜茹荷莎菁菲萌萱葵蓓蓉蔓薛蝶颜颂预领顾顺飒冉冲凡刚勤勉厚友启"
            "喜嘉堂培基墨姿孟孔宜宇宸宽宾尚尧展岚崇川左帆帅平庆应延弘彦征律御恩悦情惜慕懿成才扬承拓振捷攀政效敬斐方昱普晋朗朔杉"
            "极枫柔柯标栩桐桓梵梨棋棠榕槐欢歆殿民汉汐沁沐沙河波洁洛洪洲流济浦浪淇淳深温渝湘溢漫潇澄澜灵熊狄独玄玟珏珑琨琰甜男畅"
            "登皓盼真睦瞳知砚硕磐祎祖祺禹科秉程稳穆立竹笑筠策简纯纲纳纹经绍绮维绪继续缘罗羽翎翰耀耘耿肖胤致舒航良艺节芸若苑英范茵"
            "草荣菀萧葛蓝虎虹行衍裕西言计让训记论诺诚谦豪贝贞贤赞越跃路轲轶辛辉迎进连迪远逸道邦郁郎里野钊钟锡镇长闯闻阔隆雁霏青非"
            "音韬韵顺颖颜风飏首馨骁高魁鲁黎黛默龄鼎齐童华向娇焱垚犇鹭翊桦菱芙蓁蒙莘攸辙璟赫裴焰仪阁",
        ),
        (
            4.5,
            "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玲红梅建国文志海波鹏辉宇婷雪晓佳倩欣怡浩然思雨子轩梓涵晨博"
            "峰飞龙林斌宁健凯莉琳燕云萍凤春玉珍荣美金德生永庆福成东立新光亮远俊翔瑞嘉琪雅慧颖洁",
        ),
    )
    for character in characters
}
RARE_GIVEN = 9.0
# Everyday words that are surnames too: without a given name they need more than a title behind them (向主任反映).
PREPOSITIONS = frozenset("向和同由于与连应当全都及")
# No name is made with these, unless the text says that it is one.
NEVER_GIVEN = frozenset("的了是不我你他她它们这那哪就也还很太最被把给对跟从去说要会没吗吧呢啊哦呀么什怎谁几个位次件号办让找问等某请打带拿又已您咱俺其此且但而与及或")
NEVER_COST = 30.0

# Parts of names of the minorities as they are written in Chinese; two of them make a name.
PARTS = (
    "阿不都 阿布都 阿卜杜 阿布力孜 阿迪力 阿依 阿力木 艾力 艾合买提 艾尼 艾山 巴哈尔 巴图 巴特尔 宝音 布仁 才仁 才让 次仁 次旦 措姆 达娃 达瓦 丹增 "
    "巴根 巴雅尔 朝鲁 额尔德尼 敖登 高娃 阿拉坦 孟根 牧仁 乌恩 白音 布和 特木尔 图门 格根 塔拉 森格 乌力吉 "
    "阿依努尔 阿孜古丽 热娜 帕丽旦 麦麦提 艾尔肯 库尔班 达吾提 肉孜 塔依尔 阿西木 哈丽旦 胡安 依布拉音 沙拉买提 巴合提 叶尔肯 加娜尔 "
    "旺堆 旺姆 桑珠 边巴 格列 曲珍 曲扎 普布 米玛 巴桑 强巴 索朗 白玛 益西 贡布 "
    "旦增 德吉 迪丽 迪里 多吉 格桑 格日勒 古丽 哈力 哈斯 呼和 吉克 加措 江白 金花 卡德尔 拉姆 拉毛 罗布 洛桑 买买提 买合木提 玛依拉 米吉提 木拉提 木合塔尔 娜仁 "
    "那日 那木 尼玛 尼加提 努尔 帕提古丽 平措 其其格 其木格 乔巴 仁青 仁增 热孜 热依拉 热合曼 萨日娜 萨仁 塞娜 赛 斯琴 斯日 苏日娜 苏和 苏力 塔娜 "
    "吐尔逊 吐尔地 吐鲁洪 托合提 托娅 图雅 乌云 乌兰 乌日 吾 希林 卓玛 央金 央宗 依不拉音 依米提 扎西 扎 祖丽 祖力 娜尔 胡玛尔 亚森 玉素甫 根 江 拉 提 木 拜"
).split()
TRANSLITERATED = frozenset(
    "阿艾巴拜班宝别布查达丹旦德迪丁都多尔尕格古哈海汗合赫胡吉加江杰卡克拉勒力丽里林鲁罗洛买玛麦曼米蜜木娜那乃尼努帕皮平恰青琼曲热仁日茹萨赛桑沙珊姆史丝斯苏素塔"
    "提帖吐图托娃瓦乌吾西希夏孜扎札则增珠卓孜祖亚娅雅叶伊依音尤玉扎拉明逊甫乎洪生伦敦不卜杜买提地代肯耶吾甫衣别克白霍加"
)
PINYIN_SURNAMES = (
    "Wang|Li|Zhang|Liu|Chen|Yang|Zhao|Huang|Zhou|Wu|Xu|Sun|Zhu|Ma|Hu|Guo|Lin|Gao|Luo|Zheng|Liang|Xie|Song|Tang|Feng|Han"
    "|Deng|Cao|Peng|Zeng|Xiao|Tian|Dong|Pan|Yuan|Cai|Jiang|Yu|Du|Ye|Cheng|Wei|Su|Lu|Lv|Ding|Ren|Yao|Shen|Zhong|Cui|Tan|Fan"
    "|Shi|Jia|Xia|Fu|Fang|Bai|Zou|Meng|Qin|Qiu|Hou|Jin|Xue|Lei|Kim|Park|Lee|Choi|Ouyang|Hao|Kong|Mao|Qian|Yan|Duan|Gong"
)

NICKS = frozenset("小老大阿")
# Names of places end so.
PLACE_ENDS = frozenset("家庄镇乡县村店寨屯湾口沟疃河山路港")
# "一张卡", "这段路", "对应于": these surnames are measures or parts of words there.
_MEASURES = frozenset("张段包连路席卷单章项车层季卞支门全时年平双方成")
_BEFORE_MEASURES = frozenset("一二两三四五六七八九十百千几这那哪每半多整0123456789了")
_BEFORE_YU = frozenset("由对关基用属至鉴处等位利便源大小高低善勇乐急忙终过优忠限出适应归")
_DAYS = frozenset("一二三四五六日末")


def is_measure(text: str, place: int) -> bool:
    """Whether the surname at a place is a measure (一张), a part of a word (由于) or a weekday (周一) there."""
    character, before = text[place], text[place - 1 : place]
    if character in _MEASURES:
        return before in _BEFORE_MEASURES
    if character == "于":
        return before in _BEFORE_YU
    return character == "周" and text[place + 1 : place + 2] in _DAYS
