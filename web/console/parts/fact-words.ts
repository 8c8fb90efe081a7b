import { linkKinds, linkRules } from '../../../rules/ticket/links.ts';
import type { Language } from '../../ui/preferences.ts';

type Told = { kind: string; title: string; actor: { name: string | null }; data: Readonly<Record<string, unknown>> };
type Texts = { note: string; watcher: (name: string) => string; helper: (name: string) => string };

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The other ticket that a fact names by its number (事件涉及的工单). */
export function otherTicket(data: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['into', 'from', 'ticket', 'other', 'target', 'source']) {
    const number = textOf((data[name] as { number?: unknown } | null | undefined)?.number);
    if (number !== undefined) return number;
  }
  return undefined;
}

/** How two tickets hang together by what a fact tells (关联类型), as seen from the ticket it stands on. */
export function linkWords(data: Readonly<Record<string, unknown>>, language: Language): string | undefined {
  const link = linkKinds.find((kind) => kind === data['link']);
  return link === undefined ? undefined : linkRules[link][language === 'en' ? 'en' : 'zh'];
}

/** What a fact is called (事件名称): an internal note is no reply. */
export function factTitle({ kind, title, data }: Told, { note }: Pick<Texts, 'note'>): string {
  return kind === 'comment.added' && data['visibility'] === 'internal' ? note : title;
}

/** Whom a fact is about, when that is another than who did it (事件涉及的人). */
export function factPerson({ kind, actor, data }: Told, { watcher, helper }: Pick<Texts, 'watcher' | 'helper'>): string | undefined {
  const name = textOf(data['staffName']) ?? textOf(data['helperName']);
  if (name === undefined || name === actor.name) return undefined;
  if (kind.startsWith('watcher.')) return watcher(name);
  return kind.startsWith('ticket.deleg') ? helper(name) : undefined;
}
