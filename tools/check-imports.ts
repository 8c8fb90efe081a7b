/**
 * Checks who imports whom (分层检查): downward only, no circles, and outside packages only where they belong. Fails with
 * one line for each wrong arrow.
 *
 * Layers of the server, from the top: entry (main, routes, reactions, jobs, timers, founding) → rooms (journey, reactions/) →
 * records → channels, connectors, platform. rules and contract stand below all of them; web uses only those two.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '..');
const importPattern = /^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** Rank of a place, higher may import lower; null for places that are not ranked (tests, tools, benchmarks). */
function rank(file: string): number | null {
  if (/\.(test|program)\.tsx?$/.test(file) || /(^|\/)sample-[\w-]+\.ts$/.test(file)) return null;
  if (/^server\/(main|routes|reactions|jobs|timers)\.ts$/.test(file) || file.startsWith('server/founding/')) return 6;
  if (file.startsWith('server/journey/') || file.startsWith('server/reactions/')) return 5;
  if (file.startsWith('server/records/')) return 4;
  if (file.startsWith('server/channels/') || file.startsWith('server/connectors/')) return 3;
  if (file.startsWith('server/platform/')) return 2;
  if (file.startsWith('contract/')) return 1;
  if (file.startsWith('rules/')) return 0;
  return null;
}

const journeyRoom = (file: string) => /^server\/journey\/(\w+)\//.exec(file)?.[1];
const channelRoom = (file: string) => /^server\/(channels|connectors)\/([\w-]+)\//.exec(file)?.[2];
// The driver, the environment, the clock and the file system are the platform's business.
const platformOnly = new Set(['pg', 'pg-boss', 'fs', 'fs/promises', 'node:fs', 'node:fs/promises', 'node:child_process', 'node:net', 'node:http', 'pino']);
const platformWords = /\bprocess\.env\b|\bDate\.now\(\)|\bnew Date\(\)/;

const files = globSync(['server/**/*.ts', 'rules/**/*.ts', 'contract/**/*.ts', 'web/**/*.ts', 'web/**/*.tsx', 'schema/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'], { cwd: root })
  .map((file) => file.replaceAll('\\', '/')).filter((file) => !file.startsWith('web/dist/') && !file.includes('node_modules'));
const known = new Set(files);
const arrows = new Map<string, string[]>();
const wrong: string[] = [];

for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  const from = rank(file);
  const targets: string[] = [];
  for (const match of text.matchAll(importPattern)) {
    const name = (match[1] ?? match[2])!;
    if (!name.startsWith('.')) {
      if (from !== null && from !== 2 && from !== 6 && platformOnly.has(name)) wrong.push(`${file} imports ${name}, which is the platform's business`);
      if (from === 0 && name.startsWith('node:')) wrong.push(`${file} imports ${name}: rules are pure`);
      continue;
    }
    const target = normalize(join(dirname(file), name.replace(/\?.*$/, ''))).replaceAll('\\', '/');
    const typeOnly = /^\s*(import|export)\s+type\s/.test(match[0]);
    if (known.has(target) && !typeOnly) targets.push(target);
    const to = rank(target);
    if (from !== null && to !== null && to > from) wrong.push(`${file} → ${target}: upward`);
    // Words are shared below, not knowledge: the contract may take names from the rules, the rules nothing from it.
    if (from !== null && /^(web|schema|bench|tools|test)\//.test(target) && !(from === 6 && target.startsWith('schema/'))) wrong.push(`${file} → ${target}: the server stands by itself`);
    if (file.startsWith('web/') && !/\.test\.tsx?$/.test(file) && !/^(web|contract|rules)\//.test(target)) wrong.push(`${file} → ${target}: web imports web, contract and rules only`);
    const [roomFrom, roomTo] = [journeyRoom(file), journeyRoom(target)];
    if (from !== null && roomFrom && roomTo && roomFrom !== roomTo) wrong.push(`${file} → ${target}: rooms of the journey meet in reactions.ts, by facts`);
    const [channelFrom, channelTo] = [channelRoom(file), channelRoom(target)];
    if (from !== null && channelFrom && channelTo && channelFrom !== channelTo) wrong.push(`${file} → ${target}: providers do not know each other`);
  }
  if (from !== null && from !== 2 && from !== 6 && file.startsWith('server/')) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const word = platformWords.exec(code);
    if (word) wrong.push(`${file} uses ${word[0]}: time and environment come with the context`);
  }
  arrows.set(file, targets);
}

// Circles, by depth-first search; each is named once.
const state = new Map<string, 'open' | 'done'>();
const path: string[] = [];
function visit(file: string): void {
  state.set(file, 'open');
  path.push(file);
  for (const target of arrows.get(file) ?? []) {
    if (state.get(target) === 'open') wrong.push(`circle: ${[...path.slice(path.indexOf(target)), target].join(' → ')}`);
    else if (!state.has(target)) visit(target);
  }
  path.pop();
  state.set(file, 'done');
}
for (const file of files) if (!state.has(file)) visit(file);

if (wrong.length > 0) {
  console.error([...new Set(wrong)].join('\n'));
  console.error(`${wrong.length} wrong arrows`);
  process.exitCode = 1;
} else {
  console.log(`${files.length} files, no wrong arrow`);
}
