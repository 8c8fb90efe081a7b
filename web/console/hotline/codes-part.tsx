import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { hotlineLimits, type HotlineCodes } from '../../../contract/hotline.ts';
import { api } from '../../ui/api.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { CategorySelect } from '../parts/category-select.tsx';
import { Icon } from '../parts/icon.tsx';
import { useHotlineTexts } from './texts.ts';
import styles from './hotline.module.css';

type Line = HotlineCodes['codes'][number];

/** What the hotline's categories are here (分类对照表), as versions. */
export function CodesPart({ channelId }: { channelId: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ['hotline-codes', channelId], queryFn: async ({ signal }) => (await api.get<HotlineCodes>(`/channels/${channelId}/hotline-codes`, { signal })).data, refetchOnWindowFocus: false });
  if (data === undefined) return error === null ? null : <ProblemAlert error={error} onRetry={() => void refetch()} />;
  return <Codes key={data.version} channelId={channelId} kept={data} />;
}

function Codes({ channelId, kept }: { channelId: string; kept: HotlineCodes }) {
  const { t: say } = useHotlineTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [lines, setLines] = useState<readonly Line[]>(kept.codes);
  const [note, setNote] = useState('');
  const [pasted, setPasted] = useState<string | null>(null);
  const read = readTable(pasted ?? '');
  const twice = new Set(lines.map((line) => line.code.trim()).filter((code, index, all) => code !== '' && all.indexOf(code) !== index));
  const whole = lines.filter((line) => line.code.trim() !== '');
  const dirty = JSON.stringify(lines) !== JSON.stringify(kept.codes);
  const change = (index: number, part: Partial<Line>): void => setLines((before) => before.map((line, at) => (at === index ? { ...line, ...part } : line)));
  const save = useMutation({
    mutationFn: async () => (await api.patch<HotlineCodes>(`/channels/${channelId}/hotline-codes`, { codes: whole, ...(note.trim() === '' ? {} : { note: note.trim() }) }, { ifMatch: `"${kept.version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(['hotline-codes', channelId], saved);
      void message.success(say('codes.saved', { number: saved.version }));
    },
  });
  return (
    <section className={styles.codes} aria-label={say('codes')}>
      <p className={styles.muted}>{say('codes.hint')}</p>
      {save.isError && <ProblemAlert error={save.error} />}
      {lines.length === 0 && <p>{say('codes.none')}</p>}
      <ul className={styles.lines}>
        {lines.map((line, index) => (
          <li key={index}>
            <Input value={line.code} maxLength={hotlineLimits.code} aria-label={say('codes.code')} placeholder={say('codes.code')} {...(twice.has(line.code.trim()) ? { status: 'error' as const, title: say('codes.twice') } : {})} onChange={(event) => change(index, { code: event.target.value })} />
            <Input value={line.name} maxLength={hotlineLimits.name} aria-label={say('codes.name')} placeholder={say('codes.name')} onChange={(event) => change(index, { name: event.target.value })} />
            <CategorySelect className={styles.wide} value={line.category ?? undefined} placeholder={say('codes.unmapped')} wholePath allowClear onChange={(category) => change(index, { category: category ?? null })} />
            <Button type="text" icon={<Icon name="trash" />} aria-label={say('codes.remove', { code: line.code })} onClick={() => setLines((before) => before.filter((_, at) => at !== index))} />
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        <Button icon={<Icon name="plus" />} disabled={lines.length >= hotlineLimits.codes} onClick={() => setLines((before) => [...before, { code: '', name: '', category: null }])}>{say('codes.add')}</Button>
        <Button icon={<Icon name="copy" />} onClick={() => setPasted((before) => (before === null ? '' : null))} aria-expanded={pasted !== null}>{say('codes.paste')}</Button>
      </div>
      {pasted !== null && (
        <div className={styles.paste}>
          <p className={styles.muted}>{say('codes.pasteHint')}</p>
          <Input.TextArea autoFocus value={pasted} aria-label={say('codes.paste')} autoSize={{ minRows: 4, maxRows: 12 }} maxLength={400_000} onChange={(event) => setPasted(event.target.value)} />
          <Button disabled={read.length === 0} onClick={() => { setLines((before) => joined(before, read)); setPasted(null); }}>{say('codes.take', { count: read.length })}</Button>
        </div>
      )}
      {dirty && (
        <div className={styles.save}>
          <Input value={note} maxLength={500} aria-label={say('codes.note')} placeholder={say('codes.note')} onChange={(event) => setNote(event.target.value)} />
          <Button type="primary" loading={save.isPending} disabled={twice.size > 0} onClick={() => save.mutate()}>{say('codes.save')}</Button>
        </div>
      )}
      {kept.versions.length > 0 && <ul className={styles.versions}>{kept.versions.map((version) => <li key={version.number}>{say('codes.version', { number: version.number, count: version.count })} {version.by} <Ago value={version.createdAt} /> {version.note}</li>)}</ul>}
    </section>
  );
}

function readTable(text: string): { code: string; name: string }[] {
  return text.split(/\r?\n/).flatMap((row) => {
    const [code = '', name = ''] = row.split(/[\t,，]/, 2).map((part) => part.trim());
    return code === '' ? [] : [{ code: code.slice(0, hotlineLimits.code), name: name.slice(0, hotlineLimits.name) }];
  });
}

function joined(lines: readonly Line[], read: readonly { code: string; name: string }[]): Line[] {
  const byCode = new Map(lines.map((line) => [line.code.trim(), line]));
  for (const { code, name } of read) byCode.set(code, { code, name: name || (byCode.get(code)?.name ?? ''), category: byCode.get(code)?.category ?? null });
  return [...byCode.values()].slice(0, hotlineLimits.codes);
}
