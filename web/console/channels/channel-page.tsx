import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { App, Button, Segmented } from 'antd';
import type { InboundChannel } from '../../../contract/channel.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden, PagePending } from '../shell/page-states.tsx';
import { CodesPart } from '../hotline/codes-part.tsx';
import { channel, channels } from './data.ts';
import { HealthBadge } from './health.tsx';
import { isUnset, mappedKinds, named } from './kinds.ts';
import { MappingPart } from './mapping-part.tsx';
import { MessagesPart } from './messages-part.tsx';
import { OverviewPart } from './overview-part.tsx';
import { SettingsPart } from './settings-part.tsx';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

const parts = ['overview', 'mapping', 'codes', 'messages', 'settings'] as const;
type Part = (typeof parts)[number];

/** One channel (渠道): connected and checked, its mapping, what came by it, its settings. */
export function ChannelPage() {
  const { channelId } = useParams({ from: '/settings/channels/$channelId/{-$part}' });
  const { may } = useSession();
  const { t: say } = useChannelTexts();
  useTitle(say('title'));
  const record = useQuery({ ...channel(channelId), enabled: may('settings.write') });
  if (!may('settings.write')) return <Forbidden />;
  if (record.data === undefined && record.error !== null) {
    return asProblem(record.error).status === 404
      ? <EmptyState title={say('gone')} action={<Link to="/settings/{-$section}" params={{ section: 'channels' }}>{say('back')}</Link>} />
      : <div className={styles.body}><ProblemAlert error={record.error} onRetry={() => void record.refetch()} /></div>;
  }
  if (record.data === undefined) return <PagePending />;
  return <Page key={channelId} record={record.data} />;
}

function Page({ record }: { record: InboundChannel }) {
  const { t: say } = useChannelTexts();
  const { part } = useParams({ from: '/settings/channels/$channelId/{-$part}' });
  const navigate = useNavigate();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const shown = parts.filter((one) => (one !== 'mapping' || mappedKinds.includes(record.kind)) && (one !== 'codes' || record.kind === 'hotline'));
  // A mailbox that every organization begins with, and nobody has set up so far.
  const unset = isUnset(record);
  const current: Part = shown.find((one) => one === part) ?? (unset ? 'settings' : 'overview');
  const { health } = record;
  const toggle = useMutation({
    mutationFn: async (active: boolean) => (await api.patch<InboundChannel>(`/channels/${record.id}`, { active }, { ifMatch: `"${record.version}"` })).data,
    onSuccess: (next) => void queryClient.setQueryData(channel(record.id).queryKey, next),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: channels.queryKey }),
  });
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link to="/settings/{-$section}" params={{ section: 'channels' }} className={styles.back}><Icon name="chevronLeft" />{say('back')}</Link>
        <h1 className={styles.title}>{record.name}</h1>
        <span className={styles.muted}>{named(say, 'kind', record.kind)}</span>
        {unset ? <Badge>{say('state.unset')}</Badge> : <HealthBadge health={health} />}
        <span className={styles.grow} />
        {!unset && <Button icon={<Icon name={record.active ? 'pause' : 'play'} />} loading={toggle.isPending} onClick={() => toggle.mutate(!record.active)}>{say(record.active ? 'pause' : 'resume')}</Button>}
      </header>
      {!record.active && unset && <p className={styles.banner} role="status">{say('unset')}</p>}
      {!record.active && !unset && <p className={styles.banner} role="status">{say(record.kind === 'email' ? 'paused.email' : record.kind === 'web_chat' ? 'paused.web_chat' : record.kind === 'mqtt' ? 'paused.mqtt' : record.mode === 'stream' ? 'paused.stream' : 'paused')}</p>}
      <div className={styles.strip}>
        <Segmented<Part>
          aria-label={record.name} value={current} options={shown.map((value) => ({ value, label: <>{say(`part.${value}`)}{value === 'messages' && health.quarantined > 0 && <span className={styles.count}>{health.quarantined}</span>}</> }))}
          onChange={(next) => void navigate({ to: '/settings/channels/$channelId/{-$part}', params: { channelId: record.id, part: next === 'overview' ? undefined : next } })}
        />
        <span className={styles.figures}>
          <span className={styles.figure}><b>{health.lastMinute}</b>{say('health.minute')}</span>
          <span className={styles.figure}><b>{health.lastDay >= 10_000 ? say('health.over', { count: 10_000 }) : health.lastDay}</b>{say('health.day')}</span>
          {health.waiting > 0 && <span className={styles.figure}><b>{health.waiting}</b>{say('health.waiting')}</span>}
          {health.lastReceivedAt !== null && <span className={styles.figureWide}>{say('health.last')} <Ago value={health.lastReceivedAt} /></span>}
        </span>
      </div>
      <div className={styles.body}>
        {current === 'overview' && <OverviewPart record={record} />}
        {current === 'mapping' && <MappingPart record={record} />}
        {current === 'codes' && <CodesPart channelId={record.id} />}
        {current === 'messages' && <MessagesPart record={record} />}
        {current === 'settings' && <SettingsPart record={record} />}
      </div>
    </div>
  );
}
