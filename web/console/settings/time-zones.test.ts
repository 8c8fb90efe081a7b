import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zoneChoices } from './time-zones.ts';

const winter = new Date('2026-01-15T00:00:00Z');
const summer = new Date('2026-07-15T00:00:00Z');
const labelOf = (zone: string, language: 'zh-CN' | 'en', at: Date): string | undefined => zoneChoices('Asia/Shanghai', language, at).find(({ value }) => value === zone)?.label;

test('a zone says how far it is from UTC and what people call it', () => {
  assert.match(labelOf('Asia/Shanghai', 'zh-CN', winter) ?? '', /^Asia\/Shanghai.*UTC\+08:00 · 中国/);
  assert.match(labelOf('Asia/Shanghai', 'en', winter) ?? '', /^Asia\/Shanghai.*UTC\+08:00 · China/);
});

test('its distance is that of the season', () => {
  assert.match(labelOf('Europe/Berlin', 'en', winter) ?? '', /UTC\+01:00/);
  assert.match(labelOf('Europe/Berlin', 'en', summer) ?? '', /UTC\+02:00/);
});

test('what is set is offered though the browser does not know it, once', () => {
  const choices = zoneChoices('Mars/Base', 'en', winter);
  assert.equal(choices.filter(({ value }) => value === 'Mars/Base').length, 1);
  assert.equal(new Set(choices.map(({ value }) => value)).size, choices.length);
});
