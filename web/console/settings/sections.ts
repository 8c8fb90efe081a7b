import { mayReadRuns } from '../automation/may-read-runs.ts';
import type { TextKey } from '../i18n.ts';
import type { IconName } from '../parts/icon.tsx';
import type { Session } from '../session/session.tsx';

export type SettingsSection = { key: string; text: TextKey; icon: IconName; open: (session: Session) => boolean };

/** The sections of the settings (设置的各部分), in the order in which they are offered. */
export const settingsSections = [
  { key: 'profile', text: 'settings.profile', icon: 'home', open: () => true },
  { key: 'organization', text: 'settings.organization', icon: 'building', open: ({ may }) => may('organization.read') },
  { key: 'roles', text: 'settings.roles', icon: 'shield', open: ({ may }) => may('organization.read') },
  { key: 'skills', text: 'staff.skillList', icon: 'star', open: () => true },
  { key: 'dispatch', text: 'settings.dispatch', icon: 'assign', open: ({ may }) => may('settings.write') && may('organization.read') },
  { key: 'territories', text: 'settings.territories', icon: 'place', open: ({ may }) => may('organization.read') },
  { key: 'categories', text: 'settings.categories', icon: 'tag', open: () => true },
  { key: 'types', text: 'settings.types', icon: 'file', open: () => true },
  { key: 'flows', text: 'settings.flows', icon: 'transfer', open: () => true },
  { key: 'statuses', text: 'settings.statuses', icon: 'checkCircle', open: () => true },
  { key: 'templates', text: 'settings.templates', icon: 'copy', open: () => true },
  { key: 'replies', text: 'settings.replies', icon: 'reply', open: () => true },
  { key: 'automation', text: 'settings.automation', icon: 'activity', open: mayReadRuns },
  { key: 'sla', text: 'settings.sla', icon: 'clock', open: ({ may }) => may('settings.write') },
  { key: 'calendars', text: 'settings.calendars', icon: 'calendar', open: () => true },
  { key: 'macros', text: 'settings.macros', icon: 'play', open: ({ may }) => may('ticket.read') },
  { key: 'checklists', text: 'settings.checklists', icon: 'check', open: ({ may }) => may('ticket.read') },
  { key: 'tiers', text: 'settings.tiers', icon: 'star', open: () => true },
  { key: 'masks', text: 'settings.masks', icon: 'eye', open: () => true },
  { key: 'channels', text: 'settings.channels', icon: 'globe', open: ({ may }) => may('organization.read') },
  { key: 'filling', text: 'settings.filling', icon: 'edit', open: ({ may }) => may('settings.write') },
  { key: 'news', text: 'settings.news', icon: 'reply', open: ({ may }) => may('settings.write') },
  { key: 'notices', text: 'settings.notices', icon: 'bell', open: ({ may }) => may('settings.write') },
  { key: 'api-keys', text: 'settings.apiKeys', icon: 'key', open: ({ may }) => may('api_key.manage') },
  { key: 'audit', text: 'settings.audit', icon: 'activity', open: ({ may }) => may('audit.read') },
] as const satisfies readonly SettingsSection[];

export type SettingsKeyOf = (typeof settingsSections)[number]['key'];

/** Those that a person's permissions open. */
export const sectionsFor = (session: Session): readonly SettingsSection[] => settingsSections.filter((section) => section.open(session));
