import type { FactKind } from '../../../contract/facts.ts';
import type { SlaEvent, SlaEventKind } from '../../../rules/sla/ledger.ts';
import type { SlaTicket } from '../../../rules/sla/policy.ts';
import type { TicketStatus, WaitingFor } from '../../../rules/ticket/lifecycle.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import { priorityName } from '../ticket/row.ts';

/** The facts that clocks go by. */
export const slaFacts = [
  'ticket.created', 'ticket.changed', 'ticket.status_changed', 'ticket.assigned', 'ticket.transferred', 'ticket.accepted', 'ticket.declined', 'ticket.returned',
  'ticket.waiting_started', 'ticket.waiting_ended', 'ticket.resolved', 'ticket.confirmed', 'ticket.reopened', 'ticket.closed', 'ticket.cancelled', 'ticket.merged', 'ticket.unmerged',
  'comment.added', 'visit.checked_in', 'task.opened', 'task.completed', 'task.returned', 'task.withdrawn', 'task.cancelled', 'approval.decided',
] as const satisfies readonly FactKind[];

/** What of a fact clocks go by. */
export type SlaFact = Pick<Fact, 'kind' | 'data' | 'subjectId' | 'occurredAt'> & { actor: Pick<Fact['actor'], 'kind'> };

/** What facts do not tell, as it was looked up. */
export interface LookedUp {
  /** Of the customer. */
  tier?: string | null;
  record?: SlaTicket['record'];
  /** Keys of flow steps by task. */
  steps: ReadonlyMap<string, string>;
}

/** Whether a fact is about a step of a flow; its subject is the task. */
export const isOfStep = (kind: string): boolean => kind.startsWith('task.') || kind === 'approval.decided';

const settled: ReadonlySet<unknown> = new Set(['resolved', 'closed', 'cancelled']);

/** What a fact means to clocks (事件转换); nothing, one thing, or two: a ticket may be made and assigned at once. */
export function slaEventsOf(fact: SlaFact, looked: LookedUp): SlaEvent[] {
  const { kind, data, subjectId } = fact;
  const at = fact.occurredAt.getTime();
  const now = (data['now'] ?? {}) as { status?: TicketStatus; teamId?: string | null; priority?: number; assigneeId?: string | null };
  if (kind === 'ticket.created') {
    const ticket: SlaTicket = {
      type: typeof data['typeId'] === 'string' ? data['typeId'] : '', priority: priorityName(now.priority ?? 3), tier: looked.tier ?? null, team: now.teamId ?? null, status: now.status ?? 'new', waitingFor: null, statusId: null,
      ...(looked.record ? { record: looked.record } : {}),
    };
    return [{ at, kind: 'created', ticket }, ...now.assigneeId ? [{ at, kind: 'assigned' as const }] : []];
  }
  const event = kindOf(fact);
  if (!event) return [];
  const step = isOfStep(kind) && subjectId ? { key: looked.steps.get(subjectId) ?? '', id: subjectId } : undefined;
  return [{ at, kind: event, ticket: changesIn(fact, now, looked), ...(step ? { step } : {}) }];
}

/** What of the ticket is different now. What decides about its policy is named only when it changed: then it is chosen anew. */
function changesIn({ data }: SlaFact, now: { status?: TicketStatus; teamId?: string | null; priority?: number }, looked: LookedUp): Partial<SlaTicket> {
  const after = (data['after'] ?? {}) as Record<string, unknown>;
  return {
    ...(now.teamId === undefined ? {} : { team: now.teamId }),
    ...(now.status === undefined ? {} : { status: now.status }),
    ...('waitingFor' in after ? { waitingFor: after['waitingFor'] as WaitingFor | null } : {}),
    ...('statusId' in after ? { statusId: after['statusId'] as string | null } : {}),
    ...('priority' in after && now.priority !== undefined ? { priority: priorityName(now.priority) } : {}),
    ...(typeof after['typeId'] === 'string' ? { type: after['typeId'] } : {}),
    ...('customerId' in after ? { tier: looked.tier ?? null } : {}),
    ...(looked.record && Object.keys(after).length > 0 ? { record: looked.record } : {}),
  };
}

function kindOf({ kind, data, actor }: SlaFact): SlaEventKind | null {
  switch (kind) {
    // What goes on as another ticket is not answered by that.
    case 'ticket.merged': return 'cancelled';
    // It stands as it stood: whoever had accepted it has, and what was solved is.
    case 'ticket.unmerged': return 'restored';
    case 'ticket.accepted': return 'accepted';
    case 'visit.checked_in': return 'arrived';
    case 'task.opened': return 'step_started';
    case 'task.completed': case 'approval.decided': return 'step_ended';
    case 'task.returned': case 'task.withdrawn': case 'task.cancelled': return 'step_cancelled';
    case 'comment.added': {
      if (data['visibility'] !== 'public') return null;
      if (data['direction'] === 'inbound') return 'customer_wrote';
      // What rules and the program say by themselves is no answer.
      return data['direction'] === 'outbound' && (actor.kind === 'staff' || actor.kind === 'api_key') ? 'staff_replied' : null;
    }
    default: return kindByStatus(data) ?? (kind === 'ticket.assigned' ? 'assigned' : 'changed');
  }
}

function kindByStatus(data: Record<string, unknown>): SlaEventKind | null {
  const was = (data['before'] as { status?: TicketStatus } | undefined)?.status;
  const is = (data['after'] as { status?: TicketStatus } | undefined)?.status;
  if (is === undefined) return null;
  if (is === 'resolved' || is === 'closed' || is === 'cancelled') return is;
  return settled.has(was) ? 'reopened' : null;
}
