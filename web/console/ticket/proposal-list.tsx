import type { TechnicianProposal, TechnicianProposals } from '../../../contract/dispatch.ts';
import { travelSourceNames } from '../../../contract/travel.ts';
import { formatDate, formatTime } from '../../ui/time.ts';
import { Avatar } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import styles from './proposal-list.module.css';
import picker from './staff-picker.module.css';

/** One proposal: when they could be there, how far it is, what they have to do already, and the score. */
export function ProposalWords({ proposal, best, current }: { proposal: TechnicianProposal; best: boolean; current: boolean }) {
  const { t } = useTexts();
  return (
    <>
      <Avatar name={proposal.technician.name} size={28} />
      <span className={picker.words}>
        <span className={picker.name}>
          {proposal.technician.name}
          {best && <Badge tone="accent">{t('propose.best')}</Badge>}
          {current && <span className={picker.current}>{t('assign.current')}</span>}
        </span>
        <span className={picker.skills}>
          {[
            t('propose.begins', { time: timeOf(proposal.begins) }),
            ...(proposal.travelMinutes === null ? [] : [proposal.travelMinutes === 0 ? t('propose.near') : t('propose.travel', { count: proposal.travelMinutes }), ...(proposal.travelFrom === null || proposal.travelFrom.source === 'straight_line' ? [] : [proposal.travelFrom.title])]),
            t('propose.visits', { count: proposal.visits }),
          ].join(' · ')}
        </span>
      </span>
      <span className={styles.score} title={t('propose.score')}>{Math.round(proposal.score)}</span>
    </>
  );
}

const timeOf = (moment: string): string => (new Date(moment).toDateString() === new Date().toDateString() ? formatTime(moment) : `${formatDate(moment)} ${formatTime(moment)}`);

/** What the score is made of (评分表): each factor with what it adds of what it could add. */
export function ScoreSheet({ proposal }: { proposal: TechnicianProposal }) {
  const { t } = useTexts();
  return (
    <section className={styles.sheet} aria-label={t('propose.sheet', { name: proposal.technician.name })}>
      <h4 className={styles.heading}>{t('propose.why', { name: proposal.technician.name, score: Math.round(proposal.score) })}</h4>
      <table className={styles.factors}>
        <tbody>
          {proposal.sheet.map(({ factor, title, value, points, most }) => (
            <tr key={factor}>
              <th scope="row">{title}{factor === 'travel' && proposal.travelFrom !== null && <span className={styles.most}> {proposal.travelFrom.title}</span>}</th>
              <td className={styles.gauge}><span className={styles.bar}><span style={{ width: `${Math.round(value * 100)}%` }} /></span></td>
              <td className={styles.points}>{points.toFixed(1)}<span className={styles.most}> / {most.toFixed(0)}</span></td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.note}>
        {proposal.visits === 0 ? t('propose.only') : proposal.before === null ? t('propose.last') : t('propose.before', { number: proposal.before.number })}
        {t(`propose.from.${proposal.startsFrom}`)}
      </p>
    </section>
  );
}

/** Why the others cannot be sent (不可派人员), folded away. */
export function RuledOut({ proposals }: { proposals: TechnicianProposals }) {
  const { t } = useTexts();
  if (proposals.ruledOutCount === 0) return null;
  return (
    <details className={styles.out}>
      <summary>{t('propose.ruledOut', { count: proposals.ruledOutCount })}</summary>
      <ul>
        {proposals.ruledOut.map(({ technician, title, detail }) => (
          <li key={technician.id}><span>{technician.name}</span><span className={styles.reason}>{title}{detail === null ? '' : ` · ${detail}`}</span></li>
        ))}
        {proposals.ruledOutCount > proposals.ruledOut.length && <li className={styles.reason}>{t('propose.more', { count: proposals.ruledOutCount - proposals.ruledOut.length })}</li>}
      </ul>
    </details>
  );
}

/** What the proposals go by (依据): how long, which skills, which day. */
export function ProposalBasis({ proposals: { basis } }: { proposals: TechnicianProposals }) {
  const { t, language } = useTexts();
  return (
    <p className={styles.basis}>
      {[
        t(`propose.minutes.${basis.minutesFrom}`, { count: basis.minutes }),
        ...basis.skills.map(({ skill, level }) => t('propose.skill', { name: skill.name, level })),
        basis.travel === null ? t('propose.noPlace') : t('propose.travelBy', { source: travelSourceNames[basis.travel][language === 'en' ? 'en' : 'zh'] }),
      ].join(' · ')}
    </p>
  );
}
