import { Fragment, useEffect, useRef, useState } from 'react';
import { isEmpty } from '../../../rules/forms/field-values.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { answersToSend, controlId, firstWrong, nothingFilled, type Filling } from '../../ui/form/filling.ts';
import { answerWords, PhoneForm } from '../../ui/form/phone-form.tsx';
import '../../ui/form/phone-form.css';
import { database } from '../data/database.ts';
import { localFile, useDraft, type DraftHandle } from '../data/drafts.ts';
import { filesInAnswers, jobFormState, partOfForm, useJobForm, type JobForm } from '../data/job-form.ts';
import { useLive } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { linesOf } from '../lines.ts';
import { ChecklistCard } from '../parts/checklist-card.tsx';
import { RatingField, Stars } from '../parts/rating-field.tsx';
import { useBlobUrl } from '../parts/blob-url.ts';
import { fieldControls, FieldSurroundingsContext } from '../parts/field-controls.tsx';
import { PhotoField } from '../parts/photo-field.tsx';
import { useSettling } from '../parts/settling.ts';
import { SignatureField, type SignatureHandle } from '../parts/signature-field.tsx';
import { take } from '../parts/take.ts';
import { TextField } from '../parts/text-field.tsx';
import { goTo } from '../router.ts';

type Missing = 'checklist' | 'text' | 'signature' | 'signedBy';

/** What a completion takes: result, the fields of the ticket's type, photos and signature (完工表单). */
export function CompleteForm({ job }: { job: Job }) {
  const { visit } = job;
  const handle = useDraft(visit.id, 'complete', { signedBy: visit.ticket.requesterName });
  const jobForm = useJobForm(job);
  const [signature, setSignature] = useState<Blob | null>(null);
  if (handle === null || jobForm === undefined) return null;
  return signature === null || (signature.size > 0 && handle.draft.unsigned) ? (
    <CompleteEntry job={job} jobForm={jobForm} handle={handle} onReady={setSignature} />
  ) : (
    <CompleteReview job={job} jobForm={jobForm} handle={handle} signature={signature.size === 0 ? null : signature} onChange={() => setSignature(null)} />
  );
}

// Stands for "nobody signed" once that was decided.
const unsigned = new Blob([]);

/** What is held of the form: kept with the draft, except for what was touched. */
const fillingOf = (draft: DraftHandle['draft'], told: Pick<Filling, 'left' | 'tried'>): Filling => ({ ...told, held: draft.fields ?? {}, refused: draft.refused ?? {} });

interface EntryProps {
  job: Job;
  jobForm: JobForm | null;
  handle: DraftHandle;
  onReady: (signature: Blob) => void;
}

function CompleteEntry({ job, jobForm, handle, onReady }: EntryProps) {
  const { t, language } = useTexts();
  const { draft, change } = handle;
  const [tried, setTried] = useState(false);
  const [left, setLeft] = useState<readonly string[]>([]);
  const [more, setMore] = useState(false);
  const pad = useRef<SignatureHandle | null>(null);
  // What was open when the form was opened stays to be seen while it is ticked.
  const ticking = useRef(job.visit.checklist.some(({ done }) => done === null));

  // What the server refused is said at once.
  const filling = fillingOf(draft, { left, tried: tried || Object.keys(draft.refused ?? {}).length > 0 });
  const fields = jobForm === null ? null : jobFormState(jobForm, filling, language);
  const atOnce = jobForm === null || fields === null ? [] : [...fields.asked, ...Object.keys(filling.held), ...Object.keys(filling.refused).map((path) => path.split('/')[0] ?? ''), ...fields.missing];
  const shown = jobForm === null || fields === null ? null : partOfForm(jobForm.form, more ? [...atOnce, ...fields.open] : atOnce);
  const others = fields === null ? 0 : fields.open.filter((key) => !atOnce.includes(key)).length;
  const wrongFields = fields === null ? 0 : new Set([...fields.missing, ...(tried ? Object.keys(fields.state.errors).map((path) => path.split('/')[0]) : [])]).size;

  const missing: Missing[] = [];
  const items = job.visit.checklist.some(({ done }) => done === null);
  if (job.visit.checklist.some(({ required, done }) => required && done === null)) missing.push('checklist');
  if (draft.text.trim() === '') missing.push('text');
  if (!draft.unsigned && draft.strokes === null) missing.push('signature');
  if (!draft.unsigned && (draft.signedBy ?? '').trim() === '') missing.push('signedBy');

  async function goOn(): Promise<void> {
    setTried(true);
    const told = jobForm === null ? null : jobFormState(jobForm, fillingOf(draft, { left, tried: true }), language);
    const wrong = told === null || jobForm === null ? undefined : firstWrong(jobForm.form, told.state);
    // From the top down, as they stand on the screen.
    const first = missing.includes('checklist') || missing.includes('text') || wrong === undefined ? missing[0] : undefined;
    if (first === undefined && wrong !== undefined) {
      const element = document.getElementById(controlId(wrong)) ?? document.querySelector<HTMLElement>(`[data-field="${wrong.split('/')[0]}"]`);
      element?.scrollIntoView({ block: 'center' });
      element?.focus({ preventScroll: true });
      return;
    }
    if (first !== undefined) {
      const element = first === 'signature' ? document.querySelector('.signature') : first === 'checklist' ? document.querySelector<HTMLElement>('.checklist input:not(:checked)') : document.querySelector<HTMLElement>(`[name="${first}"]`);
      element?.scrollIntoView({ block: 'center' });
      if (element instanceof HTMLElement) element.focus({ preventScroll: true });
      return;
    }
    if (draft.unsigned) {
      onReady(unsigned);
      return;
    }
    const picture = await pad.current?.picture();
    if (picture != null && pad.current?.isEmpty() === false) onReady(picture);
  }

  return (
    <>
      <p className="form-subject">{job.visit.ticket.subject}</p>
      {(items || ticking.current) && <ChecklistCard job={job} invalid={tried && missing.includes('checklist')} />}
      <TextField label={t('complete.work')} hint={t('complete.workHint')} name="text" rows={4} value={draft.text} placeholder={t('complete.placeholder')} onChange={(text) => change({ text })} error={tried && missing.includes('text') ? t('complete.missing') : undefined} maxLength={20_000} />
      {jobForm !== null && fields !== null && shown !== null && (shown.fields.length > 0 || others > 0) && (
        <section className="field" aria-labelledby="fields-label">
          <h2 id="fields-label" className="phone-section-title">{t('complete.fields')}</h2>
          <FieldSurroundingsContext value={{ visitId: job.visit.id, names: { ...jobForm.given.names, ...draft.names }, onName: (id, name) => change((now) => ({ names: { ...now.names, [id]: name } })) }}>
            <PhoneForm
              form={shown}
              state={fields.state}
              language={language}
              controls={fieldControls}
              names={{ ...jobForm.given.names, ...draft.names }}
              onChange={(step) => {
                change((now) => {
                  const next = step(fillingOf(now, { left: [], tried: false }));
                  // What they held when they were first touched: the office may change them meanwhile.
                  const touched = Object.keys(next.held).filter((key) => !Object.hasOwn(now.seen ?? {}, key));
                  return { fields: { ...next.held }, refused: { ...next.refused }, seen: { ...now.seen, ...Object.fromEntries(touched.map((key) => [key, jobForm.given.values[key] ?? null])) } };
                });
                // Whether it was left is not worth keeping.
                setLeft((before) => step({ ...nothingFilled, left: before }).left);
              }}
            />
          </FieldSurroundingsContext>
          {others > 0 && !more && <button type="button" className="secondary-button" onClick={() => setMore(true)}>{t('complete.moreFields', { count: others })}</button>}
        </section>
      )}
      <TextField label={t('complete.parts')} hint={t('complete.partsHint')} name="parts" rows={2} value={draft.parts ?? ''} placeholder={t('complete.partsExample')} onChange={(parts) => change({ parts })} maxLength={4000} />
      <PhotoField visitId={job.visit.id} label={t('complete.photos')} photoIds={draft.photoIds} onChange={(next) => change((now) => ({ photoIds: next(now.photoIds) }))} />
      <section className={tried && missing.includes('signature') ? 'field field-invalid' : 'field'} aria-labelledby="signature-label">
        <h2 id="signature-label" className="field-label">{t('complete.signature')}</h2>
        {!draft.unsigned && (
          <SignatureField
            strokes={draft.strokes}
            onChange={(strokes) => change({ strokes })}
            onReady={(ready) => {
              pad.current = ready;
            }}
            describedBy="signature-error"
            invalid={tried && missing.includes('signature')}
          />
        )}
        <p id="signature-error" className="field-error" role="alert">
          {tried && missing.includes('signature') ? t('complete.signatureMissing') : ''}
        </p>
        <label className="check-line">
          <input type="checkbox" checked={draft.unsigned} onChange={(event) => change({ unsigned: event.target.checked })} />
          {t('complete.unsigned')}
        </label>
      </section>
      {!draft.unsigned && (
        <TextField label={t('complete.signedBy')} name="signedBy" value={draft.signedBy ?? ''} onChange={(signedBy) => change({ signedBy })} error={tried && missing.includes('signedBy') ? t('complete.signedByMissing') : undefined} maxLength={100} />
      )}
      {!draft.unsigned && draft.strokes !== null && <RatingField rating={draft.rating ?? null} comment={draft.ratingComment ?? ''} onChange={change} />}
      <p className="form-note">{t(handle.saved ? 'log.kept' : 'log.keeping')}</p>
      <div className="action-bar action-column">
        {tried && missing.length + wrongFields > 0 && <p className="action-problem" role="alert">{t('complete.problems', { count: missing.length + wrongFields })}</p>}
        <button type="button" className="primary-button" onClick={() => void goOn()}>
          {t('complete.next')}
        </button>
      </div>
    </>
  );
}

function CompleteReview({ job, jobForm, handle, signature, onChange }: { job: Job; jobForm: JobForm | null; handle: DraftHandle; signature: Blob | null; onChange: () => void }) {
  const { t, language } = useTexts();
  const { draft, settle } = handle;
  const [sending, setSending] = useState(false);
  const settling = useSettling('review');
  const signatureUrl = useBlobUrl(signature ?? undefined);
  const photos = useLive(async () => (await database().files.bulkGet(draft.photoIds)).filter((file) => file !== undefined), [draft.photoIds.join()]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);

  const filling = fillingOf(draft, { left: [], tried: true });
  const state = jobForm === null ? null : jobFormState(jobForm, filling, language).state;
  const answers = jobForm === null || state === null ? {} : answersToSend(jobForm.form, filling, state, jobForm.given.values);
  const names = { ...jobForm?.given.names, ...draft.names };
  const parts = linesOf(draft.parts ?? '');
  const rating = signature === null ? null : draft.rating ?? null;
  const comment = (draft.ratingComment ?? '').trim();

  async function submit(): Promise<void> {
    if (sending || settling) return;
    setSending(true);
    settle();
    const kept = await take(job.visit.id, 'complete', {
      body: { workSummary: draft.text.trim(), ...(parts.length === 0 ? {} : { parts }), ...(signature === null ? {} : { signedBy: (draft.signedBy ?? '').trim(), ...(rating === null ? {} : { rating, ...(comment === '' ? {} : { ratingComment: comment }) }) }), ...(Object.keys(answers).length === 0 ? {} : { fields: answers, seen: Object.fromEntries(Object.keys(answers).map((key) => [key, (draft.seen !== undefined && Object.hasOwn(draft.seen, key) ? draft.seen[key] : jobForm?.given.values[key]) ?? null])) }) },
      photoIds: draft.photoIds,
      fieldFileIds: await localFilesIn(jobForm, filling.held),
      strokes: draft.strokes,
      ...(signature === null ? {} : { signature: localFile(job.visit.id, 'signature', signature, 'signature.png') }),
      form: 'complete',
    });
    setSending(false);
    if (kept) goTo({ screen: 'done', visitId: job.visit.id }, { replace: true });
  }

  return (
    <>
      <h1 className="review-title" tabIndex={-1} ref={heading}>{t('complete.review')}</h1>
      <section className="card">
        <p className="form-subject">{job.visit.ticket.subject}</p>
        <h2 className="card-title">{t('complete.work')}</h2>
        <p className="prose">{draft.text.trim()}</p>
        {jobForm !== null && Object.keys(answers).length > 0 && (
          <>
            <h2 className="card-title">{t('complete.fields')}</h2>
            <dl className="facts">
              {jobForm.form.fields.filter(({ key, kind }) => key in answers || (kind === 'formula' && !isEmpty(state?.applied.values[key]))).map((field) => (
                <Fragment key={field.key}>
                  <dt>{wordsIn(field.label, language)}</dt>
                  <dd className="prose">{answerWords(field, state?.applied.values[field.key], language, names)}</dd>
                </Fragment>
              ))}
            </dl>
          </>
        )}
        {parts.length > 0 && (
          <>
            <h2 className="card-title">{t('complete.parts')}</h2>
            <ul className="needs">{parts.map((line) => <li key={line}>{line}</li>)}</ul>
          </>
        )}
        <h2 className="card-title">{t('complete.photos')}</h2>
        {draft.photoIds.length === 0 ? <p className="card-note">{t('complete.noPhotos')}</p> : <div className="photo-grid">{(photos ?? []).map((file) => <ReviewPhoto key={file.id} blob={file.blob} />)}</div>}
        <h2 className="card-title">{t('complete.signature')}</h2>
        {signature === null ? (
          <p className="card-note">{t('complete.online')}</p>
        ) : (
          <figure className="review-signature">
            {signatureUrl !== undefined && <img src={signatureUrl} alt={t('complete.signature')} />}
            <figcaption>{draft.signedBy}</figcaption>
          </figure>
        )}
        {rating !== null && (
          <>
            <h2 className="card-title">{t('complete.rated')}</h2>
            <Stars rating={rating} />
            {comment !== '' && <p className="prose">{comment}</p>}
          </>
        )}
      </section>
      <p className="form-note">{t('complete.reviewNote')}</p>
      <div className="action-bar" data-settling={settling || undefined}>
        <button type="button" className="secondary-button" onClick={onChange}>
          {t('complete.change')}
        </button>
        <button type="button" className="primary-button" disabled={sending} onClick={() => void submit()}>
          {t('complete.submit')}
        </button>
      </div>
    </>
  );
}

function ReviewPhoto({ blob }: { blob: Blob }) {
  const url = useBlobUrl(blob);
  return <div className="photo-tile">{url !== undefined && <img src={url} alt="" />}</div>;
}

/** The files of this phone among the answers; those that hang on nothing any more are to go, too. */
async function localFilesIn(jobForm: JobForm | null, held: Readonly<Record<string, unknown>>): Promise<string[]> {
  if (jobForm === null) return [];
  const kept = await database().files.bulkGet(filesInAnswers(jobForm.form, held));
  return kept.flatMap((file) => (file === undefined ? [] : [file.id]));
}
