import { hash } from 'node:crypto';
import { simpleParser, type AddressObject, type Attachment, type ParsedMail, type SimpleParserOptions } from 'mailparser';
import { decodeText, mendHeader, PartDecoder } from './decode-text.ts';
import { isTnef, openTnef } from './open-tnef.ts';

/** So much of one mail is taken; what is larger is put aside with its head. */
export const mailLimits = { bytes: 52_428_800, attachments: 50, text: 200_000, html: 2_000_000, addresses: 50 } as const;

export interface MailAddress {
  address: string;
  name: string;
}

/** A file of a mail, by its place in it. It is never opened (a winmail.dat is): what is in an archive is nobody's business here. */
export interface MailFile {
  place: number;
  name: string;
  contentType: string;
  size: number;
  inline: boolean;
  content: Buffer;
}

/** What a machine that could not deliver says of a mail of ours (退信, RFC 3464). */
export interface MailReport {
  /** Message-IDs of the mail it is about. */
  about: string[];
  failed: boolean;
  said: string;
}

/** A mail that was read (读出的邮件). */
export interface ReadMail {
  messageId: string | null;
  /** The mails that it answers, the nearest first. */
  answers: string[];
  /** The oldest that it refers to. */
  root: string | null;
  from: MailAddress | null;
  replyTo: MailAddress | null;
  to: MailAddress[];
  cc: MailAddress[];
  subject: string;
  date: Date | null;
  text: string;
  files: MailFile[];
  /** How many files were left out, being too many. */
  left: number;
  /** No person wrote it: an answering machine, or a program that sends to many. */
  automatic: 'reply' | 'sent' | null;
  report: MailReport | null;
}

// What reads mail decodes by our decoder; HTML becomes words and is never kept as it is.
const options: SimpleParserOptions & { Iconv: typeof PartDecoder; keepDeliveryStatus: boolean } = {
  Iconv: PartDecoder, skipTextToHtml: true, skipImageLinks: true, keepCidLinks: true, keepDeliveryStatus: true, maxHtmlLengthToParse: mailLimits.html,
};

/**
 * Reads a mail (解析邮件, RFC 5322 and 2045): whatever is wrong with it, as much as can be read.
 *
 * @throws Error where it cannot be read at all
 */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const mail = await parse(raw);
  const header = (name: string): string => {
    const value = mail.headers.get(name);
    return typeof value === 'string' ? value.trim().toLowerCase() : Array.isArray(value) && typeof value[0] === 'string' ? value[0].trim().toLowerCase() : '';
  };
  const references = idsIn(Array.isArray(mail.references) ? mail.references.join(' ') : mail.references ?? '');
  const answered = idsIn(mail.inReplyTo ?? '');
  const files = mail.attachments.filter((file) => !isReportPart(mail, file)).flatMap(unpacked);
  const subject = (/\ufffd/.test(mail.subject ?? '') ? bareHeader(mail, 'subject') : mendHeader((mail.subject ?? '').trim())).slice(0, 2_000).toWellFormed();
  return {
    messageId: idsIn(mail.messageId ?? '')[0] ?? null,
    answers: [...new Set([...answered, ...references.toReversed()])].slice(0, 100), root: references[0] ?? answered[0] ?? null,
    from: senderOf(mail), replyTo: addressesIn(mail.replyTo)[0] ?? null, to: addressesIn(mail.to), cc: addressesIn(mail.cc),
    subject, date: mail.headers.has('date') && mail.date && isSensible(mail.date) ? mail.date : null,
    text: (await textOf(mail)).slice(0, mailLimits.text).toWellFormed(),
    files: files.slice(0, mailLimits.attachments).map(fileOf), left: Math.max(0, files.length - mailLimits.attachments),
    automatic: automaticOf(header, subject), report: reportOf(mail),
  };
}

/** The files within a winmail.dat in its place; itself where there are none in it. */
function unpacked(file: Attachment): Attachment[] {
  const within = isTnef(file.content) ? openTnef(file.content) : [];
  return within.length === 0 ? [file] : within.map(({ filename, content }) => ({ ...file, filename, content, size: content.length, contentType: pictures[/\.([a-z]{3,4})$/i.exec(filename)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream' }));
}
const pictures: Readonly<Record<string, string>> = { jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp' };

/** As it says it is written; once more as it can be, where what it says makes no sense. */
async function parse(raw: Buffer): Promise<ParsedMail> {
  const mail = await simpleParser(raw, options);
  if (!/\ufffd/.test(`${mail.text ?? ''}${mail.html || ''}`) || raw.length > mostReread) return mail;
  const text = raw.toString('latin1');
  const said = text.replace(/charset\s*=\s*"?(?:us-ascii|ascii|utf-?8)"?/gi, 'charset=x-unknown').replace(/^(content-type:[ \t]*text\/(?:plain|html))[ \t;]*(\r?\n)(?![ \t])/gim, '$1; charset=x-unknown$2');
  const bare = /^content-type:/im.test(said.slice(0, Math.max(0, said.search(/\r?\n\r?\n/)))) ? said : `Content-Type: text/plain; charset=x-unknown\r\n${said}`;
  const again = await simpleParser(Buffer.from(bare, 'latin1'), options);
  return Object.assign(mail, { text: again.text, html: again.html });
}

/** The words of a header that nobody encoded. */
function bareHeader(mail: ParsedMail, name: string): string {
  const line = mail.headerLines.find(({ key }) => key === name)?.line ?? '';
  return decodeText(Buffer.from(line.slice(line.indexOf(':') + 1), 'latin1'), '').replace(/\s*\r?\n\s*/g, ' ').trim();
}

function senderOf(mail: ParsedMail): MailAddress | null {
  const [sender] = addressesIn(mail.from);
  if (!sender) return null;
  return /\ufffd/.test(sender.name) ? { ...sender, name: bareHeader(mail, 'from').replace(/<[^<>]*>.*$/, '').replaceAll('"', '').trim().slice(0, 200) } : sender;
}

const idsIn = (text: string): string[] => [...text.matchAll(/<([^<>\s]{1,900})>/g)].slice(0, 100).map((match) => `<${match[1]!}>`);
// What is larger is read once.
const mostReread = 10_000_000;
const isSensible = (date: Date): boolean => !Number.isNaN(date.getTime()) && date.getUTCFullYear() >= 1970 && date.getUTCFullYear() <= 9_998;

function addressesIn(given: AddressObject | AddressObject[] | undefined): MailAddress[] {
  const all = (Array.isArray(given) ? given : given ? [given] : []).flatMap((one) => one.value).flatMap((one) => one.group ?? [one]);
  return all.flatMap(({ address, name }) => {
    const plain = (address ?? '').trim().toLowerCase();
    return /^[^\s@<>,;:"\\()[\]]{1,64}@[^\s@<>,;:"\\()[\]]{1,190}$/.test(plain) ? [{ address: plain, name: mendHeader((name ?? '').replace(/[\p{Cc}\s]+/gu, ' ').trim()).slice(0, 200).toWellFormed() }] : [];
  }).slice(0, mailLimits.addresses);
}

async function textOf(mail: ParsedMail): Promise<string> {
  const text = plainWords(mail.text);
  if (text !== '' || !mail.html) return text;
  // Where there is nothing but HTML beside other parts: the same converter, given it as a mail of its own.
  const alone = await simpleParser(Buffer.concat([Buffer.from('Content-Type: text/html; charset=utf-8\r\n\r\n'), Buffer.from(mail.html.slice(0, mailLimits.html))]), options);
  return plainWords(alone.text);
}

/** Without what stood for a picture in HTML. */
const plainWords = (text: string | undefined): string => (text ?? '').replaceAll('\u0000', '').replace(/\[cid:[^\]\n]{1,300}\]/g, '').trim();

function fileOf(file: Attachment, place: number): MailFile {
  const name = mendHeader(file.filename ?? '').replace(/[\p{Cc}/\\]+/gu, '_').trim().slice(0, 200).toWellFormed();
  const type = (file.contentType || 'application/octet-stream').toLowerCase();
  const ending = type === 'message/rfc822' ? 'eml' : type.startsWith('image/') ? type.slice(6).replace('jpeg', 'jpg').replace(/[^a-z0-9]/g, '') : type === 'text/plain' ? 'txt' : type === 'text/calendar' ? 'ics' : 'bin';
  return { place, name: name === '' ? `${type.startsWith('image/') ? 'image' : 'file'}-${place + 1}.${ending}` : name, contentType: type, size: file.size, inline: file.contentDisposition === 'inline' || file.related === true, content: file.content };
}

/** Whether no person wrote it (自动邮件, RFC 3834 and the older ways of saying so). */
function automaticOf(header: (name: string) => string, subject: string): ReadMail['automatic'] {
  const submitted = header('auto-submitted').split(/[;\s]/)[0];
  const precedence = header('precedence');
  if (submitted === 'auto-replied' || precedence === 'auto_reply' || ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply-from', 'x-mail-autoreply'].some((name) => header(name) !== '')) return 'reply';
  if (/^(自动回复|自動回覆|automatic reply|auto-?reply|out of office|abwesenheit)\s*[:：]/i.test(subject)) return 'reply';
  if (/\b(oof|autoreply|all)\b/.test(header('x-auto-response-suppress')) && (submitted ?? '').startsWith('auto')) return 'reply';
  if ((submitted !== '' && submitted !== 'no' && submitted !== undefined) || ['bulk', 'list', 'junk'].includes(precedence) || header('list-id') !== '' || header('list') !== '' || header('feedback-id') !== '') return 'sent';
  return null;
}

const isReportPart = (mail: ParsedMail, file: Attachment): boolean => isReport(mail) && /^message\/(delivery-status|rfc822)|^text\/rfc822-headers/i.test(file.contentType);
function isReport(mail: ParsedMail): boolean {
  const type = mail.headers.get('content-type') as { value?: string; params?: Record<string, string> } | undefined;
  const sender = mail.from?.value[0]?.address?.toLowerCase() ?? '';
  return (type?.value?.toLowerCase() === 'multipart/report' && (type.params?.['report-type'] ?? 'delivery-status').toLowerCase() === 'delivery-status')
    || (/^(mailer-daemon|postmaster)@/.test(sender) && mail.attachments.some((file) => file.contentType === 'message/delivery-status'));
}

function reportOf(mail: ParsedMail): MailReport | null {
  if (!isReport(mail)) return null;
  const status = mail.attachments.filter((file) => file.contentType === 'message/delivery-status').map((file) => file.content.toString('latin1').replace(/\r?\n[ \t]+/g, ' ')).join('\n');
  const value = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(status)?.[1]?.trim() ?? '';
  const actions = [...status.matchAll(/^action:\s*(\S+)/gim)].map((match) => match[1]!.toLowerCase());
  const original = mail.attachments.filter((file) => /^message\/rfc822|^text\/rfc822-headers/i.test(file.contentType)).map((file) => file.content.subarray(0, 65_536).toString('latin1')).join('\n');
  const named = /^message-id:\s*(?:\r?\n[ \t]+)?(<[^<>\s]{1,900}>)/im.exec(original)?.[1];
  return {
    about: [...new Set([...(named ? [named] : []), ...idsIn(mail.inReplyTo ?? ''), ...idsIn(Array.isArray(mail.references) ? mail.references.join(' ') : mail.references ?? '')])],
    failed: actions.includes('failed') || (actions.length === 0 && !/^(warning|delayed)/i.test(mail.subject ?? '')),
    said: [value('status'), value('diagnostic-code').replace(/^[\w-]+;\s*/, ''), value('final-recipient').replace(/^[\w-]+;\s*/, '')].filter((part) => part !== '').join(' ').slice(0, 300).toWellFormed() || (mail.subject ?? '').slice(0, 200),
  };
}

/** What tells a mail from all others: its name and what it says, as some programs give all theirs one name. */
export const mailKey = (mail: ReadMail): string => `${mail.messageId ?? ''} ${hash('sha256', JSON.stringify([mail.from?.address ?? '', mail.date?.getTime() ?? 0, mail.subject, mail.text]))}`;
