import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { InboundChannel } from '../../../contract/channel.ts';
import type { FieldMapping } from '../../../rules/intake/mapping.ts';
import { api } from '../../ui/api.ts';
import { PriorityMark } from '../../ui/react/index.ts';
import { formatRelative } from '../../ui/time.ts';
import { colon } from '../../ui/punctuation.ts';
import { categories, ticketTypes } from '../data/records.ts';
import { useDebounced } from '../parts/debounced.ts';
import { localName } from '../parts/names.ts';
import { newestMessages, rawMessage } from './data.ts';
import { named } from './kinds.ts';
import type { Leaf } from '../../../rules/intake/propose-mapping.ts';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

/** A message to look at while mapping: one that came, or one that was pasted. */
export interface Sample {
  way: 'came' | 'pasted';
  setWay: (way: 'came' | 'pasted') => void;
  chosen: string | undefined;
  choose: (id: string) => void;
  pasted: string;
  paste: (text: string) => void;
  text: string;
}

const pastedTexts = new Map<string, string>();
const mostCharacters = 262_144;

export function useSample(record: InboundChannel): Sample {
  const newest = useQuery({ ...newestMessages(record.id), refetchInterval: 5_000 });
  const [way, setWay] = useState<'came' | 'pasted' | null>(null);
  const [picked, setPicked] = useState<string>();
  const [pasted, setPasted] = useState(pastedTexts.get(record.id) ?? '');
  const chosen = picked ?? newest.data?.[0]?.id;
  const raw = useQuery(rawMessage(chosen));
  const now = way ?? (pasted !== '' || newest.data?.length === 0 ? 'pasted' : 'came');
  return {
    way: now, setWay, chosen, choose: setPicked, pasted,
    paste: (text) => {
      pastedTexts.set(record.id, text);
      setPasted(text);
    },
    text: now === 'pasted' ? pasted : raw.data ?? '',
  };
}

type Tried = { messages: { values: Record<string, unknown>; request: Record<string, unknown>; unclear: { target: string; value: string }[]; alarm: { key: string; state: string } | null }[]; total: number };
type Props = { record: InboundChannel; sample: Sample; items: unknown[] | null; leaves: readonly Leaf[]; mapping: FieldMapping[]; each: string; onPick: (path: string) => void };

/** The sample and what a ticket would get of it (样例与结果). */
export function SamplePart({ record, sample, items, leaves, mapping, each, onPick }: Props) {
  const { t: say, language } = useChannelTexts();
  const newest = useQuery(newestMessages(record.id));
  const asked = useDebounced(items === null ? null : JSON.stringify({ kind: record.kind, ...(each === '' ? {} : { each }), mapping, body: sample.text }), 300);
  const tried = useQuery({
    queryKey: ['channel-tried', asked], enabled: asked !== null && items !== null, placeholderData: keepPreviousData, staleTime: 60_000, retry: false,
    queryFn: async ({ signal }) => (await api.post<Tried>('/channels/try-mapping', JSON.parse(asked!) as object, { signal })).data,
  });
  return (
    <aside className={styles.sample} aria-label={say('sample')}>
      <div className={styles.card}>
        <div className={styles.line}>
          <h2 className={`${styles.cardTitle} ${styles.grow}`}>{say('sample')}</h2>
          <Segmented<'came' | 'pasted'> size="small" aria-label={say('sample')} value={sample.way} options={[{ value: 'came', label: say('sample.choose') }, { value: 'pasted', label: say('sample.paste') }]} onChange={sample.setWay} />
        </div>
        {sample.way === 'came' && newest.data !== undefined && newest.data.length === 0 && <p className={styles.muted}>{say('sample.none')}</p>}
        {sample.way === 'came' && newest.data !== undefined && newest.data.length > 0 && (
          <Select
            className={styles.full} aria-label={say('sample.choose')} value={sample.chosen} onChange={sample.choose}
            options={newest.data.map((one) => ({ value: one.id, label: `${formatRelative(one.receivedAt, Date.now(), language)} · ${one.preview || `${say('messages.untitled')} ${one.externalId.slice(0, 12)}`}` }))}
          />
        )}
        {sample.way === 'pasted' && (
          <>
            <Input.TextArea className={styles.mono} aria-label={say('sample.paste')} autoSize={{ minRows: 5, maxRows: 14 }} maxLength={mostCharacters} spellCheck={false} placeholder={say('sample.pastePlace')} value={sample.pasted} onChange={(event) => sample.paste(event.target.value)} />
            {items !== null && <p><Button size="small" type="text" onClick={() => sample.paste(JSON.stringify(JSON.parse(sample.pasted), null, 2))}>{say('sample.format')}</Button></p>}
          </>
        )}
        {sample.text.trim() !== '' && items === null && <p className={styles.problem} role="alert">{say('sample.unreadable')}</p>}
        {items !== null && items.length > 1 && <p className={styles.muted}>{say('sample.count', { count: items.length })}</p>}
        {leaves.length > 0 && (
          <>
            <p className={styles.muted}>{say('sample.fields')}</p>
            <ul className={styles.leaves}>
              {leaves.map(({ path, value }) => (
                <li key={path}>
                  <button type="button" className={styles.leaf} onClick={() => onPick(path)}>
                    <code>{path}</code><span>{value === null ? 'null' : String(value)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <div className={styles.card} aria-live="polite">
        <h2 className={styles.cardTitle}>{say('result')}</h2>
        {items === null || tried.data === undefined ? <p className={styles.muted}>{say('result.none')}</p> : <Result tried={tried.data} name={record.name} />}
      </div>
    </aside>
  );
}

/** What a ticket would get, as it would be read. */
function Result({ tried, name }: { tried: Tried; name: string }) {
  const { t: say, language } = useChannelTexts();
  const types = useQuery(ticketTypes);
  const kinds = useQuery(categories);
  const [first] = tried.messages;
  if (first === undefined) return <p className={styles.muted}>{say('result.none')}</p>;
  const request = first.request as { subject?: string; description?: string; type?: string; category?: string; priority?: 'urgent' | 'high' | 'normal' | 'low'; requester?: { name?: string; phone?: string; email?: string }; location?: { address?: string; lat?: number; lng?: number }; tags?: string[]; fields?: Record<string, unknown>; assetId?: string };
  const nameOf = (list: readonly { id: string; name: string; nameEn?: string | null }[] | undefined, id: string | undefined): string | undefined => {
    const found = list?.find((one) => one.id === id);
    return found === undefined ? id : localName(found, language);
  };
  const rows: [string, string | undefined][] = [
    ['target.description', request.description], ['target.type', nameOf(types.data, request.type)], ['target.category', nameOf(kinds.data, request.category)],
    ['target.requester.name', request.requester?.name], ['target.requester.phone', request.requester?.phone], ['target.requester.email', request.requester?.email],
    ['target.location.address', request.location?.address], ['target.location.lat', request.location?.lat?.toString()], ['target.location.lng', request.location?.lng?.toString()],
    ['target.assetCode', request.assetId === undefined ? undefined : String(first.values['assetCode'])], ['target.tags', request.tags?.join('、')],
    ...Object.entries(request.fields ?? {}).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  ];
  return (
    <>
      <p className={styles.resultSubject}>{request.priority !== undefined && <PriorityMark priority={request.priority} />} {request.subject || <span className={styles.muted}>{say('result.noSubject', { name })}</span>}</p>
      <dl className={styles.resultRows}>
        {rows.flatMap(([key, value]) => (value === undefined || value === '' ? [] : [<div key={key}><dt>{key.startsWith('target.') ? named(say, 'target', key.slice(7)) : key}</dt><dd>{value}</dd></div>]))}
      </dl>
      {first.alarm !== null && <p className={styles.muted}>{say('result.alarm', { key: first.alarm.key, state: first.alarm.state })}</p>}
      {first.unclear.length > 0 && (
        <div className={styles.unclear}>
          <p>{say('result.unclear')}</p>
          <ul>{first.unclear.map(({ target, value }) => <li key={target}>{named(say, 'target', target)}{colon()}{value}</li>)}</ul>
        </div>
      )}
    </>
  );
}
