import { Type } from 'typebox';
import { MergeCandidates, mergeReasonNames } from '../../../contract/collaboration.ts';
import { Closed } from '../../../contract/common.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';
import { mergeCandidates } from '../../records/ticket/merge-candidates.ts';
import { statusOf } from '../../records/ticket/row.ts';

/** Tickets that may be the same matter as this one (疑似重复工单), each with its reasons, for whoever is about to merge. */
export const listMergeCandidates = useCase({
  summary: 'Propose tickets to merge with',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  answer: MergeCandidates,
  async run(context, { params }) {
    const candidates = await mergeCandidates(context, await findReadableTicket(context, params.id));
    return {
      items: candidates.map(({ ticket, score, reasons }) => ({
        ticket: { id: ticket.id, number: ticket.number, subject: ticket.subject, status: statusOf(ticket) },
        createdAt: ticket.created_at.toISOString(), score,
        reasons: reasons.map((code) => ({ code, title: mergeReasonNames[code][context.language === 'en' ? 'en' : 'zh'] })),
      })),
    };
  },
});
