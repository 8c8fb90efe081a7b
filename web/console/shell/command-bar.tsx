import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useState } from 'react';
import type { TicketLine, TicketLinePage } from '../../../contract/view.ts';
import { api, asProblem } from '../../ui/api.ts';
import { setLanguage, setTheme, type ThemeChoice } from '../../ui/preferences.ts';
import { PriorityMark, StatusTag } from '../../ui/react/index.ts';
import { macrosFor } from '../data/desk.ts';
import { ticketTemplates } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { soundsLike } from '../../../rules/text/pinyin.ts';
import { Marked } from '../search/marked.tsx';
import { useRecordFinds } from '../search/record-finds.ts';
import { useRecordLinks } from '../search/record-links.ts';
import { useSession } from '../session/session.tsx';
import { useGoTo } from './go-to.ts';
import { useOpenTicket, type Deed } from './open-ticket.ts';
import { useOverlays } from './overlay-context.ts';
import { useSignOut } from './user-menu.tsx';
import styles from './command-bar.module.css';

const themes: readonly { choice: ThemeChoice; text: 'preferences.light' | 'preferences.dark' | 'preferences.system'; icon: IconName }[] = [
  { choice: 'light', text: 'preferences.light', icon: 'sun' },
  { choice: 'dark', text: 'preferences.dark', icon: 'moon' },
  { choice: 'system', text: 'preferences.system', icon: 'monitor' },
];

/** So many deeds of the open ticket are shown before anything is typed. */
const shownUnasked = 7;

/** `20261121-00042`, also without the dash or in part of it. */
const numberLike = /^\d{6,8}-?\d{1,8}$/;

/** The command bar (命令栏): what can be done to the ticket on the screen, every page, the usual deeds, and any record by its words. */
export function CommandBar() {
  const { t, language } = useTexts();
  const session = useSession();
  const { open, close } = useOverlays();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const [typed, setTyped] = useState('');
  const words = useDebounced(typed.trim(), 180);

  const found = useQuery({
    queryKey: ['tickets', 'search', words],
    queryFn: async ({ signal }) => (await api.get<TicketLinePage>('/tickets', { query: { q: words, limit: 5 }, signal })).data.items,
    enabled: words.length >= 1 && session.may('ticket.read'),
    staleTime: 10_000,
    placeholderData: (before) => before,
  });

  const records = useRecordFinds(words, 4);
  const links = useRecordLinks();
  const goTo = useGoTo();
  const openTicket = useOpenTicket();
  const macros = useQuery({ ...macrosFor(openTicket?.id ?? '', words), enabled: openTicket?.macro != null && words !== '' }).data ?? [];

  const templates = useQuery({ ...ticketTemplates, enabled: session.may('ticket.create') }).data ?? [];

  /** Closes the bar first: where it gives the focus back to comes before what the deed sets it on. */
  function run(action: () => void): () => void {
    return () => {
      close();
      requestAnimationFrame(() => setTimeout(action));
    };
  }

  const deeds: Deed[] = [
    ...(session.may('ticket.create') ? [{ key: 'new', icon: 'plus' as const, text: t('nav.newTicket'), keys: 'C', run: () => open({ kind: 'newTicket' }) }] : []),
    ...(session.may('ticket.create') ? templates.map((template) => ({ key: template.id, icon: 'copy' as const, text: t('newTicket.fromTemplate', { name: localName(template, language) }), run: () => open({ kind: 'newTicket', template: template.id }) })) : []),
    ...themes.map(({ choice, text, icon }) => ({ key: choice, icon, text: t('command.theme', { theme: t(text) }), run: run(() => setTheme(choice)) })),
    {
      key: 'language', icon: 'globe', text: language === 'en' ? t('preferences.toChinese') : t('preferences.toEnglish'),
      run: run(() => setLanguage(language === 'en' ? 'zh-CN' : 'en')),
    },
    { key: 'account', icon: 'shield', text: t('user.security'), run: () => open({ kind: 'account' }) },
    { key: 'keys', icon: 'keyboard', text: t('user.keys'), keys: '?', run: () => open({ kind: 'keys' }) },
    { key: 'signOut', icon: 'logout', text: t('user.signOut'), run: run(signOut) },
  ];
  const asked = typed.trim().toLowerCase().split(/\s+/);
  // By how it sounds a place is meant by its own name, not by the word that leads to all of them.
  const leading = t('command.page', { page: '' }).trim();
  const sounding = (text: string): string => (text.startsWith(leading) ? text.slice(leading.length).trim() : text);
  const fits = (item: Deed): boolean => asked.every((word) => item.text.toLowerCase().includes(word) || (word.length > 1 && soundsLike(sounding(item.text), word)));
  const closing = (item: Deed): Deed => ({ ...item, run: run(item.run) });
  const ofTicket: Deed[] = [
    ...(openTicket?.deeds ?? []).filter(fits).map(closing),
    ...(openTicket?.macro == null || words === '' ? [] : macros.map((macro) => ({ key: macro.id, icon: 'play' as const, text: t('command.macro', { name: macro.name }), run: run(() => openTicket.macro?.(macro)) }))),
  ];
  // Where nothing is typed, what comes first is what one does most: the rest is found by its name.
  const places = [...goTo.pages, ...(typed.trim() === '' ? [] : goTo.named)].filter(fits).map(closing);
  const typedNumber = numberLike.test(typed.trim()) ? typed.trim() : null;
  const tickets = words.length >= 1 ? (found.data ?? []) : [];
  const toTicket = (number: string) => run(() => void navigate({ to: '/tickets/$number', params: { number } }));

  return (
    <Command.Dialog
      open
      onOpenChange={(stays) => {
        if (!stays) close();
      }}
      label={t('command.title')}
      shouldFilter={false}
      loop
      overlayClassName={styles.shade}
      contentClassName={styles.dialog}
      aria-describedby={undefined}
    >
      <div className={styles.field}>
        <Icon name="search" size={18} />
        <Command.Input className={styles.input} value={typed} onValueChange={setTyped} placeholder={t('command.placeholder')} maxLength={200} />
      </div>
      <Command.List className={styles.list}>
        <Command.Empty className={styles.empty}>{found.isFetching || records.some(({ searching }) => searching) ? t('command.searching') : t('command.nothing')}</Command.Empty>
        {found.isError && <div className={styles.empty}>{t('command.failed', { reason: asProblem(found.error).title })}</div>}
        {openTicket !== null && <Items heading={t('command.ofTicket', { number: openTicket.number })} items={typed.trim() === '' ? ofTicket.slice(0, shownUnasked) : ofTicket} />}
        {typedNumber !== null && (
          <Command.Item className={styles.item} value="number" onSelect={toTicket(typedNumber)}>
            <Icon name="queue" />
            {t('command.openNumber', { number: typedNumber })}
          </Command.Item>
        )}
        {tickets.length > 0 && (
          <Command.Group heading={t('command.tickets')} className={styles.group}>
            {tickets.map((ticket) => (
              <Command.Item key={ticket.id} className={styles.item} value={ticket.id} onSelect={toTicket(ticket.number)}>
                <PriorityMark priority={ticket.priority} />
                <span className={styles.subject}>
                  <Found ticket={ticket} />
                </span>
                <span className={styles.number}>{ticket.number}</span>
                <span className={styles.status}>
                  <StatusTag status={ticket.status} />
                </span>
              </Command.Item>
            ))}
            <Command.Item
              className={styles.item}
              value="searchAll"
              onSelect={run(() => void navigate({ to: '/search', search: { q: typed.trim() } }))}
            >
              <Icon name="search" />
              {t('command.searchAll', { words: typed.trim() })}
            </Command.Item>
          </Command.Group>
        )}
        {records.filter(({ items }) => items.length > 0).map(({ kind, text, icon, items, more }) => (
          <Items
            key={kind}
            heading={t(text)}
            items={[
              ...items.map((one) => ({ key: one.id, icon, text: [one.name, one.detail].filter((part) => part !== '').join(' · '), run: run(() => links.open(kind, one.id)) })),
              ...(more ? [{ key: `all ${kind}`, icon: 'search' as const, text: t('command.allOf', { kind: t(text), words }), run: run(() => links.all(kind, words)) }] : []),
            ]}
          />
        ))}
        <Items heading={t('command.goTo')} items={places} />
        <Items heading={t('command.actions')} items={deeds.filter(fits)} />
      </Command.List>
      <div className={styles.foot}>{t('command.hint')}</div>
    </Command.Dialog>
  );
}

function Items({ heading, items }: { heading: string; items: readonly Deed[] }) {
  if (items.length === 0) return null;
  return (
    <Command.Group heading={heading} className={styles.group}>
      {items.map((item) => (
        <Command.Item key={item.key} className={styles.item} value={item.key} onSelect={item.run}>
          <Icon name={item.icon} />
          <span className={styles.subject}>{item.text}</span>
          {item.keys !== undefined && <kbd className={styles.keys}>{item.keys}</kbd>}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

/** The subject, and where else the words stand in the ticket. */
function Found({ ticket }: { ticket: TicketLine }) {
  const highlights = ticket.highlights ?? [];
  const subject = highlights.find((one) => one.property === 'subject');
  const elsewhere = highlights.find((one) => one.property !== 'subject' && one.property !== 'number');
  return (
    <>
      {subject === undefined ? ticket.subject : <Marked {...subject} />}
      {subject === undefined && elsewhere !== undefined && (
        <span className={styles.snippet}>
          <Marked {...elsewhere} />
        </span>
      )}
    </>
  );
}
