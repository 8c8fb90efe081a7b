import type { IconName } from './drawings.ts';

// By the words organizations use for these things; what matches none of them gets the tool.
const words: [RegExp, IconName][] = [
  [/电梯|升降|\blifts?\b|elevator/i, 'lift'],
  [/暖通|空调|采暖|暖气|heating|cooling|hvac|air.?con/i, 'air'],
  [/消防|火灾|\bfire/i, 'fire'],
  [/弱电|智能|网络|宽带|监控|门禁|network|smart|internet|wi-?fi/i, 'smart'],
  [/车位|停车|充电|parking|charg/i, 'parking'],
  [/水|漏|管道|马桶|plumb|water|leak|pipe/i, 'water'],
  [/电|照明|灯|electric|power|light/i, 'power'],
  [/锁|钥匙|\block|\bkey/i, 'lock'],
  [/绿化|环境|保洁|清洁|卫生|垃圾|clean|green|garden|environment|waste/i, 'green'],
  [/秩序|安全|安保|保安|噪音|security|order|noise|safety/i, 'order'],
  [/房屋|门窗|墙|装修|土建|house|building|door|window|wall/i, 'house'],
  [/服务|咨询|投诉|建议|费用|缴费|service|question|complaint|fee|billing/i, 'service'],
  [/设备|机器|家电|电视|device|machine|appliance|equipment/i, 'device'],
];

/** The drawing that says a category's name best (分类图标). */
export function iconFor(name: string, nameEn: string | null): IconName {
  return words.find(([pattern]) => pattern.test(name) || (nameEn !== null && pattern.test(nameEn)))?.[1] ?? 'tool';
}
