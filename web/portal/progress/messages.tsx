import { useMemo, useState } from 'preact/hooks';
import type { Progress } from '../../../contract/portal.ts';
import { asProblem, type ApiProblem } from '../../ui/api.ts';
import { formatAgo, formatExact } from '../../ui/time.ts';
import { postOnce } from '../post.ts';
import { focusField } from '../parts/field.tsx';
import { Icon } from '../parts/icons.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import { Problem } from '../parts/notice.tsx';
import { createPhotoList, PhotoPicker } from '../parts/photos.tsx';
import { forget, recall, remember } from '../storage.ts';
import { say, spoken } from '../texts/say.ts';
import { FileGrid } from './file-grid.tsx';
import { progressPath } from './follow.ts';

/** What customer and service wrote to each other, and the place to write more (留言). */
export function Messages({ token, progress, look }: { token: string; progress: Progress; look: () => Promise<void> }) {
  const language = spoken.value;
  if (!progress.canComment && progress.messages.length === 0) return null;
  return (
    <section class="card" aria-labelledby="messages-title">
      <h2 id="messages-title" class="card-title">{say('messages.title')}</h2>
      {progress.messages.length === 0 ? (
        <p class="quiet">{say('messages.empty')}</p>
      ) : (
        <ul class="messages">
          {progress.messages.map((message) => (
            <li key={message.id} class={message.fromCustomer ? 'message message-own' : 'message'}>
              <p class="message-head">
                {message.fromCustomer ? say('messages.you') : (message.author ?? say('messages.service'))}
                <time dateTime={message.at} title={formatExact(message.at, language)}>{formatAgo(message.at, Date.now(), language)}</time>
              </p>
              <div class="bubble">
                <LinkedText text={message.body} />
                {message.files.length > 0 && <FileGrid files={message.files} />}
              </div>
            </li>
          ))}
        </ul>
      )}
      {progress.canComment && <Composer token={token} look={look} />}
    </section>
  );
}

function Composer({ token, look }: { token: string; look: () => Promise<void> }) {
  const draftName = `message.${token}`;
  const [body, setBody] = useState(() => recall<string>(draftName) ?? '');
  const list = useMemo(() => createPhotoList(`${progressPath(token)}/files`), [token]);
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const empty = body.trim() === '' && list.photos.value.length === 0;

  async function send(): Promise<void> {
    setTried(true);
    if (empty) {
      focusField('message');
      return;
    }
    setRunning(true);
    setProblem(null);
    try {
      const uploads = await list.tokens();
      if (uploads === null) {
        setProblem(list.photos.value.find((photo) => photo.problem !== null)?.problem ?? null);
        return;
      }
      const comment = { body: body.trim() === '' ? say('messages.photoOnly') : body.trim(), ...(uploads.length === 0 ? {} : { uploads }) };
      await postOnce(`${progressPath(token)}/comments`, comment);
      forget(draftName);
      setBody('');
      list.clear();
      setTried(false);
      await look();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setRunning(false);
    }
  }

  return (
    <form
      class="composer"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!running) void send();
      }}
    >
      <Problem error={problem} />
      <label class="visually-hidden" for="message">{say('messages.label')}</label>
      <textarea
        id="message"
        class="input"
        rows={2}
        maxLength={20_000}
        placeholder={say('messages.placeholder')}
        value={body}
        aria-invalid={tried && empty}
        aria-describedby="message-error"
        onInput={(event) => {
          setBody(event.currentTarget.value);
          remember(draftName, event.currentTarget.value);
        }}
      />
      <p id="message-error" class="field-error" role="alert">{tried && empty ? say('messages.missing') : ''}</p>
      <div class="composer-line">
        <PhotoPicker list={list} compact />
        <button type="submit" class="button button-main" disabled={running}>
          <Icon name="send" size={20} />
          {say('messages.send')}
        </button>
      </div>
    </form>
  );
}
