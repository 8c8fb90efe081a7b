import { useState } from 'preact/hooks';
import type { Progress } from '../../../contract/portal.ts';
import { asProblem, type ApiProblem } from '../../ui/api.ts';
import { postOnce } from '../post.ts';
import { Field, focusField } from '../parts/field.tsx';
import { Problem } from '../parts/notice.tsx';
import { forget, recall, remember } from '../storage.ts';
import { say } from '../texts/say.ts';
import { progressPath } from './follow.ts';

/** Is it solved? If not, what is still wrong (确认或重新打开). */
export function ConfirmBox({ token, progress, look }: { token: string; progress: Progress; look: () => Promise<void> }) {
  const draftName = `reopen.${token}`;
  const [open, setOpen] = useState(() => recall<string>(draftName) !== null && progress.canReopen);
  const [reason, setReason] = useState(() => recall<string>(draftName) ?? '');
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [reopened, setReopened] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  async function act(action: 'confirm' | 'reopen', body: object): Promise<boolean> {
    setRunning(true);
    setProblem(null);
    try {
      await postOnce(`${progressPath(token)}/${action}`, body);
      await look();
      return true;
    } catch (error) {
      setProblem(asProblem(error));
      await look();
      return false;
    } finally {
      setRunning(false);
    }
  }

  async function reopen(): Promise<void> {
    setTried(true);
    if (reason.trim() === '') {
      focusField('reason');
      return;
    }
    if (!(await act('reopen', { reason: reason.trim() }))) return;
    forget(draftName);
    setReason('');
    setTried(false);
    setOpen(false);
    setReopened(true);
  }

  function close(): void {
    forget(draftName);
    setOpen(false);
    setTried(false);
    setProblem(null);
  }

  if (!progress.canConfirm && !progress.canReopen) {
    return reopened ? <p class="card thanks" role="status">{say('confirm.reopened')}</p> : null;
  }
  if (!open) {
    // After it was closed, the way back is there but does not push itself forward.
    return progress.canConfirm ? (
      <section class="card ask" aria-labelledby="confirm-title">
        <h2 id="confirm-title">{say('confirm.title')}</h2>
        <Problem error={problem} />
        <div class="button-row">
          {progress.canReopen && <button type="button" class="button" disabled={running} onClick={() => setOpen(true)}>{say('confirm.no')}</button>}
          <button type="button" class="button button-main" disabled={running} onClick={() => void act('confirm', {})}>{say('confirm.yes')}</button>
        </div>
      </section>
    ) : (
      <button type="button" class="text-button reopen-later" onClick={() => setOpen(true)}>{say('confirm.reopenLater')}</button>
    );
  }
  return (
    <form
      class="card ask"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void reopen();
      }}
    >
      <Field
        label={say('confirm.reason')}
        name="reason"
        rows={3}
        autoFocus
        value={reason}
        placeholder={say('confirm.reasonPlaceholder')}
        onInput={(value) => {
          setReason(value);
          remember(draftName, value);
        }}
        error={tried && reason.trim() === '' ? say('confirm.reasonMissing') : undefined}
        maxLength={1000}
      />
      <Problem error={problem} />
      <div class="button-row">
        <button type="button" class="button" disabled={running} onClick={close}>{say('confirm.cancel')}</button>
        <button type="submit" class="button button-main" disabled={running}>{say('confirm.reopen')}</button>
      </div>
    </form>
  );
}
