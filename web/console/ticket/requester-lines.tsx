import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { Static } from 'typebox';
import type { RevealedContact, Ticket } from '../../../contract/ticket.ts';
import { DialButton } from '../calls/dial-button.tsx';
import { RevealDialog, useRevealed } from '../customers/reveal.tsx';
import { Tier } from '../customers/tier.tsx';
import { useTexts } from '../i18n.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { KnownLine } from '../parts/known-line.tsx';
import { useSession } from '../session/session.tsx';

const LikelyCustomer = lazy(async () => ({ default: (await import('./likely-customer.tsx')).LikelyCustomer }));
// By these somebody comes under a name of the platform, whoever they are otherwise.
const asksWho: ReadonlySet<Ticket['channel']> = new Set(['wechat', 'mini_program', 'wecom', 'dingtalk', 'feishu', 'chat', 'email', 'sms', 'social', 'phone']);

/** Who asked (报修人). The number is masked until somebody needs it; looking is recorded. */
export function RequesterLines({ ticket }: { ticket: Ticket }) {
  const { t } = useTexts();
  const { may } = useSession();
  const { requester } = ticket;
  const [shown, setShown] = useRevealed<Static<typeof RevealedContact>>();
  const [asking, setAsking] = useState(false);
  const phone = shown?.phone ?? requester.phone;
  const email = shown?.email ?? requester.email;
  const hidden = shown === null && (requester.phone !== null || requester.email !== null);
  const name = requester.name ?? t('ticket.anonymous');

  return (
    <>
      <KnownLine icon="customers" name={t('ticket.requester')}>
        {requester.customerId !== null && may('customer.read') ? (
          <Link to="/customers" search={{ id: requester.customerId }}>{name}</Link>
        ) : (
          name
        )}{' '}
        <Tier tier={requester.tier} />
      </KnownLine>
      {requester.customerId !== null && asksWho.has(ticket.channel) && may('customer.write') && <Suspense fallback={null}><LikelyCustomer ticket={ticket} /></Suspense>}
      {phone !== null && (
        <KnownLine icon="phone" name={t('record.phone')}>
          {shown === null ? (
            <span>{phone}</span>
          ) : (
            <>
              <a href={`tel:${phone}`}>{phone}</a>
              <CopyButton text={phone} label={t('common.copy')} />
            </>
          )}
          <DialButton whom={{ ticketId: ticket.id }} name={name} number={hidden ? null : phone} />
          {hidden && may('personal_data.reveal') && (
            <Button type="link" size="small" onClick={() => setAsking(true)} title={t('ticket.revealHint')}>
              {t('ticket.reveal')}
            </Button>
          )}
        </KnownLine>
      )}
      {email !== null && (
        <KnownLine icon="mail" name={t('record.email')}>
          {shown === null ? email : <a href={`mailto:${email}`}>{email}</a>}
          {hidden && phone === null && may('personal_data.reveal') && (
            <Button type="link" size="small" onClick={() => setAsking(true)} title={t('ticket.revealHint')}>
              {t('ticket.reveal')}
            </Button>
          )}
        </KnownLine>
      )}
      {asking && <RevealDialog<Static<typeof RevealedContact>> path={`/tickets/${ticket.id}/reveal`} onClose={() => setAsking(false)} onRevealed={setShown} />}
    </>
  );
}
