import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popover, Select, Tooltip } from 'antd';
import { useState } from 'react';
import type { Reference } from '../../../contract/common.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Avatar } from '../../ui/react/index.ts';
import { deskKeys, ticketHelpers, ticketWatchers } from '../data/desk.ts';
import { useColleagues } from '../data/colleagues.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import styles from './together.module.css';

/** Who follows a ticket and who helps with it (关注人与协办人). */
export function PeoplePart({ ticket }: { ticket: Ticket }) {
  const { t } = useTexts();
  const { me, may } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const watchers = useQuery(ticketWatchers(ticket.id)).data ?? [];
  const helpers = useQuery(ticketHelpers(ticket.id)).data;
  const change = useMutation({
    mutationFn: ({ kind, id, gone }: { kind: 'watchers' | 'helpers'; id: string; gone: boolean }) =>
      gone ? api.delete<unknown>(`/tickets/${ticket.id}/${kind}/${id}`) : kind === 'watchers' ? postOnce(`/tickets/${ticket.id}/watchers/${id}`, {}) : postOnce(`/tickets/${ticket.id}/helpers`, { staffId: id }),
    onSettled: () => {
      for (const queryKey of [deskKeys.watchers(ticket.id), deskKeys.helpers(ticket.id), ticketKeys.timeline(ticket.number)]) void queryClient.invalidateQueries({ queryKey });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  const watching = watchers.some(({ staff }) => staff.id === me.id);
  const live = ticket.mergedInto === null;
  return (
    <>
      <div className={styles.peopleLine}>
        <span className={styles.kind}>{t('watch.watchers')}</span>
        <People people={watchers.map(({ staff }) => staff)} onRemove={live ? (id) => change.mutate({ kind: 'watchers', id, gone: true }) : null} />
        {live && (
          <Button size="small" type="text" icon={<Icon name="eye" size={14} />} aria-pressed={watching} onClick={() => change.mutate({ kind: 'watchers', id: 'me', gone: watching })}>
            {watching ? t('watch.stop') : t('watch.me')}
          </Button>
        )}
        {live && may('organization.read') && <AddPerson label={t('watch.add')} except={watchers.map(({ staff }) => staff.id)} onChoose={(id) => change.mutate({ kind: 'watchers', id, gone: false })} />}
      </div>
      {(helpers?.mayDelegate === true || (helpers?.items.length ?? 0) > 0) && (
        <div className={styles.peopleLine}>
          <span className={styles.kind}>{t('watch.helpers')}</span>
          <People people={helpers?.items ?? []} onRemove={live ? (id) => change.mutate({ kind: 'helpers', id, gone: true }) : null} />
          {live && helpers?.mayDelegate === true && <AddPerson label={t('watch.help')} except={[...(helpers.items.map(({ id }) => id)), ...(ticket.assignee === null ? [] : [ticket.assignee.id])]} onChoose={(id) => change.mutate({ kind: 'helpers', id, gone: false })} />}
        </div>
      )}
    </>
  );
}

function People({ people, onRemove }: { people: readonly Reference[]; onRemove: ((id: string) => void) | null }) {
  const { t } = useTexts();
  return people.map((person) => (
    <Tooltip key={person.id} title={onRemove === null ? person.name : t('watch.remove', { name: person.name })}>
      <button type="button" className={styles.person} disabled={onRemove === null} aria-label={t('watch.remove', { name: person.name })} onClick={() => onRemove?.(person.id)}>
        <Avatar name={person.name} size={24} />
      </button>
    </Tooltip>
  ));
}

function AddPerson({ label, except, onChoose }: { label: string; except: readonly string[]; onChoose: (id: string) => void }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const q = useDebounced(typed.trim());
  const found = useColleagues(q, { enabled: open });
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <Select
          autoFocus
          defaultOpen
          className={styles.choose}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          placeholder={t('watch.choose')}
          aria-label={t('watch.choose')}
          loading={found.isFetching}
          options={found.people.filter((person) => person.active && !except.includes(person.id)).slice(0, 30).map((person) => ({ value: person.id, label: person.name }))}
          onChange={(id: string) => {
            onChoose(id);
            setOpen(false);
          }}
        />
      }
    >
      <Button size="small" type="text" icon={<Icon name="plus" size={14} />} aria-label={label} title={label} />
    </Popover>
  );
}
