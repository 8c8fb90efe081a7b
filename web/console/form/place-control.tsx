import { Button, Input, Space } from 'antd';
import { useState } from 'react';
import type { Place, PlaceField } from '../../../rules/forms/form.ts';
import { isObject } from '../../../rules/conditions/json.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import type { ControlProps } from './control-props.ts';
import styles from './form-view.module.css';

const degrees = (place: Place): string => (place.lat == null || place.lng == null ? '' : `${place.lat}, ${place.lng}`);

/** A place (地点): its address, and its coordinates typed, or taken from the device. */
export function PlaceControl({ field, id, value, invalid, describedBy, onChange, onLeave }: ControlProps<PlaceField>) {
  const { t } = useTexts();
  const place: Place = isObject(value) ? value : {};
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);

  function settle(): void {
    if (typed === null) return;
    const match = /^\s*(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(typed);
    if (typed.trim() === '') onChange({ ...place, lat: null, lng: null });
    else if (match) onChange({ ...place, lat: Number(match[1]), lng: Number(match[2]) });
    setProblem(typed.trim() === '' || match ? null : t('form.coordinatesWrong'));
    if (typed.trim() === '' || match) setTyped(null);
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
        <Input aria-label={t('form.coordinates')} value={typed ?? degrees(place)} placeholder={field.coordinates === 'required' ? t('form.coordinatesNeeded') : t('form.coordinates')} status={problem === null ? undefined : 'error'} onChange={(event) => setTyped(event.target.value)} onBlur={settle} />
        <Button loading={asking} onClick={locate}>{t('form.here')}</Button>
      </Space.Compact>
      {problem !== null && <p className={styles.error} role="alert">{problem}</p>}
    </div>
  );
}
