import type { TravelOrigin } from '../../../contract/travel.ts';
import type { Origin, Router } from '../../../rules/travel/figure.ts';

const shortNames: Record<Router, { zh: string; en: string }> = { osrm: { zh: 'OSRM', en: 'OSRM' }, amap: { zh: '高德', en: 'Amap' } };

/** Where a figure comes from, in a few words (车程依据视图). */
export function viewOrigin(language: 'zh' | 'en', origin: Origin | null | undefined): TravelOrigin | null {
  if (!origin) return null;
  const nothing = { count: null, roadFactor: null, askedAt: null };
  switch (origin.source) {
    case 'learned': return { ...nothing, source: 'learned', count: origin.count, title: language === 'en' ? `learned from ${origin.count} journeys` : `学自 ${origin.count} 次` };
    case 'straight_line': {
      const factor = Math.round(origin.roadFactor * 100) / 100;
      return { ...nothing, source: 'straight_line', roadFactor: factor, title: language === 'en' ? `straight line × ${factor}` : `直线 × ${factor}` };
    }
    default: return { ...nothing, source: origin.source, askedAt: new Date(origin.askedAt).toISOString(), title: shortNames[origin.source][language] };
  }
}
