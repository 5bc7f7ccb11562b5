"""What Chinese names are made of. Numbers are costs: natural logarithms of one in so many names."""

from __future__ import annotations

from pathlib import Path

from identity.redaction.lexicon import persons, words

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
            "章费甘浦戈伏邸雍宾杭茹危亢嵇湛戎茅尉冶束檀昝幸衡邴逄綦曷丘尧"
            "赖裘荀於羿汲宓钭蓟酆贲郦郤璩濮郏宦庾暨厍訾毋逯竺韶麴殳乜夔雒郇缑蹇仉昃隽"
            "郄郐郧郯贠苌芈虢眭睢仵庹恽忻辜翦糜禚侴俎偰钏禤佶啜",
        ),
        (
            7.2,
            "昌凤滑松牧宿代怀莘隆蓬堵桓鱼巢弘贡寿弓成米连边党南原花单管司官封谈班皮查斯衣智奉富勾哈诸豆练薄云巴乐麻商冀冷黑古"
            "卿闪乌崇励慈冒沐旷暴撒闭赛菅玄买赫索稽楼候揭那凡",
        ),
        (
            9.0,
            "应元支居容修印计经贝广羊秋苍信展时农师全和明年海喜光向国车水丰平满盘门权帅相敬玉强伊"
            "区妥摆禄扶侍宰步越融泽冰铁阴墨益",
        ),
        (
            10.0,
            "占阿来母岩鲜况达银刀公才字干扎布利呼保拉腾户植渠虎巨青操税谯娜木未靖多东别藏山轩种琚宛尼咸畅续加泮宝历么德"
            "格招资言皇竹寻磨承戢弋零纵钦念望郅粱律仪香伦汝英台央双随依顿延扬回西洛籍纳拓昂宇刚密拜永春雪塔红义亚思法火"
            "远梦牙庆秀千静丹萨朵美朋冬朝营志紫真晓瑞恩佳博楠颉甯淦弭呙折绳蒿端皋令归卯锁桃"
            "仰慎督郈琴佴伯赏福磊肇缐荚笃昔潭敦兀遆弥绪匙俱剡妙果尕",
        ),
        # Of these the grammar is made: nobody is called so without a cue.
        (12.5, "家能却通充终空养后爱但先自由过补善树勇吾柔日"),
    )
    for surname in surnames
} | dict.fromkeys(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "皇甫",
        "东方",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
        "尉迟",
        "公孙",
        "端木",
        "长孙",
        "宇文",
        "轩辕",
        "钟离",
        "独孤",
        "南宫",
        "西门",
        "呼延",
        "闻人",
        "澹台",
        "申屠",
        "公羊",
        "太史",
        "完颜",
        "赫连",
        "鲜于",
        "百里",
        "淳于",
        "万俟",
        "拓跋",
        "纳兰",
        "濮阳",
        "闾丘",
        "公冶",
        "宗政",
        "单于",
        "太叔",
        "仲孙",
        "司空",
        "亓官",
        "司寇",
        "仉督",
        "颛孙",
        "巫马",
        "公西",
        "漆雕",
        "乐正",
        "壤驷",
        "公良",
        "夹谷",
        "宰父",
        "谷梁",
        "段干",
        "东郭",
        "羊舌",
        "梁丘",
        "左丘",
    ],
    6.0,
)

GIVEN: dict[str, float] = {
    character: cost
    for cost, characters in (
        (
            6.8,
            "其来豆朵点团糖烂胖瓜之家平尔大小山光人元中老二夫一士清达爷氏儿振哥汉庄青祖树雷相尼帝见方河岩基心少才州笑叔可朝科书布引全连奇"
            "有水为主臣守帅开普纳承继进胜兄弟泰后乐马本礼信塔帆章时若传权治复卿诚发耀白皇堂寨知令友入根四行升喜湖初自加登"
            "向群得将侠圣陵崇桥仙威化震奔怀逊年郎鸣梦蒂乃通京望五寺重巴富用亭任官经显衡命听宣冲上原双图言闻孙直起润区乾"
            "师兵襄如村侯莱寿法容修周杨曾岭园奥刘古理儒烈魏毛旗念唐乔教钦统茶校肃均精贯典岗麦坦纪柳归胡艾池藻赵敦慈临尊傅鹿羊翼秦驹霍枝陆惟照觉实果象牧植渠努陶步伏约离养易房环岑李王吴斯丁朱阿伊特克拉格勒卡瓦姆兹耶萨提塞甲姊庚豫率申舟舜镜滩背坡藩耕仕商何慎昂虚汗壮尹施载巨郭含徽淮潜余费贺劲谋璋燮伸寅坪塘铨井历潭竟蔚赤彭迟品扶遇曲屏逢荫芽雍隐虞骑藏鸟琏锁铎甘莽咸殷辽岸盈仰积固峡术笙杏旦沃录足早履适护韩朴粮充幸映驰圭碑球巢藤禅婴滋融铃玺垣箭幽绵笛鉴灯"
            "北女叹举史派性司部业托母堡宪霖九奎厚右前监扬微百温能从谷哈岳无多黄头必宋合阁渊备都转观豪跃殿密依叶作征奉"
            "存客居满神诸洞紫津恭锋张顿卓御于问攻季逸占索沙遂关怒内宾集亨栋末七制旺楼联增夏陈战久列渡千首农回留米分苏柔虹"
            "迎妹斗站欲吾表端先进利快顺好意常青蓝黑白红绿水木火土雨雪霜露冷热宁静动力量度正直公共同声名利得失成功业务",
        ),
        (
            5.6,
            "三天伯武亚剑卫丹希廷雄万誉兆楚佩亦冠茂庭以汝献珠丰语益昆佐碧允改桢廉育潮毓瑟遥勃朋满仓恺绣影舞泓瑛俭滨椿芹娴禧骞韶煦濂蕙婕鹃曙昀楷励樱漪靓花田仲宗保城南银坤瀚晗苒珩霏玥彧汐婵翀焱祎沅莞攸烁爽娆伦曼靖晶"
            "暖小一淑惠芬素琴爱菊莲香翠月巧彩秋冬夏桃莹璐瑶蕾薇妍妮娅媛婧姗媚嫣彤彬松柏森树楠梁栋柱根江泉沛泽淼源溪炎炜焕煜熙"
            "烨灿炳煌勋旭阳昊昕晖曦晴景星辰昌盛晟昭智睿聪哲贤良善仁义礼信忠孝诚恒毅坚定安康泰和顺吉祥利贵财宝珊瑚琼瑾瑜璇琦琛"
            "玮珂珺钰鑫锋铭锐钢铁银锦钧铮震霆霖露雯霄凌冰寒岳峻嵩巍彪骏骥马鸿鹤莺麒麟腾运胜迅全兴旺展业宏广大世正圆圣君"
            "子公卿士学书诗歌奇山川石磊妹姣娇婉妙姝妤婵娥嫦芝芷苗茜茹荷莎菁菲萌萱葵蓓蓉蔓薛蝶颜颂预顾顺飒冉冲凡刚勤勉厚友启"
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
# Everyday words that are given names, too, and what such a one costs.
GIVEN_WORDS = frozenset((Path(__file__).parent / "given.txt").read_text(encoding="utf-8").partition("\n\n")[2].split())
GIVEN_WORD = 8.5
RARE_GIVEN = 9.0
# Everyday words that are surnames too: without a given name they need more than a title behind them (向主任反映).
PREPOSITIONS = frozenset("向和同由与连应当全都及方")
# These hardly stand without a given name at all (阿姨, 母老师, 来人).
NEVER_BARE = frozenset("阿母来双家能却通充慎终空养后督伯赏爱福但先自由过补善树勇吾日果")
# No name is made with these, unless the text says that it is one.
NEVER_GIVEN = frozenset(
    "到在者应都的了是不我你他她它们这那哪就也还很太最被把给对跟从去说要会没吗吧呢啊哦呀么什怎谁几个位次件号办让找问等某请打带拿又已您咱俺此且但而与及或"
)
NEVER_COST = 30.0
# 房子, 石头: behind one character these make a word.
SUFFIXES = frozenset("子头儿们")
# What somebody does rather than what they are called (代录, 车主任捎).
HARDLY_GIVEN = frozenset("填写签跑排退补催缴捎搞弄喊骂推踢拖卡领查审批录拍扫撕扔摔询递送取报交打拿")
HARDLY_COST = 16.0

# Parts of names of the minorities as they are written in Chinese; two of them make a name.
_PARTS = (
    "且沙 丹增 丹巴 乌云 乌云其其格 乌云塔娜 乌仁 乌兰 乌力吉 乌尼尔 乌恩 乌恩其 乌日 乌日娜 乔巴 买买提 "
    "买买提江 买合木提 买合苏提 亚力坤 亚库普 亚库甫 亚森 仁增 仁钦 仁青 仓决 伊力哈木 伊拉图 伊敏 伍各 "
    "伍呷 佐热木 依不拉音 依布拉音 依拉洪 依明 依火 依米提 俄木 先措 克惹 其其格 其木格 其美 再努尔 "
    "再娜普 凯赛尔 别克 加央 加娜尔 加尔肯 加措 加羊 努尔 努尔买买提 努尔兰 努尔古丽 勒伍 包力高 卓嘎 "
    "卓嘎央宗 卓玛 卓玛措 南杰 卡德尔 卡斯木 卡米力 古丽 古丽仙 古丽娜尔 古丽巴哈尔 古兰 叶尔兰 叶尔波力 "
    "叶尔肯 司马义 吉仁台 吉伍 吉克 吉力力 吉日嘎拉 吉木 吉毛 吉觉 吉雅 吐尔地 吐尔孙 吐尔干 吐尔洪 "
    "吐尔逊 吐逊 吐鲁洪 吾买尔 吾拉木 吾斯曼 呼和 呼斯楞 呼格吉勒 哈丽旦 哈力 哈力克 哈山 哈斯 哈斯巴根 "
    "哈斯木 哈日 哈达 哈那提 喀迪尔 嘎玛 图尔荪 图门 图雅 图雅花 土登 地日 坚参 塔依尔 塔吉古丽 塔娜 "
    "塔拉 塔杰 塔西 塞娜 多吉 多杰 央吉 央宗 央拉 央珍 央金 娜仁 娜仁托娅 娜仁花 娜尔 娜布其 娜日苏 "
    "娜迪拉 孟和 孟根 完德 宝力格 宝力高 宝音 尔古 尔布 尔果 尕玛 尕藏 尼加提 尼玛 尼珍 居来提 居马 "
    "巴合提 巴哈尔 巴哈提 巴图 巴图尔 巴根 巴桑 巴特尔 巴雅尔 巴雅斯古楞 布仁 布和 布威 布日古德 希吉日 "
    "希林 帕丽旦 帕孜 帕尔哈提 帕提古丽 帕提曼 帕提玛 平措 平措旺堆 库尔班 库尔班江 强巴 德力格尔 德吉 "
    "德庆 恩和 才仁 才仁卓玛 才旦 才让 扎堆 扎巴 扎桑 扎汗 扎西 托乎提 托合提 托娅 拉吉 拉姆 拉巴 拉日 "
    "拉毛 拉珍 措吉 措姆 措毛 敖日格乐 敖特根 敖登 斗格 斯日 斯琴 斯琴高娃 斯迪克 日古 日哈 日火 旦增 "
    "旺久 旺修 旺堆 旺姆 旺扎 旺杰 旺青 普布 曲吉 曲培 曲扎 曲措 曲木 曲比 曲珍 朗杰 朝克图 朝格图 朝鲁 "
    "朝鲁门 木且 木乃 木合买提 木合塔尔 木呷 木拉提 木拉提别克 木果 查娜 查干 格列 格勒 格央 格日乐 "
    "格日勒 格根 格桑 桑吉 桑杰 桑珠 森格 次仁 次央 次旦 次旺 次珍 欧珠 毕力格 永忠 江白 沙吾列 沙拉买提 "
    "沙玛 沙马 洛松 洛桑 洛追 海来 海热提 满达 热依拉 热依汗 热依汗古丽 热合曼 热娜 热孜 热杰甫 热米拉 "
    "热西提 照日格图 牙生 牧仁 牧其尔 特古斯 特木尔 玉山江 玉素甫 玉苏甫 玛依拉 环措 珠扎 珠拉 瓦哈甫 "
    "白玛 白音 益西 益西旺姆 祖丽 祖丽胡玛尔 祖农 祖力 穆合塔尔 穆太力甫 穆罕默德 穆萨 米久 米吉提 "
    "米尔扎 米热古丽 米玛 索南 索朗 维色 罗布 美朵 肉孜 胡安 胡日查 胡玛尔 艾克拜尔 艾克热木 艾则孜 艾力 "
    "艾合买提 艾合塔木 艾孜买提 艾尔肯 艾尼 艾山 艾斯卡尔 艾比布拉 苏力 苏和 苏布德 苏德 苏日古嘎 苏日娜 "
    "苦惹 英格 茹仙古丽 茹孜 莫日根 莫色 萨仁 萨吾提 萨如拉 萨日娜 萨比尔 萨茹拉 萨迪克 补约 西绕 诺布 "
    "贡嘎 贡布 贡觉 赛买提 赛迪 赤列 边巴 达吾提 达娃 达来 达林太 达珍 达瓦 迪丽 迪里 道尔吉 那日 那木 "
    "那木拉 那顺 金巴 金花 铁木尔 锡林 阿不力克木 阿不来提 阿不都 阿依 阿依努尔 阿依古丽 阿依莫 阿力木 "
    "阿力甫 阿卜力孜 阿卜杜 阿卜杜拉 阿各 阿呷 阿呷莫 阿娜尔 阿孜买提 阿孜古丽 阿布力孜 阿布力米提 "
    "阿布来提 阿布都 阿扎提 阿拉坦 阿拉腾 阿支 阿曼古丽 阿木 阿木尔 阿果 阿洛 阿牛 阿瓦古丽 阿米娜 阿苏 "
    "阿茹娜 阿荣 阿西木 阿迪力 降央 陶格斯 顿珠 额尔德尼 额尔敦 额尔登 马哈提 马海 高娃 麦合木提 麦提 "
    "麦麦提 麦麦提明 麦麦提江"
)
PARTS = _PARTS.split()
# Clans of the Manchu, before a name with or without a dot.
CLANS = "爱新觉罗|叶赫那拉|乌拉那拉|钮祜禄|富察|瓜尔佳|佟佳|马佳|索绰罗|博尔济吉特|西林觉罗|伊尔根觉罗|那拉"
TRANSLITERATED = frozenset(
    "阿艾巴拜班宝别布查达丹旦德迪丁都多尔尕格古哈海汗合赫胡吉加江杰卡克拉勒力丽里林鲁罗洛买玛麦曼米蜜木娜那乃尼努帕皮平恰青琼曲热仁日茹萨赛桑沙珊姆史丝斯苏素塔"
    "提帖吐图托娃瓦乌吾西希夏孜扎札则增珠卓孜祖亚娅雅叶伊依音尤玉扎拉明逊甫乎洪生伦敦不卜杜买提地代肯耶吾甫衣别克白霍加"
)
PINYIN_SURNAMES = (
    "Wang|Li|Zhang|Liu|Chen|Yang|Zhao|Huang|Zhou|Wu|Xu|Sun|Zhu|Ma|Hu|Guo|Lin|Gao|Luo|Zheng|Liang|Xie|Song|Tang|Feng|Han"
    "|Deng|Cao|Peng|Zeng|Xiao|Tian|Dong|Pan|Yuan|Cai|Jiang|Yu|Du|Ye|Cheng|Wei|Su|Lu|Lv|Ding|Ren|Yao|Shen"
    "|Zhong|Cui|Tan|Fan"
    "|Shi|Jia|Xia|Fu|Fang|Bai|Zou|Meng|Qin|Qiu|Hou|Jin|Xue|Lei|Kim|Park|Lee|Choi|Ouyang|Hao|Kong|Mao|Qian|Yan|Duan|Gong"
)

NICKS = frozenset("小老大阿")
# Names of places end so.
PLACE_ENDS = frozenset("家庄口河山")
# 李家大院, 王家的: behind 家 these make no given name.
NO_GIVEN_AFTER_HOME = frozenset("大小老人里上中门长家")
# Towns, and offices, shops and schools (城管局, 羊汤馆).
TOWN_ENDS = frozenset("岗镇乡县村店寨屯湾沟疃路港街局科厅处院所站馆厂校司部委署室区市省")
# "一张卡", "这段路", "对应于": these surnames are measures or parts of words there.
_MEASURES = frozenset("万张段包连路席卷单章项车层季卞支门全时年平双方成")
_BEFORE_MEASURES = frozenset("一二两三四五六七八九十百千几这那哪每半多整0123456789了")
_BEFORE_YU = frozenset("由对关基用属至鉴处等位利便源大小高低善勇乐急忙终过优忠限出适应归")
# Between two names or roles: 委托人和受托人.
_JOINTS = frozenset("和与及同")
# 老师傅, 感谢, 谢谢: the end of a word.
_DOUBLES = {"傅": "师", "谢": "感谢多致"}
_DAYS = frozenset("一二三四五六日末")


def is_measure(text: str, place: int) -> bool:
    """Whether the surname at a place is a measure (一张), a part of a word (由于) or a weekday (周一) there."""
    character, before = text[place], text[place - 1 : place]
    if character in _MEASURES:
        return before in _BEFORE_MEASURES
    if character == "于":
        return before in _BEFORE_YU
    if character in _JOINTS:
        return before.isalpha() and before not in "姓叫是"
    if character == before == "谢":
        return text[max(0, place - 2)] not in "感谢" or place < 2
    if character in _DOUBLES:
        return bool(before) and before in _DOUBLES[character]
    return character == "周" and text[place + 1 : place + 2] in _DAYS


# What a character costs in a given name: by its counts in such a place, where `names` does not know better; and at its
# end: 镇 and 局 end the names of places and offices.
COMMON, RAREST, _LIKE_A_TOWN = 6.0, 11.0, 9.0
# A character of which the grammar is made (应, 让) is one of a name only where it often is.
_GRAMMAR, _OFTEN = 2.0, 9.0


def _costs(which: str, last: bool) -> dict[str, float]:
    counted, everyday = persons(which), words()
    costs = {}
    for character in GIVEN | counted | dict.fromkeys([*TOWN_ENDS, *NEVER_GIVEN, *HARDLY_GIVEN]):
        cost = counted.get(character, RAREST)
        if (ruled := GIVEN.get(character, RAREST)) < COMMON:
            cost = min(cost, ruled)
        cost = min(cost, RAREST if character in everyday else RARE_GIVEN)
        if which == "only" and character in SUFFIXES:
            cost = HARDLY_COST
        if last:
            cost += _LIKE_A_TOWN * (character in TOWN_ENDS)
        if character in NEVER_GIVEN:
            cost = cost + _GRAMMAR if cost < _OFTEN else NEVER_COST
        costs[character] = max(cost, HARDLY_COST) if character in HARDLY_GIVEN else cost
    return costs


FIRST_OF_TWO, LAST_OF_TWO, ONLY_ONE = _costs("first", False), _costs("second", True), _costs("only", True)
AS_WORDS = persons("word") | {word: min(GIVEN_WORD, persons("word").get(word, GIVEN_WORD)) for word in GIVEN_WORDS}

# Before a kinship: a given character by itself costs less, and these are numbers and kinds (三叔, 小妹).
_OFTEN_ALONE = 7.0
_NEVER_ALONE = frozenset("一二三四五六七八九十百大小老中外亲好新女男")


def is_given_name(name: str, kin: str) -> bool:
    """Whether one or two characters before a kinship, which begins with `kin`, are a given name."""
    if len(name) == 1:
        if name in _NEVER_ALONE:
            return False
        often = min(ONLY_ONE.get(name, RAREST), GIVEN.get(name, RAREST)) < _OFTEN_ALONE
        return often and SURNAMES.get(name, RAREST) > _OFTEN_ALONE and name + kin not in words()
    if name[1] == "子":
        return GIVEN.get(name[0], RAREST) < COMMON
    both = FIRST_OF_TWO.get(name[0], RAREST) + LAST_OF_TWO.get(name[1], RAREST)
    full_name = SURNAMES.get(name[0], RAREST) < _OFTEN_ALONE or name[0] in NICKS or name[1] in _NEVER_ALONE
    return name in GIVEN_WORDS or (both < 2 * _OFTEN_ALONE and name not in words() and not full_name)
