import { askConnector, ConnectorFailure, questionName } from '../../../connectors/http/ask.ts';
import { applyMapping, at, type Mapped } from '../../../../rules/intake/mapping.ts';
import { asText } from '../../../../rules/conditions/json.ts';
import { systemActor, type Context, type Services } from '../../../platform/context.ts';
import { build, statement, type Transaction } from '../../../platform/db/database.ts';
import { canonicalJson } from '../../../platform/facts/fact.ts';
import { dropCompletion, filledSoFar, postponeCompletion, settleCompletion, type DueCompletion } from '../../../records/completion/completions.ts';
import { standing } from '../../../records/completion/guesses.ts';
import { findConnector, namedBy, openConnector, type ConnectorRow } from '../../../records/connector/connectors.ts';
import { configurationOf, type Configuration } from '../../../records/organization/configuration.ts';
import { raisePriority } from '../../../records/ticket/raise-priority.ts';
import { findTicket, lockTicket } from '../../../records/ticket/find.ts';
import { priorityName, priorityRank, type TicketRow } from '../../../records/ticket/row.ts';
import { ownContext } from '../own-context.ts';
import { requestOf } from '../request-of.ts';
import { fillTicket, type Filling } from './fill.ts';

const pauses = [5, 30, 120, 600, 1_800];
const largestKept = 300_000;
/** As many systems in a row may lead to one another; more go round in a circle. */
const mostDepth = 5;
const findKept = statement<{ answer: unknown }>('connector_answer.find', 'SELECT answer FROM connector_answer WHERE tenant_id = $1 AND connector_id = $2 AND question = $3 AND expires_at > $4');
const keep = statement<never>('connector_answer.keep', `
  INSERT INTO connector_answer (tenant_id, connector_id, question, answer, expires_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (tenant_id, connector_id, question) DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at`);

/** What `{{…}}` of a connector stand for (查询变量). */
export async function ticketData(context: Pick<Context, 'tenantId' | 'transaction'>, configuration: Configuration, ticket: TicketRow): Promise<Record<string, unknown>> {
  const asset = ticket.asset_id === null ? undefined : await context.transaction.first(build.selectFrom('asset').select(['code', 'name']).where('tenant_id', '=', context.tenantId).where('id', '=', ticket.asset_id));
  return {
    ticket: { id: ticket.id, number: ticket.number, subject: ticket.subject, priority: priorityName(ticket.priority), category: ticket.category_id === null ? '' : configuration.categories.get(ticket.category_id)?.path.join('/') ?? '' },
    fields: ticket.fields, requester: { name: ticket.contact_name, phone: ticket.contact_phone, email: ticket.contact_email }, location: { address: ticket.address }, asset: asset ?? {},
  };
}

const forget = statement<never>('connector_answer.forget', 'DELETE FROM connector_answer WHERE tenant_id = $1 AND connector_id = $2 AND question = $3');

/** Forgets what a connector answered of a ticket as it is now (作废缓存), and of no other. */
export async function forgetAnswer(context: Context, row: ConnectorRow, ticket: TicketRow): Promise<void> {
  const open = openConnector(context.services.secrets, row);
  if (open) await context.transaction.query(forget, [context.tenantId, row.id, questionName(open, await ticketData(context, await configurationOf(context), ticket))]);
}

/** Asks a connector for a ticket and fills in what it answered (外部数据补全): what is empty, and what it filled in itself before. */
export async function completeTicket(services: Services, due: DueCompletion): Promise<void> {
  const { tenant_id: tenantId, ticket_id: ticketId, source } = due;
  const { database, clock, secrets } = services;
  const ready = await database.transact(tenantId, async (transaction) => {
    const [row, ticket] = [await findConnector(transaction, source), await findTicket({ tenantId, transaction }, ticketId)];
    const open = row?.active && !row.archived_at && ticket && ticket.merged_into === null && (row.type_id === null || row.type_id === ticket.type_id) ? openConnector(secrets, row) : null;
    if (open && due.depth > mostDepth) {
      await settleCompletion(transaction, due, 'failed', null, { code: 'loop', detail: '' }, clock.now());
      return null;
    }
    if (!row || !ticket || !open) {
      await (row?.active && !row.archived_at && ticket && openConnector(secrets, row) === null ? settleCompletion(transaction, due, 'failed', null, { code: 'auth', detail: 'its secrets were sealed under another SECRET_KEY' }, clock.now()) : dropCompletion(transaction, due, clock.now()));
      return null;
    }
    const data = await ticketData({ tenantId, transaction }, await configurationOf({ ...await ownContext(services, transaction, clock.now()) }), ticket);
    // As long as what it takes to ask is not there, there is nothing to say of it.
    if (namedBy(row).needs.some((path) => asText(at(data, path)) === '')) {
      await dropCompletion(transaction, due, clock.now());
      return null;
    }
    const question = questionName(open, data);
    const [kept] = await transaction.query(findKept, [tenantId, source, question, clock.now()]);
    return { row, open, data, question, kept };
  });
  if (!ready) return;
  try {
    const answer = ready.kept ? ready.kept.answer : await askConnector(ready.open, ready.data, { privateHosts: services.privateHosts ?? [], now: () => clock.now().getTime() });
    // Before the ticket is locked: whoever asks again holds the ticket, and throws the answer away.
    if (!ready.kept) await database.transact(tenantId, (transaction) => keepAnswer(transaction, source, ready.question, answer, Number(ready.open.values['cacheSeconds']) || 0, clock.now()));
    await database.transact(tenantId, (transaction) => fillIn(services, transaction, due, ready.row.name, applyMapping(ready.row.mapping, answer)));
  } catch (error) {
    if (!(error instanceof ConnectorFailure)) throw error;
    const failure = { code: error.code, detail: error.message };
    await database.transact(tenantId, async (transaction) => {
      const now = clock.now();
      if (error.final || due.attempts > pauses.length) await settleCompletion(transaction, due, 'failed', null, failure, now);
      else await postponeCompletion(transaction, due, new Date(now.getTime() + (error.retryAfterSeconds ?? pauses[due.attempts - 1]!) * 1_000), failure);
    });
  }
}

async function keepAnswer(transaction: Transaction, connectorId: string, question: string, answer: unknown, seconds: number, now: Date): Promise<void> {
  const text = JSON.stringify(answer);
  if (seconds > 0 && text !== undefined && text.length <= largestKept && !text.includes('\\u0000')) await transaction.query(keep, [transaction.tenantId, connectorId, question, text, new Date(now.getTime() + seconds * 1_000)]);
}

async function fillIn(services: Services, transaction: Transaction, due: DueCompletion, name: string, values: Mapped): Promise<void> {
  const context: Context = { ...await ownContext(services, transaction, services.clock.now()), actor: systemActor };
  const configuration = await configurationOf(context);
  const ticket = await lockTicket(context, due.ticket_id);
  if (!ticket || ticket.merged_into !== null) return dropCompletion(transaction, due, context.now);
  const before = await filledSoFar(transaction, ticket.id, due.source);
  const { wanted, unclear } = await wantedOf(context, configuration, values);
  const { ticket: changed, filled, refused } = await fillTicket(context, configuration, ticket, wanted, (field, present) => Object.hasOwn(before, field) && canonicalJson(before[field]) === canonicalJson(present), { connector: name, connectorId: due.source, depth: due.depth + 1 });
  if (Object.hasOwn(filled, 'category')) await raisePriority(context, changed, `${changed.subject}\n${changed.description}`);
  // What stands there already as it was answered counts as well: it may have been filled in a moment ago.
  const same = Object.fromEntries(Object.entries(wanted).filter(([field, value]) => Object.hasOwn(before, field) && canonicalJson(standing(changed, field)) === canonicalJson(value)));
  const left = [...unclear, ...refused.map((key) => `fields.${key}`)];
  await settleCompletion(transaction, due, Object.keys({ ...before, ...filled, ...same }).length > 0 ? 'filled' : 'nothing', filled, left.length > 0 ? { code: 'unclear', detail: left.join(', ') } : null, context.now);
}

/** What was answered, as fields of a ticket; and which of it means nothing here. */
async function wantedOf(context: Context, configuration: Configuration, values: Mapped): Promise<{ wanted: Filling; unclear: string[] }> {
  const { request, unclear } = await requestOf(context, configuration, values, true);
  const { category, priority, requester, location, assetId, fields = {} } = request;
  return {
    unclear: unclear.map(({ target }) => target),
    wanted: {
      ...(values['subject'] === undefined ? {} : { subject: request.subject }), ...(category === undefined ? {} : { category }), ...(priority === undefined ? {} : { priority: priorityRank(priority) }),
      ...(requester?.name === undefined ? {} : { name: requester.name }), ...(requester?.phone === undefined ? {} : { phone: requester.phone }), ...(requester?.email === undefined ? {} : { email: requester.email }),
      ...(location?.address === undefined ? {} : { address: location.address }), ...(location?.lat == null || location.lng == null ? {} : { place: { lat: location.lat, lng: location.lng } }), ...(assetId === undefined ? {} : { asset: assetId }),
      ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [`fields.${key}`, value])),
    },
  };
}
