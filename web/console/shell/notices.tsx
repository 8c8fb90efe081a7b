import { useNavigate, useRouterState } from '@tanstack/react-router';
import { App } from 'antd';
import { useEffect } from 'react';
import { feed } from '../../ui/feed.ts';
import { useTexts } from '../i18n.ts';
import type { FeedFact } from '../live/activity.ts';
import { useSession } from '../session/session.tsx';
import { noticeOf } from './notice-of.ts';
import styles from './notices.module.css';

/** What lies longer back is on the bench; nobody needs to be called to it. */
const freshFor = 120_000;

/** Calls to what concerns the reader in person (提醒): a mention, a ticket given to them, something urgent nobody has. */
export function Notices() {
  const { t } = useTexts();
  const session = useSession();
  const navigate = useNavigate();
  const { notification } = App.useApp();

  // Who looks at the ticket needs no call to it.
  const page = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => notification.destroy(page.split('/').at(-1)), [notification, page]);

  useEffect(
    () =>
      feed.subscribe((event) => {
        if (event.type !== 'fact') return;
        const fact = event.data as FeedFact;
        const number = fact.number;
        const kind = noticeOf(fact, session.me.id, session.may('ticket.assign', 'department'));
        if (kind === null || number === null || Date.now() - new Date(fact.at).getTime() > freshFor) return;
        const name = fact.actor.name ?? t('timeline.system');
        const said = [fact.data.preview, fact.data.subject, fact.data.note].find((one) => typeof one === 'string');
        const open = (): void => {
          void navigate({ to: '/tickets/$number', params: { number } });
        };
        notification[kind === 'urgent' ? 'error' : 'info']({
          key: number,
          placement: 'bottomRight',
          duration: kind === 'urgent' ? 20 : 8,
          title: { mention: t('notice.mention', { name }), assigned: t('notice.assigned', { name }), urgent: t('notice.urgent') }[kind],
          description: (
            <button type="button" className={styles.open} onClick={open}>
              <span className={styles.number}>{number}</span>
              {said as string | undefined}
            </button>
          ),
        });
      }),
    [navigate, notification, session, t],
  );
  return null;
}
