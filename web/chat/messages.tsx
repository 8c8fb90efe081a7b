import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatFile, ChatMessage, ChatWindow } from '../../contract/chat.ts';
import { stretchesOf } from '../ui/links.ts';
import { contact, discard, fileAddress, going, host, isSlowed, messages, pending, retry, seenUpTo, shown, typing, type Pending } from './chat.ts';
import { ContactLine } from './contact-form.tsx';
import { Icon } from './icon.tsx';
import { recall } from './memory.ts';
import { say, spoken } from './texts.ts';

const timeOf = (at: string): string => new Date(at).toLocaleTimeString(spoken.value, { hour: '2-digit', minute: '2-digit' });
/** To the second: whoever waits wants to know. */
const clockOf = (at: number): string => new Date(at).toLocaleTimeString(spoken.value, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const dayOf = (at: string): string => (new Date(at).toDateString() === new Date().toDateString() ? say('today') : new Date(at).toLocaleDateString(spoken.value, { month: 'long', day: 'numeric' }));

/** What passed, the newest below (对话). */
export function Messages({ window: { greeting, ask } }: { window: ChatWindow }) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [behind, setBehind] = useState(false);
  const toEnd = (): void => {
    const box = list.current;
    if (box) box.scrollTop = box.scrollHeight;
    setBehind(false);
  };
  const all = messages.value;
  const waiting = pending.value;
  const [isShown, isTyping] = [shown.value, typing.value];
  // Whoever reads further up is not torn away.
  useEffect(() => {
    if (atEnd.current || all.at(-1)?.direction === 'in' || waiting.length > 0) toEnd();
    else setBehind(true);
  }, [all, waiting]);
  useEffect(() => {
    if (isTyping && atEnd.current) toEnd();
  }, [isTyping]);
  useEffect(() => {
    if (isShown) toEnd();
  }, [isShown]);
  const onScroll = (): void => {
    const box = list.current!;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    if (atEnd.current) setBehind(false);
  };
  const ownLast = all.findLast(({ direction }) => direction === 'in');
  // Whoever had left it when the page came is not asked; who leaves it now is thanked.
  const [wasKnown] = useState(contact.value.email !== null || contact.value.phone !== null);
  const asks = ask !== 'never' && going.value && !wasKnown && host.value?.user == null && ownLast !== undefined && !recall().unasked;
  return (
    <div class="scroll" ref={list} onScroll={onScroll} tabIndex={0} role="log" aria-label={say('messages')}>
      <Bubble own={false} author={null}>{greeting[spoken.value]}</Bubble>
      {all.map((message, index) => (
        <Line key={message.seq} message={message} before={all[index - 1]} />
      ))}
      {ownLast && waiting.length === 0 && ownLast === all.at(-1) && <p class="state">{say(seenUpTo.value >= ownLast.seq ? 'seen' : 'sent')} · {timeOf(ownLast.at)}</p>}
      {waiting.map((one) => <Waiting key={one.key} message={one} />)}
      {asks && <ContactLine />}
      {isTyping && <p class="typing" role="status"><i /><i /><i /><span>{say('typing')}</span></p>}
      {behind && <button type="button" class="newer" onClick={toEnd}><Icon name="down" size={16} />{say('newer')}</button>}
    </div>
  );
}

function Line({ message, before }: { message: ChatMessage; before: ChatMessage | undefined }) {
  const own = message.direction === 'in';
  const newDay = before === undefined || new Date(before.at).toDateString() !== new Date(message.at).toDateString();
  const follows = before !== undefined && !newDay && before.direction === message.direction && before.author === message.author && Date.parse(message.at) - Date.parse(before.at) < 300_000;
  return (
    <>
      {newDay && <p class="day">{dayOf(message.at)}</p>}
      <Bubble own={own} author={own || follows ? null : `${message.author ?? ''} · ${timeOf(message.at)}`} follows={follows}>
        {message.body !== '' && <Words text={message.body} />}
        {message.files.map((file) => <File key={file.id} file={file} />)}
      </Bubble>
    </>
  );
}

function Bubble({ own, author, follows = false, children }: { own: boolean; author: string | null; follows?: boolean; children: preact.ComponentChildren }) {
  return (
    <div class="line" data-own={own || undefined} data-follows={follows || undefined}>
      {author !== null && <p class="author">{author}</p>}
      {own && <span class="unseen">{say('you')}</span>}
      <div class="bubble">{children}</div>
    </div>
  );
}

const Words = ({ text }: { text: string }) => <p>{stretchesOf(text).map((one, index) => (one.href === undefined ? one.text : <a key={index} href={one.href} target="_blank" rel="noopener noreferrer nofollow">{one.text}</a>))}</p>;

const sizeOf = (bytes: number): string => (bytes < 1_048_576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`);

function File({ file }: { file: ChatFile }) {
  const [broken, setBroken] = useState(false);
  if (file.mediaType.startsWith('image/') && !broken) {
    // So that nothing jumps when it comes.
    const ratio = file.width && file.height ? { 'aspect-ratio': `${file.width} / ${file.height}` } : {};
    return <a class="picture" href={fileAddress(file.id, false)} target="_blank" rel="noopener noreferrer"><img src={fileAddress(file.id, true)} alt={file.name} style={ratio} onError={() => setBroken(true)} /></a>;
  }
  // Nobody has written down what is said in them.
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  if (file.mediaType.startsWith('audio/')) return <audio controls preload="none" src={fileAddress(file.id, false)} aria-label={file.name} />;
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  if (file.mediaType.startsWith('video/')) return <video controls preload="none" src={fileAddress(file.id, false)} aria-label={file.name} />;
  return <a class="file" href={`${fileAddress(file.id, false)}?download=1`} target="_blank" rel="noopener noreferrer"><Icon name="file" /><span>{file.name}<small>{sizeOf(file.size)}</small></span></a>;
}

function Waiting({ message }: { message: Pending }) {
  const names = [...message.uploads.map(({ name }) => name), ...message.files.map(({ name }) => name)];
  return (
    <>
      <Bubble own author={null}>
        {message.body !== '' && <p>{message.body}</p>}
        {names.map((name) => <span class="file" key={name}><Icon name="file" /><span>{name}</span></span>)}
      </Bubble>
      <p class="state" data-failed={message.state === 'failed' || undefined} role="status">
        {message.state === 'failed' ? `${say('failed')}${message.problem === '' ? '' : ` · ${message.problem}`}` : isSlowed(message.state) ? say(message.state).replace('{time}', clockOf(message.until ?? Date.now())) : say(message.state)}
        {message.state === 'failed' && <><button type="button" class="link" onClick={() => retry(message.key)}>{say('again')}</button><button type="button" class="link" onClick={() => discard(message.key)}>{say('discard')}</button></>}
      </p>
    </>
  );
}
