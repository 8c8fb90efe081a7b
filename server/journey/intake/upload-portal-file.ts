import { Type, type TSchema } from 'typebox';
import { Closed, Id, OneOf } from '../../../contract/common.ts';
import { PortalUpload } from '../../../contract/portal.ts';
import type { FileFamily } from '../../../rules/forms/form.ts';
import { fileFamilies } from '../../../rules/files/accepted.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import type { Family } from '../../platform/files/file-types.ts';
import { maximumPortalFileBytes } from '../../platform/files/inspect.ts';
import { stream, type StreamContext } from '../../platform/http/use-case.ts';
import { signUploadToken } from '../../records/file/attach-files.ts';
import { formForCustomers, reportedType } from './report-fields.ts';
import { takeUpload, type UploadTerms } from './take-upload.ts';

const purpose = Type.Optional(OneOf(['signature'], { description: 'A signature drawn by hand, for a field that asks for one' }));
const MessageForm = Closed({ purpose });
const ReportForm = Closed({
  purpose,
  type: Type.Optional(Id),
  field: Type.Optional(Type.String({ maxLength: 64, description: 'The field of the type’s form that the file is for (key): what it takes is taken, documents among it. Without one only what is seen or heard' })),
});

/** What anybody may send: seen or heard. */
const seenOrHeard: readonly Family[] = ['image', 'audio', 'video'];
const familiesOf: Record<FileFamily, readonly Family[]> = { image: ['image'], video: ['video'], audio: ['audio'], pdf: ['pdf'], document: ['office', 'archive', 'text'] };

const terms = (form: TSchema, familiesFor: UploadTerms['familiesFor']): UploadTerms => ({
  form,
  maximumBytes: maximumPortalFileBytes,
  ...(familiesFor ? { familiesFor } : {}),
  place: (fields) => ({ purpose: fields['purpose'] === 'signature' ? 'signature' : 'attachment', visibility: 'public' }),
  purposeOf: (kept, said) => (said === 'signature' ? said : /^(?:image|video)\//.test(kept.mediaType) ? 'photo' : 'attachment'),
  view: ({ services, tenantId, now }, file): PortalUpload => ({
    uploadToken: signUploadToken(services.secrets, tenantId, file.id, now), name: file.name, mediaType: file.media_type, size: file.size,
  }),
  open: true,
  secret: true,
});

/** A customer sends a file for the report that follows (客户上传): a photo, a film, a voice note, or what a field of the form asks for. */
export const uploadPortalFile = stream({
  summary: 'Send a photo, film or voice note, or a document that a field asks for (multipart, part `file`, at most 20 MB), to be named in a report within the hour',
  form: ReportForm,
  produces: 'application/json',
  answer: PortalUpload,
  status: 201,
  run: (context, request, reply) => takeUpload(context, request, reply, terms(ReportForm, (fields) => familiesForField(context, fields))),
});

/** A customer sends a photo, a film or a voice note for a message about their ticket (客户追加照片). */
export const uploadProgressFile = stream({
  summary: 'Send a photo, film or voice note (multipart, part `file`, at most 20 MB), to be named in a message within the hour',
  form: MessageForm,
  produces: 'application/json',
  answer: PortalUpload,
  status: 201,
  run: (context, request, reply) => takeUpload(context, request, reply, terms(MessageForm, () => seenOrHeard)),
});

/** What a field that customers fill in takes. */
async function familiesForField(context: StreamContext, { type: typeId, field: key }: Record<string, string>): Promise<readonly Family[]> {
  if (key === undefined) return seenOrHeard;
  const field = await context.transact(async (inner) => formForCustomers((await reportedType(inner, typeId)).form).fields.find((one) => one.key === key));
  if (!field) throw refuseInput('/field', 'unknown_reference', { field: { zh: '表单项', en: 'The field of the form' } });
  if (field.kind === 'signature') return ['image'];
  if (field.kind !== 'file') throw new Refusal('invalid_input', {}, { errors: [{ path: '/field', code: 'kind', message: { zh: '这个字段不收文件', en: 'takes no files' } }] });
  return (field.accept ?? fileFamilies).flatMap((family) => familiesOf[family]);
}
