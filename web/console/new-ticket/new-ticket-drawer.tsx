import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Drawer, Form, Input, Segmented, Select } from 'antd';
import { useRef, useState } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import type { CreateTicket, Ticket } from '../../../contract/ticket.ts';
import { priorities, type Priority } from '../../../rules/ticket/lifecycle.ts';
import { api, asProblem, newIdempotencyKey } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { useDraft } from '../data/drafts.ts';
import { ticketTypes } from '../data/records.ts';
import { useUploads } from '../data/uploads.ts';
import { useTexts } from '../i18n.ts';
import { useReader } from '../live/reader.ts';
import { applyTicket } from '../live/ticket-cache.ts';
import { CategorySelect } from '../parts/category-select.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { channelTexts, localName } from '../parts/names.ts';
import { UploadList } from '../parts/upload-list.tsx';
import { useSession } from '../session/session.tsx';
import { useOverlays } from '../shell/overlay-context.ts';
import { AssetSelect } from './asset-select.tsx';
import { RequesterFields, type RequesterDraft } from './requester-fields.tsx';
import styles from './new-ticket-drawer.module.css';

type Draft = {
  type?: string;
  channel: CreateTicket['channel'];
  subject: string;
  description: string;
  requester: RequesterDraft;
  category?: string;
  priority?: Priority;
  address: string;
  asset?: { id: string; code: string; name: string };
  files: FileSummary[];
};

const blank: Draft = { channel: 'phone', subject: '', description: '', requester: { name: '', phone: '' }, address: '', files: [] };
const isEmpty = (draft: Draft): boolean =>
  [draft.subject, draft.description, draft.address, draft.requester.name, draft.requester.phone].every((text) => text.trim() === '') && draft.files.length === 0 && draft.asset === undefined && draft.category === undefined;

/** Channels by which a colleague takes a request down. */
const takenDown = ['phone', 'console', 'wechat', 'wecom', 'email', 'chat', 'hotline'] as const;

function toRequest(draft: Draft, files: readonly FileSummary[]): CreateTicket {
  const { requester, address, asset } = draft;
  const known = requester.customer !== undefined;
  const who = known
    ? { customerId: requester.customer?.id }
    : { ...(requester.name.trim() === '' ? {} : { name: requester.name.trim() }), ...(requester.phone.trim() === '' ? {} : { phone: requester.phone.trim() }) };
  return {
    subject: draft.subject.trim(),
    channel: draft.channel,
    ...(draft.type === undefined ? {} : { type: draft.type }),
    ...(draft.description.trim() === '' ? {} : { description: draft.description.trim() }),
    ...(Object.keys(who).length === 0 ? {} : { requester: who }),
    ...(draft.category === undefined ? {} : { category: draft.category }),
    ...(draft.priority === undefined ? {} : { priority: draft.priority }),
    ...(address.trim() === '' ? {} : { location: { address: address.trim() } }),
    ...(asset === undefined ? {} : { assetId: asset.id }),
    ...(files.length === 0 ? {} : { attachments: files.map((file) => file.id) }),
  };
}

/** Takes a request down (新建工单). It is kept as one types, and goes on where one left off. */
export function NewTicketDrawer({ customer, asset }: { customer?: { id: string; name: string }; asset?: Draft['asset'] }) {
  const { t, language } = useTexts();
  const { me } = useSession();
  const { close } = useOverlays();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const reader = useReader();
  const [start] = useState<Draft>({ ...blank, ...(customer === undefined ? {} : { requester: { name: customer.name, phone: '', customer } }), ...(asset === undefined ? {} : { asset }) });
  // A request begun from a customer or an asset is another one than the draft that lies about.
  const [draft, change, discard] = useDraft(`ticket.${me.id}${customer?.id ?? ''}${asset?.id ?? ''}`, start, isEmpty);
  const set = (part: Partial<Draft>): void => change((before) => ({ ...before, ...part }));
  const uploads = useUploads(draft.files, (files) => set({ files }));
  const types = useQuery(ticketTypes);
  const attempt = useRef(newIdempotencyKey());
  const [tried, setTried] = useState(false);

  const create = useMutation({
    mutationFn: async (request: CreateTicket) => (await api.post<Ticket>('/tickets', request, { idempotencyKey: attempt.current })).data,
    onSuccess: (ticket) => {
      applyTicket(queryClient, ticket, reader);
      discard();
      close();
      void message.success({
        content: (
          <>
            {t('newTicket.created', { number: ticket.number })}{' '}
            <Button type="link" size="small" onClick={() => void navigate({ to: '/tickets/$number', params: { number: ticket.number } })}>
              {t('newTicket.open')}
            </Button>
          </>
        ),
        duration: 6,
      });
    },
    onError: () => {
      attempt.current = newIdempotencyKey();
    },
  });

  const problem = create.isError ? asProblem(create.error) : null;
  const noSubject = tried && draft.subject.trim() === '';
  function submit(): void {
    setTried(true);
    if (draft.subject.trim() === '' || uploads.busy || create.isPending) return;
    create.mutate(toRequest(draft, uploads.ready));
  }

  return (
    <Drawer
      open
      size={560}
      title={t('nav.newTicket')}
      onClose={close}
      destroyOnHidden
      footer={
        <div className={styles.foot}>
          <span className={styles.hint}>{uploads.busy ? t('composer.uploading') : isEmpty(draft) ? '' : t('composer.draft')}</span>
          {!isEmpty(draft) && (
            <Button
              type="text"
              onClick={() => {
                discard();
                uploads.clear();
                setTried(false);
              }}
            >
              {t('newTicket.clear')}
            </Button>
          )}
          <Button type="primary" onClick={submit} loading={create.isPending} disabled={uploads.busy}>
            {t('newTicket.create')}
          </Button>
        </div>
      }
    >
      <Form
        layout="vertical"
        requiredMark={false}
        className={styles.fields}
        onFinish={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
        }}
        onPaste={(event) => {
          if (event.clipboardData.files.length === 0) return;
          event.preventDefault();
          uploads.add([...event.clipboardData.files]);
        }}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes('Files')) event.preventDefault();
        }}
        onDrop={(event) => {
          event.preventDefault();
          uploads.add([...event.dataTransfer.files]);
        }}
      >
        {problem !== null && (
          <div className={styles.problem}>
            <ProblemAlert error={problem} labels={{ subject: t('ticket.subject'), 'requester/phone': t('record.phone'), 'requester/name': t('record.name') }} />
          </div>
        )}
        <div className={styles.pair}>
          {(types.data?.length ?? 0) > 1 && (
            <Form.Item label={t('newTicket.type')} htmlFor="ticket-type">
              <Select
                id="ticket-type"
                value={draft.type ?? types.data?.find((type) => type.isDefault)?.id}
                options={types.data?.map((type) => ({ value: type.id, label: localName(type, language) }))}
                onChange={(type) => set({ type })}
              />
            </Form.Item>
          )}
          <Form.Item label={t('newTicket.channel')} htmlFor="ticket-channel">
            <Select
              id="ticket-channel"
              value={draft.channel}
              options={takenDown.map((channel) => ({ value: channel, label: t(channelTexts[channel]) }))}
              onChange={(channel) => set({ channel })}
            />
          </Form.Item>
        </div>
        <RequesterFields value={draft.requester} onChange={(requester) => set({ requester })} onAddress={(address) => set({ address: draft.address === '' ? address : draft.address })} />
        <Form.Item
          label={t('ticket.subject')}
          htmlFor="ticket-subject"
          validateStatus={noSubject || problem?.errorAt('subject') !== undefined ? 'error' : undefined}
          help={noSubject ? t('newTicket.subjectMissing') : problem?.errorAt('subject')}
        >
          <Input
            id="ticket-subject"
            maxLength={200}
            value={draft.subject}
            placeholder={t('newTicket.subjectExample')}
            onChange={(event) => set({ subject: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={t('ticket.description')} htmlFor="ticket-description">
          <Input.TextArea
            id="ticket-description"
            autoSize={{ minRows: 4, maxRows: 14 }}
            maxLength={20_000}
            value={draft.description}
            placeholder={t('newTicket.descriptionHint')}
            onChange={(event) => set({ description: event.target.value })}
          />
        </Form.Item>
        <div className={styles.files}>
          <FileButton onFiles={uploads.add} />
          <UploadList uploads={uploads.uploads} refusal={uploads.refusal} onRemove={uploads.remove} />
        </div>
        <Form.Item label={t('filter.category')} htmlFor="ticket-category">
          <CategorySelect id="ticket-category" wholePath placeholder={t('ticket.chooseCategory')} value={draft.category} onChange={(category) => set({ category })} />
        </Form.Item>
        <Form.Item label={t('filter.priority')} extra={draft.priority === undefined ? t('newTicket.priorityHint') : undefined}>
          <Segmented<string>
            block
            aria-label={t('filter.priority')}
            value={draft.priority ?? 'automatic'}
            options={[{ value: 'automatic', label: t('newTicket.automatic') }, ...priorities.map((priority) => ({ value: priority as string, label: words(`priority.${priority}`) }))]}
            onChange={(priority) => set({ priority: priority === 'automatic' ? undefined : (priority as Priority) })}
          />
        </Form.Item>
        <Form.Item label={t('ticket.place')} htmlFor="ticket-address">
          <Input id="ticket-address" maxLength={300} value={draft.address} placeholder={t('newTicket.addressExample')} onChange={(event) => set({ address: event.target.value })} />
        </Form.Item>
        <AssetSelect value={draft.asset} onChange={(chosen) => set({ asset: chosen })} />
      </Form>
    </Drawer>
  );
}
