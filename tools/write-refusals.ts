/** Writes docs/refusals.md from contract/refusals.ts; `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusals } from '../contract/refusals.ts';

const target = join(import.meta.dirname, '../docs/refusals.md');
const rows = Object.entries(refusals).map(([code, { status, zh, en }]) => `| \`${code}\` | ${status} | ${zh} | ${en} |`);
const text = `# Refusals 拒绝代码

Every expected failure the API answers with, as \`application/problem+json\` with this \`code\`. Whatever is not here is a fault of the program and answers 500. Written by \`tools/write-refusals.ts\`; do not edit.

| code | status | 中文 | English |
|---|---|---|---|
${rows.join('\n')}
`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('docs/refusals.md is not what contract/refusals.ts says: run `node tools/write-refusals.ts` and commit it.');
    process.exitCode = 1;
  }
} else writeFileSync(target, text);
