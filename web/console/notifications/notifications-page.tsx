import { useNavigate, useParams } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useTexts } from '../i18n.ts';
import { useTitle } from '../parts/title.ts';
import { AbsencePart } from './absence-part.tsx';
import { Inbox } from './inbox.tsx';
import { NotificationPreferences } from './notification-preferences.tsx';
import { useSession } from '../session/session.tsx';
import { SideInbox } from './side-inbox.tsx';
import styles from './notifications-page.module.css';

type Part = 'inbox' | 'preferences' | 'absence' | 'side';

/** What one was told of, how one wants to be told, and who stands in when one is away (通知). */
export function NotificationsPage() {
  const { t } = useTexts();
  const { part: named } = useParams({ from: '/notifications/{-$part}' });
  const navigate = useNavigate();
  useTitle(t('notifications.title'));
  const { may } = useSession();
  const side = named === 'side' || named?.startsWith('side-') === true;
  const part: Part = side ? 'side' : named === 'preferences' || named === 'absence' ? named : 'inbox';
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 className={styles.title}>{t('notifications.title')}</h1>
        <Segmented<Part>
          value={part}
          aria-label={t('notifications.title')}
          onChange={(next) => void navigate({ to: '/notifications/{-$part}', params: { part: next === 'inbox' ? undefined : next }, replace: true })}
          options={[{ value: 'inbox', label: t('notifications.inbox') }, ...(may('ticket.read') ? [{ value: 'side' as const, label: t('side.title') }] : []), { value: 'preferences', label: t('notifications.preferences') }, { value: 'absence', label: t('notifications.absence') }]}
        />
      </div>
      <div className={styles.body}>
        <div className={styles.column}>{part === 'inbox' ? <Inbox /> : part === 'side' ? <SideInbox id={named?.startsWith('side-') === true ? named.slice('side-'.length) : null} /> : part === 'preferences' ? <NotificationPreferences /> : <AbsencePart />}</div>
      </div>
    </div>
  );
}
