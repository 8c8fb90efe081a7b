import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Mentions, Segmented, Tooltip } from 'antd';
import { lazy, Suspense, useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import type { Macro } from '../../../contract/desk.ts';
import type { FileSummary } from '../../../contract/file.ts';
import type { AddComment, Ticket } from '../../../contract/ticket.ts';
import { newIdempotencyKey } from '../../ui/api.ts';
import { useDraft } from '../data/drafts.ts';
import type { KeptMessage } from '../data/outgoing.ts';
import { preferences } from '../data/desk.ts';
import { replyRoute } from '../data/tickets.ts';
import { useUploads } from '../data/uploads.ts';
import { useTexts } from '../i18n.ts';
import { outgoing } from '../live/outgoing.ts';
import { FileButton } from '../parts/file-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { RoomLeft } from '../parts/room-left.tsx';
import { lengthOf, textLimits } from '../parts/text-room.ts';
import { UploadList } from '../parts/upload-list.tsx';
import { useSession } from '../session/session.tsx';
import { useServerDraft } from './server-draft.ts';
import { useMentions } from './use-mentions.tsx';
import styles from './composer.module.css';

const QuickInsert = lazy(async () => ({ default: (await import('./quick-insert.tsx')).QuickInsert }));
const ReplyRouteLine = lazy(async () => ({ default: (await import('./reply-route-line.tsx')).ReplyRouteLine }));
const MacroDialog = lazy(async () => ({ default: (await import('./macro-dialog.tsx')).MacroDialog }));

type Visibility = AddComment['visibility'];
type Draft = { body: string; visibility: Visibility; mentioned: KeptMessage['mentioned']; files: FileSummary[] };

/** What keys and the timeline may ask of the composer. */
export type ComposerHandle = {
  write: (visibility: Visibility) => void;
  /** Puts a message that was taken back where it came from, before what has been written since. */
  takeBack: (message: KeptMessage) => void;
  /** Takes files that were let go over the page. */
  attach: (files: File[]) => void;
  /** Opens canned replies and macros. */
  quick: () => void;
  /** Shows what a macro would do. */
  macro: (macro: Macro) => void;
};

/** As long as the preferences are not known. */
const usualHold = 15;
/** While the customer is there. */
const liveHold = 3;
const fingerprint = ({ body, visibility, mentioned, files }: Draft): string =>
  body.trim() === '' && files.length === 0 ? '' : JSON.stringify([body, visibility, mentioned.map(({ id }) => id), files.map(({ id }) => id)]);

const isEmpty = (draft: Draft): boolean => draft.body.trim() === '' && draft.files.length === 0;

/** Where one answers the customer or leaves a note for colleagues (回复与备注); what is written here is never lost. */
export function Composer({ ticket, ref, onTyping }: { ticket: Ticket; ref: Ref<ComposerHandle>; onTyping: (note: boolean) => void }) {
  const { t } = useTexts();
  const { message, modal } = App.useApp();
  const { me, may } = useSession();
  const kinds: Visibility[] = [...(may('ticket.reply') ? ['public' as const] : []), ...(may('ticket.note') ? ['internal' as const] : [])];
  const [blank] = useState<Draft>({ body: '', visibility: kinds[0] ?? 'internal', mentioned: [], files: [] });
  const [draft, change, discard] = useDraft(`comment.${me.id}.${ticket.id}`, blank, isEmpty);
  const uploads = useUploads(draft.files, (files) => change((before) => ({ ...before, files })));
  const [opened, setOpened] = useState(!isEmpty(draft));
  const [dragging, setDragging] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  const internal = draft.visibility === 'internal';
  const queryClient = useQueryClient();
  const chosen = useQuery(preferences).data;
  const [quickAt, setQuickAt] = useState<number | null>(null);
  // What is typed behind “/” before the search is there is meant for it.
  const early = useRef('');
  const [macro, setMacro] = useState<Macro | null>(null);
  const [toChildren, setToChildren] = useState(false);
  const stored = useServerDraft<Draft>({
    place: `ticket:${ticket.id}:reply`,
    owner: me.id,
    value: draft,
    fingerprint,
    onAdopt: (other) => {
      change((before) => ({ ...before, ...other, visibility: kinds.includes(other.visibility) ? other.visibility : before.visibility }));
      uploads.clear();
      uploads.restore(other.files);
      setOpened(true);
    },
  });
  const caret = useRef<number | null>(null);
  useEffect(() => {
    // A text that was put in is followed by the caret.
    const area = box.current?.querySelector('textarea');
    if (caret.current === null || area == null) return;
    area.focus();
    area.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [draft.body]);

  function insert(at: number, text: string): void {
    caret.current = at + text.length;
    change((before) => ({ ...before, body: `${before.body.slice(0, at)}${text}${before.body.slice(at)}` }));
    if (text === '') focus();
  }
  function openQuick(): void {
    setOpened(true);
    early.current = '';
    setQuickAt(box.current?.querySelector('textarea')?.selectionStart ?? draft.body.length);
  }

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
    quick: openQuick,
    macro: setMacro,
    attach(files) {
      setOpened(true);
      uploads.add(files);
    },
    takeBack({ comment, mentioned, files }) {
      change((before) => ({
        ...before,
        body: before.body.trim() === '' ? comment.body : `${comment.body}\n\n${before.body}`,
        visibility: comment.visibility,
        mentioned: [...before.mentioned.filter(({ id }) => !mentioned.some((one) => one.id === id)), ...mentioned],
      }));
      uploads.restore(files);
      focus();
    },
  }));

  const children = ticket.children?.open ?? 0;

  const tooLong = lengthOf(draft.body.trim()) > textLimits.comment;

  function submit(): void {
    if (draft.body.trim() === '' || uploads.busy || tooLong) return;
    const failed = uploads.uploads.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
    if (failed.length === 0) {
      send();
      return;
    }
    // What was to go along is not left behind without a word.
    modal.confirm({
      title: t('composer.filesFailed', { count: failed.length }),
      content: failed.slice(0, 5).join(t('common.listSeparator')),
      okText: t('composer.sendWithout'),
      cancelText: t('common.cancel'),
      onOk: send,
    });
  }
  function send(): void {
    const body = draft.body.trim();
    const mentioned = internal ? draft.mentioned.filter(({ name }) => body.includes(`@${name}`)) : [];
    const people = [...new Set(mentioned.filter(({ team }) => team !== true).map(({ id }) => id))];
    const mentionTeams = [...new Set(mentioned.filter(({ team }) => team === true).map(({ id }) => id))].slice(0, 10);
    const usual = internal ? 0 : (chosen?.undoSeconds ?? usualHold);
    // Whoever sits before a chat waits for the answer.
    const way = queryClient.getQueryData(replyRoute(ticket.number).queryKey);
    const hold = way?.route === 'conversation' && way.conversation?.channel === 'web_chat' ? Math.min(usual, liveHold) : usual;
    outgoing().add({
      key: newIdempotencyKey(),
      ticketId: ticket.id,
      number: ticket.number,
      comment: {
        body,
        visibility: draft.visibility,
        ...(people.length > 0 ? { mentions: people } : {}),
        ...(mentionTeams.length > 0 ? { mentionTeams } : {}),
        ...(!internal && toChildren && children > 0 ? { toChildren: true } : {}),
        ...(uploads.ready.length > 0 ? { attachments: uploads.ready.map((file) => file.id) } : {}),
      },
      files: uploads.ready,
      mentioned,
      ...(hold > 0 ? { hold } : {}),
      at: new Date().toISOString(),
    });
    discard();
    uploads.clear();
    setToChildren(false);
    setOpened(false);
  }

  const mentions = useMentions((who) => change((before) => ({ ...before, mentioned: [...before.mentioned.filter(({ id }) => id !== who.id), who] })));

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
      {quickAt !== null && (
        <Suspense>
          <QuickInsert
            ticket={ticket}
            begun={() => {
              const typed = early.current;
              early.current = '';
              return typed;
            }}
            onClose={(typed) => {
              setQuickAt(null);
              insert(quickAt, typed);
            }}
            onInsert={(text, missing) => {
              setQuickAt(null);
              insert(quickAt, text);
              if (missing.length > 0) void message.info(t('quick.missing', { names: missing.join(t('common.listSeparator')) }), 5);
            }}
            onMacro={(one) => {
              setQuickAt(null);
              setMacro(one);
            }}
          />
        </Suspense>
      )}
      <Suspense>{macro !== null && <MacroDialog ticket={ticket} macro={macro} onClose={() => setMacro(null)} />}</Suspense>
      {stored.conflict !== null && (
        <div className={styles.conflict} role="alert">
          <p>{t('draft.conflict')}</p>
          <p className={styles.other}>{typeof stored.conflict.content.body === 'string' ? stored.conflict.content.body : ''}</p>
          <Button size="small" onClick={() => stored.resolve('theirs')}>{t('draft.useTheirs')}</Button>
          <Button size="small" onClick={() => stored.resolve('mine')}>{t('draft.useMine')}</Button>
        </div>
      )}
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
      {opened && !internal && <Suspense><ReplyRouteLine number={ticket.number} text={draft.body} files={uploads.ready.length} /></Suspense>}
      <Mentions
        className={styles.text}
        variant="borderless"
        autoSize={{ minRows: opened ? 3 : 1, maxRows: 12 }}
        prefix={internal ? '@' : []}
        placement="top"
        placeholder={internal ? t('composer.internalHint') : t('composer.publicHint')}
        aria-label={internal ? t('composer.internal') : t('composer.public')}
        value={draft.body}
        {...mentions.props}
        onFocus={() => setOpened(true)}
        onChange={(body) => {
          change((before) => ({ ...before, body }));
          onTyping(internal);
        }}
        onKeyDown={(event) => {
          if (quickAt !== null && !event.nativeEvent.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey && (event.key.length === 1 || event.key === 'Enter' || event.key === 'Backspace')) {
            event.preventDefault();
            early.current = event.key === 'Backspace' ? early.current.slice(0, -1) : event.key === 'Enter' ? early.current : early.current + event.key;
            return;
          }
          if (mentions.onKeyDown(event)) return;
          const area = event.target as HTMLTextAreaElement;
          const at = area.selectionStart;
          // In the midst of a word it is just a stroke, as in 3/4 or an address.
          if (event.key !== '/' || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || !/(^|\s)$/.test(draft.body.slice(0, at))) return;
          event.preventDefault();
          early.current = '';
          setQuickAt(at);
        }}
      />
      <RoomLeft text={draft.body.trim()} limit={textLimits.comment} />
      <UploadList uploads={uploads.uploads} refusal={uploads.refusal} onRemove={uploads.remove} onRetry={uploads.retry} />
      {opened && (
        <div className={styles.foot}>
          <FileButton iconOnly onFiles={uploads.add} />
          <Tooltip title={`${t('quick.open')}  /`}>
            <Button type="text" icon={<Icon name="play" />} aria-label={t('quick.open')} onClick={openQuick} />
          </Tooltip>
          {!internal && children > 0 && (
            <Checkbox checked={toChildren} onChange={(event) => setToChildren(event.target.checked)}>{t('related.toChildren')}</Checkbox>
          )}
          <span className={styles.hint}>{uploads.busy ? t('composer.uploading') : isEmpty(draft) ? t('composer.sendKey') : t('composer.draft')}</span>
          <Button type="primary" htmlType="submit" disabled={draft.body.trim() === '' || uploads.busy || tooLong}>
            {internal ? t('composer.note') : t('composer.send')}
          </Button>
        </div>
      )}
    </form>
  );
}
