import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Select } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { territoryColors, type Territory, type TerritoryColor } from '../../../../contract/territory.ts';
import type { Reference } from '../../../../contract/common.ts';
import { faultsOfShape, type Shape } from '../../../../rules/places/territory.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { postOnce } from '../../../ui/post-once.ts';
import { EmptyState, ProblemAlert } from '../../../ui/react/index.ts';
import { teams } from '../../data/records.ts';
import { useTexts } from '../../i18n.ts';
import { Badge } from '../../parts/badge.tsx';
import { Delayed } from '../../parts/delayed.tsx';
import { Icon } from '../../parts/icon.tsx';
import { localName } from '../../parts/names.ts';
import { RowSkeleton } from '../../parts/row-skeleton.tsx';
import { useSession } from '../../session/session.tsx';
import { ArchivedSwitch } from '../../settings/archivable.tsx';
import { Section } from '../../settings/section.tsx';
import { CrewSelect } from '../../ticket/crew-select.tsx';
import { BoundsEditor } from './bounds-editor.tsx';
import { opened } from './ring-text.ts';
import { ShapeMapPane } from './shape-map-pane.tsx';
import { useTerritoryTexts } from './texts.ts';
import styles from './territories.module.css';

const territories = (archived: boolean) => queryOptions({
  queryKey: ['territories', archived],
  queryFn: async ({ signal }) => (await api.get<{ items: Territory[] }>('/territories', { query: archived ? { archived } : {}, signal })).data.items,
  staleTime: 60_000,
});

export interface Draft {
  name: string;
  nameEn: string;
  color: TerritoryColor;
  shape: Shape;
  at: { polygon: number; ring: number };
  teamIds: string[];
  staff: Reference[];
}

const draftOf = (territory: Territory | null): Draft => ({
  name: territory?.name ?? '', nameEn: territory?.nameEn ?? '', color: territory?.color ?? 'blue', shape: territory === null ? [[[]]] : opened(territory.shape as unknown as Shape), at: { polygon: 0, ring: 0 },
  teamIds: territory?.teams.map(({ id }) => id) ?? [], staff: territory?.staff ?? [],
});

/** The areas that teams and technicians serve (服务区域), drawn on a map; every bound can be written as text as well. */
export function TerritoriesSection() {
  const { t: say } = useTerritoryTexts();
  const { may } = useSession();
  const [archived, setArchived] = useState(false);
  const list = useQuery(territories(archived));
  const [chosen, setChosen] = useState<string | null>(null);
  const [editing, setEditing] = useState<{ territory: Territory | null; draft: Draft } | null>(null);
  const writable = may('settings.write');
  const areas = useMemo(() => (list.data ?? []).filter((one) => one.id !== editing?.territory?.id).map((one) => ({ id: one.id, name: one.name, color: one.color, shape: one.shape as unknown as Shape, chosen: one.id === chosen })), [list.data, editing?.territory?.id, chosen]);
  const change = (part: Partial<Draft>) => setEditing((now) => (now === null ? null : { ...now, draft: { ...now.draft, ...part } }));
  return (
    <div className={styles.wide}>
      <Section title={say('area.title')} hint={say('area.intro')} {...(writable && editing === null ? { action: <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing({ territory: null, draft: draftOf(null) })}>{say('area.new')}</Button> } : {})}>
        <div className={styles.split}>
          <div className={styles.side}>
            {editing !== null ? <Editor key={editing.territory?.id ?? 'new'} territory={editing.territory} draft={editing.draft} onChange={change} onClose={() => setEditing(null)} /> : (
              <>
                {list.isPending && <Delayed><RowSkeleton rows={4} height={56} /></Delayed>}
                {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
                {list.data?.length === 0 && <EmptyState title={say('area.none')} hint={say('area.noneHint')} />}
                {list.data !== undefined && list.data.length > 0 && (
                  <ul className={styles.list}>
                    {list.data.map((one) => (
                      <li key={one.id} data-chosen={one.id === chosen || undefined}>
                        <button type="button" className={styles.area} aria-pressed={one.id === chosen} onClick={() => setChosen(one.id === chosen ? null : one.id)}>
                          <span className={styles.dot} style={{ background: `var(--area-${one.color})` }} />
                          <span className={styles.words}>
                            <span className={styles.name}>{one.name}{!one.active && <Badge>{say('area.outOfUse')}</Badge>}</span>
                            <span className={styles.muted}>{one.teams.length + one.staff.length === 0 ? say('area.nobody') : [...one.teams, ...one.staff].map(({ name }) => name).join(' · ')}</span>
                          </span>
                        </button>
                        {writable && <Button type="text" size="small" icon={<Icon name="edit" size={14} />} aria-label={`${say('area.title')} ${one.name}`} onClick={() => setEditing({ territory: one, draft: draftOf(one) })} />}
                      </li>
                    ))}
                  </ul>
                )}
                <ArchivedSwitch checked={archived} onChange={setArchived} />
              </>
            )}
          </div>
          <ShapeMapPane
            areas={areas}
            draft={editing === null ? null : { color: editing.draft.color, shape: editing.draft.shape, at: editing.draft.at }}
            focus={editing?.territory?.id ?? chosen}
            onChoose={setChosen}
            onShape={(shape) => change({ shape })}
          />
        </div>
      </Section>
    </div>
  );
}

function Editor({ territory, draft, onChange, onClose }: { territory: Territory | null; draft: Draft; onChange: (part: Partial<Draft>) => void; onClose: () => void }) {
  const { t, language } = useTexts();
  const { t: say } = useTerritoryTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const all = (useQuery(teams).data ?? []).filter((team) => team.active || draft.teamIds.includes(team.id));
  const crs = useRef<'WGS84' | 'GCJ02' | 'BD09'>('WGS84');
  const faulty = faultsOfShape(draft.shape).length > 0 || draft.shape.length === 0;
  const save = useMutation({
    mutationFn: async (active: boolean | null) => {
      const body = active !== null ? { active } : {
        name: draft.name.trim(), nameEn: draft.nameEn.trim() || null, color: draft.color, shape: draft.shape, teamIds: draft.teamIds, staffIds: draft.staff.map(({ id }) => id), ...(crs.current === 'WGS84' ? {} : { crs: crs.current }),
      };
      if (territory === null) await postOnce('/territories', body);
      else await api.patch(`/territories/${territory.id}`, body, { ifMatch: `"${territory.version}"` });
    },
    onSuccess: () => {
      void message.success(t('common.saved'));
      onClose();
    },
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => {
      for (const name of ['territories', 'proposals']) void queryClient.invalidateQueries({ queryKey: [name] });
    },
  });
  return (
    <div className={styles.editor}>
      {save.isError && <ProblemAlert error={save.error} />}
      <label className={styles.field}>{say('area.name')}<Input autoFocus maxLength={100} value={draft.name} onChange={(event) => onChange({ name: event.target.value })} /></label>
      <label className={styles.field}>{say('area.nameEn')}<Input maxLength={100} value={draft.nameEn} onChange={(event) => onChange({ nameEn: event.target.value })} /></label>
      <label className={styles.field}>
        {say('area.color')}
        <Select value={draft.color} onChange={(color) => onChange({ color })} options={territoryColors.map((color) => ({ value: color, label: <span className={styles.swatch}><span className={styles.dot} style={{ background: `var(--area-${color})` }} />{say(`area.${color}`)}</span> }))} />
      </label>
      <label className={styles.field}>
        {say('area.teams')}
        <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} value={draft.teamIds} onChange={(teamIds) => onChange({ teamIds })} options={all.map((team) => ({ value: team.id, label: localName(team, language) }))} />
      </label>
      <div className={styles.field}>
        <label htmlFor="area-staff">{say('area.staff')}</label>
        <CrewSelect id="area-staff" most={200} placeholder={say('area.staff')} value={draft.staff} except={null} onChange={(staff) => onChange({ staff })} />
      </div>
      <BoundsEditor shape={draft.shape} at={draft.at} onShape={(shape) => onChange({ shape })} onAt={(at) => onChange({ at })} onCrs={(system) => { crs.current = system; }} />
      <div className={styles.deeds}>
        {territory !== null && <Button danger={territory.active} type="text" loading={save.isPending && save.variables !== null} onClick={() => save.mutate(!territory.active)}>{say(territory.active ? 'area.archive' : 'area.restore')}</Button>}
        <span className={styles.end}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={draft.name.trim() === '' || faulty} loading={save.isPending && save.variables === null} onClick={() => save.mutate(null)}>{say('area.save')}</Button>
        </span>
      </div>
    </div>
  );
}
