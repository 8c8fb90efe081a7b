import type { InboxMessage } from '../../../contract/channel.ts';
import { named } from './kinds.ts';
import { isPhrase, type sayChannel } from './texts.ts';

const refused = { signature: 'check.signature', stale: 'check.stale', malformed: 'check.malformed', method: 'check.method' } as const;

/** What is to be done about a call that was refused; the server says `code: words`, or `code/what/name: words` where it knows what is to be mended. */
export function refusalWords(say: typeof sayChannel, refusal: string | null): string {
  const [, code, what, name = '', said] = /^([a-z]+)(?:\/([a-z_]+)\/([^:]*))?: (.*)$/s.exec(refusal ?? '') ?? [];
  if (code === undefined || said === undefined) return refusal ?? '';
  if (code === 'account') return said.includes('lies within an internal network') ? say('check.private', { host: /^\S+/.exec(said)?.[0] ?? '' }) : say('check.account', { why: said });
  // What the server found out goes as far as which of the secrets differs.
  if (what === 'compare') return say('check.compare', { name });
  if (what === 'key') return say('check.key', { name });
  if (what === 'other_app') return name === '' ? say('check.otherAppUnnamed') : say('check.otherApp', { app: name });
  if (what === 'plain') return name === '' ? say('check.plain') : say('check.plainSet', { name });
  return Object.hasOwn(refused, code) ? say(refused[code as keyof typeof refused]) : refusal ?? '';
}

/** Why a message was put aside, in words; the server adds `/path code` for each field that is wrong. */
export function failureWords(say: typeof sayChannel, { failure, failureDetail, failureWords: words }: Pick<InboxMessage, 'failure' | 'failureDetail' | 'failureWords'>): string {
  if (failure === null) return '';
  const fields = (failureDetail ?? '').split('; ').flatMap((part) => {
    const [, path, code] = /^\/(\S+) ([a-zA-Z_]+)$/.exec(part) ?? [];
    return path === undefined || code === undefined ? [] : [say('failure.field', { field: path.startsWith('fields/') ? path.slice(7) : named(say, 'target', path.replaceAll('/', '.')), why: code === 'required' ? say('required') : code })];
  });
  const known = isPhrase(`failure.${failure}`) ? named(say, 'failure', failure) : words ?? say('failure.other', { code: failure });
  // The details are for whoever mends the program; what a refusal says in words says as much.
  const detail = fields.length > 0 ? fields.join(' · ') : failure === 'unreadable' || failure === 'too_large' ? failureDetail ?? '' : '';
  return detail === '' ? known : `${known} — ${detail}`;
}
