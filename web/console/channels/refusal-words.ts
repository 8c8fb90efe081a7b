import type { InboxMessage } from '../../../contract/channel.ts';
import { named } from './kinds.ts';
import { isPhrase, type sayChannel } from './texts.ts';

const refused = { signature: 'check.signature', stale: 'check.stale', malformed: 'check.malformed', method: 'check.method' } as const;

/** What is to be done about a call that was refused; the server says `code: words`. */
export function refusalWords(say: typeof sayChannel, refusal: string | null): string {
  const at = refusal?.indexOf(':') ?? -1;
  const code = refusal?.slice(0, Math.max(0, at)) ?? '';
  const said = refusal?.slice(at + 1).trim() ?? '';
  if (code === 'account') return said.includes('lies within an internal network') ? say('check.private', { host: /^\S+/.exec(said)?.[0] ?? '' }) : say('check.account', { why: said });
  // What the server found out goes as far as which of the secrets differs.
  const [, compared] = /compare the ([^:]+)$/.exec(said) ?? [];
  const [, other] = /^it is for (\S+), not for this/.exec(said) ?? [];
  if (code === 'signature' && other !== undefined) return say('check.otherApp', { app: other });
  if (code === 'signature' && compared !== undefined) return say(said.startsWith('it cannot be decrypted') ? 'check.key' : 'check.compare', { name: compared });
  if (code === 'malformed' && said.startsWith('it is not encrypted')) return say('check.plain');
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
