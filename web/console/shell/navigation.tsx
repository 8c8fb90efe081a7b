import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { Dropdown, Tooltip } from 'antd';
import { Avatar, Logo } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { NotificationBell } from '../notifications/notification-bell.tsx';
import { telephone } from '../calls/data.ts';
import { useWide } from '../parts/wide.ts';
import { useSession } from '../session/session.tsx';
import { taskCounts } from '../ticket-flow/queries.ts';
import { ConnectionDot } from './connection.tsx';
import { useOverlays } from './overlay-context.ts';
import { pagesFor } from './pages.ts';
import { useUserMenu } from './user-menu.tsx';
import styles from './navigation.module.css';

/** On a phone the foot holds so many pages; the others are in the menu. */
const footPages = 3;

/** The navigation (导航): a narrow rail at the side, a bar at the foot of a phone. */
export function Navigation() {
  const { t } = useTexts();
  const session = useSession();
  const { pathname } = useLocation();
  const overlays = useOverlays();
  const rail = useWide(768);
  // Where there is no telephone, there is no log of calls to see.
  const phone = useQuery({ ...telephone, enabled: session.may('ticket.read') }).data?.connected === true;
  const pages = pagesFor(session).filter((page) => page.to !== '/calls' || phone);
  const shown = rail ? pages : pages.slice(0, footPages);
  const menu = useUserMenu(rail ? null : pages.slice(footPages));
  const { me, may } = session;
  const waiting = useQuery(taskCounts).data?.mine ?? 0;

  const create = may('ticket.create') && (
    <Tooltip title={rail ? `${t('nav.newTicket')}  C` : undefined} placement="right">
      <button type="button" className={styles.create} onClick={() => overlays.open({ kind: 'newTicket' })} aria-label={t('nav.newTicket')}>
        <Icon name="plus" size={18} />
      </button>
    </Tooltip>
  );

  return (
    <nav className={styles.navigation} aria-label={t('nav.label')}>
      {rail && (
        <>
          <div className={styles.mark} title={me.organization.name}>
            <Logo size={26} />
          </div>
          {create}
          <Tooltip title={`${t('nav.search')}  Ctrl K`} placement="right">
            <button type="button" className={styles.item} onClick={() => overlays.open({ kind: 'commands' })}>
              <Icon name="search" size={18} />
              <span>{t('nav.search')}</span>
            </button>
          </Tooltip>
          <hr className={styles.rule} />
        </>
      )}
      {shown.map((page) => (
        <Link key={page.to} to={page.to} className={styles.item} aria-current={page.also?.some((path) => pathname.startsWith(path)) === true ? 'page' : undefined} activeProps={{ 'aria-current': 'page' }} activeOptions={{ includeSearch: false }}>
          {page.to === '/tasks' && waiting > 0 ? <span className={styles.counted}><Icon name={page.icon} size={18} /><span className={styles.count} aria-hidden="true">{waiting > 99 ? '99+' : waiting}</span></span> : <Icon name={page.icon} size={18} />}
          <span>{t(page.text)}</span>
          {page.to === '/tasks' && waiting > 0 && <span className="visually-hidden">{t('nav.tasksWaiting', { count: waiting })}</span>}
        </Link>
      ))}
      {!rail && create}
      <div className={styles.end}>
        <NotificationBell className={styles.item} />
        {rail && <ConnectionDot />}
        <Dropdown menu={menu} trigger={['click']} placement={rail ? 'topLeft' : 'topRight'}>
          <button type="button" className={styles.user} aria-label={t('user.menu', { name: me.name })} aria-haspopup="menu">
            <Avatar name={me.name} size={30} />
          </button>
        </Dropdown>
      </div>
    </nav>
  );
}
