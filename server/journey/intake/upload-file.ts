import { Type } from 'typebox';
import { Closed, OneOf } from '../../../contract/common.ts';
import { FileSummary } from '../../../contract/file.ts';
import { maximumFileBytes } from '../../platform/files/inspect.ts';
import { stream } from '../../platform/http/use-case.ts';
import { filePurposes, fileVisibilities, type FilePurpose, type FileVisibility } from '../../records/file/row.ts';
import { viewFile } from '../../records/file/view.ts';
import { takeUpload } from './take-upload.ts';

/** The fields beside the file. */
const UploadForm = Closed({
  purpose: Type.Optional(OneOf(filePurposes, { description: 'attachment when absent; a photo is an image or a film, a signature an image with ink on it' })),
  visibility: Type.Optional(OneOf(fileVisibilities, { description: 'internal when absent' })),
});

/** A member of staff sends a file, to be attached to something within a day (上传文件). */
export const uploadFile = stream({
  summary: 'Send a file (multipart, part `file`, at most 50 MB), to be named as an attachment within 24 hours',
  form: UploadForm,
  produces: 'application/json',
  answer: FileSummary,
  status: 201,
  run: (context, request, reply) => takeUpload(context, request, reply, {
    form: UploadForm,
    maximumBytes: maximumFileBytes,
    place: (fields) => ({ purpose: (fields['purpose'] ?? 'attachment') as FilePurpose, visibility: (fields['visibility'] ?? 'internal') as FileVisibility }),
    view: (_inner, file) => viewFile(file, { kind: 'staff' }),
    open: false,
    secret: false,
  }),
});
