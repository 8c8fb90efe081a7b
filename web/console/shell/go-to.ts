import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { views } from '../data/lines.ts';
import { useTexts } from '../i18n.ts';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { sectionsFor } from '../settings/sections.ts';
import type { Deed } from './open-ticket.ts';
import { pagesFor } from './pages.ts';

/** Everywhere one can go (前往): pages, and, for those who name them, views and the sections of the settings. */
export function useGoTo(): { pages: Deed[]; named: Deed[] } {
  const { t, language } = useTexts();
  const session = useSession();
  const { may } = session;
  const navigate = useNavigate();
  const viewList = useQuery({ ...views, enabled: may('ticket.read') }).data ?? [];
  const open = pagesFor(session);
  const pages: Deed[] = [
    ...open.map((page): Deed => ({ key: page.to, icon: page.icon, text: t('command.page', { page: t(page.text) }), run: () => void navigate({ to: page.to }) })),
    { key: '/notifications', icon: 'bell', text: t('command.page', { page: t('notifications.title') }), run: () => void navigate({ to: '/notifications/{-$part}', params: { part: undefined } }) },
  ];
  const notifications = [...(may('ticket.read') ? [['side', t('side.title')] as const] : []), ['preferences', `${t('notifications.title')} · ${t('notifications.preferences')}`] as const, ['absence', t('notifications.absence')] as const];
  const named: Deed[] = [
    ...(may('ticket.read') ? [{ key: '/search', icon: 'search' as const, text: t('command.page', { page: t('search.title') }), run: () => void navigate({ to: '/search' }) }] : []),
    ...notifications.map(([part, text]): Deed => ({ key: `/notifications/${part}`, icon: 'bell', text: t('command.page', { page: text }), run: () => void navigate({ to: '/notifications/{-$part}', params: { part } }) })),
    ...(may('customer.read') ? [{ key: '/accounts', icon: 'building' as const, text: t('command.page', { page: t('search.accounts') }), run: () => void navigate({ to: '/accounts' }) }] : []),
    ...(may('import.run') ? [{ key: '/imports', icon: 'upload' as const, text: t('command.page', { page: t('command.imports') }), run: () => void navigate({ to: '/imports' }) }] : []),
    ...viewList.map((view): Deed => ({ key: `view ${view.id}`, icon: 'queue', text: t('command.view', { name: localName(view, language) }), run: () => void navigate({ to: '/queue', search: { view: view.id } }) })),
    ...(open.some(({ to }) => to === '/settings/{-$section}') ? sectionsFor(session).map((section): Deed => ({ key: `setting ${section.key}`, icon: section.icon, text: t('command.setting', { name: t(section.text) }), run: () => void navigate({ to: '/settings/{-$section}', params: { section: section.key } }) })) : []),
  ];
  return { pages, named };
}
