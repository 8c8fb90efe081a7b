import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileSummary } from '../../../contract/file.ts';
import { filesOf } from './files-of.ts';

function file(id: string, createdAt: string, purpose = 'photo'): FileSummary {
  return { id, name: `${id}.jpg`, mediaType: 'image/jpeg', size: 1, purpose, visibility: 'public', url: '', thumbnailUrl: null, width: null, height: null, createdAt };
}

const ids = (files: FileSummary[]): string[] => files.map((one) => one.id);
const arrived = { step: 'on_site', at: '2026-11-21T03:00:00Z', done: true, current: false } as const;

test('photos of the request and of the work are told apart by the arrival', () => {
  const sorted = filesOf({ files: [file('before', '2026-11-21T01:00:00Z'), file('after', '2026-11-21T03:20:00Z'), file('signed', '2026-11-21T03:30:00Z', 'signature')], messages: [], steps: [arrived] });
  assert.deepEqual(ids(sorted.reported), ['before']);
  assert.deepEqual(ids(sorted.work), ['after', 'signed']);
});

test('before anyone arrived everything belongs to the request, except a signature', () => {
  const sorted = filesOf({ files: [file('one', '2026-11-21T01:00:00Z'), file('signed', '2026-11-21T01:00:00Z', 'signature')], messages: [], steps: [{ ...arrived, at: null }] });
  assert.deepEqual(ids(sorted.reported), ['one']);
  assert.deepEqual(ids(sorted.work), ['signed']);
});

test('what stands under a message is not shown twice', () => {
  const photo = file('said', '2026-11-21T04:00:00Z');
  const sorted = filesOf({ files: [photo], messages: [{ id: 'm', fromCustomer: true, author: null, body: '看', at: '2026-11-21T04:00:00Z', files: [photo] }], steps: [arrived] });
  assert.deepEqual(sorted, { reported: [], work: [] });
});
