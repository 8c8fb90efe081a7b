import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useEffect, useState } from 'react';
import type { HeldReply } from '../../../contract/desk.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Avatar } from '../../ui/react/index.ts';
import { deskKeys, forgetHeld, heldMemory } from '../data/desk.ts';
import type { KeptMessage } from '../data/outgoing.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { useSession } from '../session/session.tsx';
import { Attachments } from './attachments.tsx';
import styles from './timeline-item.module.css';

type Props = { number: string; held: readonly HeldReply[]; onTakenBack: (message: KeptMessage) => void };

/** Replies that have not left yet and can be taken back (撤销发送), and those that could not leave. */
export function HeldReplies({ number, held, onTakenBack }: Props) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [taking, setTaking] = useState<string | null>(null);

  async function takeBack(reply: HeldReply): Promise<void> {
    setTaking(reply.id);
    const key = deskKeys.held(reply.ticketId);
    try {
      const { data } = await api.delete<HeldReply>(`/tickets/${reply.ticketId}/held-replies/${reply.id}`);
      queryClient.setQueryData<HeldReply[]>(key, (before) => before?.filter(({ id }) => id !== reply.id));
      onTakenBack({ key: reply.id, ticketId: reply.ticketId, number, comment: data.comment, ...heldMemory(reply.id), at: reply.createdAt, attempts: 0, refusal: null });
      forgetHeld(reply.id);
      void message.success(t('held.undone'));
    } catch (error) {
      const problem = asProblem(error);
      void message.warning(problem.code === 'held_reply_sent' || problem.status === 404 ? t('held.tooLate') : problem.title);
      void queryClient.invalidateQueries({ queryKey: key });
    } finally {
      setTaking(null);
    }
  }

  const last = held.at(-1);
  useKeys(last === undefined ? {} : { z: () => void takeBack(last) });
  return held.map((reply) => <Held key={reply.id} reply={reply} busy={taking === reply.id} onTakeBack={() => void takeBack(reply)} />);
}

function Held({ reply, busy, onTakeBack }: { reply: HeldReply; busy: boolean; onTakeBack: () => void }) {
  const { t } = useTexts();
  const { me } = useSession();
  const failed = reply.state === 'failed';
  const left = useSecondsLeft(reply);
  return (
    <li className={styles.message} data-kind={reply.comment.visibility === 'internal' ? 'note' : 'outbound'} data-outgoing={failed ? 'refused' : 'held'}>
      <Avatar name={me.name} size={28} />
      <div className={styles.bubble}>
        <div className={styles.head}>
          <strong>{me.name}</strong>
          <span className={styles.label}>{t(reply.comment.visibility === 'internal' ? 'timeline.note' : 'timeline.toCustomer')}</span>
          <span className={styles.outgoing} role="status">
            <Icon name={failed ? 'info' : 'clock'} size={12} />
            {failed ? t('held.failed') : left > 0 ? <span aria-label={t('held.leaving')}>{t('held.in', { count: left })}</span> : t('held.sending')}
          </span>
        </div>
        <p className="prose">{reply.comment.body}</p>
        <Attachments files={heldMemory(reply.id).files} />
        {(failed || left > 0) && (
          <div className={styles.outgoingFoot}>
            {failed && <p role="alert">{reply.problem?.title}</p>}
            <Button size="small" loading={busy} icon={<Icon name={failed ? 'edit' : 'undo'} size={14} />} title={failed ? undefined : 'Z'} onClick={onTakeBack}>
              {failed ? t('held.edit') : t('held.undo')}
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}

/** How long a reply can still be taken back; never longer than it is held, however wrong this device's clock goes. */
function useSecondsLeft(reply: HeldReply): number {
  const release = Date.parse(reply.releaseAt);
  const longest = Math.ceil((release - Date.parse(reply.createdAt)) / 1000);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.min(longest, Math.ceil((release - now) / 1000)));
}
