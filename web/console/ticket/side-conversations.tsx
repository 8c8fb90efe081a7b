import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { OpenSideConversation, SideConversation } from '../../../contract/collaboration.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { ticketSideConversations } from '../data/desk.ts';
import { departments, teams } from '../data/records.ts';
import { useUploads } from '../data/uploads.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { SideThread, partner, useRenewSide } from './side-thread.tsx';
import { SideWriter, contentOf, emptySideDraft, isSendable } from './side-writer.tsx';
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
      {found !== undefined && <SideThread side={found} onClose={() => setRead(null)} />}
    </>
  );
}

type Kind = SideConversation['kind'];
type Filled = { subject: string; team?: string; department?: string; address?: string; name?: string };

function OpenDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t, language } = useTexts();
  const renew = useRenewSide();
  const [draft, setDraft] = useState(emptySideDraft);
  const [tried, setTried] = useState(false);
  const uploads = useUploads([], () => {});
  const [kind, setKind] = useState<Kind>('team');
  const [form] = Form.useForm<Filled>();
  const teamList = useQuery(teams);
  const departmentList = useQuery(departments);
  const required = [{ required: true, whitespace: true, message: t('common.required') }];
  const open = useMutation({
    mutationFn: ({ subject, team, department, address = '', name }: Filled) => {
      const whom = kind === 'team' ? { team } : kind === 'department' ? { department } : { email: { address: address.trim(), ...(name?.trim() ? { name: name.trim() } : {}) } };
      const asked: OpenSideConversation = { subject, ...contentOf(draft, uploads.ready), ...whom };
      return postOnce(`/tickets/${ticket.id}/side-conversations`, asked);
    },
    onSuccess: () => {
      renew(ticket.number);
      onClose();
    },
  });
  return (
    <Modal open title={t('side.open')} okText={t('side.send')} okButtonProps={{ loading: open.isPending, disabled: uploads.busy }} onOk={() => { setTried(true); form.submit(); }} onCancel={onClose} destroyOnHidden>
      <p className={together.hint}>{t('side.hint')}</p>
      {open.isError && <ProblemAlert error={open.error} />}
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ subject: ticket.subject }} onFinish={(values) => {
        if (isSendable(draft)) open.mutate(values);
      }}>
        <Form.Item label={t('side.with')}>
          <Segmented block value={kind} onChange={setKind} options={[{ value: 'team', label: t('side.team') }, { value: 'department', label: t('side.department') }, { value: 'email', label: t('side.outside') }]} />
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
          <div className={styles.outside}>
            <Form.Item name="address" label={t('side.address')} rules={[...required, { type: 'email', message: t('side.addressWrong') }]}><Input type="email" maxLength={254} autoComplete="off" /></Form.Item>
            <Form.Item name="name" label={t('side.name')}><Input maxLength={100} autoComplete="off" /></Form.Item>
            <p className={together.hint}>{t('side.outsideHint')}</p>
          </div>
        )}
        <Form.Item name="subject" label={t('side.subject')} rules={required}><Input maxLength={200} /></Form.Item>
        <Form.Item label={t('side.body')} validateStatus={tried && draft.body.trim() === '' ? 'error' : undefined} help={tried && draft.body.trim() === '' ? t('common.required') : undefined}>
          <SideWriter ticketNumber={ticket.number} draft={draft} onChange={setDraft} uploads={uploads} label={t('side.body')} rows={4} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
