import { useEffect, useRef, useState } from 'preact/hooks';
import { largestPortalFile, pickerAccept } from '../../rules/files/accepted.ts';
import { onTyping, shown, write } from './chat.ts';
import { Icon } from './icon.tsx';
import { recall, remember } from './memory.ts';
import { say } from './texts.ts';

const mostFiles = 5;
const longest = 4_000;

/** Where the visitor writes (输入框): Enter sends, Shift+Enter begins a line. */
export function Composer({ away }: { away: boolean }) {
  const [text, setText] = useState(() => recall().draft);
  const [files, setFiles] = useState<File[]>([]);
  const [problem, setProblem] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const isShown = shown.value;
  useEffect(() => {
    if (isShown) box.current?.focus({ preventScroll: true });
  }, [isShown]);
  useEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 120)}px`;
  }, [text]);
  const change = (next: string): void => {
    setText(next);
    remember({ draft: next });
  };
  const add = (given: Iterable<File>): void => {
    const all = [...files, ...given];
    setProblem(all.length > mostFiles ? say('tooMany') : all.some(({ size }) => size > largestPortalFile) ? say('tooLarge') : '');
    setFiles(all.filter(({ size }) => size <= largestPortalFile).slice(0, mostFiles));
  };
  const send = (): void => {
    const body = text.trim();
    if (body === '' && files.length === 0) return;
    write(body, files);
    change('');
    setFiles([]);
    setProblem('');
    box.current?.focus();
  };
  return (
    <form
      class="composer" onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        if (event.dataTransfer) add(event.dataTransfer.files);
      }}
    >
      {files.length > 0 && (
        <ul class="chosen">
          {files.map((file) => <li key={file.name}><Icon name="file" size={16} /><span>{file.name}</span><button type="button" aria-label={`${say('remove')} ${file.name}`} onClick={() => setFiles(files.filter((one) => one !== file))}><Icon name="close" size={14} /></button></li>)}
        </ul>
      )}
      {problem !== '' && <p class="problem" role="alert">{problem}</p>}
      <div class="row">
        <input
          ref={picker} type="file" hidden multiple accept={pickerAccept()} tabIndex={-1} onChange={(event) => {
            add(event.currentTarget.files ?? []);
            event.currentTarget.value = '';
          }}
        />
        <button type="button" class="tool" aria-label={say('attach')} title={say('attach')} onClick={() => picker.current?.click()}><Icon name="attach" /></button>
        <textarea
          ref={box} rows={1} maxLength={longest} value={text} placeholder={say(away ? 'leave' : 'write')} aria-label={say(away ? 'leave' : 'write')}
          onInput={(event) => {
            change(event.currentTarget.value);
            onTyping();
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            send();
          }}
          onPaste={(event) => {
            const pasted = [...event.clipboardData?.files ?? []];
            if (pasted.length > 0) add(pasted);
          }}
        />
        <button type="submit" class="tool send" aria-label={say('send')} title={say('send')} disabled={text.trim() === '' && files.length === 0}><Icon name="send" /></button>
      </div>
    </form>
  );
}
