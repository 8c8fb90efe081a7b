import { useQuery } from '@tanstack/react-query';
import type { PolicyDefinition } from '../../../contract/sla.ts';
import { policies } from './data.ts';
import { SimulationOutcome } from './simulation-result.tsx';
import { SimulationRun } from './simulation-run.tsx';
import { useSimulation } from './use-simulation.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

/** Plays the tickets of a period through the draft (模拟), in the place of the policy it belongs to. */
export function SimulatePart({ id, name, definition, sound, coveredBy }: { id: string; name: string; definition: PolicyDefinition; sound: boolean; coveredBy: string | null }) {
  const { t: say } = useSlaTexts();
  const others = useQuery(policies);
  // The other policies as they hold, this one as it is being written.
  const game = useSimulation(async () => ({
    policies: (others.data ?? []).filter((policy) => policy.id === id || (policy.enabled && policy.definition !== null)).map((policy) => ({ id: policy.id, name: policy.id === id ? name : policy.name, definition: policy.id === id ? definition : policy.definition! })),
  }));
  return (
    <section className={styles.stack} aria-label={say('simulator')}>
      <p className={styles.muted}>{say('sim.hint')}</p>
      <SimulationRun game={game} ready={sound && others.data !== undefined}>
        {(result) => <SimulationOutcome result={result} none={say(coveredBy !== null ? 'sim.noneCovered' : 'sim.none', { by: coveredBy ?? '' })} />}
      </SimulationRun>
      {!sound && <p className={styles.muted}>{say('sim.mend')}</p>}
    </section>
  );
}
