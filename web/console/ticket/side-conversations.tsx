import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { OpenSideConversation, SideConversation } from '../../../contract/collaboration.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, Avatar, ProblemAlert } from '../../ui/react/index.ts';
import { deskKeys, sideMessages, ticketSideConversations } from '../data/desk.ts';
import { departments, teams } from '../data/records.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { Attachments } from './attachments.tsx';
import styles from './side-conversations.module.css';
import together from './together.module.css';

/** Conversations beside a ticket (旁路会话), with a team, a department or somebody outside. */
export function SideConversations({ ticket }: { ticket: Ticket }) {
  const { t } = useTexts();
  const { may } = useSession();
  const [opening, setOpening] = useState(false);
  const [read, setRead] = useState<string | null>(null);
  const list = useQuery(ticketSideConversations(ticket.id));
  const found = list.data?.find(({ id }) => id === read);
  return (
    <>
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {(list.data ?? []).map((side) => (
        <button key={side.id} type="button" className={styles.thread} onClick={() => setRead(side.id)}>
          <Icon name={side.kind === 'email' ? 'mail' : 'team'} size={14} />
          <span className={styles.words}>
            <span className={styles.subject}>{side.subject}</span>
            <span className={styles.meta}>
              {partner(side)} · {side.state === 'closed' ? t('side.closed') : t('side.count', { count: side.messageCount })} · <Ago value={side.lastMessageAt} />
            </span>
          </span>
        </button>
      ))}
      {may('ticket.note') && ticket.mergedInto === null ? (
        <Button size="small" type="text" className={together.add} icon={<Icon name="plus" size={14} />} onClick={() => setOpening(true)}>{t('side.open')}</Button>
      ) : list.data?.length === 0 && <p className={together.hint}>{t('side.none')}</p>}
      {opening && <OpenDialog ticket={ticket} onClose={() => setOpening(false)} />}
      {found !== undefined && <ThreadDialog ticket={ticket} side={found} onClose={() => setRead(null)} />}
    </>
  );
}

const partner = (side: SideConversation): string => side.team?.name ?? side.department?.name ?? side.email?.name ?? side.email?.address ?? '';

function useRenew(ticket: Ticket) {
  const queryClient = useQueryClient();
  return (): void => {
    for (const queryKey of [['side'], deskKeys.side(ticket.id), ticketKeys.timeline(ticket.number)]) void queryClient.invalidateQueries({ queryKey });
  };
}

type Filled = { subject: string; body: string; team?: string; department?: string; address?: string };

function OpenDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t, language } = useTexts();
  const renew = useRenew(ticket);
  const [kind, setKind] = useState<SideConversation['kind']>('team');
  const [form] = Form.useForm<Filled>();
  const teamList = useQuery(teams);
  const departmentList = useQuery(departments);
  const required = [{ required: true, whitespace: true, message: t('common.required') }];
  const open = useMutation({
    mutationFn: ({ subject, body, team, department, address }: Filled) => {
      const asked: OpenSideConversation = { subject, body, ...(kind === 'team' ? { team } : kind === 'department' ? { department } : { email: { address: address ?? '' } }) };
      return postOnce(`/tickets/${ticket.id}/side-conversations`, asked);
    },
    onSuccess: () => {
      renew();
      onClose();
    },
  });
  return (
    <Modal open title={t('side.open')} okText={t('side.send')} okButtonProps={{ loading: open.isPending }} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      <p className={together.hint}>{t('side.hint')}</p>
      {open.isError && <ProblemAlert error={open.error} />}
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ subject: ticket.subject }} onFinish={(values) => open.mutate(values)}>
        <Form.Item label={t('side.with')}>
          <Segmented block value={kind} onChange={setKind} options={[{ value: 'team', label: t('side.team') }, { value: 'department', label: t('side.department') }, { value: 'email', label: t('side.email') }]} />
        </Form.Item>
        {kind === 'team' && (
          <Form.Item name="team" label={t('side.team')} rules={required}>
            <Select showSearch={{ optionFilterProp: 'label' }} loading={teamList.isPending} options={(teamList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))} />
          </Form.Item>
        )}
        {kind === 'department' && (
          <Form.Item name="department" label={t('side.department')} rules={required}>
            <Select showSearch={{ optionFilterProp: 'label' }} loading={departmentList.isPending} options={(departmentList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))} />
          </Form.Item>
        )}
        {kind === 'email' && (
          <Form.Item name="address" label={t('side.address')} rules={[...required, { type: 'email', message: t('side.address') }]}>
            <Input type="email" maxLength={254} />
          </Form.Item>
        )}
        <Form.Item name="subject" label={t('side.subject')} rules={required}><Input maxLength={200} /></Form.Item>
        <Form.Item name="body" label={t('side.body')} rules={required}><Input.TextArea autoSize={{ minRows: 4, maxRows: 12 }} maxLength={20_000} /></Form.Item>
      </Form>
    </Modal>
  );
}

function ThreadDialog({ ticket, side, onClose }: { ticket: Ticket; side: SideConversation; onClose: () => void }) {
  const { t } = useTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const renew = useRenew(ticket);
  const [typed, setTyped] = useState('');
  const messages = useQuery(sideMessages(side.id));
  const reply = useMutation({
    mutationFn: (body: string) => postOnce(`/side-conversations/${side.id}/messages`, { body }),
    onSuccess: () => {
      setTyped('');
      renew();
    },
  });
  const turn = useMutation({
    mutationFn: () => postOnce(`/side-conversations/${side.id}/${side.state === 'closed' ? 'reopen' : 'close'}`, {}),
    onSuccess: renew,
    onError: (error) => void message.error(asProblem(error).title),
  });
  const send = (): void => {
    if (typed.trim() !== '' && !reply.isPending) reply.mutate(typed.trim());
  };
  return (
    <Modal
      open
      width={600}
      title={<span className={styles.subject}>{partner(side)} · {side.subject}</span>}
      onCancel={onClose}
      footer={may('ticket.note') ? <Button loading={turn.isPending} onClick={() => turn.mutate()}>{side.state === 'closed' ? t('side.reopen') : t('side.close')}</Button> : null}
    >
      {messages.isError && <ProblemAlert error={messages.error} onRetry={() => void messages.refetch()} />}
      <ol className={styles.messages}>
        {(messages.data ?? []).map((one) => (
          <li key={one.id} className={styles.message}>
            <Avatar name={one.author.name ?? '?'} size={24} />
            <div>
              <p className={styles.meta}>
                <b>{one.author.name}</b> <Ago value={one.createdAt} />
                {one.delivery?.state === 'failed' && <em>{t('side.failed')}</em>}
                {one.delivery?.state === 'queued' && <span>{t('side.queued')}</span>}
              </p>
              {one.quotes.map((quote, index) => <blockquote key={index} className={styles.quote}>{quote.author} {quote.body}</blockquote>)}
              <p className="prose">{one.body}</p>
              <Attachments files={one.files} small />
            </div>
          </li>
        ))}
      </ol>
      {reply.isError && <ProblemAlert error={reply.error} />}
      {may('ticket.note') && side.state !== 'closed' && (
        <form
          className={styles.reply}
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Input.TextArea
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={20_000}
            placeholder={t('side.reply')}
            aria-label={t('side.reply')}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
            }}
          />
          <Button type="primary" htmlType="submit" disabled={typed.trim() === ''} loading={reply.isPending}>{t('side.send')}</Button>
        </form>
      )}
    </Modal>
  );
}
