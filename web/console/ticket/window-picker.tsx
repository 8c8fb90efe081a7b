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

  const options = [
    { key: 'none', text: t('assign.noWindow') },
    ...choices.map((choice) => ({ key: choice.key, text: `${days[choice.day]} ${parts[choice.part]}` })),
    { key: 'custom', text: t('assign.custom') },
  ];
  return (
    <fieldset className={styles.windows}>
      <legend>{t('assign.window')}</legend>
      <div className={styles.choices}>
        {options.map((option) => (
          <label key={option.key} className={styles.choice}>
            <input type="radio" name="visit-window" className="visually-hidden" checked={chosen === option.key} onChange={() => pick(option.key)} />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
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
