import { useCallback, useEffect, useState } from 'preact/hooks';
import type { PortalHome } from '../../contract/portal.ts';
import { asProblem, type ApiProblem } from '../ui/api-problem.ts';
import { formatAgo, formatExact } from '../ui/time.ts';
import { words, type StatusClass } from '../ui/words.ts';
import { customerTickets, maskedPhone, signedInCustomer, signOutCustomer } from './customer.ts';
import { Icon } from './parts/icons.tsx';
import { Blank, Problem, Waiting } from './parts/notice.tsx';
import { forgetReport, sentReports } from './storage.ts';
import { say, spoken } from './texts/say.ts';

interface ReportLine {
  number: string;
  subject: string;
  at: string;
  url: string;
  status: StatusClass | null;
}

/** Requests as lines that lead to their progress; `onForget` offers to take one off the list. */
export function ReportList({ reports, onForget }: { reports: ReportLine[]; onForget?: (number: string) => void }) {
  const language = spoken.value;
  return (
    <ul class="reports">
      {reports.map((report) => (
        <li key={report.number} class="report-line">
          <a href={report.url}>
            <span class="report-subject">{report.subject}</span>
            <span class="report-facts">
              {report.status !== null && <span class={`status status-${report.status}`}>{words(`status.${report.status}`)}</span>}
              <span>{report.number}</span>
              <time dateTime={report.at} title={formatExact(report.at, language)}>{formatAgo(report.at, Date.now(), language)}</time>
            </span>
          </a>
          {onForget === undefined ? (
            <Icon name="next" size={18} />
          ) : (
            <button type="button" class="icon-button" aria-label={say('mine.forget', { number: report.number })} onClick={() => onForget(report.number)}>
              <Icon name="cross" size={18} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The requests of this device, and after signing in all of the customer's (我的报修). */
export function Mine({ home }: { home: PortalHome }) {
  const slug = home.organization.slug;
  const [local, setLocal] = useState(() => sentReports(slug));
  const [customer, setCustomer] = useState(() => signedInCustomer(slug));
  const [account, setAccount] = useState<{ lines: ReportLine[]; cursor: string | null } | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const load = useCallback(async (cursor: string | null): Promise<void> => {
    if (customer === null) return;
    setProblem(null);
    try {
      const page = await customerTickets(slug, customer, cursor);
      const lines = page.items.map((ticket): ReportLine => ({ number: ticket.number, subject: ticket.subject, at: ticket.createdAt, url: ticket.url, status: ticket.status }));
      setAccount((before) => ({ lines: cursor === null ? lines : [...(before?.lines ?? []), ...lines], cursor: page.nextCursor }));
    } catch (error) {
      const refusal = asProblem(error);
      setProblem(refusal);
      if (refusal.status === 401) setCustomer(null);
    }
  }, [slug, customer]);
  useEffect(() => void load(null), [load]);

  const [leaving, setLeaving] = useState(false);

  function leave(): void {
    void signOutCustomer(slug);
    setCustomer(null);
    setAccount(null);
    setLocal([]);
    setLeaving(false);
  }

  const known = new Set(account?.lines.map((line) => line.number));
  const others = local.filter((report) => !known.has(report.number));
  return (
    <>
      <h1 class="title" tabIndex={-1}>{say('mine.title')}</h1>
      <Problem error={problem} onRetry={() => void load(null)} />
      {customer !== null && (
        <section>
          <div class="section-line">
            <h2 class="section-title">{say('mine.account', { phone: maskedPhone(customer.phone) })}</h2>
            <button type="button" class="section-more" aria-expanded={leaving} onClick={() => setLeaving(!leaving)}>{say('mine.signOut')}</button>
          </div>
          {leaving && (
            <div class="leave" role="alertdialog" aria-labelledby="leave-title" aria-describedby="leave-hint">
              <p id="leave-title" class="leave-title">{say('mine.signOutAsk')}</p>
              <p id="leave-hint" class="quiet">{say('mine.signOutHint')}</p>
              <div class="button-row">
                <button type="button" class="button" onClick={() => setLeaving(false)}>{say('mine.stay')}</button>
                <button type="button" class="button button-danger" autoFocus onClick={leave}>{say('mine.signOut')}</button>
              </div>
            </div>
          )}
          {account === null && problem === null && <Waiting text={say('problem.loading')} />}
          {account !== null && account.lines.length === 0 && <p class="quiet">{say('mine.none')}</p>}
          {account !== null && account.lines.length > 0 && <ReportList reports={account.lines} />}
          {account !== null && account.cursor !== null && (
            <button type="button" class="button button-wide" onClick={() => void load(account.cursor)}>{say('mine.more')}</button>
          )}
        </section>
      )}
      {others.length > 0 && (
        <section>
          {customer !== null && <h2 class="section-title">{say('mine.here')}</h2>}
          <ReportList
            reports={others.map((report) => ({ ...report, url: `/t/${report.token}`, status: null }))}
            onForget={(number) => {
              forgetReport(slug, number);
              setLocal(sentReports(slug));
            }}
          />
        </section>
      )}
      {customer === null && others.length === 0 && (
        <Blank title={say('mine.empty')} hint={say('mine.emptyHint')}>
          <a class="button button-main" href="#home">{say('mine.report')}</a>
        </Blank>
      )}
      {customer === null && home.phoneSignIn && (
        <a class="link-line" href="#sign-in">
          <Icon name="lock" size={22} />
          {say('home.signIn')}
          <Icon name="next" size={18} />
        </a>
      )}
    </>
  );
}
