import { CalendarOutline, ClockCircleOutline, UserOutline } from 'antd-mobile-icons';
import { useBoard } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { hrefTo } from '../router.ts';

const tabs = [
  { screen: 'today', Icon: CalendarOutline },
  { screen: 'history', Icon: ClockCircleOutline },
  { screen: 'me', Icon: UserOutline },
] as const;

/** The three places of the app, within reach of the thumb. */
export function TabBar({ active }: { active: 'today' | 'history' | 'me' }) {
  const { t } = useTexts();
  const waiting = useBoard()?.current.filter(({ visit }) => visit.status === 'scheduled').length ?? 0;
  return (
    <nav className="tab-bar" aria-label={t('tab.label')}>
      {tabs.map(({ screen, Icon }) => (
        <a key={screen} href={hrefTo({ screen })} className="tab" aria-current={active === screen ? 'page' : undefined}>
          <span className="tab-icon">
            <Icon aria-hidden="true" />
            {screen === 'today' && waiting > 0 && <span className="tab-count">{waiting}</span>}
          </span>
          {t(`tab.${screen}`)}
        </a>
      ))}
    </nav>
  );
}
