import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { Preferences } from '../../../contract/desk.ts';
import { api } from '../../ui/api.ts';
import { feed } from '../../ui/feed.ts';
import { deskKeys, preferences } from '../data/desk.ts';
import { read, write } from '../data/drafts.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import { chime, isFirstToTell, permissionNow } from './calling.ts';
import { howToTell, isTimeToOffer, partOf, pathOf, type FeedNotification } from './how-to-tell.ts';
import { reasonTexts } from './notification-words.ts';
import styles from './popups.module.css';

/** What is pressing stays longer. */
const pressing: readonly FeedNotification['reason'][] = ['urgent', 'held_failed'];
const seconds = { usual: 8, pressing: 20 };

/** Calls to what one is told of (提醒): in the page, by the system and by a tone, as the person's settings want it. */
export function Popups() {
  const { t } = useTexts();
  const { me } = useSession();
  const { notification } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const chosen = useQuery(preferences).data?.desktopNotifications;
  const path = useRouterState({ select: (state) => state.location.pathname });
  const offered = `desktop-offer.${me.id}`;
  const allow = useMutation({
    mutationFn: async () => {
      if (await Notification.requestPermission() !== 'granted') return null;
      return (await api.patch<Preferences>('/preferences', { desktopNotifications: true })).data;
    },
    onSuccess: (saved) => {
      if (saved !== null) queryClient.setQueryData(preferences.queryKey, saved);
    },
  });

  // Who goes to the ticket needs no call to it any more.
  useEffect(() => notification.destroy(path), [notification, path]);

  // A notification of the system was clicked while this window was open: the worker that showed it leads nobody anywhere.
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return;
    const follow = ({ data }: MessageEvent<{ kind?: string; url?: string } | null>): void => {
      if (data?.kind === 'open' && typeof data.url === 'string' && /^\/(?!\/)/.test(data.url)) void navigate({ to: data.url });
    };
    navigator.serviceWorker.addEventListener('message', follow);
    navigator.serviceWorker.startMessages();
    return () => navigator.serviceWorker.removeEventListener('message', follow);
  }, [navigate]);

  const tell = useRef<(told: FeedNotification) => void>(() => {});
  useEffect(() => {
    tell.current = (told) => {
      const calls = howToTell(told, { visible: document.visibilityState === 'visible', path, permission: permissionNow(), first: isFirstToTell(told.id) });
      const where = pathOf(told);
      const go = (): void => {
        notification.destroy(where);
        void navigate({ to: where, hash: partOf(told) ?? '' });
        void api.post(`/notifications/${told.id}/read`, {}).catch(() => {});
      };
      const reason = t(reasonTexts[told.reason]);
      if (calls.sound) chime();
      if (calls.desktop) {
        const shown = new Notification(`${reason}${told.ticket === null ? '' : ` · ${told.ticket.number}`}`, { body: [told.actor, told.preview ?? told.ticket?.subject].filter((one) => one != null).join(t('common.colon')), tag: told.id });
        shown.onclick = () => {
          window.focus();
          shown.close();
          go();
        };
      }
      if (!calls.popup) return;
      const urgent = pressing.includes(told.reason);
      notification[urgent ? 'error' : 'info']({
        key: where,
        placement: 'bottomRight',
        duration: urgent ? seconds.pressing : seconds.usual,
        title: <>{reason}{told.actor !== null && <span className={styles.who}>{told.actor}</span>}{told.for !== null && <span className={styles.who}>{t('notifications.for', { name: told.for.name })}</span>}</>,
        description: (
          <button type="button" className={styles.open} onClick={go}>
            {told.ticket !== null && <span className={styles.number}>{told.ticket.number}</span>}
            {told.preview ?? told.sideConversation?.subject ?? told.ticket?.subject}
          </button>
        ),
      });
      if (isTimeToOffer({ permission: permissionNow(), chosen, answered: read(offered) !== undefined })) offer();
    };

    function offer(): void {
      const close = (): void => {
        write(offered, true);
        notification.destroy(offered);
      };
      notification.open({
        key: offered,
        placement: 'bottomRight',
        duration: 0,
        title: t('prefer.offer'),
        description: t('prefer.desktopHint'),
        onClose: () => write(offered, true),
        actions: (
          <span className={styles.actions}>
            <Button size="small" onClick={close}>{t('prefer.offerNo')}</Button>
            <Button size="small" type="primary" onClick={() => { close(); allow.mutate(); }}>{t('prefer.offerYes')}</Button>
          </span>
        ),
      });
    }
  });

  useEffect(
    () =>
      feed.subscribe((event) => {
        if (event.type === 'reset') void queryClient.invalidateQueries({ queryKey: deskKeys.notificationCount });
        if (event.type !== 'notification') return;
        const told = event.data as FeedNotification;
        // Who only takes part beside a ticket hears nothing else of it.
        for (const queryKey of [deskKeys.notificationCount, deskKeys.notifications, ...(told.sideConversation === null ? [] : [['side']])]) void queryClient.invalidateQueries({ queryKey });
        tell.current(told);
      }),
    [queryClient],
  );
  return null;
}
