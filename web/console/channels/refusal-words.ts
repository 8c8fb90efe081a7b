import type { InboxMessage } from '../../../contract/channel.ts';
import { named } from './kinds.ts';
import type { sayChannel } from './texts.ts';

const words = { signature: 'check.signature', stale: 'check.stale', malformed: 'check.malformed', method: 'check.method' } as const;

/** What is to be done about a call that was refused; the server says `code: words`. */
export function refusalWords(say: typeof sayChannel, refusal: string | null): string {
  const at = refusal?.indexOf(':') ?? -1;
  const code = refusal?.slice(0, Math.max(0, at)) ?? '';
  if (code === 'account') return say('check.account', { why: refusal!.slice(at + 1).trim() });
  return Object.hasOwn(words, code) ? say(words[code as keyof typeof words]) : refusal ?? '';
}

/** Why a message was put aside, in words; the server adds `/path code` for each field that is wrong. */
export function failureWords(say: typeof sayChannel, { failure, failureDetail }: Pick<InboxMessage, 'failure' | 'failureDetail'>): string {
  if (failure === null) return '';
  const fields = (failureDetail ?? '').split('; ').flatMap((part) => {
    const [, path, code] = /^\/(\S+) ([a-zA-Z_]+)$/.exec(part) ?? [];
    return path === undefined || code === undefined ? [] : [say('failure.field', { field: path.startsWith('fields/') ? path.slice(7) : named(say, 'target', path.replaceAll('/', '.')), why: code === 'required' ? say('required') : code })];
  });
  const detail = fields.length > 0 ? fields.join(' · ') : failure === 'invalid_input' || failure === 'internal_error' ? '' : failureDetail ?? '';
  return detail === '' ? named(say, 'failure', failure) : `${named(say, 'failure', failure)} — ${detail}`;
}
