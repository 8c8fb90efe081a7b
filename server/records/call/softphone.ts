import { Colleagues, Softphone } from '../../../contract/call.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { stream, useCase } from '../../platform/http/use-case.ts';

/** Where browsers become telephones (软电话接入). */
interface Exchange {
  /** The WebSocket of the telephone system. */
  server: string;
  /** What stands behind the @ of its SIP addresses. */
  domain: string;
  stun: string | null;
}

const mostColleagues = 1_000;

/** What the sealed password of a person is sealed for. */
export const sipPurpose = (tenantId: string, staffId: string): string => `sip password ${tenantId} ${staffId}`;

async function exchangeOf({ tenantId, transaction }: { tenantId: string; transaction: Transaction }): Promise<Exchange | null> {
  const accounts = await transaction.run(build.selectFrom('channel_account').select('settings').where('tenant_id', '=', tenantId).where('kind', '=', 'phone').where('active', '=', true).where('archived_at', 'is', null).orderBy('id'));
  for (const { settings } of accounts) {
    const { softphoneUrl: server, softphoneDomain, softphoneStun } = settings as { softphoneUrl?: string; softphoneDomain?: string; softphoneStun?: string };
    if (server) return { server, domain: softphoneDomain || new URL(server).hostname, stun: softphoneStun || null };
  }
  return null;
}

const ownRow = (context: Context) => context.transaction.first(build.selectFrom('phone_line').select(['sip_user', 'sealed_sip_password']).where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId));

/** Whether the caller's browser can be a telephone: there is a server for it, and they have a user and a password on it. */
export async function hasSoftphone(context: Context): Promise<boolean> {
  const [exchange, row] = await Promise.all([exchangeOf(context), ownRow(context)]);
  return exchange !== null && row?.sip_user != null && row.sealed_sip_password !== null;
}

/** All it takes for the caller's own browser to be their telephone (本人软电话), password and all: for their own session only. */
export const showSoftphone = useCase({
  summary: 'Show what one’s own browser needs to be a telephone',
  answer: Softphone,
  async run(context) {
    const [exchange, row] = await Promise.all([exchangeOf(context), ownRow(context)]);
    if (!exchange || !row?.sip_user || !row.sealed_sip_password || context.caller.kind !== 'staff') throw new Refusal('not_found');
    const password = context.services.secrets.open(sipPurpose(context.tenantId, staffOf(context).staffId), row.sealed_sip_password)?.toString();
    // Sealed under another key: it has to be set anew.
    if (password === undefined) throw new Refusal('not_found');
    return { ...exchange, user: row.sip_user, password, name: context.caller.name };
  },
});

/** Colleagues a call can be handed on to (可转接的同事): those who have an extension. */
export const listColleagues = useCase({
  summary: 'List colleagues who have an extension',
  answer: Colleagues,
  async run({ tenantId, transaction, caller }) {
    const own = caller.kind === 'staff' ? caller.subject.staffId : null;
    const rows = await transaction.run(build.selectFrom('phone_line').innerJoin('staff', (join) => join.onRef('staff.tenant_id', '=', 'phone_line.tenant_id').onRef('staff.id', '=', 'phone_line.staff_id'))
      .select(['staff.id', 'staff.name', 'phone_line.extension']).where('phone_line.tenant_id', '=', tenantId).where('phone_line.extension', 'is not', null).where('staff.active', '=', true).orderBy('staff.name').orderBy('staff.id').limit(mostColleagues));
    return { items: rows.filter((row) => row.id !== own).map(({ id, name, extension }) => ({ id, name, extension: extension! })) };
  },
});

// Runs in a worker of its own: what it may reach is said by the policy it comes with, so that pages may reach no more than before.
const wireOf = (server: string): string => `'use strict';
const server = ${JSON.stringify(server)};
let socket = null;
const end = () => {
  if (socket === null) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
  socket = null;
};
onmessage = ({ data }) => {
  if (data.do === 'send') socket !== null && socket.readyState === 1 && socket.send(data.text);
  if (data.do === 'close') end();
  if (data.do !== 'open') return;
  end();
  try {
    socket = new WebSocket(server, 'sip');
  } catch (error) {
    return void postMessage({ is: 'closed', clean: false, code: 0, reason: String(error) });
  }
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => postMessage({ is: 'open' });
  socket.onmessage = (event) => postMessage({ is: 'said', text: event.data });
  socket.onclose = (event) => postMessage({ is: 'closed', clean: event.wasClean, code: event.code, reason: event.reason });
};
`;

/**
 * The script of the worker by which a browser talks to the telephone system (软电话连线): it comes with a policy of its own that lets it reach that one server and nothing
 * else. The policy of pages stays as it is.
 */
export const softphoneWire = stream({
  summary: 'The script by which one’s own browser talks to the telephone system',
  produces: 'text/javascript',
  async run(context, _request, reply) {
    const exchange = await context.transact(async (inner) => ((await hasSoftphone(inner)) ? exchangeOf(inner) : null));
    if (!exchange) throw new Refusal('not_found');
    return reply.type('text/javascript; charset=utf-8').header('content-security-policy', `default-src 'none';connect-src ${new URL(exchange.server).origin}`).send(wireOf(exchange.server));
  },
});
