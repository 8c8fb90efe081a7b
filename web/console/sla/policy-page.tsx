import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Input, Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { Policy, PolicyDefinition } from '../../../contract/sla.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { checkPolicy, checkPolicyOrder, describeSlaProblem } from '../../../rules/sla/check-policy.ts';
import type { SlaTarget } from '../../../rules/sla/policy.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import { FilterBuilder } from '../../ui/filter/filter-builder.tsx';
import type { Language } from '../../ui/preferences.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { tiers } from '../customers/data.ts';
import { ticketTypes } from '../data/records.ts';
import { useFilterVocabulary } from '../parts/filter-vocabulary.ts';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useTitle } from '../parts/title.ts';
import { PagePending } from '../shell/page-states.tsx';
import { calendars, policies, policy, policyVersions } from './data.ts';
import { EditorHead } from './editor-head.tsx';
import { SimulatePart } from './simulate-part.tsx';
import { Field, TargetCard } from './target-card.tsx';
import { useDefinition } from './use-definition.ts';
import { useSlaTexts } from './texts.ts';
import { Versions } from './versions.tsx';
import styles from './sla.module.css';

/** The name of the policy before this one that takes every ticket this one would, were it in force as it is written; null when none does. */
function coveredBy(list: readonly Policy[], id: string, definition: PolicyDefinition, language: Language): string | null {
  const inForce = list.filter((policy) => policy.id === id || (policy.enabled && policy.definition !== null))
    .map((policy) => ({ ...(policy.id === id ? definition : policy.definition!), id: policy.id, version: 1, name: localName(policy, language), active: true }));
  const at = inForce.findIndex((policy) => policy.id === id);
  const found = checkPolicyOrder(inForce).find((problem) => problem.path === `/${at}`);
  return found === undefined ? null : String(found.params?.['by'] ?? '');
}

/** The editor of an SLA policy (策略编辑): whom it is for, what it promises, what it would change, what it was. */
export function PolicyPage() {
  const { policyId } = useParams({ from: '/settings/sla/$policyId' });
  const query = useQuery(policy(policyId));
  if (query.data !== undefined && query.isFetchedAfterMount) return <Editor key={policyId} initial={query.data} />;
  return query.isError ? <div className={styles.failed}><ProblemAlert error={query.error} onRetry={() => void query.refetch()} /></div> : <PagePending />;
}

function Editor({ initial }: { initial: Policy }) {
  const { t: say, language } = useSlaTexts();
  const draft = useDefinition<PolicyDefinition, Policy>('sla-policies', initial, { one: policy(initial.id).queryKey, list: policies.queryKey, versions: policyVersions(initial.id).queryKey });
  const { server, definition } = draft;
  const [side, setSide] = useState<'simulator' | 'versions'>('simulator');
  const vocabulary = useFilterVocabulary(definition.condition);
  const known = useQuery(calendars);
  const types = useQuery(ticketTypes);
  const tierList = useQuery(tiers);
  const order = useQuery(policies);
  useTitle(draft.name);
  const problems = useMemo(() => {
    if (known.data === undefined) return [];
    const usable = new Set(known.data.filter((calendar) => calendar.publishedVersion !== null).map((calendar) => calendar.id));
    return checkPolicy({ ...definition, id: 'x', version: 1, name: 'x', active: true }, { properties: vocabulary.properties, isCalendar: (id) => usable.has(id) })
      .map((problem) => ({ path: problem.path, message: describeSlaProblem(problem, language === 'en' ? 'en' : 'zh') }));
  }, [definition, known.data, vocabulary.properties, language]);
  const covered = useMemo(() => (problems.length === 0 ? coveredBy(order.data ?? [], server.id, definition, language) : null), [problems, order.data, server.id, definition, language]);
  const define = (patch: { [Key in keyof PolicyDefinition]?: PolicyDefinition[Key] | undefined }): void => draft.define(Object.fromEntries(Object.entries({ ...definition, ...patch }).filter(([, value]) => value !== undefined)) as unknown as PolicyDefinition);
  const setTarget = (index: number, target: SlaTarget): void => define({ targets: definition.targets.map((one, at) => (at === index ? target : one)) });
  const add = (): void => {
    let number = definition.targets.length + 1;
    while (definition.targets.some((target) => target.key === `target${number}`)) number += 1;
    const unused = (['acceptance', 'first_response', 'arrival', 'resolution', 'next_response'] as const).find((metric) => !definition.targets.some((target) => target.metric === metric)) ?? 'resolution';
    const calendar = definition.targets[0]?.calendar ?? known.data?.find((one) => one.default)?.id ?? '';
    define({ targets: [...definition.targets, { key: `target${number}`, metric: unused, party: 'customer', minutes: 60, calendar, pauses: [], warnings: [75], ladder: [] }] });
  };
  const some = <Item,>(items: readonly Item[]): readonly Item[] | undefined => (items.length === 0 ? undefined : items);
  return (
    <div className={styles.page}>
      <EditorHead section="sla" draft={draft} publishedVersion={server.publishedVersion} problems={problems.filter((problem) => !problem.path.startsWith('/targets/'))} enabled={{ checked: server.enabled, onChange: (enabled) => draft.change.mutate({ enabled }) }} />
      {covered !== null && <div className={styles.banner} role="note">{say('neverReachedHere', { by: covered })} <Link to="/settings/{-$section}" params={{ section: 'sla' }}>{say('toList')}</Link></div>}
      <div className={styles.columns}>
        <main className={styles.edit}>
          <section className={styles.part} aria-label={say('scope')}>
            <h2>{say('scope')}</h2>
            <div className={styles.fields}>
              <Field label={say('scope.priorities')}><Select mode="multiple" aria-label={say('scope.priorities')} placeholder={say('scope.any')} value={[...definition.priorities ?? []]} options={priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))} onChange={(chosen) => define({ priorities: some(chosen) })} /></Field>
              <Field label={say('scope.types')}><Select mode="multiple" aria-label={say('scope.types')} placeholder={say('scope.any')} value={[...definition.types ?? []]} options={(types.data ?? []).map((type) => ({ value: type.id, label: localName(type, language) }))} onChange={(chosen) => define({ types: some(chosen) })} /></Field>
              <Field label={say('scope.tiers')}><Select mode="multiple" aria-label={say('scope.tiers')} placeholder={say('scope.any')} value={[...definition.tiers ?? []]} options={[...(tierList.data ?? []).map((tier) => ({ value: tier.key, label: localName(tier, language) })), { value: 'none', label: say('scope.none') }]} onChange={(chosen) => define({ tiers: some(chosen) })} /></Field>
              <Field label={say('nameEn')}><Input aria-label={say('nameEn')} maxLength={100} value={draft.nameEn} onChange={(event) => draft.rename({ nameEn: event.target.value })} /></Field>
            </div>
            {definition.condition === undefined
              ? <Button type="text" size="small" className={styles.add} icon={<Icon name="plus" size={14} />} onClick={() => define({ condition: { all: [] } })}>{say('scope.addCondition')}</Button>
              : <FilterBuilder value={definition.condition} onChange={(condition: Filter) => define({ condition: 'all' in condition && condition.all.length === 0 ? undefined : condition })} vocabulary={vocabulary} />}
          </section>
          <section className={styles.part} aria-label={say('targets')}>
            <h2>{say('targets')}</h2>
            <p className={styles.muted}>{say('targets.hint')}</p>
            {definition.targets.map((target, index) => (
              <TargetCard key={target.key} target={target} number={index + 1} problems={problems.filter((problem) => problem.path === `/targets/${index}` || problem.path.startsWith(`/targets/${index}/`))} onChange={(next) => setTarget(index, next)} onRemove={() => define({ targets: definition.targets.filter((_, at) => at !== index) })} />
            ))}
            <Button icon={<Icon name="plus" size={14} />} onClick={add}>{say('targets.add')}</Button>
          </section>
        </main>
        <aside className={styles.aside}>
          <Segmented<'simulator' | 'versions'> block aria-label={say('policies')} value={side} options={[{ value: 'simulator', label: say('simulator') }, { value: 'versions', label: say('versions') }]} onChange={setSide} />
          {side === 'simulator' ? <SimulatePart id={server.id} name={draft.name} definition={definition} sound={problems.length === 0} coveredBy={covered} /> : <Versions query={policyVersions(server.id)} onRestore={(number) => draft.restore.mutate(number)} restoring={draft.restore.isPending} />}
        </aside>
      </div>
    </div>
  );
}
