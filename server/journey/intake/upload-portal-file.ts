import { Type } from 'typebox';
import { Closed, OneOf } from '../../../contract/common.ts';
import { PortalUpload } from '../../../contract/portal.ts';
import { maximumPortalFileBytes } from '../../platform/files/inspect.ts';
import { stream } from '../../platform/http/use-case.ts';
import { signUploadToken } from '../../records/file/attach-files.ts';
import { takeUpload } from './take-upload.ts';

const UploadForm = Closed({ purpose: Type.Optional(OneOf(['signature'], { description: 'A signature drawn by hand, for a field that asks for one' })) });

/** A customer sends a photo, a film or a voice note for the report or message that follows (客户上传). */
export const uploadPortalFile = stream({
  summary: 'Send a photo, film or voice note (multipart, part `file`, at most 20 MB), to be named in a report or message within the hour',
  form: UploadForm,
  produces: 'application/json',
  answer: PortalUpload,
  status: 201,
  run: (context, request, reply) => takeUpload(context, request, reply, {
    form: UploadForm,
    maximumBytes: maximumPortalFileBytes,
    families: ['image', 'audio', 'video'],
    place: ({ purpose }) => ({ purpose: purpose === 'signature' ? 'signature' : 'attachment', visibility: 'public' }),
    purposeOf: (kept, purpose) => (purpose === 'signature' ? purpose : kept.mediaType.startsWith('audio/') ? 'attachment' : 'photo'),
    view: ({ services, tenantId, now }, file): PortalUpload => ({
      uploadToken: signUploadToken(services.secrets, tenantId, file.id, now), name: file.name, mediaType: file.media_type, size: file.size,
    }),
    open: true,
    secret: true,
  }),
});
