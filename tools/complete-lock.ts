/**
 * Completes package-lock.json: `node tools/complete-lock.ts`; `--check` only compares.
 *
 * Packages with native parts name one optional package for every platform. npm leaves those out of the lock file that
 * the registry in use does not have (a mirror, a release still under way), and then `npm ci` refuses the file
 * everywhere, even where none of them would be installed. They are added here by name, version and platform.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const operatingSystems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'aix'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/**
 * The lock file's packages with an entry for every optional package of one platform that it lacks, in npm's order.
 *
 * @param packages the member of that name in package-lock.json
 */
export function completePackages(packages: Readonly<Record<string, Locked>>): Record<string, Locked> {
  const all: Record<string, Locked> = { ...packages };
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      const version = /^\d+\.\d+\.\d+[\w.-]*$/.exec(range)?.[0];
      if (platform === undefined || version === undefined) continue;
      const found = nearest(all, path, name);
      if (found?.version === version) continue;
      // At the top where nothing is in the way, else beside the package that wants it.
      const place = found === undefined ? `node_modules/${name}` : `${path}/node_modules/${name}`;
      all[place] = { version, ...(entry.dev ? { dev: true } : {}), optional: true, ...platform };
    }
  }
  return Object.fromEntries(Object.entries(all).sort(([one], [other]) => one.localeCompare(other, 'en')));
}

/** What the name of a package for one platform says of it: `@rollup/rollup-linux-x64-musl`. */
function platformOf(name: string): Pick<Locked, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[/_-]/);
  const os = operatingSystems.find((system) => words.includes(system)) ?? (words.includes('windows') ? 'win32' : undefined);
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : os === 'linux' && words.includes('gnu') ? 'glibc' : undefined;
  return libc === undefined ? { os: [os], cpu: [cpu] } : { os: [os], cpu: [cpu], libc: [libc] };
}

/** What Node finds under a name when it looks from a package: in that one's own folder, else in those above. */
function nearest(packages: Readonly<Record<string, Locked>>, from: string, name: string): Locked | undefined {
  const parts = from === '' ? [] : from.split('/node_modules/');
  for (let depth = parts.length; depth > 0; depth -= 1) {
    const found = packages[`${parts.slice(0, depth).join('/node_modules/')}/node_modules/${name}`];
    if (found !== undefined) return found;
  }
  return packages[`node_modules/${name}`];
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '..', 'package-lock.json');
  const before = readFileSync(path, 'utf8');
  const lock = JSON.parse(before) as { packages: Record<string, Locked> };
  const completed = completePackages(lock.packages);
  const count = Object.keys(completed).length - Object.keys(lock.packages).length;
  if (process.argv.includes('--check')) {
    if (count > 0) {
      console.error(`package-lock.json lacks ${count} packages for other platforms, so npm ci refuses it: run \`node tools/complete-lock.ts\`.`);
      process.exitCode = 1;
    }
  } else if (count > 0) {
    writeFileSync(path, `${JSON.stringify({ ...lock, packages: completed }, null, 2)}\n`);
    console.log(`added ${count} packages for other platforms`);
  }
}
