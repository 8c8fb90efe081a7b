import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RefusalCode } from '../../contract/refusals.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { loadImages } from '../../server/platform/files/image.ts';
import { elf, isoMediaOf, mp3, officeOf, page, pdf, program as windowsProgram, wav, zipOf } from '../../server/platform/files/sample-files.ts';
import { forgetUploads } from '../../server/records/file/uploads.ts';
import { openTestProgram, type Answer, type Person, type TestOrganization, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, linkOf, multipart, newTicket, photoOf, upload, writesNothing, type Upload } from './scene.ts';

const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><circle r="5"/></svg>';

describe('files over HTTP', () => {
  let program: TestProgram;
  let second: TestOrganization;
  let photo: Buffer;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    second = await program.foundAnother('second');
    photo = await photoOf('#334455', 1_600, 1_200);
  });
  after(() => program.close());

  const get = (url: string, as: Person | null, { of = program.organization, headers = {}, method = 'GET' as 'GET' | 'HEAD' } = {}) => program.inject({
    method, url, headers: { ...(as === null ? {} : { authorization: `Bearer ${of.tokens[as]}` }), 'accept-language': 'en', ...headers },
  });
  const raw = (url: string, as: Person, headers: Record<string, string> = {}) => program.app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${program.organization.tokens[as]}`, ...headers } });
  /** Every file that lies in the store or in its work folder. */
  const stored = async () => (await readdir(dirname(program.services.blobs.workFolder), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name).sort();

  /** The three places where a file can be sent to. */
  async function doors(): Promise<{ name: string; send: (file: Upload) => Promise<Answer> }[]> {
    const link = linkOf(await newTicket(program));
    return [
      { name: 'staff', send: (file) => upload(program, 'agent', file) },
      { name: 'portal', send: (file) => upload(program, null, file, { path: '/api/v1/portal/first/files' }) },
      { name: 'progress', send: (file) => upload(program, null, file, { path: `/api/v1/progress/${link}/files` }) },
    ];
  }

  test('that lie about what they are, or could run, are refused at every door, and nothing of them stays', async () => {
    const macros = zipOf({ '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>', 'word/document.xml': '<x/>' });
    const liars: [what: string, file: Upload, code: RefusalCode][] = [
      ['a page named .jpg', { name: 'photo.jpg', type: 'image/jpeg', content: page }, 'file_type_mismatch'],
      ['a page', { name: 'page.html', type: 'text/html', content: page }, 'file_type_refused'],
      ['a page without a name', { name: '', type: 'application/octet-stream', content: page }, 'file_type_refused'],
      ['a drawing that runs', { name: 'drawing.svg', type: 'image/svg+xml', content: svg }, 'file_type_refused'],
      ['a drawing named .png', { name: 'drawing.png', type: 'image/png', content: svg }, 'file_type_mismatch'],
      ['a program', { name: 'setup.exe', type: 'application/x-msdownload', content: windowsProgram }, 'file_type_refused'],
      ['a program named .jpg', { name: 'photo.jpg', type: 'image/jpeg', content: windowsProgram }, 'file_type_mismatch'],
      ['a program named .jpg.exe', { name: 'photo.jpg.exe', type: 'image/jpeg', content: windowsProgram }, 'file_type_refused'],
      ['a photo named .exe', { name: 'photo.exe', type: 'image/jpeg', content: await photoOf() }, 'file_type_mismatch'],
      ['a program for Linux', { name: 'run', type: 'application/octet-stream', content: elf }, 'file_type_refused'],
      ['a script', { name: 'a.js', type: 'text/javascript', content: 'alert(1)' }, 'file_type_refused'],
      ['a script named .txt', { name: 'a.txt', type: 'text/plain', content: '#!/bin/sh\nrm -rf /' }, 'file_type_mismatch'],
      ['macros named .docx', { name: 'a.docx', type: '', content: macros }, 'file_type_mismatch'],
      ['a document named .jpg', { name: 'photo.jpg', type: 'image/jpeg', content: pdf }, 'file_type_mismatch'],
      ['the first bytes of a photo and no more', { name: 'photo.jpg', type: 'image/jpeg', content: Buffer.from('ffd8ffe000104a46494600010100', 'hex') }, 'file_type_mismatch'],
      ['nothing', { name: 'photo.jpg', content: '' }, 'file_empty'],
      ['a file under another name of the form', { name: 'photo.jpg', content: await photoOf(), part: 'photo' }, 'file_missing'],
    ];
    const places = await doors();
    const before = await stored();
    await writesNothing(program, async () => {
      for (const { name, send } of places) for (const [what, file, code] of liars) assertProblem(await send(file), code, `${what}, ${name}`);
    });
    assert.deepEqual(await stored(), before);
  });

  test('that are too large are refused as soon as it shows, with the limit of the door', async () => {
    const before = await stored();
    await writesNothing(program, async () => {
      for (const { name, send } of await doors()) {
        const megabytes = name === 'staff' ? 50 : 20;
        const answer = await send({ name: 'a.bin', type: '', content: Buffer.alloc(megabytes * 1_048_576 + 1) });
        assertProblem(answer, 'file_too_large', name);
        assert.ok(answer.body.title.includes(`${megabytes} MB`), answer.body.title);
      }
    // Opening the last door took a ticket.
    }, { except: ['ticket', 'fact', 'number_block'] });
    assert.deepEqual(await stored(), before);
  });

  test('in a form that is no form, or says what it must not, are refused', async () => {
    const before = await stored();
    const form = multipart({ content: photo });
    const send = (payload: Buffer, headers: Record<string, string>) => program.inject({ method: 'POST', url: '/api/v1/files', payload, headers: { authorization: `Bearer ${program.organization.tokens.agent}`, ...headers } });
    const text = form.payload.toString('latin1');
    await writesNothing(program, async () => {
      assertProblem(await send(form.payload, { 'content-type': 'multipart/form-data' }), 'invalid_input', 'no boundary');
      assertProblem(await send(form.payload, { 'content-type': 'multipart/form-data; boundary=another' }), 'invalid_input', 'another boundary');
      assertProblem(await send(form.payload.subarray(0, -40), form.headers), 'invalid_input', 'cut off');
      assertProblem(await send(Buffer.from(text.slice(0, text.lastIndexOf('--a-boundary')) + text, 'latin1'), form.headers), 'invalid_input', 'two files');
      assertProblem(await send(Buffer.from('not a form'), form.headers), 'invalid_input', 'not a form');
      assertProblem(await send(Buffer.alloc(0), form.headers), 'file_missing', 'nothing at all');
      for (const [fields, path] of [[{ surprise: 'x' }, '/surprise'], [{ purpose: 'surprise' }, '/purpose'], [{ visibility: 'secret' }, '/visibility'], [{ purpose: 'x'.repeat(5_000) }, '/purpose'], [{ purpose: 'a\0b' }, '/purpose']] as const) {
        const answer = await upload(program, 'agent', { content: photo, fields });
        assertProblem(answer, 'invalid_input', path);
        assert.equal(answer.body.errors[0].path, path);
      }
      assertProblem(await upload(program, 'agent', { content: photo, fields: Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index}`, 'x'])) }), 'invalid_input', 'too many fields');
      assertProblem(await upload(program, 'agent', { name: 'a.pdf', type: 'application/pdf', content: pdf, fields: { purpose: 'photo' } }), 'file_type_refused', 'a document is no photo');
      assertProblem(await upload(program, 'agent', { name: 'a.mp4', type: 'video/mp4', content: isoMediaOf('isom'), fields: { purpose: 'signature' } }), 'file_type_refused', 'a film is no signature');
    });
    assert.deepEqual(await stored(), before);
  });

  test('of the kinds that are wanted are taken, and kept as what they are', async () => {
    const word = officeOf('application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'word');
    const kinds: [file: Upload, mediaType: string, portal: boolean, keptAs?: string][] = [
      [{ name: '现场 照片.JPG', type: 'image/jpeg', content: photo }, 'image/jpeg', true],
      [{ name: 'named.png', type: 'image/png', content: photo }, 'image/jpeg', true, 'named.jpg'],
      [{ name: 'film.mp4', type: 'video/mp4', content: isoMediaOf('isom') }, 'video/mp4', true],
      [{ name: 'voice.wav', type: 'audio/wav', content: wav }, 'audio/wav', true],
      [{ name: 'voice.mp3', type: 'audio/mpeg', content: mp3 }, 'audio/mpeg', true],
      [{ name: 'a.pdf', type: 'application/pdf', content: pdf }, 'application/pdf', false],
      [{ name: 'a.docx', type: '', content: word }, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', false],
      [{ name: 'a.txt', type: 'text/plain', content: '读数 12345' }, 'text/plain', false],
    ];
    for (const [file, mediaType, portal, keptAs = file.name] of kinds) {
      for (const { name, send } of await doors()) {
        const answer = await send(file);
        if (name !== 'staff' && !portal) {
          assertProblem(answer, 'file_type_refused', `${file.name}, ${name}`);
          continue;
        }
        assert.equal(answer.status, 201, `${file.name}, ${name} ${answer.text}`);
        assert.deepEqual([answer.body.mediaType, answer.body.name, answer.body.size], [mediaType, keptAs, Buffer.from(file.content).length]);
        assert.equal(name === 'staff', 'url' in answer.body, 'a stranger gets a token to name it by, and no address');
      }
    }
  });

  test('from a camera lose at every door where and by what they were taken, and are told as what they are now', async () => {
    const sharp = await loadImages();
    const taken = await sharp(photo).withExif({ IFD0: { Make: 'Privatphone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 14/1 0/1' } }).jpeg().toBuffer();
    for (const { name, send } of await doors()) {
      const { body } = await done(send({ content: taken }));
      assert.ok(body.size < taken.length, name);
      if (name !== 'staff') continue;
      const { rawPayload } = await raw(body.url, 'agent');
      assert.equal(rawPayload.length, body.size);
      assert.ok(!rawPayload.includes('Privatphone'));
      assert.equal((await sharp(rawPayload).metadata()).exif, undefined);
    }
  });

  test('are seen by who sent them until they hang on a ticket, then by who may read it', async () => {
    const { organization } = program;
    const sent = (await done(upload(program, 'agent', { content: photo, fields: { visibility: 'public' } }))).body;
    const addresses = [`${sent.url}`, `${sent.thumbnailUrl}`];
    const opens = async (as: Person, of = organization) => (await Promise.all(addresses.map((url) => get(url, as, { of })))).map((answer) => answer.status);
    assert.deepEqual(await opens('agent'), [200, 200]);
    for (const other of ['administrator', 'dispatcher', 'technician', 'stranger'] as const) assert.deepEqual(await opens(other), [404, 404], other);
    assertProblem(await get(sent.url, null), 'not_signed_in');

    const { id } = await newTicket(program, { attachments: [sent.id] });
    for (const [as, status] of [['agent', 200], ['dispatcher', 200], ['administrator', 200], ['technician', 404], ['stranger', 404], ['manager', 404]] as const) assert.deepEqual(await opens(as), [status, status], as);
    assert.deepEqual(await opens('administrator', second), [404, 404], 'another organization');
    await act(program, id, 'assign', { assignee: organization.staff.technician });
    assert.deepEqual(await opens('technician'), [200, 200], 'now it is their ticket');
    assertProblem(await get(`/api/v1/files/${newId()}`, 'administrator'), 'not_found');
  });

  test('that are internal are nowhere to be found for the holder of the ticket’s link', async () => {
    const send = async (visibility: string, shade: string, name = 'shown.jpg') => (await done(upload(program, 'agent', { content: await photoOf(shade), name, fields: { visibility } }))).body.id as string;
    const [open, secret, noted, replied] = [await send('public', '#111111'), await send('internal', '#222222', 'secret.jpg'), await send('public', '#333333', 'noted.jpg'), await send('internal', '#444444')];
    const ticket = await newTicket(program, { attachments: [open, secret] });
    const comment = (body: string, visibility: string, attachments: string[]) => done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body, visibility, attachments } }));
    await comment('给同事', 'internal', [noted]);
    await comment('给客户', 'public', [replied]);
    const link = linkOf(ticket);
    const shown = await done(program.call('GET', `/progress/${link}`));
    assert.deepEqual([shown.body.files.map((file: { id: string }) => file.id), shown.body.messages.map((message: { files: { id: string }[] }) => message.files.map((file) => file.id))], [[open], [[replied]]]);
    for (const hidden of [secret, noted, '给同事', 'secret.jpg', 'noted.jpg']) assert.ok(!shown.text.includes(hidden), hidden);
    for (const [id, status] of [[open, 200], [replied, 200], [secret, 404], [noted, 404]] as const) {
      for (const path of ['', '/thumbnail']) assert.equal((await get(`/api/v1/progress/${link}/files/${id}${path}`, null)).status, status, path);
    }
    assertProblem(await get(`/api/v1/progress/${linkOf(await newTicket(program))}/files/${open}`, null), 'not_found', 'by another ticket’s link');
    assert.equal((await get(`/api/v1/tickets/${ticket.id}`, 'agent')).body.files.length, 4);
  });

  test('cannot be hung on something by anybody but who sent them, nor twice', async () => {
    const mine = (await done(upload(program, 'agent', { content: photo }))).body.id as string;
    const theirs = (await done(upload(program, 'dispatcher', { content: photo }))).body.id as string;
    const foreign = (await done(upload(program, 'administrator', { content: photo }, { of: second }))).body.id as string;
    const token = (await done(upload(program, null, { content: photo }, { path: '/api/v1/portal/second/files' }))).body.uploadToken as string;
    const { id } = await newTicket(program);
    const attach = (ids: string[]) => program.call('POST', `/tickets/${id}/comments`, { as: 'agent', body: { body: 'x', visibility: 'internal', attachments: ids } });
    await writesNothing(program, async () => {
      for (const ids of [[theirs], [foreign], [newId()], [mine, theirs]]) assertProblem(await attach(ids), 'unknown_reference');
      assertProblem(await program.call('POST', '/portal/first/reports', { body: { description: '灯坏了', contact: {}, uploads: [token] } }), 'unknown_reference', 'a token of another organization');
    }, { except: ['number_block'] });
    await done(attach([mine]));
    await writesNothing(program, async () => assertProblem(await attach([mine]), 'file_already_attached'));
  });

  test('come with headers under which no browser runs them', async () => {
    const send = async (file: Upload) => (await done(upload(program, 'agent', file))).body.url as string;
    const [image, text, archive] = [await send({ name: '现场 "照片"\\.jpg', type: 'image/jpeg', content: photo }), await send({ name: '<script>.txt', type: 'text/plain', content: '读数' }), await send({ name: 'a.zip', type: '', content: zipOf({ 'a.txt': 'x' }) })];
    for (const [url, disposition, type] of [[image, 'inline', 'image/jpeg'], [text, 'attachment', 'text/plain'], [archive, 'attachment', 'application/zip'], [`${image}?download=1`, 'attachment', 'image/jpeg']] as const) {
      const answer = await raw(url, 'agent');
      assert.equal(answer.statusCode, 200);
      assert.match(String(answer.headers['content-type']), new RegExp(`^${type}`));
      assert.ok(String(answer.headers['content-disposition']).startsWith(`${disposition}; filename="`), String(answer.headers['content-disposition']));
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.match(String(answer.headers['content-security-policy']), /^sandbox; default-src 'none'/);
      assert.match(String(answer.headers['cache-control']), /^private\b/);
      assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin');
    }
    const name = String((await raw(image, 'agent')).headers['content-disposition']);
    assert.match(name, /^inline; filename="[\x20-\x7e]+"; filename\*=UTF-8''%E7%8E%B0%E5%9C%BA/);
    assert.equal(name.split('"').length, 3, 'the name does not break out of its quotes');
    for (const query of ['?download=yes', '?surprise=1']) assertProblem(await get(`${image}${query}`, 'agent'), 'invalid_input', query);
  });

  test('come whole, in part, not again, and as their head only', async () => {
    const { url, thumbnailUrl } = (await done(upload(program, 'agent', { content: photo }))).body as { url: string; thumbnailUrl: string };
    const whole = await raw(url, 'agent');
    assert.deepEqual(whole.rawPayload, photo);
    assert.deepEqual([whole.headers['content-length'], whole.headers['accept-ranges']], [String(photo.length), 'bytes']);
    const tag = String(whole.headers['etag']);
    for (const [range, from, to] of [['bytes=0-9', 0, 10], ['bytes=10-', 10, photo.length], ['bytes=-5', photo.length - 5, photo.length], [`bytes=5-${photo.length + 100}`, 5, photo.length]] as const) {
      const part = await raw(url, 'agent', { range });
      assert.deepEqual([part.statusCode, part.headers['content-range']], [206, `bytes ${from}-${to - 1}/${photo.length}`], range);
      assert.deepEqual(part.rawPayload, photo.subarray(from, to), range);
    }
    const beyond = await raw(url, 'agent', { range: `bytes=${photo.length}-` });
    assert.deepEqual([beyond.statusCode, beyond.headers['content-range']], [416, `bytes */${photo.length}`]);
    for (const range of ['bytes=9-5', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=x-y']) assert.equal((await raw(url, 'agent', { range })).statusCode, 200, range);
    assert.equal((await raw(url, 'agent', { range: 'bytes=0-9', 'if-range': '"another"' })).statusCode, 200);
    const again = await raw(url, 'agent', { 'if-none-match': tag });
    assert.deepEqual([again.statusCode, again.rawPayload.length], [304, 0]);
    const head = await get(url, 'agent', { method: 'HEAD' });
    assert.deepEqual([head.status, head.text, head.headers['content-length'], head.headers['etag']], [200, '', String(photo.length), tag]);
    const small = await raw(thumbnailUrl, 'agent');
    const sharp = await loadImages();
    const { width, height, format } = await sharp(small.rawPayload).metadata();
    assert.deepEqual([width, height, format, small.headers['content-type']], [480, 360, 'jpeg', 'image/jpeg']);
    const film = (await done(upload(program, 'agent', { name: 'film.mp4', type: 'video/mp4', content: isoMediaOf('isom') }))).body;
    assert.equal(film.thumbnailUrl, null);
    assertProblem(await get(`${film.url}/thumbnail`, 'agent'), 'not_found');
  });
});

describe('files that come in pieces', { timeout: 120_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  const film = Buffer.concat([isoMediaOf('isom'), Buffer.alloc(2_600_000, 7)]);
  const send = (method: 'POST' | 'HEAD' | 'GET' | 'PATCH' | 'DELETE', url: string, headers: Record<string, string> = {}, payload?: Buffer, as: Person = 'technician') => program.app.inject({
    method, url, headers: { authorization: `Bearer ${program.organization.tokens[as]}`, 'tus-resumable': '1.0.0', 'accept-language': 'en', ...headers }, ...(payload ? { payload } : {}),
  });
  const metadata = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
  const open = async (content: Buffer, values: Record<string, string> = {}, headers: Record<string, string> = {}) => send('POST', '/api/v1/uploads', { 'upload-length': String(content.length), 'upload-metadata': metadata({ filename: '现场.mp4', filetype: 'video/mp4', purpose: 'photo', visibility: 'public', ...values }), ...headers });
  const piece = (url: string, offset: number, content: Buffer, headers: Record<string, string> = {}) => send('PATCH', url, { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers }, content);
  const codeOf = (answer: { body: string }) => (answer.body === '' ? null : (JSON.parse(answer.body) as { code?: RefusalCode }).code);
  const stored = async () => (await readdir(dirname(program.services.blobs.workFolder), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

  test('are told how far they are, go on from there, and become a file once', async () => {
    const spoken = await program.app.inject({ method: 'OPTIONS', url: '/api/v1/uploads' });
    assert.deepEqual([spoken.statusCode, spoken.headers['tus-version'], spoken.headers['tus-extension'], spoken.headers['tus-max-size']], [204, '1.0.0', 'creation,expiration,termination', '52428800']);
    const sha256 = createHash('sha256').update(film).digest('hex');
    const key = { 'idempotency-key': newId() };
    const begun = await open(film, { sha256 }, key);
    assert.equal(begun.statusCode, 201, begun.body);
    const url = String(begun.headers['location']);
    assert.equal((await open(film, { sha256 }, key)).headers['location'], url, 'whoever lost the answer');
    assert.equal(codeOf(await open(film.subarray(1), { sha256 }, key)), 'idempotency_key_reused');
    const first = await piece(url, 0, film.subarray(0, 2_000_000));
    assert.deepEqual([first.statusCode, first.headers['upload-offset']], [204, '2000000']);
    const wrong = await piece(url, 0, film.subarray(0, 10));
    assert.deepEqual([codeOf(wrong), wrong.headers['upload-offset']], ['upload_offset_conflict', '2000000']);
    const head = await send('HEAD', url);
    assert.deepEqual([head.statusCode, head.headers['upload-offset'], head.headers['upload-length'], head.headers['cache-control'], head.body], [200, '2000000', String(film.length), 'no-store', '']);
    assert.equal((await send('GET', url, {}, undefined, 'agent')).statusCode, 404, 'it is nobody else’s');
    assert.equal(codeOf(await piece(url, 2_000_000, film)), 'file_too_large');
    // Two phones with the same part: one of them goes on.
    const both = await Promise.all([piece(url, 2_000_000, film.subarray(2_000_000)), piece(url, 2_000_000, film.subarray(2_000_000))]);
    assert.deepEqual(both.map((answer) => answer.statusCode).sort(), [204, 409]);
    const whole = JSON.parse((await send('GET', url)).body) as { offset: number; file: { id: string; name: string; size: number; purpose: string; visibility: string } };
    assert.deepEqual([whole.offset, whole.file.name, whole.file.purpose, whole.file.visibility], [film.length, '现场.mp4', 'photo', 'public']);
    const bytes = await program.app.inject({ method: 'GET', url: `/api/v1/files/${whole.file.id}`, headers: { authorization: `Bearer ${program.organization.tokens.technician}` } });
    assert.equal(createHash('sha256').update(bytes.rawPayload).digest('hex'), sha256);
    assert.equal(await stored(), 1, 'no piece stays');
    assert.equal((await send('DELETE', url)).statusCode, 204);
    assert.equal((await send('HEAD', url)).statusCode, 404);
    assert.equal(await stored(), 1, 'the file does');
  });

  test('are refused like any other file, and when they are damaged, too large, too many, or speak another language', async () => {
    const before = await stored();
    const damaged = String((await open(film, { sha256: '0'.repeat(64) })).headers['location']);
    assert.deepEqual([codeOf(await piece(damaged, 0, film)), (await send('HEAD', damaged)).statusCode], ['upload_checksum_mismatch', 404]);
    const lying = Buffer.from(page);
    const liar = String((await open(lying)).headers['location']);
    assert.equal(codeOf(await piece(liar, 0, lying)), 'file_type_mismatch');
    assert.equal(await stored(), before);
    assert.equal(codeOf(await send('POST', '/api/v1/uploads', { 'upload-length': '52428801' })), 'file_too_large');
    assert.equal(codeOf(await send('POST', '/api/v1/uploads', { 'upload-length': '0' })), 'file_empty');
    for (const headers of [{}, { 'upload-length': '-1' }, { 'upload-length': '1', 'upload-metadata': 'a b c' }, { 'upload-length': '1', 'upload-metadata': metadata({ purpose: 'recording' }) }] as Record<string, string>[]) assert.equal(codeOf(await send('POST', '/api/v1/uploads', headers)), 'upload_header_invalid', JSON.stringify(headers));
    assert.equal(codeOf(await open(film, {}, { 'tus-resumable': '0.2.2' })), 'upload_version_unsupported');
    const other = String((await open(film)).headers['location']);
    assert.equal(codeOf(await send('PATCH', other, { 'content-type': 'application/json', 'upload-offset': '0' }, Buffer.from('{}'))), 'unsupported_media_type');
    assert.equal(codeOf(await send('POST', '/api/v1/tickets', { 'content-type': 'application/offset+octet-stream' }, Buffer.from('{}'))), 'unsupported_media_type');
    await piece(other, 0, film.subarray(0, 1_000));
    for (let count = 0; count < 19; count += 1) assert.equal((await open(film)).statusCode, 201);
    assert.equal(codeOf(await open(film)), 'upload_quota_used');
    // What nothing comes for goes, with its bytes.
    assert.equal(await stored(), before + 1);
    assert.equal(await forgetUploads(program.services, new Date(program.services.clock.now().getTime() + 72 * 3_600_000 + 1_000)), 20);
    assert.equal(await stored(), before);
    assert.equal((await open(film)).statusCode, 201);
  });
});
