import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { indexRecords } from '../../server/reactions/search/index-records.ts';
import { decodeQr } from '../support/decode-qr.ts';
import { openTestProgram, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newTicket, writesNothing } from './scene.ts';

describe('assets', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
    await registerReader(program.database, indexRecords.name);
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, options: Parameters<TestProgram['call']>[2] = {}): Promise<Answer> => program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }), ...options });
  const get = async (path: string) => (await done(call('GET', path))).body;
  let last = 0;
  const make = async (body: Record<string, unknown> = {}) => (await done(call('POST', '/assets', { code: `A-${last += 1}`, name: '水泵', ...body }))).body;
  const patch = async (id: string, body: Record<string, unknown>, version?: number) => call('PATCH', `/assets/${id}`, body, { headers: { 'if-match': `"${version ?? (await get(`/assets/${id}`)).version}"` } });
  const codesOf = async (query: string) => (await get(`/assets?${query}`)).items.map((one: { code: string }) => one.code);

  test('belong to a customer, an account, a place and a parent, and have properties of their own', async () => {
    const account = (await done(call('POST', '/accounts', { name: '西畔花园' }))).body;
    const other = (await done(call('POST', '/accounts', { name: '东畔花园' }))).body;
    const site = (await done(call('POST', `/accounts/${account.id}/sites`, { name: '泵房' }))).body;
    const customer = (await done(call('POST', '/customers', { name: '物业' }))).body;
    const station = await make({ name: '供水机组' });
    const made = await make({ name: '生活水泵', model: 'WWG24-60-2', serialNumber: 'SB260112345', customerId: customer.id, siteId: site.id, parentId: station.id, criticality: 'high', warrantyUntil: '2028-02-29', installedOn: '2026-01-12', attributes: { 功率: 7.5, 变频: true, 厂家: '自产' }, externalId: 'EAM-1', lat: 30.2, lng: 120.1 });
    assert.deepEqual([made.customer.name, made.account.name, made.site.name, made.parent.code, made.attributes, made.installedOn], ['物业', '西畔花园', '泵房', station.code, { 功率: 7.5, 变频: true, 厂家: '自产' }, '2026-01-12']);
    assert.equal((await get(`/assets/${station.id}`)).childCount, 1);
    const changed = (await done(patch(made.id, { siteId: null, accountId: other.id, attributes: { 功率: 11 }, model: null, installedOn: null }))).body;
    assert.deepEqual([changed.site, changed.account.name, changed.attributes, changed.model, changed.installedOn, changed.version], [null, '东畔花园', { 功率: 11 }, null, null, 2]);
    await writesNothing(program, async () => {
      assertProblem(await patch(made.id, { siteId: site.id }), 'invalid_input', 'a place of another account');
      for (const body of [{ customerId: newId() }, { accountId: newId() }, { siteId: newId() }, { parentId: newId() }]) assertProblem(await patch(made.id, body), 'unknown_reference', JSON.stringify(body));
      for (const body of [{ attributes: { '': 1 } }, { attributes: { a: { b: 1 } } }, { attributes: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`p${index}`, 1])) }, { attributes: { a: 'x'.repeat(501) } }, { installedOn: '2026-02-30' }, { lat: null }]) assertProblem(await patch(made.id, body), 'invalid_input', JSON.stringify(body).slice(0, 60));
      assertProblem(await patch(made.id, { code: station.code }), 'name_taken');
      assertProblem(await call('POST', '/assets', { code: 'A-x', name: 'x', externalId: 'EAM-1' }), 'name_taken');
      assertProblem(await patch(made.id, { name: 'x' }, 1), 'stale_version');
      assert.equal((await done(patch(made.id, { attributes: { 功率: 11 } }))).body.version, 2, 'saving what is there is no change');
    });
  });

  test('never stand below themselves, nor too deep', { timeout: 60_000 }, async () => {
    const [a, b, c] = [await make(), await make(), await make()];
    await done(patch(b.id, { parentId: a.id }));
    await done(patch(c.id, { parentId: b.id }));
    await writesNothing(program, async () => {
      for (const parentId of [a.id, b.id, c.id]) assertProblem(await patch(a.id, { parentId }), 'invalid_input', parentId);
    });
    // Two who would close a circle together: one of them is refused.
    const [d, e] = [await make(), await make()];
    const answers = await Promise.all([patch(d.id, { parentId: e.id }, 1), patch(e.id, { parentId: d.id }, 1)]);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 422]);
    let parent = await make();
    for (let depth = 2; depth <= 20; depth += 1) parent = await make({ parentId: parent.id });
    assertProblem(await call('POST', '/assets', { code: 'too-deep', name: 'x', parentId: parent.id }), 'invalid_input');
    assertProblem(await patch(a.id, { parentId: parent.id }), 'invalid_input', 'what hangs below counts, too');
  });

  test('are found by part of name, code, model or serial number, and by what they belong to', async () => {
    const customer = (await done(call('POST', '/customers', { name: '设备客户', phone: '13800009999' }))).body;
    const merged = (await done(call('POST', '/customers', { name: '设备客户二' }))).body;
    await make({ code: 'XH-DT-01', name: '客梯一号', model: 'TKJ1000/1.75-VF', serialNumber: 'DT20260117', customerId: merged.id, warrantyUntil: '2020-01-01' });
    await make({ code: 'XH-DT-02', name: '客梯二号', customerId: customer.id, warrantyUntil: '2199-12-31', criticality: 'high' });
    for (const round of ['before', 'after']) {
      for (const [q, codes] of [['客梯', ['XH-DT-02', 'XH-DT-01']], ['DT-01', ['XH-DT-01']], ['TKJ1000', ['XH-DT-01']], ['DT202601', ['XH-DT-01']], ['客梯 二号', ['XH-DT-02']], ['没有这台', []]] as const) {
        assert.deepEqual(await codesOf(`q=${encodeURIComponent(q)}`), codes, `${q} ${round}`);
      }
      while (await advance(program.database, indexRecords) > 0);
    }
    assert.deepEqual(await codesOf(`customer=${customer.id}`), ['XH-DT-02']);
    await done(call('POST', `/customers/${merged.id}/merge`, { into: customer.id }));
    assert.deepEqual(await codesOf(`customer=${customer.id}`), ['XH-DT-02', 'XH-DT-01'], 'with those of customers merged into them');
    assert.deepEqual([await codesOf('q=XH&warranty=expired'), await codesOf('q=XH&warranty=valid'), await codesOf('q=XH&criticality=high')], [['XH-DT-01'], ['XH-DT-02'], ['XH-DT-02']]);
  });

  test('are listed by name, code or warranty, page by page; without a warranty they come last', async () => {
    const account = (await done(call('POST', '/accounts', { name: '排序设备' }))).body;
    for (const [code, name, warrantyUntil] of [['S-3', '水泵', '2030-01-01'], ['S-1', '电梯', null], ['S-4', '空调', '2027-06-30'], ['S-2', '门禁', null], ['S-5', '安防', '2030-01-01']] as const) await make({ code, name, accountId: account.id, ...(warrantyUntil === null ? {} : { warrantyUntil }) });
    const pages = async (sort: string) => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: { items: { code: string }[]; nextCursor: string | null } = await get(`/assets?account=${account.id}&limit=2&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        found.push(...page.items.map((one) => one.code.slice(2)));
        cursor = page.nextCursor;
      }
      return found.join('');
    };
    for (const [sort, expected] of [['code', '12345'], ['-code', '54321'], ['name', '51423'], ['-name', '32415'], ['createdAt', '31425'], ['-createdAt', '52413'], ['warrantyUntil', '43512'], ['-warrantyUntil', '53421']] as const) assert.equal(await pages(sort), expected, sort);
    const { nextCursor } = await get(`/assets?account=${account.id}&limit=2&sort=code`);
    assertProblem(await call('GET', `/assets?sort=name&cursor=${nextCursor}`), 'invalid_cursor');
  });

  test('tell their history: tickets as far as one may see, and changes', async () => {
    const made = await make({ name: '历史泵' });
    await newTicket(program, { subject: '泵不转', assetId: made.id, team: program.organization.otherTeamId }, 'administrator');
    await newTicket(program, { subject: '泵漏水', assetId: made.id, team: program.organization.teamId }, 'administrator');
    await done(patch(made.id, { model: 'B-2' }));
    const history = async (as: 'administrator' | 'manager') => (await done(call('GET', `/assets/${made.id}/timeline`, undefined, { as }))).body.items.map((one: { ticket: { subject: string } | null; change: { kind: string; data: unknown } | null }) => one.ticket?.subject ?? one.change?.kind);
    assert.deepEqual((await history('administrator')).toSorted(), ['asset.changed', 'asset.created', '泵不转', '泵漏水'].toSorted());
    assert.ok(!(await history('manager')).includes('泵不转'));
    const [fact] = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').select('data').where('subject_id', '=', made.id).where('kind', '=', 'asset.changed')));
    assert.deepEqual((fact!.data as { before: unknown; after: unknown }), { code: made.code, name: '历史泵', before: { model: null }, after: { model: 'B-2' } });
  });

  test('out of use: lists leave them out, their code opens nothing, nothing new is about them', async () => {
    const made = await make({ name: '报废泵' });
    const token = made.scanUrl.slice(made.scanUrl.lastIndexOf('/') + 1);
    await done(program.call('GET', `/scan/${token}`));
    await done(patch(made.id, { archived: true }));
    assert.deepEqual([await codesOf('q=报废泵'), await codesOf('q=报废泵&archived=true')], [[], [made.code]]);
    assertProblem(await program.call('GET', `/scan/${token}`), 'link_invalid');
    assertProblem(await call('GET', `/assets/${made.id}/label.svg`), 'not_found');
    assertProblem(await call('POST', '/tickets', { subject: 'x', assetId: made.id }), 'reference_inactive');
    await done(patch(made.id, { archived: false }));
    await done(program.call('GET', `/scan/${token}`));
  });

  describe('labels', () => {
    test('carry the code that opens the asset, as text and drawing, whatever it is called', async () => {
      const name = `<img src=x onerror="alert(1)"> & '1号' \u202e梯 😀`;
      const made = await make({ name, address: '西畔花园3幢2单元' });
      const label = await call('GET', `/assets/${made.id}/label.svg`);
      assert.equal(label.status, 200);
      assert.match(String(label.headers['content-type']), /^image\/svg\+xml/);
      assert.match(String(label.headers['content-security-policy']), /default-src 'none'/);
      assert.ok(!label.text.includes('<img') && label.text.includes('width="40mm" height="30mm"'));
      assert.equal(readCode(label.text), made.scanUrl);
      assert.match((await call('GET', `/assets/${made.id}/label.svg?size=a4`)).text, /width="63.5mm" height="38.1mm"/);
      assertProblem(await call('GET', `/assets/${made.id}/label.svg?size=a0`), 'invalid_input');
    });

    test('are printed many to a page, in the order they were named', async () => {
      const assets = [];
      for (let count = 0; count < 23; count += 1) assets.push(await make({ name: `标签设备${count}` }));
      const ids = assets.map((asset) => asset.id as string).reverse();
      const sheet = await call('POST', '/assets/labels', { ids });
      assert.match(String(sheet.headers['content-type']), /^text\/html/);
      assert.deepEqual([sheet.text.match(/<section>/g)?.length, sheet.text.match(/role="img"/g)?.length], [2, 23], '21 to a page');
      assert.deepEqual([...sheet.text.matchAll(/aria-label="(\S+) /g)].map((match) => match[1]), assets.map((asset) => asset.code).reverse());
      assert.equal((await call('POST', '/assets/labels', { ids, size: '40x30' })).text.match(/<section>/g)?.length, 23);
      await writesNothing(program, async () => {
        assertProblem(await call('POST', '/assets/labels', { ids: [...ids, newId()] }), 'unknown_reference');
        for (const body of [{}, { ids: [] }, { ids: ['x'] }, { ids: [ids[0], ids[0]] }, { ids, size: 'a0' }, { ids, surprise: 1 }]) assertProblem(await call('POST', '/assets/labels', body), 'invalid_input', JSON.stringify(body));
      });
    });
  });

  test('a place has a code, too: scanned, it fills in where it is; both are counted, and a new one ends those that were printed', async () => {
    const account = (await done(call('POST', '/accounts', { name: '南畔花园' }))).body;
    const site = (await done(call('POST', `/accounts/${account.id}/sites`, { name: '地下车库 B2', address: '杭州市西湖区文三路 291 号', lat: 30.27, lng: 120.15 }))).body;
    const sheet = await call('POST', '/sites/labels', { ids: [site.id] });
    assert.equal(sheet.status, 200, sheet.text);
    assert.equal(readCode(sheet.text), site.scanUrl);
    const tokenOf = (scanUrl: string): string => scanUrl.split('/q/')[1]!;
    const token = tokenOf(site.scanUrl);
    const scanned = (await done(program.call('GET', `/scan/${token}`))).body;
    assert.deepEqual([scanned.asset, scanned.site], [null, { name: '地下车库 B2', address: '杭州市西湖区文三路 291 号' }]);
    assert.equal((await done(program.call('GET', `/portal/first?asset=${token}`))).body.site.name, '地下车库 B2');
    const report = (await done(program.call('POST', '/portal/first/reports', { body: { description: '灯管闪烁', contact: { phone: '13900010077' }, location: { address: '12 号车位' }, assetToken: token } }))).body;
    const ticket = await get(`/tickets/${(await get('/tickets?channel=qr')).items[0].id}`);
    assert.deepEqual([ticket.number, ticket.channel, ticket.location.address, ticket.location.lat], [report.number, 'qr', '杭州市西湖区文三路 291 号 地下车库 B2 12 号车位', 30.27]);
    const listed = async () => (await get(`/accounts/${account.id}/sites`)).items[0];
    assert.equal((await listed()).scans.count, 1);
    const renewed = (await done(call('PATCH', `/accounts/${account.id}/sites/${site.id}`, { renewCode: true }, { headers: { 'if-match': '"1"' } }))).body;
    assert.deepEqual([renewed.version, renewed.scans.count], [2, 1]);
    assertProblem(await program.call('GET', `/scan/${token}`), 'link_invalid');
    assertProblem(await program.call('POST', '/portal/first/reports', { body: { description: '灯管闪烁', contact: {}, assetToken: token } }), 'link_invalid');
    await done(program.call('GET', `/scan/${tokenOf(renewed.scanUrl)}`));
    const asset = await make();
    const again = (await done(patch(asset.id, { renewCode: true }))).body;
    assertProblem(await program.call('GET', `/scan/${tokenOf(asset.scanUrl)}`), 'link_invalid');
    await done(program.call('GET', `/scan/${tokenOf(again.scanUrl)}`));
    assert.equal((await get(`/assets/${asset.id}`)).scans.count, 1);
    assert.match(JSON.stringify((await get(`/assets/${asset.id}/timeline`)).items), /scanCode/);
    await done(call('PATCH', `/accounts/${account.id}/sites/${site.id}`, { archived: true }, { headers: { 'if-match': '"2"' } }));
    assertProblem(await program.call('GET', `/scan/${tokenOf(renewed.scanUrl)}`), 'link_invalid');
    assertProblem(await call('POST', '/sites/labels', { ids: [site.id] }), 'unknown_reference');
  });

  /** Reads the modules of the drawn code back, as a scanner would see them, and what they say. */
  function readCode(svg: string): string {
    const inner = /<svg x=.*?<\/svg>/s.exec(svg)![0];
    const modules = Number(/viewBox="0 0 (\d+) /.exec(inner)![1]);
    const dark = new Set<string>();
    for (const [, column, row, width] of /d="([^"]+)"/.exec(inner)![1]!.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
      for (let step = 0; step < Number(width); step += 1) dark.add(`${row} ${Number(column) + step}`);
    }
    const quiet = 4;
    for (const place of dark) assert.ok(place.split(' ').every((part) => Number(part) >= quiet && Number(part) < modules - quiet), 'nothing stands in the quiet zone');
    return decodeQr(modules - 2 * quiet, (row, column) => dark.has(`${row + quiet} ${column + quiet}`));
  }
});
