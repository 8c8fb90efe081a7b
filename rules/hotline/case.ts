import type { Permission } from '../access/permissions.ts';

/** How a case stands with the hotline (热线工单状态): 已派、已签收、已退单、已办结. */
export const caseStates = ['dispatched', 'accepted', 'returned', 'finished'] as const;
export type CaseState = (typeof caseStates)[number];
/** What was asked for once, and what became of it (延期): 已申请、同意、不同意. */
export const extensionStates = ['asked', 'granted', 'refused'] as const;
export type ExtensionState = (typeof extensionStates)[number];

/** What is done with a case, each told to the hotline: 签收、退单、申请延期、办结、回访. */
export const caseActions = ['accept', 'return', 'ask_extension', 'finish', 'revisit'] as const;
export type CaseAction = (typeof caseActions)[number];

interface ActionRule {
  from: readonly CaseState[];
  to: CaseState | null;
  /** What the hotline is told that it is. */
  report: 'accepted' | 'returned' | 'extension_asked' | 'finished' | 'revisited';
  permission: Permission;
  /** What has to be said with it. */
  needs: readonly ('words' | 'until' | 'satisfaction')[];
}

/** Action → where it is open, where it leads, who may (热线操作表). */
export const caseRules: Readonly<Record<CaseAction, ActionRule>> = {
  accept: { from: ['dispatched'], to: 'accepted', report: 'accepted', permission: 'ticket.resolve', needs: [] },
  return: { from: ['dispatched', 'accepted'], to: 'returned', report: 'returned', permission: 'ticket.assign', needs: ['words'] },
  ask_extension: { from: ['accepted'], to: null, report: 'extension_asked', permission: 'ticket.assign', needs: ['words', 'until'] },
  finish: { from: ['accepted'], to: 'finished', report: 'finished', permission: 'ticket.resolve', needs: ['words'] },
  revisit: { from: ['finished'], to: null, report: 'revisited', permission: 'ticket.close', needs: ['satisfaction'] },
};

/** Which actions are open (可办操作): an extension that was asked for and not decided is not asked for again. */
export function openActions(state: CaseState, extension: ExtensionState | null): CaseAction[] {
  return caseActions.filter((action) => caseRules[action].from.includes(state) && !(action === 'ask_extension' && extension === 'asked'));
}

/** What a hotline tells of a case (热线事件). */
export const hotlineEventTypes = ['case.dispatched', 'case.urged', 'case.extension_decided', 'case.revisited'] as const;
export type HotlineEventType = (typeof hotlineEventTypes)[number];

/** In which thread of the inbox what is told of a case stands, once it was dispatched: one after another, and not before the case. */
export const toldThread = (caseNumber: string): string => `${caseNumber}/told`;

/** One of them, as it came. */
export interface HotlineEvent {
  type: HotlineEventType;
  caseNumber: string;
  title?: string;
  content?: string;
  code?: string;
  codeName?: string;
  citizenName?: string;
  citizenPhone?: string;
  address?: string;
  /** Milliseconds since 1970. */
  deadline?: number;
  urgent?: boolean;
  words?: string;
  granted?: boolean;
  /** From 1, very unsatisfied, to 5. */
  satisfaction?: number;
}

/** A line of a code table (分类对照): the hotline's category, and what it is here. */
export interface CodeLine {
  code: string;
  name: string;
  /** One of our categories by id or name; null where it is nothing here. */
  category: string | null;
}

/**
 * The line that says what a code is (查对照表): of the whole code, else of the longest beginning of it, as codes of lower levels go on where
 * those of higher levels end (GB/T 39666-2020).
 */
export function lineOf(codes: readonly CodeLine[], code: string | undefined): CodeLine | null {
  if (!code) return null;
  return codes.filter((line) => line.code !== '' && code.startsWith(line.code)).sort((a, b) => b.code.length - a.code.length)[0] ?? null;
}
