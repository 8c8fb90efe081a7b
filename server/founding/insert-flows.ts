import { demoFlows, demoFlowTickets } from '../../schema/seed/demo/flows.ts';
import { build, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';
import { loadFlow } from '../records/flow/instance/bundle.ts';
import { flowContext, ownWork } from '../records/flow/instance/context.ts';
import { beginFlow, drive } from '../records/flow/instance/drive.ts';
import { insertNewTicket } from '../records/ticket/insert.ts';

/** Somebody of the demonstration company. */
interface Member { id: string; name: string }

/**
 * The flows of the demonstration company, published, with the ticket types that go through them and tickets that stand at
 * their steps (演示流程), each brought there by the flow itself.
 *
 * @param numberOn the next number of a ticket made on a moment
 */
export async function insertFlows(transaction: Transaction, memberOf: (key: string) => Member, numberOn: (at: Date) => string, now: Date): Promise<void> {
  const { tenantId: tenant_id } = transaction;
  const made = new Map<string, { flow: string; type: string }>();
  for (const [position, { key, name, nameEn, description, type, definition }] of demoFlows.entries()) {
    const flow = newId();
    const typeId = newId();
    const said = JSON.stringify(definition((person) => memberOf(person).id));
    await transaction.run(build.insertInto('flow').values({ tenant_id, id: flow, name, name_en: nameEn, description, published: 1, created_at: now, updated_at: now }));
    await transaction.run(build.insertInto('flow_version').values({ tenant_id, flow_id: flow, number: 1, definition: said, subflows: '{}', published_at: now }));
    await transaction.run(build.insertInto('ticket_type').values({ tenant_id, id: typeId, key: type.key, name: type.name, name_en: type.nameEn, description: type.description, position: position + 2, flow_id: flow, definition: JSON.stringify({ flow: { steps: ['accept', 'work', 'resolve', 'confirm'] } }), created_at: now }));
    await transaction.run(build.insertInto('form_version').values({ tenant_id, type_id: typeId, number: 1, form: JSON.stringify(type.form), published_at: now }));
    made.set(key, { flow, type: typeId });
  }
  const reporter = memberOf('lin-xiaoyu');
  for (const { flow, subject, description, fields, hoursAgo, doneBy } of demoFlowTickets) {
    const of = made.get(flow)!;
    const begun = now.getTime() - hoursAgo * 3_600_000;
    // Each step takes a while.
    const at = (step: number) => new Date(begun + (step * (now.getTime() - begun)) / (doneBy.length + 1));
    const ticket = await insertNewTicket({ tenantId: tenant_id, transaction, now: at(0), actor: { kind: 'staff', ...reporter } }, {
      id: newId(begun), number: numberOn(at(0)), type_id: of.type, form_version: 1, subject, description, status: 'new', priority: 2, priority_explanation: { score: 0, overridden: false, factors: [] }, channel: 'phone', category_id: null, team_id: null, department_id: null, assignee_id: null,
      customer_id: null, contact_name: null, contact_phone: null, contact_email: null, asset_id: null, address: null, lat: null, lng: null, fields: fields as never, tags: [],
    });
    const { name } = await loadFlow(transaction, of.flow, 1);
    const context = async (step: number) => flowContext(await ownWork(transaction, at(step), 'demo'), name);
    let run = await beginFlow(await context(0), ticket, { id: of.flow, number: 1 });
    for (const [index, key] of doneBy.entries()) {
      const activation = run.instance.state.tokens.find((token) => token.phase === 'open')!.id;
      const member = memberOf(key);
      run = await drive(await context(index + 1), await loadFlow(transaction, of.flow, 1), run.ticket, run.instance, [{ id: newId(), kind: 'complete', activation, by: member.id }], { actor: { kind: 'staff', ...member } });
    }
  }
}
