import type { FactKind } from '../../../contract/facts.ts';
import type { Transaction } from '../../platform/db/database.ts';
import { isImported, type Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { observeArrivals, withdrawObservations } from '../../records/travel/observations.ts';

const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/**
 * Learns how long ways take from check-ins (车程学习), in the transaction that moves its place in the log. A visit that is called off after all takes
 * back what was learned of its arrival.
 */
export const learnTravel: Reader = {
  name: 'travel',
  kinds: new Set<FactKind>(['visit.checked_in', 'visit.cancelled']),
  async react(transaction: Transaction, facts: readonly Fact[]) {
    const told = facts.filter((fact) => fact.subjectId !== null && !isImported(fact));
    const arrivals = told.filter(({ kind }) => kind === 'visit.checked_in').map(({ tenantId, subjectId, occurredAt, recordedAt, data }) => ({
      tenantId, visitId: subjectId!, at: occurredAt, toldAt: recordedAt, lat: number(data['lat']), lng: number(data['lng']), accuracy: number(data['accuracy']), distance: number(data['distance']),
    }));
    if (arrivals.length > 0) await observeArrivals(transaction, arrivals);
    const cancelled = told.filter(({ kind }) => kind === 'visit.cancelled').map(({ tenantId, subjectId }) => ({ tenantId, visitId: subjectId! }));
    if (cancelled.length > 0) await withdrawObservations(transaction, cancelled);
  },
};
