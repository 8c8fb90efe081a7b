import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { CalendarDefinition, ReadIcalendarAnswer } from '../../../contract/calendar.ts';
import { api, asProblem } from '../../ui/api.ts';
import { colon } from '../../ui/punctuation.ts';
import { Icon } from '../parts/icon.tsx';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

type Exceptions = CalendarDefinition['exceptions'];

/** Takes the days of an iCalendar file into the draft (导入 iCal), says what became of it, and takes it back when it was the wrong file. */
export function IcalImport({ timeZone, exceptions, onChange }: { timeZone: string; exceptions: Exceptions; onChange: (exceptions: Exceptions) => void }) {
  const { t: say } = useSlaTexts();
  const [before, setBefore] = useState<Exceptions | null>(null);
  const read = useMutation({
    mutationFn: async (file: File) => (await api.post<ReadIcalendarAnswer>('/calendars/read-icalendar', { text: await file.text(), timeZone, meaning: 'closed' })).data,
    onMutate: () => setBefore(null),
    onSuccess: ({ days }) => {
      if (Object.keys(days).length === 0) return;
      setBefore(exceptions);
      onChange({ ...exceptions, ...days });
    },
  });
  const count = Object.keys(read.data?.days ?? {}).length;
  const skipped = read.data?.problems ?? [];
  return (
    <>
      <label className={styles.file}>
        <input type="file" accept=".ics,text/calendar" className={styles.hidden} onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) read.mutate(file);
        }} />
        <Icon name="upload" size={14} /> {say('import')}
      </label>
      <p className={styles.muted}>{say('import.hint')}</p>
      <div role="status" className={styles.stack}>
        {read.isSuccess && count > 0 && (
          <p className={styles.imported}>{say('imported', { count })}{before !== null && <Button type="link" size="small" onClick={() => { onChange(before); setBefore(null); read.reset(); }}>{say('import.undo')}</Button>}</p>
        )}
        {read.isSuccess && count === 0 && skipped.length === 0 && <p className={styles.told}>{say('import.nothing')}</p>}
        {read.isError && <p className={styles.told}>{asProblem(read.error).errors[0]?.message ?? asProblem(read.error).title}</p>}
        {skipped.length > 0 && <ul className={styles.told}>{skipped.slice(0, 20).map((problem, index) => <li key={index}>{problem.summary === '' ? '' : `${problem.summary}${colon()}`}{problem.message}{say('import.line', { line: problem.line })}</li>)}</ul>}
      </div>
    </>
  );
}
