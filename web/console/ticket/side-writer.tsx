import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Popover } from 'antd';
import { useState, type ReactNode } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import type { TimelineEntry } from '../../../contract/ticket.ts';
import { Ago } from '../../ui/react/index.ts';
import { ticketTimeline } from '../data/tickets.ts';
import type { useUploads } from '../data/uploads.ts';
import { useTexts } from '../i18n.ts';
import { FileButton } from '../parts/file-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { roomCount } from '../parts/room-left.tsx';
import { lengthOf, textLimits } from '../parts/text-room.ts';
import { UploadList } from '../parts/upload-list.tsx';
import styles from './side-conversations.module.css';

/** What is being written beside a ticket: text, messages of the ticket that are quoted, files of it that are shown. */
export interface SideDraft {
  body: string;
  quoteIds: string[];
  shareFileIds: string[];
}
export const emptySideDraft: SideDraft = { body: '', quoteIds: [], shareFileIds: [] };

type Props = {
  /** The ticket it is beside, where the writer reads it; without it nothing can be quoted. */
  ticketNumber: string | null;
  draft: SideDraft;
  onChange: (draft: SideDraft) => void;
  uploads: ReturnType<typeof useUploads>;
  label: string;
  rows?: number;
  onSend?: () => void;
  /** What is done with it, at the end of the line of tools. */
  children?: ReactNode;
};

type Said = NonNullable<TimelineEntry['comment']>;

/** Where one writes beside a ticket (旁路会话输入): with quotes and files, pasted and dropped as well. */
export function SideWriter({ ticketNumber, draft, onChange, uploads, label, rows = 2, onSend, children }: Props) {
  const { t } = useTexts();
  const timeline = useInfiniteQuery({ ...ticketTimeline(ticketNumber ?? ''), enabled: ticketNumber !== null });
  const messages = (timeline.data?.pages ?? []).flatMap((page) => page.items).flatMap((entry) => (entry.comment === null ? [] : [entry.comment]));
  const files = [...new Map((timeline.data?.pages ?? []).flatMap((page) => page.items).flatMap((entry) => [...entry.files, ...(entry.comment?.files ?? [])]).map((file) => [file.id, file])).values()];
  const quoted = messages.filter(({ id }) => draft.quoteIds.includes(id));
  const shared = files.filter(({ id }) => draft.shareFileIds.includes(id));
  return (
    <div
      className={styles.writer}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        uploads.add([...event.dataTransfer.files]);
      }}
      onPaste={(event) => {
        if (event.clipboardData.files.length === 0) return;
        event.preventDefault();
        uploads.add([...event.clipboardData.files]);
      }}
    >
      {(quoted.length > 0 || shared.length > 0) && (
        <ul className={styles.chips}>
          {quoted.map((one) => (
            <li key={one.id} className={styles.quote}>
              <span>{one.author.name ?? t('timeline.customer')} {one.body}</span>
              <Button size="small" type="text" icon={<Icon name="close" size={12} />} aria-label={t('side.unquote', { text: one.body.slice(0, 40) })} onClick={() => onChange({ ...draft, quoteIds: draft.quoteIds.filter((id) => id !== one.id) })} />
            </li>
          ))}
          {shared.map((file) => (
            <li key={file.id} className={styles.quote}>
              <span><Icon name="paperclip" size={12} /> {file.name}</span>
              <Button size="small" type="text" icon={<Icon name="close" size={12} />} aria-label={t('upload.remove', { name: file.name })} onClick={() => onChange({ ...draft, shareFileIds: draft.shareFileIds.filter((id) => id !== file.id) })} />
            </li>
          ))}
        </ul>
      )}
      <Input.TextArea
        autoSize={{ minRows: rows, maxRows: 12 }} count={roomCount(textLimits.comment)} placeholder={label} aria-label={label} value={draft.body} onChange={(event) => onChange({ ...draft, body: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSend?.();
        }}
      />
      <UploadList uploads={uploads.uploads} refusal={uploads.refusal} onRemove={uploads.remove} onRetry={uploads.retry} />
      <div className={styles.tools}>
        <FileButton iconOnly onFiles={uploads.add} />
        {messages.length > 0 && <Chooser icon="reply" text={t('side.quote')}><Messages messages={messages} value={draft.quoteIds} onChange={(quoteIds) => onChange({ ...draft, quoteIds })} /></Chooser>}
        {files.length > 0 && <Chooser icon="link" text={t('side.share')}><Files files={files} value={draft.shareFileIds} onChange={(shareFileIds) => onChange({ ...draft, shareFileIds })} /></Chooser>}
        {children !== undefined && <span className={styles.ends}>{children}</span>}
      </div>
    </div>
  );
}

/** Whether a draft can be sent: it says something, and no more than there is room for. */
export const isSendable = (draft: SideDraft): boolean => draft.body.trim() !== '' && lengthOf(draft.body.trim()) <= textLimits.comment;

/** What is sent of a draft: the quotes and files that were chosen, and no empty lists. */
export function contentOf(draft: SideDraft, ready: readonly FileSummary[]): { body: string; quoteIds?: string[]; shareFileIds?: string[]; attachments?: string[] } {
  return {
    body: draft.body.trim(), ...(draft.quoteIds.length > 0 ? { quoteIds: draft.quoteIds } : {}), ...(draft.shareFileIds.length > 0 ? { shareFileIds: draft.shareFileIds } : {}),
    ...(ready.length > 0 ? { attachments: ready.map(({ id }) => id) } : {}),
  };
}

function Chooser({ icon, text, children }: { icon: 'reply' | 'link'; text: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover trigger="click" placement="topLeft" open={open} onOpenChange={setOpen} title={text} content={<div className={styles.chooser}>{children}</div>}>
      <Button type="text" size="small" icon={<Icon name={icon} size={14} />} aria-haspopup="dialog">{text}</Button>
    </Popover>
  );
}

const most = 20;

function Messages({ messages, value, onChange }: { messages: readonly Said[]; value: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTexts();
  return (
    <Checkbox.Group className={styles.options} value={value} onChange={(ids) => onChange(ids as string[])} options={messages.toReversed().map((one) => ({
      value: one.id, disabled: value.length >= most && !value.includes(one.id),
      label: <span className={styles.option}><span><b>{one.author.name ?? t('timeline.customer')}</b> {one.visibility === 'internal' && t('timeline.note')} <Ago value={one.createdAt} /></span><span>{one.body}</span></span>,
    }))} />
  );
}

function Files({ files, value, onChange }: { files: readonly FileSummary[]; value: string[]; onChange: (ids: string[]) => void }) {
  return <Checkbox.Group className={styles.options} value={value} onChange={(ids) => onChange(ids as string[])} options={files.map((file) => ({ value: file.id, label: file.name }))} />;
}
