import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Select, type InputRef } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useRef, useState } from 'react';
import { noticeChannels, noticeLimits, templateKinds, type NoticeChannel, type NoticeTemplate, type TemplateKind } from '../../../contract/notice.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { reasonTexts } from '../notifications/notification-words.ts';
import { Badge } from '../parts/badge.tsx';
import { useDebounced } from '../parts/debounced.ts';
import { noticeTemplate, templatePath } from './data.ts';
import { channelTexts, useNoticeTexts } from './texts.ts';
import styles from './notices.module.css';

type Words = NoticeTemplate['standard'];
const variables = ['reason', 'actor', 'recipient', 'ticket.number', 'ticket.subject', 'preview', 'for', 'count', 'lines', 'organization', 'link'] as const;

/** What notices say (通知文案), by what they are about, channel and language: draft, preview, publish. */
export function TemplatesPart() {
  const { t } = useNoticeTexts();
  const { t: say, language: mine } = useTexts();
  const [kind, setKind] = useState<TemplateKind>('assigned');
  const [channel, setChannel] = useState<NoticeChannel>('email');
  const [language, setLanguage] = useState<'zh-CN' | 'en'>(mine);
  const query = useQuery(noticeTemplate(kind, channel, language));
  // What was typed and not kept yet stays while one looks at other notices.
  const typed = useRef(new Map<string, Words>());
  const place = `${kind} ${channel} ${language}`;
  const nameOf = (one: TemplateKind): string => (one === 'several' ? t('template.several') : say(reasonTexts[one]));
  return (
    <>
      <div className={styles.bar}>
        <Select className={styles.pick} showSearch={{ optionFilterProp: 'label' }} value={kind} aria-label={t('template.kind')} options={templateKinds.map((value) => ({ value, label: nameOf(value) }))} onChange={setKind} />
        <Select className={styles.pick} value={channel} aria-label={t('template.channel')} options={noticeChannels.map((value) => ({ value, label: t(channelTexts[value]) }))} onChange={setChannel} />
        <Select className={styles.pick} value={language} aria-label={t('template.language')} options={[{ value: 'zh-CN', label: '中文' }, { value: 'en', label: 'English' }]} onChange={setLanguage} />
      </div>
      {query.isError && query.data === undefined && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && <Editor key={`${place} ${query.data.version}`} template={query.data} typed={typed.current.get(place)} onTyped={(words) => void (words === null ? typed.current.delete(place) : typed.current.set(place, words))} />}
    </>
  );
}

function Editor({ template, typed, onTyped }: { template: NoticeTemplate; typed: Words | undefined; onTyped: (words: Words | null) => void }) {
  const { t } = useNoticeTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const { kind, channel, language } = template;
  const base = template.draft ?? template.published ?? template.standard;
  const [words, setShown] = useState<Words>(typed ?? base);
  const setWords = (next: Words): void => {
    setShown(next);
    onTyped(next);
  };
  const title = useRef<InputRef>(null);
  const body = useRef<TextAreaRef>(null);
  const [into, setInto] = useState<'title' | 'body'>('body');
  const path = templatePath(kind, channel, language);
  const shown = useDebounced(words, 300);
  const preview = useQuery<Preview>({
    queryKey: ['notice-preview', kind, channel, language, shown], enabled: shown.title.trim() !== '', staleTime: 60_000, placeholderData: (before) => before,
    queryFn: async ({ signal }) => (await api.post<Preview>(`${path}/preview`, shown, { signal })).data,
  });
  const renew = (data: NoticeTemplate): void => {
    onTyped(null);
    queryClient.setQueryData(noticeTemplate(kind, channel, language).queryKey, data);
  };
  const keep = (draft: Words | null) => api.patch<NoticeTemplate>(path, { draft }, { ifMatch: `"${template.version}"` });
  const failed = (error: unknown): void => {
    const problem = asProblem(error);
    void message.error(problem.errors?.[0]?.message ?? problem.title);
  };
  const saveDraft = useMutation({
    mutationFn: () => keep(words),
    onSuccess: ({ data }) => {
      renew(data);
      void message.success(t('saved'));
    },
    onError: failed,
  });
  const publish = useMutation({
    // Without words of one's own the standard ones come back.
    mutationFn: async (own: Words | null) => {
      await keep(own);
      return api.post<NoticeTemplate>(`${path}/publish`, {});
    },
    onSuccess: ({ data }) => {
      renew(data);
      void message.success(t('template.published'));
    },
    onError: (error) => {
      failed(error);
      void queryClient.invalidateQueries({ queryKey: noticeTemplate(kind, channel, language).queryKey });
    },
  });
  const insert = (variable: string): void => {
    const field = into === 'title' ? title.current?.input : body.current?.resizableTextArea?.textArea;
    const at = field?.selectionStart ?? words[into].length;
    setWords({ ...words, [into]: `${words[into].slice(0, at)}{{${variable}}}${words[into].slice(field?.selectionEnd ?? at)}` });
    field?.focus();
  };
  const unknown = preview.data?.unknown ?? [];
  const isBroken = isHalfOpen(words.title) || isHalfOpen(words.body);
  const same = JSON.stringify(words) === JSON.stringify(template.published ?? template.standard) && template.draft === null;
  return (
    <section className={styles.card}>
      <p>{template.draft !== null ? <Badge tone="warning">{t('template.isDraft')}</Badge> : template.published !== null ? <Badge tone="accent">{t('template.isOwn')}</Badge> : <Badge>{t('template.isStandard')}</Badge>}</p>
      <div className={styles.form} style={{ borderTop: 0, paddingTop: 0 }}>
        <label className={`${styles.field} ${styles.wide}`}>
          <span>{t('template.line')}</span>
          <Input ref={title} onFocus={() => setInto('title')} value={words.title} maxLength={noticeLimits.title} aria-label={t('template.line')} onChange={(event) => setWords({ ...words, title: event.target.value })} />
        </label>
        <label className={`${styles.field} ${styles.wide}`}>
          <span>{t('template.body')}</span>
          <Input.TextArea ref={body} onFocus={() => setInto('body')} value={words.body} maxLength={noticeLimits.body} autoSize={{ minRows: 3, maxRows: 12 }} aria-label={t('template.body')} onChange={(event) => setWords({ ...words, body: event.target.value })} />
        </label>
        <div className={`${styles.field} ${styles.wide}`}>
          <span className={styles.muted}>{t('template.variables')}</span>
          <div className={styles.variables}>{variables.map((name) => <Button key={name} size="small" onClick={() => insert(name)}>{t(`var.${name}`)}</Button>)}</div>
          {isBroken && <span className={styles.problem} role="alert">{t('template.halfOpen')}</span>}
          {unknown.length > 0 && <span className={styles.problem} role="alert">{t('template.unknown', { names: unknown.join('、') })}</span>}
        </div>
        <div className={styles.wide}>
          <p className={styles.muted}>{t('template.preview')}</p>
          <div className={styles.preview}>
            <b>{preview.data?.title}</b>
            {preview.data?.body}
          </div>
          <details>
            <summary className={styles.muted}>{t('template.wire')}</summary>
            <pre className={styles.wire}>{preview.data?.payload}</pre>
          </details>
        </div>
        <div className={`${styles.actions} ${styles.wide}`}>
          <Button type="primary" disabled={same || isBroken || unknown.length > 0 || words.title.trim() === ''} loading={publish.isPending} onClick={() => publish.mutate(words)}>{t('template.publish')}</Button>
          <Button disabled={JSON.stringify(words) === JSON.stringify(base)} loading={saveDraft.isPending} onClick={() => saveDraft.mutate()}>{t('template.saveDraft')}</Button>
          {(template.published !== null || template.draft !== null) && <Button loading={publish.isPending} onClick={() => (template.published === null ? keep(null).then(({ data }) => renew(data), failed) : publish.mutate(null))}>{t('template.standard')}</Button>}
        </div>
      </div>
    </section>
  );
}

/** Whether braces were opened that are not closed, or the other way round: they would go out as they stand. */
const isHalfOpen = (text: string): boolean => /\{\{|\}\}/.test(text.replaceAll(/\{\{[^{}]*\}\}/g, ''));

type Preview = { title: string; body: string; payload: string; unknown: string[] };
