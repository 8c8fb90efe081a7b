import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { signMark, signMessageId, threadOf } from '../../server/channels/email/message-ids.ts';
import { fetchDueMedia } from '../../server/journey/intake/fetch-media.ts';
import { receiveMail } from '../../server/journey/intake/receive-mail.ts';
import { runMailboxes } from '../../server/journey/intake/run-mailboxes.ts';
import { runMailServer } from '../../server/journey/intake/run-mail-server.ts';
import { sendDueReplies } from '../../server/reactions/replies/send-replies.ts';
import { sendSideMail } from '../../server/reactions/replies/send-side-mail.ts';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { findChannels, openChannel } from '../../server/records/channel/accounts.ts';
import { placeOf } from '../../server/records/channel/mailboxes.ts';
import { eventually } from '../browser/eventually.ts';
import { openFakeImap } from '../support/fake-imap.ts';
import { openFakeSmtp } from '../support/fake-smtp.ts';
import { openTestProgram, testClock } from '../support/program.ts';

const clock = testClock();
const program = await openTestProgram({ clock });
const { tenantId } = program.organization;
const address = 'help@anju.example';
const as = 'administrator';
let channel: { id: string; version: number };
let server: Awaited<ReturnType<typeof runMailServer>>;
// Nobody's names are looked up in the tests.
const resolver = async () => {
  throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
};

before(async () => {
  const made = await program.call('POST', '/channels', { as, body: { kind: 'email', mode: 'smtp', name: '服务邮箱', settings: { address } } });
  assert.equal(made.status, 201, made.text);
  channel = made.body;
  server = await runMailServer(program.services, { host: '127.0.0.1', port: 0, resolver });
});
after(async () => {
  await server?.stop();
  await program.close();
});

interface Listed { id: string; state: string; outcome: string | null; failure: string | null; preview: string; ticket: { id: string; number: string } | null }
const takeIn = async () => { while (await takeInDue(program.services) > 0); };
const inbox = async (query = '') => (await program.call('GET', `/channels/${channel.id}/messages?limit=200${query}`, { as })).body.items as Listed[];
const ticketOf = async (id: string) => (await program.call('GET', `/tickets/${id}`, { as })).body;
const timelineOf = async (id: string) => (await program.call('GET', `/tickets/${id}/timeline`, { as })).text;
const account = async () => openChannel(program.services.secrets, (await program.database.transact(tenantId, (transaction) => findChannels(transaction, [channel.id])))[0]!)!;
async function send(mail: SendMailOptions): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: server.port, ignoreTLS: true });
  await transport.sendMail({ from: '王芳 <wang@example.com>', to: address, ...mail });
  transport.close();
}
/** The newest, after it was taken in. */
async function sent(mail: SendMailOptions): Promise<Listed> {
  await send(mail);
  await takeIn();
  return (await inbox())[0]!;
}
const raw = (text: string) => Buffer.from(text.replace(/\n/g, '\r\n'));

test('a mail becomes a ticket of its sender, with its words, its files and its pictures, once', async () => {
  const mail = { subject: 'Re: 回复：卫生间漏水', messageId: '<first@example.com>', date: clock.now(), text: '从昨晚开始漏，请尽快。\n\n-- \n王芳', attachments: [{ filename: '现场.txt', content: '水很大' }] };
  const first = await sent(mail);
  assert.equal(first.state, 'done', JSON.stringify(first));
  const ticket = await ticketOf(first.ticket!.id);
  assert.equal(ticket.subject, '卫生间漏水');
  assert.match(ticket.description, /从昨晚开始漏/);
  assert.equal(ticket.channel, 'email');
  assert.equal(ticket.requester.name, '王芳');
  const before = (await inbox()).length;
  await sent(mail);
  assert.equal((await inbox()).length, before, 'what came twice is kept once');
  const detail = (await program.call('GET', `/inbox-messages/${first.id}`, { as })).body;
  assert.deepEqual([detail.values['mail.spf'], detail.values['mail.dkim'], detail.values['mail.dmarc']].every((one) => one === 'none' || one === 'unknown'), true, JSON.stringify(detail.values));
  const original = await program.inject({ method: 'GET', url: `/api/v1/inbox-messages/${first.id}/raw`, headers: { authorization: `Bearer ${program.organization.tokens.administrator}` } });
  assert.match(original.text, /Subject: =\?UTF-8/);
  assert.match(String(original.headers['content-disposition']), /^attachment; filename="[\w-]+\.eml"/);
});

test('a signature is no file; what only adorned a mail and is lost is said to the staff alone, what was attached to its sender as well, without words of the program', async () => {
  const signature = { contentType: 'application/pkcs7-signature; name=smime.p7s', filename: 'smime.p7s', content: Buffer.from('MIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglghkgBZQMEAgEFADCABgkqhkiG', 'base64') };
  const logo = { cid: 'logo@x', filename: 'logo.png', contentType: 'image/png', content: 'MZ no picture' };
  const lost = async (mail: SendMailOptions) => {
    const { ticket } = await sent(mail);
    for (let more = 1; more > 0;) more = await fetchDueMedia(program.services);
    const { items } = (await program.call('GET', `/tickets/${ticket!.id}/timeline?limit=100`, { as })).body;
    return items.flatMap((entry: { comment?: { direction: string; body: string } }) => (entry.comment ? [entry.comment] : [])).filter(({ direction }: { direction: string }) => direction !== 'inbound').map(({ direction, body }: { direction: string; body: string }) => `${direction} ${body}`) as string[];
  };
  assert.deepEqual(await lost({ subject: '签名的信', text: '水管漏水', attachments: [signature] }), []);
  const adorned = await lost({ subject: '带落款图的信', html: '<p>空调不冷</p><img src="cid:logo@x">', attachments: [logo, signature] });
  assert.deepEqual(adorned.map((line) => line.split(' ')[0]), ['internal'], JSON.stringify(adorned));
  assert.match(adorned[0]!, /客户发来的一张图片“logo.png”未能保存：[^a-z]+请客户[^a-z]*重新发送。$/);
  const attached = await lost({ subject: '附了文件的信', text: '合同见附件', attachments: [{ filename: '合同.pdf', contentType: 'application/pdf', content: 'MZ no paper' }] });
  assert.deepEqual(attached.map((line) => line.split(' ')[0]).toSorted(), ['internal', 'outbound'], JSON.stringify(attached));
});

test('mail for an address nobody has, and mail that is too large, are refused by the server', async () => {
  await assert.rejects(send({ to: 'nobody@anju.example', text: 'x' }), /550/);
  await assert.rejects(send({ raw: raw('Subject: x\n\nx\n'), envelope: { from: 'a@example.com', to: address, size: 60_000_000 } } as SendMailOptions), /52428800/);
});

test('an answer goes on with its ticket: what is new of it; by its references, by the mark, and only from who takes part', async () => {
  const first = await sent({ subject: '门禁坏了', messageId: '<door@example.com>', text: '刷卡没有反应' });
  const { replyKey } = (await account()).values;
  const thread = threadOf('<door@example.com>');
  const ours = signMessageId(replyKey!, thread, 'r1', 'anju.example');
  const quoted = '\n\nOn Sun, Nov 22, 2026 at 9:00 AM 服务台 <help@anju.example> wrote:\n> 什么时候方便？';
  const answer = await sent({ subject: 'Re: 门禁坏了', inReplyTo: ours, references: ['<door@example.com>', ours], text: `明天下午两点。${quoted}` });
  assert.equal(answer.ticket?.id, first.ticket!.id);
  assert.equal(answer.outcome, 'message_added');
  assert.match(await timelineOf(first.ticket!.id), /明天下午两点。"/);
  assert.doesNotMatch(await timelineOf(first.ticket!.id), /什么时候方便/);
  const marked = await sent({ subject: '还是门禁', to: `help+${signMark(replyKey!, thread)}@anju.example`, text: '补充一句' });
  assert.equal(marked.ticket?.id, first.ticket!.id);
  const forged = await sent({ subject: '还是门禁', inReplyTo: ours.replace(/\.[0-9a-f]{20}@/, '.00000000000000000000@'), text: '我不是回复' });
  assert.notEqual(forged.ticket?.id, first.ticket!.id);
  const stranger = await sent({ from: 'mallory@example.net', subject: 'Re: 门禁坏了', inReplyTo: ours, text: '取消吧' });
  assert.equal(stranger.outcome, 'ticket_opened');
  assert.match(await timelineOf(stranger.ticket!.id), new RegExp(first.ticket!.number));
  const again = await sent({ from: 'mallory@example.net', subject: 'Re: 门禁坏了', inReplyTo: ours, text: '在吗' });
  assert.equal(again.ticket?.id, stranger.ticket!.id);
});

test('an answer of an agent goes out in the thread of the mail, what answers it comes back, and what bounces is said on it', async () => {
  const smtp = await openFakeSmtp();
  program.services.privateHosts = ['127.0.0.1'];
  try {
    const first = await sent({ subject: '空调不冷', messageId: '<cold@example.com>', cc: 'husband@example.com', text: '客厅的空调' });
    const body = { body: '师傅明天上午到。', visibility: 'public' };
    const path = `/tickets/${first.ticket!.id}/comments`;
    assert.equal((await program.call('POST', path, { as, body })).status, 201);
    clock.advance({ seconds: 30 });
    await sendDueReplies(program.services);
    assert.equal(smtp.mails.length, 0, 'an account without a server sends nothing');
    const changed = await program.call('PATCH', `/channels/${channel.id}`, { as, body: { settings: { address, smtpHost: '127.0.0.1', smtpPort: String(smtp.port), smtpSecurity: 'none', fromName: '安居服务台', signature: '安居里物业' } }, headers: { 'if-match': '*' } });
    assert.equal(changed.status, 200, changed.text);
    assert.equal((await program.call('POST', path, { as, body })).status, 201);
    await sendDueReplies(program.services);
    const [mail] = smtp.mails;
    assert.equal(mail?.subject, 'Re: 空调不冷');
    assert.match(mail!.raw, /^In-Reply-To: <cold@example.com>\r\n/m);
    assert.match(mail!.raw, /^References: <cold@example.com>\r\n/m);
    assert.match(mail!.raw, /^Cc: husband@example.com\r\n/m);
    const ours = /^Message-ID:\s*(<[^>]+>)/m.exec(mail!.raw)![1]!;
    const answer = await sent({ from: 'husband@example.com', subject: 'Re: 空调不冷', inReplyTo: ours, text: '好的' });
    assert.equal(answer.ticket?.id, first.ticket!.id, 'who got a copy takes part');
    const report = `From: MAILER-DAEMON@mx.example.com\nTo: ${address}\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; wang@example.com\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 mailbox full\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: ${ours}\n--b--\n`;
    assert.equal((await sent({ raw: raw(report), envelope: { from: '', to: address } } as SendMailOptions)).outcome, 'receipt');
    assert.match(await timelineOf(first.ticket!.id), /mailbox full/);
    const asked = await program.call('POST', `/tickets/${first.ticket!.id}/side-conversations`, { as, body: { subject: '询价', body: '压缩机多少钱？', email: { address: 'Supplier@example.com', name: '供应商' } } });
    assert.equal(asked.status, 201, asked.text);
    await sendSideMail(program.services);
    const question = smtp.mails.at(-1)!;
    assert.equal(question.to, 'supplier@example.com');
    const questionId = /^Message-ID:\s*(<[^>]+>)/m.exec(question.raw)![1]!;
    assert.equal((await sent({ from: 'supplier@example.com', subject: 'Re: 询价', inReplyTo: questionId, text: '三千二，含安装。' })).outcome, 'side_answered');
    assert.equal((await sent({ from: 'mallory@example.net', subject: 'Re: 询价', inReplyTo: questionId, text: '免费' })).outcome, 'ticket_opened');
    const said = (await program.call('GET', `/side-conversations/${asked.body.id}/messages`, { as })).body.items as { direction: string; body: string; delivery: { state: string } | null }[];
    assert.deepEqual(said.map((one) => [one.direction, one.body, one.delivery?.state ?? null]), [['outbound', '压缩机多少钱？', 'sent'], ['inbound', '三千二，含安装。', null]]);
    const more = await program.call('POST', `/side-conversations/${asked.body.id}/messages`, { as, body: { body: '好的' } });
    assert.equal(more.status, 201, more.text);
    smtp.refuse = () => '450 later';
    await sendSideMail(program.services);
    smtp.refuse = null;
    clock.advance({ seconds: 15 });
    await sendSideMail(program.services);
    assert.match(smtp.mails.at(-1)!.raw, new RegExp(`In-Reply-To:\\s*${questionId.replaceAll('.', '\\.')}`));
    smtp.refuse = () => '550 no such user';
    assert.equal((await program.call('POST', path, { as, body })).status, 201);
    await sendDueReplies(program.services);
    assert.match(await timelineOf(first.ticket!.id), /no such user/);
  } finally {
    await smtp.close();
  }
});

test('machines are not answered and open nothing; what bounced is not a request; two of them do not talk for ever', async () => {
  const before = (await inbox()).filter((one) => one.ticket !== null).length;
  assert.equal((await sent({ subject: '自动回复: 休假', text: '我不在', headers: { 'Auto-Submitted': 'auto-replied' } })).outcome, 'auto_reply');
  assert.equal((await sent({ subject: 'News', text: 'x', headers: { 'List-Id': '<news.example.com>', Precedence: 'bulk' } })).outcome, 'automatic');
  assert.equal((await sent({ from: address, subject: 'x', text: '自己' })).outcome, 'loop');
  const report = 'From: MAILER-DAEMON@mx.example.com\nTo: help@anju.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nno\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <not-ours@example.com>\n--b--\n';
  assert.equal((await sent({ raw: raw(report), envelope: { from: '', to: address } } as SendMailOptions)).outcome, 'bounce');
  assert.equal((await inbox()).filter((one) => one.ticket !== null).length, before);
  // All of one thread, as machines that answer each other are.
  const [row] = await program.database.transact(tenantId, (transaction) => findChannels(transaction, [channel.id]));
  for (let count = 0; count < 33; count += 1) await receiveMail(program.services, row!, tenantId, raw(`From: robot@example.org\nSubject: ok\nMessage-ID: <r${count}@example.org>\nReferences: <r@example.org>\n\nno ${count}\n`), { origin: null, resolver });
  await takeIn();
  assert.equal((await inbox()).filter((one) => one.outcome === 'loop').length, 4);
});

test('a mail that cannot be read is put aside with its bytes, those behind it go on, and it can be made a ticket of', async () => {
  const parts = `From: a@example.com\nSubject: many\nContent-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: text/plain\n\nx\n'.repeat(10_000)}--b--\n`;
  await send({ raw: raw(parts), envelope: { from: 'a@example.com', to: address } } as SendMailOptions);
  assert.equal((await sent({ from: 'b@example.com', subject: '后面的', text: '继续' })).state, 'done');
  const [aside] = await inbox('&state=quarantined');
  assert.equal(aside?.failure, 'unreadable');
  // Its beginning can be read without taking it along.
  const detailOf = async (id: string) => (await program.call('GET', `/inbox-messages/${id}`, { as })).body;
  const { excerpt, bytes } = await detailOf(aside!.id);
  assert.ok(bytes > 200_000);
  assert.deepEqual([excerpt.length, excerpt.startsWith('From: a@example.com\r\nSubject: many')], [4_000, true]);
  assert.equal((await detailOf((await inbox()).find((one) => one.state === 'done')!.id)).excerpt, null);
  const again = await program.call('POST', `/inbox-messages/${aside!.id}/actions/reprocess`, { as, body: {} });
  assert.equal(again.status, 200, again.text);
  await takeIn();
  const [done] = (await inbox()).filter((one) => one.id === aside!.id);
  assert.equal((await ticketOf(done!.ticket!.id)).subject, 'many');
});

test('Chinese in whatever charset is read, also where the mail says another', async () => {
  const bare = (head: string, body: Buffer) => ({ raw: Buffer.concat([raw(`From: c@example.com\nTo: ${address}\n${head}\n\n`), body]), envelope: { from: 'c@example.com', to: address } }) as SendMailOptions;
  const gbk = Buffer.from([0xc4, 0xe3, 0xba, 0xc3, 0xca, 0xc0, 0xbd, 0xe7]);
  for (const [head, body, text] of [
    ['Subject: g1\nContent-Type: text/plain; charset=gb18030', gbk, '你好世界'], ['Subject: g2\nContent-Type: text/plain; charset=us-ascii', gbk, '你好世界'], ['Subject: g3', gbk, '你好世界'],
    ['Subject: g4\nContent-Type: text/plain; charset=hz-gb-2312', Buffer.from('~{<:Ky2;~}. bye'), '己所不. bye'], ['Subject: g5\nContent-Type: text/html; charset=gbk', Buffer.concat([Buffer.from('<p>'), gbk, Buffer.from('</p><script>alert(1)</script>')]), '你好世界'],
  ] as const) {
    const one = await sent(bare(head, body));
    assert.equal((await ticketOf(one.ticket!.id)).description, text, head);
  }
});

test('a mailbox is read as mail comes: each once, also when the line breaks, and after its numbers mean something else', { timeout: 60_000 }, async () => {
  const imap = await openFakeImap();
  const mail = (name: string) => raw(`From: d@example.com\nTo: ${address}\nSubject: ${name}\nMessage-ID: <${name}@example.com>\n\n${name}\n`);
  imap.deliver(mail('before'));
  program.services.privateHosts = ['127.0.0.1'];
  const made = await program.call('POST', '/channels', { as, body: { kind: 'email', mode: 'imap', name: '邮箱', settings: { address: 'box@anju.example', host: '127.0.0.1', port: String(imap.port), security: 'none', password: 'wrong-one' } } });
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  const mailboxes = runMailboxes(program.services);
  const subjects = async () => ((await program.call('GET', `/channels/${id}/messages`, { as })).body.items as Listed[]).map((one) => one.preview).reverse();
  const shown = async () => (await program.call('GET', `/channels/${id}`, { as })).body;
  try {
    await eventually(async () => (await shown()).health.state === 'refusing', 'a wrong password is said');
    assert.match((await shown()).health.lastRefusal, /sign-in refused/);
    assert.equal((await program.call('PATCH', `/channels/${id}`, { as, body: { settings: { ...(await shown()).settings, password: imap.password } }, headers: { 'if-match': '*' } })).status, 200);
    mailboxes.wake();
    await eventually(async () => (await placeOf(program.database, tenantId, id, 'INBOX')) !== undefined, 'the mailbox is open');
    imap.deliver(mail('one'));
    await eventually(async () => (await subjects()).join() === 'one', async () => `as it comes: ${(await subjects()).join()}`);
    imap.drop();
    imap.deliver(mail('two'));
    imap.deliver(mail('one'));
    await eventually(async () => (await subjects()).join() === 'one,two', async () => `after the line broke: ${(await subjects()).join()}`);
    imap.validity += 1;
    imap.mails.splice(0, imap.mails.length, { uid: 1, raw: mail('two') }, { uid: 2, raw: mail('three') });
    imap.drop();
    await eventually(async () => (await subjects()).join() === 'one,two,three', async () => `numbered anew: ${(await subjects()).join()} ${(await shown()).health.lastRefusal}`);
    await eventually(async () => (await placeOf(program.database, tenantId, id, 'INBOX'))?.uid_validity === String(imap.validity), 'how far it was read is kept with the new numbers');
  } finally {
    await mailboxes.stop();
    await imap.close();
  }
});

// A folder of mails from elsewhere, to be had by its path: none of them may stop the intake.
const samples = process.env['MAIL_SAMPLES'] ?? '';
test('all mails of a folder go in', { skip: existsSync(samples) ? false : 'MAIL_SAMPLES names no folder', timeout: 180_000 }, async () => {
  const files = readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eml'));
  assert.ok(files.length > 0);
  const made = await program.call('POST', '/channels', { as, body: { kind: 'email', mode: 'smtp', name: 'samples', settings: { address: 'samples@anju.example', automated: 'ticket' } } });
  const [row] = await program.database.transact(tenantId, (transaction) => findChannels(transaction, [made.body.id]));
  for (const name of files) await receiveMail(program.services, row!, tenantId, readFileSync(join(samples, name)), { origin: null, resolver });
  await takeIn();
  const left = await program.call('GET', `/channels/${made.body.id}/messages?limit=200`, { as });
  const open = (left.body.items as Listed[]).filter((one) => one.state !== 'done' && one.state !== 'passed_over');
  assert.deepEqual(open.map((one) => [one.preview, one.state, one.failure]), []);
});
