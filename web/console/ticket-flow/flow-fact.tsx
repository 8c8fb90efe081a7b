import { useQueries, useQuery } from '@tanstack/react-query';
import type { TimelineEntry } from '../../../contract/ticket.ts';
import { staffMember, teams } from '../data/records.ts';
import { localName } from '../parts/names.ts';
import { flowFactWords } from './fact-words.ts';
import { useTaskTexts } from './texts.ts';
import styles from './flow-fact.module.css';

/** More people than these are counted, not named. */
const named = 4;

/** What a fact of a flow says in the timeline (流程事件): its step, who it concerns, what was decided and why. */
export function FlowFact({ entry }: { entry: TimelineEntry }) {
  const { t, language } = useTaskTexts();
  const { facts, staffIds, teamIds, said } = flowFactWords(entry, t, language);
  const people = useQueries({ queries: staffIds.slice(0, named).map((id) => staffMember(id)) });
  const teamList = useQuery({ ...teams, enabled: teamIds.length > 0 });
  const names = [
    ...teamIds.flatMap((id) => teamList.data?.find((team) => team.id === id) ?? []).map((team) => localName(team, language)),
    ...people.flatMap(({ data }) => data?.name ?? []), ...(staffIds.length > named ? [t('fact.others', { count: staffIds.length - named })] : []),
  ];
  if (facts.length === 0 && names.length === 0 && said.length === 0) return null;
  return (
    <div className={styles.detail}>
      {(facts.length > 0 || names.length > 0) && (
        <p>
          {facts.map((fact, index) => <span key={fact} className={index === 0 ? styles.step : undefined} data-outcome={outcomeOf(entry, index)}>{index > 0 && ' · '}{fact}</span>)}
          {names.length > 0 && <span className={styles.people}>{facts.length > 0 && ' → '}{names.join(t('fact.separator'))}</span>}
        </p>
      )}
      {said.map((one) => <p key={one} className={`prose ${styles.said}`} data-held={entry.kind === 'flow.held' || undefined}>{one}</p>)}
    </div>
  );
}

const outcomeOf = ({ data }: TimelineEntry, index: number): string | undefined => {
  const said = data.vote ?? data.outcome;
  return index === 1 && (said === 'approved' || said === 'rejected') ? said : undefined;
};
