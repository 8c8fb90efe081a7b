import { Button, Input } from 'antd';
import { useState } from 'react';
import type { Ticket } from '../../../contract/ticket.ts';
import { asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { useUpdateTicket } from './ticket-changes.ts';
import styles from './subject-editor.module.css';

/**
 * The subject (主题), edited where it stands. When somebody else changed the ticket meanwhile, what was typed stays and
 * the reader chooses between the two.
 */
export function SubjectEditor({ ticket }: { ticket: Ticket }) {
  const { t } = useTexts();
  const { may } = useSession();
  const [typed, setTyped] = useState<{ text: string; version: number } | null>(null);
  const update = useUpdateTicket(ticket);

  function stop(): void {
    setTyped(null);
    update.reset();
  }
  function save(version: number): void {
    const subject = typed?.text.trim() ?? '';
    if (subject === '' || subject === ticket.subject) stop();
    else update.mutate({ subject, version }, {
      onSuccess: stop,
      // What was typed stands in the choice between the two.
      onError: (error) => {
        if (asProblem(error).status === 412) stop();
      },
    });
  }

  if (typed === null) {
    return (
      <h1 className={styles.subject}>
        {ticket.subject}
        {may('ticket.update') && (
          <button type="button" className={styles.edit} aria-label={t('ticket.editSubject')} title={t('ticket.editSubject')} onClick={() => setTyped({ text: ticket.subject, version: ticket.version })}>
            <Icon name="edit" />
          </button>
        )}
      </h1>
    );
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save(typed.version);
      }}
    >
      <Input
        autoFocus
        aria-label={t('ticket.subject')}
        value={typed.text}
        maxLength={200}
        status={typed.text.trim() === '' ? 'error' : undefined}
        onChange={(event) => setTyped({ ...typed, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') stop();
        }}
      />
      <div className={styles.buttons}>
        <Button type="primary" htmlType="submit" loading={update.isPending} disabled={typed.text.trim() === ''}>
          {t('common.save')}
        </Button>
        <Button onClick={stop}>{t('common.cancel')}</Button>
      </div>
      {update.isError && <ProblemAlert error={update.error} labels={{ subject: t('ticket.subject') }} />}
    </form>
  );
}
