import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeRefusal } from './refusals.ts';

const server = join(import.meta.dirname, '../server');
const source = readdirSync(server, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => readFileSync(join(server, path), 'utf8')).join('\n');

test('an input that names nothing is called what people call it, in both languages', () => {
  const written = [...source.matchAll(/'(?:unknown_reference|reference_inactive)', \{ field: '(\w+)' \}/g)].map((match) => match[1]!);
  // Those whose names the code takes from the path.
  const fields = new Set([...written, 'departmentId', 'teamId', 'teamIds', 'roleIds', 'memberIds', 'attachments', 'uploads', 'signatureFileId']);
  assert.ok(fields.size > 12);
  for (const field of fields) {
    for (const code of ['unknown_reference', 'reference_inactive'] as const) {
      assert.match(describeRefusal(code, { field }, 'zh-CN'), /^\p{Script=Han}+ 指向的内容/u, field);
      assert.match(describeRefusal(code, { field }, 'en'), /^(The|One of the) [a-z ]+ points at something/, field);
    }
  }
});

test('a name that is given in both languages is taken as it is, a field of an organization\'s own by its key', () => {
  assert.equal(describeRefusal('name_taken', { field: { zh: '电话', en: 'The phone number' } }, 'en'), 'The phone number is taken.');
  assert.equal(describeRefusal('unknown_field', { type: { zh: '报修', en: 'Repair' }, field: 'category' }, 'en'), 'The ticket type “Repair” has no field category.');
});
