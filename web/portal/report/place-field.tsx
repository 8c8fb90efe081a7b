import { useState } from 'preact/hooks';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icons.tsx';
import { say } from '../texts/say.ts';
import type { Position, ReportDraft } from './draft.ts';

/** Where it is: an address in words, and the position of the device if one likes (地点). */
export function PlaceField({ address, position, onChange }: { address: string; position: Position | null; onChange: (part: Partial<ReportDraft>) => void }) {
  const [state, setState] = useState<'idle' | 'locating' | 'denied' | 'failed'>('idle');

  function locate(): void {
    if (!('geolocation' in navigator) || window.isSecureContext === false) {
      setState('failed');
      return;
    }
    setState('locating');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setState('idle');
        onChange({ position: { lat: coords.latitude, lng: coords.longitude, accuracy: Math.round(coords.accuracy) } });
      },
      (error) => setState(error.code === 1 ? 'denied' : 'failed'),
      { enableHighAccuracy: true, timeout: 12_000, maximumAge: 60_000 },
    );
  }

  return (
    <Field label={say('report.place')} name="address" optional autoComplete="street-address" value={address} placeholder={say('report.placePlaceholder')} onInput={(value) => onChange({ address: value })} maxLength={300}>
      <div class="place-line" aria-live="polite">
        {position === null ? (
          <button type="button" class="text-button" disabled={state === 'locating'} onClick={locate}>
            <Icon name="place" size={20} />
            {say(state === 'locating' ? 'report.locating' : 'report.locate')}
          </button>
        ) : (
          <>
            <span class="place-found"><Icon name="check" size={18} />{say('report.located', { accuracy: position.accuracy })}</span>
            <button type="button" class="text-button" onClick={() => onChange({ position: null })}>{say('report.unlocate')}</button>
          </>
        )}
        {(state === 'denied' || state === 'failed') && <p class="field-hint">{say(state === 'denied' ? 'report.locateDenied' : 'report.locateFailed')}</p>}
      </div>
    </Field>
  );
}
