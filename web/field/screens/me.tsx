import { Toast } from 'antd-mobile';
import { useState, useSyncExternalStore } from 'react';
import { asProblem } from '../../ui/api.ts';
import { setTheme } from '../../ui/preferences.ts';
import { Avatar } from '../../ui/react/avatar.tsx';
import { useThemeChoice } from '../../ui/react/preferences.ts';
import { formatTime } from '../../ui/time.ts';
import { useBoard, useSession, useSync } from '../data/live.ts';
import { signOut, unsentCount } from '../data/session.ts';
import { refresh } from '../data/sync.ts';
import { useTexts } from '../i18n.ts';
import { canInstall, install, isInstalled, onInstallChange } from '../install.ts';
import { askForNotices, noticePermission, type PushProblem } from '../notices.ts';
import { CalendarSetting } from '../parts/calendar-setting.tsx';
import { Choice } from '../parts/choice.tsx';
import { ConfirmSheet } from '../parts/confirm-sheet.tsx';
import { FiguresCard } from '../parts/figures-card.tsx';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { phonePlatform } from '../places.ts';
import { hrefTo } from '../router.ts';

/** Who I am here, and how this phone should behave (我的). */
export function MeScreen() {
  const { t, language } = useTexts();
  const session = useSession();
  const sync = useSync();
  const unsent = useBoard()?.commands.length ?? 0;
  const theme = useThemeChoice();
  const [busy, setBusy] = useState(false);
  const [leaving, setLeaving] = useState<{ unsent: number } | null>(null);
  const [notices, setNotices] = useState(noticePermission());
  const [pushProblem, setPushProblem] = useState<PushProblem | null>(null);
  const offered = useSyncExternalStore(onInstallChange, canInstall);
  if (session.kind !== 'open') return null;
  const { staff } = session;

  async function leave(): Promise<void> {
    try {
      await signOut();
    } catch (error) {
      const problem = asProblem(error);
      Toast.show({ content: problem.status === 0 ? t('me.signOutOffline') : problem.title, duration: 4000 });
    }
  }

  async function syncNow(): Promise<void> {
    setBusy(true);
    await refresh();
    setBusy(false);
  }

  return (
    <main className="screen">
      <header className="plain-head">
        <h1 tabIndex={-1}>{t('me.title')}</h1>
      </header>
      <SyncLine />
      <section className="card me-card">
        <Avatar name={staff.name} size={56} />
        <div>
          <p className="me-name">{staff.name}</p>
          <p className="card-note">{[staff.organization.name, ...staff.teams.map((team) => team.name)].join(' · ')}</p>
        </div>
      </section>
      <FiguresCard />
      <section className="card settings">
        {unsent > 0 && (
          <a className="setting setting-link" href={hrefTo({ screen: 'unsent' })}>
            <span>{t('unsent.title')}</span>
            <span className="setting-value">{unsent}</span>
          </a>
        )}
        <CalendarSetting />
        <div className="setting">
          <span>
            {t('me.sync')}
            <span className="setting-hint">{sync.fetchedAt === null ? t('me.syncNever') : t('me.syncedAt', { time: formatTime(sync.fetchedAt, language) })}</span>
          </span>
          <button type="button" className="small-button" disabled={busy} onClick={() => void syncNow()}>
            {t(busy ? 'me.syncing' : 'me.syncNow')}
          </button>
        </div>
        <div className="setting">
          <span>
            {t('me.notices')}
            {notices === 'denied' && <span className="setting-hint">{t(phonePlatform() === 'ios' ? 'me.notices.deniedIos' : 'me.notices.deniedHint')}</span>}
            {notices === 'granted' && pushProblem !== null && <span className="setting-hint" role="alert">{t(`me.notices.${pushProblem}`)}</span>}
          </span>
          {notices === 'default' || (notices === 'granted' && pushProblem !== null) ? (
            <button
              type="button" className="small-button"
              onClick={() => void askForNotices().then(({ permission, problem }) => {
                setNotices(permission);
                setPushProblem(problem);
              })}
            >
              {t(notices === 'default' ? 'me.notices.ask' : 'me.notices.again')}
            </button>
          ) : (
            <span className="setting-value">{t(`me.notices.${notices}`)}</span>
          )}
        </div>
        <div className="setting">
          <span>{t('me.language')}</span>
          <LanguageSwitch />
        </div>
        <div className="setting">
          <span>{t('me.theme')}</span>
          <Choice
            label={t('me.theme')}
            options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`me.theme.${value}`) }))}
            value={theme}
            onChange={setTheme}
          />
        </div>
      </section>
      {!isInstalled() && (
        <section className="card install">
          <div>
            <h2 className="card-title">{t('me.install')}</h2>
            <p className="card-note">{t('me.install.hint')}</p>
            {!offered && <p className="card-note">{t(!isSecureContext ? 'me.install.insecure' : phonePlatform() === 'ios' ? 'me.install.ios' : 'me.install.android')}</p>}
          </div>
          {offered && (
            <button type="button" className="small-button" onClick={() => void install()}>
              {t('me.install.prompt')}
            </button>
          )}
        </section>
      )}
      <button type="button" className="secondary-button wide danger-text" onClick={() => void unsentCount().then((unsent) => setLeaving({ unsent }))}>
        {t('me.signOut')}
      </button>
      <ConfirmSheet
        title={t('me.signOutAsk')}
        hint={leaving !== null && leaving.unsent > 0 ? t('me.signOutUnsent', { count: leaving.unsent }) : t('me.signOutHint')}
        action={t('me.signOut')}
        open={leaving !== null}
        onConfirm={() => void leave()}
        onClose={() => setLeaving(null)}
      />
    </main>
  );
}
