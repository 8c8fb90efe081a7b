import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { useTexts, type TextKey } from '../i18n.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useCurrentInSight } from '../parts/current-in-sight.ts';
import { useTitle } from '../parts/title.ts';
import { useSession, type Session } from '../session/session.tsx';
import { Forbidden, NotFound, PagePending } from '../shell/page-states.tsx';
import styles from './settings-page.module.css';

type Section = { key: string; text: TextKey; icon: IconName; open: (session: Session) => boolean; Content: LazyExoticComponent<ComponentType> };

const sections: Section[] = [
  {
    key: 'organization', text: 'settings.organization', icon: 'building', open: ({ may }) => may('organization.read'),
    Content: lazy(async () => ({ default: (await import('./organization-section.tsx')).OrganizationSection })),
  },
  { key: 'roles', text: 'settings.roles', icon: 'shield', open: ({ may }) => may('organization.read'), Content: lazy(async () => ({ default: (await import('./roles-section.tsx')).RolesSection })) },
  { key: 'skills', text: 'staff.skillList', icon: 'star', open: () => true, Content: lazy(async () => ({ default: (await import('../people/skills-section.tsx')).SkillsSection })) },
  { key: 'categories', text: 'settings.categories', icon: 'tag', open: () => true, Content: lazy(async () => ({ default: (await import('./categories-section.tsx')).CategoriesSection })) },
  { key: 'types', text: 'settings.types', icon: 'file', open: () => true, Content: lazy(async () => ({ default: (await import('./types-section.tsx')).TypesSection })) },
  { key: 'flows', text: 'settings.flows', icon: 'transfer', open: () => true, Content: lazy(async () => ({ default: (await import('../flows/flows-section.tsx')).FlowsSection })) },
  { key: 'statuses', text: 'settings.statuses', icon: 'checkCircle', open: () => true, Content: lazy(async () => ({ default: (await import('./statuses-section.tsx')).StatusesSection })) },
  { key: 'templates', text: 'settings.templates', icon: 'copy', open: () => true, Content: lazy(async () => ({ default: (await import('./templates-section.tsx')).TemplatesSection })) },
  { key: 'replies', text: 'settings.replies', icon: 'reply', open: () => true, Content: lazy(async () => ({ default: (await import('./replies-section.tsx')).RepliesSection })) },
  { key: 'automation', text: 'settings.automation', icon: 'activity', open: ({ may }) => may('automation.manage'), Content: lazy(async () => ({ default: (await import('../automation/rules-section.tsx')).RulesSection })) },
  { key: 'sla', text: 'settings.sla', icon: 'clock', open: ({ may }) => may('settings.write'), Content: lazy(async () => ({ default: (await import('../sla/policies-section.tsx')).PoliciesSection })) },
  { key: 'calendars', text: 'settings.calendars', icon: 'calendar', open: () => true, Content: lazy(async () => ({ default: (await import('../sla/calendars-section.tsx')).CalendarsSection })) },
  { key: 'macros', text: 'settings.macros', icon: 'play', open: ({ may }) => may('ticket.read'), Content: lazy(async () => ({ default: (await import('./macros-section.tsx')).MacrosSection })) },
  { key: 'checklists', text: 'settings.checklists', icon: 'check', open: ({ may }) => may('ticket.read'), Content: lazy(async () => ({ default: (await import('./checklists-section.tsx')).ChecklistsSection })) },
  { key: 'tiers', text: 'settings.tiers', icon: 'star', open: () => true, Content: lazy(async () => ({ default: (await import('../customers/tiers-section.tsx')).TiersSection })) },
  { key: 'masks', text: 'settings.masks', icon: 'eye', open: () => true, Content: lazy(async () => ({ default: (await import('../customers/masks-section.tsx')).MasksSection })) },
  { key: 'channels', text: 'settings.channels', icon: 'globe', open: ({ may }) => may('organization.read'), Content: lazy(async () => ({ default: (await import('./channels-section.tsx')).ChannelsSection })) },
  { key: 'notices', text: 'settings.notices', icon: 'bell', open: ({ may }) => may('settings.write'), Content: lazy(async () => ({ default: (await import('../notices/notices-section.tsx')).NoticesSection })) },
  { key: 'api-keys', text: 'settings.apiKeys', icon: 'key', open: ({ may }) => may('api_key.manage'), Content: lazy(async () => ({ default: (await import('./api-keys-section.tsx')).ApiKeysSection })) },
  { key: 'audit', text: 'settings.audit', icon: 'activity', open: ({ may }) => may('audit.read'), Content: lazy(async () => ({ default: (await import('./audit-section.tsx')).AuditSection })) },
];

/** The settings (设置): by task, one section at a time. */
export function SettingsPage() {
  const { t } = useTexts();
  useTitle(t('nav.settings'));
  const session = useSession();
  const { section: key } = useParams({ from: '/settings/{-$section}' });
  const shown = sections.filter((section) => section.open(session));
  const section = key === undefined ? shown[0] : sections.find((one) => one.key === key);
  const strip = useCurrentInSight<HTMLElement>(section?.key);
  return (
    <div className={styles.page}>
      <nav ref={strip} className={styles.nav} aria-label={t('nav.settings')}>
        <h1 className={styles.title}>{t('nav.settings')}</h1>
        {shown.map((one) => (
          <Link key={one.key} to="/settings/{-$section}" params={{ section: one.key }} className={styles.item} aria-current={one === section ? 'page' : undefined}>
            <Icon name={one.icon} />
            {t(one.text)}
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        {section === undefined ? <NotFound /> : !section.open(session) ? <Forbidden /> : <Suspense fallback={<PagePending />}><section.Content /></Suspense>}
      </div>
    </div>
  );
}
