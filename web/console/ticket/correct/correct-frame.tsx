import { App, Form, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Ticket, UpdateTicket } from '../../../../contract/ticket.ts';
import { asProblem } from '../../../ui/api.ts';
import { ProblemAlert } from '../../../ui/react/index.ts';
import { useTexts } from '../../i18n.ts';
import { useUpdateTicket } from '../ticket-changes.ts';
import styles from './correct-frame.module.css';

type Problem = ReturnType<typeof asProblem>;

/** Saves a correction from the version it was begun on; where somebody else changed the same, the choice between the two takes over. */
export function useCorrection(ticket: Ticket, onClose: () => void, { onRefused, onSaved }: { onRefused?: (problem: Problem) => void; onSaved?: () => void } = {}) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const [version] = useState(ticket.version);
  const update = useUpdateTicket(ticket);
  return {
    saving: update.isPending,
    problem: update.isError ? asProblem(update.error) : null,
    /** An edit that changes nothing just closes. */
    save: (changes: UpdateTicket): void => {
      if (Object.keys(changes).length === 0) onClose();
      else update.mutate({ ...changes, version }, {
        onSuccess: () => {
          void message.success(t('common.saved'));
          onSaved?.();
          onClose();
        },
        onError: (error) => {
          const problem = asProblem(error);
          if (problem.status === 412) onClose();
          else onRefused?.(problem);
        },
      });
    },
  };
}

type Props = {
  title: string;
  correction: Pick<ReturnType<typeof useCorrection>, 'saving' | 'problem'>;
  /** Paths of refusals that stand at their fields. */
  placed?: readonly string[];
  disabled?: boolean;
  onSave: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** The dialog of a correction (更正对话框). */
export function CorrectFrame({ title, correction: { saving, problem }, placed = [], disabled = false, onSave, onClose, children }: Props) {
  const { t } = useTexts();
  return (
    <Modal open title={title} okText={t('common.save')} okButtonProps={{ loading: saving, disabled }} onOk={onSave} onCancel={onClose} destroyOnHidden>
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={onSave}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave();
        }}
      >
        {problem !== null && <div className={styles.problem}><ProblemAlert error={problem} placed={[...placed]} /></div>}
        {children}
      </Form>
    </Modal>
  );
}
