import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Mentions, Segmented } from 'antd';
import { useImperativeHandle, useRef, useState, type Ref } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import type { AddComment, Comment, Ticket } from '../../../contract/ticket.ts';
import { api, newIdempotencyKey } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useDraft } from '../data/drafts.ts';
import { staffList } from '../data/records.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useUploads } from '../data/uploads.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { FileButton } from '../parts/file-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { jobTexts } from '../parts/names.ts';
import { UploadList } from '../parts/upload-list.tsx';
import { useSession } from '../session/session.tsx';
import { appendSending, dropSending } from './sending.ts';
import styles from './composer.module.css';

type Visibility = AddComment['visibility'];
type Draft = { body: string; visibility: Visibility; mentioned: { id: string; name: string }[]; files: FileSummary[] };

/** What keys may ask of the composer. */
export type ComposerHandle = { write: (visibility: Visibility) => void };

const isEmpty = (draft: Draft): boolean => draft.body.trim() === '' && draft.files.length === 0;

/** Where one answers the customer or leaves a note for colleagues (回复与备注); what is written here is never lost. */
export function Composer({ ticket, ref }: { ticket: Ticket; ref: Ref<ComposerHandle> }) {
  const { t } = useTexts();
  const { me, may } = useSession();
  const queryClient = useQueryClient();
  const kinds: Visibility[] = [...(may('ticket.reply') ? ['public' as const] : []), ...(may('ticket.note') ? ['internal' as const] : [])];
  const [blank] = useState<Draft>({ body: '', visibility: kinds[0] ?? 'internal', mentioned: [], files: [] });
  const [draft, change, discard] = useDraft(`comment.${me.id}.${ticket.id}`, blank, isEmpty);
  const uploads = useUploads(draft.files, (files) => change((before) => ({ ...before, files })));
  const [opened, setOpened] = useState(!isEmpty(draft));
  const [dragging, setDragging] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  const attempt = useRef(newIdempotencyKey());
  const internal = draft.visibility === 'internal';

  const focus = (): void => {
    setOpened(true);
    requestAnimationFrame(() => box.current?.querySelector('textarea')?.focus());
  };
  useImperativeHandle(ref, () => ({
    write(visibility) {
      if (!kinds.includes(visibility)) return;
      change((before) => ({ ...before, visibility }));
      focus();
    },
  }));

  const send = useMutation({
    mutationFn: async (comment: AddComment) => (await api.post<Comment>(`/tickets/${ticket.id}/comments`, comment, { idempotencyKey: attempt.current })).data,
    onMutate: (comment) => appendSending(queryClient, ticket.number, comment, me, uploads.ready),
    onSuccess: () => {
      attempt.current = newIdempotencyKey();
      discard();
      uploads.clear();
      setOpened(false);
    },
    onError: () => {
      // A changed text is another attempt.
      attempt.current = newIdempotencyKey();
      dropSending(queryClient, ticket.number);
    },
    onSettled: () => {
      // What the server tells takes the place of what was shown in advance.
      void queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(ticket.number) });
      void queryClient.invalidateQueries({ queryKey: ticketKeys.detail(ticket.number) });
    },
  });

  function submit(): void {
    const body = draft.body.trim();
    if (body === '' || uploads.busy || send.isPending) return;
    const mentions = internal ? draft.mentioned.filter(({ name }) => body.includes(`@${name}`)).map(({ id }) => id) : [];
    send.mutate({
      body,
      visibility: draft.visibility,
      ...(mentions.length > 0 ? { mentions: [...new Set(mentions)] } : {}),
      ...(uploads.ready.length > 0 ? { attachments: uploads.ready.map((file) => file.id) } : {}),
    });
  }

  const [sought, setSought] = useState<string | null>(null);
  const soughtName = useDebounced(sought ?? '');
  const colleagues = useInfiniteQuery({ ...staffList(soughtName === '' ? {} : { q: soughtName }), enabled: sought !== null });
  const options = (colleagues.data?.pages[0]?.items ?? []).slice(0, 20);

  return (
    <form
      ref={box}
      className={styles.composer}
      data-internal={internal || undefined}
      data-dragging={dragging || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onPaste={(event) => {
        if (event.clipboardData.files.length === 0) return;
        event.preventDefault();
        setOpened(true);
        uploads.add([...event.clipboardData.files]);
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragging(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        setOpened(true);
        uploads.add([...event.dataTransfer.files]);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          submit();
        }
        if (event.key === 'Escape' && event.target instanceof HTMLTextAreaElement) event.target.blur();
      }}
    >
      {dragging && <div className={styles.drop}>{t('composer.drop')}</div>}
      {kinds.length > 1 && opened && (
        <Segmented<Visibility>
          size="small"
          className={styles.kinds}
          aria-label={t('composer.kind')}
          value={draft.visibility}
          onChange={(visibility) => {
            change((before) => ({ ...before, visibility }));
            focus();
          }}
          options={[
            { value: 'public', label: t('composer.public'), icon: <Icon name="reply" size={14} /> },
            { value: 'internal', label: t('composer.internal'), icon: <Icon name="lock" size={14} /> },
          ]}
        />
      )}
      <Mentions
        className={styles.text}
        variant="borderless"
        autoSize={{ minRows: opened ? 3 : 1, maxRows: 12 }}
        maxLength={20_000}
        prefix={internal ? '@' : []}
        placement="top"
        placeholder={internal ? t('composer.internalHint') : t('composer.publicHint')}
        aria-label={internal ? t('composer.internal') : t('composer.public')}
        value={draft.body}
        loading={colleagues.isFetching}
        filterOption={false}
        onFocus={() => setOpened(true)}
        onSearch={setSought}
        onChange={(body) => change((before) => ({ ...before, body }))}
        onSelect={(option) => {
          const person = options.find((one) => one.name === option.value);
          if (person !== undefined) change((before) => ({ ...before, mentioned: [...before.mentioned.filter(({ id }) => id !== person.id), { id: person.id, name: person.name }] }));
        }}
        options={options.map((person) => ({
          key: person.id,
          value: person.name,
          label: (
            <span className={styles.colleague}>
              {person.name}
              <span>{[t(jobTexts[person.job]), ...person.teams.map((team) => team.name)].join(' · ')}</span>
            </span>
          ),
        }))}
      />
      <UploadList uploads={uploads.uploads} refusal={uploads.refusal} onRemove={uploads.remove} />
      {send.isError && <ProblemAlert error={send.error} />}
      {opened && (
        <div className={styles.foot}>
          <FileButton iconOnly onFiles={uploads.add} />
          <span className={styles.hint}>{uploads.busy ? t('composer.uploading') : isEmpty(draft) ? t('composer.sendKey') : t('composer.draft')}</span>
          <Button type="primary" htmlType="submit" loading={send.isPending} disabled={draft.body.trim() === '' || uploads.busy}>
            {internal ? t('composer.note') : t('composer.send')}
          </Button>
        </div>
      )}
    </form>
  );
}
