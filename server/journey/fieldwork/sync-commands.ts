import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { SyncCommands, SyncResults, type SyncResult } from '../../../contract/field.ts';
import type { Visit } from '../../../contract/visit.ts';
import { planCommands, ruleOfRefusal } from '../../../rules/ticket/field-sync.ts';
import { clockBehind } from '../../../rules/ticket/phone-clock.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { canonicalJson } from '../../platform/facts/fact.ts';
import { asRefusal, problemOf } from '../../platform/http/problem.ts';
import { stream, type StreamContext } from '../../platform/http/use-case.ts';
import { lockVisitWithTicket } from './lock-visit.ts';
import { takeStep } from './take-visit-action.ts';
import { viewVisit } from './view-visit.ts';

const lockDevice = statement<never>('field_command.lock_device', "SELECT pg_advisory_xact_lock(hashtextextended('device ' || $1::text || $2::text || $3::text, 0))");
const findApplied = statement<{ sequence: string; digest: Buffer }>('field_command.find', 'SELECT sequence, digest FROM field_command WHERE tenant_id = $1 AND staff_id = $2 AND device_id = $3 AND sequence = ANY($4::bigint[])');
const keepApplied = statement<never>('field_command.keep', 'INSERT INTO field_command (tenant_id, staff_id, device_id, sequence, visit_id, action, digest, applied_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)');

type Command = SyncCommands['commands'][number];

/**
 * Takes the steps that a device has told (现场同步): each once by (device, sequence), however often and in whatever order they come, and those of a visit
 * in the order of the device. Each stands or falls by itself; behind one that is refused the rest of its visit waits.
 */
export const syncCommands = stream({
  summary: 'Take steps of visits that a device took, perhaps without a network, once and in their order',
  body: SyncCommands,
  produces: 'application/json',
  answer: SyncResults,
  async run(context, request, reply) {
    const { deviceId, commands, sentAt } = request.body as SyncCommands;
    const device = { id: deviceId, clockBehind: clockBehind(sentAt, context.services.clock.now().getTime()) };
    const sequences = [...commands.map(({ sequence }) => sequence), ...commands.flatMap(({ previous }) => previous ?? [])];
    const applied = await context.transact((inner) => appliedOf(inner, deviceId, sequences));
    const results: SyncResult[] = [];
    const held = new Set<string>();
    for (const { command, verdict } of planCommands(commands, new Set(applied.keys()))) {
      if (verdict === 'early') held.add(command.visitId);
      if (held.has(command.visitId)) {
        results.push({ sequence: command.sequence, outcome: 'held', visit: null, problem: verdict === 'early' ? problemFor(context, new Refusal('field_command_early'), null, request.id) : null });
        continue;
      }
      const result = await settle(context, device, command, request);
      if (result.outcome === 'refused' || result.outcome === 'held') held.add(command.visitId);
      results.push(result);
    }
    return reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(JSON.stringify({ results, clockBehindSeconds: Math.round(device.clockBehind / 1_000) }));
  },
});

async function settle(context: StreamContext, device: { id: string; clockBehind: number }, command: Command, request: FastifyRequest): Promise<SyncResult> {
  const { sequence, visitId, action } = command;
  const { id: deviceId } = device;
  try {
    const { visit, again } = await context.transact(async (inner): Promise<{ visit: Visit | null; again: boolean }> => {
      const { staffId } = staffOf(inner);
      // Two requests of one device wait for each other: its steps are taken one after another.
      await inner.transaction.query(lockDevice, [inner.tenantId, staffId, deviceId]);
      const digest = digestOf(command);
      const before = (await appliedOf(inner, deviceId, [sequence])).get(sequence);
      if (before) {
        if (!before.equals(digest)) throw new Refusal('field_sequence_reused', { sequence: String(sequence) });
        return { visit: await seen(inner, visitId), again: true };
      }
      const taken = await takeStep(inner, visitId, action, { ...command.body, device }, null);
      await inner.transaction.query(keepApplied, [inner.tenantId, staffId, deviceId, sequence, visitId, action, digest, inner.now]);
      return { visit: taken, again: false };
    });
    return { sequence, outcome: again ? 'already_applied' : 'applied', visit, problem: null };
  } catch (error) {
    if (!(error instanceof Refusal)) {
      if (asRefusal(error, request)) throw error;
      // Trouble of ours with one step is none of the others: it waits, with those behind it on its visit.
      request.log.error({ err: error, visitId, action }, 'a step of a visit failed');
      return { sequence, outcome: 'held', visit: null, problem: problemFor(context, new Refusal('internal_error', { requestId: request.id }), null, request.id) };
    }
    const status = await context.transact((inner) => statusOf(inner, visitId));
    return { sequence, outcome: 'refused', visit: null, problem: problemFor(context, error, status, request.id) };
  }
}

function problemFor({ language }: StreamContext, refusal: Refusal, visitStatus: string | null, requestId: string): NonNullable<SyncResult['problem']> {
  const { status, code, title, errors = [] } = problemOf(refusal, language, requestId) as { status: number; code: string; title: string; errors?: { path: string; code: string; message: string }[] };
  return { status, code, title, errors, rule: ruleOfRefusal({ code, paths: errors.map(({ path }) => path) }, visitStatus) };
}

async function appliedOf({ tenantId, transaction, caller }: Context, deviceId: string, sequences: readonly number[]): Promise<Map<number, Buffer>> {
  if (caller.kind !== 'staff') return new Map();
  const rows = await transaction.query(findApplied, [tenantId, caller.subject.staffId, deviceId, sequences]);
  return new Map(rows.map((row) => [Number(row.sequence), row.digest]));
}

/** Of one told again nothing is done; how the visit stands is told where it may be seen. */
async function seen(context: Context, visitId: string): Promise<Visit | null> {
  try {
    const { visit, ticket } = await lockVisitWithTicket(context, visitId);
    return await viewVisit(context, visit, ticket);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

async function statusOf(context: Context, visitId: string): Promise<string | null> {
  const visit = await context.transaction.first(build.selectFrom('visit').select(['status', 'technician_id']).where('tenant_id', '=', context.tenantId).where('id', '=', visitId));
  return visit?.technician_id === staffOf(context).staffId ? visit.status : null;
}

// Files may have been sent anew meanwhile, and `previous` is gone once the one before was answered: the step is known by its own id.
const digestOf = ({ visitId, action, body }: Command): Buffer => createHash('sha256').update(body?.stepId ?? canonicalJson({ visitId, action, body: body ?? {} })).update(`${visitId} ${action}`).digest();
