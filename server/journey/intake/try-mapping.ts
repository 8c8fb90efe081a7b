import { Type } from 'typebox';
import { TryMapping, isMappingTarget } from '../../../contract/channel.ts';
import { Closed } from '../../../contract/common.ts';
import { checkMapping } from '../../../rules/intake/mapping.ts';
import { CallRefused } from '../../channels/inbound.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { inboundAdapters } from '../../channels/inbound-adapters.ts';
import { requestOf } from './request-of.ts';

const mostTried = 20;
const Tried = Closed({
  messages: Type.Array(Closed({
    externalId: Type.String(), values: Type.Record(Type.String(), Type.Unknown(), { description: 'What the mapping found, by target' }),
    request: Type.Record(Type.String(), Type.Unknown(), { description: 'What a ticket would be made of' }), unclear: Type.Array(Closed({ target: Type.String(), value: Type.String() }), { description: 'What names nothing that there is here' }),
    alarm: Type.Union([Closed({ key: Type.String(), episode: Type.String(), state: Type.String() }), Type.Null()]),
  })),
  total: Type.Integer(),
}, { title: 'TriedMapping' });

/** Shows what a mapping makes of a sample (映射试算): the same reading as that of a call, and nothing is written. */
export const tryMapping = useCase({
  summary: 'Try a mapping on a sample',
  body: TryMapping,
  answer: Tried,
  async run(context, { body }) {
    const [problem] = checkMapping(body.mapping, isMappingTarget);
    if (problem) throw invalidInput(`/mapping/${problem.line}`, problem.code);
    const account = { id: '', identity: '', mode: '', values: { ...(body.each === undefined ? {} : { each: body.each }) }, mapping: body.mapping };
    let messages;
    try {
      messages = inboundAdapters[body.kind].decode(account, { method: 'POST', query: {}, headers: {}, body: Buffer.from(body.body) }, context.now);
    } catch (error) {
      if (error instanceof CallRefused) throw invalidInput('/body', error.code, { zh: '样例无法读取，请检查是不是这种渠道发来的 JSON', en: error.message });
      throw error;
    }
    const configuration = await configurationOf(context);
    const tried = [];
    for (const { externalId, values, alarm, sender } of messages.slice(0, mostTried)) {
      const { request, unclear } = await requestOf(context, configuration, values, true, { written: sender !== undefined });
      tried.push({ externalId, values, request: { ...request }, unclear, alarm: alarm ? { ...alarm } : null });
    }
    return { messages: tried, total: messages.length };
  },
});
