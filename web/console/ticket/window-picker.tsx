import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTexts } from '../i18n.ts';
import { usualWindows, type VisitWindow } from './visit-windows.ts';
import styles from './window-picker.module.css';

/** When somebody will come (上门时间): none, one of the usual times, or another. */
export function WindowPicker({ value, onChange }: { value: VisitWindow | null; onChange: (window: VisitWindow | null) => void }) {
  const { t } = useTexts();
  const [choices] = useState(() => usualWindows(new Date()));
  const [custom, setCustom] = useState(false);
  const chosen = custom ? 'custom' : (choices.find((choice) => choice.window.start.getTime() === value?.start.getTime())?.key ?? 'none');
  const days = { today: t('common.today'), tomorrow: t('common.tomorrow') };
  const parts = { morning: t('assign.morning'), afternoon: t('assign.afternoon'), evening: t('assign.evening') };

  function pick(key: string): void {
    setCustom(key === 'custom');
    if (key === 'none') onChange(null);
    else if (key === 'custom') onChange(value ?? choices[0]?.window ?? null);
    else onChange(choices.find((choice) => choice.key === key)?.window ?? null);
  }

  const choice = (key: string, text: string, label?: string) => (
    <label key={key} className={styles.choice}>
      <input type="radio" name="visit-window" className="visually-hidden" aria-label={label} checked={chosen === key} onChange={() => pick(key)} />
      <span>{text}</span>
    </label>
  );
  return (
    <fieldset className={styles.windows}>
      <legend>{t('assign.window')}</legend>
      <div className={styles.choices}>
        {choice('none', t('assign.noWindow'))}
        {choice('custom', t('assign.custom'))}
      </div>
      {(['today', 'tomorrow'] as const).map((day) => {
        const ofDay = choices.filter((one) => one.day === day);
        return ofDay.length === 0 ? null : (
          <div key={day} className={styles.day}>
            <span>{days[day]}</span>
            <div className={styles.choices}>{ofDay.map((one) => choice(one.key, parts[one.part], `${days[day]} ${parts[one.part]}`))}</div>
          </div>
        );
      })}
      {custom && (
        <div className={styles.custom}>
          <DatePicker
            showTime={{ format: 'HH:mm', minuteStep: 15 }}
            format="YYYY-MM-DD HH:mm"
            aria-label={t('assign.from')}
            placeholder={t('assign.from')}
            allowClear={false}
            minDate={dayjs().startOf('day')}
            value={value === null ? null : dayjs(value.start)}
            onChange={(start) => {
              if (start !== null) onChange({ start: start.toDate(), end: value === null || value.end <= start.toDate() ? start.add(2, 'hour').toDate() : value.end });
            }}
          />
          <DatePicker
            showTime={{ format: 'HH:mm', minuteStep: 15 }}
            format="YYYY-MM-DD HH:mm"
            aria-label={t('assign.until')}
            placeholder={t('assign.until')}
            allowClear={false}
            minDate={dayjs().startOf('day')}
            value={value === null ? null : dayjs(value.end)}
            onChange={(end) => {
              if (end !== null && value !== null) onChange({ ...value, end: end.toDate() });
            }}
          />
        </div>
      )}
    </fieldset>
  );
}
