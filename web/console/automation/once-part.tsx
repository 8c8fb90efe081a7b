import { Checkbox, Select } from 'antd';
import type { Definition, Once } from '../../../rules/automation/definition.ts';
import { StretchInput } from './small.tsx';
import { useAutomationTexts } from './texts.ts';
import styles from './automation.module.css';

/** How often a rule may act (频率限制). */
export function OncePart({ once, onChange }: { once: Once | undefined; onChange: (patch: Partial<Definition>) => void }) {
  const { t: say } = useAutomationTexts();
  const set = (next: Once | undefined): void => onChange({ once: next } as Partial<Definition>);
  return (
    <div className={styles.inline}>
      <Select aria-label={say('once')} className={styles.medium} value={once?.per ?? 'any'} options={(['any', 'ticket', 'asset', 'customer'] as const).map((per) => ({ value: per, label: say(`once.${per}`) }))} onChange={(per: 'any' | Once['per']) => set(per === 'any' ? undefined : { ...once, per })} />
      {once !== undefined && (
        <>
          <Checkbox checked={once.within !== undefined} onChange={(event) => set(event.target.checked ? { ...once, within: { n: 1, unit: 'day' } } : { per: once.per })}>{say('once.window')}</Checkbox>
          {once.within !== undefined && <StretchInput label={say('once.window')} value={once.within} onChange={(within) => set({ ...once, within })} />}
        </>
      )}
    </div>
  );
}
