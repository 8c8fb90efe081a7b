import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Input, Radio } from 'antd';
import { useEffect, useState, type FormEvent } from 'react';
import type { CallCard } from '../../../contract/call.ts';
import { limits } from '../../../contract/common.ts';
import { asProblem } from '../../ui/api.ts';
import { Ago, ProblemAlert, StatusTag } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { CategorySelect } from '../parts/category-select.tsx';
import { Icon } from '../parts/icon.tsx';
import { Tier } from '../customers/tier.tsx';
import { useSession } from '../session/session.tsx';
import { LineControls } from '../softphone/line-controls.tsx';
import { NotePart, RecordingPart, TicketPart } from './call-details.tsx';
import { callOf } from './data.ts';
import { useCallTexts } from './texts.ts';
import { useCall } from './use-call.ts';
import { lengthOf, stateWords, whoOf } from './words.ts';
import styles from './calls.module.css';

/** Calls that popped up (来电弹屏), the newest first and open; the others folded. The one that is held has what it takes to answer it in the browser. */
export function CallPop({ ids, held, onClose }: { ids: readonly string[]; held: string | null; onClose: (id: string) => void }) {
  // What somebody folded or opened stays so, whatever rings beside it.
  const [chosen, setChosen] = useState<Readonly<Record<string, boolean>>>({});
  const isOpen = (id: string, index: number): boolean => chosen[id] ?? index === 0;
  return (
    <>
      {ids.map((id, index) => <Card key={id} id={id} holdsLine={id === held} open={isOpen(id, index)} onToggle={() => setChosen((before) => ({ ...before, [id]: !isOpen(id, index) }))} onClose={() => onClose(id)} />)}
    </>
  );
}

function Card({ id, holdsLine, open, onToggle, onClose }: { id: string; holdsLine: boolean; open: boolean; onToggle: () => void; onClose: () => void }) {
  const { t: say } = useCallTexts();
  const { data: call, error, refetch } = useQuery(callOf(id));
  // It was handed on, or nobody took it and somebody calls back.
  const gone = (error !== null && asProblem(error).status === 404) || (call?.state === 'missed' && call.direction === 'inbound' && call.note === '');
  useEffect(() => {
    if (gone) onClose();
  }, [gone, onClose]);
  if (gone) return null;
  if (call === undefined) return error === null ? null : <section className={styles.pop}><ProblemAlert error={error} onRetry={() => void refetch()} /></section>;
  return (
    <section className={styles.pop} role="dialog" aria-label={say('pop.label', { who: whoOf(call) })} data-state={call.state}>
      <header className={styles.popHead}>
        <span className={styles.bell}><Icon name="phone" size={18} /></span>
        <div className={styles.popWho}>
          <p className={styles.popState} role="status">{stateWords(call)}<Timer call={call} /></p>
          <p className={styles.popName}>{call.customer !== null && <b>{call.customer.name}</b>}<span className={styles.popNumber}>{call.number ?? say('hidden')}</span></p>
          {call.line !== null && <p className={styles.muted}>{say(call.direction === 'inbound' ? 'pop.line' : 'pop.lineOut', { line: call.line })}</p>}
        </div>
        <Button type="text" icon={<Icon name={open ? 'chevronDown' : 'chevronUp'} />} aria-label={say(open ? 'pop.fold' : 'pop.unfold')} aria-expanded={open} onClick={onToggle} />
        <Button type="text" icon={<Icon name="close" />} aria-label={say('pop.close')} onClick={onClose} />
      </header>
      {holdsLine && <div className={styles.popLine}><LineControls docked /></div>}
      {open && <PopBody call={call} onLeft={onToggle} />}
    </section>
  );
}

/** How long it rings or is talked, as it goes on. */
function Timer({ call }: { call: CallCard }) {
  const [now, setNow] = useState(() => Date.now());
  const over = call.seconds !== null;
  useEffect(() => {
    if (over) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [over]);
  const from = new Date(call.answeredAt ?? call.startedAt).getTime();
  return <span className={styles.timer}>{lengthOf(call.seconds ?? Math.max(0, (now - from) / 1_000))}</span>;
}

function PopBody({ call, onLeft }: { call: CallCard; onLeft: () => void }) {
  const { t: say } = useCallTexts();
  const { may } = useSession();
  const { change } = useCall(call.id);
  // Who it is, as the one who talks to them says; until then as the number says.
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  const standing = call.customer?.id ?? (call.people.length === 1 ? call.people[0]!.id : null);
  const picked = chosen === undefined ? standing : chosen;
  const person = call.people.find((one) => one.id === picked) ?? null;
  return (
    <div className={styles.popBody}>
      {call.people.length === 0 ? <p className={styles.muted}>{say('people.none')}</p> : (
        <Radio.Group className={styles.people} aria-label={say('people')} value={picked ?? 'other'} onChange={(event) => setChosen(event.target.value === 'other' ? null : event.target.value as string)}>
          {call.people.map((one) => (
            <Radio key={one.id} value={one.id}>
              <span className={styles.person}>
                <Link to="/customers/$id" params={{ id: one.id }} search={{}}>{one.name}</Link>
                <Tier tier={one.tier} />
                {one.account !== null && <span className={styles.muted}>{one.account.name}</span>}
                {one.verified ? <Badge>{say('people.verified')}</Badge> : <span className={styles.caution}>{say('people.unverified')}</span>}
              </span>
            </Radio>
          ))}
          <Radio value="other">{say('people.other')}</Radio>
        </Radio.Group>
      )}
      {call.ticket === null && person !== null && <OpenTickets title={say('tickets')} tickets={person.tickets} pending={change.isPending} onLink={(ticketId) => change.mutate({ ticketId, customerId: person.id })} />}
      {call.ticket === null && call.tickets.length > 0 && <OpenTickets title={say('tickets.atNumber')} tickets={call.tickets} pending={change.isPending} onLink={(ticketId) => change.mutate({ ticketId })} />}
      {call.ticket === null && may('ticket.create') && <NewTicket call={call} customerId={picked} onOpened={onLeft} />}
      <TicketPart call={call} onOpened={onLeft} />
      <NotePart call={call} />
      {(call.recording.state !== 'none' || call.recording.failure !== null) && <RecordingPart call={call} />}
      <Contacts call={call} />
    </div>
  );
}

/** What is open, of one of whom it may be, or with the number that calls. */
function OpenTickets({ title, tickets, pending, onLink }: { title: string; tickets: CallCard['tickets']; pending: boolean; onLink: (ticketId: string) => void }) {
  const { t: say } = useCallTexts();
  return (
    <section aria-label={title}>
      <h3 className={styles.small}>{title}</h3>
      {tickets.length === 0 && <p className={styles.muted}>{say('tickets.none')}</p>}
      <ul className={styles.rows}>
        {tickets.map((ticket) => (
          <li key={ticket.id}>
            <Link className={styles.rowMain} to="/tickets/$number" params={{ number: ticket.number }}><span className={styles.number}>{ticket.number}</span> {ticket.subject}</Link>
            <StatusTag status={ticket.status} />
            <Button size="small" loading={pending} aria-label={say('tickets.linkTo', { number: ticket.number })} onClick={() => onLink(ticket.id)}>{say('tickets.link')}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One step to a ticket (一键建单): press, and it is there; a few words first, where there is time. */
function NewTicket({ call, customerId, onOpened }: { call: CallCard; customerId: string | null; onOpened: () => void }) {
  const { t: say } = useCallTexts();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const { open } = useCall(call.id);
  const [subject, setSubject] = useState('');
  const [name, setName] = useState('');
  const [category, setCategory] = useState<string | undefined>(undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (open.isPending) return;
    open.mutate({ customerId, ...(subject.trim() === '' ? {} : { subject: subject.trim() }), ...(name.trim() === '' ? {} : { name: name.trim() }), ...(category === undefined ? {} : { category }) }, {
      onSuccess: (ticket) => {
        void message.success(say('new.created', { number: ticket.number }));
        void navigate({ to: '/tickets/$number', params: { number: ticket.number } });
        // The ticket itself says more, and is not to lie behind the card.
        onOpened();
      },
    });
  };
  return (
    <form className={styles.newTicket} onSubmit={submit} aria-label={say('new')}>
      {open.isError && <ProblemAlert error={open.error} />}
      {customerId === null && call.people.length === 0 && <Input value={name} maxLength={limits.name} aria-label={say('people.name')} placeholder={say('people.name')} onChange={(event) => setName(event.target.value)} />}
      <div className={styles.newLine}>
        <Input value={subject} maxLength={limits.subject} aria-label={say('new.subject')} placeholder={say('new.subject')} onChange={(event) => setSubject(event.target.value)} />
        <CategorySelect className={styles.wide} value={category} onChange={setCategory} placeholder={say('new.category')} allowClear />
      </div>
      <Button type="primary" htmlType="submit" block icon={<Icon name="plus" />} loading={open.isPending}>{say('new.create')}</Button>
    </form>
  );
}

/** What passed before, by whatever channel. */
function Contacts({ call }: { call: CallCard }) {
  const { t: say } = useCallTexts();
  return (
    <section aria-label={say('contacts')}>
      <h3 className={styles.small}>{say('contacts')}</h3>
      {call.contacts.length === 0 && <p className={styles.muted}>{say('contacts.none')}</p>}
      <ul className={styles.rows}>
        {call.contacts.map((contact, index) => (
          <li key={index}>
            <Icon name={contact.kind === 'call' ? 'phone' : contact.kind === 'message' ? 'reply' : 'queue'} size={14} />
            <span className={styles.rowMain}>
              <span className={styles.kind}>{say(`contact.${contact.kind}`)}</span>
              {contact.kind === 'call' && ['ringing', 'answered', 'ended', 'missed'].includes(contact.text) ? stateWords({ state: contact.text as CallCard['state'], direction: contact.direction === 'outbound' ? 'outbound' : 'inbound' }) : contact.text}
            </span>
            <Ago value={contact.at} />
          </li>
        ))}
      </ul>
    </section>
  );
}
