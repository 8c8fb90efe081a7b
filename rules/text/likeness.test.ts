import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { comparedWords, likeness } from './likeness.ts';

const alike = (a: string, b: string): number => likeness(comparedWords(a), comparedWords(b));

describe('how alike two texts are', () => {
  test('grows with what they have in common, whichever is compared with whichever', () => {
    assert.equal(alike('一楼水管漏水', '一楼水管漏水'), 1);
    assert.ok(alike('一楼水管漏水', '一楼的水管漏水了') > 0.5);
    assert.equal(alike('一楼水管漏水', '电梯停运'), 0);
    assert.equal(alike('water leaks on floor one', 'Water leaks on floor two'), alike('water leaks on floor two', 'WATER leaks on floor one'));
  });

  test('one word that stands in half of all requests is no likeness, nor is nothing', () => {
    assert.equal(alike('报修', '报修'), 0);
    assert.equal(alike('', ''), 0);
    assert.equal(alike('漏', '漏'), 0);
  });
});
