import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesInFields } from './field-files.ts';

test('files and signatures of fields and of rows of tables are found, others are attachments', () => {
  const files = [{ id: 'f1' }, { id: 'f2' }, { id: 'f3' }, { id: 'f4' }];
  const fields = { photos: ['f1'], signature: 'f2', rows: [{ proof: ['f3'], note: 'f9' }], empty: null, count: 4 };
  assert.deepEqual(filesInFields(fields, files).map(({ id }) => id), ['f1', 'f2', 'f3']);
  assert.deepEqual(filesInFields({}, files), []);
});
