import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { isMappingTarget, type InboundChannel } from '../../../contract/channel.ts';
import { applyMapping, checkMapping, mappingLimits, type FieldMapping, type MappingProblem } from '../../../rules/intake/mapping.ts';
import { api, asProblem } from '../../ui/api.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { Icon } from '../parts/icon.tsx';
import { channel, newestMessages } from './data.ts';
import { MappingLine } from './mapping-line.tsx';
import { mappingOf, openDraft, stepDraft, type DraftState, type MappingDraft } from './mapping-draft.ts';
import { SamplePart, useSample } from './sample-part.tsx';
import { leavesOf, propose } from '../../../rules/intake/propose-mapping.ts';
import { itemsOf } from './sample.ts';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

// What was not saved outlives a look at another page.
const unsaved = new Map<string, MappingDraft>();

/** The mapping and cleansing of what comes (字段映射与清洗), beside a real message and what a ticket would get of it. */
export function MappingPart({ record }: { record: InboundChannel }) {
  const { t: say } = useChannelTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [base, setBase] = useState(record);
  const [draft, step] = useReducer(stepDraft, null, () => unsaved.get(record.id) ?? openDraft(base.mapping as FieldMapping[], base.settings['each'] ?? ''));
  const { now } = draft;
  const mapping = useMemo(() => mappingOf(now), [now]);
  const kept: DraftState = { lines: (base.mapping as FieldMapping[]).map((line, key) => ({ ...line, key })), each: base.settings['each'] ?? '' };
  const dirty = JSON.stringify([mapping, now.each]) !== JSON.stringify([mappingOf(kept), kept.each]);
  useEffect(() => {
    if (dirty) unsaved.set(record.id, draft);
    else unsaved.delete(record.id);
  }, [dirty, draft, record.id]);

  const sample = useSample(record);
  const items = useMemo(() => (sample.text.trim() === '' ? null : itemsOf(record.kind, now.each, sample.text)), [record.kind, now.each, sample.text]);
  const first = items?.[0];
  const leaves = useMemo(() => leavesOf(first), [first]);
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: async () => {
      const { each: _each, ...settings } = base.settings;
      return (await api.patch<InboundChannel>(`/channels/${record.id}`, { mapping, ...(record.kind === 'webhook' ? { settings: { ...settings, ...(now.each === '' ? {} : { each: now.each }) } } : {}) }, { ifMatch: `"${base.version}"` })).data;
    },
    onSuccess: (next) => {
      setBase(next);
      queryClient.setQueryData(channel(record.id).queryKey, next);
      void queryClient.invalidateQueries({ queryKey: newestMessages(record.id).queryKey });
      void message.success(say('mapping.saved'));
    },
  });
  const problems = new Map<number, string[]>();
  const tell = (line: number, words: string): void => void problems.set(line, [...problems.get(line) ?? [], words]);
  const own = checkMapping(mapping, isMappingTarget);
  for (const { line, code } of own) if (tried || !isUnfinished(code)) tell(line, code === 'bad_table' ? say('problem.bad_table', { most: mappingLimits.table }) : say(`problem.${code}`));
  if (save.isError) for (const { path, message: words } of asProblem(save.error).errors) if (/^\/mapping\/\d+/.test(path)) tell(Number(path.split('/')[2]), words);
  const told = problems.size > 0;
  const submit = (): void => {
    setTried(true);
    if (own.length === 0) save.mutate();
  };
  const keys = useRef<(event: KeyboardEvent) => void>(undefined);
  const onKeyDown = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 's') {
      event.preventDefault();
      submit();
    }
    // Within a field the browser's own undoing goes first.
    if (!command || event.key.toLowerCase() !== 'z' || (event.target as HTMLElement).matches('input, textarea')) return;
    event.preventDefault();
    step({ do: event.shiftKey ? 'redo' : 'undo' });
  };
  useEffect(() => {
    keys.current = onKeyDown;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => keys.current?.(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  const proposed = (): void => {
    const lines = propose(first, new Set(now.lines.map((line) => line.target)));
    if (lines.length === 0) void message.info(say('mapping.nothing'));
    else {
      step({ do: 'add', lines });
      void message.success(say('mapping.proposed', { count: lines.length }));
    }
  };
  return (
    <div className={styles.mapping}>
      <section aria-label={say('part.mapping')} className={styles.lines}>
        <div className={styles.toolbar}>
          <Button icon={<Icon name="plus" />} onClick={() => step({ do: 'add', lines: [{ target: '', from: '' }] })} disabled={now.lines.length >= mappingLimits.mappings}>{say('mapping.add')}</Button>
          <Button onClick={proposed} disabled={first === undefined}>{say('mapping.propose')}</Button>
          <span className={styles.grow} />
          <Button type="text" icon={<Icon name="undo" />} aria-label={say('mapping.undo')} title={say('mapping.undo')} disabled={draft.past.length === 0} onClick={() => step({ do: 'undo' })} />
          <Button type="text" icon={<span className={styles.mirrored}><Icon name="undo" /></span>} aria-label={say('mapping.redo')} title={say('mapping.redo')} disabled={draft.future.length === 0} onClick={() => step({ do: 'redo' })} />
          <Button type="primary" disabled={!dirty} loading={save.isPending} onClick={submit}>{say('mapping.save')}</Button>
        </div>
        <p className={styles.muted}>{record.kind === 'webhook' ? say('mapping.hint') : say('mapping.standard')}{dirty && <> <b className={styles.dirty}>{say('mapping.dirty')}</b></>}</p>
        {save.isError && !told && <ProblemAlert error={save.error} />}
        {record.kind === 'webhook' && (
          <label className={styles.each}>
            <span>{say('mapping.each')}</span>
            <Input value={now.each} maxLength={200} spellCheck={false} placeholder={say('mapping.eachHint')} onChange={(event) => step({ do: 'each', each: event.target.value.trim() })} />
          </label>
        )}
        {now.lines.length === 0
          ? <div className={styles.frame}><EmptyState title={say('mapping.none')} hint={say('mapping.noneHint')} /></div>
          : (
            <ol className={styles.lineList}>
              {now.lines.map((line, index) => (
                <MappingLine
                  key={line.key} line={line} leaves={leaves} problems={problems.get(index) ?? []}
                  twice={now.lines.findIndex((one) => one.target === line.target) < index && line.target !== ''}
                  gives={first === undefined ? undefined : { value: applyMapping([{ ...mapping[index]!, target: 'x' }], first)['x'] }}
                  isFirst={index === 0} isLast={index === now.lines.length - 1}
                  onChange={(next, part) => step({ do: 'change', key: line.key, line: next, part })}
                  onRemove={() => step({ do: 'remove', key: line.key })}
                  onMove={(by) => step({ do: 'move', key: line.key, by })}
                />
              ))}
            </ol>
          )}
      </section>
      <SamplePart
        record={record} sample={sample} items={items} leaves={leaves} mapping={mapping.filter((_, index) => !own.some(({ line }) => line === index))} each={now.each}
        onPick={(path) => step({ do: 'add', lines: [{ target: '', from: path }] })}
      />
    </div>
  );
}

/** What is simply not filled in yet is no mistake before one wants to save. */
const isUnfinished = (code: MappingProblem['code']): boolean => code === 'no_source' || code === 'unknown_target' || code === 'bad_path';
