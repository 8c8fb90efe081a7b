import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Modal } from 'antd';
import { useState } from 'react';
import type { VersionChange } from '../../../contract/collaboration.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { useReader } from '../live/reader.ts';
import { applyTicket } from '../live/ticket-cache.ts';
import { contested, editOf, propertiesOf, type Conflict } from './conflict.ts';
import { usePropertyWords } from './property-words.ts';
import styles from './compare.module.css';

/** Two people changed the same thing (冲突合并): before, theirs and mine side by side, chosen property by property. */
export function ConflictDialog({ conflict: first, onClose }: { conflict: Conflict; onClose: () => void }) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const reader = useReader();
  const words = usePropertyWords();
  const [conflict, setConflict] = useState(first);
  const [again, setAgain] = useState(false);
  const [chosen, setChosen] = useState<Record<string, 'mine' | 'theirs'>>({});
  const mine = propertiesOf(conflict.mine);
  const both = contested(conflict.mine, conflict.changes);
  const names = [...new Set(both.map(({ actor }) => actor.name ?? t('conflict.somebody')))].join(t('common.listSeparator'));
  const also = [...new Set(conflict.changes.map(({ property }) => property).filter((property) => !both.some((one) => one.property === property)))];

  const save = useMutation({
    mutationFn: async () => {
      const kept = Object.fromEntries(Object.entries(mine).filter(([property]) => !both.some((one) => one.property === property) || (chosen[property] ?? 'mine') === 'mine'));
      if (Object.keys(kept).length === 0) return conflict.current;
      return (await api.patch<Ticket>(`/tickets/${conflict.current.id}`, editOf(kept), { ifMatch: `"${conflict.current.version}"` })).data;
    },
    onSuccess: (ticket) => {
      applyTicket(queryClient, ticket, reader);
      void queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(ticket.number) });
      void message.success(t('common.saved'));
      onClose();
    },
    onError: (error) => {
      const details = asProblem(error).extensions.details as { current: Ticket; changes: VersionChange[] } | undefined;
      if (asProblem(error).status !== 412 || details === undefined) return;
      setConflict((before) => ({ ...before, current: details.current, changes: [...before.changes, ...details.changes] }));
      setAgain(true);
    },
  });
  const stale = save.isError && asProblem(save.error).status === 412;

  return (
    <Modal open width={640} title={t('conflict.title')} okText={t('conflict.save')} okButtonProps={{ loading: save.isPending }} onOk={() => save.mutate()} onCancel={onClose} mask={{ closable: false }}>
      <p className={styles.quiet}>{t('conflict.hint', { names })}</p>
      {again && <p className={styles.quiet} role="alert">{t('conflict.again')}</p>}
      {save.isError && !stale && <ProblemAlert error={save.error} />}
      {both.map((change) => {
        const name = words.name(change.property);
        const side = (which: 'theirs' | 'mine', text: string, value: unknown) => (
          <label>
            <span>
              <input type="radio" name={change.property} checked={(chosen[change.property] ?? 'mine') === which} onChange={() => setChosen((before) => ({ ...before, [change.property]: which }))} />
              {text}
            </span>
            <p>{words.value(change.property, value)}</p>
          </label>
        );
        return (
          <fieldset key={change.property} className={styles.conflict}>
            <legend className={styles.title}>{name}</legend>
            <p className={styles.quiet}>{t('conflict.before')}{t('common.colon')}{words.value(change.property, change.before)}</p>
            <div className={styles.sides}>
              {side('theirs', `${t('conflict.theirs')} · ${change.actor.name ?? t('conflict.somebody')}`, change.after)}
              {side('mine', t('conflict.mine'), mine[change.property])}
            </div>
          </fieldset>
        );
      })}
      {also.length > 0 && <p className={styles.quiet}>{t('conflict.also', { names: also.map(words.name).join(t('common.listSeparator')) })}</p>}
    </Modal>
  );
}
