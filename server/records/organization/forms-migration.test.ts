import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { applyForm } from '../../../rules/forms/apply-form.ts';
import { checkForm } from '../../../rules/forms/check-form.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { newId } from '../../platform/db/uuid.ts';

const sql = (name: string) => readFileSync(join(import.meta.dirname, '../../../schema/migrations', name), 'utf8');

test('fields that were JSON Schemas become the first version of a form that asks the same', async () => {
  const database = await (await openTestCluster(async () => {})).cloneDatabase();
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    await client.query(sql('0001_foundation.sql'));
    const [tenant, type, plain] = [newId(), newId(), newId()];
    const fields = {
      room: { type: 'string', title: '房号', description: '楼栋和房号', minLength: 2, maxLength: 20 }, story: { type: 'string', maxLength: 5_000 }, mail: { type: 'string', format: 'email' }, day: { type: 'string', format: 'date' },
      at: { type: 'string', format: 'date-time' }, count: { type: 'integer', minimum: 1, maximum: 9 }, area: { type: 'number' }, urgent: { type: 'boolean' }, kind: { type: 'string', enum: ['leak', 'noise'] },
      several: { type: 'array', items: { enum: ['a', 'b'] } }, spoken: { enum: ['漏水', '噪音'] }, odd: { oneOf: [{ type: 'string' }, { type: 'null' }] }, 'no key': { type: 'string' },
    };
    await client.query("SET app.tenant = '00000000-0000-0000-0000-000000000000'");
    await client.query('INSERT INTO organization (tenant_id, slug, name, created_at) VALUES ($1, $2, $2, now())', [tenant, 'old']);
    await client.query('INSERT INTO ticket_type (tenant_id, id, key, name, definition, created_at) VALUES ($1, $2, $3, $3, $4, now()), ($1, $5, $6, $6, $7, now())',
      [tenant, type, 'repair', JSON.stringify({ fields, flow: { steps: ['work'] } }), plain, 'plain', '{}']);
    await client.query(sql('0005_forms.sql'));
    const { rows } = await client.query<{ form: Form; definition: unknown }>('SELECT f.form, t.definition FROM form_version f JOIN ticket_type t ON t.id = f.type_id WHERE f.number = 1 ORDER BY t.key DESC');
    const [{ form, definition }, empty] = [rows[0]!, rows[1]!];
    assert.deepEqual(definition, { flow: { steps: ['work'] } });
    assert.deepEqual(empty.form, { fields: [] });
    assert.deepEqual(checkForm(form), [], JSON.stringify(checkForm(form)));
    assert.deepEqual(Object.fromEntries(form.fields.map((field) => [field.key, field.kind])), {
      room: 'text', story: 'long_text', mail: 'text', day: 'date', at: 'date_time', count: 'number', area: 'number', urgent: 'boolean', kind: 'choice', several: 'choices', spoken: 'text', odd: 'text',
    });
    assert.deepEqual(form.fields.find((field) => field.key === 'room'), { key: 'room', kind: 'text', label: { zh: '房号' }, help: { zh: '楼栋和房号' }, minLength: 2, maxLength: 20 });
    const answers = { room: '3-1203', mail: 'a@b.cn', day: '2026-01-31', count: 3, area: 12.5, urgent: true, kind: 'leak', several: ['a'], spoken: '漏水' };
    const applied = applyForm(form, answers, { mode: 'create', actor: { kind: 'staff' }, now: '2026-11-22T00:00:00Z', timeZone: 'Asia/Shanghai' });
    assert.deepEqual([applied.problems, applied.values], [[], answers], 'answers of old tickets stand');
  } finally {
    await client.end();
    await database.drop();
  }
});
