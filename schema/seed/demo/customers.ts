import { demoPlaces, placeOf, randomRoom, roomAt } from './places.ts';
import { createRandom, type Random } from './random.ts';
import type { DemoAccount, DemoCustomer, DemoRoom } from './types.ts';

const surnames: [string, number][] = [
  ['陈', 30], ['王', 26], ['张', 24], ['李', 22], ['沈', 16], ['徐', 16], ['周', 14], ['吴', 14], ['朱', 12], ['胡', 9], ['俞', 9], ['章', 7], ['金', 7],
  ['蒋', 7], ['方', 7], ['许', 7], ['杨', 7], ['黄', 7], ['林', 7], ['郑', 7], ['赵', 6], ['孙', 6], ['何', 6], ['叶', 6], ['潘', 5], ['钱', 5], ['施', 5],
  ['姚', 5], ['冯', 5], ['汪', 5], ['戴', 4], ['余', 4], ['倪', 4], ['郭', 4], ['高', 4], ['马', 4], ['宋', 4], ['楼', 3], ['傅', 3], ['裘', 3], ['骆', 3],
  ['祝', 3], ['邵', 3], ['顾', 3], ['来', 3], ['虞', 2], ['童', 2], ['竺', 2], ['闻', 2], ['诸葛', 1], ['欧阳', 1],
];

const given = {
  oldMen: '国良 阿根 志祥 水根 建民 金土 宝林 关荣 炳炎 福泉 国梁 荣生 德明 祖荫 永年 松涛 月明 维钧 鸿飞 锡根 长庚 如海 伯钧 兴发'.split(' '),
  oldWomen: '桂英 秀珍 彩娟 凤仙 美玉 招娣 玉莲 文娟 素琴 阿珍 惠芬 菊香 荷花 月娥 佩芬 梅芳 雅琴 银花 淑贞 杏珍 锦霞 巧云'.split(' '),
  men: '建军 伟 勇 志刚 海波 晓峰 立新 俊 磊 浩 涛 斌 鹏飞 宇航 子轩 一鸣 思远 嘉诚 文博 明辉 振宇 凯文 天乐 家豪 泽宇 承志 国栋 卫平 云飞 锦程 卓然 星辰 立群 旭东 少华 逸飞'.split(' '),
  women: '丽萍 敏 燕 晓红 雪梅 静 芳 婷 莉 颖 慧 佳 欣怡 雨晴 思琪 梦洁 诗涵 佳琪 语嫣 若兰 晓琳 雅婷 海燕 春晓 依依 书瑶 可欣 婉君 艺菲 沁怡 玲玲 明月 知夏 晨曦 秋雯 瑾瑜'.split(' '),
};

const companyNames = '浙江云栈信息科技有限公司 杭州拾光文化创意有限公司 杭州青禾税务师事务所 浙江泊岸律师事务所 杭州麦穗教育咨询有限公司 杭州鹿鸣广告有限公司 浙江海岳进出口有限公司 杭州数芽智能科技有限公司 杭州观澜建筑设计有限公司 杭州半夏医疗科技有限公司 浙江同舟人力资源有限公司 杭州木棉电子商务有限公司 杭州聚沙投资管理有限公司 浙江长风物流有限公司 杭州瓦力机器人有限公司 杭州微澜传媒有限公司 浙江稻香食品贸易有限公司 杭州启明知识产权代理有限公司 杭州云帆软件有限公司 杭州橙果网络科技有限公司 浙江安澜保险经纪有限公司 杭州竹间茶业有限公司 杭州初见婚庆策划有限公司 浙江蓝图造价咨询有限公司 杭州极目测绘有限公司 杭州三尺讲台教育科技有限公司'.split(' ');

const shopNames = '阿婆片儿川 老底子葱包烩 鲜橙水果店 西子花坊 小马家便利店 好邻居药房 舒剪美发 豆奶茶铺 桥头海鲜面 青团子幼儿托管 跃动健身 一木宠物 老城烘焙 江边烤鱼 知味小笼 乐学书吧 佳佳干洗 竹里茶馆 光影照相 喜鹊母婴'.split(' ');

const foreigners: [string, string, string][] = [
  ['Daniel Whitfield', 'Mr', 'daniel.whitfield'], ['Emma Lindqvist', 'Ms', 'emma.lindqvist'], ['Rajesh Menon', 'Mr', 'rajesh.menon'], ['Sophie Marchand', 'Ms', 'sophie.marchand'],
  ['Lucas Ferreira', 'Mr', 'lucas.ferreira'], ['Aisha Rahman', 'Ms', 'aisha.rahman'], ['Tom Becker', 'Mr', 'tom.becker'], ['Hannah O’Neill', 'Ms', 'hannah.oneill'], ['Kenji Morita', 'Mr', 'kenji.morita'], ['Olga Petrova', 'Ms', 'olga.petrova'],
];

const notes = ['独居老人，上门前请先打电话，敲门声音大一点', '家里有婴儿，请勿按门铃', '养大型犬，上门前先联系', '只接微信，不接陌生电话', '业委会委员', '曾对维修质量投诉，回访要仔细', '听力不好，电话请慢慢讲', '租客，费用问题找房东', '房东在外地，钥匙放管家处', '工作日白天家里没人，晚上七点后可上门', '退休电工，懂行', '腿脚不便'];

function chineseName(random: Random, elderly: boolean): { name: string; honorific: string } {
  const surname = random.weighted(surnames, ([, weight]) => weight)[0];
  const woman = random.chance(0.52);
  const pool = elderly ? (woman ? given.oldWomen : given.oldMen) : (woman ? given.women : given.men);
  return { name: surname + random.pick(pool), honorific: woman ? '女士' : '先生' };
}

/** The customer in whose name devices report. */
export const devicePlatformKey = 'customer-devices';

/** About 400 customers and their accounts; the same seed gives the same people. */
export function makeCustomers(seed: string): { customers: DemoCustomer[]; accounts: DemoAccount[] } {
  const random = createRandom(`${seed}/customers`);
  const customers: DemoCustomer[] = [];
  const accounts: DemoAccount[] = [];
  const taken = new Set<string>();
  const names = new Set<string>();

  const freeRoom = (placeKey: string, shop: boolean): DemoRoom => {
    const where = placeOf(placeKey);
    for (;;) {
      const building = shop ? where.buildings.find((one) => one.name === '沿街商铺') ?? random.pick(where.buildings) : random.pick(where.buildings.filter((one) => one.name !== '沿街商铺'));
      const room = randomRoom(random, where, building);
      if (taken.has(room.address)) continue;
      taken.add(room.address);
      return room;
    }
  };
  const newName = (elderly: boolean): { name: string; honorific: string } => {
    for (;;) {
      const made = chineseName(random, elderly);
      if (names.has(made.name)) continue;
      names.add(made.name);
      return made;
    }
  };
  const add = (customer: Omit<DemoCustomer, 'key' | 'phone'> & { reachable: boolean }): void => {
    const { reachable, ...rest } = customer;
    const number = customers.length + 1;
    // 1980000xxxx: the form of a mobile number, from a block nobody was given
    customers.push({ key: `customer-${String(number).padStart(4, '0')}`, phone: reachable ? `1980000${String(1000 + number * 13).padStart(4, '0')}` : null, ...rest });
  };

  const officePlaces = demoPlaces.filter((one) => one.kind === 'office').map((one) => one.key);
  companyNames.forEach((name, index) => {
    const home = freeRoom(officePlaces[index % officePlaces.length] as string, false);
    const tier = random.chance(0.2) ? 'vip' : 'normal';
    const account: DemoAccount = { key: `account-c${index + 1}`, name, kind: 'company', tier, home };
    accounts.push(account);
    const people = random.chance(0.45) ? 2 : 1;
    for (let person = 0; person < people; person += 1) {
      add({ ...newName(false), kind: 'company-contact', language: 'zh-CN', elderly: false, tier, reachable: true, email: `${person === 0 ? 'admin' : 'hr'}@tenant${index + 1}.example`, accountKey: account.key, home, note: person === 0 ? '行政联系人' : null });
    }
  });

  shopNames.forEach((name, index) => {
    const home = freeRoom(['binfenli', 'shangpin', 'huijin', 'binfenli'][index % 4] as string, true);
    const account: DemoAccount = { key: `account-s${index + 1}`, name, kind: 'shop', tier: 'normal', home };
    accounts.push(account);
    add({ ...newName(random.chance(0.1)), kind: 'shopkeeper', language: 'zh-CN', elderly: false, tier: 'normal', reachable: true, email: null, accountKey: account.key, home, note: null });
  });

  foreigners.forEach(([name, honorific, mailbox], index) => {
    const home = freeRoom(['wangfu', 'binsheng', 'yinyue', 'shenhua', 'wangfu'][index % 5] as string, false);
    add({ name, honorific, kind: 'tenant', language: 'en', elderly: false, tier: home.placeKey === 'wangfu' ? 'vip' : 'normal', reachable: index % 4 !== 3, email: `${mailbox}@mail.example`, accountKey: null, home, note: '外籍住户，请用英文联系' });
  });

  const homes = demoPlaces.filter((one) => one.kind === 'residential');
  while (customers.length < 400) {
    const where = random.weighted(homes, (one) => one.buildings.reduce((sum, building) => sum + Math.max(1, building.units) * building.floors * building.doors, 0) * (one.builtYear < 2005 ? 1.8 : 1));
    const home = freeRoom(where.key, false);
    const tenant = random.chance(where.builtYear < 2005 ? 0.35 : 0.2);
    const tier = random.chance(where.key === 'wangfu' ? 0.3 : 0.05) ? 'vip' : 'normal';
    // a household of one to four contacts, all under one account when there is more than one
    const people = random.weighted([1, 2, 3, 4], (count) => [0, 55, 28, 13, 4][count] ?? 0);
    const elderlyHome = !tenant && random.chance(where.builtYear < 2005 ? 0.5 : 0.16);
    const first = customers.length;
    for (let person = 0; person < Math.min(people, 400 - first); person += 1) {
      const elderly = elderlyHome && person === 0;
      add({
        ...newName(elderly), kind: tenant ? 'tenant' : 'owner', language: 'zh-CN', elderly, tier, home,
        reachable: !random.chance(0.06), email: !elderly && random.chance(0.18) ? `u${1000 + customers.length}@mail.example` : null, accountKey: null,
        note: elderly ? (random.chance(0.35) ? notes[random.pick([0, 6, 10, 11])] as string : null) : random.chance(0.07) ? notes[random.integer(1, 9)] as string : null,
      });
    }
    if (customers.length - first > 1) {
      const account: DemoAccount = { key: `account-h${accounts.length + 1}`, name: `${where.name}${home.short} ${(customers[first] as DemoCustomer).name}家`, kind: 'household', tier, home };
      accounts.push(account);
      for (const member of customers.slice(first)) member.accountKey = account.key;
    }
  }
  // What devices report needs a requester too: the monitoring platform stands in the control room of 江畔国际中心.
  const tower = placeOf('jiangpan').buildings[0];
  customers.push({
    key: devicePlatformKey, name: '设备监控平台', honorific: '', kind: 'device-platform', language: 'zh-CN', elderly: false, tier: 'normal', phone: null, email: null, accountKey: null,
    home: roomAt('jiangpan', tower?.key ?? '', 0, 1, 1), note: '物联告警自动建单',
  });
  return { customers, accounts };
}
