import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import type { Absence } from '../../../contract/desk.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert, useLanguage } from '../../ui/react/index.ts';
import { absenceList, deskKeys } from '../data/desk.ts';
import { useTexts } from '../i18n.ts';
import { ChangeAbsenceDialog, PlanAbsenceForm } from './absence-form.tsx';
import styles from './notifications-page.module.css';

/** When one is away and who stands in (请假代理). */
export function AbsencePart() {
  const { t } = useTexts();
  const own = useQuery(absenceList({ staff: 'me' }));
  const covered = useQuery(absenceList({ cover: 'me' }));
  return (
    <div className={styles.settings}>
      <p className={styles.hint}>{t('absence.hint')}</p>
      <PlanAbsenceForm />
      <section>
        <h2 className={styles.part}>{t('absence.mine')}</h2>
        {own.isError && <ProblemAlert error={own.error} onRetry={() => void own.refetch()} />}
        <Absences items={own.data ?? []} mine />
        {own.data?.length === 0 && <p className={styles.hint}>{t('absence.none')}</p>}
      </section>
      {(covered.data?.length ?? 0) > 0 && (
        <section>
          <h2 className={styles.part}>{t('absence.covering')}</h2>
          <Absences items={covered.data ?? []} mine={false} />
        </section>
      )}
    </div>
  );
}

function Absences({ items, mine }: { items: readonly Absence[]; mine: boolean }) {
  const { t } = useTexts();
  const language = useLanguage();
  const { message } = App.useApp();
  const [changing, setChanging] = useState<Absence | null>(null);
  const queryClient = useQueryClient();
  const cancel = useMutation({
    mutationFn: (one: Absence) => api.delete(`/absences/${one.id}`, { ifMatch: `"${one.version}"` }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: deskKeys.absences });
      void message.success(t('absence.cancelled'));
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  const shown = (time: string): string => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
  const stateTexts = { planned: 'absence.planned', current: 'absence.current', over: 'absence.over', cancelled: 'absence.cancelled' } as const;
  return (
    <ul className={styles.list}>
      {items.map((one) => (
        <li key={one.id} className={styles.absence} data-done={one.state === 'over' || one.state === 'cancelled' || undefined}>
          <span className={styles.words}>
            <span className={styles.first}>{mine ? '' : <b>{one.staff.name} </b>}{shown(one.from)} – {shown(one.to)}</span>
            <span className={styles.preview}>{one.cover === null ? t('absence.noCover') : `${t('absence.cover')}${t('common.colon')}${one.cover.name}`}{one.note === null ? '' : ` · ${one.note}`}</span>
          </span>
          <span className={styles.state}>{t(stateTexts[one.state])}</span>
          {mine && (one.state === 'planned' || one.state === 'current') && (
            <>
            <Button size="small" onClick={() => setChanging(one)}>{t('absence.edit')}</Button>
            <Popconfirm title={t('absence.cancelAsk')} onConfirm={() => cancel.mutate(one)}>
              <Button size="small">{t(one.state === 'current' ? 'absence.end' : 'absence.cancel')}</Button>
            </Popconfirm>
            </>
          )}
        </li>
      ))}
      {changing !== null && <ChangeAbsenceDialog absence={changing} onClose={() => setChanging(null)} />}
    </ul>
  );
}
