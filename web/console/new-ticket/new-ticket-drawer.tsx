import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Drawer, Form, Input, Segmented, Select } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { CreateTicket, Ticket } from '../../../contract/ticket.ts';
import { isLongerThan } from '../../../rules/text/length.ts';
import { priorities, type Priority } from '../../../rules/ticket/lifecycle.ts';
import { asProblem } from '../../ui/api.ts';
import { nothingFilled, refuse, type Filling } from '../../ui/form/filling.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { useDraft } from '../data/drafts.ts';
import { ticketTemplates, ticketTypes } from '../data/records.ts';
import { useUploads } from '../data/uploads.ts';
import { useTexts } from '../i18n.ts';
import { useReader } from '../live/reader.ts';
import { applyTicket } from '../live/ticket-cache.ts';
import { CategorySelect } from '../parts/category-select.tsx';
import { FieldItem, focusControl, wrong } from '../parts/field-item.tsx';
import { fieldWords, phoneWords } from '../parts/field-words.ts';
import { FileButton } from '../parts/file-button.tsx';
import { channelTexts, localName } from '../parts/names.ts';
import { UploadList } from '../parts/upload-list.tsx';
import { useSession } from '../session/session.tsx';
import { useOverlays } from '../shell/overlay-context.ts';
import { AssetSelect } from './asset-select.tsx';
import { numberOf } from './requester-draft.ts';
import { LikeTicketsNote } from './like-tickets-note.tsx';
import { OpenTicketsNote } from './open-tickets-note.tsx';
import { RequesterFields } from './requester-fields.tsx';
import { SaidNote } from './said-note.tsx';
import { saveNumber } from './save-number.ts';
import { TemplateBrings } from './template-brings.tsx';
import { blank, isEmpty, toRequest, withTemplate, type Draft } from './ticket-draft.ts';
import { WhoDoesIt } from './who-does-it.tsx';
import styles from './new-ticket-drawer.module.css';

/** Channels by which a colleague takes a request down. */
const takenDown = ['phone', 'console', 'wechat', 'wecom', 'email', 'chat', 'hotline'] as const;

/** Where what the server refuses stands in the form, from top to bottom. */
const controls = {
  template: 'ticket-template', type: 'ticket-type', channel: 'ticket-channel', 'requester/name': 'requester-name', 'requester/phone': 'requester-phone', subject: 'ticket-subject',
  description: 'ticket-description', 'location/address': 'ticket-address', assetId: 'ticket-asset', category: 'ticket-category', team: 'ticket-team', assignee: 'ticket-assignee', tags: 'ticket-tags',
} as const;
type Field = keyof typeof controls;
type Errors = { [Name in Field]?: string };
const fields = Object.keys(controls) as Field[];

/** The contract's limit, in characters. */
const longestDescription = 20_000;

const TypeFields = lazy(async () => ({ default: (await import('./type-fields.tsx')).TypeFields }));

/** Takes a request down (新建工单). It is kept as one types, and goes on where one left off. */
export function NewTicketDrawer({ customer, asset, template: wanted }: { customer?: { id: string; name: string }; asset?: Draft['asset']; template?: string }) {
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
  const [errors, setErrors] = useState<Errors>({});
  // What is being put right is no longer marked; it is looked at again when it is sent.
  const right = (...names: Field[]): void => setErrors((before) => (names.some((name) => name in before) ? Object.fromEntries(Object.entries(before).filter(([name]) => !names.includes(name as Field))) : before));
  const uploads = useUploads(draft.files, (files) => set({ files }));
  const types = useQuery(ticketTypes);
  const templates = useQuery(ticketTemplates);
  const template = templates.data?.find((one) => one.id === draft.template);
  const choose = (id: string | undefined): void => {
    right('template', 'type', 'subject', 'description', 'category');
    change((before) => withTemplate(before, templates.data?.find((one) => one.id === id), template));
  };
  const begin = useRef<((id: string) => void) | null>(null);
  useEffect(() => {
    begin.current = choose;
  });
  const offered = templates.data !== undefined;
  useEffect(() => {
    // Opened with a template, as soon as the templates are there.
    if (offered && wanted !== undefined) begin.current?.(wanted);
  }, [offered, wanted]);
  const type = types.data?.find((one) => one.id === draft.type) ?? types.data?.find((one) => one.isDefault);
  // What is wrong with them is kept apart from what they hold: only that is part of the draft.
  const [told, setTold] = useState<Filling>(nothingFilled);
  const filling: Filling = { ...told, held: draft.fields ?? nothingFilled.held };
  const answers = useRef<(() => Record<string, unknown> | null) | null>(null);
  const [marked, setMarked] = useState<Errors | null>(null);
  useEffect(() => {
    // Once per attempt, when the marks are on the page.
    const first = fields.find((name) => marked?.[name] !== undefined);
    if (first !== undefined) focusControl(controls[first]);
  }, [marked]);

  function mark(found: Errors): void {
    setErrors(found);
    setMarked(found);
  }

  const create = useMutation({
    mutationFn: (request: CreateTicket) => postOnce<Ticket>('/tickets', request),
    onSuccess: (ticket) => {
      applyTicket(queryClient, ticket, reader);
      void saveNumber(draft.requester).then((reason) => {
        if (reason !== null) void message.warning(t('newTicket.numberNotKept', { reason }), 8);
      });
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
    onError: (error) => {
      setTold((before) => refuse({ ...before, held: filling.held }, asProblem(error).errors));
      mark(Object.fromEntries(asProblem(error).errors.flatMap((refused) => {
        const name = fields.find((one) => one === refused.path.replace(/^\//, ''));
        return name === undefined ? [] : [[name, fieldWords(refused)]];
      })));
    },
  });

  const problem = create.isError ? asProblem(create.error) : null;
  function submit(): void {
    if (uploads.busy || create.isPending) return;
    const phone = phoneWords(numberOf(draft.requester) ?? '');
    const found: Errors = { ...(phone === undefined ? {} : { 'requester/phone': phone }), ...(draft.subject.trim() === '' ? { subject: t('newTicket.subjectMissing') } : {}), ...(isLongerThan(draft.description, longestDescription) ? { description: t('newTicket.descriptionLong') } : {}) };
    create.reset();
    mark(found);
    const own = answers.current === null ? {} : answers.current();
    if (Object.keys(found).length > 0 || own === null) return;
    create.mutate(toRequest(draft, uploads.ready, own));
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
                create.reset();
                setErrors({});
                setTold(nothingFilled);
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
            <ProblemAlert error={problem} placed={[...fields, ...problem.errors.map(({ path }) => path.replace(/^\//, '')).filter((path) => path.startsWith('fields/'))]} />
          </div>
        )}
        {(templates.data?.length ?? 0) > 0 && (
          <FieldItem id="ticket-template" label={t('newTicket.template')} error={errors.template} extra={template === undefined ? undefined : <TemplateBrings template={template} />}>
            <Select
              id="ticket-template"
              allowClear
              showSearch={{ optionFilterProp: 'label' }}
              placeholder={t('newTicket.noTemplate')}
              value={draft.template}
              options={templates.data?.map((one) => ({ value: one.id, label: localName(one, language) }))}
              onChange={choose}
            />
          </FieldItem>
        )}
        <div className={styles.pair}>
          {(types.data?.length ?? 0) > 1 && (
            <FieldItem id="ticket-type" label={t('newTicket.type')} error={errors.type}>
              <Select
                id="ticket-type"
                disabled={template !== undefined}
                value={draft.type ?? types.data?.find((type) => type.isDefault)?.id}
                options={types.data?.map((type) => ({ value: type.id, label: localName(type, language) }))}
                onChange={(type) => {
                  right('type');
                  set({ type });
                }}
              />
            </FieldItem>
          )}
          <FieldItem id="ticket-channel" label={t('newTicket.channel')} error={errors.channel}>
            <Select
              id="ticket-channel"
              value={draft.channel}
              options={takenDown.map((channel) => ({ value: channel, label: t(channelTexts[channel]) }))}
              onChange={(channel) => {
                right('channel');
                set({ channel });
              }}
            />
          </FieldItem>
        </div>
        <RequesterFields
          value={draft.requester}
          errors={{ name: errors['requester/name'], phone: errors['requester/phone'] }}
          onChange={(requester) => {
            right('requester/name', 'requester/phone');
            set({ requester });
          }}
          onAddress={(address) => set({ address: draft.address === '' ? address : draft.address })}
        />
        {draft.requester.customer !== undefined && <OpenTicketsNote key={draft.requester.customer.id} customer={draft.requester.customer.id} />}
        <LikeTicketsNote subject={draft.subject} customer={draft.requester.customer?.id} phone={numberOf(draft.requester)} asset={draft.asset?.id} category={draft.category} address={draft.address} />
        <FieldItem id="ticket-subject" label={t('ticket.subject')} error={errors.subject}>
          <Input
            id="ticket-subject"
            maxLength={200}
            value={draft.subject}
            placeholder={t('newTicket.subjectExample')}
            onChange={(event) => {
              right('subject');
              set({ subject: event.target.value });
            }}
            {...wrong('ticket-subject', errors.subject)}
          />
        </FieldItem>
        <FieldItem id="ticket-description" label={t('ticket.description')} error={errors.description}>
          <Input.TextArea
            id="ticket-description"
            autoSize={{ minRows: 4, maxRows: 14 }}
            value={draft.description}
            placeholder={t('newTicket.descriptionHint')}
            onChange={(event) => {
              right('description');
              set({ description: event.target.value });
            }}
            {...wrong('ticket-description', errors.description)}
          />
        </FieldItem>
        <SaidNote
          draft={draft}
          type={type?.id}
          onTake={(part) => {
            right('category', 'location/address', 'assetId');
            set(part);
          }}
        />
        <div className={styles.files}>
          <FileButton onFiles={uploads.add} />
          <UploadList uploads={uploads.uploads} refusal={uploads.refusal} onRemove={uploads.remove} onRetry={uploads.retry} />
        </div>
        <FieldItem id="ticket-address" label={t('ticket.place')} error={errors['location/address']}>
          <Input
            id="ticket-address"
            maxLength={300}
            value={draft.address}
            placeholder={t('newTicket.addressExample')}
            onChange={(event) => {
              right('location/address');
              set({ address: event.target.value });
            }}
            {...wrong('ticket-address', errors['location/address'])}
          />
        </FieldItem>
        <AssetSelect
          value={draft.asset}
          error={errors.assetId}
          onChange={(chosen) => {
            right('assetId');
            set({ asset: chosen });
          }}
        />
        <FieldItem id="ticket-category" label={t('filter.category')} error={errors.category}>
          <CategorySelect
            id="ticket-category"
            wholePath
            allowClear={template?.category == null}
            placeholder={t('ticket.chooseCategory')}
            value={draft.category}
            onChange={(category) => {
              right('category');
              set({ category });
            }}
          />
        </FieldItem>
        <Form.Item label={t('filter.priority')} extra={draft.priority === undefined ? t('newTicket.priorityHint') : undefined}>
          <Segmented<string>
            block
            aria-label={t('filter.priority')}
            value={draft.priority ?? 'automatic'}
            options={[...(template?.priority == null ? [{ value: 'automatic', label: t('newTicket.automatic') }] : []), ...priorities.map((priority) => ({ value: priority as string, label: words(`priority.${priority}`) }))]}
            onChange={(priority) => set({ priority: priority === 'automatic' ? undefined : (priority as Priority) })}
          />
        </Form.Item>
        {type !== undefined && Object.keys(type.fields).length > 0 && (
          <Suspense fallback={null}>
            <TypeFields
              key={`${type.id} ${draft.template ?? ''}`}
              typeId={type.id}
              ticket={{ type: type.id, channel: draft.channel, category: draft.category ?? null, priority: draft.priority ?? 'normal', subject: draft.subject, customer: draft.requester.customer?.id ?? null, asset: draft.asset?.id ?? null, status: 'new' }}
              filling={filling}
              onChange={(step) => {
                const next = step(filling);
                setTold(next);
                if (next.held !== filling.held) set({ fields: { ...next.held } });
              }}
              answers={answers}
            />
          </Suspense>
        )}
        <WhoDoesIt
          value={draft} whyNeeded={problem?.code === 'override_needed'} teamOfTemplate={template?.team?.name} errors={{ team: errors.team, assignee: errors.assignee, tags: errors.tags }}
          onChange={(part) => {
            right(...(Object.keys(part) as Field[]));
            set(part);
          }}
        />
      </Form>
    </Drawer>
  );
}
