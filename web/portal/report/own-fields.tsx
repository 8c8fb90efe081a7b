import SignaturePad from 'signature_pad';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PortalUpload } from '../../../contract/portal.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { api, asProblem, newIdempotencyKey } from '../../ui/api.ts';
import { answersToSend, controlId, firstWrong, formState, type Filling, type FillingOptions } from '../../ui/form/filling.ts';
import { PhoneForm, type PhoneControlProps } from '../../ui/form/phone-form.tsx';
import '../../ui/form/phone-form.css';
import { say, spoken } from '../texts/say.ts';
import type { FieldFile } from './draft.ts';
import { FileControl, type FileTarget } from './field-files.tsx';

export { forgetFiles, settleFiles } from './field-files.tsx';

/** Files that were sent for fields: the rule knows a file by an id, the server by its token. */
export type FieldFiles = Readonly<Record<string, FieldFile>>;

const optionsIn = (timeZone: string): FillingOptions => ({ mode: 'create', actor: { kind: 'customer' }, ticket: { status: 'new', channel: 'portal' }, timeZone });

/** What a type asks customers for (自定义字段); fetched only where a type asks for anything. */
export function OwnFields({ form, filling, timeZone, onChange, ...target }: FileTarget & { timeZone: string; form: Form; filling: Filling; onChange: (step: (before: Filling) => Filling) => void }) {
  const state = formState(form, filling, optionsIn(timeZone), spoken.value);
  // The same functions each time, or their controls would be made anew with every letter.
  const shared = useRef<FileTarget>(target);
  shared.current = target;
  const [controls] = useState(() => ({
    file: (props: PhoneControlProps) => <FileControl {...props} target={shared.current} />,
    signature: (props: PhoneControlProps) => <SignatureControl {...props} target={shared.current} />,
  }));
  return <PhoneForm form={form} state={state} language={spoken.value} onChange={onChange} controls={controls} />;
}

/** The answers to send, with tokens for files; or the id of the first control that is wrong. */
export function readAnswers(form: Form, filling: Filling, files: FieldFiles, timeZone: string): { answers: Record<string, unknown>; wrong?: undefined } | { wrong: string } {
  const state = formState(form, { ...filling, tried: true }, optionsIn(timeZone), spoken.value);
  const wrong = firstWrong(form, state);
  if (wrong !== undefined) return { wrong: controlId(wrong) };
  const tokenOf = (id: unknown): unknown => (typeof id === 'string' ? (files[id]?.token ?? id) : id);
  const sent = new Set(form.fields.filter(({ kind }) => kind === 'file' || kind === 'signature').map(({ key }) => key));
  return { answers: Object.fromEntries(Object.entries(answersToSend(form, filling, state)).map(([key, value]) => [key, sent.has(key) ? (Array.isArray(value) ? value.map(tokenOf) : tokenOf(value)) : value])) };
}

async function upload(blob: Blob, name: string, fields: Record<string, string>, { uploadPath, onFile }: FileTarget): Promise<string> {
  const { uploadToken } = await api.upload<PortalUpload>(blob, { path: uploadPath, name, fields });
  const id = newIdempotencyKey();
  onFile(id, { token: uploadToken, name, uploadedAt: Date.now() });
  return id;
}

function SignatureControl({ field, id, value, label, onChange, target }: PhoneControlProps & { target: FileTarget }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [drawn, setDrawn] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const kept = typeof value === 'string' && value !== '';

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const ratio = Math.max(1, devicePixelRatio);
    element.width = element.clientWidth * ratio;
    element.height = element.clientHeight * ratio;
    element.getContext('2d')?.scale(ratio, ratio);
    const made = new SignaturePad(element, { backgroundColor: '#ffffff', penColor: '#101622' });
    made.clear();
    made.addEventListener('endStroke', () => setDrawn(true));
    pad.current = made;
    return () => made.off();
  }, [kept]);

  if (kept) return <p class="phone-locked" id={id}>{say('report.signed')} <button type="button" class="text-button" onClick={() => onChange(null)}>{say('report.signAgain')}</button></p>;
  return (
    <div class="phone-place">
      <canvas ref={canvas} id={id} tabIndex={-1} role="img" aria-label={label ?? say('report.signHere')} class="phone-input" style={{ height: '160px', padding: 0, background: '#fff', touchAction: 'none' }} />
      {drawn && (
        <button type="button" class="phone-button" disabled={busy} onClick={() => {
          setBusy(true);
          canvas.current?.toBlob((blob) => {
            if (blob === null) return;
            upload(blob, 'signature.png', { purpose: 'signature', type: target.type, field: field.key }, target).then((made) => onChange(made), (error: unknown) => setProblem(asProblem(error).title)).finally(() => setBusy(false));
          }, 'image/png');
        }}>{say('report.keepSignature')}</button>
      )}
      {problem !== null && <p class="phone-error" role="alert">{problem}</p>}
    </div>
  );
}
