import type { TimelineEntry } from '../../../contract/ticket.ts';
import type { useTaskTexts } from './texts.ts';

type Say = ReturnType<typeof useTaskTexts>['t'];

/** What the timeline says of a fact of a flow, beyond its title. */
export interface FlowFactWords {
  /** The step, the decision, the version: in the order they are read. */
  facts: string[];
  /** Ids of the people and teams it concerns: who is to act now, who was told. */
  staffIds: string[];
  teamIds: string[];
  /** What a person wrote, or why the flow stands still. */
  said: string[];
}

/** Whether a fact is told of by a flow, its tasks or its approvals. */
export const isFlowFact = (kind: string): boolean => /^(flow|task|approval)\./.test(kind);

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const ids = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

/** Which step, who decided what with which comment, and why it stands still (流程事件说明). */
export function flowFactWords({ kind, data }: Pick<TimelineEntry, 'kind' | 'data'>, say: Say, language: string): FlowFactWords {
  const inWords = (value: unknown): string | undefined => {
    const { zh, en } = (value ?? {}) as { zh?: unknown; en?: unknown };
    return text(language === 'en' ? (text(en) ?? zh) : zh);
  };
  const facts: string[] = [];
  const add = (...more: (string | undefined)[]): void => void facts.push(...more.filter((one) => one !== undefined));
  const decision = (value: unknown): string | undefined => (value === 'approved' || value === 'rejected' ? say(`flow.outcome.${value}`) : undefined);
  const plain = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
  const number = (value: unknown): string => plain((value as { number?: unknown } | undefined)?.number);
  add(inWords(data.step));
  switch (kind) {
    case 'flow.started':
      add(typeof data.flowVersion === 'number' ? say('fact.version', { number: data.flowVersion }) : undefined);
      break;
    case 'flow.ended':
      add(data.status === 'completed' || data.status === 'terminated' || data.status === 'cancelled' ? say(`flow.status.${data.status}`) : undefined);
      break;
    case 'flow.moved':
      add(say('fact.moved', { from: number(data.before), to: number(data.after) }));
      break;
    case 'flow.call_requested':
      add(text(data.host));
      break;
    case 'flow.parts_requested':
      add(...(Array.isArray(data.lines) ? data.lines as { part?: unknown; quantity?: unknown }[] : []).slice(0, 10).map(({ part, quantity }) => `${plain(part)} × ${plain(quantity)}`));
      break;
    case 'approval.voted':
      add(decision(data.vote));
      break;
    case 'approval.decided': case 'task.completed':
      add(decision(data.outcome) ?? inWords(data.outcomeName) ?? text(data.outcome));
      break;
    case 'task.cancelled':
      add(data.how === 'interrupted' ? say('fact.interrupted') : data.how === 'superseded' ? say('fact.superseded') : undefined);
      break;
  }
  return {
    facts, staffIds: ids(data.staffIds), teamIds: ids(data.teamIds),
    said: [kind === 'flow.held' ? inWords(data.reason) : text(data.reason), kind === 'flow.notified' ? inWords(data.text) : undefined, text(data.note), text(data.comment)].filter((one) => one !== undefined),
  };
}
