import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsModule from 'ajv-formats';
import { factKinds } from '../../contract/facts.ts';
import { jobKinds } from '../../contract/jobs.ts';
import { refusals } from '../../contract/refusals.ts';
import { timerKinds } from '../../contract/timers.ts';
import { permissions, standardRoles } from '../../rules/access/permissions.ts';
import { lifecycle, statusNames } from '../../rules/ticket/lifecycle.ts';
import { visitLifecycle, visitStatusNames } from '../../rules/ticket/visit-lifecycle.ts';
import { ensureEveryJobHandled, jobHandlers } from '../../server/jobs.ts';
import { maximumFileBytes, maximumPortalFileBytes } from '../../server/platform/files/inspect.ts';
import { mostStreams, standardLimits } from '../../server/platform/http/limits.ts';
import { addOperations } from '../../server/platform/http/operations.ts';
import type { Jobs } from '../../server/platform/jobs/jobs.ts';
import { reactionsTo, readersOf, type Reaction } from '../../server/reactions.ts';
import { routes } from '../../server/routes.ts';
import { ensureEveryTimerHandled, timerHandlers } from '../../server/timers.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { name, needsCredentials } from './requests.ts';
import { assertProblem, done, newTicket } from './scene.ts';

const root = join(import.meta.dirname, '../..');
const chinese = /[\u4e00-\u9fff]/;

interface Operation {
  summary: string;
  tags: string[];
  security?: Record<string, unknown>[];
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

describe('the papers', () => {
  let program: TestProgram;
  let document: OpenApi;
  let ready = false;
  before(async () => {
    program = await openTestProgram();
    addOperations(program.app, program.services, () => ready);
    document = (await done(program.call('GET', '/openapi.json'))).body;
  });
  after(() => program.close());

  const operations = () => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));

  test('openapi.json has every route and no other', () => {
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(operations().map(({ method, path }) => `${method} ${path}`).sort(), routes.map(name).sort());
  });

  test('openapi.json is an OpenAPI 3.1 document: its parts are there, its references lead somewhere, its schemas compile', () => {
    assert.ok(document.info.title.length > 0 && document.info.version.length > 0);
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    (formatsModule as unknown as (instance: Ajv2020) => void)(ajv);
    ajv.addSchema({ $id: 'openapi', components: document.components });
    const compile = (schema: object, where: string) => {
      assert.ok(ajv.validateSchema(schema), `${where} ${ajv.errorsText()}`);
      // References are to the document, wherever the schema stands in it.
      assert.doesNotThrow(() => ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')) as object), where);
    };
    for (const [title, schema] of Object.entries(document.components.schemas)) compile(schema, title);
    for (const reference of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      const title = /^#\/components\/schemas\/(\w+)$/.exec(reference[1]!)?.[1];
      assert.ok(title !== undefined && title in document.components.schemas, reference[1]);
    }
    for (const { path, method, operation } of operations()) {
      const where = `${method} ${path}`;
      assert.ok(operation.summary.length > 0 && operation.tags.length === 1, where);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      assert.deepEqual(inPath.map((parameter) => parameter.name).sort(), [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort(), where);
      assert.ok(inPath.every((parameter) => parameter.required === true), where);
      for (const parameter of operation.parameters ?? []) {
        assert.ok(['path', 'query', 'header'].includes(parameter.in), where);
        compile(parameter.schema, `${where} ${parameter.name}`);
      }
      for (const { schema } of Object.values(operation.requestBody?.content ?? {})) compile(schema, `${where} body`);
      const statuses = Object.keys(operation.responses);
      assert.ok(statuses.some((status) => /^2\d\d$/.test(status)) && statuses.includes('4XX') && statuses.includes('5XX'), `${where} ${statuses.join(' ')}`);
      for (const [status, response] of Object.entries(operation.responses)) {
        assert.match(status, /^([1-5]\d\d|[1-5]XX|default)$/);
        assert.ok(response.description.length > 0, where);
        for (const { schema } of Object.values(response.content ?? {})) compile(schema, `${where} ${status}`);
        if (/^[45]/.test(status)) assert.deepEqual(Object.keys(response.content!), ['application/problem+json'], where);
      }
      for (const requirement of operation.security ?? []) for (const scheme of Object.keys(requirement)) assert.ok(scheme in document.components.securitySchemes, where);
    }
  });

  test('openapi.json says of each route what it takes, what it gives and who may', () => {
    for (const route of routes) {
      const operation = document.paths[route.path]![route.method.toLowerCase()]!;
      const { handler } = route;
      assert.equal(operation.security !== undefined, needsCredentials(route) || route.access === 'maybe_signed_in', name(route));
      if (handler.kind === 'use-case') {
        assert.equal(operation.requestBody !== undefined, handler.body !== undefined, name(route));
        assert.ok(String(handler.status) in operation.responses, name(route));
        assert.equal(operation.responses[String(handler.status)]!.content !== undefined, handler.answer !== null, name(route));
      } else {
        assert.deepEqual(Object.keys(operation.requestBody?.content ?? {}), handler.form ? ['multipart/form-data'] : handler.body ? ['application/json'] : [], name(route));
        assert.ok(handler.produces in operation.responses[String(handler.status)]!.content!, name(route));
      }
      const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name).sort();
      assert.deepEqual(parameters, Object.keys((handler.query as { properties?: object } | undefined)?.properties ?? {}).sort(), name(route));
      const headers = (operation.parameters ?? []).filter((parameter) => parameter.in === 'header').map((parameter) => parameter.name.toLowerCase());
      if (route.method === 'POST') assert.ok(headers.includes('idempotency-key'), name(route));
      if (handler.kind === 'use-case' && handler.versioned) assert.ok(headers.includes('if-match'), name(route));
    }
  });

  test('docs/refusals.md and the page of refusals say what the table of refusals says, both ways', async () => {
    const check = spawnSync(process.execPath, ['tools/write-refusals.ts', '--check'], { cwd: root, encoding: 'utf8' });
    assert.equal(check.status, 0, check.stderr);
    const written = [...readFileSync(join(root, 'docs/refusals.md'), 'utf8').matchAll(/^\| `(\w+)` \| (\d{3}) \| (.+) \| (.+) \|$/gm)].map(([, code, status, zh, en]) => [code, { status: Number(status), zh, en }]);
    assert.deepEqual(Object.fromEntries(written), refusals);
    const page = await program.inject({ method: 'GET', url: '/api/docs/refusals' });
    assert.equal(page.status, 200);
    const shown = [...page.text.matchAll(/<tr id="(\w+)">/g)].map((match) => match[1]);
    assert.deepEqual(shown, Object.keys(refusals), 'the address in `type` of a problem leads to its line');
  });

  test('the guides for operators name the limits as they stand', () => {
    for (const guide of ['docs/guides/operating.md', 'docs/guides/operating.zh-CN.md']) {
      const text = readFileSync(join(root, guide), 'utf8');
      const section = /\n## (?:Limits|限额)\n([^]*?)\n## /.exec(text)?.[1] ?? '';
      const named = [...section.matchAll(/[\d,]*\d/g)].map((match) => Number(match[0].replaceAll(',', '')));
      const most = [...Object.values(standardLimits), standardLimits.anonymous * 10, ...Object.values(mostStreams), maximumFileBytes / 1_048_576, maximumPortalFileBytes / 1_048_576];
      for (const limit of most) assert.ok(named.includes(limit), `${guide} does not name ${limit}`);
    }
  });

  test('every refusal is used by the server, in both languages with the same parameters', () => {
    // What a pure rule decides, the server refuses by the rule's own word.
    const code = globSync('{server,rules}/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts')).map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    for (const [refusal, { status, zh, en }] of Object.entries(refusals)) {
      assert.ok(code.includes(`'${refusal}'`), `${refusal} is used nowhere in server/ or rules/`);
      assert.ok(status >= 400 && status < 600, refusal);
      const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
      assert.deepEqual(parameters(zh), parameters(en), refusal);
    }
  });

  test('every phrase exists in Chinese and in English', () => {
    const pairs = { ...refusals, ...factKinds, ...permissions, ...lifecycle, ...statusNames, ...visitLifecycle, ...visitStatusNames, ...Object.fromEntries(standardRoles.map((role) => [`role ${role.key}`, { zh: role.name, en: role.nameEn }])) };
    for (const [key, { zh, en }] of Object.entries(pairs)) {
      assert.match(zh, chinese, key);
      assert.match(en, /[a-z]/i, key);
      assert.doesNotMatch(en, chinese, key);
      assert.equal(zh.trim(), zh, key);
      assert.equal(en.trim(), en, key);
    }
  });

  test('what is said in English has English punctuation, also where a page puts phrases together', () => {
    const wide = /[，。：；（）「」！？、　]/;
    for (const file of globSync('web/**/*.{ts,tsx}', { cwd: root }).filter((one) => !one.endsWith('.test.ts') && !one.includes('dist'))) {
      const code = readFileSync(join(root, file), 'utf8');
      for (const [, zh, en] of code.matchAll(/\['((?:[^'\\\n]|\\.)*)', '((?:[^'\\\n]|\\.)*)'/g)) if (/\p{Script=Han}/u.test(zh!)) assert.doesNotMatch(en!, wide, `${file}: ${en}`);
      // Between braces of a page stand phrases of whichever language.
      for (const [found] of code.matchAll(/[})][：；，（）。　]\s*[{<`]|`[：；（]\$\{|\}[）]`/g)) if (file.endsWith('.tsx')) assert.fail(`${file}: ${found}`);
    }
  });

  test('boot refuses a fact that nobody answers for, and an answer to no fact', () => {
    const jobs: Jobs = { send: async () => {}, work: async () => {}, stop: async () => {} };
    const table = reactionsTo(program.services, jobs);
    assert.deepEqual(readersOf(table).map((reader) => reader.name).sort(), ['automation', 'completion', 'customer messages', 'customer_news', 'flows', 'insight', 'jobs', 'notices', 'offers', 'parents', 'record search', 'search', 'sla', 'travel']);
    const { 'ticket.rated': _left, ...missing } = table;
    assert.throws(() => readersOf(missing), /server\/reactions\.ts does not say who reacts to: ticket\.rated/);
    assert.throws(() => readersOf({}), new RegExp(Object.keys(factKinds).join(', ').replaceAll('.', '\\.')));
    assert.throws(() => readersOf({ ...table, 'ticket.vanished': [] }), /names facts that contract\/facts\.ts does not: ticket\.vanished/);
    const twin: Reaction = { name: 'insight', kinds: new Set(), react: async () => {} };
    assert.throws(() => readersOf({ ...table, 'ticket.rated': [...table['ticket.rated'], twin] }), /two reactions share the name insight/);
    assert.throws(() => readersOf({ ...table, 'ticket.rated': table['ticket.rated'].filter(({ name }) => name !== 'insight') }), /the reaction insight differ about: ticket\.rated/);
    const jobsOf = table['file.uploaded'].find(({ name }) => name === 'jobs')!;
    assert.throws(() => readersOf({ ...table, 'file.attached': [...table['file.attached'], jobsOf] }), /the reaction jobs differ about: file\.attached/, 'a fact that nobody knows a job for');
    for (const reader of readersOf(table)) for (const kind of reader.kinds) assert.ok(table[kind].some((reaction) => reaction.name === reader.name));
  });

  test('boot refuses a job or a timer without a handler, and a handler of none', () => {
    const handlers = jobHandlers(program.services, async () => {});
    assert.doesNotThrow(() => ensureEveryJobHandled(handlers));
    for (const kind of Object.keys(jobKinds)) {
      const { [kind as keyof typeof handlers]: _left, ...missing } = handlers;
      assert.throws(() => ensureEveryJobHandled(missing), new RegExp(`no handler for: ${kind.replaceAll('.', '\\.')}$`));
    }
    assert.throws(() => ensureEveryJobHandled({ ...handlers, 'sms.vanish': async () => {} }), /handles jobs that contract\/jobs\.ts does not name: sms\.vanish/);
    assert.doesNotThrow(() => ensureEveryTimerHandled(timerHandlers));
    for (const kind of timerKinds) {
      const { [kind]: _left, ...missing } = timerHandlers;
      assert.throws(() => ensureEveryTimerHandled(missing), new RegExp(`no handler for: ${kind.replaceAll('.', '\\.')}$`));
    }
    assert.throws(() => ensureEveryTimerHandled({ ...timerHandlers, 'ticket.vanish': async () => {} }), /handles timers that contract\/timers\.ts does not name: ticket\.vanish/);
  });

  test('every answer carries what keeps a browser safe, and lets no foreign page read it', async () => {
    const answers = [
      await program.call('GET', '/tickets', { as: 'agent', headers: { origin: 'https://evil.example' } }), await program.call('GET', '/tickets'), await program.call('POST', '/tickets', { as: 'agent', body: {} }),
      await program.inject({ method: 'GET', url: '/api/v1/nothing' }), await program.inject({ method: 'GET', url: '/api/docs' }), await program.inject({ method: 'OPTIONS', url: '/api/v1/tickets', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } }),
    ];
    for (const answer of answers) {
      const policy = String(answer.headers['content-security-policy']);
      const scripts = /script-src ([^;]+)/.exec(policy)?.[1];
      assert.equal(scripts, "'self'", 'no inline scripts');
      for (const part of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) assert.ok(policy.includes(part), part);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.ok(String(answer.headers['referrer-policy']).length > 0);
      assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{16}$/);
      for (const header of Object.keys(answer.headers)) assert.ok(!header.startsWith('access-control-'), header);
    }
    assert.equal(answers[0]!.headers['cache-control'], 'no-store');
    assert.notEqual(answers[0]!.headers['x-request-id'], answers[1]!.headers['x-request-id']);
    for (const url of ['/api/docs', '/api/docs/refusals']) {
      const page = await program.inject({ method: 'GET', url });
      assert.match(String(page.headers['content-type']), /^text\/html/);
      assert.doesNotMatch(page.text, /<script(?![^>]*\b(src|data-url)=)[^>]*>/, 'a script in the page would not run');
      for (const source of page.text.matchAll(/(?:src|href)="([^"#]+)"/g)) assert.equal((await program.inject({ method: 'GET', url: source[1]! })).status, 200, source[1]);
    }
  });

  test('those who look after it are told whether it lives, is ready, and how it does', async () => {
    const get = (url: string) => program.inject({ method: 'GET', url, headers: { 'accept-language': 'en' } });
    assert.equal((await get('/healthz')).status, 200);
    assertProblem(await get('/readyz'), 'not_ready');
    ready = true;
    assert.deepEqual([(await get('/readyz')).status, (await get('/readyz')).body], [200, { status: 'ready' }]);
    await newTicket(program);
    const { text } = await get('/metrics');
    for (const line of [/^bihuan_http_seconds_count\{method="POST",route="\/api\/v1\/tickets",status="2xx"\} 1$/m, /^bihuan_feed_receivers 0$/m, /^bihuan_database_connections\{state="idle"\} \d+$/m, /^bihuan_http_faults_total \d+$/m]) assert.match(text, line);
    assert.ok(!text.includes(program.organization.tenantId));
  });
});
