import type { IconName } from '../parts/icon.tsx';
import type { Session } from '../session/session.tsx';
import type { TextKey } from '../i18n.ts';

type Page = { to: '/bench' | '/queue' | '/tasks' | '/breaches' | '/dispatch' | '/board' | '/calls' | '/customers' | '/assets' | '/people' | '/settings/{-$section}'; text: TextKey; icon: IconName; open: (session: Session) => boolean; /** Addresses that belong to the page beside its own. */ also?: readonly string[] };

const all: Page[] = [
  { to: '/bench', text: 'nav.bench', icon: 'bench', open: () => true },
  { to: '/queue', text: 'nav.queue', icon: 'queue', open: ({ may }) => may('ticket.read') },
  { to: '/tasks', text: 'nav.tasks', icon: 'checkCircle', open: () => true },
  { to: '/breaches', text: 'nav.breaches', icon: 'clock', open: ({ may }) => may('ticket.resolve') },
  { to: '/dispatch', text: 'nav.dispatch', icon: 'route', open: ({ may }) => may('ticket.assign') },
  { to: '/board', text: 'nav.board', icon: 'board', open: ({ may }) => may('insight.read') },
  { to: '/calls', text: 'nav.calls', icon: 'phone', open: ({ may }) => may('ticket.read') },
  { to: '/customers', text: 'nav.customers', icon: 'customers', open: ({ may }) => may('customer.read'), also: ['/accounts', '/imports'] },
  { to: '/assets', text: 'nav.assets', icon: 'assets', open: ({ may }) => may('asset.read') },
  { to: '/people', text: 'nav.people', icon: 'people', open: ({ may }) => may('organization.read') },
  {
    to: '/settings/{-$section}', text: 'nav.settings', icon: 'settings',
    open: ({ may }) => may('settings.write') || may('organization.write') || may('audit.read') || may('api_key.manage') || may('automation.manage'),
  },
];

/** The pages (页面) a person's permissions open, in the order of the navigation. */
export function pagesFor(session: Session): Page[] {
  return all.filter((page) => page.open(session));
}
