import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, ColorPicker, Form, Input, InputNumber, Segmented, Select, Switch } from 'antd';
import { useMemo, useState } from 'react';
import type { Organization, UpdateOrganization } from '../../../contract/organization.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { compareEdits, sameValue, type Contest } from '../customers/compare-edits.ts';
import { ContestBox, type Chosen } from '../customers/contest-box.tsx';
import { useTexts } from '../i18n.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { fieldWords } from '../parts/field-words.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import { LogoField } from './logo-field.tsx';
import { Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import { zoneChoice, zoneChoices } from './time-zones.ts';
import styles from './profile-section.module.css';

const organization = { queryKey: ['organization'], queryFn: async ({ signal }: { signal: AbortSignal }) => (await api.get<Organization>('/organization', { signal })).data };

type Values = { name: string; supportPhone: string; language: Organization['language']; timeZone: string; acceptanceDays: number | null; photoWatermark: boolean; trackDays: number | null; brandColour: string; logo: string };
const names = ['name', 'supportPhone', 'language', 'timeZone', 'acceptanceDays', 'photoWatermark', 'trackDays', 'brandColour', 'logo'] as const satisfies readonly (keyof Values)[];
const labels = { name: 'profile.name', supportPhone: 'profile.phone', language: 'profile.language', timeZone: 'profile.zone', acceptanceDays: 'profile.acceptance', photoWatermark: 'profile.watermark', trackDays: 'profile.track', brandColour: 'profile.colour', logo: 'profile.logo' } as const;
const valuesOf = ({ name, language, timeZone, settings, logo }: Organization): Values => ({ name, language, timeZone, supportPhone: settings.supportPhone ?? '', acceptanceDays: settings.acceptanceDays, photoWatermark: settings.photoWatermark, trackDays: settings.trackDays, brandColour: settings.brandColour ?? '', logo: logo ?? '' });

/** Digits as Chinese input methods write them are digits. */
const plainPhone = (typed: string): string => typed.normalize('NFKC').trim();

/** The request of what was changed; null when nothing was. */
function changesOf(before: Values, after: Values): UpdateOrganization | null {
  const changed = new Set(names.filter((name) => !sameValue(before[name], after[name])));
  const settings = {
    ...(changed.has('supportPhone') ? { supportPhone: plainPhone(after.supportPhone) || null } : {}),
    ...(changed.has('acceptanceDays') && after.acceptanceDays !== null ? { acceptanceDays: after.acceptanceDays } : {}),
    ...(changed.has('photoWatermark') ? { photoWatermark: after.photoWatermark } : {}),
    ...(changed.has('trackDays') && after.trackDays !== null ? { trackDays: after.trackDays } : {}),
    ...(changed.has('brandColour') ? { brandColour: after.brandColour || null } : {}),
  };
  const body: UpdateOrganization = {
    ...(changed.has('name') ? { name: after.name.trim() } : {}), ...(changed.has('language') ? { language: after.language } : {}), ...(changed.has('timeZone') ? { timeZone: after.timeZone } : {}),
    ...(Object.keys(settings).length === 0 ? {} : { settings }), ...(changed.has('logo') ? { logo: after.logo || null } : {}),
  };
  return Object.keys(body).length === 0 ? null : body;
}

/** The organization itself (企业信息): what customers see of it, and what holds where nobody said otherwise. */
export function ProfileSection() {
  const { t: say } = useSettingsTexts();
  const query = useQuery(organization);
  return (
    <Section title={say('profile.title')} hint={say('profile.hint')}>
      {query.data !== undefined ? <Profile present={query.data} /> : query.isError ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : <Delayed><RowSkeleton rows={5} height={64} /></Delayed>}
    </Section>
  );
}

function Profile({ present }: { present: Organization }) {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Values>();
  // From what the form began: what somebody else saves meanwhile comes in by comparison, never over what was typed.
  const [base, setBase] = useState(present);
  const [contest, setContest] = useState<{ both: Contest[]; chosen: Chosen } | null>(null);
  const [dirty, setDirty] = useState(false);
  const [zonesOpen, setZonesOpen] = useState(false);
  const zones = useMemo(() => (zonesOpen ? zoneChoices(base.timeZone, language, new Date()) : [zoneChoice(base.timeZone, language, new Date())]), [zonesOpen, base.timeZone, language]);
  const writable = may('settings.write');
  const typed = (): Values => form.getFieldsValue(true) as Values;
  const look = (before: Organization): void => setDirty(changesOf(valuesOf(before), typed()) !== null);

  const save = useMutation({
    mutationFn: async (): Promise<Organization> => {
      const body = changesOf(valuesOf(base), typed());
      return body === null ? base : (await api.patch<Organization>('/organization', body, { ifMatch: `"${base.version}"` })).data;
    },
    onSuccess: (saved) => {
      queryClient.setQueryData(organization.queryKey, saved);
      // Its name stands in the navigation, its zone decides which day it is.
      void queryClient.invalidateQueries({ queryKey: ['session'] });
      setBase(saved);
      setContest(null);
      form.setFieldsValue(valuesOf(saved));
      setDirty(false);
      void message.success(t('common.saved'));
    },
    onError: async (error) => {
      const problem = asProblem(error);
      if (problem.status === 412) return takeIn();
      const placed = problem.errors.flatMap((one) => {
        const name = names.find((field) => one.path.split('/').at(-1) === field);
        return name === undefined ? [] : [{ name, errors: [fieldWords(one)] }];
      });
      form.setFields(placed);
    },
  });

  async function takeIn(): Promise<void> {
    const theirs = await queryClient.fetchQuery({ ...organization, staleTime: 0 }).catch(() => undefined);
    if (theirs === undefined) return;
    const { adopted, both } = compareEdits(names, valuesOf(base), typed(), valuesOf(theirs));
    setBase(theirs);
    form.setFieldsValue(adopted as Partial<Values>);
    setContest({ both, chosen: Object.fromEntries(both.map(({ name }) => [name, 'mine'])) });
    look(theirs);
  }
  function choose({ name, mine, theirs }: Contest, which: 'mine' | 'theirs'): void {
    setContest((before) => before && { ...before, chosen: { ...before.chosen, [name]: which } });
    form.setFieldsValue({ [name]: which === 'mine' ? mine : theirs } as Partial<Values>);
    look(base);
  }
  function reset(): void {
    form.setFieldsValue(valuesOf(base));
    form.setFields(names.map((name) => ({ name, errors: [] })));
    setContest(null);
    setDirty(false);
    save.reset();
  }
  const inWords = (name: string, value: unknown): string =>
    value === '' || value == null ? say('profile.empty') : name === 'logo' ? say('profile.logoSet') : name === 'language' ? say(value === 'en' ? 'profile.english' : 'profile.chinese') : name === 'photoWatermark' ? say(value === true ? 'profile.on' : 'profile.off') : name === 'acceptanceDays' || name === 'trackDays' ? say('profile.days', { count: Number(value) }) : typeof value === 'string' ? value : JSON.stringify(value);
  const portal = `${location.origin}/portal/${base.slug}`;
  const stale = save.isError && asProblem(save.error).status === 412;

  return (
    <Form
      form={form} layout="vertical" className={styles.form} initialValues={valuesOf(base)} disabled={!writable} validateTrigger="onBlur" requiredMark={false}
      scrollToFirstError={{ block: 'center', focus: true }} onValuesChange={() => look(base)} onFinish={() => save.mutate()}
    >
      {save.isError && !(stale && contest !== null) && <div className={styles.problem}><ProblemAlert error={save.error} placed={['name', 'timeZone', 'language', 'settings/supportPhone', 'settings/acceptanceDays', 'settings/trackDays', 'logo']} /></div>}
      {contest !== null && <ContestBox both={contest.both} chosen={contest.chosen} label={(name) => say(labels[name as keyof Values])} words={inWords} onChoose={choose} />}
      <section className={styles.group} aria-labelledby="profile-shown">
        <h3 id="profile-shown">{say('profile.shown')}</h3>
        <Form.Item name="name" label={say('profile.name')} extra={say('profile.nameHint')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
          <Input maxLength={100} autoComplete="organization" />
        </Form.Item>
        <Form.Item
          name="supportPhone" label={say('profile.phone')} extra={say('profile.phoneHint')}
          rules={[{ validator: (_rule, value: string | undefined) => (plainPhone(value ?? '') === '' || /^\+?[0-9 ()-]{3,30}$/.test(plainPhone(value ?? '')) ? Promise.resolve() : Promise.reject(new Error(say('profile.phoneWrong')))) }]}
        >
          <Input className={styles.short} inputMode="tel" maxLength={31} autoComplete="off" placeholder="400-800-1234" />
        </Form.Item>
        <div className={styles.known}>
          <span>{say('profile.portal')}</span>
          <span className={styles.address}><a href={portal} target="_blank" rel="noreferrer">{portal}</a><CopyButton text={portal} label={say('profile.copyPortal')} /></span>
        </div>
      </section>
      <section className={styles.group} aria-labelledby="profile-usual">
        <h3 id="profile-usual">{say('profile.usual')}</h3>
        <Form.Item name="language" label={say('profile.language')} extra={say('profile.languageHint')}>
          <Segmented options={[{ value: 'zh-CN', label: say('profile.chinese') }, { value: 'en', label: say('profile.english') }]} />
        </Form.Item>
        <Form.Item name="timeZone" label={say('profile.zone')} extra={say('profile.zoneHint')} rules={[{ required: true, message: t('common.required') }]}>
          <Select
            className={styles.zone} showSearch={{ filterOption: (typed, option) => (option?.words ?? '').includes(typed.trim().toLowerCase()) }}
            onOpenChange={(open) => open && setZonesOpen(true)} options={zones} notFoundContent={say('profile.noZone')}
          />
        </Form.Item>
        <Form.Item name="acceptanceDays" label={say('profile.acceptance')} extra={say('profile.acceptanceHint')} rules={[{ required: true, message: t('common.required') }, { type: 'integer', min: 1, max: 90, message: say('profile.acceptanceWrong') }]}>
          <InputNumber className={styles.days} suffix={say('profile.daysUnit')} />
        </Form.Item>
      </section>
      <section className={styles.group} aria-labelledby="profile-field">
        <h3 id="profile-field">{say('profile.field')}</h3>
        <Form.Item name="photoWatermark" valuePropName="checked" label={say('profile.watermark')} extra={say('profile.watermarkHint')}>
          <Switch />
        </Form.Item>
        <Form.Item name="trackDays" label={say('profile.track')} extra={say('profile.trackHint')} rules={[{ required: true, message: t('common.required') }, { type: 'integer', min: 1, max: 365, message: say('profile.trackWrong') }]}>
          <InputNumber className={styles.days} suffix={say('profile.daysUnit')} />
        </Form.Item>
      </section>
      <section className={styles.group} aria-labelledby="profile-paper">
        <h3 id="profile-paper">{say('profile.paper')}</h3>
        <Form.Item name="logo" label={say('profile.logo')} extra={say('profile.logoHint')}>
          <LogoField />
        </Form.Item>
        <Form.Item name="brandColour" label={say('profile.colour')} extra={say('profile.colourHint')} getValueFromEvent={(colour: { cleared?: unknown; toHexString: () => string }) => (colour.cleared ? '' : colour.toHexString().slice(0, 7))} getValueProps={(value: string) => ({ value: value === '' ? null : value })}>
          <ColorPicker allowClear disabledAlpha showText format="hex" disabledFormat />
        </Form.Item>
      </section>
      {writable ? (
        <div className={styles.foot}>
          {dirty && <span role="status">{say('profile.unsaved')}</span>}
          {dirty && <Button onClick={reset}>{say('role.reset')}</Button>}
          <Button type="primary" htmlType="submit" disabled={!dirty} loading={save.isPending}>{t('common.save')}</Button>
        </div>
      ) : <p className={styles.readOnly}>{say('profile.readOnly')}</p>}
    </Form>
  );
}
