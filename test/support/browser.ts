import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { chromium, type Browser, type BrowserContext, type Page, type Request } from 'playwright-core';

const decompress = promisify(brotliDecompress);
const require = createRequire(import.meta.url);

/** Desktop as agents have it, phone as technicians and customers do. */
const viewports = {
  desktop: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A bare container has a /dev/shm of 64 MB.
  '--disable-dev-shm-usage',
  // Offers WebGL by software, for maps.
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  // A camera and a microphone that show a test picture, answered without a question.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

export type PageOptions = {
  viewport?: keyof typeof viewports;
  language?: 'zh-CN' | 'en';
  theme?: 'light' | 'dark';
  /** Relative addresses given to `page.goto` start here. */
  baseURL?: string;
  /** Where the device says it is; grants the permission to ask. */
  position?: { lat: number; lng: number };
  /** Opens the page in an existing context: another tab of the same person. */
  context?: BrowserContext;
};

/** A page that remembers what its console complained about. */
export type TestPage = Page & {
  /** Console errors, uncaught exceptions and failed requests so far. Refusals (4xx) by the API are not among them. */
  complaints: string[];
};

export type TestBrowser = {
  browser: Browser;
  /** A page in a context of its own (another person), unless `context` is given. Reduced motion, exact zone. */
  newPage: (options?: PageOptions) => Promise<TestPage>;
  close: () => Promise<void>;
};

/** The files of an uncompressed tar archive (POSIX ustar): only regular files are looked for. */
function* tarFiles(archive: Buffer): Generator<{ name: string; content: Buffer }> {
  const text = (from: number, to: number): string => archive.toString('latin1', from, to).split('\0')[0] as string;
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, at + 136), 8);
    if (text(at + 156, at + 157) === '0') yield { name: text(at, at + 100), content: archive.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

/** Unpacks Chromium, the libraries a bare Debian lacks, and a font configuration for Chinese into `folder`. */
async function unpack(folder: string): Promise<void> {
  const packed = join(dirname(require.resolve('@sparticuz/chromium')), '..', 'bin');
  await writeFile(join(folder, 'chromium'), await decompress(await readFile(join(packed, 'chromium.br'))));
  await chmod(join(folder, 'chromium'), 0o755);
  for (const archive of ['al2023', 'swiftshader', 'fonts']) {
    for (const file of tarFiles(await decompress(await readFile(join(packed, `${archive}.tar.br`))))) {
      const target = join(folder, file.name);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, file.content);
    }
  }
}

/** The browser's folder in the cache; unpacked on the first call of a version, safe when two runs race. */
async function unpackedFolder(): Promise<string> {
  const { version } = JSON.parse(
    await readFile(join(dirname(require.resolve('@sparticuz/chromium')), '..', 'package.json'), 'utf8'),
  ) as { version: string };
  const folder = join(tmpdir(), `bihuan-chromium-${version}-${process.getuid?.() ?? 0}`);
  if (!existsSync(folder)) {
    const own = await mkdtemp(`${folder}.`);
    await unpack(own);
    try {
      // A rename is all or nothing: nobody ever sees half a browser.
      await rename(own, folder);
    } catch (error) {
      await rm(own, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return folder;
}

/** A fontconfig file that knows the Chinese font from npm and the Latin one that came with the browser. */
async function fontConfig(folder: string): Promise<string> {
  const chinese = join(dirname(require.resolve('@embedpdf/fonts-sc')), '..', 'fonts');
  const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${chinese}</dir>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans S Chinese</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Noto Sans S Chinese</family></prefer></alias>
</fontconfig>
`;
  // The place of node_modules differs between checkouts that share the cache: one file for each.
  const name = `fonts-${Buffer.from(chinese).toString('base64url').slice(-40)}.conf`;
  const file = join(folder, name);
  const own = `${file}.${process.pid}`;
  await writeFile(own, text);
  await rename(own, file);
  return file;
}

/** What each page that is open asked the API of late, and what it was answered. */
const asked = new Map<Page, string[]>();

function watch(page: Page): void {
  const calls: string[] = [];
  asked.set(page, calls);
  page.on('close', () => asked.delete(page));
  const note = (request: Request, outcome: number | string): void => {
    const { pathname, search } = new URL(request.url());
    if (!pathname.startsWith('/api/')) return;
    calls.push(`${request.method()} ${pathname}${search.slice(0, 80)} ${outcome}`);
    if (calls.length > 25) calls.shift();
  };
  page.on('response', (response) => note(response.request(), response.status()));
  page.on('requestfailed', (request) => note(request, request.failure()?.errorText ?? 'failed'));
}

// What stood on the pages when a test gave up waiting says more than what it waited for.
afterEach(async (context) => {
  if (!('passed' in context) || context.passed) return;
  for (const [page, calls] of asked) {
    const text = await Promise.race([page.evaluate<string>('document.body.innerText').then((all) => all.replace(/\s*\n\s*/g, ' ¶ ').slice(0, 2_000)), setTimeout(2_000, 'does not answer')]).catch((error: unknown) => String(error));
    console.log(`\nWhen “${context.name}” failed, ${page.url()} showed:\n${text}\nIts last calls:\n${calls.join('\n')}`);
  }
});

// Where no locale is set, it would read the names of files as ASCII, and find none that is called 客户名单.csv.
const surroundings = { ...(process.env as Record<string, string>), LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };

/** Shared by all test files of a process; what one does in a context the others do not see. */
let running: Promise<Browser> | undefined;

after(async () => {
  const browser = await running?.catch(() => undefined);
  running = undefined;
  await browser?.close();
});

/**
 * Chromium for a test file: the one named by CHROMIUM_PATH, else the one from npm (Linux x64), else the
 * Chrome installed on the machine. It is started once for all files of a process; closing it closes the file's own contexts.
 */
export async function openBrowser(): Promise<TestBrowser> {
  const shared = await running?.catch(() => undefined);
  if (!shared?.isConnected()) running = launch();
  const browser = await running!;
  const contexts: BrowserContext[] = [];
  return {
    browser,
    newPage: (options) => newPage(browser, contexts, options),
    close: async () => {
      for (const context of contexts) await context.close();
    },
  };
}

async function launch(): Promise<Browser> {
  const named = process.env['CHROMIUM_PATH'];
  const fromNpm = process.platform === 'linux' && process.arch === 'x64';
  if (named !== undefined || !fromNpm) {
    return chromium.launch({ args: flags, env: surroundings, ...(named === undefined ? { channel: 'chrome' } : { executablePath: named }) });
  }
  const folder = await unpackedFolder();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: flags,
    env: {
      ...surroundings,
      LD_LIBRARY_PATH: [join(folder, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
      FONTCONFIG_FILE: await fontConfig(folder),
    },
  });
}

async function newPage(browser: Browser, contexts: BrowserContext[], options: PageOptions = {}): Promise<TestPage> {
  const language = options.language ?? 'zh-CN';
  const context =
    options.context ??
    (await browser.newContext({
      ...viewports[options.viewport ?? 'desktop'],
      locale: language === 'en' ? 'en-GB' : 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      colorScheme: options.theme ?? 'light',
      reducedMotion: 'reduce',
      baseURL: options.baseURL,
      ...(options.position === undefined
        ? {}
        : {
            geolocation: { latitude: options.position.lat, longitude: options.position.lng, accuracy: 10 },
            permissions: ['geolocation'],
          }),
    }));
  if (options.context === undefined) contexts.push(context);
  const page = (await context.newPage()) as TestPage;
  page.complaints = [];
  watch(page);
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // The console repeats every refusal; what the API answers is the test's own business, unless it broke down.
    const refusal = /status of 4\d\d/.test(message.text()) && new URL(message.location().url, 'http://none').pathname.startsWith('/api/');
    if (!refusal) page.complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => page.complaints.push(error.stack ?? error.message));
  return page;
}

/**
 * Waits until something holds in the page. Playwright's own waitForFunction needs `eval` there, which the content
 * security policy of the faces forbids.
 *
 * @throws after ten seconds in which it never held
 */
export async function until<Argument>(page: Page, holds: (argument: Argument) => boolean, argument: Argument): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (await page.evaluate(holds as (argument: unknown) => boolean, argument as unknown)) return;
    await setTimeout(20);
  }
  throw new Error(`Never held in the page: ${holds.toString()} with ${JSON.stringify(argument)}`);
}

/** Keeps a picture of the page in tmp/screenshots/, to be looked at; in CI, where nobody does, only when SCREENSHOTS is 1. */
export async function screenshot(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  if (process.env['CI'] === 'true' && process.env['SCREENSHOTS'] !== '1') return;
  const folder = fileURLToPath(new URL('../../tmp/screenshots/', import.meta.url));
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: options.fullPage ?? false, animations: 'disabled' });
}
