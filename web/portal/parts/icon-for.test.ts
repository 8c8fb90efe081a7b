import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iconFor } from './icon-for.ts';

test('common categories get the drawing that says them', () => {
  const expected: [string, string | null, string][] = [
    ['给排水', 'Water & drains', 'water'],
    ['强电照明', 'Electrical', 'power'],
    ['电梯', 'Lifts', 'lift'],
    ['弱电智能化', 'Smart systems', 'smart'],
    ['暖通空调', 'Heating & cooling', 'air'],
    ['房屋本体', 'Building', 'house'],
    ['环境绿化', 'Cleaning & greening', 'green'],
    ['秩序安全', 'Order & security', 'order'],
    ['客户服务', 'Service', 'service'],
  ];
  for (const [name, nameEn, icon] of expected) assert.equal(iconFor(name, nameEn), icon, name);
});

test('the English name helps where the Chinese says nothing, and the tool stands for the rest', () => {
  assert.equal(iconFor('甲', 'Fire safety'), 'fire');
  assert.equal(iconFor('甲', null), 'tool');
});
