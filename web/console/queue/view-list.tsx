import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { View, ViewCount } from '../../../contract/view.ts';
import { countText, viewCounts } from '../data/lines.ts';
import { useTexts } from '../i18n.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { ReorderHandle, useReorder } from '../parts/reorder.tsx';
import { moved } from '../parts/reorder-places.ts';
import { useOrderViews, useStar } from './view-changes.ts';
import styles from './view-list.module.css';

const icons: Record<string, IconName> = {
  user: 'customers', inbox: 'bench', team: 'team', fire: 'activity', clock: 'clock', list: 'queue', redo: 'reopen', edit: 'edit', eye: 'eye', link: 'link', sync: 'transfer', check: 'checkCircle', database: 'file',
};
/** More than one sees at a glance. */
const searchable = 24;


type Props = { views: readonly View[]; current: string; onNew: () => void; onHide: () => void; onOpened?: () => void };

/** The views at the side (视图列表), the reader's favourites first, with how many tickets each holds now. */
export function ViewList({ views, current, onNew, onHide, onOpened }: Props) {
  const { t, language } = useTexts();
  const { me } = useSession();
  const [typed, setTyped] = useState('');
  const shown = views.filter((view) => me.teams.length > 0 || !view.id.startsWith('my_team'));
  const counts = useQuery(viewCounts(shown.map((view) => view.id)));
  const order = useOrderViews();
  const fits = (view: View): boolean => localName(view, language).toLowerCase().includes(typed.trim().toLowerCase());
  const all: { title: string; views: View[]; favourites?: true }[] = [
    { title: t('view.favourites'), favourites: true, views: shown.filter((view) => view.favourite).sort((a, b) => (a.favouritePosition ?? 0) - (b.favouritePosition ?? 0)) },
    { title: t('view.personal'), views: shown.filter((view) => view.kind === 'personal') },
    { title: t('view.ofTeam'), views: shown.filter((view) => view.kind === 'team') },
    { title: t('view.shared'), views: shown.filter((view) => view.kind === 'shared') },
    { title: t('view.standard'), views: shown.filter((view) => view.kind === 'standard') },
  ];
  const sections = all.map((section) => ({ ...section, views: (section.favourites === true ? section.views : section.views.toSorted((a, b) => a.position - b.position)).filter(fits) }));

  return (
    <nav className={styles.views} aria-label={t('view.list')}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t('view.list')}</h2>
        <Button type="text" size="small" icon={<Icon name="plus" />} aria-label={t('view.new')} title={t('view.new')} onClick={onNew} />
        <Button type="text" size="small" icon={<Icon name="chevronLeft" />} aria-label={t('view.hide')} title={t('view.hide')} onClick={onHide} />
      </div>
      {views.length > searchable && (
        <div className={styles.find}>
          <Input size="small" variant="filled" allowClear prefix={<Icon name="search" size={14} />} placeholder={t('view.find')} aria-label={t('view.find')} maxLength={100} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
      )}
      <div className={styles.sections}>
        {sections.filter((section) => section.views.length > 0).map((section) => (
          <section key={section.title} className={styles.section}>
            <h3>{section.title}</h3>
            <ul>
              {section.views.map((view, index) => {
                const movable = typed.trim() === '' && section.views.length > 1 && (section.favourites === true || section.views.every((one) => one.editable));
                return (
                  <Entry
                    key={`${view.id} ${movable}`} view={view} current={view.id === current} count={counts.data?.get(view.id)} list={section.title} index={index} of={section.views.length} onOpened={onOpened}
                    onMove={movable ? (from, to) => order.mutate({ ordered: moved(section.views, from, to), favourites: section.favourites === true }) : undefined}
                  />
                );
              })}
            </ul>
          </section>
        ))}
        {sections.every((section) => section.views.length === 0) && <p className={styles.none}>{t('view.noneFound')}</p>}
      </div>
    </nav>
  );
}

type EntryProps = { view: View; current: boolean; count: ViewCount | undefined; /** Its section, its place there, and of how many. */ list: string; index: number; of: number; onMove?: (from: number, to: number) => void; onOpened?: () => void };

function Entry({ view, current, count, list, index, of, onMove, onOpened }: EntryProps) {
  const { t, language } = useTexts();
  const star = useStar();
  const { row, handle, edge, dragging } = useReorder<HTMLLIElement>(`views ${list}`, index, onMove ?? (() => {}));
  const name = localName(view, language);
  const said = countText(count);
  return (
    <li ref={row} className={styles.entry} data-edge={edge ?? undefined} data-dragging={dragging || undefined}>
      {onMove !== undefined && <span className={styles.handle}><ReorderHandle handle={handle} index={index} count={of} name={name} onMove={onMove} /></span>}
      <Link to="/queue" search={{ view: view.id }} className={styles.link} aria-current={current ? 'page' : undefined} preload={false} onClick={onOpened}>
        <Icon name={icons[view.icon ?? ''] ?? 'filter'} size={14} />
        <span className={styles.name} title={view.kind === 'team' && view.team !== null ? `${name} · ${view.team.name}` : name}>{name}</span>
        {view.problems.length > 0 && <span className={styles.broken} title={view.problems.map((problem) => problem.message).join('\n')}>!</span>}
        {said !== undefined && said !== '0' && <span className={styles.count} data-alarm={view.id === 'urgent' || undefined}>{said}</span>}
      </Link>
      <button
        type="button" className={styles.star} aria-pressed={view.favourite} aria-label={view.favourite ? t('view.unstar', { name }) : t('view.star', { name })}
        onClick={() => star.mutate({ view, favourite: !view.favourite })}
      >
        <Icon name="star" size={13} filled={view.favourite} />
      </button>
    </li>
  );
}
