import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { Ticket } from '../../../contract/ticket.ts';
import { StatusTag } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { waitingTexts } from '../parts/names.ts';
import styles from './status-control.module.css';
import dots from './status-dot.module.css';

export type StatusChoice = Ticket['statusChoices'][number];

/**
 * How a ticket stands (状态), in the organization's own words; where it has statuses of its own, the way to give it
 * another: one of the same class, or of a class that one step leads to.
 */
export function StatusControl({ ticket, disabled, onChoose }: { ticket: Ticket; disabled: boolean; onChoose: (choice: StatusChoice) => void }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const choices = ticket.statusChoices;
  const offered = choices.length > 0 && !disabled;
  useKeys(offered ? { s: () => setOpen(true) } : {});
  const label = ticket.ownStatus?.name ?? (ticket.status === 'waiting' && ticket.waitingFor !== null ? t(waitingTexts[ticket.waitingFor]) : undefined);
  const tag = <StatusTag status={ticket.status} label={label} />;
  if (choices.length === 0) return tag;
  const classes = [...new Set(choices.map((choice) => choice.class))];
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomLeft"
      open={open && offered}
      onOpenChange={setOpen}
      autoFocus
      menu={{
        items: classes.map((one) => ({
          type: 'group' as const,
          key: one,
          label: one === ticket.status ? t('status.within', { name: words(`status.${one}`) }) : words(`status.${one}`),
          children: choices.filter((choice) => choice.class === one).map((choice) => ({
            key: choice.status,
            label: (
              <span className={styles.choice}>
                <span className={dots.dot} data-color={choice.color} aria-hidden="true" />
                {choice.name}
                {choice.needs !== null && <small>{t(choice.needs === 'reason' ? 'status.needsReason' : 'status.needsResolution')}</small>}
              </span>
            ),
            onClick: () => {
              setOpen(false);
              onChoose(choice);
            },
          })),
        })),
      }}
    >
      <Button type="text" size="small" className={styles.button} disabled={disabled} aria-haspopup="menu" aria-keyshortcuts="S" title={`${t('status.change')}  S`} aria-label={t('status.changeFrom', { name: label ?? words(`status.${ticket.status}`) })}>
        {tag}
        <Icon name="chevronDown" size={12} className={styles.caret} />
      </Button>
    </Dropdown>
  );
}
