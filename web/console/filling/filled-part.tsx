import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import type { Completion, Guess } from '../../../contract/completion.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { api, asProblem } from '../../ui/api.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago } from '../../ui/react/index.ts';
import { bracketed } from '../../ui/punctuation.ts';
import { NamesContext } from '../form/answer-names.ts';
import { AnswerText } from '../form/answer-text.tsx';
import { formVersion } from '../form/form-queries.ts';
import { useTexts } from '../i18n.ts';
import { ticketDetail, ticketKeys } from '../data/tickets.ts';
import { useReader } from '../live/reader.ts';
import { applyTicket } from '../live/ticket-cache.ts';
import { CategorySelect } from '../parts/category-select.tsx';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Correction } from '../ticket/correct/correct-dialog.tsx';
import { useQuickUpdate } from '../ticket/ticket-changes.ts';
import { isFillingPhrase, useFillingTexts } from './texts.ts';
import styles from './filling.module.css';

type Say = ReturnType<typeof useFillingTexts>['t'];

const pollMilliseconds = 3_000;

/** What was filled into a ticket by itself (自动填写情况): guesses to confirm or put right, and what other systems said. */
export function FilledPart({ ticket, editable, onCorrect, onField }: { ticket: Ticket; editable: boolean; onCorrect: (what: Correction) => void; onField: (key: string) => void }) {
  const { t: say } = useFillingTexts();
  const form = useQuery({ ...formVersion(ticket.type.id, ticket.formVersion), enabled: ticket.formVersion > 0 && ticket.guesses.some(({ field }) => field.startsWith('fields.')) }).data?.form;
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const reader = useReader();
  const done = (changed: Ticket): void => {
    applyTicket(queryClient, changed, reader);
    void queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(ticket.number) });
  };
  const refused = (error: unknown): void => void message.error(asProblem(error).title);
  const confirm = useMutation({ mutationFn: (fields: string[]) => postOnce<Ticket>(`/tickets/${ticket.id}/guesses/confirm`, { fields }), onSuccess: done, onError: refused });
  const again = useMutation({ mutationFn: async (connector: string) => (await api.post<Ticket>(`/tickets/${ticket.id}/completions/${connector}/ask`)).data, onSuccess: done, onError: refused });
  const { guesses, completions } = ticket;
  // That another system has nothing to fill in changes nothing of the ticket, so nothing else tells of it.
  useQuery({ ...ticketDetail(ticket.number), refetchInterval: completions.some(({ state }) => state === 'waiting') ? pollMilliseconds : false });
  return (
    <>
      {guesses.length > 0 && (
        <section className={styles.part} aria-label={say('guess')}>
          <div className={styles.heading}>
            <h2 className={styles.title}>{say('guess')}</h2>
            {editable && guesses.length > 1 && <Button type="link" size="small" loading={confirm.isPending} onClick={() => confirm.mutate(guesses.map(({ field }) => field))}>{say('guess.all')}</Button>}
          </div>
          <p className={styles.muted}>{say('guess.hint')}</p>
          <NamesContext value={ticket.fieldNames}>
            <ul className={styles.guesses}>
              {guesses.map((guess) => <GuessLine key={guess.field} say={say} guess={guess} ticket={ticket} editable={editable} form={form} onConfirm={() => confirm.mutate([guess.field])} onCorrect={onCorrect} onField={onField} />)}
            </ul>
          </NamesContext>
        </section>
      )}
      {completions.length > 0 && (
        <section className={styles.part} aria-label={say('asked')}>
          <h2 className={styles.title}>{say('asked')}</h2>
          <ul className={styles.guesses}>
            {completions.map((one) => <CompletionLine key={one.source} say={say} completion={one} busy={again.isPending} onAgain={editable ? () => again.mutate(one.source) : null} />)}
          </ul>
        </section>
      )}
    </>
  );
}

/** What is put right where: by the dialog that stands for it, else beside the field itself. */
const corrections: Readonly<Record<string, Correction>> = { address: 'place', asset: 'place', name: 'requester', phone: 'requester', email: 'requester' };

function GuessLine({ say, guess, ticket, editable, form, onConfirm, onCorrect, onField }: { say: Say; guess: Guess; ticket: Ticket; editable: boolean; form: Form | undefined; onConfirm: () => void; onCorrect: (what: Correction) => void; onField: (key: string) => void }) {
  const { t, language } = useTexts();
  const update = useQuickUpdate(ticket);
  const key = `guess.${guess.field}`;
  const fieldKey = guess.field.startsWith('fields.') ? guess.field.slice('fields.'.length) : null;
  const field = fieldKey === null ? undefined : form?.fields.find((one) => one.key === fieldKey);
  const name = isFillingPhrase(key) ? say(key as 'guess.category') : field ? wordsIn(field.label, language) : fieldKey ?? guess.field;
  const correction = corrections[guess.field];
  const change = correction !== undefined ? () => onCorrect(correction) : field ? () => onField(field.key) : null;
  const value = field ? <AnswerText field={field} value={ticket.fields[field.key]} />
    : guess.field === 'category' && editable ? <CategorySelect className={styles.category} size="small" variant="borderless" allowClear={false} placeholder={t('ticket.chooseCategory')} value={ticket.category?.id} onChange={(category) => update({ category })} />
    : valueOf(ticket, guess.field);
  return (
    <li className={styles.guess}>
      <div className={styles.guessWords}>
        <span><b>{name}</b>{value !== '' && <span className={styles.value}>{value}</span>}</span>
        <span className={styles.muted}>{guess.words !== '' && <>{say('guess.from', { words: guess.words })} · </>}{say(`by.${guess.by}`)} · {say('guess.sure', { percent: Math.round(guess.confidence * 100) })}</span>
      </div>
      {editable && (
        <span className={styles.guessActions}>
          {change !== null && <Button type="text" size="small" icon={<Icon name="edit" size={14} />} aria-label={say('guess.change', { field: name })} title={say('guess.change', { field: name })} onClick={change} />}
          <Button size="small" icon={<Icon name="check" size={14} />} aria-label={say('guess.confirm', { field: name })} onClick={onConfirm}>{say('guess.right')}</Button>
        </span>
      )}
    </li>
  );
}

/** What stands on the ticket there now, in words. */
function valueOf(ticket: Ticket, field: string): string {
  switch (field) {
    case 'category': return ticket.category?.path.at(-1) ?? '';
    case 'asset': return ticket.asset?.name ?? '';
    case 'address': return ticket.location?.address ?? '';
    case 'name': return ticket.requester.name ?? '';
    case 'phone': return ticket.requester.phone ?? '';
    case 'email': return ticket.requester.email ?? '';
    case 'subject': return ticket.subject;
    default: return '';
  }
}

function CompletionLine({ say, completion: { name, state, filled, reason, said, attempts, at }, busy, onAgain }: { say: Say; completion: Completion; busy: boolean; onAgain: (() => void) | null }) {
  const why = reason === null ? null : isFillingPhrase(`reason.${reason}`) ? say(`reason.${reason}` as 'reason.auth') : reason;
  const words = state === 'filled' ? say('asked.filled', { count: filled.length }) : state === 'waiting' ? say(attempts > 1 || reason !== null ? 'asked.later' : 'asked.waiting') : say(`asked.${state}`);
  return (
    <li className={styles.guess}>
      <div className={styles.guessWords}>
        <span><b>{name}</b> <Badge tone={state === 'filled' ? 'success' : state === 'failed' ? 'danger' : 'neutral'}>{words}</Badge></span>
        <span className={styles.muted}>{why !== null && <>{why}{said !== null && said !== '' && reason !== 'unclear' ? bracketed(said) : ''} · </>}{at !== null && <Ago value={at} />}</span>
      </div>
      {onAgain !== null && state !== 'waiting' && <Button type="text" size="small" icon={<Icon name="reopen" size={14} />} disabled={busy} aria-label={`${say('asked.again')} ${name}`} title={say('asked.again')} onClick={onAgain} />}
    </li>
  );
}
