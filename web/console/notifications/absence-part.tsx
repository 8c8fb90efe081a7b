import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Popconfirm, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { Absence, PlanAbsence } from '../../../contract/desk.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert, useLanguage } from '../../ui/react/index.ts';
import { absenceList, deskKeys } from '../data/desk.ts';
import { staffList } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { useSession } from '../session/session.tsx';
import styles from './notifications-page.module.css';

/** When one is away and who stands in (请假代理). */
export function AbsencePart() {
  const { t } = useTexts();
  const own = useQuery(absenceList({ staff: 'me' }));
  const covered = useQuery(absenceList({ cover: 'me' }));
  return (
    <div className={styles.settings}>
      <p className={styles.hint}>{t('absence.hint')}</p>
      <PlanForm />
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
            <Popconfirm title={t('absence.cancelAsk')} onConfirm={() => cancel.mutate(one)}>
              <Button size="small">{t('absence.cancel')}</Button>
            </Popconfirm>
          )}
        </li>
      ))}
    </ul>
  );
}

type Filled = { time: [Dayjs, Dayjs]; coverId?: string; note?: string };

function PlanForm() {
  const { t } = useTexts();
  const { me } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Filled>();
  const [typed, setTyped] = useState('');
  const q = useDebounced(typed.trim());
  const staff = useInfiniteQuery(staffList(q === '' ? {} : { q }));
  const plan = useMutation({
    mutationFn: ({ time: [from, to], coverId, note }: Filled) => {
      const planned: PlanAbsence = { from: from.toISOString(), to: to.toISOString(), ...(coverId === undefined ? {} : { coverId }), ...(note ? { note } : {}) };
      return postOnce('/absences', planned);
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: deskKeys.absences });
      void message.success(t('absence.planned'));
      form.resetFields();
    },
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} className={styles.plan} onFinish={(values) => plan.mutate(values)}>
      {plan.isError && <ProblemAlert error={plan.error} />}
      <Form.Item name="time" label={`${t('absence.from')} – ${t('absence.to')}`} rules={[{ required: true, message: t('common.required') }]}>
        <DatePicker.RangePicker className={styles.range} showTime={{ format: 'HH:mm', minuteStep: 30 }} format="YYYY-MM-DD HH:mm" />
      </Form.Item>
      <Form.Item name="coverId" label={t('absence.cover')}>
        <Select allowClear showSearch={{ filterOption: false, onSearch: setTyped }} options={(staff.data?.pages[0]?.items ?? []).filter((person) => person.active && person.id !== me.id).map((person) => ({ value: person.id, label: person.name }))} />
      </Form.Item>
      <Form.Item name="note" label={t('absence.note')}><Input maxLength={500} /></Form.Item>
      <Button type="primary" htmlType="submit" loading={plan.isPending}>{t('absence.plan')}</Button>
    </Form>
  );
}
