import { useSyncExternalStore } from 'react';
import { onTracking, trackingState } from '../data/tracking.ts';
import { useTexts } from '../i18n.ts';

/** That this phone shares where it is, and for how long (位置共享提示). */
export function TrackingLine({ visitId }: { visitId: string }) {
  const { t } = useTexts();
  const tracking = useSyncExternalStore(onTracking, trackingState);
  if (tracking.kind === 'off' || tracking.visitId !== visitId) return null;
  return <p className={tracking.kind === 'on' || tracking.kind === 'searching' ? 'tracking-line' : 'tracking-line tracking-off'} role="status"><span className="sync-dot" aria-hidden="true" />{t(`tracking.${tracking.kind}`)}</p>;
}
