import { Button, Input, Space } from 'antd';
import { useState } from 'react';
import type { Place, PlaceField } from '../../../rules/forms/form.ts';
import { isObject } from '../../../rules/conditions/json.ts';
import { afterPress } from '../../ui/form/after-press.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import type { ControlProps } from './control-props.ts';
import styles from './form-view.module.css';

/** The coordinates as they stand in their control; what is none is held as it was typed, and refused by the rule. */
function degrees({ lat, lng }: { lat?: unknown; lng?: unknown }): string {
  if (typeof lat === 'string') return lat;
  return typeof lat === 'number' && typeof lng === 'number' ? `${lat}, ${lng}` : '';
}

/** A place (地点): its address, and its coordinates typed, or taken from the device. */
export function PlaceControl({ field, id, value, invalid, describedBy, onChange, onLeave }: ControlProps<PlaceField>) {
  const { t } = useTexts();
  const place: Place = isObject(value) ? value : {};
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const unreadable = isObject(value) && typeof value['lat'] === 'string';

  function settle(): void {
    if (typed === null) return;
    const match = /^\s*(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(typed);
    if (typed.trim() === '') onChange({ ...place, lat: null, lng: null });
    else if (match) onChange({ ...place, lat: Number(match[1]), lng: Number(match[2]) });
    else onChange({ ...place, lat: typed.trim(), lng: typed.trim() });
    setProblem(null);
    setTyped(null);
  }

  function locate(): void {
    setAsking(true);
    setProblem(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setAsking(false);
        setTyped(null);
        onChange({ ...place, lat: Math.round(coords.latitude * 1e6) / 1e6, lng: Math.round(coords.longitude * 1e6) / 1e6 });
      },
      () => {
        setAsking(false);
        setProblem(t('form.noPosition'));
      },
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  }

  return (
    <div className={styles.place}>
      <Input id={id} value={place.address ?? ''} maxLength={300} status={invalid ? 'error' : undefined} aria-invalid={invalid || undefined} aria-describedby={describedBy} placeholder={t('form.address')} prefix={<Icon name="place" size={14} />} onChange={(event) => onChange({ ...place, address: event.target.value })} onBlur={onLeave} />
      <Space.Compact block>
        <Input aria-label={t('form.coordinates')} value={typed ?? degrees(place)} placeholder={field.coordinates === 'required' ? t('form.coordinatesNeeded') : t('form.coordinates')} maxLength={60} status={unreadable ? 'error' : undefined} aria-invalid={unreadable || undefined} aria-describedby={unreadable ? `${id}-coordinates` : undefined} onChange={(event) => setTyped(event.target.value)} onBlur={() => afterPress(settle)} />
        <Button loading={asking} onClick={locate}>{t('form.here')}</Button>
      </Space.Compact>
      {unreadable && <p className={styles.error} id={`${id}-coordinates`}>{t('form.coordinatesWrong')}</p>}
      {problem !== null && <p className={styles.error} role="alert">{problem}</p>}
    </div>
  );
}
