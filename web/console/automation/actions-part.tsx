import { Button, Dropdown } from 'antd';
import { actionKinds, automationLimits, type Action } from '../../../rules/automation/definition.ts';
import { Icon } from '../parts/icon.tsx';
import { ActionFields } from './action-fields.tsx';
import { Told } from './small.tsx';
import { useAutomationTexts } from './texts.ts';
import styles from './automation.module.css';

const begun: Record<Action['kind'], Action> = {
  set: { kind: 'set', priority: 'high' }, status: { kind: 'status', status: 'open' }, tag: { kind: 'tag', tags: [] }, untag: { kind: 'untag', tags: [] }, assign: { kind: 'assign', to: { team: '' } },
  comment: { kind: 'comment', visibility: 'internal', body: '' }, notify: { kind: 'notify', whom: [{ expression: 'team_lead' }], text: '' }, watch: { kind: 'watch', whom: [{ expression: 'team_lead' }] },
  checklist: { kind: 'checklist', items: [] }, macro: { kind: 'macro', macro: '' }, flow: { kind: 'flow', flow: '' }, create: { kind: 'create', relation: 'child', subject: '' }, call: { kind: 'call', method: 'POST', url: 'https://' },
};

/** What a rule does, in order (动作列表). */
export function ActionsPart({ actions, problems, onChange }: { actions: readonly Action[]; problems: readonly { path: string; message: string }[]; onChange: (actions: Action[]) => void }) {
  const { t: say } = useAutomationTexts();
  const move = (index: number, by: -1 | 1): void => {
    const next = [...actions];
    [next[index], next[index + by]] = [next[index + by]!, next[index]!];
    onChange(next);
  };
  return (
    <div className={styles.stack}>
      {actions.map((action, index) => {
        const number = index + 1;
        return (
          <div key={`${number} ${action.kind}`} className={styles.action} role="group" aria-label={say('action.number', { number, name: say(`action.${action.kind}`) })}>
            <div className={styles.actionHead}>
              <strong><span className={styles.ordinal}>{number}</span>{say(`action.${action.kind}`)}</strong>
              <span>
                <Button type="text" size="small" disabled={index === 0} icon={<Icon name="chevronUp" size={14} />} aria-label={say('action.up', { number })} onClick={() => move(index, -1)} />
                <Button type="text" size="small" disabled={index === actions.length - 1} icon={<Icon name="chevronDown" size={14} />} aria-label={say('action.down', { number })} onClick={() => move(index, 1)} />
                <Button type="text" size="small" icon={<Icon name="trash" size={14} />} aria-label={say('action.remove', { number })} onClick={() => onChange(actions.filter((_, at) => at !== index))} />
              </span>
            </div>
            <ActionFields action={action} onChange={(next) => onChange(actions.map((one, at) => (at === index ? next : one)))} />
            <Told problems={problems} at={`/actions/${index}`} />
          </div>
        );
      })}
      {actions.length < automationLimits.actions && (
        <Dropdown trigger={['click']} menu={{ items: actionKinds.map((kind) => ({ key: kind, label: say(`action.${kind}`) })), onClick: ({ key }) => onChange([...actions, begun[key as Action['kind']]]) }}>
          <Button className={styles.add} icon={<Icon name="plus" size={14} />}>{say('action.add')}</Button>
        </Dropdown>
      )}
    </div>
  );
}
