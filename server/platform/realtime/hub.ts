import type { TicketAccess } from '../../../rules/access/policy.ts';
import type { Fact } from '../facts/fact.ts';

/** A fact with what access to its ticket depends on now; null for facts of no ticket. */
export interface Happening {
  fact: Fact;
  access: TicketAccess | null;
}

/** Somebody who follows what happens, as it happens. */
export interface Receiver {
  tenantId: string;
  /** Gets each batch of the organization's facts, in the order of the log, once. */
  take(happenings: readonly Happening[]): void;
  /** The program stops. */
  end(): void;
}

/**
 * The meeting point of the fact log's tail and the open connections of this process (实时分发). It holds nothing that
 * was promised: whoever reconnects reads what it missed from the log.
 */
export interface Hub {
  join(receiver: Receiver): () => void;
  deliver(happenings: readonly Happening[]): void;
  endAll(): void;
  readonly receivers: number;
}

export function openHub(): Hub {
  const byTenant = new Map<string, Set<Receiver>>();
  let count = 0;
  return {
    join(receiver) {
      const receivers = byTenant.get(receiver.tenantId) ?? new Set();
      byTenant.set(receiver.tenantId, receivers);
      receivers.add(receiver);
      count += 1;
      return () => {
        if (!receivers.delete(receiver)) return;
        count -= 1;
        if (receivers.size === 0 && byTenant.get(receiver.tenantId) === receivers) byTenant.delete(receiver.tenantId);
      };
    },
    deliver(happenings) {
      for (const [tenantId, ofTenant] of Map.groupBy(happenings, (happening) => happening.fact.tenantId)) {
        for (const receiver of [...byTenant.get(tenantId) ?? []]) receiver.take(ofTenant);
      }
    },
    endAll() {
      for (const receivers of [...byTenant.values()]) for (const receiver of [...receivers]) receiver.end();
    },
    get receivers() {
      return count;
    },
  };
}
