import { CalendarOutline, ClockCircleOutline, FlagOutline, UserOutline } from 'antd-mobile-icons';
import { database } from '../data/database.ts';
import { useBoard, useLive } from '../data/live.ts';
import { poolNote, type KeptPool } from '../data/pool.ts';
import { useTexts } from '../i18n.ts';
import { hrefTo } from '../router.ts';

const tabs = [
  { screen: 'today', Icon: CalendarOutline },
  { screen: 'pool', Icon: FlagOutline },
  { screen: 'history', Icon: ClockCircleOutline },
  { screen: 'me', Icon: UserOutline },
] as const;

/** The places of the app, within reach of the thumb. */
export function TabBar({ active }: { active: 'today' | 'pool' | 'history' | 'me' }) {
  const { t } = useTexts();
  const waiting = useBoard()?.current.filter(({ visit }) => visit.status === 'scheduled').length ?? 0;
  const offered = useLive(async () => ((await database().notes.get(poolNote))?.value as KeptPool | undefined)?.items.length ?? 0, []) ?? 0;
  const counts = { today: waiting, pool: offered, history: 0, me: 0 };
  return (
    <nav className="tab-bar" aria-label={t('tab.label')}>
      {tabs.map(({ screen, Icon }) => (
        <a key={screen} href={hrefTo({ screen })} className="tab" aria-current={active === screen ? 'page' : undefined}>
          <span className="tab-icon">
            <Icon aria-hidden="true" />
            {counts[screen] > 0 && <span className="tab-count">{counts[screen]}</span>}
          </span>
          {t(`tab.${screen}`)}
        </a>
      ))}
    </nav>
  );
}
