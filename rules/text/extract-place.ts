import { bareBuilding, englishBuilding } from './building.ts';
import type { Found } from './extract.ts';

/** Places in the words of people (地点抽取): 龙湖花园3幢2单元501室, 3-2-501, 3#502, 文三路 269 号; without a gazetteer. */

const number = '(?:\\d{1,4}|[一二三四五六七八九十百]{1,4}|[A-Za-z])';
const building = `${number}\\s?(?:号楼|号院|栋|幢|座|#楼|#)`;
// A tower of a house that has a name: 西塔, A塔, 主楼.
const tower = '(?:[东南西北主裙附双]|[A-Za-z]|(?:\\d{1,2}|[一二三四五六])号?)\\s?(?:塔楼?|座楼)|[主裙附]楼';
const unit = '(?:\\d{1,2}|[一二三四五六七八九十]{1,2}|[甲乙丙丁])\\s?单元';
const storey = '(?:负?\\d{1,3}|负?[一二三四五六七八九十]{1,3}|B\\d)\\s?(?:楼|层)';
const room = '(?:\\d{3,5}|[一二三四五六七八九零]{3,4})\\s?(?:室|号房|房间|房|户)?';
const estate = '[\\p{Script=Han}A-Za-z0-9·]{2,12}?(?:小区|花园|家园|花苑|公寓|大厦|广场|新村|华府|公馆|山庄|学府|国际|中心|佳苑|雅苑|名苑|嘉园|社区|[苑园府庭湾郡里邸](?=\\s?[一二三四五六七八九十\\dA-Za-z]))(?:[一二三四五六\\d]期|[东西南北]区)?';
const road = '[\\p{Script=Han}]{2,10}?(?:路|街|大道|巷|弄|胡同|道)\\s?\\d{1,5}\\s?(?:号|弄)(?:院|大院)?';
const region = '(?:[\\p{Script=Han}]{2,8}?(?:省|自治区))?(?:[\\p{Script=Han}]{2,8}?市)?(?:[\\p{Script=Han}]{1,7}?(?:区|县))?(?:[\\p{Script=Han}]{2,7}?(?:街道|镇|乡))?';

const shapes: readonly { find: RegExp; confidence: number }[] = [
  { find: new RegExp(`${region}(?:${road}\\s?)?(?:${estate}\\s?)${building}\\s?(?:${unit}\\s?)?(?:${storey}\\s?)?(?:${room}(?!\\d))?`, 'gu'), confidence: 0.9 },
  { find: new RegExp(`${region}(?:${road}\\s?)?${estate}\\s?(?:${tower})(?:\\s?${storey})?(?:\\s?${room}(?!\\d))?`, 'gu'), confidence: 0.85 },
  { find: new RegExp(`${region}${road}(?:\\s?${estate})?(?:\\s?${building})?(?:\\s?${unit})?(?:\\s?${storey})?(?:\\s?${room}(?!\\d))?`, 'gu'), confidence: 0.85 },
  { find: new RegExp(`(?:${estate}\\s?)\\d{1,3}[-－]\\d{1,2}[-－]\\d{3,4}(?!\\d)`, 'gu'), confidence: 0.85 },
  { find: new RegExp(`(?<![A-Za-z0-9])${building}\\s?(?:${unit}\\s?)?(?:${storey}\\s?)?${room}(?!\\d)`, 'gu'), confidence: 0.8 },
  { find: new RegExp(`(?<![A-Za-z0-9])${building}\\s?${unit}(?:\\s?${storey})?`, 'gu'), confidence: 0.75 },
  { find: /(?<![\d-])\d{1,3}-\d{1,2}-\d{3,4}(?![\d-])/g, confidence: 0.6 },
  { find: new RegExp(`(?<![A-Za-z0-9])(?:${building})\\s?(?:${storey}|大堂|楼道|电梯厅|门口|地下室|车库|楼顶|天台)`, 'gu'), confidence: 0.7 },
  { find: new RegExp(`(?<![A-Za-z0-9一二三四五六七八九十第])${bareBuilding}`, 'gu'), confidence: 0.6 },
  { find: new RegExp(englishBuilding, 'gu'), confidence: 0.6 },
];
// What people say before they come to where: it is no part of a name.
const lead = /^(?:(?:你好|您好|我们?|我家|住|在|家|是|请|麻烦|派人|到|来|去|地址|位置|位于|业主|的|了|和|与|就|都|从|给|这边|这里|那边|这|那|把|小区的?|[,，:：\s])+)/u;
const mostPlaces = 10;

/** Places that a text names, each with the words it stands in; of overlapping ones the caller keeps the surest. */
export function placesIn(text: string): Found[] {
  const found: Found[] = [];
  for (const { find, confidence } of shapes) {
    for (const match of text.matchAll(find)) {
      if (found.length >= mostPlaces * shapes.length) return found;
      const skipped = lead.exec(match[0])?.[0].length ?? 0;
      const words = match[0].slice(skipped).trimEnd();
      if (words.length < 2 || !/[\dA-Za-z一二三四五六七八九十]|[东南西北主裙附双]\s?(?:塔|楼)/.test(words)) continue;
      found.push({ kind: 'place', value: /[^\x20-\x7e]/.test(words) ? words.replace(/\s+/g, '') : words.replace(/\s+/g, ' '), words, start: match.index + skipped, end: match.index + skipped + words.length, confidence });
    }
  }
  return found;
}
