import { Button, Popover, Segmented } from 'antd';
import type { Ticket } from '../../../contract/ticket.ts';
import { priorities, type Priority } from '../../../rules/ticket/lifecycle.ts';
import { PriorityMark } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import { useQuickUpdate } from './ticket-changes.ts';
import styles from './priority-control.module.css';

const factorTexts = {
  danger: 'priority.danger', category: 'priority.category', loss_of_use: 'priority.lossOfUse', pressing_words: 'priority.pressingWords', customer_tier: 'priority.customerTier', asset_criticality: 'priority.assetCriticality',
} as const;

/** The priority (优先级) with its reasons, and the way to overrule it. */
export function PriorityControl({ ticket }: { ticket: Ticket }) {
  const { t } = useTexts();
  const { may } = useSession();
  const update = useQuickUpdate(ticket);
  const { score, overridden, factors } = ticket.priorityExplanation;
  const why = (
    <div className={styles.why}>
      {overridden && <p>{t('priority.overridden')}</p>}
      {factors.length === 0 ? (
        <p className={styles.plain}>{t('priority.noFactors')}</p>
      ) : (
        <dl className={styles.factors}>
          {factors.map((factor) => (
            <div key={`${factor.factor} ${factor.detail ?? ''}`}>
              <dt>
                {factor.factor in factorTexts ? t(factorTexts[factor.factor as keyof typeof factorTexts]) : factor.factor}
                {factor.detail !== undefined && <span>{t('common.quoted', { text: factor.detail })}</span>}
              </dt>
              <dd>+{factor.points}</dd>
            </div>
          ))}
          <div className={styles.total}>
            <dt>{t('priority.score')}</dt>
            <dd>{score}</dd>
          </div>
        </dl>
      )}
      <p className={styles.plain}>{t('priority.scale')}</p>
      {may('ticket.update') && (
        <Segmented<Priority>
          block
          size="small"
          aria-label={t('priority.change')}
          value={ticket.priority}
          options={priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))}
          onChange={(priority) => update({ priority })}
        />
      )}
    </div>
  );
  return (
    <Popover content={why} title={t('priority.why')} trigger="click" placement="bottomLeft">
      <Button type="text" size="small" className={styles.button} aria-haspopup="dialog">
        <PriorityMark priority={ticket.priority} withLabel />
      </Button>
    </Popover>
  );
}
