/**
 * Writes server/platform/db/tables.ts, the types of every table, from a freshly migrated database.
 * `--check` only compares and fails when the file is not what it would write.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../server/platform/db/migrate.ts';
import { startEmbeddedPostgres } from '../server/platform/postgres/embedded.ts';

const target = join(import.meta.dirname, '../server/platform/db/tables.ts');
const typescriptTypes: Record<string, string> = {
  uuid: 'string', text: 'string', int2: 'number', int4: 'number', int8: 'number', float8: 'number', bool: 'boolean',
  timestamptz: 'Timestamp', date: 'string', jsonb: 'Json', bytea: 'Buffer', xid8: 'string', pg_snapshot: 'string', tsvector: 'string',
  _text: 'string[]', _uuid: 'string[]',
};

const directory = await mkdtemp(join(tmpdir(), 'bihuan-types-'));
const url = process.env['TEST_DATABASE_URL'];
const server = url ? null : await startEmbeddedPostgres({ dataDirectory: directory, log: () => {} });
try {
  const connection = url ? { connectionString: url } : server!.connection;
  await migrate(connection);
  const client = new pg.Client(connection);
  await client.connect();
  const { rows } = await client.query(`
    SELECT table_name, column_name, udt_name, is_nullable = 'YES' AS nullable, column_default IS NOT NULL AS defaulted
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_migration'
    ORDER BY table_name, ordinal_position`);
  await client.end();
  const tables = Map.groupBy(rows, (row) => row.table_name as string);
  const pascal = (name: string) => name.split('_').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  let text = `// Written by tools/db-types.ts from schema/migrations. Do not edit.
import type { ColumnType, Generated } from 'kysely';

export type Timestamp = ColumnType<Date, Date | string, Date | string>;
// What goes in is text: JSON.stringify it.
// oxlint-disable-next-line typescript/no-explicit-any -- the shape of a document is the business of its owner
export type Json = ColumnType<any, string, string>;
`;
  for (const [table, columns] of tables) {
    text += `\nexport interface ${pascal(table)}Table {\n`;
    for (const column of columns) {
      const type = typescriptTypes[column.udt_name as string];
      if (!type) throw new Error(`no TypeScript type for ${table}.${column.column_name}: ${column.udt_name}`);
      const nullable = column.nullable ? `${type} | null` : type;
      text += `  ${column.column_name}: ${column.defaulted ? `Generated<${nullable}>` : nullable};\n`;
    }
    text += '}\n';
  }
  text += `\nexport interface Tables {\n${[...tables.keys()].map((table) => `  ${table}: ${pascal(table)}Table;\n`).join('')}}\n`;
  if (process.argv.includes('--check')) {
    const present = await readFile(target, 'utf8').catch(() => '');
    if (present !== text) {
      console.error('server/platform/db/tables.ts is not what the migrations say: run `npm run db-types` and commit it.');
      process.exitCode = 1;
    }
  } else {
    await writeFile(target, text);
    console.log(`wrote ${tables.size} tables`);
  }
} finally {
  await server?.stop();
  await rm(directory, { recursive: true, force: true });
}
