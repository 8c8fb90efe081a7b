import { useTexts } from '../i18n.ts';
import { useCustomerTexts } from './texts.ts';

/** Coordinates (坐标, WGS-84) that open in a map of the reader's language. */
export function Position({ lat, lng }: { lat: number; lng: number }) {
  const { language } = useTexts();
  const { t: say } = useCustomerTexts();
  const map = language === 'en' ? `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lng}#map=17/${lat}/${lng}` : `https://uri.amap.com/marker?position=${lng},${lat}&coordinate=wgs84`;
  return <a href={map} target="_blank" rel="noreferrer" title={say('profile.openMap')}>{lat.toFixed(5)}, {lng.toFixed(5)}</a>;
}
