import { deepEqual, equal } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openReach } from './on-database.ts';

test('a file reaches what it imports, directly, by others, in rings and later on, but not what it only takes types from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bihuan-reach-'));
  try {
    const files: Record<string, string> = {
      'target.ts': 'export const target = 1;',
      'direct.ts': "import { target } from './target.ts';",
      'by-others.ts': "export * from './ring.ts';",
      'ring.ts': "import './by-others.ts';\nimport {\n  target,\n} from './target.ts';",
      'later.ts': "const load = () => import('./target.ts');",
      'types.ts': "import type { target } from './target.ts';\nimport { test } from 'node:test';",
      'nothing.ts': "import './missing.ts';",
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const reaches = openReach(join(folder, 'target.ts'));
    const reaching = Object.keys(files).filter((name) => reaches(join(folder, name)));
    deepEqual(reaching, ['target.ts', 'direct.ts', 'by-others.ts', 'ring.ts', 'later.ts']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('of the tests of the house, those of the API work on a database and those of the rules do not', () => {
  const root = join(import.meta.dirname, '../..');
  const reaches = openReach(join(root, 'test/support/postgres.ts'));
  equal(reaches(join(root, 'test/api/masks.test.ts')), true);
  equal(reaches(join(root, 'server/records/file/store-file.test.ts')), true);
  equal(reaches(join(root, 'server/platform/files/metadata/strip-metadata.test.ts')), false);
});
