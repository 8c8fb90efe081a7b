import { factKinds } from '../../../contract/facts.ts';
import type { Action, Definition, Recurrence, Stretch } from '../../../rules/automation/definition.ts';
import { ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import type { Say } from './texts.ts';

/** A kind of fact in the reader's language. */
export function factName(kind: string, language: string): string {
  const names = Object.hasOwn(factKinds, kind) ? factKinds[kind as keyof typeof factKinds] : undefined;
  return names === undefined ? kind : language === 'en' ? names.en : names.zh;
}

const stretch = (say: Say, { n, unit }: Stretch) => ({ n, unit: say(`unit.${unit}`) });

function recurrence(say: Say, every: Recurrence): string {
  if (every.kind === 'interval') return say('summary.every', stretch(say, every));
  if (every.kind === 'daily') return say('summary.daily', { at: every.at });
  return say('summary.weekly', { days: every.days.toSorted().map((day) => say(`day.${day as 1}`)).join('、'), at: every.at });
}

/** When a rule looks at a ticket, in plain words (触发条件描述). */
export function triggerWords(say: Say, language: string, { trigger }: Definition): string {
  if (trigger.kind === 'schedule') return recurrence(say, trigger.every);
  if (trigger.kind === 'untouched') return say('summary.untouched', stretch(say, trigger.for));
  if (trigger.facts.length === 0) return say('summary.nothing');
  const event = trigger.facts.slice(0, 3).map((kind) => factName(kind, language)).join(say('summary.or')) + (trigger.facts.length > 3 ? '…' : '');
  return trigger.after ? say('summary.after', { event, ...stretch(say, trigger.after) }) : event;
}

/** What a rule does, in plain words. */
export const actionWords = (say: Say, { actions }: Definition): string => (actions.length === 0 ? say('summary.nothing') : actions.map((action) => oneAction(say, action)).join(' → '));

function oneAction(say: Say, action: Action): string {
  switch (action.kind) {
    case 'set': return [
      ...(action.priority === undefined ? [] : [say('summary.priority', { priority: words(`priority.${action.priority}`) })]),
      ...(action.category === undefined ? [] : [say('summary.category')]), ...(action.fields === undefined ? [] : [say('summary.fields')]),
    ].join(say('summary.and')) || say('action.set');
    case 'status': {
      const known = ticketStatuses.find((status) => status === action.status);
      return known === undefined ? say('action.status') : say('summary.status', { status: words(`status.${known}`) });
    }
    case 'tag': case 'untag': return action.tags.length === 0 ? say(`action.${action.kind}`) : `${say(`action.${action.kind}`)} ${action.tags.join(say('summary.and'))}`;
    case 'assign': return 'expression' in action.to ? `${say('action.assign')} ${say(`who.${action.to.expression}`)}` : say('action.assign');
    default: return say(`action.${action.kind}`);
  }
}
