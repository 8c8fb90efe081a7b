import type { Effect } from '../../../../rules/workflow/state.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { describeRefusal } from '../../../../contract/refusals.ts';
import { act } from './act.ts';
import { holdText, nameAt, needOwnTransaction, tell, viewOf, writePending, type Answer, type Driving } from './driving.ts';
import { findPerformers, peopleAmong } from './performers.ts';
import { hasStatus, setStatus } from './set-status.ts';
import { changeTask, closeTask, openTask } from './tasks.ts';

const insertWait = statement<never>('flow_wait.insert', 'INSERT INTO flow_wait (tenant_id, ticket_id, instance_id, activation, fact_kind, of_children) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING');
const removeWait = statement<never>('flow_wait.remove', 'DELETE FROM flow_wait WHERE tenant_id = $1 AND ticket_id = $2 AND instance_id = $3 AND activation = $4');
const removeWaits = statement<never>('flow_wait.remove_all', 'DELETE FROM flow_wait WHERE tenant_id = $1 AND ticket_id = $2 AND instance_id = $3');

/** Does what a step of a flow says is to be done (执行效果); for an instruction, the answer to it, unless it comes later. */
export async function carryOut(driving: Driving, effect: Effect, isFirst: boolean): Promise<Answer | null> {
  const { context, instance } = driving;
  const { transaction, tenantId } = context;
  switch (effect.do) {
    case 'set_status':
      if (await hasStatus(context, driving.ticket, effect.status)) return { ok: true };
      needOwnTransaction(driving);
      await writePending(driving);
      return attempt(async () => {
        const before = driving.ticket.history_length;
        driving.ticket = await setStatus(context, driving.ticket, effect.status, driving.loaded.name);
        if (driving.ticket.history_length !== before) driving.untold = false;
        return { ok: true };
      });
    case 'find_performers': {
      const view = await viewOf(driving);
      const seats = await findPerformers(context, driving.ticket, driving.state!, effect, { fields: view.fields, ticket: view.ticket, vars: driving.state!.vars, steps: driving.state!.steps, now: view.now, today: view.today, item: effect.item ?? null });
      return seats.length > 0 ? { ok: true, seats } : { ok: false, reason: '' };
    }
    case 'act':
      needOwnTransaction(driving);
      await writePending(driving);
      return attempt(() => act(driving, effect));
    case 'open_task':
      await openTask(driving, effect);
      return null;
    case 'change_task':
      await changeTask(driving, effect, isFirst ? driving.by : context.actor);
      return null;
    case 'close_task':
      await closeTask(driving, effect, isFirst ? driving.by : context.actor);
      return null;
    case 'await_fact':
      // What is told along with it does not count, and in a shared commit that would be what others tell.
      needOwnTransaction(driving);
      await transaction.query(insertWait, [tenantId, instance.ticket_id, instance.id, effect.activation, effect.fact, effect.of === 'children']);
      return null;
    case 'stop_awaiting':
      await transaction.query(removeWait, [tenantId, instance.ticket_id, instance.id, effect.activation]);
      return null;
    case 'remind': {
      const staffIds = await peopleAmong(context, await findPerformers(context, driving.ticket, driving.state!, { performers: effect.to, scope: effect.scope }, {}));
      await transaction.run(build.updateTable('task').set({ overdue: true }).where('tenant_id', '=', tenantId).where('instance_id', '=', instance.id).where('activation', '=', effect.activation));
      await tell(driving, { kind: 'task.overdue', data: { step: nameAt(driving, effect.node, effect.scope), staffIds } });
      return null;
    }
    case 'hold':
      await tell(driving, { kind: 'flow.held', data: { step: nameAt(driving, effect.node, effect.scope), reason: holdText(effect.hold), code: effect.hold.code } });
      return null;
    case 'end':
      await transaction.query(removeWaits, [tenantId, instance.ticket_id, instance.id]);
      await tell(driving, { kind: 'flow.ended', data: { status: effect.status } });
      return null;
    // Timers and holds stand in the state; the run is saved with the next moment that is due.
    case 'set_timer': case 'clear_timer': case 'release_hold':
      return null;
  }
}

/** What is refused holds the flow with the reason; refusals come before anything is written. */
async function attempt(work: () => Promise<Answer | null>): Promise<Answer | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, reason: reasonOf(error) };
  }
}

/** A refusal in words that fit behind a colon. */
export function reasonOf(refusal: Refusal): string {
  const said = refusal.errors?.[0];
  const message = said?.message === undefined ? '' : typeof said.message === 'string' ? said.message : said.message.zh;
  const detail = said ? ` ${said.path} ${message}` : '';
  return `${describeRefusal(refusal.code, refusal.parameters, 'zh-CN')}${detail}`.slice(0, 500);
}

