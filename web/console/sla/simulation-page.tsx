import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Segmented, Select } from 'antd';
import { useState } from 'react';
import type { AutomationRule } from '../../../contract/automation.ts';
import { automationRules } from '../automation/data.ts';
import { flowDraft, flows } from '../flows/flow-queries.ts';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useTitle } from '../parts/title.ts';
import { Field } from './target-card.tsx';
import { FlowOutcome, RulesOutcome, SimulationOutcome } from './simulation-result.tsx';
import { SimulationRun } from './simulation-run.tsx';
import { useSimulation } from './use-simulation.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';
import { bracketed, colon } from '../../ui/punctuation.ts';

type Kind = 'rule' | 'flow';

/** Plays the tickets of a period through a draft of a rule or of a flow (规则与流程模拟), before it is published. */
export function SimulationPage() {
  const { t: say } = useSlaTexts();
  const { rule, flow } = useSearch({ from: '/settings/sla/simulation' });
  const [kind, setKind] = useState<Kind>(flow === undefined ? 'rule' : 'flow');
  useTitle(say('simulator'));
  return (
    <div className={styles.listPage}>
      <div className={styles.pageHead}>
        <div>
          <Link to="/settings/{-$section}" params={{ section: 'sla' }} className={styles.back}><Icon name="chevronLeft" size={14} />{say('policies')}</Link>
          <h1>{say('sim.title')}</h1>
        </div>
        <Segmented<Kind> aria-label={say('sim.what')} value={kind} onChange={setKind} options={[{ value: 'rule', label: say('sim.kind.rule') }, { value: 'flow', label: say('sim.kind.flow') }]} />
      </div>
      {kind === 'rule' ? <RuleGame first={rule} /> : <FlowGame first={flow} />}
    </div>
  );
}

type Way = 'draft' | 'without';

/** Of the rules as they hold, one as it is being written, or without it. */
function rulesWith(rules: readonly AutomationRule[], chosen: AutomationRule, way: Way) {
  return rules.filter((rule) => (rule.id === chosen.id ? way === 'draft' : rule.enabled && rule.definition !== null))
    .map((rule) => ({ id: rule.id, name: rule.name, stopAfterMatch: rule.stopAfterMatch, definition: rule.id === chosen.id ? rule.draft ?? rule.definition! : rule.definition! }));
}

function RuleGame({ first }: { first: string | undefined }) {
  const { t: say } = useSlaTexts();
  const rules = useQuery(automationRules);
  const [chosen, setChosen] = useState(first);
  const [way, setWay] = useState<Way>('draft');
  const rule = rules.data?.find((one) => one.id === chosen);
  const game = useSimulation(async () => ({ rules: rulesWith(rules.data ?? [], rule!, way) }));
  const holds = rule !== undefined && rule.enabled && rule.definition !== null;
  const choose = (id: string): void => {
    setChosen(id);
    setWay('draft');
    game.forget();
  };
  return (
    <section className={`${styles.part} ${styles.game}`} aria-label={say('sim.kind.rule')}>
      <p className={styles.muted}>{say('sim.ruleHint')}</p>
      <div className={styles.fields}>
        <Field label={say('sim.rule')}>
          <Select
            aria-label={say('sim.rule')} placeholder={say('sim.chooseRule')} showSearch={{ optionFilterProp: 'label' }} loading={rules.isPending} value={rule?.id} onChange={choose} notFoundContent={say('sim.noRules')}
            options={(rules.data ?? []).map((one) => ({ value: one.id, label: `${one.name}${one.draft !== null ? bracketed(say('draft')) : ''}` }))}
          />
        </Field>
        {holds && (
          <Field label={say('sim.way')}>
            <Segmented<Way> aria-label={say('sim.way')} value={way} onChange={(next) => { setWay(next); game.forget(); }} options={[{ value: 'draft', label: say(rule.draft === null ? 'sim.asItIs' : 'sim.asDraft') }, { value: 'without', label: say('sim.without') }]} />
          </Field>
        )}
      </div>
      {rule !== undefined && rule.problems.length > 0 && <p className={styles.told}>{say('sim.mend')}{colon()}{rule.problems[0]!.message}</p>}
      {holds && rule.draft === null && way === 'draft' && <p className={styles.muted}>{say('sim.noDraft')}</p>}
      <SimulationRun game={game} ready={rule !== undefined && rule.problems.length === 0}>
        {(result) => <SimulationOutcome result={result} none={say('sim.none')}>{result.rules && <RulesOutcome rules={result.rules} />}</SimulationOutcome>}
      </SimulationRun>
    </section>
  );
}

function FlowGame({ first }: { first: string | undefined }) {
  const { t: say, language } = useSlaTexts();
  const list = useQuery(flows);
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState(first);
  const flow = list.data?.find((one) => one.id === chosen);
  const game = useSimulation(async () => ({ flow: { id: flow!.id, definition: (await queryClient.fetchQuery(flowDraft(flow!.id))).definition } }));
  const choose = (id: string): void => {
    setChosen(id);
    game.forget();
  };
  return (
    <section className={`${styles.part} ${styles.game}`} aria-label={say('sim.kind.flow')}>
      <p className={styles.muted}>{say('sim.flowHint')}</p>
      <div className={styles.fields}>
        <Field label={say('sim.flow')}>
          <Select
            aria-label={say('sim.flow')} placeholder={say('sim.chooseFlow')} showSearch={{ optionFilterProp: 'label' }} loading={list.isPending} value={flow?.id} onChange={choose} notFoundContent={say('sim.noFlows')}
            options={(list.data ?? []).filter((one) => one.published !== null).map((one) => ({ value: one.id, label: `${localName(one, language)}${one.hasDraft ? bracketed(say('draft')) : ''}` }))}
          />
        </Field>
      </div>
      {flow !== undefined && !flow.hasDraft && <p className={styles.muted}>{say('sim.noDraft')}</p>}
      <SimulationRun game={game} ready={flow !== undefined}>
        {(result) => <SimulationOutcome result={result} none={say(result.flow?.runs === 0 && !result.unknownTickets ? 'sim.noRuns' : 'sim.none')}>{result.flow && result.flow.runs > 0 && <FlowOutcome flow={result.flow} />}</SimulationOutcome>}
      </SimulationRun>
    </section>
  );
}
