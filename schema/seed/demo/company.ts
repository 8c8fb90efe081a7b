import type { DemoDepartment, DemoOrganization, DemoSkill, DemoTeam } from './types.ts';

export const demoOrganization: DemoOrganization = {
  name: '安居里物业服务有限公司',
  nameEn: 'Anjuli Property Services',
  shortName: '安居里物业',
  slug: 'anju',
  timeZone: 'Asia/Shanghai',
  city: '杭州',
  hotline: '0571-0000-9633',
};

/** Parents come before their children. */
export const demoDepartments: DemoDepartment[] = [
  { key: 'head-office', name: '总部', nameEn: 'Head Office', parentKey: null, managerKey: 'fang-zhiyuan' },
  { key: 'customer-centre', name: '客服中心', nameEn: 'Customer Service Centre', parentKey: 'head-office', managerKey: 'xu-wanqing' },
  { key: 'butler', name: '管家服务部', nameEn: 'Butler Service', parentKey: 'head-office', managerKey: 'shen-jiayi' },
  { key: 'engineering', name: '工程维修部', nameEn: 'Engineering', parentKey: 'head-office', managerKey: 'zhang-wenjing' },
  { key: 'region-west', name: '区域维修一组（城西）', nameEn: 'Area Repair 1 (West)', parentKey: 'engineering', managerKey: 'chen-jianguo' },
  { key: 'region-north', name: '区域维修二组（城北）', nameEn: 'Area Repair 2 (North)', parentKey: 'engineering', managerKey: 'yao-guoping' },
  { key: 'region-river', name: '区域维修三组（沿江）', nameEn: 'Area Repair 3 (Riverside)', parentKey: 'engineering', managerKey: 'he-jianfeng' },
  { key: 'specialist', name: '专业技术组', nameEn: 'Specialist Engineering', parentKey: 'engineering', managerKey: 'jin-weiming' },
  { key: 'environment', name: '秩序环境部', nameEn: 'Order & Environment', parentKey: 'head-office', managerKey: 'lu-dahai' },
  { key: 'cleaning-greening', name: '环境组', nameEn: 'Cleaning & Greening', parentKey: 'environment', managerKey: 'ruan-xiaohong' },
  { key: 'security', name: '秩序组', nameEn: 'Order Keeping', parentKey: 'environment', managerKey: 'meng-tiejun' },
  { key: 'quality', name: '品质管理部', nameEn: 'Quality Management', parentKey: 'head-office', managerKey: 'tang-shuyi' },
];

export const demoTeams: DemoTeam[] = [
  { key: 'service-1', name: '客服一组', nameEn: 'Service Desk 1', departmentKey: 'customer-centre', leadKey: 'lin-xiaoyu', categoryKeys: ['service'], placeKeys: [] },
  { key: 'butlers', name: '管家组', nameEn: 'Butlers', departmentKey: 'butler', leadKey: 'wang-yutong', categoryKeys: ['service.paper'], placeKeys: [] },
  { key: 'repair-1', name: '水电维修一班', nameEn: 'Plumbing & Electrical 1', departmentKey: 'region-west', leadKey: 'chen-jianguo', categoryKeys: ['water', 'power'], placeKeys: ['xipan', 'wenlan', 'yinyue', 'shuzhi'] },
  { key: 'repair-2', name: '水电维修二班', nameEn: 'Plumbing & Electrical 2', departmentKey: 'region-north', leadKey: 'yao-guoping', categoryKeys: ['water', 'power'], placeKeys: ['shangpin', 'mulin', 'shenhua', 'huijin'] },
  { key: 'repair-3', name: '水电维修三班', nameEn: 'Plumbing & Electrical 3', departmentKey: 'region-river', leadKey: 'he-jianfeng', categoryKeys: ['water', 'power'], placeKeys: ['wangfu', 'jiangpan', 'binsheng', 'binfenli'] },
  { key: 'lift', name: '电梯班', nameEn: 'Lifts', departmentKey: 'specialist', leadKey: 'jin-weiming', categoryKeys: ['lift'], placeKeys: [] },
  { key: 'smart', name: '弱电智能化班', nameEn: 'Smart Systems', departmentKey: 'specialist', leadKey: 'qian-haoran', categoryKeys: ['smart'], placeKeys: [] },
  { key: 'hvac', name: '暖通班', nameEn: 'Heating & Cooling', departmentKey: 'specialist', leadKey: 'dong-xuefeng', categoryKeys: ['hvac'], placeKeys: [] },
  { key: 'fabric', name: '综合维修班', nameEn: 'Building Fabric', departmentKey: 'specialist', leadKey: 'mao-yongqiang', categoryKeys: ['house'], placeKeys: [] },
  { key: 'cleaning', name: '保洁班', nameEn: 'Cleaning', departmentKey: 'cleaning-greening', leadKey: 'ruan-xiaohong', categoryKeys: ['env'], placeKeys: [] },
  { key: 'greening', name: '绿化班', nameEn: 'Greening', departmentKey: 'cleaning-greening', leadKey: 'bao-fugui', categoryKeys: ['env.green'], placeKeys: [] },
  { key: 'order', name: '秩序班', nameEn: 'Order Keeping', departmentKey: 'security', leadKey: 'meng-tiejun', categoryKeys: ['order'], placeKeys: [] },
];

export const demoSkills: DemoSkill[] = [
  { key: 'plumbing', name: '水管', nameEn: 'Plumbing' },
  { key: 'electrical', name: '强电', nameEn: 'Electrical' },
  { key: 'low-voltage', name: '弱电', nameEn: 'Low voltage' },
  { key: 'lift', name: '电梯', nameEn: 'Lifts' },
  { key: 'hvac', name: '空调暖通', nameEn: 'Heating and cooling' },
  { key: 'carpentry', name: '木工', nameEn: 'Carpentry' },
  { key: 'locks', name: '锁具', nameEn: 'Locks' },
  { key: 'waterproofing', name: '防水', nameEn: 'Waterproofing' },
  { key: 'masonry', name: '泥瓦', nameEn: 'Masonry' },
  { key: 'fire-safety', name: '消防', nameEn: 'Fire safety' },
  { key: 'gardening', name: '绿化', nameEn: 'Gardening' },
  { key: 'cleaning', name: '保洁', nameEn: 'Cleaning' },
  { key: 'pest-control', name: '消杀', nameEn: 'Pest control' },
  { key: 'order-keeping', name: '秩序', nameEn: 'Order keeping' },
  { key: 'customer-care', name: '客户服务', nameEn: 'Customer care' },
];

/** The names of the roles (角色) as people read them. */
export const demoRoles = [
  { key: 'admin', name: '管理员', nameEn: 'Administrator' },
  { key: 'manager', name: '管理者', nameEn: 'Manager' },
  { key: 'dispatcher', name: '调度', nameEn: 'Dispatcher' },
  { key: 'agent', name: '坐席', nameEn: 'Agent' },
  { key: 'technician', name: '工程师', nameEn: 'Technician' },
] as const;

/** The team that takes a category's tickets at a place: a team named for the most specific category wins, then the one that serves the place. */
export function teamFor(categoryKey: string, placeKey: string): DemoTeam {
  const parts = categoryKey.split('.');
  for (let depth = parts.length; depth > 0; depth -= 1) {
    const key = parts.slice(0, depth).join('.');
    const team = demoTeams.find((one) => one.categoryKeys.includes(key) && (one.placeKeys.length === 0 || one.placeKeys.includes(placeKey)));
    if (team !== undefined) return team;
  }
  throw new RangeError(`no team takes ${categoryKey} at ${placeKey}`);
}
