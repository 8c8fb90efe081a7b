import { TeamOutline } from 'antd-mobile-icons';
import type { Visit } from '../../../contract/visit.ts';
import { sessionState } from '../data/session.ts';
import { useTexts } from '../i18n.ts';

/** Who comes along, or whose visit it is that one comes along to (同行). */
export function CrewLine({ visit }: { visit: Visit }) {
  const { t, language } = useTexts();
  const state = sessionState();
  // What was kept before there were crews names nobody.
  const members = (visit.members as Visit['members'] | undefined) ?? [];
  if (state.kind !== 'open' || members.length === 0) return null;
  const leads = visit.technician.id === state.staff.id;
  const others = members.filter(({ id }) => id !== state.staff.id).map(({ name }) => name);
  const names = others.join(language === 'en' ? ', ' : '、');
  return (
    <p className="card-fact">
      <TeamOutline aria-hidden="true" />
      {leads ? t('job.along', { names: names }) : [t('job.ledBy', { name: visit.technician.name }), ...(others.length === 0 ? [] : [t('job.along', { names: names })])].join(' · ')}
    </p>
  );
}
