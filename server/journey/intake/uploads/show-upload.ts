import { Closed, Id } from '../../../../contract/common.ts';
import { Upload } from '../../../../contract/upload.ts';
import { staffOf } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { stream } from '../../../platform/http/use-case.ts';
import { findUpload } from '../../../records/file/uploads.ts';
import { speakTus, tellPlace, viewUpload } from './manners.ts';

/** How far an upload has come (查询上传进度): by HEAD as tus asks, by GET with what it became. */
export const showUpload = stream({
  summary: 'How far a resumable upload has come (HEAD as tus asks); with the file once it is whole',
  params: Closed({ id: Id }),
  produces: 'application/json',
  answer: Upload,
  async run(context, request, reply) {
    speakTus(request, reply, { asked: request.method === 'HEAD' });
    const { id } = request.params as { id: string };
    const { upload, view } = await context.transact(async (inner) => {
      const found = await findUpload(inner.transaction, id, staffOf(inner).staffId, inner.now);
      if (!found) throw new Refusal('not_found');
      return { upload: found, view: await viewUpload(inner, found) };
    });
    return tellPlace(reply, upload).header('upload-length', String(upload.size)).type('application/json; charset=utf-8').send(JSON.stringify(view));
  },
});
