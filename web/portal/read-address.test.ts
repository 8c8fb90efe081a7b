import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portalPath, readAddress } from './read-address.ts';

const at = (pathname: string, search = '', hash = '') => readAddress({ pathname, search, hash });

test('each of the three addresses leads to its page', () => {
  assert.deepEqual(at('/portal/anju'), { page: 'home', organization: 'anju', asset: null });
  assert.deepEqual(at('/portal/anju/'), { page: 'home', organization: 'anju', asset: null });
  assert.deepEqual(at('/t/abc'), { page: 'progress', token: 'abc' });
  assert.deepEqual(at('/q/abc'), { page: 'scan', token: 'abc' });
});

test('what lies inside the portal stands behind the #', () => {
  assert.deepEqual(at('/portal/anju', '', '#report/123'), { page: 'report', organization: 'anju', asset: null, category: '123' });
  assert.deepEqual(at('/portal/anju', '', '#report/other'), { page: 'report', organization: 'anju', asset: null, category: null });
  assert.deepEqual(at('/portal/anju', '?asset=t1', '#report'), { page: 'report', organization: 'anju', asset: 't1', category: null });
  assert.deepEqual(at('/portal/anju', '', '#sent/tok%2Fen'), { page: 'sent', organization: 'anju', asset: null, token: 'tok/en' });
  assert.equal(at('/portal/anju', '', '#mine').page, 'mine');
  assert.equal(at('/portal/anju', '', '#sign-in').page, 'signIn');
});

test('what nobody knows leads to a page that says so, or home', () => {
  for (const path of ['/', '/portal', '/portal/', '/t/', '/elsewhere/x']) assert.deepEqual(at(path), { page: 'unknown' });
  assert.equal(at('/portal/anju', '', '#home').page, 'home');
  assert.equal(at('/portal/anju', '', '#nothing').page, 'home');
  assert.equal(at('/portal/anju', '', '#sent/').page, 'home');
  assert.deepEqual(at('/t/%E0%A4%A'), { page: 'progress', token: '%E0%A4%A' });
});

test('an organization with odd characters keeps its own address', () => {
  assert.deepEqual(at(portalPath('安居/里')), { page: 'home', organization: '安居/里', asset: null });
});
