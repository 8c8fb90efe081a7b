import type { TicketAccess } from '../../../rules/access/policy.ts';
import type { Fact } from '../facts/fact.ts';
import { openPresence, type PresenceBoard } from './presence.ts';

/** A fact with what access to its ticket depends on now; null for facts of no ticket. */
export interface Happening {
  fact: Fact;
  access: TicketAccess | null;
}

/** Somebody who follows what happens, as it happens. */
export interface Receiver {
  tenantId: string;
  /** The member of staff who listens, or the visitor of a chat; absent for holders of a link. */
  readonly staffId?: string | undefined;
  /** Gets each batch of the organization's facts, in the order of the log, once. */
  take(happenings: readonly Happening[]): void;
  /** Gets something that concerns this person only and stands in no log. */
  tell?(event: string, data: unknown): void;
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
  /** Tells some members of staff, on every connection they have to this process. */
  tell(tenantId: string, staffIds: ReadonlySet<string>, event: string, data: unknown): void;
  /** Which of some members of staff listen to this process. */
  listening(tenantId: string, staffIds: readonly string[]): string[];
  /** Who is on which ticket. */
  readonly presence: PresenceBoard;
  endAll(): void;
  readonly receivers: number;
}

export function openHub(): Hub {
  const byTenant = new Map<string, Set<Receiver>>();
  let count = 0;
  const hub: Hub = {
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
    tell(tenantId, staffIds, event, data) {
      for (const receiver of [...byTenant.get(tenantId) ?? []]) if (receiver.staffId !== undefined && staffIds.has(receiver.staffId)) receiver.tell?.(event, data);
    },
    listening(tenantId, staffIds) {
      const here = new Set([...byTenant.get(tenantId) ?? []].map((receiver) => receiver.staffId));
      return staffIds.filter((id) => here.has(id));
    },
    presence: openPresence((tenantId, staffIds, data) => hub.tell(tenantId, staffIds, 'presence', data)),
    endAll() {
      for (const receivers of [...byTenant.values()]) for (const receiver of [...receivers]) receiver.end();
      hub.presence.stop();
    },
    get receivers() {
      return count;
    },
  };
  return hub;
}
