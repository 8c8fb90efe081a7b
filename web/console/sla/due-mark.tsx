import type { TicketSummary } from '../../../contract/ticket.ts';
import { RemainingTime } from '../../ui/react/index.ts';

/** When a ticket is due next (到期时间), as time that is left: red when it is over, amber in the last two hours. */
export function DueMark({ sla }: { sla: TicketSummary['sla'] }) {
  if (sla === null || sla.dueAt === null) return null;
  return <RemainingTime deadline={sla.dueAt} warnAt={Date.parse(sla.dueAt) - 7_200_000} />;
}
