import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Notification as Told } from '../../../contract/desk.ts';
import { feed } from '../../ui/feed.ts';
import { deskKeys, notificationCount } from '../data/desk.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { chime, isFirstToTell } from './calling.ts';
import { reasonTexts } from './notification-words.ts';
import styles from './notification-bell.module.css';

/** The way to the notifications (通知), with how many are unread; calls on the desktop when nobody looks at the page. */
export function NotificationBell({ className }: { className: string | undefined }) {
  const { t } = useTexts();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const count = useQuery(notificationCount).data;

  useEffect(
    () =>
      feed.subscribe((event) => {
        if (event.type === 'reset') void queryClient.invalidateQueries({ queryKey: deskKeys.notificationCount });
        if (event.type !== 'notification') return;
        const told = event.data as Told & { desktop: boolean; sound: boolean };
        void queryClient.invalidateQueries({ queryKey: deskKeys.notificationCount });
        void queryClient.invalidateQueries({ queryKey: deskKeys.notifications });
        if (!isFirstToTell(told.id)) return;
        if (told.sound) chime();
        if (!told.desktop || document.visibilityState === 'visible' || typeof Notification !== 'function' || Notification.permission !== 'granted') return;
        const said = [told.actor, told.preview ?? told.ticket?.subject].filter((one) => one != null).join(t('common.colon'));
        const shown = new Notification(`${t(reasonTexts[told.reason])}${told.ticket === null ? '' : ` · ${told.ticket.number}`}`, { body: said, tag: told.id });
        shown.onclick = () => {
          window.focus();
          shown.close();
          if (told.ticket !== null) void navigate({ to: '/tickets/$number', params: { number: told.ticket.number } });
        };
      }),
    [queryClient, navigate, t],
  );

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
