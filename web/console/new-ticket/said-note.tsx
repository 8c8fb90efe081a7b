import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ExtractedText } from '../../../contract/completion.ts';
import { api } from '../../ui/api.ts';
import { words as named } from '../../ui/words.ts';
import { Badge } from '../parts/badge.tsx';
import { useDebounced } from '../parts/debounced.ts';
import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';
import type { Draft } from './ticket-draft.ts';
import styles from './new-ticket-drawer.module.css';

const texts = ownTexts(phrases({
  'said': ['读到的（未确认）', 'Read from it (not confirmed)'],
  'category': ['分类', 'Category'],
  'address': ['地点', 'Place'],
  'asset': ['设备', 'Asset'],
  'priority': ['优先级', 'Priority'],
  'from': ['“{{words}}”', '“{{words}}”'],
  'take': ['填入', 'Fill in'],
  'takeThis': ['填入{{what}}', 'Fill in {{what}}'],
}));

const enough = 4;
const pause = 600;
const longest = 4_000;

/**
 * What was read out of the words while they are typed (边记边猜): category, place, asset and how pressing it is, each with the words it was read from. It is filled in by
 * whoever types, one by one; where they have said otherwise already, nothing is offered.
 */
export function SaidNote({ draft, type, onTake }: { draft: Draft; type: string | undefined; onTake: (part: Partial<Draft>) => void }) {
  const { t } = texts.useTexts();
  const text = useDebounced([draft.subject.trim(), draft.description.trim()].filter((part) => part !== '').join('\n').slice(0, longest), pause);
  const { data } = useQuery({
    queryKey: ['text-extract', type ?? '', text], queryFn: async ({ signal }) => (await api.post<ExtractedText>('/text/extract', { text, ...(type === undefined ? {} : { type }) }, { signal })).data,
    enabled: [...text].length >= enough, placeholderData: (before) => before, staleTime: 60_000, gcTime: 60_000, retry: false,
  });
  if (data === undefined || [...text].length < enough) return null;
  const lines: { what: string; value: string; words: string; take?: Partial<Draft> }[] = [];
  if (data.category && draft.category === undefined) lines.push({ what: t('category'), value: data.category.path.join(' / '), words: data.category.words.join(' '), take: { category: data.category.id } });
  if (data.address && draft.address.trim() === '') lines.push({ what: t('address'), value: data.address.value, words: '', take: { address: data.address.value } });
  if (data.asset && draft.asset === undefined) lines.push({ what: t('asset'), value: `${data.asset.name} ${data.asset.code}`, words: '', take: { asset: data.asset } });
  // It comes about by itself: there is nothing to fill in.
  if (draft.priority === undefined && data.priority.priority !== 'normal') lines.push({ what: t('priority'), value: named(`priority.${data.priority.priority}`), words: data.priority.words.join(' ') });
  if (lines.length === 0) return null;
  return (
    <div className={styles.said} role="status">
      <p>{t('said')}</p>
      <ul>
        {lines.map(({ what, value, words, take }) => (
          <li key={what}>
            <Badge>{what}</Badge>
            <span>{value}{words !== '' && words !== value && <small> {t('from', { words })}</small>}</span>
            {take !== undefined && <Button type="link" size="small" aria-label={t('takeThis', { what })} onClick={() => onTake(take)}>{t('take')}</Button>}
          </li>
        ))}
      </ul>
    </div>
  );
}
