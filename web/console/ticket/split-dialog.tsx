import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Checkbox, Form, Input, Modal, Segmented, Select } from 'antd';
import { useEffect } from 'react';
import type { SplitTicket } from '../../../contract/collaboration.ts';
import type { FileSummary } from '../../../contract/file.ts';
import type { Ticket, TimelineEntry } from '../../../contract/ticket.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { teams, ticketTypes } from '../data/records.ts';
import { ticketTimeline } from '../data/tickets.ts';
import { NamesContext } from '../form/answer-names.ts';
import { AnswerText } from '../form/answer-text.tsx';
import { formVersion } from '../form/form-queries.ts';
import { useTexts } from '../i18n.ts';
import { formatBytes } from '../parts/bytes.ts';
import { CategorySelect } from '../parts/category-select.tsx';
import { DialogTitle } from '../parts/dialog-title.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { roomCount, roomRule } from '../parts/room-left.tsx';
import { textLimits } from '../parts/text-room.ts';
import { useSession } from '../session/session.tsx';
import { useRenewTogether } from './renew-together.ts';
import styles from './split-dialog.module.css';
import together from './together.module.css';

type Values = Omit<SplitTicket, 'fieldKeys' | 'fileIds'> & { fileIds?: string[]; fieldKeys?: string[] };

/** Makes a new ticket out of a part of this one (拆分工单): which messages, files and answers go over. */
export function SplitDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t, language } = useTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const renew = useRenewTogether(ticket);
  const [form] = Form.useForm<Values>();
  const timeline = useInfiniteQuery(ticketTimeline(ticket.number));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = timeline;
  useEffect(() => {
    // All that was said is there to choose from.
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const messages = (timeline.data?.pages ?? []).flatMap((page) => page.items).flatMap((entry: TimelineEntry) => (entry.comment === null ? [] : [entry.comment]));
  const chosen = Form.useWatch('messageIds', form) ?? [];
  const type = Form.useWatch('type', form) ?? ticket.type.id;
  const types = useQuery(ticketTypes).data ?? [];
  const teamList = useQuery({ ...teams, enabled: may('organization.read') }).data ?? [];
  const version = useQuery({ ...formVersion(ticket.type.id, ticket.formVersion), enabled: ticket.formVersion > 0 });
  const answered = (version.data?.form.fields ?? []).filter(({ key }) => ticket.fields[key] !== null && ticket.fields[key] !== undefined);
  const target = useQuery({ ...formVersion(type, types.find((one) => one.id === type)?.formVersion ?? 0), enabled: type !== ticket.type.id && types.some((one) => one.id === type) });
  const fits = (key: string, kind: string): boolean => type === ticket.type.id || target.data?.form.fields.some((field) => field.key === key && field.kind === kind) === true;
  // Those of a message go with it.
  const along = new Set(messages.filter(({ id }) => chosen.includes(id)).flatMap(({ files }) => files.map(({ id }) => id)));
  const files: FileSummary[] = [...new Map([...ticket.files, ...messages.flatMap((one) => one.files)].map((file) => [file.id, file])).values()];

  const split = useMutation({
    mutationFn: ({ fileIds, fieldKeys, ...values }: Values) => postOnce<Ticket>(`/tickets/${ticket.id}/split`, {
      ...values,
      ...(values.description ? {} : { description: undefined }),
      fileIds: (fileIds ?? []).filter((id) => !along.has(id)),
      fieldKeys: (fieldKeys ?? []).filter((key) => answered.some((field) => field.key === key && fits(key, field.kind))),
    } satisfies SplitTicket),
    onSuccess: (made) => {
      renew(made.number);
      void message.success(t('split.done', { number: made.number }));
      onClose();
      void navigate({ to: '/tickets/$number', params: { number: made.number } });
    },
  });
  return (
    <Modal open width={640} title={<DialogTitle deed={t('split.title')} subject={ticket.subject} />} okText={t('split.do')} okButtonProps={{ loading: split.isPending }} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      <p className={together.hint}>{t('split.hint')}</p>
      {split.isError && <ProblemAlert error={split.error} />}
      <Form
        form={form} layout="vertical" requiredMark={false} onFinish={(values) => split.mutate(values)}
        initialValues={{ link: 'related', messageIds: [], fileIds: [], fieldKeys: Object.keys(ticket.fields), description: ticket.description, category: ticket.category?.id, type: ticket.type.id, priority: ticket.priority, team: ticket.team?.id }}
      >
        <Form.Item name="messageIds" label={t('split.messages')} hidden={messages.length === 0} dependencies={['description']} rules={[{ validator: (_rule, ids: string[] = []) => (ids.length > 0 || (form.getFieldValue('description') as string | undefined)?.trim() ? Promise.resolve() : Promise.reject(new Error(t('split.choose')))) }]}>
          <Checkbox.Group className={styles.choices} options={messages.map((comment) => ({
            value: comment.id,
            label: (
              <span className={styles.message}>
                <span className={styles.who}><b>{comment.author.name ?? t('timeline.customer')}</b> {comment.visibility === 'internal' && <em>{t('timeline.note')}</em>} <Ago value={comment.createdAt} />{comment.files.length > 0 && <span><Icon name="paperclip" size={12} /> {comment.files.length}</span>}</span>
                <span className={styles.body}>{comment.body}</span>
              </span>
            ),
          }))} />
        </Form.Item>
        {files.length > 0 && (
          <Form.Item name="fileIds" label={t('split.files')}>
            <Files files={files} along={along} />
          </Form.Item>
        )}
        {answered.length > 0 && (
          <Form.Item name="fieldKeys" label={t('split.fields')} extra={answered.some(({ key, kind }) => !fits(key, kind)) ? t('split.fieldsOther') : undefined}>
            <NamedFields names={ticket.fieldNames} options={answered.map((field) => ({
              value: field.key, disabled: !fits(field.key, field.kind),
              label: <span className={styles.field}><span>{wordsIn(field.label, language)}</span> <AnswerText field={field} value={ticket.fields[field.key]} /></span>,
            }))} />
          </Form.Item>
        )}
        <Form.Item name="subject" label={t('split.subject')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="description" label={t('split.description')} extra={t('split.descriptionHint')} rules={[roomRule(textLimits.description), ...(messages.length === 0 ? [{ required: true, whitespace: true, message: t('common.required') }] : [])]}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} count={roomCount(textLimits.description)} />
        </Form.Item>
        <Form.Item name="category" label={t('filter.category')}>
          <CategorySelect wholePath allowClear={false} placeholder={t('ticket.chooseCategory')} value={undefined} onChange={() => undefined} />
        </Form.Item>
        <div className={styles.pair}>
          {types.length > 1 && <Form.Item name="type" label={t('newTicket.type')}><Select options={types.map((one) => ({ value: one.id, label: localName(one, language) }))} /></Form.Item>}
          <Form.Item name="priority" label={t('filter.priority')}><Select options={priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))} /></Form.Item>
          {teamList.length > 0 && <Form.Item name="team" label={t('filter.team')}><Select showSearch={{ optionFilterProp: 'label' }} options={teamList.map((team) => ({ value: team.id, label: localName(team, language) }))} /></Form.Item>}
        </div>
        <Form.Item name="link" label={t('split.link')}>
          <Segmented block options={[{ value: 'related', label: t('split.related') }, { value: 'child', label: t('split.child') }, { value: 'none', label: t('split.noLink') }]} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Files({ id, files, along, value = [], onChange = () => {} }: { id?: string; files: readonly FileSummary[]; along: ReadonlySet<string>; value?: string[]; onChange?: (ids: string[]) => void }) {
  const { t } = useTexts();
  return (
    <div id={id} className={styles.choices} role="group">
      {files.map((file) => (
        <Checkbox key={file.id} checked={along.has(file.id) || value.includes(file.id)} disabled={along.has(file.id)} onChange={(event) => onChange(event.target.checked ? [...value, file.id] : value.filter((one) => one !== file.id))}>
          <span className={styles.file}>
            {file.thumbnailUrl === null ? <Icon name="file" size={16} /> : <img src={file.thumbnailUrl} alt="" width={28} height={28} />}
            <span>{file.name}</span> <small>{formatBytes(file.size)}{along.has(file.id) && ` · ${t('split.along')}`}</small>
          </span>
        </Checkbox>
      ))}
    </div>
  );
}

function NamedFields({ names, ...rest }: { names: Readonly<Record<string, string>> } & React.ComponentProps<typeof Checkbox.Group>) {
  return <NamesContext value={names}><Checkbox.Group {...rest} className={styles.choices} /></NamesContext>;
}
