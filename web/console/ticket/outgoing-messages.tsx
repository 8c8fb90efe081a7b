import { Button } from 'antd';
import { newIdempotencyKey } from '../../ui/api.ts';
import { Avatar } from '../../ui/react/index.ts';
import type { KeptMessage, OutgoingMessage } from '../data/outgoing.ts';
import { useTexts } from '../i18n.ts';
import { outgoing } from '../live/outgoing.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { LongText } from '../parts/long-text.tsx';
import { useSession } from '../session/session.tsx';
import { Attachments } from './attachments.tsx';
import styles from './timeline-item.module.css';

/** A moment in which a message usually arrives: what can be done about it need not flash past. */
const usual = 1500;

/** What one has sent and the server has not answered yet, at the end of the timeline (发送中的回复). */
export function OutgoingMessages({ messages, onTakenBack }: { messages: readonly OutgoingMessage[]; onTakenBack: (message: KeptMessage) => void }) {
  return messages.map((message) => <Pending key={message.key} message={message} onTakenBack={onTakenBack} />);
}

function Pending({ message, onTakenBack }: { message: OutgoingMessage; onTakenBack: (message: KeptMessage) => void }) {
  const { t } = useTexts();
  const { me } = useSession();
  const { key, comment, state, refusal } = message;
  const internal = comment.visibility === 'internal';

  function takeBack(): void {
    const taken = outgoing().takeBack(key);
    if (taken !== null) onTakenBack(taken);
  }
  const edit = (
    <Button size="small" onClick={takeBack}>
      {state === 'refused' ? t('outgoing.edit') : t('outgoing.takeBack')}
    </Button>
  );
  return (
    <li className={styles.message} data-kind={internal ? 'note' : 'outbound'} data-outgoing={state}>
      <Avatar name={me.name} size={28} />
      <div className={styles.bubble}>
        <div className={styles.head}>
          <strong>{me.name}</strong>
          <span className={styles.label}>
            {internal && <Icon name="lock" size={12} />}
            {internal ? t('timeline.note') : t('timeline.toCustomer')}
          </span>
          <span className={styles.outgoing} role="status">
            <Icon name={state === 'refused' ? 'info' : 'clock'} size={12} />
            {state === 'refused' ? t('outgoing.refused') : state === 'waiting' ? (navigator.onLine ? t('outgoing.waiting') : t('outgoing.offline')) : t('outgoing.sending')}
          </span>
        </div>
        <LongText text={comment.body} />
        <Attachments files={message.files} />
        {state === 'refused' && (
          <div className={styles.outgoingFoot}>
            <p role="alert">{refusal}</p>
            {edit}
            <Button size="small" onClick={() => outgoing().retry(key, newIdempotencyKey())}>
              {t('outgoing.retry')}
            </Button>
          </div>
        )}
        {state === 'waiting' && <div className={styles.outgoingFoot}>{edit}</div>}
        {state === 'sending' && (
          <Delayed after={usual}>
            <div className={styles.outgoingFoot}>{edit}</div>
          </Delayed>
        )}
      </div>
    </li>
  );
}
