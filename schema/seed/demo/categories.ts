import { demand } from './demand.ts';
import type { DemoCategory, DemoPriority } from './types.ts';

/** One symptom: key, name, English name, priority, skill. */
type Leaf = [key: string, name: string, nameEn: string, priority: DemoPriority, skill: string];
type Area = [key: string, name: string, nameEn: string, leaves: Leaf[], teamKey?: string];
type Trade = [key: string, name: string, nameEn: string, teamKey: string, areas: Area[]];

const trades: Trade[] = [
  ['water', '给排水', 'Water & drainage', 'repair-1', [
    ['leak', '漏水', 'Leaks', [
      ['burst', '水管爆裂', 'Burst pipe', 'urgent', 'plumbing'],
      ['pipe', '水管渗漏', 'Leaking pipe', 'high', 'plumbing'],
      ['ceiling', '楼上渗水', 'Leak from above', 'high', 'plumbing'],
      ['valve', '水表阀门漏水', 'Leaking meter or valve', 'normal', 'plumbing'],
    ]],
    ['supply', '供水', 'Supply', [
      ['none', '停水', 'No water', 'high', 'plumbing'],
      ['pressure', '水压不足', 'Low pressure', 'normal', 'plumbing'],
      ['quality', '水质异常', 'Water quality', 'high', 'plumbing'],
      ['pump', '水泵故障', 'Pump fault', 'urgent', 'electrical'],
    ]],
    ['drain', '排水', 'Drainage', [
      ['kitchen', '厨房下水堵塞', 'Blocked kitchen drain', 'normal', 'plumbing'],
      ['floor', '地漏反水', 'Floor drain backing up', 'high', 'plumbing'],
      ['toilet', '马桶堵塞', 'Blocked toilet', 'high', 'plumbing'],
      ['sewer', '污水井满溢', 'Sewer overflow', 'high', 'plumbing'],
      ['storm', '雨水积水倒灌', 'Storm-water flooding', 'urgent', 'plumbing'],
    ]],
    ['fixture', '用水器具', 'Fixtures', [
      ['tap', '龙头花洒故障', 'Tap or shower', 'low', 'plumbing'],
      ['cistern', '马桶水箱故障', 'Toilet cistern', 'low', 'plumbing'],
      ['heater', '热水器与热水', 'Water heater', 'normal', 'plumbing'],
    ]],
  ]],
  ['power', '强电照明', 'Power & lighting', 'repair-1', [
    ['outage', '停电', 'Outages', [
      ['home', '户内跳闸停电', 'Power lost in a home', 'high', 'electrical'],
      ['unit', '单元楼层停电', 'Power lost in a block', 'urgent', 'electrical'],
      ['socket', '插座开关故障', 'Socket or switch', 'normal', 'electrical'],
    ]],
    ['hazard', '用电安全', 'Electrical safety', [
      ['shock', '漏电', 'Electric shock', 'urgent', 'electrical'],
      ['smell', '线路焦味打火', 'Burning smell or sparks', 'urgent', 'electrical'],
    ]],
    ['light', '公共照明', 'Public lighting', [
      ['corridor', '楼道灯不亮', 'Corridor light', 'normal', 'electrical'],
      ['garage', '车库灯不亮', 'Garage light', 'normal', 'electrical'],
      ['garden', '路灯景观灯', 'Street or garden light', 'low', 'electrical'],
    ]],
    ['equipment', '配电与充电', 'Switchgear & charging', [
      ['cabinet', '配电柜异常', 'Switchgear fault', 'urgent', 'electrical'],
      ['charger', '汽车充电桩故障', 'Car charger', 'normal', 'electrical'],
      ['ebike', '电瓶车充电', 'E-bike charging', 'normal', 'electrical'],
    ]],
  ]],
  ['lift', '电梯', 'Lifts', 'lift', [
    ['stop', '停运', 'Out of service', [
      ['trapped', '电梯困人', 'Person trapped', 'urgent', 'lift'],
      ['stopped', '电梯停梯', 'Lift stopped', 'high', 'lift'],
    ]],
    ['ride', '运行异常', 'Abnormal running', [
      ['noise', '异响抖动', 'Noise or shaking', 'high', 'lift'],
      ['door', '电梯门故障', 'Lift doors', 'high', 'lift'],
      ['level', '平层不准', 'Uneven stopping', 'high', 'lift'],
    ]],
    ['car', '轿厢设施', 'Car fittings', [
      ['button', '按钮与显示', 'Buttons and display', 'normal', 'lift'],
      ['light', '轿厢照明风扇', 'Car light and fan', 'normal', 'lift'],
      ['panel', '轿厢内饰', 'Car interior', 'low', 'lift'],
    ]],
    ['manage', '用梯管理', 'Use of lifts', [
      ['card', '梯控刷卡', 'Lift card', 'normal', 'lift'],
      ['ebike', '电动车进电梯', 'E-bike in lift', 'normal', 'lift'],
    ]],
  ]],
  ['smart', '弱电智能化与消防', 'Smart systems & fire safety', 'smart', [
    ['access', '门禁对讲', 'Access & intercom', [
      ['door', '单元门故障', 'Entrance door', 'normal', 'low-voltage'],
      ['card', '门禁卡人脸失效', 'Card or face not recognised', 'normal', 'low-voltage'],
      ['intercom', '可视对讲故障', 'Intercom', 'low', 'low-voltage'],
    ]],
    ['parking', '停车系统', 'Parking system', [
      ['barrier', '道闸故障', 'Barrier', 'high', 'low-voltage'],
      ['plate', '车牌识别错误', 'Plate recognition', 'normal', 'low-voltage'],
      ['pay', '停车缴费异常', 'Parking payment', 'normal', 'low-voltage'],
    ]],
    ['camera', '监控', 'Cameras', [
      ['offline', '摄像头离线', 'Camera offline', 'normal', 'low-voltage'],
      ['footage', '调取监控', 'Request for footage', 'normal', 'low-voltage'],
    ]],
    ['network', '网络与便民终端', 'Network & terminals', [
      ['broadband', '宽带光纤', 'Broadband', 'normal', 'low-voltage'],
      ['locker', '快递柜故障', 'Parcel locker', 'low', 'low-voltage'],
    ]],
    ['fire', '消防设施', 'Fire safety', [
      ['alarm', '火灾报警与误报', 'Fire alarm', 'urgent', 'fire-safety'],
      ['hydrant', '消火栓灭火器', 'Hydrant or extinguisher', 'normal', 'fire-safety'],
      ['exit', '防火门与应急照明', 'Fire door & emergency light', 'normal', 'fire-safety'],
    ]],
  ]],
  ['hvac', '空调暖通', 'Heating & cooling', 'hvac', [
    ['cooling', '制冷', 'Cooling', [
      ['weak', '空调不制冷', 'No cooling', 'high', 'hvac'],
      ['drip', '空调滴水', 'Dripping air conditioner', 'normal', 'hvac'],
    ]],
    ['heating', '采暖', 'Heating', [
      ['weak', '空调不制热', 'No warm air', 'high', 'hvac'],
      ['floor', '地暖不热', 'Underfloor heating', 'high', 'hvac'],
    ]],
    ['vent', '通风排烟', 'Ventilation', [
      ['fan', '排风新风故障', 'Fan or fresh air', 'normal', 'hvac'],
      ['flue', '烟道串味倒灌', 'Flue smells', 'normal', 'hvac'],
    ]],
    ['central', '中央空调', 'Central plant', [
      ['temperature', '公区温度不适', 'Public area temperature', 'normal', 'hvac'],
      ['noise', '机组噪音', 'Plant noise', 'normal', 'hvac'],
    ]],
  ]],
  ['house', '房屋本体', 'Building fabric', 'fabric', [
    ['wall', '墙地面', 'Walls & floors', [
      ['tile', '瓷砖空鼓脱落', 'Loose tiles', 'normal', 'masonry'],
      ['seep', '外墙渗水', 'Seeping outer wall', 'high', 'waterproofing'],
      ['plaster', '墙皮脱落', 'Peeling plaster', 'normal', 'masonry'],
    ]],
    ['opening', '门窗', 'Doors & windows', [
      ['window', '窗户故障', 'Window', 'normal', 'carpentry'],
      ['door', '门与闭门器', 'Door or closer', 'normal', 'carpentry'],
      ['glass', '玻璃破裂', 'Broken glass', 'high', 'carpentry'],
    ]],
    ['lock', '锁具', 'Locks', [
      ['stuck', '门锁打不开', 'Lock will not open', 'high', 'locks'],
      ['smart', '智能锁故障', 'Smart lock', 'normal', 'locks'],
    ]],
    ['proof', '防水', 'Waterproofing', [
      ['roof', '屋面漏水', 'Leaking roof', 'high', 'waterproofing'],
      ['balcony', '阳台卫生间渗水', 'Seeping balcony or bathroom', 'high', 'waterproofing'],
    ]],
    ['public', '公共设施', 'Shared facilities', [
      ['rail', '扶手栏杆松动', 'Loose railing', 'high', 'carpentry'],
      ['play', '游乐健身器材', 'Playground or gym', 'normal', 'carpentry'],
      ['paving', '路面井盖破损', 'Paving or manhole cover', 'high', 'masonry'],
    ]],
  ]],
  ['env', '环境绿化', 'Cleaning & greening', 'cleaning', [
    ['clean', '保洁', 'Cleaning', [
      ['corridor', '楼道电梯卫生', 'Dirty corridor or lift', 'normal', 'cleaning'],
      ['rubbish', '垃圾清运', 'Rubbish collection', 'normal', 'cleaning'],
      ['sorting', '垃圾分类点', 'Sorting point', 'normal', 'cleaning'],
      ['bulky', '大件装修垃圾', 'Bulky waste', 'low', 'cleaning'],
    ]],
    ['pest', '消杀', 'Pests', [
      ['insect', '蚊虫蟑螂', 'Insects', 'normal', 'pest-control'],
      ['rat', '老鼠', 'Rats', 'normal', 'pest-control'],
      ['termite', '白蚁', 'Termites', 'high', 'pest-control'],
    ]],
    ['green', '绿化', 'Greening', [
      ['prune', '树木修剪', 'Pruning', 'low', 'gardening'],
      ['fallen', '树木倒伏断枝', 'Fallen tree', 'high', 'gardening'],
      ['lawn', '草坪补种养护', 'Lawn care', 'low', 'gardening'],
    ], 'greening'],
    ['odour', '异味与水景', 'Odours & ponds', [
      ['smell', '公共区域异味', 'Smell in public area', 'normal', 'cleaning'],
      ['pond', '水景池', 'Pond', 'low', 'cleaning'],
    ]],
  ]],
  ['order', '秩序停车', 'Order & parking', 'order', [
    ['parking', '停车秩序', 'Parking order', [
      ['occupied', '车位被占', 'Space taken', 'normal', 'order-keeping'],
      ['blocked', '堵车与消防通道', 'Blocked lane', 'high', 'order-keeping'],
      ['scratch', '车辆刮蹭', 'Scratched car', 'normal', 'order-keeping'],
      ['ebike', '电瓶车乱停上楼', 'E-bikes', 'normal', 'order-keeping'],
    ]],
    ['noise', '噪音扰民', 'Noise', [
      ['renovation', '装修噪音', 'Renovation noise', 'normal', 'order-keeping'],
      ['neighbour', '邻里噪音', 'Neighbours', 'normal', 'order-keeping'],
      ['square', '广场舞与外部噪音', 'Outdoor noise', 'low', 'order-keeping'],
    ]],
    ['safety', '安全', 'Safety', [
      ['fall', '高空抛物', 'Objects thrown from above', 'urgent', 'order-keeping'],
      ['stranger', '可疑人员推销', 'Strangers', 'high', 'order-keeping'],
      ['dog', '犬只管理', 'Dogs', 'normal', 'order-keeping'],
    ]],
    ['help', '便民', 'Help', [
      ['lost', '失物招领', 'Lost property', 'low', 'order-keeping'],
      ['carry', '协助与借用', 'Help and loans', 'low', 'order-keeping'],
    ]],
  ]],
  ['service', '客户服务', 'Customer service', 'service-1', [
    ['fee', '费用', 'Fees', [
      ['bill', '物业费咨询', 'Service charge', 'low', 'customer-care'],
      ['utility', '水电公摊费', 'Utilities', 'low', 'customer-care'],
      ['invoice', '发票', 'Invoices', 'low', 'customer-care'],
      ['parking', '车位费', 'Parking fees', 'low', 'customer-care'],
    ]],
    ['paper', '手续证明', 'Permits & papers', [
      ['renovation', '装修申请', 'Renovation permit', 'low', 'customer-care'],
      ['moving', '搬家放行', 'Moving', 'low', 'customer-care'],
      ['proof', '证明盖章', 'Certificates', 'low', 'customer-care'],
    ], 'butlers'],
    ['account', '账户与门禁办理', 'Accounts & cards', [
      ['binding', '线上账户绑定', 'App binding', 'low', 'customer-care'],
      ['card', '新办门禁卡', 'New access card', 'low', 'customer-care'],
    ]],
    ['voice', '投诉建议表扬', 'Feedback', [
      ['complaint', '服务投诉', 'Complaint', 'high', 'customer-care'],
      ['suggestion', '意见建议', 'Suggestion', 'low', 'customer-care'],
      ['praise', '表扬', 'Praise', 'low', 'customer-care'],
    ]],
  ]],
];

const minutesOnSite = (key: string): number | null => (demand[key] === undefined || demand[key].scope === 'desk' ? null : demand[key].minutes);

/** The category tree (工单分类) in reading order, parents before children. */
export const demoCategories: DemoCategory[] = trades.flatMap(([trade, name, nameEn, teamKey, areas]) => [
  { key: trade, level: 1 as const, parentKey: null, name, nameEn, teamKey, defaultPriority: null, skillKey: null, serviceMinutes: null },
  ...areas.flatMap(([area, areaName, areaNameEn, leaves, areaTeamKey]) => [
    { key: `${trade}.${area}`, level: 2 as const, parentKey: trade, name: areaName, nameEn: areaNameEn, teamKey: areaTeamKey ?? null, defaultPriority: null, skillKey: null, serviceMinutes: null },
    ...leaves.map(([leaf, leafName, leafNameEn, priority, skill]) => ({
      key: `${trade}.${area}.${leaf}`, level: 3 as const, parentKey: `${trade}.${area}`, name: leafName, nameEn: leafNameEn, teamKey: null, defaultPriority: priority, skillKey: skill,
      serviceMinutes: minutesOnSite(`${trade}.${area}.${leaf}`),
    })),
  ]),
]);

/** The category with this key; throws RangeError when there is none. */
export function categoryOf(key: string): DemoCategory {
  const found = demoCategories.find((one) => one.key === key);
  if (found === undefined) throw new RangeError(`no category ${key}`);
  return found;
}
