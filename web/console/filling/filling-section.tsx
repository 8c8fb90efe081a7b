import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, InputNumber, Select, Switch } from 'antd';
import { useState } from 'react';
import { intakeLimits, type IntakeSetting } from '../../../contract/completion.ts';
import type { Connector } from '../../../contract/connector.ts';
import { api, asProblem } from '../../ui/api.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { semicolon } from '../../ui/punctuation.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { Section } from '../settings/section.tsx';
import { ConnectorDrawer } from './connector-drawer.tsx';
import { connectors, intakeSetting } from './data.ts';
import { useFillingTexts } from './texts.ts';
import styles from './filling.module.css';

/** What is filled into tickets by itself (自动填写): from the words of customers, from other systems; and how long what came in is kept. Switches are kept at once. */
export function FillingSection() {
  const { t: say } = useFillingTexts();
  const setting = useQuery(intakeSetting);
  return (
    <Section title={say('title')} hint={say('hint')}>
      {setting.data === undefined ? setting.isError && <ProblemAlert error={setting.error} onRetry={() => void setting.refetch()} /> : <Words key={setting.data.version} setting={setting.data} />}
      <Systems />
      {setting.data !== undefined && <Keeping key={`keep ${setting.data.version}`} setting={setting.data} />}
    </Section>
  );
}

function useSettingChange(version: number) {
  const { t: say } = useFillingTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (change: object) => (await api.patch<IntakeSetting>('/intake-setting', change, { ifMatch: `"${version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(intakeSetting.queryKey, saved);
      void message.success(say('saved'));
    },
    onError: (error) => {
      void message.error(asProblem(error).errors[0]?.message ?? asProblem(error).title);
      void queryClient.invalidateQueries({ queryKey: intakeSetting.queryKey });
    },
  });
}

function Words({ setting }: { setting: IntakeSetting }) {
  const { t: say } = useFillingTexts();
  const change = useSettingChange(setting.version);
  const { classifier } = setting;
  return (
    <section className={styles.card} aria-label={say('words')}>
      <h3>{say('words')}</h3>
      <div className={styles.row}>
        <span><b>{say('words.on')}</b><span className={styles.muted}>{say('words.onHint')}</span></span>
        <Switch checked={setting.understand} loading={change.isPending} aria-label={say('words.on')} onChange={(understand) => change.mutate({ understand })} />
      </div>
      <div className={styles.row}>
        <span><b>{say('words.llm')}</b><span className={styles.muted}>{setting.llm ? say('words.llmHint') : say('words.noLlm')}</span></span>
        <Switch checked={setting.askLlm} disabled={!setting.understand} aria-label={say('words.llm')} onChange={(askLlm) => change.mutate({ askLlm })} />
      </div>
      <label className={styles.field}>
        <span>{say('words.masks')}</span>
        <Select
          mode="tags" open={false} suffixIcon={null} aria-label={say('words.masks')} defaultValue={setting.orderMasks} maxCount={intakeLimits.masks} placeholder="DD99999999"
          onChange={(masks: string[]) => change.mutate({ orderMasks: masks.map((mask) => mask.trim()).filter((mask) => mask.length >= 4).map((mask) => mask.slice(0, intakeLimits.mask)) })}
        />
        <span className={styles.muted}>{say('words.masksHint')}</span>
      </label>
      <p className={styles.muted} style={{ marginTop: 12 }}>
        {classifier === null ? say('words.notYet') : <>{say('words.learned', { tickets: classifier.tickets })}{classifier.heldOut > 0 && `${semicolon()}${say('words.right', { heldOut: classifier.heldOut, percent: Math.round((100 * classifier.right) / classifier.heldOut) })}`}</>}
      </p>
    </section>
  );
}

function Keeping({ setting }: { setting: IntakeSetting }) {
  const { t: say } = useFillingTexts();
  const change = useSettingChange(setting.version);
  const days = (label: string, value: number, { least, most }: { least: number; most: number }, put: (next: number) => void) => (
    <label className={styles.field}>
      <span>{label}</span>
      <InputNumber min={least} max={most} precision={0} defaultValue={value} aria-label={label} suffix={say('keep.days', { count: '' }).trim()} onBlur={({ target }) => {
        const next = Number.parseInt(target.value, 10);
        if (next >= least && next <= most && next !== value) put(next);
      }} />
    </label>
  );
  return (
    <section className={styles.card} aria-label={say('keep')}>
      <h3>{say('keep')}</h3>
      <div className={styles.days}>
        {days(say('keep.raw'), setting.rawDays, intakeLimits.rawDays, (rawDays) => change.mutate({ rawDays }))}
        {days(say('keep.messages'), setting.messageDays, intakeLimits.messageDays, (messageDays) => change.mutate({ messageDays }))}
        {days(say('keep.calls'), setting.callDays, intakeLimits.callDays, (callDays) => change.mutate({ callDays }))}
        {days(say('keep.chats'), setting.chatDays, intakeLimits.chatDays, (chatDays) => change.mutate({ chatDays }))}
      </div>
      <p className={styles.muted} style={{ marginTop: 8 }}>{say('keep.hint')}</p>
    </section>
  );
}

function Systems() {
  const { t: say } = useFillingTexts();
  const query = useQuery(connectors);
  const [open, setOpen] = useState<Connector | 'new' | null>(null);
  return (
    <section className={styles.card} aria-label={say('systems')}>
      <div className={styles.cardHead}>
        <div><h3>{say('systems')}</h3><p className={styles.muted}>{say('systems.hint')}</p></div>
        <Button type="primary" icon={<Icon name="plus" />} onClick={() => setOpen('new')}>{say('systems.add')}</Button>
      </div>
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && <EmptyState title={say('systems.none')} hint={say('systems.noneHint')} />}
      <ul className={styles.systems}>
        {query.data?.map((one) => (
          <li key={one.id} className={styles.system}>
            <div className={styles.guessWords}>
              <button type="button" className={styles.systemName} onClick={() => setOpen(one)}>{one.name}</button>
              <span className={styles.muted}>{say(`kind.${one.kind}`)} · {one.type?.name ?? say('system.any')}{one.asksFor.length > 0 && ` · ${say('system.asks')} ${one.asksFor.join('、')}`}</span>
              {one.health.lastFailure !== null && one.health.failed > 0 && <span className={styles.problem}>{one.health.lastFailure}</span>}
            </div>
            <span className={styles.tags}>
              {!one.active && <Badge>{say('system.off')}</Badge>}
              {one.health.filled > 0 && <Badge tone="success">{say('system.filled', { count: one.health.filled })}</Badge>}
              {one.health.failed > 0 && <Badge tone="danger">{say('system.failed', { count: one.health.failed })}</Badge>}
            </span>
          </li>
        ))}
      </ul>
      {open !== null && <ConnectorDrawer key={open === 'new' ? 'new' : open.id} known={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </section>
  );
}
