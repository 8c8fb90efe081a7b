import type { PortalHome } from '../../contract/portal.ts';
import { maskedPhone, signedInCustomer } from './customer.ts';
import { ReportList } from './mine.tsx';
import { iconFor } from './parts/icon-for.ts';
import { Icon } from './parts/icons.tsx';
import { AssetCard, SiteCard } from './parts/asset-card.tsx';
import { sentReports } from './storage.ts';
import { say, spoken } from './texts/say.ts';

const shownHere = 3;

/** Who this is and what one can report: the way into a report (首页). */
export function Home({ home }: { home: PortalHome }) {
  const reports = sentReports(home.organization.slug);
  const customer = signedInCustomer(home.organization.slug);
  return (
    <>
      <div class="hero">
        <h1 tabIndex={-1}>{say('home.title')}</h1>
        <p>{say('home.lead')}</p>
      </div>
      {home.asset !== null && <AssetCard asset={home.asset} />}
      {home.site !== null && <SiteCard site={home.site} />}
      <section aria-labelledby="choose">
        <h2 id="choose" class="section-title">{say('home.choose')}</h2>
        <ul class="tiles">
          {home.categories.map((category) => (
            <li key={category.id}>
              <a class="tile" href={`#report/${category.id}`}>
                <span class="tile-icon"><Icon name={iconFor(category.name, category.nameEn)} size={28} /></span>
                {categoryName(category)}
              </a>
            </li>
          ))}
          <li>
            <a class="tile" href="#report/other">
              <span class="tile-icon tile-icon-plain"><Icon name="other" size={28} /></span>
              {say('home.other')}
            </a>
          </li>
        </ul>
      </section>
      {reports.length > 0 && (
        <section aria-labelledby="recent">
          <div class="section-line">
            <h2 id="recent" class="section-title">{say('home.recent')}</h2>
            <a class="section-more" href="#mine">{say('home.all')}</a>
          </div>
          <ReportList reports={reports.slice(0, shownHere).map((report) => ({ ...report, url: `/t/${report.token}`, status: null }))} />
        </section>
      )}
      <nav class="links" aria-label={say('frame.mine')}>
        {home.supportPhone !== null && (
          <a class="link-line" href={`tel:${home.supportPhone.replace(/[^+0-9]/g, '')}`}>
            <Icon name="call" size={22} />
            <span>{say('home.call')}<b class="call-number">{home.supportPhone}</b></span>
            <Icon name="next" size={18} />
          </a>
        )}
        {customer !== null && (
          <a class="link-line" href="#mine">
            <Icon name="list" size={22} />
            {say('home.account', { phone: maskedPhone(customer.phone) })}
            <Icon name="next" size={18} />
          </a>
        )}
        {reports.length === 0 && customer === null && (
          <a class="link-line" href="#mine">
            <Icon name="list" size={22} />
            {say('frame.mine')}
            <Icon name="next" size={18} />
          </a>
        )}
        {home.phoneSignIn && customer === null && (
          <a class="link-line" href="#sign-in">
            <Icon name="lock" size={22} />
            {say('home.signIn')}
            <Icon name="next" size={18} />
          </a>
        )}
      </nav>
    </>
  );
}

/** A category's name in the language on the page. */
export function categoryName(category: { name: string; nameEn: string | null }): string {
  return spoken.value === 'en' ? (category.nameEn ?? category.name) : category.name;
}
