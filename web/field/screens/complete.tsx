import { useEffect, useRef, useState } from 'react';
import { database } from '../data/database.ts';
import { localFile, useDraft, type DraftHandle } from '../data/drafts.ts';
import { useJob, useLive } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { useBlobUrl } from '../parts/blob-url.ts';
import { PhotoField } from '../parts/photo-field.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { useSettling } from '../parts/settling.ts';
import { SignatureField, type SignatureHandle } from '../parts/signature-field.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { take } from '../parts/take.ts';
import { TextField } from '../parts/text-field.tsx';
import { goTo, hrefTo } from '../router.ts';
import { EmptyState } from '../../ui/react/empty-state.tsx';

/** Completes a job (完工): result, photos, signature; then a look over everything before it is sent. */
export function CompleteScreen({ visitId }: { visitId: string }) {
  const { t } = useTexts();
  const job = useJob(visitId);
  const done = job != null && job.visit.status === 'completed';
  useEffect(() => {
    if (done) goTo({ screen: 'done', visitId }, { replace: true });
  }, [done, visitId]);
  const open = job != null && job.visit.actions.includes('complete') && job.refused === null;
  return (
    <>
      <ScreenHead title={t('complete.title')} back={{ screen: 'job', visitId }} />
      <main className="screen with-actions">
        <SyncLine />
        {open && <CompleteForm job={job} />}
        {job === null || (job !== undefined && !open && !done) ? (
          <EmptyState title={t('job.notFound')} action={<a className="secondary-button" href={hrefTo({ screen: 'job', visitId })}>{t('done.see')}</a>} />
        ) : null}
      </main>
    </>
  );
}

type Missing = 'text' | 'signature' | 'signedBy';

function CompleteForm({ job }: { job: Job }) {
  const { visit } = job;
  const handle = useDraft(visit.id, 'complete', { signedBy: visit.ticket.requesterName });
  const [signature, setSignature] = useState<Blob | null>(null);
  if (handle === null) return null;
  return signature === null || (signature.size > 0 && handle.draft.unsigned) ? (
    <CompleteEntry job={job} handle={handle} onReady={setSignature} />
  ) : (
    <CompleteReview job={job} handle={handle} signature={signature.size === 0 ? null : signature} onChange={() => setSignature(null)} />
  );
}

// Stands for "nobody signed" once that was decided.
const unsigned = new Blob([]);

function CompleteEntry({ job, handle, onReady }: { job: Job; handle: DraftHandle; onReady: (signature: Blob) => void }) {
  const { t } = useTexts();
  const { draft, change } = handle;
  const [tried, setTried] = useState(false);
  const pad = useRef<SignatureHandle | null>(null);

  const missing: Missing[] = [];
  if (draft.text.trim() === '') missing.push('text');
  if (!draft.unsigned && draft.strokes === null) missing.push('signature');
  if (!draft.unsigned && (draft.signedBy ?? '').trim() === '') missing.push('signedBy');

  async function goOn(): Promise<void> {
    setTried(true);
    const first = missing[0];
    if (first !== undefined) {
      const element = first === 'signature' ? document.querySelector('.signature') : document.querySelector<HTMLElement>(`[name="${first}"]`);
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
      <TextField label={t('complete.work')} hint={t('complete.workHint')} name="text" rows={4} value={draft.text} placeholder={t('complete.placeholder')} onChange={(text) => change({ text })} error={tried && missing.includes('text') ? t('complete.missing') : undefined} maxLength={20_000} />
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
      <p className="form-note">{t(handle.saved ? 'log.kept' : 'log.keeping')}</p>
      <div className="action-bar action-column">
        {tried && missing.length > 0 && <p className="action-problem" role="alert">{t('complete.problems', { count: missing.length })}</p>}
        <button type="button" className="primary-button" onClick={() => void goOn()}>
          {t('complete.next')}
        </button>
      </div>
    </>
  );
}

function CompleteReview({ job, handle, signature, onChange }: { job: Job; handle: DraftHandle; signature: Blob | null; onChange: () => void }) {
  const { t } = useTexts();
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

  async function submit(): Promise<void> {
    if (sending || settling) return;
    setSending(true);
    settle();
    const kept = await take(job.visit.id, 'complete', {
      body: { workSummary: draft.text.trim(), ...(signature === null ? {} : { signedBy: (draft.signedBy ?? '').trim() }) },
      photoIds: draft.photoIds,
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
