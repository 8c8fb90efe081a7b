import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { add, divide, multiply, places, remainder, round, subtract } from './decimal.ts';

// A decimal of up to seven digits as hundredths, thousandths …: what one reckons on paper in whole numbers.
const amount = fc.record({ digits: fc.integer({ min: -9_999_999, max: 9_999_999 }), scale: fc.integer({ min: 0, max: 6 }) });
const numberOf = ({ digits, scale }: { digits: number; scale: number }) => Number(`${digits}e-${scale}`) + 0;

test('sums, differences and products are those reckoned on paper', () => {
  fc.assert(fc.property(amount, amount, (a, b) => {
    const [x, y] = [numberOf(a), numberOf(b)];
    const scale = Math.max(a.scale, b.scale);
    const [first, second] = [a.digits * 10 ** (scale - a.scale), b.digits * 10 ** (scale - b.scale)];
    assert.equal(add(x, y), Number(`${first + second}e-${scale}`) + 0);
    assert.equal(subtract(x, y), Number(`${first - second}e-${scale}`) + 0);
    assert.equal(multiply(x, y), Number(`${a.digits * b.digits}e-${a.scale + b.scale}`) + 0);
    if (second !== 0) assert.equal(remainder(x, y), Number(`${first % second}e-${scale}`) + 0);
    if (second !== 0) assert.equal(round(multiply(divide(x, y), y), 6), round(x, 6));
  }), { numRuns: 5_000 });
});

test('halves are rounded away from zero, by what is written, not by the binary fraction', () => {
  const cases: [number, number, number][] = [[1.005, 2, 1.01], [-1.005, 2, -1.01], [2.5, 0, 3], [-2.5, 0, -3], [0.5, 0, 1], [-0.4, 0, 0], [1.45, 1, 1.5], [8.345, 2, 8.35], [1e-7, 2, 0], [123, 2, 123], [1e21, 2, 1e21], [0.1, 6, 0.1]];
  for (const [value, to, result] of cases) assert.equal(round(value, to), result, `${value}`);
});

test('places are counted behind the point', () => {
  for (const [value, count] of [[1, 0], [1.5, 1], [0.001, 3], [1e-7, 7], [1.25e-7, 9], [1e21, 0], [123.456, 3]] as const) assert.equal(places(value), count, `${value}`);
});

test('no operands are too large or too small to end with a number', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(finite, finite, (a, b) => {
    for (const value of [add(a, b), subtract(a, b), multiply(a, b), round(a, 3), ...(b === 0 ? [] : [divide(a, b), remainder(a, b)])]) assert.ok(!Number.isNaN(value));
  }), { numRuns: 2_000 });
});
