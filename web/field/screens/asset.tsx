import { useEffect, useState } from 'react';
import { EmptyState } from '../../ui/react/empty-state.tsx';
import { asProblem } from '../../ui/api.ts';
import { formatDate, formatTime } from '../../ui/time.ts';
import { findAsset, type KeptAsset } from '../data/assets.ts';
import { assetNote, database } from '../data/database.ts';
import { useBoard, useLive } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { ScreenHead } from '../parts/screen-head.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { hrefTo } from '../router.ts';

/** An asset and what was done to it before (设备履历): from the phone at once, and anew when there is a network. */
export function AssetScreen({ code }: { code: string }) {
  const { t, language } = useTexts();
  const kept = useLive(async () => ((await database().notes.get(assetNote(code)))?.value as KeptAsset | undefined) ?? null, [code]);
  const [problem, setProblem] = useState<{ status: number; title: string } | null>(null);
  useEffect(() => {
    setProblem(null);
    void findAsset(code).then((found) => found === null && setProblem({ status: 404, title: '' }), (error: unknown) => setProblem(asProblem(error)));
  }, [code]);
  const asset = kept?.asset ?? null;
  const today = new Date().toISOString().slice(0, 10);
  return (
    <>
      <ScreenHead title={t('asset.title')} back={{ screen: 'today' }} />
      <main className="screen">
        <SyncLine />
        {asset === null && kept === null && problem !== null && (
          <EmptyState title={problem.status === 0 ? t('scan.offline') : t('scan.unknown')} action={<a className="secondary-button" href={hrefTo({ screen: 'scan' })}>{t('scan.again')}</a>} />
        )}
        {asset !== null && kept != null && (
          <>
            <section className="job-title">
              <h1 tabIndex={-1}>{asset.name}</h1>
              <p className="card-note">{asset.code}{problem !== null && ` · ${t('asset.keptAt', { time: `${formatDate(kept.at, Date.now(), language)} ${formatTime(kept.at, language)}` })}`}</p>
            </section>
            <section className="card">
              <dl className="facts">
                {asset.model !== null && <><dt>{t('asset.model')}</dt><dd>{asset.model}</dd></>}
                {asset.serialNumber !== null && <><dt>{t('asset.serial')}</dt><dd>{asset.serialNumber}</dd></>}
                {asset.warrantyUntil !== null && (
                  <>
                    <dt>{t('asset.warranty')}</dt>
                    <dd className={asset.warrantyUntil < today ? 'asset-expired' : undefined}>{asset.warrantyUntil}{asset.warrantyUntil < today && ` · ${t('asset.expired')}`}</dd>
                  </>
                )}
                {asset.installedOn !== null && <><dt>{t('asset.installed')}</dt><dd>{asset.installedOn}</dd></>}
                {asset.address !== null && <><dt>{t('asset.place')}</dt><dd>{asset.address}</dd></>}
                {Object.entries(asset.attributes).map(([name, value]) => <FactLine key={name} name={name} value={typeof value === 'boolean' ? t(value ? 'asset.yes' : 'asset.no') : String(value)} />)}
              </dl>
            </section>
            <AssetHistory asset={asset} />
          </>
        )}
      </main>
    </>
  );
}

function FactLine({ name, value }: { name: string; value: string }) {
  return <><dt>{name}</dt><dd>{value}</dd></>;
}

function AssetHistory({ asset }: { asset: KeptAsset['asset'] }) {
  const { t, language } = useTexts();
  const board = useBoard();
  const mine = new Map([...board?.current ?? [], ...board?.done ?? []].map(({ visit }) => [visit.ticket.id, visit.id]));
  return (
    <section aria-labelledby="asset-history">
      <h2 id="asset-history" className="section-title">{t('asset.history')}<span className="section-count">{asset.history.length}</span></h2>
      {asset.history.length === 0 && <p className="card card-note">{t('asset.noHistory')}</p>}
      <ol className="asset-history">
        {asset.history.map((ticket) => {
          const visitId = mine.get(ticket.ticketId);
          return (
            <li key={ticket.ticketId} className="card">
              <p className="asset-line">
                {visitId === undefined ? <strong>{ticket.subject}</strong> : <a href={hrefTo({ screen: 'job', visitId })}>{ticket.subject}</a>}
                <span className="card-note">{formatDate(ticket.createdAt, Date.now(), language)}</span>
              </p>
              <p className="card-note">{ticket.number} · {t(`ticketStatus.${ticket.status}`)}</p>
              {ticket.visits.map((visit) => (
                <div key={`${visit.technician} ${visit.at}`} className="asset-visit">
                  <p className="card-note">{visit.technician}{visit.at !== null && ` · ${formatDate(visit.at, Date.now(), language)}`}{visit.obstacle !== null && ` · ${t(`obstacle.${visit.obstacle}`)}`}</p>
                  {(visit.workSummary ?? visit.note) !== null && <p className="prose">{visit.workSummary ?? visit.note}</p>}
                </div>
              ))}
              {ticket.visits.length === 0 && ticket.resolution !== null && <p className="prose">{ticket.resolution}</p>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
