import { Type } from 'typebox';
import { HistoryVerification, chainFaultNames } from '../../../contract/collaboration.ts';
import { Closed } from '../../../contract/common.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { verifyHistory as verify } from '../../platform/facts/verify.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findTicket } from '../../records/ticket/find.ts';

/**
 * Whether a ticket's history is as it was written (历史校验), for auditors: it says nothing of what happened, so that they
 * need not read the ticket. The whole organization is verified by `npm run verify-history`.
 */
export const verifyHistory = useCase({
  summary: 'Verify the history of a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  answer: HistoryVerification,
  async run(context, { params }) {
    const ticket = await findTicket(context, params.id);
    const verified = ticket && await verify(context.transaction, context.tenantId, ticket.id);
    if (!verified) throw new Refusal('not_found');
    const { chain, broken, unkeyed } = verified;
    const words = broken && chainFaultNames[broken.fault];
    return {
      number: chain.number, intact: broken === null, length: broken === null ? chain.history_length : broken.position - 1, unkeyed,
      broken: broken && words ? { position: broken.position, kind: broken.kind, fault: broken.fault, title: context.language === 'en' ? words.en : words.zh } : null,
      checkedAt: context.now.toISOString(),
    };
  },
});
