import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { notificationCount } from '../data/desk.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import styles from './notification-bell.module.css';

/** The way to the notifications (通知), with how many are unread. */
export function NotificationBell({ className }: { className: string | undefined }) {
  const { t } = useTexts();
  const count = useQuery(notificationCount).data;
  const unread = count?.unread ?? 0;
  return (
    <Link to="/notifications/{-$part}" params={{ part: undefined }} className={className} activeProps={{ 'aria-current': 'page' }} aria-label={unread > 0 ? `${t('nav.notifications')} ${t('notifications.unreadCount', { count: unread })}` : t('nav.notifications')}>
      <span className={styles.bell}>
        <Icon name="bell" size={18} />
        {unread > 0 && <span className={styles.count} aria-hidden="true">{count?.capped === true ? '99+' : unread}</span>}
      </span>
      <span>{t('nav.notifications')}</span>
    </Link>
  );
}
