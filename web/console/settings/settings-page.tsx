import { Link, useParams } from '@tanstack/react-router';
import { Fragment, lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useCurrentInSight } from '../parts/current-in-sight.ts';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden, NotFound, PagePending } from '../shell/page-states.tsx';
import { sectionsFor, settingsGroups, settingsSections, type SettingsKeyOf } from './sections.ts';
import styles from './settings-page.module.css';

const contents: Record<SettingsKeyOf, LazyExoticComponent<ComponentType>> = {
  profile: lazy(async () => ({ default: (await import('./profile-section.tsx')).ProfileSection })),
  organization: lazy(async () => ({ default: (await import('./organization-section.tsx')).OrganizationSection })),
  roles: lazy(async () => ({ default: (await import('./roles-section.tsx')).RolesSection })),
  skills: lazy(async () => ({ default: (await import('../people/skills-section.tsx')).SkillsSection })),
  dispatch: lazy(async () => ({ default: (await import('../dispatch/weights-section.tsx')).WeightsSection })),
  territories: lazy(async () => ({ default: (await import('../dispatch/territories/section.tsx')).TerritoriesSection })),
  categories: lazy(async () => ({ default: (await import('./categories-section.tsx')).CategoriesSection })),
  types: lazy(async () => ({ default: (await import('./types-section.tsx')).TypesSection })),
  flows: lazy(async () => ({ default: (await import('../flows/flows-section.tsx')).FlowsSection })),
  statuses: lazy(async () => ({ default: (await import('./statuses-section.tsx')).StatusesSection })),
  templates: lazy(async () => ({ default: (await import('./templates-section.tsx')).TemplatesSection })),
  replies: lazy(async () => ({ default: (await import('./replies-section.tsx')).RepliesSection })),
  automation: lazy(async () => ({ default: (await import('../automation/rules-section.tsx')).RulesSection })),
  sla: lazy(async () => ({ default: (await import('../sla/policies-section.tsx')).PoliciesSection })),
  calendars: lazy(async () => ({ default: (await import('../sla/calendars-section.tsx')).CalendarsSection })),
  macros: lazy(async () => ({ default: (await import('./macros-section.tsx')).MacrosSection })),
  checklists: lazy(async () => ({ default: (await import('./checklists-section.tsx')).ChecklistsSection })),
  tiers: lazy(async () => ({ default: (await import('../customers/tiers-section.tsx')).TiersSection })),
  masks: lazy(async () => ({ default: (await import('../customers/masks-section.tsx')).MasksSection })),
  channels: lazy(async () => ({ default: (await import('../channels/channels-section.tsx')).ChannelsSection })),
  filling: lazy(async () => ({ default: (await import('../filling/filling-section.tsx')).FillingSection })),
  news: lazy(async () => ({ default: (await import('../news/news-section.tsx')).NewsSection })),
  notices: lazy(async () => ({ default: (await import('../notices/notices-section.tsx')).NoticesSection })),
  'api-keys': lazy(async () => ({ default: (await import('./api-keys-section.tsx')).ApiKeysSection })),
  audit: lazy(async () => ({ default: (await import('./audit-section.tsx')).AuditSection })),
};

/** The settings (设置): by task, one section at a time. */
export function SettingsPage() {
  const { t } = useTexts();
  useTitle(t('nav.settings'));
  const session = useSession();
  const { section: key } = useParams({ from: '/settings/{-$section}' });
  const shown = sectionsFor(session);
  const section = key === undefined ? shown[0] : settingsSections.find((one) => one.key === key);
  const Content = section === undefined ? undefined : contents[section.key as SettingsKeyOf];
  const strip = useCurrentInSight<HTMLElement>(section?.key);
  return (
    <div className={styles.page}>
      <nav ref={strip} className={styles.nav} aria-label={t('nav.settings')}>
        <h1 className={styles.title}>{t('nav.settings')}</h1>
        {shown.map((one, index) => (
          <Fragment key={one.key}>
            {one.group !== shown[index - 1]?.group && <h2 className={styles.group}>{t(settingsGroups[one.group])}</h2>}
            <Link to="/settings/{-$section}" params={{ section: one.key }} className={styles.item} aria-current={one.key === section?.key ? 'page' : undefined}>
              <Icon name={one.icon} />
              {t(one.text)}
            </Link>
          </Fragment>
        ))}
      </nav>
      <div className={styles.content}>
        {section === undefined || Content === undefined ? <NotFound /> : !section.open(session) ? <Forbidden /> : <Suspense fallback={<PagePending />}><Content /></Suspense>}
      </div>
    </div>
  );
}
