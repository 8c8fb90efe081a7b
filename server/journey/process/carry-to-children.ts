import type { FactKind } from '../../../contract/facts.ts';
import type { Context, Services } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { FactActor } from '../../platform/facts/fact.ts';
import { loadActive } from '../../records/access/subjects.ts';
import { insertMessage, tellOfMessage, type MessageRow } from '../../records/conversation/add-message.ts';
import { copyFiles } from '../../records/file/copy-files.ts';
import { filesOfMessages } from '../../records/file/queries.ts';
import { flowContext, ownWork } from '../../records/flow/instance/context.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { callOffVisits } from '../../records/ticket/call-off-visits.ts';
import { tellOnTicket, type Writing } from '../../records/ticket/change.ts';
import { claimEffect, noteEffect, outcomesOf } from '../../records/ticket/child-effect.ts';
import { lockLanding } from '../../records/ticket/landing.ts';
import { answerForStep } from '../../records/ticket/refill.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { resolveTicket } from '../../records/ticket/settle.ts';

interface CarriedFact {
  kind: FactKind;
  ticket_id: string;
  subject_id: string | null;
  actor_kind: FactActor['kind'];
  actor_id: string | null;
  actor_name: string | null;
  data: { number: string; childIds?: string[]; resolution?: string };
}

const findFact = statement<CarriedFact>('fact.carried', 'SELECT kind, ticket_id, subject_id, actor_kind, actor_id, actor_name, data FROM fact WHERE tenant_id = $1 AND position = $2');

const settled = new Set(['resolved', 'closed', 'cancelled']);
const mostNamed = 50;

/**
 * Carries a step on a parent to its children (父工单带动子工单): its resolution, or a public reply for each child's own
 * customer. Which children, the fact says; those whose reach the actor lacked are not among them. Each child gets its own
 * transaction, in which a row says that it is done, so that a job that is run again, or twice at once, does nothing twice.
 * When all are through, the parent is told what became of them.
 */
export async function carryToChildren({ database, clock }: Pick<Services, 'database' | 'clock'>, { tenantId, position }: { tenantId: string; position: number }): Promise<void> {
  const fact = await database.transact(tenantId, async (transaction) => (await transaction.query(findFact, [tenantId, position]))[0]);
  if (!fact) throw new Error(`no fact ${position}`);
  const actor: FactActor = { kind: fact.actor_kind, id: fact.actor_id, name: fact.actor_name };
  const failed: unknown[] = [];
  const inTicket = (work: (context: Writing) => Promise<void>) => database.transact(tenantId, (transaction) => work({ tenantId, transaction, now: clock.now(), actor }))
    .catch((error: unknown) => void failed.push(error));
  for (const childId of fact.data.childIds ?? []) await inTicket((context) => carryTo(context, position, fact, childId));
  // The rest is tried again; what is done stays done.
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} children could not be reached`);
  await inTicket((context) => tellOutcome(context, position, fact));
  if (failed.length > 0) throw failed[0];
}

async function carryTo(context: Writing, position: number, fact: CarriedFact, childId: string): Promise<void> {
  const landing = await lockLanding(context, childId);
  // Merged into its parent, it has had the step already.
  if (!landing || landing.ticket.id === fact.ticket_id) return;
  if (!await claimEffect(context, position, landing.ticket.id)) return;
  const outcome = fact.kind === 'ticket.resolved' ? await resolveChild(context, landing, fact) : await writeToChild(context, landing.ticket, fact);
  if (outcome !== 'done') await noteEffect(context, position, landing.ticket.id, outcome);
}

async function resolveChild(context: Writing, { named, ticket }: { named: TicketRow; ticket: TicketRow }, fact: CarriedFact): Promise<string> {
  // What it was merged into is another matter than the parent's.
  if (named.id !== ticket.id) return 'merged';
  if (settled.has(ticket.status)) return 'settled';
  try {
    const asking = await actingContext(context);
    // As on screen: what its form wants of a ticket that is resolved has to be there.
    await answerForStep(asking, await configurationOf(asking), ticket, { status: 'resolved', statusId: null, waitingFor: null }, undefined);
    const resolved = await resolveTicket(context, ticket, fact.data.resolution ?? '', undefined, { parentNumber: fact.data.number });
    await callOffVisits(context, resolved, 'resolved');
    return 'done';
  } catch (error) {
    // Refused before anything was written: the child stays open, and its parent says why.
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/** What a request of the one who took the step on the parent would bring: forms may ask who acts. */
async function actingContext({ transaction, now, actor }: Writing): Promise<Context> {
  const own = flowContext(await ownWork(transaction, now, 'carry to children'), actor.name ?? '');
  const person = actor.kind === 'staff' && actor.id !== null ? (await loadActive(transaction, [actor.id], now)).get(actor.id) : undefined;
  return person && own.caller.kind === 'staff' ? { ...own, actor, caller: { ...own.caller, name: person.name, subject: person.subject } } : { ...own, actor };
}

async function writeToChild(context: Writing, ticket: TicketRow, fact: CarriedFact): Promise<string> {
  const { transaction, tenantId } = context;
  const message = await transaction.first(build.selectFrom('message').selectAll().where('tenant_id', '=', tenantId).where('id', '=', fact.subject_id!)) as MessageRow;
  const row = await insertMessage(context, ticket, { body: message.body, visibility: 'public', direction: 'outbound', mentions: [], parentTicketId: fact.ticket_id });
  const files = (await filesOfMessages(context, message.ticket_id, [message.id])).get(message.id) ?? [];
  const copies = await copyFiles(context, files, { ticketId: ticket.id, messageId: row.id });
  await tellOfMessage(context, ticket, row, copies.map((file) => file.id), { parentNumber: fact.data.number });
  return 'done';
}

async function tellOutcome(context: Writing, position: number, fact: CarriedFact): Promise<void> {
  const outcomes = await outcomesOf(context, position);
  const landing = await lockLanding(context, fact.ticket_id);
  if (!landing || !await claimEffect(context, position, fact.ticket_id)) return;
  const left = outcomes.filter(({ outcome }) => outcome !== 'done' && outcome !== 'settled');
  await tellOnTicket(context, landing.ticket, {
    kind: 'children.carried',
    data: { step: fact.kind === 'ticket.resolved' ? 'resolved' : 'replied', done: outcomes.filter(({ outcome }) => outcome === 'done').length, left: left.slice(0, mostNamed), visibility: 'internal' },
  });
}
