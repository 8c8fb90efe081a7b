// Of each syllable the first of its everyday characters in the order of the collation for pinyin (CLDR), which every browser
// and the server have: what stands between two of them is read as the former.
const firsts = `a吖 ai哎 an安 ang肮 ao凹 ba八 bai掰 ban扳 bang邦 bao包 bei卑 ben奔 beng崩 bi逼 bian边 biao标 bie憋 bin宾 bing冰 bo拨 bu卜 ca擦 cai猜
can参 cang仓 cao操 ce册 cen岑 ceng层 cha叉 chai拆 chan掺 chang昌 chao抄 che车 chen抻 cheng称 chi吃 chong充 chou抽 chu出 chuai揣
chuan川 chuang疮 chui吹 chun春 chuo戳 ci疵 cong匆 cou凑 cu粗 cuan窜 cui崔 cun村 cuo搓 da搭 dai呆 dan丹 dang当 dao刀 de得 den扽
deng灯 di低 dia嗲 dian掂 diao刁 die爹 ding丁 diu丢 dong东 dou都 du督 duan端 dui堆 dun吨 duo多 e俄 en恩 er儿 fa发 fan帆 fang方 fei飞
fen分 feng丰 fou否 fu夫 ga旮 gai该 gan甘 gang冈 gao羔 ge戈 gei给 gen根 geng庚 gong工 gou勾 gu估 gua瓜 guai乖 guan关 guang光 gui归
gun滚 guo郭 ha哈 hai孩 han憨 hang夯 hao蒿 he喝 hei黑 hen痕 heng亨 hong轰 hou侯 hu乎 hua花 huai怀 huan欢 huang荒 hui灰 hun昏 huo豁
ji丌 jia加 jian尖 jiang江 jiao交 jie阶 jin巾 jing京 jiong炯 jiu纠 ju居 juan娟 jue决 jun军 ka咖 kai开 kan刊 kang康 kao考 ke柯 ken肯
keng吭 kong空 kou抠 ku枯 kua夸 kuai蒯 kuan宽 kuang匡 kui亏 kun坤 kuo扩 la垃 lai来 lan兰 lang郎 lao捞 le乐 lei雷 leng棱 li厘 lia俩
lian连 liang良 liao辽 lie列 lin邻 ling伶 liu溜 long龙 lou娄 lu卢 lv驴 luan峦 lue掠 lun抡 luo罗 ma妈 mai埋 man蛮 mang忙 mao猫 me么
mei没 men门 meng萌 mi咪 mian眠 miao喵 mie咩 min民 ming名 miu谬 mo摸 mou谋 mu母 na拿 nai乃 nan男 nang囊 nao孬 ne讷 nei内 nen嫩 neng能
ni妮 nian蔫 niang娘 niao鸟 nie捏 nin您 ning宁 niu妞 nong农 nu奴 nv女 nuan暖 nue疟 nuo挪 o哦 ou欧 pa趴 pai拍 pan潘 pang乓 pao抛 pei胚
pen喷 peng烹 pi批 pian偏 piao飘 pie撇 pin拼 ping乒 po坡 pou剖 pu仆 qi七 qia掐 qian千 qiang枪 qiao敲 qie且 qin亲 qing青 qiong穷
qiu丘 qu区 quan圈 que缺 qun裙 ran然 rang嚷 rao饶 re惹 ren人 reng扔 ri日 rong戎 rou柔 ru如 ruan阮 rui蕊 run闰 ruo若 sa撒 sai塞 san三
sang桑 sao骚 se色 sen森 seng僧 sha杀 shai筛 shan山 shang伤 shao烧 she奢 shei谁 shen申 sheng升 shi尸 shou收 shu书 shua刷 shuai衰
shuan拴 shuang双 shui水 shun顺 shuo说 si丝 song松 sou搜 su苏 suan酸 sui虽 sun孙 suo梭 ta他 tai胎 tan贪 tang汤 tao涛 te特 teng疼
ti梯 tian天 tiao挑 tie帖 ting厅 tong通 tou偷 tu秃 tuan湍 tui推 tun吞 tuo托 wa挖 wai歪 wan弯 wang汪 wei危 wen温 weng翁 wo窝 wu乌 xi夕
xia虾 xian仙 xiang乡 xiao枭 xie些 xin心 xing星 xiong凶 xiu休 xu戌 xuan轩 xue削 xun勋 ya丫 yan烟 yang央 yao夭 ye椰 yi一 yin因 ying应
yo哟 yong拥 you优 yu迂 yuan冤 yue约 yun晕 za杂 zai灾 zan簪 zang赃 zao遭 ze则 zei贼 zen怎 zeng增 zha渣 zhai斋 zhan沾 zhang张 zhao招
zhe遮 zhen贞 zheng争 zhi之 zhong中 zhou州 zhu朱 zhua抓 zhuai拽 zhuan专 zhuang庄 zhui追 zhun谆 zhuo拙 zi姿 zong宗 zou邹 zu租
zuan钻 zui嘴 zun尊 zuo昨`.split(/\s+/).map((one) => ({ syllable: one.slice(0, -1), first: one.slice(-1) }));

/** Surnames that are read otherwise than the character is elsewhere. */
const surnames: Readonly<Record<string, string>> = {
  曾: 'zeng', 单: 'shan', 解: 'xie', 仇: 'qiu', 区: 'ou', 查: 'zha', 朴: 'piao', 盖: 'ge', 覃: 'qin', 翟: 'zhai', 乐: 'yue', 任: 'ren', 缪: 'miao', 冼: 'xian', 员: 'yun', 尉: 'yu', 万: 'wan', 华: 'hua', 薄: 'bo', 折: 'she', 卜: 'bu', 樊: 'fan', 召: 'shao', 谌: 'chen', 种: 'chong', 郗: 'xi', 佟: 'tong', 瞿: 'qu',
};
const han = /\p{Script=Han}/u;

let collator: Intl.Collator | undefined;
const known = new Map<string, string>();

/** How a character is read in pinyin (拼音), without its tone; undefined for what is no Chinese character. */
function syllableOf(character: string): string | undefined {
  if (!han.test(character)) return undefined;
  const before = known.get(character);
  if (before !== undefined) return before;
  collator ??= new Intl.Collator('zh-Hans-u-co-pinyin');
  let low = 0;
  let high = firsts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (collator.compare(character, firsts[middle]!.first) >= 0) low = middle;
    else high = middle - 1;
  }
  const { syllable } = firsts[low]!;
  known.set(character, syllable);
  return syllable;
}

/** What was typed as letters of pinyin (`v` for ü); empty where it is something else. */
function lettersOf(typed: string): string {
  const letters = typed.toLowerCase().replaceAll(/[\s'’]/g, '').replaceAll('ü', 'v');
  return /^[a-z]+$/.test(letters) ? letters : '';
}

/** Whether something may be pinyin: Latin letters alone. */
export const maySound = (typed: string): boolean => lettersOf(typed) !== '';

/**
 * Whether a name is meant by what was typed in Latin letters (拼音匹配): by initials (`cj`), syllables (`chenjing`), the beginning of
 * one (`chenj`), or any mixture, from the beginning of the name or of its given name. `v` stands for ü, and may be typed as u.
 */
export function soundsLike(name: string, typed: string): boolean {
  const letters = lettersOf(typed);
  if (letters === '') return false;
  const characters = [...name];
  const syllables = characters.map((character, at) => (at === 0 ? surnames[character] : undefined) ?? syllableOf(character));
  return syllables.some((syllable, at) => syllable !== undefined && (at < 3 || syllables[at - 1] === undefined) && fits(letters, syllables.slice(at)));
}

/** Every letter is used up, character after character: each takes its initial or its whole syllable, the last one any beginning of it. */
function fits(letters: string, syllables: readonly (string | undefined)[]): boolean {
  if (letters === '') return true;
  const [syllable] = syllables;
  if (syllable === undefined) return false;
  for (const spoken of new Set([syllable, syllable.replace('v', 'u')])) {
    for (let taken = Math.min(spoken.length, letters.length); taken > 0; taken -= 1) {
      const whole = taken === spoken.length || taken === 1 || taken === letters.length || (taken === 2 && /^[zcs]h/.test(spoken));
      if (whole && letters.startsWith(spoken.slice(0, taken)) && fits(letters.slice(taken), syllables.slice(1))) return true;
    }
  }
  return false;
}
