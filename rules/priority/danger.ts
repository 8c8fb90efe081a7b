/**
 * Danger to people or to the building in the words of people (危险描述): what has happened or is about to, not what is denied, likened or only called so
 * (打不着火, 着火一样的红灯, 漏电保护器).
 */
import { withoutDenied } from '../text/category-names.ts';

// What of a text may decide: longer ones come to the point before.
const mostText = 20_000;

const somebody = '(?:(?<![工本主])人(?!行)|孩子|小孩|宝宝|婴儿|老人|老头|老太|奶奶|爷爷|妈妈?|爸爸?|女儿|儿子|乘客|业主|住户|同事|工人|我们|(?<![机开])手(?![机柄电])|手指|胳膊|脑袋)';
const inside = '(?:屋|房|家|电梯|轿厢|里面|里|卫生间|厕所|阳台|车)';
const electric = '(?:电线|电缆|高压线|线路|插座|插头|排插|插线板|开关|电箱|电表箱?|配电箱|配电柜|充电桩)';
const gas = '(?:煤气|燃气|天然气|液化气|瓦斯)';
const above = '(?:天花板?|吊顶|顶棚|楼板|房顶|屋顶|墙体?|外墙砖?|瓷砖|广告牌|灯箱|雨棚|空调外机|外机|玻璃|护栏|栏杆|阳台|大树|树|脚手架)';
const unlike = '(?!了?(?:一样|似的|一般|般的|那样|的?(?:音效|声效|音乐|颜色|感觉|演练|预案|宣传|隐患)))';

const chinese: readonly RegExp[] = [
  `爆(?:了)?(?:水)?管|(?:水管|管道|管子|管|暖气片?|阀门?|龙头|热水器|锅炉|水箱)[^，。！？；]{0,4}(?:爆裂?|爆开|炸裂?|崩)了?${unlike}|(?:爆裂|炸裂|爆炸)${unlike}`,
  `水(?:喷(?!不|头|雾|壶)|涌|漫)|(?:往外|到处|狂)(?:喷|涌)|水[^，。！？；]{0,3}到处都?是|到处都?是水|满(?:地|屋子?|屋里)都?是水|(?:被|都|全|快|给)淹|淹(?:了|没)|水淹`,
  `触电|电击|漏电(?!保护|开关|断路|保险|检测)|电(?:到|着)(?:了|人|我|手|孩子)|被电(?:到|着|击|了)|(?<!不)麻电`,
  `(?<![打点不])着(?:了)?火(?!点|器)${unlike}|(?<!引|容易)(?:起|失)火(?!灾)${unlike}|(?:发生|有|是|突发)火灾(?!报警|演练|隐患|险|探测)|^火灾(?:事故)?$|烧(?:起来|着)了|(?:冒|直冒)[黑浓白大]?(?:烟|火)|浓烟|(?:打|起|冒|有|迸|闪)火花|烧焦(?:了)?的?(?:气|臭)?味|焦糊?味`,
  `${electric}[^，。！？；]{0,8}(?:掉(?:了)?下来|垂下来|断(?:了|落)|裸露|露出|烧|打火)`,
  `${gas}[^，。！？；费灶]{0,4}(?:泄[漏露]|漏气|漏了|在漏|外泄)|${gas}(?:灶|管)[^，。！？；]{0,3}(?:泄[漏露]|漏气)|漏(?:了)?${gas}|${gas}[^，。！？；费]{0,3}(?:味道?|臭味|气味)|(?:闻到|闻着|有股?|一股)[^，。！？；]{0,6}${gas}(?!费|表|卡|灶|公司)`,
  `被困(?!扰|惑)|(?<!犯|贫)困(?:人|住|在)|${somebody}[^，。！？；]{0,6}(?:卡|夹|关|反?锁)(?:在|住|到|进)|被(?:反?锁|关)在[^，。！？；门外]{0,4}${inside}(?!外|门外)`,
  `晕倒|昏倒|昏迷|休克|受了?伤|流血|出血|骨折|(?:砸|撞|烫|烧|割|扎|咬|打)(?:伤|到人|中人|死)|(?<!容易|小心|担心|当心|防止|以免|避免|差点|怕|会|别)(?:摔|滑|跌)(?:倒|伤|下|了)|起不来|溺水|落水|跳楼|坠楼|轻生|自杀|中毒(?!险)|呼吸困难|喘不上气|心脏病|心梗|中风|抽搐|没有?呼吸|持刀|行凶`,
  `坠落|坍塌|倒塌|塌(?:了|陷|方|下)|(?:要|快|会)塌|${above}[^，。！？；]{0,6}(?:掉(?:了)?下来|要掉|砸|倒了)`,
].map((source) => new RegExp(source, 'u'));

const english: readonly RegExp[] = [
  'on fire|caught fire|(?:a|the) fire(?! (?:alarm|extinguisher|door|exit|drill|hydrant|escape|station|hose|safety|inspection|detector|panel|pump|department))|fire (?:in|at|on|broke|is|has)|flames?',
  '(?<!(?:cigarette|tobacco|second-?hand|cooking) )smoke (?:is|in|on|from|coming|came|everywhere|out)|(?:lots? of|see|seeing|black|thick|smell(?:ing|s)?) smoke|(?:panel|socket|outlet|plug|wire|cable|motor|machine|charger|battery|engine|oven) is smoking',
  'sparks?|sparking|burning smell|smell of burning|smells? (?:like )?burn(?:ing|t)|explosion|explod(?:ed|ing)', 'gas (?:is )?leak(?:s|ing|age)?|leak(?:ing|s)? gas|smell(?:s|ing|ed)?(?: of| like| the| some)? gas|smell of gas|gas smell',
  'electric(?:al)? shock|electrocut(?:ed|ion)|got shocked|shocked (?:me|him|her|us|by)|live wires?|exposed (?:wires?|cables?)|(?:wire|cable)s? (?:is |are |has |have )?(?:fallen|hanging|down)',
  '(?:person|people|people|passenger|someone|somebody|child|kid|baby|man|woman|we|i|am|are|is|my (?:son|daughter|mother|father|wife|husband)) (?:is |are |was |were |got |am |been )?(?:stuck|locked|caught) (?:inside|in)(?! (?:traffic|a queue))|stuck (?:in|inside) (?:the |a |an |your |our )?(?:lift|elevator)|trapped|entrapment',
  'burst (?:water )?(?:pipe|main|hose)|(?:pipe|hose|main|boiler|radiator|water heater|valve)s? (?:has |have |had |is |just |suddenly )*(?:burst|exploded|blew)|water (?:is )?(?:gushing|spraying|pouring|everywhere|flooding)|flooding (?:my|our|the|in|into)|(?:is|are|was|got|been|has|completely) flooded(?! with)|flood in',
  'collaps(?:e|ed|es|ing)|about to (?:fall|come down)|unconscious|faint(?:ed|ing)|passed out|bleeding|injured|injury|heart attack|stroke victim|not breathing|drowning|(?:fell|fallen) (?:down|and)|can(?:no|\')t get up|suicid\\w+',
].map((source) => new RegExp(`\\b(?:${source})\\b`, 'iu'));

const patterns = [...chinese, ...english];

/** The words in which a text tells of danger; null where it does not. */
export function dangerIn(text: string): string | null {
  const meant = withoutDenied(text.slice(0, mostText));
  for (const pattern of patterns) {
    const found = pattern.exec(meant);
    if (found) return found[0].trim();
  }
  return null;
}
