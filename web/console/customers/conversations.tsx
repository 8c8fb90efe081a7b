import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ago } from '../../ui/react/index.ts';
import { iconOf, named } from '../channels/kinds.ts';
import { useChannelTexts } from '../channels/texts.ts';
import { Icon } from '../parts/icon.tsx';
import { conversationsOf } from './data.ts';
import { useCustomerTexts } from './texts.ts';
import styles from './record.module.css';

/** By which channels somebody writes, and what each conversation is about (跨渠道会话). */
export function Conversations({ customerId }: { customerId: string }) {
  const { t: say } = useCustomerTexts();
  const { t: sayChannel } = useChannelTexts();
  const { data } = useQuery(conversationsOf(customerId));
  if (data === undefined || data.length === 0) return null;
  return (
    <section className={styles.card}>
      <div className={styles.cardHead}><h2>{say('page.conversations')}</h2></div>
      <ul className={styles.list}>
        {data.map((one) => (
          <li key={one.id}>
            <span title={named(sayChannel, 'kind', one.channel)}><Icon name={iconOf(one.channel)} size={16} /></span>
            <div className={styles.grow}>
              <strong dir="auto">{one.account}</strong>{one.contact !== null && <span dir="auto"> · {one.contact}</span>}
              <p className={styles.muted}>
                {one.lastInboundAt === null ? say('page.never') : <Ago value={one.lastInboundAt} />}
                {one.ticket !== null && <> · <Link to="/tickets/$number" params={{ number: one.ticket.number }} title={one.ticket.subject}>{say('page.about', { number: one.ticket.number })}</Link></>}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
