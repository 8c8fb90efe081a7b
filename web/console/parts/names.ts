import type { TicketSummary } from '../../../contract/ticket.ts';
import type { Job } from '../../../contract/organization.ts';
import type { Static } from 'typebox';
import type { TicketAction, TicketStatus, WaitingFor } from '../../../rules/ticket/lifecycle.ts';
import type { VisitObstacle } from '../../../rules/ticket/visit-lifecycle.ts';
import { ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import type { Language } from '../../ui/preferences.ts';
import type { TextKey } from '../i18n.ts';

/** The name of a record in the reader's language, where it has one. */
export function localName(record: { name: string; nameEn?: string | null }, language: Language): string {
  return language === 'en' && record.nameEn ? record.nameEn : record.name;
}

/** Statuses of tickets that still need somebody (未完成). */
export const unfinishedStatuses: readonly TicketStatus[] = ticketStatuses.filter((status) => ['new', 'open', 'waiting'].includes(status));
export const unfinished = unfinishedStatuses.join(',');

export function isUnfinished(ticket: Pick<TicketSummary, 'status'>): boolean {
  return unfinishedStatuses.includes(ticket.status);
}

type Texts = Record<string, TextKey>;

/** Names that are keys of the texts; each table is complete for its words. */
export const waitingTexts = { customer: 'waiting.customer', supplier: 'waiting.supplier', part: 'waiting.part', other: 'waiting.other' } as const satisfies Record<WaitingFor, TextKey>;
export const waitForTexts = { customer: 'waitFor.customer', supplier: 'waitFor.supplier', part: 'waitFor.part', other: 'waitFor.other' } as const satisfies Record<WaitingFor, TextKey>;
export const obstacleTexts = { no_access: 'obstacle.no_access', part_needed: 'obstacle.part_needed', return_visit: 'obstacle.return_visit' } as const satisfies Record<VisitObstacle, TextKey>;
export const jobTexts = {
  agent: 'job.agent', technician: 'job.technician', dispatcher: 'job.dispatcher', manager: 'job.manager', administrator: 'job.administrator',
} as const satisfies Record<Static<typeof Job>, TextKey>;
export const actionTexts = {
  accept: 'action.accept', decline: 'action.decline', assign: 'action.assign', transfer: 'action.transfer', wait: 'action.wait', resume: 'action.resume',
  resolve: 'action.resolve', confirm: 'action.confirm', reopen: 'action.reopen', close: 'action.close', cancel: 'action.cancel',
} as const satisfies Record<TicketAction, TextKey>;
export const channelTexts = {
  console: 'channel.console', portal: 'channel.portal', phone: 'channel.phone', email: 'channel.email', web: 'channel.web', chat: 'channel.chat', wechat: 'channel.wechat',
  mini_program: 'channel.mini_program', wecom: 'channel.wecom', dingtalk: 'channel.dingtalk', feishu: 'channel.feishu', sms: 'channel.sms', social: 'channel.social', qr: 'channel.qr', app: 'channel.app',
  alarm: 'channel.alarm', hotline: 'channel.hotline', api: 'channel.api',
} as const satisfies Record<TicketSummary['channel'], TextKey>;
export const scopeTexts = { own: 'scope.own', team: 'scope.team', department: 'scope.department', organization: 'scope.organization' } as const satisfies Texts;
