import type { NotificationReason } from '../../../contract/desk.ts';
import type { TextKey } from '../i18n.ts';
import type { IconName } from '../parts/icon.tsx';

/** Why somebody was told (通知原因), in words. */
export const reasonTexts = {
  mentioned: 'reason.mentioned', team_mentioned: 'reason.team_mentioned', assigned: 'reason.assigned', delegated: 'reason.delegated', replied: 'reason.replied',
  watching: 'reason.watching', returned: 'reason.returned', held_failed: 'reason.held_failed', rule: 'reason.rule', rule_suspended: 'reason.rule_suspended', side_conversation: 'reason.side_conversation', checklist: 'reason.checklist', urgent: 'reason.urgent',
  sla_warned: 'reason.sla_warned', sla_breached: 'reason.sla_breached', sla_escalated: 'reason.sla_escalated', unanswered: 'reason.unanswered', offered: 'reason.offered', unclaimed: 'reason.unclaimed', hurried: 'reason.hurried', rescheduled: 'reason.rescheduled',
} as const satisfies Record<NotificationReason, TextKey>;

export const reasonIcons = {
  mentioned: 'edit', team_mentioned: 'team', assigned: 'assign', delegated: 'people', replied: 'reply', watching: 'eye', returned: 'reopen', held_failed: 'info', rule: 'activity', rule_suspended: 'info', side_conversation: 'reply', checklist: 'checkCircle', urgent: 'info',
  sla_warned: 'clock', sla_breached: 'clock', sla_escalated: 'clock', unanswered: 'info', offered: 'tool', unclaimed: 'assign', hurried: 'clock', rescheduled: 'calendar',
} as const satisfies Record<NotificationReason, IconName>;
