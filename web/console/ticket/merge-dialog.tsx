import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Form, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import type { MergeResult } from '../../../contract/collaboration.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, PriorityMark, ProblemAlert, StatusTag } from '../../ui/react/index.ts';
import { ticketDetail } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { DialogTitle } from '../parts/dialog-title.tsx';
import { Icon } from '../parts/icon.tsx';
import { channelTexts } from '../parts/names.ts';
import { roomCount, roomRule } from '../parts/room-left.tsx';
import { textLimits } from '../parts/text-room.ts';
import { candidatesOf } from './like-data.ts';
import { useRenewTogether } from './renew-together.ts';
import { TicketPicker } from './ticket-picker.tsx';
import styles from './merge-dialog.module.css';

/** Joins two tickets of one matter (合并工单): likely ones are proposed with their reasons, and both are seen before it is done. */
export function MergeDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const renew = useRenewTogether(ticket);
  const candidates = useQuery(candidatesOf(ticket));
  const [form] = Form.useForm<{ other: string; note?: string }>();
  const number = Form.useWatch('other', form) as string | undefined;
  const [swapped, setSwapped] = useState(false);
  const other = useQuery({ ...ticketDetail(number ?? ''), enabled: number !== undefined });
  const merge = useMutation({
    mutationFn: ({ other, note }: { other: string; note?: string }) =>
      postOnce<MergeResult>(`/tickets/${swapped ? other : ticket.id}/merge`, { into: swapped ? ticket.number : other, ...(note?.trim() ? { note: note.trim() } : {}) }),
    onSuccess: ({ target }, { other }) => {
      renew(other);
      void message.success(t('merge.done', { number: target.number }));
      onClose();
      if (target.number !== ticket.number) void navigate({ to: '/tickets/$number', params: { number: target.number } });
    },
  });
  const found = candidates.data?.items ?? [];
  const goes = swapped ? other.data : ticket;
  const stays = swapped ? ticket : other.data;

  return (
    <Modal
      open width={880} title={<DialogTitle deed={t('merge.title')} subject={ticket.subject} />} okText={stays === undefined ? t('merge.do') : t('merge.doInto', { number: stays.number })}
      okButtonProps={{ loading: merge.isPending, disabled: other.data === undefined }} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden
      style={{ top: 48 }} styles={{ body: { maxHeight: 'calc(100vh - 220px)', overflowY: 'auto' } }}
    >
      <p className={styles.hint}>{t('merge.hint')}</p>
      {merge.isError && <ProblemAlert error={merge.error} />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => merge.mutate(values)}>
        {found.length > 0 && (
          <div className={styles.candidates} role="radiogroup" aria-label={t('merge.candidates')}>
            <span className={styles.label}>{t('merge.candidates')}</span>
            {found.map((one) => (
              <label key={one.ticket.number} className={styles.candidate} data-chosen={one.ticket.number === number || undefined}>
                <input type="radio" name="candidate" checked={one.ticket.number === number} onChange={() => form.setFieldsValue({ other: one.ticket.number })} />
                <span className={styles.words}>
                  <span className={styles.subject}>{one.ticket.subject ?? t('related.hidden')}</span>
                  <span className={styles.why}>
                    <span className={styles.number}>{one.ticket.number}</span>
                    {one.reasons.map(({ code, title }) => <Badge key={code} tone={code === 'linked_duplicate' ? 'warning' : 'neutral'}>{title}</Badge>)}
                    <Ago value={one.createdAt} />
                  </span>
                </span>
                {one.ticket.status !== null && <StatusTag status={one.ticket.status} />}
              </label>
            ))}
          </div>
        )}
        <Form.Item name="other" label={found.length > 0 ? t('merge.another') : t('merge.into')} rules={[{ required: true, message: t('related.choose') }]}>
          <TicketPicker except={ticket.number} />
        </Form.Item>
        {number !== undefined && (
          <div className={styles.both}>
            {other.isError ? <ProblemAlert error={other.error} onRetry={() => void other.refetch()} /> : (
              <>
                <Side title={t('merge.goes')} ticket={goes} />
                <Button className={styles.swap} shape="circle" icon={<Icon name="transfer" />} aria-label={t('merge.swap')} title={t('merge.swap')} onClick={() => setSwapped(!swapped)} />
                <Side title={t('merge.stays')} ticket={stays} compared={goes} stays />
              </>
            )}
          </div>
        )}
        <Form.Item name="note" label={t('merge.note')} rules={[roomRule(textLimits.reason)]}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} count={roomCount(textLimits.reason)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** One of the two, in a few lines; what both have alike is marked on the one that stays. */
function Side({ title, ticket, compared, stays }: { title: string; ticket: Ticket | undefined; compared?: Ticket | undefined; stays?: true }) {
  const { t } = useTexts();
  if (ticket === undefined) return <section className={styles.side} aria-busy="true"><h3>{title}</h3></section>;
  const rows: [string, (of: Ticket) => string | null | undefined, ReactNode?][] = [
    [t('ticket.requester'), ({ requester }) => requester.name ?? requester.phone, [ticket.requester.name ?? t('ticket.anonymous'), ticket.requester.phone].filter(Boolean).join(' · ')],
    [t('ticket.place'), ({ location }) => location?.address],
    [t('ticket.asset'), ({ asset }) => asset?.name],
    [t('filter.category'), ({ category }) => category?.path.join(' / ')],
    [t('filter.assignee'), ({ assignee, team }) => assignee?.name ?? team?.name],
    [t('filter.channel'), ({ channel }) => t(channelTexts[channel])],
  ];
  return (
    <section className={styles.side} data-stays={stays} aria-label={`${title} ${ticket.number}`}>
      <h3>{title}</h3>
      <p className={styles.head}>
        <span className={styles.number}>{ticket.number}</span>
        <PriorityMark priority={ticket.priority} />
        <StatusTag status={ticket.status} label={ticket.ownStatus?.name} />
        <Ago className={styles.number} value={ticket.createdAt} />
      </p>
      <p className={styles.title} dir="auto">{ticket.subject}</p>
      {ticket.description !== '' && <p className={styles.description} dir="auto">{ticket.description}</p>}
      <dl>
        {rows.map(([name, value, shown]) => {
          const own = value(ticket);
          const same = compared !== undefined && own != null && own === value(compared);
          return (
            <div key={name}>
              <dt>{name}</dt>
              <dd data-same={same || undefined}>{shown ?? own ?? <span className={styles.number}>{t('common.none')}</span>}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
