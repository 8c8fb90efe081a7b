import { Drawer } from 'antd';
import { lazy, Suspense } from 'react';
import { useTexts } from '../i18n.ts';
import { useWide } from '../parts/wide.ts';
import { useSession } from '../session/session.tsx';
import { useOverlays } from '../shell/overlay-context.ts';
import { PasswordForm } from './password-form.tsx';
import { SecondFactor } from './second-factor.tsx';
import { SessionList } from './session-list.tsx';
import styles from './account-drawer.module.css';

const CalendarPart = lazy(async () => ({ default: (await import('./calendar-part.tsx')).CalendarPart }));

/** One's own account (账号与安全): password, two-factor sign-in, where one is signed in. */
export function AccountDrawer() {
  const { t } = useTexts();
  const { close } = useOverlays();
  const { may } = useSession();
  const wide = useWide(560);
  return (
    <Drawer open size={wide ? 480 : '100%'} title={t('user.security')} onClose={close}>
      <div className={styles.parts}>
        <SecondFactor />
        <PasswordForm />
        <SessionList />
        {may('visit.work') && <Suspense fallback={null}><CalendarPart /></Suspense>}
      </div>
    </Drawer>
  );
}
