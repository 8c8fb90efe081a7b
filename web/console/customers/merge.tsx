import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import type { CustomerDetail, DuplicateCandidate, MergeablePart } from '../../../contract/customer.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Avatar, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { counted, customerOf, duplicatesOf, outdate } from './data.ts';
import { CustomerPick } from './pick.tsx';
import { useCustomerTexts } from './texts.ts';
import { Tier, useTierName } from './tier.tsx';
import styles from './merge.module.css';

/** Who may be the same person, with the reasons (疑似重复); the likeliest can be compared at once. */
export function Duplicates({ customer, onCompare }: { customer: CustomerDetail; onCompare: (otherId: string) => void }) {
  const { t: say } = useCustomerTexts();
  const list = useQuery(duplicatesOf(customer.id));
  if (list.isError && list.data === undefined) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data === undefined) return null;
  return (
    <>
      {list.data.length === 0 ? <p className={styles.none}>{say('merge.none')}</p> : <p className={styles.hint}>{say('merge.suggested')}</p>}
      <ul className={styles.candidates}>
        {list.data.map((candidate) => <Candidate key={candidate.customer.id} of={customer.id} candidate={candidate} onCompare={() => onCompare(candidate.customer.id)} />)}
      </ul>
    </>
  );
}

function Candidate({ of, candidate: { customer, score, reasons }, onCompare }: { of: string; candidate: DuplicateCandidate; onCompare: () => void }) {
  const { t: say } = useCustomerTexts();
  const { t } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const apart = useMutation({
    mutationFn: () => postOnce(`/customers/${of}/duplicates/${customer.id}/dismiss`, {}),
    onSuccess: () => queryClient.setQueryData(duplicatesOf(of).queryKey, (before: DuplicateCandidate[] | undefined) => before?.filter((one) => one.customer.id !== customer.id)),
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <li className={styles.candidate}>
      <div className={styles.who}>
        <Avatar name={customer.name} size={24} />
        <strong dir="auto">{customer.name}</strong>
        <Tier tier={customer.tier} />
        <span className={styles.score}>{say('merge.score', { score })}</span>
      </div>
      <p className={styles.known}>{[customer.phone, customer.address, customer.account?.name].filter((part) => part != null && part !== '').join(' · ')}</p>
      <p className={styles.reasons}>
        {reasons.map(({ reason, detail }) => (
          <Badge key={reason}>{say(`merge.reason.${reason}`)}{detail === null || reason === 'similar_name' || reason === 'similar_address' ? '' : `${t('common.colon')}${detail}`}</Badge>
        ))}
      </p>
      <Button size="small" onClick={onCompare}>{say('merge.compare')}</Button>{' '}
      <Button size="small" type="text" loading={apart.isPending} onClick={() => apart.mutate()}>{say('merge.apart')}</Button>
    </li>
  );
}

type Row = { part: MergeablePart; label: string; show: (customer: CustomerDetail) => ReactNode; key: (customer: CustomerDetail) => string };

/**
 * Says that two customers are one (合并客户): side by side, which of the two stays, and whose value stays of what differs.
 * Contact points, tickets, notes and assets are shown together afterwards, whichever stays.
 */
export function MergeDialog({ customer, otherId, onClose }: { customer: CustomerDetail; otherId: string | undefined; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const tierName = useTierName();
  const [chosen, setChosen] = useState(otherId);
  const [swapped, setSwapped] = useState(false);
  const [taken, setTaken] = useState<ReadonlySet<MergeablePart>>(new Set());
  const [reason, setReason] = useState('');
  const other = useQuery({ ...customerOf(chosen ?? ''), enabled: chosen !== undefined });
  const [stays, goes] = swapped ? [other.data, customer] : [customer, other.data];
  const text = (value: string | null | undefined): string => value ?? '';
  const rows: Row[] = [
    { part: 'name', label: say('profile.name'), show: (one) => one.name, key: (one) => one.name },
    { part: 'tier', label: say('profile.tier'), show: (one) => (one.tier === null ? null : tierName(one.tier)), key: (one) => text(one.tier) },
    { part: 'address', label: say('profile.address'), show: (one) => one.address, key: (one) => `${text(one.address)} ${JSON.stringify(one.location)}` },
    { part: 'account', label: say('profile.account'), show: (one) => (one.account === null ? null : [one.account.name, one.accountRole].filter(Boolean).join(' · ')), key: (one) => `${text(one.account?.id)} ${text(one.accountRole)}` },
    { part: 'language', label: say('profile.language'), show: (one) => (one.language === null ? null : one.language === 'en' ? say('profile.english') : say('profile.chinese')), key: (one) => text(one.language) },
    { part: 'idNumber', label: say('profile.idNumber'), show: (one) => one.idNumber, key: (one) => text(one.idNumber) },
    { part: 'tags', label: say('profile.tags'), show: (one) => one.tags.join(t('common.listSeparator')), key: (one) => [...one.tags].sort().join('\n') },
  ];
  const differing = stays === undefined || goes === undefined ? [] : rows.filter((row) => row.key(goes).trim() !== '' && row.key(goes) !== row.key(stays));
  // What only the one that goes has is taken over unless somebody says otherwise.
  const takes = (row: Row): boolean => taken.has(row.part) !== (stays !== undefined && (row.part === 'tags' || row.key(stays).replace('null', '').trim() === ''));

  const merge = useMutation({
    mutationFn: () => {
      const take = differing.filter(takes).map((row) => row.part);
      return postOnce<CustomerDetail>(`/customers/${goes?.id ?? ''}/merge`, { into: stays?.id ?? '', ...(take.length === 0 ? {} : { take }), ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
    },
    onSuccess: (target) => {
      outdate(queryClient, 'customers', 'accounts', 'assets');
      void message.success(say('merge.done', { name: target.name }));
      onClose();
      void navigate({ to: '/customers/$id', params: { id: target.id } });
    },
  });

  const side = (one: CustomerDetail, role: 'stays' | 'goes') => (
    <div className={styles.side} data-role={role}>
      <span className={styles.role}>{say(`merge.${role}`)}</span>
      <span className={styles.who}><Avatar name={one.name} size={24} /><strong dir="auto">{one.name}</strong></span>
      <p className={styles.known}>
        {[...new Set(one.contactPoints.map((contact) => contact.value).filter((value) => value !== null))].slice(0, 4).join(' · ')}
        {' '}
        {`${say('page.tickets')} ${counted(one.ticketCount)} · ${say('page.assets')} ${counted(one.assetCount)} · ${say('page.notes')} ${counted(one.noteCount)}`}
      </p>
    </div>
  );

  return (
    <Modal
      open
      width={720}
      title={say('merge.title')}
      okText={say('merge.do')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: stays === undefined || goes === undefined, loading: merge.isPending }}
      onOk={() => merge.mutate()}
      onCancel={onClose}
      mask={{ closable: false }}
      destroyOnHidden
    >
      {chosen === undefined && (
        <>
          <Duplicates customer={customer} onCompare={setChosen} />
          <p className={styles.hint}>{say('merge.search')}</p>
          <CustomerPick className={styles.pick} without={[customer.id, ...customer.merged.map((one) => one.id)]} label={say('merge.search')} onChange={setChosen} />
        </>
      )}
      {chosen !== undefined && other.isError && <ProblemAlert error={other.error} onRetry={() => void other.refetch()} />}
      {stays !== undefined && goes !== undefined && (
        <>
          <div className={styles.sides}>
            {side(stays, 'stays')}
            <Button className={styles.swap} icon={<Icon name="transfer" />} aria-label={say('merge.swap')} title={say('merge.swap')} onClick={() => {
              setSwapped(!swapped);
              setTaken(new Set());
            }} />
            {side(goes, 'goes')}
          </div>
          {differing.length > 0 && <h3 className={styles.choose}>{say('merge.choose')}</h3>}
          {differing.map((row) => {
            const taking = takes(row);
            const option = (one: CustomerDetail, isTaken: boolean) => (
              <label>
                <input type="radio" name={`take-${row.part}`} checked={taking === isTaken} onChange={() => setTaken((before) => {
                  const next = new Set(before);
                  if (!next.delete(row.part)) next.add(row.part);
                  return next;
                })} />
                <bdi>{row.part === 'tags' && isTaken ? say('merge.both') : row.show(one) || <span className={styles.none}>{say('profile.none')}</span>}</bdi>
              </label>
            );
            return (
              <fieldset key={row.part} className={styles.row}>
                <legend>{row.label}</legend>
                {option(stays, false)}
                {option(goes, true)}
              </fieldset>
            );
          })}
          <p className={styles.hint}>{differing.length === 0 && say('merge.same')} {say('merge.joined')}</p>
          <Input value={reason} maxLength={1000} aria-label={say('merge.reason')} placeholder={say('merge.reason')} onChange={(event) => setReason(event.target.value)} />
          {merge.isError && <div className={styles.problem}><ProblemAlert error={merge.error} /></div>}
        </>
      )}
    </Modal>
  );
}

/** Takes a merge back (撤销合并), after a question. */
export function useUnmerge(): (customer: { id: string; name: string }) => void {
  const { t: say } = useCustomerTexts();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const undo = useMutation({
    mutationFn: (id: string) => postOnce<CustomerDetail>(`/customers/${id}/unmerge`, {}),
    onSuccess: (customer) => {
      outdate(queryClient, 'customers', 'accounts', 'assets');
      void message.success(say('merge.undone'));
      void navigate({ to: '/customers/$id', params: { id: customer.id } });
    },
    onError: (error) => void message.error(error.message),
  });
  return ({ id, name }) => {
    modal.confirm({ title: say('merge.undoAsk', { name }), content: say('merge.undoHint'), okText: say('merge.undo'), onOk: () => undo.mutateAsync(id).catch(() => undefined) });
  };
}
