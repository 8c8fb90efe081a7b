import { Toast } from 'antd-mobile';
import { CameraOutline, CloseOutline, FileOutline, UploadOutline } from 'antd-mobile-icons';
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { fileFamilies, fileRefusal, largestFile, pickerAccept } from '../../../rules/files/accepted.ts';
import type { FileField } from '../../../rules/forms/form.ts';
import { api, asProblem } from '../../ui/api.ts';
import type { PhoneControlProps, PhoneControls } from '../../ui/form/phone-form.tsx';
import { database, type LocalFile, type Strokes } from '../data/database.ts';
import { addFieldFile, localFile, removePhoto } from '../data/drafts.ts';
import { useLive, useSession } from '../data/live.ts';
import { onUploadProgress, upload, uploadProgress } from '../data/outbox.ts';
import { useTexts } from '../i18n.ts';
import { useBlobUrl } from './blob-url.ts';
import { SignatureField, type SignatureHandle } from './signature-field.tsx';

/** What the controls of a visit's form share. */
export interface FieldSurroundings {
  visitId: string;
  names: Readonly<Record<string, string>>;
  /** Keeps the name of what was chosen, for when it is shown without a network. */
  onName: (id: string, name: string) => void;
}

export const FieldSurroundingsContext = createContext<FieldSurroundings | null>(null);

function useSurroundings(): FieldSurroundings {
  const surroundings = useContext(FieldSurroundingsContext);
  if (surroundings === null) throw new Error('A control of a form stands outside of one.');
  return surroundings;
}

const visibilityOf = ({ field }: PhoneControlProps): LocalFile['visibility'] => ('audience' in field && field.audience === 'everyone' ? 'public' : 'internal');
const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;

/** Files of a field (附件): taken or chosen, kept on the phone, and sent along with the step. */
function FileControl(props: PhoneControlProps) {
  const { field, id, value, describedBy, invalid, onChange } = props;
  const { t } = useTexts();
  const { visitId, names, onName } = useSurroundings();
  const [busy, setBusy] = useState(0);
  const held = Array.isArray(value) ? value.map(String) : [];
  const { maxItems: most = 20, accept: families = fileFamilies } = field as FileField;
  const files = useLive(async () => new Map((await database().files.bulkGet(held)).flatMap((file) => (file === undefined ? [] : [[file.id, file]]))), [held.join()]);
  // Photos are made ready one after the other, and each is added to what stands there by then.
  const latest = useRef(held);
  latest.current = held;

  async function add(picked: File[]): Promise<void> {
    for (const file of picked.slice(0, most - latest.current.length)) {
      const refusal = fileRefusal(file, { families, largest: largestFile });
      if (refusal !== null) {
        Toast.show({ content: t(`fileField.${refusal}`, { name: file.name, limit: megabytes(largestFile) }), duration: 5000 });
        continue;
      }
      setBusy((count) => count + 1);
      try {
        const added = await addFieldFile(visitId, file, visibilityOf(props));
        onName(added, file.name);
        latest.current = [...latest.current, added];
        onChange(latest.current);
      } catch {
        Toast.show({ content: t('step.notKept'), duration: 5000 });
      } finally {
        setBusy((count) => count - 1);
      }
    }
  }

  function remove(one: string): void {
    onChange(held.filter((other) => other !== one));
    if (files?.has(one)) void removePhoto(one);
  }

  const pick = (event: React.ChangeEvent<HTMLInputElement>): void => {
    const picked = [...(event.target.files ?? [])];
    event.target.value = '';
    void add(picked);
  };
  const full = held.length + busy >= most;
  return (
    <div className="file-field">
      {held.length > 0 && (
        <ul className="file-lines">
          {held.map((one) => <FileLine key={one} file={files?.get(one)} name={files?.get(one)?.name ?? names[one] ?? t('fileField.earlier')} onRemove={() => remove(one)} />)}
        </ul>
      )}
      {busy > 0 && <p className="field-hint" role="status">{t('photos.preparing')}</p>}
      <p className="field-hint" id={`${id}-limits`}>{t('fileField.limits', { count: most, limit: megabytes(largestFile) })}</p>
      {!full && (
        <div className="button-row">
          {families.includes('image') && (
            <label className="secondary-button">
              <input type="file" accept="image/*" capture="environment" className="visually-hidden" aria-describedby={`${id}-limits`} onChange={pick} />
              <CameraOutline aria-hidden="true" />{t('photos.add')}
            </label>
          )}
          <label className="secondary-button">
            <input id={id} type="file" accept={pickerAccept(families)} multiple={most > 1} className="visually-hidden" aria-describedby={[describedBy, `${id}-limits`].filter(Boolean).join(' ')} aria-invalid={invalid} onChange={pick} />
            <FileOutline aria-hidden="true" />{t('fileField.choose')}
          </label>
        </div>
      )}
    </div>
  );
}

function FileLine({ file, name, onRemove }: { file: LocalFile | undefined; name: string; onRemove: () => void }) {
  const { t } = useTexts();
  const share = useSyncExternalStore(onUploadProgress, () => (file === undefined ? undefined : uploadProgress(file.id)));
  const url = useBlobUrl(file?.blob.type.startsWith('image/') ? file.blob : undefined);
  return (
    <li className="file-line">
      {url === undefined ? <FileOutline aria-hidden="true" className="file-line-icon" /> : <img src={url} alt="" />}
      <span className="file-line-name">
        {name}
        {file !== undefined && (
          <span className="field-hint">
            {share !== undefined ? t('photos.uploading', { share: Math.round(share * 100) }) : file.fileId !== null ? t('photos.uploaded') : file.problem === null ? t('photos.waiting') : file.problem.title}
          </span>
        )}
      </span>
      {file !== undefined && file.problem !== null && share === undefined && (
        <button type="button" className="icon-button" aria-label={t('fileField.again', { name })} onClick={() => void upload(file.id).catch(() => {})}><UploadOutline aria-hidden="true" /></button>
      )}
      <button type="button" className="icon-button" aria-label={t('fileField.remove', { name })} onClick={onRemove}><CloseOutline aria-hidden="true" /></button>
    </li>
  );
}

/** A signature of a field (签名): kept as a picture on the phone with every stroke. */
function SignatureControl(props: PhoneControlProps) {
  const { id, value, describedBy, invalid, onChange } = props;
  const { t } = useTexts();
  const { visitId } = useSurroundings();
  const held = typeof value === 'string' && value !== '' ? value : null;
  const file = useLive(async () => (held === null ? null : await database().files.get(held) ?? null), [held]);
  const url = useBlobUrl(file?.blob);
  const [strokes, setStrokes] = useState<Strokes | null>(null);
  const pad = useRef<SignatureHandle | null>(null);

  async function keep(next: Strokes | null): Promise<void> {
    setStrokes(next);
    const picture = next === null ? null : await pad.current?.picture();
    if (picture == null) {
      onChange(null);
      if (file != null) void removePhoto(file.id);
      return;
    }
    const made: LocalFile = { ...localFile(visitId, 'signature', picture, 'signature.png'), visibility: visibilityOf(props) };
    await database().files.put(file == null ? made : { ...made, id: file.id, uploadKey: made.id });
    onChange(file?.id ?? made.id);
  }

  if (held !== null && strokes === null) {
    return (
      <div className="file-field" id={id} tabIndex={-1}>
        {url === undefined ? <p className="phone-locked">{t('fileField.signed')}</p> : <img className="field-signature" src={url} alt={t('fileField.signed')} />}
        <button type="button" className="secondary-button" onClick={() => void keep(null)}>{t('complete.clear')}</button>
      </div>
    );
  }
  return (
    <div id={id} tabIndex={-1}>
      <SignatureField strokes={strokes} onChange={(next) => void keep(next)} onReady={(ready) => { pad.current = ready; }} describedBy={describedBy} invalid={invalid} />
    </div>
  );
}

const lookUps = {
  person: { path: '/staff', hint: 'fileField.findPerson' }, asset: { path: '/assets', hint: 'fileField.findAsset' }, customer: { path: '/customers', hint: 'fileField.findCustomer' },
} as const;

type Found = { id: string; name: string; hint: string };

/** A colleague, an asset or a customer (人员、设备、客户), found by part of the name; it takes a network to look. */
function ReferenceControl({ field, id, value, describedBy, invalid, onChange, onLeave }: PhoneControlProps) {
  const { t } = useTexts();
  const { names, onName } = useSurroundings();
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<Found[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const held = typeof value === 'string' && value !== '' ? value : null;
  const { path, hint } = lookUps[field.kind as keyof typeof lookUps];

  useEffect(() => {
    const q = typed.trim();
    if (q === '') {
      setFound(null);
      return;
    }
    const stop = new AbortController();
    const soon = setTimeout(() => {
      api.get<{ items: { id: string; name: string; code?: string; active?: boolean }[] }>(path, { query: { q, limit: 8 }, signal: stop.signal }).then(
        ({ data }) => {
          setProblem(null);
          setFound(data.items.filter(({ active }) => active !== false).map((one) => ({ id: one.id, name: one.name, hint: one.code ?? '' })));
        },
        (error: unknown) => {
          if (!stop.signal.aborted) setProblem(asProblem(error).title);
        },
      );
    }, 250);
    return () => {
      clearTimeout(soon);
      stop.abort();
    };
  }, [typed, path]);

  if (held !== null) {
    return (
      <div className="file-line" id={id} tabIndex={-1}>
        <span className="file-line-name">{names[held] ?? t('fileField.chosen')}</span>
        <button type="button" className="icon-button" aria-label={t('fileField.remove', { name: names[held] ?? '' })} onClick={() => onChange(null)}><CloseOutline aria-hidden="true" /></button>
      </div>
    );
  }
  return (
    <div className="file-field">
      <input id={id} className="phone-input" type="search" maxLength={100} value={typed} placeholder={t(hint)} aria-describedby={describedBy} aria-invalid={invalid} onChange={(event) => setTyped(event.target.value)} onBlur={onLeave} />
      {problem !== null && <p className="field-error" role="alert">{problem}</p>}
      {found !== null && (
        <ul className="file-lines" role="status">
          {found.length === 0 && <li className="field-hint">{t('fileField.nothing')}</li>}
          {found.map((one) => (
            <li key={one.id}>
              <button type="button" className="found-line" onClick={() => { onName(one.id, one.name); onChange(one.id); setTyped(''); }}>
                {one.name}
                {one.hint !== '' && <span className="field-hint">{one.hint}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A customer may be named only by those who may look customers up. */
function CustomerControl(props: PhoneControlProps) {
  const { t } = useTexts();
  const { names } = useSurroundings();
  const session = useSession();
  if (session.kind === 'open' && session.staff.permissions.some(({ permission }) => permission === 'customer.read')) return <ReferenceControl {...props} />;
  return <p className="phone-locked" id={props.id} tabIndex={-1}>{(typeof props.value === 'string' ? names[props.value] : undefined) ?? t('fileField.byColleague')}</p>;
}

/** The controls that the browser has no such kinds of its own for (字段控件). */
export const fieldControls: PhoneControls = {
  file: (props) => <FileControl {...props} />,
  signature: (props) => <SignatureControl {...props} />,
  person: (props) => <ReferenceControl {...props} />,
  asset: (props) => <ReferenceControl {...props} />,
  customer: (props) => <CustomerControl {...props} />,
};
