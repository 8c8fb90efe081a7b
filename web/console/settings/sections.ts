import { mayReadRuns } from '../automation/may-read-runs.ts';
import type { TextKey } from '../i18n.ts';
import type { IconName } from '../parts/icon.tsx';
import type { Session } from '../session/session.tsx';

/** What the sections are gathered under (设置分组), in the order in which they are offered, and its heading. */
export const settingsGroups = {
  organization: 'settings.groupOrganization', tickets: 'settings.groupTickets', processes: 'settings.groupProcesses', dispatch: 'settings.groupDispatch',
  customers: 'settings.groupCustomers', channels: 'settings.groupChannels', security: 'settings.groupSecurity',
} as const satisfies Record<string, TextKey>;

export type SettingsSection = { key: string; group: keyof typeof settingsGroups; text: TextKey; icon: IconName; open: (session: Session) => boolean };

/** The sections of the settings (设置的各部分), in the order in which they are offered. */
export const settingsSections = [
  { key: 'profile', group: 'organization', text: 'settings.profile', icon: 'home', open: () => true },
  { key: 'organization', group: 'organization', text: 'settings.organization', icon: 'building', open: ({ may }) => may('organization.read') },
  { key: 'roles', group: 'organization', text: 'settings.roles', icon: 'shield', open: ({ may }) => may('organization.read') },
  { key: 'skills', group: 'organization', text: 'staff.skillList', icon: 'star', open: () => true },
  { key: 'calendars', group: 'organization', text: 'settings.calendars', icon: 'calendar', open: () => true },
  { key: 'types', group: 'tickets', text: 'settings.types', icon: 'file', open: () => true },
  { key: 'categories', group: 'tickets', text: 'settings.categories', icon: 'tag', open: () => true },
  { key: 'statuses', group: 'tickets', text: 'settings.statuses', icon: 'checkCircle', open: () => true },
  { key: 'templates', group: 'tickets', text: 'settings.templates', icon: 'copy', open: () => true },
  { key: 'replies', group: 'tickets', text: 'settings.replies', icon: 'reply', open: () => true },
  { key: 'macros', group: 'tickets', text: 'settings.macros', icon: 'play', open: ({ may }) => may('ticket.read') },
  { key: 'checklists', group: 'tickets', text: 'settings.checklists', icon: 'check', open: ({ may }) => may('ticket.read') },
  { key: 'flows', group: 'processes', text: 'settings.flows', icon: 'transfer', open: () => true },
  { key: 'automation', group: 'processes', text: 'settings.automation', icon: 'activity', open: mayReadRuns },
  { key: 'sla', group: 'processes', text: 'settings.sla', icon: 'clock', open: ({ may }) => may('settings.write') },
  { key: 'dispatch', group: 'dispatch', text: 'settings.dispatch', icon: 'assign', open: ({ may }) => may('settings.write') && may('organization.read') },
  { key: 'territories', group: 'dispatch', text: 'settings.territories', icon: 'place', open: ({ may }) => may('organization.read') },
  { key: 'tiers', group: 'customers', text: 'settings.tiers', icon: 'star', open: () => true },
  { key: 'masks', group: 'customers', text: 'settings.masks', icon: 'eye', open: () => true },
  { key: 'channels', group: 'channels', text: 'settings.channels', icon: 'globe', open: ({ may }) => may('organization.read') },
  { key: 'filling', group: 'channels', text: 'settings.filling', icon: 'edit', open: ({ may }) => may('settings.write') },
  { key: 'news', group: 'channels', text: 'settings.news', icon: 'reply', open: ({ may }) => may('settings.write') },
  { key: 'notices', group: 'channels', text: 'settings.notices', icon: 'bell', open: ({ may }) => may('settings.write') },
  { key: 'api-keys', group: 'security', text: 'settings.apiKeys', icon: 'key', open: ({ may }) => may('api_key.manage') },
  { key: 'audit', group: 'security', text: 'settings.audit', icon: 'activity', open: ({ may }) => may('audit.read') },
] as const satisfies readonly SettingsSection[];

export type SettingsKeyOf = (typeof settingsSections)[number]['key'];

/** Those that a person's permissions open. */
export const sectionsFor = (session: Session): readonly SettingsSection[] => settingsSections.filter((section) => section.open(session));
