/**
 * Words of requests that mean the same (同义词), and pairs that exclude one another (反义词): what people say is seldom what a category is called. Few groups, of
 * what is reported everywhere; what an organization says otherwise, its own tickets teach.
 */
import { normaliseText } from './bigrams.ts';

/** The first of each stands for all of them. In letters: whole words, as they are spelt after `stemOf`. */
const groups: readonly string[] = [
  '漏水|渗漏水|渗漏|渗水|滴水|跑水|淌水|往下漏|在漏|漏个不停|leak|drip|seep|leaky',
  '堵塞|堵住|堵了|堵上|堵死|不通|下不去|下水慢|blocked|clog|blockage',
  '故障|坏了|坏掉|坏的|损坏|失灵|不灵|不能用|用不了|没反应|不工作|不好用|出问题|出毛病|毛病|有问题|失效|异常|不正常|不亮了|不亮|fault|faulty|broken|fail|failure|problem|issue|malfunction|wrong',
  '马桶|坐便器|坐便|抽水马桶|toilet', '龙头|水龙头|水嘴|tap|faucet', '花洒|淋浴头|莲蓬头|shower', '下水|下水道|下水管|下水口|drain|drainage', '水管|管道|管子|pipe',
  '停电|没电|断电|没有电|outage|blackout', '停水|没水|断水|没有水了', '跳闸|跳电|空开跳', '电梯|升降机|直梯|lift|elevator', '困人|被困|困在|关在|困住|trap|stuck',
  '灯故障|灯不亮|灯坏|灯灭|灯不好|灯泡坏|灯管坏|灯也不亮|灯全黑|灯熄', '道闸|抬杆|起落杆|升降杆|闸杆|barrier', '车牌识别|不识别车牌|识别不了车牌|认不出车牌|扫不出车牌|不认车牌|不认我的车牌',
  '蟑螂|小强|cockroach|roach', '蚊虫|蚊子|飞虫|mosquito', '老鼠|耗子|鼠患|rat|mice|mouse', '犬只|遛狗|养狗|狗|dog', '噪音|噪声|太吵|声音很大|声音太大|声音特别大|声音好大|很吵|好吵|吵死|吵闹|吵得|吵人|noise|noisy|loud',
  '异味|臭味|恶臭|很臭|好臭|难闻|反味|返味|臭气|odour|odor|smell|stink', '异响|响声|怪响|怪声|异音|嗡嗡响|咯吱响|哐当响|咔咔响', '垃圾|废弃物|rubbish|trash|garbage|waste',
  '快递|包裹|快件|parcel|package', '退款|退钱|返款|钱没退|refund', '退货|退掉|想退|return', '换货|换一件|换一个新|exchange', '发票|开票|invoice', '投诉|态度差|态度恶劣|态度不好|服务差|态度很差|态度太差|态度极差|complaint|complain|rude',
  '表扬|点赞|锦旗|夸奖|praise|compliment', '建议|提议|suggestion|suggest', '登录|登陆|登不上|登不进|login', '网络|断网|没网|上网|上不了网|无线网|wifi|wi-fi|internet|network', '空调|冷气机|aircon',
  '不制冷|不冷|不凉|吹热风|没冷气|没冷风|没有冷风|制冷差|制冷不好|制冷效果差|吹不冷|不够冷|不够凉|热风|nocool', '不制热|不热|不暖|吹冷风|没热风|没有热风|制热差|制热不好|制热效果差|不够热|冷风|noheat', '打不开|开不了|开不开',
  '保洁|打扫|清扫|清洁|没人扫|很脏|太脏|好脏|脏了|脏乱|clean|dirty', '宿舍|寝室|dorm|dormitory', '食堂|饭堂|canteen', '路灯|街灯', '井盖|窨井盖|manhole', '违停|乱停车|违章停车|乱停|违规停车', '车位被占|占了我的车位|占我车位|占了我车位|占车位|车位被人|占着我的车位',
  '高空抛物|往下扔|扔下来|楼上扔', '破损|破了|裂了|碎了|裂开|破碎|破裂|碎掉|摔坏|crack|damage', '脱落|掉下来|掉落|松脱', '启动不了|不启动|无法启动|无法开机|开不了机|不开机|不通电|没法开机', '热水器|water heater', '屏幕|显示屏|screen',
  '延误|延迟|迟到|迟迟|拖延|晚到|没按时|delay|late', '缺货|没货|断货', '漏发|少发|少件|缺件|少了一|少寄|miss|missing', '发错|错发|寄错|发错货|wrongitem', '客房|房间|room', '入住|办理入住|check-in|checkin', '退房|check-out|checkout',
  '早餐|早饭|breakfast', '毛巾|浴巾|towel', '账单|账目|bill', '会员|vip|积分|membership|member', '邻里|邻居|隔壁|neighbour|neighbor', '树木|大树|小树|树枝|tree', '缴费|交费|付费|收费|扣费|交不了|缴不了|payment', '消火栓|消防栓|hydrant', '充电桩|充电柱|charger', '电瓶车|电动车|电动自行车|电动单车|电单车|e-bike|ebike', '车位费|停车费|泊车费', '优惠券|代金券|红包|coupon|voucher', '投影|投影仪|projector', '打印机|打印|printer', '电脑|计算机|computer|laptop', '乱收费|多收|多扣|重复扣款|overcharge',
  '积水|被淹|水淹|淹了|内涝|flood', '装修|renovation', '施工|工地|construction', '堵车|水泄不通|拥堵|交通拥堵', '占道|占用道路|摆摊|占道经营', '拖欠|欠薪|工资没发|不发工资|讨薪', '焦味|烧焦味|糊味|burning smell', '打火|冒火花|火花|spark', '钥匙|key', '门锁|锁芯|lock', '窗户|窗子|window',
];

/** Those that say what the other denies. A name with one of them is not meant by words with the other. */
export const opposites: readonly (readonly [string, string])[] = [
  ['制冷', '制热'], ['停水', '停电'], ['退货', '换货'], ['上水', '下水'], ['入住', '退房'], ['投诉', '表扬'], ['室内', '室外'], ['户内', '公共'], ['进口', '出口'], ['男', '女'], ['借', '还'], ['收入', '支出'],
  ['水费', '电费'], ['no water', 'no power'], ['cooling', 'heating'],
];

/** What says only that something is wrong: it tells nothing of what. */
export const generalWords: ReadonlySet<string> = new Set(['故障', '问题', '异常', '维修', '报修', '修理', '服务', '其他', '其它', '咨询', '情况', '处理', '管理', '设施', '设备', '系统', '相关', 'service', 'other', 'repair', 'general', 'request']);

/** Where something is says less than what it is. */
export const placeWords: ReadonlySet<string> = new Set(['厨房', '客厅', '卧室', '阳台', '卫生', '生间', '车库', '地下', '楼道', '走廊', '小区', '单元', '门口', '楼上', '楼下', '公共', '区域', '公园', 'kitchen', 'bathroom', 'bedroom', 'corridor', 'garage', 'building']);

const phrases: readonly (readonly [RegExp, string])[] = [
  [/\b(?:a\/?c|air[- ]?con(?:ditioner|ditioning|d)?s?)\b/g, ' aircon '], [/\bno (?:electricity|power)\b|\bpower (?:cut|is out|went out|failure)\b/g, ' outage '],
  [/\b(?:(?:is|does|do)?n['o]?t|not|no) (?:get(?:ting)? |blow(?:ing)? |very )?(?:cool(?:ing)?|cold)(?: air| enough)?\b|\b(?:blow\w*|only) (?:hot|warm) air\b/g, ' nocool '],
  [/\b(?:(?:is|does|do)?n['o]?t|not|no) (?:get(?:ting)? |blow(?:ing)? |very )?(?:heat(?:ing)?|warm|hot)(?: air| enough)?\b(?! water)|\b(?:blow\w*|only) cold air\b/g, ' noheat '],
  [/\bwrong (?:item|product|size|colou?r|goods)\b/g, ' wrongitem '], [/\b(?:(?:is|does|do|did)?n['o]?t|not) work(?:ing|s)?\b/g, ' fault '], [/\blog(?:ging)?[ -]?in\b|\bsign(?:ing)?[ -]?in\b/g, ' login '],
  [/\bcheck(?:ing)?[ -]in\b/g, ' checkin '], [/\bcheck(?:ing)?[ -]out\b/g, ' checkout '], [/\bwi[- ]fi\b/g, ' wifi '],
];

const letters = /^[a-z]/;
const entries = groups.flatMap((group) => {
  const words = group.split('|');
  return words.map((word) => [word, words[0]!] as const);
});
const ofLetters = new Map(entries.filter(([word]) => letters.test(word)));
// The longest first; the first of a group as well, or a part of it would be taken for another.
const ofCharacters = new Map(entries.filter(([word]) => !letters.test(word)));
const anyCharacters = new RegExp([...ofCharacters.keys()].sort((a, b) => b.length - a.length).join('|'), 'gu');

/** A word of letters without its ending (词干), roughly: leaking, leaks, leaked are leak. */
export function stemOf(word: string): string {
  if (word.length <= 3) return word;
  const bare = word.replace(/(?:ing|ed|es|s)$/, '');
  const ending = word.slice(bare.length);
  if (bare.length < 3 || (ending === 's' && bare.endsWith('s'))) return word;
  if (ending === 'es' && !/(?:s|x|z|ch|sh)$/.test(bare)) return word.slice(0, -1);
  return (ending === 'ing' || ending === 'ed') && /([bdgmnprt])\1$/.test(bare) ? bare.slice(0, -1) : bare;
}

/** Where a text says what means the same otherwise (换词之处): the place of it in the plain text, and the word that stands for it. */
export function otherWords(plain: string): { start: number; end: number; word: string }[] {
  const found = [...plain.matchAll(anyCharacters)].map((match) => ({ start: match.index, end: match.index + match[0].length, word: ofCharacters.get(match[0])! }));
  for (const [find, word] of phrases) for (const match of plain.matchAll(find)) found.push({ start: match.index, end: match.index + match[0].length, word: ofLetters.get(word.trim()) ?? word.trim() });
  for (const match of plain.matchAll(/[a-z][a-z-]*/g)) found.push({ start: match.index, end: match.index + match[0].length, word: ofLetters.get(match[0]) ?? ofLetters.get(stemOf(match[0])) ?? stemOf(match[0]) });
  return found;
}

/** A text in which whatever means the same is said the same way (归一用词), in small letters. */
export function sameWords(text: string): string {
  let plain = normaliseText(text);
  if (/[a-z]/.test(plain)) {
    for (const [find, word] of phrases) plain = plain.replace(find, word);
    plain = plain.replace(/[a-z][a-z-]*/g, (word) => ofLetters.get(word) ?? ofLetters.get(stemOf(word)) ?? stemOf(word));
  }
  return plain.replace(anyCharacters, (word) => ofCharacters.get(word)!);
}
