import type { DemoCoordinates, DemoRole, DemoShift, DemoStaff } from './types.ts';

const early = (...weekdays: number[]): DemoShift => ({ name: '早班', start: '07:30', end: '15:30', weekdays });
const late = (...weekdays: number[]): DemoShift => ({ name: '中班', start: '14:00', end: '22:30', weekdays });
const night = (...weekdays: number[]): DemoShift => ({ name: '夜班', start: '21:30', end: '08:00', weekdays });
const day = (...weekdays: number[]): DemoShift => ({ name: '常白班', start: '08:30', end: '17:30', weekdays });

// Homes are WGS-84 points in residential quarters near the area each person works in.
const homes: Record<string, DemoCoordinates> = {
  sandun: { lat: 30.3291, lng: 120.0819 }, jiangcun: { lat: 30.2912, lng: 120.0702 }, cuiyuan: { lat: 30.2908, lng: 120.1236 },
  gudang: { lat: 30.2741, lng: 120.1124 }, wuchang: { lat: 30.2642, lng: 120.0291 }, daguan: { lat: 30.3052, lng: 120.1489 },
  gongchen: { lat: 30.3248, lng: 120.1297 }, banshan: { lat: 30.3537, lng: 120.1721 }, wenhui: { lat: 30.2886, lng: 120.1669 },
  xiasha: { lat: 30.3098, lng: 120.3402 }, kaixuan: { lat: 30.2573, lng: 120.1986 }, wangjiang: { lat: 30.2369, lng: 120.1837 },
  changhe: { lat: 30.1913, lng: 120.1931 }, xixing: { lat: 30.1889, lng: 120.2216 }, puyan: { lat: 30.1662, lng: 120.1604 },
  jiubao: { lat: 30.3061, lng: 120.2617 },
};

interface Line {
  key: string;
  name: string;
  email?: string;
  role: DemoRole;
  title: [string, string];
  department: string;
  teams: string[];
  /** `plumbing 4, electrical 3` */
  skills: string;
  shift: DemoShift;
  home: keyof typeof homes;
  capacity?: number;
}

const technician = (key: string, name: string, title: [string, string], department: string, team: string, skills: string, shift: DemoShift, home: keyof typeof homes): Line =>
  ({ key, name, role: 'technician', title, department, teams: [team], skills, shift, home });

const plumber: [string, string] = ['水电维修工', 'Plumber-electrician'];

const lines: Line[] = [
  { key: 'fang-zhiyuan', name: '方志远', email: 'admin', role: 'admin', title: ['信息化主管', 'Head of IT'], department: 'head-office', teams: [], skills: '', shift: day(1, 2, 3, 4, 5), home: 'cuiyuan' },
  { key: 'zhang-wenjing', name: '章文静', email: 'manager', role: 'manager', title: ['运营总监', 'Operations Director'], department: 'engineering', teams: [], skills: 'customer-care 5', shift: day(1, 2, 3, 4, 5), home: 'gudang' },
  { key: 'xu-wanqing', name: '徐婉清', role: 'manager', title: ['客服中心经理', 'Service Centre Manager'], department: 'customer-centre', teams: ['service-1'], skills: 'customer-care 5', shift: day(1, 2, 3, 4, 5), home: 'wenhui' },
  { key: 'lu-dahai', name: '陆大海', role: 'manager', title: ['秩序环境部经理', 'Order & Environment Manager'], department: 'environment', teams: [], skills: 'order-keeping 4', shift: day(1, 2, 3, 4, 5), home: 'daguan' },
  { key: 'tang-shuyi', name: '汤书怡', role: 'manager', title: ['品质经理', 'Quality Manager'], department: 'quality', teams: [], skills: 'customer-care 4', shift: day(1, 2, 3, 4, 5), home: 'kaixuan' },
  { key: 'shen-jiayi', name: '沈嘉怡', role: 'manager', title: ['管家部经理', 'Butler Manager'], department: 'butler', teams: ['butlers'], skills: 'customer-care 4', shift: day(1, 2, 3, 4, 5), home: 'wangjiang' },

  { key: 'zhou-min', name: '周敏', email: 'dispatcher', role: 'dispatcher', title: ['调度主管', 'Lead Dispatcher'], department: 'engineering', teams: [], skills: '', shift: day(1, 2, 3, 4, 5), home: 'gongchen' },
  { key: 'pan-lifeng', name: '潘丽凤', role: 'dispatcher', title: ['调度员', 'Dispatcher'], department: 'engineering', teams: [], skills: '', shift: late(1, 2, 4, 6, 7), home: 'daguan' },
  { key: 'ding-hao', name: '丁浩', role: 'dispatcher', title: ['值班调度', 'Duty Dispatcher'], department: 'engineering', teams: [], skills: '', shift: early(3, 4, 5, 6, 7), home: 'xixing' },

  { key: 'lin-xiaoyu', name: '林晓雨', email: 'agent', role: 'agent', title: ['客服组长', 'Service Desk Lead'], department: 'customer-centre', teams: ['service-1'], skills: 'customer-care 5', shift: early(1, 2, 3, 4, 5), home: 'gudang', capacity: 12 },
  { key: 'gu-mengting', name: '顾梦婷', role: 'agent', title: ['客服专员', 'Service Agent'], department: 'customer-centre', teams: ['service-1'], skills: 'customer-care 4', shift: late(1, 2, 3, 4, 5), home: 'wenhui', capacity: 12 },
  { key: 'jiang-peipei', name: '蒋佩佩', role: 'agent', title: ['客服专员', 'Service Agent'], department: 'customer-centre', teams: ['service-1'], skills: 'customer-care 3', shift: early(3, 4, 5, 6, 7), home: 'banshan', capacity: 12 },
  { key: 'yu-sijia', name: '俞思佳', role: 'agent', title: ['客服专员', 'Service Agent'], department: 'customer-centre', teams: ['service-1'], skills: 'customer-care 3', shift: late(2, 3, 5, 6, 7), home: 'jiubao', capacity: 12 },
  { key: 'han-lei', name: '韩磊', role: 'agent', title: ['夜间值班客服', 'Night Agent'], department: 'customer-centre', teams: ['service-1'], skills: 'customer-care 3', shift: night(1, 2, 3, 4, 5), home: 'xiasha', capacity: 12 },
  { key: 'wang-yutong', name: '王雨桐', role: 'agent', title: ['管家组长', 'Lead Butler'], department: 'butler', teams: ['butlers'], skills: 'customer-care 5', shift: day(1, 2, 3, 5, 6), home: 'jiangcun', capacity: 15 },
  { key: 'ni-jing', name: '倪静', role: 'agent', title: ['楼宇管家', 'Butler'], department: 'butler', teams: ['butlers'], skills: 'customer-care 4', shift: day(1, 3, 4, 5, 7), home: 'sandun', capacity: 15 },
  { key: 'song-yijie', name: '宋逸杰', role: 'agent', title: ['楼宇管家', 'Butler'], department: 'butler', teams: ['butlers'], skills: 'customer-care 3', shift: day(2, 4, 5, 6, 7), home: 'changhe', capacity: 15 },

  { key: 'chen-jianguo', name: '陈建国', email: 'engineer', role: 'technician', title: ['水电班长', 'Plumbing & Electrical Lead'], department: 'region-west', teams: ['repair-1'], skills: 'plumbing 5, electrical 5, waterproofing 3', shift: early(1, 2, 3, 4, 5), home: 'gudang' },
  technician('wu-yongkang', '吴永康', plumber, 'region-west', 'repair-1', 'plumbing 4, electrical 4', late(1, 2, 3, 4, 5), 'wuchang'),
  technician('sun-qiang', '孙强', plumber, 'region-west', 'repair-1', 'plumbing 3, electrical 4, locks 2', early(3, 4, 5, 6, 7), 'sandun'),
  technician('xie-changshun', '谢长顺', plumber, 'region-west', 'repair-1', 'plumbing 4, electrical 3', late(1, 2, 5, 6, 7), 'cuiyuan'),
  technician('hu-binbin', '胡彬彬', plumber, 'region-west', 'repair-1', 'plumbing 3, electrical 3', night(1, 2, 3, 4, 7), 'jiangcun'),
  technician('yao-guoping', '姚国平', ['水电班长', 'Plumbing & Electrical Lead'], 'region-north', 'repair-2', 'plumbing 5, electrical 4, masonry 3', early(1, 2, 3, 4, 5), 'gongchen'),
  technician('ge-weidong', '葛卫东', plumber, 'region-north', 'repair-2', 'plumbing 4, electrical 5', late(1, 2, 3, 4, 5), 'banshan'),
  technician('tao-zhiming', '陶志明', plumber, 'region-north', 'repair-2', 'plumbing 3, electrical 3', early(3, 4, 5, 6, 7), 'daguan'),
  technician('ren-hailong', '任海龙', plumber, 'region-north', 'repair-2', 'plumbing 4, electrical 3', late(3, 4, 5, 6, 7), 'wenhui'),
  technician('he-jianfeng', '何剑锋', ['水电班长', 'Plumbing & Electrical Lead'], 'region-river', 'repair-3', 'plumbing 5, electrical 5', early(1, 2, 3, 4, 5), 'changhe'),
  technician('luo-jun', '骆军', plumber, 'region-river', 'repair-3', 'plumbing 4, electrical 4, hvac 2', late(1, 2, 3, 4, 5), 'xixing'),
  technician('shi-xinhua', '施新华', plumber, 'region-river', 'repair-3', 'plumbing 3, electrical 4', early(3, 4, 5, 6, 7), 'wangjiang'),
  technician('qiu-xiaodong', '裘晓东', plumber, 'region-river', 'repair-3', 'plumbing 4, electrical 3', late(3, 4, 5, 6, 7), 'puyan'),
  technician('zhu-agen', '朱阿根', plumber, 'region-river', 'repair-3', 'plumbing 4, electrical 4', night(3, 4, 5, 6, 7), 'kaixuan'),

  technician('jin-weiming', '金伟明', ['电梯班长', 'Lift Lead'], 'specialist', 'lift', 'lift 5, electrical 3', early(1, 2, 3, 4, 5), 'wenhui'),
  technician('feng-kai', '冯凯', ['电梯工程师', 'Lift Engineer'], 'specialist', 'lift', 'lift 4', late(1, 2, 3, 4, 6, 7), 'daguan'),
  technician('zheng-yifan', '郑一凡', ['电梯工程师', 'Lift Engineer'], 'specialist', 'lift', 'lift 3', early(3, 5, 6, 7), 'xixing'),
  technician('yan-shuangxi', '严双喜', ['电梯值班工程师', 'Duty Lift Engineer'], 'specialist', 'lift', 'lift 4', night(1, 2, 4, 5, 6), 'gudang'),
  technician('qian-haoran', '钱浩然', ['弱电班长', 'Smart Systems Lead'], 'specialist', 'smart', 'low-voltage 5, fire-safety 4, locks 3', early(1, 2, 3, 4, 5), 'cuiyuan'),
  technician('dai-junjie', '戴俊杰', ['弱电工程师', 'Smart Systems Engineer'], 'specialist', 'smart', 'low-voltage 4, fire-safety 3', late(1, 2, 3, 4, 6), 'jiubao'),
  technician('xia-tian', '夏天', ['弱电工程师', 'Smart Systems Engineer'], 'specialist', 'smart', 'low-voltage 3, fire-safety 4', early(4, 5, 6, 7), 'sandun'),
  technician('cao-bo', '曹波', ['消防值班员', 'Fire Duty Officer'], 'specialist', 'smart', 'fire-safety 4, low-voltage 3', night(1, 2, 5, 6, 7), 'kaixuan'),
  technician('dong-xuefeng', '董雪峰', ['暖通班长', 'Heating & Cooling Lead'], 'specialist', 'hvac', 'hvac 5, electrical 3', early(1, 2, 3, 4, 5), 'wangjiang'),
  technician('shao-yong', '邵勇', ['暖通工程师', 'Heating & Cooling Engineer'], 'specialist', 'hvac', 'hvac 4, plumbing 2', late(1, 2, 3, 4, 5), 'gongchen'),
  technician('lai-guoqing', '来国庆', ['暖通工程师', 'Heating & Cooling Engineer'], 'specialist', 'hvac', 'hvac 3', early(2, 3, 5, 6, 7), 'changhe'),
  technician('mao-yongqiang', '毛永强', ['综合维修班长', 'Building Fabric Lead'], 'specialist', 'fabric', 'masonry 5, waterproofing 5, carpentry 3', early(1, 2, 3, 4, 5), 'banshan'),
  technician('sheng-mugen', '盛木根', ['木工', 'Joiner'], 'specialist', 'fabric', 'carpentry 5, locks 4, masonry 2', early(2, 3, 5, 6, 7), 'gudang'),
  technician('ying-jianping', '应建平', ['防水工', 'Waterproofer'], 'specialist', 'fabric', 'waterproofing 4, masonry 4', early(1, 2, 3, 4, 6), 'jiubao'),
  technician('kong-lingjie', '孔令杰', ['综合维修工', 'Handyman'], 'specialist', 'fabric', 'locks 5, carpentry 4, masonry 3, waterproofing 2', late(1, 2, 3, 4, 5, 7), 'daguan'),
  technician('ruan-xiaohong', '阮小红', ['保洁主管', 'Cleaning Supervisor'], 'cleaning-greening', 'cleaning', 'cleaning 5, pest-control 4', early(1, 2, 3, 4, 5, 6), 'sandun'),
  technician('wan-chunlan', '万春兰', ['保洁领班', 'Cleaning Foreman'], 'cleaning-greening', 'cleaning', 'cleaning 4', early(1, 3, 4, 5, 6, 7), 'gongchen'),
  technician('gan-zhenghua', '甘正华', ['消杀员', 'Pest Controller'], 'cleaning-greening', 'cleaning', 'cleaning 3, pest-control 5', late(1, 2, 3, 4, 5, 7), 'xixing'),
  technician('bao-fugui', '鲍富贵', ['绿化主管', 'Greening Supervisor'], 'cleaning-greening', 'greening', 'gardening 5', early(1, 2, 3, 4, 5), 'jiangcun'),
  technician('chu-liqun', '褚立群', ['绿化工', 'Gardener'], 'cleaning-greening', 'greening', 'gardening 4', early(2, 3, 4, 6, 7), 'puyan'),
  technician('meng-tiejun', '孟铁军', ['秩序队长', 'Order Captain'], 'security', 'order', 'order-keeping 5, fire-safety 2', early(1, 2, 3, 4, 5, 6), 'daguan'),
  technician('lei-hongbing', '雷洪兵', ['秩序领班', 'Order Foreman'], 'security', 'order', 'order-keeping 4', late(1, 2, 3, 5, 6, 7), 'wuchang'),
  technician('niu-zhigang', '牛志刚', ['秩序员', 'Order Officer'], 'security', 'order', 'order-keeping 3', early(1, 3, 4, 5, 6, 7), 'xixing'),
  technician('pei-yulong', '裴玉龙', ['夜班秩序领班', 'Night Order Foreman'], 'security', 'order', 'order-keeping 4', night(1, 2, 3, 4, 5), 'banshan'),
  technician('gu-dashan', '谷大山', ['夜班秩序员', 'Night Order Officer'], 'security', 'order', 'order-keeping 3', night(3, 6, 7), 'jiubao'),
];

function skillsOf(text: string): DemoStaff['skills'] {
  if (text === '') return [];
  return text.split(', ').map((part) => {
    const [skillKey = '', level = ''] = part.split(' ');
    return { skillKey, level: Number(level) };
  });
}

/** Everybody who works at 安居里. Phone numbers are of the valid form but taken from a block nobody was given (1990000xxxx). */
export const demoStaff: DemoStaff[] = lines.map((line, index) => ({
  key: line.key,
  name: line.name,
  email: `${line.email ?? line.key.replace('-', '.')}@anju.example`,
  phone: `1990000${String(1001 + index * 7)}`,
  role: line.role,
  title: line.title[0],
  titleEn: line.title[1],
  departmentKey: line.department,
  teamKeys: line.teams,
  skills: skillsOf(line.skills),
  shift: line.shift,
  home: homes[line.home] as DemoCoordinates,
  capacity: line.capacity ?? (line.role === 'technician' ? 6 : 10),
}));

/** The accounts printed at start, one for each role; all share one password that the inserter sets. */
export const demoAccountsToPrint: { staffKey: string; role: DemoRole; email: string; name: string }[] =
  ['fang-zhiyuan', 'zhang-wenjing', 'zhou-min', 'lin-xiaoyu', 'chen-jianguo'].map((key) => {
    const one = staffOf(key);
    return { staffKey: key, role: one.role, email: one.email, name: one.name };
  });

/** The member of staff with this key; throws RangeError when there is none. */
export function staffOf(key: string): DemoStaff {
  const found = demoStaff.find((one) => one.key === key);
  if (found === undefined) throw new RangeError(`no staff ${key}`);
  return found;
}
