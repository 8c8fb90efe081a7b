import { useTexts } from '../i18n.ts';
import { formatDay } from '../../ui/time.ts';
import { Badge } from '../parts/badge.tsx';
import { useSession } from '../session/session.tsx';
import { useAssetTexts } from './texts.ts';
import { warrantyOf } from './warranty-state.ts';

/** Whether an asset is under warranty (保修状态), said in words and not by colour alone. */
export function Warranty({ until, withDay = false }: { until: string | null; withDay?: boolean }) {
  const { language } = useTexts();
  const { t: say } = useAssetTexts();
  const { me } = useSession();
  const { state, daysLeft } = warrantyOf(until, new Date(), me.organization.timeZone);
  if (until === null) return withDay ? <Badge>{say('warranty.none')}</Badge> : null;
  const day = formatDay(`${until}T12:00:00`, language);
  return (
    <>
      <Badge tone={state === 'expired' ? (withDay ? 'danger' : 'neutral') : state === 'ending' ? 'warning' : 'success'}>
        {state === 'expired' ? say('warranty.expired') : state === 'ending' ? say('warranty.ending', { count: daysLeft }) : say('warranty.valid')}
      </Badge>
      {withDay && <span> {state === 'expired' ? say('warranty.endedOn', { day }) : say('warranty.until', { day })}</span>}
    </>
  );
}
