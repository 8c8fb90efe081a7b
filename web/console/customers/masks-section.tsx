import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, InputNumber, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { Masks } from '../../../contract/customer.ts';
import { maskLevels, personalData, showAt, type MaskLevel, type PersonalDatum } from '../../../rules/privacy/masks.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { roles } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import { Section } from '../settings/section.tsx';
import { masks, outdate } from './data.ts';
import { useCustomerTexts } from './texts.ts';
import styles from './masks-section.module.css';

const examples: Record<PersonalDatum, string> = { phone: '13812345678', email: 'zhang@example.com', id_number: '330105199001011234', identifier: 'oAb3xyzXYZ12349k', sensitive: '8820' };

type Draft = { policy: Masks['policy']; revealsPerHour: number };

/** Who sees what of personal data (脱敏策略), by kind and role, each with what it looks like. */
export function MasksSection() {
  const { t: say } = useCustomerTexts();
  const list = useQuery(masks);
  return (
    <Section title={say('masks.title')} hint={say('masks.hint')}>
      {list.isPending && <Delayed><RowSkeleton rows={5} height={80} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && <Policy present={list.data} />}
    </Section>
  );
}

function Policy({ present }: { present: Masks }) {
  const { language } = useTexts();
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const roleList = useQuery(roles);
  const [draft, setDraft] = useState<Draft | null>(null);
  const mayWrite = may('organization.write');
  const shown = draft ?? { policy: present.policy, revealsPerHour: present.revealsPerHour };
  const changedData = personalData.filter((datum) => JSON.stringify(shown.policy[datum]) !== JSON.stringify(present.policy[datum]));
  const changed = changedData.length > 0 || shown.revealsPerHour !== present.revealsPerHour;
  const levels = maskLevels.map((value) => ({ value, label: say(`masks.${value}`) }));
  const nameOf = (id: string): string => {
    const role = roleList.data?.find((one) => one.id === id);
    return role === undefined ? id.slice(0, 8) : localName(role, language);
  };
  const set = (datum: PersonalDatum, rule: Masks['policy'][PersonalDatum]): void => setDraft({ ...shown, policy: { ...shown.policy, [datum]: rule } });

  const save = useMutation({
    mutationFn: () => api.patch<Masks>('/masks', {
      ...(changedData.length === 0 ? {} : { policy: Object.fromEntries(changedData.map((datum) => [datum, shown.policy[datum]])) }),
      ...(shown.revealsPerHour === present.revealsPerHour ? {} : { revealsPerHour: shown.revealsPerHour }),
    }, { ifMatch: `"${present.version}"` }),
    onSuccess: ({ data }) => {
      queryClient.setQueryData(masks.queryKey, data);
      setDraft(null);
      outdate(queryClient, 'customers', 'accounts');
      void message.success(say('masks.saved'));
    },
    onError: (error) => {
      // What was changed here stays in the draft; what others changed comes in beneath it.
      if (asProblem(error).status === 412) outdate(queryClient, 'masks');
    },
  });
  const stale = save.isError && asProblem(save.error).status === 412;

  return (
    <>
      {save.isError && (stale ? <p className={styles.stale} role="alert">{say('masks.stale')}</p> : <ProblemAlert error={save.error} />)}
      {personalData.map((datum) => {
        const rule = shown.policy[datum];
        const held = Object.entries(rule.roles);
        const free = (roleList.data ?? []).filter((role) => role.active && !Object.hasOwn(rule.roles, role.id));
        const raw = rule.everybody === 'raw' || held.some(([, level]) => level === 'raw');
        return (
          <section key={datum} className={styles.datum} aria-label={say(`masks.${datum}`)}>
            <div className={styles.line}>
              <h3>{say(`masks.${datum}`)}</h3>
              <span className={styles.example}>{say('masks.example', { value: showAt(rule.everybody, datum, examples[datum]) ?? say('masks.hidden') })}</span>
              <span className={styles.rule}>
                <span className={styles.who}>{say('masks.everybody')}</span>
                <Segmented<MaskLevel> value={rule.everybody} options={levels} disabled={!mayWrite} aria-label={`${say(`masks.${datum}`)} · ${say('masks.everybody')}`} onChange={(everybody) => set(datum, { ...rule, everybody })} />
              </span>
            </div>
            {held.map(([id, level]) => (
              <div key={id} className={styles.line}>
                <span className={styles.rule}>
                  <span className={styles.who}><bdi>{nameOf(id)}</bdi></span>
                  <Segmented<MaskLevel> value={level} options={levels} disabled={!mayWrite} aria-label={`${say(`masks.${datum}`)} · ${nameOf(id)}`} onChange={(next) => set(datum, { ...rule, roles: { ...rule.roles, [id]: next } })} />
                  {mayWrite && <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('masks.removeRole', { role: nameOf(id) })} onClick={() => set(datum, { ...rule, roles: Object.fromEntries(held.filter(([other]) => other !== id)) })} />}
                </span>
              </div>
            ))}
            <div className={styles.foot}>
              {mayWrite && free.length > 0 && (
                <Select<string>
                  size="small"
                  className={styles.add}
                  value={null as unknown as string}
                  placeholder={say('masks.addRole')}
                  aria-label={`${say(`masks.${datum}`)} · ${say('masks.addRole')}`}
                  popupMatchSelectWidth={false}
                  options={free.map((role) => ({ value: role.id, label: localName(role, language) }))}
                  onChange={(id) => set(datum, { ...rule, roles: { ...rule.roles, [id]: rule.everybody === 'raw' ? 'masked' : 'raw' } })}
                />
              )}
              {raw && <span className={styles.warning}>{say('masks.rawWarning')}</span>}
            </div>
          </section>
        );
      })}
      <section className={styles.datum}>
        <div className={styles.line}>
          <h3>{say('masks.reveals')}</h3>
          <InputNumber min={1} max={10_000} precision={0} value={shown.revealsPerHour} disabled={!mayWrite} aria-label={say('masks.reveals')} suffix={say('masks.revealsUnit')} onChange={(value) => value !== null && setDraft({ ...shown, revealsPerHour: value })} />
        </div>
      </section>
      {changed && mayWrite && (
        <div className={styles.save}>
          <span>{say('masks.unsaved')}</span>
          <Button onClick={() => setDraft(null)}>{say('masks.reset')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>{say('page.save')}</Button>
        </div>
      )}
    </>
  );
}
