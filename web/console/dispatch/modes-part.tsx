import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, InputNumber, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { escalations, offerLimits, type DispatchModes, type ModeSettings } from '../../../contract/offer.ts';
import { dispatchModes } from '../../../rules/routing/offers.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { dispatchModesOf } from '../data/offers.ts';
import { ticketTypes } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import shared from '../settings/section.module.css';
import { useOfferTexts } from './offer-texts.ts';
import styles from './modes.module.css';
import deeds from './weights.module.css';

const bounds = ['people', 'kilometres', 'minutes'] as const;
const most = { people: offerLimits.people, kilometres: offerLimits.kilometres, minutes: offerLimits.minutes.maximum };

/** How a team gives out its tickets (班组派单方式): the mode, for some types another, the rings of a grab, limits, and who is told in the end. */
export function TeamModes({ teamId }: { teamId: string }) {
  const { t: say } = useOfferTexts();
  const { language } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const query = dispatchModesOf(teamId);
  const kept = useQuery(query);
  const types = (useQuery(ticketTypes).data ?? []).filter((type) => type.active);
  const [draft, setDraft] = useState<ModeSettings | null>(null);
  const save = useMutation({
    mutationFn: async (settings: ModeSettings | null) => (await api.patch<DispatchModes>(`/teams/${teamId}/dispatch-modes`, { settings }, { ifMatch: `"${kept.data?.version ?? 0}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(query.queryKey, saved);
      setDraft(null);
      void message.success(say('modes.saved'));
    },
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
      void kept.refetch();
    },
  });
  if (kept.isError) return <ProblemAlert error={kept.error} onRetry={() => void kept.refetch()} />;
  if (kept.data === undefined) return <Delayed><RowSkeleton rows={6} height={44} /></Delayed>;
  const settings = draft ?? kept.data.settings;
  const changed = draft !== null && JSON.stringify(draft) !== JSON.stringify(kept.data.settings);
  const change = (part: Partial<ModeSettings>) => setDraft({ ...settings, ...part });
  const modes = dispatchModes.map((mode) => ({ value: mode, label: say(`how.${mode}`) }));
  const left = types.filter((type) => !settings.types.some(({ typeId }) => typeId === type.id));
  const number = (label: string, value: number, to: number, set: (value: number) => void) => (
    <Line label={label}><InputNumber min={1} max={to} precision={0} value={value} aria-label={label} onChange={(next) => set(next ?? 1)} /></Line>
  );
  return (
    <section className={styles.section} aria-label={say('modes.title')}>
      <h3 className={shared.subtitle}>{say('modes.title')}</h3>
      <p className={shared.muted}>{say('modes.hint')}</p>
      <div className={`${shared.card} ${styles.card}`}>
        <Line label={say('modes.mode')} hint={say(`what.${settings.mode}`)}><Select className={styles.select} aria-label={say('modes.mode')} value={settings.mode} options={modes} onChange={(mode) => change({ mode })} /></Line>
        <Line label={say('modes.types')}>
          <div className={styles.stack}>
            {settings.types.map((own, index) => (
              <div key={own.typeId} className={styles.row}>
                <span className={styles.type}>{localName(types.find((type) => type.id === own.typeId) ?? { name: '…', nameEn: '…' }, language)}</span>
                <Select className={styles.select} aria-label={say('modes.mode')} value={own.mode} options={modes} onChange={(mode) => change({ types: settings.types.with(index, { ...own, mode }) })} />
                <Remove onClick={() => change({ types: settings.types.toSpliced(index, 1) })} />
              </div>
            ))}
            {left.length > 0 && <Select className={styles.select} aria-label={say('modes.addType')} placeholder={say('modes.addType')} value={null} options={left.map((type) => ({ value: type.id, label: localName(type, language) }))} onChange={(typeId: string) => change({ types: [...settings.types, { typeId, mode: settings.mode === 'grab' ? 'direct' : 'grab' }] })} />}
          </div>
        </Line>
        <Line label={say('modes.rings')}>
          <div className={styles.stack}>
            {settings.rings.map((ring, index) => (
              <div key={index} className={styles.row} role="group" aria-label={say('modes.ring', { count: index + 1 })}>
                <span className={styles.ring}>{say('modes.ring', { count: index + 1 })}</span>
                {bounds.map((bound) => (
                  <label key={bound} className={styles.bound}>
                    <InputNumber className={styles.number} min={1} max={most[bound]} {...(bound === 'kilometres' ? {} : { precision: 0 })} value={ring[bound]} onChange={(value) => change({ rings: settings.rings.with(index, { ...ring, [bound]: value }) })} />
                    {say(`modes.${bound}`)}
                  </label>
                ))}
                <Remove onClick={() => change({ rings: settings.rings.toSpliced(index, 1) })} />
              </div>
            ))}
            <span className={shared.muted}>{say('modes.lastRing')}</span>
            {settings.rings.length < offerLimits.rings && <Button size="small" className={styles.add} onClick={() => change({ rings: [...settings.rings, { people: (settings.rings.at(-1)?.people ?? 2) + 3, kilometres: null, minutes: null }] })}>{say('modes.addRing')}</Button>}
          </div>
        </Line>
        <Line label={say('modes.ringOrder')}><Select className={styles.select} aria-label={say('modes.ringOrder')} value={settings.ringOrder} options={(['best_match', 'nearest'] as const).map((value) => ({ value, label: say(`how.${value}`) }))} onChange={(ringOrder) => change({ ringOrder })} /></Line>
        {number(say('modes.widen'), settings.widenMinutes, offerLimits.minutes.maximum, (widenMinutes) => change({ widenMinutes }))}
        {number(say('modes.accept'), settings.acceptMinutes, offerLimits.minutes.maximum, (acceptMinutes) => change({ acceptMinutes }))}
        {number(say('modes.most'), settings.mostCandidates, offerLimits.candidates, (mostCandidates) => change({ mostCandidates }))}
        <Line label={say('modes.escalate')}><Select className={styles.select} aria-label={say('modes.escalate')} value={settings.escalateTo} options={escalations.map((value) => ({ value, label: say(`modes.escalate.${value}`) }))} onChange={(escalateTo) => change({ escalateTo })} /></Line>
        <Line label={say('modes.place')}><Select className={styles.select} aria-label={say('modes.place')} value={settings.place} options={(['area', 'address'] as const).map((value) => ({ value, label: say(`modes.place.${value}`) }))} onChange={(place) => change({ place })} /></Line>
      </div>
      <div className={deeds.deeds}>
        <Badge tone={kept.data.own ? 'accent' : 'neutral'}>{say(kept.data.own ? 'modes.own' : 'modes.usual')}</Badge>
        <span className={deeds.buttons}>
          {changed && <Button onClick={() => setDraft(null)}>{say('modes.undo')}</Button>}
          {!changed && kept.data.own && <Button loading={save.isPending} onClick={() => save.mutate(null)}>{say('modes.back')}</Button>}
          <Button type="primary" disabled={!changed} loading={save.isPending} onClick={() => save.mutate(settings)}>{say('modes.save')}</Button>
        </span>
      </div>
    </section>
  );
}

function Line({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.line}>
      <span className={styles.label}>{label}</span>
      <div>{children}{hint !== undefined && <p className={styles.hint}>{hint}</p>}</div>
    </div>
  );
}

function Remove({ onClick }: { onClick: () => void }) {
  const { t: say } = useOfferTexts();
  return <Button type="text" size="small" aria-label={say('modes.remove')} title={say('modes.remove')} icon={<Icon name="trash" size={14} />} onClick={onClick} />;
}
