import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { RuleTrial } from '../../../contract/automation.ts';
import type { Definition } from '../../../rules/automation/definition.ts';
import { api, asProblem } from '../../ui/api.ts';
import type { FilterVocabulary } from '../../ui/filter/vocabulary.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { EffectList, ExplainedView } from './explained.tsx';
import { useAutomationTexts } from './texts.ts';
import styles from './automation.module.css';

/** Tries a rule on one ticket (试运行); nothing of it is kept. */
export function TryPart({ id, definition, vocabulary, ready }: { id: string; definition: Definition; vocabulary: FilterVocabulary; ready: boolean }) {
  const { t: say } = useAutomationTexts();
  const [number, setNumber] = useState('');
  const trial = useMutation({ mutationFn: async (ticket: string) => (await api.post<RuleTrial>(`/automation-rules/${id}/try`, { ticket, definition })).data });
  const run = (): void => {
    if (number.trim() !== '') trial.mutate(number.trim());
  };
  return (
    <section className={styles.panel} aria-label={say('try')}>
      <header className={styles.panelHead}><h2>{say('try')}</h2></header>
      <form
        className={styles.inline}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <Input className={styles.grow} aria-label={say('try.number')} placeholder={say('try.number')} maxLength={64} value={number} onChange={(event) => setNumber(event.target.value)} />
        <Button htmlType="submit" disabled={!ready || number.trim() === ''} loading={trial.isPending}>{say('try.run')}</Button>
      </form>
      {trial.isError && (asProblem(trial.error).status === 404 ? <p className={styles.runReason} data-failed role="alert">{say('try.unknown', { number: trial.variables })}</p> : <ProblemAlert error={trial.error} />)}
      {trial.data !== undefined && (
        <div className={styles.trial} role="status">
          <Badge tone={trial.data.holds ? 'success' : 'neutral'}>{say(trial.data.holds ? 'try.holds' : 'try.fails')}</Badge>
          <ExplainedView explained={trial.data.conditions} vocabulary={vocabulary} />
          {trial.data.failure !== null && <p className={styles.runReason} data-failed>{trial.data.failure.message}</p>}
          {trial.data.effects.length > 0 && <><span className={styles.muted}>{say(trial.data.holds ? 'try.would' : 'try.wouldIf')}</span><EffectList effects={trial.data.effects} tried /></>}
          <p className={styles.muted}>{say('try.nothing')}</p>
        </div>
      )}
    </section>
  );
}
