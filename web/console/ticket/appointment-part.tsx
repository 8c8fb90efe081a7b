import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Radio } from 'antd';
import { useState } from 'react';
import type { Appointment } from '../../../contract/appointment.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { formatDate, formatTime } from '../../ui/time.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useAppointmentTexts } from '../dispatch/appointment-texts.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import styles from './appointment-part.module.css';

type Span = Appointment['windows'][number];
const keyOf = ({ windowStart, windowEnd }: Span): string => `${windowStart} ${windowEnd}`;

/** When somebody comes, as the customer was promised (上门预约), and the windows that can really be promised; for whoever talks with them. */
export function AppointmentPart({ ticket }: { ticket: Ticket }) {
  const { language, t } = useTexts();
  const { t: say } = useAppointmentTexts();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const key = ['appointment', ticket.id, ticket.version];
  const path = `/tickets/${ticket.id}/appointment`;
  const shown = useQuery({ queryKey: key, queryFn: async ({ signal }) => (await api.get<Appointment>(path, { signal })).data });
  const [choosing, setChoosing] = useState(false);
  const [picked, setPicked] = useState<string | null>(null);
  const free = useQuery({ queryKey: [...key, 'windows'], queryFn: async ({ signal }) => (await api.get<Appointment>(path, { query: { windows: true }, signal })).data.windows, enabled: choosing, staleTime: 0 });
  const renew = (): void => {
    for (const queryKey of [['appointment', ticket.id], ['proposals'], ticketKeys.timeline(ticket.number), ticketKeys.detail(ticket.number)]) void queryClient.invalidateQueries({ queryKey });
  };
  const promise = useMutation({
    mutationFn: ({ windowStart, windowEnd }: Span) => postOnce<Appointment>(path, { windowStart, windowEnd }),
    onSuccess: () => {
      void message.success(say('appointment.saved'));
      setChoosing(false);
    },
    onSettled: () => {
      setPicked(null);
      renew();
    },
  });
  const withdraw = useMutation({ mutationFn: () => api.delete(path), onError: (error) => void message.error(asProblem(error).title), onSettled: renew });
  if (shown.data === undefined || (shown.data.promised === null && !shown.data.mayChoose)) return null;
  const { promised, mayChoose } = shown.data;
  const words = ({ windowStart, windowEnd }: Span): string => `${formatTime(windowStart, language)}–${formatTime(windowEnd, language)}`;
  const days = Map.groupBy(free.data ?? [], ({ windowStart }) => formatDate(windowStart, Date.now(), language));
  return (
    <div className={styles.part}>
      {promised === null ? <p className={styles.muted}>{say('appointment.none')}</p> : (
        <p className={styles.promised}>
          <strong>{formatDate(promised.windowStart, Date.now(), language)} {words(promised)}</strong>
          <span className={styles.muted}>{promised.by === 'customer' ? say('appointment.byCustomer') : say('appointment.byStaff', { name: promised.name ?? '' })}</span>
        </p>
      )}
      {mayChoose && !choosing && (
        <span className={styles.deeds}>
          <Button size="small" onClick={() => setChoosing(true)}>{say(promised === null ? 'appointment.choose' : 'appointment.change')}</Button>
          {promised !== null && <Button size="small" type="text" danger onClick={() => void modal.confirm({ title: say('appointment.withdrawAsk'), okText: say('appointment.withdraw'), onOk: () => withdraw.mutateAsync().catch(() => undefined) })}>{say('appointment.withdraw')}</Button>}
        </span>
      )}
      {choosing && (
        <div className={styles.choice} role="group" aria-label={say('appointment.free')}>
          <p className={styles.muted}>{say('appointment.free')}</p>
          {promise.isError && <ProblemAlert error={promise.error} />}
          {free.isError && <ProblemAlert error={free.error} onRetry={() => void free.refetch()} />}
          {free.isPending && <Delayed><RowSkeleton rows={2} height={28} /></Delayed>}
          {free.data?.length === 0 && <p>{say('appointment.nothing')}</p>}
          <Radio.Group size="small" value={picked} onChange={({ target }) => setPicked(target.value as string)} disabled={promise.isPending}>
            {[...days].map(([day, windows]) => (
              <div key={day} className={styles.day}>
                <span className={styles.date}>{day}</span>
                {windows.map((window) => <Radio.Button key={keyOf(window)} value={keyOf(window)}>{words(window)}</Radio.Button>)}
              </div>
            ))}
          </Radio.Group>
          <span className={styles.deeds}>
            <Button size="small" onClick={() => setChoosing(false)}>{t('common.cancel')}</Button>
            <Button size="small" type="primary" disabled={picked === null} loading={promise.isPending} onClick={() => {
              const window = free.data?.find((one) => keyOf(one) === picked);
              if (window !== undefined) promise.mutate(window);
            }}>{say('appointment.choose')}</Button>
          </span>
        </div>
      )}
    </div>
  );
}
