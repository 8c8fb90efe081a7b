import type { Arrival } from './arrivals.ts';
import type { Random } from './random.ts';
import { englishTexts } from './texts/english.ts';
import * as frames from './texts/frames.ts';
import { symptomTexts } from './texts/index.ts';
import type { SymptomTexts } from './texts/bank.ts';
import { render, settle } from './texts/render.ts';
import { day, hour, localTime, startOfDay } from './time.ts';
import type { DemoAccount, DemoChannel, DemoCustomer } from './types.ts';

/** A stretch in which the customer is in, as said and as meant. */
export interface FreeWindow {
  label: string;
  start: number;
  end: number;
}

/** How much of `phrase` is said in `text` too: shared pairs of characters, 0 to 1. */
export function likeness(phrase: string, text: string): number {
  const plain = phrase.replace(/[，。！？、\s]/gu, '');
  let shared = 0;
  for (let index = 0; index + 1 < plain.length; index += 1) if (text.includes(plain.slice(index, index + 2))) shared += 1;
  return plain.length < 2 ? 0 : shared / (plain.length - 1);
}

export interface Wording {
  channel: DemoChannel;
  subject: string;
  description: string;
  mood: 'calm' | 'angry';
  /** Slots for the texts that come later in the ticket's life. */
  words: Record<string, string>;
  /** Set when the description names a time at which the customer is in. */
  promised: FreeWindow | null;
}

function freeWindow(random: Random, at: number): FreeWindow {
  const midnight = startOfDay(at);
  const { hour: now, weekday } = localTime(at);
  const choice = (label: string, days: number, from: number, to: number): FreeWindow => ({ label, start: midnight + days * day + from * hour, end: midnight + days * day + to * hour });
  const tomorrow = [choice('明天上午', 1, 9, 11.5), choice('明天下午', 1, 14, 17), choice('明天晚上七点以后', 1, 19, 21)];
  const options = now < 7
    ? [choice('今天上午', 0, 9, 11.5), choice('今天下午', 0, 14, 17), choice('今天晚上', 0, 18.5, 21)]
    : now < 11
      ? [choice('今天下午', 0, 14, 17), choice('今天晚上', 0, 18.5, 21), ...tomorrow.slice(0, 2)]
      : now < 17 ? [choice('今天晚上', 0, 18.5, 21), choice('今晚七点以后', 0, 19, 21), ...tomorrow] : tomorrow;
  if (weekday <= 3) options.push(choice('周六上午', 6 - weekday, 9, 12));
  return random.pick(options);
}

function sinceWhen(random: Random, at: number): string {
  const { hour: now } = localTime(at);
  if (now < 6) return random.pick(['昨天晚上', '半夜', '昨天', '前两天']);
  if (now < 11) return random.pick(['昨天晚上', '今天早上', '昨天半夜', '前天', '这两天', '昨天', '今早起来']);
  if (now < 17) return random.pick(['今天上午', '中午', '昨天晚上', '早上', '前天', '这两天', '昨天']);
  return random.pick(['今天下午', '今天早上', '傍晚', '昨天', '前两天', '昨晚', '这几天']);
}

const plateLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

function plate(random: Random): string {
  const letter = (): string => plateLetters.charAt(random.integer(0, plateLetters.length - 1));
  if (random.chance(0.35)) return `浙A${random.pick(['D', 'F'])}${random.integer(10000, 99999)}`;
  const middle = random.pick([() => `${letter()}${random.integer(1000, 9999)}`, () => `${random.integer(10, 99)}${letter()}${random.integer(10, 99)}`, () => `${random.integer(100, 999)}${letter()}${letter()}`])();
  return `浙A·${middle}`;
}

function wordsOf(random: Random, arrival: Arrival, account: DemoAccount | null, free: FreeWindow): Record<string, string> {
  const { requester, where, asset } = arrival;
  const byDevice = requester.kind === 'device-platform';
  const building = where.buildings.find((one) => one.key === (byDevice ? asset?.buildingKey : requester.home.buildingKey)) ?? where.buildings[0];
  const unit = byDevice ? asset?.unit ?? 0 : requester.home.unit;
  const floor = byDevice ? random.integer(1, building?.floors ?? 1) : requester.home.floor;
  const name = building?.name ?? '';
  const isShop = name === '沿街商铺';
  const entrance = isShop ? '沿街商铺' : unit > 0 ? `${name}${unit}单元` : name;
  const door = Number(requester.home.room.slice(-2));
  const room = (onFloor: number, atDoor: number): string => isShop ? '隔壁商铺' : `${onFloor}${String(atDoor).padStart(2, '0')}`;
  const elderlyTitle = requester.honorific === '女士' ? '阿姨' : '大伯';
  return {
    c: where.name, home: requester.home.short, b: entrance, bn: name, room: requester.home.room, floor: String(floor),
    up: room(floor + 1, door), down: floor > 1 ? room(floor - 1, door) : '住户', next: room(floor, door > 1 ? door - 1 : door + 1),
    gate: random.pick(where.gates), plate: plate(random), lift: asset?.kind === 'lift' ? asset.name : `${entrance}电梯`,
    asset: asset?.name ?? '设备', code: asset?.code ?? '', free: free.label, since: sinceWhen(random, arrival.at),
    hello: localTime(arrival.at).hour < 11 ? '早上好，' : localTime(arrival.at).hour < 18 ? '下午好，' : '晚上好，', just: random.pick(['刚才', '刚刚', '十分钟前', '就在刚才', '半个小时前', '']), time: arrival.at % 2 === 0 ? 'this morning' : 'last night',
    n: requester.language === 'en' ? requester.name : requester.name.slice(0, /^(诸葛|欧阳)/.test(requester.name) ? 2 : 1), t: requester.elderly && random.chance(0.6) ? elderlyTitle : requester.honorific,
    who: { owner: '业主', tenant: '租户', shopkeeper: '商户', 'company-contact': '企业客户', 'device-platform': '平台' }[requester.kind],
    tail: requester.phone?.slice(-4) ?? '未留', phone: requester.phone ?? '见登记', account: account?.name ?? '',
  };
}

function channelOf(random: Random, { requester, byDevice, asset, demand }: Arrival): DemoChannel {
  const pick = (weights: Partial<Record<DemoChannel, number>>): DemoChannel => random.weighted(Object.keys(weights) as DemoChannel[], (one) => weights[one] ?? 0);
  if (byDevice) return 'alarm';
  if (requester.language === 'en') return pick({ email: 30, wechat: 36, app: 24, web: 10 });
  if (requester.elderly) return pick({ phone: requester.phone === null ? 0 : 60, wechat: 22, wecom: 18 });
  const scan = demand.scope === 'public' || asset !== null ? 12 : 1;
  const phone = requester.phone === null ? 0 : 26;
  if (requester.kind === 'company-contact') return pick({ phone: 22, email: requester.email === null ? 0 : 28, web: 15, portal: 14, wechat: 12, qr: scan, wecom: 6 });
  if (requester.kind === 'shopkeeper') return pick({ phone: 34, wechat: 34, portal: 10, app: 8, qr: scan, wecom: 8 });
  return pick({ phone, wechat: 25, app: 17, portal: 12, wecom: 9, qr: scan, web: 4, email: requester.email === null ? 0 : 5 });
}

function hurried(random: Random, text: string): string {
  let typed = text;
  if (random.chance(0.3)) typed = typed.replace(/。$/u, '');
  if (random.chance(0.14)) typed = typed.replaceAll('，', ' ').replace(/。$/u, '');
  else if (random.chance(0.06)) typed = typed.replaceAll('，', ',');
  if (random.chance(0.06)) {
    const able = frames.slips.filter(([right]) => typed.includes(right));
    if (able.length > 0) {
      const [right, wrong] = random.pick(able);
      typed = typed.replace(right, wrong);
    }
  }
  return typed;
}

const joined = (front: string, text: string, back: string): string => {
  const closed = back === '' || /[。！？!?~)）]$/u.test(text) ? text : `${text}。`;
  return `${front}${closed}${back}`;
};

function ownWords(random: Random, texts: SymptomTexts, requester: DemoCustomer, channel: DemoChannel, closings: readonly string[], used: Map<string, number>): { template: string; angry: boolean } {
  const mark = (line: string): string => /^[!~.=]/.test(line) ? line.charAt(0) : '';
  const weight = (line: string): number => {
    const tired = 1 / (1 + (used.get(line) ?? 0)) ** 1.5;
    const kind = mark(line);
    if (kind === '~') return tired * (requester.elderly ? 8 : 0.12);
    if (requester.elderly) return kind === '' ? tired * 0.5 : 0.02;
    if (kind === '.') return tired * (channel === 'qr' ? 3 : 0.35);
    return tired * (kind === '!' ? 0.7 : 1);
  };
  const line = random.weighted(texts.own, weight);
  used.set(line, (used.get(line) ?? 0) + 1);
  const kind = mark(line);
  const text = kind === '' ? line : line.slice(1);
  if (kind === '=') return { template: text, angry: false };
  if (kind === '.') return { template: random.chance(0.45) ? text : `${text}，${random.pick(['{home}', '{c}{home}', '麻烦看下', '谢谢', '请处理', '{b}', '{since}开始的', '急', '在线等', '{c}', '{home} {n}{t}', '今天能弄吗'])}`, angry: false };
  if (kind === '!') return { template: joined('', text, random.pick(frames.angryRequests)), angry: true };
  if (kind === '~') return { template: joined(random.pick(frames.elderlyGreetings), text, random.pick(frames.elderlyRequests)), angry: false };
  const greeted = /^(你好|您好|请问|师傅|建议|希望|.{0,3}感谢|表扬)/u.test(text);
  return { template: joined(greeted ? '' : random.pick(frames.greetings), text, random.pick(closings)), angry: false };
}

/** How an arrival is put into words; `used` remembers which lines have been said how often, so that none wears out. */
export function wordingOf(random: Random, arrival: Arrival, account: DemoAccount | null, used: Map<string, number>): Wording {
  const { category, requester, demand } = arrival;
  const free = freeWindow(random, arrival.at);
  const words = wordsOf(random, arrival, account, free);
  const bank = symptomTexts[category.key] as SymptomTexts;
  const low = !arrival.where.hasLifts && demand.needs === null ? ofTowers : ofNowhere;
  const texts: SymptomTexts = { ...bank, subjects: fitting(bank.subjects, low), own: fitting(bank.own, low), noted: fitting(bank.noted, low) };
  const atWork = requester.kind === 'company-contact' || requester.kind === 'shopkeeper';
  const unfit = requester.kind === 'shopkeeper' ? ofOffices : ofShops;
  const workVars = atWork ? Object.fromEntries(Object.entries(texts.workVars ?? {}).map(([name, choices]) => [name, fitting(choices.split('|'), unfit).join('|')])) : {};
  const vars = Object.fromEntries(Object.entries({ ...texts.vars, ...workVars }).map(([name, choices]) => [name, fitting(choices.split('|'), low).join('|')]));
  Object.assign(words, settle(random, vars, words));
  const channel = channelOf(random, arrival);
  const say = (template: string): string => render(random, template, words);
  const done = (subject: string, template: string, mood: Wording['mood'] = 'calm', finish = (text: string): string => text): Wording => {
    const description = finish(say(template));
    return { channel, subject, description, mood, words, promised: description.includes(free.label) && demand.scope !== 'desk' ? free : null };
  };
  const unused = (lines: readonly string[]): string => {
    const line = random.weighted(lines, (one) => 1 / (1 + (used.get(one) ?? 0)) ** 1.2);
    used.set(line, (used.get(line) ?? 0) + 1);
    return line;
  };

  if (channel === 'alarm') {
    const [subject, body] = random.pick(frames.alarmTexts[category.key] ?? []);
    const spoken = { ...words, spot: arrival.asset?.spot ?? '' };
    return { ...done('', ''), subject: render(random, subject, spoken), description: render(random, `${body}\n{c}`, spoken) };
  }
  if (requester.language === 'en') {
    const english = { ...words, home: where(requester), free: random.pick(['tomorrow morning', 'this evening after 6', 'tomorrow afternoon', 'on Saturday']) };
    const [subject, body] = random.pick(englishTexts[category.key] ?? []);
    const closing = body.includes('{home}') ? '' : random.pick(['', '', `\n${requester.name}`, ` I’m in ${where(requester)}.`, ' Thank you!', `\n\nBest regards,\n${requester.name}, ${where(requester)}`]);
    return { ...done('', ''), subject: render(random, subject, english), description: render(random, body, english) + closing, promised: null };
  }

  const unsuited = requester.kind === 'company-contact' ? ofHomes : requester.kind === 'shopkeeper' ? ofHomesAndOffices : ofCompanies;
  const facts = say(unused(fitting(texts.noted, unsuited))).replace(/^业主(来电|反映)?/u, '');
  const open = { desk: frames.deskAsks, home: frames.callAsks, public: frames.publicAsks }[category.key.startsWith('order') ? 'public' : demand.scope];
  const asks = arrival.priority === 'urgent' ? frames.urgentAsks : atWork ? open.filter((one) => !/在家|有人/.test(one)) : open;
  const asClerk = (text: string): string => atWork ? text.replaceAll('业主', requester.kind === 'shopkeeper' ? '商户' : '客户') : text;
  Object.assign(words, { facts: asClerk(facts), ask: say(random.pick(asks)), mood: random.pick(frames.callMoods.filter((one) => requester.elderly || !one.includes('老人'))) });
  const formal = (template: string): Wording => done(asClerk(subjectFor(facts)), template, words['mood']?.includes('激动') && channel === 'phone' ? 'angry' : 'calm', asClerk);
  if (channel === 'phone') return formal(unused(frames.callNotes.filter((one) => requester.kind === 'owner' || !one.startsWith('业主'))));
  if (channel === 'wecom') return formal(unused(frames.butlerNotes.filter((one) => !atWork || !one.includes('业主'))));
  if (requester.kind === 'company-contact') return formal(unused(channel === 'email' ? (demand.scope === 'desk' ? frames.companyDeskMails : frames.companyMails) : demand.scope === 'desk' ? frames.companyNotes.slice(0, 2) : frames.companyNotes));
  if (requester.kind === 'shopkeeper') return formal(unused(demand.scope === 'desk' ? frames.shopNotes.slice(4, 5) : frames.shopNotes));
  const closings = demand.scope === 'desk' ? frames.deskRequests : demand.scope === 'public' || category.key.startsWith('order') ? frames.publicRequests : frames.requests;
  const { template, angry } = ownWords(random, texts, requester, channel, closings, used);
  const text = say(template);
  const finished = channel === 'email' ? `您好：\n\n${text}\n\n${requester.name}\n${where(requester)}` : hurried(random, text);
  return { ...done(subjectFor(text), '', angry ? 'angry' : 'calm'), description: finished, promised: text.includes(free.label) && demand.scope !== 'desk' ? free : null };

  /** A subject that speaks of the same thing as the text; where none does, the text's own first words. */
  function subjectFor(about: string): string {
    const ranked = texts.subjects.map((line) => ({ line, like: likeness(line.replace(/[{}a-z]/g, ''), about) - 0.08 * (used.get(line) ?? 0) ** 0.5 * random.next() + random.between(0, 0.12) })).sort((one, other) => other.like - one.like);
    const best = ranked[0]?.line ?? '';
    const plain = say(best);
    if (likeness(plain, about) < 0.34) {
      const clause = about.replace(/^(你好|您好|物业你好|师傅好|管家你好|麻烦了|请问一下|报修|打扰一下|下午好|晚上好|早上好|@管家|同志你好|喂，物业啊|小姑娘你好|不好意思麻烦你们)[，：！ ]*/u, '').replace(/^我是[^，]{2,16}，/u, '').split(/[，。！？；,\s]/u).find((part) => part.length >= 4) ?? '';
      if (clause.length >= 5 && clause.length <= 24) return clause;
      if (about.length <= 14) return about.replace(/^[，。]+|[，。]+$/gu, '');
    }
    used.set(best, (used.get(best) ?? 0) + 1);
    return plain;
  }
}

/** What the old estates without lifts do not have. */
const ofTowers = /电梯|车库|架空层|大堂|会所|B1|B2|地下|高区|\{lift\}|负一楼/;
const ofNowhere = /(?!)/;
const ofOffices = /卫生间|工位|会议室|前台|茶水间|办公|总经理|财务|培训|机房|保洁间|大厅|走廊/;
const ofShops = /后厨|店|收银|操作台|包厢|卷帘|展示柜|咖啡机|更衣室/;
const ofHomes = /房东|老人|幼儿|独居|孩子|心脏|孕妇|婴|家有|家中|儿童|交房|封阳台|租户|租客|空置|二手房|五年质保|业主自用|前业主|家庭成员|人脸|单元高区/;
const ofCompanies = /公司|企业|员工|工位|访客等候|新入职|专用发票|影响办公|地弹簧|场地/;
const ofHomesAndOffices = new RegExp(`${ofHomes.source}|公司|员工|工位|访客等候|新入职|影响办公`);

/** The lines that do not match; all of them when that would leave none. */
function fitting(lines: readonly string[], unfit: RegExp): string[] {
  const left = lines.filter((line) => !unfit.test(line));
  return left.length > 0 ? left : [...lines];
}

function where(requester: DemoCustomer): string {
  return requester.language === 'en' ? `building ${requester.home.short.replace(/幢(\d)单元/, ', unit $1, room ')}` : requester.home.short;
}
