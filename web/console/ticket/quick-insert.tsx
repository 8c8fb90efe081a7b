import { useQuery } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useEffectEvent, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { CannedReply, Macro } from '../../../contract/desk.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { variables } from '../../../rules/text/variables.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { customerOf } from '../customers/data.ts';
import { cannedReplies, macrosFor } from '../data/desk.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { replyCautions, type Caution } from './reply-cautions.ts';
import styles from './quick-insert.module.css';

const cautionTexts = { noResolution: 'quick.noResolution', inChinese: 'quick.inChinese', inEnglish: 'quick.inEnglish' } as const satisfies Record<Caution, string>;

type Choice = { kind: 'reply'; id: string; reply: CannedReply } | { kind: 'macro'; id: string; macro: Macro };
type Props = {
  ticket: Ticket;
  /** Hands over what was typed before it stood, once. */
  begun: () => string;
  /** Hands the text over, with its variables filled in. */
  onInsert: (text: string, missing: string[]) => void;
  onMacro: (macro: Macro) => void;
  /** Gives the place in the text back; `typed` is what was meant as text after all. */
  onClose: (typed: string) => void;
};

/** What "/" opens in the composer (快捷回复与宏): found by name, shortcut or words, seen before it is used. */
export function QuickInsert({ ticket, begun, onInsert, onMacro, onClose }: Props) {
  const { t, language } = useTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const [typed, setTyped] = useState('');
  const takeBegun = useRef(begun);
  // From here on the strokes come to its own field.
  useLayoutEffect(() => setTyped(takeBegun.current()), []);
  const [at, setAt] = useState(0);
  const q = useDebounced(typed.trim(), 120);
  const replies = useQuery({ ...cannedReplies(q), placeholderData: (before) => before });
  const macros = useQuery({ ...macrosFor(ticket.id, q), placeholderData: (before) => before });
  // Of a customer who is known their language may be, too: what is in another stands behind.
  const spoken = useQuery({ ...customerOf(ticket.requester.customerId ?? ''), enabled: ticket.requester.customerId !== null && may('customer.read') }).data?.language ?? null;
  const cautionsOf = (reply: CannedReply) => replyCautions(reply.body, ticket.resolution, spoken);
  const isForeign = (reply: CannedReply): boolean => cautionsOf(reply).some((caution) => caution !== 'noResolution');
  const texts = replies.data ?? [];
  const choices: Choice[] = [
    ...[...texts.filter((reply) => !isForeign(reply)), ...texts.filter(isForeign)].map((reply): Choice => ({ kind: 'reply', id: reply.id, reply })),
    ...(macros.data ?? []).map((macro): Choice => ({ kind: 'macro', id: macro.id, macro })),
  ];
  const chosen = choices[Math.min(at, choices.length - 1)];
  // Whether what is shown is what was typed asks for, rather than what a word before it found.
  const found = typed.trim() === q && !replies.isFetching && !macros.isFetching;
  const [wanted, setWanted] = useState(false);
  const nameOf = (variable: string): string => (variable in variables ? variables[variable as keyof typeof variables][language === 'en' ? 'en' : 'zh'] : variable.replace(/^fields\./, ''));
  const listId = useId();
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const render = useQuery({
    queryKey: ['canned-replies', 'rendered', chosen?.kind === 'reply' ? chosen.id : '', ticket.id, ticket.version],
    queryFn: async () => (await api.post<{ text: string; missing: string[] }>(`/canned-replies/${chosen?.id}/render`, { ticketId: ticket.id, preview: true })).data,
    enabled: chosen?.kind === 'reply',
    staleTime: 60_000,
  });

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  async function take(choice: Choice | undefined): Promise<void> {
    if (choice === undefined) return;
    if (choice.kind === 'macro') return onMacro(choice.macro);
    try {
      const { data } = await api.post<{ text: string; missing: string[] }>(`/canned-replies/${choice.id}/render`, { ticketId: ticket.id });
      onInsert(data.text, data.missing.map(nameOf));
      for (const caution of cautionsOf(choice.reply)) void message.warning(t(cautionTexts[caution]), 6);
    } catch {
      // The text itself is known: its author fills in the rest.
      onInsert(choice.reply.body, []);
    }
  }

  const takeNow = useEffectEvent(() => {
    setWanted(false);
    void take(chosen);
  });
  useEffect(() => {
    if (wanted && found) takeNow();
  }, [wanted, found]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((now) => Math.max(0, Math.min(choices.length - 1, now + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // Whoever went to a line by the arrows has seen it; else it is about what was typed, once it is found.
      if (found || at > 0) void take(chosen);
      else setWanted(true);
    } else if (event.key === 'Escape' || (event.key === 'Backspace' && typed === '')) {
      event.preventDefault();
      onClose('');
    } else if (event.key === '/' && typed === '') {
      event.preventDefault();
      onClose('/');
    }
  }

  const option = (choice: Choice, index: number) => (
    <div
      key={choice.id}
      id={`${listId}-${choice.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={choice === chosen}
      className={styles.option}
      onMouseMove={() => setAt(index)}
      onClick={() => void take(choice)}
      onKeyDown={onKeyDown}
    >
      <Icon name={choice.kind === 'reply' ? 'reply' : 'play'} size={14} />
      <span className={styles.name}>{choice.kind === 'reply' ? choice.reply.name : choice.macro.name}</span>
      {choice.kind === 'reply' && choice.reply.shortcut !== null && <kbd>/{choice.reply.shortcut}</kbd>}
    </div>
  );

  return (
    <div
      ref={box}
      className={styles.panel}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget as Node)) onClose('');
      }}
    >
      <input
        autoFocus
        className={styles.search}
        placeholder={t('quick.search')}
        aria-label={t('quick.search')}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={chosen === undefined ? undefined : `${listId}-${chosen.id}`}
        maxLength={100}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
          setWanted(false);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.body}>
        <div id={listId} ref={list} role="listbox" aria-label={t('quick.open')} className={styles.list}>
          {(replies.data ?? []).length > 0 && <div className={styles.group} role="presentation">{t('quick.replies')}</div>}
          {choices.map((choice, index) => (choice.kind === 'reply' ? option(choice, index) : null))}
          {(macros.data ?? []).length > 0 && <div className={styles.group} role="presentation">{t('quick.macros')}</div>}
          {choices.map((choice, index) => (choice.kind === 'macro' ? option(choice, index) : null))}
        </div>
        {chosen !== undefined && (
          <div className={styles.preview}>
            {chosen.kind === 'reply' ? (
              <>
                <p className="prose">{render.data?.text ?? chosen.reply.body}</p>
                {cautionsOf(chosen.reply).map((caution) => <p key={caution} className={styles.caution}>{t(cautionTexts[caution])}</p>)}
                {render.data !== undefined && render.data.missing.length > 0 && <p className={styles.missing}>{t('quick.missing', { names: render.data.missing.map(nameOf).join(t('common.listSeparator')) })}</p>}
              </>
            ) : (
              <>
                {chosen.macro.description !== null && <p className="prose">{chosen.macro.description}</p>}
                <p className={styles.missing}>{t('quick.chooseToSee')}</p>
              </>
            )}
          </div>
        )}
      </div>
      {(replies.isError || macros.isError) && <ProblemAlert error={replies.error ?? macros.error} />}
      {choices.length === 0 && replies.isSuccess && macros.isSuccess && <p className={styles.nothing}>{q === '' ? t('quick.none') : t('quick.nothing')}</p>}
      <p className={styles.hint}>{t('quick.hint')}</p>
    </div>
  );
}
