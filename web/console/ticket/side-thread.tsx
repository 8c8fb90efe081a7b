import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import type { SideConversation } from '../../../contract/collaboration.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, Avatar, ProblemAlert } from '../../ui/react/index.ts';
import { sideMessages } from '../data/desk.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useUploads } from '../data/uploads.ts';
import { useTexts } from '../i18n.ts';
import { LongText } from '../parts/long-text.tsx';
import { useSession } from '../session/session.tsx';
import { Attachments } from './attachments.tsx';
import { SideWriter, contentOf, emptySideDraft, isSendable } from './side-writer.tsx';
import styles from './side-conversations.module.css';

/** With whom a conversation is. */
export const partner = (side: SideConversation): string => side.team?.name ?? side.department?.name ?? side.email?.name ?? side.email?.address ?? '';

/** Has everything read anew that shows a conversation. */
export function useRenewSide(): (number: string) => void {
  const queryClient = useQueryClient();
  return (number) => {
    for (const queryKey of [['side'], ticketKeys.timeline(number)]) void queryClient.invalidateQueries({ queryKey });
  };
}

/** A conversation beside a ticket (旁路会话), read and answered; by those who take part as well who do not read the ticket. */
export function SideThread({ side, onClose, linked = false }: { side: SideConversation; onClose: () => void; linked?: boolean }) {
  const { t } = useTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const renew = useRenewSide();
  const [draft, setDraft] = useState(emptySideDraft);
  const uploads = useUploads([], () => {});
  const messages = useQuery(sideMessages(side.id));
  const reply = useMutation({
    mutationFn: () => postOnce(`/side-conversations/${side.id}/messages`, contentOf(draft, uploads.ready)),
    onSuccess: () => {
      setDraft(emptySideDraft);
      uploads.clear();
      renew(side.ticket.number);
    },
  });
  const turn = useMutation({
    mutationFn: () => postOnce(`/side-conversations/${side.id}/${side.state === 'closed' ? 'reopen' : 'close'}`, {}),
    onSuccess: () => renew(side.ticket.number),
    onError: (error) => void message.error(asProblem(error).title),
  });
  const send = (): void => {
    if (isSendable(draft) && !reply.isPending && !uploads.busy) reply.mutate();
  };
  return (
    <Modal
      open
      width={640}
      title={<span className={styles.subject}>{partner(side)} · {side.subject}</span>}
      onCancel={onClose}
      footer={null}
    >
      {linked && (
        <p className={styles.meta}>
          {side.ticket.id === null ? t('side.ofHidden', { number: side.ticket.number }) : <Link to="/tickets/$number" params={{ number: side.ticket.number }} onClick={onClose}>{t('side.of', { number: side.ticket.number })}</Link>}
        </p>
      )}
      {messages.isError && <ProblemAlert error={messages.error} onRetry={() => void messages.refetch()} />}
      <ol className={styles.messages} tabIndex={0} aria-label={side.subject}>
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
              <LongText text={one.body} />
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
          <SideWriter ticketNumber={side.ticket.id === null ? null : side.ticket.number} draft={draft} onChange={setDraft} uploads={uploads} label={t('side.reply')} onSend={send}>
            <Button type="text" loading={turn.isPending} onClick={() => turn.mutate()}>{t('side.close')}</Button>
            <Button type="primary" htmlType="submit" disabled={!isSendable(draft) || uploads.busy} loading={reply.isPending}>{t('side.send')}</Button>
          </SideWriter>
        </form>
      )}
      {may('ticket.note') && side.state === 'closed' && (
        <p className={styles.ended}>
          {t('side.closed')}
          <Button size="small" loading={turn.isPending} onClick={() => turn.mutate()}>{t('side.reopen')}</Button>
        </p>
      )}
    </Modal>
  );
}
