import { Closed, Id } from '../../../../contract/common.ts';
import { staffOf } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { stream } from '../../../platform/http/use-case.ts';
import { dropUpload, findUpload } from '../../../records/file/uploads.ts';
import { speakTus } from './manners.ts';

/** Gives an upload up (取消上传; tus 1.0, "Termination"). The file of one that is whole stays. */
export const endUpload = stream({
  summary: 'Give a resumable upload up; what it became already stays',
  params: Closed({ id: Id }),
  produces: 'application/json',
  status: 204,
  async run(context, request, reply) {
    speakTus(request, reply);
    const { id } = request.params as { id: string };
    const upload = await context.transact((inner) => findUpload(inner.transaction, id, staffOf(inner).staffId, inner.now));
    if (!upload) throw new Refusal('not_found');
    await dropUpload(context.services, upload);
    return reply.status(204).send();
  },
});
